/* str.h - a slice of bytes that somebody else owns. Never NUL-terminated by contract.
 *
 * The empty slice is {NULL, 0} or any pointer with length 0. Compared as bytes; the "i" forms fold
 * ASCII letters only. Nothing here allocates. */
#ifndef BASE_STR_H
#define BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct str {
	const char *p;
	size_t len;
};

#define STR(literal) ((struct str){(literal), sizeof(literal) - 1})
#define STR_NONE     ((struct str){NULL, 0})
#define STR_FMT      "%.*s"
#define STR_ARG(s)   (int)(s).len, (s).p

struct str str_of(const char *z); /* NULL gives the empty slice */
struct str str_between(const char *from, const char *to);
bool str_eq(struct str a, struct str b);
bool str_ieq(struct str a, struct str b);
int str_cmp(struct str a, struct str b); /* byte order, shorter first */
bool str_has_prefix(struct str s, struct str prefix);
bool str_has_suffix(struct str s, struct str suffix);
struct str str_skip(struct str s, size_t n); /* without its first n bytes; n may be too large */
struct str str_head(struct str s, size_t n); /* its first n bytes at most */
struct str str_trim(struct str s);           /* without SP, TAB, CR, LF at both ends */
/* Index of the first c, or s.len. */
size_t str_find(struct str s, char c);
/* Cuts the part before the first c off *s (c is dropped); whole *s and an empty rest without c. */
struct str str_cut(struct str *s, char c);
/* Decimal digits only, at least one, <= max. */
MUST_USE enum err str_u64(struct str s, uint64_t max, uint64_t *ret_value);
MUST_USE enum err str_hex(
	struct str s, uint8_t *ret_bytes, size_t len); /* exactly 2 * len digits */
/* Copies into a fixed array and terminates it; false (and cut) if it did not fit. */
bool str_copy(struct str s, char *ret_z, size_t size);
/* 2 * len lower-case digits and a NUL. */
void str_put_hex(const uint8_t *bytes, size_t len, char *ret_z);

static inline char ascii_lower(char c)
{
	return (char)(c >= 'A' && c <= 'Z' ? c | 0x20 : c);
}

#endif
