/* describe.c - the options as a table for people: made from the schema, so it is never out of date. */
#include "conf/value.h"

#include <stdlib.h>
#include <string.h>

#include "base/scratch.h"

static bool is_below(struct str path, struct str top)
{
	struct str rest = str_skip(path, top.len);

	return str_has_prefix(path, top) &&
	       (!top.len || !rest.len || rest.p[0] == '.' || rest.p[0] == '[');
}

/* "|" ends a cell. */
static void put_cell(struct wr *w, struct str text)
{
	for (size_t i = 0; i < text.len; i++) {
		if (text.p[i] == '|')
			wr_u8(w, '\\');
		wr_u8(w, (uint8_t)text.p[i]);
	}
	wr_printf(w, " | ");
}

static void put_default(const struct opt *o, struct conf *c, enum conf_role role, struct wr *w)
{
	char buf[CONF_TEXT];
	struct wr text = wr_of(buf, sizeof buf);

	if (o->range != RANGE_NONE) {
		value_set_default(o, c, role, c);
		value_put(o, c, opt_at_const(o, c, 0), &text);
	} else {
		wr_str(&text, opt_default(o, role));
	}
	put_cell(w, wr_done(&text));
}

static void put_allowed(const struct opt *o, const struct conf *c, struct wr *w)
{
	char buf[512];
	struct wr text = wr_of(buf, sizeof buf);

	if (o->kind == K_LIST)
		wr_printf(&text, "%lld to %u entries", (long long)o->low, o->max);
	else if (o->max)
		wr_printf(&text, "up to %u of: ", o->max);
	if (o->kind != K_LIST)
		value_put_allowed(o, c, &text);
	put_cell(w, wr_done(&text));
}

static void put_row(const struct opt *o, struct conf *c, enum conf_role role, struct wr *w)
{
	static const char *const takes[] = {"live", "listeners", "worker"};
	const bool has_both = o->known_as[0] && o->help[0];

	wr_printf(w, "| `%s`%s | ", o->path, o->flags & OPT_REQUIRED ? " (required)" : "");
	put_default(o, c, role, w);
	put_allowed(o, c, w);
	wr_printf(w, "%s%s | %s%s%s |\n", takes[o->class],
		o->flags & OPT_LATER ? ", not used yet" : "", o->known_as, has_both ? ": " : "",
		o->help);
}

enum err conf_describe(struct str path, enum conf_role role, struct wr *w)
{
	struct conf *c = mem_array(1, sizeof *c); /* room for the plan's defaults; no zones */
	enum err err = ERR_NOENT;

	if (!c)
		return ERR_FULL;
	wr_printf(w, "| option | default | allowed | a change is | what it is |\n| --- | --- | --- "
		     "| --- | --- |\n");
	for (uint32_t i = 0; i < schema_n(); i++) {
		if (!is_below(opt_path(&schema[i]), path) || !opt_is_for(&schema[i], role))
			continue;
		put_row(&schema[i], c, role, w);
		err = OK;
	}
	mem_free(c);
	return w->err != OK ? w->err : err;
}
