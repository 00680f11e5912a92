/* test_ports.c - the pool of media port pairs: chance, rest, and what happens when all rest. */
#include "call/ports.h"
#include "test.h"
#include "world.h"

static struct world w;
static struct port_pool *p;

static void start(struct ports range)
{
	CHECK(world_init(&w, edge_text));
	CHECK(port_pool_new(w.io, range, &p) == OK);
}

static void stop(void)
{
	port_pool_free(p);
	world_free(&w);
}

static void pause_for(uint32_t ms)
{
	uint64_t end = io_now(w.io) + ms * UINT64_C(1000000);

	while (io_now(w.io) < end)
		world_turn(&w);
}

static void each_pair_once(void)
{
	uint16_t ports[4];

	start((struct ports){40000, 40007});
	for (int i = 0; i < 4; i++) {
		ports[i] = port_pool_take(p);
		CHECK(ports[i] >= 40000 && ports[i] <= 40006 && ports[i] % 2 == 0);
		for (int j = 0; j < i; j++)
			CHECK(ports[j] != ports[i]);
	}
	CHECK(port_pool_take(p) == 0 && port_pool_n_refused(p) == 1);
	CHECK(port_pool_n_taken(p) == 4 && port_pool_n_free(p) == 0);
	stop();
}

static void used_ones_rest(void)
{
	uint16_t first, other;

	start((struct ports){40000, 40003});
	first = port_pool_take(p);
	port_pool_give(p, first);
	port_pool_give(p, first); /* twice: nothing */
	CHECK(port_pool_n_free(p) == 2);
	other = port_pool_take(p);
	CHECK(other && other != first);
	CHECK(port_pool_take(p) == 0); /* media may not have closed it yet */
	pause_for(260);
	CHECK(port_pool_take(p) == first); /* better than no call */
	stop();
}

static void the_one_that_rests_longest_goes_first(void)
{
	uint16_t ports[3];

	start((struct ports){40000, 40005});
	for (int i = 0; i < 3; i++)
		ports[i] = port_pool_take(p);
	for (int i = 2; i >= 0; i--)
		port_pool_give(p, ports[i]);
	pause_for(260);
	for (int i = 2; i >= 0; i--)
		CHECK(port_pool_take(p) == ports[i]);
	stop();
}

static void records_take_theirs(void)
{
	uint16_t ports[4];

	start((struct ports){40000, 40007});
	CHECK(port_pool_take_at(p, 40002) && !port_pool_take_at(p, 40002));
	CHECK(!port_pool_take_at(p, 40001) && !port_pool_take_at(p, 39998) &&
		!port_pool_take_at(p, 40008));
	for (int i = 0; i < 3; i++) {
		ports[i] = port_pool_take(p);
		CHECK(ports[i] != 40002);
	}
	for (int i = 0; i < 3; i++)
		port_pool_give(p, ports[i]);
	CHECK(port_pool_take_at(p, ports[1])); /* a record knows better than rest */
	pause_for(260);
	CHECK(port_pool_take(p) == ports[0] && port_pool_take(p) == ports[2]);
	CHECK(port_pool_take(p) == 0);
	stop();
}

static void an_empty_range_has_none(void)
{
	start((struct ports){0});
	CHECK(port_pool_take(p) == 0 && !port_pool_take_at(p, 40000));
	port_pool_give(p, 0);
	stop();
}

TEST_MAIN(T(each_pair_once), T(used_ones_rest), T(the_one_that_rests_longest_goes_first),
	T(records_take_theirs), T(an_empty_range_has_none))
