/* serve.c - joins that come in: at most a few at once, each with a short time limit.
 *
 * The secret dies at its first success, at its end, and after JOIN_TRIES wrong proofs; the count is of
 * this process, and the last wrong one has the keeper remove the secret. Nothing is answered before the
 * keeper has stored it: what Control holds, Edge has on disk. */
#include "pair/serve.h"

#include <string.h>

#include "base/scratch.h"
#include "conf/pairing.h"
#include "ipc/given.h"
#include "pair/join.h"

enum { JOINS_MAX = 4, HELLO_MS = 10000, STORE_MS = 10000 };

LOG_EVENT(ev_joined, "PAR-010", LOG_NOTICE, "a node has joined");
LOG_EVENT(ev_refused, "PAR-011", LOG_NOTICE, "a join was refused");
LOG_EVENT(ev_dead, "PAR-012", LOG_ERROR, "too many wrong proofs: the pairing token is dead");

struct joining {
	struct serve *serve;
	struct stream *stream; /* NULL: this place is free */
	struct timer timer;
	uint32_t seq; /* of the question to the keeper; 0: none */
	struct join_welcome welcome;
	struct join_hello hello;
};

/* Wrong proofs of one secret. */
struct wrong {
	uint8_t secret[16];
	unsigned n;
};

struct serve {
	struct io *io;
	struct ipc *ipc;
	const struct conf *conf;
	struct joining joins[JOINS_MAX];
	struct wrong wrong[CONF_ZONES];
};

static void end(struct joining *j)
{
	if (j->seq)
		ipc_forget(j->serve->ipc, j->seq);
	timer_stop(&j->timer);
	stream_close(j->stream);
	j->stream = NULL;
	j->seq = 0;
	explicit_bzero(&j->welcome, sizeof j->welcome);
}

static void on_timer(void *arg)
{
	end(arg);
}

static void refuse(struct joining *j, enum join_refusal why)
{
	uint8_t buf[64];
	struct wr w = wr_of(buf, sizeof buf);

	log_put(io_log(j->serve->io), &ev_refused, F_Z("zone", stream_peer(j->stream)->zone),
		F_ADDR("peer", &stream_peer(j->stream)->remote),
		F_Z("why", join_refusal_text(why)));
	join_refused_put(&w, why);
	stream_send(j->stream, wr_done(&w));
	end(j);
}

/* ---- storing ---- */

static enum err store(struct serve *s, const char *name, const struct conf_pairing *p, answer_h *h,
	void *arg, uint32_t *ret_seq)
{
	char text[PAIRING_TEXT_MAX / 4];
	uint8_t buf[2048];
	struct wr lines = wr_of(text, sizeof text), body = wr_of(buf, sizeof buf);
	struct given_pair given = {.name = ""};
	enum err err;

	pairing_put(p, &lines);
	(void)str_copy(str_of(name), given.name, sizeof given.name);
	given.text = wr_done(&lines);
	given_pair_put(&body, &given);
	err = body.err ? body.err : lines.err;
	if (err == OK)
		err = ipc_ask(s->ipc, P_KEEPER, ASK_PAIR, 0, wr_done(&body), NO_FD, STORE_MS, h,
			arg, ret_seq);
	explicit_bzero(text, sizeof text);
	explicit_bzero(buf, sizeof buf);
	return err;
}

static void on_stored(void *arg, enum err err, struct rd *body, int fd)
{
	struct joining *j = arg;
	const struct peer *peer = stream_peer(j->stream);
	uint8_t buf[JOIN_FRAME_MAX];
	struct wr w = wr_of(buf, sizeof buf);

	(void)body;
	io_close_fd(j->serve->io, fd);
	j->seq = 0;
	if (err) {
		refuse(j, err == ERR_EXISTS ? REFUSED_BUSY : REFUSED_STORE);
		return;
	}
	log_put(io_log(j->serve->io), &ev_joined, F_Z("zone", peer->zone),
		F_Z("node", j->hello.name), F_ADDR("peer", &peer->remote));
	join_welcome_put(&w, &j->welcome);
	stream_send(j->stream, wr_done(&w));
	explicit_bzero(buf, sizeof buf);
	end(j);
}

/* ---- wrong proofs ---- */

static struct wrong *wrong_of(struct serve *s, const struct conf_zone *z)
{
	struct wrong *w = &s->wrong[z - s->conf->zones];

	if (memcmp(w->secret, z->pair.join_secret, sizeof w->secret) != 0) {
		memcpy(w->secret, z->pair.join_secret, sizeof w->secret);
		w->n = 0;
	}
	return w;
}

static void on_killed(void *arg, enum err err, struct rd *body, int fd)
{
	struct serve *s = arg;

	(void)err; /* the count stays: this process refuses it anyway */
	(void)body;
	io_close_fd(s->io, fd);
}

static void kill_secret(struct serve *s, const struct conf_zone *z)
{
	struct conf_pairing p = z->pair;
	uint32_t seq;

	log_put(io_log(s->io), &ev_dead, F_Z("zone", z->name));
	p.has_join = false;
	(void)!store(s, z->pairing, &p, on_killed, s, &seq);
	explicit_bzero(&p, sizeof p);
}

/* ---- the hello ---- */

static const struct conf_zone *zone_of(const struct serve *s, const char *name)
{
	return s->conf ? conf_zone(s->conf, str_of(name)) : NULL;
}

