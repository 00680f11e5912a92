/* media_fosse.c - fosse-media alone, with what its neighbours give: a keeper that hands it a configuration
 * and holds its records, and a signalling that wants N flows.
 *
 *	media_fosse FOSSE-MEDIA CONFIG EMPTY-FOLDER CORE N PORTS
 *
 * The process is the product's own, under its user and its filter. Call i has two direct ends of a
 * public node. Writes the ports of the calls to PORTS, then prints "ready PID" and runs until its standard
 * input ends. */
#include <errno.h>
#include <error.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "conf/conf.h"
#include "io/kernel.h"
#include "ipc/flow.h"
#include "ipc/given.h"
#include "ipc/ipc.h"
#include "proc/born.h"

enum { CALLS_MAX = 5000, SOCKETS = 8, FIRST_REMOTE = 4000, BUFFER = 1 << 20, FILES = 65536 };

struct call {
	uint64_t handle;
	struct flow_want want;
	struct row row;
	bool is_there;
};

static struct call calls[CALLS_MAX];
static uint32_t n_calls, n_there;
static struct io *io;
static struct ipc *keeper, *sig;
static struct watch input;
static pid_t media;

_Noreturn static void fail(const char *what)
{
	error(2, errno, "%s", what);
	abort();
}

/* ---- neighbours ---- */

/* The keeper's part with a session's socket: it holds it, with a larger buffer. */
static void keeper_put(
	void *arg, enum process_id from, enum kind kind, uint64_t h, struct rd *body, int fd)
{
	int size = BUFFER;

	(void)arg, (void)from, (void)kind, (void)h, (void)body;
	if (fd != NO_FD)
		(void)setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size);
}

static void sig_put(
	void *arg, enum process_id from, enum kind kind, uint64_t h, struct rd *body, int fd)
{
	struct call *c = &calls[handle_slot(h) % CALLS_MAX];
	struct flow_is is;

	(void)arg, (void)from;
	io_close_fd(io, fd);
	if (kind != ROW_FLOW_IS || flow_is_get(body, &is) != OK || c->is_there)
		return;
	if (is.state == FLOW_REFUSED)
		error(2, 0, "refused: %s", is.why);
	c->is_there = true;
	n_there++;
}

/* ---- the process ---- */

static void conf_said(void *arg, const struct conf_error *e)
{
	(void)arg;
	(void)fprintf(stderr, "%u:%u: %.*s\n", e->line, e->column, (int)e->text.len, e->text.p);
}

static int config_image(const char *file, struct conf *conf)
{
	static char text[65536];
	int from = open(file, O_RDONLY | O_CLOEXEC), fd = memfd_create("conf", MFD_CLOEXEC);
	ssize_t n = from < 0 ? -1 : read(from, text, sizeof text);
	struct conf_input in = {.text = {text, n < 0 ? 0 : (size_t)n}, .file = file, .revision = 1};

	if (n <= 0 || conf_load(&in, conf, conf_said, NULL) != OK)
		fail(file);
	if (fd < 0 || write(fd, conf, sizeof *conf) != (ssize_t)sizeof *conf)
		fail("configuration");
	(void)close(from);
	return fd;
}

static int born_fd(const char *folder, int i)
{
	struct sockaddr_storage nameless = {.ss_family = AF_UNIX};
	int fd = NO_FD;

	if (i == BORN_LISTENER)
		fd = socket(AF_UNIX, SOCK_SEQPACKET, 0);
	else if (i == BORN_PAGE && (fd = memfd_create("page", 0)) >= 0 &&
		 ftruncate(fd, BORN_PAGE_SIZE) < 0)
		fail("page");
	else if (i == BORN_EMPTY)
		fd = open(folder, O_RDONLY | O_DIRECTORY);
	if (fd < 0 || (i == BORN_LISTENER &&
			      (bind(fd, (struct sockaddr *)&nameless, sizeof(sa_family_t)) < 0 ||
				      listen(fd, 1) < 0)))
		fail("what a process is born with");
	return fd;
}

static void limit_files(void)
{
	struct rlimit limit = {FILES, FILES};

	if (setrlimit(RLIMIT_NOFILE, &limit) == 0 || getrlimit(RLIMIT_NOFILE, &limit) < 0)
		return;
	limit.rlim_cur = limit.rlim_max;
	(void)setrlimit(RLIMIT_NOFILE, &limit);
}

_Noreturn static void be_media(const char *path, const char *folder, int core, int channel)
{
	cpu_set_t set;
	int fds[BORN_END];

	CPU_ZERO(&set);
	CPU_SET((unsigned)core, &set);
	if (sched_setaffinity(0, sizeof set, &set) < 0 || setpriority(PRIO_PROCESS, 0, -20) < 0)
		fail("core");
	fds[BORN_CHANNEL] = channel;
	for (int i = BORN_LISTENER; i < BORN_END; i++)
		fds[i] = born_fd(folder, i);
	for (int i = BORN_CHANNEL; i < BORN_END; i++)
		fds[i] = fcntl(fds[i], F_DUPFD, 100);
	for (int i = BORN_CHANNEL; i < BORN_END; i++)
		(void)dup2(fds[i], i);
	(void)dup2(STDERR_FILENO, STDOUT_FILENO);
	(void)close_range(BORN_END, ~0u, 0);
	(void)execl(path, path, "bench", "fosse-media", (char *)NULL);
	fail(path);
}

