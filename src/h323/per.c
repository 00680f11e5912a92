/* per.c - reads aligned PER into a tree, and looks into trees.
 *
 * The rules are those of X.691 (ALIGNED BASIC) that H.225.0, H.245, H.235 and H.460 use; the section is
 * named at each. A reader's error is sticky: after it every getter gives zero and the position stays.
 * Every loop makes a node or ends, so that the caps on nodes and depth bound the time as well. */
#include "h323/per.h"

#include <stdio.h>
#include <string.h>

#define FRAGMENT 16384u /* X.691 11.9.3.8: lengths from here on come in pieces */

struct reader {
	struct per_tree *t;
	const uint8_t *p;
	uint32_t at, end; /* bits */
	enum err err;
	uint8_t depth;
};

static uint16_t value(struct reader *r, uint16_t type, uint16_t field);

struct per_tree per_tree_of(const struct per_schema *schema, void *memory)
{
	size_t nodes = PER_NODES_MAX * sizeof(struct per_node);

	return (struct per_tree){.schema = schema,
		.nodes = memory,
		.octets = (uint8_t *)memory + nodes,
		.max_octets = (uint32_t)(PER_TREE_SIZE - nodes)};
}

/* ---- bits ---- */
static void fail(struct reader *r, enum err err)
{
	if (r->err == OK)
		r->err = err;
}

static uint64_t get_bits(struct reader *r, uint32_t n)
{
	uint64_t v = 0;

	if (r->err != OK || n > r->end - r->at) {
		fail(r, ERR_SHORT);
		return 0;
	}
	while (n > 0) {
		uint32_t off = r->at & 7, take = 8 - off < n ? 8 - off : n;

		v = v << take |
		    ((uint32_t)r->p[r->at >> 3] >> (8 - off - take) & ((1u << take) - 1));
		r->at += take;
		n -= take;
	}
	return v;
}

static void align(struct reader *r)
{
	uint32_t at = (r->at + 7) & ~7u;

	r->at = at <= r->end ? at : r->end;
}

uint8_t *per_take(struct per_tree *t, size_t len)
{
	uint8_t *p = t->octets + t->n_octets;

	if (len > t->max_octets - t->n_octets)
		return NULL;
	t->n_octets += (uint32_t)len;
	return p;
}

static uint8_t *take(struct reader *r, uint32_t len)
{
	uint8_t *p = r->err == OK ? per_take(r->t, len) : NULL;

	if (!p)
		fail(r, ERR_FULL);
	return p;
}

/* ---- numbers and lengths ---- */
static uint32_t bits_for(uint64_t max)
{
	return max ? 64 - (uint32_t)__builtin_clzll(max) : 0;
}

/* X.691 11.5: lo..hi, at most 2^63 values. */
static uint64_t constrained(struct reader *r, uint64_t lo, uint64_t hi)
{
	uint64_t span = hi - lo, v;
	uint32_t n;

	if (span < 255)
		v = get_bits(r, bits_for(span));
	else if (span <= 65535) {
		align(r);
		v = get_bits(r, span == 255 ? 8 : 16);
	} else {
		n = (uint32_t)constrained(r, 1, (bits_for(span) + 7) / 8);
		align(r);
		v = get_bits(r, n * 8);
	}
	if (v > span)
		fail(r, ERR_RANGE);
	return r->err == OK ? lo + v : lo;
}

/* X.691 11.9, without an upper bound. *ret_more: another piece follows. */
static uint32_t length(struct reader *r, bool *ret_more)
{
	uint32_t v;

	align(r);
	v = (uint32_t)get_bits(r, 8);
	*ret_more = false;
	if (v < 0x80)
		return v;
	if (v < 0xc0)
		return (v & 0x3f) << 8 | (uint32_t)get_bits(r, 8);
	if (v < 0xc1 || v > 0xc4)
		fail(r, ERR_SYNTAX);
	*ret_more = r->err == OK;
	return (v & 7) * FRAGMENT;
}

