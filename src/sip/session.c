/* session.c - see session.h. */
#include "sip/session.h"

#include "sip/build.h"
#include "sip/value.h"

#define NS_PER_S  1000000000ull
#define MS_PER_S  1000u
#define SE_MIN_S  90u    /* RFC 4028 section 4 */
#define SE_MAX_S  86400u /* what a far side may ask of us */
#define END_S     32u /* the end comes so long before the session's, or a third of it (section 10) */
#define RETRY_S   60u
#define TRIES_MAX 3u
#define REFRESHER STR("refresher")
#define UAC       STR("uac")
#define UAS       STR("uas")
#define TIMER     STR("timer")

uint32_t session_min_s(const struct sip *s)
{
	return s->conf->sip.session_refresh_min_ms / MS_PER_S;
}

static uint32_t larger(uint32_t a, uint32_t b)
{
	return a > b ? a : b;
}

/* What we ask for: in a session that runs its own value again (RFC 4028 section 7.4). */
static uint32_t interval_s(const struct dialog *d)
{
	uint32_t own = d->session.mode == SESSION_OURS
	                       ? d->session.expires_s
	                       : d->sip->conf->sip.session_refresh_ms / MS_PER_S;

	return larger(own, d->session.min_s);
}

static uint32_t min_s(const struct dialog *d)
{
	return larger(session_min_s(d->sip), d->session.min_s);
}

static bool knows_timers(const struct sip_msg *m)
{
	return sip_list_has(m, SIP_HDR_SUPPORTED, TIMER);
}

static bool read_expires(const struct sip_msg *m, uint32_t *ret_s, struct str *ret_refresher)
{
	struct str params;

	if (!sip_has(m, SIP_HDR_SESSION_EXPIRES) ||
		sip_delta_parse(sip_header(m, SIP_HDR_SESSION_EXPIRES), ret_s, &params) != OK)
		return false;
	*ret_refresher = sip_param_value(params, REFRESHER);
	return true;
}

bool session_is_too_small(const struct sip *s, const struct zone *zone, const struct sip_msg *m)
{
	struct str refresher;
	uint32_t expires;

	return !zone->is_link && knows_timers(m) && read_expires(m, &expires, &refresher) &&
	       expires < session_min_s(s);
}

void session_learn_allow(struct dialog *d, const struct sip_msg *m)
{
	if (sip_has(m, SIP_HDR_ALLOW))
		d->session.has_update = sip_list_has(m, SIP_HDR_ALLOW, STR("UPDATE"));
}

bool session_learn_min(struct dialog *d, const struct sip_msg *m)
{
	struct str params;
	uint32_t min;

	if (!sip_has(m, SIP_HDR_MIN_SE) ||
		sip_delta_parse(sip_header(m, SIP_HDR_MIN_SE), &min, &params) != OK ||
		min <= interval_s(d) || min > SE_MAX_S)
		return false;
	d->session.min_s = min;
	return true;
}

/* ---- time ---- */

static void arm(struct dialog *d, uint64_t due)
{
	uint64_t now = io_now(d->sip->io), wait_ms = due > now ? (due - now) / 1000000u : 0;

	if (wait_ms > (uint64_t)SE_MAX_S * MS_PER_S)
		wait_ms = (uint64_t)SE_MAX_S * MS_PER_S;
	d->session.due = due;
	timer_start(d->sip->io, &d->session.timer, (uint32_t)wait_ms);
}

/* The far side was heard: its session, or the time until it is asked, begins again. */
static void begin(struct dialog *d, enum session_mode mode, uint32_t expires)
{
	uint32_t third, wait;

	expires = expires < SE_MIN_S ? SE_MIN_S : expires > SE_MAX_S ? SE_MAX_S : expires;
	third = expires / 3;
	wait = mode == SESSION_WATCHED ? expires - (third < END_S ? third : END_S) : expires / 2;
	d->session.mode = mode;
	d->session.expires_s = expires;
	d->session.n_tries = 0;
	arm(d, io_now(d->sip->io) + wait * NS_PER_S);
	if (d->is_kept && d->state == DS_UP)
		dialog_keep(d);
}

void session_answered(struct dialog *d)
{
	begin(d, d->session.mode, interval_s(d));
}

bool session_retry(struct dialog *d)
{
	uint32_t sixth = d->session.expires_s / 6;

	if (d->session.n_tries++ >= TRIES_MAX)
		return false;
	arm(d, io_now(d->sip->io) + (sixth < RETRY_S ? sixth : RETRY_S) * NS_PER_S);
	return true;
}

void session_resume(struct dialog *d)
{
	if (d->zone->is_link || !d->leg)
		return;
	if (d->session.mode == SESSION_OFF)
		begin(d, SESSION_ASKED, interval_s(d));
	else
		arm(d, d->session.due);
}

