/* control.c - H.245 of a call: master and slave, capabilities, logical channels.
 *
 * PDUs wait in a queue until there is a way for them: the tunnel of the call's signalling messages, or a
 * connection of their own that either side may open. Channels are opened as soon as both capability sets
 * are known and who is master is decided; in fast start they are those that the answer chose. It offers
 * G.711 of both laws, and with --video H.264 and a second video of H.239. */
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "control.h"

#define TERMINAL_TYPE 50

/* ---- the way out ---- */
static void flush(struct call *c)
{
	struct control *h = &c->control;

	if (!h->is_separate) {
		call_flush(c);
		return;
	}
	if (!h->link)
		return;
	for (unsigned i = 0; i < h->n_out; i++) {
		link_send(h->link, h->out[i]);
		free((void *)(uintptr_t)h->out[i].p);
	}
	h->n_out = 0;
}

void control_send_text(struct call *c, const char *text)
{
	struct control *h = &c->control;
	uint8_t octets[PDU_MAX];
	struct pdu p;
	struct str s;
	char *kept;

	if (h->n_out == sizeof h->out / sizeof h->out[0] || c->state == CALL_OVER)
		return;
	pdu_make(&p, H245_MultimediaSystemControlMessage_T, text);
	s = pdu_write(&p, octets, sizeof octets);
	pdu_free(&p);
	trace(c->e, "h245", s);
	if (!(kept = malloc(s.len)))
		abort();
	memcpy(kept, s.p, s.len);
	h->out[h->n_out++] = (struct str){kept, s.len};
	flush(c);
}

void control_send(struct call *c, const char *fmt, ...)
{
	char text[PDU_TEXT_MAX];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	control_send_text(c, text);
}

/* ---- capabilities ---- */
static const char multipoint[] =
	"{'multicastCapability':false,'multiUniCastConference':false,'mediaDistributionCapability':"
	"[{'centralizedControl':false,'distributedControl':false,'centralizedAudio':false,"
	"'distributedAudio':false,'centralizedVideo':false,'distributedVideo':false}]}";
/* is_empty: H.323 section 8.4.6, everybody stops sending. */
static void send_capabilities(struct call *c, bool is_empty)
{
	char text[PDU_TEXT_MAX];
	struct wr w = wr_of(text, sizeof text);

	wr_printf(&w,
		"{'request':{'terminalCapabilitySet':{'sequenceNumber':%u,'protocolIdentifier':"
		"'0.0.8.245.0.15'",
		++c->control.tcs_number);
	if (!is_empty) {
		wr_printf(&w,
			",'multiplexCapability':{'h2250Capability':{'maximumAudioDelayJitter':60,"
			"'receiveMultipointCapability':%s,'transmitMultipointCapability':%s,"
			"'receiveAndTransmitMultipointCapability':%s,'mcCapability':{"
			"'centralizedConferenceMC':false,'decentralizedConferenceMC':false},"
			"'rtcpVideoControlCapability':false,'mediaPacketizationCapability':{"
			"'h261aVideoPacketization':false},'logicalChannelSwitchingCapability':"
			"false,"
			"'t120DynamicPortCapability':true}},",
			multipoint, multipoint, multipoint);
		channel_put_table(c, &w);
	}
	wr_printf(&w, "}}}");
	wr_u8(&w, 0);
	if (w.err != OK)
		abort();
	c->control.is_tcs_acked = false;
	control_send_text(c, text);
}

static void send_determination(struct call *c)
{
	random_octets(&c->control.status_number, sizeof c->control.status_number);
	c->control.status_number &= 0xffffff;
	control_send(c,
		"{'request':{'masterSlaveDetermination':{'terminalType':%u,"
		"'statusDeterminationNumber':%u}}}",
		TERMINAL_TYPE, c->control.status_number);
}

void control_start(struct call *c)
{
	if (c->control.is_started)
		return;
	c->control.is_started = true;
	send_capabilities(c, false);
	send_determination(c);
}

