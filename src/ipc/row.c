/* row.c - edges, rows, questions: what one process says to its neighbours.
 *
 *	owner --row_put--> dirty list --end of turn--> each edge's channel --> neighbour's ops->put
 *
 * It knows the catalogue of kinds and nothing of what rows mean. A row is written when it is sent, so
 * a neighbour that is slow gets the latest state, once. Per edge, in this order: AGAIN, deletions, rows,
 * SYNC, then what keep.c and kept.c send by themselves. It must never wait, and never keep a copy of a
 * row's body. A message of a channel holds as many of them as fit. Whatever a neighbour sends is hostile until wire.c has let it pass. */
#include <string.h>

#include "ipc/edge.h"

LOG_EVENT(
	ev_bad_message, "IPC-001", LOG_ERROR, "a neighbour broke the rules of the channel: closed");
LOG_EVENT(ev_row_too_long, "IPC-002", LOG_ERROR, "a row does not fit its kind and is not shown");
LOG_EVENT(ev_ctl_stalled, "IPC-004", LOG_NOTICE, "a command line stopped reading: closed");

/* ---- sending ---- */

static bool is_shown_to(const struct row *row, const struct edge *e)
{
	return e->chan && kind_is_between(row->kind, e->ipc->self, e->with) &&
	       (!row->to || row->to & 1u << e->with);
}

static void give_fd(struct edge *e, struct row *row)
{
	row->has_fd |= 1u << e->index;
	if (row->is_fd_given) {
		io_close_fd(e->ipc->io, row->fd);
		row->fd = NO_FD;
	}
}

/* True: the neighbour has it, or never will. */
static bool send_row(struct edge *e, struct row *row)
{
	uint8_t body[KIND_BODY_MAX];
	struct wr w = wr_of(body, kind_info(row->kind)->body_max);
	struct head head = {VERB_PUT, row->kind, 0, row->handle};
	int fd = row->has_fd & 1u << e->index ? NO_FD : row->fd;

	if (row->write)
		row->write(row, &w);
	if (w.err != OK) {
		log_put(io_log(e->ipc->io), &ev_row_too_long,
			F_Z("kind", kind_info(row->kind)->name), F_H("handle", row->handle));
		return true;
	}
	if (!edge_send(e, &head, wr_done(&w), fd))
		return false;
	if (fd != NO_FD)
		give_fd(e, row);
	return true;
}

static void flush_row(struct ipc *ipc, struct row *row)
{
	for (uint32_t i = 0; i < EDGES_MAX; i++) {
		struct edge *e = &ipc->edges[i];

		if (!(row->dirty & 1u << i) || e->is_full)
			continue;
		if (!is_shown_to(row, e) || send_row(e, row))
			row->dirty &= ~(1u << i);
	}
	if (!row->dirty)
		list_append(&ipc->clean, &row->list);
}

/* Sends one verb for each kind of a bit set; what did not fit stays in it. */
static void flush_kinds(struct edge *e, enum verb verb, uint32_t *due)
{
	for (unsigned k = 1; k < KIND_MAX && *due; k++) {
		struct head head = {verb, (enum kind)k, 0, 0};

		if (!(*due & 1u << k))
			continue;
		if (!edge_send(e, &head, STR_NONE, NO_FD))
			return;
		*due &= ~(1u << k);
	}
}

static void flush_tombs(struct edge *e)
{
	uint32_t n = 0;

	while (n < e->n_tombs) {
		struct head head = {VERB_DEL, e->tombs[n].kind, 0, e->tombs[n].handle};

		if (!edge_send(e, &head, STR_NONE, NO_FD))
			break;
		n++;
	}
	e->n_tombs -= n;
	memmove(e->tombs, e->tombs + n, e->n_tombs * sizeof *e->tombs);
}

static void edge_drop(struct edge *e, bool is_told);

/* The command line that hangs must not make us walk its dirty rows for ever. */
static void drop_stalled(struct ipc *ipc)
{
	for (struct edge *e = ipc->edges; e < ipc->edges + EDGES_MAX; e++) {
		if (!e->chan || e->with != P_CTL || !e->is_full ||
			io_now(ipc->io) - e->full_since < CTL_STALL_S * 1000000000ull)
			continue;
		log_put(io_log(ipc->io), &ev_ctl_stalled, F_NUM("edge", e->index));
		edge_drop(e, true);
	}
}

/* The keeper first: no neighbour shall know what a successor would not. */
static void flush_edges(struct ipc *ipc)
{
	struct edge *keeper = edge_find(ipc, P_KEEPER);

	if (keeper)
		(void)edge_flush(keeper);
	for (struct edge *e = ipc->edges; e < ipc->edges + EDGES_MAX; e++)
		(void)edge_flush(e);
	ipc->flushed_at = io_now(ipc->io);
}

