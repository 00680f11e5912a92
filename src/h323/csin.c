/* csin.c - call signalling: what the far side of a leg says, and its silence. See cleg.h.
 *
 *	Setup                                   call_setup(), and who is called is the search's to say
 *	CallProceeding, Alerting, Progress      CEV_PROGRESS
 *	Connect                                 CEV_ANSWER
 *	ReleaseComplete, a lost connection      CEV_RELEASE
 *	Status, StatusEnquiry                   answered here
 *	everything else                         CEV_PASS
 *
 * What of a message is H.245 goes its own way first (h245.c). A message that cannot be read is answered with
 * Status; a header that cannot be read ends the connection and every call on it. */
#include <string.h>

#include "h323/cleg.h"
#include "h323/gatekeeper.h"
#include "h323/rewrite.h"
#include "h323/trav.h"

#define BAD_MAX              8u
#define HOPS_MOST            31
#define Q_NORMAL             16
#define Q_NO_USER            18
#define Q_NORMAL_UNSPECIFIED 31
#define Q_NO_REPLY           19
#define Q_FAILED             41
#define Q_WRONG_REFERENCE    81
#define Q_MANDATORY          96
#define Q_NO_SUCH_TYPE       97
#define Q_CONTENTS           100
#define Q_EXPIRED            102
#define Q_OUT_OF_ORDER       27
#define Q_ENQUIRY            30
#define Q_BUSY_HERE          42
#define Q_ADDRESS            28

LOG_EVENT(ev_bad, "H323-120", LOG_NOTICE, "a call signalling message cannot be read");
LOG_EVENT(ev_refused, "H323-122", LOG_NOTICE, "a Setup is refused");
LOG_EVENT(ev_no_call, "H323-123", LOG_DEBUG, "a message of no call");
LOG_EVENT(ev_late, "H323-124", LOG_NOTICE, "no answer in time");

/* ---- its end ---- */

void cleg_gone(struct cleg *c, const struct call_cause *cause, struct cs_msg *native)
{
	struct h323_native n = {.m = native};
	struct call_event ev = {.type = CEV_RELEASE,
		.cause = *cause,
		.native = native ? &n : NULL,
		.native_ops = &c->h->leg_ops};
	struct h323 *h = c->h;
	struct leg *leg = c->leg;

	c->leg = NULL;
	c->state = CL_OVER;
	if (leg) {
		leg->peer = NULL;
		leg_event(h->core, leg, &ev);
	}
	cleg_free(c);
}

/* We end it towards both: its far side is told. */
static void end(struct cleg *c, uint8_t q850, const char *text)
{
	struct call_cause cause;

	cause_of_q850(&cause, q850, text);
	cleg_say_release(c, &cause);
	cleg_gone(c, &cause, NULL);
}

void cleg_timeout(void *arg)
{
	struct cleg *c = arg;
	struct h323 *h = c->h;
	static const uint8_t causes[] = {
		[CL_CALLING] = Q_NO_USER, [CL_PROCEEDING] = Q_EXPIRED, [CL_ALERTING] = Q_NO_REPLY};

	legs_enter(h);
	if (c->is_caller) {
		cleg_say_proceeding(c);
	} else if (c->state < CL_ACTIVE) {
		log_put(io_log(h->io), &ev_late, F_H("leg", c->handle), F_ADDR("peer", &c->remote),
			F_NUM("state", c->state));
		end(c, causes[c->state], "No answer in time");
	}
	legs_leave(h);
}

void legs_disengage(struct h323 *h, const uint8_t guid[H323_GUID_LEN], const struct addr *endpoint)
{
	legs_enter(h);
	for (int is_caller = 0; is_caller < 2; is_caller++) {
		struct cleg *c = cleg_of_call(h, guid, is_caller);

		if (!c || !addr_same_host(&c->remote, endpoint))
			continue;
		end(c, Q_NORMAL, "Disengaged");
		break;
	}
	legs_leave(h);
}

