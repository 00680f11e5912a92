/* uac.c - the UAC half of the B2BUA (docs/protocols/call-events.md).
 *
 * A request that the other side sent is edited, not regenerated: Request-URI, Via, Route, Contact, CSeq
 * where an offset says so, SDP addresses. ACK is end to end: it leaves when the caller's came, is held,
 * and answers every repeated 2xx. What we send on our own (BYE after a fault, ACK of a late 2xx) is built
 * from the dialog. */
#include <string.h>

#include "base/code.h"
#include "sip/answer.h"
#include "sip/session.h"
#include "sip/uac.h"

#define END_MS      40000u /* for a cancelled INVITE's final answer, or a BYE's */
#define OWN_HOPS    "70"
#define REASON_SIZE 192u
#define BAD_ANSWER  "The answer's session description is not acceptable"

LOG_EVENT(ev_no_way, "SIP-160", LOG_NOTICE, "request cannot be sent");
LOG_EVENT(ev_fork, "SIP-161", LOG_NOTICE, "a second branch answered: it is ended");

static const struct tx_user tx_user;

/* ---- edits ---- */

static struct str contact_of(struct dialog *d)
{
	struct wr w = sip_scratch(d->sip, 128);
	char token[CONTACT_TOKEN_MAX];

	wr_printf(&w, "sip:%s@" ATTEMPT_HOST, dialog_token(d, token));
	return wr_done(&w);
}

static void edit_hops(struct sip_edit *e, unsigned hops)
{
	sip_edit_set_header(e, SIP_HDR_MAX_FORWARDS, sip_edit_text(e, "%u", hops));
}

/* RAck names the INVITE by its number on this side (RFC 3262 7.2). */
static void edit_rack(struct sip_edit *e, const struct dialog *d)
{
	uint32_t rseq, cseq;
	struct str method;

	if (!sip_has(e->m, SIP_HDR_RACK) ||
		sip_rack_parse(sip_header(e->m, SIP_HDR_RACK), &rseq, &cseq, &method) != OK)
		return;
	if (cseq != d->invite_out)
		sip_edit_set_header(e, SIP_HDR_RACK,
			sip_edit_text(e, "%u %u " STR_FMT, rseq, d->invite_out, STR_ARG(method)));
}

/* What every request of the other side gets on its way to d. */
static struct sip_edit *edit_request(
	struct dialog *d, const struct native *n, struct str uri, uint32_t cseq, unsigned hops)
{
	struct sip_edit *e = dialog_edit(d, n->m, n->zone);

	if (!e)
		return NULL;
	sip_edit_push_header(e, SIP_HDR_VIA, ATTEMPT_VIA);
	sip_edit_set_uri(e, d->routes[0] ? dialog_uri(d) : uri);
	edit_hops(e, hops);
	if (cseq != n->m->cseq)
		sip_edit_set_header(e, SIP_HDR_CSEQ,
			sip_edit_text(e, "%u " STR_FMT, cseq, STR_ARG(n->m->method_text)));
	if (d->routes[0])
		sip_edit_push_header(e, SIP_HDR_ROUTE, dialog_route(d));
	dialog_edit_contact(e, d, contact_of(d));
	edit_rack(e, d);
	if (n->m->method == SIP_INVITE || n->m->method == SIP_UPDATE)
		session_edit_request(e, d, n->m);
	return e;
}

static unsigned hops_of(const struct sip_msg *m)
{
	if (m->method == SIP_BYE || m->method == SIP_ACK) /* they end at us; these are our own */
		return 70;
	return m->max_forwards < 0 ? 70 : m->max_forwards > 0 ? (unsigned)m->max_forwards - 1 : 0;
}

/* ---- sending ---- */

static enum err send_for(struct dialog *d, enum sip_method method, struct str bytes,
	struct str next, const struct tx_user *user, uint64_t mark, uint64_t *ret_attempt)
{
	struct attempt_want want = {.method = method,
		.zone = d->zone,
		.conn = d->conn,
		.is_conn_only = d->is_conn_only,
		/* a call that is not set up yet has other ways, or its caller hears why not */
		.may_wait = d->state != DS_INVITING,
		.next = next,
		.template = bytes,
		.user = user,
		.arg = d->sip,
		.who = d->handle,
		.mark = mark};
	enum err err = attempt_start(d->sip->attempts, &want, ret_attempt);

