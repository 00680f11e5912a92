/* gatekeeper.c - see gatekeeper.h. Puts the parts together: which message goes to whom. */
#include "h323/gatekeeper.h"

#include <string.h>

#include "h323/gk.h"

static void on_limit_calm(void *arg)
{
	struct gatekeeper *g = arg;

	alarm_clear(g->d.alarms, "H323-001", 0);
}

static void on_clock_calm(void *arg)
{
	struct gatekeeper *g = arg;

	alarm_clear(g->d.alarms, "H323-002", 0);
}

/* ---- what ras says ---- */

static uint64_t on_known(void *arg, const struct addr *from)
{
	struct gatekeeper *g = arg;
	struct endpoint *e = endpoint_by_source(g->endpoints, from);
	struct zone *zone = e ? NULL : gk_neighbour(g, from);

	return e ? e->handle : zone ? zone->handle : 0;
}

static bool on_request(void *arg, struct ras_in *in)
{
	struct gatekeeper *g = arg;

	switch (in->kind) {
	case H225_RasMessage_gatekeeperRequest:
		register_discover(g, in);
		return true;
	case H225_RasMessage_registrationRequest:
		register_request(g, in);
		return true;
	case H225_RasMessage_unregistrationRequest:
		register_end(g, in);
		return true;
	case H225_RasMessage_admissionRequest:
		admit_request(g, in);
		return true;
	case H225_RasMessage_bandwidthRequest:
		admit_bandwidth(g, in);
		return true;
	case H225_RasMessage_disengageRequest:
		admit_end(g, in);
		return true;
	case H225_RasMessage_locationRequest:
		locate_request(g, in);
		return true;
	case H225_RasMessage_infoRequestResponse:
		admit_report(g, in);
		return true;
	case H225_RasMessage_resourcesAvailableIndicate:
		admit_load(g, in);
		return true;
	default:
		return false;
	}
}

static const struct ras_ops ras_ops = {.known = on_known, .request = on_request};

/* ---- life ---- */

static void on_expired(void *arg, struct endpoint *e)
{
	struct gatekeeper *g = arg;

	g->counters.n_expired++;
	register_drop(g, e, "expired", H225_UnregRequestReason_ttlExpired);
}

static enum err make_rates(struct gatekeeper *g)
{
	const struct conf_rate *logins = &g->conf->limits.failed_logins;
	struct hash_key key;
	enum err err;

	io_random(g->d.io, &key, sizeof key);
	err = rate_init(&g->failed_logins, logins->n, logins->per_ms, logins->n, &key);
	io_random(g->d.io, &key, sizeof key);
	return err == OK ? replay_init(&g->replay, &key) : err;
}

enum err gatekeeper_new(const struct gatekeeper_deps *deps, struct gatekeeper **ret)
{
	struct gatekeeper *g = mem_array(1, sizeof *g);
	struct endpoints_deps endpoints = {
		deps->io, deps->ipc, deps->keep, deps->conf, on_expired, g};
	enum err err;

	if (!g)
		return ERR_FULL;
	g->d = *deps;
	g->conf = deps->conf;
	timer_init(&g->limit_calm, on_limit_calm, g);
	timer_init(&g->clock_calm, on_clock_calm, g);
	err = endpoints_new(&endpoints, &g->endpoints);
	if (err == OK)
		err = admissions_new(
			deps->io, 2 * deps->conf->limits.calls, admit_due, g, &g->admissions);
	if (err == OK)
		err = make_rates(g);
	if (err == OK)
		err = dial_plan_new(deps->conf, &g->plan);
	if (err != OK) {
		gatekeeper_free(g);
		return err;
	}
	gk_list_neighbours(g);
	ras_set_ops(deps->ras, &ras_ops, g);
	*ret = g;
	return OK;
}

void gatekeeper_free(struct gatekeeper *g)
{
	if (!g)
		return;
	timer_stop(&g->limit_calm);
	timer_stop(&g->clock_calm);
	ras_set_ops(g->d.ras, NULL, NULL);
	admissions_free(g->admissions);
	endpoints_free(g->endpoints);
	dial_plan_free(g->plan);
	replay_free(&g->replay);
	rate_free(&g->failed_logins);
	mem_free(g);
}

void gatekeeper_set_calls(struct gatekeeper *g, const struct gatekeeper_calls *calls)
{
	g->calls = *calls;
}

void gatekeeper_adopt(struct gatekeeper *g)
{
	endpoints_adopt(g->endpoints);
}

void gatekeeper_configure(struct gatekeeper *g, const struct conf *conf)
{
	const struct conf_rate *logins = &conf->limits.failed_logins;
	struct dial_plan *plan = NULL;

	g->conf = conf;
	rate_set(&g->failed_logins, logins->n, logins->per_ms, logins->n);
	if (dial_plan_new(conf, &plan) == OK) {
		dial_plan_free(g->plan);
		g->plan = plan;
	}
	gk_list_neighbours(g);
	admit_subzones(g);
}

