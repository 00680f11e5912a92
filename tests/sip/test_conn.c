/* test_conn.c - streams and datagrams at the door: framing however it is cut, time limits, shares. */
#include "sip/conn.h"
#include "sip/nodes.h"

static struct phone *alice;

static void one_phone(bool is_tcp)
{
	world_nets();
	world_control(control_yaml);
	alice = phone_new("alice", world.inside, addr_v4(192, 0, 2, 101, 5060));
	if (is_tcp)
		phone_dial(alice, CONTROL_AT);
}

static const char *options(const char *call_id)
{
	return request(alice, "OPTIONS", "sip:example.com", call_id, "<sip:a@example.com>;tag=a",
		"<sip:example.com>", 1, "", "");
}

static char wire[TEXT_BYTES];

static size_t to_wire(const char *text)
{
	size_t n = 0;

	for (; *text; text++) {
		if (*text == '\n')
			wire[n++] = '\r';
		wire[n++] = *text;
	}
	return n;
}

static void a_request_cut_at_every_byte_is_the_same_request(void)
{
	size_t n;

	one_phone(true);
	n = to_wire(options("cut"));
	for (size_t at = 1; at < n; at += 7) {
		stream_send(alice->stream, (struct str){wire, at});
		run_ms(5);
		CHECK(alice->n_seen == alice->n_in);
		stream_send(alice->stream, (struct str){wire + at, n - at});
		CHECK(phone_next(alice)->status == 200);
		run_ms(200); /* its transaction rests: the same bytes are a new request */
	}
	CHECK(!alice->is_lost);
}

static void one_byte_at_a_time(void)
{
	size_t n;

	one_phone(true);
	n = to_wire(options("slow"));
	for (size_t at = 0; at < n; at++) {
		stream_send(alice->stream, (struct str){wire + at, 1});
		run_ms(2);
	}
	CHECK(phone_next(alice)->status == 200);
}

static void pipelined_requests_are_all_answered(void)
{
	static char all[TEXT_BYTES * 4];
	size_t len = 0;

	one_phone(true);
	for (unsigned i = 0; i < 20; i++) {
		char id[16];
		size_t n;

		snprintf(id, sizeof id, "pipe-%u", i);
		n = to_wire(options(id));
		CHECK(len + n < sizeof all);
		memcpy(all + len, wire, n);
		len += n;
	}
	stream_send(alice->stream, (struct str){all, len});
	for (unsigned i = 0; i < 20; i++)
		CHECK(phone_next(alice)->status == 200);
	CHECK(phone_is_quiet(alice, 200));
}

/* RFC 5626 3.5.1 */
static size_t n_crlf;

static size_t count_bytes(struct stream *s, struct str bytes, void *arg)
{
	(void)s;
	(void)arg;
	n_crlf += bytes.len;
	return bytes.len;
}

static void lost(struct stream *s, enum err why, void *arg)
{
	(void)s;
	(void)why;
	*(bool *)arg = true;
}

static void opened(struct stream *s, void *arg)
{
	(void)s;
	(void)arg;
}

static void a_ping_gets_a_pong_and_a_pong_gets_nothing(void)
{
	static const struct stream_ops ops = {.opened = opened, .bytes = count_bytes, .lost = lost};
	struct local from = {
		.row = PLAN_INSIDE_TCP_OUT, .addr = addr_v4(192, 0, 2, 101, 0), .fd = NO_FD};
	struct addr to = CONTROL_AT;
	struct addr_ok ok = allowed(&to);
	struct stream *s;
	bool is_lost = false;

	one_phone(false);
	n_crlf = 0;
	CHECK(stream_dial(alice->io, &from, &ok, &ops, &is_lost, &s) == OK);
	run_ms(50);
	stream_send(s, STR("\r\n\r\n"));
	run_ms(50);
	CHECK(n_crlf == 2);
	stream_send(s, STR("\r\n"));
	run_ms(50);
	CHECK(n_crlf == 2 && !is_lost);
	stream_close(s);
}

static void what_is_not_sip_is_closed_without_a_word(void)
{
	one_phone(true);
	phone_send(alice, CONTROL_AT, "GET / HTTP/1.1\nHost: x\n\n");
	run_ms(100);
	CHECK(alice->is_lost && alice->n_in == 0);
}

