/* owners.h - who owns what inside a worker: its pools, and the timers in their objects.
 *
 * The pools that a worker makes are known by --wrap. So what it holds of each kind can be counted, without
 * a word of its tables; and an object that is given back while a timer of it runs is found at once. */
#ifndef TESTS_SIM_OWNERS_H
#define TESTS_SIM_OWNERS_H

#include "node.h"

/* What it makes from now on is its own; NULL: nobody's. */
void owners_begin(struct worker *w);

struct holdings {
	uint32_t n[HK_MAX];
	uint32_t n_timers; /* that run */
	uint32_t n_blocks; /* of messages that outlive a handler */
};
/* All zero: it is dead. */
struct holdings holdings_of(const struct worker *w);

#endif