/* ---- Setup ---- */

static bool is_known(const struct cleg *c)
{
	return c && c->state != CL_OVER;
}

/* The same call again: from whoever called, before anything was answered, it is a second try. Else it is
 * somebody's who guessed. False: refused. */
static bool take_over(struct h323 *h, struct hconn *conn, const uint8_t guid[H323_GUID_LEN])
{
	struct cleg *old = cleg_of_call(h, guid, true);
	struct call_cause cause;

	if (!is_known(old) && !is_known(cleg_of_call(h, guid, false)))
		return true;
	if (!old || old->is_told || old->has_said_proceeding || old->conn == conn->handle ||
		!addr_same_host(&old->remote, &conn->remote))
		return false;
	cause_of_q850(&cause, Q_NORMAL, "Called again on another connection");
	cleg_say_release(old, &cause);
	cleg_gone(old, &cause, NULL);
	return true;
}

static void refuse(struct h323 *h, struct hconn *conn, const struct cs_msg *m, uint8_t q850,
	uint16_t reason, const char *why)
{
	h->legs->counters.n_refused++;
	log_put(io_log(h->io), &ev_refused, F_ADDR("src", &conn->remote), F_NUM("cause", q850),
		F_Z("why", why));
	cs_say_release(h, conn, m, q850, reason);
}

/* An address that a stranger's Setup says it goes to, in the place of a name, is believed if it is ours. */
static bool is_foreign(struct h323 *h, const struct hconn *conn, const struct h323_alias *alias)
{
	struct addr at;

	return conn->zone->kind == ZK_DEFAULT && alias->kind == ALIAS_ADDRESS &&
	       !(addr_parse(str_of(alias->text), &at) == OK && conf_is_own(h->conf, &at));
}

/* Not ours: a call to an address. Ours: nobody is named, and the fallback alias of the search decides. */
static void put_alias(
	struct h323 *h, const struct cs_msg *m, const struct hconn *conn, char ret[ALIAS_MAX])
{
	struct h323_alias *alias = scratch_take(io_scratch(h->io), sizeof *alias);

	ret[0] = '\0';
	if (!alias || !cs_destination(m, alias) || is_foreign(h, conn, alias))
		return;
	(void)str_copy(str_of(alias->text), ret, ALIAS_MAX);
}

static void put_from(
	struct h323 *h, const struct cs_msg *m, const struct hconn *conn, char ret[ALIAS_MAX])
{
	struct h323_alias *alias = scratch_take(io_scratch(h->io), sizeof *alias);
	char host[ADDR_TEXT_SIZE];

	(void)str_copy(str_of(addr_put_host(&conn->remote, host)), ret, ALIAS_MAX);
	if (alias && cs_source(m, alias))
		(void)str_copy(str_of(alias->text), ret, ALIAS_MAX);
}

/* What the other node says of the caller. Control believes it of a zone that is trusted; Edge's calls come
 * from anybody. */
static void fill_from_link(
	const struct zone *zone, const struct profile_word *word, struct call_setup *setup)
{
	bool is_trusted = zone->conf->authentication == AUTH_TRUSTED;

	setup->id = word->id;
	setup->is_authenticated =
		word->id ? word->is_authenticated &&
				   (is_trusted || zone->kind == ZK_TRAVERSAL_SERVER)
			 : is_trusted;
	if (setup->is_authenticated)
		(void)str_copy(str_of(word->user), setup->user, sizeof setup->user);
}

/* Its own word names another host than the one that it speaks from: a NAT that knows no H.323. */
static bool is_behind_nat(const struct cs_msg *m, const struct hconn *conn)
{
	struct addr said;

	return conn->zone->kind == ZK_DEFAULT && !conn->zone->is_inside &&
	       h225_addr(&m->t, cs_field(m, H225_Setup_UUIE_sourceCallSignalAddress), &said) &&
	       !addr_same_host(&said, &conn->remote);
}