static void give(int channel, int config)
{
	uint8_t buf[64];
	struct wr w = wr_of(buf, sizeof buf);
	struct given_peer peer = {.with = P_SIG, .may_ask = true};
	uint32_t edge;
	int ours, theirs;

	if (ipc_edge_add(keeper, P_MEDIA, channel, true, &edge) != OK ||
		chan_pair(io, &ours, &theirs) != OK || ipc_edge(sig, P_MEDIA, ours) != OK)
		fail("channels");
	given_config_put(&w, 1);
	if (ipc_put_once(keeper, edge, ROW_CONFIG, handle_make(HK_PROCESS, 1, 0), wr_done(&w),
		    config) != OK)
		fail("configuration");
	w = wr_of(buf, sizeof buf);
	given_peer_put(&w, &peer);
	if (ipc_put_once(keeper, edge, ROW_PEER, handle_make(HK_PROCESS, P_SIG, 0), wr_done(&w),
		    theirs) != OK ||
		ipc_sync_once(keeper, edge, ROW_KEPT) != OK)
		fail("introduction");
	(void)close(config);
	(void)close(theirs);
}

/* ---- flows ---- */

static void write_want(const struct row *row, struct wr *w)
{
	flow_want_put(w, &container_of(row, struct call, row)->want);
}

static struct flow_end end_of(const struct conf *conf, int side, uint32_t i, uint16_t low)
{
	struct flow_end e = {.kind = END_DIRECT, .has_rtcp = true, .row = PLAN_PUBLIC_RTP_IN};
	uint16_t remote = (uint16_t)(FIRST_REMOTE + 2u * (i % SOCKETS));

	e.local =
		addr_with_port(&conf->node.outside, (uint16_t)(low + 4 * i + 2u * (unsigned)side));
	e.remote_rtp = addr_v4(203, 0, 113, side ? 22 : 21, remote);
	e.remote_rtcp = addr_with_port(&e.remote_rtp, (uint16_t)(remote + 1));
	e.signalling = e.remote_rtp;
	e.payload_types[0] = 1;
	return e;
}

static void want_flows(const struct conf *conf, uint16_t low, const char *file)
{
	FILE *f = fopen(file, "w");

	if (!f)
		fail(file);
	for (uint32_t i = 0; i < n_calls; i++) {
		struct call *c = &calls[i];

		c->want = (struct flow_want){.call = handle_make(HK_CALL, i, 1),
			.classes = CLASS_RTP,
			.lease_ms = conf->media.lease_ms};
		for (int side = 0; side < 2; side++)
			c->want.end[side] = end_of(conf, side, i, low);
		(void)fprintf(f, "%u %u\n", c->want.end[0].local.port, c->want.end[1].local.port);
		row_init(&c->row, ROW_FLOW_WANT, handle_make(HK_STREAM, i, 1), write_want);
		row_put(sig, &c->row);
	}
	if (fclose(f) != 0)
		fail(file);
}

/* A keeper's death alone does not end it. */
static void end_media(void)
{
	if (media > 0)
		(void)kill(media, SIGKILL);
}

static void on_input(struct watch *w, uint32_t events)
{
	char c;

	(void)events;
	if (read(w->fd, &c, 1) > 0)
		return;
	exit(0);
}

static void run(void)
{
	bool is_told = false;

	input = (struct watch){.h = on_input};
	if (watch_start(io, &input, STDIN_FILENO, EPOLLIN, "input") != OK)
		fail("input");
	while (io_run_once(io, 1000) == OK) {
		if (is_told || n_there < n_calls)
			continue;
		is_told = true;
		(void)printf("ready %d\n", (int)media);
		(void)fflush(stdout);
	}
	fail("loop");
}

int main(int argc, char **argv)
{
	static const struct ipc_ops keeper_ops = {.put = keeper_put};
	static const struct ipc_ops sig_ops = {.put = sig_put};
	static struct conf conf;
	static struct plan plan;
	int ours, theirs, config;

	if (argc != 7)
		fail("media_fosse FOSSE-MEDIA CONFIG EMPTY-FOLDER CORE N PORTS");
	n_calls = (uint32_t)atoi(argv[5]);
	if (n_calls > CALLS_MAX)
		fail("too many calls");
	limit_files();
	config = config_image(argv[2], &conf);
	conf_to_plan(&conf, false, &plan);
	if (io_new("bench", "bench", &io) != OK ||
		ipc_new(io, P_KEEPER, &keeper_ops, NULL, &keeper) != OK ||
		ipc_new(io, P_SIG, &sig_ops, NULL, &sig) != OK ||
		chan_pair(io, &ours, &theirs) != OK)
		fail("memory");
	io_set_plan(io, &plan);
	media = fork();
	if (media == 0)
		be_media(argv[1], argv[3], atoi(argv[4]), theirs);
	(void)atexit(end_media);
	(void)close(theirs);
	give(ours, config);
	want_flows(&conf, 36002, argv[6]);
	run();
}
