/* keeper.c - fossewayd: starts everything, keeps what must not be lost, reads nothing.
 *
 * A start is cold (no worker lives: the configuration is read by fosse-conf, sockets are opened, workers
 * started) or warm (this keeper follows one that was killed: the last good configuration, the workers give
 * back sockets and records, and no call notices). There is no third way, and no way down but to be killed. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "proc/keeper.h"
#include "proc/respawn.h"

enum {
	EXIT_USAGE = 2,
	EXIT_CONFIG = 3,
	EXIT_RUNNING = 75,
	EXIT_FAILED = 76,
	KEEPER_NOFILE = 1 << 19
};

LOG_EVENT(ev_ready, "PRC-020", LOG_NOTICE, "keeper is ready");
LOG_EVENT(ev_stop, "PRC-021", LOG_NOTICE, "keeper and workers stop");
LOG_EVENT(ev_last_good, "CFG-004", LOG_ERROR,
	"the file is not usable: started with the last good configuration");

/* ---- channels: to the file whose matter it is ---- */

static void on_put(
	void *arg, enum process_id from, enum kind kind, uint64_t handle, struct rd *body, int fd)
{
	struct keeper *k = arg;
	struct child *c = child_of(k, from);

	if (kind == ROW_KEPT && c)
		child_on_record(c, handle, body, fd);
	else
		io_close_fd(k->io, fd);
}

static void on_del(void *arg, enum process_id from, enum kind kind, uint64_t handle)
{
	struct child *c = child_of(arg, from);

	if (kind == ROW_KEPT && c)
		child_on_record_gone(c, handle);
}

static void on_sync(void *arg, enum process_id from, enum kind kind)
{
	struct child *c = child_of(arg, from);

	if (kind == ROW_KEPT && c)
		child_on_sync(c);
}

static void on_again(void *arg, enum process_id from, enum kind kind)
{
	struct child *c = child_of(arg, from);

	if (kind == ROW_KEPT && c)
		child_on_again(c);
}

static void on_ask(void *arg, struct ipc_ask *ask, enum process_id from, enum kind kind,
	uint64_t handle, struct rd *body, int fd)
{
	control_on_ask(arg, ask, from, kind, handle, body, fd);
}

static void on_edge(void *arg, enum process_id with, bool is_up)
{
	struct child *c = child_of(arg, with);

	if (c)
		child_on_edge(c, is_up);
}

static void on_room(void *arg, enum process_id with, uint32_t edge)
{
	struct child *c = child_of(arg, with);

	if (c)
		child_on_room(c, edge);
}

static const struct ipc_ops ipc_ops = {on_put, on_del, on_sync, on_ask, on_edge, on_again};

/* ---- the two starts ---- */

static void apply(struct keeper *k)
{
	sockets_apply(k);
	keys_apply(k);
	sockets_check_kernel(k);
}

static void become_ready(struct keeper *k)
{
	if (k->is_ready)
		return;
	apply(k);
	edges_adopted(k);
	k->is_ready = true;
	children_start(k);
	if (control_open(k) != OK)
		alarm_raise(k->alarms, "CTL-001", 0, true,
			"the socket for command lines cannot be opened",
			"ls -ld run/fosse: it belongs to root and is a folder");
	log_put(io_log(k->io), &ev_ready, F_NUM("revision", k->conf->head.revision));
}

void keeper_on_adopted(struct keeper *k)
{
	for (const struct child *c = k->children; c < k->children + N_CHILDREN; c++) {
		if (c->state == CHILD_ADOPTING)
			return;
	}
	if (k->conf)
		become_ready(k);
}

static void restart_by_change(struct keeper *k)
{
	if (!k->needs_restart)
		return;
	child_kill(child_of(k, P_SIG)); /* their sizes are made at their start; nothing is lost */
	child_kill(child_of(k, P_MEDIA));
}

