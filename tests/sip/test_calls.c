/* test_calls.c - whole calls through one node, as its phones see them. */
#include "sip/dialog.h"
#include "sip/nodes.h"

static struct phone *alice, *bob;

static void two_phones(void)
{
	world_nets();
	world_control(control_yaml);
	alice = phone_new("alice", world.inside, addr_v4(192, 0, 2, 101, 5060));
	bob = phone_new("bob", world.inside, addr_v4(192, 0, 2, 102, 5060));
	phone_register(alice, CONTROL_AT, "alice", "example.com", 60);
	phone_register(bob, CONTROL_AT, "bob", "example.com", 60);
	phone_status(alice, 200);
	phone_status(bob, 200);
}

static void send_invite(void)
{
	phone_send(alice, CONTROL_AT,
		request(alice, "INVITE", "sip:bob@example.com", "call-1",
			"<sip:alice@example.com>;tag=a", "<sip:bob@example.com>", 1,
			"X-Unknown:   kept as it is\n", sdp_of("192.0.2.101", 4000)));
}

struct talk {
	char alice_target[512], bob_target[512];
};

static struct talk talk;

/* Alice calls Bob and Bob answers; both know the other's target afterwards. */
static void establish(void)
{
	struct sip_msg *m;

	send_invite();
	m = phone_method(bob, SIP_INVITE);
	snprintf(talk.bob_target, sizeof talk.bob_target, "%s", z(contact_uri(m)));
	phone_send(bob, CONTROL_AT, reply(bob, m, 200, "OK", "b", "", sdp_of("192.0.2.102", 5000)));
	m = phone_status(alice, 200);
	snprintf(talk.alice_target, sizeof talk.alice_target, "%s", z(contact_uri(m)));
	phone_send(alice, CONTROL_AT,
		request(alice, "ACK", talk.alice_target, "call-1", "<sip:alice@example.com>;tag=a",
			"<sip:bob@example.com>;tag=b", 1, "", ""));
	phone_method(bob, SIP_ACK);
}

static void a_call_is_placed_answered_and_ended(void)
{
	struct sip_msg *m;

	two_phones();
	send_invite();
	m = phone_next(alice);
	CHECK(m->status == 100);
	m = phone_method(bob, SIP_INVITE);
	CHECK_STR(m->uri_text, "sip:bob@192.0.2.102:5060");
	CHECK_STR(m->call_id, "call-1");
	CHECK_STR(m->from_tag, "a");
	CHECK(m->cseq == 1 && m->max_forwards < 70 && m->max_forwards > 0);
	CHECK(sip_list_count(m, SIP_HDR_VIA) == 1);
	CHECK_STR(m->via.hostport, "192.0.2.10:5060");
	CHECK(m->via.branch.len == 33);
	CHECK(memmem(m->bytes.p, m->bytes.len, "X-Unknown:   kept as it is\r\n", 28) != NULL);
	CHECK(body_has(m, "c=IN IP4 192.0.2.10\r\n") && !body_has(m, "192.0.2.101"));
	CHECK(!body_has(m, "m=audio 4000 "));
	phone_send(bob, CONTROL_AT, reply(bob, m, 180, "Ringing", "b", "", ""));
	phone_status(alice, 180);
	m = &bob->msg;
	phone_send(bob, CONTROL_AT, reply(bob, m, 200, "OK", "b", "", sdp_of("192.0.2.102", 5000)));
	m = phone_status(alice, 200);
	CHECK_STR(m->to_tag, "b");
	CHECK(body_has(m, "c=IN IP4 192.0.2.10\r\n") && !body_has(m, "192.0.2.102"));
	CHECK(sip_list_count(m, SIP_HDR_VIA) == 1);
	snprintf(talk.alice_target, sizeof talk.alice_target, "%s", z(contact_uri(m)));
	phone_send(alice, CONTROL_AT,
		request(alice, "ACK", talk.alice_target, "call-1", "<sip:alice@example.com>;tag=a",
			"<sip:bob@example.com>;tag=b", 1, "", ""));
	m = phone_method(bob, SIP_ACK);
	CHECK_STR(m->uri_text, "sip:me@192.0.2.102:5060");
	CHECK(str_has_suffix(contact_uri(m), STR("@192.0.2.10:5060")));
	CHECK(call_count(world.control.core) == 1);
	phone_send(alice, CONTROL_AT,
		request(alice, "BYE", talk.alice_target, "call-1", "<sip:alice@example.com>;tag=a",
			"<sip:bob@example.com>;tag=b", 2, "Reason: Q.850;cause=16\n", ""));
	phone_status(alice, 200);
	m = phone_method(bob, SIP_BYE);
	CHECK(m->cseq == 2);
	CHECK_STR(sip_header(m, SIP_HDR_REASON), "Q.850;cause=16");
	phone_send(bob, CONTROL_AT, reply(bob, m, 200, "OK", "b", "", ""));
	run_ms(40000);
	CHECK(call_count(world.control.core) == 0);
	CHECK(world.control.sip->dialogs.n_taken == 0);
	CHECK(store_used(world.control.sip->store) == 0);
	CHECK(txs_count(world.control.sip->txs) == 0);
	CHECK(phone_is_quiet(alice, 1) && phone_is_quiet(bob, 1));
}

static void the_called_side_hangs_up(void)
{
	struct sip_msg *m;

	two_phones();
	establish();
	phone_send(bob, CONTROL_AT,
		request(bob, "BYE", talk.bob_target, "call-1", "<sip:bob@example.com>;tag=b",
			"<sip:alice@example.com>;tag=a", 77, "", ""));
	phone_status(bob, 200);
	m = phone_method(alice, SIP_BYE);
	CHECK(m->cseq == 77);
	CHECK_STR(m->uri_text, "sip:me@192.0.2.101:5060");
	phone_send(alice, CONTROL_AT, reply(alice, m, 200, "OK", "a", "", ""));
	run_ms(40000);
	CHECK(world.control.sip->dialogs.n_taken == 0 && txs_count(world.control.sip->txs) == 0);
}

