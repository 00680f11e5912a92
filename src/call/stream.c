/* stream.c - media lines of a call. Knows addresses, ports and flows; no SDP, no packet. */
#include <string.h>

#include "call/end.h"
#include "call/keys.h"
#include "call/stream.h"

LOG_EVENT(ev_no_port, "PRT-100", LOG_ERROR, "no media port is free");

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
		st = line_new(s, (uint8_t)i);
		if (!st)
			return ERR_FULL;
		s->lines[i] = st;
		st->want.classes = end_classes(line->transport);
		err = end_make(s, st, from);
		if (err == OK)
			err = end_make(s, st, to);
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
		st->want.classes |= end_classes(line->transport);
		e = &st->staged[from->side];
	}
	end_describe(s->deps, e, line, verdict, from);
	keys_offer(st, e, offer, to);
	end_set_mux(e, from->zone, mux, i);
	if (is_first || st->is_new)
		line_show(s, st);
	return OK;
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

		if (!end_is_possible(s, &offer->lines[i], from, &verdict, ret_why) ||
			!line_has_room(s, i, ret_why)) {
			line_log_refused(s, i, &offer->lines[i], *ret_why);
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
			line_end(s, i);
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

	if (st->is_closing || !end_is_possible(s, line, from, &verdict, &why)) {
		if (!st->is_closing && !line->is_refused)
			line_log_refused(s, i, line, why);
		if (is_final)
			line_end(s, i);
		return;
	}
	if (is_final && st->is_staged[other]) {
		st->want.end[other] = st->staged[other];
		st->is_staged[other] = false;
	}
	end_describe(s->deps, e, line, verdict, from);
	keys_answer(st, answer, from, is_final);
	e->signalling = from->signalling;
	if (is_final)
		ends_agree_on_rtcp(e, &st->want.end[other]);
	end_set_mux(e, from->zone, mux, i);
	line_show(s, st);
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
		end_set_mux(&st->want.end[from->side], from->zone, mux, i);
		end_set_mux(&st->staged[from->side], from->zone, mux, i);
		line_show(s, st);
	}
}

/* A server names its shared ports, an id and when it wants to hear keep-alives; a client, what they look like. */
static void say_h46019(const struct flow_end *e, const struct zone *zone, struct mux_line *ret_mux)
{
	*ret_mux = (struct mux_line){.has_h46019 = true};
	if (e->h46019.role == H46019_CLIENT) {
		ret_mux->keepalive_type = e->h46019.keepalive_type;
		return;
	}
	ret_mux->has_id = true;
	ret_mux->id = e->h46019.id_in;
	ret_mux->port = ret_mux->keepalive_port = e->local.port;
	ret_mux->control_port = (uint16_t)(e->local.port + 1);
	ret_mux->keepalive_s = (uint8_t)(zone->conf->udp_keepalive_ms / 1000 > 19 ? 19
					 : zone->conf->udp_keepalive_ms < 1000
						 ? 1
						 : zone->conf->udp_keepalive_ms / 1000);
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
		*ret_mux = (struct mux_line){.stream_id = e->stream_id,
			.port = e->local.port,
			.lease_s = (uint16_t)(st->want.lease_ms / 1000)};
	if (e->h46019.role)
		say_h46019(e, side->zone, ret_mux);
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

enum err streams_retarget(struct call_streams *s, const struct media_side *to)
{
	for (uint32_t i = 0; i < s->n; i++) {
		struct media_stream *st = s->lines[i];
		struct flow_end before;
		enum err err;

		if (!st)
			continue;
		before = st->want.end[to->side];
		err = end_make(s, st, to);
		if (err)
			return err;
		st->want.end[to->side].has_rtcp = before.has_rtcp;
		memcpy(st->want.end[to->side].payload_types, st->want.end[!to->side].payload_types,
			sizeof before.payload_types);
		keys_reopen(st, to);
		line_show(s, st);
	}
	return OK;
}

/* ---- what media says ---- */

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

void streams_end(struct call_streams *s)
{
	for (uint32_t i = 0; i < s->n; i++)
		line_end(s, i);
	s->n = 0;
}
