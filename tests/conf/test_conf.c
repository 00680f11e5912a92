/* A loaded configuration: values, defaults, what follows from others, printing, comparing, mapping. */
#include "conf/schema.h"
#include "conf/value.h"
#include "fixture.h"

static struct conf conf, other;
static struct errors errors;

static const char edge_head[] =
	"version: 1\nnode: {role: edge, name: e.example.com, addresses: {inside: 198.51.100.10}}\n"
	"zones:\n  - {name: from-control, type: traversal-server, pairing: control1}\n";

static bool loads(const char *yaml, struct conf *ret)
{
	const enum err err = load(str_of(yaml), "f", ret, &errors);

	if (err != OK)
		printf("# %s", errors.text);
	return err == OK;
}

static bool loads_file(const char *name, struct conf *ret)
{
	size_t len = 0;
	char *yaml = read_file(name, &len);
	enum err err = ERR_NOENT;

	if (yaml)
		err = load((struct str){yaml, len}, name, ret, &errors);
	free(yaml);
	if (err != OK)
		printf("# %s", errors.text);
	return err == OK;
}

static void loads_the_smallest_file(void)
{
	CHECK(loads(MINIMAL, &conf));
	CHECK(errors.len == 0);
	CHECK(conf.node.role == ROLE_CONTROL && conf.head.revision == 7);
	CHECK(conf.sip.tls && conf.sip.tcp && !conf.sip.udp && conf.sip.registrar);
	CHECK(conf.sip.reg_min_ms == 45000 && conf.sip.session_refresh_min_ms == 500000);
	CHECK(strcmp(conf.sip.realm, "c.example.com") == 0);
	CHECK(conf.ports[RANGE_MEDIA].low == 36000 && conf.ports[RANGE_MEDIA].high == 59999);
	CHECK(conf.dial_plan.unknown_ip == UNKNOWN_INDIRECT && conf.dial_plan.hop_count == 15);
	CHECK(conf.n_zones == 1 && conf.zones[0].sip.port == 7001 &&
		conf.zones[0].h323.port == 6001);
	CHECK(conf.zones[0].sip.transport == TRANSPORT_TLS &&
		conf.zones[0].tls.verify == VERIFY_PINNED);
	CHECK(conf.zones[0].authentication == AUTH_CHECK &&
		conf.zones[0].udp_keepalive_ms == 10000);
	CHECK(conf.zones[0].has_pairing && conf.zones[0].pair.n_spki == 1);
	CHECK(conf.zones[0].pair.spki[0][0] == 0xff && conf.zones[0].pair.peer_inside.port == 7001);
	CHECK(conf.n_subzones == 1 && strcmp(conf.subzones[0].name, "default") == 0);
	CHECK(conf.subzones[0].registration == REG_ALLOW);
	CHECK(addr_eq(&conf.node.outside, &conf.node.inside));
	CHECK(conf.limits.calls == 2500 && conf.limits.requests_per_source.per_ms == 1000);
}

static void has_the_defaults_of_an_edge(void)
{
	CHECK(loads(edge_head, &conf));
	CHECK(!conf.sip.registrar && conf.dial_plan.unknown_ip == UNKNOWN_DIRECT);
	CHECK(conf.zones[0].authentication == AUTH_NONE &&
		conf.subzones[0].registration == REG_DENY);
	CHECK(conf.interworking == 2 && conf.turn.enabled && conf.turn.n_auth == 3);
	CHECK(conf.ports[RANGE_TURN].low == 3478 && conf.ports[RANGE_TURN].high == 3478);
}

static void knows_the_large_size(void)
{
	CHECK(loads("version: 1\nnode: {size: large, role: edge, name: e.example.com, addresses: "
		    "{inside: 198.51.100.10}}\n"
		    "zones: [{name: a, type: traversal-server, pairing: control1}]\n",
		&conf));
	CHECK(conf.ports[RANGE_TURN].high == 3483);
}

