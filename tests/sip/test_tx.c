/* test_tx.c - transactions through a node under a virtual clock: timers, repeats, loss, limits. */
#include "sip/nodes.h"
#include "sip/tx.h"

static struct phone *alice, *bob;

static void two_phones(const char *yaml)
{
	world_nets();
	world_control(yaml);
	alice = phone_new("alice", world.inside, addr_v4(192, 0, 2, 101, 5060));
	bob = phone_new("bob", world.inside, addr_v4(192, 0, 2, 102, 5060));
	phone_register(alice, CONTROL_AT, "alice", "example.com", 3600);
	phone_register(bob, CONTROL_AT, "bob", "example.com", 3600);
	phone_status(alice, 200);
	phone_status(bob, 200);
	run_ms(35000); /* the registrations' transactions are over */
	CHECK(txs_count(world.control.sip->txs) == 0);
}

static void invite(const char *call_id)
{
	phone_send(alice, CONTROL_AT,
		request(alice, "INVITE", "sip:bob@example.com", call_id,
			"<sip:alice@example.com>;tag=a", "<sip:bob@example.com>", 1, "",
			sdp_of("192.0.2.101", 4000)));
}

static unsigned count_in(struct phone *p, enum sip_method method)
{
	unsigned n = 0;

	while (p->n_seen < p->n_in) {
		struct sip_msg *m = phone_next(p);

		n += m->is_request && m->method == method;
	}
	return n;
}

/* Timer A: 0, 0.5, 1.5, 3.5, 7.5, 15.5, 31.5 s; Timer B: 32 s (RFC 3261 17.1.1.2). */
static void an_invite_is_sent_seven_times_and_then_given_up(void)
{
	two_phones(control_yaml);
	invite("t-1");
	run_ms(31900);
	CHECK(count_in(bob, SIP_INVITE) == 7);
	CHECK(phone_next(alice)->status == 100);
	run_ms(500);
	phone_status(alice, 408);
	run_ms(33000);
	CHECK(txs_count(world.control.sip->txs) == 0 && world.control.sip->dialogs.n_taken == 0);
	CHECK(store_used(world.control.sip->store) == 0);
}

/* Timer G: a refusal is repeated until its ACK, for 32 s (17.2.1). */
static void a_refusal_is_repeated_until_its_ack(void)
{
	struct sip_msg *m;
	unsigned n = 0;

	two_phones(control_yaml);
	invite("t-2");
	m = phone_method(bob, SIP_INVITE);
	phone_send(bob, CONTROL_AT, reply(bob, m, 486, "Busy Here", "b", "", ""));
	run_ms(10000);
	while (alice->n_seen < alice->n_in)
		n += phone_next(alice)->status == 486;
	CHECK(n >= 4 && n <= 6); /* 0 0.5 1.5 3.5 7.5 */
	run_ms(40000);
	CHECK(txs_count(world.control.sip->txs) == 0);
}

/* Every repeat of the far side's refusal gets its ACK, hop by hop (17.1.1.3). */
static void repeats_of_a_refusal_are_acked(void)
{
	struct sip_msg *m;
	const char *busy;

	two_phones(control_yaml);
	invite("t-3");
	m = phone_method(bob, SIP_INVITE);
	busy = reply(bob, m, 486, "Busy Here", "b", "", "");
	phone_send(bob, CONTROL_AT, busy);
	phone_method(bob, SIP_ACK);
	phone_send(bob, CONTROL_AT, busy);
	m = phone_method(bob, SIP_ACK);
	CHECK_STR(m->to_tag, "b");
	CHECK(m->cseq == 1);
}

/* A forged branch, and one of a former life, fit nothing (RFC 6026: dropped). */
static void a_response_without_a_transaction_is_dropped(void)
{
	struct sip_msg *m;
	uint64_t n;

	two_phones(control_yaml);
	invite("t-4");
	m = phone_method(bob, SIP_INVITE);
	n = txs_counters(world.control.sip->txs)->n_stray;
	m->call_id = STR("t-4");
	{
		char *p = bob->in[(bob->n_seen - 1) % INBOX_MAX];
		char *branch = strstr(p, "branch=z9hG4bK");

		branch[20] = branch[20] == 'a' ? 'b' : 'a'; /* one bit of the MAC or the handle */
		CHECK(sip_index((struct str){p, bob->len[(bob->n_seen - 1) % INBOX_MAX]}, SIP_DGRAM,
			      m) == OK);
	}
	phone_send(bob, CONTROL_AT, reply(bob, m, 200, "OK", "b", "", sdp_of("192.0.2.102", 5000)));
	run_ms(100);
	CHECK(txs_counters(world.control.sip->txs)->n_stray == n + 1);
	CHECK(call_count(world.control.core) == 1);
}

static void a_response_of_a_stranger_is_dropped(void)
{
	struct phone *eve;
	struct sip_msg *m;
	uint64_t n;

	two_phones(control_yaml);
	eve = phone_new("eve", world.inside, addr_v4(192, 0, 2, 103, 5060));
	invite("t-5");
	m = phone_method(bob, SIP_INVITE);
	n = txs_counters(world.control.sip->txs)->n_stray;
	phone_send(eve, CONTROL_AT, reply(eve, m, 200, "OK", "e", "", sdp_of("192.0.2.103", 5000)));
	run_ms(100);
	CHECK(txs_counters(world.control.sip->txs)->n_stray == n + 1);
	phone_send(bob, CONTROL_AT, reply(bob, m, 200, "OK", "b", "", sdp_of("192.0.2.102", 5000)));
	CHECK_STR(phone_status(alice, 200)->to_tag, "b");
}

