/* Loss and jitter: against plain counting over random losses, reorderings and duplicates, over wraps of
 * the sequence number, restarts of the sender, and too many sources. */
#include <string.h>

#include "rtp/rtp.h"
#include "test.h"

#define MS 1000000ull

static enum err take(
	struct rtp_stats *st, uint32_t ssrc, unsigned seq, uint32_t ts, uint64_t now_ns)
{
	const struct rtp_packet p = {.ssrc = ssrc, .seq = (uint16_t)seq, .timestamp = ts};

	return rtp_stats_take(st, &p, now_ns, 8000);
}

static void nothing_lost(void)
{
	struct rtp_stats st = {0};

	CHECK(rtp_stats_lost(&st) == 0 && rtp_stats_jitter_us(&st) == 0);
	for (unsigned i = 0; i < 200000; i++)
		CHECK(take(&st, 1, 65000 + i, i * 160, i * 20 * MS) == OK);
	CHECK(st.n_sources == 1 && st.sources[0].n_received == 200000);
	CHECK(rtp_source_expected(&st.sources[0]) == 200000);
	CHECK(rtp_stats_lost(&st) == 0 && rtp_stats_jitter_us(&st) == 0);
}

static void a_first_packet_of_any_number(void)
{
	static const unsigned first[] = {0, 1, 99, 100, 65435, 65436, 65535};

	for (size_t i = 0; i < sizeof first / sizeof first[0]; i++) {
		struct rtp_stats st = {0};

		CHECK(take(&st, 1, first[i], 0, 0) == OK);
		CHECK(rtp_source_expected(&st.sources[0]) == 1 && rtp_stats_lost(&st) == 0);
		CHECK(take(&st, 1, first[i] + 3, 0, 0) == OK);
		CHECK(rtp_source_expected(&st.sources[0]) == 4 && rtp_stats_lost(&st) == 2);
	}
}

/* A generator of its own: the same packets at each run. */
static unsigned chance(uint32_t *seed)
{
	*seed = *seed * 1664525 + 1013904223;
	return *seed >> 24;
}

static void random_loss_against_plain_counting(void)
{
	uint32_t seed = 7;

	for (int round = 0; round < 20; round++) {
		struct rtp_stats st = {0};
		unsigned start = chance(&seed) * 256, n_lost = 0;

		for (unsigned i = 0; i < 10000; i++) {
			bool is_lost = chance(&seed) < 30 && i > 0 && i < 9999;

			n_lost += is_lost;
			if (!is_lost)
				CHECK(take(&st, 1, start + i, i * 160, i * 20 * MS) == OK);
		}
		CHECK(rtp_stats_lost(&st) == n_lost);
	}
}

static void late_ones_are_no_loss(void)
{
	struct rtp_stats st = {0};

	for (unsigned i = 0; i < 1000; i++) /* pairs swapped, over a wrap */
		CHECK(take(&st, 1, 65300 + (i ^ 1), i * 160, i * 20 * MS) == OK);
	CHECK(st.sources[0].n_received == 1000 && rtp_stats_lost(&st) == 0);
}

static void duplicates_do_not_make_up_a_negative(void)
{
	struct rtp_stats st = {0};

	for (int i = 0; i < 5; i++)
		CHECK(take(&st, 1, 10, 0, 0) == OK);
	CHECK(st.sources[0].n_received == 5 && rtp_stats_lost(&st) == 0);
}

static void gaps_at_the_limits(void)
{
	struct rtp_stats st = {0};

	CHECK(take(&st, 1, 1000, 0, 0) == OK);
	CHECK(take(&st, 1, 1000 + 2999, 0, 0) == OK);
	CHECK(rtp_stats_lost(&st) == 2998);
	CHECK(take(&st, 1, 3999 + 3000, 0, 0) == ERR_RANGE);
	CHECK(rtp_stats_lost(&st) == 2998);
	CHECK(take(&st, 1, 3999 - 99, 0, 0) == OK); /* late */
	CHECK(take(&st, 1, 3999 - 100, 0, 0) == ERR_RANGE);
}

static void a_restart_is_believed_at_its_second_packet(void)
{
	struct rtp_stats st = {0};

	for (unsigned i = 0; i < 100; i++)
		CHECK(take(&st, 1, i * 2, 0, 0) == OK); /* 99 lost */
	CHECK(rtp_stats_lost(&st) == 99);
	CHECK(take(&st, 1, 40000, 0, 0) == ERR_RANGE);
	CHECK(take(&st, 1, 50000, 0, 0) == ERR_RANGE); /* not its successor */
	CHECK(take(&st, 1, 150, 0, 0) == OK);          /* a late one of before */
	CHECK(take(&st, 1, 30000, 0, 0) == ERR_RANGE);
	CHECK(take(&st, 1, 30001, 0, 0) == OK);
	CHECK(take(&st, 1, 30002, 0, 0) == OK);
	CHECK(rtp_source_expected(&st.sources[0]) == 199 + 3);
	CHECK(st.sources[0].n_received == 101 + 3);
}

