/* per_write.c - writes a tree as aligned PER.
 *
 * The mirror of per.c, section by section. An open type is written behind two octets left for its length,
 * and moved when the length turns out to need one or more than two. A bitmap is as long as the one that
 * was received, or ends with the last addition that is there. It trusts no tree: a value that its type
 * cannot hold, or a mandatory field that is missing, is an error and nothing is written. */
#include <string.h>

#include "h323/per.h"

#define FRAGMENT 16384u

struct writer {
	const struct per_tree *t;
	uint8_t *p;
	uint32_t at, end; /* bits */
	enum err err;
};

static void value(struct writer *w, uint16_t node);

/* ---- bits ---- */
static void fail(struct writer *w, enum err err)
{
	if (w->err == OK)
		w->err = err;
}

static void put_bits(struct writer *w, uint64_t v, uint32_t n)
{
	if (w->err != OK || n > w->end - w->at) {
		fail(w, ERR_FULL);
		return;
	}
	while (n > 0) {
		uint32_t off = w->at & 7, take = 8 - off < n ? 8 - off : n;
		uint32_t part = (uint32_t)(v >> (n - take)) & ((1u << take) - 1);

		if (!off)
			w->p[w->at >> 3] = 0;
		w->p[w->at >> 3] |= (uint8_t)(part << (8 - off - take));
		w->at += take;
		n -= take;
	}
}

static void align(struct writer *w)
{
	w->at = (w->at + 7) &
	        ~7u; /* the bits passed over are zero since the octet's first was written */
}

static void put_octets(struct writer *w, const uint8_t *p, uint32_t n)
{
	align(w);
	if (w->err != OK || w->at > w->end || n > (w->end - w->at) / 8) {
		fail(w, ERR_FULL);
		return;
	}
	if (n)
		memcpy(w->p + w->at / 8, p, n);
	w->at += n * 8;
}

/* ---- numbers and lengths ---- */
static uint32_t bits_for(uint64_t max)
{
	return max ? 64 - (uint32_t)__builtin_clzll(max) : 0;
}

static void constrained(struct writer *w, uint64_t v, uint64_t lo, uint64_t hi)
{
	uint64_t span = hi - lo;
	uint32_t n;

	v -= lo; /* modulo 2^64, so that lo may be negative */
	if (v > span) {
		fail(w, ERR_RANGE);
		return;
	}
	if (span < 255) {
		put_bits(w, v, bits_for(span));
	} else if (span <= 65535) {
		align(w);
		put_bits(w, v, span == 255 ? 8 : 16);
	} else {
		n = v ? (bits_for(v) + 7) / 8 : 1;
		constrained(w, n, 1, (bits_for(span) + 7) / 8);
		align(w);
		put_bits(w, v, n * 8);
	}
}

static void length(struct writer *w, uint32_t n)
{
	align(w);
	if (n < 0x80)
		put_bits(w, n, 8);
	else if (n < FRAGMENT)
		put_bits(w, 0x8000 | n, 16);
	else
		fail(w, ERR_FULL);
}

static void bit_field(struct writer *w, const uint8_t *p, uint32_t n_bits)
{
	if (!(w->at & 7)) {
		put_octets(w, p, n_bits / 8);
		p += n_bits / 8;
		n_bits &= 7;
	}
	for (; n_bits >= 8; n_bits -= 8)
		put_bits(w, *p++, 8);
	if (n_bits)
		put_bits(w, *p >> (8 - n_bits), n_bits);
}

/* What has a length without a bound, in pieces where it must be (X.691 11.9.3.8). In units of bits. */
static void pieces(struct writer *w, const uint8_t *p, uint32_t n, uint32_t unit)
{
	while (n >= FRAGMENT) {
		uint32_t k = n / FRAGMENT < 4 ? n / FRAGMENT : 4;

		align(w);
		put_bits(w, 0xc0 | k, 8);
		put_octets(w, p, k * FRAGMENT * unit / 8);
		p += k * FRAGMENT * unit / 8;
		n -= k * FRAGMENT;
	}
	length(w, n);
	bit_field(w, p, n * unit);
}

static void small_number(struct writer *w, uint64_t v)
{
	put_bits(w, v >= 64, 1);
	if (v < 64) {
		put_bits(w, v, 6);
	} else {
		length(w, v < 256 ? 1 : 2);
		put_bits(w, v, v < 256 ? 8 : 16);
	}
}

/* A length between the limits of a SIZE; without one nothing is written, and true is returned. */
static bool is_open(struct writer *w, const struct per_type *y, uint32_t n)
{
	if (!(y->flags & PER_SIZE))
		return true;
	constrained(w, n, (uint64_t)y->lo, (uint64_t)y->hi);
	return false;
}

/* ---- the kinds ---- */
/* The fewest octets that say it: two's complement, or without a sign. */
static uint32_t to_octets(int64_t v, bool has_sign, uint8_t octets[8])
{
	uint32_t n = 1;

	if (has_sign)
		while (n < 8 && v >> (n * 8 - 1) != 0 && v >> (n * 8 - 1) != -1)
			n++;
	else
		n = v ? (bits_for((uint64_t)v) + 7) / 8 : 1;
	for (uint32_t i = 0; i < n; i++)
		octets[i] = (uint8_t)(v >> ((n - 1 - i) * 8));
	return n;
}

