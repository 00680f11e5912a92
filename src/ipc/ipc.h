/* ipc.h - rows and asks between our processes.
 *
 * One struct ipc per process. It owns the edges (one SOCK_SEQPACKET channel to each neighbour), writes
 * rows marked dirty at the end of a turn, each once, and gives what neighbours show to struct ipc_ops.
 * Header on the wire: {u8 verb, u8 kind, u16 len, u32 seq, u64 handle}; verbs PUT DEL SYNC AGAIN ASK
 * ANSWER. The body of an ANSWER begins with its i32 error.
 *
 * The only resync rule: on a new edge each side puts all rows that the other mirrors, then SYNC for
 * each kind; the receiver sweeps what was not repeated. A row put twice changes nothing; the order of
 * rows does not matter. A slow mirror costs its writer one dirty bit per row, not a queue. A neighbour
 * too slow even for the bounded list of deletions gets AGAIN, all rows, SYNC on the edge it has. */
#ifndef IPC_IPC_H
#define IPC_IPC_H

#include "base/handle.h"
#include "base/rd.h"
#include "io/io.h"
#include "ipc/kinds.h"

struct ipc;
struct ipc_ask; /* a question to be answered, once */

/* NULL: not of interest. A row's fd is closed then, a question answered with ERR_UNSUPPORTED. */
struct ipc_ops {
	/* fd: the callee's from now on (io_close_fd if it is not wanted), or NO_FD. */
	void (*put)(void *arg, enum process_id from, enum kind kind, uint64_t handle,
		struct rd *body, int fd);
	void (*del)(void *arg, enum process_id from, enum kind kind, uint64_t handle);
	/* All of this kind were repeated: what was not put since edge(up) is gone. */
	void (*sync)(void *arg, enum process_id from, enum kind kind);
	/* Answer it now or later with ipc_answer; the asker gives up after its own time limit. */
	void (*ask)(void *arg, struct ipc_ask *ask, enum process_id from, enum kind kind,
		uint64_t handle, struct rd *body, int fd);
	void (*edge)(void *arg, enum process_id with, bool is_up);
	/* From here on all of this kind is repeated, as after edge(up): mark what there is. */
	void (*again)(void *arg, enum process_id from, enum kind kind);
};

MUST_USE enum err ipc_new(struct io *io, enum process_id self, const struct ipc_ops *ops, void *arg,
	struct ipc **ret_ipc);
void ipc_free(struct ipc *ipc);
/* A channel to a neighbour; fd is taken in any case. A second one to the same neighbour replaces the first (P_CTL: many at once). */
MUST_USE enum err ipc_edge(struct ipc *ipc, enum process_id with, int fd);
bool ipc_has_edge(const struct ipc *ipc, enum process_id with);

/* A row: embedded in the object that it shows. Zeroed: not shown. */
struct row {
	struct list list;
	uint64_t handle;
	enum kind kind;
	uint32_t dirty;  /* bit n: edge n has not got this state yet */
	uint32_t has_fd; /* bit n: edge n has got the fd */
	uint32_t
		to; /* only these neighbours (bit set of enum process_id); 0: all that mirror the kind */
	void (*write)(const struct row *row, struct wr *w); /* the body, built when it is sent */
	int fd;           /* goes with the first put on an edge; NO_FD. Owned by the row's owner */
	bool is_fd_given; /* the first neighbour that gets the fd has it alone: closed here after that */
};
void row_init(struct row *row, enum kind kind, uint64_t handle,
	void (*write)(const struct row *, struct wr *));
void row_put(struct ipc *ipc, struct row *row); /* new or changed */
void row_set_fd(struct row *row, int fd); /* before row_put: a new fd goes to every edge again */
void row_del(struct ipc *ipc,
	struct row *row); /* not shown: nothing. Delivered even if a channel is full now */

/* One question. The answer's body is empty and err ERR_TIMEOUT or ERR_CLOSED when none came. */
typedef void(answer_h)(void *arg, enum err err, struct rd *body, int fd);
/* fd stays the asker's. ERR_CLOSED: no such edge; ERR_FULL: the channel or the table of questions. */
MUST_USE enum err ipc_ask(struct ipc *ipc, enum process_id to, enum kind kind, uint64_t handle,
	struct str body, int fd, uint32_t timeout_ms, answer_h *h, void *arg, uint32_t *ret_seq);
void ipc_forget(struct ipc *ipc, uint32_t seq); /* its handler is not called any more */
void ipc_answer(struct ipc_ask *ask, enum err err, struct str body,
	int fd); /* fd: ipc closes it when it is sent */

/* A question whose handler has a type of its own: the adapter calls it (dial.c). */
typedef void(ipc_any_h)(void);
struct ipc_done {
	struct io *io;
	ipc_any_h *h;
	void *arg;
};
typedef void(ipc_adapter_h)(const struct ipc_done *done, enum err err, struct rd *body, int fd);
MUST_USE enum err ipc_ask_via(struct ipc *ipc, enum process_id to, enum kind kind, struct str body,
	uint32_t timeout_ms, ipc_adapter_h *adapter, ipc_any_h *h, void *arg, uint32_t *ret_seq);

/* ---- for keep.c, kept.c and proc/ alone: messages that are no row of an object ---- */
#define NO_EDGE UINT32_MAX
/* As ipc_edge; *ret_edge names it until edge(down). may_ask false: its questions are refused. */
MUST_USE enum err ipc_edge_add(
	struct ipc *ipc, enum process_id with, int fd, bool may_ask, uint32_t *ret_edge);
uint32_t ipc_edge_to(const struct ipc *ipc, enum process_id with); /* NO_EDGE: none */
uint32_t ipc_edge_birth(
	const struct ipc *ipc, uint32_t edge); /* differs for each channel; 0: gone */
uint32_t ipc_ask_edge(const struct ipc_ask *ask);
void ipc_edge_close(struct ipc *ipc, uint32_t edge);
/* At once, on this edge alone. ERR_FULL: when there is room the hook is called. fd stays the caller's. */
MUST_USE enum err ipc_put_once(
	struct ipc *ipc, uint32_t edge, enum kind kind, uint64_t handle, struct str body, int fd);
MUST_USE enum err ipc_del_once(struct ipc *ipc, uint32_t edge, enum kind kind, uint64_t handle);
MUST_USE enum err ipc_sync_once(struct ipc *ipc, uint32_t edge, enum kind kind);
MUST_USE enum err ipc_again_once(struct ipc *ipc, uint32_t edge, enum kind kind);
/* Called at the end of each turn for each edge that is not full, after its rows. */
typedef void(ipc_room_h)(void *arg, enum process_id with, uint32_t edge);
void ipc_on_room(struct ipc *ipc, ipc_room_h *h, void *arg);
/* Start of a process: waits for one message and handles it, without the loop. */
MUST_USE enum err ipc_pump(struct ipc *ipc, uint32_t edge, uint32_t timeout_ms);
void ipc_flush(struct ipc *ipc); /* what the end of a turn does, now */

#endif
