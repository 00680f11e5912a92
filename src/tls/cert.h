/* cert.h - certificates that a node signs for itself: what they say is its name and its key. Pins judge
 * them, not their dates. */
#ifndef TLS_CERT_H
#define TLS_CERT_H

#include <stdbool.h>

#include <openssl/x509.h>

#include "base/err.h"

/* Fills and signs an empty certificate for this key: version 3, a random serial, ten years from yesterday
 * on, the name as its SAN. False: no memory, or no chance. */
MUST_USE bool cert_self_sign(X509 *cert, EVP_PKEY *key, const char *name, const char *organisation);

#endif
