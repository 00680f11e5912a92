/* Passwords in RAS: both kinds of token, their time, their second use, and what an answer is signed with. */
#include "gkworld.h"

#define NS_PER_S 1000000000u

static const char yaml[] =
	"version: 1\n"
	"node: {role: control, name: gk.example.com, addresses: {inside: 192.0.2.10}}\n"
	"zones:\n"
	"  - {name: friends, type: neighbor, peers: [192.0.2.50], h323: {enabled: true}}\n"
	"subzones: [{name: default, registration: allow, authentication: check}]\n"
	"users: [{name: anna, password: secret}, {name: bob, password: other}]\n"
	"dial_plan:\n"
	"  search_rules:\n"
	"    - {priority: 50, name: local, source: any, mode: any-alias, target: local}\n"
	"address_policy: {documentation: allow}\n"
	"limits: {calls: 16, registrations: 16}\n"
	"h323: {registration_conflict: overwrite}\n";

static _Alignas(16) uint8_t mem_work[PER_TREE_SIZE];

static uint32_t now_s(void)
{
	return (uint32_t)(io_wall(w.n->io) / NS_PER_S);
}

/* The password hash of whatever is in `out`. */
static void sign(uint16_t body, uint16_t tokens, const char *name, const char *password, int off_s)
{
	struct per_tree work = per_tree_of(&h323_schema, mem_work);

	CHECK(h235_put_password(&out, per_put(&out, body, tokens), false, name, str_of(password),
		      now_s() + (uint32_t)off_s, &work) == OK);
}

static void rrq_signed(struct gkep *e, const char *name, const char *password, int off_s)
{
	sign(rrq(e, "anna"), H225_RegistrationRequest_cryptoTokens, name, password, off_s);
	ep_send(e);
}

static uint16_t detail(uint16_t body)
{
	return per_choice(&in, per_get(&in, body,
				       PER_PATH(H225_RegistrationReject_rejectReason,
					       H225_RegistrationRejectReason_securityError)));
}

static void without_a_token_it_is_denied(void)
{
	struct gkep *e;
	uint16_t b;

	gk_up(yaml);
	e = ep_new(31);
	rrq(e, "anna");
	ep_send(e);
	b = got(e, H225_RasMessage_registrationReject);
	CHECK(reason(b, H225_RegistrationReject_rejectReason) ==
		H225_RegistrationRejectReason_securityDenial);
}

static void a_discovery_says_how_to_prove_oneself(void)
{
	struct gkep *e;
	uint16_t b, list;

	gk_up(yaml);
	e = ep_new(31);
	b = grq(e, "anna");
	list = per_put(&out, b, H225_GatekeeperRequest_algorithmOIDs);
	CHECK(oid_put(&out, per_append(&out, list), "1.2.840.113549.2.5"));
	ep_send(e);
	b = got(e, H225_RasMessage_gatekeeperConfirm);
	CHECK(per_choice(&in, per_field(&in, b, H225_GatekeeperConfirm_authenticationMode)) ==
		H235_AuthenticationMechanism_pwdHash);
	CHECK(oid_is(
		&in, per_field(&in, b, H225_GatekeeperConfirm_algorithmOID), "1.2.840.113549.2.5"));
}

static void the_right_password_registers(void)
{
	struct gkep *e;

	gk_up(yaml);
	e = ep_new(31);
	rrq_signed(e, "anna", "secret", 0);
	take_rcf(e, got(e, H225_RasMessage_registrationConfirm));
	run_ms(50);
	CHECK_STR(str_of(shown("anna")->auth_user), "anna");
}

static void what_is_wrong_with_a_token_is_said(void)
{
	static const struct {
		const char *name, *password;
		int off_s;
		uint16_t detail;
	} cases[] = {
		{"anna", "wrong", 0, H225_SecurityErrors_securityIntegrityFailed},
		{"nobody", "secret", 0, H225_SecurityErrors_securityIntegrityFailed},
		{"anna", "secret", -62, H225_SecurityErrors_securityWrongSyncTime},
		{"anna", "secret", 62, H225_SecurityErrors_securityWrongSyncTime},
	};
	struct gkep *e;
	uint16_t b;

	gk_up(yaml);
	e = ep_new(31);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		rrq_signed(e, cases[i].name, cases[i].password, cases[i].off_s);
		b = got(e, H225_RasMessage_registrationReject);
		CHECK(detail(b) == cases[i].detail);
	}
	run_ms(50);
	CHECK(!strcmp(w.alarm, "H323-002")); /* a clock is wrong */
	rrq_signed(e, "anna", "secret", -58);
	got(e, H225_RasMessage_registrationConfirm);
}

