/* reader.c - what each process gets of the configuration: by the schema's line of each option and the
 * pairing's of each key. A secret that no line gives to somebody goes to nobody. Pure. */
#include "conf/conf.h"

#include <string.h>

#include "conf/pairing.h"
#include "conf/schema.h"

static bool may_read(const struct opt *o, enum plan_owner reader)
{
	if (o->readers)
		return o->readers & 1u << reader;
	return o->kind != K_SECRET && o->kind != K_HEX;
}

/* All places, not only those in use. */
static void blank(const struct opt *o, void *base)
{
	explicit_bzero(opt_at(o, base, 0), (size_t)o->size * (o->max ? o->max : 1));
	if (o->max)
		opt_set_count(o, base, 0);
}

/* Recursion follows the schema: at most five deep. */
static void blank_rows(struct opt_range r, enum plan_owner reader, void *base)
{
	struct opt_child child;

	for (uint32_t at = r.first; schema_child(r, at, &child); at = child.next) {
		const struct opt *o = child.row;

		if (!o)
			blank_rows(child.below, reader, base);
		else if (!may_read(o, reader))
			blank(o, base);
		for (uint32_t i = 0; o && o->kind == K_LIST && i < o->max; i++)
			blank_rows(child.below, reader, opt_at(o, base, i));
	}
}

void conf_for(const struct conf *c, enum plan_owner reader, struct conf *ret_conf)
{
	memcpy(ret_conf, c, sizeof *c);
	blank_rows(schema_root(), reader, ret_conf);
	for (uint32_t i = 0; i < CONF_ZONES; i++)
		pairing_blank(&ret_conf->zones[i].pair, reader);
}
