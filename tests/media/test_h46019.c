/* Media of others by H.460.19: who is learned, by what, what leaves in front of what, and who is not
 * believed. */
#include "world.h"

#include "../test.h"

#define ID_A     0xfe1234c1u
#define ID_B     0xfd0055c2u
#define FAR_RTP  0x0009eef1u
#define FAR_RTCP 2u
#define TYPE     116
#define OUTSIDE  "203.0.113.20" /* a firewall with clients of H.460.19 behind it */

static struct node edge;
static struct node *nodes[] = {&edge};
static struct flow_want want[2];
static int far[2], far_rtcp[2]; /* the plain ends */
static int client, client_rtcp; /* as the firewall shows it */

static void run(uint64_t ms)
{
	run_nodes(nodes, 1, ms);
}

static uint64_t stream_handle(uint32_t slot)
{
	return handle_make(HK_STREAM, slot, 5);
}

static void put(uint32_t i)
{
	flows_put(edge.flows, stream_handle(i), &want[i]);
}

static void tell(void)
{
	flows_edge_up(edge.flows, true);
	flows_zones_sync(edge.flows);
	put(0);
	put(1);
	flows_sync(edge.flows);
}

static struct flow_end direct(const char *local, uint16_t port, const char *remote, uint16_t rtp)
{
	struct flow_end e = {.kind = END_DIRECT, .has_rtcp = true, .row = PLAN_PUBLIC_RTP_IN};

	e.local = at(local, port);
	e.remote_rtp = at(remote, rtp);
	e.remote_rtcp = at(remote, (uint16_t)(rtp + 1));
	e.signalling = at(remote, 1720);
	return e;
}

/* A client's: it signals from outside, and says addresses of its private network. */
static struct flow_end by_id(uint32_t id)
{
	struct flow_end e = direct(EDGE, 36000, "10.0.0.5", 2776);

	e.kind = END_ID_SERVER;
	e.is_nat = true;
	e.row = PLAN_LINK_RTP;
	e.signalling = at(OUTSIDE, 40000);
	e.h46019 = (struct h46019){.role = H46019_SERVER,
		.keepalive_type = TYPE,
		.n_learn = 1,
		.id_in = id,
		.has_id_out = true,
		.id_rtp = FAR_RTP,
		.id_rtcp = FAR_RTCP};
	return e;
}

static struct flow_end plain(void)
{
	struct flow_end e = direct(EDGE, 36040, "10.0.0.5", 5000);

	e.is_nat = true;
	e.signalling = at(OUTSIDE, 40000);
	e.h46019 = (struct h46019){.role = H46019_SERVER, .keepalive_type = TYPE, .n_learn = 1};
	return e;
}

static void start(void)
{
	node_free(&edge);
	net_clear();
	node_init(&edge, true);
	for (uint16_t i = 0; i < 2; i++) {
		uint16_t port = (uint16_t)(4000 + 10 * i);

		want[i] = (struct flow_want){.call = 77, .classes = CLASS_RTP, .lease_ms = 120000};
		want[i].end[0] = by_id(i ? ID_B : ID_A);
		want[i].end[1] = direct(EDGE, (uint16_t)(36020 + 10 * i), "203.0.113.30", port);
		far[i] = phone("203.0.113.30", port);
		far_rtcp[i] = phone("203.0.113.30", (uint16_t)(port + 1));
	}
	client = phone(OUTSIDE, 61000);
	client_rtcp = phone(OUTSIDE, 61001);
	tell();
}

static const struct flow_counters *counters(void)
{
	return flows_counters(edge.flows);
}

static const struct flow_is *shown(uint32_t slot)
{
	for (size_t i = 0; i < ROWS_MAX; i++) {
		if (edge.ipc.rows[i].handle == stream_handle(slot))
			return &edge.ipc.rows[i].is;
	}
	return NULL;
}

/* ---- packets ---- */

static struct str behind(uint32_t id, struct str bytes)
{
	static uint8_t buf[MULTIPLEX_ID_LEN + DATAGRAM_MAX];

