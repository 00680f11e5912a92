/* test_policy.c - who may register, by subzone and by list. */
#include <stdlib.h>

#include "call/policy.h"
#include "test.h"

static struct conf *conf;
static struct scratch scratch;

static const char head[] =
	"version: 1\n"
	"node: {role: control, name: c.example.com, addresses: {inside: 192.0.2.10}}\n"
	"zones: [{name: internet, type: dns}]\n";

static void said(void *arg, const struct conf_error *e)
{
	(void)arg;
	if (!e->is_warning)
		printf("# conf %u:%u: %.*s\n", e->line, e->column, (int)e->text.len, e->text.p);
}

static bool loads(const char *rest)
{
	char yaml[2000];
	struct conf_input in = {.text = STR_NONE, .file = "test"};

	if (!conf)
		conf = calloc(1, sizeof *conf);
	if (!scratch.base && scratch_init(&scratch, SCRATCH_SIZE) != OK)
		return false;
	scratch_reset(&scratch);
	snprintf(yaml, sizeof yaml, "%s%s", head, rest);
	in.text = str_of(yaml);
	return conf && conf_load(&in, conf, said, NULL) == OK;
}

static struct str zone_of(struct addr source, const char *alias)
{
	return str_of(policy_subzone(conf, &scratch, &source, str_of(alias))->name);
}

static void the_rule_with_the_lowest_priority_names_the_subzone(void)
{
	CHECK(loads("subzones:\n"
		    "  - {name: default}\n"
		    "  - {name: net, match: [{subnet: 192.0.2.0/25, priority: 20}]}\n"
		    "  - {name: rooms, match: [{pattern: 'room-.*', priority: 10}]}\n"));
	CHECK_STR(zone_of(addr_v4(192, 0, 2, 5, 0), "anna"), "net");
	CHECK_STR(zone_of(addr_v4(192, 0, 2, 5, 0), "ROOM-1"), "rooms");
	CHECK_STR(zone_of(addr_v4(192, 0, 2, 200, 0), "room-1"), "rooms");
	CHECK_STR(zone_of(addr_v4(192, 0, 2, 200, 0), "anna"), "default");
}

static void an_entry_fits_by_its_type(void)
{
	static const struct {
		const char *text;
		bool fits;
	} cases[] = {{"anna", true}, {"ANNA", true}, {"annab", false}, {"pre-x", true},
		{"xpre-", false}, {"x.example", true}, {"x.example.com", false}, {"r77", true},
		{"r77x", false}, {"", false}};

	CHECK(loads("registration_policy:\n"
		    "  mode: allow-list\n"
		    "  entries:\n"
		    "    - {pattern: anna}\n"
		    "    - {pattern: pre-, type: prefix}\n"
		    "    - {pattern: .example, type: suffix}\n"
		    "    - {pattern: 'r[0-9]+', type: regex}\n"));
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		CHECK(policy_lists(conf, &scratch, str_of(cases[i].text)) == cases[i].fits);
}

/* Asked a thousand times in one handler, it takes no memory. */
static void what_it_takes_it_gives_back(void)
{
	size_t used = scratch.used;

	for (int i = 0; i < 1000; i++)
		CHECK(policy_lists(conf, &scratch, STR("r5")));
	CHECK(scratch.used == used);
	scratch_free(&scratch);
	free(conf);
}

TEST_MAIN(T(the_rule_with_the_lowest_priority_names_the_subzone), T(an_entry_fits_by_its_type),
	T(what_it_takes_it_gives_back))
