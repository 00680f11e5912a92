/* ras.c - the endpoint's half of RAS: discovery, registration, admission, and answers to a gatekeeper.
 *
 * Requests are repeated after 2 s, three times in all, with the same number (H.225.0 section 7.19);
 * RequestInProgress begins that anew. A registration is refreshed by lightweight requests and made again
 * whole when the gatekeeper says so or has forgotten it. */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "endpoint.h"
#include "h323/h235.h"

#define RETRY_MS 2000
#define TRIES    3

static void on_ready(void *arg);

/* ---- messages ---- */
void ras_put_aliases(const struct endpoint *e, struct wr *w)
{
	wr_printf(w, "[{'%s':'%s'}", strchr(e->o.alias, '@') ? "url-ID" : "h323-ID",
		quoted(e->o.alias));
	if (e->o.e164)
		wr_printf(w, ",{'dialledDigits':'%s'}", e->o.e164);
	wr_printf(w, "]");
}

static void put_feature(const struct endpoint *e, struct wr *w)
{
	if (e->o.has_18)
		wr_printf(w, ",'featureSet':{'replacementFeatureSet':false,'supportedFeatures':"
			     "[{'id':{'standard':18}}]}");
}

static void put_gatekeeper(const struct endpoint *e, struct wr *w)
{
	if (*e->gatekeeper_id)
		wr_printf(w, ",'gatekeeperIdentifier':'%s'", quoted(e->gatekeeper_id));
}

static struct addr ras_address(const struct endpoint *e)
{
	return net_local(e->ras.fd);
}

static struct addr call_address(const struct endpoint *e)
{
	return addr_with_port(&e->o.local, e->o.call_port);
}

/* The password hash of H.235, as an endpoint proves itself. */
static void put_token(struct endpoint *e, struct pdu *p)
{
	uint16_t message = per_first(&p->tree, 0), list = PER_NONE;
	void *memory = calloc(1, PER_TREE_SIZE);
	struct per_tree work;
	const struct per_type *y = &p->tree.schema->types[p->tree.nodes[message].type];

	if (!memory)
		abort();
	work = per_tree_of(&h323_schema, memory);
	for (uint16_t i = 0; i < y->n_root + y->n_add; i++)
		if (strcmp(p->tree.schema->names + p->tree.schema->fields[y->first + i].name,
			    "cryptoTokens") == 0)
			list = per_put(&p->tree, message, i);
	if (h235_put_password(&p->tree, list, false, e->o.alias, str_of(e->o.password),
		    (uint32_t)time(NULL), &work) != OK)
		abort();
	free(memory);
}

static struct str encode(
	struct endpoint *e, const char *text, bool has_token, uint8_t *buf, size_t size)
{
	struct pdu p;
	struct str s;

	pdu_make(&p, H225_RasMessage_T, text);
	if (has_token && e->o.password)
		put_token(e, &p);
	s = pdu_write(&p, buf, size);
	pdu_free(&p);
	trace(e, "ras", s);
	return s;
}

static void answer(struct endpoint *e, const struct addr *to, const char *text)
{
	uint8_t octets[2048];

	net_send(e->ras.fd, encode(e, text, false, octets, sizeof octets), to);
}

/* ---- requests ---- */
static void on_retry(void *arg)
{
	struct request *r = arg;
	struct endpoint *e = r->e;

	if (++r->tries > TRIES) {
		uint32_t number = r->number;

		r->number = 0;
		say("error", "'text':'the gatekeeper does not answer','request':%u", number);
		r->on_answer(e, r->call, "", NULL);
		return;
	}
	net_send(e->ras.fd, (struct str){(const char *)r->octets, r->n}, &e->o.gatekeeper);
	timer_start(&e->loop, &r->timer, RETRY_MS);
}

