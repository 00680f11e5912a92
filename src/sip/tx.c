/* tx.c - four state tables and the few acts they name.
 *
 * Timers (RFC 3261 table 4): "resend" is A, E and G, and the late 100 of RFC 4320; "life" is B, F,
 * H and C while something is awaited, D, I, J, K, L and M while only repeats can come: which one
 * follows from the state. A and E and G run on UDP only; the rest runs on streams, too.
 *
 * A transaction of a traversal zone that loses its connection waits, with its life timer running,
 * for the zone's next one (txs_link_up). */
#include <string.h>

#include "base/code.h"
#include "base/crypt.h"
#include "base/pool.h"
#include "sip/build.h"
#include "sip/tx.h"

#define T1_MS          500u
#define T2_MS          4000u
#define T4_MS          5000u
#define LIFE_MS        (64 * T1_MS) /* B, D, F, H, J, L, M */
#define TIMER_C_MS     185000u      /* RFC 3261 16.6.11: more than 3 minutes */
#define LATE_100_MS    3500u        /* RFC 4320 4.1: when Timer E would have reached T2 */
#define INVITE_LIFE_MS 3600000u     /* an INVITE that its user forgot */
#define ZONES_MAX      (CONF_ZONES + 2)
#define COOKIE         STR("z9hG4bK")
#define BRANCH_LEN     16u
#define SOURCES        4096u

LOG_EVENT(ev_unexpected, "SIP-120", LOG_ERROR, "event does not fit the transaction's state");
LOG_EVENT(ev_full, "SIP-121", LOG_ERROR, "no transaction is left");

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

static void send_first(struct tx *tx);
static void resend(struct tx *tx);
static void pass_up(struct tx *tx);
static void provisional(struct tx *tx);
static void accept(struct tx *tx);
static void refused(struct tx *tx);
static void ack_again(struct tx *tx);
static void final(struct tx *tx);
static void time_out(struct tx *tx);
static void timer_c(struct tx *tx);
static void lose(struct tx *tx);
static void end(struct tx *tx);
static void arrive(struct tx *tx);
static void answer(struct tx *tx);
static void answer_again(struct tx *tx);
static void answer_resend(struct tx *tx);
static void answer_accept(struct tx *tx);
static void answer_refuse(struct tx *tx);
static void answer_final(struct tx *tx);
static void late_100(struct tx *tx);
static void rest(struct tx *tx);
static void pass_ack(struct tx *tx);

#define GO(act, next)                                                                              \
	{                                                                                          \
		(act), (next), false                                                               \
	}
#define LATE                                                                                       \
	{                                                                                          \
		NULL, 0, true                                                                      \
	}
