/* admit.c - ARQ, BRQ, DRQ, IRR, RAI. Whoever may call is told one thing: our own signalling address. */
#include <string.h>

#include "h323/gk.h"

#define HOPS_ABSENT  15
#define MISSING_MAX  2u
#define UNITS_A_KBPS 20u /* 100 bit/s, both directions: ten for each kbit/s of one */
#define LEAST_KBPS   64u /* less than a telephone call needs is no offer */

LOG_EVENT(ev_admitted, "RAS-120", LOG_INFO, "an endpoint is admitted to a call");
LOG_EVENT(ev_ended, "RAS-121", LOG_INFO, "an endpoint says that its call is over");
LOG_EVENT(ev_dead, "RAS-122", LOG_NOTICE,
	"an endpoint does not know its call any more: the leg ends");
LOG_EVENT(ev_load, "RAS-124", LOG_INFO, "a gateway says how much room it has");

static uint16_t field(const struct ras_in *in, uint16_t f)
{
	return per_field(&in->t, in->body, f);
}

/* ---- which call ---- */

struct call_name {
	uint8_t guid[H323_GUID_LEN], conference[H323_GUID_LEN];
	uint16_t crv;
	bool has_guid;
};

static bool is_zero(const uint8_t guid[H323_GUID_LEN])
{
	static const uint8_t none[H323_GUID_LEN];

	return !memcmp(guid, none, sizeof none);
}

/* H.225.0 version 1 knows no callIdentifier: its calls are named by the conference's. */
static void read_name(const struct ras_in *in, uint16_t guid, uint16_t conference, uint16_t crv,
	struct call_name *ret)
{
	struct str bytes = per_str(&in->t, conference);

	*ret = (struct call_name){.crv = (uint16_t)per_num(&in->t, crv, 0)};
	if (bytes.len == H323_GUID_LEN)
		memcpy(ret->conference, bytes.p, H323_GUID_LEN);
	ret->has_guid = guid_get(&in->t, guid, ret->guid) && !is_zero(ret->guid);
	if (!ret->has_guid)
		memcpy(ret->guid, ret->conference, sizeof ret->guid);
}

static struct admission *admission_named(
	const struct gatekeeper *g, const struct endpoint *e, const struct call_name *name)
{
	return name->has_guid ? admission_find(g->admissions, name->guid, e)
	                      : admission_of_conference(e, name->conference, name->crv);
}

static bool call_exists(const struct gatekeeper *g, const struct call_name *name)
{
	return g->calls.knows && g->calls.knows(g->calls.arg, name->guid);
}

static void end_leg(
	const struct gatekeeper *g, const uint8_t guid[H323_GUID_LEN], const struct endpoint *e)
{
	const struct addr at = e->n_calls_at ? e->call[0] : e->source;

	if (g->calls.disengage)
		g->calls.disengage(g->calls.arg, guid, &at);
}

static void watch(struct gatekeeper *g, struct admission *a)
{
	a->n_missing = 0;
	timer_start(g->d.io, &a->timer, g->conf->h323.call_ttl_ms / 2 * 3);
}

/* ---- who ---- */

static const char *first_name(const struct endpoint *e)
{
	const struct endpoint_alias *a = endpoint_first_alias(e);

	return a ? a->text : "";
}

/* Another host's word counts only with the endpoint's own password. */
static bool is_trusted_word(const struct endpoint *e, bool is_its, const struct proved *proved)
{
	return is_its ||
	       (proved->verdict == PROOF_GOOD && str_eq(str_of(proved->user), str_of(e->user)));
}

static bool refuse(struct gatekeeper *g, struct ras_in *in, uint16_t reason, const char *why)
{
	gk_refuse(g, in, &(struct refusal){reason, why});
	return false;
}

/* ---- bandwidth ---- */

static uint32_t units(uint32_t kbps)
{
	return kbps < UINT32_MAX / UNITS_A_KBPS ? kbps * UNITS_A_KBPS : UINT32_MAX;
}

struct wanted {
	const struct conf_subzone *zone;
	uint32_t index; /* of the subzone */
	uint32_t units, granted;
};

