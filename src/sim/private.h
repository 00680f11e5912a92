/* private.h - what the files of the simulator share.
 *
 * Bottom-up: world.c (time, chance, events), net.c with firewall.c and nat.c (how a packet
 * travels), file.c (what an fd names: sockets with their queues), then the objects of io.h over
 * files. All memory is taken at the start from pools; handles name what may be gone when an event
 * comes. */
#ifndef SIM_PRIVATE_H
#define SIM_PRIVATE_H

#include <setjmp.h>

#include "base/hash.h"
#include "base/pool.h"
#include "io/outq.h"
#include "io/timers.h"
#include "io/walk.h"
#include "sim/sim.h"

#define HOSTS_MAX     64
#define BORDERS_MAX   16
#define ADDRESSES_MAX 8
#define PROCESSES_MAX 512 /* dead ones count: their memory lives until sim_free */
#define FILES_MAX     4096
#define FDS_MAX       8192
#define PACKETS_MAX   8192
#define MESSAGES_MAX  4096
#define CHUNKS_MAX    4096
#define SCRIPTS_MAX   4096
#define NAMES_MAX     256
#define PACKET_BYTES  2048
#define BATCH_MAX     64
#define STREAM_PEEK   65536u
#define STREAM_OUT    (512u * 1024)

#define NS_PER_US 1000u
#define NS_PER_MS 1000000u
#define NS_PER_S  1000000000u

/* ---- events ---- */
enum event_kind {
	EVENT_NOTHING,
	EVENT_TURN,
	EVENT_PACKET,
	EVENT_SEGMENT,
	EVENT_PUMP,
	EVENT_SCRIPT,
	EVENT_DIED
};

struct event {
	uint64_t at, order;
	enum event_kind kind;
	uint64_t a, b;
};

enum wire_protocol { WIRE_UDP, WIRE_TCP };

/* What travels by itself: a datagram, or what happens to an end of a stream. */
enum segment { SEG_SYN, SEG_SYN_ACK, SEG_DATA, SEG_FIN, SEG_RESET };
struct wire {
	uint64_t h;
	struct list list;      /* of a socket's queue, or of a process's output */
	struct sim_host *host; /* where it arrives */
	struct addr from, to;
	uint64_t file, peer; /* of a segment: whom it is for, who sent it */
	enum segment segment;
	uint32_t len; /* as sent; bytes holds PACKET_BYTES at most */
	uint8_t bytes[PACKET_BYTES];
};

/* ---- nets ---- */
struct zone {
	enum plan_zone plan_zone;
	const char *name;
	struct sim_quality quality;
};

struct journey {
	enum wire_protocol protocol;
	bool opens;           /* a datagram, or a stream's first segment */
	struct addr from, to; /* as seen where it is now */
	uint32_t len;
	struct str bytes;                /* of a datagram */
	uint64_t delay_ns, duplicate_ns; /* duplicate_ns: 0 or when a second copy comes */
	bool is_lost;
	struct sim_host *host; /* where it arrived */
};

enum border_kind { BORDER_OPEN, BORDER_FIREWALL, BORDER_NAT };

struct sim_border {
	struct sim *sim;
	enum border_kind kind;
	int a, b; /* zones; of a NAT a is inside */
	struct sim_quality quality;
	struct firewall *firewall;
	struct nat *nat;
};

/* ---- what an fd names ---- */
enum file_kind { FILE_UDP, FILE_LISTENER, FILE_TCP, FILE_PAIR, FILE_CHAN };

struct message {
	uint64_t h;
	struct list list;
	struct file *file; /* that comes with it, or NULL */
	uint32_t len;
	uint8_t bytes[CHAN_MAX];
};

