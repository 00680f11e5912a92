/* timers.h - the timer heap, pure: shared by io and sim, which say what time it is.
 *
 * A binary heap of pointers to timers that live in their owners, by deadline, then by start. Only
 * the loop (or the simulated world) takes timers out when they are due. */
#ifndef IO_TIMERS_H
#define IO_TIMERS_H

#include "io/io.h"

struct timers {
	struct timer **heap; /* heap[1..n] */
	uint32_t n, size;
	uint64_t order; /* the next start's number */
};

#define NEVER UINT64_MAX

MUST_USE enum err timers_init(struct timers *ts);
void timers_free(struct timers *ts);           /* stops all that run */
uint64_t timers_next(const struct timers *ts); /* the earliest deadline, or NEVER */
/* The next timer that is due and was started before number `order`, stopped by this; NULL: none. */
struct timer *timers_take_due(struct timers *ts, uint64_t now, uint64_t order);

/* Each world says where its heap is. */
struct timers *io_timers(struct io *io);

#endif
