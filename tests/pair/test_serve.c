/* test_serve.c - Edge's side of a join: a peer at the other end of a local stream, and a keeper that
 * stores, in this process. */
#include "pair/serve.h"

#include <stdlib.h>
#include <string.h>

#include "conf/pairing.h"
#include "io/kernel.h"
#include "ipc/given.h"
#include "pair/join.h"
#include "test.h"

static struct {
	struct io *io;
	struct ipc *sig, *keeper;
	struct serve *serve;
	struct conf *conf;
	struct stream *stream; /* Control's end */
	struct peer peer;
	bool is_lost;
	char got[JOIN_FRAME_MAX];
	size_t n_got;
	enum err answer; /* of the keeper */
	struct ipc_ask *held;
	bool is_holding;
	unsigned n_stored;
	struct conf_pairing stored;
	char stored_as[64];
} w;

/* ---- the keeper ---- */

static void on_ask(void *arg, struct ipc_ask *ask, enum process_id from, enum kind kind,
	uint64_t handle, struct rd *body, int fd)
{
	struct given_pair given;
	const char *why;
	uint32_t line;

	(void)arg;
	(void)handle;
	io_close_fd(w.io, fd);
	CHECK(from == P_SIG && kind == ASK_PAIR && given_pair_get(body, &given) == OK);
	w.n_stored++;
	(void)str_copy(str_of(given.name), w.stored_as, sizeof w.stored_as);
	CHECK(pairing_parse(given.text, &w.stored, &line, &why) == OK);
	if (w.is_holding)
		w.held = ask;
	else
		ipc_answer(ask, w.answer, STR_NONE, NO_FD);
}

static const struct ipc_ops ops = {.ask = on_ask};

/* ---- Control's end ---- */

static size_t on_bytes(struct stream *s, struct str bytes, void *arg)
{
	(void)s;
	(void)arg;
	CHECK(w.n_got + bytes.len <= sizeof w.got);
	memcpy(w.got + w.n_got, bytes.p, bytes.len);
	w.n_got += bytes.len;
	return bytes.len;
}

static void on_lost(struct stream *s, enum err why, void *arg)
{
	(void)s;
	(void)why;
	(void)arg;
	w.is_lost = true;
	w.stream = NULL;
}

static const struct stream_ops stream_ops = {.bytes = on_bytes, .lost = on_lost};

static void turns(int n)
{
	while (n--)
		CHECK(io_run_once(w.io, 1) == OK);
}

static void connect_peer(void)
{
	int fd;

	w.is_lost = false;
	w.n_got = 0;
	CHECK(stream_pair(w.io, &stream_ops, NULL, &w.stream, &fd) == OK);
	serve_take(w.serve, &w.peer, fd);
}

static void say_hello(const uint8_t *secret, bool is_split)
{
	struct join_hello h = {.version = JOIN_VERSION, .zone = "control", .name = "c.example.com"};
	uint8_t buf[JOIN_FRAME_MAX];
	struct wr out = wr_of(buf, sizeof buf);
	struct str all;

	join_proof(JOIN_FROM_CONTROL, secret, w.peer.binding, w.peer.spki, h.zone, h.proof);
	join_hello_put(&out, &h);
	all = wr_done(&out);
	if (is_split) {
		stream_send(w.stream, str_head(all, 10));
		turns(3);
		all = str_skip(all, 10);
	}
	stream_send(w.stream, all);
	turns(6);
}

static enum join_type answer(struct rd *ret_body)
{
	enum join_type type = JOIN_NONE;
	size_t size;

	if (join_frame_parse((struct str){w.got, w.n_got}, &type, ret_body, &size) != OK)
		return JOIN_NONE;
	CHECK(size == w.n_got);
	return type;
}

static enum join_refusal refusal(void)
{
	enum join_refusal why = REFUSED_NONE;
	struct rd body;

	CHECK(answer(&body) == JOIN_REFUSED && join_refused_get(&body, &why) == OK);
	return why;
}

/* ---- the stage ---- */

static void make_conf(void)
{
	struct conf_zone *z;

	w.conf = calloc(1, sizeof *w.conf);
	CHECK(w.conf);
	(void)str_copy(STR("e.example.com"), w.conf->node.name, sizeof w.conf->node.name);
	w.conf->n_zones = 1;
	z = &w.conf->zones[0];
	z->type = ZT_TRAVERSAL_SERVER;
	(void)str_copy(STR("from-control"), z->name, sizeof z->name);
	(void)str_copy(STR("control"), z->pairing, sizeof z->pairing);
	z->pair.has_join = true;
	memset(z->pair.join_secret, 5, sizeof z->pair.join_secret);
	z->pair.join_until_s = io_wall(w.io) / 1000000000u + 60;
}

static void begin(void)
{
	int a, b;

	memset(&w, 0, sizeof w);
	CHECK(io_new("", "test", &w.io) == OK);
	io_set_log_level(w.io, LOG_ERROR);
	CHECK(io_run_once(w.io, 0) == OK); /* reads the clock */
	CHECK(ipc_new(w.io, P_SIG, &ops, NULL, &w.sig) == OK);
	CHECK(ipc_new(w.io, P_KEEPER, &ops, NULL, &w.keeper) == OK);
	CHECK(chan_pair(w.io, &a, &b) == OK);
	CHECK(ipc_edge(w.sig, P_KEEPER, a) == OK && ipc_edge(w.keeper, P_SIG, b) == OK);
	CHECK(serve_new(w.io, w.sig, &w.serve) == OK);
	make_conf();
	serve_configure(w.serve, w.conf);
	w.peer = (struct peer){.has_spki = true, .has_binding = true, .spki = {1}, .binding = {2}};
	w.peer.remote = addr_v4(192, 0, 2, 10, 1000);
	(void)str_copy(STR(JOIN_ALPN), w.peer.alpn, sizeof w.peer.alpn);
	(void)str_copy(STR("from-control"), w.peer.zone, sizeof w.peer.zone);
}

