/* value.c - one value of an option, whatever its kind: a table of forms, guesses, defaults.
 *
 * A refused text leaves its place untouched. */
#include "conf/value.h"

#include <assert.h>
#include <string.h>

#include "conf/form.h"
#include "conf/nearest.h"

/* clang-format off */
static const struct form *const forms[K_MAX] = {
	[K_BOOL]     = &form_bool,
	[K_INT]      = &form_int,
	[K_MS]       = &form_united,
	[K_S]        = &form_united,
	[K_SIZE]     = &form_united,
	[K_KBPS]     = &form_united,
	[K_RATE]     = &form_rate,
	[K_ENUM]     = &form_enum,
	[K_STR]      = &form_text,
	[K_NAME]     = &form_text,
	[K_HOST]     = &form_text,
	[K_REGEX]    = &form_text,
	[K_SECRET]   = &form_text,
	[K_ADDR]     = &form_addr,
	[K_PREFIX]   = &form_prefix,
	[K_PORT]     = &form_port,
	[K_PORT_ONE] = &form_port_one,
	[K_PORTS]    = &form_ports,
	[K_HEX]      = &form_hex,
	[K_REF]      = &form_ref,
	[K_VERSION]  = &form_version,
};
/* clang-format on */

enum err value_parse(const struct opt *o, const struct conf *c, struct str text, void *place,
	const char **ret_why)
{
	return forms[o->kind]->parse(o, c, text, place, ret_why);
}

void value_put(const struct opt *o, const struct conf *c, const void *place, struct wr *w)
{
	forms[o->kind]->put(o, c, place, w);
}

bool value_is_sane(const struct opt *o, const struct conf *c, const void *place)
{
	return forms[o->kind]->is_sane(o, c, place);
}

void value_put_allowed(const struct opt *o, const struct conf *c, struct wr *w)
{
	forms[o->kind]->put_allowed(o, c, w);
}

bool value_is_text(const struct opt *o)
{
	return forms[o->kind]->is_text;
}

/* The words that others write for true and false. */
static struct str bool_meant(struct str text)
{
	static const char *const yes[] = {"yes", "on", "1", "enabled", "enable", "y"};
	static const char *const no[] = {"no", "off", "0", "disabled", "disable", "n"};

	for (size_t i = 0; i < sizeof yes / sizeof yes[0]; i++) {
		if (str_ieq(text, str_of(yes[i])))
			return STR("true");
		if (str_ieq(text, str_of(no[i])))
			return STR("false");
	}
	return STR_NONE;
}

static void word_hint(const struct opt *o, const struct conf *c, struct str text, struct wr *w)
{
	struct nearest n = nearest_to(text);
	struct str word = STR_NONE;

	if (o->kind == K_BOOL) {
		nearest_try(&n, STR("true"));
		nearest_try(&n, STR("false"));
		word = bool_meant(text);
	}
	for (uint32_t i = 0; o->words && i < opt_n_words(o); i++)
		nearest_try(&n, opt_word(o, i));
	for (uint32_t i = 0; o->kind == K_REF && i < c->n_zones; i++)
		nearest_try(&n, str_of(c->zones[i].name));
	wr_str(w, word.len ? word : nearest_found(&n));
}

void value_put_hint(const struct opt *o, const struct conf *c, struct str text, struct wr *w)
{
	if (o->kind == K_BOOL || o->kind == K_ENUM || o->kind == K_REF)
		word_hint(o, c, text, w);
	else if (o->kind == K_MS || o->kind == K_S || o->kind == K_SIZE || o->kind == K_KBPS)
		united_hint(o, text, w);
}

static void set_range_default(
	const struct opt *o, const struct conf *c, enum conf_role role, void *place)
{
	struct plan p;
	struct ports r;

	plan_defaults(&p, role == ROLE_EDGE ? HOST_EDGE : HOST_CONTROL, c->node.size == SIZE_LARGE);
	r = plan_range(&p, o->range);
	memcpy(place, &r, o->kind == K_PORT ? sizeof r.low : sizeof r);
}

/* A default that its own kind refuses is a wrong line of the schema: the tests read them all. */
static void set_default(const struct opt *o, const struct conf *c, struct str text, void *place)
{
	const char *why;
	const enum err err = value_parse(o, c, text, place, &why);

	assert(err == OK);
}

void value_set_default(const struct opt *o, const struct conf *c, enum conf_role role, void *base)
{
	struct str text = opt_default(o, role);
	uint32_t n = 0;

	if (o->range != RANGE_NONE) {
		set_range_default(o, c, role, opt_at(o, base, 0));
		return;
	}
	if (!text.p) {
		memset(opt_at(o, base, 0), 0, o->size);
		return;
	}
	if (!o->max) {
		set_default(o, c, text, opt_at(o, base, 0));
		return;
	}
	for (; text.len && n < o->max; n++)
		set_default(o, c, str_cut(&text, ','), opt_at(o, base, n));
	opt_set_count(o, base, n);
}
