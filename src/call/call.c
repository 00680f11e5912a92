/* call.c - calls: two sides, their media lines, and what happens to them.
 *
 * A caller's leg arrives with a setup; the search gives groups of targets; each target of a group
 * becomes a leg; the first that answers is the call's other side and the rest are released. From then
 * on what one leg reports goes to the other. Knows no SIP, no H.323, no packet; never waits. */
#include <assert.h>
#include <string.h>

#include "base/hash.h"
#include "base/pool.h"
#include "call/call.h"
#include "call/search.h"
#include "call/stream.h"

#define RECORD_VERSION     1
#define LEGS_PER_CALL      2 /* pool size; forks take from what others do not use */
#define LOW_PORTS_PERCENT  5
#define CALLS_CALM_PERCENT 95
#define PORT_ALARM_MS      60000

LOG_EVENT(ev_start, "CALL-100", LOG_INFO, "call arrives");
LOG_EVENT(ev_place, "CALL-101", LOG_INFO, "call goes on to a target");
LOG_EVENT(ev_up, "CALL-102", LOG_INFO, "call is answered");
LOG_EVENT(ev_end, "CALL-900", LOG_INFO, "call ended");
LOG_EVENT(ev_adopted, "CALL-103", LOG_NOTICE, "call goes on after a restart");
LOG_EVENT(ev_dropped_record, "CALL-104", LOG_ERROR, "record of a call dropped");
LOG_EVENT(ev_media_refused, "MED-101", LOG_ERROR, "media cannot carry a stream");

struct call {
	uint64_t handle; /* HK_CALL; first member */
	uint64_t id;     /* one number on both nodes */
	struct call_core *core;
	enum call_state_shown state;
	struct call_setup setup;
	struct leg *a, *b;    /* b: the side that answered; before that NULL, or the only branch */
	struct list branches; /* legs towards targets, and b */
	struct search search;
	struct media_desc offer; /* of the setup: each group of targets gets it */
	struct mux_lines offer_mux;
	bool has_offer, is_media_open, is_answered, is_adopted;
	uint8_t offering;        /* side whose offer is open: 0, 1, or NO_SIDE */
	bool awaits_confirm;     /* that offer came in an answer: its own answer comes in the ACK */
	struct call_cause worst; /* best refusal so far (RFC 3261 16.7 step 6) */
	struct timer next;       /* 0 ms: go on in the next turn */
	struct timer ringing;    /* until the answer: calls.ringing */
	struct timer silence;    /* on: no line has media; calls.idle_media */
	struct call_streams streams;
	struct row row;
	struct show_call show;
};

#define NO_SIDE 2

struct call_core {
	struct call_deps d;
	struct pool calls, legs, stream_pool;
	struct port_pool *ports;
	struct streams_deps streams_deps;
	struct dial_plan *plan;
	struct registrar_ops registrar;
	const struct leg_ops *protocol;
	struct hash_table loops; /* legs under way, by whom they are for */
	struct timer port_alarm;
};

/* ---- small things ---- */

static void set_cause(struct call_cause *c, uint16_t sip, const char *text)
{
	c->sip = sip;
	c->q850 = 0;
	(void)str_copy(str_of(text), c->text, sizeof c->text);
}

static struct media_side side_of(const struct leg *leg)
{
	return (struct media_side){.side = leg->is_caller ? 0 : 1,
		.zone = leg->zone,
		.signalling = leg->signalling,
		.is_nat = leg->is_nat};
}

