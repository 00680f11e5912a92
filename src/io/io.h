/* io.h - the one seam: a process's only way to the world.
 *
 * io/ implements it on the kernel, sim/ on a virtual world; the linker chooses. One loop per
 * process (docs/loop.md): wait, read the clock once, timers, handlers, put, flush (records,
 * channels, network), close. Handlers run to completion. Actions are plain calls, read top to
 * bottom.
 *
 * After timer_stop, stream_close, dgram_close, dns_cancel or chan_close returned, no handler of
 * that object runs again: an owner that closes what it holds may be the handler's arg. A handler
 * may close its own object. Memory given to a handler lives until the handler returns.
 *
 * Sockets come from the plan: whoever opens one names a row, and io checks that the port is in
 * its range. Destinations are struct addr_ok: the address policy has seen them. */
#ifndef IO_IO_H
#define IO_IO_H

#include "base/addr_policy.h"
#include "base/list.h"
#include "base/log.h"
#include "base/scratch.h"
#include "plan/plan.h"

struct io;
#define NO_FD (-1)

/* ---- clock and chance ---- */
uint64_t io_now(const struct io *io); /* ns, monotonic; constant within a turn */
/* ns since 1970; for logs, certificates, records; never for timers. */
uint64_t io_wall(const struct io *io);
void io_random(struct io *io, void *ret_buf, size_t len);
struct scratch *io_scratch(struct io *io); /* reset before each handler */
struct log *io_log(struct io *io);
const struct plan *io_plan(const struct io *io);
/* Borrowed; NULL until a configuration came. */
void io_set_plan(struct io *io, const struct plan *plan);

/* ---- timers: embedded in their owner; a zeroed one is stopped ---- */
typedef void(timer_h)(void *arg);
struct timer {
	timer_h *h;
	void *arg;
	struct io *io;
	uint64_t deadline, order; /* by deadline, then by start */
	uint32_t heap_index;      /* 0: stopped */
};
void timer_init(struct timer *t, timer_h *h, void *arg);
void timer_start(struct io *io, struct timer *t, uint32_t ms); /* restarts; 0 ms: next turn */
void timer_stop(struct timer *t);
bool timer_is_on(const struct timer *t);
uint32_t timer_left_ms(const struct timer *t);

/* ---- where a socket comes from ---- */
struct local {
	enum plan_row row;
	struct addr addr; /* host to bind; port 0: a random free one of the row's range */
	/* Adopt this one instead of opening (NO_FD: open); its port is checked too. It is io's from
	 * success on, and the caller's after an error. */
	int fd;
};

/* ---- datagrams ---- */
struct dgram;
struct packet {
	struct str
		bytes; /* at most 2,048, or dgram_take_large(); longer ones are cut and flagged */
	struct addr from;
	bool is_cut;
};
/* A batch of 1..64 packets. */
typedef void(dgram_h)(struct dgram *d, const struct packet *p, size_t n, void *arg);
/* ERR_NO_PORT: the range is exhausted; ERR_EXISTS: the port named is taken; ERR_DENIED: outside
 * the plan. */
MUST_USE enum err dgram_open(
	struct io *io, const struct local *at, dgram_h *h, void *arg, struct dgram **ret_dgram);
/* Datagrams of any length from now on: signalling's, for no packet of media is that long. */
void dgram_take_large(struct dgram *d);
/* Copies; leaves in the flush stage with sendmmsg. A full socket buffer drops it (counted). */
void dgram_send(struct dgram *d, const struct addr_ok *to, struct str bytes);
struct addr dgram_addr(const struct dgram *d);
int dgram_fd(const struct dgram *d); /* for keep_put alone: the keeper gets a duplicate */
void dgram_close(struct dgram *d);   /* NULL: nothing */
uint64_t dgram_n_dropped(const struct dgram *d); /* datagrams that the kernel could not take */

/* ---- who is at the other end of a stream ---- */
#define PEER_NAME_MAX 256
struct peer {
	struct addr remote, local;
	enum plan_row row; /* whose listener took it, or by which it was dialled */
	bool is_inbound, is_tls;
	bool has_spki, has_binding;
	uint8_t spki[32];    /* SHA-256 of the SubjectPublicKeyInfo that the peer proved in TLS */
	uint8_t binding[32]; /* tls-exporter channel binding (RFC 9266) */
	char san[PEER_NAME_MAX]; /* the name of its certificate that fits what was asked for, or "" */
	char sni[PEER_NAME_MAX];
	char alpn[32];
	char zone[64]; /* zone that the listener or the dial belongs to, or "" */
};

/* ---- byte streams ---- */
struct stream;
struct stream_ops {
	/* A listener's new stream: call stream_take() in it, or the stream is closed when it
	 * returns. */
	void (*accepted)(struct stream *s, void *arg);
	void (*opened)(struct stream *s, void *arg); /* a dialled stream is connected */
	/* Everything that is in the kernel, at most 64 KiB: returns how many bytes are finished
	 * with. The rest stays in the kernel, so that a successor of this process would find it
	 * (MSG_PEEK). Called again when more came, or next turn when some was finished with and
	 * some is left. A handler that needs more than 65,535 bytes waits for ever: close. */
	size_t (*bytes)(struct stream *s, struct str bytes, void *arg);
	/* Output had to wait, and the queue is empty again; may be NULL. */
	void (*drained)(struct stream *s, void *arg);
	/* Closed by io afterwards; not after stream_close. */
	void (*lost)(struct stream *s, enum err why, void *arg);
	/* The kernel took a part of a message, or the rest of it: what a successor would find.
	 * Called when it changes, within the flush: for keep_put alone. May be NULL. */
	void (*torn)(struct stream *s, bool is_torn, void *arg);
};
MUST_USE enum err stream_listen(struct io *io, const struct local *at, const struct stream_ops *ops,
	void *arg, struct stream **ret_stream);
