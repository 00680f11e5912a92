/* conn.c - the life of conns: accept, dial, adopt, share, time out, close.
 *
 *	first message   5 s after accept or handshake      | one timer for each conn, started anew
 *	rest of one     5 s after its first byte           | for what comes first
 *	idle            30 s unauthenticated, 180 s else   |
 *	ping            100 s on outgoing streams          |
 *	open            the dial's own limit               |
 *
 * A conn that a binding or dialog names is never idle. UDP conns are only what we know of a remote
 * address: when the pool is full the least recently used one that nobody names makes room. */
#include <string.h>

#include "sip/conns.h"

#define NS_PER_MS  1000000u
#define CONN_V1    1
#define ROOM_LOOKS 32u
#define LIST_OF(n) container_of((n), struct conn, by_age)

LOG_EVENT(ev_open, "SIP-110", LOG_DEBUG, "connection is open");
LOG_EVENT(ev_closed, "SIP-111", LOG_INFO, "connection closed");
LOG_EVENT(ev_full, "SIP-112", LOG_ERROR, "no connection is left");
LOG_EVENT(ev_denied, "SIP-113", LOG_NOTICE, "the address policy refuses a source");
LOG_EVENT(ev_source, "SIP-114", LOG_NOTICE, "too many connections of one source");

/* ---- the table ---- */

static enum err tables_new(struct conns *cs, const struct conf_limits *limits)
{
	struct hash_key keys[2];
	uint32_t generation;
	enum err err;

	io_random(cs->io, keys, sizeof keys);
	io_random(cs->io, &generation, sizeof generation);
	cs->source_key = keys[0];
	err = pool_init(&cs->pool, HK_CONN, sizeof(struct conn), limits->conns, generation);
	if (err == OK)
		err = hash_init(&cs->by_key, limits->conns, &keys[1]);
	if (err == OK)
		err = rate_init(&cs->refusals, CONN_REFUSALS, 1000, CONN_REFUSALS, &keys[0]);
	return err;
}

enum err conns_new(const struct conns_deps *deps, struct conns **ret_conns)
{
	bool is_control = deps->conf->node.role == ROLE_CONTROL;
	struct conns *cs = mem_array(1, sizeof *cs);
	enum err err;

	if (!cs)
		return ERR_FULL;
	*cs = (struct conns){.io = deps->io,
		.ipc = deps->ipc,
		.keep = deps->keep,
		.conf = deps->conf,
		.zones = deps->zones,
		.ops = deps->ops,
		.arg = deps->arg};
	cs->rows.tcp = is_control ? PLAN_INSIDE_TCP_OUT : PLAN_PUBLIC_TCP_OUT;
	cs->rows.tls = is_control ? PLAN_INSIDE_TLS_OUT : PLAN_PUBLIC_TLS_OUT;
	cs->rows.link_tcp = PLAN_LINK_TCP;
	cs->rows.link_tls = PLAN_LINK_TLS;
	list_init(&cs->udp_by_age);
	err = tables_new(cs, &deps->conf->limits);
	if (err != OK) {
		conns_free(cs);
		return err;
	}
	*ret_conns = cs;
	return OK;
}

static void shut(struct conn *c)
{
	timer_stop(&c->timer);
	if (c->dial_seq)
		ipc_forget(c->conns->ipc, c->dial_seq);
	stream_close(c->stream);
	c->stream = NULL;
	c->dgram = NULL;
}

void conns_free(struct conns *cs)
{
	if (!cs)
		return;
	for (struct conn *c = NULL; cs->pool.n && (c = pool_next(&cs->pool, c));)
		shut(c);
	for (size_t i = 0; i < CONN_LISTENERS; i++) {
		dgram_close(cs->listeners[i].dgram);
		stream_close(cs->listeners[i].stream);
	}
	pool_free(&cs->pool);
	hash_free(&cs->by_key);
	rate_free(&cs->refusals);
	mem_free(cs);
}

struct conn *conn_get(struct conns *cs, uint64_t handle)
{
	return pool_get(&cs->pool, handle);
}

struct conn *conns_next(const struct conns *cs, const struct conn *c)
{
	return pool_next(&cs->pool, c);
}

