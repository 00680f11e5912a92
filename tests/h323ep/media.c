/* media.c - RTP and RTCP: a tone sent, and what is heard, measured.
 *
 * Audio is G.711, 20 ms a packet, a sine whose phase goes on; video is packets of a pattern whose every
 * octet follows from a counter. What comes is judged by Goertzel in blocks of 100 ms: the strongest
 * frequency, and a tone only if it holds more than 0.6 of the power, as the SIP scenarios judge. Blocks of
 * one tone in a row are a run; runs are what is reported. The two directions use one port pair, as
 * H.323 endpoints do. H.460.19 puts a number before each packet and lets all flows share a pair. */
#include <errno.h>
#include <math.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "endpoint.h"

#define RATE       8000
#define FRAME      160
#define BLOCK      800
#define VIDEO_LEN  900
#define VIDEO_MS   40
#define PACKET_MAX 2048
#define PI         3.14159265358979323846
#define TONE_STEP  8 /* Hz that two blocks of one run may differ by */

static const char *const names[] = {"audio", "video", "content"};

/* ---- G.711 ---- */
static uint8_t alaw(int sample)
{
	int sign = sample >= 0 ? 0x80 : 0, exponent = 7, magnitude;

	magnitude = sample >= 0 ? sample : -sample - 1;
	if (magnitude > 32767)
		magnitude = 32767;
	while (exponent > 0 && !(magnitude & 0x4000 >> (7 - exponent)))
		exponent--;
	magnitude = exponent ? magnitude >> (exponent + 3) & 0x0f : magnitude >> 4 & 0x0f;
	return (uint8_t)((sign | exponent << 4 | magnitude) ^ 0x55);
}

static int16_t of_alaw(uint8_t code)
{
	int exponent, magnitude;

	code ^= 0x55;
	exponent = code >> 4 & 7;
	magnitude = (code & 0x0f) << 4 | 8;
	if (exponent)
		magnitude = (magnitude | 0x100) << (exponent - 1);
	return (int16_t)(code & 0x80 ? magnitude : -magnitude);
}

static uint8_t ulaw(int sample)
{
	int sign = sample < 0 ? 0x80 : 0, exponent = 7, magnitude = sample < 0 ? -sample : sample;

	magnitude = (magnitude > 32635 ? 32635 : magnitude) + 0x84;
	while (exponent > 0 && !(magnitude & 0x4000 >> (7 - exponent)))
		exponent--;
	return (uint8_t) ~(sign | exponent << 4 | (magnitude >> (exponent + 3) & 0x0f));
}

static int16_t of_ulaw(uint8_t code)
{
	int magnitude;

	code = (uint8_t)~code;
	magnitude = ((code & 0x0f) << 3 | 0x84) << (code >> 4 & 7);
	return (int16_t)(code & 0x80 ? 0x84 - magnitude : magnitude - 0x84);
}

/* ---- what is heard ---- */
static double power_at(const int16_t *x, unsigned hz)
{
	double k = 2 * cos(2 * PI * hz / RATE), s1 = 0, s2 = 0;

	for (unsigned i = 0; i < BLOCK; i++) {
		double s = x[i] + k * s1 - s2;

		s2 = s1;
		s1 = s;
	}
	return s1 * s1 + s2 * s2 - k * s1 * s2;
}

/* The tone of a block; 0: noise or silence. Bins of 10 Hz first, then each Hz beside the best. */
static unsigned tone_of(const int16_t *x)
{
	double total = 0, best = 0, p;
	unsigned hz = 0, centre;

	for (unsigned i = 0; i < BLOCK; i++)
		total += (double)x[i] * x[i];
	if (total < BLOCK * 100.0 * 100.0)
		return 0;
	for (unsigned f = 200; f <= 3400; f += 10)
		if ((p = power_at(x, f)) > best) {
			best = p;
			hz = f;
		}
	centre = hz;
	for (unsigned f = centre - 9; f <= centre + 9; f++)
		if ((p = power_at(x, f)) > best) {
			best = p;
			hz = f;
		}
	return 2 * best / (BLOCK * total) > 0.6 ? hz : 0;
}

static bool is_near(unsigned a, unsigned b)
{
	return a && b && (a > b ? a - b : b - a) <= TONE_STEP;
}

