/* h245msg.c - see h245msg.h. */
#include "h323/h245msg.h"

#include "h323/profile.h"

#define OID_H46019 "0.0.8.460.19.0.1"

#define FORWARD  H245_OpenLogicalChannel_forwardLogicalChannelParameters
#define REVERSE  H245_OpenLogicalChannel_reverseLogicalChannelParameters
#define FORWARDS H245_OpenLogicalChannel_forwardLogicalChannelParameters_multiplexParameters
#define REVERSES H245_OpenLogicalChannel_reverseLogicalChannelParameters_multiplexParameters

/* ---- kinds ---- */

static const struct {
	uint16_t group, alternative; /* of the message, of its request, response or command */
	enum h245_kind kind;
} kinds[] = {
	{H245_MultimediaSystemControlMessage_request, H245_RequestMessage_openLogicalChannel,
		H245_OLC},
	{H245_MultimediaSystemControlMessage_request, H245_RequestMessage_closeLogicalChannel,
		H245_CLOSE},
	{H245_MultimediaSystemControlMessage_response, H245_ResponseMessage_openLogicalChannelAck,
		H245_OLC_ACK},
	{H245_MultimediaSystemControlMessage_response,
		H245_ResponseMessage_openLogicalChannelReject, H245_OLC_REJECT},
	{H245_MultimediaSystemControlMessage_response,
		H245_ResponseMessage_communicationModeResponse, H245_MODE},
	{H245_MultimediaSystemControlMessage_command, H245_CommandMessage_endSessionCommand,
		H245_END_SESSION},
	{H245_MultimediaSystemControlMessage_command, H245_CommandMessage_communicationModeCommand,
		H245_MODE},
};

enum err h245_msg_read(struct str in, void *memory, struct h245_msg *ret_msg)
{
	struct per_tree t = per_tree_of(&h323_schema, memory);
	enum err err = per_read(&t, H245_MultimediaSystemControlMessage_T, in);
	uint16_t group = per_first(&t, 0);

	*ret_msg = (struct h245_msg){.t = t, .kind = H245_OTHER, .node = PER_NONE};
	for (size_t i = 0; err == OK && i < sizeof kinds / sizeof *kinds; i++) {
		if (per_choice(&t, 0) != kinds[i].group ||
			per_choice(&t, group) != kinds[i].alternative)
			continue;
		ret_msg->kind = kinds[i].kind;
		ret_msg->node = per_first(&t, group);
	}
	return err;
}

/* ---- where things are ---- */

static uint16_t forward_media(const struct per_tree *t, uint16_t olc)
{
	return per_get(t, olc,
		PER_PATH(FORWARD, FORWARDS,
			H245_OpenLogicalChannel_forwardLogicalChannelParameters_multiplexParameters_h2250LogicalChannelParameters));
}

static uint16_t reverse_media(const struct per_tree *t, uint16_t olc)
{
	return per_get(t, olc,
		PER_PATH(REVERSE, REVERSES,
			H245_OpenLogicalChannel_reverseLogicalChannelParameters_multiplexParameters_h2250LogicalChannelParameters));
}

static uint16_t ack_media(const struct per_tree *t, uint16_t ack)
{
	return per_get(t, ack,
		PER_PATH(H245_OpenLogicalChannelAck_forwardMultiplexAckParameters,
			H245_OpenLogicalChannelAck_forwardMultiplexAckParameters_h2250LogicalChannelAckParameters));
}

static uint16_t ack_reverse_media(const struct per_tree *t, uint16_t ack)
{
	return per_get(t, ack,
		PER_PATH(H245_OpenLogicalChannelAck_reverseLogicalChannelParameters,
			H245_OpenLogicalChannelAck_reverseLogicalChannelParameters_multiplexParameters,
			H245_OpenLogicalChannelAck_reverseLogicalChannelParameters_multiplexParameters_h2250LogicalChannelParameters));
}

/* ---- reading ---- */

