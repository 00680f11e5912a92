/* conns.h - what frame.c, conn.c, accept.c, dial.c and record.c share: the table of conns. Nobody else includes
 * it. */
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
/* With its times and its place in the pool; NULL: none is left (logged, said). */
struct conn *conn_take(struct conns *cs, enum sip_transport transport);
/* Of one that is in its place already: nothing but its lists and timer. */
void conn_begin(struct conn *c, struct conns *cs, enum sip_transport transport);
void conn_give(struct conn *c); /* without a word to anybody */
void conn_opened(struct conn *c);
void conn_timer(struct conn *c); /* starts its timer anew for what comes first */
void conns_log_closed(
	struct conns *cs, uint64_t handle, const struct addr *remote, enum err err, struct str why);
void conn_count_source(struct conn *c, int n);
uint16_t *conns_source_slot(struct conns *cs, const struct addr *a, bool is_authenticated);

/* accept.c: the UDP conn of a packet's source: found, or made. NULL: refused, counted. */
struct conn *conn_of_source(
	struct conns *cs, struct dgram *d, const struct addr *from, bool may_make);

/* dial.c: conn_reach() finds it from now on. */
void conn_share(struct conn *c);

/* record.c */
void conn_torn(struct stream *s, bool is_torn, void *arg); /* of struct stream_ops */

#endif
