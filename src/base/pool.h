/* pool.h - objects that survive a handler: an array made at start, sized by a configured limit.
 *
 * Full is an ordinary answer (503, a reason, a counter), never an error of the program. Each slot has
 * a generation that starts at a random number and moves at every take, so that a handle of a former
 * object, or of a former process, does not resolve. An object's first member is its handle. */
#ifndef BASE_POOL_H
#define BASE_POOL_H

#include "base/handle.h"
#include "base/str.h"

struct pool {
	uint8_t *objects;
	uint32_t *generations;
	uint32_t *free_slots;
	uint8_t *is_taken;
	size_t size; /* of an object; its first 8 bytes are its handle */
	uint32_t n, n_taken, n_free, n_taken_max;
	uint64_t n_refused;
	enum handle_kind kind;
};

/* n objects of size bytes. first_generation: random, from io_random. ERR_FULL: no memory; ERR_RANGE: more
 * than HANDLE_SLOTS_MAX. */
MUST_USE enum err pool_init(
	struct pool *p, enum handle_kind kind, size_t size, uint32_t n, uint32_t first_generation);
void pool_free(struct pool *p);
void *pool_take(struct pool *p); /* zeroed, its handle set; NULL when full (counted) */
/* The object of a record that a predecessor left: its own slot and generation. NULL: taken or out of range. */
void *pool_take_at(struct pool *p, uint64_t handle);
void pool_give(struct pool *p, void *object);          /* NULL: nothing */
void *pool_get(const struct pool *p, uint64_t handle); /* NULL: gone */
/* Iteration over taken objects: start with NULL. The current one may be given back. */
void *pool_next(const struct pool *p, const void *object);

#endif
