/* run.h - one command line from its words to its exit status. */
#ifndef CTL_RUN_H
#define CTL_RUN_H

#include "ctl/cli.h"

/* argv without the program's name. cli: world, io, out and has_colour are set, the rest is zero. */
enum cli_exit cli_run(struct cli *cli, size_t argc, const char *const *argv);

#endif
