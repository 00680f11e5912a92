/* udp.c - datagrams between hosts: they leave, travel, and wait in the queue of a socket. */
#include "sim/private.h"

#define QUEUE_MAX 4096 /* datagrams: what a socket buffer of some MiB holds */

static void arrive_at(struct sim *sim, uint64_t delay_ns, const struct wire *w)
{
	struct wire *copy = pool_take(&sim->wires);
	uint64_t h;

	if (!copy) {
		sim->counters.n_overflow++;
		return;
	}
	h = copy->h;
	*copy = *w;
	copy->h = h;
	copy->list = (struct list){0};
	event_put(sim, sim->now + delay_ns, EVENT_PACKET, copy->h, 0);
}

/* Takes w. */
void udp_send(struct io *io, struct wire *w, struct file *from)
{
	struct sim *sim = io->sim;
	struct journey j = {.protocol = WIRE_UDP,
		.opens = true,
		.from = from->local,
		.to = w->to,
		.len = w->len,
		.bytes = {(const char *)w->bytes, w->len < PACKET_BYTES ? w->len : PACKET_BYTES}};

	sim->counters.n_sent++;
	hash_in(sim, w->bytes, w->len < PACKET_BYTES ? w->len : PACKET_BYTES);
	if (travel(sim, io->host, &j)) {
		w->host = j.host;
		w->from = j.from;
		w->to = j.to;
		arrive_at(sim, j.delay_ns, w);
		if (j.duplicate_ns)
			arrive_at(sim, j.delay_ns + j.duplicate_ns, w);
	}
	pool_give(&sim->wires, w);
}

void udp_arrive(struct sim *sim, uint64_t wire)
{
	struct wire *w = pool_get(&sim->wires, wire);
	struct file *f = file_find(sim, WIRE_UDP, &w->to, NULL);

	if (!f || w->host->is_off) {
		sim->counters.n_no_socket++;
		pool_give(&sim->wires, w);
		return;
	}
	if (f->n_queued == QUEUE_MAX) {
		f->n_overflow++;
		sim->counters.n_overflow++;
		pool_give(&sim->wires, w);
		return;
	}
	sim->counters.n_arrived++;
	list_append(&f->queue, &w->list);
	f->n_queued++;
	file_tell(f);
}
