/* quiet.c - see quiet.h. */
#include "call/quiet.h"

/* Media reports a flow each two seconds at most, so the limit's least value is above that. */
enum { SWEEP_MS = 1000 };

LOG_EVENT(ev_quiet, "CALL-160", LOG_NOTICE, "no media comes from a side of the call");
LOG_EVENT(ev_heard, "CALL-161", LOG_INFO, "media of that side comes again");

static const struct leg *leg_of(const struct call *call, unsigned side)
{
	return side == 0 ? call->a : call->b;
}

static bool is_quiet(const struct call *call, unsigned side, uint64_t now)
{
	const uint64_t limit = call->core->d.conf->media.no_media_alarm_ms * 1000000ull;
	uint64_t heard;

	if (!call->is_answered || !streams_heard(&call->streams, side, &heard))
		return false;
	if (heard < call->media_since_ns)
		heard = call->media_since_ns;
	return now - heard >= limit;
}

static void tell(const struct call *call, unsigned side)
{
	const struct leg *leg = leg_of(call, side);

	log_put(io_log(call->core->d.io), call->is_quiet[side] ? &ev_quiet : &ev_heard,
		F_H("call", call->id), F_Z("alias", leg ? leg->alias : ""),
		F_Z("zone", leg ? leg->zone->name : ""));
}

/* Whether a side is quiet. */
static bool look_at(struct call *call, uint64_t now)
{
	for (unsigned side = 0; side < 2; side++) {
		const bool quiet = is_quiet(call, side, now);

		if (quiet == call->is_quiet[side])
			continue;
		call->is_quiet[side] = quiet;
		tell(call, side);
	}
	return call->is_quiet[0] || call->is_quiet[1];
}

static void set_alarm(struct call_core *core, unsigned n, const struct call *example)
{
	char cause[192];
	struct wr w = wr_of(cause, sizeof cause - 1);

	if (!n) {
		alarm_clear(core->d.alarms, "MED-002", 0);
		return;
	}
	if (n == core->n_quiet)
		return;
	wr_printf(&w, "%u calls get no media from one side or both for %u s, such as %016llx", n,
		core->d.conf->media.no_media_alarm_ms / 1000, (unsigned long long)example->id);
	cause[wr_len(&w)] = '\0';
	alarm_raise(core->d.alarms, "MED-002", 0, false, cause,
		"fosse calls show ID names the side; see the firewall on its way");
}

static void on_sweep(void *arg)
{
	struct call_core *core = arg;
	const uint64_t now = io_now(core->d.io);
	const struct call *example = NULL;
	unsigned n = 0;

	for (struct call *call = NULL; (call = pool_next(&core->calls, call));) {
		if (!look_at(call, now))
			continue;
		example = call;
		n++;
	}
	set_alarm(core, n, example);
	core->n_quiet = n;
	if (core->calls.n_taken)
		timer_start(core->d.io, &core->quiet_sweep, SWEEP_MS);
}

void quiet_init(struct call_core *core)
{
	timer_init(&core->quiet_sweep, on_sweep, core);
}

void quiet_stop(struct call_core *core)
{
	timer_stop(&core->quiet_sweep);
}

void quiet_begin(struct call *call)
{
	struct call_core *core = call->core;

	call->media_since_ns = io_now(core->d.io);
	if (!timer_is_on(&core->quiet_sweep))
		timer_start(core->d.io, &core->quiet_sweep, SWEEP_MS);
}
