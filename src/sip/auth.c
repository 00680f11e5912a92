/* auth.c - digest: responses, stateless nonces, the window of counts. */
#include <string.h>

#include "base/crypt.h"
#include "base/hash.h"
#include "sip/auth.h"
#include "sip/build.h"

#define NS_PER_S 1000000000u

struct used {
	uint64_t nonce; /* keyed hash; 0: free */
	uint64_t bits;  /* bit n: count highest - n was seen */
	uint32_t highest;
};

struct auth {
	struct io *io;
	uint8_t key[SHA256_LEN];
	struct hash_key hash;
	struct used *used;
	uint64_t n_wrong;
};

enum err auth_new(struct io *io, const uint8_t key[32], struct auth **ret_auth)
{
	struct auth *a = mem_array(1, sizeof *a);

	if (!a)
		return ERR_FULL;
	a->io = io;
	memcpy(a->key, key, sizeof a->key);
	io_random(io, &a->hash, sizeof a->hash);
	a->used = mem_array(AUTH_NONCES_USED, sizeof *a->used);
	if (!a->used) {
		auth_free(a);
		return ERR_FULL;
	}
	*ret_auth = a;
	return OK;
}

void auth_free(struct auth *a)
{
	if (!a)
		return;
	explicit_bzero(a->key, sizeof a->key);
	mem_free(a->used);
	mem_free(a);
}

uint64_t auth_wrong_count(const struct auth *a)
{
	return a->n_wrong;
}

/* ---- the response (RFC 7616 3.4.1) ---- */

static size_t hash_len(enum auth_algorithm algorithm)
{
	return algorithm == AUTH_MD5 ? MD5_LEN : SHA256_LEN;
}

static void hash_bytes(enum auth_algorithm algorithm, struct str bytes, uint8_t ret[SHA256_LEN])
{
	if (algorithm == AUTH_MD5)
		md5(bytes, ret);
	else
		sha256(bytes, ret);
}

#define TEXT_MAX 4096u

/* H(a:b:c...) of the texts; too long a text gives the hash of nothing, which fits nobody. */
static void hash_joined(
	enum auth_algorithm algorithm, const struct str *texts, size_t n, uint8_t ret[SHA256_LEN])
{
	char buf[TEXT_MAX];
	struct wr w = wr_of(buf, sizeof buf);

	for (size_t i = 0; i < n; i++) {
		if (i)
			wr_u8(&w, ':');
		wr_str(&w, texts[i]);
	}
	hash_bytes(algorithm, wr_done(&w), ret);
	explicit_bzero(buf, sizeof buf);
}

void auth_ha1(enum auth_algorithm algorithm, struct str user, struct str realm, struct str password,
	uint8_t ret[32])
{
	struct str texts[] = {user, realm, password};

	hash_joined(algorithm, texts, 3, ret);
}

void auth_response(const struct auth_parts *p, char ret[65])
{
	size_t len = hash_len(p->algorithm);
	struct str a2[] = {p->method, p->uri};
	char ha1[65], ha2[65];
	uint8_t digest[SHA256_LEN];

	str_put_hex(p->ha1, len, ha1);
	hash_joined(p->algorithm, a2, 2, digest);
	str_put_hex(digest, len, ha2);
	if (p->qop.len) {
		struct str kd[] = {str_of(ha1), p->nonce, p->nc, p->cnonce, p->qop, str_of(ha2)};

		hash_joined(p->algorithm, kd, 6, digest);
	} else {
		struct str kd[] = {str_of(ha1), p->nonce, str_of(ha2)};

		hash_joined(p->algorithm, kd, 3, digest);
	}
	str_put_hex(digest, len, ret);
	explicit_bzero(ha1, sizeof ha1);
}

/* ---- nonces: time 32, salt 32, MAC 128 ---- */

static void nonce_mac(const struct auth *a, const struct auth_ask *ask, const uint8_t head[8],
	uint8_t ret[SHA256_LEN])
{
	char buf[TEXT_MAX];
	struct wr w = wr_of(buf, sizeof buf);

	wr_bytes(&w, head, 8);
	wr_str(&w, ask->realm);
	wr_u8(&w, 0);
	wr_str(&w, ask->binding);
	hmac_sha256((struct str){(const char *)a->key, sizeof a->key}, wr_done(&w), ret);
}

