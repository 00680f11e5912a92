/* Pools: generations, exhaustion, objects of a predecessor, iteration; and the lists of list.h. */
#include <string.h>

#include "base/list.h"
#include "base/pool.h"
#include "test.h"

struct thing {
	struct call_h h;
	uint32_t a, b, c; /* an odd size, so that slots are padded */
};

static void handles_resolve_until_given_back(void)
{
	struct pool p;

	CHECK(pool_init(&p, HK_CALL, sizeof(struct thing), 4, 77) == OK);
	struct thing *t = pool_take(&p);
	CHECK(t && handle_kind(t->h.v) == HK_CALL && handle_slot(t->h.v) == 0);
	struct call_h h = t->h;
	t->a = 5;
	CHECK(pool_get(&p, h.v) == t);
	pool_give(&p, t);
	CHECK(pool_get(&p, h.v) == NULL);
	CHECK(t->a == 0); /* what was there is not there any more */
	struct thing *again = pool_take(&p);
	CHECK(again == t && again->h.v != h.v); /* same slot, new generation */
	CHECK(pool_get(&p, h.v) == NULL && pool_get(&p, again->h.v) == again);
	pool_free(&p);
}

static void wrong_handles_resolve_to_nothing(void)
{
	struct pool p;

	CHECK(pool_init(&p, HK_CALL, sizeof(struct thing), 2, 77) == OK);
	struct thing *t = pool_take(&p);
	uint64_t h = t->h.v;
	CHECK(pool_get(&p, 0) == NULL);
	CHECK(pool_get(&p, UINT64_MAX) == NULL);
	CHECK(pool_get(&p, handle_make(HK_LEG, 0, handle_generation(h))) == NULL);
	CHECK(pool_get(&p, handle_make(HK_CALL, 1, handle_generation(h))) == NULL);
	CHECK(pool_get(&p, handle_make(HK_CALL, 2, handle_generation(h))) == NULL);
	CHECK(pool_get(&p, h + 1) == NULL && pool_get(&p, h - 1) == NULL);
	pool_free(&p);
}

static void full_is_an_answer(void)
{
	struct pool p;
	struct thing *t[3];

	CHECK(pool_init(&p, HK_CALL, sizeof(struct thing), 3, 0xffffffff) == OK);
	for (int i = 0; i < 3; i++)
		CHECK((t[i] = pool_take(&p)));
	CHECK(pool_take(&p) == NULL && pool_take(&p) == NULL);
	CHECK(p.n_refused == 2 && p.n_taken == 3 && p.n_taken_max == 3);
	pool_give(&p, t[1]);
	pool_give(&p, t[1]); /* twice: nothing */
	pool_give(&p, NULL);
	CHECK(p.n_taken == 2 && p.n_free == 1);
	CHECK(pool_take(&p) == t[1]);
	CHECK(pool_take(&p) == NULL);
	pool_free(&p);
}

static void no_memory_no_objects_too_many(void)
{
	struct pool p;

	CHECK(pool_init(&p, HK_CALL, sizeof(struct thing), 0, 1) == OK);
	CHECK(pool_take(&p) == NULL && pool_next(&p, NULL) == NULL);
	pool_free(&p);
	CHECK(pool_init(&p, HK_CALL, 8, HANDLE_SLOTS_MAX + 1, 1) == ERR_RANGE);
}

static void a_predecessors_object_keeps_its_name(void)
{
	struct pool p;
	uint64_t old = handle_make(HK_CALL, 2, 5);

	CHECK(pool_init(&p, HK_CALL, sizeof(struct thing), 4, 1000) == OK);
	struct thing *t = pool_take_at(&p, old);
	CHECK(t && t->h.v == old && pool_get(&p, old) == t);
	CHECK(pool_take_at(&p, old) == NULL);                        /* taken */
	CHECK(pool_take_at(&p, handle_make(HK_CALL, 2, 6)) == NULL); /* its slot is */
	CHECK(pool_take_at(&p, handle_make(HK_CALL, 4, 6)) == NULL); /* out of range */
	CHECK(pool_take_at(&p, handle_make(HK_LEG, 1, 6)) == NULL);  /* another kind */
	CHECK(pool_take_at(&p, 0) == NULL);
	for (int i = 0; i < 3; i++) {
		struct thing *other = pool_take(&p);
		CHECK(other && other != t && handle_slot(other->h.v) != 2);
	}
	CHECK(pool_take(&p) == NULL && p.n_taken == 4);
	pool_give(&p, t);
	t = pool_take(&p);
	CHECK(t && handle_slot(t->h.v) == 2 && handle_generation(t->h.v) == 6);
	CHECK(pool_get(&p, old) == NULL);
	pool_free(&p);
}

static void iteration_survives_giving_back(void)
{
	struct pool p;
	unsigned n = 0;

	CHECK(pool_init(&p, HK_CALL, sizeof(struct thing), 8, 1) == OK);
	for (int i = 0; i < 8; i++)
		CHECK(pool_take(&p));
	for (struct thing *t = pool_next(&p, NULL); t; t = pool_next(&p, t)) {
		if (n++ % 2)
			pool_give(&p, t);
	}
	CHECK(n == 8 && p.n_taken == 4);
	n = 0;
	for (struct thing *t = pool_next(&p, NULL); t; t = pool_next(&p, t), n++)
		CHECK(handle_slot(t->h.v) % 2 == 0);
	CHECK(n == 4);
	pool_free(&p);
}

static void objects_are_zeroed_and_apart(void)
{
	struct pool p;

	CHECK(pool_init(&p, HK_CALL, sizeof(struct thing), 3, 1) == OK);
	struct thing *a = pool_take(&p), *b = pool_take(&p);
	memset(&a->a, 0xff, sizeof *a - sizeof a->h);
	CHECK(b->a == 0 && pool_get(&p, b->h.v) == b);
	pool_give(&p, a);
	a = pool_take(&p);
	CHECK(a->a == 0 && a->b == 0 && a->c == 0);
	pool_free(&p);
}

struct link {
	int id;
	struct list list;
};

static void lists_keep_order_and_forgive(void)
{
	struct list head;
	struct link l[3] = {{.id = 0}, {.id = 1}, {.id = 2}};
	int next = 0;

	list_init(&head);
	CHECK(list_is_empty(&head) && !list_first(&head) && list_len(&head) == 0);
	list_remove(&l[0].list); /* in no list */
	for (int i = 0; i < 3; i++)
		list_append(&head, &l[i].list);
	LIST_FOR(it, &head)
	CHECK(container_of(it, struct link, list)->id == next++);
	CHECK(next == 3 && list_len(&head) == 3);
	list_append(&head, &l[0].list); /* moves to the end */
	CHECK(list_len(&head) == 3 && list_first(&head) == &l[1].list);
	LIST_FOR_SAFE(it, tmp, &head)
	list_remove(it);
	CHECK(list_is_empty(&head) && !list_is_in(&l[2].list));
}

TEST_MAIN(T(handles_resolve_until_given_back), T(wrong_handles_resolve_to_nothing),
	T(full_is_an_answer), T(no_memory_no_objects_too_many),
	T(a_predecessors_object_keeps_its_name), T(iteration_survives_giving_back),
	T(objects_are_zeroed_and_apart), T(lists_keep_order_and_forgive))
