/* dgram.c - datagram sockets of io.h over files; and the plan's rule for every socket of the
 * world. */
#include <errno.h>
#include <string.h>

#include "sim/private.h"

#define DGRAMS_MAX 2048

LOG_EVENT(ev_denied, "PRT-004", LOG_ERROR, "a port outside the plan was asked for");
LOG_EVENT(ev_no_port, "PRT-001", LOG_ERROR, "no port of the row's range is free");

struct dgram {
	struct object o;
	struct file *file;
	int fd;
	dgram_h *h;
	void *arg;
	struct addr addr;
};

enum err dgrams_init(struct io *io)
{
	return pool_init(&io->dgrams, HK_SOCKET, sizeof(struct dgram), DGRAMS_MAX, 1);
}

/* ---- from the plan ---- */

static enum err denied(struct io *io, const struct local *at)
{
	log_put(&io->log, &ev_denied, F_STR("row", plan_row_name(at->row)),
		F_ADDR("local", &at->addr));
	return ERR_DENIED;
}

enum err check_local(struct io *io, const struct local *at, bool is_datagram)
{
	struct ports range;

	if (!io->plan || plan_ports(io->plan, at->row, &range) != OK)
		return denied(io, at);
	if ((plan_protocol(at->row) == PROTO_UDP) != is_datagram)
		return denied(io, at);
	if (at->addr.port && !plan_has_port(io->plan, at->row, at->addr.port))
		return denied(io, at);
	return host_zone(io->host, &at->addr) < 0 ? (enum err)(-EADDRNOTAVAIL) : OK;
}

static bool is_taken(
	struct io *io, const struct file *f, const struct addr *local, const struct addr *remote)
{
	enum wire_protocol protocol = f->kind == FILE_UDP ? WIRE_UDP : WIRE_TCP;

	return file_find(io->sim, protocol, local, NULL) ||
	       (remote && file_find(io->sim, protocol, local, remote));
}

static bool pick_port(struct io *io, struct file *f, enum plan_row row, const struct addr *remote)
{
	struct ports range;
	struct port_walk walk;

	if (plan_ports(io->plan, row, &range) != OK)
		return false;
	walk = port_walk_of(
		range, sim_random(io->sim, UINT32_MAX), sim_random(io->sim, UINT32_MAX));
	while (port_walk_next(&walk, &f->local.port)) {
		if (plan_has_port(io->plan, row, f->local.port) &&
			!is_taken(io, f, &f->local, remote))
			return true;
	}
	log_put(&io->log, &ev_no_port, F_STR("row", plan_row_name(row)));
	return false;
}

enum err bind_file(struct io *io, struct file *f, const struct local *at, const struct addr *remote)
{
	f->local = at->addr;
	if (!at->addr.port && !pick_port(io, f, at->row, remote))
		return ERR_NO_PORT;
	if (at->addr.port && is_taken(io, f, &at->addr, remote))
		return ERR_EXISTS;
	file_bind(f, remote);
	return OK;
}

/* ---- in ---- */

static size_t take_batch(
	struct dgram *d, struct wire *wires[BATCH_MAX], struct packet packets[BATCH_MAX])
{
	size_t n = 0;
	struct list *l;

	while (n < BATCH_MAX && (l = list_first(&d->file->queue))) {
		struct wire *w = container_of(l, struct wire, list);

		list_remove(l);
		d->file->n_queued--;
		packets[n] = (struct packet){.bytes = {(const char *)w->bytes, w->len},
			.from = w->from,
			.is_cut = w->len > PACKET_BYTES};
		if (w->len > PACKET_BYTES)
			packets[n].bytes.len = PACKET_BYTES;
		wires[n++] = w;
	}
	return n;
}