	multiplex_id_write(id, buf);
	memcpy(buf + MULTIPLEX_ID_LEN, bytes.p, bytes.len);
	return (struct str){(const char *)buf, MULTIPLEX_ID_LEN + bytes.len};
}

static struct str keepalive_rtp(uint8_t type)
{
	static uint8_t b[KEEPALIVE_RTP_LEN] = {0x80, 0, 0, 1};

	b[1] = type;
	return (struct str){(const char *)b, sizeof b};
}

static struct str keepalive_rtcp(void)
{
	static const uint8_t b[KEEPALIVE_RTCP_LEN] = {0x80, 0xc8, 0, 6};

	return (struct str){(const char *)b, sizeof b};
}

static struct str rtcp_of(uint32_t ssrc)
{
	static uint8_t b[8] = {0x80, 0xc9, 0, 1};

	for (int i = 0; i < 4; i++)
		b[4 + i] = (uint8_t)(ssrc >> (24 - 8 * i));
	return (struct str){(const char *)b, sizeof b};
}

static void give(int fd, uint16_t port, struct str bytes)
{
	struct addr a = at(EDGE, port);

	phone_send(fd, &a, bytes);
	run(1);
}

static void give_id(int fd, uint32_t id, struct str bytes)
{
	give(fd, 36000, behind(id, bytes));
}

static void give_rtcp_id(int fd, uint32_t id, struct str bytes)
{
	give(fd, 36001, behind(id, bytes));
}

/* Its media comes to plain end i. */
static bool is_heard(int fd, uint32_t id, int i)
{
	(void)phone_heard(far[i]);
	give_id(fd, id, rtp_bytes(0, 1, 7));
	return phone_heard(far[i]) == 1;
}

/* What plain end 0 says comes here, behind the far side's id. */
static bool is_told(int fd)
{
	struct str rtp = rtp_bytes(0, 9, 8), all;
	struct file *f = &net.files[fd];

	(void)phone_heard(fd);
	give(far[0], 36020, rtp);
	all = behind(FAR_RTP, rtp);
	return f->n_waiting == 1 && f->waiting[0].len == all.len &&
	       memcmp(f->waiting[0].bytes, all.p, all.len) == 0 && phone_heard(fd) == 1;
}

static size_t heard_by_all(void)
{
	return phone_heard(far[0]) + phone_heard(far[1]) + phone_heard(far_rtcp[0]) +
	       phone_heard(far_rtcp[1]);
}

/* ---- the shared pair ---- */

static void a_keepalive_shows_the_client(void)
{
	start();
	CHECK(!is_told(client) && counters()->no_destination == 1);
	give_id(client, ID_A, keepalive_rtp(TYPE));
	CHECK(phone_heard(far[0]) == 0); /* and goes no further */
	CHECK(is_told(client) && is_heard(client, ID_A, 0));
	CHECK(counters()->keepalives == 1 && counters()->unknown_source == 0);
	run(5000);
	CHECK(shown(0)->end[0].proof == PROOF_ID && shown(0)->end[0].rtp.port == 61000);
	CHECK(shown(0)->end[0].keepalives == 1 && shown(0)->end[0].rx_packets == 1);
	CHECK(shown(0)->end[0].rx_bytes == 32); /* without the id */
	CHECK(shown(0)->end[0].tx_packets == 1);
}

static void media_shows_it_too(void)
{
	start();
	CHECK(is_heard(client, ID_A, 0)); /* its first packet is relayed */
	CHECK(is_told(client));
	CHECK(phone_heard(far[1]) == 0);
}

static void streams_of_one_source(void)
{
	start();
	for (int i = 0; i < 3; i++)
		CHECK(is_heard(client, ID_A, 0) && phone_heard(far[1]) == 0 &&
			is_heard(client, ID_B, 1) && phone_heard(far[0]) == 0);
}