/* ---- what comes ---- */
static void on_determination(struct call *c, const struct pdu *p)
{
	struct control *h = &c->control;
	int64_t type = pdu_num(p, "request.masterSlaveDetermination.terminalType", 0);
	uint32_t number = (uint32_t)pdu_num(
		p, "request.masterSlaveDetermination.statusDeterminationNumber", 0);
	uint32_t step = (number - h->status_number) & 0xffffff; /* H.245 C.2 */

	control_start(c);
	if (type == TERMINAL_TYPE && (step == 0 || step == 0x800000)) {
		control_send(c, "{'response':{'masterSlaveDeterminationReject':{'cause':"
				"{'identicalNumbers':null}}}}");
		return;
	}
	h->is_master = type < TERMINAL_TYPE || (type == TERMINAL_TYPE && step < 0x800000);
	control_send(c, "{'response':{'masterSlaveDeterminationAck':{'decision':{'%s':null}}}}",
		h->is_master ? "slave" : "master");
}

static void on_determined(struct call *c, const struct pdu *p)
{
	const char *decision = pdu_choice(p, "response.masterSlaveDeterminationAck.decision");

	c->control.is_master = strcmp(decision, "master") == 0;
	if (!c->control.is_msd_done)
		say("determined", "'call':%u,'status':'%s'", c->id, decision);
	c->control.is_msd_done = true;
	channels_open(c);
}

static void on_capabilities(struct call *c, const struct pdu *p)
{
	struct control *h = &c->control;
	bool is_empty = !pdu_has(p, "request.terminalCapabilitySet.capabilityTable");
	bool was_paused = h->is_far_paused;

	control_start(c);
	control_send(c, "{'response':{'terminalCapabilitySetAck':{'sequenceNumber':%u}}}",
		(unsigned)pdu_num(p, "request.terminalCapabilitySet.sequenceNumber", 0));
	h->has_tcs = true;
	if (!is_empty)
		channel_choose_codec(c, p);
	h->is_far_paused = is_empty;
	if (is_empty && !was_paused) {
		say("held", "'call':%u", c->id);
		channels_close_ours(c);
	} else if (!is_empty && was_paused) {
		say("resumed", "'call':%u", c->id);
		h->is_msd_done = false; /* H.323 section 8.4.6: as at the begin of a call */
		send_capabilities(c, false);
		send_determination(c);
	}
	channels_open(c);
}

/* ---- the rest ---- */
static void on_round_trip(struct call *c, const struct pdu *p)
{
	control_send(c, "{'response':{'roundTripDelayResponse':{'sequenceNumber':%u}}}",
		(unsigned)pdu_num(p, "request.roundTripDelayRequest.sequenceNumber", 0));
}

static void on_round_trip_response(struct call *c, const struct pdu *p)
{
	if (pdu_num(p, "response.roundTripDelayResponse.sequenceNumber", 0) ==
		c->control.ping_number)
		say("round-trip", "'call':%u,'ms':%llu", c->id,
			(unsigned long long)(clock_ms() - c->control.pinged_ms));
}

static void on_mode_wish(struct call *c, const struct pdu *p)
{
	control_send(c,
		"{'response':{'requestModeReject':{'sequenceNumber':%u,'cause':"
		"{'requestDenied':null}}}}",
		(unsigned)pdu_num(p, "request.requestMode.sequenceNumber", 0));
}

static void on_tcs_ack(struct call *c, const struct pdu *p)
{
	if (pdu_num(p, "response.terminalCapabilitySetAck.sequenceNumber", 0) !=
		c->control.tcs_number)
		return;
	c->control.is_tcs_acked = true;
	channels_open(c);
}

static void on_determination_reject(struct call *c, const struct pdu *p)
{
	(void)p;
	send_determination(c);
}

