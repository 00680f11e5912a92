/* pairings.h - pairing tokens and pairings: made on Edge, listed and ended on both. */
#ifndef CTL_PAIRINGS_H
#define CTL_PAIRINGS_H

#include "conf/conf.h"
#include "ctl/cli.h"

enum cli_exit cmd_pair_new(struct cli *cli);
enum cli_exit cmd_pair_list(struct cli *cli);
enum cli_exit cmd_pair_revoke(struct cli *cli);
enum cli_exit cmd_pair_key(struct cli *cli);

/* Makes a token for the zone with this pairing, stores its secret and prints it. CLI_CONFIG: no
 * traversal-server zone of the configuration has this pairing. */
enum cli_exit pairings_make(struct cli *cli, const struct conf *c, const char *name);

#endif
