/* dgram.c - datagram sockets: batches in by recvmmsg, a turn's output together by sendmmsg.
 *
 * What handlers send is copied into one queue of this process and leaves in stage 6, in order per
 * socket. A full socket buffer drops a datagram and counts it: a network does the same. Errors
 * that ICMP brought (ECONNREFUSED of an earlier datagram) say nothing about this one and are
 * passed over. Never an allocation per packet. */
#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/uio.h>
#include <unistd.h>

#include "io/private.h"

#define NO_PACKET UINT32_MAX

struct dgram {
	struct object o;
	struct watch watch;
	struct list out; /* of sockets with output in this turn */
	uint32_t out_first, out_last;
	dgram_h *h;
	void *arg;
	struct addr addr;
	uint64_t n_dropped_in, n_dropped_out;
};

struct out_packet {
	struct sockaddr_storage to;
	socklen_t to_len;
	uint32_t next; /* of the same socket */
	uint32_t at, len;
};

struct dgram_io {
	struct list sockets_out;
	struct out_packet *queue;
	uint8_t *out_bytes;
	uint32_t n_queued, n_bytes;
	/* a batch being received */
	uint8_t *in_bytes; /* BATCH_MAX times PACKET_MAX + 1 */
	struct mmsghdr in[BATCH_MAX];
	struct iovec in_iov[BATCH_MAX];
	struct sockaddr_storage from[BATCH_MAX];
	struct packet packets[BATCH_MAX];
	union {
		struct cmsghdr align;
		uint8_t bytes[CMSG_SPACE(sizeof(uint32_t))];
	} control; /* of the first packet: SO_RXQ_OVFL */
};

/* Once, for all sockets: a batch costs what it holds, not what it could hold. */
static void prepare_batch(struct dgram_io *di)
{
	for (size_t i = 0; i < BATCH_MAX; i++) {
		di->in_iov[i] = (struct iovec){di->in_bytes + i * PACKET_MAX, PACKET_MAX};
		di->in[i].msg_hdr = (struct msghdr){.msg_name = &di->from[i],
			.msg_namelen = sizeof di->from[i],
			.msg_iov = &di->in_iov[i],
			.msg_iovlen = 1};
	}
}

enum err dgrams_init(struct io *io)
{
	struct dgram_io *di = mem_array(1, sizeof *di);
	uint32_t generation;

	io->dgram_io = di;
	if (!di)
		return ERR_FULL;
	list_init(&di->sockets_out);
	di->queue = mem_array(OUT_PACKETS, sizeof *di->queue);
	di->out_bytes = mem_array(OUT_BYTES, 1);
	di->in_bytes = mem_array(BATCH_MAX, PACKET_MAX);
	if (!di->queue || !di->out_bytes || !di->in_bytes)
		return ERR_FULL;
	prepare_batch(di);
	io_random(io, &generation, sizeof generation);
	return pool_init(&io->dgrams, HK_SOCKET, sizeof(struct dgram), DGRAMS_MAX, generation);
}

void dgrams_free(struct io *io)
{
	struct dgram_io *di = io->dgram_io;

	for (struct dgram *d = NULL; io->dgrams.n && (d = pool_next(&io->dgrams, d));)
		dgram_close(d);
	if (!di)
		return;
	mem_free(di->queue);
	mem_free(di->out_bytes);
	mem_free(di->in_bytes);
	mem_free(di);
}

/* ---- in ---- */

/* What receiving changed. */
static void restore_batch(struct dgram_io *di, size_t n)
{
	for (size_t i = 0; i < n; i++)
		di->in[i].msg_hdr.msg_namelen = sizeof di->from[i];
}

/* How many the kernel could not keep for us: a 32-bit count since the socket was opened. */
static void note_overflow(struct dgram *d, struct msghdr *m)
{
	for (struct cmsghdr *c = CMSG_FIRSTHDR(m); c; c = CMSG_NXTHDR(m, c)) {
		uint32_t n;

		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SO_RXQ_OVFL)
			continue;
		memcpy(&n, CMSG_DATA(c), sizeof n);
		d->n_dropped_in += (uint32_t)(n - (uint32_t)d->n_dropped_in);
	}
}

static void on_events(struct watch *w, uint32_t events)
{
	struct dgram *d = container_of(w, struct dgram, watch);
	struct dgram_io *di = w->io->dgram_io;
	struct io *io = w->io;
	int n;

	(void)events;
	di->in[0].msg_hdr.msg_control = di->control.bytes;
	di->in[0].msg_hdr.msg_controllen = sizeof di->control.bytes;
	n = recvmmsg(w->fd, di->in, BATCH_MAX, MSG_DONTWAIT, NULL);
	if (n <= 0) /* nothing, or an ICMP error, which reading has cleared */
		return;
	restore_batch(di, (size_t)n);
	note_overflow(d, &di->in[0].msg_hdr);
	for (int i = 0; i < n; i++) {
		di->packets[i] = (struct packet){
			.bytes = {(const char *)di->in_iov[i].iov_base, di->in[i].msg_len},
			.from = sockaddr_get(&di->from[i]),
			.is_cut = di->in[i].msg_hdr.msg_flags & MSG_TRUNC};
	}
	io_enter(io, w->name);
	d->h(d, di->packets, (size_t)n, d->arg);
	io_leave(io);
}

/* ---- life ---- */

