/* test_ports.c - `fosse ports` from a configuration file to what is printed. */
#include "ctl/ports.h"

#include <string.h>

#include "test.h"

static const char control_yaml[] = "version: 1\n"
				   "node:\n"
				   "  role: control\n"
				   "  name: control.example.com\n"
				   "  addresses: {inside: 192.0.2.10}\n"
				   "sip: {udp: true, domains: [example.com]}\n"
				   "dns: {servers: [192.0.2.53]}\n"
				   "address_policy: {documentation: allow}\n"
				   "zones:\n"
				   "  - name: edge\n"
				   "    type: traversal-client\n"
				   "    peers: [198.51.100.10]\n"
				   "    sip: {enabled: true, port: 7001, transport: tls}\n"
				   "    username: control\n"
				   "    password: not-a-secret\n"
				   "    tls: {verify: ca}\n";

static struct conf conf;
static struct scratch scratch;
static char out[1 << 17];
static struct ports_options options;
static struct ports_machine machine;

static void on_error(void *arg, const struct conf_error *e)
{
	(void)arg;
	printf("# %u:%u: " STR_FMT "\n", e->line, e->column, STR_ARG(e->text));
}

static void load(const char *text)
{
	struct conf_input in = {.text = str_of(text), .file = "test.yaml"};

	if (!scratch.base)
		CHECK(scratch_init(&scratch, SCRATCH_SIZE) == OK);
	scratch_reset(&scratch);
	CHECK(conf_load(&in, &conf, on_error, NULL) == OK);
	options = (struct ports_options){.format = FORMAT_TEXT};
	machine = (struct ports_machine){.n_inodes = 0};
}

static void print(void)
{
	struct wr w = wr_of(out, sizeof out - 1);

	CHECK(ports_print(&conf, &options, &machine, &scratch, &w) == OK);
	out[wr_len(&w)] = '\0';
}

static enum err read_options(const char *const *words, size_t n, struct str *ret_wrong)
{
	return ports_options_read(words, n, &options, ret_wrong);
}

static void options_are_read(void)
{
	const char *const words[] = {
		"--format", "nft", "--firewall", "inside", "--rules-only", "--table", "sip-nat"};
	struct str wrong;

	CHECK(read_options(words, 7, &wrong) == OK);
	CHECK(options.format == FORMAT_NFT && options.firewall == FIREWALL_INSIDE);
	CHECK(options.is_rules_only && !options.is_all);
	CHECK_STR(options.table, "sip-nat");
	CHECK(read_options(words, 0, &wrong) == OK && options.format == FORMAT_TEXT);
}

static void a_wrong_option_is_named(void)
{
	const char *const unknown[] = {"--al"}, *const value[] = {"--format", "nftables"},
			  *const none[] = {"--all", "--format"};
	struct str wrong;

	CHECK(read_options(unknown, 1, &wrong) == ERR_SYNTAX);
	CHECK_STR(wrong, "--al");
	CHECK(read_options(value, 2, &wrong) == ERR_SYNTAX);
	CHECK_STR(wrong, "nftables");
	CHECK(read_options(none, 2, &wrong) == ERR_SYNTAX);
	CHECK_STR(wrong, "--format");
}

static void the_rules_have_the_configured_addresses(void)
{
	load(control_yaml);
	options = (struct ports_options){
		.format = FORMAT_NFT, .firewall = FIREWALL_INSIDE, .is_rules_only = true};
	print();
	CHECK(strstr(out,
		      "ip saddr 192.0.2.10 ip daddr 198.51.100.10 tcp sport { 25000-29999 } tcp "
		      "dport { 7001 } counter accept comment \"sip-traversal private>dmz: SIP "
		      "signalling over TLS\"\n") == out);
	options.firewall = FIREWALL_HOST;
	print();
	CHECK(strstr(out,
		"ip saddr 192.0.2.10 ip daddr 192.0.2.53 udp sport { 1024-65535 } udp dport "
		"{ 53 } counter accept comment \"admin-control private>private: DNS\"\n"));
}

static void a_service_that_is_not_built_is_off(void)
{
	load(control_yaml);
	options.is_all = true;
	options.table = STR("h323-assent");
	print();
	CHECK(strstr(out, "not enabled") && !strstr(out, " free"));
}

static const char listens_5060[] = "  sl  local_address rem_address   st tx_queue rx_queue tr "
				   "tm->when retrnsmt   uid  timeout "
				   "inode\n"
				   "   0: 0A0200C0:13C4 00000000:0000 0A 00000000:00000000 "
				   "00:00000000 00000000     0        0 "
				   "77 1 0000000000000000 100 0 0 10 0\n"
				   "   1: 0A0200C0:1BBC 00000000:0000 0A 00000000:00000000 "
				   "00:00000000 00000000     0        0 "
				   "78 1 0000000000000000 100 0 0 10 0\n";

static void states_are_shown(void)
{
	const uint64_t inodes[] = {77};

	load(control_yaml);
	options.format = FORMAT_JSON;
	options.table = STR("sip-internal");
	machine.tcp = str_of(listens_5060);
	print();
	CHECK(strstr(out, "\"clash\", \"row\": \"INSIDE_TCP_IN\""));
	CHECK(strstr(out, "\"free\", \"row\": \"INSIDE_UDP_IN\""));
	machine.inodes = inodes;
	machine.n_inodes = 1;
	print();
	CHECK(strstr(out, "\"bound\", \"row\": \"INSIDE_TCP_IN\""));
}

static void on_unlisted(void *arg, struct str sentence)
{
	CHECK_STR(sentence,
		"a process of ours holds TCP 192.0.2.10:7100, which no row of the plan lists");
	(*(int *)arg)++;
}

static void a_socket_outside_the_plan_is_told(void)
{
	const uint64_t both[] = {77, 78}, one[] = {77};
	struct plan plan;
	int n = 0;

	load(control_yaml);
	conf_to_plan(&conf, false, &plan);
	machine.tcp = str_of(listens_5060);
	machine.inodes = both;
	machine.n_inodes = 2;
	CHECK(ports_unlisted(&plan, &machine, on_unlisted, &n) == 1 && n == 1);
	machine.inodes = one;
	machine.n_inodes = 1;
	CHECK(ports_unlisted(&plan, &machine, on_unlisted, &n) == 0);
}

static void on_clash(void *arg, struct str sentence)
{
	CHECK(str_has_prefix(sentence, STR("another program holds a port of sip-internal, ")));
	(*(int *)arg)++;
}

static void a_foreign_program_on_our_port_is_told(void)
{
	const uint64_t inodes[] = {77};
	int n = 0;

	load(control_yaml);
	machine.tcp = str_of(listens_5060);
	CHECK(ports_clashes(&conf, &machine, &scratch, on_clash, &n) == 1 && n == 1);
	machine.inodes = inodes;
	machine.n_inodes = 1;
	scratch_reset(&scratch);
	CHECK(ports_clashes(&conf, &machine, &scratch, on_clash, &n) == 0);
}

TEST_MAIN(T(a_foreign_program_on_our_port_is_told), T(options_are_read), T(a_wrong_option_is_named),
	T(the_rules_have_the_configured_addresses), T(a_service_that_is_not_built_is_off),
	T(states_are_shown), T(a_socket_outside_the_plan_is_told))
