/* parse.c - YAML text to a tree of nodes: the only home of libyaml.
 *
 * Event API, so that every node has its line and column. Limits are those of the configuration: depth,
 * nodes, no alias, one document; past one of them the tree is broken at that place. Texts are copied
 * into one buffer: an escaped character is at most as long as its escape, but for \N, \_, \L and \P. */
#include "conf/tree.h"

#include <stdio.h>
#include <string.h>
#include <yaml.h>

#include "base/scratch.h"

struct reader {
	yaml_parser_t yaml;
	struct tree *t;
	uint32_t open[TREE_DEPTH_MAX]; /* containers that are not closed yet, outermost first */
	uint32_t last[TREE_DEPTH_MAX]; /* and their last child */
	uint32_t key[TREE_DEPTH_MAX];  /* of a map: the key whose value comes next */
	uint32_t depth;
	uint32_t n_documents;
};

static void broken(struct reader *r, yaml_mark_t at, const char *why)
{
	struct tree *t = r->t;

	t->is_broken = true;
	t->line = (uint32_t)at.line + 1;
	t->column = (uint32_t)at.column + 1;
	snprintf(t->why, sizeof t->why, "%s", why);
}

static yaml_mark_t mark_of_offset(struct str yaml, size_t offset)
{
	yaml_mark_t at = {0};

	for (size_t i = 0; i < offset && i < yaml.len; i++) {
		if (yaml.p[i] == '\n') {
			at.line++;
			at.column = 0;
		} else if ((yaml.p[i] & 0xc0) != 0x80) {
			at.column++;
		}
	}
	return at;
}

static void yaml_error(struct reader *r, struct str yaml)
{
	char why[160];
	const yaml_parser_t *y = &r->yaml;
	const bool is_elsewhere = y->context && y->context_mark.line != y->problem_mark.line;

	snprintf(why, sizeof why, "not YAML: %s", y->problem ? y->problem : "error");
	if (is_elsewhere)
		snprintf(why, sizeof why, "not YAML: %s, %s that begins in line %zu",
			y->problem ? y->problem : "error", y->context, y->context_mark.line + 1);
	/* an error of the lowest layer has an offset and no mark */
	broken(r,
		y->error == YAML_READER_ERROR ? mark_of_offset(yaml, y->problem_offset)
					      : y->problem_mark,
		why);
}

static struct str copy_text(struct tree *t, const yaml_event_t *ev)
{
	const size_t len = ev->data.scalar.length;
	char *at = t->text + t->text_used;

	if (len > t->text_max - t->text_used)
		return STR_NONE;
	memcpy(at, ev->data.scalar.value, len);
	t->text_used += len;
	return (struct str){at, len};
}

/* Adds a node as last child of the innermost open container. 0: a limit, or a key that is no text. */
static uint32_t add(struct reader *r, enum node_kind kind, const yaml_event_t *ev)
{
	struct tree *t = r->t;
	const uint32_t i = t->n;

	if (t->n >= t->n_max) {
		broken(r, ev->start_mark, "more than 200,000 values in one file");
		return 0;
	}
	t->n++;
	t->nodes[i] = (struct node){.kind = kind,
		.line = (uint32_t)ev->start_mark.line + 1,
		.column = (uint32_t)ev->start_mark.column + 1};
	if (r->depth == 0) {
		t->root = i;
		return i;
	}
	t->nodes[i].parent = r->open[r->depth - 1];
	if (r->last[r->depth - 1])
		t->nodes[r->last[r->depth - 1]].next = i;
	else
		t->nodes[r->open[r->depth - 1]].first = i;
	r->last[r->depth - 1] = i;
	if (t->nodes[t->nodes[i].parent].kind == N_MAP) {
		t->nodes[i].key = r->key[r->depth - 1];
		r->key[r->depth - 1] = t->nodes[i].key ? 0 : i;
	}
	return i;
}

