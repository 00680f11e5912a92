/* channel.c - logical channels of H.245: what they are said to be, opened, closed, and what a message says of
 * one.
 *
 * A channel has a direction and a flow; the flow is one for both directions of a kind of media. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control.h"

static const char *const kinds[] = {"audio", "video", "content"};

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

void channel_put_table(const struct call *c, struct wr *w)
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

struct channel *channel_to(struct call *c, enum kind kind)
{
	for (unsigned i = 0; i < CHANNELS_MAX; i++) {
		struct channel *ch = &c->control.channels[i];

		if (ch->state != CHANNEL_NONE && ch->is_ours && ch->flow->kind == kind)
			return ch;
	}
	return NULL;
}

struct channel *channel_make(
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

void channel_told(const struct channel *ch, const char *event)
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

void channel_put_forward(
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
void channel_put_reverse(
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
	channel_put_forward(c, f, ch->number, false, &w);
	wr_printf(&w, "}}");
	wr_u8(&w, 0);
	control_send_text(c, text);
}

void channels_open(struct call *c)
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

void channel_close(struct call *c, struct channel *ch)
{
	if (ch->state != CHANNEL_ASKED && ch->state != CHANNEL_OPEN)
		return;
	ch->state = CHANNEL_CLOSING;
	flow_send(ch->flow, false);
	control_send(c,
		"{'request':{'closeLogicalChannel':{'forwardLogicalChannelNumber':%u,"
		"'source':{'lcse':null},'reason':{'unknown':null}}}}",
		ch->number);
}

void channels_close_ours(struct call *c)
{
	for (unsigned i = 0; i < CHANNELS_MAX; i++)
		if (c->control.channels[i].is_ours)
			channel_close(c, &c->control.channels[i]);
}

/* What the far end receives: our preference if it is there, else the other law. */
void channel_choose_codec(struct call *c, const struct pdu *p)
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

/* G.711 of this law, in the data type at a path? */
bool channel_is_law(const struct pdu *p, const char *data, bool is_ulaw)
{
	char path[160];

	(void)snprintf(path, sizeof path, "%s.audioData.%s", data, codecs[is_ulaw]);
	return pdu_has(p, path);
}

/* Which of ours a channel of the far end is; false: none. */
bool channel_kind_of(const struct pdu *p, const char *data, enum kind *ret)
{
	char path[160];

	*ret = AUDIO;
	if (channel_is_law(p, data, false) || channel_is_law(p, data, true))
		return true;
	(void)snprintf(path, sizeof path, "%s.videoData.extendedVideoCapability", data);
	*ret = pdu_has(p, path) ? CONTENT : VIDEO;
	(void)snprintf(path, sizeof path, "%s.videoData", data);
	return pdu_has(p, path);
}

void channel_take_mux(struct flow *f, const struct pdu *p, const char *list)
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

void channel_take_address(const struct pdu *p, const char *path, struct addr *to)
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
	control_send_text(c, text);
	mux_alive(f);
}

void channel_on_open(struct call *c, const struct pdu *p)
{
	uint16_t number =
		(uint16_t)pdu_num(p, "request.openLogicalChannel.forwardLogicalChannelNumber", 0);
	struct channel *ch;
	struct flow *f;
	enum kind kind;
	int64_t session;

	if (!channel_kind_of(p, "request.openLogicalChannel." FORWARD ".dataType", &kind)) {
		control_send(c,
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
			channel_is_law(p, "request.openLogicalChannel." FORWARD ".dataType", true)
				? 0
				: 8;
	f->far_payload_type = (uint8_t)pdu_num(p,
		"request.openLogicalChannel." FORWARD "." H2250 ".dynamicRTPPayloadType",
		f->far_payload_type);
	if (!f->to_rtcp.port)
		channel_take_address(p,
			"request.openLogicalChannel." FORWARD "." H2250 ".mediaControlChannel",
			&f->to_rtcp);
	channel_take_mux(f, p, "request.openLogicalChannel.genericInformation");
	ch = channel_make(c, number, false, f, CHANNEL_OPEN);
	acknowledge(c, ch);
	channel_told(ch, "channel-open");
}

void channel_on_open_ack(struct call *c, const struct pdu *p)
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
	channel_take_address(p, ACK ".mediaChannel", &f->to_rtp);
	channel_take_address(p, ACK ".mediaControlChannel", &f->to_rtcp);
	f->session = (unsigned)pdu_num(p, ACK ".sessionID", f->session);
	f->payload_type = (uint8_t)pdu_num(p, ACK ".dynamicRTPPayloadType", f->payload_type);
	channel_take_mux(f, p, "response.openLogicalChannelAck.genericInformation");
	ch->state = CHANNEL_OPEN;
	channel_told(ch, "channel-open");
	mux_alive(f);
	flow_send(f, true);
}

void channel_on_open_reject(struct call *c, const struct pdu *p)
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

void channel_on_close(struct call *c, const struct pdu *p)
{
	uint16_t number =
		(uint16_t)pdu_num(p, "request.closeLogicalChannel.forwardLogicalChannelNumber", 0);
	struct channel *ch = channel_find(c, number, false);

	control_send(c,
		"{'response':{'closeLogicalChannelAck':{'forwardLogicalChannelNumber':%u}}}",
		number);
	if (!ch)
		return;
	channel_told(ch, "channel-closed");
	ch->state = CHANNEL_NONE;
}

void channel_on_close_ack(struct call *c, const struct pdu *p)
{
	struct channel *ch = channel_find(c,
		(uint16_t)pdu_num(
			p, "response.closeLogicalChannelAck.forwardLogicalChannelNumber", 0),
		true);

	if (!ch)
		return;
	channel_told(ch, "channel-closed");
	ch->state = CHANNEL_NONE;
}

/* The far end would like a channel of ours closed: we always do. */
void channel_on_close_wish(struct call *c, const struct pdu *p)
{
	uint16_t number =
		(uint16_t)pdu_num(p, "request.requestChannelClose.forwardLogicalChannelNumber", 0);
	struct channel *ch = channel_find(c, number, true);

	control_send(c,
		"{'response':{'requestChannelCloseAck':{'forwardLogicalChannelNumber':%u}}}",
		number);
	if (ch)
		channel_close(c, ch);
}
