/* key.c - makes and reads the zone key; a home of libcrypto. Used by the command line alone: the node's
 * processes get the file from the keeper. */
#include "pair/key.h"

#include <string.h>

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "base/crypt.h"

#define DAY_S     86400L
#define CERT_DAYS 3650L /* pins, not dates, decide; other tools look at them */

static bool add_name(X509 *cert, const char *name)
{
	X509_NAME *subject = X509_get_subject_name(cert);
	GENERAL_NAMES *names = sk_GENERAL_NAME_new_null();
	GENERAL_NAME *dns = GENERAL_NAME_new();
	ASN1_IA5STRING *text = ASN1_IA5STRING_new();
	bool is_ok = names && dns && text && ASN1_STRING_set(text, name, -1);

	if (!is_ok) {
		ASN1_IA5STRING_free(text);
		GENERAL_NAME_free(dns);
		sk_GENERAL_NAME_free(names);
		return false;
	}
	GENERAL_NAME_set0_value(dns, GEN_DNS, text);
	is_ok = sk_GENERAL_NAME_push(names, dns) > 0;
	is_ok = is_ok && X509_add1_ext_i2d(cert, NID_subject_alt_name, names, 0, 0) == 1;
	is_ok = is_ok && X509_NAME_add_entry_by_txt(subject, "O", MBSTRING_ASC,
				 (const uint8_t *)"Fosseway zone", -1, -1, 0) == 1;
	is_ok = is_ok && X509_set_issuer_name(cert, subject) == 1;
	sk_GENERAL_NAME_pop_free(names, GENERAL_NAME_free);
	return is_ok;
}

static bool add_serial(X509 *cert)
{
	BIGNUM *n = BN_new();
	bool is_ok = n && BN_rand(n, 127, BN_RAND_TOP_ANY, BN_RAND_BOTTOM_ANY) &&
	             BN_to_ASN1_INTEGER(n, X509_get_serialNumber(cert));

	BN_free(n);
	return is_ok;
}

static bool self_sign(X509 *cert, EVP_PKEY *key, const char *name)
{
	return X509_set_version(cert, X509_VERSION_3) && add_serial(cert) &&
	       X509_gmtime_adj(X509_getm_notBefore(cert), -DAY_S) &&
	       X509_gmtime_adj(X509_getm_notAfter(cert), CERT_DAYS * DAY_S) &&
	       add_name(cert, name) && X509_set_pubkey(cert, key) &&
	       X509_sign(cert, key, EVP_sha256()) > 0;
}

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

	if (key && cert && bio && self_sign(cert, key, name) &&
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