static void on_end_session(struct call *c, const struct pdu *p)
{
	(void)p;
	say("end-session", "'call':%u", c->id);
	control_end(c);
}

static void on_user_input(struct call *c, const struct pdu *p)
{
	char text[64];

	pdu_utf8(p, "indication.userInput.signal.signalType", text, sizeof text);
	if (!*text)
		pdu_utf8(p, "indication.userInput.alphanumeric", text, sizeof text);
	say("digits", "'call':%u,'digits':'%s'", c->id, quoted(text));
}

static void on_not_understood(struct call *c, const struct pdu *p)
{
	(void)p;
	say("error", "'call':%u,'text':'the far end did not understand a message of H.245'", c->id);
}

static const struct {
	const char *kind, *name;
	void (*on)(struct call *c, const struct pdu *p);
} handlers[] = {
	{"request", "masterSlaveDetermination", on_determination},
	{"request", "terminalCapabilitySet", on_capabilities},
	{"request", "openLogicalChannel", channel_on_open},
	{"request", "closeLogicalChannel", channel_on_close},
	{"request", "requestChannelClose", channel_on_close_wish},
	{"request", "requestMode", on_mode_wish},
	{"request", "roundTripDelayRequest", on_round_trip},
	{"response", "roundTripDelayResponse", on_round_trip_response},
	{"response", "masterSlaveDeterminationAck", on_determined},
	{"response", "masterSlaveDeterminationReject", on_determination_reject},
	{"response", "terminalCapabilitySetAck", on_tcs_ack},
	{"response", "openLogicalChannelAck", channel_on_open_ack},
	{"response", "openLogicalChannelReject", channel_on_open_reject},
	{"response", "closeLogicalChannelAck", channel_on_close_ack},
	{"command", "endSessionCommand", on_end_session},
	{"indication", "userInput", on_user_input},
	{"indication", "functionNotUnderstood", on_not_understood},
};

static bool handle(struct call *c, const struct pdu *p, const char *kind, const char *name)
{
	for (size_t i = 0; i < sizeof handlers / sizeof handlers[0]; i++) {
		if (strcmp(kind, handlers[i].kind) != 0 || strcmp(name, handlers[i].name) != 0)
			continue;
		handlers[i].on(c, p);
		return true;
	}
	return false;
}

void control_take(struct call *c, struct str octets)
{
	const char *kind, *name;
	struct pdu p;

	if (c->control.is_ended || c->state == CALL_OVER)
		return;
	if (!pdu_read(&p, H245_MultimediaSystemControlMessage_T, octets)) {
		say("error", "'call':%u,'text':'H.245 that cannot be read','pdu':'%s'", c->id,
			hex_of(octets.p, octets.len));
		pdu_free(&p);
		return;
	}
	kind = pdu_choice(&p, "");
	name = pdu_choice(&p, kind);
	if (strncmp(name, "generic", 7) == 0)
		h239_take(c, &p, kind, name);
	else if (!handle(c, &p, kind, name))
		say("h245-message", "'call':%u,'kind':'%s','name':'%s'", c->id, kind, name);
	pdu_free(&p);
}

/* ---- on command ---- */
void control_digits(struct call *c, const char *digits)
{
	for (; *digits; digits++)
		control_send(c,
			"{'indication':{'userInput':{'signal':{'signalType':'%c','duration':200}}}"
			"}",
			*digits);
}

void control_ping(struct call *c)
{
	c->control.pinged_ms = clock_ms();
	control_send(c, "{'request':{'roundTripDelayRequest':{'sequenceNumber':%u}}}",
		++c->control.ping_number);
}

/* Any message, as its text. */
void control_say(struct call *c, const char *text)
{
	struct pdu p;

	if (pdu_try(&p, H245_MultimediaSystemControlMessage_T, text))
		control_send_text(c, text);
	else
		say("error", "'text':'not a message of H.245'");
	pdu_free(&p);
}

