/* stream.c - byte streams: listeners, dials, adopted ends. Peek first, remove when it is finished
 * with.
 *
 * Bytes that a handler has not finished with stay in the kernel: a successor of this process
 * finds them there. Therefore MSG_PEEK, edge-triggered epoll (one wake-up per arrival, none for a
 * partial message, and a new epoll set reports what is left over), and removal in stage 6 after
 * the network flush. Output is queued as whole messages and leaves in stage 6; a stream is torn
 * while the kernel holds a part of a message. SO_RCVLOWAT is no help: AF_UNIX ignores it, TCP
 * would leave it in the socket, where it keeps a successor asleep.
 *
 * 	LISTENING --accept--> OPEN <--connected-- DIALLING        OPEN <--adopted */
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/uio.h>
#include <unistd.h>

#include "io/private.h"

#define IOV_MAX_OURS   32
#define ACCEPT_REST_MS 100
#define DRAIN_MAX      8 /* reads of what nobody wants any more, before a close */

enum stream_state { ST_LISTENING, ST_DIALLING, ST_OPEN };

struct stream {
	struct object o;
	struct watch watch;
	struct io *io; /* also after watch_stop */
	const struct stream_ops *ops;
	void *arg;
	enum stream_state state;
	enum err fail; /* lost() is due */
	bool is_unix, is_taken, is_paused, is_given_away;
	bool has_hup;  /* no bytes will come after those that are there */
	bool is_ready; /* bytes() is due, when not paused */
	bool is_blocked, is_drained, was_torn;
	uint64_t turn; /* in which bytes() was called */
	size_t n_eaten;
	struct outq queue;
	struct list again, out, eaten; /* see struct stream_io */
	struct timer rest;             /* of a listener, when accept has no fd to give */
	struct peer peer;
};

struct stream_io {
	struct list again; /* to be called without an event, next turn */
	struct list out;   /* have output */
	struct list eaten; /* have bytes to be removed */
	uint8_t *peeked;
};

enum err streams_init(struct io *io)
{
	struct stream_io *si = mem_array(1, sizeof *si);
	uint32_t generation;
	enum err err;

	io->stream_io = si;
	if (!si)
		return ERR_FULL;
	list_init(&si->again);
	list_init(&si->out);
	list_init(&si->eaten);
	si->peeked = mem_array(STREAM_PEEK, 1);
	if (!si->peeked)
		return ERR_FULL;
	io_random(io, &generation, sizeof generation);
	err = pool_init(&io->streams, HK_SOCKET, sizeof(struct stream), STREAMS_MAX, generation);
	if (err)
		return err;
	return chunks_init(&io->chunks, CHUNKS_MAX, generation);
}

void streams_free(struct io *io)
{
	for (struct stream *s = NULL; io->streams.n && (s = pool_next(&io->streams, s));) {
		stream_close(s);
		list_remove(&s->out);
		list_remove(&s->eaten);
	}
	if (io->stream_io)
		mem_free(io->stream_io->peeked);
	mem_free(io->stream_io);
	io->stream_io = NULL;
}

/* ---- life ---- */

static void drop_output(struct stream *s)
{
	outq_drop(&s->io->chunks, &s->queue);
}

/* The keeper may hold a duplicate, so closing alone ends nothing; and a TCP socket closed with
 * bytes unread answers with RST, which would overtake the reply that was just sent. */
static void end_connection(int fd)
{
	char unwanted[4096];

	(void)shutdown(fd, SHUT_RDWR);
	for (int i = 0; i < DRAIN_MAX; i++) {
		if (recv(fd, unwanted, sizeof unwanted, MSG_DONTWAIT) <= 0)
			break;
	}
}

static void destroy(struct io *io, struct object *o)
{
	struct stream *s = container_of(o, struct stream, o);

	list_remove(&s->again);
	list_remove(&s->out);
	list_remove(&s->eaten);
	drop_output(s);
	if (s->state != ST_LISTENING && !s->is_given_away && !io->is_dying)
		end_connection(s->watch.fd);
	(void)close(s->watch.fd);
	pool_give(&io->streams, s);
}

