/* proof.h - whether a RAS message comes from a user whose password we know (H.235, h235.h).
 *
 * Looks for the token, its user, its time, whether it was seen before, and whether the password fits, and
 * says what is wrong in the standard's words. It refuses nothing by itself. */
#ifndef H323_PROOF_H
#define H323_PROOF_H

#include "conf/conf.h"
#include "h323/h235.h"
#include "h323/replay.h"

enum proof {
	PROOF_NONE, /* there is no token */
	PROOF_GOOD,
	PROOF_WRONG,   /* no such user, or not his password */
	PROOF_TIME,    /* right, but too old or from the future: a clock is wrong */
	PROOF_REPLAY,  /* right, but used before */
	PROOF_OID,     /* a kind of token that we do not know, or do not allow */
	PROOF_GENERAL, /* meant for another gatekeeper */
	PROOF_FULL,    /* too many tokens to remember */
	PROOF_MAX
};

struct proof_ask {
	const struct conf *conf;
	struct replay *replay;
	uint64_t now_s;         /* wall clock */
	struct addr source;     /* of the message */
	const char *gatekeeper; /* our identifier */
	const char *endpoint,
		*user; /* the endpoint's identifier and whose it is; NULL: not registered */
};

struct proved {
	enum proof verdict;
	enum h235_kind kind;
	char user[64];       /* PROOF_GOOD */
	struct str password; /* PROOF_GOOD: to seal the answer */
	char sender[H323_ALIAS_MAX + 1];
};

/* tokens: the list of CryptoH323Token in t, PER_NONE if there is none. */
void proof_check(const struct proof_ask *ask, const struct per_tree *t, uint16_t tokens,
	struct per_tree *work, struct proved *ret);
const char *proof_text(enum proof p); /* for the log */

#endif
