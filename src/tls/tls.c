/* tls.c - sessions: a network stream and a local one with a TLS state between them.
 *
 * Bytes go through memory: io knows streams, OpenSSL knows records. A slow reader on one side pauses
 * the other, so that nothing grows. A session that has opened either goes to signalling as ROW_CONN
 * (accepted) or as the answer to the question that made it (dialled). */
#include <string.h>

#include <openssl/err.h>

#include "base/crypt.h"
#include "base/pool.h"
#include "tls/keys.h"

#define LISTENERS_MAX   80
/* Above, the other side pauses until drained() comes. io calls that only if the kernel had to be waited
 * for, and one turn adds less than this, so what is above has been waited for. */
#define QUEUE_HIGH      (128u * 1024)
#define PLAIN_CHUNK     16384
/* When one side is at its end, the other still gets what is queued for it. */
#define CLOSING_STEP_MS 20
#define CLOSING_STEPS   100

LOG_EVENT(ev_handshake, "TLS-100", LOG_INFO, "TLS handshake failed");
LOG_EVENT(ev_identity, "TLS-101", LOG_ERROR, "TLS peer is not who it must be");
LOG_EVENT(ev_open, "TLS-102", LOG_DEBUG, "TLS connection open");
LOG_EVENT(ev_busy, "TLS-103", LOG_ERROR, "TLS connection refused: too many");

struct listener {
	struct tls *tls;
	struct stream *stream;
	struct addr addr;
	enum plan_row row;
};

struct session {
	uint64_t handle; /* HK_TLS; first member */
	struct tls *tls;
	SSL *ssl;
	struct stream *net, *plain;
	int plain_fd; /* the other end, until it is handed over */
	struct peer peer;
	struct row row;      /* ROW_CONN of an accepted one */
	struct timer timer;  /* of the handshake, then of closing */
	struct list shaking; /* until the handshake is done */
	struct ipc_ask *ask; /* of a dialled one, until it is answered */
	struct tls_want want;
	const struct conf_zone *zone; /* of a link */
	bool is_open;
	uint8_t closing_steps; /* left; 0: it is not closing */
};

struct tls {
	struct tls_deps d;
	struct keys *keys;
	struct pool pool;
	struct listener listeners[LISTENERS_MAX];
	struct list shaking;
	uint32_t n_handshakes;
	struct tls_counters counters;
};

static void session_end(struct session *s, enum err err, const char *why);

/* ---- answers ---- */

static void write_conn(const struct row *row, struct wr *w)
{
	peer_put(w, &container_of(row, const struct session, row)->peer);
}

static void answer(struct session *s, enum err err, const char *why, int fd)
{
	uint8_t buf[1280];
	struct wr w = wr_of(buf, sizeof buf);
	struct str body = tls_dialled_put(&w, err == OK ? &s->peer : NULL, str_of(why));
	struct ipc_ask *ask = s->ask;

	s->ask = NULL;
	if (ask)
		ipc_answer(ask, err, body, fd);
}

static void hand_over(struct session *s)
{
	int fd = s->plain_fd;

	s->plain_fd = NO_FD;
	if (s->ask) {
		answer(s, OK, "", fd);
		return;
	}
	row_init(&s->row, ROW_CONN, s->handle, write_conn);
	row_set_fd(&s->row, fd);
	s->row.is_fd_given = true;
	row_put(s->tls->d.ipc, &s->row);
}

/* ---- the end ---- */

static void end_handshake(struct session *s)
{
	if (!list_is_in(&s->shaking))
		return;
	list_remove(&s->shaking);
	s->tls->n_handshakes--;
}

static void session_end(struct session *s, enum err err, const char *why)
{
	struct tls *t = s->tls;

	timer_stop(&s->timer);
	end_handshake(s);
	if (!s->is_open) {
		t->counters.failed++;
		log_put(io_log(t->d.io), &ev_handshake, F_ADDR("peer", &s->peer.remote), F_ERR(err),
			F_Z("why", why));
	}
	answer(s, err ? err : ERR_CLOSED, why, NO_FD);
	row_del(t->d.ipc, &s->row);
	io_close_fd(t->d.io, s->plain_fd);
	stream_close(s->plain);
	stream_close(s->net);
	SSL_free(s->ssl);
	ERR_clear_error();
	pool_give(&t->pool, s);
}

