/* test_timers.c - how long a call may stay in a state: ringing, sessions that nobody refreshes. */
#include "sip/dialog.h"
#include "sip/nodes.h"

static struct phone *alice, *bob;

static void two_phones(void)
{
	world_nets();
	world_control(control_yaml);
	alice = phone_new("alice", world.inside, addr_v4(192, 0, 2, 101, 5060));
	bob = phone_new("bob", world.inside, addr_v4(192, 0, 2, 102, 5060));
	phone_register(alice, CONTROL_AT, "alice", "example.com", 3600);
	phone_register(bob, CONTROL_AT, "bob", "example.com", 3600);
	phone_status(alice, 200);
	phone_status(bob, 200);
}

/* What a phone got last, kept while others come. */
struct held {
	char bytes[TEXT_BYTES];
	struct sip_msg m;
};

static void hold(struct held *h, const struct phone *p)
{
	size_t i = (p->n_seen - 1) % INBOX_MAX;

	memcpy(h->bytes, p->in[i], p->len[i]);
	sip_msg_init(&h->m);
	CHECK(sip_index((struct str){h->bytes, p->len[i]}, SIP_DGRAM, &h->m) == OK);
}

static void invite(const char *more)
{
	phone_send(alice, CONTROL_AT,
		request(alice, "INVITE", "sip:bob@example.com", "call-1",
			"<sip:alice@example.com>;tag=a", "<sip:bob@example.com>", 1, more,
			sdp_of("192.0.2.101", 4000)));
}

static void nothing_is_left(void)
{
	run_ms(80000);
	CHECK(call_count(world.control.core) == 0);
	CHECK(world.control.sip->dialogs.n_taken == 0);
	CHECK(store_used(world.control.sip->store) == 0);
	CHECK(txs_count(world.control.sip->txs) == 0);
}

/* ---- ringing ---- */

/* A called side that says 180 for ever restarts Timer C each time; the call has its own limit. */
static void a_call_does_not_ring_for_ever(void)
{
	static struct held ringing;
	struct sip_msg *m;

	two_phones();
	invite("");
	phone_method(bob, SIP_INVITE);
	hold(&ringing, bob);
	for (int i = 0; i < 5; i++) {
		phone_send(bob, CONTROL_AT, reply(bob, &ringing.m, 180, "Ringing", "b", "", ""));
		phone_status(alice, 180);
		CHECK(call_count(world.control.core) == 1);
		run_ms(58000);
	}
	run_ms(12000);
	CHECK(call_count(world.control.core) == 0);
	m = phone_status(alice, 408);
	CHECK(str_has_prefix(sip_header(m, SIP_HDR_REASON), STR("SIP;cause=408;text=")));
	m = phone_method(bob, SIP_CANCEL);
	CHECK(str_has_prefix(sip_header(m, SIP_HDR_REASON), STR("SIP;cause=408;text=")));
	phone_send(bob, CONTROL_AT, reply(bob, m, 200, "OK", "b", "", ""));
	phone_send(bob, CONTROL_AT, reply(bob, &ringing.m, 487, "Request Terminated", "b", "", ""));
	phone_method(bob, SIP_ACK);
	nothing_is_left();
}

/* ---- sessions (RFC 4028) ---- */

#define TIMER "Supported: timer\n"

struct talk {
	char alice_target[512], bob_target[512];
};
static struct talk talk;

/* Bob's answer to the INVITE that he got last, and Alice's ACK. */
static void answer_it(const char *more)
{
	struct sip_msg *m = &bob->msg;

	snprintf(talk.bob_target, sizeof talk.bob_target, "%s", z(contact_uri(m)));
	phone_send(
		bob, CONTROL_AT, reply(bob, m, 200, "OK", "b", more, sdp_of("192.0.2.102", 5000)));
	m = phone_status(alice, 200);
	snprintf(talk.alice_target, sizeof talk.alice_target, "%s", z(contact_uri(m)));
	phone_send(alice, CONTROL_AT,
		request(alice, "ACK", talk.alice_target, "call-1", "<sip:alice@example.com>;tag=a",
			"<sip:bob@example.com>;tag=b", 1, "", ""));
	phone_method(bob, SIP_ACK);
}

static const char *alice_says(const char *method, unsigned cseq, const char *more, const char *body)
{
	return request(alice, method, talk.alice_target, "call-1", "<sip:alice@example.com>;tag=a",
		"<sip:bob@example.com>;tag=b", cseq, more, body);
}

static const char *bob_says(const char *method, unsigned cseq, const char *more, const char *body)
{
	return request(bob, method, talk.bob_target, "call-1", "<sip:bob@example.com>;tag=b",
		"<sip:alice@example.com>;tag=a", cseq, more, body);
}

