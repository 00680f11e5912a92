/* locate.c - LRQ, and the search that it and an admission ask: does this name lead anywhere? */
#include <string.h>

#include "h323/gk.h"

#define HOPS_ABSENT 15

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

/* The first of these names that leads anywhere. */
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
		one = find_text(g, q, str_of(alias.text));
		scratch_back(scratch, mark);
		if (one == FOUND)
			return FOUND;
		if (found != FOUND_DENIED)
			found = one;
	}
	return found;
}

/* A call to an address is one to the alias that the address is. */
enum gk_found gk_find_address(
	struct gatekeeper *g, struct gk_quest *q, const struct per_tree *t, uint16_t node)
{
	char text[ADDR_TEXT_SIZE];
	struct addr a;

	if (!h225_addr(t, node, &a))
		return FOUND_NO_ALIAS;
	if (a.port == plan_range(io_plan(g->d.io), RANGE_H323_CALL).low)
		a.port = 0;
	return find_text(g, q, str_of(a.port ? addr_put(&a, text) : addr_put_host(&a, text)));
}

static bool refuse(struct gatekeeper *g, struct ras_in *in, uint16_t reason, const char *why)
{
	gk_refuse(g, in, &(struct refusal){reason, why});
	return false;
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
	bool is_its;
	struct endpoint *e = gk_sender(g, in,
		per_field(&in->t, in->body, H225_LocationRequest_endpointIdentifier), &is_its);

	q->source = gk_neighbour(g, &in->from);
	if (q->source)
		q->is_authenticated = q->source->conf->authentication == AUTH_TRUSTED;
	else if (e && is_its)
		q->source = zone_local(g->d.zones);
	return q->source || refuse(g, in, H225_LocationRejectReason_invalidPermission,
				    "neither a neighbour nor registered");
}

static bool has_location(struct gatekeeper *g, struct ras_in *in, struct gk_quest *q)
{
	int64_t hops = per_num(
		&in->t, per_field(&in->t, in->body, H225_LocationRequest_hopCount), HOPS_ABSENT);

	switch (gk_find(
		g, q, &in->t, per_field(&in->t, in->body, H225_LocationRequest_destinationInfo))) {
	case FOUND:
		if (hops > 1 || q->target == zone_local(g->d.zones))
			return true;
		return refuse(g, in, H225_LocationRejectReason_hopCountExceeded,
			"it would have to be asked further, and may not");
	case FOUND_DENIED:
		return refuse(g, in, H225_LocationRejectReason_requestDenied,
			"only for authenticated callers");
	case FOUND_NO_ALIAS:
		return refuse(g, in, H225_LocationRejectReason_incompleteAddress,
			"nothing says who is asked for");
	case FOUND_NOT:
		break;
	}
	return refuse(
		g, in, H225_LocationRejectReason_notRegistered, "no search rule leads to anybody");
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

	if (!q)
		return;
	answer_where_asked(in);
	if (!may_ask(g, in, q) || !has_location(g, in, q))
		return;
	g->counters.n_located++;
	log_put(io_log(g->d.io), &ev_located, F_Z("zone", q->source->name), F_Z("alias", q->alias),
		F_ADDR("peer", &in->from));
	confirm_location(g, in);
}