static void a_call_is_cancelled(void)
{
	struct sip_msg *m;
	const char *invite, *tag;
	char branch[80];

	two_phones();
	invite = request(alice, "INVITE", "sip:bob@example.com", "call-2",
		"<sip:alice@example.com>;tag=a", "<sip:bob@example.com>", 1, "",
		sdp_of("192.0.2.101", 4000));
	sscanf(strstr(invite, "branch="), "branch=%79[^;]", branch);
	phone_send(alice, CONTROL_AT, invite);
	m = phone_method(bob, SIP_INVITE);
	phone_send(bob, CONTROL_AT, reply(bob, m, 180, "Ringing", "b", "", ""));
	phone_status(alice, 180);
	phone_send(alice, CONTROL_AT,
		format("CANCEL sip:bob@example.com SIP/2.0\nVia: SIP/2.0/UDP "
		       "192.0.2.101:5060;branch=%s;rport\n"
		       "Max-Forwards: 70\nFrom: <sip:alice@example.com>;tag=a\nTo: "
		       "<sip:bob@example.com>\n"
		       "Call-ID: call-2\nCSeq: 1 CANCEL\nReason: SIP;cause=200\nContent-Length: "
		       "0\n\n",
			branch));
	m = phone_status(alice, 200);
	CHECK_STR(m->cseq_method, "CANCEL");
	tag = z(m->to_tag);
	m = phone_status(alice, 487);
	CHECK_STR(m->to_tag, tag); /* RFC 3261 9.2 */
	phone_send(alice, CONTROL_AT,
		format("ACK sip:bob@example.com SIP/2.0\nVia: SIP/2.0/UDP "
		       "192.0.2.101:5060;branch=%s;rport\n"
		       "Max-Forwards: 70\nFrom: <sip:alice@example.com>;tag=a\nTo: %s\n"
		       "Call-ID: call-2\nCSeq: 1 ACK\nContent-Length: 0\n\n",
			branch, z(sip_header(m, SIP_HDR_TO))));
	{
		struct sip_msg held = bob->msg; /* the INVITE, for its 487 */
		static char bytes[TEXT_BYTES];

		(void)held;
		memcpy(bytes, bob->in[(bob->n_seen - 1) % INBOX_MAX], TEXT_BYTES);
		m = phone_method(bob, SIP_CANCEL);
		CHECK_STR(sip_header(m, SIP_HDR_REASON), "SIP;cause=200");
		phone_send(bob, CONTROL_AT, reply(bob, m, 200, "OK", "b", "", ""));
		sip_msg_init(&bob->msg);
		CHECK(sip_index(str_of(bytes), SIP_DGRAM, &bob->msg) == OK);
		phone_send(bob, CONTROL_AT,
			reply(bob, &bob->msg, 487, "Request Terminated", "b", "", ""));
	}
	phone_method(bob, SIP_ACK);
	run_ms(40000);
	CHECK(call_count(world.control.core) == 0 && world.control.sip->dialogs.n_taken == 0);
	CHECK(txs_count(world.control.sip->txs) == 0 && store_used(world.control.sip->store) == 0);
}

static void a_refusal_passes_with_its_headers(void)
{
	struct sip_msg *m;

	two_phones();
	send_invite();
	m = phone_method(bob, SIP_INVITE);
	phone_send(
		bob, CONTROL_AT, reply(bob, m, 486, "Busy Here", "b", "X-Why: on the phone\n", ""));
	m = phone_status(alice, 486);
	CHECK_STR(sip_header_named(m, STR("X-Why")), "on the phone");
	CHECK(sip_list_count(m, SIP_HDR_VIA) == 1);
	phone_method(bob, SIP_ACK);
}

static void who_is_not_there_gets_404(void)
{
	two_phones();
	phone_send(alice, CONTROL_AT,
		request(alice, "INVITE", "sip:nobody@example.com", "call-3",
			"<sip:alice@example.com>;tag=a", "<sip:nobody@example.com>", 1, "",
			sdp_of("192.0.2.101", 4000)));
	phone_status(alice, 404);
	run_ms(40000);
	CHECK(world.control.sip->dialogs.n_taken == 0 && txs_count(world.control.sip->txs) == 0);
}

static void hold_and_resume_by_reinvite(void)
{
	struct sip_msg *m;

	two_phones();
	establish();
	phone_send(alice, CONTROL_AT,
		request(alice, "INVITE", talk.alice_target, "call-1",
			"<sip:alice@example.com>;tag=a", "<sip:bob@example.com>;tag=b", 2, "",
			"v=0\no=- 1 2 IN IP4 192.0.2.101\ns=-\nc=IN IP4 192.0.2.101\nt=0 0\n"
			"m=audio 4000 RTP/AVP 0\na=sendonly\n"));
	m = phone_method(bob, SIP_INVITE);
	CHECK(m->cseq == 2 && body_has(m, "a=sendonly") && body_has(m, "c=IN IP4 192.0.2.10\r\n"));
	CHECK_STR(m->uri_text, "sip:me@192.0.2.102:5060");
	phone_send(bob, CONTROL_AT, reply(bob, m, 200, "OK", "b", "", sdp_of("192.0.2.102", 5000)));
	m = phone_status(alice, 200);
	CHECK(m->cseq == 2);
	phone_send(alice, CONTROL_AT,
		request(alice, "ACK", talk.alice_target, "call-1", "<sip:alice@example.com>;tag=a",
			"<sip:bob@example.com>;tag=b", 2, "", ""));
	m = phone_method(bob, SIP_ACK);
	CHECK(m->cseq == 2);
}

static const char *alice_says(const char *method, unsigned cseq, const char *body)
{
	return request(alice, method, talk.alice_target, "call-1", "<sip:alice@example.com>;tag=a",
		"<sip:bob@example.com>;tag=b", cseq, "", body);
}

static void a_call_follows_its_registration_to_another_connection(void)
{
	struct sip_msg *m;

	world_nets();
	world_control(control_yaml);
	alice = phone_new("alice", world.inside, addr_v4(192, 0, 2, 101, 5060));
	bob = phone_new("bob", world.inside, addr_v4(192, 0, 2, 102, 5060));
	phone_dial(bob, CONTROL_AT);
	phone_register(bob, CONTROL_AT, "bob", "example.com", 600);
	phone_status(bob, 200);
	establish();
	stream_close(bob->stream);
	bob->stream = NULL;
	run_ms(100);
	phone_send(alice, CONTROL_AT, alice_says("INVITE", 2, sdp_of("192.0.2.101", 4000)));
	phone_status(alice, 480);
	phone_send(alice, CONTROL_AT, alice_says("ACK", 2, ""));
	phone_dial(bob, CONTROL_AT);
	phone_register(bob, CONTROL_AT, "bob", "example.com", 600);
	phone_status(bob, 200);
	phone_send(alice, CONTROL_AT, alice_says("INVITE", 3, sdp_of("192.0.2.101", 4000)));
	m = phone_method(bob, SIP_INVITE);
	CHECK(m->via.transport == SIP_TP_TCP && m->cseq == 3);
	phone_send(bob, CONTROL_AT, reply(bob, m, 200, "OK", "b", "", sdp_of("192.0.2.102", 5000)));
	phone_status(alice, 200);
	phone_send(alice, CONTROL_AT, alice_says("ACK", 3, ""));
	phone_method(bob, SIP_ACK);
	stream_close(bob->stream);
	bob->stream = NULL;
	run_ms(100);
	phone_dial(bob, CONTROL_AT);
	phone_register(bob, CONTROL_AT, "bob", "example.com", 600);
	phone_status(bob, 200);
	phone_send(alice, CONTROL_AT, alice_says("BYE", 4, ""));
	phone_method(bob, SIP_BYE);
}