static void shapes_of_keepalives(void)
{
	static const struct {
		uint8_t bytes[12];
		bool is_one;
	} rows[] = {{{0x80, 0x74, 0, 1}, true}, {{0x80, 0xf4, 0, 100, 0, 0, 3, 32}, true},
		{{0x80, 0x74, 0, 1, 1, 2, 3, 4, 5, 6, 7, 8}, true},
		{{0x80, 0x75, 0, 1}, false}, /* of another type: media */
		{{0x81, 0x74, 0, 1}, false}, {{0x90, 0x74, 0, 1}, false}};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		start();
		give_id(client, ID_A, (struct str){(const char *)rows[i].bytes, 12});
		CHECK(counters()->keepalives == rows[i].is_one);
		CHECK(phone_heard(far[0]) == !rows[i].is_one);
	}
	start();
	give_id(client, ID_A,
		rtp_bytes(TYPE, 1, 7)); /* with a payload it is media: H.235 takes any type */
	CHECK(counters()->keepalives == 0 && phone_heard(far[0]) == 1);
}

static void a_type_that_is_not_announced_yet(void)
{
	start();
	want[0].end[0].h46019.keepalive_type = 0;
	put(0);
	give_id(client, ID_A, keepalive_rtp(96));
	give_id(client, ID_A, keepalive_rtp(127 | 0x80));
	CHECK(counters()->keepalives == 2 && phone_heard(far[0]) == 0 && is_told(client));
	give_id(client, ID_A, keepalive_rtp(18));
	CHECK(counters()->keepalives == 2 && phone_heard(far[0]) == 1);
}

static void rtcp(void)
{
	struct str all = behind(FAR_RTCP, rtcp_of(5));
	char report[28] = {(char)0x80, (char)0xc8, 0, 6, 1, 2, 3, 4, 9};
	struct file *f;

	start();
	f = &net.files[client_rtcp];
	give_rtcp_id(client_rtcp, ID_A, keepalive_rtcp());
	CHECK(counters()->keepalives == 1 && heard_by_all() == 0);
	give_rtcp_id(client_rtcp, ID_A, rtcp_of(7));
	CHECK(phone_heard(far_rtcp[0]) == 1 && phone_heard(far[0]) == 0);
	give(far_rtcp[0], 36021, rtcp_of(5));
	CHECK(f->n_waiting == 1 && f->waiting[0].len == 12);
	all = behind(FAR_RTCP, rtcp_of(5));
	CHECK(memcmp(f->waiting[0].bytes, all.p, all.len) == 0);
	CHECK(!is_told(client));                                   /* RTCP moves no RTP */
	give_rtcp_id(client_rtcp, ID_A, (struct str){report, 28}); /* of one that sends */
	CHECK(phone_heard(far_rtcp[0]) == 1 && counters()->keepalives == 1);
	report[8] = 0;
	give_rtcp_id(client_rtcp, ID_A, (struct str){report, 28});
	CHECK(phone_heard(far_rtcp[0]) == 0 && counters()->keepalives == 2); /* with an SSRC */
	give_id(client, ID_A, keepalive_rtcp());
	CHECK(phone_heard(far_rtcp[0]) == 0);
}

static void each_component_by_its_own(void)
{
	start();
	give_rtcp_id(client_rtcp, ID_A, rtp_bytes(0, 1, 7)); /* proves nothing there */
	give_rtcp_id(client_rtcp, ID_A, keepalive_rtp(TYPE));
	give_id(client, ID_A, rtcp_of(7));
	give_id(client, ID_A, keepalive_rtcp());
	CHECK(heard_by_all() == 0 && counters()->keepalives == 0 && !is_told(client));
	give(far_rtcp[0], 36021, rtcp_of(5));
	CHECK(phone_heard(client_rtcp) == 0);
	want[1].end[0].has_rtcp = false;
	put(1);
	give_rtcp_id(client_rtcp, ID_B, keepalive_rtcp());
	give_rtcp_id(client_rtcp, ID_B, rtcp_of(7));
	CHECK(heard_by_all() == 0 && counters()->unknown_ids == 2);
}

