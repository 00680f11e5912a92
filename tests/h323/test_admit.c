/* Calls that endpoints are let into: bandwidth, reports, ends, gateways that are full, neighbours that ask. */
#include "gkworld.h"

#define YAML_HEAD                                                                                  \
	"version: 1\n"                                                                             \
	"node: {role: control, name: gk.example.com, addresses: {inside: 192.0.2.10}}\n"           \
	"zones:\n"                                                                                 \
	"  - {name: friends, type: neighbor, peers: [192.0.2.50], h323: {enabled: true}}\n"        \
	"  - {name: far, type: neighbor, peers: [192.0.2.60], h323: {enabled: true}}\n"            \
	"dial_plan:\n"                                                                             \
	"  search_rules:\n"                                                                        \
	"    - {priority: 50, name: local, source: any, mode: any-alias, target: local}\n"         \
	"    - {priority: 60, name: far, source: any, type: suffix, pattern: '@far.example', "     \
	"target: far}\n"                                                                           \
	"    - {priority: 70, name: known, source: any, authenticated: true, type: prefix, "       \
	"pattern: '00', target: far}\n"                                                            \
	"address_policy: {documentation: allow}\n"                                                 \
	"limits: {calls: 16, registrations: 16}\n"
#define OPEN YAML_HEAD "subzones: [{name: default, registration: allow, authentication: none}]\n"

static uint16_t admitted(struct gkep *e)
{
	ep_send(e);
	return got(e, H225_RasMessage_admissionConfirm);
}

static uint16_t not_admitted(struct gkep *e)
{
	uint16_t b;

	ep_send(e);
	b = got(e, H225_RasMessage_admissionReject);
	return reason(b, H225_AdmissionReject_rejectReason);
}

static void ask_bandwidth(uint16_t arq_body, uint32_t units)
{
	per_set_num(&out, per_put(&out, arq_body, H225_AdmissionRequest_bandWidth), units);
}

static uint32_t granted(uint16_t acf)
{
	return (uint32_t)per_num(&in, per_field(&in, acf, H225_AdmissionConfirm_bandWidth), 0);
}

/* Another call than a_call. */
static void name_call(uint16_t arq_body, uint8_t last)
{
	uint8_t guid[H323_GUID_LEN];

	memcpy(guid, a_call, sizeof guid);
	guid[15] = last;
	CHECK(guid_put(&out, per_put(&out, arq_body, H225_AdmissionRequest_callIdentifier), guid));
}

static void brq(struct gkep *e, uint32_t units)
{
	uint16_t b = begin(e, H225_RasMessage_bandwidthRequest);

	put_text(per_put(&out, b, H225_BandwidthRequest_endpointIdentifier), e->id);
	per_set_str(&out, per_put(&out, b, H225_BandwidthRequest_conferenceID),
		(struct str){(const char *)a_conference, sizeof a_conference});
	per_set_num(&out, per_put(&out, b, H225_BandwidthRequest_callReferenceValue), 20213);
	per_set_num(&out, per_put(&out, b, H225_BandwidthRequest_bandWidth), units);
	CHECK(guid_put(&out, per_put(&out, b, H225_BandwidthRequest_callIdentifier), a_call));
	per_set_num(&out, per_put(&out, b, H225_BandwidthRequest_answeredCall), false);
}

/* ---- where it leads ---- */

static void an_alias_leads_where_the_rules_say(void)
{
	struct gkep *e;

	gk_up(OPEN);
	e = ep_new(31);
	registers(e, "anna");
	arq(e, "carl@far.example", false);
	admitted(e);
	arq(e, "0012", false);
	CHECK(not_admitted(e) == H225_AdmissionRejectReason_requestDenied);
	arq(e, "nobody", false);
	CHECK(not_admitted(e) == H225_AdmissionRejectReason_calledPartyNotRegistered);
}

static void the_first_of_several_names_that_leads_anywhere_counts(void)
{
	struct gkep *e;
	uint16_t b;

	gk_up(OPEN);
	e = ep_new(31);
	registers(e, "anna");
	b = arq(e, "nobody", false);
	put_alias(per_field(&out, b, H225_AdmissionRequest_destinationInfo), "anna");
	admitted(e);
}

