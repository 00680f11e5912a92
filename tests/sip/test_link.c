/* test_link.c - the traversal link: hello, liveness, loss, and calls that cross it. */
#include "sip/conns.h"
#include "sip/dialog.h"
#include "sip/link.h"
#include "sip/nodes.h"

static struct phone *alice, *carol;

static struct zone *zone_of(struct node *n, const char *name)
{
	struct zone *z = zone_named(n->zones, str_of(name));

	CHECK(z);
	return z;
}

static bool is_up(void)
{
	return zone_of(&world.control, "to-edge")->is_up &&
	       zone_of(&world.edge, "from-control")->is_up;
}

static void two_nodes(const char *control)
{
	world_nets();
	world_edge(edge_yaml);
	world_control(control);
	alice = phone_new("alice", world.inside, addr_v4(192, 0, 2, 101, 5060));
	carol = phone_new("carol", world.outside, addr_v4(203, 0, 113, 20, 5060));
	run_ms(500);
}

static void both_ends_know(void)
{
	two_nodes(control_yaml);
	CHECK(is_up());
	phone_register(alice, CONTROL_AT, "alice", "example.com", 60);
	phone_status(alice, 200);
	phone_register(carol, EDGE_AT, "carol", "far.example", 60);
	phone_status(carol, 200);
}

static void tables_have_no_fault(void)
{
	CHECK(link_tables_check() == 0);
	CHECK(tx_tables_check() == 0);
}

static void control_dials_and_logs_in(void)
{
	struct zone *z;

	two_nodes(control_yaml);
	CHECK(is_up());
	z = zone_of(&world.edge, "from-control");
	CHECK(z->peer.port >= 25000 && z->peer.port <= 29999);
	CHECK(zone_of(&world.control, "to-edge")->peer.port == 7001);
	run_ms(60000); /* stays up, is probed */
	CHECK(is_up());
	CHECK(zone_of(&world.control, "to-edge")->show.rtt_us > 0);
}

static void a_wrong_password_is_refused_and_tried_again_later(void)
{
	static char yaml[sizeof control_yaml];
	char *p;

	memcpy(yaml, control_yaml, sizeof yaml);
	p = strstr(yaml, "password: p,");
	p[10] = 'q';
	two_nodes(yaml);
	run_ms(10000);
	CHECK(!is_up());
	CHECK(strstr(zone_of(&world.control, "to-edge")->show.why, "refuses our password"));
}

/* The stream of a phone that plays Control, or whoever reached the port. */
static void nothing_passes_before_the_hello(void)
{
	struct sip_msg *m;

	world_nets();
	world_edge(edge_yaml);
	alice = phone_new("alice", world.inside, addr_v4(192, 0, 2, 101, 5060));
	phone_dial(alice, addr_v4(198, 51, 100, 10, 7001));
	phone_send(alice, EDGE_AT,
		request(alice, "INVITE", "sip:carol@far.example", "x", "<sip:a@b>;tag=a",
			"<sip:carol@far.example>", 1, "", sdp_of("192.0.2.101", 4000)));
	m = phone_status(alice, 403);
	(void)m;
	run_ms(100);
	CHECK(alice->is_lost);
	CHECK(call_count(world.edge.core) == 0);
}

static void silence_on_the_port_is_ended_after_five_seconds(void)
{
	world_nets();
	world_edge(edge_yaml);
	alice = phone_new("alice", world.inside, addr_v4(192, 0, 2, 101, 5060));
	phone_dial(alice, addr_v4(198, 51, 100, 10, 7001));
	run_ms(4500);
	CHECK(!alice->is_lost);
	run_ms(1000);
	CHECK(alice->is_lost);
}

