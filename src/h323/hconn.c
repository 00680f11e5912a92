/* hconn.c - the life of H.323's connections: accept, await, dial, adopt, time out, close.
 *
 *	dial             5 s                        | one timer for each, started anew
 *	first frame      limits.first_message       | for what comes next
 *	rest of one      limits.message             |
 *	no call uses it  limits.idle_unauthenticated, idle of a registered endpoint's
 *
 * A source may have limits.connections_per_source connections that accept brought, more when it is a
 * registered endpoint's. A leg's own listener has no limit of time: it ends with its leg. */
#include "h323/hconn.h"

#include <string.h>

#include "base/hash.h"
#include "base/pool.h"
#include "h323/tpkt.h"
#include "ipc/dial.h"

#define NS_PER_MS        1000000u
#define CONN_V1          1
#define FRAMES_PER_TURN  8u
#define PER_SOURCE_SLOTS 4096u

LOG_EVENT(ev_open, "H323-110", LOG_DEBUG, "connection is open");
LOG_EVENT(ev_closed, "H323-111", LOG_INFO, "connection closed");
LOG_EVENT(ev_full, "H323-112", LOG_ERROR, "no connection is left");
LOG_EVENT(ev_stranger, "H323-113", LOG_NOTICE, "a call to an H.245 port from somebody else");
LOG_EVENT(ev_source, "H323-114", LOG_NOTICE, "too many connections of one source");

struct listener {
	enum plan_row row;
	struct addr at;
	struct stream *stream;
	struct hconns *conns;
};

struct hconns {
	struct io *io;
	struct keep *keep;
	const struct conf *conf;
	struct zones *zones;
	const struct hconn_ops *ops;
	void *arg;
	struct pool pool;
	struct hash_key source_key;
	struct listener listeners[HCONN_LISTENERS];
	uint16_t per_source[2][PER_SOURCE_SLOTS]; /* accepted; [1]: of registered endpoints */
	struct {
		enum plan_row call_out, h245_out, h245_in;
	} rows;
	struct hconns_counters counters;
};

static const struct stream_ops conn_ops;

/* ---- the table ---- */

enum err hconns_new(const struct hconns_deps *deps, struct hconns **ret_conns)
{
	bool is_control = deps->conf->node.role == ROLE_CONTROL;
	struct hconns *cs = mem_array(1, sizeof *cs);
	uint32_t generation;
	enum err err;

	if (!cs)
		return ERR_FULL;
	*cs = (struct hconns){.io = deps->io,
		.keep = deps->keep,
		.conf = deps->conf,
		.zones = deps->zones,
		.ops = deps->ops,
		.arg = deps->arg};
	cs->rows.call_out = is_control ? PLAN_H323_INSIDE_CALL_OUT : PLAN_H323_PUBLIC_CALL_OUT;
	cs->rows.h245_out = is_control ? PLAN_H323_INSIDE_H245_OUT : PLAN_H323_PUBLIC_H245_OUT;
	cs->rows.h245_in = is_control ? PLAN_H323_INSIDE_H245_IN : PLAN_H323_PUBLIC_H245_IN;
	io_random(cs->io, &cs->source_key, sizeof cs->source_key);
	io_random(cs->io, &generation, sizeof generation);
	err = pool_init(&cs->pool, HK_H323_CONN, sizeof(struct hconn), deps->conf->limits.conns,
		generation);
	if (err != OK) {
		hconns_free(cs);
		return err;
	}
	*ret_conns = cs;
	return OK;
}

static void shut(struct hconn *c)
{
	timer_stop(&c->timer);
	stream_close(c->stream);
	c->stream = NULL;
}

void hconns_free(struct hconns *cs)
{
	if (!cs)
		return;
	for (struct hconn *c = NULL; cs->pool.n && (c = pool_next(&cs->pool, c));)
		shut(c);
	for (size_t i = 0; i < HCONN_LISTENERS; i++)
		stream_close(cs->listeners[i].stream);
	pool_free(&cs->pool);
	mem_free(cs);
}

struct hconn *hconn_get(struct hconns *cs, uint64_t handle)
{
	return pool_get(&cs->pool, handle);
}

struct hconn *hconns_next(const struct hconns *cs, const struct hconn *c)
{
	return pool_next(&cs->pool, c);
}

size_t hconns_count(const struct hconns *cs)
{
	return cs->pool.n_taken;
}

const struct hconns_counters *hconns_counters(const struct hconns *cs)
{
	return &cs->counters;
}

bool hconn_is_full(const struct hconn *c)
{
	return c->stream && !c->is_awaiting && stream_queued(c->stream) > HCONN_QUEUE_MAX;
}

