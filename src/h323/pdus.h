/* pdus.h - PDUs that outlive a handler: queues of copies, cut from blocks made once at start.
 *
 * A Setup waits here for its targets, H.245 waits for a transport or for the other side. A queue belongs to
 * one leg and has its own limits; the blocks are shared. Full is an ordinary answer. Knows no protocol. */
#ifndef H323_PDUS_H
#define H323_PDUS_H

#include "base/scratch.h"

#define PDUS_QUEUE_MAX   32u          /* PDUs of a queue, */
#define PDUS_QUEUE_BYTES (64u * 1024) /* and octets */

struct pdus;

/* Zeroed: empty. */
struct pdu_queue {
	uint32_t first, last; /* blocks, counted from 1 */
	uint32_t n, n_bytes;
};

MUST_USE enum err pdus_new(uint32_t n_blocks, struct pdus **ret_pdus);
void pdus_free(struct pdus *p);
/* At the end of the queue. ERR_FULL: a limit of the queue, or no block is free. Nothing was changed then. */
MUST_USE enum err pdus_put(struct pdus *p, struct pdu_queue *q, struct str pdu);
/* The first, copied into the arena; it stays in the queue. Empty: there is none, or no room. */
struct str pdus_first(const struct pdus *p, const struct pdu_queue *q, struct scratch *scratch);
void pdus_drop(struct pdus *p, struct pdu_queue *q);  /* the first; none: nothing */
void pdus_clear(struct pdus *p, struct pdu_queue *q); /* all of them */
uint32_t pdus_used(const struct pdus *p);             /* blocks */

#endif
