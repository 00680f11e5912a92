/* Control as a client of H.460.19: what leaves its ports when, and whom it hears. */
#include "world.h"

#include "../test.h"

#define SERVER  "203.0.113.20" /* another's, outside */
#define THEIRS  1u
#define THEIRS2 0x80000002u
#define OURS    0xfe1234c1u
#define TYPE    116

static struct node control, edge;
static struct node *nodes[] = {&control, &edge};
static struct flow_want want;
static int inside, server, server_rtcp;

static void run(uint64_t ms)
{
	run_nodes(nodes, edge.conf ? 2 : 1, ms);
}

static void put(void)
{
	flows_put(control.flows, handle_make(HK_STREAM, 0, 5), &want);
}

static void tell(void)
{
	flows_edge_up(control.flows, true);
	flows_zones_sync(control.flows);
	put();
	flows_sync(control.flows);
}

static struct flow_end direct(const char *local, uint16_t port, const char *remote, uint16_t rtp)
{
	struct flow_end e = {.kind = END_DIRECT, .has_rtcp = true, .row = PLAN_INSIDE_RTP_IN};

	e.local = at(local, port);
	e.remote_rtp = at(remote, rtp);
	e.remote_rtcp = at(remote, (uint16_t)(rtp + 1));
	e.signalling = at(remote, 1720);
	return e;
}

static void start(void)
{
	node_free(&control);
	node_free(&edge);
	net_clear();
	node_init(&control, false);
	inside = phone("192.0.2.50", 4000);
	server = phone(SERVER, 36000);
	server_rtcp = phone(SERVER, 36001);
	want = (struct flow_want){.call = 77, .classes = CLASS_RTP, .lease_ms = 120000};
	want.end[0] = direct(CONTROL, 36010, "192.0.2.50", 4000);
	want.end[1] = direct(CONTROL, 36012, SERVER, 36000);
	want.end[1].row = PLAN_H46018_RTP;
	want.end[1].h46019 = (struct h46019){.role = H46019_CLIENT,
		.keepalive_type = TYPE,
		.keepalive_ms = 10000,
		.keepalive_rtp = at(SERVER, 36000),
		.keepalive_rtcp = at(SERVER, 36001)};
}

static void be_multiplexed(void)
{
	struct h46019 *h = &want.end[1].h46019;

	h->has_id_out = true;
	h->id_keepalive = THEIRS;
	h->id_rtp = THEIRS2;
	h->id_rtcp = THEIRS;
}

static bool is_first(int fd, const char *bytes, size_t len)
{
	const struct file *f = &net.files[fd];

	return f->n_waiting && f->waiting[0].len == len &&
	       memcmp(f->waiting[0].bytes, bytes, len) == 0;
}

