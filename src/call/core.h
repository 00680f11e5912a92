/* core.h - what the parts of the call core share: a call, and the core with its pools.
 *
 * No logic here. call.c reports and decides, place.c finds targets, record.c keeps, life.c begins and ends,
 * quiet.c listens for media that does not come.
 * Other folders include call/call.h, never this. */
#ifndef CALL_CORE_H
#define CALL_CORE_H

#include "base/hash.h"
#include "base/pool.h"
#include "call/call.h"
#include "call/search.h"
#include "call/stream.h"

#define NO_SIDE 2

/* What a setup offered, for each group of targets. Four kilobytes that an answered call does not have. */
struct call_offer {
	uint64_t handle; /* HK_OFFER; first member */
	struct media_desc media;
	struct mux_lines mux;
};

struct call {
	uint64_t handle; /* HK_CALL; first member */
	uint64_t id;     /* one number on both nodes */
	struct call_core *core;
	enum call_state_shown state;
	struct call_setup setup;
	enum conf_protocol protocol; /* of its legs */
	struct leg *a, *b;    /* b: the side that answered; before that NULL, or the only branch */
	struct list branches; /* legs towards targets, and b */
	struct search search;
	struct call_offer *offer; /* of the setup, until the answer; NULL: none */
	bool has_offer, is_media_open, is_answered, is_adopted;
	uint8_t offering;        /* side whose offer is open: 0, 1, or NO_SIDE */
	bool awaits_confirm;     /* that offer came in an answer: its own answer comes in the ACK */
	struct call_cause worst; /* best refusal so far (RFC 3261 16.7 step 6) */
	struct timer next;       /* 0 ms: go on in the next turn */
	struct timer ringing;    /* until the answer: calls.ringing */
	struct timer silence;    /* on: no line has media; calls.idle_media */
	uint64_t media_since_ns; /* last agreement: what a side sends is expected from then on */
	bool is_quiet[2];        /* side 0, 1: nothing comes from it (quiet.c) */
	struct call_streams streams;
	struct row row;
	struct show_call show;
};

struct call_core {
	struct call_deps d;
	struct pool calls, legs, stream_pool, offers;
	struct port_pool *ports;
	struct streams_deps streams_deps;
	struct dial_plan *plan;
	struct {
		const struct leg_ops *ops; /* NULL: not spoken here */
		struct registrar_ops registrar;
	} protocols[PROTOCOL_H323 + 1];
	struct hash_table loops; /* legs under way, by whom they are for */
	struct timer port_alarm;
	struct timer quiet_sweep; /* on: there are calls, or were a moment ago */
	unsigned n_quiet;         /* at the last sweep */
	timer_h *on_next;         /* of each call: place.c */
};

#endif
