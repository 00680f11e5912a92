/* test_resolve.c - calls to and from parties that are registered nowhere: what an alias says, names by SRV, A
 * and address, the second attempt, and what a stranger may not. */
#include "csworld.h"
#include "h323/resolve.h"

static const char edge_yaml[] =
	"version: 1\n"
	"node: {role: edge, name: edge.example.com, addresses: {inside: 192.0.2.10, outside: "
	"192.0.2.10}}\n"
	"zones:\n"
	"  - {name: friend, type: neighbor, peers: [192.0.2.21], sip: {enabled: false}, h323: "
	"{port: "
	"1720}}\n"
	"  - {name: internet, type: dns}\n"
	"dial_plan:\n"
	"  unknown_ip: direct\n"
	"  fallback_alias: alice\n"
	"  search_rules:\n"
	"    - {priority: 50, name: in, source: any, type: exact, pattern: 'alice', progress: "
	"stop, "
	"target: friend}\n"
	"    - {priority: 60, name: out, source: friend, mode: any-alias, target: internet}\n"
	"    - {priority: 70, name: proved, source: any, authenticated: true, mode: any-alias, "
	"target: "
	"internet}\n"
	"dns: {servers: [203.0.113.53]}\n"
	"address_policy: {documentation: allow}\n"
	"limits: {calls: 16, registrations: 16, connections: 64, invites_per_source: 5}\n";

static struct cep *alice, *bob; /* a neighbor's; somebody's */

static void up(void)
{
	struct local from = {.row = PLAN_EDGE_DNS, .addr = NODE_AT, .fd = NO_FD};
	struct addr_ok ok = allowed(addr_v4(203, 0, 113, 53, 53));

	world_up_as(edge_yaml);
	CHECK(dns_configure(w.io, &from, &ok, 1) == OK);
	alice = ep_new("alice", 21);
	bob = ep_new("bob", 22);
}

static void name(const char *of, enum dns_type type, const struct dns_answer *answer)
{
	struct dns_answer a = *answer;

	a.ttl_s = 60;
	CHECK(sim_name(w.sim, NULL, of, type, &a) == OK);
}

static void host(const char *of, struct addr at)
{
	name(of, DNS_A, &(struct dns_answer){.addr = addr_with_port(&at, 0)});
}

static void service(const char *domain, const char *target, uint16_t priority)
{
	struct dns_answer a = {.priority = priority, .weight = 1, .port = 1720};
	char of[100];

	snprintf(of, sizeof of, "_h323cs._tcp.%s", domain);
	snprintf(a.name, sizeof a.name, "%s", target);
	name(of, DNS_SRV, &a);
}

static void call(const char *to)
{
	ep_dial(alice);
	ep_setup(alice, to);
}

static void refused(struct cep *e, uint8_t q850)
{
	struct cs_msg *m = ep_got(e, Q931_RELEASE_COMPLETE);

	CHECK(q931_cause(&m->q) == q850);
	run_ms(100);
	CHECK(call_count(w.core) == 0 && w.h->legs->pool.n_taken == 0);
}

/* ---- what an alias says ---- */

static void dialled(const char *alias, const char *user, const char *at_host, uint16_t port)
{
	struct h323_dialled d;
	char buf[ADDR_TEXT_SIZE];

	CHECK(h323_dialled(str_of(alias), &d));
	CHECK(str_eq(d.user, str_of(user)));
	CHECK(str_eq(d.at.family ? str_of(addr_put_host(&d.at, buf)) : d.host, str_of(at_host)));
	CHECK((d.at.family ? d.at.port : d.port) == port);
}

static void aliases_say_a_user_and_a_place(void)
{
	dialled("bob@there.example", "bob", "there.example", 0);
	dialled("h323:bob@there.example:1730", "bob", "there.example", 1730);
	dialled("H323:bob@there.example;user=phone", "bob", "there.example", 0);
	dialled("there.example", "", "there.example", 0);
	dialled("192.0.2.22", "", "192.0.2.22", 0);
	dialled("bob@192.0.2.22:1730", "bob", "192.0.2.22", 1730);
	dialled("[2001:db8::1]:1730", "", "2001:db8::1", 1730);
	dialled("1234##192.0.2.22", "1234", "192.0.2.22", 0);
	dialled("192.0.2.22:1730##bob", "bob", "192.0.2.22", 1730);
}

