/* Slices: every function at its edges: empty, NULL, one byte, too long. */
#include <string.h>

#include "base/str.h"
#include "test.h"

static void compares_bytes(void)
{
	CHECK(str_eq(STR("ab"), STR("ab")));
	CHECK(!str_eq(STR("ab"), STR("aB")));
	CHECK(!str_eq(STR("ab"), STR("abc")));
	CHECK(str_eq(STR_NONE, STR("")));
	CHECK(str_eq(STR("a\0b"), STR("a\0b")));
	CHECK(!str_eq(STR("a\0b"), STR("a\0c")));
}

static void folds_ascii_only(void)
{
	CHECK(str_ieq(STR("Via"), STR("vIA")));
	CHECK(!str_ieq(STR("Via"), STR("Vias")));
	CHECK(!str_ieq(STR("@"), STR("`")));
	CHECK(!str_ieq(STR("["), STR("{")));
	CHECK(!str_ieq(STR("\xc4"), STR("\xe4")));
	CHECK(str_ieq(STR_NONE, STR("")));
}

static void orders(void)
{
	CHECK(str_cmp(STR("a"), STR("b")) < 0);
	CHECK(str_cmp(STR("b"), STR("a")) > 0);
	CHECK(str_cmp(STR("a"), STR("ab")) < 0);
	CHECK(str_cmp(STR("ab"), STR("a")) > 0);
	CHECK(str_cmp(STR("ab"), STR("ab")) == 0);
	CHECK(str_cmp(STR("\x80"), STR("a")) > 0); /* as unsigned bytes */
	CHECK(str_cmp(STR_NONE, STR_NONE) == 0);
	CHECK(str_cmp(STR_NONE, STR("a")) < 0);
}

static void prefixes_and_suffixes(void)
{
	CHECK(str_has_prefix(STR("sip:a"), STR("sip:")));
	CHECK(str_has_prefix(STR("sip:"), STR("sip:")));
	CHECK(!str_has_prefix(STR("sip"), STR("sip:")));
	CHECK(str_has_prefix(STR("x"), STR_NONE));
	CHECK(str_has_suffix(STR("a.example"), STR(".example")));
	CHECK(str_has_suffix(STR(".example"), STR(".example")));
	CHECK(!str_has_suffix(STR("example"), STR(".example")));
	CHECK(str_has_suffix(STR("x"), STR_NONE));
	CHECK(str_has_suffix(STR_NONE, STR_NONE));
}

static void slices(void)
{
	CHECK_STR(str_skip(STR("abc"), 1), "bc");
	CHECK_STR(str_skip(STR("abc"), 3), "");
	CHECK_STR(str_skip(STR("abc"), 99), "");
	CHECK_STR(str_skip(STR_NONE, 1), "");
	CHECK_STR(str_head(STR("abc"), 2), "ab");
	CHECK_STR(str_head(STR("abc"), 99), "abc");
	CHECK_STR(str_head(STR_NONE, 1), "");
	CHECK_STR(str_trim(STR(" \t\r\na b\n ")), "a b");
	CHECK_STR(str_trim(STR(" ")), "");
	CHECK_STR(str_trim(STR_NONE), "");
	CHECK_STR(str_trim(STR("\va")), "\va");
	CHECK_STR(str_of(NULL), "");
	CHECK_STR(str_of("z"), "z");
}

static void finds_and_cuts(void)
{
	struct str s = STR("a,b,");

	CHECK(str_find(STR("abc"), 'c') == 2);
	CHECK(str_find(STR("abc"), 'x') == 3);
	CHECK(str_find(STR("a\0c"), '\0') == 1);
	CHECK(str_find(STR_NONE, 'x') == 0);
	CHECK_STR(str_cut(&s, ','), "a");
	CHECK_STR(s, "b,");
	CHECK_STR(str_cut(&s, ','), "b");
	CHECK_STR(s, "");
	CHECK_STR(str_cut(&s, ','), "");
	s = STR("abc");
	CHECK_STR(str_cut(&s, ','), "abc");
	CHECK_STR(s, "");
	s = STR(",");
	CHECK_STR(str_cut(&s, ','), "");
}

