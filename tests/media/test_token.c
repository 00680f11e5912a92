/* The prover: when it sends, what it counts, and which answers it believes. */
#include "world.h"

#include "../test.h"

static struct io io;
static struct prover prover;
static uint8_t key[32];
static struct {
	uint64_t at_ms;
	uint64_t counter;
	char bytes[TOKEN_LEN];
} sent[64];
static size_t n_sent, n_proved;
static struct addr mapped;
static uint64_t began;

#define STREAM 0x1122334455667788ull

static void send(void *arg, struct str bytes)
{
	struct token t;

	(void)arg;
	if (bytes.len != TOKEN_LEN || token_parse(bytes, &t) != OK || n_sent == 64)
		abort();
	memcpy(sent[n_sent].bytes, bytes.p, TOKEN_LEN);
	sent[n_sent].counter = t.counter;
	sent[n_sent++].at_ms = (net.now - began) / MS;
}

static void proved(void *arg, const struct addr *a)
{
	(void)arg;
	mapped = *a;
	n_proved++;
}

static void run(uint64_t ms)
{
	uint64_t until = net.now + ms * MS;

	while (io.n_timers && io.timers[0]->deadline <= until) { /* there is but one */
		struct timer *t = io.timers[0];

		net.now = t->deadline;
		timer_stop(t);
		t->h(t->arg);
	}
	net.now = until;
}

static void start(uint64_t base_us)
{
	memset(&io, 0, sizeof io);
	memset(key, 7, sizeof key);
	net.now = 5000 * MS;
	began = net.now;
	n_sent = n_proved = 0;
	prover_init(&prover, &io, send, proved, NULL);
	prover_start(
		&prover, STREAM, TOKEN_RTP, (struct str){(const char *)key, 32}, 10000, base_us);
}

/* Edge's answer to the last token, made with a key of this sender. */
static struct str answer(enum token_sender by, uint64_t stream)
{
	static uint8_t buf[TOKEN_ANSWER_MAX];
	struct addr a = at("192.0.2.10", 36010);
	uint8_t k[TOKEN_KEY_LEN];
	struct token t;

	if (token_parse((struct str){sent[n_sent - 1].bytes, TOKEN_LEN}, &t) != OK)
		abort();
	token_key((struct str){(const char *)key, 32}, stream, TOKEN_RTP, by, k);
	return token_answer_put(t.tid, &a, k, buf);
}

static bool give_answer(void)
{
	return prover_answer(&prover, answer(TOKEN_BY_EDGE, STREAM));
}

static void schedule_until_an_answer(void)
{
	static const uint64_t times[] = {0, 20, 60, 140, 300, 620, 1620, 2620, 3620};

	start(0);
	run(3700);
	CHECK(n_sent == 9);
	for (size_t i = 0; i < 9; i++)
		CHECK(sent[i].at_ms == times[i]);
}

static void refreshes_within_a_tenth(void)
{
	uint64_t last, least = 100000, most = 0;

	start(0);
	run(0);
	CHECK(n_sent == 1 && give_answer() && n_proved == 1 && prover.is_proved);
	CHECK(mapped.port == 36010);
	last = 0;
	for (int i = 0; i < 40; i++) {
		uint64_t gap;

		run(9000 - 1);
		CHECK(n_sent == (size_t)i + 1);
		while (n_sent == (size_t)i + 1)
			run(1);
		gap = sent[n_sent - 1].at_ms - last;
		last = sent[n_sent - 1].at_ms;
		least = gap < least ? gap : least;
		most = gap > most ? gap : most;
		CHECK(give_answer());
	}
	CHECK(least >= 9000 && most <= 11000 && most - least > 500);
}

static void an_unanswered_refresh_is_hurried(void)
{
	start(0);
	run(0);
	CHECK(give_answer());
	run(12000);
	CHECK(n_sent > 6);
	CHECK(sent[2].at_ms - sent[1].at_ms == 20 && sent[3].at_ms - sent[2].at_ms == 40);
	CHECK(prover.is_proved); /* media goes on meanwhile */
}

static void counters_rise(void)
{
	uint64_t base, last;

	start(0);
	run(2000);
	for (size_t i = 1; i < n_sent; i++)
		CHECK(sent[i].counter > sent[i - 1].counter);
	CHECK(sent[6].counter == sent[0].counter + 1620 * 1000);
	/* the process is replaced 1 ms later, the wall clock was set back by a day */
	base = prover.base_us;
	last = sent[n_sent - 1].counter;
	prover_stop(&prover);
	prover_init(&prover, &io, send, proved, NULL);
	io.wall_step = -86400000 * (int64_t)MS;
	run(1);
	prover_start(&prover, STREAM, TOKEN_RTP, (struct str){(const char *)key, 32}, 10000, base);
	run(0);
	CHECK(sent[n_sent - 1].counter > last);
}

