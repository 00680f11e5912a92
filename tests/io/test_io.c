/* test_io.c - the contract of io/io.h on the kernel: two loops in one program, over loopback. */
#include <fcntl.h>
#include <linux/sockios.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "io/io_cases.h"
#include "io/kernel.h"
#include "io/walk.h"

static struct io *new_process(const char *name)
{
	struct io *io = NULL;

	CHECK(io_new("edge", name, &io) == OK);
	io_set_plan(io, &world.plan);
	return io;
}

static void world_down(void)
{
	io_free(world.a);
	io_free(world.b);
	world.a = world.b = NULL;
}

static void world_up(void)
{
	world_down();
	world.plan = test_plan();
	world.a = new_process("a");
	world.b = new_process("b");
}

static void world_turn(void)
{
	CHECK(io_run_once(world.a, 1) == OK);
	CHECK(io_run_once(world.b, 1) == OK);
}

static void world_crash_b(void)
{
	io_free(world.b);
	world.b = new_process("b");
}

static int world_dup(int fd)
{
	return fcntl(fd, F_DUPFD_CLOEXEC, 0);
}

static int world_hand_over(int fd)
{
	return fd;
}

/* ---- of the kernel alone ---- */

static struct watch watched;
static int n_watched;

static void on_watched(struct watch *w, uint32_t events)
{
	char c;

	(void)events;
	n_watched += read(w->fd, &c, 1) == 1;
}

static void a_raw_fd_is_watched(void)
{
	int fds[2];

	world_up();
	n_watched = 0;
	CHECK(pipe2(fds, O_CLOEXEC | O_NONBLOCK) == 0);
	watched = (struct watch){.h = on_watched};
	CHECK(watch_start(world.a, &watched, fds[0], 1 /* EPOLLIN */, "pipe") == OK);
	CHECK(write(fds[1], "xy", 2) == 2);
	world_turn();
	world_turn();
	CHECK(n_watched == 2);
	watch_stop(&watched);
	watch_stop(&watched);
	CHECK(write(fds[1], "z", 1) == 1);
	world_turn();
	CHECK(n_watched == 2);
	(void)close(fds[0]);
	(void)close(fds[1]);
	world_down();
}

static void an_adopted_socket_is_checked_against_its_row(void)
{
	struct local at = {ROW_UDP, v4_loopback(), NO_FD};
	struct dgram *x, *y;
	struct addr_ok to;
	int fd = NO_FD, wrong = NO_FD;

	memset(&got, 0, sizeof got);
	world_up();
	CHECK(bind_udp(world.a, &at, &fd) == OK);
	at.fd = fd;
	CHECK(dgram_open(world.a, &at, on_packets, NULL, &x) == OK);
	y = open_dgram(world.b, v4_loopback());
	CHECK(y);
	to = to_addr(dgram_addr(x));
	dgram_send(y, &to, STR("adopted"));
	UNTIL(got.n == 1);
	CHECK(got.n == 1);
	at = (struct local){ROW_LISTEN, v4_loopback(), NO_FD};
	CHECK(bind_listen(world.a, &at, &wrong) == OK);
	at = (struct local){ROW_UDP, v4_loopback(), wrong};
	CHECK(dgram_open(world.a, &at, on_packets, NULL, &x) == ERR_DENIED);
	CHECK(io_counters(world.a)->n_denied == 1);
	CHECK(close(wrong) == 0); /* it was still ours */
	world_down();
}

static void signalling_takes_datagrams_of_any_length(void)
{
	static char longest[65507];
	struct dgram *x, *y;
	struct addr_ok to;

	memset(&got, 0, sizeof got);
	world_up();
	x = open_dgram(world.a, v4_loopback());
	y = open_dgram(world.b, v4_loopback());
	CHECK(x && y);
	dgram_take_large(y);
	to = to_addr(dgram_addr(y));
	for (int i = 0; i < 12; i++) { /* one at a time, then in batches */
		dgram_send(x, &to, (struct str){longest, 5000});
		UNTIL(got.n == (size_t)i + 1);
	}
	CHECK(got.n == 12 && got.n_cut == 0 && got.n_bytes == 60000);
	for (int i = 0; i < 3; i++)
		dgram_send(x, &to, (struct str){longest, sizeof longest});
	UNTIL(got.n == 15);
	CHECK(got.n == 15 && got.n_cut == 0 && got.n_bytes == 60000 + 3 * sizeof longest);
	world_down();
}

