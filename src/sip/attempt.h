/* attempt.h - one request on its way out: find the next hop, dial, send, fail over (RFC 3263 4.3).
 *
 * The request is given as a template with ATTEMPT_VIA as its only Via, its Contact with our token and
 * any host: each try gets its own branch, and a Contact and Via that fit the transport it leaves by. A hop that cannot be
 * reached, is silent or says 503 gives way to the next one. The user hears of one outcome only. */
#ifndef SIP_ATTEMPT_H
#define SIP_ATTEMPT_H

#include "sip/resolve.h"
#include "sip/tx.h"

#define ATTEMPT_VIA  STR("SIP/2.0/TCP here.invalid;branch=z9hG4bKt")
#define ATTEMPT_HOST "here.invalid" /* the Contact's */

struct attempts;

struct attempt_want {
	enum sip_method method;
	struct zone *zone;
	uint64_t conn;       /* the conn to use while it is open; 0: none */
	bool may_wait;       /* inside a dialog: a link that is down is waited for */
	bool is_conn_only;   /* a client behind its own connection: never dialled */
	struct str next;     /* URI of the next hop when there is no conn: Route or Request-URI */
	struct str template; /* copied */
	const struct tx_user *user;
	void *arg;
	uint64_t who, mark; /* mark: on every transaction of the attempt */
};

struct attempts_deps {
	struct io *io;
	struct conns *conns;
	struct txs *txs;
	struct store *store;
	struct resolver *resolver;
	struct zones *zones;
	const struct conf *conf;
};

MUST_USE enum err attempts_new(const struct attempts_deps *deps, struct attempts **ret);
void attempts_free(struct attempts *as);
/* ERR_FULL is final at once. Everything else that goes wrong, an empty template too, is told by failed()
 * in a later turn: ERR_CLOSED (its conn is gone, its link is down), ERR_NOENT, ERR_DENIED,
 * ERR_UNSUPPORTED (no way to that hop), ERR_SYNTAX, ERR_TIMEOUT. */
MUST_USE enum err attempt_start(
	struct attempts *as, const struct attempt_want *want, uint64_t *ret_attempt);
/* CANCEL, now or when a provisional response comes; before the request left it is simply dropped and
 * the user's failed() is called. Gone: nothing. */
void attempt_cancel(struct attempts *as, uint64_t attempt, struct str reason);
/* Nobody listens any more; what was sent runs its course. */
void attempt_drop(struct attempts *as, uint64_t attempt);
/* The link of a zone: its conn, 0 while it is down. */
void attempts_set_link(struct attempts *as, const struct zone *zone, uint64_t conn);
uint64_t attempts_link(const struct attempts *as, const struct zone *zone);

/* Our own Contact or Via host towards a zone. */
void put_contact_uri(struct wr *w, const struct conns *cs, const struct zone *zone,
	enum sip_transport transport, struct str user);
void put_via(struct wr *w, const struct conns *cs, const struct zone *zone,
	enum sip_transport transport, const struct tx *tx);
/* A zone's name as a host label: letters, digits, hyphens. "x.invalid" can never resolve (RFC 2606). */
void put_link_host(struct wr *w, const struct zone *zone);

#endif
