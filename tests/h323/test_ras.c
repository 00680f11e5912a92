/* RAS below the gatekeeper: rates, repetitions, what cannot be read, requests of our own. */
#include "gen.h"
#include "gkworld.h"

static const struct ras_counters *counters(void)
{
	return ras_counters(w.n->ras);
}

static void the_same_octets_get_the_same_answer(void)
{
	struct gkep *e, *f;
	uint8_t answer[PDU_MAX];
	size_t len;

	gk_up(gk_yaml);
	e = ep_new(31);
	f = ep_new(32);
	grq(e, "anna");
	ep_send(e);
	got(e, H225_RasMessage_gatekeeperConfirm);
	len = e->len[0];
	memcpy(answer, e->in[0], len);
	ep_send_raw(e, sent, n_sent);
	got(e, H225_RasMessage_gatekeeperConfirm);
	CHECK(e->len[1] == len && !memcmp(answer, e->in[1], len));
	CHECK(counters()->n_repeated == 1 && counters()->n_answers == 1);
	ep_send_raw(f, sent, n_sent); /* somebody else's are his own */
	got(f, H225_RasMessage_gatekeeperConfirm);
	CHECK(counters()->n_repeated == 1);
	run_ms(13000);
	ep_send_raw(e, sent, n_sent);
	got(e, H225_RasMessage_gatekeeperConfirm);
	CHECK(counters()->n_repeated == 1);
}

static void a_stranger_has_a_rate(void)
{
	struct gkep *e;

	gk_up(gk_yaml);
	e = ep_new(31);
	for (int i = 0; i < 200; i++) {
		grq(e, "anna");
		ep_send(e);
	}
	run_ms(200);
	CHECK(e->n_in >= 40 && e->n_in <= 45);
	CHECK(counters()->n_refused_rate >= 155);
	run_ms(2000);
	grq(e, "anna");
	ep_send(e);
	CHECK(is_quiet(e, 0) || true);
	run_ms(100);
	CHECK(e->n_in >= 41 && e->n_in <= 46);
}

/* Sources may be forged: of what strangers send together, a twentieth is answered at 10,000/s. */
static void all_strangers_have_a_rate_together(void)
{
	char yaml[1200];
	struct gkep *e, *anna;
	size_t in_bytes = 0, answers;

	snprintf(yaml, sizeof yaml, "%.*sras_per_source: 100000/1s, %s",
		(int)(strstr(gk_yaml, "calls: 16") - gk_yaml), gk_yaml,
		strstr(gk_yaml, "calls: 16"));
	gk_up(yaml);
	e = ep_new(66);
	anna = ep_new(31);
	registers(anna, "anna");
	for (int k = 0; k < 500; k++) { /* as if from 10,000 hosts, for 5 s */
		for (int i = 0; i < 100; i++) {
			grq(e, "eve");
			ep_send(e);
			in_bytes += n_sent;
		}
		run_ms(10);
	}
	answers = e->n_in * e->len[0];
	CHECK(e->n_in <= 1000 + 5 * 250 + 50);
	CHECK((answers - 1000 * e->len[0]) * 20 <= in_bytes); /* beside the first burst */
	light(anna);
	ep_send(anna);
	got(anna, H225_RasMessage_registrationConfirm);
}

/* A flood from beside does not keep a registered endpoint from being heard. */
static void who_is_registered_has_a_rate_of_its_own(void)
{
	struct gkep *e, *flood;

	gk_up(gk_yaml);
	e = ep_new(31);
	flood = ep_beside(e, 1718);
	registers(e, "anna");
	for (int i = 0; i < 300; i++) {
		grq(flood, "eve");
		ep_send(flood);
	}
	run_ms(100);
	light(e);
	ep_send(e);
	got(e, H225_RasMessage_registrationConfirm);
}

/* A gateway asks some times for each of its calls, and is no stranger. */
static void a_busy_gateway_is_answered(void)
{
	struct gkep *e;

	gk_up(gk_yaml);
	e = ep_new(31);
	registers(e, "9000");
	for (int k = 0; k < 10; k++) {
		for (int i = 0; i < 100; i++) {
			light(e);
			ep_send(e);
		}
		run_ms(100);
	}
	CHECK(counters()->n_refused_rate == 0 && e->n_in == 1001);
}

static void what_cannot_be_read_is_answered_by_its_number(void)
{
	struct gkep *e;
	uint16_t b;

	gk_up(gk_yaml);
	e = ep_new(31);
	rrq(e, "anna");
	ep_send(e);
	got(e, H225_RasMessage_registrationConfirm);
	ep_send_raw(e, sent, n_sent - 30); /* cut */
	b = got(e, H225_RasMessage_unknownMessageResponse);
	CHECK(per_num(&in, per_field(&in, b, 0), 0) == e->seq);
	CHECK(counters()->n_unreadable == 1 && counters()->n_xrs == 1);
}

