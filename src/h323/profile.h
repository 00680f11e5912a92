/* profile.h - what our own two nodes add to H.460.18 and .19 between each other: the key of a traversal zone,
 * a proof on the first message of a connection, what one node says of a call to the other, and the names of
 * media streams. docs/protocols/h323-link.md has the octets.
 *
 * All of it is generic data under one identifier of ours, which no third party is ever sent. Pure: no clock,
 * no memory of what was seen; whoever asks compares nonces and time with his own. */
#ifndef H323_PROFILE_H
#define H323_PROFILE_H

#include "call/leg.h"
#include "conf/conf.h"
#include "h323/value.h"

#define PROFILE_VERSION   1u
#define PROFILE_NONCE_LEN 16u /* seconds since 1970 in four octets, then random ones */
#define PROFILE_MAC_LEN   16u

/* The secret that both nodes have of a zone: of the pairing, else its password. buf holds what is derived. */
#define PROFILE_KEY_LEN 32u
struct str profile_key(const struct conf_zone *zone, uint8_t buf[PROFILE_KEY_LEN]);
/* The name that both nodes have for the zone's login. */
struct str profile_login(const struct conf_zone *zone);

/* ---- in RAS: that a node speaks this profile ---- */
bool profile_put_version(struct per_tree *t, uint16_t list, uint64_t boot);
bool profile_is_in(const struct per_tree *t, uint16_t list);

/* ---- in call signalling ---- */
/* What one node says of a call to the other. id 0: nothing of it. */
struct profile_word {
	uint64_t id; /* the call's number on both nodes */
	bool is_authenticated;
	char user[64];
};
struct profile_proof {
	uint8_t nonce[PROFILE_NONCE_LEN], mac[PROFILE_MAC_LEN];
	struct profile_word word;
};
/* A list of generic data. kind: 'Q' call signalling, 'H' H.245. False: no room. */
bool profile_put_proof(struct per_tree *t, uint16_t list, struct str key, char kind,
	const uint8_t guid[H323_GUID_LEN], const uint8_t nonce[PROFILE_NONCE_LEN],
	const struct profile_word *word);
/* False: there is none, or it is not whole. */
bool profile_get_proof(const struct per_tree *t, uint16_t list, struct profile_proof *ret_proof);
bool profile_is_right(const struct profile_proof *proof, struct str key, char kind,
	const uint8_t guid[H323_GUID_LEN]);
uint32_t profile_nonce_time(const uint8_t nonce[PROFILE_NONCE_LEN]);
/* Takes it out of a message that goes on to somebody else. of: the SEQUENCE that has the list as this field. */
void profile_cut(struct per_tree *t, uint16_t of, uint16_t field);

/* ---- in H.245: which of Edge's streams a channel is; of: OpenLogicalChannel or its Ack ---- */
bool profile_put_stream(
	struct per_tree *t, uint16_t of, uint16_t field, const struct mux_line *mux);
bool profile_get_stream(
	const struct per_tree *t, uint16_t of, uint16_t field, struct mux_line *ret_mux);
void profile_cut_stream(struct per_tree *t, uint16_t of, uint16_t field);

#endif