static void a_lying_length_is_refused_and_closed(void)
{
	one_phone(true);
	phone_send(alice, CONTROL_AT,
		"OPTIONS sip:example.com SIP/2.0\nVia: SIP/2.0/TCP "
		"192.0.2.101;branch=z9hG4bK1\nFrom: <sip:a@b>;tag=1\n"
		"To: <sip:b@c>\nCall-ID: 1\nCSeq: 1 OPTIONS\nMax-Forwards: 70\nContent-Length: "
		"3\nContent-Length: 3\n\nabc");
	CHECK(phone_next(alice)->status == 400);
	run_ms(100);
	CHECK(alice->is_lost);
}

static void silence_and_half_messages_are_timed_out(void)
{
	one_phone(true);
	run_ms(4500);
	CHECK(!alice->is_lost);
	run_ms(800);
	CHECK(alice->is_lost); /* no first message */
	phone_dial(alice, CONTROL_AT);
	phone_send(alice, CONTROL_AT, options("first"));
	CHECK(phone_next(alice)->status == 200);
	phone_send(alice, CONTROL_AT, "OPTIONS sip:example.com SI");
	run_ms(4500);
	CHECK(!alice->is_lost);
	run_ms(800);
	CHECK(alice->is_lost); /* the rest did not come */
	phone_dial(alice, CONTROL_AT);
	phone_send(alice, CONTROL_AT, options("second"));
	CHECK(phone_next(alice)->status == 200);
	run_ms(29000);
	CHECK(!alice->is_lost);
	run_ms(2000);
	CHECK(alice->is_lost); /* idle and nobody we know */
}

static void a_registered_client_may_be_silent(void)
{
	one_phone(true);
	phone_register(alice, CONTROL_AT, "alice", "example.com", 600);
	phone_status(alice, 200);
	run_ms(300000);
	CHECK(!alice->is_lost);
	run_ms(301000 + 181000); /* the registration is over, then it is idle */
	CHECK(alice->is_lost);
}

static void broken_datagrams_are_answered_ten_times_a_second(void)
{
	unsigned n = 0;

	one_phone(false);
	for (unsigned i = 0; i < 40; i++)
		phone_send(alice, CONTROL_AT,
			format("OPTIONS sip:example.com SIP/2.0\nVia: SIP/2.0/UDP "
			       "192.0.2.101;branch=z9hG4bK%u\n"
			       "From: <sip:a@b>;tag=1\nTo: <sip:b@c>\nCall-ID: 1\nCSeq: 1 "
			       "INVITE\nMax-Forwards: 70\n\n",
				i));
	run_ms(50);
	for (; alice->n_seen < alice->n_in; n++)
		CHECK(phone_next(alice)->status == 400);
	CHECK(n == 10);
}

static void the_connections_of_a_source_are_limited(void)
{
	static char yaml[sizeof control_yaml + 64];
	struct local from = {
		.row = PLAN_INSIDE_TCP_OUT, .addr = addr_v4(192, 0, 2, 101, 0), .fd = NO_FD};
	static const struct stream_ops ops = {.opened = opened, .bytes = count_bytes, .lost = lost};
	struct addr to = CONTROL_AT;
	struct addr_ok ok = allowed(&to);
	struct stream *s[6];
	bool is_lost[6] = {0};
	unsigned n = 0;
	size_t n_alarms;

	snprintf(yaml, sizeof yaml, "%.*s, connections_per_source: 4}\n",
		(int)(strlen(control_yaml) - 2), control_yaml);
	world_nets();
	world_control(yaml);
	alice = phone_new("alice", world.inside, addr_v4(192, 0, 2, 101, 5060));
	n_alarms = alarm_count(world.control.alarms);
	for (unsigned i = 0; i < 6; i++)
		CHECK(stream_dial(alice->io, &from, &ok, &ops, &is_lost[i], &s[i]) == OK);
	run_ms(100);
	for (unsigned i = 0; i < 6; i++)
		n += is_lost[i];
	CHECK(n == 2);
	CHECK(alarm_count(world.control.alarms) == n_alarms + 1);
	n = 0;
	for (struct conn *c = NULL; (c = conns_next(world.control.sip->conns, c));)
		n += c->is_inbound;
	CHECK(n == 4);
}

