/* put.c - how ports and addresses are written, shared by the plan's readers alone. */
#include "plan/put.h"

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
