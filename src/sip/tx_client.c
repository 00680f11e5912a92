/* tx_client.c - requests that we send: two state tables, their acts, and the way of a response back to its
 * transaction.
 *
 * A transaction of a traversal zone that loses its connection waits, with its life timer running, for the
 * zone's next one (txs_link_up). */
#include <string.h>

#include "base/code.h"
#include "base/crypt.h"
#include "sip/build.h"
#include "sip/txs.h"

#define TIMER_C_MS 185000u /* RFC 3261 16.6.11: more than 3 minutes */
#define BRANCH_LEN 16u

static void send_first(struct tx *tx);
static void provisional(struct tx *tx);
static void accept(struct tx *tx);
static void refused(struct tx *tx);
static void resend(struct tx *tx);
static void time_out(struct tx *tx);
static void lose(struct tx *tx);
static void timer_c(struct tx *tx);
static void ack_again(struct tx *tx);
static void pass_up(struct tx *tx);
static void final(struct tx *tx);

/* clang-format off */
const struct step tx_invite_client[S_MAX][E_MAX] = {
	[S_NEW]        = { [E_START]       = GO(send_first,  S_TRYING),     [E_STOP]    = GO(tx_act_end, S_OVER) },
	[S_TRYING]     = { [E_PROVISIONAL] = GO(provisional, S_PROCEEDING), [E_SUCCESS] = GO(accept,     S_ACCEPTED),
	                   [E_FINAL]       = GO(refused,     S_COMPLETED),  [E_RESEND]  = GO(resend,     S_TRYING),
	                   [E_TIMEOUT]     = GO(time_out,    S_OVER),       [E_LOST]    = GO(lose,       S_OVER),
	                   [E_STOP]        = GO(tx_act_end,  S_OVER) },
	[S_PROCEEDING] = { [E_PROVISIONAL] = GO(provisional, S_PROCEEDING), [E_SUCCESS] = GO(accept,     S_ACCEPTED),
	                   [E_FINAL]       = GO(refused,     S_COMPLETED),  [E_RESEND]  = LATE,
	                   [E_TIMEOUT]     = GO(timer_c,     S_PROCEEDING), [E_LOST]    = GO(lose,       S_OVER),
	                   [E_STOP]        = GO(tx_act_end,  S_OVER) },
	[S_COMPLETED]  = { [E_PROVISIONAL] = LATE,                          [E_SUCCESS] = LATE,
	                   [E_FINAL]       = GO(ack_again,   S_COMPLETED),  [E_LOST]    = LATE,
	                   [E_TIMEOUT]     = GO(tx_act_end,  S_OVER),       [E_STOP]    = LATE },
	[S_ACCEPTED]   = { [E_PROVISIONAL] = LATE,                          [E_SUCCESS] = GO(pass_up,    S_ACCEPTED),
	                   [E_FINAL]       = LATE,                          [E_LOST]    = LATE,
	                   [E_TIMEOUT]     = GO(tx_act_end,  S_OVER),       [E_STOP]    = LATE },
};
const struct step tx_other_client[S_MAX][E_MAX] = {
	[S_NEW]        = { [E_START]       = GO(send_first,  S_TRYING),     [E_STOP]    = GO(tx_act_end, S_OVER) },
	[S_TRYING]     = { [E_PROVISIONAL] = GO(provisional, S_PROCEEDING), [E_SUCCESS] = GO(final,      S_COMPLETED),
	                   [E_FINAL]       = GO(final,       S_COMPLETED),  [E_RESEND]  = GO(resend,     S_TRYING),
	                   [E_TIMEOUT]     = GO(time_out,    S_OVER),       [E_LOST]    = GO(lose,       S_OVER),
	                   [E_STOP]        = GO(tx_act_end,  S_OVER) },
	[S_PROCEEDING] = { [E_PROVISIONAL] = GO(pass_up,     S_PROCEEDING), [E_SUCCESS] = GO(final,      S_COMPLETED),
	                   [E_FINAL]       = GO(final,       S_COMPLETED),  [E_RESEND]  = GO(resend,     S_PROCEEDING),
	                   [E_TIMEOUT]     = GO(time_out,    S_OVER),       [E_LOST]    = GO(lose,       S_OVER),
	                   [E_STOP]        = GO(tx_act_end,  S_OVER) },
	[S_COMPLETED]  = { [E_PROVISIONAL] = LATE, [E_SUCCESS] = LATE, [E_FINAL] = LATE, [E_LOST] = LATE,
	                   [E_TIMEOUT]     = GO(tx_act_end,  S_OVER),       [E_STOP]    = LATE },
};
/* clang-format on */

