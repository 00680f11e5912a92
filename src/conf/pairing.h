/* pairing.h - the file of a pairing: what two nodes told each other when they were joined.
 *
 * Lines "key value"; "#" begins a comment; unknown keys are skipped, so that version n and n-1 read
 * each other's files. Pure. */
#ifndef CONF_PAIRING_H
#define CONF_PAIRING_H

#include "conf/sections.h"

#define PAIRING_TEXT_MAX 4096

/* ERR_SYNTAX: *ret_line and one static phrase. Missing keys are no error: see pairing_is_joined(). */
MUST_USE enum err pairing_parse(struct str text, struct conf_pairing *ret_pairing,
	uint32_t *ret_line, const char **ret_why);
void pairing_put(const struct conf_pairing *p, struct wr *w);
/* Zeroes what this process does not need. */
void pairing_blank(struct conf_pairing *p, enum plan_owner reader);
/* Peer's key, login and media key are all there. */
bool pairing_is_joined(const struct conf_pairing *p);

#endif
