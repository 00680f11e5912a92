/* stream.c - media lines of a call. Knows addresses, ports and flows; no SDP, no packet. */
#include <string.h>

#include "call/stream.h"

LOG_EVENT(ev_refused, "MED-100", LOG_INFO, "media line refused");
LOG_EVENT(ev_no_port, "PRT-100", LOG_ERROR, "no media port is free");

#define RECORD_VERSION 1

enum { TAG_CALL = 1, TAG_LINE, TAG_PORT0, TAG_PORT1, TAG_WANT, TAG_KIND, TAG_SESSION, TAG_WAYS };

static void write_want(const struct row *row, struct wr *w)
{
	flow_want_put(w, &container_of(row, const struct media_stream, row)->want);
}

static struct media_stream *stream_new(struct call_streams *s, uint8_t line)
{
	struct media_stream *st = pool_take(s->deps->pool);

	if (!st)
		return NULL;
	st->call = s->call;
	st->line = line;
	st->is_new = true;
	st->want = (struct flow_want){
		.call = s->call, .line = line, .lease_ms = s->deps->conf->media.lease_ms};
	row_init(&st->row, ROW_FLOW_WANT, st->handle, write_want);
	return st;
}

static void stream_end(struct call_streams *s, uint32_t line)
{
	struct media_stream *st = s->lines[line];

	if (!st)
		return;
	row_del(s->deps->ipc, &st->row);
	keep_del(s->deps->keep, st->handle);
	port_pool_give(s->deps->ports, st->port[0]);
	port_pool_give(s->deps->ports, st->port[1]);
	pool_give(s->deps->pool, st);
	s->lines[line] = NULL;
}

static void show(struct call_streams *s, struct media_stream *st)
{
	st->is_shown = true;
	row_put(s->deps->ipc, &st->row);
}

/* ---- ends ---- */

static enum flow_end_kind end_kind(const struct zone *zone)
{
	if (zone->kind == ZK_TRAVERSAL_CLIENT)
		return END_MUX_CLIENT;
	return zone->kind == ZK_TRAVERSAL_SERVER ? END_MUX_SERVER : END_DIRECT;
}

static enum plan_row media_row(const struct streams_deps *d, enum flow_end_kind kind)
{
	if (kind != END_DIRECT)
		return PLAN_LINK_RTP;
	return d->conf->node.role == ROLE_CONTROL ? PLAN_INSIDE_RTP_IN : PLAN_PUBLIC_RTP_IN;
}

/* A fresh end towards a zone: ports and, where Edge is the server, a stream id. */
static enum err make_end(
	struct call_streams *s, struct media_stream *st, const struct media_side *side)
{
	const struct streams_deps *d = s->deps;
	struct flow_end *e = &st->want.end[side->side];
	enum flow_end_kind kind = end_kind(side->zone);

	if (e->kind != kind || kind == END_MUX_SERVER) {
		/* an earlier target's: media, or the keeper, may still hold its sockets */
		port_pool_give(d->ports, st->port[side->side]);
		st->port[side->side] = 0;
	}
	*e = (struct flow_end){.kind = (uint8_t)kind,
		.row = (uint16_t)media_row(d, kind),
		.local = zone_host(d->zones, side->zone),
		.signalling = side->signalling,
		.is_nat = side->is_nat};
	if (kind != END_DIRECT)
		e->zone = side->zone->handle;
	if (kind == END_MUX_SERVER) {
		e->local.port = plan_mux(io_plan(d->io)).low;
		while (!e->stream_id)
			io_random(d->io, &e->stream_id, sizeof e->stream_id);
		return OK;
	}
	if (!st->port[side->side])
		st->port[side->side] = port_pool_take(d->ports);
	e->local.port = st->port[side->side];
	return e->local.port ? OK : ERR_NO_PORT;
}

/* What the address of an SDP says about its owner. */
enum remote_verdict {
	REMOTE_OK,     /* send there */
	REMOTE_NAT,    /* an address of somebody's inside: wait for its media */
	REMOTE_HELD,   /* 0.0.0.0: hold, as RFC 2543 said it */
	REMOTE_REFUSED /* loopback, multicast, our own, ...: never */
};

