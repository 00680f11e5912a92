/* uas.c - the UAS half of the B2BUA (docs/protocols/call-events.md).
 *
 * An answer of the other side is edited into ours: its status line, To tag, body and unknown headers
 * pass; Via and Record-Route come from the request that is answered, Contact is our token. A 2xx is
 * sent again from T1 to T2 until its ACK, on streams too, for 32 s. */
#include <string.h>

#include "sip/answer.h"
#include "sip/session.h"
#include "sip/uac.h"
#include "sip/uas.h"

#define T1_MS       500u
#define T2_MS       4000u
#define ACK_MAX_MS  32000u
#define CANNOT_PASS "The answer cannot be passed on"
#define NO_ROOM     "No room for this request now"

LOG_EVENT(ev_no_ack, "SIP-170", LOG_NOTICE, "no ACK came: the call is ended");
LOG_EVENT(ev_stray, "SIP-171", LOG_INFO, "request for a dialog that is not here");
LOG_EVENT(ev_cannot, "SIP-172", LOG_ERROR, "an answer cannot be built");

/* ---- answers ---- */

static void add_vias(
	struct sip_edit *e, struct sip *s, const struct sip_msg *req, const struct addr *src)
{
	struct sip_list list = sip_list_of(req, SIP_HDR_VIA);
	struct str element;
	bool is_first = true;

	while (sip_list_next(&list, &element) == OK) {
		struct wr w = sip_scratch(s, element.len + 128);

		if (is_first)
			sip_put_via_answer(&w, &req->via, src);
		else if (lex_put_line(&w, element) != OK)
			return;
		is_first = false;
		sip_edit_push_header(e, SIP_HDR_VIA, wr_done(&w));
	}
}

static void add_record_routes(struct sip_edit *e, const struct sip_msg *req)
{
	for (int i = sip_first(req, SIP_HDR_RECORD_ROUTE); i >= 0; i = sip_next(req, i))
		sip_edit_add_header(e, SIP_HDR_RECORD_ROUTE, sip_field_value(req, i));
}

static struct str contact_of(struct dialog *d, const struct tx *tx)
{
	struct wr w = sip_scratch(d->sip, 256);
	char token[CONTACT_TOKEN_MAX];
	struct conn *c = tx_conn(tx);
	enum sip_transport transport = c ? c->transport : d->is_udp ? SIP_TP_UDP : SIP_TP_TCP;

	put_contact_uri(&w, d->sip->conns, d->zone, transport, str_of(dialog_token(d, token)));
	return wr_done(&w);
}

/* The other side's answer n->m as the answer to req. */
static struct str edit_answer(struct dialog *d, struct tx *tx, const struct sip_msg *req,
	const struct native *n, const struct call_event *ev)
{
	struct sip_edit *e = dialog_edit(d, n->m, n->zone);
	struct addr src = tx_source(tx);

	if (!e)
		return STR_NONE;
	add_vias(e, d->sip, req, &src);
	if (n->m->status > 100 && n->m->status < 300 && sip_has(req, SIP_HDR_RECORD_ROUTE))
		add_record_routes(e, req);
	if (n->m->cseq != req->cseq)
		sip_edit_set_header(e, SIP_HDR_CSEQ,
			sip_edit_text(e, "%u " STR_FMT, req->cseq, STR_ARG(req->method_text)));
	if (n->m->status < 300)
		dialog_edit_contact(e, d, contact_of(d, tx));
	else if (trust_of(d->zone) == TRUST_INTERNET)
		sip_edit_cut_header(e, SIP_HDR_CONTACT); /* where it would lead is inside */
	if (n->m->status / 100 == 2 && (req->method == SIP_INVITE || req->method == SIP_UPDATE))
		session_edit_answer(e, d, req);
	if (ev->has_media && n->m->status < 300 && dialog_edit_media(e, d, ev) != OK)
		return STR_NONE;
	return dialog_build(e, d->sip);
}

/* An answer without a message of the other side. */
static void plain_answer(struct dialog *d, struct tx *tx, unsigned code, const char *reason)
{
	answer(d->sip, tx, NULL, code, str_of(reason), str_of(d->local_tag));
}

