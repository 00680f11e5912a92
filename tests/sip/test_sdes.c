/* a=crypto: the examples of RFC 4568, 6188 and 7714, what senders write besides, what is no key for us. */
#include <string.h>

#include "base/code.h"
#include "sip/sdes.h"
#include "test.h"

#define KEY30 "d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj"
#define KEY46 "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLQ=="
#define KEY28 "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGw=="
#define KEY44 "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKis="

static struct srtp_key keys[SRTP_KEYS_MAX];
static uint32_t tag;
static uint8_t n_keys;

static enum err read(const char *text)
{
	memset(keys, 0, sizeof keys);
	tag = 0;
	return sdes_read(str_of(text), &tag, keys, &n_keys);
}

static void every_suite(void)
{
	static const struct {
		const char *text;
		enum srtp_suite suite;
	} rows[] = {{"1 AES_CM_128_HMAC_SHA1_80 inline:" KEY30, SRTP_AES_CM_128_80},
		{"2 AES_CM_128_HMAC_SHA1_32 inline:" KEY30, SRTP_AES_CM_128_32},
		{"3 AES_256_CM_HMAC_SHA1_80 inline:" KEY46, SRTP_AES_CM_256_80},
		{"4 AES_256_CM_HMAC_SHA1_32 inline:" KEY46, SRTP_AES_CM_256_32},
		{"5 AES_CM_256_HMAC_SHA1_80 inline:" KEY46, SRTP_AES_CM_256_80},
		{"6 AEAD_AES_128_GCM inline:" KEY28, SRTP_AES_GCM_128},
		{"7 AEAD_AES_256_GCM inline:" KEY44, SRTP_AES_GCM_256}};

	for (uint32_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		CHECK(read(rows[i].text) == OK && n_keys == 1 && tag == i + 1);
		CHECK(keys[0].suite == rows[i].suite && keys[0].tag == tag && !keys[0].n_mki);
	}
	CHECK(keys[0].master[0] == 0 && keys[0].master[43] == 43);
}

static void lifetimes_and_mkis(void)
{
	CHECK(read("1 AES_CM_128_HMAC_SHA1_80 inline:" KEY30 "|2^20|1:4") == OK && n_keys == 1);
	CHECK(keys[0].n_mki == 4 && memcmp(keys[0].mki, "\0\0\0\1", 4) == 0);
	CHECK(read("1 AES_CM_128_HMAC_SHA1_80 inline:" KEY30 "|2^31") == OK && n_keys == 1);
	CHECK(!keys[0].n_mki);
	CHECK(read("1 AES_CM_128_HMAC_SHA1_80 inline:" KEY30 "|1066:4") == OK && n_keys == 1);
	CHECK(memcmp(keys[0].mki, "\0\0\4\52", 4) == 0);
	/* RFC 4568 section 9.2: two keys */
	CHECK(read("1 AES_CM_128_HMAC_SHA1_80 inline:" KEY30 "|2^20|1:2;inline:" KEY30
		   "|2^20|2:2") == OK);
	CHECK(n_keys == 2 && keys[0].mki[1] == 1 && keys[1].mki[1] == 2 && keys[1].tag == 1);
}

static void what_senders_write_besides(void)
{
	CHECK(read("1 aes_cm_128_hmac_sha1_80 INLINE:" KEY30) == OK && n_keys == 1);
	CHECK(read("1 AEAD_AES_128_GCM inline:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGw") == OK);
	CHECK(n_keys == 1 && keys[0].master[27] == 27); /* no padding */
	CHECK(read("1 AES_CM_128_HMAC_SHA1_80 inline:" KEY30 " WSH=4000 -later=7") == OK);
	CHECK(n_keys == 1);
	CHECK(read("1 AES_CM_128_HMAC_SHA1_80 inline:" KEY30 " UNENCRYPTED_SRTCP") == OK);
	CHECK(n_keys == 1);
}

static void no_key_for_us(void)
{
	static const char *const rows[] = {"1 F8_128_HMAC_SHA1_80 inline:" KEY30,
		"1 AES_CM_128_HMAC_SHA1_80 inline:" KEY30 " KDR=10",
		"1 AES_CM_128_HMAC_SHA1_80 inline:" KEY30 " UNAUTHENTICATED_SRTP",
		"1 AES_CM_128_HMAC_SHA1_80 inline:" KEY30 " FEC_ORDER=SRTP_FEC",
		"1 AES_CM_128_HMAC_SHA1_80 inline:" KEY30 " LATER",
		"1 AEAD_AES_128_GCM inline:" KEY28 " UNENCRYPTED_SRTCP",
		"1 AES_CM_128_HMAC_SHA1_80 inline:" KEY46,
		"1 AES_CM_128_HMAC_SHA1_80 inline:", "1 AES_CM_128_HMAC_SHA1_80 inline:" KEY30 "x",
		"1 AES_CM_128_HMAC_SHA1_80 uri:" KEY30,
		"1 AES_CM_128_HMAC_SHA1_80 inline:" KEY30 "|1:5",
		"1 AES_CM_128_HMAC_SHA1_80 inline:" KEY30 "|256:1",
		"1 AES_CM_128_HMAC_SHA1_80 inline:" KEY30 "|1:0",
		"1 AES_CM_128_HMAC_SHA1_80 inline:" KEY30 ";inline:" KEY30,
		"1 AES_CM_128_HMAC_SHA1_80 inline:" KEY30 "|1:1;inline:" KEY30 "|2:2"};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		CHECK(read(rows[i]) == OK && n_keys == 0 && tag == 1);
}

static void no_such_line(void)
{
	static const char *const rows[] = {"", "1", "1 ", "1 AES_CM_128_HMAC_SHA1_80",
		"x AES_CM_128_HMAC_SHA1_80 inline:" KEY30, "1  inline:" KEY30,
		"4294967296 AES_CM_128_HMAC_SHA1_80 inline:" KEY30};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		CHECK(read(rows[i]) == ERR_SYNTAX && n_keys == 0);
}

static void a_seventh_key_is_too_many(void)
{
	char text[1000] = "1 AES_CM_128_HMAC_SHA1_80 ";

	for (int i = 0; i < SRTP_KEYS_MAX; i++) {
		size_t at = strlen(text);

		snprintf(text + at, sizeof text - at, "%sinline:" KEY30 "|%d:1", i ? ";" : "", i);
	}
	CHECK(read(text) == OK && n_keys == SRTP_KEYS_MAX);
	strcat(text, ";inline:" KEY30 "|9:1");
	CHECK(read(text) == OK && n_keys == 0);
}

TEST_MAIN(T(every_suite), T(lifetimes_and_mkis), T(what_senders_write_besides), T(no_key_for_us),
	T(no_such_line), T(a_seventh_key_is_too_many))
