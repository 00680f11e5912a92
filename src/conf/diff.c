/* diff.c - what changes from one configuration to another, option by option, with what each change
 * takes. Entries of lists are found again by their name, else by their position. */
#include "conf/value.h"

#include <string.h>

struct differ {
	const struct conf *from, *to;
	conf_change_h *h;
	void *arg;
	size_t n;
	char path[256];
	size_t path_len;
};

static void diff_rows(struct differ *d, struct opt_range r, const void *from, const void *to);

static size_t push(struct differ *d, const char *before, struct str key, const char *after)
{
	const size_t len = d->path_len;
	struct wr w = wr_of(d->path + len, sizeof d->path - len);

	wr_printf(&w, "%s" STR_FMT "%s", before, STR_ARG(key), after);
	d->path_len += wr_len(&w);
	return len;
}

static void tell(struct differ *d, const struct opt *o, struct str from, struct str to)
{
	struct conf_change change = {{d->path, d->path_len}, from, to, o->class};

	d->n++;
	if (d->h)
		d->h(d->arg, &change);
}

/* The value or values of one side as text; the other side decides nothing. */
static struct str value_text(
	const struct conf *c, const struct opt *o, const void *base, char *buf, size_t size)
{
	const uint32_t n = o->max ? opt_count(o, base) : 1;
	struct wr w = wr_of(buf, size);

	for (uint32_t i = 0; i < n; i++) {
		wr_str(&w, i ? STR(", ") : STR_NONE);
		value_put(o, c, opt_at_const(o, base, i), &w);
	}
	if (w.err != OK)
		return STR("(a long list)");
	if ((o->kind == K_SECRET || o->kind == K_HEX) && wr_len(&w)) {
		explicit_bzero(buf, size);
		return STR("***");
	}
	return wr_done(&w);
}

/* References are numbers that depend on the order of zones: their names are compared. */
static bool is_same(const struct differ *d, const struct opt *o, const void *from, const void *to)
{
	const uint32_t n = o->max ? opt_count(o, from) : 1;
	enum conf_ref a, b;

	if (o->max && n != opt_count(o, to))
		return false;
	if (o->kind != K_REF)
		return memcmp(opt_at_const(o, from, 0), opt_at_const(o, to, 0),
			       (size_t)n * o->size) == 0;
	for (uint32_t i = 0; i < n; i++) {
		memcpy(&a, opt_at_const(o, from, i), sizeof a);
		memcpy(&b, opt_at_const(o, to, i), sizeof b);
		if (!str_eq(conf_ref_name(d->from, a), conf_ref_name(d->to, b)))
			return false;
	}
	return true;
}

static void diff_value(struct differ *d, const struct opt *o, const void *from, const void *to)
{
	char a[512], b[512];

	if (is_same(d, o, from, to))
		return;
	tell(d, o, value_text(d->from, o, from, a, sizeof a),
		value_text(d->to, o, to, b, sizeof b));
}

static struct str name_of(const struct opt *name, const void *element)
{
	return name ? str_of(opt_at_const(name, element, 0)) : STR_NONE;
}

/* The option that names the entries of a list; NULL: they have none. */
static const struct opt *name_row(const struct opt_child *list)
{
	struct opt_child name;

	return schema_find(list->below, STR("name"), &name) ? name.row : NULL;
}

static const void *same_element(const struct opt_child *list, const struct opt *name,
	const void *element, uint32_t i, const void *other)
{
	const uint32_t n = opt_count(list->row, other);
	struct str wanted = name_of(name, element);

	for (uint32_t k = 0; wanted.len && k < n; k++) {
		if (str_eq(name_of(name, opt_at_const(list->row, other, k)), wanted))
			return opt_at_const(list->row, other, k);
	}
	if (wanted.len || i >= n || name_of(name, opt_at_const(list->row, other, i)).len)
		return NULL;
	return opt_at_const(list->row, other, i);
}

static size_t push_element(struct differ *d, struct str name, uint32_t i)
{
	char number[16];
	struct wr w = wr_of(number, sizeof number);

	wr_printf(&w, "%u", i);
	return push(d, "[", name.len ? name : wr_done(&w), "]");
}

static void diff_list(
	struct differ *d, const struct opt_child *list, const void *from, const void *to)
{
	const struct opt *name = name_row(list), *o = list->row;

	for (uint32_t i = 0; i < opt_count(o, from); i++) {
		const void *element = opt_at_const(o, from, i);
		const void *other = same_element(list, name, element, i, to);
		const size_t before = push_element(d, name_of(name, element), i);

		if (other)
			diff_rows(d, list->below, element, other);
		else
			tell(d, o, STR("there"), STR_NONE);
		d->path_len = before;
	}
	for (uint32_t i = 0; i < opt_count(o, to); i++) {
		const void *element = opt_at_const(o, to, i);
		const size_t before = push_element(d, name_of(name, element), i);

		if (!same_element(list, name, element, i, from))
			tell(d, o, STR_NONE, STR("there"));
		d->path_len = before;
	}
}

/* Recursion follows the schema: at most five deep. */
static void diff_rows(struct differ *d, struct opt_range r, const void *from, const void *to)
{
	struct opt_child child;

	for (uint32_t at = r.first; schema_child(r, at, &child); at = child.next) {
		const size_t before = push(d, d->path_len ? "." : "", child.key, "");

		if (!child.row)
			diff_rows(d, child.below, from, to);
		else if (child.row->kind == K_LIST)
			diff_list(d, &child, from, to);
		else
			diff_value(d, child.row, from, to);
		d->path_len = before;
	}
}

void conf_change_put(const struct conf_change *change, struct wr *w)
{
	static const char *const takes[] = {"live", "listeners change", "a worker is replaced"};
	struct str from = change->from.len ? change->from : STR("nothing");
	struct str to = change->to.len ? change->to : STR("nothing");

	wr_printf(w, STR_FMT ": " STR_FMT " -> " STR_FMT " (%s)\n", STR_ARG(change->path),
		STR_ARG(from), STR_ARG(to), takes[change->class]);
}

size_t conf_diff(const struct conf *from, const struct conf *to, conf_change_h *h, void *arg)
{
	struct differ d = {.from = from, .to = to, .h = h, .arg = arg};

	diff_rows(&d, schema_root(), from, to);
	return d.n;
}
