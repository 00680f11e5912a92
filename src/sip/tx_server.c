/* tx_server.c - requests that we get: two state tables, their acts, and the key by which repeats are known. */
#include <string.h>

#include "sip/build.h"
#include "sip/txs.h"

#define LATE_100_MS    3500u    /* RFC 4320 4.1: when Timer E would have reached T2 */
#define INVITE_LIFE_MS 3600000u /* an INVITE that its user forgot */

static void arrive(struct tx *tx);
static void answer_again(struct tx *tx);
static void answer(struct tx *tx);
static void answer_accept(struct tx *tx);
static void answer_refuse(struct tx *tx);
static void rest(struct tx *tx);
static void answer_resend(struct tx *tx);
static void pass_ack(struct tx *tx);
static void late_100(struct tx *tx);
static void answer_final(struct tx *tx);

/* clang-format off */
const struct step tx_invite_server[S_MAX][E_MAX] = {
	[S_NEW]        = { [E_REQUEST]     = GO(arrive,        S_PROCEEDING), [E_STOP]   = GO(tx_act_end,    S_OVER) },
	[S_PROCEEDING] = { [E_REQUEST]     = GO(answer_again,  S_PROCEEDING), [E_PROVISIONAL] = GO(answer,   S_PROCEEDING),
	                   [E_SUCCESS]     = GO(answer_accept, S_ACCEPTED),   [E_FINAL]  = GO(answer_refuse, S_COMPLETED),
	                   [E_ACK]         = LATE,                            [E_LOST]   = LATE,
	                   [E_TIMEOUT]     = GO(tx_act_end,    S_OVER),       [E_STOP]   = GO(tx_act_end,    S_OVER) },
	[S_COMPLETED]  = { [E_REQUEST]     = GO(answer_again,  S_COMPLETED),  [E_ACK]    = GO(rest,          S_CONFIRMED),
	                   [E_RESEND]      = GO(answer_resend, S_COMPLETED),  [E_LOST]   = LATE,
	                   [E_TIMEOUT]     = GO(tx_act_end,    S_OVER),       [E_STOP]   = LATE,
	                   [E_PROVISIONAL] = LATE, [E_SUCCESS] = LATE, [E_FINAL] = LATE },
	[S_CONFIRMED]  = { [E_REQUEST]     = LATE, [E_ACK] = LATE, [E_LOST] = LATE, [E_RESEND] = LATE,
	                   [E_TIMEOUT]     = GO(tx_act_end,    S_OVER),       [E_STOP]   = LATE,
	                   [E_PROVISIONAL] = LATE, [E_SUCCESS] = LATE, [E_FINAL] = LATE },
	[S_ACCEPTED]   = { [E_REQUEST]     = LATE, [E_LOST] = LATE,           [E_ACK]    = GO(pass_ack,      S_ACCEPTED),
	                   [E_TIMEOUT]     = GO(tx_act_end,    S_OVER),       [E_STOP]   = LATE,
	                   [E_PROVISIONAL] = LATE, [E_SUCCESS] = LATE, [E_FINAL] = LATE },
};
const struct step tx_other_server[S_MAX][E_MAX] = {
	[S_NEW]        = { [E_REQUEST]     = GO(arrive,       S_TRYING),     [E_STOP]    = GO(tx_act_end,   S_OVER) },
	[S_TRYING]     = { [E_REQUEST]     = LATE,                           [E_RESEND]  = GO(late_100,     S_PROCEEDING),
	                   [E_SUCCESS]     = GO(answer_final, S_COMPLETED),  [E_FINAL]   = GO(answer_final, S_COMPLETED),
	                   [E_PROVISIONAL] = LATE,                           [E_LOST]    = LATE,
	                   [E_TIMEOUT]     = GO(tx_act_end,   S_OVER),       [E_STOP]    = GO(tx_act_end,   S_OVER) },
	[S_PROCEEDING] = { [E_REQUEST]     = GO(answer_again, S_PROCEEDING), [E_RESEND]  = LATE,
	                   [E_SUCCESS]     = GO(answer_final, S_COMPLETED),  [E_FINAL]   = GO(answer_final, S_COMPLETED),
	                   [E_PROVISIONAL] = LATE,                           [E_LOST]    = LATE,
	                   [E_TIMEOUT]     = GO(tx_act_end,   S_OVER),       [E_STOP]    = GO(tx_act_end,   S_OVER) },
	[S_COMPLETED]  = { [E_REQUEST]     = GO(answer_again, S_COMPLETED),  [E_LOST]    = LATE,
	                   [E_TIMEOUT]     = GO(tx_act_end,   S_OVER),       [E_STOP]    = LATE,
	                   [E_PROVISIONAL] = LATE, [E_SUCCESS] = LATE, [E_FINAL] = LATE },
};
/* clang-format on */

/* ---- acts ---- */

/* A UDP conn may have made room for another one meanwhile: its addresses find it again. */
static struct conn *conn_to_answer(struct tx *tx)
{
	struct conn *c = tx_conn(tx);

	if (c || !tx->local.port || tx->local.family == AF_NONE)
		return c;
	return conn_udp(tx->txs->conns, &tx->local, &tx->remote, &c) == OK ? c : NULL;
}

static void arrive(struct tx *tx)
{
	struct txs *ts = tx->txs;

	tx_count_invite(tx, true);
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
		tx_transmit(tx, conn_to_answer(tx), tx->answer);
}

static void answer(struct tx *tx)
{
	struct txs *ts = tx->txs;

	store_drop(ts->store, &tx->answer);
	tx->answer = store_put(ts->store, ts->out);
	tx_transmit(tx, conn_to_answer(tx), ts->out);
}

static void answer_accept(struct tx *tx)
{
	tx_count_invite(tx, false);
	answer(tx);
	timer_start(tx->txs->io, &tx->life, LIFE_MS); /* L (RFC 6026) */
}

static void answer_refuse(struct tx *tx)
{
	tx_count_invite(tx, false);
	answer(tx);
	store_drop(tx->txs->store, &tx->request);
	tx->interval_ms = T1_MS;
	if (tx_is_udp(tx))
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
	timer_start(tx->txs->io, &tx->life, tx_is_udp(tx) || tx->zone->is_link ? LIFE_MS : 0);
}

static void late_100(struct tx *tx)
{
	const struct sip_msg *m = tx_request(tx);
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
	timer_start(tx->txs->io, &tx->life, tx_is_udp(tx) ? T4_MS : 0); /* I */
}

static void pass_ack(struct tx *tx)
{
	struct txs *ts = tx->txs;

	ts->server->ack(ts->arg, ts->in_conn, ts->in);
}

/* ---- interface ---- */

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

/* ---- requests ---- */

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
	struct tx *tx = tx_take(ts, m->method, c->zone, true);

	if (!tx)
		return NULL;
	tx->request = store_put(ts->store, (struct str){m->bytes.p + m->start, m->end - m->start});
	if (!tx->request.len) {
		tx_release(tx);
		return NULL;
	}
	tx->key2 = key.b;
	hash_add(&ts->by_key, &tx->by_key, key.a);
	tx_use_conn(tx, c);
	return tx;
}

/* The To tag of our answers to an INVITE: its CANCEL's answer has the same (RFC 3261 9.2). */
static struct str tag_of(struct txs *ts, const struct tx *invite)
{
	const struct sip_msg *final =
		invite->state >= S_COMPLETED ? tx_held(invite, invite->answer) : NULL;

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

void txs_request(struct txs *ts, struct conn *c, const struct sip_msg *m)
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