/* One side is at its end; what waits for the other one leaves first, if it takes it in time. */
static void finish(struct session *s, struct stream **ended, struct stream *other)
{
	stream_close(*ended);
	*ended = NULL;
	stream_pause(other, true);
	s->closing_steps = CLOSING_STEPS;
	timer_start(s->tls->d.io, &s->timer, 0); /* after this turn's flush */
}

static void on_closing(struct session *s)
{
	struct stream *other = s->net ? s->net : s->plain;

	s->closing_steps--;
	if (stream_queued(other) && s->closing_steps)
		timer_start(s->tls->d.io, &s->timer, CLOSING_STEP_MS);
	else
		session_end(s, ERR_CLOSED, "closed");
}

static const char *ssl_reason(SSL *ssl)
{
	long verify = SSL_get_verify_result(ssl);
	unsigned long code = ERR_peek_last_error();
	const char *text = code ? ERR_reason_error_string(code) : NULL;

	if (verify != X509_V_OK && SSL_get_verify_mode(ssl) != SSL_VERIFY_NONE)
		return X509_verify_cert_error_string(verify);
	return text ? text : "the peer closed during the handshake";
}

/* ---- bytes ---- */

/* What OpenSSL wants to send goes to the network. */
static void flush(struct session *s)
{
	char buf[PLAIN_CHUNK];
	BIO *out = SSL_get_wbio(s->ssl);
	int n;

	while ((n = BIO_read(out, buf, sizeof buf)) > 0)
		stream_send(s->net, (struct str){buf, (size_t)n});
	if (s->plain)
		stream_pause(s->plain, stream_queued(s->net) > QUEUE_HIGH);
}

static const struct conf_zone *zone_of_port(const struct conf *conf, uint16_t port)
{
	for (uint32_t i = 0; i < conf->n_zones; i++) {
		const struct conf_zone *z = &conf->zones[i];

		if (z->type == ZT_TRAVERSAL_SERVER && z->sip.enabled && z->sip.port == port)
			return z;
	}
	return NULL;
}

static bool has_pin(const struct conf_zone *z, const uint8_t spki[32])
{
	for (uint32_t i = 0; z->has_pairing && i < z->pair.n_spki; i++) {
		if (crypt_equal(z->pair.spki[i], spki, 32))
			return true;
	}
	return false;
}

/* A peer that joins has no pin yet: it proves the token's secret to signalling instead. */
static bool is_accepted_link(const struct session *s)
{
	const struct conf_zone *z = s->zone;

	if (strcmp(s->peer.alpn, "fosse-join/1") == 0)
		return true;
	if (z->tls.verify == VERIFY_CA)
		return s->peer.san[0] != '\0';
	return s->peer.has_spki && has_pin(z, s->peer.spki);
}

static bool is_accepted_dial(const struct session *s)
{
	switch ((enum tls_verify)s->want.verify) {
	case TLS_VERIFY_NONE:
		return true;
	case TLS_VERIFY_PINNED:
		return s->peer.has_spki &&
		       crypt_equal(s->peer.spki, s->want.spki, sizeof s->want.spki);
	case TLS_VERIFY_CA:
		return s->peer.san[0] != '\0';
	}
	return false;
}

static void refuse_identity(struct session *s)
{
	struct tls *t = s->tls;
	char spki[65];

	str_put_hex(s->peer.spki, sizeof s->peer.spki, spki);
	log_put(io_log(t->d.io), &ev_identity, F_ADDR("peer", &s->peer.remote),
		F_Z("zone", s->peer.zone), F_Z("key", spki), F_Z("name", s->want.name));
	t->counters.refused_identity++;
	if (s->zone)
		alarm_raise(t->d.alarms, "ZON-002", 0, true,
			"a peer on a traversal zone's port has a key that is not the paired one",
			"fosse pair new on Edge, then fosse init control --join");
	session_end(s, ERR_AUTH,
		"the peer's key is not the one that was paired, or its certificate does not name "
		"it");
}

static const char *expected_name(const struct session *s)
{
	if (s->zone)
		return s->zone->tls.subject;
	return s->want.name;
}

static void give_peer_names(struct session *s)
{
	const char *zone = s->zone ? s->zone->name : s->want.zone;

	keys_peer_facts(s->ssl, expected_name(s), &s->peer);
	(void)str_copy(str_of(zone), s->peer.zone, sizeof s->peer.zone);
}

