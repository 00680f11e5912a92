/* tls.h - fosse-tls: accepts and dials TLS for the others and pumps bytes; holds all keys.
 *
 * A connection has two ends: the network, and a local stream whose other end a worker holds. What the
 * peer proved goes with it as struct peer. No byte of plaintext is looked at, and there is no policy
 * here but keys, names and chains. TLS state dies with the process: its peers dial again. */
#ifndef TLS_TLS_H
#define TLS_TLS_H

#include "conf/conf.h"
#include "ipc/alarm.h"
#include "ipc/dial.h"
#include "ipc/given.h"

struct tls;
struct tls_deps {
	struct io *io;
	struct ipc *ipc;
	struct alarms *alarms;
	const struct conf *conf;
};

MUST_USE enum err tls_new(const struct tls_deps *deps, struct tls **ret_tls);
void tls_free(struct tls *t);
void tls_configure(struct tls *t, const struct conf *conf);
/* A PEM file: certificate chain and private key (KEY_TRUST: certificates, one of up to CONF_FEW files
 * that are trusted together, told apart by name). The fd is read and closed here. New handshakes use
 * it; running connections stay. ERR_SYNTAX: no such PEM; ERR_AUTH: key and certificate do not fit;
 * ERR_RANGE: too large; *ret_why is the same for people, then. What was there stays on any error. */
MUST_USE enum err tls_key_file(
	struct tls *t, enum key_use use, const char *name, int fd, const char **ret_why);
/* A listening socket of the plan. The same row and address again changes nothing. */
MUST_USE enum err tls_listen(struct tls *t, enum plan_row row, const struct addr *addr, int fd);
void tls_unlisten(struct tls *t, const struct addr *addr);
/* ASK_TLS_DIAL. */
void tls_ask(struct tls *t, struct ipc_ask *ask, struct rd *body);

struct tls_counters {
	uint64_t accepted, dialled, failed, refused_busy, refused_identity, timed_out;
};
const struct tls_counters *tls_counters(const struct tls *t);
size_t tls_count(const struct tls *t);

#endif
