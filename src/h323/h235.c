/* h235.c - see h235.h. H.235.1 (2005) for the HMAC; the form of the password hash, with NULs behind
 * password and name, is the one that products use, and the one without is accepted. */
#include "h323/h235.h"

#include <string.h>

#include "base/crypt.h"

#define OID_MD5 "1.2.840.113549.2.5"

/* OIDs "A", "T" and "U" of H.235.1, edition 2 and 1. */
static const char *const oid_profile[] = {"0.0.8.235.0.2.1", "0.0.8.235.0.1.1"};
static const char *const oid_clear[] = {"0.0.8.235.0.2.5", "0.0.8.235.0.1.5"};
static const char *const oid_hmac[] = {"0.0.8.235.0.2.6", "0.0.8.235.0.1.6"};

static bool is_either(const struct per_tree *t, uint16_t node, const char *const oids[2])
{
	return oid_is(t, node, oids[0]) || oid_is(t, node, oids[1]);
}

/* ---- reading ---- */
/* Of cryptoEPPwdHash and cryptoGKPwdHash, which have the same fields; only the name differs in kind. */
static enum err password_claim(
	const struct per_tree *t, uint16_t c, bool is_gatekeeper, struct h235_claim *ret)
{
	uint16_t name = per_field(t, c, H225_CryptoH323Token_cryptoEPPwdHash_alias);
	uint16_t token = per_field(t, c, H225_CryptoH323Token_cryptoEPPwdHash_token);
	struct str hash =
		per_str(t, per_field(t, token, H225_CryptoH323Token_cryptoEPPwdHash_token_hash));
	struct h323_alias alias = {.kind = ALIAS_ID};

	if (!oid_is(t, per_field(t, token, H225_CryptoH323Token_cryptoEPPwdHash_token_algorithmOID),
		    OID_MD5))
		return ERR_NOENT;
	if (is_gatekeeper && !bmp_to_utf8(per_str(t, name), alias.text, sizeof alias.text))
		return ERR_SYNTAX;
	if ((!is_gatekeeper && alias_get(t, name, &alias) != OK) || hash.len != MD5_LEN)
		return ERR_SYNTAX;
	memcpy(ret->sender, alias.text, sizeof ret->sender);
	memcpy(ret->hash, hash.p, MD5_LEN);
	ret->kind = H235_PASSWORD;
	ret->time = (uint32_t)per_num(
		t, per_field(t, c, H225_CryptoH323Token_cryptoEPPwdHash_timeStamp), 0);
	return OK;
}

static enum err hmac_claim(const struct per_tree *t, uint16_t c, struct h235_claim *ret)
{
	uint16_t h = per_get(t, c, PER_PATH(H235_CryptoToken_cryptoHashedToken));
	uint16_t vals = per_field(t, h, H235_CryptoToken_cryptoHashedToken_hashedVals);
	uint16_t token = per_field(t, h, H235_CryptoToken_cryptoHashedToken_token);
	struct str hash =
		per_str(t, per_field(t, token, H235_CryptoToken_cryptoHashedToken_token_hash));

	if (!is_either(
		    t, per_field(t, h, H235_CryptoToken_cryptoHashedToken_tokenOID), oid_profile) ||
		!is_either(t,
			per_field(t, token, H235_CryptoToken_cryptoHashedToken_token_algorithmOID),
			oid_hmac))
		return ERR_NOENT;
	if (hash.len != H235_HASH_LEN ||
		!bmp_to_utf8(per_str(t, per_field(t, vals, H235_ClearToken_sendersID)), ret->sender,
			sizeof ret->sender) ||
		!bmp_to_utf8(per_str(t, per_field(t, vals, H235_ClearToken_generalID)),
			ret->general, sizeof ret->general))
		return ERR_SYNTAX;
	memcpy(ret->hash, hash.p, H235_HASH_LEN);
	ret->kind = H235_HMAC;
	ret->time = (uint32_t)per_num(t, per_field(t, vals, H235_ClearToken_timeStamp), 0);
	ret->random = per_num(t, per_field(t, vals, H235_ClearToken_random), 0);
	return OK;
}

static enum err claim_of(const struct per_tree *t, uint16_t token, struct h235_claim *ret)
{
	uint16_t c = per_first(t, token);

	ret->token = c;
	switch (per_choice(t, token)) {
	case H225_CryptoH323Token_cryptoEPPwdHash:
		return password_claim(t, c, false, ret);
	case H225_CryptoH323Token_cryptoGKPwdHash:
		return password_claim(t, c, true, ret);
	case H225_CryptoH323Token_nestedcryptoToken:
		return hmac_claim(t, c, ret);
	default:
		return ERR_NOENT;
	}
}

