/* help.h - the readers of the table of commands: help, manual page, completion. */
#ifndef CTL_HELP_H
#define CTL_HELP_H

#include "ctl/command.h"

void help_overview(struct cli *cli);
void help_command(struct cli *cli, const struct command *c);
enum cli_exit cmd_help(struct cli *cli);
enum cli_exit cmd_man(struct cli *cli);
enum cli_exit cmd_completion(struct cli *cli);

#endif