static void glare_is_answered_491(void)
{
	two_phones();
	establish();
	phone_send(alice, CONTROL_AT,
		request(alice, "INVITE", talk.alice_target, "call-1",
			"<sip:alice@example.com>;tag=a", "<sip:bob@example.com>;tag=b", 2, "",
			sdp_of("192.0.2.101", 4000)));
	phone_method(bob, SIP_INVITE);
	phone_send(bob, CONTROL_AT,
		request(bob, "INVITE", talk.bob_target, "call-1", "<sip:bob@example.com>;tag=b",
			"<sip:alice@example.com>;tag=a", 50, "", sdp_of("192.0.2.102", 5000)));
	phone_status(bob, 491);
}

static void is_told_to_come_later(const struct sip_msg *m)
{
	struct str value = sip_header(m, SIP_HDR_RETRY_AFTER);
	uint64_t s;

	CHECK(str_u64(value, 10, &s) == OK);
	CHECK(str_has_prefix(sip_header(m, SIP_HDR_REASON), STR("SIP;cause=500;text=")));
}

/* RFC 3261 14.2: while the first one has no final answer, and ours none of its ACK. */
static void a_second_reinvite_of_the_same_side_comes_later(void)
{
	static char held[TEXT_BYTES];
	struct sip_msg *m;

	two_phones();
	establish();
	phone_send(alice, CONTROL_AT, alice_says("INVITE", 2, sdp_of("192.0.2.101", 4000)));
	m = phone_method(bob, SIP_INVITE);
	snprintf(held, sizeof held, "%s",
		reply(bob, m, 200, "OK", "b", "", sdp_of("192.0.2.102", 5000)));
	phone_send(alice, CONTROL_AT, alice_says("INVITE", 3, sdp_of("192.0.2.101", 4002)));
	is_told_to_come_later(phone_status(alice, 500));
	phone_send(alice, CONTROL_AT, alice_says("ACK", 3, ""));
	phone_send(bob, CONTROL_AT, held);
	m = phone_status(alice, 200);
	CHECK(m->cseq == 2);
	phone_send(alice, CONTROL_AT, alice_says("INVITE", 4, sdp_of("192.0.2.101", 4002)));
	is_told_to_come_later(phone_status(alice, 500));
	phone_send(alice, CONTROL_AT, alice_says("ACK", 4, ""));
	phone_send(alice, CONTROL_AT, alice_says("ACK", 2, ""));
	m = phone_method(bob, SIP_ACK);
	CHECK(m->cseq == 2 && call_count(world.control.core) == 1);
}

/* RFC 3311 5.2: an offer of either side while one is open. */
static void an_update_with_an_offer_waits_for_the_open_one(void)
{
	two_phones();
	establish();
	phone_send(alice, CONTROL_AT, alice_says("UPDATE", 2, sdp_of("192.0.2.101", 4000)));
	phone_method(bob, SIP_UPDATE);
	phone_send(alice, CONTROL_AT, alice_says("UPDATE", 3, sdp_of("192.0.2.101", 4002)));
	is_told_to_come_later(phone_status(alice, 500));
	phone_send(alice, CONTROL_AT, alice_says("INVITE", 4, sdp_of("192.0.2.101", 4002)));
	is_told_to_come_later(phone_status(alice, 500));
	phone_send(alice, CONTROL_AT, alice_says("ACK", 4, ""));
	phone_send(bob, CONTROL_AT,
		request(bob, "UPDATE", talk.bob_target, "call-1", "<sip:bob@example.com>;tag=b",
			"<sip:alice@example.com>;tag=a", 50, "", sdp_of("192.0.2.102", 5000)));
	phone_status(bob, 491);
	phone_send(bob, CONTROL_AT,
		request(bob, "INVITE", talk.bob_target, "call-1", "<sip:bob@example.com>;tag=b",
			"<sip:alice@example.com>;tag=a", 51, "", sdp_of("192.0.2.102", 5000)));
	phone_status(bob, 491);
}

/* The offer of the INVITE itself is the open one (RFC 3311 5.1). */
static void an_update_with_an_offer_waits_for_the_first_answer(void)
{
	struct sip_msg *m;
	char target[512];

	two_phones();
	send_invite();
	m = phone_method(bob, SIP_INVITE);
	snprintf(talk.bob_target, sizeof talk.bob_target, "%s", z(contact_uri(m)));
	phone_send(bob, CONTROL_AT, reply(bob, m, 180, "Ringing", "b", "", ""));
	m = phone_status(alice, 180);
	snprintf(target, sizeof target, "%s", z(contact_uri(m)));
	phone_send(alice, CONTROL_AT,
		request(alice, "UPDATE", target, "call-1", "<sip:alice@example.com>;tag=a",
			"<sip:bob@example.com>;tag=b", 2, "", sdp_of("192.0.2.101", 4002)));
	is_told_to_come_later(phone_status(alice, 500));
	phone_send(bob, CONTROL_AT,
		request(bob, "UPDATE", talk.bob_target, "call-1", "<sip:bob@example.com>;tag=b",
			"<sip:alice@example.com>;tag=a", 50, "", sdp_of("192.0.2.102", 5000)));
	phone_status(bob, 491);
	CHECK(call_count(world.control.core) == 1);
}

/* Bob rings; both know each other's targets. */
static void ring(void)
{
	struct sip_msg *m;

	two_phones();
	send_invite();
	m = phone_method(bob, SIP_INVITE);
	snprintf(talk.bob_target, sizeof talk.bob_target, "%s", z(contact_uri(m)));
	phone_send(bob, CONTROL_AT, reply(bob, m, 180, "Ringing", "b", "", ""));
	m = phone_status(alice, 180);
	snprintf(talk.alice_target, sizeof talk.alice_target, "%s", z(contact_uri(m)));
}

