/* leave.c - the end of a registration: URQ from the endpoint, and ours to it. */
#include <string.h>

#include "h323/gk.h"

LOG_EVENT(ev_gone, "REG-111", LOG_INFO, "an H.323 registration ended");

static void tell_end(struct gatekeeper *g, const struct endpoint *e, int reason)
{
	struct scratch *scratch = io_scratch(g->d.io);
	size_t mark = scratch_mark(scratch);
	struct per_tree *t = ras_tree(g->d.ras);
	struct ras_socket *s = ras_socket_at(g->d.ras, &e->local);
	char id[ENDPOINT_ID_LEN + 1];
	uint16_t body, list;

	if (!t || !s)
		return;
	endpoint_id(e, id);
	body = ras_begin(g->d.ras, t, H225_RasMessage_unregistrationRequest);
	list = per_put(t, body, H225_UnregistrationRequest_callSignalAddress);
	for (uint32_t i = 0; i < e->n_calls_at; i++)
		h225_put_addr(t, per_append(t, list), &e->call[i]);
	gk_put_text(t, per_put(t, body, H225_UnregistrationRequest_endpointIdentifier), id);
	gk_put_text(t, per_put(t, body, H225_UnregistrationRequest_gatekeeperIdentifier),
		g->conf->node.name);
	per_put(t, per_put(t, body, H225_UnregistrationRequest_reason), (uint16_t)reason);
	(void)!ras_ask(g->d.ras, s, &e->source, t, NULL, g, 0);
	scratch_back(scratch, mark);
}

void register_drop(struct gatekeeper *g, struct endpoint *e, const char *why, int reason)
{
	const struct endpoint_alias *a = endpoint_first_alias(e);
	struct list *it;

	log_put(io_log(g->d.io), &ev_gone, F_Z("alias", a ? a->text : ""),
		F_ADDR("peer", &e->source), F_Z("why", why));
	if (reason >= 0)
		tell_end(g, e, reason);
	while ((it = list_first(&e->calls)))
		admission_drop(container_of(it, struct admission, list));
	ras_forget(g->d.ras, &e->source);
	ras_drop_asks(g->d.ras, g, e->handle);
	endpoint_drop(e);
}

/* An endpoint that does not name itself: by where it is called. */
static struct endpoint *by_call_address(struct gatekeeper *g, const struct ras_in *in)
{
	uint16_t list = per_field(&in->t, in->body, H225_UnregistrationRequest_callSignalAddress);
	struct endpoint *e = endpoint_by_source(g->endpoints, &in->from);
	struct addr a;
	bool is_many;

	if (e)
		return e;
	e = endpoint_by_host(g->endpoints, &in->from, &is_many);
	return e && e->n_calls_at && h225_addr(&in->t, per_first(&in->t, list), &a) &&
	                       e->call[0].port == a.port
	               ? e
	               : NULL;
}

/* Some of its names alone; true: others are left. */
static bool drop_names(struct gatekeeper *g, const struct ras_in *in, struct endpoint *e)
{
	uint16_t list = per_field(&in->t, in->body, H225_UnregistrationRequest_endpointAlias);
	struct gk_names *names = scratch_take(io_scratch(g->d.io), sizeof *names);
	size_t n = 0;

	if (!names || gk_read_names(&in->t, list, names) != OK || !names->n ||
		per_field(&in->t, in->body, H225_UnregistrationRequest_endpointIdentifier) ==
			PER_NONE)
		return false;
	for (size_t i = 0; i < names->n; i++)
		n += endpoint_by_alias(g->endpoints, str_of(names->v[i].text)) == e;
	if (!n || n >= e->n_aliases)
		return false;
	for (size_t i = 0; i < names->n; i++) {
		for (struct endpoint_alias *a = endpoint_first_alias(e), *next; a; a = next) {
			next = endpoint_next_alias(e, a);
			if (str_ieq(str_of(a->text), str_of(names->v[i].text)))
				endpoint_remove_alias(a);
		}
	}
	endpoint_keep(e);
	return true;
}

void register_end(struct gatekeeper *g, struct ras_in *in)
{
	static const struct refusal unknown = {
		H225_UnregRejectReason_notCurrentlyRegistered, "no such registration"};
	static const struct refusal foreign = {H225_UnregRejectReason_permissionDenied,
		"from another address and without a password"};
	struct proved proved;
	bool is_its;
	struct endpoint *e = gk_sender(g, in,
		per_field(&in->t, in->body, H225_UnregistrationRequest_endpointIdentifier),
		&is_its);

	if (per_field(&in->t, in->body, H225_UnregistrationRequest_endpointIdentifier) ==
			PER_NONE &&
		(e = by_call_address(g, in)))
		is_its = true;
	if (!e) {
		gk_refuse(g, in, &unknown);
		return;
	}
	if (!gk_identify(g, in, e, gk_subzone(g, &in->from, "")->authentication, true, &proved))
		return;
	if (!is_its &&
		(proved.verdict != PROOF_GOOD || !str_eq(str_of(proved.user), str_of(e->user)))) {
		gk_refuse(g, in, &foreign);
		return;
	}
	if (!drop_names(g, in, e))
		register_drop(g, e, "unregistered", -1);
	(void)ras_answer(in, H225_RasMessage_unregistrationConfirm);
	gk_send(in, g, &proved);
}
