/* list.h - cursors over the values of one kind of header: all its lines, all elements of each.
 *
 * Parse on demand, return slices of the message, allocate nothing. Commas inside quotes and angle
 * brackets do not part elements. Not for Date, challenges and credentials: theirs are values with
 * commas (sip_first, sip_next). */
#ifndef SIP_LIST_H
#define SIP_LIST_H

#include "sip/msg.h"

struct sip_list {
	const struct sip_msg *m;
	struct str rest;
	int field; /* the line that the last element came from; -1: no more */
};

struct sip_list sip_list_of(const struct sip_msg *m, enum sip_hdr id);
/* ERR_NOENT: the end. ERR_SYNTAX: unbalanced quotes or brackets. Empty elements are skipped. */
MUST_USE enum err sip_list_next(struct sip_list *l, struct str *ret_element);
/* True if the list holds that token, any case: option tags, methods, Privacy values (parameters of
 * an element do not count). Separators are commas, and semicolons where the header is Privacy. */
bool sip_list_has(const struct sip_msg *m, enum sip_hdr id, struct str token);
/* Number of elements; malformed lines count up to the fault. */
size_t sip_list_count(const struct sip_msg *m, enum sip_hdr id);
/* The next element, read; errors of both. */
MUST_USE enum err sip_via_next(struct sip_list *l, struct sip_via *ret_via);
MUST_USE enum err sip_nameaddr_next(struct sip_list *l, struct sip_nameaddr *ret_na);

#endif
