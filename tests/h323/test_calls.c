/* Calls between two registered endpoints through a node: who is called, which messages pass with what of
 * them changed, H.245 by each way, channels with our own addresses, and what is answered to bad input. */
#include "csworld.h"
#include "h323/rewrite.h"

static struct cep *alice, *bob;

static void up(void)
{
	world_up();
	alice = ep_new("alice", 21);
	bob = ep_new("bob", 22);
	ep_register(alice);
	ep_register(bob);
}

/* To the state in which both are in the call. */
static void establish(void)
{
	up();
	ep_dial(alice);
	ep_setup(alice, "bob");
	ep_got(bob, Q931_SETUP);
	ep_connect(bob);
	ep_got(alice, Q931_CONNECT);
}

static struct addr addr_in(const struct cs_msg *m, uint16_t field)
{
	struct addr a = {0};

	(void)h225_addr(&m->t, cs_field(m, field), &a);
	return a;
}

static void a_call_goes_to_the_alias_and_back(void)
{
	struct addr own = addr_v4(192, 0, 2, 10, 1720), a;
	struct h323_alias alias;
	struct cs_msg *m;

	up();
	ep_dial(alice);
	ep_setup(alice, "bob");
	m = ep_got(bob, Q931_SETUP);
	CHECK(memcmp(bob->guid, alice->guid, 16) == 0);
	CHECK(stream_peer(bob->cs)->remote.port >= 15000 &&
		stream_peer(bob->cs)->remote.port <= 19999);
	a = addr_in(m, H225_Setup_UUIE_destCallSignalAddress);
	CHECK(addr_eq(&a, &bob->at));
	a = addr_in(m, H225_Setup_UUIE_sourceCallSignalAddress);
	CHECK(addr_eq(&a, &own));
	CHECK(cs_field(m, H225_Setup_UUIE_endpointIdentifier) == PER_NONE);
	CHECK(cs_destination(m, &alias) && str_eq(str_of(alias.text), STR("bob")));
	CHECK(cs_source(m, &alias) && str_eq(str_of(alias.text), STR("alice")));
	CHECK(cs_tunnelling(m) == CS_TUNNEL_YES);
	CHECK(legs_knows_call(w.h, alice->guid));
	ep_proceeding(bob);
	ep_got(alice, Q931_CALL_PROCEEDING);
	ep_alerting(bob);
	ep_got(alice, Q931_ALERTING);
	ep_connect(bob);
	m = ep_got(alice, Q931_CONNECT);
	CHECK(cs_tunnelling(m) == CS_TUNNEL_YES);
	CHECK(cs_field(m, H225_Connect_UUIE_h245Address) == PER_NONE);
	ep_release(alice, 16);
	m = ep_got(bob, Q931_RELEASE_COMPLETE);
	CHECK(q931_cause(&m->q) == 16);
	run_ms(100);
	CHECK(bob->is_cs_lost && call_count(w.core) == 0 && !legs_knows_call(w.h, alice->guid));
	CHECK(w.h->legs->pool.n_taken == 0 && pdus_used(w.h->pdus) == 0);
	world_down();
}

static void the_called_side_refuses_with_its_own_cause(void)
{
	struct cs_msg *m;

	up();
	ep_dial(alice);
	ep_setup(alice, "bob");
	ep_got(bob, Q931_SETUP);
	ep_release(bob, 17);
	m = ep_got(alice, Q931_RELEASE_COMPLETE);
	CHECK(q931_cause(&m->q) == 17);
	CHECK(call_count(w.core) == 0 && w.h->legs->pool.n_taken == 0);
	world_down();
}

static void nobody_of_that_name(void)
{
	struct cs_msg *m;

	up();
	ep_dial(alice);
	ep_setup(alice, "carol");
	m = ep_got(alice, Q931_RELEASE_COMPLETE);
	CHECK(q931_cause(&m->q) == 3 || q931_cause(&m->q) == 1);
	CHECK(per_choice(&m->t, cs_field(m, H225_ReleaseComplete_UUIE_reason)) ==
		H225_ReleaseCompleteReason_unreachableDestination);
	world_down();
}

static void a_transform_renames_who_is_called(void)
{
	struct h323_alias alias;

	up();
	ep_dial(alice);
	ep_setup(alice, "robert");
	CHECK(cs_destination(ep_got(bob, Q931_SETUP), &alias));
	CHECK_STR(str_of(alias.text), "bob");
	world_down();
}

static void setup_to_address(struct addr at)
{
	begin_setup(alice, NULL);
	CHECK(h225_put_addr(
		&out.t, per_put(&out.t, out.body, H225_Setup_UUIE_destCallSignalAddress), &at));
	ep_say(alice, Q931_SETUP, 0);
}

static void our_address_is_the_fallback_alias(void)
{
	struct h323_alias alias;

	up();
	ep_dial(alice);
	setup_to_address(addr_v4(192, 0, 2, 10, 1720));
	CHECK(cs_destination(ep_got(bob, Q931_SETUP), &alias));
	CHECK_STR(str_of(alias.text), "bob");
	world_down();
}

static void an_address_is_called_where_it_is(void)
{
	struct cep *carol;
	struct addr a;
	struct cs_msg *m;

	up();
	carol = ep_new("carol", 23); /* registered nowhere */
	ep_dial(alice);
	setup_to_address(carol->at);
	m = ep_got(carol, Q931_SETUP);
	a = addr_in(m, H225_Setup_UUIE_destCallSignalAddress);
	CHECK(addr_eq(&a, &carol->at));
	CHECK(cs_field(m, H225_Setup_UUIE_destinationAddress) == PER_NONE);
	world_down();
}

