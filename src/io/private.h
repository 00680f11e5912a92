/* private.h - what the files of io share: the loop's own state and the parts' doors for the loop.
 *
 * Objects live in pools of this file's sizes. A released object is taken off epoll at once, is
 * called no more, and is freed in stage 7: a handler may release its own object, or any other. */
#ifndef IO_PRIVATE_H
#define IO_PRIVATE_H

#include <netinet/in.h>
#include <sys/socket.h>

#include "base/pool.h"
#include "io/kernel.h"
#include "io/outq.h"
#include "io/timers.h"
#include "io/walk.h"

#define DGRAMS_MAX   65536u
#define STREAMS_MAX  32768u
#define CHANS_MAX    1024u
#define CHUNKS_MAX   16384u /* of 4 KiB: output that all streams together may have waiting */
#define EVENTS_MAX   128
#define SLOW_TURN_NS 20000000u
#define KEY_LEN_MIN  16u /* so many random bytes or more may be a key */

#define BATCH_MAX      64
#define PACKET_MAX     2048
#define LARGE_MAX      65536 /* more than UDP carries */
#define OUT_PACKETS    4096u
#define OUT_BYTES      (4u * 1024 * 1024)
#define STREAM_PEEK    65536u
#define STREAM_OUT_MAX (512u * 1024)

struct epoll_event;
struct out_packet;
struct dns;

/* What every object of io begins with, after its handle. */
struct object {
	uint64_t h;
	struct list list; /* of released objects */
	void (*destroy)(
		struct io *io, struct object *o); /* stage 7: closes the fd, gives the slot back */
	bool is_released;
};

struct io {
	int epoll_fd;
	bool is_stopping, is_dying;
	uint64_t now, wall, turn;
	struct scratch scratch;
	struct log log;
	const struct plan *plan;
	struct timers timers;
	struct list hooks[STAGE_MAX];
	struct list released;
	struct io_counters counters;

	uint8_t chance[256];
	size_t n_chance; /* random bytes left in chance */

	struct epoll_event *events; /* of this turn */
	int n_events, next_event;

	/* whose handler made a turn slow; what io does for a handler before it runs is its time too */
	uint64_t handler_since, slowest_ns;
	const char *handler, *slowest;

	struct pool dgrams, streams, chans, chunks;
	struct dgram_io *dgram_io;
	struct stream_io *stream_io;
	/* dns.c attaches itself, so that who asks no names does not link c-ares. */
	struct dns *dns;
	uint32_t dns_asks_max, dns_cached_max; /* 0: dns.c's own */
	void (*dns_free)(struct dns *dns);
};

/* Before each handler: an empty scratch arena, and its name should it be slow. */
void io_enter(struct io *io, const char *name);
void io_leave(struct io *io);
void io_release(struct io *io, struct object *o);

/* dgram.c */
MUST_USE enum err dgrams_init(struct io *io);
void dgrams_free(struct io *io);
bool dgrams_want_flush(const struct io *io); /* the queue is half full */
void dgrams_flush(struct io *io);

/* stream.c */
MUST_USE enum err streams_init(struct io *io);
void streams_free(struct io *io);
bool streams_wait(const struct io *io); /* some are to be called without an event */
void streams_call(struct io *io);
void streams_flush(struct io *io);
void streams_eat(struct io *io); /* removes what handlers finished with */

/* chan.c */
MUST_USE enum err chans_init(struct io *io);
void chans_free(struct io *io);
void chans_call(struct io *io); /* reads all of them */

/* bind.c */
socklen_t sockaddr_put(const struct addr *a, struct sockaddr_storage *ret_sa);
struct addr sockaddr_get(const struct sockaddr_storage *sa);
struct addr socket_local(int fd); /* AF_NONE: it has none */
struct addr socket_remote(int fd);
int socket_option(int fd, int level, int name);                /* its value, or -1 */
MUST_USE enum err bind_connect(int fd, const struct addr *to); /* a datagram socket's one peer */

static inline enum err err_of_errno(int number)
{
	return (enum err)(-number);
}

#endif
