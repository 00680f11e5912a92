/* outcome.c - what came of the requests of a UAC: responses as events for the core, and failures.
 *
 * Each request is answered by one event at most; the far side that is gone is told of once. */
#include <string.h>

#include "sip/answer.h"
#include "sip/session.h"
#include "sip/uacs.h"

#define BAD_ANSWER "The answer's session description is not acceptable"

LOG_EVENT(ev_fork, "SIP-161", LOG_NOTICE, "a second branch answered: it is ended");

/* ---- events ---- */

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

void uac_unknown(struct dialog *d)
{
	report_release(d, 481, STR("The other node does not know this call"), NULL);
	if (d->state == DS_INVITING) { /* its INVITE waits for an answer that nobody will give */
		uac_cancel(d, NULL);
		return;
	}
	uac_end_pending(d);
	dialog_free(d);
}

/* ---- responses ---- */

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
		request_log_failed(d, "INVITE");
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

	if (m->status == 422 && uac_invite_again(d, m))
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

/* ---- failures ---- */

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
		e = request_edit_held(d, end->request);
	if (!e || uac_send(d, end->method, request_renumber(d, e), dialog_next(d), end->mark,
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
			uac_send_bye(d, NULL);
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

const struct tx_user uac_tx_user = {.response = on_response, .failed = on_failed};