void ipc_flush(struct ipc *ipc)
{
	drop_stalled(ipc);
	for (struct edge *e = ipc->edges; e < ipc->edges + EDGES_MAX; e++) {
		if (e->again_due)
			flush_kinds(e, VERB_AGAIN, &e->again_due);
		if (e->n_tombs)
			flush_tombs(e);
	}
	LIST_FOR_SAFE(it, tmp, &ipc->dirty)
	flush_row(ipc, container_of(it, struct row, list));
	ask_flush(ipc);
	for (struct edge *e = ipc->edges; e < ipc->edges + EDGES_MAX; e++) {
		if (e->sync_due && !e->is_full)
			flush_kinds(e, VERB_SYNC, &e->sync_due);
		if (ipc->room && e->chan && !e->is_full)
			ipc->room(ipc->room_arg, e->with, e->index);
	}
	flush_edges(ipc);
}

static void on_stage(void *arg)
{
	ipc_flush(arg);
}

/* ---- rows ---- */

void row_init(struct row *row, enum kind kind, uint64_t handle,
	void (*write)(const struct row *, struct wr *))
{
	*row = (struct row){.handle = handle, .kind = kind, .write = write, .fd = NO_FD};
}

void row_set_fd(struct row *row, int fd)
{
	row->fd = fd;
	row->has_fd = 0;
}

void row_put(struct ipc *ipc, struct row *row)
{
	for (uint32_t i = 0; i < EDGES_MAX; i++) {
		if (is_shown_to(row, &ipc->edges[i]))
			row->dirty |= 1u << i;
	}
	list_append(row->dirty ? &ipc->dirty : &ipc->clean, &row->list);
}

static void mark_again(struct edge *e);

static void add_tomb(struct edge *e, const struct row *row)
{
	if (e->n_tombs < TOMBS_MAX)
		e->tombs[e->n_tombs++] = (struct tomb){row->handle, row->kind};
	else
		mark_again(e);
}

void row_del(struct ipc *ipc, struct row *row)
{
	if (!row->list.next)
		return;
	list_remove(&row->list);
	for (uint32_t i = 0; i < EDGES_MAX; i++) {
		if (is_shown_to(row, &ipc->edges[i]))
			add_tomb(&ipc->edges[i], row);
	}
	if (row->is_fd_given)
		io_close_fd(ipc->io, row->fd);
	row->list = (struct list){0};
	row->dirty = row->has_fd = 0;
	row->fd = NO_FD;
}

/* ---- edges ---- */

/* The kinds of rows that we show on this edge and that rows (not keep.c) carry. */
static uint32_t kinds_shown(const struct edge *e)
{
	uint32_t kinds = 0;

	for (unsigned k = 1; k < KIND_MAX; k++) {
		if (!kind_info((enum kind)k)->is_ask && k != ROW_KEPT && k != ROW_PEER &&
			kind_is_between((enum kind)k, e->ipc->self, e->with))
			kinds |= 1u << k;
	}
	return kinds;
}

static void mark_rows(struct edge *e, struct list *rows, bool has_fd)
{
	uint32_t bit = 1u << e->index;

	LIST_FOR_SAFE(it, tmp, rows)
	{
		struct row *row = container_of(it, struct row, list);

		if (!has_fd)
			row->has_fd &= ~bit;
		row->dirty &= ~bit;
		if (is_shown_to(row, e)) {
			row->dirty |= bit;
			list_append(&e->ipc->dirty, &row->list);
		}
	}
}

static void mark_all(struct edge *e, bool has_fd)
{
	/* The clean ones first: they move to the dirty list, whose rows are then only marked again. */
	mark_rows(e, &e->ipc->clean, has_fd);
	LIST_FOR(it, &e->ipc->dirty)
	{
		struct row *row = container_of(it, struct row, list);

		if (!has_fd)
			row->has_fd &= ~(1u << e->index);
		if (is_shown_to(row, e))
			row->dirty |= 1u << e->index;
	}
	e->sync_due = kinds_shown(e);
}

/* Too slow even for its deletions: everything once more, on the edge that there is. */
static void mark_again(struct edge *e)
{
	e->n_tombs = 0;
	e->again_due = kinds_shown(e);
	mark_all(e, /* it has the fds */ true);
}

static void forget_edge(struct list *rows, uint32_t bit)
{
	LIST_FOR(it, rows)
	{
		struct row *row = container_of(it, struct row, list);

		row->dirty &= ~bit;
		row->has_fd &= ~bit;
	}
}

