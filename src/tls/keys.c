/* keys.c - certificates, keys and contexts. TLS 1.2 and 1.3, AEAD suites with forward secrecy only; no
 * renegotiation, compression, tickets or early data. */
#include <string.h>

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "base/crypt.h"
#include "tls/cert.h"
#include "tls/keys.h"

#define ALPN_LINK     "fosse-link/1"
#define ALPN_JOIN     "fosse-join/1"
#define SUITES_12     "ECDHE+AESGCM:ECDHE+CHACHA20:!aNULL"
#define BINDING_LABEL "EXPORTER-Channel-Binding" /* RFC 9266 section 4.2 */

struct identity {
	X509 *cert;
	EVP_PKEY *key;
	STACK_OF(X509) * chain;
};

/* The store is made from these, anew whenever one of them changes. */
struct trust_file {
	char name[CONF_PATH];
	STACK_OF(X509) * certs; /* NULL: this place is free */
};

struct keys {
	struct identity ids[KEY_TRUST];
	struct trust_file trust_files[CONF_FEW];
	X509_STORE *trust;
	SSL_CTX *server, *client;
	char name[256];
};

static void identity_free(struct identity *id)
{
	X509_free(id->cert);
	EVP_PKEY_free(id->key);
	sk_X509_pop_free(id->chain, X509_free);
	*id = (struct identity){0};
}

static void trust_free(struct trust_file *f)
{
	sk_X509_pop_free(f->certs, X509_free);
	*f = (struct trust_file){0};
}

/* ECDSA P-256: cheap handshakes on one thread. */
static bool self_sign(const char *name, struct identity *id)
{
	id->key = EVP_EC_gen("P-256");
	id->cert = X509_new();
	return id->key && id->cert && cert_self_sign(id->cert, id->key, name, "Fosseway");
}

static int accept_any(int ok, X509_STORE_CTX *store)
{
	(void)ok;
	(void)store;
	return 1; /* identity is the key's hash, compared after the handshake */
}

/* A link's peer says which of our two protocols it speaks; others offer nothing that we choose. */
static int choose_alpn(SSL *ssl, const unsigned char **ret, unsigned char *ret_len,
	const unsigned char *in, unsigned in_len, void *arg)
{
	static const unsigned char ours[] = "\x0c" ALPN_LINK "\x0c" ALPN_JOIN;
	unsigned char *chosen;

	(void)ssl;
	(void)arg;
	if (SSL_select_next_proto(&chosen, ret_len, ours, sizeof ours - 1, in, in_len) !=
		OPENSSL_NPN_NEGOTIATED)
		return SSL_TLSEXT_ERR_NOACK;
	*ret = chosen;
	return SSL_TLSEXT_ERR_OK;
}

static SSL_CTX *context_new(const SSL_METHOD *method)
{
	SSL_CTX *ctx = SSL_CTX_new(method);

	if (!ctx)
		return NULL;
	SSL_CTX_set_min_proto_version(ctx, TLS1_2_VERSION);
	SSL_CTX_set_cipher_list(ctx, SUITES_12);
	SSL_CTX_set_options(ctx, SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION |
					 SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE |
					 SSL_OP_IGNORE_UNEXPECTED_EOF);
	SSL_CTX_set_num_tickets(ctx, 0);
	SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
	SSL_CTX_set_mode(ctx, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
				      SSL_MODE_RELEASE_BUFFERS);
	return ctx;
}

enum err keys_new(struct str name, struct keys **ret_keys)
{
	struct keys *k = mem_array(1, sizeof *k);
	bool is_ok = k != NULL;

	if (!k)
		return ERR_FULL;
	(void)str_copy(name, k->name, sizeof k->name);
	for (int use = 0; use < KEY_TRUST && is_ok; use++)
		is_ok = self_sign(k->name, &k->ids[use]);
	k->trust = X509_STORE_new();
	k->server = context_new(TLS_server_method());
	k->client = context_new(TLS_client_method());
	if (!is_ok || !k->trust || !k->server || !k->client) {
		keys_free(k);
		return ERR_FULL;
	}
	SSL_CTX_set_alpn_select_cb(k->server, choose_alpn, NULL);
	*ret_keys = k;
	return OK;
}