static struct wanted wanted_of(const struct gatekeeper *g, const struct endpoint *e, uint32_t asked)
{
	const struct conf_subzone *zone = gk_subzone(g, &e->source, first_name(e));

	return (struct wanted){.zone = zone,
		.index = (uint32_t)(zone - g->conf->subzones),
		.units = asked ? asked : units(g->conf->bandwidth.default_call_kbps)};
}

/* What a subzone's limits leave, less where the configuration lets a call be slower. False: nothing. */
static bool grant(const struct gatekeeper *g, struct wanted *w, const struct admission *own)
{
	const struct conf_bandwidth_limit *limit = &w->zone->bandwidth;
	uint64_t left = UINT64_MAX, used;

	w->granted = w->units;
	if (limit->per_call_kbps && w->granted > units(limit->per_call_kbps)) {
		w->granted = units(limit->per_call_kbps);
		if (!g->conf->bandwidth.downspeed_per_call)
			return false;
	}
	if (!limit->total_kbps)
		return true;
	used = admissions_bandwidth(g->admissions, w->index, own);
	left = used < units(limit->total_kbps) ? units(limit->total_kbps) - used : 0;
	if (w->granted <= left)
		return true;
	w->granted = (uint32_t)left;
	return g->conf->bandwidth.downspeed_total && left >= units(LEAST_KBPS);
}

/* ---- ARQ ---- */

struct arq {
	struct gatekeeper *g;
	struct ras_in *in;
	struct endpoint *e;
	struct proved proved;
	struct call_name name;
	struct wanted bandwidth;
	struct gk_quest quest;
	bool is_callee;
};

static bool arq_is_found(struct arq *arq)
{
	struct gatekeeper *g = arq->g;
	struct ras_in *in = arq->in;
	enum gk_found found =
		gk_find(g, &arq->quest, &in->t, field(in, H225_AdmissionRequest_destinationInfo));

	if (found == FOUND_NO_ALIAS)
		found = gk_find_address(g, &arq->quest, &in->t,
			field(in, H225_AdmissionRequest_destCallSignalAddress));
	switch (found) {
	case FOUND:
		return true;
	case FOUND_NOT:
		return refuse(g, in, H225_AdmissionRejectReason_calledPartyNotRegistered,
			"no search rule leads to anybody");
	case FOUND_DENIED:
		return refuse(g, in, H225_AdmissionRejectReason_requestDenied,
			"only for authenticated callers");
	case FOUND_NO_ALIAS:
		break;
	}
	return refuse(
		g, in, H225_AdmissionRejectReason_incompleteAddress, "nothing says who is called");
}

static bool arq_has_caller(struct arq *arq)
{
	struct gatekeeper *g = arq->g;
	struct ras_in *in = arq->in;
	const struct conf_subzone *zone;
	bool is_its;

	arq->e = gk_sender(g, in, field(in, H225_AdmissionRequest_endpointIdentifier), &is_its);
	if (!arq->e && endpoint_by_source(g->endpoints, &in->from))
		return refuse(g, in, H225_AdmissionRejectReason_invalidEndpointIdentifier,
			"not the identifier that it was given");
	if (!arq->e)
		return refuse(g, in, H225_AdmissionRejectReason_callerNotRegistered,
			"no such registration, or it expired");
	zone = gk_subzone(g, &arq->e->source, first_name(arq->e));
	if (!gk_identify(g, in, arq->e, zone->authentication, false, &arq->proved))
		return false;
	arq->quest.is_authenticated =
		arq->proved.verdict == PROOF_GOOD || zone->authentication == AUTH_TRUSTED;
	if (!is_trusted_word(arq->e, is_its, &arq->proved))
		return refuse(g, in, H225_AdmissionRejectReason_invalidPermission,
			"from another address and without a password");
	return true;
}

