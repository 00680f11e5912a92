/* search.c - transforms and rules. Knows zones and aliases, no protocol message. */
#include <string.h>

#include "call/search.h"

struct dial_plan {
	const struct conf *conf;
	struct regex *transforms; /* one per transform; unused unless it is a regular expression */
	struct regex *rules;
};

static enum err compile(struct str pattern, struct regex *ret)
{
	size_t at;
	const char *why;

	return regex_compile(
		pattern, /* folded: aliases are compared without case */ true, ret, &at, &why);
}

enum err dial_plan_new(const struct conf *conf, struct dial_plan **ret_plan)
{
	const struct conf_dial_plan *c = &conf->dial_plan;
	struct dial_plan *d = mem_array(1, sizeof *d);
	enum err err = ERR_FULL;

	if (!d)
		return ERR_FULL;
	d->conf = conf;
	d->transforms = mem_array(c->n_transforms, sizeof *d->transforms);
	d->rules = mem_array(c->n_rules, sizeof *d->rules);
	if (!d->transforms || !d->rules)
		goto out;
	err = OK;
	for (uint32_t i = 0; i < c->n_transforms && err == OK; i++) {
		if (c->transforms[i].type == MATCH_REGEX)
			err = compile(str_of(c->transforms[i].pattern), &d->transforms[i]);
	}
	for (uint32_t i = 0; i < c->n_rules && err == OK; i++) {
		if (c->rules[i].mode == ALIAS_PATTERN && c->rules[i].type == MATCH_REGEX)
			err = compile(str_of(c->rules[i].pattern), &d->rules[i]);
	}
	if (err)
		goto out;
	*ret_plan = d;
	return OK;
out:
	dial_plan_free(d);
	return err;
}

void dial_plan_free(struct dial_plan *d)
{
	if (!d)
		return;
	mem_free(d->transforms);
	mem_free(d->rules);
	mem_free(d);
}

static bool has_prefix(struct str s, struct str prefix)
{
	return s.len >= prefix.len && str_ieq(str_head(s, prefix.len), prefix);
}

static bool has_suffix(struct str s, struct str suffix)
{
	return s.len >= suffix.len && str_ieq(str_skip(s, s.len - suffix.len), suffix);
}

static bool is_match(enum conf_match type, struct str pattern, const struct regex *re,
	struct str alias, struct scratch *scratch, struct regex_match *m)
{
	*m = (struct regex_match){.group = {alias}};
	switch (type) {
	case MATCH_EXACT:
		return str_ieq(alias, pattern);
	case MATCH_PREFIX:
		return has_prefix(alias, pattern);
	case MATCH_SUFFIX:
		return has_suffix(alias, pattern);
	case MATCH_REGEX:
		return regex_match(re, alias, scratch, m);
	}
	return false;
}

/* The alias without what the pattern matched (prefix, suffix), or replaced in its place. */
static void put_replaced(
	struct wr *w, enum conf_match type, struct str pattern, struct str alias, struct str by)
{
	if (type == MATCH_PREFIX) {
		wr_str(w, by);
		wr_str(w, str_skip(alias, pattern.len));
	} else if (type == MATCH_SUFFIX) {
		wr_str(w, str_head(alias, alias.len - pattern.len));
		wr_str(w, by);
	} else {
		wr_str(w, by);
	}
}

static enum err rewrite(enum conf_behaviour behaviour, enum conf_match type, struct str pattern,
	struct str replace, const struct regex_match *m, struct str alias, char ret_z[ALIAS_MAX])
{
	char by[ALIAS_MAX];
	struct wr w = wr_of(ret_z, ALIAS_MAX - 1);
	enum err err = OK;

	switch (behaviour) {
	case DO_LEAVE:
		wr_str(&w, alias);
		break;
	case DO_STRIP:
		put_replaced(&w, type, pattern, alias, STR_NONE);
		break;
	case DO_REPLACE:
		if (type == MATCH_REGEX)
			err = regex_replace(replace, m, by, sizeof by);
		else if (!str_copy(replace, by, sizeof by))
			err = ERR_FULL;
		if (err == OK)
			put_replaced(&w, type, pattern, alias, str_of(by));
		break;
	case DO_ADD_PREFIX:
		wr_str(&w, replace);
		wr_str(&w, alias);
		break;
	case DO_ADD_SUFFIX:
		wr_str(&w, alias);
		wr_str(&w, replace);
		break;
	}
	ret_z[wr_len(&w)] = '\0';
	return err ? err : w.err;
}

static size_t find_hashes(struct str s)
{
	size_t i = 0;

	while (i + 1 < s.len && !(s.p[i] == '#' && s.p[i + 1] == '#'))
		i++;
	return i + 1 < s.len ? i : s.len;
}

