/* call.c - calls: two sides, their media lines, and what happens to them.
 *
 * A caller's leg arrives with a setup; the search gives groups of targets, each target becomes a leg
 * (place.c); the first that answers is the call's other side and the rest are released. From then on what
 * one leg reports goes to the other. Knows no SIP, no H.323, no packet; never waits. */
#include <assert.h>
#include <string.h>

#include "call/channel.h"
#include "call/life.h"
#include "call/place.h"
#include "call/quiet.h"
#include "call/record.h"

#define LEGS_PER_CALL 2 /* pool size; forks take from what others do not use */
#define PORT_ALARM_MS 60000

LOG_EVENT(ev_start, "CALL-100", LOG_INFO, "call arrives");
LOG_EVENT(ev_up, "CALL-102", LOG_INFO, "call is answered");
LOG_EVENT(ev_media_refused, "MED-101", LOG_ERROR, "media cannot carry a stream");

/* ---- a new call ---- */

enum err call_setup(struct call_core *core, const struct leg_ops *ops, void *peer,
	const struct call_setup *setup, const struct call_event *ev, struct leg **ret_leg,
	struct call_cause *ret_cause)
{
	enum conf_protocol protocol =
		ops == core->protocols[PROTOCOL_H323].ops ? PROTOCOL_H323 : PROTOCOL_SIP;
	enum conf_protocol other = protocol == PROTOCOL_SIP ? PROTOCOL_H323 : PROTOCOL_SIP;
	struct search_query query = {.alias = str_of(setup->alias),
		.source = setup->zone,
		.is_authenticated = setup->is_authenticated,
		.protocol = protocol,
		.elsewhere = &core->protocols[other].registrar};
	struct call *call;

	*ret_cause = (struct call_cause){0};
	if (keep_is_stalled(core->d.keep)) {
		cause_set(ret_cause, 503, "State cannot be kept now");
		return ERR_FULL;
	}
	call = pool_take(&core->calls);
	if (call) {
		call_init(call, core);
		call->a = leg_new(call, ops, setup->zone, true);
	}
	if (!call || !call->a) {
		pool_give(&core->calls, call);
		call_full_alarm(core);
		cause_set(ret_cause, 503, "Too many calls (limits.calls)");
		return ERR_FULL;
	}
	call->id = setup->id;
	while (!call->id)
		io_random(core->d.io, &call->id, sizeof call->id);
	call->setup = *setup;
	call->protocol = protocol;
	call->offering = ev->has_media ? 0 : NO_SIDE;
	call->has_offer = ev->has_media;
	if (ev->has_media)
		call_keep_offer(call, ev);
	call->show.since_wall_s = io_wall(core->d.io) / 1000000000u;
	call->a->peer = peer;
	call->a->is_nat = ev->is_nat;
	(void)str_copy(str_of(setup->from), call->a->alias, sizeof call->a->alias);
	search_begin(&call->search, core->plan, core->d.zones, &core->protocols[protocol].registrar,
		&query);
	log_put(io_log(core->d.io), &ev_start, F_H("call", call->id), F_Z("from", setup->from),
		F_Z("to", setup->alias), F_Z("zone", setup->zone->name),
		F_NUM("authenticated", setup->is_authenticated));
	timer_start(core->d.io, &call->next, 0);
	timer_start(core->d.io, &call->ringing, core->d.conf->calls.ringing_ms);
	*ret_leg = call->a;
	return OK;
}

/* ---- events ---- */

static struct leg *other_of(const struct call *call, const struct leg *leg)
{
	return leg == call->a ? call->b : call->a;
}

/* An answer took effect. */
static void settled(struct call *call)
{
	record_keep(call);
	quiet_begin(call);
	call_watch_media(call);
}

static void take_answer(
	struct call *call, struct leg *leg, const struct call_event *ev, bool is_final)
{
	struct media_side side = leg_side(leg);

	if (ev->has_media) {
		streams_answer(&call->streams, &ev->media, &ev->mux, &side, is_final);
		return;
	}
	if (ev->mux.n)
		streams_mux(&call->streams, &ev->mux, &side);
	if (is_final)
		streams_settle(&call->streams);
}

