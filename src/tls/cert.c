/* cert.c - certificates that a node signs for itself: for a first call without a PKI, and for the zone key,
 * whose hash is pinned. Reads nothing. */
#include "tls/cert.h"

#include <openssl/x509v3.h>

#define DAY_S     86400L
#define CERT_DAYS 3650L

static GENERAL_NAME *dns_name(const char *name)
{
	GENERAL_NAME *dns = GENERAL_NAME_new();
	ASN1_IA5STRING *text = ASN1_IA5STRING_new();

	if (dns && text && ASN1_STRING_set(text, name, -1)) {
		GENERAL_NAME_set0_value(dns, GEN_DNS, text);
		return dns;
	}
	ASN1_IA5STRING_free(text);
	GENERAL_NAME_free(dns);
	return NULL;
}

static bool add_san(X509 *cert, const char *name)
{
	GENERAL_NAMES *names = sk_GENERAL_NAME_new_null();
	GENERAL_NAME *dns = dns_name(name);
	bool is_in = names && dns && sk_GENERAL_NAME_push(names, dns) > 0;
	bool is_ok = is_in && X509_add1_ext_i2d(cert, NID_subject_alt_name, names, 0, 0) == 1;

	if (!is_in)
		GENERAL_NAME_free(dns);
	sk_GENERAL_NAME_pop_free(names, GENERAL_NAME_free);
	return is_ok;
}

static bool add_names(X509 *cert, const char *name, const char *organisation)
{
	X509_NAME *subject = X509_get_subject_name(cert);

	return add_san(cert, name) &&
	       X509_NAME_add_entry_by_txt(subject, "O", MBSTRING_ASC,
		       (const unsigned char *)organisation, -1, -1, 0) == 1 &&
	       X509_set_issuer_name(cert, subject) == 1;
}

static bool add_serial(X509 *cert)
{
	BIGNUM *n = BN_new();
	bool is_ok = n && BN_rand(n, 127, BN_RAND_TOP_ANY, BN_RAND_BOTTOM_ANY) &&
	             BN_to_ASN1_INTEGER(n, X509_get_serialNumber(cert));

	BN_free(n);
	return is_ok;
}

bool cert_self_sign(X509 *cert, EVP_PKEY *key, const char *name, const char *organisation)
{
	return X509_set_version(cert, X509_VERSION_3) && add_serial(cert) &&
	       X509_gmtime_adj(X509_getm_notBefore(cert), -DAY_S) &&
	       X509_gmtime_adj(X509_getm_notAfter(cert), CERT_DAYS * DAY_S) &&
	       add_names(cert, name, organisation) && X509_set_pubkey(cert, key) &&
	       X509_sign(cert, key, EVP_sha256()) > 0;
}
