/* Edge's multiplexed pair: what a token does, and everything that must not do it. */
#include "world.h"

#include "../test.h"

#define A 0x1111111111111111ull
#define B 0x2222222222222222ull

static struct node edge;
static struct node *nodes[] = {&edge};
static uint8_t zone_key[32] = {1, 2, 3};
static struct flow_want want[2]; /* streams A and B */
static int far[2];

static void run(uint64_t ms)
{
	run_nodes(nodes, 1, ms);
}

static uint64_t stream_handle(uint32_t slot)
{
	return handle_make(HK_STREAM, slot, 5);
}

static void give_zone(const struct addr *peer)
{
	struct zone_media z = {.name = "control", .is_edge = true, .keepalive_ms = 10000};

	memcpy(z.key, zone_key, sizeof z.key);
	if (peer)
		z.peer = *peer;
	flows_zone_put(edge.flows, handle_make(HK_ZONE, 3, 1), &z);
}

static void tell(void)
{
	flows_edge_up(edge.flows, true);
	give_zone(NULL);
	flows_zones_sync(edge.flows);
	for (uint32_t i = 0; i < 2; i++)
		flows_put(edge.flows, stream_handle(i), &want[i]);
	flows_sync(edge.flows);
}

static void start(void)
{
	node_free(&edge);
	net_clear();
	node_init(&edge, true);
	for (uint16_t i = 0; i < 2; i++) {
		struct flow_end *link = &want[i].end[0], *out = &want[i].end[1];
		uint16_t port = (uint16_t)(4000 + 10 * i);

		want[i] = (struct flow_want){.call = 77, .classes = CLASS_RTP, .lease_ms = 120000};
		*link = (struct flow_end){.kind = END_MUX_SERVER,
			.has_rtcp = true,
			.row = PLAN_LINK_RTP,
			.local = at(EDGE, 36000),
			.stream_id = i ? B : A,
			.zone = handle_make(HK_ZONE, 3, 1)};
		*out = (struct flow_end){.kind = END_DIRECT,
			.row = PLAN_PUBLIC_RTP_IN,
			.local = at(EDGE, (uint16_t)(36020 + 10 * i)),
			.remote_rtp = at("203.0.113.20", port),
			.signalling = at("203.0.113.20", 5060)};
		far[i] = phone("203.0.113.20", port);
	}
	tell();
}

static struct str token_by(const uint8_t media_key[32], uint64_t id, enum token_component c,
	uint64_t counter, uint8_t tid)
{
	static uint8_t buf[TOKEN_LEN];
	struct token t = {.stream_id = id, .component = c, .counter = counter};
	uint8_t key[TOKEN_KEY_LEN];

	memset(t.tid, tid, sizeof t.tid);
	token_key((struct str){(const char *)media_key, 32}, id, c, TOKEN_BY_CONTROL, key);
	return token_put(&t, key, buf);
}

static void give(int fd, uint16_t port, struct str bytes)
{
	struct addr a = at(EDGE, port);

	phone_send(fd, &a, bytes);
	run(1);
}

/* A right token of stream id, and whether it was answered, rightly. */
static bool prove(int fd, uint64_t id, uint64_t counter)
{
	uint8_t tid[STUN_TID_LEN], key[TOKEN_KEY_LEN];
	struct file *f = &net.files[fd];
	struct addr mapped;
	struct str got;

	f->n_waiting = 0;
	give(fd, 36000, token_by(zone_key, id, TOKEN_RTP, counter, (uint8_t)counter));
	if (!f->n_waiting)
		return false;
	got = (struct str){f->waiting[0].bytes, f->waiting[0].len};
	token_key((struct str){(const char *)zone_key, 32}, id, TOKEN_RTP, TOKEN_BY_EDGE, key);
	return f->n_waiting-- == 1 && token_answer_parse(got, tid, &mapped) == OK &&
	       token_is_proved(got, key) && tid[0] == (uint8_t)counter &&
	       addr_eq(&mapped, &f->addr);
}

static size_t relayed(int fd, int to)
{
	(void)phone_heard(far[to]);
	give(fd, 36000, rtp_bytes(0, 1, 7));
	return phone_heard(far[to]);
}