static void a_dead_link_is_noticed_in_three_seconds_and_comes_back(void)
{
	struct sim_quality cut = {.is_cut = true}, whole = {0};
	uint64_t began;

	both_ends_know();
	sim_border_quality(world.border_b, &cut);
	run_ms(4500);
	CHECK(!zone_of(&world.control, "to-edge")->is_up);
	CHECK(!zone_of(&world.edge, "from-control")->is_up);
	sim_border_quality(world.border_b, &whole);
	began = sim_now(world.sim);
	while (!is_up() && sim_now(world.sim) - began < 40ull * 1000000000u)
		run_ms(100);
	CHECK(is_up());
}

static struct conn *conn_of_edge(void)
{
	return conn_get(world.edge.sip->conns,
		attempts_link(world.edge.sip->attempts, zone_of(&world.edge, "from-control")));
}

/* Edge's connection answers pings, its application nothing: as many OPTIONS as are configured, then anew. */
static void a_node_that_answers_no_options_is_dialled_anew(void)
{
	static char yaml[sizeof control_yaml + 128];
	const char *p = strstr(control_yaml, "sip: {port: 7001, transport: tcp}}");
	uint64_t link;

	snprintf(yaml, sizeof yaml, "%.*sprobe: {tcp_keepalive: 5s, retry: 2s, count: 2}, %s",
		(int)(p - control_yaml), control_yaml, p);
	two_nodes(yaml);
	CHECK(is_up());
	link = conn_of_edge()->handle;
	run_ms(20000);
	CHECK(conn_of_edge()->handle == link);
	conn_of_edge()->user = 0;
	run_ms(9000); /* 5 s at most, and twice 2 s: the third OPTIONS waits */
	CHECK(conn_of_edge()->handle == link);
	run_ms(5000);
	CHECK(is_up() && conn_of_edge()->handle != link);
}

/* A link that comes back again and again must not use up what its source may open. */
static void a_link_that_comes_back_leaves_no_count_behind(void)
{
	const struct conns *cs;
	unsigned n = 0, n_known = 0;

	two_nodes(control_yaml);
	for (unsigned i = 0; i < 3; i++) {
		CHECK(is_up());
		conn_close(conn_get(world.control.sip->conns,
				   attempts_link(world.control.sip->attempts,
					   zone_of(&world.control, "to-edge"))),
			ERR_CLOSED, STR("test"));
		run_ms(3000);
	}
	CHECK(is_up());
	cs = world.edge.sip->conns;
	for (size_t i = 0; i < PER_SOURCE_SLOTS; i++) {
		n += cs->per_source[0][i];
		n_known += cs->per_source[1][i];
	}
	CHECK(n == 0 && n_known == 1);
}

static char carol_target[512], alice_target[512];

static void inside_calls_outside(void)
{
	struct sip_msg *m;

	phone_send(alice, CONTROL_AT,
		request(alice, "INVITE", "sip:carol@far.example", "x-1",
			"<sip:alice@example.com>;tag=a", "<sip:carol@far.example>", 1, "",
			sdp_of("192.0.2.101", 4000)));
	m = phone_method(carol, SIP_INVITE);
	CHECK_STR(m->uri_text, "sip:carol@203.0.113.20:5060");
	CHECK(body_has(m, "c=IN IP4 198.51.100.10\r\n"));
	CHECK(!memmem(m->bytes.p, m->bytes.len, "Fosse-", 6) &&
		!memmem(m->bytes.p, m->bytes.len, ".invalid", 8));
	CHECK(!memmem(m->bytes.p, m->bytes.len, "192.0.2.", 8));
	snprintf(carol_target, sizeof carol_target, "%s", z(contact_uri(m)));
	phone_send(carol, EDGE_AT, reply(carol, m, 180, "Ringing", "c", "", ""));
	phone_status(alice, 180);
	phone_send(carol, EDGE_AT,
		reply(carol, &carol->msg, 200, "OK", "c", "", sdp_of("203.0.113.20", 5000)));
	m = phone_status(alice, 200);
	CHECK(body_has(m, "c=IN IP4 192.0.2.10\r\n"));
	CHECK(!memmem(m->bytes.p, m->bytes.len, "Fosse-", 6) &&
		!memmem(m->bytes.p, m->bytes.len, "203.0.113", 9));
	snprintf(alice_target, sizeof alice_target, "%s", z(contact_uri(m)));
	phone_send(alice, CONTROL_AT,
		request(alice, "ACK", alice_target, "x-1", "<sip:alice@example.com>;tag=a",
			"<sip:carol@far.example>;tag=c", 1, "", ""));
	phone_method(carol, SIP_ACK);
}