void keeper_on_snapshot(struct keeper *k, enum err err)
{
	if (k->is_ready) {
		if (!err) {
			apply(k);
			restart_by_change(k);
		}
		return;
	}
	if (err) {
		if (snapshot_load_last(k) != OK)
			exit(EXIT_CONFIG);
		log_put(io_log(k->io), &ev_last_good, F_NUM("revision", k->conf->head.revision));
		alarm_raise(k->alarms, "CFG-001", 0, true,
			"etc/fosse/fosse.yaml is not usable; the last good configuration is in use",
			"fosse validate");
	}
	become_ready(k);
}

/* Warm, if a worker lives and its configuration can be had. */
static enum err begin(struct keeper *k)
{
	if (snapshot_load_last(k) == OK && children_adopt(k) > 0)
		return OK;
	return snapshot_begin_own(k);
}

/* ---- clock and signals ---- */

static void on_tick(void *arg)
{
	struct keeper *k = arg;

	children_tick(k);
	if (k->is_ready)
		edges_make(k);
	timer_start(k->io, &k->tick, KEEPER_TICK_MS);
}

/* Stop is crash. */
static void stop(struct keeper *k)
{
	log_put(io_log(k->io), &ev_stop, F_NUM("pid", getpid()));
	children_end(k);
	(void)unlink("ctl");
	exit(0);
}

static void on_signal(struct watch *w, uint32_t events)
{
	struct signalfd_siginfo info;

	(void)events;
	if (read(w->fd, &info, sizeof info) != sizeof info)
		return;
	if (info.ssi_signo == SIGHUP)
		(void)!snapshot_begin_own(w->arg);
	else
		stop(w->arg);
}

static enum err watch_signals(struct keeper *k)
{
	static struct watch w;
	sigset_t set;
	int fd;

	(void)sigemptyset(&set);
	(void)sigaddset(&set, SIGTERM);
	(void)sigaddset(&set, SIGINT);
	(void)sigaddset(&set, SIGHUP);
	(void)sigprocmask(SIG_BLOCK, &set, NULL);
	(void)signal(SIGPIPE, SIG_IGN);
	fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	w = (struct watch){.h = on_signal, .arg = k};
	return fd < 0 ? ERR_FULL : watch_start(k->io, &w, fd, EPOLLIN, "signal");
}

/* ---- folders ---- */

static int refuse(const char *what, const char *path)
{
	(void)fprintf(stderr, "fossewayd: %s %s: %s\n", what, path, strerror(errno));
	return EXIT_FAILED;
}

static int make_folder(const struct keeper *k, const char *rest, mode_t mode)
{
	char path[300];

	(void)snprintf(path, sizeof path, "%s%s", k->root, rest);
	return mkdir(path, mode) < 0 && errno != EEXIST ? refuse("cannot make", path) : 0;
}

static void write_own_pid(void)
{
	int fd = open("keeper.pid", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);

	if (fd < 0)
		return;
	(void)dprintf(fd, "%d\n", (int)getpid());
	(void)close(fd);
}

