/* call.c - call signalling: Q.931 and H.225.0 of one call on one connection.
 *
 * H.245 is tunnelled while we say so and every message of the far end does; what waits for the tunnel
 * rides on the next message, or on a Facility with an empty body. A connection that was accepted is a
 * call that waits for its Setup; one that H.460.18 asks for is opened by us and waits in the same way. */
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "endpoint.h"
#include "h323/q931.h"

#define MESSAGE_MAX 16384
#define ALIVE_MS    15000

static void on_frame(void *arg, struct str frame);
static void on_link_end(void *arg, const char *why);
static void on_time(void *arg);

/* ---- the table ---- */
struct call *call_find(struct endpoint *e, unsigned id)
{
	struct call *newest = NULL;

	for (unsigned i = 0; i < CALLS_MAX; i++) {
		struct call *c = &e->calls[i];

		if (c->state == CALL_FREE || c->state == CALL_OVER || c->state == CALL_WAITING)
			continue;
		if (id ? c->id == id : !newest || c->id > newest->id)
			newest = c;
	}
	return newest;
}

struct call *call_of_guid(struct endpoint *e, const uint8_t guid[16])
{
	for (unsigned i = 0; i < CALLS_MAX; i++)
		if (e->calls[i].state != CALL_FREE && memcmp(e->calls[i].guid, guid, 16) == 0)
			return &e->calls[i];
	return NULL;
}

static struct call *call_new(struct endpoint *e)
{
	for (unsigned i = 0; i < CALLS_MAX; i++) {
		struct call *c = &e->calls[i];

		if (c->state != CALL_FREE)
			continue;
		*c = (struct call){.e = e, .state = CALL_WAITING, .id = ++e->next_call};
		c->timer = (struct timer){.on_time = on_time, .arg = c};
		return c;
	}
	return NULL;
}

/* H.460.18 section 12: empty frames keep the way through a NAT open. */
static void on_alive(void *arg)
{
	struct call *c = arg;

	if (c->link)
		link_send(c->link, STR_NONE);
	if (c->control.link)
		link_send(c->control.link, STR_NONE);
	timer_start(&c->e->loop, &c->alive, ALIVE_MS);
}

static void adopt(struct call *c, struct link *k)
{
	c->link = k;
	k->on_frame = on_frame;
	k->on_end = on_link_end;
	k->arg = c;
	c->alive = (struct timer){.on_time = on_alive, .arg = c};
	if (c->e->o.has_18)
		timer_start(&c->e->loop, &c->alive, ALIVE_MS);
}

static void forget(struct call *c)
{
	for (unsigned i = 0; i < FLOWS_MAX; i++)
		flow_close(&c->flows[i]);
	control_close(c);
	link_close(c->link);
	timer_forget(&c->e->loop, &c->timer);
	timer_forget(&c->e->loop, &c->report);
	timer_forget(&c->e->loop, &c->alive);
	c->link = NULL;
	c->state = CALL_FREE;
}

/* ---- what is sent ---- */
bool call_tunnels(const struct call *c)
{
	return c->e->o.is_tunnelling && !c->control.is_separate &&
	       (!c->is_peer_known || c->peer_tunnels);
}

static void put_queue(struct call *c, struct wr *w)
{
	struct control *h = &c->control;

	if (h->is_separate || !call_tunnels(c) || !c->is_peer_known || !h->n_out)
		return;
	wr_printf(w, ",'h245Control':[");
	for (unsigned i = 0; i < h->n_out; i++) {
		wr_printf(w, "%s'%s'", i ? "," : "", hex_of(h->out[i].p, h->out[i].len));
		free((void *)(uintptr_t)h->out[i].p);
	}
	wr_printf(w, "]");
	h->n_out = 0;
}

static void put_elements(struct wr *w, enum q931_type type, const struct call *c)
{
	static const char bearer[] = {(char)0x88, (char)0xc0, (char)0xa5};
	char number[70];

	if (type != Q931_SETUP)
		return;
	q931_put(w, Q931_BEARER_CAPABILITY, (struct str){bearer, sizeof bearer});
	q931_put(w, Q931_DISPLAY, str_of(c->e->o.alias));
	if (c->e->o.e164) {
		(void)snprintf(number, sizeof number, "\x81%s", c->e->o.e164);
		q931_put(w, Q931_CALLING_NUMBER, str_of(number));
	}
	if (alias_kind_of(str_of(c->far_alias)) == ALIAS_DIGITS) {
		(void)snprintf(number, sizeof number, "\x81%.60s", c->far_alias);
		q931_put(w, Q931_CALLED_NUMBER, str_of(number));
	}
}

