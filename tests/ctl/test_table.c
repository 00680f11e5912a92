/* test_table.c - tables of texts, and JSON. */
#include "ctl/table.h"

#include <string.h>

#include "ctl/json.h"
#include "test.h"

static char buf[4096];

static const char *done(struct wr *w)
{
	buf[wr_len(w)] = '\0';
	return buf;
}

static const struct column columns[] = {
	{"NAME", false, true}, {"N", true, false}, {"REST", false, true}};

static void columns_are_as_wide_as_their_widest_cell(void)
{
	struct wr w = wr_of(buf, sizeof buf - 1);
	struct table t;

	CHECK(table_init(&t, columns, 3, 4) == OK);
	table_cell(&t, "a");
	table_cell(&t, "%d", 100);
	table_cell(&t, "x");
	table_cell(&t, "longer");
	table_cell(&t, "%d", 2);
	table_cell(&t, "y");
	table_put(&t, &w);
	table_free(&t);
	CHECK_STR(str_of(done(&w)), "NAME      N  REST\na       100  x\nlonger    2  y\n");
}

static void a_line_that_is_too_long_is_cut_where_it_may_be(void)
{
	struct wr w = wr_of(buf, sizeof buf - 1);
	struct str rest;
	struct table t;

	CHECK(table_init(&t, columns, 3, 1) == OK);
	for (int i = 0; i < 3; i++)
		table_cell(&t, "%s%s", "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz",
			"0123456789");
	table_cell(&t, "one too many");
	CHECK(table_rows(&t) == 1);
	table_put(&t, &w);
	table_free(&t);
	rest = str_of(done(&w));
	while (rest.len)
		CHECK(str_cut(&rest, '\n').len <= TABLE_WIDTH);
	CHECK(strstr(buf, "..") && strstr(buf, "xyz0123456789"));
}

static void controls_never_reach_a_terminal(void)
{
	struct wr w = wr_of(buf, sizeof buf - 1);
	struct table t;

	CHECK(table_init(&t, columns, 3, 1) == OK);
	table_cell(&t, "a\033[2J\n");
	table_cell(&t, "\x7f");
	table_cell(&t, "\xc3\xa4");
	table_put(&t, &w);
	table_free(&t);
	CHECK(!strchr(done(&w), '\033') && strstr(buf, "a?[2J?") && strstr(buf, "\xc3\xa4"));
}

static void an_object_has_its_commas(void)
{
	struct wr w = wr_of(buf, sizeof buf - 1);
	struct addr none = {0};
	struct js js = js_of(&w);

	js_open(&js, NULL, '{');
	js_z(&js, "a", "x\"y");
	js_open(&js, "list", '[');
	js_num(&js, NULL, 1);
	js_open(&js, NULL, '{');
	js_close(&js, '}');
	js_close(&js, ']');
	js_addr(&js, "at", &none);
	js_time(&js, "t", 0);
	js_time(&js, "u", 951782400); /* 29 February 2000 */
	js_milli(&js, "m", 1005);
	js_bool(&js, "b", false);
	js_close(&js, '}');
	CHECK_STR(str_of(done(&w)), "{\"a\":\"x\\\"y\",\"list\":[1,{}],\"at\":null,\"t\":null,"
				    "\"u\":\"2000-02-29T00:00:00Z\",\"m\":1.005,\"b\":false}");
}

TEST_MAIN(T(columns_are_as_wide_as_their_widest_cell),
	T(a_line_that_is_too_long_is_cut_where_it_may_be), T(controls_never_reach_a_terminal),
	T(an_object_has_its_commas))
