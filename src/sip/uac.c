/* uac.c - the UAC half of the B2BUA (docs/protocols/call-events.md).
 *
 * A request that the other side sent is edited, not regenerated: Request-URI, Via, Route, Contact, CSeq
 * where an offset says so, SDP addresses. ACK is end to end: it leaves when the caller's came, is held,
 * and answers every repeated 2xx. What we send on our own (BYE after a fault, ACK of a late 2xx) is built
 * from the dialog. */
#include <string.h>

#include "sip/answer.h"
#include "sip/session.h"
#include "sip/uacs.h"

#define END_MS      40000u /* for a cancelled INVITE's final answer, or a BYE's */
#define REASON_SIZE 192u

enum err uac_send(struct dialog *d, enum sip_method method, struct str bytes, struct str next,
	uint64_t mark, uint64_t *ret_attempt)
{
	return request_send(d, method, bytes, next, &uac_tx_user, mark, ret_attempt);
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
		return dialog_build(request_edit(d, n, str_of(d->target),
					    dialog_cseq_pass(d, n->m->cseq), request_hops(n->m)),
			d->sip);
	w = request_own_plain(d, "BYE", dialog_cseq_own(d));
	if (reason.len)
		sip_put_header(&w, SIP_HDR_REASON, reason);
	sip_put_body(&w, STR_NONE, STR_NONE);
	return wr_done(&w);
}

void uac_send_bye(struct dialog *d, const struct call_event *ev)
{
	struct str bytes = build_bye(d, ev);
	uint64_t attempt;

	d->state = DS_ENDING;
	dialog_keep(d); /* a successor says it again: nobody else would end the far side */
	if (uac_send(d, SIP_BYE, bytes, dialog_next(d), 0, &attempt) != OK) {
		dialog_free(d);
		return;
	}
	timer_start(d->sip->io, &d->timer, END_MS);
}

void uac_cancel(struct dialog *d, const struct call_event *ev)
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
		uac_cancel(d, ev);
		break;
	case DS_ACCEPTED:
		request_own_ack(d);
		uac_send_bye(d, ev);
		break;
	case DS_ANSWERED: /* RFC 3261 15: the called side waits for the ACK first */
		d->wants_bye = true;
		break;
	case DS_UP:
		if (d->invite_out && !d->attempt && !d->is_acked)
			request_own_ack(d);
		uac_send_bye(d, ev);
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
	e = request_edit(d, n, uri, d->invite_out, setup->hops);
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
	return uac_send(d, SIP_INVITE, bytes, uri, 0, &d->attempt);
}

/* The session interval was ours, for a caller who knows none: so is the second try with a larger one (RFC
 * 4028 section 7.3). Once: the copy is gone then. */
bool uac_invite_again(struct dialog *d, const struct sip_msg *refusal)
{
	struct sip_edit *e;
	enum err err = ERR_FULL;

	if (!d->again.len || d->state != DS_INVITING || !session_learn_min(d, refusal))
		return false;
	e = request_edit_held(d, d->again);
	if (e) {
		session_edit_again(e, d);
		err = uac_send(
			d, SIP_INVITE, request_renumber(d, e), e->m->uri_text, 0, &d->attempt);
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

static void on_confirm(struct dialog *d, const struct call_event *ev)
{
	const struct native *n = ev->native;
	struct sip_edit *e;

	if (d->state == DS_ENDING)
		return;
	d->state = DS_UP;
	if (!n) {
		request_own_ack(d);
	} else {
		e = request_edit(d, n, str_of(d->target), d->invite_out, request_hops(n->m));
		if (e && ev->has_media && dialog_edit_media(e, d, ev) != OK)
			e = NULL;
		request_send_ack(d, dialog_build(e, d->sip));
	}
	dialog_keep(d);
}

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
	e = request_edit(d, n, str_of(d->target), cseq, request_hops(n->m));
	if (e && is_offer)
		err = dialog_edit_media(e, d, ev);
	err = uac_send(d, n->m->method, e && err == OK ? dialog_build(e, d->sip) : STR_NONE,
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
