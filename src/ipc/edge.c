/* edge.c - sending on an edge, and finding one. It never waits. */
#include "ipc/edge.h"

bool edge_send(struct edge *e, const struct head *head, struct str body, int fd)
{
	uint8_t buf[WIRE_MAX];
	struct wr w = wr_of(buf, sizeof buf);

	if (!e->chan || e->is_full)
		return false;
	wire_put(&w, head, body);
	if (chan_send(e->chan, wr_done(&w), fd))
		return true;
	e->is_full = true;
	e->full_since = io_now(e->ipc->io);
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