static void nobody_is_flooded_by_our_complaints(void)
{
	static uint8_t junk[64];
	struct gkep *e;
	size_t in_bytes = 0, out_bytes = 0;

	gk_up(gk_yaml);
	e = ep_new(31);
	memset(junk, 0xff, sizeof junk);
	junk[0] = 0x0e; /* an RRQ with a number, and nonsense behind it */
	junk[1] = 0xc0;
	for (int k = 0; k < 20; k++) {
		for (int i = 0; i < 30; i++) {
			junk[2] = (uint8_t)k;
			junk[3] = (uint8_t)i;
			ep_send_raw(e, junk, sizeof junk);
			in_bytes += sizeof junk;
		}
		run_ms(1000);
	}
	for (size_t i = 0; i < e->n_in; i++)
		out_bytes += e->len[i % INBOX];
	CHECK(e->n_in > 0 && e->n_in <= 10 * 20 + 10);
	CHECK(out_bytes * 20 <= in_bytes + 4096 * 20);
}

static void an_unknown_kind_is_answered_and_an_answer_never(void)
{
	struct gkep *e;
	uint16_t b;

	gk_up(gk_yaml);
	e = ep_new(31);
	b = begin(e, H225_RasMessage_nonStandardMessage);
	b = per_put(&out, b, H225_NonStandardMessage_nonStandardData);
	CHECK(oid_put(&out,
		per_make(&out, b,
			PER_PATH(H225_NonStandardParameter_nonStandardIdentifier,
				H225_NonStandardIdentifier_object)),
		"1.2.3"));
	per_set_str(&out, per_put(&out, b, H225_NonStandardParameter_data), STR("x"));
	ep_send(e);
	b = got(e, H225_RasMessage_unknownMessageResponse);
	CHECK(per_num(&in, per_field(&in, b, 0), 0) == e->seq);
	begin(e, H225_RasMessage_unknownMessageResponse);
	ep_send(e);
	begin(e, H225_RasMessage_disengageConfirm);
	ep_send(e);
	CHECK(is_quiet(e, 500) && counters()->n_stray == 2);
}

static void every_cut_and_every_flip_is_survived(void)
{
	static uint8_t copy[PDU_MAX];
	struct gkep *e;
	size_t len;

	gk_up(gk_yaml);
	e = ep_new(31);
	registers(e, "anna");
	rrq(e, "anna");
	ep_send(e);
	got(e, H225_RasMessage_registrationConfirm);
	len = n_sent;
	memcpy(copy, sent, len);
	for (size_t i = 0; i < len; i++) {
		ep_send_raw(e, copy, i);
		for (int bit = 0; bit < 8; bit += 3) {
			copy[i] = (uint8_t)(copy[i] ^ 1u << bit);
			ep_send_raw(e, copy, len);
			copy[i] = (uint8_t)(copy[i] ^ 1u << bit);
		}
		run_ms(60);
	}
	e->n_seen = e->n_in;
	light(e);
	ep_send(e);
	run_ms(1000);
	CHECK(e->n_in > e->n_seen);
}

/* Where a request names its sender. */
static uint16_t id_field(uint16_t kind)
{
	switch (kind) {
	case H225_RasMessage_registrationRequest:
		return H225_RegistrationRequest_endpointIdentifier;
	case H225_RasMessage_unregistrationRequest:
		return H225_UnregistrationRequest_endpointIdentifier;
	case H225_RasMessage_admissionRequest:
		return H225_AdmissionRequest_endpointIdentifier;
	case H225_RasMessage_bandwidthRequest:
		return H225_BandwidthRequest_endpointIdentifier;
	case H225_RasMessage_disengageRequest:
		return H225_DisengageRequest_endpointIdentifier;
	case H225_RasMessage_locationRequest:
		return H225_LocationRequest_endpointIdentifier;
	case H225_RasMessage_infoRequestResponse:
		return H225_InfoRequestResponse_endpointIdentifier;
	case H225_RasMessage_resourcesAvailableIndicate:
		return H225_ResourcesAvailableIndicate_endpointIdentifier;
	default:
		return PER_NONE;
	}
}

