/* refuse.c - what the gatekeeper's parts have in common (gk.h): rejects, proofs of identity, names, fields. */
#include <string.h>

#include "h323/gk.h"

#define CALM_MS       5000u
#define CLOCK_CALM_MS 300000u
#define NS_PER_S      1000000000u
#define FEATURE_18    18u
#define OURS          "0.0.8.2250.0.7"

LOG_EVENT(ev_refused, "RAS-110", LOG_NOTICE, "a RAS request is refused");
LOG_EVENT(ev_limit, "RAS-111", LOG_NOTICE, "a limit is reached: a RAS request is refused");
LOG_EVENT(ev_login, "SEC-104", LOG_NOTICE, "a RAS message's proof of identity is not accepted");

/* ---- the rejects ---- */

#define NO_FIELD UINT16_MAX

/* By request: where its token is, and what its reject looks like. */
struct form {
	uint16_t request, tokens;
	uint16_t reject, version, reason, reject_tokens, alternates;
	uint16_t denial, error; /* securityDenial, securityError among the reasons */
	uint16_t confirm, confirm_tokens;
	const char *name;
};

/* clang-format off */
#define M(name) H225_RasMessage_##name
static const struct form forms[] = {
	{M(gatekeeperRequest), H225_GatekeeperRequest_cryptoTokens,
		M(gatekeeperReject), H225_GatekeeperReject_protocolIdentifier, H225_GatekeeperReject_rejectReason,
		H225_GatekeeperReject_cryptoTokens, H225_GatekeeperReject_altGKInfo,
		H225_GatekeeperRejectReason_securityDenial, H225_GatekeeperRejectReason_securityError,
		M(gatekeeperConfirm), H225_GatekeeperConfirm_cryptoTokens, "GRQ"},
	{M(registrationRequest), H225_RegistrationRequest_cryptoTokens,
		M(registrationReject), H225_RegistrationReject_protocolIdentifier, H225_RegistrationReject_rejectReason,
		H225_RegistrationReject_cryptoTokens, H225_RegistrationReject_altGKInfo,
		H225_RegistrationRejectReason_securityDenial, H225_RegistrationRejectReason_securityError,
		M(registrationConfirm), H225_RegistrationConfirm_cryptoTokens, "RRQ"},
	{M(unregistrationRequest), H225_UnregistrationRequest_cryptoTokens,
		M(unregistrationReject), NO_FIELD, H225_UnregistrationReject_rejectReason,
		H225_UnregistrationReject_cryptoTokens, H225_UnregistrationReject_altGKInfo,
		H225_UnregRejectReason_securityDenial, H225_UnregRejectReason_securityError,
		M(unregistrationConfirm), H225_UnregistrationConfirm_cryptoTokens, "URQ"},
	{M(admissionRequest), H225_AdmissionRequest_cryptoTokens,
		M(admissionReject), NO_FIELD, H225_AdmissionReject_rejectReason,
		H225_AdmissionReject_cryptoTokens, H225_AdmissionReject_altGKInfo,
		H225_AdmissionRejectReason_securityDenial, H225_AdmissionRejectReason_securityError,
		M(admissionConfirm), H225_AdmissionConfirm_cryptoTokens, "ARQ"},
	{M(bandwidthRequest), H225_BandwidthRequest_cryptoTokens,
		M(bandwidthReject), NO_FIELD, H225_BandwidthReject_rejectReason,
		H225_BandwidthReject_cryptoTokens, H225_BandwidthReject_altGKInfo,
		H225_BandRejectReason_securityDenial, H225_BandRejectReason_securityError,
		M(bandwidthConfirm), H225_BandwidthConfirm_cryptoTokens, "BRQ"},
	{M(disengageRequest), H225_DisengageRequest_cryptoTokens,
		M(disengageReject), NO_FIELD, H225_DisengageReject_rejectReason,
		H225_DisengageReject_cryptoTokens, H225_DisengageReject_altGKInfo,
		H225_DisengageRejectReason_securityDenial, H225_DisengageRejectReason_securityError,
		M(disengageConfirm), H225_DisengageConfirm_cryptoTokens, "DRQ"},
	{M(locationRequest), H225_LocationRequest_cryptoTokens,
		M(locationReject), NO_FIELD, H225_LocationReject_rejectReason,
		H225_LocationReject_cryptoTokens, H225_LocationReject_altGKInfo,
		H225_LocationRejectReason_securityDenial, H225_LocationRejectReason_securityError,
		M(locationConfirm), H225_LocationConfirm_cryptoTokens, "LRQ"},
	{M(infoRequestResponse), H225_InfoRequestResponse_cryptoTokens,
		M(infoRequestNak), NO_FIELD, H225_InfoRequestNak_nakReason,
		H225_InfoRequestNak_cryptoTokens, H225_InfoRequestNak_altGKInfo,
		H225_InfoRequestNakReason_securityDenial, H225_InfoRequestNakReason_securityError,
		M(infoRequestAck), H225_InfoRequestAck_cryptoTokens, "IRR"},
	{M(resourcesAvailableIndicate), H225_ResourcesAvailableIndicate_cryptoTokens,
		NO_FIELD, NO_FIELD, NO_FIELD, NO_FIELD, NO_FIELD, NO_FIELD, NO_FIELD,
		M(resourcesAvailableConfirm), H225_ResourcesAvailableConfirm_cryptoTokens, "RAI"},
};
#undef M
/* clang-format on */