/* body: a text of h323-message-body; cause 0: none. */
static void send_message(struct call *c, enum q931_type type, unsigned cause, const char *body)
{
	char *text = malloc(4 * PDU_TEXT_MAX);
	uint8_t uuie[MESSAGE_MAX], message[MESSAGE_MAX];
	struct wr w = wr_of(text, text ? 4 * PDU_TEXT_MAX : 0), m = wr_of(message, sizeof message);
	struct pdu p;
	struct str s;
	uint8_t *mark;

	if (!text || !c->link)
		abort();
	wr_printf(&w, "{'h323-uu-pdu':{'h323-message-body':%s,'h245Tunnelling':%s", body,
		call_tunnels(c) ? "true" : "false");
	put_queue(c, &w);
	wr_printf(&w, "}}");
	wr_u8(&w, 0);
	pdu_make(&p, H225_H323_UserInformation_T, text);
	s = pdu_write(&p, uuie, sizeof uuie);
	trace(c->e, "cs", s);
	q931_begin(&m, c->crv, !c->is_caller, type);
	if (cause)
		q931_put_cause(&m, (uint8_t)cause);
	put_elements(&m, type, c);
	mark = q931_begin_uuie(&m);
	wr_str(&m, s);
	q931_end_uuie(&m, mark);
	link_send(c->link, wr_done(&m));
	pdu_free(&p);
	free(text);
}

PRINTF(4, 5)
static void send_body(struct call *c, enum q931_type type, unsigned cause, const char *fmt, ...)
{
	char body[PDU_TEXT_MAX];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(body, sizeof body, fmt, ap);
	va_end(ap);
	send_message(c, type, cause, body);
}

void call_flush(struct call *c)
{
	if (c->control.n_out && c->link && !c->is_busy && c->is_peer_known && call_tunnels(c))
		send_body(c, Q931_FACILITY, 0, "{'empty':null}");
}

/* H.460.19 section 6: what we can do, in a field whose name depends on the message. */
static void put_feature_19(
	const struct call *c, const char *before, const char *after, struct wr *w)
{
	if (c->e->o.has_19)
		wr_printf(w, "%s[{'id':{'standard':19}%s}]%s", before,
			c->e->o.has_mux ? ",'parameters':[{'id':{'standard':1}}]" : "", after);
}

static const char *feature_set(const struct call *c, char *text, size_t size)
{
	struct wr w = wr_of(text, size);

	if (c->has_peer_19)
		put_feature_19(c,
			",'featureSet':{'replacementFeatureSet':false,'supportedFeatures':", "}",
			&w);
	wr_u8(&w, 0);
	return text;
}

static void put_setup(struct call *c, struct wr *w)
{
	static const char *const names[] = {
		"dialledDigits", "h323-ID", "url-ID", "email-ID", "h323-ID", "h323-ID"};
	struct addr own = addr_with_port(&c->link->local, c->e->o.call_port);

	wr_printf(w, "{'setup':{'protocolIdentifier':'" H225 "','sourceAddress':");
	ras_put_aliases(c->e, w);
	wr_printf(w, ",'sourceInfo':" TERMINAL ",");
	if (*c->far_alias)
		wr_printf(w, "'destinationAddress':[{'%s':'%s'}],",
			names[alias_kind_of(str_of(c->far_alias))], quoted(c->far_alias));
	wr_printf(w,
		"'destCallSignalAddress':%s,'activeMC':false,'conferenceID':'%s',"
		"'conferenceGoal':{'create':null},'callType':{'pointToPoint':null},",
		address225(&c->to), hex_of(c->conference, 16));
	wr_printf(w,
		"'sourceCallSignalAddress':%s,'callIdentifier':{'guid':'%s'},"
		"'mediaWaitForConnect':false,'canOverlapSend':false,",
		address225(&own), hex_of(c->guid, 16));
	if (c->e->is_registered)
		wr_printf(w, "'endpointIdentifier':'%s',", quoted(c->e->endpoint_id));
	wr_printf(w, "'multipleCalls':false,'maintainConnection':false");
	put_feature_19(c, ",'supportedFeatures':", "", w);
	if (c->e->o.has_fast_start) {
		wr_printf(w, ",'fastStart':[");
		control_offer(c, w);
		wr_printf(w, "]");
	}
	wr_printf(w, "}}");
}