static void note_block(struct flow *f, uint64_t now_ms)
{
	struct heard *h = &f->heard;
	unsigned hz = tone_of(h->block);
	struct run *last = h->n_runs ? &h->runs[h->n_runs - 1] : NULL;

	if (hz && last && is_near(last->hz, hz) && is_near(h->hz, hz) &&
		now_ms - last->to_ms < 300) {
		last->to_ms = now_ms;
	} else if (hz && h->n_runs < RUNS_MAX) {
		h->runs[h->n_runs++] = (struct run){now_ms - 100, now_ms, hz};
		say("heard", "'call':%u,'channel':'%s','hz':%u", f->call->id, names[f->kind], hz);
	}
	h->hz = hz;
}

static void take_audio(struct flow *f, bool is_ulaw, struct str payload)
{
	struct heard *h = &f->heard;

	for (size_t i = 0; i < payload.len; i++) {
		uint8_t code = (uint8_t)payload.p[i];

		h->block[h->n_block++] = is_ulaw ? of_ulaw(code) : of_alaw(code);
		if (h->n_block < BLOCK)
			continue;
		h->n_block = 0;
		note_block(f, f->call->e->loop.now_ms);
	}
}

static uint8_t pattern(uint32_t counter, size_t i)
{
	return (uint8_t)(counter * 31 + i * 7);
}

static void take_video(struct flow *f, struct str payload)
{
	struct rd r = rd_of(payload);
	uint32_t counter = rd_u32(&r);

	if (payload.len != VIDEO_LEN)
		f->heard.n_strange++;
	for (size_t i = 4; i < payload.len; i++)
		if ((uint8_t)payload.p[i] != pattern(counter, i)) {
			f->heard.n_strange++;
			break;
		}
}

/* RFC 3550 annex A.1, without its probation: false for a packet that is late or twice. */
static bool note_sequence(struct heard *h, uint16_t sequence)
{
	int16_t step = (int16_t)(sequence - (uint16_t)h->highest);

	if (!h->has_any) {
		h->has_any = true;
		h->highest = h->first = 0x10000u + sequence;
		return true;
	}
	if (step <= 0) {
		h->n_late++;
		return false;
	}
	h->highest += (uint16_t)step;
	return true;
}

static void take_rtp(struct flow *f, struct str packet)
{
	struct heard *h = &f->heard;
	struct rd r = rd_of(packet);
	uint8_t first = rd_u8(&r), type = rd_u8(&r) & 0x7f;
	uint16_t sequence = rd_u16(&r);
	struct str payload;

	(void)rd_bytes(&r, 8u + 4u * (first & 0x0f));
	if (r.err != OK || first >> 6 != 2)
		return;
	payload = (struct str){(const char *)r.p, rd_left(&r)};
	if (!payload.len) /* a keep-alive of H.460.19 */
		return;
	h->n_packets++;
	h->n_bytes += payload.len;
	h->last_ms = f->call->e->loop.now_ms;
	if (h->n_packets == 1) {
		h->first_ms = h->last_ms;
		say("media", "'call':%u,'channel':'%s'", f->call->id, names[f->kind]);
	}
	if (type != f->far_payload_type)
		h->n_strange++;
	if (!note_sequence(h, sequence))
		return;
	if (f->kind == AUDIO)
		take_audio(f, type == 0, payload);
	else
		take_video(f, payload);
}

void flow_take(struct flow *f, bool is_rtcp, struct str packet)
{
	if (is_rtcp)
		f->heard.n_rtcp++;
	else
		take_rtp(f, packet);
}

static void read_plain(struct flow *f, int fd, bool is_rtcp)
{
	uint8_t packet[PACKET_MAX];
	ssize_t n;

	while ((n = recv(fd, packet, sizeof packet, 0)) >= 0)
		flow_take(f, is_rtcp, (struct str){(const char *)packet, (size_t)n});
}

static void on_rtp(void *arg)
{
	struct flow *f = arg;

	read_plain(f, f->rtp.fd, false);
}

static void on_rtcp(void *arg)
{
	struct flow *f = arg;

	read_plain(f, f->rtcp.fd, true);
}

/* ---- what is sent ---- */
static bool is_quiet(const struct flow *f)
{
	return f->call->is_silent;
}

