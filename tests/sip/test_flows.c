/* test_flows.c - who may continue a call, and where its requests go: flows, zones, routes, hops. */
#include "sip/dialog.h"
#include "sip/nodes.h"

static struct phone *alice, *bob, *eve;
static char to_alice[512], to_bob[512]; /* our Contact as each of them sees it */

/* Bob is registered, alice calls from the Default zone, eve is another one there. */
static void three_phones(const char *conf)
{
	world_nets();
	world_control(conf);
	alice = phone_new("alice", world.inside, addr_v4(192, 0, 2, 101, 5060));
	bob = phone_new("bob", world.inside, addr_v4(192, 0, 2, 102, 5060));
	eve = phone_new("eve", world.inside, addr_v4(192, 0, 2, 103, 5060));
	phone_register(bob, CONTROL_AT, "bob", "example.com", 600);
	phone_status(bob, 200);
}

static const char *swap(const char *text, const char *from, const char *to)
{
	const char *p = strstr(text, from);

	CHECK(p);
	return format("%.*s%s%s", (int)(p - text), text, to, p + strlen(from));
}

/* With this in the INVITE's place of what stands in from. */
static void call_with(const char *from, const char *to)
{
	struct sip_msg *m;

	phone_send(alice, CONTROL_AT,
		swap(request(alice, "INVITE", "sip:bob@example.com", "call-1",
			     "<sip:alice@example.com>;tag=a", "<sip:bob@example.com>", 1, "",
			     sdp_of("192.0.2.101", 4000)),
			from, to));
	m = phone_method(bob, SIP_INVITE);
	snprintf(to_bob, sizeof to_bob, "%s", z(contact_uri(m)));
	phone_send(bob, CONTROL_AT, reply(bob, m, 200, "OK", "b", "", sdp_of("192.0.2.102", 5000)));
	m = phone_status(alice, 200);
	snprintf(to_alice, sizeof to_alice, "%s", z(contact_uri(m)));
	phone_send(alice, CONTROL_AT,
		request(alice, "ACK", to_alice, "call-1", "<sip:alice@example.com>;tag=a",
			"<sip:bob@example.com>;tag=b", 1, "", ""));
	phone_method(bob, SIP_ACK);
}

static void establish(void)
{
	call_with("tag=a", "tag=a");
}

static const char *bye(struct phone *p, bool is_callers)
{
	const char *a = "<sip:alice@example.com>;tag=a", *b = "<sip:bob@example.com>;tag=b";

	return request(p, "BYE", is_callers ? to_alice : to_bob, "call-1", is_callers ? a : b,
		is_callers ? b : a, 9, "", "");
}

static size_t n_calls(void)
{
	return call_count(world.control.core);
}

/* RFC 3261 16.3 is for what is forwarded; a BYE is ours, and the other side's is a new one. */
static void a_bye_without_hops_left_ends_the_call(void)
{
	struct sip_msg *m;

	three_phones(control_yaml);
	establish();
	phone_send(alice, CONTROL_AT,
		swap(request(alice, "INFO", to_alice, "call-1", "<sip:alice@example.com>;tag=a",
			     "<sip:bob@example.com>;tag=b", 8, "", ""),
			"Max-Forwards: 70", "Max-Forwards: 0"));
	phone_status(alice, 483); /* the other side's to answer: forwarded */
	phone_send(
		alice, CONTROL_AT, swap(bye(alice, true), "Max-Forwards: 70", "Max-Forwards: 0"));
	phone_status(alice, 200);
	m = phone_method(bob, SIP_BYE);
	CHECK(m->max_forwards == 70);
	CHECK(n_calls() == 0);
}

