/* joining.h - Control's side of pairing: joins an Edge with a token. */
#ifndef CTL_JOINING_H
#define CTL_JOINING_H

#include "conf/conf.h"
#include "ctl/cli.h"
#include "pair/token.h"

enum cli_exit cmd_pair_join(struct cli *cli);

/* CLI_USAGE: mistyped; said. */
enum cli_exit joining_token(const struct cli *cli, const char *text, struct pair_token *ret_token);
/* Dials Edge over the traversal zone's port and stores what it learns as the pairing of this name.
 * CLI_TEMPORARY: Edge cannot be reached, or is busy. */
enum cli_exit joining_run(
	struct cli *cli, const struct conf *c, const char *name, const struct pair_token *t);

#endif
