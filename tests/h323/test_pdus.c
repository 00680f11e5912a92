/* Queues of PDUs: order, copies, limits, and that every block comes back. */
#include <string.h>

#include "h323/pdus.h"
#include "test.h"

static struct pdus *p;
static struct scratch scratch;

static void begin(uint32_t n_blocks)
{
	pdus_free(p);
	scratch_free(&scratch);
	CHECK(pdus_new(n_blocks, &p) == OK && scratch_init(&scratch, 128u * 1024) == OK);
}

static void end(void)
{
	pdus_free(p);
	scratch_free(&scratch);
	p = NULL;
}

static void gives_back_what_was_put_in_order(void)
{
	static char long_one[1700];
	struct pdu_queue q = {0};
	struct str got;

	begin(16);
	memset(long_one, 'x', sizeof long_one);
	long_one[1699] = 'y';
	CHECK(pdus_put(p, &q, STR("one")) == OK);
	CHECK(pdus_put(p, &q, (struct str){long_one, sizeof long_one}) == OK);
	CHECK(q.n == 2 && q.n_bytes == 1703 && pdus_used(p) == 5);
	CHECK_STR(pdus_first(p, &q, &scratch), "one");
	pdus_drop(p, &q);
	got = pdus_first(p, &q, &scratch);
	CHECK(str_eq(got, (struct str){long_one, sizeof long_one}));
	pdus_drop(p, &q);
	CHECK(!q.n && !q.n_bytes && !pdus_used(p) && !pdus_first(p, &q, &scratch).len);
	pdus_drop(p, &q);
	end();
}

static void a_queue_has_its_limits(void)
{
	static char large[33 * 1024];
	struct pdu_queue q = {0}, r = {0};

	begin(400);
	for (unsigned i = 0; i < PDUS_QUEUE_MAX; i++)
		CHECK(pdus_put(p, &q, STR("a")) == OK);
	CHECK(pdus_put(p, &q, STR("a")) == ERR_FULL && q.n == PDUS_QUEUE_MAX);
	CHECK(pdus_put(p, &r, STR_NONE) == ERR_FULL);
	CHECK(pdus_put(p, &r, (struct str){large, sizeof large}) == OK);
	CHECK(pdus_put(p, &r, (struct str){large, sizeof large}) == ERR_FULL && r.n == 1);
	pdus_clear(p, &q);
	pdus_clear(p, &r);
	CHECK(pdus_used(p) == 0);
	end();
}

static void blocks_are_shared_and_come_back(void)
{
	static char two[600];
	struct pdu_queue q = {0}, r = {0};

	begin(3);
	CHECK(pdus_put(p, &q, (struct str){two, sizeof two}) == OK);
	CHECK(pdus_put(p, &r, (struct str){two, sizeof two}) == ERR_FULL);
	CHECK(pdus_put(p, &r, STR("b")) == OK && pdus_used(p) == 3);
	pdus_clear(p, &q);
	for (int i = 0; i < 100; i++) {
		CHECK(pdus_put(p, &q, (struct str){two, sizeof two}) == OK);
		CHECK(pdus_put(p, &q, STR("c")) == ERR_FULL);
		pdus_drop(p, &q);
	}
	CHECK_STR(pdus_first(p, &r, &scratch), "b");
	end();
}

TEST_MAIN(T(gives_back_what_was_put_in_order), T(a_queue_has_its_limits),
	T(blocks_are_shared_and_come_back))
