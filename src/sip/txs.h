/* txs.h - what tx.c, tx_client.c and tx_server.c share: transactions, their table, their states. Nobody else
 * includes it.
 *
 * Timers (RFC 3261 table 4): "resend" is A, E and G, and the late 100 of RFC 4320; "life" is B, F,
 * H and C while something is awaited, D, I, J, K, L and M while only repeats can come: which one
 * follows from the state. A and E and G run on UDP only; the rest runs on streams, too. */
#ifndef SIP_TXS_H
#define SIP_TXS_H

#include "base/pool.h"
#include "sip/tx.h"

#define T1_MS     500u
#define T2_MS     4000u
#define T4_MS     5000u
#define LIFE_MS   (64 * T1_MS) /* B, D, F, H, J, L, M */
#define ZONES_MAX (CONF_ZONES + 2)
#define COOKIE    STR("z9hG4bK")
#define SOURCES   4096u

enum state { S_NEW, S_TRYING, S_PROCEEDING, S_COMPLETED, S_CONFIRMED, S_ACCEPTED, S_OVER, S_MAX };
enum ev {
	E_START,
	E_PROVISIONAL,
	E_SUCCESS,
	E_FINAL,
	E_REQUEST,
	E_ACK,
	E_RESEND,
	E_TIMEOUT,
	E_LOST,
	E_STOP,
	E_MAX
};

typedef void(act_h)(struct tx *tx);
struct step {
	act_h *act;
	uint8_t next;
	bool is_late;
};

struct tx {
	uint64_t handle; /* HK_TX */
	struct txs *txs;
	const struct step (*table)[E_MAX];
	const char *kind;
	uint8_t state;
	bool is_server, is_counted, is_cancelled, wants_cancel;
	enum sip_method method;
	struct zone *zone;
	uint64_t conn;
	struct addr local, remote;  /* of the conn, to find a UDP one again */
	struct list by_conn;        /* client, no final response yet */
	struct hash_node by_key;    /* server: first half of the key */
	uint64_t key2;              /* its second half */
	struct str request, answer; /* in the store */
	struct timer resend, life;
	uint32_t interval_ms;
	const struct tx_user *user;
	void *arg;
	uint64_t who, mark, cancel; /* cancel: handle of the CANCEL's transaction */
	struct str reason;          /* of a CANCEL that waits; in the store */
};

struct txs {
	struct io *io;
	struct conns *conns;
	struct store *store;
	const struct conf *conf;
	const struct tx_server *server;
	void *arg;
	struct pool pool;
	struct hash_table by_key;
	struct hash_key key2, branch_key;
	uint64_t links[ZONES_MAX]; /* conn of each link that is up */
	uint32_t invites[ZONES_MAX], n_invites;
	uint16_t invites_of[SOURCES]; /* by a keyed hash of the host */
	struct txs_counters counters;
	/* what the event being handled is about */
	const struct sip_msg *in;
	struct conn *in_conn;
	struct str out, why;
	enum err err;
};

#define GO(act, next)                                                                              \
	{                                                                                          \
		(act), (next), false                                                               \
	}
#define LATE                                                                                       \
	{                                                                                          \
		NULL, 0, true                                                                      \
	}

extern const struct step tx_invite_client[S_MAX][E_MAX], tx_other_client[S_MAX][E_MAX];
extern const struct step tx_invite_server[S_MAX][E_MAX], tx_other_server[S_MAX][E_MAX];

void tx_event(struct tx *tx, enum ev ev);
/* In its first state, without timers. NULL: none is left (logged). */
struct tx *tx_take(struct txs *ts, enum sip_method method, struct zone *zone, bool is_server);
void tx_release(struct tx *tx);
/* An act: nothing more can come. */
void tx_act_end(struct tx *tx);
/* INVITEs received that have no final answer yet; others: nothing. */
void tx_count_invite(struct tx *tx, bool is_open);
bool tx_is_udp(const struct tx *tx);
void tx_use_conn(struct tx *tx, struct conn *c);
/* c NULL, or not open: counted. */
void tx_transmit(struct tx *tx, struct conn *c, struct str bytes);
/* What it holds, indexed in the scratch arena; NULL: nothing, or no room. */
const struct sip_msg *tx_held(const struct tx *tx, struct str held);

void txs_response(struct txs *ts, struct conn *c, const struct sip_msg *m); /* tx_client.c */
void txs_request(struct txs *ts, struct conn *c, const struct sip_msg *m);  /* tx_server.c */

#endif