static void a_silent_called_side_is_given_up(void)
{
	struct cs_msg *m;

	up();
	ep_dial(alice);
	ep_setup(alice, "bob");
	ep_got(bob, Q931_SETUP);
	run_ms(3000); /* our own, so that the caller's T303 does not end it */
	m = ep_got(alice, Q931_CALL_PROCEEDING);
	CHECK(m->kind == H225_H323_UU_PDU_h323_message_body_callProceeding);
	ep_proceeding(bob); /* a second one is none */
	run_ms(1000);
	CHECK(ep_is_quiet(alice));
	run_ms(60000);
	m = ep_got(alice, Q931_RELEASE_COMPLETE);
	CHECK(q931_cause(&m->q) == 102);
	ep_got(bob, Q931_RELEASE_COMPLETE);
	world_down();
}

static void a_connection_that_ends_ends_its_call(void)
{
	struct cs_msg *m;

	establish();
	stream_close(bob->cs);
	m = ep_got(alice, Q931_RELEASE_COMPLETE);
	CHECK(q931_cause(&m->q) == 41);
	CHECK(call_count(w.core) == 0);
	world_down();
}

static void status_is_answered_and_facility_passes(void)
{
	struct cs_msg *m;

	establish();
	ep_begin(alice, H225_H323_UU_PDU_h323_message_body_statusInquiry);
	ep_say(alice, Q931_STATUS_ENQUIRY, 0);
	m = ep_got(alice, Q931_STATUS);
	CHECK(q931_cause(&m->q) == 30 && q931_find(&m->q, Q931_CALL_STATE)->value.p[0] == 10);
	ep_begin(alice, H225_H323_UU_PDU_h323_message_body_facility);
	(void)per_put(&out.t, per_put(&out.t, out.body, H225_Facility_UUIE_reason),
		H225_FacilityReason_transportedInformation);
	ep_say(alice, Q931_FACILITY, 0);
	m = ep_got(bob, Q931_FACILITY);
	CHECK(m->kind == H225_H323_UU_PDU_h323_message_body_facility);
	world_down();
}

static void a_stranger_rings_no_more_than_he_may(void)
{
	struct cep *eve;

	up();
	eve = ep_new("eve", 23);
	ep_dial(eve);
	for (int i = 0; i < 5; i++) {
		ep_setup(eve, "bob");
		run_ms(100);
	}
	CHECK(call_count(w.core) == 5 && ep_is_quiet(eve));
	ep_setup(eve, "bob");
	CHECK(q931_cause(&ep_got(eve, Q931_RELEASE_COMPLETE)->q) == 42);
	eve->crv--; /* the last of the five */
	eve->guid[0]--;
	ep_release(eve, 16);
	run_ms(100);
	ep_setup(eve, "bob");
	run_ms(100);
	CHECK(call_count(w.core) == 5 && ep_is_quiet(eve));
	world_down();
}

static void a_call_that_exists_is_nobody_elses(void)
{
	struct cep *eve;
	struct cs_msg *m;

	establish();
	eve = ep_new("eve", 23);
	ep_dial(eve);
	begin_setup(eve, "bob");
	memcpy(eve->guid, alice->guid, 16);
	rewrite_call_id(&out, eve->guid);
	ep_say(eve, Q931_SETUP, 0);
	m = ep_got(eve, Q931_RELEASE_COMPLETE);
	CHECK(per_choice(&m->t, cs_field(m, H225_ReleaseComplete_UUIE_reason)) ==
		H225_ReleaseCompleteReason_invalidCID);
	CHECK(call_count(w.core) == 1 && ep_is_quiet(alice));
	world_down();
}

static void send_raw(struct cep *e, enum q931_type type, struct str uuie)
{
	struct wr wr = wr_of(sent, sizeof sent);
	uint8_t *mark;

	q931_begin(&wr, e->crv, !e->is_caller, type);
	mark = q931_begin_uuie(&wr);
	wr_str(&wr, uuie);
	q931_end_uuie(&wr, mark);
	CHECK(wr.err == OK);
	frame_out(e->cs, wr_done(&wr));
}

static void what_cannot_be_read_is_answered(void)
{
	struct cs_msg *m;

	establish();
	for (int i = 0; i < 7; i++) {
		send_raw(alice, Q931_FACILITY, STR("\xff\xff\xff"));
		m = ep_got(alice, Q931_STATUS);
		CHECK(q931_cause(&m->q) == 100);
	}
	send_raw(alice, Q931_FACILITY, STR("\xff\xff\xff"));
	m = ep_got(alice, Q931_RELEASE_COMPLETE);
	CHECK(q931_cause(&m->q) == 100);
	ep_got(bob, Q931_RELEASE_COMPLETE);
	alice->crv = 77;
	send_raw(alice, Q931_SETUP, STR("\xff\xff\xff"));
	m = ep_got(alice, Q931_RELEASE_COMPLETE);
	CHECK(q931_cause(&m->q) == 100);
	alice->crv = 78; /* of no call */
	ep_alerting(alice);
	m = ep_got(alice, Q931_RELEASE_COMPLETE);
	CHECK(q931_cause(&m->q) == 81);
	world_down();
}

static void what_is_no_q931_ends_the_connection(void)
{
	establish();
	frame_out(alice->cs, STR("\x09\x02\x00\x01"));
	ep_got(bob, Q931_RELEASE_COMPLETE);
	CHECK(alice->is_cs_lost && call_count(w.core) == 0);
	ep_dial(alice);
	stream_send(alice->cs, STR("\x04\x00\x00\x01"));
	run_ms(100);
	alice->is_cs_lost = false;
	ep_dial(alice);
	run_ms(6000); /* nothing is said at all */
	CHECK(alice->is_cs_lost);
	world_down();
}

/* ---- H.245 ---- */

static const uint8_t msd[] = {0x01, 0x00, 0x32, 0x80, 0x9e, 0xb2, 0xf1};

static struct str msd_pdu(void)
{
	return (struct str){(const char *)msd, sizeof msd};
}

static void check_msd(struct cep *e)
{
	struct h245_msg *p = ep_got_h245(e);

	CHECK(str_eq(p->t.in, msd_pdu()));
}

