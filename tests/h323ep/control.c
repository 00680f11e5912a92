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

#include "endpoint.h"

#define PDU_MAX       4096
#define TERMINAL_TYPE 50

static const char *const kinds[] = {"audio", "video", "content"};

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

static void send_text(struct call *c, const char *text)
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

PRINTF(2, 3) static void send_pdu(struct call *c, const char *fmt, ...)
{
	char text[PDU_TEXT_MAX];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	send_text(c, text);
}

/* ---- capabilities ---- */
static const char multipoint[] =
	"{'multicastCapability':false,'multiUniCastConference':false,'mediaDistributionCapability':"
	"[{'centralizedControl':false,'distributedControl':false,'centralizedAudio':false,"
	"'distributedAudio':false,'centralizedVideo':false,'distributedVideo':false}]}";
static const char *const codecs[] = {"g711Alaw64k", "g711Ulaw64k"}; /* by flow->is_ulaw */
/* H.241 table 8: profile 64 = baseline, level 29 = 1.3; maxBitRate in 100 bit/s */
static const char h264[] =
	"{'genericVideoCapability':{'capabilityIdentifier':{'standard':'0.0.8.241.0.0.1'},"
	"'maxBitRate':3840,'collapsing':[{'parameterIdentifier':{'standard':41},'parameterValue':"
	"{'booleanArray':64}},{'parameterIdentifier':{'standard':42},'parameterValue':"
	"{'unsignedMin':29}}]}}";
/* H.239 section 6: the role of the channel is presentation */
static const char role[] =
	"[{'capabilityIdentifier':{'standard':'0.0.8.239.1.2'},'collapsing':[{"
	"'parameterIdentifier':{'standard':1},'parameterValue':{'booleanArray':1}}]}]";

static void data_type(const struct flow *f, struct wr *w)
{
	if (f->kind == AUDIO)
		wr_printf(w, "{'audioData':{'%s':20}}", codecs[f->is_ulaw]);
	else if (f->kind == VIDEO)
		wr_printf(w, "{'videoData':%s}", h264);
	else
		wr_printf(w,
			"{'videoData':{'extendedVideoCapability':{'videoCapability':[%s],"
			"'videoCapabilityExtension':%s}}}",
			h264, role);
}

/* Entries 1 and 2: what we receive, the codec that we prefer first. */
static void put_audio(const struct call *c, struct wr *w)
{
	const struct options *o = &c->e->o;

	wr_printf(w,
		"{'capabilityTableEntryNumber':1,'capability':{'receiveAudioCapability':"
		"{'%s':20}}}",
		codecs[o->is_ulaw]);
	if (!o->has_one_codec)
		wr_printf(w,
			",{'capabilityTableEntryNumber':2,'capability':{'receiveAudioCapability':"
			"{'%s':20}}}",
			codecs[!o->is_ulaw]);
}

static void put_table(const struct call *c, struct wr *w)
{
	const struct options *o = &c->e->o;

	wr_printf(w, "'capabilityTable':[");
	put_audio(c, w);
	wr_printf(w, ",{'capabilityTableEntryNumber':3,'capability':{'receiveUserInputCapability':"
		     "{'dtmf':null}}}");
	if (o->has_video)
		wr_printf(w,
			",{'capabilityTableEntryNumber':4,'capability':{'receiveVideoCapability':"
			"%s}},{'capabilityTableEntryNumber':5,'capability':"
			"{'receiveVideoCapability':{'extendedVideoCapability':{"
			"'videoCapability':[%s],'videoCapabilityExtension':%s}}}},"
			"{'capabilityTableEntryNumber':6,'capability':{'genericControlCapability':"
			"{'capabilityIdentifier':{'standard':'0.0.8.239.1.1'}}}}",
			h264, h264, role);
	wr_printf(w,
		"],'capabilityDescriptors':[{'capabilityDescriptorNumber':1,"
		"'simultaneousCapabilities':[[%s],[3]%s]}]",
		o->has_one_codec ? "1" : "1,2", o->has_video ? ",[4],[5],[6]" : "");
}

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
		put_table(c, &w);
	}
	wr_printf(&w, "}}}");
	wr_u8(&w, 0);
	if (w.err != OK)
		abort();
	c->control.is_tcs_acked = false;
	send_text(c, text);
}

