/* life.c - see life.h. */
#include "call/life.h"

#include <assert.h>
#include <string.h>

#define LOW_PORTS_PERCENT  5
#define CALLS_CALM_PERCENT 95

LOG_EVENT(ev_end, "CALL-900", LOG_INFO, "call ended");

/* ---- small things ---- */

void cause_set(struct call_cause *c, uint16_t sip, const char *text)
{
	c->sip = sip;
	c->q850 = 0;
	(void)str_copy(str_of(text), c->text, sizeof c->text);
}

struct media_side leg_side(const struct leg *leg)
{
	return (struct media_side){.side = leg->is_caller ? 0 : 1,
		.zone = leg->zone,
		.signalling = leg->signalling,
		.is_nat = leg->is_nat};
}

static void write_call(const struct row *row, struct wr *w)
{
	show_call_put(w, &container_of(row, const struct call, row)->show);
}

static void show_leg(struct show_leg *s, const struct leg *leg)
{
	(void)str_copy(str_of(leg->alias), s->alias, sizeof s->alias);
	(void)str_copy(str_of(leg->zone->name), s->zone, sizeof s->zone);
	(void)str_copy(str_of(leg->protocol), s->protocol, sizeof s->protocol);
	s->peer = leg->signalling;
}

void call_show(struct call *call)
{
	call->show.id = call->id;
	call->show.state = (uint8_t)call->state;
	if (call->a)
		show_leg(&call->show.leg[0], call->a);
	if (call->b)
		show_leg(&call->show.leg[1], call->b);
	if (call->search.rule)
		(void)str_copy(
			str_of(call->search.rule->name), call->show.rule, sizeof call->show.rule);
	row_put(call->core->d.ipc, &call->row);
}

void call_ports_alarm(struct call_core *core)
{
	size_t n_free = port_pool_n_free(core->ports), n_taken = port_pool_n_taken(core->ports);
	char cause[192];
	struct wr w = wr_of(cause, sizeof cause - 1);

	if (n_free * 100 >= (n_free + n_taken) * LOW_PORTS_PERCENT) {
		alarm_clear(core->d.alarms, "PRT-002", 0);
		return;
	}
	wr_printf(&w, "%zu of %zu media port pairs are in use", n_taken, n_taken + n_free);
	cause[wr_len(&w)] = '\0';
	alarm_raise(core->d.alarms, "PRT-002", 0, true, cause,
		"widen ports.media, or find the leak: fosse calls");
}

void call_full_alarm(struct call_core *core)
{
	char cause[128];
	struct wr w = wr_of(cause, sizeof cause - 1);

	wr_printf(&w, "%u calls are up, and new ones are refused (limits.calls)",
		core->calls.n_taken);
	cause[wr_len(&w)] = '\0';
	alarm_raise(core->d.alarms, "CAL-001", 0, true, cause,
		"raise limits.calls, or see what they are: fosse calls");
}

/* Some distance from the limit, so that a node which is just full does not raise it with each call. */
static void clear_call_alarm(struct call_core *core)
{
	if ((uint64_t)core->calls.n_taken * 100 <= (uint64_t)core->calls.n * CALLS_CALM_PERCENT)
		alarm_clear(core->d.alarms, "CAL-001", 0);
}

/* ---- legs ---- */

struct leg *leg_new(struct call *call, const struct leg_ops *ops, struct zone *zone, bool is_caller)
{
	struct leg *leg = pool_take(&call->core->legs);

	if (!leg)
		return NULL;
	leg->call = call;
	leg->ops = ops;
	leg->zone = zone;
	leg->is_caller = is_caller;
	zone->n_calls++;
	return leg;
}

void leg_free(struct call_core *core, struct leg *leg)
{
	list_remove(&leg->list);
	hash_remove(&core->loops, &leg->loop_node);
	if (leg->zone->n_calls)
		leg->zone->n_calls--;
	pool_give(&core->legs, leg);
}

/* Ends a side that is still there, whatever its state. */
void leg_release(struct call *call, struct leg *leg, const struct call_event *why)
{
	struct call_event ev = why ? *why : (struct call_event){.type = CEV_RELEASE};

	ev.type = CEV_RELEASE;
	if (ev.native_ops != leg->ops)
		ev.native = NULL;
	if (call->b == leg)
		call->b = NULL;
	if (call->a == leg)
		call->a = NULL;
	if (!leg->is_released) {
		leg->is_released = true;
		leg->ops->release(leg->ops->arg, leg, &ev);
	}
	leg_free(call->core, leg);
}

