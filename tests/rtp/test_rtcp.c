/* RTCP: compound and reduced-size packets, every cut, padding only last, report blocks, SRTCP. */
#include <stdlib.h>
#include <string.h>

#include "base/rd.h"
#include "rtp/rtp.h"
#include "test.h"

static struct str of(const void *p, size_t n)
{
	return (struct str){p, n};
}

/* SR with one block, SDES with one source, BYE; the blocks' numbers are recognisable. */
static const uint8_t compound[] = {0x81, 200, 0, 12, 0, 0, 0, 9, /* SR of SSRC 9 */
	0x11, 0x11, 0x11, 0x11, 0x22, 0x22, 0x22, 0x22, 0, 0, 0, 3, 0, 0, 0, 4, 0, 0, 0,
	5, /* sender */
	0, 0, 0, 7, 64, 0xff, 0xff, 0xfe, 0, 1, 0, 8, 0, 0, 0, 6, 0, 0, 1, 0, 0, 0, 2,
	0,                                                       /* block */
	0x81, 202, 0, 3, 0, 0, 0, 9, 1, 2, 'm', 'e', 0, 0, 0, 0, /* SDES */
	0x81, 203, 0, 1, 0, 0, 0, 9};                            /* BYE */

static void parts_of_a_compound(void)
{
	struct rtcp_packet p;

	CHECK(rtcp_parse(of(compound, sizeof compound), RTP_PLAIN, &p) == OK);
	CHECK(p.n_parts == 3 && p.ssrc == 9);
	CHECK(p.parts[0].type == RTCP_SR && p.parts[0].count == 1 && p.parts[0].body.len == 48);
	CHECK(p.parts[1].type == RTCP_SDES && p.parts[1].body.len == 12);
	CHECK(p.parts[2].type == RTCP_BYE && p.parts[2].body.len == 4);
}

static void numbers_of_a_sender_report(void)
{
	struct rtcp_packet p;
	struct rtcp_sender s;
	struct rtcp_report b[RTCP_REPORTS_MAX];
	size_t n = 99;

	CHECK(rtcp_parse(of(compound, sizeof compound), RTP_PLAIN, &p) == OK);
	CHECK(rtcp_sender_get(&p.parts[0], &s) == OK);
	CHECK(s.ntp == 0x1111111122222222 && s.rtp_timestamp == 3 && s.n_packets == 4 &&
		s.n_bytes == 5);
	CHECK(rtcp_reports_get(&p.parts[0], b, &n) == OK && n == 1);
	CHECK(b[0].ssrc == 7 && b[0].lost_fraction == 64 && b[0].n_lost == -2);
	CHECK(b[0].seq_highest == 0x10008 && b[0].jitter == 6);
	CHECK(b[0].last_sr == 256 && b[0].since_last_sr == 512);
	CHECK(rtcp_sender_get(&p.parts[2], &s) == ERR_NOENT);
	CHECK(rtcp_reports_get(&p.parts[2], b, &n) == OK && n == 0);
}

static void a_cut_is_refused_but_between_parts(void)
{
	for (size_t cut = 0; cut < sizeof compound; cut++) {
		uint8_t *copy = malloc(cut + !cut);
		struct rtcp_packet p = {.n_parts = 99};

		CHECK(copy);
		memcpy(copy, compound, cut);
		enum err err = rtcp_parse(of(copy, cut), RTP_PLAIN, &p);
		free(copy);
		CHECK(err == (cut == 52 || cut == 68 ? OK : ERR_SHORT));
		CHECK(err == OK || p.n_parts == 99);
	}
}

static void more_reports_than_bytes(void)
{
	uint8_t buf[8] = {0x9f, 201, 0, 1, 0, 0, 0, 9};
	struct rtcp_packet p;
	struct rtcp_report b[RTCP_REPORTS_MAX];
	struct rtcp_sender s;
	size_t n = 99;

	CHECK(rtcp_parse(of(buf, 8), RTP_PLAIN, &p) == OK);
	CHECK(rtcp_reports_get(&p.parts[0], b, &n) == ERR_SHORT && n == 99);
	buf[1] = 200;
	CHECK(rtcp_parse(of(buf, 8), RTP_PLAIN, &p) == OK);
	CHECK(rtcp_sender_get(&p.parts[0], &s) == ERR_SHORT);
	buf[0] = 0x80;
	buf[1] = 201;
	CHECK(rtcp_parse(of(buf, 8), RTP_PLAIN, &p) == OK);
	CHECK(rtcp_reports_get(&p.parts[0], b, &n) == OK && n == 0);
}

static void full_of_reports(void)
{
	uint8_t buf[4 + 4 + 31 * 24] = {0x9f, 201, 0, 1 + 31 * 6, 0, 0, 0, 9};
	struct rtcp_packet p;
	struct rtcp_report b[RTCP_REPORTS_MAX];
	size_t n = 0;

	buf[sizeof buf - 24 + 3] = 77;
	buf[sizeof buf - 24 + 5] = 0x7f; /* lost: the most that 24 bits hold */
	buf[sizeof buf - 24 + 6] = 0xff;
	buf[sizeof buf - 24 + 7] = 0xff;
	CHECK(rtcp_parse(of(buf, sizeof buf), RTP_PLAIN, &p) == OK);
	CHECK(rtcp_reports_get(&p.parts[0], b, &n) == OK && n == 31);
	CHECK(b[30].ssrc == 77 && b[30].n_lost == 0x7fffff);
}

