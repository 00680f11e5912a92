/* Known answers: MD5 (RFC 1321 appendix A.5), SHA-256 (FIPS 180), HMAC-SHA-256 (RFC 4231), HMAC-SHA-1
 * (RFC 2202), HKDF (RFC 5869 appendix A), AES-CTR (SP 800-38A F.5), AES-GCM (its paper, test case 2). */
#include <string.h>

#include "base/crypt.h"
#include "test.h"

static struct str repeat(char *buf, int c, size_t n)
{
	memset(buf, c, n);
	return (struct str){buf, n};
}

static struct str count_up(char *buf, int from, size_t n)
{
	for (size_t i = 0; i < n; i++)
		buf[i] = (char)(from + (int)i);
	return (struct str){buf, n};
}

static bool is_hex(const uint8_t *bytes, size_t n, const char *hex)
{
	char z[8200];

	str_put_hex(bytes, n, z);
	if (strncmp(z, hex, strlen(hex)) == 0)
		return true;
	printf("# %s\n# is not %s\n", z, hex);
	return false;
}

static void md5_of_rfc_1321(void)
{
	static const char *const rows[][2] = {{"", "d41d8cd98f00b204e9800998ecf8427e"},
		{"a", "0cc175b9c0f1b6a831c399e269772661"},
		{"abc", "900150983cd24fb0d6963f7d28e17f72"},
		{"message digest", "f96b697d7cb7938d525a2f31aaf161d0"},
		{"abcdefghijklmnopqrstuvwxyz", "c3fcd3d76192e4007dfb496cca67e13b"},
		{"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
			"d174ab98d277d9f5a5611c2c9f419d9f"},
		{"123456789012345678901234567890123456789012345678901234567890123456789012345678"
		 "90",
			"57edf4a22be3c955ac49da2e2107b67a"}};
	uint8_t out[MD5_LEN];

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		md5(str_of(rows[i][0]), out);
		CHECK(is_hex(out, sizeof out, rows[i][1]));
	}
	md5(STR_NONE, out);
	CHECK(is_hex(out, sizeof out, rows[0][1]));
}

