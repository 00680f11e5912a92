/* world.h - what the tests of tls/ stand on: fosse-tls's object on the kernel's io, signalling at the other
 * end of a channel, and peers that are OpenSSL itself, over loopback.
 *
 * The address policy never allows loopback, so this program has one of its own that allows all: whatever
 * links this must not rely on addr_policy.c. */
#ifndef TESTS_TLS_WORLD_H
#define TESTS_TLS_WORLD_H

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "base/crypt.h"
#include "io/kernel.h"
#include "tls/keys.h"
#include "tls/tls.h"

enum err addr_policy(const struct addr_ctx *ctx, enum addr_use use, const struct addr *a,
	struct addr_ok *ret_ok, const char **ret_why)
{
	(void)ctx;
	(void)use;
	(void)ret_why;
	ret_ok->addr = *a;
	return OK;
}

static const char edge_text[] =
	"version: 1\n"
	"node: {role: edge, name: edge.example.com, addresses: {inside: 198.51.100.10, outside: "
	"198.51.100.10}}\n"
	"sip: {udp: true, tls: true, mtls: true, domains: [example.com], tls_handshake_timeout: "
	"1s}\n"
	"zones:\n"
	"  - {name: control, type: traversal-server, username: u, password: p, "
	"tls: {subject: control.example.com}, sip: {port: 7001, transport: tls}}\n"
	"address_policy: {documentation: allow}\n"
	"limits: {connections: 64, handshakes: 8, handshakes_per_source: 4}\n";

/* What signalling got. */
struct got_conn {
	struct peer peer;
	struct stream *stream;
	char text[4096];
	size_t len, n_bytes;
	bool is_lost;
	size_t take; /* how much its reader takes per call; 0: all */
};

static struct {
	struct io *io;
	struct ipc *ipc, *sig;
	struct alarms *alarms;
	struct tls *tls;
	struct conf *conf;
	struct plan plan;
	struct addr link, public, mutual; /* the listeners */
	struct got_conn conns[16];
	size_t n_conns;
	/* of the last dial */
	bool is_answered;
	enum err err;
	char why[256];
} world;

/* ---- signalling ---- */

static inline size_t on_plain(struct stream *s, struct str bytes, void *arg)
{
	struct got_conn *c = arg;
	size_t n = c->take && c->take < bytes.len ? c->take : bytes.len;
	size_t room = sizeof c->text - c->len;

	(void)s;
	memcpy(c->text + c->len, bytes.p, n < room ? n : room);
	c->len += n < room ? n : room;
	c->n_bytes += n;
	return n;
}

static inline void on_plain_lost(struct stream *s, enum err why, void *arg)
{
	struct got_conn *c = arg;

	(void)s;
	(void)why;
	c->is_lost = true;
	c->stream = NULL;
}

static const struct stream_ops conn_ops = {.bytes = on_plain, .lost = on_plain_lost};

static inline void take_conn(const struct peer *peer, int fd)
{
	struct got_conn *c = &world.conns[world.n_conns++];

	*c = (struct got_conn){.peer = *peer};
	if (world.n_conns == 16 || stream_adopt(world.io, fd, peer, &conn_ops, c, &c->stream) != OK)
		abort();
}

static inline void sig_put(
	void *arg, enum process_id from, enum kind kind, uint64_t h, struct rd *body, int fd)
{
	struct peer peer;

	(void)arg;
	(void)from;
	(void)h;
	if (kind != ROW_CONN || fd == NO_FD) {
		io_close_fd(world.io, fd);
		return;
	}
	if (peer_get(body, &peer) != OK)
		abort();
	take_conn(&peer, fd);
}

static inline void tls_side_ask(void *arg, struct ipc_ask *ask, enum process_id from,
	enum kind kind, uint64_t h, struct rd *body, int fd)
{
	(void)arg, (void)from, (void)h, (void)kind;
	io_close_fd(world.io, fd);
	tls_ask(world.tls, ask, body);
}

static inline void on_dialled(
	void *arg, enum err err, struct str why, const struct peer *peer, int fd)
{
	(void)arg;
	world.is_answered = true;
	world.err = err;
	(void)str_copy(why, world.why, sizeof world.why);
	if (err == OK)
		take_conn(peer, fd);
}

/* ---- the world ---- */

static inline void conf_said(void *arg, const struct conf_error *e)
{
	(void)arg;
	if (!e->is_warning)
		printf("# conf %u: %.*s\n", e->line, (int)e->text.len, e->text.p);
}