MUST_USE enum err stream_dial(struct io *io, const struct local *from, const struct addr_ok *to,
	const struct stream_ops *ops, void *arg, struct stream **ret_stream);
/* A connected stream that another process handed over, or a predecessor left. */
MUST_USE enum err stream_adopt(struct io *io, int fd, const struct peer *peer,
	const struct stream_ops *ops, void *arg, struct stream **ret_stream);
/* In accepted(): from now on these ops and this arg. */
void stream_take(struct stream *s, const struct stream_ops *ops, void *arg);
/* Two connected ends: one to keep as a stream, the other's fd to hand over. Used by fosse-tls. */
MUST_USE enum err stream_pair(struct io *io, const struct stream_ops *ops, void *arg,
	struct stream **ret_stream, int *ret_fd);
const struct peer *stream_peer(const struct stream *s);
void stream_set_peer(struct stream *s, const struct peer *peer);
/* Whole messages; queued, at most 512 KiB, then lost(ERR_FULL) in the next turn. */
void stream_send(struct stream *s, struct str bytes);
size_t stream_queued(const struct stream *s);        /* bytes not yet taken by the kernel */
void stream_pause(struct stream *s, bool is_paused); /* bytes() is not called while paused */
int stream_fd(const struct stream *s);               /* for keep_put alone */
/* A message is half-written: a successor must close it. */
bool stream_is_torn(const struct stream *s);
/* Lost after so many ms with bytes that the peer did not acknowledge (TCP_USER_TIMEOUT); 0: the
 * system's. */
void stream_set_timeout(struct stream *s, uint32_t ms);
/* Gives the connection up without ending it: its fd is the caller's, to be handed to another
 * process. Not in bytes(): what was finished with in this turn is still in the kernel. Queued
 * output is dropped. */
MUST_USE enum err stream_release(struct stream *s, int *ret_fd);
void stream_close(struct stream *s); /* flushes what the kernel takes at once; NULL: nothing */

/* ---- names ---- */
enum dns_type { DNS_A, DNS_AAAA, DNS_SRV, DNS_NAPTR };
#define DNS_ANSWERS_MAX 16
struct dns_answer {
	struct addr addr;                /* A, AAAA; port 0 */
	char name[256];                  /* SRV target, NAPTR replacement */
	uint16_t priority, weight, port; /* SRV; NAPTR: order, preference */
	char service[32], flags[8];      /* NAPTR */
	uint32_t ttl_s;
};
struct dns_ask;
/* err: OK, ERR_NOENT (no such name or no such record), ERR_TIMEOUT, ERR_SYNTAX. n answers, at
 * most 16. */
typedef void(dns_h)(void *arg, enum err err, const struct dns_answer *answers, size_t n);
MUST_USE enum err dns_ask(struct io *io, const char *name, enum dns_type type, dns_h *h, void *arg,
	struct dns_ask **ret_ask);
void dns_cancel(struct dns_ask *ask); /* NULL: nothing */
/* How many questions may be open, beyond which dns_ask() says ERR_FULL, and how many answers are remembered.
 * Before dns_configure(); without it 256 and 4,096. */
void dns_limit(struct io *io, uint32_t n_asks, uint32_t n_cached);
/* Servers to ask, and the row and address whose ports queries leave from. */
MUST_USE enum err dns_configure(
	struct io *io, const struct local *from, const struct addr_ok *servers, size_t n);

/* ---- message channels between our own processes (SOCK_SEQPACKET); ipc alone uses them ---- */
struct chan;
#define CHAN_MAX 4096 /* bytes of a message */
struct chan_ops {
	/* fd is the callee's, or NO_FD. */
	void (*message)(struct chan *c, struct str bytes, int fd, void *arg);
	void (*writable)(struct chan *c, void *arg); /* after chan_send said full */
	void (*lost)(struct chan *c, void *arg);
};
MUST_USE enum err chan_adopt(
	struct io *io, int fd, const struct chan_ops *ops, void *arg, struct chan **ret_chan);
/* At once; false: full, try after writable(), or broken: lost() is on its way. fd stays the
 * caller's. */
bool chan_send(struct chan *c, struct str bytes, int fd);
void chan_close(struct chan *c);                                    /* NULL: nothing */
MUST_USE enum err chan_pair(struct io *io, int *ret_a, int *ret_b); /* two connected fds */
/* Takes one message without the loop (start of a worker): blocks up to timeout_ms. */
MUST_USE enum err chan_receive(struct chan *c, uint32_t timeout_ms, struct scratch *scratch,
	struct str *ret_bytes, int *ret_fd);
/* An fd that a message brought and nobody wants; NO_FD: nothing. */
void io_close_fd(struct io *io, int fd);

/* ---- stages: who wants to write at the end of a turn ---- */
struct stage_hook {
	struct list list;
	void (*run)(void *arg);
	void *arg;
};
enum io_stage {
	STAGE_PUT, /* rows are written to their channels; before the network flush */
	STAGE_MAX
};
void io_hook(
	struct io *io, enum io_stage stage, struct stage_hook *hook); /* embedded in its owner */
void io_unhook(struct stage_hook *hook);

#endif