static void a_local_path_is_listened_to(void)
{
	char path[64];
	uint32_t pid = 0, uid = 0;
	int door = NO_FD, ours = NO_FD, theirs = NO_FD;
	struct chan *ca, *cb;

	world_up();
	memset(&heard, 0, sizeof heard);
	(void)snprintf(path, sizeof path, "/tmp/fosse-test-%d", (int)getpid());
	CHECK(bind_path_listen(path, &door) == OK);
	CHECK(bind_path_accept(door, &pid, &uid, &theirs) == ERR_MORE);
	CHECK(bind_path_dial(path, &ours) == OK);
	CHECK(bind_path_accept(door, &pid, &uid, &theirs) == OK);
	CHECK(pid == (uint32_t)getpid() && uid == getuid());
	CHECK(chan_adopt(world.a, ours, &chan_noted, NULL, &ca) == OK);
	CHECK(chan_adopt(world.b, theirs, &chan_noted, NULL, &cb) == OK);
	CHECK(chan_send(ca, STR("hello"), NO_FD));
	UNTIL(heard.n == 1);
	CHECK(heard.n == 1);
	(void)close(door);
	CHECK(bind_path_dial(path, &ours) != OK);
	(void)unlink(path);
	world_down();
}

/* A raw end of a channel, to say what none of ours would. */
static int open_raw_chan(struct chan **ret_chan)
{
	int fa = NO_FD, fb = NO_FD;

	memset(&heard, 0, sizeof heard);
	CHECK(chan_pair(world.a, &fa, &fb) == OK);
	CHECK(chan_adopt(world.a, fa, &chan_noted, NULL, ret_chan) == OK);
	return fb;
}

static ssize_t send_fds(int to, const void *bytes, size_t len, const int *fds, size_t n)
{
	struct iovec iov = {(void *)(uintptr_t)bytes, len};
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(16 * sizeof(int))];
	} room = {0};
	struct msghdr m = {.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = room.bytes,
		.msg_controllen = CMSG_SPACE(n * sizeof(int))};
	struct cmsghdr *c = CMSG_FIRSTHDR(&m);

	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(n * sizeof(int));
	memcpy(CMSG_DATA(c), fds, n * sizeof(int));
	return sendmsg(to, &m, 0);
}

static int n_open_fds(void)
{
	int n = 0;

	for (int fd = 0; fd < 1024; fd++)
		n += fcntl(fd, F_GETFD) >= 0;
	return n;
}

static void a_message_with_two_fds_loses_the_channel_and_leaks_none(void)
{
	struct chan *c;
	int raw, n_before, fds[16];

	for (size_t n = 2; n <= 16; n += 7) { /* 16: more than there is room for */
		world_up();
		raw = open_raw_chan(&c);
		for (size_t i = 0; i < n; i++)
			fds[i] = raw;
		n_before = n_open_fds();
		CHECK(send_fds(raw, "bad", 3, fds, n) == 3);
		UNTIL(heard.is_lost);
		CHECK(heard.is_lost && heard.n == 0);
		CHECK(n_open_fds() == n_before - 1); /* the channel's own is closed, too */
		(void)close(raw);
		world_down();
	}
}

static void a_message_too_long_loses_the_channel(void)
{
	static char big[CHAN_MAX + 1];
	struct chan *c;
	int raw;

	world_up();
	raw = open_raw_chan(&c);
	CHECK(write(raw, big, CHAN_MAX) == CHAN_MAX);
	UNTIL(heard.n == 1);
	CHECK(heard.n == 1 && !heard.is_lost);
	CHECK(write(raw, big, CHAN_MAX + 1) == CHAN_MAX + 1);
	UNTIL(heard.is_lost);
	CHECK(heard.is_lost && heard.n == 1);
	(void)close(raw);
	world_down();
}

static int error_at_loss;

static void on_lost_look(struct stream *s, enum err why, void *arg)
{
	socklen_t len = sizeof error_at_loss;

	CHECK(getsockopt(stream_fd(s), SOL_SOCKET, SO_ERROR, &error_at_loss, &len) == 0);
	on_lost(s, why, arg);
}

