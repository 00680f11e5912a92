/* Registrations: names, times, addresses, who may have them, and that a killed process forgets none. */
#include "gkworld.h"

#define YAML_HEAD                                                                                  \
	"version: 1\n"                                                                             \
	"node: {role: control, name: gk.example.com, addresses: {inside: 192.0.2.10}}\n"           \
	"zones:\n"                                                                                 \
	"  - {name: friends, type: neighbor, peers: [192.0.2.50], h323: {enabled: true}}\n"        \
	"dial_plan:\n"                                                                             \
	"  search_rules:\n"                                                                        \
	"    - {priority: 50, name: local, source: any, mode: any-alias, target: local}\n"         \
	"address_policy: {documentation: allow}\n"                                                 \
	"limits: {calls: 16, registrations: 16}\n"
#define OPEN "subzones: [{name: default, registration: allow, authentication: none}]\n"

static uint16_t refused(struct gkep *e)
{
	uint16_t b;

	ep_send(e);
	b = got(e, H225_RasMessage_registrationReject);
	return reason(b, H225_RegistrationReject_rejectReason);
}

static void accepted(struct gkep *e)
{
	ep_send(e);
	take_rcf(e, got(e, H225_RasMessage_registrationConfirm));
}

/* ---- time ---- */

static void a_lightweight_one_begins_its_time_anew_and_keeps_its_names(void)
{
	struct gkep *e;
	uint16_t b;

	gk_up(YAML_HEAD OPEN "h323: {ttl: 10s}\n");
	e = ep_new(31);
	registers(e, "anna");
	CHECK(e->ttl == 10);
	for (int i = 0; i < 4; i++) {
		run_ms(9000);
		light(e);
		ep_send(e);
		b = got(e, H225_RasMessage_registrationConfirm);
		CHECK(per_field(&in, b, H225_RegistrationConfirm_terminalAlias) == PER_NONE);
		CHECK(per_num(&in, per_field(&in, b, H225_RegistrationConfirm_timeToLive), 0) ==
			10);
	}
	run_ms(50);
	CHECK(shown("anna") && n_records() == 1);
}

static void its_end_is_told_and_the_next_one_must_be_full(void)
{
	struct gkep *e;
	uint16_t b;

	gk_up(YAML_HEAD OPEN "h323: {ttl: 10s}\n");
	e = ep_new(31);
	registers(e, "anna");
	CHECK(is_quiet(e, 14500) && shown("anna"));
	b = got(e, H225_RasMessage_unregistrationRequest);
	CHECK(reason(b, H225_UnregistrationRequest_reason) == H225_UnregRequestReason_ttlExpired);
	run_ms(100);
	CHECK(!shown("anna") && n_records() == 0);
	light(e);
	ep_send(e);
	b = got(e, H225_RasMessage_registrationReject);
	CHECK(reason(b, H225_RegistrationReject_rejectReason) ==
		H225_RegistrationRejectReason_fullRegistrationRequired);
}

static void a_time_that_is_asked_for_is_granted_within_bounds(void)
{
	static const struct {
		uint32_t asked, granted;
	} cases[] = {{60, 60}, {3, 10}, {5000, 1800}};
	struct gkep *e;

	gk_up(YAML_HEAD OPEN);
	e = ep_new(31);
	for (size_t i = 0; i < 3; i++) {
		uint16_t b = rrq(e, "anna");

		per_set_num(&out, per_put(&out, b, H225_RegistrationRequest_timeToLive),
			cases[i].asked);
		accepted(e);
		CHECK(e->ttl == cases[i].granted);
	}
}

/* ---- names ---- */