static void ids_read_backwards(void)
{
	uint32_t backwards = multiplex_id_backwards(ID_A);

	start();
	give_id(client, backwards, rtp_bytes(0, 1, 7));
	give_id(client, backwards, (struct str){rtp_bytes(0, 1, 7).p, 12});
	CHECK(heard_by_all() == 0 && counters()->unknown_ids == 2 && !is_told(client));
	give_id(client, backwards, keepalive_rtp(TYPE));
	CHECK(counters()->keepalives == 1 && is_told(client));
	give_rtcp_id(client_rtcp, backwards, keepalive_rtcp());
	CHECK(counters()->keepalives == 2);
	give_rtcp_id(client_rtcp, backwards, rtcp_of(7));
	CHECK(heard_by_all() == 0 && counters()->unknown_ids == 3);
	give_id(client, multiplex_id_backwards(ID_A ^ 0x100), keepalive_rtp(TYPE));
	CHECK(counters()->keepalives == 2 && counters()->unknown_ids == 4);
}

static void rtcp_without_an_id(void)
{
	start();
	give(client_rtcp, 36001, rtcp_of(7));
	CHECK(heard_by_all() == 0 && counters()->unknown_source == 1); /* proves nothing */
	give_rtcp_id(client_rtcp, ID_A, keepalive_rtcp());
	give(client_rtcp, 36001, rtcp_of(99));
	CHECK(phone_heard(far_rtcp[0]) == 1); /* the only stream there */
	give_rtcp_id(client_rtcp, ID_B, keepalive_rtcp());
	give(client_rtcp, 36001, rtcp_of(99));
	CHECK(heard_by_all() == 0);
	give_id(client, ID_A, rtp_bytes(0, 1, 7));
	give_id(client, ID_B, rtp_bytes(0, 1, 55));
	(void)heard_by_all();
	give(client_rtcp, 36001, rtcp_of(55));
	CHECK(phone_heard(far_rtcp[1]) == 1 && phone_heard(far_rtcp[0]) == 0);
	give(client_rtcp, 36001, rtcp_of(7));
	CHECK(phone_heard(far_rtcp[0]) == 1 && phone_heard(far_rtcp[1]) == 0);
	give(client, 36000, rtp_bytes(0, 2, 7)); /* RTP is nobody's without it */
	give(client_rtcp, 36000, rtcp_of(7));
	CHECK(heard_by_all() == 0);
	flows_del(edge.flows, stream_handle(0));
	give(client_rtcp, 36001, rtcp_of(99));
	CHECK(phone_heard(far_rtcp[1]) == 1);
}

/* ---- who is not believed ---- */

static void a_right_id_from_another_host(void)
{
	int thief;

	start();
	thief = phone("203.0.113.66", 61000);
	give_id(thief, ID_A, keepalive_rtp(TYPE));
	CHECK(!is_heard(thief, ID_A, 0) && !is_told(thief) && counters()->unknown_source == 2);
	give_rtcp_id(thief, ID_A, keepalive_rtcp());
	give_rtcp_id(thief, ID_A, rtcp_of(7));
	CHECK(heard_by_all() == 0 && counters()->keepalives == 0);
	CHECK(is_heard(client, ID_A, 0) && is_told(client));
	CHECK(!is_heard(thief, ID_A, 0) && !is_told(thief) && is_told(client));
	run(5000);
	CHECK(shown(0)->end[0].unknown_packets == 5);
}

static char logged[4000];

static void take_line(void *arg, struct str line)
{
	struct wr w = wr_of(logged + strlen(logged), sizeof logged - strlen(logged) - 1);

	(void)arg;
	wr_str(&w, line);
	logged[strlen(logged) + wr_len(&w)] = '\0';
}

static uint64_t wall(void *arg)
{
	(void)arg;
	return 0;
}

/* A NAT with several addresses looks like a lost port. */
static void another_host_is_said_once(void)
{
	int other;

	start();
	other = phone("203.0.113.21", 61000);
	memset(logged, 0, sizeof logged);
	edge.io.log = (struct log){.sink = take_line,
		.wall = wall,
		.level = LOG_NOTICE,
		.node = "edge",
		.process = "media"};
	for (int i = 0; i < 49; i++)
		give_id(other, ID_A, keepalive_rtp(TYPE));
	CHECK(!strstr(logged, "MED-112"));
	for (int i = 0; i < 60; i++)
		give_id(other, ID_A, rtp_bytes(0, 1, 7));
	CHECK(strstr(logged, "MED-112") && strstr(logged, "203.0.113.21"));
	CHECK(!strstr(strstr(logged, "MED-112") + 1, "MED-112"));
	CHECK(is_heard(client, ID_B, 1));
	for (int i = 0; i < 60; i++)
		give_id(other, ID_B, rtp_bytes(0, 1, 7));
	CHECK(!strstr(strstr(logged, "MED-112") + 1, "MED-112"));
	edge.io.log = (struct log){.level = LOG_ERROR};
}