static void calls_succeed_over_a_lossy_net(void)
{
	struct sim_quality bad = {.loss_ppm = 200000,
		.delay_us = 20000,
		.jitter_us = 30000,
		.reorder_ppm = 100000,
		.reorder_us = 50000,
		.duplicate_ppm = 100000};
	struct sip_msg *m;

	two_phones(control_yaml);
	sim_zone_quality(world.sim, world.inside, &bad);
	for (unsigned i = 0; i < 10; i++) {
		char id[16];
		const char *text;
		bool is_up = false;

		snprintf(id, sizeof id, "loss-%u", i);
		text = request(alice, "INVITE", "sip:bob@example.com", id,
			"<sip:alice@example.com>;tag=a", "<sip:bob@example.com>", 1, "",
			sdp_of("192.0.2.101", 4000));
		/* both phones are dumb: they say everything again until they hear what they wait for */
		for (int k = 0; k < 100 && !is_up; k++) {
			phone_send(alice, CONTROL_AT, text);
			run_ms(300);
			while (bob->n_seen < bob->n_in) {
				m = phone_next(bob);
				if (m->method == SIP_INVITE && str_eq(m->call_id, str_of(id)))
					phone_send(bob, CONTROL_AT,
						reply(bob, m, 200, "OK", "b", "",
							sdp_of("192.0.2.102", 5000)));
			}
			while (alice->n_seen < alice->n_in) {
				m = phone_next(alice);
				is_up |= m->status == 200 && str_eq(m->call_id, str_of(id));
			}
		}
		CHECK(is_up);
		run_ms(80000); /* no ACK: both sides are ended */
		alice->n_seen = alice->n_in;
		bob->n_seen = bob->n_in;
	}
	run_ms(40000);
	CHECK(call_count(world.control.core) == 0);
	CHECK(txs_count(world.control.sip->txs) == 0 && world.control.sip->dialogs.n_taken == 0);
	CHECK(store_used(world.control.sip->store) == 0);
}

/* RFC 4320: a non-INVITE that nobody answers gets no 408, and a 100 only after 3.5 s. */
static void a_slow_info_gets_a_late_100_and_no_408(void)
{
	struct sip_msg *m;
	const char *target;

	two_phones(control_yaml);
	invite("t-6");
	m = phone_method(bob, SIP_INVITE);
	phone_send(bob, CONTROL_AT, reply(bob, m, 200, "OK", "b", "", sdp_of("192.0.2.102", 5000)));
	m = phone_status(alice, 200);
	target = z(contact_uri(m));
	phone_send(alice, CONTROL_AT,
		request(alice, "ACK", target, "t-6", "<sip:alice@example.com>;tag=a",
			"<sip:bob@example.com>;tag=b", 1, "", ""));
	phone_method(bob, SIP_ACK);
	phone_send(alice, CONTROL_AT,
		request(alice, "INFO", target, "t-6", "<sip:alice@example.com>;tag=a",
			"<sip:bob@example.com>;tag=b", 2, "", ""));
	run_ms(3000);
	CHECK(alice->n_seen == alice->n_in);
	run_ms(1000);
	CHECK(phone_next(alice)->status == 100);
	run_ms(40000);
	while (alice->n_seen < alice->n_in) {
		m = phone_next(alice);
		CHECK(m->is_request || m->status != 408);
	}
}

static void a_full_table_says_503_and_recovers(void)
{
	static char yaml[sizeof control_yaml + 64];
	char *p;
	unsigned n_503 = 0, n = 0;
	size_t n_alarms;

	snprintf(yaml, sizeof yaml, "%s", control_yaml);
	p = strstr(yaml, "transactions: 512");
	memcpy(p, "transactions: 64 ", 17);
	p = strstr(yaml, "calls: 16");
	memcpy(p, "calls: 99", 9); /* not that limit first, */
	p = strrchr(yaml, '}');
	snprintf(p, 28, ", invites_per_source: 99}\n"); /* nor that one */
	two_phones(yaml);
	n_alarms = alarm_count(world.control.alarms);
	for (; n < 80; n++) {
		char id[16];

		snprintf(id, sizeof id, "full-%u", n);
		phone_send(alice, CONTROL_AT,
			request(alice, "INVITE", "sip:bob@example.com", id,
				"<sip:alice@example.com>;tag=a", "<sip:bob@example.com>", 1, "",
				sdp_of("192.0.2.101", 4000)));
		run_ms(1);
	}
	run_ms(100);
	while (alice->n_seen < alice->n_in) {
		struct sip_msg *m = phone_next(alice);

		n_503 += m->status == 503;
		if (m->status == 503)
			CHECK(sip_has(m, SIP_HDR_RETRY_AFTER) && sip_has(m, SIP_HDR_REASON));
	}
	CHECK(n_503 > 0 && alarm_count(world.control.alarms) == n_alarms + 1);
	run_ms(70000);
	CHECK(alarm_count(world.control.alarms) == n_alarms);
	CHECK(txs_count(world.control.sip->txs) == 0);
	alice->n_seen = alice->n_in;
	bob->n_seen = bob->n_in;
	phone_register(bob, CONTROL_AT, "bob", "example.com", 60);
	phone_status(bob, 200);
	invite("after");
	phone_method(bob, SIP_INVITE);
}

static void done(void)
{
	world_down();
}

TEST_MAIN(T(an_invite_is_sent_seven_times_and_then_given_up),
	T(a_refusal_is_repeated_until_its_ack), T(repeats_of_a_refusal_are_acked),
	T(a_response_without_a_transaction_is_dropped), T(a_response_of_a_stranger_is_dropped),
	T(calls_succeed_over_a_lossy_net), T(a_slow_info_gets_a_late_100_and_no_408),
	T(a_full_table_says_503_and_recovers), T(done))