static const struct form *form_of(uint16_t request)
{
	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
		if (forms[i].request == request)
			return &forms[i];
	}
	return NULL;
}

uint16_t gk_refuse_begin(struct gatekeeper *g, struct ras_in *in, const struct refusal *refusal)
{
	const struct form *f = form_of(in->kind);
	struct per_tree *t = &in->answer;
	uint16_t body;

	(void)g;
	if (!f || f->reject == NO_FIELD)
		return PER_NONE;
	body = ras_answer(in, f->reject);
	if (f->version != NO_FIELD)
		gk_put_version(t, body, f->version);
	per_put(t, per_put(t, body, f->reason), refusal->reason);
	return body;
}

void gk_refuse_send(struct gatekeeper *g, struct ras_in *in, const struct refusal *refusal)
{
	const struct form *f = form_of(in->kind);

	g->counters.n_refused++;
	log_put(io_log(g->d.io), &ev_refused, F_Z("request", f ? f->name : "?"),
		F_ADDR("src", &in->from), F_Z("why", refusal->why));
	ras_send(in, NULL, STR_NONE);
}

void gk_refuse(struct gatekeeper *g, struct ras_in *in, const struct refusal *refusal)
{
	if (gk_refuse_begin(g, in, refusal) != PER_NONE)
		gk_refuse_send(g, in, refusal);
}

void gk_limit(struct gatekeeper *g, const struct ras_in *in, const char *setting)
{
	char cause[128];
	struct wr w = wr_of(cause, sizeof cause - 1);

	g->counters.n_refused_limits++;
	log_put(io_log(g->d.io), &ev_limit, F_Z("limit", setting), F_ADDR("src", &in->from));
	if (!timer_is_on(&g->limit_calm)) {
		wr_printf(&w, "%s is reached: what goes beyond it is refused", setting);
		cause[wr_len(&w)] = '\0';
		alarm_raise(g->d.alarms, "H323-001", 0, true, cause,
			"raise it, or see who sends them: fosse status, fosse registrations");
	}
	timer_start(g->d.io, &g->limit_calm, CALM_MS);
}

void gk_refuse_elsewhere(
	struct gatekeeper *g, struct ras_in *in, const struct refusal *refusal, uint16_t field)
{
	uint16_t body = gk_refuse_begin(g, in, refusal), info;
	struct per_tree *t = &in->answer;

	if (g->conf->h323.n_alternates) {
		info = per_put(t, body, field);
		gk_put_alternates(g, t, per_put(t, info, H225_AltGKInfo_alternateGatekeeper));
		per_set_num(t, per_put(t, info, H225_AltGKInfo_altGKisPermanent), false);
	}
	gk_refuse_send(g, in, refusal);
}

/* ---- identity ---- */

static void clock_alarm(struct gatekeeper *g, const struct ras_in *in)
{
	char cause[192], from[ADDR_TEXT_SIZE];
	struct wr w = wr_of(cause, sizeof cause - 1);

	wr_printf(&w, "the clock of %s, or ours, is wrong: a right token is more than %u s off",
		addr_put(&in->from, from), REPLAY_WINDOW_S);
	cause[wr_len(&w)] = '\0';
	alarm_raise(g->d.alarms, "H323-002", 0, false, cause,
		"let both take their time from NTP: timedatectl");
	timer_start(g->d.io, &g->clock_calm, CLOCK_CALM_MS);
}

/* H.225.0 from version 5 on says what is wrong with a token. */
static uint16_t detail_of(enum proof verdict)
{
	switch (verdict) {
	case PROOF_TIME:
		return H225_SecurityErrors_securityWrongSyncTime;
	case PROOF_REPLAY:
		return H225_SecurityErrors_securityReplay;
	case PROOF_OID:
		return H225_SecurityErrors_securityWrongOID;
	case PROOF_GENERAL:
		return H225_SecurityErrors_securityWrongGeneralID;
	case PROOF_WRONG:
		return H225_SecurityErrors_securityIntegrityFailed;
	case PROOF_NONE:
	case PROOF_GOOD:
	case PROOF_FULL:
	case PROOF_MAX:
		break;
	}
	return NO_FIELD;
}

