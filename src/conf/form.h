/* form.h - what value.c asks of each kind of value: how it is read, written, judged. The forms are in
 * number.c, text.c and net.c. */
#ifndef CONF_FORM_H
#define CONF_FORM_H

#include <string.h>

#include "conf/schema.h"

struct form {
	enum err (*parse)(const struct opt *o, const struct conf *c, struct str text, void *place,
		const char **ret_why);
	void (*put)(const struct opt *o, const struct conf *c, const void *place, struct wr *w);
	bool (*is_sane)(const struct opt *o, const struct conf *c, const void *place);
	void (*put_allowed)(const struct opt *o, const struct conf *c, struct wr *w);
	bool is_text; /* in YAML a plain word could be taken for something else */
};

/* number.c */
extern const struct form form_bool, form_int, form_version, form_united, form_rate;
/* text.c */
extern const struct form form_enum, form_ref, form_text;
/* net.c */
extern const struct form form_addr, form_prefix, form_port, form_port_one, form_ports, form_hex;

/* "1 to 65535" */
void bounds_put(const struct opt *o, const struct conf *c, struct wr *w);
/* "30 min" -> "30m": a number that lacks its unit, or has it in another case. */
void united_hint(const struct opt *o, struct str text, struct wr *w);

/* A character, as UTF-8, that YAML takes for a line break, a terminal for a command, or that neither
 * carries: U+0080 to U+009F, U+2028, U+2029, U+FEFF, U+FFFE, U+FFFF. */
bool is_odd_character(const unsigned char *p, size_t n);

static inline enum err refuse(enum err err, const char *why, const char **ret_why)
{
	*ret_why = why;
	return err;
}

/* Values of a foreign mapping are looked at through bytes: no wrong enum is loaded. */
static inline uint32_t load_u32(const void *place)
{
	uint32_t v;

	memcpy(&v, place, sizeof v);
	return v;
}

#endif
