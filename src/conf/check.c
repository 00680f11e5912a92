/* check.c - rules over several options: what each value alone cannot show.
 *
 * A rule that compares options keeps silent when one of them is already known to be wrong, so that one
 * mistake is one message. Nothing here changes a value, but for the pairings that zones name. */
#include "conf/check.h"

#include <stdio.h>
#include <string.h>

#include "base/regex.h"
#include "conf/nearest.h"
#include "conf/spot.h"
#include "conf/zones.h"

/* ---- the node ---- */

static bool is_host_address(const struct addr *a)
{
	if (addr_is_any(a))
		return false;
	if (a->family == AF_V6)
		return a->ip[0] != 0xff;
	return a->ip[0] > 0 && a->ip[0] < 224;
}

static bool is_family_in_use(const struct conf *c, const struct addr *a)
{
	if (c->node.ip_protocol == IP_BOTH)
		return true;
	return (a->family == AF_V6) == (c->node.ip_protocol == IP_V6);
}

static void check_address(struct reading *r, const char *key, const struct addr *a)
{
	struct spot s = spot(r, "node.addresses.%s", key);

	if (!s.is_set || !a->family)
		return;
	if (!is_host_address(a))
		fault(r, &s, "is no address of a host");
	else if (!is_family_in_use(r->c, a))
		fault(r, &s, "is not of the family that node.ip_protocol allows");
}

static void check_node(struct reading *r)
{
	const struct conf *c = r->c;
	struct spot s = spot(r, "sip");

	check_address(r, "inside", &c->node.inside);
	check_address(r, "outside", &c->node.outside);
	check_address(r, "outside_nat", &c->node.outside_nat);
	if (c->node.outside_nat.family == AF_V6) {
		s = spot(r, "node.addresses.outside_nat");
		fault(r, &s, "is not IPv4: a static NAT is for IPv4 alone");
	}
	s = spot(r, "sip");
	if (!c->sip.udp && !c->sip.tcp && !c->sip.tls && !c->sip.mtls)
		hint(r, &s, "udp, tcp and tls are all off: nobody can call this node");
	s = spot(r, "users");
	if (c->sip.registrar && c->n_users && !c->sip.n_domains)
		hint(r, &s, "there are no sip.domains, so nobody can register");
}

/* ---- pairs of which the first must not be above the second ---- */

static const struct {
	const char *low, *high;
} pairs[] = {
	{"sip.registration.min", "sip.registration.max"},
	{"sip.registration.outbound_min", "sip.registration.outbound_max"},
	{"sip.session_refresh_min", "sip.session_refresh"},
	{"limits.invites_per_source", "limits.invites"},
	{"limits.invites_per_zone", "limits.invites"},
	{"limits.handshakes_per_source", "limits.handshakes"},
	{"limits.connections_per_source", "limits.connections_per_source_authenticated"},
	{"media.silence", "media.silence_held"},
	{"uc.auth.token_lifetime", "uc.auth.cleanup"},
	{"uc.xmpp.pool_min", "uc.xmpp.pool_max"},
	{"uc.xmpp.stanza_max_before_auth", "uc.xmpp.stanza_max"},
	{"turn.lifetime.default", "turn.lifetime.max"},
	{"turn.quota.per_user", "turn.quota.total"},
	{"admin.session.idle", "admin.session.max"},
	{"zones[].retry.first", "zones[].retry.max"},
	{"zones[].probe.retry", "zones[].probe.tcp_keepalive"},
};

static const struct opt *row_of(const char *path)
{
	for (uint32_t i = 0; i < schema_n(); i++) {
		if (strcmp(schema[i].path, path) == 0)
			return &schema[i];
	}
	return NULL;
}

static void check_pair(
	struct reading *r, const char *prefix, size_t skip, size_t pair, const void *base)
{
	const struct opt *low = row_of(pairs[pair].low), *high = row_of(pairs[pair].high);
	struct spot a = spot(r, "%s%s", prefix, pairs[pair].low + skip);
	struct spot b = spot(r, "%s%s", prefix, pairs[pair].high + skip);
	uint32_t x, y;
	char text[32];
	struct wr w = wr_of(text, sizeof text);

	if (!low || !high || spot_is_bad(r, &a) || spot_is_bad(r, &b))
		return;
	memcpy(&x, opt_at_const(low, base, 0), sizeof x);
	memcpy(&y, opt_at_const(high, base, 0), sizeof y);
	if (x <= y)
		return;
	value_put(a.is_set ? high : low, r->c, a.is_set ? &y : &x, &w);
	if (a.is_set)
		fault(r, &a, "is above %s, which is " STR_FMT, b.path, STR_ARG(wr_done(&w)));
	else
		fault(r, &b, "is below %s, which is " STR_FMT, a.path, STR_ARG(wr_done(&w)));
}

