/* h235.h - who sent a message: the tokens of H.235 in RAS and call signalling.
 *
 * Two kinds: the MD5 password hash (cryptoEPPwdHash, cryptoGKPwdHash: H.235 annex D of old, what most
 * gatekeepers and endpoints speak) and the HMAC-SHA1-96 over the whole message of H.235.1, editions 1 and
 * 2. Pure: no clock, no memory of what was seen; whoever asks compares time and random with his own. The
 * octets received are what is hashed, never a message encoded anew. */
#ifndef H323_H235_H
#define H323_H235_H

#include "h323/value.h"

#define H235_HASH_LEN 12 /* octets of HMAC-SHA1-96 */

enum h235_kind { H235_PASSWORD, H235_HMAC };

/* What a token says of itself, before it is checked. */
struct h235_claim {
	enum h235_kind kind;
	char sender[H323_ALIAS_MAX +
		    1]; /* whose password: an alias, a gatekeeper's or an endpoint's identifier */
	char general[H323_ALIAS_MAX + 1]; /* H235_HMAC: who is meant; or "" */
	uint32_t time;                    /* s since 1970; 0: none */
	int64_t random;                   /* H235_HMAC; 0: none */
	uint8_t hash[16];                 /* of this message: what a repetition would have again */
	uint16_t token;                   /* its node */
};

/* The first token that we know in a list of CryptoH323Token. ERR_NOENT: none. ERR_SYNTAX: one that does
 * not hold what it must. */
MUST_USE enum err h235_claim_get(
	const struct per_tree *t, uint16_t crypto_tokens, struct h235_claim *ret_claim);
/* Does the password fit? t: as it was read, unchanged. work: a tree to use. ERR_AUTH: no. */
MUST_USE enum err h235_check(const struct per_tree *t, const struct h235_claim *claim,
	struct str password, struct per_tree *work);

/* Appends the password hash of id (an endpoint's alias, or a gatekeeper's identifier) to a list. */
MUST_USE enum err h235_put_password(struct per_tree *t, uint16_t crypto_tokens, bool is_gatekeeper,
	const char *id, struct str password, uint32_t time, struct per_tree *work);
/* Appends the token of H.235.1 with an empty hash; h235_seal() fills it in when the message is written. */
MUST_USE enum err h235_put_hmac(struct per_tree *t, uint16_t crypto_tokens, const char *sender,
	const char *general, uint32_t time, int64_t random);
/* The message as it will be sent, whole: hashed, and the hash put in its place. ERR_NOENT: it has no token. */
MUST_USE enum err h235_seal(const struct per_schema *schema, uint16_t type,
	const uint16_t *tokens_path, uint8_t *message, size_t len, struct str password,
	struct per_tree *work);

#endif