/* text begins with {'kind':{'requestSeqNum':%u ... and is printed by the caller with next_number(). */
static void ask(struct endpoint *e, const char *text, unsigned call,
	void (*on_answer)(struct endpoint *e, unsigned call, const char *kind, const struct pdu *p))
{
	struct request *r = NULL;

	for (unsigned i = 0; i < REQUESTS_MAX && !r; i++)
		if (!e->requests[i].number)
			r = &e->requests[i];
	if (!r) {
		say("error", "'text':'too many requests at once'");
		return;
	}
	r->number = e->next_request;
	r->e = e;
	r->call = call;
	r->tries = 0;
	r->on_answer = on_answer;
	r->n = encode(e, text, true, r->octets, sizeof r->octets).len;
	r->timer.on_time = on_retry;
	r->timer.arg = r;
	on_retry(r);
}

static unsigned next_number(struct endpoint *e)
{
	e->next_request = e->next_request % 65535 + 1;
	return e->next_request;
}

static struct wr text_of(char *text, size_t size)
{
	return wr_of(text, size);
}

static void finish(struct wr *w)
{
	wr_u8(w, 0);
	if (w->err != OK)
		abort();
}

/* ---- registration ---- */
static void on_registered(struct endpoint *e, unsigned call, const char *kind, const struct pdu *p);

static void put_addresses(const struct endpoint *e, struct wr *w)
{
	struct addr ras = ras_address(e), call = call_address(e);

	wr_printf(w, "'callSignalAddress':[%s],", address225(&call));
	wr_printf(w, "'rasAddress':[%s]", address225(&ras));
}

static void register_now(struct endpoint *e, bool is_light)
{
	char text[PDU_TEXT_MAX];
	struct wr w = text_of(text, sizeof text);

	wr_printf(&w,
		"{'registrationRequest':{'requestSeqNum':%u,'protocolIdentifier':'" H225 "',"
		"'discoveryComplete':%s,",
		next_number(e), *e->gatekeeper_id ? "true" : "false");
	put_addresses(e, &w);
	wr_printf(&w, ",'terminalType':" TERMINAL ",'endpointVendor':" VENDOR ",'keepAlive':%s",
		is_light ? "true" : "false");
	if (!is_light) {
		wr_printf(&w, ",'terminalAlias':");
		ras_put_aliases(e, &w);
	}
	if (e->o.ttl || e->o.has_18) /* H.460.18 section 6: as long as a NAT keeps the way open */
		wr_printf(&w, ",'timeToLive':%u", e->o.ttl ? e->o.ttl : 19);
	if (is_light)
		wr_printf(&w, ",'endpointIdentifier':'%s'", quoted(e->endpoint_id));
	put_gatekeeper(e, &w);
	put_feature(e, &w);
	wr_printf(&w, ",'willSupplyUUIEs':false,'maintainConnection':false}}");
	finish(&w);
	ask(e, text, 0, on_registered);
}

static void on_renew(void *arg)
{
	struct endpoint *e = arg;

	if (e->is_registered)
		register_now(e, true);
	else
		ras_register(e);
}

static void lost(struct endpoint *e, const char *reason)
{
	if (e->is_registered)
		say("unregistered", "'reason':'%s'", reason);
	else
		say("register-failed", "'reason':'%s'", reason);
	e->is_registered = false;
	*e->endpoint_id = '\0';
	timer_start(&e->loop, &e->registration, 3000);
}

