/* io_cases.h - the contract of io/io.h as cases; the same file runs on the kernel and on the
 * simulator.
 *
 * The including file defines the functions declared below: a world of two processes, both on
 * HOST_EDGE. */
#ifndef IO_CASES_H
#define IO_CASES_H

#include <string.h>

#include "io/io.h"
#include "test.h"

#define ROW_UDP    PLAN_PUBLIC_RTP_OUT
#define ROW_LISTEN PLAN_H323_PUBLIC_H245_IN
#define ROW_DIAL   PLAN_PUBLIC_TCP_OUT

static struct {
	struct io *a, *b;
	struct plan plan;
} world;

static void world_up(void); /* takes down what a failed case left */
static void world_down(void);
static void world_turn(void);       /* one turn of each */
static void world_crash_b(void);    /* b is gone as by kill -9; a new b stands in its place */
static int world_dup(int fd);       /* a duplicate of b's fd, as the keeper would hold it */
static int world_hand_over(int fd); /* a's fd is b's from now on */

static struct plan test_plan(void)
{
	struct plan p;

	plan_defaults(&p, HOST_EDGE, false);
	p.switches[SW_SIP] = p.switches[SW_SIP_TCP] = p.switches[SW_H323] = true;
	return p;
}

/* Turns until cond holds; a case fails by its own CHECK afterwards. */
#define UNTIL(cond)                                                                                \
	for (int turns_ = 0; turns_ < 3000 && !(cond); turns_++)                                   \
	world_turn()
#define TURNS(n)                                                                                   \
	for (int turns_ = 0; turns_ < (n); turns_++)                                               \
	world_turn()

static struct addr v4_loopback(void)
{
	return addr_v4(127, 0, 0, 1, 0);
}

static struct addr v6_loopback(void)
{
	struct addr a = {.family = AF_V6};

	a.ip[15] = 1;
	return a;
}

static struct addr_ok to_addr(struct addr a)
{
	return (struct addr_ok){a};
}

/* ---- timers ---- */

static char timer_log[64];
static struct timer timers[5];

static void note(char c)
{
	size_t n = strlen(timer_log);

	if (n + 1 < sizeof timer_log) {
		timer_log[n] = c;
		timer_log[n + 1] = '\0';
	}
}

static void on_noted(void *arg)
{
	note(*(const char *)arg);
}

static void start_noted(struct io *io, int i, const char *name, uint32_t ms)
{
	timer_init(&timers[i], on_noted, (void *)(uintptr_t)name);
	timer_start(io, &timers[i], ms);
}

static void timers_run_by_deadline_then_by_start(void)
{
	world_up();
	timer_log[0] = '\0';
	start_noted(world.a, 0, "c", 20);
	start_noted(world.a, 1, "a", 5);
	start_noted(world.a, 2, "d", 20);
	start_noted(world.a, 3, "b", 6);
	CHECK(timer_is_on(&timers[0]) && timer_left_ms(&timers[0]) == 20);
	UNTIL(strlen(timer_log) == 4);
	CHECK(strcmp(timer_log, "abcd") == 0);
	CHECK(!timer_is_on(&timers[0]) && timer_left_ms(&timers[0]) == 0);
	world_down();
}

static void on_again(void *arg)
{
	note('x');
	if (strlen(timer_log) < 3)
		timer_start(world.a, arg, 0);
}

static void a_timer_of_0_ms_runs_in_the_next_turn(void)
{
	world_up();
	timer_log[0] = '\0';
	timer_init(&timers[0], on_again, &timers[0]);
	timer_start(world.a, &timers[0], 0);
	world_turn();
	CHECK(strlen(timer_log) == 1);
	world_turn();
	CHECK(strlen(timer_log) == 2);
	world_turn();
	world_turn();
	CHECK(strlen(timer_log) == 3);
	world_down();
}

static void on_stops_others(void *arg)
{
	(void)arg;
	note('s');
	timer_stop(&timers[1]);
	timer_stop(&timers[2]);
	timer_stop(&timers[2]);
}

static void a_timer_stopped_in_a_handler_does_not_run(void)
{
	world_up();
	timer_log[0] = '\0';
	timer_init(&timers[0], on_stops_others, NULL);
	timer_start(world.a, &timers[0], 1);
	start_noted(world.a, 1, "1", 1);
	start_noted(world.a, 2, "2", 1);
	start_noted(world.a, 3, "3", 1);
	UNTIL(strlen(timer_log) == 2);
	TURNS(5);
	CHECK(strcmp(timer_log, "s3") == 0);
	world_down();
}