static void tunnelled_h245_rides_on_what_leaves(void)
{
	struct cs_msg *m;
	uint16_t list;

	up();
	ep_dial(alice);
	ep_setup(alice, "bob");
	ep_got(bob, Q931_SETUP);
	begin_connect(bob);
	CHECK(rewrite_put_control(&out, msd_pdu()) &&
		rewrite_put_control(&out, STR("\x4a\x40")) == true);
	ep_say(bob, Q931_CONNECT, 0);
	m = ep_got(alice, Q931_CONNECT);
	list = per_field(&m->t, m->uu, H225_H323_UU_PDU_h245Control);
	CHECK(per_count(&m->t, list) == 2);
	CHECK(str_eq(per_str(&m->t, per_first(&m->t, list)), msd_pdu()));
	world_down();
}

static void tunnelled_h245_passes_both_ways(void)
{
	establish();
	ep_h245(alice, msd_pdu());
	check_msd(bob);
	ep_h245(bob, msd_pdu());
	check_msd(alice);
	CHECK(ep_is_quiet(alice) && ep_is_quiet(bob));
	world_down();
}

/* alice's before anybody is there: it waits, and is not lost. */
static void early_h245_of_the_caller_waits(void)
{
	up();
	ep_dial(alice);
	ep_setup(alice, "bob");
	ep_h245(alice, msd_pdu());
	ep_got(bob, Q931_SETUP);
	run_ms(100);
	CHECK(ep_is_quiet(bob));
	ep_proceeding(bob);
	ep_got(alice, Q931_CALL_PROCEEDING);
	check_msd(bob);
	world_down();
}

static void separate_h245_on_both_legs(void)
{
	struct addr at, theirs;
	struct cs_msg *m;

	up();
	alice->is_tunnelling = bob->is_tunnelling = false;
	ep_dial(alice);
	ep_setup(alice, "bob");
	ep_got(bob, Q931_SETUP);
	ep_listen_h245(bob, &at);
	begin_connect(bob);
	rewrite_h245_address(&out, &at);
	ep_say(bob, Q931_CONNECT, 0);
	m = ep_got(alice, Q931_CONNECT);
	theirs = addr_in(m, H225_Connect_UUIE_h245Address);
	CHECK(theirs.ip[3] == 10 && theirs.port >= 15000 && theirs.port <= 19999);
	ep_dial_h245(alice, theirs);
	CHECK(bob->h245 != NULL);
	ep_h245(alice, msd_pdu());
	check_msd(bob);
	ep_h245(bob, msd_pdu());
	check_msd(alice);
	ep_release(bob, 16);
	ep_got(alice, Q931_RELEASE_COMPLETE);
	run_ms(100);
	CHECK(alice->is_h245_lost && bob->is_h245_lost);
	world_down();
}

/* alice tunnels, bob does not; then the other way round. */
static void legs_that_differ_are_converted(bool alice_tunnels, bool is_start_h245)
{
	struct cep *separate = alice_tunnels ? bob : alice;
	struct addr at = {0};
	struct cs_msg *m;

	up();
	separate->is_tunnelling = false;
	ep_dial(alice);
	ep_setup(alice, "bob");
	ep_got(bob, Q931_SETUP);
	begin_connect(bob);
	if (alice_tunnels && !is_start_h245) {
		ep_listen_h245(bob, &at);
		rewrite_h245_address(&out, &at);
	}
	ep_say(bob, Q931_CONNECT, 0);
	m = ep_got(alice, Q931_CONNECT);
	at = addr_in(m, H225_Connect_UUIE_h245Address);
	CHECK((at.family == AF_NONE) == alice_tunnels);
	CHECK(cs_tunnelling(m) == (alice_tunnels ? CS_TUNNEL_YES : CS_TUNNEL_NO));
	if (alice_tunnels && is_start_h245) {
		m = ep_got(bob, Q931_FACILITY);
		CHECK(per_choice(&m->t, cs_field(m, H225_Facility_UUIE_reason)) ==
			H225_FacilityReason_startH245);
		ep_dial_h245(bob, addr_in(m, H225_Facility_UUIE_h245Address));
	} else if (!alice_tunnels) {
		ep_dial_h245(alice, at);
	}
	run_ms(50);
	CHECK(separate->h245 != NULL);
	ep_h245(alice, msd_pdu());
	check_msd(bob);
	ep_h245(bob, msd_pdu());
	check_msd(alice);
	world_down();
}

static void a_tunnel_and_a_connection(void)
{
	legs_that_differ_are_converted(true, false);
}

static void a_tunnel_and_a_connection_that_we_ask_for(void)
{
	legs_that_differ_are_converted(true, true);
}

static void a_connection_and_a_tunnel(void)
{
	legs_that_differ_are_converted(false, false);
}

static void a_stranger_gets_no_h245_port(void)
{
	struct addr theirs;
	struct cep *eve;

	up();
	eve = ep_new("eve", 23);
	alice->is_tunnelling = false;
	ep_dial(alice);
	ep_setup(alice, "bob");
	ep_got(bob, Q931_SETUP);
	ep_connect(bob);
	theirs = addr_in(ep_got(alice, Q931_CONNECT), H225_Connect_UUIE_h245Address);
	ep_dial_h245(eve, theirs);
	run_ms(50);
	CHECK(eve->is_h245_lost && hconns_counters(w.h->conns)->n_strangers == 1);
	ep_dial_h245(alice, theirs);
	ep_h245(alice, msd_pdu());
	check_msd(bob);
	world_down();
}

static void what_of_h245_cannot_be_read_is_said_once(void)
{
	establish();
	ep_h245(alice, STR("\xff\xff\xff\xff"));
	ep_got_h245(alice);
	CHECK(per_choice(&alice->pdu.t, 0) == H245_MultimediaSystemControlMessage_indication);
	ep_h245(alice, STR("\xff\xff\xff\xff"));
	run_ms(200);
	CHECK(ep_is_quiet(alice) && ep_is_quiet(bob));
	world_down();
}

