/* keepalive.c - keep-alives of H.460.19: shapes, and a client's timer. */
#include <string.h>

#include "media/keepalive.h"

/* Firewalls give 20 s and more: an interval that is longer closes them, and none is no interval. */
#define INTERVAL_MAX_MS 19000u
#define INTERVAL_MIN_MS 1000u

/* The first says where we are, and may be lost. */
static const uint32_t first_delays_ms[] = {200, 800};
#define N_FIRST_DELAYS (sizeof first_delays_ms / sizeof first_delays_ms[0])

#define RTP_TYPE_DYNAMIC 96

/* ---- shapes ---- */

/* A header alone: version 2, neither padding, extension nor sources. Some count, some set the marker. */
static bool is_rtp(const uint8_t *p, uint8_t announced)
{
	uint8_t type = p[1] & 0x7f;

	return p[0] == 0x80 && (announced ? type == announced : type >= RTP_TYPE_DYNAMIC);
}

/* A sender's report of no sending: all zero but the SSRC, which may be anything. */
static bool is_rtcp(const uint8_t *p)
{
	static const uint8_t header[] = {0x80, RTCP_SR, 0, 6}, zero[20];

	return memcmp(p, header, sizeof header) == 0 && memcmp(p + 8, zero, sizeof zero) == 0;
}

bool keepalive_is(struct str bytes, enum component component, const struct h46019 *h)
{
	const uint8_t *p = (const uint8_t *)bytes.p;

	if (h->role != H46019_SERVER)
		return false;
	if (component == COMP_RTCP)
		return bytes.len == KEEPALIVE_RTCP_LEN && is_rtcp(p);
	/* before the announcement only an id says that a stranger's empty packet is no media */
	return bytes.len == KEEPALIVE_RTP_LEN && (h->keepalive_type || h->id_in) &&
	       is_rtp(p, h->keepalive_type);
}

/* ---- ids ---- */

uint32_t multiplex_id_read(struct str bytes)
{
	struct rd r = rd_of(bytes);

	return rd_u32(&r);
}

void multiplex_id_write(uint32_t id, uint8_t ret_bytes[MULTIPLEX_ID_LEN])
{
	struct wr w = wr_of(ret_bytes, MULTIPLEX_ID_LEN);

	wr_u32(&w, id);
}

uint32_t multiplex_id_backwards(uint32_t id)
{
	return __builtin_bswap32(id);
}

/* ---- the sending ---- */

static void send_both(struct keepalive *k)
{
	uint8_t rtp[KEEPALIVE_RTP_LEN] = {0x80, k->h46019.keepalive_type};
	uint8_t rtcp[KEEPALIVE_RTCP_LEN] = {0x80, RTCP_SR, 0, 6};

	k->seq++;
	rtp[2] = (uint8_t)(k->seq >> 8);
	rtp[3] = (uint8_t)k->seq;
	k->send(k->arg, COMP_RTP, (struct str){(const char *)rtp, sizeof rtp});
	k->send(k->arg, COMP_RTCP, (struct str){(const char *)rtcp, sizeof rtcp});
}

static uint32_t interval(const struct keepalive *k)
{
	uint32_t ms = k->h46019.keepalive_ms;

	if (!ms || ms > INTERVAL_MAX_MS)
		return INTERVAL_MAX_MS;
	return ms < INTERVAL_MIN_MS ? INTERVAL_MIN_MS : ms;
}

/* Earlier by up to a tenth, never later: many streams shall not beat together. */
static uint32_t next_delay(const struct keepalive *k)
{
	uint32_t ms = interval(k), r;

	if (k->n_sent <= N_FIRST_DELAYS)
		return first_delays_ms[k->n_sent - 1];
	io_random(k->io, &r, sizeof r);
	return ms - r % (ms / 10);
}

static void on_timer(void *arg)
{
	struct keepalive *k = arg;

	send_both(k);
	k->n_sent++;
	timer_start(k->io, &k->timer, next_delay(k));
}

void keepalive_init(struct keepalive *k, struct io *io, keepalive_send_h *send, void *arg)
{
	*k = (struct keepalive){.io = io, .send = send, .arg = arg};
	timer_init(&k->timer, on_timer, k);
}

static bool is_same(const struct h46019 *a, const struct h46019 *b)
{
	return a->keepalive_type == b->keepalive_type && a->keepalive_ms == b->keepalive_ms &&
	       a->has_id_out == b->has_id_out && a->id_keepalive == b->id_keepalive &&
	       addr_eq(&a->keepalive_rtp, &b->keepalive_rtp) &&
	       addr_eq(&a->keepalive_rtcp, &b->keepalive_rtcp);
}

void keepalive_start(struct keepalive *k, const struct h46019 *h)
{
	if (timer_is_on(&k->timer) && is_same(&k->h46019, h))
		return;
	k->h46019 = *h;
	k->n_sent = 0;
	timer_start(k->io, &k->timer, 0);
}

void keepalive_stop(struct keepalive *k)
{
	timer_stop(&k->timer);
}
