/* h245.c - H.245 of one leg: its transport, and the logical channels in it. See cleg.h.
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

#define NS_PER_S   1000000000ull
#define DROP_MS    2000u
#define COMPLAIN_S 10u
#define TRIES_MAX  3u
#define NOT_USED   (-1)
#define RIDE_BYTES 16384u /* of one message: the rest takes the next */

LOG_EVENT(ev_bad, "H323-130", LOG_NOTICE, "an H.245 message cannot be read");
LOG_EVENT(ev_dropped, "H323-131", LOG_NOTICE,
	"H.245 messages wait too long for a way: one is dropped");
LOG_EVENT(ev_refused, "H323-132", LOG_NOTICE, "a logical channel is refused");
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

static void queue(struct cleg *c, struct str pdu)
{
	if (c->h245.has_sent_end)
		return;
	if (pdus_put(c->h->pdus, &c->h245.out, pdu) != OK) {
		c->h->legs->counters.n_h245_dropped++;
		log_put(io_log(c->h->io), &ev_dropped, F_H("leg", c->handle));
	}
	cleg_due(c);
}

/* One of our own, or one with our addresses: as the writer has it. */
static void queue_written(struct cleg *c, enum err err, const struct wr *w)
{
	if (err == OK)
		queue(c, wr_done(w));
	else
		c->h->legs->counters.n_h245_dropped++;
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

static void take_pdu(struct cleg *c, struct str pdu);

/* A caller's is kept until somebody is there to take it. */
static void heard_pdu(struct cleg *c, struct str pdu)
{
	if (c->h245.in.n || (c->is_caller && !c->is_told) || !cleg_other(c))
		keep_in(c, pdu);
	else
		take_pdu(c, pdu);
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

/* ---- channels ---- */

struct channel *channel_find(struct cleg *c, uint16_t number)
{
	for (size_t i = 0; i < LEG_CHANNELS; i++) {
		if (c->h245.channels[i].is_used && c->h245.channels[i].number == number)
			return &c->h245.channels[i];
	}
	return NULL;
}

/* Also one that was just refused. */
static struct channel *channel_on(struct cleg *c, uint8_t line)
{
	struct channel *last = NULL;

	for (size_t i = 0; i < LEG_CHANNELS; i++) {
		struct channel *ch = &c->h245.channels[i];

		if (ch->line == line && ch->number && (!last || ch->is_used))
			last = ch;
	}
	return last;
}

static size_t n_channels(const struct cleg *c)
{
	size_t n = 0;

	for (size_t i = 0; i < LEG_CHANNELS; i++)
		n += c->h245.channels[i].is_used;
	return n;
}

struct channel *channel_new(struct cleg *c, const struct channel_view *v, uint8_t line)
{
	for (size_t i = 0; i < LEG_CHANNELS; i++) {
		struct channel *ch = &c->h245.channels[i];

		if (ch->is_used || ch->is_swallowed)
			continue;
		*ch = (struct channel){
			.number = v->number, .session = v->session, .line = line, .is_used = true};
		return ch;
	}
	return NULL;
}

/* One more OpenLogicalChannel of this side. True: there are too many, open or in this minute. */
static bool is_flood(struct cleg *c, const struct cleg *other)
{
	uint64_t now = io_now(c->h->io);

	if (now - c->h245.olc_since_ns >= 60 * NS_PER_S) {
		c->h245.olc_since_ns = now;
		c->h245.n_olc = 0;
	}
	c->h->legs->counters.n_olc++;
	c->h245.n_olc++;
	return c->h245.n_olc + other->h245.n_olc > LEG_OLC_PER_MINUTE ||
	       n_channels(c) + n_channels(other) >= LEG_CHANNELS;
}

static struct wr own_room(struct cleg *c, size_t more, void **ret_memory)
{
	uint8_t *buf = scratch_room(io_scratch(c->h->io), H245MSG_OWN_MAX + more);
	struct wr w = wr_of(buf, buf ? H245MSG_OWN_MAX + more : 0);

	*ret_memory = cleg_tree(c->h);
	if (!buf || !*ret_memory)
		w.err = ERR_FULL;
	return w;
}

typedef enum err(own_h)(struct per_tree *t, uint16_t number, struct wr *w);

static enum err put_reject(struct per_tree *t, uint16_t number, struct wr *w)
{
	return h245_put_reject(t, number, false, w);
}

static enum err put_reject_type(struct per_tree *t, uint16_t number, struct wr *w)
{
	return h245_put_reject(t, number, true, w);
}

/* A message of our own about one of its channels, or of the other side's. */
static void say_own(struct cleg *c, own_h *put, uint16_t number)
{
	void *memory;
	struct wr w = own_room(c, 0, &memory);
	struct per_tree t;

	if (w.err != OK)
		return;
	t = per_tree_of(&h323_schema, memory);
	queue_written(c, put(&t, number, &w), &w);
}

static void refuse(struct cleg *c, uint16_t number, bool is_type, const char *why)
{
	c->h->legs->counters.n_olc_refused++;
	log_put(io_log(c->h->io), &ev_refused, F_H("leg", c->handle), F_NUM("channel", number),
		F_Z("why", why));
	say_own(c, is_type ? put_reject_type : put_reject, number);
}

static void tell(struct cleg *c, struct call_event *ev, struct h245_msg *pdu, struct str bytes)
{
	struct h323_native native = {.pdu = pdu, .bytes = bytes};

	ev->native = &native;
	ev->native_ops = &c->h->leg_ops;
	leg_event(c->h->core, c->leg, ev);
}

static void on_open(struct cleg *c, struct cleg *other, struct h245_msg *pdu, struct str bytes)
{
	struct call_event ev = {.type = CEV_CHANNEL};
	struct channel_view v;
	struct channel *old;
	const char *why = "";
	uint8_t line = 0;

	olc_read(&pdu->t, pdu->node, &v);
	if ((old = channel_find(c, v.number))) { /* asked for again: the older one is gone */
		call_channel_close(c->leg, old->line);
		old->is_used = false;
	}
	if (is_flood(c, other)) {
		refuse(c, v.number, false, "too many channels");
		return;
	}
	if (v.is_strange) {
		refuse(c, v.number, false, "its address is no host's");
		return;
	}
	if (call_channel_open(c->h->core, c->leg, other->leg, &v.media, v.session, &line, &why) !=
		OK) {
		refuse(c, v.number, v.media.transport == MT_UNSUPPORTED, why);
		return;
	}
	if (!channel_new(c, &v, line)) {
		call_channel_close(c->leg, line);
		refuse(c, v.number, false, "too many channels");
		return;
	}
	ev.channel = (struct call_channel){.act = CHANNEL_OPEN, .line = line, .media = v.media};
	tell(c, &ev, pdu, bytes);
}

/* Accepted where nothing can be sent to: the one that asked is refused, the one that accepted hears an end. */
static void refuse_strange(struct cleg *c, struct channel *ch)
{
	struct call_event ev = {.type = CEV_CHANNEL,
		.channel = {.act = CHANNEL_REFUSE, .line = ch->line, .is_by_other = true}};

	(void)str_copy(STR("its address is no host's"), ev.cause.text, sizeof ev.cause.text);
	leg_event(c->h->core, c->leg, &ev);
	ch->is_swallowed = true;
	say_own(c, h245_put_close, ch->number);
}

/* The Ack of a channel that nobody asked for is nobody's. */
static void on_ack(struct cleg *c, struct cleg *other, struct h245_msg *pdu, struct str bytes)
{
	struct call_event ev = {.type = CEV_CHANNEL};
	struct channel_view v;
	struct channel *ch;

	olc_ack_read(&pdu->t, pdu->node, &v);
	ch = channel_find(other, v.number);
	if (!ch)
		return;
	if (v.is_strange) {
		refuse_strange(c, ch);
		return;
	}
	ch->is_open = true;
	ev.channel = (struct call_channel){
		.act = CHANNEL_ACCEPT, .line = ch->line, .is_by_other = true, .media = v.media};
	tell(c, &ev, pdu, bytes);
}

static void on_end_of_channel(struct cleg *c, struct cleg *opener, struct h245_msg *pdu,
	struct str bytes, enum channel_act act)
{
	struct call_event ev = {.type = CEV_CHANNEL};
	struct channel *ch = channel_find(opener, channel_number(&pdu->t, pdu->node));

	if (!ch) {
		ev.type = CEV_PASS;
		tell(c, &ev, pdu, bytes);
		return;
	}
	ch->is_used = false;
	ev.channel =
		(struct call_channel){.act = act, .line = ch->line, .is_by_other = opener != c};
	tell(c, &ev, pdu, bytes);
}

/* Answered at once, so that a side which does not answer cannot hold the other's connections. */
static void on_end_session(struct cleg *c, struct cleg *other, struct str bytes)
{
	c->h245.has_got_end = true;
	queue(c, bytes);
	c->h245.has_sent_end = true;
	queue(other, bytes);
	other->h245.has_sent_end = true;
}

/* The line that a session has in this call. NULL: none yet. */
static const struct channel *channel_of_session(const struct cleg *c, uint8_t session)
{
	for (size_t i = 0; i < LEG_CHANNELS; i++) {
		const struct channel *ch = &c->h245.channels[i];

		if (ch->is_used && session && ch->session == session)
			return ch;
	}
	return NULL;
}

/* Where a conference's sessions are: ours stand for those that have a line, the others lose theirs. */
static void on_mode(struct cleg *c, struct cleg *other, struct h245_msg *pdu, struct str bytes)
{
	size_t size = bytes.len + 16u * per_count(&pdu->t, per_field(&pdu->t, pdu->node, 0)) + 64;
	uint8_t *buf = scratch_room(io_scratch(c->h->io), size);
	struct wr w = wr_of(buf, buf ? size : 0);
	struct call_event ev = {.type = CEV_PASS};

	for (uint16_t n = mode_first(pdu); n != PER_NONE; n = per_next(&pdu->t, n)) {
		uint8_t session = mode_session(&pdu->t, n);
		const struct channel *ch = channel_of_session(c, session);
		struct media_local local = {0};
		struct mux_line mux;

		ch = ch ? ch : channel_of_session(other, session);
		if (ch)
			call_channel_local(other->leg, ch->line, &local, &mux);
		mode_write(&pdu->t, n, &local);
	}
	if (buf && per_write(&pdu->t, &w) == OK)
		tell(c, &ev, pdu, wr_done(&w));
}

static bool is_swallowed(struct cleg *other, const struct h245_msg *pdu)
{
	uint16_t group = per_first(&pdu->t, 0);
	uint16_t number;

	if (per_choice(&pdu->t, 0) != H245_MultimediaSystemControlMessage_response ||
		per_choice(&pdu->t, group) != H245_ResponseMessage_closeLogicalChannelAck)
		return false;
	number = channel_number(&pdu->t, per_first(&pdu->t, group));
	for (size_t i = 0; i < LEG_CHANNELS; i++) {
		struct channel *ch = &other->h245.channels[i];

		if (ch->number != number || !ch->is_swallowed)
			continue;
		ch->is_swallowed = false;
		return true;
	}
	return false;
}

static void complain(struct cleg *c, struct str bytes, const struct per_tree *bad, enum err err)
{
	uint64_t now = io_now(c->h->io);
	char where[128];
	struct per_tree t;
	void *memory;
	struct wr w;

	c->h->legs->counters.n_h245_bad++;
	if (c->h245.complained_ns && now - c->h245.complained_ns < COMPLAIN_S * NS_PER_S)
		return;
	c->h245.complained_ns = now;
	per_where(bad, where, sizeof where);
	log_put(io_log(c->h->io), &ev_bad, F_H("leg", c->handle), F_ERR(err), F_Z("where", where));
	w = own_room(c, bytes.len, &memory);
	if (w.err != OK)
		return;
	t = per_tree_of(&h323_schema, memory);
	queue_written(c, h245_put_not_supported(&t, bytes, &w), &w);
}

/* One H.245 message of the far side, for the other leg. */
static void take_pdu(struct cleg *c, struct str bytes)
{
	struct cleg *other = cleg_other(c);
	struct call_event ev = {.type = CEV_PASS};
	void *memory = cleg_tree(c->h);
	struct h245_msg pdu;
	enum err err;

	if (!other || !memory)
		return;
	c->h->legs->counters.n_h245++;
	err = h245_msg_read(bytes, memory, &pdu);
	if (err != OK) {
		complain(c, bytes, &pdu.t, err);
		return;
	}
	switch (pdu.kind) {
	case H245_OLC:
		on_open(c, other, &pdu, bytes);
		break;
	case H245_OLC_ACK:
		on_ack(c, other, &pdu, bytes);
		break;
	case H245_OLC_REJECT:
		on_end_of_channel(c, other, &pdu, bytes, CHANNEL_REFUSE);
		break;
	case H245_CLOSE:
		on_end_of_channel(c, c, &pdu, bytes, CHANNEL_CLOSE);
		break;
	case H245_END_SESSION:
		on_end_session(c, other, bytes);
		break;
	case H245_MODE:
		on_mode(c, other, &pdu, bytes);
		break;
	case H245_OTHER:
		if (!is_swallowed(other, &pdu))
			tell(c, &ev, &pdu, bytes);
		break;
	}
}

/* ---- what the core says: the other leg's messages, for this leg's far side ---- */

static void write_pdu(struct cleg *c, const struct h323_native *n)
{
	size_t room = n->bytes.len + 256; /* IPv6 in the place of IPv4, twice */
	uint8_t *buf = scratch_room(io_scratch(c->h->io), room);
	struct wr w = wr_of(buf, buf ? room : 0);

	if (buf)
		queue_written(c, per_write(&n->pdu->t, &w), &w);
}

/* No message behind it: the core refused what the far side wanted. */
static void on_own_channel(struct cleg *c, const struct call_channel *told, const char *why)
{
	struct cleg *other = cleg_other(c);
	struct channel *ch = channel_on(told->is_by_other || !other ? c : other, told->line);

	if (!ch)
		return;
	if (told->act == CHANNEL_REFUSE) {
		ch->is_used = false;
		refuse(c, ch->number, false, why);
	} else if (told->act == CHANNEL_CLOSE) {
		ch->is_used = false;
		ch->is_swallowed = !told->is_by_other;
		say_own(c, h245_put_close, ch->number);
	}
}

static void on_channel(struct cleg *c, const struct call_event *ev)
{
	const struct h323_native *n = ev->native;

	if (!n || !n->pdu) {
		on_own_channel(c, &ev->channel, ev->cause.text);
		return;
	}
	if (n->pdu->kind == H245_OLC)
		olc_write(&n->pdu->t, n->pdu->node, &ev->channel.local);
	else if (n->pdu->kind == H245_OLC_ACK)
		olc_ack_write(&n->pdu->t, n->pdu->node, &ev->channel.local);
	write_pdu(c, n);
}

void h245_event(struct cleg *c, const struct call_event *ev)
{
	const struct h323_native *n = ev->native;

	if (ev->type == CEV_CHANNEL)
		on_channel(c, ev);
	else if (n && n->pdu)
		queue(c, n->bytes);
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
		take_pdu(c, pdu);
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