static void on_mux(struct call *call, struct leg *leg, const struct call_event *ev)
{
	struct media_side side = leg_side(leg);

	streams_mux(&call->streams, &ev->mux, &side);
}

static void on_progress(struct call *call, struct leg *leg, const struct call_event *ev)
{
	if (leg == call->a || call->is_answered)
		return;
	call->b = leg; /* what is shown; media follows the latest early answer */
	call->state = CALL_RINGING;
	take_answer(call, leg, ev, false);
	leg_tell(call, call->a, ev);
	call_show(call);
}

static void release_other_branches(struct call *call, struct leg *winner)
{
	struct call_event ev = {.type = CEV_RELEASE};

	cause_set(&ev.cause, 0, "Call completed elsewhere");
	LIST_FOR_SAFE(it, tmp, &call->branches)
	{
		struct leg *leg = container_of(it, struct leg, list);

		if (leg != winner)
			leg_release(call, leg, &ev);
	}
	call->b = winner;
}

static uint8_t number_of(const struct leg *leg)
{
	return leg->is_caller ? 0 : 1;
}

/* An answer that brings an offer, because what it answers had none: its own answer comes in the ACK.
 * False: it cannot be carried, and the call is over. */
static bool take_offer_in_answer(struct call *call, struct leg *leg, struct leg *other,
	const struct call_event *ev, bool is_first)
{
	struct media_side from = leg_side(leg), to = leg_side(other);
	const char *why;
	enum err err =
		streams_offer(&call->streams, &ev->media, &ev->mux, &from, &to, is_first, &why);

	if (err) {
		call_fail(call, err == ERR_DENIED ? 488 : 503, why);
		return false;
	}
	call->offering = number_of(leg);
	call->awaits_confirm = true;
	return true;
}

/* The call's first answer: an answer to our offer, or (an empty setup) the offer itself. */
static void on_first_answer(struct call *call, struct leg *leg, const struct call_event *ev)
{
	release_other_branches(call, leg);
	timer_stop(&call->ringing);
	call_forget_offer(call);
	call->is_answered = true;
	call->state = CALL_UP;
	if (call->has_offer) {
		take_answer(call, leg, ev, true);
		call->offering = NO_SIDE;
	} else if (ev->has_media && !take_offer_in_answer(call, leg, call->a, ev, true)) {
		return;
	}
	log_put(io_log(call->core->d.io), &ev_up, F_H("call", call->id), F_Z("to", leg->alias),
		F_Z("zone", leg->zone->name));
	call_show(call);
	leg_tell(call, call->a, ev);
	settled(call);
}

static void on_answer(struct call *call, struct leg *leg, const struct call_event *ev)
{
	struct leg *other = other_of(call, leg);

	if (!call->is_answered && leg != call->a) {
		on_first_answer(call, leg, ev);
		return;
	}
	if (!other)
		return;
	if (call->offering == number_of(other) && !call->awaits_confirm) {
		take_answer(call, leg, ev, true);
		call->offering = NO_SIDE;
		settled(call);
	} else if (call->offering == NO_SIDE && ev->has_media &&
		   !take_offer_in_answer(call, leg, other, ev, false)) {
		return;
	}
	leg_tell(call, other, ev);
}

/* ACK: it may bring the answer to an offer that came in an answer. */
static void on_confirm(struct call *call, struct leg *leg, const struct call_event *ev)
{
	struct leg *other = other_of(call, leg);

	if (!other)
		return;
	if (call->awaits_confirm && call->offering == number_of(other)) {
		if (ev->has_media)
			take_answer(call, leg, ev, true);
		else
			streams_refuse(&call->streams);
		call->offering = NO_SIDE;
		call->awaits_confirm = false;
		settled(call);
	}
	leg_tell(call, other, ev);
}

static void refuse_offer(struct leg *leg, uint16_t sip, const char *text)
{
	struct call_event ev = {.type = CEV_REFUSE};

	cause_set(&ev.cause, sip, text);
	leg->ops->event(leg->ops->arg, leg, &ev);
}

