/* test_run.c - command lines: what is understood, what is said when it is not, and the exit statuses. */
#include "ctl/command.h"

#include "world.h"

static const char edge_yaml[] =
	"version: 1\n"
	"node: {role: edge, name: edge.example.com, addresses: {inside: "
	"198.51.100.10, outside: 198.51.100.10}}\n"
	"sip: {domains: [example.com]}\n"
	"address_policy: {documentation: allow}\n"
	"zones:\n"
	"  - {name: from-control, type: traversal-server, pairing: control}\n"
	"  - {name: internet, type: dns}\n";

static void an_unknown_command_is_answered_with_what_was_meant(void)
{
	fake_init();
	CHECK(FOSSE("statsu") == CLI_USAGE);
	CHECK(has_said("\"statsu\" is no command; did you mean \"status\"?"));
	CHECK(FOSSE("pair", "neu") == CLI_USAGE);
	CHECK(has_said("did you mean \"pair new\"?"));
	CHECK(FOSSE("qqqqqqqqqq") == CLI_USAGE && has_said("\"fosse --help\" lists them"));
	CHECK(FOSSE("--root", "/x") == CLI_USAGE && has_said("which command?"));
}

static void an_option_that_is_wrong_is_named(void)
{
	fake_init();
	CHECK(FOSSE("ports", "--tabel", "x") == CLI_USAGE);
	CHECK(has_said("unknown option \"--tabel\"; did you mean \"--table\"?"));
	CHECK(FOSSE("ports", "--table") == CLI_USAGE && has_said("--table needs a value: TABLE"));
	CHECK(FOSSE("ports", "--format", "txt") == CLI_USAGE);
	CHECK(has_said("allowed are text|md|") && has_said("did you mean \"text\"?"));
	CHECK(FOSSE("ports", "--all=1") == CLI_USAGE && has_said("--all takes no value"));
	CHECK(FOSSE("status", "--timeout", "0") == CLI_USAGE);
	CHECK(FOSSE("status", "--watch=soon") == CLI_USAGE);
	CHECK(FOSSE("status", "--wait", "x") == CLI_USAGE);
}

static void arguments_are_counted(void)
{
	fake_init();
	CHECK(FOSSE("diff") == CLI_USAGE && has_said("something is missing: fosse diff FILE"));
	CHECK(FOSSE("status", "x") == CLI_USAGE && has_said("too many arguments"));
	CHECK(FOSSE("pair") == CLI_USAGE);
	CHECK(FOSSE("init", "router") == CLI_USAGE && has_said("edge or control?"));
}

static void words_stand_in_any_order(void)
{
	fake_init();
	put_file("/r/etc/fosse/fosse.yaml", STR(edge_yaml));
	CHECK(FOSSE("--root", "/r/", "validate", "--json") == CLI_OK);
	CHECK(has_out("{\"object\":\"validate\",\"version\":1,\"errors\":[]"));
	CHECK(FOSSE("--json", "validate", "--root=/r") == CLI_OK && has_out("\"valid\":true"));
	fake.dial_err = ERR_NOENT;
	CHECK(FOSSE("calls", "--json", "show", "--", "-1") == CLI_UNREACHABLE);
}

static void a_file_with_errors_is_exit_3(void)
{
	fake_init();
	CHECK(FOSSE("validate") == CLI_CONFIG && has_said("fosse init edge"));
	put_file("bad.yaml", STR("version: 1\nnode: {rolle: edge}\n"));
	CHECK(FOSSE("validate", "-c", "bad.yaml") == CLI_CONFIG);
	CHECK(has_out("bad.yaml:2:8: ") && has_out("did you mean role?") && has_out("not valid"));
	CHECK(FOSSE("ports", "-c", "bad.yaml") == CLI_CONFIG && has_said("bad.yaml is not valid"));
	CHECK(FOSSE("diff", "bad.yaml") == CLI_CONFIG);
}

static void get_says_what_is_set(void)
{
	fake_init();
	put_file("/r/etc/fosse/fosse.yaml", STR(edge_yaml));
	CHECK(FOSSE("--root", "/r", "get") == CLI_OK && has_out("role: edge"));
	CHECK(!has_out("session_refresh"));
	CHECK(FOSSE("--root", "/r", "get", "--effective") == CLI_OK &&
		has_out("session_refresh: 30m"));
	CHECK(FOSSE("--root", "/r", "get", "sip.session_refresh_min") == CLI_OK);
	CHECK(has_out("500s\n") && !has_out("role"));
	CHECK(FOSSE("--root", "/r", "get", "node.role", "--json") == CLI_OK);
	CHECK(has_out("{\"object\":\"get\",\"version\":1,\"path\":\"node.role\",\"yaml\":"));
	CHECK(FOSSE("--root", "/r", "get", "node.rolle") == CLI_USAGE && has_said("node.rolle"));
	CHECK(FOSSE("--root", "/r", "get", "zones") == CLI_OK && !has_out("verysecret"));
	CHECK(FOSSE("get", "sip") == CLI_CONFIG);
}