/* Whatever can be written, in the name of who is registered: it is answered or not, and all goes on. */
static void any_message_that_can_be_read_is_survived(void)
{
	size_t n_given = 0;
	struct gkep *e;

	gk_up(gk_yaml);
	e = ep_new(31);
	registers(e, "anna");
	call_is_up();
	for (uint64_t seed = 1; seed < 4000; seed++) {
		struct wr wr = wr_of(sent, sizeof sent);
		uint16_t body, field;

		out = per_tree_of(&h323_schema, mem_out);
		if (!gen_message(&out, H225_RasMessage_T, seed, true))
			continue;
		body = per_first(&out, 0);
		field = id_field(per_choice(&out, 0));
		if (field != PER_NONE)
			put_text(per_put(&out, body, field), e->id);
		if (per_write(&out, &wr) != OK)
			continue;
		ep_send_raw(e, sent, wr_len(&wr));
		run_ms(12);
		n_given++;
		if (seed % 50)
			continue;
		e->n_seen = e->n_in;
		rrq(e, "anna"); /* it may have taken itself off */
		ep_send(e);
		run_ms(100);
		for (size_t i = e->n_seen; i < e->n_in; i++) {
			e->n_seen = i;
			if (e->in[i % INBOX][0] >> 2 == H225_RasMessage_registrationConfirm)
				take_rcf(e, got(e, H225_RasMessage_registrationConfirm));
		}
	}
	CHECK(n_given > 2000);
	run_ms(600000);
	registers(e, "anna");
}

/* ---- our own requests ---- */

static uint64_t answered_who;
static enum err answered_err;
static int n_answered;

static void on_answer(void *arg, uint64_t who, enum err err, struct ras_in *message)
{
	(void)arg;
	(void)message;
	answered_who = who;
	answered_err = err;
	n_answered++;
}

static void ask_it(const struct gkep *e)
{
	static _Alignas(16) uint8_t memory[PER_TREE_SIZE];
	struct per_tree t = per_tree_of(&h323_schema, memory);
	struct addr at = GK_AT;
	uint16_t b = ras_begin(w.n->ras, &t, H225_RasMessage_infoRequest);

	per_set_num(&t, per_put(&t, b, H225_InfoRequest_callReferenceValue), 0);
	n_answered = 0;
	scratch_reset(io_scratch(w.n->io));
	CHECK(ras_ask(w.n->ras, ras_socket_at(w.n->ras, &at), &e->at, &t, on_answer, NULL, 77) ==
		OK);
}

static void a_request_is_repeated_three_times(void)
{
	struct gkep *e;

	gk_up(gk_yaml);
	e = ep_new(31);
	ask_it(e);
	run_ms(100);
	CHECK(e->n_in == 1);
	run_ms(2000);
	CHECK(e->n_in == 2);
	run_ms(3800);
	CHECK(e->n_in == 3 && n_answered == 0);
	run_ms(200);
	CHECK(e->n_in == 3 && n_answered == 1);
	CHECK(answered_err == ERR_TIMEOUT && answered_who == 77);
}

static void send_about(struct gkep *e, uint16_t kind, int64_t seq)
{
	uint16_t b = begin(e, kind);

	if (kind == H225_RasMessage_requestInProgress)
		per_set_num(&out, per_put(&out, b, H225_RequestInProgress_delay), 5000);
	per_set_num(&out, per_field(&out, b, 0), seq);
	ep_send(e);
}

static void an_answer_ends_it_and_a_delay_begins_it_anew(void)
{
	struct gkep *e, *eve;
	int64_t seq;

	gk_up(gk_yaml);
	e = ep_new(31);
	eve = ep_new(66);
	ask_it(e);
	seq = per_num(&in, per_field(&in, got(e, H225_RasMessage_infoRequest), 0), 0);
	send_about(eve, H225_RasMessage_disengageConfirm, seq); /* not who was asked */
	send_about(e, H225_RasMessage_requestInProgress, seq);
	CHECK(is_quiet(e, 6500) && n_answered == 0);
	run_ms(600);
	CHECK(e->n_in == 2); /* again after 2 s and the delay */
	send_about(e, H225_RasMessage_disengageConfirm, seq);
	run_ms(50);
	CHECK(n_answered == 1 && answered_err == OK);
	ask_it(e);
	run_ms(50);
	send_about(e, H225_RasMessage_unknownMessageResponse, seq + 1);
	run_ms(50);
	CHECK(n_answered == 1 && answered_err == ERR_UNSUPPORTED);
}

TEST_MAIN(T(the_same_octets_get_the_same_answer), T(a_stranger_has_a_rate),
	T(all_strangers_have_a_rate_together), T(who_is_registered_has_a_rate_of_its_own),
	T(a_busy_gateway_is_answered), T(what_cannot_be_read_is_answered_by_its_number),
	T(nobody_is_flooded_by_our_complaints), T(an_unknown_kind_is_answered_and_an_answer_never),
	T(every_cut_and_every_flip_is_survived), T(any_message_that_can_be_read_is_survived),
	T(a_request_is_repeated_three_times), T(an_answer_ends_it_and_a_delay_begins_it_anew),
	T(gk_down))