static void a_name_has_one_holder(void)
{
	struct gkep *anna, *eve;
	struct h323_alias alias;
	uint16_t b, list;

	gk_up(YAML_HEAD OPEN);
	anna = ep_new(31);
	eve = ep_new(66);
	registers(anna, "anna");
	rrq_of(eve, 61, (const char *const[]){"eve", "ANNA", NULL});
	ep_send(eve);
	b = got(eve, H225_RasMessage_registrationReject);
	CHECK(reason(b, H225_RegistrationReject_rejectReason) ==
		H225_RegistrationRejectReason_duplicateAlias);
	list = per_get(&in, b,
		PER_PATH(H225_RegistrationReject_rejectReason,
			H225_RegistrationRejectReason_duplicateAlias));
	CHECK(per_count(&in, list) == 1 && alias_get(&in, per_first(&in, list), &alias) == OK);
	CHECK_STR(str_of(alias.text), "ANNA");
	run_ms(50);
	CHECK(!shown("eve")); /* nothing of it was done */
	registers(eve, "eve");
}

static void a_device_that_was_started_anew_takes_its_name_back(void)
{
	struct gkep *old, *other;
	char id[129];

	gk_up(YAML_HEAD OPEN);
	old = ep_new(31);
	registers(old, "anna");
	strcpy(id, old->id);
	rrq(old, "anna");
	accepted(old);
	CHECK(!strcmp(id, old->id)); /* from the same port: the same registration */
	other = ep_beside(old, 1718);
	rrq_of(other, 99, (const char *const[]){"anna", NULL});
	CHECK(refused(other) == H225_RegistrationRejectReason_duplicateAlias); /* another maker's */
	rrq(other, "anna");
	accepted(other);
	CHECK(strcmp(id, other->id) != 0);
	light(old);
	CHECK(refused(old) == H225_RegistrationRejectReason_fullRegistrationRequired);
}

static void digits_are_one_name_in_whatever_form(void)
{
	struct gkep *a, *b;
	struct h323_alias number = {.kind = ALIAS_NUMBER, .text = "4711"};
	uint16_t body;

	gk_up(YAML_HEAD OPEN);
	a = ep_new(31);
	b = ep_new(32);
	registers(a, "4711");
	body = rrq(b, "bob");
	CHECK(alias_put(&out,
		      per_append(
			      &out, per_field(&out, body, H225_RegistrationRequest_terminalAlias)),
		      &number) == OK);
	CHECK(refused(b) == H225_RegistrationRejectReason_duplicateAlias);
}

static void an_endpoint_without_a_name_is_known_by_its_address(void)
{
	struct gkep *e;

	gk_up(YAML_HEAD OPEN);
	e = ep_new(31);
	rrq_of(e, 61, (const char *const[]){NULL});
	accepted(e);
	run_ms(50);
	CHECK(shown("192.0.2.31:1720"));
}

static void an_additive_one_adds_to_what_is_there(void)
{
	struct gkep *e;
	uint16_t b;

	gk_up(YAML_HEAD OPEN);
	e = ep_new(31);
	b = rrq(e, "1000");
	per_put(&out, b, H225_RegistrationRequest_additiveRegistration);
	put_text(per_put(&out, b, H225_RegistrationRequest_endpointIdentifier), "nobody");
	CHECK(refused(e) == H225_RegistrationRejectReason_fullRegistrationRequired);
	registers(e, "anna");
	b = rrq(e, "1000");
	per_put(&out, b, H225_RegistrationRequest_additiveRegistration);
	put_text(per_put(&out, b, H225_RegistrationRequest_endpointIdentifier), e->id);
	ep_send(e);
	b = got(e, H225_RasMessage_registrationConfirm);
	CHECK(per_count(&in, per_field(&in, b, H225_RegistrationConfirm_terminalAlias)) == 2);
	run_ms(50);
	CHECK(shown("anna") && shown("1000") && n_records() == 1);
}

static void names_have_a_number_and_a_length(void)
{
	static char texts[33][8];
	const char *names[34] = {NULL};
	char longest[300];
	struct gkep *e;

	gk_up(YAML_HEAD OPEN);
	e = ep_new(31);
	for (int i = 0; i < 33; i++) {
		snprintf(texts[i], sizeof texts[i], "n%d", i);
		names[i] = texts[i];
	}
	rrq_of(e, 61, names);
	CHECK(refused(e) == H225_RegistrationRejectReason_resourceUnavailable);
	names[32] = NULL;
	rrq_of(e, 61, names);
	accepted(e);
	memset(longest, 'x', sizeof longest);
	longest[100] = '@';
	longest[256] = '\0';
	rrq(e, longest);
	accepted(e);
	for (int i = 0; i < 5; i++)
		names[i] = longest;
	names[5] = NULL;
	rrq_of(e, 61, names);
	CHECK(refused(e) == H225_RegistrationRejectReason_resourceUnavailable);
}