static void check_pairs(struct reading *r)
{
	const size_t in_zone = strlen("zones[]");
	char prefix[24];

	for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
		if (strncmp(pairs[i].low, "zones[]", in_zone) != 0) {
			check_pair(r, "", 0, i, r->c);
			continue;
		}
		for (uint32_t z = 0; z < r->c->n_zones; z++) {
			(void)snprintf(prefix, sizeof prefix, "zones[%u]", z);
			check_pair(r, prefix, in_zone, i, &r->c->zones[z]);
		}
	}
}

/* ---- names that must differ ---- */

/* The subzone of those who fit no other is added where the file has none, and needs room. */
static void check_default_subzone(struct reading *r)
{
	const struct conf *c = r->c;
	struct spot s = spot(r, "subzones");

	for (uint32_t i = 0; i < c->n_subzones; i++) {
		if (strcmp(c->subzones[i].name, "default") == 0)
			return;
	}
	if (c->n_subzones == CONF_SUBZONES)
		fault(r, &s, "has no room for the subzone \"default\": %u are the most",
			CONF_SUBZONES);
}

static void check_names(struct reading *r)
{
	const struct conf *c = r->c;
	struct spot s;

	check_default_subzone(r);
	for (uint32_t i = 1; i < c->n_subzones; i++) {
		for (uint32_t k = 0; k < i; k++) {
			s = spot(r, "subzones[%u].name", i);
			if (c->subzones[i].name[0] &&
				strcmp(c->subzones[i].name, c->subzones[k].name) == 0)
				fault(r, &s, "\"%s\" is the name of subzones[%u] too",
					c->subzones[i].name, k);
		}
	}
	for (uint32_t i = 1; i < c->n_users; i++) {
		for (uint32_t k = 0; k < i; k++) {
			if (!c->users[i].name[0] || strcmp(c->users[i].name, c->users[k].name) != 0)
				continue;
			s = spot(r, "users[%u].name", i);
			fault(r, &s, "\"%s\" is the name of users[%u] too", c->users[i].name, k);
			break;
		}
	}
}

/* ---- patterns ---- */

/* Whether the replacement names a group that the pattern has; tells. */
static void check_groups(
	struct reading *r, const struct spot *s, const char *text, unsigned n_groups)
{
	for (const char *p = strchr(text, '\\'); p; p = strchr(p, '\\')) {
		if (p[1] >= '0' && p[1] <= '9' && (unsigned)(p[1] - '0') > n_groups) {
			fault(r, s, "\\%c has no group in the pattern, which has %u", p[1],
				n_groups);
			return;
		}
		if (!(p[1] >= '0' && p[1] <= '9') && p[1] != '\\') {
			fault(r, s, "\"\\\" stands before neither a digit nor \"\\\"");
			return;
		}
		p += 2;
	}
}

static void check_regex(struct reading *r, const char *section, uint32_t i, const char *pattern,
	const char *replace)
{
	struct spot s = spot(r, "%s[%u].pattern", section, i);
	struct spot with = spot(r, "%s[%u].replace", section, i);
	struct regex re;
	const char *why = "is too large";
	size_t at = 0;
	const enum err err = regex_compile(str_of(pattern), true, &re, &at, &why);

	if (err == ERR_FULL)
		fault(r, &s, "this expression is too large");
	else if (err != OK)
		fault(r, &s, "at byte %zu: %s", at + 1, why);
	else if (replace && !spot_is_bad(r, &with))
		check_groups(r, &with, replace, re.n_groups);
}

static void check_transforms(struct reading *r)
{
	for (uint32_t i = 0; i < r->c->dial_plan.n_transforms; i++) {
		const struct conf_transform *t = &r->c->dial_plan.transforms[i];

		if (t->type == MATCH_REGEX && t->pattern[0])
			check_regex(r, "dial_plan.transforms", i, t->pattern,
				t->behaviour == DO_REPLACE ? t->replace : NULL);
	}
}

/* ---- search rules ---- */

/* Whether strangers call from there: the default zone, DNS zones, and the words that include them. */
static bool is_from_internet(const struct conf *c, enum conf_ref ref)
{
	const struct conf_zone *z = conf_ref_zone(c, ref);

	if (z)
		return z->type == ZT_DNS;
	return ref == REF_ANY || ref == REF_ALL_ZONES || ref == REF_DEFAULT;
}