static void run(struct object *o)
{
	struct dgram *d = container_of(o, struct dgram, o);
	struct io *io = o->io;
	struct wire *wires[BATCH_MAX];
	struct packet packets[BATCH_MAX];
	size_t n = take_batch(d, wires, packets);

	if (!n)
		return;
	if (d->file->n_queued)
		object_ready(o);
	/* Given back before the handler, which may be where the process dies: nothing else takes
	 * one out of the pool and fills it before the handler sends, and what it sends is a copy. */
	io_enter(io);
	io->n_taken += n;
	for (size_t i = 0; i < n; i++) {
		packets[i].bytes = scratch_copy(&io->scratch, packets[i].bytes);
		pool_give(&io->sim->wires, wires[i]);
	}
	d->h(d, packets, n, d->arg);
}

static void destroy(struct object *o)
{
	struct dgram *d = container_of(o, struct dgram, o);

	fd_close(o->io->sim, d->fd);
	pool_give(&o->io->dgrams, d);
}

static enum err open_file(struct io *io, const struct local *at, struct dgram *d)
{
	struct file *f;
	enum err err = check_local(io, at, true);

	if (!err)
		err = file_open(io->sim, io->host, FILE_UDP, &f);
	if (err)
		return err;
	err = bind_file(io, f, at, NULL);
	if (!err) {
		d->fd = fd_new(io->sim, f, io);
		d->file = f;
	}
	file_unref(f); /* the fd holds it */
	return !err && d->fd == NO_FD ? ERR_FULL : err;
}

static enum err adopt_file(struct io *io, const struct local *at, struct dgram *d)
{
	struct file *f = fd_file(io->sim, at->fd);
	struct local bound = *at;

	if (!f || f->kind != FILE_UDP)
		return denied(io, at);
	bound.addr = f->local;
	d->fd = at->fd;
	d->file = f;
	return check_local(io, &bound, true);
}

enum err dgram_open(
	struct io *io, const struct local *at, dgram_h *h, void *arg, struct dgram **ret_dgram)
{
	struct dgram *d;
	enum err err;

	io_call(io);
	d = io->is_dead ? NULL : pool_take(&io->dgrams);
	if (!d)
		return ERR_FULL;
	err = at->fd == NO_FD ? open_file(io, at, d) : adopt_file(io, at, d);
	if (err) {
		pool_give(&io->dgrams, d);
		return err;
	}
	d->o.io = io;
	d->o.run = run;
	d->o.destroy = destroy;
	d->h = h;
	d->arg = arg;
	d->addr = d->file->local;
	d->file->user = &d->o;
	if (d->file->n_queued)
		object_ready(&d->o);
	*ret_dgram = d;
	return OK;
}

void dgram_close(struct dgram *d)
{
	if (!d)
		return;
	io_call(d->o.io);
	if (d->o.io->is_dead || d->o.is_released)
		return;
	d->file->user = NULL;
	list_remove(&d->o.list);
	object_release(&d->o);
}

/* A packet on this world's wires is never that long. */
void dgram_take_large(struct dgram *d)
{
	(void)d;
}

struct addr dgram_addr(const struct dgram *d)
{
	return d->addr;
}

int dgram_fd(const struct dgram *d)
{
	return d->fd;
}

uint64_t dgram_n_dropped(const struct dgram *d)
{
	return d->o.io->is_dead ? 0 : d->file->n_overflow;
}

/* ---- out ---- */

void dgram_send(struct dgram *d, const struct addr_ok *to, struct str bytes)
{
	struct io *io = d->o.io;
	struct wire *w;

	io_call(io);
	if (io->is_dead || d->o.is_released)
		return;
	w = pool_take(&io->sim->wires);
	if (!w)
		return;
	w->to = to->addr;
	w->from = d->addr;
	w->file = d->file->h;
	w->len = (uint32_t)bytes.len;
	if (bytes.len)
		memcpy(w->bytes, bytes.p, bytes.len < PACKET_BYTES ? bytes.len : PACKET_BYTES);
	list_append(&io->out, &w->list);
	if (!io->is_in_turn)
		turn_want(io, io->sim->now);
}

void dgrams_flush(struct io *io)
{
	struct list *l;

	while ((l = list_first(&io->out))) {
		struct wire *w = container_of(l, struct wire, list);
		struct file *f = pool_get(&io->sim->files, w->file);

		list_remove(l);
		if (f)
			udp_send(io, w, f);
		else
			pool_give(&io->sim->wires, w);
	}
}
