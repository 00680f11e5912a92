/* key.h - the key of a node's traversal zones: made once, known by its hash. */
#ifndef PAIR_KEY_H
#define PAIR_KEY_H

#include "base/rd.h"

/* A new P-256 key with a self-signed certificate in the node's name, as PEM: certificate, then key.
 * ERR_FULL: no memory, no chance, or w is too small. The caller wipes it. */
MUST_USE enum err zone_key_make(const char *name, struct wr *w);
/* SHA-256 of the SubjectPublicKeyInfo. ERR_SYNTAX: no such PEM; ERR_AUTH: they do not fit. */
MUST_USE enum err zone_key_hash(struct str pem, uint8_t ret_spki[32]);

#endif
