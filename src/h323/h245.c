/* h245.c - H.245 of one leg: how it travels. See cleg.h.
 *
 *	unknown    nothing was said of tunnelling yet: what is for the far side waits
 *	tunnelled  while every message of the far side said so; rides on what leaves, else on a Facility
 *	separate   a connection of its own: who was given an address connects
 *
 * Where the two legs of a call differ messages change their transport and nothing else. Master and slave,
 * capabilities and all that names no address pass end to end; of a channel the addresses become ours. */
#include <string.h>

#include "h323/cleg.h"
#include "h323/rewrite.h"

#define DROP_MS    2000u
#define TRIES_MAX  3u
#define NOT_USED   (-1)
#define RIDE_BYTES 16384u /* of one message: the rest takes the next */

LOG_EVENT(ev_dropped, "H323-131", LOG_NOTICE,
	"H.245 messages wait too long for a way: one is dropped");
LOG_EVENT(ev_no_way, "H323-133", LOG_NOTICE, "no way to the H.245 address of a far side");

static void on_drop(void *arg);

void h245_init(struct cleg *c)
{
	c->h245.used = NOT_USED;
	c->h245.is_offered = true;
	timer_init(&c->h245.drop, on_drop, c);
}

static void close_conns(struct cleg *c)
{
	for (int i = 0; i < 2; i++) {
		hconn_end(hconn_get(c->h->conns, c->h245.conn[i]));
		c->h245.conn[i] = 0;
	}
	c->h245.used = NOT_USED;
	timer_stop(&c->h245.drop);
}

void h245_free(struct cleg *c)
{
	close_conns(c);
	pdus_clear(c->h->pdus, &c->h245.out);
	pdus_clear(c->h->pdus, &c->h245.in);
}

/* The far side hears tunnelled messages only when it has said that it does; the one that was called, not
 * before its first answer. */
bool h245_is_tunnelling(const struct cleg *c)
{
	return c->h245.peer == CS_TUNNEL_YES && c->h245.is_offered;
}

/* ---- separate: the connection ---- */

static struct hconn *conn_at(const struct cleg *c, int i)
{
	return hconn_get(c->h->conns, c->h245.conn[i]);
}

/* The one to send on: what its messages come on, else any that is open. */
static struct hconn *open_conn(const struct cleg *c)
{
	struct hconn *used = c->h245.used == NOT_USED ? NULL : conn_at(c, c->h245.used);

	if (used && used->is_open)
		return used;
	for (int i = 0; i < 2; i++) {
		struct hconn *conn = conn_at(c, i);

		if (conn && conn->is_open)
			return conn;
	}
	return NULL;
}

static bool has_way(const struct cleg *c)
{
	return h245_is_tunnelling(c) || open_conn(c);
}

/* A neighbor behind a NAT gives its private address: it is where its signalling is. */
static struct addr address_of(const struct cleg *c)
{
	return c->zone->kind == ZK_NEIGHBOR ? addr_with_port(&c->remote, c->h245.address.port)
	                                    : c->h245.address;
}

static bool dial(struct cleg *c)
{
	struct addr_ctx ctx = zone_addr_ctx(c->h->zones, c->zone);
	struct addr at = address_of(c);
	const char *why = "";
	struct hconn *conn;
	struct addr_ok to;
	enum err err = addr_policy(&ctx, USE_SIP_NEXT_HOP, &at, &to, &why);

	c->h245.n_tries++;
	if (err == OK)
		err = hconn_dial(c->h->conns, HCONN_H245, c->zone, &to, c->handle, &conn);
	legs_ports_alarm(c->h, err);
	if (err == OK) {
		c->h245.conn[1] = conn->handle;
		return true;
	}
	log_put(io_log(c->h->io), &ev_no_way, F_H("leg", c->handle), F_ADDR("address", &at),
		F_ERR(err), F_Z("why", why));
	return false;
}

/* Our own port for it; its address as the far side sees it. */
static bool await(struct cleg *c, struct addr *ret_at)
{
	struct hconn *conn = conn_at(c, 0);
	struct addr seen;

	if (!conn) {
		enum err err = hconn_await(c->h->conns, c->zone, &c->remote, c->handle, &conn);

		legs_ports_alarm(c->h, err);
		if (err != OK)
			return false;
		c->h245.conn[0] = conn->handle;
	}
	seen = zone_host_seen(c->h->zones, c->zone);
	*ret_at = addr_with_port(&seen, conn->local.port);
	return true;
}

