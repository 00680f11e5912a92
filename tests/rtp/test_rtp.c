/* RTP headers: every part, every cut, lying lengths; what a datagram is by its first two bytes. */
#include <stdlib.h>
#include <string.h>

#include "base/rd.h"
#include "rtp/rtp.h"
#include "test.h"

static struct str of(const void *p, size_t n)
{
	return (struct str){p, n};
}

/* 2 CSRC, an extension of 2 words, 5 bytes of payload, 3 of padding; PT 111 with marker. */
static const uint8_t whole[] = {0xb2, 0xef, 0x12, 0x34, 1, 2, 3, 4, 5, 6, 7, 8, /* fixed */
	0, 0, 0, 1, 0, 0, 0, 2, 0xbe, 0xde, 0, 2, 'e', 'x', 't', 'e', 'n', 's', 'i', 'o', 'h', 'e',
	'l', 'l', 'o', 0, 0, 3};

static void every_part(void)
{
	struct rtp_packet p;

	CHECK(rtp_parse(of(whole, sizeof whole), RTP_PLAIN, &p) == OK);
	CHECK(p.payload_type == 111 && p.has_marker && p.seq == 0x1234);
	CHECK(p.timestamp == 0x01020304 && p.ssrc == 0x05060708 && p.n_csrc == 2);
	CHECK(p.extension_profile == 0xbede);
	CHECK_STR(p.extension, "extensio");
	CHECK_STR(p.payload, "hello");
	CHECK(p.n_padding == 3);
}

static void encrypted_padding_is_not_looked_at(void)
{
	struct rtp_packet p;
	uint8_t buf[sizeof whole];

	memcpy(buf, whole, sizeof buf);
	buf[sizeof buf - 1] = 0xff;
	CHECK(rtp_parse(of(buf, sizeof buf), RTP_PLAIN, &p) == ERR_SYNTAX);
	CHECK(rtp_parse(of(buf, sizeof buf), RTP_ENCRYPTED, &p) == OK);
	CHECK(p.payload.len == 8 && p.n_padding == 0);
}

static void every_cut(void)
{
	for (size_t cut = 0; cut < sizeof whole; cut++) {
		uint8_t *copy = malloc(cut + !cut);
		struct rtp_packet p = {.seq = 7};

		CHECK(copy);
		memcpy(copy, whole, cut);
		enum err err = rtp_parse(of(copy, cut), RTP_PLAIN, &p);
		free(copy);
		/* behind the header what is left is payload, whose last byte counts the padding */
		CHECK(err == (cut < 32 ? ERR_SHORT : ERR_SYNTAX));
		CHECK(p.seq == 7);
	}
}

static void padding_that_is_none(void)
{
	uint8_t buf[15] = {0xa0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 9, 9, 0};
	struct rtp_packet p;

	CHECK(rtp_parse(of(buf, 12), RTP_PLAIN, &p) == ERR_SYNTAX);
	CHECK(rtp_parse(of(buf, 15), RTP_PLAIN, &p) == ERR_SYNTAX); /* 0 */
	buf[14] = 4;
	CHECK(rtp_parse(of(buf, 15), RTP_PLAIN, &p) == ERR_SYNTAX);
	buf[14] = 3;
	CHECK(rtp_parse(of(buf, 15), RTP_PLAIN, &p) == OK && p.payload.len == 0 &&
		p.n_padding == 3);
}

static void versions(void)
{
	uint8_t buf[12] = {0};
	struct rtp_packet p;

	for (int v = 0; v < 4; v++) {
		buf[0] = (uint8_t)(v << 6);
		CHECK(rtp_parse(of(buf, 12), RTP_PLAIN, &p) == (v == 2 ? OK : ERR_VERSION));
	}
	CHECK(p.payload.len == 0 && p.extension.len == 0);
}

static void lying_extension_length(void)
{
	uint8_t buf[sizeof whole];
	struct rtp_packet p;

	memcpy(buf, whole, sizeof buf);
	buf[22] = 0xff;
	CHECK(rtp_parse(of(buf, sizeof buf), RTP_PLAIN, &p) == ERR_SHORT);
	CHECK(rtp_parse(of(buf, sizeof buf), RTP_ENCRYPTED, &p) == ERR_SHORT);
}

static enum wire_class class_of(unsigned first, unsigned second, size_t n)
{
	const uint8_t b[2] = {(uint8_t)first, (uint8_t)second};

	return wire_class_of(of(b, n));
}

/* RFC 7983 section 7, written out again as a list. */
static void first_bytes(void)
{
	static const struct {
		unsigned low, high;
		enum wire_class class;
	} rows[] = {{0, 3, WC_STUN}, {4, 15, WC_OTHER}, {16, 19, WC_ZRTP}, {20, 63, WC_DTLS},
		{64, 79, WC_CHANNEL_DATA}, {80, 127, WC_OTHER}, {128, 191, WC_RTP},
		{192, 255, WC_MULTIPLEX_ID}};
	unsigned n = 0;

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		for (unsigned b = rows[i].low; b <= rows[i].high; b++, n++) {
			CHECK(class_of(b, 0, 2) == rows[i].class);
			CHECK(class_of(b, 0, 1) == rows[i].class);
		}
	}
	CHECK(n == 256);
	CHECK(wire_class_of(STR_NONE) == WC_OTHER);
}

static void rtcp_beside_rtp(void)
{
	for (unsigned second = 0; second < 256; second++) {
		bool is_rtcp = second >= 192 && second <= 223;

		CHECK(class_of(0x80, second, 2) == (is_rtcp ? WC_RTCP : WC_RTP));
		CHECK(class_of(0xbf, second, 2) == (is_rtcp ? WC_RTCP : WC_RTP));
		CHECK(class_of(0, second, 2) == WC_STUN);
	}
}

static void clocks(void)
{
	CHECK(rtp_clock_hz(0) == 8000 && rtp_clock_hz(8) == 8000 && rtp_clock_hz(9) == 8000);
	CHECK(rtp_clock_hz(34) == 90000 && rtp_clock_hz(96) == 0 && rtp_clock_hz(255) == 0);
}

TEST_MAIN(T(every_part), T(encrypted_padding_is_not_looked_at), T(every_cut),
	T(padding_that_is_none), T(versions), T(lying_extension_length), T(first_bytes),
	T(rtcp_beside_rtp), T(clocks))
