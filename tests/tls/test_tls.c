/* Sessions of fosse-tls against OpenSSL as a peer: who is let in, what is handed over, and what a peer
 * that is slow, silent or hostile can do. */
#include "world.h"

#include "../test.h"

static struct pair control_key, stranger_key, authority, phone_key;
static struct far_end far;
static char buf[65536];

static void start(void)
{
	struct conf_zone *z;

	if (!control_key.cert) {
		control_key = pair_new("control", "DNS:control.example.com", NULL);
		stranger_key = pair_new("stranger", "DNS:control.example.com", NULL);
		authority = pair_new("authority", NULL, NULL);
		phone_key =
			pair_new("phone", "DNS:sip.example.net, URI:sip:example.net", &authority);
	}
	far_free(&far);
	CHECK(world_init(edge_text));
	z = &world.conf->zones[0];
	z->has_pairing = true;
	z->tls.verify = VERIFY_PINNED;
	z->pair.n_spki = 1;
	memcpy(z->pair.spki[0], control_key.spki, 32);
}

static void stop(void)
{
	far_free(&far);
	world_free();
}

static size_t alarms(void)
{
	return alarm_count(world.alarms);
}

static const char *why;

static enum err key_file(enum key_use use, int fd)
{
	return tls_key_file(world.tls, use, "a.pem", fd, &why);
}

/* ---- accepted ---- */

static void a_phone_comes_in(void)
{
	start();
	far_dial(&far, &world.public, NULL);
	SSL_set_tlsext_host_name(far.ssl, "example.com");
	CHECK(far_shake(&far));
	CHECK(world.conns[0].peer.is_tls && world.conns[0].peer.is_inbound);
	CHECK(world.conns[0].peer.row == PLAN_PUBLIC_TLS_IN && !world.conns[0].peer.has_spki);
	CHECK(strcmp(world.conns[0].peer.sni, "example.com") == 0);
	CHECK(world.conns[0].peer.zone[0] == '\0');
	CHECK(far_write(&far, "REGISTER sip:example.com SIP/2.0\r\n\r\n"));
	UNTIL(world.conns[0].len);
	CHECK_STR(((struct str){world.conns[0].text, world.conns[0].len}),
		"REGISTER sip:example.com SIP/2.0\r\n\r\n");
	stream_send(world.conns[0].stream, STR("SIP/2.0 401 Unauthorized\r\n\r\n"));
	CHECK(far_hears(&far, buf, sizeof buf) == 28);
	CHECK(tls_count(world.tls) == 1 && tls_counters(world.tls)->accepted == 1);
	stop();
}

static void a_link_with_the_paired_key(void)
{
	uint8_t binding[32];

	start();
	far_dial(&far, &world.link, &control_key);
	far_alpn(&far, "fosse-link/1");
	CHECK(far_shake(&far));
	CHECK(world.conns[0].peer.has_spki &&
		!memcmp(world.conns[0].peer.spki, control_key.spki, 32));
	CHECK(strcmp(world.conns[0].peer.zone, "control") == 0);
	CHECK(strcmp(world.conns[0].peer.alpn, "fosse-link/1") == 0);
	CHECK(strcmp(SSL_get_version(far.ssl), "TLSv1.3") == 0);
	/* RFC 9266: both ends have the same secret of this connection */
	CHECK(SSL_export_keying_material(
		      far.ssl, binding, 32, "EXPORTER-Channel-Binding", 24, NULL, 0, 0) == 1);
	CHECK(world.conns[0].peer.has_binding &&
		memcmp(binding, world.conns[0].peer.binding, 32) == 0);
	stop();
}

static void a_link_with_another_key(void)
{
	start();
	far_dial(&far, &world.link, &stranger_key); /* its names are right, and count nothing */
	far_alpn(&far, "fosse-link/1");
	CHECK(!far_shake(&far));
	CHECK(world.n_conns == 0 && tls_counters(world.tls)->refused_identity == 1);
	CHECK(alarms() == 1 && tls_count(world.tls) == 0);
	far_free(&far);
	far_dial(&far, &world.link, &control_key);
	far_alpn(&far, "fosse-link/1");
	CHECK(far_shake(&far) && alarms() == 0);
	stop();
}

static void a_link_without_a_key(void)
{
	start();
	far_dial(&far, &world.link, NULL);
	(void)far_shake(&far);
	CHECK(world.n_conns == 0 && tls_count(world.tls) == 0);
	CHECK(tls_counters(world.tls)->failed == 1);
	stop();
}