static void write_integer(struct writer *w, const struct per_type *y, const struct per_node *n)
{
	bool in_range = y->flags & PER_RANGE && n->num >= y->lo && n->num <= y->hi;
	bool has_min = y->flags & PER_MIN;
	uint8_t octets[8];

	if (n->flags & PER_IS_LONG) {
		if (y->flags & PER_EXTENSIBLE)
			put_bits(w, 1, 1);
		pieces(w, n->p, n->len, 8);
		return;
	}
	if ((y->flags & PER_RANGE && !(y->flags & PER_EXTENSIBLE) && !in_range) ||
		(has_min && n->num < y->lo)) {
		fail(w, ERR_RANGE);
		return;
	}
	if (y->flags & PER_EXTENSIBLE)
		put_bits(w, !in_range, 1);
	if (in_range)
		constrained(w, (uint64_t)n->num, (uint64_t)y->lo, (uint64_t)y->hi);
	else
		pieces(w, octets, to_octets(has_min ? n->num - y->lo : n->num, !has_min, octets),
			8);
}

static void write_enumerated(struct writer *w, const struct per_type *y, int64_t num)
{
	bool is_root = num >= 0 && num < y->n_root;

	if (y->flags & PER_EXTENSIBLE)
		put_bits(w, !is_root, 1);
	else if (!is_root)
		fail(w, ERR_RANGE);
	if (is_root)
		constrained(w, (uint64_t)num, 0, y->n_root - 1u);
	else
		small_number(w, (uint64_t)(num - y->n_root));
}

static void write_units(
	struct writer *w, const struct per_type *y, const struct per_node *n, uint32_t unit)
{
	if (is_open(w, y, n->len)) {
		pieces(w, n->p, n->len, unit);
		return;
	}
	if (n->len && (y->lo != y->hi || n->len * unit > 16))
		align(w);
	bit_field(w, n->p, n->len * unit);
}

static void write_chars(struct writer *w, const struct per_type *y, const struct per_node *n)
{
	const char *abc = w->t->schema->alphabets[y->alphabet];
	uint32_t bits = y->n_root, most = (uint32_t)y->hi * bits;
	uint32_t count = bits == 16 ? n->len / 2 : n->len;
	bool open = is_open(w, y, count);

	if (open)
		length(w, count);
	if (open || (y->lo == y->hi ? most > 16 : most >= 16 && count))
		align(w);
	if (!abc) {
		bit_field(w, n->p, count * bits);
		return;
	}
	for (uint32_t i = 0; i < count; i++) {
		const char *at = n->p[i] ? strchr(abc, n->p[i]) : NULL;

		if (!at)
			fail(w, ERR_RANGE);
		else
			put_bits(w, (uint64_t)(at - abc), bits);
	}
}

static void write_list(struct writer *w, const struct per_type *y, uint16_t node)
{
	uint16_t count = per_count(w->t, node);

	if (is_open(w, y, count))
		length(w, count);
	for (uint16_t c = per_first(w->t, node); c != PER_NONE; c = per_next(w->t, c))
		value(w, c);
}

/* ---- open types ---- */
/* Of the n octets at "from" (in octets): the length before them, in pieces if it must be. */
static void close_open(struct writer *w, uint32_t from, uint32_t n)
{
	uint32_t room = n < 0x80 ? 1 : n < FRAGMENT ? 2 : n / (4 * FRAGMENT) + 4;
	uint8_t *p = w->p;

	if (w->err != OK || from + n + room > w->end / 8) {
		fail(w, ERR_FULL);
		return;
	}
	if (room > 2) { /* moved out of the way, then laid down again piece by piece */
		memmove(p + from + room, p + from, n);
		w->at = (from - 2) * 8;
		pieces(w, p + from + room, n, 8);
		return;
	}
	if (room == 1)
		memmove(p + from - 1, p + from, n);
	w->at = (from - 2) * 8;
	length(w, n);
	w->at += n * 8;
}

/* The value and what was behind it; returns the sibling after both. */
static uint16_t write_open(struct writer *w, uint16_t node)
{
	uint16_t next = per_next(w->t, node);
	uint32_t from;

	align(w);
	put_bits(w, 0, 16);
	from = w->at / 8;
	value(w, node);
	if (w->at == from * 8)
		put_bits(w, 0, 8); /* X.691 11.1.3: never empty */
	if (next != PER_NONE && w->t->nodes[next].flags & PER_IS_TAIL) {
		put_octets(w, w->t->nodes[next].p, w->t->nodes[next].len);
		next = per_next(w->t, next);
	}
	align(w);
	close_open(w, from, w->at / 8 - from);
	return next;
}

static uint16_t write_unknown(struct writer *w, uint16_t node)
{
	pieces(w, w->t->nodes[node].p, w->t->nodes[node].len, 8);
	return per_next(w->t, node);
}

