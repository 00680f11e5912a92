/* locate.c - LRQ, and the search that it and an admission ask: does this name lead anywhere? */
#include <string.h>

#include "h323/gk.h"

#define HOPS_ABSENT  15
#define ASK_AGAIN_NS 5000000000u

LOG_EVENT(ev_located, "RAS-123", LOG_INFO, "a neighbour asked for an alias");

static enum gk_found find_text(struct gatekeeper *g, struct gk_quest *q, struct str alias)
{
	struct scratch *scratch = io_scratch(g->d.io);
	struct target *targets = scratch_take(scratch, TARGETS_MAX * sizeof *targets);
	struct search *search = scratch_take(scratch, sizeof *search);
	struct registrar_ops ops = gatekeeper_ops(g);
	struct search_query query = {.alias = alias,
		.source = q->source,
		.is_authenticated = q->is_authenticated,
		.protocol = PROTOCOL_H323};

	if (!targets || !search || !str_copy(alias, q->alias, sizeof q->alias))
		return FOUND_NOT;
	search_begin(search, g->plan, g->d.zones, &ops, &query);
	if (!search_next(search, scratch, targets, NULL, NULL))
		return search->is_relay_refused ? FOUND_DENIED : FOUND_NOT;
	q->target = targets[0].zone;
	return FOUND;
}

/* A call to an address is one to the alias that the address is. */
static enum gk_found find_addr(struct gatekeeper *g, struct gk_quest *q, struct addr a)
{
	char text[ADDR_TEXT_SIZE];

	if (a.port == plan_range(io_plan(g->d.io), RANGE_H323_CALL).low)
		a.port = 0;
	return find_text(g, q, str_of(a.port ? addr_put(&a, text) : addr_put_host(&a, text)));
}

enum gk_found gk_find_address(
	struct gatekeeper *g, struct gk_quest *q, const struct per_tree *t, uint16_t node)
{
	struct addr a;

	return h225_addr(t, node, &a) ? find_addr(g, q, a) : FOUND_NO_ALIAS;
}

static enum gk_found find_one(
	struct gatekeeper *g, struct gk_quest *q, const struct h323_alias *alias)
{
	struct addr a;

	return alias->kind == ALIAS_ADDRESS && addr_parse(str_of(alias->text), &a) == OK
	               ? find_addr(g, q, a)
	               : find_text(g, q, str_of(alias->text));
}

enum gk_found gk_find(
	struct gatekeeper *g, struct gk_quest *q, const struct per_tree *t, uint16_t names)
{
	struct scratch *scratch = io_scratch(g->d.io);
	enum gk_found found = FOUND_NO_ALIAS, one;
	struct h323_alias alias;

	for (uint16_t n = per_first(t, names); n != PER_NONE; n = per_next(t, n)) {
		size_t mark = scratch_mark(scratch);

		if (alias_get(t, n, &alias) != OK)
			continue;
		one = find_one(g, q, &alias);
		scratch_back(scratch, mark);
		if (one == FOUND)
			return FOUND;
		if (found != FOUND_DENIED)
			found = one;
	}
	return found;
}

static void confirm_location(struct gatekeeper *g, struct ras_in *in)
{
	struct per_tree *t = &in->answer;
	struct addr call = gk_call_address(g, in), ras = ras_socket_seen(in->socket);
	uint16_t body = ras_answer(in, H225_RasMessage_locationConfirm);

	h225_put_addr(t, per_put(t, body, H225_LocationConfirm_callSignalAddress), &call);
	h225_put_addr(t, per_put(t, body, H225_LocationConfirm_rasAddress), &ras);
	gk_send(in, g, NULL);
}

/* Only neighbours and who is registered here may ask where somebody is. */
static bool may_ask(struct gatekeeper *g, struct ras_in *in, struct gk_quest *q)
{
	static const struct refusal stranger = {
		H225_LocationRejectReason_invalidPermission, "neither a neighbour nor registered"};
	bool is_its;
	struct endpoint *e = gk_sender(g, in,
		per_field(&in->t, in->body, H225_LocationRequest_endpointIdentifier), &is_its);

	q->source = gk_neighbour(g, &in->from);
	if (q->source)
		q->is_authenticated = q->source->conf->authentication == AUTH_TRUSTED;
	else if (e && is_its)
		q->source = zone_local(g->d.zones);
	if (!q->source)
		gk_refuse(g, in, &stranger);
	return q->source;
}