/* A RESET could overtake the last words in the network. */
static void a_close_with_unread_bytes_is_no_reset(void)
{
	static const struct stream_ops look = {
		.opened = on_opened, .bytes = on_bytes, .lost = on_lost_look};
	struct local at = {ROW_LISTEN, v4_loopback(), NO_FD},
		     from = {ROW_DIAL, v4_loopback(), NO_FD};
	struct addr_ok to;

	world_up();
	reset_end(&dialler);
	reset_end(&taker);
	CHECK(stream_listen(world.b, &at, &end_ops, &taker, &listener) == OK);
	to = to_addr(stream_peer(listener)->local);
	CHECK(stream_dial(world.a, &from, &to, &look, &dialler, &dialler.s) == OK);
	UNTIL(dialler.is_opened && taker.s);
	taker.eats = 0;
	stream_send(dialler.s, STR("never read"));
	UNTIL(taker.n_calls > 0);
	stream_close(taker.s);
	UNTIL(dialler.is_lost);
	CHECK(dialler.lost == ERR_CLOSED && error_at_loss == 0);
	world_down();
}

/* Else a peer's next message waits 40 ms for the kernel's acknowledgement (RFC 896, RFC 1122 4.2.3.2). */
static void what_was_read_is_acknowledged_at_once(void)
{
	int n_unacknowledged = -1;

	world_up();
	connect_ends();
	for (size_t i = 0; i < 20; i++) { /* the kernel takes it for a dialogue now */
		stream_send(dialler.s, STR("?"));
		UNTIL(taker.n_in == i + 1);
		stream_send(taker.s, STR("!"));
		UNTIL(dialler.n_in == i + 1);
	}
	stream_send(dialler.s, STR("?"));
	UNTIL(taker.n_in == 21);
	CHECK(ioctl(stream_fd(dialler.s), SIOCOUTQ, &n_unacknowledged) == 0);
	CHECK(taker.n_in == 21 && n_unacknowledged == 0);
	world_down();
}

static struct {
	int n_torn, n_whole;
} torn;

static void on_torn(struct stream *s, bool is_torn, void *arg)
{
	(void)arg;
	torn.n_torn += is_torn;
	torn.n_whole += !is_torn;
	CHECK(stream_is_torn(s) == is_torn);
}

static const struct stream_ops torn_ops = {
	.bytes = on_bytes, .drained = on_drained, .lost = on_lost, .torn = on_torn};

/* A message larger than the kernel takes: its half is seen, and its end. */
static void a_half_written_message_is_told(void)
{
	static char message[511 * 1024];
	struct peer peer;
	int fd = NO_FD, kept, room = 64 * 1024;

	world_up();
	memset(&torn, 0, sizeof torn);
	reset_end(&dialler);
	reset_end(&taker);
	CHECK(stream_pair(world.a, &torn_ops, &dialler, &dialler.s, &fd) == OK);
	CHECK(stream_adopt(world.b, fd, NULL, &end_ops, &taker, &taker.s) == OK);
	CHECK(setsockopt(stream_fd(dialler.s), SOL_SOCKET, SO_SNDBUF, &room, sizeof room) == 0);
	stream_pause(taker.s, true);
	stream_send(dialler.s, (struct str){message, sizeof message});
	TURNS(3);
	CHECK(torn.n_torn == 1 && torn.n_whole == 0 && stream_is_torn(dialler.s));
	peer = *stream_peer(dialler.s);
	kept = world_dup(stream_fd(dialler.s)); /* what the keeper would have, marked as torn */
	CHECK(kept >= 0 && peer.row == PLAN_NONE);
	(void)close(kept);
	stream_pause(taker.s, false);
	UNTIL(taker.n_in == sizeof message && dialler.n_drained);
	CHECK(torn.n_torn == 1 && torn.n_whole == 1 && !stream_is_torn(dialler.s));
	stream_send(dialler.s, STR("small"));
	UNTIL(taker.n_in == sizeof message + 5);
	CHECK(torn.n_torn == 1);
	world_down();
}

static struct addr_ok flood_to;
static size_t n_flooded;

static void on_flood(struct dgram *d, const struct packet *p, size_t n, void *arg)
{
	(void)p;
	(void)arg;
	for (size_t i = 0; i < n * 50; i++, n_flooded++)
		dgram_send(d, &flood_to, STR("flood"));
}

