/* value.h - one value of an option: from text, to text, is it sane. One table of kinds. Pure. */
#ifndef CONF_VALUE_H
#define CONF_VALUE_H

#include "conf/schema.h"

/* Reads text into *place. ERR_SYNTAX, ERR_RANGE: *ret_why is one static phrase, "is not a port"; *place
 * is untouched. c: the zones that a reference may name. */
MUST_USE enum err value_parse(const struct opt *o, const struct conf *c, struct str text,
	void *place, const char **ret_why);
/* Canonical text, without quotes; value_parse() reads it back to the same bytes. */
void value_put(const struct opt *o, const struct conf *c, const void *place, struct wr *w);
/* For a mapping that somebody else made. */
bool value_is_sane(const struct opt *o, const struct conf *c, const void *place);
/* "1 to 65535"; "off, on, passthrough". */
void value_put_allowed(const struct opt *o, const struct conf *c, struct wr *w);
/* What may have been meant by a text that was refused; nothing when there is no guess. */
void value_put_hint(const struct opt *o, const struct conf *c, struct str text, struct wr *w);
/* Its text needs quotes in YAML where a plain word could be taken for something else. */
bool value_is_text(const struct opt *o);

/* The default: of its text, or of the plan's range, or zero. */
void value_set_default(const struct opt *o, const struct conf *c, enum conf_role role, void *base);

#endif
