/* test_gate.c - limits and rates of new work: each at the limit and one over it, what the sender is told,
 * and the alarm. */
#include "sip/gate.h"
#include "sip/nodes.h"
#include "sip/registrar.h"

static struct phone *alice, *bob, *carol;
static char yaml[4096];
static size_t n_alarms;

/* Control with these limits, a registered phone that rings, and two callers of the Default zone. */
static void three_phones(const char *limits)
{
	snprintf(yaml, sizeof yaml, "%.*s%s}\n", (int)(strlen(control_yaml) - 2), control_yaml,
		limits);
	world_nets();
	world_control(yaml);
	alice = phone_new("alice", world.inside, addr_v4(192, 0, 2, 101, 5060));
	bob = phone_new("bob", world.inside, addr_v4(192, 0, 2, 102, 5060));
	carol = phone_new("carol", world.inside, addr_v4(192, 0, 2, 103, 5060));
	phone_register(bob, CONTROL_AT, "bob", "example.com", 600);
	phone_status(bob, 200);
	n_alarms = alarm_count(world.control.alarms);
}

static void invite(struct phone *p, const char *call_id)
{
	phone_send(p, CONTROL_AT,
		request(p, "INVITE", "sip:bob@example.com", call_id, "<sip:x@example.com>;tag=x",
			"<sip:bob@example.com>", 1, "", sdp_of("192.0.2.101", 4000)));
}

static void rings(struct phone *p, const char *call_id)
{
	invite(p, call_id);
	CHECK(phone_method(bob, SIP_INVITE));
}

static void is_busy(struct phone *p, const char *text)
{
	struct sip_msg *m = phone_status(p, 503);

	CHECK(sip_has(m, SIP_HDR_RETRY_AFTER));
	CHECK_STR(sip_header(m, SIP_HDR_REASON), format("SIP;cause=503;text=\"%s\"", text));
}

/* Our own answers name us, and say which version only where that is asked for. */
static void answers_say_the_version_where_it_is_wanted(void)
{
	struct sip_msg *m;

	three_phones(", invites_per_source: 1");
	rings(alice, "1");
	invite(alice, "2");
	m = phone_status(alice, 503);
	CHECK_STR(sip_header(m, SIP_HDR_SERVER), "Fosseway/" FOSSE_VERSION);
	world.control.conf->sip.show_version = false;
	invite(alice, "3");
	m = phone_status(alice, 503);
	CHECK_STR(sip_header(m, SIP_HDR_SERVER), "Fosseway");
}

static uint64_t counted(void)
{
	return world.control.sip->counters.n_refused_limits;
}

static void a_source_has_so_many_calls_in_set_up(void)
{
	three_phones(", invites_per_source: 3");
	rings(alice, "1");
	rings(alice, "2");
	rings(alice, "3");
	CHECK(counted() == 0 && alarm_count(world.control.alarms) == n_alarms);
	invite(alice, "4");
	is_busy(alice, "Too many calls of this source are being set up");
	CHECK(counted() == 1 && alarm_count(world.control.alarms) == n_alarms + 1);
	rings(carol, "5");
	run_ms(6000);
	CHECK(alarm_count(world.control.alarms) == n_alarms);
}

static void a_call_that_is_refused_makes_room(void)
{
	three_phones(", invites_per_source: 1");
	invite(alice, "1");
	phone_send(bob, CONTROL_AT,
		reply(bob, phone_method(bob, SIP_INVITE), 486, "Busy Here", "b", "", ""));
	phone_status(alice, 486);
	run_ms(100);
	rings(alice, "2");
	invite(alice, "3");
	is_busy(alice, "Too many calls of this source are being set up");
}

static void a_zone_has_so_many_calls_in_set_up(void)
{
	three_phones(", invites_per_zone: 2");
	rings(alice, "1");
	rings(carol, "2");
	invite(alice, "3");
	is_busy(alice, "Too many calls of this zone are being set up");
	CHECK(counted() == 1 && alarm_count(world.control.alarms) == n_alarms + 1);
	rings(bob, "4"); /* of the Local zone */
}

static void the_node_has_so_many_calls_in_set_up(void)
{
	three_phones(", invites: 2, invites_per_zone: 2, invites_per_source: 2");
	rings(alice, "1");
	rings(bob, "2");
	invite(carol, "3");
	is_busy(carol, "Too many calls are being set up");
	CHECK(counted() == 1 && alarm_count(world.control.alarms) == n_alarms + 1);
}

static void each_limit_has_an_alarm_of_its_own(void)
{
	three_phones(", invites: 3, invites_per_zone: 3, invites_per_source: 1");
	rings(alice, "1");
	invite(alice, "2");
	is_busy(alice, "Too many calls of this source are being set up");
	run_ms(3000);
	rings(carol, "3");
	rings(bob, "4");
	invite(carol, "5");
	is_busy(carol, "Too many calls are being set up");
	CHECK(alarm_count(world.control.alarms) == n_alarms + 2);
	run_ms(2500);
	CHECK(alarm_count(world.control.alarms) == n_alarms + 1);
	run_ms(3000);
	CHECK(alarm_count(world.control.alarms) == n_alarms);
}