static const struct stream_ops plain_ops;

/* False: the session is gone. */
static bool open_session(struct session *s)
{
	struct tls *t = s->tls;

	timer_stop(&s->timer);
	give_peer_names(s);
	if (s->zone ? !is_accepted_link(s) : s->want.row != PLAN_NONE && !is_accepted_dial(s)) {
		refuse_identity(s);
		return false;
	}
	if (stream_pair(t->d.io, &plain_ops, s, &s->plain, &s->plain_fd) != OK) {
		session_end(s, ERR_FULL, "no local stream");
		return false;
	}
	s->is_open = true;
	end_handshake(s);
	if (s->zone)
		alarm_clear(t->d.alarms, "ZON-002", 0);
	log_put(io_log(t->d.io), &ev_open, F_ADDR("peer", &s->peer.remote),
		F_Z("version", SSL_get_version(s->ssl)));
	hand_over(s);
	return true;
}

/* False: the session is gone. */
static bool shake(struct session *s)
{
	int done = SSL_do_handshake(s->ssl);
	int why = SSL_get_error(s->ssl, done);

	flush(s);
	if (done == 1)
		return open_session(s);
	if (why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE)
		return true;
	session_end(s, ERR_AUTH, ssl_reason(s->ssl));
	return false;
}

/* Plaintext to the worker; false: the session is gone. */
static bool deliver(struct session *s)
{
	char buf[PLAIN_CHUNK];
	int n = 0, why;

	while (stream_queued(s->plain) <= QUEUE_HIGH && (n = SSL_read(s->ssl, buf, sizeof buf)) > 0)
		stream_send(s->plain, (struct str){buf, (size_t)n});
	if (stream_queued(s->plain) > QUEUE_HIGH) {
		stream_pause(s->net, true);
		return true;
	}
	why = SSL_get_error(s->ssl, n);
	flush(s);
	if (why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE)
		return true;
	if (why == SSL_ERROR_ZERO_RETURN)
		finish(s, &s->net, s->plain);
	else
		session_end(s, ERR_SYNTAX, "the peer sent what is not TLS");
	return false;
}

static size_t on_net_bytes(struct stream *stream, struct str bytes, void *arg)
{
	struct session *s = arg;
	int n = BIO_write(SSL_get_rbio(s->ssl), bytes.p, (int)bytes.len);

	(void)stream;
	if (n < 0)
		n = 0;
	ERR_clear_error();
	if (!s->is_open && !shake(s))
		return 0;
	if (s->is_open)
		(void)deliver(s);
	return (size_t)n;
}

static size_t on_plain_bytes(struct stream *stream, struct str bytes, void *arg)
{
	struct session *s = arg;
	size_t done = 0;

	(void)stream;
	ERR_clear_error();
	while (done < bytes.len) {
		size_t n = 0;

		if (SSL_write_ex(s->ssl, bytes.p + done, bytes.len - done, &n) != 1)
			break; /* memory never says "later": the connection is at its end, and lost() will tell */
		done += n;
	}
	flush(s);
	return done;
}

static void on_net_drained(struct stream *stream, void *arg)
{
	struct session *s = arg;

	(void)stream;
	if (s->plain && !s->closing_steps)
		stream_pause(s->plain, false);
}

static void on_plain_drained(struct stream *stream, void *arg)
{
	struct session *s = arg;

	(void)stream;
	if (s->closing_steps)
		return;
	stream_pause(s->net, false);
	(void)deliver(s);
}

static void on_net_lost(struct stream *stream, enum err why, void *arg)
{
	struct session *s = arg;

	(void)stream;
	if (s->is_open && !s->closing_steps)
		finish(s, &s->net, s->plain);
	else
		session_end(s, why, "the connection was lost");
}

static void on_plain_lost(struct stream *stream, enum err why, void *arg)
{
	struct session *s = arg;

	(void)stream;
	if (s->closing_steps) {
		session_end(s, why, "closed by both");
		return;
	}
	ERR_clear_error();
	if (SSL_shutdown(s->ssl) >= 0)
		flush(s);
	finish(s, &s->plain, s->net);
}

static void on_net_opened(struct stream *stream, void *arg)
{
	struct session *s = arg;

	s->peer = *stream_peer(stream);
	(void)shake(s);
}

