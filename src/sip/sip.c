/* sip.c - the plane put together: who is told what. No protocol rule here but which part answers which
 * method. */
#include <string.h>

#include "sip/answer.h"
#include "sip/audit.h"
#include "sip/link.h"
#include "sip/refresh.h"
#include "sip/registrar.h"
#include "sip/sip.h"
#include "sip/uac.h"

#define KEYS_V1   1
#define NOTICE_MS 10000u /* to a source that exceeds a rate: one answer */

LOG_EVENT(ev_listen, "SIP-100", LOG_INFO, "listening");
LOG_EVENT(ev_no_listen, "SIP-102", LOG_ERROR, "a socket of the plan cannot be used");

/* ---- what conns say ---- */

static void on_message(void *arg, struct conn *c, const struct sip_msg *m)
{
	struct sip *s = arg;

	if (c->is_link && !c->is_authenticated && m->is_request && m->method == SIP_ACK)
		return;
	tx_input(s->txs, c, m);
}

static void on_opened(void *arg, struct conn *c)
{
	struct sip *s = arg;

	if (c->is_link)
		links_conn_opened(s->links, c);
	else
		txs_conn_opened(s->txs, c);
}

static void on_lost(void *arg, struct conn *c, enum err err, struct str why)
{
	struct sip *s = arg;

	registrar_conn_lost(s->registrar, c);
	dialogs_conn_lost(c);
	if (c->is_link)
		links_conn_lost(s->links, c, why);
	txs_conn_lost(s->txs, c, err, why);
}

static void on_full(void *arg, const char *setting)
{
	gate_raise_limit(arg, setting);
}

static const struct conn_ops conn_ops = {
	.message = on_message, .opened = on_opened, .lost = on_lost, .full = on_full};

/* ---- what transactions say: one row for each method ---- */

static void on_invite(struct sip *s, struct conn *c, struct tx *tx, const struct sip_msg *m)
{
	struct caller caller;

	if (gate_identity(s, c, tx, m, gate_policy(s, c, m), true, &caller))
		uas_invite(s, c, tx, m, &caller);
}

static void on_register(struct sip *s, struct conn *c, struct tx *tx, const struct sip_msg *m)
{
	if (c->zone->is_link)
		answer(s, tx, m, 403, STR("Registrations do not cross the link"), STR_NONE);
	else
		registrar_request(s->registrar, c, tx, m);
}

static void on_options(struct sip *s, struct conn *c, struct tx *tx, const struct sip_msg *m)
{
	struct wr w;
	char tag[17];

	(void)c;
	tag_put(s, tag);
	w = answer_begin(s, tx, m, 200, STR_NONE, str_of(tag));
	sip_put_header(&w, SIP_HDR_ALLOW, SIP_ALLOW);
	sip_put_header(&w, SIP_HDR_ACCEPT, STR("application/sdp"));
	answer_send(s, tx, 200, &w);
}

static void on_orphan(struct sip *s, struct conn *c, struct tx *tx, const struct sip_msg *m)
{
	(void)c;
	s->counters.n_no_dialog++;
	answer(s, tx, m, 481, STR_NONE, STR_NONE);
}

static void on_unknown(struct sip *s, struct conn *c, struct tx *tx, const struct sip_msg *m)
{
	struct wr w;
	char tag[17];

	(void)c;
	tag_put(s, tag);
	w = answer_begin(s, tx, m, 405, STR_NONE, str_of(tag));
	sip_put_header(&w, SIP_HDR_ALLOW, SIP_ALLOW);
	answer_send(s, tx, 405, &w);
}

static void on_service(struct sip *s, struct conn *c, struct tx *tx, const struct sip_msg *m)
{
	if (c->zone->is_link)
		audit_request(s, tx, m);
	else
		on_unknown(s, c, tx, m);
}

typedef void(method_h)(struct sip *s, struct conn *c, struct tx *tx, const struct sip_msg *m);

/* Outside dialogs. */
static method_h *const methods[SIP_METHOD_MAX] = {
	[SIP_INVITE] = on_invite,
	[SIP_REGISTER] = on_register,
	[SIP_OPTIONS] = on_options,
	[SIP_BYE] = on_orphan,
	[SIP_PRACK] = on_orphan,
	[SIP_UPDATE] = on_orphan,
	[SIP_INFO] = on_orphan,
	[SIP_SERVICE] = on_service,
};

