/* uac.h - the other side asks the far side: INVITE, ACK, BYE, and requests inside the dialog.
 *
 * Turns the call core's orders and events into requests, and their answers into events. */
#ifndef SIP_UAC_H
#define SIP_UAC_H

#include "sip/dialog.h"

/* ops->setup. */
MUST_USE enum err uac_invite(struct sip *s, struct leg *leg, const struct call_setup *setup,
	const struct target *to, const struct call_event *ev);
/* Events of the other leg that ask something of this one: CONFIRM, OFFER, PASS. */
void uac_event(struct dialog *d, const struct call_event *ev);
/* Ends the far side's part in whatever state: a final answer, CANCEL, ACK and BYE, BYE; what waits for an
 * answer gets 487; frees the dialog in the end. ev may be NULL. */
void uac_end(struct dialog *d, const struct call_event *ev);
/* The side ends while an offer of it waits: 487 (RFC 3261 15.1.2). */
void uac_end_pending(struct dialog *d);
/* The far side is gone, or nearly: the other side is ended with that reason, this one by BYE. */
void uac_give_up(struct dialog *d, unsigned code, struct str why);
/* A registered client is reached by another conn than from (NULL: gone before), which takes the dialogs of
 * alias along. A BYE that found the client away is said now. */
void uac_client_moved(struct sip *s, struct str alias, struct conn *from, struct conn *to);
/* The far side knows no such call any more: the other side is ended with a reason; frees the dialog. */
void uac_unknown(struct dialog *d);

#endif
