/* test_histories.c - all short histories of whole nodes: a call that is set up, cancelled or ended while
 * datagrams are lost, swapped and workers die, and the link from its first word on.
 *
 * FOSSE_DEPTH=n goes deeper than the check does. */
#include <stdlib.h>

#include "sim/explore.h"
#include "test.h"
#include "world.h"

#ifdef __SANITIZE_ADDRESS__
#define LESS 2 /* forks of a process with a shadow are slow */
#else
#define LESS 0
#endif

static int depth_of(int usual)
{
	const char *given = getenv("FOSSE_DEPTH");

	return given ? atoi(given) : usual - LESS;
}

static void kill_worker(int worker)
{
	node_kill(worker == 0 ? &world.control.sig : &world.edge.sig);
}

static uint64_t mix(uint64_t h, uint64_t v)
{
	return (h ^ v) * 0x9e3779b97f4a7c15u;
}

/* What both nodes and all phones hold, and when, as exactly as timers matter. */
static uint64_t state(void)
{
	struct sim_held held = sim_held(world.sim);
	uint64_t h = mix(held.n_packets, sim_now(world.sim) / 20000000);

	h = mix(mix(h, held.n_chunks), held.n_files);
	h = mix(mix(h, node_digest(&world.control)), node_digest(&world.edge));
	h = mix(mix(h, node_records(&world.control.sig)), node_records(&world.edge.sig));
	h = mix(h, node_has_link(&world.control, "to-edge"));
	h = mix(h, node_has_link(&world.edge, "from-control"));
	for (int i = 0; i < N_PHONES; i++) {
		for (int k = 0; k < PHONE_CALLS; k++) {
			const struct phone_call *c = &world.phones[i].calls[k];

			h = mix(h, (uint64_t)c->state << 8 | c->code << 16 |
					   (uint64_t)c->is_cancelled << 1 | c->is_acked);
			h = mix(h, c->n_repeats);
		}
	}
	return h;
}

static bool is_sound(void)
{
	if (world.broken)
		printf("# %s\n", world.broken);
	return !world.broken;
}

static bool is_good(void)
{
	if (!world_is_idle()) {
		world_print_calls();
		world_broken("a phone's call never ended");
	}
	world_check_quiet();
	return is_sound();
}

static uint64_t explore(struct explore *x)
{
	uint64_t n_bad;

	x->sim = world.sim;
	x->kill = kill_worker;
	x->state = state;
	x->is_sound = is_sound;
	x->is_good = is_good;
	world.has_forgotten = true; /* a lost token is a pinhole that is not kept open */
	n_bad = explore_all(x);
	world_down();
	return n_bad;
}

static void prepare_call(size_t path, uint32_t hold_ms, bool does_cancel, bool does_answer)
{
	CHECK(world_up(6, NULL));
	world_quality(false); /* delays, so that two may be under way */
	for (int i = 0; i < N_PHONES; i++) {
		world.phones[i].is_silent = true; /* media are no choices */
		world.phones[i].does_not_answer = !does_answer;
	}
	(void)world_dial(path, hold_ms, does_cancel);
}

static void a_call_across_the_link_is_answered_and_ended(void)
{
	struct explore x = {.depth = depth_of(8), .pause_ms = 1000, .end_ms = 150000};

	prepare_call(1, 300, false, true);
	CHECK(explore(&x) == 0);
}

static void a_call_across_the_link_is_cancelled(void)
{
	struct explore x = {.depth = depth_of(8), .pause_ms = 1000, .end_ms = 150000};

	prepare_call(1, 300, true, false);
	CHECK(explore(&x) == 0);
}

static void a_cancel_and_a_200_meet(void)
{
	struct explore x = {.depth = depth_of(8), .pause_ms = 1000, .end_ms = 150000};

	prepare_call(0, 300, true, true);
	CHECK(explore(&x) == 0);
}

static void workers_die_while_a_call_is_set_up(void)
{
	struct explore x = {
		.depth = depth_of(5), .pause_ms = 1000, .end_ms = 250000, .n_workers = 2};

	prepare_call(1, 300, false, true);
	CHECK(explore(&x) == 0);
}

/* ---- the link ---- */

static void forget(char choice)
{
	(void)choice;
	sim_border_forget(world.inner);
}

static void the_link_comes_up_whatever_is_lost(void)
{
	struct explore x = {.depth = depth_of(7),
		.pause_ms = 3000,
		.end_ms = 60000,
		.next = sim_run_to_segment,
		.choices = "df",
		.act = forget,
		.n_workers = 2};

	CHECK(world_up(7, NULL)); /* what is held when all is well */
	world_down();
	{
		struct sim_held held = world.held;

		world_new(7, NULL);
		world.held = held;
	}
	CHECK(explore(&x) == 0);
}

TEST_MAIN(T(a_call_across_the_link_is_answered_and_ended), T(a_call_across_the_link_is_cancelled),
	T(a_cancel_and_a_200_meet), T(workers_die_while_a_call_is_set_up),
	T(the_link_comes_up_whatever_is_lost))