/* Eve knows the tokens and the tags of both sides. */
static void a_stranger_does_not_speak_for_a_registered_client(void)
{
	three_phones(control_yaml);
	establish();
	phone_send(eve, CONTROL_AT, bye(eve, false));
	phone_status(eve, 481);
	CHECK(n_calls() == 1);
	phone_register(bob, CONTROL_AT, "bob", "example.com", 0);
	phone_status(bob, 200);
	phone_dial(bob,
		CONTROL_AT); /* not registered any more, by another connection, from its host */
	phone_send(bob, CONTROL_AT, bye(bob, false));
	phone_status(bob, 200);
	CHECK(n_calls() == 0);
}

static void a_registered_client_continues_from_another_host_once_it_is_registered_there(void)
{
	three_phones(control_yaml);
	establish();
	phone_register(eve, CONTROL_AT, "bob", "example.com", 600);
	phone_status(eve, 200);
	phone_send(eve, CONTROL_AT, bye(eve, false));
	phone_status(eve, 200);
	CHECK(n_calls() == 0);
}

static void nobody_else_speaks_for_a_configured_peer(void)
{
	const char *p = strstr(control_yaml, "subzones:");
	static char yaml[4096];

	snprintf(yaml, sizeof yaml,
		"%.*s  - {name: pbx, type: neighbor, peers: [192.0.2.101], authentication: none, "
		"sip: {port: 5060, transport: udp}}\n%s",
		(int)(p - control_yaml), control_yaml, p);
	three_phones(yaml);
	establish();
	phone_send(eve, CONTROL_AT, bye(eve, true));
	phone_status(eve, 481);
	CHECK(n_calls() == 1);
	phone_send(alice, CONTROL_AT, bye(alice, true));
	phone_status(alice, 200);
	CHECK(n_calls() == 0);
}

/* A proxy's other host, a client that moved: the Internet's. */
static void a_caller_of_the_default_zone_may_move(void)
{
	three_phones(control_yaml);
	establish();
	phone_send(eve, CONTROL_AT, bye(eve, true));
	phone_status(eve, 200);
	CHECK(n_calls() == 0);
}

/* The flow is gone, and the Contact names a host of the caller's choice. */
static void is_led_nowhere(const char *contact, unsigned n_to_eve)
{
	struct addr server_at = addr_v4(192, 0, 2, 53, 53);
	struct addr_ok server;
	struct local from = {.row = PLAN_CONTROL_DNS, .fd = NO_FD};
	struct dns_answer trap = {.addr = addr_v4(192, 0, 2, 103, 0), .ttl_s = 60};

	three_phones(control_yaml);
	server = allowed(&server_at);
	world.control.plan.switches[SW_DNS] = true;
	from.addr = world.control.conf->node.inside;
	CHECK(dns_configure(world.control.io, &from, &server, 1) == OK);
	CHECK(sim_name(world.sim, NULL, "trap.example", DNS_A, &trap) == OK);
	phone_dial(alice, CONTROL_AT);
	call_with("me@192.0.2.101:5060", contact);
	stream_close(alice->stream);
	run_ms(100);
	phone_send(bob, CONTROL_AT, bye(bob, false));
	phone_status(bob, 200);
	run_ms(3000);
	CHECK((eve->n_in > 0) == (n_to_eve > 0));
	run_ms(60000);
	CHECK(world.control.sip->dialogs.n_taken == 0);
}

static void a_strangers_name_is_not_followed(void)
{
	is_led_nowhere("me@trap.example", 0);
	is_led_nowhere("me@192.0.2.103:5060", 1); /* a literal address that the policy allows is */
}

static uint64_t call_of_alice(void)
{
	const struct dialog *d = NULL;

	while ((d = pool_next(&world.control.sip->dialogs, d)) && !d->is_uas)
		;
	CHECK(d);
	return call_id(d->leg->call);
}