static void on_request(void *arg, struct conn *c, struct tx *tx, const struct sip_msg *m)
{
	struct sip *s = arg;
	method_h *h = methods[m->method];

	if (c->is_link && links_request(s->links, c, tx, m))
		return;
	if (!gate_form(s, c, tx, m))
		return;
	if (m->to_tag.len && m->method != SIP_REGISTER)
		h = uas_in_dialog;
	if (h == uas_in_dialog && uas_knows(s, c, m) ? gate_dialog(s, c, tx, m)
						     : gate_limits(s, c, tx, m))
		(h ? h : on_unknown)(s, c, tx, m);
}

static void on_ack(void *arg, struct conn *c, const struct sip_msg *m)
{
	uas_ack(arg, c, m);
}

static void on_cancelled(void *arg, struct tx *invite, const struct sip_msg *cancel)
{
	uas_cancelled(arg, invite, cancel);
}

static struct str tag_of(void *arg, const struct tx *invite)
{
	const struct dialog *d = dialog_get(arg, tx_who(invite));

	return d ? str_of(d->local_tag) : STR_NONE;
}

static const struct tx_server tx_server = {
	.request = on_request, .ack = on_ack, .cancelled = on_cancelled, .tag = tag_of};

/* ---- what the core says ---- */

static enum err leg_setup(void *arg, struct leg *leg, const struct call_setup *setup,
	const struct target *to, const struct call_event *ev)
{
	return uac_invite(arg, leg, setup, to, ev);
}

static void leg_told(void *arg, struct leg *leg, const struct call_event *ev)
{
	struct dialog *d = leg->peer;

	(void)arg;
	if (!d)
		return;
	if (ev->type == CEV_CONFIRM || ev->type == CEV_OFFER || ev->type == CEV_PASS)
		uac_event(d, ev);
	else
		uas_event(d, ev);
}

static void leg_release(void *arg, struct leg *leg, const struct call_event *ev)
{
	struct dialog *d = leg->peer;

	(void)arg;
	leg->peer = NULL;
	if (!d)
		return;
	if (d->state == DS_INVITED) {
		uas_refuse(d, ev);
		return;
	}
	uac_end(d, ev);
}

static const void *leg_held(void *arg, struct leg *leg)
{
	(void)arg;
	return leg->peer ? uas_held(leg->peer) : NULL;
}

static void on_dialog_timer(void *arg)
{
	struct dialog *d = arg;

	if (d->state == DS_ENDING)
		dialog_free(d);
	else if (d->state == DS_UP && !d->leg)
		uac_end(d, NULL);
	else
		uas_timer(d);
}

/* ---- keys ---- */

static uint64_t keys_handle(void)
{
	return handle_make(HK_KEYS, 1, 1);
}

/* Of our Contacts and nonces: a predecessor's, so that what it gave out stays good. */
static void take_keys(struct sip *s, uint8_t nonce_key[SIP_KEY_LEN])
{
	uint8_t body[1 + 2 * SIP_KEY_LEN];
	struct kept k;

	io_random(s->io, body, sizeof body);
	body[0] = KEYS_V1;
	while (keep_next(s->keep, HK_KEYS, &k)) {
		if (k.key == keys_handle() && k.body.len == sizeof body && k.body.p[0] == KEYS_V1)
			memcpy(body, k.body.p, sizeof body);
	}
	memcpy(s->token_key, body + 1, SIP_KEY_LEN);
	memcpy(nonce_key, body + 1 + SIP_KEY_LEN, SIP_KEY_LEN);
	keep_put(s->keep, keys_handle(), (struct str){(const char *)body, sizeof body}, NO_FD);
	explicit_bzero(body, sizeof body);
}

/* ---- life ---- */

static void on_many_names(void *arg)
{
	struct sip *s = arg;

	s->counters.n_refused_limits++;
	gate_raise_limit(s, "limits.dns_queries");
}

static enum err make_wire(struct sip *s)
{
	struct conns_deps conns = {s->io, s->ipc, s->keep, s->conf, s->zones, &conn_ops, s};
	struct txs_deps txs = {.io = s->io, .conf = s->conf, .server = &tx_server, .arg = s};
	enum err err = store_new(s->conf->limits.transactions, &s->store);

