/* init.c - asks what only a person knows, writes the configuration and the zone key, and pairs: Edge
 * prints a token, Control joins with one. One table of questions serves the terminal and the file of
 * answers. The file that it writes is read by the same reader as every other before it is used. */
#include "ctl/init.h"

#include <stdio.h>
#include <string.h>

#include "ctl/config.h"
#include "ctl/joining.h"
#include "ctl/json.h"
#include "ctl/pairings.h"
#include "ctl/zonekey.h"

enum { ANSWER_MAX = 256, FOR_EDGE = 1, FOR_CONTROL = 2 };

enum question_id {
	Q_NAME,
	Q_INSIDE,
	Q_OUTSIDE,
	Q_NAT,
	Q_DOMAIN,
	Q_DNS,
	Q_PAIRING,
	Q_EDGE,
	Q_DOCUMENTATION,
	Q_MAX
};

struct init {
	struct cli *cli;
	bool is_edge, has_token, has_file;
	struct pair_token token;
	char answers[Q_MAX][ANSWER_MAX];
	char yaml[8192];
};

/* ---- what an answer may be: NULL, or what it should be ---- */

static const char *check_host(const char *z)
{
	for (const char *c = z; *c; c++) {
		bool is_ok = (ascii_lower(*c) >= 'a' && ascii_lower(*c) <= 'z') ||
		             (*c >= '0' && *c <= '9') || *c == '.' || *c == '-';

		if (!is_ok)
			return "a name in DNS, such as edge1.example.com";
	}
	return z[0] && z[0] != '.' && z[0] != '-' ? NULL
	                                          : "a name in DNS, such as edge1.example.com";
}

static const char *check_address(const char *z)
{
	struct addr a;

	return addr_parse_host(str_of(z), &a) == OK ? NULL : "an IPv4 or IPv6 address";
}

static const char *check_address_or_none(const char *z)
{
	return z[0] ? check_address(z) : NULL;
}

/* "192.0.2.53, 192.0.2.54" */
static const char *check_addresses(const char *z)
{
	struct str rest = str_of(z);
	struct addr a;

	while (rest.len) {
		if (addr_parse_host(str_trim(str_cut(&rest, ',')), &a) != OK)
			return "addresses, separated by commas, or nothing";
	}
	return NULL;
}

static const char *check_name(const char *z)
{
	for (const char *c = z; *c; c++) {
		if (!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-",
			    *c))
			return "a word of letters, digits, \".\", \"_\" and \"-\"";
	}
	return z[0] && z[0] != '.' ? NULL : "a word of letters, digits, \".\", \"_\" and \"-\"";
}

static const char *check_allow(const char *z)
{
	return strcmp(z, "allow") == 0 || strcmp(z, "deny") == 0 ? NULL : "allow or deny";
}

/* ---- what is taken when nothing is said ---- */

static void default_outside(const struct init *in, char *ret)
{
	(void)str_copy(str_of(in->answers[Q_INSIDE]), ret, ANSWER_MAX);
}

/* The node's name without its first label. */
static void default_domain(const struct init *in, char *ret)
{
	struct str rest = str_of(in->answers[Q_NAME]);

	(void)str_cut(&rest, '.');
	(void)str_copy(rest, ret, ANSWER_MAX);
}

static void default_pairing(const struct init *in, char *ret)
{
	(void)str_copy(in->is_edge ? STR("control") : STR("edge"), ret, ANSWER_MAX);
}

static void default_edge(const struct init *in, char *ret)
{
	if (in->has_token)
		(void)addr_put_host(&in->token.edges[0], ret);
}

static void default_documentation(const struct init *in, char *ret)
{
	(void)in;
	(void)str_copy(STR("deny"), ret, ANSWER_MAX);
}

/* RFC 5737, RFC 3849: networks of books and laboratories. */
static bool is_documentation(const char *text)
{
	static const char *const networks[] = {
		"192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32"};
	struct prefix network;
	struct addr a;

	if (addr_parse_host(str_of(text), &a) != OK)
		return false;
	for (size_t i = 0; i < sizeof networks / sizeof networks[0]; i++) {
		if (prefix_parse(str_of(networks[i]), &network) == OK && prefix_has(&network, &a))
			return true;
	}
	return false;
}

static bool asks_documentation(const struct init *in)
{
	return is_documentation(in->answers[Q_INSIDE]) ||
	       is_documentation(in->answers[Q_OUTSIDE]) || is_documentation(in->answers[Q_EDGE]);
}

static bool asks_edge(const struct init *in)
{
	return !in->has_token;
}

