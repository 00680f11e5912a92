/* regex.h - regular expressions whose cost is bounded by pattern times text: a dial plan cannot hang
 * signalling.
 *
 * A subset of POSIX extended expressions: literals, ".", sets, groups, "|", "*", "+", "?", "{m,n}", "^",
 * "$", "\d \w \s" and escapes; no back-references in the pattern. A match is of the whole text; among
 * possible matches the first alternative and the longest repetition win. Compiled once into a fixed
 * struct, run as a list of threads (Thompson 1968, Pike). Pure. */
#ifndef BASE_REGEX_H
#define BASE_REGEX_H

#include "base/rd.h"
#include "base/scratch.h"

#define REGEX_STEPS_MAX  512
#define REGEX_SETS_MAX   16
#define REGEX_GROUPS_MAX 9 /* \1 to \9 */

struct regex_step {
	uint8_t op, c;
	uint16_t x, y;
};

struct regex {
	uint16_t n_steps, n_sets, n_groups;
	bool is_folded;
	struct regex_step steps[REGEX_STEPS_MAX];
	uint8_t sets[REGEX_SETS_MAX][32];
};

/* [0]: the whole text; an unused group is the empty slice with p NULL. */
struct regex_match {
	struct str group[REGEX_GROUPS_MAX + 1];
};

/* is_folded: ASCII letters of either case match. ERR_SYNTAX: *ret_at is the byte of the fault and
 * *ret_why one static phrase; ERR_FULL: the expression is too large. */
MUST_USE enum err regex_compile(struct str pattern, bool is_folded, struct regex *ret,
	size_t *ret_at, const char **ret_why);
/* Work memory comes from scratch; false also when that is full. text: at most 65,535 bytes. */
bool regex_match(
	const struct regex *re, struct str text, struct scratch *scratch, struct regex_match *ret);
/* "\1@example.com" with the groups of a match; ERR_FULL when it does not fit, ERR_SYNTAX: "\" before
 * something else than a digit or "\". Terminates ret_z. */
MUST_USE enum err regex_replace(
	struct str replacement, const struct regex_match *m, char *ret_z, size_t size);

#endif