static void many_timers_keep_their_order(void)
{
	static struct timer many[3000];
	static uint32_t left;

	world_up();
	left = 0;
	for (uint32_t i = 0; i < 3000; i++) {
		timer_init(&many[i], on_noted, (void *)(uintptr_t) "m");
		timer_start(world.a, &many[i], 1000 + i * 7919 % 3000);
	}
	for (uint32_t i = 0; i < 3000; i += 2)
		timer_stop(&many[i]);
	for (uint32_t i = 1; i < 3000; i += 2) {
		CHECK(timer_left_ms(&many[i]) == 1000 + i * 7919 % 3000);
		timer_stop(&many[i]);
	}
	for (uint32_t i = 0; i < 3000; i++)
		left += timer_is_on(&many[i]);
	CHECK(left == 0);
	world_down();
}

/* ---- datagrams ---- */

static struct {
	size_t n, n_batches, n_cut, n_bytes;
	char last[64];
	struct addr from;
	bool closes;
} got;

static void on_packets(struct dgram *d, const struct packet *p, size_t n, void *arg)
{
	(void)arg;
	for (size_t i = 0; i < n; i++) {
		got.n++;
		got.n_cut += p[i].is_cut;
		got.n_bytes += p[i].bytes.len;
		(void)str_copy(p[i].bytes, got.last, sizeof got.last);
		got.from = p[i].from;
	}
	got.n_batches++;
	if (got.closes)
		dgram_close(d);
}

static struct dgram *open_dgram(struct io *io, struct addr at)
{
	struct local local = {ROW_UDP, at, NO_FD};
	struct dgram *d = NULL;

	return dgram_open(io, &local, on_packets, NULL, &d) == OK ? d : NULL;
}

static void check_loopback(struct addr host)
{
	struct dgram *x, *y;
	struct addr at;
	struct addr_ok to;

	memset(&got, 0, sizeof got);
	world_up();
	x = open_dgram(world.a, host);
	y = open_dgram(world.b, host);
	CHECK(x && y);
	at = dgram_addr(x);
	CHECK(addr_same_host(&at, &host));
	CHECK(at.port >= plan_media(&world.plan).low && at.port <= plan_media(&world.plan).high);
	to = to_addr(dgram_addr(y));
	dgram_send(x, &to, STR("one"));
	dgram_send(x, &to, STR("two"));
	UNTIL(got.n == 2);
	CHECK(got.n == 2 && strcmp(got.last, "two") == 0);
	CHECK(addr_eq(&got.from, &at));
	world_down();
}

static void a_datagram_arrives_over_ipv4(void)
{
	check_loopback(v4_loopback());
}

static void a_datagram_arrives_over_ipv6(void)
{
	check_loopback(v6_loopback());
}

static void datagrams_come_in_batches(void)
{
	struct dgram *x, *y;
	struct addr_ok to;

	memset(&got, 0, sizeof got);
	world_up();
	x = open_dgram(world.a, v4_loopback());
	y = open_dgram(world.b, v4_loopback());
	CHECK(x && y);
	to = to_addr(dgram_addr(y));
	for (int i = 0; i < 100; i++)
		dgram_send(x, &to, STR("p"));
	UNTIL(got.n == 100);
	CHECK(got.n == 100 && got.n_batches >= 2 && got.n_batches < 20);
	CHECK(dgram_n_dropped(y) == 0);
	world_down();
}

static void a_long_datagram_is_cut_and_flagged(void)
{
	static char big[3000];
	struct dgram *x, *y;
	struct addr_ok to;

	memset(&got, 0, sizeof got);
	world_up();
	x = open_dgram(world.a, v4_loopback());
	y = open_dgram(world.b, v4_loopback());
	CHECK(x && y);
	to = to_addr(dgram_addr(y));
	dgram_send(x, &to, (struct str){big, sizeof big});
	dgram_send(x, &to, (struct str){big, 2048});
	UNTIL(got.n == 2);
	CHECK(got.n_cut == 1 && got.n_bytes == 4096);
	world_down();
}

