/* ask.c - the few real questions between processes, and their answers.
 *
 * A question is answered once: by the neighbour, by its time limit, or by the end of its edge. What comes
 * later is dropped, its fd closed. Neither side can make the other hold more than its table. */
#include <string.h>

#include "ipc/edge.h"

LOG_EVENT(ev_answer_lost, "IPC-003", LOG_ERROR, "an answer found its channel full and was dropped");

static void drop_answer(struct ipc *ipc, struct answer *a)
{
	io_close_fd(ipc->io, a->fd);
	a->birth = 0;
}

void ask_flush(struct ipc *ipc)
{
	for (struct answer *a = ipc->answers; a < ipc->answers + ANSWERS_MAX; a++) {
		struct edge *e = &ipc->edges[a->edge];

		if (!a->birth)
			continue;
		if (a->birth != e->birth ||
			edge_send(e, &a->head, (struct str){(char *)a->body, a->len}, a->fd))
			drop_answer(ipc, a);
	}
}

void ask_give_up(struct ipc *ipc, const struct edge *e)
{
	for (struct question *q = ipc->questions; q < ipc->questions + QUESTIONS_MAX; q++) {
		if (!q->seq || q->edge != e->index || q->birth != e->birth)
			continue;
		q->given_up = ERR_CLOSED;
		timer_start(ipc->io, &q->timer, 0);
	}
}

void ask_on_question(struct edge *e, const struct head *h, struct rd *body, int fd)
{
	struct ipc *ipc = e->ipc;
	struct ipc_ask *ask = ipc->asks;
	struct ipc_ask refused = {ipc, true, e->index, e->birth, h->seq, h->kind, h->handle};

	while (ask < ipc->asks + ASKS_MAX && ask->is_taken)
		ask++;
	if (ask == ipc->asks + ASKS_MAX || !e->may_ask) {
		io_close_fd(ipc->io, fd);
		ipc_answer(&refused, e->may_ask ? ERR_FULL : ERR_DENIED, STR_NONE, NO_FD);
		return;
	}
	*ask = refused;
	if (!ipc->ops->ask) {
		io_close_fd(ipc->io, fd);
		ipc_answer(ask, ERR_UNSUPPORTED, STR_NONE, NO_FD);
		return;
	}
	ipc->ops->ask(ipc->arg, ask, e->with, h->kind, h->handle, body, fd);
}

static struct question *find_question(struct ipc *ipc, uint32_t seq)
{
	for (struct question *q = ipc->questions; seq && q < ipc->questions + QUESTIONS_MAX; q++) {
		if (q->seq == seq)
			return q;
	}
	return NULL;
}

/* Frees the question before its handler runs: the handler may ask again. */
static void settle(struct question *q, enum err err, struct rd *body, int fd)
{
	struct ipc_done done = q->done;
	ipc_adapter_h *adapter = q->adapter;

	timer_stop(&q->timer);
	q->seq = 0;
	adapter(&done, err, body, fd);
}

void ask_on_answer(struct edge *e, const struct head *h, struct rd *body, int fd)
{
	struct question *q = find_question(e->ipc, h->seq);
	int32_t err = (int32_t)rd_u32(body);

	if (!q || q->edge != e->index || q->birth != e->birth || q->kind != h->kind) {
		io_close_fd(e->ipc->io, fd); /* too late, or forgotten */
		return;
	}
	settle(q, err > 0 ? ERR_SYNTAX : (enum err)err, body, fd);
}

static void on_question_timer(void *arg)
{
	struct question *q = arg;
	struct rd none = rd_of(STR_NONE);

	settle(q, q->given_up, &none, NO_FD);
}

static struct question *free_question(struct ipc *ipc)
{
	for (struct question *q = ipc->questions; q < ipc->questions + QUESTIONS_MAX; q++) {
		if (!q->seq)
			return q;
	}
	return NULL;
}

