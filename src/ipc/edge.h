/* edge.h - what the files of ipc share: one channel to a neighbour, and all that waits for it.
 *
 * Private to row.c, ask.c and edge.c. An edge is a place in an array: its index is a bit in each row, its
 * birth tells two channels apart that had the same place one after the other. */
#ifndef IPC_EDGE_H
#define IPC_EDGE_H

#include "ipc/ipc.h"
#include "ipc/wire.h"

enum {
	EDGES_MAX = 32, /* bits of row.dirty */
	CTL_EDGES_MAX = 16,
	TOMBS_MAX = 1024,    /* deletions that a slow neighbour has not got yet */
	QUESTIONS_MAX = 256, /* asked by us */
	ASKS_MAX = 128,      /* asked of us */
	ANSWERS_MAX = 32,    /* given while the channel was full */
	CTL_STALL_S = 10     /* a command line that does not read for so long is let go */
};
_Static_assert(KIND_MAX <= 32, "kinds fit the bits of sync_due");
_Static_assert(WIRE_MAX <= CHAN_MAX, "a message fits a channel");

struct tomb {
	uint64_t handle;
	enum kind kind;
};

struct edge {
	struct ipc *ipc;
	struct chan *chan; /* NULL: this place is free */
	enum process_id with;
	uint32_t index, birth;
	bool is_full, may_ask;
	uint64_t full_since;
	uint32_t sync_due, again_due; /* a bit for each kind */
	uint32_t n_tombs;
	struct tomb *tombs;
	size_t n_out; /* bytes that leave together, in one message of the channel */
	uint8_t *out;
};

struct question {
	struct timer timer;
	struct ipc *ipc;
	uint32_t seq; /* 0: free */
	uint32_t edge, birth;
	enum kind kind;
	enum err given_up; /* what its timer says */
	ipc_adapter_h *adapter;
	struct ipc_done done;
};

struct ipc_ask {
	struct ipc *ipc;
	bool is_taken;
	uint32_t edge, birth, seq;
	enum kind kind;
	uint64_t handle;
};

struct answer {
	uint32_t edge, birth; /* birth 0: free */
	int fd;
	size_t len;
	struct head head;
	uint8_t body[4 + KIND_BODY_MAX];
};

struct ipc {
	struct io *io;
	enum process_id self;
	const struct ipc_ops *ops;
	void *arg;
	struct stage_hook hook;
	struct list clean, dirty; /* rows */
	ipc_room_h *room;
	void *room_arg;
	uint32_t births, last_seq;
	uint64_t n_bad;
	uint64_t flushed_at; /* the turn, by its time, whose ipc_flush() has been */
	struct edge edges[EDGES_MAX];
	struct tomb *tombs; /* TOMBS_MAX for each edge */
	uint8_t *out;       /* CHAN_MAX for each edge: apart, for edges are walked in each turn */
	struct question questions[QUESTIONS_MAX];
	struct ipc_ask asks[ASKS_MAX];
	struct answer answers[ANSWERS_MAX];
};

/* With the next ipc_flush(), which is before anything leaves for the network; after it, and with an fd, at
 * once. False: the channel is full, or there is none; the fd stays the caller's. */
bool edge_send(struct edge *e, const struct head *head, struct str body, int fd);
/* What waits in out. False: the channel is full; it stays. */
bool edge_flush(struct edge *e);
struct edge *edge_find(struct ipc *ipc, enum process_id with); /* NULL: none */

/* ---- ask.c ---- */
void ask_on_question(struct edge *e, const struct head *h, struct rd *body, int fd);
void ask_on_answer(struct edge *e, const struct head *h, struct rd *body, int fd);
void ask_give_up(
	struct ipc *ipc, const struct edge *e); /* it ends: its questions end in the next turn */
void ask_flush(struct ipc *ipc);                /* answers that waited for room */
void ask_free(struct ipc *ipc);

#endif
