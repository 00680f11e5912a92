/* flow.h - flows: two ends that relay to each other once each has proved itself.
 *
 * A flow is one media line of a call: two ends, each with an RTP and an RTCP path. A path has a socket
 * (its own, or the shared multiplexed one), a latch for the far source, and a destination. What comes
 * in on a path of one end leaves on the same path of the other. Nothing leaves towards an address that
 * neither proved itself nor was signalled and allowed. */
#ifndef MEDIA_FLOW_H
#define MEDIA_FLOW_H

#include "base/hash.h"
#include "base/pool.h"
#include "conf/conf.h"
#include "ipc/alarm.h"
#include "ipc/flow.h"
#include "ipc/keep.h"
#include "media/demux.h"
#include "media/keepalive.h"
#include "media/latch.h"
#include "media/token.h"

#define MUX_PAIRS_MAX 6

struct flows;
struct flow;

struct path {
	struct flow *flow;
	uint8_t end;         /* 0, 1 */
	uint8_t component;   /* enum component of the port */
	struct dgram *dgram; /* NULL: none (yet); shared where flow_end_is_shared() */
	struct latch latch;
	struct addr_ok to;
	bool can_send;
	bool is_kept; /* its socket has a record */
	bool has_id;  /* a multiplexID goes in front of what leaves */
	uint32_t id;
	uint64_t last_rx_ns, rx_packets, rx_bytes, tx_packets, unknown;
	/* so far each packet looks at it */
	struct prover prover; /* END_MUX_CLIENT */
	/* Of a shared pair its latched source among the port's; of END_ID_SERVER only RTCP's. */
	struct hash_node by_source;
	uint64_t token_counter; /* END_MUX_SERVER: of the last token believed */
	uint64_t token_ns;      /* END_MUX_SERVER: when that came: the age of its pinhole */
	uint64_t kept_token_ns; /* as the record has it */
	uint8_t token_tid[STUN_TID_LEN];
	bool is_restored; /* END_MUX_SERVER: no refresh since this process started: replays are possible */
	struct srtp_marks seen; /* of an end that is proved by tags */
};

/* How a stream id, or a multiplexID, finds its end. */
struct mux_end {
	struct hash_node node;
	struct flow *flow;
	uint8_t end;
};

struct flow {
	uint64_t handle;    /* HK_FLOW; first member; key of its record */
	uint64_t wanted_as; /* HK_STREAM, as signalling names it; handle of its rows */
	struct flows *flows;
	struct hash_node by_handle;
	struct flow_want want;
	struct path path[2][COMP_MAX];
	struct rtp_stats stats[2];
	struct mux_end by_stream[2]; /* ends of the shared pair by their id */
	struct keepalive alive[2];   /* of H.460.19 clients */
	uint64_t n_keepalives[2];
	struct row row; /* ROW_FLOW_IS */
	uint8_t state;  /* enum flow_state */
	char why[96];   /* of FLOW_REFUSED */
	uint64_t lease_until_ns;
	uint64_t
		relayed_before; /* at the last report: a row is repeated only when something moved */
	uint32_t epoch;         /* of the edge to signalling in which it was last put */
	uint64_t token_base_us; /* END_MUX_CLIENT: prover.base_us, kept */
	bool is_refused;
};

struct flows_deps {
	struct io *io;
	struct ipc *ipc;
	struct keep *keep;
	const struct conf *conf;
};

/* ERR_FULL: no memory. */
MUST_USE enum err flows_new(const struct flows_deps *deps, struct flows **ret_flows);
void flows_free(struct flows *fs);
void flows_configure(struct flows *fs, const struct conf *conf);
/* A socket of the multiplexed pair(s), from the keeper. Even port: RTP. */
MUST_USE enum err flows_mux_socket(struct flows *fs, int fd, const struct addr *addr);
void flows_zone_put(struct flows *fs, uint64_t handle, const struct zone_media *zone);
void flows_zone_del(struct flows *fs, uint64_t handle);
void flows_put(struct flows *fs, uint64_t handle, const struct flow_want *want);
void flows_del(struct flows *fs, uint64_t handle);
void flows_edge_up(struct flows *fs, bool is_up); /* to signalling */
/* Signalling begins anew with the rows of a kind; what it has not put by the sync is gone. Edge up is
 * such a beginning of both. */
void flows_again(struct flows *fs);
void flows_sync(struct flows *fs);
void flows_zones_again(struct flows *fs);
void flows_zones_sync(struct flows *fs);
void flows_adopt(struct flows *fs); /* what a predecessor left */
size_t flows_count(const struct flows *fs);

