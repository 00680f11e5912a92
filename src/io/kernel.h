/* kernel.h - what only proc/ and tests may know of io: making it, running it, watching raw fds.
 *
 * A process makes one struct io, opens what it owns and runs until it is killed (stop is crash).
 * Everything else reaches the world through io.h alone. The doors below hand out raw fds for the
 * keeper, which binds the plan's sockets for others and listens on local paths. */
#ifndef IO_KERNEL_H
#define IO_KERNEL_H

#include "io/io.h"

/* Names are borrowed for the life of io: they stand in each log line. ERR_FULL: no memory. */
MUST_USE enum err io_new(const char *node, const char *process, struct io **ret_io);
/* Like a crash: fds are closed, connections are not shut down, no handler is called. NULL:
 * nothing. */
void io_free(struct io *io);
/* Until io_stop(). Returns what made epoll_wait fail, else OK. */
MUST_USE enum err io_run(struct io *io);
/* One turn, which sleeps at most max_ms. */
MUST_USE enum err io_run_once(struct io *io, uint32_t max_ms);
void io_stop(struct io *io); /* io_run returns at the end of this turn */
void io_set_log_level(struct io *io, enum log_level level);

/* What could not be done, since the start. */
struct io_counters {
	uint64_t n_turns, n_slow_turns;
	uint64_t n_no_port;      /* the row's range was exhausted: an alarm */
	uint64_t n_denied;       /* a port outside the plan was asked for: a defect or an attack */
	uint64_t n_dgram_full;   /* datagrams that did not leave: socket buffer or our queue full */
	uint64_t n_dgram_failed; /* datagrams that the kernel refused (no route, filter) */
	uint64_t n_stream_full;  /* streams that ended because too much output waited */
	uint64_t n_accept_failed;
	uint64_t n_log_lost; /* lines that fd 2 did not take at once */
};
const struct io_counters *io_counters(const struct io *io);

/* Makes the resolver's channels, which reads /dev/urandom: before the process gives up its powers,
 * else c-ares would take its identifiers from rand(). dns_configure() refuses without it. Only who calls
 * one of the two links c-ares. */
MUST_USE enum err dns_prepare(struct io *io);

/* ---- a raw fd: pidfds, local listeners; embedded in its owner ---- */
struct watch;
typedef void(watch_h)(struct watch *w, uint32_t events); /* EPOLLIN, EPOLLHUP ... */
struct watch {
	watch_h *h;
	void *arg;
	struct io *io;
	const char *name; /* for the log line of a slow turn */
	int fd;
	bool is_first; /* before the other events of a turn; set before watch_start */
};
/* events: EPOLLIN ..., with EPOLLET or without. The fd stays its owner's. */
MUST_USE enum err watch_start(
	struct io *io, struct watch *w, int fd, uint32_t events, const char *name);
void watch_change(struct watch *w, uint32_t events);
void watch_stop(struct watch *w); /* before the fd is closed; not started: nothing */

/* ---- the only doors to a socket (bind.c); all fds are non-blocking and close-on-exec ---- */
/* ERR_DENIED: outside the plan. ERR_EXISTS: the port named is taken. ERR_NO_PORT: the whole range
 * is. local.fd is looked at by bind_check alone. */
MUST_USE enum err bind_udp(struct io *io, const struct local *at, int *ret_fd);
MUST_USE enum err bind_listen(struct io *io, const struct local *at, int *ret_fd);
MUST_USE enum err bind_dial(
	struct io *io, const struct local *from, const struct addr *to, int *ret_fd);
/* Bound, not connected: for a library that connects later (bind_connect). */
MUST_USE enum err bind_stream(struct io *io, const struct local *at, int *ret_fd);
/* An fd that came from elsewhere: its port lies in the row's range, its type fits. */
MUST_USE enum err bind_check(struct io *io, const struct local *at, int type);
/* ERR_MORE: nobody waits. */
MUST_USE enum err bind_accept(int listener, struct addr *ret_remote, int *ret_fd);
/* Two connected ends; type SOCK_STREAM or SOCK_SEQPACKET. */
MUST_USE enum err bind_pair(int type, int *ret_a, int *ret_b);
/* SOCK_SEQPACKET on a path; an old socket file in the way is removed. */
MUST_USE enum err bind_path_listen(const char *path, int *ret_fd);
MUST_USE enum err bind_path_dial(const char *path, int *ret_fd);
/* Who dialled, as the kernel saw it (SO_PEERCRED). ERR_MORE: nobody waits. */
MUST_USE enum err bind_path_accept(int listener, uint32_t *ret_pid, uint32_t *ret_uid, int *ret_fd);

#endif
