/* ras.h - RAS over UDP (H.225.0 clause 7): messages to whoever handles them, answers back, requests of our own.
 *
 * A datagram passes its source's rate first, then the memory of answers just given, and only then it is
 * read: a flood costs a hash for each packet. Answers go to where the request came from. Our requests
 * are repeated until an answer comes; a RequestInProgress starts the wait anew. What cannot be read is
 * answered with XRS, never by more than a twentieth of the octets that came.
 *
 * It knows numbers and sources, never an endpoint, an alias or a password. */
#ifndef H323_RAS_H
#define H323_RAS_H

#include "call/zone.h"
#include "h323/value.h"
#include "io/io.h"

#define RAS_SOCKETS     (CONF_ZONES + 8u) /* each traversal zone has a port of its own */
#define RAS_MESSAGE_MAX 1400u             /* octets of ours: one datagram, whatever the way */

struct ras;
struct ras_socket;

/* A message while it is handled. */
struct ras_in {
	struct ras *ras;
	struct ras_socket *socket;
	struct addr from;
	struct str bytes;
	struct per_tree t;
	uint16_t kind; /* H225_RasMessage_registrationRequest, ... */
	uint16_t body; /* its node */
	uint16_t seq;
	struct per_tree answer; /* ours to build in */
	uint64_t cache_key;
};

struct ras_ops {
	/* Whose bucket a source has: an endpoint's, a zone's; 0: it is a stranger's. */
	uint64_t (*known)(void *arg, const struct addr *from);
	/* A request or an indication. False: of a kind that nobody handles. */
	bool (*request)(void *arg, struct ras_in *in);
};

struct ras_deps {
	struct io *io;
	const struct conf *conf;
	struct zones *zones;
};

MUST_USE enum err ras_new(const struct ras_deps *deps, struct ras **ret_ras);
void ras_free(struct ras *r);
void ras_set_ops(struct ras *r, const struct ras_ops *ops, void *arg);
/* Of traversal zones: asked first. */
void ras_set_link_ops(struct ras *r, const struct ras_ops *ops, void *arg);
void ras_configure(struct ras *r, const struct conf *conf);
/* A socket of the plan; fd is ours when it succeeds, NO_FD: opened here. */
MUST_USE enum err ras_listen(struct ras *r, enum plan_row row, const struct addr *at, int fd);
void ras_unlisten(struct ras *r, enum plan_row row, const struct addr *at);
/* The socket bound there; else the first one; NULL: there is none. */
struct ras_socket *ras_socket_at(struct ras *r, const struct addr *at);
struct addr ras_socket_addr(const struct ras_socket *s); /* as bound */
struct addr ras_socket_seen(const struct ras_socket *s); /* as its peers see it (static NAT) */

/* ---- answers ---- */
/* A new answer in in->answer, with the request's number: the node of its body. */
uint16_t ras_answer(struct ras_in *in, uint16_t kind);
/* Writes it, sends it and remembers it for a while. tokens: where its cryptoTokens are, to be sealed with
 * this key (H.235.1), or NULL. */
void ras_send(struct ras_in *in, const uint16_t *tokens_path, struct str key);
/* What was answered to this host is not said again: something has changed. */
void ras_forget(struct ras *r, const struct addr *host);

/* ---- requests of our own ---- */
/* in: the answer, or NULL with ERR_TIMEOUT or ERR_UNSUPPORTED (XRS). who: as given to ras_ask(). */
typedef void(ras_answered_h)(void *arg, uint64_t who, enum err err, struct ras_in *in);
/* Memory for a message of ours, or for work on one. NULL: the arena is full. */
struct per_tree *ras_tree(struct ras *r);
/* The request in t, begun by ras_begin(): sent, and repeated. h may be NULL: nobody cares. */
MUST_USE enum err ras_ask(struct ras *r, struct ras_socket *s, const struct addr *to,
	struct per_tree *t, ras_answered_h *h, void *arg, uint64_t who);
/* The same with the token of H.235.1 that it holds sealed by this key. */
MUST_USE enum err ras_ask_sealed(struct ras *r, struct ras_socket *s, const struct addr *to,
	struct per_tree *t, const uint16_t *tokens_path, struct str key, ras_answered_h *h,
	void *arg, uint64_t who);
/* The root and a request number of our own: the node of the body. */
uint16_t ras_begin(struct ras *r, struct per_tree *t, uint16_t kind);
void ras_drop_asks(struct ras *r, void *arg, uint64_t who); /* without a word */

struct ras_counters {
	uint64_t n_messages, n_answers, n_repeated, n_refused_rate, n_unreadable, n_xrs, n_stray,
		n_denied, n_requests, n_timeouts, n_too_long;
};
const struct ras_counters *ras_counters(const struct ras *r);

#endif
