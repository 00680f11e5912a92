/* register.c - RRQ, in its three forms. A registration is checked whole before anything is changed. */
#include <string.h>

#include "h323/gk.h"

#define TTL_MIN_S       10u
#define TTL_TRAVERSAL_S 19u /* a NAT's pinhole lives 20 s (H.460.18 clause 7) */

LOG_EVENT(ev_registered, "REG-110", LOG_INFO, "an H.323 endpoint is registered");

/* ---- what a message says of its sender ---- */

static void read_vendor(const struct per_tree *t, uint16_t vendor, struct endpoint *e)
{
	uint16_t id = per_field(t, vendor, H225_VendorIdentifier_vendor);
	struct str product = per_str(t, per_field(t, vendor, H225_VendorIdentifier_productId));
	struct str version = per_str(t, per_field(t, vendor, H225_VendorIdentifier_versionId));
	struct wr w = wr_of(e->vendor, sizeof e->vendor - 1);

	product = str_head(product, str_find(product, '\0'));
	version = str_head(version, str_find(version, '\0'));
	wr_str(&w, str_head(product, 40));
	if (product.len && version.len)
		wr_u8(&w, ' ');
	wr_str(&w, str_head(version, sizeof e->vendor - 1 - wr_len(&w)));
	e->vendor[wr_len(&w)] = '\0';
	e->vendor_key =
		(uint64_t)per_num(t, per_field(t, id, H225_H221NonStandard_t35CountryCode), 0)
			<< 24 |
		(uint64_t)per_num(t, per_field(t, id, H225_H221NonStandard_t35Extension), 0) << 16 |
		(uint64_t)per_num(t, per_field(t, id, H225_H221NonStandard_manufacturerCode), 0);
}

static bool may_be_called(const struct gatekeeper *g, const struct addr *a)
{
	struct addr_ctx ctx = zone_addr_ctx(g->d.zones, zone_local(g->d.zones));
	struct addr_ok ok;

	return addr_policy(&ctx, USE_SIP_NEXT_HOP, a, &ok, NULL) == OK;
}

static bool lists_host(const struct per_tree *t, uint16_t list, const struct addr *host)
{
	for (uint16_t n = per_first(t, list); n != PER_NONE; n = per_next(t, n)) {
		struct addr a;

		if (h225_addr(t, n, &a) && addr_same_host(&a, host))
			return true;
	}
	return false;
}

static void add_call_address(const struct gatekeeper *g, struct endpoint *e, struct addr a)
{
	if (e->is_nat)
		a = addr_with_port(&e->source, a.port);
	if (e->n_calls_at == ENDPOINT_ADDRESSES || !may_be_called(g, &a))
		return;
	for (uint32_t i = 0; i < e->n_calls_at; i++) {
		if (addr_eq(&e->call[i], &a))
			return;
	}
	e->call[e->n_calls_at++] = a;
}

/* Behind a NAT the port is the one that was said, at the host that we see. */
static void read_addresses(const struct gatekeeper *g, const struct ras_in *in, struct endpoint *e)
{
	uint16_t ras = per_field(&in->t, in->body, H225_RegistrationRequest_rasAddress);
	uint16_t call = per_field(&in->t, in->body, H225_RegistrationRequest_callSignalAddress);

	e->source = in->from;
	e->local = ras_socket_addr(in->socket);
	e->is_nat = !lists_host(&in->t, ras, &in->from);
	for (uint16_t n = per_first(&in->t, call); n != PER_NONE; n = per_next(&in->t, n)) {
		struct addr a;

		if (h225_addr(&in->t, n, &a))
			add_call_address(g, e, a);
	}
}

/* ---- RRQ: what is wanted ---- */

struct reg {
	struct gatekeeper *g;
	struct ras_in *in;
	struct proved proved;
	struct gk_names names;
	struct endpoint wish;                     /* its addresses, vendor, flags */
	struct endpoint *old;                     /* the one that it is already */
	struct endpoint *taken[ENDPOINT_ALIASES]; /* who has one of its names */
	size_t n_taken;
};

static uint16_t field(const struct reg *reg, uint16_t f)
{
	return per_field(&reg->in->t, reg->in->body, f);
}

static bool refuse(struct reg *reg, uint16_t reason, const char *why)
{
	gk_refuse(reg->g, reg->in, &(struct refusal){reason, why});
	return false;
}

