/* The keeper with toy workers, in a network of its own: starts, kills, replacements, changes, and not
 * one datagram lost. Needs root (it makes processes under other users); without it, it is skipped.
 *
 *	test ---datagrams---> toy (sig: 5060, media: 36000) ---records---> fossewayd
 *	   \--- kill -9 of any of them, ten times ---/
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "io/kernel.h"
#include "ipc/given.h"
#include "ipc/ipc.h"
#include "ipc/show.h"
#include "test.h"

#define ADDRESS "198.51.100.10"
enum { SIG_PORT = 5060, MEDIA_PORT = 36000 };

static char root[64];
static pid_t daemon_pid;

/* ---- a network and a node of its own ---- */

static void write_file(const char *name, const char *text)
{
	char path[200];
	FILE *f;

	(void)snprintf(path, sizeof path, "%s/%s", root, name);
	f = fopen(path, "w");
	if (!f || fputs(text, f) < 0 || fclose(f) != 0)
		abort();
}

static void config_to(const char *file, const char *more)
{
	char text[2000];

	(void)snprintf(text, sizeof text,
		"version: 1\n"
		"node:\n"
		"  role: edge\n"
		"  name: edge1.example.com\n"
		"  addresses: {inside: " ADDRESS "}\n"
		"  users: {tls: nobody, sig: nobody, media: nobody, conf: nobody}\n"
		"zones:\n"
		"  - {name: c, type: traversal-server, username: u, password: zone-secret, sip: "
		"{transport: tcp}}\n"
		"address_policy: {documentation: allow}\n%s",
		more);
	write_file(file, text);
}

static void config(const char *more)
{
	config_to("etc/fosse/fosse.yaml", more);
}

#define NORMAL "sip: {udp: true, tcp: true, tls: true, domains: [example.com]}\n"
#define NO_TCP "sip: {udp: true, tcp: false, tls: true, domains: [example.com]}\n"
#define BROKEN "sip: {udp: perhaps}\n"

static void network(void)
{
	struct ifreq r = {0};
	struct sockaddr_in sa = {.sin_family = AF_INET};
	int fd;

	if (unshare(CLONE_NEWNET) < 0)
		abort();
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	(void)strcpy(r.ifr_name, "lo");
	r.ifr_flags = IFF_UP | IFF_LOOPBACK;
	if (ioctl(fd, SIOCSIFFLAGS, &r) < 0)
		abort();
	(void)strcpy(r.ifr_name, "lo:1");
	(void)inet_pton(AF_INET, ADDRESS, &sa.sin_addr);
	memcpy(&r.ifr_addr, &sa, sizeof sa);
	if (ioctl(fd, SIOCSIFADDR, &r) < 0)
		abort();
	(void)close(fd);
}

static void folders(void)
{
	static const char *const names[] = {"fosse-tls", "fosse-sig", "fosse-media"};
	char path[200];

	(void)strcpy(root, "/tmp/fosse-test-XXXXXX");
	if (!mkdtemp(root) || chmod(root, 0755) < 0)
		abort();
	for (int i = 0; i < 5; i++) {
		static const char *const parts[] = {
			"etc", "etc/fosse", "etc/ssl", "etc/ssl/certs", "bin"};

		(void)snprintf(path, sizeof path, "%s/%s", root, parts[i]);
		(void)mkdir(path, 0755);
	}
	for (int i = 0; i < 3; i++) {
		(void)snprintf(path, sizeof path, "%s/bin/%s", root, names[i]);
		(void)!symlink(TOY, path);
	}
	(void)snprintf(path, sizeof path, "%s/bin/fosse-conf", root);
	(void)!symlink(FOSSE_CONF, path);
}

static void start_daemon(bool is_respawned)
{
	char libexec[100], log[100];

	(void)snprintf(libexec, sizeof libexec, "%s/bin", root);
	(void)snprintf(log, sizeof log, "%s/log", root);
	daemon_pid = fork();
	if (daemon_pid == 0) {
		int fd = open(log, O_WRONLY | O_CREAT | O_APPEND, 0600);

		(void)dup2(fd, 2);
		(void)execl(FOSSEWAYD, "fossewayd", "--root", root, "--libexec", libexec,
			is_respawned ? "--respawn" : NULL, NULL);
		_exit(127);
	}
}

static void sleep_ms(int ms)
{
	(void)poll(NULL, 0, ms);
}