/* False: it could not be built. */
static bool pass_answer(
	struct dialog *d, struct tx *tx, const struct native *n, const struct call_event *ev)
{
	const struct sip_msg *req = tx_request(tx);
	struct str bytes = req ? edit_answer(d, tx, req, n, ev) : STR_NONE;

	if (!bytes.len) {
		log_put(io_log(d->sip->io), &ev_cannot, F_H("dialog", d->handle),
			F_NUM("code", n->m->status));
		return false;
	}
	tx_answer(tx, n->m->status, bytes);
	return true;
}

/* Our tag is the other side's To tag, from the first answer that is final. */
static void take_tag(struct dialog *d, const struct sip_msg *m)
{
	if (m->to_tag.len && d->state == DS_INVITED)
		dialog_set_local(d, sip_header(m, SIP_HDR_TO), m->to_tag);
}

/* The called side has accepted, and this one cannot be told: too large, or no room. The call is over, which
 * the core hears in the next turn: it is in the middle of this answer. */
static void give_up_later(struct dialog *d, struct tx *tx)
{
	answer_refuse(d->sip, tx, NULL, 500, STR(CANNOT_PASS), str_of(d->local_tag));
	d->is_unanswerable = true;
	timer_start(d->sip->io, &d->timer, 0);
}

static void await_ack(struct dialog *d, struct tx *tx)
{
	d->invite = tx_handle(tx);
	d->interval_ms = T1_MS;
	d->waited_ms = 0;
	timer_start(d->sip->io, &d->timer, T1_MS);
}

/* ---- events of the other leg ---- */

/* 100 with the multiplexed streams: the earliest message that can name them (docs/protocols/link.md). */
static void on_mux(struct dialog *d, const struct call_event *ev)
{
	struct tx *tx = tx_get(d->sip->txs, d->offer);
	const struct sip_msg *req = tx ? tx_request(tx) : NULL;
	struct wr w, mux;

	if (!req || tx_is_over(tx) || tx_method(tx) != SIP_INVITE || !d->zone->is_link)
		return;
	w = answer_begin(d->sip, tx, req, 100, STR_NONE, STR_NONE);
	mux = sip_scratch(d->sip, MEDIA_LINES_MAX * 48);
	put_fosse_media(&mux, &ev->mux);
	if (wr_len(&mux))
		sip_put_header(&w, SIP_HDR_FOSSE_MEDIA, wr_done(&mux));
	answer_send(d->sip, tx, 100, &w);
	d->has_sent_100 = true;
}

static void on_progress(struct dialog *d, const struct call_event *ev)
{
	struct tx *tx = tx_get(d->sip->txs, d->invite);
	const struct native *n = ev->native;

	if (!tx || tx_is_over(tx) || d->state != DS_INVITED)
		return;
	if (n && n->m)
		(void)pass_answer(d, tx, n, ev);
	else
		plain_answer(d, tx, 180, "Ringing");
}

static void on_first_answer(struct dialog *d, const struct call_event *ev)
{
	struct tx *tx = tx_get(d->sip->txs, d->invite);
	const struct native *n = ev->native;

	if (!tx || tx_is_over(tx))
		return;
	if (n && n->m)
		take_tag(d, n->m);
	if (!n || !n->m || !pass_answer(d, tx, n, ev)) {
		give_up_later(d, tx);
		return;
	}
	d->offer = 0;
	d->state = DS_ANSWERED;
	await_ack(d, tx);
}

/* A re-INVITE or UPDATE was accepted. */
static void on_answer(struct dialog *d, const struct call_event *ev)
{
	const struct native *n = ev->native;
	struct tx *tx = tx_get(d->sip->txs, n && n->answers ? n->answers : d->offer);

	if (d->state == DS_INVITED) {
		on_first_answer(d, ev);
		return;
	}
	d->offer = 0;
	if (!tx || tx_is_over(tx))
		return;
	if (!n || !n->m || !pass_answer(d, tx, n, ev)) {
		give_up_later(d, tx);
		return;
	}
	if (tx_method(tx) == SIP_INVITE)
		await_ack(d, tx);
}