/* NULL: it was found. */
static const struct refusal *verdict_of(
	struct gatekeeper *g, const struct ras_in *in, struct gk_quest *q)
{
	static const struct refusal hops_end = {H225_LocationRejectReason_hopCountExceeded,
					    "it would have to be asked further, and may not"},
				    denied = {H225_LocationRejectReason_requestDenied,
					    "only for authenticated callers"},
				    nobody = {H225_LocationRejectReason_incompleteAddress,
					    "nothing says who is asked for"},
				    nowhere = {H225_LocationRejectReason_notRegistered,
					    "no search rule leads to anybody"};
	int64_t hops = per_num(
		&in->t, per_field(&in->t, in->body, H225_LocationRequest_hopCount), HOPS_ABSENT);

	switch (gk_find(
		g, q, &in->t, per_field(&in->t, in->body, H225_LocationRequest_destinationInfo))) {
	case FOUND:
		return hops > 1 || q->target == zone_local(g->d.zones) ? NULL : &hops_end;
	case FOUND_DENIED:
		return &denied;
	case FOUND_NO_ALIAS:
		return &nobody;
	case FOUND_NOT:
		break;
	}
	return &nowhere;
}

/* ---- the same question by another way: two gatekeepers that ask each other ---- */

/* By who asks, for which call, for whom; NULL: the question names no call. */
static struct gk_located *located_before(struct gatekeeper *g, const struct ras_in *in)
{
	uint16_t names = per_field(&in->t, in->body, H225_LocationRequest_destinationInfo);
	struct {
		uint8_t ip[16], guid[H323_GUID_LEN];
		uint64_t name;
	} id;
	struct h323_alias alias = {.kind = ALIAS_ID};
	struct gk_located *l;
	uint64_t key;

	if (!guid_get(&in->t, per_field(&in->t, in->body, H225_LocationRequest_callIdentifier),
		    id.guid) ||
		alias_get(&in->t, per_first(&in->t, names), &alias) != OK)
		return NULL;
	memcpy(id.ip, in->from.ip, sizeof id.ip);
	id.name = siphash(&g->replay.key, alias.text, strlen(alias.text));
	key = siphash(&g->replay.key, &id, sizeof id);
	l = &g->located[key % GK_LOCATED];
	if (l->key != key || io_now(g->d.io) > l->until)
		*l = (struct gk_located){.key = key};
	return l;
}

static const struct refusal *verdict_once(
	struct gatekeeper *g, const struct ras_in *in, struct gk_quest *q)
{
	struct gk_located *l = located_before(g, in);

	if (l && l->until)
		return l->refusal;
	if (!l)
		return verdict_of(g, in, q);
	l->refusal = verdict_of(g, in, q);
	l->until = io_now(g->d.io) + ASK_AGAIN_NS;
	return l->refusal;
}

/* Where a neighbour wants its answer: at its own host, or where it asked from. */
static void answer_where_asked(struct ras_in *in)
{
	struct addr reply;

	if (h225_addr(&in->t, per_field(&in->t, in->body, H225_LocationRequest_replyAddress),
		    &reply) &&
		addr_same_host(&reply, &in->from))
		in->from = reply;
}

void locate_request(struct gatekeeper *g, struct ras_in *in)
{
	struct gk_quest *q = scratch_take(io_scratch(g->d.io), sizeof *q);
	const struct refusal *refusal;

	if (!q)
		return;
	answer_where_asked(in);
	if (!may_ask(g, in, q))
		return;
	refusal = verdict_once(g, in, q);
	if (refusal) {
		gk_refuse(g, in, refusal);
		return;
	}
	g->counters.n_located++;
	log_put(io_log(g->d.io), &ev_located, F_Z("zone", q->source->name), F_Z("alias", q->alias),
		F_ADDR("peer", &in->from));
	confirm_location(g, in);
}
