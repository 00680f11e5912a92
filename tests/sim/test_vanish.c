/* test_vanish.c - phones that are switched off in a call: no BYE ever comes, and the call ends all the
 * same, in bounded time, whatever happens to the processes meanwhile. */
#include "sip/plane.h"
#include "test.h"
#include "world.h"

#define HOURS_10   36000000u
#define REFRESH_MS 900000u /* half of sip.session_refresh */
#define ANSWER_MS  34000u  /* and the time in which an answer must come */

static size_t calls_of_nodes(void)
{
	return call_count(world.control.sig.core) + call_count(world.edge.sig.core);
}

static void call_up(uint64_t seed, size_t path)
{
	struct phone_call *c;

	CHECK(world_up(seed, NULL));
	c = world_dial(path, HOURS_10, false);
	for (int i = 0; i < 20 && !(c && c->is_established); i++)
		sim_run(world.sim, 100);
	CHECK(c && c->is_established);
}

static void is_over_in_time(void)
{
	CHECK(calls_of_nodes() > 0);
	sim_run(world.sim, REFRESH_MS / 2 + ANSWER_MS);
	CHECK(calls_of_nodes() == 0);
	sim_run(world.sim, 80000);
	CHECK(call_ports_taken(world.control.sig.core) == 0);
	CHECK(call_ports_taken(world.edge.sig.core) == 0);
	CHECK(world.control.sig.sip->dialogs.n_taken == 0);
	CHECK(world.edge.sig.sip->dialogs.n_taken == 0);
	world_down();
}

static void a_call_of_two_phones_that_vanish_ends(void)
{
	call_up(11, 0);
	sim_host_off(world.phones[IN1].host);
	sim_host_off(world.phones[IN2].host);
	sim_run(world.sim, REFRESH_MS / 2);
	is_over_in_time();
}

/* The time that has passed is a part of the dialog's record. */
static void it_ends_in_time_though_processes_die(void)
{
	call_up(12, 0);
	sim_host_off(world.phones[IN1].host);
	sim_host_off(world.phones[IN2].host);
	sim_run(world.sim, REFRESH_MS / 4);
	node_kill(&world.control.sig);
	sim_run(world.sim, REFRESH_MS / 4);
	node_kill(&world.control.sig);
	sim_run(world.sim, 1000);
	is_over_in_time();
}

/* in2 to out1: each node asks its own outer side; the link's audit finds the call in order. */
static void a_call_through_both_nodes_ends_on_both(void)
{
	call_up(13, 1);
	sim_host_off(world.phones[IN2].host);
	sim_host_off(world.phones[OUT1].host);
	sim_run(world.sim, REFRESH_MS / 2);
	is_over_in_time();
}

/* out1 to in1, and in1 vanishes: out1 hears BYE. A call whose phones answer goes on. */
static void who_stays_is_told(void)
{
	struct phone_call *left, *good;

	call_up(14, 2);
	left = &world.phones[OUT1].calls[0];
	good = world_dial(4, HOURS_10, false); /* home1 to in2 */
	sim_run(world.sim, 2000);
	CHECK(good && good->is_established && left->state == PH_UP);
	sim_host_off(world.phones[IN1].host);
	sim_run(world.sim, REFRESH_MS + ANSWER_MS);
	CHECK(left->state == PH_OVER && left->is_remote_bye);
	CHECK(good->state == PH_UP && calls_of_nodes() == 2);
	world_down();
}

static void with_idle_media(struct node *n)
{
	n->conf->calls.idle_media_ms = 60000;
}

/* Where the operator wants it, media alone say so, and sooner. */
static void a_call_without_media_ends_where_that_is_asked_for(void)
{
	struct phone_call *c;

	CHECK(world_up(15, with_idle_media));
	c = world_dial(0, HOURS_10, false);
	sim_run(world.sim, 120000);
	CHECK(c && c->state == PH_UP && call_count(world.control.sig.core) == 1);
	sim_host_off(world.phones[IN1].host);
	sim_run(world.sim, 120000);
	CHECK(call_count(world.control.sig.core) == 1); /* in2 still speaks */
	sim_host_off(world.phones[IN2].host);
	sim_run(world.sim, 58000);
	CHECK(call_count(world.control.sig.core) == 1);
	sim_run(world.sim, 4000);
	CHECK(call_count(world.control.sig.core) == 0);
	world_down();
}

TEST_MAIN(T(a_call_without_media_ends_where_that_is_asked_for),
	T(a_call_of_two_phones_that_vanish_ends), T(it_ends_in_time_though_processes_die),
	T(a_call_through_both_nodes_ends_on_both), T(who_stays_is_told))
