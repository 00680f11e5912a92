/* mux.c - Edge's multiplexed pair: many streams on two ports, told apart by who proved what.
 *
 * A datagram belongs to the stream whose token came from its very source. Tokens are checked cheap
 * things first: shape, id, counter, then one HMAC. A failure is silence and a counter. Streams of others
 * (H.460.19) have a multiplexID in front of each packet; whether its source is theirs the path's latch says. */
#include <string.h>

#include "media/flow.h"

#define ZONES_MAX            64
#define UNPROVED_HMACS_PER_S 2000
#define REPLAY_SILENCE_NS    1000000000u
#define ZONE_RECORD_MAX      320
#define ZONE_RECORD_VERSION  1
#define BARE_RTCP_MAX        16 /* streams of one source that are tried for RTCP without an id */

LOG_EVENT(ev_moved, "MED-110", LOG_NOTICE, "multiplexed stream moved to another source");

struct mux_zone_slot {
	uint64_t handle;
	uint32_t epoch; /* in which signalling named it last */
	struct zone_media zone;
};

struct mux_port {
	struct mux *mux;
	struct dgram *dgram;
	struct addr addr;
};

struct mux {
	struct flows_deps d;
	struct flow_counters *counters;
	struct hash_table streams; /* ends by stream id */
	struct hash_table sources; /* paths by {port, source} */
	struct hash_table ids;     /* ends by multiplexID */
	/* RTCP paths behind ids, by {port, source}: another's client has one source for all of them */
	struct hash_table id_sources;
	struct mux_zone_slot zones[ZONES_MAX];
	struct mux_port ports[2 * MUX_PAIRS_MAX];
	size_t n_ports;
	uint64_t budget_since_ns;
	uint32_t budget;
};

struct source_key {
	struct addr source;
	uint16_t port;
};

static uint64_t source_hash(const struct mux *m, const struct addr *source, uint16_t port)
{
	struct source_key key;

	memset(&key, 0, sizeof key); /* padding is hashed too */
	key.source.family = source->family;
	key.source.port = source->port;
	memcpy(key.source.ip, source->ip, sizeof key.source.ip);
	key.port = port;
	return siphash(&m->sources.key, &key, sizeof key);
}

static struct path *path_of_source(const struct mux *m, const struct addr *source, uint16_t port)
{
	uint64_t hash = source_hash(m, source, port);

	for (struct hash_node *n = hash_first(&m->sources, hash); n; n = hash_next(n)) {
		struct path *p = container_of(n, struct path, by_source);

		if (addr_eq(&p->latch.source, source) &&
			p->flow->want.end[p->end].local.port + p->component == port)
			return p;
	}
	return NULL;
}

static struct mux_end *end_of_stream(const struct mux *m, uint64_t id)
{
	uint64_t hash = siphash(&m->streams.key, &id, sizeof id);

	for (struct hash_node *n = hash_first(&m->streams, hash); n; n = hash_next(n)) {
		struct mux_end *e = container_of(n, struct mux_end, node);

		if (e->flow->want.end[e->end].stream_id == id)
			return e;
	}
	return NULL;
}

/* Of each pair the odd port is RTCP's. */
static enum component component_of(const struct mux_port *port)
{
	return port->addr.port % 2 ? COMP_RTCP : COMP_RTP;
}

/* ---- multiplexIDs ---- */

static uint64_t id_hash(const struct mux *m, uint32_t id)
{
	return siphash(&m->ids.key, &id, sizeof id);
}

static struct mux_end *end_of_id(const struct mux *m, uint32_t id)
{
	for (struct hash_node *n = hash_first(&m->ids, id_hash(m, id)); n; n = hash_next(n)) {
		struct mux_end *e = container_of(n, struct mux_end, node);

		if (e->flow->want.end[e->end].h46019.id_in == id)
			return e;
	}
	return NULL;
}

static struct path *path_of_id(const struct mux *m, uint32_t id, const struct mux_port *port)
{
	struct mux_end *e = end_of_id(m, id);
	struct path *p = e ? &e->flow->path[e->end][component_of(port)] : NULL;