/* clang-format off */
static const struct step invite_client[S_MAX][E_MAX] = {
	[S_NEW]        = { [E_START]       = GO(send_first,  S_TRYING),     [E_STOP]    = GO(end,        S_OVER) },
	[S_TRYING]     = { [E_PROVISIONAL] = GO(provisional, S_PROCEEDING), [E_SUCCESS] = GO(accept,     S_ACCEPTED),
	                   [E_FINAL]       = GO(refused,     S_COMPLETED),  [E_RESEND]  = GO(resend,     S_TRYING),
	                   [E_TIMEOUT]     = GO(time_out,    S_OVER),       [E_LOST]    = GO(lose,       S_OVER),
	                   [E_STOP]        = GO(end,         S_OVER) },
	[S_PROCEEDING] = { [E_PROVISIONAL] = GO(provisional, S_PROCEEDING), [E_SUCCESS] = GO(accept,     S_ACCEPTED),
	                   [E_FINAL]       = GO(refused,     S_COMPLETED),  [E_RESEND]  = LATE,
	                   [E_TIMEOUT]     = GO(timer_c,     S_PROCEEDING), [E_LOST]    = GO(lose,       S_OVER),
	                   [E_STOP]        = GO(end,         S_OVER) },
	[S_COMPLETED]  = { [E_PROVISIONAL] = LATE,                          [E_SUCCESS] = LATE,
	                   [E_FINAL]       = GO(ack_again,   S_COMPLETED),  [E_LOST]    = LATE,
	                   [E_TIMEOUT]     = GO(end,         S_OVER),       [E_STOP]    = LATE },
	[S_ACCEPTED]   = { [E_PROVISIONAL] = LATE,                          [E_SUCCESS] = GO(pass_up,    S_ACCEPTED),
	                   [E_FINAL]       = LATE,                          [E_LOST]    = LATE,
	                   [E_TIMEOUT]     = GO(end,         S_OVER),       [E_STOP]    = LATE },
};
static const struct step other_client[S_MAX][E_MAX] = {
	[S_NEW]        = { [E_START]       = GO(send_first,  S_TRYING),     [E_STOP]    = GO(end,        S_OVER) },
	[S_TRYING]     = { [E_PROVISIONAL] = GO(provisional, S_PROCEEDING), [E_SUCCESS] = GO(final,      S_COMPLETED),
	                   [E_FINAL]       = GO(final,       S_COMPLETED),  [E_RESEND]  = GO(resend,     S_TRYING),
	                   [E_TIMEOUT]     = GO(time_out,    S_OVER),       [E_LOST]    = GO(lose,       S_OVER),
	                   [E_STOP]        = GO(end,         S_OVER) },
	[S_PROCEEDING] = { [E_PROVISIONAL] = GO(pass_up,     S_PROCEEDING), [E_SUCCESS] = GO(final,      S_COMPLETED),
	                   [E_FINAL]       = GO(final,       S_COMPLETED),  [E_RESEND]  = GO(resend,     S_PROCEEDING),
	                   [E_TIMEOUT]     = GO(time_out,    S_OVER),       [E_LOST]    = GO(lose,       S_OVER),
	                   [E_STOP]        = GO(end,         S_OVER) },
	[S_COMPLETED]  = { [E_PROVISIONAL] = LATE, [E_SUCCESS] = LATE, [E_FINAL] = LATE, [E_LOST] = LATE,
	                   [E_TIMEOUT]     = GO(end,         S_OVER),       [E_STOP]    = LATE },
};
static const struct step invite_server[S_MAX][E_MAX] = {
	[S_NEW]        = { [E_REQUEST]     = GO(arrive,        S_PROCEEDING), [E_STOP]   = GO(end,           S_OVER) },
	[S_PROCEEDING] = { [E_REQUEST]     = GO(answer_again,  S_PROCEEDING), [E_PROVISIONAL] = GO(answer,   S_PROCEEDING),
	                   [E_SUCCESS]     = GO(answer_accept, S_ACCEPTED),   [E_FINAL]  = GO(answer_refuse, S_COMPLETED),
	                   [E_ACK]         = LATE,                            [E_LOST]   = LATE,
	                   [E_TIMEOUT]     = GO(end,           S_OVER),       [E_STOP]   = GO(end,           S_OVER) },
	[S_COMPLETED]  = { [E_REQUEST]     = GO(answer_again,  S_COMPLETED),  [E_ACK]    = GO(rest,          S_CONFIRMED),
	                   [E_RESEND]      = GO(answer_resend, S_COMPLETED),  [E_LOST]   = LATE,
	                   [E_TIMEOUT]     = GO(end,           S_OVER),       [E_STOP]   = LATE,
	                   [E_PROVISIONAL] = LATE, [E_SUCCESS] = LATE, [E_FINAL] = LATE },
	[S_CONFIRMED]  = { [E_REQUEST]     = LATE, [E_ACK] = LATE, [E_LOST] = LATE, [E_RESEND] = LATE,
	                   [E_TIMEOUT]     = GO(end,           S_OVER),       [E_STOP]   = LATE,
	                   [E_PROVISIONAL] = LATE, [E_SUCCESS] = LATE, [E_FINAL] = LATE },
	[S_ACCEPTED]   = { [E_REQUEST]     = LATE, [E_LOST] = LATE,           [E_ACK]    = GO(pass_ack,      S_ACCEPTED),
	                   [E_TIMEOUT]     = GO(end,           S_OVER),       [E_STOP]   = LATE,
	                   [E_PROVISIONAL] = LATE, [E_SUCCESS] = LATE, [E_FINAL] = LATE },
};
static const struct step other_server[S_MAX][E_MAX] = {
	[S_NEW]        = { [E_REQUEST]     = GO(arrive,       S_TRYING),     [E_STOP]    = GO(end,          S_OVER) },
	[S_TRYING]     = { [E_REQUEST]     = LATE,                           [E_RESEND]  = GO(late_100,     S_PROCEEDING),
	                   [E_SUCCESS]     = GO(answer_final, S_COMPLETED),  [E_FINAL]   = GO(answer_final, S_COMPLETED),
	                   [E_PROVISIONAL] = LATE,                           [E_LOST]    = LATE,
	                   [E_TIMEOUT]     = GO(end,          S_OVER),       [E_STOP]    = GO(end,          S_OVER) },
	[S_PROCEEDING] = { [E_REQUEST]     = GO(answer_again, S_PROCEEDING), [E_RESEND]  = LATE,
	                   [E_SUCCESS]     = GO(answer_final, S_COMPLETED),  [E_FINAL]   = GO(answer_final, S_COMPLETED),
	                   [E_PROVISIONAL] = LATE,                           [E_LOST]    = LATE,
	                   [E_TIMEOUT]     = GO(end,          S_OVER),       [E_STOP]    = GO(end,          S_OVER) },
	[S_COMPLETED]  = { [E_REQUEST]     = GO(answer_again, S_COMPLETED),  [E_LOST]    = LATE,
	                   [E_TIMEOUT]     = GO(end,          S_OVER),       [E_STOP]    = LATE,
	                   [E_PROVISIONAL] = LATE, [E_SUCCESS] = LATE, [E_FINAL] = LATE },
};
/* clang-format on */

static void tx_event(struct tx *tx, enum ev ev)
{
	const struct step *s = &tx->table[tx->state][ev];

	if (!s->act) {
		if (!s->is_late)
			log_put(io_log(tx->txs->io), &ev_unexpected, F_H("tx", tx->handle),
				F_Z("table", tx->kind), F_NUM("state", tx->state),
				F_NUM("event", ev));
		return;
	}
	tx->state = s->next;
	s->act(tx);
}

/* ---- the table of transactions ---- */

enum err txs_new(const struct txs_deps *deps, struct txs **ret_txs)
{
	struct txs *ts = mem_array(1, sizeof *ts);
	struct hash_key key;
	uint32_t generation;
	enum err err;