/* An early dialog has no BYE from the called side (RFC 3261 15): its INVITE is answered. */
static void a_caller_who_is_gone_while_it_rings_is_answered_all_the_same(void)
{
	struct sip_msg *m;

	ring();
	phone_send(bob, CONTROL_AT,
		request(bob, "INFO", talk.bob_target, "call-1", "<sip:bob@example.com>;tag=b",
			"<sip:alice@example.com>;tag=a", 50, "", ""));
	phone_method(alice, SIP_INFO);
	run_ms(31000);
	for (int i = 0; i < 16; i++) { /* repeats of INFO, until nobody has answered */
		m = phone_next(alice);
		if (!m->is_request)
			break;
		CHECK(m->method == SIP_INFO);
	}
	CHECK(!m->is_request && m->status == 408);
	CHECK_STR(m->cseq_method, "INVITE");
	m = phone_method(bob, SIP_CANCEL);
	run_ms(80000);
	CHECK(call_count(world.control.core) == 0);
	CHECK(world.control.sip->dialogs.n_taken == 0 && txs_count(world.control.sip->txs) == 0);
}

/* And the caller ends it with CANCEL. */
static void a_called_side_that_is_gone_while_it_rings_is_cancelled(void)
{
	struct sip_msg *m;
	bool has_cancel = false;

	ring();
	phone_send(alice, CONTROL_AT, alice_says("INFO", 2, ""));
	phone_method(bob, SIP_INFO);
	run_ms(34000);
	m = phone_status(alice, 408);
	CHECK_STR(m->cseq_method, "INVITE");
	while (bob->n_seen < bob->n_in) {
		m = phone_next(bob);
		CHECK(m->is_request && m->method != SIP_BYE);
		has_cancel |= m->method == SIP_CANCEL;
	}
	CHECK(has_cancel);
	run_ms(80000);
	CHECK(call_count(world.control.core) == 0);
	CHECK(world.control.sip->dialogs.n_taken == 0 && txs_count(world.control.sip->txs) == 0);
}

/* What waits for an answer gets one (RFC 3261 15.1.2). */
static void a_bye_ends_the_reinvite_that_waits(void)
{
	struct sip_msg *m;

	two_phones();
	establish();
	phone_send(alice, CONTROL_AT, alice_says("INVITE", 2, sdp_of("192.0.2.101", 4000)));
	phone_method(bob, SIP_INVITE);
	phone_send(alice, CONTROL_AT, alice_says("BYE", 3, ""));
	m = phone_status(alice, 487);
	CHECK(m->cseq == 2);
	phone_send(alice, CONTROL_AT, alice_says("ACK", 2, ""));
	m = phone_method(bob, SIP_BYE);
	phone_send(bob, CONTROL_AT, reply(bob, m, 200, "OK", "b", "", ""));
	run_ms(80000);
	CHECK(call_count(world.control.core) == 0);
	CHECK(world.control.sip->dialogs.n_taken == 0);
}

/* However little room a turn has, what was taken in is answered in the end. */
static void a_full_arena_silences_no_caller(void)
{
	unsigned n_calls = 0, n_refused = 0, n_not_taken = 0;

	for (size_t size = 3000; size < 90000; size += 1000) {
		static char held[TEXT_BYTES];
		struct scratch *arena;
		struct sip_msg *m = NULL;
		size_t full;
		uint64_t n_before;
		bool is_taken, is_final = false;

		two_phones();
		arena = io_scratch(world.control.io);
		full = arena->size;
		n_before = txs_counters(world.control.sip->txs)->n_requests;
		arena->size = size;
		send_invite();
		run_ms(20);
		is_taken = txs_counters(world.control.sip->txs)->n_requests > n_before;
		held[0] = '\0';
		if (bob->n_seen < bob->n_in && phone_next(bob)->method == SIP_INVITE) {
			snprintf(held, sizeof held, "%s",
				reply(bob, &bob->msg, 200, "OK", "b", "",
					sdp_of("192.0.2.102", 5000)));
			phone_send(bob, CONTROL_AT, held);
			run_ms(20);
		}
		arena->size = full;
		if (held[0])
			phone_send(bob, CONTROL_AT, held);
		run_ms(1000);
		while (alice->n_seen < alice->n_in) {
			m = phone_next(alice);
			is_final |= m->status >= 200;
		}
		if (is_taken && !is_final)
			printf("# arena of %zu: no answer\n", size);
		CHECK(is_final || !is_taken);
		n_calls += is_final && m->status == 200;
		n_refused += is_final && m->status >= 300;
		n_not_taken += !is_taken;
		run_ms(80000);
		CHECK(call_count(world.control.core) == 0);
		CHECK(world.control.sip->dialogs.n_taken == 0);
		CHECK(txs_count(world.control.sip->txs) == 0);
		CHECK(store_used(world.control.sip->store) == 0);
	}
	printf("# %u calls, %u refused, %u not taken\n", n_calls, n_refused, n_not_taken);
	CHECK(n_calls && n_refused && n_not_taken);
}

/* An answer that cannot be built ends the call: the called side, which has accepted, hears of it. */
static void an_answer_without_room_ends_the_call(void)
{
	unsigned n_not_passed = 0, n_calls = 0;

	for (size_t size = 6000; size < 60000; size += 1000) {
		struct scratch *arena;
		struct sip_msg *m;
		size_t full;

		two_phones();
		arena = io_scratch(world.control.io);
		full = arena->size;
		send_invite();
		m = phone_method(bob, SIP_INVITE);
		arena->size = size;
		phone_send(bob, CONTROL_AT,
			reply(bob, m, 200, "OK", "b", "", sdp_of("192.0.2.102", 5000)));
		run_ms(20);
		arena->size = full;
		phone_status(alice, 100);
		if (txs_counters(world.control.sip->txs)->n_responses == 0) /* not read */
			continue;
		m = phone_next(alice);
		n_calls += m->status == 200;
		if (m->status == 200)
			continue;
		CHECK(m->status >= 500);
		CHECK(str_has_prefix(sip_header(m, SIP_HDR_REASON), STR("SIP;cause=50")));
		while (bob->n_seen < bob->n_in) /* where there was room for it */
			n_not_passed += phone_next(bob)->method == SIP_BYE;
		run_ms(80000);
		CHECK(call_count(world.control.core) == 0);
		CHECK(world.control.sip->dialogs.n_taken == 0);
	}
	printf("# %u calls, %u answers not passed\n", n_calls, n_not_passed);
	CHECK(n_calls && n_not_passed);
}

#define BROKEN_SDP "v=0\no=- 1 1 IN IP4 192.0.2.102\ns=-\nm=audio here RTP/AVP\n"