	return p && p->dgram == port->dgram ? p : NULL;
}

/* False: no stream's. */
static bool on_id(struct mux *m, struct mux_port *port, const struct packet *packet)
{
	struct str rest = str_skip(packet->bytes, MULTIPLEX_ID_LEN);
	struct path *p;
	uint32_t id;

	if (!rest.len)
		return false;
	id = multiplex_id_read(packet->bytes);
	p = path_of_id(m, id, port);
	if (p)
		return h46019_input_behind_id(p, &packet->from, rest, false);
	if (rest.len != KEEPALIVE_RTP_LEN && rest.len != KEEPALIVE_RTCP_LEN)
		return false;
	p = path_of_id(m, multiplex_id_backwards(id), port);
	return p && h46019_input_behind_id(p, &packet->from, rest, true);
}

static bool has_ssrc(const struct rtp_stats *stats, uint32_t ssrc)
{
	for (uint32_t i = 0; i < stats->n_sources; i++) {
		if (stats->sources[i].ssrc == ssrc)
			return true;
	}
	return false;
}

/* RTCP without its id (Polycom), from a source that had proved itself behind one: the only stream there, or the
 * one whose RTP has the sender's SSRC. */
static struct path *path_of_bare_rtcp(
	const struct mux *m, const struct packet *packet, const struct mux_port *port)
{
	uint64_t hash = source_hash(m, &packet->from, port->addr.port);
	uint32_t ssrc = packet->bytes.len >= 8 ? multiplex_id_read(str_skip(packet->bytes, 4)) : 0;
	struct path *first = NULL;
	size_t n_found = 0;

	for (struct hash_node *n = hash_first(&m->id_sources, hash); n && n_found < BARE_RTCP_MAX;
		n = hash_next(n)) {
		struct path *p = container_of(n, struct path, by_source);

		if (p->dgram != port->dgram || !latch_is_source(&p->latch, &packet->from))
			continue;
		if (has_ssrc(&p->flow->stats[p->end], ssrc))
			return p;
		first = p;
		n_found++;
	}
	return n_found == 1 ? first : NULL;
}

/* ---- tokens ---- */

/* HMACs for addresses that are no source of a zone's connections are rationed: a NAT between the nodes
 * may use several addresses, a flood must not buy our time. */
static bool may_compute(struct mux *m, const struct zone_media *zone, const struct addr *from)
{
	uint64_t now = io_now(m->d.io);

	if (addr_same_host(&zone->peer, from))
		return true;
	if (now - m->budget_since_ns >= 1000000000u) {
		m->budget_since_ns = now;
		m->budget = UNPROVED_HMACS_PER_S;
	}
	if (!m->budget)
		return false;
	m->budget--;
	return true;
}

/* The new media key first, then the old one for as long as the zone keeps it; the answer is made with
 * the one that fitted. */
static bool is_proved(const struct zone_media *zone, const struct token *t, struct str bytes,
	uint8_t ret_answer_key[TOKEN_KEY_LEN])
{
	const uint8_t *keys[] = {zone->key, zone->has_old_key ? zone->old_key : NULL};

	for (int i = 0; i < 2 && keys[i]; i++) {
		struct str k = {(const char *)keys[i], sizeof zone->key};
		uint8_t key[TOKEN_KEY_LEN];

		token_key(k, t->stream_id, t->component, TOKEN_BY_CONTROL, key);
		if (!token_is_proved(bytes, key))
			continue;
		token_key(k, t->stream_id, t->component, TOKEN_BY_EDGE, ret_answer_key);
		return true;
	}
	return false;
}

static void answer(struct mux *m, struct mux_port *port, const struct token *t,
	const struct addr *from, const uint8_t key[TOKEN_KEY_LEN])
{
	struct addr own[3] = {
		m->d.conf->node.inside, m->d.conf->node.outside, m->d.conf->node.outside_nat};
	struct addr_ctx ctx = {.own = own,
		.n_own = 3,
		.private_allowed = true,
		.documentation_allowed = m->d.conf->address_policy.documentation == DOC_ALLOW};
	uint8_t buf[TOKEN_ANSWER_MAX];
	struct addr_ok to;

	if (addr_policy(&ctx, USE_PROVED_SOURCE, from, &to, NULL) == OK)
		dgram_send(port->dgram, &to, token_answer_put(t->tid, from, key, buf));
}

