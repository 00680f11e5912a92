/* The gatekeeper as endpoints meet it: discovery, registration, admission, and the way back. */
#include "gkworld.h"

static void an_endpoint_discovers_registers_and_leaves(void)
{
	struct gkep *e;
	uint16_t b;
	struct addr a;
	char text[130];

	gk_up(gk_yaml);
	e = ep_new(31);
	grq(e, "bob");
	ep_send(e);
	b = got(e, H225_RasMessage_gatekeeperConfirm);
	CHECK(per_num(&in, per_field(&in, b, 0), 0) == e->seq);
	CHECK(h225_addr(&in, per_field(&in, b, H225_GatekeeperConfirm_rasAddress), &a));
	CHECK(is_at(&a, GK_AT));
	CHECK(bmp_to_utf8(
		per_str(&in, per_field(&in, b, H225_GatekeeperConfirm_gatekeeperIdentifier)), text,
		sizeof text));
	CHECK_STR(str_of(text), "gk.example.com");
	CHECK(per_field(&in, b, H225_GatekeeperConfirm_authenticationMode) == PER_NONE);

	rrq(e, "bob");
	ep_send(e);
	b = got(e, H225_RasMessage_registrationConfirm);
	take_rcf(e, b);
	CHECK(strlen(e->id) == 32 && e->ttl == 1800);
	CHECK(h225_addr(&in,
		per_first(&in, per_field(&in, b, H225_RegistrationConfirm_callSignalAddress)), &a));
	CHECK(is_at(&a, addr_v4(192, 0, 2, 10, 1720)));
	CHECK(per_count(&in, per_field(&in, b, H225_RegistrationConfirm_terminalAlias)) == 1);
	CHECK(per_field(&in, b, H225_RegistrationConfirm_preGrantedARQ) == PER_NONE);

	urq(e, e->id);
	ep_send(e);
	got(e, H225_RasMessage_unregistrationConfirm);
	urq(e, e->id);
	ep_send(e);
	b = got(e, H225_RasMessage_unregistrationReject);
	CHECK(reason(b, H225_UnregistrationReject_rejectReason) ==
		H225_UnregRejectReason_notCurrentlyRegistered);
}

static void a_call_is_admitted_routed_and_disengaged(void)
{
	struct gkep *anna, *bob;
	struct h323_endpoint who;
	struct addr a;
	uint16_t b;

	gk_up(gk_yaml);
	anna = ep_new(31);
	bob = ep_new(32);
	registers(anna, "anna");
	registers(bob, "bob");
	arq(anna, "BOB", false);
	ep_send(anna);
	b = got(anna, H225_RasMessage_admissionConfirm);
	CHECK(reason(b, H225_AdmissionConfirm_callModel) == H225_CallModel_gatekeeperRouted);
	CHECK(h225_addr(&in, per_field(&in, b, H225_AdmissionConfirm_destCallSignalAddress), &a));
	CHECK(is_at(&a, addr_v4(192, 0, 2, 10, 1720)));
	CHECK(per_num(&in, per_field(&in, b, H225_AdmissionConfirm_bandWidth), 0) == 10000);
	CHECK(per_num(&in, per_field(&in, b, H225_AdmissionConfirm_irrFrequency), 0) == 120);

	CHECK(calls_from(addr_v4(192, 0, 2, 31, 40000), &who));
	CHECK_STR(str_of(who.alias), "anna");
	CHECK(!calls_from(addr_v4(192, 0, 2, 99, 40000), &who));

	call_is_up();
	arq(bob, NULL, true);
	ep_send(bob);
	got(bob, H225_RasMessage_admissionConfirm);
	drq(bob);
	ep_send(bob);
	got(bob, H225_RasMessage_disengageConfirm);
	CHECK(w.n_disengaged == 1 && is_at(&w.disengaged, addr_v4(192, 0, 2, 32, 1720)));
}

static void nobody_is_admitted_without_a_registration_or_a_way(void)
{
	struct gkep *anna, *eve;
	uint16_t b;

	gk_up(gk_yaml);
	anna = ep_new(31);
	eve = ep_new(66);
	registers(anna, "anna");
	arq(anna, "nobody", false);
	ep_send(anna);
	b = got(anna, H225_RasMessage_admissionReject);
	CHECK(reason(b, H225_AdmissionReject_rejectReason) ==
		H225_AdmissionRejectReason_calledPartyNotRegistered);
	arq(anna, NULL, false);
	ep_send(anna);
	b = got(anna, H225_RasMessage_admissionReject);
	CHECK(reason(b, H225_AdmissionReject_rejectReason) ==
		H225_AdmissionRejectReason_incompleteAddress);
	arq(anna, NULL, true); /* a Setup that somebody sent it directly */
	ep_send(anna);
	b = got(anna, H225_RasMessage_admissionReject);
	CHECK(reason(b, H225_AdmissionReject_rejectReason) ==
		H225_AdmissionRejectReason_routeCallToGatekeeper);
	arq(eve, "anna", false);
	ep_send(eve);
	b = got(eve, H225_RasMessage_admissionReject);
	CHECK(reason(b, H225_AdmissionReject_rejectReason) ==
		H225_AdmissionRejectReason_callerNotRegistered);
	strcpy(eve->id, anna->id); /* even with somebody's identifier */
	arq(eve, "anna", false);
	ep_send(eve);
	b = got(eve, H225_RasMessage_admissionReject);
	CHECK(reason(b, H225_AdmissionReject_rejectReason) ==
		H225_AdmissionRejectReason_invalidPermission);
	anna->id[31] = anna->id[31] == '0' ? '1' : '0';
	arq(anna, "anna", false);
	ep_send(anna);
	b = got(anna, H225_RasMessage_admissionReject);
	CHECK(reason(b, H225_AdmissionReject_rejectReason) ==
		H225_AdmissionRejectReason_invalidEndpointIdentifier);
}

TEST_MAIN(T(an_endpoint_discovers_registers_and_leaves),
	T(a_call_is_admitted_routed_and_disengaged),
	T(nobody_is_admitted_without_a_registration_or_a_way), T(gk_down))
