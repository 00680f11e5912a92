/* h323_rewrite.c - a call signalling message on its way through a leg: read, rewritten, written, and read again
 * by who gets it; the same for its tunnelled H.245 and the elements of fastStart.
 *
 * Whatever could be read leaves as something that can be read, or does not leave. */
#include <stdlib.h>

#include "h323/h245msg.h"
#include "h323/h46019.h"
#include "h323/rewrite.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static _Alignas(16) uint8_t memory[PER_TREE_SIZE], memory_2[PER_TREE_SIZE];
static uint8_t out[2 * CSMSG_MAX], out_2[2 * CSMSG_MAX];

static void require(bool is_true)
{
	if (!is_true)
		abort();
}

static struct media_local ours(void)
{
	return (struct media_local){
		.rtp = addr_v4(192, 0, 2, 10, 36002), .rtcp = addr_v4(192, 0, 2, 10, 36003)};
}

static void through_channel(struct per_tree *t, uint16_t node, uint16_t type, bool is_ack)
{
	const struct mux_line mux = {.stream_id = 1, .port = 36000, .lease_s = 30};
	struct media_local local = ours();
	struct wr w = wr_of(out_2, sizeof out_2);
	static _Alignas(16) uint8_t work_memory[PER_TREE_SIZE];
	struct per_tree work = per_tree_of(&h323_schema, work_memory);
	struct channel_view view;
	struct per_tree again;

	if (is_ack) {
		olc_ack_read(t, node, &view);
		(void)h46019_read(
			t, node, H245_OpenLogicalChannelAck_genericInformation, &work, &view.mux);
		olc_ack_write(t, node, &local, &mux);
	} else {
		olc_read(t, node, &view);
		(void)h46019_read(
			t, node, H245_OpenLogicalChannel_genericInformation, &work, &view.mux);
		olc_write(t, node, &local, &mux);
		olc_cut_reverse_media(t, node);
	}
	if (per_write(t, &w) != OK)
		return;
	again = per_tree_of(&h323_schema, memory_2);
	require(per_read(&again, type, wr_done(&w)) == OK);
}

static void through_mode(struct h245_msg *m)
{
	struct media_local local = ours(), none = {0};
	struct wr w = wr_of(out_2, sizeof out_2);
	struct per_tree again;

	for (uint16_t n = mode_first(m); n != PER_NONE; n = per_next(&m->t, n))
		mode_write(&m->t, n, mode_session(&m->t, n) % 2 ? &local : &none);
	if (per_write(&m->t, &w) != OK)
		return;
	again = per_tree_of(&h323_schema, memory_2);
	require(per_read(&again, H245_MultimediaSystemControlMessage_T, wr_done(&w)) == OK);
}

static void through_h245(struct str pdu)
{
	struct h245_msg m;

	if (h245_msg_read(pdu, memory_2, &m) != OK)
		return;
	(void)channel_number(&m.t, m.node);
	if (m.kind == H245_OLC || m.kind == H245_OLC_ACK)
		through_channel(&m.t, m.node, H245_MultimediaSystemControlMessage_T,
			m.kind == H245_OLC_ACK);
	if (m.kind == H245_MODE)
		through_mode(&m);
}

static void through_element(struct str element)
{
	struct per_tree t = per_tree_of(&h323_schema, memory_2);

	if (per_read(&t, H245_OpenLogicalChannel_T, element) == OK)
		through_channel(&t, 0, H245_OpenLogicalChannel_T, false);
}

static void each(const struct cs_msg *m, uint16_t list, void (*through)(struct str octets))
{
	for (uint16_t n = per_first(&m->t, list); n != PER_NONE; n = per_next(&m->t, n))
		through(per_str(&m->t, n));
}

static void rewrite(struct cs_msg *m)
{
	static const struct h323_alias alias = {.kind = ALIAS_DIGITS, .text = "123"};
	static const uint8_t guid[H323_GUID_LEN] = {1, 2, 3};
	const struct addr at = addr_v4(192, 0, 2, 10, 15000);
	const struct setup_rewrite how = {.to = at, .from = at, .guid = guid, .alias = &alias};

	rewrite_hop(m);
	if (m->kind == H225_H323_UU_PDU_h323_message_body_setup)
		(void)rewrite_setup(m, &how);
	rewrite_call_id(m, guid);
	rewrite_tunnel(m, true);
	rewrite_h245_address(m, &at);
	rewrite_fast_start(m, true);
	(void)rewrite_put_control(m, STR("\x4a\x40"));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct h323_alias alias;
	struct cs_msg m, again;
	struct wr w = wr_of(out, sizeof out);

	if (cs_read_header((struct str){(const char *)data, size}, &m) != OK ||
		cs_read_h323(&m, memory) != OK)
		return 0;
	(void)cs_destination(&m, &alias);
	(void)cs_source(&m, &alias);
	each(&m, per_field(&m.t, m.uu, H225_H323_UU_PDU_h245Control), through_h245);
	each(&m, cs_field(&m, m.fields->fast_start), through_element);
	rewrite(&m);
	if (cs_write(&m, 77, true, STR("123"), &w) != OK)
		return 0;
	require(cs_read_header(wr_done(&w), &again) == OK && again.q.crv == 77);
	require(cs_read_h323(&again, memory_2) == OK && again.kind == m.kind);
	return 0;
}
