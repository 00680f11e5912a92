/* test_resolve.c - next hops by RFC 3263, fail-over, and the switch to TCP, as Edge calls out. */
#include "sip/nodes.h"

static struct phone *carol, *dave;

static const char outside_yaml[] =
	"version: 1\n"
	"node: {role: edge, name: edge.example.com, addresses: {inside: 198.51.100.10, outside: "
	"198.51.100.10}}\n"
	"sip: {udp: true, tcp: true, tls: false, registrar: true, domains: [far.example]}\n"
	"zones:\n"
	"  - {name: internet, type: dns}\n"
	"subzones:\n"
	"  - {name: default, registration: allow, authentication: trusted}\n"
	"dial_plan:\n"
	"  search_rules:\n"
	"    - {priority: 100, name: out, source: local, authenticated: true, mode: any-alias, "
	"target: internet}\n"
	"address_policy: {documentation: allow}\n"
	"limits: {calls: 16, registrations: 16, connections: 64, transactions: 512}\n";

static void name(const char *name, enum dns_type type, const struct dns_answer *answer)
{
	struct dns_answer a = *answer;

	a.ttl_s = 60;
	CHECK(sim_name(world.sim, NULL, name, type, &a) == OK);
}

static void host(const char *of, uint8_t last)
{
	name(of, DNS_A, &(struct dns_answer){.addr = addr_v4(203, 0, 113, last, 0)});
}

static struct dns_answer srv(const char *target, uint16_t priority, uint16_t port)
{
	struct dns_answer a = {.priority = priority, .weight = 1, .port = port};

	snprintf(a.name, sizeof a.name, "%s", target);
	return a;
}

static void set_up(void)
{
	struct addr server = addr_v4(203, 0, 113, 53, 53);
	struct local from = {
		.row = PLAN_EDGE_DNS, .addr = addr_v4(198, 51, 100, 10, 0), .fd = NO_FD};
	struct addr_ok ok;

	world_nets();
	world_edge(outside_yaml);
	world.edge.plan.switches[SW_DNS] = true;
	ok = allowed(&server);
	CHECK(dns_configure(world.edge.io, &from, &ok, 1) == OK);
	carol = phone_new("carol", world.outside,
		addr_v4(203, 0, 113, 20, 5060)); /* the caller, registered */
	dave = phone_new("dave", world.outside, addr_v4(203, 0, 113, 21, 5060));
	phone_register(carol, EDGE_AT, "carol", "far.example", 60);
	phone_status(carol, 200);
}

static void call(const char *uri, const char *more)
{
	static unsigned n;

	phone_send(carol, EDGE_AT,
		request(carol, "INVITE", uri, format("resolve-%u", ++n),
			"<sip:carol@far.example>;tag=c", "<sip:dave@there.example>", 1, more,
			sdp_of("203.0.113.20", 4000)));
}

static void an_address_is_called_as_it_is(void)
{
	struct sip_msg *m;

	set_up();
	call("sip:dave@203.0.113.21", "");
	m = phone_method(dave, SIP_INVITE);
	phone_send(dave, EDGE_AT, reply(dave, m, 486, "Busy Here", "d", "", ""));
	phone_method(dave, SIP_ACK);
	call("sip:dave@203.0.113.21:5060;transport=udp", "");
	m = phone_method(dave, SIP_INVITE);
	CHECK_STR(m->uri_text, "sip:dave@203.0.113.21:5060;transport=udp");
}

static void a_name_without_services_is_a_host(void)
{
	set_up();
	host("there.example", 21);
	call("sip:dave@there.example", "");
	phone_method(dave, SIP_INVITE);
}

static void naptr_leads_to_srv_leads_to_hosts(void)
{
	struct dns_answer a = {.priority = 1, .service = "SIP+D2U", .flags = "s"};
	struct dns_answer first = srv("dead.example", 1, 5060),
			  second = srv("host.example", 2, 5060);

	set_up();
	snprintf(a.name, sizeof a.name, "_sip._udp.there.example");
	name("there.example", DNS_NAPTR, &a);
	name("_sip._udp.there.example", DNS_SRV, &second);
	name("_sip._udp.there.example", DNS_SRV, &first);
	host("host.example", 21);
	call("sip:dave@there.example", "");
	phone_method(dave, SIP_INVITE); /* dead.example has no address */
}

static void hops_that_take_no_connection_end_in_480(void)
{
	struct dns_answer first = srv("silent.example", 1, 5060),
			  second = srv("host.example", 2, 5060);
	struct sip_msg *m;

	set_up();
	name("_sip._tcp.there.example", DNS_SRV, &first);
	name("_sip._tcp.there.example", DNS_SRV, &second);
	host("silent.example", 99); /* nobody there */
	host("host.example", 21);
	call("sip:dave@there.example;transport=tcp", "");
	run_ms(20000);
	CHECK(dave->n_in == 0); /* dave listens on UDP alone: both hops fail */
	m = phone_status(carol, 480);
	(void)m;
}