void keys_free(struct keys *k)
{
	if (!k)
		return;
	for (int use = 0; use < KEY_TRUST; use++)
		identity_free(&k->ids[use]);
	for (int i = 0; i < CONF_FEW; i++)
		trust_free(&k->trust_files[i]);
	X509_STORE_free(k->trust);
	SSL_CTX_free(k->server);
	SSL_CTX_free(k->client);
	mem_free(k);
}

/* ---- files ---- */

static const char no_cert[] = "it holds no certificate in PEM form";

static enum err read_identity(BIO *bio, struct identity *id)
{
	X509 *more;

	id->cert = PEM_read_bio_X509(bio, NULL, NULL, NULL);
	id->chain = sk_X509_new_null();
	if (!id->cert || !id->chain)
		return ERR_SYNTAX;
	while ((more = PEM_read_bio_X509(bio, NULL, NULL, NULL)))
		sk_X509_push(id->chain, more);
	ERR_clear_error();
	return OK;
}

/* A key under a passphrase is refused: there is nobody to ask. */
static int no_passphrase(char *buf, int size, int is_writing, void *arg)
{
	(void)buf;
	(void)size;
	(void)is_writing;
	(void)arg;
	return -1;
}

static enum err read_key(BIO *bio, struct identity *id, const char **ret_why)
{
	id->key = PEM_read_bio_PrivateKey(bio, NULL, no_passphrase, NULL);
	if (!id->key) {
		*ret_why = "it holds no private key in PEM form; one under a passphrase is none";
		return ERR_SYNTAX;
	}
	if (X509_check_private_key(id->cert, id->key) == 1)
		return OK;
	*ret_why = "key and certificate do not fit";
	return ERR_AUTH;
}

/* Certificates and key may stand in either order: the file is read twice. */
static enum err load_identity(struct str pem, struct identity *ret, const char **ret_why)
{
	struct identity id = {0};
	BIO *certs = BIO_new_mem_buf(pem.p, (int)pem.len),
	    *key = BIO_new_mem_buf(pem.p, (int)pem.len);
	enum err err = certs && key ? read_identity(certs, &id) : ERR_FULL;

	if (err == ERR_SYNTAX)
		*ret_why = no_cert;
	if (err == OK)
		err = read_key(key, &id, ret_why);
	BIO_free(certs);
	BIO_free(key);
	ERR_clear_error();
	if (err) {
		identity_free(&id);
		return err;
	}
	identity_free(ret);
	*ret = id;
	return OK;
}

/* All or nothing: of a damaged file nobody knows which authorities are missing. */
static enum err read_trust(BIO *bio, STACK_OF(X509) * certs, const char **ret_why)
{
	X509 *cert;
	bool is_at_end;

	while ((cert = PEM_read_bio_X509(bio, NULL, NULL, NULL))) {
		if (!sk_X509_push(certs, cert)) {
			X509_free(cert);
			return ERR_FULL;
		}
	}
	is_at_end = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
	ERR_clear_error();
	if (is_at_end && sk_X509_num(certs))
		return OK;
	*ret_why = is_at_end ? no_cert : "one of its certificates is damaged";
	return ERR_SYNTAX;
}

/* Certificates that two files hold are in the store once. */
static enum err make_store(struct keys *k)
{
	X509_STORE *store = X509_STORE_new();
	bool is_ok = store != NULL;

	for (int i = 0; i < CONF_FEW && is_ok; i++) {
		STACK_OF(X509) *certs = k->trust_files[i].certs;

		for (int c = 0; c < sk_X509_num(certs) && is_ok; c++)
			is_ok = X509_STORE_add_cert(store, sk_X509_value(certs, c)) == 1;
	}
	if (!is_ok) {
		X509_STORE_free(store);
		return ERR_FULL;
	}
	X509_STORE_free(k->trust); /* handshakes under way have a reference of their own */
	k->trust = store;
	return OK;
}

/* The place of a file: its own, or a free one. */
static struct trust_file *trust_place(struct keys *k, const char *name)
{
	struct trust_file *place = NULL;

	for (int i = 0; i < CONF_FEW; i++) {
		struct trust_file *f = &k->trust_files[i];

		if (f->certs && strcmp(f->name, name) == 0)
			return f;
		if (!f->certs)
			place = f;
	}
	return place;
}

static enum err load_trust(struct keys *k, const char *name, struct str pem, const char **ret_why)
{
	struct trust_file *place = trust_place(k, name), file = {.certs = sk_X509_new_null()};
	BIO *bio = BIO_new_mem_buf(pem.p, (int)pem.len);
	enum err err = ERR_FULL;