/* What is set and nothing reads yet: its number is that of what is not built. */
static int n_without_effect(void)
{
	static const char told[] = ": has no effect in this version\n";
	int n = 0;

	for (const char *p = strstr(errors.text, told); p; p = strstr(p + 1, told))
		n++;
	return n;
}

/* A value that is the default says nothing new; one row is told once, however many zones set it. */
static void tells_what_has_no_effect(void)
{
	CHECK(loads(MINIMAL "snmp: {enabled: false, allow: []}\nntp: {observe: false}\n", &conf));
	CHECK(errors.n_warnings == 0);
	CHECK(loads(MINIMAL "  - {name: a, type: dns, hide_ids: true}\n"
			    "  - {name: b, type: dns, hide_ids: true}\n"
			    "ntp: {observe: true}\n",
		&conf));
	CHECK(strcmp(errors.text,
		      "f:5:36: warning: zones[1].hide_ids: has no effect in this version\n"
		      "f:7:16: warning: ntp.observe: has no effect in this version\n") == 0);
	CHECK(!loads(MINIMAL "default_zone: {media_encryption: encrypted}\n", &conf));
	CHECK(strstr(errors.text, "f:5:34: default_zone.media_encryption: this version cannot do "
				  "that (allowed: auto)\n"));
}

static void loads_every_setting(void)
{
	CHECK(loads_file("control.yaml", &conf));
	CHECK(n_without_effect() > 0);
	CHECK(errors.n_warnings - n_without_effect() ==
		3); /* two secret files of later services; a hash in the file */
	CHECK(conf.n_zones == 3 && conf.zones[1].uc && !conf.zones[1].h323.enabled);
	CHECK(conf.zones[1].media_encryption == ENC_ENCRYPTED && conf.zones[1].sip.port == 7002);
	CHECK(conf.dial_plan.n_rules == 3 && conf.dial_plan.rules[0].priority == 50);
	CHECK(conf.dial_plan.rules[1].type == MATCH_REGEX);
	CHECK(strcmp(conf_ref_zone(&conf, conf.dial_plan.rules[1].target)->name, "ucm") == 0);
	CHECK(conf.dial_plan.rules[2].n_source == 2 &&
		conf.dial_plan.rules[2].source[0] == REF_LOCAL);
	CHECK(strcmp(conf.subzones[0].name, "default") == 0 && conf.n_subzones == 2);
	CHECK(conf.subzones[1].match[0].subnet.bits == 26 &&
		conf.subzones[1].bandwidth.per_call_kbps == 4000);
	CHECK(strcmp(conf.users[0].password, "secret1") == 0 &&
		conf.users[1].ha1_sha256[0] == 0x8b);
	CHECK(conf.dns.n_domains == 1 && conf.dns.domains[0].n_servers == 2);
	CHECK(strcmp(conf.dns.domains[0].name, "other.example") == 0);
	CHECK(conf.logs.keep_s == 30 * 86400u);
	CHECK(loads_file("edge.yaml", &conf));
	CHECK(errors.n_warnings - n_without_effect() == 2);
	CHECK(conf.dial_plan.rules[2].authenticated && conf.n_zones == 3 &&
		conf.zones[2].n_srv == 5);
	CHECK(!addr_eq(&conf.node.outside, &conf.node.inside));
}

/* The full files differ from the smallest ones in what is marked as set, and in nothing else. */
static void states_true_defaults(void)
{
	static const char *const values[] = {"ports", "sip.registration", "sip.session_refresh",
		"sip.max_message", "sip.tcp_connect_timeout", "sip.tls_handshake_timeout",
		"h323.ttl", "h323.call_ttl", "h323.auto_discover", "interworking", "default_zone",
		"bandwidth", "registration_policy", "call_policy", "uc.auth", "uc.rate", "uc.xmpp",
		"admin", "logs", "metrics", "media", "calls", "limits", "address_policy",
		"dial_plan.hop_count"};
	static char full[1 << 16], small[1 << 16];

	CHECK(loads_file("control.yaml", &conf) && loads(MINIMAL, &other));
	for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
		struct wr a = wr_of(full, sizeof full), b = wr_of(small, sizeof small);

		CHECK(conf_print(&conf, str_of(values[i]), DUMP_EFFECTIVE, &a) == OK);
		CHECK(conf_print(&other, str_of(values[i]), DUMP_EFFECTIVE, &b) == OK);
		if (!str_eq(wr_done(&a), wr_done(&b)))
			printf("# %s:\n" STR_FMT, values[i], STR_ARG(wr_done(&a)));
		CHECK(str_eq(wr_done(&a), wr_done(&b)));
	}
}