static void edge_drop(struct edge *e, bool is_told)
{
	struct ipc *ipc = e->ipc;
	enum process_id with = e->with;

	if (!e->chan)
		return;
	ask_give_up(ipc, e);
	chan_close(e->chan);
	*e = (struct edge){.ipc = ipc, .index = e->index, .tombs = e->tombs, .out = e->out};
	forget_edge(&ipc->dirty, 1u << e->index);
	forget_edge(&ipc->clean, 1u << e->index);
	if (is_told && ipc->ops->edge)
		ipc->ops->edge(ipc->arg, with, false);
}

static void on_writable(struct chan *c, void *arg)
{
	struct edge *e = arg;

	(void)c;
	e->is_full = false; /* the end of this turn goes on */
}

static void on_lost(struct chan *c, void *arg)
{
	struct edge *e = arg;

	(void)c;
	edge_drop(e, true);
}

/* ---- receiving ---- */

static void handle_message(struct edge *e, const struct head *h, struct rd *body, int fd)
{
	struct ipc *ipc = e->ipc;

	switch (h->verb) {
	case VERB_PUT:
		if (ipc->ops->put)
			ipc->ops->put(ipc->arg, e->with, h->kind, h->handle, body, fd);
		else
			io_close_fd(ipc->io, fd);
		return;
	case VERB_DEL:
		if (ipc->ops->del)
			ipc->ops->del(ipc->arg, e->with, h->kind, h->handle);
		return;
	case VERB_SYNC:
		if (ipc->ops->sync)
			ipc->ops->sync(ipc->arg, e->with, h->kind);
		return;
	case VERB_AGAIN:
		if (ipc->ops->again)
			ipc->ops->again(ipc->arg, e->with, h->kind);
		return;
	case VERB_ASK:
		ask_on_question(e, h, body, fd);
		return;
	case VERB_ANSWER:
		ask_on_answer(e, h, body, fd);
		return;
	case VERB_NONE:
	case VERB_MAX:
		return;
	}
}

static void on_message(struct chan *c, struct str bytes, int fd, void *arg)
{
	struct edge *e = arg;
	struct str rest = bytes;
	struct head head;
	struct rd body;
	const char *why = "several with an fd";

	while (e->chan == c && rest.len) { /* a handler may close the edge */
		struct str one = wire_cut(&rest);

		if ((fd != NO_FD && rest.len) ||
			wire_get(one, fd != NO_FD, e->with, e->ipc->self, &head, &body, &why) != OK)
			break;
		handle_message(e, &head, &body, fd);
		if (!rest.len)
			return;
	}
	if (e->chan != c)
		return;
	io_close_fd(e->ipc->io, fd);
	e->ipc->n_bad++;
	log_put(io_log(e->ipc->io), &ev_bad_message, F_Z("from", process_name(e->with)),
		F_Z("why", why), F_NUM("len", bytes.len));
	edge_drop(e, true);
}

static const struct chan_ops chan_ops = {on_message, on_writable, on_lost};

/* A free place; a command line finds one only while there are few of them. */
static struct edge *free_edge(struct ipc *ipc, enum process_id with)
{
	struct edge *unused = NULL;
	uint32_t n_ctl = 0;

	for (struct edge *e = ipc->edges; e < ipc->edges + EDGES_MAX; e++) {
		if (!e->chan && !unused)
			unused = e;
		n_ctl += e->chan && e->with == P_CTL;
	}
	return with == P_CTL && n_ctl >= CTL_EDGES_MAX ? NULL : unused;
}

enum err ipc_edge_add(
	struct ipc *ipc, enum process_id with, int fd, bool may_ask, uint32_t *ret_edge)
{
	struct edge *e = edge_find(ipc, with);
	enum err err;

	if (e && with != P_CTL)
		edge_drop(e, true);
	e = free_edge(ipc, with);
	if (!e) {
		io_close_fd(ipc->io, fd);
		return ERR_FULL;
	}
	err = chan_adopt(ipc->io, fd, &chan_ops, e, &e->chan);
	if (err != OK) {
		io_close_fd(ipc->io, fd);
		e->chan = NULL;
		return err;
	}
	e->with = with;
	e->birth = ++ipc->births;
	e->may_ask = may_ask;
	mark_all(e, false);
	*ret_edge = e->index;
	if (ipc->ops->edge)
		ipc->ops->edge(ipc->arg, with, true);
	return OK;
}

enum err ipc_edge(struct ipc *ipc, enum process_id with, int fd)
{
	uint32_t edge;

	return ipc_edge_add(ipc, with, fd, true, &edge);
}

bool ipc_has_edge(const struct ipc *ipc, enum process_id with)
{
	return ipc_edge_to(ipc, with) != NO_EDGE;
}

