/* replay.c - see replay.h. Open addressing; a set is never more than three quarters full. */
#include "h323/replay.h"

#include <string.h>

#include "base/scratch.h"

#define ROTATE_S (2u * REPLAY_WINDOW_S)

enum err replay_init(struct replay *r, const struct hash_key *key)
{
	*r = (struct replay){.key = *key};
	for (int i = 0; i < 2; i++) {
		r->sets[i] = mem_array(REPLAY_SLOTS, sizeof *r->sets[i]);
		if (!r->sets[i])
			return ERR_FULL;
	}
	return OK;
}

void replay_free(struct replay *r)
{
	mem_free(r->sets[0]);
	mem_free(r->sets[1]);
	*r = (struct replay){.since_s = 0};
}

static void empty(struct replay *r, int i)
{
	if (r->n[i])
		memset(r->sets[i], 0, REPLAY_SLOTS * sizeof *r->sets[i]);
	r->n[i] = 0;
}

/* After a second period without a token both sets are old. A clock that was set back begins anew: what is
 * in the sets stays. */
static void rotate(struct replay *r, uint64_t now_s)
{
	uint64_t *older = r->sets[1];

	if (now_s < r->since_s)
		r->since_s = now_s;
	if (now_s - r->since_s < ROTATE_S)
		return;
	if (now_s - r->since_s >= 2 * ROTATE_S)
		empty(r, 0);
	empty(r, 1);
	r->sets[1] = r->sets[0];
	r->n[1] = r->n[0];
	r->sets[0] = older;
	r->n[0] = 0;
	r->since_s = now_s;
}

/* The slot that holds it, or the free one where it would be. */
static uint64_t *slot(struct replay *r, int i, uint64_t hash)
{
	size_t at = hash % REPLAY_SLOTS;

	while (r->sets[i][at] && r->sets[i][at] != hash)
		at = (at + 1) % REPLAY_SLOTS;
	return &r->sets[i][at];
}

static uint64_t hash_of_token(
	const struct replay *r, struct str sender, uint64_t time_s, struct str id)
{
	const uint64_t parts[3] = {
		siphash(&r->key, sender.p, sender.len), time_s, siphash(&r->key, id.p, id.len)};
	uint64_t hash = siphash(&r->key, parts, sizeof parts);

	return hash ? hash : 1;
}

enum err replay_note(
	struct replay *r, uint64_t now_s, struct str sender, uint64_t time_s, struct str id)
{
	uint64_t hash = hash_of_token(r, sender, time_s, id), *place;

	if (time_s + REPLAY_WINDOW_S < now_s || time_s > now_s + REPLAY_WINDOW_S)
		return ERR_RANGE;
	rotate(r, now_s);
	if (*slot(r, 1, hash) == hash)
		return ERR_EXISTS;
	place = slot(r, 0, hash);
	if (*place == hash)
		return ERR_EXISTS;
	if (r->n[0] >= REPLAY_SLOTS / 4 * 3)
		return ERR_FULL;
	*place = hash;
	r->n[0]++;
	return OK;
}

bool replay_knows(struct replay *r, struct str sender, uint64_t time_s, struct str id)
{
	uint64_t hash = hash_of_token(r, sender, time_s, id);

	return *slot(r, 0, hash) == hash || *slot(r, 1, hash) == hash;
}
