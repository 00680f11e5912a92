/* rewrite.h - what of a call signalling message is one leg's own: addresses, identifiers, features.
 *
 * Each function changes a few fields of a message's tree for the leg that it leaves on; all else stays as it
 * came, also what we do not know. Pure: what to write is given. Media addresses are the channels' business
 * (channel.h). */
#ifndef H323_REWRITE_H
#define H323_REWRITE_H

#include "h323/csmsg.h"

/* What never crosses a leg: tokens (but those of a Diffie-Hellman exchange, H.235.6), the endpoint's
 * identifier, the features of H.460.18 and .19. */
void rewrite_hop(struct cs_msg *m);
/* h245Tunnelling as it stands on this leg, and no tunnelled message: they are put anew. */
void rewrite_tunnel(struct cs_msg *m, bool is_tunnelling);
/* A tunnelled H.245 message at the end of h245Control; false: no room, or nothing to put it on. */
bool rewrite_put_control(struct cs_msg *m, struct str pdu);
/* Our own H.245 address, where this kind of message has one; NULL: none. */
void rewrite_h245_address(struct cs_msg *m, const struct addr *addr);
void rewrite_fast_start(
	struct cs_msg *m, bool is_refused); /* without the element; says so if asked */

struct setup_rewrite {
	struct addr to, from; /* the next hop's and our own call signalling address */
	const uint8_t *guid;
	const struct h323_alias *alias; /* who is called now; NULL: as it came */
	const struct h323_alias *also;  /* and by this name; NULL: none */
};
/* The rest of Setup's fields. False: its hop count is used up. */
bool rewrite_setup(struct cs_msg *m, const struct setup_rewrite *how);
/* callIdentifier of a message in a call whose peer gave none. */
void rewrite_call_id(struct cs_msg *m, const uint8_t *guid);

#endif