static int make_folders(struct keeper *k)
{
	static const struct {
		const char *path;
		mode_t mode;
	} folders[] = {{"/run", 0755}, {"/run/fosse", 0750}, {"/run/fosse/empty", 0555},
		{"/var", 0755}, {"/var/lib", 0755}, {"/var/lib/fosse", 0700}};
	char path[300];
	int lock, status;

	for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) {
		status = make_folder(k, folders[i].path, folders[i].mode);
		if (status)
			return status;
	}
	(void)umask(077);
	(void)snprintf(path, sizeof path, "%s/run/fosse", k->root);
	if (chdir(path) < 0 || chmod(".", 0750) < 0)
		return refuse("cannot use", path);
	lock = open("keeper.lock", O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (lock < 0 || flock(lock, LOCK_EX | LOCK_NB) < 0) {
		(void)fprintf(stderr, "fossewayd: another one runs in %s\n", path);
		return EXIT_RUNNING;
	}
	write_own_pid();
	k->empty_dir = open("empty", O_PATH | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	return k->empty_dir < 0 ? refuse("cannot open", "empty") : 0;
}

/* ---- main ---- */

static void write_own(const struct row *row, struct wr *w)
{
	const struct keeper *k = container_of(row, const struct keeper, own_row);
	struct show_process p = {.name = "keeper",
		.pid = (uint32_t)getpid(),
		.since_wall_s = k->since_wall / 1000000000u,
		.state = "running"};

	show_process_put(w, &p);
}

static enum err make(struct keeper *k)
{
	enum err err = io_new(k->node, "keeper", &k->io);

	if (err)
		return err;
	err = ipc_new(k->io, P_KEEPER, &ipc_ops, k, &k->ipc);
	if (err)
		return err;
	ipc_on_room(k->ipc, on_room, k);
	err = alarms_new(k->io, k->ipc, &k->alarms);
	if (err)
		return err;
	sockets_init(k);
	k->since_wall = io_wall(k->io);
	row_init(&k->own_row, ROW_PROCESS, handle_make(HK_PROCESS, P_KEEPER, 0), write_own);
	row_put(k->ipc, &k->own_row);
	timer_init(&k->tick, on_tick, k);
	timer_start(k->io, &k->tick, KEEPER_TICK_MS);
	return children_init(k);
}

/* Not every container lets root raise its limit: then as many as it may have. */
void keeper_limit_files(uint64_t n)
{
	struct rlimit wanted = {n, n}, limit;

	if (setrlimit(RLIMIT_NOFILE, &wanted) == 0 || getrlimit(RLIMIT_NOFILE, &limit) < 0)
		return;
	limit.rlim_cur = limit.rlim_max;
	(void)setrlimit(RLIMIT_NOFILE, &limit);
}

static int run(struct keeper *k)
{
	int status = make_folders(k);
	enum err err;

	if (status)
		return status;
	keeper_limit_files(KEEPER_NOFILE);
	(void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); /* it holds everybody's records */
	err = make(k);
	if (err == OK)
		err = watch_signals(k);
	if (err == OK)
		err = begin(k);
	if (err == OK)
		err = io_run(k->io);
	(void)fprintf(stderr, "fossewayd: %s\n", err_text(err));
	return err == ERR_NOENT ? EXIT_CONFIG : EXIT_FAILED;
}

static int usage(void)
{
	(void)fprintf(
		stderr, "usage: fossewayd [--root DIR] [--libexec DIR] [--respawn] [--version]\n");
	return EXIT_USAGE;
}

/* The workers lie beside this executable unless --libexec says otherwise. */
static void find_libexec(struct keeper *k)
{
	ssize_t n = readlink("/proc/self/exe", k->libexec, sizeof k->libexec - 1);
	char *slash;

	k->libexec[n > 0 ? n : 0] = '\0';
	slash = strrchr(k->libexec, '/');
	if (slash)
		*slash = '\0';
}

/* Absolute: the keeper changes its folder. */
static bool take_path(const char *given, char *ret_path, size_t size)
{
	char whole[PATH_MAX];
	bool is_ok = given && realpath(given, whole) && strlen(whole) < size;

	if (is_ok)
		(void)snprintf(ret_path, size, "%s", strcmp(whole, "/") == 0 ? "" : whole);
	else
		(void)fprintf(stderr, "fossewayd: %s: no such folder, or its name is too long\n",
			given ? given : "");
	return is_ok;
}

int main(int argc, char **argv)
{
	static struct keeper k = {
		.conf_fd = NO_FD, .run = {.image_fd = NO_FD, .errors_fd = NO_FD, .file_fd = NO_FD}};
	bool is_respawned = false;
	int status = -1;

	find_libexec(&k);
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--root") == 0) {
			if (!take_path(argv[++i], k.root, sizeof k.root))
				return EXIT_USAGE;
		} else if (strcmp(argv[i], "--libexec") == 0) {
			if (!take_path(argv[++i], k.libexec, sizeof k.libexec))
				return EXIT_USAGE;
		} else if (strcmp(argv[i], "--respawn") == 0) {
			is_respawned = true;
		} else if (strcmp(argv[i], "--version") == 0) {
			(void)printf("fossewayd " FOSSE_VERSION "\n");
			return 0;
		} else {
			return usage();
		}
	}
	if (is_respawned)
		status = respawn_run();
	return status >= 0 ? status : run(&k);
}
