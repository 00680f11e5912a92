/* rate.c - the generic cell rate algorithm: one number per source instead of a bucket and a clock.
 *
 * A slot holds the time at which the source has paid for what it sent. An event passes while that
 * time is no more than the burst ahead of now. */

#include "sip/rate.h"
#include "base/scratch.h"

enum err rate_init(struct rate *r, uint32_t per_s, uint32_t burst, const struct hash_key *key)
{
	struct rate_slot *slots = mem_array(RATE_SLOTS, sizeof *slots);

	if (!slots)
		return ERR_FULL;
	*r = (struct rate){.key = *key, .per_s = per_s, .burst = burst ? burst : 1, .slots = slots};
	return OK;
}

void rate_free(struct rate *r)
{
	mem_free(r->slots);
	*r = (struct rate){0};
}

bool rate_pass(struct rate *r, const struct addr *source, uint64_t now)
{
	size_t len = source->family == AF_V6 ? 7 : 4;
	struct rate_slot *slot;
	uint64_t now_us = now / 1000, step_us, debt_us;

	if (!r->per_s)
		return true;
	slot = &r->slots[siphash(&r->key, source->ip, len) % RATE_SLOTS];
	step_us = 1000u * 1000u / r->per_s;
	debt_us = slot->paid_us > now_us ? slot->paid_us - now_us : 0;
	if (debt_us + step_us > step_us * r->burst) {
		r->n_refused++;
		return false;
	}
	slot->paid_us = now_us + debt_us + step_us;
	return true;
}
