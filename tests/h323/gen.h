/* gen.h - valid values of any type of the schema, at random and repeatable by seed, for tests.
 *
 * It prefers what is at an edge: the ends of ranges and sizes, lengths around 127 and 255. With is_odd it
 * also makes what another edition could send: unknown additions and alternatives, bitmaps longer and shorter
 * than the table, octets behind a value, numbers of more than 64 bits. */
#ifndef TESTS_H323_GEN_H
#define TESTS_H323_GEN_H

#include <string.h>

#include "h323/per.h"

struct gen {
	struct per_tree *t;
	uint64_t state;
	bool is_odd;
	bool is_full; /* the tree, or the depth: the value is of no use */
};

#define GEN_DEPTH 12 /* from here on nothing that can be left out is put in */

static inline uint32_t gen_up_to(struct gen *g, uint32_t max)
{
	g->state = g->state * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)((g->state >> 33) % ((uint64_t)max + 1));
}

static inline bool gen_one_in(struct gen *g, uint32_t n)
{
	return gen_up_to(g, n - 1) == 0;
}

static inline uint8_t *gen_octets(struct gen *g, uint32_t n)
{
	uint8_t *p = per_take(g->t, n ? n : 1);

	if (!p) {
		g->is_full = true;
		return NULL;
	}
	for (uint32_t i = 0; i < n; i++)
		p[i] = (uint8_t)gen_up_to(g, 255);
	return p;
}

static inline uint32_t gen_len(struct gen *g, const struct per_type *y)
{
	static const uint8_t edges[] = {0, 1, 2, 3, 15, 16, 127, 128, 255};
	uint32_t lo = y->flags & PER_SIZE ? (uint32_t)y->lo : 0, n = gen_up_to(g, 12);

	if (gen_one_in(g, 12))
		n = edges[gen_up_to(g, sizeof edges - 1)];
	if (y->flags & PER_SIZE && lo + n > y->hi)
		return (uint32_t)y->hi < 512 ? (uint32_t)y->hi : lo;
	return lo + n;
}

/* Two's complement of 9 to 12 octets without a superfluous first one. */
static inline void gen_long(struct gen *g, struct per_node *n)
{
	n->len = 9 + gen_up_to(g, 3);
	n->p = gen_octets(g, n->len);
	n->flags = PER_IS_LONG;
	if (n->p)
		((uint8_t *)(uintptr_t)n->p)[0] =
			(uint8_t)(1 + gen_up_to(g, 100) + 128 * gen_up_to(g, 1));
}

static inline void gen_integer(struct gen *g, const struct per_type *y, struct per_node *n)
{
	static const int64_t edges[] = {
		0, 1, 127, 128, 255, 256, 32767, 32768, 65535, 65536, 16777216};
	int64_t v = edges[gen_up_to(g, 10)] + gen_up_to(g, 3);

	if (y->flags & PER_RANGE && !(y->flags & PER_EXTENSIBLE && gen_one_in(g, 3)))
		n->num = gen_one_in(g, 4)    ? y->hi
		         : v > y->hi - y->lo ? y->lo + gen_up_to(g, (uint32_t)(y->hi - y->lo))
		                             : y->lo + v;
	else if (y->flags & PER_MIN)
		n->num = y->lo + v;
	else if (y->flags & PER_RANGE)
		n->num = y->hi + 1 + v;
	else if (g->is_odd && gen_one_in(g, 4))
		gen_long(g, n);
	else
		n->num = gen_one_in(g, 2) ? -v : v * 65537;
}

static inline void gen_oid(struct gen *g, struct per_node *n)
{
	uint8_t *p = gen_octets(g, 12);

	n->len = 2 + gen_up_to(g, 9);
	n->p = p;
	for (uint32_t i = 0; p && i < n->len; i++) {
		bool goes_on = i && i + 1 < n->len && !(p[i - 1] & 0x80) && gen_one_in(g, 3);

		p[i] = (uint8_t)(goes_on ? p[i] | 0x81 : p[i] & 0x7f);
	}
}

