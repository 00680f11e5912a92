/* children.c - the workers: started, watched, replaced, and their records.
 *
 *	GONE --start--> STARTING --all replayed--> RUNNING --dies--> GONE
 *	     (a new keeper:) ADOPTING --all given back--> RUNNING
 *
 * Death of a worker: its pidfd tells, its channel is read to the end (what it said before it died is
 * there), then its successor is started at once and gets all of it back. Five deaths within ten seconds
 * open the breaker: the next starts wait 0.1, 0.5, 2, 10 seconds. A heartbeat that stands still for a
 * second ends in SIGABRT, then SIGKILL. */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "proc/keeper.h"

#define QUIET_NS 10000000000ull
#define SHOW_NS  1000000000ull
enum { ADOPT_MS = 3000, DEATHS = 5, DELAYS = 5, NOFILE = 65536 };
enum { FIRST_BEAT_TICKS = 200 /* until the first heartbeat: 20 s */ };
#if defined(__SANITIZE_ADDRESS__)
enum { STALE_TICKS = 50 }; /* slower by its nature, and run on shared machines */
#else
enum { STALE_TICKS = 10 };
#endif
enum { KILL_TICKS = 2 }; /* between SIGABRT and SIGKILL */

LOG_EVENT(ev_started, "PRC-001", LOG_INFO, "a worker is started");
LOG_EVENT(ev_died, "PRC-002", LOG_ERROR, "a worker died and is replaced");
LOG_EVENT(ev_not_started, "PRC-003", LOG_ERROR, "a worker could not be started");
LOG_EVENT(ev_adopted, "PRC-004", LOG_NOTICE, "a worker that outlived its keeper is back");
LOG_EVENT(ev_hangs, "PRC-005", LOG_ERROR, "a worker stands still and is killed");
LOG_EVENT(ev_replayed, "PRC-006", LOG_INFO, "a worker has its predecessor's records");
LOG_EVENT(ev_records_full, "KEP-010", LOG_ERROR,
	"the keeper's table of records is full: one was not kept");

extern char **environ;

static const char *user_of(const struct child *c)
{
	const struct conf_node *n = &c->k->conf->node;

	return c->id == P_TLS ? n->tls_user : c->id == P_SIG ? n->sig_user : n->media_user;
}

static void set_state(struct child *c, enum child_state state)
{
	c->state = state;
	row_put(c->k->ipc, &c->row);
}

bool child_is_up(const struct child *c)
{
	return c->state == CHILD_STARTING || c->state == CHILD_RUNNING;
}

struct child *child_of(struct keeper *k, enum process_id id)
{
	for (struct child *c = k->children; c < k->children + N_CHILDREN; c++) {
		if (c->id == id)
			return c;
	}
	return NULL;
}

/* ---- what the command line sees ---- */

static const char *state_name(enum child_state state)
{
	switch (state) {
	case CHILD_GONE:
		return "waiting";
	case CHILD_ADOPTING:
	case CHILD_STARTING:
		return "starting";
	case CHILD_RUNNING:
		return "running";
	case CHILD_DYING:
		return "dying";
	}
	return "";
}

static void write_child(const struct row *row, struct wr *w)
{
	const struct child *c = container_of(row, const struct child, row);
	struct show_process p = {.pid = (uint32_t)c->pid,
		.restarts = c->n_starts ? c->n_starts - 1 : 0,
		.since_wall_s = c->since_wall / 1000000000u,
		.kept = kept_n(c->kept)};

	(void)str_copy(str_of(process_name(c->id)), p.name, sizeof p.name);
	(void)str_copy(str_of(state_name(c->state)), p.state, sizeof p.state);
	show_process_put(w, &p);
}

/* ---- pid files: how the next keeper finds us; relative to /run/fosse, where we stand ---- */

static void name_of(const struct child *c, const char *suffix, char *ret_name, size_t size)
{
	(void)snprintf(ret_name, size, "%s.%s", process_name(c->id), suffix);
}