/* REFUSE, RESULT: a final answer to something inside the dialog. */
static void on_result(struct dialog *d, const struct call_event *ev)
{
	const struct native *n = ev->native;
	struct tx *tx = tx_get(d->sip->txs, n && n->answers ? n->answers : d->offer);

	if (ev->type == CEV_REFUSE)
		d->offer = 0;
	if (!tx || tx_is_over(tx))
		return;
	if (n && n->m && pass_answer(d, tx, n, ev))
		return;
	plain_answer(d, tx, ev->cause.sip ? ev->cause.sip : 500, ev->cause.text);
}

void uas_event(struct dialog *d, const struct call_event *ev)
{
	switch (ev->type) {
	case CEV_MUX:
		on_mux(d, ev);
		break;
	case CEV_PROGRESS:
		on_progress(d, ev);
		break;
	case CEV_ANSWER:
		on_answer(d, ev);
		break;
	case CEV_REFUSE:
	case CEV_RESULT:
		on_result(d, ev);
		break;
	case CEV_SETUP:
	case CEV_CONFIRM:
	case CEV_OFFER:
	case CEV_PASS:
	case CEV_CHANNEL: /* a call stays in its protocol */
	case CEV_RELEASE:
	case CEV_MAX:
		break;
	}
}

/* The best refusal's own message where there is one with that code, else ours. */
void uas_refuse(struct dialog *d, const struct call_event *ev)
{
	struct tx *tx = tx_get(d->sip->txs, d->invite);
	unsigned code = ev->cause.sip >= 300 ? ev->cause.sip : 480;
	struct native held = {.zone = d->zone};

	d->leg = NULL;
	if (d->refusal_code == code)
		held.m = sip_msg_held(io_scratch(d->sip->io), d->refusal);
	if (tx && !tx_is_over(tx)) {
		if (!held.m || !pass_answer(d, tx, &held, ev)) {
			if (code == 503)
				answer_busy(d->sip, tx, NULL, str_of(ev->cause.text));
			else
				answer_refuse(d->sip, tx, NULL, code, str_of(ev->cause.text),
					str_of(d->local_tag));
		}
	}
	dialog_free(d);
}

void uas_timer(struct dialog *d)
{
	struct tx *tx = tx_get(d->sip->txs, d->invite);

	if (d->is_unanswerable) {
		if (d->state == DS_ANSWERED) /* an UPDATE before the ACK, whose timer this was */
			d->state = DS_UP;
		uac_give_up(d, 500, STR(CANNOT_PASS));
		return;
	}
	d->waited_ms += d->interval_ms;
	if (tx && d->waited_ms < ACK_MAX_MS) {
		tx_answer_again(tx);
		d->interval_ms = d->interval_ms * 2 < T2_MS ? d->interval_ms * 2 : T2_MS;
		timer_start(d->sip->io, &d->timer, d->interval_ms);
		return;
	}
	log_put(io_log(d->sip->io), &ev_no_ack, F_H("dialog", d->handle),
		F_Z("zone", d->zone->name));
	d->state = DS_UP; /* so that a BYE leaves */
	uac_give_up(d, 408, STR("No ACK"));
}

const struct native *uas_held(struct dialog *d)
{
	struct tx *tx = tx_get(d->sip->txs, d->invite);
	struct native *n = tx ? scratch_take(io_scratch(d->sip->io), sizeof *n) : NULL;

	if (!n)
		return NULL;
	*n = (struct native){
		.m = tx_request(tx), .tx = d->invite, .dialog = d->handle, .zone = d->zone};
	return n->m ? n : NULL;
}

/* ---- INVITE ---- */

static void put_alias(const struct sip_uri *uri, char ret[ALIAS_MAX])
{
	struct wr w = wr_of(ret, ALIAS_MAX - 1);

	if (uri->scheme == SIP_SCHEME_TEL) {
		sip_tel_digits(uri->user, &w);
	} else {
		if (uri->has_user) {
			sip_uri_unescape(uri->user, &w);
			wr_u8(&w, '@');
		}
		for (size_t i = 0; i < uri->host.len; i++)
			wr_u8(&w, (uint8_t)ascii_lower(uri->host.p[i]));
	}
	ret[w.err == OK ? wr_len(&w) : 0] = '\0';
}