/* The open relay: loading a file that lets strangers call through us to strangers is an error. */
static void check_relay(struct reading *r, uint32_t i)
{
	const struct conf *c = r->c;
	const struct conf_rule *rule = &c->dial_plan.rules[i];
	const struct conf_zone *to = conf_ref_zone(c, rule->target);
	struct spot s = spot(r, "dial_plan.search_rules[%u]", i);

	if (rule->authenticated || !rule->enabled || !to || to->type != ZT_DNS)
		return;
	for (uint32_t k = 0; k < rule->n_source; k++) {
		struct str from = conf_ref_name(c, rule->source[k]);

		if (!is_from_internet(c, rule->source[k]))
			continue;
		fault(r, &s,
			"lets calls from the Internet (source " STR_FMT ") out to the Internet: "
			"set authenticated: true, or name sources inside",
			STR_ARG(from));
		return;
	}
}

static void check_rule_pattern(struct reading *r, uint32_t i)
{
	const struct conf_rule *rule = &r->c->dial_plan.rules[i];
	struct spot mode = spot(r, "dial_plan.search_rules[%u].mode", i);
	struct spot s = spot(r, "dial_plan.search_rules[%u].pattern", i);
	struct spot type = spot(r, "dial_plan.search_rules[%u].type", i);

	if (spot_is_bad(r, &mode) || spot_is_bad(r, &type) || spot_is_bad(r, &s))
		return;
	if (rule->mode == ALIAS_PATTERN && !rule->pattern[0])
		fault(r, &s, "is missing (allowed: a pattern, or mode: any-alias)");
	else if (rule->mode != ALIAS_PATTERN && rule->pattern[0])
		fault(r, &s, "has no use in a rule for %s",
			rule->mode == ALIAS_ANY ? "any alias" : "any IP address");
	else if (rule->mode == ALIAS_PATTERN && rule->type == MATCH_REGEX)
		check_regex(r, "dial_plan.search_rules", i, rule->pattern,
			rule->behaviour == DO_REPLACE ? rule->replace : NULL);
}

static void check_rules(struct reading *r)
{
	for (uint32_t i = 0; i < r->c->dial_plan.n_rules; i++) {
		struct spot s = spot(r, "dial_plan.search_rules[%u]", i);

		if (spot_is_bad(r, &s))
			continue;
		check_rule_pattern(r, i);
		check_relay(r, i);
	}
}

static void check_tests(struct reading *r)
{
	for (uint32_t i = 0; i < r->c->dial_plan.n_tests; i++) {
		const struct conf_test *t = &r->c->dial_plan.tests[i];
		struct spot s = spot(r, "dial_plan.tests[%u].expect", i);
		struct nearest near = nearest_to(str_of(t->expect));

		nearest_try(&near, STR("local"));
		nearest_try(&near, STR("refused"));
		for (uint32_t z = 0; z < r->c->n_zones; z++)
			nearest_try(&near, str_of(r->c->zones[z].name));
		if (!s.is_set || spot_is_bad(r, &s) || near.distance == 0 || !r->is_zone_list_whole)
			continue;
		if (nearest_found(&near).len)
			fault(r, &s,
				"\"%s\" is no target (allowed: refused, local, or the name of a "
				"zone; "
				"did you mean " STR_FMT "?)",
				t->expect, STR_ARG(nearest_found(&near)));
		else
			fault(r, &s,
				"\"%s\" is no target (allowed: refused, local, or the name of a "
				"zone)",
				t->expect);
	}
}

/* ---- the rest ---- */

static void check_matches(struct reading *r)
{
	for (uint32_t i = 0; i < r->c->n_subzones; i++) {
		for (uint32_t k = 0; k < r->c->subzones[i].n_match; k++) {
			const struct conf_match_rule *m = &r->c->subzones[i].match[k];
			struct spot s = spot(r, "subzones[%u].match[%u]", i, k);
			char section[64];

			if (s.node && r->tree.nodes[s.node].is_bad_below)
				continue;
			if (!m->subnet.addr.family && !m->pattern[0])
				fault(r, &s, "needs a subnet or a pattern");
			(void)snprintf(section, sizeof section, "subzones[%u].match", i);
			if (m->pattern[0])
				check_regex(r, section, k, m->pattern, NULL);
		}
	}
}

static bool is_zero(const uint8_t *bytes, size_t n)
{
	uint8_t any = 0;

	for (size_t i = 0; i < n; i++)
		any |= bytes[i];
	return any == 0;
}