static void an_old_endpoint_is_told_less(void)
{
	struct gkep *e;
	uint16_t b;

	gk_up(yaml);
	e = ep_new(31);
	b = rrq(e, "anna");
	CHECK(oid_put(&out, per_put(&out, b, H225_RegistrationRequest_protocolIdentifier),
		"0.0.8.2250.0.4"));
	sign(b, H225_RegistrationRequest_cryptoTokens, "anna", "wrong", 0);
	ep_send(e);
	b = got(e, H225_RasMessage_registrationReject);
	CHECK(reason(b, H225_RegistrationReject_rejectReason) ==
		H225_RegistrationRejectReason_securityDenial);
}

static void a_token_is_good_once(void)
{
	struct gkep *e, *eve;
	uint16_t b;

	gk_up(yaml);
	e = ep_new(31);
	eve = ep_new(66);
	rrq_signed(e, "anna", "secret", 0);
	got(e, H225_RasMessage_registrationConfirm);
	ep_send_raw(e, sent, n_sent); /* lost and repeated: answered as before */
	got(e, H225_RasMessage_registrationConfirm);
	rrq_signed(e, "anna", "secret", 0); /* another message of the same second: the same hash */
	got(e, H225_RasMessage_registrationConfirm);
	ep_send_raw(eve, sent, n_sent); /* overheard */
	b = got(eve, H225_RasMessage_registrationReject);
	CHECK(detail(b) == H225_SecurityErrors_securityReplay);
}

static void md5_can_be_switched_off(void)
{
	char off[1200];
	struct gkep *e;
	uint16_t b;

	snprintf(off, sizeof off, "%.*smd5: false, %s",
		(int)(strstr(yaml, "registration_conf") - yaml), yaml,
		strstr(yaml, "registration_conf"));
	gk_up(off);
	e = ep_new(31);
	rrq_signed(e, "anna", "secret", 0);
	b = got(e, H225_RasMessage_registrationReject);
	CHECK(detail(b) == H225_SecurityErrors_securityWrongOID);
}

static void send_hmac(struct gkep *e, const uint16_t *path, const char *general)
{
	struct per_tree work = per_tree_of(&h323_schema, mem_work);
	struct wr wr = wr_of(sent, sizeof sent);
	uint16_t list = per_put(&out, per_first(&out, 0), path[1]);
	static int64_t random = 17;

	CHECK(h235_put_hmac(&out, list, "anna", general, now_s(), random++) == OK);
	CHECK(per_write(&out, &wr) == OK);
	n_sent = wr_len(&wr);
	CHECK(h235_seal(&h323_schema, H225_RasMessage_T, path, sent, n_sent, STR("secret"),
		      &work) == OK);
	ep_send_raw(e, sent, n_sent);
}

static void an_hmac_is_answered_with_one(void)
{
	static const uint16_t path[] = {H225_RasMessage_registrationRequest,
		H225_RegistrationRequest_cryptoTokens, PER_END};
	struct per_tree work = per_tree_of(&h323_schema, mem_work);
	struct h235_claim claim;
	struct gkep *e;
	uint16_t b;

	gk_up(yaml);
	e = ep_new(31);
	rrq(e, "anna");
	send_hmac(e, path, "gk.example.com");
	b = got(e, H225_RasMessage_registrationConfirm);
	CHECK(h235_claim_get(
		      &in, per_field(&in, b, H225_RegistrationConfirm_cryptoTokens), &claim) == OK);
	CHECK_STR(str_of(claim.sender), "gk.example.com");
	CHECK_STR(str_of(claim.general), "anna");
	CHECK(h235_check(&in, &claim, STR("secret"), &work) == OK);
	rrq(e, "anna");
	send_hmac(e, path, "another");
	b = got(e, H225_RasMessage_registrationReject);
	CHECK(detail(b) == H225_SecurityErrors_securityWrongGeneralID);
}