	if (err != OK)
		log_put(io_log(d->sip->io), &ev_no_way, F_H("dialog", d->handle),
			F_Z("method", sip_method_name(method)), F_Z("zone", d->zone->name),
			F_STR("next", next), F_ERR(err));
	return err;
}

static enum err send_request(struct dialog *d, enum sip_method method, struct str bytes,
	struct str next, uint64_t mark, uint64_t *ret_attempt)
{
	return send_for(d, method, bytes, next, &tx_user, mark, ret_attempt);
}

/* A request of our own inside the dialog. */
static struct wr own_begin(struct dialog *d, const char *method, uint32_t cseq)
{
	struct wr w = sip_scratch(d->sip, 8192);

	sip_put_request_line(&w, str_of(method), dialog_uri(d));
	sip_put_header(&w, SIP_HDR_VIA, ATTEMPT_VIA);
	if (d->routes[0])
		sip_put_header(&w, SIP_HDR_ROUTE, dialog_route(d));
	sip_put_header(&w, SIP_HDR_MAX_FORWARDS, STR(OWN_HOPS));
	sip_put_header(&w, SIP_HDR_FROM, str_of(d->local_party));
	sip_put_header(&w, SIP_HDR_TO, str_of(d->remote_party));
	sip_put_header(&w, SIP_HDR_CALL_ID, str_of(d->call_id));
	sip_put_header_f(&w, SIP_HDR_CSEQ, "%u %s", cseq, method);
	return w;
}

struct wr uac_own_begin(struct dialog *d, enum sip_method method)
{
	struct wr w = own_begin(d, sip_method_name(method), dialog_cseq_own(d));

	sip_put_header_f(&w, SIP_HDR_CONTACT, "<" STR_FMT ">", STR_ARG(contact_of(d)));
	return w;
}

enum err uac_own_send(
	struct dialog *d, enum sip_method method, struct wr *w, const struct tx_user *user)
{
	uint64_t attempt;

	return send_for(
		d, method, w->err == OK ? wr_done(w) : STR_NONE, dialog_next(d), user, 0, &attempt);
}

/* ---- ACK ---- */

/* An ACK has no transaction, so its Via has a branch of chance. */
static struct str finish_ack(struct dialog *d, struct conn *c, struct str template)
{
	struct scratch *scratch = io_scratch(d->sip->io);
	struct sip_msg *m = scratch_take(scratch, sizeof *m);
	struct sip_edit *e;
	struct wr w = sip_scratch(d->sip, 256), contact = sip_scratch(d->sip, 256);
	uint8_t random[10];
	char branch[BASE32_LEN(10) + 1], token[CONTACT_TOKEN_MAX];
	struct addr host = conns_sent_by(d->sip->conns, d->zone, c->transport);
	char text[ADDR_TEXT_SIZE];

	if (!m || !template.len)
		return STR_NONE;
	sip_msg_init(m);
	m->len_max = SIP_MESSAGE_CEILING;
	e = sip_index(template, SIP_DGRAM, m) == OK ? sip_edit_new(scratch, m) : NULL;
	if (!e)
		return STR_NONE;
	io_random(d->sip->io, random, sizeof random);
	base32_put(random, sizeof random, branch);
	wr_printf(&w, "SIP/2.0/%s ", sip_transport_name(c->transport));
	if (d->zone->is_link)
		put_link_host(&w, d->zone);
	else
		wr_printf(&w, "%s", addr_put(&host, text));
	wr_printf(&w, ";branch=z9hG4bK%s;rport", branch);
	sip_edit_replace(e, m->via.text, wr_done(&w));
	put_contact_uri(
		&contact, d->sip->conns, d->zone, c->transport, str_of(dialog_token(d, token)));
	dialog_edit_contact(e, d, wr_done(&contact));
	return dialog_build(e, d->sip);
}

static void send_ack(struct dialog *d, struct str template)
{
	struct conn *c = dialog_conn(d);
	struct str bytes = c ? finish_ack(d, c, template) : STR_NONE;

	store_drop(d->sip->store, &d->ack);
	d->ack = store_put(d->sip->store, bytes.len ? bytes : template);
	d->is_acked = true;
	if (!bytes.len || conn_send(c, bytes) != OK)
		log_put(io_log(d->sip->io), &ev_no_way, F_H("dialog", d->handle),
			F_Z("method", "ACK"), F_Z("zone", d->zone->name));
}

