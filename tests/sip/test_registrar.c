/* test_registrar.c - RFC 3261 10.3 as a client sees it, and who may register. */
#include "sip/nodes.h"
#include "sip/registrar.h"

static struct phone *alice;
static char policy_yaml[4096];

static const char *yaml_with(const char *from, const char *to)
{
	const char *p = strstr(control_yaml, from);

	CHECK(p);
	snprintf(policy_yaml, sizeof policy_yaml, "%.*s%s%s", (int)(p - control_yaml), control_yaml,
		to, p + strlen(from));
	return policy_yaml;
}

static void one_phone(const char *yaml)
{
	world_nets();
	world_control(yaml);
	alice = phone_new("alice", world.inside, addr_v4(192, 0, 2, 101, 5060));
}

static struct sip_msg *reg(const char *aor, const char *call_id, unsigned cseq, const char *headers)
{
	static unsigned n;

	phone_send(alice, CONTROL_AT,
		format("REGISTER sip:example.com SIP/2.0\nVia: SIP/2.0/UDP "
		       "192.0.2.101:5060;branch=z9hG4bKg%u;rport\n"
		       "Max-Forwards: 70\nFrom: <sip:%s>;tag=r\nTo: <sip:%s>\nCall-ID: %s\nCSeq: "
		       "%u REGISTER\n"
		       "User-Agent: test phone\n%sContent-Length: 0\n\n",
			++n, aor, aor, call_id, cseq, headers));
	return phone_next(alice);
}

static size_t count(void)
{
	return registrar_count(world.control.sip->registrar);
}

static void bindings_are_added_refreshed_asked_for_and_removed(void)
{
	struct sip_msg *m;

	one_phone(control_yaml);
	m = reg("bob@example.com", "r1", 1,
		"Contact: <sip:bob@192.0.2.101:5060>;q=0.5\nExpires: 600\n");
	CHECK(m->status == 200 && count() == 1);
	CHECK_STR(sip_header(m, SIP_HDR_CONTACT), "<sip:bob@192.0.2.101:5060>;q=0.5;expires=600");
	m = reg("bob@example.com", "r1", 2, "Contact: <sip:bob@192.0.2.101:5060>;expires=100\n");
	CHECK(m->status == 200 && count() == 1);
	m = reg("bob@example.com", "r1", 3,
		"Contact: <sip:bob@192.0.2.102>\nContact: <sip:b@192.0.2.103>\nExpires: 60\n");
	CHECK(m->status == 200 && count() == 3);
	m = reg("bob@example.com", "q", 1, "");
	CHECK(m->status == 200 && sip_list_count(m, SIP_HDR_CONTACT) == 3);
	m = reg("bob@example.com", "r1", 4, "Contact: <sip:b@192.0.2.103>;expires=0\n");
	CHECK(m->status == 200 && count() == 2);
	m = reg("bob@example.com", "r1", 5, "Contact: *\nExpires: 0\n");
	CHECK(m->status == 200 && count() == 0 && !sip_has(m, SIP_HDR_CONTACT));
}

static void bindings_end_with_their_time(void)
{
	one_phone(control_yaml);
	CHECK(reg("bob@example.com", "r1", 1, "Contact: <sip:bob@192.0.2.101>\nExpires: 60\n")
			->status == 200);
	run_ms(59000);
	CHECK(count() == 1);
	run_ms(2000);
	CHECK(count() == 0);
}

static void what_is_malformed_or_too_much_changes_nothing(void)
{
	struct sip_msg *m;

	one_phone(control_yaml);
	CHECK(reg("bob@example.com", "r1", 5, "Contact: <sip:bob@192.0.2.101>\nExpires: 600\n")
			->status == 200);
	CHECK(reg("bob@example.com", "r1", 4, "Contact: <sip:bob@192.0.2.101>;expires=0\n")
			->status == 500);
	CHECK(reg("bob@example.com", "r2", 6, "Contact: *\nExpires: 60\n")->status == 400);
	CHECK(reg("bob@example.com", "r2", 7, "Contact: *, <sip:x@192.0.2.101>\nExpires: 0\n")
			->status == 400);
	CHECK(reg("bob@example.com", "r2", 8, "Contact: sip:bob@192.0.2.101?Route=%3Csip:x%3E\n")
			->status == 400);
	m = reg("bob@example.com", "r2", 9, "Contact: <sip:c@192.0.2.101>\nExpires: 44\n");
	CHECK(m->status == 423);
	CHECK_STR(sip_header(m, SIP_HDR_MIN_EXPIRES), "45");
	m = reg("bob@example.com", "r2", 10, "Contact: <sip:c@192.0.2.101>\nRequire: magic\n");
	CHECK(m->status == 420);
	CHECK_STR(sip_header(m, SIP_HDR_UNSUPPORTED), "magic");
	CHECK(reg("bob@other.example", "r2", 11, "Contact: <sip:c@192.0.2.101>\n")->status == 403);
	CHECK(reg("bob@example.com", "r2", 12,
		      "Contact: "
		      "<sip:1@192.0.2.101>,<sip:2@192.0.2.101>,<sip:3@192.0.2.101>,<sip:4@192.0.2."
		      "101>,"
		      "<sip:5@192.0.2.101>,<sip:6@192.0.2.101>\n")
			->status == 403);
	CHECK(count() == 1);
}

