/* parse.c - reads a command line by the tables of commands and options. Pure: it knows no command. */
#include "ctl/parse.h"

#include <stdio.h>
#include <string.h>

#include "conf/nearest.h"

#define WATCH_DEFAULT_MS   2000
#define TIMEOUT_DEFAULT_MS 5000
#define SECONDS_MAX        86400

struct parsing {
	struct cli *cli;
	const char *const *argv;
	size_t argc, at;
	bool no_more_options; /* after "--" */
};

const struct command *command_find(struct str name)
{
	for (const struct command *c = commands; c->name; c++) {
		if (str_eq(str_of(c->name), name))
			return c;
	}
	return NULL;
}

void command_unknown(const struct cli *cli, struct str name)
{
	struct nearest near = nearest_to(name);
	struct str meant;

	for (const struct command *c = commands; c->name; c++)
		nearest_try(&near, str_of(c->name));
	meant = nearest_found(&near);
	if (meant.len)
		cli_error(cli, "\"" STR_FMT "\" is no command; did you mean \"" STR_FMT "\"?",
			STR_ARG(name), STR_ARG(meant));
	else
		cli_error(cli, "\"" STR_FMT "\" is no command; \"fosse --help\" lists them",
			STR_ARG(name));
}

static const struct option *find_in(const struct option *o, struct str name)
{
	for (; o && o->name; o++) {
		if (str_eq(str_of(o->name), name))
			return o;
	}
	return NULL;
}

static const struct option *find_option(const struct cli *cli, struct str name)
{
	const struct option *own = cli->command ? find_in(cli->command->options, name) : NULL;

	return own ? own : find_in(global_options, name);
}

static void try_options(struct nearest *near, const struct option *o)
{
	for (; o && o->name; o++)
		nearest_try(near, str_of(o->name));
}

static enum err unknown_option(const struct cli *cli, struct str name)
{
	struct nearest near = nearest_to(name);
	struct str meant;

	try_options(&near, global_options);
	if (cli->command)
		try_options(&near, cli->command->options);
	meant = nearest_found(&near);
	if (meant.len)
		cli_error(cli, "unknown option \"" STR_FMT "\"; did you mean \"" STR_FMT "\"?",
			STR_ARG(name), STR_ARG(meant));
	else
		cli_error(cli, "unknown option \"" STR_FMT "\"; \"fosse%s%s --help\" lists them",
			STR_ARG(name), cli->command ? " " : "",
			cli->command ? cli->command->name : "");
	return ERR_SYNTAX;
}

/* ---- values ---- */

static bool is_word_of(const char *words, struct str value)
{
	struct str rest = str_of(words);

	while (rest.len) {
		if (str_eq(str_cut(&rest, '|'), value))
			return true;
	}
	return false;
}

static enum err check_words(const struct cli *cli, const struct option *o, const char *value)
{
	struct nearest near = nearest_to(str_of(value));
	struct str rest = str_of(o->words), meant;

	if (!o->words || is_word_of(o->words, str_of(value)))
		return OK;
	while (rest.len)
		nearest_try(&near, str_cut(&rest, '|'));
	meant = nearest_found(&near);
	cli_error(cli, "%s \"%s\": allowed are %s%s" STR_FMT "%s", o->name, value, o->words,
		meant.len ? "; did you mean \"" : "", STR_ARG(meant), meant.len ? "\"?" : "");
	return ERR_SYNTAX;
}

static enum err seconds_of(
	const struct cli *cli, const char *name, const char *value, uint32_t *ret_ms)
{
	uint64_t seconds;

	if (str_u64(str_of(value), SECONDS_MAX, &seconds) != OK || seconds == 0) {
		cli_error(cli, "%s \"%s\": a number of seconds, 1 to %d", name, value, SECONDS_MAX);
		return ERR_SYNTAX;
	}
	*ret_ms = (uint32_t)seconds * 1000;
	return OK;
}

static enum err set_root(struct cli *cli, const char *value)
{
	struct str root = str_of(value);

	while (root.len && root.p[root.len - 1] == '/')
		root.len--;
	if (str_copy(root, cli->root, sizeof cli->root))
		return OK;
	cli_error(cli, "--root: the path is longer than %zu bytes", sizeof cli->root - 1);
	return ERR_SYNTAX;
}

static enum err set_file(struct cli *cli, const char *value)
{
	cli->has_file = true;
	if (str_copy(str_of(value), cli->file, sizeof cli->file))
		return OK;
	cli_error(cli, "-c: the path is longer than %zu bytes", sizeof cli->file - 1);
	return ERR_SYNTAX;
}