static struct stream *take_stream(
	struct io *io, enum stream_state state, const struct stream_ops *ops, void *arg)
{
	struct stream *s = pool_take(&io->streams);

	if (!s)
		return NULL;
	s->o.destroy = destroy;
	s->io = io;
	s->state = state;
	s->ops = ops;
	s->arg = arg;
	return s;
}

void stream_close(struct stream *s)
{
	if (!s || s->o.is_released)
		return;
	timer_stop(&s->rest);
	list_remove(&s->again);
	watch_stop(&s->watch);
	io_release(s->io, &s->o);
}

static void lose(struct stream *s, enum err why)
{
	struct io *io = s->io;

	io_enter(io, "stream lost");
	s->ops->lost(s, why, s->arg);
	io_leave(io);
	stream_close(s);
}

/* It is called in the next turn, whether or not an event comes. */
static void call_again(struct stream *s)
{
	if (!s->o.is_released && !list_is_in(&s->again))
		list_append(&s->io->stream_io->again, &s->again);
}

static void fail_later(struct stream *s, enum err why)
{
	if (!s->fail)
		s->fail = why;
	drop_output(s);
	call_again(s);
}

/* ---- in ---- */

/* What the handler left needs another call: at once when it moved on, never while it waits. */
static void after_bytes(struct stream *s, size_t n_peeked)
{
	bool may_be_more = s->n_eaten < n_peeked || n_peeked == STREAM_PEEK || s->has_hup;

	if (s->n_eaten)
		list_append(&s->io->stream_io->eaten, &s->eaten);
	if (s->is_paused) {
		s->is_ready = may_be_more;
		return;
	}
	if (s->n_eaten == 0 && n_peeked >= STREAM_PEEK - 1)
		lose(s, ERR_FULL); /* it would wait for ever */
	else if (s->n_eaten == 0 && s->has_hup)
		lose(s, ERR_CLOSED);
	else if (s->n_eaten && may_be_more) {
		s->is_ready = true;
		call_again(s);
	}
}

static void call_bytes(struct stream *s)
{
	struct io *io = s->io;
	char *buf = (char *)io->stream_io->peeked;
	ssize_t n;

	if (s->is_paused ||
		s->turn == io->turn) { /* what it finished with is still to be removed */
		s->is_ready = true;
		if (!s->is_paused)
			call_again(s);
		return;
	}
	s->is_ready = false;
	n = recv(s->watch.fd, buf, STREAM_PEEK, MSG_PEEK | MSG_DONTWAIT);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0) {
		lose(s, n == 0 ? ERR_CLOSED : err_of_errno(errno));
		return;
	}
	s->turn = io->turn;
	io_enter(io, "stream bytes");
	s->n_eaten = s->ops->bytes(s, (struct str){buf, (size_t)n}, s->arg);
	io_leave(io);
	assert(s->n_eaten <= (size_t)n);
	if (!s->o.is_released)
		after_bytes(s, (size_t)n);
}

/* Phones leave Nagle's algorithm on: a 200 right after a 180 waits for our acknowledgement, which the
 * kernel would put off by 40 ms. If an answer has just left, it took the acknowledgement with it, and
 * nothing is sent here. */
static void acknowledge(int fd)
{
	int on = 1;

	(void)setsockopt(fd, IPPROTO_TCP, TCP_QUICKACK, &on, sizeof on);
}

