/* discover.c - GRQ: whether an endpoint may look for us, and what it shall prove itself by. */
#include <string.h>

#include "h323/gk.h"

static const char oid_md5[] = "1.2.840.113549.2.5";
static const char oid_hmac[] = "0.0.8.235.0.2.6";

static bool lists_oid(const struct per_tree *t, uint16_t list, const char *oid)
{
	for (uint16_t n = per_first(t, list); n != PER_NONE; n = per_next(t, n)) {
		if (oid_is(t, n, oid))
			return true;
	}
	return false;
}

/* What the endpoint shall prove itself by, of what it says that it can. */
static void put_authentication(struct gatekeeper *g, struct ras_in *in, uint16_t body)
{
	uint16_t oids = per_field(&in->t, in->body, H225_GatekeeperRequest_algorithmOIDs);
	const char *oid = NULL;
	struct per_tree *t = &in->answer;

	if (lists_oid(&in->t, oids, oid_hmac))
		oid = oid_hmac;
	else if (g->conf->h323.md5 && lists_oid(&in->t, oids, oid_md5))
		oid = oid_md5;
	if (!oid)
		return;
	per_put(t, per_put(t, body, H225_GatekeeperConfirm_authenticationMode),
		H235_AuthenticationMechanism_pwdHash);
	(void)oid_put(t, per_put(t, body, H225_GatekeeperConfirm_algorithmOID), oid);
}

static bool is_known(struct gatekeeper *g, const struct ras_in *in, const struct gk_names *names)
{
	if (endpoint_by_source(g->endpoints, &in->from))
		return true;
	for (size_t i = 0; i < names->n; i++) {
		struct endpoint *e = endpoint_by_alias(g->endpoints, str_of(names->v[i].text));

		if (e && addr_same_host(&e->source, &in->from))
			return true;
	}
	return false;
}

static const char *why_not_discovered(
	struct gatekeeper *g, const struct ras_in *in, const struct gk_names *names)
{
	uint16_t id = per_field(&in->t, in->body, H225_GatekeeperRequest_gatekeeperIdentifier);
	char asked[H323_ALIAS_MAX];
	const char *first = names->n ? names->v[0].text : "";

	if (!g->conf->h323.registration)
		return "registration is not offered here (h323.registration)";
	if (gk_get_text(&in->t, id, asked, sizeof asked) && asked[0] &&
		!str_ieq(str_of(asked), str_of(g->conf->node.name)))
		return "another gatekeeper is asked for";
	if (!g->conf->h323.auto_discover && !is_known(g, in, names))
		return "discovery is off (h323.auto_discover)";
	if (gk_subzone(g, &in->from, first)->registration == REG_DENY)
		return "registration is denied in its subzone";
	return NULL;
}

static void confirm_discovery(struct gatekeeper *g, struct ras_in *in, bool wants_password)
{
	struct per_tree *t = &in->answer;
	uint16_t body = ras_answer(in, H225_RasMessage_gatekeeperConfirm);
	struct addr ras = ras_socket_seen(in->socket);

	gk_put_version(t, body, H225_GatekeeperConfirm_protocolIdentifier);
	gk_put_text(t, per_put(t, body, H225_GatekeeperConfirm_gatekeeperIdentifier),
		g->conf->node.name);
	h225_put_addr(t, per_put(t, body, H225_GatekeeperConfirm_rasAddress), &ras);
	if (g->conf->h323.n_alternates)
		gk_put_alternates(
			g, t, per_put(t, body, H225_GatekeeperConfirm_alternateGatekeeper));
	if (wants_password)
		put_authentication(g, in, body);
	if (gk_offers_traversal(
		    g, in, per_field(&in->t, in->body, H225_GatekeeperRequest_featureSet)))
		gk_put_traversal(t, per_put(t, body, H225_GatekeeperConfirm_featureSet));
	ras_send(in, NULL, STR_NONE);
}

void register_discover(struct gatekeeper *g, struct ras_in *in)
{
	struct gk_names *names = scratch_take(io_scratch(g->d.io), sizeof *names);
	struct refusal excluded = {H225_GatekeeperRejectReason_terminalExcluded, NULL};
	uint16_t list = per_field(&in->t, in->body, H225_GatekeeperRequest_endpointAlias);
	const char *first;

	if (!names)
		return;
	if (gk_read_names(&in->t, list, names) != OK)
		names->n = 0; /* the registration will be told */
	excluded.why = why_not_discovered(g, in, names);
	if (excluded.why) {
		gk_refuse(g, in, &excluded);
		return;
	}
	if (g->conf->h323.maintenance) {
		gk_refuse_elsewhere(g, in,
			&(struct refusal){H225_GatekeeperRejectReason_resourceUnavailable,
				"maintenance (h323.maintenance)"},
			H225_GatekeeperReject_altGKInfo);
		return;
	}
	first = names->n ? names->v[0].text : "";
	confirm_discovery(g, in, gk_subzone(g, &in->from, first)->authentication == AUTH_CHECK);
}
