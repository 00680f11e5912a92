/* cleg.h - one side of an H.323 call: its signalling connection and call reference, its H.245, its channels.
 *
 *	csin.c    what the far side says: messages to events of the call core
 *	csout.c   what the core says: events to messages
 *	h245.c    H.245 of the leg: tunnelled, on a connection of its own, or not yet
 *	channels.c  its messages: channels, and what passes
 *	fast.c    channels that Setup proposes
 *	kept.c    records of established sides
 *	legs.c    the table: by connection and call reference, by callIdentifier; sending
 *
 * Messages of the far side are found by connection and call reference, never by an address in them. A leg
 * lives until either side ends it; the call core's struct leg is its peer. */
#ifndef H323_CLEG_H
#define H323_CLEG_H

#include "base/pool.h"
#include "base/rate.h"
#include "h323/cause.h"
#include "h323/csmsg.h"
#include "h323/h245msg.h"
#include "h323/h46019.h"
#include "h323/hconn.h"
#include "h323/pdus.h"
#include "h323/plane.h"
#include "h323/resolve.h"

#define LEG_CHANNELS       16u /* open at a time, of both sides of a call */
#define LEG_OLC_PER_MINUTE 64u /* of both sides */
#define LEG_SOURCES        4096u
#define LEG_FAST           8u /* lines that fastStart proposes */

enum cleg_state {
	CL_CALLING, /* Setup came, or is on its way; nothing was answered */
	CL_PROCEEDING,
	CL_ALERTING,
	CL_ACTIVE,
	CL_OVER /* nothing may be said or heard any more */
};

struct channel {
	uint16_t number; /* forwardLogicalChannelNumber of the far endpoint, which opened it */
	uint8_t line, session;
	bool is_used, is_open;
	bool is_swallowed; /* we closed it: its CloseLogicalChannelAck is for us */
};

/* Of a caller's fastStart: which line a session and kind has. */
struct fast_line {
	uint8_t line, session, kind;
	bool is_used, is_chosen;
};

struct h245_side {
	enum cs_tunnelling peer; /* its word so far: NO ends it for good */
	bool is_offered;         /* what we say */
	bool is_started;         /* it was given our own address, once */
	bool has_sent_end, has_got_end;
	uint8_t n_tries;        /* connections that came to nothing */
	struct addr address;    /* its h245Address; AF_NONE: none was given */
	uint64_t conn[2];       /* ours that it may call; the one that we dialled */
	int8_t used;            /* the one that its messages come on; -1: none yet */
	struct timer drop;      /* on: the other one is closed soon */
	struct pdu_queue out;   /* for the far side, when there is a way */
	struct pdu_queue in;    /* of the far side, when the other leg can take it */
	uint64_t complained_ns; /* when we said last that something could not be read */
	uint64_t olc_since_ns;  /* a minute of OpenLogicalChannels */
	uint32_t n_olc;
	struct channel channels[LEG_CHANNELS];
	struct fast_line fast[LEG_FAST];
	bool has_fast; /* proposed, and neither answered nor refused */
};

struct cleg {
	uint64_t handle; /* HK_H323_LEG */
	struct h323 *h;
	struct leg *leg; /* the core's; NULL: it has none, or not any more */
	uint64_t leg_handle;
	struct zone *zone;
	uint64_t conn;       /* HK_H323_CONN of its call signalling */
	struct list of_conn; /* in users of its connection */
	struct list due;     /* in legs->due */
	struct hash_node by_ref, by_call;
	uint16_t crv;
	bool is_caller; /* the far endpoint called us */
	bool is_told;   /* caller: the other side said something, so that ours can be passed */
	bool has_said_proceeding;
	bool is_heard; /* called side: it answered anything */
	enum cleg_state state;
	uint8_t guid[H323_GUID_LEN];
	struct addr remote; /* its call signalling: host, and port where we dialled */
	struct addr next;   /* where to try if nobody takes the connection; AF_NONE: nowhere */
	struct pdu_queue
		setup;      /* caller: as it came, for the targets; called: until it can be sent */
	struct timer timer; /* T303, T310, T301; caller: our own CallProceeding */
	uint8_t n_bad;      /* messages that could not be read */
	bool is_kept, is_counted; /* is_counted: among the calls that its source is setting up */
	uint64_t kept_sum;        /* of the record's body */
	struct h245_side h245;
};