static void a_datagram_handler_may_close_its_socket(void)
{
	struct dgram *x, *y;
	struct addr_ok to;

	memset(&got, 0, sizeof got);
	got.closes = true;
	world_up();
	x = open_dgram(world.a, v4_loopback());
	y = open_dgram(world.b, v4_loopback());
	CHECK(x && y);
	to = to_addr(dgram_addr(y));
	for (int i = 0; i < 65; i++)
		dgram_send(x, &to, STR("p"));
	UNTIL(got.n > 0);
	TURNS(5);
	CHECK(got.n_batches == 1);
	dgram_send(x, &to, STR("nobody"));
	dgram_close(x);
	dgram_close(NULL);
	TURNS(3);
	world_down();
}

static struct dgram *pair[2];

static void on_closes_both(struct dgram *d, const struct packet *p, size_t n, void *arg)
{
	(void)d;
	(void)p;
	(void)arg;
	got.n += n;
	got.n_batches++;
	dgram_close(pair[0]);
	dgram_close(pair[1]);
}

/* Both have something to tell in the same turn; the first closes the second. */
static void what_was_closed_in_this_turn_is_not_called(void)
{
	struct local at = {ROW_UDP, v4_loopback(), NO_FD};
	struct dgram *y;

	memset(&got, 0, sizeof got);
	world_up();
	y = open_dgram(world.b, v4_loopback());
	CHECK(y);
	for (int i = 0; i < 2; i++)
		CHECK(dgram_open(world.a, &at, on_closes_both, NULL, &pair[i]) == OK);
	for (int i = 0; i < 2; i++) {
		struct addr_ok to = to_addr(dgram_addr(pair[i]));

		dgram_send(y, &to, STR("x"));
	}
	UNTIL(got.n);
	TURNS(3);
	CHECK(got.n_batches == 1);
	world_down();
}

/* ---- where sockets come from ---- */

static void a_port_outside_the_plan_is_denied(void)
{
	struct local at = {ROW_UDP, v4_loopback(), NO_FD};
	struct dgram *d = NULL;
	struct stream *s = NULL;
	static const struct stream_ops none;

	world_up();
	at.addr.port = plan_range(&world.plan, RANGE_H323_RANGE).low;
	CHECK(dgram_open(world.a, &at, on_packets, NULL, &d) == ERR_DENIED);
	at.addr.port = plan_mux(&world.plan).low; /* multiplexed only: not for this row */
	CHECK(dgram_open(world.a, &at, on_packets, NULL, &d) == ERR_DENIED);
	at.addr.port = 0;
	at.row = ROW_LISTEN; /* the row is TCP */
	CHECK(dgram_open(world.a, &at, on_packets, NULL, &d) == ERR_DENIED);
	at.row = PLAN_CONTROL_DNS; /* not our node's */
	CHECK(dgram_open(world.a, &at, on_packets, NULL, &d) == ERR_DENIED);
	at.row = ROW_UDP;
	CHECK(stream_listen(world.a, &at, &none, NULL, &s) == ERR_DENIED);
	io_set_plan(world.a, NULL);
	CHECK(dgram_open(world.a, &at, on_packets, NULL, &d) == ERR_DENIED);
	world_down();
}

static void a_range_that_is_used_up_says_so(void)
{
	struct local at = {ROW_LISTEN, v4_loopback(), NO_FD};
	struct stream *s[17] = {0};
	static const struct stream_ops none;
	uint64_t seen = 0;

	world_up();
	world.plan.ranges[RANGE_H323_RANGE].high =
		(uint16_t)(world.plan.ranges[RANGE_H323_RANGE].low + 15);
	for (int i = 0; i < 16; i++) {
		CHECK(stream_listen(world.a, &at, &none, NULL, &s[i]) == OK);
		seen |= 1u << (stream_peer(s[i])->local.port -
				world.plan.ranges[RANGE_H323_RANGE].low);
	}
	CHECK(seen == 0xffff);
	CHECK(stream_listen(world.a, &at, &none, NULL, &s[16]) == ERR_NO_PORT);
	at.addr.port = stream_peer(s[3])->local.port;
	CHECK(stream_listen(world.a, &at, &none, NULL, &s[16]) == ERR_EXISTS);
	stream_close(s[3]);
	TURNS(2);
	CHECK(stream_listen(world.a, &at, &none, NULL, &s[16]) == OK);
	world_down();
}

