/* per_edit.c - changes a tree: fields put, removed and copied.
 *
 * Nodes are never given back; a message is changed a few times and forgotten. A changed message is
 * written anew, with the bitmaps that came and what was unknown in its place. */
#include <string.h>

#include "h323/per.h"

static uint16_t node_of(struct per_tree *t, uint16_t type, uint16_t field)
{
	uint16_t n = t->n_nodes;

	if (n >= PER_NODES_MAX)
		return PER_NONE;
	t->nodes[n] = (struct per_node){.type = type, .field = field, .next = PER_NONE};
	if (t->schema->types[type].kind >= PER_OPEN)
		t->nodes[n].first = PER_NONE;
	t->n_nodes++;
	return n;
}

static bool is_a(const struct per_tree *t, uint16_t node, enum per_kind kind)
{
	return node != PER_NONE && !(t->nodes[node].flags & (PER_IS_UNKNOWN | PER_IS_TAIL)) &&
	       t->schema->types[t->nodes[node].type].kind == kind;
}

uint16_t per_root(struct per_tree *t, uint16_t type)
{
	t->in = (struct str){0};
	t->n_nodes = 0;
	t->n_octets = 0;
	t->is_changed = true;
	return node_of(t, type, 0);
}

void per_remove(struct per_tree *t, uint16_t node, uint16_t field)
{
	uint16_t *at;

	if (per_first(t, node) == PER_NONE || is_a(t, node, PER_LIST))
		return;
	for (at = &t->nodes[node].first; *at != PER_NONE;) {
		if (t->nodes[*at].field ==
			field) /* and the octets behind it, which have its number */
			*at = t->nodes[*at].next;
		else
			at = &t->nodes[*at].next;
	}
	t->is_changed = true;
}

void per_remove_element(struct per_tree *t, uint16_t list, uint16_t element)
{
	uint16_t *at;

	if (!is_a(t, list, PER_LIST))
		return;
	for (at = &t->nodes[list].first; *at != PER_NONE; at = &t->nodes[*at].next) {
		if (*at != element)
			continue;
		*at = t->nodes[element].next;
		t->is_changed = true;
		return;
	}
}

static uint16_t put_in_sequence(
	struct per_tree *t, const struct per_type *y, uint16_t node, uint16_t field)
{
	uint16_t *at, n;

	if (field >= y->n_root + y->n_add)
		return PER_NONE;
	per_remove(t, node, field);
	if ((n = node_of(t, t->schema->fields[y->first + field].type, field)) == PER_NONE)
		return PER_NONE;
	for (at = &t->nodes[node].first; *at != PER_NONE && t->nodes[*at].field < field;)
		at = &t->nodes[*at].next;
	t->nodes[n].next = *at;
	*at = n;
	if (field >= y->n_root && t->nodes[node].bitmap < field - y->n_root + 1)
		t->nodes[node].bitmap = (uint8_t)(field - y->n_root + 1);
	return n;
}

static uint16_t put_alone(struct per_tree *t, uint16_t node, uint16_t type, uint16_t field)
{
	uint16_t n = node_of(t, type, field);

	if (n != PER_NONE)
		t->nodes[node].first = n;
	return n;
}

uint16_t per_put(struct per_tree *t, uint16_t node, uint16_t field)
{
	const struct per_type *y = node == PER_NONE ? NULL : &t->schema->types[t->nodes[node].type];

	t->is_changed = true;
	if (is_a(t, node, PER_SEQUENCE))
		return put_in_sequence(t, y, node, field);
	if (is_a(t, node, PER_CHOICE) && field < y->n_root + y->n_add)
		return put_alone(t, node, t->schema->fields[y->first + field].type, field);
	if (is_a(t, node, PER_OPEN))
		return put_alone(t, node, y->first, 0);
	return PER_NONE;
}