struct question {
	const char *key, *text;
	unsigned roles;
	bool may_be_empty;
	const char *(*check)(const char *answer);
	void (*fill)(const struct init *in, char *ret);
	bool (*is_asked)(
		const struct init *in); /* NULL: always; else, if not asked, the default is taken */
};

/* clang-format off */
static const struct question questions[Q_MAX] = {
	[Q_NAME]    = { "name", "name of this node in DNS", FOR_EDGE | FOR_CONTROL, false, check_host, NULL, NULL },
	[Q_INSIDE]  = { "inside", "address towards the private network", FOR_EDGE | FOR_CONTROL, false,
	                check_address, NULL, NULL },
	[Q_OUTSIDE] = { "outside", "address towards the internet", FOR_EDGE, false, check_address,
	                default_outside, NULL },
	[Q_NAT]     = { "nat", "public address, if a static NAT stands before it", FOR_EDGE, true,
	                check_address_or_none, NULL, NULL },
	[Q_DOMAIN]  = { "domain", "SIP domain", FOR_EDGE | FOR_CONTROL, false, check_host, default_domain, NULL },
	[Q_DNS]     = { "dns", "DNS servers", FOR_EDGE | FOR_CONTROL, true, check_addresses, NULL, NULL },
	[Q_PAIRING] = { "pairing", "name for the pairing with the other node", FOR_EDGE | FOR_CONTROL, false,
	                check_name, default_pairing, NULL },
	[Q_EDGE]    = { "edge", "address of Edge towards this node", FOR_CONTROL, false, check_address,
	                default_edge, asks_edge },
	[Q_DOCUMENTATION] = { "documentation", "these are addresses of documentation; for a laboratory: allow",
	                FOR_EDGE | FOR_CONTROL, false, check_allow, default_documentation, asks_documentation },
};
/* clang-format on */

static bool is_for(const struct init *in, const struct question *q)
{
	return q->roles & (in->is_edge ? FOR_EDGE : FOR_CONTROL);
}

/* ---- the file of answers ---- */

static enum cli_exit bad_line(
	const struct init *in, const char *path, unsigned line, const char *what)
{
	cli_error(in->cli, "%s:%u: %s", path, line, what);
	return CLI_USAGE;
}

static enum cli_exit take_line(struct init *in, const char *path, unsigned n, struct str line)
{
	struct str key = str_trim(str_cut(&line, ':'));

	for (size_t i = 0; i < Q_MAX; i++) {
		if (!str_eq(key, str_of(questions[i].key)))
			continue;
		if (!is_for(in, &questions[i]))
			return bad_line(in, path, n, "this node is not asked that");
		if (!str_copy(str_trim(line), in->answers[i], ANSWER_MAX))
			return bad_line(in, path, n, "the answer is too long");
		return CLI_OK;
	}
	return bad_line(in, path, n,
		"a line is \"key: value\" with key one of name, inside, outside, nat, domain, dns, "
		"pairing, edge, documentation");
}

static enum cli_exit read_answers(struct init *in, const char *path)
{
	const struct world *world = in->cli->world;
	enum cli_exit status = CLI_OK;
	struct str text, line;
	unsigned n = 0;
	enum err err = world->read(world->arg, path, &text);

	if (err)
		return cli_file_error(in->cli, path, err);
	while (text.len && status == CLI_OK) {
		line = str_trim(str_cut(&text, '\n'));
		n++;
		if (line.len && line.p[0] != '#')
			status = take_line(in, path, n, line);
	}
	in->has_file = true;
	return status;
}

/* ---- asking ---- */

static enum cli_exit ask_person(struct init *in, const struct question *q, char *answer)
{
	const struct world *world = in->cli->world;
	char prompt[ANSWER_MAX + 128], given[ANSWER_MAX] = "";

	(void)snprintf(prompt, sizeof prompt, answer[0] || q->may_be_empty ? "%s [%s]? " : "%s%s? ",
		q->text,
		answer[0]         ? answer
		: q->may_be_empty ? "none"
				  : "");
	if (world->ask(world->arg, prompt, given, sizeof given) != OK) {
		cli_error(in->cli, "nobody answers: use --answers FILE with lines \"key: value\"");
		return CLI_USAGE;
	}
	if (given[0])
		(void)str_copy(str_of(given), answer, ANSWER_MAX);
	return CLI_OK;
}

static const char *wrong_answer(const struct question *q, const char *answer)
{
	if (!answer[0])
		return q->may_be_empty ? NULL : "an answer";
	return q->check(answer);
}

static enum cli_exit ask_one(struct init *in, enum question_id id)
{
	const struct question *q = &questions[id];
	char *answer = in->answers[id];
	bool is_asked = !in->has_file && (!q->is_asked || q->is_asked(in));
	enum cli_exit status;
	const char *wanted;