static void goes_by(const char *record_routes, const char *uri, const char *route, bool is_own)
{
	struct sip_msg *m;

	three_phones(control_yaml);
	call_with("Max-Forwards: 70\n", format("Max-Forwards: 70\n%s", record_routes));
	if (is_own) { /* the node's own BYE */
		CHECK(call_drop(world.control.core, call_of_alice()) == OK);
	} else {
		phone_send(bob, CONTROL_AT, bye(bob, false));
		phone_status(bob, 200);
	}
	m = phone_method(alice, SIP_BYE);
	CHECK_STR(m->uri_text, uri);
	CHECK_STR(sip_header(m, SIP_HDR_ROUTE), route);
	CHECK(sip_list_count(m, SIP_HDR_ROUTE) == (size_t)(strchr(route, ',') ? 2 : 1));
}

/* RFC 3261 12.2.1.1 */
static void a_strict_router_is_named_in_the_request_uri(void)
{
	for (unsigned is_own = 0; is_own < 2; is_own++) {
		goes_by("Record-Route: <sip:192.0.2.101:5070;lr>\nRecord-Route: "
			"<sip:192.0.2.106>\n",
			"sip:me@192.0.2.101:5060", "<sip:192.0.2.101:5070;lr>, <sip:192.0.2.106>",
			is_own);
		goes_by("Record-Route: <sip:192.0.2.101:5070;x=1?h=1>\nRecord-Route: "
			"<sip:192.0.2.106;lr>\n",
			"sip:192.0.2.101:5070;x=1",
			"<sip:192.0.2.106;lr>, <sip:me@192.0.2.101:5060>", is_own);
		goes_by("Record-Route: <sip:192.0.2.101:5070>\n", "sip:192.0.2.101:5070",
			"<sip:me@192.0.2.101:5060>", is_own);
	}
}

/* ---- a registered client comes back by another connection ---- */

static void register_bob(void)
{
	phone_register(bob, CONTROL_AT, "bob", "example.com", 600);
	phone_status(bob, 200);
}

/* Bob's connection is dead, and the node does not know: only bob does, who dials anew. */
static void bob_by_tcp(void)
{
	three_phones(control_yaml);
	phone_dial(bob, CONTROL_AT);
	register_bob();
	establish();
}

static void bob_dials_anew(void)
{
	phone_dial(bob, CONTROL_AT);
	register_bob();
}

static void alice_hangs_up(void)
{
	phone_send(alice, CONTROL_AT, bye(alice, true));
	phone_status(alice, 200);
}

static void bob_is_told(uint32_t cseq)
{
	struct sip_msg *m = phone_method(bob, SIP_BYE);

	CHECK(m->cseq == cseq);
	CHECK_STR(m->to_tag, "b");
	phone_send(bob, CONTROL_AT, reply(bob, m, 200, "OK", "b", "", ""));
	run_ms(100);
	CHECK(world.control.sip->dialogs.n_taken == 0);
}

static void a_bye_that_waits_follows_its_client_to_another_connection(void)
{
	uint32_t cseq;

	bob_by_tcp();
	alice_hangs_up();
	cseq = phone_method(bob, SIP_BYE)->cseq; /* on what will be found dead */
	run_ms(15000);
	CHECK(!bob->is_lost);
	bob_dials_anew();
	CHECK(bob->is_lost); /* the old one */
	bob_is_told(cseq + 1);
}

static void a_bye_that_timed_out_is_said_when_the_client_is_back(void)
{
	uint32_t cseq;

	bob_by_tcp();
	alice_hangs_up();
	cseq = phone_method(bob, SIP_BYE)->cseq;
	run_ms(40000);
	CHECK(world.control.sip->dialogs.n_taken == 1);
	bob_dials_anew();
	bob_is_told(cseq + 1);
}

static void a_bye_to_a_client_that_is_away_is_said_when_it_is_back(void)
{
	bob_by_tcp();
	stream_close(bob->stream);
	bob->stream = NULL;
	run_ms(100);
	alice_hangs_up();
	CHECK(phone_is_quiet(bob, 3000));
	bob_dials_anew();
	phone_method(bob, SIP_BYE);
}

