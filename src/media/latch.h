/* latch.h - which source may speak for an end of a flow: never simply the first one.
 *
 * A source is accepted on a stated proof (strongest first: token, SRTP tag, signalled address, sequence), then locked. It moves
 * by a tag ahead of all others at once, else after two seconds of its silence with the proof made again; that of
 * H.460.19 by a new word of signalling alone.
 * Where the keys of an end are in the signalling nothing weaker than a tag counts. Pure: no
 * socket, no clock; the caller says what time it is. Tokens of the multiplexed leg are proved elsewhere
 * and set with latch_set(). */
#ifndef MEDIA_LATCH_H
#define MEDIA_LATCH_H

#include "ipc/flow.h"
#include "media/srtp.h"
#include "rtp/rtp.h"

struct latch {
	uint8_t proof; /* enum flow_proof; PROOF_NONE: nobody yet */
	struct addr source;
	uint64_t last_ns; /* when it spoke last */
	/* Signalling changed: until then another source may prove itself at once. 0: not. */
	uint64_t open_until_ns;
	/* a source that is proving itself: consecutive sequence numbers of one SSRC */
	struct addr candidate;
	uint32_t ssrc;
	uint16_t seq;
	uint8_t n;
};

/* Checks of tags for hosts that signalling did not come from: a flood must not buy our time. */
struct latch_ration {
	uint64_t since_ns;
	uint32_t left;
};

/* What signalling said about the end, as the latch needs it. */
struct latch_rule {
	struct addr remote; /* signalled and allowed; AF_NONE: unknown */
	struct addr host;   /* of a NATed end: the only host that it may come from */
	bool is_nat;
	bool is_locked;    /* only signalling opens it again, no silence does */
	bool has_id;       /* the packet came behind this end's multiplexID */
	bool is_keepalive; /* and is H.460.19's keep-alive of this end */
	bool is_rtcp;      /* RTCP never proves by sequence: it follows the host of its RTP */
	uint8_t classes;   /* enum flow_class bits that the flow may carry */
	uint64_t payload_types[2]; /* both zero: any */
	/* NULL: its media has no keys that we know. Otherwise, of a NATed end, the one proof. */
	const struct srtp_keys *keys;
	struct srtp_marks *marks;
	struct latch_ration *ration;
	uint64_t *n_refused; /* counts the tags that did not fit, of everybody */
};

enum latch_verdict {
	LATCH_DROP, /* unknown source: counted, never relayed, never answered */
	LATCH_PASS, /* the source that is latched */
	LATCH_MOVED /* proved just now: *latch is changed, the packet may be relayed */
};

#define LATCH_TAGS_PER_S 2000
#define LATCH_SEQUENCE   3            /* packets that prove a NATed RTP source */
#define LATCH_SILENCE_NS 2000000000u  /* the old source's silence before another may prove itself */
#define LATCH_OPEN_NS    10000000000u /* how long a change of signalling makes that unnecessary */

enum latch_verdict latch_judge(struct latch *l, const struct latch_rule *rule,
	const struct addr *from, struct str bytes, enum wire_class class, uint64_t now_ns);
void latch_set(struct latch *l, enum flow_proof proof, const struct addr *source, uint64_t now_ns);
/* Signalling named another address or another kind of end: only the new proof is open. The old source
 * goes on until it succeeds. */
void latch_reopen(struct latch *l, uint64_t now_ns);
/* The class is one that the flow may carry (enum flow_class bits). */
bool latch_may_carry(uint8_t classes, enum wire_class class);
/* What latch_judge passes without a question: the proved source itself. */
static inline bool latch_is_source(const struct latch *l, const struct addr *from)
{
	return l->proof && addr_eq(from, &l->source);
}

#endif