static void locked_however_long_it_is_silent(void)
{
	int other;

	start();
	other = phone(OUTSIDE, 61002); /* of the same firewall */
	CHECK(is_heard(client, ID_A, 0));
	for (int i = 0; i < 20; i++) {
		run(3000);
		give_id(other, ID_A, keepalive_rtp(TYPE));
		CHECK(!is_heard(other, ID_A, 0));
	}
	CHECK(is_told(client) && phone_heard(other) == 0 && counters()->keepalives == 0);
}

static void only_a_new_channel_opens_it(void)
{
	int other, thief;

	start();
	other = phone(OUTSIDE, 61002);
	thief = phone("203.0.113.66", 61000);
	CHECK(is_heard(client, ID_A, 0));
	put(0); /* said again */
	want[0].end[0].remote_rtp = at("10.0.0.6", 3000);
	put(0); /* private addresses are no news */
	CHECK(!is_heard(other, ID_A, 0));
	want[0].end[0].h46019.n_learn++;
	put(0);
	CHECK(is_told(client)); /* it goes on until another has proved itself */
	CHECK(!is_heard(thief, ID_A, 0) && is_heard(client, ID_A, 0));
	give_id(other, ID_A, keepalive_rtp(TYPE));
	CHECK(is_told(other) && is_heard(other, ID_A, 0) && !is_heard(client, ID_A, 0));
	run(100);
	CHECK(!is_heard(client, ID_A, 0)); /* once */
}

static void an_opening_ends(void)
{
	int other;

	start();
	other = phone(OUTSIDE, 61002);
	CHECK(is_heard(client, ID_A, 0));
	want[0].end[0].h46019.n_learn++;
	put(0);
	run(LATCH_OPEN_NS / MS + 1);
	CHECK(!is_heard(other, ID_A, 0) && is_heard(client, ID_A, 0));
}

static void own_addresses_are_never_learned(void)
{
	int loop, low;

	start();
	loop = phone(EDGE, 36090);
	want[0].end[0].signalling = at(EDGE, 1720);
	put(0);
	give_id(loop, ID_A, keepalive_rtp(TYPE));
	CHECK(!is_heard(loop, ID_A, 0) && !is_told(loop));
	CHECK(counters()->keepalives == 0);
	want[0].end[0].signalling = at("127.0.0.1", 1720);
	put(0);
	low = phone("127.0.0.1", 5000);
	CHECK(!is_heard(low, ID_A, 0) && !is_told(low));
	want[0].end[0].signalling = at(OUTSIDE, 1720);
	put(0);
	CHECK(is_heard(client, ID_A, 0)); /* nothing of that is in its place */
}

static void a_flood_of_ids(void)
{
	uint64_t sent, records;
	uint32_t id = 0xffff00c0;
	int thief;

	start();
	thief = phone("203.0.113.66", 61000);
	sent = net.n_sent;
	records = edge.keep.n_puts;
	for (int i = 0; i < 5000; i++, id -= 256)
		give_id(thief, id, i % 2 ? keepalive_rtp(TYPE) : rtp_bytes(0, 1, 7));
	give_id(thief, 1, rtp_bytes(0, 1, 7));
	give(thief, 36000, (struct str){"\xfe\x12\x34\xc1", 4});
	give(thief, 36000, (struct str){"\xfe\x12\x34", 3});
	CHECK(counters()->unknown_ids == 5002 && counters()->unknown_source == 5003);
	CHECK(net.n_sent == sent + 5003 && edge.keep.n_puts == records); /* only their own */
	CHECK(heard_by_all() == 0 && flows_count(edge.flows) == 2);
	CHECK(is_heard(client, ID_A, 0));
}

