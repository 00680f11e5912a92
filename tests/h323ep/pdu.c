/* pdu.c - see pdu.h. */
#include "pdu.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NAME_MAX_LEN 128

struct reader {
	const char *p, *start;
	struct per_tree *tree;
	bool is_bad;
};

static void *memory_of(size_t n)
{
	void *p = calloc(1, n);

	if (!p)
		abort();
	return p;
}

static void begin(struct pdu *p)
{
	p->memory = memory_of(PER_TREE_SIZE);
	p->tree = per_tree_of(&h323_schema, p->memory);
}

bool pdu_read(struct pdu *p, uint16_t type, struct str octets)
{
	begin(p);
	return per_read(&p->tree, type, octets) == OK;
}

void pdu_free(struct pdu *p)
{
	free(p->memory);
	p->memory = NULL;
}

/* ---- the text ---- */
static void bad(struct reader *r)
{
	r->is_bad = true;
}

static bool is_next(struct reader *r, char c)
{
	r->p += strspn(r->p, " \t\n");
	if (r->is_bad || *r->p != c)
		return false;
	r->p++;
	return true;
}

static void expect(struct reader *r, char c)
{
	if (!is_next(r, c))
		bad(r);
}

/* \" \\ \' \n and \uXXXX below U+0800: what quoted() writes, and what per_text() prints. */
static void escaped(struct reader *r, struct wr *w)
{
	char digits[5] = "";
	unsigned c;

	if (*r->p != 'u') {
		wr_u8(w, *r->p == 'n' ? '\n' : (uint8_t)*r->p);
		r->p += *r->p != '\0';
		return;
	}
	memcpy(digits, r->p + 1, strnlen(r->p + 1, 4));
	r->p += 1 + strlen(digits);
	c = (unsigned)strtoul(digits, NULL, 16);
	if (c >= 0x80)
		wr_u8(w, (uint8_t)(0xc0 | c >> 6));
	wr_u8(w, (uint8_t)(c < 0x80 ? c : 0x80 | (c & 0x3f)));
}

/* A string between ' or "; in the tree's own memory, with a NUL behind it. */
static struct str string(struct reader *r)
{
	size_t room = strlen(r->p) + 1;
	char *text = memory_of(room), quote;
	struct wr w = wr_of(text, room);
	uint8_t *kept;
	size_t n;

	r->p += strspn(r->p, " \t\n");
	quote = *r->p;
	if (quote != '\'' && quote != '"')
		bad(r);
	while (!r->is_bad && *++r->p && *r->p != quote) {
		if (*r->p != '\\') {
			wr_u8(&w, (uint8_t)*r->p);
			continue;
		}
		r->p++;
		escaped(r, &w);
		r->p--;
	}
	expect(r, quote);
	n = wr_len(&w);
	kept = per_take(r->tree, n + 1);
	if (!kept) {
		bad(r);
	} else {
		memcpy(kept, text, n);
		kept[n] = '\0';
	}
	free(text);
	return (struct str){(const char *)kept, kept ? n : 0};
}

static int64_t number(struct reader *r)
{
	char *end;
	long long v = strtoll(r->p, &end, 10);

	if (end == r->p)
		bad(r);
	r->p = end;
	return v;
}

static void word(struct reader *r, const char *expected)
{
	size_t n = strlen(expected);

	if (strncmp(r->p, expected, n) != 0)
		bad(r);
	else
		r->p += n;
}

static const char *field_name(const struct per_tree *t, const struct per_type *y, uint32_t i)
{
	return t->schema->names + t->schema->fields[y->first + i].name;
}

static uint16_t field_of(const struct per_tree *t, const struct per_type *y, struct str name)
{
	for (uint16_t i = 0; i < y->n_root + y->n_add; i++)
		if (str_eq(name, str_of(field_name(t, y, i))))
			return i;
	return PER_NONE;
}

static void value(struct reader *r, uint16_t node, unsigned depth);

/* SEQUENCE and CHOICE: {'name':value,..} */
static void fields(struct reader *r, const struct per_type *y, uint16_t node, unsigned depth)
{
	expect(r, '{');
	if (is_next(r, '}'))
		return;
	do {
		struct str name = string(r);
		uint16_t field = field_of(r->tree, y, name);

		expect(r, ':');
		if (field == PER_NONE) {
			fprintf(stderr, "no field %.*s\n", STR_ARG(name));
			bad(r);
		}
		if (!r->is_bad)
			value(r, per_put(r->tree, node, field), depth + 1);
	} while (is_next(r, ','));
	expect(r, '}');
}