static void an_alias_has_at_most_ten_bindings_and_the_node_its_limit(void)
{
	char line[128];

	one_phone(control_yaml);
	for (unsigned i = 0; i < 10; i++) {
		snprintf(line, sizeof line, "Contact: <sip:d%u@192.0.2.101>\nExpires: 600\n", i);
		CHECK(reg("bob@example.com", "r", i + 1, line)->status == 200);
	}
	CHECK(reg("bob@example.com", "r", 20, "Contact: <sip:e@192.0.2.101>\n")->status == 403);
	CHECK(reg("bob@example.com", "r", 21, "Contact: <sip:d0@192.0.2.101>\n")->status ==
		200);                      /* a refresh */
	for (unsigned i = 0; i < 6; i++) { /* limits.registrations is 16 */
		snprintf(line, sizeof line, "Contact: <sip:f%u@192.0.2.101>\n", i);
		CHECK(reg("eve@example.com", "s", i + 1, line)->status == 200);
	}
	CHECK(reg("eve@example.com", "s", 20, "Contact: <sip:g@192.0.2.101>\n")->status == 503);
	CHECK(reg("bob@example.com", "r", 22, "Contact: <sip:d0@192.0.2.101>;expires=0\n")
			->status == 200);
	CHECK(reg("eve@example.com", "s", 21, "Contact: <sip:g@192.0.2.101>\n")->status ==
		200); /* room at once */
}

static void ten_long_contacts_are_all_listed(void)
{
	char line[1024];
	struct sip_msg *m = NULL;

	one_phone(control_yaml);
	phone_dial(alice, CONTROL_AT);
	for (unsigned i = 0; i < 10; i++) {
		snprintf(line, sizeof line,
			"Contact: <sip:d%u@192.0.2.101;x=%0460u>;y=%0220u\nExpires: 600\n", i, i,
			i);
		m = reg("bob@example.com", "r", i + 1, line);
		CHECK(m->status == 200);
	}
	CHECK(sip_list_count(m, SIP_HDR_CONTACT) == 10);
}

static void instance_and_reg_id_replace_whatever_the_address(void)
{
	struct sip_msg *m;

	one_phone(control_yaml);
	m = reg("bob@example.com", "o1", 1,
		"Supported: outbound, path\nContact: "
		"<sip:bob@192.0.2.101:5060>;+sip.instance=\"<urn:uuid:1>\";reg-id=1\n"
		"Expires: 600\n");
	CHECK(m->status == 200 && count() == 1);
	CHECK(sip_list_has(m, SIP_HDR_REQUIRE, STR("outbound")) && sip_has(m, SIP_HDR_FLOW_TIMER));
	m = reg("bob@example.com", "o2", 1,
		"Supported: outbound\nContact: "
		"<sip:bob@192.0.2.101:7777>;+sip.instance=\"<urn:uuid:1>\";reg-id=1\n"
		"Expires: 600\n");
	CHECK(m->status == 200 && count() == 1);
	m = reg("bob@example.com", "o2", 2,
		"Contact: "
		"<sip:bob@192.0.2.101:7777>;+sip.instance=\"<urn:uuid:1>\";reg-id=2\nExpires: "
		"600\n");
	CHECK(m->status == 200 && count() == 2);
}

static void odd_contacts_are_kept_as_they_are(void)
{
	struct sip_msg *m;

	one_phone(control_yaml);
	m = reg("bob@example.com", "c1", 1, "Contact: sip:+19725552222@192.0.2.101;unknownparam\n");
	CHECK(m->status == 200);
	CHECK(str_has_prefix(sip_header(m, SIP_HDR_CONTACT),
		STR("<sip:+19725552222@192.0.2.101>;unknownparam;")));
	m = reg("eve@example.com", "c2", 1, "Contact: <sip:x@192.0.2.101;unknownparam>\n");
	CHECK(str_has_prefix(
		sip_header(m, SIP_HDR_CONTACT), STR("<sip:x@192.0.2.101;unknownparam>;")));
	m = reg("nul@example.com", "c3", 1,
		"Contact: <sip:%00@192.0.2.101>\nContact: <sip:%00%00@192.0.2.101>\n");
	CHECK(m->status == 200 && sip_list_count(m, SIP_HDR_CONTACT) == 2);
}

