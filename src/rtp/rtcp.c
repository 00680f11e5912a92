/* rtcp.c - compound and reduced-size RTCP packets: their parts, sender reports, report blocks.
 *
 * Pure. What a part says about ending a stream (BYE) is told like the rest and obeyed by nobody. */
#include "base/rd.h"
#include "rtp/rtp.h"

#define SENDER_LEN 20 /* of a sender report, behind its SSRC */

/* RFC 3550 section 6.4.1: padding is counted in bytes by the last one, in whole words. */
static struct str without_padding(struct rd *r, struct str body)
{
	uint8_t n = body.len ? (uint8_t)body.p[body.len - 1] : 0;

	if (n == 0 || n % 4 || n > body.len) {
		rd_fail(r, ERR_SYNTAX);
		return STR_NONE;
	}
	return str_head(body, body.len - n);
}

static void read_head(
	struct rd *r, struct rtcp_part *part, bool *ret_has_padding, uint16_t *ret_words)
{
	uint8_t flags = rd_u8(r);

	if (r->err == OK && flags >> 6 != 2)
		rd_fail(r, ERR_VERSION);
	*ret_has_padding = flags & 0x20;
	part->count = flags & 0x1f;
	part->type = rd_u8(r);
	if (r->err == OK && (part->type < 192 || part->type > 223))
		rd_fail(r, ERR_SYNTAX);
	*ret_words = rd_u16(r);
}

static void read_part(struct rd *r, struct rtcp_part *part)
{
	bool has_padding = false;
	uint16_t words = 0;

	read_head(r, part, &has_padding, &words);
	part->body = rd_bytes(r, 4u * words);
	if (!has_padding)
		return;
	if (rd_more(r)) /* only the last part may have any */
		rd_fail(r, ERR_SYNTAX);
	part->body = without_padding(r, part->body);
}

/* SDES and BYE without a source have no SSRC (RFC 3550 sections 6.5, 6.6). */
static uint32_t sender_of(const struct rtcp_part *part)
{
	struct rd r = rd_of(part->body);

	if (!part->count && (part->type == RTCP_SDES || part->type == RTCP_BYE))
		return 0;
	return rd_u32(&r);
}

/* RFC 3711 section 3.4: the first header and the SSRC are in the clear. */
static enum err parse_encrypted(struct rd *r, struct rtcp_packet *ret_packet)
{
	struct rtcp_packet p = {.n_parts = 1};
	bool has_padding;
	uint16_t words;

	read_head(r, &p.parts[0], &has_padding, &words);
	p.parts[0].body = rd_bytes(r, 4);
	if (r->err != OK)
		return r->err;
	p.ssrc = sender_of(&p.parts[0]);
	*ret_packet = p;
	return OK;
}

enum err rtcp_parse(struct str datagram, enum rtp_cover cover, struct rtcp_packet *ret_packet)
{
	struct rd r = rd_of(datagram);
	struct rtcp_packet p = {0};

	if (cover == RTP_ENCRYPTED)
		return parse_encrypted(&r, ret_packet);
	if (!datagram.len)
		return ERR_SHORT;
	while (rd_more(&r) && p.n_parts < RTCP_PARTS_MAX)
		read_part(&r, &p.parts[p.n_parts++]);
	if (rd_more(&r))
		rd_fail(&r, ERR_FULL);
	if (r.err != OK)
		return r.err;
	p.ssrc = sender_of(&p.parts[0]);
	*ret_packet = p;
	return OK;
}

enum err rtcp_sender_get(const struct rtcp_part *part, struct rtcp_sender *ret_sender)
{
	struct rd r = rd_of(part->body);
	struct rtcp_sender s;

	if (part->type != RTCP_SR)
		return ERR_NOENT;
	(void)rd_u32(&r); /* its SSRC */
	s.ntp = rd_u64(&r);
	s.rtp_timestamp = rd_u32(&r);
	s.n_packets = rd_u32(&r);
	s.n_bytes = rd_u32(&r);
	if (r.err == OK)
		*ret_sender = s;
	return r.err;
}

/* RFC 3550 section 6.4.1, "report block" */
static struct rtcp_report read_report(struct rd *r)
{
	struct rtcp_report b;
	uint32_t lost;

	b.ssrc = rd_u32(r);
	lost = rd_u32(r);
	b.lost_fraction = (uint8_t)(lost >> 24);
	b.n_lost = (int32_t)(lost & 0xffffff) - (lost & 0x800000 ? 0x1000000 : 0);
	b.seq_highest = rd_u32(r);
	b.jitter = rd_u32(r);
	b.last_sr = rd_u32(r);
	b.since_last_sr = rd_u32(r);
	return b;
}

enum err rtcp_reports_get(const struct rtcp_part *part,
	struct rtcp_report ret_reports[RTCP_REPORTS_MAX], size_t *ret_n)
{
	struct rd r = rd_of(part->body);
	struct rtcp_report reports[RTCP_REPORTS_MAX];
	size_t n = part->type == RTCP_SR || part->type == RTCP_RR ? part->count : 0;

	(void)rd_sub(&r, part->type == RTCP_SR ? 4 + SENDER_LEN : n ? 4 : 0);
	for (size_t i = 0; i < n; i++)
		reports[i] = read_report(&r);
	if (r.err != OK)
		return r.err;
	for (size_t i = 0; i < n; i++)
		ret_reports[i] = reports[i];
	*ret_n = n;
	return OK;
}