static struct leg *other_of(const struct call *call, const struct leg *leg)
{
	return leg == call->a ? call->b : call->a;
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

static void show_call_now(struct call *call)
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

static void set_port_alarm(struct call_core *core)
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

static void raise_call_alarm(struct call_core *core)
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

static struct leg *leg_new(
	struct call *call, const struct leg_ops *ops, struct zone *zone, bool is_caller)
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

static void leg_free(struct call_core *core, struct leg *leg)
{
	list_remove(&leg->list);
	hash_remove(&core->loops, &leg->loop_node);
	if (leg->zone->n_calls)
		leg->zone->n_calls--;
	pool_give(&core->legs, leg);
}

/* Ends a side that is still there, whatever its state. */
static void leg_release(struct call *call, struct leg *leg, const struct call_event *why)
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
static void leg_tell(struct call *call, struct leg *to, const struct call_event *what)
{
	struct call_event ev = *what;
	struct media_side side = side_of(to);

	if (ev.native_ops != to->ops)
		ev.native = NULL;
	if (ev.has_media || ev.type == CEV_MUX)
		streams_local(&call->streams, &side, &ev.local, &ev.mux);
	to->ops->event(to->ops->arg, to, &ev);
}

/* ---- the end of a call ---- */

static void call_free(struct call *call)
{
	struct call_core *core = call->core;

	timer_stop(&call->next);
	timer_stop(&call->ringing);
	timer_stop(&call->silence);
	streams_end(&call->streams);
	keep_del(core->d.keep, call->handle);
	row_del(core->d.ipc, &call->row);
	pool_give(&core->calls, call);
	set_port_alarm(core);
	clear_call_alarm(core);
}

static void call_end(struct call *call, const struct call_event *why)
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

static void call_fail(struct call *call, uint16_t sip, const char *text)
{
	struct call_event ev = {.type = CEV_RELEASE};

	set_cause(&ev.cause, sip, text);
	call_end(call, &ev);
}

static void refuse_with_worst(struct call *call)
{
	struct call_event ev = {.type = CEV_RELEASE, .cause = call->worst};

	call_end(call, &ev);
}

/* ---- placing ---- */

/* What makes two legs the same: the caller's request, where it goes and under which alias. */
static uint64_t loop_hash(struct call_core *core, const struct call *call, const struct target *t)
{
	uint64_t number[2] = {call->setup.loop_key, t->zone->handle};
	char key[sizeof number + ALIAS_MAX];
	size_t len = sizeof number;

	memcpy(key, number, sizeof number);
	for (const char *c = t->alias; *c; c++)
		key[len++] = ascii_lower(*c);
	return siphash(&core->loops.key, key, len);
}

static bool is_loop(struct call_core *core, const struct call *call, uint64_t hash)
{
	for (struct hash_node *n = hash_first(&core->loops, hash); n; n = hash_next(n)) {
		if (container_of(n, struct leg, loop_node)->call != call)
			return true;
	}
	return false;
}

/* The media of the offer: once for the first group, its called side anew for each further one. */
static enum err prepare_media(struct call *call, const struct media_side *to, const char **ret_why)
{
	struct media_side from = side_of(call->a);
	enum err err;

	*ret_why = "no media port is free";
	if (!call->has_offer)
		return OK;
	if (call->is_media_open)
		return streams_retarget(&call->streams, to);
	err = streams_offer(
		&call->streams, &call->offer, &call->offer_mux, &from, to, true, ret_why);
	call->is_media_open = err == OK;
	return err;
}

static enum err place_leg(struct call *call, const struct target *t, uint64_t hash)
{
	struct call_core *core = call->core;
	struct leg *leg = leg_new(call, core->protocol, t->zone, false);
	struct call_event ev = {
		.type = CEV_SETUP, .has_media = call->has_offer, .media = call->offer};
	struct call_setup setup = call->setup;
	struct media_side side;
	enum err err;

	if (!leg)
		return ERR_FULL;
	(void)str_copy(str_of(t->alias), leg->alias, sizeof leg->alias);
	leg->signalling = t->source;
	leg->is_nat = t->is_nat;
	list_append(&call->branches, &leg->list);
	hash_add(&core->loops, &leg->loop_node, hash);
	side = side_of(leg);
	streams_local(&call->streams, &side, &ev.local, &ev.mux);
	if (call->a->ops == leg->ops) {
		ev.native = call->a->ops->held(call->a->ops->arg, call->a);
		ev.native_ops = call->a->ops;
	}
	setup.id = call->id;
	err = leg->ops->setup(leg->ops->arg, leg, &setup, t, &ev);
	if (err) {
		leg->is_released = true;
		leg_free(core, leg);
	}
	return err;
}

static enum err place_target(struct call *call, const struct target *t)
{
	uint64_t hash = loop_hash(call->core, call, t);
	enum err err;