void flow_put(struct flow *f, bool is_rtcp, struct str packet)
{
	struct endpoint *e = f->call->e;
	uint8_t room[PACKET_MAX];
	struct wr w = wr_of(room, sizeof room);
	const struct addr *to = is_rtcp ? &f->to_rtcp : &f->to_rtp;
	int fd = is_rtcp ? f->rtcp.fd : f->rtp.fd;

	if (f->has_far_mux)
		wr_u32(&w, f->far_id);
	wr_str(&w, packet);
	if (mux_is_used(f))
		fd = is_rtcp ? e->mux_rtcp.fd : e->mux_rtp.fd;
	if (to->port)
		net_send(fd, wr_done(&w), to);
}

static void put_header(struct flow *f, struct wr *w)
{
	wr_u8(w, 0x80);
	wr_u8(w, f->payload_type);
	wr_u16(w, f->sequence++);
	wr_u32(w, f->samples);
	wr_u32(w, f->ssrc);
}

static int sample(const struct flow *f, unsigned i)
{
	double step = 2 * PI * f->call->e->o.tone_hz / RATE;

	return (int)(12000 * sin(step * ((double)f->samples + i)));
}

static void send_audio(struct flow *f)
{
	uint8_t packet[12 + FRAME];
	struct wr w = wr_of(packet, sizeof packet);

	put_header(f, &w);
	for (unsigned i = 0; i < FRAME; i++)
		wr_u8(&w, f->is_ulaw ? ulaw(sample(f, i)) : alaw(sample(f, i)));
	f->samples += FRAME;
	if (is_quiet(f))
		return;
	f->n_sent++;
	flow_put(f, false, wr_done(&w));
}

static void send_video(struct flow *f)
{
	uint8_t packet[12 + VIDEO_LEN];
	struct wr w = wr_of(packet, sizeof packet);

	put_header(f, &w);
	wr_u32(&w, ++f->counter);
	for (size_t i = 4; i < VIDEO_LEN; i++)
		wr_u8(&w, pattern(f->counter, i));
	f->samples += 90 * VIDEO_MS;
	if (is_quiet(f))
		return;
	f->n_sent++;
	flow_put(f, false, wr_done(&w));
}

static void on_frame(void *arg)
{
	struct flow *f = arg;

	if (!f->is_sending)
		return;
	if (f->kind == AUDIO)
		send_audio(f);
	else
		send_video(f);
	/* by the clock of the flow's begin, so that lateness does not add up; after a stall, from now */
	f->begun_ms += f->kind == AUDIO ? 20 : VIDEO_MS;
	if (f->begun_ms + 200 < clock_ms())
		f->begun_ms = clock_ms();
	timer_start(&f->call->e->loop, &f->frame,
		f->begun_ms > clock_ms() ? f->begun_ms - clock_ms() : 0);
}

/* A sender report and a name (RFC 3550 sections 6.4.1, 6.5). */
static void on_report(void *arg)
{
	static const char name[] = "fosse-h323";
	struct flow *f = arg;
	uint8_t packet[64];
	struct wr w = wr_of(packet, sizeof packet);

	timer_start(&f->call->e->loop, &f->report, 1000);
	if (is_quiet(f) || !f->to_rtcp.port)
		return;
	wr_u32(&w, 0x80c80006);
	wr_u32(&w, f->ssrc);
	wr_u64(&w, f->call->e->loop.now_ms << 22);
	wr_u32(&w, f->samples);
	wr_u32(&w, (uint32_t)f->n_sent);
	wr_u32(&w, (uint32_t)f->n_sent * FRAME);
	wr_u32(&w, 0x81ca0005);
	wr_u32(&w, f->ssrc);
	wr_u8(&w, 1);
	wr_u8(&w, sizeof name - 1);
	wr_bytes(&w, name, sizeof name - 1);
	wr_u32(&w, 0);
	flow_put(f, true, wr_done(&w));
}

void flow_send(struct flow *f, bool is_on)
{
	bool was_on = f->is_sending;

	f->is_sending = is_on;
	if (!is_on || was_on)
		return;
	f->begun_ms = clock_ms();
	timer_start(&f->call->e->loop, &f->frame, 0);
	timer_start(&f->call->e->loop, &f->report, 500);
}