/* The address that an alias names, with a user or without; in H.323 alias##address and address##alias, too. */
static bool ip_of_alias(struct str alias, struct addr *ret)
{
	size_t at = str_find(alias, '@'), hashes = find_hashes(alias);

	if (at < alias.len)
		return addr_parse(str_skip(alias, at + 1), ret) == OK;
	if (hashes == alias.len)
		return addr_parse(alias, ret) == OK;
	return addr_parse(str_skip(alias, hashes + 2), ret) == OK ||
	       addr_parse(str_head(alias, hashes), ret) == OK;
}

/* Our address was dialled, and nobody there: the fallback alias is meant. */
static void fall_back(struct search *s)
{
	const struct conf *conf = s->plan->conf;
	struct str alias = str_of(s->alias);
	struct addr a;

	if (conf->dial_plan.fallback_alias[0] && addr_parse(alias, &a) == OK &&
		conf_is_own(conf, &a))
		(void)str_copy(str_of(conf->dial_plan.fallback_alias), s->alias, sizeof s->alias);
}

/* The first transform that matches, and no other. */
static void transform(struct search *s, struct str alias, struct scratch *scratch)
{
	const struct conf_dial_plan *c = &s->plan->conf->dial_plan;

	for (uint32_t i = 0; i < c->n_transforms; i++) {
		const struct conf_transform *t = &c->transforms[i];
		struct regex_match m;

		if (!t->enabled || !is_match(t->type, str_of(t->pattern), &s->plan->transforms[i],
					   alias, scratch, &m))
			continue;
		if (rewrite(t->behaviour, t->type, str_of(t->pattern), str_of(t->replace), &m,
			    alias, s->alias) == OK)
			return;
		break;
	}
	(void)str_copy(alias, s->alias, sizeof s->alias);
}

void search_begin(struct search *s, const struct dial_plan *plan, struct zones *zones,
	const struct registrar_ops *registrar, const struct search_query *query)
{
	*s = (struct search){.plan = plan,
		.zones = zones,
		.registrar = registrar,
		.source = query->source,
		.is_authenticated = query->is_authenticated,
		.protocol = query->protocol,
		.elsewhere = query->elsewhere};
	(void)str_copy(query->alias, s->alias, sizeof s->alias);
}

static struct zone *zone_of_ref(const struct search *s, enum conf_ref ref)
{
	return zone_at(s->zones, (uint32_t)(ref - REF_ZONE0) + 2);
}

static bool is_from(const struct search *s, const struct conf_rule *rule)
{
	if (!rule->n_source)
		return true;
	for (uint32_t i = 0; i < rule->n_source; i++) {
		enum conf_ref ref = rule->source[i];

		if (ref == REF_ANY || (ref == REF_ALL_ZONES && s->source->kind != ZK_DEFAULT) ||
			(ref == REF_LOCAL && s->source->kind == ZK_LOCAL) ||
			(ref == REF_DEFAULT && s->source->kind == ZK_DEFAULT) ||
			(ref >= REF_ZONE0 && s->source == zone_of_ref(s, ref)))
			return true;
	}
	return false;
}

static bool is_internet(const struct zone *zone)
{
	return zone && (zone->kind == ZK_DEFAULT || zone->kind == ZK_DNS);
}

static struct zone *target_zone(const struct search *s, enum conf_ref ref)
{
	if (ref == REF_LOCAL)
		return zone_local(s->zones);
	if (ref == REF_DEFAULT)
		return zone_default(s->zones);
	return ref >= REF_ZONE0 ? zone_of_ref(s, ref) : NULL;
}

static bool is_rule_pattern(
	const struct search *s, uint32_t index, struct scratch *scratch, struct regex_match *m)
{
	const struct conf_rule *rule = &s->plan->conf->dial_plan.rules[index];
	struct str alias = str_of(s->alias);
	struct addr a;

	*m = (struct regex_match){.group = {alias}};
	if (rule->mode == ALIAS_ANY)
		return true;
	if (rule->mode == ALIAS_ANY_IP)
		return ip_of_alias(alias, &a);
	return is_match(
		rule->type, str_of(rule->pattern), &s->plan->rules[index], alias, scratch, m);
}

/* Whether dial_plan.unknown_ip keeps a call to an address, neither ours nor registered here, from a zone. */
static bool is_ip_refused(const struct search *s, const struct zone *to)
{
	const struct conf *conf = s->plan->conf;
	struct addr a;

	if (!to || to->kind == ZK_LOCAL || !ip_of_alias(str_of(s->alias), &a) ||
		conf_is_own(conf, &a))
		return false;
	switch (conf->dial_plan.unknown_ip) {
	case UNKNOWN_OFF:
		return true;
	case UNKNOWN_INDIRECT:
		return is_internet(to);
	case UNKNOWN_DIRECT:
		break;
	}
	return false;
}