/* ---- what call signalling asks ---- */

static void tell(const struct gatekeeper *g, const struct endpoint *e, struct h323_endpoint *ret)
{
	const struct endpoint_alias *a = endpoint_first_alias(e);
	const struct conf_subzone *zone = gk_subzone(g, &e->source, a ? a->text : "");

	*ret = (struct h323_endpoint){.handle = e->handle,
		.zone = zone_local(g->d.zones),
		.is_authenticated = e->user[0] || zone->authentication == AUTH_TRUSTED,
		.is_nat = e->is_nat,
		.is_traversal = e->is_traversal};
	if (e->n_calls_at)
		ret->call = e->call[0];
	if (a)
		(void)str_copy(str_of(a->text), ret->alias, sizeof ret->alias);
	(void)str_copy(str_of(e->user), ret->user, sizeof ret->user);
}

bool gatekeeper_caller(struct gatekeeper *g, const uint8_t guid[H323_GUID_LEN],
	const struct addr *from, struct h323_endpoint *ret)
{
	const struct admission *a = admission_from(g->admissions, guid, from);
	const struct endpoint *e = a ? a->endpoint : NULL;
	bool is_many;

	if (!e)
		e = endpoint_by_host(g->endpoints, from, &is_many);
	if (e)
		tell(g, e, ret);
	return e != NULL;
}

bool gatekeeper_knows_host(struct gatekeeper *g, const struct addr *host)
{
	bool is_many;

	return endpoint_by_host(g->endpoints, host, &is_many) || is_many;
}

void gatekeeper_call_ended(struct gatekeeper *g, const uint8_t guid[H323_GUID_LEN])
{
	struct admission *a;

	while ((a = admission_find(g->admissions, guid, NULL)))
		admission_drop(a);
}

void gatekeeper_force_drop(struct gatekeeper *g, const uint8_t guid[H323_GUID_LEN])
{
	struct admission *a;

	while ((a = admission_find(g->admissions, guid, NULL))) {
		admit_force_drop(g, a);
		admission_drop(a);
	}
}

/* Called by its address: the only endpoint of that host, or the one with that port. */
static struct endpoint *by_address(const struct gatekeeper *g, struct str alias)
{
	struct endpoint *e;
	struct addr a;
	bool is_many;

	if (addr_parse(alias, &a) != OK)
		return NULL;
	e = endpoint_by_host(g->endpoints, &a, &is_many);
	return e && e->n_calls_at && (!a.port || a.port == e->call[0].port) ? e : NULL;
}

/* A gateway that is nearly full is asked for nothing new; it is known, though. */
static size_t find(
	void *arg, struct str alias, struct target *ret_targets, size_t max, bool *ret_is_known)
{
	struct gatekeeper *g = arg;
	struct endpoint *e = endpoint_by_alias(g->endpoints, alias);

	if (!e)
		e = by_address(g, alias);
	if (!e)
		return 0;
	*ret_is_known = true;
	if (!max || !e->n_calls_at || e->is_full)
		return 0;
	*ret_targets = (struct target){
		.zone = zone_local(g->d.zones), .source = e->call[0], .is_nat = e->is_nat};
	(void)str_copy(alias, ret_targets->alias, sizeof ret_targets->alias);
	return 1;
}

struct registrar_ops gatekeeper_ops(struct gatekeeper *g)
{
	return (struct registrar_ops){.find = find, .arg = g};
}

void gatekeeper_counters(const struct gatekeeper *g, struct wr *w)
{
	const struct ras_counters *r = ras_counters(g->d.ras);

	show_counter_put(w, "h323.ras_messages", r->n_messages);
	show_counter_put(w, "h323.ras_answers", r->n_answers);
	show_counter_put(w, "h323.ras_repeated", r->n_repeated);
	show_counter_put(w, "h323.ras_refused_rate", r->n_refused_rate);
	show_counter_put(w, "h323.ras_unreadable", r->n_unreadable);
	show_counter_put(w, "h323.ras_stray", r->n_stray);
	show_counter_put(w, "h323.ras_timeouts", r->n_timeouts);
	show_counter_put(w, "h323.registrations", endpoints_count(g->endpoints));
	show_counter_put(w, "h323.registered", g->counters.n_registered);
	show_counter_put(w, "h323.expired", g->counters.n_expired);
	show_counter_put(w, "h323.replaced", g->counters.n_replaced);
	show_counter_put(w, "h323.admissions", admissions_count(g->admissions));
	show_counter_put(w, "h323.admitted", g->counters.n_admitted);
	show_counter_put(w, "h323.located", g->counters.n_located);
	show_counter_put(w, "h323.dead_legs", g->counters.n_dead_legs);
	show_counter_put(w, "h323.ras_refused", g->counters.n_refused);
	show_counter_put(w, "h323.refused_auth", g->counters.n_refused_auth);
	show_counter_put(w, "h323.refused_limits", g->counters.n_refused_limits);
}