static void an_endpoint_is_called_by_its_address_too(void)
{
	struct gkep *e;
	struct addr a = addr_v4(192, 0, 2, 31, 1720);
	uint16_t b;

	gk_up(OPEN);
	e = ep_new(31);
	registers(e, "anna");
	b = arq(e, NULL, false);
	CHECK(h225_put_addr(
		&out, per_put(&out, b, H225_AdmissionRequest_destCallSignalAddress), &a));
	admitted(e);
	b = arq(e, NULL, false);
	a.port = 1721;
	CHECK(h225_put_addr(
		&out, per_put(&out, b, H225_AdmissionRequest_destCallSignalAddress), &a));
	CHECK(not_admitted(e) == H225_AdmissionRejectReason_calledPartyNotRegistered);
	b = arq(e, NULL, false);
	put_alias(per_put(&out, b, H225_AdmissionRequest_destinationInfo), "192.0.2.31");
	admitted(e);
}

static void calls_have_a_limit(void)
{
	struct gkep *e;
	uint16_t b;

	gk_up(OPEN);
	e = ep_new(31);
	registers(e, "anna");
	for (uint8_t i = 0; i < 32; i++) { /* two for each call */
		run_ms(100);
		name_call(arq(e, "anna", false), i);
		admitted(e);
	}
	b = arq(e, "anna", false);
	name_call(b, 40);
	CHECK(not_admitted(e) == H225_AdmissionRejectReason_exceedsCallCapacity);
	run_ms(50);
	CHECK(!strcmp(w.alarm, "H323-001"));
	name_call(arq(e, "anna", false), 31); /* the same call again needs no room */
	admitted(e);
}

static void a_call_of_version_1_is_named_by_its_conference(void)
{
	struct gkep *e;
	struct h323_endpoint who;
	uint16_t b;
	struct addr from = addr_v4(192, 0, 2, 31, 9);

	gk_up(OPEN);
	e = ep_new(31);
	registers(e, "anna");
	b = arq(e, "anna", false);
	per_remove(&out, b, H225_AdmissionRequest_callIdentifier);
	per_remove(&out, b, H225_AdmissionRequest_willSupplyUUIEs);
	admitted(e);
	CHECK(gatekeeper_caller(w.n->gk, a_conference, &from, &who));
	drq(e);
	b = per_first(&out, 0);
	per_remove(&out, b, H225_DisengageRequest_callIdentifier);
	ep_send(e);
	got(e, H225_RasMessage_disengageConfirm);
	CHECK(w.n_disengaged == 1);
}

/* ---- bandwidth ---- */

static void a_call_gets_what_its_subzone_lets_it_have(void)
{
	struct gkep *e;
	uint16_t b;

	gk_up(YAML_HEAD "subzones: [{name: default, registration: allow, authentication: none, "
			"bandwidth: {per_call: 512k, total: 1024k}}]\n");
	e = ep_new(31);
	registers(e, "anna");
	ask_bandwidth(arq(e, "anna", false), 0);
	CHECK(granted(admitted(e)) == 384 * 20); /* bandwidth.default_call */
	ask_bandwidth(arq(e, "anna", false), 100000);
	CHECK(granted(admitted(e)) == 512 * 20);
	b = arq(e, "anna", false);
	name_call(b, 2);
	ask_bandwidth(b, 100000);
	CHECK(granted(admitted(e)) == 512 * 20);
	b = arq(e, "anna", false);
	name_call(b, 3);
	CHECK(not_admitted(e) == H225_AdmissionRejectReason_resourceUnavailable);
	drq(e);
	ep_send(e);
	got(e, H225_RasMessage_disengageConfirm);
	b = arq(e, "anna", false);
	name_call(b, 3);
	ask_bandwidth(b, 512 * 20);
	CHECK(granted(admitted(e)) == 512 * 20);
}

static void without_downspeeding_more_is_refused(void)
{
	struct gkep *e;

	gk_up(YAML_HEAD "subzones: [{name: default, registration: allow, authentication: none, "
			"bandwidth: {per_call: 512k}}]\n"
			"bandwidth: {downspeed: {per_call: false}}\n");
	e = ep_new(31);
	registers(e, "anna");
	ask_bandwidth(arq(e, "anna", false), 512 * 20 + 1);
	CHECK(not_admitted(e) == H225_AdmissionRejectReason_resourceUnavailable);
	ask_bandwidth(arq(e, "anna", false), 512 * 20);
	CHECK(granted(admitted(e)) == 512 * 20);
}

