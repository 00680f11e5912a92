/* test_regex.c - patterns of dial plans, their groups, their faults, their cost. */
#include <string.h>

#include "base/regex.h"
#include "test.h"

static struct scratch scratch;
static struct regex re;

static bool matches(const char *pattern, const char *text, struct regex_match *m)
{
	size_t at;
	const char *why;

	if (!scratch.base && scratch_init(&scratch, SCRATCH_SIZE))
		return false;
	scratch_reset(&scratch);
	return regex_compile(str_of(pattern), false, &re, &at, &why) == OK &&
	       regex_match(&re, str_of(text), &scratch, m);
}

static bool fails_at(const char *pattern, size_t at)
{
	size_t ret_at = 999;
	const char *why = NULL;

	return regex_compile(str_of(pattern), false, &re, &ret_at, &why) != OK && ret_at == at &&
	       why;
}

static void matches_whole_texts(void)
{
	static const struct {
		const char *pattern, *text;
		bool is_match;
	} rows[] = {
		{"abc", "abc", true},
		{"abc", "abcd", false},
		{"abc", "xabc", false},
		{"", "", true},
		{".+@example\\.com", "a@example.com", true},
		{".+@example\\.com", "a@exampleXcom", false},
		{"[0-9]{4}@x", "1234@x", true},
		{"[0-9]{4}@x", "123@x", false},
		{"[0-9]{4}@x", "12345@x", false},
		{"a{2,3}", "a", false},
		{"a{2,3}", "aa", true},
		{"a{2,3}", "aaa", true},
		{"a{2,3}", "aaaa", false},
		{"a{2,}", "aaaaaaa", true},
		{"a{0,2}b", "b", true},
		{"a{0,2}b", "aab", true},
		{"a{0,2}b", "aaab", false},
		{"(ab|cd|ef)+", "abefcd", true},
		{"(ab|cd|ef)+", "abefc", false},
		{"a|b|c", "c", true},
		{"[^@]+", "user", true},
		{"[^@]+", "us@r", false},
		{"[]a]+", "]a]", true},
		{"[a-]+", "-a", true},
		{"^a$", "a", true},
		{"a^b", "ab", false},
		{"\\d+\\s\\w", "12 x", true},
		{"a?", "", true},
		{"(a*)*", "aaaa", true},
		{"(a|b|c|d|e|f|g|h|i|j|k|l|m|n|o|p|q|r|s|t)", "t", true},
	};
	struct regex_match m;

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		if (matches(rows[i].pattern, rows[i].text, &m) != rows[i].is_match)
			printf("# %s on %s\n", rows[i].pattern, rows[i].text);
		CHECK(matches(rows[i].pattern, rows[i].text, &m) == rows[i].is_match);
	}
}

static void gives_groups_to_replacements(void)
{
	struct regex_match m;
	char z[32];

	CHECK(matches("([^@]+)@(.*)", "alice@example.com", &m));
	CHECK_STR(m.group[1], "alice");
	CHECK_STR(m.group[2], "example.com");
	CHECK(regex_replace(STR("\\1@\\\\x"), &m, z, sizeof z) == OK);
	CHECK_STR(str_of(z), "alice@\\x");
	CHECK(regex_replace(STR("\\0\\0"), &m, z, sizeof z) == ERR_FULL);
	CHECK(regex_replace(STR("\\x"), &m, z, sizeof z) == ERR_SYNTAX);
	CHECK(matches("(a)|(b)", "b", &m));
	CHECK(m.group[1].p == NULL);
	CHECK_STR(m.group[2], "b");
	CHECK(matches("(a+)(a*)", "aaa", &m)); /* the first repetition is the longest */
	CHECK_STR(m.group[1], "aaa");
}

static void names_the_place_of_a_fault(void)
{
	CHECK(fails_at("a(b", 3));
	CHECK(fails_at("a)b", 1));
	CHECK(fails_at("*a", 0));
	CHECK(fails_at("[a", 2));
	CHECK(fails_at("a{3,2}", 5));
	CHECK(fails_at("a{99}", 4));
	CHECK(fails_at("(a)\\1", 4));
	CHECK(fails_at("a{0,0}", 5));
}

static void refuses_what_is_too_large(void)
{
	char pattern[2000];
	size_t at;
	const char *why;

	memset(pattern, 'a', sizeof pattern);
	CHECK(regex_compile((struct str){pattern, sizeof pattern}, false, &re, &at, &why) ==
		ERR_FULL);
	CHECK(regex_compile(STR("((((a{64}){64}){64}){64})"), false, &re, &at, &why) == ERR_FULL);
	CHECK(regex_compile(STR("((((((((((((((((((a))))))))))))))))))"), false, &re, &at, &why) ==
		ERR_FULL);
}

static void folds_case_when_asked(void)
{
	size_t at;
	const char *why;
	struct regex_match m;

	CHECK(matches("x", "x", &m));
	CHECK(regex_compile(STR("ab[c-d]"), true, &re, &at, &why) == OK);
	CHECK(regex_match(&re, STR("aBD"), &scratch, &m));
	CHECK(!matches("ab", "AB", &m));
}

/* (a?){n}a{n} on a^n: exponential for a matcher that backtracks */
static void is_linear_where_backtracking_is_not(void)
{
	struct regex_match m;

	CHECK(matches("(a?){40}a{40}", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", &m));
	CHECK(!matches(
		"(a*)*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", &m));
}

TEST_MAIN(T(matches_whole_texts), T(gives_groups_to_replacements), T(names_the_place_of_a_fault),
	T(refuses_what_is_too_large), T(folds_case_when_asked),
	T(is_linear_where_backtracking_is_not))