/* When the process began, in ticks of the kernel: tells it from a later one with the same number. */
static uint64_t start_of(int pid)
{
	char path[32], buf[1024];
	unsigned long long start = 0;
	int fd, field = 2;
	ssize_t n;
	char *p;

	(void)snprintf(path, sizeof path, "/proc/%d/stat", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	n = fd < 0 ? -1 : read(fd, buf, sizeof buf - 1);
	if (fd >= 0)
		(void)close(fd);
	if (n <= 0)
		return 0;
	buf[n] = '\0';
	p = strrchr(buf, ')'); /* the name may hold anything */
	while (p && field < 22 && (p = strchr(p + 1, ' ')))
		field++;
	return p && sscanf(p, " %llu", &start) == 1 ? start : 0;
}

static void write_pid(const struct child *c)
{
	char name[32];
	int fd;

	name_of(c, "pid", name, sizeof name);
	fd = open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return;
	(void)dprintf(fd, "%d %llu\n", c->pid, (unsigned long long)start_of(c->pid));
	(void)close(fd);
}

/* 0: none, or it is another process by now. */
static int read_pid(const struct child *c)
{
	unsigned long long start = 0;
	char name[32], buf[64];
	int fd, pid = 0;
	ssize_t n;

	name_of(c, "pid", name, sizeof name);
	fd = open(name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	n = fd < 0 ? -1 : read(fd, buf, sizeof buf - 1);
	if (fd >= 0)
		(void)close(fd);
	if (n <= 0)
		return 0;
	buf[n] = '\0';
	if (sscanf(buf, "%d %llu", &pid, &start) != 2 || pid <= 1 || !start ||
		start_of(pid) != start)
		return 0;
	return pid;
}

/* ---- birth ---- */

struct birth {
	int channel, its_channel, listener, page;
};

static enum err prepare(struct child *c, struct birth *b)
{
	char name[32];
	void *page;
	enum err err;

	*b = (struct birth){NO_FD, NO_FD, NO_FD, NO_FD};
	err = chan_pair(c->k->io, &b->channel, &b->its_channel);
	if (err)
		return err;
	name_of(c, "sock", name, sizeof name);
	err = bind_path_listen(name, &b->listener);
	if (err)
		return err;
	b->page = memfd_create("fosse-heartbeat", MFD_CLOEXEC);
	if (b->page < 0 || ftruncate(b->page, BORN_PAGE_SIZE) < 0)
		return ERR_FULL;
	page = mmap(NULL, BORN_PAGE_SIZE, PROT_READ, MAP_SHARED, b->page, 0);
	if (page == MAP_FAILED)
		return ERR_FULL;
	c->page = page;
	return OK;
}

static void drop_page(struct child *c)
{
	if (c->page)
		(void)munmap((void *)(uintptr_t)c->page, BORN_PAGE_SIZE);
	c->page = NULL;
	c->last_beat = 0;
	c->n_stale = 0;
}

/* Media comes before all else: a burst of signalling on its core must not make packets
 * wait, nor the first of a call find its port not open yet. What it may take is the kernel's
 * sched_rt_runtime_us. Where the machine forbids it, it is a process like others. */
static void put_first(void)
{
	struct sched_param lowest = {.sched_priority = sched_get_priority_min(SCHED_RR)};

	(void)sched_setscheduler(0, SCHED_RR, &lowest);
}

/* Between fork and exec. */
_Noreturn static void become_worker(const struct child *c, const struct birth *b)
{
	char path[300], name[32];
	char *argv[] = {name, (char *)(uintptr_t)c->k->node, (char *)(uintptr_t)user_of(c), NULL};
	int from[] = {b->its_channel, b->listener, b->page, c->k->empty_dir};
	sigset_t none;

	for (size_t i = 0; i < sizeof from / sizeof from[0]; i++) {
		from[i] = fcntl(from[i], F_DUPFD_CLOEXEC, BORN_END);
		if (from[i] < 0)
			_exit(127);
	}
	for (size_t i = 0; i < sizeof from / sizeof from[0]; i++) {
		if (dup2(from[i], BORN_CHANNEL + (int)i) < 0)
			_exit(127);
	}
	(void)snprintf(name, sizeof name, "fosse-%s", process_name(c->id));
	(void)snprintf(path, sizeof path, "%s/%s", c->k->libexec, name);
	(void)sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
	keeper_limit_files(NOFILE);
	if (c->id == P_MEDIA)
		put_first();
	(void)execve(path, argv, environ);
	(void)fprintf(stderr, "fossewayd: cannot execute %s: %s\n", path, strerror(errno));
	_exit(127);
}

static void on_death(struct watch *w, uint32_t events);

static enum err watch_pid(struct child *c, int pid)
{
	int fd = (int)syscall(SYS_pidfd_open, pid, 0);

	c->pid = pid;
	c->death = (struct watch){.h = on_death, .arg = c};
	return watch_start(c->k->io, &c->death, fd, EPOLLIN, "worker's death");
}

static void come_later(struct child *c, uint32_t ms)
{
	set_state(c, CHILD_GONE);
	timer_start(c->k->io, &c->timer, ms);
}

static void start_child(struct child *c)
{
	struct keeper *k = c->k;
	struct birth b;
	enum err err = prepare(c, &b);
	int pid = err ? -1 : fork();

	if (pid == 0)
		become_worker(c, &b);
	io_close_fd(k->io, b.its_channel);
	io_close_fd(k->io, b.listener);
	io_close_fd(k->io, b.page);
	if (pid < 0 || watch_pid(c, pid) != OK) {
		io_close_fd(k->io, b.channel);
		log_put(io_log(k->io), &ev_not_started, F_Z("worker", process_name(c->id)),
			F_ERR(err));
		come_later(c, 1000);
		return;
	}
	c->n_starts++;
	c->since_wall = io_wall(k->io);
	write_pid(c);
	log_put(io_log(k->io), &ev_started, F_Z("worker", process_name(c->id)), F_NUM("pid", pid),
		F_NUM("records", kept_n(c->kept)));
	kept_rewind(c->kept);
	c->is_replaying = true;
	set_state(c, CHILD_STARTING);
	if (ipc_edge(k->ipc, c->id, b.channel) != OK)
		child_kill(c);
}

/* ---- death ---- */

/* deaths[] holds this death and the four before it. */
static void note_death(struct child *c)
{
	uint64_t now = io_now(c->k->io), oldest;

	c->deaths[c->n_deaths++ % DEATHS] = now;
	oldest = c->deaths[c->n_deaths % DEATHS];
	if (!oldest || now - oldest >= QUIET_NS)
		c->delay = 0;
	else if (c->delay < DELAYS - 1)
		c->delay++;
}

static void start_after_death(struct child *c)
{
	static const uint32_t delays_ms[DELAYS] = {0, 100, 500, 2000, 10000};

	if (!c->delay) {
		start_child(c);
		return;
	}
	alarm_raise(c->k->alarms, "PRC-001", c->row.handle, true,
		"a worker dies again and again; restarts are delayed",
		"read the log's errors just before its death (journalctl -u fosseway); report "
		"them");
	come_later(c, delays_ms[c->delay]);
}

static void close_breaker(struct child *c)
{
	uint64_t last = c->deaths[(c->n_deaths + DEATHS - 1) % DEATHS];

	if (!c->delay || c->state != CHILD_RUNNING || io_now(c->k->io) - last < QUIET_NS)
		return;
	c->delay = 0;
	alarm_clear(c->k->alarms, "PRC-001", c->row.handle);
}

/* What it said before it died is still in its channel. */
static void drain(struct child *c)
{
	uint32_t edge = ipc_edge_to(c->k->ipc, c->id);

	while (edge != NO_EDGE && ipc_pump(c->k->ipc, edge, 0) == OK)
		;
	ipc_edge_close(c->k->ipc, edge);
}

static void on_death(struct watch *w, uint32_t events)
{
	struct child *c = w->arg;
	int status = 0, fd = w->fd;
	bool was_adopting = c->state == CHILD_ADOPTING;

	(void)events;
	(void)waitpid(c->pid, &status, WNOHANG); /* one that we adopted is not ours to reap */
	watch_stop(w);
	io_close_fd(c->k->io, fd);
	c->state = CHILD_DYING; /* so that its channel's end is no surprise */
	drain(c);
	drop_page(c);
	log_put(io_log(c->k->io), &ev_died, F_Z("worker", process_name(c->id)),
		F_NUM("pid", c->pid), F_NUM("signal", WIFSIGNALED(status) ? WTERMSIG(status) : 0),
		F_NUM("status", WIFEXITED(status) ? WEXITSTATUS(status) : 0),
		F_NUM("records", kept_n(c->kept)));
	c->pid = 0;
	edges_lost(c->k, c->id);
	note_death(c);
	set_state(c, CHILD_GONE);
	if (was_adopting)
		keeper_on_adopted(c->k);
	if (!c->k->is_ready || c->state != CHILD_GONE)
		return;
	start_after_death(c);
}

static void send_signal(const struct child *c, int number)
{
	if (c->pid > 0 && c->state != CHILD_GONE)
		(void)syscall(SYS_pidfd_send_signal, c->death.fd, number, NULL, 0);
}

void child_kill(struct child *c)
{
	send_signal(c, SIGKILL);
}

static void children_kill(struct keeper *k)
{
	for (struct child *c = k->children; c < k->children + N_CHILDREN; c++)
		child_kill(c);
}

void children_end(struct keeper *k)
{
	children_kill(k);
	for (struct child *c = k->children; c < k->children + N_CHILDREN; c++) {
		if (c->pid > 0)
			(void)waitpid(c->pid, NULL, 0); /* adopted ones are not ours to wait for */
	}
}

/* ---- its channel ---- */

static bool is_heard(const struct child *c)
{
	return c->state != CHILD_GONE;
}

static void take_page(struct child *c, int fd)
{
	void *page = c->page || fd == NO_FD
	                     ? MAP_FAILED
	                     : mmap(NULL, BORN_PAGE_SIZE, PROT_READ, MAP_SHARED, fd, 0);

	io_close_fd(c->k->io, fd);
	if (page != MAP_FAILED)
		c->page = page;
}

void child_on_record(struct child *c, uint64_t key, struct rd *body, int fd)
{
	struct kept_rec *rec;

	if (handle_kind(key) == HK_SOCKET && handle_slot(key) < PLAN_ROW_MAX) {
		sockets_adopt(c->k, key, body, fd);
		return;
	}
	if (handle_kind(key) == HK_PROCESS) {
		take_page(c, fd);
		return;
	}
	if (fd != NO_FD)
		sockets_force_buffer(c->k, fd);
	if (is_heard(c) && kept_put(c->kept, key, rd_bytes(body, rd_left(body)), fd, &rec) == OK)
		return;
	io_close_fd(c->k->io, fd);
	log_put(io_log(c->k->io), &ev_records_full, F_Z("worker", process_name(c->id)),
		F_H("key", key));
	alarm_raise(c->k->alarms, "KEP-001", c->row.handle, true,
		"the keeper cannot hold more records: new work is refused",
		"fosse status shows how many; lower limits.calls or limits.registrations");
}

void child_on_record_gone(struct child *c, uint64_t key)
{
	kept_del(c->kept, key);
}

void child_on_again(struct child *c)
{
	kept_mark(c->kept);
}

void child_on_sync(struct child *c)
{
	(void)kept_sweep(c->kept);
	if (c->state != CHILD_ADOPTING)
		return;
	timer_stop(&c->timer);
	log_put(io_log(c->k->io), &ev_adopted, F_Z("worker", process_name(c->id)),
		F_NUM("pid", c->pid), F_NUM("records", kept_n(c->kept)));
	set_state(c, CHILD_RUNNING);
	keeper_on_adopted(c->k);
}

/* A worker whose channel ended broke its rules, or is dying: either way it is replaced. */
void child_on_edge(struct child *c, bool is_up)
{
	if (is_up && c->state == CHILD_ADOPTING)
		kept_mark(c->kept);
	if (is_up || c->state == CHILD_DYING || c->state == CHILD_GONE)
		return;
	child_kill(c);
	set_state(c, CHILD_DYING);
}

void child_on_room(struct child *c, uint32_t edge)
{
	if (!c->is_replaying || c->state != CHILD_STARTING ||
		!kept_replay(c->kept, c->k->ipc, edge))
		return;
	c->is_replaying = false;
	log_put(io_log(c->k->io), &ev_replayed, F_Z("worker", process_name(c->id)),
		F_NUM("records", kept_n(c->kept)));
	set_state(c, CHILD_RUNNING);
	edges_make(c->k);
	control_introduce(c->k, c->id);
}

/* ---- heartbeats ---- */

/* Counted in our own ticks: while we stood still ourselves, nobody else is blamed. */
static void check_beat(struct child *c)
{
	uint32_t beat = c->page ? *c->page : 0;

	if (!c->page || (c->state != CHILD_RUNNING && c->state != CHILD_STARTING))
		return;
	if (beat != c->last_beat) {
		c->last_beat = beat;
		c->n_stale = 0;
		return;
	}
	c->n_stale++;
	if (c->n_stale == (beat ? STALE_TICKS : FIRST_BEAT_TICKS)) {
		log_put(io_log(c->k->io), &ev_hangs, F_Z("worker", process_name(c->id)),
			F_NUM("pid", c->pid));
		send_signal(c, SIGABRT);
	} else if (c->n_stale > (beat ? STALE_TICKS : FIRST_BEAT_TICKS) + KILL_TICKS) {
		child_kill(c);
	}
}

/* How many records it has is worth a line a second, not a line a record. */
static void show_records(struct child *c)
{
	if (c->n_shown == kept_n(c->kept) || io_now(c->k->io) - c->shown_at < SHOW_NS)
		return;
	c->n_shown = kept_n(c->kept);
	c->shown_at = io_now(c->k->io);
	row_put(c->k->ipc, &c->row);
}

void children_tick(struct keeper *k)
{
	for (struct child *c = k->children; c < k->children + N_CHILDREN; c++) {
		check_beat(c);
		close_breaker(c);
		show_records(c);
		if (!kept_is_full(c->kept))
			alarm_clear(k->alarms, "KEP-001", c->row.handle);
	}
}

/* ---- the whole ---- */

static void on_timer(void *arg)
{
	struct child *c = arg;

	if (c->state == CHILD_GONE && c->k->is_ready)
		start_child(c);
	else if (c->state == CHILD_ADOPTING)
		child_kill(c); /* it does not answer; its death goes on from there */
}

enum err children_init(struct keeper *k)
{
	static const enum process_id ids[N_CHILDREN] = {P_TLS, P_SIG, P_MEDIA};

	for (size_t i = 0; i < N_CHILDREN; i++) {
		struct child *c = &k->children[i];
		enum err err = kept_new(k->io, KEPT_MAX, /* owns_fds */ true, &c->kept);

		if (err)
			return err;
		c->k = k;
		c->id = ids[i];
		timer_init(&c->timer, on_timer, c);
		row_init(&c->row, ROW_PROCESS, handle_make(HK_PROCESS, ids[i], 0), write_child);
		row_put(k->ipc, &c->row);
	}
	return OK;
}

/* The socket file of a dead worker refuses; only one that lives answers. One that lives and does not
 * answer never got as far as to listen: it is replaced. */
static bool adopt(struct child *c)
{
	int pid = read_pid(c), fd = NO_FD;
	char name[32];

	if (!pid || watch_pid(c, pid) != OK)
		return false;
	c->since_wall = io_wall(c->k->io);
	c->n_starts = 1;
	set_state(c, CHILD_ADOPTING);
	timer_start(c->k->io, &c->timer, ADOPT_MS);
	name_of(c, "sock", name, sizeof name);
	if (bind_path_dial(name, &fd) != OK || ipc_edge(c->k->ipc, c->id, fd) != OK)
		child_kill(c);
	return true;
}

unsigned children_adopt(struct keeper *k)
{
	unsigned n = 0;

	for (struct child *c = k->children; c < k->children + N_CHILDREN; c++)
		n += adopt(c);
	return n;
}

void children_start(struct keeper *k)
{
	for (struct child *c = k->children; c < k->children + N_CHILDREN; c++) {
		if (c->state == CHILD_GONE && !timer_is_on(&c->timer))
			start_child(c);
	}
}
