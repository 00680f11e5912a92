/* kept.c - the table of kept records. No assert: the keeper lives on it and degrades instead. */
#include <string.h>

#include "ipc/kept.h"

struct kept_table {
	struct io *io;
	struct hash_table hash;
	struct list all, unused;
	struct kept_rec *recs;
	uint32_t n_max, n, n_touched; /* records beyond n_touched were never used */
	bool owns_fds;
	struct list *at; /* of a replay: the next to go */
};

enum err kept_new(struct io *io, uint32_t n_max, bool owns_fds, struct kept_table **ret_table)
{
	struct kept_table *t = mem_array(1, sizeof *t);
	struct hash_key key;
	enum err err = ERR_FULL;

	if (!t)
		return ERR_FULL;
	io_random(io, &key, sizeof key);
	t->io = io;
	t->n_max = n_max;
	t->owns_fds = owns_fds;
	list_init(&t->all);
	list_init(&t->unused);
	t->at = &t->all;
	t->recs = mem_array(n_max, sizeof *t->recs);
	if (t->recs)
		err = hash_init(&t->hash, n_max, &key);
	if (err == OK)
		*ret_table = t;
	else
		kept_free(t);
	return err;
}

void kept_free(struct kept_table *t)
{
	if (!t)
		return;
	while (t->n)
		kept_del(t, container_of(t->all.next, struct kept_rec, all)->key);
	hash_free(&t->hash);
	mem_free(t->recs);
	mem_free(t);
}

uint32_t kept_n(const struct kept_table *t)
{
	return t->n;
}

bool kept_is_full(const struct kept_table *t)
{
	return t->n >= t->n_max;
}

struct str kept_body(const struct kept_rec *rec)
{
	return (struct str){(const char *)rec->body, rec->len};
}

static struct str key_bytes(const uint64_t *key)
{
	return (struct str){(const char *)key, sizeof *key};
}

struct kept_rec *kept_find(const struct kept_table *t, uint64_t key)
{
	struct hash_node *n = hash_first(&t->hash, hash_of(&t->hash, key_bytes(&key)));

	for (; n; n = hash_next(n)) {
		struct kept_rec *rec = container_of(n, struct kept_rec, node);

		if (rec->key == key)
			return rec;
	}
	return NULL;
}

static struct kept_rec *take(struct kept_table *t, uint64_t key)
{
	struct list *unused = list_first(&t->unused);
	struct kept_rec *rec;

	if (unused) {
		list_remove(unused);
		rec = container_of(unused, struct kept_rec, all);
	} else if (t->n_touched < t->n_max) {
		rec = &t->recs[t->n_touched++];
	} else {
		return NULL;
	}
	*rec = (struct kept_rec){.key = key, .fd = NO_FD};
	hash_add(&t->hash, &rec->node, hash_of(&t->hash, key_bytes(&key)));
	list_append(&t->all, &rec->all);
	t->n++;
	return rec;
}

static void drop_fd(struct kept_table *t, struct kept_rec *rec)
{
	if (t->owns_fds)
		io_close_fd(t->io, rec->fd);
	rec->fd = NO_FD;
}

enum err kept_put(
	struct kept_table *t, uint64_t key, struct str body, int fd, struct kept_rec **ret_rec)
{
	struct kept_rec *rec;

	if (body.len > KEPT_BODY_MAX || !key)
		return ERR_RANGE;
	rec = kept_find(t, key);
	if (!rec)
		rec = take(t, key);
	if (!rec)
		return ERR_FULL;
	if (fd != NO_FD && fd != rec->fd) {
		drop_fd(t, rec);
		rec->fd = fd;
	}
	if (body.len < rec->len) /* what is beyond the new end may be a secret */
		explicit_bzero(rec->body + body.len, rec->len - body.len);
	if (body.len)
		memcpy(rec->body, body.p, body.len);
	rec->len = (uint16_t)body.len;
	rec->is_marked = false;
	*ret_rec = rec;
	return OK;
}

static void forget(struct kept_table *t, struct kept_rec *rec)
{
	if (t->at == &rec->all)
		t->at = rec->all.next;
	drop_fd(t, rec);
	hash_remove(&t->hash, &rec->node);
	list_remove(&rec->dirty);
	explicit_bzero(rec->body, rec->len);
	rec->key = 0;
	list_append(&t->unused, &rec->all);
	t->n--;
}

void kept_del(struct kept_table *t, uint64_t key)
{
	struct kept_rec *rec = kept_find(t, key);

	if (rec)
		forget(t, rec);
}

struct kept_rec *kept_next(const struct kept_table *t, const struct kept_rec *rec)
{
	struct list *next = rec ? rec->all.next : t->all.next;

	return next == &t->all ? NULL : container_of(next, struct kept_rec, all);
}

void kept_mark(struct kept_table *t)
{
	LIST_FOR(it, &t->all)
	container_of(it, struct kept_rec, all)->is_marked = true;
}

uint32_t kept_sweep(struct kept_table *t)
{
	uint32_t n = 0;

	LIST_FOR_SAFE(it, tmp, &t->all)
	{
		struct kept_rec *rec = container_of(it, struct kept_rec, all);

		if (rec->is_marked) {
			forget(t, rec);
			n++;
		}
	}
	return n;
}

void kept_rewind(struct kept_table *t)
{
	t->at = t->all.next;
}

bool kept_replay(struct kept_table *t, struct ipc *ipc, uint32_t edge)
{
	while (t->at != &t->all) {
		struct kept_rec *rec = container_of(t->at, struct kept_rec, all);

		if (ipc_put_once(ipc, edge, ROW_KEPT, rec->key, kept_body(rec), rec->fd) != OK)
			return false;
		t->at = t->at->next;
	}
	return ipc_sync_once(ipc, edge, ROW_KEPT) == OK;
}