static void a_call_may_ask_for_other_bandwidth(void)
{
	struct gkep *e, *eve;
	uint16_t b;

	gk_up(YAML_HEAD "subzones: [{name: default, registration: allow, authentication: none, "
			"bandwidth: {per_call: 512k}}]\n");
	e = ep_new(31);
	eve = ep_new(66);
	registers(e, "anna");
	brq(e, 1000);
	ep_send(e);
	b = got(e, H225_RasMessage_bandwidthReject);
	CHECK(reason(b, H225_BandwidthReject_rejectReason) ==
		H225_BandRejectReason_invalidConferenceID);
	arq(e, "anna", false);
	admitted(e);
	brq(e, 1000);
	ep_send(e);
	b = got(e, H225_RasMessage_bandwidthConfirm);
	CHECK(per_num(&in, per_field(&in, b, H225_BandwidthConfirm_bandWidth), 0) == 1000);
	brq(e, 20000);
	ep_send(e);
	b = got(e, H225_RasMessage_bandwidthReject);
	CHECK(reason(b, H225_BandwidthReject_rejectReason) ==
		H225_BandRejectReason_insufficientResources);
	CHECK(per_num(&in, per_field(&in, b, H225_BandwidthReject_allowedBandWidth), 0) ==
		512 * 20);
	brq(eve, 1);
	ep_send(eve);
	b = got(eve, H225_RasMessage_bandwidthReject);
	CHECK(reason(b, H225_BandwidthReject_rejectReason) == H225_BandRejectReason_notBound);
	strcpy(eve->id, e->id);
	brq(eve, 1);
	ep_send(eve);
	b = got(eve, H225_RasMessage_bandwidthReject);
	CHECK(reason(b, H225_BandwidthReject_rejectReason) ==
		H225_BandRejectReason_invalidPermission);
}

/* ---- the end ---- */

static void only_it_may_say_that_its_call_is_over(void)
{
	struct gkep *e, *eve;
	uint16_t b;

	gk_up(OPEN);
	e = ep_new(31);
	eve = ep_new(66);
	registers(e, "anna");
	arq(e, "anna", false);
	admitted(e);
	drq(eve);
	ep_send(eve);
	b = got(eve, H225_RasMessage_disengageReject);
	CHECK(reason(b, H225_DisengageReject_rejectReason) ==
		H225_DisengageRejectReason_notRegistered);
	strcpy(eve->id, e->id);
	drq(eve);
	ep_send(eve);
	b = got(eve, H225_RasMessage_disengageReject);
	CHECK(reason(b, H225_DisengageReject_rejectReason) ==
		H225_DisengageRejectReason_requestToDropOther);
	CHECK(w.n_disengaged == 0);
}

static void a_call_that_ended_is_nobodys(void)
{
	struct gkep *e, *f;
	struct h323_endpoint who;

	gk_up(OPEN);
	e = ep_new(31);
	f = ep_beside(e, 1718);
	registers(e, "anna");
	registers(f, "fred"); /* of the same host: only the admission tells them apart */
	CHECK(!calls_from(addr_v4(192, 0, 2, 31, 9), &who));
	arq(f, "anna", false);
	admitted(f);
	CHECK(calls_from(addr_v4(192, 0, 2, 31, 9), &who));
	CHECK_STR(str_of(who.alias), "fred");
	gatekeeper_call_ended(w.n->gk, a_call);
	CHECK(!calls_from(addr_v4(192, 0, 2, 31, 9), &who));
}

static void we_may_end_a_call_by_ras_alone(void)
{
	struct gkep *e;
	uint8_t guid[H323_GUID_LEN];
	uint16_t b;

	gk_up(OPEN);
	e = ep_new(31);
	registers(e, "anna");
	arq(e, "anna", false);
	admitted(e);
	scratch_reset(io_scratch(w.n->io));
	gatekeeper_force_drop(w.n->gk, a_call);
	b = got(e, H225_RasMessage_disengageRequest);
	CHECK(reason(b, H225_DisengageRequest_disengageReason) == H225_DisengageReason_forcedDrop);
	CHECK(guid_get(&in, per_field(&in, b, H225_DisengageRequest_callIdentifier), guid));
	CHECK(!memcmp(guid, a_call, sizeof guid));
	gatekeeper_force_drop(w.n->gk, a_call); /* there is none any more */
}