size_t conns_count(const struct conns *cs)
{
	return cs->pool.n_taken;
}

const struct conns_counters *conns_counters(const struct conns *cs)
{
	return &cs->counters;
}

bool conn_is_stream(const struct conn *c)
{
	return c->transport != SIP_TP_UDP;
}

const struct peer *conn_peer(const struct conn *c)
{
	return c->stream ? stream_peer(c->stream) : NULL;
}

const char *conn_protocol(const struct conn *c)
{
	return c->transport == SIP_TP_UDP   ? "sip/udp"
	       : c->transport == SIP_TP_TCP ? "sip/tcp"
	                                    : "sip/tls";
}

bool conn_is_full(const struct conn *c)
{
	return c->stream && stream_queued(c->stream) > CONN_QUEUE_MAX;
}

/* ---- keys ---- */

static uint64_t key_udp(const struct conns *cs, const struct addr *local, const struct addr *remote)
{
	struct addr both[2];

	memset(both, 0, sizeof both);
	both[0] = *local;
	both[1] = *remote;
	return hash_of(&cs->by_key, (struct str){(const char *)both, sizeof both});
}

static uint64_t key_stream(const struct conns *cs, const struct conn *c)
{
	char buf[PEER_NAME_MAX + ADDR_TEXT_SIZE + 32], addr[ADDR_TEXT_SIZE];
	struct wr w = wr_of(buf, sizeof buf);

	wr_printf(&w, "%u|%u|%s|%s", c->zone->index, (unsigned)c->transport,
		addr_put(&c->remote, addr), c->name);
	return hash_of(&cs->by_key, wr_done(&w));
}

/* ---- taking a conn ---- */

static uint16_t *source_slot(struct conns *cs, const struct addr *a, bool is_authenticated)
{
	size_t len = a->family == AF_V6 ? 7 : 4; /* /56, /32 */
	uint64_t slot = siphash(&cs->source_key, a->ip, len) % PER_SOURCE_SLOTS;

	return &cs->per_source[is_authenticated][slot];
}

static void count_source(struct conn *c, int n)
{
	uint16_t *slot;

	if (!c->is_inbound || !conn_is_stream(c))
		return;
	slot = source_slot(c->conns, &c->remote, c->is_authenticated);
	*slot = (uint16_t)(*slot + n);
}

/* The least recently used UDP conn that nobody names makes room for another one. Those that somebody
 * names go to the end: however many they are, they do not stand before the others for long. */
static void make_room(struct conns *cs)
{
	struct list *it;

	for (unsigned i = 0; i < ROOM_LOOKS && (it = list_first(&cs->udp_by_age)); i++) {
		struct conn *c = LIST_OF(it);

		if (!c->n_uses && list_is_empty(&c->waiting)) {
			conn_close(c, ERR_FULL, STR("its place is needed"));
			return;
		}
		list_append(&cs->udp_by_age, it);
	}
}

static void on_timer(void *arg);

static struct conn *take(struct conns *cs, enum sip_transport transport)
{
	struct conn *c;

	if (!cs->pool.n_free)
		make_room(cs);
	c = pool_take(&cs->pool);
	if (!c) {
		cs->counters.n_full++;
		log_put(io_log(cs->io), &ev_full, F_NUM("conns", cs->pool.n));
		cs->ops->full(cs->arg, "limits.connections");
		return NULL;
	}
	c->conns = cs;
	c->transport = transport;
	c->created = c->last_rx = c->last_tx = io_now(cs->io);
	list_init(&c->waiting);
	list_init(&c->bindings);
	list_init(&c->dialogs);
	list_init(&c->by_age);
	timer_init(&c->timer, on_timer, c);
	return c;
}

static void give(struct conn *c)
{
	struct conns *cs = c->conns;

	count_source(c, -1);
	if (c->is_kept)
		keep_del(cs->keep, c->handle);
	shut(c);
	hash_remove(&cs->by_key, &c->by_key);
	list_remove(&c->by_age);
	pool_give(&cs->pool, c);
}