enum err h235_claim_get(
	const struct per_tree *t, uint16_t crypto_tokens, struct h235_claim *ret_claim)
{
	for (uint16_t c = per_first(t, crypto_tokens); c != PER_NONE; c = per_next(t, c)) {
		struct h235_claim claim = {0};
		enum err err = claim_of(t, c, &claim);

		if (err == OK)
			*ret_claim = claim;
		if (err != ERR_NOENT)
			return err;
	}
	return ERR_NOENT;
}

/* ---- the two hashes ---- */
static bool put_text(struct per_tree *t, uint16_t node, struct str text, bool has_nul)
{
	struct str bmp;
	uint8_t *p;

	if (!utf8_to_bmp(t, text, &bmp) || !(p = per_take(t, bmp.len + 2)))
		return false;
	memcpy(p, bmp.p, bmp.len);
	p[bmp.len] = p[bmp.len + 1] = 0;
	per_set_str(t, node, (struct str){(const char *)p, bmp.len + (has_nul ? 2 : 0)});
	return node != PER_NONE;
}

/* MD5 over PwdCertToken (H.235 section 10.3.3). */
static enum err password_hash(const char *id, struct str password, uint32_t time, bool has_nul,
	struct per_tree *work, uint8_t ret[MD5_LEN])
{
	uint8_t octets[2 * (2 * H323_ALIAS_MAX + 2) + 64];
	struct wr w = wr_of(octets, sizeof octets);
	uint16_t n = per_root(work, H235_ClearToken_T);
	enum err err;

	per_set_str(
		work, per_put(work, n, H235_ClearToken_tokenOID), (struct str){"\0", 1}); /* 0.0 */
	per_set_num(work, per_put(work, n, H235_ClearToken_timeStamp), time);
	if (!put_text(work, per_put(work, n, H235_ClearToken_password), password, has_nul) ||
		!put_text(work, per_put(work, n, H235_ClearToken_generalID), str_of(id), has_nul))
		return ERR_FULL;
	err = per_write(work, &w);
	if (err == OK)
		md5(wr_done(&w), ret);
	explicit_bzero(octets, sizeof octets);
	return err;
}

/* The whole message with the hash's octets zero, under SHA-1 of the password (H.235.1 section 8.3). */
static void hmac_of(const uint8_t *message, size_t len, size_t at, struct str password,
	struct wr *room, uint8_t ret[20])
{
	uint8_t key[20], *copy = room->p;

	memcpy(copy, message, len);
	memset(copy + at, 0, H235_HASH_LEN);
	sha1(password, key);
	hmac_sha1((struct str){(const char *)key, sizeof key},
		(struct str){(const char *)copy, len}, ret);
	explicit_bzero(key, sizeof key);
}

/* A message's copy fits into the tree that is lent: nodes and octets lie in one piece. */
static enum err hmac(const uint8_t *message, size_t len, size_t at, struct str password,
	struct per_tree *work, uint8_t ret[20])
{
	struct wr room = wr_of(work->nodes, PER_TREE_SIZE);

	if (len > PER_TREE_SIZE || at > len || len - at < H235_HASH_LEN)
		return ERR_RANGE;
	hmac_of(message, len, at, password, &room, ret);
	return OK;
}

static enum err check_hmac(const struct per_tree *t, const struct h235_claim *claim,
	struct str password, struct per_tree *work)
{
	uint16_t hash = per_get(t, claim->token,
		PER_PATH(H235_CryptoToken_cryptoHashedToken,
			H235_CryptoToken_cryptoHashedToken_token,
			H235_CryptoToken_cryptoHashedToken_token_hash));
	struct str place = per_str(t, hash);
	uint8_t want[20];
	enum err err;

	if (place.len != H235_HASH_LEN || place.p < t->in.p || place.p >= t->in.p + t->in.len)
		return ERR_AUTH;
	err = hmac((const uint8_t *)t->in.p, t->in.len, (size_t)(place.p - t->in.p), password, work,
		want);
	if (err != OK)
		return err;
	return crypt_equal(want, claim->hash, H235_HASH_LEN) ? OK : ERR_AUTH;
}

enum err h235_check(const struct per_tree *t, const struct h235_claim *claim, struct str password,
	struct per_tree *work)
{
	uint8_t want[MD5_LEN];

	if (claim->kind == H235_HMAC)
		return check_hmac(t, claim, password, work);
	for (int has_nul = 1; has_nul >= 0; has_nul--) {
		enum err err =
			password_hash(claim->sender, password, claim->time, has_nul, work, want);

		if (err != OK)
			return err;
		if (crypt_equal(want, claim->hash, MD5_LEN))
			return OK;
	}
	return ERR_AUTH;
}

/* ---- writing ---- */
static bool put_hash(struct per_tree *t, uint16_t node, const uint8_t *hash, size_t len)
{
	uint8_t *p = per_take(t, len);

	if (!p)
		return false;
	memcpy(p, hash, len);
	per_set_bits(t, node, (struct str){(const char *)p, len}, (uint32_t)len * 8);
	return node != PER_NONE;
}