static void put_from(const struct sip_msg *m, char ret[ALIAS_MAX])
{
	struct sip_nameaddr na;
	struct sip_uri uri;

	ret[0] = '\0';
	if (sip_nameaddr_parse(sip_header(m, SIP_HDR_FROM), &na) == OK &&
		sip_uri_parse(na.uri, &uri) == OK)
		put_alias(&uri, ret);
}

/* Fosse-Call: the other node's number of this call, and whom it authenticated. Control is believed by
 * Edge; Edge only where Control's zone says that its word counts (docs/protocols/link.md). */
static void read_fosse_call(struct sip *s, const struct sip_msg *m, struct call_setup *setup)
{
	struct str params = sip_header(m, SIP_HDR_FOSSE_CALL), auth;
	uint8_t id[8];

	if (!setup->zone->is_link || !params.len)
		return;
	if (str_hex(sip_param_value(params, STR("id")), id, sizeof id) == OK) {
		for (size_t i = 0; i < sizeof id; i++)
			setup->id = setup->id << 8 | id[i];
	}
	auth = sip_param_value(params, STR("auth"));
	if (auth.len && !str_eq(auth, STR("none")) &&
		(s->conf->node.role == ROLE_EDGE ||
			setup->zone->conf->authentication == AUTH_TRUSTED)) {
		setup->is_authenticated = true;
		str_copy(auth, setup->user, sizeof setup->user);
	}
}

static uint64_t loop_key(struct sip *s, const struct sip_msg *m)
{
	struct wr w = sip_scratch(s, m->call_id.len + m->from_tag.len + 1);

	wr_str(&w, m->call_id);
	wr_u8(&w, 0);
	wr_str(&w, m->from_tag);
	return siphash(&s->loop_key, wr_done(&w).p, wr_len(&w));
}

static void fill_setup(struct sip *s, const struct conn *c, const struct sip_msg *m,
	const struct caller *caller, struct call_setup *setup)
{
	uint32_t hops = m->max_forwards < 0 ? 70 : (uint32_t)m->max_forwards,
		 cap = s->conf->dial_plan.hop_count;

	if (c->zone->conf && c->zone->conf->hop_count)
		cap = c->zone->conf->hop_count;
	put_alias(&m->uri, setup->alias);
	put_from(m, setup->from);
	setup->zone = c->zone;
	setup->is_authenticated = caller->is_authenticated;
	memcpy(setup->user, caller->user, sizeof setup->user);
	hops = hops > 0 ? hops - 1 : 0;
	setup->hops = (uint8_t)(cap && hops > cap ? cap : hops);
	setup->loop_key = loop_key(s, m);
	read_fosse_call(s, m, setup);
}

static void refuse_media(struct sip *s, struct tx *tx, const struct sip_msg *m, enum err err)
{
	char tag[17];
	struct wr w;

	tag_put(s, tag);
	w = answer_begin(s, tx, m, err == ERR_UNSUPPORTED ? 415 : 488, STR_NONE, str_of(tag));
	if (err != ERR_UNSUPPORTED)
		sip_put_header(&w, SIP_HDR_WARNING,
			STR("399 Fosseway \"The session description is not acceptable\""));
	answer_send(s, tx, err == ERR_UNSUPPORTED ? 415 : 488, &w);
}

/* RFC 4028 section 9. True: it was refused. */
static bool refuse_small_session(
	struct sip *s, struct conn *c, struct tx *tx, const struct sip_msg *m)
{
	char tag[17];
	struct wr w;

	if (!session_is_too_small(s, c->zone, m))
		return false;
	tag_put(s, tag);
	w = answer_begin(s, tx, m, 422, STR_NONE, str_of(tag));
	sip_put_header_f(&w, SIP_HDR_MIN_SE, "%u", session_min_s(s));
	answer_send(s, tx, 422, &w);
	return true;
}

static void begin_leg(struct dialog *d, struct conn *c, struct leg *leg, bool is_nat)
{
	d->leg = leg;
	d->leg_handle = leg->handle;
	memcpy(d->alias, leg->alias, sizeof d->alias);
	leg->peer = d;
	leg->signalling = addr_with_port(&c->remote, 0);
	leg->is_nat = is_nat;
	str_copy(str_of(conn_protocol(c)), leg->protocol, sizeof leg->protocol);
}

