/* help.c - everything that is printed about commands comes from their table. It knows no command. */
#include "ctl/help.h"

#include <string.h>

#include "ctl/parse.h"

static const char exits[] = "0 ok; 1 checked and not ok; 2 usage; 3 configuration invalid;\n"
			    "4 the node does not answer; 5 not authorised; 75 try again";

/* ---- help ---- */

static void put_option(struct wr *w, const struct option *o)
{
	char left[64];
	struct wr name = wr_of(left, sizeof left);

	wr_printf(&name, "%s%s%s%s", o->name,
		o->is_optional ? "[="
		: o->value     ? " "
			       : "",
		o->value ? o->value : "", o->is_optional ? "]" : "");
	wr_printf(w, "  %-20.*s  %s", (int)wr_len(&name), left, o->help);
	if (o->words)
		wr_printf(w, ": %s", o->words);
	wr_str(w, STR("\n"));
}

static void put_options(struct wr *w, const char *title, const struct option *o)
{
	if (!o || !o->name)
		return;
	wr_printf(w, "\n%s:\n", title);
	for (; o->name; o++)
		put_option(w, o);
}

void help_overview(struct cli *cli)
{
	struct wr *w = &cli->out;

	wr_str(w, STR("usage: fosse [options] command [arguments]\n\n"));
	for (const struct command *c = commands; c->name; c++) {
		if (c->run)
			wr_printf(w, "  %-18s %s\n", c->name, c->help);
	}
	put_options(w, "options of every command", global_options);
	wr_printf(w,
		"\nexit status: %s\n\"fosse COMMAND --help\" says more, \"fosse man\" "
		"everything.\n",
		exits);
}

static const char *scope_text(enum command_scope scope)
{
	switch (scope) {
	case SCOPE_FILES:
		return "Works on the node's files; the node need not run.";
	case SCOPE_READ:
		return "Needs a running node; root and members of the group fosse may.";
	case SCOPE_ASK:
		return "Needs a running node; root alone may.";
	}
	return "";
}

/* Commands whose names begin with this one's. */
static void put_family(struct wr *w, const struct command *of)
{
	struct str name = str_of(of->name);

	for (const struct command *c = commands; c->name; c++) {
		if (c != of && str_has_prefix(str_of(c->name), name) && c->name[name.len] == ' ')
			wr_printf(w, "  fosse %s %-12s  %s\n", c->name, c->arguments, c->help);
	}
}

void help_command(struct cli *cli, const struct command *c)
{
	struct wr *w = &cli->out;

	if (c->run)
		wr_printf(w, "usage: fosse %s%s%s%s\n%s\n", c->name, c->options ? " [options]" : "",
			c->arguments[0] ? " " : "", c->arguments, c->help);
	put_family(w, c);
	if (c->about[0])
		wr_printf(w, "\n%s\n", c->about);
	put_options(w, "options", c->options);
	if (c->run)
		wr_printf(w, "\n%s\n", scope_text(c->scope));
}

enum cli_exit cmd_help(struct cli *cli)
{
	char text[COMMAND_NAME_MAX * 2];
	struct wr name = wr_of(text, sizeof text);
	const struct command *c;

	if (!cli->n_words) {
		help_overview(cli);
		return CLI_OK;
	}
	for (size_t i = 0; i < cli->n_words; i++)
		wr_printf(&name, "%s%s", i ? " " : "", cli->words[i]);
	c = command_find(wr_done(&name));
	if (!c) {
		command_unknown(cli, str_of(cli->words[0]));
		return CLI_USAGE;
	}
	help_command(cli, c);
	return CLI_OK;
}

/* ---- manual page ---- */

/* A hyphen is a minus, a backslash is text, and a line never begins as a request. */
static void put_troff(struct wr *w, const char *text)
{
	if (text[0] == '.' || text[0] == '\'')
		wr_str(w, STR("\\&"));
	for (; *text; text++) {
		if (*text == '-')
			wr_str(w, STR("\\-"));
		else if (*text == '\\')
			wr_str(w, STR("\\e"));
		else if (*text == '\n' && text[1] == '\n')
			wr_str(w, STR("\n.PP"));
		else
			wr_u8(w, (uint8_t)*text);
	}
}

static void man_options(struct wr *w, const struct option *o)
{
	for (; o && o->name; o++) {
		wr_str(w, STR(".TP\n\\fB"));
		put_troff(w, o->name);
		wr_str(w, STR("\\fR"));
		if (o->value)
			wr_printf(w, "%s\\fI%s\\fR%s", o->is_optional ? "[=" : " ", o->value,
				o->is_optional ? "]" : "");
		wr_str(w, STR("\n"));
		put_troff(w, o->help);
		if (o->words) {
			wr_str(w, STR(": "));
			put_troff(w, o->words);
		}
		wr_str(w, STR(".\n"));
	}
}