static uint32_t whole_length(struct reader *r)
{
	bool more;
	uint32_t n = length(r, &more);

	if (more)
		fail(r, ERR_FULL);
	return r->err == OK ? n : 0;
}

/* So many bits from here; a slice where they begin an octet, else a copy. */
static const uint8_t *bit_field(struct reader *r, uint32_t n_bits)
{
	uint32_t n = (n_bits + 7) / 8;
	uint8_t *copy;

	if (r->err != OK || n_bits > r->end - r->at) {
		fail(r, ERR_SHORT);
		return NULL;
	}
	if (!(r->at & 7) && !(n_bits & 7)) {
		r->at += n_bits;
		return r->p + r->at / 8 - n;
	}
	if (!(copy = take(r, n)))
		return NULL;
	for (uint32_t i = 0; i < n; i++) {
		uint32_t left = n_bits - i * 8, b = left < 8 ? left : 8;

		copy[i] = (uint8_t)(get_bits(r, b) << (8 - b));
	}
	return copy;
}

/* What has a length without a bound, in units of bits: one slice, or the pieces put together. */
static const uint8_t *pieces(struct reader *r, uint32_t unit, uint32_t *ret_n)
{
	bool more;
	uint32_t n = length(r, &more), total = n;
	const uint8_t *p = bit_field(r, n * unit);
	uint8_t *all = NULL;

	*ret_n = r->err == OK ? n : 0;
	if (!more || r->err != OK)
		return p;
	if ((all = take(r, n * unit / 8)))
		memcpy(all, p, n * unit / 8);
	while (more && r->err == OK) {
		uint32_t len;
		uint8_t *to;

		n = length(r, &more);
		len = (n * unit + 7) / 8;
		if ((to = take(r, len)) && (p = bit_field(r, n * unit)))
			memcpy(to, p,
				len); /* behind what was taken last: a copy of bits comes after it */
		total += n;
	}
	*ret_n = r->err == OK ? total : 0;
	return all;
}

/* X.691 11.6: small and without a bound. */
static uint64_t small_number(struct reader *r)
{
	if (!get_bits(r, 1))
		return get_bits(r, 6);
	uint32_t n = whole_length(r);

	if (n > 4)
		fail(r, ERR_FULL);
	return r->err == OK ? get_bits(r, n * 8) : 0;
}

/* Elements, characters or bits of what may have a SIZE; *ret_open: the length is one without a bound and
 * was not read yet. */
static uint32_t sized(struct reader *r, const struct per_type *y, bool *ret_open)
{
	*ret_open = !(y->flags & PER_SIZE);
	if (*ret_open)
		return 0;
	return (uint32_t)constrained(r, (uint64_t)y->lo, (uint64_t)y->hi);
}

/* ---- nodes ---- */
static uint16_t node_of(struct reader *r, uint16_t type, uint16_t field)
{
	struct per_tree *t = r->t;

	if (r->err == OK && t->n_nodes >= PER_NODES_MAX)
		fail(r, ERR_FULL);
	if (r->err != OK)
		return PER_NONE;
	t->nodes[t->n_nodes] = (struct per_node){.type = type, .field = field, .next = PER_NONE};
	return t->n_nodes++;
}

static void link_child(struct per_tree *t, uint16_t parent, uint16_t *last, uint16_t child)
{
	if (child == PER_NONE)
		return;
	if (*last == PER_NONE)
		t->nodes[parent].first = child;
	else
		t->nodes[*last].next = child;
	*last = child;
}

static void raw(struct reader *r, uint16_t n, uint8_t flags, const uint8_t *p, uint32_t len)
{
	if (n == PER_NONE || r->err != OK)
		return;
	r->t->nodes[n].flags = flags;
	r->t->nodes[n].p = p;
	r->t->nodes[n].len = len;
}

