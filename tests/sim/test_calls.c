/* test_calls.c - calls through whole nodes: each path, what once went wrong, and many seeds.
 *
 * FOSSE_SEED=n runs one seed again, FOSSE_SEEDS=n so many, FOSSE_LOG=1 prints the nodes' logs. Seeds
 * that found a fault of the product stand in the file "seeds" and run always. All are for an optimised
 * build; one with sanitizers runs a share, for what only a sanitizer sees. */
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "test.h"
#include "world.h"

#ifdef NDEBUG
#error "the asserts are a part of what the seeds check"
#endif

#ifdef __SANITIZE_ADDRESS__
#define SEEDS 40
#else
#define SEEDS 200
#endif
#define WORKERS 2

static const uint64_t found[] = {
#include "sim/seeds"
};
#define N_FOUND (sizeof found / sizeof found[0])

static void settle(void)
{
	world_run_to_quiet();
	world_check_quiet();
	if (world.broken)
		printf("# %s\n", world.broken);
	CHECK(!world.broken);
	world_down();
}

static void all_paths(uint64_t seed)
{
	CHECK(world_up(seed, NULL));
	for (size_t i = 0; i < N_PATHS; i++) {
		struct phone_call *c = world_dial(i, 3000, false);

		sim_run(world.sim, 2000);
		if (!c || !c->is_established || c->n_heard < 10)
			printf("# path %zu: code %u, state %d, heard %u\n", i, c ? c->code : 0,
				c ? (int)c->state : -1, c ? c->n_heard : 0);
		CHECK(c && c->is_established && c->n_heard >= 10);
		world_check_mirrors();
		sim_run(world.sim, 4000);
		CHECK(c->state == PH_OVER && !c->was_refused);
	}
	settle();
}

static void calls_go_through_in_every_direction(void)
{
	all_paths(2);
}

static void calls_go_through_by_tcp_in_every_direction(void)
{
	all_paths(5);
	CHECK(world.phones[IN2].n_connections == 1 && world.phones[HOME1].n_connections == 1);
}

static void is_up_soon(struct phone_call *c)
{
	for (int i = 0; i < 20 && !(c && c->is_established); i++)
		sim_run(world.sim, 100);
	CHECK(c && c->is_established);
}

static void registrations_outlive_their_process_whatever_the_clock_says(void)
{
	CHECK(world_up(2, NULL));
	sim_wall_step(world.control.host, 3600000000000ll);
	node_kill(&world.control.sig);
	node_kill(&world.edge.sig);
	sim_run(world.sim, 1000);
	is_up_soon(world_dial(0, 1000, false)); /* in1 to in2 */
	is_up_soon(world_dial(1, 1000, false)); /* in2, whom Edge lets out only when it is known */
	is_up_soon(world_dial(3, 1000, false)); /* in1 to home1 */
	settle();
}

/* in1 has hung up; whatever the process does next, it is the last that it does: in2 hears of it. */
static void a_hang_up_outlives_its_process(void)
{
	for (uint64_t n = 1; n < 24; n += 2) {
		struct phone_call *c;

		CHECK(world_up(3, NULL));
		c = world_dial(0, 1000, false);
		is_up_soon(c);
		while (c->state == PH_UP)
			sim_run(world.sim, 1);
		sim_kill_at_call(world.control.sig.io, n);
		settle();
	}
}

/* The new keeper is told all that the old one knew: signalling's successor has the call. */
static void a_call_outlives_keeper_and_process(void)
{
	struct phone_call *c;

	CHECK(world_up(2, NULL));
	c = world_dial(1, 8000, false);
	is_up_soon(c);
	node_kill_keeper(&world.control, 0);
	node_kill_keeper(&world.edge, 0);
	sim_run(world.sim, 100);
	CHECK(!world.control.keeper && !world.edge.keeper && c->state == PH_UP);
	sim_run(world.sim, 1000);
	node_kill(&world.control.sig);
	node_kill(&world.edge.media);
	world.has_forgotten = true;
	sim_run(world.sim, 1000);
	CHECK(call_count(world.control.sig.core) == 1 && flows_count(world.edge.media.flows) == 1);
	sim_run(world.sim, 8000);
	CHECK(c->state == PH_OVER && c->code == 0);
	CHECK(!world.control.has_lost && !world.edge.has_lost);
	settle();
}

