/* table.h - what every state table must keep, by one walk over its cells.
 *
 * A cell is an act with the next state, late (it may come, and nothing is done), or empty: it does not fit. The
 * tables differ in what their acts are given, so each shows its cells by a function of its own. */
#ifndef SIP_TABLE_H
#define SIP_TABLE_H

#include <stdbool.h>
#include <stddef.h>

struct table_cell {
	bool has_act, is_late;
	unsigned next; /* state */
};

/* An event that each used state must know. */
struct table_must {
	unsigned event;
	bool may_be_late;
	bool but_first; /* state 0 need not */
};

struct table_rules {
	unsigned n_states, n_events;
	bool begins_at_first; /* no cell need lead to state 0 */
	struct table_cell (*cell)(const void *table, unsigned state, unsigned event);
	const struct table_must *must;
	size_t n_must;
};

/* Cells that lead out of range, used states that none leads to, and events that are missing. */
unsigned table_faults(const struct table_rules *r, const void *table);

#endif
