/* latch.c - proofs of sources. Pure. */
#include "media/latch.h"

void latch_set(struct latch *l, enum flow_proof proof, const struct addr *source, uint64_t now_ns)
{
	*l = (struct latch){.proof = (uint8_t)proof, .source = *source, .last_ns = now_ns};
}

void latch_reopen(struct latch *l, uint64_t now_ns)
{
	l->open_until_ns = now_ns + LATCH_OPEN_NS;
	l->n = 0;
}

static uint8_t class_bit(enum wire_class class)
{
	switch (class) {
	case WC_STUN:
		return CLASS_STUN;
	case WC_ZRTP:
		return CLASS_ZRTP;
	case WC_DTLS:
		return CLASS_DTLS;
	case WC_RTP:
	case WC_RTCP:
		return CLASS_RTP;
	case WC_OTHER:
	case WC_CHANNEL_DATA:
	case WC_MULTIPLEX_ID:
	case WC_MAX:
		break;
	}
	return CLASS_OTHER;
}

bool latch_may_carry(uint8_t classes, enum wire_class class)
{
	return class_bit(class) & classes;
}

static bool is_type_allowed(const struct latch_rule *rule, uint8_t type)
{
	if (!rule->payload_types[0] && !rule->payload_types[1])
		return true;
	return rule->payload_types[type / 64] >> type % 64 & 1;
}

/* Three packets of one SSRC with consecutive numbers and a negotiated type, all from one source. */
static bool proves_by_sequence(
	struct latch *l, const struct latch_rule *rule, const struct addr *from, struct str bytes)
{
	struct rtp_packet p;

	if (rtp_parse(bytes, RTP_ENCRYPTED, &p) != OK || !is_type_allowed(rule, p.payload_type))
		return false;
	if (l->n && addr_eq(&l->candidate, from) && l->ssrc == p.ssrc &&
		(uint16_t)(l->seq + 1) == p.seq) {
		l->n++;
	} else {
		l->candidate = *from;
		l->ssrc = p.ssrc;
		l->n = 1;
	}
	l->seq = p.seq;
	return l->n >= LATCH_SEQUENCE;
}

/* RFC 6347 section 4.1: content type 22, version 254.x, a length that the datagram has. */
static bool is_dtls_handshake(struct str b)
{
	const uint8_t *p = (const uint8_t *)b.p;

	return b.len > 13 && p[0] == 22 && p[1] == 254 &&
	       13u + ((unsigned)p[11] << 8 | p[12]) <= b.len;
}

/* A NAT may give media another address than signalling: the tag decides, the host only says who waits. */
static bool may_check(const struct latch_rule *rule, const struct addr *from, uint64_t now_ns)
{
	struct latch_ration *r = rule->ration;

	if (addr_same_host(from, &rule->host))
		return true;
	if (now_ns - r->since_ns >= 1000000000u) {
		r->since_ns = now_ns;
		r->left = LATCH_TAGS_PER_S;
	}
	if (!r->left)
		return false;
	r->left--;
	return true;
}

static enum flow_proof prove_by_tag(const struct latch_rule *rule, const struct addr *from,
	struct str bytes, enum wire_class class, uint64_t now_ns)
{
	bool is_fit;

	if (class != (rule->is_rtcp ? WC_RTCP : WC_RTP) || !may_check(rule, from, now_ns))
		return PROOF_NONE;
	is_fit = rule->is_rtcp ? srtcp_proves(rule->keys, bytes, rule->marks)
	                       : srtp_proves(rule->keys, bytes, rule->marks);
	*rule->n_refused += !is_fit;
	return is_fit ? PROOF_SRTP : PROOF_NONE;
}

/* The order of proofs: the exact address that was signalled; of an end behind a NAT its host, and
 * something that only a sender of this very media sends. */