/* Four for each endpoint that may be registered: some may have more, not all. */
static void names_of_all_have_room_too(void)
{
	static char texts[33][8];
	const char *names[33] = {NULL};

	gk_up(YAML_HEAD OPEN);
	for (int k = 0; k < 3; k++) {
		struct gkep *e = ep_new((uint8_t)(100 + k));

		for (int i = 0; i < 32; i++) {
			snprintf(texts[i], sizeof texts[i], "n%d-%d", k, i);
			names[i] = texts[i];
		}
		rrq_of(e, 61, names);
		if (k < 2)
			accepted(e);
		else
			CHECK(refused(e) == H225_RegistrationRejectReason_resourceUnavailable);
	}
	run_ms(50);
	CHECK(n_records() == 2 && !shown("n2-0")); /* nothing half-done is left */
}

static void there_is_room_for_so_many(void)
{
	struct gkep *e;
	char name[8];

	gk_up(YAML_HEAD OPEN);
	for (int i = 0; i < 16; i++) {
		snprintf(name, sizeof name, "n%d", i);
		registers(ep_new((uint8_t)(100 + i)), name);
	}
	e = ep_new(31);
	rrq(e, "anna");
	CHECK(refused(e) == H225_RegistrationRejectReason_resourceUnavailable);
	run_ms(50);
	CHECK(!strcmp(w.alarm, "H323-001"));
	urq(&w.eps[0], w.eps[0].id);
	ep_send(&w.eps[0]);
	got(&w.eps[0], H225_RasMessage_unregistrationConfirm);
	registers(e, "anna");
	run_ms(6000);
	CHECK(!w.alarm[0]);
}

/* ---- addresses ---- */

static void a_call_address_must_be_one_that_may_be_called(void)
{
	struct gkep *e;
	uint16_t b;

	gk_up(YAML_HEAD OPEN);
	e = ep_new(31);
	b = rrq(e, "anna");
	put_addr(per_put(&out, b, H225_RegistrationRequest_callSignalAddress),
		addr_v4(127, 0, 0, 1, 1720));
	CHECK(refused(e) == H225_RegistrationRejectReason_invalidCallSignalAddress);
	b = rrq(e, "anna");
	per_put(&out, b, H225_RegistrationRequest_callSignalAddress);
	CHECK(refused(e) == H225_RegistrationRejectReason_invalidCallSignalAddress);
	b = rrq(e, "anna");
	per_put(&out, b, H225_RegistrationRequest_rasAddress);
	CHECK(refused(e) == H225_RegistrationRejectReason_invalidRASAddress);
}

static void behind_a_nat_it_is_where_its_messages_come_from(void)
{
	static const struct sim_nat kind = {
		.mapping = NAT_ANY, .filtering = NAT_ANY, .timeout_ms = 30000};
	const struct addr public_host = addr_v4(192, 0, 2, 200, 0);
	struct h323_endpoint who;
	struct sim_border *nat;
	struct gkep *e;
	struct addr before;

	gk_up(YAML_HEAD OPEN);
	CHECK(sim_nat(w.sim, w.behind, w.inside, &public_host, &kind, &nat) == OK);
	e = ep_in(w.behind, addr_v4(10, 0, 0, 5, 1719));
	registers(e, "anna");
	run_ms(50);
	CHECK(shown("anna")->is_nat && addr_same_host(&shown("anna")->peer, &public_host));
	CHECK(calls_from(public_host, &who));
	CHECK(who.is_nat && is_at(&who.call, addr_v4(192, 0, 2, 200, 1720)));
	before = shown("anna")->peer;
	sim_border_forget(nat);
	light(e);
	accepted(e);
	run_ms(50);
	CHECK(!addr_eq(&before, &shown("anna")->peer));
}

