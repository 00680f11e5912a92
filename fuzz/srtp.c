/* srtp.c - a packet from a stranger, checked as SRTP and as SRTCP by keys of every suite: it proves
 * nothing, marks nothing, and what follows a proved source stays within its bounds. */
#include <stdlib.h>
#include <string.h>

#include "base/rd.h"
#include "media/srtp.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool is_so)
{
	if (!is_so)
		abort();
}

/* Secret to the input: it cannot make a tag. */
static struct srtp_keys keys_of(uint8_t first)
{
	static const char secret[SRTP_MASTER_MAX + 1] =
		"nobody who sends packets knows these many bytes";
	struct srtp_keys keys = {.n = SRTP_KEYS_MAX};

	for (uint8_t i = 0; i < keys.n; i++) {
		struct srtp_key *k = &keys.keys[i];

		k->suite = (uint8_t)(1 + (first + i) % (SRTP_SUITE_MAX - 1));
		k->n_mki = first % (SRTP_MKI_MAX + 1);
		memcpy(k->master, secret, sizeof k->master);
	}
	return keys;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct rd in = rd_of((struct str){(const char *)data, size});
	struct srtp_keys keys = keys_of(rd_u8(&in));
	struct srtp_marks marks = {0};
	struct rtp_stats stats = {0};
	uint64_t taken = 0;

	while (rd_more(&in)) {
		struct str packet = rd_bytes(&in, rd_u16(&in) % 1600u);
		struct srtp_marks before = marks;
		struct rtp_packet rtp;

		must(!srtp_proves(&keys, packet, &marks) && !srtcp_proves(&keys, packet, &marks));
		must(memcmp(&before, &marks, sizeof marks) == 0);
		srtcp_follow(&keys, packet, &marks);
		if (rtp_parse(packet, RTP_ENCRYPTED, &rtp) == OK)
			taken += rtp_stats_take(&stats, &rtp, taken, 8000) == OK;
		(void)srtp_follow(&marks, &stats);
		must(marks.n <= SRTP_MARKS_MAX && marks.next < SRTP_MARKS_MAX);
		if (packet.len % 5 == 0)
			srtp_rekeyed(&marks);
	}
	return 0;
}