/* Something has to go there and there is no way yet. */
static void reach(struct cleg *c)
{
	struct addr at;

	if (h245_is_tunnelling(c) || c->h245.conn[1] || c->h245.has_got_end)
		return;
	if (c->h245.address.family && c->h245.n_tries < TRIES_MAX && dial(c))
		return;
	if (c->state != CL_ACTIVE || c->h245.is_started || !await(c, &at))
		return;
	c->h245.is_started = true;
	cleg_say_start_h245(c, &at);
}

/* A side without a way gets one when the other one has one, or the call is up. */
static void balance(struct cleg *c, const struct cleg *other)
{
	if (c->h245.peer != CS_TUNNEL_NO || has_way(c) || c->h245.has_got_end)
		return;
	if (c->h245.out.n || c->state == CL_ACTIVE || (c->h245.address.family && has_way(other)))
		reach(c);
}

/* Both sides may have connected: the one that is used stays. */
static void on_drop(void *arg)
{
	struct cleg *c = arg;
	int other = !c->h245.used;

	if (c->h245.used == NOT_USED)
		return;
	hconn_end(conn_at(c, other));
	c->h245.conn[other] = 0;
}

static int slot_of(const struct cleg *c, const struct hconn *conn)
{
	return c->h245.conn[1] == conn->handle;
}

void h245_opened(struct h323 *h, struct hconn *conn)
{
	struct cleg *c = cleg_get(h, conn->user), *other;

	if (!c) {
		hconn_end(conn);
		return;
	}
	cleg_due(c);
	if ((other = cleg_other(c)))
		cleg_due(other);
}

void h245_lost(struct h323 *h, struct hconn *conn)
{
	struct cleg *c = cleg_get(h, conn->user);
	int slot;

	if (!c)
		return;
	slot = slot_of(c, conn);
	c->h245.conn[slot] = 0;
	if (c->h245.used == slot)
		c->h245.used = NOT_USED;
	cleg_due(c);
}

/* ---- to the far side ---- */

void h245_queue(struct cleg *c, struct str pdu)
{
	if (c->h245.has_sent_end)
		return;
	if (pdus_put(c->h->pdus, &c->h245.out, pdu) != OK) {
		c->h->legs->counters.n_h245_dropped++;
		log_put(io_log(c->h->io), &ev_dropped, F_H("leg", c->handle));
	}
	cleg_due(c);
}

/* May a Facility be the next thing that it hears? */
static bool is_ready(const struct cleg *c)
{
	return c->is_caller ? c->is_told || c->has_said_proceeding : c->is_heard;
}

void h245_ride(struct cleg *c, struct cs_msg *m)
{
	struct pdu_queue *q = &c->h245.out;
	size_t n = 0;

	if (!h245_is_tunnelling(c) || !m->has_h323 ||
		m->kind == H225_H323_UU_PDU_h323_message_body_setup)
		return;
	while (q->n && n < RIDE_BYTES) {
		struct str pdu = pdus_first(c->h->pdus, q, io_scratch(c->h->io));

		if (!pdu.len || !rewrite_put_control(m, pdu))
			return;
		n += pdu.len;
		pdus_drop(c->h->pdus, q);
	}
}

static void send_separate(struct cleg *c)
{
	struct hconn *conn = open_conn(c);
	struct pdu_queue *q = &c->h245.out;

	while (conn && q->n && !hconn_is_full(conn)) {
		size_t mark = scratch_mark(io_scratch(c->h->io));
		struct str pdu = pdus_first(c->h->pdus, q, io_scratch(c->h->io));
		bool is_sent = pdu.len && hconn_send(conn, pdu) == OK;

		scratch_back(io_scratch(c->h->io), mark);
		if (!is_sent)
			return;
		pdus_drop(c->h->pdus, q);
	}
}

static void flush(struct cleg *c)
{
	uint32_t n = c->h245.out.n;

	if (c->state == CL_OVER)
		return;
	while (n && h245_is_tunnelling(c) && is_ready(c)) {
		cleg_say_empty(c);
		if (c->h245.out.n >= n) /* it could not be built */
			return;
		n = c->h245.out.n;
	}
	if (!h245_is_tunnelling(c))
		send_separate(c);
	if (c->h245.has_sent_end && c->h245.has_got_end && !c->h245.out.n)
		close_conns(c);
}