static void own_ack(struct dialog *d)
{
	struct wr w = own_begin(d, "ACK", d->invite_out);

	sip_put_body(&w, STR_NONE, STR_NONE);
	send_ack(d, wr_done(&w));
}

static void on_confirm(struct dialog *d, const struct call_event *ev)
{
	const struct native *n = ev->native;
	struct sip_edit *e;

	if (d->state == DS_ENDING)
		return;
	d->state = DS_UP;
	if (!n) {
		own_ack(d);
	} else {
		e = edit_request(d, n, str_of(d->target), d->invite_out, hops_of(n->m));
		if (e && ev->has_media && dialog_edit_media(e, d, ev) != OK)
			e = NULL;
		send_ack(d, dialog_build(e, d->sip));
	}
	dialog_keep(d);
}

/* ---- BYE, CANCEL ---- */

static struct str reason_of(struct dialog *d, const struct call_event *ev)
{
	const struct native *n = ev ? ev->native : NULL;
	struct wr w = sip_scratch(d->sip, REASON_SIZE);

	if (n && n->m && n->m->is_request && sip_has(n->m, SIP_HDR_REASON))
		return sip_header(n->m, SIP_HDR_REASON);
	if (!ev || !ev->cause.sip)
		return STR_NONE;
	wr_printf(&w, "SIP;cause=%u;text=", ev->cause.sip);
	sip_put_quoted(&w, str_of(ev->cause.text));
	return wr_done(&w);
}

static struct str build_bye(struct dialog *d, const struct call_event *ev)
{
	const struct native *n = ev ? ev->native : NULL;
	struct str reason = reason_of(d, ev);
	struct wr w;

	if (n && n->m && n->m->is_request && n->m->method == SIP_BYE)
		return dialog_build(edit_request(d, n, str_of(d->target),
					    dialog_cseq_pass(d, n->m->cseq), hops_of(n->m)),
			d->sip);
	w = own_begin(d, "BYE", dialog_cseq_own(d));
	if (reason.len)
		sip_put_header(&w, SIP_HDR_REASON, reason);
	sip_put_body(&w, STR_NONE, STR_NONE);
	return wr_done(&w);
}

static void send_bye(struct dialog *d, const struct call_event *ev)
{
	struct str bytes = build_bye(d, ev);
	uint64_t attempt;

	d->state = DS_ENDING;
	dialog_keep(d); /* a successor says it again: nobody else would end the far side */
	if (send_request(d, SIP_BYE, bytes, dialog_next(d), 0, &attempt) != OK) {
		dialog_free(d);
		return;
	}
	timer_start(d->sip->io, &d->timer, END_MS);
}

static void cancel(struct dialog *d, const struct call_event *ev)
{
	uint64_t attempt = d->attempt;

	d->state = DS_ENDING;
	timer_start(d->sip->io, &d->timer, END_MS);
	attempt_cancel(d->sip->attempts, attempt, reason_of(d, ev));
}

void uac_end_pending(struct dialog *d)
{
	struct tx *tx = tx_get(d->sip->txs, d->offer);

	if (tx && !tx_is_over(tx))
		answer(d->sip, tx, NULL, 487, STR_NONE, str_of(d->local_tag));
	d->offer = 0;
}

/* An early dialog of a caller: he has no BYE to hear but a final answer (RFC 3261 15). */
static void refuse(struct dialog *d, const struct call_event *ev)
{
	struct tx *invite = tx_get(d->sip->txs, d->invite);
	unsigned code = ev && ev->cause.sip >= 300 ? ev->cause.sip : 480;

	if (invite && !tx_is_over(invite))
		answer_refuse(d->sip, invite, NULL, code, ev ? str_of(ev->cause.text) : STR_NONE,
			str_of(d->local_tag));
	dialog_free(d);
}

void uac_end(struct dialog *d, const struct call_event *ev)
{
	dialog_rebind(d);
	d->leg = NULL;
	if (d->state != DS_INVITED)
		uac_end_pending(d);
	switch (d->state) {
	case DS_INVITING:
		cancel(d, ev);
		break;
	case DS_ACCEPTED:
		own_ack(d);
		send_bye(d, ev);
		break;
	case DS_ANSWERED: /* RFC 3261 15: the called side waits for the ACK first */
		d->wants_bye = true;
		break;
	case DS_UP:
		if (d->invite_out && !d->attempt && !d->is_acked)
			own_ack(d);
		send_bye(d, ev);
		break;
	case DS_INVITED:
		refuse(d, ev);
		break;
	case DS_ENDING:
		break;
	}
}