uint16_t per_make(struct per_tree *t, uint16_t node, const uint16_t *path)
{
	for (; *path != PER_END && node != PER_NONE; path++) {
		uint16_t next;

		if (is_a(t, node, PER_OPEN))
			node = t->nodes[node].first == PER_NONE ? per_put(t, node, 0)
			                                        : t->nodes[node].first;
		next = per_field(t, node, *path);
		node = next == PER_NONE ? per_put(t, node, *path) : next;
	}
	return node;
}

uint16_t per_append(struct per_tree *t, uint16_t list)
{
	uint16_t *at, n;

	if (!is_a(t, list, PER_LIST))
		return PER_NONE;
	if ((n = node_of(t, t->schema->types[t->nodes[list].type].first, 0)) == PER_NONE)
		return PER_NONE;
	for (at = &t->nodes[list].first; *at != PER_NONE;)
		at = &t->nodes[*at].next;
	*at = n;
	t->is_changed = true;
	return n;
}

void per_set_num(struct per_tree *t, uint16_t node, int64_t num)
{
	if (!is_a(t, node, PER_BOOLEAN) && !is_a(t, node, PER_INTEGER) &&
		!is_a(t, node, PER_ENUMERATED))
		return;
	t->nodes[node].flags = 0;
	t->nodes[node].len = 0;
	t->nodes[node].num = num;
	t->is_changed = true;
}

void per_set_bits(struct per_tree *t, uint16_t node, struct str octets, uint32_t n_bits)
{
	if (!is_a(t, node, PER_BITS) || n_bits > octets.len * 8)
		return;
	t->nodes[node].p = (const uint8_t *)octets.p;
	t->nodes[node].len = n_bits;
	t->is_changed = true;
}

void per_set_str(struct per_tree *t, uint16_t node, struct str octets)
{
	if (is_a(t, node, PER_BITS)) {
		per_set_bits(t, node, octets, (uint32_t)octets.len * 8);
		return;
	}
	if (!is_a(t, node, PER_OCTETS) && !is_a(t, node, PER_CHARS) &&
		!is_a(t, node, PER_GENERAL) && !is_a(t, node, PER_OID))
		return;
	t->nodes[node].p = (const uint8_t *)octets.p;
	t->nodes[node].len = (uint32_t)octets.len;
	t->is_changed = true;
}

/* The children of one, copied below the other, in their order. */
static enum err copy_children(
	struct per_tree *t, uint16_t node, const struct per_tree *from, uint16_t from_node)
{
	uint16_t last = PER_NONE;
	enum err err;

	t->nodes[node].first = PER_NONE;
	for (uint16_t c = from->nodes[from_node].first; c != PER_NONE; c = from->nodes[c].next) {
		uint16_t n = node_of(t, from->nodes[c].type, from->nodes[c].field);

		if (n == PER_NONE)
			return ERR_FULL;
		if ((err = per_copy(t, n, from, c)) != OK)
			return err;
		if (last == PER_NONE)
			t->nodes[node].first = n;
		else
			t->nodes[last].next = n;
		last = n;
	}
	return OK;
}

enum err per_copy(
	struct per_tree *t, uint16_t node, const struct per_tree *from, uint16_t from_node)
{
	const struct per_node *s;

	if (node == PER_NONE || from_node == PER_NONE)
		return ERR_NOENT;
	s = &from->nodes[from_node];
	if (t->nodes[node].type != s->type)
		return ERR_WRONG_STATE;
	t->is_changed = true;
	t->nodes[node].flags = s->flags;
	t->nodes[node].bitmap = s->bitmap;
	t->nodes[node].len = s->len;
	if (!s->flags && t->schema->types[s->type].kind >= PER_OPEN)
		return copy_children(t, node, from, from_node);
	t->nodes[node].num = s->num;
	if (s->flags || t->schema->types[s->type].kind > PER_ENUMERATED)
		t->nodes[node].p = s->p;
	return OK;
}
