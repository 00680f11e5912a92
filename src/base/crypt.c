/* crypt.c - thin calls into libcrypto. Keeps no state, logs nothing. */
#include <stdlib.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "base/crypt.h"

static void must(bool is_ok)
{
	if (!is_ok)
		abort();
}

static void digest(const EVP_MD *md, struct str bytes, uint8_t *ret)
{
	must(EVP_Digest(bytes.p, bytes.len, ret, NULL, md, NULL) == 1);
}

static void hmac(const EVP_MD *md, struct str key, struct str bytes, uint8_t *ret)
{
	unsigned len = 0;

	/* an empty key must still be a pointer: NULL means "as before" to HMAC() */
	must(HMAC(md, key.len ? key.p : "", (int)key.len,
		     (const uint8_t *)(bytes.len ? bytes.p : ""), bytes.len, ret, &len) != NULL);
}

void sha256(struct str bytes, uint8_t ret[SHA256_LEN])
{
	digest(EVP_sha256(), bytes, ret);
}

void sha1(struct str bytes, uint8_t ret[SHA1_LEN])
{
	digest(EVP_sha1(), bytes, ret);
}

void md5(struct str bytes, uint8_t ret[MD5_LEN])
{
	digest(EVP_md5(), bytes, ret);
}

void hmac_sha256(struct str key, struct str bytes, uint8_t ret[SHA256_LEN])
{
	hmac(EVP_sha256(), key, bytes, ret);
}

void hmac_sha1(struct str key, struct str bytes, uint8_t ret[SHA1_LEN])
{
	hmac(EVP_sha1(), key, bytes, ret);
}

/* RFC 5869 by two HMACs: the library's own KDF wants parameter lists and gains nothing here. */
void hkdf_sha256(struct str key, struct str salt, struct str info, uint8_t *ret, size_t len)
{
	uint8_t prk[SHA256_LEN], block[SHA256_LEN], in[SHA256_LEN + 256 + 1];
	size_t have = 0, done = 0;
	uint8_t zero[SHA256_LEN] = {0};

	must(info.len <= 256 && len <= 255u * SHA256_LEN);
	hmac_sha256(salt.len ? salt : (struct str){(const char *)zero, sizeof zero}, key, prk);
	for (uint8_t i = 1; done < len; i++) {
		size_t n = have, part;

		for (size_t k = 0; k < have; k++)
			in[k] = block[k];
		for (size_t k = 0; k < info.len; k++)
			in[n++] = (uint8_t)info.p[k];
		in[n++] = i;
		hmac_sha256((struct str){(const char *)prk, sizeof prk},
			(struct str){(const char *)in, n}, block);
		have = sizeof block;
		part = len - done < have ? len - done : have;
		for (size_t k = 0; k < part; k++)
			ret[done + k] = block[k];
		done += part;
	}
	OPENSSL_cleanse(prk, sizeof prk);
	OPENSSL_cleanse(block, sizeof block);
	OPENSSL_cleanse(in, sizeof in);
}

void aes_ctr_stream(struct str key, const uint8_t block[AES_BLOCK], uint8_t *ret, size_t len)
{
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	int n = 0;

	must(ctx != NULL && (key.len == 16 || key.len == 32) && len <= 4096);
	must(EVP_EncryptInit_ex(ctx, key.len == 16 ? EVP_aes_128_ctr() : EVP_aes_256_ctr(), NULL,
		     (const uint8_t *)key.p, block) == 1);
	for (size_t i = 0; i < len; i++)
		ret[i] = 0;
	must(EVP_EncryptUpdate(ctx, ret, &n, ret, (int)len) == 1 && (size_t)n == len);
	EVP_CIPHER_CTX_free(ctx);
}

/* Decrypts in pieces, to nowhere. */
static void gcm_run(EVP_CIPHER_CTX *ctx, struct str cipher)
{
	uint8_t plain[256];
	int n;

	while (cipher.len) {
		struct str piece =
			str_head(cipher, cipher.len < sizeof plain ? cipher.len : sizeof plain);

		must(EVP_DecryptUpdate(ctx, plain, &n, (const uint8_t *)piece.p, (int)piece.len) ==
			1);
		cipher = str_skip(cipher, piece.len);
	}
	OPENSSL_cleanse(plain, sizeof plain);
}

bool aes_gcm_is_authentic(struct str key, const uint8_t iv[AES_GCM_IV], struct str covered,
	struct str cipher, const uint8_t tag[AES_GCM_TAG])
{
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	uint8_t expected[AES_GCM_TAG], none[AES_BLOCK];
	bool is_authentic;
	int n;

	for (size_t i = 0; i < sizeof expected; i++)
		expected[i] = tag[i];
	must(ctx != NULL && (key.len == 16 || key.len == 32));
	must(EVP_DecryptInit_ex(ctx, key.len == 16 ? EVP_aes_128_gcm() : EVP_aes_256_gcm(), NULL,
		     (const uint8_t *)key.p, iv) == 1);
	must(!covered.len || EVP_DecryptUpdate(ctx, NULL, &n, (const uint8_t *)covered.p,
				     (int)covered.len) == 1);
	gcm_run(ctx, cipher);
	must(EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_GCM_SET_TAG, sizeof expected, expected) == 1);
	is_authentic = EVP_DecryptFinal_ex(ctx, none, &n) == 1;
	EVP_CIPHER_CTX_free(ctx);
	return is_authentic;
}

bool crypt_equal(const void *a, const void *b, size_t len)
{
	return CRYPTO_memcmp(a, b, len) == 0;
}

bool crypt_equal_str(struct str a, struct str b)
{
	return a.len == b.len && (a.len == 0 || crypt_equal(a.p, b.p, a.len));
}