static void hang_up_from_outside(void)
{
	struct sip_msg *m;

	phone_send(carol, EDGE_AT,
		request(carol, "BYE", carol_target, "x-1", "<sip:carol@far.example>;tag=c",
			"<sip:alice@example.com>;tag=a", 5, "", ""));
	phone_status(carol, 200);
	m = phone_method(alice, SIP_BYE);
	CHECK(m->cseq == 5);
	phone_send(alice, CONTROL_AT, reply(alice, m, 200, "OK", "a", "", ""));
}

static void nothing_is_left(void)
{
	run_ms(40000);
	CHECK(call_count(world.control.core) == 0 && call_count(world.edge.core) == 0);
	CHECK(world.control.sip->dialogs.n_taken == 0 && world.edge.sip->dialogs.n_taken == 0);
}

static void a_call_crosses_outwards(void)
{
	both_ends_know();
	inside_calls_outside();
	hang_up_from_outside();
	nothing_is_left();
}

static void a_call_crosses_inwards(void)
{
	struct sip_msg *m;

	both_ends_know();
	phone_send(carol, EDGE_AT,
		request(carol, "INVITE", "sip:alice@example.com", "y-1",
			"<sip:carol@far.example>;tag=c", "<sip:alice@example.com>", 1,
			"P-Asserted-Identity: <sip:boss@example.com>\nFosse-Call: "
			"id=0000000000000001\nfosse-x : 1\n",
			sdp_of("203.0.113.20", 5000)));
	m = phone_method(alice, SIP_INVITE);
	CHECK(!sip_has(m, SIP_HDR_P_ASSERTED_IDENTITY));
	CHECK(!memmem(m->bytes.p, m->bytes.len, "osse-", 5));
	CHECK(!memmem(m->bytes.p, m->bytes.len, "203.0.113", 9));
	phone_send(alice, CONTROL_AT,
		reply(alice, m, 200, "OK", "a", "", sdp_of("192.0.2.101", 4000)));
	m = phone_status(carol, 200);
	CHECK(body_has(m, "c=IN IP4 198.51.100.10\r\n"));
	CHECK(!memmem(m->bytes.p, m->bytes.len, "192.0.2.", 8));
	phone_send(carol, EDGE_AT,
		request(carol, "ACK", z(contact_uri(m)), "y-1", "<sip:carol@far.example>;tag=c",
			"<sip:alice@example.com>;tag=a", 1, "", ""));
	m = phone_method(alice, SIP_ACK);
	CHECK_STR(m->uri_text, "sip:me@192.0.2.101:5060");
	CHECK(call_count(world.control.core) == 1 && call_count(world.edge.core) == 1);
}

static void a_call_outlives_the_links_connection(void)
{
	struct sim_quality cut = {.is_cut = true}, whole = {0};

	both_ends_know();
	inside_calls_outside();
	sim_border_quality(world.border_b, &cut);
	run_ms(5000);
	CHECK(!is_up());
	CHECK(call_count(world.control.core) == 1 && call_count(world.edge.core) == 1);
	sim_border_quality(world.border_b, &whole);
	for (int i = 0; i < 400 && !is_up(); i++)
		run_ms(100);
	CHECK(is_up());
	hang_up_from_outside();
	nothing_is_left();
}