/* ---- acts ---- */

static void start_timers(struct tx *tx)
{
	tx->interval_ms = T1_MS;
	if (tx_is_udp(tx))
		timer_start(tx->txs->io, &tx->resend, tx->interval_ms);
	timer_start(tx->txs->io, &tx->life, LIFE_MS);
}

static void send_first(struct tx *tx)
{
	struct conn *c = tx_conn(tx);

	start_timers(tx);
	if (c && c->is_open) /* else it leaves when the conn opens, or the link has a new one */
		tx_transmit(tx, c, tx->request);
}

/* Timer A doubles without end, E and G up to T2 (17.1.1.2, 17.1.2.2, 17.2.1). */
static void resend(struct tx *tx)
{
	tx->interval_ms *= 2;
	if (tx->interval_ms > T2_MS && tx->method != SIP_INVITE)
		tx->interval_ms = T2_MS;
	tx->txs->counters.n_retransmissions++;
	tx_transmit(tx, tx_conn(tx), tx->request);
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
	} else if (tx_is_udp(tx)) {
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

/* A request of the same hop: ACK of a refusal (17.1.1.3), CANCEL (9.1). to: the To line's source.
 * */
static struct str same_hop(struct tx *tx, const char *method, const struct sip_msg *to)
{
	const struct sip_msg *m = tx_request(tx);
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
	tx_transmit(tx, tx_conn(tx), same_hop(tx, "ACK", tx->txs->in));
}

static void refused(struct tx *tx)
{
	list_remove(&tx->by_conn);
	timer_stop(&tx->resend);
	ack_again(tx);
	timer_start(tx->txs->io, &tx->life, tx_is_udp(tx) ? LIFE_MS : 0); /* D */
	pass_up(tx);
}

static void final(struct tx *tx)
{
	list_remove(&tx->by_conn);
	timer_stop(&tx->resend);
	timer_start(tx->txs->io, &tx->life, tx_is_udp(tx) ? T4_MS : 0); /* K */
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
		tx_release(tx);
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

/* ---- interface ---- */

struct tx *tx_new(struct txs *ts, enum sip_method method, struct zone *zone,
	const struct tx_user *user, void *arg, uint64_t who)
{
	struct tx *tx = tx_take(ts, method, zone, false);

	if (!tx)
		return NULL;
	tx->user = user;
	tx->arg = arg;
	tx->who = who;
	return tx;
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
		tx_release(tx);
		return ERR_FULL;
	}
	if (c) {
		tx_use_conn(tx, c);
		list_append(&c->waiting, &tx->by_conn);
	}
	tx_event(tx, E_START);
	return OK;
}

static void send_cancel(struct tx *tx)
{
	struct txs *ts = tx->txs;
	struct str bytes = same_hop(tx, "CANCEL", NULL);
	struct conn *c = tx_conn(tx);
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

/* ---- responses ---- */

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

void txs_response(struct txs *ts, struct conn *c, const struct sip_msg *m)
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

/* ---- conns come and go ---- */

void txs_conn_opened(struct txs *ts, struct conn *c)
{
	(void)ts;
	LIST_FOR(it, &c->waiting)
	{
		struct tx *tx = container_of(it, struct tx, by_conn);

		if (tx->state == S_TRYING || tx->state == S_PROCEEDING)
			tx_transmit(tx, c, tx->request);
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

	tx_use_conn(tx, c);
	list_append(&c->waiting, &tx->by_conn);
	tx_transmit(tx, c, tx->request);
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