void conn_close(struct conn *c, enum err err, struct str why)
{
	struct conns *cs = c->conns;

	if (conn_is_stream(c))
		log_put(io_log(cs->io), &ev_closed, F_H("conn", c->handle),
			F_ADDR("peer", &c->remote), F_ERR(err), F_STR("why", why));
	c->is_open = false;
	cs->ops->lost(cs->arg, c, err, why);
	give(c);
}

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
	c = take(cs, SIP_TP_UDP);
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

static enum sip_transport transport_of(const struct peer *p)
{
	return p->is_tls ? SIP_TP_TLS : SIP_TP_TCP;
}

static bool is_source_full(struct conns *cs, const struct addr *remote)
{
	if (*source_slot(cs, remote, false) < cs->conf->limits.conns_per_source)
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
	c = take(cs, transport_of(peer));
	if (!c)
		return NULL;
	c->local = peer->local;
	c->remote = peer->remote;
	c->is_inbound = true;
	c->zone = accept_zone(cs, peer, &peer->local, &peer->remote);
	c->is_link = c->zone->kind == ZK_TRAVERSAL_SERVER;
	count_source(c, 1);
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
		give(c);
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

bool conns_has(const struct conns *cs, enum sip_transport transport)
{
	const struct conf_sip *sip = &cs->conf->sip;

	switch (transport) {
	case SIP_TP_UDP:
		return sip->udp;
	case SIP_TP_TCP:
		return sip->tcp;
	case SIP_TP_TLS:
		return sip->tls;
	case SIP_TP_NONE:
	case SIP_TP_OTHER:
		break;
	}
	return false;
}

struct addr conns_sent_by(
	const struct conns *cs, const struct zone *zone, enum sip_transport transport)
{
	const struct ports *ranges = cs->conf->ports;
	enum plan_range range = transport == SIP_TP_UDP   ? RANGE_SIP_UDP
	                        : transport == SIP_TP_TCP ? RANGE_SIP_TCP
	                                                  : RANGE_SIP_TLS;
	struct addr host = zone_host_seen(cs->zones, zone);

	return addr_with_port(&host, ranges[range].low);
}

/* ---- dialling ---- */

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
	struct conn *c = take(cs, tp);

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
		give(c);
		return err;
	}
	hash_add(&cs->by_key, &c->by_key, key_stream(cs, c));
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
		give(c);
		return err;
	}
	conn_timer(c);
	*ret_conn = c;
	return OK;
}

void conn_opened(struct conn *c)
{
	struct conns *cs = c->conns;
	const struct peer *peer = conn_peer(c);

	c->is_open = true;
	c->created = c->last_rx = c->last_tx = io_now(cs->io);
	if (peer)
		c->local = peer->local;
	log_put(io_log(cs->io), &ev_open, F_H("conn", c->handle), F_ADDR("peer", &c->remote),
		F_ADDR("local", &c->local), F_Z("zone", c->zone->name));
	conn_timer(c);
	cs->ops->opened(cs->arg, c);
}

/* ---- time ---- */