	if (is_loop(call->core, call, hash)) {
		set_cause(&call->worst, 482, "Loop Detected");
		return ERR_DENIED;
	}
	log_put(io_log(call->core->d.io), &ev_place, F_H("call", call->id), F_Z("alias", t->alias),
		F_Z("zone", t->zone->name),
		F_Z("rule", call->search.rule ? call->search.rule->name : ""));
	err = place_leg(call, t, hash);
	if (err)
		set_cause(&call->worst, 503, err == ERR_FULL ? "Too many calls" : err_text(err));
	return err;
}

/* OK: at least one target is called. ERR_NOENT: none could be. Else the offer cannot be carried, to
 * whomever it goes. */
static enum err place_group(struct call *call, const struct target *targets, size_t n)
{
	struct media_side to = {.side = 1,
		.zone = targets[0].zone,
		.signalling = targets[0].source,
		.is_nat = targets[0].is_nat};
	struct scratch *scratch = io_scratch(call->core->d.io);
	const char *why;
	enum err err = prepare_media(call, &to, &why);
	size_t mark = scratch->used, n_placed = 0;

	if (err) {
		set_cause(&call->worst, err == ERR_DENIED ? 488 : 503, why);
		return err;
	}
	for (size_t i = 0; i < n; i++) {
		n_placed += place_target(call, &targets[i]) == OK;
		scratch->used = mark; /* each branch has the arena to itself */
	}
	return n_placed ? OK : ERR_NOENT;
}

static void not_found(struct call *call)
{
	if (call->worst.sip)
		return;
	if (call->search.is_known)
		set_cause(&call->worst, 480, "Registered, but not reachable");
	else if (call->search.is_relay_refused && !call->setup.is_authenticated)
		set_cause(&call->worst, 403, "Only for authenticated callers");
	else
		set_cause(&call->worst, 404, "No search rule finds this alias");
}

/* The next group that takes the call; else the best refusal goes to the caller. */
static void place(struct call *call)
{
	struct scratch *scratch = io_scratch(call->core->d.io);
	struct target *targets = scratch_take(scratch, TARGETS_MAX * sizeof *targets);
	enum err err = ERR_NOENT;
	size_t n;

	if (!targets)
		set_cause(&call->worst, 503, err_text(ERR_FULL));
	while (targets && err == ERR_NOENT &&
		(n = search_next(&call->search, scratch, targets, NULL, NULL)) > 0)
		err = place_group(call, targets, n);
	if (err == OK) {
		set_port_alarm(call->core);
		show_call_now(call);
		return;
	}
	not_found(call);
	refuse_with_worst(call);
}

/* Edge as the server of a link names the streams of the caller's leg before anything is answered. */
static void name_streams(struct call *call)
{
	struct call_event ev = {.type = CEV_MUX};

	if (call->a->zone->kind == ZK_TRAVERSAL_SERVER && call->has_offer)
		leg_tell(call, call->a, &ev);
}

static void on_next(void *arg)
{
	struct call *call = arg;
	uint64_t handle = call->handle;
	struct call_core *core = call->core;

	place(call);
	call = pool_get(&core->calls, handle);
	if (call && call->a)
		name_streams(call);
}

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
static void watch_media(struct call *call)
{
	uint32_t limit = call->core->d.conf->calls.idle_media_ms, ms;

	if (!limit || !call->is_answered || !streams_are_silent(&call->streams, &ms))
		timer_stop(&call->silence);
	else if (!timer_is_on(&call->silence))
		timer_start(call->core->d.io, &call->silence, ms < limit ? limit - ms : 0);
}

enum err call_setup(struct call_core *core, const struct leg_ops *ops, void *peer,
	const struct call_setup *setup, const struct call_event *ev, struct leg **ret_leg,
	struct call_cause *ret_cause)
{
	struct search_query query = {.alias = str_of(setup->alias),
		.source = setup->zone,
		.is_authenticated = setup->is_authenticated,
		.protocol = PROTOCOL_SIP};
	struct call *call;

