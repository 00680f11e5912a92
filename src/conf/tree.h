/* tree.h - a YAML document as a tree of nodes with their places, and what the reader found wrong.
 *
 * Nodes live in one array; index 0 is "no node". Texts point into the tree's own buffer. Made by
 * parse.c, the only home of libyaml; read by fill.c and check.c. */
#ifndef CONF_TREE_H
#define CONF_TREE_H

#include "base/str.h"

enum node_kind { N_NONE, N_SCALAR, N_LIST, N_MAP };

struct node {
	enum node_kind kind;
	uint32_t line, column; /* from 1 */
	uint32_t first, next;  /* children; of a map: key, value, key, value, ... */
	uint32_t parent;
	uint32_t key;              /* of a map's value: the node of its name */
	bool is_quoted;            /* a scalar that cannot be null */
	bool is_bad, is_bad_below; /* an error was reported: rules that compare it keep silent */
	struct str text;
};

struct tree {
	struct node *nodes;
	uint32_t n, n_max, root; /* root 0: an empty document */
	char *text;
	size_t text_used, text_max;
	/* set when the text is no YAML of ours: the tree holds what came before */
	bool is_broken;
	uint32_t line, column;
	char why[160];
};

#define TREE_DEPTH_MAX 32
#define TREE_NODES_MAX 200000

/* OK: a tree, perhaps a broken one. ERR_FULL: no memory. */
MUST_USE enum err tree_parse(struct str yaml, struct tree *ret_tree);
void tree_free(struct tree *t);
/* The value below a key of a map; 0: none. */
uint32_t tree_value(const struct tree *t, uint32_t map, struct str key);
/* The node of "zones[2].sip.port", or the nearest node above it. *ret_is_set: it is there itself. */
uint32_t tree_place(const struct tree *t, struct str path, bool *ret_is_set);
/* Nothing, "~" or "null", not quoted. */
bool tree_is_null(const struct tree *t, uint32_t node);

#endif
