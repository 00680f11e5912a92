/* rtp.h - RTP and RTCP headers as they are on the wire, and what a receiver can say of a stream.
 *
 * Knows RFC 3550 (headers, loss, jitter), RFC 5761 (RTP and RTCP on one port) and the first-byte
 * classes of RFC 7983. Reading only: nothing here is ever written into a packet, no socket, no clock
 * (times are given by the caller). Slices point into the packet that was parsed. */
#ifndef RTP_RTP_H
#define RTP_RTP_H

#include "base/str.h"

/* ---- what a datagram is, from its first bytes (RFC 7983 section 7, RFC 5761 section 4) ---- */
enum wire_class {
	WC_OTHER,        /* also the empty datagram */
	WC_STUN,         /* 0-3 */
	WC_ZRTP,         /* 16-19 */
	WC_DTLS,         /* 20-63 */
	WC_CHANNEL_DATA, /* 64-79 */
	WC_RTP,          /* 128-191 */
	WC_RTCP,         /* 128-191, and the second byte is 192-223 */
	WC_MULTIPLEX_ID, /* 192-255: H.460.19's four bytes, on multiplexed ports only */
	WC_MAX
};

enum wire_class wire_class_of(struct str datagram);

/* ---- RTP ---- */
enum rtp_cover { RTP_PLAIN, RTP_ENCRYPTED }; /* SRTP: padding and RTCP bodies cannot be read */

struct rtp_packet {
	uint8_t payload_type; /* 0..127 */
	bool has_marker;
	uint8_t n_csrc, n_padding; /* n_padding: 0 when encrypted */
	uint16_t seq;
	uint32_t timestamp, ssrc;
	uint16_t extension_profile; /* 0 without an extension */
	struct str extension;       /* its words, without their header */
	struct str payload;         /* without padding; encrypted: all that follows the header */
};

/* ERR_SHORT: a length reaches beyond the datagram; ERR_VERSION: not version 2; ERR_SYNTAX: padding
 * that is none. */
MUST_USE enum err rtp_parse(
	struct str datagram, enum rtp_cover cover, struct rtp_packet *ret_packet);
/* Clock of a static payload type (RFC 3551 section 6); 0: dynamic or reserved, the signalling knows. */
uint32_t rtp_clock_hz(uint8_t payload_type);

/* ---- RTCP ---- */
#define RTCP_PARTS_MAX   16
#define RTCP_REPORTS_MAX 31
enum rtcp_type {
	RTCP_SR = 200,
	RTCP_RR,
	RTCP_SDES,
	RTCP_BYE,
	RTCP_APP,
	RTCP_RTPFB,
	RTCP_PSFB,
	RTCP_XR
};

struct rtcp_part {
	uint8_t type, count; /* count: reports, sources or feedback format */
	struct str body;     /* behind the 4-byte header, without padding */
};

struct rtcp_packet {
	uint32_t ssrc;    /* of its sender; 0 if the first part has none */
	uint32_t n_parts; /* encrypted: 1, with the SSRC alone as body */
	struct rtcp_part parts[RTCP_PARTS_MAX];
};

/* A compound packet (RFC 3550 appendix A.2) or a reduced-size one (RFC 5506). Lengths must add up to
 * the datagram. ERR_FULL: more than 16 parts. */
MUST_USE enum err rtcp_parse(
	struct str datagram, enum rtp_cover cover, struct rtcp_packet *ret_packet);

struct rtcp_sender {
	uint64_t ntp;
	uint32_t rtp_timestamp, n_packets, n_bytes;
};
struct rtcp_report {
	uint32_t ssrc;
	uint8_t lost_fraction; /* of 256, since the last report */
	int32_t n_lost;        /* 24 bits, signed */
	uint32_t seq_highest, jitter, last_sr, since_last_sr;
};
/* ERR_NOENT: not a sender report. */
MUST_USE enum err rtcp_sender_get(const struct rtcp_part *part, struct rtcp_sender *ret_sender);
/* Report blocks of an SR or RR; other types have none. */
MUST_USE enum err rtcp_reports_get(const struct rtcp_part *part,
	struct rtcp_report ret_reports[RTCP_REPORTS_MAX], size_t *ret_n);

/* ---- a receiver's statistics, one per SSRC (RFC 3550 appendices A.1, A.3, A.8) ---- */
#define RTP_SOURCES_MAX   8
#define RTP_SOURCE_IDLE_S 30 /* a source silent for longer gives its place to a new one */

struct rtp_source {
	uint32_t ssrc, clock_hz;
	uint16_t seq_max;
	uint32_t seq_base, seq_bad;   /* seq_bad: what would confirm a jump */
	uint32_t cycles;              /* of the sequence number, times 65,536 */
	uint64_t n_received;          /* duplicates and late ones too */
	uint64_t n_expected_before;   /* of the sender's sequences before this one */
	uint32_t transit, jitter_x16; /* RTP clock units; jitter times 16 */
	uint64_t last_ns;
};

struct rtp_stats {
	uint32_t n_sources;
	uint64_t n_refused;     /* packets of a ninth source */
	uint64_t n_lost_before; /* by sources that gave their place to others */
	struct rtp_source sources[RTP_SOURCES_MAX];
};

/* now_ns: any monotonic clock. clock_hz 0: unknown, jitter stays 0. ERR_FULL: a ninth source while
 * eight are live. ERR_RANGE: a jump of the sequence number, believed when its successor comes: both are
 * then counted as received, and what the jump left out is no loss. */
MUST_USE enum err rtp_stats_take(struct rtp_stats *stats, const struct rtp_packet *packet,
	uint64_t now_ns, uint32_t clock_hz);
uint64_t rtp_source_expected(const struct rtp_source *s);
uint64_t rtp_source_lost(const struct rtp_source *s); /* 0 when duplicates outnumber losses */
uint32_t rtp_source_jitter_us(const struct rtp_source *s);
/* Sums over all sources; the jitter is that of the source heard last. */
uint64_t rtp_stats_lost(const struct rtp_stats *stats);
uint32_t rtp_stats_jitter_us(const struct rtp_stats *stats);

#endif