/* ---- INVITE ---- */

/* An alias as a URI: what may not stand in a user part is escaped. */
static struct str alias_uri(struct sip *s, const char *alias)
{
	struct str text = str_of(alias), user;
	struct wr w = sip_scratch(s, 3 * ALIAS_MAX + 8);
	size_t at = text.len;

	while (at > 0 && text.p[at - 1] != '@')
		at--;
	wr_str(&w, STR("sip:"));
	user = at ? str_head(text, at - 1) : STR_NONE;
	for (size_t i = 0; i < user.len; i++) {
		if (lex_is(user.p[i], LEX_USER) && user.p[i] != '%')
			wr_u8(&w, (uint8_t)user.p[i]);
		else
			wr_printf(&w, "%%%02X", (unsigned char)user.p[i]);
	}
	if (at)
		wr_u8(&w, '@');
	wr_str(&w, str_skip(text, at));
	return wr_done(&w);
}

static struct str request_uri(struct sip *s, const struct call_setup *setup,
	const struct target *to, const struct sip_msg *m)
{
	if (to->uri[0])
		return str_of(to->uri);
	if (str_eq(str_of(to->alias), str_of(setup->alias)))
		return m->uri_text;
	return alias_uri(s, to->alias);
}

/* Fosse-Call: what this node knows of the call (docs/protocols/link.md). */
static void add_fosse_call(struct sip_edit *e, const struct call_setup *setup)
{
	sip_edit_add_header(e, SIP_HDR_FOSSE_CALL,
		sip_edit_text(e, "id=%016llx; src=%s; auth=%s; nat=0",
			(unsigned long long)setup->id, setup->zone->name,
			!setup->is_authenticated ? "none"
			: setup->user[0]         ? setup->user
						 : "trusted"));
}

static enum err ids_from(struct dialog *d, const struct sip_msg *m)
{
	struct str from = sip_header(m, SIP_HDR_FROM), to = sip_header(m, SIP_HDR_TO);

	if (!str_copy(m->call_id, d->call_id, sizeof d->call_id))
		return ERR_FULL;
	dialog_set_local(d, from, m->from_tag);
	if (!d->local_tag[0] && m->from_tag.len)
		return ERR_FULL;
	return str_copy(to, d->remote_party, sizeof d->remote_party) ? OK : ERR_FULL;
}

static enum err send_invite(struct dialog *d, const struct call_setup *setup,
	const struct target *to, const struct call_event *ev)
{
	const struct native *n = ev->native;
	struct str uri = request_uri(d->sip, setup, to, n->m), bytes;
	struct sip_edit *e;
	enum err err;

	d->invite_out = dialog_cseq_pass(d, n->m->cseq);
	e = edit_request(d, n, uri, d->invite_out, setup->hops);
	if (!e)
		return ERR_FULL;
	if (d->zone->is_link)
		add_fosse_call(e, setup);
	err = dialog_edit_media(e, d, ev);
	if (err != OK)
		return err;
	bytes = dialog_build(e, d->sip);
	if (!d->session.is_passed && !d->zone->is_link)
		d->again = store_put(d->sip->store, bytes);
	return send_request(d, SIP_INVITE, bytes, uri, 0, &d->attempt);
}

/* A request that was sent before as a new one: with the next number. */
static struct str renumbered(struct dialog *d, struct sip_edit *e)
{
	uint32_t cseq = dialog_cseq_own(d);

	if (e->m->method == SIP_INVITE)
		d->invite_out = cseq;
	sip_edit_set_header(
		e, SIP_HDR_CSEQ, sip_edit_text(e, "%u " STR_FMT, cseq, STR_ARG(e->m->method_text)));
	return dialog_build(e, d->sip);
}

/* NULL: no room. */
static struct sip_edit *edit_held(struct dialog *d, struct str held)
{
	struct scratch *scratch = io_scratch(d->sip->io);
	struct sip_msg *m = scratch_take(scratch, sizeof *m);

	if (!m)
		return NULL;
	sip_msg_init(m);
	m->len_max = SIP_MESSAGE_CEILING;
	return sip_index(held, SIP_DGRAM, m) == OK ? sip_edit_new(scratch, m) : NULL;
}

/* The session interval was ours, for a caller who knows none: so is the second try with a larger one (RFC
 * 4028 section 7.3). Once: the copy is gone then. */
