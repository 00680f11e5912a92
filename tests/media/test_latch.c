/* Which source may speak for an end: each rule of the order of proofs, and what never moves one. */
#include "media/latch.h"

#include "../test.h"

#define SECOND 1000000000ull

static struct latch latch;
static struct latch_rule rule;
static uint64_t now;

static struct addr host(uint8_t last, uint16_t port)
{
	return addr_v4(203, 0, 113, last, port);
}

static void start(bool is_nat)
{
	latch = (struct latch){0};
	rule = (struct latch_rule){.is_nat = is_nat, .classes = CLASS_RTP};
	rule.payload_types[0] = 1; /* PCMU alone */
	if (is_nat)
		rule.host = host(20, 5060);
	else
		rule.remote = host(20, 4000);
	now = 1000 * SECOND;
}

static enum latch_verdict rtp(struct addr from, uint16_t seq, uint32_t ssrc, uint8_t type)
{
	uint8_t b[20] = {0x80, type, (uint8_t)(seq >> 8), (uint8_t)seq, 0, 0, 0, 0,
		(uint8_t)(ssrc >> 24), (uint8_t)(ssrc >> 16), (uint8_t)(ssrc >> 8), (uint8_t)ssrc};

	return latch_judge(
		&latch, &rule, &from, (struct str){(const char *)b, sizeof b}, WC_RTP, now);
}

static enum latch_verdict bytes(struct addr from, struct str s)
{
	return latch_judge(&latch, &rule, &from, s, wire_class_of(s), now);
}

static const struct str rtcp = {"\x80\xc9\x00\x01\x00\x00\x00\x07", 8};
static const struct str client_hello = {
	"\x16\xfe\xfd\0\0\0\0\0\0\0\0\0\x04\x01\0\0\0", 17}; /* RFC 6347 section 4.1 */

static void the_signalled_address_alone(void)
{
	start(false);
	CHECK(rtp(host(20, 4002), 1, 7, 0) == LATCH_DROP);
	CHECK(rtp(host(21, 4000), 1, 7, 0) == LATCH_DROP);
	CHECK(rtp(host(20, 4000), 1, 7, 0) == LATCH_MOVED);
	CHECK(latch.proof == PROOF_SIGNALLED);
	CHECK(rtp(host(20, 4000), 9, 8, 0) == LATCH_PASS);
	/* no sequence and no silence moves it elsewhere */
	now += 60 * SECOND;
	for (uint16_t i = 0; i < 10; i++)
		CHECK(rtp(host(20, 4002), i, 7, 0) == LATCH_DROP);
}

static void nothing_signalled_nothing_proved(void)
{
	start(false);
	rule.remote = (struct addr){0};
	CHECK(rtp((struct addr){0}, 1, 7, 0) == LATCH_DROP);
	CHECK(rtp(host(20, 4000), 1, 7, 0) == LATCH_DROP);
	start(true);
	rule.host = (struct addr){0};
	for (uint16_t i = 0; i < 5; i++)
		CHECK(rtp((struct addr){0}, i, 7, 0) == LATCH_DROP);
}

static void three_consecutive_packets(void)
{
	start(true);
	CHECK(rtp(host(20, 61000), 65535, 7, 0) == LATCH_DROP);
	CHECK(rtp(host(20, 61000), 0, 7, 0) == LATCH_DROP); /* the number wraps */
	CHECK(rtp(host(20, 61000), 1, 7, 0) == LATCH_MOVED);
	CHECK(latch.proof == PROOF_SEQUENCE && latch.source.port == 61000);
	CHECK(rtp(host(20, 61000), 2, 7, 0) == LATCH_PASS);
}

static void a_gap_begins_anew(void)
{
	start(true);
	CHECK(rtp(host(20, 61000), 1, 7, 0) == LATCH_DROP);
	CHECK(rtp(host(20, 61000), 2, 7, 0) == LATCH_DROP);
	CHECK(rtp(host(20, 61000), 4, 7, 0) == LATCH_DROP);
	CHECK(rtp(host(20, 61000), 4, 7, 0) == LATCH_DROP); /* a duplicate proves nothing */
	CHECK(rtp(host(20, 61000), 5, 8, 0) == LATCH_DROP); /* nor does another SSRC */
	CHECK(rtp(host(20, 61002), 6, 8, 0) == LATCH_DROP); /* nor another port */
	CHECK(rtp(host(20, 61002), 7, 8, 0) == LATCH_DROP);
	CHECK(rtp(host(20, 61002), 8, 8, 0) == LATCH_MOVED);
}