static bool is_private(const struct addr *a)
{
	static const char *const ranges[] = {"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16",
		"100.64.0.0/10", "192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "fc00::/7",
		"2001:db8::/32"};
	struct prefix p;

	for (size_t i = 0; i < sizeof ranges / sizeof ranges[0]; i++) {
		if (prefix_parse(str_of(ranges[i]), &p) == OK && prefix_has(&p, a))
			return true;
	}
	return false;
}

static enum remote_verdict judge_remote(const struct streams_deps *d, const struct zone *zone,
	const struct addr *a, const char **ret_why)
{
	struct addr_ctx ctx = zone_addr_ctx(d->zones, zone);
	struct addr plain = addr_unmapped(a);
	struct addr_ok ok;

	if (addr_is_any(&plain))
		return REMOTE_HELD;
	ctx.port_min = 1024;
	if (addr_policy(&ctx, USE_SDP_MEDIA, &plain, &ok, ret_why) == OK)
		return REMOTE_OK;
	for (size_t i = 0; i < ctx.n_own; i++) {
		if (addr_same_host(&ctx.own[i], &plain))
			return REMOTE_REFUSED;
	}
	return is_private(&plain) ? REMOTE_NAT : REMOTE_REFUSED;
}

static uint8_t classes_of(enum media_transport t)
{
	switch (t) {
	case MT_RTP:
	case MT_SRTP:
		return CLASS_RTP;
	case MT_DTLS:
		return CLASS_RTP | CLASS_DTLS;
	case MT_DATAGRAM:
		return CLASS_STUN | CLASS_ZRTP | CLASS_DTLS | CLASS_RTP | CLASS_OTHER;
	case MT_UNSUPPORTED:
		break;
	}
	return 0;
}

static struct addr next_port(const struct addr *a)
{
	return a->port && a->port < UINT16_MAX ? addr_with_port(a, (uint16_t)(a->port + 1))
	                                       : (struct addr){0};
}

/* The address for RTCP is the far side's own choice (RFC 3605), so it is judged like that for RTP; where
 * it is none of ours to send to, RTCP goes to the port after RTP's. */
static struct addr rtcp_remote(
	const struct streams_deps *d, const struct zone *zone, const struct media_line *line)
{
	struct addr rtp = addr_unmapped(&line->rtp);
	const char *why;

	if (!line->has_rtcp)
		return (struct addr){0};
	if (judge_remote(d, zone, &line->rtcp, &why) == REMOTE_OK)
		return addr_unmapped(&line->rtcp);
	return next_port(&rtp);
}

/* Writes what a side said about a line into its end. Multiplexed ends ignore addresses: the stream id
 * and the zone say where its media is. */
static void describe_end(const struct streams_deps *d, struct flow_end *e,
	const struct media_line *line, enum remote_verdict verdict, const struct media_side *from)
{
	e->has_rtcp = line->has_rtcp;
	e->has_rtcp_mux = line->has_rtcp_mux;
	e->payload_types[0] |= line->payload_types[0];
	e->payload_types[1] |= line->payload_types[1];
	e->is_on_hold = !(line->direction & MD_SEND) || verdict == REMOTE_HELD;
	if (e->kind != END_DIRECT)
		return;
	e->is_nat = from->is_nat || verdict == REMOTE_NAT;
	e->remote_rtp = e->remote_rtcp = (struct addr){0};
	if (verdict == REMOTE_OK) {
		e->remote_rtp = addr_unmapped(&line->rtp);
		e->remote_rtcp = rtcp_remote(d, from->zone, line);
	}
}

static void set_mux(
	struct flow_end *e, const struct zone *zone, const struct mux_lines *mux, uint32_t line)
{
	if (e->kind != END_MUX_CLIENT || !mux || line >= mux->n || !mux->lines[line].stream_id)
		return;
	e->stream_id = mux->lines[line].stream_id;
	e->remote_rtp = addr_with_port(&zone->peer, mux->lines[line].port);
	e->remote_rtcp = addr_with_port(&zone->peer, (uint16_t)(mux->lines[line].port + 1));
}

