/* leg.h - the vocabulary between the call core and the protocols: legs, events, causes.
 *
 * A call is two sides and their media lines. Each side is a leg that one protocol owns (SIP now, H.323
 * beside it); the core never sees a message and a protocol never searches or routes. What happened is
 * an event: setup, mux, progress, offer, answer, refuse, pass, result, channel, release. An event may carry
 * `native`: the message it came in, for a leg of the same protocol, so that what no policy touches
 * leaves with its bytes unchanged; a leg of another protocol builds its own from the rest.
 *
 * Order of an offer/answer: an offer never crosses the core while the other leg is not stable. */
#ifndef CALL_LEG_H
#define CALL_LEG_H

#include "base/handle.h"
#include "base/hash.h"
#include "base/list.h"
#include "call/media_desc.h"
#include "io/io.h"

struct call;
struct call_core;
struct leg;
struct zone;

#define ALIAS_MAX      256
#define CAUSE_TEXT_MAX 128

/* Why a side ended or refused: SIP's number is the common currency, H.323 maps from it. */
struct call_cause {
	uint16_t sip;              /* 3xx..6xx; 0: an ordinary hang-up */
	uint8_t q850;              /* 0: none known */
	char text[CAUSE_TEXT_MAX]; /* reason phrase for the peer and the log */
};

enum call_ev {
	CEV_SETUP, /* a new call: alias, zone, media of the offer (n == 0: no offer in it) */
	CEV_MUX, /* Edge named the multiplexed streams of this leg (100 Trying); nothing else changed */
	CEV_PROGRESS, /* provisional answer; media: an early answer, or n == 0 */
	CEV_ANSWER, /* the call, or a re-offer, was accepted; media: the answer (or the offer of an empty setup) */
	CEV_CONFIRM, /* the accepting side's answer arrived (SIP ACK); media: answer to an offer in CEV_ANSWER */
	CEV_OFFER,   /* inside the call: new media */
	CEV_REFUSE,  /* the re-offer was refused; the call goes on as before; cause */
	CEV_PASS,    /* a request that changes no media: native */
	CEV_RESULT,  /* its answer: native; cause.sip is the code */
	CEV_CHANNEL, /* one media channel is opened, accepted, refused or closed; channel */
	CEV_RELEASE, /* the side is gone; cause */
	CEV_MAX
};

/* The multiplexed streams of a leg that crosses the traversal link (docs/protocols/link.md: Fosse-Media). */
struct mux_line {
	uint64_t stream_id; /* 0: this line is not multiplexed (refused) */
	uint16_t port;      /* Edge's even port */
	uint16_t lease_s;
	/* In the place of a stream id, H.460.19 with nodes of other makes: what the side that says it wants. */
	bool has_h46019, has_id;
	uint8_t keepalive_type, keepalive_s; /* of a client; of a server; 0: not said */
	uint16_t control_port, keepalive_port;
	uint32_t id; /* in front of what it receives */
};
struct mux_lines {
	uint32_t n;
	struct mux_line lines[MEDIA_LINES_MAX];
};

/* What we offer or answer towards a leg: our own ports, one entry per media line. */
struct media_local {
	struct addr rtp, rtcp; /* as the far side shall see them (static NAT applied) */
	bool is_refused;
};
struct media_locals {
	uint32_t n;
	struct media_local lines[MEDIA_LINES_MAX];
};

/* Where media is agreed channel by channel and each goes one way (H.245 logical channels), in the place of
 * offers and answers. A channel is its call's line and who opened it; two of one session that run against
 * each other share a line, its ports and its RTCP. */
enum channel_act { CHANNEL_OPEN, CHANNEL_ACCEPT, CHANNEL_REFUSE, CHANNEL_CLOSE };

struct call_channel {
	enum channel_act act;
	uint8_t line; /* of call_channel_open() */
	bool is_by_other; /* ACCEPT, REFUSE, CLOSE: the channel was opened by the leg that is told, not by the
	                     one that reports */
	/* OPEN: what its sender says of it; ACCEPT: where the reporting side wants to receive. An address
	 * that was not given is AF_NONE. */
	struct media_line media;
	/* Filled by the core: what the leg that is told shall say to its far side instead. */
	struct media_local local;
	struct mux_line
		mux; /* OPEN, ACCEPT: reported as Edge named it; told as we name it to Control */
};

struct call_event {
	enum call_ev type;
	struct call_cause cause;
	struct media_desc media; /* what the far side of the leg that reports said */
	bool has_media;
	struct mux_lines mux; /* from a traversal link, or for one */
	struct call_channel channel;
	bool is_nat; /* the far side's signalling crossed a NAT */
	/* Filled by the core before it hands the event to the other leg: */
	struct media_locals local;
	/* The message, for a leg with the same ops; else NULL. Lives until the handler returns. */
	const void *native;
	const struct leg_ops *native_ops;
};

/* Who is called and by whom, in a CEV_SETUP. */
struct call_setup {
	char alias
		[ALIAS_MAX]; /* user@host of the Request-URI, unescaped, without port and parameters */
	char from[ALIAS_MAX]; /* user@host of From, for lists and logs */
	struct zone *zone;    /* where it came from */
	bool is_authenticated;
	char user[64];     /* authenticated as, or "" */
	uint8_t hops;      /* Max-Forwards as received */
	uint64_t id;       /* the other node's id of this call (Fosse-Call), or 0: we choose */
	uint64_t loop_key; /* hash of Call-ID and From tag: loop detection */
};

/* Where a leg is to be set up. */
struct target {
	struct zone *zone;     /* link, DNS, neighbor; the local zone for a registration */
	struct conn_h conn;    /* a registration's connection, or {0}: the protocol finds the way */
	char uri[512];         /* Request-URI to use; "": the caller's own, with the alias below */
	char alias[ALIAS_MAX]; /* after transforms */
	struct addr source;    /* a registration's observed address; AF_NONE: none */
	bool is_nat;
};

struct leg {
	uint64_t handle;            /* HK_LEG; first member: pool.h */
	struct list list;           /* of its call */
	struct hash_node loop_node; /* of its target, in the core's table */
	struct call *call;
	const struct leg_ops *ops;
	void *peer; /* the protocol's object (SIP: struct dialog); owned by the protocol */
	struct zone *zone;
	bool is_caller;         /* side 0 of the flows */
	bool is_released;       /* no event may follow */
	struct addr signalling; /* host its signalling comes from */
	bool is_nat;
	char alias[ALIAS_MAX];
	char protocol[16]; /* "sip/udp" */
};

/* What a protocol does for the core. Every call but held() is an order that is carried out at once or
 * answered by an event later; none calls back into the core before it returns. */
struct leg_ops {
	const char *name;
	/* Begin the outgoing side. setup: who calls, hops already lowered. ev: CEV_SETUP with media, local, mux. */
	enum err (*setup)(void *arg, struct leg *leg, const struct call_setup *setup,
		const struct target *to, const struct call_event *ev);
	/* What the other side said. Not CEV_SETUP, not CEV_RELEASE. */
	void (*event)(void *arg, struct leg *leg, const struct call_event *ev);
	/* End this side, in whatever state: refuse, cancel or hang up. The leg is freed by the core
	 * afterwards; the protocol finishes its transactions on its own. */
	void (*release)(void *arg, struct leg *leg, const struct call_event *ev);
	/* The setup message that this leg still holds, for the other leg's native; NULL: none. */
	const void *(*held)(void *arg, struct leg *leg);
	void *arg;
};

#endif