static void the_node_has_so_many_calls(void)
{
	three_phones(", invites_per_source: 99");
	for (unsigned i = 0; i < 16; i++) /* limits.calls */
		rings(i % 2 ? alice : carol, format("%u", i));
	CHECK(alarm_count(world.control.alarms) == n_alarms);
	alice->n_seen = alice->n_in;
	invite(alice, "one-more");
	is_busy(alice, "Too many calls (limits.calls)");
	CHECK(alarm_count(world.control.alarms) == n_alarms + 1);
}

static void what_waited_too_long_is_refused_until_the_node_keeps_up(void)
{
	three_phones(", queue_age: 1s");
	rings(alice, "1");
	sim_freeze(world.control.io, 900);
	rings(alice, "2");
	sim_freeze(world.control.io, 1200);
	invite(alice, "3");
	is_busy(alice, "Overload");
	CHECK(counted() == 1 && alarm_count(world.control.alarms) == n_alarms + 1);
	run_ms(150);
	rings(alice, "4");
	run_ms(5000);
	sim_freeze(world.control.io, 1200); /* nothing was there to wait */
	run_ms(1300);
	rings(alice, "5");
}

static const char *register_ann(const char *credentials)
{
	static unsigned n;

	n++;
	return format("REGISTER sip:example.com SIP/2.0\nVia: SIP/2.0/UDP "
		      "192.0.2.101:5060;branch=z9hG4bKl%u;rport\nMax-Forwards: 70\nFrom: "
		      "<sip:ann@example.com>;tag=r\nTo: <sip:ann@example.com>\nCall-ID: login\n"
		      "CSeq: %u REGISTER\nContact: <sip:ann@192.0.2.101>\n%sContent-Length: "
		      "0\n\n",
		n, n, credentials);
}

/* NULL: no answer. */
static struct sip_msg *log_in(struct phone *p, const char *password)
{
	struct auth_parts parts = {.algorithm = AUTH_SHA256,
		.nc = STR("00000001"),
		.cnonce = STR("x"),
		.qop = STR("auth"),
		.method = STR("REGISTER"),
		.uri = STR("sip:example.com")};
	uint8_t ha1[32];
	char response[65];
	struct sip_auth c;
	struct sip_msg *m;

	phone_send(p, CONTROL_AT, register_ann(""));
	m = phone_status(p, 401);
	CHECK(sip_auth_parse(sip_header(m, SIP_HDR_WWW_AUTHENTICATE), &c) == OK);
	auth_ha1(AUTH_SHA256, STR("ann"), STR("example.com"), str_of(password), ha1);
	parts.ha1 = ha1;
	parts.nonce = c.nonce;
	auth_response(&parts, response);
	phone_send(p, CONTROL_AT,
		register_ann(
			format("Authorization: Digest username=\"ann\", realm=\"example.com\", "
			       "nonce=\"%.*s\", uri=\"sip:example.com\", response=\"%s\", "
			       "algorithm=SHA-256, cnonce=\"x\", nc=00000001, qop=auth\n",
				STR_ARG(c.nonce), response)));
	run_ms(50);
	return p->n_seen < p->n_in ? phone_next(p) : NULL;
}

/* The limit is over passwords looked at: beyond it the right one opens nothing either, and nobody learns
 * which one that is. */
static void a_source_may_fail_to_log_in_so_often(void)
{
	struct sip_msg *m;
	const char *p = strstr(control_yaml, "authentication: trusted}\n");

	CHECK(p);
	snprintf(yaml, sizeof yaml,
		"%.*sauthentication: check}\nusers: [{name: ann, password: ok}]\n%.*s, "
		"failed_logins: 3/60s}\n",
		(int)(p - control_yaml), control_yaml, (int)strlen(p + 25) - 2, p + 25);
	world_nets();
	world_control(yaml);
	alice = phone_new("alice", world.inside, addr_v4(192, 0, 2, 101, 5060));
	carol = phone_new("carol", world.inside, addr_v4(192, 0, 2, 103, 5060));
	for (unsigned i = 0; i < 3; i++) {
		m = log_in(alice, "guess");
		CHECK(m && m->status == 401);
	}
	m = log_in(alice, "ok");
	CHECK(m && m->status == 503);
	CHECK_STR(sip_header(m, SIP_HDR_REASON), "SIP;cause=503;text=\"Too many failed logins\"");
	CHECK(!log_in(alice, "guess")); /* told once in ten seconds */
	CHECK(registrar_count(world.control.sip->registrar) == 0);
	m = log_in(carol, "ok");
	CHECK(m && m->status == 200);
	run_ms(21000); /* one more try each 20 s */
	m = log_in(alice, "ok");
	CHECK(m && m->status == 200);
}