/* ---- keys of SRTP ---- */

static bool has_keys(const struct media_desc *d, uint32_t line)
{
	for (uint32_t i = 0; i < d->n_keys; i++) {
		if (d->keys[i].line == line)
			return true;
	}
	return false;
}

/* The keys in a description are those that its sender sends with (RFC 4568 section 5.1.1). Media gets them
 * where they prove a source, and nowhere else. */
static void take_keys(struct flow_end *e, const struct media_desc *d, uint32_t line)
{
	e->keys = (struct srtp_keys){0};
	for (uint32_t i = 0; i < d->n_keys && e->kind == END_DIRECT && e->is_nat; i++) {
		if (d->keys[i].line == line && e->keys.n < SRTP_KEYS_MAX)
			e->keys.keys[e->keys.n++] = d->keys[i].key;
	}
}

/* The answer takes one of the offered choices by its tag (section 5.1.2), or none. */
static void choose_keys(struct flow_end *e, const struct media_line *answer)
{
	e->keys.is_chosen = true;
	e->keys.chosen = answer->crypto_tag;
	e->is_keyed = false;
	for (uint8_t i = 0; i < e->keys.n && answer->has_crypto; i++)
		e->is_keyed |= srtp_key_is_chosen(&e->keys, &e->keys.keys[i]);
}

/* Before an answer nothing is chosen: any of the offered keys, and no packet of the other side before its
 * own are known. */
static void offer_keys(struct media_stream *st, struct flow_end *from, const struct media_desc *d,
	const struct media_side *to)
{
	const struct media_line *line = &d->lines[st->line];

	st->is_srtp_offered = line->transport == MT_SRTP && has_keys(d, st->line);
	take_keys(from, d, st->line);
	from->is_keyed = st->is_srtp_offered;
	if (st->is_new)
		st->want.end[to->side].is_keyed = st->is_srtp_offered;
}

static void answer_keys(struct media_stream *st, const struct media_desc *d,
	const struct media_side *from, bool is_final)
{
	struct flow_end *e = &st->want.end[from->side], *other = &st->want.end[!from->side];
	const struct media_line *line = &d->lines[st->line];

	take_keys(e, d, st->line);
	e->is_keyed = line->transport != MT_DTLS && has_keys(d, st->line);
	if (is_final || !st->is_staged[!from->side])
		choose_keys(other, line);
}

/* Another target may choose another way. */
static void reopen_keys(struct media_stream *st, const struct media_side *to)
{
	struct flow_end *other = &st->want.end[!to->side];

	st->want.end[to->side].is_keyed = st->is_srtp_offered;
	other->is_keyed = st->is_srtp_offered;
	other->keys.is_chosen = false;
}

/* Refused: NULL and a reason; the line keeps its place. */
static bool is_line_possible(struct call_streams *s, const struct media_line *line,
	const struct media_side *from, enum remote_verdict *ret_verdict, const char **ret_why)
{
	*ret_verdict = REMOTE_NAT;
	if (line->is_refused) {
		*ret_why = "the line has port 0";
		return false;
	}
	if (line->transport == MT_UNSUPPORTED) {
		*ret_why = "its transport is not carried here (TCP, or unknown)";
		return false;
	}
	if (from->zone->is_link)
		return true;
	if (line->is_host_name) {
		*ret_why = "its address is a host name";
		return false;
	}
	*ret_verdict = judge_remote(s->deps, from->zone, &line->rtp, ret_why);
	return *ret_verdict != REMOTE_REFUSED;
}

static void log_refused(
	struct call_streams *s, uint32_t line, const struct media_line *ml, const char *why)
{
	log_put(io_log(s->deps->io), &ev_refused, F_H("call", s->call), F_NUM("line", line),
		F_ADDR("address", &ml->rtp), F_Z("why", why));
}

/* ---- offers ---- */