static bool invite_again(struct dialog *d, const struct sip_msg *refusal)
{
	struct sip_edit *e;
	enum err err = ERR_FULL;

	if (!d->again.len || d->state != DS_INVITING || !session_learn_min(d, refusal))
		return false;
	e = edit_held(d, d->again);
	if (e) {
		session_edit_again(e, d);
		err = send_request(d, SIP_INVITE, renumbered(d, e), e->m->uri_text, 0, &d->attempt);
	}
	store_drop(d->sip->store, &d->again);
	return err == OK;
}

enum err uac_invite(struct sip *s, struct leg *leg, const struct call_setup *setup,
	const struct target *to, const struct call_event *ev)
{
	const struct native *n = ev->native;
	struct dialog *d = n && n->m ? dialog_new(s, to->zone, false) : NULL;
	struct conn *c = conn_get(s->conns, to->conn.v);
	enum err err;

	if (!n || !n->m)
		return ERR_UNSUPPORTED;
	if (!d)
		return ERR_FULL;
	d->leg = leg;
	d->leg_handle = leg->handle;
	memcpy(d->alias, leg->alias, sizeof d->alias);
	d->caller = n->dialog;
	d->is_conn_only = to->conn.v != 0;
	str_copy(str_of("sip"), leg->protocol, sizeof leg->protocol);
	if (c)
		dialog_use_conn(d, c);
	err = to->conn.v && !c ? ERR_CLOSED : ids_from(d, n->m);
	if (err == OK)
		err = send_invite(d, setup, to, ev);
	if (err != OK) {
		dialog_free(d);
		return err;
	}
	leg->peer = d;
	return OK;
}

/* ---- requests of the other side inside the dialog ---- */

static void on_pass(struct dialog *d, const struct call_event *ev)
{
	const struct native *n = ev->native;
	bool is_offer = ev->type == CEV_OFFER, is_invite;
	struct sip_edit *e;
	uint64_t attempt;
	uint32_t cseq;
	enum err err = OK;

	if (!n || !n->m || d->state == DS_ENDING)
		return;
	is_invite = n->m->method == SIP_INVITE;
	cseq = dialog_cseq_pass(d, n->m->cseq);
	e = edit_request(d, n, str_of(d->target), cseq, hops_of(n->m));
	if (e && is_offer)
		err = dialog_edit_media(e, d, ev);
	err = send_request(d, n->m->method, e && err == OK ? dialog_build(e, d->sip) : STR_NONE,
		dialog_next(d), n->tx, &attempt);
	if (n->ret_is_taken)
		*n->ret_is_taken = err == OK;
	if (err != OK)
		return;
	if (is_offer)
		d->offering = n->tx;
	if (is_invite) {
		d->invite_out = cseq;
		d->is_acked = false;
		d->attempt = attempt;
	}
}

void uac_event(struct dialog *d, const struct call_event *ev)
{
	dialog_rebind(d);
	if (ev->type == CEV_CONFIRM)
		on_confirm(d, ev);
	else
		on_pass(d, ev);
}

/* ---- what came of them ---- */

static void report(struct dialog *d, struct call_event *ev, struct native *n)
{
	ev->native = n;
	ev->native_ops = &d->sip->leg_ops;
	if (d->leg)
		leg_event(d->sip->core, d->leg, ev);
}

/* Not in the arena: what came must not be lost for want of room. */
static struct call_event event_of(enum call_ev type, const struct sip_msg *m)
{
	struct call_event ev = {.type = type};

	if (m && m->status >= 300) {
		ev.cause.sip = m->status;
		str_copy(m->reason, ev.cause.text, sizeof ev.cause.text);
	}
	return ev;
}

/* No message to pass on: RESULT, or REFUSE where the request carried an offer. Told in its own event,
 * which the core handles like one that came from the network. */
static void tell_failure(
	struct dialog *d, uint64_t answers, bool is_offer, unsigned code, const char *text)
{
	struct native n = {.answers = answers, .dialog = d->handle, .zone = d->zone};
	struct call_event ev = event_of(is_offer ? CEV_REFUSE : CEV_RESULT, NULL);

	d->offering = is_offer ? 0 : d->offering;
	ev.cause.sip = (uint16_t)code;
	str_copy(str_of(text), ev.cause.text, sizeof ev.cause.text);
	report(d, &ev, &n);
}