static void send_setup(struct call *c)
{
	char body[PDU_TEXT_MAX];
	struct wr w = wr_of(body, sizeof body);

	put_setup(c, &w);
	wr_u8(&w, 0);
	if (w.err != OK)
		abort();
	send_message(c, Q931_SETUP, 0, body);
}

static void send_proceeding(struct call *c)
{
	char feature[256];

	send_body(c, Q931_CALL_PROCEEDING, 0,
		"{'callProceeding':{'protocolIdentifier':'" H225 "','destinationInfo':" TERMINAL
		",'callIdentifier':{'guid':'%s'},'multipleCalls':false,"
		"'maintainConnection':false%s}}",
		hex_of(c->guid, 16), feature_set(c, feature, sizeof feature));
}

static void send_alerting(struct call *c)
{
	send_body(c, Q931_ALERTING, 0,
		"{'alerting':{'protocolIdentifier':'" H225 "','destinationInfo':" TERMINAL
		",'callIdentifier':{'guid':'%s'},'multipleCalls':false,"
		"'maintainConnection':false}}",
		hex_of(c->guid, 16));
}

static void put_connect(struct call *c, struct wr *w)
{
	char fast[4 * 1024], feature[256];
	struct wr f = wr_of(fast, sizeof fast);
	bool has_fast = c->n_fast && c->e->o.has_fast_start && control_answer(c, &f);

	wr_u8(&f, 0);
	c->has_answered_fast = has_fast;
	wr_printf(w, "{'connect':{'protocolIdentifier':'" H225 "',");
	if (c->control.listener.slot) {
		struct addr a = net_local(c->control.listener.fd);

		wr_printf(w, "'h245Address':%s,", address225(&a));
	}
	wr_printf(w,
		"'destinationInfo':" TERMINAL ",'conferenceID':'%s','callIdentifier':{'guid':"
		"'%s'},'multipleCalls':false,'maintainConnection':false",
		hex_of(c->conference, 16), hex_of(c->guid, 16));
	if (has_fast)
		wr_printf(w, ",'fastStart':[%s]", fast);
	else if (c->n_fast)
		wr_printf(w, ",'fastConnectRefused':null");
	wr_printf(w, "%s}}", feature_set(c, feature, sizeof feature));
}

static void up(struct call *c)
{
	c->state = CALL_UP;
	timer_stop(&c->timer);
	say("connected", "'call':%u,'guid':'%s','far':'%s','tunnel':%s,'fast_start':%s", c->id,
		hex_of(c->guid, 16), quoted(c->far_alias), call_tunnels(c) ? "true" : "false",
		c->has_answered_fast ? "true" : "false");
}

/* Nobody reaches us there: H.460.18 has us wait for startH245. */
static bool is_behind_nat(const struct call *c)
{
	return c->e->o.has_18 && (c->is_dialled || c->is_server_19);
}

void call_answer(struct call *c)
{
	char body[PDU_TEXT_MAX];
	struct wr w = wr_of(body, sizeof body);

	if (c->is_caller || c->state != CALL_RINGING)
		return;
	if (!call_tunnels(c) && !is_behind_nat(c) && !c->e->o.is_late_h245)
		control_listen(c);
	c->is_busy = true; /* H.245 rides on the Connect */
	put_connect(c, &w);
	wr_u8(&w, 0);
	if (call_tunnels(c))
		control_start(c);
	send_message(c, Q931_CONNECT, 0, body);
	c->is_busy = false;
	up(c);
	if (!call_tunnels(c) && !is_behind_nat(c) && c->e->o.is_late_h245)
		call_start_h245(c);
}