static enum media_kind video_kind(const struct per_tree *t, uint16_t video)
{
	return per_choice(t, video) == H245_VideoCapability_extendedVideoCapability ? MEDIA_CONTENT
	                                                                            : MEDIA_VIDEO;
}

static void read_data(const struct per_tree *t, uint16_t data, struct media_line *line)
{
	uint16_t application = per_field(t, data, H245_DataApplicationCapability_application);

	line->kind = MEDIA_APPLICATION;
	line->transport = MT_RTP;
	if (per_choice(t, application) == H245_DataApplicationCapability_application_t38fax) {
		line->transport = MT_DATAGRAM;
		line->has_rtcp = false;
	}
}

/* What H.235.6 encrypts is said one level deeper. */
static void read_secure(const struct per_tree *t, uint16_t media, struct media_line *line)
{
	uint16_t type = per_field(t, media, H245_H235Media_mediaType);

	switch (per_choice(t, type)) {
	case H245_H235Media_mediaType_audioData:
		line->kind = MEDIA_AUDIO;
		break;
	case H245_H235Media_mediaType_videoData:
		line->kind = video_kind(t, per_first(t, type));
		break;
	case H245_H235Media_mediaType_data:
		read_data(t, per_first(t, type), line);
		break;
	default:
		break;
	}
}

static void read_type(const struct per_tree *t, uint16_t type, struct media_line *line)
{
	uint16_t held = per_first(t, type);

	*line = (struct media_line){.kind = MEDIA_OTHER, .transport = MT_RTP, .has_rtcp = true};
	switch (per_choice(t, type)) {
	case H245_DataType_audioData:
		line->kind = MEDIA_AUDIO;
		break;
	case H245_DataType_videoData:
		line->kind = video_kind(t, held);
		break;
	case H245_DataType_data:
		read_data(t, held, line);
		break;
	case H245_DataType_h235Media:
		read_secure(t, held, line);
		break;
	default:
		break;
	}
}

static void read_addr(
	const struct per_tree *t, uint16_t node, struct addr *ret_addr, bool *ret_is_strange)
{
	if (node != PER_NONE && (!h245_addr(t, node, ret_addr) || !ret_addr->port))
		*ret_is_strange = true;
}

static void read_media(const struct per_tree *t, uint16_t h2250, struct channel_view *v)
{
	if (h2250 == PER_NONE) {
		v->media.transport = MT_UNSUPPORTED;
		return;
	}
	v->session = (uint8_t)per_num(
		t, per_field(t, h2250, H245_H2250LogicalChannelParameters_sessionID), 0);
	read_addr(t, per_field(t, h2250, H245_H2250LogicalChannelParameters_mediaChannel),
		&v->media.rtp, &v->is_strange);
	read_addr(t, per_field(t, h2250, H245_H2250LogicalChannelParameters_mediaControlChannel),
		&v->media.rtcp, &v->is_strange);
}

void olc_read(const struct per_tree *t, uint16_t node, struct channel_view *ret_view)
{
	uint16_t type = per_get(t, node,
		PER_PATH(
			FORWARD, H245_OpenLogicalChannel_forwardLogicalChannelParameters_dataType));
	uint16_t back = per_get(t, node,
		PER_PATH(
			REVERSE, H245_OpenLogicalChannel_reverseLogicalChannelParameters_dataType));
	struct channel_view v = {.number = channel_number(t, node),
		.is_reverse = per_choice(t, type) == H245_DataType_nullData && back != PER_NONE};

	read_type(t, v.is_reverse ? back : type, &v.media);
	read_media(t, v.is_reverse ? reverse_media(t, node) : forward_media(t, node), &v);
	v.media.direction = v.is_reverse ? MD_RECEIVE : MD_SEND;
	if (per_field(t, node, H245_OpenLogicalChannel_separateStack) != PER_NONE)
		v.media.transport = MT_UNSUPPORTED; /* TCP */
	(void)profile_get_stream(t, node, H245_OpenLogicalChannel_genericInformation, &v.mux);
	*ret_view = v;
}

