/* code.h - bytes as text: base64, base64url and base32. Pure. */
#ifndef BASE_CODE_H
#define BASE_CODE_H

#include "base/str.h"

/* Sizes of the texts, without NUL. */
#define BASE64_LEN(n) (((n) + 2) / 3 * 4)
#define BASE32_LEN(n) (((n)*8 + 4) / 5)

/* Both write a NUL; ret_z has room for the length above + 1. url: RFC 4648 section 5, no padding. */
size_t base64_put(const uint8_t *bytes, size_t n, bool url, char *ret_z);
/* Strict: canonical padding (none for url), no white space. ERR_FULL: more than size bytes. */
MUST_USE enum err base64_get(
	struct str text, bool url, uint8_t *ret_bytes, size_t size, size_t *ret_n);
/* Lower case, alphabet a-z2-7, no padding: safe in SIP tokens and host names. Any case is read. */
size_t base32_put(const uint8_t *bytes, size_t n, char *ret_z);
MUST_USE enum err base32_get(struct str text, uint8_t *ret_bytes, size_t size, size_t *ret_n);

#endif