static void the_node_has_so_many_connections(void)
{
	static char yaml[sizeof control_yaml + 64];
	size_t n_alarms;
	char *p;

	snprintf(yaml, sizeof yaml, "%.*s, connections_per_source: 16}\n",
		(int)(strlen(control_yaml) - 2), control_yaml);
	p = strstr(yaml, "connections: 64");
	memcpy(p, "connections: 16", 15);
	world_nets();
	world_control(yaml);
	run_ms(1000); /* the link's own comes and goes: Edge is not there */
	alice = phone_new("alice", world.inside, addr_v4(192, 0, 2, 101, 5060));
	for (unsigned i = 0; i < 15; i++) {
		phone_dial(alice, CONTROL_AT);
		phone_send(alice, CONTROL_AT, options(format("%u", i)));
		phone_status(alice, 200);
	}
	n_alarms = alarm_count(world.control.alarms);
	for (unsigned i = 0; i < 3; i++) {
		struct local from = {.row = PLAN_INSIDE_TCP_OUT,
			.addr = addr_v4(192, 0, 2, 101, 0),
			.fd = NO_FD};
		struct addr to = CONTROL_AT;
		struct addr_ok ok = allowed(&to);

		CHECK(stream_dial(alice->io, &from, &ok, &phone_ops, alice, &alice->stream) == OK);
	}
	run_ms(100);
	CHECK(alice->is_lost && conns_count(world.control.sip->conns) == 16);
	CHECK(conns_counters(world.control.sip->conns)->n_full > 0);
	CHECK(alarm_count(world.control.alarms) == n_alarms + 1);
}

/* Each connection registers an alias of its own; one over the limit is told and stays a stranger. */
static void the_registered_connections_of_a_source_are_limited(void)
{
	static char yaml[sizeof control_yaml + 96];
	struct phone *p[3];
	size_t n_alarms;

	snprintf(yaml, sizeof yaml,
		"%.*s, connections_per_source: 2, connections_per_source_authenticated: 2}\n",
		(int)(strlen(control_yaml) - 2), control_yaml);
	world_nets();
	world_control(yaml);
	n_alarms = alarm_count(world.control.alarms);
	alice = phone_new("alice", world.inside, addr_v4(192, 0, 2, 101, 5060));
	for (unsigned i = 0; i < 3; i++) {
		p[i] = &world.phones[world.n_phones++];
		*p[i] = *alice;
		phone_dial(p[i], CONTROL_AT);
		phone_register(p[i], CONTROL_AT, format("user%u", i), "example.com", 60);
		if (i < 2)
			phone_status(p[i], 200);
	}
	CHECK_STR(sip_header(phone_status(p[2], 503), SIP_HDR_REASON),
		"SIP;cause=503;text=\"Too many connections of registered clients of this source\"");
	CHECK(alarm_count(world.control.alarms) == n_alarms + 1);
	phone_register(p[0], CONTROL_AT, "user0", "example.com", 60);
	phone_status(p[0], 200); /* a refresh needs no room */
	phone_register(p[1], CONTROL_AT, "user1", "example.com", 0);
	phone_status(p[1], 200);
	phone_register(p[2], CONTROL_AT, "user2", "example.com", 60);
	phone_status(p[2], 200);
}

static void udp_conns_make_room_for_each_other(void)
{
	one_phone(false);
	for (unsigned i = 0; i < 100; i++) { /* limits.connections is 64 */
		struct addr remote = addr_v4(192, 0, 2, 200, (uint16_t)(2000 + i));
		struct addr local = CONTROL_AT;
		struct conn *c;

		CHECK(conn_udp(world.control.sip->conns, &local, &remote, &c) == OK);
	}
	CHECK(conns_count(world.control.sip->conns) <= 64);
	phone_send(alice, CONTROL_AT, options("still"));
	CHECK(phone_next(alice)->status == 200);
}

static void conns_in_use_do_not_keep_new_ones_out(void)
{
	struct addr local = CONTROL_AT;
	struct conn *c;

	one_phone(false);
	for (unsigned i = 0; i < 40; i++) { /* registered, and silent since */
		struct addr remote = addr_v4(192, 0, 2, 201, (uint16_t)(2000 + i));

		CHECK(conn_udp(world.control.sip->conns, &local, &remote, &c) == OK);
		conn_use(c, 1);
	}
	for (unsigned i = 0; i < 100; i++) {
		struct addr remote = addr_v4(192, 0, 2, 200, (uint16_t)(2000 + i));

		(void)!conn_udp(world.control.sip->conns, &local, &remote, &c);
	}
	phone_send(alice, CONTROL_AT, options("still"));
	CHECK(phone_next(alice)->status == 200);
}