/* ---- what a message says, and what we say on one ---- */

/* An address to connect to is taken from whoever does not tunnel, with or without startH245. */
static void heard_address(struct cleg *c, const struct cs_msg *m)
{
	struct addr at;

	if (h225_addr(&m->t, cs_field(m, m->fields->h245), &at) && at.port)
		c->h245.address = at;
}

static void keep_in(struct cleg *c, struct str pdu)
{
	if (pdus_put(c->h->pdus, &c->h245.in, pdu) != OK) {
		c->h->legs->counters.n_h245_dropped++;
		log_put(io_log(c->h->io), &ev_dropped, F_H("leg", c->handle));
	}
}

/* A caller's is kept until somebody is there to take it. */
static void heard_pdu(struct cleg *c, struct str pdu)
{
	if (c->h245.in.n || (c->is_caller && !c->is_told) || !cleg_other(c))
		keep_in(c, pdu);
	else
		channels_take(c, pdu);
}

static void heard_list(struct cleg *c, const struct per_tree *t, uint16_t list)
{
	uint64_t handle = c->handle;
	struct h323 *h = c->h;

	for (uint16_t n = per_first(t, list); n != PER_NONE; n = per_next(t, n)) {
		size_t mark = scratch_mark(io_scratch(h->io));

		heard_pdu(c, per_str(t, n));
		scratch_back(io_scratch(h->io), mark);
		if (!cleg_get(h, handle))
			return;
	}
}

void h245_heard(struct cleg *c, const struct cs_msg *m)
{
	enum cs_tunnelling word = cs_tunnelling(m);
	struct cleg *other;

	if (!m->has_h323)
		return;
	if (word == CS_TUNNEL_NO) {
		c->h245.peer = CS_TUNNEL_NO;
		c->h245.is_offered = false;
	} else if (word == CS_TUNNEL_YES && c->h245.peer == CS_TUNNEL_NO_WORD) {
		c->h245.peer = CS_TUNNEL_YES;
	}
	heard_address(c, m);
	cleg_due(c);
	if ((other = cleg_other(c)))
		cleg_due(other);
	if (m->kind == H225_H323_UU_PDU_h323_message_body_setup)
		heard_list(c, &m->t, cs_field(m, H225_Setup_UUIE_parallelH245Control));
	heard_list(c, &m->t, per_field(&m->t, m->uu, H225_H323_UU_PDU_h245Control));
}

void h245_say(struct cleg *c, struct cs_msg *m, bool is_last)
{
	bool had_address = cs_field(m, m->fields->h245) != PER_NONE;
	const struct cleg *other = cleg_other(c);
	struct addr at;

	rewrite_tunnel(m, c->h245.is_offered);
	if (c->h245.peer == CS_TUNNEL_NO && !c->h245.address.family && !c->h245.has_got_end &&
		(had_address || is_last || (other && h245_is_tunnelling(other))) && !open_conn(c) &&
		await(c, &at)) {
		rewrite_h245_address(m, &at);
		c->h245.is_started = true;
	} else {
		rewrite_h245_address(m, NULL);
	}
}

/* ---- its connections ---- */

void h245_payload(struct h323 *h, struct hconn *conn, struct str payload)
{
	struct cleg *c = cleg_get(h, conn->user);
	int slot;

	if (!c) {
		hconn_end(conn);
		return;
	}
	slot = slot_of(c, conn);
	if (c->h245.used != slot && c->h245.conn[!slot])
		timer_start(h->io, &c->h245.drop, DROP_MS);
	c->h245.used = (int8_t)slot;
	cleg_due(c);
	heard_pdu(c, payload);
}

void h245_work(struct cleg *c)
{
	struct h323 *h = c->h;
	uint64_t handle = c->handle;
	struct cleg *other = cleg_other(c);

	while (c->h245.in.n && other && (!c->is_caller || c->is_told)) {
		size_t mark = scratch_mark(io_scratch(h->io));
		struct str pdu = pdus_first(h->pdus, &c->h245.in, io_scratch(h->io));

		pdus_drop(h->pdus, &c->h245.in);
		channels_take(c, pdu);
		scratch_back(io_scratch(h->io), mark);
		if (!cleg_get(h, handle))
			return;
		other = cleg_other(c);
	}
	if (other)
		balance(c, other);
	flush(c);
	cleg_keep(c);
}