static uint32_t version_of(const struct ras_in *in, const struct endpoint *e)
{
	static const char *const versions[] = {
		"0.0.8.2250.0.1", "0.0.8.2250.0.2", "0.0.8.2250.0.3", "0.0.8.2250.0.4"};
	uint16_t id = PER_NONE;

	if (in->kind == H225_RasMessage_registrationRequest)
		id = per_field(&in->t, in->body, H225_RegistrationRequest_protocolIdentifier);
	else if (in->kind == H225_RasMessage_gatekeeperRequest)
		id = per_field(&in->t, in->body, H225_GatekeeperRequest_protocolIdentifier);
	if (id == PER_NONE)
		return e ? e->version : 0;
	for (uint32_t i = 0; i < 4; i++) {
		if (oid_is(&in->t, id, versions[i]))
			return i + 1;
	}
	return 5;
}

static bool deny(
	struct gatekeeper *g, struct ras_in *in, const struct endpoint *e, enum proof verdict)
{
	const struct form *f = form_of(in->kind);
	uint16_t detail = version_of(in, e) >= 5 ? detail_of(verdict) : NO_FIELD;
	struct refusal refusal = {.why = proof_text(verdict)};
	uint16_t body;

	g->counters.n_refused_auth++;
	log_put(io_log(g->d.io), &ev_login, F_Z("request", f ? f->name : "?"),
		F_ADDR("src", &in->from), F_Z("why", refusal.why));
	if (verdict == PROOF_TIME)
		clock_alarm(g, in);
	if (verdict == PROOF_FULL)
		gk_limit(g, in, "the memory of tokens");
	if (!f || f->reject == NO_FIELD)
		return false;
	refusal.reason = detail == NO_FIELD ? f->denial : f->error;
	body = gk_refuse_begin(g, in, &refusal);
	if (detail != NO_FIELD)
		per_put(&in->answer,
			per_get(&in->answer, body, PER_PATH(f->reason, refusal.reason)), detail);
	gk_refuse_send(g, in, &refusal);
	return false;
}

bool gk_identify(struct gatekeeper *g, struct ras_in *in, const struct endpoint *e,
	enum conf_auth policy, bool may_be_none, struct proved *ret)
{
	const struct form *f = form_of(in->kind);
	uint16_t tokens = f ? per_field(&in->t, in->body, f->tokens) : PER_NONE;
	struct per_tree *work = NULL;
	char id[ENDPOINT_ID_LEN + 1] = "";
	struct proof_ask ask = {.conf = g->conf,
		.replay = &g->replay,
		.now_s = io_wall(g->d.io) / NS_PER_S,
		.source = in->from,
		.gatekeeper = g->conf->node.name,
		.endpoint = id,
		.user = e ? e->user : NULL};

	*ret = (struct proved){.verdict = PROOF_NONE};
	if (policy != AUTH_CHECK)
		return true;
	if (rate_is_over(&g->failed_logins, &in->from, io_now(g->d.io)))
		return false; /* silence: as for SIP, nobody tries passwords at speed */
	if (tokens != PER_NONE && !(work = ras_tree(in->ras)))
		return false;
	if (e)
		endpoint_id(e, id);
	proof_check(&ask, &in->t, tokens, work, ret);
	if (ret->verdict == PROOF_GOOD || (ret->verdict == PROOF_NONE && may_be_none))
		return true;
	if (ret->verdict == PROOF_WRONG)
		(void)rate_pass(&g->failed_logins, &in->from, io_now(g->d.io));
	return deny(g, in, e, ret->verdict);
}

/* Who signs with H.235.1 wants to be answered so; the password hash goes one way. */
void gk_send(struct ras_in *in, const struct gatekeeper *g, const struct proved *by)
{
	const struct form *f = form_of(in->kind);
	uint16_t path[3] = {PER_NONE, PER_NONE, PER_END};
	struct per_tree *t = &in->answer;
	int64_t random = 0;

	if (!f || !by || by->verdict != PROOF_GOOD || by->kind != H235_HMAC) {
		ras_send(in, NULL, STR_NONE);
		return;
	}
	path[0] = f->confirm;
	path[1] = f->confirm_tokens;
	io_random(g->d.io, &random, 3);
	if (h235_put_hmac(t, per_put(t, per_first(t, 0), f->confirm_tokens), g->conf->node.name,
		    by->sender, (uint32_t)(io_wall(g->d.io) / NS_PER_S), random + 1) != OK)
		return;
	ras_send(in, path, by->password);
}

/* ---- common fields ---- */