/* Hands what one leg reported to the other: with our own ports in place of the far side's. */
void leg_tell(struct call *call, struct leg *to, const struct call_event *what)
{
	struct call_event ev = *what;
	struct media_side side = leg_side(to);

	if (ev.native_ops != to->ops)
		ev.native = NULL;
	if (ev.has_media || ev.type == CEV_MUX)
		streams_local(&call->streams, &side, &ev.local, &ev.mux);
	if (ev.type == CEV_CHANNEL)
		streams_local_line(
			&call->streams, ev.channel.line, &side, &ev.channel.local, &ev.channel.mux);
	to->ops->event(to->ops->arg, to, &ev);
}

/* ---- the end of a call ---- */

/* There are as many as calls: none is ever missing. */
void call_keep_offer(struct call *call, const struct call_event *ev)
{
	call->offer = pool_take(&call->core->offers);
	assert(call->offer);
	call->offer->media = ev->media;
	call->offer->mux = ev->mux;
}

void call_forget_offer(struct call *call)
{
	if (!call->offer)
		return;
	explicit_bzero(&call->offer->media, sizeof call->offer->media); /* keys */
	pool_give(&call->core->offers, call->offer);
	call->offer = NULL;
}

void call_stop(struct call *call)
{
	call_forget_offer(call);
	timer_stop(&call->next);
	timer_stop(&call->ringing);
	timer_stop(&call->silence);
	streams_end(&call->streams);
	row_del(call->core->d.ipc, &call->row);
}

static void call_free(struct call *call)
{
	struct call_core *core = call->core;

	call_stop(call);
	keep_del(core->d.keep, call->handle);
	pool_give(&core->calls, call);
	call_ports_alarm(core);
	clear_call_alarm(core);
}

void call_end(struct call *call, const struct call_event *why)
{
	static const struct call_event hang_up = {.type = CEV_RELEASE};
	const struct call_event *ev = why ? why : &hang_up;

	log_put(io_log(call->core->d.io), &ev_end, F_H("call", call->id),
		F_Z("from", call->setup.from), F_Z("to", call->setup.alias),
		F_NUM("answered", call->is_answered), F_NUM("code", ev->cause.sip),
		F_Z("why", ev->cause.text));
	if (call->a)
		leg_release(call, call->a, ev);
	LIST_FOR_SAFE(it, tmp, &call->branches)
	leg_release(call, container_of(it, struct leg, list), ev);
	call_free(call);
}

void call_fail(struct call *call, uint16_t sip, const char *text)
{
	struct call_event ev = {.type = CEV_RELEASE};

	cause_set(&ev.cause, sip, text);
	call_end(call, &ev);
}

/* ---- its beginning, and the limits of its time ---- */

/* Whatever still rings or is still to be tried: a caller waits no longer. */
static void on_ringing(void *arg)
{
	call_fail(arg, 408, "Nobody answers (calls.ringing)");
}

/* Not on hold meanwhile? Media reports what comes, not what we agreed. */
static void on_silence(void *arg)
{
	struct call *call = arg;
	uint32_t ms;

	if (streams_are_silent(&call->streams, &ms))
		call_fail(call, 408, "No media (calls.idle_media)");
}

/* After a word from media, or a new agreement. */
void call_watch_media(struct call *call)
{
	uint32_t limit = call->core->d.conf->calls.idle_media_ms, ms;

	if (!limit || !call->is_answered || !streams_are_silent(&call->streams, &ms))
		timer_stop(&call->silence);
	else if (!timer_is_on(&call->silence))
		timer_start(call->core->d.io, &call->silence, ms < limit ? limit - ms : 0);
}

void call_init(struct call *call, struct call_core *core)
{
	call->core = core;
	call->offering = NO_SIDE;
	call->streams = (struct call_streams){.deps = &core->streams_deps, .call = call->handle};
	list_init(&call->branches);
	row_init(&call->row, ROW_CALL, call->handle, write_call);
	timer_init(&call->next, core->on_next, call);
	timer_init(&call->ringing, on_ringing, call);
	timer_init(&call->silence, on_silence, call);
}