/* The far end named no address for H.245, or the tunnel is not to be any more: ours. */
void call_start_h245(struct call *c)
{
	struct addr a;

	control_listen(c);
	if (!c->control.listener.slot)
		return;
	a = net_local(c->control.listener.fd);
	c->control.is_separate = true;
	send_body(c, Q931_FACILITY, 0,
		"{'facility':{'protocolIdentifier':'" H225 "','reason':{'startH245':null},"
		"'callIdentifier':{'guid':'%s'},'h245Address':%s,'multipleCalls':false,"
		"'maintainConnection':false}}",
		hex_of(c->guid, 16), address225(&a));
}

void call_raw(struct call *c, const char *hex)
{
	uint8_t octets[2048];
	size_t n = strlen(hex) / 2;

	if (c->link && n <= sizeof octets && str_hex(str_of(hex), octets, n) == OK)
		link_send_raw(c->link, (struct str){(const char *)octets, n});
	else
		say("error", "'text':'not hex digits, or no connection'");
}

/* ---- the end ---- */
void call_ended(struct call *c, unsigned cause, const char *reason, const char *by)
{
	if (c->state == CALL_OVER || c->state == CALL_FREE)
		return;
	for (unsigned i = 0; i < FLOWS_MAX; i++)
		if (c->flows[i].call)
			flow_report(&c->flows[i], "media-end");
	if (c->state != CALL_WAITING)
		say("released", "'call':%u,'cause':%u,'reason':'%s','by':'%s'", c->id, cause,
			reason, by);
	c->state = CALL_OVER;
	ras_disengage(c);
	for (unsigned i = 0; i < FLOWS_MAX; i++)
		flow_send(&c->flows[i], false);
	timer_start(&c->e->loop, &c->timer, 0);
}

void call_hang_up(struct call *c, unsigned cause, const char *reason)
{
	char text[120] = "";

	if (c->link && c->crv && c->state != CALL_ADMISSION) {
		c->is_busy = true;
		if (c->state == CALL_UP)
			control_end(c);
		if (*reason)
			(void)snprintf(text, sizeof text, "'reason':{'%s':null},", reason);
		send_body(c, Q931_RELEASE_COMPLETE, cause,
			"{'releaseComplete':{'protocolIdentifier':'" H225 "',%s"
			"'callIdentifier':{'guid':'%s'}}}",
			text, hex_of(c->guid, 16));
	}
	call_ended(c, cause, reason, "local");
}

static void on_link_end(void *arg, const char *why)
{
	struct call *c = arg;

	c->link = NULL;
	if (c->state == CALL_OVER)
		return;
	if (c->state != CALL_WAITING)
		say("error", "'call':%u,'text':'call signalling: %s'", c->id, why);
	call_ended(c, 41, "", "network");
}

/* ---- incoming ---- */
static void ring(struct call *c)
{
	c->state = CALL_RINGING;
	send_alerting(c);
	say("ringing", "'call':%u", c->id);
	if (c->e->o.is_auto_answer)
		timer_start(&c->e->loop, &c->timer, c->e->o.ring_ms);
}

static unsigned living_calls(struct endpoint *e)
{
	unsigned n = 0;

	for (unsigned i = 0; i < CALLS_MAX; i++)
		n += e->calls[i].state > CALL_WAITING && e->calls[i].state < CALL_OVER;
	return n;
}

#define SETUP "h323-uu-pdu.h323-message-body.setup"

static void keep_fast_start(struct call *c, const struct pdu *p)
{
	char path[120];
	struct str s;

	for (c->n_fast = 0; c->n_fast < 4; c->n_fast++) {
		(void)snprintf(path, sizeof path, SETUP ".fastStart.%u", c->n_fast);
		s = pdu_str(p, path);
		if (!s.len || 2 * s.len + 1 > sizeof c->fast[0])
			return;
		str_put_hex((const uint8_t *)s.p, s.len, c->fast[c->n_fast]);
	}
}

