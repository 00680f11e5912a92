/* test_dial.c - Control's side of a join against an Edge that is OpenSSL in a process of its own, over
 * loopback: every way in which it can end. */
#include "pair/dial.h"

#include <arpa/inet.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <openssl/pem.h>
#include <openssl/ssl.h>

#include "io/kernel.h"
#include "pair/key.h"
#include "test.h"

enum edge {
	EDGE_WELCOMES,
	EDGE_REFUSES,
	EDGE_HAS_NO_JOIN, /* another protocol is chosen */
	EDGE_LIES,        /* its own proof is wrong */
	EDGE_BABBLES,     /* no frame */
	EDGE_SPLITS,      /* one byte at a time */
	EDGE_IS_PLAIN,    /* no TLS */
	EDGE_IS_SILENT,   /* accepts and says nothing */
	EDGE_HANGS_UP     /* after the handshake */
};

static const uint8_t secret[16] = {7};
static char edge_pem[8192], control_pem[8192];
static struct io *io;
static struct plan plan;
static struct join_result result;
static bool is_done;

/* ---- Edge ---- */

static int choose(SSL *ssl, const unsigned char **ret, unsigned char *ret_len,
	const unsigned char *in, unsigned in_len, void *arg)
{
	static const unsigned char join[] = "fosse-join/1";

	(void)ssl;
	if (arg || in_len != sizeof join || memcmp(in + 1, join, sizeof join - 1) != 0)
		return SSL_TLSEXT_ERR_NOACK;
	*ret = join;
	*ret_len = sizeof join - 1;
	return SSL_TLSEXT_ERR_OK;
}

static int accept_any(int ok, X509_STORE_CTX *store)
{
	(void)ok;
	(void)store;
	return 1;
}

static SSL *server(int fd, enum edge edge)
{
	SSL_CTX *ctx = SSL_CTX_new(TLS_server_method());
	BIO *bio = BIO_new_mem_buf(edge_pem, -1);
	SSL *ssl;

	SSL_CTX_use_certificate(ctx, PEM_read_bio_X509(bio, NULL, NULL, NULL));
	SSL_CTX_use_PrivateKey(ctx, PEM_read_bio_PrivateKey(bio, NULL, NULL, NULL));
	SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, accept_any);
	SSL_CTX_set_alpn_select_cb(ctx, choose, edge == EDGE_HAS_NO_JOIN ? ctx : NULL);
	SSL_CTX_set_num_tickets(ctx, 0);
	ssl = SSL_new(ctx);
	SSL_set_fd(ssl, fd);
	return ssl;
}

static void write_answer(SSL *ssl, const struct wr *w, size_t step)
{
	struct str rest = wr_done(w);

	while (rest.len) {
		size_t n = rest.len < step ? rest.len : step;

		if (SSL_write(ssl, rest.p, (int)n) <= 0)
			_exit(1);
		rest = str_skip(rest, n);
	}
}

/* Whoever says this hello knows the secret; else the answer would not be what the test expects. */
static void answer(SSL *ssl, enum edge edge)
{
	static const char label[] = "EXPORTER-Channel-Binding";
	struct join_welcome welcome = {.name = "edge.example.com", .username = "control"};
	struct join_hello hello;
	uint8_t buf[JOIN_FRAME_MAX], binding[32], spki[32], proof[32];
	struct wr w = wr_of(buf, sizeof buf);
	enum join_type type;
	struct rd body;
	size_t size;
	int n = SSL_read(ssl, buf, sizeof buf);

	if (n <= 0 ||
		join_frame_parse((struct str){(char *)buf, (size_t)n}, &type, &body, &size) != OK ||
		join_hello_get(&body, &hello) != OK ||
		SSL_export_keying_material(ssl, binding, 32, label, sizeof label - 1, NULL, 0, 0) !=
			1 ||
		zone_key_hash(str_of(control_pem), spki) != OK)
		_exit(1);
	join_proof(JOIN_FROM_CONTROL, secret, binding, spki, "control", proof);
	if (memcmp(proof, hello.proof, sizeof proof) != 0 ||
		strcmp(hello.name, "c.example.com") != 0)
		_exit(1);
	join_proof(JOIN_FROM_EDGE, secret, binding, spki, "control", welcome.proof);
	welcome.proof[0] ^= edge == EDGE_LIES;
	memset(welcome.media_key, 3, sizeof welcome.media_key);
	if (edge == EDGE_REFUSES)
		join_refused_put(&w, REFUSED_EXPIRED);
	else if (edge == EDGE_BABBLES)
		wr_str(&w, STR("\xff\xff hello"));
	else
		join_welcome_put(&w, &welcome);
	write_answer(ssl, &w, edge == EDGE_SPLITS ? 1 : sizeof buf);
}

_Noreturn static void be_edge(int listener, enum edge edge)
{
	int fd = accept(listener, NULL, NULL);
	SSL *ssl;

	alarm(20);
	if (edge == EDGE_IS_SILENT)
		pause();
	if (edge == EDGE_IS_PLAIN) {
		(void)!write(fd, "SIP/2.0 400 Bad Request\r\n\r\n", 27);
		pause();
	}
	ssl = server(fd, edge);
	if (SSL_accept(ssl) != 1 || edge == EDGE_HANGS_UP)
		_exit(0);
	if (edge != EDGE_HAS_NO_JOIN)
		answer(ssl, edge);
	pause();
	_exit(0);
}

/* ---- Control ---- */

static void on_done(void *arg, const struct join_result *r)
{
	(void)arg;
	CHECK(!is_done);
	is_done = true;
	result = *r;
}

