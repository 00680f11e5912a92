/* file.c - what an fd names: sockets, ends of streams and channels, counted by their fds.
 *
 * An fd belongs to a process, or to nobody (a test's hand); a killed process's fds are closed. What
 * others still hold lives on with all that is unread in it: that is what a successor finds. */
#include <assert.h>
#include <string.h>

#include "sim/private.h"

enum err file_open(
	struct sim *sim, struct sim_host *host, enum file_kind kind, struct file **ret_file)
{
	struct file *f = pool_take(&sim->files);

	if (!f)
		return ERR_FULL;
	f->kind = kind;
	f->sim = sim;
	f->host = host;
	f->n_refs = 1;
	list_init(&f->queue);
	list_init(&f->in_backlog);
	*ret_file = f;
	return OK;
}

/* ---- addresses ---- */

static void put_addr(uint8_t *p, const struct addr *a)
{
	p[0] = a->family;
	memcpy(p + 1, a->ip, 16);
	p[17] = (uint8_t)(a->port >> 8);
	p[18] = (uint8_t)a->port;
}

static uint64_t hash_addrs(struct sim *sim, enum wire_protocol protocol, const struct addr *local,
	const struct addr *remote)
{
	uint8_t key[39] = {(uint8_t)protocol};

	put_addr(key + 1, local);
	if (remote)
		put_addr(key + 20, remote);
	return hash_of(&sim->bound, (struct str){(const char *)key, sizeof key});
}

static enum wire_protocol protocol_of(const struct file *f)
{
	return f->kind == FILE_UDP ? WIRE_UDP : WIRE_TCP;
}

void file_bind(struct file *f, const struct addr *remote)
{
	if (remote)
		f->remote = *remote;
	f->is_bound = true;
	hash_add(&f->sim->bound, &f->bound, hash_addrs(f->sim, protocol_of(f), &f->local, remote));
}

struct file *file_find(struct sim *sim, enum wire_protocol protocol, const struct addr *local,
	const struct addr *remote)
{
	uint64_t hash = hash_addrs(sim, protocol, local, remote);

	for (struct hash_node *n = hash_first(&sim->bound, hash); n; n = hash_next(n)) {
		struct file *f = container_of(n, struct file, bound);

		if (protocol_of(f) == protocol && addr_eq(&f->local, local) &&
			(f->kind == FILE_TCP) == (remote != NULL) &&
			(!remote || addr_eq(&f->remote, remote)))
			return f;
	}
	return NULL;
}

/* ---- life ---- */

void file_tell(struct file *f)
{
	if (f->user)
		object_ready(f->user);
}

void file_link(struct file *a, struct file *b)
{
	a->peer = b->h;
	b->peer = a->h;
	a->is_connected = b->is_connected = true;
}

struct file *file_peer(const struct file *f)
{
	return pool_get(&f->sim->files, f->peer);
}

static void drop_wires(struct file *f)
{
	struct list *l;

	while ((l = list_first(&f->queue))) {
		list_remove(l);
		pool_give(&f->sim->wires, container_of(l, struct wire, list));
	}
}

static void drop_backlog(struct file *f)
{
	struct list *l;

	while ((l = list_first(&f->queue))) {
		list_remove(l);
		file_unref(container_of(l, struct file, in_backlog));
	}
}

static void drop_messages(struct file *f)
{
	struct file *peer = file_peer(f);
	struct list *l;

	while ((l = list_first(&f->queue))) {
		struct message *m = container_of(l, struct message, list);

		list_remove(l);
		if (m->file)
			file_unref(m->file);
		pool_give(&f->sim->messages, m);
	}
	if (peer) {
		peer->is_eof = true;
		file_tell(peer);
	}
}

static void file_free(struct file *f)
{
	if (f->is_bound)
		hash_remove(&f->sim->bound, &f->bound);
	list_remove(&f->in_backlog);
	outq_drop(&f->sim->chunks, &f->in);
	outq_drop(&f->sim->chunks, &f->out);
	pool_give(&f->sim->files, f);
}

void file_ref(struct file *f)
{
	f->n_refs++;
}

/* An end of a stream may have to deliver what it took: it frees itself later. */
void file_unref(struct file *f)
{
	assert(f->n_refs);
	if (--f->n_refs)
		return;
	f->user = NULL;
	switch (f->kind) {
	case FILE_UDP:
		drop_wires(f);
		break;
	case FILE_LISTENER:
		drop_backlog(f);
		break;
	case FILE_CHAN:
		drop_messages(f);
		break;
	case FILE_TCP:
	case FILE_PAIR:
		if (!f->is_orphan) {
			f->is_orphan = true;
			f->n_refs = 1; /* its own, until stream_abandon() is through */
			stream_abandon(f);
			return;
		}
		break;
	}
	file_free(f);
}

/* ---- fds ---- */

int fd_new(struct sim *sim, struct file *f, struct io *owner)
{
	for (int fd = 3; fd < FDS_MAX; fd++) {
		if (sim->fds[fd].file)
			continue;
		sim->fds[fd] = (struct fd){f, owner};
		file_ref(f);
		return fd;
	}
	return NO_FD;
}

struct file *fd_file(struct sim *sim, int fd)
{
	return fd >= 0 && fd < FDS_MAX ? sim->fds[fd].file : NULL;
}

void fd_close(struct sim *sim, int fd)
{
	struct file *f = fd_file(sim, fd);

	if (!f)
		return;
	sim->fds[fd] = (struct fd){0};
	file_unref(f);
}

void fds_close_of(struct sim *sim, struct io *owner)
{
	for (int fd = 0; fd < FDS_MAX; fd++) {
		if (sim->fds[fd].file && sim->fds[fd].owner == owner)
			fd_close(sim, fd);
	}
}

int sim_dup(struct sim *sim, int fd, struct io *owner)
{
	struct file *f = fd_file(sim, fd);

	return f ? fd_new(sim, f, owner) : NO_FD;
}

int sim_hand_over(struct sim *sim, int fd, struct io *owner)
{
	if (fd_file(sim, fd))
		sim->fds[fd].owner = owner;
	return fd;
}

void sim_close(struct sim *sim, int fd)
{
	fd_close(sim, fd);
}