static void unwind(struct reader *r, uint16_t field_of_schema)
{
	if (r->err != OK && r->t->n_where < PER_DEPTH_MAX)
		r->t->where[r->t->n_where++] = field_of_schema;
}

/* ---- the kinds ---- */
static void read_integer(struct reader *r, const struct per_type *y, uint16_t n)
{
	bool is_free = !(y->flags & PER_RANGE);
	const uint8_t *p;
	uint32_t len;
	uint64_t v = 0;

	if (y->flags & PER_EXTENSIBLE)
		is_free = get_bits(r, 1);
	if (!is_free) {
		r->t->nodes[n].num = (int64_t)constrained(r, (uint64_t)y->lo, (uint64_t)y->hi);
		return;
	}
	p = pieces(r, 8, &len); /* X.691 11.7, 11.8 */
	if (r->err == OK && !len)
		fail(r, ERR_SYNTAX);
	if (r->err != OK)
		return;
	if (len > 8 || (len == 8 && (y->flags & PER_MIN))) {
		raw(r, n, PER_IS_LONG, p, len);
		return;
	}
	if (!(y->flags & PER_MIN) && p[0] & 0x80)
		v = UINT64_MAX;
	for (uint32_t i = 0; i < len; i++)
		v = v << 8 | p[i];
	r->t->nodes[n].num = (int64_t)(y->flags & PER_MIN ? v + (uint64_t)y->lo : v);
}

static void read_enumerated(struct reader *r, const struct per_type *y, uint16_t n)
{
	if (y->flags & PER_EXTENSIBLE && get_bits(r, 1))
		r->t->nodes[n].num = (int64_t)(y->n_root + small_number(r));
	else
		r->t->nodes[n].num = (int64_t)constrained(r, 0, y->n_root - 1u);
}

/* X.691 16, 17: OCTET STRING and BIT STRING; up to 16 bits of a fixed size are not aligned. */
static void read_units(struct reader *r, const struct per_type *y, uint16_t n, uint32_t unit)
{
	bool open;
	uint32_t len = sized(r, y, &open);
	const uint8_t *p;

	if (open) {
		p = pieces(r, unit, &len);
	} else {
		if (len && (y->lo != y->hi || len * unit > 16))
			align(r);
		p = bit_field(r, len * unit);
	}
	raw(r, n, 0, p, len);
}

static void read_chars(struct reader *r, const struct per_type *y, uint16_t n)
{
	const char *abc = r->t->schema->alphabets[y->alphabet];
	uint32_t bits = y->n_root, most = (uint32_t)y->hi * bits;
	bool open;
	uint32_t len = sized(r, y, &open);
	uint8_t *text;

	if (open) /* X.691 30.5: pieces would be of 16k characters, more than a tree holds */
		len = whole_length(r);
	if (open || (y->lo == y->hi ? most > 16 : most >= 16 && len))
		align(r);
	if (r->err != OK || len > (r->end - r->at) / bits) {
		fail(r, ERR_SHORT);
		return;
	}
	if (!abc) {
		raw(r, n, 0, bit_field(r, len * bits), len * bits / 8);
		return;
	}
	if (!(text = take(r, len)))
		return;
	for (uint32_t i = 0; i < len; i++) {
		uint64_t k = get_bits(r, bits);

		if (k >= strlen(abc)) {
			fail(r, ERR_RANGE);
			return;
		}
		text[i] = (uint8_t)abc[k];
	}
	raw(r, n, 0, text, len);
}

static void read_list(struct reader *r, const struct per_type *y, uint16_t n)
{
	bool open;
	uint32_t count = sized(r, y, &open);
	uint16_t last = PER_NONE;

	if (open)
		count = whole_length(r);
	if (count > PER_LIST_MAX)
		fail(r, ERR_FULL);
	for (uint32_t i = 0; i < count && r->err == OK; i++)
		link_child(r->t, n, &last, value(r, y->first, 0));
	if (r->err == OK)
		r->t->nodes[n].len = count;
}

