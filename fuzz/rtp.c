/* rtp.c - RTP and RTCP of a stranger: parts lie inside the datagram and add up to it; statistics take
 * whatever numbers come and stay sane. */
#include <stdlib.h>

#include "rtp/rtp.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool is_so)
{
	if (!is_so)
		abort();
}

static bool is_inside(struct str part, struct str whole)
{
	return !part.len || (part.p >= whole.p && part.p + part.len <= whole.p + whole.len);
}

static void check_rtp(struct str bytes, enum rtp_cover cover)
{
	struct rtp_packet p;

	if (rtp_parse(bytes, cover, &p) != OK)
		return;
	must(is_inside(p.payload, bytes) && is_inside(p.extension, bytes));
	must(p.payload_type < 128 && p.n_csrc < 16 && p.extension.len % 4 == 0);
	must(12 + 4u * p.n_csrc + p.extension.len + p.payload.len + p.n_padding <= bytes.len);
	must(wire_class_of(bytes) == WC_RTP || wire_class_of(bytes) == WC_RTCP);
}

static void check_rtcp(struct str bytes, enum rtp_cover cover)
{
	struct rtcp_packet p;
	struct rtcp_report reports[RTCP_REPORTS_MAX];
	struct rtcp_sender sender;
	size_t n = 0, sum = 0;

	if (rtcp_parse(bytes, cover, &p) != OK)
		return;
	must(p.n_parts > 0 && p.n_parts <= RTCP_PARTS_MAX);
	must(wire_class_of(bytes) == WC_RTCP);
	for (uint32_t i = 0; i < p.n_parts; i++) {
		must(is_inside(p.parts[i].body, bytes));
		sum += 4 + p.parts[i].body.len;
		if (rtcp_sender_get(&p.parts[i], &sender) == OK)
			must(p.parts[i].body.len >= 24);
		if (rtcp_reports_get(&p.parts[i], reports, &n) == OK)
			must(n <= p.parts[i].count && n * 24 <= p.parts[i].body.len);
	}
	must(sum <= bytes.len);
}

/* The input as a list of packets of 8 bytes: SSRC, sequence, timestamp, time. */
static void check_stats(struct str bytes)
{
	struct rtp_stats st = {0};
	uint64_t now = 0;

	for (size_t i = 0; i + 8 <= bytes.len; i += 8) {
		const uint8_t *b = (const uint8_t *)bytes.p + i;
		struct rtp_packet p = {.ssrc = b[0],
			.seq = (uint16_t)(b[1] << 8 | b[2]),
			.timestamp = (uint32_t)b[3] << 24 | (uint32_t)b[4] << 8};

		now += (uint64_t)b[5] << (b[6] % 33u);
		if (rtp_stats_take(&st, &p, now, b[7] ? b[7] * 1000u : 0) == ERR_FULL)
			must(st.n_sources == RTP_SOURCES_MAX);
		must(st.n_sources <= RTP_SOURCES_MAX);
	}
	for (uint32_t i = 0; i < st.n_sources; i++) {
		must(rtp_source_lost(&st.sources[i]) <= rtp_source_expected(&st.sources[i]));
		must(rtp_source_expected(&st.sources[i]) < (uint64_t)bytes.len * 65536 + 65536);
		must(rtp_source_jitter_us(&st.sources[i]) < 20000000);
	}
	must(rtp_stats_lost(&st) < (uint64_t)bytes.len * 65536 + 65536);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str bytes = {(const char *)data, size};

	check_rtp(bytes, RTP_PLAIN);
	check_rtp(bytes, RTP_ENCRYPTED);
	check_rtcp(bytes, RTP_PLAIN);
	check_rtcp(bytes, RTP_ENCRYPTED);
	check_stats(bytes);
	return 0;
}