/* What cannot be read cannot be rewritten, so it does not pass: its addresses are the other side's. */
static void an_answer_that_cannot_be_read_does_not_pass(void)
{
	struct sip_msg *m;
	unsigned n_both = 0;

	two_phones();
	send_invite();
	m = phone_method(bob, SIP_INVITE);
	phone_send(bob, CONTROL_AT, reply(bob, m, 200, "OK", "b", "", BROKEN_SDP));
	phone_status(alice, 502);
	phone_method(bob, SIP_ACK);
	phone_method(bob, SIP_BYE);
	run_ms(80000);
	CHECK(call_count(world.control.core) == 0 && world.control.sip->dialogs.n_taken == 0);

	two_phones();
	establish();
	phone_send(alice, CONTROL_AT, alice_says("INVITE", 2, sdp_of("192.0.2.101", 4000)));
	m = phone_method(bob, SIP_INVITE);
	phone_send(bob, CONTROL_AT, reply(bob, m, 200, "OK", "b", "", BROKEN_SDP));
	run_ms(50);
	for (int n = 0; alice->n_seen < alice->n_in; n++) {
		m = phone_next(alice);
		CHECK(m->is_request ? m->method == SIP_BYE : m->status == 100 || m->status == 487);
		n_both += m->is_request || m->status == 487;
	}
	CHECK(n_both == 2);
	phone_method(bob, SIP_ACK);
	phone_method(bob, SIP_BYE);
	run_ms(80000);
	CHECK(call_count(world.control.core) == 0 && world.control.sip->dialogs.n_taken == 0);
}

static void an_ack_that_cannot_be_read_ends_the_call(void)
{
	struct sip_msg *m;

	two_phones();
	phone_send(alice, CONTROL_AT,
		request(alice, "INVITE", "sip:bob@example.com", "call-9",
			"<sip:alice@example.com>;tag=a", "<sip:bob@example.com>", 1, "", ""));
	m = phone_method(bob, SIP_INVITE);
	phone_send(bob, CONTROL_AT, reply(bob, m, 200, "OK", "b", "", sdp_of("192.0.2.102", 5000)));
	m = phone_status(alice, 200);
	phone_send(alice, CONTROL_AT,
		request(alice, "ACK", z(contact_uri(m)), "call-9", "<sip:alice@example.com>;tag=a",
			"<sip:bob@example.com>;tag=b", 1, "", BROKEN_SDP));
	m = phone_method(bob, SIP_ACK);
	CHECK(m->body.len == 0);
	phone_method(bob, SIP_BYE);
	phone_method(alice, SIP_BYE);
	run_ms(80000);
	CHECK(call_count(world.control.core) == 0 && world.control.sip->dialogs.n_taken == 0);
}

/* RFC 5057 5.1: REFER and NOTIFY belong to another usage of the dialog; INFO to the call's own. */
static void a_lost_subscription_does_not_end_the_call(void)
{
	struct sip_msg *m;

	two_phones();
	establish();
	phone_send(alice, CONTROL_AT,
		request(alice, "REFER", talk.alice_target, "call-1",
			"<sip:alice@example.com>;tag=a", "<sip:bob@example.com>;tag=b", 2,
			"Refer-To: <sip:carol@example.com>\n", ""));
	m = phone_method(bob, SIP_REFER);
	phone_send(bob, CONTROL_AT, reply(bob, m, 481, "No Subscription", "b", "", ""));
	phone_status(alice, 481);
	phone_send(alice, CONTROL_AT, alice_says("NOTIFY", 3, ""));
	m = phone_method(bob, SIP_NOTIFY);
	phone_send(bob, CONTROL_AT, reply(bob, m, 408, "Too Late", "b", "", ""));
	phone_status(alice, 408);
	phone_send(alice, CONTROL_AT, alice_says("NOTIFY", 4, ""));
	phone_method(bob, SIP_NOTIFY);
	run_ms(36000); /* and no answer */
	CHECK(call_count(world.control.core) == 1);
	phone_send(alice, CONTROL_AT, alice_says("INFO", 5, ""));
	for (int i = 0; i < 20 && m->method != SIP_INFO; i++)
		m = phone_next(bob);
	phone_send(bob, CONTROL_AT, reply(bob, m, 481, "No Such Call", "b", "", ""));
	run_ms(100);
	CHECK(call_count(world.control.core) == 0);
}

static void info_passes_and_its_answer_too(void)
{
	struct sip_msg *m;

	two_phones();
	establish();
	phone_send(alice, CONTROL_AT,
		request(alice, "INFO", talk.alice_target, "call-1", "<sip:alice@example.com>;tag=a",
			"<sip:bob@example.com>;tag=b", 2, "X-Key: 1\n", ""));
	m = phone_method(bob, SIP_INFO);
	CHECK_STR(sip_header_named(m, STR("X-Key")), "1");
	phone_send(bob, CONTROL_AT,
		reply(bob, m, 415, "Unsupported Media Type", "b", "X-Back: 2\n", ""));
	m = phone_status(alice, 415);
	CHECK_STR(sip_header_named(m, STR("X-Back")), "2");
	CHECK(m->cseq == 2);
}

static void a_2xx_is_repeated_until_its_ack_and_the_call_ends_without_one(void)
{
	struct sip_msg *m;
	unsigned n = 0;

	two_phones();
	send_invite();
	m = phone_method(bob, SIP_INVITE);
	phone_send(bob, CONTROL_AT, reply(bob, m, 200, "OK", "b", "", sdp_of("192.0.2.102", 5000)));
	phone_status(alice, 200);
	run_ms(31000);
	for (; alice->n_seen < alice->n_in; n++)
		CHECK(phone_next(alice)->status == 200);
	CHECK(n >= 8 && n <= 11); /* 0.5 1 2 4 4 4 ... */
	run_ms(3000);
	phone_method(alice, SIP_BYE);
	phone_method(bob, SIP_ACK);
	m = phone_method(bob, SIP_BYE);
	CHECK(call_count(world.control.core) == 0);
}

