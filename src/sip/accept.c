/* accept.c - conns that the far side begins, whose they are, and the sockets that they come by.
 *
 * A zone is given by the accept rule when a conn begins, and by a registration later; nothing that a message
 * says changes it. Sources are counted here: how many streams one may have open. */
#include <string.h>

#include "sip/conns.h"

LOG_EVENT(ev_denied, "SIP-113", LOG_NOTICE, "the address policy refuses a source");
LOG_EVENT(ev_source, "SIP-114", LOG_NOTICE, "too many connections of one source");

/* ---- the accept rule ---- */

static bool zone_lists(const struct zone *z, const struct peer *peer, const struct addr *remote)
{
	for (uint32_t i = 0; i < z->conf->n_peers; i++) {
		struct addr a;

		if (peer && peer->is_tls && peer->san[0] &&
			str_ieq(str_of(peer->san), str_of(z->conf->peers[i])))
			return true;
		if (addr_parse_host(str_of(z->conf->peers[i]), &a) == OK &&
			addr_same_host(&a, remote))
			return true;
	}
	return false;
}

/* 1 the port of a traversal zone, 2 a neighbor by the name in its certificate, 3 by its address,
 * 5 the Default zone; 4, a registration, comes later. */
static struct zone *zone_of(const struct conns *cs, const struct peer *peer,
	const struct addr *local, const struct addr *remote)
{
	struct zone *z;

	for (uint32_t i = 0; (z = zone_at(cs->zones, i)); i++) {
		if (peer && z->kind == ZK_TRAVERSAL_SERVER && z->conf->sip.enabled &&
			z->conf->sip.port == local->port)
			return z;
	}
	for (uint32_t i = 0; (z = zone_at(cs->zones, i)); i++) {
		if (z->kind == ZK_NEIGHBOR && zone_lists(z, peer, remote))
			return z;
	}
	return zone_default(cs->zones);
}

/* fosse-tls names the zone of a peer that proved to be in it. */
static struct zone *accept_zone(const struct conns *cs, const struct peer *peer,
	const struct addr *local, const struct addr *remote)
{
	struct zone *named =
		peer && peer->zone[0] ? zone_named(cs->zones, str_of(peer->zone)) : NULL;

	return named ? named : zone_of(cs, peer, local, remote);
}

/* A conn of a zone that went ends: its next message makes it anew, in the zone that it belongs to now. UDP
 * conns never end by themselves while there is traffic, so they are looked at again. */
void conns_configure(struct conns *cs, const struct conf *conf)
{
	cs->conf = conf;
	for (struct conn *c = NULL; (c = pool_next(&cs->pool, c));) {
		if (!c->zone)
			continue;
		if (!c->zone->handle)
			conn_close(c, ERR_CLOSED, STR("its zone is not configured any more"));
		else if (c->transport == SIP_TP_UDP && c->zone->kind != ZK_LOCAL)
			c->zone = zone_of(cs, NULL, &c->local, &c->remote);
	}
}

/* ---- UDP ---- */

static uint64_t key_udp(const struct conns *cs, const struct addr *local, const struct addr *remote)
{
	struct addr both[2];

	memset(both, 0, sizeof both);
	both[0] = *local;
	both[1] = *remote;
	return hash_of(&cs->by_key, (struct str){(const char *)both, sizeof both});
}

static struct conn *udp_find(
	struct conns *cs, uint64_t key, const struct addr *local, const struct addr *remote)
{
	for (struct hash_node *n = hash_first(&cs->by_key, key); n; n = hash_next(n)) {
		struct conn *c = container_of(n, struct conn, by_key);

		if (c->transport == SIP_TP_UDP && addr_eq(&c->remote, remote) &&
			addr_eq(&c->local, local))
			return c;
	}
	return NULL;
}

static struct conn *udp_make(
	struct conns *cs, struct dgram *d, const struct addr *remote, uint64_t key)
{
	struct addr local = dgram_addr(d);
	struct zone *zone = zone_of(cs, NULL, &local, remote);
	struct addr_ctx ctx = zone_addr_ctx(cs->zones, zone);
	const char *why = "";
	struct addr_ok to;
	struct conn *c;

	if (addr_policy(&ctx, USE_SIP_RESPONSE, remote, &to, &why) != OK) {
		cs->counters.n_denied++;
		log_put(io_log(cs->io), &ev_denied, F_ADDR("src", remote), F_Z("why", why));
		return NULL;
	}
	c = conn_take(cs, SIP_TP_UDP);
	if (!c)
		return NULL;
	c->local = local;
	c->remote = *remote;
	c->to = to;
	c->dgram = d;
	c->zone = zone;
	c->is_inbound = c->is_open = true;
	hash_add(&cs->by_key, &c->by_key, key);
	conn_timer(c);
	return c;
}

struct conn *conn_of_source(
	struct conns *cs, struct dgram *d, const struct addr *from, bool may_make)
{
	struct addr local = dgram_addr(d);
	uint64_t key = key_udp(cs, &local, from);
	struct conn *c = udp_find(cs, key, &local, from);

	if (!c && may_make)
		c = udp_make(cs, d, from, key);
	if (c)
		list_append(&cs->udp_by_age, &c->by_age);
	return c;
}

/* The UDP socket that faces a zone: on the zone's own host, else one of the family. */
static struct dgram *udp_socket(struct conns *cs, const struct addr *host, uint8_t family)
{
	struct dgram *fits = NULL;