static uint16_t *source_slot(struct hconns *cs, const struct addr *a, bool is_registered)
{
	size_t len = a->family == AF_V6 ? 7 : 4; /* /56, /32 */

	return &cs->per_source[is_registered]
	                      [siphash(&cs->source_key, a->ip, len) % PER_SOURCE_SLOTS];
}

static void count_source(struct hconn *c, int n)
{
	uint16_t *slot = source_slot(c->conns, &c->remote, c->is_registered);

	if (c->is_inbound && c->kind == HCONN_CALL)
		*slot = (uint16_t)(*slot + n);
}

static void on_timer(void *arg);

static void begin(struct hconn *c, struct hconns *cs, enum hconn_kind kind, struct zone *zone)
{
	c->conns = cs;
	c->kind = kind;
	c->zone = zone;
	c->since = c->last_rx = io_now(cs->io);
	list_init(&c->users);
	timer_init(&c->timer, on_timer, c);
}

static struct hconn *take(struct hconns *cs, enum hconn_kind kind, struct zone *zone)
{
	struct hconn *c = pool_take(&cs->pool);

	if (!c) {
		cs->counters.n_full++;
		log_put(io_log(cs->io), &ev_full, F_NUM("conns", cs->pool.n));
		return NULL;
	}
	begin(c, cs, kind, zone);
	return c;
}

static void give(struct hconn *c)
{
	struct hconns *cs = c->conns;

	count_source(c, -1);
	if (c->is_kept)
		keep_del(cs->keep, c->handle);
	shut(c);
	pool_give(&cs->pool, c);
}

static void say_closed(const struct hconn *c, enum err err, struct str why)
{
	log_put(io_log(c->conns->io), &ev_closed, F_H("conn", c->handle),
		F_ADDR("peer", &c->remote), F_ERR(err), F_STR("why", why));
}

void hconn_close(struct hconn *c, enum err err, struct str why)
{
	struct hconns *cs = c->conns;

	say_closed(c, err, why);
	c->is_open = false;
	cs->ops->lost(cs->arg, c, err, why);
	give(c);
}

void hconn_end(struct hconn *c)
{
	if (c)
		give(c);
}

/* ---- time ---- */

/* How long the present wait may last, in ms; 0: it is not waiting for anything. */
static uint32_t patience(const struct hconn *c)
{
	const struct conf_limits *limits = &c->conns->conf->limits;

	if (c->is_awaiting)
		return 0;
	if (!c->is_open)
		return c->is_expected ? HCONN_EXPECT_MS : HCONN_DIAL_MS;
	if (c->is_partial)
		return limits->message_ms;
	if (c->is_inbound && !c->has_spoken && c->kind == HCONN_CALL)
		return limits->first_message_ms;
	if (c->n_uses || c->kind == HCONN_H245)
		return 0;
	return c->is_registered ? limits->idle_ms : limits->idle_unauthenticated_ms;
}

/* A wait begins, if there is one. */
static void wait_anew(struct hconn *c)
{
	uint32_t ms = patience(c);

	c->since = io_now(c->conns->io);
	if (ms)
		timer_start(c->conns->io, &c->timer, ms);
	else
		timer_stop(&c->timer);
}

static void on_timer(void *arg)
{
	struct hconn *c = arg;

	c->conns->counters.n_timeouts++;
	hconn_close(c, ERR_TIMEOUT,
		c->is_open ? STR("silent for too long") : STR("no connection in time"));
}

void hconn_use(struct hconn *c, int n)
{
	c->n_uses = n > 0 ? c->n_uses + 1 : c->n_uses - (c->n_uses > 0);
	wait_anew(c);
}

/* ---- bytes to frames ---- */

static void conn_opened(struct hconn *c)
{
	const struct peer *peer = stream_peer(c->stream);

	c->is_open = true;
	c->local = peer->local;
	log_put(io_log(c->conns->io), &ev_open, F_H("conn", c->handle), F_ADDR("peer", &c->remote),
		F_ADDR("local", &c->local), F_Z("zone", c->zone->name));
	wait_anew(c);
}

/* One frame at the front: how many bytes it took; 0: it is not whole yet, or the connection is closed. */
static size_t one_frame(struct hconn *c, struct str bytes)
{
	struct hconns *cs = c->conns;
	struct str payload;
	size_t used = 0;
	enum err err = tpkt_next(bytes, &payload, &used);

	if (err == ERR_MORE) {
		c->is_partial = bytes.len > 0;
		return 0;
	}
	if (err != OK) {
		cs->counters.n_broken++;
		hconn_close(c, ERR_SYNTAX, STR("what came is not TPKT"));
		return 0;
	}
	c->is_partial = false;
	c->has_spoken = true;
	if (payload.len) {
		cs->counters.n_frames++;
		cs->ops->payload(cs->arg, c, payload);
	} else {
		cs->counters.n_keep_alives++;
	}
	return used;
}