/* The side is gone: the core ends the other one, and the leg. */
static void report_release(struct dialog *d, unsigned code, struct str text, const struct native *n)
{
	struct call_event ev = {.type = CEV_RELEASE}; /* not in the arena: it must never fail */
	struct leg *leg = d->leg;

	d->leg = NULL;
	if (!leg)
		return;
	ev.cause.sip = (uint16_t)code;
	str_copy(text, ev.cause.text, sizeof ev.cause.text);
	ev.native = n;
	ev.native_ops = n ? &d->sip->leg_ops : NULL;
	leg_event(d->sip->core, leg, &ev);
}

void uac_give_up(struct dialog *d, unsigned code, struct str why)
{
	struct call_event ev = {.type = CEV_RELEASE};

	ev.cause.sip = (uint16_t)code;
	str_copy(why, ev.cause.text, sizeof ev.cause.text);
	report_release(d, code, why, NULL);
	uac_end(d, &ev);
}

static void learn_far_side(struct dialog *d, struct tx *tx, const struct sip_msg *m)
{
	struct conn *c = tx_conn(tx);

	if (c && !d->zone->is_link)
		dialog_use_conn(d, c);
	if (c && d->leg) {
		d->leg->signalling = addr_with_port(&c->remote, 0);
		d->leg->is_nat |= dialog_is_nat(m, d->zone, &c->remote);
		str_copy(str_of(conn_protocol(c)), d->leg->protocol, sizeof d->leg->protocol);
	}
	if (m->to_tag.len && dialog_from_response(d, m) != OK)
		log_put(io_log(d->sip->io), &ev_no_way, F_H("dialog", d->handle),
			F_Z("method", "INVITE"));
}

/* A 2xx of another branch below us, or one that comes after our CANCEL: ACK and BYE at once. */
static void end_stranger(struct dialog *d, struct tx *tx, const struct sip_msg *m)
{
	struct dialog *other = NULL;

	log_put(io_log(d->sip->io), &ev_fork, F_H("dialog", d->handle));
	if (d->n_strangers < FORKS_MAX)
		other = dialog_new(d->sip, d->zone, false);
	if (!other) {
		d->sip->counters.n_forks_dropped++;
		return;
	}
	d->strangers[d->n_strangers++] = other->handle;
	memcpy(other->call_id, d->call_id, sizeof other->call_id);
	memcpy(other->local_party, d->local_party, sizeof other->local_party);
	memcpy(other->alias, d->alias, sizeof other->alias);
	other->is_conn_only = d->is_conn_only;
	other->invite_out = other->cseq_out = d->invite_out;
	learn_far_side(other, tx, m);
	other->state = DS_ACCEPTED;
	uac_end(other, NULL);
}

/* media_read() of an acceptance. What cannot be read cannot be rewritten, and so must not pass. */
static bool is_bad_answer(const struct sip_msg *m, enum err err)
{
	return m->status / 100 == 2 && err != OK && err != ERR_NOENT;
}

static void on_success(struct dialog *d, struct tx *tx, const struct sip_msg *m,
	struct call_event *ev, struct native *n)
{
	learn_far_side(d, tx, m);
	d->attempt = 0;
	store_drop(d->sip->store, &d->again);
	if (d->state == DS_ENDING) { /* our CANCEL came too late */
		d->state = DS_ACCEPTED;
		uac_end(d, NULL);
		return;
	}
	d->state = DS_ACCEPTED;
	session_take(d, m);
	ev->type = CEV_ANSWER;
	report(d, ev, n);
}

static void on_refused(struct dialog *d, const struct sip_msg *m, const struct native *n)
{
	struct dialog *caller = dialog_get(d->sip, d->caller);
	unsigned code = m->status == 503
	                        ? 500
	                        : m->status; /* RFC 3261 16.7: a 503 speaks of one hop only */

	d->attempt = 0;
	if (caller && d->leg)
		dialog_hold_refusal(caller, m);
	if (d->leg)
		report_release(d, code, m->reason, n);
	dialog_free(d);
}

