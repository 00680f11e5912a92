/* flow.h - the rows between signalling and media: what flow is wanted, what it is.
 *
 * FLOW_WANT says everything about one media line: both ends, ports, how each end proves itself. Put
 * twice it changes nothing; changed it changes the flow in place. FLOW_IS is media's answer and its
 * counters. The handle is the stream's (HK_STREAM), the same in both processes. Pure codecs. */
#ifndef IPC_FLOW_H
#define IPC_FLOW_H

#include "base/addr.h"
#include "ipc/srtp_key.h"
#include "plan/plan.h"

enum flow_end_kind {
	END_DIRECT, /* a port pair of our own, one far side */
	END_MUX_CLIENT, /* Control's end of the traversal leg: a port pair of our own towards 36000/36001 */
	END_MUX_SERVER, /* Edge's end: the shared multiplexed pair, latched by token (media token, USERNAME f1) */
	END_ID_SERVER /* Edge's end towards another's H.460.19 client: the shared pair, told apart by multiplexID */
};

/* H.460.19: media of others through firewalls. Which part an end of ours has. */
enum h46019_role {
	H46019_NONE,
	H46019_CLIENT, /* our packets open the way: keep-alives to the far side */
	H46019_SERVER, /* the far side's do: its keep-alives say where it is, and are not relayed */
	H46019_ROLE_MAX
};

struct h46019 {
	uint8_t role; /* enum h46019_role; H46019_NONE: nothing else counts */
	/* CLIENT: of the keep-alives that are sent. SERVER: as announced; 0: not yet, then behind an id
	 * any dynamic type is one. */
	uint8_t keepalive_type;
	uint32_t keepalive_ms; /* CLIENT: the interval that the far side asks for */
	/* SERVER: another number than before (a new OLC) lets another source prove itself. */
	uint32_t n_learn;
	/* In front of the far side's packets, chosen by us with multiplex_id_of(); 0: there is none.
	 * END_ID_SERVER has one, on both ports. */
	uint32_t id_in;
	bool has_id_out; /* in front of ours */
	/* The far side's choice, any number. A client's keep-alives have that of the server's OLC, RTP that
	 * of its OLCAck, RTCP either. */
	uint32_t id_rtp, id_rtcp, id_keepalive;
	/* CLIENT: keepAliveChannel, and where RTCP's goes; AF_NONE: none. */
	struct addr keepalive_rtp, keepalive_rtcp;
};

/* A multiplexID of ours from 32 random bits: its first byte is that of no RTP, STUN, DTLS or ChannelData,
 * and read backwards (as some write it in keep-alives) it is never another of ours. 0: draw again (one in
 * about two). It does not know which ids are in use: media refuses the second flow with one. */
uint32_t multiplex_id_of(uint32_t random);
bool multiplex_id_is_ours(uint32_t id);

/* Classes of a datagram by its first byte (RFC 7983): a bit set. */
enum flow_class { CLASS_STUN = 1, CLASS_ZRTP = 2, CLASS_DTLS = 4, CLASS_RTP = 8, CLASS_OTHER = 16 };

struct flow_end {
	uint8_t kind;      /* enum flow_end_kind */
	bool is_nat;       /* the far side is behind a NAT (or signalled an address we may not use):
	                                 * wait for its media, send to where that comes from (letter N) */
	bool has_rtcp;     /* a second flow on the odd port */
	bool has_rtcp_mux; /* RTCP on the RTP port (RFC 5761) */
	bool is_on_hold;   /* silence of this end is expected */
	uint16_t row; /* enum plan_row of the local RTP port; the range covers the RTCP port too */
	struct addr
		local; /* host and even port; RTCP is the next port. END_MUX_SERVER: the mux pair */
	struct addr remote_rtp,
		remote_rtcp; /* as signalled, already seen by the address policy; AF_NONE: unknown */
	struct addr
		signalling; /* host that this end's signalling came from: the only source a NATed end may have */
	uint64_t payload_types[2]; /* negotiated RTP payload types; both zero: any */
	uint64_t stream_id;        /* mux ends: 64 random bits chosen by Edge, never 0 */
	uint64_t zone;             /* mux ends: handle of ROW_ZONE_MEDIA (HK_ZONE) */
	/* Of a NATed end: nothing but the tag of a packet proves its source. No keys: not known yet. */
	bool is_keyed;
	struct srtp_keys keys; /* what the far side sends with */
	struct h46019 h46019;  /* of an end without keys */
};

struct flow_want {
	uint64_t call;     /* for logs and lists */
	uint8_t line;      /* index of the media line */
	uint8_t classes;   /* allowed enum flow_class bits */
	uint32_t lease_ms; /* nothing is relayed longer than this without the row being repeated */
	struct flow_end end[2]; /* 0: the calling leg's side, 1: the called leg's */
};

void flow_want_put(struct wr *w, const struct flow_want *f);
MUST_USE enum err flow_want_get(struct rd *body, struct flow_want *ret);

enum flow_state { FLOW_WAITING, FLOW_ONE_WAY, FLOW_BOTH, FLOW_IDLE, FLOW_REFUSED, FLOW_STATE_MAX };
/* What proved a source. */
enum flow_proof {
	PROOF_NONE,
	PROOF_TOKEN,
	PROOF_SIGNALLED,
	PROOF_SEQUENCE,
	PROOF_DATAGRAM,
	PROOF_SRTP,
	PROOF_ID,        /* multiplexID, from the host that signals */
	PROOF_KEEPALIVE, /* H.460.19's, without an id */
	PROOF_MAX
};

struct flow_end_is {
	uint8_t proof;                             /* enum flow_proof of the RTP component */
	struct addr rtp, rtcp;                     /* latched sources; AF_NONE: none yet */
	uint64_t rx_packets, rx_bytes, tx_packets; /* RTP component */
	uint64_t rtcp_packets;
	uint64_t unknown_packets; /* from a source that proved nothing: counted, never relayed */
	uint32_t lost, jitter_us; /* RFC 3550 */
	uint32_t silent_ms;       /* since the last packet of this end */
	uint64_t keepalives;      /* H.460.19's, taken from its source (SERVER) or sent (CLIENT) */
};

struct flow_is {
	uint64_t call;
	uint8_t line;
	uint8_t state; /* enum flow_state */
	char why[96];  /* of FLOW_REFUSED: one sentence */
	struct flow_end_is end[2];
};

void flow_is_put(struct wr *w, const struct flow_is *f);
MUST_USE enum err flow_is_get(struct rd *body, struct flow_is *ret);

/* ROW_ZONE_MEDIA: what media needs of a traversal zone. */
struct zone_media {
	char name[64];
	bool is_edge;    /* our side demultiplexes and answers tokens */
	uint8_t key[32]; /* K of the token keys: media key of the pairing, or the zone's secret */
	bool has_old_key;
	uint8_t old_key[32];   /* accepted for 7 days after a rotation */
	uint32_t keepalive_ms; /* udp_keepalive */
	struct addr peer;      /* Control: Edge's inside address */
};

void zone_media_put(struct wr *w, const struct zone_media *z);
MUST_USE enum err zone_media_get(struct rd *body, struct zone_media *ret);

const char *flow_state_name(enum flow_state s);
const char *flow_proof_name(enum flow_proof p);

#endif