/* How many algorithms a client is offered. */
static unsigned n_offered(const char *agent)
{
	const struct sip_msg *m;
	unsigned n = 0;

	phone_send(alice, CONTROL_AT, register_ann(format("User-Agent: %s\n", agent)));
	m = phone_status(alice, 401);
	for (int i = sip_first(m, SIP_HDR_WWW_AUTHENTICATE); i >= 0; i = sip_next(m, i))
		n++;
	return n;
}

static void check_logins(const char *sip)
{
	const char *p = strstr(control_yaml, "authentication: trusted}\n"),
		   *q = strstr(control_yaml, "registrar: true");

	CHECK(p && q);
	snprintf(yaml, sizeof yaml, "%.*s%s%.*sauthentication: check}\n%s", (int)(q - control_yaml),
		control_yaml, sip, (int)(p - q), q, p + 25);
	world_nets();
	world_control(yaml);
	alice = phone_new("alice", world.inside, addr_v4(192, 0, 2, 101, 5060));
}

static void clients_that_know_no_sha256_are_named_by_a_setting(void)
{
	check_logins("");
	CHECK(n_offered("baresip v1.0.0 (x86_64/Linux)") == 1);
	CHECK(n_offered("sipp") == 1);
	CHECK(n_offered("bare") == 2 && n_offered("x baresip") == 2);
	check_logins("md5_only_agents: [Old Phone], ");
	CHECK(n_offered("old phone/7") == 1 && n_offered("baresip v1.0.0") == 2);
	check_logins("md5_only_agents: [], ");
	CHECK(n_offered("baresip v1.0.0") == 2);
}

static char in_call[512];

static void establish(void)
{
	struct sip_msg *m;

	invite(alice, "call");
	m = phone_method(bob, SIP_INVITE);
	phone_send(bob, CONTROL_AT, reply(bob, m, 200, "OK", "b", "", sdp_of("192.0.2.102", 5000)));
	m = phone_status(alice, 200);
	snprintf(in_call, sizeof in_call, "%s", z(contact_uri(m)));
	phone_send(alice, CONTROL_AT,
		request(alice, "ACK", in_call, "call", "<sip:x@example.com>;tag=x",
			"<sip:bob@example.com>;tag=b", 1, "", ""));
	phone_method(bob, SIP_ACK);
}

static void say(const char *method, unsigned cseq, const char *body)
{
	phone_send(alice, CONTROL_AT,
		request(alice, method, in_call, "call", "<sip:x@example.com>;tag=x",
			"<sip:bob@example.com>;tag=b", cseq, "", body));
}

static void a_flood_inside_a_call_is_refused_and_the_call_goes_on(void)
{
	unsigned n_infos = 0, cseq = 10;
	struct sip_msg *m;

	three_phones(", requests_per_dialog: 10/1s, requests_burst: 20");
	phone_dial(alice, CONTROL_AT); /* which keeps their order */
	establish();
	for (unsigned i = 0; i < 60; i++)
		say("INFO", cseq++, "");
	run_ms(100);
	while (bob->n_seen < bob->n_in)
		n_infos += phone_next(bob)->is_request;
	CHECK(n_infos == 20);
	is_busy(alice, "Too many requests inside the call");
	CHECK(alice->n_seen == alice->n_in);
	CHECK(world.control.sip->counters.n_refused_in_dialog == 40);
	say("BYE", cseq++, "");
	phone_status(alice, 200);
	m = phone_method(bob, SIP_BYE);
	CHECK(m && call_count(world.control.core) == 0);
}

/* Twice a second is more than any client does. */
static void a_call_that_is_changed_again_and_again_is_not_refused(void)
{
	struct sip_msg *m;

	three_phones(", requests_per_dialog: 10/1s, requests_burst: 20");
	establish();
	for (unsigned i = 0; i < 60; i++) {
		say("INVITE", 10 + i, sdp_of("192.0.2.101", 4000));
		m = phone_method(bob, SIP_INVITE);
		phone_send(bob, CONTROL_AT,
			reply(bob, m, 200, "OK", "b", "", sdp_of("192.0.2.102", 5000)));
		phone_status(alice, 200);
		say("ACK", 10 + i, "");
		phone_method(bob, SIP_ACK);
		run_ms(500);
	}
	CHECK(world.control.sip->counters.n_refused_in_dialog == 0);
}

static void done(void)
{
	world_down();
}

TEST_MAIN(T(answers_say_the_version_where_it_is_wanted), T(a_source_has_so_many_calls_in_set_up),
	T(a_call_that_is_refused_makes_room), T(a_zone_has_so_many_calls_in_set_up),
	T(the_node_has_so_many_calls_in_set_up), T(each_limit_has_an_alarm_of_its_own),
	T(the_node_has_so_many_calls), T(what_waited_too_long_is_refused_until_the_node_keeps_up),
	T(a_source_may_fail_to_log_in_so_often),
	T(clients_that_know_no_sha256_are_named_by_a_setting),
	T(a_flood_inside_a_call_is_refused_and_the_call_goes_on),
	T(a_call_that_is_changed_again_and_again_is_not_refused), T(done))
