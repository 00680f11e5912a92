/* flows.c - all flows: as signalling wants them, and what time does to them.
 *
 * Signalling may be gone for as long as the lease lasts. A row that is put twice changes nothing. */
#include <string.h>

#include "media/flow.h"

#define SWEEP_MS      250
#define REPORT_SWEEPS 8          /* a changed flow's row: every 2 s */
#define SILENCE_NS    250000000u /* new silence on a stream: a token at once */

LOG_EVENT(ev_both, "MED-102", LOG_INFO, "media flows both ways");
LOG_EVENT(ev_idle, "MED-104", LOG_NOTICE, "media is silent in both directions");
LOG_EVENT(ev_lease, "MED-105", LOG_ERROR,
	"flow ended: signalling has not wanted it for a whole lease");

struct flow *flows_find(const struct flows *fs, uint64_t handle)
{
	uint64_t hash = siphash(&fs->by_handle.key, &handle, sizeof handle);

	for (struct hash_node *n = hash_first(&fs->by_handle, hash); n; n = hash_next(n)) {
		struct flow *f = container_of(n, struct flow, by_handle);

		if (f->wanted_as == handle)
			return f;
	}
	return NULL;
}

/* ---- as signalling wants ---- */

void flows_put(struct flows *fs, uint64_t handle, const struct flow_want *want)
{
	struct flow *f = flows_find(fs, handle);

	if (!f) {
		f = pool_take(&fs->pool);
		if (!f) { /* both pools come from the same limits: only a defect gets here */
			fs->counters.full++;
			return;
		}
		flow_init(fs, f, handle);
	}
	f->epoch = fs->epoch;
	f->want.call = want->call;
	f->want.line = want->line;
	f->want.classes = want->classes;
	f->want.lease_ms = want->lease_ms;
	f->is_refused = false;
	f->why[0] = '\0';
	for (int end = 0; end < 2; end++)
		flow_change_end(f, end, &want->end[end]);
	flow_realise(f);
	flow_renew_lease(f);
	if (!f->is_refused)
		f->state = (uint8_t)flow_state_of(f);
	flow_keep(f);
	row_put(fs->d.ipc, &f->row);
}

void flows_del(struct flows *fs, uint64_t handle)
{
	struct flow *f = flows_find(fs, handle);

	if (f)
		flow_close(f);
}

void flows_edge_up(struct flows *fs, bool is_up)
{
	fs->is_signalling_up = is_up;
	if (!is_up)
		return;
	flows_again(fs);
	flows_zones_again(fs);
}

void flows_again(struct flows *fs)
{
	fs->epoch++;
}

void flows_zones_again(struct flows *fs)
{
	fs->zone_epoch++;
}

void flows_sync(struct flows *fs)
{
	for (struct flow *f = NULL; (f = pool_next(&fs->pool, f));) {
		if (f->epoch != fs->epoch)
			flow_close(f);
	}
}

void flows_zone_put(struct flows *fs, uint64_t handle, const struct zone_media *zone)
{
	mux_zone_put(fs->mux, handle, zone, fs->zone_epoch);
	for (struct flow *f = NULL; (f = pool_next(&fs->pool, f));) {
		if (f->want.end[0].zone == handle || f->want.end[1].zone == handle)
			flow_realise(f);
	}
}

void flows_zone_del(struct flows *fs, uint64_t handle)
{
	mux_zone_del(fs->mux, handle);
}

void flows_zones_sync(struct flows *fs)
{
	mux_zones_sync(fs->mux, fs->zone_epoch);
}

enum err flows_mux_socket(struct flows *fs, int fd, const struct addr *addr)
{
	enum err err = mux_socket(fs->mux, fd, addr);

	for (struct flow *f = NULL; err == OK && (f = pool_next(&fs->pool, f));)
		flow_realise(f);
	return err;
}

/* ---- time ---- */

static void check_silence(struct flow *f, uint64_t now)
{
	for (int end = 0; end < 2; end++) {
		struct path *p = &f->path[end][COMP_RTP];
		uint64_t silent = now - p->last_rx_ns;

		/* new silence where media was: perhaps the firewall forgot us */
		if (p->last_rx_ns && p->prover.stream_id && silent > SILENCE_NS &&
			silent < SILENCE_NS + SWEEP_MS * 1000000ull)
			prover_hurry(&p->prover);
	}
}