	*ret_cause = (struct call_cause){0};
	if (keep_is_stalled(core->d.keep)) {
		set_cause(ret_cause, 503, "State cannot be kept now");
		return ERR_FULL;
	}
	call = pool_take(&core->calls);
	if (call) {
		call->core = core;
		call->a = leg_new(call, ops, setup->zone, true);
	}
	if (!call || !call->a) {
		pool_give(&core->calls, call);
		raise_call_alarm(core);
		set_cause(ret_cause, 503, "Too many calls (limits.calls)");
		return ERR_FULL;
	}
	call->id = setup->id;
	while (!call->id)
		io_random(core->d.io, &call->id, sizeof call->id);
	call->setup = *setup;
	call->offering = ev->has_media ? 0 : NO_SIDE;
	call->has_offer = ev->has_media;
	call->offer = ev->media;
	call->streams = (struct call_streams){.deps = &core->streams_deps, .call = call->handle};
	call->show.since_wall_s = io_wall(core->d.io) / 1000000000u;
	call->a->peer = peer;
	call->a->is_nat = ev->is_nat;
	(void)str_copy(str_of(setup->from), call->a->alias, sizeof call->a->alias);
	list_init(&call->branches);
	row_init(&call->row, ROW_CALL, call->handle, write_call);
	timer_init(&call->next, on_next, call);
	timer_init(&call->ringing, on_ringing, call);
	timer_init(&call->silence, on_silence, call);
	search_begin(&call->search, core->plan, core->d.zones, &core->registrar, &query);
	call->offer_mux = ev->mux;
	log_put(io_log(core->d.io), &ev_start, F_H("call", call->id), F_Z("from", setup->from),
		F_Z("to", setup->alias), F_Z("zone", setup->zone->name),
		F_NUM("authenticated", setup->is_authenticated));
	timer_start(core->d.io, &call->next, 0);
	timer_start(core->d.io, &call->ringing, core->d.conf->calls.ringing_ms);
	*ret_leg = call->a;
	return OK;
}

/* ---- records ---- */

enum { TAG_ID = 1, TAG_ALIAS, TAG_FROM, TAG_SINCE, TAG_LEG, TAG_RULE };
enum {
	TAG_LEG_HANDLE = 1,
	TAG_LEG_ZONE,
	TAG_LEG_ALIAS,
	TAG_LEG_PROTOCOL,
	TAG_LEG_ADDR,
	TAG_LEG_FLAGS
};

static void put_leg(struct wr *w, const struct leg *leg)
{
	uint8_t *mark = wr_t_begin(w, TAG_LEG);

	wr_t_u64(w, TAG_LEG_HANDLE, leg->handle);
	wr_t_z(w, TAG_LEG_ZONE, leg->zone->name);
	wr_t_z(w, TAG_LEG_ALIAS, leg->alias);
	wr_t_z(w, TAG_LEG_PROTOCOL, leg->protocol);
	wr_t_addr(w, TAG_LEG_ADDR, &leg->signalling);
	wr_t_u8(w, TAG_LEG_FLAGS, (uint8_t)(leg->is_caller | leg->is_nat << 1));
	wr_t_end(w, mark);
}

static void call_keep(struct call *call)
{
	uint8_t buf[KEEP_BODY_MAX];
	struct wr w = wr_of(buf, sizeof buf);

	if (!call->a || !call->b)
		return;
	wr_u8(&w, RECORD_VERSION);
	wr_t_u64(&w, TAG_ID, call->id);
	wr_t_z(&w, TAG_ALIAS, call->setup.alias);
	wr_t_z(&w, TAG_FROM, call->setup.from);
	wr_t_u64(&w, TAG_SINCE, call->show.since_wall_s);
	wr_t_z(&w, TAG_RULE, call->show.rule);
	put_leg(&w, call->a);
	put_leg(&w, call->b);
	keep_put(call->core->d.keep, call->handle, wr_done(&w), NO_FD);
	streams_keep(&call->streams);
}

/* A leg of the record: in its own slot, without its protocol's object until leg_adopt(). */
static enum err adopt_leg(struct call *call, struct rd *r)
{
	struct call_core *core = call->core;
	struct leg read = {0}, *leg;
	char zone[SHOW_NAME_MAX] = "";
	uint16_t tag;
	struct rd value;
	uint8_t flags = 0;

