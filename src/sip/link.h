/* link.h - traversal links: the one connection between Control and Edge for each traversal zone.
 *
 * Control dials, Edge only listens. After the TLS handshake both keys are proved; a hello (OPTIONS with
 * Fosse-Link, digest bound to this connection and this peer key) names the zone; then requests go both
 * ways over the same connection. Port, key and user name must all name the same zone. A lost link ends
 * nothing: transactions wait and go on over the next one. */
#ifndef SIP_LINK_H
#define SIP_LINK_H

#include "sip/plane.h"

MUST_USE enum err links_new(struct sip *s, struct links **ret);
void links_free(struct links *ls);
/* After the conns of a predecessor were adopted, and whenever the configuration changed: dials what is
 * configured and not connected, hangs up what is not configured any more. */
void links_configure(struct links *ls);
/* fosse-tls is there again: what waits for its next try need not (its death closed the connections). */
void links_try_now(struct links *ls);
void links_conn_opened(struct links *ls, struct conn *c);
void links_conn_lost(struct links *ls, struct conn *c, struct str why);
/* A request on a link's conn that is not logged in, or an OPTIONS of the link itself. True: answered. */
bool links_request(struct links *ls, struct conn *c, struct tx *tx, const struct sip_msg *m);
/* Every row of both tables; returns the number of faults. */
unsigned link_tables_check(void);

#endif