static enum err put_question(struct ipc *ipc, enum process_id to, struct head *head,
	struct str body, int fd, uint32_t timeout_ms, ipc_adapter_h *adapter,
	const struct ipc_done *done)
{
	struct edge *e = edge_find(ipc, to);
	struct question *q = free_question(ipc);

	if (!e)
		return ERR_CLOSED;
	if (!q)
		return ERR_FULL;
	if (body.len > kind_info(head->kind)->body_max)
		return ERR_RANGE;
	ipc->last_seq += ipc->last_seq == UINT32_MAX ? 2 : 1;
	head->seq = ipc->last_seq;
	if (!edge_send(e, head, body, fd))
		return ERR_FULL;
	*q = (struct question){.ipc = ipc,
		.seq = head->seq,
		.edge = e->index,
		.birth = e->birth,
		.kind = head->kind,
		.given_up = ERR_TIMEOUT,
		.adapter = adapter,
		.done = *done};
	timer_init(&q->timer, on_question_timer, q);
	timer_start(ipc->io, &q->timer, timeout_ms);
	return OK;
}

static void plain_adapter(const struct ipc_done *done, enum err err, struct rd *body, int fd)
{
	((answer_h *)done->h)(done->arg, err, body, fd);
}

enum err ipc_ask(struct ipc *ipc, enum process_id to, enum kind kind, uint64_t handle,
	struct str body, int fd, uint32_t timeout_ms, answer_h *h, void *arg, uint32_t *ret_seq)
{
	struct head head = {VERB_ASK, kind, 0, handle};
	struct ipc_done done = {ipc->io, (ipc_any_h *)h, arg};
	enum err err = put_question(ipc, to, &head, body, fd, timeout_ms, plain_adapter, &done);

	if (err == OK)
		*ret_seq = head.seq;
	return err;
}

enum err ipc_ask_via(struct ipc *ipc, enum process_id to, enum kind kind, struct str body,
	uint32_t timeout_ms, ipc_adapter_h *adapter, ipc_any_h *h, void *arg, uint32_t *ret_seq)
{
	struct head head = {VERB_ASK, kind, 0, 0};
	struct ipc_done done = {ipc->io, h, arg};
	enum err err = put_question(ipc, to, &head, body, NO_FD, timeout_ms, adapter, &done);

	if (err == OK)
		*ret_seq = head.seq;
	return err;
}

void ipc_forget(struct ipc *ipc, uint32_t seq)
{
	struct question *q = find_question(ipc, seq);

	if (!q)
		return;
	timer_stop(&q->timer);
	q->seq = 0;
}

static struct answer *free_answer(struct ipc *ipc)
{
	for (struct answer *a = ipc->answers; a < ipc->answers + ANSWERS_MAX; a++) {
		if (!a->birth)
			return a;
	}
	return NULL;
}

/* False: it waits for room, with its fd. */
static bool give_answer(struct edge *e, const struct head *head, struct str body, int fd)
{
	struct answer *a;

	if (edge_send(e, head, body, fd))
		return true;
	a = free_answer(e->ipc);
	if (!a) {
		log_put(io_log(e->ipc->io), &ev_answer_lost, F_Z("to", process_name(e->with)));
		return true;
	}
	a->edge = e->index;
	a->birth = e->birth;
	a->fd = fd;
	a->head = *head;
	a->len = body.len;
	memcpy(a->body, body.p, body.len);
	return false;
}

void ipc_answer(struct ipc_ask *ask, enum err err, struct str body, int fd)
{
	uint8_t buf[4 + KIND_BODY_MAX];
	struct wr w = wr_of(buf, kind_info(ask->kind)->body_max + 4u);
	struct ipc *ipc = ask->ipc;
	struct edge *e = &ipc->edges[ask->edge];
	struct head head = {VERB_ANSWER, ask->kind, ask->seq, ask->handle};

	ask->is_taken = false;
	wr_u32(&w, (uint32_t)err);
	wr_str(&w, body);
	if (w.err != OK) { /* an answer that is too long is none; the error still arrives */
		w = wr_of(buf, sizeof buf);
		wr_u32(&w, (uint32_t)(err != OK ? err : ERR_RANGE));
	}
	if (e->birth != ask->birth || give_answer(e, &head, wr_done(&w), fd))
		io_close_fd(ipc->io, fd);
}

uint32_t ipc_ask_edge(const struct ipc_ask *ask)
{
	return ask->edge;
}

void ask_free(struct ipc *ipc)
{
	for (struct question *q = ipc->questions; q < ipc->questions + QUESTIONS_MAX; q++)
		timer_stop(&q->timer);
	for (struct answer *a = ipc->answers; a < ipc->answers + ANSWERS_MAX; a++) {
		if (a->birth)
			drop_answer(ipc, a);
	}
}