	while (rd_tag(r, &tag, &value)) {
		if (tag == TAG_LEG_HANDLE)
			read.handle = rd_t_num(&value);
		else if (tag == TAG_LEG_ZONE)
			rd_t_z(&value, zone, sizeof zone);
		else if (tag == TAG_LEG_ALIAS)
			rd_t_z(&value, read.alias, sizeof read.alias);
		else if (tag == TAG_LEG_PROTOCOL)
			rd_t_z(&value, read.protocol, sizeof read.protocol);
		else if (tag == TAG_LEG_ADDR)
			read.signalling = rd_t_addr(&value);
		else if (tag == TAG_LEG_FLAGS)
			flags = (uint8_t)rd_t_num(&value);
		rd_join(r, &value);
	}
	if (r->err)
		return r->err;
	read.zone = zone_named(core->d.zones, str_of(zone));
	if (!read.zone)
		return ERR_NOENT;
	leg = pool_take_at(&core->legs, read.handle);
	if (!leg)
		return ERR_EXISTS;
	read.call = call;
	read.is_caller = flags & 1;
	read.is_nat = flags >> 1 & 1;
	*leg = read;
	leg->zone->n_calls++;
	if (leg->is_caller && !call->a) {
		call->a = leg;
	} else {
		call->b = leg;
		list_append(&call->branches, &leg->list);
	}
	return OK;
}

static enum err adopt_call(struct call *call, struct rd *r)
{
	uint16_t tag;
	struct rd value;
	enum err err = OK;

	if (rd_u8(r) != RECORD_VERSION)
		return ERR_VERSION;
	while (err == OK && rd_tag(r, &tag, &value)) {
		if (tag == TAG_ID)
			call->id = rd_t_num(&value);
		else if (tag == TAG_ALIAS)
			rd_t_z(&value, call->setup.alias, sizeof call->setup.alias);
		else if (tag == TAG_FROM)
			rd_t_z(&value, call->setup.from, sizeof call->setup.from);
		else if (tag == TAG_SINCE)
			call->show.since_wall_s = rd_t_num(&value);
		else if (tag == TAG_RULE)
			rd_t_z(&value, call->show.rule, sizeof call->show.rule);
		else if (tag == TAG_LEG)
			err = adopt_leg(call, &value);
		rd_join(r, &value);
	}
	if (err == OK)
		err = r->err;
	return err == OK && (!call->a || !call->b) ? ERR_SYNTAX : err;
}

static void drop_record(struct call_core *core, uint64_t key, enum err err)
{
	log_put(io_log(core->d.io), &ev_dropped_record, F_H("record", key), F_ERR(err));
	keep_del(core->d.keep, key);
}

static void adopt_one_call(struct call_core *core, const struct kept *kept)
{
	struct call *call = pool_take_at(&core->calls, kept->key);
	struct rd r = rd_of(kept->body);
	enum err err;

	if (!call) {
		drop_record(core, kept->key, ERR_FULL);
		return;
	}
	call->core = core;
	call->offering = NO_SIDE;
	call->is_answered = call->is_adopted = true;
	call->state = CALL_UP;
	call->streams = (struct call_streams){.deps = &core->streams_deps, .call = call->handle};
	list_init(&call->branches);
	row_init(&call->row, ROW_CALL, call->handle, write_call);
	timer_init(&call->next, on_next, call);
	timer_init(&call->ringing, on_ringing, call);
	timer_init(&call->silence, on_silence, call);
	err = adopt_call(call, &r);
	if (err == OK)
		return;
	drop_record(core, kept->key, err);
	if (call->a)
		leg_free(core, call->a);
	if (call->b)
		leg_free(core, call->b);
	pool_give(&core->calls, call);
}

/* Zones have new handles in each process; false: the zone is of another kind now. */
static bool adopt_ends(const struct call *call, struct media_stream *st)
{
	const struct leg *legs[] = {call->a, call->b};

	for (int i = 0; i < 2; i++) {
		struct flow_end *e = &st->want.end[i];

		if ((e->kind != END_DIRECT) != legs[i]->zone->is_link)
			return false;
		e->zone = legs[i]->zone->is_link ? legs[i]->zone->handle : 0;
	}
	return true;
}

static void adopt_one_stream(struct call_core *core, const struct kept *kept)
{
	struct media_stream *st = NULL;
	enum err err = stream_adopt_record(&core->streams_deps, kept, &st);
	struct call *call = st ? pool_get(&core->calls, st->call) : NULL;

	if (err) {
		drop_record(core, kept->key, err);
		return;
	}
	if (!call || call->streams.lines[st->line] || !adopt_ends(call, st)) {
		struct call_streams orphan = {.deps = &core->streams_deps, .n = st->line + 1u};

		orphan.lines[st->line] = st;
		streams_end(&orphan);
		drop_record(core, kept->key, ERR_NOENT);
		return;
	}
	call->streams.lines[st->line] = st;
	if (call->streams.n <= st->line)
		call->streams.n = call->streams.n_settled = st->line + 1u;
}

void call_adopt(struct call_core *core)
{
	struct kept kept;

	while (keep_next(core->d.keep, HK_CALL, &kept))
		adopt_one_call(core, &kept);
	while (keep_next(core->d.keep, HK_STREAM, &kept))
		adopt_one_stream(core, &kept);
}

struct leg *leg_adopt(
	struct call_core *core, uint64_t handle, const struct leg_ops *ops, void *peer)
{
	struct leg *leg = pool_get(&core->legs, handle);

