/* policy.c - see policy.h. */
#include "call/policy.h"

#include "base/regex.h"

static bool is_match(const char *pattern, struct scratch *scratch, struct str text)
{
	size_t mark = scratch_mark(scratch), at;
	struct regex *re = scratch_take(scratch, sizeof *re);
	struct regex_match match;
	const char *why;
	bool fits = re && regex_compile(str_of(pattern), true, re, &at, &why) == OK &&
	            regex_match(re, text, scratch, &match);

	scratch_back(scratch, mark);
	return fits;
}

static bool rule_fits(const struct conf_match_rule *rule, struct scratch *scratch,
	const struct addr *source, struct str alias)
{
	if (rule->subnet.addr.family != AF_NONE)
		return prefix_has(&rule->subnet, source);
	return rule->pattern[0] && is_match(rule->pattern, scratch, alias);
}

const struct conf_subzone *policy_subzone(const struct conf *conf, struct scratch *scratch,
	const struct addr *source, struct str alias)
{
	const struct conf_subzone *best = &conf->subzones[0];
	uint32_t priority = UINT32_MAX;

	for (uint32_t i = 0; i < conf->n_subzones; i++) {
		const struct conf_subzone *z = &conf->subzones[i];

		for (uint32_t k = 0; k < z->n_match; k++) {
			if (z->match[k].priority < priority &&
				rule_fits(&z->match[k], scratch, source, alias)) {
				best = z;
				priority = z->match[k].priority;
			}
		}
	}
	return best;
}

static bool entry_fits(
	const struct conf_policy_entry *entry, struct scratch *scratch, struct str text)
{
	struct str pattern = str_of(entry->pattern);

	switch (entry->type) {
	case MATCH_EXACT:
		return str_ieq(pattern, text);
	case MATCH_PREFIX:
		return str_ieq(pattern, str_head(text, pattern.len));
	case MATCH_SUFFIX:
		return text.len >= pattern.len &&
		       str_ieq(pattern, str_skip(text, text.len - pattern.len));
	case MATCH_REGEX:
		return is_match(entry->pattern, scratch, text);
	}
	return false;
}

bool policy_lists(const struct conf *conf, struct scratch *scratch, struct str text)
{
	for (uint32_t i = 0; i < conf->n_policy_entries; i++) {
		if (entry_fits(&conf->policy_entries[i], scratch, text))
			return true;
	}
	return false;
}