static void repeated_requests_and_answers_end_at_the_node(void)
{
	struct sip_msg *m;
	const char *invite, *ok;
	size_t n;

	two_phones();
	invite = request(alice, "INVITE", "sip:bob@example.com", "call-4",
		"<sip:alice@example.com>;tag=a", "<sip:bob@example.com>", 1, "",
		sdp_of("192.0.2.101", 4000));
	phone_send(alice, CONTROL_AT, invite);
	run_ms(20);
	phone_send(alice, CONTROL_AT, invite);
	m = phone_method(bob, SIP_INVITE);
	ok = reply(bob, m, 200, "OK", "b", "", sdp_of("192.0.2.102", 5000));
	phone_send(bob, CONTROL_AT, ok);
	m = phone_status(alice, 200);
	phone_send(alice, CONTROL_AT,
		request(alice, "ACK", z(contact_uri(m)), "call-4", "<sip:alice@example.com>;tag=a",
			"<sip:bob@example.com>;tag=b", 1, "", ""));
	phone_method(bob, SIP_ACK);
	n = alice->n_in;
	phone_send(bob, CONTROL_AT, ok);
	phone_method(bob, SIP_ACK); /* the held ACK answers a repeated 2xx */
	CHECK(alice->n_in == n);
	CHECK(call_count(world.control.core) == 1);
}

static void requests_outside_dialogs_get_their_answers(void)
{
	struct sip_msg *m;

	two_phones();
	phone_send(alice, CONTROL_AT,
		request(alice, "OPTIONS", "sip:example.com", "o-1", "<sip:alice@example.com>;tag=a",
			"<sip:example.com>", 1, "", ""));
	m = phone_status(alice, 200);
	CHECK(sip_list_has(m, SIP_HDR_ALLOW, STR("INVITE")));
	phone_send(alice, CONTROL_AT,
		request(alice, "PUBLISH", "sip:example.com", "o-2", "<sip:alice@example.com>;tag=a",
			"<sip:example.com>", 1, "", ""));
	phone_status(alice, 405);
	phone_send(alice, CONTROL_AT,
		request(alice, "BYE", "sip:bob@example.com", "o-3", "<sip:alice@example.com>;tag=a",
			"<sip:bob@example.com>;tag=x", 1, "", ""));
	phone_status(alice, 481);
	phone_send(alice, CONTROL_AT,
		request(alice, "INVITE", "sip:bob@example.com", "o-4",
			"<sip:alice@example.com>;tag=a", "<sip:bob@example.com>", 1,
			"Proxy-Require: magic\n", ""));
	m = phone_status(alice, 420);
	CHECK_STR(sip_header(m, SIP_HDR_UNSUPPORTED), "magic");
	phone_send(alice, CONTROL_AT,
		request(alice, "INVITE", "sip:bob@example.com", "o-5",
			"<sip:alice@example.com>;tag=a", "<sip:bob@example.com>", 1,
			"Route: <sip:203.0.113.9;lr>\n", ""));
	phone_status(alice, 403);
	phone_send(alice, CONTROL_AT,
		request(alice, "INVITE", "sip:bob@example.com;maddr=203.0.113.9", "o-6",
			"<sip:alice@example.com>;tag=a", "<sip:bob@example.com>", 1, "", ""));
	phone_status(alice, 403);
}

static void a_stranger_cannot_end_a_call(void)
{
	struct phone *eve;

	two_phones();
	establish();
	eve = phone_new("eve", world.inside, addr_v4(192, 0, 2, 103, 5060));
	phone_send(eve, CONTROL_AT, /* knows the ids, not the token */
		request(eve, "BYE", "sip:me@192.0.2.10", "call-1", "<sip:alice@example.com>;tag=a",
			"<sip:bob@example.com>;tag=b", 9, "", ""));
	phone_status(eve, 481);
	phone_send(eve, CONTROL_AT, /* knows the token, not the tags */
		request(eve, "BYE", talk.alice_target, "call-1", "<sip:alice@example.com>;tag=zz",
			"<sip:bob@example.com>;tag=b", 9, "", ""));
	phone_status(eve, 481);
	CHECK(call_count(world.control.core) == 1);
}

/* Two registrations of one alias: both ring, the first that answers has the call (RFC 3261 16.7). */
static void the_first_of_two_phones_that_answers_has_the_call(void)
{
	struct phone *desk;
	struct sip_msg *m;

	two_phones();
	desk = phone_new("desk", world.inside, addr_v4(192, 0, 2, 104, 5060));
	phone_register(desk, CONTROL_AT, "bob", "example.com", 60);
	phone_status(desk, 200);
	send_invite();
	m = phone_method(bob, SIP_INVITE);
	phone_send(bob, CONTROL_AT, reply(bob, m, 180, "Ringing", "b", "", ""));
	phone_status(alice, 180);
	m = phone_method(desk, SIP_INVITE);
	phone_send(
		desk, CONTROL_AT, reply(desk, m, 200, "OK", "d", "", sdp_of("192.0.2.104", 5000)));
	m = phone_status(alice, 200);
	CHECK_STR(m->to_tag, "d");
	phone_method(bob, SIP_CANCEL);
	CHECK(call_count(world.control.core) == 1);
	phone_send(alice, CONTROL_AT,
		request(alice, "ACK", z(contact_uri(m)), "call-1", "<sip:alice@example.com>;tag=a",
			"<sip:bob@example.com>;tag=d", 1, "", ""));
	phone_method(desk, SIP_ACK);
}

/* 100rel end to end: RSeq and RAck pass, PRACK goes through (RFC 3262). */
static void a_reliable_provisional_is_acknowledged_by_the_far_side(void)
{
	struct sip_msg *m;
	char target[512];

	two_phones();
	send_invite();
	m = phone_method(bob, SIP_INVITE);
	phone_send(bob, CONTROL_AT,
		reply(bob, m, 183, "Session Progress", "b", "Require: 100rel\nRSeq: 41\n",
			sdp_of("192.0.2.102", 5000)));
	m = phone_status(alice, 183);
	CHECK_STR(sip_header(m, SIP_HDR_RSEQ), "41");
	CHECK(body_has(m, "c=IN IP4 192.0.2.10\r\n"));
	snprintf(target, sizeof target, "%s", z(contact_uri(m)));
	phone_send(alice, CONTROL_AT,
		request(alice, "PRACK", target, "call-1", "<sip:alice@example.com>;tag=a",
			"<sip:bob@example.com>;tag=b", 2, "RAck: 41 1 INVITE\n", ""));
	m = phone_method(bob, SIP_PRACK);
	CHECK_STR(sip_header(m, SIP_HDR_RACK), "41 1 INVITE");
	phone_send(bob, CONTROL_AT, reply(bob, m, 200, "OK", "b", "", ""));
	m = phone_status(alice, 200);
	CHECK_STR(m->cseq_method, "PRACK");
}