static pid_t pid_of(const char *name)
{
	char path[200];
	int pid = 0;
	FILE *f;

	(void)snprintf(path, sizeof path, "%s/run/fosse/%s.pid", root, name);
	f = fopen(path, "r");
	if (f) {
		if (fscanf(f, "%d", &pid) != 1)
			pid = 0;
		(void)fclose(f);
	}
	return pid;
}

static bool log_has(const char *text)
{
	static char log[1 << 20];
	char path[200];
	FILE *f;
	size_t n;

	(void)snprintf(path, sizeof path, "%s/log", root);
	f = fopen(path, "r");
	n = f ? fread(log, 1, sizeof log - 1, f) : 0;
	if (f)
		(void)fclose(f);
	log[n] = '\0';
	return strstr(log, text) != NULL;
}

static void clear_log(void)
{
	write_file("log", "");
}

/* ---- the other side ---- */

struct answer {
	unsigned seq, edges, fds, mirrored;
	unsigned long long n; /* all that the worker and its predecessors saw */
	int pid;
};

static int client(int port)
{
	struct sockaddr_in sa = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	(void)inet_pton(AF_INET, ADDRESS, &sa.sin_addr);
	if (connect(fd, (struct sockaddr *)&sa, sizeof sa) < 0)
		abort();
	return fd;
}

static bool receive(int fd, int timeout_ms, struct answer *ret)
{
	struct pollfd p = {.fd = fd, .events = POLLIN};
	char buf[256];
	ssize_t n;

	if (poll(&p, 1, timeout_ms) <= 0)
		return false;
	n = recv(fd, buf, sizeof buf - 1, 0);
	if (n <= 0)
		return false;
	buf[n] = '\0';
	return sscanf(buf, "%u %llu %d %x %u %u", &ret->seq, &ret->n, &ret->pid, &ret->edges,
		       &ret->fds, &ret->mirrored) == 6;
}

static bool ask_one(int port, const char *word, int timeout_ms, struct answer *ret)
{
	int fd = client(port);
	bool is_there = send(fd, word, strlen(word), 0) >= 0 && receive(fd, timeout_ms, ret);

	(void)close(fd);
	return is_there;
}

static bool is_up(void)
{
	struct answer a;

	return ask_one(SIG_PORT, "1", 100, &a) && ask_one(MEDIA_PORT, "1", 100, &a);
}

static bool wait_until(bool (*is_so)(void), int ms)
{
	for (int t = 0; t < ms; t += 50) {
		if (is_so())
			return true;
		sleep_ms(50);
	}
	return false;
}

static bool has_met(void)
{
	struct answer sig, media;

	return ask_one(SIG_PORT, "1", 100, &sig) && ask_one(MEDIA_PORT, "1", 100, &media) &&
	       (sig.edges & ~PBIT(KEEPER)) == (PBIT(TLS) | PBIT(MEDIA)) &&
	       (media.edges & ~PBIT(KEEPER)) == PBIT(SIG) && sig.mirrored && media.mirrored;
}

/* A case that failed left its node running. */
static void end_leftover(void)
{
	if (daemon_pid > 0 && waitpid(daemon_pid, NULL, WNOHANG) == 0) {
		(void)kill(daemon_pid, SIGTERM);
		(void)waitpid(daemon_pid, NULL, 0);
		sleep_ms(200);
	}
	daemon_pid = 0;
}

static void up(void)
{
	end_leftover();
	config(NORMAL);
	start_daemon(true);
	CHECK(wait_until(is_up, 20000));
	CHECK(wait_until(has_met, 5000));
}

/* Stop is crash: nobody is left. */
static void down(void)
{
	pid_t sig = pid_of("sig"), media = pid_of("media");
	int status;

	(void)kill(daemon_pid, SIGTERM);
	CHECK(waitpid(daemon_pid, &status, 0) == daemon_pid);
	for (int i = 0; i < 100 && (kill(sig, 0) == 0 || kill(media, 0) == 0); i++)
		sleep_ms(20);
	CHECK(kill(sig, 0) < 0 && kill(media, 0) < 0);
	daemon_pid = 0;
	clear_log();
}

/* ---- traffic while things die ---- */

struct traffic {
	int fd;
	unsigned n_sent, n_back;
	unsigned long long first, last;
	unsigned worst_ms;
	uint64_t sent_at[8192];
};