struct file {
	uint64_t h;
	enum file_kind kind;
	uint32_t n_refs;
	struct sim *sim;
	struct sim_host *host;
	struct object *user;    /* whom it tells that something happened */
	struct hash_node bound; /* by protocol and local address, or by both addresses */
	bool is_bound;
	struct addr local, remote;
	/* datagrams; a listener's connections that nobody accepted yet */
	struct list queue;
	uint32_t n_queued;
	uint64_t n_overflow;
	struct list in_backlog; /* of a listener */
	/* streams and channels */
	uint64_t peer; /* the other end's handle, 0: none yet */
	struct outq in, out;
	size_t n_on_wire;
	bool is_dialling, is_connected, is_eof, is_ending, has_sent_end, is_orphan, wants_room;
	bool is_given_up; /* an error is told once: reset */
	enum err reset;
	uint64_t last_arrival, stuck_since, patience_ns;
	uint32_t n_retries;
	bool is_pump_due, is_stuck;
	size_t n_bytes; /* of a channel's messages, with what the kernel would charge for each */
};

struct fd {
	struct file *file; /* NULL: free */
	struct io *owner;  /* NULL: nobody's */
};

/* ---- machines and processes ---- */
struct sim_host {
	struct sim *sim;
	const char *name;
	struct {
		struct addr addr;
		int zone;
	} addresses[ADDRESSES_MAX];
	size_t n_addresses;
	bool is_off;
	int64_t wall_ns;
	uint64_t n_dropped, n_late;
	uint32_t resolver_ms;
	bool is_resolver_dead;
};

/* What each object of io.h begins with, after its handle. */
struct object {
	uint64_t h;
	struct io *io;
	struct list list;              /* of those that are ready, or of those that were released */
	void (*run)(struct object *o); /* something happened */
	void (*destroy)(struct object *o);
	bool is_first; /* a channel: what it says explains what comes after it */
	bool is_released;
};

struct io {
	struct sim *sim;
	struct sim_host *host;
	const struct sim_program *program;
	void *arg;
	uint32_t index;
	bool is_dead, is_in_turn, is_freed, has_servers;
	uint64_t now, turn, frozen_until, next_turn, turn_ns;
	uint64_t turn_event, turn_at; /* the order of the event that counts, 0: none; when */
	uint64_t n_calls, dies_at_call;
	uint64_t n_taken; /* datagrams */
	jmp_buf death;
	struct scratch scratch;
	struct log log;
	const struct plan *plan;
	struct timers timers;
	struct list hooks, hooks_run, ready, ready_now, released;
	struct pool dgrams, streams, chans, asks;
	uint32_t asks_max;
	struct list out;         /* datagrams of this turn */
	struct list streams_out; /* streams with output, by their lists */
	struct list streams_eaten;
};

struct script {
	uint64_t h;
	void (*run)(void *arg);
	void *arg;
};

struct name {
	const struct sim_host *only_for;
	char name[256];
	enum dns_type type;
	struct dns_answer answer;
};

struct sim {
	uint64_t now, order, seed, n_random, hash;
	struct event *heap; /* heap[1..n_events] */
	uint32_t n_events, heap_size;
	struct sim_counters counters;
	bool prints_logs;
	void (*watch)(struct sim *sim, void *arg);
	void *watch_arg;
	void (*tap)(void *arg, const struct sim_packet *packet);
	void *tap_arg;

	struct zone zones[SIM_ZONES_MAX];
	int n_zones;
	struct sim_border borders[BORDERS_MAX];
	size_t n_borders;
	struct sim_border *route[SIM_ZONES_MAX][SIM_ZONES_MAX]; /* the first border on the way */

	struct sim_host hosts[HOSTS_MAX];
	size_t n_hosts;
	struct io *processes[PROCESSES_MAX];
	uint32_t n_processes;

	struct pool files, wires, messages, chunks, scripts;
	struct hash_table bound;
	struct fd *fds;
	struct name *names;
	size_t n_names;
	uint8_t *peeked; /* a handler's view of a stream */
};

