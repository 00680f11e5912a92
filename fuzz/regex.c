/* regex.c - expressions from people, texts from strangers: pattern, a NUL, text, a NUL, replacement.
 *
 * Groups lie inside the text, a match is of the whole text, a fault has its place and reason; what
 * matches exactly matches with folding too, and an expression matches when it is put into a group. */
#include <stdlib.h>
#include <string.h>

#include "base/regex.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool is_so)
{
	if (!is_so)
		abort();
}

static bool is_inside(struct str part, struct str whole)
{
	return part.p == NULL ? part.len == 0
	                      : part.p >= whole.p && part.p + part.len <= whole.p + whole.len;
}

static bool compile(struct str pattern, bool is_folded, struct regex *re)
{
	size_t at = SIZE_MAX;
	const char *why = NULL;
	enum err err = regex_compile(pattern, is_folded, re, &at, &why);

	if (err == ERR_SYNTAX)
		must(at <= pattern.len && why && *why);
	must(err == OK || err == ERR_SYNTAX || err == ERR_FULL);
	return err == OK;
}

static bool match(
	const struct regex *re, struct str text, struct scratch *scratch, struct regex_match *m)
{
	scratch_reset(scratch);
	return regex_match(re, text, scratch, m);
}

static void check_groups(struct str text, const struct regex_match *m, struct str replacement)
{
	char out[64];

	must(m->group[0].len == text.len);
	for (size_t i = 1; i <= REGEX_GROUPS_MAX; i++)
		must(is_inside(m->group[i], text));
	if (regex_replace(replacement, m, out, sizeof out) == OK)
		must(strnlen(out, sizeof out) < sizeof out);
}

static void check_in_group(struct str pattern, struct str text, struct scratch *scratch)
{
	static struct regex re;
	char buf[512];
	struct wr w = wr_of(buf, sizeof buf);
	struct regex_match m;

	wr_u8(&w, '(');
	wr_str(&w, pattern);
	wr_u8(&w, ')');
	if (w.err == OK && compile(wr_done(&w), false, &re))
		must(match(&re, text, scratch, &m));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct regex re, folded;
	static struct scratch scratch;
	struct str rest = {(const char *)data, size};
	struct str pattern = str_cut(&rest, '\0'), text = str_cut(&rest, '\0');
	struct regex_match m, other;

	if (!scratch.base && scratch_init(&scratch, SCRATCH_SIZE) != OK)
		return 0;
	if (!compile(pattern, false, &re) || !match(&re, text, &scratch, &m))
		return 0;
	check_groups(text, &m, rest);
	if (str_find(pattern, '^') ==
		pattern.len) /* a set of what is not grows smaller by folding */
		must(compile(pattern, true, &folded) && match(&folded, text, &scratch, &other));
	check_in_group(pattern, text, &scratch);
	return 0;
}