/* Each handler's output leaves before the queue is full: no datagram is dropped here. */
static void much_output_leaves_between_handlers(void)
{
	struct local at = {ROW_UDP, v4_loopback(), NO_FD};
	struct dgram *flooders[4], *sender, *sink;

	world_up();
	memset(&got, 0, sizeof got);
	n_flooded = 0;
	sink = open_dgram(world.b, v4_loopback());
	sender = open_dgram(world.b, v4_loopback());
	CHECK(sink && sender);
	flood_to = to_addr(dgram_addr(sink));
	for (int i = 0; i < 4; i++) {
		struct addr_ok to;

		CHECK(dgram_open(world.a, &at, on_flood, NULL, &flooders[i]) == OK);
		to = to_addr(dgram_addr(flooders[i]));
		for (int k = 0; k < 64; k++)
			dgram_send(sender, &to, STR("go"));
	}
	CHECK(io_run_once(world.b, 1) == OK);
	for (int i = 0; i < 50 && n_flooded < 4 * 64 * 50; i++)
		CHECK(io_run_once(world.a, 1) == OK);
	CHECK(n_flooded == 4 * 64 * 50);
	CHECK(io_counters(world.a)->n_dgram_full == 0);
	world_down();
}

/* The kernel's own count of what did not fit the socket's buffer. */
static void what_the_kernel_could_not_keep_is_counted(void)
{
	struct dgram *x, *y;
	struct addr_ok to;
	static char big[1400];

	world_up();
	memset(&got, 0, sizeof got);
	x = open_dgram(world.a, v4_loopback());
	y = open_dgram(world.b, v4_loopback());
	CHECK(x && y);
	to = to_addr(dgram_addr(y));
	for (int i = 0; i < 2000; i++)
		dgram_send(x, &to, (struct str){big, sizeof big});
	CHECK(io_run_once(world.a, 1) == OK);
	UNTIL(got.n_batches > 3);
	for (int i = 0; i < 100; i++)
		CHECK(io_run_once(world.b, 1) == OK);
	dgram_send(x, &to, STR("one more, which brings the count"));
	TURNS(5);
	CHECK(got.n < 2000 && got.n + dgram_n_dropped(y) == 2001);
	world_down();
}

/* A listener without an fd to give rests and goes on later. */
static void a_process_without_fds_does_not_spin(void)
{
	struct local at = {ROW_LISTEN, v4_loopback(), NO_FD},
		     from = {ROW_DIAL, v4_loopback(), NO_FD};
	struct addr_ok to;
	static int hogs[2000];
	size_t n = 0;

	world_up();
	reset_end(&dialler);
	reset_end(&taker);
	CHECK(stream_listen(world.b, &at, &end_ops, &taker, &listener) == OK);
	to = to_addr(stream_peer(listener)->local);
	CHECK(stream_dial(world.a, &from, &to, &end_ops, &dialler, &dialler.s) == OK);
	{
		struct rlimit old, few;

		CHECK(getrlimit(RLIMIT_NOFILE, &old) == 0);
		few = (struct rlimit){200, old.rlim_max};
		CHECK(setrlimit(RLIMIT_NOFILE, &few) == 0);
		while (n < 2000 && (hogs[n] = dup(STDOUT_FILENO)) >= 0)
			n++;
		TURNS(20);
		(void)setrlimit(RLIMIT_NOFILE, &old);
		while (n)
			(void)close(hogs[--n]);
	}
	CHECK(!taker.s && io_counters(world.b)->n_accept_failed == 1);
	UNTIL(taker.s);
	CHECK(taker.s && dialler.is_opened);
	world_down();
}

/* A log line is written whole, or lost and counted, when stderr is full. */
static void a_full_stderr_does_not_block(void)
{
	LOG_EVENT(ev, "TST-001", LOG_ERROR, "a line");
	int fds[2], old = dup(STDERR_FILENO);
	char buf[4096];
	ssize_t n, total = 0;

	CHECK(pipe2(fds, O_CLOEXEC) == 0 && old >= 0);
	world_up();
	CHECK(dup2(fds[1], STDERR_FILENO) == STDERR_FILENO);
	for (int i = 0; i < 190; i++) {
		char filler[1500];

		memset(filler, 'x', sizeof filler);
		log_put(io_log(world.a), &ev, F_STR("a", ((struct str){filler, 128})),
			F_STR("b", ((struct str){filler, 128})),
			F_STR("c", ((struct str){filler, 128})));
	}
	for (int i = 0; i < 40; i++) { /* the rest of the pipe */
		(void)io_log(world.a)->sink(io_log(world.a)->arg, (struct str){buf, 2000});
	}
	CHECK(dup2(old, STDERR_FILENO) == STDERR_FILENO);
	CHECK(io_counters(world.a)->n_log_lost > 0);
	CHECK(fcntl(fds[0], F_SETFL, O_NONBLOCK) == 0);
	while ((n = read(fds[0], buf, sizeof buf)) > 0)
		total += n;
	CHECK(total > 30000 && total <= 65536);
	(void)close(fds[0]);
	(void)close(fds[1]);
	(void)close(old);
	world_down();
}