static void note_caller(struct call *c, const struct pdu *p, const struct q931_msg *m)
{
	struct h323_alias alias;
	uint16_t list = pdu_at(p, 0, SETUP ".sourceAddress");

	for (uint16_t n = per_first(&p->tree, list); n != PER_NONE; n = per_next(&p->tree, n))
		if (alias_get(&p->tree, n, &alias) == OK) {
			if (alias.kind == ALIAS_DIGITS)
				(void)str_copy(
					str_of(alias.text), c->far_digits, sizeof c->far_digits);
			else if (!*c->far_alias)
				(void)str_copy(
					str_of(alias.text), c->far_alias, sizeof c->far_alias);
		}
	if (!*c->far_digits)
		(void)str_copy(
			q931_number(m, Q931_CALLING_NUMBER), c->far_digits, sizeof c->far_digits);
}

/* Does the far end speak H.460.19, and as server? The list of features at a path. */
static void note_features(struct call *c, const struct pdu *p, const char *path)
{
	uint16_t list = pdu_at(p, 0, path), feature = generic_find(&p->tree, list, 19);

	if (feature == PER_NONE || !c->e->o.has_19)
		return;
	c->has_peer_19 = true;
	c->is_server_19 |= generic_has(&p->tree, feature, 2);
	c->has_peer_mux |= generic_has(&p->tree, feature, 1);
}

static void on_setup(struct call *c, const struct pdu *p, const struct q931_msg *m)
{
	struct str guid = pdu_str(p, SETUP ".callIdentifier.guid");
	struct str conference = pdu_str(p, SETUP ".conferenceID");
	struct h323_alias called = {0};
	char display[Q931_DISPLAY_MAX + 1] = "";
	struct addr h245;

	if (c->state != CALL_WAITING)
		return;
	c->state = CALL_CALLING;
	c->crv = m->crv;
	if (guid.len == 16)
		memcpy(c->guid, guid.p, 16);
	if (conference.len == 16)
		memcpy(c->conference, conference.p, 16);
	note_caller(c, p, m);
	note_features(c, p, SETUP ".supportedFeatures");
	keep_fast_start(c, p);
	if (alias_get(&p->tree, pdu_at(p, 0, SETUP ".destinationAddress.0"), &called) != OK)
		*called.text = '\0';
	(void)str_copy(q931_display(m), display, sizeof display);
	say("incoming",
		"'call':%u,'guid':'%s','from':'%s','digits':'%s','display':'%s','called':'%s',"
		"'tunnel':%s,'fast_start':%s",
		c->id, hex_of(c->guid, 16), quoted(c->far_alias), quoted(c->far_digits),
		quoted(display), quoted(called.text), c->peer_tunnels ? "true" : "false",
		c->n_fast ? "true" : "false");
	if (living_calls(c->e) > c->e->o.calls) {
		call_hang_up(c, 17, "inConf");
		return;
	}
	if (c->e->o.refusal) {
		call_hang_up(c, 21, c->e->o.refusal);
		return;
	}
	send_proceeding(c);
	if (h225_addr(&p->tree, pdu_at(p, 0, SETUP ".h245Address"), &h245) && !call_tunnels(c))
		control_dial(c, &h245);
	if (c->e->is_registered) {
		ras_admit(c, true);
	} else {
		ring(c);
	}
}

/* ---- outgoing ---- */
static void dial(struct call *c)
{
	struct addr from = addr_with_port(&c->e->o.local, 0);
	int fd = net_dial(&from, &c->to);

	c->state = CALL_CALLING;
	if (fd < 0) {
		call_ended(c, 27, "", "network");
		return;
	}
	c->is_dialled = true;
	adopt(c, link_of(&c->e->loop, fd, &c->to, true));
	timer_start(&c->e->loop, &c->timer, 30000);
	send_setup(c);
}

bool call_place(struct endpoint *e, const char *target, bool is_direct)
{
	struct call *c = call_new(e);
	struct str rest = str_of(target), first = str_cut(&rest, ' ');

	if (!c)
		return false;
	c->is_caller = true;
	random_octets(c->guid, sizeof c->guid);
	random_octets(c->conference, sizeof c->conference);
	random_octets(&c->crv, sizeof c->crv);
	c->crv = (uint16_t)((c->crv & 0x7fff) | 1);
	c->state = CALL_ADMISSION;
	if (addr_parse(first, &c->to) == OK) {
		if (!c->to.port)
			c->to.port = 1720; /* the well-known one */
		(void)str_copy(str_trim(rest), c->far_alias, sizeof c->far_alias);
	} else {
		c->to = (struct addr){0};
		(void)str_copy(str_of(target), c->far_alias, sizeof c->far_alias);
	}
	say("calling", "'call':%u,'guid':'%s','to':'%s'", c->id, hex_of(c->guid, 16),
		quoted(target));
	if (e->is_registered && !is_direct)
		ras_admit(c, false);
	else if (c->to.port)
		dial(c);
	else
		call_ended(c, 3, "", "local");
	return true;
}