static inline void world_free(void)
{
	if (!world.io)
		return;
	tls_free(world.tls);
	alarms_free(world.alarms);
	ipc_free(world.ipc);
	ipc_free(world.sig);
	io_free(world.io);
	free(world.conf);
	memset(&world, 0, sizeof world);
}

static inline void turns(int n)
{
	while (n--) {
		if (io_run_once(world.io, 1) != OK)
			abort();
	}
}

/* Turns until it is so, or for half a second. */
#define UNTIL(cond)                                                                                \
	for (int until = 0; until < 500 && !(cond); until++)                                       \
	turns(1)

/* An address of this program alone, so that tests may run side by side. */
static inline struct addr own_address(uint16_t port)
{
	unsigned pid = (unsigned)getpid();

	return addr_v4(127, (uint8_t)(1 + pid % 250), (uint8_t)(pid / 250), 1, port);
}

static inline bool world_init(const char *yaml)
{
	static const struct ipc_ops tls_ops = {.ask = tls_side_ask};
	static const struct ipc_ops sig_ops = {.put = sig_put};
	struct conf_input in = {.text = str_of(yaml), .file = "test"};
	struct tls_deps deps;
	int a, b;

	world_free();
	(void)signal(SIGPIPE, SIG_IGN); /* of OpenSSL's writes to sockets that we closed */
	world.conf = calloc(1, sizeof *world.conf);
	if (!world.conf || conf_load(&in, world.conf, conf_said, NULL) != OK ||
		io_new("edge", "test", &world.io) != OK ||
		ipc_new(world.io, P_TLS, &tls_ops, NULL, &world.ipc) != OK ||
		ipc_new(world.io, P_SIG, &sig_ops, NULL, &world.sig) != OK ||
		alarms_new(world.io, world.ipc, &world.alarms) != OK ||
		chan_pair(world.io, &a, &b) != OK || ipc_edge(world.ipc, P_SIG, a) != OK ||
		ipc_edge(world.sig, P_TLS, b) != OK)
		return false;
	io_log(world.io)->sink = NULL;
	conf_to_plan(world.conf, false, &world.plan);
	io_set_plan(world.io, &world.plan);
	deps = (struct tls_deps){world.io, world.ipc, world.alarms, world.conf};
	world.link = own_address(7001);
	world.public = own_address(5061);
	world.mutual = own_address(5062);
	return tls_new(&deps, &world.tls) == OK &&
	       tls_listen(world.tls, PLAN_LINK_TLS, &world.link, NO_FD) == OK &&
	       tls_listen(world.tls, PLAN_PUBLIC_TLS_IN, &world.public, NO_FD) == OK &&
	       tls_listen(world.tls, PLAN_EXTRA_MTLS_IN, &world.mutual, NO_FD) == OK;
}

static inline void close_conn(struct got_conn *c)
{
	stream_close(c->stream);
	c->stream = NULL;
}

/* ---- keys ---- */

struct pair {
	X509 *cert;
	EVP_PKEY *key;
	uint8_t spki[32];
};

/* san: as in openssl.cnf, "DNS:a, URI:sip:b"; by: who signs, NULL: itself. */
static inline struct pair pair_new(const char *cn, const char *san, const struct pair *by)
{
	struct pair p = {X509_new(), EVP_EC_gen("P-256"), {0}};
	X509_NAME *name = X509_get_subject_name(p.cert);
	X509_EXTENSION *ext;
	unsigned char *der = NULL;
	int len;

	X509_set_version(p.cert, X509_VERSION_3);
	ASN1_INTEGER_set(X509_get_serialNumber(p.cert), 7);
	X509_gmtime_adj(X509_getm_notBefore(p.cert), -86400);
	X509_gmtime_adj(X509_getm_notAfter(p.cert), 86400);
	X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const unsigned char *)cn, -1, -1, 0);
	X509_set_issuer_name(p.cert, by ? X509_get_subject_name(by->cert) : name);
	X509_set_pubkey(p.cert, p.key);
	if (san && (ext = X509V3_EXT_conf_nid(NULL, NULL, NID_subject_alt_name, san))) {
		X509_add_ext(p.cert, ext, -1);
		X509_EXTENSION_free(ext);
	}
	if (!by && (ext = X509V3_EXT_conf_nid(NULL, NULL, NID_basic_constraints, "CA:TRUE"))) {
		X509_add_ext(p.cert, ext, -1);
		X509_EXTENSION_free(ext);
	}
	X509_sign(p.cert, by ? by->key : p.key, EVP_sha256());
	len = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(p.cert), &der);
	sha256((struct str){(const char *)der, (size_t)len}, p.spki);
	OPENSSL_free(der);
	return p;
}