static void an_id_is_one_streams(void)
{
	start();
	CHECK(is_heard(client, ID_A, 0));
	want[1].end[0].h46019.id_in = ID_A;
	put(1);
	CHECK(shown(1)->state == FLOW_REFUSED && strstr(shown(1)->why, "multiplexID"));
	CHECK(is_heard(client, ID_A, 0) && is_told(client));
	want[1].end[0].h46019.id_in = ID_B;
	put(1);
	CHECK(shown(1)->state != FLOW_REFUSED && is_heard(client, ID_B, 1));
	flows_del(edge.flows, stream_handle(0));
	CHECK(!is_heard(client, ID_A, 0));
	want[1].end[0].h46019.id_in =
		ID_A; /* another stream for the far side: it proves itself anew */
	put(1);
	CHECK(shown(1)->state != FLOW_REFUSED && !is_heard(client, ID_B, 1));
	CHECK(is_heard(client, ID_A, 1));
	flows_edge_up(edge.flows, false);
	run(121000);
	CHECK(flows_count(edge.flows) == 0 && !is_heard(client, ID_A, 1));
}

static void a_signalled_address_without_a_nat(void)
{
	int exact, other;

	start();
	want[0].end[0].is_nat = false;
	want[0].end[0].remote_rtp = at(OUTSIDE, 2776);
	want[0].end[0].signalling = at(OUTSIDE, 1720);
	put(0);
	exact = phone(OUTSIDE, 2776);
	other = phone(OUTSIDE, 61000);
	CHECK(is_told(exact)); /* it was named and may be used */
	CHECK(!is_heard(other, ID_A, 0));
	CHECK(is_heard(exact, ID_A, 0));
	start();
	want[0].end[0].is_nat = false;
	want[0].end[0].remote_rtp = at(OUTSIDE, 2776);
	put(0);
	give_id(client, ID_A, keepalive_rtp(TYPE)); /* or its keep-alive says another */
	CHECK(is_told(client) && is_heard(client, ID_A, 0));
}

/* A stream of our own node may carry what begins like an id. */
static void tokens_beside_ids(void)
{
	static uint8_t zone_key[32] = {1, 2, 3};
	struct zone_media z = {.name = "control", .is_edge = true, .keepalive_ms = 10000};
	struct token t = {.stream_id = 7, .component = TOKEN_RTP, .counter = 100};
	uint8_t key[TOKEN_KEY_LEN], buf[TOKEN_LEN];
	int control;

	start();
	memcpy(z.key, zone_key, sizeof z.key);
	flows_zone_put(edge.flows, handle_make(HK_ZONE, 3, 1), &z);
	want[1].classes = CLASS_OTHER;
	want[1].end[0] = (struct flow_end){.kind = END_MUX_SERVER,
		.row = PLAN_LINK_RTP,
		.local = at(EDGE, 36000),
		.stream_id = 7,
		.zone = handle_make(HK_ZONE, 3, 1)};
	put(1);
	control = phone("192.0.2.10", 36012);
	token_key((struct str){(const char *)zone_key, 32}, 7, TOKEN_RTP, TOKEN_BY_CONTROL, key);
	give(control, 36000, token_put(&t, key, buf));
	CHECK(phone_heard(control) == 1);
	give_id(control, ID_B, rtp_bytes(0, 1, 7));
	CHECK(phone_heard(far[1]) == 1 && counters()->unknown_ids == 0);
	give_id(control, ID_A, rtp_bytes(0, 1, 7)); /* that of another: it proves nothing */
	CHECK(heard_by_all() == 0);
	CHECK(is_heard(client, ID_A, 0) && !is_heard(client, ID_B, 1));
	want[1] = (struct flow_want){.call = 77, .classes = CLASS_RTP, .lease_ms = 120000};
	want[1].end[0] = by_id(ID_B);
	want[1].end[1] = direct(EDGE, 36030, "203.0.113.30", 4010);
	put(1); /* the same stream becomes one by an id */
	give(control, 36000, rtp_bytes(0, 1, 7));
	CHECK(heard_by_all() == 0 && is_heard(client, ID_B, 1));
}