static enum err offer_line(struct call_streams *s, uint32_t i, const struct media_desc *offer,
	enum remote_verdict verdict, const struct mux_lines *mux, const struct media_side *from,
	const struct media_side *to, bool is_first)
{
	const struct media_line *line = &offer->lines[i];
	struct media_stream *st = s->lines[i];
	struct flow_end *e;
	enum err err;

	if (!st) {
		st = stream_new(s, (uint8_t)i);
		if (!st)
			return ERR_FULL;
		s->lines[i] = st;
		st->want.classes = classes_of(line->transport);
		err = make_end(s, st, from);
		if (err == OK)
			err = make_end(s, st, to);
		if (err)
			return err;
		/* until it answers, what it will receive is all that may come from it */
		st->want.end[to->side].has_rtcp = line->has_rtcp;
		st->want.end[to->side].payload_types[0] = line->payload_types[0];
		st->want.end[to->side].payload_types[1] = line->payload_types[1];
		e = &st->want.end[from->side];
	} else {
		st->staged[from->side] = st->want.end[from->side];
		st->is_staged[from->side] = true;
		st->want.classes |= classes_of(line->transport);
		e = &st->staged[from->side];
	}
	describe_end(s->deps, e, line, verdict, from);
	offer_keys(st, e, offer, to);
	set_mux(e, from->zone, mux, i);
	if (is_first || st->is_new)
		show(s, st);
	return OK;
}

/* A line that the call has not yet takes two port pairs: as many of them as the setting allows, whoever else
 * would have room. */
static bool has_room(const struct call_streams *s, uint32_t line, const char **ret_why)
{
	uint32_t n = 0;

	if (s->lines[line])
		return true;
	for (uint32_t i = 0; i < MEDIA_LINES_MAX; i++)
		n += s->lines[i] != NULL;
	*ret_why = "limits.streams_per_call is reached";
	return n < s->deps->conf->limits.streams_per_call;
}

enum err streams_offer(struct call_streams *s, const struct media_desc *offer,
	const struct mux_lines *mux, const struct media_side *from, const struct media_side *to,
	bool is_first, const char **ret_why)
{
	uint32_t n_possible = 0, n_denied = 0;
	enum err err = OK;

	*ret_why = "the offer has no media line";
	if (offer->n < s->n) {
		*ret_why = "the offer has fewer media lines than the call";
		return ERR_DENIED;
	}
	s->n = offer->n;
	for (uint32_t i = 0; i < offer->n && err == OK; i++) {
		enum remote_verdict verdict;

		if (!is_line_possible(s, &offer->lines[i], from, &verdict, ret_why) ||
			!has_room(s, i, ret_why)) {
			log_refused(s, i, &offer->lines[i], *ret_why);
			n_denied += !offer->lines[i].is_refused;
			if (s->lines[i])
				s->lines[i]->is_closing = true;
			continue;
		}
		n_possible++;
		err = offer_line(s, i, offer, verdict, mux, from, to, is_first);
	}
	if (err == OK && !n_possible && (is_first || n_denied))
		err = ERR_DENIED;
	if (err == ERR_NO_PORT || err == ERR_FULL)
		*ret_why = err == ERR_NO_PORT ? "no media port is free" : "too many media lines";
	if (err == ERR_NO_PORT)
		log_put(io_log(s->deps->io), &ev_no_port, F_H("call", s->call),
			F_NUM("taken", port_pool_n_taken(s->deps->ports)));
	if (err)
		streams_refuse(s);
	return err;
}

void streams_refuse(struct call_streams *s)
{
	for (uint32_t i = 0; i < s->n; i++) {
		struct media_stream *st = s->lines[i];

		if (!st)
			continue;
		st->is_staged[0] = st->is_staged[1] = st->is_closing = false;
		if (st->is_new)
			stream_end(s, i);
	}
	s->n = s->n_settled;
}

void streams_settle(struct call_streams *s)
{
	for (uint32_t i = 0; i < s->n; i++) {
		if (s->lines[i])
			s->lines[i]->is_new = false;
	}
	s->n_settled = s->n;
}

/* ---- answers ---- */

static void part_rtcp(struct flow_end *e)
{
	if (e->has_rtcp_mux && e->kind == END_DIRECT)
		e->remote_rtcp = next_port(&e->remote_rtp);
	e->has_rtcp_mux = false;
}