static void requests_beyond_the_rate_get_503_then_silence(void)
{
	unsigned n_ok = 0, n_busy = 0;

	one_phone(false);
	for (unsigned i = 0; i < 100; i++) {
		char id[16];

		snprintf(id, sizeof id, "rate-%u", i);
		phone_send(alice, CONTROL_AT, options(id));
	}
	run_ms(100);
	while (alice->n_seen < alice->n_in) {
		struct sip_msg *m = phone_next(alice);

		n_ok += m->status == 200;
		n_busy += m->status == 503;
		if (m->status == 503)
			CHECK_STR(sip_header(m, SIP_HDR_REASON),
				"SIP;cause=503;text=\"Too many requests\"");
	}
	CHECK(n_ok >= 55 && n_ok <= 65); /* 20 a second, burst 60 */
	CHECK(n_busy >= 1 && n_busy <= 6);
}

static struct conn *conn_of_alice(void)
{
	struct conns *conns = world.control.sip->conns;

	for (struct conn *c = NULL; (c = conns_next(conns, c));) {
		if (addr_same_host(&c->remote, &alice->at))
			return c;
	}
	CHECK(false);
	return NULL;
}

static unsigned n_answered(unsigned n)
{
	unsigned n_ok = 0;

	for (unsigned i = 0; i < n; i++)
		phone_send(alice, CONTROL_AT, options(format("many-%u", i)));
	run_ms(100);
	while (alice->n_seen < alice->n_in)
		n_ok += phone_next(alice)->status == 200;
	return n_ok;
}

static void ends_with(unsigned is_tcp)
{
	one_phone(is_tcp);
	phone_register(alice, CONTROL_AT, "alice", "example.com", 60);
	phone_status(alice, 200);
	CHECK_STR(str_of(conn_of_alice()->zone->name), "local");
	CHECK(n_answered(62) == 62); /* burst 60 */
	phone_register(alice, CONTROL_AT, "alice", "example.com", 0);
	phone_status(alice, 200);
	CHECK_STR(str_of(conn_of_alice()->zone->name), "default");
	CHECK(!conn_of_alice()->is_authenticated);
	CHECK(n_answered(62) < 62);
}

static void the_exemption_from_rates_ends_with_the_registration(void)
{
	ends_with(false);
	ends_with(true);
}

static void configure(const char *yaml)
{
	struct node *n = &world.control;
	struct conf_input in = {.text = str_of(yaml), .file = "test"};
	struct conf *conf = calloc(1, sizeof *conf);

	CHECK(conf && conf_load(&in, conf, conf_said, NULL) == OK);
	call_core_configure(n->core, conf);
	sip_configure(n->sip, conf);
	free(n->conf);
	n->conf = conf;
}

/* Rates are read from the configuration in use. */
static void a_reload_changes_the_rate(void)
{
	static char yaml[sizeof control_yaml + 64];

	snprintf(yaml, sizeof yaml, "%.*s, requests_per_source: 1/1s}\n",
		(int)(strlen(control_yaml) - 2), control_yaml);
	one_phone(false);
	CHECK(n_answered(62) == 60);
	run_ms(1000);
	CHECK(n_answered(30) == 22); /* 20 a second, and the 100 ms that are waited for answers */
	run_ms(5000);
	configure(yaml);
	CHECK(n_answered(62) == 60);
	run_ms(1950);
	CHECK(n_answered(30) == 2);
}

static void a_connection_is_local_until_its_last_registration_expires(void)
{
	one_phone(true);
	phone_register(alice, CONTROL_AT, "alice", "example.com", 60);
	phone_status(alice, 200);
	phone_register(alice, CONTROL_AT, "alias", "example.com", 120);
	phone_status(alice, 200);
	run_ms(61000);
	CHECK_STR(str_of(conn_of_alice()->zone->name), "local");
	run_ms(40000);
	phone_send(alice, CONTROL_AT, options("alive"));
	phone_status(alice, 200);
	run_ms(20000);
	CHECK_STR(str_of(conn_of_alice()->zone->name), "default");
	run_ms(15000);
	CHECK(alice->is_lost); /* 30 s idle, as any stranger */
}