static void on_slow(void *arg)
{
	(void)arg;
	(void)usleep(30000);
}

static void a_slow_turn_is_counted(void)
{
	struct timer t;

	world_up();
	io_set_log_level(world.a, LOG_ERROR);
	timer_init(&t, on_slow, NULL);
	timer_start(world.a, &t, 0);
	world_turn();
	CHECK(io_counters(world.a)->n_slow_turns == 1);
	CHECK(io_counters(world.a)->n_turns == 1);
	world_down();
}

static void on_stop(void *arg)
{
	io_stop(arg);
}

static void the_loop_runs_until_it_is_stopped(void)
{
	struct timer t;
	uint64_t before;

	world_up();
	timer_init(&t, on_stop, world.a);
	before = io_now(world.a);
	timer_start(world.a, &t, 20);
	CHECK(io_run(world.a) == OK);
	CHECK(io_now(world.a) - before >= 20000000u);
	world_down();
}

/* Of every length, across the edges of the store; nothing comes twice. */
static void chance_does_not_repeat_itself(void)
{
	static uint64_t drawn[2000];
	static const uint8_t zero[40];

	world_up();
	for (size_t len = 1; len <= 40; len++) {
		uint8_t bytes[40] = {0};

		for (int tries = 0; tries < 100 && !bytes[len - 1]; tries++)
			io_random(world.a, bytes, len);
		CHECK(bytes[len - 1] != 0);
		CHECK(memcmp(bytes + len, zero, sizeof bytes - len) == 0);
	}
	for (int i = 0; i < 2000; i++) {
		io_random(world.a, &drawn[i], sizeof drawn[i]);
		for (int k = 0; k < i; k++)
			CHECK(drawn[k] != drawn[i]);
	}
	world_down();
}

static void a_walk_gives_each_port_once(void)
{
	for (uint32_t seed = 0; seed < 200; seed++) {
		static uint8_t seen[65536];
		struct ports range = {(uint16_t)(40000 + seed), (uint16_t)(40000 + seed * 3)};
		struct port_walk w = port_walk_of(range, seed * 2654435761u, seed * 40503u);
		uint16_t port;
		uint32_t n = 0;

		memset(seen, 0, sizeof seen);
		while (port_walk_next(&w, &port)) {
			CHECK(port >= range.low && port <= range.high && !seen[port]);
			seen[port] = 1;
			n++;
		}
		CHECK(n == seed * 2 + 1);
	}
}

static void an_empty_range_has_an_empty_walk(void)
{
	struct port_walk w = port_walk_of((struct ports){0, 0}, 1, 2);
	uint16_t port;

	CHECK(!port_walk_next(&w, &port));
	w = port_walk_of((struct ports){9, 8}, 1, 2);
	CHECK(!port_walk_next(&w, &port));
}

TEST_MAIN(IO_CASES, T(a_raw_fd_is_watched), T(an_adopted_socket_is_checked_against_its_row),
	T(signalling_takes_datagrams_of_any_length), T(a_local_path_is_listened_to),
	T(a_message_with_two_fds_loses_the_channel_and_leaks_none),
	T(a_message_too_long_loses_the_channel), T(a_close_with_unread_bytes_is_no_reset),
	T(what_was_read_is_acknowledged_at_once), T(a_half_written_message_is_told),
	T(much_output_leaves_between_handlers), T(what_the_kernel_could_not_keep_is_counted),
	T(a_process_without_fds_does_not_spin), T(a_full_stderr_does_not_block),
	T(a_slow_turn_is_counted), T(the_loop_runs_until_it_is_stopped),
	T(chance_does_not_repeat_itself), T(a_walk_gives_each_port_once),
	T(an_empty_range_has_an_empty_walk))
