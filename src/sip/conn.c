/* conn.c - the life of conns: taken, open, used, silent for too long, closed. How they begin: accept.c, dial.c.
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
#define ROOM_LOOKS 32u
#define LIST_OF(n) container_of((n), struct conn, by_age)

LOG_EVENT(ev_open, "SIP-110", LOG_DEBUG, "connection is open");
LOG_EVENT(ev_closed, "SIP-111", LOG_INFO, "connection closed");
LOG_EVENT(ev_full, "SIP-112", LOG_ERROR, "no connection is left");

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

/* ---- what this node has ---- */

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

/* ---- one begins, opens, ends ---- */

uint16_t *conns_source_slot(struct conns *cs, const struct addr *a, bool is_authenticated)
{
	size_t len = a->family == AF_V6 ? 7 : 4; /* /56, /32 */
	uint64_t slot = siphash(&cs->source_key, a->ip, len) % PER_SOURCE_SLOTS;

	return &cs->per_source[is_authenticated][slot];
}

void conn_count_source(struct conn *c, int n)
{
	uint16_t *slot;

	if (!c->is_inbound || !conn_is_stream(c))
		return;
	slot = conns_source_slot(c->conns, &c->remote, c->is_authenticated);
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

void conn_begin(struct conn *c, struct conns *cs, enum sip_transport transport)
{
	c->conns = cs;
	c->transport = transport;
	list_init(&c->waiting);
	list_init(&c->bindings);
	list_init(&c->dialogs);
	list_init(&c->by_age);
	timer_init(&c->timer, on_timer, c);
}

struct conn *conn_take(struct conns *cs, enum sip_transport transport)
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
	conn_begin(c, cs, transport);
	c->created = c->last_rx = c->last_tx = io_now(cs->io);
	return c;
}

void conn_give(struct conn *c)
{
	struct conns *cs = c->conns;

	conn_count_source(c, -1);
	if (c->is_kept)
		keep_del(cs->keep, c->handle);
	shut(c);
	hash_remove(&cs->by_key, &c->by_key);
	list_remove(&c->by_age);
	pool_give(&cs->pool, c);
}

void conns_log_closed(
	struct conns *cs, uint64_t handle, const struct addr *remote, enum err err, struct str why)
{
	log_put(io_log(cs->io), &ev_closed, F_H("conn", handle), F_ADDR("peer", remote), F_ERR(err),
		F_STR("why", why));
}

void conn_close(struct conn *c, enum err err, struct str why)
{
	struct conns *cs = c->conns;

	if (conn_is_stream(c))
		conns_log_closed(cs, c->handle, &c->remote, err, why);
	c->is_open = false;
	cs->ops->lost(cs->arg, c, err, why);
	conn_give(c);
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

void conn_use(struct conn *c, int n)
{
	c->n_uses = n > 0 ? c->n_uses + 1 : c->n_uses - (c->n_uses > 0);
	if (c->n_uses == 1 && n > 0)
		conn_keep(c);
	conn_timer(c);
}