/* Sent while the link is down: it waits and goes out on the next connection. */
static void a_hang_up_waits_for_the_link(void)
{
	struct sim_quality cut = {.is_cut = true}, whole = {0};

	both_ends_know();
	inside_calls_outside();
	sim_border_quality(world.border_b, &cut);
	run_ms(500); /* not noticed yet: the BYE leaves into nothing */
	phone_send(carol, EDGE_AT,
		request(carol, "BYE", carol_target, "x-1", "<sip:carol@far.example>;tag=c",
			"<sip:alice@example.com>;tag=a", 5, "", ""));
	phone_status(carol, 200);
	run_ms(5000);
	sim_border_quality(world.border_b, &whole);
	for (int i = 0; i < 100 && !is_up(); i++)
		run_ms(100);
	CHECK(is_up());
	phone_method(alice, SIP_BYE);
	CHECK(call_count(world.control.core) == 0);
}

/* The same, asked for when the link is known to be down. */
static void a_hang_up_while_the_link_is_down_waits_too(void)
{
	struct sim_quality cut = {.is_cut = true}, whole = {0};

	both_ends_know();
	inside_calls_outside();
	sim_border_quality(world.border_b, &cut);
	run_ms(5000);
	CHECK(!is_up());
	phone_send(carol, EDGE_AT,
		request(carol, "BYE", carol_target, "x-1", "<sip:carol@far.example>;tag=c",
			"<sip:alice@example.com>;tag=a", 5, "", ""));
	phone_status(carol, 200);
	run_ms(2000);
	sim_border_quality(world.border_b, &whole);
	for (int i = 0; i < 200 && !is_up(); i++)
		run_ms(100);
	CHECK(is_up());
	phone_method(alice, SIP_BYE);
	CHECK(call_count(world.control.core) == 0);
	nothing_is_left();
}

static void the_media_header_is_read_as_it_is_written(void)
{
	struct mux_lines in = {.n = 3,
		.lines = {{0x0123456789abcdefu, 36000, 120}, {0, 0, 0},
			{0xffffffffffffffffu, 36010, 60}}};
	struct mux_lines out = {0};
	struct sip_msg *m = &(struct sip_msg){0};
	char buf[512], text[1024];
	struct wr w = wr_of(buf, sizeof buf - 1);

	put_fosse_media(&w, &in);
	buf[wr_len(&w)] = '\0';
	CHECK_STR(wr_done(&w), "m=0,0123456789abcdef,36000,120; m=2,ffffffffffffffff,36010,60");
	snprintf(text, sizeof text,
		"OPTIONS sip:a@b SIP/2.0\r\nVia: SIP/2.0/TCP h;branch=z9hG4bKx\r\nFrom: "
		"<sip:a@b>;tag=1\r\nTo: <sip:a@b>\r\n"
		"Call-ID: 1\r\nCSeq: 1 OPTIONS\r\nMax-Forwards: 1\r\nFosse-Media: "
		"%s\r\nContent-Length: 0\r\n\r\n",
		buf);
	sip_msg_init(m);
	CHECK(sip_index(str_of(text), SIP_DGRAM, m) == OK);
	fosse_media_read(m, &out);
	CHECK(out.n == 3 && out.lines[0].stream_id == in.lines[0].stream_id &&
		out.lines[2].port == 36010);
	CHECK(out.lines[1].stream_id == 0 && out.lines[0].lease_s == 120);
}

static void done(void)
{
	world_down();
}

TEST_MAIN(T(tables_have_no_fault), T(the_media_header_is_read_as_it_is_written),
	T(control_dials_and_logs_in), T(a_wrong_password_is_refused_and_tried_again_later),
	T(nothing_passes_before_the_hello), T(silence_on_the_port_is_ended_after_five_seconds),
	T(a_dead_link_is_noticed_in_three_seconds_and_comes_back),
	T(a_node_that_answers_no_options_is_dialled_anew),
	T(a_link_that_comes_back_leaves_no_count_behind), T(a_call_crosses_outwards),
	T(a_call_crosses_inwards), T(a_call_outlives_the_links_connection),
	T(a_hang_up_waits_for_the_link), T(a_hang_up_while_the_link_is_down_waits_too), T(done))