/* The message behind an event, for a leg of our own kind. One of the two. */
struct h323_native {
	struct cs_msg *m;
	struct h245_msg *pdu;
	struct str bytes; /* of the H.245 message as it came */
};

struct legs_counters {
	uint64_t n_setups, n_refused, n_refused_rate, n_bad, n_no_call, n_invalid_cid, n_h245,
		n_h245_bad, n_h245_dropped, n_olc, n_olc_refused;
};

struct legs {
	struct pool pool;
	struct hash_table by_ref, by_call;
	struct list due;               /* H.245 waits for the end of this handler */
	unsigned depth;                /* handlers under way */
	struct timer later;            /* due outside of a handler */
	struct rate setups;            /* of strangers */
	uint16_t ringing[LEG_SOURCES]; /* their calls that nobody has answered, by source */
	struct legs_counters counters;
};

/* ---- legs.c ---- */
MUST_USE enum err legs_new(struct h323 *h, struct legs **ret_legs);
void legs_free(struct h323 *h);
bool legs_knows_call(const struct h323 *h, const uint8_t guid[H323_GUID_LEN]);
/* NULL: limits.calls. In the tables. */
struct cleg *cleg_new(struct h323 *h, struct hconn *conn, uint16_t crv, bool is_caller,
	const uint8_t guid[H323_GUID_LEN]);
/* The same in the slot of a record. NULL: it is not free. */
struct cleg *cleg_adopt(struct h323 *h, uint64_t handle, struct hconn *conn, uint16_t crv,
	bool is_caller, const uint8_t guid[H323_GUID_LEN]);
void cleg_free(struct cleg *c); /* with its connections; the core's leg is none of its business */
struct cleg *cleg_get(const struct h323 *h, uint64_t handle);
struct cleg *cleg_of_message(struct h323 *h, const struct hconn *conn, const struct q931_msg *q);
struct cleg *cleg_of_call(const struct h323 *h, const uint8_t guid[H323_GUID_LEN], bool is_caller);
/* The called side of this call that waits for a connection of this zone; NULL: none. */
struct cleg *cleg_expecting(
	const struct h323 *h, const struct zone *zone, const uint8_t guid[H323_GUID_LEN]);
/* It came: the leg goes over to it. */
void cleg_move(struct cleg *c, struct hconn *conn);
/* Any leg on this connection; NULL: none. */
struct cleg *cleg_on(struct h323 *h, const struct hconn *conn);
struct cleg *cleg_other(
	const struct cleg *c); /* of the same call and protocol; NULL: none, several */
struct cs_own cleg_own(const struct cleg *c);
void *cleg_tree(struct h323 *h); /* PER_TREE_SIZE octets of the arena; NULL: full */

/* A message for the far side; H.245 that waits rides on it when the leg tunnels. number: in place of the
 * called number, or empty. False: it could not be built or sent. */
bool cleg_send(struct cleg *c, struct cs_msg *m, struct str number);
/* A message of our own: what cs_begin() and cs_end() take. */
bool cleg_send_own(struct cleg *c, enum q931_type type, struct cs_msg *m, uint8_t cause);
void cleg_say_empty(struct cleg *c); /* Facility, for H.245 to ride on */
void cleg_say_proceeding(struct cleg *c);
void cleg_say_status(struct cleg *c, uint8_t cause);
void cleg_say_start_h245(struct cleg *c, const struct addr *at);
void cleg_say_release(struct cleg *c, const struct call_cause *cause);
/* To whoever has no leg: ReleaseComplete on this call reference. */
void cs_say_release(
	struct h323 *h, struct hconn *conn, const struct cs_msg *m, uint8_t q850, uint16_t reason);