/* ---- who may ---- */

static void discovery_is_for_whom_it_is_for(void)
{
	struct gkep *e;
	uint16_t b;

	gk_up(YAML_HEAD OPEN "h323: {auto_discover: false}\n");
	e = ep_new(31);
	grq(e, "anna");
	ep_send(e);
	b = got(e, H225_RasMessage_gatekeeperReject);
	CHECK(reason(b, H225_GatekeeperReject_rejectReason) ==
		H225_GatekeeperRejectReason_terminalExcluded);
	registers(e, "anna");
	grq(e, "anna");
	ep_send(e);
	got(e, H225_RasMessage_gatekeeperConfirm);

	gk_up(YAML_HEAD OPEN);
	e = ep_new(31);
	b = grq(e, "anna");
	put_text(per_put(&out, b, H225_GatekeeperRequest_gatekeeperIdentifier), "other");
	ep_send(e);
	b = got(e, H225_RasMessage_gatekeeperReject);
	CHECK(reason(b, H225_GatekeeperReject_rejectReason) ==
		H225_GatekeeperRejectReason_terminalExcluded);
}

static void in_maintenance_endpoints_are_sent_elsewhere(void)
{
	struct gkep *e;
	uint16_t b, list;
	struct addr a;

	gk_up(YAML_HEAD OPEN "h323: {maintenance: true, alternates: [192.0.2.11]}\n");
	e = ep_new(31);
	grq(e, "anna");
	ep_send(e);
	b = got(e, H225_RasMessage_gatekeeperReject);
	CHECK(reason(b, H225_GatekeeperReject_rejectReason) ==
		H225_GatekeeperRejectReason_resourceUnavailable);
	rrq(e, "anna");
	CHECK(refused(e) == H225_RegistrationRejectReason_resourceUnavailable);
	list = per_get(&in, per_first(&in, 0),
		PER_PATH(H225_RegistrationReject_altGKInfo, H225_AltGKInfo_alternateGatekeeper));
	CHECK(per_count(&in, list) == 1);
	CHECK(h225_addr(
		&in, per_field(&in, per_first(&in, list), H225_AlternateGK_rasAddress), &a));
	CHECK(is_at(&a, addr_v4(192, 0, 2, 11, 1719)));
}

static void alternates_are_named_in_a_confirmation(void)
{
	struct gkep *e;
	uint16_t b;

	gk_up(YAML_HEAD OPEN "h323: {alternates: [192.0.2.11, 192.0.2.12]}\n");
	e = ep_new(31);
	rrq(e, "anna");
	ep_send(e);
	b = got(e, H225_RasMessage_registrationConfirm);
	CHECK(per_count(&in, per_field(&in, b, H225_RegistrationConfirm_alternateGatekeeper)) == 2);
}

static void a_subzone_and_the_lists_decide(void)
{
	static const struct {
		const char *lists;
		bool passes;
	} cases[] = {
		{"{mode: allow-list, entries: [{pattern: anna}]}", true},
		{"{mode: allow-list, entries: [{pattern: bob}]}", false},
		{"{mode: allow-list, entries: [{pattern: '192.0.2.31'}]}", true},
		{"{mode: allow-list, entries: [{pattern: Desk, type: prefix}]}", true},
		{"{mode: deny-list, entries: [{pattern: 'a.*', type: regex}]}", false},
		{"{mode: deny-list, entries: [{pattern: '192.0.2.31'}]}", false},
		{"{mode: deny-list, entries: [{pattern: Desk, type: prefix}]}", false},
		{"{mode: deny-list, entries: [{pattern: bob}]}", true},
	};
	char yaml[1200];
	struct gkep *e;

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		snprintf(yaml, sizeof yaml, "%sregistration_policy: %s\n", YAML_HEAD OPEN,
			cases[i].lists);
		gk_up(yaml);
		e = ep_new(31);
		rrq(e, "anna");
		if (cases[i].passes)
			accepted(e);
		else
			CHECK(refused(e) == H225_RegistrationRejectReason_securityDenial);
	}
	gk_up(YAML_HEAD "subzones: [{name: default, registration: deny}]\n");
	e = ep_new(31);
	rrq(e, "anna");
	CHECK(refused(e) == H225_RegistrationRejectReason_securityDenial);
}