/* The schema itself: tree order, paths once, defaults within their bounds, ports as the plan has them. */
static void has_a_sound_schema(void)
{
	CHECK(schema_n() < 400); /* rows of a section, as counted in fill.c */
	CHECK(loads(MINIMAL, &conf));
	for (uint32_t i = 0; i < schema_n(); i++) {
		const struct opt *o = &schema[i];
		struct opt_child child;
		struct str path = opt_path(o), parent = path;

		for (uint32_t k = 0; k < i; k++)
			CHECK(strcmp(schema[k].path, o->path) != 0);
		/* found by walking down the path: sections are neighbours */
		struct opt_range range = schema_root();
		do {
			struct str key = {parent.p, strcspn(parent.p, ".[")};

			CHECK(schema_find(range, key, &child));
			range = child.below;
			parent = str_skip(parent, key.len);
			while (parent.len && strchr("[].", parent.p[0]))
				parent = str_skip(parent, 1);
		} while (parent.len);
		CHECK(child.row == o);
		if (o->range != RANGE_NONE && o->off < sizeof(struct conf) && !strchr(o->path, '['))
			CHECK(str_eq(plan_range_setting(o->range), path));
		CHECK(o->help && o->known_as);
		CHECK((o->kind == K_ENUM) == (o->kind == K_ENUM && o->words));
		CHECK(o->low <= o->high);
	}
}

static void prints_what_it_reads(void)
{
	static const char *const files[] = {"control.yaml", "edge.yaml"};
	static char text[1 << 18], again[1 << 18];

	for (size_t i = 0; i < 2; i++) {
		struct wr w = wr_of(text, sizeof text), v = wr_of(again, sizeof again);

		CHECK(loads_file(files[i], &conf));
		for (unsigned dump = DUMP_SET; dump <= DUMP_EFFECTIVE; dump++) {
			w = wr_of(text, sizeof text);
			v = wr_of(again, sizeof again);
			CHECK(conf_print(&conf, STR(""), dump | DUMP_SECRETS, &w) == OK);
			CHECK(load(wr_done(&w), "printed", &other, &errors) == OK);
			CHECK(conf_print(&other, STR(""), dump | DUMP_SECRETS, &v) == OK);
			CHECK(str_eq(wr_done(&w), wr_done(&v)));
			CHECK(conf_diff(&conf, &other, NULL, NULL) == 0);
			CHECK(memcmp(&conf, &other, sizeof conf) == 0);
		}
		w = wr_of(text, sizeof text);
		CHECK(conf_print(&conf, STR(""), DUMP_EFFECTIVE, &w) == OK);
		text[wr_len(&w)] = 0;
		CHECK(!strstr(text, "secret1"));
	}
}

static void prints_one_option(void)
{
	char text[512];
	struct wr w = wr_of(text, sizeof text);

	CHECK(loads(MINIMAL, &conf));
	CHECK(conf_print(&conf, STR("sip.registration.min"), 0, &w) == OK);
	CHECK_STR(wr_done(&w), "45s\n");
	w = wr_of(text, sizeof text);
	CHECK(conf_print(&conf, STR("sip.registration"), 0, &w) == OK);
	CHECK_STR(wr_done(&w),
		"registration:\n  min: 45s\n  max: 1m\n  outbound_min: 5m\n  outbound_max: 1h\n");
	CHECK(conf_print(&conf, STR("sip.registratio"), 0, &w) == ERR_NOENT);
	w = wr_of(text, 8);
	CHECK(conf_print(&conf, STR("sip.registration"), 0, &w) == ERR_FULL);
}

