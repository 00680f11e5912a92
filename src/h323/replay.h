/* replay.h - tokens that were accepted and must not be accepted twice (H.235 clause on replay).
 *
 * Two sets of hashes of fixed size: one that is filled, and the one before it, each as old as a token
 * may be. What does not fit is refused, never forgotten: only tokens whose proof was right are put in,
 * so nobody fills it from outside. Pure but for its memory. */
#ifndef H323_REPLAY_H
#define H323_REPLAY_H

#include "base/hash.h"

#define REPLAY_WINDOW_S 60u /* how far a token's time may be off, either way */
#define REPLAY_SLOTS    131072u

struct replay {
	struct hash_key key;
	uint64_t *sets[2]; /* [0]: being filled */
	uint32_t n[2];
	uint64_t since_s;
};

/* key: 16 random bytes. ERR_FULL: no memory. */
MUST_USE enum err replay_init(struct replay *r, const struct hash_key *key);
void replay_free(struct replay *r);
/* Notes a token; now_s: wall clock. OK: it is new. ERR_RANGE: its time is too far from ours; ERR_EXISTS: it
 * was used before; ERR_FULL: the memory is full. id: what is unique in it besides sender and time. */
MUST_USE enum err replay_note(
	struct replay *r, uint64_t now_s, struct str sender, uint64_t time_s, struct str id);
/* Whether it was noted, and is not forgotten. */
bool replay_knows(struct replay *r, struct str sender, uint64_t time_s, struct str id);

#endif