static inline void gen_chars(struct gen *g, const struct per_type *y, struct per_node *n)
{
	const char *abc = g->t->schema->alphabets[y->alphabet];
	uint32_t count = gen_len(g, y), octets = y->n_root == 16 ? 2 : 1;
	uint8_t *p = gen_octets(g, count * octets);

	n->p = p;
	n->len = count * octets;
	for (uint32_t i = 0; p && i < n->len; i++) {
		if (abc)
			p[i] = (uint8_t)abc[p[i] % strlen(abc)];
		else if (octets == 1)
			p[i] = (uint8_t)(' ' + p[i] % 90);
	}
}

static inline void gen_bits(struct gen *g, const struct per_type *y, struct per_node *n)
{
	uint8_t *p;

	n->len = gen_len(g, y);
	n->p = p = gen_octets(g, (n->len + 7) / 8);
	if (p && n->len % 8)
		p[n->len / 8] &= (uint8_t)(0xff00 >> n->len % 8);
}

static void gen_fill(struct gen *g, uint16_t node, uint32_t depth);

/* A node that no table has: behind all others of its SEQUENCE, or alone in a CHOICE. */
static inline void gen_unknown(struct gen *g, const struct per_type *y, uint16_t node)
{
	uint16_t n = g->t->n_nodes, *at = &g->t->nodes[node].first;

	if (n >= PER_NODES_MAX) {
		g->is_full = true;
		return;
	}
	g->t->n_nodes++;
	g->t->nodes[n] = (struct per_node){.next = PER_NONE, .flags = PER_IS_UNKNOWN};
	g->t->nodes[n].field = (uint16_t)(y->n_root + y->n_add + gen_up_to(g, 9));
	g->t->nodes[n].len = gen_up_to(g, 9);
	g->t->nodes[n].p = gen_octets(g, g->t->nodes[n].len);
	if (y->kind == PER_SEQUENCE) {
		while (*at != PER_NONE)
			at = &g->t->nodes[*at].next;
		g->t->nodes[node].bitmap = (uint8_t)(g->t->nodes[n].field - y->n_root + 1);
	}
	*at = n;
}

/* Octets behind the last addition, as a newer edition of its type would have them. */
static inline void gen_tail(struct gen *g, uint16_t addition)
{
	uint16_t n = g->t->n_nodes;

	if (n >= PER_NODES_MAX) {
		g->is_full = true;
		return;
	}
	g->t->n_nodes++;
	g->t->nodes[n] = g->t->nodes[addition];
	g->t->nodes[n].flags = PER_IS_TAIL;
	g->t->nodes[n].len = 1 + gen_up_to(g, 3);
	g->t->nodes[n].p = gen_octets(g, g->t->nodes[n].len);
	g->t->nodes[addition].next = n;
}

static inline void gen_sequence(
	struct gen *g, const struct per_type *y, uint16_t node, uint32_t depth)
{
	for (uint16_t i = 0; i < y->n_root + y->n_add && !g->is_full; i++) {
		uint16_t c;

		if (i < y->n_root && g->t->schema->fields[y->first + i].optional &&
			(depth >= GEN_DEPTH || !gen_one_in(g, 3)))
			continue;
		if (i >= y->n_root && (depth >= GEN_DEPTH || !gen_one_in(g, 5)))
			continue;
		c = per_put(g->t, node, i);
		gen_fill(g, c, depth + 1);
		if (g->is_odd && i >= y->n_root && !g->is_full && gen_one_in(g, 6))
			gen_tail(g, c);
	}
	if (!g->is_odd || !(y->flags & PER_EXTENSIBLE) || g->is_full)
		return;
	if (gen_one_in(g, 8) && y->n_add < 50)
		gen_unknown(g, y, node);
	else if (gen_one_in(g, 8) && !g->t->nodes[node].bitmap && y->n_add < 50)
		g->t->nodes[node].bitmap = (uint8_t)(1 + gen_up_to(g, 10)); /* nothing in it */
	else if (gen_one_in(g, 8) && g->t->nodes[node].bitmap && y->n_add < 50)
		g->t->nodes[node].bitmap = (uint8_t)(g->t->nodes[node].bitmap + gen_up_to(g, 10));
}

