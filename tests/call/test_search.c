/* test_search.c - transforms, rules and who may go where. */
#include "test.h"
#include "world.h"

static struct world w;
static struct target targets[TARGETS_MAX];
static struct dial_plan *plan;
static const char *known_elsewhere;

static size_t find_elsewhere(
	void *arg, struct str alias, struct target *ret, size_t max, bool *ret_is_known)
{
	(void)arg;
	(void)ret;
	(void)max;
	*ret_is_known = known_elsewhere && str_eq(alias, str_of(known_elsewhere));
	return 0;
}

static const struct registrar_ops registrar = {fake_find, &w};
static const struct registrar_ops elsewhere = {find_elsewhere, NULL};

static void begin(struct search *s, const char *zone, const char *alias, bool is_authenticated)
{
	struct search_query q = {str_of(alias), zone_named(w.zones, str_of(zone)), is_authenticated,
		PROTOCOL_SIP, &elsewhere};

	search_begin(s, plan, w.zones, &registrar, &q);
}

static size_t next(struct search *s)
{
	scratch_reset(io_scratch(w.io));
	return search_next(s, io_scratch(w.io), targets, NULL, NULL);
}

static void start(void)
{
	CHECK(world_init(&w, edge_text));
	CHECK(dial_plan_new(w.conf, &plan) == OK);
}

static void stop(void)
{
	dial_plan_free(plan);
	world_free(&w);
}

static void goes_to_the_rule_that_matches(void)
{
	struct search s;

	start();
	begin(&s, "default", "alice@example.com", false);
	CHECK(next(&s) == 1);
	CHECK_STR(str_of(targets[0].zone->name), "control");
	CHECK_STR(str_of(targets[0].alias), "alice@example.com");
	CHECK(next(&s) == 0);
	stop();
}

static void the_first_transform_applies_once(void)
{
	struct search s;

	start();
	begin(&s, "default", "123@example.com", false);
	CHECK(next(&s) == 1);
	CHECK_STR(str_of(targets[0].alias), "p123@example.com");
	stop();
}

static void registrations_come_first_and_fork(void)
{
	struct search s;

	start();
	w.registered = "bob@example.com";
	w.n_bindings = 3;
	begin(&s, "default", "bob@example.com", false);
	CHECK(next(&s) == 3);
	CHECK_STR(str_of(targets[2].zone->name), "local");
	CHECK(targets[2].source.ip[3] == 22);
	CHECK(next(&s) == 1);
	CHECK_STR(str_of(targets[0].zone->name), "control");
	stop();
}

static void known_but_unreachable_is_told_apart(void)
{
	struct search s;

	start();
	w.registered = "bob@example.net";
	begin(&s, "default", "bob@example.net", false);
	CHECK(next(&s) == 0);
	CHECK(s.is_known);
	stop();
}

static void who_speaks_the_other_protocol_is_told_apart(void)
{
	struct search s;

	start();
	known_elsewhere = "hall@example.org";
	begin(&s, "local", "hall@example.org", true);
	while (next(&s) > 0)
		;
	CHECK(s.is_known_elsewhere && !s.is_known);
	begin(&s, "local", "nobody@example.org", true);
	while (next(&s) > 0)
		;
	CHECK(!s.is_known_elsewhere);
	known_elsewhere = NULL;
	stop();
}

static void nobody_relays_from_internet_to_internet(void)
{
	struct search s;

	start();
	begin(&s, "default", "x@example.net", false);
	CHECK(next(&s) == 0);
	begin(&s, "default", "x@example.net", true); /* the rule has no such source */
	CHECK(next(&s) == 0);
	begin(&s, "control", "x@example.net", false);
	CHECK(next(&s) == 0);
	CHECK(s.is_relay_refused);
	begin(&s, "control", "x@example.net", true);
	CHECK(next(&s) == 1);
	CHECK_STR(str_of(targets[0].zone->name), "internet");
	stop();
}

static size_t n_verdicts[RULE_VERDICT_MAX];

static void explain(void *arg, const struct conf_rule *rule, enum rule_verdict v, struct str alias)
{
	(void)arg, (void)rule, (void)alias;
	n_verdicts[v]++;
}

