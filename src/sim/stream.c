/* stream.c - byte streams of io.h over files, with the rules of io/stream.c: peek, then remove. */
#include <assert.h>
#include <errno.h>
#include <string.h>

#include "sim/private.h"

#define STREAMS_MAX 1024
#define SLICES      64

enum stream_state { ST_LISTENING, ST_DIALLING, ST_OPEN };

struct stream {
	struct object o;
	const struct stream_ops *ops;
	void *arg;
	enum stream_state state;
	enum err fail;
	struct file *file;
	int fd;
	bool is_taken, is_paused, is_given_away;
	bool was_blocked, was_torn;
	uint64_t turn;
	size_t n_eaten, n_left; /* n_left: seen and not finished with, the last time */
	bool is_again;
	struct outq queue;
	struct list out, eaten;
	struct peer peer;
};

enum err streams_init(struct io *io)
{
	return pool_init(&io->streams, HK_SOCKET, sizeof(struct stream), STREAMS_MAX, 1);
}

/* ---- life ---- */

static void destroy(struct object *o)
{
	struct stream *s = container_of(o, struct stream, o);
	struct sim *sim = o->io->sim;

	list_remove(&s->out);
	list_remove(&s->eaten);
	outq_drop(&sim->chunks, &s->queue);
	if (s->state != ST_LISTENING && !s->is_given_away)
		stream_end(s->file);
	fd_close(sim, s->fd);
	pool_give(&o->io->streams, s);
}

void stream_close(struct stream *s)
{
	if (!s)
		return;
	io_call(s->o.io);
	if (s->o.io->is_dead || s->o.is_released)
		return;
	s->file->user = NULL;
	list_remove(&s->o.list);
	object_release(&s->o);
}

static void lose(struct stream *s, enum err why)
{
	io_enter(s->o.io);
	s->ops->lost(s, why, s->arg);
	stream_close(s);
}

static void fail_later(struct stream *s, enum err why)
{
	if (!s->fail)
		s->fail = why;
	outq_drop(&s->o.io->sim->chunks, &s->queue);
	object_ready(&s->o);
}

/* ---- in ---- */

static struct str peek(struct stream *s)
{
	struct str slices[SLICES];
	size_t n_slices = outq_slices(&s->file->in, slices, SLICES), n = 0;
	uint8_t *buf = s->o.io->sim->peeked;

	for (size_t i = 0; i < n_slices && n < STREAM_PEEK; i++) {
		struct str part = str_head(slices[i], STREAM_PEEK - n);

		memcpy(buf + n, part.p, part.len);
		n += part.len;
	}
	return (struct str){(const char *)buf, n};
}

static void after_bytes(struct stream *s, size_t n_peeked)
{
	s->n_left = n_peeked - s->n_eaten;
	if (s->n_eaten)
		list_append(&s->o.io->streams_eaten, &s->eaten);
	if (s->is_paused)
		return;
	if (s->n_eaten == 0 && n_peeked >= STREAM_PEEK - 1)
		lose(s, ERR_FULL);
	else if (s->n_eaten == 0 && (s->file->is_eof || s->file->reset))
		lose(s, s->file->reset ? s->file->reset : ERR_CLOSED);
	else if (s->n_eaten &&
		 (s->n_left || n_peeked == STREAM_PEEK || s->file->is_eof || s->file->reset)) {
		s->is_again = true;
		object_ready(&s->o);
	}
}

static void call_bytes(struct stream *s)
{
	struct io *io = s->o.io;
	struct str bytes;

	if (s->is_paused)
		return;
	if (s->turn == io->turn) {
		s->is_again = true;
		object_ready(&s->o);
		return;
	}
	if (!s->file->in.n) {
		if (s->file->reset || s->file->is_eof)
			lose(s, s->file->reset ? s->file->reset : ERR_CLOSED);
		return;
	}
	/* Woken for another reason: a partial message is not shown again. */
	if (s->file->in.n == s->n_left && !s->is_again && !s->file->is_eof && !s->file->reset)
		return;
	s->is_again = false;
	s->turn = io->turn;
	bytes = peek(s);
	io_enter(io);
	s->n_eaten = s->ops->bytes(s, bytes, s->arg);
	assert(s->n_eaten <= bytes.len);
	if (!s->o.is_released && !io->is_dead)
		after_bytes(s, bytes.len);
}

void streams_eat(struct io *io)
{
	struct list *l;

	while ((l = list_first(&io->streams_eaten))) {
		struct stream *s = container_of(l, struct stream, eaten);
		size_t n = s->n_eaten < s->file->in.n ? s->n_eaten : s->file->in.n;

		list_remove(l);
		s->n_eaten = 0;
		stream_eaten(s->file, n);
	}
}

/* ---- what happened to its file ---- */

static bool finish_dial(struct stream *s)
{
	if (s->file->reset) {
		lose(s, s->file->reset);
		return false;
	}
	if (!s->file->is_connected)
		return false;
	s->state = ST_OPEN;
	if (s->queue.n)
		list_append(&s->o.io->streams_out, &s->out);
	io_enter(s->o.io);
	s->ops->opened(s, s->arg);
	return !s->o.is_released && !s->o.io->is_dead;
}