static void a_link_by_an_older_tls(void)
{
	start();
	far_dial(&far, &world.link, &control_key);
	SSL_set_max_proto_version(far.ssl, TLS1_2_VERSION);
	CHECK(!far_shake(&far) && world.n_conns == 0);
	far_free(&far);
	far_dial(&far, &world.public, NULL); /* phones may */
	SSL_set_max_proto_version(far.ssl, TLS1_2_VERSION);
	CHECK(far_shake(&far));
	far_free(&far);
	far_dial(&far, &world.public, NULL);
	SSL_set_min_proto_version(far.ssl, TLS1_1_VERSION);
	SSL_set_max_proto_version(far.ssl, TLS1_1_VERSION);
	SSL_set_cipher_list(far.ssl, "ALL:@SECLEVEL=0");
	CHECK(!far_shake(&far));
	far_free(&far);
	far_dial(&far, &world.public, NULL); /* no forward secrecy, no AEAD */
	SSL_set_max_proto_version(far.ssl, TLS1_2_VERSION);
	SSL_set_cipher_list(far.ssl, "AES128-SHA:AES256-GCM-SHA384:ECDHE-ECDSA-AES128-SHA");
	CHECK(!far_shake(&far));
	stop();
}

static void one_that_joins_is_let_through_without_a_pin(void)
{
	start();
	far_dial(&far, &world.link, &stranger_key);
	far_alpn(&far, "fosse-join/1");
	CHECK(far_shake(&far));
	CHECK(strcmp(world.conns[0].peer.alpn, "fosse-join/1") == 0);
	CHECK(world.conns[0].peer.has_binding && alarms() == 0);
	stop();
}

static void a_link_by_certificate(void)
{
	start();
	world.conf->zones[0].tls.verify = VERIFY_CA;
	(void)str_copy(STR("sip.example.net"), world.conf->zones[0].tls.subject, CONF_HOST);
	far_dial(&far, &world.link, &phone_key);
	CHECK(!far_shake(&far)); /* its root is not trusted yet */
	CHECK(key_file(KEY_TRUST, pem_of(&authority, false, NULL)) == OK);
	far_free(&far);
	far_dial(&far, &world.link,
		&phone_key); /* a SIP URI is there, so the DNS name counts nothing */
	CHECK(!far_shake(&far));
	(void)str_copy(STR("EXAMPLE.net"), world.conf->zones[0].tls.subject, CONF_HOST);
	far_free(&far);
	far_dial(&far, &world.link, &phone_key);
	CHECK(far_shake(&far));
	CHECK(strcmp(world.conns[0].peer.san, "EXAMPLE.net") == 0);
	far_free(&far);
	far_dial(&far, &world.link, &control_key);
	CHECK(!far_shake(&far));
	stop();
}

static void the_port_of_mutual_tls_wants_a_certificate(void)
{
	start();
	CHECK(key_file(KEY_TRUST, pem_of(&authority, false, NULL)) == OK);
	far_dial(&far, &world.mutual, NULL);
	(void)far_shake(&far); /* in TLS 1.3 the client is done before it is refused */
	CHECK(world.n_conns == 0 && tls_counters(world.tls)->failed == 1);
	far_free(&far);
	far_dial(&far, &world.mutual, &control_key); /* signed by itself */
	(void)far_shake(&far);
	CHECK(world.n_conns == 0 && tls_count(world.tls) == 0);
	far_free(&far);
	far_dial(&far, &world.mutual, &phone_key);
	CHECK(far_shake(&far));
	CHECK(world.conns[0].peer.row == PLAN_EXTRA_MTLS_IN && world.conns[0].peer.has_spki);
	stop();
}

static void a_changed_zone_ends_its_link(void)
{
	struct conf *other;

	start();
	far_dial(&far, &world.link, &control_key);
	CHECK(far_shake(&far));
	other = malloc(sizeof *other);
	*other = *world.conf;
	tls_configure(world.tls, other);
	turns(3);
	CHECK(!world.conns[0].is_lost);
	memcpy(other->zones[0].pair.spki[0], stranger_key.spki, 32);
	tls_configure(world.tls, other);
	UNTIL(world.conns[0].is_lost);
	CHECK(world.conns[0].is_lost && tls_count(world.tls) == 0);
	tls_configure(world.tls, world.conf);
	free(other);
	stop();
}

