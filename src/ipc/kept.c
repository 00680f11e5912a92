/* kept.c - the table of kept records. No assert: the keeper lives on it and degrades instead. */
#include <string.h>

#include "ipc/kept.h"

enum {
	SLOT_MIN = 64,
	SIZES = 6, /* 64, 128, ... 2048 */
	BLOCK_SLOTS = KEPT_BODY_MAX / SLOT_MIN,
	RESERVE = 16 /* a part of the blocks */
};

struct block {
	struct list list; /* of those of its size that have room, or of the empty ones */
	uint32_t taken;   /* a bit for each slot */
	uint8_t size;
};

/* Bodies. A block is empty, or of one size. */
struct room {
	uint8_t *bytes;
	struct block *blocks;
	struct list with_room[SIZES], empty;
	uint32_t n, n_empty, n_touched; /* blocks beyond n_touched were never used */
};

struct kept_table {
	struct io *io;
	struct hash_table hash;
	struct list all, unused;
	struct kept_rec *recs;
	struct room room;
	uint32_t n_max, n, n_touched; /* records beyond n_touched were never used */
	bool owns_fds;
	struct list *at; /* of a replay: the next to go */
};

_Static_assert((uint64_t)SLOT_MIN << (SIZES - 1) == KEPT_BODY_MAX, "the largest slot is a block");
_Static_assert(BLOCK_SLOTS <= 32, "a bit each");
_Static_assert(KEPT_MAX *(sizeof(struct kept_rec) + 2 * sizeof(void *)) +
			       KEPT_MAX / 4 * (KEPT_BODY_MAX + sizeof(struct block)) <
		       80u << 20,
	"what the header and docs/limits.md say");

/* ---- room for bodies ---- */

static enum err room_new(struct room *r, uint32_t n)
{
	r->n = n;
	list_init(&r->empty);
	for (size_t i = 0; i < SIZES; i++)
		list_init(&r->with_room[i]);
	r->bytes = mem_array(n, KEPT_BODY_MAX);
	r->blocks = mem_array(n, sizeof *r->blocks);
	return r->bytes && r->blocks ? OK : ERR_FULL;
}

static void room_free(struct room *r)
{
	mem_free(r->bytes);
	mem_free(r->blocks);
}

static uint32_t n_unused(const struct room *r)
{
	return r->n_empty + r->n - r->n_touched;
}

static uint8_t size_for(size_t len)
{
	uint8_t size = 0;

	while ((size_t)SLOT_MIN << size < len)
		size++;
	return size;
}

/* All of its slots, as bits. */
static uint32_t slots_of(uint8_t size)
{
	unsigned n = BLOCK_SLOTS >> size;

	return n == 32 ? UINT32_MAX : (1u << n) - 1;
}

static struct block *block_with_room(struct room *r, uint8_t size)
{
	struct list *l = list_first(&r->with_room[size]);
	struct block *b;

	if (l)
		return container_of(l, struct block, list);
	l = list_first(&r->empty);
	if (l) {
		b = container_of(l, struct block, list);
		r->n_empty--;
	} else if (r->n_touched < r->n) {
		b = &r->blocks[r->n_touched++];
	} else {
		return NULL;
	}
	b->size = size;
	b->taken = 0;
	list_append(&r->with_room[size], &b->list);
	return b;
}

/* NULL: there is none. */
static uint8_t *slot_take(struct room *r, uint8_t size)
{
	struct block *b = block_with_room(r, size);
	unsigned i;

	if (!b)
		return NULL;
	i = (unsigned)__builtin_ctz(~b->taken);
	b->taken |= 1u << i;
	if (b->taken == slots_of(size))
		list_remove(&b->list);
	return r->bytes + (size_t)(b - r->blocks) * KEPT_BODY_MAX + ((size_t)i * SLOT_MIN << size);
}

static void slot_give(struct room *r, uint8_t *slot)
{
	size_t at = (size_t)(slot - r->bytes);
	struct block *b = &r->blocks[at / KEPT_BODY_MAX];

	b->taken &= ~(1u << (at % KEPT_BODY_MAX) / ((size_t)SLOT_MIN << b->size));
	if (b->taken) {
		if (!list_is_in(&b->list))
			list_append(&r->with_room[b->size], &b->list);
		return;
	}
	list_append(&r->empty, &b->list);
	r->n_empty++;
}

/* ---- the table ---- */

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
		err = room_new(&t->room, n_max / 4 + 2 * RESERVE);
	if (err == OK)
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
	room_free(&t->room);
	mem_free(t->recs);
	mem_free(t);
}

uint32_t kept_n(const struct kept_table *t)
{
	return t->n;
}

bool kept_is_full(const struct kept_table *t)
{
	return t->n >= t->n_max || n_unused(&t->room) < t->room.n / RESERVE;
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

static void drop_body(struct kept_table *t, struct kept_rec *rec)
{
	if (!rec->body)
		return;
	explicit_bzero(rec->body, rec->len); /* it may be a secret */
	slot_give(&t->room, rec->body);
	rec->body = NULL;
	rec->len = 0;
}

static enum err set_body(struct kept_table *t, struct kept_rec *rec, struct str body)
{
	uint8_t size = size_for(body.len), *slot = rec->body;

	if (!slot || size != rec->size) {
		slot = slot_take(&t->room, size);
		if (!slot)
			return ERR_FULL;
	}
	if (body.len)
		memmove(slot, body.p, body.len);
	if (slot != rec->body) {
		drop_body(t, rec);
		rec->body = slot;
		rec->size = size;
	} else if (body.len < rec->len) {
		explicit_bzero(slot + body.len, rec->len - body.len);
	}
	rec->len = (uint16_t)body.len;
	return OK;
}

static void forget(struct kept_table *t, struct kept_rec *rec)
{
	if (t->at == &rec->all)
		t->at = rec->all.next;
	drop_fd(t, rec);
	hash_remove(&t->hash, &rec->node);
	list_remove(&rec->dirty);
	drop_body(t, rec);
	rec->key = 0;
	list_append(&t->unused, &rec->all);
	t->n--;
}

enum err kept_put(
	struct kept_table *t, uint64_t key, struct str body, int fd, struct kept_rec **ret_rec)
{
	struct kept_rec *rec;
	bool is_new;

	if (body.len > KEPT_BODY_MAX || !key)
		return ERR_RANGE;
	rec = kept_find(t, key);
	is_new = !rec;
	if (!rec)
		rec = take(t, key);
	if (!rec)
		return ERR_FULL;
	if (set_body(t, rec, body) != OK) {
		if (is_new)
			forget(t, rec);
		return ERR_FULL;
	}
	if (fd != NO_FD && fd != rec->fd) {
		drop_fd(t, rec);
		rec->fd = fd;
	}
	rec->is_marked = false;
	*ret_rec = rec;
	return OK;
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
