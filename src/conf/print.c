/* print.c - a configuration as canonical YAML, in the order of the schema. What it prints is read back
 * to the same values. */
#include "conf/value.h"

#include <string.h>

#include "base/scratch.h"

struct printer {
	const struct conf *c;
	struct str path; /* what is wanted; empty: all */
	unsigned dump;
	struct wr *w;
	size_t depth;
	bool is_item_begun; /* "- " stands already: the next key follows on its line */
	bool is_found;
	enum err err;
};

static void print_rows(
	struct printer *p, struct opt_range r, const void *base, const void *defaults);

/* ---- texts ---- */

/* An IPv4 address or network: more than a decimal number, and no colon. */
static bool is_dotted(struct str s)
{
	size_t n_dots = 0;

	for (size_t i = 0; i < s.len; i++) {
		n_dots += s.p[i] == '.';
		if (!(s.p[i] >= '0' && s.p[i] <= '9') && s.p[i] != '.' && s.p[i] != '/')
			return false;
	}
	return n_dots == 3;
}

static bool is_plain(struct str s)
{
	static const char *const words[] = {
		"true", "false", "null", "yes", "no", "on", "off", "y", "n"};

	for (size_t i = 0; i < s.len; i++) {
		const char c = ascii_lower(s.p[i]);
		const bool is_letter = c >= 'a' && c <= 'z';

		if (!is_letter && !(i && ((c >= '0' && c <= '9') || strchr("._-/", c))))
			return false;
	}
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		if (str_ieq(s, str_of(words[i])))
			return false;
	}
	return s.len > 0;
}

static void put_text(struct wr *w, struct str s)
{
	if (is_plain(s) || is_dotted(s)) {
		wr_str(w, s);
		return;
	}
	wr_u8(w, '\'');
	for (size_t i = 0; i < s.len; i++) {
		if (s.p[i] == '\'')
			wr_u8(w, '\'');
		wr_u8(w, (uint8_t)s.p[i]);
	}
	wr_u8(w, '\'');
}

static void put_value(struct printer *p, const struct opt *o, const void *place)
{
	char buf[CONF_TEXT * 2];
	struct wr w = wr_of(buf, sizeof buf);

	value_put(o, p->c, place, &w);
	if ((o->kind == K_SECRET || o->kind == K_HEX) && wr_len(&w) && !(p->dump & DUMP_SECRETS))
		wr_str(p->w, STR("'***'"));
	else if (value_is_text(o))
		put_text(p->w, wr_done(&w));
	else
		wr_str(p->w, wr_done(&w));
	explicit_bzero(buf, sizeof buf);
}

static void begin_line(struct printer *p)
{
	if (p->is_item_begun) {
		p->is_item_begun = false;
		return;
	}
	for (size_t i = 0; i < p->depth; i++)
		wr_str(p->w, STR("  "));
}

/* ---- what is wanted ---- */

enum wanted { NOT_WANTED, INSIDE_WANTED, ABOVE_WANTED };

/* Whether path "a.b" is the one wanted, below it, or on the way to it. */
static enum wanted is_wanted(const struct printer *p, struct str path)
{
	struct str rest;

	if (p->path.len == 0)
		return INSIDE_WANTED;
	if (str_has_prefix(path, p->path)) {
		rest = str_skip(path, p->path.len);
		return rest.len == 0 || rest.p[0] == '.' || rest.p[0] == '[' ? INSIDE_WANTED
		                                                             : NOT_WANTED;
	}
	if (!str_has_prefix(p->path, path))
		return NOT_WANTED;
	rest = str_skip(p->path, path.len);
	return rest.p[0] == '.' || rest.p[0] == '[' ? ABOVE_WANTED : NOT_WANTED;
}

static bool is_default(const struct opt *o, const void *base, const void *defaults)
{
	const uint32_t n = o->max ? opt_count(o, base) : 1;

	if (o->max && n != opt_count(o, defaults))
		return false;
	return memcmp(opt_at_const(o, base, 0), opt_at_const(o, defaults, 0),
		       (size_t)n * o->size) == 0;
}

static bool is_for_type(const struct opt *o, const void *base)
{
	const struct conf_zone *z = base;

	return !o->types || (o->types & (1u << z->type));
}

static bool is_shown(
	const struct printer *p, const struct opt *o, const void *base, const void *defaults)
{
	if (is_wanted(p, opt_path(o)) == NOT_WANTED || !opt_is_for(o, p->c->node.role) ||
		!is_for_type(o, base))
		return false;
	if (o->max && o->kind == K_LIST && opt_count(o, base) == 0)
		return p->dump & DUMP_EFFECTIVE;
	return (p->dump & DUMP_EFFECTIVE) || (o->flags & OPT_REQUIRED) || o->kind == K_LIST ||
	       !is_default(o, base, defaults);
}

static bool is_any_shown(
	const struct printer *p, struct opt_range r, const void *base, const void *defaults)
{
	struct opt_child child;

	for (uint32_t at = r.first; schema_child(r, at, &child); at = child.next) {
		if (child.row ? is_shown(p, child.row, base, defaults)
			      : is_any_shown(p, child.below, base, defaults))
			return true;
	}
	return false;
}

/* ---- lines ---- */