static uint64_t now_us(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000u + (uint64_t)t.tv_nsec / 1000u;
}

static void collect(struct traffic *t, int ms)
{
	struct answer a;

	while (receive(t->fd, ms, &a)) {
		uint64_t late = (now_us() - t->sent_at[a.seq % 8192]) / 1000u;

		t->n_back++;
		t->worst_ms = late > t->worst_ms ? (unsigned)late : t->worst_ms;
		if (!t->first)
			t->first = a.n;
		t->last = a.n > t->last ? a.n : t->last;
		ms = 0;
	}
}

static void one_more(struct traffic *t)
{
	char buf[16];

	t->n_sent++;
	t->sent_at[t->n_sent % 8192] = now_us();
	(void)snprintf(buf, sizeof buf, "%u", t->n_sent);
	(void)send(t->fd, buf, strlen(buf), 0);
	collect(t, 0);
}

static void flow_for(struct traffic *a, struct traffic *b, int ms)
{
	for (int i = 0; i < ms; i += 2) {
		one_more(a);
		one_more(b);
		sleep_ms(2);
	}
}

static void settle(struct traffic *t, const char *name)
{
	for (int i = 0; i < 150 && t->n_back < t->n_sent; i++)
		collect(t, 100);
	printf("# %s: %u sent, %u answered, latest %u ms; its count went from %llu to %llu\n", name,
		t->n_sent, t->n_back, t->worst_ms, t->first, t->last);
	(void)close(t->fd);
}

static void kill_worker(const char *name)
{
	pid_t pid = pid_of(name);

	if (pid > 1)
		(void)kill(pid, SIGKILL);
}

static void workers_are_replaced(void)
{
	static struct traffic sig, media;

	sig = (struct traffic){.fd = client(SIG_PORT)};
	media = (struct traffic){.fd = client(MEDIA_PORT)};
	up();
	for (int i = 0; i < 4; i++) {
		kill_worker("sig");
		flow_for(&sig, &media, 150);
		kill_worker("media");
		flow_for(&sig, &media, 150);
		if (i < 2)
			kill_worker("tls");
		flow_for(&sig, &media, 100);
	}
	settle(&sig, "ten kills, sig");
	settle(&media, "ten kills, media");
	CHECK(sig.n_back == sig.n_sent && media.n_back == media.n_sent);
	/* the count is a record: each successor went on from there */
	CHECK(sig.last - sig.first + 1 == sig.n_sent &&
		media.last - media.first + 1 == media.n_sent);
	CHECK(wait_until(has_met, 5000));
	CHECK(log_has("\"signal\":9"));
	down();
}

/* Whether this machine lets a process come before others. */
static bool may_put_first(void)
{
	struct sched_param first = {.sched_priority = 1}, ordinary = {0};
	bool may = sched_setscheduler(0, SCHED_RR, &first) == 0;

	(void)sched_setscheduler(0, SCHED_OTHER, &ordinary);
	return may;
}

static void keepers_are_replaced(void)
{
	static struct traffic sig, media;
	struct answer a;
	pid_t sig_pid, media_pid;

	sig = (struct traffic){.fd = client(SIG_PORT)};
	media = (struct traffic){.fd = client(MEDIA_PORT)};
	up();
	sig_pid = pid_of("sig");
	media_pid = pid_of("media");
	for (int i = 0; i < 10; i++) {
		(void)kill(pid_of("keeper"), SIGKILL);
		flow_for(&sig, &media, 300);
	}
	settle(&sig, "ten kills of the keeper, sig");
	settle(&media, "ten kills of the keeper, media");
	CHECK(sig.n_back == sig.n_sent && media.n_back == media.n_sent);
	CHECK(wait_until(has_met, 5000));
	CHECK(sched_getscheduler(sig_pid) == SCHED_OTHER);
	CHECK(sched_getscheduler(media_pid) == (may_put_first() ? SCHED_RR : SCHED_OTHER));
	CHECK(pid_of("sig") == sig_pid && pid_of("media") == media_pid);
	CHECK(kill(sig_pid, 0) == 0 && kill(media_pid, 0) == 0);
	/* and the last keeper has everything: a worker that dies now is replaced with its records, its
	 * sockets and the fd of a record */
	CHECK(ask_one(SIG_PORT, "1", 1000, &a));
	sig.last = a.n;
	kill_worker("sig");
	CHECK(ask_one(SIG_PORT, "1", 5000, &a));
	CHECK(a.n == sig.last + 1 && a.fds == 1 && a.pid != sig_pid);
	down();
}