/* ---- legs ---- */

static void between_two_multiplexed_ends(void)
{
	struct str rtp = rtp_bytes(0, 1, 7), all;
	struct file *f;
	int b;

	start();
	flows_del(edge.flows, stream_handle(1));
	want[0].end[1] = by_id(ID_B);
	want[0].end[1].signalling = at("203.0.113.40", 1720);
	want[0].end[1].h46019.id_rtp = 3;
	put(0);
	b = phone("203.0.113.40", 2776);
	f = &net.files[b];
	give_id(b, ID_A, rtp); /* its own alone */
	CHECK(phone_heard(client) == 0);
	give_id(b, ID_B, keepalive_rtp(TYPE));
	give_id(client, ID_A, rtp);
	all = behind(3, rtp);
	CHECK(f->n_waiting == 1 && f->waiting[0].len == all.len);
	CHECK(memcmp(f->waiting[0].bytes, all.p, all.len) == 0);
	give_id(b, ID_B, rtp);
	f = &net.files[client];
	all = behind(FAR_RTP, rtp);
	CHECK(f->n_waiting == 1 && memcmp(f->waiting[0].bytes, all.p, all.len) == 0);
}

static bool plain_is_heard(int fd)
{
	(void)phone_heard(far[0]);
	give(fd, 36040, rtp_bytes(0, 1, 7));
	return phone_heard(far[0]) == 1;
}

static bool plain_is_told(int fd)
{
	(void)phone_heard(fd);
	give(far[0], 36020, rtp_bytes(0, 1, 7));
	return net.files[fd].waiting[0].len == 32 && phone_heard(fd) == 1;
}

static void a_plain_port_by_keepalive(void)
{
	int thief, other;

	start();
	thief = phone("203.0.113.66", 61000);
	other = phone(OUTSIDE, 61002);
	want[0].end[0] = plain();
	put(0);
	give(thief, 36040, keepalive_rtp(TYPE));
	give(client, 36040, keepalive_rtp(TYPE + 1)); /* not what was announced */
	CHECK(!plain_is_told(thief) && !plain_is_told(client) && phone_heard(far[0]) == 0);
	give(client, 36040, keepalive_rtp(TYPE | 0x80));
	CHECK(phone_heard(far[0]) == 0 && plain_is_told(client) && plain_is_heard(client));
	give(client_rtcp, 36041, keepalive_rtcp());
	CHECK(phone_heard(far_rtcp[0]) == 0 && counters()->keepalives == 2);
	give(client_rtcp, 36041, rtcp_of(7));
	CHECK(phone_heard(far_rtcp[0]) == 1);
	run(5000);
	CHECK(shown(0)->end[0].proof == PROOF_KEEPALIVE && shown(0)->end[0].keepalives == 2);
	give(other, 36040, keepalive_rtp(TYPE)); /* locked */
	CHECK(!plain_is_heard(other) && plain_is_told(client));
	want[0].end[0].h46019.n_learn++;
	put(0);
	give(other, 36040, keepalive_rtp(TYPE));
	CHECK(plain_is_heard(other) && !plain_is_heard(client));
}

static void a_plain_port_by_media(void)
{
	start();
	want[0].end[0] = plain();
	want[0].end[0].h46019.keepalive_type = 0; /* none announced: none is one */
	put(0);
	give(client, 36040, keepalive_rtp(TYPE));
	CHECK(counters()->keepalives == 0 && !plain_is_told(client));
	for (uint16_t i = 2; i < 5; i++)
		give(client, 36040, rtp_bytes(0, i, 7));
	CHECK(phone_heard(far[0]) == 1 && plain_is_told(client));
	CHECK(shown(0)->end[0].proof == PROOF_SEQUENCE);
}

static void a_plain_port_whose_far_side_is_multiplexed(void)
{
	start();
	want[0].end[0] = plain();
	want[0].end[0].h46019.has_id_out = true;
	want[0].end[0].h46019.id_rtp = FAR_RTP;
	put(0);
	give(client, 36040, keepalive_rtp(TYPE));
	CHECK(is_told(client) && plain_is_heard(client));
}