	if (!leg || leg->ops)
		return NULL;
	leg->ops = ops;
	leg->peer = peer;
	return leg;
}

static void end_half_adopted(struct call *call)
{
	struct call_event ev = {.type = CEV_RELEASE};

	set_cause(&ev.cause, 500, "A side of the call was lost in a restart");
	if (call->a && !call->a->ops)
		leg_free(call->core, call->a), call->a = NULL;
	if (call->b && !call->b->ops)
		leg_free(call->core, call->b), call->b = NULL;
	call_end(call, &ev);
}

void call_adopt_done(struct call_core *core)
{
	for (struct call *call = NULL; (call = pool_next(&core->calls, call));) {
		if (!call->is_adopted)
			continue;
		call->is_adopted = false;
		if (!call->a->ops || !call->b->ops) {
			end_half_adopted(call);
			continue;
		}
		log_put(io_log(core->d.io), &ev_adopted, F_H("call", call->id));
		show_call_now(call);
	}
}

/* ---- events ---- */

/* An answer took effect. */
static void settled(struct call *call)
{
	call_keep(call);
	watch_media(call);
}

static void take_answer(
	struct call *call, struct leg *leg, const struct call_event *ev, bool is_final)
{
	struct media_side side = side_of(leg);

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
	struct media_side side = side_of(leg);

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
	show_call_now(call);
}

static void release_other_branches(struct call *call, struct leg *winner)
{
	struct call_event ev = {.type = CEV_RELEASE};

	set_cause(&ev.cause, 0, "Call completed elsewhere");
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
	struct media_side from = side_of(leg), to = side_of(other);
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
	show_call_now(call);
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

	set_cause(&ev.cause, sip, text);
	leg->ops->event(leg->ops->arg, leg, &ev);
}

static void on_offer(struct call *call, struct leg *leg, const struct call_event *ev)
{
	struct leg *other = other_of(call, leg);
	struct media_side from = side_of(leg), to;
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
		to = side_of(other);
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
	st->is = is;
	watch_media(call);
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
	timer_init(&core->port_alarm, on_port_alarm, core);
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
	for (struct call *call = NULL; (call = pool_next(&core->calls, call));) {
		timer_stop(&call->next);
		timer_stop(&call->ringing);
		timer_stop(&call->silence);
		streams_end(&call->streams);
		row_del(core->d.ipc, &call->row);
	}
	timer_stop(&core->port_alarm);
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

void call_core_set_registrar(struct call_core *core, const struct registrar_ops *ops)
{
	core->registrar = *ops;
}

void call_core_set_protocol(struct call_core *core, const struct leg_ops *ops)
{
	core->protocol = ops;
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