static void nobody_registers_another_users_name(void)
{
	struct gkep *e;
	uint16_t b;

	gk_up(yaml);
	e = ep_new(31);
	b = rrq_of(e, 61, (const char *const[]){"anna", "bob@example.com", NULL});
	sign(b, H225_RegistrationRequest_cryptoTokens, "anna", "secret", 0);
	ep_send(e);
	b = got(e, H225_RasMessage_registrationReject);
	CHECK(reason(b, H225_RegistrationReject_rejectReason) ==
		H225_RegistrationRejectReason_securityDenial);
}

static void who_proves_itself_may_overwrite(void)
{
	struct gkep *old, *new;
	uint16_t b;

	gk_up(yaml);
	old = ep_new(31);
	new = ep_new(32);
	rrq_signed(old, "anna", "secret", 0);
	got(old, H225_RasMessage_registrationConfirm);
	rrq_signed(new, "anna", "secret", 1);
	got(new, H225_RasMessage_registrationConfirm);
	b = got(old, H225_RasMessage_unregistrationRequest);
	CHECK(reason(b, H225_UnregistrationRequest_reason) ==
		H225_UnregRequestReason_undefinedReason);
	run_ms(50);
	CHECK(shown("anna")->peer.ip[3] == 32);
}

static void a_call_needs_the_password_too(void)
{
	struct gkep *e;
	uint16_t b;

	gk_up(yaml);
	e = ep_new(31);
	rrq_signed(e, "anna", "secret", 0);
	take_rcf(e, got(e, H225_RasMessage_registrationConfirm));
	arq(e, "anna", false);
	ep_send(e);
	b = got(e, H225_RasMessage_admissionReject);
	CHECK(reason(b, H225_AdmissionReject_rejectReason) ==
		H225_AdmissionRejectReason_securityDenial);
	sign(arq(e, "anna", false), H225_AdmissionRequest_cryptoTokens, "anna", "secret", 2);
	ep_send(e);
	got(e, H225_RasMessage_admissionConfirm);
}

static void another_host_speaks_for_it_with_the_password(void)
{
	struct gkep *e, *moved;
	uint16_t b;

	gk_up(yaml);
	e = ep_new(31);
	moved = ep_new(32);
	rrq_signed(e, "anna", "secret", 0);
	take_rcf(e, got(e, H225_RasMessage_registrationConfirm));
	strcpy(moved->id, e->id);
	sign(light(moved), H225_RegistrationRequest_cryptoTokens, "anna", "secret", 1);
	ep_send(moved);
	got(moved, H225_RasMessage_registrationConfirm);
	run_ms(50);
	CHECK(shown("anna")->peer.ip[3] == 32);
	sign(light(e), H225_RegistrationRequest_cryptoTokens, "bob", "other", 1);
	ep_send(e);
	b = got(e, H225_RasMessage_registrationReject);
	CHECK(reason(b, H225_RegistrationReject_rejectReason) ==
		H225_RegistrationRejectReason_fullRegistrationRequired);
}

static void passwords_are_not_tried_at_speed(void)
{
	struct gkep *e;

	gk_up(yaml);
	e = ep_new(31);
	for (int i = 0; i < 5; i++) {
		rrq_signed(e, "anna", "wrong", i);
		got(e, H225_RasMessage_registrationReject);
	}
	rrq_signed(e, "anna", "secret", 0);
	CHECK(is_quiet(e, 3000));
	run_ms(20000);
	rrq_signed(e, "anna", "secret", 0);
	got(e, H225_RasMessage_registrationConfirm);
}

TEST_MAIN(T(without_a_token_it_is_denied), T(a_discovery_says_how_to_prove_oneself),
	T(the_right_password_registers), T(what_is_wrong_with_a_token_is_said),
	T(an_old_endpoint_is_told_less), T(a_token_is_good_once), T(md5_can_be_switched_off),
	T(an_hmac_is_answered_with_one), T(nobody_registers_another_users_name),
	T(who_proves_itself_may_overwrite), T(a_call_needs_the_password_too),
	T(another_host_speaks_for_it_with_the_password), T(passwords_are_not_tried_at_speed),
	T(gk_down))