static void an_update_carries_an_offer(void)
{
	struct sip_msg *m;

	two_phones();
	establish();
	phone_send(bob, CONTROL_AT,
		request(bob, "UPDATE", talk.bob_target, "call-1", "<sip:bob@example.com>;tag=b",
			"<sip:alice@example.com>;tag=a", 9, "", sdp_of("192.0.2.102", 5000)));
	m = phone_method(alice, SIP_UPDATE);
	CHECK(m->cseq == 9 && body_has(m, "c=IN IP4 192.0.2.10\r\n"));
	phone_send(alice, CONTROL_AT,
		reply(alice, m, 200, "OK", "a", "", sdp_of("192.0.2.101", 4000)));
	m = phone_status(bob, 200);
	CHECK_STR(m->cseq_method, "UPDATE");
	CHECK(body_has(m, "c=IN IP4 192.0.2.10\r\n"));
}

/* We hang up with a number of our own; what the other side sends afterwards is still in order. */
static void a_number_of_our_own_moves_those_that_pass(void)
{
	struct dialog d = {.cseq_out = 5};

	CHECK(dialog_cseq_pass(&d, 6) == 6);
	CHECK(dialog_cseq_own(&d) == 7);
	CHECK(dialog_cseq_pass(&d, 7) == 8);
	CHECK(dialog_cseq_pass(&d, 8) == 9 && d.cseq_offset == 1);
}

/* An offer in the 200, the answer in the ACK. */
static void a_call_without_an_offer_gets_the_called_sides(void)
{
	struct sip_msg *m;

	two_phones();
	phone_send(alice, CONTROL_AT,
		request(alice, "INVITE", "sip:bob@example.com", "call-9",
			"<sip:alice@example.com>;tag=a", "<sip:bob@example.com>", 1, "", ""));
	m = phone_method(bob, SIP_INVITE);
	CHECK(m->body.len == 0);
	phone_send(bob, CONTROL_AT, reply(bob, m, 200, "OK", "b", "", sdp_of("192.0.2.102", 5000)));
	m = phone_status(alice, 200);
	CHECK(body_has(m, "c=IN IP4 192.0.2.10\r\n"));
	phone_send(alice, CONTROL_AT,
		request(alice, "ACK", z(contact_uri(m)), "call-9", "<sip:alice@example.com>;tag=a",
			"<sip:bob@example.com>;tag=b", 1, "", sdp_of("192.0.2.101", 4000)));
	m = phone_method(bob, SIP_ACK);
	CHECK(body_has(m, "c=IN IP4 192.0.2.10\r\n") && !body_has(m, "192.0.2.101"));
}

/* A second 200 with another tag (a fork below us): ACK and BYE at once (RFC 3261 13.2.2.4). */
static void a_second_answer_from_below_is_ended_at_once(void)
{
	struct sip_msg *m;
	static char held[TEXT_BYTES];

	two_phones();
	send_invite();
	m = phone_method(bob, SIP_INVITE);
	snprintf(held, sizeof held, "%s",
		reply(bob, m, 200, "OK", "b2", "", sdp_of("192.0.2.102", 5002)));
	phone_send(bob, CONTROL_AT, reply(bob, m, 200, "OK", "b", "", sdp_of("192.0.2.102", 5000)));
	phone_status(alice, 200);
	phone_send(bob, CONTROL_AT, held);
	m = phone_method(bob, SIP_ACK);
	CHECK_STR(m->to_tag, "b2");
	m = phone_method(bob, SIP_BYE);
	CHECK_STR(m->to_tag, "b2");
	CHECK(call_count(world.control.core) == 1);
}

/* A called side that goes on accepting with new tags gets so many ends, not one for each. */
static void further_answers_from_below_have_a_limit(void)
{
	unsigned n_byes = 0, n_acks = 0;
	static struct sip_msg asked;
	static char bytes[TEXT_BYTES];

	two_phones();
	send_invite();
	phone_method(bob, SIP_INVITE);
	memcpy(bytes, bob->in[(bob->n_seen - 1) % INBOX_MAX], TEXT_BYTES);
	sip_msg_init(&asked);
	CHECK(sip_index(str_of(bytes), SIP_DGRAM, &asked) == OK);
	phone_send(bob, CONTROL_AT,
		reply(bob, &asked, 200, "OK", "b", "", sdp_of("192.0.2.102", 5000)));
	phone_status(alice, 200);
	for (int i = 0; i < 25; i++)
		phone_send(bob, CONTROL_AT,
			reply(bob, &asked, 200, "OK", format("other%d", i), "",
				sdp_of("192.0.2.102", 5002)));
	phone_send(bob, CONTROL_AT, /* a repeat: its ACK again, and no dialog more */
		reply(bob, &asked, 200, "OK", "other0", "", sdp_of("192.0.2.102", 5002)));
	run_ms(100);
	while (bob->n_seen < bob->n_in) {
		struct sip_msg *m = phone_next(bob);

		n_byes += m->method == SIP_BYE;
		n_acks += m->method == SIP_ACK;
	}
	CHECK(n_byes == 20 && n_acks == 21);
	CHECK(world.control.sip->dialogs.n_taken == 22);
	CHECK(world.control.sip->counters.n_forks_dropped == 5);
	CHECK(call_count(world.control.core) == 1);
}

static void a_caller_of_a_zone_that_checks_is_challenged_by_407(void)
{
	static char yaml[sizeof control_yaml + 128];
	const char *p = strstr(control_yaml, "authentication: trusted}\n");
	struct sip_msg *m;

	snprintf(yaml, sizeof yaml, "%.*sauthentication: trusted}\n%s%s", (int)(p - control_yaml),
		control_yaml,
		"default_zone: {authentication: check}\nusers: [{name: alice, password: secret}]\n",
		p + strlen("authentication: trusted}\n"));
	world_nets();
	world_control(yaml);
	alice = phone_new("alice", world.inside, addr_v4(192, 0, 2, 101, 5060));
	phone_send(alice, CONTROL_AT,
		request(alice, "INVITE", "sip:bob@example.com", "auth-1",
			"<sip:alice@example.com>;tag=a", "<sip:bob@example.com>", 1, "",
			sdp_of("192.0.2.101", 4000)));
	m = phone_status(alice, 407);
	CHECK(sip_has(m, SIP_HDR_PROXY_AUTHENTICATE));
	CHECK(call_count(world.control.core) == 0);
	/* nobody acknowledged it: it is not repeated towards whoever was named */
	CHECK(phone_is_quiet(alice, 8000));
}