static int listen_on_loopback(struct addr *ret_addr)
{
	struct sockaddr_in sa = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof sa;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	CHECK(fd >= 0 && bind(fd, (struct sockaddr *)&sa, sizeof sa) == 0 && listen(fd, 4) == 0);
	CHECK(getsockname(fd, (struct sockaddr *)&sa, &len) == 0);
	*ret_addr = addr_v4(127, 0, 0, 1, ntohs(sa.sin_port));
	return fd;
}

static void make_pem(char *pem, const char *name)
{
	struct wr w = wr_of(pem, 8191);

	if (pem[0])
		return;
	CHECK(zone_key_make(name, &w) == OK);
	pem[wr_len(&w)] = '\0';
}

static void begin(struct pair_token *t)
{
	make_pem(edge_pem, "edge.example.com");
	make_pem(control_pem, "c.example.com");
	if (!io)
		CHECK(io_new("", "test", &io) == OK);
	plan_defaults(&plan, HOST_CONTROL, false);
	CHECK(plan_add_link(
		      &plan, &(struct plan_link){.sip_port = 1, .sip_transport = PROTO_TLS}) == OK);
	io_set_plan(io, &plan);
	*t = (struct pair_token){.n_edges = 1, .zone = "control"};
	memcpy(t->secret, secret, sizeof t->secret);
	CHECK(zone_key_hash(str_of(edge_pem), t->spki) == OK);
	is_done = false;
}

static enum join_end dial(const struct pair_token *t, const struct addr *to, uint32_t timeout_ms)
{
	struct join_want want = {.from = {PLAN_LINK_TLS, addr_v4(127, 0, 0, 1, 0), NO_FD},
		.to = {*to},
		.token = t,
		.pem = str_of(control_pem),
		.name = "c.example.com",
		.timeout_ms = timeout_ms};

	CHECK(join_dial(io, &want, on_done, NULL) == OK && !is_done);
	for (int i = 0; i < 1000 && !is_done; i++)
		CHECK(io_run_once(io, 10) == OK);
	CHECK(is_done);
	for (int i = 0; i < 3; i++)
		CHECK(io_run_once(io, 1) == OK); /* nothing of it is left */
	return result.end;
}

static enum join_end join(enum edge edge, const struct pair_token *t)
{
	struct addr to;
	int listener = listen_on_loopback(&to), status;
	pid_t pid = fork();
	enum join_end end;

	CHECK(pid >= 0);
	if (pid == 0)
		be_edge(listener, edge);
	close(listener);
	end = dial(t, &to, edge == EDGE_IS_SILENT ? 200 : 10000);
	kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
	return end;
}

static void the_welcome_arrives(void)
{
	struct pair_token t;

	begin(&t);
	CHECK(join(EDGE_WELCOMES, &t) == JOIN_OK && result.err == OK);
	CHECK(strcmp(result.welcome.name, "edge.example.com") == 0);
	CHECK(strcmp(result.welcome.username, "control") == 0 && result.welcome.media_key[31] == 3);
	is_done = false;
	CHECK(join(EDGE_SPLITS, &t) == JOIN_OK);
}

static void a_refusal_arrives_with_its_reason(void)
{
	struct pair_token t;

	begin(&t);
	CHECK(join(EDGE_REFUSES, &t) == JOIN_NOT_NOW && result.refusal == REFUSED_EXPIRED);
}

static void another_key_is_not_told_the_secret(void)
{
	struct pair_token t;

	begin(&t);
	t.spki[0] ^= 1;
	CHECK(join(EDGE_WELCOMES, &t) == JOIN_NEW_KEY);
}

static void a_wrong_proof_is_no_success(void)
{
	struct pair_token t;

	begin(&t);
	CHECK(join(EDGE_LIES, &t) == JOIN_BAD_PROOF);
}

static void who_does_not_speak_it_is_told_apart(void)
{
	struct pair_token t;

	begin(&t);
	CHECK(join(EDGE_HAS_NO_JOIN, &t) == JOIN_NO_EDGE);
	is_done = false;
	CHECK(join(EDGE_BABBLES, &t) == JOIN_NO_EDGE);
	is_done = false;
	CHECK(join(EDGE_HANGS_UP, &t) == JOIN_NO_EDGE);
	is_done = false;
	CHECK(join(EDGE_IS_PLAIN, &t) == JOIN_NO_TLS);
}

static void nobody_there_is_told_in_time(void)
{
	struct pair_token t;
	struct addr to;

	begin(&t);
	CHECK(join(EDGE_IS_SILENT, &t) == JOIN_NO_ANSWER && result.err == ERR_TIMEOUT);
	is_done = false;
	close(listen_on_loopback(&to));
	CHECK(dial(&t, &to, 5000) == JOIN_NO_ANSWER && result.err != ERR_TIMEOUT);
}

static void a_key_that_cannot_be_read_is_no_dial(void)
{
	struct pair_token t;
	struct join_want want = {.token = &t, .pem = STR("no key"), .name = "c", .timeout_ms = 1};

	begin(&t);
	CHECK(join_dial(io, &want, on_done, NULL) == ERR_SYNTAX);
}

TEST_MAIN(T(the_welcome_arrives), T(a_refusal_arrives_with_its_reason),
	T(another_key_is_not_told_the_secret), T(a_wrong_proof_is_no_success),
	T(who_does_not_speak_it_is_told_apart), T(nobody_there_is_told_in_time),
	T(a_key_that_cannot_be_read_is_no_dial))