enum err h235_put_password(struct per_tree *t, uint16_t crypto_tokens, bool is_gatekeeper,
	const char *id, struct str password, uint32_t time, struct per_tree *work)
{
	uint16_t c = per_put(t, per_append(t, crypto_tokens),
		is_gatekeeper ? H225_CryptoH323Token_cryptoGKPwdHash
			      : H225_CryptoH323Token_cryptoEPPwdHash);
	uint16_t name = per_put(t, c, H225_CryptoH323Token_cryptoEPPwdHash_alias), token;
	struct h323_alias alias = {.kind = ALIAS_ID};
	uint8_t hash[MD5_LEN];
	enum err err = password_hash(id, password, time, true, work, hash);

	if (err != OK)
		return err;
	if (!str_copy(str_of(id), alias.text, sizeof alias.text) ||
		(is_gatekeeper ? !put_text(t, name, str_of(id), false)
			       : alias_put(t, name, &alias) != OK))
		return ERR_FULL;
	per_set_num(t, per_put(t, c, H225_CryptoH323Token_cryptoEPPwdHash_timeStamp), time);
	token = per_put(t, c, H225_CryptoH323Token_cryptoEPPwdHash_token);
	per_put(t, token, H225_CryptoH323Token_cryptoEPPwdHash_token_paramS);
	if (!oid_put(t, per_put(t, token, H225_CryptoH323Token_cryptoEPPwdHash_token_algorithmOID),
		    OID_MD5) ||
		!put_hash(t, per_put(t, token, H225_CryptoH323Token_cryptoEPPwdHash_token_hash),
			hash, MD5_LEN))
		return ERR_FULL;
	return OK;
}

static bool put_clear(struct per_tree *t, uint16_t vals, const char *sender, const char *general,
	uint32_t time, int64_t random)
{
	per_set_num(t, per_put(t, vals, H235_ClearToken_timeStamp), time);
	per_set_num(t, per_put(t, vals, H235_ClearToken_random), random);
	return oid_put(t, per_put(t, vals, H235_ClearToken_tokenOID), oid_clear[0]) &&
	       put_text(t, per_put(t, vals, H235_ClearToken_generalID), str_of(general), false) &&
	       put_text(t, per_put(t, vals, H235_ClearToken_sendersID), str_of(sender), false);
}

enum err h235_put_hmac(struct per_tree *t, uint16_t crypto_tokens, const char *sender,
	const char *general, uint32_t time, int64_t random)
{
	static const uint8_t zero[H235_HASH_LEN];
	uint16_t c =
		per_put(t, per_append(t, crypto_tokens), H225_CryptoH323Token_nestedcryptoToken);
	uint16_t h = per_put(t, c, H235_CryptoToken_cryptoHashedToken);
	uint16_t token = per_put(t, h, H235_CryptoToken_cryptoHashedToken_token);

	per_put(t, token, H235_CryptoToken_cryptoHashedToken_token_paramS);
	if (!oid_put(t, per_put(t, h, H235_CryptoToken_cryptoHashedToken_tokenOID),
		    oid_profile[0]) ||
		!put_clear(t, per_put(t, h, H235_CryptoToken_cryptoHashedToken_hashedVals), sender,
			general, time, random) ||
		!oid_put(t,
			per_put(t, token, H235_CryptoToken_cryptoHashedToken_token_algorithmOID),
			oid_hmac[0]) ||
		!put_hash(t, per_put(t, token, H235_CryptoToken_cryptoHashedToken_token_hash), zero,
			sizeof zero))
		return ERR_FULL;
	return OK;
}

enum err h235_seal(const struct per_schema *schema, uint16_t type, const uint16_t *tokens_path,
	uint8_t *message, size_t len, struct str password, struct per_tree *work)
{
	struct per_tree t = per_tree_of(schema, work->nodes);
	struct h235_claim claim;
	struct str place;
	uint8_t want[20];
	size_t at;
	enum err err = per_read(&t, type, (struct str){(const char *)message, len});

	if (err == OK)
		err = h235_claim_get(&t, per_get(&t, 0, tokens_path), &claim);
	if (err != OK)
		return err;
	place = per_str(&t, per_get(&t, claim.token,
				    PER_PATH(H235_CryptoToken_cryptoHashedToken,
					    H235_CryptoToken_cryptoHashedToken_token,
					    H235_CryptoToken_cryptoHashedToken_token_hash)));
	if (claim.kind != H235_HMAC || place.len != H235_HASH_LEN)
		return ERR_NOENT;
	at = (size_t)(place.p - (const char *)message);
	err = hmac(message, len, at, password, work, want);
	if (err == OK)
		memcpy(message + at, want, H235_HASH_LEN);
	return err;
}
