/* uas.h - the far side asks: INVITE, requests inside dialogs, ACK, CANCEL; and what it is answered.
 *
 * Turns messages into the call core's events, and events of the other leg into answers. Decides nothing
 * about where a call goes. */
#ifndef SIP_UAS_H
#define SIP_UAS_H

#include "sip/dialog.h"

/* Who asks, as the checks before found out. */
struct caller {
	bool is_authenticated;
	char user[64];
};

void uas_invite(struct sip *s, struct conn *c, struct tx *tx, const struct sip_msg *m,
	const struct caller *caller);
void uas_in_dialog(struct sip *s, struct conn *c, struct tx *tx, const struct sip_msg *m);
/* Is that request for a dialog of ours? */
bool uas_knows(struct sip *s, struct conn *c, const struct sip_msg *m);
void uas_ack(struct sip *s, struct conn *c, const struct sip_msg *m);
void uas_cancelled(struct sip *s, struct tx *invite, const struct sip_msg *cancel);

/* Events of the other leg that answer a request of this one: MUX, PROGRESS, ANSWER, REFUSE, RESULT. */
void uas_event(struct dialog *d, const struct call_event *ev);
/* The core ends the side before its INVITE was answered. */
void uas_refuse(struct dialog *d, const struct call_event *ev);
/* The 2xx again, until its ACK; then the end (RFC 3261 13.3.1.4). */
void uas_timer(struct dialog *d);
/* The INVITE that the dialog still holds, for ops->held. */
const struct native *uas_held(struct dialog *d);

#endif