/* Named in the file, though perhaps nobody looked into the secret file that it names. */
static bool has_login(const struct reading *r, uint32_t i)
{
	const struct conf_user *u = &r->c->users[i];
	struct spot password = spot(r, "users[%u].password", i);
	struct spot sha256 = spot(r, "users[%u].ha1_sha256", i);
	struct spot md5 = spot(r, "users[%u].ha1_md5", i);

	if (!r->in->has_files && (password.is_set || sha256.is_set || md5.is_set))
		return true;
	return u->password[0] || !is_zero(u->ha1_sha256, sizeof u->ha1_sha256) ||
	       !is_zero(u->ha1_md5, sizeof u->ha1_md5);
}

static void check_users(struct reading *r)
{
	for (uint32_t i = 0; i < r->c->n_users; i++) {
		struct spot s = spot(r, "users[%u]", i);
		const struct node *node = &r->tree.nodes[s.node];

		if (!node->is_bad && !node->is_bad_below && !has_login(r, i))
			fault(r, &s, "needs a password, or ha1_sha256 and ha1_md5");
	}
	for (uint32_t i = 0; i < r->c->n_policy_entries; i++) {
		const struct conf_policy_entry *e = &r->c->policy_entries[i];

		if (e->type == MATCH_REGEX && e->pattern[0])
			check_regex(r, "registration_policy.entries", i, e->pattern, NULL);
	}
}

static void check_services(struct reading *r)
{
	const struct conf *c = r->c;
	const struct conf_zone *z = conf_ref_zone(c, c->uc.zone);
	struct spot s = spot(r, "uc.zone");

	if (c->uc.enabled && !z && r->is_zone_list_whole)
		fault(r, &s, "is missing: unified communications need their traversal zone");
	else if (z && !z->uc)
		fault(r, &s,
			"zone \"%s\" is no zone for unified communications (allowed: one with uc: "
			"true)",
			z->name);
	for (uint32_t i = 0; i < c->dns.n_servers; i++) {
		s = spot(r, "dns.servers[%u]", i);
		if (!spot_is_bad(r, &s) && c->dns.servers[i].family &&
			!is_host_address(&c->dns.servers[i]))
			fault(r, &s, "is no address of a host");
	}
}

/* ---- ports ---- */

struct faults {
	struct reading *r;
};

/* The plan's sentences name the settings they are about: the first one that the file sets is the place. */
static void on_plan_fault(void *arg, struct str text)
{
	struct reading *r = ((struct faults *)arg)->r;
	struct spot s = spot(r, "ports");
	struct str rest = text;

	while (rest.len) {
		struct str word = str_cut(&rest, ' ');
		struct spot named;

		while (word.len && strchr(",.:;()", word.p[word.len - 1]))
			word.len--;
		if (!str_has_prefix(word, STR("ports.")) || word.len > 60)
			continue;
		named = spot(r, STR_FMT, STR_ARG(word));
		if (!named.is_set)
			continue;
		s = named;
		break;
	}
	reading_error(r, s.node, text);
}

static void check_media_range(struct reading *r)
{
	const struct ports media = r->c->ports[RANGE_MEDIA];
	const unsigned mux = r->c->node.size == SIZE_LARGE ? 12 : 2;
	struct spot s = spot(r, "ports.media");

	if (media.low % 2)
		fault(r, &s, "begins at an odd port: RTP has the even one of each pair");
	else if (media.high % 2 == 0)
		fault(r, &s, "ends at an even port: RTCP has the odd one of each pair");
	else if (media.high - media.low + 1u < mux + 2)
		fault(r, &s, "has no pair beside the %u multiplexed ports", mux);
}

static bool has_bad_ports(const struct reading *r)
{
	static const char *const parts[] = {"ports", "zones", "node", "admin"};

	for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
		struct spot s = spot(r, "%s", parts[i]);

		if (s.is_set &&
			(r->tree.nodes[s.node].is_bad_below || r->tree.nodes[s.node].is_bad))
			return true;
	}
	return !r->is_role_known;
}

static void check_ports(struct reading *r)
{
	struct faults f = {r};
	struct plan p;

	check_media_range(r);
	if (has_bad_ports(r))
		return;
	conf_to_plan(r->c, /* with_later */ true, &p);
	(void)plan_check(&p, on_plan_fault, &f);
}

void check_conf(struct reading *r)
{
	check_node(r);
	check_pairs(r);
	check_zones(r);
	check_names(r);
	check_transforms(r);
	check_rules(r);
	check_tests(r);
	check_matches(r);
	check_users(r);
	check_services(r);
	check_ports(r);
}
