/* keys.h - key material and contexts: what OpenSSL needs to speak for us and to judge a peer. */
#ifndef TLS_KEYS_H
#define TLS_KEYS_H

#include <openssl/ssl.h>

#include "io/io.h"
#include "tls/tls.h"

struct keys;

/* name: the node's, for certificates made here. Every use begins with a fresh self-signed key until a
 * file replaces it, so that a first call needs no PKI. */
MUST_USE enum err keys_new(struct str name, struct keys **ret_keys);
void keys_free(struct keys *k);
/* As tls_key_file: KEY_TRUST adds the file to the store, or replaces what it held under its name. */
MUST_USE enum err keys_load(
	struct keys *k, enum key_use use, const char *name, int fd, const char **ret_why);
/* Certificates of files that are not in this list are trusted no more. */
void keys_trust_only(struct keys *k, const char (*names)[CONF_PATH], size_t n);

/* What a handshake asks for. */
struct handshake {
	bool is_server, is_link; /* is_link: the zone key, TLS 1.3, a certificate from the peer */
	uint8_t verify;          /* enum tls_verify */
	bool is_mutual;          /* server: a client without a certificate is refused */
	bool accept_server_eku;
	const char *name; /* client: SNI and, with TLS_VERIFY_CA, the name to be proved; "": none */
	const char *alpn; /* client: offered; server: NULL */
};
/* NULL: no memory. The caller owns it. */
SSL *keys_handshake(struct keys *k, const struct handshake *h);

/* After the handshake: what the peer proved. name: what its certificate should name, or "". */
void keys_peer_facts(SSL *ssl, const char *name, struct peer *ret_peer);
/* RFC 5922 section 7.1: URI sip:name first, then DNS name, IP address for a literal; never the CN, no
 * wildcards. */
bool keys_has_name(const X509 *cert, const char *name);

#endif
