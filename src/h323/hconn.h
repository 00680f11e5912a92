/* hconn.h - TCP connections of H.323: TPKT frames of call signalling (Q.931) and of separate H.245.
 *
 *	listener of the keeper, own listener of a leg, dial --> hconn --> one frame --> ops.payload
 *
 * A connection knows both its addresses, its zone and what it carries. The listener of the call signalling
 * port is the plan's; a leg that wants to be called for H.245 gets a listener of its own, which takes one
 * connection of the leg's peer and is closed then. Empty frames are keep-alives and end here. Streams lie
 * at a frame's boundary in the kernel, so a kept connection goes on in a successor.
 *
 * It must never look into a frame, and never decides whose call a connection belongs to. */
#ifndef H323_HCONN_H
#define H323_HCONN_H

#include "call/zone.h"
#include "io/io.h"
#include "ipc/keep.h"

#define HCONN_LISTENERS 8u
#define HCONN_DIAL_MS   5000u
#define HCONN_EXPECT_MS 10000u
#define HCONN_QUEUE_MAX (256u * 1024) /* above: nothing new for this connection */

enum hconn_kind { HCONN_CALL, HCONN_H245 };

struct hconns;

struct hconn {
	uint64_t handle; /* HK_H323_CONN */
	struct hconns *conns;
	enum hconn_kind kind;
	struct addr local, remote; /* remote of a listener: the host that may call */
	struct zone *zone;
	struct stream *stream; /* the listener's, while is_awaiting */
	struct timer timer;
	uint64_t since, last_rx; /* ns; since: of the wait for what comes next */
	uint64_t user;           /* whose H.245 it is (HK_H323_LEG); 0: several calls may use it */
	uint32_t n_uses;         /* calls: not idle while there are any */
	struct list users;       /* head: their legs */
	bool is_inbound, is_open, is_awaiting, is_partial, has_spoken, is_kept;
	bool is_registered; /* its source is a registered endpoint's */
	bool is_unproved;   /* on the port of traversal zones: whose it is is not known yet */
	bool is_expected;   /* stands for one that the far side is to open */
};

struct hconn_ops {
	/* A frame's content, never empty; it lives until the handler returns. */
	void (*payload)(void *arg, struct hconn *c, struct str payload);
	void (*opened)(void *arg, struct hconn *c);
	/* Its handle is stale when the handler returns. why: one sentence for people. */
	void (*lost)(void *arg, struct hconn *c, enum err err, struct str why);
	/* May this source call us at all; counted there. */
	bool (*is_registered)(void *arg, const struct addr *source);
	/* The traversal zone whose far node this host is, on the port of this row; NULL: none. */
	struct zone *(*link)(void *arg, enum plan_row row, const struct addr *source);
};

struct hconns_deps {
	struct io *io;
	struct keep *keep;
	const struct conf *conf;
	struct zones *zones;
	const struct hconn_ops *ops;
	void *arg;
};

MUST_USE enum err hconns_new(const struct hconns_deps *deps, struct hconns **ret_conns);
void hconns_free(struct hconns *cs);
/* After zones_configure(): connections of zones that went end. */
void hconns_configure(struct hconns *cs, const struct conf *conf);
/* The call signalling listener of the keeper (ROW_SOCKET); fd is ours when it succeeds. */
MUST_USE enum err hconns_listen(
	struct hconns *cs, enum plan_row row, const struct addr *at, int fd);
void hconns_unlisten(struct hconns *cs, enum plan_row row, const struct addr *at);
/* Those that a predecessor left. Before the first turn. */
void hconns_adopt(struct hconns *cs);

/* From the plan's range of outgoing signalling. ERR_FULL, ERR_NO_PORT. */
MUST_USE enum err hconn_dial(struct hconns *cs, enum hconn_kind kind, struct zone *zone,
	const struct addr_ok *to, uint64_t user, struct hconn **ret_conn);
/* Nothing yet: it stands for a call signalling connection that the far side was asked for, and is lost when
 * that does not come in time. */
MUST_USE enum err hconn_expect(
	struct hconns *cs, struct zone *zone, const struct addr *peer, struct hconn **ret_conn);
/* A listener for one H.245 connection of that host; its port is in local. Port of peer: ignored. */
MUST_USE enum err hconn_await(struct hconns *cs, struct zone *zone, const struct addr *peer,
	uint64_t user, struct hconn **ret_conn);
struct hconn *hconn_get(struct hconns *cs, uint64_t handle);               /* NULL: gone */
struct hconn *hconns_next(const struct hconns *cs, const struct hconn *c); /* from NULL on: all */
size_t hconns_count(const struct hconns *cs);

/* A frame with this content. ERR_CLOSED: not open; ERR_FULL: longer than a frame, or no room to build it. */
MUST_USE enum err hconn_send(struct hconn *c, struct str payload);
bool hconn_is_full(const struct hconn *c);
void hconn_close(struct hconn *c, enum err err, struct str why); /* ops.lost is called */
void hconn_end(struct hconn *c);        /* the same without a word to ops; NULL: nothing */
void hconn_use(struct hconn *c, int n); /* a call begins (+1) or ends (-1) to use it */
void hconn_keep(struct hconn *c);       /* a record from now on, until it ends */

struct hconns_counters {
	uint64_t n_frames, n_keep_alives, n_broken, n_full, n_strangers, n_timeouts, n_no_port;
};
const struct hconns_counters *hconns_counters(const struct hconns *cs);

#endif
