/* kept.h - a table of kept records: the keeper's memory of a worker, and the worker's mirror of it.
 *
 * Made once, sized by its limits; full means that new work is refused, nothing is evicted. Bodies are
 * opaque here, and wiped when a record goes. It knows keys, bytes and fds, never what they mean.
 *
 * A body takes the next power of two from 64 bytes to 2 KiB, cut from blocks of 2 KiB; a block is of one
 * size until it is empty again. A table for KEPT_MAX records has 64 MiB for bodies and at most 80 MiB in
 * all, none of it touched before it is used: 20,000 flows of four sockets take 26 MiB. */
#ifndef IPC_KEPT_H
#define IPC_KEPT_H

#include "base/hash.h"
#include "ipc/ipc.h"

#define KEPT_MAX      131072u /* records of one worker */
#define KEPT_BODY_MAX 2048

struct kept_rec {
	struct hash_node node;
	struct list all, dirty; /* dirty: the mirror's own list of what the keeper has not got */
	uint64_t key;
	int fd;
	uint16_t len, dirty_len;
	uint8_t size;      /* of its slot: index of a power of two */
	bool is_marked;    /* not repeated since the neighbour began again */
	bool is_unclaimed; /* replayed, and nobody has asked for it */
	bool is_fd_due;    /* its fd has to go with the next put */
	uint8_t *body;     /* NULL: none yet. A put may move it */
};

struct kept_table;
/* Room for bodies: a quarter of n_max blocks, and a few. owns_fds: an fd is closed when its record is
 * replaced by one with another, or deleted. */
MUST_USE enum err kept_new(
	struct io *io, uint32_t n_max, bool owns_fds, struct kept_table **ret_table);
void kept_free(struct kept_table *t);
uint32_t kept_n(const struct kept_table *t);
/* No record more, or the last sixteenth of the blocks: that is for records which grow. */
bool kept_is_full(const struct kept_table *t);
struct kept_rec *kept_find(const struct kept_table *t, uint64_t key); /* NULL: none */
/* NO_FD: as before. On failure the fd is still the caller's and an older body stays. ERR_FULL, ERR_RANGE. */
MUST_USE enum err kept_put(
	struct kept_table *t, uint64_t key, struct str body, int fd, struct kept_rec **ret_rec);
void kept_del(struct kept_table *t, uint64_t key); /* not there: nothing */
/* In order of arrival; start with NULL. The current one may be deleted only after its successor is known. */
struct kept_rec *kept_next(const struct kept_table *t, const struct kept_rec *rec);
struct str kept_body(const struct kept_rec *rec);

/* The neighbour begins again: what it does not repeat until kept_sweep is deleted there. */
void kept_mark(struct kept_table *t);
uint32_t kept_sweep(struct kept_table *t); /* how many went */

/* The keeper's side of a start: all records in order, then SYNC. Call replay whenever there is room,
 * until it says true: everything is sent. */
void kept_rewind(struct kept_table *t);
bool kept_replay(struct kept_table *t, struct ipc *ipc, uint32_t edge);

#endif
