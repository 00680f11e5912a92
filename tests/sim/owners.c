/* owners.c - pools by the worker that made them. */
#include <stdlib.h>

#include "owners.h"
#include "sip/plane.h"
#include "sip/store.h"
#include "world.h"

#define POOLS_MAX 256

static struct {
	struct worker *begins;
	struct {
		struct pool *pool;
		struct worker *owner;
	} pools[POOLS_MAX];
	size_t n;
} owners;

void owners_begin(struct worker *w)
{
	owners.begins = w;
}

/* ---- replaced at link time ---- */

enum err __real_pool_init(
	struct pool *p, enum handle_kind kind, size_t size, uint32_t n, uint32_t first_generation);
enum err __wrap_pool_init(
	struct pool *p, enum handle_kind kind, size_t size, uint32_t n, uint32_t first_generation);
enum err __wrap_pool_init(
	struct pool *p, enum handle_kind kind, size_t size, uint32_t n, uint32_t first_generation)
{
	enum err err = __real_pool_init(p, kind, size, n, first_generation);

	if (err || !owners.begins || kind == HK_SOCKET)
		return err;
	if (owners.n == POOLS_MAX)
		abort();
	owners.pools[owners.n].pool = p;
	owners.pools[owners.n++].owner = owners.begins;
	return OK;
}

void __real_pool_free(struct pool *p);
void __wrap_pool_free(struct pool *p);
void __wrap_pool_free(struct pool *p)
{
	for (size_t i = 0; i < owners.n; i++) {
		if (owners.pools[i].pool == p)
			owners.pools[i--] = owners.pools[--owners.n];
	}
	__real_pool_free(p);
}

static const struct worker *owner_of(const struct pool *p)
{
	for (size_t i = 0; i < owners.n; i++) {
		if (owners.pools[i].pool == p)
			return owners.pools[i].owner;
	}
	return NULL;
}

static struct timer *timer_in(const struct io *io, const void *object, size_t size)
{
	uintptr_t low = (uintptr_t)object;
	struct timer *t;

	for (uint32_t i = 0; (t = sim_timer(io, i)); i++) {
		if ((uintptr_t)t >= low && (uintptr_t)t < low + size)
			return t;
	}
	return NULL;
}

void __real_pool_give(struct pool *p, void *object);
void __wrap_pool_give(struct pool *p, void *object);
void __wrap_pool_give(struct pool *p, void *object)
{
	const struct worker *w = p->kind == HK_SOCKET || !object ? NULL : owner_of(p);
	struct timer *t = w && w->io ? timer_in(w->io, object, p->size) : NULL;

	if (t) {
		world_broken("a timer outlives its owner");
		timer_stop(t); /* so that the run goes on and can be told */
	}
	__real_pool_give(p, object);
}

/* ---- what it holds ---- */

struct holdings holdings_of(const struct worker *w)
{
	struct holdings h = {0};

	if (!w->is_started || sim_is_dead(w->io))
		return h;
	for (size_t i = 0; i < owners.n; i++) {
		if (owners.pools[i].owner == w)
			h.n[owners.pools[i].pool->kind] += owners.pools[i].pool->n_taken;
	}
	while (sim_timer(w->io, h.n_timers))
		h.n_timers++;
	if (w->sip)
		h.n_blocks = (uint32_t)store_used(w->sip->store);
	return h;
}