static enum rule_verdict judge(
	const struct search *s, uint32_t index, struct scratch *scratch, struct regex_match *m)
{
	const struct conf_rule *rule = &s->plan->conf->dial_plan.rules[index];

	if (!rule->enabled)
		return RULE_OFF;
	if (rule->protocol != PROTOCOL_ANY && s->protocol != PROTOCOL_ANY &&
		rule->protocol != s->protocol)
		return RULE_PROTOCOL;
	if (!is_from(s, rule))
		return RULE_SOURCE;
	if (!is_rule_pattern(s, index, scratch, m))
		return RULE_PATTERN;
	if (rule->authenticated && !s->is_authenticated)
		return RULE_NOT_AUTHENTICATED;
	if (is_internet(s->source) && is_internet(target_zone(s, rule->target)) &&
		!s->is_authenticated)
		return RULE_OPEN_RELAY;
	if (is_ip_refused(s, target_zone(s, rule->target)))
		return RULE_UNKNOWN_IP;
	return RULE_MATCH;
}

static size_t registered(const struct registrar_ops *r, struct str alias, struct target *targets,
	size_t max, bool *ret_is_known)
{
	return r && r->find ? r->find(r->arg, alias, targets, max, ret_is_known) : 0;
}

static size_t add_targets(struct search *s, const struct conf_rule *rule, struct str alias,
	struct target *targets, size_t max)
{
	struct zone *zone = target_zone(s, rule->target);
	bool is_known = false, is_known_elsewhere = false;
	size_t n;

	if (!zone || !max)
		return 0;
	if (zone->kind != ZK_LOCAL) {
		*targets = (struct target){.zone = zone};
		(void)str_copy(alias, targets->alias, sizeof targets->alias);
		return 1;
	}
	n = registered(s->registrar, alias, targets, max, &is_known);
	if (!n && !is_known)
		s->is_known_elsewhere |=
			registered(s->elsewhere, alias, targets, max, &is_known_elsewhere) ||
			is_known_elsewhere;
	for (size_t i = 0; i < n; i++) {
		targets[i].zone = zone;
		(void)str_copy(alias, targets[i].alias, sizeof targets[i].alias);
	}
	s->is_known |= is_known;
	return n;
}

/* Targets of a group get one offer; that of a link names streams of this link alone. */
static bool may_share(const struct zone *a, const struct zone *b)
{
	return a == b || (!a->is_link && !b->is_link);
}

size_t search_next(struct search *s, struct scratch *scratch, struct target targets[TARGETS_MAX],
	search_explain_h *explain, void *arg)
{
	const struct conf_dial_plan *c = &s->plan->conf->dial_plan;
	size_t n = 0;

	if (!s->is_transformed) {
		char before[ALIAS_MAX];

		s->is_transformed = true;
		fall_back(s);
		memcpy(before, s->alias, sizeof before);
		transform(s, str_of(before), scratch);
	}
	for (; s->next_rule < c->n_rules && !s->is_stopped; s->next_rule++) {
		const struct conf_rule *rule = &c->rules[s->next_rule];
		char alias[ALIAS_MAX];
		struct regex_match m;
		enum rule_verdict verdict;
		size_t more = 0;

		if (n && rule->priority != s->rule->priority)
			break; /* the group is complete */
		verdict = judge(s, s->next_rule, scratch, &m);
		if (verdict == RULE_MATCH &&
			rewrite(rule->behaviour, rule->type, str_of(rule->pattern),
				str_of(rule->replace), &m, str_of(s->alias), alias) == OK)
			more = add_targets(s, rule, str_of(alias), targets + n, TARGETS_MAX - n);
		if (n && more && !may_share(targets[0].zone, targets[n].zone))
			break;
		if (explain)
			explain(arg, rule, verdict,
				verdict == RULE_MATCH ? str_of(alias) : str_of(s->alias));
		s->is_relay_refused |=
			verdict == RULE_NOT_AUTHENTICATED || verdict == RULE_OPEN_RELAY;
		if (more)
			s->rule = rule;
		s->priority = rule->priority;
		n += more;
		s->is_stopped = verdict == RULE_MATCH && rule->progress == PROGRESS_STOP;
	}
	return n;
}

void search_replan(struct search *s, const struct dial_plan *plan)
{
	const struct conf_dial_plan *c = &plan->conf->dial_plan;
	bool has_begun = s->next_rule > 0;

	s->plan = plan;
	s->rule = NULL;
	s->next_rule = 0;
	while (has_begun && s->next_rule < c->n_rules &&
		c->rules[s->next_rule].priority <= s->priority)
		s->next_rule++;
}

const char *rule_verdict_text(enum rule_verdict v)
{
	static const char *const texts[RULE_VERDICT_MAX] = {
		[RULE_MATCH] = "matches",
		[RULE_OFF] = "the rule is off",
		[RULE_PROTOCOL] = "the rule is for another protocol",
		[RULE_SOURCE] = "the call's zone is none of the rule's sources",
		[RULE_NOT_AUTHENTICATED] = "the rule wants an authenticated caller",
		[RULE_PATTERN] = "the alias does not match",
		[RULE_OPEN_RELAY] = "internet to internet needs an authenticated caller",
		[RULE_UNKNOWN_IP] = "dial_plan.unknown_ip: not to an address that nobody here has",
	};

	return v < RULE_VERDICT_MAX ? texts[v] : "unknown";
}
