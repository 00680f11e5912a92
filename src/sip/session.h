/* session.h - session timers (RFC 4028) of one leg: what each side of a call says of them.
 *
 * Each leg negotiates by itself. Where both far sides keep a session timer their values pass unchanged
 * and one of them refreshes, through us; where only one does we take the other part of it; where a side
 * knows none it is asked by OPTIONS. A traversal link has none: its nodes' audits say which calls
 * are there, and each node looks after its own outer leg.
 *
 * This file reads, edits and keeps the time; it sends nothing and ends nothing (refresh.c does). */
#ifndef SIP_SESSION_H
#define SIP_SESSION_H

#include "sip/dialog.h"

/* A request from d's zone, INVITE or UPDATE: its Session-Expires is below our minimum, and its sender
 * would understand a 422 (RFC 4028 section 9). */
bool session_is_too_small(const struct sip *s, const struct zone *zone, const struct sip_msg *m);
uint32_t session_min_s(const struct sip *s);
/* The far side's Allow, from any of its messages that has one. */
void session_learn_allow(struct dialog *d, const struct sip_msg *m);
/* A 422 from the far side: its Min-SE. False: none that is larger than what we asked for. */
bool session_learn_min(struct dialog *d, const struct sip_msg *m);

/* An INVITE or UPDATE of the other side, on its way to d. */
void session_edit_request(struct sip_edit *e, struct dialog *d, const struct sip_msg *m);
/* Our INVITE again with what a 422 to it asked for. */
void session_edit_again(struct sip_edit *e, struct dialog *d);
/* Values of our own requests towards d, with the sender as the refresher. */
void session_put(struct wr *w, const struct dialog *d, const char *refresher);
/* A 2xx of the far side to an INVITE or UPDATE, of the other side or of ours: the time runs anew. */
void session_take(struct dialog *d, const struct sip_msg *m);
/* A 2xx of the other side, on its way to d as the answer to req: the same for this leg. */
void session_edit_answer(struct sip_edit *e, struct dialog *d, const struct sip_msg *req);
/* An answer to our OPTIONS: it is there. */
void session_answered(struct dialog *d);
/* Again after a restart: what the record says, and what is missing there. */
void session_resume(struct dialog *d);
/* Nothing came of a refresh: again a little later. False: that was the last try. */
bool session_retry(struct dialog *d);

#endif