static void a_client_that_stays_away_is_not_waited_for_without_end(void)
{
	bob_by_tcp();
	stream_close(bob->stream);
	bob->stream = NULL;
	run_ms(100);
	alice_hangs_up();
	run_ms(119000);
	CHECK(world.control.sip->dialogs.n_taken == 1);
	run_ms(2000);
	CHECK(world.control.sip->dialogs.n_taken == 0);
}

/* The answer is alice's, under her number; the ACK has bob's. */
static void a_reinvite_follows_its_client_to_another_connection(void)
{
	struct sip_msg *m;
	uint32_t cseq;

	bob_by_tcp();
	phone_send(alice, CONTROL_AT,
		request(alice, "INVITE", to_alice, "call-1", "<sip:alice@example.com>;tag=a",
			"<sip:bob@example.com>;tag=b", 5, "", sdp_of("192.0.2.101", 4002)));
	cseq = phone_method(bob, SIP_INVITE)->cseq;
	run_ms(15000);
	bob_dials_anew();
	m = phone_method(bob, SIP_INVITE);
	CHECK(m->cseq == cseq + 1);
	phone_send(bob, CONTROL_AT, reply(bob, m, 200, "OK", "b", "", sdp_of("192.0.2.102", 5002)));
	CHECK(phone_status(alice, 200)->cseq == 5);
	phone_send(alice, CONTROL_AT,
		request(alice, "ACK", to_alice, "call-1", "<sip:alice@example.com>;tag=a",
			"<sip:bob@example.com>;tag=b", 5, "", ""));
	CHECK(phone_method(bob, SIP_ACK)->cseq == cseq + 1);
	CHECK(n_calls() == 1);
}

static void a_call_goes_on_by_its_clients_new_connection(void)
{
	bob_by_tcp();
	bob_dials_anew();
	CHECK(bob->is_lost);
	alice_hangs_up();
	phone_method(bob, SIP_BYE);
}

/* Another client's registration is on the old one. */
static void a_connection_that_others_use_stays(void)
{
	bob_by_tcp();
	phone_register(bob, CONTROL_AT, "carol", "example.com", 600);
	phone_status(bob, 200);
	bob_dials_anew();
	run_ms(1000);
	CHECK(!bob->is_lost);
	phone_register(bob, CONTROL_AT, "carol", "example.com", 600);
	phone_status(bob, 200);
	CHECK(bob->is_lost);
}

/* So is a dialog of a call that is not the registered alias's. */
static void a_connection_of_another_ones_call_stays(void)
{
	bob_by_tcp();
	phone_register(alice, CONTROL_AT, "alice", "example.com", 600);
	phone_status(alice, 200);
	phone_send(bob, CONTROL_AT,
		request(bob, "INVITE", "sip:alice@example.com", "call-2",
			"<sip:carol@example.com>;tag=c", "<sip:alice@example.com>", 1, "",
			sdp_of("192.0.2.102", 5000)));
	run_ms(100);
	bob_dials_anew();
	run_ms(1000);
	CHECK(!bob->is_lost);
}

static void done(void)
{
	world_down();
}

TEST_MAIN(T(a_bye_without_hops_left_ends_the_call),
	T(a_stranger_does_not_speak_for_a_registered_client),
	T(a_registered_client_continues_from_another_host_once_it_is_registered_there),
	T(nobody_else_speaks_for_a_configured_peer), T(a_caller_of_the_default_zone_may_move),
	T(a_strangers_name_is_not_followed), T(a_strict_router_is_named_in_the_request_uri),
	T(a_bye_that_waits_follows_its_client_to_another_connection),
	T(a_bye_that_timed_out_is_said_when_the_client_is_back),
	T(a_bye_to_a_client_that_is_away_is_said_when_it_is_back),
	T(a_client_that_stays_away_is_not_waited_for_without_end),
	T(a_reinvite_follows_its_client_to_another_connection),
	T(a_call_goes_on_by_its_clients_new_connection), T(a_connection_that_others_use_stays),
	T(a_connection_of_another_ones_call_stays), T(done))
