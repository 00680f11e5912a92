/* end.c - see end.h. */
#include "call/end.h"

#define KEEPALIVE_TYPE 126 /* of the dynamic ones, the last but one: endpoints count from 96 */

/* H.245 channels through a zone of the protocol h46018: H.460.19 says where media is. */
static bool is_h46019(const struct media_stream *st, const struct zone *zone)
{
	return st->is_channel && zone->is_link && zone->conf->h323.protocol != 0;
}

static enum flow_end_kind end_kind(const struct media_stream *st, const struct zone *zone)
{
	if (is_h46019(st, zone))
		return zone->kind == ZK_TRAVERSAL_SERVER ? END_ID_SERVER : END_DIRECT;
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

static void begin_h46019(const struct streams_deps *d, struct flow_end *e)
{
	uint32_t random;

	if (e->kind == END_DIRECT) {
		e->h46019 =
			(struct h46019){.role = H46019_CLIENT, .keepalive_type = KEEPALIVE_TYPE};
		return;
	}
	e->is_nat = true; /* no address that a client names is used */
	e->h46019 = (struct h46019){.role = H46019_SERVER, .n_learn = 1};
	while (!e->h46019.id_in) {
		io_random(d->io, &random, sizeof random);
		e->h46019.id_in = multiplex_id_of(random);
	}
}

/* A fresh end towards a zone: ports and, where Edge is the server, a stream id. */
enum err end_make(struct call_streams *s, struct media_stream *st, const struct media_side *side)
{
	const struct streams_deps *d = s->deps;
	struct flow_end *e = &st->want.end[side->side];
	enum flow_end_kind kind = end_kind(st, side->zone);

	if (e->kind != kind || kind == END_MUX_SERVER || kind == END_ID_SERVER) {
		/* an earlier target's: media, or the keeper, may still hold its sockets */
		port_pool_give(d->ports, st->port[side->side]);
		st->port[side->side] = 0;
	}
	*e = (struct flow_end){.kind = (uint8_t)kind,
		.row = (uint16_t)media_row(d, kind),
		.local = zone_host(d->zones, side->zone),
		.signalling = side->signalling,
		.is_nat = side->is_nat};
	if (kind == END_MUX_CLIENT || kind == END_MUX_SERVER)
		e->zone = side->zone->handle;
	if (is_h46019(st, side->zone))
		begin_h46019(d, e);
	if (kind == END_ID_SERVER) {
		e->local.port = plan_mux(io_plan(d->io)).low;
		return OK;
	}
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

enum remote_verdict end_judge(const struct streams_deps *d, const struct zone *zone,
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

uint8_t end_classes(enum media_transport t)
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

struct addr end_rtcp_port(const struct addr *a)
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
	if (end_judge(d, zone, &line->rtcp, &why) == REMOTE_OK)
		return addr_unmapped(&line->rtcp);
	return end_rtcp_port(&rtp);
}

/* Writes what a side said about a line into its end. Multiplexed ends ignore addresses: the stream id
 * and the zone say where its media is. */
void end_describe(const struct streams_deps *d, struct flow_end *e, const struct media_line *line,
	enum remote_verdict verdict, const struct media_side *from)
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

/* Control: all that Edge receives is behind its id, at its ports. Edge: what its client announces. */
static void set_h46019(struct flow_end *e, const struct zone *zone, const struct mux_line *mux)
{
	struct h46019 *h = &e->h46019;

	if (!h->role)
		return;
	if (mux->has_id) {
		h->has_id_out = true;
		h->id_rtp = h->id_rtcp = h->id_keepalive = mux->id;
	}
	if (h->role == H46019_SERVER) {
		if (mux->keepalive_type)
			h->keepalive_type = mux->keepalive_type;
		return;
	}
	if (mux->keepalive_s)
		h->keepalive_ms = mux->keepalive_s * 1000u;
	if (!mux->port || !mux->control_port)
		return;
	e->remote_rtp = addr_with_port(&zone->peer, mux->port);
	e->remote_rtcp = addr_with_port(&zone->peer, mux->control_port);
	h->keepalive_rtp =
		addr_with_port(&zone->peer, mux->keepalive_port ? mux->keepalive_port : mux->port);
	h->keepalive_rtcp = addr_with_port(&zone->peer, (uint16_t)(h->keepalive_rtp.port + 1));
}

void end_set_stream(struct flow_end *e, const struct zone *zone, const struct mux_line *mux)
{
	if (mux->has_h46019)
		set_h46019(e, zone, mux);
	if (e->kind != END_MUX_CLIENT || !mux->stream_id)
		return;
	e->stream_id = mux->stream_id;
	e->remote_rtp = addr_with_port(&zone->peer, mux->port);
	e->remote_rtcp = addr_with_port(&zone->peer, (uint16_t)(mux->port + 1));
}

void end_set_mux(
	struct flow_end *e, const struct zone *zone, const struct mux_lines *mux, uint32_t line)
{
	if (mux && line < mux->n)
		end_set_stream(e, zone, &mux->lines[line]);
}

/* Refused: NULL and a reason; the line keeps its place. */
bool end_is_possible(struct call_streams *s, const struct media_line *line,
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
	*ret_verdict = end_judge(s->deps, from->zone, &line->rtp, ret_why);
	return *ret_verdict != REMOTE_REFUSED;
}

static void part_rtcp(struct flow_end *e)
{
	if (e->has_rtcp_mux && e->kind == END_DIRECT)
		e->remote_rtcp = end_rtcp_port(&e->remote_rtp);
	e->has_rtcp_mux = false;
}

/* RTCP shares the RTP port only if both sides of that offer agreed (RFC 5761 5.1.1); each of our legs has
 * its own agreement, taken from what passed through unchanged. */
void ends_agree_on_rtcp(struct flow_end *a, struct flow_end *b)
{
	if (a->has_rtcp_mux && b->has_rtcp_mux)
		return;
	part_rtcp(a);
	part_rtcp(b);
}
