/* chan.c - message channels of io.h over files: in order, bounded, with an fd now and then. */
#include <string.h>

#include "sim/private.h"

#define CHANS_MAX 64
#define ROOM      212992u /* what a socket buffer holds by default */
#define CHARGE    768u    /* for each message, besides its bytes */

struct chan {
	struct object o;
	const struct chan_ops *ops;
	void *arg;
	struct file *file;
	int fd;
	bool wants_writable;
};

enum err chans_init(struct io *io)
{
	return pool_init(&io->chans, HK_SOCKET, sizeof(struct chan), CHANS_MAX, 1);
}

static void destroy(struct object *o)
{
	struct chan *c = container_of(o, struct chan, o);

	fd_close(o->io->sim, c->fd);
	pool_give(&o->io->chans, c);
}

void chan_close(struct chan *c)
{
	if (!c)
		return;
	io_call(c->o.io);
	if (c->o.io->is_dead || c->o.is_released)
		return;
	c->file->user = NULL;
	list_remove(&c->o.list);
	object_release(&c->o);
}

/* ---- in ---- */

/* ERR_MORE: nothing there. ERR_CLOSED: nothing will come. */
static enum err receive(struct chan *c, char *buf, struct str *ret_bytes, int *ret_fd)
{
	struct sim *sim = c->o.io->sim;
	struct list *l = list_first(&c->file->queue);
	struct file *peer = file_peer(c->file);
	struct message *m;

	if (!l)
		return c->file->is_eof ? ERR_CLOSED : ERR_MORE;
	m = container_of(l, struct message, list);
	list_remove(l);
	c->file->n_bytes -= m->len + CHARGE;
	memcpy(buf, m->bytes, m->len);
	*ret_bytes = (struct str){buf, m->len};
	*ret_fd = NO_FD;
	if (m->file) {
		*ret_fd = fd_new(sim, m->file, c->o.io);
		file_unref(m->file);
	}
	pool_give(&sim->messages, m);
	if (peer && peer->wants_room && c->file->n_bytes < ROOM / 2) {
		peer->wants_room = false;
		file_tell(peer);
	}
	return OK;
}

static bool tell_writable(struct chan *c)
{
	struct io *io = c->o.io;

	if (!c->wants_writable || c->file->wants_room)
		return true;
	c->wants_writable = false;
	io_enter(io);
	if (c->ops->writable)
		c->ops->writable(c, c->arg);
	return !c->o.is_released && !io->is_dead;
}

static void run(struct object *o)
{
	struct chan *c = container_of(o, struct chan, o);
	struct io *io = o->io;
	char buf[CHAN_MAX];

	if (!tell_writable(c))
		return;
	for (int i = 0; i < BATCH_MAX && !o->is_released && !io->is_dead; i++) {
		struct str bytes;
		int fd;
		enum err err = receive(c, buf, &bytes, &fd);

		if (err == ERR_MORE)
			return;
		io_enter(io);
		if (err) {
			if (c->ops->lost)
				c->ops->lost(c, c->arg);
			chan_close(c);
			return;
		}
		c->ops->message(c, bytes, fd, c->arg);
	}
	if (!o->is_released)
		object_ready(o);
}

enum err chan_adopt(
	struct io *io, int fd, const struct chan_ops *ops, void *arg, struct chan **ret_chan)
{
	struct file *f = fd_file(io->sim, fd);
	struct chan *c;

	io_call(io);
	if (io->is_dead || !f || f->kind != FILE_CHAN)
		return ERR_DENIED;
	c = pool_take(&io->chans);
	if (!c)
		return ERR_FULL;
	c->o.io = io;
	c->o.run = run;
	c->o.is_first = true;
	c->o.destroy = destroy;
	c->ops = ops;
	c->arg = arg;
	c->file = f;
	c->fd = fd;
	f->user = &c->o;
	object_ready(&c->o);
	*ret_chan = c;
	return OK;
}

enum err chan_pair(struct io *io, int *ret_a, int *ret_b)
{
	struct file *a = NULL, *b = NULL;
	enum err err;

	io_call(io);
	err = io->is_dead ? ERR_FULL : file_open(io->sim, io->host, FILE_CHAN, &a);
	if (!err)
		err = file_open(io->sim, io->host, FILE_CHAN, &b);
	if (err) {
		if (a)
			file_unref(a);
		return err;
	}
	file_link(a, b);
	*ret_a = fd_new(io->sim, a, io);
	*ret_b = fd_new(io->sim, b, io);
	file_unref(a);
	file_unref(b);
	return OK;
}

/* Other processes go on meanwhile: this one is blocked. */
enum err chan_receive(struct chan *c, uint32_t timeout_ms, struct scratch *scratch,
	struct str *ret_bytes, int *ret_fd)
{
	struct io *io = c->o.io;
	uint64_t end = io->sim->now + (uint64_t)timeout_ms * NS_PER_MS;
	char *buf = scratch_take(scratch, CHAN_MAX);
	bool was_in_turn = io->is_in_turn;
	enum err err;

	io_call(io);
	if (io->is_dead)
		return ERR_CLOSED;
	if (!buf)
		return ERR_FULL;
	io->is_in_turn = true; /* none of its own turns runs */
	for (err = receive(c, buf, ret_bytes, ret_fd); err == ERR_MORE;
		err = receive(c, buf, ret_bytes, ret_fd)) {
		if (io->sim->now >= end || !sim_step(io->sim) || io->is_dead)
			break;
	}
	io->is_in_turn = was_in_turn;
	return err == ERR_MORE ? ERR_TIMEOUT : err;
}

/* ---- out ---- */

static bool is_full(struct chan *c, struct file *peer, struct str bytes)
{
	if (peer->n_bytes + bytes.len + CHARGE <= ROOM)
		return false;
	c->wants_writable = true;
	c->file->wants_room = true;
	return true;
}

bool chan_send(struct chan *c, struct str bytes, int fd)
{
	struct io *io = c->o.io;
	struct file *peer;
	struct message *m;

	io_call(io);
	if (io->is_dead || c->o.is_released || !bytes.len || bytes.len > CHAN_MAX)
		return false;
	peer = file_peer(c->file);
	if (!peer || is_full(c, peer, bytes))
		return false;
	m = pool_take(&io->sim->messages);
	if (!m)
		return false;
	m->len = (uint32_t)bytes.len;
	memcpy(m->bytes, bytes.p, bytes.len);
	m->file = fd_file(io->sim, fd);
	if (m->file)
		file_ref(m->file);
	hash_in(io->sim, bytes.p, bytes.len);
	peer->n_bytes += bytes.len + CHARGE;
	list_append(&peer->queue, &m->list);
	file_tell(peer);
	return true;
}