void call_admitted(struct call *c, const struct addr *to)
{
	if (!c->is_caller) {
		if (c->state == CALL_CALLING)
			ring(c);
		return;
	}
	if (c->state != CALL_ADMISSION)
		return;
	c->to = *to;
	dial(c);
}

void call_refused(struct call *c, const char *reason)
{
	say("admission-refused", "'call':%u,'reason':'%s'", c->id, reason);
	if (c->is_caller)
		call_ended(c, 0, reason, "gatekeeper");
	else
		call_hang_up(c, 31, "undefinedReason");
}

/* H.460.18 section 8: to the server, with the Facility that says which call we mean. */
void call_fetch(struct endpoint *e, const struct addr *to, const uint8_t guid[16])
{
	struct addr from = addr_with_port(&e->o.local, 0);
	struct call *c;
	int fd;

	if (call_of_guid(e, guid) || !(c = call_new(e)))
		return;
	memcpy(c->guid, guid, 16);
	if ((fd = net_dial(&from, to)) < 0) {
		say("error", "'text':'cannot connect as H.460.18 asks'");
		c->state = CALL_FREE;
		return;
	}
	say("fetch", "'call':%u,'guid':'%s'", c->id, hex_of(guid, 16));
	c->is_dialled = true;
	adopt(c, link_of(&e->loop, fd, to, true));
	timer_start(&e->loop, &c->timer, 10000);
	c->is_caller = true; /* whose call reference this is: 0, by the side that sends first */
	send_body(c, Q931_FACILITY, 0,
		"{'facility':{'protocolIdentifier':'" H225 "','reason':{'undefinedReason':null},"
		"'callIdentifier':{'guid':'%s'},'multipleCalls':false,'maintainConnection':false}}",
		hex_of(guid, 16));
	c->is_caller = false;
}

/* ---- the messages of the far end ---- */
static void take_fast_start(struct call *c, const struct pdu *p, const char *body)
{
	char path[120];

	if (!c->is_caller || c->has_answered_fast)
		return;
	for (unsigned i = 0; i < 8; i++) {
		struct str s;

		(void)snprintf(path, sizeof path, "h323-uu-pdu.h323-message-body.%s.fastStart.%u",
			body, i);
		s = pdu_str(p, path);
		if (!s.len)
			return;
		c->has_answered_fast = true;
		control_took(c, hex_of(s.p, s.len));
	}
}

static bool take_h245_address(struct call *c, const struct pdu *p, const char *body)
{
	char path[120];
	struct addr a;

	(void)snprintf(path, sizeof path, "h323-uu-pdu.h323-message-body.%s.h245Address", body);
	if (!h225_addr(&p->tree, pdu_at(p, 0, path), &a))
		return false;
	if (!call_tunnels(c))
		control_dial(c, &a);
	return true;
}

static void on_connect(struct call *c, bool has_h245)
{
	if (!c->is_caller || c->state == CALL_UP)
		return;
	up(c);
	if (!c->has_answered_fast)
		control_no_fast_start(c);
	if (call_tunnels(c))
		control_start(c);
	else if (!has_h245 && !c->control.link && !is_behind_nat(c) && !c->e->o.is_late_h245)
		call_start_h245(c);
}

static void on_release(struct call *c, const struct pdu *p, const struct q931_msg *m)
{
	const char *reason =
		p ? pdu_choice(p, "h323-uu-pdu.h323-message-body.releaseComplete.reason") : "";

	if (c->state == CALL_UP)
		control_end(c);
	call_ended(c, q931_cause(m), reason, "far end");
}

static void take_tunnel(struct call *c, const struct pdu *p)
{
	uint16_t list = pdu_at(p, 0, "h323-uu-pdu.h245Control");

	for (uint16_t n = per_first(&p->tree, list); n != PER_NONE; n = per_next(&p->tree, n))
		control_take(c, per_str(&p->tree, n));
}