static void other_aliases_name_no_place(void)
{
	static const char *const aliases[] = {"", "bob", "1234", "@there.example", "bob@",
		"bob@there", "bob@there.example:0", "bob@there.example:65536",
		"bob@there.example:", "##192.0.2.22", "192.0.2.22##", "bob##there.example",
		"bob@there .example", "bob@.there.example", "bob@there.", "h323:", "bob@a.b/c"};
	struct h323_dialled d;

	for (size_t i = 0; i < sizeof aliases / sizeof *aliases; i++) {
		if (h323_dialled(str_of(aliases[i]), &d))
			printf("# %s\n", aliases[i]);
		CHECK(!h323_dialled(str_of(aliases[i]), &d));
	}
}

/* ---- out ---- */

/* bob@there.example as a URL and as a name, to his address, from our range. */
static void check_setup(struct cs_msg *m)
{
	uint16_t list = cs_field(m, H225_Setup_UUIE_destinationAddress);
	uint16_t first = per_first(&m->t, list);
	struct h323_alias alias;
	struct addr to;

	CHECK(per_count(&m->t, list) == 2);
	CHECK(alias_get(&m->t, first, &alias) == OK && alias.kind == ALIAS_URL);
	CHECK_STR(str_of(alias.text), "bob@there.example");
	CHECK(alias_get(&m->t, per_next(&m->t, first), &alias) == OK && alias.kind == ALIAS_ID);
	CHECK_STR(str_of(alias.text), "bob@there.example");
	CHECK(h225_addr(&m->t, cs_field(m, H225_Setup_UUIE_destCallSignalAddress), &to));
	CHECK(addr_eq(&to, &bob->at));
	CHECK(stream_peer(bob->cs)->remote.port >= 15000 &&
		stream_peer(bob->cs)->remote.port <= 19999);
}

static void a_domain_is_found_by_its_service(void)
{
	up();
	service("there.example", "host.example", 10);
	host("host.example", bob->at);
	call("bob@there.example");
	check_setup(ep_got(bob, Q931_SETUP));
	ep_connect(bob);
	ep_got(alice, Q931_CONNECT);
	ep_release(bob, 16);
	refused(alice, 16);
	world_down();
}

static void a_domain_without_services_is_a_host(void)
{
	up();
	host("there.example", bob->at);
	call("bob@there.example");
	check_setup(ep_got(bob, Q931_SETUP));
	world_down();
}

static void a_port_needs_no_service(void)
{
	up();
	service("there.example", "dead.example", 10);
	host("there.example", bob->at);
	call("bob@there.example:1720");
	check_setup(ep_got(bob, Q931_SETUP));
	world_down();
}

static void the_second_target_is_tried_after_the_first(void)
{
	up();
	service("there.example", "host.example", 20);
	service("there.example", "dead.example", 10);
	host("host.example", bob->at);
	host("dead.example", addr_v4(192, 0, 2, 99, 0));
	call("bob@there.example");
	run_ms(HCONN_DIAL_MS + 200);
	check_setup(ep_got(bob, Q931_SETUP));
	world_down();
}

static void a_third_target_is_not_tried(void)
{
	up();
	service("there.example", "dead.example", 10);
	service("there.example", "dead2.example", 20);
	service("there.example", "host.example", 30);
	host("dead.example", addr_v4(192, 0, 2, 98, 0));
	host("dead2.example", addr_v4(192, 0, 2, 99, 0));
	host("host.example", bob->at);
	call("bob@there.example");
	run_ms(12000);
	CHECK(bob->cs_box.n == 0);
	ep_got(alice, Q931_CALL_PROCEEDING); /* our own, meanwhile */
	refused(alice, 27);
	world_down();
}

static void names_that_lead_nowhere_are_refused(void)
{
	up();
	call("bob@nowhere.example");
	refused(alice, 3);
	service("off.example", ".", 10); /* "no such service here" */
	host("off.example", bob->at);
	ep_setup(alice, "bob@off.example");
	refused(alice, 3);
	CHECK(bob->cs_box.n == 0);
	world_down();
}

static void a_private_address_in_an_answer_is_not_dialled(void)
{
	up();
	host("there.example", addr_v4(10, 0, 0, 1, 0));
	call("bob@there.example");
	refused(alice, 27);
	world_down();
}