/* ---- names ---- */

static bool has(const char *san, const char *name)
{
	struct pair p = pair_new("cn.example.com", san, NULL);
	bool is_so = keys_has_name(p.cert, name);

	pair_free(&p);
	return is_so;
}

static void names_of_certificates(void)
{
	CHECK(has("DNS:a.example.com, DNS:b.example.com", "b.example.com"));
	CHECK(has("DNS:A.Example.com", "a.example.COM"));
	CHECK(!has("DNS:a.example.com", "example.com") &&
		!has("DNS:a.example.com", "b.example.com"));
	CHECK(!has(NULL, "cn.example.com"));               /* never the CN */
	CHECK(!has("DNS:*.example.com", "a.example.com")); /* RFC 5922 section 7.2 */
	CHECK(has("URI:sip:example.com", "example.com"));
	CHECK(!has("URI:sip:example.com, DNS:a.example.com", "a.example.com"));
	CHECK(!has("URI:sip:user@example.com, DNS:example.com", "example.com"));
	CHECK(has("URI:https://x.example.com, DNS:example.com", "example.com"));
	CHECK(!has("URI:sips:example.com", "example.com"));
	CHECK(has("IP:192.0.2.1", "192.0.2.1") && !has("IP:192.0.2.1", "192.0.2.2"));
	CHECK(has("IP:2001:db8::1", "2001:db8:0::1"));
	CHECK(!has("DNS:192.0.2.1", "192.0.2.1"));
	CHECK(!has("DNS:example.com", ""));
}

/* ---- dialled ---- */

static struct far_end server;
static int listener;

static struct addr listen_here(void)
{
	struct addr a = own_address(0);
	struct sockaddr_in sa = {.sin_family = AF_INET};
	socklen_t len = sizeof sa;

	memcpy(&sa.sin_addr, a.ip, 4);
	listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (bind(listener, (struct sockaddr *)&sa, sizeof sa) < 0 || listen(listener, 8) < 0 ||
		getsockname(listener, (struct sockaddr *)&sa, &len) < 0)
		abort();
	a.port = ntohs(sa.sin_port);
	return a;
}

static int any_certificate(int ok, X509_STORE_CTX *store)
{
	(void)ok;
	(void)store;
	return 1;
}

static struct tls_want want_of(const struct addr *to)
{
	struct tls_want w = {.row = PLAN_PUBLIC_TLS_OUT,
		.from = own_address(0),
		.to = *to,
		.verify = TLS_VERIFY_NONE,
		.name = "sip.example.net",
		.zone = "internet",
		.timeout_ms = 500};

	return w;
}

/* The answer to a dial, while the server, if any, does its part with key p. */
static enum err dial(const struct tls_want *want, const struct pair *p)
{
	uint32_t seq;

	world.is_answered = false;
	if (tls_dial(world.sig, want, on_dialled, NULL, &seq) != OK)
		abort();
	for (int i = 0; i < 1000 && !world.is_answered; i++) {
		int fd = p && !server.ssl ? accept(listener, NULL, NULL) : -1;

		if (fd >= 0) {
			(void)fcntl(fd, F_SETFL, O_NONBLOCK);
			far_new(&server, fd, true, p);
			SSL_set_verify(server.ssl, SSL_VERIFY_PEER, any_certificate);
		}
		if (server.ssl && !server.is_open && !server.is_failed)
			far_step(&server);
		turns(1);
	}
	return world.is_answered ? world.err : ERR_WRONG_STATE;
}

static void end_server(void)
{
	far_free(&server);
	(void)close(listener);
}

static void dials_without_asking_who(void)
{
	struct addr to;
	struct tls_want w;

	start();
	to = listen_here();
	w = want_of(&to);
	CHECK(dial(&w, &stranger_key) == OK);
	CHECK(strcmp(world.conns[0].peer.zone, "internet") == 0 && !world.conns[0].peer.is_inbound);
	CHECK(addr_eq(&world.conns[0].peer.remote, &to));
	CHECK(world.conns[0].peer.local.port >= 25000 && world.conns[0].peer.local.port <= 29999);
	CHECK(strcmp(SSL_get_servername(server.ssl, TLSEXT_NAMETYPE_host_name),
		      "sip.example.net") == 0);
	stream_send(world.conns[0].stream, STR("OPTIONS"));
	CHECK(far_hears(&server, buf, sizeof buf) == 7);
	end_server();
	stop();
}