static void padding_only_in_the_last_part(void)
{
	uint8_t two[] = {0x80, 201, 0, 1, 0, 0, 0, 9, 0xa0, 201, 0, 2, 0, 0, 0, 9, 0, 0, 0, 4};
	struct rtcp_packet p;

	CHECK(rtcp_parse(of(two, sizeof two), RTP_PLAIN, &p) == OK);
	CHECK(p.parts[1].body.len == 4);
	two[sizeof two - 1] = 3;
	CHECK(rtcp_parse(of(two, sizeof two), RTP_PLAIN, &p) == ERR_SYNTAX);
	two[sizeof two - 1] = 12;
	CHECK(rtcp_parse(of(two, sizeof two), RTP_PLAIN, &p) == ERR_SYNTAX);
	two[sizeof two - 1] = 8;
	CHECK(rtcp_parse(of(two, sizeof two), RTP_PLAIN, &p) == OK && p.parts[1].body.len == 0);
	two[sizeof two - 1] = 0;
	CHECK(rtcp_parse(of(two, sizeof two), RTP_PLAIN, &p) == ERR_SYNTAX);
	two[0] = 0xa0; /* the first part claims padding, and another follows */
	two[7] = 4;
	CHECK(rtcp_parse(of(two, 8), RTP_PLAIN, &p) == OK);
	two[8] = 0x80;
	CHECK(rtcp_parse(of(two, sizeof two), RTP_PLAIN, &p) == ERR_SYNTAX);
}

static void what_is_no_rtcp(void)
{
	uint8_t buf[8] = {0x40, 200, 0, 1, 0, 0, 0, 9};
	struct rtcp_packet p;

	CHECK(rtcp_parse(of(buf, 8), RTP_PLAIN, &p) == ERR_VERSION);
	buf[0] = 0x80;
	buf[1] = 191;
	CHECK(rtcp_parse(of(buf, 8), RTP_PLAIN, &p) == ERR_SYNTAX);
	buf[1] = 224;
	CHECK(rtcp_parse(of(buf, 8), RTP_PLAIN, &p) == ERR_SYNTAX);
	buf[1] = 207; /* XR */
	CHECK(rtcp_parse(of(buf, 8), RTP_PLAIN, &p) == OK && p.ssrc == 9);
	CHECK(rtcp_parse(STR_NONE, RTP_PLAIN, &p) == ERR_SHORT);
	CHECK(rtcp_parse(STR_NONE, RTP_ENCRYPTED, &p) == ERR_SHORT);
}

static void a_bye_without_source(void)
{
	static const uint8_t bye[] = {0x80, 203, 0, 0}, sdes[] = {0x80, 202, 0, 1, 1, 2, 3, 4};
	struct rtcp_packet p;

	CHECK(rtcp_parse(of(bye, 4), RTP_PLAIN, &p) == OK && p.ssrc == 0);
	CHECK(rtcp_parse(of(sdes, 8), RTP_PLAIN, &p) == OK && p.ssrc == 0);
}

static void sixteen_parts_and_no_more(void)
{
	uint8_t buf[17 * 8];
	struct rtcp_packet p;

	for (size_t i = 0; i < 17; i++)
		memcpy(buf + 8 * i, (const uint8_t[]){0x80, 201, 0, 1, 0, 0, 0, 9}, 8);
	CHECK(rtcp_parse(of(buf, 16 * 8), RTP_PLAIN, &p) == OK && p.n_parts == 16);
	CHECK(rtcp_parse(of(buf, 17 * 8), RTP_PLAIN, &p) == ERR_FULL);
}

static void encrypted_shows_its_sender_alone(void)
{
	uint8_t buf[32] = {0xa0, 201, 0, 77, 0, 0, 0, 9, 0xff, 0xff};
	struct rtcp_packet p;

	CHECK(rtcp_parse(of(buf, sizeof buf), RTP_ENCRYPTED, &p) == OK);
	CHECK(p.n_parts == 1 && p.ssrc == 9 && p.parts[0].type == RTCP_RR &&
		p.parts[0].body.len == 4);
	CHECK(rtcp_parse(of(buf, 7), RTP_ENCRYPTED, &p) == ERR_SHORT);
	buf[0] = 0;
	CHECK(rtcp_parse(of(buf, sizeof buf), RTP_ENCRYPTED, &p) == ERR_VERSION);
}

TEST_MAIN(T(parts_of_a_compound), T(numbers_of_a_sender_report),
	T(a_cut_is_refused_but_between_parts), T(more_reports_than_bytes), T(full_of_reports),
	T(padding_only_in_the_last_part), T(what_is_no_rtcp), T(a_bye_without_source),
	T(sixteen_parts_and_no_more), T(encrypted_shows_its_sender_alone))