static void both_at_once(void)
{
	struct answer a;

	up();
	kill_worker("sig");
	(void)kill(pid_of("keeper"), SIGKILL);
	CHECK(wait_until(has_met, 10000));
	CHECK(ask_one(SIG_PORT, "1", 1000, &a));
	down();
}

/* ---- workers that misbehave ---- */

static bool dies_of(int port, const char *name, const char *word, const char *sign, int ms)
{
	pid_t before = pid_of(name);
	struct answer a;

	clear_log();
	(void)ask_one(port, word, 1, &a);
	for (int t = 0; t < ms && (pid_of(name) == before || !log_has(sign)); t += 20)
		sleep_ms(20);
	return pid_of(name) != before && log_has(sign) && wait_until(is_up, 5000);
}

static void forbidden_calls_kill(void)
{
	up();
	CHECK(dies_of(SIG_PORT, "sig", "!fork", "\"signal\":31", 5000));
	CHECK(dies_of(SIG_PORT, "sig", "!exec", "\"signal\":31", 5000));
	CHECK(dies_of(SIG_PORT, "sig", "!unix", "\"signal\":31", 5000));
	CHECK(dies_of(MEDIA_PORT, "media", "!stream", "\"signal\":31", 5000));
	CHECK(dies_of(MEDIA_PORT, "media", "!exec", "\"signal\":31", 5000));
	down();
}

/* All three toys are there and have said what they found. */
static bool all_told(void)
{
	return log_has("sig knows the password") && log_has("tls does not know the password") &&
	       log_has("media does not know the password");
}

static void powers_are_gone(void)
{
	char path[64], line[256];
	int seen = 0;
	FILE *f;

	up();
	(void)snprintf(path, sizeof path, "/proc/%d/status", pid_of("sig"));
	f = fopen(path, "r");
	CHECK(f != NULL);
	while (fgets(line, sizeof line, f)) {
		seen += strncmp(line, "Uid:\t65534\t65534\t65534", 22) == 0;
		seen += strncmp(line, "CapEff:\t0000000000000000", 24) == 0;
		seen += strncmp(line, "NoNewPrivs:\t1", 13) == 0;
		seen += strncmp(line, "Seccomp:\t2", 10) == 0;
	}
	(void)fclose(f);
	CHECK(seen == 4);
	CHECK(wait_until(all_told, 5000));
	CHECK(log_has("files until powers are dropped") && !log_has("files at the wrong time"));
	(void)snprintf(path, sizeof path, "/proc/%d/root", pid_of("sig"));
	line[readlink(path, line, sizeof line - 1)] = '\0';
	CHECK(strstr(line, "/run/fosse/empty") != NULL);
	down();
}

static void bad_messages_and_hangs_are_replaced(void)
{
	up();
	CHECK(dies_of(SIG_PORT, "sig", "!bytes", "IPC-001", 5000));
	CHECK(dies_of(MEDIA_PORT, "media", "!hang", "PRC-005", 15000));
	down();
}

static void breaker_slows_down(void)
{
	uint64_t before;
	struct answer a;

	up();
	for (int i = 0; i < 5; i++) {
		kill_worker("sig");
		before = now_us();
		CHECK(ask_one(SIG_PORT, "1", 5000, &a));
	}
	CHECK(now_us() - before > 100000 && log_has("PRC-001\",\"cause"));
	down();
}

/* ---- a command line ---- */

struct view {
	struct io *io;
	struct ipc *ipc;
	struct show_process processes[P_MAX];
	char alarm[32];
	uint32_t met;
	bool has_synced, is_answered;
	enum err err;
	char text[2000];
};

static void view_put(
	void *arg, enum process_id from, enum kind kind, uint64_t h, struct rd *body, int fd)
{
	struct view *v = arg;
	struct given_peer peer;
	struct show_alarm alarm;

	(void)from;
	if (kind == ROW_PROCESS)
		(void)!show_process_get(body, &v->processes[handle_slot(h) % P_MAX]);
	if (kind == ROW_ALARM && show_alarm_get(body, &alarm) == OK)
		(void)strcpy(v->alarm, alarm.id);
	if (kind == ROW_PEER && given_peer_get(body, &peer) == OK) {
		v->met |= 1u << peer.with;
		(void)!ipc_edge(v->ipc, peer.with, fd);
		return;
	}
	io_close_fd(v->io, fd);
}