	if (!answer[0] && q->fill)
		q->fill(in, answer);
	for (;;) {
		status = is_asked ? ask_person(in, q, answer) : CLI_OK;
		wanted = wrong_answer(q, answer);
		if (status != CLI_OK || !wanted)
			return status;
		cli_error(in->cli, "%s \"%s\": wanted is %s", q->key, answer, wanted);
		answer[0] = '\0';
		if (!is_asked)
			return CLI_USAGE;
	}
}

static enum cli_exit ask_all(struct init *in)
{
	enum cli_exit status = CLI_OK;

	for (unsigned id = 0; id < Q_MAX && status == CLI_OK; id++) {
		if (is_for(in, &questions[id]))
			status = ask_one(in, (enum question_id)id);
	}
	return status;
}

/* ---- the configuration ---- */

/* Within a pattern a dot is any character. */
static void put_pattern(struct wr *w, const char *domain)
{
	for (; *domain; domain++) {
		if (*domain == '.')
			wr_u8(w, '\\');
		wr_u8(w, (uint8_t)*domain);
	}
}

static void put_head(const struct init *in, struct wr *w)
{
	const char *nat = in->answers[Q_NAT];

	wr_printf(w,
		"# Made by \"fosse init\". What is not set has its default; \"fosse validate\" "
		"checks it,\n"
		"# \"fosse apply FILE\" brings a changed copy into use.\n"
		"version: 1\nnode:\n  role: %s\n  name: %s\n  addresses:\n    inside: %s\n",
		in->is_edge ? "edge" : "control", in->answers[Q_NAME], in->answers[Q_INSIDE]);
	if (in->is_edge)
		wr_printf(w, "    outside: %s\n", in->answers[Q_OUTSIDE]);
	if (nat[0])
		wr_printf(w, "    outside_nat: %s\n", nat);
	wr_printf(w, "sip:\n  domains: [%s]\n", in->answers[Q_DOMAIN]);
}

static void put_edge(const struct init *in, struct wr *w)
{
	wr_printf(w,
		"zones:\n  - name: from-control\n    type: traversal-server\n    pairing: %s\n",
		in->answers[Q_PAIRING]);
	wr_str(w, STR("  - {name: internet, type: dns}\n"
		      "subzones:\n"
		      "  - {name: default, registration: deny, authentication: check}\n"
		      "dial_plan:\n  unknown_ip: direct\n  search_rules:\n"
		      "    - {priority: 50, name: LocalZoneMatch, source: any, mode: any-alias,\n"
		      "       progress: continue, target: local}\n"
		      "    - {priority: 90, name: our domain, source: any, type: regex, pattern: "
		      "'.+@"));
	put_pattern(w, in->answers[Q_DOMAIN]);
	wr_str(w, STR("',\n       progress: stop, target: from-control}\n"
		      "    - {priority: 100, name: out to the Internet, source: [from-control],\n"
		      "       authenticated: true, mode: any-alias, progress: stop, target: "
		      "internet}\n"));
}

static void put_control(const struct init *in, struct wr *w)
{
	wr_printf(w,
		"zones:\n  - name: to-edge\n    type: traversal-client\n    pairing: %s\n    "
		"peers: [\"%s\"]\n",
		in->answers[Q_PAIRING], in->answers[Q_EDGE]);
	if (in->has_token)
		wr_printf(w, "    sip: {port: %u}\n", in->token.edges[0].port);
	wr_str(w, STR("subzones:\n"
		      "  - {name: default, registration: allow, authentication: check}\n"
		      "dial_plan:\n  search_rules:\n"
		      "    - {priority: 50, name: LocalZoneMatch, source: any, mode: any-alias,\n"
		      "       progress: continue, target: local}\n"
		      "    - {priority: 100, name: everything else, source: [local], mode: "
		      "any-alias,\n"
		      "       progress: stop, target: to-edge}\n"
		      "# Who may register: one line each, the password here or in a file of "
		      "secrets/.\n"
		      "#users:\n#  - {name: anna, password: file:anna.secret}\n"));
}

static void put_tail(const struct init *in, struct wr *w)
{
	struct str rest = str_of(in->answers[Q_DNS]);
	const char *before = "dns:\n  servers: [";

	while (rest.len) {
		struct str server = str_trim(str_cut(&rest, ','));

		wr_printf(w, "%s\"" STR_FMT "\"", before, STR_ARG(server));
		before = ", ";
	}
	if (in->answers[Q_DNS][0])
		wr_str(w, STR("]\n"));
	if (strcmp(in->answers[Q_DOCUMENTATION], "allow") == 0)
		wr_str(w, STR("address_policy:\n  documentation: allow # a laboratory\n"));
}