static uint16_t write_addition(struct writer *w, uint16_t node)
{
	if (w->t->nodes[node].flags & PER_IS_UNKNOWN)
		return write_unknown(w, node);
	return write_open(w, node);
}

/* ---- structures ---- */
static uint16_t write_root(struct writer *w, const struct per_type *y, uint16_t first)
{
	const struct per_field *f = &w->t->schema->fields[y->first];
	uint16_t c = first;

	for (uint16_t i = 0; i < y->n_root; i++) {
		bool is_there = c != PER_NONE && w->t->nodes[c].field == i;

		if (f[i].optional)
			put_bits(w, is_there, 1);
		else if (!is_there)
			fail(w, ERR_WRONG_STATE);
		if (is_there)
			c = per_next(w->t, c);
	}
	for (c = first; c != PER_NONE && w->t->nodes[c].field < y->n_root; c = per_next(w->t, c))
		value(w, c);
	return c;
}

static void write_additions(struct writer *w, const struct per_type *y, uint8_t bitmap, uint16_t c)
{
	uint64_t map = 0;

	if (bitmap > PER_BITMAP_MAX) {
		fail(w, ERR_FULL);
		return;
	}
	for (uint16_t i = c; i != PER_NONE; i = per_next(w->t, i)) {
		uint32_t k = w->t->nodes[i].field - (uint32_t)y->n_root;

		if (k >= bitmap)
			fail(w, ERR_WRONG_STATE);
		else
			map |= 1ull << (bitmap - 1 - k);
	}
	put_bits(w, 0, 1);
	put_bits(w, bitmap - 1u, 6);
	put_bits(w, map, bitmap);
	while (c != PER_NONE && w->err == OK)
		c = write_addition(w, c);
}

static void write_sequence(struct writer *w, const struct per_type *y, const struct per_node *n)
{
	uint16_t rest;

	if (y->flags & PER_EXTENSIBLE)
		put_bits(w, n->bitmap > 0, 1);
	rest = write_root(w, y, n->first);
	if (n->bitmap)
		write_additions(w, y, n->bitmap, rest);
}

static void write_choice(struct writer *w, const struct per_type *y, const struct per_node *n)
{
	uint16_t field;

	if (n->first == PER_NONE) {
		fail(w, ERR_WRONG_STATE);
		return;
	}
	field = w->t->nodes[n->first].field;
	if (y->flags & PER_EXTENSIBLE)
		put_bits(w, field >= y->n_root, 1);
	if (field < y->n_root) {
		constrained(w, field, 0, y->n_root - 1u);
		value(w, n->first);
	} else {
		small_number(w, field - (uint64_t)y->n_root);
		write_addition(w, n->first);
	}
}

static void write_kind(
	struct writer *w, const struct per_type *y, uint16_t node, const struct per_node *n)
{
	switch ((enum per_kind)y->kind) {
	case PER_NULL:
		break;
	case PER_BOOLEAN:
		put_bits(w, n->num != 0, 1);
		break;
	case PER_INTEGER:
		write_integer(w, y, n);
		break;
	case PER_ENUMERATED:
		write_enumerated(w, y, n->num);
		break;
	case PER_OCTETS:
		write_units(w, y, n, 8);
		break;
	case PER_BITS:
		write_units(w, y, n, 1);
		break;
	case PER_CHARS:
		write_chars(w, y, n);
		break;
	case PER_OID:
	case PER_GENERAL:
		pieces(w, n->p, n->len, 8);
		break;
	case PER_OPEN:
		if (n->first == PER_NONE)
			fail(w, ERR_WRONG_STATE);
		else
			write_open(w, n->first);
		break;
	case PER_LIST:
		write_list(w, y, node);
		break;
	case PER_SEQUENCE:
		write_sequence(w, y, n);
		break;
	case PER_CHOICE:
		write_choice(w, y, n);
		break;
	}
}

static void value(struct writer *w, uint16_t node)
{
	const struct per_node *n = &w->t->nodes[node];

	if (w->err == OK)
		write_kind(w, &w->t->schema->types[n->type], node, n);
}

enum err per_write_anew(const struct per_tree *t, struct wr *out)
{
	size_t room = (size_t)(out->end - out->p);
	struct writer w = {
		.t = t, .p = out->p, .end = (uint32_t)(room < UINT16_MAX ? room : UINT16_MAX) * 8};
	uint16_t tail;

	if (!t->n_nodes)
		return ERR_WRONG_STATE;
	value(&w, 0);
	if (!w.at)
		put_bits(&w, 0, 8);
	tail = t->nodes[0].next;
	if (tail != PER_NONE)
		put_octets(&w, t->nodes[tail].p, t->nodes[tail].len);
	if (w.err == OK)
		out->p += (w.at + 7) / 8;
	return w.err;
}

enum err per_write(const struct per_tree *t, struct wr *out)
{
	if (t->is_changed)
		return per_write_anew(t, out);
	wr_str(out, t->in);
	return out->err;
}