static void an_end_of_session_closes_connections_alone(void)
{
	struct addr at, theirs;

	up();
	alice->is_tunnelling = bob->is_tunnelling = false;
	ep_dial(alice);
	ep_setup(alice, "bob");
	ep_got(bob, Q931_SETUP);
	ep_listen_h245(bob, &at);
	begin_connect(bob);
	rewrite_h245_address(&out, &at);
	ep_say(bob, Q931_CONNECT, 0);
	theirs = addr_in(ep_got(alice, Q931_CONNECT), H225_Connect_UUIE_h245Address);
	ep_dial_h245(alice, theirs);
	ep_h245(alice, STR("\x4a\x40"));
	CHECK(ep_got_h245(bob)->kind == H245_END_SESSION);
	CHECK(ep_got_h245(alice)->kind == H245_END_SESSION);
	CHECK(alice->is_h245_lost && !bob->is_h245_lost);
	ep_h245(bob, STR("\x4a\x40"));
	run_ms(100);
	CHECK(bob->is_h245_lost && call_count(w.core) == 1);
	world_down();
}

/* ---- channels ---- */

static uint16_t put_media(uint16_t olc, uint8_t session, const struct addr *rtp,
	const struct addr *rtcp, bool is_reverse)
{
	uint16_t p, n;

	if (is_reverse) {
		p = per_put(&out_245, olc, H245_OpenLogicalChannel_reverseLogicalChannelParameters);
		n = per_put(&out_245, p,
			H245_OpenLogicalChannel_reverseLogicalChannelParameters_dataType);
	} else {
		p = per_make(&out_245, olc,
			PER_PATH(H245_OpenLogicalChannel_forwardLogicalChannelParameters));
		n = per_put(&out_245, p,
			H245_OpenLogicalChannel_forwardLogicalChannelParameters_dataType);
	}
	n = per_put(&out_245, n, H245_DataType_audioData);
	per_set_num(&out_245, per_put(&out_245, n, H245_AudioCapability_g711Alaw64k), 20);
	n = per_put(&out_245, p,
		is_reverse
			? H245_OpenLogicalChannel_reverseLogicalChannelParameters_multiplexParameters
			: H245_OpenLogicalChannel_forwardLogicalChannelParameters_multiplexParameters);
	n = per_put(&out_245, n,
		is_reverse
			? H245_OpenLogicalChannel_reverseLogicalChannelParameters_multiplexParameters_h2250LogicalChannelParameters
			: H245_OpenLogicalChannel_forwardLogicalChannelParameters_multiplexParameters_h2250LogicalChannelParameters);
	per_set_num(&out_245, per_put(&out_245, n, H245_H2250LogicalChannelParameters_sessionID),
		session);
	if (rtp)
		CHECK(h245_put_addr(&out_245,
			per_put(&out_245, n, H245_H2250LogicalChannelParameters_mediaChannel),
			rtp));
	if (rtcp)
		CHECK(h245_put_addr(&out_245,
			per_put(&out_245, n,
				H245_H2250LogicalChannelParameters_mediaControlChannel),
			rtcp));
	return n;
}

static void ep_olc(struct cep *e, uint16_t number, uint8_t session)
{
	static uint8_t buf[512];
	struct wr wr = wr_of(buf, sizeof buf);
	struct addr rtcp = addr_with_port(&e->at, 5001);
	uint16_t olc = h245_begin(H245_MultimediaSystemControlMessage_request,
		H245_RequestMessage_openLogicalChannel);

	per_set_num(&out_245,
		per_put(&out_245, olc, H245_OpenLogicalChannel_forwardLogicalChannelNumber),
		number);
	(void)put_media(olc, session, NULL, &rtcp, false);
	ep_h245(e, h245_done(&wr));
}

static void ep_ack(struct cep *e, uint16_t number, struct addr rtp)
{
	static uint8_t buf[512];
	struct wr wr = wr_of(buf, sizeof buf);
	struct addr rtcp = addr_with_port(&rtp, (uint16_t)(rtp.port + 1));
	uint16_t ack = h245_begin(H245_MultimediaSystemControlMessage_response,
			 H245_ResponseMessage_openLogicalChannelAck),
		 n;

	per_set_num(&out_245,
		per_put(&out_245, ack, H245_OpenLogicalChannelAck_forwardLogicalChannelNumber),
		number);
	n = per_make(&out_245, ack,
		PER_PATH(H245_OpenLogicalChannelAck_forwardMultiplexAckParameters,
			H245_OpenLogicalChannelAck_forwardMultiplexAckParameters_h2250LogicalChannelAckParameters));
	CHECK(h245_put_addr(&out_245,
		per_put(&out_245, n, H245_H2250LogicalChannelAckParameters_mediaChannel), &rtp));
	CHECK(h245_put_addr(&out_245,
		per_put(&out_245, n, H245_H2250LogicalChannelAckParameters_mediaControlChannel),
		&rtcp));
	ep_h245(e, h245_done(&wr));
}

static struct channel_view got_olc(struct cep *e, bool is_ack)
{
	struct h245_msg *p = ep_got_h245(e);
	struct channel_view v;

	CHECK(p->kind == (is_ack ? H245_OLC_ACK : H245_OLC));
	if (is_ack)
		olc_ack_read(&p->t, p->node, &v);
	else
		olc_read(&p->t, p->node, &v);
	return v;
}

static bool is_ours(const struct addr *a)
{
	return a->family == AF_V4 && a->ip[3] == 10 && a->port >= 36002 && a->port <= 59999;
}

