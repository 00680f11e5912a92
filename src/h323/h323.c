/* h323.c - the plane put together: who is told what. No protocol rule here. */
#include "h323/h323.h"

#include "h323/cleg.h"
#include "h323/gatekeeper.h"
#include "h323/trav.h"
#include "ipc/show.h"

LOG_EVENT(ev_listen, "H323-100", LOG_INFO, "listening");
LOG_EVENT(ev_no_listen, "H323-101", LOG_ERROR, "a socket of the plan cannot be used");

/* ---- what connections say ---- */

static void on_payload(void *arg, struct hconn *conn, struct str payload)
{
	struct h323 *h = arg;

	if (conn->kind == HCONN_CALL) {
		cs_payload(h, conn, payload);
		return;
	}
	legs_enter(h);
	h245_payload(h, conn, payload);
	legs_leave(h);
}

static void on_opened(void *arg, struct hconn *conn)
{
	struct h323 *h = arg;

	if (conn->kind == HCONN_CALL) {
		cs_opened(h, conn);
		return;
	}
	legs_enter(h);
	h245_opened(h, conn);
	legs_leave(h);
}

static void on_lost(void *arg, struct hconn *conn, enum err err, struct str why)
{
	struct h323 *h = arg;

	(void)err;
	if (conn->kind == HCONN_CALL) {
		cs_lost(h, conn, why);
		return;
	}
	legs_enter(h);
	h245_lost(h, conn);
	legs_leave(h);
}

static bool is_registered(void *arg, const struct addr *source)
{
	struct h323 *h = arg;

	return gatekeeper_knows_host(h->gatekeeper, source);
}

static struct zone *link_at(void *arg, enum plan_row row, const struct addr *source)
{
	enum plan_switch sw = plan_line(row)->sw;

	return trav_zone_at(arg, source, sw == SW_ASSENT ? 0 : 1);
}

static const struct hconn_ops conn_ops = {.payload = on_payload,
	.opened = on_opened,
	.lost = on_lost,
	.is_registered = is_registered,
	.link = link_at};

/* ---- what the gatekeeper asks ---- */

static bool knows(void *arg, const uint8_t guid[H323_GUID_LEN])
{
	return legs_knows_call(arg, guid);
}

static void disengage(void *arg, const uint8_t guid[H323_GUID_LEN], const struct addr *endpoint)
{
	legs_disengage(arg, guid, endpoint);
}

/* ---- life ---- */

static enum err make_gatekeeper(struct h323 *h)
{
	struct gatekeeper_calls calls = {knows, disengage, h};
	enum err err = ras_new(&(struct ras_deps){h->io, h->conf, h->zones}, &h->ras);

	if (err == OK)
		err = gatekeeper_new(&(struct gatekeeper_deps){h->io, h->ipc, h->keep, h->alarms,
					     h->conf, h->zones, h->core, h->ras},
			&h->gatekeeper);
	if (err == OK)
		gatekeeper_set_calls(h->gatekeeper, &calls);
	return err;
}

static enum err make_calls(struct h323 *h)
{
	struct hconns_deps deps = {h->io, h->keep, h->conf, h->zones, &conn_ops, h};
	enum err err = hconns_new(&deps, &h->conns);

	if (err == OK)
		err = legs_new(h, &h->legs);
	if (err == OK)
		err = trav_new(h, &h->trav);
	if (err == OK)
		err = h323_resolver_new(h->io, h->zones, h->conf, csout_resolved, h, &h->resolver);
	csout_ops(h);
	return err;
}

enum err h323_new(const struct h323_deps *deps, struct h323 **ret_h323)
{
	struct h323 *h = mem_array(1, sizeof *h);
	enum err err;

	if (!h)
		return ERR_FULL;
	*h = (struct h323){.io = deps->io,
		.ipc = deps->ipc,
		.keep = deps->keep,
		.alarms = deps->alarms,
		.conf = deps->conf,
		.zones = deps->zones,
		.core = deps->core};
	err = make_gatekeeper(h);
	if (err == OK)
		err = make_calls(h);
	if (err != OK) {
		h323_free(h);
		return err;
	}
	h->registrations = gatekeeper_ops(h->gatekeeper);
	call_core_add_protocol(h->core, PROTOCOL_H323, &h->leg_ops, &h->registrations);
	*ret_h323 = h;
	return OK;
}