/* ---- towards the far side ---- */

void session_put(struct wr *w, const struct dialog *d, const char *refresher)
{
	sip_put_header(w, SIP_HDR_SUPPORTED, TIMER);
	sip_put_header_f(w, SIP_HDR_SESSION_EXPIRES, "%u;refresher=%s", interval_s(d), refresher);
	sip_put_header_f(w, SIP_HDR_MIN_SE, "%u", min_s(d));
}

/* Who knows no timers sends no refreshes: the called side shall, so that there is one who does. In a
 * session that we refresh, we go on. */
void session_edit_request(struct sip_edit *e, struct dialog *d, const struct sip_msg *m)
{
	const char *refresher = d->session.mode == SESSION_OURS ? "uac" : "uas";

	d->session.is_passed = knows_timers(m);
	if (d->zone->is_link || sip_has(m, SIP_HDR_SESSION_EXPIRES))
		return;
	if (!d->session.is_passed)
		sip_edit_add_header(e, SIP_HDR_SUPPORTED, TIMER);
	sip_edit_set_header(e, SIP_HDR_SESSION_EXPIRES,
		d->session.is_passed
			? sip_edit_text(e, "%u", interval_s(d))
			: sip_edit_text(e, "%u;refresher=%s", interval_s(d), refresher));
	if (!sip_has(m, SIP_HDR_MIN_SE))
		sip_edit_add_header(e, SIP_HDR_MIN_SE, sip_edit_text(e, "%u", min_s(d)));
}

void session_take(struct dialog *d, const struct sip_msg *m)
{
	struct str refresher;
	uint32_t expires;

	session_learn_allow(d, m);
	if (d->zone->is_link)
		return;
	if (!read_expires(m, &expires, &refresher))
		begin(d, SESSION_ASKED, interval_s(d));
	else if (str_ieq(refresher, UAS) || d->session.is_passed)
		begin(d, SESSION_WATCHED, expires);
	else
		begin(d, d->session.has_update ? SESSION_OURS : SESSION_ASKED, expires);
}

void session_edit_again(struct sip_edit *e, struct dialog *d)
{
	sip_edit_set_header(
		e, SIP_HDR_SESSION_EXPIRES, sip_edit_text(e, "%u;refresher=uas", interval_s(d)));
	sip_edit_set_header(e, SIP_HDR_MIN_SE, sip_edit_text(e, "%u", min_s(d)));
}

/* ---- the answer to the far side ---- */

static bool has_ice(const struct sip_msg *m)
{
	return sip_list_has(m, SIP_HDR_REQUIRE, STR("ice")) ||
	       sip_list_has(m, SIP_HDR_REQUIRE, STR("trickle-ice"));
}

/* What the far side of a leg without timers cannot use. */
static void cut(struct sip_edit *e)
{
	static const struct str timer = {"timer", 5};

	sip_edit_cut_header(e, SIP_HDR_SESSION_EXPIRES);
	if (sip_has(e->m, SIP_HDR_REQUIRE) && !has_ice(e->m)) /* those are cut once, in trust.c */
		sip_edit_cut_tokens(e, SIP_HDR_REQUIRE, &timer, 1);
}

/* The other side keeps no timer, this one does: it refreshes, unless it asks that of us. */
static void accept_alone(struct sip_edit *e, struct dialog *d, const struct sip_msg *req)
{
	uint32_t expires = interval_s(d);
	struct str refresher = STR_NONE;
	bool is_ours;

	(void)read_expires(req, &expires, &refresher);
	is_ours = str_ieq(refresher, UAS);
	expires = expires > SE_MAX_S ? SE_MAX_S : expires;
	if (is_ours && !d->session.has_update) {
		begin(d, SESSION_ASKED, interval_s(d));
		return;
	}
	sip_edit_set_header(e, SIP_HDR_SESSION_EXPIRES,
		sip_edit_text(e, "%u;refresher=%s", expires, is_ours ? "uas" : "uac"));
	if (!is_ours) /* RFC 4028 section 9 */
		sip_edit_add_header(e, SIP_HDR_REQUIRE, TIMER);
	begin(d, is_ours ? SESSION_OURS : SESSION_WATCHED, expires);
}

void session_edit_answer(struct sip_edit *e, struct dialog *d, const struct sip_msg *req)
{
	struct str refresher;
	uint32_t expires;
	bool knows = knows_timers(req);

	session_learn_allow(d, req);
	if (d->zone->is_link)
		return;
	if (!read_expires(e->m, &expires, &refresher)) {
		if (knows)
			accept_alone(e, d, req);
		else
			begin(d, SESSION_ASKED, interval_s(d));
	} else if (knows) {
		begin(d, SESSION_WATCHED, expires);
	} else {
		cut(e);
		begin(d, SESSION_ASKED, interval_s(d));
	}
}