/* RTCP shares the RTP port only if both sides of that offer agreed (RFC 5761 5.1.1); each of our legs has
 * its own agreement, taken from what passed through unchanged. */
static void agree_on_rtcp(struct flow_end *a, struct flow_end *b)
{
	if (a->has_rtcp_mux && b->has_rtcp_mux)
		return;
	part_rtcp(a);
	part_rtcp(b);
}

static void answer_line(struct call_streams *s, uint32_t i, const struct media_desc *answer,
	const struct mux_lines *mux, const struct media_side *from, bool is_final)
{
	static const struct media_line absent = {.is_refused = true};
	const struct media_line *line = i < answer->n ? &answer->lines[i] : &absent;
	struct media_stream *st = s->lines[i];
	struct flow_end *e = &st->want.end[from->side];
	uint8_t other = (uint8_t)!from->side;
	enum remote_verdict verdict;
	const char *why;

	if (st->is_closing || !is_line_possible(s, line, from, &verdict, &why)) {
		if (!st->is_closing && !line->is_refused)
			log_refused(s, i, line, why);
		if (is_final)
			stream_end(s, i);
		return;
	}
	if (is_final && st->is_staged[other]) {
		st->want.end[other] = st->staged[other];
		st->is_staged[other] = false;
	}
	describe_end(s->deps, e, line, verdict, from);
	answer_keys(st, answer, from, is_final);
	e->signalling = from->signalling;
	if (is_final)
		agree_on_rtcp(e, &st->want.end[other]);
	set_mux(e, from->zone, mux, i);
	show(s, st);
}

void streams_answer(struct call_streams *s, const struct media_desc *answer,
	const struct mux_lines *mux, const struct media_side *from, bool is_final)
{
	for (uint32_t i = 0; i < s->n; i++) {
		if (s->lines[i])
			answer_line(s, i, answer, mux, from, is_final);
	}
	if (is_final)
		streams_settle(s);
}

void streams_mux(struct call_streams *s, const struct mux_lines *mux, const struct media_side *from)
{
	for (uint32_t i = 0; i < s->n; i++) {
		struct media_stream *st = s->lines[i];

		if (!st)
			continue;
		set_mux(&st->want.end[from->side], from->zone, mux, i);
		set_mux(&st->staged[from->side], from->zone, mux, i);
		show(s, st);
	}
}

void streams_local_line(const struct call_streams *s, uint8_t line, const struct media_side *side,
	struct media_local *ret_local, struct mux_line *ret_mux)
{
	const struct media_stream *st = line < MEDIA_LINES_MAX ? s->lines[line] : NULL;
	const struct flow_end *e;
	struct addr seen;

	*ret_local = (struct media_local){.is_refused = !st || st->is_closing};
	*ret_mux = (struct mux_line){0};
	if (ret_local->is_refused)
		return;
	e = &st->want.end[side->side];
	seen = zone_host_seen(s->deps->zones, side->zone);
	ret_local->rtp = addr_with_port(&seen, e->local.port);
	ret_local->rtcp = addr_with_port(&seen, (uint16_t)(e->local.port + 1));
	if (e->kind == END_MUX_SERVER)
		*ret_mux = (struct mux_line){
			e->stream_id, e->local.port, (uint16_t)(st->want.lease_ms / 1000)};
}

void streams_local(const struct call_streams *s, const struct media_side *side,
	struct media_locals *ret_local, struct mux_lines *ret_mux)
{
	*ret_local = (struct media_locals){.n = s->n};
	*ret_mux = (struct mux_lines){0};
	for (uint32_t i = 0; i < s->n; i++) {
		streams_local_line(s, (uint8_t)i, side, &ret_local->lines[i], &ret_mux->lines[i]);
		if (ret_mux->lines[i].stream_id)
			ret_mux->n = s->n;
	}
}

/* ---- channels ---- */

/* A line of this kind that nothing runs on from that side yet, of the same session or of one that has no
 * number yet (H.245: the slave's channels have none until the master gives it). */
