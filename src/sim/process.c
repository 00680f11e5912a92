/* process.c - a process: one struct io, its turns in the order of io/loop.c, its death at any
 * call.
 *
 * A turn is an event of the world. It begins some microseconds after what woke it, and the next
 * one cannot begin before it is over (sim_turn_us). A process that dies, even in the middle of a
 * handler, leaves its fds to be closed and nothing else; from then on every call on its io does
 * nothing, so that its memory can be freed by the same functions as ever. */
#include <stdio.h>
#include <string.h>

#include "sim/private.h"

#define WAKE_US_MAX  20
#define DEATH_MS_MAX 5
#define WALL_START   (1800000000ull * NS_PER_S)

/* ---- what io.h asks of a loop ---- */

uint64_t io_now(const struct io *io)
{
	return io->is_in_turn ? io->now : io->sim->now;
}

uint64_t io_wall(const struct io *io)
{
	return WALL_START + io_now(io) + (uint64_t)io->host->wall_ns;
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
	if (!io->is_in_turn) /* its deadline is looked at in a turn */
		turn_want(io, io->sim->now);
	return &io->timers;
}

void io_close_fd(struct io *io, int fd)
{
	io_call(io);
	if (!io->is_dead)
		fd_close(io->sim, fd);
}

void io_hook(struct io *io, enum io_stage stage, struct stage_hook *hook)
{
	(void)stage;
	if (io->is_dead)
		return;
	list_append(&io->hooks, &hook->list);
	if (!io->is_in_turn)
		turn_want(io, io->sim->now);
}

void io_unhook(struct stage_hook *hook)
{
	list_remove(&hook->list);
}

static void write_line(void *arg, struct str line)
{
	struct io *io = arg;

	hash_in(io->sim, line.p, line.len);
	if (io->sim->prints_logs)
		(void)fprintf(stderr, STR_FMT, STR_ARG(line));
}

static uint64_t log_wall(void *arg)
{
	return io_wall(arg);
}

/* ---- turns ---- */

void turn_want(struct io *io, uint64_t at)
{
	if (io->is_dead)
		return;
	if (at < io->next_turn)
		at = io->next_turn;
	if (at < io->frozen_until)
		at = io->frozen_until;
	if (io->turn_event && io->turn_at <= at)
		return;
	io->turn_at = at < io->sim->now ? io->sim->now : at;
	event_put(io->sim, io->turn_at, EVENT_TURN, io->index, 0);
	io->turn_event = io->sim->order;
}

void object_ready(struct object *o)
{
	struct io *io = o->io;

	if (o->is_released || io->is_dead)
		return;
	if (!list_is_in(&o->list))
		list_append(&io->ready, &o->list);
	turn_want(io, io->sim->now + (uint64_t)sim_random(io->sim, WAKE_US_MAX + 1) * NS_PER_US);
}

void object_release(struct object *o)
{
	o->is_released = true;
	list_append(&o->io->released, &o->list);
	if (!o->io->is_in_turn)
		turn_want(o->io, o->io->sim->now);
}

void io_enter(struct io *io)
{
	scratch_reset(&io->scratch);
}

static void run_timers(struct io *io)
{
	uint64_t order = io->timers.order;
	struct timer *t;

	while (!io->is_dead && (t = timers_take_due(&io->timers, io->now, order))) {
		io_enter(io);
		t->h(t->arg);
	}
}

/* Those that are ready now, the channels among them first; what becomes ready waits for its turn. */
static void take_ready(struct io *io)
{
	for (int is_other = 0; is_other < 2; is_other++) {
		LIST_FOR_SAFE(l, next, &io->ready)
		{
			if (container_of(l, struct object, list)->is_first != is_other)
				list_append(&io->ready_now, l);
		}
	}
}

