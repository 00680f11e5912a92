/* record.c - the kept records of conns: a stream goes on in a successor, unless it is torn. */
#include <string.h>

#include "sip/conns.h"

#define CONN_V1 1

enum { TAG_PEER = 1, TAG_ZONE, TAG_FLAGS, TAG_NAME };
enum { FLAG_INBOUND = 1, FLAG_LINK = 2, FLAG_AUTHENTICATED = 4, FLAG_TORN = 8 };

void conn_keep(struct conn *c)
{
	uint8_t buf[KEEP_BODY_MAX];
	struct wr w = wr_of(buf, sizeof buf);
	uint8_t *mark;

	if (!c->stream || !c->is_open)
		return;
	wr_u8(&w, CONN_V1);
	mark = wr_t_begin(&w, TAG_PEER);
	peer_put(&w, conn_peer(c));
	wr_t_end(&w, mark);
	wr_t_z(&w, TAG_ZONE, c->zone->name);
	wr_t_u8(&w, TAG_FLAGS,
		(uint8_t)((c->is_inbound ? FLAG_INBOUND : 0) | (c->is_link ? FLAG_LINK : 0) |
			  (c->is_authenticated ? FLAG_AUTHENTICATED : 0) |
			  (stream_is_torn(c->stream) ? FLAG_TORN : 0)));
	wr_t_z(&w, TAG_NAME, c->name);
	if (w.err != OK)
		return;
	keep_put(c->conns->keep, c->handle, wr_done(&w), c->is_kept ? NO_FD : stream_fd(c->stream));
	c->is_kept = true;
}

/* The other half is in our memory alone: a successor that went on would write a message into a message. */
void conn_torn(struct stream *s, bool is_torn, void *arg)
{
	struct conn *c = arg;

	(void)s;
	(void)is_torn;
	if (c->is_kept)
		conn_keep(c);
}

struct conn_record {
	struct peer peer;
	char zone[SHOW_NAME_MAX], name[PEER_NAME_MAX];
	uint64_t flags;
};

static enum err record_get(struct str body, struct conn_record *ret)
{
	struct rd r = rd_of(body), value;
	uint16_t tag;

	if (rd_u8(&r) != CONN_V1)
		return ERR_VERSION;
	while (rd_tag(&r, &tag, &value)) {
		enum err err = OK;

		if (tag == TAG_PEER)
			err = peer_get(&value, &ret->peer);
		else if (tag == TAG_ZONE)
			rd_t_z(&value, ret->zone, sizeof ret->zone);
		else if (tag == TAG_FLAGS)
			ret->flags = rd_t_num(&value);
		else if (tag == TAG_NAME)
			rd_t_z(&value, ret->name, sizeof ret->name);
		if (err == OK)
			err = value.err;
		if (err != OK)
			return err;
	}
	return r.err;
}

static struct conn *adopt_take(struct conns *cs, const struct kept *k, const struct conn_record *r)
{
	struct zone *zone = zone_named(cs->zones, str_of(r->zone));
	bool is_whole = zone && k->fd != NO_FD && !(r->flags & FLAG_TORN);
	struct conn *c = is_whole ? pool_take_at(&cs->pool, k->key) : NULL;

	if (r->flags & FLAG_TORN)
		conns_log_closed(cs, k->key, &r->peer.remote, ERR_CLOSED,
			STR("a message was half-written when the process ended"));

	if (!c)
		return NULL;
	conn_begin(c, cs, r->peer.is_tls ? SIP_TP_TLS : SIP_TP_TCP);
	c->remote = r->peer.remote;
	c->local = r->peer.local;
	c->zone = zone;
	c->is_inbound = r->flags & FLAG_INBOUND;
	c->is_link = r->flags & FLAG_LINK;
	c->is_authenticated = r->flags & FLAG_AUTHENTICATED;
	c->has_spoken = c->is_kept = true;
	memcpy(c->name, r->name, sizeof c->name);
	return c;
}

static void adopt_one(struct conns *cs, const struct kept *k)
{
	struct conn_record r = {0};
	struct conn *c = record_get(k->body, &r) == OK ? adopt_take(cs, k, &r) : NULL;

	if (c && stream_adopt(cs->io, k->fd, &r.peer, &conn_stream_ops, c, &c->stream) == OK) {
		conn_count_source(c, 1);
		if (!c->is_inbound && !c->is_link)
			conn_share(c);
		conn_opened(c);
		return;
	}
	io_close_fd(cs->io, k->fd);
	keep_del(cs->keep, k->key);
	if (c)
		pool_give(&cs->pool, c);
}

void conns_adopt(struct conns *cs)
{
	struct kept k;

	while (keep_next(cs->keep, HK_CONN, &k))
		adopt_one(cs, &k);
}