static void make_welcome(struct joining *j, const struct conf_zone *z)
{
	const struct peer *peer = stream_peer(j->stream);
	struct join_welcome *w = &j->welcome;

	(void)str_copy(str_of(j->serve->conf->node.name), w->name, sizeof w->name);
	(void)str_copy(str_of(z->pairing), w->username, sizeof w->username);
	io_random(j->serve->io, w->secret, sizeof w->secret);
	io_random(j->serve->io, w->media_key, sizeof w->media_key);
	join_proof(JOIN_FROM_EDGE, z->pair.join_secret, peer->binding, peer->spki, j->hello.zone,
		w->proof);
}

static void welcome(struct joining *j, const struct conf_zone *z)
{
	const struct peer *peer = stream_peer(j->stream);
	struct conf_pairing p = {.n_spki = 1, .n_media_keys = 1};
	enum err err;

	make_welcome(j, z);
	memcpy(p.spki[0], peer->spki, sizeof p.spki[0]);
	memcpy(p.media_keys[0], j->welcome.media_key, sizeof p.media_keys[0]);
	memcpy(p.secret, j->welcome.secret, sizeof p.secret);
	(void)str_copy(str_of(j->welcome.username), p.username, sizeof p.username);
	(void)str_copy(str_of(j->hello.name), p.peer_name, sizeof p.peer_name);
	p.peer_inside = addr_with_port(&peer->remote, 0);
	err = store(j->serve, z->pairing, &p, on_stored, j, &j->seq);
	explicit_bzero(&p, sizeof p);
	if (err)
		refuse(j, REFUSED_STORE);
}

static bool is_storing(const struct serve *s)
{
	for (size_t i = 0; i < JOINS_MAX; i++) {
		if (s->joins[i].stream && s->joins[i].seq)
			return true;
	}
	return false;
}

static void judge(struct joining *j)
{
	struct serve *s = j->serve;
	const struct peer *peer = stream_peer(j->stream);
	const struct conf_zone *z = zone_of(s, peer->zone);
	enum join_refusal why;
	struct wrong *wrong;

	if (!z || !peer->has_spki || !peer->has_binding) {
		refuse(j, REFUSED_NO_TOKEN);
		return;
	}
	wrong = wrong_of(s, z);
	why = join_judge(&z->pair, &j->hello, peer->binding, peer->spki,
		io_wall(s->io) / 1000000000u, wrong->n);
	/* One at a time: the second with the same token must see that it is used. */
	if (why == REFUSED_NONE && is_storing(s))
		why = REFUSED_BUSY;
	if (why == REFUSED_NONE) {
		welcome(j, z);
		return;
	}
	if (why == REFUSED_PROOF || (why == REFUSED_DEAD && wrong->n < JOIN_TRIES))
		wrong->n++;
	if (why == REFUSED_DEAD && wrong->n == JOIN_TRIES) {
		wrong->n++;
		kill_secret(s, z);
	}
	refuse(j, why);
}

static size_t on_bytes(struct stream *stream, struct str bytes, void *arg)
{
	struct joining *j = arg;
	enum join_type type;
	struct rd body;
	size_t size;
	enum err err = join_frame_parse(bytes, &type, &body, &size);

	(void)stream;
	if (j->seq)
		return 0;
	if (err == ERR_MORE && bytes.len < JOIN_FRAME_MAX)
		return 0;
	if (err || type != JOIN_HELLO || join_hello_get(&body, &j->hello) != OK) {
		end(j);
		return 0;
	}
	judge(j);
	return j->stream ? size : 0;
}

static void on_lost(struct stream *stream, enum err why, void *arg)
{
	struct joining *j = arg;

	(void)stream;
	(void)why;
	j->stream = NULL;
	end(j);
}

/* ---- the whole ---- */

bool serve_wants(const struct peer *peer)
{
	return strcmp(peer->alpn, JOIN_ALPN) == 0;
}

static struct joining *find_free(struct serve *s)
{
	for (size_t i = 0; i < JOINS_MAX; i++) {
		if (!s->joins[i].stream)
			return &s->joins[i];
	}
	return NULL;
}

void serve_take(struct serve *s, const struct peer *peer, int fd)
{
	static const struct stream_ops ops = {.bytes = on_bytes, .lost = on_lost};
	struct joining *j = find_free(s);

	if (fd == NO_FD)
		return;
	if (!j || stream_adopt(s->io, fd, peer, &ops, j, &j->stream) != OK) {
		io_close_fd(s->io, fd);
		return;
	}
	timer_start(s->io, &j->timer, HELLO_MS);
}

void serve_configure(struct serve *s, const struct conf *conf)
{
	s->conf = conf;
}

enum err serve_new(struct io *io, struct ipc *ipc, struct serve **ret_serve)
{
	struct serve *s = mem_array(1, sizeof *s);

	if (!s)
		return ERR_FULL;
	s->io = io;
	s->ipc = ipc;
	for (size_t i = 0; i < JOINS_MAX; i++) {
		s->joins[i].serve = s;
		timer_init(&s->joins[i].timer, on_timer, &s->joins[i]);
	}
	*ret_serve = s;
	return OK;
}

void serve_free(struct serve *s)
{
	for (size_t i = 0; s && i < JOINS_MAX; i++) {
		if (s->joins[i].stream)
			end(&s->joins[i]);
	}
	mem_free(s);
}