static void eat(struct stream *s)
{
	struct stream_io *si = s->io->stream_io;

	while (s->n_eaten) {
		/* TCP can drop bytes without copying them (tcp(7), MSG_TRUNC); AF_UNIX says
		 * EFAULT. */
		ssize_t n = s->is_unix
		                    ? recv(s->watch.fd, si->peeked,
					      s->n_eaten < STREAM_PEEK ? s->n_eaten : STREAM_PEEK,
					      MSG_DONTWAIT)
		                    : recv(s->watch.fd, NULL, s->n_eaten, MSG_TRUNC | MSG_DONTWAIT);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) /* the connection broke meanwhile and took its bytes with it */
			break;
		s->n_eaten -= (size_t)n;
	}
	s->n_eaten = 0;
	if (!s->is_unix)
		acknowledge(s->watch.fd);
}

void streams_eat(struct io *io)
{
	struct list *l;

	while ((l = list_first(&io->stream_io->eaten))) {
		list_remove(l);
		eat(container_of(l, struct stream, eaten));
	}
}

/* ---- connecting ---- */

static bool finish_dial(struct stream *s, uint32_t events)
{
	struct io *io = s->io;
	int number;

	if (!(events & (EPOLLOUT | EPOLLERR | EPOLLHUP)))
		return false;
	number = socket_option(s->watch.fd, SOL_SOCKET, SO_ERROR);
	if (number != 0) {
		lose(s, err_of_errno(number > 0 ? number : EIO));
		return false;
	}
	s->state = ST_OPEN;
	s->peer.local = socket_local(s->watch.fd);
	if (s->queue.n)
		list_append(&io->stream_io->out, &s->out);
	io_enter(io, "stream opened");
	s->ops->opened(s, s->arg);
	io_leave(io);
	return !s->o.is_released;
}

static void on_events(struct watch *w, uint32_t events)
{
	struct stream *s = container_of(w, struct stream, watch);

	if (s->state == ST_DIALLING && !finish_dial(s, events))
		return;
	if ((events & EPOLLOUT) && s->queue.n && !list_is_in(&s->out))
		list_append(&s->io->stream_io->out, &s->out);
	if (events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR))
		s->has_hup = true;
	if (events & (EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR))
		call_bytes(s);
}

static enum err watch_stream(struct stream *s, int fd)
{
	s->watch.h = on_events;
	return watch_start(
		s->io, &s->watch, fd, EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, "stream");
}

enum err stream_dial(struct io *io, const struct local *from, const struct addr_ok *to,
	const struct stream_ops *ops, void *arg, struct stream **ret_stream)
{
	struct stream *s = take_stream(io, ST_DIALLING, ops, arg);
	int fd = NO_FD;
	enum err err;

	if (!s)
		return ERR_FULL;
	err = bind_dial(io, from, &to->addr, &fd);
	if (!err)
		err = watch_stream(s, fd);
	if (err) {
		io_close_fd(io, fd);
		pool_give(&io->streams, s);
		return err;
	}
	s->peer = (struct peer){.remote = to->addr, .local = socket_local(fd), .row = from->row};
	*ret_stream = s;
	return OK;
}

enum err stream_adopt(struct io *io, int fd, const struct peer *peer, const struct stream_ops *ops,
	void *arg, struct stream **ret_stream)
{
	struct stream *s = take_stream(io, ST_OPEN, ops, arg);
	enum err err = ERR_DENIED;

	if (!s)
		return ERR_FULL;
	if (socket_option(fd, SOL_SOCKET, SO_TYPE) == SOCK_STREAM)
		err = watch_stream(s, fd);
	if (err) {
		pool_give(&io->streams, s);
		return err;
	}
	s->is_unix = socket_option(fd, SOL_SOCKET, SO_DOMAIN) == AF_UNIX;
	s->is_taken = true;
	if (peer)
		s->peer = *peer;
	else
		s->peer = (struct peer){.remote = socket_remote(fd), .local = socket_local(fd)};
	*ret_stream = s;
	return OK;
}

enum err stream_pair(struct io *io, const struct stream_ops *ops, void *arg,
	struct stream **ret_stream, int *ret_fd)
{
	int ours, theirs;
	enum err err = bind_pair(SOCK_STREAM, &ours, &theirs);