/* ---- the end ---- */

static void only_it_may_end_its_registration(void)
{
	struct gkep *anna, *eve;
	uint16_t b;

	gk_up(YAML_HEAD OPEN);
	anna = ep_new(31);
	eve = ep_new(66);
	registers(anna, "anna");
	urq(eve, anna->id);
	ep_send(eve);
	b = got(eve, H225_RasMessage_unregistrationReject);
	CHECK(reason(b, H225_UnregistrationReject_rejectReason) ==
		H225_UnregRejectReason_permissionDenied);
	urq(anna, NULL); /* it need not know its identifier */
	ep_send(anna);
	got(anna, H225_RasMessage_unregistrationConfirm);
	run_ms(50);
	CHECK(!shown("anna") && n_records() == 0);
}

static void a_name_may_go_alone(void)
{
	struct gkep *e;
	uint16_t b;

	gk_up(YAML_HEAD OPEN);
	e = ep_new(31);
	rrq_of(e, 61, (const char *const[]){"anna", "1000", NULL});
	accepted(e);
	b = urq(e, e->id);
	put_alias(per_put(&out, b, H225_UnregistrationRequest_endpointAlias), "1000");
	ep_send(e);
	got(e, H225_RasMessage_unregistrationConfirm);
	run_ms(50);
	CHECK(shown("anna") && !shown("1000"));
}

/* The same octets after the end are a new request: what was said of them before is not said again. */
static void what_ended_is_not_confirmed_from_memory(void)
{
	struct gkep *e;
	uint8_t first[PDU_MAX];
	size_t len;

	gk_up(YAML_HEAD OPEN);
	e = ep_new(31);
	registers(e, "anna");
	len = n_sent;
	memcpy(first, sent, len);
	urq(e, e->id);
	ep_send(e);
	got(e, H225_RasMessage_unregistrationConfirm);
	ep_send_raw(e, first, len);
	got(e, H225_RasMessage_registrationConfirm);
	run_ms(50);
	CHECK(shown("anna"));
}

static void a_killed_process_forgets_nobody(void)
{
	struct gkep *anna, *bob;
	char id[129];

	gk_up(YAML_HEAD OPEN);
	anna = ep_new(31);
	bob = ep_new(32);
	rrq_of(anna, 61, (const char *const[]){"anna", "1000", NULL});
	accepted(anna);
	registers(bob, "bob");
	strcpy(id, anna->id);
	gk_dies();
	run_ms(50);
	CHECK(shown("anna") && shown("1000") && shown("bob"));
	CHECK_STR(str_of(shown("anna")->user_agent), "Desk 1.0");
	light(anna);
	accepted(anna);
	CHECK(!strcmp(id, anna->id));
	arq(anna, "bob", false);
	ep_send(anna);
	got(anna, H225_RasMessage_admissionConfirm);
	rrq(bob, "1000");
	CHECK(refused(bob) == H225_RegistrationRejectReason_duplicateAlias);
	urq(anna, anna->id);
	ep_send(anna);
	got(anna, H225_RasMessage_unregistrationConfirm);
	gk_dies();
	run_ms(50);
	CHECK(!shown("anna") && shown("bob"));
}

/* A record that is cut or changed is dropped, or good as far as it goes. */
static void a_broken_record_breaks_nothing(void)
{
	struct gkrecord *r = &w.records[0];
	size_t len = 1;

	for (size_t i = 0; i < len; i += 3) {
		for (int is_cut = 0; is_cut < 2; is_cut++) {
			struct gkep *e;

			gk_up(YAML_HEAD OPEN);
			e = ep_new(31);
			registers(e, "anna");
			run_ms(50);
			CHECK(r->key && r->len > 100);
			len = r->len;
			if (is_cut)
				r->len = i;
			else
				r->body[i] = (char)(r->body[i] ^ 0x81);
			gk_dies();
			run_ms(50);
			CHECK(n_records() <= 1);
			e->n_seen = e->n_in;
			rrq(e, "bob"); /* anna may be anywhere now */
			accepted(e);
			run_ms(50);
			CHECK(shown("bob"));
		}
	}
}