static size_t on_bytes(struct stream *s, struct str bytes, void *arg)
{
	struct hconn *c = arg;
	struct hconns *cs = c->conns;
	uint64_t handle = c->handle;
	struct scratch *scratch = io_scratch(cs->io);
	size_t done = 0, mark = scratch_mark(scratch);
	bool was_partial = c->is_partial;

	(void)s;
	c->last_rx = io_now(cs->io);
	for (unsigned i = 0; i < FRAMES_PER_TURN && done < bytes.len; i++) {
		size_t n = one_frame(c, str_skip(bytes, done));

		scratch_back(scratch, mark); /* each frame has the arena to itself */
		done += n;
		if (!hconn_get(cs, handle)) /* closed by what it said */
			return done;
		if (!n)
			break;
	}
	if (done || c->is_partial != was_partial)
		wait_anew(c);
	return done;
}

static void on_opened(struct stream *s, void *arg)
{
	struct hconn *c = arg;

	(void)s;
	conn_opened(c);
	c->conns->ops->opened(c->conns->arg, c);
}

static void on_lost(struct stream *s, enum err why, void *arg)
{
	(void)s;
	hconn_close(arg, why == OK ? ERR_CLOSED : why, STR("the other side closed the connection"));
}

/* The other half is in our memory alone: a successor must not write a message into a message. */
static void on_torn(struct stream *s, bool is_torn, void *arg)
{
	struct hconn *c = arg;

	(void)s;
	(void)is_torn;
	if (c->is_kept)
		hconn_keep(c);
}

static const struct stream_ops conn_ops = {
	.opened = on_opened, .bytes = on_bytes, .lost = on_lost, .torn = on_torn};

/* ---- accept ---- */

static bool zone_lists(const struct zone *z, const struct addr *remote)
{
	for (uint32_t i = 0; i < z->conf->n_peers; i++) {
		struct addr a;

		if (addr_parse_host(str_of(z->conf->peers[i]), &a) == OK &&
			addr_same_host(&a, remote))
			return true;
	}
	return false;
}

/* A neighbor by its address, else the Local zone for registered endpoints, else the Default zone. */
static struct zone *zone_of(struct hconns *cs, const struct addr *remote, bool is_registered)
{
	struct zone *z;

	for (uint32_t i = 0; (z = zone_at(cs->zones, i)); i++) {
		if (z->kind == ZK_NEIGHBOR && z->conf->h323.enabled && zone_lists(z, remote))
			return z;
	}
	return is_registered ? zone_local(cs->zones) : zone_default(cs->zones);
}

static bool is_source_full(struct hconns *cs, const struct addr *remote, bool is_registered)
{
	const struct conf_limits *limits = &cs->conf->limits;

	if (*source_slot(cs, remote, is_registered) <
		(is_registered ? limits->conns_per_source_authenticated : limits->conns_per_source))
		return false;
	cs->counters.n_full++;
	log_put(io_log(cs->io), &ev_source, F_ADDR("src", remote));
	return true;
}

static void on_accepted(struct stream *s, void *arg)
{
	struct listener *l = arg;
	struct hconns *cs = l->conns;
	const struct addr *remote = &stream_peer(s)->remote;
	bool is_registered = cs->ops->is_registered(cs->arg, remote);
	struct zone *link = cs->ops->link ? cs->ops->link(cs->arg, l->row, remote) : NULL;
	struct hconn *c;

	/* all calls of a traversal zone come from one host */
	if (!link && is_source_full(cs, remote, is_registered))
		return;
	c = take(cs, HCONN_CALL, link ? link : zone_of(cs, remote, is_registered));
	if (!c)
		return;
	c->is_unproved = plan_line(l->row)->sw == SW_ASSENT || l->row == PLAN_H46018_H245;
	c->remote = *remote;
	c->is_inbound = true;
	c->is_registered = is_registered;
	count_source(c, 1);
	stream_take(s, &conn_ops, c);
	c->stream = s;
	conn_opened(c);
}

static const struct stream_ops listener_ops = {.accepted = on_accepted};

static struct listener *listener_free(struct hconns *cs)
{
	for (size_t i = 0; i < HCONN_LISTENERS; i++) {
		if (!cs->listeners[i].stream)
			return &cs->listeners[i];
	}
	return NULL;
}

