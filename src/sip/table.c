/* table.c - see table.h. */
#include "sip/table.h"

static bool is_used(const struct table_rules *r, const void *table, unsigned state)
{
	for (unsigned e = 0; e < r->n_events; e++) {
		struct table_cell c = r->cell(table, state, e);

		if (c.has_act || c.is_late)
			return true;
	}
	return false;
}

static bool is_reachable(const struct table_rules *r, const void *table, unsigned state)
{
	for (unsigned s = 0; s < r->n_states; s++) {
		for (unsigned e = 0; e < r->n_events; e++) {
			struct table_cell c = r->cell(table, s, e);

			if (c.has_act && c.next == state)
				return true;
		}
	}
	return state == 0 && r->begins_at_first;
}

static unsigned n_out_of_range(const struct table_rules *r, const void *table, unsigned state)
{
	unsigned n = 0;

	for (unsigned e = 0; e < r->n_events; e++)
		n += r->cell(table, state, e).next >= r->n_states;
	return n;
}

static unsigned n_missing(const struct table_rules *r, const void *table, unsigned state)
{
	unsigned n = 0;

	for (size_t i = 0; i < r->n_must; i++) {
		const struct table_must *m = &r->must[i];
		struct table_cell c = r->cell(table, state, m->event);
		bool is_free = m->but_first && state == 0;

		n += !is_free && !c.has_act && !(c.is_late && m->may_be_late);
	}
	return n;
}

unsigned table_faults(const struct table_rules *r, const void *table)
{
	unsigned n = 0;

	for (unsigned s = 0; s < r->n_states; s++) {
		n += n_out_of_range(r, table, s);
		if (is_used(r, table, s))
			n += !is_reachable(r, table, s) + n_missing(r, table, s);
	}
	return n;
}