static void channels_have_our_own_ports(void)
{
	struct channel_view there, back, ack, ack_back;

	establish();
	ep_olc(alice, 101, 1);
	there = got_olc(bob, false);
	CHECK(there.number == 101 && !there.media.rtp.family && is_ours(&there.media.rtcp));
	ep_olc(bob, 101, 1);
	back = got_olc(alice, false);
	ep_ack(bob, 101, addr_with_port(&bob->at, 6000));
	ack = got_olc(alice, true);
	CHECK(is_ours(&ack.media.rtp) && ack.media.rtcp.port == ack.media.rtp.port + 1);
	CHECK(addr_eq(&ack.media.rtcp, &back.media.rtcp)); /* one session, one RTCP */
	ep_ack(alice, 101, addr_with_port(&alice->at, 5000));
	ack_back = got_olc(bob, true);
	CHECK(addr_eq(&ack_back.media.rtcp, &there.media.rtcp) && is_ours(&ack_back.media.rtp));
	CHECK(ack.media.rtp.port != ack_back.media.rtp.port);
	CHECK(call_ports_taken(w.core) == 2);
	ep_release(alice, 16);
	ep_got(bob, Q931_RELEASE_COMPLETE);
	CHECK(call_ports_taken(w.core) == 0);
	world_down();
}

static void a_channel_that_is_closed_gives_its_ports_back(void)
{
	static uint8_t buf[64];
	struct wr wr = wr_of(buf, sizeof buf);

	establish();
	ep_olc(alice, 101, 1);
	(void)got_olc(bob, false);
	ep_ack(bob, 101, addr_with_port(&bob->at, 6000));
	(void)got_olc(alice, true);
	CHECK(call_ports_taken(w.core) == 2);
	out_245 = per_tree_of(&h323_schema, mem_245);
	CHECK(h245_put_close(&out_245, 101, &wr) == OK);
	ep_h245(alice, wr_done(&wr));
	CHECK(ep_got_h245(bob)->kind == H245_CLOSE);
	CHECK(call_ports_taken(w.core) == 0);
	out_245 = per_tree_of(&h323_schema, mem_245);
	wr = wr_of(buf, sizeof buf);
	CHECK(h245_put_close_ack(&out_245, 101, &wr) == OK);
	ep_h245(bob, wr_done(&wr));
	CHECK(ep_got_h245(alice)->kind == H245_OTHER);
	world_down();
}

static void a_channel_to_an_address_of_ours_is_refused(void)
{
	establish();
	ep_olc(alice, 101, 1);
	(void)got_olc(bob, false);
	ep_ack(bob, 101, addr_v4(127, 0, 0, 1, 6000));
	CHECK(ep_got_h245(alice)->kind == H245_OLC_REJECT);
	CHECK(ep_got_h245(bob)->kind == H245_CLOSE);
	CHECK(call_ports_taken(w.core) == 0);
	world_down();
}

static uint16_t mode_entry(uint16_t list, uint8_t session, const struct addr *rtcp)
{
	uint16_t n = per_append(&out_245, list), type;

	per_set_num(&out_245, per_put(&out_245, n, H245_CommunicationModeTableEntry_sessionID),
		session);
	per_set_str(&out_245,
		per_put(&out_245, n, H245_CommunicationModeTableEntry_sessionDescription),
		STR("\0a"));
	type = per_put(&out_245, n, H245_CommunicationModeTableEntry_dataType);
	type = per_put(&out_245, type, H245_CommunicationModeTableEntry_dataType_audioData);
	per_set_num(&out_245, per_put(&out_245, type, H245_AudioCapability_g711Alaw64k), 20);
	CHECK(h245_put_addr(&out_245,
		per_put(&out_245, n, H245_CommunicationModeTableEntry_mediaControlChannel), rtcp));
	return n;
}

static void a_conferences_sessions_are_ours(void)
{
	static uint8_t buf[512];
	struct wr wr = wr_of(buf, sizeof buf);
	struct addr theirs = addr_with_port(&alice->at, 7001), at = {0};
	uint16_t list, n;

	establish();
	ep_olc(alice, 101, 1);
	(void)got_olc(bob, false);
	list = per_put(&out_245,
		h245_begin(H245_MultimediaSystemControlMessage_command,
			H245_CommandMessage_communicationModeCommand),
		H245_CommunicationModeCommand_communicationModeTable);
	(void)mode_entry(list, 1, &theirs);
	(void)mode_entry(list, 9, &theirs);
	ep_h245(alice, h245_done(&wr));
	CHECK(ep_got_h245(bob)->kind == H245_MODE);
	n = mode_first(&bob->pdu);
	CHECK(h245_addr(&bob->pdu.t,
		per_field(&bob->pdu.t, n, H245_CommunicationModeTableEntry_mediaControlChannel),
		&at));
	CHECK(is_ours(&at));
	n = per_next(&bob->pdu.t, n);
	CHECK(mode_session(&bob->pdu.t, n) == 9);
	CHECK(per_field(&bob->pdu.t, n, H245_CommunicationModeTableEntry_mediaControlChannel) ==
		PER_NONE);
	world_down();
}

static void too_many_channels_are_refused(void)
{
	establish();
	for (uint16_t i = 0; i < LEG_CHANNELS; i++) {
		ep_olc(alice, (uint16_t)(200 + i), (uint8_t)(10 + i));
		(void)got_olc(bob, false);
	}
	ep_olc(alice, 300, 100);
	CHECK(ep_got_h245(alice)->kind == H245_OLC_REJECT);
	CHECK(ep_is_quiet(bob));
	world_down();
}

/* ---- fastStart ---- */

