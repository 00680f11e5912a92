/* pool.c - fixed arrays of objects with generations; the other home of the allocator. */
#include <string.h>

#include "base/pool.h"
#include "base/scratch.h"

enum err pool_init(
	struct pool *p, enum handle_kind kind, size_t size, uint32_t n, uint32_t first_generation)
{
	if (n > HANDLE_SLOTS_MAX)
		return ERR_RANGE;
	*p = (struct pool){.kind = kind, .size = (size + 15) & ~(size_t)15, .n = n, .n_free = n};
	p->objects = mem_array(n, p->size);
	p->generations = mem_array(n, sizeof *p->generations);
	p->free_slots = mem_array(n, sizeof *p->free_slots);
	p->is_taken = mem_array(n, 1);
	if (!p->objects || !p->generations || !p->free_slots || !p->is_taken) {
		pool_free(p);
		return ERR_FULL;
	}
	for (uint32_t i = 0; i < n; i++) {
		p->generations[i] = first_generation + i;
		p->free_slots[i] = n - 1 - i; /* low slots first */
	}
	return OK;
}

void pool_free(struct pool *p)
{
	mem_free(p->objects);
	mem_free(p->generations);
	mem_free(p->free_slots);
	mem_free(p->is_taken);
	*p = (struct pool){0};
}

static void *slot_at(const struct pool *p, uint32_t slot)
{
	return p->objects + p->size * slot;
}

static uint32_t slot_of(const struct pool *p, const void *object)
{
	return (uint32_t)((size_t)((const uint8_t *)object - p->objects) / p->size);
}

static void *take_slot(struct pool *p, uint32_t slot, uint32_t generation)
{
	uint64_t handle = handle_make(p->kind, slot, generation);
	void *object = slot_at(p, slot);

	memset(object, 0, p->size);
	memcpy(object, &handle, sizeof handle);
	p->generations[slot] = generation;
	p->is_taken[slot] = 1;
	p->n_taken++;
	if (p->n_taken > p->n_taken_max)
		p->n_taken_max = p->n_taken;
	return object;
}

void *pool_take(struct pool *p)
{
	uint32_t slot;

	if (!p->n_free) {
		p->n_refused++;
		return NULL;
	}
	slot = p->free_slots[--p->n_free];
	return take_slot(p, slot, p->generations[slot] + 1);
}

void *pool_take_at(struct pool *p, uint64_t handle)
{
	uint32_t slot = handle_slot(handle);

	if (handle_kind(handle) != p->kind || slot >= p->n || p->is_taken[slot])
		return NULL;
	for (uint32_t i = p->n_free; i-- > 0;) {
		if (p->free_slots[i] != slot)
			continue;
		memmove(&p->free_slots[i], &p->free_slots[i + 1],
			(p->n_free - i - 1) * sizeof *p->free_slots);
		p->n_free--;
		return take_slot(p, slot, handle_generation(handle));
	}
	return NULL;
}

void pool_give(struct pool *p, void *object)
{
	uint32_t slot;

	if (!object)
		return;
	slot = slot_of(p, object);
	if (!p->is_taken[slot])
		return;
	p->is_taken[slot] = 0;
	p->n_taken--;
	memset(object, 0, p->size);
	p->free_slots[p->n_free++] = slot;
}

void *pool_get(const struct pool *p, uint64_t handle)
{
	uint32_t slot = handle_slot(handle);

	if (handle_kind(handle) != p->kind || slot >= p->n || !p->is_taken[slot] ||
		p->generations[slot] != handle_generation(handle))
		return NULL;
	return slot_at(p, slot);
}

void *pool_next(const struct pool *p, const void *object)
{
	for (uint32_t i = object ? slot_of(p, object) + 1 : 0; i < p->n; i++) {
		if (p->is_taken[i])
			return slot_at(p, i);
	}
	return NULL;
}