void h323_free(struct h323 *h)
{
	if (!h)
		return;
	trav_free(h);
	h323_resolver_free(h->resolver);
	legs_free(h);
	hconns_free(h->conns);
	gatekeeper_free(h->gatekeeper);
	ras_free(h->ras);
	mem_free(h);
}

void h323_adopt(struct h323 *h)
{
	gatekeeper_adopt(h->gatekeeper);
	trav_adopt(h);
	hconns_adopt(h->conns);
	legs_adopt(h);
}

void h323_configure(struct h323 *h, const struct conf *conf)
{
	h->conf = conf;
	ras_configure(h->ras, conf);
	gatekeeper_configure(h->gatekeeper, conf);
	hconns_configure(h->conns, conf);
	h323_resolver_configure(h->resolver, conf);
	trav_configure(h);
}

/* ---- rows ---- */

bool h323_is_row(enum plan_row row)
{
	const struct plan_line *line = plan_line(row);

	return line && line->owner == OWNER_SIG &&
	       (line->sw == SW_H323 || line->sw == SW_ASSENT || line->sw == SW_H46018 ||
		       line->sw == SW_H46019_MUX);
}

enum err h323_socket(struct h323 *h, enum plan_row row, const struct addr *at, int fd)
{
	enum err err = plan_protocol(row) == PROTO_UDP ? ras_listen(h->ras, row, at, fd)
	                                               : hconns_listen(h->conns, row, at, fd);

	log_put(io_log(h->io), err == OK ? &ev_listen : &ev_no_listen,
		F_STR("row", plan_row_name(row)), F_ADDR("at", at), F_ERR(err));
	return err;
}

void h323_socket_gone(struct h323 *h, enum plan_row row, const struct addr *at)
{
	if (plan_protocol(row) == PROTO_UDP)
		ras_unlisten(h->ras, row, at);
	else
		hconns_unlisten(h->conns, row, at);
}

void h323_counters(const struct h323 *h, struct wr *w)
{
	const struct hconns_counters *c = hconns_counters(h->conns);
	const struct legs_counters *l = &h->legs->counters;

	show_counter_put(w, "h323.frames", c->n_frames);
	show_counter_put(w, "h323.conns", hconns_count(h->conns));
	show_counter_put(w, "h323.conns_full", c->n_full);
	show_counter_put(w, "h323.conn_timeouts", c->n_timeouts);
	show_counter_put(w, "h323.strangers", c->n_strangers);
	show_counter_put(w, "h323.broken", c->n_broken + l->n_bad);
	show_counter_put(w, "h323.setups", l->n_setups);
	show_counter_put(w, "h323.refused", l->n_refused);
	show_counter_put(w, "h323.refused_rate", l->n_refused_rate);
	show_counter_put(w, "h323.no_call", l->n_no_call);
	show_counter_put(w, "h323.invalid_cid", l->n_invalid_cid);
	show_counter_put(w, "h323.legs", h->legs->pool.n_taken);
	show_counter_put(w, "h323.h245", l->n_h245);
	show_counter_put(w, "h323.zone_refused", h->trav->counters.n_refused);
	show_counter_put(w, "h323.zone_moved", h->trav->counters.n_moved);
	show_counter_put(w, "h323.zone_asked", h->trav->counters.n_asked);
	show_counter_put(w, "h323.zone_paired", h->trav->counters.n_paired);
	show_counter_put(w, "h323.zone_unpaired", h->trav->counters.n_unpaired);
	show_counter_put(w, "h323.zone_unproved", h->trav->counters.n_unproved);
	show_counter_put(w, "h323.h245_bad", l->n_h245_bad);
	show_counter_put(w, "h323.h245_dropped", l->n_h245_dropped);
	show_counter_put(w, "h323.channels", l->n_olc);
	show_counter_put(w, "h323.channels_refused", l->n_olc_refused);
	show_counter_put(w, "h323.held_blocks", pdus_used(h->pdus));
	gatekeeper_counters(h->gatekeeper, w);
}
