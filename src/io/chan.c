/* chan.c - message channels between our own processes: SOCK_SEQPACKET, one message, at most one
 * fd.
 *
 * A message goes to the kernel at once: records and rows are in their channels before the network
 * is flushed in stage 6, and a message that was sent is readable although its sender was killed.
 * What arrives is hostile input like any other: a message that is too long, brings more than one
 * fd, or none where the kernel cut it, loses the channel. */
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "io/private.h"

#define FDS_MAX  8 /* room to see, and close, what must not be there */
#define RETRY_MS 10

struct chan {
	struct object o;
	struct watch watch;
	struct io *io; /* also after watch_stop */
	const struct chan_ops *ops;
	void *arg;
	struct timer retry; /* after a refusal that EPOLLOUT will not end: too many fds in flight */
	bool wants_writable;
};

enum err chans_init(struct io *io)
{
	uint32_t generation;

	io_random(io, &generation, sizeof generation);
	return pool_init(&io->chans, HK_SOCKET, sizeof(struct chan), CHANS_MAX, generation);
}

void chans_free(struct io *io)
{
	for (struct chan *c = NULL; io->chans.n && (c = pool_next(&io->chans, c));)
		chan_close(c);
}

static void destroy(struct io *io, struct object *o)
{
	struct chan *c = container_of(o, struct chan, o);

	(void)close(c->watch.fd);
	pool_give(&io->chans, c);
}

void chan_close(struct chan *c)
{
	if (!c || c->o.is_released)
		return;
	timer_stop(&c->retry);
	watch_stop(&c->watch);
	io_release(c->io, &c->o);
}

static void lose(struct chan *c)
{
	struct io *io = c->io;

	io_enter(io, "channel lost");
	if (c->ops->lost)
		c->ops->lost(c, c->arg);
	io_leave(io);
	chan_close(c);
}

/* ---- in ---- */

union fd_room {
	struct cmsghdr align;
	uint8_t bytes[CMSG_SPACE(FDS_MAX * sizeof(int))];
};

/* The one fd of a message. False: more than one came, or not all; none is left open. */
static bool take_fd(struct msghdr *m, int *ret_fd)
{
	int fds[FDS_MAX];
	size_t n = 0;

	*ret_fd = NO_FD;
	for (struct cmsghdr *c = CMSG_FIRSTHDR(m); c; c = CMSG_NXTHDR(m, c)) {
		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
			continue;
		n = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
		n = n < FDS_MAX ? n : FDS_MAX;
		memcpy(fds, CMSG_DATA(c), n * sizeof(int));
	}
	if (n == 1 && !(m->msg_flags & MSG_CTRUNC)) {
		*ret_fd = fds[0];
		return true;
	}
	for (size_t i = 0; i < n; i++)
		(void)close(fds[i]);
	return n == 0 && !(m->msg_flags & MSG_CTRUNC);
}

/* ERR_MORE: nothing there. ERR_CLOSED: the other end is gone. ERR_SYNTAX: a message that none of
 * ours sends. */
static enum err receive(int fd, char buf[CHAN_MAX], struct str *ret_bytes, int *ret_fd)
{
	struct iovec iov = {buf, CHAN_MAX};
	union fd_room room;
	struct msghdr m = {.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = room.bytes,
		.msg_controllen = sizeof room.bytes};
	ssize_t n = recvmsg(fd, &m, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
	int taken;

	if (n < 0)
		return errno == EAGAIN || errno == EINTR ? ERR_MORE : ERR_CLOSED;
	if (!take_fd(&m, &taken))
		return ERR_SYNTAX;
	if (n == 0 || (m.msg_flags & MSG_TRUNC)) {
		if (taken >= 0)
			(void)close(taken);
		return n == 0 ? ERR_CLOSED : ERR_SYNTAX;
	}
	*ret_bytes = (struct str){buf, (size_t)n};
	*ret_fd = taken;
	return OK;
}

static void read_messages(struct chan *c)
{
	char buf[CHAN_MAX];
	struct io *io = c->io;

	for (int i = 0; i < BATCH_MAX && !c->o.is_released; i++) {
		struct str bytes;
		int fd;
		enum err err = receive(c->watch.fd, buf, &bytes, &fd);

		if (err == ERR_MORE)
			return;
		if (err) {
			lose(c);
			return;
		}
		io_enter(io, "channel");
		c->ops->message(c, bytes, fd, c->arg);
		io_leave(io);
	}
}

static void tell_writable(struct chan *c)
{
	struct io *io = c->io;

	if (!c->wants_writable)
		return;
	c->wants_writable = false;
	timer_stop(&c->retry);
	watch_change(&c->watch, EPOLLIN);
	io_enter(io, "channel writable");
	if (c->ops->writable)
		c->ops->writable(c, c->arg);
	io_leave(io);
}

static void on_retry(void *arg)
{
	tell_writable(arg);
}

static void on_events(struct watch *w, uint32_t events)
{
	struct chan *c = container_of(w, struct chan, watch);

	if (events & EPOLLOUT)
		tell_writable(c);
	if (!c->o.is_released && (events & (EPOLLIN | EPOLLHUP | EPOLLERR)))
		read_messages(c);
}

void chans_call(struct io *io)
{
	for (struct chan *c = NULL; (c = pool_next(&io->chans, c));)
		if (!c->o.is_released)
			read_messages(c);
}

enum err chan_adopt(
	struct io *io, int fd, const struct chan_ops *ops, void *arg, struct chan **ret_chan)
{
	struct chan *c = pool_take(&io->chans);
	enum err err;