uint16_t gk_put_version(struct per_tree *t, uint16_t body, uint16_t field)
{
	uint16_t node = per_put(t, body, field);

	(void)oid_put(t, node, OURS);
	return node;
}

void gk_put_text(struct per_tree *t, uint16_t node, const char *text)
{
	struct str bmp;

	if (utf8_to_bmp(t, str_of(text), &bmp))
		per_set_str(t, node, bmp);
}

bool gk_get_text(const struct per_tree *t, uint16_t node, char *ret_z, size_t size)
{
	ret_z[0] = '\0';
	return node != PER_NONE && bmp_to_utf8(per_str(t, node), ret_z, size);
}

struct addr gk_call_address(const struct gatekeeper *g, const struct ras_in *in)
{
	struct addr seen = ras_socket_seen(in->socket);

	return addr_with_port(&seen, plan_range(io_plan(g->d.io), RANGE_H323_CALL).low);
}

/* Priorities by chance, so that the endpoints of a node that goes spread over the others. */
void gk_put_alternates(const struct gatekeeper *g, struct per_tree *t, uint16_t list)
{
	uint16_t port = plan_range(io_plan(g->d.io), RANGE_RAS).low;

	for (uint32_t i = 0; i < g->conf->h323.n_alternates; i++) {
		struct addr ras = addr_with_port(&g->conf->h323.alternates[i], port);
		uint16_t one = per_append(t, list);
		uint8_t priority;

		io_random(g->d.io, &priority, sizeof priority);
		h225_put_addr(t, per_put(t, one, H225_AlternateGK_rasAddress), &ras);
		per_set_num(t, per_put(t, one, H225_AlternateGK_needToRegister), true);
		per_set_num(t, per_put(t, one, H225_AlternateGK_priority), priority % 128);
	}
}

const struct conf_subzone *gk_subzone(
	const struct gatekeeper *g, const struct addr *source, const char *alias)
{
	return policy_subzone(g->conf, io_scratch(g->d.io), source, str_of(alias));
}

void gk_list_neighbours(struct gatekeeper *g)
{
	struct zone *z;

	g->n_peers = 0;
	for (uint32_t i = 0; (z = zone_at(g->d.zones, i)); i++) {
		for (uint32_t k = 0; z->kind == ZK_NEIGHBOR && z->conf->h323.enabled &&
				     k < z->conf->n_peers && g->n_peers < GK_PEERS;
			k++) {
			struct gk_peer *peer = &g->peers[g->n_peers];

			peer->zone = z->handle;
			if (addr_parse_host(str_of(z->conf->peers[k]), &peer->host) == OK)
				g->n_peers++;
		}
	}
}

struct zone *gk_neighbour(const struct gatekeeper *g, const struct addr *source)
{
	for (uint32_t i = 0; i < g->n_peers; i++) {
		if (addr_same_host(&g->peers[i].host, source))
			return zone_get(g->d.zones, g->peers[i].zone);
	}
	return NULL;
}

struct endpoint *gk_sender(
	const struct gatekeeper *g, const struct ras_in *in, uint16_t id_node, bool *ret_is_its)
{
	char id[ENDPOINT_ID_LEN + 2];
	struct endpoint *e = gk_get_text(&in->t, id_node, id, sizeof id)
	                             ? endpoint_by_id(g->endpoints, str_of(id))
	                             : NULL;

	*ret_is_its = e && addr_same_host(&e->source, &in->from);
	return e;
}

enum err gk_read_names(const struct per_tree *t, uint16_t list, struct gk_names *ret)
{
	size_t len = 0;

	ret->n = 0;
	for (uint16_t n = per_first(t, list); n != PER_NONE; n = per_next(t, n)) {
		struct h323_alias alias;
		enum err err = alias_get(t, n, &alias);

		if (err == ERR_NOENT || (err == OK && alias.kind == ALIAS_ADDRESS))
			continue;
		if (err != OK)
			return err;
		len += strlen(alias.text);
		if (ret->n == ENDPOINT_ALIASES || len > ENDPOINT_NAMES_MAX)
			return ERR_FULL;
		ret->v[ret->n++] = alias;
	}
	return OK;
}

bool gk_offers_traversal(const struct gatekeeper *g, const struct ras_in *in, uint16_t features)
{
	return g->conf->node.role == ROLE_EDGE && g->conf->h323.h46018 &&
	       feature_find(&in->t, features, FEATURE_18) != PER_NONE;
}

void gk_put_traversal(struct per_tree *t, uint16_t features)
{
	per_set_num(t, per_put(t, features, H225_FeatureSet_replacementFeatureSet), false);
	(void)generic_append(
		t, per_put(t, features, H225_FeatureSet_supportedFeatures), FEATURE_18);
}