/* ---- streams: each end notes what happened to it ---- */

struct end {
	struct stream *s;
	char in[256];
	size_t n_in, n_calls, n_seen, n_drained;
	enum err lost;
	bool is_opened, is_lost;
	size_t eats; /* at most so many bytes a call; SIZE_MAX: all */
	bool closes, pauses;
};

static struct end dialler, taker;
static struct stream *listener;

static void on_opened(struct stream *s, void *arg)
{
	struct end *e = arg;

	e->is_opened = s == e->s;
}

static size_t on_bytes(struct stream *s, struct str bytes, void *arg)
{
	struct end *e = arg;
	size_t n = bytes.len < e->eats ? bytes.len : e->eats;

	e->n_calls++;
	e->n_seen = bytes.len;
	for (size_t i = 0; i < n; i++) {
		if (e->n_in < sizeof e->in)
			e->in[e->n_in] = bytes.p[i];
		e->n_in++;
	}
	if (e->pauses)
		stream_pause(s, true);
	if (e->closes)
		stream_close(s);
	return n;
}

static void on_drained(struct stream *s, void *arg)
{
	(void)s;
	((struct end *)arg)->n_drained++;
}

static void on_lost(struct stream *s, enum err why, void *arg)
{
	struct end *e = arg;

	e->is_lost = s == e->s;
	e->lost = why;
	e->s = NULL;
}

static void on_accepted(struct stream *s, void *arg);

static const struct stream_ops end_ops = {.accepted = on_accepted,
	.opened = on_opened,
	.bytes = on_bytes,
	.drained = on_drained,
	.lost = on_lost};

static void on_accepted(struct stream *s, void *arg)
{
	struct end *e = arg;

	e->s = s;
	stream_take(s, &end_ops, e);
}

static void reset_end(struct end *e)
{
	memset(e, 0, sizeof *e);
	e->eats = SIZE_MAX;
}

/* dialler in a, taker in b, connected. */
static void connect_ends(void)
{
	struct local at = {ROW_LISTEN, v4_loopback(), NO_FD},
		     from = {ROW_DIAL, v4_loopback(), NO_FD};
	struct addr_ok to;

	reset_end(&dialler);
	reset_end(&taker);
	listener = NULL;
	CHECK(stream_listen(world.b, &at, &end_ops, &taker, &listener) == OK);
	to = to_addr(stream_peer(listener)->local);
	CHECK(stream_dial(world.a, &from, &to, &end_ops, &dialler, &dialler.s) == OK);
	UNTIL(dialler.is_opened && taker.s);
	CHECK(dialler.is_opened && taker.s);
}

static struct str in_of(const struct end *e)
{
	return (struct str){e->in, e->n_in};
}

static void a_dialled_stream_carries_bytes_both_ways(void)
{
	const struct peer *p;

	world_up();
	connect_ends();
	p = stream_peer(taker.s);
	CHECK(p->is_inbound && p->row == ROW_LISTEN && !p->is_tls);
	CHECK(addr_eq(&p->remote, &stream_peer(dialler.s)->local));
	CHECK(addr_eq(&p->local, &stream_peer(dialler.s)->remote));
	CHECK(plan_has_port(&world.plan, ROW_DIAL, p->remote.port));
	stream_send(dialler.s, STR("hello "));
	stream_send(dialler.s, STR("world"));
	stream_send(taker.s, STR("back"));
	UNTIL(taker.n_in == 11 && dialler.n_in == 4);
	CHECK_STR(in_of(&taker), "hello world");
	CHECK_STR(in_of(&dialler), "back");
	stream_close(dialler.s);
	UNTIL(taker.is_lost);
	CHECK(taker.is_lost && taker.lost == ERR_CLOSED);
	world_down();
}

static void a_refused_dial_is_lost(void)
{
	struct local at = {ROW_LISTEN, v4_loopback(), NO_FD},
		     from = {ROW_DIAL, v4_loopback(), NO_FD};
	struct addr_ok to;

	world_up();
	reset_end(&dialler);
	CHECK(stream_listen(world.b, &at, &end_ops, &taker, &listener) == OK);
	to = to_addr(stream_peer(listener)->local);
	stream_close(listener);
	TURNS(2);
	CHECK(stream_dial(world.a, &from, &to, &end_ops, &dialler, &dialler.s) == OK);
	UNTIL(dialler.is_lost);
	CHECK(dialler.is_lost && dialler.lost != OK && !dialler.is_opened);
	world_down();
}

