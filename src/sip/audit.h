/* audit.h - what two nodes do about calls that only one of them knows (docs/protocols/link.md).
 *
 * A call can be lost on one side of a traversal link: a process died while it was set up or while its
 * BYE waited, or the link was down for longer than a request waits. So each node tells the other its
 * calls, soon after a connection is up and now and again afterwards. What was said before on that
 * connection has arrived before: a call that is being set up is known, too.
 *	SERVICE, Content-Type: application/vnd.fosse.calls
 *	1f00a2b3c4d5e6f7 out	one line per call: its number on both nodes; out: the sender
 *	0000000000000001 in	 placed it over the link, in: it came over the link
 * and the answer's body repeats those that its sender does not know. They are ended with a reason.
 * A long list is several requests, each complete in itself; nothing is remembered between them. */
#ifndef SIP_AUDIT_H
#define SIP_AUDIT_H

#include "sip/plane.h"

#define AUDIT_LINES_MAX 256u /* of one message */

struct audit_line {
	uint64_t call;
	bool is_out;
};

void audit_line_put(struct wr *w, const struct audit_line *line);
/* The next line of a body. ERR_NOENT: no more; ERR_SYNTAX. */
MUST_USE enum err audit_line_next(struct str *rest, struct audit_line *ret_line);

/* Asks the other node about every call of this link. Nothing is sent when there is none. */
void audit_send(struct sip *s, struct zone *zone, struct conn *c);
/* The other node's question, on a link that is logged in. Answers it. */
void audit_request(struct sip *s, struct tx *tx, const struct sip_msg *m);

#endif