	if (err)
		return err;
	err = stream_adopt(io, ours, NULL, ops, arg, ret_stream);
	if (err) {
		io_close_fd(io, ours);
		io_close_fd(io, theirs);
		return err;
	}
	*ret_fd = theirs;
	return OK;
}

/* ---- listening ---- */

static void on_rested(void *arg)
{
	struct stream *listener = arg;

	watch_change(&listener->watch, EPOLLIN);
}

/* No fd left for it: the caller waits in the backlog, we do not spin. */
static void rest(struct stream *listener)
{
	listener->io->counters.n_accept_failed++;
	watch_change(&listener->watch, 0);
	timer_start(listener->io, &listener->rest, ACCEPT_REST_MS);
}

static void accept_one(struct stream *listener, int fd, const struct addr *remote)
{
	struct io *io = listener->io;
	struct stream *s = take_stream(io, ST_OPEN, listener->ops, listener->arg);

	if (!s || watch_stream(s, fd) != OK) {
		io->counters.n_accept_failed++;
		io_close_fd(io, fd);
		pool_give(&io->streams, s);
		return;
	}
	s->peer = (struct peer){.remote = *remote,
		.local = socket_local(fd),
		.row = listener->peer.row,
		.is_inbound = true};
	memcpy(s->peer.zone, listener->peer.zone, sizeof s->peer.zone);
	io_enter(io, "stream accepted");
	listener->ops->accepted(s, listener->arg);
	io_leave(io);
	if (!s->is_taken)
		stream_close(s);
}

static void on_callers(struct watch *w, uint32_t events)
{
	struct stream *listener = container_of(w, struct stream, watch);

	(void)events;
	for (int i = 0; i < BATCH_MAX && !listener->o.is_released; i++) {
		struct addr remote;
		int fd;
		enum err err = bind_accept(w->fd, &remote, &fd);

		if (err == ERR_MORE)
			return;
		if (err) {
			rest(listener);
			return;
		}
		accept_one(listener, fd, &remote);
	}
}

static enum err listener_fd(struct io *io, const struct local *at, int *ret_fd)
{
	if (at->fd < 0)
		return bind_listen(io, at, ret_fd);
	if (socket_option(at->fd, SOL_SOCKET, SO_ACCEPTCONN) != 1)
		return ERR_DENIED;
	*ret_fd = at->fd;
	return bind_check(io, at, SOCK_STREAM);
}

enum err stream_listen(struct io *io, const struct local *at, const struct stream_ops *ops,
	void *arg, struct stream **ret_stream)
{
	struct stream *s = take_stream(io, ST_LISTENING, ops, arg);
	int fd = NO_FD;
	enum err err;

	if (!s)
		return ERR_FULL;
	err = listener_fd(io, at, &fd);
	s->watch.h = on_callers;
	if (!err)
		err = watch_start(io, &s->watch, fd, EPOLLIN, "listener");
	if (err) {
		if (fd != at->fd)
			io_close_fd(io, fd);
		pool_give(&io->streams, s);
		return err;
	}
	timer_init(&s->rest, on_rested, s);
	s->peer = (struct peer){.local = socket_local(fd), .row = at->row};
	*ret_stream = s;
	return OK;
}

void stream_take(struct stream *s, const struct stream_ops *ops, void *arg)
{
	s->ops = ops;
	s->arg = arg;
	s->is_taken = true;
}

/* ---- what its owner asks ---- */

const struct peer *stream_peer(const struct stream *s)
{
	return &s->peer;
}

void stream_set_peer(struct stream *s, const struct peer *peer)
{
	s->peer = *peer;
}

size_t stream_queued(const struct stream *s)
{
	return s->queue.n;
}

int stream_fd(const struct stream *s)
{
	return s->watch.fd;
}

void stream_pause(struct stream *s, bool is_paused)
{
	s->is_paused = is_paused;
	if (!is_paused && s->is_ready)
		call_again(s);
}

void stream_set_timeout(struct stream *s, uint32_t ms)
{
	if (!s->is_unix)
		(void)setsockopt(s->watch.fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &ms, sizeof ms);
}