/* H.323 section 8.2.1: one FALSE ends it for the call; a provisional answer says nothing. */
static void note_tunnelling(struct call *c, const struct pdu *p)
{
	bool is_true = pdu_num(p, "h323-uu-pdu.h245Tunnelling", 0) != 0;

	if (pdu_has(p, "h323-uu-pdu.provisionalRespToH245Tunnelling"))
		return;
	c->peer_tunnels = is_true && (!c->is_peer_known || c->peer_tunnels);
	c->is_peer_known = true;
}

static void on_body(struct call *c, const struct pdu *p, const struct q931_msg *m)
{
	const char *body = pdu_choice(p, "h323-uu-pdu.h323-message-body");
	char path[160];
	bool has_h245;

	note_tunnelling(c, p);
	if (strcmp(body, "setup") == 0) {
		on_setup(c, p, m);
		return;
	}
	(void)snprintf(path, sizeof path,
		"h323-uu-pdu.h323-message-body.%s.featureSet.supportedFeatures", body);
	note_features(c, p, path);
	take_fast_start(c, p, body);
	has_h245 = take_h245_address(c, p, body);
	if (strcmp(body, "alerting") == 0)
		say("ringback", "'call':%u", c->id);
	else if (strcmp(body, "connect") == 0)
		on_connect(c, has_h245);
}

static bool answers_status(struct call *c, const struct q931_msg *m)
{
	if (m->type != Q931_STATUS_ENQUIRY)
		return false;
	send_body(c, Q931_STATUS, 30,
		"{'status':{'protocolIdentifier':'" H225 "','callIdentifier':{'guid':'%s'}}}",
		hex_of(c->guid, 16));
	return true;
}

static void on_frame(void *arg, struct str frame)
{
	struct call *c = arg;
	struct q931_msg m;
	struct pdu p = {0};

	if (!frame.len || c->state == CALL_OVER)
		return;
	if (q931_read(frame, &m) != OK ||
		(m.has_uuie && !pdu_read(&p, H225_H323_UserInformation_T, m.uuie))) {
		say("error",
			"'call':%u,'text':'a call signalling message that cannot be read',"
			"'pdu':'%s'",
			c->id, hex_of(frame.p, frame.len));
	} else if (m.has_uuie && !answers_status(c, &m)) {
		c->is_busy = true; /* what it makes us say goes in one message */
		on_body(c, &p, &m);
		take_tunnel(c, &p);
		if (m.type == Q931_RELEASE_COMPLETE)
			on_release(c, &p, &m);
		c->is_busy = false;
		call_flush(c);
	} else if (m.type == Q931_RELEASE_COMPLETE) {
		on_release(c, NULL, &m);
	}
	pdu_free(&p);
}

static void on_time(void *arg)
{
	struct call *c = arg;

	if (c->state == CALL_OVER)
		forget(c);
	else if (c->state == CALL_RINGING && !c->is_caller)
		call_answer(c);
	else if (c->state == CALL_WAITING)
		call_ended(c, 102, "", "timer");
	else if (c->state != CALL_UP)
		call_hang_up(c, 102, "undefinedReason");
}

static void on_accept(void *arg)
{
	struct endpoint *e = arg;
	struct sockaddr_storage s;
	socklen_t n = sizeof s;
	int fd = accept4(e->listener.fd, (struct sockaddr *)&s, &n, SOCK_NONBLOCK | SOCK_CLOEXEC);
	struct addr from;
	struct call *c;

	if (fd < 0)
		return;
	from = net_get(&s);
	if ((c = call_new(e)))
		adopt(c, link_of(&e->loop, fd, &from, false));
	else
		link_close(link_of(&e->loop, fd, &from, false));
}

void calls_open(struct endpoint *e)
{
	struct addr a = addr_with_port(&e->o.local, e->o.call_port);
	int fd = net_listen(&a);

	if (fd < 0) {
		say("error", "'text':'cannot listen for calls'");
		exit(1);
	}
	e->o.call_port = net_local(fd).port;
	e->listener = (struct watch){.fd = fd, .want = POLLIN, .on_ready = on_accept, .arg = e};
	loop_watch(&e->loop, &e->listener);
}