static void on_registered(struct endpoint *e, unsigned call, const char *kind, const struct pdu *p)
{
	int64_t ttl;
	const char *reason;
	bool was_registered = e->is_registered;

	(void)call;
	if (strcmp(kind, "registrationConfirm") != 0) {
		reason = p ? pdu_choice(p, "registrationReject.rejectReason") : "timeout";
		lost(e, *reason ? reason : "unknown");
		if (strcmp(reason, "fullRegistrationRequired") == 0)
			ras_register(e);
		return;
	}
	pdu_utf8(
		p, "registrationConfirm.endpointIdentifier", e->endpoint_id, sizeof e->endpoint_id);
	if (pdu_has(p, "registrationConfirm.gatekeeperIdentifier"))
		pdu_utf8(p, "registrationConfirm.gatekeeperIdentifier", e->gatekeeper_id,
			sizeof e->gatekeeper_id);
	ttl = pdu_num(p, "registrationConfirm.timeToLive", 0);
	e->is_registered = true;
	if (!was_registered)
		say("registered", "'endpoint':'%s','gatekeeper':'%s','ttl':%lld,'h46018':%s",
			quoted(e->endpoint_id), quoted(e->gatekeeper_id), (long long)ttl,
			pdu_num(p, "registrationConfirm.featureSet.supportedFeatures.0.id.standard",
				0) == 18
				? "true"
				: "false");
	else
		say("renewed", "'ttl':%lld", (long long)ttl);
	if (ttl)
		timer_start(&e->loop, &e->registration, (uint64_t)ttl * 600);
}

static void on_discovered(struct endpoint *e, unsigned call, const char *kind, const struct pdu *p)
{
	const char *reason = p ? pdu_choice(p, "gatekeeperReject.rejectReason") : "timeout";

	(void)call;
	if (strcmp(kind, "gatekeeperConfirm") != 0) {
		lost(e, *reason ? reason : "unknown");
		return;
	}
	pdu_utf8(p, "gatekeeperConfirm.gatekeeperIdentifier", e->gatekeeper_id,
		sizeof e->gatekeeper_id);
	say("discovered", "'gatekeeper':'%s'", quoted(e->gatekeeper_id));
	register_now(e, false);
}

static void discover(struct endpoint *e)
{
	struct addr ras = ras_address(e);
	char text[PDU_TEXT_MAX];
	struct wr w = text_of(text, sizeof text);

	wr_printf(&w,
		"{'gatekeeperRequest':{'requestSeqNum':%u,'protocolIdentifier':'" H225 "',"
		"'rasAddress':%s,'endpointType':" TERMINAL ",'endpointAlias':",
		next_number(e), address225(&ras));
	ras_put_aliases(e, &w);
	if (e->o.password)
		wr_printf(&w, ",'authenticationCapability':[{'pwdHash':null}],"
			      "'algorithmOIDs':['1.2.840.113549.2.5']");
	put_feature(e, &w);
	wr_printf(&w, "}}");
	finish(&w);
	ask(e, text, 0, on_discovered);
}

void ras_register(struct endpoint *e)
{
	if (e->o.has_discovery)
		discover(e);
	else
		register_now(e, false);
}

static void on_unregistered(
	struct endpoint *e, unsigned call, const char *kind, const struct pdu *p)
{
	(void)call;
	(void)p;
	say("unregistered", "'reason':'%s'", *kind ? kind : "timeout");
	e->is_registered = false;
	timer_stop(&e->registration);
	if (e->is_leaving)
		e->loop.is_over = true;
}

void ras_unregister(struct endpoint *e)
{
	struct addr call = call_address(e);
	char text[PDU_TEXT_MAX];
	struct wr w = text_of(text, sizeof text);

	wr_printf(&w,
		"{'unregistrationRequest':{'requestSeqNum':%u,'callSignalAddress':[%s],"
		"'endpointIdentifier':'%s'",
		next_number(e), address225(&call), quoted(e->endpoint_id));
	put_gatekeeper(e, &w);
	wr_printf(&w, "}}");
	finish(&w);
	ask(e, text, 0, on_unregistered);
}