static void a_restart_over_the_wrap(void)
{
	struct rtp_stats st = {0};

	CHECK(take(&st, 1, 30000, 0, 0) == OK);
	CHECK(take(&st, 1, 65535, 0, 0) == ERR_RANGE);
	CHECK(take(&st, 1, 0, 0, 0) == OK);
	CHECK(take(&st, 1, 1, 0, 0) == OK);
	CHECK(rtp_source_expected(&st.sources[0]) == 4 && rtp_stats_lost(&st) == 0);
}

/* Packets 20 ms apart that arrive alternately 0 and 10 ms late: |D| is 10 ms each time, and the filter's
 * limit is that (80 units of 125 us). */
static void jitter_of_a_known_pattern(void)
{
	struct rtp_stats st = {0};

	for (unsigned i = 0; i < 500; i++)
		CHECK(take(&st, 1, i, 0xfffffff0u + i * 160, (i * 20 + i % 2 * 10) * MS) == OK);
	CHECK(rtp_stats_jitter_us(&st) > 9500 && rtp_stats_jitter_us(&st) < 10100);
}

static void jitter_by_the_appendix(void)
{
	struct rtp_stats st = {0};
	uint32_t seed = 3, jitter = 0;
	int64_t before = 0;

	for (unsigned i = 0; i < 1000; i++) {
		uint64_t at = i * 20 * MS + chance(&seed) * 100000u;
		int64_t transit = (int64_t)(at * 8000 / 1000000000u) - (int64_t)i * 160;
		int64_t d = transit > before ? transit - before : before - transit;

		CHECK(take(&st, 1, i, i * 160, at) == OK);
		if (i)
			jitter += (uint32_t)d - ((jitter + 8) >> 4);
		before = transit;
	}
	CHECK(jitter > 0 && st.sources[0].jitter_x16 == jitter);
}

static void a_clock_set_anew_is_no_jitter(void)
{
	struct rtp_stats st = {0};

	for (unsigned i = 0; i < 100; i++)
		CHECK(take(&st, 1, i, i * 160 + (i > 50 ? 0x40000000u : 0), i * 20 * MS) == OK);
	CHECK(rtp_stats_jitter_us(&st) == 0);
}

static void no_clock_no_jitter(void)
{
	struct rtp_stats st = {0};
	const struct rtp_packet p = {.ssrc = 1};

	CHECK(rtp_stats_take(&st, &p, 0, 0) == OK);
	CHECK(rtp_stats_take(&st, &p, 5 * MS, 0) == OK);
	CHECK(rtp_stats_jitter_us(&st) == 0);
}

static void eight_sources_and_a_ninth(void)
{
	struct rtp_stats st = {0};
	uint64_t now = 100000 * MS;

	for (uint32_t ssrc = 1; ssrc <= 8; ssrc++) {
		CHECK(take(&st, ssrc, 0, 0, now + ssrc) == OK);
		CHECK(take(&st, ssrc, 2, 0, now + ssrc) == OK);
	}
	CHECK(rtp_stats_lost(&st) == 8);
	CHECK(take(&st, 9, 0, 0, now + 9) == ERR_FULL && st.n_refused == 1);
	now += 30000 * MS;
	CHECK(take(&st, 9, 0, 0, now + 1) == ERR_FULL);
	CHECK(take(&st, 9, 0, 0, now + 2) == OK); /* the first is silent for over 30 s */
	CHECK(st.n_sources == 8 && st.sources[0].ssrc == 9 && rtp_stats_lost(&st) == 8);
	CHECK(take(&st, 1, 0, 0, now + 2) == ERR_FULL);
}

TEST_MAIN(T(nothing_lost), T(a_first_packet_of_any_number), T(random_loss_against_plain_counting),
	T(late_ones_are_no_loss), T(duplicates_do_not_make_up_a_negative), T(gaps_at_the_limits),
	T(a_restart_is_believed_at_its_second_packet), T(a_restart_over_the_wrap),
	T(jitter_of_a_known_pattern), T(jitter_by_the_appendix), T(a_clock_set_anew_is_no_jitter),
	T(no_clock_no_jitter), T(eight_sources_and_a_ninth))