static uint64_t sooner(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

/* When a stream has waited too long, in ms since it began; 0: not waiting for anything. */
static uint64_t silence_limit(const struct conn *c)
{
	const struct conf_limits *limits = &c->conns->conf->limits;

	if (!c->is_open)
		return c->conns->conf->sip.tcp_connect_ms + c->conns->conf->sip.tls_handshake_ms;
	if (c->is_partial)
		return limits->message_ms;
	if (c->is_inbound && conn_is_stream(c) && !c->has_spoken)
		return limits->first_message_ms;
	if (c->n_uses || c->is_link || !list_is_empty(&c->waiting))
		return 0;
	return c->is_authenticated || !c->is_inbound || !conn_is_stream(c)
	               ? limits->idle_ms
	               : limits->idle_unauthenticated_ms;
}

static uint64_t silent_ms(const struct conn *c)
{
	uint64_t since = c->last_rx > c->last_tx && !c->is_partial ? c->last_rx : c->last_tx;

	if (c->is_partial || (c->is_inbound && !c->has_spoken && conn_is_stream(c)))
		since = c->is_partial ? c->last_rx : c->created;
	return (io_now(c->conns->io) - since) / NS_PER_MS;
}

static uint64_t ping_due_ms(const struct conn *c)
{
	uint64_t silent = (io_now(c->conns->io) - c->last_tx) / NS_PER_MS;

	if (c->is_inbound || c->is_link || !c->is_open || !conn_is_stream(c))
		return UINT64_MAX;
	return silent < CONN_PING_MS ? CONN_PING_MS - silent : 0;
}

void conn_timer(struct conn *c)
{
	uint64_t limit = silence_limit(c), silent = silent_ms(c), wait = ping_due_ms(c);

	if (limit)
		wait = sooner(wait, limit > silent ? limit - silent : 0);
	else if (!list_is_empty(&c->waiting)) /* what ends without an answer tells nobody */
		wait = sooner(wait, c->conns->conf->limits.idle_unauthenticated_ms);
	if (wait == UINT64_MAX)
		timer_stop(&c->timer);
	else
		timer_start(c->conns->io, &c->timer, (uint32_t)wait);
}

static void on_timer(void *arg)
{
	struct conn *c = arg;
	uint64_t limit = silence_limit(c);

	if (limit && silent_ms(c) >= limit) {
		c->conns->counters.n_timeouts++;
		conn_close(c, ERR_TIMEOUT,
			c->is_open ? STR("silent for too long") : STR("no connection in time"));
		return;
	}
	if (ping_due_ms(c) == 0 && conn_send(c, STR("\r\n\r\n")) != OK)
		c->last_tx = io_now(c->conns->io);
	conn_timer(c);
}

/* ---- use ---- */

enum err conn_send(struct conn *c, struct str bytes)
{
	if (!c->is_open)
		return ERR_CLOSED;
	c->last_tx = io_now(c->conns->io);
	if (c->dgram) {
		dgram_send(c->dgram, &c->to, bytes);
		return OK;
	}
	stream_send(c->stream, bytes);
	return OK;
}

static void set_authenticated(struct conn *c, bool is_authenticated)
{
	count_source(c, -1);
	c->is_authenticated = is_authenticated;
	count_source(c, 1);
}

void conn_authenticate(struct conn *c)
{
	set_authenticated(c, true);
}

bool conn_may_register(const struct conn *c)
{
	struct conns *cs = c->conns;

	return c->is_authenticated || !c->is_inbound || !conn_is_stream(c) ||
	       *source_slot(cs, &c->remote, true) < cs->conf->limits.conns_per_source_authenticated;
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

void conn_use(struct conn *c, int n)
{
	c->n_uses = n > 0 ? c->n_uses + 1 : c->n_uses - (c->n_uses > 0);
	if (c->n_uses == 1 && n > 0)
		conn_keep(c);
	conn_timer(c);
}

/* ---- records ---- */

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
		log_put(io_log(cs->io), &ev_closed, F_H("conn", k->key),
			F_ADDR("peer", &r->peer.remote), F_ERR(ERR_CLOSED),
			F_Z("why", "a message was half-written when the process ended"));

	if (!c)
		return NULL;
	c->conns = cs;
	c->transport = transport_of(&r->peer);
	c->remote = r->peer.remote;
	c->local = r->peer.local;
	c->zone = zone;
	c->is_inbound = r->flags & FLAG_INBOUND;
	c->is_link = r->flags & FLAG_LINK;
	c->is_authenticated = r->flags & FLAG_AUTHENTICATED;
	c->has_spoken = c->is_kept = true;
	memcpy(c->name, r->name, sizeof c->name);
	list_init(&c->waiting);
	list_init(&c->bindings);
	list_init(&c->dialogs);
	list_init(&c->by_age);
	timer_init(&c->timer, on_timer, c);
	return c;
}

static void adopt_one(struct conns *cs, const struct kept *k)
{
	struct conn_record r = {0};
	struct conn *c = record_get(k->body, &r) == OK ? adopt_take(cs, k, &r) : NULL;

	if (c && stream_adopt(cs->io, k->fd, &r.peer, &conn_stream_ops, c, &c->stream) == OK) {
		count_source(c, 1);
		if (!c->is_inbound && !c->is_link)
			hash_add(&cs->by_key, &c->by_key, key_stream(cs, c));
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
