/* test_auth.c - digest: the standard's own values, nonces, counts, what is refused. */
#include <string.h>

#include "base/crypt.h"
#include "sim/sim.h"
#include "sip/auth.h"
#include "sip/build.h"
#include "test.h"

static struct sim *sim;
static struct sim_host *host;
static struct io *io;
static struct auth *auth;

static void started(struct io *at, void *arg)
{
	(void)arg;
	io = at;
}

static const struct sim_program program = {.name = "auth", .start = started};

static void fresh(void)
{
	static const uint8_t key[32] = {1, 2, 3};

	auth_free(auth);
	sim_free(sim);
	CHECK(sim_new(3, &sim) == OK && sim_host(sim, "n", &host) == OK);
	CHECK(sim_start(host, &program, NULL, &io) == OK);
	CHECK(auth_new(io, key, &auth) == OK);
}

/* RFC 7616 section 3.9.1: Mufasa, both algorithms. */
static void the_values_of_rfc_7616(void)
{
	uint8_t ha1[32];
	char got[65];
	struct auth_parts p = {.ha1 = ha1,
		.nonce = STR("7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v"),
		.nc = STR("00000001"),
		.cnonce = STR("f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"),
		.qop = STR("auth"),
		.method = STR("GET"),
		.uri = STR("/dir/index.html")};

	p.algorithm = AUTH_MD5;
	auth_ha1(AUTH_MD5, STR("Mufasa"), STR("http-auth@example.org"), STR("Circle of Life"), ha1);
	auth_response(&p, got);
	CHECK_STR(str_of(got), "8ca523f5e9506fed4657c9700eebdbec");
	p.algorithm = AUTH_SHA256;
	auth_ha1(AUTH_SHA256, STR("Mufasa"), STR("http-auth@example.org"), STR("Circle of Life"),
		ha1);
	auth_response(&p, got);
	CHECK_STR(str_of(got), "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1");
}

/* ---- a client made of our own parts ---- */

static bool find(void *arg, struct str user, struct auth_user *ret)
{
	(void)arg;
	ret->password = STR("secret");
	return str_eq(user, STR("alice"));
}

static struct auth_ask ask(void)
{
	return (struct auth_ask){.realm = STR("example.com"),
		.binding = STR("udp 1"),
		.has_md5 = true,
		.find = find};
}

static char challenge[2048], request[4096];
static struct sip_msg msg, chal;

/* The challenge as a 401 that can be read. */
static const struct sip_msg *challenged(const struct auth_ask *a)
{
	struct wr w = wr_of(challenge, sizeof challenge);

	sip_put_status_line(&w, 401, STR_NONE);
	sip_put_header(&w, SIP_HDR_VIA, STR("SIP/2.0/UDP h;branch=z9hG4bK1"));
	sip_put_header(&w, SIP_HDR_FROM, STR("<sip:a@b>;tag=1"));
	sip_put_header(&w, SIP_HDR_TO, STR("<sip:a@b>;tag=2"));
	sip_put_header(&w, SIP_HDR_CALL_ID, STR("c"));
	sip_put_header(&w, SIP_HDR_CSEQ, STR("1 REGISTER"));
	auth_put_challenge(auth, &w, a, false);
	sip_put_body(&w, STR_NONE, STR_NONE);
	sip_msg_init(&chal);
	CHECK(sip_index(wr_done(&w), SIP_DGRAM, &chal) == OK);
	return &chal;
}

static const struct sip_msg *with(const char *credentials)
{
	struct wr w = wr_of(request, sizeof request);

	sip_put_request_line(&w, STR("REGISTER"), STR("sip:example.com"));
	sip_put_header(&w, SIP_HDR_VIA, STR("SIP/2.0/UDP h;branch=z9hG4bK1"));
	sip_put_header(&w, SIP_HDR_FROM, STR("<sip:a@b>;tag=1"));
	sip_put_header(&w, SIP_HDR_TO, STR("<sip:a@b>"));
	sip_put_header(&w, SIP_HDR_CALL_ID, STR("c"));
	sip_put_header(&w, SIP_HDR_CSEQ, STR("1 REGISTER"));
	if (credentials[0])
		sip_put_header(&w, SIP_HDR_AUTHORIZATION, str_of(credentials));
	sip_put_body(&w, STR_NONE, STR_NONE);
	sip_msg_init(&msg);
	CHECK(sip_index(wr_done(&w), SIP_DGRAM, &msg) == OK);
	return &msg;
}

static const char *answer_to(const struct sip_msg *c, const char *user, const char *password)
{
	static char text[1024];
	struct wr w = wr_of(text, sizeof text - 1);

	CHECK(auth_answer(io, c, STR("example.com"), str_of(user), str_of(password),
		      STR("REGISTER"), STR("sip:example.com"), &w) == OK);
	text[wr_len(&w)] = '\0';
	return text;
}

static enum auth_verdict check(const struct auth_ask *a, const char *credentials)
{
	char user[64] = "";
	enum auth_verdict v = auth_check(auth, a, with(credentials), user, sizeof user);