static bool arq_has_call(struct arq *arq)
{
	struct gatekeeper *g = arq->g;

	if (arq->is_callee && !call_exists(g, &arq->name))
		return refuse(g, arq->in, H225_AdmissionRejectReason_routeCallToGatekeeper,
			"a call that did not come through us");
	if (!arq->is_callee && g->d.core && call_count(g->d.core) >= g->conf->limits.calls) {
		gk_limit(g, arq->in, "limits.calls");
		return refuse(g, arq->in, H225_AdmissionRejectReason_exceedsCallCapacity,
			"too many calls");
	}
	return arq->is_callee || arq_is_found(arq);
}

static bool arq_has_bandwidth(struct arq *arq)
{
	int64_t asked = per_num(&arq->in->t, field(arq->in, H225_AdmissionRequest_bandWidth), 0);
	const struct admission *own = admission_named(arq->g, arq->e, &arq->name);

	arq->bandwidth =
		wanted_of(arq->g, arq->e, asked > 0 && asked <= UINT32_MAX ? (uint32_t)asked : 0);
	return grant(arq->g, &arq->bandwidth, own) ||
	       refuse(arq->g, arq->in, H225_AdmissionRejectReason_resourceUnavailable,
		       "its subzone's bandwidth is used up");
}

static struct admission *arq_note(struct arq *arq)
{
	struct gatekeeper *g = arq->g;
	struct admission *a = admission_named(g, arq->e, &arq->name);

	if (!a)
		a = admission_take(g->admissions, arq->e, arq->name.guid, arq->is_callee);
	if (!a) {
		gk_limit(g, arq->in, "limits.calls");
		refuse(g, arq->in, H225_AdmissionRejectReason_exceedsCallCapacity,
			"too many calls");
		return NULL;
	}
	memcpy(a->conference, arq->name.conference, sizeof a->conference);
	a->crv = arq->name.crv;
	a->bandwidth = arq->bandwidth.granted;
	a->subzone = arq->bandwidth.index;
	watch(g, a);
	return a;
}

static void arq_confirm(struct arq *arq, const struct admission *a)
{
	struct ras_in *in = arq->in;
	struct per_tree *t = &in->answer;
	struct addr call = gk_call_address(arq->g, in);
	uint16_t body = ras_answer(in, H225_RasMessage_admissionConfirm), uuies;

	per_set_num(t, per_put(t, body, H225_AdmissionConfirm_bandWidth), a->bandwidth);
	per_put(t, per_put(t, body, H225_AdmissionConfirm_callModel),
		H225_CallModel_gatekeeperRouted);
	h225_put_addr(t, per_put(t, body, H225_AdmissionConfirm_destCallSignalAddress), &call);
	per_set_num(t, per_put(t, body, H225_AdmissionConfirm_irrFrequency),
		arq->g->conf->h323.call_ttl_ms / 1000);
	per_set_num(t, per_put(t, body, H225_AdmissionConfirm_willRespondToIRR), false);
	uuies = per_put(t, body, H225_AdmissionConfirm_uuiesRequested);
	for (uint16_t f = H225_UUIEsRequested_setup; f <= H225_UUIEsRequested_notify; f++)
		per_set_num(t, per_put(t, uuies, f), false);
	gk_send(in, arq->g, &arq->proved);
}

void admit_request(struct gatekeeper *g, struct ras_in *in)
{
	struct arq *arq = scratch_take(io_scratch(g->d.io), sizeof *arq);
	struct admission *a;

	if (!arq)
		return;
	*arq = (struct arq){.g = g, .in = in, .quest.source = zone_local(g->d.zones)};
	arq->is_callee = per_num(&in->t, field(in, H225_AdmissionRequest_answerCall), false);
	read_name(in, field(in, H225_AdmissionRequest_callIdentifier),
		field(in, H225_AdmissionRequest_conferenceID),
		field(in, H225_AdmissionRequest_callReferenceValue), &arq->name);
	if (!arq_has_caller(arq) || !arq_has_call(arq) || !arq_has_bandwidth(arq) ||
		!(a = arq_note(arq)))
		return;
	g->counters.n_admitted++;
	log_put(io_log(g->d.io), &ev_admitted, F_Z("alias", first_name(arq->e)),
		F_Z("calls", arq->quest.alias), F_NUM("answers", arq->is_callee),
		F_NUM("kbps", a->bandwidth / UNITS_A_KBPS), F_ADDR("peer", &in->from));
	arq_confirm(arq, a);
}

