/* serve.h - Edge's side of a join: judges who joins, makes the keys, and has them stored.
 *
 * The pending pairing is in the configuration; the keeper stores the finished one and reloads. It runs in
 * fosse-sig, because that holds the zones' secrets; what it stores is opaque to the keeper. */
#ifndef PAIR_SERVE_H
#define PAIR_SERVE_H

#include "conf/conf.h"
#include "ipc/ipc.h"

struct serve;

MUST_USE enum err serve_new(struct io *io, struct ipc *ipc, struct serve **ret_serve);
void serve_free(struct serve *s);
/* Is this connection one of a join? */
bool serve_wants(const struct peer *peer);
/* A connection of fosse-tls, with its ALPN and what it proved. fd is taken in any case; NO_FD (a row that
 * is repeated): nothing. conf is read within the call and when the hello comes: serve_configure says
 * where it is from then on. */
void serve_take(struct serve *s, const struct peer *peer, int fd);
void serve_configure(struct serve *s, const struct conf *conf);

#endif
