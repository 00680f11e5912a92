/* TPKT: frames whole, split at every octet, and lengths that lie. */
#include <string.h>

#include "h323/tpkt.h"
#include "test.h"

static void a_frame_is_read_when_it_is_whole(void)
{
	static const char in[] = "\x03\x00\x00\x07"
				 "abc\x03\x00\x00\x04";
	struct str payload;
	size_t used;

	for (size_t n = 0; n < 7; n++) {
		CHECK(tpkt_next((struct str){in, n}, &payload, &used) == ERR_MORE);
		CHECK(used == (n < 4 ? 4 : 7));
	}
	CHECK(tpkt_next((struct str){in, 11}, &payload, &used) == OK);
	CHECK_STR(payload, "abc");
	CHECK(used == 7);
	CHECK(tpkt_next((struct str){in + 7, 4}, &payload, &used) == OK);
	CHECK(payload.len == 0 && used == 4);
}

static void lengths_below_four_and_other_versions_end_the_stream(void)
{
	struct str payload;
	size_t used;
	char in[8] = {3};

	for (char len = 0; len < 4; len++) {
		in[3] = len;
		CHECK(tpkt_next((struct str){in, 8}, &payload, &used) == ERR_SYNTAX);
	}
	in[3] = 4;
	in[0] = 2;
	CHECK(tpkt_next((struct str){in, 1}, &payload, &used) == ERR_SYNTAX);
}

static void a_frame_of_65535_is_the_largest(void)
{
	static char buf[70000];
	struct wr w = wr_of(buf, sizeof buf);
	uint8_t *mark = tpkt_begin(&w);
	struct str payload;
	size_t used;

	w.p += 65531;
	tpkt_end(&w, mark);
	CHECK(w.err == OK);
	CHECK(tpkt_next(wr_done(&w), &payload, &used) == OK && used == 65535 &&
		payload.len == 65531);
	w.p++;
	tpkt_end(&w, mark);
	CHECK(w.err == ERR_FULL);
}

TEST_MAIN(T(a_frame_is_read_when_it_is_whole),
	T(lengths_below_four_and_other_versions_end_the_stream), T(a_frame_of_65535_is_the_largest))