/* The 5-tuple may have belonged to another stream (a NAT gave a freed port again): the newest valid
 * token owns it, the other path waits for its own next token. */
static void take_source(struct mux *m, struct path *p, const struct addr *from)
{
	uint16_t port = (uint16_t)(p->flow->want.end[p->end].local.port + p->component);
	struct path *other = path_of_source(m, from, port);

	if (other && other != p) {
		hash_remove(&m->sources, &other->by_source);
		other->latch = (struct latch){0};
		other->can_send = false;
		flow_latched(other);
	}
	if (p->latch.proof && !addr_eq(&p->latch.source, from))
		log_put(io_log(m->d.io), &ev_moved, F_H("call", p->flow->want.call),
			F_ADDR("from", &p->latch.source), F_ADDR("to", from));
	latch_set(&p->latch, PROOF_TOKEN, from, io_now(m->d.io));
	mux_source(m, p);
	flow_latched(p);
}

static bool is_replay(const struct path *p, const struct token *t, const struct addr *from)
{
	if (t->counter > p->token_counter)
		return false;
	/* repeated on the wire: same counter, same transaction, same source */
	return !(latch_is_source(&p->latch, from) && t->counter == p->token_counter &&
		 memcmp(t->tid, p->token_tid, sizeof t->tid) == 0);
}

/* Captured since the last move and played to a new process: the talking stream stays where it is. */
static bool is_too_early(const struct mux *m, const struct path *p)
{
	return p->is_restored && p->latch.proof &&
	       io_now(m->d.io) - p->latch.last_ns < REPLAY_SILENCE_NS;
}

/* The path that a token speaks for, and its zone; NULL: no such stream here. */
static struct path *path_of_token(const struct mux *m, const struct token *t, enum component at,
	const struct zone_media **ret_zone)
{
	struct mux_end *e = end_of_stream(m, t->stream_id);

	if (!e || (t->component == TOKEN_RTCP) != (at == COMP_RTCP))
		return NULL;
	*ret_zone = mux_zone(m, e->flow->want.end[e->end].zone);
	return *ret_zone ? &e->flow->path[e->end][at] : NULL;
}

static void on_token(struct mux *m, struct mux_port *port, const struct addr *from,
	struct str bytes, const struct token *t)
{
	const struct zone_media *zone;
	struct path *p = path_of_token(m, t, component_of(port), &zone);
	uint8_t answer_key[TOKEN_KEY_LEN];
	bool is_same_source;

	if (!p) {
		m->counters->tokens_refused++;
		return;
	}
	is_same_source = latch_is_source(&p->latch, from);
	if (is_replay(p, t, from) || (!is_same_source && is_too_early(m, p))) {
		m->counters->tokens_replayed++;
		return;
	}
	if ((!is_same_source && !may_compute(m, zone, from)) ||
		!is_proved(zone, t, bytes, answer_key)) {
		m->counters->tokens_unproved++;
		return;
	}
	p->token_counter = t->counter;
	memcpy(p->token_tid, t->tid, sizeof p->token_tid);
	p->token_ns = io_now(m->d.io);
	if (is_same_source) {
		p->is_restored = false;
		flow_keep_age(p);
		if (!p->can_send)
			flow_refreshed(p);
	} else {
		take_source(m, p, from);
	}
	answer(m, port, t, from, answer_key);
	explicit_bzero(answer_key, sizeof answer_key);
}

/* ---- datagrams ---- */

static void count_unknown(struct mux *m, enum wire_class class)
{
	m->counters->unknown_source++;
	if (class == WC_MULTIPLEX_ID)
		m->counters->unknown_ids++;
}