/* ---- a connection of its own ---- */
static void on_frame(void *arg, struct str frame)
{
	if (frame.len)
		control_take(arg, frame);
}

static void on_link_end(void *arg, const char *why)
{
	struct call *c = arg;

	c->control.link = NULL;
	say("h245-closed", "'call':%u,'text':'%s'", c->id, why);
}

static void adopt(struct call *c, struct link *k)
{
	k->on_frame = on_frame;
	k->on_end = on_link_end;
	k->arg = c;
	c->control.link = k;
	c->control.is_separate = true;
	control_start(c);
	flush(c);
}

static void on_accept(void *arg)
{
	struct call *c = arg;
	struct sockaddr_storage s;
	socklen_t n = sizeof s;
	int fd = accept4(
		c->control.listener.fd, (struct sockaddr *)&s, &n, SOCK_NONBLOCK | SOCK_CLOEXEC);
	struct addr from;
	char text[ADDR_TEXT_SIZE];

	if (fd < 0)
		return;
	from = net_get(&s);
	loop_forget(&c->e->loop, &c->control.listener);
	if (c->control.link && c->is_caller) { /* both dialled: the caller's stays */
		close(fd);
		return;
	}
	if (c->control.link) {
		link_close(c->control.link);
		c->control.is_started = false;
	}
	say("h245", "'call':%u,'from':'%s'", c->id, addr_put(&from, text));
	adopt(c, link_of(&c->e->loop, fd, &from, false));
}

void control_listen(struct call *c)
{
	struct addr a = addr_with_port(&c->e->o.local, c->e->o.h245_port);
	int fd;

	if (c->control.listener.slot || c->control.link)
		return;
	if ((fd = net_listen(&a)) < 0) {
		say("error", "'call':%u,'text':'no listener for H.245'", c->id);
		return;
	}
	c->control.listener =
		(struct watch){.fd = fd, .want = POLLIN, .on_ready = on_accept, .arg = c};
	loop_watch(&c->e->loop, &c->control.listener);
}

/* H.460.18 section 11: the first message on a connection that we opened to a server says whose it is. */
static void indicate(struct call *c)
{
	control_send(c,
		"{'indication':{'genericIndication':{'messageIdentifier':{'standard':"
		"'0.0.8.460.18.0.1'},'subMessageIdentifier':1,'messageContent':[{"
		"'parameterIdentifier':{'standard':1},'parameterValue':{'octetString':'%s'}}%s]}}}",
		hex_of(c->guid, sizeof c->guid),
		c->is_caller ? ""
			     : ",{'parameterIdentifier':{'standard':2},'parameterValue':"
			       "{'logical':null}}");
}

void control_dial(struct call *c, const struct addr *to)
{
	struct addr from = addr_with_port(&c->e->o.local, 0);
	char text[ADDR_TEXT_SIZE];
	int fd;

	if (c->control.link)
		return;
	if ((fd = net_dial(&from, to)) < 0) {
		say("error", "'call':%u,'text':'cannot connect for H.245'", c->id);
		return;
	}
	say("h245", "'call':%u,'to':'%s'", c->id, addr_put(to, text));
	c->control.is_separate = true;
	if (c->e->o.has_18)
		indicate(c);
	adopt(c, link_of(&c->e->loop, fd, to, true));
}

void control_end(struct call *c)
{
	if (c->control.is_ended || !c->control.is_started)
		return;
	control_send(c, "{'command':{'endSessionCommand':{'disconnect':null}}}");
	c->control.is_ended = true;
}

void control_close(struct call *c)
{
	struct control *h = &c->control;

	link_close(h->link);
	loop_forget(&c->e->loop, &h->listener);
	for (unsigned i = 0; i < h->n_out; i++)
		free((void *)(uintptr_t)h->out[i].p);
	*h = (struct control){0};
}

void control_pause(struct call *c, bool is_on)
{
	send_capabilities(c, is_on);
	if (!is_on)
		send_determination(c);
}