static enum err begin_dialog(
	struct dialog *d, struct conn *c, struct tx *tx, const struct sip_msg *m)
{
	char tag[17];
	enum err err = dialog_from_invite(d, m);

	if (err != OK)
		return err;
	tag_put(d->sip, tag);
	str_copy(str_of(tag), d->local_tag, sizeof d->local_tag);
	dialog_use_conn(d, c);
	/* a client of ours, or one behind a NAT: never dialled */
	d->is_conn_only = c->zone->kind == ZK_LOCAL || dialog_is_nat(m, c->zone, &c->remote);
	d->invite = d->offer = tx_handle(tx);
	tx_set_user(tx, NULL, NULL, d->handle);
	return OK;
}

/* Edge names the streams of a link's caller in its 100: that one is the core's to order. */
static bool is_100_later(const struct conn *c, const struct call_event *ev)
{
	return c->zone->kind == ZK_TRAVERSAL_SERVER && ev->has_media;
}

void uas_invite(struct sip *s, struct conn *c, struct tx *tx, const struct sip_msg *m,
	const struct caller *caller)
{
	struct call_event *ev = scratch_take(io_scratch(s->io), sizeof *ev);
	struct call_setup *setup = scratch_take(io_scratch(s->io), sizeof *setup);
	struct call_cause cause = {0};
	struct leg *leg = NULL;
	struct dialog *d;
	enum err err;

	if (!ev || !setup) {
		answer_busy(s, tx, m, STR(NO_ROOM));
		return;
	}
	if (refuse_small_session(s, c, tx, m))
		return;
	err = media_read(s, c->zone, m, ev);
	if (err != OK && err != ERR_NOENT) {
		refuse_media(s, tx, m, err);
		return;
	}
	d = dialog_new(s, c->zone, true);
	if (!d) {
		answer_busy(s, tx, m, STR("Too many calls"));
		return;
	}
	err = begin_dialog(d, c, tx, m);
	if (err != OK) {
		answer(s, tx, m, 400,
			err == ERR_FULL ? STR("Bad Request (too long)")
					: STR("Bad Request (Contact)"),
			STR_NONE);
		dialog_free(d);
		return;
	}
	ev->type = CEV_SETUP;
	ev->is_nat = dialog_is_nat(m, c->zone, &c->remote);
	fill_setup(s, c, m, caller, setup);
	if (!is_100_later(c, ev))
		answer(s, tx, m, 100, STR_NONE, STR_NONE);
	err = call_setup(s->core, &s->leg_ops, d, setup, ev, &leg, &cause);
	if (err != OK) {
		ev->cause = cause;
		uas_refuse(d, ev);
		return;
	}
	begin_leg(d, c, leg, ev->is_nat);
}

/* ---- requests inside a dialog ---- */

static struct call_event *event_of(struct dialog *d, enum call_ev type)
{
	struct call_event *ev = scratch_take(io_scratch(d->sip->io), sizeof *ev);

	if (ev) {
		ev->type = type;
		ev->native_ops = &d->sip->leg_ops;
	}
	return ev;
}

static void on_bye(struct dialog *d, struct tx *tx, const struct sip_msg *m)
{
	struct native n = {.m = m, .dialog = d->handle, .zone = d->zone};
	struct call_event ev = {.type = CEV_RELEASE, .native = &n, .native_ops = &d->sip->leg_ops};
	struct tx *invite = tx_get(d->sip->txs, d->invite);
	struct leg *leg = d->leg;

	answer(d->sip, tx, m, 200, STR_NONE, STR_NONE);
	if (invite && !tx_is_over(invite))
		plain_answer(d, invite, 487, "Request Terminated");
	uac_end_pending(d);
	d->leg = NULL;
	if (leg) /* the event is not in the arena: it must never fail */
		leg_event(d->sip->core, leg, &ev);
	dialog_free(d);
}

