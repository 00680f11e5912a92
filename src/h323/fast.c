/* fast.c - fastStart: channels that a Setup proposes and its answer chooses. See cleg.h.
 *
 * Elements of one session and kind are alternatives and share a line, whichever way they run; the answer
 * opens its ways, and what it did not choose gives its ports back. An element that we cannot carry is taken
 * out. Where the caller wants to receive stands in the elements of the way towards it. */
#include "h323/cleg.h"
#include "h323/rewrite.h"

static struct fast_line *fast_find(struct cleg *caller, const struct channel_view *v)
{
	for (size_t i = 0; i < LEG_FAST; i++) {
		struct fast_line *f = &caller->h245.fast[i];

		if (f->is_used && f->session == v->session && f->kind == v->media.kind)
			return f;
	}
	return NULL;
}

/* The line of an element: its session's, made when it is the first. NULL: it cannot be carried. */
static struct fast_line *fast_line(
	struct cleg *caller, struct cleg *called, const struct channel_view *v)
{
	struct fast_line *f = fast_find(caller, v);
	const char *why = "";

	for (size_t i = 0; !f && i < LEG_FAST; i++) {
		if (caller->h245.fast[i].is_used)
			continue;
		f = &caller->h245.fast[i];
		if (v->is_strange || call_channel_open(caller->h->core, caller->leg, called->leg,
					     &v->media, v->session, &f->line, &why) != OK)
			return NULL;
		call_channel_mux(caller->leg, f->line, &v->mux);
		f->is_used = true;
		f->session = v->session;
		f->kind = (uint8_t)v->media.kind;
	}
	return f;
}

/* Where the caller wants to receive is in the elements of the other way: they come first. */
static void fast_open(struct cleg *caller, struct cleg *called, const struct cs_msg *m,
	uint16_t list, bool is_reverse, void *memory)
{
	for (uint16_t n = per_first(&m->t, list); n != PER_NONE; n = per_next(&m->t, n)) {
		struct per_tree t = per_tree_of(&h323_schema, memory);
		struct channel_view v;

		if (per_read(&t, H245_OpenLogicalChannel_T, per_str(&m->t, n)) != OK)
			continue;
		olc_read(&t, 0, &v);
		channel_heard_traversal(
			caller, &t, 0, H245_OpenLogicalChannel_genericInformation, &v);
		if (v.is_reverse == is_reverse)
			(void)fast_line(caller, called, &v);
	}
}

/* The element with our addresses; empty: it cannot pass. */
static struct str fast_written(struct cleg *c, struct per_tree *t, uint8_t line, size_t len)
{
	uint8_t *buf = scratch_room(io_scratch(c->h->io), len + 128);
	struct wr w = wr_of(buf, buf ? len + 128 : 0);
	struct media_local local;
	struct mux_line mux;

	call_channel_local(c->leg, line, &local, &mux);
	olc_write(t, 0, &local, &mux);
	channel_say_traversal(
		c, t, 0, H245_OpenLogicalChannel_genericInformation, &mux, &local.rtp);
	return buf && per_write(t, &w) == OK ? wr_done(&w) : STR_NONE;
}

static struct str fast_offered(
	struct cleg *caller, struct cleg *called, struct str element, void *memory)
{
	struct per_tree t = per_tree_of(&h323_schema, memory);
	struct channel_view v;
	struct fast_line *f;

	if (per_read(&t, H245_OpenLogicalChannel_T, element) != OK)
		return STR_NONE;
	olc_read(&t, 0, &v);
	f = fast_find(caller, &v);
	return f ? fast_written(called, &t, f->line, element.len) : STR_NONE;
}

void fast_offer(struct cleg *caller, struct cleg *called, struct cs_msg *m)
{
	uint16_t list = cs_field(m, H225_Setup_UUIE_fastStart), next;
	void *memory = list == PER_NONE ? NULL : cleg_tree(caller->h);

	if (!memory)
		return;
	fast_open(caller, called, m, list, true, memory);
	fast_open(caller, called, m, list, false, memory);
	for (uint16_t n = per_first(&m->t, list); n != PER_NONE; n = next) {
		struct str written = fast_offered(caller, called, per_str(&m->t, n), memory);

		next = per_next(&m->t, n);
		if (written.len)
			per_set_str(&m->t, n, written);
		else
			per_remove_element(&m->t, list, n);
	}
	if (per_count(&m->t, list) == 0)
		rewrite_fast_start(m, false);
	else
		caller->h245.has_fast = true;
}

