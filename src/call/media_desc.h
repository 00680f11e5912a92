/* media_desc.h - what an offer or answer says about media, whichever protocol said it.
 *
 * The common ground of SIP (SDP) and H.323 (logical channels): an array of media lines in their
 * order. Plain data, no pointers; a protocol's leg fills it, the core reads it. */
#ifndef CALL_MEDIA_DESC_H
#define CALL_MEDIA_DESC_H

#include "base/addr.h"
#include "ipc/srtp_key.h"

#define MEDIA_LINES_MAX 32
#define MEDIA_KEYS_MAX  24 /* of all lines; what is beyond is as if it could not be read */

enum media_kind { MEDIA_AUDIO, MEDIA_VIDEO, MEDIA_CONTENT, MEDIA_APPLICATION, MEDIA_OTHER };

/* How the bytes travel: what the media process must know to relay them. */
enum media_transport {
	MT_RTP,        /* RTP/AVP, RTP/AVPF */
	MT_SRTP,       /* RTP/SAVP(F) with keys in the signalling (SDES) */
	MT_DTLS,       /* UDP/TLS/RTP/SAVP(F): DTLS-SRTP end to end */
	MT_DATAGRAM,   /* any other negotiated UDP: BFCP, UDPTL, IX */
	MT_UNSUPPORTED /* TCP and what we do not carry: refused */
};

enum media_direction {
	MD_INACTIVE = 0,
	MD_SEND = 1,
	MD_RECEIVE = 2,
	MD_BOTH = 3
}; /* as its sender says */

struct media_line {
	enum media_kind kind;
	enum media_transport transport;
	enum media_direction direction;
	struct addr rtp, rtcp; /* where its sender wants to receive; rtcp is rtp where rtcp_mux */
	bool has_rtcp;         /* RTP kinds; false: one port only */
	bool has_rtcp_mux;
	bool is_refused;           /* port 0 */
	bool is_host_name;         /* c= holds a name: no address known */
	uint64_t payload_types[2]; /* bit n of the 128 RTP payload types offered */
	bool has_crypto;           /* keys of SRTP in the signalling, read or not */
	uint32_t crypto_tag;       /* of an answer: which choice it took */
};

/* What the sender of the description will send a line with, if that choice is taken. */
struct media_key {
	uint8_t line;
	struct srtp_key key;
};

struct media_desc {
	uint32_t n, n_keys;
	struct media_key keys[MEDIA_KEYS_MAX];
	struct media_line lines[MEDIA_LINES_MAX];
};

#endif
