/* tx.h - transactions (RFC 3261 section 17, with RFC 6026, 4320 and 3263's fail-over in mind).
 *
 *	request  --> server transaction --> ops.request, ops.cancelled ... tx_answer --> conn
 *	tx_start --> client transaction --> conn ... response --> its user's ops
 *
 * Retransmissions end here. A client transaction's branch is its own handle with a MAC, so a
 * response finds it without a table and a forged one costs one SipHash. On a traversal zone
 * transactions outlive the connection: they hold what they sent and send the same bytes on the
 * zone's next one.
 *
 * It knows nothing of dialogs, routes or media. Its users are named by handles, never by pointers.
 * */
#ifndef SIP_TX_H
#define SIP_TX_H

#include "sip/conn.h"
#include "sip/store.h"

#define TX_BRANCH_SIZE 40 /* z9hG4bK, 26 characters, NUL */

struct txs;
struct tx;

/* How a client transaction ended without a final response. */
struct tx_end {
	enum sip_method method;
	uint64_t mark;
	enum err
		err; /* ERR_TIMEOUT: nobody answered (Timer B, F, C); ERR_CLOSED: no connection; others: no way */
	struct str why;     /* one sentence */
	struct str request; /* of an attempt: what it was given, until failed() returns */
};

/* Whoever started a client transaction. arg and who as given to tx_new(). */
struct tx_user {
	/* Every response but retransmissions and plain 100s; INVITE: every 2xx. */
	void (*response)(void *arg, uint64_t who, struct tx *tx, const struct sip_msg *m);
	/* No final response will come; the transaction is over. */
	void (*failed)(void *arg, uint64_t who, const struct tx_end *end);
};

/* Whoever takes requests: one per process. */
struct tx_server {
	/* A new request. INVITE and others; not ACK, not CANCEL. */
	void (*request)(void *arg, struct conn *c, struct tx *tx, const struct sip_msg *m);
	/* The ACK of a 2xx: it has no transaction. */
	void (*ack)(void *arg, struct conn *c, const struct sip_msg *m);
	/* The CANCEL of an INVITE without a final response; it was answered already. */
	void (*cancelled)(void *arg, struct tx *invite, const struct sip_msg *cancel);
	/* The To tag of our answers to an INVITE that has no final one yet; empty: whichever. */
	struct str (*tag)(void *arg, const struct tx *invite);
};

struct txs_deps {
	struct io *io;
	struct conns *conns;
	struct store *store;
	const struct conf *conf;
	const struct tx_server *server;
	void *arg;
};

MUST_USE enum err txs_new(const struct txs_deps *deps, struct txs **ret_txs);
void txs_free(struct txs *ts);
/* What a conn delivers. */
void tx_input(struct txs *ts, struct conn *c, const struct sip_msg *m);
/* A conn is open, or gone: those that wait for it go on, or fail. */
void txs_conn_opened(struct txs *ts, struct conn *c);
void txs_conn_lost(struct txs *ts, struct conn *c, enum err err, struct str why);
/* A link has a new connection: its zone's transactions continue there. */
void txs_link_up(struct txs *ts, struct conn *c);
size_t txs_count(const struct txs *ts);
/* INVITEs received that have no final answer yet; zone NULL: of all zones. */
uint32_t txs_invites(const struct txs *ts, const struct zone *zone);
uint32_t txs_invites_of(struct txs *ts, const struct addr *source); /* of a host */
bool txs_is_full(const struct txs *ts);                             /* no new work */
struct tx *tx_get(struct txs *ts, uint64_t handle);

/* ---- client ---- */
/* First the transaction, then its branch for the Via, then the request. NULL: full. */
struct tx *tx_new(struct txs *ts, enum sip_method method, struct zone *zone,
	const struct tx_user *user, void *arg, uint64_t who);
void tx_set_mark(struct tx *tx, uint64_t mark); /* the user's note */
const char *tx_branch(const struct tx *tx, char buf[TX_BRANCH_SIZE]);
/* bytes begin with the request whose topmost Via holds the branch; copied. Sent when c is open; c NULL:
 * when the zone's link has a connection again.
 * ERR_FULL: it cannot be held; the transaction is gone then. */
MUST_USE enum err tx_start(struct tx *tx, struct conn *c, struct str bytes);
/* CANCEL now, or when a provisional response comes. reason: value of a Reason header, or empty. */
void tx_cancel(struct tx *tx, struct str reason);
void tx_free(struct tx *tx); /* before tx_start(), or to hear no more of it; NULL: nothing */

/* ---- server ---- */
/* bytes: the whole response. After a final one only retransmissions are left to do. */
void tx_answer(struct tx *tx, unsigned code, struct str bytes);
/* A 2xx to INVITE once more, until its ACK (RFC 3261 13.3.1.4). */
void tx_answer_again(struct tx *tx);
void tx_acked(struct tx *tx); /* the ACK came: the held answer may go */
/* The request again, indexed in the scratch arena; NULL: it is not held any more. */
const struct sip_msg *tx_request(const struct tx *tx);
/* Its bytes; empty: not held any more. */
struct str tx_request_bytes(const struct tx *tx);
/* From now on this user hears of the transaction; server: who alone counts. */
void tx_set_user(struct tx *tx, const struct tx_user *user, void *arg, uint64_t who);

/* ---- both ---- */
uint64_t tx_handle(const struct tx *tx);
uint64_t tx_who(const struct tx *tx);
uint64_t tx_mark(const struct tx *tx);
enum sip_method tx_method(const struct tx *tx);
struct conn *tx_conn(const struct tx *tx); /* NULL: gone */
struct zone *tx_zone(const struct tx *tx);
bool tx_is_over(const struct tx *tx); /* a final response was sent or came */
bool tx_is_server(const struct tx *tx);
struct addr tx_source(const struct tx *tx); /* where a server transaction's request came from */

struct txs_counters {
	uint64_t n_requests, n_responses, n_retransmissions, n_stray, n_forged, n_full, n_timeouts;
};
const struct txs_counters *txs_counters(const struct txs *ts);
/* Walks every table: returns the number of cells that name a state out of range or unreachable. */
unsigned tx_tables_check(void);

#endif
