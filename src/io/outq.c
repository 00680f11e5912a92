/* outq.c - queues of bytes in chunks; makes no system call. */
#include <string.h>

#include "io/outq.h"

#define CHUNK_SIZE 4096
#define STARTS_MAX 16

struct chunk {
	uint64_t h;
	struct chunk *next;
	uint16_t start, end, n_starts;
	uint16_t starts[STARTS_MAX]; /* where messages begin in it */
	uint8_t bytes[CHUNK_SIZE - 16 - 6 - 2 * STARTS_MAX - 2];
};

enum err chunks_init(struct pool *chunks, uint32_t n, uint32_t first_generation)
{
	return pool_init(chunks, HK_SOCKET, sizeof(struct chunk), n, first_generation);
}

static struct chunk *add_chunk(struct pool *chunks, struct outq *q)
{
	struct chunk *c = pool_take(chunks);

	if (!c)
		return NULL;
	if (q->last)
		q->last->next = c;
	else
		q->first = c;
	q->last = c;
	return c;
}

bool outq_add(struct pool *chunks, struct outq *q, struct str message)
{
	struct chunk *c = q->last;

	if (!c || c->end == sizeof c->bytes || c->n_starts == STARTS_MAX)
		c = add_chunk(chunks, q);
	if (c)
		c->starts[c->n_starts++] = c->end;
	while (c && message.len) {
		size_t room = sizeof c->bytes - c->end, n = message.len < room ? message.len : room;

		memcpy(c->bytes + c->end, message.p, n);
		c->end = (uint16_t)(c->end + n);
		q->n += n;
		message = str_skip(message, n);
		if (message.len)
			c = add_chunk(chunks, q);
	}
	return c != NULL;
}

size_t outq_slices(const struct outq *q, struct str *ret_slices, size_t max)
{
	size_t n = 0;

	for (const struct chunk *c = q->first; c && n < max; c = c->next)
		ret_slices[n++] = (struct str){
			(const char *)c->bytes + c->start, (size_t)(c->end - c->start)};
	return n;
}

void outq_forget(struct pool *chunks, struct outq *q, size_t n)
{
	q->n -= n;
	while (n) {
		struct chunk *c = q->first;
		size_t have = (size_t)(c->end - c->start);

		if (n < have) {
			c->start = (uint16_t)(c->start + n);
			return;
		}
		n -= have;
		q->first = c->next;
		if (!q->first)
			q->last = NULL;
		pool_give(chunks, c);
	}
}

void outq_drop(struct pool *chunks, struct outq *q)
{
	while (q->first) {
		struct chunk *c = q->first;

		q->first = c->next;
		pool_give(chunks, c);
	}
	q->last = NULL;
	q->n = 0;
}

bool outq_is_torn(const struct outq *q)
{
	const struct chunk *c = q->first;

	for (uint16_t i = 0; c && i < c->n_starts; i++) {
		if (c->starts[i] == c->start)
			return false;
	}
	return c != NULL;
}
