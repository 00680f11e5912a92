/* keep.c - a worker's records: each goes to the keeper in its turn, and a mirror of all stays here.
 *
 * The mirror makes the keeper's death ordinary: on each new edge to a keeper everything is put again,
 * then SYNC, without asking the owners. What the channel cannot take is a set, not a queue: a record
 * is marked dirty and goes, with its latest body, when there is room. While there are dirty ones,
 * nothing overtakes them. It knows keys, bytes and fds; it must never wait. */
#include <string.h>

#include "ipc/keep.h"
#include "ipc/kept.h"

_Static_assert(KEEP_BODY_MAX == KEPT_BODY_MAX, "one limit on both sides");

enum { TOMBS_MAX = 4096, RETRY_MS = 20, BACKLOG_MAX = 4 << 20 };

LOG_EVENT(ev_full, "KEP-001", LOG_ERROR, "the table of kept records is full: new work is refused");
LOG_EVENT(ev_too_long, "KEP-002", LOG_ERROR, "a record is too long to be kept");
LOG_EVENT(ev_unclaimed, "KEP-003", LOG_NOTICE,
	"records of the predecessor that nobody wanted were dropped");

struct keep {
	struct io *io;
	struct ipc *ipc;
	struct kept_table *mirror;
	uint32_t edge, birth; /* the keeper's edge that all this is about */
	struct list dirty;
	size_t backlog; /* bytes of the dirty ones */
	bool is_sync_due, is_again_due;
	uint64_t tombs[TOMBS_MAX];
	uint32_t n_tombs;
	struct timer
		retry; /* a full channel may have no "writable" to tell: fds in flight are limited too */
	struct kept_rec *at; /* of keep_next: the next to look at */
	enum handle_kind at_kind;
};

static void on_retry(void *arg)
{
	(void)arg; /* the end of this turn tries again */
}

enum err keep_new(struct io *io, struct keep **ret_keep)
{
	struct keep *k = mem_array(1, sizeof *k);
	enum err err = k ? kept_new(io, KEPT_MAX, false, &k->mirror) : ERR_FULL;

	if (err != OK) {
		mem_free(k);
		return err;
	}
	k->io = io;
	k->edge = NO_EDGE;
	list_init(&k->dirty);
	timer_init(&k->retry, on_retry, k);
	*ret_keep = k;
	return OK;
}

void keep_free(struct keep *k)
{
	if (!k)
		return;
	if (k->ipc)
		ipc_on_room(k->ipc, NULL, NULL);
	timer_stop(&k->retry);
	kept_free(k->mirror);
	mem_free(k);
}

/* ---- what the keeper has not got yet ---- */

static void clean(struct keep *k, struct kept_rec *rec)
{
	k->backlog -= rec->dirty_len;
	rec->dirty_len = 0;
	list_remove(&rec->dirty);
}

static void mark_dirty(struct keep *k, struct kept_rec *rec)
{
	clean(k, rec);
	rec->dirty_len = (uint16_t)(rec->len + 64);
	k->backlog += rec->dirty_len;
	list_append(&k->dirty, &rec->dirty);
}

/* Everything once more; the keeper sweeps what is not repeated. */
static void mark_all(struct keep *k, bool is_new_edge)
{
	for (struct kept_rec *rec = kept_next(k->mirror, NULL); rec;
		rec = kept_next(k->mirror, rec)) {
		rec->is_fd_due = true;
		mark_dirty(k, rec);
	}
	k->n_tombs = 0;
	k->is_sync_due = true;
	k->is_again_due = !is_new_edge;
}

/* A keeper that is not the one we knew gets everything. False: there is none. */
static bool has_edge(struct keep *k)
{
	uint32_t birth;

	k->edge = k->ipc ? ipc_edge_to(k->ipc, P_KEEPER) : NO_EDGE;
	birth = k->edge == NO_EDGE ? 0 : ipc_edge_birth(k->ipc, k->edge);
	if (birth && birth != k->birth) {
		k->birth = birth;
		mark_all(k, true);
	}
	return birth != 0;
}

static bool send_rec(struct keep *k, struct kept_rec *rec)
{
	int fd = rec->is_fd_due ? rec->fd : NO_FD;

	if (ipc_put_once(k->ipc, k->edge, ROW_KEPT, rec->key, kept_body(rec), fd) != OK)
		return false;
	rec->is_fd_due = false;
	clean(k, rec);
	return true;
}

static bool flush_tombs(struct keep *k)
{
	uint32_t n = 0;

	while (n < k->n_tombs && ipc_del_once(k->ipc, k->edge, ROW_KEPT, k->tombs[n]) == OK)
		n++;
	k->n_tombs -= n;
	memmove(k->tombs, k->tombs + n, k->n_tombs * sizeof *k->tombs);
	return k->n_tombs == 0;
}