static void dials_a_pinned_key(void)
{
	struct addr to;
	struct tls_want w;

	start();
	to = listen_here();
	w = want_of(&to);
	w.is_link = true; /* by the row that an Edge may dial with */
	w.verify = TLS_VERIFY_PINNED;
	(void)str_copy(STR("fosse-link/1"), w.alpn, sizeof w.alpn);
	memcpy(w.spki, control_key.spki, 32);
	CHECK(dial(&w, &stranger_key) == ERR_AUTH);
	CHECK(strstr(world.why, "not the one that was paired"));
	CHECK(world.n_conns == 0 && tls_counters(world.tls)->refused_identity == 1);
	far_free(&server);
	CHECK(dial(&w, &control_key) == OK);
	CHECK(memcmp(world.conns[0].peer.spki, control_key.spki, 32) == 0);
	/* and it showed the key of the zone, not that of a client */
	UNTIL(far_read(&server, buf, 1) == 0 || SSL_is_init_finished(server.ssl));
	CHECK(SSL_get0_peer_certificate(server.ssl));
	end_server();
	stop();
}

static void dials_a_name(void)
{
	struct addr to;
	struct tls_want w;

	start();
	to = listen_here();
	w = want_of(&to);
	w.verify = TLS_VERIFY_CA;
	(void)str_copy(STR("example.net"), w.name, sizeof w.name);
	CHECK(dial(&w, &phone_key) == ERR_AUTH);
	CHECK(strstr(world.why, "unable to get local issuer") ||
		strstr(world.why, "unable to verify"));
	CHECK(key_file(KEY_TRUST, pem_of(&authority, false, NULL)) == OK);
	far_free(&server);
	CHECK(dial(&w, &phone_key) == OK);
	CHECK(strcmp(world.conns[0].peer.san, "example.net") == 0);
	far_free(&server);
	(void)str_copy(STR("other.example.net"), w.name, sizeof w.name);
	CHECK(dial(&w, &phone_key) == ERR_AUTH);
	end_server();
	stop();
}

static void a_dial_that_fails_says_why(void)
{
	struct addr to;
	struct tls_want w;

	start();
	to = listen_here();
	w = want_of(&to);
	CHECK(dial(&w, NULL) == ERR_TIMEOUT); /* accepted by the kernel, and silent */
	CHECK(strcmp(world.why, "no handshake in time") == 0);
	(void)close(listener);
	CHECK(dial(&w, NULL) != OK && world.why[0]);
	CHECK(tls_count(world.tls) == 0);
	stop();
}

/* ---- the bytes of others ---- */

static void garbage_instead_of_a_hello(void)
{
	int fd;

	start();
	fd = raw_dial(&world.public);
	CHECK(write(fd, "GET / HTTP/1.1\r\n\r\n", 18) == 18);
	UNTIL(tls_counters(world.tls)->failed);
	CHECK(tls_count(world.tls) == 0 && tls_counters(world.tls)->failed == 1);
	(void)close(fd);
	for (int seed = 0; seed < 50; seed++) {
		fd = raw_dial(&world.public);
		for (int i = 0; i < 300; i++)
			buf[i] = (char)(seed * 31 + i * 7);
		buf[0] = 22;
		buf[1] = 3;
		CHECK(write(fd, buf, 300) == 300);
		turns(3);
		(void)close(fd);
		turns(3);
	}
	UNTIL(!tls_count(world.tls));
	CHECK(tls_count(world.tls) == 0 && world.n_conns == 0);
	stop();
}

static void a_hello_byte_by_byte(void)
{
	BIO *in = BIO_new(BIO_s_mem()), *out = BIO_new(BIO_s_mem());
	int n;

	start();
	far_dial(&far, &world.public, NULL);
	SSL_set_bio(far.ssl, in, out);
	(void)SSL_do_handshake(far.ssl);
	n = BIO_read(out, buf, sizeof buf);
	CHECK(n > 100);
	for (int i = 0; i < n; i++) {
		CHECK(write(far.fd, buf + i, 1) == 1);
		turns(1);
	}
	for (int i = 0; i < 20; i++)
		turns(1);
	n = (int)read(far.fd, buf, sizeof buf);
	CHECK(n > 200);
	BIO_write(in, buf, n);
	CHECK(SSL_do_handshake(far.ssl) == 1);
	n = BIO_read(out, buf, sizeof buf);
	CHECK(write(far.fd, buf, (size_t)n) == n);
	UNTIL(world.n_conns);
	CHECK(world.n_conns == 1);
	stop();
}