/* ---- admission ---- */
/* number: of the request that is answered, or our own. */
static void report(struct endpoint *e, const struct addr *to, unsigned number)
{
	struct addr ras = ras_address(e), call = call_address(e);
	char text[PDU_TEXT_MAX];
	struct wr w = text_of(text, sizeof text);
	bool is_first = true;

	wr_printf(&w,
		"{'infoRequestResponse':{'requestSeqNum':%u,'endpointType':" TERMINAL
		",'endpointIdentifier':'%s','rasAddress':%s,'callSignalAddress':[%s],"
		"'endpointAlias':",
		number, quoted(e->endpoint_id), address225(&ras), address225(&call));
	ras_put_aliases(e, &w);
	wr_printf(&w, ",'perCallInfo':[");
	for (unsigned i = 0; i < CALLS_MAX; i++) {
		const struct call *c = &e->calls[i];

		if (c->state == CALL_FREE || !c->has_admission)
			continue;
		wr_printf(&w,
			"%s{'callReferenceValue':%u,'conferenceID':'%s','h245':{},"
			"'callSignalling':{},'callType':{'pointToPoint':null},'bandWidth':1280,"
			"'callModel':{'gatekeeperRouted':null},'callIdentifier':{'guid':'%s'}}",
			is_first ? "" : ",", c->crv, hex_of(c->conference, 16),
			hex_of(c->guid, 16));
		is_first = false;
	}
	wr_printf(&w, "]}}");
	finish(&w);
	answer(e, to, text);
}

static void on_report(void *arg)
{
	struct call *c = arg;

	report(c->e, &c->e->o.gatekeeper, next_number(c->e));
	timer_start(&c->e->loop, &c->report, (uint64_t)c->irr_s * 1000);
}

static void on_admitted(struct endpoint *e, unsigned id, const char *kind, const struct pdu *p)
{
	struct call *c = call_find(e, id);
	const char *reason;
	struct addr to = {0};
	int64_t irr;

	if (!c)
		return;
	if (strcmp(kind, "admissionConfirm") != 0) {
		reason = p ? pdu_choice(p, "admissionReject.rejectReason") : "timeout";
		call_refused(c, *reason ? reason : "unknown");
		return;
	}
	c->has_admission = true;
	(void)h225_addr(&p->tree, pdu_at(p, 0, "admissionConfirm.destCallSignalAddress"), &to);
	irr = pdu_num(p, "admissionConfirm.irrFrequency", 0);
	say("admitted", "'call':%u,'model':'%s','irr':%lld", c->id,
		pdu_choice(p, "admissionConfirm.callModel"), (long long)irr);
	c->irr_s = (unsigned)irr;
	c->report.on_time = on_report;
	c->report.arg = c;
	if (irr)
		timer_start(&e->loop, &c->report, (uint64_t)irr * 1000);
	call_admitted(c, &to);
}

static void put_party(struct wr *w, const char *field, const char *alias)
{
	static const char *const names[] = {
		"dialledDigits", "h323-ID", "url-ID", "email-ID", "h323-ID", "h323-ID"};

	if (*alias)
		wr_printf(w, "'%s':[{'%s':'%s'}],", field, names[alias_kind_of(str_of(alias))],
			quoted(alias));
}

void ras_admit(struct call *c, bool is_answer)
{
	struct endpoint *e = c->e;
	struct addr local = c->link ? c->link->local : call_address(e);
	char text[PDU_TEXT_MAX];
	struct wr w = text_of(text, sizeof text);

	wr_printf(&w,
		"{'admissionRequest':{'requestSeqNum':%u,'callType':{'pointToPoint':null},"
		"'endpointIdentifier':'%s',",
		next_number(e), quoted(e->endpoint_id));
	put_party(&w, "destinationInfo", is_answer ? e->o.alias : c->far_alias);
	if (!is_answer && c->to.port)
		wr_printf(&w, "'destCallSignalAddress':%s,", address225(&c->to));
	if (is_answer)
		wr_printf(&w, "'destCallSignalAddress':%s,", address225(&local));
	if (is_answer && *c->far_alias) {
		wr_printf(&w, "'srcInfo':[{'h323-ID':'%s'}],", quoted(c->far_alias));
	} else {
		wr_printf(&w, "'srcInfo':");
		if (is_answer)
			wr_printf(&w, "[]");
		else
			ras_put_aliases(e, &w);
		wr_printf(&w, ",");
	}
	wr_printf(&w,
		"'bandWidth':%u,'callReferenceValue':%u,'conferenceID':'%s','activeMC':false,"
		"'answerCall':%s,'canMapAlias':true,'callIdentifier':{'guid':'%s'}",
		e->o.has_video ? 10240u : 1280u, c->crv, hex_of(c->conference, 16),
		is_answer ? "true" : "false", hex_of(c->guid, 16));
	put_gatekeeper(e, &w);
	wr_printf(&w, ",'willSupplyUUIEs':false}}");
	finish(&w);
	ask(e, text, c->id, on_admitted);
}