static void man_command(struct wr *w, const struct command *c)
{
	wr_printf(w, ".SS fosse %s \\fI%s\\fR\n", c->name, c->arguments);
	wr_u8(w, (uint8_t)(c->help[0] >= 'a' && c->help[0] <= 'z' ? c->help[0] - 32 : c->help[0]));
	put_troff(w, c->help + 1);
	wr_printf(w, ". %s\n", scope_text(c->scope));
	if (c->about[0]) {
		wr_str(w, STR(".PP\n"));
		put_troff(w, c->about);
		wr_str(w, STR("\n"));
	}
	man_options(w, c->options);
}

enum cli_exit cmd_man(struct cli *cli)
{
	struct wr *w = &cli->out;

	wr_str(w, STR(".TH FOSSE 8 \"\" \"Fosseway " FOSSE_VERSION "\"\n.SH NAME\n"
		      "fosse \\- command line of a Fosseway node\n.SH SYNOPSIS\n"
		      ".B fosse\n[\\fIoptions\\fR] \\fIcommand\\fR [\\fIarguments\\fR]\n"
		      ".SH OPTIONS\nEvery command understands these.\n"));
	man_options(w, global_options);
	wr_str(w, STR(".SH COMMANDS\n"));
	for (const struct command *c = commands; c->name; c++) {
		if (c->run)
			man_command(w, c);
	}
	wr_printf(w, ".SH EXIT STATUS\n%s.\n", exits);
	wr_str(w, STR(".SH FILES\n.TP\n/etc/fosse/fosse.yaml\nThe configuration.\n"
		      ".TP\n/etc/fosse/pairing\nOne file for each node that this one is paired "
		      "with.\n"
		      ".TP\n/etc/fosse/keys/zone.pem\nKey of this node's traversal zones.\n"
		      ".TP\n/run/fosse/ctl\nWhere a running node is asked.\n"));
	return CLI_OK;
}

/* ---- completion ---- */

static void put_names(struct wr *w, const struct option *o)
{
	for (; o && o->name; o++)
		wr_printf(w, " %s", o->name);
}

static void put_words(struct wr *w, const char *words)
{
	for (; *words; words++)
		wr_u8(w, (uint8_t)(*words == '|' ? ' ' : *words));
}

static void first_words(struct wr *w)
{
	for (const struct command *c = commands; c->name; c++) {
		if (!strchr(c->name, ' '))
			wr_printf(w, " %s", c->name);
	}
}

static void second_words(struct wr *w, const struct command *of)
{
	size_t len = str_of(of->name).len;

	for (const struct command *c = commands; c->name; c++) {
		if (strncmp(c->name, of->name, len) == 0 && c->name[len] == ' ')
			wr_printf(w, " %s", c->name + len + 1);
	}
	if (strchr(of->arguments, '|')) {
		wr_u8(w, ' ');
		put_words(w, of->arguments);
	}
}

/* What may follow an option with a list of values. */
static void value_cases(struct wr *w)
{
	for (const struct command *c = commands; c->name; c++) {
		for (const struct option *o = c->options; o && o->name; o++) {
			if (!o->words)
				continue;
			wr_printf(w, "\t\"%s \"*\" %s\") words='", c->name, o->name);
			put_words(w, o->words);
			wr_str(w, STR("' ;;\n"));
		}
	}
	wr_str(w, STR("\t*\" -c\" | *\" --answers\" | *\" --root\") COMPREPLY=($(compgen -f -- "
		      "\"$word\"));"
		      " return ;;\n"));
}

static void command_cases(struct wr *w)
{
	for (const struct command *c = commands; c->name; c++) {
		if (strchr(c->name, ' '))
			continue;
		wr_printf(w, "\t\"%s \"*) words+='", c->name);
		second_words(w, c);
		put_names(w, c->options);
		wr_str(w, STR("' ;;\n"));
	}
}

static void put_bash(struct wr *w)
{
	wr_str(w, STR("_fosse() {\n"
		      "    local word=${COMP_WORDS[COMP_CWORD]} words='"));
	put_names(w, global_options);
	wr_str(w, STR("'\n    local before=\"${COMP_WORDS[*]:1:COMP_CWORD-1}\"\n"
		      "    COMPREPLY=()\n"
		      "    if [[ $COMP_CWORD -eq 1 ]]; then words+='"));
	first_words(w);
	wr_str(w, STR("'; fi\n    case \"$before \" in\n"));
	command_cases(w);
	wr_str(w, STR("    esac\n    case \"$before\" in\n"));
	value_cases(w);
	wr_str(w, STR("    esac\n    COMPREPLY=($(compgen -W \"$words\" -- \"$word\"))\n}\n"));
}

enum cli_exit cmd_completion(struct cli *cli)
{
	struct wr *w = &cli->out;
	bool is_zsh = strcmp(cli->words[0], "zsh") == 0;

	if (!is_zsh && strcmp(cli->words[0], "bash") != 0) {
		cli_error(cli, "completion for \"%s\" is not known: bash or zsh", cli->words[0]);
		return CLI_USAGE;
	}
	/* zsh runs completions of bash once it is told to. */
	if (is_zsh)
		wr_str(w, STR("#compdef fosse\nautoload -Uz +X bashcompinit && bashcompinit\n"));
	put_bash(w);
	wr_str(w, STR("complete -F _fosse fosse\n"));
	return CLI_OK;
}