/* The first INVITE of the dialog. */
static void on_invite_response(struct dialog *d, struct tx *tx, const struct sip_msg *m)
{
	struct native n = {.m = m, .dialog = d->handle, .zone = d->zone};
	struct call_event ev = event_of(CEV_PROGRESS, m);
	enum err err;

	if (m->status == 422 && invite_again(d, m))
		return;
	if (m->status >= 300) {
		on_refused(d, m, &n);
		return;
	}
	err = media_read(d->sip, d->zone, m, &ev);
	if (m->status == 100) {
		ev.type = CEV_MUX;
		if (ev.mux.n)
			report(d, &ev, &n);
		return;
	}
	if (err != OK && err != ERR_NOENT && m->status < 200)
		return; /* early media that we cannot read: the 2xx decides */
	if (is_bad_answer(m, err) && d->state == DS_INVITING) {
		learn_far_side(d, tx, m);
		d->attempt = 0;
		d->state = DS_ACCEPTED;
		uac_give_up(d, 502, STR(BAD_ANSWER));
		return;
	}
	if (m->status >= 200) {
		on_success(d, tx, m, &ev, &n);
		return;
	}
	learn_far_side(d, tx, m);
	if (d->state == DS_INVITING)
		report(d, &ev, &n);
}

/* A re-INVITE or UPDATE with an offer, and everything that only passes. */
static void on_result(struct dialog *d, struct tx *tx, const struct sip_msg *m)
{
	struct native n = {.m = m, .answers = tx_mark(tx), .dialog = d->handle, .zone = d->zone};
	bool is_offer = d->offering && d->offering == tx_mark(tx);
	struct call_event ev = event_of(is_offer ? CEV_ANSWER : CEV_RESULT, m);
	bool is_invite = tx_method(tx) == SIP_INVITE;
	enum err err;

	err = media_read(d->sip, d->zone, m, &ev);
	if (m->status < 200) {
		if (m->status == 100 && ev.mux.n) {
			ev.type = CEV_MUX;
			report(d, &ev, &n);
		}
		return;
	}
	if (is_invite)
		d->attempt = 0;
	if (is_bad_answer(m, err)) { /* the far side has taken what we cannot tell of */
		uac_give_up(d, 502, STR(BAD_ANSWER));
		return;
	}
	if (is_offer) {
		d->offering = 0;
		ev.type = m->status < 300 ? CEV_ANSWER : CEV_REFUSE;
	}
	if (m->status < 300)
		dialog_refresh(d, m);
	if (m->status < 300 && (is_invite || tx_method(tx) == SIP_UPDATE))
		session_take(d, m);
	else if (m->status == 422)
		(void)!session_learn_min(d, m);
	report(d, &ev, &n);
}

/* RFC 5057 section 5: subscriptions share the dialog with the call, and what ends theirs leaves it alone. Of
 * methods that we do not know nothing is concluded. */
static bool is_of_call(enum sip_method method)
{
	return method != SIP_SUBSCRIBE && method != SIP_NOTIFY && method != SIP_REFER &&
	       method != SIP_OTHER_METHOD;
}

/* These two say that the far side knows no such call. */
static bool ends_call(const struct sip_msg *m)
{
	return (m->status == 481 || m->status == 408) && is_of_call(m->method);
}

static struct dialog *stranger_of(struct dialog *d, struct str tag)
{
	for (uint32_t i = 0; i < d->n_strangers; i++) {
		struct dialog *other = dialog_get(d->sip, d->strangers[i]);

		if (other && str_eq(tag, str_of(other->remote_tag)))
			return other;
	}
	return NULL;
}

/* A 2xx after the one that was taken: each gets its ACK again for as long as it comes (RFC 3261 13.2.2.4). */
static void on_further_success(struct dialog *d, struct tx *tx, const struct sip_msg *m)
{
	bool is_own = str_eq(m->to_tag, str_of(d->remote_tag));
	struct dialog *from = is_own ? d : stranger_of(d, m->to_tag);

	if (!from)
		end_stranger(d, tx, m);
	else if (from->is_acked && from->ack.len && dialog_conn(from) &&
		 conn_send(dialog_conn(from), from->ack) != OK)
		d->sip->counters.n_no_dialog++;
}

static void on_response(void *arg, uint64_t who, struct tx *tx, const struct sip_msg *m)
{
	struct sip *s = arg;
	struct dialog *d = dialog_get(s, who);
	uint64_t handle;

	if (!d)
		return;
	handle = d->handle;
	if (tx_method(tx) == SIP_BYE) {
		if (m->status >= 200)
			dialog_free(d);
		return;
	}
	if (tx_method(tx) == SIP_INVITE && m->cseq != d->invite_out)
		return; /* a repeat of an earlier INVITE's 2xx */
	if (tx_method(tx) == SIP_INVITE && m->status / 100 == 2 && !d->attempt) {
		on_further_success(d, tx, m);
		return;
	}
	if (tx_method(tx) == SIP_INVITE && !tx_mark(tx))
		on_invite_response(d, tx, m);
	else
		on_result(d, tx, m);
	d = dialog_get(s, handle);
	if (d && d->leg && d->state == DS_UP && ends_call(m))
		uac_give_up(
			d, m->status, m->reason); /* its BYE does no harm where nothing is left */
}

