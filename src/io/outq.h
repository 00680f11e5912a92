/* outq.h - bytes that wait to leave, as a chain of 4 KiB chunks that remembers where messages
 * begin.
 *
 * Pure; shared by io and sim. Chunks come from a pool of the process: full is an ordinary answer. */
#ifndef IO_OUTQ_H
#define IO_OUTQ_H

#include "base/pool.h"

struct chunk;
struct outq {
	struct chunk *first, *last;
	size_t n; /* bytes */
};

MUST_USE enum err chunks_init(struct pool *chunks, uint32_t n, uint32_t first_generation);
/* One whole message. False: no chunk is left, and a part of it may be in the queue: drop it all. */
bool outq_add(struct pool *chunks, struct outq *q, struct str message);
/* The first slices, oldest first; returns how many. */
size_t outq_slices(const struct outq *q, struct str *ret_slices, size_t max);
void outq_forget(struct pool *chunks, struct outq *q, size_t n); /* its first n bytes have left */
void outq_drop(struct pool *chunks, struct outq *q);
bool outq_is_torn(const struct outq *q); /* a part of its first message has left */

#endif