static bool refuse_limit(struct reg *reg, const char *setting, const char *why)
{
	gk_limit(reg->g, reg->in, setting);
	return refuse(reg, H225_RegistrationRejectReason_resourceUnavailable, why);
}

static uint32_t granted_ttl(const struct reg *reg, bool is_traversal)
{
	uint32_t most = reg->g->conf->h323.ttl_ms / 1000;
	int64_t asked = per_num(&reg->in->t, field(reg, H225_RegistrationRequest_timeToLive), 0);
	uint32_t ttl = asked > 0 && asked < (int64_t)most ? (uint32_t)asked : most;

	if (ttl < TTL_MIN_S)
		ttl = TTL_MIN_S;
	return is_traversal && ttl > TTL_TRAVERSAL_S ? TTL_TRAVERSAL_S : ttl;
}

static uint32_t version_of(const struct reg *reg)
{
	char oid[] = "0.0.8.2250.0.1";
	uint16_t node = field(reg, H225_RegistrationRequest_protocolIdentifier);

	for (uint32_t v = 1; v < 9; v++, oid[sizeof oid - 2]++) {
		if (oid_is(&reg->in->t, node, oid))
			return v;
	}
	return 9;
}

static bool read_wish(struct reg *reg)
{
	struct endpoint *w = &reg->wish;
	uint16_t type = field(reg, H225_RegistrationRequest_terminalType);
	enum err err = gk_read_names(
		&reg->in->t, field(reg, H225_RegistrationRequest_terminalAlias), &reg->names);

	if (err == ERR_FULL)
		return refuse(reg, H225_RegistrationRejectReason_resourceUnavailable,
			"more names than an endpoint may have: 32, of 1,100 octets together");
	if (err != OK)
		return refuse(reg, H225_RegistrationRejectReason_invalidAlias,
			"a name is empty, too long or no text");
	if (!per_count(&reg->in->t, field(reg, H225_RegistrationRequest_rasAddress)))
		return refuse(
			reg, H225_RegistrationRejectReason_invalidRASAddress, "no address for RAS");
	read_addresses(reg->g, reg->in, w);
	read_vendor(&reg->in->t, field(reg, H225_RegistrationRequest_endpointVendor), w);
	w->is_traversal = gk_offers_traversal(
		reg->g, reg->in, field(reg, H225_RegistrationRequest_featureSet));
	w->is_gateway = per_field(&reg->in->t, type, H225_EndpointType_gateway) != PER_NONE;
	w->version = version_of(reg);
	w->ttl_s = granted_ttl(reg, w->is_traversal);
	if (!w->n_calls_at)
		return refuse(reg, H225_RegistrationRejectReason_invalidCallSignalAddress,
			"no call signalling address that may be called");
	return true;
}

/* An endpoint without a name is known by its address. */
static void name_it(struct reg *reg)
{
	char text[ADDR_TEXT_SIZE];

	if (reg->names.n)
		return;
	reg->names.n = 1;
	reg->names.v[0].kind = ALIAS_ID;
	(void)str_copy(str_of(addr_put(&reg->wish.call[0], text)), reg->names.v[0].text,
		sizeof reg->names.v[0].text);
}

/* ---- RRQ: may it be ---- */

static bool is_open(struct reg *reg, bool has_calls)
{
	const struct gatekeeper *g = reg->g;

	if (!g->conf->h323.registration)
		return refuse(reg, H225_RegistrationRejectReason_securityDenial,
			"registration is not offered here (h323.registration)");
	if (!g->conf->h323.maintenance || has_calls)
		return true;
	gk_refuse_elsewhere(reg->g, reg->in,
		&(struct refusal){H225_RegistrationRejectReason_resourceUnavailable,
			"maintenance (h323.maintenance)"},
		H225_RegistrationReject_altGKInfo);
	return false;
}

/* By a name, by the address or by the maker: any that is listed lists the endpoint. */
static bool is_listed(const struct reg *reg)
{
	struct scratch *scratch = io_scratch(reg->g->d.io);
	char host[ADDR_TEXT_SIZE];

	for (size_t i = 0; i < reg->names.n; i++) {
		if (policy_lists(reg->g->conf, scratch, str_of(reg->names.v[i].text)))
			return true;
	}
	return policy_lists(reg->g->conf, scratch, str_of(addr_put_host(&reg->in->from, host))) ||
	       (reg->wish.vendor[0] &&
		       policy_lists(reg->g->conf, scratch, str_of(reg->wish.vendor)));
}