/* ---- flows ---- */
/* An even port and the next one (RFC 3550 section 11). */
static bool open_pair(struct endpoint *e, struct flow *f)
{
	for (unsigned i = 0; i < 2000; i++) {
		struct addr a = addr_with_port(&e->o.local, e->next_media_port), b = a;

		e->next_media_port = (uint16_t)(e->next_media_port + 2);
		b.port++;
		if ((f->rtp.fd = net_udp(&a)) < 0)
			continue;
		if ((f->rtcp.fd = net_udp(&b)) >= 0) {
			f->local = a;
			return true;
		}
		close(f->rtp.fd);
	}
	return false;
}

void flow_law(struct flow *f, bool is_ulaw)
{
	f->is_ulaw = is_ulaw;
	f->payload_type = is_ulaw ? 0 : 8;
}

struct flow *flow_of(struct call *c, enum kind kind)
{
	struct flow *f = &c->flows[kind];

	if (f->call)
		return f;
	*f = (struct flow){.call = c, .kind = kind, .session = kind == CONTENT ? 32 : kind + 1u};
	if (!open_pair(c->e, f)) {
		say("error", "'text':'no media ports'");
		exit(1);
	}
	f->payload_type = f->far_payload_type = kind == AUDIO ? 8 : (uint8_t)(96 + kind);
	if (kind == AUDIO)
		flow_law(f, c->e->o.is_ulaw);
	random_octets(&f->ssrc, sizeof f->ssrc);
	random_octets(&f->sequence, sizeof f->sequence);
	random_octets(&f->id, sizeof f->id);
	f->sequence &= 0x7fff;
	f->rtp = (struct watch){.fd = f->rtp.fd, .want = POLLIN, .on_ready = on_rtp, .arg = f};
	f->rtcp = (struct watch){.fd = f->rtcp.fd, .want = POLLIN, .on_ready = on_rtcp, .arg = f};
	f->frame = (struct timer){.on_time = on_frame, .arg = f};
	f->report = (struct timer){.on_time = on_report, .arg = f};
	loop_watch(&c->e->loop, &f->rtp);
	loop_watch(&c->e->loop, &f->rtcp);
	return f;
}

void flow_close(struct flow *f)
{
	struct loop *l;

	if (!f->call)
		return;
	l = &f->call->e->loop;
	loop_forget(l, &f->rtp);
	loop_forget(l, &f->rtcp);
	timer_forget(l, &f->frame);
	timer_forget(l, &f->report);
	timer_forget(l, &f->alive);
	f->call = NULL;
}

struct addr flow_local(const struct flow *f, bool is_rtcp)
{
	const struct endpoint *e = f->call->e;

	if (mux_is_used(f))
		return net_local(is_rtcp ? e->mux_rtcp.fd : e->mux_rtp.fd);
	return addr_with_port(&f->local, (uint16_t)(f->local.port + (is_rtcp ? 1 : 0)));
}

/* The runs as [from, to, hz], in seconds of the clock of all events. */
static void put_runs(const struct heard *h, struct wr *w)
{
	for (unsigned i = 0; i < h->n_runs; i++)
		wr_printf(w, "%s[%.3f,%.3f,%u]", i ? "," : "", (double)h->runs[i].from_ms / 1000,
			(double)h->runs[i].to_ms / 1000, h->runs[i].hz);
}

void flow_report(const struct flow *f, const char *event)
{
	const struct heard *h = &f->heard;
	char runs[RUNS_MAX * 32] = "";
	struct wr w = wr_of(runs, sizeof runs - 1);
	uint64_t expected = h->has_any ? h->highest - h->first + 1u : 0;
	uint64_t in_order = h->n_packets - h->n_late;

	put_runs(h, &w);
	say(event,
		"'call':%u,'channel':'%s','sent':%llu,'received':%llu,'lost':%llu,'late':%llu,"
		"'rtcp':%llu,'strange':%llu,'bytes':%llu,'first':%.3f,'last':%.3f,'tones':[%s]",
		f->call->id, names[f->kind], (unsigned long long)f->n_sent,
		(unsigned long long)h->n_packets,
		(unsigned long long)(expected > in_order ? expected - in_order : 0),
		(unsigned long long)h->n_late, (unsigned long long)h->n_rtcp,
		(unsigned long long)h->n_strange, (unsigned long long)h->n_bytes,
		(double)h->first_ms / 1000, (double)h->last_ms / 1000, runs);
}