	for (size_t i = 0; i < CONN_LISTENERS; i++) {
		struct listener *l = &cs->listeners[i];

		if (!l->dgram || l->at.family != family)
			continue;
		if (host && addr_same_host(&l->at, host))
			return l->dgram;
		if (!fits)
			fits = l->dgram;
	}
	return fits;
}

enum err conn_udp(struct conns *cs, const struct addr *local, const struct addr *remote,
	struct conn **ret_conn)
{
	struct dgram *d = udp_socket(cs, local, remote->family);
	struct conn *c;

	if (!d)
		return ERR_UNSUPPORTED;
	c = conn_of_source(cs, d, remote, true);
	if (!c)
		return ERR_DENIED;
	*ret_conn = c;
	return OK;
}

/* ---- streams: accept, adopt ---- */

static bool is_source_full(struct conns *cs, const struct addr *remote)
{
	if (*conns_source_slot(cs, remote, false) < cs->conf->limits.conns_per_source)
		return false;
	cs->counters.n_full++;
	log_put(io_log(cs->io), &ev_source, F_ADDR("src", remote));
	cs->ops->full(cs->arg, "limits.connections_per_source");
	return true;
}

static struct conn *accept_stream(struct conns *cs, const struct peer *peer)
{
	struct conn *c;

	if (is_source_full(cs, &peer->remote))
		return NULL;
	c = conn_take(cs, peer->is_tls ? SIP_TP_TLS : SIP_TP_TCP);
	if (!c)
		return NULL;
	c->local = peer->local;
	c->remote = peer->remote;
	c->is_inbound = true;
	c->zone = accept_zone(cs, peer, &peer->local, &peer->remote);
	c->is_link = c->zone->kind == ZK_TRAVERSAL_SERVER;
	conn_count_source(c, 1);
	return c;
}

static void on_accepted(struct stream *s, void *arg)
{
	struct listener *l = arg;
	struct conn *c = accept_stream(l->conns, stream_peer(s));

	if (!c)
		return;
	stream_take(s, &conn_stream_ops, c);
	c->stream = s;
	conn_opened(c);
}

static const struct stream_ops listener_ops = {.accepted = on_accepted};

void conns_take_tls(struct conns *cs, const struct peer *peer, int fd)
{
	struct conn *c = accept_stream(cs, peer);

	if (c && stream_adopt(cs->io, fd, peer, &conn_stream_ops, c, &c->stream) == OK) {
		conn_opened(c);
		return;
	}
	io_close_fd(cs->io, fd);
	if (c)
		conn_give(c);
}

/* ---- listening ---- */

static struct listener *listener_free(struct conns *cs)
{
	for (size_t i = 0; i < CONN_LISTENERS; i++) {
		if (!cs->listeners[i].dgram && !cs->listeners[i].stream)
			return &cs->listeners[i];
	}
	return NULL;
}

enum err conns_listen(struct conns *cs, enum plan_row row, const struct addr *at, int fd)
{
	struct listener *l = listener_free(cs);
	struct local local = {.row = row, .addr = *at, .fd = fd};
	enum err err = ERR_FULL;

	if (!l)
		return err;
	*l = (struct listener){.row = row, .at = *at, .conns = cs};
	if (plan_protocol(row) == PROTO_UDP)
		err = dgram_open(cs->io, &local, frame_datagrams, l, &l->dgram);
	else
		err = stream_listen(cs->io, &local, &listener_ops, l, &l->stream);
	if (err == OK && l->dgram)
		dgram_take_large(l->dgram); /* an INVITE with video is seldom below 2 kB */
	if (err != OK)
		*l = (struct listener){0};
	return err;
}

static void close_conns_of(struct conns *cs, const struct dgram *d)
{
	for (struct conn *c = NULL; (c = conns_next(cs, c));) {
		if (c->dgram == d)
			conn_close(c, ERR_CLOSED, STR("its socket was taken away"));
	}
}

void conns_unlisten(struct conns *cs, enum plan_row row, const struct addr *at)
{
	for (size_t i = 0; i < CONN_LISTENERS; i++) {
		struct listener *l = &cs->listeners[i];

		if ((!l->dgram && !l->stream) || l->row != row || !addr_eq(&l->at, at))
			continue;
		if (l->dgram)
			close_conns_of(cs, l->dgram);
		dgram_close(l->dgram);
		stream_close(l->stream);
		*l = (struct listener){0};
	}
}

/* ---- who is behind it ---- */

static void set_authenticated(struct conn *c, bool is_authenticated)
{
	conn_count_source(c, -1);
	c->is_authenticated = is_authenticated;
	conn_count_source(c, 1);
}

void conn_authenticate(struct conn *c)
{
	set_authenticated(c, true);
}

bool conn_may_register(const struct conn *c)
{
	struct conns *cs = c->conns;

	return c->is_authenticated || !c->is_inbound || !conn_is_stream(c) ||
	       *conns_source_slot(cs, &c->remote, true) <
	               cs->conf->limits.conns_per_source_authenticated;
}

static void set_zone(struct conn *c, struct zone *zone, bool is_authenticated)
{
	c->zone = zone;
	set_authenticated(c, is_authenticated);
	if (c->is_kept)
		conn_keep(c);
}

void conn_register(struct conn *c)
{
	if (c->zone == zone_default(c->conns->zones))
		set_zone(c, zone_local(c->conns->zones), true);
}

void conn_unregister(struct conn *c)
{
	if (c->zone == zone_local(c->conns->zones))
		set_zone(c, accept_zone(c->conns, conn_peer(c), &c->local, &c->remote), false);
}