static bool takes_channel(
	const struct media_stream *st, uint8_t kind, uint8_t session, uint8_t side)
{
	return st && st->is_channel && st->kind == kind && !st->has_way[side] &&
	       (st->session == session || !st->session || !session);
}

static uint32_t line_for(const struct call_streams *s, uint8_t kind, uint8_t session, uint8_t side)
{
	uint32_t i = 0;

	for (uint32_t k = 0; k < MEDIA_LINES_MAX; k++) {
		if (takes_channel(s->lines[k], kind, session, side))
			return k;
	}
	while (i < MEDIA_LINES_MAX && s->lines[i])
		i++;
	return i;
}

static enum err make_channel_line(struct call_streams *s, uint32_t i,
	const struct media_line *media, uint8_t session, const struct media_side *from,
	const struct media_side *to)
{
	struct media_stream *st = stream_new(s, (uint8_t)i);
	enum err err;

	if (!st)
		return ERR_FULL;
	s->lines[i] = st;
	st->is_channel = true;
	st->is_new = false;
	st->kind = (uint8_t)media->kind;
	st->session = session;
	st->want.classes = classes_of(media->transport);
	err = make_end(s, st, from);
	if (err == OK)
		err = make_end(s, st, to);
	if (err) {
		stream_end(s, i);
		return err;
	}
	for (int side = 0; side < 2; side++) {
		st->want.end[side].is_on_hold = true;
		st->want.end[side].has_rtcp = media->has_rtcp;
	}
	if (s->n <= i)
		s->n = s->n_settled = i + 1;
	return OK;
}

/* What was said of a side's addresses; what was not said stays. A sender that named its RTCP alone sends
 * from the port before it (RFC 3550 section 11), and proves itself if it does not. */
static void describe_channel(const struct streams_deps *d, struct flow_end *e,
	const struct media_line *media, const struct media_side *side)
{
	const struct addr *known = media->rtp.family ? &media->rtp : &media->rtcp;
	const char *why;
	enum remote_verdict verdict;

	e->signalling = side->signalling;
	if (e->kind != END_DIRECT || !known->family)
		return;
	verdict = judge_remote(d, side->zone, known, &why);
	e->is_nat = side->is_nat || verdict == REMOTE_NAT;
	if (verdict != REMOTE_OK)
		return;
	if (media->rtp.family)
		e->remote_rtp = addr_unmapped(&media->rtp);
	else if (!e->remote_rtp.family && media->rtcp.port > 1)
		e->remote_rtp = addr_with_port(&media->rtcp, (uint16_t)(media->rtcp.port - 1));
	if (!media->has_rtcp)
		return;
	e->remote_rtcp = next_port(&e->remote_rtp);
	if (media->rtcp.family && judge_remote(d, side->zone, &media->rtcp, &why) == REMOTE_OK)
		e->remote_rtcp = addr_unmapped(&media->rtcp);
}

static bool is_addr_possible(struct call_streams *s, const struct addr *a,
	const struct media_side *side, const char **ret_why)
{
	return !a->family || judge_remote(s->deps, side->zone, a, ret_why) != REMOTE_REFUSED;
}

/* Neither its transport nor its addresses forbid it. */
static bool is_channel_possible(struct call_streams *s, const struct media_line *media,
	const struct media_side *side, const char **ret_why)
{
	*ret_why = "its transport is not carried here";
	if (media->transport == MT_UNSUPPORTED)
		return false;
	return side->zone->is_link || (is_addr_possible(s, &media->rtp, side, ret_why) &&
					      is_addr_possible(s, &media->rtcp, side, ret_why));
}

