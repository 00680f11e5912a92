/* mirror.h - the node as its processes show it: every row that a command line may see, kept as it came.
 *
 * A peer like the workers: it dials the keeper, is introduced to every worker, and mirrors rows. It
 * knows which neighbours have shown everything. */
#ifndef CTL_MIRROR_H
#define CTL_MIRROR_H

#include "ctl/cli.h"
#include "ipc/ipc.h"

struct mirror;

/* CLI_UNREACHABLE, unless is_quiet, and CLI_DENIED are said. The caller ends it with mirror_close. */
enum cli_exit mirror_open(const struct cli *cli, bool is_quiet, struct mirror **ret_mirror);
void mirror_close(struct mirror *m); /* NULL: nothing */
/* Turns the loop until every neighbour has shown all. ERR_TIMEOUT: what came so far is there.
 * ERR_CLOSED: the node went away. */
MUST_USE enum err mirror_wait(struct mirror *m, uint32_t timeout_ms);
/* Turns the loop for so long; a node that went away is dialled again. */
void mirror_run(struct mirror *m, uint32_t ms);
bool mirror_has_node(const struct mirror *m);

struct mirror_row {
	enum process_id from;
	enum kind kind;
	uint64_t handle;
	struct str body;
};
/* In order of arrival, of this kind; start with NULL. */
const struct mirror_row *mirror_next(
	const struct mirror *m, enum kind kind, const struct mirror_row *row);
size_t mirror_count(const struct mirror *m, enum kind kind);

/* One question, waited for. The text is that of the fd that came with the answer. */
MUST_USE enum err mirror_ask(struct mirror *m, enum process_id to, enum kind kind, uint64_t handle,
	struct str body, int fd, struct str *ret_text);

#endif