	if (place && bio && file.certs && str_copy(str_of(name), file.name, sizeof file.name))
		err = read_trust(bio, file.certs, ret_why);
	BIO_free(bio);
	if (err) {
		trust_free(&file);
		return err;
	}
	trust_free(place);
	*place = file;
	return make_store(k);
}

static bool is_in(const char *name, const char (*names)[CONF_PATH], size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (strcmp(name, names[i]) == 0)
			return true;
	}
	return false;
}

void keys_trust_only(struct keys *k, const char (*names)[CONF_PATH], size_t n)
{
	for (int i = 0; i < CONF_FEW; i++) {
		struct trust_file *f = &k->trust_files[i];

		if (f->certs && !is_in(f->name, names, n))
			trust_free(f);
	}
	(void)!make_store(
		k); /* no memory: the old store, which trusts more, until the next change */
}

#define FILE_MAX (4 * 1024 * 1024) /* a distribution's store is 220 KiB */

/* Takes the fd. */
static enum err read_file(int fd, char *text, size_t *ret_len, const char **ret_why)
{
	BIO *bio = BIO_new_fd(fd, BIO_CLOSE);
	size_t len = 0;
	int n = 0;

	if (!bio)
		return ERR_FULL;
	(void)BIO_seek(
		bio, 0); /* a predecessor has read it to its end: both have the keeper's file */
	while (len < FILE_MAX && (n = BIO_read(bio, text + len, (int)(FILE_MAX - len))) > 0)
		len += (size_t)n;
	BIO_free(bio);
	*ret_len = len;
	if (n <= 0)
		return OK;
	*ret_why = "it is larger than 4 MiB";
	return ERR_RANGE;
}

enum err keys_load(struct keys *k, enum key_use use, const char *name, int fd, const char **ret_why)
{
	char *text = mem_array(FILE_MAX, 1);
	size_t len = 0;
	enum err err;

	*ret_why = "there is no memory for it";
	if (!text) {
		BIO_free(BIO_new_fd(fd, BIO_CLOSE));
		return ERR_FULL;
	}
	err = read_file(fd, text, &len, ret_why);
	if (err == OK && use == KEY_TRUST)
		err = load_trust(k, name, (struct str){text, len}, ret_why);
	else if (err == OK)
		err = load_identity((struct str){text, len}, &k->ids[use], ret_why);
	OPENSSL_cleanse(text, len);
	mem_free(text);
	return err;
}

/* ---- handshakes ---- */

static bool use_identity(SSL *ssl, const struct identity *id)
{
	return SSL_use_cert_and_key(ssl, id->cert, id->key, id->chain, 1) == 1;
}

static bool set_verify(SSL *ssl, struct keys *k, const struct handshake *h)
{
	X509_VERIFY_PARAM *param = SSL_get0_param(ssl);
	int mode = h->is_server && !h->is_link && h->verify == TLS_VERIFY_NONE ? SSL_VERIFY_NONE
	                                                                       : SSL_VERIFY_PEER;

	if (h->is_link || h->is_mutual)
		mode |= SSL_VERIFY_FAIL_IF_NO_PEER_CERT;
	if (h->verify != TLS_VERIFY_CA) {
		SSL_set_verify(ssl, mode, accept_any);
		return true;
	}
	SSL_set_verify(ssl, mode, NULL);
	if (h->accept_server_eku)
		X509_VERIFY_PARAM_set_purpose(param, X509_PURPOSE_ANY);
	return SSL_set1_verify_cert_store(ssl, k->trust) == 1;
}

static bool set_client(SSL *ssl, const struct handshake *h)
{
	unsigned char alpn[33];
	size_t len = h->alpn ? strlen(h->alpn) : 0;
	struct addr literal;

	SSL_set_connect_state(ssl);
	/* RFC 6066 section 3: no literal addresses in SNI */
	if (h->name && *h->name && addr_parse_host(str_of(h->name), &literal) != OK &&
		SSL_set_tlsext_host_name(ssl, h->name) != 1)
		return false;
	if (!len || len >= sizeof alpn)
		return !len;
	alpn[0] = (unsigned char)len;
	memcpy(alpn + 1, h->alpn, len);
	return SSL_set_alpn_protos(ssl, alpn, (unsigned)(len + 1)) == 0;
}

