/* test_rate.c - rates by source: how many at once, how many in time, who shares what. */
#include "base/rate.h"
#include "test.h"

#define MS 1000000ull

static const struct hash_key key = {3, 4};
static struct rate r;

static void begin(uint32_t n, uint32_t per_ms, uint32_t burst)
{
	rate_free(&r);
	CHECK(rate_init(&r, n, per_ms, burst, &key) == OK);
}

static int passes(const struct addr *a, int tries, uint64_t now)
{
	int n = 0;

	for (int i = 0; i < tries; i++)
		n += rate_pass(&r, a, now);
	return n;
}

static void a_burst_passes_and_then_the_rate(void)
{
	struct addr a = addr_v4(192, 0, 2, 1, 5000);

	begin(20, 1000, 40);
	CHECK(passes(&a, 100, 1000 * MS) == 40);
	CHECK(r.n_refused == 60);
	CHECK(passes(&a, 100, 1049 * MS) == 0);
	CHECK(passes(&a, 100, 1050 * MS) == 1);
	CHECK(passes(&a, 100, 2050 * MS) == 20);
	CHECK(passes(&a, 100, 60000 * MS) == 40);
}

static void a_source_is_a_host_or_a_network(void)
{
	struct addr a = addr_v4(192, 0, 2, 1, 1), b = addr_v4(192, 0, 2, 1, 2),
		    c = addr_v4(192, 0, 2, 2, 1), v6, near, far;

	begin(1, 1000, 1);
	CHECK(rate_pass(&r, &a, 0) && !rate_pass(&r, &b, 0) && rate_pass(&r, &c, 0));
	CHECK(addr_parse_host(STR("2001:db8:1:200::1"), &v6) == OK);
	CHECK(addr_parse_host(STR("2001:db8:1:2ff::9"), &near) == OK); /* the same /56 */
	CHECK(addr_parse_host(STR("2001:db8:1:300::1"), &far) == OK);
	CHECK(rate_pass(&r, &v6, 0) && !rate_pass(&r, &near, 0) && rate_pass(&r, &far, 0));
}

static void a_look_costs_nothing(void)
{
	struct addr a = addr_v4(192, 0, 2, 1, 1);

	begin(1, 1000, 1);
	for (int i = 0; i < 10; i++)
		CHECK(!rate_is_over(&r, &a, 0));
	CHECK(rate_pass(&r, &a, 0) && rate_is_over(&r, &a, 0));
}

static void no_rate_lets_all_pass(void)
{
	struct addr a = addr_v4(192, 0, 2, 1, 1);

	begin(0, 1000, 1);
	CHECK(passes(&a, 1000, 0) == 1000);
	rate_set(&r, 1, 1000, 1);
	CHECK(passes(&a, 1000, 0) == 1);
	rate_free(&r);
}

TEST_MAIN(T(a_burst_passes_and_then_the_rate), T(a_source_is_a_host_or_a_network),
	T(a_look_costs_nothing), T(no_rate_lets_all_pass))