/* The other leg carries it on, or it is answered here. False: it does not. */
static bool tell_other(
	struct dialog *d, struct tx *tx, const struct sip_msg *m, struct call_event *ev)
{
	bool is_taken = false;
	struct native n = {.m = m,
		.tx = tx_handle(tx),
		.dialog = d->handle,
		.zone = d->zone,
		.ret_is_taken = &is_taken};
	struct sip *s = d->sip;

	ev->native = &n;
	leg_event(s->core, d->leg, ev);
	if (!is_taken && tx_get(s->txs, n.tx) && !tx_is_over(tx))
		answer_busy(s, tx, m, STR("The other side cannot be asked"));
	return is_taken;
}

/* A new offer or a call for one: re-INVITE, UPDATE with SDP (RFC 3264, 3311). */
static void on_offer(struct dialog *d, struct conn *c, struct tx *tx, const struct sip_msg *m)
{
	struct call_event *ev = event_of(d, CEV_OFFER);
	uint64_t handle = d->handle, offer = tx_handle(tx);
	struct sip *s = d->sip;
	bool is_taken;
	enum err err;

	if (!ev) {
		answer_later(s, tx, m, STR(NO_ROOM));
		return;
	}
	err = media_read(s, c->zone, m, ev);
	if (err != OK && err != ERR_NOENT) {
		refuse_media(s, tx, m, err);
		return;
	}
	dialog_refresh(d, m);
	d->offer = offer;
	if (m->method == SIP_INVITE && !is_100_later(c, ev))
		answer(s, tx, m, 100, STR_NONE, STR_NONE);
	is_taken = tell_other(d, tx, m, ev);
	d = dialog_get(s, handle);
	if (d && !is_taken && d->offer == offer)
		d->offer = 0;
}

/* PRACK, INFO, REFER, NOTIFY, UPDATE without an offer and whatever else: the other leg's to answer. */
static void pass(struct dialog *d, struct tx *tx, const struct sip_msg *m)
{
	struct call_event *ev = event_of(d, CEV_PASS);
	struct sip *s = d->sip;
	struct str body;

	if (!ev) {
		answer_later(s, tx, m, STR(NO_ROOM));
		return;
	}
	if (sip_sdp_body(m, &body) ==
		OK) { /* an offer or answer in PRACK: its addresses could not be kept apart */
		answer(s, tx, m, 488, STR_NONE, STR_NONE);
		return;
	}
	(void)tell_other(d, tx, m, ev);
}

static bool is_inviting(struct dialog *d)
{
	struct tx *tx = tx_get(d->sip->txs, d->invite);

	return d->state == DS_ANSWERED || (tx && !tx_is_over(tx)) || timer_is_on(&d->timer);
}

static void on_reinvite(struct dialog *d, struct conn *c, struct tx *tx, const struct sip_msg *m)
{
	if (d->attempt ||
		d->offering) /* glare: our INVITE is on its way to that side (RFC 3261 14.2) */
		answer(d->sip, tx, m, 491, STR_NONE, STR_NONE);
	else if (is_inviting(d) || d->offer)
		answer_later(d->sip, tx, m, STR("An INVITE is in progress"));
	else
		on_offer(d, c, tx, m);
}

static void on_update(struct dialog *d, struct conn *c, struct tx *tx, const struct sip_msg *m)
{
	struct str body;

	if (sip_sdp_body(m, &body) == ERR_NOENT) {
		pass(d, tx, m);
		return;
	}
	if (d->attempt || d->offering)
		answer(d->sip, tx, m, 491, STR_NONE, STR_NONE);
	else if (d->offer)
		answer_later(d->sip, tx, m, STR("An offer is open"));
	else
		on_offer(d, c, tx, m);
}

static void on_in_dialog(struct dialog *d, struct conn *c, struct tx *tx, const struct sip_msg *m)
{
	if (m->method == SIP_BYE)
		on_bye(d, tx, m);
	else if (!d->leg)
		answer(d->sip, tx, m, 481, STR_NONE, STR_NONE);
	else if ((m->method == SIP_INVITE || m->method == SIP_UPDATE) &&
		 refuse_small_session(d->sip, c, tx, m))
		return;
	else if (m->method == SIP_INVITE)
		on_reinvite(d, c, tx, m);
	else if (m->method == SIP_UPDATE)
		on_update(d, c, tx, m);
	else
		pass(d, tx, m);
}

