/* edge.c - sending on an edge, and finding one. It never waits.
 *
 * A call makes a dozen small messages; a system call each would cost more than all the rest. So what a
 * turn has to say to a neighbour is packed, in its order, and leaves when the turn's handlers are done. */
#include "ipc/edge.h"

/* One message of the channel: all that waits, and the fd of its only part. */
static bool send_out(struct edge *e, int fd)
{
	if (chan_send(e->chan, (struct str){(const char *)e->out, e->n_out}, fd)) {
		e->n_out = 0;
		return true;
	}
	e->is_full = true;
	e->full_since = io_now(e->ipc->io);
	return false;
}

bool edge_flush(struct edge *e)
{
	if (!e->n_out)
		return true;
	return e->chan && !e->is_full && send_out(e, NO_FD);
}

static void add(struct edge *e, const struct head *head, struct str body)
{
	struct wr w = wr_of(e->out + e->n_out, CHAN_MAX - e->n_out);

	wire_put(&w, head, body);
	e->n_out += wr_len(&w);
}

bool edge_send(struct edge *e, const struct head *head, struct str body, int fd)
{
	bool may_wait = fd == NO_FD && io_now(e->ipc->io) != e->ipc->flushed_at;

	if (!e->chan || e->is_full)
		return false;
	if ((!may_wait || WIRE_HEAD + body.len > CHAN_MAX - e->n_out) && !edge_flush(e))
		return false;
	add(e, head, body);
	if (may_wait || send_out(e, fd))
		return true;
	e->n_out = 0; /* it was alone, and its sender comes again */
	return false;
}

uint32_t ipc_edge_to(const struct ipc *ipc, enum process_id with)
{
	for (uint32_t i = 0; i < EDGES_MAX; i++) {
		if (ipc->edges[i].chan && ipc->edges[i].with == with)
			return i;
	}
	return NO_EDGE;
}

struct edge *edge_find(struct ipc *ipc, enum process_id with)
{
	uint32_t i = ipc_edge_to(ipc, with);

	return i == NO_EDGE ? NULL : &ipc->edges[i];
}
