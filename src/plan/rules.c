/* rules.c - the rows as rules for firewalls: nftables, iptables and Cisco ASA.
 *
 * A rule opens one row for one family of addresses: an end whose address is not known matches any
 * address, an end that has none of this family gives no rule. Rows within one zone need no rule but on
 * the host itself. Services that are off never get one. TLS is TCP to a firewall.
 * Each comment is "TABLE FROMZONE>TOZONE: purpose": who reads the rules finds the row by it. */
#include "plan/formats.h"

struct rules {
	const struct plan_print *what;
	struct wr *w;
	enum addr_family family; /* of this pass; AF_NONE: rules that name no address */
	bool is_by_tool;         /* a tool per family: what names no address is said to both */
	size_t n;
};

typedef void(rule_h)(struct rules *rules, const struct plan_item *item);

/* ---- which rows, which families ---- */

static bool is_between(const struct plan_path *path, enum plan_zone a, enum plan_zone b)
{
	return (path->from_zone == a && path->to_zone == b) ||
	       (path->from_zone == b && path->to_zone == a);
}

static bool is_on_firewall(const struct plan_item *item, enum plan_firewall firewall)
{
	const struct plan_path *path = item->line->path;
	bool is_inside = is_between(path, ZONE_PRIVATE, ZONE_DMZ);
	bool is_outside = is_between(path, ZONE_DMZ, ZONE_INTERNET);

	switch (firewall) {
	case FIREWALL_INSIDE:
		return is_inside;
	case FIREWALL_OUTSIDE:
		return is_outside;
	case FIREWALL_HOST:
		return path->from_host != path->to_host; /* a node to itself is its loopback */
	case FIREWALL_BOTH:
	case PLAN_FIREWALL_MAX:
		break;
	}
	return is_inside || is_outside;
}

/* Whether the end can take part in a rule of this family: it has such an address or no address. */
static bool fits(const struct plan_addrs *a, enum addr_family family)
{
	return a->n == 0 || count_addrs(a, family) > 0;
}

static bool is_in_pass(const struct rules *rules, const struct plan_item *item)
{
	bool is_open = item->from->n == 0 && item->to->n == 0;

	if (is_open || rules->family == AF_NONE)
		return is_open && (rules->family == AF_NONE || rules->is_by_tool);
	return fits(item->from, rules->family) && fits(item->to, rules->family);
}

/* One pass: the rules of one family. */
struct pass {
	struct rules *rules;
	rule_h *rule;
};

static void on_item(void *arg, const struct plan_item *item)
{
	const struct pass *pass = arg;
	struct rules *rules = pass->rules;

	if (!is_on_firewall(item, rules->what->firewall) || !is_in_pass(rules, item))
		return;
	pass->rule(rules, item);
	rules->n++;
}

static void run_pass(struct rules *rules, enum addr_family family, rule_h *rule)
{
	struct pass pass = {rules, rule};

	rules->family = family;
	rules->n = 0;
	plan_each(rules->what, false, on_item, &pass);
}

static void put_comment(struct wr *w, const struct plan_item *item)
{
	const struct plan_path *path = item->line->path;

	wr_printf(w, "%s %s>%s: %s", path->table, plan_zone_name(path->from_zone),
		plan_zone_name(path->to_zone), item->line->purpose);
}

/* ---- nftables ---- */

static void put_nft_end(const struct rules *rules, const char *key, const struct plan_addrs *a)
{
	bool is_set = count_addrs(a, rules->family) > 1;

	if (a->n == 0)
		return;
	wr_printf(rules->w, "%s %s%s", rules->family == AF_V6 ? "ip6" : "ip", key,
		is_set ? " { " : " ");
	put_addrs(rules->w, a, rules->family, ", ");
	wr_printf(rules->w, is_set ? " } " : " ");
}

static void put_nft_rule(struct rules *rules, const struct plan_item *item)
{
	const char *wire = plan_protocol_wire(item->line->protocol);
	struct wr *w = rules->w;

	if (!rules->what->is_rules_only)
		wr_printf(w, "\t\t");
	put_nft_end(rules, "saddr", item->from);
	put_nft_end(rules, "daddr", item->to);
	wr_printf(w, "%s sport { ", wire);
	put_set(w, &item->source, "-", ", ");
	wr_printf(w, " } %s dport { ", wire);
	put_set(w, &item->destination, "-", ", ");
	wr_printf(w, " } counter accept comment \"");
	put_comment(w, item);
	wr_printf(w, "\"\n");
}