static void on_disengaged(struct endpoint *e, unsigned call, const char *kind, const struct pdu *p)
{
	(void)e;
	(void)p;
	say("disengaged", "'call':%u,'answer':'%s'", call, *kind ? kind : "timeout");
}

void ras_disengage(struct call *c)
{
	struct endpoint *e = c->e;
	char text[PDU_TEXT_MAX];
	struct wr w = text_of(text, sizeof text);

	if (!c->has_admission || !e->is_registered)
		return;
	c->has_admission = false;
	wr_printf(&w,
		"{'disengageRequest':{'requestSeqNum':%u,'endpointIdentifier':'%s',"
		"'conferenceID':'%s','callReferenceValue':%u,'disengageReason':"
		"{'normalDrop':null},'callIdentifier':{'guid':'%s'}",
		next_number(e), quoted(e->endpoint_id), hex_of(c->conference, 16), c->crv,
		hex_of(c->guid, 16));
	put_gatekeeper(e, &w);
	wr_printf(&w, ",'answeredCall':%s}}", c->is_caller ? "false" : "true");
	finish(&w);
	ask(e, text, c->id, on_disengaged);
}

/* ---- what the gatekeeper asks ---- */
static void on_unregistration(struct endpoint *e, const struct addr *from, const struct pdu *p)
{
	char text[256];

	(void)snprintf(text, sizeof text, "{'unregistrationConfirm':{'requestSeqNum':%u}}",
		(unsigned)pdu_num(p, "unregistrationRequest.requestSeqNum", 1));
	answer(e, from, text);
	lost(e, pdu_choice(p, "unregistrationRequest.reason"));
}

static void on_disengage(struct endpoint *e, const struct addr *from, const struct pdu *p)
{
	struct str guid = pdu_str(p, "disengageRequest.callIdentifier.guid");
	struct call *c = guid.len == 16 ? call_of_guid(e, (const uint8_t *)guid.p) : NULL;
	char text[256];

	(void)snprintf(text, sizeof text, "{'disengageConfirm':{'requestSeqNum':%u}}",
		(unsigned)pdu_num(p, "disengageRequest.requestSeqNum", 1));
	answer(e, from, text);
	if (!c)
		return;
	c->has_admission = false;
	call_hang_up(c, 16, "undefinedReason");
}

static void on_bandwidth(struct endpoint *e, const struct addr *from, const struct pdu *p)
{
	char text[256];

	(void)snprintf(text, sizeof text,
		"{'bandwidthConfirm':{'requestSeqNum':%u,'bandWidth':%u}}",
		(unsigned)pdu_num(p, "bandwidthRequest.requestSeqNum", 1),
		(unsigned)pdu_num(p, "bandwidthRequest.bandWidth", 0));
	answer(e, from, text);
}

static void on_inquiry(struct endpoint *e, const struct addr *from, const struct pdu *p)
{
	report(e, from, (unsigned)pdu_num(p, "infoRequest.requestSeqNum", 1));
}