static void a_stream_that_nobody_takes_is_closed(void)
{
	struct local at = {ROW_LISTEN, v4_loopback(), NO_FD},
		     from = {ROW_DIAL, v4_loopback(), NO_FD};
	struct addr_ok to;
	static const struct stream_ops deaf = {.accepted = on_opened};

	world_up();
	reset_end(&dialler);
	reset_end(&taker);
	CHECK(stream_listen(world.b, &at, &deaf, &taker, &listener) == OK);
	to = to_addr(stream_peer(listener)->local);
	CHECK(stream_dial(world.a, &from, &to, &end_ops, &dialler, &dialler.s) == OK);
	UNTIL(dialler.is_lost);
	CHECK(dialler.is_opened && dialler.lost == ERR_CLOSED);
	world_down();
}

static void bytes_that_are_left_come_again(void)
{
	world_up();
	connect_ends();
	taker.eats = 3;
	stream_send(dialler.s, STR("abcdefgh"));
	UNTIL(taker.n_in == 8);
	CHECK_STR(in_of(&taker), "abcdefgh");
	CHECK(taker.n_calls >= 3);
	world_down();
}

static void a_partial_message_does_not_spin(void)
{
	size_t before;

	world_up();
	connect_ends();
	taker.eats = 0;
	stream_send(dialler.s, STR("half"));
	UNTIL(taker.n_calls > 0);
	before = taker.n_calls;
	TURNS(20);
	CHECK(taker.n_calls == before && taker.n_seen == 4);
	stream_send(dialler.s, STR("+half"));
	UNTIL(taker.n_seen == 9);
	CHECK(taker.n_seen == 9);
	taker.eats = SIZE_MAX;
	stream_send(dialler.s, STR("."));
	UNTIL(taker.n_in == 10);
	CHECK_STR(in_of(&taker), "half+half.");
	world_down();
}

static void a_stream_closed_half_way_is_lost_after_its_bytes(void)
{
	world_up();
	connect_ends();
	taker.eats = 0;
	stream_send(dialler.s, STR("half a mess"));
	stream_close(dialler.s);
	UNTIL(taker.is_lost);
	CHECK(taker.n_seen == 11 && taker.is_lost && taker.lost == ERR_CLOSED);
	world_down();
}

static void a_stream_carries_single_bytes(void)
{
	world_up();
	connect_ends();
	for (int i = 0; i < 200; i++) {
		char c = (char)('a' + i % 26);

		stream_send(dialler.s, (struct str){&c, 1});
		world_turn();
	}
	UNTIL(taker.n_in == 200);
	CHECK(taker.n_in == 200 && taker.in[0] == 'a' && taker.in[199] == 'a' + 199 % 26);
	world_down();
}

static void a_handler_may_close_its_stream(void)
{
	world_up();
	connect_ends();
	taker.closes = true;
	stream_send(dialler.s, STR("go away"));
	UNTIL(dialler.is_lost);
	CHECK(dialler.is_lost && taker.n_calls == 1 && !taker.is_lost);
	world_down();
}

/* The last words of who closes are read, although it left bytes unread itself. */
static void what_was_sent_before_a_close_arrives(void)
{
	world_up();
	connect_ends();
	taker.eats = 0;
	stream_send(dialler.s, STR("never read"));
	UNTIL(taker.n_calls > 0);
	stream_send(taker.s, STR("bye"));
	stream_close(taker.s);
	UNTIL(dialler.is_lost);
	CHECK_STR(in_of(&dialler), "bye");
	CHECK(dialler.is_lost && dialler.lost == ERR_CLOSED);
	world_down();
}

/* The keeper's duplicate must not keep alive what its owner ended. */
static void a_close_ends_a_connection_that_the_keeper_holds(void)
{
	world_up();
	connect_ends();
	CHECK(world_dup(stream_fd(taker.s)) != NO_FD);
	stream_close(taker.s);
	UNTIL(dialler.is_lost);
	CHECK(dialler.is_lost && dialler.lost == ERR_CLOSED);
	world_down();
}

