/* kept.c - records of established calls' sides, and their sides in a successor. See cleg.h.
 *
 * A side is kept from Connect on: connection, call reference, identifiers, how its H.245 travels, which
 * channels are open on which lines. Its connections are kept with it. What was under way inside a handler
 * is not: queues of H.245 are as a network that lost them. A record is put when its body changed. */
#include <string.h>

#include "h323/cleg.h"

#define LEG_V1 1

LOG_EVENT(ev_adopted, "H323-126", LOG_INFO, "a side of a call goes on");
LOG_EVENT(ev_dropped, "H323-127", LOG_NOTICE, "a side of a call cannot go on");

enum {
	TAG_LEG = 1,
	TAG_ZONE,
	TAG_CONN,
	TAG_CRV,
	TAG_FLAGS,
	TAG_GUID,
	TAG_REMOTE,
	TAG_TUNNEL,
	TAG_H245_IN,
	TAG_H245_OUT,
	TAG_H245_AT,
	TAG_CHANNEL
};
enum { FLAG_CALLER = 1, FLAG_OFFERED = 2, FLAG_STARTED = 4, FLAG_SENT_END = 8, FLAG_GOT_END = 16 };
enum { CHANNEL_IS_OPEN = 1, CHANNEL_IS_SWALLOWED = 2 };

/* ---- putting ---- */

static void put_channels(struct wr *w, const struct cleg *c)
{
	for (size_t i = 0; i < LEG_CHANNELS; i++) {
		const struct channel *ch = &c->h245.channels[i];
		uint8_t *mark;

		if (!ch->is_used && !ch->is_swallowed)
			continue;
		mark = wr_t_begin(w, TAG_CHANNEL);
		wr_u16(w, ch->number);
		wr_u8(w, ch->line);
		wr_u8(w, ch->session);
		wr_u8(w, (uint8_t)((ch->is_open ? CHANNEL_IS_OPEN : 0) |
				   (ch->is_swallowed ? CHANNEL_IS_SWALLOWED : 0)));
		wr_t_end(w, mark);
	}
}

static void put_body(struct wr *w, const struct cleg *c)
{
	const struct h245_side *s = &c->h245;

	wr_u8(w, LEG_V1);
	wr_t_u64(w, TAG_LEG, c->leg_handle);
	wr_t_z(w, TAG_ZONE, c->zone->name);
	wr_t_u64(w, TAG_CONN, c->conn);
	wr_t_u16(w, TAG_CRV, c->crv);
	wr_t_u8(w, TAG_FLAGS,
		(uint8_t)((c->is_caller ? FLAG_CALLER : 0) | (s->is_offered ? FLAG_OFFERED : 0) |
			  (s->is_started ? FLAG_STARTED : 0) |
			  (s->has_sent_end ? FLAG_SENT_END : 0) |
			  (s->has_got_end ? FLAG_GOT_END : 0)));
	wr_t_str(w, TAG_GUID, (struct str){(const char *)c->guid, sizeof c->guid});
	wr_t_addr(w, TAG_REMOTE, &c->remote);
	wr_t_u8(w, TAG_TUNNEL, (uint8_t)s->peer);
	wr_t_u64(w, TAG_H245_IN, s->conn[0]);
	wr_t_u64(w, TAG_H245_OUT, s->conn[1]);
	wr_t_addr(w, TAG_H245_AT, &s->address);
	put_channels(w, c);
}

static void keep_conn(struct cleg *c, uint64_t handle)
{
	struct hconn *conn = hconn_get(c->h->conns, handle);

	if (conn && conn->is_open && !conn->is_kept)
		hconn_keep(conn);
}

void cleg_keep(struct cleg *c)
{
	uint8_t buf[KEEP_BODY_MAX];
	struct wr w = wr_of(buf, sizeof buf);
	uint64_t sum;

	if (c->state != CL_ACTIVE || !c->leg)
		return;
	keep_conn(c, c->conn);
	keep_conn(c, c->h245.conn[0]);
	keep_conn(c, c->h245.conn[1]);
	put_body(&w, c);
	sum = siphash(&c->h->legs->by_call.key, wr_done(&w).p, wr_len(&w));
	if (w.err != OK || (c->is_kept && c->kept_sum == sum))
		return;
	keep_put(c->h->keep, c->handle, wr_done(&w), NO_FD);
	c->is_kept = true;
	c->kept_sum = sum;
}

/* ---- adopting ---- */

struct record {
	char zone[SHOW_NAME_MAX];
	uint64_t leg, conn, h245[2];
	uint16_t crv;
	uint8_t flags, tunnel;
	uint8_t guid[H323_GUID_LEN];
	struct addr remote, h245_at;
	size_t n_channels;
	struct channel channels[LEG_CHANNELS];
};

static void get_channel(struct rd *v, struct record *r)
{
	struct channel ch = {.number = rd_u16(v), .line = rd_u8(v), .session = rd_u8(v)};
	uint8_t flags = rd_u8(v);

	ch.is_open = flags & CHANNEL_IS_OPEN;
	ch.is_swallowed = flags & CHANNEL_IS_SWALLOWED;
	ch.is_used = !ch.is_swallowed;
	if (v->err == OK && r->n_channels < LEG_CHANNELS)
		r->channels[r->n_channels++] = ch;
}