static void elements(struct reader *r, uint16_t node, unsigned depth)
{
	expect(r, '[');
	if (is_next(r, ']'))
		return;
	do {
		if (!r->is_bad)
			value(r, per_append(r->tree, node), depth + 1);
	} while (is_next(r, ','));
	expect(r, ']');
}

static struct str octets_of_hex(struct reader *r, struct str hex)
{
	uint8_t *p = per_take(r->tree, hex.len / 2 + 1);

	if (!p || hex.len % 2 || str_hex(hex, p, hex.len / 2) != OK)
		bad(r);
	return (struct str){(const char *)p, hex.len / 2};
}

static void bits(struct reader *r, uint16_t node, struct str text)
{
	uint8_t *p = per_take(r->tree, text.len / 8 + 1);

	if (!p || !text.len || *text.p != 'b') {
		bad(r);
		return;
	}
	memset(p, 0, text.len / 8 + 1);
	for (size_t i = 1; i < text.len; i++)
		if (text.p[i] == '1')
			p[(i - 1) / 8] |= (uint8_t)(0x80 >> (i - 1) % 8);
	per_set_bits(r->tree, node, (struct str){(const char *)p, text.len / 8 + 1},
		(uint32_t)text.len - 1);
}

static void characters(struct reader *r, const struct per_type *y, uint16_t node)
{
	struct str s = string(r), bmp;

	if (r->is_bad)
		return;
	if (y->kind == PER_OCTETS) {
		per_set_str(r->tree, node, octets_of_hex(r, s));
	} else if (y->kind == PER_BITS) {
		bits(r, node, s);
	} else if (y->kind == PER_OID) {
		if (!oid_put(r->tree, node, s.p))
			bad(r);
	} else if (y->kind == PER_CHARS && y->n_root == 16) {
		if (!utf8_to_bmp(r->tree, s, &bmp))
			bad(r);
		else
			per_set_str(r->tree, node, bmp);
	} else {
		per_set_str(r->tree, node, s);
	}
}

static int64_t enumerated(struct reader *r, const struct per_type *y)
{
	struct str name = string(r);

	for (uint32_t i = 0; i < y->n_root; i++)
		if (str_eq(name, str_of(field_name(r->tree, y, i))))
			return i;
	bad(r);
	return 0;
}

static void truth(struct reader *r, uint16_t node)
{
	per_set_num(r->tree, node, *r->p == 't');
	word(r, *r->p == 't' ? "true" : "false");
}

static void value(struct reader *r, uint16_t node, unsigned depth)
{
	const struct per_type *y;

	if (node == PER_NONE || depth > PER_DEPTH_MAX) {
		bad(r);
		return;
	}
	y = &r->tree->schema->types[r->tree->nodes[node].type];
	r->p += strspn(r->p, " \t\n");
	switch ((enum per_kind)y->kind) {
	case PER_NULL:
		word(r, "null");
		break;
	case PER_BOOLEAN:
		truth(r, node);
		break;
	case PER_INTEGER:
		per_set_num(r->tree, node, number(r));
		break;
	case PER_ENUMERATED:
		per_set_num(r->tree, node, enumerated(r, y));
		break;
	case PER_OCTETS:
	case PER_BITS:
	case PER_OID:
	case PER_CHARS:
	case PER_GENERAL:
		characters(r, y, node);
		break;
	case PER_OPEN:
		value(r, per_put(r->tree, node, 0), depth + 1);
		break;
	case PER_LIST:
		elements(r, node, depth);
		break;
	case PER_SEQUENCE:
	case PER_CHOICE:
		fields(r, y, node, depth);
		break;
	}
}

bool pdu_try(struct pdu *p, uint16_t type, const char *text)
{
	struct reader r = {.p = text, .start = text, .tree = &p->tree};

	begin(p);
	value(&r, per_root(&p->tree, type), 0);
	r.p += strspn(r.p, " \t\n");
	if (!r.is_bad && !*r.p)
		return true;
	fprintf(stderr, "not a message at %zu: %.60s\n", (size_t)(r.p - text), r.p);
	return false;
}

