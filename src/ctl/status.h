/* status.h - the state of a node: zones, processes, alarms, counters. */
#ifndef CTL_STATUS_H
#define CTL_STATUS_H

#include "ctl/cli.h"

enum cli_exit cmd_status(struct cli *cli); /* CLI_NOT_OK: not healthy */
enum cli_exit cmd_zones(struct cli *cli);  /* CLI_NOT_OK: a zone's link is down */
enum cli_exit cmd_alarms(struct cli *cli);

#endif
