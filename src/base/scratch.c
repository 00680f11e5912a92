/* scratch.c - the arena and the arrays made at start; one of the two homes of the allocator.
 *
 * Under AddressSanitizer what was not taken since the last reset is poisoned: a slice kept over a
 * handler's end is found at its first use. Nothing here grows, and nothing is freed before the end. */
#include <stdlib.h>
#include <string.h>

#include "base/scratch.h"

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>
#define GAP 16 /* poisoned bytes between two pieces, so that one running into the next is seen */
#else
#define GAP                               0
#define ASAN_POISON_MEMORY_REGION(p, n)   ((void)(p), (void)(n))
#define ASAN_UNPOISON_MEMORY_REGION(p, n) ((void)(p), (void)(n))
#endif

void *mem_array(size_t n, size_t size)
{
	return calloc(n ? n : 1, size);
}

void mem_free(void *p)
{
	free(p);
}

enum err scratch_init(struct scratch *s, size_t size)
{
	uint8_t *base = mem_array(size, 1);

	if (!base)
		return ERR_FULL;
	*s = (struct scratch){.base = base, .size = size};
	scratch_reset(s);
	return OK;
}

void scratch_free(struct scratch *s)
{
	if (s->base)
		ASAN_UNPOISON_MEMORY_REGION(s->base, s->size);
	mem_free(s->base);
	*s = (struct scratch){0};
}

void scratch_reset(struct scratch *s)
{
	if (s->used > s->used_max)
		s->used_max = s->used;
	s->used = 0;
	ASAN_POISON_MEMORY_REGION(s->base, s->size);
}

void *scratch_room(struct scratch *s, size_t len)
{
	size_t start = (s->used + (s->used ? GAP : 0) + 15) & ~(size_t)15;

	if (start > s->size || s->size - start < len) {
		s->n_refused++;
		return NULL;
	}
	s->used = start + len;
	ASAN_UNPOISON_MEMORY_REGION(s->base + start, len);
	return s->base + start;
}

void *scratch_take(struct scratch *s, size_t len)
{
	void *p = scratch_room(s, len);

	return p ? memset(p, 0, len) : NULL;
}

struct str scratch_copy(struct scratch *s, struct str bytes)
{
	char *p = scratch_take(s, bytes.len);

	if (!p)
		return STR_NONE;
	if (bytes.len)
		memcpy(p, bytes.p, bytes.len);
	return (struct str){p, bytes.len};
}

size_t scratch_mark(const struct scratch *s)
{
	return s->used;
}

void scratch_back(struct scratch *s, size_t mark)
{
	if (s->used > s->used_max)
		s->used_max = s->used;
	if (mark >= s->used)
		return;
	s->used = mark;
	ASAN_POISON_MEMORY_REGION(s->base + mark, s->size - mark);
}
