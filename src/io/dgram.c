/* dgram.c - datagram sockets: batches in by recvmmsg, a turn's output together by sendmmsg.
 *
 * A socket that has one datagram at a time, as that of a call's media does, is read and written by the
 * plain calls, which cost a third less; one that is found busy turn after turn gets larger batches. What
 * handlers send is copied into one queue of this process and leaves in stage 6, in order per socket. A full socket buffer drops a datagram and counts it: a network does the same. Errors
 * that ICMP brought (ECONNREFUSED of an earlier datagram) say nothing about this one and are
 * passed over. Never an allocation per packet. */
#include <errno.h>
#include <linux/sock_diag.h>
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
	bool is_large;
	unsigned batch; /* how many to read at once: 1, 2, 4 ... BATCH_MAX */
	uint64_t turn;  /* in which it was read last */
	dgram_h *h;
	void *arg;
	struct addr addr;
	uint64_t n_dropped_out;
};

/* An internet address as the kernel writes it; a quarter of a sockaddr_storage. */
union name {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
};

struct out_packet {
	union name to;
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
	uint8_t *in_bytes;    /* BATCH_MAX times PACKET_MAX */
	uint8_t *large_bytes; /* BATCH_MAX times LARGE_MAX: pages that nobody uses cost nothing */
	struct mmsghdr in[BATCH_MAX], in_large[BATCH_MAX];
	struct iovec in_iov[BATCH_MAX], large_iov[BATCH_MAX];
	struct sockaddr_storage from[BATCH_MAX];
	struct packet packets[BATCH_MAX];
	/* a batch being sent */
	struct mmsghdr out[BATCH_MAX];
	struct iovec out_iov[BATCH_MAX];
};

static void prepare_in(struct dgram_io *di, struct mmsghdr *in, struct iovec *iov, size_t n)
{
	for (size_t i = 0; i < n; i++)
		in[i].msg_hdr = (struct msghdr){.msg_name = &di->from[i],
			.msg_namelen = sizeof di->from[i],
			.msg_iov = &iov[i],
			.msg_iovlen = 1};
}

/* Once, for all sockets: a batch costs what it holds, not what it could hold. */
static void prepare_batch(struct dgram_io *di)
{
	for (size_t i = 0; i < BATCH_MAX; i++) {
		di->in_iov[i] = (struct iovec){di->in_bytes + i * PACKET_MAX, PACKET_MAX};
		di->large_iov[i] = (struct iovec){di->large_bytes + i * LARGE_MAX, LARGE_MAX};
		di->out[i].msg_hdr = (struct msghdr){.msg_iov = &di->out_iov[i], .msg_iovlen = 1};
	}
	prepare_in(di, di->in, di->in_iov, BATCH_MAX);
	prepare_in(di, di->in_large, di->large_iov, BATCH_MAX);
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
	di->large_bytes = mem_array(BATCH_MAX, LARGE_MAX);
	if (!di->queue || !di->out_bytes || !di->in_bytes || !di->large_bytes)
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
	mem_free(di->large_bytes);
	mem_free(di);
}

/* ---- in ---- */

/* What receiving changed. */
static void restore_batch(struct dgram_io *di, struct mmsghdr *in, size_t n)
{
	for (size_t i = 0; i < n; i++)
		in[i].msg_hdr.msg_namelen = sizeof di->from[i];
}

static int read_one(struct dgram_io *di, int fd, const struct iovec *iov)
{
	struct packet *p = &di->packets[0];
	socklen_t len = sizeof di->from[0];
	ssize_t n = recvfrom(fd, iov->iov_base, iov->iov_len, MSG_DONTWAIT | MSG_TRUNC,
		(struct sockaddr *)&di->from[0], &len);

	if (n < 0)
		return 0;
	p->is_cut = (size_t)n > iov->iov_len;
	p->bytes = (struct str){iov->iov_base, p->is_cut ? iov->iov_len : (size_t)n};
	p->from = sockaddr_get(&di->from[0]);
	return 1;
}

static int read_batch(struct dgram_io *di, int fd, struct mmsghdr *in, unsigned max)
{
	int n = recvmmsg(fd, in, max, MSG_DONTWAIT, NULL);

	if (n < 0)
		return 0;
	restore_batch(di, in, (size_t)n);
	for (int i = 0; i < n; i++) {
		di->packets[i] =
			(struct packet){.bytes = {in[i].msg_hdr.msg_iov->iov_base, in[i].msg_len},
				.from = sockaddr_get(&di->from[i]),
				.is_cut = in[i].msg_hdr.msg_flags & MSG_TRUNC};
	}
	return n;
}