static void destroy(struct io *io, struct object *o)
{
	struct dgram *d = container_of(o, struct dgram, o);

	list_remove(&d->out);
	(void)close(d->watch.fd);
	pool_give(&io->dgrams, d);
}

enum err dgram_open(
	struct io *io, const struct local *at, dgram_h *h, void *arg, struct dgram **ret_dgram)
{
	struct dgram *d = pool_take(&io->dgrams);
	int fd = at->fd;
	enum err err;

	if (!d)
		return ERR_FULL;
	err = fd >= 0 ? bind_check(io, at, SOCK_DGRAM) : bind_udp(io, at, &fd);
	if (!err)
		err = watch_start(io, &d->watch, fd, EPOLLIN, "dgram");
	if (err) {
		if (fd != at->fd)
			io_close_fd(io, fd);
		pool_give(&io->dgrams, d);
		return err;
	}
	d->o.destroy = destroy;
	d->watch.h = on_events;
	d->out_first = d->out_last = NO_PACKET;
	d->h = h;
	d->arg = arg;
	d->addr = socket_local(fd);
	*ret_dgram = d;
	return OK;
}

void dgram_close(struct dgram *d)
{
	struct io *io = d ? d->watch.io : NULL;

	if (!io) /* closed already, in this turn */
		return;
	watch_stop(&d->watch);
	io_release(io, &d->o);
}

struct addr dgram_addr(const struct dgram *d)
{
	return d->addr;
}

int dgram_fd(const struct dgram *d)
{
	return d->watch.fd;
}

uint64_t dgram_n_dropped(const struct dgram *d)
{
	return d->n_dropped_in + d->n_dropped_out;
}

/* ---- out ---- */

bool dgrams_want_flush(const struct io *io)
{
	return io->dgram_io->n_queued >= OUT_PACKETS / 2 || io->dgram_io->n_bytes >= OUT_BYTES / 2;
}

static void drop(struct io *io, struct dgram *d)
{
	d->n_dropped_out++;
	io->counters.n_dgram_full++;
}

void dgram_send(struct dgram *d, const struct addr_ok *to, struct str bytes)
{
	struct io *io = d->watch.io;
	struct dgram_io *di = io ? io->dgram_io : NULL;
	struct out_packet *p;

	if (!di) /* closed in this turn */
		return;
	if (di->n_queued == OUT_PACKETS || OUT_BYTES - di->n_bytes < bytes.len) {
		drop(io, d);
		return;
	}
	p = &di->queue[di->n_queued];
	p->to_len = sockaddr_put(&to->addr, &p->to);
	p->next = NO_PACKET;
	p->at = di->n_bytes;
	p->len = (uint32_t)bytes.len;
	if (bytes.len)
		memcpy(di->out_bytes + p->at, bytes.p, bytes.len);
	di->n_bytes += p->len;
	if (d->out_first == NO_PACKET)
		d->out_first = di->n_queued;
	else
		di->queue[d->out_last].next = di->n_queued;
	d->out_last = di->n_queued++;
	if (!list_is_in(&d->out))
		list_append(&di->sockets_out, &d->out);
}

static unsigned build_batch(
	struct dgram_io *di, uint32_t first, struct mmsghdr *batch, struct iovec *iov)
{
	unsigned n = 0;

	for (uint32_t i = first; i != NO_PACKET && n < BATCH_MAX; i = di->queue[i].next, n++) {
		struct out_packet *p = &di->queue[i];

		iov[n] = (struct iovec){di->out_bytes + p->at, p->len};
		batch[n] = (struct mmsghdr){.msg_hdr = {.msg_name = &p->to,
						    .msg_namelen = p->to_len,
						    .msg_iov = &iov[n],
						    .msg_iovlen = 1}};
	}
	return n;
}

/* How many of the batch are done with: sent, or refused for ever. */
static unsigned send_batch(struct io *io, struct dgram *d, struct mmsghdr *batch, unsigned n)
{
	int sent = sendmmsg(d->watch.fd, batch, n, MSG_DONTWAIT | MSG_NOSIGNAL);

	if (sent > 0)
		return (unsigned)sent;
	if (errno == EINTR)
		return 0;
	if (errno == ECONNREFUSED) { /* an answer to an earlier datagram; reading it cleared it */
		sent = sendmmsg(d->watch.fd, batch, n, MSG_DONTWAIT | MSG_NOSIGNAL);
		if (sent > 0)
			return (unsigned)sent;
	}
	if (errno == EAGAIN || errno == ENOBUFS)
		drop(io, d);
	else
		io->counters.n_dgram_failed++;
	return 1;
}

static void flush(struct io *io, struct dgram *d)
{
	struct dgram_io *di = io->dgram_io;
	struct mmsghdr batch[BATCH_MAX];
	struct iovec iov[BATCH_MAX];

	while (d->out_first != NO_PACKET) {
		unsigned n = build_batch(di, d->out_first, batch, iov);

		for (n = send_batch(io, d, batch, n); n; n--)
			d->out_first = di->queue[d->out_first].next;
	}
}

void dgrams_flush(struct io *io)
{
	struct dgram_io *di = io->dgram_io;
	struct list *l;

	while ((l = list_first(&di->sockets_out))) {
		list_remove(l);
		flush(io, container_of(l, struct dgram, out));
	}
	di->n_queued = di->n_bytes = 0;
}
