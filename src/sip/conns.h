/* conns.h - what conn.c and frame.c share: the table of conns. Nobody else includes it. */
#ifndef SIP_CONNS_H
#define SIP_CONNS_H

#include "base/pool.h"
#include "base/rate.h"
#include "sip/conn.h"

#define PER_SOURCE_SLOTS 4096u

struct listener {
	enum plan_row row;
	struct addr at;
	struct dgram *dgram; /* one of the two */
	struct stream *stream;
	struct conns *conns;
};

struct conns {
	struct io *io;
	struct ipc *ipc;
	struct keep *keep;
	const struct conf *conf;
	struct zones *zones;
	const struct conn_ops *ops;
	void *arg;
	struct pool pool;
	struct hash_table by_key;
	struct hash_key source_key;
	struct list udp_by_age;
	struct rate refusals;
	struct listener listeners[CONN_LISTENERS];
	uint16_t per_source[2][PER_SOURCE_SLOTS]; /* accepted streams; [1]: authenticated */
	struct {
		enum plan_row tcp, tls, link_tcp, link_tls;
	} rows; /* of this node's outgoing connections */
	struct conns_counters counters;
};

/* frame.c */
extern const struct stream_ops conn_stream_ops;
void frame_datagrams(struct dgram *d, const struct packet *p, size_t n, void *arg);

/* conn.c */
void conn_opened(struct conn *c);
void conn_torn(struct stream *s, bool is_torn, void *arg); /* of struct stream_ops */
void conn_timer(struct conn *c); /* starts its timer anew for what comes first */
/* The UDP conn of a packet's source: found, or made. NULL: refused, counted. */
struct conn *conn_of_source(
	struct conns *cs, struct dgram *d, const struct addr *from, bool may_make);

#endif
