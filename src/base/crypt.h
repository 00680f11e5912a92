/* crypt.h - hashes, keyed hashes and key derivation; the home of libcrypto besides TLS and DTLS.
 *
 * Secrets are compared in constant time and wiped by the caller (explicit_bzero). A failure of the
 * library itself aborts: it means no memory or a broken build, never bad input. */
#ifndef BASE_CRYPT_H
#define BASE_CRYPT_H

#include "base/str.h"

#define SHA256_LEN  32
#define SHA1_LEN    20
#define MD5_LEN     16
#define AES_BLOCK   16
#define AES_GCM_IV  12
#define AES_GCM_TAG 16

void sha256(struct str bytes, uint8_t ret[SHA256_LEN]);
void sha1(struct str bytes, uint8_t ret[SHA1_LEN]); /* where a standard asks for it (H.235.1) */
void hmac_sha256(struct str key, struct str bytes, uint8_t ret[SHA256_LEN]);
void hmac_sha1(struct str key, struct str bytes, uint8_t ret[SHA1_LEN]);
void md5(struct str bytes, uint8_t ret[MD5_LEN]); /* digest authentication only (RFC 7616) */
/* HKDF-SHA-256 (RFC 5869); len <= 255 * 32. An empty salt is allowed. */
void hkdf_sha256(struct str key, struct str salt, struct str info, uint8_t *ret, size_t len);
/* The key stream of AES in counter mode, from this block on; key: 16 or 32 bytes. */
void aes_ctr_stream(struct str key, const uint8_t block[AES_BLOCK], uint8_t *ret, size_t len);
/* AES-GCM (16 or 32 bytes of key): whether the tag fits. The plain text is not wanted. */
bool aes_gcm_is_authentic(struct str key, const uint8_t iv[AES_GCM_IV], struct str covered,
	struct str cipher, const uint8_t tag[AES_GCM_TAG]);
bool crypt_equal(const void *a, const void *b, size_t len); /* constant time */
bool crypt_equal_str(struct str a, struct str b);           /* length may show, content not */

#endif