/* Killed in the middle of any call to the world: what an endpoint was told, a successor knows. */
static void no_confirmation_leaves_that_a_successor_would_not_know(void)
{
	uint64_t n_calls;
	size_t n_told = 0;

	gk_up(YAML_HEAD OPEN);
	n_calls = sim_calls(w.n->io);
	registers(ep_new(31), "anna");
	n_calls = sim_calls(w.n->io) - n_calls;
	CHECK(n_calls > 5);
	for (uint64_t n = 1; n <= n_calls + 2; n++) {
		struct gkep *e;

		gk_up(YAML_HEAD OPEN);
		e = ep_new(31);
		sim_kill_at_call(w.n->io, n);
		rrq(e, "anna");
		ep_send(e);
		run_ms(100);
		gk_dies();
		run_ms(50);
		if (e->n_in == 0)
			continue;
		n_told++;
		take_rcf(e, got(e, H225_RasMessage_registrationConfirm));
		light(e);
		ep_send(e);
		got(e, H225_RasMessage_registrationConfirm);
		CHECK(shown("anna"));
	}
	CHECK(n_told > 0);
}

/* ---- a bad network, another configuration ---- */

/* As endpoints do: the same octets again after a second, until there is an answer. */
static uint16_t asks_until(struct gkep *e, uint16_t kind)
{
	uint8_t pdu[PDU_MAX];
	struct wr wr = wr_of(pdu, sizeof pdu);
	size_t seen;

	CHECK(per_write(&out, &wr) == OK);
	for (int i = 0; i < 40; i++) {
		ep_send_raw(e, pdu, wr_len(&wr));
		run_ms(1000);
		for (seen = e->n_seen; seen < e->n_in; seen++) {
			size_t k = seen % INBOX;

			in = per_tree_of(&h323_schema, mem_in);
			CHECK(per_read(&in, H225_RasMessage_T,
				      (struct str){(char *)e->in[k], e->len[k]}) == OK);
			if (per_num(&in, per_field(&in, per_first(&in, 0), 0), 0) != e->seq)
				continue; /* a late one, twice */
			CHECK(per_choice(&in, 0) == kind);
			e->n_seen = e->n_in;
			return per_first(&in, 0);
		}
	}
	CHECK(false);
	return PER_NONE;
}

static void lost_late_and_double_datagrams_change_nothing(void)
{
	static const struct sim_quality bad = {.delay_us = 2000,
		.jitter_us = 30000,
		.loss_ppm = 350000,
		.duplicate_ppm = 200000,
		.reorder_ppm = 200000,
		.reorder_us = 400000};
	char name[8];

	gk_up(YAML_HEAD OPEN);
	sim_zone_quality(w.sim, w.inside, &bad);
	for (int i = 0; i < 8; i++) {
		struct gkep *e = ep_new((uint8_t)(100 + i));

		snprintf(name, sizeof name, "n%d", i);
		grq(e, name);
		asks_until(e, H225_RasMessage_gatekeeperConfirm);
		rrq(e, name);
		take_rcf(e, asks_until(e, H225_RasMessage_registrationConfirm));
		arq(e, name, false);
		asks_until(e, H225_RasMessage_admissionConfirm);
		drq(e);
		asks_until(e, H225_RasMessage_disengageConfirm);
		CHECK(w.n_disengaged == (size_t)(i + 1)); /* once each, however often it came */
		light(e);
		asks_until(e, H225_RasMessage_registrationConfirm);
		if (i % 2)
			continue;
		urq(e, e->id);
		asks_until(e, H225_RasMessage_unregistrationConfirm);
	}
	run_ms(2000);
	CHECK(n_records() == 4 && shown("n1") && !shown("n2"));
}

