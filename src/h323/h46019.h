/* h46019.h - H.460.19 in H.245: what a logical channel says of traversal to a node of another make.
 *
 * Ports and ids alone: the host is where signalling comes from. Pure. */
#ifndef H323_H46019_H
#define H323_H46019_H

#include "call/leg.h"
#include "h323/value.h"

/* Of an OpenLogicalChannel or its Ack (of), whose genericInformation is this field. work: a tree to use. False:
 * there is nothing of it, or it cannot be read. */
bool h46019_read(const struct per_tree *t, uint16_t of, uint16_t field, struct per_tree *work,
	struct mux_line *ret_mux);
/* What we say; host: our own. Nothing of it in mux: nothing. False: no room. */
bool h46019_write(struct per_tree *t, uint16_t of, uint16_t field, struct per_tree *work,
	const struct mux_line *mux, const struct addr *host);

#endif
