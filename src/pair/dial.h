/* dial.h - Control's side of a join: dials Edge, proves the token's secret, learns the rest.
 *
 * One connection, one answer. It holds the secret only while it runs. */
#ifndef PAIR_DIAL_H
#define PAIR_DIAL_H

#include "io/io.h"
#include "pair/join.h"
#include "pair/token.h"

enum join_end {
	JOIN_OK,
	JOIN_NO_ANSWER, /* Edge cannot be reached, or says nothing; err says more */
	JOIN_NEW_KEY,   /* who answers has not the key of the token */
	JOIN_NO_TLS,    /* the handshake failed */
	JOIN_NO_EDGE,   /* it speaks TLS, but no join */
	JOIN_NOT_NOW,   /* Edge refused; the refusal says why */
	JOIN_BAD_PROOF  /* it has the key, and not the secret: never seen but by a defect */
};

struct join_result {
	enum join_end end;
	enum err err;
	enum join_refusal refusal;
	struct join_welcome welcome; /* of JOIN_OK */
};

struct join_dial;
typedef void(join_done_h)(void *arg, const struct join_result *result);

struct join_want {
	struct local from;
	struct addr_ok to;
	const struct pair_token *token; /* borrowed until it is done */
	struct str pem;                 /* this node's zone key; borrowed for the call */
	const char *name;               /* this node's; borrowed until it is done */
	uint32_t timeout_ms;
};

/* h is called once, and not within this call; then everything is gone. ERR_SYNTAX: the key cannot be
 * used. ERR_FULL, ERR_NO_PORT, ERR_DENIED. */
MUST_USE enum err join_dial(struct io *io, const struct join_want *want, join_done_h *h, void *arg);

#endif