	if (!ts)
		return ERR_FULL;
	*ts = (struct txs){.io = deps->io,
		.conns = deps->conns,
		.store = deps->store,
		.conf = deps->conf,
		.server = deps->server,
		.arg = deps->arg};
	io_random(ts->io, &key, sizeof key);
	io_random(ts->io, &ts->key2, sizeof ts->key2);
	io_random(ts->io, &ts->branch_key, sizeof ts->branch_key);
	io_random(ts->io, &generation, sizeof generation);
	err = pool_init(
		&ts->pool, HK_TX, sizeof(struct tx), deps->conf->limits.transactions, generation);
	if (err == OK)
		err = hash_init(&ts->by_key, deps->conf->limits.transactions, &key);
	if (err != OK) {
		txs_free(ts);
		return err;
	}
	*ret_txs = ts;
	return OK;
}

static void release(struct tx *tx)
{
	struct txs *ts = tx->txs;

	timer_stop(&tx->resend);
	timer_stop(&tx->life);
	store_drop(ts->store, &tx->request);
	store_drop(ts->store, &tx->answer);
	store_drop(ts->store, &tx->reason);
	list_remove(&tx->by_conn);
	hash_remove(&ts->by_key, &tx->by_key);
	pool_give(&ts->pool, tx);
}

void txs_free(struct txs *ts)
{
	if (!ts)
		return;
	for (struct tx *tx = NULL; ts->pool.n && (tx = pool_next(&ts->pool, tx));)
		release(tx);
	pool_free(&ts->pool);
	hash_free(&ts->by_key);
	mem_free(ts);
}

struct tx *tx_get(struct txs *ts, uint64_t handle)
{
	return pool_get(&ts->pool, handle);
}

size_t txs_count(const struct txs *ts)
{
	return ts->pool.n_taken;
}

/* The last sixteenth is for requests inside calls and for what closes them. */
bool txs_is_full(const struct txs *ts)
{
	return ts->pool.n_free < ts->pool.n / 16;
}

const struct txs_counters *txs_counters(const struct txs *ts)
{
	return &ts->counters;
}

uint32_t txs_invites(const struct txs *ts, const struct zone *zone)
{
	return zone ? ts->invites[zone->index % ZONES_MAX] : ts->n_invites;
}

static uint16_t *source_slot(struct txs *ts, const struct addr *a)
{
	return &ts->invites_of[siphash(&ts->key2, a->ip, a->family == AF_V6 ? 7 : 4) % SOURCES];
}

uint32_t txs_invites_of(struct txs *ts, const struct addr *source)
{
	return *source_slot(ts, source);
}

static void count_invite(struct tx *tx, bool is_open)
{
	struct txs *ts = tx->txs;
	uint16_t *slot;

	if (tx->is_counted == is_open || tx->method != SIP_INVITE || !tx->is_server)
		return;
	tx->is_counted = is_open;
	ts->n_invites += is_open ? 1u : UINT32_MAX;
	ts->invites[tx->zone->index % ZONES_MAX] += is_open ? 1u : UINT32_MAX;
	slot = source_slot(ts, &tx->remote);
	*slot = (uint16_t)(*slot + (is_open ? 1 : -1));
}

static void on_resend(void *arg)
{
	tx_event(arg, E_RESEND);
}

static void on_life(void *arg)
{
	tx_event(arg, E_TIMEOUT);
}

static struct tx *take(struct txs *ts, enum sip_method method, struct zone *zone, bool is_server)
{
	struct tx *tx = pool_take(&ts->pool);

	if (!tx) {
		ts->counters.n_full++;
		log_put(io_log(ts->io), &ev_full, F_NUM("transactions", ts->pool.n));
		return NULL;
	}
	tx->txs = ts;
	tx->method = method;
	tx->zone = zone;
	tx->is_server = is_server;
	if (method == SIP_INVITE) {
		tx->table = is_server ? invite_server : invite_client;
		tx->kind = is_server ? "invite-server" : "invite-client";
	} else {
		tx->table = is_server ? other_server : other_client;
		tx->kind = is_server ? "other-server" : "other-client";
	}
	list_init(&tx->by_conn);
	timer_init(&tx->resend, on_resend, tx);
	timer_init(&tx->life, on_life, tx);
	return tx;
}

/* ---- the conn of a transaction ---- */

static struct conn *conn_now(const struct tx *tx)
{
	struct txs *ts = tx->txs;
	struct conn *c = conn_get(ts->conns, tx->conn);

	if (c && c->is_open)
		return c;
	if (tx->zone->is_link)
		return conn_get(ts->conns, ts->links[tx->zone->index % ZONES_MAX]);
	return c;
}

/* A UDP conn may have made room for another one meanwhile: its addresses find it again. */
static struct conn *conn_to_answer(struct tx *tx)
{
	struct conn *c = conn_now(tx);

	if (c || !tx->local.port || tx->local.family == AF_NONE)
		return c;
	return conn_udp(tx->txs->conns, &tx->local, &tx->remote, &c) == OK ? c : NULL;
}

static bool is_udp(const struct tx *tx)
{
	struct conn *c = conn_get(tx->txs->conns, tx->conn);

	return c ? !conn_is_stream(c) : tx->local.family != AF_NONE;
}