static enum flow_proof prove_by_nat(struct latch *l, const struct latch_rule *rule,
	const struct addr *from, struct str bytes, enum wire_class class)
{
	struct rtcp_packet rtcp;

	if (rule->classes & CLASS_OTHER) /* not RTP: its first byte says nothing about its kind */
		return PROOF_DATAGRAM;
	switch (class) {
	case WC_RTP:
		/* where keys come by DTLS, a handshake comes first; later the host alone moves */
		if (rule->is_rtcp || ((rule->classes & CLASS_DTLS) && !l->proof))
			return PROOF_NONE;
		return proves_by_sequence(l, rule, from, bytes) ? PROOF_SEQUENCE : PROOF_NONE;
	case WC_RTCP:
		return rule->is_rtcp && rtcp_parse(bytes, RTP_ENCRYPTED, &rtcp) == OK
		               ? PROOF_DATAGRAM
		               : PROOF_NONE;
	case WC_DTLS:
		return is_dtls_handshake(bytes) ? PROOF_DATAGRAM : PROOF_NONE;
	case WC_STUN:
	case WC_ZRTP:
	case WC_CHANNEL_DATA:
	case WC_MULTIPLEX_ID:
	case WC_OTHER:
	case WC_MAX:
		break;
	}
	return PROOF_NONE;
}

/* H.460.19: the id or the keep-alive, and the host that signals or the very address that was signalled. RTP
 * and RTCP stay apart. */
static enum flow_proof prove_by_h46019(
	const struct latch_rule *rule, const struct addr *from, enum wire_class class)
{
	bool is_signalled =
		!rule->is_nat && rule->remote.family != AF_NONE && addr_eq(from, &rule->remote);
	bool is_host = (rule->is_nat || rule->is_keepalive) && rule->host.family != AF_NONE &&
	               addr_same_host(from, &rule->host);

	if ((!is_signalled && !is_host) || rule->is_rtcp != (class == WC_RTCP))
		return PROOF_NONE;
	if (rule->has_id)
		return PROOF_ID;
	return is_signalled ? PROOF_SIGNALLED : PROOF_KEEPALIVE;
}

static enum flow_proof prove(struct latch *l, const struct latch_rule *rule,
	const struct addr *from, struct str bytes, enum wire_class class, uint64_t now_ns)
{
	if (rule->has_id || rule->is_keepalive)
		return prove_by_h46019(rule, from, class);
	if (!rule->is_nat)
		return rule->remote.family != AF_NONE && addr_eq(from, &rule->remote)
		               ? PROOF_SIGNALLED
		               : PROOF_NONE;
	if (rule->keys)
		return prove_by_tag(rule, from, bytes, class, now_ns);
	if (rule->host.family == AF_NONE || !addr_same_host(from, &rule->host))
		return PROOF_NONE;
	return prove_by_nat(l, rule, from, bytes, class);
}

/* A tag moves at once: who has the keys, with a packet that nobody has seen, is who was proved before. */
static bool may_move(const struct latch *l, const struct latch_rule *rule, uint64_t now_ns)
{
	if (rule->is_locked)
		return !l->proof || now_ns < l->open_until_ns;
	return !l->proof || now_ns < l->open_until_ns || now_ns - l->last_ns >= LATCH_SILENCE_NS ||
	       (rule->is_nat && rule->keys);
}

enum latch_verdict latch_judge(struct latch *l, const struct latch_rule *rule,
	const struct addr *from, struct str bytes, enum wire_class class, uint64_t now_ns)
{
	enum flow_proof proof;

	if (!latch_may_carry(rule->classes, class))
		return LATCH_DROP;
	if (latch_is_source(l, from)) {
		l->last_ns = now_ns;
		if (now_ns >= l->open_until_ns || (!rule->is_nat && addr_eq(from, &rule->remote)))
			l->open_until_ns = 0; /* over, or it is who was named anew */
		return LATCH_PASS;
	}
	if (!may_move(l, rule, now_ns))
		return LATCH_DROP;
	proof = prove(l, rule, from, bytes, class, now_ns);
	if (!proof)
		return LATCH_DROP;
	latch_set(l, proof, from, now_ns);
	return LATCH_MOVED;
}