static void nonce_put(struct auth *a, const struct auth_ask *ask, char ret[AUTH_NONCE_LEN + 1])
{
	uint8_t bytes[24], mac[SHA256_LEN];
	uint32_t now = (uint32_t)(io_now(a->io) / NS_PER_S);

	memcpy(bytes, &now, 4);
	io_random(a->io, bytes + 4, 4);
	nonce_mac(a, ask, bytes, mac);
	memcpy(bytes + 8, mac, 16);
	str_put_hex(bytes, sizeof bytes, ret);
}

/* GOOD or STALE; WRONG: not a nonce of ours for this realm and binding. */
static enum auth_verdict nonce_check(
	const struct auth *a, const struct auth_ask *ask, struct str nonce)
{
	uint8_t bytes[24], mac[SHA256_LEN];
	uint32_t then, now = (uint32_t)(io_now(a->io) / NS_PER_S);

	if (str_hex(nonce, bytes, sizeof bytes) != OK)
		return AUTH_WRONG;
	nonce_mac(a, ask, bytes, mac);
	if (!crypt_equal(mac, bytes + 8, 16))
		return AUTH_WRONG;
	memcpy(&then, bytes, 4);
	return now - then <= AUTH_NONCE_S ? AUTH_GOOD : AUTH_STALE;
}

/* Each count once, a window of 64 behind the highest: requests may overtake each other on UDP. */
static bool count_use(struct auth *a, struct str nonce, uint32_t nc)
{
	uint64_t hash = siphash(&a->hash, nonce.p, nonce.len) | 1;
	struct used *u = &a->used[(hash >> 8) % AUTH_NONCES_USED];
	uint32_t behind;

	if (u->nonce != hash)
		*u = (struct used){.nonce = hash};
	if (nc > u->highest) {
		uint32_t ahead = nc - u->highest;

		u->bits = ahead < AUTH_NC_WINDOW ? u->bits << ahead | 1 : 1;
		u->highest = nc;
		return true;
	}
	behind = u->highest - nc;
	if (behind >= AUTH_NC_WINDOW || (u->bits >> behind & 1))
		return false;
	u->bits |= (uint64_t)1 << behind;
	return true;
}

/* ---- checking ---- */

bool auth_is_ours(const struct sip_msg *m, int field, struct str realm)
{
	struct sip_auth c;

	return sip_auth_parse(sip_field_value(m, field), &c) == OK && c.is_digest &&
	       str_eq(c.realm, realm);
}

static bool credentials_of(
	const struct sip_msg *m, enum sip_hdr id, struct str realm, struct sip_auth *ret)
{
	for (int i = sip_first(m, id); i >= 0; i = sip_next(m, i)) {
		if (auth_is_ours(m, i, realm) && sip_auth_parse(sip_field_value(m, i), ret) == OK)
			return true;
	}
	return false;
}

static bool algorithm_of(const struct auth_ask *ask, struct str name, enum auth_algorithm *ret)
{
	if (str_ieq(name, STR("SHA-256"))) {
		*ret = AUTH_SHA256;
		return true;
	}
	*ret = AUTH_MD5;
	return ask->has_md5 && (!name.len || str_ieq(name, STR("MD5")));
}

/* HA1 of the user; an unknown one gets a dummy, so that the path and its time are the same. */
static bool ha1_of(const struct auth *a, const struct auth_ask *ask, const struct sip_auth *c,
	enum auth_algorithm algorithm, uint8_t ret[SHA256_LEN])
{
	struct auth_user user = {0};
	bool is_known = ask->find(ask->arg, c->username, &user);
	const uint8_t *stored = algorithm == AUTH_MD5 ? user.ha1_md5 : user.ha1_sha256;
	struct str dummy = {(const char *)a->key, sizeof a->key};

	auth_ha1(
		algorithm, c->username, ask->realm, user.password.len ? user.password : dummy, ret);
	if (is_known && !user.password.len) {
		if (!stored)
			return false;
		memcpy(ret, stored, hash_len(algorithm));
	}
	return is_known;
}

static bool response_fits(const struct auth *a, const struct auth_ask *ask,
	const struct sip_auth *c, enum auth_algorithm algorithm, struct str method)
{
	uint8_t ha1[SHA256_LEN];
	bool is_known = ha1_of(a, ask, c, algorithm, ha1);
	struct auth_parts p = {algorithm, ha1, c->nonce, c->nc, c->cnonce, c->qop, method, c->uri};
	char expected[65];
	bool is_equal;

	auth_response(&p, expected);
	explicit_bzero(ha1, sizeof ha1);
	is_equal = crypt_equal_str(str_of(expected), c->response);
	return is_known && is_equal;
}