	if (!c)
		return ERR_FULL;
	c->o.destroy = destroy;
	c->io = io;
	c->ops = ops;
	c->arg = arg;
	timer_init(&c->retry, on_retry, c);
	c->watch.h = on_events;
	c->watch.is_first = true;
	err = socket_option(fd, SOL_SOCKET, SO_TYPE) == SOCK_SEQPACKET
	              ? watch_start(io, &c->watch, fd, EPOLLIN, "channel")
	              : ERR_DENIED;
	if (err) {
		pool_give(&io->chans, c);
		return err;
	}
	*ret_chan = c;
	return OK;
}

enum err chan_pair(struct io *io, int *ret_a, int *ret_b)
{
	(void)io;
	return bind_pair(SOCK_SEQPACKET, ret_a, ret_b);
}

/* ---- out ---- */

static void put_fd(struct msghdr *m, union fd_room *room, int fd)
{
	struct cmsghdr *c;

	memset(room, 0, sizeof *room);
	m->msg_control = room->bytes;
	m->msg_controllen = CMSG_SPACE(sizeof fd);
	c = CMSG_FIRSTHDR(m);
	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof fd);
	memcpy(CMSG_DATA(c), &fd, sizeof fd);
}

static void want_writable(struct chan *c, int number)
{
	c->wants_writable = true;
	if (number == EAGAIN)
		watch_change(&c->watch, EPOLLIN | EPOLLOUT);
	else if (number == ENOBUFS || number == ENOMEM || number == ETOOMANYREFS)
		timer_start(c->io, &c->retry, RETRY_MS);
	/* Anything else: the channel is broken, and lost() is on its way. */
}

bool chan_send(struct chan *c, struct str bytes, int fd)
{
	struct iovec iov = {(void *)(uintptr_t)bytes.p, bytes.len};
	struct msghdr m = {.msg_iov = &iov, .msg_iovlen = 1};
	union fd_room room;

	if (c->o.is_released || bytes.len == 0 || bytes.len > CHAN_MAX)
		return false;
	if (fd >= 0)
		put_fd(&m, &room, fd);
	while (sendmsg(c->watch.fd, &m, MSG_DONTWAIT | MSG_NOSIGNAL) < 0) {
		if (errno == EINTR)
			continue;
		want_writable(c, errno);
		return false;
	}
	return true;
}

enum err chan_receive(struct chan *c, uint32_t timeout_ms, struct scratch *scratch,
	struct str *ret_bytes, int *ret_fd)
{
	struct pollfd in = {.fd = c->watch.fd, .events = POLLIN};
	char *buf = scratch_take(scratch, CHAN_MAX);
	enum err err;

	if (!buf)
		return ERR_FULL;
	err = receive(c->watch.fd, buf, ret_bytes, ret_fd);
	if (err != ERR_MORE)
		return err;
	if (poll(&in, 1, (int)(timeout_ms < INT32_MAX ? timeout_ms : INT32_MAX)) <= 0)
		return ERR_TIMEOUT;
	err = receive(c->watch.fd, buf, ret_bytes, ret_fd);
	return err == ERR_MORE ? ERR_TIMEOUT : err;
}