#define NODE                                                                                       \
	"version: 1\n"                                                                             \
	"node: {role: control, name: control.example.com, addresses: {inside: 192.0.2.10}}\n"      \
	"sip: {udp: true, tcp: true, tls: false, domains: [example.com]}\n"                        \
	"address_policy: {documentation: allow}\n"                                                 \
	"limits: {calls: 16, registrations: 16, connections: 64, transactions: 512}\n"             \
	"zones:\n"                                                                                 \
	"  - {name: other, type: neighbor, peers: [192.0.2.99], sip: {port: 5060, transport: "     \
	"tcp}}\n"
#define PBX                                                                                        \
	"  - {name: pbx, type: neighbor, peers: [192.0.2.101], sip: {port: 5060, transport: "      \
	"tcp}}\n"

static const char *zone_of_alice(void)
{
	struct conns *conns = world.control.sip->conns;

	for (struct conn *c = NULL; (c = conns_next(conns, c));) {
		if (addr_same_host(&c->remote, &alice->at))
			return c->zone->name;
	}
	return "";
}

static void ask(const char *call_id)
{
	phone_send(alice, CONTROL_AT, options(call_id));
	CHECK(phone_next(alice)->status == 200);
}

/* A trunk of a configured peer carries more than a stranger may send; its datagrams may be anybody's. */
static void a_neighbor_by_tcp_has_no_rate(void)
{
	for (unsigned is_tcp = 0; is_tcp < 2; is_tcp++) {
		world_nets();
		world_control(NODE PBX);
		alice = phone_new("alice", world.inside, addr_v4(192, 0, 2, 101, 5060));
		if (is_tcp)
			phone_dial(alice, CONTROL_AT);
		CHECK((n_answered(62) == 62) == (is_tcp == 1));
		CHECK_STR(str_of(conn_of_alice()->zone->name), "pbx");
	}
}

static void conns_follow_their_zones(bool is_tcp)
{
	world_nets();
	world_control(NODE PBX);
	alice = phone_new("alice", world.inside, addr_v4(192, 0, 2, 101, 5060));
	if (is_tcp)
		phone_dial(alice, CONTROL_AT);
	ask("1");
	CHECK_STR(str_of(zone_of_alice()), "pbx");
	configure(NODE);
	run_ms(100);
	CHECK(!is_tcp || alice->is_lost);
	CHECK_STR(str_of(zone_of_alice()), "");
	if (is_tcp)
		return;
	ask("2");
	CHECK_STR(str_of(zone_of_alice()), "default");
	configure(NODE PBX);
	CHECK_STR(str_of(zone_of_alice()), "pbx");
	ask("3");
}

static void datagrams_follow_their_zone(void)
{
	conns_follow_their_zones(false);
}

static void streams_end_with_their_zone(void)
{
	conns_follow_their_zones(true);
}

static void done(void)
{
	world_down();
}

TEST_MAIN(T(datagrams_follow_their_zone), T(streams_end_with_their_zone),
	T(a_request_cut_at_every_byte_is_the_same_request), T(one_byte_at_a_time),
	T(pipelined_requests_are_all_answered), T(a_ping_gets_a_pong_and_a_pong_gets_nothing),
	T(what_is_not_sip_is_closed_without_a_word), T(a_lying_length_is_refused_and_closed),
	T(silence_and_half_messages_are_timed_out), T(a_registered_client_may_be_silent),
	T(broken_datagrams_are_answered_ten_times_a_second),
	T(the_connections_of_a_source_are_limited), T(the_node_has_so_many_connections),
	T(the_registered_connections_of_a_source_are_limited),
	T(the_exemption_from_rates_ends_with_the_registration), T(a_reload_changes_the_rate),
	T(a_neighbor_by_tcp_has_no_rate),
	T(a_connection_is_local_until_its_last_registration_expires),
	T(udp_conns_make_room_for_each_other), T(conns_in_use_do_not_keep_new_ones_out),
	T(requests_beyond_the_rate_get_503_then_silence), T(done))
