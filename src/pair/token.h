/* token.h - the pairing token: what Edge's administrator carries to Control, as one line of text.
 *
 *	"fosse1:" base64url( u16 length, u8 version, tagged fields, 4 bytes of SHA-256 over all before )
 *
 * It says where Edge is, which key it has, and a secret that works once. Nothing that is used after the
 * join is in it: a used token is worthless. Pure; it holds a secret, so its owners wipe it. */
#ifndef PAIR_TOKEN_H
#define PAIR_TOKEN_H

#include "base/addr.h"

#define TOKEN_PREFIX    "fosse1:"
#define TOKEN_ADDRS_MAX 4
#define TOKEN_TEXT_MAX  1024

struct pair_token {
	struct addr
		edges[TOKEN_ADDRS_MAX]; /* as Control sees them; the port is the zone's SIP port */
	size_t n_edges;                 /* at least 1 */
	uint16_t ssh_port, xmpp_port, h323_port; /* 0: that service is not there */
	uint8_t spki[32];                        /* SHA-256 of Edge's zone key */
	bool has_ssh_key;
	uint8_t ssh_key[32]; /* SHA-256 of its SSH host key */
	char zone[64];       /* the pairing's name at Edge */
	char edge_name[256]; /* Edge's node name */
	uint64_t until_s;    /* wall clock of Edge, in seconds */
	uint8_t secret[16];
};

/* ERR_FULL: ret_text is too small. */
MUST_USE enum err token_put(const struct pair_token *t, struct wr *w);
/* ERR_SYNTAX or ERR_VERSION, and one static sentence that a person understands. White space around it
 * is no error. */
MUST_USE enum err token_parse(struct str text, struct pair_token *ret_token, const char **ret_why);

#endif