static void on_offer(struct call *call, struct leg *leg, const struct call_event *ev)
{
	struct leg *other = other_of(call, leg);
	struct media_side from = leg_side(leg), to;
	const char *why;
	enum err err;

	if (!other || !call->is_answered) {
		refuse_offer(leg, 500, "The call is not established");
		return;
	}
	if (ev->has_media && call->offering != NO_SIDE) {
		refuse_offer(leg, 491, "Request Pending");
		return;
	}
	if (ev->has_media) {
		to = leg_side(other);
		err = streams_offer(&call->streams, &ev->media, &ev->mux, &from, &to, false, &why);
		if (err) {
			refuse_offer(leg, err == ERR_DENIED ? 488 : 503, why);
			return;
		}
		call->offering = number_of(leg);
		if (leg->zone->kind == ZK_TRAVERSAL_SERVER) {
			struct call_event mux = {.type = CEV_MUX};

			leg_tell(call, leg, &mux);
		}
	}
	leg_tell(call, other, ev);
}

static void on_refuse(struct call *call, struct leg *leg, const struct call_event *ev)
{
	struct leg *other = other_of(call, leg);

	if (!other)
		return;
	if (call->offering == number_of(other) && !call->awaits_confirm) {
		streams_refuse(&call->streams);
		call->offering = NO_SIDE;
	}
	leg_tell(call, other, ev);
}

static void on_pass(struct call *call, struct leg *leg, const struct call_event *ev)
{
	struct leg *other = other_of(call, leg);

	if (other)
		leg_tell(call, other, ev);
}

/* RFC 3261 16.7 step 6: a 6xx wins, then the lowest class; what says more than "not here" stays. */
static bool is_better(const struct call_cause *new, const struct call_cause *old)
{
	if (!old->sip || new->sip >= 600)
		return true;
	if (old->sip >= 600)
		return false;
	if (new->sip / 100 != old->sip / 100)
		return new->sip < old->sip;
	return old->sip == 404 || old->sip == 480 || old->sip == 408;
}

static void on_branch_refused(struct call *call, const struct call_event *ev)
{
	if (ev->cause.sip >= 300 && is_better(&ev->cause, &call->worst))
		call->worst = ev->cause;
	if (ev->cause.sip >= 600) { /* nobody else shall ring (RFC 3261 16.7 step 5) */
		call_end(call, ev);
		return;
	}
	if (!list_is_empty(&call->branches))
		return;
	timer_start(call->core->d.io, &call->next, 0); /* the next group of targets */
}

static void on_release(struct call *call, struct leg *leg, const struct call_event *ev)
{
	bool is_side = leg == call->a || call->is_answered;

	leg->is_released = true;
	if (call->a == leg)
		call->a = NULL;
	if (call->b == leg)
		call->b = NULL;
	leg_free(call->core, leg);
	if (is_side)
		call_end(call, ev);
	else
		on_branch_refused(call, ev);
}

/* ---- channels ---- */

struct leg *leg_other(const struct leg *leg)
{
	const struct call *call = leg->call;

	if (leg != call->a)
		return call->a;
	if (call->b || list_is_empty(&call->branches))
		return call->b;
	return call->branches.next->next == &call->branches
	               ? container_of(call->branches.next, struct leg, list)
	               : NULL;
}

enum err call_channel_open(struct call_core *core, struct leg *from, struct leg *to,
	const struct media_line *media, uint8_t session, uint8_t *ret_line, const char **ret_why)
{
	struct media_side a = leg_side(from), b = leg_side(to);
	enum err err = streams_channel_open(
		&from->call->streams, media, session, &a, &b, ret_line, ret_why);

	if (err == ERR_NO_PORT)
		call_ports_alarm(core);
	return err;
}

void call_channel_close(struct leg *opener, uint8_t line)
{
	streams_channel_close(&opener->call->streams, line, number_of(opener));
}

void call_channel_mux(struct leg *leg, uint8_t line, const struct mux_line *mux)
{
	struct media_side side = leg_side(leg);

	streams_channel_mux(&leg->call->streams, line, mux, &side);
}

void call_channel_local(const struct leg *leg, uint8_t line, struct media_local *ret_local,
	struct mux_line *ret_mux)
{
	struct media_side side = leg_side(leg);

	streams_local_line(&leg->call->streams, line, &side, ret_local, ret_mux);
}

/* An acceptance at an address that we may not use: a refusal to the one that asked, and the channel is closed
 * towards the one that accepted. */