/* A value inside an open type (X.691 11.2): its children are those of the parent, with what was behind it. */
static void read_open(
	struct reader *r, uint16_t parent, uint16_t *last, uint16_t type, uint16_t field)
{
	uint32_t len, used;
	const uint8_t *p = pieces(r, 8, &len);
	struct reader in = {r->t, p, 0, len * 8, r->err, r->depth};
	uint16_t tail;

	link_child(r->t, parent, last, value(&in, type, field));
	r->err = in.err;
	used = in.at < 8 ? 1 : (in.at + 7) / 8;
	if (r->err != OK || used >= len)
		return;
	tail = node_of(r, type, field);
	raw(r, tail, PER_IS_TAIL, p + used, len - used);
	link_child(r->t, parent, last, tail);
}

static void read_unknown(struct reader *r, uint16_t parent, uint16_t *last, uint16_t field)
{
	uint32_t len;
	const uint8_t *p = pieces(r, 8, &len);
	uint16_t n = node_of(r, 0, field);

	raw(r, n, PER_IS_UNKNOWN, p, len);
	link_child(r->t, parent, last, n);
}

static void read_additions(struct reader *r, const struct per_type *y, uint16_t n, uint16_t *last)
{
	uint32_t count;
	uint64_t map;

	if (get_bits(r, 1)) /* X.691 11.9.3.4: more than 64 */
		fail(r, ERR_FULL);
	count = (uint32_t)get_bits(r, 6) + 1;
	map = get_bits(r, count);
	for (uint32_t i = 0; i < count && r->err == OK; i++) {
		uint16_t field = (uint16_t)(y->n_root + i);

		if (!(map >> (count - 1 - i) & 1))
			continue;
		if (i >= y->n_add) {
			read_unknown(r, n, last, field);
			continue;
		}
		read_open(r, n, last, r->t->schema->fields[y->first + field].type, field);
		unwind(r, (uint16_t)(y->first + field));
	}
	if (r->err == OK)
		r->t->nodes[n].bitmap = (uint8_t)count;
}

/* X.691 19 */
static void read_sequence(struct reader *r, const struct per_type *y, uint16_t n)
{
	bool is_extended = y->flags & PER_EXTENSIBLE && get_bits(r, 1);
	uint64_t map = get_bits(r, y->n_optional);
	uint32_t bit = y->n_optional;
	uint16_t last = PER_NONE;

	for (uint16_t i = 0; i < y->n_root && r->err == OK; i++) {
		const struct per_field *f = &r->t->schema->fields[y->first + i];

		if (f->optional && !(map >> --bit & 1))
			continue;
		link_child(r->t, n, &last, value(r, f->type, i));
		unwind(r, (uint16_t)(y->first + i));
	}
	if (is_extended && r->err == OK)
		read_additions(r, y, n, &last);
}

/* X.691 23 */
static void read_choice(struct reader *r, const struct per_type *y, uint16_t n)
{
	uint16_t last = PER_NONE;
	uint64_t i;

	if (y->flags & PER_EXTENSIBLE && get_bits(r, 1)) {
		i = small_number(r);
		if (i >= UINT8_MAX)
			fail(r, ERR_FULL);
		if (i >= y->n_add) {
			read_unknown(r, n, &last, (uint16_t)(y->n_root + i));
			return;
		}
		i += y->n_root;
		read_open(r, n, &last, r->t->schema->fields[y->first + i].type, (uint16_t)i);
	} else {
		if (!y->n_root)
			fail(r, ERR_SYNTAX);
		i = constrained(r, 0, y->n_root ? y->n_root - 1u : 0);
		if (r->err != OK)
			return;
		link_child(r->t, n, &last,
			value(r, r->t->schema->fields[y->first + i].type, (uint16_t)i));
	}
	unwind(r, (uint16_t)(y->first + i));
}

