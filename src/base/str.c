/* str.c - slices of bytes. Knows no protocol, allocates nothing, calls no system. */
#include <string.h>

#include "base/str.h"

struct str str_of(const char *z)
{
	return z ? (struct str){z, strlen(z)} : STR_NONE;
}

struct str str_between(const char *from, const char *to)
{
	return (struct str){from, (size_t)(to - from)};
}

bool str_eq(struct str a, struct str b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.p, b.p, a.len) == 0);
}

bool str_ieq(struct str a, struct str b)
{
	if (a.len != b.len)
		return false;
	for (size_t i = 0; i < a.len; i++) {
		if (ascii_lower(a.p[i]) != ascii_lower(b.p[i]))
			return false;
	}
	return true;
}

int str_cmp(struct str a, struct str b)
{
	size_t n = a.len < b.len ? a.len : b.len;
	int order = n ? memcmp(a.p, b.p, n) : 0;

	if (order)
		return order;
	return a.len < b.len ? -1 : a.len > b.len;
}

bool str_has_prefix(struct str s, struct str prefix)
{
	return s.len >= prefix.len && str_eq(str_head(s, prefix.len), prefix);
}

bool str_has_suffix(struct str s, struct str suffix)
{
	return s.len >= suffix.len && str_eq(str_skip(s, s.len - suffix.len), suffix);
}

struct str str_skip(struct str s, size_t n)
{
	return n < s.len ? (struct str){s.p + n, s.len - n} : STR_NONE;
}

struct str str_head(struct str s, size_t n)
{
	return (struct str){s.p, n < s.len ? n : s.len};
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct str str_trim(struct str s)
{
	while (s.len && is_blank(s.p[0]))
		s = str_skip(s, 1);
	while (s.len && is_blank(s.p[s.len - 1]))
		s.len--;
	return s;
}

size_t str_find(struct str s, char c)
{
	const char *at = s.len ? memchr(s.p, c, s.len) : NULL;

	return at ? (size_t)(at - s.p) : s.len;
}

struct str str_cut(struct str *s, char c)
{
	size_t at = str_find(*s, c);
	struct str head = str_head(*s, at);

	*s = str_skip(*s, at + 1);
	return head;
}

enum err str_u64(struct str s, uint64_t max, uint64_t *ret_value)
{
	uint64_t value = 0;

	if (!s.len)
		return ERR_SYNTAX;
	for (size_t i = 0; i < s.len; i++) {
		unsigned digit = (unsigned)(unsigned char)s.p[i] - '0';

		if (digit > 9)
			return ERR_SYNTAX;
		if (value > (max - (digit > max ? max : digit)) / 10)
			return ERR_RANGE;
		value = value * 10 + digit;
	}
	if (value > max)
		return ERR_RANGE;
	*ret_value = value;
	return OK;
}

static int nibble(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = ascii_lower(c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

enum err str_hex(struct str s, uint8_t *ret_bytes, size_t len)
{
	if (s.len != 2 * len)
		return ERR_SYNTAX;
	for (size_t i = 0; i < s.len; i++) {
		if (nibble(s.p[i]) < 0)
			return ERR_SYNTAX;
	}
	for (size_t i = 0; i < len; i++)
		ret_bytes[i] = (uint8_t)(nibble(s.p[2 * i]) << 4 | nibble(s.p[2 * i + 1]));
	return OK;
}

bool str_copy(struct str s, char *ret_z, size_t size)
{
	size_t n = s.len < size ? s.len : size - 1;

	if (n)
		memcpy(ret_z, s.p, n);
	ret_z[n] = '\0';
	return n == s.len;
}

void str_put_hex(const uint8_t *bytes, size_t len, char *ret_z)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < len; i++) {
		ret_z[2 * i] = digits[bytes[i] >> 4];
		ret_z[2 * i + 1] = digits[bytes[i] & 15];
	}
	ret_z[2 * len] = '\0';
}
