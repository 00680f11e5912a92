/* parse.h - from the words of a command line to a command with its arguments and options. */
#ifndef CTL_PARSE_H
#define CTL_PARSE_H

#include "ctl/command.h"

/* The longest name that a table may have. */
#define COMMAND_NAME_MAX 32

/* argv without the program's name. OK: everything is in *cli, whose world, io and out are its caller's;
 * cli->command NULL: no command was named. ERR_SYNTAX: the reason was said. */
MUST_USE enum err cli_parse(struct cli *cli, size_t argc, const char *const *argv);
/* By its whole name; NULL: none. */
const struct command *command_find(struct str name);
/* Says that no command has this name, and which was meant. */
void command_unknown(const struct cli *cli, struct str name);

#endif