static void view_del(void *arg, enum process_id from, enum kind kind, uint64_t h)
{
	struct view *v = arg;

	(void)from;
	(void)h;
	if (kind == ROW_ALARM)
		(void)strcpy(v->alarm, "cleared");
}

static void view_sync(void *arg, enum process_id from, enum kind kind)
{
	struct view *v = arg;

	v->has_synced |= from == P_KEEPER && kind == ROW_PROCESS;
}

static const struct ipc_ops view_ops = {.put = view_put, .del = view_del, .sync = view_sync};

static void view_turns(struct view *v, int n)
{
	while (n-- > 0)
		CHECK(io_run_once(v->io, 10) == OK);
}

static struct view *view_open(void)
{
	static struct view v;
	char path[200];
	int fd;

	memset(&v, 0, sizeof v);
	(void)snprintf(path, sizeof path, "%s/run/fosse/ctl", root);
	CHECK(io_new("n", "ctl", &v.io) == OK && ipc_new(v.io, P_CTL, &view_ops, &v, &v.ipc) == OK);
	CHECK(bind_path_dial(path, &fd) == OK && ipc_edge(v.ipc, P_KEEPER, fd) == OK);
	for (int i = 0;
		i < 300 && !(v.has_synced && v.met == (PBIT(TLS) | PBIT(SIG) | PBIT(MEDIA))); i++)
		view_turns(&v, 1);
	return &v;
}

static void view_close(struct view *v)
{
	ipc_free(v->ipc);
	io_free(v->io);
}

static void on_answer(void *arg, enum err err, struct rd *body, int fd)
{
	struct view *v = arg;
	ssize_t n = fd == NO_FD ? 0 : read(fd, v->text, sizeof v->text - 1);

	(void)body;
	v->text[n > 0 ? n : 0] = '\0';
	io_close_fd(v->io, fd);
	v->err = err;
	v->is_answered = true;
}

static enum err view_apply(struct view *v, const char *text)
{
	struct given_apply a = {.file = "new.yaml"};
	uint8_t buf[256];
	struct wr w = wr_of(buf, sizeof buf);
	char path[200];
	uint32_t seq;
	int fd;

	config_to("new.yaml", text);
	(void)snprintf(path, sizeof path, "%s/new.yaml", root);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	given_apply_put(&w, &a);
	v->is_answered = false;
	CHECK(ipc_ask(v->ipc, P_KEEPER, ASK_APPLY, 0, wr_done(&w), fd, 10000, on_answer, v, &seq) ==
		OK);
	(void)close(fd);
	for (int i = 0; i < 1200 && !v->is_answered; i++)
		view_turns(v, 1);
	return v->err;
}

static bool tcp_answers(void)
{
	struct sockaddr_in sa = {.sin_family = AF_INET, .sin_port = htons(SIG_PORT)};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool is_there;

	(void)inet_pton(AF_INET, ADDRESS, &sa.sin_addr);
	is_there = connect(fd, (struct sockaddr *)&sa, sizeof sa) == 0;
	(void)close(fd);
	return is_there;
}

/* The node's file has these bytes. */
static bool is_installed(const char *text)
{
	static char whole[4000];
	char path[200];
	FILE *f;
	size_t n;

	(void)snprintf(path, sizeof path, "%s/etc/fosse/fosse.yaml", root);
	f = fopen(path, "r");
	n = f ? fread(whole, 1, sizeof whole - 1, f) : 0;
	if (f)
		(void)fclose(f);
	whole[n] = '\0';
	return strstr(whole, text) != NULL;
}