uint32_t ipc_edge_birth(const struct ipc *ipc, uint32_t edge)
{
	return edge < EDGES_MAX ? ipc->edges[edge].birth : 0;
}

void ipc_edge_close(struct ipc *ipc, uint32_t edge)
{
	if (edge < EDGES_MAX)
		edge_drop(&ipc->edges[edge], true);
}

/* ---- messages that are no row of an object ---- */

static enum err send_once(
	struct ipc *ipc, uint32_t edge, const struct head *head, struct str body, int fd)
{
	if (edge >= EDGES_MAX || !ipc->edges[edge].chan)
		return ERR_CLOSED;
	if (body.len > kind_info(head->kind)->body_max)
		return ERR_RANGE;
	return edge_send(&ipc->edges[edge], head, body, fd) ? OK : ERR_FULL;
}

enum err ipc_put_once(
	struct ipc *ipc, uint32_t edge, enum kind kind, uint64_t handle, struct str body, int fd)
{
	return send_once(ipc, edge, &(struct head){VERB_PUT, kind, 0, handle}, body, fd);
}

enum err ipc_del_once(struct ipc *ipc, uint32_t edge, enum kind kind, uint64_t handle)
{
	return send_once(ipc, edge, &(struct head){VERB_DEL, kind, 0, handle}, STR_NONE, NO_FD);
}

enum err ipc_sync_once(struct ipc *ipc, uint32_t edge, enum kind kind)
{
	return send_once(ipc, edge, &(struct head){VERB_SYNC, kind, 0, 0}, STR_NONE, NO_FD);
}

enum err ipc_again_once(struct ipc *ipc, uint32_t edge, enum kind kind)
{
	return send_once(ipc, edge, &(struct head){VERB_AGAIN, kind, 0, 0}, STR_NONE, NO_FD);
}

void ipc_on_room(struct ipc *ipc, ipc_room_h *h, void *arg)
{
	ipc->room = h;
	ipc->room_arg = arg;
}

enum err ipc_pump(struct ipc *ipc, uint32_t edge, uint32_t timeout_ms)
{
	struct edge *e = &ipc->edges[edge < EDGES_MAX ? edge : 0];
	struct str bytes;
	enum err err;
	int fd;

	if (edge >= EDGES_MAX || !e->chan)
		return ERR_CLOSED;
	(void)edge_flush(e);
	scratch_reset(io_scratch(ipc->io));
	err = chan_receive(e->chan, timeout_ms, io_scratch(ipc->io), &bytes, &fd);
	if (err == OK)
		on_message(e->chan, bytes, fd, e);
	return err;
}

/* ---- the whole ---- */

enum err ipc_new(struct io *io, enum process_id self, const struct ipc_ops *ops, void *arg,
	struct ipc **ret_ipc)
{
	struct ipc *ipc = mem_array(1, sizeof *ipc);
	struct tomb *tombs = mem_array(EDGES_MAX * TOMBS_MAX, sizeof *tombs);
	uint8_t *out = mem_array(EDGES_MAX, CHAN_MAX);

	if (!ipc || !tombs || !out) {
		mem_free(ipc);
		mem_free(tombs);
		mem_free(out);
		return ERR_FULL;
	}
	ipc->io = io;
	ipc->self = self;
	ipc->ops = ops;
	ipc->arg = arg;
	ipc->tombs = tombs;
	ipc->out = out;
	list_init(&ipc->clean);
	list_init(&ipc->dirty);
	for (uint32_t i = 0; i < EDGES_MAX; i++)
		ipc->edges[i] = (struct edge){.ipc = ipc,
			.index = i,
			.tombs = tombs + i * TOMBS_MAX,
			.out = out + i * CHAN_MAX};
	ipc->hook.run = on_stage;
	ipc->hook.arg = ipc;
	io_hook(io, STAGE_PUT, &ipc->hook);
	ipc->flushed_at = io_now(io);
	*ret_ipc = ipc;
	return OK;
}

static void let_go(struct list *rows)
{
	LIST_FOR_SAFE(it, tmp, rows)
	container_of(it, struct row, list)->list = (struct list){0};
}

void ipc_free(struct ipc *ipc)
{
	if (!ipc)
		return;
	io_unhook(&ipc->hook);
	flush_edges(ipc);
	for (uint32_t i = 0; i < EDGES_MAX; i++)
		edge_drop(&ipc->edges[i], false);
	ask_free(ipc);
	let_go(&ipc->clean);
	let_go(&ipc->dirty);
	mem_free(ipc->tombs);
	mem_free(ipc->out);
	mem_free(ipc);
}