static void a_paused_stream_waits(void)
{
	world_up();
	connect_ends();
	taker.pauses = true;
	taker.eats = 2;
	stream_send(dialler.s, STR("abcd"));
	UNTIL(taker.n_in == 2);
	TURNS(10);
	CHECK(taker.n_in == 2 && taker.n_calls == 1);
	taker.pauses = false;
	stream_send(dialler.s, STR("ef"));
	TURNS(10);
	CHECK(taker.n_in == 2);
	stream_pause(taker.s, false);
	UNTIL(taker.n_in == 6);
	CHECK_STR(in_of(&taker), "abcdef");
	world_down();
}

static void output_beyond_its_limit_loses_the_stream(void)
{
	static char kib[64 * 1024];

	world_up();
	connect_ends();
	stream_pause(taker.s, true);
	for (int i = 0; i < 400 && !dialler.is_lost; i++) {
		stream_send(dialler.s, (struct str){kib, sizeof kib});
		world_turn();
		if (dialler.s)
			CHECK(stream_queued(dialler.s) <= 512 * 1024);
	}
	CHECK(dialler.is_lost && dialler.lost == ERR_FULL);
	world_down();
}

static void a_full_stream_drains_and_says_so(void)
{
	static char kib[32 * 1024];
	size_t sent = 0;

	world_up();
	connect_ends();
	stream_pause(taker.s, true);
	while (sent < 64u * 1024 * 1024 && stream_queued(dialler.s) < 256 * 1024) {
		stream_send(dialler.s, (struct str){kib, sizeof kib});
		sent += sizeof kib;
		world_turn();
	}
	CHECK(stream_queued(dialler.s) > 0 && dialler.n_drained == 0);
	stream_pause(taker.s, false);
	UNTIL(taker.n_in == sent && dialler.n_drained);
	CHECK(taker.n_in == sent && dialler.n_drained == 1 && !stream_is_torn(dialler.s));
	world_down();
}

static void a_message_that_never_ends_loses_the_stream(void)
{
	static char kib[70 * 1024];

	world_up();
	connect_ends();
	taker.eats = 0;
	stream_send(dialler.s, (struct str){kib, sizeof kib});
	UNTIL(taker.is_lost);
	CHECK(taker.is_lost && taker.lost == ERR_FULL);
	world_down();
}

/* ---- the successor of a killed process finds what was not finished with ---- */

static void check_successor(struct stream *sender, struct end *e)
{
	struct peer peer = *stream_peer(e->s);
	int kept = world_dup(stream_fd(e->s));

	e->eats = 6;
	stream_send(sender, STR("first,second"));
	UNTIL(e->n_in == 6);
	e->eats = 0;
	TURNS(3);
	world_crash_b();
	stream_send(sender, STR(",third"));
	TURNS(3);
	reset_end(e);
	CHECK(stream_adopt(world.b, kept, &peer, &end_ops, e, &e->s) == OK);
	UNTIL(e->n_in == 12);
	CHECK_STR(in_of(e), "second,third");
	stream_send(e->s, STR("answer"));
	UNTIL(dialler.n_in == 6);
	CHECK_STR(in_of(&dialler), "answer");
}

static void a_successor_finds_the_rest_of_a_connection(void)
{
	world_up();
	connect_ends();
	check_successor(dialler.s, &taker);
	world_down();
}

static void a_successor_finds_the_rest_of_a_plaintext_end(void)
{
	int fd = NO_FD;

	world_up();
	reset_end(&dialler);
	reset_end(&taker);
	CHECK(stream_pair(world.a, &end_ops, &dialler, &dialler.s, &fd) == OK);
	fd = world_hand_over(fd);
	CHECK(stream_adopt(world.b, fd, NULL, &end_ops, &taker, &taker.s) == OK);
	check_successor(dialler.s, &taker);
	world_down();
}

static void a_released_stream_goes_on_elsewhere(void)
{
	int fd = NO_FD;
	struct peer peer;

	world_up();
	connect_ends();
	taker.eats = 0;
	stream_send(dialler.s, STR("starttls"));
	UNTIL(taker.n_seen == 8);
	peer = *stream_peer(taker.s);
	CHECK(stream_release(taker.s, &fd) == OK);
	TURNS(3);
	reset_end(&taker);
	CHECK(stream_adopt(world.b, fd, &peer, &end_ops, &taker, &taker.s) == OK);
	UNTIL(taker.n_in == 8);
	CHECK_STR(in_of(&taker), "starttls");
	CHECK(!dialler.is_lost);
	world_down();
}