static void use_conn(struct tx *tx, struct conn *c)
{
	tx->conn = c->handle;
	tx->remote = c->remote;
	if (!conn_is_stream(c))
		tx->local = c->local;
}

static void transmit(struct tx *tx, struct conn *c, struct str bytes)
{
	if (!c || !bytes.len || conn_send(c, bytes) != OK)
		tx->txs->counters.n_stray++;
}

/* ---- acts: client ---- */

static void start_timers(struct tx *tx)
{
	tx->interval_ms = T1_MS;
	if (is_udp(tx))
		timer_start(tx->txs->io, &tx->resend, tx->interval_ms);
	timer_start(tx->txs->io, &tx->life, LIFE_MS);
}

static void send_first(struct tx *tx)
{
	struct conn *c = conn_now(tx);

	start_timers(tx);
	if (c && c->is_open) /* else it leaves when the conn opens, or the link has a new one */
		transmit(tx, c, tx->request);
}

/* Timer A doubles without end, E and G up to T2 (17.1.1.2, 17.1.2.2, 17.2.1). */
static void resend(struct tx *tx)
{
	tx->interval_ms *= 2;
	if (tx->interval_ms > T2_MS && tx->method != SIP_INVITE)
		tx->interval_ms = T2_MS;
	tx->txs->counters.n_retransmissions++;
	transmit(tx, conn_now(tx), tx->request);
	timer_start(tx->txs->io, &tx->resend, tx->interval_ms);
}

static void pass_up(struct tx *tx)
{
	const struct sip_msg *m = tx->txs->in;

	if (tx->user && (m->status != 100 || sip_has(m, SIP_HDR_FOSSE_MEDIA)))
		tx->user->response(tx->arg, tx->who, tx, m);
}

static void send_cancel(struct tx *tx);

static void provisional(struct tx *tx)
{
	if (tx->method == SIP_INVITE) {
		timer_stop(&tx->resend);
		timer_start(tx->txs->io, &tx->life, tx->is_cancelled ? LIFE_MS : TIMER_C_MS);
		if (tx->wants_cancel)
			send_cancel(tx);
	} else if (is_udp(tx)) {
		tx->interval_ms = T2_MS;
		timer_start(tx->txs->io, &tx->resend, T2_MS);
	}
	pass_up(tx);
}

static void accept(struct tx *tx)
{
	list_remove(&tx->by_conn);
	timer_stop(&tx->resend);
	timer_start(
		tx->txs->io, &tx->life, LIFE_MS); /* M (RFC 6026): every further 2xx is passed up */
	store_drop(tx->txs->store, &tx->request);
	pass_up(tx);
}

static struct sip_msg *index_of(const struct tx *tx, struct str held)
{
	struct sip_msg *m = held.len ? scratch_take(io_scratch(tx->txs->io), sizeof *m) : NULL;

	if (!m)
		return NULL;
	sip_msg_init(m);
	m->len_max = SIP_MESSAGE_CEILING;
	return sip_index(held, SIP_DGRAM, m) == OK ? m : NULL;
}

static struct sip_msg *index_held(const struct tx *tx)
{
	return index_of(tx, tx->request);
}

/* A request of the same hop: ACK of a refusal (17.1.1.3), CANCEL (9.1). to: the To line's source.
 * */
static struct str same_hop(struct tx *tx, const char *method, const struct sip_msg *to)
{
	const struct sip_msg *m = index_held(tx);
	char *buf = m ? scratch_take(io_scratch(tx->txs->io), m->bytes.len + 512) : NULL;
	struct wr w;

	if (!buf)
		return STR_NONE;
	w = wr_of(buf, m->bytes.len + 512);
	sip_put_request_line(&w, str_of(method), m->uri_text);
	sip_put_header(&w, SIP_HDR_VIA, m->via.text);
	sip_put_copied(&w, m, SIP_HDR_ROUTE);
	sip_put_copied(&w, m, SIP_HDR_FROM);
	sip_put_copied(&w, to ? to : m, SIP_HDR_TO);
	sip_put_copied(&w, m, SIP_HDR_CALL_ID);
	sip_put_header_f(&w, SIP_HDR_CSEQ, "%u %s", m->cseq, method);
	sip_put_header(&w, SIP_HDR_MAX_FORWARDS, STR("70"));
	if (tx->reason.len && !to)
		sip_put_header(&w, SIP_HDR_REASON, tx->reason);
	sip_put_body(&w, STR_NONE, STR_NONE);
	return wr_done(&w);
}

static void ack_again(struct tx *tx)
{
	transmit(tx, conn_now(tx), same_hop(tx, "ACK", tx->txs->in));
}

static void refused(struct tx *tx)
{
	list_remove(&tx->by_conn);
	timer_stop(&tx->resend);
	ack_again(tx);
	timer_start(tx->txs->io, &tx->life, is_udp(tx) ? LIFE_MS : 0); /* D */
	pass_up(tx);
}

static void final(struct tx *tx)
{
	list_remove(&tx->by_conn);
	timer_stop(&tx->resend);
	timer_start(tx->txs->io, &tx->life, is_udp(tx) ? T4_MS : 0); /* K */
	store_drop(tx->txs->store, &tx->request);
	pass_up(tx);
}