static const char *const nft_forward =
	"\tchain forward {\n"
	"\t\ttype filter hook forward priority filter; policy drop;\n"
	"\t\tct state established,related accept\n"
	"\t\tct state new jump allow\n"
	"\t}\n";
/* IPv6 finds its neighbours by ICMP: without it nothing is reachable (RFC 4890 section 4.4.1). */
static const char *const nft_host =
	"\tchain input {\n"
	"\t\ttype filter hook input priority filter; policy drop;\n"
	"\t\tiif lo accept\n"
	"\t\tct state established,related accept\n"
	"\t\ticmpv6 type { nd-router-advert, nd-neighbor-solicit, nd-neighbor-advert } accept\n"
	"\t\tct state new jump allow\n"
	"\t}\n"
	"\tchain output {\n"
	"\t\ttype filter hook output priority filter; policy drop;\n"
	"\t\toif lo accept\n"
	"\t\tct state established,related accept\n"
	"\t\ticmpv6 type { nd-router-solicit, nd-neighbor-solicit, nd-neighbor-advert } accept\n"
	"\t\tct state new jump allow\n"
	"\t}\n";

static void put_nft_passes(struct rules *rules)
{
	run_pass(rules, AF_V4, put_nft_rule);
	run_pass(rules, AF_V6, put_nft_rule);
	run_pass(rules, AF_NONE, put_nft_rule);
}

/* Deleted and made anew in one transaction, so that it can be loaded again and again. */
static void put_nft(struct rules *rules)
{
	if (rules->what->is_rules_only) {
		put_nft_passes(rules);
		return;
	}
	wr_printf(rules->w, "table inet fosse\ndelete table inet fosse\ntable inet fosse {\n");
	wr_printf(rules->w, "\tchain allow {\n");
	put_nft_passes(rules);
	wr_printf(rules->w, "\t}\n%s}\n",
		rules->what->firewall == FIREWALL_HOST ? nft_host : nft_forward);
}

/* ---- iptables ---- */

static const char *iptables_of(enum addr_family family)
{
	return family == AF_V6 ? "ip6tables" : "iptables";
}

static void put_iptables_end(const struct rules *rules, const char *key, const struct plan_addrs *a)
{
	if (count_addrs(a, rules->family) == 0)
		return;
	wr_printf(rules->w, " %s ", key);
	put_addrs(rules->w, a, rules->family, ",");
}

static void put_iptables_ports(struct wr *w, const char *key, const struct port_set *set)
{
	if (set->n > 1)
		wr_printf(w, " -m multiport --%ss ", key);
	else
		wr_printf(w, " --%s ", key);
	put_set(w, set, ":", ",");
}

static void put_iptables_rule(struct rules *rules, const struct plan_item *item)
{
	struct wr *w = rules->w;

	wr_printf(w, "%s -A FOSSE -p %s", iptables_of(rules->family),
		plan_protocol_wire(item->line->protocol));
	put_iptables_end(rules, "-s", item->from);
	put_iptables_end(rules, "-d", item->to);
	put_iptables_ports(w, "sport", &item->source);
	put_iptables_ports(w, "dport", &item->destination);
	wr_printf(w, " -m comment --comment \"");
	put_comment(w, item);
	wr_printf(w, "\" -j ACCEPT\n");
}

static void put_iptables_chain(struct rules *rules, const char *chain, const char *loopback)
{
	const char *tool = iptables_of(rules->family);
	struct wr *w = rules->w;

	if (loopback)
		wr_printf(w, "%s -A %s %s lo -j ACCEPT\n", tool, chain, loopback);
	if (loopback && rules->family == AF_V6) /* neighbours, as above */
		wr_printf(w, "%s -A %s -p icmpv6 -j ACCEPT\n", tool, chain);
	wr_printf(
		w, "%s -A %s -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT\n", tool, chain);
	wr_printf(w, "%s -A %s -m conntrack --ctstate NEW -j FOSSE\n", tool, chain);
	wr_printf(w, "%s -P %s DROP\n", tool, chain);
}

