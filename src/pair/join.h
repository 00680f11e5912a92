/* join.h - the messages of a join, and Edge's verdict on one. Pure.
 *
 *	Control                           TLS 1.3, ALPN fosse-join/1, Edge's key pinned by the token
 *	   HELLO   name, proof    ------->
 *	           <------- WELCOME name, login, media key, proof      or REFUSED reason
 *
 * Frame: u16 length of what follows, u8 type, tagged fields. A proof is an HMAC with the token's secret
 * over the channel binding of this very connection (RFC 9266), so it is of no use on another one. */
#ifndef PAIR_JOIN_H
#define PAIR_JOIN_H

#include "conf/sections.h"

#define JOIN_ALPN      "fosse-join/1"
#define JOIN_VERSION   1
#define JOIN_TRIES     5 /* wrong proofs; then the secret is dead */
#define JOIN_FRAME_MAX 1024

enum join_type { JOIN_NONE, JOIN_HELLO, JOIN_WELCOME, JOIN_REFUSED, JOIN_TYPE_MAX };

enum join_refusal {
	REFUSED_NONE,
	REFUSED_NO_TOKEN, /* used already, or replaced by a newer one, or never made */
	REFUSED_EXPIRED,
	REFUSED_PROOF, /* not the secret of the pending token */
	REFUSED_DEAD,  /* the same, and it was the last try */
	REFUSED_VERSION,
	REFUSED_BUSY,  /* try again */
	REFUSED_STORE, /* Edge could not write its file */
	REFUSED_MAX
};

struct join_hello {
	uint8_t version;
	char zone[64];     /* of the token */
	char name[256];    /* Control's node name */
	uint8_t proof[32]; /* with JOIN_FROM_CONTROL */
};

struct join_welcome {
	char name[256]; /* Edge's node name */
	char username[64];
	uint8_t secret[32]; /* of the zone's login */
	uint8_t media_key[32];
	uint8_t proof[32]; /* with JOIN_FROM_EDGE */
};

/* The whole frame, length included. */
void join_hello_put(struct wr *w, const struct join_hello *h);
void join_welcome_put(struct wr *w, const struct join_welcome *h);
void join_refused_put(struct wr *w, enum join_refusal why);

/* One frame at the start of bytes. ERR_MORE: not whole yet; ERR_SYNTAX: longer than JOIN_FRAME_MAX, or
 * of no known type. *ret_size: how many bytes it has. */
MUST_USE enum err join_frame_parse(
	struct str bytes, enum join_type *ret_type, struct rd *ret_body, size_t *ret_size);
MUST_USE enum err join_hello_get(struct rd *body, struct join_hello *ret_hello);
MUST_USE enum err join_welcome_get(struct rd *body, struct join_welcome *ret_welcome);
MUST_USE enum err join_refused_get(struct rd *body, enum join_refusal *ret_why);
/* One sentence that says what to do. */
const char *join_refusal_text(enum join_refusal why);

enum join_from { JOIN_FROM_CONTROL, JOIN_FROM_EDGE };
/* binding: of the connection. spki: SHA-256 of Control's zone key. */
void join_proof(enum join_from from, const uint8_t secret[16], const uint8_t binding[32],
	const uint8_t spki[32], const char *zone, uint8_t ret_proof[32]);

/* Edge's side. p: the pending pairing; n_wrong: proofs that were wrong before. REFUSED_NONE: accept. */
enum join_refusal join_judge(const struct conf_pairing *p, const struct join_hello *h,
	const uint8_t binding[32], const uint8_t spki[32], uint64_t now_s, unsigned n_wrong);

#endif
