/* stats.c - loss and jitter of each source, as a receiver counts them (RFC 3550 appendices A.1, A.3, A.8).
 *
 * Pure: the caller says what time it is. Two things differ from the appendix, both because the relay's
 * figures are for the whole call. A source needs no probation: its flow was proved before. When a
 * sender starts its sequence anew, what was counted before stays counted. */
#include "rtp/rtp.h"

#define DROPOUT_MAX  3000 /* A.1: a gap up to here is loss */
#define MISORDER_MAX 100  /* A.1: so late is still late, not a new sequence */
#define SEQ_MOD      65536u
#define NO_SEQ       (SEQ_MOD + 1) /* equals no sequence number */
#define SECOND       1000000000u
#define TRANSIT_STEP_S                                                                             \
	10 /* the sender's clock was set anew: no delay changes so much in one packet */

static void start_sequence(struct rtp_source *s, uint16_t seq)
{
	s->seq_base = seq;
	s->seq_max = seq;
	s->seq_bad = NO_SEQ;
	s->cycles = 0;
}

static uint64_t expected_now(const struct rtp_source *s)
{
	return (uint64_t)s->cycles + s->seq_max - s->seq_base + 1;
}

/* A.1 update_seq. False: a jump that its successor has not confirmed. */
static bool take_seq(struct rtp_source *s, uint16_t seq)
{
	uint16_t delta = (uint16_t)(seq - s->seq_max);

	if (delta < DROPOUT_MAX) {
		if (seq < s->seq_max)
			s->cycles += SEQ_MOD;
		s->seq_max = seq;
	} else if (delta <= SEQ_MOD - MISORDER_MAX) {
		if (seq != s->seq_bad) {
			s->seq_bad = (seq + 1u) & (SEQ_MOD - 1);
			return false;
		}
		s->n_expected_before += expected_now(s);
		start_sequence(s, (uint16_t)(seq - 1));
		s->seq_max = seq;
		s->cycles = seq == 0 ? SEQ_MOD : 0;
		s->n_received++; /* the packet before, which was not believed */
	}
	s->n_received++;
	return true;
}

/* A.8: the arrival in units of the RTP clock, less the timestamp, all modulo 2^32. */
static void take_transit(
	struct rtp_source *s, uint32_t timestamp, uint64_t now_ns, uint32_t clock_hz)
{
	uint64_t arrival = now_ns / SECOND * clock_hz + now_ns % SECOND * clock_hz / SECOND;
	uint32_t transit = (uint32_t)arrival - timestamp;
	int32_t d = (int32_t)(transit - s->transit);
	uint32_t step = d < 0 ? 0u - (uint32_t)d : (uint32_t)d;
	bool is_first = s->clock_hz != clock_hz;

	s->transit = transit;
	s->clock_hz = clock_hz;
	if (is_first)
		s->jitter_x16 = 0;
	else if (step / TRANSIT_STEP_S < clock_hz)
		s->jitter_x16 += step - ((s->jitter_x16 + 8) >> 4);
}

static bool is_idle(const struct rtp_source *s, uint64_t now_ns)
{
	return now_ns > s->last_ns && now_ns - s->last_ns > (uint64_t)RTP_SOURCE_IDLE_S * SECOND;
}

static struct rtp_source *oldest_of(struct rtp_stats *stats)
{
	struct rtp_source *oldest = &stats->sources[0];

	for (uint32_t i = 1; i < stats->n_sources; i++) {
		if (stats->sources[i].last_ns < oldest->last_ns)
			oldest = &stats->sources[i];
	}
	return oldest;
}

/* The source of this SSRC; a new one in a free place or in that of one long silent, whose losses go on
 * being counted; NULL when all are live. */
static struct rtp_source *source_of(
	struct rtp_stats *stats, const struct rtp_packet *p, uint64_t now_ns)
{
	struct rtp_source *s;

	for (uint32_t i = 0; i < stats->n_sources; i++) {
		if (stats->sources[i].ssrc == p->ssrc)
			return &stats->sources[i];
	}
	if (stats->n_sources < RTP_SOURCES_MAX) {
		s = &stats->sources[stats->n_sources++];
	} else {
		s = oldest_of(stats);
		if (!is_idle(s, now_ns))
			return NULL;
		stats->n_lost_before += rtp_source_lost(s);
	}
	*s = (struct rtp_source){.ssrc = p->ssrc};
	start_sequence(s, p->seq);
	return s;
}

enum err rtp_stats_take(struct rtp_stats *stats, const struct rtp_packet *packet, uint64_t now_ns,
	uint32_t clock_hz)
{
	struct rtp_source *s = source_of(stats, packet, now_ns);

	if (!s) {
		stats->n_refused++;
		return ERR_FULL;
	}
	s->last_ns = now_ns;
	if (!take_seq(s, packet->seq))
		return ERR_RANGE;
	if (clock_hz)
		take_transit(s, packet->timestamp, now_ns, clock_hz);
	return OK;
}

uint64_t rtp_source_expected(const struct rtp_source *s)
{
	return s->n_expected_before + expected_now(s);
}

uint64_t rtp_source_lost(const struct rtp_source *s)
{
	uint64_t expected = rtp_source_expected(s);

	return expected > s->n_received ? expected - s->n_received : 0;
}

uint32_t rtp_source_jitter_us(const struct rtp_source *s)
{
	return s->clock_hz ? (uint32_t)((uint64_t)s->jitter_x16 * 1000000u / 16 / s->clock_hz) : 0;
}

uint64_t rtp_stats_lost(const struct rtp_stats *stats)
{
	uint64_t n = stats->n_lost_before;

	for (uint32_t i = 0; i < stats->n_sources; i++)
		n += rtp_source_lost(&stats->sources[i]);
	return n;
}

uint32_t rtp_stats_jitter_us(const struct rtp_stats *stats)
{
	const struct rtp_source *latest = &stats->sources[0];

	for (uint32_t i = 1; i < stats->n_sources; i++) {
		if (stats->sources[i].last_ns > latest->last_ns)
			latest = &stats->sources[i];
	}
	return rtp_source_jitter_us(latest);
}