static unsigned code_of(enum err err)
{
	if (err == ERR_TIMEOUT)
		return 408;
	if (err == ERR_NOENT)
		return 404;
	if (err == ERR_DENIED)
		return 403;
	return err == ERR_CLOSED ? 480 : 500;
}

/* The connection is gone, and the client may have another one. Whether the request came through is not known:
 * a new one says it again, the state that it leads to is the same. */
static bool is_repeatable(const struct dialog *d, const struct tx_end *end)
{
	if (end->err != ERR_CLOSED || d->zone->kind != ZK_LOCAL)
		return false;
	if (end->method == SIP_BYE)
		return d->state == DS_ENDING;
	return d->state == DS_UP && end->mark &&
	       (end->method == SIP_INVITE || end->method == SIP_UPDATE);
}

static bool send_again(struct dialog *d, const struct tx_end *end)
{
	struct sip_edit *e = NULL;
	uint64_t attempt;

	if (!is_repeatable(d, end))
		return false;
	dialog_rebind(d);
	if (dialog_conn(d))
		e = edit_held(d, end->request);
	if (!e || send_request(d, end->method, renumbered(d, e), dialog_next(d), end->mark,
			  &attempt) != OK)
		return false;
	if (end->method == SIP_INVITE)
		d->attempt = attempt;
	dialog_keep(d); /* its number is used up */
	return true;
}

/* A registered client that is away may come back: nobody else tells it that its call is over. On a connection
 * that a firewall forgot even the silence may be its absence. */
static bool is_awaited(const struct dialog *d, const struct tx_end *end)
{
	struct sip *s = d->sip;
	bool is_away = end->err == ERR_CLOSED || (end->err == ERR_TIMEOUT && !d->is_udp);
	bool is_known = false;

	if (end->method == SIP_BYE && is_away && d->zone->kind == ZK_LOCAL && d->alias[0])
		(void)s->bindings.find(s->bindings.arg, str_of(d->alias), NULL, 0, &is_known);
	return is_known;
}

void uac_client_moved(struct sip *s, struct str alias, struct conn *from, struct conn *to)
{
	if (from) {
		LIST_FOR_SAFE(it, tmp, &from->dialogs)
		{
			struct dialog *d = container_of(it, struct dialog, by_conn);

			if (str_eq(str_of(d->alias), alias))
				dialog_use_conn(d, to);
		}
	}
	LIST_FOR_SAFE(it, tmp, &s->stranded)
	{
		struct dialog *d = container_of(it, struct dialog, by_conn);

		if (!str_eq(str_of(d->alias), alias))
			continue;
		dialog_rebind(d);
		if (dialog_conn(d))
			send_bye(d, NULL);
	}
}

static void on_failed(void *arg, uint64_t who, const struct tx_end *end)
{
	struct sip *s = arg;
	struct dialog *d = dialog_get(s, who);

	if (!d)
		return;
	if (end->method == SIP_INVITE)
		d->attempt = 0;
	if (send_again(d, end))
		return;
	if (d->state == DS_ENDING) {
		if (is_awaited(d, end))
			dialog_strand(d);
		else if (end->method == SIP_INVITE || end->method == SIP_BYE)
			dialog_free(d);
		return;
	}
	if (d->state == DS_INVITING && end->method == SIP_INVITE) {
		report_release(d, code_of(end->err), end->why, NULL);
		dialog_free(d);
		return;
	}
	if (end->err == ERR_TIMEOUT && is_of_call(end->method)) { /* like a 408 */
		uac_give_up(d, 408, end->why);
		return;
	}
	if (end->mark)
		tell_failure(d, end->mark, d->offering == end->mark, code_of(end->err),
			"The other side cannot be reached");
}

static const struct tx_user tx_user = {.response = on_response, .failed = on_failed};

void uac_unknown(struct dialog *d)
{
	report_release(d, 481, STR("The other node does not know this call"), NULL);
	if (d->state == DS_INVITING) { /* its INVITE waits for an answer that nobody will give */
		cancel(d, NULL);
		return;
	}
	uac_end_pending(d);
	dialog_free(d);
}