static void at_once_and_each_interval(void)
{
	struct addr from = at(CONTROL, 36012);
	size_t n;

	start();
	tell();
	run(0);
	CHECK(is_first(server, "\x80\x74\0\1\0\0\0\0\0\0\0\0", 12));
	CHECK(is_first(
		server_rtcp, "\x80\xc8\0\6\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 28));
	CHECK(addr_eq(&net.files[server].waiting[0].from, &from)); /* from the port itself */
	CHECK(phone_heard(server) == 1 && phone_heard(server_rtcp) == 1);
	run(200);
	CHECK(is_first(server, "\x80\x74\0\2\0\0\0\0\0\0\0\0", 12)); /* the first may be lost */
	run(800);
	CHECK(phone_heard(server) == 2 && phone_heard(server_rtcp) == 2);
	run(8500);
	CHECK(phone_heard(server) == 0);
	run(1500);
	CHECK(phone_heard(server) == 1 && phone_heard(server_rtcp) == 1);
	run(100000);
	n = phone_heard(server);
	CHECK(n >= 10 && n <= 12); /* ten seconds or a little less */
	CHECK(phone_heard(inside) == 0);
}

static void behind_the_servers_id(void)
{
	static const char rtp[] = "\0\0\0\1\x80\x74\0\1\0\0\0\0\0\0\0\0";
	static const char rtcp[33] = "\0\0\0\1\x80\xc8\0\6";
	struct addr a = at(CONTROL, 36010);

	start();
	be_multiplexed();
	tell();
	run(0);
	CHECK(is_first(server, rtp, 16) && is_first(server_rtcp, rtcp, 32));
	(void)phone_heard(server);
	phone_send(inside, &a, rtp_bytes(0, 1, 7));
	run(20);
	CHECK(net.files[server].waiting[0].len == 36);
	CHECK(memcmp(net.files[server].waiting[0].bytes, "\x80\0\0\2\x80", 5) == 0);
}

static void an_interval_that_closes_firewalls(void)
{
	static const uint32_t rows[] = {0, 30000, ~0u, 19000};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		start();
		want.end[1].h46019.keepalive_ms = rows[i];
		tell();
		run(1500);
		(void)phone_heard(server);
		run(15000);
		CHECK(phone_heard(server) == 0);
		run(5000);
		CHECK(phone_heard(server) == 1);
	}
	start();
	want.end[1].h46019.keepalive_ms = 1; /* a server may not make us flood */
	tell();
	run(1500);
	(void)phone_heard(server);
	run(10000);
	CHECK(phone_heard(server) <= 12);
}

static void said_again_and_said_anew(void)
{
	int other;

	start();
	tell();
	run(1500);
	(void)phone_heard(server);
	put();
	run(100);
	CHECK(phone_heard(server) == 0);
	other = phone(SERVER, 36002);
	want.end[1].h46019.keepalive_rtp = at(SERVER, 36002);
	put();
	run(0);
	CHECK(phone_heard(other) == 1 && phone_heard(server) == 0);
	want.end[1].h46019 = (struct h46019){0};
	put();
	run(60000);
	(void)phone_heard(other);
	run(60000);
	CHECK(phone_heard(other) == 0);
}

static void nothing_to_addresses_that_are_not_allowed(void)
{
	uint64_t before;

	start();
	want.end[1].h46019.keepalive_rtp = at("127.0.0.1", 36000);
	want.end[1].h46019.keepalive_rtcp = at(CONTROL, 36001);
	tell();
	before = net.n_sent;
	run(60000);
	CHECK(net.n_sent == before);
	want.end[1].h46019.keepalive_rtp = want.end[1].h46019.keepalive_rtcp = (struct addr){0};
	put();
	run(60000);
	CHECK(net.n_sent == before);
}

static bool is_heard(int fd, struct str bytes)
{
	struct addr a = at(CONTROL, 36012);

	(void)phone_heard(inside);
	phone_send(fd, &a, bytes);
	run(1);
	return phone_heard(inside) == 1;
}

static struct str behind(uint32_t id, struct str bytes)
{
	static uint8_t buf[DATAGRAM_MAX];

	multiplex_id_write(id, buf);
	memcpy(buf + MULTIPLEX_ID_LEN, bytes.p, bytes.len);
	return (struct str){(const char *)buf, MULTIPLEX_ID_LEN + bytes.len};
}

static void the_server_is_heard(void)
{
	int thief, phone_rtcp;
	struct addr a = at(CONTROL, 36013);

	start();
	thief = phone("203.0.113.66", 36000);
	phone_rtcp = phone("192.0.2.50", 4001);
	tell();
	CHECK(is_heard(server, rtp_bytes(0, 1, 7)) && !is_heard(thief, rtp_bytes(0, 1, 7)));
	want.end[1].h46019.id_in = OURS;
	put();
	CHECK(!is_heard(server, rtp_bytes(0, 1, 7)));
	CHECK(is_heard(server, behind(OURS, rtp_bytes(0, 1, 7))));
	CHECK(net.files[inside].waiting[0].len == 32);
	CHECK(!is_heard(server, behind(multiplex_id_backwards(OURS), rtp_bytes(0, 1, 7))));
	CHECK(!is_heard(server, behind(OURS ^ 256, rtp_bytes(0, 1, 7))));
	CHECK(!is_heard(thief, behind(OURS, rtp_bytes(0, 1, 7))));
	CHECK(!is_heard(server, (struct str){"\xfe\x12\x34\xc1", 4}));
	CHECK(!is_heard(server, (struct str){"\xfe", 1}));
	phone_send(server_rtcp, &a, rtcp_bytes());
	run(1);
	CHECK(phone_heard(phone_rtcp) == 0); /* nobody has proved himself there */
	phone_send(server_rtcp, &a, behind(OURS, rtcp_bytes()));
	run(1);
	phone_send(server_rtcp, &a, rtcp_bytes());
	run(1);
	CHECK(phone_heard(phone_rtcp) == 2);
}

/* Its channel is open, ours towards it is not yet. */
static void the_server_speaks_first(void)
{
	start();
	want.end[1].remote_rtp = want.end[1].remote_rtcp = (struct addr){0};
	tell();
	run(0);
	CHECK(phone_heard(server) == 1);
	CHECK(is_heard(server, rtp_bytes(0, 1, 7)));
}

static void a_kill_goes_on(void)
{
	start();
	be_multiplexed();
	tell();
	run(5000);
	CHECK(is_heard(server, rtp_bytes(0, 1, 7)));
	(void)phone_heard(server);
	node_kill(&control);
	node_start(&control);
	run(0);
	CHECK(is_first(server, "\0\0\0\1\x80\x74\0\1\0\0\0\0\0\0\0\0", 16));
	CHECK(is_heard(server, rtp_bytes(0, 2, 7)));
	run(1500);
	(void)phone_heard(server);
	run(10000);
	CHECK(phone_heard(server) == 1);
	flows_del(control.flows, handle_make(HK_STREAM, 0, 5));
	run(60000);
	CHECK(phone_heard(server) == 0);
}

/* Our client and our server, a NAT between them, both multiplexed. */
static void both_sides(void)
{
	struct flow_want theirs = {.call = 77, .classes = CLASS_RTP, .lease_ms = 120000};
	struct addr a = at(CONTROL, 36010), b = at(EDGE, 36020);
	int far;

	start();
	node_init(&edge, true);
	net.nats[net.n_nats++] = (struct nat){at(CONTROL, 36012), at("203.0.113.77", 61000)};
	net.nats[net.n_nats++] = (struct nat){at(CONTROL, 36013), at("203.0.113.77", 61007)};
	far = phone(SERVER, 7000);
	be_multiplexed();
	want.end[1].remote_rtp = want.end[1].h46019.keepalive_rtp = at(EDGE, 36000);
	want.end[1].remote_rtcp = want.end[1].h46019.keepalive_rtcp = at(EDGE, 36001);
	want.end[1].h46019.id_keepalive = want.end[1].h46019.id_rtp = want.end[1].h46019.id_rtcp =
		0xfd0055c2;
	want.end[1].h46019.id_in = OURS;
	theirs.end[0] = direct(EDGE, 36000, "192.0.2.10", 36012);
	theirs.end[0].kind = END_ID_SERVER;
	theirs.end[0].is_nat = true;
	theirs.end[0].row = PLAN_LINK_RTP;
	theirs.end[0].signalling = at("203.0.113.77", 40000);
	theirs.end[0].h46019 = (struct h46019){.role = H46019_SERVER,
		.keepalive_type = TYPE,
		.id_in = 0xfd0055c2,
		.has_id_out = true,
		.id_rtp = OURS,
		.id_rtcp = OURS};
	theirs.end[1] = direct(EDGE, 36020, SERVER, 7000);
	flows_edge_up(edge.flows, true);
	flows_put(edge.flows, handle_make(HK_STREAM, 0, 5), &theirs);
	flows_sync(edge.flows);
	tell();
	run(100);
	CHECK(flows_counters(edge.flows)->keepalives == 2);
	phone_send(far, &b, rtp_bytes(0, 1, 7)); /* the client has said nothing yet */
	run(1);
	CHECK(phone_heard(inside) == 1);
	phone_send(inside, &a, rtp_bytes(0, 1, 7));
	run(1);
	CHECK(phone_heard(far) == 1);
	run(60000);
	CHECK(flows_counters(edge.flows)->keepalives > 12);
	CHECK(flows_counters(edge.flows)->unknown_source == 0);
	CHECK(phone_heard(far) == 0);
	node_free(&control);
	node_free(&edge);
}

TEST_MAIN(T(at_once_and_each_interval), T(behind_the_servers_id),
	T(an_interval_that_closes_firewalls), T(said_again_and_said_anew),
	T(nothing_to_addresses_that_are_not_allowed), T(the_server_is_heard),
	T(the_server_speaks_first), T(a_kill_goes_on), T(both_sides))