/* Whoever saw a call's name cannot make it his, nor nobody's. */
static void a_name_of_a_call_is_not_enough(void)
{
	struct gkep *anna, *fred, *eve;
	struct h323_endpoint who;

	gk_up(OPEN);
	anna = ep_new(31);
	fred = ep_beside(anna, 1718);
	eve = ep_new(66);
	registers(anna, "anna");
	registers(fred, "fred");
	registers(eve, "eve");
	arq(eve, "anna", false);
	admitted(eve);
	arq(fred, "anna", false);
	admitted(fred);
	CHECK(calls_from(addr_v4(192, 0, 2, 31, 9), &who));
	CHECK_STR(str_of(who.alias), "fred");
	CHECK(calls_from(addr_v4(192, 0, 2, 66, 9), &who));
	CHECK_STR(str_of(who.alias), "eve");
}

/* ---- reports ---- */

static void irr(struct gkep *e, bool has_call, bool wants_answer)
{
	uint16_t b = begin(e, H225_RasMessage_infoRequestResponse), info;

	put_type(per_put(&out, b, H225_InfoRequestResponse_endpointType), false);
	put_text(per_put(&out, b, H225_InfoRequestResponse_endpointIdentifier), e->id);
	CHECK(h225_put_addr(&out, per_put(&out, b, H225_InfoRequestResponse_rasAddress), &e->at));
	per_put(&out, b, H225_InfoRequestResponse_callSignalAddress);
	per_set_num(&out, per_put(&out, b, H225_InfoRequestResponse_needResponse), wants_answer);
	if (!has_call)
		return;
	info = per_append(&out, per_put(&out, b, H225_InfoRequestResponse_perCallInfo));
	per_set_num(&out,
		per_put(&out, info, H225_InfoRequestResponse_perCallInfo_callReferenceValue),
		20213);
	per_set_str(&out, per_put(&out, info, H225_InfoRequestResponse_perCallInfo_conferenceID),
		(struct str){(const char *)a_conference, sizeof a_conference});
	per_put(&out, info, H225_InfoRequestResponse_perCallInfo_h245);
	per_put(&out, info, H225_InfoRequestResponse_perCallInfo_callSignalling);
	per_put(&out, per_put(&out, info, H225_InfoRequestResponse_perCallInfo_callType),
		H225_CallType_pointToPoint);
	per_set_num(
		&out, per_put(&out, info, H225_InfoRequestResponse_perCallInfo_bandWidth), 1000);
	per_put(&out, per_put(&out, info, H225_InfoRequestResponse_perCallInfo_callModel),
		H225_CallModel_gatekeeperRouted);
	CHECK(guid_put(&out,
		per_put(&out, info, H225_InfoRequestResponse_perCallInfo_callIdentifier), a_call));
}

static void answers_irq(struct gkep *e, bool has_call)
{
	uint16_t b = got(e, H225_RasMessage_infoRequest);
	int64_t seq = per_num(&in, per_field(&in, b, 0), 0);

	CHECK(per_num(&in, per_field(&in, b, H225_InfoRequest_callReferenceValue), 0) == 20213);
	irr(e, has_call, false);
	per_set_num(&out,
		per_field(&out, per_first(&out, 0), H225_InfoRequestResponse_requestSeqNum), seq);
	ep_send(e);
	run_ms(50);
}

static void who_reports_is_not_asked(void)
{
	struct gkep *e;

	gk_up(OPEN);
	e = ep_new(31);
	registers(e, "anna");
	arq(e, "anna", false);
	admitted(e);
	call_is_up();
	for (int i = 0; i < 4; i++) {
		CHECK(is_quiet(e, 120000));
		irr(e, true, true);
		ep_send(e);
		got(e, H225_RasMessage_infoRequestAck);
	}
}

static void who_is_silent_is_asked_and_then_dead(void)
{
	struct gkep *e;

	gk_up(OPEN);
	e = ep_new(31);
	registers(e, "anna");
	arq(e, "anna", false);
	admitted(e);
	call_is_up();
	CHECK(is_quiet(e, 179000));
	run_ms(1100);
	answers_irq(e, true);
	CHECK(is_quiet(e, 179000) && w.n_disengaged == 0);
	run_ms(1100);
	for (int i = 0; i < 3; i++)
		got(e, H225_RasMessage_infoRequest); /* repeated, without an answer */
	run_ms(20000);
	CHECK(w.n_disengaged == 0);
	run_ms(40000);
	CHECK(w.n_disengaged == 1);
	CHECK(is_at(&w.disengaged, addr_v4(192, 0, 2, 31, 1720)));
}