static void only_the_host_of_signalling(void)
{
	start(true);
	for (uint16_t i = 0; i < 700; i++)
		CHECK(rtp(host(66, 61000), i, 7, 0) == LATCH_DROP);
	CHECK(!latch.proof && !latch.n);
}

static void only_negotiated_types(void)
{
	start(true);
	for (uint16_t i = 0; i < 5; i++)
		CHECK(rtp(host(20, 61000), i, 7, 8) == LATCH_DROP);
	rule.payload_types[0] = 0;
	rule.payload_types[1] = 1ull << (101 - 64);
	CHECK(rtp(host(20, 61000), 5, 7, 101 | 0x80) == LATCH_DROP); /* the marker is no type */
	CHECK(rtp(host(20, 61000), 6, 7, 101) == LATCH_DROP);
	CHECK(rtp(host(20, 61000), 7, 7, 101) == LATCH_MOVED);
}

static void what_is_not_rtp_breaks_no_proof_and_makes_none(void)
{
	start(true);
	CHECK(bytes(host(20, 61000), (struct str){"\x80\0\0\1", 4}) == LATCH_DROP);
	CHECK(bytes(host(20, 61000), rtcp) == LATCH_DROP);
	CHECK(bytes(host(20, 61000), client_hello) == LATCH_DROP);
	CHECK(!latch.proof);
}

static void prove(struct addr from, uint16_t seq)
{
	for (uint16_t i = 0; i < 3; i++)
		(void)rtp(from, (uint16_t)(seq + i), 7, 0);
}

static void moves_after_two_seconds_of_silence(void)
{
	start(true);
	prove(host(20, 61000), 1);
	now += LATCH_SILENCE_NS - 1;
	prove(host(20, 61002), 1);
	CHECK(latch.source.port == 61000);
	now += 1;
	prove(host(20, 61002), 1); /* the proof is made again, all of it */
	CHECK(latch.source.port == 61002);
	CHECK(rtp(host(20, 61000), 9, 7, 0) == LATCH_DROP);
}

static void one_packet_after_silence_is_no_proof(void)
{
	start(true);
	prove(host(20, 61000), 1);
	now += LATCH_SILENCE_NS;
	CHECK(rtp(host(20, 61002), 4, 7, 0) == LATCH_DROP);
	CHECK(rtp(host(20, 61002), 5, 7, 0) == LATCH_DROP);
	CHECK(rtp(host(20, 61000), 4, 7, 0) == LATCH_PASS); /* the old one speaks again */
	CHECK(rtp(host(20, 61002), 6, 7, 0) == LATCH_DROP);
	CHECK(latch.source.port == 61000);
}

static void a_change_of_signalling_opens_the_proof_alone(void)
{
	start(true);
	prove(host(20, 61000), 1);
	rule.host = host(30, 5060);
	latch_reopen(&latch, now);
	CHECK(rtp(host(20, 61000), 4, 7, 0) == LATCH_PASS); /* goes on until then */
	CHECK(rtp(host(20, 61002), 5, 7, 0) == LATCH_DROP);
	CHECK(rtp(host(30, 700), 1, 9, 0) == LATCH_DROP);
	CHECK(rtp(host(20, 61000), 5, 7, 0) == LATCH_PASS);
	CHECK(rtp(host(30, 700), 2, 9, 0) == LATCH_DROP);
	CHECK(rtp(host(30, 700), 3, 9, 0) == LATCH_MOVED);
	CHECK(rtp(host(20, 61000), 6, 7, 0) == LATCH_DROP);
	CHECK(!latch.open_until_ns);
}