static size_t reaches(int fd)
{
	struct addr a = at(EDGE, 36020);

	(void)phone_heard(fd);
	phone_send(far[0], &a, rtp_bytes(0, 1, 7));
	run(1);
	return phone_heard(fd);
}

static const struct flow_counters *counters(void)
{
	return flows_counters(edge.flows);
}

static void latches_and_answers(void)
{
	int control;

	start();
	control = phone("192.0.2.10", 36012);
	CHECK(relayed(control, 0) == 0 && reaches(control) == 0);
	CHECK(prove(control, A, 100));
	CHECK(relayed(control, 0) == 1 && reaches(control) == 1);
	CHECK(relayed(control, 1) == 0); /* and no other stream */
}

static void a_component_proves_itself_alone(void)
{
	int control;

	start();
	control = phone("192.0.2.10", 36012);
	give(control, 36001, token_by(zone_key, A, TOKEN_RTP, 100, 1)); /* on the wrong port */
	give(control, 36000, token_by(zone_key, A, TOKEN_RTCP, 100, 1));
	CHECK(phone_heard(control) == 0 && counters()->tokens_refused == 2);
	give(control, 36001, token_by(zone_key, A, TOKEN_RTCP, 100, 1));
	CHECK(phone_heard(control) == 1);
	CHECK(relayed(control, 0) == 0); /* its RTP has not */
}

static void replays_move_nothing(void)
{
	int control, thief;

	start();
	control = phone("192.0.2.10", 36012);
	thief = phone("192.0.2.99", 40000);
	CHECK(prove(control, A, 100) && prove(control, A, 200));
	CHECK(!prove(thief, A, 200) && !prove(thief, A, 150) && !prove(thief, A, 100));
	CHECK(!prove(control, A, 199)); /* reordered on the way */
	CHECK(counters()->tokens_replayed == 4);
	CHECK(relayed(thief, 0) == 0 && relayed(control, 0) == 1 && reaches(thief) == 0);
	CHECK(prove(control, A, 200)); /* repeated on the wire: the same answer */
}

static void a_higher_counter_moves_the_stream(void)
{
	int before, after;

	start();
	before = phone("192.0.2.10", 36012);
	after = phone("192.0.2.11", 50000);
	CHECK(prove(before, A, 100) && prove(after, A, 101));
	CHECK(relayed(after, 0) == 1 && reaches(after) == 1);
	CHECK(relayed(before, 0) == 0 && reaches(before) == 0);
	CHECK(counters()->unknown_source == 1);
}

static void the_newest_token_owns_a_source(void)
{
	int port;

	start();
	port = phone("192.0.2.10", 36012); /* a NAT gave a freed port again */
	CHECK(prove(port, A, 100) && relayed(port, 0) == 1);
	CHECK(prove(port, B, 100) && relayed(port, 1) == 1 && relayed(port, 0) == 0);
	CHECK(reaches(port) == 0); /* A has no source until its own next token */
	CHECK(prove(port, A, 101) && relayed(port, 0) == 1 && reaches(port) == 1);
}

static void unknown_ids_and_wrong_keys(void)
{
	uint8_t other_key[32] = {9};
	int control;
	struct str t;
	char bad[TOKEN_LEN];

	start();
	control = phone("192.0.2.10", 36012);
	give(control, 36000, token_by(zone_key, 0x3333, TOKEN_RTP, 100, 1));
	CHECK(counters()->tokens_refused == 1);
	give(control, 36000, token_by(other_key, A, TOKEN_RTP, 100, 1));
	CHECK(counters()->tokens_unproved == 1);
	t = token_by(zone_key, A, TOKEN_RTP, 100, 1);
	for (size_t i = 0; i < t.len; i++) {
		memcpy(bad, t.p, t.len);
		bad[i] ^= 1;
		give(control, 36000, (struct str){bad, t.len});
	}
	for (size_t i = 0; i < t.len; i++)
		give(control, 36000, str_head(t, i));
	CHECK(phone_heard(control) == 0 && relayed(control, 0) == 0);
	CHECK(prove(control, A, 100)); /* nothing of that raised the counter */
}