/* ---- BRQ ---- */

/* A call of the endpoint that a predecessor let in: its legs know it. */
static struct admission *recovered(
	struct gatekeeper *g, struct endpoint *e, const struct call_name *name, bool is_callee)
{
	struct admission *a = admission_named(g, e, name);

	if (a || !call_exists(g, name))
		return a;
	a = admission_take(g->admissions, e, name->guid, is_callee);
	if (!a)
		return NULL;
	memcpy(a->conference, name->conference, sizeof a->conference);
	a->crv = name->crv;
	a->subzone = wanted_of(g, e, 0).index;
	watch(g, a);
	return a;
}

static void confirm_bandwidth(struct gatekeeper *g, struct ras_in *in, struct admission *a,
	const struct wanted *w, const struct proved *proved)
{
	struct per_tree *t = &in->answer;
	uint16_t body;

	a->bandwidth = w->granted;
	a->subzone = w->index;
	body = ras_answer(in, H225_RasMessage_bandwidthConfirm);
	per_set_num(t, per_put(t, body, H225_BandwidthConfirm_bandWidth), w->granted);
	gk_send(in, g, proved);
}

/* allowedBandWidth is no option of a BRJ, whatever the reason. */
static void refuse_bandwidth(
	struct gatekeeper *g, struct ras_in *in, uint16_t reason, const char *why, uint32_t allowed)
{
	const struct refusal refusal = {reason, why};
	uint16_t body = gk_refuse_begin(g, in, &refusal);

	per_set_num(&in->answer, per_put(&in->answer, body, H225_BandwidthReject_allowedBandWidth),
		allowed);
	gk_refuse_send(g, in, &refusal);
}

void admit_bandwidth(struct gatekeeper *g, struct ras_in *in)
{
	struct proved proved;
	bool is_its;
	struct endpoint *e =
		gk_sender(g, in, field(in, H225_BandwidthRequest_endpointIdentifier), &is_its);
	int64_t asked = per_num(&in->t, field(in, H225_BandwidthRequest_bandWidth), 0);
	struct call_name name;
	struct admission *a;
	struct wanted w;

	if (!e) {
		refuse_bandwidth(g, in, H225_BandRejectReason_notBound, "no such registration", 0);
		return;
	}
	w = wanted_of(g, e, asked > 0 && asked <= UINT32_MAX ? (uint32_t)asked : 1);
	if (!gk_identify(g, in, e, w.zone->authentication, is_its, &proved))
		return;
	if (!is_trusted_word(e, is_its, &proved)) {
		refuse_bandwidth(g, in, H225_BandRejectReason_invalidPermission,
			"from another address and without a password", 0);
		return;
	}
	read_name(in, field(in, H225_BandwidthRequest_callIdentifier),
		field(in, H225_BandwidthRequest_conferenceID),
		field(in, H225_BandwidthRequest_callReferenceValue), &name);
	a = recovered(
		g, e, &name, per_num(&in->t, field(in, H225_BandwidthRequest_answeredCall), false));
	if (!a)
		refuse_bandwidth(g, in, H225_BandRejectReason_invalidConferenceID,
			"no call of this endpoint", 0);
	else if (!grant(g, &w, a) || w.granted < w.units)
		refuse_bandwidth(g, in, H225_BandRejectReason_insufficientResources,
			"more than its subzone has", w.granted);
	else
		confirm_bandwidth(g, in, a, &w, &proved);
}

/* ---- DRQ ---- */

static void disengage(struct gatekeeper *g, struct endpoint *e, const struct call_name *name)
{
	struct admission *a = admission_named(g, e, name);
	uint8_t guid[H323_GUID_LEN];

	memcpy(guid, a ? a->guid : name->guid, sizeof guid);
	log_put(io_log(g->d.io), &ev_ended, F_Z("alias", first_name(e)), F_ADDR("peer", &e->source),
		F_NUM("known", a != NULL));
	if (a)
		admission_drop(a);
	end_leg(g, guid, e);
}