static void an_alias_with_ten_registrations_rings_everywhere(void)
{
	char line[128];
	unsigned n = 0;

	two_phones();
	for (unsigned i = 0; i < 8; i++) {
		static char id[16];

		snprintf(id, sizeof id, "m%u", i);
		snprintf(line, sizeof line, "Contact: <sip:d%u@192.0.2.102:5060>\nExpires: 600\n",
			i);
		phone_send(bob, CONTROL_AT,
			request(bob, "REGISTER", "sip:example.com", id,
				"<sip:bob@example.com>;tag=q", "<sip:bob@example.com>", 1, line,
				""));
		phone_status(bob, 200);
	}
	phone_send(alice, CONTROL_AT,
		request(alice, "INVITE", "sip:bob@example.com", "call-1",
			"<sip:alice@example.com>;tag=a", "<sip:bob@example.com>", 1,
			format("X-Long: %01000u\n", 1), sdp_of("192.0.2.101", 4000)));
	run_ms(200);
	while (bob->n_seen < bob->n_in)
		n += phone_next(bob)->method == SIP_INVITE;
	printf("# %u of 10 ring\n", n);
	CHECK(n >= 10);
}

static char trunk_yaml[4096];

static void took(struct stream *st, void *arg)
{
	struct phone *p = arg;

	p->stream = st;
	stream_take(st, &phone_ops, p);
}

static char branches[200][64];

static const char *cid(unsigned i)
{
	static char id[16];

	snprintf(id, sizeof id, "c%u", i);
	return id;
}

static void a_lost_trunk_ends_all_its_calls(void)
{
	const char *p = strstr(control_yaml, "subzones:"),
		   *q = strstr(control_yaml, "target: to-edge"),
		   *l = strstr(control_yaml, "limits:");
	const unsigned n_calls = 150;

	snprintf(trunk_yaml, sizeof trunk_yaml,
		"%.*s  - {name: pbx, type: neighbor, peers: [192.0.2.102], sip: {port: 5060, "
		"transport: tcp}}\n%.*starget: pbx%.*slimits: {calls: 400, registrations: 16, "
		"connections: 64, transactions: 4096}\n",
		(int)(p - control_yaml), control_yaml, (int)(q - p), p, (int)(l - (q + 15)),
		q + 15);
	world_nets();
	world_control(trunk_yaml);
	alice = phone_new("alice", world.inside, addr_v4(192, 0, 2, 101, 5060));
	bob = phone_new("bob", world.inside, addr_v4(192, 0, 2, 102, 5060));
	phone_register(alice, CONTROL_AT, "alice", "example.com", 60);
	phone_status(alice, 200);
	{
		static const struct stream_ops listen_ops = {.accepted = took};
		struct local at = {.row = PLAN_INSIDE_TCP_IN, .addr = bob->at, .fd = NO_FD};
		struct stream *listening;

		CHECK(stream_listen(bob->io, &at, &listen_ops, bob, &listening) == OK);
	}
	for (unsigned i = 0; i < n_calls; i++) {
		const char *text;

		text = request(alice, "INVITE", "sip:x@far.example", cid(i),
			"<sip:alice@example.com>;tag=a", "<sip:x@far.example>", 1, "",
			sdp_of("192.0.2.101", 4000));
		snprintf(branches[i], sizeof branches[i], "%.*s",
			(int)strcspn(strstr(text, "branch=") + 7, ";"),
			strstr(text, "branch=") + 7);
		phone_send(alice, CONTROL_AT, text);
		run_ms(2);
	}
	run_ms(100);
	printf("# %zu calls, %zu txs, %zu conns\n", call_count(world.control.core),
		txs_count(world.control.sip->txs), conns_count(world.control.sip->conns));
	for (struct conn *c = NULL; (c = conns_next(world.control.sip->conns, c));) {
		if (c->zone->kind == ZK_NEIGHBOR && !c->is_inbound) {
			conn_close(c, ERR_CLOSED, STR("test"));
			break;
		}
	}
	run_ms(40000);
	printf("# %zu calls, %zu txs; scratch refused %zu\n", call_count(world.control.core),
		txs_count(world.control.sip->txs), (size_t)io_scratch(world.control.io)->n_refused);
	for (unsigned i = 0; call_count(world.control.core) && i < n_calls; i++) {
		phone_send(alice, CONTROL_AT,
			format("CANCEL sip:x@far.example SIP/2.0\nVia: SIP/2.0/UDP "
			       "192.0.2.101:5060;branch=%s;rport\n"
			       "Max-Forwards: 70\nFrom: <sip:alice@example.com>;tag=a\nTo: "
			       "<sip:x@far.example>\n"
			       "Call-ID: %s\nCSeq: 1 CANCEL\nContent-Length: 0\n\n",
				branches[i], cid(i)));
		run_ms(2);
	}
	CHECK(call_count(world.control.core) == 0);
	CHECK(world.control.sip->dialogs.n_taken == 0);
	CHECK(txs_count(world.control.sip->txs) == 0);
}

static void done(void)
{
	world_down();
}

TEST_MAIN(T(an_alias_with_ten_registrations_rings_everywhere), T(a_lost_trunk_ends_all_its_calls),
	T(a_call_is_placed_answered_and_ended), T(the_called_side_hangs_up), T(a_call_is_cancelled),
	T(a_refusal_passes_with_its_headers), T(who_is_not_there_gets_404),
	T(hold_and_resume_by_reinvite), T(a_call_follows_its_registration_to_another_connection),
	T(a_caller_who_is_gone_while_it_rings_is_answered_all_the_same),
	T(a_called_side_that_is_gone_while_it_rings_is_cancelled),
	T(a_bye_ends_the_reinvite_that_waits), T(an_answer_that_cannot_be_read_does_not_pass),
	T(an_ack_that_cannot_be_read_ends_the_call), T(a_full_arena_silences_no_caller),
	T(an_answer_without_room_ends_the_call), T(glare_is_answered_491),
	T(a_second_reinvite_of_the_same_side_comes_later),
	T(an_update_with_an_offer_waits_for_the_open_one),
	T(an_update_with_an_offer_waits_for_the_first_answer),
	T(a_lost_subscription_does_not_end_the_call), T(info_passes_and_its_answer_too),
	T(a_2xx_is_repeated_until_its_ack_and_the_call_ends_without_one),
	T(repeated_requests_and_answers_end_at_the_node),
	T(requests_outside_dialogs_get_their_answers), T(a_stranger_cannot_end_a_call),
	T(the_first_of_two_phones_that_answers_has_the_call),
	T(a_reliable_provisional_is_acknowledged_by_the_far_side), T(an_update_carries_an_offer),
	T(a_number_of_our_own_moves_those_that_pass),
	T(a_call_without_an_offer_gets_the_called_sides),
	T(a_second_answer_from_below_is_ended_at_once), T(further_answers_from_below_have_a_limit),
	T(a_caller_of_a_zone_that_checks_is_challenged_by_407), T(done))
