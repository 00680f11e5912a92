/* TLS by way of fosse-tls: the bodies, and the question between two processes. */
#include <fcntl.h>
#include <unistd.h>

#include "io/kernel.h"
#include "ipc/dial.h"
#include "ipc/fixture.h"

static struct peer a_peer(void)
{
	struct peer p = {.remote = v6(1),
		.local = v6(2),
		.row = PLAN_LINK_TLS,
		.is_inbound = true,
		.is_tls = true,
		.has_spki = true};

	memset(p.spki, 0x5a, 32);
	fill(p.san, sizeof p.san, 's');
	fill(p.sni, sizeof p.sni, 'n');
	fill(p.alpn, sizeof p.alpn, 'a');
	fill(p.zone, sizeof p.zone, 'z');
	return p;
}

static void peers(void)
{
	struct peer a = a_peer(), b;
	struct wr w = wr_of(buf, kind_info(ROW_CONN)->body_max);
	struct rd r;

	peer_put(&w, &a);
	CHECK(w.err == OK);
	r = rd_of(wr_done(&w));
	CHECK(peer_get(&r, &b) == OK && b.has_spki && !b.has_binding && b.is_tls && b.is_inbound);
	CHECK(b.row == PLAN_LINK_TLS && addr_eq(&a.remote, &b.remote) &&
		addr_eq(&a.local, &b.local));
	CHECK(memcmp(a.spki, b.spki, 32) == 0 && strcmp(a.san, b.san) == 0 &&
		strcmp(a.sni, b.sni) == 0);
	CHECK(strcmp(a.alpn, b.alpn) == 0 && strcmp(a.zone, b.zone) == 0);
}

static void dial_questions(void)
{
	struct tls_want a = {.row = PLAN_LINK_TLS,
		.to = v6(7001),
		.verify = TLS_VERIFY_PINNED,
		.is_link = true,
		.timeout_ms = 5};
	struct tls_want b;
	struct wr w = wr_of(buf, kind_info(ASK_TLS_DIAL)->body_max);
	struct rd r;

	memset(a.spki, 0x33, 32);
	fill(a.name, sizeof a.name, 'n');
	fill(a.alpn, sizeof a.alpn, 'a');
	fill(a.zone, sizeof a.zone, 'z');
	tls_want_put(&w, &a);
	CHECK(w.err == OK);
	r = rd_of(wr_done(&w));
	CHECK(tls_want_get(&r, &b) == OK && b.row == PLAN_LINK_TLS &&
		b.verify == TLS_VERIFY_PINNED);
	CHECK(b.is_link && b.timeout_ms == 5 && memcmp(a.spki, b.spki, 32) == 0);
	CHECK(strcmp(a.name, b.name) == 0 && strcmp(a.alpn, b.alpn) == 0 &&
		strcmp(a.zone, b.zone) == 0);
	/* what proves the peer must not be missing: an empty body is no "verify nothing" */
	r = rd_of(STR_NONE);
	CHECK(tls_want_get(&r, &b) == ERR_SHORT);
	w = wr_of(buf, sizeof buf);
	a.verify = TLS_VERIFY_CA + 1;
	tls_want_put(&w, &a);
	r = rd_of(wr_done(&w));
	CHECK(tls_want_get(&r, &b) == ERR_RANGE);
}

static void dial_answers(void)
{
	struct peer a = a_peer(), b;
	struct wr w = wr_of(buf, kind_info(ASK_TLS_DIAL)->body_max);
	struct str why;
	struct rd r;
	bool has;

	a.has_binding = true;
	r = rd_of(tls_dialled_put(&w, &a, STR_NONE));
	CHECK(w.err == OK);
	CHECK(tls_dialled_get(&r, &b, &has, &why) == OK && has && b.has_binding && !why.len);
	w = wr_of(buf, sizeof buf);
	r = rd_of(tls_dialled_put(&w, NULL, STR("refused")));
	CHECK(tls_dialled_get(&r, &b, &has, &why) == OK && !has);
	CHECK_STR(why, "refused");
}

/* ---- the question itself: sig and a stand-in for fosse-tls in one loop ---- */

static struct io *io;
static struct ipc *sig, *tls;
static struct ipc_ask *asked;
static struct tls_want wanted;
static struct {
	int n, fd;
	enum err err;
	char why[64];
	bool has_peer;
} got;

