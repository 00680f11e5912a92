/* calls.h - calls and registrations of a running node. */
#ifndef CTL_CALLS_H
#define CTL_CALLS_H

#include "ctl/cli.h"

enum cli_exit cmd_calls(struct cli *cli);
enum cli_exit cmd_calls_show(struct cli *cli);
enum cli_exit cmd_calls_drop(struct cli *cli);
enum cli_exit cmd_registrations(struct cli *cli);

#endif