static void a_silent_caller_is_ended(void)
{
	struct timespec a, b;
	int fd;

	start();
	fd = raw_dial(&world.public);
	clock_gettime(CLOCK_MONOTONIC, &a);
	for (int i = 0; i < 3000 && tls_counters(world.tls)->timed_out == 0; i++)
		turns(1);
	clock_gettime(CLOCK_MONOTONIC, &b);
	CHECK(tls_counters(world.tls)->timed_out == 1 && tls_count(world.tls) == 0);
	CHECK(b.tv_sec - a.tv_sec <= 2);
	(void)close(fd);
	stop();
}

static void too_many_handshakes(void)
{
	int fds[6];

	start();
	for (int i = 0; i < 6; i++)
		fds[i] = raw_dial(&world.public);
	UNTIL(tls_counters(world.tls)->refused_busy == 2);
	CHECK(tls_count(world.tls) == 4 && tls_counters(world.tls)->refused_busy == 2);
	for (int i = 0; i < 6; i++)
		(void)close(fds[i]);
	UNTIL(!tls_count(world.tls));
	CHECK(tls_count(world.tls) == 0);
	far_dial(&far, &world.public, NULL); /* room again at once */
	CHECK(far_shake(&far));
	/* a connection that is open is no handshake */
	for (int i = 0; i < 4; i++)
		fds[i] = raw_dial(&world.public);
	UNTIL(tls_count(world.tls) == 5);
	CHECK(tls_count(world.tls) == 5);
	for (int i = 0; i < 4; i++)
		(void)close(fds[i]);
	stop();
}

static int dial_from(uint8_t last)
{
	struct sockaddr_in from = {.sin_family = AF_INET}, to = {.sin_family = AF_INET};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	to.sin_port = htons(world.public.port);
	memcpy(&to.sin_addr, world.public.ip, 4);
	from.sin_addr.s_addr = htonl(0x7f000000u | last);
	CHECK(bind(fd, (struct sockaddr *)&from, sizeof from) == 0);
	CHECK(connect(fd, (struct sockaddr *)&to, sizeof to) == 0);
	return fd;
}

/* Of all sources together: limits.handshakes is 8, of one 4. */
static void too_many_handshakes_of_many_sources(void)
{
	int fds[9];

	start();
	for (int i = 0; i < 8; i++)
		fds[i] = dial_from((uint8_t)(11 + i / 4));
	UNTIL(tls_count(world.tls) == 8);
	CHECK(tls_count(world.tls) == 8 && tls_counters(world.tls)->refused_busy == 0);
	fds[8] = dial_from(13);
	UNTIL(tls_counters(world.tls)->refused_busy == 1);
	CHECK(tls_count(world.tls) == 8 && tls_counters(world.tls)->refused_busy == 1);
	for (int i = 0; i < 9; i++)
		(void)close(fds[i]);
	stop();
}

static void a_slow_worker_pauses_the_peer(void)
{
	size_t sent = 0, last = 1, before;

	start();
	far_dial(&far, &world.public, NULL);
	CHECK(far_shake(&far));
	stream_pause(world.conns[0].stream, true);
	memset(buf, 'x', sizeof buf);
	for (int idle = 0; idle < 20; idle = sent == last ? idle + 1 : 0) { /* until it blocks */
		int n = SSL_write(far.ssl, buf, 16384);

		last = sent;
		sent += n > 0 ? (size_t)n : 0;
		turns(1);
		CHECK(sent < 64u * 1024 * 1024);
	}
	CHECK(!world.conns[0].is_lost && io_counters(world.io)->n_stream_full == 0);
	stream_pause(world.conns[0].stream, false);
	before = world.conns[0].n_bytes;
	for (int i = 0; i < 5000 && world.conns[0].n_bytes < sent; i++)
		turns(1);
	CHECK(before == 0 && world.conns[0].n_bytes == sent);
	stop();
}