/* A user's name is his: nobody else who has a password registers it. */
static bool has_foreign_name(const struct reg *reg)
{
	const struct conf *conf = reg->g->conf;

	for (size_t i = 0; i < reg->names.n && reg->proved.user[0]; i++) {
		struct str name = str_of(reg->names.v[i].text);
		struct str local = str_head(name, str_find(name, '@'));

		for (uint32_t k = 0; k < conf->n_users; k++) {
			struct str user = str_of(conf->users[k].name);

			if (!str_eq(user, str_of(reg->proved.user)) &&
				(str_ieq(user, name) || str_ieq(user, local)))
				return true;
		}
	}
	return false;
}

/* Whose names they are, and what the lists say. */
static bool may_have_names(struct reg *reg)
{
	enum conf_reg_policy policy = reg->g->conf->registration_policy;

	if (has_foreign_name(reg))
		return refuse(
			reg, H225_RegistrationRejectReason_securityDenial, "another user's name");
	if (policy != REG_POLICY_NONE && is_listed(reg) != (policy == REG_POLICY_ALLOW))
		return refuse(reg, H225_RegistrationRejectReason_securityDenial,
			"registration policy (registration_policy)");
	return true;
}

static bool is_allowed(struct reg *reg)
{
	struct gatekeeper *g = reg->g;
	const struct conf_subzone *zone = gk_subzone(g, &reg->in->from, reg->names.v[0].text);

	if (zone->registration == REG_DENY)
		return refuse(reg, H225_RegistrationRejectReason_securityDenial,
			"registration is denied in its subzone");
	return gk_identify(g, reg->in, reg->old, zone->authentication, false, &reg->proved) &&
	       may_have_names(reg);
}

/* ---- RRQ: names of others ---- */

static void refuse_names(struct reg *reg)
{
	struct refusal refusal = {
		H225_RegistrationRejectReason_duplicateAlias, "others have a name that it wants"};
	uint16_t body = gk_refuse_begin(reg->g, reg->in, &refusal);
	struct per_tree *t = &reg->in->answer;
	uint16_t list = per_get(t, body,
		PER_PATH(H225_RegistrationReject_rejectReason,
			H225_RegistrationRejectReason_duplicateAlias));

	for (size_t i = 0; i < reg->names.n; i++) {
		struct endpoint *e =
			endpoint_by_alias(reg->g->endpoints, str_of(reg->names.v[i].text));

		if (e && e != reg->old)
			(void)!alias_put(t, per_append(t, list), &reg->names.v[i]);
	}
	gk_refuse_send(reg->g, reg->in, &refusal);
}

static bool is_same_device(const struct reg *reg, const struct endpoint *e)
{
	return addr_same_host(&e->source, &reg->in->from) && e->vendor_key == reg->wish.vendor_key;
}

/* Who stands in the way goes if it is this very device before it was started anew, or by the configuration
 * if this one proved who it is. */
static bool names_are_free(struct reg *reg)
{
	bool may_overwrite =
		reg->g->conf->h323.registration_conflict == 1 && reg->proved.verdict == PROOF_GOOD;

	for (size_t i = 0; i < reg->names.n; i++) {
		struct endpoint *e =
			endpoint_by_alias(reg->g->endpoints, str_of(reg->names.v[i].text));

		if (!e || e == reg->old)
			continue;
		if (!is_same_device(reg, e) && !may_overwrite) {
			refuse_names(reg);
			return false;
		}
		reg->taken[reg->n_taken++] = e;
	}
	return true;
}

static void free_names(struct reg *reg)
{
	for (size_t i = 0; i < reg->n_taken; i++) {
		struct endpoint *e = reg->taken[i];
		bool is_first = true;

		for (size_t k = 0; k < i; k++)
			is_first = is_first && reg->taken[k] != e;
		if (!is_first)
			continue;
		reg->g->counters.n_replaced++;
		if (is_same_device(reg, e))
			register_drop(reg->g, e, "registered anew by the same device", -1);
		else
			register_drop(reg->g, e, "another endpoint took its name",
				H225_UnregRequestReason_undefinedReason);
	}
}

/* ---- RRQ: doing it ---- */

