/* tree.c - walks in a tree of YAML nodes. Pure; knows nothing of the schema. */
#include "conf/tree.h"

#include <string.h>

#include "base/scratch.h"

void tree_free(struct tree *t)
{
	if (t->text)
		explicit_bzero(t->text, t->text_max); /* there may be secrets in it */
	mem_free(t->text);
	mem_free(t->nodes);
	*t = (struct tree){0};
}

uint32_t tree_value(const struct tree *t, uint32_t map, struct str key)
{
	if (t->nodes[map].kind != N_MAP)
		return 0;
	for (uint32_t k = t->nodes[map].first; k; k = t->nodes[t->nodes[k].next].next) {
		if (t->nodes[k].kind == N_SCALAR && str_eq(t->nodes[k].text, key))
			return t->nodes[k].next;
		if (!t->nodes[k].next) /* a key at which the document broke off */
			return 0;
	}
	return 0;
}

static uint32_t element(const struct tree *t, uint32_t list, uint64_t index)
{
	uint32_t e;

	if (t->nodes[list].kind != N_LIST)
		return 0;
	for (e = t->nodes[list].first; e && index; e = t->nodes[e].next)
		index--;
	return e;
}

/* One step of a path: ".key", "key" or "[index]". */
static uint32_t step(const struct tree *t, uint32_t at, struct str *path)
{
	struct str number;
	uint64_t index;
	size_t len = 0;

	if (path->p[0] == '[') {
		number = str_skip(str_head(*path, str_find(*path, ']')), 1);
		*path = str_skip(*path, number.len + 2);
		return str_u64(number, TREE_NODES_MAX, &index) == OK ? element(t, at, index) : 0;
	}
	if (path->p[0] == '.')
		*path = str_skip(*path, 1);
	while (len < path->len && path->p[len] != '.' && path->p[len] != '[')
		len++;
	number = str_head(*path, len);
	*path = str_skip(*path, len);
	return tree_value(t, at, number);
}

uint32_t tree_place(const struct tree *t, struct str path, bool *ret_is_set)
{
	uint32_t at = t->root;

	while (at && path.len) {
		const uint32_t next = step(t, at, &path);

		if (!next) {
			*ret_is_set = false;
			return at;
		}
		at = next;
	}
	*ret_is_set = at != 0;
	return at;
}

bool tree_is_null(const struct tree *t, uint32_t node)
{
	const struct node *n = &t->nodes[node];

	return n->kind == N_SCALAR && !n->is_quoted &&
	       (n->text.len == 0 || str_eq(n->text, STR("~")) || str_eq(n->text, STR("null")));
}