static void between_two_plain_ends(void)
{
	int b;

	start();
	b = phone("203.0.113.40", 7000);
	want[0].end[0] = plain();
	want[0].end[1] = plain();
	want[0].end[1].local = at(EDGE, 36020);
	want[0].end[1].signalling = at("203.0.113.40", 1720);
	put(0);
	give(client, 36040, keepalive_rtp(TYPE));
	give(b, 36020, keepalive_rtp(TYPE));
	CHECK(phone_heard(b) == 0 && phone_heard(client) == 0);
	give(client, 36040, rtp_bytes(0, 1, 7));
	give(b, 36020, rtp_bytes(0, 1, 8));
	CHECK(phone_heard(b) == 1 && phone_heard(client) == 1);
}

/* ---- what survives ---- */

static void a_kill_loses_nothing(void)
{
	int other;

	start();
	other = phone(OUTSIDE, 61002);
	give_rtcp_id(client_rtcp, ID_A, keepalive_rtcp());
	CHECK(is_heard(client, ID_A, 0));
	node_kill(&edge);
	node_start(&edge);
	CHECK(is_told(client) && is_heard(client, ID_A, 0)); /* signalling is away */
	give(client_rtcp, 36001, rtcp_of(7));
	CHECK(phone_heard(far_rtcp[0]) == 1);
	CHECK(!is_heard(other, ID_A, 0) && is_heard(client, ID_B, 1));
	tell();
	CHECK(!is_heard(other, ID_A, 0) && is_told(client));
	want[0].end[0].h46019.n_learn++;
	put(0);
	node_kill(&edge);
	node_start(&edge);
	CHECK(is_told(client) && is_heard(other, ID_A, 0)); /* it was open */
	want[0].end[0].h46019.n_learn++;
	put(0);
	run(LATCH_OPEN_NS / MS + 1);
	node_kill(&edge);
	node_start(&edge);
	CHECK(!is_heard(client, ID_A, 0) && is_heard(other, ID_A, 0)); /* it is shut */
}

static void a_kill_of_a_plain_one(void)
{
	start();
	want[0].end[0] = plain();
	put(0);
	give(client, 36040, keepalive_rtp(TYPE));
	node_kill(&edge);
	node_start(&edge);
	CHECK(plain_is_told(client) && plain_is_heard(client));
}

static void keepalives_put_no_records(void)
{
	uint64_t before;

	start();
	give_id(client, ID_A, keepalive_rtp(TYPE));
	give_rtcp_id(client_rtcp, ID_A, keepalive_rtcp());
	before = edge.keep.n_puts;
	for (int i = 0; i < 50; i++) {
		give_id(client, ID_A, keepalive_rtp(TYPE));
		give_rtcp_id(client_rtcp, ID_A, keepalive_rtcp());
	}
	CHECK(edge.keep.n_puts == before && counters()->keepalives == 102);
	node_free(&edge);
}

TEST_MAIN(T(a_keepalive_shows_the_client), T(media_shows_it_too), T(streams_of_one_source),
	T(shapes_of_keepalives), T(a_type_that_is_not_announced_yet), T(rtcp),
	T(each_component_by_its_own), T(ids_read_backwards), T(rtcp_without_an_id),
	T(a_right_id_from_another_host), T(another_host_is_said_once),
	T(locked_however_long_it_is_silent), T(only_a_new_channel_opens_it), T(an_opening_ends),
	T(own_addresses_are_never_learned), T(a_flood_of_ids), T(an_id_is_one_streams),
	T(a_signalled_address_without_a_nat), T(tokens_beside_ids), T(between_two_multiplexed_ends),
	T(a_plain_port_by_keepalive), T(a_plain_port_by_media),
	T(a_plain_port_whose_far_side_is_multiplexed), T(between_two_plain_ends),
	T(a_kill_loses_nothing), T(a_kill_of_a_plain_one), T(keepalives_put_no_records))