enum err streams_channel_open(struct call_streams *s, const struct media_line *media,
	uint8_t session, const struct media_side *from, const struct media_side *to,
	uint8_t *ret_line, const char **ret_why)
{
	uint32_t i = line_for(s, (uint8_t)media->kind, session, from->side);
	struct media_stream *st;
	enum err err = OK;

	if (!is_channel_possible(s, media, from, ret_why)) {
		log_refused(s, i, media, *ret_why);
		return ERR_DENIED;
	}
	*ret_why = "too many media lines";
	if (i >= MEDIA_LINES_MAX || !has_room(s, i, ret_why))
		return ERR_FULL;
	if (!s->lines[i])
		err = make_channel_line(s, i, media, session, from, to);
	if (err) {
		*ret_why = err == ERR_NO_PORT ? "no media port is free" : "too many media lines";
		return err;
	}
	st = s->lines[i];
	st->has_way[from->side] = true;
	st->session = st->session ? st->session : session;
	st->want.end[from->side].payload_types[0] |= media->payload_types[0];
	st->want.end[from->side].payload_types[1] |= media->payload_types[1];
	describe_channel(s->deps, &st->want.end[from->side], media, from);
	show(s, st);
	*ret_line = (uint8_t)i;
	return OK;
}

enum err streams_channel_accept(struct call_streams *s, uint8_t line,
	const struct media_line *media, const struct media_side *from, const char **ret_why)
{
	struct media_stream *st = line < MEDIA_LINES_MAX ? s->lines[line] : NULL;

	*ret_why = "no such channel";
	if (!st || !st->has_way[!from->side])
		return ERR_NOENT;
	if (!is_channel_possible(s, media, from, ret_why)) {
		log_refused(s, line, media, *ret_why);
		return ERR_DENIED;
	}
	describe_channel(s->deps, &st->want.end[from->side], media, from);
	st->want.end[!from->side].is_on_hold = false;
	show(s, st);
	return OK;
}

void streams_channel_close(struct call_streams *s, uint8_t line, uint8_t opener)
{
	struct media_stream *st = line < MEDIA_LINES_MAX ? s->lines[line] : NULL;

	if (!st || !st->is_channel)
		return;
	st->has_way[opener] = false;
	st->want.end[opener].is_on_hold = true;
	if (st->has_way[!opener])
		show(s, st);
	else
		stream_end(s, line);
}

enum err streams_retarget(struct call_streams *s, const struct media_side *to)
{
	for (uint32_t i = 0; i < s->n; i++) {
		struct media_stream *st = s->lines[i];
		struct flow_end before;
		enum err err;

		if (!st)
			continue;
		before = st->want.end[to->side];
		err = make_end(s, st, to);
		if (err)
			return err;
		st->want.end[to->side].has_rtcp = before.has_rtcp;
		memcpy(st->want.end[to->side].payload_types, st->want.end[!to->side].payload_types,
			sizeof before.payload_types);
		reopen_keys(st, to);
		show(s, st);
	}
	return OK;
}

/* ---- records ---- */

static uint32_t silent_ms(const struct flow_is *is)
{
	uint32_t a = is->end[0].silent_ms, b = is->end[1].silent_ms;

	if (is->state != FLOW_IDLE) /* nothing came yet, and since when is not said */
		return 0;
	return a < b ? a : b;
}

bool streams_are_silent(const struct call_streams *s, uint32_t *ret_ms)
{
	uint32_t shortest = UINT32_MAX;

	for (uint32_t i = 0; i < s->n; i++) {
		const struct media_stream *st = s->lines[i];

		if (!st)
			continue;
		if ((st->is.state != FLOW_IDLE && st->is.state != FLOW_WAITING) ||
			st->want.end[0].is_on_hold || st->want.end[1].is_on_hold)
			return false;
		if (silent_ms(&st->is) < shortest)
			shortest = silent_ms(&st->is);
	}
	*ret_ms = shortest;
	return shortest != UINT32_MAX;
}

void stream_flow_is(struct media_stream *st, const struct flow_is *is, uint64_t now_ns)
{
	st->is = *is;
	for (int end = 0; end < 2; end++) {
		const uint64_t silent = is->end[end].silent_ms * 1000000ull;

		/* counters of a new media worker may begin at 0: what was heard before stands */
		if (is->end[end].rx_packets && silent < now_ns)
			st->heard_ns[end] = now_ns - silent;
	}
}

bool streams_heard(const struct call_streams *s, unsigned side, uint64_t *ret_ns)
{
	bool is_any = false;

	*ret_ns = 0;
	for (uint32_t i = 0; i < s->n; i++) {
		const struct media_stream *st = s->lines[i];

		if (!st || st->want.end[side].is_on_hold)
			continue;
		is_any = true;
		if (st->heard_ns[side] > *ret_ns)
			*ret_ns = st->heard_ns[side];
	}
	return is_any;
}

