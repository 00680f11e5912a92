/* base64, base64url, base32: the vectors of RFC 4648 section 10, all lengths both ways, one text each. */
#include <string.h>

#include "base/code.h"
#include "test.h"

static const struct {
	const char *plain, *b64, *b32;
} vectors[] = {{"", "", ""}, {"f", "Zg==", "my"}, {"fo", "Zm8=", "mzxq"}, {"foo", "Zm9v", "mzxw6"},
	{"foob", "Zm9vYg==", "mzxw6yq"}, {"fooba", "Zm9vYmE=", "mzxw6ytb"},
	{"foobar", "Zm9vYmFy", "mzxw6ytboi"}};

static void rfc_4648_vectors(void)
{
	for (size_t i = 0; i < sizeof vectors / sizeof vectors[0]; i++) {
		struct str s = str_of(vectors[i].plain);
		char z[32];
		uint8_t back[16];
		size_t n = 99;

		CHECK(base64_put((const uint8_t *)s.p, s.len, false, z) == BASE64_LEN(s.len));
		CHECK_STR(str_of(z), vectors[i].b64);
		CHECK(base64_get(str_of(z), false, back, sizeof back, &n) == OK);
		CHECK(n == s.len && memcmp(back, s.p, n) == 0);
		CHECK(base32_put((const uint8_t *)s.p, s.len, z) == BASE32_LEN(s.len));
		CHECK_STR(str_of(z), vectors[i].b32);
		CHECK(base32_get(str_of(z), back, sizeof back, &n) == OK);
		CHECK(n == s.len && memcmp(back, s.p, n) == 0);
	}
}

static void url_alphabet_has_no_padding(void)
{
	static const uint8_t bytes[] = {0xfb, 0xff, 0xfe, 0xff};
	char z[16];
	uint8_t back[4];
	size_t n;

	base64_put(bytes, 4, true, z);
	CHECK_STR(str_of(z), "-__-_w");
	CHECK(base64_get(STR("-__-_w"), true, back, 4, &n) == OK && n == 4);
	CHECK(memcmp(back, bytes, 4) == 0);
	CHECK(base64_get(STR("-__-_w=="), true, back, 4, &n) == ERR_SYNTAX);
	CHECK(base64_get(STR("+//+/w"), true, back, 4, &n) == ERR_SYNTAX);
	CHECK(base64_get(STR("-__-_w=="), false, back, 4, &n) == ERR_SYNTAX);
	CHECK(base64_get(STR("+//+/w=="), false, back, 4, &n) == OK);
}

static void every_value_has_one_text(void)
{
	static const char *const bad64[] = {"Z", "Zg", "Zg=", "Zg===", "Zh==", "Zm9=", "Zm8", "=",
		"==", "====", "Zg==Zg==", "Zm9v=", "Zm 9v", "Zm9v\n", "Z===", "A", "Zm9vYg",
		"Zm9\xff"};
	static const char *const bad32[] = {
		"m", "mz1", "mzx", "mz", "m8", "my======", "mzxw6y", "mzxwa=", "mzxw 6", "mzxw6\n"};
	uint8_t b[16];
	size_t n = 99;

	for (size_t i = 0; i < sizeof bad64 / sizeof bad64[0]; i++) {
		if (base64_get(str_of(bad64[i]), false, b, sizeof b, &n) == OK)
			printf("# read: \"%s\"\n", bad64[i]);
		CHECK(base64_get(str_of(bad64[i]), false, b, sizeof b, &n) == ERR_SYNTAX);
	}
	for (size_t i = 0; i < sizeof bad32 / sizeof bad32[0]; i++) {
		if (base32_get(str_of(bad32[i]), b, sizeof b, &n) == OK)
			printf("# read: \"%s\"\n", bad32[i]);
		CHECK(base32_get(str_of(bad32[i]), b, sizeof b, &n) == ERR_SYNTAX);
	}
	CHECK(base64_get(STR("Zm\0v"), false, b, sizeof b, &n) == ERR_SYNTAX);
	CHECK(n == 99);
	CHECK(base32_get(STR("MZXW6"), b, sizeof b, &n) == OK && n == 3);
}

static void all_lengths_both_ways_and_full(void)
{
	uint8_t in[256], back[256];
	char z[BASE32_LEN(256) + 1];
	size_t n;

	for (size_t i = 0; i < sizeof in; i++)
		in[i] = (uint8_t)(i * 37 + 11);
	for (size_t len = 0; len <= sizeof in; len++) {
		for (int url = 0; url < 2; url++) {
			struct str s = {z, base64_put(in, len, url, z)};

			CHECK(strlen(z) == s.len);
			CHECK(base64_get(s, url, back, len, &n) == OK);
			CHECK(n == len && memcmp(in, back, n) == 0);
			CHECK(!len || base64_get(s, url, back, len - 1, &n) == ERR_FULL);
		}
		struct str s = {z, base32_put(in, len, z)};
		CHECK(base32_get(s, back, len, &n) == OK);
		CHECK(n == len && memcmp(in, back, n) == 0);
		CHECK(!len || base32_get(s, back, len - 1, &n) == ERR_FULL);
	}
}

TEST_MAIN(T(rfc_4648_vectors), T(url_alphabet_has_no_padding), T(every_value_has_one_text),
	T(all_lengths_both_ways_and_full))
