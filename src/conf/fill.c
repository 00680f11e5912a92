/* fill.c - from nodes to options: every key is known, every value fits its line of the schema.
 *
 * The walk follows the schema's order, not the file's, so that what others refer to (node.role, zones)
 * is there first; the report sorts by place in the end. An error leaves the option at its default, so
 * that the walk goes on and finds the rest; one mistake is told once. */
#include "conf/fill.h"

#include <string.h>

#include "conf/nearest.h"

enum { KEYS_MAX = 400 }; /* rows of one section; the schema has fewer in all */

/* Where the walk is: the option's path as the file's reader would write it. */
struct path {
	char z[200];
	size_t len;
};

struct walk {
	struct reading *r;
	struct path path;
	unsigned zone_type;     /* bit of enum opt_zone inside zones[], 0: elsewhere or not known */
	bool is_later;          /* inside a list that nothing reads yet, which was told */
	uint8_t told[KEYS_MAX]; /* by row: that nothing reads it yet */
};

void reading_error(struct reading *r, uint32_t node, struct str text)
{
	struct node *n = &r->tree.nodes[node];

	/* the value before the place where the YAML broke may have swallowed what follows it */
	if (r->tree.is_broken && node == r->tree.n - 1)
		return;
	n->is_bad = true;
	for (uint32_t up = n->parent; up; up = r->tree.nodes[up].parent)
		r->tree.nodes[up].is_bad_below = true;
	report_add(&r->report, node ? n->line : 1, node ? n->column : 1, false, text);
}

void reading_warning(struct reading *r, uint32_t node, struct str text)
{
	const struct node *n = &r->tree.nodes[node];

	report_add(&r->report, node ? n->line : 1, node ? n->column : 1, true, text);
}

/* ---- the path ---- */

static void path_cut(struct path *p, size_t len)
{
	p->len = len;
	p->z[len] = 0;
}

static size_t path_key(struct path *p, struct str key)
{
	const size_t before = p->len;
	struct wr w = wr_of(p->z + before, sizeof p->z - before - 1);

	wr_printf(&w, "%s" STR_FMT, before ? "." : "", STR_ARG(key));
	path_cut(p, before + wr_len(&w));
	return before;
}

static size_t path_index(struct path *p, uint32_t i)
{
	const size_t before = p->len;
	struct wr w = wr_of(p->z + before, sizeof p->z - before - 1);

	wr_printf(&w, "[%u]", i);
	path_cut(p, before + wr_len(&w));
	return before;
}

/* ---- messages ---- */

struct message {
	char buf[REPORT_LINE_MAX];
	struct wr w;
};

static struct wr *message_of(struct message *m, const struct path *p)
{
	m->w = wr_of(m->buf, sizeof m->buf);
	if (p->len)
		wr_printf(&m->w, "%s: ", p->z);
	return &m->w;
}

static const char *kind_of_node(const struct node *n)
{
	if (n->kind == N_LIST)
		return "a list";
	return n->kind == N_MAP ? "a section" : "a single value";
}

static void wrong_shape(struct walk *k, uint32_t node, const char *wanted)
{
	struct message m;
	struct wr *w = message_of(&m, &k->path);

	wr_printf(w, "%s stands where %s belongs", kind_of_node(&k->r->tree.nodes[node]), wanted);
	reading_error(k->r, node, wr_done(w));
}

static void put_keys(struct opt_range range, const struct walk *k, struct wr *w)
{
	struct opt_child child;
	unsigned n = 0;

	for (uint32_t at = range.first; schema_child(range, at, &child); at = child.next) {
		if (child.row && k->r->is_role_known && !opt_is_for(child.row, k->r->role))
			continue;
		if (n++ == 40)
			break;
		wr_printf(w, "%s" STR_FMT, n > 1 ? ", " : "", STR_ARG(child.key));
	}
}

/* A key that stands in the wrong section: the one option of that name, if there is only one. */
static const char *same_name_elsewhere(struct str key)
{
	const char *found = NULL;

	for (uint32_t i = 0; i < schema_n(); i++) {
		struct str path = opt_path(&schema[i]);

		if (path.len <= key.len || !str_has_suffix(path, key) ||
			path.p[path.len - key.len - 1] != '.')
			continue;
		if (found)
			return NULL;
		found = schema[i].path;
	}
	return found;
}

