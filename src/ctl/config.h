/* config.h - the configuration as the command line reads it: the file, its pairings and its secrets. */
#ifndef CTL_CONFIG_H
#define CTL_CONFIG_H

#include "conf/conf.h"
#include "ctl/cli.h"

/* Reads path with the pairings and secrets beside the node's file (or beside a file of -c). Errors are
 * said. CLI_OK: *ret_conf is the caller's (mem_free). CLI_CONFIG: it has errors, or there is none. */
enum cli_exit config_read(const struct cli *cli, const char *path, struct conf **ret_conf);
/* Without what is beside it: for commands that make a pairing, which must not be missing yet. */
enum cli_exit config_read_alone(const struct cli *cli, struct conf **ret_conf);

/* A text, without what is beside it; h gets each error. OK, ERR_SYNTAX, ERR_FULL. */
MUST_USE enum err config_make(
	struct str text, const char *path, conf_error_h *h, void *arg, struct conf **ret_conf);

enum cli_exit cmd_validate(struct cli *cli);
enum cli_exit cmd_diff(struct cli *cli);
enum cli_exit cmd_get(struct cli *cli);

#endif
