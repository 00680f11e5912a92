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

static void done(void)
{
	world_down();
}

TEST_MAIN(T(a_call_does_not_ring_for_ever), T(done))