static void a_zone_without_keys_proves_nothing(void)
{
	int control;

	start();
	control = phone("192.0.2.10", 36012);
	flows_zone_del(edge.flows, handle_make(HK_ZONE, 3, 1));
	CHECK(!prove(control, A, 100));
	give_zone(NULL);
	CHECK(prove(control, A, 100));
}

static void both_keys_while_one_is_replaced(void)
{
	struct zone_media z = {
		.name = "control", .is_edge = true, .keepalive_ms = 10000, .has_old_key = true};
	int control;

	start();
	control = phone("192.0.2.10", 36012);
	memcpy(z.old_key, zone_key, sizeof z.old_key);
	z.key[0] = 77;
	flows_zone_put(edge.flows, handle_make(HK_ZONE, 3, 1), &z);
	CHECK(prove(control, A, 100)); /* with the old one, and so is the answer */
	z.has_old_key = false;
	flows_zone_put(edge.flows, handle_make(HK_ZONE, 3, 1), &z);
	CHECK(!prove(control, A, 101));
}

static void ended_streams(void)
{
	int control;

	start();
	control = phone("192.0.2.10", 36012);
	CHECK(prove(control, A, 100));
	flows_del(edge.flows, stream_handle(0));
	CHECK(!prove(control, A, 101) && relayed(control, 0) == 0);
	CHECK(prove(control, B, 100)); /* its source is free for another */
	flows_edge_up(edge.flows, false);
	run(121000);
	CHECK(flows_count(edge.flows) == 0 && !prove(control, B, 101));
}

static void captured_tokens_after_a_restart(void)
{
	int control, thief;

	start();
	control = phone("192.0.2.10", 36012);
	thief = phone("192.0.2.99", 40000);
	CHECK(prove(control, A, 100) && prove(control, A, 200) && prove(control, A, 300));
	node_kill(&edge); /* its record has the counter of the move: 100 */
	node_start(&edge);
	tell();
	CHECK(relayed(control, 0) == 1 && reaches(control) == 1);
	CHECK(!prove(thief, A, 300)); /* the stream is talking */
	run(500);
	CHECK(relayed(control, 0) == 1);
	run(600);
	CHECK(!prove(thief, A, 300) && relayed(control, 0) == 1);
	CHECK(prove(control, A, 400)); /* from here on all is as before */
	run(5000);
	CHECK(!prove(thief, A, 300));
	CHECK(prove(thief, A, 401)); /* whoever has the key may move it */
	node_kill(&edge);
	node_start(&edge);
	tell();
	run(1500); /* silent, but what was seen up to the move is known */
	CHECK(!prove(control, A, 401) && !prove(control, A, 100));
	CHECK(prove(control, A, 402));
}

static void a_moved_control_after_a_restart_waits_for_silence(void)
{
	int before, after;

	start();
	before = phone("192.0.2.10", 36012);
	after = phone("192.0.2.11", 50000);
	CHECK(prove(before, A, 100));
	node_kill(&edge);
	node_start(&edge);
	tell();
	CHECK(!prove(after, A, 101)); /* the restart itself is no silence */
	CHECK(relayed(before, 0) == 1);
	CHECK(!prove(after, A, 101));
	run(1001);
	CHECK(prove(after, A, 102) && relayed(after, 0) == 1 && relayed(before, 0) == 0);
}

static void refreshes_put_no_records(void)
{
	uint64_t before;
	int control;

	start();
	control = phone("192.0.2.10", 36012);
	CHECK(prove(control, A, 100));
	before = edge.keep.n_puts;
	for (uint64_t i = 0; i < 50; i++)
		CHECK(prove(control, A, 101 + i));
	CHECK(edge.keep.n_puts == before);
}

/* A pinhole is as old as the last token, whoever counts. */
static void a_restart_makes_no_pinhole_younger(void)
{
	int control;

	start();
	control = phone("192.0.2.10", 36012);
	CHECK(prove(control, A, 100));
	run(9500);
	CHECK(prove(control, A, 101));
	run(9500);
	CHECK(prove(control, A, 102));
	run(15000);
	node_kill(&edge);
	node_start(&edge);
	tell();
	CHECK(reaches(control) == 1); /* 15 s old, as it was */
	run(3900);
	CHECK(reaches(control) == 1);
	run(600);
	CHECK(reaches(control) == 0); /* Control is gone */
	node_kill(&edge);
	node_start(&edge);
	tell();
	CHECK(reaches(control) == 0);
	CHECK(prove(control, A, 103) && reaches(control) == 1);
}