static void fill_setup(struct h323 *h, struct cleg *c, const struct cs_msg *m,
	const struct hconn *conn, const struct profile_word *word, struct call_setup *setup,
	bool *ret_is_nat)
{
	struct h323_endpoint *e = scratch_take(io_scratch(h->io), sizeof *e);
	uint16_t hops = cs_field(m, H225_Setup_UUIE_hopCount);

	put_alias(h, m, conn, setup->alias);
	put_from(h, m, conn, setup->from);
	setup->zone = conn->zone;
	setup->hops = (uint8_t)(per_num(&m->t, hops, HOPS_MOST) - 1);
	setup->loop_key = siphash(&h->legs->by_call.key, c->guid, sizeof c->guid);
	*ret_is_nat = is_behind_nat(m, conn);
	if (conn->zone->is_link) {
		fill_from_link(conn->zone, word, setup);
		return;
	}
	if (!e || conn->zone->kind == ZK_NEIGHBOR ||
		!gatekeeper_caller(h->gatekeeper, c->guid, &conn->remote, e))
		return;
	setup->zone = c->zone = e->zone;
	setup->is_authenticated = e->is_authenticated;
	(void)str_copy(str_of(e->user), setup->user, sizeof setup->user);
	(void)str_copy(str_of(e->alias), setup->from, sizeof setup->from);
	*ret_is_nat = e->is_nat;
}

static void begin_leg(struct cleg *c, struct leg *leg, const struct hconn *conn, bool is_nat)
{
	c->leg = leg;
	c->leg_handle = leg->handle;
	leg->peer = c;
	leg->signalling = addr_with_port(&conn->remote, 0);
	leg->is_nat = is_nat;
	(void)str_copy(STR("h323"), leg->protocol, sizeof leg->protocol);
}

static void call(struct h323 *h, struct cleg *c, struct hconn *conn, struct cs_msg *m,
	const struct profile_word *word)
{
	struct call_event *ev = scratch_take(io_scratch(h->io), sizeof *ev);
	struct call_setup *setup = scratch_take(io_scratch(h->io), sizeof *setup);
	struct call_cause cause = {.sip = 503};
	struct leg *leg = NULL;
	bool is_nat = false;
	enum err err = ERR_FULL;

	if (ev && setup) {
		ev->type = CEV_SETUP;
		fill_setup(h, c, m, conn, word, setup, &is_nat);
		ev->is_nat = is_nat;
		if (!setup->alias[0])
			cause_of_q850(&cause, Q_ADDRESS, "Setup names nobody");
		else
			err = call_setup(h->core, &h->leg_ops, c, setup, ev, &leg, &cause);
	}
	if (err != OK) {
		cleg_say_release(c, &cause);
		cleg_free(c);
		return;
	}
	begin_leg(c, leg, conn, is_nat);
	h245_heard(c, m);
	cleg_wait(c);
}

static bool is_stranger(const struct hconn *conn)
{
	return !conn->is_registered && conn->zone->kind != ZK_NEIGHBOR && !conn->zone->is_link;
}

static bool is_within_rate(struct h323 *h, const struct hconn *conn)
{
	if (!is_stranger(conn))
		return true;
	if (rate_pass(&h->legs->setups, &conn->remote, io_now(h->io)))
		return true;
	h->legs->counters.n_refused_rate++;
	return false;
}

