/* test_audit.c - lists of calls as two nodes tell them each other. What the lists are for is tried with whole
 * nodes in tests/sim/test_calls.c. */
#include "sip/audit.h"
#include "test.h"

static void lines_are_read_as_they_are_written(void)
{
	struct audit_line line;
	char buf[128];
	struct wr w = wr_of(buf, sizeof buf);
	struct str rest;

	audit_line_put(&w, &(struct audit_line){0x1f00a2b3c4d5e6f7u, true});
	audit_line_put(&w, &(struct audit_line){1, false});
	rest = wr_done(&w);
	CHECK_STR(rest, "1f00a2b3c4d5e6f7 out\r\n0000000000000001 in\r\n");
	CHECK(audit_line_next(&rest, &line) == OK);
	CHECK(line.call == 0x1f00a2b3c4d5e6f7u && line.is_out);
	CHECK(audit_line_next(&rest, &line) == OK);
	CHECK(line.call == 1 && !line.is_out);
	CHECK(audit_line_next(&rest, &line) == ERR_NOENT);
}

static void what_is_no_line_is_refused(void)
{
	static const char *const wrong[] = {"1f00a2b3c4d5e6f7\r\n", "1f00a2b3c4d5e6f out\r\n",
		"1f00a2b3c4d5e6f7 up\r\n", "1f00a2b3c4d5e6f7  in\r\n", "xx00a2b3c4d5e6f7 in\r\n",
		"1f00a2b3c4d5e6f7 in out\r\n", "\r\n", " out\r\n", "1f00a2b3c4d5e6f70 in\r\n"};
	struct audit_line line;

	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
		struct str rest = str_of(wrong[i]);

		if (audit_line_next(&rest, &line) != ERR_SYNTAX)
			printf("# %s\n", wrong[i]);
		rest = str_of(wrong[i]);
		CHECK(audit_line_next(&rest, &line) == ERR_SYNTAX);
	}
}

static void a_body_may_end_without_a_line_end(void)
{
	struct str rest = STR("0000000000000002 out");
	struct audit_line line;

	CHECK(audit_line_next(&rest, &line) == OK && line.call == 2 && line.is_out);
	CHECK(audit_line_next(&rest, &line) == ERR_NOENT);
}

TEST_MAIN(T(lines_are_read_as_they_are_written), T(what_is_no_line_is_refused),
	T(a_body_may_end_without_a_line_end))
