/* keeper.h - the keeper's one struct, and the doors between its files.
 *
 *	snapshot.c  the configuration: starts fosse-conf, checks and keeps what it made
 *	sockets.c   the plan's listening sockets and the key files: opened here, given away
 *	children.c  the workers: started, watched, replaced; their records
 *	control.c   command lines, introductions, questions
 *	keeper.c    main()
 *
 * The keeper is root, and therefore reads nothing: no text, no byte of the network; only the fields of a
 * checked snapshot, headers of rows, and opaque records. It links libc alone, and never asserts: what
 * it cannot do becomes an alarm. */
#ifndef PROC_KEEPER_H
#define PROC_KEEPER_H

#include "conf/conf.h"
#include "io/kernel.h"
#include "ipc/alarm.h"
#include "ipc/given.h"
#include "ipc/kept.h"
#include "proc/born.h"

enum { KEEPER_TICK_MS = 100, KEEPER_SOCKETS_MAX = 2 * PLAN_SOCKETS_MAX, KEEPER_KEYS_MAX = 40 };
enum { N_CHILDREN = 3, N_EDGES = 2, CTL_MAX = 16 };

struct keeper;

enum child_state {
	CHILD_GONE,     /* waits for its turn to be started */
	CHILD_ADOPTING, /* lives since before this keeper; gives its records back */
	CHILD_STARTING, /* gets its predecessor's records */
	CHILD_RUNNING,
	CHILD_DYING /* killed; its death is not seen yet */
};

struct child {
	struct keeper *k;
	enum process_id id;
	enum child_state state;
	int pid;
	struct watch death; /* pidfd */
	struct kept_table *kept;
	bool is_replaying;
	volatile uint32_t *page;
	uint32_t last_beat;
	unsigned n_stale;   /* ticks without a heartbeat */
	uint64_t deaths[5]; /* when; a ring */
	uint32_t n_deaths;
	unsigned delay;     /* index of the breaker's delay */
	struct timer timer; /* GONE: start; ADOPTING: give up */
	uint64_t since_wall;
	uint32_t n_starts;
	uint32_t n_shown; /* records, as last shown */
	uint64_t shown_at;
	struct row row;
};

struct key_file {
	struct row row;
	struct given_key name;
	int fd;
	uint64_t dev, ino, mtime_ns;
};

struct own_socket {
	struct row row;
	struct given_socket at;
	enum plan_protocol protocol;
	enum process_id owner;
	int fd; /* NO_FD: not bound yet */
	bool is_wanted, is_used;
};

/* The snapshot as one worker gets it: without the secrets that only others need. */
struct conf_copy {
	struct row row;
	uint32_t revision;
	int fd;
};

/* One run of fosse-conf. */
struct snapshot_run {
	struct watch death;
	int pid; /* 0: none */
	int image_fd, errors_fd, file_fd;
	struct ipc_ask *ask;     /* NULL: nobody but us wants to know */
	bool is_dry_run, is_own; /* is_own: the node's own file, not one to be installed */
	struct timer timer;
};

struct edge_state {
	bool is_made;
	uint64_t made_at;
};

struct keeper {
	struct io *io;
	struct ipc *ipc;
	struct alarms *alarms;
	char root[200], libexec[200];
	char node[CONF_HOST];
	int empty_dir;
	bool is_ready; /* sockets are bound, children started */

	const struct conf *conf; /* NULL: none yet */
	int conf_fd;
	struct conf_copy copies[N_CHILDREN];
	struct row revision_row; /* its number: to those who show it */
	bool needs_restart;      /* by what changed last */
	struct plan plan;
	struct snapshot_run run;

	struct own_socket sockets[KEEPER_SOCKETS_MAX];
	struct timer socket_retry;
	struct key_file keys[KEEPER_KEYS_MAX];

	struct child children[N_CHILDREN];
	struct edge_state edges[N_EDGES];
	struct row own_row;
	uint64_t since_wall;
	struct timer tick;

	struct watch ctl;
	uint32_t ctl_birth[32]; /* of an edge to a command line, by its number */
	bool ctl_may_ask[32];
};

/* ---- snapshot.c ---- */
/* Starts fosse-conf on the file; the rest comes by snapshot_done. ask may be NULL. Takes file_fd.
 * ERR_EXISTS: one is running. */
MUST_USE enum err snapshot_begin(
	struct keeper *k, int file_fd, const char *name, struct ipc_ask *ask, bool is_dry_run);
/* The node's own file. */
MUST_USE enum err snapshot_begin_own(struct keeper *k);
/* The last one that was used, from disk. */
MUST_USE enum err snapshot_load_last(struct keeper *k);
/* Writes bytes as a file below the pairing folder, or removes it when there are none; then
 * snapshot_begin_own. The answer is given when the new configuration is in use, or refused. */
MUST_USE enum err snapshot_pair(
	struct keeper *k, const struct given_pair *pair, struct ipc_ask *ask);
/* Calls back into keeper.c: err OK and a new k->conf, or the reason. */
void keeper_on_snapshot(struct keeper *k, enum err err);
void keeper_limit_files(uint64_t n); /* open files of this process; fewer where it may not */

/* ---- sockets.c ---- */
void sockets_init(struct keeper *k);
/* Opens what the plan wants and is not there, closes what it does not want any more. */
void sockets_apply(struct keeper *k);
/* A socket that a worker gives back to a new keeper; takes the fd. */
void sockets_adopt(struct keeper *k, uint64_t handle, struct rd *body, int fd);
void sockets_force_buffer(
	const struct keeper *k, int fd); /* of a datagram socket that lies with a record */
void keys_apply(struct keeper *k);
/* Is the kernel told to keep its hands off our ports? An alarm if not. */
void sockets_check_kernel(struct keeper *k);

/* ---- children.c ---- */
MUST_USE enum err children_init(struct keeper *k);
struct child *child_of(struct keeper *k, enum process_id id); /* NULL: no worker of ours */
/* How many live since before us and will give their records back; keeper_on_adopted when all did. */
unsigned children_adopt(struct keeper *k);
void children_start(struct keeper *k);
void children_end(struct keeper *k); /* kills them and waits until they are gone */
void child_kill(struct child *c);    /* its successor is started as after any death */
bool child_is_up(const struct child *c);
void child_on_record(struct child *c, uint64_t key, struct rd *body, int fd);
void child_on_record_gone(struct child *c, uint64_t key);
void child_on_again(struct child *c);
void child_on_sync(struct child *c);
void child_on_edge(struct child *c, bool is_up);
void child_on_room(struct child *c, uint32_t edge);
void children_tick(struct keeper *k);
void keeper_on_adopted(struct keeper *k);

/* ---- control.c ---- */
MUST_USE enum err control_open(struct keeper *k);
/* Introduces workers to one another where both are there and have not met. */
void edges_make(struct keeper *k);
void edges_lost(struct keeper *k, enum process_id id);
void edges_adopted(struct keeper *k); /* those who live on still know one another */
void control_on_ask(struct keeper *k, struct ipc_ask *ask, enum process_id from, enum kind kind,
	uint64_t handle, struct rd *body, int fd);
void control_introduce(
	struct keeper *k, enum process_id worker); /* to the command lines that are there */

#endif