static void print_values(struct printer *p, const struct opt *o, const void *base)
{
	const uint32_t n = opt_count(o, base);

	wr_str(p->w, STR("["));
	for (uint32_t i = 0; i < n; i++) {
		if (i)
			wr_str(p->w, STR(", "));
		put_value(p, o, opt_at_const(o, base, i));
	}
	wr_str(p->w, STR("]"));
}

/* Defaults of an element, so that only what differs is printed. NULL: no memory. */
static void *element_defaults(const struct printer *p, const struct opt_child *list)
{
	uint8_t *defaults = mem_array(1, list->row->size);

	for (uint32_t i = list->below.first; defaults && i < list->below.end; i++) {
		if (schema[i].kind != K_LIST &&
			!strchr(schema[i].path + list->below.prefix_len, '['))
			value_set_default(&schema[i], p->c, p->c->node.role, defaults);
	}
	return defaults;
}

/* "name: [values]", one line each. */
static void print_keyed(struct printer *p, const struct opt_child *list, const void *base)
{
	const struct opt *name = &schema[list->below.first], *values = name + 1;
	const uint32_t n = opt_count(list->row, base);

	wr_str(p->w, n ? STR("\n") : STR(" {}\n"));
	p->depth++;
	for (uint32_t i = 0; i < n; i++) {
		const void *element = opt_at_const(list->row, base, i);

		begin_line(p);
		put_value(p, name, opt_at_const(name, element, 0));
		wr_str(p->w, STR(": "));
		print_values(p, values, element);
		wr_str(p->w, STR("\n"));
	}
	p->depth--;
}

static void print_list(struct printer *p, const struct opt_child *list, const void *base)
{
	const uint32_t n = opt_count(list->row, base);
	void *defaults = element_defaults(p, list);

	if (!defaults)
		p->err = ERR_FULL;
	wr_str(p->w, n ? STR("\n") : STR(" []\n"));
	p->depth++;
	for (uint32_t i = 0; defaults && i < n; i++) {
		begin_line(p);
		wr_str(p->w, STR("- "));
		p->is_item_begun = true;
		p->depth++;
		print_rows(p, list->below, opt_at_const(list->row, base, i), defaults);
		p->depth--;
		p->is_item_begun = false;
	}
	p->depth--;
	mem_free(defaults);
}

static void print_row(struct printer *p, const struct opt_child *child, const void *base)
{
	const struct opt *o = child->row;
	/* one value alone is asked for: no key before it */
	const bool is_bare = str_eq(opt_path(o), p->path) && o->kind != K_LIST;

	p->is_found = true;
	if (!is_bare) {
		begin_line(p);
		wr_printf(p->w, STR_FMT ":", STR_ARG(child->key));
	}
	if (o->kind == K_LIST) {
		if (o->flags & OPT_KEYED)
			print_keyed(p, child, base);
		else
			print_list(p, child, base);
		return;
	}
	wr_str(p->w, is_bare ? STR_NONE : STR(" "));
	if (o->max)
		print_values(p, o, base);
	else
		put_value(p, o, opt_at_const(o, base, 0));
	wr_str(p->w, STR("\n"));
}

/* Recursion follows the schema: at most five deep. */
static void print_rows(
	struct printer *p, struct opt_range r, const void *base, const void *defaults)
{
	struct opt_child child;

	for (uint32_t at = r.first; schema_child(r, at, &child); at = child.next) {
		bool has_line;

		if (child.row) {
			if (is_shown(p, child.row, base, defaults))
				print_row(p, &child, base);
			continue;
		}
		if (!is_any_shown(p, child.below, base, defaults))
			continue;
		has_line = is_wanted(p, str_head(opt_path(&schema[at]),
						child.below.prefix_len - 1)) == INSIDE_WANTED;
		if (has_line) {
			begin_line(p);
			wr_printf(p->w, STR_FMT ":\n", STR_ARG(child.key));
			p->depth++;
		}
		print_rows(p, child.below, base, defaults);
		if (has_line)
			p->depth--;
	}
}

static bool is_path(struct str path)
{
	for (uint32_t i = 0; i < schema_n(); i++) {
		struct printer p = {.path = path};

		if (is_wanted(&p, opt_path(&schema[i])) == INSIDE_WANTED)
			return true;
	}
	return false;
}

enum err conf_print(const struct conf *c, struct str path, unsigned dump, struct wr *w)
{
	struct printer p = {.c = c, .path = path, .dump = dump, .w = w};
	struct conf *defaults;

	if (!is_path(path))
		return ERR_NOENT;
	/* what was asked for by name is shown, whether it was set or not */
	if (path.len)
		p.dump |= DUMP_EFFECTIVE;
	defaults = mem_array(1, sizeof *defaults);
	if (!defaults)
		return ERR_FULL;
	defaults->node.size = c->node.size; /* some defaults of the plan depend on it */
	for (uint32_t i = 0; i < schema_n(); i++) {
		if (!strchr(schema[i].path, '[') && schema[i].kind != K_LIST &&
			strcmp(schema[i].path, "node.size") != 0)
			value_set_default(&schema[i], c, c->node.role, defaults);
	}
	defaults->node.size = SIZE_SMALL;
	print_rows(&p, schema_root(), c, defaults);
	mem_free(defaults);
	return p.err == OK ? w->err : p.err;
}