static void changes_apply_at_once_or_not_at_all(void)
{
	struct answer before, after;
	struct view *v;

	up();
	v = view_open();
	CHECK(v->has_synced && v->met == (PBIT(TLS) | PBIT(SIG) | PBIT(MEDIA)));
	CHECK(strcmp(v->processes[P_SIG].state, "running") == 0);
	CHECK((pid_t)v->processes[P_SIG].pid == pid_of("sig"));
	CHECK(ask_one(SIG_PORT, "1", 1000, &before) && tcp_answers());
	CHECK(view_apply(v, BROKEN) != OK && strstr(v->text, "new.yaml:") != NULL);
	CHECK(is_installed(NORMAL));
	printf("# answer: %.70s\n", v->text);
	CHECK(ask_one(SIG_PORT, "1", 1000, &after) && after.pid == before.pid && tcp_answers());
	CHECK(view_apply(v, NO_TCP) == OK && is_installed(NO_TCP));
	view_turns(v, 20);
	CHECK(!tcp_answers() && ask_one(SIG_PORT, "1", 1000, &after) && after.pid == before.pid);
	CHECK(view_apply(v, NORMAL) == OK);
	view_turns(v, 20);
	CHECK(tcp_answers());
	view_close(v);
	down();
}

/* The receive buffer of the UDP socket at this port, in bytes as the kernel counts them; 0: none. Its worker
 * has it, and the keeper: it is one socket. */
static int buffer_at(uint16_t port)
{
	int process = (int)syscall(SYS_pidfd_open, pid_of("media"), 0), bytes = 0;

	for (int n = 3; n < 256 && !bytes; n++) {
		int fd = (int)syscall(SYS_pidfd_getfd, process, n, 0), type = 0;
		struct sockaddr_in sa = {0};
		socklen_t len = sizeof sa, int_len = sizeof type;

		if (fd >= 0 && getsockname(fd, (struct sockaddr *)&sa, &len) == 0 &&
			sa.sin_family == AF_INET && ntohs(sa.sin_port) == port &&
			getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &int_len) == 0 &&
			type == SOCK_DGRAM)
			(void)getsockopt(fd, SOL_SOCKET, SO_RCVBUF, &bytes, &int_len);
		if (fd >= 0)
			(void)close(fd);
	}
	(void)close(process);
	return bytes;
}

/* The worker takes its sockets in a turn of its own. */
static bool buffer_becomes(uint16_t port, int bytes)
{
	for (int i = 0; i < 200 && buffer_at(port) != bytes; i++)
		sleep_ms(10);
	return buffer_at(port) == bytes;
}

#define SMALL_BUFFER "media: {receive_buffer: 3MiB}\n"

/* The kernel doubles what it is told, for its own part. */
static void the_receive_buffer_is_that_of_the_setting(void)
{
	struct view *v;

	up();
	CHECK(buffer_becomes(36000, 32 << 20));
	v = view_open();
	CHECK(view_apply(v, SMALL_BUFFER) == OK);
	CHECK(buffer_becomes(36000, 6 << 20));
	CHECK(view_apply(v, NORMAL) == OK);
	CHECK(buffer_becomes(36000, 32 << 20));
	view_close(v);
	down();
}

#define TRUST "certificates: {trust: [system, ca.pem, missing.pem]}\n"
#define LESS  "certificates: {trust: [system]}\n"

/* The worker in its empty root could open none of these; the store of the distribution neither. */
static void trusted_files_are_opened_for_the_worker(void)
{
	struct view *v;

	up();
	v = view_open();
	write_file("etc/fosse/ca.pem", "one\n");
	write_file("etc/ssl/certs/ca-certificates.crt", "all\n");
	CHECK(view_apply(v, NORMAL TRUST) == OK);
	view_turns(v, 20);
	CHECK(log_has("\"system is trusted\""));
	CHECK(log_has("\"ca.pem is trusted\""));
	CHECK(log_has("missing.pem cannot be read"));
	clear_log();
	CHECK(view_apply(v, NORMAL LESS) ==
		OK); /* and back: a file that was dropped is given again */
	CHECK(view_apply(v, NORMAL TRUST) == OK);
	view_turns(v, 20);
	CHECK(!log_has("system is trusted") && log_has("\"ca.pem is trusted\""));
	view_close(v);
	down();
}

/* Signalling alone logs in with it. */
static void passwords_go_to_signalling_alone(void)
{
	up();
	CHECK(wait_until(all_told, 5000));
	kill_worker("media");
	CHECK(wait_until(is_up, 5000) && !log_has("media knows the password"));
	down();
}

static enum err view_pair(struct view *v, const char *name, const char *text)
{
	struct given_pair p = {.text = str_of(text)};
	uint8_t buf[512];
	struct wr w = wr_of(buf, sizeof buf);
	uint32_t seq;

