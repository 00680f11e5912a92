/* use.c - questions to a loaded configuration, and the plan that it asks for. */
#include "conf/conf.h"
#include "conf/schema.h"

#include <string.h>

struct addr_ctx conf_addr_ctx(const struct conf *c, struct addr ret_own[CONF_OWN])
{
	const struct conf_address_policy *p = &c->address_policy;

	ret_own[0] = c->node.inside;
	ret_own[1] = c->node.outside;
	ret_own[2] = c->node.outside_nat;
	return (struct addr_ctx){.own = ret_own,
		.n_own = CONF_OWN,
		.allow = p->allow,
		.n_allow = p->n_allow,
		.deny = p->deny,
		.n_deny = p->n_deny,
		.nat64 = p->nat64,
		.n_nat64 = p->n_nat64,
		.documentation_allowed = p->documentation == DOC_ALLOW};
}

bool conf_is_own(const struct conf *c, const struct addr *a)
{
	const struct conf_node *n = &c->node;

	return addr_same_host(a, &n->inside) || addr_same_host(a, &n->outside) ||
	       addr_same_host(a, &n->outside_nat);
}

const struct conf_zone *conf_zone(const struct conf *c, struct str name)
{
	for (uint32_t i = 0; i < c->n_zones; i++) {
		if (str_eq(str_of(c->zones[i].name), name))
			return &c->zones[i];
	}
	return NULL;
}

const struct conf_zone *conf_ref_zone(const struct conf *c, enum conf_ref ref)
{
	const uint32_t i = (uint32_t)ref - REF_ZONE0;

	return (uint32_t)ref >= REF_ZONE0 && i < c->n_zones ? &c->zones[i] : NULL;
}

struct str conf_ref_name(const struct conf *c, enum conf_ref ref)
{
	const struct conf_zone *z = conf_ref_zone(c, ref);

	if (z)
		return str_of(z->name);
	switch (ref) {
	case REF_ANY:
		return STR("any");
	case REF_ALL_ZONES:
		return STR("all-zones");
	case REF_LOCAL:
		return STR("local");
	case REF_DEFAULT:
		return STR("default");
	case REF_NONE:
	case REF_ZONE0:
		break;
	}
	return STR("none");
}

static bool is_link(const struct conf_zone *z)
{
	return z->type == ZT_TRAVERSAL_CLIENT || z->type == ZT_TRAVERSAL_SERVER;
}

/* Edge has a switch for each protocol of its own. */
static bool h323_goes_through(const struct conf *c, const struct conf_zone *z)
{
	bool is_offered = z->h323.protocol == 0 ? c->h323.assent : c->h323.h46018;

	return c->h323.enabled && z->h323.enabled && !z->uc &&
	       (c->node.role == ROLE_CONTROL || is_offered);
}

static void add_links(const struct conf *c, bool with_later, struct plan *p)
{
	for (uint32_t i = 0; i < c->n_zones; i++) {
		const struct conf_zone *z = &c->zones[i];
		const bool has_h323 = h323_goes_through(c, z);
		struct plan_link link = {.is_uc = z->uc,
			.sip_port = z->sip.enabled ? z->sip.port : 0,
			.sip_transport = z->sip.transport == TRANSPORT_TCP ? PROTO_TCP : PROTO_TLS,
			.h323_port = has_h323 ? z->h323.port : 0};

		if (!is_link(z) || (z->uc && !with_later))
			continue;
		if (plan_add_link(p, &link) != OK)
			return; /* the plan has room for CONF_ZONES */
		if (!has_h323)
			continue;
		p->switches[z->h323.protocol == 0 ? SW_ASSENT : SW_H46018] = true;
		p->switches[SW_H46019_MUX] |= z->h323.protocol == 1 && z->h323.mux;
	}
}

static void switch_later(const struct conf *c, bool *sw)
{
	sw[SW_HTTP] = c->admin.http == 1;
	sw[SW_HTTPS] = c->admin.https;
	sw[SW_SSH] = c->admin.ssh;
	sw[SW_SNMP] = c->snmp.enabled;
	sw[SW_NTP] = c->ntp.n_servers > 0;
	sw[SW_LDAP] = c->ldap.enabled;
	sw[SW_LDAPS] = c->ldap.enabled && c->ldap.tls == 2;
	sw[SW_SYSLOG] = c->syslog.n_servers > 0;
	sw[SW_FEEDBACK] = c->n_feedback > 0;
	sw[SW_UC] = sw[SW_UC] || c->uc.enabled;
	sw[SW_TURN] = c->node.role == ROLE_EDGE && c->turn.enabled;
	sw[SW_UC_TURN] = sw[SW_UC] && sw[SW_TURN];
	sw[SW_ACME] = c->certificates.acme;
}

void conf_to_plan(const struct conf *c, bool with_later, struct plan *ret_plan)
{
	struct plan p;
	bool *sw = p.switches;

	plan_defaults(&p, c->node.role == ROLE_EDGE ? HOST_EDGE : HOST_CONTROL,
		c->node.size == SIZE_LARGE);
	for (enum plan_range range = RANGE_NONE + 1; range < PLAN_RANGE_MAX; range++) {
		if (range != RANGE_MUX && range != RANGE_RTP)
			p.ranges[range] = c->ports[range];
	}
	sw[SW_DNS] = c->dns.n_servers > 0;
	sw[SW_DNS_TCP] = sw[SW_DNS] && c->dns.tcp;
	sw[SW_SIP_UDP] = c->sip.udp;
	sw[SW_SIP_TCP] = c->sip.tcp;
	sw[SW_SIP_TLS] = c->sip.tls;
	sw[SW_SIP_MTLS] = c->sip.mtls;
	sw[SW_SIP] = c->sip.udp || c->sip.tcp || c->sip.tls || c->sip.mtls;
	sw[SW_H323] = c->h323.enabled;
	add_links(c, with_later, &p);
	if (with_later)
		switch_later(c, sw);
	*ret_plan = p;
}