static void bye_to(struct phone *p)
{
	struct sip_msg *m = phone_method(p, SIP_BYE);

	CHECK(str_has_prefix(sip_header(m, SIP_HDR_REASON), STR("SIP;cause=")));
	phone_send(p, CONTROL_AT, reply(p, m, 200, "OK", "x", "", ""));
}

static void both_hear_bye(void)
{
	bye_to(alice);
	bye_to(bob);
	nothing_is_left();
}

/* Both keep a timer: what they say of it is theirs, and the end without a refresh is ours, too. */
static void a_session_that_nobody_refreshes_ends(void)
{
	struct sip_msg *m;

	two_phones();
	invite(TIMER "Session-Expires: 1000;refresher=uac\nMin-SE: 500\n");
	m = phone_method(bob, SIP_INVITE);
	CHECK_STR(sip_header(m, SIP_HDR_SESSION_EXPIRES), "1000;refresher=uac");
	CHECK_STR(sip_header(m, SIP_HDR_MIN_SE), "500");
	answer_it("Require: timer\nSession-Expires: 1000;refresher=uac\n");
	CHECK_STR(sip_header(&alice->msg, SIP_HDR_SESSION_EXPIRES), "1000;refresher=uac");
	CHECK_STR(sip_header(&alice->msg, SIP_HDR_REQUIRE), "timer");
	CHECK(phone_is_quiet(alice, 966000) && phone_is_quiet(bob, 1));
	CHECK(call_count(world.control.core) == 1);
	run_ms(3000);
	both_hear_bye();
}

/* By re-INVITE or UPDATE of either side. */
static void a_refresh_that_passes_keeps_the_session(void)
{
	static const char expires[] = TIMER "Session-Expires: 1000;refresher=uac\n";
	struct sip_msg *m;

	two_phones();
	invite(expires);
	phone_method(bob, SIP_INVITE);
	answer_it("Require: timer\nSession-Expires: 1000;refresher=uac\n");
	run_ms(900000);
	phone_send(
		alice, CONTROL_AT, alice_says("INVITE", 2, expires, sdp_of("192.0.2.101", 4000)));
	m = phone_method(bob, SIP_INVITE);
	CHECK_STR(sip_header(m, SIP_HDR_SESSION_EXPIRES), "1000;refresher=uac");
	phone_send(bob, CONTROL_AT,
		reply(bob, m, 200, "OK", "b", "Session-Expires: 1000;refresher=uac\n",
			sdp_of("192.0.2.102", 5000)));
	phone_status(alice, 200);
	phone_send(alice, CONTROL_AT, alice_says("ACK", 2, "", ""));
	phone_method(bob, SIP_ACK);
	run_ms(900000);
	phone_send(bob, CONTROL_AT, bob_says("UPDATE", 9, expires, ""));
	m = phone_method(alice, SIP_UPDATE);
	phone_send(alice, CONTROL_AT,
		reply(alice, m, 200, "OK", "a", "Session-Expires: 1000;refresher=uac\n", ""));
	phone_status(bob, 200);
	CHECK(phone_is_quiet(alice, 966000) && phone_is_quiet(bob, 1));
	run_ms(3000);
	both_hear_bye();
}

/* The caller keeps no timer: the called side is asked to refresh, and the caller hears nothing of it. */
static void a_called_side_alone_keeps_the_timer(void)
{
	struct sip_msg *m;

	two_phones();
	invite("");
	m = phone_method(bob, SIP_INVITE);
	CHECK(sip_list_has(m, SIP_HDR_SUPPORTED, STR("timer")));
	CHECK_STR(sip_header(m, SIP_HDR_SESSION_EXPIRES), "1800;refresher=uas");
	CHECK_STR(sip_header(m, SIP_HDR_MIN_SE), "500");
	answer_it("Require: timer\nSession-Expires: 600;refresher=uas\n");
	CHECK(!sip_has(&alice->msg, SIP_HDR_SESSION_EXPIRES));
	CHECK(!sip_has(&alice->msg, SIP_HDR_REQUIRE));
	run_ms(300000);
	phone_send(bob, CONTROL_AT,
		bob_says("INVITE", 9, TIMER "Session-Expires: 600;refresher=uac\n",
			sdp_of("192.0.2.102", 5000)));
	m = phone_method(alice, SIP_INVITE);
	phone_send(alice, CONTROL_AT,
		reply(alice, m, 200, "OK", "a", "", sdp_of("192.0.2.101", 4000)));
	m = phone_status(bob, 200);
	CHECK_STR(sip_header(m, SIP_HDR_SESSION_EXPIRES), "600;refresher=uac");
	CHECK_STR(sip_header(m, SIP_HDR_REQUIRE), "timer");
	phone_send(bob, CONTROL_AT, bob_says("ACK", 9, "", ""));
	phone_method(alice, SIP_ACK);
	run_ms(569000);
	both_hear_bye();
}