struct changes {
	char text[4096];
	struct wr w;
};

static void on_change(void *arg, const struct conf_change *change)
{
	struct changes *c = arg;

	wr_printf(&c->w, STR_FMT " " STR_FMT ">" STR_FMT " %d\n", STR_ARG(change->path),
		STR_ARG(change->from), STR_ARG(change->to), change->class);
}

static void compares(void)
{
	static struct changes c;

	c.w = wr_of(c.text, sizeof c.text);
	CHECK(loads(MINIMAL
		"users: [{name: a, password: x}, {name: b, password: y}]\n"
		"dial_plan: {search_rules: [{name: out, mode: any-alias, target: to-edge}]}\n",
		&conf));
	/* zones in another order: references still mean the same */
	CHECK(loads("version: 1\nnode: {role: control, name: c.example.com, addresses: {inside: "
		    "192.0.2.10}}\n"
		    "zones:\n  - {name: ucm, type: neighbor, peers: [u.example.com], sip: "
		    "{transport: tcp}}\n"
		    "  - {name: to-edge, type: traversal-client, pairing: edge1, peers: "
		    "[e.example.com]}\n"
		    "users: [{name: b, password: z}]\nsip: {udp: true, registration: {min: 50s}}\n"
		    "media: {receive_buffer: 8MiB}\n"
		    "dial_plan: {search_rules: [{name: out, mode: any-alias, target: to-edge}]}\n",
		&other));
	CHECK(conf_diff(&conf, &other, on_change, &c) == 6);
	CHECK_STR(wr_done(&c.w), "sip.udp false>true 1\n"
				 "sip.registration.min 45s>50s 0\n"
				 "zones[ucm] >there 1\n"
				 "users[a] there> 0\n"
				 "users[b].password ***>*** 0\n"
				 "media.receive_buffer 16MiB>8MiB 1\n");
}

static void prints_changes_for_people(void)
{
	char text[256];
	struct wr w = wr_of(text, sizeof text);
	struct conf_change change = {STR("sip.udp"), STR("false"), STR("true"), CLASS_SOCKET};

	conf_change_put(&change, &w);
	change = (struct conf_change){STR("zones[a]"), STR_NONE, STR("there"), CLASS_RESTART};
	conf_change_put(&change, &w);
	CHECK_STR(wr_done(&w), "sip.udp: false -> true (listeners change)\n"
			       "zones[a]: nothing -> there (a worker is replaced)\n");
}

static void describes_every_option(void)
{
	static char text[1 << 18];
	struct wr w = wr_of(text, sizeof text);
	size_t n_lines = 0;

	CHECK(conf_describe(STR("ports.media"), ROLE_EDGE, &w) == OK);
	CHECK_STR(wr_done(&w), "| option | default | allowed | a change is | what it is |\n| --- | "
			       "--- | --- | --- | --- |\n"
			       "| `ports.media` | 36000-59999 | LOW-HIGH within 1024 to 65535 | "
			       "worker | Traversal media port start/end |\n");
	CHECK(conf_describe(STR("port"), ROLE_EDGE, &w) == ERR_NOENT);
	CHECK(conf_describe(STR("turn"), ROLE_CONTROL, &w) == ERR_NOENT);
	w = wr_of(text, sizeof text);
	CHECK(conf_describe(STR(""), ROLE_EDGE, &w) == OK);
	for (size_t i = 0; i < wr_len(&w); i++)
		n_lines += text[i] == '\n';
	CHECK(n_lines > 250);
	w = wr_of(text, 1000);
	CHECK(conf_describe(STR(""), ROLE_EDGE, &w) == ERR_FULL);
}