void admit_end(struct gatekeeper *g, struct ras_in *in)
{
	struct proved proved;
	bool is_its;
	struct endpoint *e =
		gk_sender(g, in, field(in, H225_DisengageRequest_endpointIdentifier), &is_its);
	struct call_name name;

	if (!e) {
		refuse(g, in, H225_DisengageRejectReason_notRegistered, "no such registration");
		return;
	}
	if (!gk_identify(g, in, e, gk_subzone(g, &e->source, first_name(e))->authentication, is_its,
		    &proved))
		return;
	if (!is_trusted_word(e, is_its, &proved)) {
		refuse(g, in, H225_DisengageRejectReason_requestToDropOther,
			"from another address and without a password");
		return;
	}
	read_name(in, field(in, H225_DisengageRequest_callIdentifier),
		field(in, H225_DisengageRequest_conferenceID),
		field(in, H225_DisengageRequest_callReferenceValue), &name);
	disengage(g, e, &name);
	(void)ras_answer(in, H225_RasMessage_disengageConfirm);
	gk_send(in, g, &proved);
}

void admit_force_drop(struct gatekeeper *g, const struct admission *a)
{
	struct scratch *scratch = io_scratch(g->d.io);
	size_t mark = scratch_mark(scratch);
	struct per_tree *t = ras_tree(g->d.ras);
	struct ras_socket *s = ras_socket_at(g->d.ras, &a->endpoint->local);
	char id[ENDPOINT_ID_LEN + 1];
	uint16_t body;

	if (!t || !s)
		return;
	endpoint_id(a->endpoint, id);
	body = ras_begin(g->d.ras, t, H225_RasMessage_disengageRequest);
	gk_put_text(t, per_put(t, body, H225_DisengageRequest_endpointIdentifier), id);
	per_set_str(t, per_put(t, body, H225_DisengageRequest_conferenceID),
		(struct str){(const char *)a->conference, sizeof a->conference});
	per_set_num(t, per_put(t, body, H225_DisengageRequest_callReferenceValue), a->crv);
	per_put(t, per_put(t, body, H225_DisengageRequest_disengageReason),
		H225_DisengageReason_forcedDrop);
	guid_put(t, per_put(t, body, H225_DisengageRequest_callIdentifier), a->guid);
	per_set_num(t, per_put(t, body, H225_DisengageRequest_answeredCall), a->is_callee);
	(void)!ras_ask(g->d.ras, s, &a->endpoint->source, t, NULL, g, a->endpoint->handle);
	scratch_back(scratch, mark);
}

/* ---- IRQ, IRR ---- */

static void note_call(struct gatekeeper *g, struct ras_in *in, struct endpoint *e, uint16_t info)
{
	struct call_name name;
	struct admission *a;

	read_name(in, per_field(&in->t, info, H225_InfoRequestResponse_perCallInfo_callIdentifier),
		per_field(&in->t, info, H225_InfoRequestResponse_perCallInfo_conferenceID),
		per_field(&in->t, info, H225_InfoRequestResponse_perCallInfo_callReferenceValue),
		&name);
	a = recovered(g, e, &name, false);
	if (a)
		watch(g, a);
}

/* The calls that an endpoint says that it is in. NULL: nothing of it is believed. */
static struct endpoint *note_calls(struct gatekeeper *g, struct ras_in *in, struct proved *proved)
{
	uint16_t list = field(in, H225_InfoRequestResponse_perCallInfo);
	bool is_its;
	struct endpoint *e =
		gk_sender(g, in, field(in, H225_InfoRequestResponse_endpointIdentifier), &is_its);

	*proved = (struct proved){.verdict = PROOF_NONE};
	if (!e || !is_its)
		return NULL;
	for (uint16_t n = per_first(&in->t, list); n != PER_NONE; n = per_next(&in->t, n))
		note_call(g, in, e, n);
	return e;
}