static void run(struct object *o)
{
	struct stream *s = container_of(o, struct stream, o);
	struct io *io = o->io;

	if (s->fail) {
		lose(s, s->fail);
		return;
	}
	if (s->state == ST_DIALLING && !finish_dial(s))
		return;
	if (s->queue.n && !list_is_in(&s->out))
		list_append(&io->streams_out, &s->out);
	if (s->was_blocked && !s->queue.n) {
		s->was_blocked = false;
		io_enter(io);
		if (s->ops->drained)
			s->ops->drained(s, s->arg);
		if (s->o.is_released || io->is_dead)
			return;
	}
	call_bytes(s);
}

/* ---- opening ---- */

/* With an fd of its own: opened by make(), or given. */
static struct stream *new_stream(struct io *io, enum stream_state state, struct file *f, int fd,
	const struct stream_ops *ops, void *arg)
{
	struct stream *s = pool_take(&io->streams);

	if (!s)
		return NULL;
	s->o.io = io;
	s->o.run = run;
	s->o.destroy = destroy;
	s->state = state;
	s->ops = ops;
	s->arg = arg;
	s->file = f;
	s->fd = fd;
	s->n_left = SIZE_MAX; /* what is there has not been shown */
	f->user = &s->o;
	return s;
}

static enum err open_file(struct io *io, const struct local *at, enum file_kind kind,
	const struct addr *remote, struct file **ret_file, int *ret_fd)
{
	struct file *f;
	enum err err = check_local(io, at, false);

	if (!err)
		err = file_open(io->sim, io->host, kind, &f);
	if (err)
		return err;
	err = bind_file(io, f, at, remote);
	if (!err) {
		*ret_fd = fd_new(io->sim, f, io);
		*ret_file = f;
	}
	file_unref(f);
	return !err && *ret_fd == NO_FD ? ERR_FULL : err;
}

enum err stream_dial(struct io *io, const struct local *from, const struct addr_ok *to,
	const struct stream_ops *ops, void *arg, struct stream **ret_stream)
{
	struct file *f = NULL;
	int fd = NO_FD;
	enum err err;

	io_call(io);
	if (io->is_dead)
		return ERR_FULL;
	err = open_file(io, from, FILE_TCP, &to->addr, &f, &fd);
	if (err)
		return err;
	*ret_stream = new_stream(io, ST_DIALLING, f, fd, ops, arg);
	if (!*ret_stream) {
		fd_close(io->sim, fd);
		return ERR_FULL;
	}
	(*ret_stream)->peer =
		(struct peer){.remote = to->addr, .local = f->local, .row = from->row};
	tcp_dial(f);
	return OK;
}

enum err stream_adopt(struct io *io, int fd, const struct peer *peer, const struct stream_ops *ops,
	void *arg, struct stream **ret_stream)
{
	struct file *f = fd_file(io->sim, fd);
	struct stream *s;

	io_call(io);
	if (io->is_dead || !f || (f->kind != FILE_TCP && f->kind != FILE_PAIR))
		return ERR_DENIED;
	s = new_stream(io, ST_OPEN, f, fd, ops, arg);
	if (!s)
		return ERR_FULL;
	s->is_taken = true;
	s->peer = peer ? *peer : (struct peer){.remote = f->remote, .local = f->local};
	if (f->in.n || f->is_eof || f->reset)
		object_ready(&s->o);
	*ret_stream = s;
	return OK;
}

enum err stream_pair(struct io *io, const struct stream_ops *ops, void *arg,
	struct stream **ret_stream, int *ret_fd)
{
	struct file *ours = NULL, *theirs = NULL;
	int fd;
	enum err err;

	io_call(io);
	err = io->is_dead ? ERR_FULL : file_open(io->sim, io->host, FILE_PAIR, &ours);
	if (!err)
		err = file_open(io->sim, io->host, FILE_PAIR, &theirs);
	if (err)
		return err;
	file_link(ours, theirs);
	fd = fd_new(io->sim, ours, io);
	*ret_fd = fd_new(io->sim, theirs, io);
	file_unref(ours);
	file_unref(theirs);
	return stream_adopt(io, fd, NULL, ops, arg, ret_stream);
}

/* ---- listening ---- */

static void accept_one(struct stream *listener, struct file *f)
{
	struct io *io = listener->o.io;
	int fd = fd_new(io->sim, f, io);
	struct stream *s;

	file_unref(f); /* the backlog's */
	s = fd == NO_FD ? NULL : new_stream(io, ST_OPEN, f, fd, listener->ops, listener->arg);
	if (!s) {
		fd_close(io->sim, fd);
		return;
	}
	s->peer = (struct peer){.remote = f->remote,
		.local = f->local,
		.row = listener->peer.row,
		.is_inbound = true};
	memcpy(s->peer.zone, listener->peer.zone, sizeof s->peer.zone);
	io_enter(io);
	listener->ops->accepted(s, listener->arg);
	if (!s->is_taken)
		stream_close(s);
	else if (f->in.n || f->is_eof || f->reset)
		object_ready(&s->o);
}

