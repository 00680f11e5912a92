/* dial.c - conns that we begin: found again by their key, or dialled; TLS by way of fosse-tls.
 *
 * The key of one that may be shared is zone, transport, address and expected name, never the address alone. A
 * link's conn is never shared. */
#include <string.h>

#include "sip/conns.h"

static uint64_t key_stream(const struct conns *cs, const struct conn *c)
{
	char buf[PEER_NAME_MAX + ADDR_TEXT_SIZE + 32], addr[ADDR_TEXT_SIZE];
	struct wr w = wr_of(buf, sizeof buf);

	wr_printf(&w, "%u|%u|%s|%s", c->zone->index, (unsigned)c->transport,
		addr_put(&c->remote, addr), c->name);
	return hash_of(&cs->by_key, wr_done(&w));
}

void conn_share(struct conn *c)
{
	hash_add(&c->conns->by_key, &c->by_key, key_stream(c->conns, c));
}

static void on_tls_dialled(void *arg, enum err err, struct str why, const struct peer *peer, int fd)
{
	struct conn *c = arg;
	struct conns *cs = c->conns;

	c->dial_seq = 0;
	if (err == OK)
		err = stream_adopt(cs->io, fd, peer, &conn_stream_ops, c, &c->stream);
	if (err != OK) {
		io_close_fd(cs->io, fd);
		conn_close(c, err, why);
		return;
	}
	c->local = peer->local;
	conn_opened(c);
}

static enum err dial_tls(struct conn *c, struct tls_want *want, const struct addr_ok *to)
{
	struct conns *cs = c->conns;

	want->from = zone_host(cs->zones, c->zone);
	want->to = to->addr;
	want->timeout_ms = cs->conf->sip.tcp_connect_ms + cs->conf->sip.tls_handshake_ms;
	str_copy(str_of(c->zone->name), want->zone, sizeof want->zone);
	return tls_dial(cs->ipc, want, on_tls_dialled, c, &c->dial_seq);
}

static enum err dial_tcp(struct conn *c, enum plan_row row, const struct addr_ok *to)
{
	struct conns *cs = c->conns;
	struct local from = {.row = row, .addr = zone_host(cs->zones, c->zone), .fd = NO_FD};

	return stream_dial(cs->io, &from, to, &conn_stream_ops, c, &c->stream);
}

static struct conn *take_outgoing(
	struct conns *cs, struct zone *zone, enum sip_transport tp, const struct addr_ok *to)
{
	struct conn *c = conn_take(cs, tp);

	if (!c)
		return NULL;
	c->zone = zone;
	c->remote = to->addr;
	c->is_authenticated = zone->kind == ZK_NEIGHBOR;
	return c;
}

/* Dials a TLS or TCP connection to a next hop. Names are verified where the zone asks for it; a DNS
 * zone's are checked against the name that was resolved (RFC 5922). */
static enum err dial_hop(
	struct conns *cs, struct zone *zone, const struct hop *hop, struct conn **ret_conn)
{
	struct conn *c = take_outgoing(cs, zone, hop->transport, &hop->to);
	struct tls_want want = {.row = cs->rows.tls};
	enum err err;

	if (!c)
		return ERR_FULL;
	memcpy(c->name, hop->name, sizeof c->name);
	if (hop->transport == SIP_TP_TLS) {
		want.verify = hop->name[0] ? TLS_VERIFY_CA : TLS_VERIFY_NONE;
		memcpy(want.name, hop->name, sizeof want.name);
		err = dial_tls(c, &want, &hop->to);
	} else {
		err = dial_tcp(c, cs->rows.tcp, &hop->to);
	}
	if (err != OK) {
		conn_give(c);
		return err;
	}
	conn_share(c);
	conn_timer(c);
	*ret_conn = c;
	return OK;
}

static struct conn *stream_find(struct conns *cs, struct zone *zone, const struct hop *hop)
{
	struct conn want = {.zone = zone, .transport = hop->transport, .remote = hop->to.addr};
	uint64_t key;

	memcpy(want.name, hop->name, sizeof want.name);
	key = key_stream(cs, &want);
	for (struct hash_node *n = hash_first(&cs->by_key, key); n; n = hash_next(n)) {
		struct conn *c = container_of(n, struct conn, by_key);

		if (c->transport == hop->transport && c->zone == zone &&
			addr_eq(&c->remote, &hop->to.addr) &&
			str_eq(str_of(c->name), str_of(hop->name)))
			return c;
	}
	return NULL;
}

enum err conn_reach(
	struct conns *cs, struct zone *zone, const struct hop *hop, struct conn **ret_conn)
{
	struct addr host = zone_host(cs->zones, zone);
	struct conn *c;

	if (!conns_has(cs, hop->transport))
		return ERR_UNSUPPORTED;
	if (hop->transport == SIP_TP_UDP)
		return conn_udp(cs, &host, &hop->to.addr, ret_conn);
	c = stream_find(cs, zone, hop);
	if (!c)
		return dial_hop(cs, zone, hop, ret_conn);
	*ret_conn = c;
	return OK;
}

static void want_link(struct tls_want *want, const struct conns *cs, const struct conf_zone *z)
{
	*want = (struct tls_want){.row = cs->rows.link_tls, .is_link = true};
	want->verify = z->tls.verify == VERIFY_CA ? TLS_VERIFY_CA : TLS_VERIFY_PINNED;
	memcpy(want->spki, z->pair.spki[0], sizeof want->spki);
	str_copy(str_of(z->tls.subject[0] ? z->tls.subject : z->pair.peer_name), want->name,
		sizeof want->name);
	str_copy(STR("fosse-link/1"), want->alpn, sizeof want->alpn);
}

enum err conn_dial_link(
	struct conns *cs, struct zone *zone, const struct addr_ok *to, struct conn **ret_conn)
{
	bool is_tls = zone->conf->sip.transport == TRANSPORT_TLS;
	struct conn *c = take_outgoing(cs, zone, is_tls ? SIP_TP_TLS : SIP_TP_TCP, to);
	struct tls_want want;
	enum err err;

	if (!c)
		return ERR_FULL;
	c->is_link = true;
	want_link(&want, cs, zone->conf);
	err = is_tls ? dial_tls(c, &want, to) : dial_tcp(c, cs->rows.link_tcp, to);
	if (err != OK) {
		conn_give(c);
		return err;
	}
	conn_timer(c);
	*ret_conn = c;
	return OK;
}
