/* loop.c - one turn after the other: wait, clock, timers, handlers, put, flush, close
 * (docs/loop.md).
 *
 * The only place that sleeps and the only reader of the clocks. Every handler runs to completion
 * in stages 3 to 5; network bytes leave and are removed in stage 6, after the rows and records of
 * the turn (chan_send hands those to the kernel at once); objects die in stage 7 and nowhere
 * else. */
#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "io/private.h"

#define WAIT_MAX_MS 60000
#define NS_PER_MS   1000000u

LOG_EVENT(ev_slow_turn, "SYS-005", LOG_NOTICE, "a turn of the loop was slow");

static uint64_t read_clock(clockid_t id)
{
	struct timespec t = {0};

	(void)clock_gettime(id, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

uint64_t io_now(const struct io *io)
{
	return io->now;
}

uint64_t io_wall(const struct io *io)
{
	return io->wall;
}

static void ask_kernel_for_chance(uint8_t *p, size_t len)
{
	while (len) {
		ssize_t n = getrandom(p, len, 0);

		if (n < 0)
			continue; /* EINTR alone: the pool is initialised and the flags are none */
		p += n;
		len -= (size_t)n;
	}
}

/* Tags, ports and ids come out of a store: a call takes eight. What may be a key never lies there. */
void io_random(struct io *io, void *ret_buf, size_t len)
{
	uint8_t *from;

	if (len >= KEY_LEN_MIN) {
		ask_kernel_for_chance(ret_buf, len);
		return;
	}
	if (io->n_chance < len) {
		ask_kernel_for_chance(io->chance, sizeof io->chance);
		io->n_chance = sizeof io->chance;
	}
	io->n_chance -= len;
	from = io->chance + io->n_chance;
	memcpy(ret_buf, from, len);
	explicit_bzero(from, len);
}

struct scratch *io_scratch(struct io *io)
{
	return &io->scratch;
}

struct log *io_log(struct io *io)
{
	return &io->log;
}

const struct plan *io_plan(const struct io *io)
{
	return io->plan;
}

void io_set_plan(struct io *io, const struct plan *plan)
{
	io->plan = plan;
}

struct timers *io_timers(struct io *io)
{
	return &io->timers;
}

const struct io_counters *io_counters(const struct io *io)
{
	return &io->counters;
}

void io_set_log_level(struct io *io, enum log_level level)
{
	io->log.level = level;
}

void io_close_fd(struct io *io, int fd)
{
	(void)io;
	if (fd >= 0)
		(void)close(fd);
}

/* A whole line or nothing, and never a wait: POLLOUT promises room for PIPE_BUF bytes of a pipe and
 * for more of a socket, and a line is shorter. */
static void write_line(void *arg, struct str line)
{
	struct io *io = arg;
	struct pollfd out = {.fd = STDERR_FILENO, .events = POLLOUT};

	if (poll(&out, 1, 0) != 1 || !(out.revents & POLLOUT) ||
		write(STDERR_FILENO, line.p, line.len) != (ssize_t)line.len)
		io->counters.n_log_lost++;
}

static uint64_t log_wall(void *arg)
{
	const struct io *io = arg;

	return io->wall;
}

/* ---- watched fds ---- */

enum err watch_start(struct io *io, struct watch *w, int fd, uint32_t events, const char *name)
{
	struct epoll_event ev = {.events = events, .data.ptr = w};

	if (epoll_ctl(io->epoll_fd, EPOLL_CTL_ADD, fd, &ev) < 0)
		return err_of_errno(errno);
	w->io = io;
	w->fd = fd;
	w->name = name;
	return OK;
}

void watch_change(struct watch *w, uint32_t events)
{
	struct epoll_event ev = {.events = events, .data.ptr = w};
	int failed = epoll_ctl(w->io->epoll_fd, EPOLL_CTL_MOD, w->fd, &ev);

	assert(!failed); /* of a watch that was started, with an open fd, nothing can */
}

void watch_stop(struct watch *w)
{
	struct io *io = w->io;

	if (!io)
		return;
	(void)epoll_ctl(io->epoll_fd, EPOLL_CTL_DEL, w->fd, NULL);
	for (int i = io->next_event; i < io->n_events; i++) {
		if (io->events[i].data.ptr == w) /* told in this turn, not delivered yet */
			io->events[i].data.ptr = NULL;
	}
	w->io = NULL;
}

/* ---- handlers ---- */

void io_enter(struct io *io, const char *name)
{
	scratch_reset(&io->scratch);
	io->handler = name;
}

void io_leave(struct io *io)
{
	uint64_t now = read_clock(CLOCK_MONOTONIC), took = now - io->handler_since;

	io->handler_since = now;
	if (took > io->slowest_ns) {
		io->slowest_ns = took;
		io->slowest = io->handler;
	}
}

void io_release(struct io *io, struct object *o)
{
	o->is_released = true;
	list_append(&io->released, &o->list);
}

void io_hook(struct io *io, enum io_stage stage, struct stage_hook *hook)
{
	list_append(&io->hooks[stage], &hook->list);
}

void io_unhook(struct stage_hook *hook)
{
	list_remove(&hook->list);
}

/* ---- the stages ---- */

static int wait_ms(const struct io *io, uint32_t max_ms)
{
	uint64_t now = read_clock(CLOCK_MONOTONIC), next = timers_next(&io->timers);
	uint64_t ms = max_ms < WAIT_MAX_MS ? max_ms : WAIT_MAX_MS;

	if (streams_wait(io) || next <= now)
		return 0;
	if (next != NEVER && (next - now + NS_PER_MS - 1) / NS_PER_MS < ms)
		ms = (next - now + NS_PER_MS - 1) / NS_PER_MS;
	return (int)ms;
}

static enum err stage_wait(struct io *io, uint32_t max_ms)
{
	int n = epoll_wait(io->epoll_fd, io->events, EVENTS_MAX, wait_ms(io, max_ms));

	io->next_event = 0;
	io->n_events = n > 0 ? n : 0;
	return n < 0 && errno != EINTR ? err_of_errno(errno) : OK;
}

static void stage_clock(struct io *io)
{
	io->now = read_clock(CLOCK_MONOTONIC);
	io->wall = read_clock(CLOCK_REALTIME);
	io->turn++;
	io->handler_since = io->now;
	io->slowest_ns = 0;
	io->slowest = "";
}

static void stage_timers(struct io *io)
{
	uint64_t order = io->timers.order;
	struct timer *t;

	while ((t = timers_take_due(&io->timers, io->now, order))) {
		io_enter(io, "timer");
		t->h(t->arg);
		io_leave(io);
	}
}

/* A hook may take itself or any other off: those that ran move to a list of their own. */
static void stage_put(struct io *io)
{
	struct list *todo = &io->hooks[STAGE_PUT], done, *l;

	list_init(&done);
	while ((l = list_first(todo))) {
		struct stage_hook *hook = container_of(l, struct stage_hook, list);

		list_append(&done, l);
		io_enter(io, "put");
		hook->run(hook->arg);
		io_leave(io);
	}
	while ((l = list_first(&done)))
		list_append(todo, l);
}

static void stage_flush(struct io *io)
{
	dgrams_flush(io);
	streams_flush(io);
	streams_eat(io);
}

/* Channels first: who sends a row and then a packet that the row explains must find the row read when the
 * packet is. A batch that is full may lack a channel. */
static void call_first(struct io *io)
{
	for (int i = 0; i < io->n_events; i++) {
		struct epoll_event *ev = &io->events[i];
		struct watch *w = ev->data.ptr;

		if (!w || !w->is_first)
			continue;
		ev->data.ptr = NULL;
		w->h(w, ev->events);
	}
	if (io->n_events == EVENTS_MAX)
		chans_call(io);
}

static void stage_handlers(struct io *io)
{
	call_first(io);
	streams_call(io);
	while (io->next_event < io->n_events) {
		struct epoll_event *ev = &io->events[io->next_event++];
		struct watch *w = ev->data.ptr;

		if (!w)
			continue;
		w->h(w, ev->events);
		if (dgrams_want_flush(io)) { /* the order of stages 5, 6 holds here too */
			stage_put(io);
			stage_flush(io);
			io->handler_since = read_clock(CLOCK_MONOTONIC);
		}
	}
	io->n_events = 0;
}

static void stage_close(struct io *io)
{
	struct list *l;

	while ((l = list_first(&io->released))) {
		struct object *o = container_of(l, struct object, list);

		list_remove(l);
		o->destroy(io, o);
	}
}

static void note_slow_turn(struct io *io)
{
	uint64_t took = read_clock(CLOCK_MONOTONIC) - io->now;

	io->counters.n_turns++;
	if (took <= SLOW_TURN_NS)
		return;
	io->counters.n_slow_turns++;
	log_put(&io->log, &ev_slow_turn, F_NUM("us", took / 1000), F_Z("handler", io->slowest),
		F_NUM("handler_us", io->slowest_ns / 1000));
}

enum err io_run_once(struct io *io, uint32_t max_ms)
{
	enum err err = stage_wait(io, max_ms);

	if (err)
		return err;
	stage_clock(io);
	stage_timers(io);
	stage_handlers(io);
	stage_put(io);
	stage_flush(io);
	stage_close(io);
	note_slow_turn(io);
	return OK;
}

enum err io_run(struct io *io)
{
	enum err err = OK;

	io->is_stopping = false;
	while (!io->is_stopping && err == OK)
		err = io_run_once(io, WAIT_MAX_MS);
	return err;
}

void io_stop(struct io *io)
{
	io->is_stopping = true;
}

/* ---- birth and death ---- */

static enum err init_parts(struct io *io)
{
	enum err err = timers_init(&io->timers);

	if (!err)
		err = scratch_init(&io->scratch, SCRATCH_SIZE);
	if (!err)
		err = dgrams_init(io);
	if (!err)
		err = streams_init(io);
	if (!err)
		err = chans_init(io);
	io->events = mem_array(EVENTS_MAX, sizeof *io->events);
	return io->events ? err : ERR_FULL;
}

enum err io_new(const char *node, const char *process, struct io **ret_io)
{
	struct io *io = mem_array(1, sizeof *io);
	enum err err;

	if (!io)
		return ERR_FULL;
	io->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	io->log = (struct log){.sink = write_line,
		.arg = io,
		.wall = log_wall,
		.level = LOG_INFO,
		.node = node,
		.process = process};
	list_init(&io->hooks[STAGE_PUT]);
	list_init(&io->released);
	stage_clock(io);
	err = io->epoll_fd < 0 ? err_of_errno(errno) : init_parts(io);
	if (err) {
		io_free(io);
		return err;
	}
	*ret_io = io;
	return OK;
}

void io_free(struct io *io)
{
	if (!io)
		return;
	io->is_dying = true;
	if (io->dns)
		io->dns_free(io->dns);
	dgrams_free(io);
	streams_free(io);
	chans_free(io);
	if (io->released.next)
		stage_close(io);
	pool_free(&io->dgrams);
	pool_free(&io->streams);
	pool_free(&io->chans);
	pool_free(&io->chunks);
	timers_free(&io->timers);
	scratch_free(&io->scratch);
	mem_free(io->events);
	if (io->epoll_fd >= 0)
		(void)close(io->epoll_fd);
	mem_free(io);
}