enum err hconns_listen(struct hconns *cs, enum plan_row row, const struct addr *at, int fd)
{
	struct listener *l = listener_free(cs);
	struct local local = {.row = row, .addr = *at, .fd = fd};
	enum err err;

	if (!l)
		return ERR_FULL;
	*l = (struct listener){.row = row, .at = *at, .conns = cs};
	err = stream_listen(cs->io, &local, &listener_ops, l, &l->stream);
	if (err != OK)
		*l = (struct listener){0};
	return err;
}

void hconns_unlisten(struct hconns *cs, enum plan_row row, const struct addr *at)
{
	for (size_t i = 0; i < HCONN_LISTENERS; i++) {
		struct listener *l = &cs->listeners[i];

		if (!l->stream || l->row != row || !addr_eq(&l->at, at))
			continue;
		stream_close(l->stream);
		*l = (struct listener){0};
	}
}

void hconns_configure(struct hconns *cs, const struct conf *conf)
{
	cs->conf = conf;
	for (struct hconn *c = NULL; (c = pool_next(&cs->pool, c));) {
		if (!c->zone->handle)
			hconn_close(c, ERR_CLOSED, STR("its zone is not configured any more"));
	}
}

/* ---- one connection of one host ---- */

static void on_called(struct stream *s, void *arg)
{
	struct hconn *c = arg;
	struct hconns *cs = c->conns;
	const struct addr *remote = &stream_peer(s)->remote;
	struct stream *listener = c->stream;

	if (!c->is_awaiting || !addr_same_host(remote, &c->remote)) {
		cs->counters.n_strangers++;
		log_put(io_log(cs->io), &ev_stranger, F_H("conn", c->handle), F_ADDR("src", remote),
			F_ADDR("expected", &c->remote));
		return;
	}
	c->remote = *remote;
	c->is_awaiting = false;
	stream_take(s, &conn_ops, c);
	c->stream = s;
	stream_close(listener); /* first come; nobody else */
	conn_opened(c);
	cs->ops->opened(cs->arg, c);
}

static const struct stream_ops await_ops = {.accepted = on_called};

enum err hconn_await(struct hconns *cs, struct zone *zone, const struct addr *peer, uint64_t user,
	struct hconn **ret_conn)
{
	struct local at = {
		.row = cs->rows.h245_in, .addr = zone_host(cs->zones, zone), .fd = NO_FD};
	struct hconn *c = take(cs, HCONN_H245, zone);
	enum err err;

	if (!c)
		return ERR_FULL;
	c->remote = addr_with_port(peer, 0);
	c->user = user;
	c->is_inbound = c->is_awaiting = true;
	err = stream_listen(cs->io, &at, &await_ops, c, &c->stream);
	if (err != OK) {
		cs->counters.n_no_port += err == ERR_NO_PORT;
		give(c);
		return err;
	}
	c->local = stream_peer(c->stream)->local;
	*ret_conn = c;
	return OK;
}

/* ---- dial ---- */

/* Of Control to Edge there are rows of their own. */
static enum plan_row row_out(const struct hconns *cs, enum hconn_kind kind, const struct zone *zone)
{
	bool is_call = kind == HCONN_CALL;

	if (zone->kind != ZK_TRAVERSAL_CLIENT)
		return is_call ? cs->rows.call_out : cs->rows.h245_out;
	if (zone->conf->h323.protocol)
		return is_call ? PLAN_H46018_CALL : PLAN_H46018_H245;
	return is_call ? PLAN_ASSENT_CALL : PLAN_ASSENT_H245;
}

enum err hconn_expect(
	struct hconns *cs, struct zone *zone, const struct addr *peer, struct hconn **ret_conn)
{
	struct hconn *c = take(cs, HCONN_CALL, zone);

	if (!c)
		return ERR_FULL;
	c->remote = *peer;
	c->is_expected = true;
	wait_anew(c);
	*ret_conn = c;
	return OK;
}

enum err hconn_dial(struct hconns *cs, enum hconn_kind kind, struct zone *zone,
	const struct addr_ok *to, uint64_t user, struct hconn **ret_conn)
{
	struct local from = {
		.row = row_out(cs, kind, zone), .addr = zone_host(cs->zones, zone), .fd = NO_FD};
	struct hconn *c = take(cs, kind, zone);
	enum err err;

	if (!c)
		return ERR_FULL;
	c->remote = to->addr;
	c->user = user;
	err = stream_dial(cs->io, &from, to, &conn_ops, c, &c->stream);
	if (err != OK) {
		cs->counters.n_no_port += err == ERR_NO_PORT;
		give(c);
		return err;
	}
	wait_anew(c);
	*ret_conn = c;
	return OK;
}