/* H.460.18 section 7: a call waits for us at the address given. */
static void on_service(struct endpoint *e, const struct addr *from, const struct pdu *p)
{
	struct str raw =
		pdu_str(p, "serviceControlIndication.genericData.0.parameters.0.content.raw");
	char text[256];
	struct pdu call;
	struct addr to;
	struct str guid;

	(void)snprintf(text, sizeof text, "{'serviceControlResponse':{'requestSeqNum':%u}}",
		(unsigned)pdu_num(p, "serviceControlIndication.requestSeqNum", 1));
	answer(e, from, text);
	if (!raw.len)
		return;
	if (!pdu_read(&call, H46018_IncomingCallIndication_T, raw)) {
		say("error", "'text':'an IncomingCallIndication that cannot be read'");
	} else if (h225_addr(&call.tree, pdu_at(&call, 0, "callSignallingAddress"), &to)) {
		guid = pdu_str(&call, "callID.guid");
		if (e->o.has_18 && guid.len == 16)
			call_fetch(e, &to, (const uint8_t *)guid.p);
	}
	pdu_free(&call);
}

static const struct {
	const char *kind;
	void (*on)(struct endpoint *e, const struct addr *from, const struct pdu *p);
} handlers[] = {
	{"unregistrationRequest", on_unregistration},
	{"disengageRequest", on_disengage},
	{"bandwidthRequest", on_bandwidth},
	{"infoRequest", on_inquiry},
	{"serviceControlIndication", on_service},
};

/* ---- the socket ---- */
static void take_answer(struct endpoint *e, const char *kind, const struct pdu *p)
{
	uint16_t message = per_first(&p->tree, 0);
	uint32_t number = (uint32_t)per_num(&p->tree, pdu_at(p, message, "requestSeqNum"), 0);

	for (unsigned i = 0; i < REQUESTS_MAX; i++) {
		struct request *r = &e->requests[i];

		if (!r->number || r->number != number)
			continue;
		if (strcmp(kind, "requestInProgress") == 0) {
			r->tries = 0;
			timer_start(&e->loop, &r->timer, RETRY_MS + 4000);
			return;
		}
		r->number = 0;
		timer_stop(&r->timer);
		r->on_answer(e, r->call, kind, p);
		return;
	}
}

static void take(struct endpoint *e, const struct addr *from, struct str octets)
{
	struct pdu p;
	const char *kind;

	if (!pdu_read(&p, H225_RasMessage_T, octets)) {
		say("error", "'text':'a RAS message that cannot be read','pdu':'%s'",
			hex_of(octets.p, octets.len));
		pdu_free(&p);
		return;
	}
	kind = pdu_choice(&p, "");
	for (size_t i = 0; i < sizeof handlers / sizeof handlers[0]; i++)
		if (strcmp(kind, handlers[i].kind) == 0) {
			handlers[i].on(e, from, &p);
			pdu_free(&p);
			return;
		}
	take_answer(e, kind, &p);
	pdu_free(&p);
}

static void on_ready(void *arg)
{
	struct endpoint *e = arg;
	uint8_t octets[8192];
	struct sockaddr_storage s;
	socklen_t len = sizeof s;
	ssize_t n;

	while ((n = recvfrom(e->ras.fd, octets, sizeof octets, 0, (struct sockaddr *)&s, &len)) >
		0) {
		struct addr from = net_get(&s);

		take(e, &from, (struct str){(const char *)octets, (size_t)n});
		len = sizeof s;
	}
}

void ras_open(struct endpoint *e)
{
	struct addr a = addr_with_port(&e->o.local, e->o.ras_port);
	int fd = net_udp(&a);

	if (fd < 0) {
		say("error", "'text':'cannot bind the RAS port'");
		exit(1);
	}
	e->ras = (struct watch){.fd = fd, .want = POLLIN, .on_ready = on_ready, .arg = e};
	e->registration = (struct timer){.on_time = on_renew, .arg = e};
	loop_watch(&e->loop, &e->ras);
	ras_register(e);
}