static struct str make_yaml(struct init *in)
{
	struct wr w = wr_of(in->yaml, sizeof in->yaml);

	put_head(in, &w);
	if (in->is_edge)
		put_edge(in, &w);
	else
		put_control(in, &w);
	put_tail(in, &w);
	return wr_done(&w);
}

static void on_error(void *arg, const struct conf_error *e)
{
	const struct cli *cli = arg;

	if (!e->is_warning)
		cli_error(cli, "what was answered makes no configuration: " STR_FMT,
			STR_ARG(e->text));
}

/* ---- the steps ---- */

static enum cli_exit read_words(struct init *in)
{
	struct cli *cli = in->cli;
	const char *role = cli->words[0], *answers = cli_option(cli, "--answers"),
		   *token = cli_option(cli, "--join");

	in->is_edge = strcmp(role, "edge") == 0;
	if (!in->is_edge && strcmp(role, "control") != 0) {
		cli_error(cli, "init \"%s\": edge or control?", role);
		return CLI_USAGE;
	}
	if (token && in->is_edge) {
		cli_error(cli, "Control joins an Edge, not the other way round: init control "
			       "--join TOKEN");
		return CLI_USAGE;
	}
	if (token && joining_token(cli, token, &in->token) != CLI_OK)
		return CLI_USAGE;
	in->has_token = token != NULL;
	return answers ? read_answers(in, answers) : CLI_OK;
}

/* Before anything is asked: an answer that cannot be used is a waste of a person's time. */
static enum cli_exit check_place(const struct init *in)
{
	const struct cli *cli = in->cli;
	struct str text;

	if (cli_option(cli, "--force"))
		return CLI_OK;
	if (cli->world->read(cli->world->arg, cli->file, &text) == ERR_NOENT)
		return CLI_OK;
	cli_error(cli, "%s is there already; --force replaces it", cli->file);
	return CLI_NOT_OK;
}

static void say_next(const struct init *in)
{
	const struct cli *cli = in->cli;

	cli_note(cli, "\n%s is written. Next:", cli->file);
	cli_note(cli,
		"  fosse ports --format sysctl >/etc/sysctl.d/60-fosse.conf && sysctl --system");
	cli_note(cli, "  fosse ports --format nft --firewall inside    # and outside: rules for "
		      "the firewalls");
	if (!in->is_edge && !in->has_token)
		cli_note(cli,
			"  fosse pair join %s TOKEN    # the token of \"fosse init edge\" or "
			"\"fosse "
			"pair new\" on Edge",
			in->answers[Q_PAIRING]);
	cli_note(cli, "  systemctl enable --now fosseway && fosse status --wait 30");
}

static enum cli_exit write_file(const struct init *in, struct str yaml)
{
	const struct cli *cli = in->cli;
	bool is_forced = cli_option(cli, "--force") != NULL;
	enum err err = cli->world->write(cli->world->arg, cli->file, yaml, is_forced);

	return err ? cli_file_error(cli, cli->file, err) : CLI_OK;
}

/* Control joins before its file is written: a failure leaves nothing that stands in the way of the next
 * try. Edge's file comes first: its token refers to it. */
static enum cli_exit pair_and_write(struct init *in, const struct conf *c, struct str yaml)
{
	const char *pairing = in->answers[Q_PAIRING];
	enum cli_exit status = CLI_OK;
	uint8_t spki[32];
	struct str pem;

	if (!in->is_edge && in->has_token)
		status = joining_run(in->cli, c, pairing, &in->token);
	else
		status = zonekey_get(in->cli, c->node.name, &pem, spki);
	if (status == CLI_OK)
		status = write_file(in, yaml);
	if (status != CLI_OK)
		return status;
	say_next(in);
	if (in->is_edge)
		return pairings_make(in->cli, c, pairing);
	return CLI_OK;
}

static enum cli_exit run(struct init *in)
{
	struct conf *c = NULL;
	struct str yaml;
	enum cli_exit status = read_words(in);

	if (status == CLI_OK)
		status = check_place(in);
	if (status == CLI_OK)
		status = ask_all(in);
	if (status != CLI_OK)
		return status;
	yaml = make_yaml(in);
	if (config_make(yaml, in->cli->file, on_error, in->cli, &c) != OK)
		return CLI_USAGE;
	status = pair_and_write(in, c, yaml);
	mem_free(c);
	return status;
}

enum cli_exit cmd_init(struct cli *cli)
{
	struct init *in = mem_array(1, sizeof *in);
	enum cli_exit status;

	if (!in)
		return CLI_TEMPORARY;
	in->cli = cli;
	status = run(in);
	explicit_bzero(in, sizeof *in);
	mem_free(in);
	return status;
}
