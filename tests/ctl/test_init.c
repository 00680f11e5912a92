/* test_init.c - from answers to a node's files, and tokens and pairings as people handle them. */
#include "pair/token.h"

#include "conf/pairing.h"
#include "pair/key.h"
#include "world.h"

#define YAML "/r/etc/fosse/fosse.yaml"
#define KEY  "/r/etc/fosse/keys/zone.pem"
#define PAIR "/r/etc/fosse/pairing/control"

static void read_token(struct pair_token *t)
{
	struct str rest = {fake.out, fake.n_out};
	const char *why = "";

	CHECK(token_parse(str_cut(&rest, '\n'), t, &why) == OK);
	CHECK(rest.len == 0);
}

static void read_pairing(const char *path, struct conf_pairing *p)
{
	const char *why;
	uint32_t line;

	CHECK(pairing_parse(file_text(path), p, &line, &why) == OK);
}

static enum cli_exit init_edge(void)
{
	put_file("answers", STR("# Edge\nname: edge1.example.com\ninside: 10.1.2.3\ndns: "
				"10.1.2.53, 10.1.2.54\n"));
	return FOSSE("--root", "/r", "init", "edge", "--answers", "answers");
}

static void edge_gets_its_files_and_prints_a_token(void)
{
	struct pair_token t;
	struct conf_pairing p;
	uint8_t spki[32];

	fake_init();
	CHECK(init_edge() == CLI_OK);
	read_token(&t);
	CHECK(t.n_edges == 1 && strcmp(t.zone, "control") == 0);
	CHECK(strcmp(t.edge_name, "edge1.example.com") == 0);
	CHECK(zone_key_hash(file_text(KEY), spki) == OK && memcmp(spki, t.spki, 32) == 0);
	read_pairing(PAIR, &p);
	CHECK(p.has_join && memcmp(p.join_secret, t.secret, 16) == 0 && !pairing_is_joined(&p));
	CHECK(FOSSE("--root", "/r", "validate") == CLI_OK && has_out("1 warning"));
	CHECK(strstr(fake.files[file_at(YAML)].text, "domains: [example.com]"));
	CHECK(strstr(fake.files[file_at(YAML)].text, "servers: [\"10.1.2.53\", \"10.1.2.54\"]"));
}

static void what_is_there_is_not_overwritten(void)
{
	char before[8192];

	fake_init();
	CHECK(init_edge() == CLI_OK);
	(void)str_copy(file_text(KEY), before, sizeof before);
	CHECK(init_edge() == CLI_NOT_OK && has_said("is there already; --force replaces it"));
	CHECK(FOSSE("--root", "/r", "init", "edge", "--answers", "answers", "--force") == CLI_OK);
	CHECK_STR(file_text(KEY), before); /* the key stays: it is pinned elsewhere */
}

static void a_person_is_asked_again_when_an_answer_is_wrong(void)
{
	static const char *const answers[] = {
		"", "control.example.com", "10.0.0.300", "10.0.0.1", "", "", "", "10.1.2.3"};

	fake_init();
	memcpy(fake.answers, answers, sizeof answers);
	fake.n_answers = 8;
	CHECK(FOSSE("--root", "/r", "init", "control") == CLI_OK && fake.at_answer == 8);
	CHECK(has_said("inside \"10.0.0.300\": wanted is an IPv4 or IPv6 address"));
	CHECK(has_said("fosse pair join edge TOKEN"));
	CHECK(has_file(YAML) && has_file(KEY) && !has_file(PAIR));
	CHECK(FOSSE("--root", "/r", "validate", "-c", YAML) == CLI_OK);
}

static void nobody_to_ask_is_a_usage_error(void)
{
	fake_init();
	CHECK(FOSSE("--root", "/r", "init", "edge") == CLI_USAGE && has_said("--answers FILE"));
	CHECK(!has_file(YAML));
}

static void a_wrong_line_of_answers_is_named(void)
{
	fake_init();
	put_file("answers", STR("name: e.example.com\nnmae: x\n"));
	CHECK(FOSSE("--root", "/r", "init", "edge", "--answers", "answers") == CLI_USAGE);
	CHECK(has_said("answers:2: a line is \"key: value\""));
	put_file("answers", STR("name: e.example.com\ninside: here\n"));
	CHECK(FOSSE("--root", "/r", "init", "edge", "--answers", "answers") == CLI_USAGE);
	CHECK(has_said("inside \"here\": wanted is"));
	put_file("answers", STR("outside: 10.0.0.1\n"));
	CHECK(FOSSE("--root", "/r", "init", "control", "--answers", "answers") == CLI_USAGE);
	CHECK(has_said("this node is not asked that"));
	CHECK(!has_file(YAML));
}

static void a_laboratory_is_asked_whether_it_is_one(void)
{
	fake_init();
	put_file("answers", STR("name: c.example.com\ninside: 192.0.2.10\nedge: 198.51.100.10\n"
				"documentation: allow\n"));
	CHECK(FOSSE("--root", "/r", "init", "control", "--answers", "answers") == CLI_OK);
	CHECK(strstr(fake.files[file_at(YAML)].text, "documentation: allow"));
}