void pdu_make(struct pdu *p, uint16_t type, const char *text)
{
	if (pdu_try(p, type, text))
		return;
	fprintf(stderr, "%s\n", text);
	abort();
}

struct str pdu_write(const struct pdu *p, uint8_t *buf, size_t size)
{
	struct wr w = wr_of(buf, size);
	enum err err = per_write(&p->tree, &w);

	if (err == OK && w.err == OK)
		return wr_done(&w);
	fprintf(stderr, "cannot write a message: %s\n", err_text(err));
	abort();
}

void pdu_hex(uint16_t type, const char *text, char *ret_hex, size_t size)
{
	uint8_t octets[4096];
	struct pdu p;
	struct str s;

	pdu_make(&p, type, text);
	s = pdu_write(&p, octets, sizeof octets);
	pdu_free(&p);
	if (2 * s.len + 1 > size)
		abort();
	str_put_hex(octets, s.len, ret_hex);
}

/* ---- looking ---- */
static uint16_t step(const struct per_tree *t, uint16_t node, struct str name)
{
	const struct per_type *y;
	uint64_t index;

	while (node != PER_NONE && t->schema->types[t->nodes[node].type].kind == PER_OPEN)
		node = per_first(t, node);
	if (node == PER_NONE)
		return PER_NONE;
	y = &t->schema->types[t->nodes[node].type];
	if (y->kind == PER_LIST && str_u64(name, PER_LIST_MAX, &index) == OK) {
		for (node = per_first(t, node); node != PER_NONE && index; index--)
			node = per_next(t, node);
		return node;
	}
	if (y->kind != PER_SEQUENCE && y->kind != PER_CHOICE)
		return PER_NONE;
	return per_field(t, node, field_of(t, y, name));
}

uint16_t pdu_at(const struct pdu *p, uint16_t node, const char *path)
{
	struct str rest = str_of(path);

	while (rest.len && node != PER_NONE)
		node = step(&p->tree, node, str_cut(&rest, '.'));
	return node;
}

bool pdu_has(const struct pdu *p, const char *path)
{
	return pdu_at(p, 0, path) != PER_NONE;
}

int64_t pdu_num(const struct pdu *p, const char *path, int64_t absent)
{
	return per_num(&p->tree, pdu_at(p, 0, path), absent);
}

struct str pdu_str(const struct pdu *p, const char *path)
{
	return per_str(&p->tree, pdu_at(p, 0, path));
}

const char *pdu_choice(const struct pdu *p, const char *path)
{
	uint16_t node = pdu_at(p, 0, path);
	uint16_t field = node == PER_NONE ? PER_NONE : per_choice(&p->tree, node);

	if (field == PER_NONE)
		return "";
	return field_name(&p->tree, &p->tree.schema->types[p->tree.nodes[node].type], field);
}

void pdu_utf8(const struct pdu *p, const char *path, char *ret_z, size_t size)
{
	uint16_t node = pdu_at(p, 0, path);
	struct str s = per_str(&p->tree, node);
	const struct per_type *y;

	*ret_z = '\0';
	if (node == PER_NONE)
		return;
	y = &p->tree.schema->types[p->tree.nodes[node].type];
	if (y->kind == PER_CHARS && y->n_root == 16)
		(void)bmp_to_utf8(s, ret_z, size);
	else
		(void)str_copy(s, ret_z, size);
}

/* ---- what goes into a text ---- */
static char *next_buffer(size_t *ret_size)
{
	static char buffers[8][4096];
	static unsigned turn;

	*ret_size = sizeof buffers[0];
	return buffers[turn++ % 8];
}

const char *quoted(const char *utf8)
{
	size_t size, n = 0;
	char *to = next_buffer(&size);

	for (; *utf8 && n + 8 < size; utf8++) {
		if (*utf8 == '\'' || *utf8 == '"' || *utf8 == '\\' || (*utf8 > 0 && *utf8 < 32))
			n += (size_t)snprintf(to + n, size - n, "\\u%04x", (unsigned)*utf8);
		else
			to[n++] = *utf8;
	}
	to[n] = '\0';
	return to;
}

const char *hex_of(const void *octets, size_t n)
{
	size_t size;
	char *to = next_buffer(&size);

	str_put_hex(octets, n < size / 2 - 1 ? n : size / 2 - 1, to);
	return to;
}