static void a_new_configuration_is_obeyed_at_once(void)
{
	struct gkep *idle, *busy;
	struct conf *old, *new;

	gk_up(YAML_HEAD OPEN);
	idle = ep_new(31);
	busy = ep_new(32);
	registers(idle, "anna");
	registers(busy, "bob");
	arq(busy, "anna", false);
	ep_send(busy);
	got(busy, H225_RasMessage_admissionConfirm);
	new = conf_of(YAML_HEAD OPEN "h323: {maintenance: true}\n");
	old = w.n->conf;
	w.n->conf = new;
	zones_configure(w.n->zones, new);
	call_core_configure(w.n->core, new);
	ras_configure(w.n->ras, new);
	gatekeeper_configure(w.n->gk, new);
	free(old);
	light(idle);
	CHECK(refused(idle) == H225_RegistrationRejectReason_resourceUnavailable);
	light(busy); /* calls that run go on */
	ep_send(busy);
	got(busy, H225_RasMessage_registrationConfirm);
}

/* ---- H.460.18 ---- */

static uint16_t asks_for_traversal(struct gkep *e)
{
	uint16_t b = rrq(e, "anna"), f;

	f = per_put(&out, b, H225_RegistrationRequest_featureSet);
	per_set_num(&out, per_put(&out, f, H225_FeatureSet_replacementFeatureSet), false);
	CHECK(generic_append(&out, per_put(&out, f, H225_FeatureSet_supportedFeatures), 18) !=
		PER_NONE);
	ep_send(e);
	b = got(e, H225_RasMessage_registrationConfirm);
	take_rcf(e, b);
	return feature_find(&in, per_field(&in, b, H225_RegistrationConfirm_featureSet), 18);
}

static void edge_serves_who_traverses_and_control_does_not(void)
{
	static const char edge[] =
		"version: 1\n"
		"node: {role: edge, name: gk.example.com, addresses: {inside: 192.0.2.10, outside: "
		"192.0.2.10}}\n"
		"zones:\n"
		"  - {name: c, type: traversal-server, username: u, password: p, sip: {port: "
		"7001, transport: tcp}, h323: {enabled: true, port: 6001, protocol: assent}}\n" OPEN
		"address_policy: {documentation: allow}\n"
		"limits: {calls: 16, registrations: 16}\n";
	struct gkep *e;

	gk_up(edge);
	e = ep_new(31);
	CHECK(asks_for_traversal(e) != PER_NONE && e->ttl == 19);
	gk_up(YAML_HEAD OPEN);
	e = ep_new(31);
	CHECK(asks_for_traversal(e) == PER_NONE && e->ttl == 1800);
}

TEST_MAIN(T(a_lightweight_one_begins_its_time_anew_and_keeps_its_names),
	T(its_end_is_told_and_the_next_one_must_be_full),
	T(a_time_that_is_asked_for_is_granted_within_bounds), T(a_name_has_one_holder),
	T(a_device_that_was_started_anew_takes_its_name_back),
	T(digits_are_one_name_in_whatever_form),
	T(an_endpoint_without_a_name_is_known_by_its_address),
	T(an_additive_one_adds_to_what_is_there), T(names_have_a_number_and_a_length),
	T(names_of_all_have_room_too), T(there_is_room_for_so_many),
	T(a_call_address_must_be_one_that_may_be_called),
	T(behind_a_nat_it_is_where_its_messages_come_from), T(discovery_is_for_whom_it_is_for),
	T(in_maintenance_endpoints_are_sent_elsewhere), T(alternates_are_named_in_a_confirmation),
	T(a_subzone_and_the_lists_decide), T(only_it_may_end_its_registration),
	T(a_name_may_go_alone), T(what_ended_is_not_confirmed_from_memory),
	T(a_killed_process_forgets_nobody), T(a_broken_record_breaks_nothing),
	T(no_confirmation_leaves_that_a_successor_would_not_know),
	T(lost_late_and_double_datagrams_change_nothing), T(a_new_configuration_is_obeyed_at_once),
	T(edge_serves_who_traverses_and_control_does_not), T(gk_down))