static void unknown_key(struct walk *k, struct opt_range range, uint32_t node)
{
	struct str key = k->r->tree.nodes[node].text;
	struct nearest n = nearest_to(key);
	struct opt_child child;
	struct message m;
	struct wr *w = message_of(&m, &k->path);
	const char *elsewhere;

	if (report_is_full(&k->r->report)) { /* the guess is dear, and nobody would see it */
		reading_error(k->r, node, STR("is no setting"));
		return;
	}
	for (uint32_t at = range.first; schema_child(range, at, &child); at = child.next)
		nearest_try(&n, child.key);
	wr_quoted(w, key);
	wr_printf(w, " is no setting here (allowed: ");
	put_keys(range, k, w);
	elsewhere = nearest_found(&n).len ? NULL : same_name_elsewhere(key);
	if (nearest_found(&n).len)
		wr_printf(w, "; did you mean " STR_FMT "?", STR_ARG(nearest_found(&n)));
	else if (elsewhere)
		wr_printf(w, "; did you mean %s?", elsewhere);
	wr_printf(w, ")");
	reading_error(k->r, node, wr_done(w));
}

static void duplicate_key(struct walk *k, uint32_t node, uint32_t first)
{
	struct message m;
	struct wr *w = message_of(&m, &k->path);

	wr_quoted(w, k->r->tree.nodes[node].text);
	wr_printf(w, " is set twice, first in line %u", k->r->tree.nodes[first].line);
	reading_error(k->r, node, wr_done(w));
}

static void missing(struct walk *k, const struct opt *o, uint32_t above)
{
	struct message m;
	struct wr *w = message_of(&m, &k->path);

	if (k->r->tree.is_broken)
		return;
	wr_printf(w, "is missing (allowed: ");
	if (o->kind == K_LIST)
		wr_printf(w, "a list of at least %lld", o->low > 1 ? (long long)o->low : 1);
	else
		value_put_allowed(o, k->r->c, w);
	wr_printf(w, ")");
	report_add(&k->r->report, above ? k->r->tree.nodes[above].line : 1,
		above ? k->r->tree.nodes[above].column : 1, false, wr_done(w));
}

static void bad_value(struct walk *k, const struct opt *o, uint32_t node, const char *why)
{
	struct str text = k->r->tree.nodes[node].text;
	char hint_buf[CONF_TEXT];
	struct wr hint = wr_of(hint_buf, sizeof hint_buf);
	struct message m;
	struct wr *w = message_of(&m, &k->path);

	if (o->kind == K_SECRET || o->kind == K_HEX)
		wr_printf(w, "this secret");
	else
		wr_quoted(w, text);
	wr_printf(w, " %s (allowed: ", why);
	value_put_allowed(o, k->r->c, w);
	value_put_hint(o, k->r->c, text, &hint);
	if (wr_done(&hint).len)
		wr_printf(w, "; did you mean " STR_FMT "?", STR_ARG(wr_done(&hint)));
	wr_printf(w, ")");
	reading_error(k->r, node, wr_done(w));
}

/* ---- values ---- */

/* The value is nobody's fault: the setting should not be there. */
static void complain_of_key(struct walk *k, uint32_t value, struct str text)
{
	struct node *n = &k->r->tree.nodes[value];

	n->is_bad = true;
	reading_error(k->r, n->key ? n->key : value, text);
}

static bool is_for_us(struct walk *k, const struct opt *o, uint32_t node)
{
	struct message m;
	struct wr *w;
	const bool is_for_role = !k->r->is_role_known || opt_is_for(o, k->r->role);

	if (is_for_role && (!o->types || !k->zone_type || (o->types & k->zone_type)))
		return true;
	w = message_of(&m, &k->path);
	if (!is_for_role)
		wr_printf(w, "is a setting of %s alone",
			k->r->role == ROLE_EDGE ? "a control" : "an edge");
	else
		wr_printf(w, "is no setting of a zone of this type");
	complain_of_key(k, node, wr_done(w));
	return false;
}

/* The text of "file:NAME"; false: not there, which was told. */
static bool secret_of_file(struct walk *k, const struct opt *o, uint32_t node, struct str *text)
{
	const struct conf_input *in = k->r->in;
	struct str name = str_skip(*text, 5);
	struct message m;
	struct wr *w;

	for (size_t i = 0; i < in->n_secrets; i++) {
		if (!str_eq(in->secrets[i].name, name))
			continue;
		*text = str_trim(in->secrets[i].text);
		return true;
	}
	if (!in->has_files)
		return false;
	w = message_of(&m, &k->path);
	wr_printf(w, "there is no secret file named ");
	wr_quoted(w, name);
	if (o->flags & OPT_LATER)
		reading_warning(k->r, node, wr_done(w));
	else
		reading_error(k->r, node, wr_done(w));
	return false;
}