void olc_ack_read(const struct per_tree *t, uint16_t node, struct channel_view *ret_view)
{
	uint16_t h2250 = ack_media(t, node);
	struct channel_view v = {.number = channel_number(t, node)};

	v.media =
		(struct media_line){.transport = MT_RTP, .has_rtcp = true, .direction = MD_RECEIVE};
	v.session = (uint8_t)per_num(
		t, per_field(t, h2250, H245_H2250LogicalChannelAckParameters_sessionID), 0);
	read_addr(t, per_field(t, h2250, H245_H2250LogicalChannelAckParameters_mediaChannel),
		&v.media.rtp, &v.is_strange);
	read_addr(t, per_field(t, h2250, H245_H2250LogicalChannelAckParameters_mediaControlChannel),
		&v.media.rtcp, &v.is_strange);
	(void)profile_get_stream(t, node, H245_OpenLogicalChannelAck_genericInformation, &v.mux);
	*ret_view = v;
}

/* The first field of an OpenLogicalChannel, its Ack, Reject and Close. */
uint16_t channel_number(const struct per_tree *t, uint16_t node)
{
	return (uint16_t)per_num(
		t, per_field(t, node, H245_OpenLogicalChannel_forwardLogicalChannelNumber), 0);
}

/* ---- writing ---- */

/* In the place of one that is there; a message without it stays without it. */
static void write_addr(struct per_tree *t, uint16_t h2250, uint16_t field, const struct addr *addr)
{
	if (per_field(t, h2250, field) == PER_NONE)
		return;
	if (addr->family)
		(void)h245_put_addr(t, per_put(t, h2250, field), addr);
	else
		per_remove(t, h2250, field);
}

static void write_media(struct per_tree *t, uint16_t h2250, const struct media_local *local)
{
	write_addr(t, h2250, H245_H2250LogicalChannelParameters_mediaChannel, &local->rtp);
	write_addr(t, h2250, H245_H2250LogicalChannelParameters_mediaControlChannel, &local->rtcp);
}

static bool is_of_traversal(const struct per_tree *t, uint16_t info)
{
	uint16_t id = per_field(t, info, H245_GenericMessage_messageIdentifier);

	return per_choice(t, id) == H245_CapabilityIdentifier_standard &&
	       oid_is(t, per_first(t, id), OID_H46019);
}

static void cut_traversal(struct per_tree *t, uint16_t node, uint16_t field)
{
	uint16_t list = per_field(t, node, field), next;
	bool is_cut = false;

	for (uint16_t n = per_first(t, list); n != PER_NONE; n = next) {
		next = per_next(t, n);
		if (!is_of_traversal(t, n))
			continue;
		per_remove_element(t, list, n);
		is_cut = true;
	}
	if (is_cut && per_count(t, list) == 0)
		per_remove(t, node, field);
}

static void write_stream(
	struct per_tree *t, uint16_t node, uint16_t field, const struct mux_line *mux)
{
	cut_traversal(t, node, field);
	profile_cut_stream(t, node, field);
	if (mux->stream_id)
		(void)profile_put_stream(t, node, field, mux);
}

void olc_write(struct per_tree *t, uint16_t node, const struct media_local *local,
	const struct mux_line *mux)
{
	write_media(t, forward_media(t, node), local);
	write_media(t, reverse_media(t, node), local);
	write_stream(t, node, H245_OpenLogicalChannel_genericInformation, mux);
}

void olc_cut_reverse_media(struct per_tree *t, uint16_t node)
{
	uint16_t h2250 = reverse_media(t, node);

	if (per_field(t, h2250, H245_H2250LogicalChannelParameters_mediaChannel) != PER_NONE)
		per_remove(t, h2250, H245_H2250LogicalChannelParameters_mediaChannel);
}

