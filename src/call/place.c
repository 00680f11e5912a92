/* place.c - see place.h. */
#include "call/place.h"

#include <string.h>

#include "call/life.h"

LOG_EVENT(ev_place, "CALL-101", LOG_INFO, "call goes on to a target");

static void refuse_with_worst(struct call *call)
{
	struct call_event ev = {.type = CEV_RELEASE, .cause = call->worst};

	call_end(call, &ev);
}

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
	struct media_side from = leg_side(call->a);
	enum err err;

	*ret_why = "no media port is free";
	if (!call->has_offer)
		return OK;
	if (call->is_media_open)
		return streams_retarget(&call->streams, to);
	err = streams_offer(
		&call->streams, &call->offer->media, &call->offer->mux, &from, to, true, ret_why);
	call->is_media_open = err == OK;
	return err;
}

static enum err place_leg(struct call *call, const struct target *t, uint64_t hash)
{
	struct call_core *core = call->core;
	struct leg *leg = leg_new(call, core->protocols[call->protocol].ops, t->zone, false);
	struct call_event ev = {.type = CEV_SETUP, .has_media = call->has_offer};
	struct call_setup setup = call->setup;
	struct media_side side;
	enum err err;

	if (!leg)
		return ERR_FULL;
	if (call->offer)
		ev.media = call->offer->media;
	(void)str_copy(str_of(t->alias), leg->alias, sizeof leg->alias);
	leg->signalling = t->source;
	leg->is_nat = t->is_nat;
	list_append(&call->branches, &leg->list);
	hash_add(&core->loops, &leg->loop_node, hash);
	side = leg_side(leg);
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
		cause_set(&call->worst, 482, "Loop Detected");
		return ERR_DENIED;
	}
	log_put(io_log(call->core->d.io), &ev_place, F_H("call", call->id), F_Z("alias", t->alias),
		F_Z("zone", t->zone->name),
		F_Z("rule", call->search.rule ? call->search.rule->name : ""));
	err = place_leg(call, t, hash);
	if (err)
		cause_set(&call->worst, 503, err == ERR_FULL ? "Too many calls" : err_text(err));
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
		cause_set(&call->worst, err == ERR_DENIED ? 488 : 503, why);
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
		cause_set(&call->worst, 480, "Registered, but not reachable");
	else if (call->search.is_known_elsewhere)
		cause_set(&call->worst, 488,
			"Registered by another protocol; calls between SIP and H.323 are not "
			"carried");
	else if (call->search.is_relay_refused && !call->setup.is_authenticated)
		cause_set(&call->worst, 403, "Only for authenticated callers");
	else
		cause_set(&call->worst, 404, "No search rule finds this alias");
}

/* The next group that takes the call; else the best refusal goes to the caller. */
static void place(struct call *call)
{
	struct scratch *scratch = io_scratch(call->core->d.io);
	struct target *targets = scratch_take(scratch, TARGETS_MAX * sizeof *targets);
	enum err err = ERR_NOENT;
	size_t n;

	if (!targets)
		cause_set(&call->worst, 503, err_text(ERR_FULL));
	while (targets && err == ERR_NOENT &&
		(n = search_next(&call->search, scratch, targets, NULL, NULL)) > 0)
		err = place_group(call, targets, n);
	if (err == OK) {
		call_ports_alarm(call->core);
		call_show(call);
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

void place_next(void *arg)
{
	struct call *call = arg;
	uint64_t handle = call->handle;
	struct call_core *core = call->core;

	place(call);
	call = pool_get(&core->calls, handle);
	if (call && call->a)
		name_streams(call);
}
