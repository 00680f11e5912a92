/* conn.h - signalling connections with their identity: UDP peers, TCP and TLS streams (RFC 5626:
 * flows).
 *
 *	listener, fosse-tls, dial --> conn --> sip_index --> ops.message
 *
 * A conn knows its transport, both addresses, its TLS peer and the zone it belongs to; a zone is
 * set by the accept rule or by the dial; a conn of the Default zone is the Local zone's while a
 * client is registered by it. It frames messages, answers what cannot be parsed, keeps itself alive and closes when idle.
 * Streams lie at a message boundary in the kernel, so a kept conn goes on in a successor.
 *
 * It must never decide where a message goes, and never lends a conn by its address alone: the key
 * of an outgoing connection is zone, transport, address and expected name. */
#ifndef SIP_CONN_H
#define SIP_CONN_H

#include "base/hash.h"
#include "call/zone.h"
#include "io/io.h"
#include "ipc/dial.h"
#include "ipc/keep.h"
#include "sip/msg.h"

#define CONN_QUEUE_MAX   (256u * 1024) /* above: no new work on this conn */
#define CONN_REFUSALS    10u           /* stateless answers a second and source */
#define CONN_PING_MS     100000u       /* idle outgoing streams: CRLFCRLF (RFC 5626: 95-120 s) */
#define CONN_LISTENERS   80u           /* 64 zones, and UDP and TCP of two interfaces */
#define CONN_UDP_SOCKETS 4u

struct conns;

struct conn {
	uint64_t handle; /* HK_CONN */
	struct conns *conns;
	struct hash_node by_key; /* UDP peers, and outgoing streams that may be shared */
	struct list by_age;      /* UDP peers, least recently used first */
	struct list waiting;     /* head: client transactions without a final response (tx.c) */
	struct list bindings;    /* head: registrations that name it (registrar.c) */
	struct list dialogs;     /* head: dialogs reached by it (dialog.c) */
	enum sip_transport transport;
	struct addr local, remote;
	struct addr_ok to; /* UDP: the checked remote */
	struct zone *zone;
	struct stream *stream;
	struct dgram *dgram;
	struct sip_scan scan;
	struct timer timer;
	uint64_t created, last_rx, last_tx; /* ns */
	uint32_t n_uses;                    /* bindings, dialogs: not idle while there are any */
	uint32_t dial_seq;                  /* of fosse-tls; 0: none */
	bool is_inbound, is_open, is_kept, is_partial;
	bool is_link;          /* on a traversal zone's port: link.c decides what may pass */
	bool is_authenticated; /* registered, or its link is up */
	bool has_spoken;       /* a whole message came */
	char name[PEER_NAME_MAX];
	uint64_t user; /* link.c: its link */
};

struct conn_ops {
	/* A whole message without a fault; it lives until the handler returns. */
	void (*message)(void *arg, struct conn *c, const struct sip_msg *m);
	void (*opened)(void *arg, struct conn *c);
	/* Its handle is stale when the handler returns. why: one sentence for people, or "". */
	void (*lost)(void *arg, struct conn *c, enum err err, struct str why);
	/* A limit is reached: a connection was refused. setting: its name. */
	void (*full)(void *arg, const char *setting);
};

struct conns_deps {
	struct io *io;
	struct ipc *ipc;
	struct keep *keep;
	const struct conf *conf;
	struct zones *zones;
	const struct conn_ops *ops;
	void *arg;
};

MUST_USE enum err conns_new(const struct conns_deps *deps, struct conns **ret_conns);
void conns_free(struct conns *cs);
/* After zones_configure(). */
void conns_configure(struct conns *cs, const struct conf *conf);
/* A listening socket of the keeper (ROW_SOCKET): UDP and plain TCP rows; fd is ours when
 * it succeeds. */
MUST_USE enum err conns_listen(struct conns *cs, enum plan_row row, const struct addr *at, int fd);
void conns_unlisten(struct conns *cs, enum plan_row row, const struct addr *at);
/* A TLS stream that fosse-tls accepted (ROW_CONN); fd is ours afterwards. */
void conns_take_tls(struct conns *cs, const struct peer *peer, int fd);
/* Those that a predecessor left. Before the first turn. */
void conns_adopt(struct conns *cs);

/* A way to a next hop. */
struct hop {
	enum sip_transport transport;
	struct addr_ok to;
	char name[PEER_NAME_MAX]; /* expected of a TLS peer; "": none */
};
/* The conn to use: one that exists, or a new one that dials (is_open tells). ERR_FULL: no conn is
 * left;
 * ERR_UNSUPPORTED: no socket for that transport. */
MUST_USE enum err conn_reach(
	struct conns *cs, struct zone *zone, const struct hop *hop, struct conn **ret_conn);
/* A link's connection: never shared, dialled as the zone says. */
MUST_USE enum err conn_dial_link(
	struct conns *cs, struct zone *zone, const struct addr_ok *to, struct conn **ret_conn);
/* The UDP conn of a remote address, as a record names it. ERR_DENIED: the address policy. */
MUST_USE enum err conn_udp(struct conns *cs, const struct addr *local, const struct addr *remote,
	struct conn **ret_conn);
struct conn *conn_get(struct conns *cs, uint64_t handle);              /* NULL: gone */
struct conn *conns_next(const struct conns *cs, const struct conn *c); /* from NULL on: all */
size_t conns_count(const struct conns *cs);

/* Whole messages. ERR_CLOSED: not open; ERR_FULL: too much is queued already. */
MUST_USE enum err conn_send(struct conn *c, struct str bytes);
bool conn_is_full(const struct conn *c);                       /* no new work */
void conn_close(struct conn *c, enum err err, struct str why); /* ops.lost is called */
/* Who is behind it is known now: it counts no more among its source's unknown ones. */
void conn_authenticate(struct conn *c);
/* Whether its source may have one more connection of a registered client. */
bool conn_may_register(const struct conn *c);
/* A client registered by it: a conn of the Default zone is the Local zone's from now on ... */
void conn_register(struct conn *c);
/* ... and nobody's again when its last registration ended: zone and rates are those of its source. */
void conn_unregister(struct conn *c);
/* A binding or dialog begins (+1) or ends (-1) to name it; the first one keeps it. */
void conn_use(struct conn *c, int n);
void conn_keep(struct conn *c);
const struct peer *conn_peer(const struct conn *c); /* NULL: UDP, or not open */
bool conn_is_stream(const struct conn *c);
const char *conn_protocol(const struct conn *c); /* "sip/udp" */
/* How the far side names us: host as seen and the port that we listen on for this transport. */
struct addr conns_sent_by(
	const struct conns *cs, const struct zone *zone, enum sip_transport transport);
/* Which transports this node has a socket for. */
bool conns_has(const struct conns *cs, enum sip_transport transport);

struct conns_counters {
	uint64_t n_messages, n_refused, n_dropped, n_rate_refused, n_denied, n_full, n_timeouts;
};
const struct conns_counters *conns_counters(const struct conns *cs);

#endif