static struct str fast_element(uint8_t *buf, const struct addr *rtp, const struct addr *rtcp,
	bool is_reverse, uint16_t number)
{
	struct wr wr = wr_of(buf, 256);
	uint16_t olc, n;

	out_245 = per_tree_of(&h323_schema, mem_245);
	olc = per_root(&out_245, H245_OpenLogicalChannel_T);
	per_set_num(&out_245,
		per_put(&out_245, olc, H245_OpenLogicalChannel_forwardLogicalChannelNumber),
		number);
	if (is_reverse) {
		n = per_put(&out_245, olc, H245_OpenLogicalChannel_forwardLogicalChannelParameters);
		(void)per_put(&out_245,
			per_put(&out_245, n,
				H245_OpenLogicalChannel_forwardLogicalChannelParameters_dataType),
			H245_DataType_nullData);
		(void)per_put(&out_245,
			per_put(&out_245, n,
				H245_OpenLogicalChannel_forwardLogicalChannelParameters_multiplexParameters),
			H245_OpenLogicalChannel_forwardLogicalChannelParameters_multiplexParameters_none);
	}
	(void)put_media(olc, 1, rtp, rtcp, is_reverse);
	return h245_done(&wr);
}

static void put_fast(struct str element)
{
	per_set_str(&out.t,
		per_append(&out.t, per_make(&out.t, out.body, PER_PATH(out.fields->fast_start))),
		element);
}

static struct channel_view fast_view(const struct cs_msg *m, unsigned i)
{
	uint16_t n = per_first(&m->t, cs_field(m, m->fields->fast_start));
	struct per_tree t = per_tree_of(&h323_schema, mem_245);
	struct channel_view v;

	while (i--)
		n = per_next(&m->t, n);
	CHECK(per_read(&t, H245_OpenLogicalChannel_T, per_str(&m->t, n)) == OK);
	olc_read(&t, 0, &v);
	return v;
}

static void setup_with_fast_start(void)
{
	static uint8_t a[256], b[256];
	struct addr rtp = addr_with_port(&alice->at, 5000), rtcp = addr_with_port(&alice->at, 5001);

	begin_setup(alice, "bob");
	put_fast(fast_element(a, NULL, &rtcp, false, 1));
	put_fast(fast_element(b, &rtp, &rtcp, true, 2));
	ep_say(alice, Q931_SETUP, 0);
}

static void fast_start_is_answered_through_us(void)
{
	static uint8_t a[256], b[256];
	struct addr rtp, rtcp;
	struct channel_view there, back;
	struct cs_msg *m;

	up();
	ep_dial(alice);
	setup_with_fast_start();
	m = ep_got(bob, Q931_SETUP);
	CHECK(per_count(&m->t, cs_field(m, H225_Setup_UUIE_fastStart)) == 2);
	there = fast_view(m, 0);
	back = fast_view(m, 1);
	CHECK(!there.is_reverse && is_ours(&there.media.rtcp));
	CHECK(back.is_reverse && is_ours(&back.media.rtp) && is_ours(&back.media.rtcp));
	CHECK(addr_eq(&there.media.rtcp, &back.media.rtcp) && call_ports_taken(w.core) == 2);
	rtp = addr_with_port(&bob->at, 6000);
	rtcp = addr_with_port(&bob->at, 6001);
	begin_connect(bob);
	put_fast(fast_element(a, &rtp, &rtcp, false, 1));
	put_fast(fast_element(b, NULL, &rtcp, true, 7));
	ep_say(bob, Q931_CONNECT, 0);
	m = ep_got(alice, Q931_CONNECT);
	CHECK(per_count(&m->t, cs_field(m, H225_Connect_UUIE_fastStart)) == 2);
	there = fast_view(m, 0);
	back = fast_view(m, 1);
	CHECK(is_ours(&there.media.rtp) && is_ours(&there.media.rtcp));
	CHECK(!back.media.rtp.family && addr_eq(&back.media.rtcp, &there.media.rtcp));
	CHECK(call_ports_taken(w.core) == 2);
	ep_release(alice, 16);
	ep_got(bob, Q931_RELEASE_COMPLETE);
	CHECK(call_ports_taken(w.core) == 0);
	world_down();
}

static void fast_start_that_is_not_answered_gives_its_ports_back(void)
{
	up();
	ep_dial(alice);
	setup_with_fast_start();
	ep_got(bob, Q931_SETUP);
	ep_connect(bob);
	ep_got(alice, Q931_CONNECT);
	CHECK(call_ports_taken(w.core) == 0);
	world_down();
}

/* ---- what endpoints must never do ---- */

/* A message of a real call with some octets changed, cut, or as it was, on a call reference of the endpoint. */
static void say_something_like_it(struct cep *e)
{
	static uint8_t bytes[PDU_MAX];
	size_t k = sim_random(w.sim, said.n < INBOX ? (uint32_t)said.n : INBOX), n = said.len[k];

	memcpy(bytes, said.bytes[k], n);
	if (n > 4 && bytes[0] == 0x08 && sim_random(w.sim, 4)) {
		bytes[2] = (uint8_t)(e->crv >> 8 | (e->is_caller ? 0 : 0x80));
		bytes[3] = (uint8_t)e->crv;
	}
	for (uint32_t i = sim_random(w.sim, 4); i > 0; i--)
		bytes[sim_random(w.sim, (uint32_t)n)] = (uint8_t)sim_random(w.sim, 256);
	if (!sim_random(w.sim, 8))
		n -= sim_random(w.sim, (uint32_t)n);
	if (e->h245 && sim_random(w.sim, 2))
		frame_out(e->h245, (struct str){(const char *)bytes, n});
	else
		frame_out(e->cs, (struct str){(const char *)bytes, n});
}

static void take_what_came(struct cep *e)
{
	struct cs_msg m;

	for (; e->cs_box.n_seen < e->cs_box.n; e->cs_box.n_seen++) {
		size_t k = e->cs_box.n_seen % INBOX;

		/* whatever comes in: what goes out can be read */
		CHECK(cs_read_header(
			      (struct str){(const char *)e->cs_box.bytes[k], e->cs_box.len[k]},
			      &m) == OK);
		CHECK(cs_read_h323(&m, mem_in) == OK);
		if (m.q.type == Q931_SETUP) {
			e->crv = m.q.crv;
			e->is_caller = false;
		}
	}
	for (; e->h245_box.n_seen < e->h245_box.n; e->h245_box.n_seen++) {
		size_t k = e->h245_box.n_seen % INBOX;

		CHECK(h245_msg_read(
			      (struct str){(const char *)e->h245_box.bytes[k], e->h245_box.len[k]},
			      mem_245, &e->pdu) == OK);
	}
}