static void on_scalar(struct reader *r, const yaml_event_t *ev)
{
	const uint32_t i = add(r, N_SCALAR, ev);

	if (!i)
		return;
	r->t->nodes[i].text = copy_text(r->t, ev);
	r->t->nodes[i].is_quoted = ev->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
}

static void on_open(struct reader *r, enum node_kind kind, const yaml_event_t *ev)
{
	uint32_t i;

	if (r->depth == TREE_DEPTH_MAX) {
		broken(r, ev->start_mark, "lists and sections nested deeper than 32");
		return;
	}
	i = add(r, kind, ev);
	if (!i)
		return;
	r->open[r->depth] = i;
	r->last[r->depth] = 0;
	r->key[r->depth] = 0;
	r->depth++;
}

static void on_event(struct reader *r, const yaml_event_t *ev)
{
	switch (ev->type) {
	case YAML_SCALAR_EVENT:
		on_scalar(r, ev);
		break;
	case YAML_SEQUENCE_START_EVENT:
		on_open(r, N_LIST, ev);
		break;
	case YAML_MAPPING_START_EVENT:
		on_open(r, N_MAP, ev);
		break;
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		r->depth--;
		break;
	case YAML_ALIAS_EVENT:
		broken(r, ev->start_mark, "an alias (*name); write the value itself");
		break;
	case YAML_DOCUMENT_START_EVENT:
		if (r->n_documents++)
			broken(r, ev->start_mark, "a second document; a file holds one");
		break;
	case YAML_NO_EVENT:
	case YAML_STREAM_START_EVENT:
	case YAML_STREAM_END_EVENT:
	case YAML_DOCUMENT_END_EVENT:
		break;
	}
}

/* Offset of the first line that begins with "%", or the length. libyaml compares each directive with all
 * before it; a configuration needs none. */
static size_t find_directive(struct str yaml)
{
	for (size_t i = 0; i < yaml.len; i++) {
		if (yaml.p[i] == '%' && (i == 0 || yaml.p[i - 1] == '\n' || yaml.p[i - 1] == '\r'))
			return i;
	}
	return yaml.len;
}

static void read_all(struct reader *r, struct str yaml)
{
	bool is_end = false;
	const size_t directive = find_directive(yaml);

	if (directive < yaml.len) {
		broken(r, mark_of_offset(yaml, directive),
			"a line that begins with %; there are no directives here");
		return;
	}
	yaml_parser_set_input_string(&r->yaml, (const unsigned char *)yaml.p, yaml.len);
	/* UTF-8 alone: other encodings would move columns. */
	yaml_parser_set_encoding(&r->yaml, YAML_UTF8_ENCODING);
	while (!is_end && !r->t->is_broken) {
		yaml_event_t ev;

		if (!yaml_parser_parse(&r->yaml, &ev)) {
			yaml_error(r, yaml);
			return;
		}
		is_end = ev.type == YAML_STREAM_END_EVENT;
		on_event(r, &ev);
		yaml_event_delete(&ev);
	}
}

enum err tree_parse(struct str yaml, struct tree *ret_tree)
{
	/* The densest text is "[?,?,?": a map, a key and a value in two bytes. */
	const size_t n_max =
		2 * yaml.len + 16 < TREE_NODES_MAX ? 2 * yaml.len + 16 : TREE_NODES_MAX;
	struct tree t = {.n = 1, .n_max = (uint32_t)n_max + 1, .text_max = 2 * yaml.len + 16};
	struct reader r = {.t = &t};

	t.nodes = mem_array(t.n_max, sizeof *t.nodes);
	t.text = mem_array(t.text_max, 1);
	if (!t.nodes || !t.text || !yaml_parser_initialize(&r.yaml)) {
		tree_free(&t);
		return ERR_FULL;
	}
	read_all(&r, yaml.p ? yaml : STR(""));
	yaml_parser_delete(&r.yaml);
	*ret_tree = t;
	return OK;
}
