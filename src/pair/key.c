/* key.c - makes and reads the zone key; a home of libcrypto. Used by the command line alone: the node's
 * processes get the file from the keeper. */
#include "pair/key.h"

#include <string.h>

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include "base/crypt.h"
#include "tls/cert.h"

static void take_bytes(BIO *bio, struct wr *w)
{
	char *p = NULL;
	long len = BIO_get_mem_data(bio, &p);

	if (len > 0)
		wr_bytes(w, p, (size_t)len);
}

enum err zone_key_make(const char *name, struct wr *w)
{
	EVP_PKEY *key = EVP_EC_gen("P-256");
	X509 *cert = X509_new();
	BIO *bio = BIO_new(BIO_s_secmem());
	enum err err = ERR_FULL;

	if (key && cert && bio && cert_self_sign(cert, key, name, "Fosseway zone") &&
		PEM_write_bio_X509(bio, cert) == 1 &&
		PEM_write_bio_PKCS8PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL) == 1) {
		take_bytes(bio, w);
		err = w->err;
	}
	BIO_free(bio);
	X509_free(cert);
	EVP_PKEY_free(key);
	ERR_clear_error();
	return err;
}

static enum err hash_of_key(EVP_PKEY *key, uint8_t ret_spki[32])
{
	unsigned char *der = NULL;
	int len = i2d_PUBKEY(key, &der);

	if (len <= 0)
		return ERR_SYNTAX;
	sha256((struct str){(const char *)der, (size_t)len}, ret_spki);
	OPENSSL_free(der);
	return OK;
}

enum err zone_key_hash(struct str pem, uint8_t ret_spki[32])
{
	BIO *certs = BIO_new_mem_buf(pem.p, (int)pem.len),
	    *keys = BIO_new_mem_buf(pem.p, (int)pem.len);
	X509 *cert = certs ? PEM_read_bio_X509(certs, NULL, NULL, NULL) : NULL;
	EVP_PKEY *key = keys ? PEM_read_bio_PrivateKey(keys, NULL, NULL, NULL) : NULL;
	enum err err = ERR_SYNTAX;

	if (cert && key)
		err = X509_check_private_key(cert, key) == 1 ? hash_of_key(key, ret_spki)
		                                             : ERR_AUTH;
	X509_free(cert);
	EVP_PKEY_free(key);
	BIO_free(certs);
	BIO_free(keys);
	ERR_clear_error();
	return err;
}