static void only_validate_insists_on_a_pairing(void)
{
	fake_init();
	put_file("/r/etc/fosse/fosse.yaml", STR(edge_yaml));
	put_file("/r/etc/fosse/pairing/other", STR("peer_name x\n"));
	CHECK(FOSSE("--root", "/r", "validate") == CLI_CONFIG && has_out("control"));
	CHECK(FOSSE("--root", "/r", "ports") == CLI_OK && has_out("sip-traversal"));
}

static void a_diff_says_how_a_change_takes_effect(void)
{
	fake_init();
	put_file("/r/etc/fosse/fosse.yaml", STR(edge_yaml));
	put_file("new.yaml", STR(edge_yaml));
	CHECK(FOSSE("--root", "/r", "diff", "new.yaml") == CLI_OK && !fake.n_out);
	CHECK(has_said("no difference"));
	(void)str_copy(STR("edge2"), strstr(fake.files[1].text, "edge.example.com"), 6);
	memcpy(strstr(fake.files[1].text, "edge2") + 5, "example.com", 11);
	CHECK(FOSSE("--root", "/r", "diff", "new.yaml") == CLI_OK);
	CHECK(has_out("node.name: edge.example.com -> edge2example.com   (live)\n"));
	CHECK(FOSSE("--root", "/r", "diff", "new.yaml", "--json") == CLI_OK);
	CHECK(has_out("\"path\":\"node.name\"") && has_out("\"takes_effect\":\"live\""));
}

static void a_node_that_is_not_there_is_exit_4(void)
{
	fake_init();
	CHECK(FOSSE("--root", "/r", "status") == CLI_UNREACHABLE);
	CHECK(has_said("the node does not answer on /r/run/fosse/ctl"));
	fake.dial_err = (enum err) - 13;
	CHECK(FOSSE("zones") == CLI_DENIED && has_said("try sudo"));
	CHECK(FOSSE("apply", "x.yaml") == CLI_DENIED);
}

static void a_table_that_is_not_there_is_a_usage_error(void)
{
	fake_init();
	put_file("e.yaml", STR(edge_yaml));
	CHECK(FOSSE("ports", "-c", "e.yaml", "--table", "sip-travers") == CLI_USAGE);
	CHECK(has_said("no table \"sip-travers\""));
	CHECK(FOSSE("ports", "-c", "e.yaml", "--json") == CLI_OK && fake.out[0] == '[');
	CHECK(FOSSE("ports", "-c", "e.yaml", "--format", "nft", "--firewall", "inside",
		      "--rules-only") == CLI_OK);
	CHECK(has_out("ip daddr 198.51.100.10"));
}

static void every_command_has_help_within_the_width(void)
{
	fake_init();
	CHECK(FOSSE("--help") == CLI_OK && is_narrow(fake.out));
	for (const struct command *c = commands; c->name; c++)
		CHECK(!c->run || has_out(c->help));
	for (const struct command *c = commands; c->name; c++) {
		struct str name = str_of(c->name);
		char first[32], second[32];
		size_t n = name.len;

		(void)str_copy(str_cut(&name, ' '), first, sizeof first);
		(void)str_copy(name, second, sizeof second);
		CHECK((strlen(first) == n ? FOSSE(first, "--help")
					  : FOSSE(first, second, "--help")) == CLI_OK);
		CHECK(is_narrow(fake.out) && has_out(c->run ? c->help : c->name));
	}
	CHECK(FOSSE("help", "calls", "show") == CLI_OK && has_out("usage: fosse calls show ID"));
	CHECK(FOSSE("help", "nothing") == CLI_USAGE);
	CHECK(FOSSE("--version") == CLI_OK && has_out("fosse " FOSSE_VERSION));
}

static void the_manual_page_and_completion_name_every_command(void)
{
	char request[64];

	fake_init();
	CHECK(FOSSE("man") == CLI_OK && strncmp(fake.out, ".TH FOSSE 8", 11) == 0);
	for (const struct command *c = commands; c->name; c++) {
		snprintf(request, sizeof request, ".SS fosse %s ", c->name);
		CHECK(!c->run || has_out(request));
	}
	CHECK(has_out("\\fB\\-\\-rules\\-only\\fR"));
	CHECK(FOSSE("completion", "bash") == CLI_OK && has_out("complete -F _fosse fosse"));
	for (const struct command *c = commands; c->name; c++)
		CHECK(strchr(c->name, ' ') || has_out(c->name));
	CHECK(FOSSE("completion", "zsh") == CLI_OK && has_out("#compdef fosse"));
	CHECK(FOSSE("completion", "fish") == CLI_USAGE);
}

TEST_MAIN(T(an_unknown_command_is_answered_with_what_was_meant),
	T(an_option_that_is_wrong_is_named), T(arguments_are_counted), T(words_stand_in_any_order),
	T(a_file_with_errors_is_exit_3), T(get_says_what_is_set),
	T(only_validate_insists_on_a_pairing), T(a_diff_says_how_a_change_takes_effect),
	T(a_node_that_is_not_there_is_exit_4), T(a_table_that_is_not_there_is_a_usage_error),
	T(every_command_has_help_within_the_width),
	T(the_manual_page_and_completion_name_every_command))
