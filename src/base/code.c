/* code.c - base64 and base32 (RFC 4648), strict readers. */
#include <string.h>

#include "base/code.h"

static const char b64_std[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static const char b64_url[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
static const char b32[] = "abcdefghijklmnopqrstuvwxyz234567";

/* Writes n bytes as digits of the given number of bits, most significant first. */
static size_t put_digits(
	const uint8_t *bytes, size_t n, unsigned bits, const char *digits, char *ret_z)
{
	unsigned acc = 0, have = 0;
	size_t out = 0;

	for (size_t i = 0; i < n; i++) {
		acc = (acc << 8 | bytes[i]) & 0xffff;
		have += 8;
		while (have >= bits) {
			have -= bits;
			ret_z[out++] = digits[acc >> have & ((1u << bits) - 1)];
		}
	}
	if (have)
		ret_z[out++] = digits[acc << (bits - have) & ((1u << bits) - 1)];
	ret_z[out] = '\0';
	return out;
}

static enum err get_digits(struct str text, unsigned bits, const char *digits, bool is_folded,
	uint8_t *ret_bytes, size_t size, size_t *ret_n)
{
	unsigned acc = 0, have = 0;
	size_t out = 0;

	for (size_t i = 0; i < text.len; i++) {
		char c = is_folded ? ascii_lower(text.p[i]) : text.p[i];
		const char *at = c ? strchr(digits, c) : NULL;

		if (!at)
			return ERR_SYNTAX;
		acc = (acc << bits | (unsigned)(at - digits)) & 0xffff;
		have += bits;
		if (have < 8)
			continue;
		have -= 8;
		if (out == size)
			return ERR_FULL;
		ret_bytes[out++] = (uint8_t)(acc >> have);
	}
	/* what is left over is less than a digit and zero: each value has one text */
	if (have >= bits || (acc & ((1u << have) - 1)))
		return ERR_SYNTAX;
	*ret_n = out;
	return OK;
}

size_t base64_put(const uint8_t *bytes, size_t n, bool url, char *ret_z)
{
	size_t out = put_digits(bytes, n, 6, url ? b64_url : b64_std, ret_z);

	while (!url && out % 4)
		ret_z[out++] = '=';
	ret_z[out] = '\0';
	return out;
}

enum err base64_get(struct str text, bool url, uint8_t *ret_bytes, size_t size, size_t *ret_n)
{
	if (!url && text.len % 4)
		return ERR_SYNTAX;
	for (int i = 0; !url && i < 2 && text.len && text.p[text.len - 1] == '='; i++)
		text.len--;
	return get_digits(text, 6, url ? b64_url : b64_std, false, ret_bytes, size, ret_n);
}

size_t base32_put(const uint8_t *bytes, size_t n, char *ret_z)
{
	return put_digits(bytes, n, 5, b32, ret_z);
}

enum err base32_get(struct str text, uint8_t *ret_bytes, size_t size, size_t *ret_n)
{
	return get_digits(text, 5, b32, true, ret_bytes, size, ret_n);
}