static void reads_decimal(void)
{
	uint64_t v = 99;

	CHECK(str_u64(STR("0"), 10, &v) == OK && v == 0);
	CHECK(str_u64(STR("10"), 10, &v) == OK && v == 10);
	CHECK(str_u64(STR("0010"), 10, &v) == OK && v == 10);
	CHECK(str_u64(STR("18446744073709551615"), UINT64_MAX, &v) == OK && v == UINT64_MAX);
	v = 99;
	CHECK(str_u64(STR("18446744073709551616"), UINT64_MAX, &v) == ERR_RANGE);
	CHECK(str_u64(STR("99999999999999999999999999"), UINT64_MAX, &v) == ERR_RANGE);
	CHECK(str_u64(STR("11"), 10, &v) == ERR_RANGE);
	CHECK(str_u64(STR("7"), 5, &v) == ERR_RANGE);
	CHECK(str_u64(STR("70"), 5, &v) == ERR_RANGE);
	CHECK(str_u64(STR("1"), 0, &v) == ERR_RANGE);
	CHECK(str_u64(STR(""), 10, &v) == ERR_SYNTAX);
	CHECK(str_u64(STR("+1"), 10, &v) == ERR_SYNTAX);
	CHECK(str_u64(STR("-1"), 10, &v) == ERR_SYNTAX);
	CHECK(str_u64(STR(" 1"), 10, &v) == ERR_SYNTAX);
	CHECK(str_u64(STR("1 "), 10, &v) == ERR_SYNTAX);
	CHECK(str_u64(STR("1a"), 10, &v) == ERR_SYNTAX);
	CHECK(str_u64(STR("\xb1"), 10, &v) == ERR_SYNTAX);
	CHECK(v == 99); /* untouched on failure */
}

/* Every limit against every two-digit number, by plain arithmetic. */
static void decimal_limits_are_exact(void)
{
	for (unsigned max = 0; max < 130; max++) {
		for (unsigned n = 0; n < 130; n++) {
			char text[8];
			uint64_t v = 7777;

			snprintf(text, sizeof text, "%u", n);
			CHECK(str_u64(str_of(text), max, &v) == (n <= max ? OK : ERR_RANGE));
			CHECK(v == (n <= max ? n : 7777));
		}
	}
}

static void hex_both_ways(void)
{
	uint8_t b[4] = {9, 9, 9, 9};
	char z[9];

	CHECK(str_hex(STR("00fFA07e"), b, 4) == OK);
	CHECK(b[0] == 0 && b[1] == 0xff && b[2] == 0xa0 && b[3] == 0x7e);
	str_put_hex(b, 4, z);
	CHECK_STR(str_of(z), "00ffa07e");
	memset(b, 9, sizeof b);
	CHECK(str_hex(STR("00fFA07"), b, 4) == ERR_SYNTAX);
	CHECK(str_hex(STR("00fFA07g"), b, 4) == ERR_SYNTAX);
	CHECK(str_hex(STR("00fFA07/"), b, 4) == ERR_SYNTAX);
	CHECK(str_hex(STR("0xfFA07e"), b, 4) == ERR_SYNTAX);
	CHECK(b[0] == 9 && b[3] == 9);
	CHECK(str_hex(STR_NONE, b, 0) == OK);
	str_put_hex(b, 0, z);
	CHECK_STR(str_of(z), "");
}

static void copies_and_says_if_cut(void)
{
	char z[4] = "xxx";

	CHECK(str_copy(STR("abc"), z, sizeof z));
	CHECK_STR(str_of(z), "abc");
	CHECK(!str_copy(STR("abcd"), z, sizeof z));
	CHECK_STR(str_of(z), "abc");
	CHECK(str_copy(STR_NONE, z, sizeof z));
	CHECK_STR(str_of(z), "");
	CHECK(!str_copy(STR("a"), z, 1));
	CHECK_STR(str_of(z), "");
}

TEST_MAIN(T(compares_bytes), T(folds_ascii_only), T(orders), T(prefixes_and_suffixes), T(slices),
	T(finds_and_cuts), T(reads_decimal), T(decimal_limits_are_exact), T(hex_both_ways),
	T(copies_and_says_if_cut))