static void end(void)
{
	stream_close(w.stream);
	serve_free(w.serve);
	ipc_free(w.sig);
	ipc_free(w.keeper);
	io_free(w.io);
	free(w.conf);
}

static const uint8_t *secret(void)
{
	return w.conf->zones[0].pair.join_secret;
}

static const uint8_t wrong[16] = {9};

static void a_right_secret_is_welcome_once_it_is_stored(void)
{
	struct join_welcome welcome;
	struct rd body;
	uint8_t proof[32];

	begin();
	CHECK(serve_wants(&w.peer));
	w.is_holding = true;
	connect_peer();
	say_hello(secret(), /* is_split */ true);
	CHECK(w.n_stored == 1 && !w.n_got); /* nothing is said before it is on disk */
	ipc_answer(w.held, OK, STR_NONE, NO_FD);
	turns(4);
	CHECK(answer(&body) == JOIN_WELCOME && join_welcome_get(&body, &welcome) == OK);
	join_proof(JOIN_FROM_EDGE, secret(), w.peer.binding, w.peer.spki, "control", proof);
	CHECK(memcmp(proof, welcome.proof, sizeof proof) == 0);
	CHECK(strcmp(w.stored_as, "control") == 0 && pairing_is_joined(&w.stored));
	CHECK(!w.stored.has_join && strcmp(w.stored.peer_name, "c.example.com") == 0);
	CHECK(memcmp(w.stored.spki[0], w.peer.spki, 32) == 0);
	CHECK(memcmp(w.stored.media_keys[0], welcome.media_key, 32) == 0);
	CHECK(memcmp(w.stored.secret, welcome.secret, 32) == 0);
	CHECK(strcmp(w.stored.username, welcome.username) == 0 && w.is_lost);
	end();
}

static void two_at_once_do_not_share_a_token(void)
{
	struct stream *first;

	begin();
	w.is_holding = true;
	connect_peer();
	say_hello(secret(), false);
	first = w.stream;
	connect_peer();
	say_hello(secret(), false);
	CHECK(refusal() == REFUSED_BUSY && w.n_stored == 1);
	stream_close(first);
	end();
}

static void what_the_keeper_cannot_store_is_no_success(void)
{
	begin();
	w.answer = ERR_DENIED;
	connect_peer();
	say_hello(secret(), false);
	CHECK(refusal() == REFUSED_STORE && w.is_lost);
	w.answer = ERR_EXISTS;
	connect_peer();
	say_hello(secret(), false);
	CHECK(refusal() == REFUSED_BUSY);
	end();
}

static void five_wrong_proofs_kill_the_secret(void)
{
	begin();
	for (int i = 0; i < JOIN_TRIES - 1; i++) {
		connect_peer();
		say_hello(wrong, false);
		CHECK(refusal() == REFUSED_PROOF && w.n_stored == 0);
	}
	connect_peer();
	say_hello(wrong, false);
	CHECK(refusal() == REFUSED_DEAD && w.n_stored == 1 && !w.stored.has_join);
	connect_peer();
	say_hello(secret(), false); /* the right one, too late */
	CHECK(refusal() == REFUSED_DEAD && w.n_stored == 1);
	w.conf->zones[0].pair.join_secret[0] ^= 1; /* a new token */
	connect_peer();
	say_hello(secret(), false);
	CHECK(w.n_stored == 2 && pairing_is_joined(&w.stored));
	end();
}

static void no_pending_token_is_a_refusal(void)
{
	begin();
	w.conf->zones[0].pair.has_join = false;
	connect_peer();
	say_hello(secret(), false);
	CHECK(refusal() == REFUSED_NO_TOKEN);
	w.conf->zones[0].pair.has_join = true;
	w.conf->zones[0].pair.join_until_s = 1;
	connect_peer();
	say_hello(secret(), false);
	CHECK(refusal() == REFUSED_EXPIRED);
	w.peer.has_binding = false;
	connect_peer();
	say_hello(secret(), false);
	CHECK(refusal() == REFUSED_NO_TOKEN && w.n_stored == 0);
	end();
}

static void who_speaks_something_else_is_closed(void)
{
	begin();
	connect_peer();
	stream_send(w.stream, STR("REGISTER sip:example.com SIP/2.0\r\n"));
	turns(4);
	CHECK(w.is_lost && !w.n_got);
	connect_peer();
	stream_close(w.stream);
	w.stream = NULL;
	turns(3);
	(void)str_copy(STR("sip"), w.peer.alpn, sizeof w.peer.alpn);
	CHECK(!serve_wants(&w.peer));
	end();
}

static void only_a_few_may_wait_at_once(void)
{
	struct stream *streams[8];
	size_t n_open = 0;

	begin();
	for (int i = 0; i < 8; i++) {
		connect_peer();
		turns(2);
		streams[i] = w.stream;
		n_open += !w.is_lost;
	}
	CHECK(n_open == 4);
	for (int i = 0; i < 8; i++)
		stream_close(streams[i]);
	w.stream = NULL;
	end();
}

TEST_MAIN(T(a_right_secret_is_welcome_once_it_is_stored), T(two_at_once_do_not_share_a_token),
	T(what_the_keeper_cannot_store_is_no_success), T(five_wrong_proofs_kill_the_secret),
	T(no_pending_token_is_a_refusal), T(who_speaks_something_else_is_closed),
	T(only_a_few_may_wait_at_once))
