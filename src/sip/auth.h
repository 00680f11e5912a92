/* auth.h - digest authentication (RFC 7616, 8760): we challenge, and we answer our own link's
 * challenge.
 *
 * Nonces are stateless: time, salt and a MAC over realm and binding (zone and connection or
 * source), so an unauthenticated flood costs no memory. Only nonces that were used correctly once
 * have a place in a table, for their counters. Unknown users take the same path and time as known
 * ones.
 *
 * It must never compute a response to a challenge that it was not told to answer: whose challenge
 * that is, is the caller's to prove first. */
#ifndef SIP_AUTH_H
#define SIP_AUTH_H

#include "conf/conf.h"
#include "io/io.h"
#include "sip/msg.h"
#include "sip/value.h"

#define AUTH_NONCE_S     300u
#define AUTH_NONCE_LEN   48u
#define AUTH_NC_WINDOW   64u
#define AUTH_NONCES_USED 65536u

struct auth;

enum auth_verdict {
	AUTH_GOOD,
	AUTH_ABSENT, /* no credentials for this realm: challenge */
	AUTH_STALE, /* right, but the nonce is old or its count was used: challenge with stale=true */
	AUTH_WRONG /* challenge again; counted */
};

/* Whose password; filled by the caller for the user name that the request gives. */
struct auth_user {
	struct str password;                 /* or, when empty: */
	const uint8_t *ha1_sha256, *ha1_md5; /* NULL: not known */
};
/* NULL-like (false) for unknown users. */
typedef bool(auth_find_h)(void *arg, struct str user, struct auth_user *ret_user);

struct auth_ask {
	struct str realm;
	struct str binding; /* what the nonce is bound to: zone and conn, proved key, ... */
	bool has_md5;       /* MD5 is accepted beside SHA-256 */
	bool is_md5_only;   /* with has_md5: one challenge only, for clients that cannot read two */
	bool is_legacy;     /* answers without qop are accepted (RFC 2069) */
	bool is_proxy;      /* 407 and Proxy-Authorization */
	auth_find_h *find;
	void *arg;
};

MUST_USE enum err auth_new(struct io *io, const uint8_t key[32], struct auth **ret_auth);
void auth_free(struct auth *a);
/* ret_user: as which; untouched unless GOOD. */
enum auth_verdict auth_check(struct auth *a, const struct auth_ask *ask, const struct sip_msg *m,
	char *ret_user, size_t size);
/* The challenge lines of a 401 or 407: SHA-256 first, then MD5 (RFC 8760). */
void auth_put_challenge(struct auth *a, struct wr *w, const struct auth_ask *ask, bool is_stale);
/* Cuts credentials for our realm before a request goes on. True if that field is for the realm. */
bool auth_is_ours(const struct sip_msg *m, int field, struct str realm);
uint64_t auth_wrong_count(const struct auth *a);

/* The value of an Authorization header for a challenge that was proved to be for us: SHA-256 only.
 * ERR_NOENT: no SHA-256 challenge of that very realm in m; ERR_FULL. */
MUST_USE enum err auth_answer(struct io *io, const struct sip_msg *challenge, struct str realm,
	struct str user, struct str password, struct str method, struct str uri, struct wr *w);

/* KD(H(A1), nonce:nc:cnonce:qop:H(A2)) as hexadecimal digits (RFC 7616 3.4.1). qop empty: the old
 * form. ret: 65 bytes. */
enum auth_algorithm { AUTH_MD5, AUTH_SHA256 };
struct auth_parts {
	enum auth_algorithm algorithm;
	const uint8_t *ha1; /* 16 or 32 bytes */
	struct str nonce, nc, cnonce, qop, method, uri;
};
void auth_ha1(enum auth_algorithm algorithm, struct str user, struct str realm, struct str password,
	uint8_t ret[32]);
void auth_response(const struct auth_parts *p, char ret[65]);

#endif