/* The called side keeps none: the caller gets our answer to his, the called side is asked itself. */
static void a_caller_alone_keeps_the_timer(void)
{
	struct sip_msg *m;

	two_phones();
	invite(TIMER);
	m = phone_method(bob, SIP_INVITE);
	CHECK_STR(sip_header(m, SIP_HDR_SESSION_EXPIRES), "1800");
	answer_it("");
	CHECK_STR(sip_header(&alice->msg, SIP_HDR_SESSION_EXPIRES), "1800;refresher=uac");
	CHECK_STR(sip_header(&alice->msg, SIP_HDR_REQUIRE), "timer");
	run_ms(899000);
	m = phone_method(bob, SIP_OPTIONS);
	CHECK_STR(m->uri_text, "sip:me@192.0.2.102:5060");
	CHECK_STR(m->to_tag, "b");
	phone_send(bob, CONTROL_AT, reply(bob, m, 405, "Method Not Allowed", "b", "", ""));
	CHECK(phone_is_quiet(alice, 866000));
	run_ms(3000);
	phone_method(alice, SIP_BYE); /* she did not refresh */
}

static void a_side_without_a_timer_is_asked(void)
{
	struct sip_msg *m;

	two_phones();
	invite("");
	phone_method(bob, SIP_INVITE);
	answer_it("");
	for (int i = 0; i < 3; i++) {
		run_ms(899000);
		m = phone_method(alice, SIP_OPTIONS);
		phone_send(alice, CONTROL_AT, reply(alice, m, 200, "OK", "a", "", ""));
		m = phone_method(bob, SIP_OPTIONS);
		phone_send(bob, CONTROL_AT, reply(bob, m, 200, "OK", "b", "", ""));
		CHECK(call_count(world.control.core) == 1);
	}
	run_ms(899000);
	m = phone_method(bob, SIP_OPTIONS);
	phone_send(bob, CONTROL_AT, reply(bob, m, 481, "No Such Call", "b", "", ""));
	phone_method(alice, SIP_BYE);
	run_ms(80000);
	CHECK(call_count(world.control.core) == 0);
}

/* Both phones are switched off. */
static void a_call_whose_ends_are_gone_ends(void)
{
	two_phones();
	invite("");
	phone_method(bob, SIP_INVITE);
	answer_it("");
	run_ms(898000);
	CHECK(call_count(world.control.core) == 1);
	run_ms(40000);
	CHECK(call_count(world.control.core) == 0);
	nothing_is_left();
}

/* His connection is gone, and he is not to be dialled: some tries, for he may come back by another. */
static void a_client_that_never_comes_back_ends_the_call(void)
{
	two_phones();
	phone_dial(bob, CONTROL_AT);
	phone_register(bob, CONTROL_AT, "bob", "example.com", 3600);
	phone_status(bob, 200);
	invite("");
	phone_method(bob, SIP_INVITE);
	answer_it("");
	stream_close(bob->stream);
	bob->stream = NULL;
	run_ms(899500);
	phone_method(alice, SIP_OPTIONS);
	phone_send(alice, CONTROL_AT, reply(alice, &alice->msg, 200, "OK", "a", "", ""));
	run_ms(170000);
	CHECK(call_count(world.control.core) == 1);
	run_ms(15000);
	bye_to(alice);
	run_ms(60000); /* bob's BYE waits for him for two minutes */
	nothing_is_left();
}

static void a_session_that_is_too_short_is_refused(void)
{
	struct sip_msg *m;

	two_phones();
	invite(TIMER "Session-Expires: 100\n");
	m = phone_status(alice, 422);
	CHECK_STR(sip_header(m, SIP_HDR_MIN_SE), "500");
	CHECK(phone_is_quiet(bob, 1000));
	run_ms(40000);
	CHECK(world.control.sip->dialogs.n_taken == 0 && txs_count(world.control.sip->txs) == 0);
}

