/* The arena: alignment, exhaustion, reset, copies. */
#include <string.h>

#include "base/scratch.h"
#include "test.h"

static void pieces_are_aligned_zeroed_and_apart(void)
{
	struct scratch s;

	CHECK(scratch_init(&s, 4096) == OK);
	for (int round = 0; round < 2; round++) {
		uint8_t *before = NULL;

		for (size_t len = 1; len < 40; len++) {
			uint8_t *p = scratch_take(&s, len);

			CHECK(p && (uintptr_t)p % 16 == 0);
			CHECK(!before || p >= before + len - 1);
			for (size_t i = 0; i < len; i++)
				CHECK(p[i] == 0);
			memset(p, 0xee, len);
			before = p;
		}
		scratch_reset(&s);
	}
	scratch_free(&s);
}

static void full_is_counted_and_ends_at_reset(void)
{
	struct scratch s;

	CHECK(scratch_init(&s, 64) == OK);
	CHECK(scratch_take(&s, 65) == NULL);
	CHECK(scratch_take(&s, SIZE_MAX) == NULL);
	CHECK(scratch_take(&s, 64) != NULL);
	CHECK(scratch_take(&s, 1) == NULL);
	CHECK(s.n_refused == 3);
	scratch_reset(&s);
	CHECK(s.used_max == 64 && s.used == 0);
	CHECK(scratch_take(&s, 64) != NULL);
	scratch_free(&s);
}

static void copies(void)
{
	struct scratch s;
	char text[] = "abc";

	CHECK(scratch_init(&s, 64) == OK);
	struct str copy = scratch_copy(&s, str_of(text));
	text[0] = 'x';
	CHECK_STR(copy, "abc");
	CHECK(scratch_copy(&s, STR_NONE).len == 0);
	CHECK(scratch_copy(&s, ((struct str){text, 1000})).len == 0);
	scratch_free(&s);
	scratch_free(&s);
}

static void what_was_taken_since_a_mark_is_free_again(void)
{
	struct scratch s;
	size_t mark;
	char *first, *second;

	CHECK(scratch_init(&s, 4096) == OK);
	first = scratch_take(&s, 100);
	mark = scratch_mark(&s);
	second = scratch_take(&s, 3000);
	CHECK(first && second && !scratch_take(&s, 3000));
	second[0] = 'x';
	scratch_back(&s, mark);
	CHECK(scratch_take(&s, 3000) == second && second[0] == 0);
	first[99] = 'y';        /* what is before the mark stays */
	scratch_back(&s, 4000); /* a mark that is ahead: nothing */
	CHECK(scratch_mark(&s) > mark && s.used_max >= 3000);
	scratch_free(&s);
}

static void arrays(void)
{
	uint8_t *p = mem_array(10, 10);

	CHECK(p && p[0] == 0 && p[99] == 0);
	mem_free(p);
	CHECK((p = mem_array(0, 8)));
	mem_free(p);
	mem_free(NULL);
}

TEST_MAIN(T(pieces_are_aligned_zeroed_and_apart), T(full_is_counted_and_ends_at_reset), T(copies),
	T(what_was_taken_since_a_mark_is_free_again), T(arrays))