static void on_setup(struct h323 *h, struct hconn *conn, struct cs_msg *m)
{
	uint8_t guid[H323_GUID_LEN];
	uint64_t handle = conn->handle;
	struct profile_word word;
	struct cleg *c;

	h->legs->counters.n_setups++;
	if (!trav_setup(h, conn, m, &word)) {
		refuse(h, conn, m, Q_NORMAL_UNSPECIFIED, H225_ReleaseCompleteReason_securityDenied,
			"it is not proved");
		hconn_close(conn, ERR_AUTH, STR("it is not proved"));
		return;
	}
	if (!is_within_rate(h, conn)) {
		refuse(h, conn, m, Q_BUSY_HERE, H225_ReleaseCompleteReason_gatewayResources,
			"too many calls of one source");
		return;
	}
	if (!cs_call_id(m, guid)) /* an old peer: by connection and call reference */
		io_random(h->io, guid, sizeof guid);
	if (!take_over(h, conn, guid)) {
		h->legs->counters.n_invalid_cid++;
		refuse(h, conn, m, Q_WRONG_REFERENCE, H225_ReleaseCompleteReason_invalidCID,
			"a call of this identifier exists");
		return;
	}
	if (!hconn_get(h->conns, handle)) /* it went with the older call */
		return;
	c = cleg_new(h, conn, m->q.crv, true, guid);
	if (!c || (is_stranger(conn) && !cleg_rings(c)) ||
		pdus_put(h->pdus, &c->setup, m->q.bytes) != OK) {
		if (c)
			cleg_free(c);
		refuse(h, conn, m, Q_BUSY_HERE, H225_ReleaseCompleteReason_gatekeeperResources,
			"no room for another call");
		return;
	}
	call(h, c, conn, m, &word);
}

static void on_new(struct h323 *h, struct hconn *conn, struct cs_msg *m)
{
	void *memory = cleg_tree(h);
	enum err err = ERR_FULL;
	char where[128];

	if (memory)
		err = cs_read_h323(m, memory);
	if (err == OK && m->kind == H225_H323_UU_PDU_h323_message_body_setup) {
		on_setup(h, conn, m);
		return;
	}
	h->legs->counters.n_bad++;
	per_where(&m->t, where, sizeof where);
	log_put(io_log(h->io), &ev_bad, F_ADDR("src", &conn->remote), F_Z("message", "Setup"),
		F_ERR(err), F_Z("where", where));
	m->has_h323 = false;
	refuse(h, conn, m, Q_CONTENTS, H225_ReleaseCompleteReason_undefinedReason,
		"its H.323 part cannot be read");
}

/* ---- inside a call ---- */

static void report(struct cleg *c, enum call_ev type, struct cs_msg *m)
{
	struct h323_native n = {.m = m};
	struct call_event ev = {.type = type, .native = &n, .native_ops = &c->h->leg_ops};

	leg_event(c->h->core, c->leg, &ev);
}

static void on_progress(struct cleg *c, struct cs_msg *m, enum cleg_state state)
{
	struct cleg *caller = cleg_other(c);

	if (c->is_caller || c->state >= CL_ACTIVE)
		return;
	c->is_heard = true;
	if (state > c->state)
		c->state = state;
	cleg_wait(c);
	if (caller)
		fast_answer(caller, c, m);
	report(c, CEV_PROGRESS, m);
}

static void on_connect(struct cleg *c, struct cs_msg *m)
{
	struct cleg *caller = cleg_other(c);

	if (c->is_caller || c->state >= CL_ACTIVE)
		return;
	c->is_heard = true;
	c->state = CL_ACTIVE;
	cleg_wait(c);
	cleg_due(c);
	if (caller)
		fast_answer(caller, c, m);
	report(c, CEV_ANSWER, m);
}

static uint16_t reason_of(const struct cs_msg *m)
{
	uint16_t reason = per_choice(&m->t, cs_field(m, H225_ReleaseComplete_UUIE_reason));

	return m->kind != H225_H323_UU_PDU_h323_message_body_releaseComplete || reason == PER_NONE
	               ? CAUSE_REASON_NONE
	               : reason;
}

static void on_release(struct cleg *c, struct cs_msg *m)
{
	struct call_cause cause;

	cause_read(q931_cause(&m->q), reason_of(m), c->state == CL_ACTIVE, &cause);
	cleg_gone(c, &cause, m);
}