/* The interval was ours, so that a 422 is ours to follow, once. */
static void an_interval_of_ours_grows_to_what_the_called_side_wants(void)
{
	struct sip_msg *m;

	two_phones();
	invite("");
	m = phone_method(bob, SIP_INVITE);
	phone_send(bob, CONTROL_AT,
		reply(bob, m, 422, "Session Interval Too Small", "b", "Min-SE: 3600\n", ""));
	phone_method(bob, SIP_ACK);
	m = phone_method(bob, SIP_INVITE);
	CHECK(m->cseq == 2);
	CHECK_STR(sip_header(m, SIP_HDR_SESSION_EXPIRES), "3600;refresher=uas");
	CHECK_STR(sip_header(m, SIP_HDR_MIN_SE), "3600");
	CHECK(body_has(m, "c=IN IP4 192.0.2.10\r\n"));
	answer_it("Session-Expires: 3600;refresher=uas\n");
	phone_send(alice, CONTROL_AT, alice_says("BYE", 2, "", ""));
	m = phone_method(bob, SIP_BYE);
	CHECK(m->cseq == 3);
	phone_send(bob, CONTROL_AT, reply(bob, m, 200, "OK", "b", "", ""));
	nothing_is_left();
	two_phones();
	invite("");
	for (int i = 0; i < 2; i++) {
		m = phone_method(bob, SIP_INVITE);
		phone_send(bob, CONTROL_AT,
			reply(bob, m, 422, "Session Interval Too Small", "b",
				i ? "Min-SE: 7200\n" : "Min-SE: 3600\n", ""));
		phone_method(bob, SIP_ACK);
	}
	phone_status(alice, 422);
	nothing_is_left();
}

/* The called side wants the caller to refresh, and he cannot: we do. */
static void we_refresh_where_nobody_else_does(void)
{
	struct sip_msg *m;

	two_phones();
	invite("");
	phone_method(bob, SIP_INVITE);
	answer_it("Require: timer\nSession-Expires: 600;refresher=uac\nAllow: INVITE, UPDATE\n");
	run_ms(299000);
	m = phone_method(bob, SIP_UPDATE);
	CHECK(m->body.len == 0 && m->cseq == 2);
	CHECK_STR(sip_header(m, SIP_HDR_SESSION_EXPIRES), "600;refresher=uac");
	CHECK(str_has_suffix(contact_uri(m), STR("@192.0.2.10:5060")));
	phone_send(bob, CONTROL_AT, reply(bob, m, 422, "Too Small", "b", "Min-SE: 800\n", ""));
	m = phone_method(bob, SIP_UPDATE);
	CHECK(m->cseq == 3);
	CHECK_STR(sip_header(m, SIP_HDR_SESSION_EXPIRES), "800;refresher=uac");
	phone_send(bob, CONTROL_AT,
		reply(bob, m, 200, "OK", "b", "Session-Expires: 800;refresher=uac\n", ""));
	run_ms(399000);
	m = phone_method(bob, SIP_UPDATE);
	phone_send(bob, CONTROL_AT, reply(bob, m, 491, "Request Pending", "b", "", ""));
	run_ms(59000);
	m = phone_method(bob, SIP_UPDATE);
	run_ms(40000); /* no answer */
	CHECK(call_count(world.control.core) == 0);
}

/* The numbers of our own refreshes do not disturb what the other side sends. */
static void refreshes_of_ours_leave_requests_in_order(void)
{
	struct sip_msg *m;

	two_phones();
	invite("");
	phone_method(bob, SIP_INVITE);
	answer_it("");
	run_ms(899000);
	m = phone_method(bob, SIP_OPTIONS);
	CHECK(m->cseq == 2);
	phone_send(bob, CONTROL_AT, reply(bob, m, 200, "OK", "b", "", ""));
	m = phone_method(alice, SIP_OPTIONS);
	phone_send(alice, CONTROL_AT, reply(alice, m, 200, "OK", "a", "", ""));
	phone_send(alice, CONTROL_AT, alice_says("INFO", 2, "", ""));
	m = phone_method(bob, SIP_INFO);
	CHECK(m->cseq == 3);
	phone_send(bob, CONTROL_AT, reply(bob, m, 200, "OK", "b", "", ""));
	m = phone_status(alice, 200);
	CHECK(m->cseq == 2);
}

/* ---- through both nodes ---- */

/* Alice behind Control calls Carol behind Edge; neither node's link leg has a timer. */
static struct phone *carol;