void olc_ack_write(struct per_tree *t, uint16_t node, const struct media_local *local,
	const struct mux_line *mux)
{
	uint16_t h2250 = ack_media(t, node);

	write_addr(t, h2250, H245_H2250LogicalChannelAckParameters_mediaChannel, &local->rtp);
	write_addr(
		t, h2250, H245_H2250LogicalChannelAckParameters_mediaControlChannel, &local->rtcp);
	write_media(t, ack_reverse_media(t, node), local);
	write_stream(t, node, H245_OpenLogicalChannelAck_genericInformation, mux);
}

/* ---- communicationMode ---- */

uint16_t mode_first(const struct h245_msg *m)
{
	return per_first(&m->t,
		per_field(&m->t, m->node, H245_CommunicationModeCommand_communicationModeTable));
}

uint8_t mode_session(const struct per_tree *t, uint16_t entry)
{
	return (uint8_t)per_num(
		t, per_field(t, entry, H245_CommunicationModeTableEntry_sessionID), 0);
}

void mode_write(struct per_tree *t, uint16_t entry, const struct media_local *local)
{
	write_addr(t, entry, H245_CommunicationModeTableEntry_mediaChannel, &local->rtp);
	write_addr(t, entry, H245_CommunicationModeTableEntry_mediaControlChannel, &local->rtcp);
}

/* ---- what we originate ---- */

static uint16_t begin(struct per_tree *t, uint16_t group, uint16_t alternative)
{
	return per_put(t, per_put(t, per_root(t, H245_MultimediaSystemControlMessage_T), group),
		alternative);
}

enum err h245_put_reject(struct per_tree *t, uint16_t number, bool is_data_type, struct wr *w)
{
	uint16_t m = begin(t, H245_MultimediaSystemControlMessage_response,
		H245_ResponseMessage_openLogicalChannelReject);

	per_set_num(t, per_put(t, m, H245_OpenLogicalChannelReject_forwardLogicalChannelNumber),
		number);
	(void)per_put(t, per_put(t, m, H245_OpenLogicalChannelReject_cause),
		is_data_type ? H245_OpenLogicalChannelReject_cause_dataTypeNotSupported
			     : H245_OpenLogicalChannelReject_cause_unspecified);
	return per_write(t, w);
}

enum err h245_put_close(struct per_tree *t, uint16_t number, struct wr *w)
{
	uint16_t m = begin(t, H245_MultimediaSystemControlMessage_request,
		H245_RequestMessage_closeLogicalChannel);

	per_set_num(t, per_put(t, m, H245_CloseLogicalChannel_forwardLogicalChannelNumber), number);
	(void)per_put(t, per_put(t, m, H245_CloseLogicalChannel_source),
		H245_CloseLogicalChannel_source_lcse);
	return per_write(t, w);
}

enum err h245_put_close_ack(struct per_tree *t, uint16_t number, struct wr *w)
{
	uint16_t m = begin(t, H245_MultimediaSystemControlMessage_response,
		H245_ResponseMessage_closeLogicalChannelAck);

	per_set_num(
		t, per_put(t, m, H245_CloseLogicalChannelAck_forwardLogicalChannelNumber), number);
	return per_write(t, w);
}

enum err h245_put_end_session(struct per_tree *t, struct wr *w)
{
	uint16_t m = begin(t, H245_MultimediaSystemControlMessage_command,
		H245_CommandMessage_endSessionCommand);

	(void)per_put(t, m, H245_EndSessionCommand_disconnect);
	return per_write(t, w);
}

enum err h245_put_not_supported(struct per_tree *t, struct str what, struct wr *w)
{
	uint16_t m = begin(t, H245_MultimediaSystemControlMessage_indication,
		H245_IndicationMessage_functionNotSupported);

	(void)per_put(t, per_put(t, m, H245_FunctionNotSupported_cause),
		H245_FunctionNotSupported_cause_syntaxError);
	per_set_str(t, per_put(t, m, H245_FunctionNotSupported_returnedFunction), what);
	return per_write(t, w);
}