/* world.c */
void event_put(struct sim *sim, uint64_t at, enum event_kind kind, uint64_t a, uint64_t b);
void hash_in(struct sim *sim, const void *p, size_t n);
void hash_num(struct sim *sim, uint64_t n);
bool chance(struct sim *sim, uint32_t ppm);

/* net.c: from a host's address to a host, through all between. False: it does not arrive. */
bool travel(struct sim *sim, struct sim_host *host, struct journey *j);
int host_zone(const struct sim_host *host, const struct addr *a); /* -1: not its address */
struct sim_host *find_host(struct sim *sim, const struct addr *a);
/* True: the way from zone x to zone y crosses b, from its side `from`. */
bool crosses(struct sim *sim, const struct sim_border *b, int from, int x, int y);

/* firewall.c */
MUST_USE enum err firewall_new(struct sim_border *b);
void firewall_free(struct firewall *f);
bool firewall_lets(struct sim_border *b, int from_zone, const struct journey *j);
void firewall_forget(struct firewall *f);

/* nat.c */
MUST_USE enum err nat_new(
	struct sim_border *b, const struct addr *host, const struct sim_nat *kind);
void nat_free(struct nat *n);
bool nat_has(const struct sim_border *b, const struct addr *a); /* its public address */
bool nat_out(struct sim_border *b, struct journey *j);
bool nat_in(struct sim_border *b, struct journey *j);
void nat_forget(struct nat *n);

/* file.c */
MUST_USE enum err file_open(
	struct sim *sim, struct sim_host *host, enum file_kind kind, struct file **ret);
void file_ref(struct file *f);
void file_unref(struct file *f);
void file_bind(struct file *f, const struct addr *remote); /* remote NULL: by the local address */
struct file *file_find(struct sim *sim, enum wire_protocol protocol, const struct addr *local,
	const struct addr *remote);
void file_tell(struct file *f); /* its user runs in the next turn */
void file_link(struct file *a, struct file *b);
struct file *file_peer(const struct file *f);
int fd_new(struct sim *sim, struct file *f, struct io *owner); /* takes a reference; NO_FD: full */
struct file *fd_file(struct sim *sim, int fd);                 /* NULL: none */
void fd_close(struct sim *sim, int fd);
void fds_close_of(struct sim *sim, struct io *owner);

/* udp.c, tcp.c: what events do to files */
void udp_send(struct io *io, struct wire *w, struct file *from);
void udp_arrive(struct sim *sim, uint64_t wire);
void segment_arrive(struct sim *sim, uint64_t wire);
void tcp_dial(struct file *f);
void tcp_pump(struct sim *sim, uint64_t file);
void stream_push(struct file *f);            /* moves what may move to the other end */
void stream_eaten(struct file *f, size_t n); /* of its input */
void stream_end(struct file *f);             /* shutdown both ways */
void stream_abandon(struct file *f);         /* the last fd is closed */
void tcp_vanish(struct file *f);             /* power cut */
size_t stream_room(const struct file *f);    /* of its output */

/* process.c */
void io_call(struct io *io); /* counts; may be where the process dies */
void turn_run(struct sim *sim, uint64_t index, uint64_t order);
void turn_want(struct io *io, uint64_t at);
void object_ready(struct object *o);
void object_release(struct object *o);
void io_enter(struct io *io);
void process_died(struct sim *sim, uint64_t index);
void process_free(struct io *io);

/* dgram.c, stream.c, chan.c, dns.c */
MUST_USE enum err dgrams_init(struct io *io);
void dgrams_flush(struct io *io);
MUST_USE enum err streams_init(struct io *io);
void streams_flush(struct io *io);
void streams_eat(struct io *io);
MUST_USE enum err chans_init(struct io *io);
MUST_USE enum err asks_init(struct io *io);
/* The row has the port, and the host the address. */
MUST_USE enum err check_local(struct io *io, const struct local *at, bool is_datagram);
MUST_USE enum err bind_file(
	struct io *io, struct file *f, const struct local *at, const struct addr *remote);

#endif