/* Media may begin with the bytes of a class that is STUN's: then only its shape makes a token. */
static void on_packet(struct mux *m, struct mux_port *port, const struct packet *packet)
{
	enum wire_class class;
	struct token token;
	struct path *p;

	if (packet->is_cut || demux_packet(packet->bytes, &class) != OK) {
		m->counters->bad_datagram++;
		return;
	}
	if (class == WC_STUN && token_parse(packet->bytes, &token) == OK) {
		m->counters->tokens++;
		on_token(m, port, &packet->from, packet->bytes, &token);
		return;
	}
	if (class == WC_MULTIPLEX_ID && on_id(m, port, packet))
		return;
	p = path_of_source(m, &packet->from, port->addr.port);
	if (!p && class == WC_RTCP && component_of(port) == COMP_RTCP)
		p = path_of_bare_rtcp(m, packet, port);
	if (!p) {
		count_unknown(m, class);
		return;
	}
	flow_input(p, &packet->from, packet->bytes, class,
		demux_component(class, component_of(port), p->flow->want.end[p->end].has_rtcp_mux));
}

static void on_dgrams(struct dgram *d, const struct packet *packets, size_t n, void *arg)
{
	struct mux_port *port = arg;

	(void)d;
	for (size_t i = 0; i < n; i++)
		on_packet(port->mux, port, &packets[i]);
}

/* ---- what the rest of media asks ---- */

enum err mux_new(
	const struct flows_deps *deps, struct flow_counters *counters, struct mux **ret_mux)
{
	struct mux *m = mem_array(1, sizeof *m);
	size_t n_ends = (size_t)deps->conf->limits.calls * 4;
	struct hash_key key;
	enum err err;

	if (!m)
		return ERR_FULL;
	m->d = *deps;
	m->counters = counters;
	io_random(deps->io, &key, sizeof key);
	err = hash_init(&m->streams, n_ends, &key);
	if (err == OK)
		err = hash_init(&m->sources, 2 * n_ends, &key);
	if (err == OK)
		err = hash_init(&m->ids, n_ends, &key);
	if (err == OK)
		err = hash_init(&m->id_sources, n_ends, &key);
	if (err) {
		mux_free(m);
		return err;
	}
	*ret_mux = m;
	return OK;
}

void mux_free(struct mux *m)
{
	if (!m)
		return;
	for (size_t i = 0; i < m->n_ports; i++)
		dgram_close(m->ports[i].dgram);
	hash_free(&m->streams);
	hash_free(&m->sources);
	hash_free(&m->ids);
	hash_free(&m->id_sources);
	explicit_bzero(m->zones, sizeof m->zones);
	mem_free(m);
}

enum err mux_socket(struct mux *m, int fd, const struct addr *addr)
{
	struct mux_port *port = NULL;
	struct local at = {
		.row = addr->port % 2 ? PLAN_LINK_RTCP : PLAN_LINK_RTP, .addr = *addr, .fd = fd};

	for (size_t i = 0; i < m->n_ports; i++) {
		if (addr_eq(&m->ports[i].addr, addr))
			port = &m->ports[i];
	}
	if (port) { /* the keeper was replaced and bound it anew, or only repeats itself */
		io_close_fd(m->d.io, fd);
		return OK;
	}
	if (m->n_ports == sizeof m->ports / sizeof m->ports[0])
		return ERR_FULL;
	port = &m->ports[m->n_ports];
	port->mux = m;
	port->addr = *addr;
	if (dgram_open(m->d.io, &at, on_dgrams, port, &port->dgram) != OK)
		return ERR_DENIED;
	m->n_ports++;
	return OK;
}

struct dgram *mux_dgram(const struct mux *m, uint16_t port)
{
	for (size_t i = 0; i < m->n_ports; i++) {
		if (m->ports[i].addr.port == port)
			return m->ports[i].dgram;
	}
	return NULL;
}

