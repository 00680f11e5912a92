/* store.c - size classes of blocks; a free list threads through the blocks themselves.
 *
 * Blocks are handed out in order until a class is used up, so that pages nobody needed are never
 * touched. The class of a block follows from its address. */
#include <string.h>

#include "base/scratch.h"
#include "sip/store.h"

#define N_CLASSES 5u

static const struct {
	size_t size;
	size_t divisor; /* of n_messages */
	size_t n_min;
} classes[N_CLASSES] = {
	{1024, 1, 64}, {2048, 1, 64}, {4096, 4, 32}, {16384, 32, 16}, {65536, 256, 8}};

struct block {
	struct block *next;
};

struct class
{
	uint8_t *base;
	struct block *free;
	size_t n, n_fresh; /* blocks; never used yet: from n_fresh on */
};

struct store {
	struct class class[N_CLASSES];
	size_t n_used, n_refused;
};

enum err store_new(size_t n_messages, struct store **ret_store)
{
	struct store *s = mem_array(1, sizeof *s);

	if (!s)
		return ERR_FULL;
	for (unsigned i = 0; i < N_CLASSES; i++) {
		struct class *c = &s->class[i];

		c->n = n_messages / classes[i].divisor;
		if (c->n < classes[i].n_min)
			c->n = classes[i].n_min;
		c->base = mem_array(c->n, classes[i].size);
		if (!c->base) {
			store_free(s);
			return ERR_FULL;
		}
	}
	*ret_store = s;
	return OK;
}

void store_free(struct store *s)
{
	if (!s)
		return;
	for (unsigned i = 0; i < N_CLASSES; i++)
		mem_free(s->class[i].base);
	mem_free(s);
}

static uint8_t *class_take(struct class *c, size_t size)
{
	struct block *b = c->free;

	if (b) {
		c->free = b->next;
		return (uint8_t *)b;
	}
	return c->n_fresh < c->n ? c->base + size * c->n_fresh++ : NULL;
}

struct str store_put(struct store *s, struct str bytes)
{
	if (!bytes.len)
		return STR_NONE;
	for (unsigned i = 0; i < N_CLASSES; i++) {
		uint8_t *p = bytes.len <= classes[i].size
		                     ? class_take(&s->class[i], classes[i].size)
		                     : NULL;

		if (!p)
			continue;
		memcpy(p, bytes.p, bytes.len);
		s->n_used++;
		return (struct str){(const char *)p, bytes.len};
	}
	s->n_refused++;
	return STR_NONE;
}

void store_drop(struct store *s, struct str *held)
{
	for (unsigned i = 0; held->len && i < N_CLASSES; i++) {
		struct class *c = &s->class[i];
		size_t at = (size_t)((uintptr_t)held->p - (uintptr_t)c->base);
		struct block *b;

		if ((uintptr_t)held->p < (uintptr_t)c->base || at >= c->n * classes[i].size)
			continue;
		b = (struct block *)(void *)(c->base + at);
		b->next = c->free;
		c->free = b;
		s->n_used--;
		break;
	}
	*held = STR_NONE;
}

size_t store_used(const struct store *s)
{
	return s->n_used;
}

size_t store_refused(const struct store *s)
{
	return s->n_refused;
}
