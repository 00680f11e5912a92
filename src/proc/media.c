/* media.c - fosse-media: relays media between ends that proved themselves. Reads RTP, RTCP, STUN and
 * DTLS from the network; holds the zones' media keys. Wiring only. */
#include "ipc/alarm.h"
#include "ipc/show.h"
#include "media/flow.h"
#include "proc/worker.h"

#define COUNTERS_MS 1000u

struct process {
	struct worker *worker;
	struct flows *flows;
	struct alarms *alarms;
	struct row counters;
	struct timer timer;
};

static void write_counters(const struct row *row, struct wr *w)
{
	const struct process *p = container_of(row, const struct process, counters);
	const struct flow_counters *c = flows_counters(p->flows);

	show_counter_put(w, "media.flows", flows_count(p->flows));
	show_counter_put(w, "media.relayed", c->relayed);
	show_counter_put(w, "media.unknown_source", c->unknown_source);
	show_counter_put(w, "media.bad_datagram", c->bad_datagram);
	show_counter_put(w, "media.no_destination", c->no_destination);
	show_counter_put(w, "media.expired_leases", c->expired_leases);
	show_counter_put(w, "media.full", c->full);
	show_counter_put(w, "media.tokens", c->tokens);
	show_counter_put(w, "media.tokens_refused", c->tokens_refused);
	show_counter_put(w, "media.tokens_replayed", c->tokens_replayed);
	show_counter_put(w, "media.tokens_unproved", c->tokens_unproved);
	show_counter_put(w, "media.srtp_refused", c->srtp_refused);
	show_counter_put(w, "media.unknown_ids", c->unknown_ids);
	show_counter_put(w, "media.keepalives", c->keepalives);
}

static void on_timer(void *arg)
{
	struct process *p = arg;

	row_put(p->worker->ipc, &p->counters);
	timer_start(p->worker->io, &p->timer, COUNTERS_MS);
}

static void take_socket(struct worker *w, const struct worker_socket *s, void *arg)
{
	struct process *p = arg;

	(void)w;
	if (plan_owner(s->at.row) != OWNER_MEDIA)
		return;
	if (flows_mux_socket(p->flows, s->fd, &s->at.addr) != OK)
		alarm_raise(p->alarms, "PRT-004", s->handle, true,
			"a multiplexed media socket cannot be used", "fosse ports --live");
}

static enum err start(struct worker *w, void *arg)
{
	struct process *p = arg;
	struct flows_deps deps = {w->io, w->ipc, w->keep, w->conf};
	enum err err = alarms_new(w->io, w->ipc, &p->alarms);

	p->worker = w;
	if (err == OK)
		err = flows_new(&deps, &p->flows);
	if (err)
		return err;
	for (size_t i = 0; i < w->n_sockets; i++)
		take_socket(w, &w->sockets[i], p);
	flows_adopt(p->flows);
	row_init(&p->counters, ROW_COUNTERS, handle_make(HK_PROCESS, P_MEDIA, 1), write_counters);
	timer_init(&p->timer, on_timer, p);
	on_timer(p);
	return OK;
}

static void configured(struct worker *w, const struct conf *old, void *arg)
{
	struct process *p = arg;

	(void)old;
	flows_configure(p->flows, w->conf);
}

static void put(
	void *arg, enum process_id from, enum kind kind, uint64_t handle, struct rd *body, int fd)
{
	struct process *p = arg;
	struct flow_want want;
	struct zone_media zone;

	(void)from;
	io_close_fd(p->worker->io, fd);
	if (kind == ROW_FLOW_WANT && flow_want_get(body, &want) == OK)
		flows_put(p->flows, handle, &want);
	else if (kind == ROW_ZONE_MEDIA && zone_media_get(body, &zone) == OK)
		flows_zone_put(p->flows, handle, &zone);
}

static void del(void *arg, enum process_id from, enum kind kind, uint64_t handle)
{
	struct process *p = arg;

	(void)from;
	if (kind == ROW_FLOW_WANT)
		flows_del(p->flows, handle);
	else if (kind == ROW_ZONE_MEDIA)
		flows_zone_del(p->flows, handle);
}

static void sync(void *arg, enum process_id from, enum kind kind)
{
	struct process *p = arg;

	(void)from;
	if (kind == ROW_FLOW_WANT)
		flows_sync(p->flows);
	else if (kind == ROW_ZONE_MEDIA)
		flows_zones_sync(p->flows);
}

static void edge(void *arg, enum process_id with, bool is_up)
{
	struct process *p = arg;

	if (with == P_SIG)
		flows_edge_up(p->flows, is_up);
}

static void again(void *arg, enum process_id from, enum kind kind)
{
	struct process *p = arg;

	(void)from;
	if (kind == ROW_FLOW_WANT)
		flows_again(p->flows);
	else if (kind == ROW_ZONE_MEDIA)
		flows_zones_again(p->flows);
}

int main(int argc, char **argv)
{
	static const struct worker_ops ops = {
		.start = start,
		.configured = configured,
		.socket = take_socket,
		.ipc = {.put = put, .del = del, .sync = sync, .edge = edge, .again = again},
	};
	static struct process process;

	return worker_main(P_MEDIA, argc, argv, &ops, &process);
}
