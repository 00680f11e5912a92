/* keys.c - see keys.h. */
#include "call/keys.h"

static bool has_keys(const struct media_desc *d, uint32_t line)
{
	for (uint32_t i = 0; i < d->n_keys; i++) {
		if (d->keys[i].line == line)
			return true;
	}
	return false;
}

/* The keys in a description are those that its sender sends with (RFC 4568 section 5.1.1). Media gets them
 * where they prove a source, and nowhere else. */
static void take_keys(struct flow_end *e, const struct media_desc *d, uint32_t line)
{
	e->keys = (struct srtp_keys){0};
	for (uint32_t i = 0; i < d->n_keys && e->kind == END_DIRECT && e->is_nat; i++) {
		if (d->keys[i].line == line && e->keys.n < SRTP_KEYS_MAX)
			e->keys.keys[e->keys.n++] = d->keys[i].key;
	}
}

/* The answer takes one of the offered choices by its tag (section 5.1.2), or none. */
static void choose_keys(struct flow_end *e, const struct media_line *answer)
{
	e->keys.is_chosen = true;
	e->keys.chosen = answer->crypto_tag;
	e->is_keyed = false;
	for (uint8_t i = 0; i < e->keys.n && answer->has_crypto; i++)
		e->is_keyed |= srtp_key_is_chosen(&e->keys, &e->keys.keys[i]);
}

/* Before an answer nothing is chosen: any of the offered keys, and no packet of the other side before its
 * own are known. */
void keys_offer(struct media_stream *st, struct flow_end *from, const struct media_desc *d,
	const struct media_side *to)
{
	const struct media_line *line = &d->lines[st->line];

	st->is_srtp_offered = line->transport == MT_SRTP && has_keys(d, st->line);
	take_keys(from, d, st->line);
	from->is_keyed = st->is_srtp_offered;
	if (st->is_new)
		st->want.end[to->side].is_keyed = st->is_srtp_offered;
}

void keys_answer(struct media_stream *st, const struct media_desc *d, const struct media_side *from,
	bool is_final)
{
	struct flow_end *e = &st->want.end[from->side], *other = &st->want.end[!from->side];
	const struct media_line *line = &d->lines[st->line];

	take_keys(e, d, st->line);
	e->is_keyed = line->transport != MT_DTLS && has_keys(d, st->line);
	if (is_final || !st->is_staged[!from->side])
		choose_keys(other, line);
}

/* Another target may choose another way. */
void keys_reopen(struct media_stream *st, const struct media_side *to)
{
	struct flow_end *other = &st->want.end[!to->side];

	st->want.end[to->side].is_keyed = st->is_srtp_offered;
	other->is_keyed = st->is_srtp_offered;
	other->keys.is_chosen = false;
}