static void a_mistyped_token_is_found_before_anything_happens(void)
{
	char token[TOKEN_TEXT_MAX];

	fake_init();
	CHECK(init_edge() == CLI_OK);
	(void)str_copy(str_of(fake.out), token, sizeof token);
	token[40] = token[40] == 'x' ? 'y' : 'x';
	CHECK(FOSSE("--root", "/c", "init", "control", "--join", token) == CLI_USAGE);
	CHECK(has_said("mistyped"));
	CHECK(FOSSE("--root", "/c", "init", "control", "--join", "hello") == CLI_USAGE);
	CHECK(has_said("a token begins with fosse1:"));
	CHECK(FOSSE("--root", "/c", "init", "edge", "--join", token) == CLI_USAGE);
	CHECK(!has_file("/c/etc/fosse/fosse.yaml"));
}

static void a_new_token_replaces_the_one_before(void)
{
	struct pair_token first, second;
	struct conf_pairing p;

	fake_init();
	CHECK(init_edge() == CLI_OK);
	read_token(&first);
	CHECK(FOSSE("--root", "/r", "pair", "new", "control") == CLI_OK);
	read_token(&second);
	CHECK(memcmp(first.secret, second.secret, 16) != 0);
	CHECK(memcmp(first.spki, second.spki, 32) == 0);
	read_pairing(PAIR, &p);
	CHECK(memcmp(p.join_secret, second.secret, 16) == 0);
	CHECK(FOSSE("--root", "/r", "pair", "new", "contrl") == CLI_CONFIG);
	CHECK(has_said("no zone of type traversal-server has \"pairing: contrl\""));
	CHECK(FOSSE("--root", "/r", "pair", "new", "../x") == CLI_USAGE);
}

static void a_pairing_lives_on_while_its_successor_waits(void)
{
	struct conf_pairing p = {.n_spki = 1, .n_media_keys = 1, .username = "control"};
	char text[1024];
	struct wr w = wr_of(text, sizeof text);

	fake_init();
	CHECK(init_edge() == CLI_OK);
	memset(p.secret, 7, sizeof p.secret);
	memset(p.spki, 8, sizeof p.spki);
	(void)str_copy(STR("c.example.com"), p.peer_name, sizeof p.peer_name);
	pairing_put(&p, &w);
	put_file(PAIR, wr_done(&w));
	CHECK(FOSSE("--root", "/r", "pair", "new", "control") == CLI_OK);
	CHECK(has_said("is joined with c.example.com"));
	read_pairing(PAIR, &p);
	CHECK(pairing_is_joined(&p) && p.has_join && p.secret[0] == 7);
	CHECK(FOSSE("--root", "/r", "pair", "list") == CLI_OK);
	CHECK(has_out("control  joined, token waits  c.example.com") &&
		has_out("0808080808080808"));
	CHECK(!has_out("0707")); /* no secret */
	CHECK(FOSSE("--root", "/r", "pair", "list", "--json") == CLI_OK);
	CHECK(has_out("\"state\":\"joined, token waits\"") && !has_out("0707"));
}

static void a_running_node_stores_by_itself(void)
{
	struct pair_token t;

	fake_init();
	CHECK(init_edge() == CLI_OK);
	node_begin();
	CHECK(FOSSE("--root", "/r", "pair", "new", "control") == CLI_OK);
	read_token(&t);
	CHECK(fake.asked == ASK_PAIR && strcmp(fake.pair.name, "control") == 0);
	CHECK(strstr(fake.pair_text, "join_secret "));
	CHECK(FOSSE("--root", "/r", "pair", "revoke", "control") == CLI_OK);
	CHECK(fake.pair_text[0] == '\0');
	fake.answer = ERR_EXISTS;
	CHECK(FOSSE("--root", "/r", "pair", "new", "control") == CLI_TEMPORARY && !fake.n_out);
	fake.answer = ERR_DENIED;
	CHECK(FOSSE("--root", "/r", "pair", "revoke", "control") == CLI_DENIED);
	node_end();
}

static void a_revoked_pairing_is_gone(void)
{
	fake_init();
	CHECK(init_edge() == CLI_OK && has_file(PAIR));
	CHECK(FOSSE("--root", "/r", "pair", "revoke", "control") == CLI_OK && !has_file(PAIR));
	CHECK(FOSSE("--root", "/r", "pair", "revoke", "control") == CLI_OK);
	CHECK(FOSSE("--root", "/r", "pair", "list") == CLI_OK && has_said("no pairing"));
	CHECK(FOSSE("--root", "/r", "pair", "key") == CLI_OK && fake.n_out == 65);
}

static void joining_needs_a_zone_that_names_it(void)
{
	char token[TOKEN_TEXT_MAX];

	fake_init();
	CHECK(init_edge() == CLI_OK);
	(void)str_copy(str_of(fake.out), token, sizeof token);
	CHECK(FOSSE("--root", "/r", "pair", "join", "control", token) == CLI_CONFIG);
	CHECK(has_said("no zone of type traversal-client has \"pairing: control\""));
}

TEST_MAIN(T(edge_gets_its_files_and_prints_a_token), T(what_is_there_is_not_overwritten),
	T(a_person_is_asked_again_when_an_answer_is_wrong), T(nobody_to_ask_is_a_usage_error),
	T(a_wrong_line_of_answers_is_named), T(a_laboratory_is_asked_whether_it_is_one),
	T(a_mistyped_token_is_found_before_anything_happens),
	T(a_new_token_replaces_the_one_before), T(a_pairing_lives_on_while_its_successor_waits),
	T(a_running_node_stores_by_itself), T(a_revoked_pairing_is_gone),
	T(joining_needs_a_zone_that_names_it))