static void says_why_not(void)
{
	struct search s;

	start();
	begin(&s, "control", "x@example.net", false);
	CHECK(search_next(&s, io_scratch(w.io), targets, explain, NULL) == 0);
	CHECK(n_verdicts[RULE_MATCH] == 1); /* local: any alias, but nobody is there */
	CHECK(n_verdicts[RULE_PATTERN] == 1);
	CHECK(n_verdicts[RULE_NOT_AUTHENTICATED] == 1);
	stop();
}

static size_t n_verdicts_of(const char *zone, const char *alias, enum rule_verdict v)
{
	struct search s;

	memset(n_verdicts, 0, sizeof n_verdicts);
	scratch_reset(io_scratch(w.io));
	begin(&s, zone, alias, true);
	while (search_next(&s, io_scratch(w.io), targets, explain, NULL) > 0)
		;
	return n_verdicts[v];
}

static void an_unknown_address_goes_where_the_setting_says(void)
{
	struct search s;

	start();
	CHECK(w.conf->dial_plan.unknown_ip == UNKNOWN_DIRECT);
	begin(&s, "control", "x@203.0.113.66", true);
	CHECK(next(&s) == 1);
	CHECK_STR(str_of(targets[0].zone->name), "internet");
	w.conf->dial_plan.unknown_ip = UNKNOWN_INDIRECT;
	CHECK(n_verdicts_of("control", "x@203.0.113.66", RULE_UNKNOWN_IP) == 1);
	CHECK(n_verdicts_of("control", "203.0.113.66", RULE_UNKNOWN_IP) == 1);
	CHECK(n_verdicts_of("control", "x##203.0.113.66", RULE_UNKNOWN_IP) == 1);
	CHECK(n_verdicts_of("control", "203.0.113.66##x", RULE_UNKNOWN_IP) == 1);
	CHECK(n_verdicts_of("control", "x##y", RULE_UNKNOWN_IP) == 0);
	CHECK(n_verdicts_of("control", "x@example.net", RULE_UNKNOWN_IP) == 0);
	CHECK(n_verdicts_of("control", "x@198.51.100.10", RULE_UNKNOWN_IP) == 0); /* ours */
	w.conf->dial_plan.rules[2].target = w.conf->dial_plan.rules[1].target;    /* a link */
	CHECK(n_verdicts_of("control", "x@203.0.113.66", RULE_UNKNOWN_IP) == 0);
	w.conf->dial_plan.unknown_ip = UNKNOWN_OFF;
	CHECK(n_verdicts_of("control", "x@203.0.113.66", RULE_UNKNOWN_IP) == 1);
	w.registered = "x@203.0.113.66";
	w.n_bindings = 1;
	begin(&s, "control", "x@203.0.113.66", true);
	CHECK(next(&s) == 1);
	CHECK_STR(str_of(targets[0].zone->name), "local");
	stop();
}

static void our_address_alone_means_the_fallback_alias(void)
{
	struct search s;

	start();
	(void)str_copy(STR("123@example.com"), w.conf->dial_plan.fallback_alias, CONF_TEXT);
	begin(&s, "default", "198.51.100.10", false);
	CHECK(next(&s) == 1);
	CHECK_STR(str_of(targets[0].alias), "p123@example.com"); /* as if it had been dialled */
	begin(&s, "default", "198.51.100.11", false);
	CHECK(next(&s) == 0);
	begin(&s, "default", "x@198.51.100.10", false);
	CHECK(next(&s) == 0);
	begin(&s, "default", "x##198.51.100.10", false);
	CHECK(next(&s) == 0);
	stop();
}

TEST_MAIN(T(who_speaks_the_other_protocol_is_told_apart), T(goes_to_the_rule_that_matches),
	T(the_first_transform_applies_once), T(registrations_come_first_and_fork),
	T(known_but_unreachable_is_told_apart), T(nobody_relays_from_internet_to_internet),
	T(says_why_not), T(an_unknown_address_goes_where_the_setting_says),
	T(our_address_alone_means_the_fallback_alias))