static int read_some(struct dgram_io *di, const struct dgram *d)
{
	if (d->batch == 1)
		return read_one(di, d->watch.fd, d->is_large ? &di->large_iov[0] : &di->in_iov[0]);
	return read_batch(di, d->watch.fd, d->is_large ? di->in_large : di->in, d->batch);
}

/* Full in this turn and full in the last: more is waiting than is read. */
static void adapt_batch(struct dgram *d, unsigned n, uint64_t turn)
{
	if (n < d->batch)
		d->batch = n > 1 ? d->batch : 1;
	else if (d->turn + 1 == turn && d->batch < BATCH_MAX)
		d->batch *= 2;
	d->turn = turn;
}

static void on_events(struct watch *w, uint32_t events)
{
	struct dgram *d = container_of(w, struct dgram, watch);
	struct dgram_io *di = w->io->dgram_io;
	struct io *io = w->io;
	int n = read_some(di, d);

	(void)events;
	if (n <= 0) /* nothing, or an ICMP error, which reading has cleared */
		return;
	adapt_batch(d, (unsigned)n, io->turn);
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
	d->batch = 1;
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

void dgram_take_large(struct dgram *d)
{
	d->is_large = true;
	d->batch = 1;
}

struct addr dgram_addr(const struct dgram *d)
{
	return d->addr;
}

int dgram_fd(const struct dgram *d)
{
	return d->watch.fd;
}

/* How many the kernel could not keep for us, since the socket was opened. Asked, not told with each
 * datagram (SO_RXQ_OVFL): that costs every reading. */
static uint32_t n_dropped_in(int fd)
{
	uint32_t info[SK_MEMINFO_VARS] = {0};
	socklen_t len = sizeof info;

	return getsockopt(fd, SOL_SOCKET, SO_MEMINFO, info, &len) == 0 ? info[SK_MEMINFO_DROPS] : 0;
}

uint64_t dgram_n_dropped(const struct dgram *d)
{
	return n_dropped_in(d->watch.fd) + d->n_dropped_out;
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

static socklen_t name_put(const struct addr *a, union name *ret_name)
{
	if (a->family == AF_V4) {
		ret_name->v4 =
			(struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons(a->port)};
		memcpy(&ret_name->v4.sin_addr, a->ip, 4);
		return sizeof ret_name->v4;
	}
	ret_name->v6 = (struct sockaddr_in6){.sin6_family = AF_INET6, .sin6_port = htons(a->port)};
	memcpy(&ret_name->v6.sin6_addr, a->ip, 16);
	return sizeof ret_name->v6;
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
	p->to_len = name_put(&to->addr, &p->to);
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

static unsigned build_batch(struct dgram_io *di, uint32_t first)
{
	unsigned n = 0;

	for (uint32_t i = first; i != NO_PACKET && n < BATCH_MAX; i = di->queue[i].next, n++) {
		struct out_packet *p = &di->queue[i];

		di->out_iov[n] = (struct iovec){di->out_bytes + p->at, p->len};
		di->out[n].msg_hdr.msg_name = &p->to;
		di->out[n].msg_hdr.msg_namelen = p->to_len;
	}
	return n;
}

/* How many of the first n were sent; negative: errno. */
static int try_batch(struct dgram_io *di, int fd, unsigned n)
{
	const struct msghdr *m = &di->out[0].msg_hdr;

	if (n > 1)
		return sendmmsg(fd, di->out, n, MSG_DONTWAIT | MSG_NOSIGNAL);
	return sendto(fd, di->out_iov[0].iov_base, di->out_iov[0].iov_len,
		       MSG_DONTWAIT | MSG_NOSIGNAL, m->msg_name, m->msg_namelen) < 0
	               ? -1
	               : 1;
}

/* How many of the batch are done with: sent, or refused for ever. */
static unsigned send_batch(struct io *io, struct dgram *d, unsigned n)
{
	int sent = try_batch(io->dgram_io, d->watch.fd, n);

	if (sent > 0)
		return (unsigned)sent;
	if (errno == EINTR)
		return 0;
	if (errno == ECONNREFUSED) { /* an answer to an earlier datagram; reading it cleared it */
		sent = try_batch(io->dgram_io, d->watch.fd, n);
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

	while (d->out_first != NO_PACKET) {
		unsigned n = build_batch(di, d->out_first);

		for (n = send_batch(io, d, n); n; n--)
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