static void a_subzone_may_deny_and_a_policy_list(void)
{
	one_phone(yaml_with("registration: allow", "registration: deny"));
	CHECK(reg("bob@example.com", "r", 1, "Contact: <sip:bob@192.0.2.101>\n")->status == 403);
	one_phone(yaml_with("address_policy:",
		"registration_policy: {mode: allow-list, entries: [{pattern: "
		"'bob@', type: prefix}]}\naddress_policy:"));
	CHECK(reg("bob@example.com", "r", 1, "Contact: <sip:bob@192.0.2.101>\n")->status == 200);
	CHECK(reg("eve@example.com", "r", 1, "Contact: <sip:eve@192.0.2.101>\n")->status == 403);
	one_phone(yaml_with("registrar: true", "registrar: false"));
	CHECK(reg("bob@example.com", "r", 1, "Contact: <sip:bob@192.0.2.101>\n")->status == 403);
}

static void a_password_is_asked_for_and_only_its_own_alias_opened(void)
{
	struct sip_msg *m;
	struct auth_parts p = {.algorithm = AUTH_SHA256,
		.nc = STR("00000001"),
		.cnonce = STR("x"),
		.qop = STR("auth"),
		.method = STR("REGISTER"),
		.uri = STR("sip:example.com")};
	struct sip_auth c;
	uint8_t ha1[32];
	char response[65], nonce[128];

	one_phone(yaml_with("authentication: trusted}\n",
		"authentication: check}\nusers: [{name: bob, password: secret}]\n"));
	for (unsigned i = 0; i < 2; i++) {
		m = reg(i ? "eve@example.com" : "bob@example.com", "r", 2 * i + 1,
			"Contact: <sip:bob@192.0.2.101>\n");
		CHECK(m->status == 401);
		CHECK(sip_auth_parse(sip_header(m, SIP_HDR_WWW_AUTHENTICATE), &c) == OK);
		snprintf(nonce, sizeof nonce, "%.*s", STR_ARG(c.nonce));
		auth_ha1(AUTH_SHA256, STR("bob"), STR("example.com"), STR("secret"), ha1);
		p.ha1 = ha1;
		p.nonce = str_of(nonce);
		auth_response(&p, response);
		m = reg(i ? "eve@example.com" : "bob@example.com", "r", 2 * i + 2,
			format("Contact: <sip:bob@192.0.2.101>\nAuthorization: Digest "
			       "username=\"bob\", realm=\"example.com\", "
			       "nonce=\"%s\", uri=\"sip:example.com\", response=\"%s\", "
			       "algorithm=SHA-256, cnonce=\"x\", "
			       "nc=00000001, qop=auth\n",
				nonce, response));
		CHECK(m->status == (i ? 403 : 200));
	}
	CHECK(count() == 1);
}

static void a_call_goes_back_over_the_registering_connection_and_fails_at_once_without_it(void)
{
	struct phone *bob;
	struct sip_msg *m;

	one_phone(control_yaml);
	bob = phone_new("bob", world.inside, addr_v4(192, 0, 2, 102, 5060));
	phone_dial(bob, CONTROL_AT);
	phone_register(bob, CONTROL_AT, "bob", "example.com", 600);
	phone_status(bob, 200);
	phone_send(alice, CONTROL_AT,
		request(alice, "INVITE", "sip:bob@example.com", "c-1", "<sip:a@example.com>;tag=a",
			"<sip:bob@example.com>", 1, "", sdp_of("192.0.2.101", 4000)));
	m = phone_method(bob, SIP_INVITE);
	CHECK(m->via.transport == SIP_TP_TCP);
	phone_send(bob, CONTROL_AT, reply(bob, m, 486, "Busy Here", "b", "", ""));
	phone_status(alice, 486);
	stream_close(bob->stream);
	bob->stream = NULL;
	run_ms(100);
	phone_send(alice, CONTROL_AT,
		request(alice, "INVITE", "sip:bob@example.com", "c-2", "<sip:a@example.com>;tag=a",
			"<sip:bob@example.com>", 1, "", sdp_of("192.0.2.101", 4000)));
	run_ms(50);
	phone_status(alice, 480);
}

static void done(void)
{
	world_down();
}

TEST_MAIN(T(ten_long_contacts_are_all_listed),
	T(bindings_are_added_refreshed_asked_for_and_removed), T(bindings_end_with_their_time),
	T(what_is_malformed_or_too_much_changes_nothing),
	T(an_alias_has_at_most_ten_bindings_and_the_node_its_limit),
	T(instance_and_reg_id_replace_whatever_the_address), T(odd_contacts_are_kept_as_they_are),
	T(a_subzone_may_deny_and_a_policy_list),
	T(a_password_is_asked_for_and_only_its_own_alias_opened),
	T(a_call_goes_back_over_the_registering_connection_and_fails_at_once_without_it), T(done))
