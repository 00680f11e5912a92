/* crypt.h - hashes, keyed hashes and key derivation; the home of libcrypto besides TLS and DTLS.
 *
 * Secrets are compared in constant time and wiped by the caller (explicit_bzero). A failure of the
 * library itself aborts: it means no memory or a broken build, never bad input. */
#ifndef BASE_CRYPT_H
#define BASE_CRYPT_H

#include "base/str.h"

#define SHA256_LEN 32
#define MD5_LEN    16

void sha256(struct str bytes, uint8_t ret[SHA256_LEN]);
void hmac_sha256(struct str key, struct str bytes, uint8_t ret[SHA256_LEN]);
void hmac_sha1(struct str key, struct str bytes, uint8_t ret[20]);
void md5(struct str bytes, uint8_t ret[MD5_LEN]); /* digest authentication only (RFC 7616) */
/* HKDF-SHA-256 (RFC 5869); len <= 255 * 32. An empty salt is allowed. */
void hkdf_sha256(struct str key, struct str salt, struct str info, uint8_t *ret, size_t len);
bool crypt_equal(const void *a, const void *b, size_t len); /* constant time */
bool crypt_equal_str(struct str a, struct str b);           /* length may show, content not */

#endif