SSL *keys_handshake(struct keys *k, const struct handshake *h)
{
	const struct identity *id = &k->ids[h->is_link     ? KEY_ZONE
					    : h->is_server ? KEY_SERVER
							   : KEY_CLIENT];
	SSL *ssl = SSL_new(h->is_server ? k->server : k->client);
	BIO *in = BIO_new(BIO_s_mem()), *out = BIO_new(BIO_s_mem());

	if (!ssl || !in || !out || !use_identity(ssl, id) || !set_verify(ssl, k, h) ||
		(!h->is_server && !set_client(ssl, h))) {
		BIO_free(in);
		BIO_free(out);
		SSL_free(ssl);
		ERR_clear_error();
		return NULL;
	}
	if (h->is_link)
		SSL_set_min_proto_version(ssl, TLS1_3_VERSION);
	if (h->is_server)
		SSL_set_accept_state(ssl);
	SSL_set_bio(ssl, in, out);
	return ssl;
}

static bool is_name(const ASN1_IA5STRING *text, const char *prefix, const char *name)
{
	struct str s = {
		(const char *)ASN1_STRING_get0_data(text), (size_t)ASN1_STRING_length(text)};
	size_t n = strlen(prefix);

	return s.len > n && str_ieq(str_head(s, n), str_of(prefix)) &&
	       str_ieq(str_skip(s, n), str_of(name));
}

static bool is_address(const ASN1_OCTET_STRING *octets, const struct addr *a)
{
	size_t n = a->family == AF_V6 ? 16 : 4;

	return (size_t)ASN1_STRING_length(octets) == n &&
	       memcmp(ASN1_STRING_get0_data(octets), a->ip, n) == 0;
}

static bool is_sip_uri(const ASN1_IA5STRING *text)
{
	struct str s = {
		(const char *)ASN1_STRING_get0_data(text), (size_t)ASN1_STRING_length(text)};

	return str_ieq(str_head(s, 4), STR("sip:"));
}

bool keys_has_name(const X509 *cert, const char *name)
{
	GENERAL_NAMES *names = X509_get_ext_d2i(cert, NID_subject_alt_name, NULL, NULL);
	struct addr literal = {0};
	bool is_literal = addr_parse_host(str_of(name), &literal) == OK;
	bool names_uris = false, has_uri = false, has_other = false;

	for (int i = 0; i < sk_GENERAL_NAME_num(names); i++) {
		const GENERAL_NAME *g = sk_GENERAL_NAME_value(names, i);

		if (g->type == GEN_URI) {
			names_uris |= is_sip_uri(g->d.uniformResourceIdentifier);
			has_uri |= is_name(g->d.uniformResourceIdentifier, "sip:", name);
		} else if (g->type == GEN_DNS) {
			has_other |= !is_literal && is_name(g->d.dNSName, "", name);
		} else if (g->type == GEN_IPADD) {
			has_other |= is_literal && is_address(g->d.iPAddress, &literal);
		}
	}
	GENERAL_NAMES_free(names);
	return names_uris ? has_uri : has_other; /* the other names count only where no URI is */
}

static void spki_of(const X509 *cert, uint8_t ret[SHA256_LEN])
{
	unsigned char *der = NULL;
	int len = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(cert), &der);

	if (len > 0)
		sha256((struct str){(const char *)der, (size_t)len}, ret);
	OPENSSL_free(der);
}

void keys_peer_facts(SSL *ssl, const char *name, struct peer *ret_peer)
{
	X509 *cert = SSL_get0_peer_certificate(ssl);
	const char *sni = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);
	const unsigned char *alpn;
	unsigned alpn_len;

	ret_peer->is_tls = true;
	ret_peer->has_spki = cert != NULL;
	if (cert) {
		spki_of(cert, ret_peer->spki);
		if (*name && keys_has_name(cert, name))
			(void)str_copy(str_of(name), ret_peer->san, sizeof ret_peer->san);
	}
	(void)str_copy(str_of(sni), ret_peer->sni, sizeof ret_peer->sni);
	SSL_get0_alpn_selected(ssl, &alpn, &alpn_len);
	(void)str_copy(
		(struct str){(const char *)alpn, alpn_len}, ret_peer->alpn, sizeof ret_peer->alpn);
	ret_peer->has_binding =
		SSL_export_keying_material(ssl, ret_peer->binding, sizeof ret_peer->binding,
			BINDING_LABEL, sizeof BINDING_LABEL - 1, NULL, 0, 0) == 1;
}
