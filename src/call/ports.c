/* ports.c - pairs by number, in an order that nobody outside can foretell.
 *
 * A pair is taken, resting or rested. Rested ones are a set from which chance picks; resting ones wait
 * in a queue in the order in which they came back. While there are rested ones, none rests less than
 * REST; when there are none, the one that rests longest goes out early: a wave of short calls may cost
 * some of the rest, never calls. Less than REST_LEAST it always is, for media to close its sockets. */
#include <string.h>

#include "call/ports.h"

#define REST_NS       60000000000u
#define REST_LEAST_NS 250000000u
#define TAKEN         UINT16_MAX
#define RESTING       (UINT16_MAX - 1)

struct port_pool {
	struct io *io;
	uint16_t first; /* even */
	uint32_t n, n_rested, n_resting, head;
	uint64_t n_refused;
	uint16_t *place;    /* of a pair: where in rested, or RESTING, or TAKEN */
	uint16_t *rested;   /* n_rested pairs in no order */
	uint16_t *resting;  /* a ring of n: n_resting pairs from head on */
	uint64_t *given_at; /* ns, per pair */
};

enum err port_pool_new(struct io *io, struct ports range, struct port_pool **ret_pool)
{
	struct port_pool *p = mem_array(1, sizeof *p);

	if (!p)
		return ERR_FULL;
	p->io = io;
	p->first = (uint16_t)(range.low + range.low % 2);
	p->n = range.high > p->first ? (uint32_t)(range.high - p->first + 1) / 2 : 0;
	p->n_rested = p->n;
	p->place = mem_array(p->n, sizeof *p->place);
	p->rested = mem_array(p->n, sizeof *p->rested);
	p->resting = mem_array(p->n, sizeof *p->resting);
	p->given_at = mem_array(p->n, sizeof *p->given_at);
	if (!p->place || !p->rested || !p->resting || !p->given_at) {
		port_pool_free(p);
		return ERR_FULL;
	}
	for (uint32_t i = 0; i < p->n; i++)
		p->place[i] = p->rested[i] = (uint16_t)i;
	*ret_pool = p;
	return OK;
}

void port_pool_free(struct port_pool *p)
{
	if (!p)
		return;
	mem_free(p->place);
	mem_free(p->rested);
	mem_free(p->resting);
	mem_free(p->given_at);
	mem_free(p);
}

static void add_rested(struct port_pool *p, uint16_t pair)
{
	p->place[pair] = (uint16_t)p->n_rested;
	p->rested[p->n_rested++] = pair;
}

static void drop_rested(struct port_pool *p, uint16_t pair)
{
	uint16_t last = p->rested[--p->n_rested];

	p->rested[p->place[pair]] = last;
	p->place[last] = p->place[pair];
	p->place[pair] = TAKEN;
}

static uint16_t resting_at(const struct port_pool *p, uint32_t i)
{
	return p->resting[(p->head + i) % p->n];
}

static uint16_t pop_resting(struct port_pool *p)
{
	uint16_t pair = resting_at(p, 0);

	p->head = (p->head + 1) % p->n;
	p->n_resting--;
	p->place[pair] = TAKEN;
	return pair;
}

/* Out of the middle: only records ask for that, at a start, when few pairs rest. */
static void drop_resting(struct port_pool *p, uint16_t pair)
{
	uint32_t n = p->n_resting;

	while (n-- > 0) {
		uint16_t other = pop_resting(p);

		if (other == pair)
			continue;
		p->resting[(p->head + p->n_resting++) % p->n] = other;
		p->place[other] = RESTING;
	}
}

static bool has_rested_for(const struct port_pool *p, uint64_t ns)
{
	return p->n_resting && io_now(p->io) - p->given_at[resting_at(p, 0)] >= ns;
}

uint16_t port_pool_take(struct port_pool *p)
{
	uint32_t chance;
	uint16_t pair;

	while (has_rested_for(p, REST_NS))
		add_rested(p, pop_resting(p));
	if (p->n_rested) {
		io_random(p->io, &chance, sizeof chance);
		pair = p->rested[chance % p->n_rested];
		drop_rested(p, pair);
	} else if (has_rested_for(p, REST_LEAST_NS)) {
		pair = pop_resting(p);
	} else {
		p->n_refused++;
		return 0;
	}
	return (uint16_t)(p->first + 2 * pair);
}

static bool pair_of(const struct port_pool *p, uint16_t port, uint16_t *ret_pair)
{
	*ret_pair = (uint16_t)((port - p->first) / 2);
	return port >= p->first && port % 2 == 0 && *ret_pair < p->n;
}

bool port_pool_take_at(struct port_pool *p, uint16_t port)
{
	uint16_t pair;

	if (!pair_of(p, port, &pair) || p->place[pair] == TAKEN)
		return false;
	if (p->place[pair] == RESTING)
		drop_resting(p, pair);
	else
		drop_rested(p, pair);
	return true;
}

void port_pool_give(struct port_pool *p, uint16_t port)
{
	uint16_t pair;

	if (!pair_of(p, port, &pair) || p->place[pair] != TAKEN)
		return;
	p->given_at[pair] = io_now(p->io);
	p->place[pair] = RESTING;
	p->resting[(p->head + p->n_resting++) % p->n] = pair;
}

size_t port_pool_n_taken(const struct port_pool *p)
{
	return p->n - port_pool_n_free(p);
}

size_t port_pool_n_free(const struct port_pool *p)
{
	return p->n_rested + p->n_resting;
}

uint64_t port_pool_n_refused(const struct port_pool *p)
{
	return p->n_refused;
}