	s->spare = mem_array(1, sizeof *s->spare);
	if (!s->spare)
		return ERR_FULL;
	if (err == OK)
		err = conns_new(&conns, &s->conns);
	txs.conns = s->conns;
	txs.store = s->store;
	if (err == OK)
		err = txs_new(&txs, &s->txs);
	if (err == OK)
		err = resolver_new(s->io, s->conns, s->zones, s->conf, &s->resolver);
	if (err == OK)
		resolver_on_full(s->resolver, on_many_names, s);
	return err;
}

static void set_rates(struct sip *s)
{
	const struct conf_limits *limits = &s->conf->limits;

	rate_set(&s->requests, limits->requests_per_source.n, limits->requests_per_source.per_ms,
		limits->requests_burst);
	rate_set(&s->in_dialog, limits->requests_per_dialog.n, limits->requests_per_dialog.per_ms,
		limits->requests_burst);
	rate_set(&s->failed_logins, limits->failed_logins.n, limits->failed_logins.per_ms,
		limits->failed_logins.n);
}

static enum err make_rates(struct sip *s)
{
	struct rate *const rates[] = {&s->requests, &s->in_dialog, &s->notices, &s->failed_logins};
	struct hash_key key;
	enum err err = OK;

	for (size_t i = 0; i < sizeof rates / sizeof *rates && err == OK; i++) {
		io_random(s->io, &key, sizeof key);
		err = rate_init(rates[i], 1, NOTICE_MS, 1, &key);
	}
	set_rates(s);
	return err;
}

static enum err make_users(struct sip *s)
{
	struct attempts_deps deps = {
		s->io, s->conns, s->txs, s->store, s->resolver, s->zones, s->conf};
	const struct conf_limits *limits = &s->conf->limits;
	uint8_t nonce_key[SIP_KEY_LEN];
	uint32_t generation;
	enum err err = attempts_new(&deps, &s->attempts);

	io_random(s->io, &generation, sizeof generation);
	io_random(s->io, &s->loop_key, sizeof s->loop_key);
	take_keys(s, nonce_key);
	if (err == OK)
		err = auth_new(s->io, nonce_key, &s->auth);
	explicit_bzero(nonce_key, sizeof nonce_key);
	if (err == OK)
		err = pool_init(&s->dialogs, HK_DIALOG, sizeof(struct dialog),
			3 * limits->calls + 64, generation);
	if (err == OK)
		err = make_rates(s);
	if (err == OK)
		err = registrar_new(s, &s->registrar);
	return err == OK ? links_new(s, &s->links) : err;
}

enum err sip_new(const struct sip_deps *deps, struct sip **ret_sip)
{
	struct sip *s = mem_array(1, sizeof *s);
	enum err err;

	if (!s)
		return ERR_FULL;
	*s = (struct sip){.io = deps->io,
		.ipc = deps->ipc,
		.keep = deps->keep,
		.alarms = deps->alarms,
		.conf = deps->conf,
		.zones = deps->zones,
		.core = deps->core,
		.on_dialog_timer = on_dialog_timer,
		.on_session_timer = refresh_timer};
	s->leg_ops = (struct leg_ops){.name = "sip",
		.setup = leg_setup,
		.event = leg_told,
		.release = leg_release,
		.held = leg_held,
		.arg = s};
	tag_put(s, s->boot);
	list_init(&s->stranded);
	timer_init(&s->limit_calm, gate_limit_calm, s);
	timer_init(&s->lag.timer, gate_lag, s);
	err = make_wire(s);
	if (err == OK)
		err = make_users(s);
	if (err != OK) {
		sip_free(s);
		return err;
	}
	s->bindings = registrar_ops(s->registrar);
	call_core_add_protocol(s->core, PROTOCOL_SIP, &s->leg_ops, &s->bindings);
	*ret_sip = s;
	return OK;
}