static void a_slow_peer_pauses_the_worker(void)
{
	size_t sent = 0, got = 0;
	int waited = 0;

	start();
	far_dial(&far, &world.public, NULL);
	CHECK(far_shake(&far));
	memset(buf, 'x', sizeof buf);
	while (waited < 50 && sent < 64u * 1024 * 1024) {
		if (stream_queued(world.conns[0].stream) < 200000) {
			stream_send(world.conns[0].stream, (struct str){buf, 16384});
			sent += 16384;
			waited = 0;
		} else {
			waited++;
		}
		turns(1);
	}
	CHECK(waited == 50 && io_counters(world.io)->n_stream_full == 0);
	for (int i = 0; i < 20000 && got < sent; i++) {
		int n = far_read(&far, buf, sizeof buf);

		got += n > 0 ? (size_t)n : 0;
		turns(1);
	}
	CHECK(got == sent);
	stop();
}

static void the_last_bytes_arrive(void)
{
	size_t sent = 400000, got = 0;
	int n = 1;

	start(); /* a worker that says much and closes at once */
	far_dial(&far, &world.public, NULL);
	CHECK(far_shake(&far));
	memset(buf, 'x', sizeof buf);
	for (size_t i = 0; i < sent / 40000; i++)
		stream_send(world.conns[0].stream, (struct str){buf, 40000});
	for (int i = 0; i < 2000 && stream_queued(world.conns[0].stream); i++) {
		n = far_read(&far, buf, sizeof buf);
		got += n > 0 ? (size_t)n : 0;
		turns(1);
	}
	close_conn(&world.conns[0]);
	for (int i = 0; i < 2000 && n != 0; i++) {
		turns(1);
		n = far_read(&far, buf, sizeof buf);
		got += n > 0 ? (size_t)n : 0;
	}
	CHECK(got == sent && SSL_get_shutdown(far.ssl) == SSL_RECEIVED_SHUTDOWN);
	UNTIL(!tls_count(world.tls));
	CHECK(tls_count(world.tls) == 0);
	far_free(&far);
	start(); /* a peer that does, to a worker that is slow */
	far_dial(&far, &world.public, NULL);
	CHECK(far_shake(&far));
	stream_pause(world.conns[0].stream, true);
	for (int i = 0; i < 20; i++) {
		CHECK(SSL_write(far.ssl, buf, 16384) == 16384);
		turns(1);
	}
	SSL_shutdown(far.ssl);
	(void)close(far.fd);
	turns(10);
	stream_pause(world.conns[0].stream, false);
	for (int i = 0; i < 1000 && !world.conns[0].is_lost; i++)
		turns(1);
	CHECK(world.conns[0].n_bytes == 20 * 16384);
	far.fd = -1;
	stop();
}

static void a_worker_that_takes_nothing_does_not_hold_a_session(void)
{
	start();
	far_dial(&far, &world.public, NULL);
	CHECK(far_shake(&far));
	stream_pause(world.conns[0].stream, true);
	for (int i = 0; i < 60; i++) {
		(void)SSL_write(far.ssl, buf, 16384);
		turns(1);
	}
	(void)close(far.fd);
	far.fd = -1;
	stream_pause(world.conns[0].stream, false);
	world.conns[0].take = 1; /* a byte at a time */
	for (int i = 0; i < 8000 && tls_count(world.tls); i++)
		turns(1);
	CHECK(tls_count(world.tls) == 0);
	stop();
}

static void cut_connections(void)
{
	start();
	far_dial(&far, &world.public, NULL);
	CHECK(far_shake(&far));
	shutdown(far.fd, SHUT_RDWR); /* no close_notify */
	UNTIL(world.conns[0].is_lost);
	UNTIL(!tls_count(world.tls));
	CHECK(world.conns[0].is_lost && tls_count(world.tls) == 0);
	far_free(&far);
	far_dial(&far, &world.public, NULL);
	CHECK(far_shake(&far));
	CHECK(write(far.fd, "\x17\x03\x03\0\x05hello", 10) == 10); /* a record of nobody */
	UNTIL(world.conns[1].is_lost);
	CHECK(world.conns[1].is_lost && tls_count(world.tls) == 0);
	far_free(&far);
	far_dial(&far, &world.public, NULL); /* cut in the handshake */
	far_step(&far);
	UNTIL(tls_count(world.tls) == 1);
	CHECK(tls_count(world.tls) == 1);
	far_free(&far);
	UNTIL(!tls_count(world.tls));
	CHECK(tls_count(world.tls) == 0);
	stop();
}

/* ---- keys ---- */