/* ---- channels ---- */

static struct {
	char last[64];
	size_t n, n_fds, n_writable;
	int fd;
	bool is_lost;
} heard;

static void on_message(struct chan *c, struct str bytes, int fd, void *arg)
{
	(void)c;
	(void)arg;
	heard.n++;
	(void)str_copy(bytes, heard.last, sizeof heard.last);
	if (fd != NO_FD) {
		heard.n_fds++;
		heard.fd = fd;
	}
}

static void on_writable(struct chan *c, void *arg)
{
	(void)c;
	(void)arg;
	heard.n_writable++;
}

static void on_chan_lost(struct chan *c, void *arg)
{
	(void)c;
	(void)arg;
	heard.is_lost = true;
}

static const struct chan_ops chan_noted = {
	.message = on_message, .writable = on_writable, .lost = on_chan_lost};

static void open_chans(struct chan **ret_a, struct chan **ret_b)
{
	int fa = NO_FD, fb = NO_FD;

	memset(&heard, 0, sizeof heard);
	heard.fd = NO_FD;
	CHECK(chan_pair(world.a, &fa, &fb) == OK);
	fb = world_hand_over(fb);
	CHECK(chan_adopt(world.a, fa, &chan_noted, NULL, ret_a) == OK);
	CHECK(chan_adopt(world.b, fb, &chan_noted, NULL, ret_b) == OK);
}

static void a_channel_carries_messages_and_fds(void)
{
	struct chan *ca, *cb;
	int fd = NO_FD;

	world_up();
	open_chans(&ca, &cb);
	CHECK(chan_send(ca, STR("one"), NO_FD));
	CHECK(chan_send(ca, STR("two"), NO_FD));
	UNTIL(heard.n == 2);
	CHECK(heard.n == 2 && strcmp(heard.last, "two") == 0 && heard.n_fds == 0);
	reset_end(&dialler);
	reset_end(&taker);
	CHECK(stream_pair(world.a, &end_ops, &dialler, &dialler.s, &fd) == OK);
	CHECK(chan_send(ca, STR("stream"), fd));
	io_close_fd(world.a, fd);
	UNTIL(heard.n_fds == 1);
	CHECK(heard.n_fds == 1);
	CHECK(stream_adopt(world.b, heard.fd, NULL, &end_ops, &taker, &taker.s) == OK);
	stream_send(taker.s, STR("through"));
	UNTIL(dialler.n_in == 7);
	CHECK_STR(in_of(&dialler), "through");
	world_down();
}

static void a_full_channel_says_so_and_tells_when_it_is_writable(void)
{
	static char big[CHAN_MAX];
	struct chan *ca, *cb;
	size_t sent = 0;

	world_up();
	open_chans(&ca, &cb);
	while (sent < 100000 && chan_send(ca, (struct str){big, sizeof big}, NO_FD))
		sent++;
	CHECK(sent > 8 && sent < 100000 && heard.n_writable == 0);
	UNTIL(heard.n == sent && heard.n_writable);
	CHECK(heard.n == sent && heard.n_writable == 1);
	CHECK(chan_send(ca, STR("more"), NO_FD));
	world_down();
}

static void a_message_too_long_is_not_sent(void)
{
	static char big[CHAN_MAX + 1];
	struct chan *ca, *cb;

	world_up();
	open_chans(&ca, &cb);
	CHECK(!chan_send(ca, (struct str){big, sizeof big}, NO_FD));
	CHECK(!chan_send(ca, STR_NONE, NO_FD));
	TURNS(3);
	CHECK(heard.n == 0 && !heard.is_lost);
	world_down();
}

static void a_dead_process_loses_its_channels_after_what_it_said(void)
{
	struct chan *ca, *cb;

	world_up();
	open_chans(&ca, &cb);
	CHECK(chan_send(cb, STR("last words"), NO_FD));
	world_crash_b();
	UNTIL(heard.is_lost);
	CHECK(heard.n == 1 && strcmp(heard.last, "last words") == 0 && heard.is_lost);
	world_down();
}