static inline void pair_free(struct pair *p)
{
	X509_free(p->cert);
	EVP_PKEY_free(p->key);
	*p = (struct pair){0};
}

/* An open PEM file, as the keeper hands it over. */
static inline int pem_of(const struct pair *p, bool with_key, const char *passphrase)
{
	int fd = memfd_create("pem", MFD_CLOEXEC);
	FILE *f = fdopen(dup(fd), "w");

	if (p->cert)
		PEM_write_X509(f, p->cert);
	if (with_key)
		PEM_write_PrivateKey(f, p->key, passphrase ? EVP_aes_128_cbc() : NULL,
			(const unsigned char *)passphrase, passphrase ? (int)strlen(passphrase) : 0,
			NULL, NULL);
	fclose(f);
	lseek(fd, 0, SEEK_SET);
	return fd;
}

/* ---- peers ---- */

struct far_end {
	int fd;
	SSL_CTX *ctx;
	SSL *ssl;
	bool is_open, is_failed;
};

static inline int raw_dial(const struct addr *to)
{
	struct sockaddr_in sa = {.sin_family = AF_INET, .sin_port = htons(to->port)};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	memcpy(&sa.sin_addr, to->ip, 4);
	if (connect(fd, (struct sockaddr *)&sa, sizeof sa) < 0)
		abort();
	(void)fcntl(fd, F_SETFL, O_NONBLOCK);
	return fd;
}

static inline void far_new(struct far_end *f, int fd, bool is_server, const struct pair *p)
{
	*f = (struct far_end){.fd = fd};
	f->ctx = SSL_CTX_new(is_server ? TLS_server_method() : TLS_client_method());
	SSL_CTX_set_verify(f->ctx, SSL_VERIFY_NONE, NULL);
	f->ssl = SSL_new(f->ctx);
	if (p && SSL_use_cert_and_key(f->ssl, p->cert, p->key, NULL, 1) != 1)
		abort();
	SSL_set_fd(f->ssl, fd);
	if (is_server)
		SSL_set_accept_state(f->ssl);
	else
		SSL_set_connect_state(f->ssl);
}

static inline void far_dial(struct far_end *f, const struct addr *to, const struct pair *p)
{
	far_new(f, raw_dial(to), false, p);
}

static inline void far_alpn(struct far_end *f, const char *alpn)
{
	unsigned char wire[40] = {(unsigned char)strlen(alpn)};

	memcpy(wire + 1, alpn, strlen(alpn));
	SSL_set_alpn_protos(f->ssl, wire, wire[0] + 1u);
}

static inline void far_free(struct far_end *f)
{
	SSL_free(f->ssl);
	SSL_CTX_free(f->ctx);
	if (f->fd > 0)
		(void)close(f->fd);
	*f = (struct far_end){0};
}

static inline void far_step(struct far_end *f)
{
	int n, why;

	ERR_clear_error();
	n = SSL_do_handshake(f->ssl);
	why = SSL_get_error(f->ssl, n);
	if (n == 1)
		f->is_open = true;
	else if (why != SSL_ERROR_WANT_READ && why != SSL_ERROR_WANT_WRITE)
		f->is_failed = true;
}

/* Both sides work until the far end is open and its connection is with signalling, or one gave up. */
static inline bool far_shake(struct far_end *f)
{
	size_t before = world.n_conns;

	for (int i = 0; i < 400 && !f->is_failed; i++) {
		if (!f->is_open)
			far_step(f);
		turns(1);
		if (f->is_open && world.n_conns > before)
			return true;
	}
	return false;
}

/* What the far end reads; -1: nothing now, 0: the end. */
static inline int far_read(struct far_end *f, char *buf, int size)
{
	int n;

	ERR_clear_error();
	n = SSL_read(f->ssl, buf, size);
	if (n > 0)
		return n;
	return SSL_get_error(f->ssl, n) == SSL_ERROR_WANT_READ ? -1 : 0;
}

/* As far_read, with some patience. */
static inline int far_hears(struct far_end *f, char *buf, int size)
{
	int n = -1;

	for (int i = 0; i < 500 && (n = far_read(f, buf, size)) < 0; i++)
		turns(1);
	return n;
}

static inline bool far_write(struct far_end *f, const char *text)
{
	return SSL_write(f->ssl, text, (int)strlen(text)) == (int)strlen(text);
}

#endif
