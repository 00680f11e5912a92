/* ports.c - pairs by number, in an order that nobody outside can foretell. */
#include "call/ports.h"

#define REST_NS 60000000000u
#define TAKEN   UINT64_MAX

struct port_pool {
	struct io *io;
	uint16_t first; /* even */
	uint32_t n, n_taken;
	uint64_t n_refused;
	uint64_t *free_at; /* ns from which the pair may be taken; TAKEN */
};

enum err port_pool_new(struct io *io, struct ports range, struct port_pool **ret_pool)
{
	struct port_pool *p = mem_array(1, sizeof *p);

	if (!p)
		return ERR_FULL;
	p->io = io;
	p->first = (uint16_t)(range.low + range.low % 2);
	p->n = range.high > p->first ? (uint32_t)(range.high - p->first + 1) / 2 : 0;
	p->free_at = mem_array(p->n, sizeof *p->free_at);
	if (!p->free_at) {
		mem_free(p);
		return ERR_FULL;
	}
	*ret_pool = p;
	return OK;
}

void port_pool_free(struct port_pool *p)
{
	if (!p)
		return;
	mem_free(p->free_at);
	mem_free(p);
}

static uint16_t take(struct port_pool *p, uint32_t i)
{
	p->free_at[i] = TAKEN;
	p->n_taken++;
	return (uint16_t)(p->first + 2 * i);
}

uint16_t port_pool_take(struct port_pool *p)
{
	uint64_t now = io_now(p->io);
	uint32_t start;

	io_random(p->io, &start, sizeof start);
	for (uint32_t i = 0; i < p->n; i++) {
		uint32_t at = (uint32_t)(((uint64_t)start + i) % p->n);

		if (p->free_at[at] <= now)
			return take(p, at);
	}
	p->n_refused++;
	return 0;
}

static bool index_of(const struct port_pool *p, uint16_t port, uint32_t *ret_i)
{
	*ret_i = (uint32_t)(port - p->first) / 2;
	return port >= p->first && port % 2 == 0 && *ret_i < p->n;
}

bool port_pool_take_at(struct port_pool *p, uint16_t port)
{
	uint32_t i;

	if (!index_of(p, port, &i) || p->free_at[i] == TAKEN)
		return false;
	(void)take(p, i);
	return true;
}

void port_pool_give(struct port_pool *p, uint16_t port)
{
	uint32_t i;

	if (!index_of(p, port, &i) || p->free_at[i] != TAKEN)
		return;
	p->free_at[i] = io_now(p->io) + REST_NS;
	p->n_taken--;
}

size_t port_pool_n_taken(const struct port_pool *p)
{
	return p->n_taken;
}

size_t port_pool_n_free(const struct port_pool *p)
{
	return p->n - p->n_taken;
}

uint64_t port_pool_n_refused(const struct port_pool *p)
{
	return p->n_refused;
}