static uint16_t confirm_begin(struct reg *reg, const struct endpoint *e)
{
	struct per_tree *t = &reg->in->answer;
	uint16_t body = ras_answer(reg->in, H225_RasMessage_registrationConfirm);
	struct addr call = gk_call_address(reg->g, reg->in);
	char id[ENDPOINT_ID_LEN + 1];

	endpoint_id(e, id);
	gk_put_version(t, body, H225_RegistrationConfirm_protocolIdentifier);
	h225_put_addr(t,
		per_append(t, per_put(t, body, H225_RegistrationConfirm_callSignalAddress)), &call);
	gk_put_text(t, per_put(t, body, H225_RegistrationConfirm_gatekeeperIdentifier),
		reg->g->conf->node.name);
	gk_put_text(t, per_put(t, body, H225_RegistrationConfirm_endpointIdentifier), id);
	per_set_num(t, per_put(t, body, H225_RegistrationConfirm_timeToLive), e->ttl_s);
	per_set_num(t, per_put(t, body, H225_RegistrationConfirm_willRespondToIRR), false);
	per_set_num(t, per_put(t, body, H225_RegistrationConfirm_maintainConnection), false);
	if (e->version >= 4)
		per_put(t, body, H225_RegistrationConfirm_supportsAdditiveRegistration);
	if (e->is_traversal)
		gk_put_traversal(t, per_put(t, body, H225_RegistrationConfirm_featureSet));
	return body;
}

static void confirm(struct reg *reg, struct endpoint *e)
{
	struct per_tree *t = &reg->in->answer;
	uint16_t body = confirm_begin(reg, e);
	uint16_t list = per_put(t, body, H225_RegistrationConfirm_terminalAlias);

	for (struct endpoint_alias *a = endpoint_first_alias(e); a; a = endpoint_next_alias(e, a)) {
		struct h323_alias alias = {.kind = a->kind};

		(void)str_copy(str_of(a->text), alias.text, sizeof alias.text);
		(void)!alias_put(t, per_append(t, list), &alias);
	}
	if (reg->g->conf->h323.n_alternates)
		gk_put_alternates(
			reg->g, t, per_put(t, body, H225_RegistrationConfirm_alternateGatekeeper));
	gk_send(reg->in, reg->g, &reg->proved);
}

static void take_over(struct endpoint *e, const struct reg *reg)
{
	const struct endpoint *w = &reg->wish;

	e->source = w->source;
	e->local = w->local;
	memcpy(e->call, w->call, sizeof e->call);
	e->n_calls_at = w->n_calls_at;
	memcpy(e->vendor, w->vendor, sizeof e->vendor);
	e->vendor_key = w->vendor_key;
	memcpy(e->user, reg->proved.user, sizeof e->user);
	e->ttl_s = w->ttl_s;
	e->version = w->version;
	e->is_nat = w->is_nat;
	e->is_traversal = w->is_traversal;
	e->is_gateway = w->is_gateway;
	e->is_full = false;
}

static void settle(struct reg *reg, struct endpoint *e)
{
	const struct endpoint_alias *a = endpoint_first_alias(e);

	endpoint_place(e);
	endpoint_refresh(e);
	endpoint_show(e);
	endpoint_keep(e);
	log_put(io_log(reg->g->d.io), &ev_registered, F_Z("alias", a ? a->text : ""),
		F_NUM("aliases", e->n_aliases), F_ADDR("peer", &e->source),
		F_ADDR("calls", &e->call[0]), F_NUM("ttl", e->ttl_s), F_NUM("nat", e->is_nat),
		F_Z("user", e->user), F_Z("device", e->vendor));
	confirm(reg, e);
}

/* The table of names is as large as four for each endpoint: some may have more, not all. */
static bool put_names(struct reg *reg, struct endpoint *e)
{
	for (size_t i = 0; i < reg->names.n; i++) {
		if (endpoint_add_alias(e, reg->names.v[i].kind, str_of(reg->names.v[i].text)) ==
			ERR_FULL)
			return false;
	}
	return true;
}