struct flow_counters {
	uint64_t relayed, unknown_source, bad_datagram, no_destination, expired_leases, full;
	uint64_t tokens, tokens_refused, tokens_replayed, tokens_unproved;
	uint64_t srtp_refused; /* packets whose tag did not prove their source */
	uint64_t unknown_ids;  /* a part of unknown_source: a multiplexID that no stream has */
	uint64_t keepalives;   /* of H.460.19, taken from proved sources */
};
const struct flow_counters *flows_counters(const struct flows *fs);

/* ---- between the files of media ---- */

struct flows {
	struct flows_deps d;
	struct pool pool;
	struct hash_table by_handle;
	struct mux *mux;
	struct addr own[3];
	uint32_t epoch, zone_epoch, n_sweeps;
	bool is_signalling_up;
	struct latch_ration tags;
	struct timer sweep;
	struct flow_counters counters;
};

/* The pair of this end is everybody's: 36000 and 36001. */
static inline bool flow_end_is_shared(const struct flow_end *e)
{
	return e->kind == END_MUX_SERVER || e->kind == END_ID_SERVER;
}

struct flow *flows_find(const struct flows *fs, uint64_t handle); /* as wanted; NULL: not there */

/* A life: init, then change_end of both, realise; close. */
void flow_init(struct flows *fs, struct flow *f, uint64_t handle);
void flow_change_end(struct flow *f, int end, const struct flow_end *to);
void flow_realise(struct flow *f); /* sockets, proofs, destinations; or is_refused and why */
void flow_renew_lease(struct flow *f);
void flow_check_pinholes(struct flow *f); /* Edge stops where Control's tokens stay away */
/* A token came: the record has its time at once, or a successor that counts from the one before would call
 * the pinhole shut before the next is due. Repetitions within half an interval are not worth a record. */
void flow_keep_age(struct path *p);
/* The marks of SRTP follow; often enough that no wrap of a sequence number is missed. */
void flow_follow_srtp(struct flow *f);
enum flow_state flow_state_of(const struct flow *f);
void flow_close(struct flow *f);
/* fd: a predecessor's socket, or NO_FD: a new one. */
MUST_USE enum err path_open(struct path *p, int fd);

/* One datagram that came in on a path, after demux. */
void flow_input(struct path *p, const struct addr *from, struct str bytes, enum wire_class class,
	enum component component);
/* H.460.19's keep-alive of its end: whether its source is, or is now, the path's. */
MUST_USE bool path_proves_keepalive(struct path *p, const struct addr *from, struct str bytes);
/* A packet of nobody. */
void path_count_unknown(struct path *p, const struct addr *from);
/* The address policy, as it is for this end. */
MUST_USE bool flow_allow(const struct flows *fs, const struct flow_end *e, enum addr_use use,
	const struct addr *a, struct addr_ok *ret_ok);
/* A path's source was proved: destination, record, row. */
void flow_latched(struct path *p);
/* A token renewed the pinhole of a path that had none any more. */
void flow_refreshed(struct path *p);

/* Ends of H.460.19 (h46019.c). init: of a flow's two keep-alives. */
void h46019_init(struct flow *f);
/* A packet on a port of such an end alone. */
void h46019_input(struct path *p, const struct packet *packet);
/* bytes came behind a multiplexID that is this path's. is_backwards: only read the other way round it is;
 * then nothing but a keep-alive is taken, and false: this is none. */
bool h46019_input_behind_id(
	struct path *p, const struct addr *from, struct str bytes, bool is_backwards);
/* bytes: DATAGRAM_MAX at most. */
void path_send_behind_id(struct path *p, uint32_t id, const struct addr_ok *to, struct str bytes);

/* Records (record.c): the flow's, its sockets'. */
void flow_keep(struct flow *f);
void path_keep(struct path *p);
void path_unkeep(struct path *p);

struct mux;
MUST_USE enum err mux_new(
	const struct flows_deps *deps, struct flow_counters *counters, struct mux **ret_mux);
void mux_free(struct mux *m);
MUST_USE enum err mux_socket(struct mux *m, int fd, const struct addr *addr);
void mux_zone_put(struct mux *m, uint64_t handle, const struct zone_media *zone, uint32_t epoch);
void mux_zones_sync(struct mux *m, uint32_t epoch); /* those of other epochs go */
void mux_zone_del(struct mux *m, uint64_t handle);
void mux_adopt(struct mux *m); /* zones that a predecessor knew */
const struct zone_media *mux_zone(const struct mux *m, uint64_t handle); /* NULL: not known */
/* The shared socket of this port; NULL: none. */
struct dgram *mux_dgram(const struct mux *m, uint16_t port);
/* An end of the shared pair appears, or goes. ERR_EXISTS: its multiplexID is another end's. */
MUST_USE enum err mux_add(struct mux *m, struct flow *f, int end);
void mux_remove(struct mux *m, struct flow *f, int end);
/* The path's latch changed: it is found by its source from now on. */
void mux_source(struct mux *m, struct path *p);

#endif