static void two_in_one_microsecond_differ(void)
{
	start(1);
	run(0);
	net.now += 100 * MS;
	prover_hurry(&prover);
	net.now -= 100 * MS;
	prover.timer.deadline = net.now;
	run(0);
	CHECK(n_sent == 2 && sent[1].counter == sent[0].counter + 1);
}

static void wrong_answers_change_nothing(void)
{
	char flipped[TOKEN_ANSWER_MAX];
	struct str right;

	start(0);
	run(0);
	CHECK(prover_answer(&prover, answer(TOKEN_BY_CONTROL, STREAM)) && !prover.is_proved);
	CHECK(prover_answer(&prover, answer(TOKEN_BY_EDGE, STREAM + 1)) && !prover.is_proved);
	right = answer(TOKEN_BY_EDGE, STREAM);
	for (size_t i = 0; i < right.len; i++) {
		memcpy(flipped, right.p, right.len);
		flipped[i] ^= 1;
		(void)prover_answer(&prover, (struct str){flipped, right.len});
		CHECK(!prover.is_proved && !n_proved);
	}
	for (size_t i = 0; i < right.len; i++) {
		(void)prover_answer(&prover, str_head(right, i));
		CHECK(!prover.is_proved);
	}
	CHECK(prover_answer(&prover, right) && prover.is_proved);
}

static void an_answer_counts_once_and_only_for_the_last(void)
{
	struct str right;
	char old[TOKEN_ANSWER_MAX];
	size_t len;

	start(0);
	run(0);
	right = answer(TOKEN_BY_EDGE, STREAM);
	memcpy(old, right.p, right.len);
	len = right.len;
	run(25);
	CHECK(n_sent == 2);
	CHECK(prover_answer(&prover, (struct str){old, len}) && !prover.is_proved);
	CHECK(give_answer() && n_proved == 1);
	CHECK(give_answer() && n_proved == 1); /* played again */
}

static void not_an_answer_is_not_taken(void)
{
	start(0);
	run(0);
	CHECK(!prover_answer(&prover, rtp_bytes(0, 1, 7)));
	CHECK(!prover_answer(&prover, (struct str){sent[0].bytes, TOKEN_LEN}));
}

static void the_same_again_changes_nothing(void)
{
	start(0);
	run(0);
	CHECK(give_answer());
	prover_start(&prover, STREAM, TOKEN_RTP, (struct str){(const char *)key, 32}, 10000,
		prover.base_us);
	run(8000);
	CHECK(n_sent == 1 && prover.is_proved);
	/* another id is another stream: it has proved nothing */
	prover_start(&prover, STREAM + 1, TOKEN_RTP, (struct str){(const char *)key, 32}, 10000,
		prover.base_us);
	CHECK(!prover.is_proved);
	run(0);
	CHECK(n_sent == 2);
}

static void hurry_is_bounded(void)
{
	start(0);
	run(0);
	CHECK(give_answer());
	for (int i = 0; i < 1000; i++) { /* ten a second at most */
		prover_hurry(&prover);
		run(1);
		if (n_sent > 1)
			(void)give_answer();
	}
	CHECK(n_sent >= 9 && n_sent <= 12);
}

static void a_stopped_one_is_silent_and_wiped(void)
{
	start(0);
	run(0);
	prover_stop(&prover);
	run(5000);
	CHECK(n_sent == 1);
	CHECK(!prover_answer(&prover, answer(TOKEN_BY_EDGE, STREAM)));
	for (size_t i = 0; i < sizeof prover.media_key; i++)
		CHECK(!prover.media_key[i]);
	prover_hurry(&prover);
	run(5000);
	CHECK(n_sent == 1);
}

TEST_MAIN(T(schedule_until_an_answer), T(refreshes_within_a_tenth),
	T(an_unanswered_refresh_is_hurried), T(counters_rise), T(two_in_one_microsecond_differ),
	T(wrong_answers_change_nothing), T(an_answer_counts_once_and_only_for_the_last),
	T(not_an_answer_is_not_taken), T(the_same_again_changes_nothing), T(hurry_is_bounded),
	T(a_stopped_one_is_silent_and_wiped))