static void on_ask(void *arg, struct ipc_ask *ask, enum process_id from, enum kind kind, uint64_t h,
	struct rd *body, int fd)
{
	(void)arg;
	(void)from;
	(void)kind;
	(void)h;
	io_close_fd(io, fd);
	CHECK(tls_want_get(body, &wanted) == OK);
	asked = ask;
}

static const struct ipc_ops ops = {.ask = on_ask};

static void on_dialled(void *arg, enum err err, struct str why, const struct peer *peer, int fd)
{
	CHECK(arg == &got);
	got.n++;
	got.fd = fd;
	got.err = err;
	got.has_peer = peer != NULL;
	(void)str_copy(why, got.why, sizeof got.why);
}

static void turns(int n)
{
	while (n-- > 0)
		CHECK(io_run_once(io, 1) == OK);
}

static void start(uint32_t timeout_ms)
{
	struct tls_want want = {.row = PLAN_LINK_TLS,
		.to = v6(7001),
		.verify = TLS_VERIFY_CA,
		.timeout_ms = timeout_ms};
	uint32_t seq;
	int x, y;

	memset(&got, 0, sizeof got);
	asked = NULL;
	CHECK(io_new("n", "t", &io) == OK);
	CHECK(ipc_new(io, P_SIG, &ops, NULL, &sig) == OK &&
		ipc_new(io, P_TLS, &ops, NULL, &tls) == OK);
	CHECK(chan_pair(io, &x, &y) == OK);
	CHECK(ipc_edge(sig, P_TLS, x) == OK && ipc_edge(tls, P_SIG, y) == OK);
	CHECK(tls_dial(sig, &want, on_dialled, &got, &seq) == OK);
	turns(3);
	CHECK(asked && wanted.verify == TLS_VERIFY_CA && wanted.to.port == 7001);
}

static void stop(void)
{
	ipc_free(sig);
	ipc_free(tls);
	io_free(io);
}

static void answer(enum err err, bool has_peer, const char *why, int fd)
{
	struct peer peer = a_peer();
	struct wr w = wr_of(buf, sizeof buf);

	(void)tls_dialled_put(&w, has_peer ? &peer : NULL, str_of(why));
	ipc_answer(asked, err, wr_done(&w), fd);
	turns(3);
}

static int a_file(void)
{
	return open("/dev/null", O_RDONLY | O_CLOEXEC);
}

static void a_stream_comes_with_its_peer(void)
{
	start(1000);
	answer(OK, true, "", a_file());
	CHECK(got.n == 1 && got.err == OK && got.has_peer && got.fd != NO_FD);
	(void)close(got.fd);
	stop();
}

static void a_refusal_has_its_sentence(void)
{
	start(1000);
	answer(ERR_AUTH, false, "the peer's key is not the pinned one", NO_FD);
	CHECK(got.n == 1 && got.err == ERR_AUTH && !got.has_peer && got.fd == NO_FD);
	CHECK(strcmp(got.why, "the peer's key is not the pinned one") == 0);
	stop();
}

/* What fosse-tls must not do: success without a stream, or without saying who; a stream with a refusal. */
static void half_answers_are_refused(void)
{
	start(1000);
	answer(OK, true, "", NO_FD);
	CHECK(got.n == 1 && got.err == ERR_SYNTAX && !got.has_peer);
	stop();
	start(1000);
	answer(OK, false, "", a_file());
	CHECK(got.n == 1 && got.err == ERR_SYNTAX && got.fd == NO_FD);
	stop();
	start(1000);
	answer(ERR_AUTH, true, "no", a_file());
	CHECK(got.n == 1 && got.err == ERR_AUTH && got.fd == NO_FD && !got.has_peer);
	stop();
}

static void fosse_tls_may_die(void)
{
	start(1000);
	ipc_edge_close(tls, ipc_edge_to(tls, P_SIG));
	turns(3);
	CHECK(got.n == 1 && got.err == ERR_CLOSED && strlen(got.why) > 0);
	stop();
}

TEST_MAIN(T(peers), T(dial_questions), T(dial_answers), T(a_stream_comes_with_its_peer),
	T(a_refusal_has_its_sentence), T(half_answers_are_refused), T(fosse_tls_may_die))