static void fail(struct tx *tx, enum err err, struct str why)
{
	const struct tx_user *user = tx->user;
	struct txs *ts = tx->txs;
	uint64_t handle = tx->handle;
	struct tx_end end = {tx->method, tx->mark, err, why, STR_NONE};

	tx->user = NULL;
	if (user)
		user->failed(tx->arg, tx->who, &end);
	if (tx_get(ts, handle))
		release(tx);
}

static void time_out(struct tx *tx)
{
	tx->txs->counters.n_timeouts++;
	fail(tx, ERR_TIMEOUT, STR("no answer in 32 s"));
}

/* RFC 3261 16.8: CANCEL, and 408 when even that brings no final response. */
static void timer_c(struct tx *tx)
{
	if (tx->is_cancelled || tx->wants_cancel) {
		time_out(tx);
		return;
	}
	tx_cancel(tx, STR_NONE);
	timer_start(tx->txs->io, &tx->life, LIFE_MS);
}

static void lose(struct tx *tx)
{
	fail(tx, ERR_CLOSED, tx->txs->why);
}

static void end(struct tx *tx)
{
	count_invite(tx, false);
	release(tx);
}

/* ---- acts: server ---- */

static void arrive(struct tx *tx)
{
	struct txs *ts = tx->txs;

	count_invite(tx, true);
	timer_start(ts->io, &tx->life, tx->method == SIP_INVITE ? INVITE_LIFE_MS : LIFE_MS + T2_MS);
	if (tx->method != SIP_INVITE)
		timer_start(ts->io, &tx->resend, LATE_100_MS);
	ts->counters.n_requests++;
	ts->server->request(ts->arg, ts->in_conn, tx, ts->in);
}

static void answer_again(struct tx *tx)
{
	tx->txs->counters.n_retransmissions++;
	if (tx->answer.len)
		transmit(tx, conn_to_answer(tx), tx->answer);
}

static void answer(struct tx *tx)
{
	struct txs *ts = tx->txs;

	store_drop(ts->store, &tx->answer);
	tx->answer = store_put(ts->store, ts->out);
	transmit(tx, conn_to_answer(tx), ts->out);
}

static void answer_accept(struct tx *tx)
{
	count_invite(tx, false);
	answer(tx);
	timer_start(tx->txs->io, &tx->life, LIFE_MS); /* L (RFC 6026) */
}

static void answer_refuse(struct tx *tx)
{
	count_invite(tx, false);
	answer(tx);
	store_drop(tx->txs->store, &tx->request);
	tx->interval_ms = T1_MS;
	if (is_udp(tx))
		timer_start(tx->txs->io, &tx->resend, T1_MS); /* G */
	timer_start(tx->txs->io, &tx->life, LIFE_MS);         /* H */
}

static void answer_resend(struct tx *tx)
{
	answer_again(tx);
	tx->interval_ms = tx->interval_ms * 2 < T2_MS ? tx->interval_ms * 2 : T2_MS;
	timer_start(tx->txs->io, &tx->resend, tx->interval_ms);
}

static void answer_final(struct tx *tx)
{
	timer_stop(&tx->resend);
	answer(tx);
	store_drop(tx->txs->store, &tx->request);
	/* J. On streams 0 by the RFC; a link's requests may come again on its next connection. */
	timer_start(tx->txs->io, &tx->life, is_udp(tx) || tx->zone->is_link ? LIFE_MS : 0);
}

static void late_100(struct tx *tx)
{
	const struct sip_msg *m = index_held(tx);
	struct addr src = tx_source(tx);
	char *buf = m ? scratch_take(io_scratch(tx->txs->io), m->bytes.len + 512) : NULL;
	struct wr w;

	if (!buf)
		return;
	w = wr_of(buf, m->bytes.len + 512);
	sip_put_response(&w, m, 100, STR_NONE, STR_NONE, &src);
	sip_put_body(&w, STR_NONE, STR_NONE);
	tx->txs->out = wr_done(&w);
	answer(tx);
}

static void rest(struct tx *tx)
{
	timer_stop(&tx->resend);
	timer_start(tx->txs->io, &tx->life, is_udp(tx) ? T4_MS : 0); /* I */
}

static void pass_ack(struct tx *tx)
{
	struct txs *ts = tx->txs;

	ts->server->ack(ts->arg, ts->in_conn, ts->in);
}

/* ---- client interface ---- */

struct tx *tx_new(struct txs *ts, enum sip_method method, struct zone *zone,
	const struct tx_user *user, void *arg, uint64_t who)
{
	struct tx *tx = take(ts, method, zone, false);

	if (!tx)
		return NULL;
	tx->user = user;
	tx->arg = arg;
	tx->who = who;
	return tx;
}

void tx_set_mark(struct tx *tx, uint64_t mark)
{
	tx->mark = mark;
}

/* {handle, MAC}: a predecessor's or a guessed branch never fits. */
static void token_put(const struct tx *tx, uint8_t ret[BRANCH_LEN])
{
	uint64_t mac = siphash(&tx->txs->branch_key, &tx->handle, sizeof tx->handle);

	memcpy(ret, &tx->handle, sizeof tx->handle);
	memcpy(ret + sizeof tx->handle, &mac, sizeof mac);
}

