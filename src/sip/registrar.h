/* registrar.h - who is registered, and by which connection he is reached (RFC 3261 10.3, RFC 5626 basics).
 *
 * A binding is an alias, a Contact as it was written, and the conn that the REGISTER came by: requests
 * go back over that conn, whatever the Contact says. Bindings show as rows, are kept where the next
 * REGISTER would come too late, and end with their time. */
#ifndef SIP_REGISTRAR_H
#define SIP_REGISTRAR_H

#include "sip/gate.h"

#define CONTACTS_PER_REQUEST 5u

MUST_USE enum err registrar_new(struct sip *s, struct registrar **ret);
void registrar_free(struct registrar *r);
/* A REGISTER that passed the form; answers it. */
void registrar_request(struct registrar *r, struct conn *c, struct tx *tx, const struct sip_msg *m);
void registrar_conn_lost(struct registrar *r, const struct conn *c);
void registrar_adopt(struct registrar *r); /* after the conns */
struct registrar_ops registrar_ops(struct registrar *r);
size_t registrar_count(const struct registrar *r);

#endif