/* Kept too: tokens must go on when this process is replaced while signalling is away. */
void mux_zone_put(struct mux *m, uint64_t handle, const struct zone_media *zone, uint32_t epoch)
{
	struct mux_zone_slot *slot = &m->zones[handle_slot(handle) % ZONES_MAX];
	uint8_t buf[ZONE_RECORD_MAX];
	struct wr w = wr_of(buf, sizeof buf);

	slot->handle = handle;
	slot->epoch = epoch;
	slot->zone = *zone;
	wr_u8(&w, ZONE_RECORD_VERSION);
	zone_media_put(&w, zone);
	keep_put(m->d.keep, handle, wr_done(&w), NO_FD);
	explicit_bzero(buf, sizeof buf);
}

void mux_zone_del(struct mux *m, uint64_t handle)
{
	struct mux_zone_slot *slot = &m->zones[handle_slot(handle) % ZONES_MAX];

	if (slot->handle != handle)
		return;
	explicit_bzero(slot, sizeof *slot);
	keep_del(m->d.keep, handle);
}

void mux_zones_sync(struct mux *m, uint32_t epoch)
{
	for (size_t i = 0; i < ZONES_MAX; i++) {
		if (m->zones[i].handle && m->zones[i].epoch != epoch)
			mux_zone_del(m, m->zones[i].handle);
	}
}

static void adopt_zone(struct mux *m, const struct kept *kept)
{
	struct mux_zone_slot *slot = &m->zones[handle_slot(kept->key) % ZONES_MAX];
	struct rd r = rd_of(kept->body);
	struct zone_media zone;

	if (rd_u8(&r) != ZONE_RECORD_VERSION || zone_media_get(&r, &zone) != OK) {
		keep_del(m->d.keep, kept->key);
		return;
	}
	slot->handle = kept->key;
	slot->zone = zone;
	explicit_bzero(&zone, sizeof zone);
}

void mux_adopt(struct mux *m)
{
	struct kept kept;

	while (keep_next(m->d.keep, HK_ZONE, &kept)) {
		io_close_fd(m->d.io, kept.fd); /* none */
		adopt_zone(m, &kept);
	}
}

const struct zone_media *mux_zone(const struct mux *m, uint64_t handle)
{
	const struct mux_zone_slot *slot = &m->zones[handle_slot(handle) % ZONES_MAX];

	return handle && slot->handle == handle ? &slot->zone : NULL;
}

/* A row again: nothing. */
static enum err add_id(struct mux *m, struct mux_end *e)
{
	uint32_t id = e->flow->want.end[e->end].h46019.id_in;
	const struct mux_end *holder = end_of_id(m, id);

	if (holder)
		return holder == e ? OK : ERR_EXISTS;
	hash_add(&m->ids, &e->node, id_hash(m, id));
	return OK;
}

enum err mux_add(struct mux *m, struct flow *f, int end)
{
	struct mux_end *e = &f->by_stream[end];
	uint64_t id = f->want.end[end].stream_id;

	e->flow = f;
	e->end = (uint8_t)end;
	if (f->want.end[end].kind == END_ID_SERVER)
		return add_id(m, e);
	hash_remove(&m->streams, &e->node);
	hash_add(&m->streams, &e->node, siphash(&m->streams.key, &id, sizeof id));
	return OK;
}

void mux_remove(struct mux *m, struct flow *f, int end)
{
	bool is_by_id = f->want.end[end].kind == END_ID_SERVER;

	hash_remove(is_by_id ? &m->ids : &m->streams, &f->by_stream[end].node);
	for (int c = 0; c < COMP_MAX; c++)
		hash_remove(is_by_id ? &m->id_sources : &m->sources, &f->path[end][c].by_source);
}

void mux_source(struct mux *m, struct path *p)
{
	const struct flow_end *e = &p->flow->want.end[p->end];
	bool is_by_id = e->kind == END_ID_SERVER;
	struct hash_table *t = is_by_id ? &m->id_sources : &m->sources;
	uint16_t port = (uint16_t)(e->local.port + p->component);

	hash_remove(t, &p->by_source);
	if (p->latch.proof && !(is_by_id && p->component == COMP_RTP))
		hash_add(t, &p->by_source, source_hash(m, &p->latch.source, port));
}