/* Everything that a call has, said once in order. */
static void say_it_all(bool is_tunnelling)
{
	struct addr at;

	alice->is_tunnelling = bob->is_tunnelling = is_tunnelling;
	ep_dial(alice);
	setup_with_fast_start();
	ep_got(bob, Q931_SETUP);
	ep_listen_h245(bob, &at);
	ep_alerting(bob);
	ep_got(alice, Q931_ALERTING);
	begin_connect(bob);
	if (!is_tunnelling)
		rewrite_h245_address(&out, &at);
	ep_say(bob, Q931_CONNECT, 0);
	at = addr_in(ep_got(alice, Q931_CONNECT), H225_Connect_UUIE_h245Address);
	if (!is_tunnelling)
		ep_dial_h245(alice, at);
	ep_olc(alice, 101, 1);
	(void)got_olc(bob, false);
	ep_ack(bob, 101, addr_with_port(&bob->at, 6000));
	(void)got_olc(alice, true);
	ep_h245(alice, STR("\x4a\x40"));
	(void)ep_got_h245(bob);
	ep_release(alice, 16);
	ep_got(bob, Q931_RELEASE_COMPLETE);
	run_ms(100);
}

static void hang_up_all(void)
{
	struct cep *const all[] = {alice, bob};

	for (size_t i = 0; i < 2; i++) {
		take_what_came(all[i]);
		stream_close(all[i]->cs);
		stream_close(all[i]->h245);
		stream_close(all[i]->h245_listener);
		all[i]->cs = all[i]->h245 = all[i]->h245_listener = NULL;
	}
	run_ms(1000);
}

static void whatever_endpoints_say_ends_well(void)
{
	said = (struct box){0};
	up();
	say_it_all(true);
	hang_up_all();
	say_it_all(false);
	hang_up_all();
	for (unsigned round = 0; round < 400; round++) {
		if (!alice->cs)
			ep_dial(alice);
		if (!sim_random(w.sim, 50)) /* in the middle of something */
			sim_kill_at_call(w.io, 1 + sim_random(w.sim, 60));
		if (sim_is_dead(w.io))
			world_again();
		if (round % 20 == 0 && alice->cs)
			ep_setup(alice, "bob");
		for (unsigned i = 0; i < 4; i++) {
			if (alice->cs && sim_random(w.sim, 2))
				say_something_like_it(alice);
			else if (bob->cs)
				say_something_like_it(bob);
			run_ms(20);
			take_what_came(alice);
			take_what_came(bob);
		}
	}
	hang_up_all();
	for (int i = 0; i < 2; i++) {
		run_ms(130000); /* the last T301 */
		if (sim_is_dead(w.io))
			world_again();
	}
	CHECK(call_count(w.core) == 0 && w.h->legs->pool.n_taken == 0);
	CHECK(pdus_used(w.h->pdus) == 0 && call_ports_taken(w.core) == 0);
	CHECK(hconns_count(w.h->conns) == 0);
	world_down();
}

/* ---- a successor ---- */

static void an_established_call_goes_on_in_a_successor(void)
{
	struct channel_view ack, back;

	establish();
	ep_olc(alice, 101, 1);
	(void)got_olc(bob, false);
	ep_ack(bob, 101, addr_with_port(&bob->at, 6000));
	ack = got_olc(alice, true);
	world_kill();
	CHECK(call_count(w.core) == 1 && w.h->legs->pool.n_taken == 2);
	CHECK(legs_knows_call(w.h, alice->guid) && !alice->is_cs_lost && !bob->is_cs_lost);
	ep_olc(bob, 102, 1); /* the same session: the line that the predecessor made */
	back = got_olc(alice, false);
	CHECK(addr_eq(&back.media.rtcp, &ack.media.rtcp));
	ep_ack(alice, 102, addr_with_port(&alice->at, 5000));
	CHECK(got_olc(bob, true).number == 102);
	world_kill();
	ep_h245(alice, msd_pdu());
	check_msd(bob);
	ep_release(alice, 16);
	CHECK(q931_cause(&ep_got(bob, Q931_RELEASE_COMPLETE)->q) == 16);
	run_ms(100);
	CHECK(call_count(w.core) == 0 && call_ports_taken(w.core) == 0);
	world_kill();
	CHECK(call_count(w.core) == 0 && w.h->legs->pool.n_taken == 0);
	world_down();
}

/* Nobody has accepted it yet: it is not kept, which both sides hear. */
static void a_channel_that_was_only_asked_for_ends_with_its_process(void)
{
	establish();
	ep_olc(alice, 101, 1);
	(void)got_olc(bob, false);
	world_kill();
	ep_ack(bob, 101, addr_with_port(&bob->at, 6000));
	CHECK(ep_got_h245(alice)->kind == H245_OLC_REJECT);
	CHECK(ep_got_h245(bob)->kind == H245_CLOSE);
	world_down();
}

static void separate_connections_go_on_in_a_successor(void)
{
	struct addr at, theirs;

	up();
	alice->is_tunnelling = bob->is_tunnelling = false;
	ep_dial(alice);
	ep_setup(alice, "bob");
	ep_got(bob, Q931_SETUP);
	ep_listen_h245(bob, &at);
	begin_connect(bob);
	rewrite_h245_address(&out, &at);
	ep_say(bob, Q931_CONNECT, 0);
	theirs = addr_in(ep_got(alice, Q931_CONNECT), H225_Connect_UUIE_h245Address);
	ep_dial_h245(alice, theirs);
	ep_h245(alice, msd_pdu());
	check_msd(bob);
	world_kill();
	CHECK(!alice->is_h245_lost && !bob->is_h245_lost);
	ep_h245(bob, msd_pdu());
	check_msd(alice);
	ep_release(bob, 16);
	ep_got(alice, Q931_RELEASE_COMPLETE);
	run_ms(100);
	CHECK(alice->is_h245_lost && bob->is_h245_lost && hconns_count(w.h->conns) == 1);
	world_down();
}