static const struct stream_ops net_ops = {.opened = on_net_opened,
	.bytes = on_net_bytes,
	.drained = on_net_drained,
	.lost = on_net_lost};
static const struct stream_ops plain_ops = {
	.bytes = on_plain_bytes, .drained = on_plain_drained, .lost = on_plain_lost};

static void on_timer(void *arg)
{
	struct session *s = arg;

	if (s->closing_steps) {
		on_closing(s);
		return;
	}
	s->tls->counters.timed_out++;
	session_end(s, ERR_TIMEOUT, "no handshake in time");
}

/* ---- accepting ---- */

static uint32_t handshakes_of(const struct tls *t, const struct addr *source)
{
	uint32_t n = 0;

	for (const struct list *l = t->shaking.next; l != &t->shaking; l = l->next)
		n += addr_same_host(&container_of(l, struct session, shaking)->peer.remote, source);
	return n;
}

static struct session *session_new(struct tls *t, const struct handshake *h, uint32_t timeout_ms)
{
	struct session *s = pool_take(&t->pool);

	if (!s)
		return NULL;
	s->tls = t;
	s->plain_fd = NO_FD;
	s->row.fd = NO_FD;
	s->ssl = keys_handshake(t->keys, h);
	if (!s->ssl) {
		pool_give(&t->pool, s);
		return NULL;
	}
	t->n_handshakes++;
	list_append(&t->shaking, &s->shaking);
	timer_init(&s->timer, on_timer, s);
	timer_start(t->d.io, &s->timer, timeout_ms);
	return s;
}

static void on_accepted(struct stream *stream, void *arg)
{
	struct listener *l = arg;
	struct tls *t = l->tls;
	const struct conf_limits *limits = &t->d.conf->limits;
	const struct peer *peer = stream_peer(stream);
	struct handshake h = {.is_server = true};
	const struct conf_zone *zone = NULL;
	struct session *s = NULL;

	if (l->row == PLAN_LINK_TLS || l->row == PLAN_UC_LINK_TLS)
		zone = zone_of_port(t->d.conf, l->addr.port);
	if (zone) {
		h.is_link = true;
		h.verify = zone->tls.verify == VERIFY_CA ? TLS_VERIFY_CA : TLS_VERIFY_PINNED;
		h.accept_server_eku = zone->tls.accept_server_eku;
	}
	if (l->row == PLAN_EXTRA_MTLS_IN) {
		h.is_mutual = true;
		h.verify = TLS_VERIFY_CA;
		h.accept_server_eku = true; /* public CAs leave clientAuth out (zones[].tls) */
	}
	if (t->n_handshakes < limits->handshakes &&
		handshakes_of(t, &peer->remote) < limits->handshakes_per_source)
		s = session_new(t, &h, t->d.conf->sip.tls_handshake_ms);
	if (!s) {
		t->counters.refused_busy++;
		log_put(io_log(t->d.io), &ev_busy, F_ADDR("peer", &peer->remote),
			F_NUM("handshakes", t->n_handshakes));
		return; /* not taken: io closes it */
	}
	t->counters.accepted++;
	s->zone = zone;
	s->peer = *peer;
	s->net = stream;
	stream_take(stream, &net_ops, s);
}

static const struct stream_ops listener_ops = {.accepted = on_accepted};

enum err tls_listen(struct tls *t, enum plan_row row, const struct addr *addr, int fd)
{
	struct local at = {.row = row, .addr = *addr, .fd = fd};
	struct listener *l = NULL;
	enum err err;

	for (size_t i = 0; i < LISTENERS_MAX; i++) {
		if (t->listeners[i].stream && addr_eq(&t->listeners[i].addr, addr)) {
			io_close_fd(t->d.io, fd);
			return OK;
		}
		if (!l && !t->listeners[i].stream)
			l = &t->listeners[i];
	}
	if (!l)
		return ERR_FULL;
	*l = (struct listener){.tls = t, .addr = *addr, .row = row};
	err = stream_listen(t->d.io, &at, &listener_ops, l, &l->stream);
	if (err)
		l->stream = NULL;
	return err;
}

