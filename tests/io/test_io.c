/* test_io.c - the contract of io/io.h on the kernel: two loops in one program, over loopback. */
#include <fcntl.h>
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
	T(a_local_path_is_listened_to), T(a_slow_turn_is_counted),
	T(the_loop_runs_until_it_is_stopped), T(a_walk_gives_each_port_once),
	T(an_empty_range_has_an_empty_walk))
