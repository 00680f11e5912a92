/* test_lex.c - quoted strings, splitting, parameters. */
#include "sip/lex.h"
#include "test.h"

static void splits_outside_quotes_and_brackets(void)
{
	struct str s = STR("\"a,\\\",b\" <x,y>;z , next"), part;

	CHECK(lex_cut_at(&s, ',', &part) == OK);
	CHECK_STR(part, "\"a,\\\",b\" <x,y>;z ");
	CHECK_STR(s, " next");
	CHECK(lex_cut_at(&s, ',', &part) == OK);
	CHECK(s.len == 0);
	s = STR("\"open");
	CHECK(lex_cut_at(&s, ',', &part) == ERR_SYNTAX);
	s = STR("<open");
	CHECK(lex_cut_at(&s, ',', &part) == ERR_SYNTAX);
}

static void quoted_strings(void)
{
	CHECK(lex_quoted_len(STR("\"\"x")) == 2);
	CHECK(lex_quoted_len(STR("\"a\\\"b\"")) == 6);
	CHECK(lex_quoted_len(STR("\"a\\\0b\"")) == 6);
	CHECK(lex_quoted_len(STR("\"a\0b\"")) == 0);
	CHECK(lex_quoted_len(STR("\"a\\\"")) == 0);
	CHECK(lex_quoted_len(STR("\"a\\\nb\"")) == 0);
	CHECK(lex_quoted_len(STR("\"\x7f\"")) == 0);
	CHECK(lex_quoted_len(STR("a")) == 0);
}

static void walks_parameters(void)
{
	struct str s = STR(" ; lr;a = \"q;\\\"x\" ;\r\n b=[2001:db8::1];c=z");
	struct sip_param p;

	CHECK(sip_param_next(&s, &p) == OK);
	CHECK_STR(p.name, "lr");
	CHECK(!p.has_value);
	CHECK(sip_param_next(&s, &p) == OK);
	CHECK_STR(p.value, "q;\\\"x");
	CHECK(p.is_quoted);
	CHECK_STR(p.text, "a = \"q;\\\"x\"");
	CHECK(sip_param_next(&s, &p) == OK);
	CHECK_STR(p.value, "[2001:db8::1]");
	CHECK(sip_param_next(&s, &p) == OK);
	CHECK(sip_param_next(&s, &p) == ERR_NOENT);
	CHECK_STR(sip_param_value(STR("lr;Branch=z"), STR("bRANCH")), "z");
	CHECK(sip_param_value(STR("lr;x"), STR("branch")).len == 0);
}

static void refuses_bad_parameters(void)
{
	static const struct str bad[] = {{";;a", 3}, {"a=", 2}, {"a=;b", 4}, {"a b", 3}, {"a,b", 3},
		{"a=\"x", 4}, {"a=x\"y\"", 6}, {"=x", 2}, {"a;", 2}, {"a=x;", 4}, {"a=<x>", 5}};

	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		struct str s = bad[i];
		struct sip_param p;
		enum err err = OK;

		while (err == OK)
			err = sip_param_next(&s, &p);
		if (err != ERR_SYNTAX)
			printf("# %.*s\n", (int)bad[i].len, bad[i].p);
		CHECK(err == ERR_SYNTAX);
	}
}

static void one_line_or_nothing(void)
{
	char buf[64];
	struct wr w = wr_of(buf, sizeof buf);

	CHECK(lex_put_line(&w, STR("a\r\n b\n\tc")) == OK);
	CHECK_STR(wr_done(&w), "a b\tc");
	CHECK(lex_put_line(&w, STR("a\r\nEvil: 1")) == ERR_SYNTAX);
	CHECK(lex_put_line(&w, STR("a\nEvil: 1")) == ERR_SYNTAX);
	CHECK(lex_put_line(&w, STR("a\rb")) == ERR_SYNTAX);
	CHECK(lex_put_line(&w, STR("a\r\n")) == ERR_SYNTAX);
	CHECK(lex_put_line(&w, STR("a\0b")) == ERR_SYNTAX);
}

TEST_MAIN(T(splits_outside_quotes_and_brackets), T(quoted_strings), T(walks_parameters),
	T(refuses_bad_parameters), T(one_line_or_nothing))
