/* csmsg.h - call signalling messages (H.225.0 section 7) as one thing: Q.931 header and H.323 part.
 *
 * Reading gives the index of the Q.931 elements and the tree of the User-user element, both over the bytes
 * that came. A message for the other side is the same tree with a few fields changed (rewrite.h) behind the
 * other leg's call reference: what nobody changed leaves as it came. The few messages that we originate are
 * built here. Pure: bytes and values, no call, no connection. */
#ifndef H323_CSMSG_H
#define H323_CSMSG_H

#include "h323/q931.h"
#include "h323/value.h"

#define CSMSG_MAX 65531u /* octets that fit in a TPKT frame */
#define NO_FIELD  PER_NONE

/* Fields of a body that more than one kind of message has; NO_FIELD: this kind has none. */
struct cs_fields {
	uint16_t protocol, call_id, h245, fast_start, tokens, crypto, features;
};

struct cs_msg {
	struct q931_msg q;
	struct per_tree t;
	bool has_h323; /* a User-user element that could be read; else the nodes are PER_NONE */
	uint16_t uu;   /* node of h323-uu-pdu */
	uint16_t
		kind; /* H225_H323_UU_PDU_h323_message_body_*, PER_NONE: an alternative we do not know */
	uint16_t body;                  /* node of what it holds */
	const struct cs_fields *fields; /* never NULL */
};

/* The Q.931 part alone: ret_msg->q. */
MUST_USE enum err cs_read_header(struct str in, struct cs_msg *ret_msg);
/* Then the H.323 part, into a tree in memory of PER_TREE_SIZE octets; a message without one is OK. On an
 * error per_where(&m->t) says where. */
MUST_USE enum err cs_read_h323(struct cs_msg *m, void *memory);

uint16_t cs_field(const struct cs_msg *m, uint16_t field); /* of the body; PER_NONE: absent */
bool cs_call_id(
	const struct cs_msg *m, uint8_t ret_guid[H323_GUID_LEN]); /* false: none, or zeros */

enum cs_tunnelling { CS_TUNNEL_NO_WORD, CS_TUNNEL_NO, CS_TUNNEL_YES };
enum cs_tunnelling cs_tunnelling(const struct cs_msg *m);

/* Who is called: an alias that routes, else the Called Party Number, else an address. False: none of them. */
bool cs_destination(const struct cs_msg *m, struct h323_alias *ret_alias);
bool cs_source(const struct cs_msg *m, struct h323_alias *ret_alias); /* who calls */

/* A message for the other side, with its tree as it is now. number: in place of the Called Party Number's
 * digits, or empty: as it is. ERR_FULL: it does not fit. */
MUST_USE enum err cs_write(const struct cs_msg *m, uint16_t crv, bool is_from_answering,
	struct str number, struct wr *w);

/* ---- what we originate ---- */
struct cs_own {
	uint16_t crv;
	bool is_from_answering;
	uint8_t guid[H323_GUID_LEN];
	bool is_tunnelling;
};
/* Begins such a message: its tree, in memory of PER_TREE_SIZE octets. kind: which body. */
void cs_begin(struct cs_msg *m, const struct cs_own *own, uint16_t kind, void *memory);
/* cause: of the Cause element, 0: none. state: of the Call State element (Status alone). ERR_FULL. */
MUST_USE enum err cs_end(const struct cs_msg *m, const struct cs_own *own, enum q931_type type,
	uint8_t cause, uint8_t state, struct wr *w);

#endif
