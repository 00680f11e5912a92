/* channel.c - see channel.h. */
#include "call/channel.h"
#include "call/end.h"

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
	struct media_stream *st = line_new(s, (uint8_t)i);
	enum err err;

	if (!st)
		return ERR_FULL;
	s->lines[i] = st;
	st->is_channel = true;
	st->is_new = false;
	st->kind = (uint8_t)media->kind;
	st->session = session;
	st->want.classes = end_classes(media->transport);
	err = end_make(s, st, from);
	if (err == OK)
		err = end_make(s, st, to);
	if (err) {
		line_end(s, i);
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
	if (e->kind != END_DIRECT || e->h46019.role || !known->family)
		return;
	verdict = end_judge(d, side->zone, known, &why);
	e->is_nat = side->is_nat || verdict == REMOTE_NAT;
	if (verdict != REMOTE_OK)
		return;
	if (media->rtp.family)
		e->remote_rtp = addr_unmapped(&media->rtp);
	else if (!e->remote_rtp.family && media->rtcp.port > 1)
		e->remote_rtp = addr_with_port(&media->rtcp, (uint16_t)(media->rtcp.port - 1));
	if (!media->has_rtcp)
		return;
	e->remote_rtcp = end_rtcp_port(&e->remote_rtp);
	if (media->rtcp.family && end_judge(d, side->zone, &media->rtcp, &why) == REMOTE_OK)
		e->remote_rtcp = addr_unmapped(&media->rtcp);
}

static bool is_addr_possible(struct call_streams *s, const struct addr *a,
	const struct media_side *side, const char **ret_why)
{
	return !a->family || end_judge(s->deps, side->zone, a, ret_why) != REMOTE_REFUSED;
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
		line_log_refused(s, i, media, *ret_why);
		return ERR_DENIED;
	}
	*ret_why = "too many media lines";
	if (i >= MEDIA_LINES_MAX || !line_has_room(s, i, ret_why))
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
	line_show(s, st);
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
		line_log_refused(s, line, media, *ret_why);
		return ERR_DENIED;
	}
	describe_channel(s->deps, &st->want.end[from->side], media, from);
	st->want.end[!from->side].is_on_hold = false;
	line_show(s, st);
	return OK;
}

void streams_channel_mux(struct call_streams *s, uint8_t line, const struct mux_line *mux,
	const struct media_side *from)
{
	struct media_stream *st = line < MEDIA_LINES_MAX ? s->lines[line] : NULL;
	struct flow_end *e = st ? &st->want.end[from->side] : NULL;

	if (!st || !st->is_channel ||
		(!mux->has_h46019 && (!mux->stream_id || e->stream_id == mux->stream_id)))
		return;
	end_set_stream(e, from->zone, mux);
	line_show(s, st);
}

void streams_channel_close(struct call_streams *s, uint8_t line, uint8_t opener)
{
	struct media_stream *st = line < MEDIA_LINES_MAX ? s->lines[line] : NULL;

	if (!st || !st->is_channel)
		return;
	st->has_way[opener] = false;
	st->want.end[opener].is_on_hold = true;
	if (st->has_way[!opener])
		line_show(s, st);
	else
		line_end(s, line);
}