static void get_field(struct record *r, uint16_t tag, struct rd *v)
{
	switch (tag) {
	case TAG_LEG:
		r->leg = rd_t_num(v);
		break;
	case TAG_ZONE:
		rd_t_z(v, r->zone, sizeof r->zone);
		break;
	case TAG_CONN:
		r->conn = rd_t_num(v);
		break;
	case TAG_CRV:
		r->crv = (uint16_t)rd_t_num(v);
		break;
	case TAG_FLAGS:
		r->flags = (uint8_t)rd_t_num(v);
		break;
	case TAG_GUID:
		rd_copy(v, r->guid, sizeof r->guid);
		break;
	case TAG_REMOTE:
		r->remote = rd_t_addr(v);
		break;
	case TAG_TUNNEL:
		r->tunnel = (uint8_t)rd_t_num(v);
		break;
	case TAG_H245_IN:
		r->h245[0] = rd_t_num(v);
		break;
	case TAG_H245_OUT:
		r->h245[1] = rd_t_num(v);
		break;
	case TAG_H245_AT:
		r->h245_at = rd_t_addr(v);
		break;
	case TAG_CHANNEL:
		get_channel(v, r);
		break;
	default:
		break;
	}
}

static enum err get_record(struct str body, struct record *ret)
{
	struct rd r = rd_of(body), value;
	uint16_t tag;

	if (rd_u8(&r) != LEG_V1)
		return ERR_VERSION;
	while (rd_tag(&r, &tag, &value)) {
		get_field(ret, tag, &value);
		rd_join(&r, &value);
	}
	return r.err;
}

/* A connection that did not come with it, or its listener, is gone: H.245 finds another way when it must. */
static void adopt_h245(struct cleg *c, const struct record *r)
{
	struct h245_side *s = &c->h245;

	s->peer = r->tunnel <= CS_TUNNEL_YES ? (enum cs_tunnelling)r->tunnel : CS_TUNNEL_NO;
	s->is_offered = r->flags & FLAG_OFFERED;
	s->is_started = r->flags & FLAG_STARTED;
	s->has_sent_end = r->flags & FLAG_SENT_END;
	s->has_got_end = r->flags & FLAG_GOT_END;
	s->address = r->h245_at;
	memcpy(s->channels, r->channels, sizeof s->channels);
	for (int i = 0; i < 2; i++) {
		const struct hconn *conn = hconn_get(c->h->conns, r->h245[i]);

		s->conn[i] = conn && conn->user == c->handle ? conn->handle : 0;
	}
	if (!s->conn[0] && !s->conn[1])
		s->is_started = false;
}

static struct cleg *adopt_take(struct h323 *h, const struct kept *k, const struct record *r)
{
	struct hconn *conn = hconn_get(h->conns, r->conn);
	struct zone *zone = zone_named(h->zones, str_of(r->zone));
	struct cleg *c;

	if (!conn || !zone)
		return NULL;
	c = cleg_adopt(h, k->key, conn, r->crv, r->flags & FLAG_CALLER, r->guid);
	if (!c)
		return NULL;
	c->zone = zone;
	c->remote = r->remote;
	c->state = CL_ACTIVE;
	c->is_told = c->is_heard = c->has_said_proceeding = c->is_kept = true;
	adopt_h245(c, r);
	return c;
}

static void adopt_one(struct h323 *h, const struct kept *k)
{
	struct record *r = scratch_take(io_scratch(h->io), sizeof *r);
	struct call_cause cause = {.q850 = 41, .sip = 503};
	struct cleg *c = NULL;

	io_close_fd(h->io, k->fd);
	if (r && get_record(k->body, r) == OK)
		c = adopt_take(h, k, r);
	if (c)
		c->leg = leg_adopt(h->core, r->leg, &h->leg_ops, c);
	log_put(io_log(h->io), c && c->leg ? &ev_adopted : &ev_dropped, F_H("leg", k->key));
	if (!c) {
		keep_del(h->keep, k->key);
		return;
	}
	if (!c->leg) { /* the other side, or the call, ended in our predecessor's last moments */
		cleg_say_release(c, &cause);
		cleg_free(c);
		return;
	}
	c->leg_handle = r->leg;
	cleg_due(c);
}

void legs_adopt(struct h323 *h)
{
	struct scratch *scratch = io_scratch(h->io);
	struct hconn *next;
	struct kept k;

	while (keep_next(h->keep, HK_H323_LEG, &k)) {
		size_t mark = scratch_mark(scratch);

		adopt_one(h, &k);
		scratch_back(scratch, mark);
	}
	for (struct hconn *conn = hconns_next(h->conns, NULL); conn; conn = next) {
		next = hconns_next(h->conns, conn);
		if (conn->kind == HCONN_H245 ? !cleg_get(h, conn->user)
					     : !conn->is_inbound && !conn->n_uses)
			hconn_end(conn);
	}
}