/* The way from the called side: it opens, the caller has accepted in its Setup. */
static void fast_accept_reverse(
	struct cleg *caller, struct cleg *called, const struct channel_view *v, uint8_t line)
{
	struct call_event ev = {.type = CEV_CHANNEL,
		.channel = {.act = CHANNEL_ACCEPT, .is_by_other = true, .media = v->media}};
	struct channel_view opened = *v;
	const char *why = "";
	uint8_t back = line;

	opened.media.rtp = (struct addr){0};
	ev.channel.media.rtp = ev.channel.media.rtcp = (struct addr){0};
	if (call_channel_open(caller->h->core, called->leg, caller->leg, &opened.media, v->session,
		    &back, &why) != OK)
		return;
	if (!channel_new(called, v, back))
		return;
	ev.channel.line = back;
	channel_find(called, v->number)->is_open = true;
	leg_event(caller->h->core, caller->leg, &ev);
}

static void fast_accept(
	struct cleg *caller, struct cleg *called, const struct channel_view *v, uint8_t line)
{
	struct call_event ev = {.type = CEV_CHANNEL,
		.channel = {.act = CHANNEL_ACCEPT,
			.line = line,
			.is_by_other = true,
			.media = v->media}};
	struct channel *ch = channel_new(caller, v, line);

	if (!ch)
		return;
	ch->is_open = true;
	leg_event(caller->h->core, called->leg, &ev);
}

static struct str fast_answered(
	struct cleg *caller, struct cleg *called, struct str element, void *memory)
{
	struct per_tree t = per_tree_of(&h323_schema, memory);
	struct channel_view v;
	struct fast_line *f;

	if (per_read(&t, H245_OpenLogicalChannel_T, element) != OK)
		return STR_NONE;
	olc_read(&t, 0, &v);
	channel_heard_traversal(called, &t, 0, H245_OpenLogicalChannel_genericInformation, &v);
	f = fast_find(caller, &v);
	if (!f || v.is_strange)
		return STR_NONE;
	call_channel_mux(called->leg, f->line, &v.mux);
	if (v.is_reverse) {
		fast_accept_reverse(caller, called, &v, f->line);
		olc_cut_reverse_media(&t, 0);
	} else {
		fast_accept(caller, called, &v, f->line);
		f->is_chosen = true;
	}
	return fast_written(caller, &t, f->line, element.len);
}

/* What was proposed and not taken. */
static void fast_forget(struct cleg *caller)
{
	for (size_t i = 0; i < LEG_FAST; i++) {
		struct fast_line *f = &caller->h245.fast[i];

		if (f->is_used && !f->is_chosen)
			call_channel_close(caller->leg, f->line);
		f->is_used = false;
	}
	caller->h245.has_fast = false;
}

void fast_answer(struct cleg *caller, struct cleg *called, struct cs_msg *m)
{
	uint16_t list = cs_field(m, m->fields->fast_start), next;
	void *memory = list == PER_NONE ? NULL : cleg_tree(caller->h);
	bool is_last = m->kind == H225_H323_UU_PDU_h323_message_body_connect;

	if (!caller->h245.has_fast) { /* answered before, or never proposed */
		rewrite_fast_start(m, false);
		return;
	}
	for (uint16_t n = memory ? per_first(&m->t, list) : PER_NONE; n != PER_NONE; n = next) {
		struct str written = fast_answered(caller, called, per_str(&m->t, n), memory);

		next = per_next(&m->t, n);
		if (written.len)
			per_set_str(&m->t, n, written);
		else
			per_remove_element(&m->t, list, n);
	}
	if (list != PER_NONE && per_count(&m->t, list) == 0)
		rewrite_fast_start(m, false);
	if (list != PER_NONE || is_last)
		fast_forget(caller);
}