/* The link is down for longer than a BYE waits for it: the other node's call ends by the audit. */
static void a_call_that_one_node_alone_knows_ends(void)
{
	static const struct sim_quality cut = {.is_cut = true}, whole = {0};
	struct phone_call *c;

	CHECK(world_up(4, NULL));
	c = world_dial(1, 6000, false);
	is_up_soon(c);
	world.has_forgotten = true;
	sim_border_quality(world.inner, &cut);
	sim_run(world.sim, 60000);
	CHECK(c->state == PH_OVER && call_count(world.control.sig.core) == 0);
	CHECK(call_count(world.edge.sig.core) == 1);
	sim_border_quality(world.inner, &whole);
	sim_run(world.sim, 33000); /* until the next dial, and a second */
	CHECK(call_count(world.edge.sig.core) == 0);
	settle();
}

/* in2's lines are all taken: the search goes on to the link, whose media need another kind of port. */
static void a_busy_callee_gives_way_to_the_next_target(void)
{
	struct phone_call *c;

	CHECK(world_up(5, NULL));
	for (int i = 0; i < PHONE_CALLS; i++)
		is_up_soon(world_dial(1, 4000, false));
	c = world_dial(0, 1000, false);
	sim_run(world.sim, 2000);
	CHECK(c && c->was_refused);
	CHECK(c->code == 486);
	settle();
}

/* ---- seeds ---- */

struct tally {
	unsigned n_seeds, n_calls, n_faults, n_pauses, n_bad, n_broken;
};

static void run_one(uint64_t seed, struct tally *t)
{
	if (!world_up(seed, NULL)) {
		printf("# seed %llu: the world did not come up\n", (unsigned long long)seed);
		t->n_broken++;
		world_down();
		return;
	}
	world_run_seed();
	t->n_seeds++;
	t->n_calls += world.n_dialled;
	t->n_faults += world.n_faults;
	t->n_pauses += world.n_pauses;
	for (int i = 0; i < N_PHONES; i++)
		t->n_bad += world.phones[i].n_bad;
	if (world.n_dialled < 20 || world.n_faults < 3)
		world_broken("too few calls or faults");
	if (world.broken) {
		t->n_broken++;
		printf("# seed %llu: %s (FOSSE_SEED=%llu runs it again)\n",
			(unsigned long long)seed, world.broken, (unsigned long long)seed);
	}
	world_down();
}

static uint64_t seed_at(uint64_t i, uint64_t first)
{
	return i < N_FOUND ? found[i] : first + i - N_FOUND;
}

/* Every WORKERS-th of n seeds, in a process of its own; its tally comes by a pipe. */
static int start_worker(unsigned k, uint64_t first, uint64_t n)
{
	struct tally t = {0};
	int fds[2];

	if (pipe(fds) != 0)
		return -1;
	fflush(stdout);
	if (fork() == 0) {
		for (uint64_t i = k; i < n; i += WORKERS)
			run_one(seed_at(i, first), &t);
		fflush(stdout);
		_exit(write(fds[1], &t, sizeof t) != (ssize_t)sizeof t);
	}
	close(fds[1]);
	return fds[0];
}

static void collect(int fd, struct tally *sum)
{
	struct tally t;

	CHECK(read(fd, &t, sizeof t) == (ssize_t)sizeof t); /* else it died in a seed */
	close(fd);
	sum->n_seeds += t.n_seeds;
	sum->n_calls += t.n_calls;
	sum->n_faults += t.n_faults;
	sum->n_pauses += t.n_pauses;
	sum->n_bad += t.n_bad;
	sum->n_broken += t.n_broken;
}

static double seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void seeds_hold(void)
{
	const char *one = getenv("FOSSE_SEED"), *count = getenv("FOSSE_SEEDS");
	uint64_t n = count ? strtoull(count, NULL, 0) : SEEDS;
	struct tally sum = {0};
	double begun = seconds();
	int fds[WORKERS];

	if (one) {
		run_one(strtoull(one, NULL, 0), &sum);
	} else {
		for (unsigned k = 0; k < WORKERS; k++)
			fds[k] = start_worker(k, 1, n + N_FOUND);
		for (unsigned k = 0; k < WORKERS; k++)
			collect(fds[k], &sum);
		while (wait(NULL) > 0)
			;
	}
	printf("# %u seeds, %u calls, %u faults, %u pauses, %u calls not ended as asked, %.1f s\n",
		sum.n_seeds, sum.n_calls, sum.n_faults, sum.n_pauses, sum.n_bad, seconds() - begun);
	CHECK(!sum.n_broken);
	CHECK(one || sum.n_seeds == n + N_FOUND);
}

TEST_MAIN(T(calls_go_through_in_every_direction), T(calls_go_through_by_tcp_in_every_direction),
	T(registrations_outlive_their_process_whatever_the_clock_says),
	T(a_hang_up_outlives_its_process), T(a_call_outlives_keeper_and_process),
	T(a_call_that_one_node_alone_knows_ends), T(a_busy_callee_gives_way_to_the_next_target),
	T(seeds_hold))