static void an_unknown_name_gets_404_and_a_dead_server_408(void)
{
	set_up();
	call("sip:x@nowhere.example", "");
	phone_status(carol, 404);
	sim_resolver(world.edge.host, 0, true);
	call("sip:x@other.example", "");
	run_ms(100);
	phone_send(carol, EDGE_AT, /* meanwhile nothing else waits */
		request(carol, "OPTIONS", "sip:far.example", "o", "<sip:carol@far.example>;tag=c",
			"<sip:far.example>", 1, "", ""));
	for (int i = 0; i < 4; i++) {
		struct sip_msg *m = phone_next(carol);

		if (m->method == SIP_OPTIONS)
			break;
		CHECK(i < 3);
	}
	run_ms(40000);
	phone_status(carol, 408);
}

static void what_the_policy_denies_is_never_asked_for(void)
{
	static const char *const uris[] = {"sip:x@127.0.0.1", "sip:x@10.1.2.3",
		"sip:x@169.254.169.254", "sip:x@[::1]", "sip:x@224.0.0.1",
		"sip:x@[::ffff:127.0.0.1]", "sip:x@198.51.100.10", "sip:x@203.0.113.21:25"};

	set_up();
	for (size_t i = 0; i < sizeof uris / sizeof *uris; i++) {
		call(uris[i], "");
		for (int k = 0;; k++) {
			struct sip_msg *m = phone_next(carol);

			CHECK(k < 4);
			if (m->status >= 300) {
				CHECK(m->status == 403 || m->status == 404 || m->status == 482);
				break;
			}
		}
	}
	CHECK(dave->n_in == 0);
}

static void what_a_name_leads_to_goes_through_the_policy(void)
{
	static const struct dns_answer denied[] = {
		{.addr = {.family = AF_V4, .ip = {127, 0, 0, 1}}},
		{.addr = {.family = AF_V4, .ip = {10, 1, 2, 3}}},
		{.addr = {.family = AF_V4, .ip = {198, 51, 100, 10}}}};
	struct sip_msg *m;

	set_up();
	for (size_t i = 0; i < sizeof denied / sizeof *denied; i++)
		name("trap.example", DNS_A, &denied[i]);
	call("sip:x@trap.example", "");
	phone_status(carol, 403);
	host("trap.example", 21); /* the only one that may be called */
	call("sip:dave@trap.example", "");
	m = phone_method(dave, SIP_INVITE);
	CHECK(m->via.transport == SIP_TP_UDP);
}

/* limits.dns_queries: the one over it fails at once, nothing waits. */
static void more_names_than_may_be_asked_for_at_a_time_are_refused(void)
{
	size_t n_alarms;

	set_up();
	n_alarms = alarm_count(world.edge.alarms);
	host("there.example", 21);
	dns_limit(world.edge.io, 2, 16);
	sim_resolver(world.edge.host, 1000, false);
	call("sip:dave@there.example", "");
	call("sip:dave@there.example", "");
	run_ms(50);
	CHECK(alarm_count(world.edge.alarms) == n_alarms);
	call("sip:dave@there.example", "");
	run_ms(50);
	CHECK(sip_has(phone_status(carol, 503), SIP_HDR_RETRY_AFTER));
	CHECK(alarm_count(world.edge.alarms) == n_alarms + 1);
	run_ms(6000); /* NAPTR, two SRV, A */
	CHECK(phone_method(dave, SIP_INVITE) && phone_method(dave, SIP_INVITE));
	CHECK(alarm_count(world.edge.alarms) == n_alarms);
}

static char padding[1200];

static void a_large_request_goes_by_tcp_and_by_udp_where_there_is_none(void)
{
	char more[1400];
	struct sip_msg *m;

	set_up();
	memset(padding, 'x', sizeof padding - 1);
	snprintf(more, sizeof more, "X-Padding: %s\n", padding);
	call("sip:dave@203.0.113.21", more);
	m = phone_method(dave, SIP_INVITE); /* dave's host refuses TCP: UDP follows at once */
	CHECK(m->via.transport == SIP_TP_UDP);
	CHECK_STR(sip_header_named(m, STR("X-Padding")), padding);
}

static void done(void)
{
	world_down();
}

TEST_MAIN(T(an_address_is_called_as_it_is), T(a_name_without_services_is_a_host),
	T(naptr_leads_to_srv_leads_to_hosts), T(hops_that_take_no_connection_end_in_480),
	T(an_unknown_name_gets_404_and_a_dead_server_408),
	T(what_the_policy_denies_is_never_asked_for),
	T(what_a_name_leads_to_goes_through_the_policy),
	T(more_names_than_may_be_asked_for_at_a_time_are_refused),
	T(a_large_request_goes_by_tcp_and_by_udp_where_there_is_none), T(done))
