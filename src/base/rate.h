/* rate.h - token buckets per source address, in a table of fixed size.
 *
 * Sources are IPv4 addresses and IPv6 /56 networks (RFC 6177), hashed with a secret key, so that
 * nobody chooses whom he shares a bucket with. Integer arithmetic; no memory per source. */
#ifndef BASE_RATE_H
#define BASE_RATE_H

#include "base/addr.h"
#include "base/hash.h"

#define RATE_SLOTS 4096u

struct rate {
	struct hash_key key;
	uint32_t step_us, burst; /* step_us: what an event pays; 0: everything passes */
	struct rate_slot {
		uint64_t paid_us; /* until then the source has paid for what it sent */
	} * slots;
	uint64_t n_refused;
};

/* n events in per_ms, burst of them at once; n 0: everything passes. */
MUST_USE enum err rate_init(
	struct rate *r, uint32_t n, uint32_t per_ms, uint32_t burst, const struct hash_key *key);
/* Another rate for the same sources; what they have paid for stands. */
void rate_set(struct rate *r, uint32_t n, uint32_t per_ms, uint32_t burst);
void rate_free(struct rate *r);
/* One event of this source at now (ns): true if it is within the rate. */
bool rate_pass(struct rate *r, const struct addr *source, uint64_t now);
/* The same for whatever a number names: a dialog. */
bool rate_pass_id(struct rate *r, uint64_t id, uint64_t now);
/* Would rate_pass() say no? Nothing is paid. */
bool rate_is_over(const struct rate *r, const struct addr *source, uint64_t now);

#endif
