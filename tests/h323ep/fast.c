/* fast.c - fast start (H.323 section 8.1.7): channels proposed in the Setup and chosen in its answers.
 *
 * Elements are whole OpenLogicalChannels as the caller sees them: forward is what he sends, reverse what he
 * receives, in the answer too. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control.h"

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
	channel_put_forward(c, f, number, false, &x);
	wr_u8(&x, 0);
	put_element(w, text, is_first);
	x = wr_of(text, sizeof text);
	channel_put_reverse(c, f, (uint16_t)(number + 100), true, &x);
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

	bool own = f->is_ulaw, is_ulaw = channel_is_law(p, FORWARD ".dataType", true);

	if (!f->to_rtcp.port)
		channel_take_address(p, FORWARD "." H2250 ".mediaControlChannel", &f->to_rtcp);
	f->far_payload_type = is_ulaw ? 0 : 8;
	flow_law(f, is_ulaw); /* for the element alone: it is the far end that sends */
	channel_put_forward(c, f, number, true, &x);
	flow_law(f, own);
	wr_u8(&x, 0);
	put_element(w, text, is_first);
	channel_told(ch, "channel-open");
}

static void answer_reverse(struct call *c, const struct pdu *p, struct wr *w, bool is_first)
{
	struct flow *f = flow_of(c, AUDIO);
	char text[PDU_TEXT_MAX];
	struct wr x = wr_of(text, sizeof text);
	uint16_t number = (uint16_t)(101 + c->control.next_number++);
	struct channel *ch = channel_make(c, number, true, f, CHANNEL_OPEN);

	flow_law(f, channel_is_law(p, REVERSE ".dataType", true));
	channel_take_address(p, REVERSE "." H2250 ".mediaChannel", &f->to_rtp);
	channel_take_address(p, REVERSE "." H2250 ".mediaControlChannel", &f->to_rtcp);
	channel_put_reverse(c, f, number, false, &x);
	wr_u8(&x, 0);
	put_element(w, text, is_first);
	channel_told(ch, "channel-open");
	mux_alive(f);
	flow_send(f, true);
}

/* The Connect held none: the channels proposed are void. */
void control_no_fast_start(struct call *c)
{
	if (c->e->o.has_fast_start)
		forget_proposals(c);
	channels_open(c);
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

	return channel_is_law(p, data, o->is_ulaw) ||
	       (!o->has_one_codec && channel_is_law(p, data, !o->is_ulaw));
}

bool control_answer(struct call *c, struct wr *w)
{
	bool has_forward = false, has_reverse = false;
	uint8_t octets[512];

	for (unsigned i = 0; i < c->n_fast; i++) {
		struct pdu p;
		bool is_read = read_element(c->fast[i], octets, sizeof octets, &p);

		if (is_read && !has_forward && is_acceptable(c, &p, FORWARD ".dataType")) {
			channel_take_mux(flow_of(c, AUDIO), &p, "genericInformation");
			answer_forward(c, &p, w, !has_reverse);
			has_forward = true;
		} else if (is_read && !has_reverse && is_acceptable(c, &p, REVERSE ".dataType")) {
			channel_take_mux(flow_of(c, AUDIO), &p, "genericInformation");
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
	} else if (channel_kind_of(&p, FORWARD ".dataType", &kind) && (ch = channel_to(c, AUDIO))) {
		channel_take_address(&p, FORWARD "." H2250 ".mediaChannel", &f->to_rtp);
		channel_take_address(&p, FORWARD "." H2250 ".mediaControlChannel", &f->to_rtcp);
		channel_take_mux(f, &p, "genericInformation");
		flow_law(f, channel_is_law(&p, FORWARD ".dataType", true));
		ch->state = CHANNEL_OPEN;
		forget_proposals(c);
		channel_told(ch, "channel-open");
		mux_alive(f);
		flow_send(f, true);
	} else if (channel_kind_of(&p, REVERSE ".dataType", &kind)) {
		channel_take_address(&p, REVERSE "." H2250 ".mediaControlChannel", &f->to_rtcp);
		channel_take_mux(f, &p, "genericInformation");
		f->far_payload_type = channel_is_law(&p, REVERSE ".dataType", true) ? 0 : 8;
		ch = channel_make(c, (uint16_t)pdu_num(&p, "forwardLogicalChannelNumber", 0), false,
			f, CHANNEL_OPEN);
		channel_told(ch, "channel-open");
	}
	pdu_free(&p);
}