static void who_does_not_know_its_call_is_dead(void)
{
	struct gkep *e;

	gk_up(OPEN);
	e = ep_new(31);
	registers(e, "anna");
	arq(e, "anna", false);
	admitted(e);
	call_is_up();
	run_ms(180100);
	answers_irq(e, false);
	run_ms(31000);
	answers_irq(e, false);
	CHECK(w.n_disengaged == 1);
}

static void an_admission_without_a_call_is_forgotten(void)
{
	struct gkep *e;
	struct h323_endpoint who;

	gk_up(OPEN);
	e = ep_new(31);
	ep_beside(e, 1718);
	registers(e, "anna");
	registers(&w.eps[1], "fred");
	arq(e, "anna", false);
	admitted(e);
	CHECK(calls_from(addr_v4(192, 0, 2, 31, 9), &who));
	CHECK(is_quiet(e, 181000));
	CHECK(!calls_from(addr_v4(192, 0, 2, 31, 9), &who));
}

static void a_successor_finds_the_call_again(void)
{
	struct gkep *e;

	gk_up(OPEN);
	e = ep_new(31);
	registers(e, "anna");
	arq(e, "anna", false);
	admitted(e);
	call_is_up();
	gk_dies();
	brq(e, 500);
	ep_send(e);
	got(e, H225_RasMessage_bandwidthConfirm);
	drq(e);
	ep_send(e);
	got(e, H225_RasMessage_disengageConfirm);
	CHECK(w.n_disengaged == 1);
}

static void a_report_of_nobody_is_told_so(void)
{
	struct gkep *e, *eve;
	uint16_t b;

	gk_up(OPEN);
	e = ep_new(31);
	eve = ep_new(66);
	irr(e, true, true);
	ep_send(e);
	b = got(e, H225_RasMessage_infoRequestNak);
	CHECK(reason(b, H225_InfoRequestNak_nakReason) == H225_InfoRequestNakReason_notRegistered);
	registers(e, "anna");
	strcpy(eve->id, e->id);
	irr(eve, true, true);
	ep_send(eve);
	CHECK(is_quiet(eve, 500));
}

/* ---- gateways ---- */

static void rai(struct gkep *e, bool is_full)
{
	uint16_t b = begin(e, H225_RasMessage_resourcesAvailableIndicate);

	put_version(per_put(&out, b, H225_ResourcesAvailableIndicate_protocolIdentifier));
	put_text(per_put(&out, b, H225_ResourcesAvailableIndicate_endpointIdentifier), e->id);
	per_put(&out, b, H225_ResourcesAvailableIndicate_protocols);
	per_set_num(&out, per_put(&out, b, H225_ResourcesAvailableIndicate_almostOutOfResources),
		is_full);
	ep_send(e);
}

static void a_full_gateway_is_asked_for_nothing(void)
{
	struct gkep *gateway, *e;

	gk_up(OPEN);
	gateway = ep_new(40);
	e = ep_new(31);
	registers(gateway, "9000");
	registers(e, "anna");
	rai(gateway, true);
	got(gateway, H225_RasMessage_resourcesAvailableConfirm);
	arq(e, "9000", false);
	CHECK(not_admitted(e) == H225_AdmissionRejectReason_calledPartyNotRegistered);
	rai(gateway, false);
	got(gateway, H225_RasMessage_resourcesAvailableConfirm);
	arq(e, "9000", false);
	admitted(e);
}

/* ---- neighbours ---- */

static uint16_t lrq(struct gkep *e, const char *alias)
{
	uint16_t b = begin(e, H225_RasMessage_locationRequest);

	put_alias(per_put(&out, b, H225_LocationRequest_destinationInfo), alias);
	CHECK(h225_put_addr(&out, per_put(&out, b, H225_LocationRequest_replyAddress), &e->at));
	return b;
}

static uint16_t not_located(struct gkep *e)
{
	uint16_t b;

	ep_send(e);
	b = got(e, H225_RasMessage_locationReject);
	return reason(b, H225_LocationReject_rejectReason);
}

