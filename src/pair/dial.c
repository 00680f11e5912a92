/* dial.c - a join over one TLS connection; a home of libssl. Bytes go through memory: io knows streams,
 * OpenSSL knows records. No certificate's date or name is looked at: the token pins the key, so a wrong
 * clock does no harm. */
#include "pair/dial.h"

#include <string.h>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

#include "base/crypt.h"
#include "pair/key.h"

#define BINDING_LABEL "EXPORTER-Channel-Binding" /* RFC 9266 section 4.2 */
#define ALPN_WIRE     "\x0c" JOIN_ALPN

struct join_dial {
	struct io *io;
	struct join_want want;
	join_done_h *h;
	void *arg;
	SSL_CTX *ctx;
	SSL *ssl;
	struct stream *stream;
	struct timer timer; /* the time limit; 0 ms: tell the result */
	struct join_result result;
	bool is_over, is_open;
	uint8_t own_spki[32], binding[32];
	uint8_t in[JOIN_FRAME_MAX];
	size_t n_in;
};

static void dial_free(struct join_dial *d)
{
	timer_stop(&d->timer);
	stream_close(d->stream);
	SSL_free(d->ssl);
	SSL_CTX_free(d->ctx);
	explicit_bzero(d, sizeof *d);
	mem_free(d);
	ERR_clear_error();
}

/* Told in the next turn: whoever calls this is in the middle of something. */
static void finish(struct join_dial *d, enum join_end end, enum err err)
{
	if (d->is_over)
		return;
	d->is_over = true;
	d->result.end = end;
	d->result.err = err;
	timer_start(d->io, &d->timer, 0);
}

static void on_timer(void *arg)
{
	struct join_dial *d = arg;
	struct join_result result;

	if (!d->is_over) {
		d->result.end = JOIN_NO_ANSWER;
		d->result.err = ERR_TIMEOUT;
	}
	result = d->result;
	join_done_h *h = d->h;
	void *h_arg = d->arg;

	dial_free(d);
	h(h_arg, &result);
	explicit_bzero(&result, sizeof result);
}

/* ---- messages ---- */

static void flush(struct join_dial *d)
{
	char buf[4096];
	BIO *out = SSL_get_wbio(d->ssl);
	int n;

	while ((n = BIO_read(out, buf, sizeof buf)) > 0)
		stream_send(d->stream, (struct str){buf, (size_t)n});
}

static bool is_pinned(const struct join_dial *d)
{
	X509 *cert = SSL_get0_peer_certificate(d->ssl);
	unsigned char *der = NULL;
	int len = cert ? i2d_X509_PUBKEY(X509_get_X509_PUBKEY(cert), &der) : 0;
	uint8_t spki[SHA256_LEN];

	if (len <= 0)
		return false;
	sha256((struct str){(const char *)der, (size_t)len}, spki);
	OPENSSL_free(der);
	return crypt_equal(spki, d->want.token->spki, sizeof spki);
}

static bool speaks_join(const struct join_dial *d)
{
	const unsigned char *alpn = NULL;
	unsigned len = 0;

	SSL_get0_alpn_selected(d->ssl, &alpn, &len);
	return str_eq((struct str){(const char *)alpn, len}, STR(JOIN_ALPN));
}

static void say_hello(struct join_dial *d)
{
	const struct pair_token *t = d->want.token;
	struct join_hello hello = {.version = JOIN_VERSION};
	uint8_t buf[JOIN_FRAME_MAX];
	struct wr w = wr_of(buf, sizeof buf);

	(void)str_copy(str_of(t->zone), hello.zone, sizeof hello.zone);
	(void)str_copy(str_of(d->want.name), hello.name, sizeof hello.name);
	join_proof(JOIN_FROM_CONTROL, t->secret, d->binding, d->own_spki, t->zone, hello.proof);
	join_hello_put(&w, &hello);
	if (w.err || SSL_write(d->ssl, buf, (int)wr_len(&w)) <= 0)
		finish(d, JOIN_NO_TLS, ERR_FULL);
	flush(d);
}

static void take_welcome(struct join_dial *d, struct rd *body)
{
	const struct pair_token *t = d->want.token;
	uint8_t proof[32];

	if (join_welcome_get(body, &d->result.welcome) != OK) {
		finish(d, JOIN_NO_EDGE, ERR_SYNTAX);
		return;
	}
	join_proof(JOIN_FROM_EDGE, t->secret, d->binding, d->own_spki, t->zone, proof);
	if (crypt_equal(proof, d->result.welcome.proof, sizeof proof))
		finish(d, JOIN_OK, OK);
	else
		finish(d, JOIN_BAD_PROOF, ERR_AUTH);
	explicit_bzero(proof, sizeof proof);
}

static void take_frame(struct join_dial *d, enum join_type type, struct rd *body)
{
	if (type == JOIN_WELCOME)
		take_welcome(d, body);
	else if (type == JOIN_REFUSED && join_refused_get(body, &d->result.refusal) == OK)
		finish(d, JOIN_NOT_NOW, ERR_DENIED);
	else
		finish(d, JOIN_NO_EDGE, ERR_SYNTAX);
}

/* ---- the connection ---- */

