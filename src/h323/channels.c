/* channels.c - H.245 messages of one leg on their way to the other: logical channels, and what passes. See cleg.h.
 *
 * A channel is known by its number and who opened it; its line is the core's, and so are the addresses that
 * the other far side hears. What cannot be carried is refused here, and nobody else hears of it. What names no
 * address passes with its octets unchanged. */
#include "h323/cleg.h"

#define NS_PER_S   1000000000ull
#define COMPLAIN_S 10u

LOG_EVENT(ev_bad, "H323-130", LOG_NOTICE, "an H.245 message cannot be read");
LOG_EVENT(ev_refused, "H323-132", LOG_NOTICE, "a logical channel is refused");

/* ---- the table ---- */

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

/* ---- H.460.19 ---- */

static struct per_tree *work_tree(struct cleg *c)
{
	struct per_tree *t = scratch_take(io_scratch(c->h->io), sizeof *t);
	void *memory = cleg_tree(c->h);

	if (!t || !memory)
		return NULL;
	*t = per_tree_of(&h323_schema, memory);
	return t;
}

static bool is_h46018(const struct zone *zone)
{
	return zone->is_link && zone->conf->h323.protocol != 0;
}

void channel_heard_traversal(struct cleg *c, const struct per_tree *t, uint16_t node,
	uint16_t field, struct channel_view *v)
{
	size_t mark = scratch_mark(io_scratch(c->h->io));
	struct per_tree *work = is_h46018(c->zone) ? work_tree(c) : NULL;

	if (work)
		(void)h46019_read(t, node, field, work, &v->mux);
	scratch_back(io_scratch(c->h->io), mark);
}

void channel_say_traversal(struct cleg *c, struct per_tree *t, uint16_t node, uint16_t field,
	const struct mux_line *mux, const struct addr *host)
{
	size_t mark = scratch_mark(io_scratch(c->h->io));
	struct per_tree *work = mux->has_h46019 ? work_tree(c) : NULL;

	if (work)
		(void)h46019_write(t, node, field, work, mux, host);
	scratch_back(io_scratch(c->h->io), mark);
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

/* ---- messages of our own ---- */

/* One of our own, or one with our addresses: as the writer has it. */
static void queue_written(struct cleg *c, enum err err, const struct wr *w)
{
	if (err == OK)
		h245_queue(c, wr_done(w));
	else
		c->h->legs->counters.n_h245_dropped++;
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
	channel_heard_traversal(
		c, &pdu->t, pdu->node, H245_OpenLogicalChannel_genericInformation, &v);
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
	ev.channel = (struct call_channel){
		.act = CHANNEL_OPEN, .line = line, .media = v.media, .mux = v.mux};
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
	channel_heard_traversal(
		c, &pdu->t, pdu->node, H245_OpenLogicalChannelAck_genericInformation, &v);
	ch = channel_find(other, v.number);
	if (!ch)
		return;
	if (v.is_strange) {
		refuse_strange(c, ch);
		return;
	}
	ch->is_open = true;
	ev.channel = (struct call_channel){.act = CHANNEL_ACCEPT,
		.line = ch->line,
		.is_by_other = true,
		.media = v.media,
		.mux = v.mux};
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
	h245_queue(c, bytes);
	c->h245.has_sent_end = true;
	h245_queue(other, bytes);
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
void channels_take(struct cleg *c, struct str bytes)
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
	const struct media_local *local = &ev->channel.local;
	const struct mux_line *mux = &ev->channel.mux;

	if (!n || !n->pdu) {
		on_own_channel(c, &ev->channel, ev->cause.text);
		return;
	}
	if (n->pdu->kind == H245_OLC) {
		olc_write(&n->pdu->t, n->pdu->node, local, mux);
		channel_say_traversal(c, &n->pdu->t, n->pdu->node,
			H245_OpenLogicalChannel_genericInformation, mux, &local->rtp);
	} else if (n->pdu->kind == H245_OLC_ACK) {
		olc_ack_write(&n->pdu->t, n->pdu->node, local, mux);
		channel_say_traversal(c, &n->pdu->t, n->pdu->node,
			H245_OpenLogicalChannelAck_genericInformation, mux, &local->rtp);
	}
	write_pdu(c, n);
}

void h245_event(struct cleg *c, const struct call_event *ev)
{
	const struct h323_native *n = ev->native;

	if (ev->type == CEV_CHANNEL)
		on_channel(c, ev);
	else if (n && n->pdu)
		h245_queue(c, n->bytes);
}
