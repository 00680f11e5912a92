/* Tokens that were accepted: once, within their time, and never forgotten early. */
#include "h323/replay.h"
#include "test.h"

static struct replay r;

static void begin(void)
{
	static const struct hash_key key = {1, 2};

	replay_free(&r);
	CHECK(replay_init(&r, &key) == OK);
}

static void a_token_is_new_once(void)
{
	begin();
	CHECK(replay_note(&r, 1000, STR("anna"), 1000, STR("x")) == OK);
	CHECK(replay_note(&r, 1000, STR("anna"), 1000, STR("x")) == ERR_EXISTS);
	CHECK(replay_note(&r, 1000, STR("anna"), 1000, STR("y")) == OK);
	CHECK(replay_note(&r, 1000, STR("anna"), 1001, STR("x")) == OK);
	CHECK(replay_note(&r, 1000, STR("bob"), 1000, STR("x")) == OK);
	CHECK(replay_knows(&r, STR("bob"), 1000, STR("x")));
	CHECK(!replay_knows(&r, STR("bob"), 1000, STR("y")));
}

static void its_time_may_be_a_minute_off(void)
{
	begin();
	CHECK(replay_note(&r, 1000, STR("a"), 940, STR("x")) == OK);
	CHECK(replay_note(&r, 1000, STR("a"), 939, STR("x")) == ERR_RANGE);
	CHECK(replay_note(&r, 1000, STR("a"), 1060, STR("x")) == OK);
	CHECK(replay_note(&r, 1000, STR("a"), 1061, STR("x")) == ERR_RANGE);
}

/* From the first moment that it is good to the last, whenever the sets change. */
static void it_is_remembered_as_long_as_it_is_good(void)
{
	for (uint64_t start = 1000; start < 1240; start += 7) {
		begin();
		CHECK(replay_note(&r, 1000, STR("z"), 1000, STR("first")) == OK);
		CHECK(replay_note(&r, start, STR("a"), start + 60, STR("x")) == OK);
		for (uint64_t t = start; t <= start + 120; t++) {
			(void)!replay_note(&r, t, STR("b"), t, STR("other"));
			CHECK(replay_note(&r, t, STR("a"), start + 60, STR("x")) == ERR_EXISTS);
		}
	}
}

static void what_does_not_fit_is_refused_for_a_while(void)
{
	uint32_t n = 0;
	enum err err;

	begin();
	do
		err = replay_note(
			&r, 1000, STR("a"), 1000, (struct str){(const char *)&n, sizeof n});
	while (err == OK && ++n < REPLAY_SLOTS);
	CHECK(err == ERR_FULL && n == REPLAY_SLOTS / 4 * 3);
	n = 5;
	CHECK(replay_note(&r, 1000, STR("a"), 1000, (struct str){(const char *)&n, sizeof n}) ==
		ERR_EXISTS);
	CHECK(replay_note(&r, 1130, STR("a"), 1130, STR("x")) == OK);
	replay_free(&r);
}

TEST_MAIN(T(a_token_is_new_once), T(its_time_may_be_a_minute_off),
	T(it_is_remembered_as_long_as_it_is_good), T(what_does_not_fit_is_refused_for_a_while))
