/* request.h - requests towards the far side of a dialog: the other side's, edited, and our own.
 *
 * Numbers, routes, Contact and hops are put here; what a request means, and what comes of it, is not known. */
#ifndef SIP_REQUEST_H
#define SIP_REQUEST_H

#include "sip/dialog.h"

/* What every request of the other side gets on its way to d. NULL: no room. */
struct sip_edit *request_edit(
	struct dialog *d, const struct native *n, struct str uri, uint32_t cseq, unsigned hops);
unsigned request_hops(const struct sip_msg *m); /* the Max-Forwards that it leaves with */
/* One that was sent before: its edit, NULL: no room; and its bytes with the next number. */
struct sip_edit *request_edit_held(struct dialog *d, struct str held);
struct str request_renumber(struct dialog *d, struct sip_edit *e);

/* By the dialog's conn, its link, or where next leads. Failures are logged; empty bytes are one. */
MUST_USE enum err request_send(struct dialog *d, enum sip_method method, struct str bytes,
	struct str next, const struct tx_user *user, uint64_t mark, uint64_t *ret_attempt);
/* One of our own inside the dialog, its first lines: the caller adds headers and the body. */
struct wr request_own_plain(struct dialog *d, const char *method, uint32_t cseq);
struct wr request_own_begin(
	struct dialog *d, enum sip_method method); /* with Contact, and a number */
MUST_USE enum err request_own_send(
	struct dialog *d, enum sip_method method, struct wr *w, const struct tx_user *user);

/* ACK of a 2xx: sent now, and held for repeats of that. */
void request_send_ack(struct dialog *d, struct str template);
void request_own_ack(struct dialog *d);
void request_log_failed(const struct dialog *d, const char *method);

#endif