static void warn_of_secret(struct walk *k, uint32_t node)
{
	struct message m;
	struct wr *w = message_of(&m, &k->path);

	if (k->r->warned_of_secret)
		return;
	k->r->warned_of_secret = true;
	wr_printf(w, "a secret stands in this file; file:NAME keeps it apart");
	reading_warning(k->r, node, wr_done(w));
}

static void fill_value(struct walk *k, const struct opt *o, uint32_t node, void *place)
{
	struct str text = k->r->tree.nodes[node].text;
	const bool is_secret = o->kind == K_SECRET || o->kind == K_HEX;
	const char *why;

	if (k->r->tree.nodes[node].kind != N_SCALAR) {
		wrong_shape(k, node, "a single value");
		return;
	}
	if (tree_is_null(&k->r->tree, node) && !(text.len == 0 && (o->flags & OPT_EMPTY))) {
		bad_value(k, o, node, "is no value");
		return;
	}
	if (is_secret && str_has_prefix(text, STR("file:"))) {
		if (!secret_of_file(k, o, node, &text))
			return;
	} else if (is_secret && text.len) {
		warn_of_secret(k, node);
	}
	if (o->kind == K_REF && !k->r->is_zone_list_whole &&
		value_parse(o, k->r->c, text, place, &why) != OK)
		return;
	if (value_parse(o, k->r->c, text, place, &why) != OK)
		bad_value(k, o, node, why);
}

static void too_many(struct walk *k, const struct opt *o, uint32_t node)
{
	struct message m;
	struct wr *w = message_of(&m, &k->path);

	wr_printf(w, "holds more than its %u entries", o->max);
	reading_error(k->r, node, wr_done(w));
}

/* A list of single values; one value alone is a list of one. */
static void fill_values(struct walk *k, const struct opt *o, uint32_t node, void *base)
{
	const struct tree *t = &k->r->tree;
	const size_t before = k->path.len;
	uint32_t n = 0;

	if (t->nodes[node].kind == N_SCALAR && !tree_is_null(t, node)) {
		fill_value(k, o, node, opt_at(o, base, 0));
		opt_set_count(o, base, 1);
		return;
	}
	if (t->nodes[node].kind == N_MAP) {
		wrong_shape(k, node, "a list of values");
		return;
	}
	for (uint32_t e = t->nodes[node].first; e; e = t->nodes[e].next) {
		if (n == o->max) {
			too_many(k, o, e);
			break;
		}
		path_index(&k->path, n);
		fill_value(k, o, e, opt_at(o, base, n++));
		path_cut(&k->path, before);
	}
	opt_set_count(o, base, n);
}

/* ---- sections and lists of sections; depth is that of the schema, at most 5 ---- */

static void fill_section(
	struct walk *k, struct opt_range range, uint32_t node, uint32_t above, void *base);

static void defaults(struct walk *k, struct opt_range range, void *base)
{
	for (uint32_t i = range.first; i < range.end; i++) {
		/* rows below a list describe its elements, and there are none */
		if (!strchr(schema[i].path + range.prefix_len, '[') && schema[i].kind != K_LIST)
			value_set_default(&schema[i], k->r->c, k->r->role, base);
	}
}

/* One entry of a list. A map's key is the element's name, its value the only other option. */
static void fill_element(
	struct walk *k, const struct opt_child *list, uint32_t key, uint32_t node, void *element)
{
	const struct opt *first = &schema[list->below.first];
	const size_t before = k->path.len;

	if (!key) {
		if (k->r->tree.nodes[node].kind != N_MAP) {
			wrong_shape(k, node, "a section");
			defaults(k, list->below, element);
			return;
		}
		fill_section(k, list->below, node, node, element);
		return;
	}
	fill_value(k, first, key, opt_at(first, element, 0));
	path_key(&k->path, str_skip(opt_path(first + 1), list->below.prefix_len));
	fill_values(k, first + 1, node, element);
	path_cut(&k->path, before);
}

