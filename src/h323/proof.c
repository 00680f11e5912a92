/* proof.c - see proof.h. The password is tried before time and replay are told: who does not know it learns
 * nothing of them, and cannot fill the memory of tokens. */
#include "h323/proof.h"

#include <string.h>

static const struct conf_user *user_named(const struct conf *conf, const char *name)
{
	for (uint32_t i = 0; i < conf->n_users; i++) {
		if (str_eq(str_of(conf->users[i].name), str_of(name)))
			return &conf->users[i];
	}
	return NULL;
}

/* Once registered, an endpoint signs with its identifier (H.235.1 7). */
static const struct conf_user *user_of(const struct proof_ask *ask, const struct h235_claim *claim)
{
	if (ask->endpoint && ask->user && ask->user[0] &&
		str_eq(str_of(claim->sender), str_of(ask->endpoint)))
		return user_named(ask->conf, ask->user);
	return user_named(ask->conf, claim->sender);
}

/* A password hash covers no random number: all that an endpoint sends within a second has the same one. So
 * it is its first sender's, and nobody else's. */
static enum err note_password(const struct proof_ask *ask, const struct h235_claim *claim)
{
	struct str sender = str_of(claim->sender);
	uint8_t id[sizeof claim->hash + sizeof ask->source.ip];
	struct str hash = {(const char *)id, sizeof claim->hash},
		   both = {(const char *)id, sizeof id};
	enum err err;

	memcpy(id, claim->hash, sizeof claim->hash);
	memcpy(id + sizeof claim->hash, ask->source.ip, sizeof ask->source.ip);
	err = replay_note(ask->replay, ask->now_s, sender, claim->time, hash);
	if (err == OK)
		return replay_note(ask->replay, ask->now_s, sender, claim->time, both);
	return err == ERR_EXISTS && replay_knows(ask->replay, sender, claim->time, both) ? OK : err;
}

static enum err note_random(const struct proof_ask *ask, const struct h235_claim *claim)
{
	struct str id = {(const char *)&claim->random, sizeof claim->random};

	return replay_note(ask->replay, ask->now_s, str_of(claim->sender), claim->time, id);
}

static enum proof note(const struct proof_ask *ask, const struct h235_claim *claim)
{
	switch ((int)(claim->kind == H235_HMAC ? note_random(ask, claim)
					       : note_password(ask, claim))) {
	case OK:
		return PROOF_GOOD;
	case ERR_RANGE:
		return PROOF_TIME;
	case ERR_EXISTS:
		return PROOF_REPLAY;
	default:
		return PROOF_FULL;
	}
}

static enum proof judge(const struct proof_ask *ask, const struct per_tree *t,
	const struct h235_claim *claim, struct per_tree *work, struct proved *ret)
{
	const struct conf_user *user = user_of(ask, claim);

	if (claim->kind == H235_PASSWORD && !ask->conf->h323.md5)
		return PROOF_OID;
	if (claim->kind == H235_HMAC && claim->general[0] &&
		!str_ieq(str_of(claim->general), str_of(ask->gatekeeper)))
		return PROOF_GENERAL;
	if (!user || !user->password[0] || h235_check(t, claim, str_of(user->password), work) != OK)
		return PROOF_WRONG;
	ret->kind = claim->kind;
	ret->password = str_of(user->password);
	(void)str_copy(str_of(user->name), ret->user, sizeof ret->user);
	(void)str_copy(str_of(claim->sender), ret->sender, sizeof ret->sender);
	return note(ask, claim);
}

void proof_check(const struct proof_ask *ask, const struct per_tree *t, uint16_t tokens,
	struct per_tree *work, struct proved *ret)
{
	struct h235_claim claim;
	enum err err;

	*ret = (struct proved){.verdict = PROOF_NONE};
	if (tokens == PER_NONE || !per_count(t, tokens))
		return;
	err = h235_claim_get(t, tokens, &claim);
	if (err == OK)
		ret->verdict = judge(ask, t, &claim, work, ret);
	else
		ret->verdict = err == ERR_NOENT ? PROOF_OID : PROOF_WRONG;
}

const char *proof_text(enum proof p)
{
	static const char *const texts[PROOF_MAX] = {
		[PROOF_NONE] = "a password is due and there is no token",
		[PROOF_GOOD] = "the password is right",
		[PROOF_WRONG] = "no such user, or another password",
		[PROOF_TIME] = "the token's time is more than 60 s from ours",
		[PROOF_REPLAY] = "the token was used before",
		[PROOF_OID] = "the token is of a kind that is not known or not allowed",
		[PROOF_GENERAL] = "the token is meant for another gatekeeper",
		[PROOF_FULL] = "too many tokens to remember",
	};

	return p < PROOF_MAX ? texts[p] : "unknown";
}