static void read_kind(struct reader *r, const struct per_type *y, uint16_t n)
{
	uint16_t last = PER_NONE;
	uint32_t len;
	const uint8_t *p;

	switch ((enum per_kind)y->kind) {
	case PER_NULL:
		break;
	case PER_BOOLEAN:
		r->t->nodes[n].num = (int64_t)get_bits(r, 1);
		break;
	case PER_INTEGER:
		read_integer(r, y, n);
		break;
	case PER_ENUMERATED:
		read_enumerated(r, y, n);
		break;
	case PER_OCTETS:
		read_units(r, y, n, 8);
		break;
	case PER_BITS:
		read_units(r, y, n, 1);
		break;
	case PER_CHARS:
		read_chars(r, y, n);
		break;
	case PER_OID:
	case PER_GENERAL:
		p = pieces(r, 8, &len);
		raw(r, n, 0, p, len);
		break;
	case PER_OPEN:
		read_open(r, n, &last, y->first, 0);
		break;
	case PER_LIST:
		read_list(r, y, n);
		break;
	case PER_SEQUENCE:
		read_sequence(r, y, n);
		break;
	case PER_CHOICE:
		read_choice(r, y, n);
		break;
	}
}

static bool has_children(const struct per_type *y)
{
	return y->kind >= PER_OPEN;
}

static uint16_t value(struct reader *r, uint16_t type, uint16_t field)
{
	const struct per_type *y = &r->t->schema->types[type];
	uint16_t n = node_of(r, type, field);

	if (n == PER_NONE)
		return n;
	if (r->depth >= PER_DEPTH_MAX) {
		fail(r, ERR_FULL);
		return n;
	}
	if (has_children(y))
		r->t->nodes[n].first = PER_NONE;
	r->depth++;
	read_kind(r, y, n);
	r->depth--;
	if (r->err != OK && !r->t->bad_bit)
		r->t->bad_bit = r->at;
	return n;
}

enum err per_read(struct per_tree *t, uint16_t type, struct str in)
{
	struct reader r = {.t = t, .p = (const uint8_t *)in.p, .end = (uint32_t)in.len * 8};
	uint16_t root, tail;
	uint32_t used;

	t->in = in;
	t->n_nodes = 0;
	t->n_octets = 0;
	t->n_where = 0;
	t->bad_bit = 0;
	t->is_changed = false;
	if (in.len > UINT16_MAX)
		return ERR_FULL;
	root = value(&r, type, 0);
	used = r.at < 8 ? 1 : (r.at + 7) / 8;
	if (r.err == OK && used < in.len) {
		tail = node_of(&r, type, 0);
		raw(&r, tail, PER_IS_TAIL, r.p + used, (uint32_t)in.len - used);
		if (tail != PER_NONE)
			t->nodes[root].next = tail;
	}
	return r.err;
}

void per_where(const struct per_tree *t, char *ret_text, size_t size)
{
	struct wr w = wr_of(ret_text, size);

	for (uint8_t i = t->n_where; i-- > 0;)
		wr_printf(&w, "%s%s", t->schema->names + t->schema->fields[t->where[i]].name,
			i ? "." : ": ");
	wr_printf(&w, "bit %u", t->bad_bit);
	if (w.err != OK && size)
		snprintf(ret_text, size, "bit %u", t->bad_bit);
}

/* ---- looking ---- */
static const struct per_type *type_of(const struct per_tree *t, uint16_t node)
{
	return &t->schema->types[t->nodes[node].type];
}

static bool is_value(const struct per_tree *t, uint16_t node)
{
	return !(t->nodes[node].flags & (PER_IS_TAIL | PER_IS_UNKNOWN));
}

uint16_t per_first(const struct per_tree *t, uint16_t node)
{
	if (node == PER_NONE || !is_value(t, node) || !has_children(type_of(t, node)))
		return PER_NONE;
	return t->nodes[node].first;
}