enum err hconn_send(struct hconn *c, struct str payload)
{
	uint8_t *buf;
	struct wr w;
	uint8_t *mark;

	if (!c->is_open)
		return ERR_CLOSED;
	buf = scratch_room(io_scratch(c->conns->io), payload.len + TPKT_HEADER_LEN);
	if (!buf)
		return ERR_FULL;
	w = wr_of(buf, payload.len + TPKT_HEADER_LEN);
	mark = tpkt_begin(&w);
	wr_str(&w, payload);
	tpkt_end(&w, mark);
	if (w.err != OK)
		return w.err;
	stream_send(c->stream, wr_done(&w));
	return OK;
}

/* ---- records ---- */

enum { TAG_PEER = 1, TAG_ZONE, TAG_FLAGS, TAG_USER };
enum { FLAG_H245 = 1, FLAG_REGISTERED = 2, FLAG_TORN = 4 };

void hconn_keep(struct hconn *c)
{
	uint8_t buf[KEEP_BODY_MAX];
	struct wr w = wr_of(buf, sizeof buf);
	uint8_t *mark;

	if (!c->is_open)
		return;
	wr_u8(&w, CONN_V1);
	mark = wr_t_begin(&w, TAG_PEER);
	peer_put(&w, stream_peer(c->stream));
	wr_t_end(&w, mark);
	wr_t_z(&w, TAG_ZONE, c->zone->name);
	wr_t_u8(&w, TAG_FLAGS,
		(uint8_t)((c->kind == HCONN_H245 ? FLAG_H245 : 0) |
			  (c->is_registered ? FLAG_REGISTERED : 0) |
			  (stream_is_torn(c->stream) ? FLAG_TORN : 0)));
	wr_t_u64(&w, TAG_USER, c->user);
	if (w.err != OK)
		return;
	keep_put(c->conns->keep, c->handle, wr_done(&w), c->is_kept ? NO_FD : stream_fd(c->stream));
	c->is_kept = true;
}

struct record {
	struct peer peer;
	char zone[SHOW_NAME_MAX];
	uint64_t flags, user;
};

static enum err record_get(struct str body, struct record *ret)
{
	struct rd r = rd_of(body), value;
	enum err err = OK;
	uint16_t tag;

	if (rd_u8(&r) != CONN_V1)
		return ERR_VERSION;
	while (err == OK && rd_tag(&r, &tag, &value)) {
		if (tag == TAG_PEER)
			err = peer_get(&value, &ret->peer);
		else if (tag == TAG_ZONE)
			rd_t_z(&value, ret->zone, sizeof ret->zone);
		else if (tag == TAG_FLAGS)
			ret->flags = rd_t_num(&value);
		else if (tag == TAG_USER)
			ret->user = rd_t_num(&value);
		if (err == OK)
			err = value.err;
	}
	return err == OK ? r.err : err;
}

static struct hconn *adopt_take(struct hconns *cs, const struct kept *k, const struct record *r)
{
	struct zone *zone = zone_named(cs->zones, str_of(r->zone));
	bool is_whole = zone && k->fd != NO_FD && !(r->flags & FLAG_TORN);
	struct hconn *c = is_whole ? pool_take_at(&cs->pool, k->key) : NULL;

	if (!c)
		return NULL;
	begin(c, cs, r->flags & FLAG_H245 ? HCONN_H245 : HCONN_CALL, zone);
	c->remote = r->peer.remote;
	c->user = r->user;
	c->is_inbound = r->peer.is_inbound;
	c->is_registered = r->flags & FLAG_REGISTERED;
	c->has_spoken = c->is_kept = true;
	return c;
}

static void adopt_one(struct hconns *cs, const struct kept *k)
{
	struct record *r = scratch_take(io_scratch(cs->io), sizeof *r);
	struct hconn *c = r && record_get(k->body, r) == OK ? adopt_take(cs, k, r) : NULL;

	if (c && stream_adopt(cs->io, k->fd, &r->peer, &conn_ops, c, &c->stream) == OK) {
		count_source(c, 1);
		conn_opened(c);
		return;
	}
	io_close_fd(cs->io, k->fd);
	keep_del(cs->keep, k->key);
	if (c)
		pool_give(&cs->pool, c);
}

void hconns_adopt(struct hconns *cs)
{
	struct kept k;

	while (keep_next(cs->keep, HK_H323_CONN, &k)) {
		size_t mark = scratch_mark(io_scratch(cs->io));

		adopt_one(cs, &k);
		scratch_back(io_scratch(cs->io), mark);
	}
}
