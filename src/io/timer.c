/* timer.c - timers in a binary heap; makes no system call, knows no clock but io_now().
 *
 * Deadlines are monotonic nanoseconds. Equal deadlines run in the order of their start, so a run
 * is the same each time. A timer knows its place in the heap: stopping costs O(log n) and no
 * search. */
#include <assert.h>
#include <string.h>

#include "io/timers.h"

#define TIMERS_FIRST 1024u
#define TIMERS_LIMIT (1u << 22)
#define NS_PER_MS    1000000u

enum err timers_init(struct timers *ts)
{
	*ts = (struct timers){.size = TIMERS_FIRST};
	ts->heap = mem_array(ts->size, sizeof(struct timer *));
	return ts->heap ? OK : ERR_FULL;
}

void timers_free(struct timers *ts)
{
	for (uint32_t i = 1; i <= ts->n; i++)
		ts->heap[i]->heap_index = 0;
	mem_free(ts->heap);
	*ts = (struct timers){0};
}

static bool is_before(const struct timer *a, const struct timer *b)
{
	return a->deadline != b->deadline ? a->deadline < b->deadline : a->order < b->order;
}

static void put_at(struct timers *ts, uint32_t i, struct timer *t)
{
	ts->heap[i] = t;
	t->heap_index = i;
}

static void move_up(struct timers *ts, uint32_t i, struct timer *t)
{
	for (; i > 1 && is_before(t, ts->heap[i / 2]); i /= 2)
		put_at(ts, i, ts->heap[i / 2]);
	put_at(ts, i, t);
}

static void move_down(struct timers *ts, uint32_t i, struct timer *t)
{
	while (i * 2 <= ts->n) {
		uint32_t child = i * 2;

		if (child < ts->n && is_before(ts->heap[child + 1], ts->heap[child]))
			child++;
		if (!is_before(ts->heap[child], t))
			break;
		put_at(ts, i, ts->heap[child]);
		i = child;
	}
	put_at(ts, i, t);
}

/* Timers are bounded by their owners' pools; running out of memory for pointers to them is the one
 * thing here that a restart answers better than an error nobody can act upon. */
static void grow(struct timers *ts)
{
	uint32_t size = ts->size * 2;
	struct timer **heap = size <= TIMERS_LIMIT ? mem_array(size, sizeof(struct timer *)) : NULL;

	assert(heap);
	memcpy(heap, ts->heap, ts->size * sizeof(struct timer *));
	mem_free(ts->heap);
	ts->heap = heap;
	ts->size = size;
}

static void take_out(struct timers *ts, struct timer *t)
{
	struct timer *last = ts->heap[ts->n--];
	uint32_t i = t->heap_index;

	t->heap_index = 0;
	if (last == t)
		return;
	if (i > 1 && is_before(last, ts->heap[i / 2]))
		move_up(ts, i, last);
	else
		move_down(ts, i, last);
}

uint64_t timers_next(const struct timers *ts)
{
	return ts->n ? ts->heap[1]->deadline : NEVER;
}

struct timer *timers_take_due(struct timers *ts, uint64_t now, uint64_t order)
{
	struct timer *t = ts->n ? ts->heap[1] : NULL;

	/* One started in this very stage is due at `now` at the earliest, and later ones of the
	 * same deadline come after it: whatever follows it waits for the next turn too. */
	if (!t || t->deadline > now || t->order >= order)
		return NULL;
	take_out(ts, t);
	return t;
}

void timer_init(struct timer *t, timer_h *h, void *arg)
{
	*t = (struct timer){.h = h, .arg = arg};
}

void timer_start(struct io *io, struct timer *t, uint32_t ms)
{
	struct timers *ts = io_timers(io);

	timer_stop(t);
	if (ts->n + 1 >= ts->size)
		grow(ts);
	t->io = io;
	t->deadline = io_now(io) + (uint64_t)ms * NS_PER_MS;
	t->order = ts->order++;
	move_up(ts, ++ts->n, t);
}

void timer_stop(struct timer *t)
{
	if (t->heap_index)
		take_out(io_timers(t->io), t);
}

bool timer_is_on(const struct timer *t)
{
	return t->heap_index != 0;
}

uint32_t timer_left_ms(const struct timer *t)
{
	uint64_t now = t->heap_index ? io_now(t->io) : 0;

	if (!t->heap_index || t->deadline <= now)
		return 0;
	return (uint32_t)((t->deadline - now + NS_PER_MS - 1) / NS_PER_MS);
}