static void the_opening_ends(void)
{
	start(true);
	prove(host(20, 61000), 1);
	latch_reopen(&latch, now);
	for (uint16_t i = 0; i <= 100; i++) { /* the old source goes on speaking */
		CHECK(rtp(host(20, 61000), (uint16_t)(4 + i), 7, 0) == LATCH_PASS);
		now += LATCH_OPEN_NS / 100;
	}
	CHECK(rtp(host(20, 61000), 200, 7, 0) == LATCH_PASS);
	prove(host(20, 61002), 1);
	CHECK(latch.source.port == 61000 && !latch.open_until_ns);
}

static void signalling_names_the_present_source(void)
{
	start(false);
	CHECK(rtp(host(20, 4000), 1, 7, 0) == LATCH_MOVED);
	latch_reopen(&latch, now);
	CHECK(rtp(host(20, 4000), 2, 7, 0) == LATCH_PASS);
	CHECK(!latch.open_until_ns);
}

static void rtcp_follows_its_host_and_moves_no_rtp(void)
{
	start(true);
	rule.is_rtcp = true;
	CHECK(bytes(host(66, 61001), rtcp) == LATCH_DROP);
	prove(host(20, 61001), 1); /* RTP on the RTCP port proves nothing */
	CHECK(!latch.proof);
	CHECK(bytes(host(20, 61001), str_head(rtcp, 7)) == LATCH_DROP);
	CHECK(bytes(host(20, 61001), rtcp) == LATCH_MOVED);
	start(true);
	for (int i = 0; i < 10; i++)
		CHECK(bytes(host(20, 61000), rtcp) == LATCH_DROP);
}

static void a_handshake_proves_a_dtls_end(void)
{
	start(true);
	rule.classes = CLASS_RTP | CLASS_DTLS;
	prove(host(20, 61000), 1); /* keys come first */
	CHECK(!latch.proof);
	CHECK(bytes(host(20, 61000), str_head(client_hello, 16)) == LATCH_DROP);
	CHECK(bytes(host(66, 61000), client_hello) == LATCH_DROP);
	CHECK(bytes(host(20, 61000), client_hello) == LATCH_MOVED);
	CHECK(latch.proof == PROOF_DATAGRAM);
	CHECK(rtp(host(20, 61000), 1, 7, 0) == LATCH_PASS);
	now += LATCH_SILENCE_NS; /* a NAT forgot it: there is no second handshake */
	prove(host(20, 61002), 1);
	CHECK(latch.source.port == 61002);
}

static void one_datagram_where_it_is_not_rtp(void)
{
	start(true);
	rule.classes = CLASS_STUN | CLASS_ZRTP | CLASS_DTLS | CLASS_RTP | CLASS_OTHER;
	CHECK(bytes(host(66, 61000), STR("\x80 UDPTL")) == LATCH_DROP);
	CHECK(bytes(host(20, 61000), STR("\x80 UDPTL")) == LATCH_MOVED);
	CHECK(latch.proof == PROOF_DATAGRAM);
	start(true);
	rule.classes = CLASS_STUN | CLASS_OTHER;
	CHECK(bytes(host(20, 61000), (struct str){"\0\1UDPTL", 7}) == LATCH_MOVED);
}

static void classes_that_were_not_negotiated(void)
{
	start(false);
	CHECK(bytes(host(20, 4000), client_hello) == LATCH_DROP);
	CHECK(bytes(host(20, 4000), STR("\xc0 id")) == LATCH_DROP);
	CHECK(rtp(host(20, 4000), 1, 7, 0) == LATCH_MOVED);
	CHECK(bytes(host(20, 4000), client_hello) == LATCH_DROP); /* also of the proved source */
}

TEST_MAIN(T(the_signalled_address_alone), T(nothing_signalled_nothing_proved),
	T(three_consecutive_packets), T(a_gap_begins_anew), T(only_the_host_of_signalling),
	T(only_negotiated_types), T(what_is_not_rtp_breaks_no_proof_and_makes_none),
	T(moves_after_two_seconds_of_silence), T(one_packet_after_silence_is_no_proof),
	T(a_change_of_signalling_opens_the_proof_alone), T(the_opening_ends),
	T(signalling_names_the_present_source), T(rtcp_follows_its_host_and_moves_no_rtp),
	T(a_handshake_proves_a_dtls_end), T(one_datagram_where_it_is_not_rtp),
	T(classes_that_were_not_negotiated))
