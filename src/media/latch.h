/* latch.h - which source may speak for an end of a flow: never simply the first one.
 *
 * A source is accepted on a stated proof (strongest first: token, signalled address, sequence), then locked. It moves only by a
 * stronger or equal proof, or after two seconds of its silence with the proof made again. Pure: no
 * socket, no clock; the caller says what time it is. Tokens of the multiplexed leg are proved elsewhere
 * and set with latch_set(). */
#ifndef MEDIA_LATCH_H
#define MEDIA_LATCH_H

#include "ipc/flow.h"
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

/* What signalling said about the end, as the latch needs it. */
struct latch_rule {
	struct addr remote; /* signalled and allowed; AF_NONE: unknown */
	struct addr host;   /* of a NATed end: the only host that it may come from */
	bool is_nat;
	bool is_rtcp;    /* RTCP never proves by sequence: it follows the host of its RTP */
	uint8_t classes; /* enum flow_class bits that the flow may carry */
	uint64_t payload_types[2]; /* both zero: any */
};

enum latch_verdict {
	LATCH_DROP, /* unknown source: counted, never relayed, never answered */
	LATCH_PASS, /* the source that is latched */
	LATCH_MOVED /* proved just now: *latch is changed, the packet may be relayed */
};

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