static void run_listener(struct object *o)
{
	struct stream *listener = container_of(o, struct stream, o);
	struct list *l;

	while (!o->is_released && !o->io->is_dead && (l = list_first(&listener->file->queue))) {
		list_remove(l);
		listener->file->n_queued--;
		accept_one(listener, container_of(l, struct file, in_backlog));
	}
}

static enum err listener_file(
	struct io *io, const struct local *at, struct file **ret_file, int *ret_fd)
{
	struct local bound = *at;

	if (at->fd == NO_FD)
		return open_file(io, at, FILE_LISTENER, NULL, ret_file, ret_fd);
	*ret_file = fd_file(io->sim, at->fd);
	*ret_fd = at->fd;
	if (!*ret_file || (*ret_file)->kind != FILE_LISTENER)
		return ERR_DENIED;
	bound.addr = (*ret_file)->local;
	return check_local(io, &bound, false);
}

enum err stream_listen(struct io *io, const struct local *at, const struct stream_ops *ops,
	void *arg, struct stream **ret_stream)
{
	struct file *f = NULL;
	int fd = NO_FD;
	struct stream *s;
	enum err err;

	io_call(io);
	err = io->is_dead ? ERR_FULL : listener_file(io, at, &f, &fd);
	if (err)
		return err;
	s = new_stream(io, ST_LISTENING, f, fd, ops, arg);
	if (!s) {
		if (at->fd == NO_FD)
			fd_close(io->sim, fd);
		return ERR_FULL;
	}
	s->o.run = run_listener;
	s->peer = (struct peer){.local = f->local, .row = at->row};
	if (f->n_queued)
		object_ready(&s->o);
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
	return s->fd;
}

bool stream_is_torn(const struct stream *s)
{
	return outq_is_torn(&s->queue);
}

void stream_pause(struct stream *s, bool is_paused)
{
	io_call(s->o.io);
	s->is_paused = is_paused;
	if (!is_paused && !s->o.is_released) {
		s->is_again = true;
		object_ready(&s->o);
	}
}

void stream_set_timeout(struct stream *s, uint32_t ms)
{
	io_call(s->o.io);
	if (!s->o.io->is_dead && !s->o.is_released)
		s->file->patience_ns = ms * (uint64_t)NS_PER_MS;
}

enum err stream_release(struct stream *s, int *ret_fd)
{
	io_call(s->o.io);
	if (s->o.io->is_dead || s->o.is_released || s->state != ST_OPEN)
		return ERR_WRONG_STATE;
	*ret_fd = fd_new(s->o.io->sim, s->file, s->o.io);
	if (*ret_fd == NO_FD)
		return ERR_FULL;
	s->is_given_away = true;
	outq_drop(&s->o.io->sim->chunks, &s->queue);
	stream_close(s);
	return OK;
}

/* ---- out ---- */

void stream_send(struct stream *s, struct str bytes)
{
	struct io *io = s->o.io;

	io_call(io);
	if (io->is_dead || s->o.is_released || s->fail || !bytes.len)
		return;
	if (s->queue.n + bytes.len > STREAM_OUT || !outq_add(&io->sim->chunks, &s->queue, bytes)) {
		fail_later(s, ERR_FULL);
		return;
	}
	if (s->state == ST_OPEN && !list_is_in(&s->out))
		list_append(&io->streams_out, &s->out);
	if (!io->is_in_turn)
		turn_want(io, io->sim->now);
}

static void tell_torn(struct stream *s)
{
	bool is_torn = outq_is_torn(&s->queue);

	if (is_torn == s->was_torn || s->o.is_released)
		return;
	s->was_torn = is_torn;
	io_enter(s->o.io);
	if (s->ops->torn)
		s->ops->torn(s, is_torn, s->arg);
}

/* Into what would be the kernel's buffer. */
static void move_output(struct stream *s)
{
	struct pool *chunks = &s->o.io->sim->chunks;
	struct str slice;

	while (s->queue.n && outq_slices(&s->queue, &slice, 1)) {
		size_t room = stream_room(s->file), n = slice.len < room ? slice.len : room;

		if (!n || !outq_add(chunks, &s->file->out, str_head(slice, n)))
			return;
		outq_forget(chunks, &s->queue, n);
		stream_push(s->file);
		if (s->file->reset)
			return;
	}
}

static void flush(struct stream *s)
{
	if (s->file->reset || (s->file->kind == FILE_PAIR && s->file->is_eof)) {
		fail_later(s, s->file->reset ? s->file->reset : (enum err)(-EPIPE));
		return;
	}
	move_output(s);
	if (s->queue.n) {
		s->was_blocked = true;
		s->file->wants_room = true;
	} else if (s->was_blocked) {
		object_ready(&s->o); /* drained() */
	}
	tell_torn(s);
}

void streams_flush(struct io *io)
{
	struct list *l;

	while (!io->is_dead && (l = list_first(&io->streams_out))) {
		list_remove(l);
		flush(container_of(l, struct stream, out));
	}
}