/* H.245 has been taken from it already, and its address. */
static void on_facility(struct cleg *c, struct cs_msg *m)
{
	uint16_t reason = m->kind == H225_H323_UU_PDU_h323_message_body_facility
	                          ? per_choice(&m->t, cs_field(m, H225_Facility_UUIE_reason))
	                          : PER_NONE;
	bool is_empty =
		m->kind == H225_H323_UU_PDU_h323_message_body_empty &&
		per_field(&m->t, m->uu, H225_H323_UU_PDU_h4501SupplementaryService) == PER_NONE &&
		per_field(&m->t, m->uu, H225_H323_UU_PDU_nonStandardControl) == PER_NONE &&
		per_field(&m->t, m->uu, H225_H323_UU_PDU_genericData) == PER_NONE;

	if (!c->is_caller)
		c->is_heard = true;
	if (is_empty || !m->has_h323 || reason == H225_FacilityReason_startH245 ||
		reason == H225_FacilityReason_noH245)
		return;
	report(c, CEV_PASS, m);
}

static uint8_t call_state(const struct cs_msg *m)
{
	const struct q931_ie *ie = q931_find(&m->q, Q931_CALL_STATE);

	return ie && ie->value.len ? (uint8_t)ie->value.p[0] & 0x3f : UINT8_MAX;
}

/* It says that it has no call (Q.931 5.8.11). */
static void on_status(struct cleg *c, const struct cs_msg *m)
{
	if (call_state(m) == 0)
		end(c, Q_FAILED, "The far side knows no such call");
}

static void on_message(struct cleg *c, struct cs_msg *m)
{
	switch ((enum q931_type)m->q.type) {
	case Q931_CALL_PROCEEDING:
		on_progress(c, m, CL_PROCEEDING);
		break;
	case Q931_PROGRESS:
	case Q931_SETUP_ACKNOWLEDGE:
		on_progress(c, m, CL_PROCEEDING);
		break;
	case Q931_ALERTING:
		on_progress(c, m, CL_ALERTING);
		break;
	case Q931_CONNECT:
		on_connect(c, m);
		break;
	case Q931_RELEASE_COMPLETE:
		on_release(c, m);
		break;
	case Q931_FACILITY:
		on_facility(c, m);
		break;
	case Q931_STATUS_ENQUIRY:
		cleg_say_status(c, Q_ENQUIRY);
		break;
	case Q931_STATUS:
		on_status(c, m);
		break;
	case Q931_NOTIFY:
	case Q931_INFORMATION:
	case Q931_CONNECT_ACKNOWLEDGE:
		report(c, CEV_PASS, m);
		break;
	case Q931_SETUP: /* a repetition */
		break;
	default:
		cleg_say_status(c, Q_NO_SUCH_TYPE);
	}
}

static void on_bad(struct cleg *c, const struct cs_msg *m, enum err err)
{
	char where[128];

	c->h->legs->counters.n_bad++;
	per_where(&m->t, where, sizeof where);
	log_put(io_log(c->h->io), &ev_bad, F_ADDR("src", &c->remote),
		F_Z("message", q931_type_name(m->q.type)), F_ERR(err), F_Z("where", where));
	if (m->q.type == Q931_RELEASE_COMPLETE) {
		struct call_cause cause;

		cause_read(q931_cause(&m->q), CAUSE_REASON_NONE, c->state == CL_ACTIVE, &cause);
		cleg_gone(c, &cause, NULL);
	} else if (++c->n_bad >= BAD_MAX) {
		end(c, Q_CONTENTS, "Too many messages that cannot be read");
	} else {
		cleg_say_status(c, Q_CONTENTS);
	}
}