/* Its table is the schema's: who changes one copies what this case prints. */
static void the_page_of_limits_is_the_schemas(void)
{
	static char text[1 << 14];
	struct wr w = wr_of(text, sizeof text);
	size_t len;
	char *page = read_file("../../docs/limits.md", &len);
	struct str table;

	CHECK(conf_describe(STR("limits"), ROLE_CONTROL, &w) == OK);
	table = wr_done(&w);
	if (!memmem(page, len, table.p, table.len))
		printf("# docs/limits.md lacks:\n%.*s", STR_ARG(table));
	CHECK(memmem(page, len, table.p, table.len));
	free(page);
}

static void accepts_its_own_image(void)
{
	CHECK(loads_file("control.yaml", &conf));
	CHECK(conf_check_image(&conf, sizeof conf));
	CHECK(!conf_check_image(&conf, sizeof conf - 1));
	CHECK(!conf_check_image(NULL, 0));
}

/* What no line of the schema could have made is refused. */
static void refuses_a_foreign_image(void)
{
#define REFUSES(change)                                                                            \
	do {                                                                                       \
		memcpy(&other, &conf, sizeof other);                                               \
		change;                                                                            \
		CHECK(!conf_check_image(&other, sizeof other));                                    \
	} while (0)
	CHECK(loads_file("control.yaml", &conf));
	REFUSES(other.head.magic[0] ^= 1);
	REFUSES(other.head.layout++);
	REFUSES(other.head.size--);
	REFUSES(other.n_zones = 0);
	REFUSES(other.n_zones = CONF_ZONES + 1);
	REFUSES(other.n_subzones = 0);
	REFUSES(other.n_users = UINT32_MAX);
	REFUSES(other.dial_plan.n_rules = CONF_RULES + 1);
	REFUSES(memset(other.zones[0].name, 'x', sizeof other.zones[0].name));
	REFUSES(memset(other.zones[0].pair.username, 'x', sizeof other.zones[0].pair.username));
	REFUSES(other.zones[0].pair.n_spki = 3);
	REFUSES(other.zones[0].n_peers = CONF_PEERS + 1);
	REFUSES(memset(&other.zones[0].type, 9, 4));
	REFUSES(memset(&other.sip.tls, 2, 1));
	REFUSES(memset(&other.zones[0].has_pairing, 7, 1));
	REFUSES(other.dial_plan.rules[0].target = (enum conf_ref)(REF_ZONE0 + other.n_zones));
	REFUSES(other.dial_plan.rules[0].target = REF_ANY);
	REFUSES(other.dial_plan.rules[0].n_source = CONF_SOURCES + 1);
	REFUSES(other.node.inside.family = 5);
	REFUSES(other.node.inside.family = 0);
	REFUSES(other.subzones[1].match[0].subnet.bits = 33);
	REFUSES(other.ports[RANGE_MEDIA] = ((struct ports){2, 1}));
	REFUSES(other.limits.calls = 0);
	REFUSES(other.limits.requests_per_source.per_ms = 0);
	REFUSES(other.zones[2].hop_count = 256);
}

static bool has_link(const struct plan *p, uint16_t port)
{
	for (size_t i = 0; i < p->n_links; i++) {
		if (p->links[i].sip_port == port)
			return true;
	}
	return false;
}

static void asks_for_its_plan(void)
{
	struct plan p;
	struct ports range;

	CHECK(loads_file("edge.yaml", &conf));
	conf_to_plan(&conf, false, &p);
	CHECK(p.node == HOST_EDGE && !p.is_large);
	CHECK(p.n_links == 1 && has_link(&p, 7001) && p.links[0].h323_port == 6001);
	CHECK(plan_is_on(&p, PLAN_LINK_TLS) && p.switches[SW_H323] && p.switches[SW_ASSENT] &&
		!p.switches[SW_SSH] && !p.switches[SW_TURN]);
	CHECK(p.switches[SW_DNS] && !p.switches[SW_SIP_UDP] && p.switches[SW_SIP_TLS]);
	conf_to_plan(&conf, true, &p);
	CHECK(p.n_links == 2 && has_link(&p, 7002) && p.links[0].h323_port == 6001);
	CHECK(p.switches[SW_H323] && p.switches[SW_TURN] && p.switches[SW_UC] &&
		p.switches[SW_ASSENT]);
	CHECK(loads(MINIMAL "sip: {udp: true}\nports: {sip_udp: 5070, sip_outbound: 26000-26999}\n",
		&conf));
	conf_to_plan(&conf, false, &p);
	CHECK(plan_ports(&p, PLAN_INSIDE_UDP_IN, &range) == OK && range.low == 5070 &&
		range.high == 5070);
	CHECK(plan_ports(&p, PLAN_LINK_TLS, &range) == OK && range.low == 26000 &&
		range.high == 26999);
}