static void refuse_channel(struct call *call, struct leg *leg, struct leg *other,
	const struct call_event *ev, const char *why)
{
	struct call_event refusal = {.type = CEV_CHANNEL, .channel = ev->channel};

	refusal.channel.act = CHANNEL_REFUSE;
	cause_set(&refusal.cause, 488, why);
	streams_channel_close(&call->streams, ev->channel.line, number_of(other));
	leg_tell(call, other, &refusal);
	refusal.channel.act = CHANNEL_CLOSE;
	refusal.channel.is_by_other = false;
	leg_tell(call, leg, &refusal);
}

static void on_channel(struct call *call, struct leg *leg, const struct call_event *ev)
{
	struct leg *other = leg_other(leg);
	struct media_side side = leg_side(leg);
	const struct call_channel *c = &ev->channel;
	const char *why = "";

	if (!other)
		return;
	if (c->act == CHANNEL_ACCEPT &&
		streams_channel_accept(&call->streams, c->line, &c->media, &side, &why) != OK) {
		refuse_channel(call, leg, other, ev, why);
		return;
	}
	streams_channel_mux(&call->streams, c->line, &c->mux, &side);
	leg_tell(call, other, ev);
	if (c->act == CHANNEL_REFUSE || c->act == CHANNEL_CLOSE)
		streams_channel_close(
			&call->streams, c->line, number_of(c->is_by_other ? other : leg));
	if (call->is_answered && c->act != CHANNEL_OPEN)
		settled(call);
}

void leg_event(struct call_core *core, struct leg *leg, const struct call_event *ev)
{
	struct call *call = leg->call;

	(void)core;
	switch (ev->type) {
	case CEV_MUX:
		on_mux(call, leg, ev);
		break;
	case CEV_PROGRESS:
		on_progress(call, leg, ev);
		break;
	case CEV_ANSWER:
		on_answer(call, leg, ev);
		break;
	case CEV_CONFIRM:
		on_confirm(call, leg, ev);
		break;
	case CEV_OFFER:
		on_offer(call, leg, ev);
		break;
	case CEV_REFUSE:
		on_refuse(call, leg, ev);
		break;
	case CEV_CHANNEL:
		on_channel(call, leg, ev);
		break;
	case CEV_PASS:
	case CEV_RESULT:
		on_pass(call, leg, ev);
		break;
	case CEV_RELEASE:
		on_release(call, leg, ev);
		break;
	case CEV_SETUP: /* comes by call_setup() */
	case CEV_MAX:
		break;
	}
}

void call_flow_is(struct call_core *core, uint64_t stream, struct rd *body)
{
	struct media_stream *st = pool_get(&core->stream_pool, stream);
	struct call *call = st ? pool_get(&core->calls, st->call) : NULL;
	struct flow_is is;

	if (!call || flow_is_get(body, &is) != OK)
		return;
	stream_flow_is(st, &is, io_now(core->d.io));
	call_watch_media(call);
	if (is.state != FLOW_REFUSED || st->is_refused_by_media)
		return;
	st->is_refused_by_media = true;
	log_put(io_log(core->d.io), &ev_media_refused, F_H("call", call->id),
		F_NUM("line", st->line), F_Z("why", is.why));
	alarm_raise(core->d.alarms, "PRT-001", 0, true, is.why, "fosse ports --live");
	timer_start(core->d.io, &core->port_alarm, PORT_ALARM_MS);
	call_fail(call, 503, "A media port is not available");
}

enum err call_drop(struct call_core *core, uint64_t id)
{
	for (struct call *call = NULL; (call = pool_next(&core->calls, call));) {
		if (call->id != id)
			continue;
		call_fail(call, 480, "Dropped by the administrator");
		return OK;
	}
	return ERR_NOENT;
}

/* A port that somebody else holds is met again by chance alone: no refusal for a while is all that can be
 * known of its being free. */
static void on_port_alarm(void *arg)
{
	struct call_core *core = arg;

	alarm_clear(core->d.alarms, "PRT-001", 0);
}

/* ---- the core ---- */

