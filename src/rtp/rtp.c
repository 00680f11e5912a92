/* rtp.c - the RTP header, and what a datagram on a media port is.
 *
 * Pure. A packet that is relayed is never rebuilt from what is parsed here: this only says where its
 * parts are. Nothing is believed beyond the datagram's own length. */
#include "rtp/rtp.h"
#include "base/rd.h"

enum wire_class wire_class_of(struct str datagram)
{
	unsigned first, second;

	if (!datagram.len)
		return WC_OTHER;
	first = (unsigned char)datagram.p[0];
	second = datagram.len > 1 ? (unsigned char)datagram.p[1] : 0;
	if (first < 4)
		return WC_STUN;
	if (first < 16)
		return WC_OTHER;
	if (first < 20)
		return WC_ZRTP;
	if (first < 64)
		return WC_DTLS;
	if (first < 80)
		return WC_CHANNEL_DATA;
	if (first < 128)
		return WC_OTHER;
	if (first >= 192)
		return WC_MULTIPLEX_ID;
	/* RFC 5761 section 4: payload types 64 to 95 are not used beside RTCP */
	return second >= 192 && second <= 223 ? WC_RTCP : WC_RTP;
}

/* RFC 3550 section 5.3.1 */
static void read_extension(struct rd *r, struct rtp_packet *p)
{
	p->extension_profile = rd_u16(r);
	p->extension = rd_bytes(r, 4u * rd_u16(r));
}

/* RFC 3550 section 5.1: the last byte counts the padding, itself too. */
static void cut_padding(struct rd *r, struct rtp_packet *p)
{
	uint8_t n = p->payload.len ? (uint8_t)p->payload.p[p->payload.len - 1] : 0;

	if (n == 0 || n > p->payload.len) {
		rd_fail(r, ERR_SYNTAX);
		return;
	}
	p->n_padding = n;
	p->payload = str_head(p->payload, p->payload.len - n);
}

enum err rtp_parse(struct str datagram, enum rtp_cover cover, struct rtp_packet *ret_packet)
{
	struct rd r = rd_of(datagram);
	struct rtp_packet p = {0};
	uint8_t flags = rd_u8(&r), type = rd_u8(&r);

	if (r.err == OK && flags >> 6 != 2)
		rd_fail(&r, ERR_VERSION);
	p.has_marker = type & 0x80;
	p.payload_type = type & 0x7f;
	p.seq = rd_u16(&r);
	p.timestamp = rd_u32(&r);
	p.ssrc = rd_u32(&r);
	p.n_csrc = flags & 0x0f;
	(void)rd_sub(&r, 4u * p.n_csrc);
	if (flags & 0x10)
		read_extension(&r, &p);
	p.payload = rd_bytes(&r, rd_left(&r));
	if ((flags & 0x20) && cover == RTP_PLAIN)
		cut_padding(&r, &p);
	if (r.err == OK)
		*ret_packet = p;
	return r.err;
}

uint32_t rtp_clock_hz(uint8_t payload_type)
{
	/* clang-format off */
	static const uint32_t hz[128] = {
		[0] = 8000, [3] = 8000, [4] = 8000, [5] = 8000, [6] = 16000, [7] = 8000, [8] = 8000,
		[9] = 8000, /* G.722: a mistake of RFC 1890 that stays (RFC 3551 section 4.5.2) */
		[10] = 44100, [11] = 44100, [12] = 8000, [13] = 8000, [14] = 90000, [15] = 8000,
		[16] = 11025, [17] = 22050, [18] = 8000, [25] = 90000, [26] = 90000, [28] = 90000,
		[31] = 90000, [32] = 90000, [33] = 90000, [34] = 90000,
	};
	/* clang-format on */

	return hz[payload_type & 0x7f];
}