static void numbers_the_zones(void)
{
	CHECK(loads("version: 1\nnode: {role: edge, name: e.example.com, addresses: {inside: "
		    "198.51.100.10}}\n"
		    "zones:\n  - {name: a, type: traversal-server, pairing: control1}\n"
		    "  - {name: out, type: dns}\n"
		    "  - {name: b, type: traversal-server, pairing: control1, sip: {port: 7009}}\n"
		    "  - {name: c, type: traversal-server, username: u, password: "
		    "file:link.secret, tls: {subject: c.example.com}}\n",
		&conf));
	CHECK(conf.zones[0].sip.port == 7001 && conf.zones[2].sip.port == 7009 &&
		conf.zones[3].sip.port == 7003);
	CHECK(conf.zones[1].sip.port == 0 && conf.zones[3].h323.port == 6003);
	CHECK(conf.zones[3].tls.verify == VERIFY_CA &&
		strcmp(conf.zones[3].password, "abcdefgh") == 0);
	CHECK(conf_zone(&conf, STR("b")) == &conf.zones[2] && !conf_zone(&conf, STR("d")));
	CHECK(!conf_ref_zone(&conf, REF_ANY) &&
		!conf_ref_zone(&conf, (enum conf_ref)(REF_ZONE0 + 4)));
	CHECK_STR(conf_ref_name(&conf, (enum conf_ref)(REF_ZONE0 + 1)), "out");
	CHECK_STR(conf_ref_name(&conf, REF_ALL_ZONES), "all-zones");
}

static void keeps_the_order_of_equal_priorities(void)
{
	CHECK(loads(MINIMAL
		"dial_plan: {search_rules: [{name: c, priority: 2, mode: any-alias, target: "
		"local}, "
		"{name: a, priority: 1, mode: any-alias, target: local}, {name: d, priority: 2, "
		"mode: any-alias, "
		"target: local}, {name: b, priority: 1, mode: any-alias, target: local}]}\n",
		&conf));
	CHECK(strcmp(conf.dial_plan.rules[0].name, "a") == 0 &&
		strcmp(conf.dial_plan.rules[1].name, "b") == 0);
	CHECK(strcmp(conf.dial_plan.rules[2].name, "c") == 0 &&
		strcmp(conf.dial_plan.rules[3].name, "d") == 0);
}

static void orders_transforms(void)
{
	CHECK(loads(MINIMAL "dial_plan: {transforms: [{priority: 3, pattern: '3'}, {priority: 1, "
			    "pattern: '1'}, "
			    "{priority: 2, pattern: \"it's 2\"}]}\n",
		&conf));
	CHECK(strcmp(conf.dial_plan.transforms[0].pattern, "1") == 0);
	CHECK(strcmp(conf.dial_plan.transforms[1].pattern, "it's 2") == 0);
	CHECK(strcmp(conf.dial_plan.transforms[2].pattern, "3") == 0);
}

static void knows_the_port_of_a_neighbor(void)
{
	CHECK(loads(MINIMAL
		"  - {name: a, type: neighbor, peers: [a.example], sip: {transport: udp}}\n"
		"  - {name: b, type: neighbor, peers: [a.example]}\n",
		&conf));
	CHECK(conf.zones[1].sip.port == 5060 && conf.zones[2].sip.port == 5061);
}