static void fill_list(struct walk *k, const struct opt_child *list, uint32_t node, void *base)
{
	const struct opt *o = list->row;
	const struct tree *t = &k->r->tree;
	const bool is_keyed = o->flags & OPT_KEYED;
	const size_t before = k->path.len;
	uint32_t n = 0;

	/* nothing, and {}, are the empty list */
	if (t->nodes[node].kind != (is_keyed ? N_MAP : N_LIST) && t->nodes[node].first) {
		wrong_shape(k, node, is_keyed ? "a section" : "a list");
		return;
	}
	if (t->nodes[node].kind == N_SCALAR && !tree_is_null(t, node)) {
		wrong_shape(k, node, is_keyed ? "a section" : "a list");
		return;
	}
	for (uint32_t e = t->nodes[node].first; e; e = t->nodes[e].next) {
		const uint32_t key = is_keyed ? e : 0;

		if (n == o->max) {
			too_many(k, o, e);
			k->r->is_zone_list_whole = k->r->is_zone_list_whole && base != k->r->c;
			break;
		}
		e = is_keyed ? t->nodes[e].next : e;
		if (!e)
			break;
		path_index(&k->path, n);
		opt_set_count(o, base, n + 1);
		fill_element(k, list, key, e, opt_at(o, base, n++));
		path_cut(&k->path, before);
	}
	if ((int64_t)n < o->low && !t->is_broken)
		missing(k, o, node);
}

/* Whether anything below this section may be set by our role; told when not. */
static bool is_section_for_us(struct walk *k, struct opt_range below, uint32_t node)
{
	struct message m;
	struct wr *w;

	if (!k->r->is_role_known)
		return true;
	for (uint32_t i = below.first; i < below.end; i++) {
		if (opt_is_for(&schema[i], k->r->role))
			return true;
	}
	w = message_of(&m, &k->path);
	wr_printf(w, "is a section of %s alone", k->r->role == ROLE_EDGE ? "a control" : "an edge");
	complain_of_key(k, node, wr_done(w));
	return false;
}

static void fill_subsection(
	struct walk *k, const struct opt_child *child, uint32_t node, uint32_t above, void *base)
{
	const struct node *n = &k->r->tree.nodes[node];

	if (node && n->kind != N_MAP && !tree_is_null(&k->r->tree, node)) {
		wrong_shape(k, node, "a section");
		defaults(k, child->below, base);
	} else if (node && !is_section_for_us(k, child->below, node)) {
		defaults(k, child->below, base);
	} else {
		fill_section(k, child->below, node, node ? node : above, base);
	}
}

/* A row that nothing reads yet is set to something: nobody is to believe that it acts. Told once, at
 * the first place, or many zones would leave no room for errors; what promises protection is an error
 * at each. */
static void tell_later(struct walk *k, const struct opt *o, uint32_t node)
{
	struct message m;
	struct wr *w = message_of(&m, &k->path);
	struct str def = opt_default(o, k->r->role);

	if (o->flags & OPT_STRICT) {
		wr_printf(w, "this version cannot do that (allowed: " STR_FMT ")",
			STR_ARG(def.len ? def : STR("to leave it out")));
		reading_error(k->r, node, wr_done(w));
		return;
	}
	if (k->told[o - schema]++)
		return;
	wr_printf(w, "has no effect in this version");
	reading_warning(k->r, node, wr_done(w));
}

/* Lists of single values, and values, of which no default is longer than a list of files. */
static void fill_later(struct walk *k, const struct opt *o, uint32_t node, void *base)
{
	uint8_t before[CONF_FEW * CONF_PATH];
	const size_t size = (size_t)o->size * (o->max ? o->max : 1);
	const uint32_t n_before = o->max ? opt_count(o, base) : 1;

	if (size > sizeof before)
		return;
	memcpy(before, opt_at(o, base, 0), size);
	if (o->max)
		fill_values(k, o, node, base);
	else
		fill_value(k, o, node, opt_at(o, base, 0));
	if (!k->is_later && !k->r->tree.nodes[node].is_bad &&
		!k->r->tree.nodes[node].is_bad_below &&
		((o->max && opt_count(o, base) != n_before) ||
			memcmp(before, opt_at(o, base, 0), size) != 0))
		tell_later(k, o, node);
}

static void fill_later_list(struct walk *k, const struct opt_child *list, uint32_t node, void *base)
{
	const bool was_later = k->is_later;

	k->is_later = true;
	fill_list(k, list, node, base);
	k->is_later = was_later;
	if (!was_later && opt_count(list->row, base) && !k->r->tree.nodes[node].is_bad)
		tell_later(k, list->row, node);
}

static void fill_row(
	struct walk *k, const struct opt_child *child, uint32_t node, uint32_t above, void *base)
{
	const struct opt *o = child->row;

