/* worker.h - what every worker's life has in common: born with three fds, it gives up its powers, takes
 * configuration, sockets and its predecessor's records from the keeper, is introduced to its
 * neighbours, and runs until it is killed.
 *
 *	main() { return worker_main(P_SIG, argc, argv, &ops, &my); }
 *
 * Only then may it read the network: when start() is called, everything that the predecessor left is
 * there. It knows nothing of calls or packets. */
#ifndef PROC_WORKER_H
#define PROC_WORKER_H

#include "conf/conf.h"
#include "io/kernel.h"
#include "ipc/given.h"
#include "ipc/keep.h"

#define WORKER_SOCKETS_MAX PLAN_SOCKETS_MAX
#define WORKER_KEYS_MAX    64

struct worker_socket {
	uint64_t handle;
	struct given_socket at;
	int fd; /* the worker's copy; its user adopts it with struct local {row, addr, fd} and never closes it
		 * but by closing the object that adopted it */
};

struct worker_key {
	uint64_t handle;
	struct given_key file;
	int fd;
};

struct worker {
	struct io *io;
	struct ipc *ipc;
	struct keep *keep;
	const struct conf *conf; /* swapped on a change: do not hold it across turns */
	struct plan plan;
	struct worker_socket sockets[WORKER_SOCKETS_MAX];
	size_t n_sockets;
	struct worker_key keys[WORKER_KEYS_MAX];
	size_t n_keys;
	/* private to worker.c */
	const struct worker_ops *ops;
	void *arg;
	enum process_id self;
	bool is_started, is_replayed;
	struct watch listener;
	struct timer heartbeat, reconnect;
	uint32_t missing; /* bit set of neighbours whose edge was lost */
	volatile uint32_t *page;
	int page_fd;
	struct {
		enum process_id with;
		bool may_ask;
		int fd;
	} peers[24];
	size_t n_peers;
};

struct worker_ops {
	/* While the process may still open files, before it reads anything. May be NULL. */
	enum err (*prepare)(struct io *io);
	/* Everything is there: make the machines, open the sockets, adopt the records (keep_next). */
	enum err (*start)(struct worker *w, void *arg);
	/* w->conf is new. The old one is still mapped until this returns. May be NULL. */
	void (*configured)(struct worker *w, const struct conf *old, void *arg);
	/* A listening socket that came later; and one that has to be closed. May be NULL. */
	void (*socket)(struct worker *w, const struct worker_socket *s, void *arg);
	void (*socket_gone)(struct worker *w, const struct worker_socket *s, void *arg);
	/* A key file was replaced: read it anew, close its fd. May be NULL; start() does so with w->keys. */
	void (*key)(struct worker *w, const struct worker_key *k, void *arg);
	/* Rows, questions and edges of neighbours; those of the keeper are handled here, but its edge is
	 * told. */
	struct ipc_ops ipc;
};

/* argv: what the keeper passes. Returns the exit status; it does not return while all is well. */
int worker_main(
	enum process_id self, int argc, char **argv, const struct worker_ops *ops, void *arg);
/* A listening socket of this row, or NULL. */
const struct worker_socket *worker_socket(const struct worker *w, enum plan_row row);

#endif