static void put_iptables_family(struct rules *rules, enum addr_family family)
{
	bool is_bare = rules->what->is_rules_only;

	rules->family = family;
	if (!is_bare)
		wr_printf(rules->w, "%s -N FOSSE\n", iptables_of(family));
	run_pass(rules, family, put_iptables_rule);
	if (is_bare)
		return;
	if (rules->what->firewall == FIREWALL_HOST) {
		put_iptables_chain(rules, "INPUT", "-i");
		put_iptables_chain(rules, "OUTPUT", "-o");
	} else {
		put_iptables_chain(rules, "FORWARD", NULL);
	}
}

static void put_iptables(struct rules *rules)
{
	rules->is_by_tool = true;
	put_iptables_family(rules, AF_V4);
	put_iptables_family(rules, AF_V6);
}

/* ---- Cisco ASA: one access list per zone that traffic comes from, one entry per pair of addresses ---- */

static void put_asa_addr(struct rules *rules, const struct addr *a)
{
	char text[ADDR_TEXT_SIZE];

	if (a)
		wr_printf(rules->w, " host %s", addr_put_host(a, text));
	else if (rules->family == AF_NONE)
		wr_printf(rules->w, " any");
	else
		wr_printf(rules->w, " any%d", (int)rules->family);
}

static void put_asa_ports(struct wr *w, struct ports r)
{
	if (r.low == r.high)
		wr_printf(w, " eq %u", r.low);
	else
		wr_printf(w, " range %u %u", r.low, r.high);
}

static void put_asa_name(struct wr *w, const struct plan_item *item)
{
	wr_printf(w, "access-list fosse-%s", plan_zone_name(item->line->path->from_zone));
}

static void put_asa_entry(struct rules *rules, const struct plan_item *item,
	const struct addr *from, const struct addr *to)
{
	struct wr *w = rules->w;

	for (size_t i = 0; i < item->destination.n; i++) {
		put_asa_name(w, item);
		wr_printf(w, " extended permit %s", plan_protocol_wire(item->line->protocol));
		put_asa_addr(rules, from);
		put_asa_ports(w, item->source.v[0]);
		put_asa_addr(rules, to);
		put_asa_ports(w, item->destination.v[i]);
		wr_printf(w, "\n");
	}
}

/* The i-th of the pass's family; NULL after the last, and once for an end without addresses. */
static const struct addr *addr_at(const struct plan_addrs *a, enum addr_family family, size_t i)
{
	for (size_t k = 0; k < a->n; k++) {
		if (a->v[k].family == family && i-- == 0)
			return &a->v[k];
	}
	return NULL;
}

static size_t at_least_one(size_t n)
{
	return n ? n : 1;
}

static void put_asa_rule(struct rules *rules, const struct plan_item *item)
{
	size_t n_from = at_least_one(count_addrs(item->from, rules->family));
	size_t n_to = at_least_one(count_addrs(item->to, rules->family));

	put_asa_name(rules->w, item);
	wr_printf(rules->w, " remark ");
	put_comment(rules->w, item);
	wr_printf(rules->w, "\n");
	for (size_t i = 0; i < n_from; i++) {
		for (size_t k = 0; k < n_to; k++)
			put_asa_entry(rules, item, addr_at(item->from, rules->family, i),
				addr_at(item->to, rules->family, k));
	}
}

/* Answers pass by the inspection of connections; what no entry permits is denied. */
static void put_asa(struct rules *rules)
{
	run_pass(rules, AF_V4, put_asa_rule);
	run_pass(rules, AF_V6, put_asa_rule);
	run_pass(rules, AF_NONE, put_asa_rule);
	if (rules->what->is_rules_only)
		return;
	wr_printf(
		rules->w, "! bind each list to the interface that faces its zone, for instance:\n");
	wr_printf(rules->w, "! access-group fosse-dmz in interface dmz\n");
}

void plan_put_rules(const struct plan_print *what, enum plan_format format, struct wr *w)
{
	struct rules rules = {.what = what, .w = w};

	if (format == FORMAT_NFT)
		put_nft(&rules);
	else if (format == FORMAT_IPTABLES)
		put_iptables(&rules);
	else
		put_asa(&rules);
}