uint16_t per_next(const struct per_tree *t, uint16_t node)
{
	return node == PER_NONE ? PER_NONE : t->nodes[node].next;
}

uint16_t per_field(const struct per_tree *t, uint16_t node, uint16_t field)
{
	for (uint16_t c = per_first(t, node); c != PER_NONE; c = t->nodes[c].next)
		if (t->nodes[c].field == field)
			return is_value(t, c) ? c : PER_NONE;
	return PER_NONE;
}

uint16_t per_get(const struct per_tree *t, uint16_t node, const uint16_t *path)
{
	for (; *path != PER_END; path++) {
		if (node != PER_NONE && is_value(t, node) && type_of(t, node)->kind == PER_OPEN)
			node = t->nodes[node].first;
		node = per_field(t, node, *path);
	}
	return node;
}

uint16_t per_choice(const struct per_tree *t, uint16_t node)
{
	uint16_t c = per_first(t, node);

	return c == PER_NONE || !is_value(t, c) ? PER_NONE : t->nodes[c].field;
}

uint16_t per_count(const struct per_tree *t, uint16_t node)
{
	uint16_t n = 0;

	for (uint16_t c = per_first(t, node); c != PER_NONE; c = t->nodes[c].next)
		n++;
	return n;
}

static bool is_string(const struct per_tree *t, uint16_t node)
{
	uint8_t kind = type_of(t, node)->kind;

	return kind == PER_OCTETS || kind == PER_OID || kind == PER_CHARS || kind == PER_GENERAL ||
	       kind == PER_BITS;
}

struct str per_str(const struct per_tree *t, uint16_t node)
{
	const struct per_node *n = &t->nodes[node];

	if (node == PER_NONE ||
		(is_value(t, node) && !is_string(t, node) && !(n->flags & PER_IS_LONG)))
		return (struct str){0};
	if (is_value(t, node) && type_of(t, node)->kind == PER_BITS)
		return (struct str){(const char *)n->p, (n->len + 7) / 8};
	return (struct str){(const char *)n->p, n->len};
}

int64_t per_num(const struct per_tree *t, uint16_t node, int64_t absent)
{
	if (node == PER_NONE || !is_value(t, node) || t->nodes[node].flags & PER_IS_LONG)
		return absent;
	if (type_of(t, node)->kind < PER_BOOLEAN || type_of(t, node)->kind > PER_ENUMERATED)
		return absent;
	return t->nodes[node].num;
}

static bool same_octets(const struct per_node *x, const struct per_node *y, uint32_t len)
{
	return x->len == y->len && (!len || !memcmp(x->p, y->p, len));
}

static bool same_leaf(const struct per_tree *a, uint16_t at, const struct per_tree *b, uint16_t bt)
{
	const struct per_node *x = &a->nodes[at], *y = &b->nodes[bt];

	if (x->flags)
		return same_octets(x, y, x->len);
	if (is_string(a, at))
		return same_octets(
			x, y, type_of(a, at)->kind == PER_BITS ? (x->len + 7) / 8 : x->len);
	return type_of(a, at)->kind == PER_NULL || x->num == y->num;
}

bool per_same(const struct per_tree *a, uint16_t at, const struct per_tree *b, uint16_t bt)
{
	uint16_t x, y;

	if (a->nodes[at].type != b->nodes[bt].type || a->nodes[at].flags != b->nodes[bt].flags)
		return false;
	if (!is_value(a, at) || !has_children(type_of(a, at)))
		return same_leaf(a, at, b, bt);
	x = a->nodes[at].first;
	y = b->nodes[bt].first;
	while (x != PER_NONE && y != PER_NONE) {
		if (a->nodes[x].field != b->nodes[y].field || !per_same(a, x, b, y))
			return false;
		x = a->nodes[x].next;
		y = b->nodes[y].next;
	}
	return x == y;
}