enum err stream_release(struct stream *s, int *ret_fd)
{
	int fd;

	if (s->o.is_released || s->state != ST_OPEN)
		return ERR_WRONG_STATE;
	fd = fcntl(s->watch.fd, F_DUPFD_CLOEXEC, 0);
	if (fd < 0)
		return err_of_errno(errno);
	s->is_given_away = true;
	drop_output(s);
	stream_close(s);
	*ret_fd = fd;
	return OK;
}

/* ---- out ---- */

void stream_send(struct stream *s, struct str bytes)
{
	if (s->o.is_released || s->fail || !bytes.len)
		return;
	if (s->queue.n + bytes.len > STREAM_OUT_MAX ||
		!outq_add(&s->io->chunks, &s->queue, bytes)) {
		s->io->counters.n_stream_full++;
		fail_later(s, ERR_FULL);
		return;
	}
	if (s->state == ST_OPEN && !s->is_blocked && !list_is_in(&s->out))
		list_append(&s->io->stream_io->out, &s->out);
}

bool stream_is_torn(const struct stream *s)
{
	return outq_is_torn(&s->queue);
}

/* False: the kernel takes no more now, or never will. */
static bool write_some(struct stream *s)
{
	struct str slices[IOV_MAX_OURS];
	struct iovec iov[IOV_MAX_OURS];
	struct msghdr m = {.msg_iov = iov};
	ssize_t n;

	m.msg_iovlen = outq_slices(&s->queue, slices, IOV_MAX_OURS);
	for (size_t i = 0; i < m.msg_iovlen; i++)
		iov[i] = (struct iovec){(void *)(uintptr_t)slices[i].p, slices[i].len};
	n = sendmsg(s->watch.fd, &m, MSG_NOSIGNAL | MSG_DONTWAIT);
	if (n >= 0) {
		outq_forget(&s->io->chunks, &s->queue, (size_t)n);
		return true;
	}
	if (errno == EINTR)
		return true;
	if (errno != EAGAIN) {
		fail_later(s, err_of_errno(errno));
		return false;
	}
	s->is_blocked = true;
	return false;
}

static void tell_torn(struct stream *s)
{
	bool is_torn = stream_is_torn(s);

	if (is_torn == s->was_torn || s->o.is_released)
		return;
	s->was_torn = is_torn;
	if (!s->ops->torn)
		return;
	io_enter(s->io, "stream torn");
	s->ops->torn(s, is_torn, s->arg);
	io_leave(s->io);
}

static void flush(struct stream *s)
{
	bool was_blocked = s->is_blocked;

	s->is_blocked = false;
	while (s->queue.n && write_some(s))
		;
	tell_torn(s);
	if (was_blocked && !s->queue.n && !s->fail) {
		s->is_drained = true;
		call_again(s);
	}
}

void streams_flush(struct io *io)
{
	struct list *l;

	while ((l = list_first(&io->stream_io->out))) {
		list_remove(l);
		flush(container_of(l, struct stream, out));
	}
}

/* ---- what is due without an event ---- */

bool streams_wait(const struct io *io)
{
	return !list_is_empty(&io->stream_io->again);
}

static void call_due(struct stream *s)
{
	struct io *io = s->io;

	if (s->fail) {
		lose(s, s->fail);
		return;
	}
	if (s->is_drained) {
		s->is_drained = false;
		io_enter(io, "stream drained");
		if (s->ops->drained)
			s->ops->drained(s, s->arg);
		io_leave(io);
	}
	if (s->is_ready && !s->o.is_released)
		call_bytes(s);
}

void streams_call(struct io *io)
{
	struct list now, *l;

	list_init(&now);
	while ((l = list_first(&io->stream_io->again)))
		list_append(&now, l);
	while ((l = list_first(&now))) {
		list_remove(l);
		call_due(container_of(l, struct stream, again));
	}
}