const char *tx_branch(const struct tx *tx, char buf[TX_BRANCH_SIZE])
{
	uint8_t token[BRANCH_LEN];

	token_put(tx, token);
	memcpy(buf, COOKIE.p, COOKIE.len);
	base32_put(token, sizeof token, buf + COOKIE.len);
	return buf;
}

enum err tx_start(struct tx *tx, struct conn *c, struct str bytes)
{
	tx->request = store_put(tx->txs->store, bytes);
	if (!tx->request.len) {
		tx->txs->counters.n_full++;
		release(tx);
		return ERR_FULL;
	}
	if (c) {
		use_conn(tx, c);
		list_append(&c->waiting, &tx->by_conn);
	}
	tx_event(tx, E_START);
	return OK;
}

static void send_cancel(struct tx *tx)
{
	struct txs *ts = tx->txs;
	struct str bytes = same_hop(tx, "CANCEL", NULL);
	struct conn *c = conn_now(tx);
	struct tx *cancel;

	if (!c && tx->zone->is_link) { /* it follows the INVITE on the link's next connection */
		tx->wants_cancel = true;
		timer_start(ts->io, &tx->life, LIFE_MS);
		return;
	}
	tx->wants_cancel = false;
	tx->is_cancelled = true;
	timer_start(ts->io, &tx->life, LIFE_MS);
	cancel = bytes.len && c ? tx_new(ts, SIP_CANCEL, tx->zone, NULL, NULL, 0) : NULL;
	if (cancel && tx_start(cancel, c, bytes) == OK)
		tx->cancel = cancel->handle;
}

void tx_cancel(struct tx *tx, struct str reason)
{
	if (tx->method != SIP_INVITE || tx->is_server || tx->is_cancelled || tx->wants_cancel)
		return;
	tx->reason = store_put(tx->txs->store, reason);
	if (tx->state == S_PROCEEDING)
		send_cancel(tx);
	else if (tx->state == S_TRYING)
		tx->wants_cancel = true; /* RFC 3261 9.1: not before a provisional response */
}

void tx_free(struct tx *tx)
{
	if (!tx)
		return;
	tx->user = NULL;
	tx_event(tx, E_STOP);
}

/* ---- server interface ---- */

void tx_answer(struct tx *tx, unsigned code, struct str bytes)
{
	if (!bytes.len)
		return;
	tx->txs->out = bytes;
	tx_event(tx, code < 200 ? E_PROVISIONAL : code < 300 ? E_SUCCESS : E_FINAL);
}

void tx_answer_again(struct tx *tx)
{
	answer_again(tx);
}

void tx_acked(struct tx *tx)
{
	store_drop(tx->txs->store, &tx->answer);
	store_drop(tx->txs->store, &tx->request);
}

const struct sip_msg *tx_request(const struct tx *tx)
{
	return index_held(tx);
}

struct str tx_request_bytes(const struct tx *tx)
{
	return tx->request;
}

void tx_set_user(struct tx *tx, const struct tx_user *user, void *arg, uint64_t who)
{
	tx->user = user;
	tx->arg = arg;
	tx->who = who;
}

/* ---- both ---- */

uint64_t tx_handle(const struct tx *tx)
{
	return tx->handle;
}

uint64_t tx_who(const struct tx *tx)
{
	return tx->who;
}

uint64_t tx_mark(const struct tx *tx)
{
	return tx->mark;
}

enum sip_method tx_method(const struct tx *tx)
{
	return tx->method;
}

struct conn *tx_conn(const struct tx *tx)
{
	return conn_now(tx);
}

struct zone *tx_zone(const struct tx *tx)
{
	return tx->zone;
}

bool tx_is_over(const struct tx *tx)
{
	return tx->state >= S_COMPLETED;
}

bool tx_is_server(const struct tx *tx)
{
	return tx->is_server;
}

struct addr tx_source(const struct tx *tx)
{
	struct conn *c = conn_now(tx);

	return c ? c->remote : tx->remote;
}

/* ---- input: responses ---- */

static struct tx *branch_get(struct txs *ts, struct str branch)
{
	uint8_t token[BRANCH_LEN], ours[BRANCH_LEN];
	uint64_t handle;
	struct tx *tx;
	size_t n;

	if (!str_has_prefix(branch, COOKIE))
		return NULL;
	if (base32_get(str_skip(branch, COOKIE.len), token, sizeof token, &n) != OK ||
		n != sizeof token)
		return NULL;
	memcpy(&handle, token, sizeof handle);
	tx = tx_get(ts, handle);
	if (!tx || tx->is_server)
		return NULL;
	token_put(tx, ours);
	return crypt_equal(ours, token, sizeof token) ? tx : NULL;
}

/* The response must come from where the request went: its conn, its zone, or its UDP address. */
static bool fits_conn(const struct tx *tx, const struct conn *c)
{
	if (c->handle == tx->conn || c->zone == tx->zone)
		return true;
	return !conn_is_stream(c) && addr_same_host(&c->remote, &tx->remote);
}

static void on_response(struct txs *ts, struct conn *c, const struct sip_msg *m)
{
	struct tx *tx = branch_get(ts, m->via.branch);

	if (tx && m->method == SIP_CANCEL && tx->method == SIP_INVITE)
		tx = tx_get(ts, tx->cancel);
	if (!tx || tx->method != m->method || !fits_conn(tx, c)) {
		ts->counters.n_stray++; /* RFC 6026: dropped, never forwarded */
		return;
	}
	ts->counters.n_responses++;
	ts->in = m;
	ts->in_conn = c;
	tx_event(tx, m->status < 200 ? E_PROVISIONAL : m->status < 300 ? E_SUCCESS : E_FINAL);
}