static bool count_of(struct str nc, uint32_t *ret)
{
	uint8_t bytes[4];

	if (str_hex(nc, bytes, sizeof bytes) != OK)
		return false;
	*ret = (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 |
	       bytes[3];
	return *ret > 0;
}

static enum auth_verdict wrong(struct auth *a)
{
	a->n_wrong++;
	return AUTH_WRONG;
}

enum auth_verdict auth_check(struct auth *a, const struct auth_ask *ask, const struct sip_msg *m,
	char *ret_user, size_t size)
{
	enum auth_algorithm algorithm;
	enum auth_verdict nonce;
	struct sip_auth c;
	uint32_t count = 0;

	if (!credentials_of(m, ask->is_proxy ? SIP_HDR_PROXY_AUTHORIZATION : SIP_HDR_AUTHORIZATION,
		    ask->realm, &c))
		return AUTH_ABSENT;
	if (!algorithm_of(ask, c.algorithm, &algorithm))
		return wrong(a);
	if (c.qop.len ? !str_eq(c.qop, STR("auth")) || !count_of(c.nc, &count) || !c.cnonce.len
		      : !ask->is_legacy)
		return wrong(a);
	nonce = nonce_check(a, ask, c.nonce);
	if (!response_fits(a, ask, &c, algorithm, m->method_text))
		return nonce == AUTH_WRONG ? AUTH_ABSENT : wrong(a);
	if (nonce !=
		AUTH_GOOD) /* the password is right: another binding, a predecessor's, or old */
		return AUTH_STALE;
	if (c.qop.len && !count_use(a, c.nonce, count))
		return AUTH_STALE;
	if (!str_copy(c.username, ret_user, size))
		return wrong(a);
	return AUTH_GOOD;
}

/* ---- challenging ---- */

static void put_one(struct wr *w, const struct auth_ask *ask, const char *nonce,
	const char *algorithm, bool is_stale)
{
	char realm[CONF_HOST * 2 + 8];
	struct wr r = wr_of(realm, sizeof realm);
	struct str quoted;

	sip_put_quoted(&r, ask->realm);
	quoted = wr_done(&r);
	sip_put_header_f(w, ask->is_proxy ? SIP_HDR_PROXY_AUTHENTICATE : SIP_HDR_WWW_AUTHENTICATE,
		"Digest realm=" STR_FMT ", nonce=\"%s\", algorithm=%s, qop=\"auth\"%s",
		STR_ARG(quoted), nonce, algorithm, is_stale ? ", stale=true" : "");
}

void auth_put_challenge(struct auth *a, struct wr *w, const struct auth_ask *ask, bool is_stale)
{
	char nonce[AUTH_NONCE_LEN + 1];

	nonce_put(a, ask, nonce);
	if (!ask->has_md5 || !ask->is_md5_only)
		put_one(w, ask, nonce, "SHA-256", is_stale);
	if (ask->has_md5)
		put_one(w, ask, nonce, "MD5", is_stale);
}

/* ---- answering ---- */

static bool challenge_of(const struct sip_msg *m, struct str realm, struct sip_auth *ret)
{
	for (int i = sip_first(m, SIP_HDR_WWW_AUTHENTICATE); i >= 0; i = sip_next(m, i)) {
		if (auth_is_ours(m, i, realm) && sip_auth_parse(sip_field_value(m, i), ret) == OK &&
			str_ieq(ret->algorithm, STR("SHA-256")))
			return true;
	}
	return false;
}

enum err auth_answer(struct io *io, const struct sip_msg *challenge, struct str realm,
	struct str user, struct str password, struct str method, struct str uri, struct wr *w)
{
	uint8_t ha1[SHA256_LEN], random[16];
	char cnonce[33], response[65];
	struct sip_auth c;

	if (!challenge_of(challenge, realm, &c))
		return ERR_NOENT;
	io_random(io, random, sizeof random);
	str_put_hex(random, sizeof random, cnonce);
	auth_ha1(AUTH_SHA256, user, realm, password, ha1);
	auth_response(&(struct auth_parts){AUTH_SHA256, ha1, c.nonce, STR("00000001"),
			      str_of(cnonce), STR("auth"), method, uri},
		response);
	explicit_bzero(ha1, sizeof ha1);
	wr_printf(w, "Digest username=");
	sip_put_quoted(w, user);
	wr_printf(w, ", realm=");
	sip_put_quoted(w, realm);
	wr_printf(w,
		", nonce=\"" STR_FMT "\", uri=\"" STR_FMT
		"\", response=\"%s\", algorithm=SHA-256, cnonce=\"%s\", nc=00000001, qop=auth",
		STR_ARG(c.nonce), STR_ARG(uri), response, cnonce);
	return w->err;
}