static void sha256_of_fips_180(void)
{
	uint8_t out[SHA256_LEN];

	sha256(STR_NONE, out);
	CHECK(is_hex(out, 32, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
	sha256(STR("abc"), out);
	CHECK(is_hex(out, 32, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
}

static void hmac_of_rfc_4231(void)
{
	static const char big[] = "This is a test using a larger than block-size key and a larger "
				  "than block-size data. The key needs to be hashed before being "
				  "used by the HMAC algorithm.";
	char k[131], d[64];
	uint8_t out[SHA256_LEN];

	hmac_sha256(repeat(k, 0x0b, 20), STR("Hi There"), out);
	CHECK(is_hex(out, 32, "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"));
	hmac_sha256(STR("Jefe"), STR("what do ya want for nothing?"), out);
	CHECK(is_hex(out, 32, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"));
	hmac_sha256(repeat(k, 0xaa, 20), repeat(d, 0xdd, 50), out);
	CHECK(is_hex(out, 32, "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"));
	hmac_sha256(count_up(k, 1, 25), repeat(d, 0xcd, 50), out);
	CHECK(is_hex(out, 32, "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"));
	hmac_sha256(repeat(k, 0x0c, 20), STR("Test With Truncation"), out);
	CHECK(is_hex(out, 16, "a3b6167473100ee06e0c796c2955552b"));
	hmac_sha256(repeat(k, 0xaa, 131),
		STR("Test Using Larger Than Block-Size Key - Hash Key First"), out);
	CHECK(is_hex(out, 32, "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"));
	hmac_sha256(repeat(k, 0xaa, 131), str_of(big), out);
	CHECK(is_hex(out, 32, "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"));
}

/* An empty key is a key of its own, not "the key as before". */
static void an_empty_key_is_a_key(void)
{
	uint8_t out[SHA256_LEN];

	hmac_sha256(STR("Jefe"), STR("x"), out);
	hmac_sha256(STR_NONE, STR_NONE, out);
	CHECK(is_hex(out, 32, "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad"));
}

static void hmac_sha1_of_rfc_2202(void)
{
	char k[20];
	uint8_t out[20];

	hmac_sha1(repeat(k, 0x0b, 20), STR("Hi There"), out);
	CHECK(is_hex(out, 20, "b617318655057264e28bc0b6fb378c8ef146be00"));
	hmac_sha1(STR("Jefe"), STR("what do ya want for nothing?"), out);
	CHECK(is_hex(out, 20, "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"));
}

static void hkdf_of_rfc_5869(void)
{
	char ikm[80], salt[80], info[80];
	uint8_t out[82];

	hkdf_sha256(
		repeat(ikm, 0x0b, 22), count_up(salt, 0, 13), count_up(info, 0xf0, 10), out, 42);
	CHECK(is_hex(out, 42,
		"3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b88718"
		"5865"));
	hkdf_sha256(
		count_up(ikm, 0, 80), count_up(salt, 0x60, 80), count_up(info, 0xb0, 80), out, 82);
	CHECK(is_hex(out, 82,
		"b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac78272"
		"71cb41c65e590e09da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f"
		"1d87"));
	hkdf_sha256(repeat(ikm, 0x0b, 22), STR_NONE, STR_NONE, out, 42);
	CHECK(is_hex(out, 42,
		"8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a"
		"96c8"));
}

static void hkdf_at_its_limits(void)
{
	static uint8_t longest[255 * SHA256_LEN], shorter[33];
	uint8_t sum[SHA256_LEN], zero[1] = {7};

	hkdf_sha256(STR("k"), STR_NONE, STR_NONE, longest, sizeof longest);
	sha256((struct str){(const char *)longest, sizeof longest}, sum);
	CHECK(is_hex(sum, 32, "5f2fe4180e267577c5cfa77f2bb546e2c2fe7b605612ecadd145f099ecd87571"));
	hkdf_sha256(STR("k"), STR_NONE, STR_NONE, shorter, sizeof shorter);
	CHECK(memcmp(longest, shorter, sizeof shorter) == 0);
	hkdf_sha256(STR("k"), STR_NONE, STR_NONE, zero, 0);
	CHECK(zero[0] == 7);
}

static void equality(void)
{
	CHECK(crypt_equal("abc", "abc", 3));
	CHECK(!crypt_equal("abc", "abd", 3));
	CHECK(!crypt_equal("abc", "bbc", 3));
	CHECK(crypt_equal_str(STR("a"), STR("a")));
	CHECK(!crypt_equal_str(STR("a"), STR("ab")));
	CHECK(!crypt_equal_str(STR("a"), STR_NONE));
	CHECK(crypt_equal_str(STR_NONE, STR("")));
}

static struct str hex(const char *z, uint8_t *buf)
{
	size_t n = strlen(z) / 2;

	CHECK(str_hex(str_of(z), buf, n) == OK);
	return (struct str){(const char *)buf, n};
}

static void aes_ctr_of_sp_800_38a(void)
{
	static const char *const rows[][2] = {
		{"2b7e151628aed2a6abf7158809cf4f3c", "ec8cdf7398607cb0f2d21675ea9ea1e4"},
		{"603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4",
			"0bdf7df1591716335e9a8b15c860c502"}};
	uint8_t block[AES_BLOCK], key[32], got[AES_BLOCK];

	for (size_t i = 0; i < AES_BLOCK; i++)
		block[i] = (uint8_t)(0xf0 + i);
	for (size_t i = 0; i < 2; i++) {
		aes_ctr_stream(hex(rows[i][0], key), block, got, sizeof got);
		CHECK(is_hex(got, sizeof got, rows[i][1]));
	}
}

static void aes_gcm_of_its_paper(void)
{
	uint8_t zero[AES_BLOCK] = {0}, cipher[16], tag[16];
	struct str key = {(const char *)zero, 16},
		   text = hex("0388dace60b6a392f328c2b971b2fe78", cipher);

	(void)hex("ab6e47d42cec13bdf53a67b21257bddf", tag);
	CHECK(aes_gcm_is_authentic(key, zero, STR(""), text, tag));
	CHECK(!aes_gcm_is_authentic(key, zero, STR("a"), text, tag));
	CHECK(!aes_gcm_is_authentic(key, zero, STR(""), str_head(text, 15), tag));
	tag[15] ^= 1;
	CHECK(!aes_gcm_is_authentic(key, zero, STR(""), text, tag));
	(void)hex("58e2fccefa7e3061367f1d57a4e7455a", tag); /* test case 1: nothing */
	CHECK(aes_gcm_is_authentic(key, zero, STR(""), STR(""), tag));
}

TEST_MAIN(T(md5_of_rfc_1321), T(sha256_of_fips_180), T(hmac_of_rfc_4231), T(an_empty_key_is_a_key),
	T(hmac_sha1_of_rfc_2202), T(hkdf_of_rfc_5869), T(hkdf_at_its_limits),
	T(aes_ctr_of_sp_800_38a), T(aes_gcm_of_its_paper), T(equality))
