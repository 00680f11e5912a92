/* scratch.h - memory: one scratch arena per process, and arrays made once at start.
 *
 * The loop resets the arena before each handler; nobody owns what it gives, nothing is freed, and what
 * survives a handler is copied into a pool object. */
#ifndef BASE_SCRATCH_H
#define BASE_SCRATCH_H

#include "base/str.h"

struct scratch {
	uint8_t *base;
	size_t size, used, used_max;
	size_t n_refused; /* requests that did not fit: counted, shown */
};

#define SCRATCH_SIZE (512u * 1024)

MUST_USE enum err scratch_init(struct scratch *s, size_t size);
void scratch_free(struct scratch *s);
void scratch_reset(struct scratch *s);
/* Zeroed, aligned to 16; NULL when the arena is full. */
void *scratch_take(struct scratch *s, size_t len);
/* The same with whatever was there before: for what is written before it is read. */
void *scratch_room(struct scratch *s, size_t len);
/* A copy that lives until the reset; the empty slice when the arena is full. */
struct str scratch_copy(struct scratch *s, struct str bytes);
/* For who handles many things in one handler: what was taken since the mark is free again. */
size_t scratch_mark(const struct scratch *s);
void scratch_back(struct scratch *s, size_t mark);

/* Arrays for the life of the process, zeroed; NULL when there is no memory. */
void *mem_array(size_t n, size_t size);
void mem_free(void *p);

#endif
