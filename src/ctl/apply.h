/* apply.h - the command `fosse apply`: a file becomes the node's configuration, or nothing changes. */
#ifndef CTL_APPLY_H
#define CTL_APPLY_H

#include "ctl/cli.h"

enum cli_exit cmd_apply(struct cli *cli);
/* The node's own file again, because something beside it has changed. CLI_UNREACHABLE: the node does
 * not run, which is not said. */
enum cli_exit apply_own(struct cli *cli);

#endif
