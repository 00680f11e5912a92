/* store.h - copies of messages that outlive a handler: blocks of a few sizes, made once at start.
 *
 * A transaction keeps its request and its last answer here, a dialog its ACK. A block is taken by
 * the length of what it holds, so that an ordinary message costs 1 or 2 KiB and a large one 64 KiB.
 * Full is an ordinary answer (503), counted. Knows nothing of SIP. */
#ifndef SIP_STORE_H
#define SIP_STORE_H

#include "base/str.h"

struct store;

/* n_messages: how many ordinary ones may be held at once; large ones are a fraction of that. */
MUST_USE enum err store_new(size_t n_messages, struct store **ret_store);
void store_free(struct store *s);
/* A copy; the empty slice: no block of that size is free. Empty bytes give the empty slice, too. */
struct str store_put(struct store *s, struct str bytes);
void store_drop(
	struct store *s, struct str *held); /* held becomes the empty slice; empty: nothing */
size_t store_used(const struct store *s);   /* blocks */
size_t store_refused(const struct store *s);

#endif
