/* pdus.c - see pdus.h. A PDU is a chain of blocks, a queue a chain of first blocks. */
#include "h323/pdus.h"

#include <string.h>

#define BLOCK_BYTES 500u

struct block {
	uint32_t next;     /* of the same PDU, or of the free ones; 0: none */
	uint32_t next_pdu; /* of the queue, in a PDU's first block */
	uint32_t len;      /* of the PDU, in its first block */
	uint8_t bytes[BLOCK_BYTES];
};

struct pdus {
	uint32_t n, n_fresh, n_used, free; /* n_fresh: never used so far */
	struct block *blocks;
};

enum err pdus_new(uint32_t n_blocks, struct pdus **ret_pdus)
{
	struct pdus *p = mem_array(1, sizeof *p);

	if (p)
		p->blocks = mem_array(n_blocks, sizeof *p->blocks);
	if (!p || !p->blocks) {
		pdus_free(p);
		return ERR_FULL;
	}
	p->n = p->n_fresh = n_blocks;
	*ret_pdus = p;
	return OK;
}

void pdus_free(struct pdus *p)
{
	if (!p)
		return;
	mem_free(p->blocks);
	mem_free(p);
}

static struct block *block_at(const struct pdus *p, uint32_t number)
{
	return &p->blocks[number - 1];
}

static uint32_t take(struct pdus *p)
{
	uint32_t number = p->free;

	if (number)
		p->free = block_at(p, number)->next;
	else
		number = p->n_fresh--;
	p->n_used++;
	block_at(p, number)->next = 0;
	return number;
}

static void give(struct pdus *p, uint32_t number)
{
	while (number) {
		uint32_t next = block_at(p, number)->next;

		block_at(p, number)->next = p->free;
		p->free = number;
		p->n_used--;
		number = next;
	}
}

static uint32_t blocks_of(size_t len)
{
	return (uint32_t)((len + BLOCK_BYTES - 1) / BLOCK_BYTES);
}

/* The chain that holds it; there are enough blocks. */
static uint32_t fill(struct pdus *p, struct str pdu)
{
	uint32_t first = 0, last = 0;

	for (size_t at = 0; at < pdu.len; at += BLOCK_BYTES) {
		size_t n = pdu.len - at < BLOCK_BYTES ? pdu.len - at : BLOCK_BYTES;
		uint32_t number = take(p);

		memcpy(block_at(p, number)->bytes, pdu.p + at, n);
		if (last)
			block_at(p, last)->next = number;
		else
			first = number;
		last = number;
	}
	return first;
}

enum err pdus_put(struct pdus *p, struct pdu_queue *q, struct str pdu)
{
	uint32_t first;

	if (!pdu.len || q->n >= PDUS_QUEUE_MAX || q->n_bytes + pdu.len > PDUS_QUEUE_BYTES ||
		blocks_of(pdu.len) > p->n - p->n_used)
		return ERR_FULL;
	first = fill(p, pdu);
	block_at(p, first)->len = (uint32_t)pdu.len;
	block_at(p, first)->next_pdu = 0;
	if (q->last)
		block_at(p, q->last)->next_pdu = first;
	else
		q->first = first;
	q->last = first;
	q->n++;
	q->n_bytes += (uint32_t)pdu.len;
	return OK;
}

struct str pdus_first(const struct pdus *p, const struct pdu_queue *q, struct scratch *scratch)
{
	const struct block *b = q->first ? block_at(p, q->first) : NULL;
	uint32_t len = b ? b->len : 0;
	uint8_t *buf = len ? scratch_room(scratch, len) : NULL;

	if (!buf)
		return STR_NONE;
	for (uint32_t at = 0; at < len; at += BLOCK_BYTES) {
		memcpy(buf + at, b->bytes, len - at < BLOCK_BYTES ? len - at : BLOCK_BYTES);
		b = b->next ? block_at(p, b->next) : b;
	}
	return (struct str){(const char *)buf, len};
}

void pdus_drop(struct pdus *p, struct pdu_queue *q)
{
	uint32_t first = q->first;

	if (!first)
		return;
	q->first = block_at(p, first)->next_pdu;
	q->last = q->first ? q->last : 0;
	q->n--;
	q->n_bytes -= block_at(p, first)->len;
	give(p, first);
}

void pdus_clear(struct pdus *p, struct pdu_queue *q)
{
	while (q->first)
		pdus_drop(p, q);
}

uint32_t pdus_used(const struct pdus *p)
{
	return p->n_used;
}