	CHECK((v == AUTH_GOOD) == (strcmp(user, "alice") == 0));
	return v;
}

static void the_right_password_opens_once_per_count(void)
{
	struct auth_ask a = ask();
	const char *c;

	fresh();
	CHECK(check(&a, "") == AUTH_ABSENT);
	c = answer_to(challenged(&a), "alice", "secret");
	CHECK(check(&a, c) == AUTH_GOOD);
	CHECK(check(&a, c) == AUTH_STALE); /* the same count: a replay */
}

static void a_wrong_password_and_an_unknown_user_are_alike(void)
{
	struct auth_ask a = ask();

	fresh();
	CHECK(check(&a, answer_to(challenged(&a), "alice", "secreT")) == AUTH_WRONG);
	CHECK(check(&a, answer_to(challenged(&a), "mallory", "secret")) == AUTH_WRONG);
	CHECK(auth_wrong_count(auth) == 2);
}

static void a_nonce_is_bound_and_ages(void)
{
	struct auth_ask a = ask(), other = ask();
	const char *c;

	fresh();
	other.binding = STR("udp 2");
	c = answer_to(challenged(&a), "alice", "secret");
	CHECK(check(&other, c) == AUTH_STALE); /* asked again, without a word about the password */
	CHECK(check(&a, c) == AUTH_GOOD);
	c = answer_to(challenged(&a), "alice", "secret");
	sim_run(sim, 299 * 1000);
	CHECK(check(&a, c) == AUTH_GOOD);
	c = answer_to(challenged(&a), "alice", "secret");
	sim_run(sim, 302 * 1000);
	CHECK(check(&a, c) == AUTH_STALE);
}

static void another_realm_is_not_ours(void)
{
	struct auth_ask a = ask();
	struct wr w;
	char text[512];

	fresh();
	a.realm = STR("evil.example");
	w = wr_of(text, sizeof text);
	CHECK(auth_answer(io, challenged(&a), STR("example.com"), STR("alice"), STR("secret"),
		      STR("REGISTER"), STR("sip:x"), &w) == ERR_NOENT);
	CHECK(wr_len(&w) == 0);
	a = ask();
	CHECK(check(&a, "Digest username=\"alice\", realm=\"other\", nonce=\"x\", uri=\"sip:x\", "
			"response=\"0\"") == AUTH_ABSENT);
	CHECK(check(&a, "Basic YTpi") == AUTH_ABSENT);
}

static void sha256_is_offered_first_and_md5_only_where_it_is_allowed(void)
{
	struct auth_ask a = ask();
	const struct sip_msg *c;
	struct sip_auth one;
	int i;

	fresh();
	c = challenged(&a);
	i = sip_first(c, SIP_HDR_WWW_AUTHENTICATE);
	CHECK(sip_auth_parse(sip_field_value(c, i), &one) == OK);
	CHECK_STR(one.algorithm, "SHA-256");
	CHECK_STR(one.qop, "auth");
	i = sip_next(c, i);
	CHECK(i >= 0 && sip_auth_parse(sip_field_value(c, i), &one) == OK);
	CHECK_STR(one.algorithm, "MD5");
	a.has_md5 = false;
	c = challenged(&a);
	CHECK(sip_next(c, sip_first(c, SIP_HDR_WWW_AUTHENTICATE)) < 0);
}

static void answers_without_qop_need_the_zones_word(void)
{
	struct auth_ask a = ask();
	struct sip_auth one;
	uint8_t ha1[32];
	char response[65], text[1024];

	fresh();
	CHECK(sip_auth_parse(sip_header(challenged(&a), SIP_HDR_WWW_AUTHENTICATE), &one) == OK);
	auth_ha1(AUTH_MD5, STR("alice"), STR("example.com"), STR("secret"), ha1);
	auth_response(&(struct auth_parts){AUTH_MD5, ha1, one.nonce, STR_NONE, STR_NONE, STR_NONE,
			      STR("REGISTER"), STR("sip:example.com")},
		response);
	snprintf(text, sizeof text,
		"Digest username=\"alice\", realm=\"example.com\", nonce=\"%.*s\", "
		"uri=\"sip:example.com\", response=\"%s\"",
		STR_ARG(one.nonce), response);
	CHECK(check(&a, text) == AUTH_WRONG);
	a.is_legacy = true;
	CHECK(check(&a, text) == AUTH_GOOD);
	a.has_md5 = false;
	CHECK(check(&a, text) == AUTH_WRONG);
}

static void done(void)
{
	auth_free(auth);
	sim_free(sim);
	auth = NULL;
	sim = NULL;
}

TEST_MAIN(T(the_values_of_rfc_7616), T(the_right_password_opens_once_per_count),
	T(a_wrong_password_and_an_unknown_user_are_alike), T(a_nonce_is_bound_and_ages),
	T(another_realm_is_not_ours), T(sha256_is_offered_first_and_md5_only_where_it_is_allowed),
	T(answers_without_qop_need_the_zones_word), T(done))
