/* test_table.c - the walk over a state table finds each kind of fault, and nothing in a whole one. */
#include "sip/table.h"
#include "test.h"

enum { IDLE, BUSY, STATES };
enum { GO, END, EVENTS };

typedef const struct table_cell table[STATES][EVENTS];

static struct table_cell cell_of(const void *t, unsigned state, unsigned event)
{
	return ((const struct table_cell *)t)[state * EVENTS + event];
}

static const struct table_must must[] = {{.event = END, .may_be_late = true}};
static const struct table_must strict[] = {{.event = END}};
static const struct table_must later[] = {{.event = END, .but_first = true}};

static unsigned faults(table t, const struct table_must *m, bool begins_at_first)
{
	struct table_rules rules = {STATES, EVENTS, begins_at_first, cell_of, m, 1};

	return table_faults(&rules, t);
}

static void a_whole_table_has_no_fault(void)
{
	static table t = {
		{{true, false, BUSY}, {false, true, 0}}, {{false, true, 0}, {true, false, IDLE}}};

	CHECK(faults(t, must, false) == 0);
	CHECK(faults(t, strict, false) == 1); /* late where an act is asked for */
	CHECK(faults(t, later, false) == 0);
}

static void a_next_state_is_one_of_the_table(void)
{
	static table t = {{{true, false, STATES}, {true, false, IDLE}}};

	CHECK(faults(t, must, false) == 1);
}

static void a_used_state_has_a_way_to_it(void)
{
	static table t = {{{true, false, BUSY}, {false, true, 0}},
		{{true, false, BUSY}, {true, false, BUSY}}};

	CHECK(faults(t, must, false) == 1);
	CHECK(faults(t, must, true) == 0);
}

static void an_event_is_missing(void)
{
	static table t = {{{true, false, BUSY}, {true, false, IDLE}}, {{true, false, IDLE}}};

	CHECK(faults(t, must, false) == 1);
}

TEST_MAIN(T(a_whole_table_has_no_fault), T(a_next_state_is_one_of_the_table),
	T(a_used_state_has_a_way_to_it), T(an_event_is_missing))
