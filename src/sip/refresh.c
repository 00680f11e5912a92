/* refresh.c - see refresh.h.
 *
 * A refresh is UPDATE without a body where we are the refresher; a far side without a session timer gets
 * OPTIONS in the dialog: any answer but 481 and 408 shows that it is there. What cannot be sent is tried
 * again a few times. No offer is ever made here: media are the far sides' own. */
#include "sip/refresh.h"

#include "sip/build.h"
#include "sip/request.h"
#include "sip/session.h"
#include "sip/uac.h"

LOG_EVENT(ev_over, "SIP-155", LOG_NOTICE, "far side is gone: the call is ended");

static const struct tx_user tx_user;

static void end_call(struct dialog *d, unsigned code, struct str why)
{
	log_put(io_log(d->sip->io), &ev_over, F_H("dialog", d->handle), F_Z("zone", d->zone->name),
		F_NUM("code", code), F_STR("why", why));
	d->sip->counters.n_expired++;
	uac_give_up(d, code, why);
}

static void send_refresh(struct dialog *d)
{
	bool is_update = d->session.mode == SESSION_OURS;
	enum sip_method method = is_update ? SIP_UPDATE : SIP_OPTIONS;
	struct wr w;

	if (!session_retry(d)) {
		end_call(d, 408, STR("The far side cannot be reached"));
		return;
	}
	dialog_rebind(d);
	w = request_own_begin(d, method);
	if (is_update) {
		d->session.is_passed = false;
		session_put(&w, d, "uac");
	} else {
		sip_put_header(&w, SIP_HDR_ACCEPT, STR("application/sdp"));
	}
	sip_put_body(&w, STR_NONE, STR_NONE);
	(void)!request_own_send(d, method, &w, &tx_user); /* logged; the next try is set */
	dialog_keep(d);                                   /* its number is used up */
}

static void on_update_answer(struct dialog *d, const struct sip_msg *m)
{
	if (m->status < 300) {
		session_take(d, m);
		dialog_refresh(d, m);
	} else if (m->status == 422 && session_learn_min(d, m)) {
		send_refresh(d);
	} else if (m->status == 405 || m->status == 501) {
		d->session.has_update = false;
		d->session.mode = SESSION_ASKED;
		send_refresh(d);
	}
}

static void on_response(void *arg, uint64_t who, struct tx *tx, const struct sip_msg *m)
{
	struct dialog *d = dialog_get(arg, who);

	if (!d || !d->leg || d->state != DS_UP || m->status < 200)
		return;
	if (m->status == 481 || m->status == 408)
		end_call(d, m->status, m->reason);
	else if (tx_method(tx) == SIP_UPDATE)
		on_update_answer(d, m);
	else
		session_answered(d);
}

/* Nobody answered: over (RFC 4028 section 10). No way there: it may come back until the last try. */
static void on_failed(void *arg, uint64_t who, const struct tx_end *end)
{
	struct dialog *d = dialog_get(arg, who);

	if (d && d->leg && d->state == DS_UP && end->err == ERR_TIMEOUT)
		end_call(d, 408, end->why);
}

static const struct tx_user tx_user = {.response = on_response, .failed = on_failed};

void refresh_timer(void *dialog)
{
	struct dialog *d = dialog;

	if (!d->leg || d->state != DS_UP)
		return;
	switch (d->session.mode) {
	case SESSION_WATCHED:
		end_call(d, 408, STR("Session expired"));
		break;
	case SESSION_OURS:
	case SESSION_ASKED:
		send_refresh(d);
		break;
	case SESSION_OFF:
		break;
	}
}

void refresh_adopt(struct sip *s)
{
	for (struct dialog *d = NULL; (d = pool_next(&s->dialogs, d));)
		session_resume(d);
}
