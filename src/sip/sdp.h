/* sdp.h - session descriptions (RFC 8866, 3264): an index of lines, a neutral reading, edits.
 *
 * Nothing is regenerated: sdp_rewrite changes the listed values in place, all other lines keep
 * bytes and order, and the number and order of m-lines never changes. Works on the body inside the
 * message's buffer, so its edits go into the message's own edit list. A body without a final line
 * end is accepted. Never judges an address: the caller asks the address policy and refuses lines by
 * port 0.
 *
 * struct sdp is about 18 KiB: take it from the scratch arena. */
#ifndef SIP_SDP_H
#define SIP_SDP_H

#include "call/media_desc.h"
#include "sip/edit.h"
#include "sip/mime.h"

/* Limits; over one: ERR_FULL, to be answered 488. */
#define SDP_LINES_MAX      2048u
#define SDP_MEDIA_MAX      MEDIA_LINES_MAX
#define SDP_FORMATS_MAX    256u /* per m-line */
#define SDP_ATTRS_MAX      512u /* a-lines per m-line, and in the session part */
#define SDP_CANDIDATES_MAX 64u  /* per m-line */

/* clang-format off */
#define SDP_ATTR_TABLE \
	A(RTCP, "rtcp") A(RTCP_MUX, "rtcp-mux") A(RTCP_MUX_ONLY, "rtcp-mux-only") \
	A(SENDRECV, "sendrecv") A(SENDONLY, "sendonly") A(RECVONLY, "recvonly") \
	A(INACTIVE, "inactive") A(CRYPTO, "crypto") A(FINGERPRINT, "fingerprint") \
	A(SETUP, "setup") A(TLS_ID, "tls-id") A(CONNECTION, "connection") \
	A(CANDIDATE, "candidate") A(ICE_UFRAG, "ice-ufrag") A(ICE_PWD, "ice-pwd") \
	A(ICE_OPTIONS, "ice-options") A(ICE_LITE, "ice-lite") A(ICE_MISMATCH, "ice-mismatch") \
	A(ICE_PACING, "ice-pacing") A(REMOTE_CANDIDATES, "remote-candidates") \
	A(END_OF_CANDIDATES, "end-of-candidates") A(GROUP, "group") \
	A(BUNDLE_ONLY, "bundle-only") A(MID, "mid") A(LABEL, "label") A(CONTENT, "content") \
	A(RTPMAP, "rtpmap") A(FMTP, "fmtp") A(SSRC, "ssrc") A(RTCP_FB, "rtcp-fb") \
	A(PTIME, "ptime")

enum sdp_attr {
	SDP_ATTR_OTHER,
#define A(id, name) SDP_##id,
	SDP_ATTR_TABLE
#undef A
	SDP_ATTR_MAX
};
/* clang-format on */

#define SDP_SESSION 255u /* the "media index" of lines before the first m-line */

struct sdp_line {
	uint16_t off, len; /* from the start of the body; without the line end */
	uint8_t eol_len;   /* bytes of its line end: 0-2 */
	char type;         /* 'v', 'o', 'c', 'm', 'a', ... */
	uint8_t media;     /* index, SDP_SESSION */
	uint8_t attr;      /* enum sdp_attr, of a-lines */
};

struct sdp_media {
	uint16_t first, end; /* its lines: first is the m-line, end is behind the last */
	struct str kind, port_text, proto, formats;
	uint16_t port, n_ports; /* n_ports: 1 unless written /n */
	uint16_t n_formats;
	int connection; /* line of its first own c=, -1: the session's */
};

struct sdp {
	struct str body;
	int origin, connection; /* lines; -1: none */
	uint16_t n_lines;
	uint8_t n_media;
	const char *reason; /* static: why it was refused */
	struct sdp_media media[SDP_MEDIA_MAX];
	struct sdp_line lines[SDP_LINES_MAX];
};

/* ERR_SYNTAX, ERR_FULL: s->reason says why. Bare LF line ends are accepted. */
MUST_USE enum err sdp_index(struct str body, struct sdp *s);
struct str sdp_line_text(const struct sdp *s, int line);
/* Value of the first such attribute of a media line (SDP_SESSION: of the session part); found tells
 * "a=x" from none. */
struct str sdp_attr(const struct sdp *s, unsigned media, enum sdp_attr attr, bool *ret_found);
/* The next line with that attribute behind `after` (-1: from the start); -1: none. */
int sdp_attr_next(const struct sdp *s, unsigned media, enum sdp_attr attr, int after);
struct str sdp_attr_value(const struct sdp *s, int line);

/* What the description says about media. ERR_SYNTAX: an address or port in it is malformed. */
MUST_USE enum err sdp_describe(const struct sdp *s, struct media_desc *ret_desc);

/* What one line shall say to the next hop. */
struct sdp_line_plan {
	struct addr rtp; /* port 0 and family none: the line's address and port stay as they are */
	uint16_t rtcp_port; /* 0: RTCP is at rtp.port + 1, or multiplexed: no a=rtcp is added */
	bool is_refused;    /* port 0 */
};

struct sdp_plan {
	uint32_t n; /* must be the description's number of m-lines */
	struct sdp_line_plan lines[SDP_MEDIA_MAX];
	struct addr origin;      /* address of o=; family none: unchanged */
	uint64_t version_offset; /* added to the version in o= */
	bool cut_ice;            /* candidates and credentials at both levels */
	bool cut_bundle;         /* a=group:BUNDLE, a=bundle-only */
	bool cut_crypto;         /* a=crypto lines */
};

/* Adds the edits to e, whose message must hold the body. ERR_WRONG_STATE: plan->n differs.
 * ERR_RANGE: the version in o= is no number that the offset can be added to. Other errors are
 * sticky in e. */
MUST_USE enum err sdp_rewrite(struct sip_edit *e, const struct sdp *s, const struct sdp_plan *plan);
/* One more "a=..." (text without "a=" and line end) behind the last line of a media block or
 * session part. */
void sdp_add_attr(struct sip_edit *e, const struct sdp *s, unsigned media, struct str text);
void sdp_cut_attr(struct sip_edit *e, const struct sdp *s, unsigned media, enum sdp_attr attr);
void sdp_set_proto(struct sip_edit *e, const struct sdp *s, unsigned media, struct str proto);

#endif
