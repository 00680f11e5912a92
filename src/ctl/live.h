/* live.h - the command `fosse ports`: the plan of a configuration, and what the machine does with it. */
#ifndef CTL_LIVE_H
#define CTL_LIVE_H

#include "ctl/cli.h"

/* CLI_NOT_OK: --live found a clash, or a socket of ours outside the plan. */
enum cli_exit cmd_ports(struct cli *cli);

#endif