static void run_ready(struct io *io)
{
	struct list *l;

	take_ready(io);
	while (!io->is_dead && (l = list_first(&io->ready_now))) {
		struct object *o = container_of(l, struct object, list);

		list_remove(l);
		o->run(o);
	}
}

static void run_hooks(struct io *io)
{
	struct list *l;

	while (!io->is_dead && (l = list_first(&io->hooks))) {
		struct stage_hook *hook = container_of(l, struct stage_hook, list);

		list_append(&io->hooks_run, l);
		io_enter(io);
		hook->run(hook->arg);
	}
	while ((l = list_first(&io->hooks_run)))
		list_append(&io->hooks, l);
}

static void run_destroy(struct io *io)
{
	struct list *l;

	while ((l = list_first(&io->released))) {
		struct object *o = container_of(l, struct object, list);

		list_remove(l);
		o->destroy(o);
	}
}

static void run_stages(struct io *io)
{
	run_timers(io);
	if (!io->is_dead)
		run_ready(io);
	if (!io->is_dead)
		run_hooks(io);
	if (!io->is_dead) {
		dgrams_flush(io);
		streams_flush(io);
		streams_eat(io);
	}
	if (!io->is_dead)
		run_destroy(io);
}

static void want_next(struct io *io)
{
	uint64_t next = timers_next(&io->timers);

	if (io->is_dead)
		return;
	if (next != NEVER)
		turn_want(io, next);
	if (!list_is_empty(&io->ready))
		turn_want(io, io->sim->now);
}

void turn_run(struct sim *sim, uint64_t index, uint64_t order)
{
	struct io *io = sim->processes[index];

	if (io->is_dead || order != io->turn_event)
		return;
	io->turn_event = 0;
	if (io->is_in_turn ||
		sim->now < io->frozen_until) { /* blocked in chan_receive, or stopped */
		io->next_turn = sim->now + NS_PER_MS;
		turn_want(io, io->next_turn);
		return;
	}
	sim->counters.n_turns++;
	hash_num(sim, index);
	io->now = sim->now;
	io->turn++;
	io->next_turn = sim->now + io->turn_ns;
	io->is_in_turn = true;
	if (setjmp(io->death) == 0)
		run_stages(io);
	io->is_in_turn = false;
	want_next(io);
}

/* ---- life and death ---- */

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
	if (!err)
		err = asks_init(io);
	return err;
}

static void run_start(struct io *io)
{
	io->now = io->sim->now;
	io->is_in_turn = true;
	if (setjmp(io->death) == 0)
		io->program->start(io, io->arg);
	io->is_in_turn = false;
	turn_want(io, io->sim->now);
}

enum err sim_start(
	struct sim_host *host, const struct sim_program *program, void *arg, struct io **ret_io)
{
	struct sim *sim = host->sim;
	struct io *io = sim->n_processes < PROCESSES_MAX ? mem_array(1, sizeof *io) : NULL;
	enum err err;

	if (!io)
		return ERR_FULL;
	io->sim = sim;
	io->host = host;
	io->program = program;
	io->arg = arg;
	io->turn_ns = NS_PER_US;
	io->index = sim->n_processes;
	io->log = (struct log){.sink = write_line,
		.arg = io,
		.wall = log_wall,
		.level = LOG_INFO,
		.node = host->name,
		.process = program->name};
	list_init(&io->hooks);
	list_init(&io->hooks_run);
	list_init(&io->ready);
	list_init(&io->ready_now);
	list_init(&io->released);
	list_init(&io->out);
	list_init(&io->streams_out);
	list_init(&io->streams_eaten);
	err = init_parts(io);
	if (err) {
		process_free(io);
		return err;
	}
	sim->processes[sim->n_processes++] = io;
	*ret_io = io;
	if (program->start)
		run_start(io);
	return OK;
}

static void empty_list(struct list *head)
{
	struct list *l;

	while ((l = list_first(head)))
		list_remove(l);
}