static void send_determination(struct call *c)
{
	random_octets(&c->control.status_number, sizeof c->control.status_number);
	c->control.status_number &= 0xffffff;
	send_pdu(c,
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

/* ---- channels ---- */
static struct channel *channel_find(struct call *c, uint16_t number, bool is_ours)
{
	for (unsigned i = 0; i < CHANNELS_MAX; i++) {
		struct channel *ch = &c->control.channels[i];

		if (ch->state != CHANNEL_NONE && ch->number == number && ch->is_ours == is_ours)
			return ch;
	}
	return NULL;
}

static struct channel *channel_to(struct call *c, enum kind kind)
{
	for (unsigned i = 0; i < CHANNELS_MAX; i++) {
		struct channel *ch = &c->control.channels[i];

		if (ch->state != CHANNEL_NONE && ch->is_ours && ch->flow->kind == kind)
			return ch;
	}
	return NULL;
}

static struct channel *channel_make(
	struct call *c, uint16_t number, bool is_ours, struct flow *f, enum channel_state state)
{
	struct channel *ch = channel_find(c, number, is_ours);

	for (unsigned i = 0; i < CHANNELS_MAX && !ch; i++)
		if (c->control.channels[i].state == CHANNEL_NONE)
			ch = &c->control.channels[i];
	if (!ch)
		abort();
	*ch = (struct channel){.state = state, .is_ours = is_ours, .number = number, .flow = f};
	return ch;
}

static void told(const struct channel *ch, const char *event)
{
	char far_rtp[ADDR_TEXT_SIZE], far_rtcp[ADDR_TEXT_SIZE];
	const struct flow *f = ch->flow;

	say(event,
		"'call':%u,'channel':'%s','direction':'%s','number':%u,'port':%u,'rtp':'%s',"
		"'rtcp':'%s','payload_type':%u",
		f->call->id, kinds[f->kind], ch->is_ours ? "send" : "receive", ch->number,
		flow_local(f, false).port, addr_put(&f->to_rtp, far_rtp),
		addr_put(&f->to_rtcp, far_rtcp),
		ch->is_ours ? f->payload_type : f->far_payload_type);
}

static void put_session(const struct call *c, const struct flow *f, struct wr *w)
{
	/* H.245 B.3: who is slave leaves the number of a further session to the master */
	unsigned session = f->kind == CONTENT && !c->control.is_master ? 0 : f->session;

	wr_printf(w, "'sessionID':%u,'mediaGuaranteedDelivery':false,", session);
}

/* The parameters of a channel in which we send; media: also where we receive (a reverse one). */
static void put_parameters(struct call *c, struct flow *f, bool has_media, struct wr *w)
{
	struct addr rtp = flow_local(f, false), rtcp = flow_local(f, true);

	wr_printf(w, "{'h2250LogicalChannelParameters':{");
	put_session(c, f, w);
	if (has_media)
		wr_printf(w, "'mediaChannel':%s,", address245(&rtp));
	wr_printf(w, "'mediaControlChannel':%s", address245(&rtcp));
	if (f->kind == AUDIO)
		wr_printf(w, ",'silenceSuppression':false");
	else
		wr_printf(w, ",'dynamicRTPPayloadType':%u",
			has_media ? f->far_payload_type : f->payload_type);
	wr_printf(w, "}}");
}

static void put_forward(
	struct call *c, struct flow *f, uint16_t number, bool has_media, struct wr *w)
{
	wr_printf(w,
		"{'forwardLogicalChannelNumber':%u,'forwardLogicalChannelParameters':{'dataType':",
		number);
	data_type(f, w);
	wr_printf(w, ",'multiplexParameters':");
	put_parameters(c, f, has_media, w);
	wr_printf(w, "}");
	mux_put(f, has_media, w);
	wr_printf(w, "}");
}

/* has_media: our offer says where we listen; an answer says where we send our reports from. */
static void put_reverse(
	struct call *c, struct flow *f, uint16_t number, bool has_media, struct wr *w)
{
	wr_printf(w,
		"{'forwardLogicalChannelNumber':%u,'forwardLogicalChannelParameters':{'dataType':"
		"{'nullData':null},'multiplexParameters':{'none':null}},"
		"'reverseLogicalChannelParameters':{'dataType':",
		number);
	data_type(f, w);
	wr_printf(w, ",'multiplexParameters':");
	put_parameters(c, f, has_media, w);
	wr_printf(w, "}");
	mux_put(f, !has_media, w);
	wr_printf(w, "}");
}

static void ask_channel(struct call *c, enum kind kind)
{
	struct flow *f = flow_of(c, kind);
	char text[PDU_TEXT_MAX];
	struct wr w = wr_of(text, sizeof text);
	struct channel *ch;

	if (channel_to(c, kind))
		return;
	ch = channel_make(c, (uint16_t)(101 + c->control.next_number++), true, f, CHANNEL_ASKED);
	wr_printf(&w, "{'request':{'openLogicalChannel':");
	put_forward(c, f, ch->number, false, &w);
	wr_printf(&w, "}}");
	wr_u8(&w, 0);
	send_text(c, text);
}

static void open_channels(struct call *c)
{
	struct control *h = &c->control;

	if (!h->has_tcs || !h->is_tcs_acked || !h->is_msd_done || h->is_far_paused)
		return;
	ask_channel(c, AUDIO);
	if (c->e->o.has_video)
		ask_channel(c, VIDEO);
	if (h->is_presenting)
		ask_channel(c, CONTENT);
}

static void close_channel(struct call *c, struct channel *ch)
{
	if (ch->state != CHANNEL_ASKED && ch->state != CHANNEL_OPEN)
		return;
	ch->state = CHANNEL_CLOSING;
	flow_send(ch->flow, false);
	send_pdu(c,
		"{'request':{'closeLogicalChannel':{'forwardLogicalChannelNumber':%u,"
		"'source':{'lcse':null},'reason':{'unknown':null}}}}",
		ch->number);
}

static void close_ours(struct call *c)
{
	for (unsigned i = 0; i < CHANNELS_MAX; i++)
		if (c->control.channels[i].is_ours)
			close_channel(c, &c->control.channels[i]);
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
		send_pdu(c, "{'response':{'masterSlaveDeterminationReject':{'cause':"
			    "{'identicalNumbers':null}}}}");
		return;
	}
	h->is_master = type < TERMINAL_TYPE || (type == TERMINAL_TYPE && step < 0x800000);
	send_pdu(c, "{'response':{'masterSlaveDeterminationAck':{'decision':{'%s':null}}}}",
		h->is_master ? "slave" : "master");
}

static void on_determined(struct call *c, const struct pdu *p)
{
	const char *decision = pdu_choice(p, "response.masterSlaveDeterminationAck.decision");

	c->control.is_master = strcmp(decision, "master") == 0;
	if (!c->control.is_msd_done)
		say("determined", "'call':%u,'status':'%s'", c->id, decision);
	c->control.is_msd_done = true;
	open_channels(c);
}

/* What the far end receives: our preference if it is there, else the other law. */
static void choose_codec(struct call *c, const struct pdu *p)
{
	struct flow *f = flow_of(c, AUDIO);
	bool has_law[2] = {false, false};
	char path[160];

	for (unsigned i = 0; i < 32; i++)
		for (unsigned u = 0; u < 2; u++) {
			(void)snprintf(path, sizeof path,
				"request.terminalCapabilitySet.capabilityTable.%u.capability."
				"receiveAudioCapability.%s",
				i, codecs[u]);
			has_law[u] |= pdu_has(p, path);
		}
	if (!channel_to(c, AUDIO) && has_law[!c->e->o.is_ulaw] && !has_law[c->e->o.is_ulaw])
		flow_law(f, !c->e->o.is_ulaw);
}

static void on_capabilities(struct call *c, const struct pdu *p)
{
	struct control *h = &c->control;
	bool is_empty = !pdu_has(p, "request.terminalCapabilitySet.capabilityTable");
	bool was_paused = h->is_far_paused;

	control_start(c);
	send_pdu(c, "{'response':{'terminalCapabilitySetAck':{'sequenceNumber':%u}}}",
		(unsigned)pdu_num(p, "request.terminalCapabilitySet.sequenceNumber", 0));
	h->has_tcs = true;
	if (!is_empty)
		choose_codec(c, p);
	h->is_far_paused = is_empty;
	if (is_empty && !was_paused) {
		say("held", "'call':%u", c->id);
		close_ours(c);
	} else if (!is_empty && was_paused) {
		say("resumed", "'call':%u", c->id);
		h->is_msd_done = false; /* H.323 section 8.4.6: as at the begin of a call */
		send_capabilities(c, false);
		send_determination(c);
	}
	open_channels(c);
}

/* G.711 of this law, in the data type at a path? */
static bool is_law(const struct pdu *p, const char *data, bool is_ulaw)
{
	char path[160];

	(void)snprintf(path, sizeof path, "%s.audioData.%s", data, codecs[is_ulaw]);
	return pdu_has(p, path);
}

/* Which of ours a channel of the far end is; false: none. */
static bool kind_of(const struct pdu *p, const char *data, enum kind *ret)
{
	char path[160];

	*ret = AUDIO;
	if (is_law(p, data, false) || is_law(p, data, true))
		return true;
	(void)snprintf(path, sizeof path, "%s.videoData.extendedVideoCapability", data);
	*ret = pdu_has(p, path) ? CONTENT : VIDEO;
	(void)snprintf(path, sizeof path, "%s.videoData", data);
	return pdu_has(p, path);
}

static void take_mux(struct flow *f, const struct pdu *p, const char *list)
{
	char path[160];

	for (unsigned i = 0; i < 8; i++) {
		(void)snprintf(path, sizeof path, "%s.%u.messageIdentifier.standard", list, i);
		if (!oid_is(&p->tree, pdu_at(p, 0, path), "0.0.8.460.19.0.1"))
			continue;
		(void)snprintf(path, sizeof path,
			"%s.%u.messageContent.0.parameterValue.octetString", list, i);
		mux_took(f, pdu_str(p, path));
	}
}

#define FORWARD "forwardLogicalChannelParameters"
#define H2250   "multiplexParameters.h2250LogicalChannelParameters"

static void take_address(const struct pdu *p, const char *path, struct addr *to)
{
	struct addr a;

	if (h245_addr(&p->tree, pdu_at(p, 0, path), &a))
		*to = a;
}

static void acknowledge(struct call *c, struct channel *ch)
{
	struct flow *f = ch->flow;
	struct addr rtp = flow_local(f, false), rtcp = flow_local(f, true);
	char text[PDU_TEXT_MAX];
	struct wr w = wr_of(text, sizeof text);

	wr_printf(&w,
		"{'response':{'openLogicalChannelAck':{'forwardLogicalChannelNumber':%u,"
		"'forwardMultiplexAckParameters':{'h2250LogicalChannelAckParameters':{"
		"'sessionID':%u,'mediaChannel':%s,'mediaControlChannel':%s",
		ch->number, f->session, address245(&rtp), address245(&rtcp));
	if (f->kind != AUDIO)
		wr_printf(&w, ",'dynamicRTPPayloadType':%u", f->far_payload_type);
	wr_printf(&w, "}}");
	mux_put(f, true, &w);
	wr_printf(&w, "}}}");
	wr_u8(&w, 0);
	send_text(c, text);
	mux_alive(f);
}

static void on_open(struct call *c, const struct pdu *p)
{
	uint16_t number =
		(uint16_t)pdu_num(p, "request.openLogicalChannel.forwardLogicalChannelNumber", 0);
	struct channel *ch;
	struct flow *f;
	enum kind kind;
	int64_t session;

	if (!kind_of(p, "request.openLogicalChannel." FORWARD ".dataType", &kind)) {
		send_pdu(c,
			"{'response':{'openLogicalChannelReject':{'forwardLogicalChannelNumber':"
			"%u,'cause':{'dataTypeNotSupported':null}}}}",
			number);
		return;
	}
	f = flow_of(c, kind);
	if ((session = pdu_num(
		     p, "request.openLogicalChannel." FORWARD "." H2250 ".sessionID", 0)) > 0)
		f->session = (unsigned)session;
	if (kind == AUDIO)
		f->far_payload_type =
			is_law(p, "request.openLogicalChannel." FORWARD ".dataType", true) ? 0 : 8;
	f->far_payload_type = (uint8_t)pdu_num(p,
		"request.openLogicalChannel." FORWARD "." H2250 ".dynamicRTPPayloadType",
		f->far_payload_type);
	if (!f->to_rtcp.port)
		take_address(p,
			"request.openLogicalChannel." FORWARD "." H2250 ".mediaControlChannel",
			&f->to_rtcp);
	take_mux(f, p, "request.openLogicalChannel.genericInformation");
	ch = channel_make(c, number, false, f, CHANNEL_OPEN);
	acknowledge(c, ch);
	told(ch, "channel-open");
}

static void on_open_ack(struct call *c, const struct pdu *p)
{
	uint16_t number = (uint16_t)pdu_num(
		p, "response.openLogicalChannelAck.forwardLogicalChannelNumber", 0);
	struct channel *ch = channel_find(c, number, true);
	struct flow *f;

	if (!ch || ch->state != CHANNEL_ASKED)
		return;
	f = ch->flow;
#define ACK                                                                                        \
	"response.openLogicalChannelAck.forwardMultiplexAckParameters."                            \
	"h2250LogicalChannelAckParameters"
	take_address(p, ACK ".mediaChannel", &f->to_rtp);
	take_address(p, ACK ".mediaControlChannel", &f->to_rtcp);
	f->session = (unsigned)pdu_num(p, ACK ".sessionID", f->session);
	f->payload_type = (uint8_t)pdu_num(p, ACK ".dynamicRTPPayloadType", f->payload_type);
	take_mux(f, p, "response.openLogicalChannelAck.genericInformation");
	ch->state = CHANNEL_OPEN;
	told(ch, "channel-open");
	mux_alive(f);
	flow_send(f, true);
}

static void on_open_reject(struct call *c, const struct pdu *p)
{
	uint16_t number = (uint16_t)pdu_num(
		p, "response.openLogicalChannelReject.forwardLogicalChannelNumber", 0);
	struct channel *ch = channel_find(c, number, true);

	if (!ch)
		return;
	say("channel-refused", "'call':%u,'channel':'%s','reason':'%s'", c->id,
		kinds[ch->flow->kind], pdu_choice(p, "response.openLogicalChannelReject.cause"));
	ch->state = CHANNEL_NONE;
}

static void on_close(struct call *c, const struct pdu *p)
{
	uint16_t number =
		(uint16_t)pdu_num(p, "request.closeLogicalChannel.forwardLogicalChannelNumber", 0);
	struct channel *ch = channel_find(c, number, false);

	send_pdu(c, "{'response':{'closeLogicalChannelAck':{'forwardLogicalChannelNumber':%u}}}",
		number);
	if (!ch)
		return;
	told(ch, "channel-closed");
	ch->state = CHANNEL_NONE;
}

static void on_close_ack(struct call *c, const struct pdu *p)
{
	struct channel *ch = channel_find(c,
		(uint16_t)pdu_num(
			p, "response.closeLogicalChannelAck.forwardLogicalChannelNumber", 0),
		true);

	if (!ch)
		return;
	told(ch, "channel-closed");
	ch->state = CHANNEL_NONE;
}

/* The far end would like a channel of ours closed: we always do. */
static void on_close_wish(struct call *c, const struct pdu *p)
{
	uint16_t number =
		(uint16_t)pdu_num(p, "request.requestChannelClose.forwardLogicalChannelNumber", 0);
	struct channel *ch = channel_find(c, number, true);

	send_pdu(c, "{'response':{'requestChannelCloseAck':{'forwardLogicalChannelNumber':%u}}}",
		number);
	if (ch)
		close_channel(c, ch);
}

/* ---- H.239: the token of the second video ---- */
/* H.239 table 13: 1 flowControlRelease 3 presentationTokenRequest, 4 its response, 5 release, 6 owner */
static void send_token(
	struct call *c, const char *what, unsigned sub, const char *more, unsigned number)
{
	bool is_request = strcmp(what, "request") == 0, is_response = strcmp(what, "response") == 0;

	send_pdu(c,
		"{'%s':{'%s':{'messageIdentifier':{'standard':'0.0.8.239.2'},"
		"'subMessageIdentifier':%u,'messageContent':[%s{'parameterIdentifier':"
		"{'standard':44},'parameterValue':{'unsignedMin':0}},{'parameterIdentifier':"
		"{'standard':42},'parameterValue':{'unsignedMin':%u}}]}}}",
		what,
		is_request    ? "genericRequest"
		: is_response ? "genericResponse"
			      : "genericCommand",
		sub, more, number);
}

void control_present(struct call *c, bool is_on)
{
	struct channel *ch = channel_to(c, CONTENT);
	unsigned number = ch ? ch->number : 101;

	if (is_on) {
		send_token(c, "request", 3,
			"{'parameterIdentifier':{'standard':43},'parameterValue':"
			"{'unsignedMin':5}},",
			101u + c->control.next_number);
		return;
	}
	c->control.is_presenting = false;
	if (ch)
		close_channel(c, ch);
	send_token(c, "command", 5, "", number);
}

/* The channel that a message about the token names. */
static unsigned token_channel(const struct pdu *p, const char *root, const char *name)
{
	char path[120];

	for (unsigned i = 0; i < 8; i++) {
		(void)snprintf(path, sizeof path,
			"%s.%s.messageContent.%u.parameterIdentifier.standard", root, name, i);
		if (pdu_num(p, path, 0) != 42)
			continue;
		(void)snprintf(path, sizeof path,
			"%s.%s.messageContent.%u.parameterValue.unsignedMin", root, name, i);
		return (unsigned)pdu_num(p, path, 0);
	}
	return 0;
}

static void on_generic(struct call *c, const struct pdu *p, const char *root, const char *name)
{
	char path[120];
	int64_t sub;

	(void)snprintf(path, sizeof path, "%s.%s.messageIdentifier.standard", root, name);
	if (!oid_is(&p->tree, pdu_at(p, 0, path), "0.0.8.239.2"))
		return;
	(void)snprintf(path, sizeof path, "%s.%s.subMessageIdentifier", root, name);
	sub = pdu_num(p, path, 0);
	if (strcmp(root, "request") == 0 && sub == 3) {
		say("presents", "'call':%u,'who':'far'", c->id);
		send_token(c, "response", 4,
			"{'parameterIdentifier':{'standard':126},'parameterValue':"
			"{'logical':null}},",
			token_channel(p, root, name));
	} else if (strcmp(root, "response") == 0 && sub == 4) {
		bool is_given = false;

		for (unsigned i = 0; i < 8; i++) {
			(void)snprintf(path, sizeof path,
				"%s.%s.messageContent.%u.parameterIdentifier.standard", root, name,
				i);
			is_given |= pdu_num(p, path, 0) == 126;
		}
		say("token", "'call':%u,'granted':%s", c->id, is_given ? "true" : "false");
		c->control.is_presenting = is_given;
		open_channels(c);
	} else if (strcmp(root, "command") == 0 && sub == 5) {
		say("presents", "'call':%u,'who':'nobody'", c->id);
	}
}

/* ---- the rest ---- */
static void on_round_trip(struct call *c, const struct pdu *p)
{
	send_pdu(c, "{'response':{'roundTripDelayResponse':{'sequenceNumber':%u}}}",
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
	send_pdu(c,
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
	open_channels(c);
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
	{"request", "openLogicalChannel", on_open},
	{"request", "closeLogicalChannel", on_close},
	{"request", "requestChannelClose", on_close_wish},
	{"request", "requestMode", on_mode_wish},
	{"request", "roundTripDelayRequest", on_round_trip},
	{"response", "roundTripDelayResponse", on_round_trip_response},
	{"response", "masterSlaveDeterminationAck", on_determined},
	{"response", "masterSlaveDeterminationReject", on_determination_reject},
	{"response", "terminalCapabilitySetAck", on_tcs_ack},
	{"response", "openLogicalChannelAck", on_open_ack},
	{"response", "openLogicalChannelReject", on_open_reject},
	{"response", "closeLogicalChannelAck", on_close_ack},
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
		on_generic(c, &p, kind, name);
	else if (!handle(c, &p, kind, name))
		say("h245-message", "'call':%u,'kind':'%s','name':'%s'", c->id, kind, name);
	pdu_free(&p);
}

/* ---- on command ---- */
void control_digits(struct call *c, const char *digits)
{
	for (; *digits; digits++)
		send_pdu(c,
			"{'indication':{'userInput':{'signal':{'signalType':'%c','duration':200}}}"
			"}",
			*digits);
}

void control_ping(struct call *c)
{
	c->control.pinged_ms = clock_ms();
	send_pdu(c, "{'request':{'roundTripDelayRequest':{'sequenceNumber':%u}}}",
		++c->control.ping_number);
}

/* Any message, as its text. */
void control_say(struct call *c, const char *text)
{
	struct pdu p;

	if (pdu_try(&p, H245_MultimediaSystemControlMessage_T, text))
		send_text(c, text);
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
	send_pdu(c,
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
	send_pdu(c, "{'command':{'endSessionCommand':{'disconnect':null}}}");
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

/* ---- fast start (H.323 section 8.1.7) ---- */
static void put_element(struct wr *w, const char *text, bool is_first)
{
	char hex[2 * PDU_MAX];

	pdu_hex(H245_OpenLogicalChannel_T, text, hex, sizeof hex);
	wr_printf(w, "%s'%s'", is_first ? "" : ",", hex);
}

/* Our audio in both directions, as forward and reverse channel, of one law. */
static void offer_law(struct call *c, bool is_ulaw, bool is_first, struct wr *w)
{
	struct flow *f = flow_of(c, AUDIO);
	uint16_t number = (uint16_t)(101 + c->control.next_number++);
	char text[PDU_TEXT_MAX];
	struct wr x = wr_of(text, sizeof text);

	flow_law(f, is_ulaw);
	(void)channel_make(c, number, true, f, CHANNEL_ASKED);
	put_forward(c, f, number, false, &x);
	wr_u8(&x, 0);
	put_element(w, text, is_first);
	x = wr_of(text, sizeof text);
	put_reverse(c, f, (uint16_t)(number + 100), true, &x);
	wr_u8(&x, 0);
	put_element(w, text, false);
}

void control_offer(struct call *c, struct wr *w)
{
	offer_law(c, c->e->o.is_ulaw, true, w);
	if (!c->e->o.has_one_codec)
		offer_law(c, !c->e->o.is_ulaw, false, w);
	flow_law(flow_of(c, AUDIO), c->e->o.is_ulaw);
}

/* The others that were proposed are void. */
static void forget_proposals(struct call *c)
{
	for (unsigned i = 0; i < CHANNELS_MAX; i++)
		if (c->control.channels[i].state == CHANNEL_ASKED)
			c->control.channels[i].state = CHANNEL_NONE;
}

static void answer_forward(struct call *c, const struct pdu *p, struct wr *w, bool is_first)
{
	struct flow *f = flow_of(c, AUDIO);
	char text[PDU_TEXT_MAX];
	struct wr x = wr_of(text, sizeof text);
	uint16_t number = (uint16_t)pdu_num(p, "forwardLogicalChannelNumber", 0);
	struct channel *ch = channel_make(c, number, false, f, CHANNEL_OPEN);

	bool own = f->is_ulaw, is_ulaw = is_law(p, FORWARD ".dataType", true);

	if (!f->to_rtcp.port)
		take_address(p, FORWARD "." H2250 ".mediaControlChannel", &f->to_rtcp);
	f->far_payload_type = is_ulaw ? 0 : 8;
	flow_law(f, is_ulaw); /* for the element alone: it is the far end that sends */
	put_forward(c, f, number, true, &x);
	flow_law(f, own);
	wr_u8(&x, 0);
	put_element(w, text, is_first);
	told(ch, "channel-open");
}

static void answer_reverse(struct call *c, const struct pdu *p, struct wr *w, bool is_first)
{
	struct flow *f = flow_of(c, AUDIO);
	char text[PDU_TEXT_MAX];
	struct wr x = wr_of(text, sizeof text);
	uint16_t number = (uint16_t)(101 + c->control.next_number++);
	struct channel *ch = channel_make(c, number, true, f, CHANNEL_OPEN);

	flow_law(f, is_law(p, "reverseLogicalChannelParameters.dataType", true));
	take_address(p, "reverseLogicalChannelParameters." H2250 ".mediaChannel", &f->to_rtp);
	take_address(
		p, "reverseLogicalChannelParameters." H2250 ".mediaControlChannel", &f->to_rtcp);
	put_reverse(c, f, number, false, &x);
	wr_u8(&x, 0);
	put_element(w, text, is_first);
	told(ch, "channel-open");
	mux_alive(f);
	flow_send(f, true);
}

/* The Connect held none: the channels proposed are void. */
void control_no_fast_start(struct call *c)
{
	if (c->e->o.has_fast_start)
		forget_proposals(c);
	open_channels(c);
}

static bool read_element(const char *hex, uint8_t *octets, size_t size, struct pdu *p)
{
	size_t n = strlen(hex) / 2;

	if (n > size || str_hex(str_of(hex), octets, n) != OK) {
		*p = (struct pdu){0};
		return false;
	}
	return pdu_read(p, H245_OpenLogicalChannel_T, (struct str){(const char *)octets, n});
}

static bool is_acceptable(const struct call *c, const struct pdu *p, const char *data)
{
	const struct options *o = &c->e->o;

	return is_law(p, data, o->is_ulaw) || (!o->has_one_codec && is_law(p, data, !o->is_ulaw));
}

bool control_answer(struct call *c, struct wr *w)
{
	bool has_forward = false, has_reverse = false;
	uint8_t octets[512];

	for (unsigned i = 0; i < c->n_fast; i++) {
		struct pdu p;
		bool is_read = read_element(c->fast[i], octets, sizeof octets, &p);

		if (is_read && !has_forward && is_acceptable(c, &p, FORWARD ".dataType")) {
			take_mux(flow_of(c, AUDIO), &p, "genericInformation");
			answer_forward(c, &p, w, !has_reverse);
			has_forward = true;
		} else if (is_read && !has_reverse &&
			   is_acceptable(c, &p, "reverseLogicalChannelParameters.dataType")) {
			take_mux(flow_of(c, AUDIO), &p, "genericInformation");
			answer_reverse(c, &p, w, !has_forward);
			has_reverse = true;
		}
		pdu_free(&p);
	}
	return has_forward || has_reverse;
}

/* Seen from the caller, as we are when we hear it. */
void control_took(struct call *c, const char *hex)
{
	uint8_t octets[512];
	struct pdu p;
	struct channel *ch;
	struct flow *f = flow_of(c, AUDIO);
	enum kind kind;

	if (!read_element(hex, octets, sizeof octets, &p)) {
		say("error", "'call':%u,'text':'a fastStart that cannot be read'", c->id);
	} else if (kind_of(&p, FORWARD ".dataType", &kind) && (ch = channel_to(c, AUDIO))) {
		take_address(&p, FORWARD "." H2250 ".mediaChannel", &f->to_rtp);
		take_address(&p, FORWARD "." H2250 ".mediaControlChannel", &f->to_rtcp);
		take_mux(f, &p, "genericInformation");
		flow_law(f, is_law(&p, FORWARD ".dataType", true));
		ch->state = CHANNEL_OPEN;
		forget_proposals(c);
		told(ch, "channel-open");
		mux_alive(f);
		flow_send(f, true);
	} else if (kind_of(&p, "reverseLogicalChannelParameters.dataType", &kind)) {
		take_address(&p, "reverseLogicalChannelParameters." H2250 ".mediaControlChannel",
			&f->to_rtcp);
		take_mux(f, &p, "genericInformation");
		f->far_payload_type =
			is_law(&p, "reverseLogicalChannelParameters.dataType", true) ? 0 : 8;
		ch = channel_make(c, (uint16_t)pdu_num(&p, "forwardLogicalChannelNumber", 0), false,
			f, CHANNEL_OPEN);
		told(ch, "channel-open");
	}
	pdu_free(&p);
}