void streams_keep(struct call_streams *s)
{
	for (uint32_t i = 0; i < s->n; i++) {
		struct media_stream *st = s->lines[i];
		uint8_t buf[KEEP_BODY_MAX];
		struct wr w = wr_of(buf, sizeof buf);
		uint8_t *mark;

		if (!st)
			continue;
		wr_u8(&w, RECORD_VERSION);
		wr_t_u64(&w, TAG_CALL, st->call);
		wr_t_u8(&w, TAG_LINE, st->line);
		wr_t_u16(&w, TAG_PORT0, st->port[0]);
		wr_t_u16(&w, TAG_PORT1, st->port[1]);
		if (st->is_channel) {
			wr_t_u8(&w, TAG_KIND, st->kind);
			wr_t_u8(&w, TAG_SESSION, st->session);
			wr_t_u8(&w, TAG_WAYS, (uint8_t)(st->has_way[0] | st->has_way[1] << 1));
		}
		mark = wr_t_begin(&w, TAG_WANT);
		flow_want_put(&w, &st->want);
		wr_t_end(&w, mark);
		keep_put(s->deps->keep, st->handle, wr_done(&w), NO_FD);
		explicit_bzero(buf, sizeof buf); /* keys */
	}
}

static void read_ways(struct media_stream *st, uint64_t ways)
{
	st->is_channel = true;
	st->has_way[0] = ways & 1;
	st->has_way[1] = ways >> 1 & 1;
}

static enum err read_record(struct rd *r, struct media_stream *ret)
{
	uint16_t tag;
	struct rd value;

	if (rd_u8(r) != RECORD_VERSION)
		return ERR_VERSION;
	while (rd_tag(r, &tag, &value)) {
		if (tag == TAG_CALL)
			ret->call = rd_t_num(&value);
		else if (tag == TAG_LINE)
			ret->line = (uint8_t)rd_t_num(&value);
		else if (tag == TAG_PORT0)
			ret->port[0] = (uint16_t)rd_t_num(&value);
		else if (tag == TAG_PORT1)
			ret->port[1] = (uint16_t)rd_t_num(&value);
		else if (tag == TAG_KIND)
			ret->kind = (uint8_t)rd_t_num(&value);
		else if (tag == TAG_SESSION)
			ret->session = (uint8_t)rd_t_num(&value);
		else if (tag == TAG_WAYS)
			read_ways(ret, rd_t_num(&value));
		else if (tag == TAG_WANT && flow_want_get(&value, &ret->want) != OK)
			return ERR_SYNTAX;
		rd_join(r, &value);
	}
	return r->err;
}

enum err stream_adopt_record(
	const struct streams_deps *deps, const struct kept *kept, struct media_stream **ret_stream)
{
	struct media_stream read = {0}, *st;
	struct rd r = rd_of(kept->body);
	enum err err = read_record(&r, &read);

	if (err)
		return err;
	if (read.line >= MEDIA_LINES_MAX)
		return ERR_RANGE;
	st = pool_take_at(deps->pool, kept->key);
	if (!st)
		return ERR_FULL;
	st->call = read.call;
	st->line = read.line;
	st->want = read.want;
	st->is_channel = read.is_channel;
	st->kind = read.kind;
	st->session = read.session;
	memcpy(st->has_way, read.has_way, sizeof st->has_way);
	explicit_bzero(&read.want, sizeof read.want); /* keys */
	row_init(&st->row, ROW_FLOW_WANT, st->handle, write_want);
	for (int i = 0; i < 2; i++) {
		if (read.port[i] && port_pool_take_at(deps->ports, read.port[i]))
			st->port[i] = read.port[i];
	}
	row_put(deps->ipc, &st->row);
	st->is_shown = true;
	*ret_stream = st;
	return OK;
}

void streams_end(struct call_streams *s)
{
	for (uint32_t i = 0; i < s->n; i++)
		stream_end(s, i);
	s->n = 0;
}