static void dead_name_servers_end_the_call(void)
{
	up();
	sim_resolver(w.host, 0, true);
	call("bob@there.example");
	run_ms(20000);
	ep_got(alice, Q931_CALL_PROCEEDING);
	refused(alice, 27);
	world_down();
}

static void a_caller_who_gives_up_is_not_waited_for(void)
{
	up();
	sim_resolver(w.host, 500, false);
	host("there.example", bob->at);
	call("bob@there.example");
	run_ms(100);
	ep_release(alice, 16);
	run_ms(3000);
	CHECK(bob->cs_box.n == 0 && call_count(w.core) == 0 && w.h->legs->pool.n_taken == 0);
	world_down();
}

static void an_alias_at_an_address_is_the_alias_there(void)
{
	struct h323_alias alias;

	up();
	call("1234##192.0.2.22");
	CHECK(cs_destination(ep_got(bob, Q931_SETUP), &alias));
	CHECK(alias.kind == ALIAS_DIGITS);
	CHECK_STR(str_of(alias.text), "1234");
	world_down();
}

/* ---- in ---- */

static void a_stranger_calls_who_is_here(void)
{
	struct h323_alias alias;

	up();
	ep_dial(bob);
	ep_setup(bob, "alice");
	CHECK(cs_destination(ep_got(alice, Q931_SETUP), &alias));
	CHECK_STR(str_of(alias.text), "alice");
	world_down();
}

static void a_stranger_who_speaks_from_elsewhere_is_behind_a_nat(void)
{
	struct addr at;

	up();
	ep_dial(bob);
	ep_setup(bob, "alice");
	ep_got(alice, Q931_SETUP);
	CHECK(!cleg_of_call(w.h, bob->guid, true)->leg->is_nat);
	ep_release(bob, 16);
	run_ms(100);
	at = bob->at;
	bob->at = addr_v4(10, 0, 0, 7, 1720);
	ep_setup(bob, "alice");
	run_ms(100);
	CHECK(cleg_of_call(w.h, bob->guid, true)->leg->is_nat);
	bob->at = at;
	world_down();
}

static void setup_to(struct cep *e, struct addr at)
{
	begin_setup(e, NULL);
	CHECK(h225_put_addr(
		&out.t, per_put(&out.t, out.body, H225_Setup_UUIE_destCallSignalAddress), &at));
	ep_say(e, Q931_SETUP, 0);
}

static void a_stranger_who_calls_our_address_means_the_fallback_alias(void)
{
	struct h323_alias alias;

	up();
	ep_dial(bob);
	setup_to(bob, addr_v4(192, 0, 2, 10, 1720));
	CHECK(cs_destination(ep_got(alice, Q931_SETUP), &alias));
	CHECK_STR(str_of(alias.text), "alice");
	world_down();
}

static void a_stranger_is_not_led_on(void)
{
	up();
	host("there.example", alice->at);
	ep_dial(bob);
	setup_to(bob, alice->at); /* an address that is not ours */
	refused(bob, 28);
	ep_setup(bob, "bob@there.example"); /* from the Internet to the Internet */
	ep_got(bob, Q931_RELEASE_COMPLETE);
	ep_setup(bob, "1234##192.0.2.21");
	ep_got(bob, Q931_RELEASE_COMPLETE);
	run_ms(5000);
	CHECK(alice->cs_box.n == 0);
	world_down();
}

TEST_MAIN(T(aliases_say_a_user_and_a_place), T(other_aliases_name_no_place),
	T(a_domain_is_found_by_its_service), T(a_domain_without_services_is_a_host),
	T(a_port_needs_no_service), T(the_second_target_is_tried_after_the_first),
	T(a_third_target_is_not_tried), T(names_that_lead_nowhere_are_refused),
	T(a_private_address_in_an_answer_is_not_dialled), T(dead_name_servers_end_the_call),
	T(a_caller_who_gives_up_is_not_waited_for), T(an_alias_at_an_address_is_the_alias_there),
	T(a_stranger_calls_who_is_here), T(a_stranger_who_speaks_from_elsewhere_is_behind_a_nat),
	T(a_stranger_who_calls_our_address_means_the_fallback_alias), T(a_stranger_is_not_led_on))