void admit_report(struct gatekeeper *g, struct ras_in *in)
{
	static const struct refusal unknown = {
		H225_InfoRequestNakReason_notRegistered, "no such registration, or it expired"};
	struct proved proved;
	bool is_its, is_known = note_calls(g, in, &proved) != NULL;

	if (!per_num(&in->t, field(in, H225_InfoRequestResponse_needResponse), false))
		return;
	if (!is_known) { /* of one that is registered elsewhere nothing is said */
		if (!gk_sender(
			    g, in, field(in, H225_InfoRequestResponse_endpointIdentifier), &is_its))
			gk_refuse(g, in, &unknown);
		return;
	}
	(void)ras_answer(in, H225_RasMessage_infoRequestAck);
	gk_send(in, g, &proved);
}

static void dead(struct gatekeeper *g, struct admission *a)
{
	struct endpoint *e = a->endpoint;
	uint8_t guid[H323_GUID_LEN];

	memcpy(guid, a->guid, sizeof guid);
	g->counters.n_dead_legs++;
	log_put(io_log(g->d.io), &ev_dead, F_Z("alias", first_name(e)), F_ADDR("peer", &e->source));
	admission_drop(a);
	end_leg(g, guid, e);
}

static void on_info(void *arg, uint64_t who, enum err err, struct ras_in *in)
{
	struct gatekeeper *g = arg;
	struct admission *a = admission_get(g->admissions, who);
	struct proved proved;

	if (!a)
		return;
	a->n_missing++;
	if (err == OK && in->kind == H225_RasMessage_infoRequestResponse)
		(void)note_calls(g, in, &proved); /* watch() forgives */
	if (a->n_missing >= MISSING_MAX)
		dead(g, a);
	else if (a->n_missing)
		timer_start(g->d.io, &a->timer, g->conf->h323.call_ttl_ms / 4);
}

/* Long unheard: is the endpoint still in the call? A call that does not exist needs no question. */
void admit_due(void *arg)
{
	struct admission *a = arg;
	struct gatekeeper *g = a->arg;
	struct endpoint *e = a->endpoint;
	struct per_tree *t = ras_tree(g->d.ras);
	struct ras_socket *s = ras_socket_at(g->d.ras, &e->local);
	struct call_name asked = {.has_guid = true};
	struct addr reply;
	uint16_t body;

	memcpy(asked.guid, a->guid, sizeof asked.guid);
	if (!call_exists(g, &asked)) {
		admission_drop(a);
		return;
	}
	if (!t || !s) {
		watch(g, a);
		return;
	}
	reply = ras_socket_seen(s);
	body = ras_begin(g->d.ras, t, H225_RasMessage_infoRequest);
	per_set_num(t, per_put(t, body, H225_InfoRequest_callReferenceValue), a->crv);
	h225_put_addr(t, per_put(t, body, H225_InfoRequest_replyAddress), &reply);
	guid_put(t, per_put(t, body, H225_InfoRequest_callIdentifier), a->guid);
	if (ras_ask(g->d.ras, s, &e->source, t, on_info, g, a->handle) != OK)
		watch(g, a);
}

void admit_subzones(struct gatekeeper *g)
{
	for (struct admission *a = NULL; (a = admissions_next(g->admissions, a));)
		a->subzone = wanted_of(g, a->endpoint, 0).index;
}

/* ---- RAI ---- */

void admit_load(struct gatekeeper *g, struct ras_in *in)
{
	bool is_its,
		is_full = per_num(&in->t,
			field(in, H225_ResourcesAvailableIndicate_almostOutOfResources), false);
	struct endpoint *e = gk_sender(
		g, in, field(in, H225_ResourcesAvailableIndicate_endpointIdentifier), &is_its);
	uint16_t body;

	if (!e || !is_its)
		return; /* there is no refusal of it */
	if (e->is_full != is_full) {
		e->is_full = is_full;
		endpoint_keep(e);
		log_put(io_log(g->d.io), &ev_load, F_Z("alias", first_name(e)),
			F_NUM("full", is_full), F_ADDR("peer", &e->source));
	}
	body = ras_answer(in, H225_RasMessage_resourcesAvailableConfirm);
	gk_put_version(&in->answer, body, H225_ResourcesAvailableConfirm_protocolIdentifier);
	gk_send(in, g, NULL);
}