/* Killed just after a token: the successor waits for the next one, not for the one that it missed. */
static void a_token_is_known_to_the_successor_at_once(void)
{
	int control;

	start();
	control = phone("192.0.2.10", 36012);
	CHECK(prove(control, A, 100));
	run(10000);
	CHECK(prove(control, A, 101));
	node_kill(&edge);
	node_start(&edge);
	tell();
	run(9900);
	CHECK(reaches(control) == 1);
}

static void ages_of_pinholes_are_kept_coarsely(void)
{
	uint64_t before;
	int control;

	start();
	control = phone("192.0.2.10", 36012);
	CHECK(prove(control, A, 100));
	before = edge.keep.n_puts;
	for (uint64_t i = 0; i < 20; i++) {
		run(1000);
		CHECK(prove(control, A, 101 + i));
	}
	CHECK(edge.keep.n_puts - before == 4 || edge.keep.n_puts - before == 3);
}

static void a_flood_buys_little_time(void)
{
	uint8_t other_key[32] = {9};
	struct addr peer = at("192.0.2.10", 0);
	int thief, control, late;

	start();
	thief = phone("192.0.2.99", 40000);
	control = phone("192.0.2.10", 36012);
	late = phone("192.0.2.98", 40000);
	give_zone(&peer);
	for (uint64_t i = 0; i < 2500; i++) {
		struct addr a = at(EDGE, 36000);

		phone_send(thief, &a, token_by(other_key, A, TOKEN_RTP, 100 + i, 1));
		run(0);
	}
	CHECK(counters()->tokens_unproved == 2500);
	CHECK(!prove(late, B, 5000));   /* rationed */
	CHECK(prove(control, A, 5000)); /* not the zone's own address */
	run(1000);
	CHECK(prove(late, B, 5000));
	CHECK(phone_heard(thief) == 0);
}

static void media_of_unproved_sources_only_counts(void)
{
	int thief, control;

	start();
	control = phone("192.0.2.10", 36012);
	thief = phone("192.0.2.99", 40000);
	CHECK(prove(control, A, 100));
	for (uint16_t i = 0; i < 500; i++)
		give(thief, 36000, rtp_bytes(0, i, 9));
	give(thief, 36000, (struct str){"\0\1 not a token", 14});
	give(thief, 36000, STR("\xc0\xc0\xc0\xc0 an id"));
	CHECK(phone_heard(far[0]) == 0 && phone_heard(far[1]) == 0 && phone_heard(thief) == 0);
	CHECK(counters()->unknown_source == 502 && counters()->relayed == 0);
}

static void datagrams_that_look_like_stun(void)
{
	int control;

	start();
	control = phone("192.0.2.10", 36012);
	CHECK(prove(control, A, 100));
	give(control, 36000, (struct str){"\0\1UDPTL", 7});
	CHECK(phone_heard(far[0]) == 0); /* not of this flow's classes */
	want[0].classes = CLASS_STUN | CLASS_OTHER;
	flows_put(edge.flows, stream_handle(0), &want[0]);
	give(control, 36000, (struct str){"\0\1UDPTL", 7});
	CHECK(phone_heard(far[0]) == 1);
	CHECK(prove(control, A, 101));
	node_free(&edge);
}

TEST_MAIN(T(latches_and_answers), T(a_component_proves_itself_alone), T(replays_move_nothing),
	T(a_higher_counter_moves_the_stream), T(the_newest_token_owns_a_source),
	T(unknown_ids_and_wrong_keys), T(a_zone_without_keys_proves_nothing),
	T(both_keys_while_one_is_replaced), T(ended_streams), T(captured_tokens_after_a_restart),
	T(a_moved_control_after_a_restart_waits_for_silence), T(refreshes_put_no_records),
	T(a_restart_makes_no_pinhole_younger), T(a_token_is_known_to_the_successor_at_once),
	T(ages_of_pinholes_are_kept_coarsely), T(a_flood_buys_little_time),
	T(media_of_unproved_sources_only_counts), T(datagrams_that_look_like_stun))