static void drop_datagrams(struct io *io)
{
	struct list *l;

	while ((l = list_first(&io->out))) {
		list_remove(l);
		pool_give(&io->sim->wires, container_of(l, struct wire, list));
	}
}

/* Nobody of this process is told of anything any more. */
static void detach_files(struct io *io)
{
	for (struct file *f = NULL; (f = pool_next(&io->sim->files, f));) {
		if (f->user && f->user->io == io)
			f->user = NULL;
	}
}

void sim_kill(struct io *io)
{
	if (io->is_dead)
		return;
	io->is_dead = true;
	hash_num(io->sim, io->index);
	for (uint32_t i = 1; i <= io->timers.n; i++)
		io->timers.heap[i]->heap_index = 0;
	io->timers.n = 0;
	empty_list(&io->hooks);
	empty_list(&io->hooks_run);
	empty_list(&io->ready);
	empty_list(&io->ready_now);
	empty_list(&io->released);
	empty_list(&io->streams_out);
	empty_list(&io->streams_eaten);
	drop_datagrams(io);
	detach_files(io);
	fds_close_of(io->sim, io);
	event_put(io->sim,
		io->sim->now + (1 + sim_random(io->sim, DEATH_MS_MAX)) * (uint64_t)NS_PER_MS,
		EVENT_DIED, io->index, 0);
}

static void tell_freed(struct io *io)
{
	if (!io->is_freed && io->program->freed)
		io->program->freed(io, io->arg);
	io->is_freed = true;
}

void process_died(struct sim *sim, uint64_t index)
{
	struct io *io = sim->processes[index];

	tell_freed(io);
	if (io->program->died)
		io->program->died(io, io->arg);
}

void process_free(struct io *io)
{
	if (io->is_dead)
		tell_freed(io);
	pool_free(&io->dgrams);
	pool_free(&io->streams);
	pool_free(&io->chans);
	pool_free(&io->asks);
	timers_free(&io->timers);
	scratch_free(&io->scratch);
	mem_free(io);
}

void io_call(struct io *io)
{
	if (io->is_dead)
		return;
	io->n_calls++;
	if (io->n_calls != io->dies_at_call)
		return;
	sim_kill(io);
	if (io->is_in_turn)
		longjmp(io->death, 1);
}

void sim_kill_at_call(struct io *io, uint64_t n)
{
	io->dies_at_call = io->n_calls + n;
}

uint64_t sim_calls(const struct io *io)
{
	return io->n_calls;
}

bool sim_is_dead(const struct io *io)
{
	return io->is_dead;
}

void sim_freeze(struct io *io, uint64_t ms)
{
	io->frozen_until = io->sim->now + ms * NS_PER_MS;
}

uint64_t sim_n_taken(const struct io *io)
{
	return io->n_taken;
}

struct timer *sim_timer(const struct io *io, uint32_t i)
{
	return i < io->timers.n ? io->timers.heap[i + 1] : NULL;
}

void sim_turn_us(struct io *io, uint32_t us)
{
	io->turn_ns = us * (uint64_t)NS_PER_US;
}

struct sim *sim_of(const struct io *io)
{
	return io->sim;
}

struct sim_host *sim_host_of(const struct io *io)
{
	return io->host;
}

void sim_host_off(struct sim_host *host)
{
	struct sim *sim = host->sim;

	host->is_off = true;
	for (struct file *f = NULL; (f = pool_next(&sim->files, f));) {
		if (f->host == host && f->kind == FILE_TCP)
			tcp_vanish(f); /* so that closing it says nothing */
	}
	for (uint32_t i = 0; i < sim->n_processes; i++) {
		if (sim->processes[i]->host == host)
			sim_kill(sim->processes[i]);
	}
	for (int fd = 0; fd < FDS_MAX; fd++) { /* what nobody's hand still holds there */
		if (sim->fds[fd].file && sim->fds[fd].file->host == host)
			fd_close(sim, fd);
	}
}