	(void)str_copy(str_of(name), p.name, sizeof p.name);
	given_pair_put(&w, &p);
	v->is_answered = false;
	CHECK(ipc_ask(v->ipc, P_KEEPER, ASK_PAIR, 0, wr_done(&w), NO_FD, 10000, on_answer, v,
		      &seq) == OK);
	for (int i = 0; i < 1200 && !v->is_answered; i++)
		view_turns(v, 1);
	return v->err;
}

static void pairings_are_written_unread(void)
{
	char path[200];
	struct stat st;
	struct view *v;

	up();
	v = view_open();
	(void)snprintf(path, sizeof path, "%s/etc/fosse/pairing/other", root);
	CHECK(view_pair(v, "other", "username someone\n") == OK);
	CHECK(stat(path, &st) == 0 && st.st_size == 17 && (st.st_mode & 0777) == 0600);
	CHECK(view_pair(v, "../other", "username someone\n") != OK);
	CHECK(view_pair(v, "other", "") == OK && stat(path, &st) < 0);
	view_close(v);
	down();
}

static void a_taken_port_is_an_alarm(void)
{
	struct sockaddr_in sa = {.sin_family = AF_INET, .sin_port = htons(SIG_PORT)};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct view *v;

	(void)inet_pton(AF_INET, ADDRESS, &sa.sin_addr);
	CHECK(bind(fd, (struct sockaddr *)&sa, sizeof sa) == 0 && listen(fd, 1) == 0);
	up(); /* all else starts */
	CHECK(log_has("PRT-001"));
	v = view_open();
	(void)close(fd);
	for (int i = 0; i < 400 && strcmp(v->alarm, "cleared") != 0; i++)
		view_turns(v, 1);
	CHECK(tcp_answers());
	view_close(v);
	down();
}

static void a_broken_file(void)
{
	char path[200];
	int status;

	(void)snprintf(path, sizeof path, "%s/var/lib/fosse/last-good.image", root);
	(void)unlink(path);
	config(BROKEN);
	start_daemon(true);
	CHECK(waitpid(daemon_pid, &status, 0) == daemon_pid && WIFEXITED(status) &&
		WEXITSTATUS(status) == 3);
	CHECK(log_has("fosse.yaml:") && log_has("perhaps"));
	clear_log();
	up(); /* makes a last good one */
	down();
	config(BROKEN);
	start_daemon(true);
	CHECK(wait_until(is_up, 10000) && log_has("CFG-004"));
	down();
}

static void one_keeper_only(void)
{
	pid_t first;
	int status;

	up();
	first = daemon_pid;
	start_daemon(false);
	CHECK(waitpid(daemon_pid, &status, 0) == daemon_pid && WEXITSTATUS(status) == 75);
	daemon_pid = first;
	down();
}

static void links_libc_alone(void)
{
	char line[512];
	FILE *p = popen("readelf -d " FOSSEWAYD, "re");
	int n = 0;

	CHECK(p != NULL);
	while (fgets(line, sizeof line, p)) {
		bool is_ours = strstr(line, "[libc.so") || strstr(line, "[libasan") ||
		               strstr(line, "[libubsan") || strstr(line, "[ld-linux");

		n += strstr(line, "(NEEDED)") && !is_ours;
	}
	(void)pclose(p);
	CHECK(n == 0);
}

static void clean_up(void)
{
	char command[128];

	end_leftover();
	(void)snprintf(command, sizeof command, "rm -rf %s", root);
	if (!getenv("TEST_KEEP"))
		(void)!system(command);
}

static void prepare(void)
{
	if (geteuid() != 0) {
		printf("1..0 # SKIP needs root\n");
		exit(0);
	}
	network();
	folders();
	(void)atexit(clean_up);
}

__attribute__((constructor)) static void before_all(void)
{
	prepare();
}

TEST_MAIN(T(links_libc_alone), T(workers_are_replaced), T(keepers_are_replaced), T(both_at_once),
	T(powers_are_gone), T(forbidden_calls_kill), T(bad_messages_and_hangs_are_replaced),
	T(breaker_slows_down), T(changes_apply_at_once_or_not_at_all),
	T(the_receive_buffer_is_that_of_the_setting), T(trusted_files_are_opened_for_the_worker),
	T(passwords_go_to_signalling_alone), T(pairings_are_written_unread),
	T(a_taken_port_is_an_alarm), T(a_broken_file), T(one_keeper_only))