static void new_keys_serve_new_connections(void)
{
	struct far_end other = {0};
	X509 *seen;

	start();
	far_dial(&far, &world.public, NULL);
	CHECK(far_shake(&far));
	CHECK(key_file(KEY_SERVER, pem_of(&phone_key, true, NULL)) == OK);
	CHECK(far_write(&far, "still here"));
	UNTIL(world.conns[0].len);
	CHECK(world.conns[0].len == 10);
	far_dial(&other, &world.public, NULL);
	CHECK(far_shake(&other));
	seen = SSL_get0_peer_certificate(other.ssl);
	CHECK(seen && X509_cmp(seen, phone_key.cert) == 0);
	far_free(&other);
	stop();
}

/* A successor gets a duplicate of the same open file. */
static void a_key_file_is_read_twice(void)
{
	int fd = pem_of(&phone_key, true, NULL), again = dup(fd);

	start();
	CHECK(key_file(KEY_SERVER, fd) == OK);
	CHECK(key_file(KEY_SERVER, again) == OK);
	stop();
}

static void files_that_are_no_keys(void)
{
	struct pair mixed = {phone_key.cert, stranger_key.key, {0}}, none = {NULL, NULL, {0}};

	start();
	mixed = (struct pair){phone_key.cert, stranger_key.key, {0}};
	CHECK(key_file(KEY_SERVER, pem_of(&mixed, true, NULL)) == ERR_AUTH);
	CHECK(key_file(KEY_SERVER, pem_of(&phone_key, false, NULL)) == ERR_SYNTAX);
	CHECK(key_file(KEY_SERVER, pem_of(&none, false, NULL)) == ERR_SYNTAX);
	CHECK(key_file(KEY_TRUST, pem_of(&none, false, NULL)) == ERR_SYNTAX);
	/* nobody is there to type it */
	CHECK(key_file(KEY_SERVER, pem_of(&phone_key, true, "secret")) == ERR_SYNTAX);
	far_dial(&far, &world.public, NULL); /* the old one serves on */
	CHECK(far_shake(&far));
	stop();
}

static enum err trust_file(const char *name, int fd)
{
	return tls_key_file(world.tls, KEY_TRUST, name, fd, &why);
}

/* Does a phone whose certificate this authority signed come in by its name? */
static bool is_trusted(const struct pair *signer)
{
	struct pair phone = pair_new("phone", "DNS:sip.example.net", signer);
	bool is_in;

	far_free(&far);
	far_dial(&far, &world.link, &phone);
	is_in = far_shake(&far);
	far_free(&far);
	pair_free(&phone);
	return is_in;
}

static void trust_in(struct conf *c, const char *first, const char *second)
{
	c->certificates.n_trust = 2;
	(void)str_copy(str_of(first), c->certificates.trust[0], CONF_PATH);
	(void)str_copy(str_of(second), c->certificates.trust[1], CONF_PATH);
	tls_configure(world.tls, c);
}

static void all_trust_files_count(void)
{
	struct pair other = pair_new("another authority", NULL, NULL);

	start();
	world.conf->zones[0].tls.verify = VERIFY_CA;
	(void)str_copy(STR("sip.example.net"), world.conf->zones[0].tls.subject, CONF_HOST);
	trust_in(world.conf, "a.pem", "system");
	CHECK(!is_trusted(&authority) && !is_trusted(&other));
	CHECK(trust_file("a.pem", pem_of(&authority, false, NULL)) == OK);
	CHECK(trust_file("system", pem_of(&other, false, NULL)) == OK);
	CHECK(is_trusted(&authority) && is_trusted(&other));
	/* a file given anew replaces what it held, and nothing else */
	CHECK(trust_file("a.pem", pem_of(&other, false, NULL)) == OK);
	CHECK(!is_trusted(&authority) && is_trusted(&other));
	CHECK(trust_file("a.pem", pem_of(&authority, false, NULL)) == OK);
	/* one that the configuration names no more is trusted no more */
	trust_in(world.conf, "a.pem", "a.pem");
	CHECK(is_trusted(&authority) && !is_trusted(&other));
	pair_free(&other);
	stop();
}

/* A PEM file of one good certificate, and one whose bytes were damaged. */
static int damaged(const struct pair *p)
{
	int fd = pem_of(p, false, NULL);

	(void)lseek(fd, 0, SEEK_END);
	(void)!write(fd, "-----BEGIN CERTIFICATE-----\nTUlJ\n-----END CERTIFICATE-----\n", 58);
	return fd;
}

