/* world.c - time, chance and the queue of events: what makes a run the same each time.
 *
 * Events run by time, then by the order in which they were made. Every event goes into the hash.
 * Chance is one counter under SipHash with the seed as its key; nothing else is random, and no
 * address or real clock decides anything. */
#include <assert.h>
#include <string.h>

#include "sim/private.h"

static uint64_t random_next(struct sim *sim)
{
	struct hash_key key = {sim->seed, 0x6368616e63650000u};

	sim->n_random++;
	return siphash(&key, &sim->n_random, sizeof sim->n_random);
}

uint32_t sim_random(struct sim *sim, uint32_t n)
{
	return n ? (uint32_t)((random_next(sim) >> 32) * n >> 32) : 0;
}

bool chance(struct sim *sim, uint32_t ppm)
{
	return ppm && sim_random(sim, 1000000) < ppm;
}

void io_random(struct io *io, void *ret_buf, size_t len)
{
	uint8_t *p = ret_buf;

	for (size_t i = 0; i < len; i++)
		p[i] = (uint8_t)(random_next(io->sim) >> 56);
}

/* ---- the hash ---- */

/* Nobody aims at this hash: a few instructions for a number are enough, and every event has some. */
void hash_num(struct sim *sim, uint64_t n)
{
	uint64_t h = (sim->hash ^ n) * 0x9e3779b97f4a7c15u;

	sim->hash = h ^ h >> 32;
}

void hash_in(struct sim *sim, const void *p, size_t n)
{
	const char *bytes = p;

	for (size_t i = 0; i < n; i += sizeof(uint64_t)) {
		uint64_t word = 0;

		memcpy(&word, bytes + i, n - i < sizeof word ? n - i : sizeof word);
		hash_num(sim, word);
	}
	hash_num(sim, n);
}

uint64_t sim_hash(const struct sim *sim)
{
	return sim->hash;
}

void sim_note(struct sim *sim, struct str what)
{
	hash_in(sim, what.p, what.len);
}

/* ---- events ---- */

static bool is_before(const struct event *a, const struct event *b)
{
	return a->at != b->at ? a->at < b->at : a->order < b->order;
}

static void grow(struct sim *sim)
{
	uint32_t size = sim->heap_size ? sim->heap_size * 2 : 4096;
	struct event *heap = mem_array(size, sizeof *heap);

	assert(heap);
	if (sim->heap)
		memcpy(heap, sim->heap, sim->heap_size * sizeof *heap);
	mem_free(sim->heap);
	sim->heap = heap;
	sim->heap_size = size;
}

void event_put(struct sim *sim, uint64_t at, enum event_kind kind, uint64_t a, uint64_t b)
{
	struct event e = {at < sim->now ? sim->now : at, ++sim->order, kind, a, b};
	uint32_t i;

	if (sim->n_events + 2 >= sim->heap_size)
		grow(sim);
	for (i = ++sim->n_events; i > 1 && is_before(&e, &sim->heap[i / 2]); i /= 2)
		sim->heap[i] = sim->heap[i / 2];
	sim->heap[i] = e;
}

static struct event event_take(struct sim *sim)
{
	struct event first = sim->heap[1], last = sim->heap[sim->n_events--];
	uint32_t i = 1;

	while (i * 2 <= sim->n_events) {
		uint32_t child = i * 2;

		if (child < sim->n_events && is_before(&sim->heap[child + 1], &sim->heap[child]))
			child++;
		if (!is_before(&sim->heap[child], &last))
			break;
		sim->heap[i] = sim->heap[child];
		i = child;
	}
	sim->heap[i] = last;
	return first;
}

static void run_script(struct sim *sim, uint64_t handle)
{
	struct script *s = pool_get(&sim->scripts, handle), copy;

	if (!s)
		return;
	copy = *s;
	pool_give(&sim->scripts, s);
	copy.run(copy.arg);
}

static void run_event(struct sim *sim, const struct event *e)
{
	switch (e->kind) {
	case EVENT_NOTHING:
		return;
	case EVENT_TURN:
		turn_run(sim, e->a, e->order);
		return;
	case EVENT_PACKET:
		udp_arrive(sim, e->a);
		return;
	case EVENT_SEGMENT:
		segment_arrive(sim, e->a);
		return;
	case EVENT_PUMP:
		tcp_pump(sim, e->a);
		return;
	case EVENT_SCRIPT:
		run_script(sim, e->a);
		return;
	case EVENT_DIED:
		process_died(sim, e->a);
		return;
	}
}

bool sim_step(struct sim *sim)
{
	struct event e;

	if (!sim->n_events)
		return false;
	e = event_take(sim);
	sim->now = e.at;
	sim->counters.n_events++;
	hash_num(sim, e.at);
	hash_num(sim, (uint64_t)e.kind);
	run_event(sim, &e);
	if (sim->watch)
		sim->watch(sim, sim->watch_arg);
	return true;
}

void sim_run(struct sim *sim, uint64_t ms)
{
	uint64_t end = sim->now + ms * NS_PER_MS;

	while (sim->n_events && sim->heap[1].at <= end)
		(void)sim_step(sim);
	sim->now = end;
}

/* ---- choices ---- */

static bool run_to(struct sim *sim, enum event_kind kind, uint64_t max_ms)
{
	uint64_t end = sim->now + max_ms * NS_PER_MS;

	while (sim->n_events && sim->heap[1].at <= end) {
		if (sim->heap[1].kind == kind)
			return true;
		(void)sim_step(sim);
	}
	return false;
}

