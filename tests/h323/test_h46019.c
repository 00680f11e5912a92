/* What a logical channel says of H.460.19, against octets that products sent. */
#include <string.h>

#include "h323/h46019.h"
#include "test.h"

static _Alignas(16) uint8_t memory[PER_TREE_SIZE], again[PER_TREE_SIZE], work_memory[PER_TREE_SIZE];
static uint8_t octets[512];
static const uint16_t field = H245_OpenLogicalChannel_genericInformation;

static struct per_tree work(void)
{
	return per_tree_of(&h323_schema, work_memory);
}

/* A channel whose parameters are these octets. */
static struct per_tree channel_with(const char *raw, size_t len)
{
	struct per_tree t = per_tree_of(&h323_schema, memory);
	uint16_t n = per_root(&t, H245_OpenLogicalChannel_T);
	uint16_t g = per_append(&t, per_make(&t, n, PER_PATH(field))), p;

	CHECK(oid_put(&t,
		per_put(&t, per_put(&t, g, H245_GenericMessage_messageIdentifier),
			H245_CapabilityIdentifier_standard),
		"0.0.8.460.19.0.1"));
	p = per_append(&t, per_put(&t, g, H245_GenericMessage_messageContent));
	per_set_num(&t,
		per_put(&t, per_put(&t, p, H245_GenericParameter_parameterIdentifier),
			H245_ParameterIdentifier_standard),
		1);
	per_set_str(&t,
		per_put(&t, per_put(&t, p, H245_GenericParameter_parameterValue),
			H245_ParameterValue_octetString),
		(struct str){raw, len});
	return t;
}

static struct mux_line read_of(const char *raw, size_t len)
{
	struct per_tree t = channel_with(raw, len), w = work();
	struct mux_line mux = {0};

	CHECK(h46019_read(&t, 0, field, &w, &mux) && mux.has_h46019 && !mux.stream_id);
	return mux;
}

static void a_servers_channel(void)
{
	static const char raw[] = "\x7a\x00\xc6\x33\x64\x42\x8c\xa0\x00\xc6\x33\x64\x42\x8c\xa1\x00"
				  "\x01\x00\xc6\x33\x64\x42\x8c\xa0\x00\x12";
	struct mux_line mux = read_of(raw, sizeof raw - 1);

	CHECK(mux.port == 36000 && mux.control_port == 36001 && mux.keepalive_port == 36000);
	CHECK(mux.has_id && mux.id == 1 && mux.keepalive_s == 19 && mux.keepalive_type == 0);
}

static void a_clients_acknowledgement(void)
{
	static const char raw[] = "\x74\x00\xc0\x00\x02\x82\x8c\xa0\x00\xc0\x00\x02\x82\x8c\xa1\x00"
				  "\x01\xe8";
	struct mux_line mux = read_of(raw, sizeof raw - 1);

	CHECK(mux.has_id && mux.id == 1 && mux.keepalive_type == 116 && mux.keepalive_s == 0);
}

static void an_id_of_four_octets(void)
{
	static const char raw[] = "\x74\x00\xc0\x00\x02\x83\x0a\xd8\x00\xc0\x00\x02\x83\x0a\xd9\x80"
				  "\x09\xee\xf1\xfe";
	struct mux_line mux = read_of(raw, sizeof raw - 1);

	CHECK(mux.id == 0x0009eef1 && mux.port == 2776 && mux.control_port == 2777);
	CHECK(mux.keepalive_type == 127);
}

static void what_is_written_is_read(void)
{
	struct mux_line mux = {.has_h46019 = true,
				.has_id = true,
				.id = 0xf1c2c3c4,
				.port = 36000,
				.control_port = 36001,
				.keepalive_port = 36000,
				.keepalive_s = 10},
			got;
	struct addr host = addr_v4(198, 51, 100, 66, 0);
	struct per_tree t = per_tree_of(&h323_schema, memory), w = work(), r;
	uint16_t n = per_root(&t, H245_OpenLogicalChannelAck_T);
	struct wr wr = wr_of(octets, sizeof octets);

	per_set_num(&t, per_put(&t, n, H245_OpenLogicalChannelAck_forwardLogicalChannelNumber), 1);
	CHECK(h46019_write(&t, n, H245_OpenLogicalChannelAck_genericInformation, &w, &mux, &host));
	CHECK(per_write(&t, &wr) == OK);
	r = per_tree_of(&h323_schema, again);
	w = work();
	CHECK(per_read(&r, H245_OpenLogicalChannelAck_T, wr_done(&wr)) == OK);
	CHECK(h46019_read(&r, 0, H245_OpenLogicalChannelAck_genericInformation, &w, &got));
	CHECK(got.id == mux.id && got.port == 36000 && got.control_port == 36001);
	CHECK(got.keepalive_port == 36000 && got.keepalive_s == 10 && got.has_id);
}

static void what_cannot_be_read_is_nothing(void)
{
	static const char raw[] = "\x7a\x00\xc6\x33";
	struct per_tree t = channel_with(raw, sizeof raw - 1), w = work();
	struct mux_line mux = {0};

	CHECK(!h46019_read(&t, 0, field, &w, &mux) && !mux.has_h46019);
	t = per_tree_of(&h323_schema, memory);
	(void)per_root(&t, H245_OpenLogicalChannel_T);
	CHECK(!h46019_read(&t, 0, field, &w, &mux));
}

static void nothing_to_say_changes_nothing(void)
{
	struct mux_line mux = {.stream_id = 7};
	struct addr host = addr_v4(198, 51, 100, 66, 0);
	struct per_tree t = per_tree_of(&h323_schema, memory), w = work();
	uint16_t n = per_root(&t, H245_OpenLogicalChannel_T);

	CHECK(h46019_write(&t, n, field, &w, &mux, &host));
	CHECK(per_field(&t, n, field) == PER_NONE);
}

TEST_MAIN(T(a_servers_channel), T(a_clients_acknowledgement), T(an_id_of_four_octets),
	T(what_is_written_is_read), T(what_cannot_be_read_is_nothing),
	T(nothing_to_say_changes_nothing))