/* The subzone of those who fit no other is added, and told when it has no room. */
static void has_room_for_the_default_subzone(void)
{
	char *yaml = malloc(1 << 16);

	CHECK(yaml);
	for (int n = CONF_SUBZONES - 1; n <= CONF_SUBZONES; n++) {
		struct wr w = wr_of(yaml, 1 << 16);

		wr_printf(&w, MINIMAL "subzones:\n");
		for (int i = 0; i < n; i++)
			wr_printf(&w, "  - {name: s%d}\n", i);
		if (n < CONF_SUBZONES) {
			CHECK(load(wr_done(&w), "f", &conf, &errors) == OK);
			CHECK(conf.n_subzones == CONF_SUBZONES &&
				strcmp(conf.subzones[1].name, "s0") == 0);
		} else {
			CHECK(load(wr_done(&w), "f", &conf, &errors) == ERR_SYNTAX);
			CHECK(strcmp(errors.text, "f:6:3: subzones: has no room for the subzone "
						  "\"default\": 100 are the most\n") == 0);
		}
	}
	free(yaml);
}

/* Words of YAML 1.1 that others take for booleans are ordinary words here. */
static void takes_off_for_a_word(void)
{
	CHECK(loads(MINIMAL "call_policy: {mode: off}\ninterworking: on\n", &conf));
	CHECK(conf.call_policy_mode == 0 && conf.interworking == 2);
	CHECK(loads(MINIMAL "users:\nsubzones: []\nsip:\ndial_plan: {transforms: ~}\n",
		&conf)); /* nothing is nothing */
}

/* A file of the largest size that is allowed is read in moderate time and memory. */
static void loads_two_thousand_rules(void)
{
	const size_t size = 1 << 20;
	char *yaml = malloc(size);
	struct wr w = wr_of(yaml, size);

	CHECK(yaml);
	wr_printf(&w, MINIMAL "dial_plan:\n  search_rules:\n");
	for (int i = 0; i < CONF_RULES; i++)
		wr_printf(&w,
			"    - {name: r%d, priority: %d, type: prefix, pattern: '%d', target: "
			"to-edge}\n",
			i, CONF_RULES - i, i);
	wr_u8(&w, 0);
	CHECK(w.err == OK && loads(yaml, &conf));
	CHECK(conf.dial_plan.n_rules == CONF_RULES &&
		strcmp(conf.dial_plan.rules[0].name, "r1999") == 0);
	w = wr_of(yaml, size);
	wr_printf(&w, MINIMAL "dial_plan:\n  search_rules:\n");
	for (int i = 0; i <= CONF_RULES; i++)
		wr_printf(&w, "    - {mode: any-alias, target: local}\n");
	CHECK(load(wr_done(&w), "f", &conf, &errors) == ERR_SYNTAX);
	CHECK(strcmp(errors.text,
		      "f:2007:7: dial_plan.search_rules: holds more than its 2000 entries\n") == 0);
	free(yaml);
}

static void stays_within_its_size(void)
{
	CHECK(sizeof(struct conf) < 4u * 1024 * 1024);
}

TEST_MAIN(T(loads_the_smallest_file), T(has_the_defaults_of_an_edge), T(knows_the_large_size),
	T(tells_what_has_no_effect), T(loads_every_setting), T(states_true_defaults),
	T(has_a_sound_schema), T(prints_what_it_reads), T(prints_one_option), T(compares),
	T(prints_changes_for_people), T(describes_every_option),
	T(the_page_of_limits_is_the_schemas), T(accepts_its_own_image), T(refuses_a_foreign_image),
	T(asks_for_its_plan), T(numbers_the_zones), T(keeps_the_order_of_equal_priorities),
	T(orders_transforms), T(knows_the_port_of_a_neighbor), T(has_room_for_the_default_subzone),
	T(takes_off_for_a_word), T(loads_two_thousand_rules), T(stays_within_its_size))
