/* trav.h - H.323 through a traversal zone: RAS between our two nodes, and the connections that Control opens.
 *
 *	trav.c       Control says each interval that it is there (SCI), Edge answers (SCR): the link
 *	travcall.c   a call inwards: Edge asks for a connection, Control opens it, Edge takes the right one
 *
 * H.460.18 between gatekeepers; zones of protocol assent have the proofs of profile.h beside it. It opens
 * nothing inwards, believes no address of a message, and decides about no call. */
#ifndef H323_TRAV_H
#define H323_TRAV_H

#include "base/rate.h"
#include "h323/csmsg.h"
#include "h323/hconn.h"
#include "h323/plane.h"
#include "h323/profile.h"
#include "h323/ras.h"
#include "h323/replay.h"

#define TRAV_ASKED 64u /* connections that Edge asked for and that are not open yet */

struct trav_zone {
	struct h323 *h;
	uint64_t zone;      /* HK_ZONE; 0: free */
	struct timer timer; /* Control: the next word to Edge; Edge: nothing was heard */
	struct addr peer;   /* of its RAS: Edge's port, or the source that proved itself */
	uint32_t time_s;    /* of the newest token */
	uint32_t interval_ms;
	bool is_up;
};

struct trav_counters {
	uint64_t n_refused, n_moved, n_asked, n_paired, n_unpaired, n_unproved;
};

struct trav {
	struct trav_zone zones[CONF_ZONES + 2]; /* by struct zone's index */
	struct replay replay;
	struct rate asks; /* connections that Edge asks for, by zone */
	uint64_t boot;
	struct {
		uint64_t conn;
		uint8_t guid[H323_GUID_LEN];
	} asked[TRAV_ASKED];
	struct trav_counters counters;
};

/* ---- trav.c ---- */
MUST_USE enum err trav_new(struct h323 *h, struct trav **ret_trav);
void trav_free(struct h323 *h);
/* After zones_configure(). */
void trav_configure(struct h323 *h);
/* Where Control was for a predecessor. Before the first turn. */
void trav_adopt(struct h323 *h);
/* The zone whose far node is at that host, up now, of the protocol: 0 assent, 1 h46018. NULL: none. */
struct zone *trav_zone_at(struct h323 *h, const struct addr *host, uint32_t protocol);
/* Of a zone that H.323 goes through and that is up; NULL: not. */
struct trav_zone *trav_up(struct h323 *h, const struct zone *zone);
bool trav_is_profile(const struct zone *zone); /* protocol assent */
/* A new ServiceControlIndication with features and a token: its body. To be filled and sent. */
uint16_t trav_begin(struct trav_zone *tz, struct per_tree *t);
MUST_USE enum err trav_ask(struct trav_zone *tz, struct per_tree *t, ras_answered_h *h, void *arg);

/* ---- travcall.c ---- */
/* Edge: a connection of Control's for this call is asked for; ret_conn stands for it until it is there. */
MUST_USE enum err trav_expect(struct h323 *h, struct zone *zone, const uint8_t guid[H323_GUID_LEN],
	struct hconn **ret_conn);
/* Control: Edge asked for one. at: as Edge says. */
void trav_asked(struct trav_zone *tz, const uint8_t guid[H323_GUID_LEN], const struct addr *at);
/* Control: it is open. False: none of these. */
bool trav_opened(struct h323 *h, struct hconn *conn);
/* Edge: a Facility of no call on a connection that came. False: it is not of a traversal zone. The connection may
 * be closed afterwards. */
bool trav_facility(struct h323 *h, struct hconn *conn, struct cs_msg *m);
/* Is a Setup on this connection to be believed? ret_word: what the other node says of the call. */
bool trav_setup(
	struct h323 *h, struct hconn *conn, const struct cs_msg *m, struct profile_word *ret_word);
/* Puts our own proof and word on a Setup that leaves to this zone. */
bool trav_sign(struct h323 *h, const struct zone *zone, struct cs_msg *m,
	const uint8_t guid[H323_GUID_LEN], const struct profile_word *word);
/* H.460.19 among the features of a message that leaves to a zone of protocol h46018. */
void trav_put_features(const struct zone *zone, struct cs_msg *m);
/* Edge's call signalling address of a zone that is up; false: it is not up. */
bool trav_call_address(struct h323 *h, const struct zone *zone, struct addr *ret_addr);

#endif
