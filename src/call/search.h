/* search.h - from an alias to where it is: transforms, then search rules by priority.
 *
 * Pure over the configuration and a registrar's answers: the same function places calls and explains
 * them (`why not` per rule). Rules of one priority are tried together, the next group when all of it
 * failed; "stop" ends at the match. Calls from the internet to the internet need a proof of identity. */
#ifndef CALL_SEARCH_H
#define CALL_SEARCH_H

#include "base/regex.h"
#include "call/call.h"

#define TARGETS_MAX 20 /* forks of one request */

/* Patterns of the configuration, compiled once. */
struct dial_plan;
MUST_USE enum err dial_plan_new(const struct conf *conf, struct dial_plan **ret_plan);
void dial_plan_free(struct dial_plan *d);

enum rule_verdict {
	RULE_MATCH,
	RULE_OFF,
	RULE_PROTOCOL, /* not this rule's protocol */
	RULE_SOURCE,   /* the call's zone is none of the rule's sources */
	RULE_NOT_AUTHENTICATED,
	RULE_PATTERN,    /* the alias does not match */
	RULE_OPEN_RELAY, /* internet to internet without a proof of identity */
	RULE_UNKNOWN_IP, /* not for an address of nobody we know */
	RULE_VERDICT_MAX
};

struct search_query {
	struct str alias; /* user@host */
	struct zone *source;
	bool is_authenticated;
	enum conf_protocol protocol;
	/* Registrations of the other protocol, which this call cannot reach but may say so; or NULL. */
	const struct registrar_ops *elsewhere;
};

struct search {
	const struct dial_plan *plan;
	struct zones *zones;
	const struct registrar_ops *registrar, *elsewhere;
	char alias[ALIAS_MAX]; /* after transforms */
	struct zone *source;
	bool is_authenticated;
	enum conf_protocol protocol;
	uint32_t next_rule, priority; /* priority: of the last rule that was looked at */
	bool is_transformed;
	bool is_stopped; /* a rule that matched said stop */
	bool is_known;   /* some rule found a registered alias, though perhaps nobody to reach */
	bool is_known_elsewhere;      /* registered, but by the other protocol alone */
	bool is_relay_refused;        /* only the proof of identity was missing */
	const struct conf_rule *rule; /* the one that gave the last targets */
};

typedef void(search_explain_h)(
	void *arg, const struct conf_rule *rule, enum rule_verdict verdict, struct str alias);

void search_begin(struct search *s, const struct dial_plan *plan, struct zones *zones,
	const struct registrar_ops *registrar, const struct search_query *query);
/* The next group of targets, all to be tried at once; 0: no rule is left. explain may be NULL. */
size_t search_next(struct search *s, struct scratch *scratch, struct target targets[TARGETS_MAX],
	search_explain_h *explain, void *arg);
/* The dial plan changed: the search goes on behind the priorities that it has tried, so that nobody rings
 * twice. */
void search_replan(struct search *s, const struct dial_plan *plan);
const char *rule_verdict_text(enum rule_verdict v);

#endif