/* One that only rang is not kept: whoever called calls again. */
static void a_call_that_rings_ends_with_its_process(void)
{
	up();
	ep_dial(alice);
	ep_setup(alice, "bob");
	ep_got(bob, Q931_SETUP);
	ep_alerting(bob);
	ep_got(alice, Q931_ALERTING);
	world_kill();
	CHECK(alice->is_cs_lost && bob->is_cs_lost && call_count(w.core) == 0);
	world_down();
}

/* An end that came while nobody was there. */
static void a_side_that_left_meanwhile_ends_the_call(void)
{
	establish();
	sim_kill(w.io);
	stream_close(bob->cs);
	bob->cs = NULL;
	run_ms(50);
	CHECK(sim_start(w.host, &cs_node, NULL, &w.io) == OK);
	CHECK(q931_cause(&ep_got(alice, Q931_RELEASE_COMPLETE)->q) == 41);
	CHECK(call_count(w.core) == 0);
	world_down();
}

/* ---- H.245, once more ---- */

static void a_side_that_stops_to_tunnel_gets_a_connection(void)
{
	struct cs_msg *m;

	establish();
	ep_h245(alice, msd_pdu());
	check_msd(bob);
	alice->is_tunnelling = false;
	ep_begin(alice, H225_H323_UU_PDU_h323_message_body_empty);
	ep_say(alice, Q931_FACILITY, 0);
	m = ep_got(alice, Q931_FACILITY);
	CHECK(per_choice(&m->t, cs_field(m, H225_Facility_UUIE_reason)) ==
		H225_FacilityReason_startH245);
	CHECK(cs_tunnelling(m) == CS_TUNNEL_NO);
	ep_h245(bob, msd_pdu()); /* waits for alice */
	run_ms(100);
	CHECK(ep_is_quiet(alice));
	ep_dial_h245(alice, addr_in(m, H225_Facility_UUIE_h245Address));
	check_msd(alice);
	ep_h245(alice, msd_pdu());
	check_msd(bob);
	world_down();
}

/* alice gives an address in her Setup: it is ours to dial. */
static void an_address_in_a_setup_is_dialled(void)
{
	struct addr at;
	struct cs_msg *m;

	up();
	alice->is_tunnelling = false;
	ep_listen_h245(alice, &at);
	ep_dial(alice);
	begin_setup(alice, "bob");
	rewrite_h245_address(&out, &at);
	ep_say(alice, Q931_SETUP, 0);
	m = ep_got(bob, Q931_SETUP);
	CHECK(cs_field(m, H225_Setup_UUIE_h245Address) == PER_NONE);
	ep_connect(bob);
	m = ep_got(alice, Q931_CONNECT);
	CHECK(cs_field(m, H225_Connect_UUIE_h245Address) == PER_NONE);
	run_ms(50);
	CHECK(alice->h245 != NULL && stream_peer(alice->h245)->remote.port >= 15000);
	ep_h245(bob, msd_pdu());
	check_msd(alice);
	world_down();
}

static void more_than_32_that_wait_are_dropped(void)
{
	up();
	ep_dial(alice);
	ep_setup(alice, "bob");
	ep_got(bob, Q931_SETUP);
	for (unsigned i = 0; i < PDUS_QUEUE_MAX + 3; i++)
		ep_h245(alice, msd_pdu());
	run_ms(50);
	CHECK(w.h->legs->counters.n_h245_dropped == 3);
	ep_proceeding(bob);
	ep_got(alice, Q931_CALL_PROCEEDING);
	run_ms(50);
	CHECK(w.h->legs->counters.n_h245 == PDUS_QUEUE_MAX);
	world_down();
}

TEST_MAIN(T(whatever_endpoints_say_ends_well), T(an_established_call_goes_on_in_a_successor),
	T(a_channel_that_was_only_asked_for_ends_with_its_process),
	T(separate_connections_go_on_in_a_successor), T(a_call_that_rings_ends_with_its_process),
	T(a_side_that_left_meanwhile_ends_the_call),
	T(a_side_that_stops_to_tunnel_gets_a_connection), T(an_address_in_a_setup_is_dialled),
	T(more_than_32_that_wait_are_dropped), T(a_call_goes_to_the_alias_and_back),
	T(the_called_side_refuses_with_its_own_cause), T(nobody_of_that_name),
	T(a_transform_renames_who_is_called), T(our_address_is_the_fallback_alias),
	T(an_address_is_called_where_it_is), T(a_silent_called_side_is_given_up),
	T(a_connection_that_ends_ends_its_call), T(status_is_answered_and_facility_passes),
	T(a_stranger_rings_no_more_than_he_may), T(a_call_that_exists_is_nobody_elses),
	T(what_cannot_be_read_is_answered), T(what_is_no_q931_ends_the_connection),
	T(tunnelled_h245_rides_on_what_leaves), T(tunnelled_h245_passes_both_ways),
	T(early_h245_of_the_caller_waits), T(separate_h245_on_both_legs),
	T(a_tunnel_and_a_connection), T(a_tunnel_and_a_connection_that_we_ask_for),
	T(a_connection_and_a_tunnel), T(a_stranger_gets_no_h245_port),
	T(what_of_h245_cannot_be_read_is_said_once), T(an_end_of_session_closes_connections_alone),
	T(channels_have_our_own_ports), T(a_channel_that_is_closed_gives_its_ports_back),
	T(a_channel_to_an_address_of_ours_is_refused), T(a_conferences_sessions_are_ours),
	T(too_many_channels_are_refused), T(fast_start_is_answered_through_us),
	T(fast_start_that_is_not_answered_gives_its_ports_back))