static bool flush_dirty(struct keep *k)
{
	LIST_FOR_SAFE(it, tmp, &k->dirty)
	{
		if (!send_rec(k, container_of(it, struct kept_rec, dirty)))
			return false;
	}
	return true;
}

static bool has_backlog(const struct keep *k)
{
	return k->n_tombs || k->is_sync_due || k->is_again_due || !list_is_empty(&k->dirty);
}

/* In this order: again, deletions, records, SYNC. */
static void flush(struct keep *k)
{
	if (!has_edge(k) || !has_backlog(k))
		return;
	if (k->is_again_due && ipc_again_once(k->ipc, k->edge, ROW_KEPT) == OK)
		k->is_again_due = false;
	if (!k->is_again_due && flush_tombs(k) && flush_dirty(k) && k->is_sync_due &&
		ipc_sync_once(k->ipc, k->edge, ROW_KEPT) == OK)
		k->is_sync_due = false;
	if (has_backlog(k))
		timer_start(k->io, &k->retry, RETRY_MS);
}

static void on_room(void *arg, enum process_id with, uint32_t edge)
{
	(void)edge;
	if (with == P_KEEPER)
		flush(arg);
}

void keep_use(struct keep *k, struct ipc *ipc)
{
	k->ipc = ipc;
	/* What is in the mirror now came from this very keeper: it need not hear it again. */
	k->edge = ipc_edge_to(ipc, P_KEEPER);
	k->birth = k->edge == NO_EDGE ? 0 : ipc_edge_birth(ipc, k->edge);
	ipc_on_room(ipc, on_room, k);
}

/* ---- the owner's calls ---- */

void keep_put(struct keep *k, uint64_t key, struct str body, int fd)
{
	struct kept_rec *rec;
	enum err err = kept_put(k->mirror, key, body, fd, &rec);

	if (err != OK) {
		log_put(io_log(k->io), err == ERR_FULL ? &ev_full : &ev_too_long, F_H("key", key),
			F_NUM("len", body.len));
		return;
	}
	rec->is_unclaimed = false;
	rec->is_fd_due |= fd != NO_FD;
	/* Nothing overtakes what waits: a successor must not see a later state without an earlier one. */
	if (!has_edge(k) || has_backlog(k) || !send_rec(k, rec))
		mark_dirty(k, rec);
}

void keep_del(struct keep *k, uint64_t key)
{
	struct kept_rec *rec = kept_find(k->mirror, key);

	if (!rec)
		return;
	if (k->at == rec)
		k->at = kept_next(k->mirror, rec);
	clean(k, rec);
	kept_del(k->mirror, key);
	if (has_edge(k) && !has_backlog(k) && ipc_del_once(k->ipc, k->edge, ROW_KEPT, key) == OK)
		return;
	if (k->n_tombs < TOMBS_MAX)
		k->tombs[k->n_tombs++] = key;
	else
		mark_all(k, false);
}

bool keep_is_stalled(const struct keep *k)
{
	return k->backlog > BACKLOG_MAX || kept_is_full(k->mirror);
}

/* ---- what a predecessor left ---- */

void keep_add_replayed(struct keep *k, uint64_t key, struct str body, int fd)
{
	struct kept_rec *rec;

	if (kept_put(k->mirror, key, body, fd, &rec) != OK) {
		io_close_fd(k->io, fd);
		return;
	}
	rec->is_unclaimed = true;
}

bool keep_next(struct keep *k, enum handle_kind kind, struct kept *ret_kept)
{
	if (kind != k->at_kind) {
		k->at_kind = kind;
		k->at = kept_next(k->mirror, NULL);
	}
	while (k->at) {
		struct kept_rec *rec = k->at;

		k->at = kept_next(k->mirror, rec);
		if (!rec->is_unclaimed || handle_kind(rec->key) != kind)
			continue;
		rec->is_unclaimed = false;
		*ret_kept = (struct kept){rec->key, kept_body(rec), rec->fd};
		return true;
	}
	k->at_kind = HK_NONE;
	return false;
}

void keep_done(struct keep *k)
{
	uint32_t n = 0;

	for (struct kept_rec *rec = kept_next(k->mirror, NULL), *next; rec; rec = next) {
		next = kept_next(k->mirror, rec);
		if (!rec->is_unclaimed)
			continue;
		io_close_fd(k->io, rec->fd);
		keep_del(k, rec->key);
		n++;
	}
	if (n)
		log_put(io_log(k->io), &ev_unclaimed, F_NUM("n", n));
}