/* Who brings the right token and tags must be one who may: the flow itself, its zone, its host. Other hosts
 * speak for a dialog of the Internet alone, where a proxy or a moving client has several; nobody who is not
 * registered speaks from elsewhere for a client that is, or for a configured peer. */
static bool may_continue(const struct dialog *d, const struct conn *c)
{
	if (c->zone == d->zone || c->handle == d->conn)
		return true;
	if (d->zone->is_link || c->zone->is_link)
		return false;
	if (addr_same_host(&c->remote, &d->remote))
		return true;
	return (d->zone->kind == ZK_DEFAULT || d->zone->kind == ZK_DNS) &&
	       (c->zone->kind == ZK_DEFAULT || c->zone->kind == ZK_LOCAL);
}

/* A client that came back by another connection is reached there from now on. */
static struct dialog *dialog_of(struct sip *s, struct conn *c, const struct sip_msg *m)
{
	struct dialog *d = dialog_of_token(s, m->uri.user);

	return d && dialog_fits(d, m) && may_continue(d, c) ? d : NULL;
}

bool uas_knows(struct sip *s, struct conn *c, const struct sip_msg *m)
{
	return dialog_of(s, c, m) != NULL;
}

void uas_in_dialog(struct sip *s, struct conn *c, struct tx *tx, const struct sip_msg *m)
{
	struct dialog *d = dialog_of(s, c, m);

	if (!d) {
		s->counters.n_no_dialog++;
		log_put(io_log(s->io), &ev_stray, F_STR("method", m->method_text),
			F_STR("call_id", m->call_id), F_ADDR("src", &c->remote));
		answer(s, tx, m, 481, STR_NONE, STR_NONE);
		return;
	}
	if (m->cseq < d->cseq_in) { /* RFC 3261 12.2.2 */
		answer(s, tx, m, 500, STR("CSeq is too low"), STR_NONE);
		return;
	}
	d->cseq_in = m->cseq;
	if (!d->zone->is_link)
		dialog_use_conn(d, c);
	on_in_dialog(d, c, tx, m);
}

void uas_ack(struct sip *s, struct conn *c, const struct sip_msg *m)
{
	struct dialog *d = dialog_of(s, c, m);
	struct native n = {.m = m, .zone = c->zone};
	struct tx *tx = d ? tx_get(s->txs, d->invite) : NULL;
	struct call_event *ev = d ? event_of(d, CEV_CONFIRM) : NULL;
	enum err err;

	if (!d || !ev || !timer_is_on(&d->timer) || d->state == DS_ENDING)
		return; /* a repeat, or nobody's */
	timer_stop(&d->timer);
	if (tx)
		tx_acked(tx);
	d->state = DS_UP;
	if (d->wants_bye) {
		uac_end(d, NULL);
		return;
	}
	err = media_read(s, c->zone, m, ev);
	if (err != OK && err != ERR_NOENT) {
		uac_give_up(d, 488, STR("The session description is not acceptable"));
		return;
	}
	n.dialog = d->handle;
	ev->native = &n;
	dialog_keep(d);
	if (d->leg)
		leg_event(s->core, d->leg, ev);
}

/* CANCEL of the first INVITE ends the side; that of a re-INVITE comes too late by our choice: the 200
 * to it promises nothing (RFC 3261 9.2). */
void uas_cancelled(struct sip *s, struct tx *invite, const struct sip_msg *cancel)
{
	struct dialog *d = dialog_get(s, tx_who(invite));
	struct native n = {.m = cancel};
	struct call_event ev = {.type = CEV_RELEASE, /* not in the arena: it must never fail */
		.cause = {.sip = 487, .text = "Cancelled"},
		.native = &n,
		.native_ops = &s->leg_ops};
	struct leg *leg = d ? d->leg : NULL;

	if (!d || d->state != DS_INVITED)
		return;
	n.dialog = d->handle;
	n.zone = d->zone;
	plain_answer(d, invite, 487, "Request Terminated");
	d->leg = NULL;
	if (leg)
		leg_event(s->core, leg, &ev);
	dialog_free(d);
}