static void a_neighbour_is_told_our_own_address(void)
{
	struct gkep *friend, *e, *eve;
	struct addr a;
	uint16_t b;

	gk_up(OPEN);
	friend = ep_new(50);
	eve = ep_new(66);
	e = ep_new(31);
	registers(e, "anna");
	lrq(friend, "anna");
	ep_send(friend);
	b = got(friend, H225_RasMessage_locationConfirm);
	CHECK(h225_addr(&in, per_field(&in, b, H225_LocationConfirm_callSignalAddress), &a));
	CHECK(is_at(&a, addr_v4(192, 0, 2, 10, 1720)));
	CHECK(h225_addr(&in, per_field(&in, b, H225_LocationConfirm_rasAddress), &a));
	CHECK(is_at(&a, GK_AT));
	lrq(friend, "nobody");
	CHECK(not_located(friend) == H225_LocationRejectReason_notRegistered);
	lrq(eve, "anna");
	CHECK(not_located(eve) == H225_LocationRejectReason_invalidPermission);
}

static void hops_end(void)
{
	struct gkep *friend, *e;
	uint16_t b;

	gk_up(OPEN);
	friend = ep_new(50);
	e = ep_new(31);
	registers(e, "anna");
	b = lrq(friend, "carl@far.example");
	per_set_num(&out, per_put(&out, b, H225_LocationRequest_hopCount), 1);
	CHECK(not_located(friend) == H225_LocationRejectReason_hopCountExceeded);
	b = lrq(friend, "carl@far.example");
	per_set_num(&out, per_put(&out, b, H225_LocationRequest_hopCount), 2);
	ep_send(friend);
	got(friend, H225_RasMessage_locationConfirm);
	b = lrq(friend, "anna"); /* found here: nobody is asked further */
	per_set_num(&out, per_put(&out, b, H225_LocationRequest_hopCount), 1);
	ep_send(friend);
	got(friend, H225_RasMessage_locationConfirm);
}

/* Two gatekeepers that ask each other: the second question of one call is answered without a search. */
static void the_same_question_gets_the_same_answer(void)
{
	struct gkep *friend, *e;

	gk_up(OPEN);
	friend = ep_new(50);
	e = ep_new(31);
	for (int i = 0; i < 2; i++) {
		uint16_t b = lrq(friend, "anna");

		CHECK(guid_put(
			&out, per_put(&out, b, H225_LocationRequest_callIdentifier), a_call));
		CHECK(not_located(friend) == H225_LocationRejectReason_notRegistered);
		if (!i)
			registers(e, "anna");
	}
	run_ms(5100);
	CHECK(guid_put(&out,
		per_put(&out, lrq(friend, "anna"), H225_LocationRequest_callIdentifier), a_call));
	ep_send(friend);
	got(friend, H225_RasMessage_locationConfirm);
}

static void a_reply_goes_to_the_askers_host_alone(void)
{
	struct gkep *friend, *other, *e;
	uint16_t b;

	gk_up(OPEN);
	friend = ep_new(50);
	other = ep_beside(friend, 1718);
	e = ep_new(31);
	registers(e, "anna");
	b = lrq(friend, "anna");
	CHECK(h225_put_addr(&out, per_put(&out, b, H225_LocationRequest_replyAddress), &other->at));
	ep_send(friend);
	got(other, H225_RasMessage_locationConfirm);
	b = lrq(friend, "anna");
	CHECK(h225_put_addr(&out, per_put(&out, b, H225_LocationRequest_replyAddress), &e->at));
	ep_send(friend);
	got(friend, H225_RasMessage_locationConfirm);
}

TEST_MAIN(T(an_alias_leads_where_the_rules_say),
	T(the_first_of_several_names_that_leads_anywhere_counts),
	T(an_endpoint_is_called_by_its_address_too), T(calls_have_a_limit),
	T(a_call_of_version_1_is_named_by_its_conference),
	T(a_call_gets_what_its_subzone_lets_it_have), T(without_downspeeding_more_is_refused),
	T(a_call_may_ask_for_other_bandwidth), T(only_it_may_say_that_its_call_is_over),
	T(a_call_that_ended_is_nobodys), T(we_may_end_a_call_by_ras_alone),
	T(a_name_of_a_call_is_not_enough), T(who_reports_is_not_asked),
	T(a_report_of_nobody_is_told_so), T(who_is_silent_is_asked_and_then_dead),
	T(who_does_not_know_its_call_is_dead), T(an_admission_without_a_call_is_forgotten),
	T(a_successor_finds_the_call_again), T(a_full_gateway_is_asked_for_nothing),
	T(a_neighbour_is_told_our_own_address), T(hops_end),
	T(the_same_question_gets_the_same_answer), T(a_reply_goes_to_the_askers_host_alone),
	T(gk_down))
