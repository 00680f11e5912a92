/* srtp.h - whether the keys of a description made a packet: proof of a source, without reading it.
 *
 * Media that passes through stays encrypted end to end in both directions; here only the tag is checked,
 * and only where a source is not the proved one. What was seen of each SSRC is marked, so that a packet
 * proves once: one that was captured and comes from elsewhere is behind the mark (RFC 3711 section 3.3.2).
 * Pure: bytes in, an answer out. */
#ifndef MEDIA_SRTP_H
#define MEDIA_SRTP_H

#include "ipc/srtp_key.h"
#include "rtp/rtp.h"

#define SRTP_MARKS_MAX RTP_SOURCES_MAX
#define SRTP_KEPT_LAG  0x4000u /* packets that a record may be behind */

/* The furthest packet of an SSRC. */
struct srtp_mark {
	uint32_t ssrc;
	uint32_t seq; /* SRTP: the 16-bit number; SRTCP: the 31-bit index */
	uint32_t roc; /* SRTP: how often the number wrapped, ever */
	/* and since these keys came: a sender with new keys goes on or begins anew */
	uint32_t roc_of_keys;
	uint16_t kept; /* SRTP: seq, as the record has it or later */
};

struct srtp_marks {
	uint8_t n, next; /* next: whose place one more takes */
	struct srtp_mark marks[SRTP_MARKS_MAX];
};

/* Whether one of the keys made the tag of a packet that is ahead of its SSRC's mark. Then it is the mark. */
bool srtp_proves(const struct srtp_keys *keys, struct str packet, struct srtp_marks *marks);
bool srtcp_proves(const struct srtp_keys *keys, struct str packet, struct srtp_marks *marks);
/* What the proved source sent is not checked again: the marks follow its figures. Call at least each 32,767
 * packets. True: the record of the marks is to be put. */
bool srtp_follow(struct srtp_marks *marks, const struct rtp_stats *stats);
void srtcp_follow(const struct srtp_keys *keys, struct str packet, struct srtp_marks *marks);
/* Other keys from here on. Of SRTCP: indices may begin anew, and what was captured is of the old ones. */
void srtp_rekeyed(struct srtp_marks *marks);
void srtcp_rekeyed(struct srtp_marks *marks);
bool srtp_keys_are_equal(const struct srtp_keys *a, const struct srtp_keys *b);

/* RFC 3711 section 4.3.1, derivation rate 0. Exported for its test vectors. */
enum srtp_label { SRTP_ENCRYPT, SRTP_AUTH, SRTP_SALT, SRTCP_ENCRYPT, SRTCP_AUTH, SRTCP_SALT };
void srtp_derive(const struct srtp_key *key, enum srtp_label label, uint8_t *ret, size_t len);

#endif