void tls_unlisten(struct tls *t, const struct addr *addr)
{
	for (size_t i = 0; i < LISTENERS_MAX; i++) {
		struct listener *l = &t->listeners[i];

		if (!l->stream || !addr_eq(&l->addr, addr))
			continue;
		stream_close(l->stream);
		*l = (struct listener){0};
	}
}

/* ---- dialling ---- */

static enum err policy(
	const struct tls *t, const struct addr *to, struct addr_ok *ret_ok, const char **ret_why)
{
	struct addr own[CONF_OWN];
	struct addr_ctx ctx = conf_addr_ctx(t->d.conf, own);

	/* signalling judged it for its zone; here only what is never right is refused once more */
	ctx.private_allowed = true;
	ctx.port_min = 1;
	return addr_policy(&ctx, USE_CONFIGURED, to, ret_ok, ret_why);
}

static void refuse_ask(struct ipc_ask *ask, enum err err, const char *why)
{
	uint8_t buf[256];
	struct wr w = wr_of(buf, sizeof buf);

	ipc_answer(ask, err, tls_dialled_put(&w, NULL, str_of(why)), NO_FD);
}

void tls_ask(struct tls *t, struct ipc_ask *ask, struct rd *body)
{
	struct local from = {.fd = NO_FD};
	struct tls_want want;
	struct handshake h;
	struct addr_ok to;
	struct session *s;
	const char *why;
	enum err err = tls_want_get(body, &want);

	if (err) {
		refuse_ask(ask, err, "the question is malformed");
		return;
	}
	err = policy(t, &want.to, &to, &why);
	if (err) {
		refuse_ask(ask, err, why);
		return;
	}
	h = (struct handshake){.is_link = want.is_link,
		.verify = want.verify,
		.name = want.name,
		.alpn = want.alpn};
	s = session_new(t, &h, want.timeout_ms);
	if (!s) {
		refuse_ask(ask, ERR_FULL, "too many TLS connections");
		return;
	}
	s->want = want;
	s->ask = ask;
	s->peer.remote = want.to;
	s->peer.row = want.row;
	from.row = want.row;
	from.addr = want.from;
	t->counters.dialled++;
	err = stream_dial(t->d.io, &from, &to, &net_ops, s, &s->net);
	if (err)
		session_end(s, err, err_text(err));
}

/* ---- the process's object ---- */

enum err tls_new(const struct tls_deps *deps, struct tls **ret_tls)
{
	struct tls *t = mem_array(1, sizeof *t);
	uint32_t generation;
	enum err err;

	if (!t)
		return ERR_FULL;
	t->d = *deps;
	list_init(&t->shaking);
	io_random(deps->io, &generation, sizeof generation);
	err = keys_new(str_of(deps->conf->node.name), &t->keys);
	if (err == OK)
		err = pool_init(&t->pool, HK_TLS, sizeof(struct session), deps->conf->limits.conns,
			generation);
	if (err) {
		tls_free(t);
		return err;
	}
	*ret_tls = t;
	return OK;
}

void tls_free(struct tls *t)
{
	if (!t)
		return;
	for (struct session *s = NULL; (s = pool_next(&t->pool, s));)
		session_end(s, ERR_CLOSED, "the process ends");
	for (size_t i = 0; i < LISTENERS_MAX; i++)
		stream_close(t->listeners[i].stream);
	keys_free(t->keys);
	pool_free(&t->pool);
	mem_free(t);
}

/* Links hold a pointer into the configuration: it moves with it, and a zone that is gone ends them. */
void tls_configure(struct tls *t, const struct conf *conf)
{
	t->d.conf = conf;
	keys_trust_only(t->keys, (const char(*)[CONF_PATH])conf->certificates.trust,
		conf->certificates.n_trust);
	for (struct session *s = NULL; (s = pool_next(&t->pool, s));) {
		if (!s->zone)
			continue;
		s->zone = conf_zone(conf, str_of(s->peer.zone));
		if (!s->zone || (s->is_open && !is_accepted_link(s)))
			session_end(s, ERR_CLOSED, "the zone changed");
	}
}

enum err tls_key_file(
	struct tls *t, enum key_use use, const char *name, int fd, const char **ret_why)
{
	return keys_load(t->keys, use, name, fd, ret_why);
}

const struct tls_counters *tls_counters(const struct tls *t)
{
	return &t->counters;
}

size_t tls_count(const struct tls *t)
{
	return t->pool.n_taken;
}