static void apply(struct reg *reg)
{
	struct endpoint *e = reg->old;
	struct endpoint_alias *a;

	if (!e && keep_is_stalled(reg->g->d.keep)) {
		refuse_limit(reg, "the keeper", "busy");
		return;
	}
	free_names(reg);
	if (!e)
		e = endpoint_take(reg->g->endpoints);
	if (!e) {
		refuse_limit(reg, "limits.registrations", "too many registrations");
		return;
	}
	while ((a = endpoint_first_alias(e)))
		endpoint_remove_alias(a);
	take_over(e, reg);
	if (!put_names(reg, e)) {
		register_drop(reg->g, e, "no room for its names", -1);
		refuse_limit(reg, "limits.registrations", "too many names of all endpoints");
		return;
	}
	reg->g->counters.n_registered += !reg->old;
	settle(reg, e);
}

/* ---- RRQ: its three forms ---- */

/* Another host's word for an endpoint counts only with a password. */
static bool speaks_for_it(struct reg *reg, const struct endpoint *e, bool is_its)
{
	const struct endpoint_alias *a = endpoint_first_alias(e);
	const struct conf_subzone *zone = gk_subzone(reg->g, &reg->in->from, a ? a->text : "");

	if (!gk_identify(reg->g, reg->in, e, zone->authentication, false, &reg->proved))
		return false;
	if (is_its || (reg->proved.verdict == PROOF_GOOD &&
			      str_eq(str_of(reg->proved.user), str_of(e->user))))
		return true;
	return refuse(reg, H225_RegistrationRejectReason_fullRegistrationRequired,
		"registered from another address");
}

/* Lightweight: its time begins anew, and its messages go to where this one came from. Names stay. */
static void keep_alive(struct reg *reg, struct endpoint *e, bool is_its)
{
	if (!e) {
		refuse(reg, H225_RegistrationRejectReason_fullRegistrationRequired,
			"no such registration, or it expired");
		return;
	}
	if (!is_open(reg, !list_is_empty(&e->calls)) || !speaks_for_it(reg, e, is_its))
		return;
	if (!addr_eq(&e->source, &reg->in->from)) {
		e->source = reg->in->from;
		e->local = ras_socket_addr(reg->in->socket);
		endpoint_place(e);
		endpoint_keep(e);
	}
	endpoint_refresh(e);
	endpoint_show(e);
	(void)confirm_begin(reg, e);
	gk_send(reg->in, reg->g, &reg->proved);
}

static void add_to(struct reg *reg, struct endpoint *e, bool is_its)
{
	uint16_t call = field(reg, H225_RegistrationRequest_callSignalAddress);

	if (!e) {
		refuse(reg, H225_RegistrationRejectReason_fullRegistrationRequired,
			"nothing to add to: no such registration");
		return;
	}
	reg->old = e;
	if (!is_open(reg, true) || !speaks_for_it(reg, e, is_its) || !read_wish(reg) ||
		!may_have_names(reg) || !names_are_free(reg))
		return;
	free_names(reg);
	if (!put_names(reg, e)) {
		endpoint_keep(e);
		refuse(reg, H225_RegistrationRejectReason_resourceUnavailable,
			"more names than an endpoint may have: 32, of 1,100 octets together");
		return;
	}
	for (uint16_t n = per_first(&reg->in->t, call); n != PER_NONE;
		n = per_next(&reg->in->t, n)) {
		struct addr a;

		if (h225_addr(&reg->in->t, n, &a))
			add_call_address(reg->g, e, a);
	}
	settle(reg, e);
}

static void full(struct reg *reg, struct endpoint *e, bool is_its)
{
	reg->old = is_its ? e : endpoint_by_source(reg->g->endpoints, &reg->in->from);
	if (!is_open(reg, false) || !read_wish(reg))
		return;
	name_it(reg);
	if (is_allowed(reg) && names_are_free(reg))
		apply(reg);
}

void register_request(struct gatekeeper *g, struct ras_in *in)
{
	struct reg *reg = scratch_take(io_scratch(g->d.io), sizeof *reg);
	struct endpoint *e;
	bool is_its;

	if (!reg)
		return;
	reg->g = g;
	reg->in = in;
	e = gk_sender(g, in, field(reg, H225_RegistrationRequest_endpointIdentifier), &is_its);
	if (per_num(&in->t, field(reg, H225_RegistrationRequest_keepAlive), false))
		keep_alive(reg, e, is_its);
	else if (field(reg, H225_RegistrationRequest_additiveRegistration) != PER_NONE)
		add_to(reg, e, is_its);
	else
		full(reg, e, is_its);
}