	if (o->kind != K_LIST)
		value_set_default(o, k->r->c, k->r->role, base);
	if (!node) {
		if (o->flags & OPT_REQUIRED)
			missing(k, o, above);
		return;
	}
	if (!is_for_us(k, o, node))
		return;
	if (o->flags & OPT_LATER && o->kind == K_LIST)
		fill_later_list(k, child, node, base);
	else if (o->flags & OPT_LATER)
		fill_later(k, o, node, base);
	else if (o->kind == K_LIST)
		fill_list(k, child, node, base);
	else if (o->max)
		fill_values(k, o, node, base);
	else
		fill_value(k, o, node, opt_at(o, base, 0));
}

/* Brings the keys of a map to the rows they name: ret_values[row - range.first] is the value's node. */
static void sort_keys(struct walk *k, struct opt_range range, uint32_t node, uint32_t *ret_values)
{
	const struct node *nodes = k->r->tree.nodes;
	uint32_t keys[KEYS_MAX] = {0};
	struct opt_child child;

	for (uint32_t key = nodes[node].first; key && nodes[key].next;
		key = nodes[nodes[key].next].next) {
		if (nodes[key].kind != N_SCALAR)
			wrong_shape(k, key, "the name of a setting");
		else if (!schema_find(range, nodes[key].text, &child))
			unknown_key(k, range, key);
		else {
			const uint32_t at =
				(child.row ? (uint32_t)(child.row - schema) : child.below.first) -
				range.first;

			if (keys[at]) {
				duplicate_key(k, key, keys[at]);
				continue;
			}
			keys[at] = key;
			ret_values[at] = nodes[key].next;
		}
	}
}

/* What later options depend on. After the row that says what kind of zone this is, settings of other
 * kinds are refused; when a zone has no valid name, nobody is blamed for referring to it. */
static void note(struct walk *k, const struct opt *o, uint32_t node, const void *base)
{
	const struct conf_zone *zone = base;

	if (str_eq(opt_path(o), STR("zones[].type")))
		k->zone_type = node && !k->r->tree.nodes[node].is_bad ? 1u << zone->type : 0;
	if (str_eq(opt_path(o), STR("zones[].uc")))
		k->is_later = zone->uc;
	if (str_eq(opt_path(o), STR("zones[].name")))
		k->is_later = false;
	if (!str_eq(opt_path(o), STR("zones")))
		return;
	k->is_later = false;
	k->zone_type = 0;
	if (k->r->c->n_zones == 0)
		k->r->is_zone_list_whole = false;
	for (uint32_t i = 0; i < k->r->c->n_zones; i++) {
		if (!k->r->c->zones[i].name[0])
			k->r->is_zone_list_whole = false;
	}
}

static void fill_section(
	struct walk *k, struct opt_range range, uint32_t node, uint32_t above, void *base)
{
	uint32_t values[KEYS_MAX] = {0};
	struct opt_child child;

	if (node && k->r->tree.nodes[node].kind == N_MAP)
		sort_keys(k, range, node, values);
	for (uint32_t at = range.first; schema_child(range, at, &child); at = child.next) {
		const uint32_t value = values[at - range.first];
		const size_t before = path_key(&k->path, child.key);

		if (child.row) {
			fill_row(k, &child, value, above, base);
			note(k, child.row, value, base);
		} else {
			fill_subsection(k, &child, value, above, base);
		}
		path_cut(&k->path, before);
	}
}

/* ---- the whole file ---- */

/* The role decides which keys may be set, so it is looked up before the walk. */
static void find_role(struct reading *r)
{
	struct opt_child node, role;
	bool is_set;
	const uint32_t at = tree_place(&r->tree, STR("node.role"), &is_set);
	const char *why;

	if (!is_set || r->tree.nodes[at].kind != N_SCALAR ||
		!schema_find(schema_root(), STR("node"), &node) ||
		!schema_find(node.below, STR("role"), &role))
		return;
	if (value_parse(role.row, r->c, r->tree.nodes[at].text, opt_at(role.row, r->c, 0), &why) !=
		OK)
		return;
	r->role = r->c->node.role;
	r->is_role_known = true;
}

void fill_conf(struct reading *r)
{
	struct walk k = {.r = r};
	const uint32_t root = r->tree.root;

	r->is_zone_list_whole = true;
	find_role(r);
	if (root && r->tree.nodes[root].kind != N_MAP && !tree_is_null(&r->tree, root)) {
		wrong_shape(&k, root, "a map of sections");
		defaults(&k, schema_root(), r->c);
		return;
	}
	fill_section(&k, schema_root(), root, root, r->c);
}