/* Those that every command understands; others are looked up by the command itself. */
static enum err take_global(struct cli *cli, const char *name, const char *value)
{
	if (strcmp(name, "--root") == 0)
		return set_root(cli, value);
	if (strcmp(name, "-c") == 0)
		return set_file(cli, value);
	if (strcmp(name, "--json") == 0)
		cli->is_json = true;
	if (strcmp(name, "--quiet") == 0)
		cli->is_quiet = true;
	if (strcmp(name, "--no-color") == 0)
		cli->has_colour = false;
	if (strcmp(name, "--timeout") == 0)
		return seconds_of(cli, name, value, &cli->timeout_ms);
	if (strcmp(name, "--watch") != 0)
		return OK;
	cli->is_watch = true;
	cli->watch_ms = WATCH_DEFAULT_MS;
	return value[0] ? seconds_of(cli, name, value, &cli->watch_ms) : OK;
}

static enum err keep_option(struct cli *cli, const struct option *o, const char *value)
{
	if (cli->n_options == CLI_OPTIONS_MAX) {
		cli_error(cli, "more than %d options", CLI_OPTIONS_MAX);
		return ERR_SYNTAX;
	}
	if (check_words(cli, o, value) != OK)
		return ERR_SYNTAX;
	cli->options[cli->n_options].name = o->name;
	cli->options[cli->n_options++].value = value;
	return take_global(cli, o->name, value);
}

/* ---- words ---- */

static enum err take_option(struct parsing *p)
{
	const char *word = p->argv[p->at++];
	const char *equals = word[1] == '-' ? strchr(word, '=') : NULL;
	struct str name = equals ? str_between(word, equals) : str_of(word);
	const struct option *o = find_option(p->cli, name);
	const char *value = equals ? equals + 1 : "";

	if (!o)
		return unknown_option(p->cli, name);
	if (!o->value && equals) {
		cli_error(p->cli, "%s takes no value", o->name);
		return ERR_SYNTAX;
	}
	if (o->value && !o->is_optional && !equals) {
		if (p->at == p->argc) {
			cli_error(p->cli, "%s needs a value: %s", o->name, o->value);
			return ERR_SYNTAX;
		}
		value = p->argv[p->at++];
	}
	return keep_option(p->cli, o, value);
}

static enum err take_command(struct cli *cli, const char *word)
{
	cli->command = command_find(str_of(word));
	if (cli->command)
		return OK;
	command_unknown(cli, str_of(word));
	return ERR_SYNTAX;
}

/* "calls" and then "show": the longer name, if there is one. */
static bool take_second(struct cli *cli, const char *word)
{
	char name[COMMAND_NAME_MAX];
	const struct command *longer;

	if (cli->n_words)
		return false;
	if (snprintf(name, sizeof name, "%s %s", cli->command->name, word) >= (int)sizeof name)
		return false;
	longer = command_find(str_of(name));
	if (longer)
		cli->command = longer;
	return longer != NULL;
}

static enum err take_word(struct cli *cli, const char *word)
{
	if (!cli->command)
		return take_command(cli, word);
	if (take_second(cli, word))
		return OK;
	if (cli->n_words == CLI_WORDS_MAX) {
		cli_error(cli, "more than %d arguments", CLI_WORDS_MAX);
		return ERR_SYNTAX;
	}
	cli->words[cli->n_words++] = word;
	return OK;
}

static enum err take_next(struct parsing *p)
{
	const char *word = p->argv[p->at];

	if (!p->no_more_options && strcmp(word, "--") == 0) {
		p->no_more_options = true;
		p->at++;
		return OK;
	}
	if (!p->no_more_options && word[0] == '-' && word[1])
		return take_option(p);
	p->at++;
	return take_word(p->cli, word);
}

static enum err check_arguments(const struct cli *cli)
{
	const struct command *c = cli->command;
	char name[COMMAND_NAME_MAX * 4];

	if (!c || cli_option(cli, "--help"))
		return OK;
	if (!c->run && cli->n_words) {
		(void)snprintf(name, sizeof name, "%s %s", c->name, cli->words[0]);
		command_unknown(cli, str_of(name));
		return ERR_SYNTAX;
	}
	if (c->run && cli->n_words >= c->words_min && cli->n_words <= c->words_max)
		return OK;
	cli_error(cli, "%s: fosse %s %s   (fosse %s --help)",
		!c->run || cli->n_words < c->words_min ? "something is missing"
						       : "too many arguments",
		c->name, c->arguments, c->name);
	return ERR_SYNTAX;
}

enum err cli_parse(struct cli *cli, size_t argc, const char *const *argv)
{
	struct parsing p = {cli, argv, argc, 0, false};

	cli->timeout_ms = TIMEOUT_DEFAULT_MS;
	while (p.at < argc) {
		if (take_next(&p) != OK)
			return ERR_SYNTAX;
	}
	if (check_arguments(cli) != OK)
		return ERR_SYNTAX;
	if (!cli->has_file)
		(void)snprintf(cli->file, sizeof cli->file, "%s/etc/fosse/fosse.yaml", cli->root);
	return OK;
}
