/* rate.c - the generic cell rate algorithm: one number per source instead of a bucket and a clock.
 *
 * A slot holds the time at which the source has paid for what it sent. An event passes while that
 * time is no more than the burst ahead of now. */

#include "base/rate.h"
#include "base/scratch.h"

void rate_set(struct rate *r, uint32_t n, uint32_t per_ms, uint32_t burst)
{
	uint64_t step_us = n ? (uint64_t)per_ms * 1000 / n : 0;

	r->step_us = step_us < UINT32_MAX ? (uint32_t)step_us : UINT32_MAX;
	r->burst = burst ? burst : 1;
}

enum err rate_init(
	struct rate *r, uint32_t n, uint32_t per_ms, uint32_t burst, const struct hash_key *key)
{
	struct rate_slot *slots = mem_array(RATE_SLOTS, sizeof *slots);

	if (!slots)
		return ERR_FULL;
	*r = (struct rate){.key = *key, .slots = slots};
	rate_set(r, n, per_ms, burst);
	return OK;
}

void rate_free(struct rate *r)
{
	mem_free(r->slots);
	*r = (struct rate){0};
}

static struct rate_slot *slot_of(const struct rate *r, const void *id, size_t len)
{
	return &r->slots[siphash(&r->key, id, len) % RATE_SLOTS];
}

static struct rate_slot *slot_of_source(const struct rate *r, const struct addr *source)
{
	return slot_of(r, source->ip, source->family == AF_V6 ? 7 : 4);
}

static uint64_t debt_us(const struct rate_slot *slot, uint64_t now_us)
{
	return slot->paid_us > now_us ? slot->paid_us - now_us : 0;
}

static bool is_over(const struct rate *r, const struct rate_slot *slot, uint64_t now_us)
{
	return debt_us(slot, now_us) + r->step_us > (uint64_t)r->step_us * r->burst;
}

static bool pass(struct rate *r, struct rate_slot *slot, uint64_t now_us)
{
	if (is_over(r, slot, now_us)) {
		r->n_refused++;
		return false;
	}
	slot->paid_us = now_us + debt_us(slot, now_us) + r->step_us;
	return true;
}

bool rate_pass(struct rate *r, const struct addr *source, uint64_t now)
{
	return pass(r, slot_of_source(r, source), now / 1000);
}

bool rate_pass_id(struct rate *r, uint64_t id, uint64_t now)
{
	return pass(r, slot_of(r, &id, sizeof id), now / 1000);
}

bool rate_is_over(const struct rate *r, const struct addr *source, uint64_t now)
{
	return is_over(r, slot_of_source(r, source), now / 1000);
}