static bool is_idle(const struct flow *f, uint64_t now)
{
	const struct conf_media *m = &f->flows->d.conf->media;
	bool is_held = f->want.end[0].is_on_hold || f->want.end[1].is_on_hold;
	uint64_t limit = (is_held ? m->silence_held_ms : m->silence_ms) * 1000000ull;
	uint64_t last = f->path[0][COMP_RTP].last_rx_ns;

	if (f->path[1][COMP_RTP].last_rx_ns > last)
		last = f->path[1][COMP_RTP].last_rx_ns;
	return last && limit && now - last > limit;
}

static void check_state(struct flow *f, uint64_t now)
{
	enum flow_state state = is_idle(f, now) ? FLOW_IDLE : flow_state_of(f);

	if (state == f->state)
		return;
	if (state == FLOW_BOTH)
		log_put(io_log(f->flows->d.io), &ev_both, F_H("call", f->want.call),
			F_NUM("line", f->want.line));
	if (state == FLOW_IDLE)
		log_put(io_log(f->flows->d.io), &ev_idle, F_H("call", f->want.call),
			F_NUM("line", f->want.line));
	f->state = (uint8_t)state;
	row_put(f->flows->d.ipc, &f->row);
}

static void report(struct flow *f)
{
	uint64_t sum = 0;

	for (int end = 0; end < 2; end++)
		sum += f->path[end][COMP_RTP].rx_packets + f->path[end][COMP_RTCP].rx_packets +
		       f->path[end][COMP_RTP].unknown + f->n_keepalives[end];
	if (sum == f->relayed_before)
		return;
	f->relayed_before = sum;
	row_put(f->flows->d.ipc, &f->row);
}

static void on_sweep(void *arg)
{
	struct flows *fs = arg;
	uint64_t now = io_now(fs->d.io);

	fs->n_sweeps++;
	for (struct flow *f = NULL; (f = pool_next(&fs->pool, f));) {
		if (fs->is_signalling_up && f->epoch == fs->epoch)
			flow_renew_lease(f);
		if (now > f->lease_until_ns) {
			log_put(io_log(fs->d.io), &ev_lease, F_H("call", f->want.call),
				F_NUM("line", f->want.line));
			fs->counters.expired_leases++;
			flow_close(f);
			continue;
		}
		check_silence(f, now);
		flow_check_pinholes(f);
		flow_follow_srtp(f);
		check_state(f, now);
		/* an eighth of them in each sweep, so that rows do not come in bursts */
		if ((fs->n_sweeps + handle_slot(f->handle)) % REPORT_SWEEPS == 0)
			report(f);
	}
	timer_start(fs->d.io, &fs->sweep, SWEEP_MS);
}

/* ---- the table ---- */

void flows_configure(struct flows *fs, const struct conf *conf)
{
	fs->d.conf = conf;
	fs->own[0] = conf->node.inside;
	fs->own[1] = conf->node.outside;
	fs->own[2] = conf->node.outside_nat;
}

enum err flows_new(const struct flows_deps *deps, struct flows **ret_flows)
{
	struct flows *fs = mem_array(1, sizeof *fs);
	uint32_t n = deps->conf->limits.calls * deps->conf->limits.streams_per_call, generation;
	struct hash_key key;
	enum err err;

	if (!fs)
		return ERR_FULL;
	fs->d = *deps;
	flows_configure(fs, deps->conf);
	io_random(deps->io, &generation, sizeof generation);
	io_random(deps->io, &key, sizeof key);
	err = pool_init(&fs->pool, HK_FLOW, sizeof(struct flow), n, generation);
	if (err == OK)
		err = hash_init(&fs->by_handle, n, &key);
	if (err == OK)
		err = mux_new(&fs->d, &fs->counters, &fs->mux);
	if (err) {
		flows_free(fs);
		return err;
	}
	timer_init(&fs->sweep, on_sweep, fs);
	timer_start(deps->io, &fs->sweep, SWEEP_MS);
	*ret_flows = fs;
	return OK;
}

void flows_free(struct flows *fs)
{
	if (!fs)
		return;
	timer_stop(&fs->sweep);
	for (struct flow *f = NULL; fs->mux && (f = pool_next(&fs->pool, f));)
		flow_close(f);
	mux_free(fs->mux);
	pool_free(&fs->pool);
	hash_free(&fs->by_handle);
	mem_free(fs);
}

size_t flows_count(const struct flows *fs)
{
	return fs->pool.n_taken;
}

const struct flow_counters *flows_counters(const struct flows *fs)
{
	return &fs->counters;
}
