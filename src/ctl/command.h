/* command.h - the one table of commands: parser, help, manual page and completion are its readers. */
#ifndef CTL_COMMAND_H
#define CTL_COMMAND_H

#include "ctl/cli.h"

/* What a command needs to do its work. */
enum command_scope {
	SCOPE_FILES, /* the node's files; no running node */
	SCOPE_READ,  /* a running node; root, or the group fosse */
	SCOPE_ASK    /* a running node; root */
};

struct option {
	const char *name;  /* "--table" */
	const char *value; /* what it takes, "NAME"; NULL: nothing */
	const char *words; /* "text|md|json", the only values allowed; NULL: any */
	bool is_optional;  /* its value may be left out, and is given as --name=value alone */
	const char *help;  /* a phrase */
};

struct command {
	const char *name;      /* one or two words: "calls", "calls show" */
	const char *arguments; /* "ID", "[NAME]", "edge|control"; "" for none */
	size_t words_min, words_max;
	const struct option *options; /* ended by a row without a name; NULL: none */
	enum command_scope scope;
	const char *help;                      /* a phrase, lower case, no full stop */
	const char *about;                     /* paragraphs, separated by an empty line; "" */
	enum cli_exit (*run)(struct cli *cli); /* NULL: only the commands that begin with it */
};

extern const struct command commands[]; /* ended by a row without a name */
extern const struct option global_options[];

#endif