static void opened(struct join_dial *d)
{
	d->is_open = true;
	if (!is_pinned(d)) {
		finish(d, JOIN_NEW_KEY, ERR_AUTH);
		return;
	}
	if (!speaks_join(d)) {
		finish(d, JOIN_NO_EDGE, ERR_UNSUPPORTED);
		return;
	}
	if (SSL_export_keying_material(d->ssl, d->binding, sizeof d->binding, BINDING_LABEL,
		    sizeof BINDING_LABEL - 1, NULL, 0, 0) != 1) {
		finish(d, JOIN_NO_TLS, ERR_UNSUPPORTED);
		return;
	}
	say_hello(d);
}

static void shake(struct join_dial *d)
{
	int done = SSL_do_handshake(d->ssl);
	int why = SSL_get_error(d->ssl, done);

	flush(d);
	if (done == 1)
		opened(d);
	else if (why != SSL_ERROR_WANT_READ && why != SSL_ERROR_WANT_WRITE)
		finish(d, JOIN_NO_TLS, ERR_AUTH);
}

static void take_bytes(struct join_dial *d, size_t n)
{
	enum join_type type;
	struct rd body;
	size_t size;
	enum err err;

	d->n_in += n;
	err = join_frame_parse((struct str){(const char *)d->in, d->n_in}, &type, &body, &size);
	if (err == OK)
		take_frame(d, type, &body);
	else if (err != ERR_MORE)
		finish(d, JOIN_NO_EDGE, err);
}

/* One call gives one TLS record at most, and several may be there. A frame is shorter than d->in. */
static void read_plain(struct join_dial *d)
{
	int n;

	while (!d->is_over &&
		(n = SSL_read(d->ssl, d->in + d->n_in, (int)(sizeof d->in - d->n_in))) > 0)
		take_bytes(d, (size_t)n);
}

static void on_opened(struct stream *s, void *arg)
{
	(void)s;
	shake(arg);
}

static size_t on_bytes(struct stream *s, struct str bytes, void *arg)
{
	struct join_dial *d = arg;

	(void)s;
	ERR_clear_error();
	if (BIO_write(SSL_get_rbio(d->ssl), bytes.p, (int)bytes.len) != (int)bytes.len)
		finish(d, JOIN_NO_TLS, ERR_FULL);
	if (!d->is_open && !d->is_over)
		shake(d);
	if (d->is_open && !d->is_over)
		read_plain(d);
	return bytes.len;
}

/* A refusal by TLS itself looks like this too: Edge lets in only who shows a key. */
static void on_lost(struct stream *s, enum err why, void *arg)
{
	struct join_dial *d = arg;

	(void)s;
	d->stream = NULL;
	finish(d, d->is_open ? JOIN_NO_EDGE : JOIN_NO_ANSWER, why);
}

/* ---- the start ---- */

static bool use_key(SSL_CTX *ctx, struct str pem)
{
	BIO *certs = BIO_new_mem_buf(pem.p, (int)pem.len),
	    *keys = BIO_new_mem_buf(pem.p, (int)pem.len);
	X509 *cert = certs ? PEM_read_bio_X509(certs, NULL, NULL, NULL) : NULL;
	EVP_PKEY *key = keys ? PEM_read_bio_PrivateKey(keys, NULL, NULL, NULL) : NULL;
	bool is_ok = cert && key && SSL_CTX_use_certificate(ctx, cert) == 1 &&
	             SSL_CTX_use_PrivateKey(ctx, key) == 1;

	X509_free(cert);
	EVP_PKEY_free(key);
	BIO_free(certs);
	BIO_free(keys);
	return is_ok;
}

static int accept_any(int ok, X509_STORE_CTX *store)
{
	(void)ok;
	(void)store;
	return 1; /* the key is compared with the token's after the handshake */
}

static bool prepare(struct join_dial *d)
{
	BIO *in = BIO_new(BIO_s_mem()), *out = BIO_new(BIO_s_mem());

	d->ctx = SSL_CTX_new(TLS_client_method());
	if (!in || !out || !d->ctx || !use_key(d->ctx, d->want.pem) ||
		!(d->ssl = SSL_new(d->ctx))) {
		BIO_free(in);
		BIO_free(out);
		return false;
	}
	SSL_set_bio(d->ssl, in, out);
	SSL_set_connect_state(d->ssl);
	SSL_set_verify(d->ssl, SSL_VERIFY_PEER, accept_any);
	return SSL_set_min_proto_version(d->ssl, TLS1_3_VERSION) == 1 &&
	       SSL_set_alpn_protos(d->ssl, (const uint8_t *)ALPN_WIRE, sizeof ALPN_WIRE - 1) == 0;
}

enum err join_dial(struct io *io, const struct join_want *want, join_done_h *h, void *arg)
{
	static const struct stream_ops ops = {
		.opened = on_opened, .bytes = on_bytes, .lost = on_lost};
	struct join_dial *d = mem_array(1, sizeof *d);
	enum err err = zone_key_hash(want->pem, d ? d->own_spki : (uint8_t[32]){0});

	if (!d)
		return ERR_FULL;
	d->io = io;
	d->want = *want;
	d->h = h;
	d->arg = arg;
	timer_init(&d->timer, on_timer, d);
	if (err == OK && !prepare(d))
		err = ERR_SYNTAX;
	d->want.pem = STR_NONE;
	if (err == OK)
		err = stream_dial(io, &want->from, &want->to, &ops, d, &d->stream);
	if (err) {
		dial_free(d);
		return err;
	}
	timer_start(io, &d->timer, want->timeout_ms);
	return OK;
}