/* Deep down, an alternative that ends there. */
static inline uint16_t gen_alternative(struct gen *g, const struct per_type *y, uint32_t depth)
{
	uint32_t n = (uint32_t)y->n_root + y->n_add, from = gen_up_to(g, n - 1);

	for (uint32_t i = 0; i < n && depth >= GEN_DEPTH; i++) {
		uint16_t field = (uint16_t)((from + i) % n);

		if (g->t->schema->types[g->t->schema->fields[y->first + field].type].kind <
			PER_OPEN)
			return field;
	}
	return (uint16_t)from;
}

static inline void gen_list(struct gen *g, const struct per_type *y, uint16_t node, uint32_t depth)
{
	uint32_t lo = y->flags & PER_SIZE ? (uint32_t)y->lo : 0, n = lo;

	if (depth < GEN_DEPTH)
		n += gen_up_to(g, gen_one_in(g, 30) ? 30 : 3);
	if (y->flags & PER_SIZE && n > y->hi)
		n = (uint32_t)y->hi;
	while (n-- && !g->is_full)
		gen_fill(g, per_append(g->t, node), depth + 1);
}

static inline void gen_fill(struct gen *g, uint16_t node, uint32_t depth)
{
	const struct per_type *y;
	struct per_node *n;

	if (node == PER_NONE || depth >= PER_DEPTH_MAX)
		g->is_full = true;
	if (g->is_full)
		return;
	n = &g->t->nodes[node];
	y = &g->t->schema->types[n->type];
	switch ((enum per_kind)y->kind) {
	case PER_NULL:
		break;
	case PER_BOOLEAN:
		n->num = gen_up_to(g, 1);
		break;
	case PER_INTEGER:
		gen_integer(g, y, n);
		break;
	case PER_ENUMERATED:
		n->num = gen_up_to(g, y->n_root - 1u + (g->is_odd ? 3 : 0));
		break;
	case PER_OCTETS:
	case PER_GENERAL:
		n->len = gen_len(g, y);
		n->p = gen_octets(g, n->len);
		for (uint32_t i = 0; n->p && y->kind == PER_GENERAL && i < n->len; i++)
			((uint8_t *)(uintptr_t)n->p)[i] = (uint8_t)('0' + i % 10);
		break;
	case PER_BITS:
		gen_bits(g, y, n);
		break;
	case PER_OID:
		gen_oid(g, n);
		break;
	case PER_CHARS:
		gen_chars(g, y, n);
		break;
	case PER_OPEN:
		gen_fill(g, per_put(g->t, node, 0), depth + 1);
		break;
	case PER_LIST:
		gen_list(g, y, node, depth);
		break;
	case PER_SEQUENCE:
		gen_sequence(g, y, node, depth);
		break;
	case PER_CHOICE:
		if (g->is_odd && y->flags & PER_EXTENSIBLE && gen_one_in(g, 12))
			gen_unknown(g, y, node);
		else
			gen_fill(g, per_put(g->t, node, gen_alternative(g, y, depth)), depth + 1);
		break;
	}
}

/* A message of the type; false: this seed gives one beyond the limits. */
static inline bool gen_message(struct per_tree *t, uint16_t type, uint64_t seed, bool is_odd)
{
	struct gen g = {.t = t, .state = seed * 0x9e3779b97f4a7c15u + 1, .is_odd = is_odd};

	gen_fill(&g, per_root(t, type), 0);
	return !g.is_full;
}

#endif