void sip_free(struct sip *s)
{
	if (!s)
		return;
	for (struct dialog *d = NULL; s->dialogs.n && (d = pool_next(&s->dialogs, d));)
		timer_stop(&d->timer), timer_stop(&d->session.timer);
	timer_stop(&s->limit_calm);
	timer_stop(&s->lag.timer);
	links_free(s->links);
	registrar_free(s->registrar);
	rate_free(&s->requests);
	rate_free(&s->in_dialog);
	rate_free(&s->notices);
	rate_free(&s->failed_logins);
	pool_free(&s->dialogs);
	auth_free(s->auth);
	attempts_free(s->attempts);
	resolver_free(s->resolver);
	txs_free(s->txs);
	conns_free(s->conns);
	store_free(s->store);
	mem_free(s->spare);
	explicit_bzero(s->token_key, sizeof s->token_key);
	mem_free(s);
}

void sip_adopt(struct sip *s)
{
	conns_adopt(s->conns);
	dialogs_adopt(s);
	refresh_adopt(s);
	registrar_adopt(s->registrar);
}

void sip_start(struct sip *s)
{
	links_configure(s->links);
}

void sip_configure(struct sip *s, const struct conf *conf)
{
	s->conf = conf;
	set_rates(s);
	conns_configure(s->conns, conf);
	resolver_configure(s->resolver, conf);
	links_configure(s->links);
}

/* ---- rows ---- */

enum err sip_socket(struct sip *s, enum plan_row row, const struct addr *at, int fd)
{
	enum err err = conns_listen(s->conns, row, at, fd);

	log_put(io_log(s->io), err == OK ? &ev_listen : &ev_no_listen,
		F_STR("row", plan_row_name(row)), F_ADDR("at", at), F_ERR(err));
	return err;
}

void sip_socket_gone(struct sip *s, enum plan_row row, const struct addr *at)
{
	conns_unlisten(s->conns, row, at);
}

void sip_tls_stream(struct sip *s, struct rd *body, int fd)
{
	struct peer *peer = scratch_take(io_scratch(s->io), sizeof *peer);

	if (fd == NO_FD)
		return;
	if (!peer || peer_get(body, peer) != OK) {
		io_close_fd(s->io, fd);
		return;
	}
	conns_take_tls(s->conns, peer, fd);
}

void sip_tls_up(struct sip *s)
{
	links_try_now(s->links);
}

void sip_counters(const struct sip *s, struct wr *w)
{
	const struct conns_counters *c = conns_counters(s->conns);
	const struct txs_counters *t = txs_counters(s->txs);

	show_counter_put(w, "sip.messages", c->n_messages);
	show_counter_put(w, "sip.refused", c->n_refused);
	show_counter_put(w, "sip.dropped", c->n_dropped);
	show_counter_put(w, "sip.denied", c->n_denied);
	show_counter_put(w, "sip.conns", conns_count(s->conns));
	show_counter_put(w, "sip.conns_full", c->n_full);
	show_counter_put(w, "sip.conn_timeouts", c->n_timeouts);
	show_counter_put(w, "sip.transactions", txs_count(s->txs));
	show_counter_put(w, "sip.transactions_full", t->n_full);
	show_counter_put(w, "sip.requests", t->n_requests);
	show_counter_put(w, "sip.responses", t->n_responses);
	show_counter_put(w, "sip.retransmissions", t->n_retransmissions);
	show_counter_put(w, "sip.stray", t->n_stray);
	show_counter_put(w, "sip.timeouts", t->n_timeouts);
	show_counter_put(w, "sip.refused_rate", s->counters.n_refused_rate);
	show_counter_put(w, "sip.refused_in_dialog", s->counters.n_refused_in_dialog);
	show_counter_put(w, "sip.refused_limits", s->counters.n_refused_limits);
	show_counter_put(w, "sip.refused_auth", s->counters.n_refused_auth);
	show_counter_put(w, "sip.challenged", s->counters.n_challenged);
	show_counter_put(w, "sip.no_dialog", s->counters.n_no_dialog);
	show_counter_put(w, "sip.expired", s->counters.n_expired);
	show_counter_put(w, "sip.forks_dropped", s->counters.n_forks_dropped);
	show_counter_put(w, "sip.dialogs", s->dialogs.n_taken);
	show_counter_put(w, "sip.registrations", registrar_count(s->registrar));
	show_counter_put(w, "sip.held_blocks", store_used(s->store));
}