static void in_call(struct h323 *h, struct cleg *c, struct cs_msg *m)
{
	uint64_t handle = c->handle;
	void *memory = cleg_tree(h);
	enum err err = memory ? cs_read_h323(m, memory) : ERR_FULL;

	if (c->state == CL_OVER)
		return;
	if (err != OK) {
		on_bad(c, m, err);
		return;
	}
	h245_heard(c, m);
	if (cleg_get(h, handle) && c->leg)
		on_message(c, m);
}

/* A message on a reference that we do not have (Q.931 5.8.3.2). */
static void no_call(struct h323 *h, struct hconn *conn, struct cs_msg *m)
{
	if (m->q.type == Q931_FACILITY && !m->q.crv && trav_facility(h, conn, m))
		return;
	if (conn->is_unproved) {
		hconn_close(conn, ERR_AUTH, STR("it is not proved"));
		return;
	}
	h->legs->counters.n_no_call++;
	log_put(io_log(h->io), &ev_no_call, F_ADDR("src", &conn->remote),
		F_Z("message", q931_type_name(m->q.type)), F_NUM("reference", m->q.crv));
	if (!m->q.crv || m->q.type == Q931_RELEASE_COMPLETE || m->q.type == Q931_STATUS ||
		m->q.type == Q931_FACILITY)
		return;
	cs_say_release(h, conn, m, Q_WRONG_REFERENCE, H225_ReleaseCompleteReason_invalidCID);
}

/* Nothing that comes behind it can be trusted either. */
static void broken(struct h323 *h, struct hconn *conn)
{
	uint64_t handle = conn->handle;
	struct cleg *c;
	struct call_cause cause;

	h->legs->counters.n_bad++;
	cause_of_q850(&cause, Q_MANDATORY, "What came is not Q.931");
	while (hconn_get(h->conns, handle) && (c = cleg_on(h, conn)))
		cleg_gone(c, &cause, NULL);
	if (hconn_get(h->conns, handle)) /* one that we dialled went with its call */
		hconn_close(conn, ERR_SYNTAX, STR("what came is not Q.931"));
}

/* A connection that we dialled for a call is that call's; of a link it is fetched for calls to come. */
static bool may_call(const struct hconn *conn)
{
	return conn->is_inbound || conn->zone->is_link;
}

void cs_payload(struct h323 *h, struct hconn *conn, struct str payload)
{
	struct cs_msg *m = scratch_take(io_scratch(h->io), sizeof *m);
	struct cleg *c;

	legs_enter(h);
	if (m && cs_read_header(payload, m) != OK) {
		broken(h, conn);
	} else if (m) {
		c = cleg_of_message(h, conn, &m->q);
		if (c)
			in_call(h, c, m);
		else if (may_call(conn) && m->q.type == Q931_SETUP && !m->q.is_from_answering &&
			 m->q.crv)
			on_new(h, conn, m);
		else
			no_call(h, conn, m);
	}
	legs_leave(h);
}

/* ---- its connection ---- */

void cs_opened(struct h323 *h, struct hconn *conn)
{
	struct cleg *c = cleg_on(h, conn);
	struct str setup;

	if (!c) {
		(void)trav_opened(h, conn);
		return;
	}
	legs_enter(h);
	setup = pdus_first(h->pdus, &c->setup, io_scratch(h->io));
	if (setup.len && hconn_send(conn, setup) == OK)
		pdus_drop(h->pdus, &c->setup);
	else
		end(c, Q_FAILED, "Setup could not be sent");
	legs_leave(h);
}

void cs_lost(struct h323 *h, struct hconn *conn, struct str why)
{
	struct cleg *c;
	struct call_cause cause;

	legs_enter(h);
	while ((c = cleg_on(h, conn))) {
		cause_of_q850(&cause, c->setup.n && !c->is_caller ? Q_OUT_OF_ORDER : Q_FAILED, "");
		(void)str_copy(why, cause.text, sizeof cause.text);
		list_remove(&c->of_conn);
		c->conn = 0;
		if (!csout_go_on(c))
			cleg_gone(c, &cause, NULL);
	}
	legs_leave(h);
}
