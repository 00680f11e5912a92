/* keep.h - the only thing that outlives a worker: small tagged records, each with at most one fd.
 *
 * A put is PUT ROW_KEPT to the keeper, sent before the turn's rows and before its network bytes, so no
 * byte leaves that a successor would not know. Keys are the objects' handles. Bodies begin with a
 * version byte, then tagged fields; an unknown version or a handle that does not resolve is dropped
 * and counted. Keep nothing that a re-INVITE, re-REGISTER or retransmission rebuilds. */
#ifndef IPC_KEEP_H
#define IPC_KEEP_H

#include "ipc/ipc.h"

#define KEEP_BODY_MAX 2048

struct keep;
struct kept {
	uint64_t key;
	struct str body; /* lives until the next keep_next or keep_done */
	int fd;          /* the caller's, or NO_FD */
};

MUST_USE enum err keep_new(struct io *io, struct keep **ret_keep);
void keep_free(struct keep *k);
void keep_use(struct keep *k,
	struct ipc *ipc); /* where puts go; put-all runs on each new edge to the keeper */
/* Replaces; NO_FD: as before. The fd stays the caller's and must stay open until keep_del: its number
 * is remembered, for a new keeper. So: keep_del first, then close. */
void keep_put(struct keep *k, uint64_t key, struct str body, int fd);
void keep_del(struct keep *k, uint64_t key);
bool keep_is_stalled(const struct keep *k); /* the keeper is slow or gone: refuse new work */
/* Filled by the start of the worker (proc/), read once by each owner of records. */
void keep_add_replayed(struct keep *k, uint64_t key, struct str body, int fd);
/* A record that is not wanted: close its fd, keep_del. */
bool keep_next(struct keep *k, enum handle_kind kind, struct kept *ret_kept);
void keep_done(struct keep *k); /* drops what nobody asked for (fds closed), counted */

#endif