static void a_channel_is_read_without_the_loop(void)
{
	struct chan *ca, *cb;
	struct str bytes = STR_NONE;
	int fd = NO_FD, fa = NO_FD, fb = NO_FD;

	world_up();
	open_chans(&ca, &cb);
	CHECK(chan_receive(cb, 1, io_scratch(world.b), &bytes, &fd) == ERR_TIMEOUT);
	CHECK(chan_send(ca, STR("replay"), NO_FD));
	CHECK(chan_receive(cb, 1000, io_scratch(world.b), &bytes, &fd) == OK);
	CHECK_STR(bytes, "replay");
	CHECK(fd == NO_FD && heard.n == 0);
	CHECK(chan_pair(world.b, &fa, &fb) == OK);
	CHECK(chan_adopt(world.b, fb, &chan_noted, NULL, &cb) == OK);
	io_close_fd(world.b, fa);
	CHECK(chan_receive(cb, 1000, io_scratch(world.b), &bytes, &fd) == ERR_CLOSED);
	world_down();
}

/* ---- stages ---- */

static struct {
	struct stage_hook first, second;
	struct dgram *d;
	struct addr_ok to;
	int n_first, n_second;
} put;

static void on_put_first(void *arg)
{
	(void)arg;
	put.n_first++;
	if (put.n_first == 2) {
		io_unhook(&put.first);
		io_unhook(&put.second);
	}
	dgram_send(put.d, &put.to, STR("put"));
	start_noted(world.a, 0, "p", 1); /* what makes another turn */
}

static void on_put_second(void *arg)
{
	(void)arg;
	put.n_second++;
}

static void hooks_run_each_turn_before_the_flush(void)
{
	struct dgram *y;

	memset(&put, 0, sizeof put);
	memset(&got, 0, sizeof got);
	memset(timers, 0, sizeof timers);
	world_up();
	put.d = open_dgram(world.a, v4_loopback());
	y = open_dgram(world.b, v4_loopback());
	CHECK(put.d && y);
	put.to = to_addr(dgram_addr(y));
	put.first.run = on_put_first;
	put.second.run = on_put_second;
	io_hook(world.a, STAGE_PUT, &put.first);
	io_hook(world.a, STAGE_PUT, &put.second);
	world_turn();
	CHECK(put.n_first == 1 && put.n_second == 1);
	UNTIL(got.n == 2);
	TURNS(4);
	CHECK(got.n == 2 && put.n_first == 2 && put.n_second == 1);
	world_down();
}

/* clang-format off */
#define IO_CASES \
	T(timers_run_by_deadline_then_by_start), \
	T(a_timer_of_0_ms_runs_in_the_next_turn), \
	T(a_timer_stopped_in_a_handler_does_not_run), \
	T(many_timers_keep_their_order), \
	T(a_datagram_arrives_over_ipv4), \
	T(a_datagram_arrives_over_ipv6), \
	T(datagrams_come_in_batches), \
	T(a_long_datagram_is_cut_and_flagged), \
	T(a_datagram_handler_may_close_its_socket), \
	T(what_was_closed_in_this_turn_is_not_called), \
	T(a_port_outside_the_plan_is_denied), \
	T(a_range_that_is_used_up_says_so), \
	T(a_dialled_stream_carries_bytes_both_ways), \
	T(a_refused_dial_is_lost), \
	T(a_stream_that_nobody_takes_is_closed), \
	T(bytes_that_are_left_come_again), \
	T(a_partial_message_does_not_spin), \
	T(a_stream_closed_half_way_is_lost_after_its_bytes), \
	T(a_stream_carries_single_bytes), \
	T(a_handler_may_close_its_stream), \
	T(what_was_sent_before_a_close_arrives), \
	T(a_close_ends_a_connection_that_the_keeper_holds), \
	T(a_paused_stream_waits), \
	T(output_beyond_its_limit_loses_the_stream), \
	T(a_full_stream_drains_and_says_so), \
	T(a_message_that_never_ends_loses_the_stream), \
	T(a_successor_finds_the_rest_of_a_connection), \
	T(a_successor_finds_the_rest_of_a_plaintext_end), \
	T(a_released_stream_goes_on_elsewhere), \
	T(a_channel_carries_messages_and_fds), \
	T(a_full_channel_says_so_and_tells_when_it_is_writable), \
	T(a_message_too_long_is_not_sent), \
	T(a_dead_process_loses_its_channels_after_what_it_said), \
	T(a_channel_is_read_without_the_loop), \
	T(hooks_run_each_turn_before_the_flush)
/* clang-format on */

#endif