/* ---- input: requests ---- */

static char class_of(enum sip_method method)
{
	return method == SIP_INVITE || method == SIP_ACK ? 'i' : method == SIP_CANCEL ? 'c' : 'o';
}

static void put_lower(struct wr *w, struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		wr_u8(w, (uint8_t)ascii_lower(s.p[i]));
}

/* RFC 3261 17.2.3: the branch, the sent-by and the method; for a branch without the cookie the old
 * rule: Request-URI, tags, Call-ID, CSeq number and the topmost Via. The ACK's To tag is ours, so
 * it is no part of the old key. */
static struct str key_put(struct wr *w, const struct conn *c, const struct sip_msg *m, char class)
{
	/* a conn moves from the Default to the Local zone when it registers: its repeats still fit
	 * */
	uint32_t zone =
		c->zone->kind == ZK_LOCAL || c->zone->kind == ZK_DEFAULT ? 0 : c->zone->index;

	wr_printf(w, "%u|%c|%u|", zone, class, m->via.port);
	put_lower(w, m->via.host);
	wr_u8(w, '|');
	wr_str(w, m->via.branch);
	if (!str_has_prefix(m->via.branch, COOKIE)) {
		wr_printf(w, "|%u|", m->cseq);
		wr_str(w, m->uri_text);
		wr_u8(w, '|');
		wr_str(w, m->from_tag);
		wr_u8(w, '|');
		wr_str(w, m->call_id);
		wr_u8(w, '|');
		wr_str(w, m->via.text);
	}
	return wr_done(w);
}

struct key {
	uint64_t a, b;
};

/* Two keyed hashes, 128 bits that nobody outside can aim at, stand for the whole key. */
static struct key key_of(struct txs *ts, const struct conn *c, const struct sip_msg *m, char class)
{
	size_t size = m->via.text.len + m->uri_text.len + m->call_id.len + m->from_tag.len +
	              2 * m->via.branch.len + 256;
	char *buf = scratch_take(io_scratch(ts->io), size);
	struct wr w = wr_of(buf, buf ? size : 0);
	struct str key = key_put(&w, c, m, class);

	return (struct key){
		siphash(&ts->by_key.key, key.p, key.len), siphash(&ts->key2, key.p, key.len)};
}

static struct tx *key_get(struct txs *ts, struct key key)
{
	for (struct hash_node *n = hash_first(&ts->by_key, key.a); n; n = hash_next(n)) {
		struct tx *tx = container_of(n, struct tx, by_key);

		if (tx->key2 == key.b)
			return tx;
	}
	return NULL;
}

static void answer_stateless(struct txs *ts, struct conn *c, const struct sip_msg *m, unsigned code)
{
	char *buf = scratch_take(io_scratch(ts->io), m->bytes.len + 512);
	struct wr w;

	if (!buf)
		return;
	w = wr_of(buf, m->bytes.len + 512);
	sip_put_response(&w, m, code, STR_NONE, STR("busy"), &c->remote);
	sip_put_header(
		&w, SIP_HDR_REASON, STR("SIP;cause=503;text=\"Too many requests at a time\""));
	sip_put_header(&w, SIP_HDR_RETRY_AFTER, STR("10"));
	sip_put_body(&w, STR_NONE, STR_NONE);
	if (w.err != OK || conn_send(c, wr_done(&w)) != OK)
		ts->counters.n_stray++;
}

static struct tx *server_new(
	struct txs *ts, struct conn *c, const struct sip_msg *m, struct key key)
{
	struct tx *tx = take(ts, m->method, c->zone, true);

	if (!tx)
		return NULL;
	tx->request = store_put(ts->store, (struct str){m->bytes.p + m->start, m->end - m->start});
	if (!tx->request.len) {
		release(tx);
		return NULL;
	}
	tx->key2 = key.b;
	hash_add(&ts->by_key, &tx->by_key, key.a);
	use_conn(tx, c);
	return tx;
}

/* The To tag of our answers to an INVITE: its CANCEL's answer has the same (RFC 3261 9.2). */
static struct str tag_of(struct txs *ts, const struct tx *invite)
{
	const struct sip_msg *final =
		invite->state >= S_COMPLETED ? index_of(invite, invite->answer) : NULL;

	return final ? final->to_tag : ts->server->tag(ts->arg, invite);
}

/* RFC 3261 9.2: 200 when there is something to cancel, whatever comes of it; else 481. */
static void on_cancel(struct txs *ts, struct conn *c, struct tx *cancel, const struct sip_msg *m)
{
	struct tx *invite = key_get(ts, key_of(ts, c, m, class_of(SIP_INVITE)));
	unsigned code = invite ? 200 : 481;
	char *buf = scratch_take(io_scratch(ts->io), m->bytes.len + 512);
	struct wr w = wr_of(buf, buf ? m->bytes.len + 512 : 0);
	struct str tag = invite ? tag_of(ts, invite) : STR_NONE;

	sip_put_response(&w, m, code, STR_NONE, tag.len ? tag : STR("c"), &c->remote);
	sip_put_body(&w, STR_NONE, STR_NONE);
	tx_answer(cancel, code, wr_done(&w));
	if (invite && invite->state == S_PROCEEDING)
		ts->server->cancelled(ts->arg, invite, m);
}