static void core_free_parts(struct call_core *core)
{
	pool_free(&core->calls);
	pool_free(&core->legs);
	pool_free(&core->stream_pool);
	pool_free(&core->offers);
	port_pool_free(core->ports);
	dial_plan_free(core->plan);
	hash_free(&core->loops);
	mem_free(core);
}

static enum err make_pools(struct call_core *core)
{
	uint32_t n = core->d.conf->limits.calls, generation;
	struct hash_key key;
	enum err err;

	io_random(core->d.io, &generation, sizeof generation);
	io_random(core->d.io, &key, sizeof key);
	err = pool_init(&core->calls, HK_CALL, sizeof(struct call), n, generation);
	if (err == OK)
		err = pool_init(&core->legs, HK_LEG, sizeof(struct leg),
			n * LEGS_PER_CALL + n / 2 + TARGETS_MAX, generation);
	if (err == OK)
		err = pool_init(&core->offers, HK_OFFER, sizeof(struct call_offer), n, generation);
	if (err == OK)
		err = pool_init(&core->stream_pool, HK_STREAM, sizeof(struct media_stream),
			n * core->d.conf->limits.streams_per_call, generation);
	if (err == OK)
		err = port_pool_new(core->d.io, plan_media(io_plan(core->d.io)), &core->ports);
	if (err == OK)
		err = hash_init(&core->loops, core->legs.n, &key);
	return err;
}

enum err call_core_new(const struct call_deps *deps, struct call_core **ret_core)
{
	struct call_core *core = mem_array(1, sizeof *core);
	enum err err;

	if (!core)
		return ERR_FULL;
	core->d = *deps;
	core->on_next = place_next;
	timer_init(&core->port_alarm, on_port_alarm, core);
	quiet_init(core);
	err = make_pools(core);
	if (err == OK)
		err = dial_plan_new(deps->conf, &core->plan);
	if (err) {
		core_free_parts(core);
		return err;
	}
	core->streams_deps = (struct streams_deps){deps->io, deps->ipc, deps->keep, deps->zones,
		core->ports, &core->stream_pool, deps->conf};
	*ret_core = core;
	return OK;
}

void call_core_free(struct call_core *core)
{
	if (!core)
		return;
	for (struct call *call = NULL; (call = pool_next(&core->calls, call));)
		call_stop(call);
	timer_stop(&core->port_alarm);
	quiet_stop(core);
	core_free_parts(core);
}

static bool has_zone_that_goes(const struct call *call, const struct conf *conf)
{
	if (call->a && !zone_stays(call->a->zone, conf))
		return true;
	LIST_FOR(it, &call->branches)
	{
		if (!zone_stays(container_of(it, struct leg, list)->zone, conf))
			return true;
	}
	return false;
}

/* Limits that size pools are fixed until the process is replaced; the dial plan changes at once. Calls
 * end with the zone that they are in, while it still knows how to say so. */
void call_core_configure(struct call_core *core, const struct conf *conf)
{
	struct dial_plan *plan, *old = core->plan;
	enum err err = dial_plan_new(conf, &plan);

	assert(err ==
		OK); /* fosse-conf compiled it before; the old one speaks of memory that goes */
	for (struct call *call = NULL; (call = pool_next(&core->calls, call));) {
		if (has_zone_that_goes(call, conf))
			call_fail(call, 480, "Its zone was removed");
		else if (!call->is_answered)
			search_replan(&call->search, plan);
	}
	core->plan = plan;
	core->d.conf = conf;
	core->streams_deps.conf = conf;
	zones_configure(core->d.zones, conf);
	dial_plan_free(old);
}

void call_core_add_protocol(struct call_core *core, enum conf_protocol protocol,
	const struct leg_ops *ops, const struct registrar_ops *registrar)
{
	core->protocols[protocol].ops = ops;
	core->protocols[protocol].registrar = *registrar;
}

struct leg *leg_get(struct call_core *core, struct leg_h h)
{
	return pool_get(&core->legs, h.v);
}

struct call *call_get(struct call_core *core, struct call_h h)
{
	return pool_get(&core->calls, h.v);
}

uint64_t call_id(const struct call *call)
{
	return call->id;
}

size_t call_count(const struct call_core *core)
{
	return core->calls.n_taken;
}

size_t call_ports_taken(const struct call_core *core)
{
	return port_pool_n_taken(core->ports);
}
