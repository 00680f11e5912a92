/* init.h - the command `fosse init`: from a few answers to a node that can be started. */
#ifndef CTL_INIT_H
#define CTL_INIT_H

#include "ctl/cli.h"

enum cli_exit cmd_init(struct cli *cli);

#endif