static void request_event(struct txs *ts, struct conn *c, struct tx *tx, const struct sip_msg *m)
{
	ts->in = m;
	ts->in_conn = c;
	if (conn_is_stream(c))
		tx->conn = c->handle; /* a link's request may come again on its next connection */
	tx_event(tx, m->method == SIP_ACK ? E_ACK : E_REQUEST);
}

static void on_request(struct txs *ts, struct conn *c, const struct sip_msg *m)
{
	struct key key = key_of(ts, c, m, class_of(m->method));
	struct tx *tx = key_get(ts, key);

	if (tx) {
		request_event(ts, c, tx, m);
		return;
	}
	if (m->method == SIP_ACK) {
		ts->server->ack(ts->arg, c, m);
		return;
	}
	tx = server_new(ts, c, m, key);
	if (!tx) {
		answer_stateless(ts, c, m, 503);
		return;
	}
	if (m->method == SIP_CANCEL) {
		tx->state = S_TRYING;
		on_cancel(ts, c, tx, m);
		return;
	}
	request_event(ts, c, tx, m);
}

void tx_input(struct txs *ts, struct conn *c, const struct sip_msg *m)
{
	if (m->is_request)
		on_request(ts, c, m);
	else
		on_response(ts, c, m);
}

/* ---- conns come and go ---- */

void txs_conn_opened(struct txs *ts, struct conn *c)
{
	(void)ts;
	LIST_FOR(it, &c->waiting)
	{
		struct tx *tx = container_of(it, struct tx, by_conn);

		if (tx->state == S_TRYING || tx->state == S_PROCEEDING)
			transmit(tx, c, tx->request);
	}
}

void txs_conn_lost(struct txs *ts, struct conn *c, enum err err, struct str why)
{
	struct scratch *scratch = io_scratch(ts->io);
	size_t mark = scratch->used;
	struct list *it;

	if (c->zone && ts->links[c->zone->index % ZONES_MAX] == c->handle)
		ts->links[c->zone->index % ZONES_MAX] = 0;
	while ((it = list_first(&c->waiting))) {
		struct tx *tx = container_of(it, struct tx, by_conn);

		list_remove(&tx->by_conn);
		if (tx->zone->is_link || !conn_is_stream(c))
			continue;
		ts->err = err;
		ts->why = why;
		tx_event(tx, E_LOST);
		scratch->used = mark; /* each has the arena to itself */
	}
}

static bool waits_for_link(const struct tx *tx, const struct zone *zone)
{
	return tx->zone == zone && !tx->is_server &&
	       (tx->state == S_TRYING || tx->state == S_PROCEEDING);
}

static void continue_on(struct tx *tx, struct conn *c)
{
	struct scratch *scratch = io_scratch(tx->txs->io);
	size_t mark = scratch->used;

	use_conn(tx, c);
	list_append(&c->waiting, &tx->by_conn);
	transmit(tx, c, tx->request);
	if (tx->wants_cancel && tx->state == S_PROCEEDING)
		send_cancel(tx);
	scratch->used = mark;
}

/* INVITEs first: a CANCEL that overtakes its INVITE cancels nothing. */
void txs_link_up(struct txs *ts, struct conn *c)
{
	ts->links[c->zone->index % ZONES_MAX] = c->handle;
	for (struct tx *tx = NULL; (tx = pool_next(&ts->pool, tx));) {
		if (tx->method == SIP_INVITE && waits_for_link(tx, c->zone))
			continue_on(tx, c);
	}
	for (struct tx *tx = NULL; (tx = pool_next(&ts->pool, tx));) {
		if (tx->method != SIP_INVITE && waits_for_link(tx, c->zone) &&
			tx->conn != c->handle)
			continue_on(tx, c);
	}
}

/* ---- the tables, walked ---- */

static bool is_reachable(const struct step (*table)[E_MAX], unsigned state)
{
	for (unsigned s = 0; s < S_MAX; s++) {
		for (unsigned e = 0; e < E_MAX; e++) {
			if (table[s][e].act && table[s][e].next == state)
				return true;
		}
	}
	return state == S_NEW;
}

static unsigned table_faults(const struct step (*table)[E_MAX])
{
	unsigned n = 0;

	for (unsigned s = 0; s < S_MAX; s++) {
		bool is_used = false;

		for (unsigned e = 0; e < E_MAX; e++) {
			is_used |= table[s][e].act || table[s][e].is_late;
			n += table[s][e].next >= S_MAX;
		}
		if (!is_used)
			continue;
		n += !is_reachable(table, s);
		n += !table[s][E_STOP].act && !table[s][E_STOP].is_late;
		n += s != S_NEW && !table[s][E_LOST].act && !table[s][E_LOST].is_late;
		n += s != S_NEW && !table[s][E_TIMEOUT].act;
	}
	return n;
}

unsigned tx_tables_check(void)
{
	return table_faults(invite_client) + table_faults(other_client) +
	       table_faults(invite_server) + table_faults(other_server);
}
