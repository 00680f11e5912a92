/* item.c - which rows are printed, with whose addresses, and how ports and addresses are written.
 *
 * It never writes more than a cell: how a row looks is for the formats. */
#include "plan/item.h"

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

/* ---- cells ---- */

void put_set(struct wr *w, const struct port_set *set, const char *dash, const char *comma)
{
	for (size_t i = 0; i < set->n; i++) {
		wr_printf(w, "%s%u", i ? comma : "", set->v[i].low);
		if (set->v[i].high != set->v[i].low)
			wr_printf(w, "%s%u", dash, set->v[i].high);
	}
}

static bool is_of(const struct addr *a, enum addr_family family)
{
	return family == AF_NONE || a->family == family;
}

void put_addrs(struct wr *w, const struct plan_addrs *a, enum addr_family family, const char *comma)
{
	const char *before = "";

	for (size_t i = 0; i < a->n; i++) {
		char text[ADDR_TEXT_SIZE];

		if (!is_of(&a->v[i], family))
			continue;
		wr_printf(w, "%s%s", before, addr_put_host(&a->v[i], text));
		before = comma;
	}
}

size_t count_addrs(const struct plan_addrs *a, enum addr_family family)
{
	size_t n = 0;

	for (size_t i = 0; i < a->n; i++)
		n += is_of(&a->v[i], family);
	return n;
}