static void call_across(const char *alice_more, const char *carol_more)
{
	struct sip_msg *m;

	world_nets();
	world_edge(edge_yaml);
	world_control(control_yaml);
	alice = phone_new("alice", world.inside, addr_v4(192, 0, 2, 101, 5060));
	carol = phone_new("carol", world.outside, addr_v4(203, 0, 113, 20, 5060));
	run_ms(500);
	phone_register(alice, CONTROL_AT, "alice", "example.com", 60);
	phone_status(alice, 200);
	phone_register(carol, EDGE_AT, "carol", "far.example", 60);
	phone_status(carol, 200);
	phone_send(alice, CONTROL_AT,
		request(alice, "INVITE", "sip:carol@far.example", "call-1",
			"<sip:alice@example.com>;tag=a", "<sip:carol@far.example>", 1, alice_more,
			sdp_of("192.0.2.101", 4000)));
	m = phone_method(carol, SIP_INVITE);
	CHECK(sip_list_count(m, SIP_HDR_SESSION_EXPIRES) == 1);
	snprintf(talk.bob_target, sizeof talk.bob_target, "%s", z(contact_uri(m)));
	phone_send(carol, EDGE_AT,
		reply(carol, m, 200, "OK", "c", carol_more, sdp_of("203.0.113.20", 5000)));
	m = phone_status(alice, 200);
	snprintf(talk.alice_target, sizeof talk.alice_target, "%s", z(contact_uri(m)));
	phone_send(alice, CONTROL_AT,
		request(alice, "ACK", talk.alice_target, "call-1", "<sip:alice@example.com>;tag=a",
			"<sip:carol@far.example>;tag=c", 1, "", ""));
	phone_method(carol, SIP_ACK);
}

static void each_node_asks_its_outer_side(void)
{
	struct sip_msg *m;

	call_across("", "");
	CHECK(!sip_has(&alice->msg, SIP_HDR_SESSION_EXPIRES));
	run_ms(899500);
	m = phone_method(alice, SIP_OPTIONS);
	phone_send(alice, CONTROL_AT, reply(alice, m, 200, "OK", "a", "", ""));
	m = phone_method(carol, SIP_OPTIONS);
	phone_send(carol, EDGE_AT, reply(carol, m, 200, "OK", "c", "", ""));
	CHECK(phone_is_quiet(alice, 800000) && phone_is_quiet(carol, 1));
	CHECK(call_count(world.control.core) == 1 && call_count(world.edge.core) == 1);
}

static void a_session_of_one_outer_side_ends_the_call_on_both_nodes(void)
{
	call_across("", "Require: timer\nSession-Expires: 600;refresher=uas\n");
	CHECK(!sip_has(&alice->msg, SIP_HDR_SESSION_EXPIRES));
	CHECK(!sip_has(&alice->msg, SIP_HDR_REQUIRE));
	run_ms(570000); /* Carol does not refresh */
	CHECK(call_count(world.control.core) == 0 && call_count(world.edge.core) == 0);
	phone_method(alice, SIP_BYE);
	phone_method(carol, SIP_BYE);
}

/* Both outer sides keep a timer: one refresh is for all four legs. */
static void a_refresh_crosses_the_link(void)
{
	static const char expires[] = TIMER "Session-Expires: 600;refresher=uac\n";
	struct sip_msg *m;

	call_across(expires, "Require: timer\nSession-Expires: 600;refresher=uac\n");
	CHECK_STR(sip_header(&alice->msg, SIP_HDR_SESSION_EXPIRES), "600;refresher=uac");
	run_ms(500000);
	phone_send(alice, CONTROL_AT,
		request(alice, "UPDATE", talk.alice_target, "call-1",
			"<sip:alice@example.com>;tag=a", "<sip:carol@far.example>;tag=c", 2,
			expires, ""));
	m = phone_method(carol, SIP_UPDATE);
	phone_send(carol, EDGE_AT,
		reply(carol, m, 200, "OK", "c", "Session-Expires: 600;refresher=uac\n", ""));
	phone_status(alice, 200);
	run_ms(500000);
	CHECK(call_count(world.control.core) == 1 && call_count(world.edge.core) == 1);
	run_ms(70000);
	CHECK(call_count(world.control.core) == 0 && call_count(world.edge.core) == 0);
}

static void done(void)
{
	world_down();
}

TEST_MAIN(T(a_call_does_not_ring_for_ever), T(a_session_that_nobody_refreshes_ends),
	T(a_refresh_that_passes_keeps_the_session), T(a_called_side_alone_keeps_the_timer),
	T(a_caller_alone_keeps_the_timer), T(a_side_without_a_timer_is_asked),
	T(a_call_whose_ends_are_gone_ends), T(a_client_that_never_comes_back_ends_the_call),
	T(a_session_that_is_too_short_is_refused),
	T(an_interval_of_ours_grows_to_what_the_called_side_wants),
	T(we_refresh_where_nobody_else_does), T(refreshes_of_ours_leave_requests_in_order),
	T(each_node_asks_its_outer_side),
	T(a_session_of_one_outer_side_ends_the_call_on_both_nodes), T(a_refresh_crosses_the_link),
	T(done))
