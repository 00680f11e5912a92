/* readers.c - which rows are printed, with whose addresses; then the format's own file prints them.
 *
 * A row that belongs to traversal zones is one item per zone. Edge has two addresses: the inside one
 * towards Control and management, the outside one towards the internet. */
#include "plan/readers.h"

static bool name_at(const char *const *names, size_t n, struct str name, size_t *ret_index)
{
	for (size_t i = 0; i < n; i++) {
		if (str_eq(name, str_of(names[i]))) {
			*ret_index = i;
			return true;
		}
	}
	return false;
}

bool plan_format_of(struct str name, enum plan_format *ret_format)
{
	static const char *const names[PLAN_FORMAT_MAX] = {
		"text", "md", "json", "csv", "nft", "iptables", "cisco-asa", "sysctl"};
	size_t i;

	if (!name_at(names, PLAN_FORMAT_MAX, name, &i))
		return false;
	*ret_format = (enum plan_format)i;
	return true;
}

bool plan_firewall_of(struct str name, enum plan_firewall *ret_firewall)
{
	static const char *const names[PLAN_FIREWALL_MAX] = {"both", "inside", "outside", "host"};
	size_t i;

	if (!name_at(names, PLAN_FIREWALL_MAX, name, &i))
		return false;
	*ret_firewall = (enum plan_firewall)i;
	return true;
}

void plan_addrs_add(struct plan_addrs *addrs, const struct addr *a)
{
	for (size_t i = 0; i < addrs->n; i++) {
		if (addr_same_host(&addrs->v[i], a))
			return;
	}
	if (a->family != AF_NONE && addrs->n < PLAN_ADDRS_MAX)
		addrs->v[addrs->n++] = *a;
}

/* ---- items ---- */

static const struct plan_addrs *addrs_of(
	const struct plan_print *what, enum plan_host host, enum plan_zone other_zone, int link)
{
	const struct plan_hosts *hosts = what->hosts;

	if (host == what->plan->node) {
		bool is_outside = host == HOST_EDGE && other_zone == ZONE_INTERNET;

		return is_outside && hosts->edge_outside.n ? &hosts->edge_outside
		                                           : &hosts->of[host];
	}
	if (link != PLAN_NO_LINK && hosts->links[link].n)
		return &hosts->links[link];
	return &hosts->of[host];
}

static struct plan_item item_of(const struct plan_print *what, enum plan_row row, int link)
{
	const struct plan_line *line = plan_line(row);
	const struct plan_path *path = line->path;
	bool is_on = plan_is_on(what->plan, row);

	return (struct plan_item){
		.row = row,
		.line = line,
		.link = link,
		.source = plan_source(what->plan, row, link),
		.destination = plan_destination(what->plan, row, link),
		.from = addrs_of(what, path->from_host, path->to_zone, link),
		.to = addrs_of(what, path->to_host, path->from_zone, link),
		.state = !is_on      ? STATE_OFF
	                 : what->use ? plan_use_state(what->use, row, link)
	                             : STATE_FREE,
	};
}

static bool is_wanted(const struct plan_print *what, enum plan_row row, bool with_off)
{
	if (!plan_is_end(what->plan, row))
		return false;
	if (what->table.len && !str_eq(what->table, plan_table(row)))
		return false;
	return plan_is_on(what->plan, row) || (with_off && what->is_all);
}

void plan_each(const struct plan_print *what, bool with_off, plan_item_h *h, void *arg)
{
	for (enum plan_row row = PLAN_NONE + 1; row < PLAN_ROW_MAX; row++) {
		size_t n = plan_instances(what->plan, row);

		if (!is_wanted(what, row, with_off))
			continue;
		for (size_t i = 0; i < (n ? n : 1); i++) {
			struct plan_item item =
				item_of(what, row, plan_instance_link(what->plan, row, i));

			h(arg, &item);
		}
	}
}

static bool has_table(struct str name)
{
	for (enum plan_row row = PLAN_NONE + 1; row < PLAN_ROW_MAX; row++) {
		if (str_eq(name, plan_table(row)))
			return true;
	}
	return name.len == 0;
}

enum err plan_print(const struct plan_print *what, enum plan_format format, struct wr *w)
{
	if (!has_table(what->table))
		return ERR_NOENT;
	switch (format) {
	case FORMAT_TEXT:
	case FORMAT_MD:
		plan_put_tables(what, format, w);
		break;
	case FORMAT_JSON:
	case FORMAT_CSV:
		plan_put_list(what, format, w);
		break;
	case FORMAT_NFT:
	case FORMAT_IPTABLES:
	case FORMAT_CISCO_ASA:
		plan_put_rules(what, format, w);
		break;
	case FORMAT_SYSCTL:
		plan_put_sysctl(what, w);
		break;
	case PLAN_FORMAT_MAX:
		return ERR_NOENT;
	}
	return w->err;
}