bool sim_run_to_datagram(struct sim *sim, uint64_t max_ms)
{
	return run_to(sim, EVENT_PACKET, max_ms);
}

bool sim_run_to_segment(struct sim *sim, uint64_t max_ms)
{
	return run_to(sim, EVENT_SEGMENT, max_ms);
}

/* The next datagram's event after `after`, or the first of all. */
static struct event *next_datagram(struct sim *sim, const struct event *after)
{
	struct event *best = NULL;

	for (uint32_t i = 1; i <= sim->n_events; i++) {
		struct event *e = &sim->heap[i];

		if (e->kind == EVENT_PACKET && (!after || is_before(after, e)) &&
			(!best || is_before(e, best)))
			best = e;
	}
	return best;
}

/* Its event stays, and finds nothing. */
bool sim_drop_next(struct sim *sim)
{
	struct event *e = next_datagram(sim, NULL);

	if (!e)
		return false;
	pool_give(&sim->wires, pool_get(&sim->wires, e->a));
	e->a = 0;
	e->kind = EVENT_NOTHING;
	sim->counters.n_lost++;
	return true;
}

bool sim_swap_next(struct sim *sim)
{
	struct event *first = next_datagram(sim, NULL);
	struct event *second = first ? next_datagram(sim, first) : NULL;
	uint64_t a;

	if (!second)
		return false;
	a = first->a;
	first->a = second->a;
	second->a = a;
	return true;
}

uint64_t sim_now(const struct sim *sim)
{
	return sim->now;
}

enum err sim_at(struct sim *sim, uint64_t ms, void (*h)(void *arg), void *arg)
{
	struct script *s = pool_take(&sim->scripts);

	if (!s)
		return ERR_FULL;
	s->run = h;
	s->arg = arg;
	event_put(sim, sim->now + ms * NS_PER_MS, EVENT_SCRIPT, s->h, 0);
	return OK;
}

void sim_watch(struct sim *sim, void (*h)(struct sim *sim, void *arg), void *arg)
{
	sim->watch = h;
	sim->watch_arg = arg;
}

void sim_tap(struct sim *sim, void (*h)(void *arg, const struct sim_packet *packet), void *arg)
{
	sim->tap = h;
	sim->tap_arg = arg;
}

void sim_print_logs(struct sim *sim, bool is_printed)
{
	sim->prints_logs = is_printed;
}

const struct sim_counters *sim_counters(const struct sim *sim)
{
	return &sim->counters;
}

struct sim_held sim_held(const struct sim *sim)
{
	struct sim_held h = {.n_files = sim->files.n_taken,
		.n_packets = sim->wires.n_taken,
		.n_messages = sim->messages.n_taken,
		.n_chunks = sim->chunks.n_taken};

	for (size_t i = 0; i < FDS_MAX; i++)
		h.n_fds += sim->fds[i].file != NULL;
	return h;
}

/* ---- birth and death ---- */

static enum err init_pools(struct sim *sim)
{
	struct hash_key key = {
		1, 2}; /* nobody attacks a simulation; it must be the same each time */
	enum err err = pool_init(&sim->files, HK_SOCKET, sizeof(struct file), FILES_MAX, 1);

	if (!err)
		err = pool_init(&sim->wires, HK_SOCKET, sizeof(struct wire), PACKETS_MAX, 1);
	if (!err)
		err = pool_init(&sim->messages, HK_SOCKET, sizeof(struct message), MESSAGES_MAX, 1);
	if (!err)
		err = pool_init(&sim->scripts, HK_SOCKET, sizeof(struct script), SCRIPTS_MAX, 1);
	if (!err)
		err = chunks_init(&sim->chunks, CHUNKS_MAX, 1);
	if (!err)
		err = hash_init(&sim->bound, FILES_MAX, &key);
	sim->fds = mem_array(FDS_MAX, sizeof *sim->fds);
	sim->names = mem_array(NAMES_MAX, sizeof *sim->names);
	sim->peeked = mem_array(STREAM_PEEK, 1);
	return sim->fds && sim->names && sim->peeked ? err : ERR_FULL;
}

enum err sim_new(uint64_t seed, struct sim **ret_sim)
{
	struct sim *sim = mem_array(1, sizeof *sim);
	enum err err;

	if (!sim)
		return ERR_FULL;
	sim->seed = sim->hash = seed;
	grow(sim);
	err = init_pools(sim);
	if (err) {
		sim_free(sim);
		return err;
	}
	*ret_sim = sim;
	return OK;
}

void sim_free(struct sim *sim)
{
	if (!sim)
		return;
	for (uint32_t i = 0; i < sim->n_processes; i++)
		sim_kill(sim->processes[i]);
	for (uint32_t i = 0; i < sim->n_processes; i++)
		process_free(sim->processes[i]);
	for (size_t i = 0; i < sim->n_borders; i++) {
		firewall_free(sim->borders[i].firewall);
		nat_free(sim->borders[i].nat);
	}
	pool_free(&sim->files);
	pool_free(&sim->wires);
	pool_free(&sim->messages);
	pool_free(&sim->scripts);
	pool_free(&sim->chunks);
	hash_free(&sim->bound);
	mem_free(sim->fds);
	mem_free(sim->names);
	mem_free(sim->peeked);
	mem_free(sim->heap);
	mem_free(sim);
}