static void a_damaged_trust_file_is_refused_whole(void)
{
	struct pair other = pair_new("another authority", NULL, NULL);
	struct pair none = {NULL, NULL, {0}};
	char name[8];

	start();
	world.conf->zones[0].tls.verify = VERIFY_CA;
	(void)str_copy(STR("sip.example.net"), world.conf->zones[0].tls.subject, CONF_HOST);
	CHECK(trust_file("a.pem", pem_of(&authority, false, NULL)) == OK);
	CHECK(trust_file("a.pem", damaged(&other)) == ERR_SYNTAX && strstr(why, "damaged"));
	CHECK(trust_file("a.pem", pem_of(&none, false, NULL)) == ERR_SYNTAX &&
		strstr(why, "no certificate"));
	CHECK(is_trusted(&authority) && !is_trusted(&other));
	for (int i = 1; i < CONF_FEW; i++) {
		(void)snprintf(name, sizeof name, "%d", i);
		CHECK(trust_file(name, pem_of(&other, false, NULL)) == OK);
	}
	CHECK(trust_file("one more", pem_of(&other, false, NULL)) == ERR_FULL);
	pair_free(&other);
	stop();
}

/* ---- an independent peer ---- */

static void the_openssl_command_as_client(void)
{
	char where[ADDR_TEXT_SIZE], out[8192] = "";
	int to_child[2], from_child[2], status;
	size_t len = 0;
	pid_t pid;

	start();
	addr_put(&world.public, where);
	CHECK(pipe(to_child) == 0 && pipe(from_child) == 0);
	pid = fork();
	if (pid == 0) {
		dup2(to_child[0], 0);
		dup2(from_child[1], 1);
		for (int fd = 3; fd < 256; fd++)
			(void)close(fd);
		execlp("openssl", "openssl", "s_client", "-quiet", "-verify_quiet", "-connect",
			where, "-servername", "edge.example.com", (char *)NULL);
		_exit(127);
	}
	(void)close(to_child[0]);
	(void)close(from_child[1]);
	(void)fcntl(from_child[0], F_SETFL, O_NONBLOCK);
	for (int i = 0; i < 5000 && !world.n_conns; i++)
		turns(1);
	CHECK(world.n_conns == 1 && strcmp(world.conns[0].peer.sni, "edge.example.com") == 0);
	CHECK(write(to_child[1], "ping\n", 5) == 5);
	for (int i = 0; i < 2000 && !world.conns[0].len; i++)
		turns(1);
	CHECK_STR(((struct str){world.conns[0].text, world.conns[0].len}), "ping\n");
	stream_send(world.conns[0].stream, STR("pong\n"));
	for (int i = 0; i < 2000 && !strstr(out, "pong"); i++) {
		ssize_t n = read(from_child[0], out + len, sizeof out - 1 - len);

		len += n > 0 ? (size_t)n : 0;
		turns(1);
	}
	CHECK(strstr(out, "pong"));
	close_conn(&world.conns[0]);
	(void)close(to_child[1]);
	for (int i = 0; i < 2000 && waitpid(pid, &status, WNOHANG) == 0; i++)
		turns(1);
	(void)close(from_child[0]);
	stop();
}

static void end(void)
{
	stop();
	pair_free(&control_key);
	pair_free(&stranger_key);
	pair_free(&authority);
	pair_free(&phone_key);
}

TEST_MAIN(T(a_phone_comes_in), T(a_link_with_the_paired_key), T(a_link_with_another_key),
	T(a_link_without_a_key), T(a_link_by_an_older_tls),
	T(one_that_joins_is_let_through_without_a_pin), T(a_link_by_certificate),
	T(the_port_of_mutual_tls_wants_a_certificate), T(a_changed_zone_ends_its_link),
	T(names_of_certificates), T(dials_without_asking_who), T(dials_a_pinned_key),
	T(dials_a_name), T(a_dial_that_fails_says_why), T(garbage_instead_of_a_hello),
	T(a_hello_byte_by_byte), T(a_silent_caller_is_ended), T(too_many_handshakes),
	T(too_many_handshakes_of_many_sources), T(a_slow_worker_pauses_the_peer),
	T(a_slow_peer_pauses_the_worker), T(the_last_bytes_arrive),
	T(a_worker_that_takes_nothing_does_not_hold_a_session), T(cut_connections),
	T(new_keys_serve_new_connections), T(a_key_file_is_read_twice), T(files_that_are_no_keys),
	T(all_trust_files_count), T(a_damaged_trust_file_is_refused_whole),
	T(the_openssl_command_as_client), T(end))
