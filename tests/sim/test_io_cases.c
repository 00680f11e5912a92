/* test_io_cases.c - the contract of io/io.h on the simulator: the cases that run on the kernel. */
#include "io/io_cases.h"
#include "sim/sim.h"

static struct sim *sim;
static struct sim_host *host;

static void on_start(struct io *io, void *arg)
{
	(void)arg;
	io_set_plan(io, &world.plan);
	sim_turn_us(io, 1001); /* one turn a millisecond: what world_turn() means */
}

static const struct sim_program program = {.name = "test", .start = on_start};

static struct io *new_process(void)
{
	struct io *io = NULL;

	CHECK(sim_start(host, &program, NULL, &io) == OK);
	return io;
}

static void world_down(void)
{
	sim_free(sim);
	sim = NULL;
	world.a = world.b = NULL;
}

static void world_up(void)
{
	struct addr v4 = v4_loopback(), v6 = v6_loopback();
	int zone;

	world_down();
	world.plan = test_plan();
	CHECK(sim_new(7, &sim) == OK);
	CHECK(sim_zone(sim, ZONE_DMZ, "dmz", &zone) == OK);
	CHECK(sim_host(sim, "edge", &host) == OK);
	CHECK(sim_address(host, zone, &v4) == OK && sim_address(host, zone, &v6) == OK);
	world.a = new_process();
	world.b = new_process();
}

static void world_turn(void)
{
	sim_run(sim, 1);
}

static void world_crash_b(void)
{
	sim_kill(world.b);
	world.b = new_process();
}

static int world_dup(int fd)
{
	return sim_dup(sim, fd, NULL);
}

static int world_hand_over(int fd)
{
	return sim_hand_over(sim, fd, world.b);
}

TEST_MAIN(IO_CASES)