/* Its time in this state begins: T303, T310, T301. */
void cleg_wait(struct cleg *c);

/* What came of asking for a port of ports.h323_range. */
void legs_ports_alarm(struct h323 *h, enum err err);
/* A call of a stranger begins, if its source may have one more; it ends, or is answered. */
bool cleg_rings(struct cleg *c);
void cleg_rings_no_more(struct cleg *c);
/* A handler of ours begins and ends: H.245 that it moved leaves at its end. */
void legs_enter(struct h323 *h);
void legs_leave(struct h323 *h);
void cleg_due(struct cleg *c);

/* ---- kept.c ---- */
/* A record of an established side, when something of it changed; its connections with it. */
void cleg_keep(struct cleg *c);
/* Sides that a predecessor left, behind its calls and connections. */
void legs_adopt(struct h323 *h);

/* ---- h245.c ---- */
void h245_init(struct cleg *c);
void h245_free(struct cleg *c);
/* What a message says of H.245: tunnelling, an address, tunnelled messages. */
void h245_heard(struct cleg *c, const struct cs_msg *m);
/* What we say of it on a message that leaves: h245Address, h245Tunnelling. from: the message's tree before;
 * is_last: Connect, after which the far side needs a way. */
void h245_say(struct cleg *c, struct cs_msg *m, bool is_last);
/* Rides on a message that is about to be written. */
void h245_ride(struct cleg *c, struct cs_msg *m);
bool h245_is_tunnelling(const struct cleg *c);
void h245_work(struct cleg *c); /* what is due */
void h245_opened(struct h323 *h, struct hconn *conn);
void h245_payload(struct h323 *h, struct hconn *conn, struct str payload);
void h245_lost(struct h323 *h, struct hconn *conn);

/* For the far side, in its turn. Nothing after an end of session. */
void h245_queue(struct cleg *c, struct str pdu);

/* ---- channels.c ---- */
/* The channels that a far endpoint opened. NULL: none of that number; no room. */
struct channel *channel_find(struct cleg *c, uint16_t number);
struct channel *channel_new(struct cleg *c, const struct channel_view *v, uint8_t line);
void channels_take(struct cleg *c, struct str pdu); /* one of the far side, for the other leg */
void h245_event(struct cleg *c, const struct call_event *ev); /* CEV_PASS, CEV_CHANNEL */

/* H.460.19 of a channel of this leg: what its far side says, into v; what we say. */
void channel_heard_traversal(struct cleg *c, const struct per_tree *t, uint16_t node,
	uint16_t field, struct channel_view *v);
void channel_say_traversal(struct cleg *c, struct per_tree *t, uint16_t node, uint16_t field,
	const struct mux_line *mux, const struct addr *host);

/* ---- fast.c ---- */
/* fastStart: of a Setup on its way to a target, and of the answer on its way back. */
void fast_offer(struct cleg *caller, struct cleg *called, struct cs_msg *m);
void fast_answer(struct cleg *caller, struct cleg *called, struct cs_msg *m);

/* ---- csin.c ---- */
void cs_payload(struct h323 *h, struct hconn *conn, struct str payload);
void cs_opened(struct h323 *h, struct hconn *conn);
void cs_lost(struct h323 *h, struct hconn *conn, struct str why);
void cleg_timeout(void *arg);
void legs_disengage(struct h323 *h, const uint8_t guid[H323_GUID_LEN], const struct addr *endpoint);
/* The far side is gone; native may be NULL. The leg is gone afterwards. */
void cleg_gone(struct cleg *c, const struct call_cause *cause, struct cs_msg *native);

/* ---- csout.c ---- */
void csout_ops(struct h323 *h); /* fills h->leg_ops */
/* What the resolver found for a leg that waits for it: h323_resolved_h, arg is the plane. */
void csout_resolved(void *arg, uint64_t who, enum err err, const struct h323_hops *hops);
/* Nobody took the connection: the call goes to its next address. False: there is none, nothing happened. */
bool csout_go_on(struct cleg *c);

#endif
