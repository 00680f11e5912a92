/* ras.c - see ras.h. */
#include "h323/ras.h"

#include <string.h>

#include "base/pool.h"
#include "base/rate.h"
#include "call/zone.h"
#include "h323/h235.h"

#define NS_PER_MS   1000000u
#define NS_PER_S    1000000000u
#define MESSAGE_MIN 3u /* an UnregistrationConfirm */
#define MESSAGE_MAX 8192u
#define CACHE_SLOTS 4096u
#define CACHE_BYTES 480u
#define CACHE_MS    12000u /* longer than an endpoint repeats (H.225.0 table 18: 3 times 3 s) */
#define ASKS        4096u
#define ASK_MS      2000u
#define ASK_TRIES   3u
#define RATE_KNOWN  2000u /* a gateway: some for each of its calls */
#define BURST_KNOWN 4000u
/* Of all strangers together: sources may be forged, and nobody shall be flooded by our answers to 10,000/s. */
#define RATE_ALL    250u
#define BURST_ALL   1000u
#define XRS_PER_S   10u
#define XRS_SHARE   20u /* octets that came for each of an XRS */
#define XRS_CREDIT  4096u

LOG_EVENT(ev_rate, "RAS-101", LOG_NOTICE, "RAS messages of a source exceed the rate");
LOG_EVENT(ev_unreadable, "RAS-102", LOG_NOTICE, "a RAS message cannot be read");
LOG_EVENT(ev_denied, "RAS-103", LOG_NOTICE, "a RAS message of an address that is not answered");
LOG_EVENT(ev_no_room, "RAS-104", LOG_ERROR, "a RAS message cannot be built");
LOG_EVENT(ev_unknown, "RAS-105", LOG_INFO, "a RAS message of a kind that is not handled here");

struct ras_socket {
	struct ras *ras;
	enum plan_row row;
	struct addr at;
	struct dgram *dgram; /* NULL: free */
};

struct cached {
	uint64_t key; /* 0: empty */
	uint64_t until;
	struct addr to;
	uint16_t len;
	uint8_t bytes[CACHE_BYTES];
};

struct ask {
	uint64_t handle; /* HK_RAS */
	struct ras *ras;
	struct ras_socket *socket;
	struct addr to;
	struct timer timer;
	ras_answered_h *h;
	void *arg;
	uint64_t who;
	uint16_t seq, len;
	uint8_t n_sent;
	uint8_t bytes[RAS_MESSAGE_MAX];
};

struct ras {
	struct io *io;
	const struct conf *conf;
	struct zones *zones;
	const struct ras_ops *ops, *link_ops;
	void *arg, *link_arg;
	struct ras_socket sockets[RAS_SOCKETS];
	struct hash_key key;
	struct rate strangers, everybody, known, unread; /* everybody: of the strangers */
	uint64_t xrs_credit;                             /* octets */
	struct cached *cache;
	struct pool asks;
	uint64_t *by_seq;
	uint16_t last_seq;
	struct ras_counters counters;
};

/* ---- life ---- */

static void on_ask_timer(void *arg);

static void set_rate(struct ras *r)
{
	const struct conf_rate *rate = &r->conf->limits.ras_per_source;

	rate_set(&r->strangers, rate->n, rate->per_ms, 2 * rate->n);
}

enum err ras_new(const struct ras_deps *deps, struct ras **ret_ras)
{
	struct ras *r = mem_array(1, sizeof *r);
	uint32_t generation;
	enum err err;

	if (!r)
		return ERR_FULL;
	r->io = deps->io;
	r->conf = deps->conf;
	r->zones = deps->zones;
	r->xrs_credit = XRS_CREDIT;
	io_random(r->io, &r->key, sizeof r->key);
	io_random(r->io, &generation, sizeof generation);
	io_random(r->io, &r->last_seq, sizeof r->last_seq);
	r->cache = mem_array(CACHE_SLOTS, sizeof *r->cache);
	r->by_seq = mem_array(UINT16_MAX + 1u, sizeof *r->by_seq);
	err = r->cache && r->by_seq ? OK : ERR_FULL;
	if (err == OK)
		err = pool_init(&r->asks, HK_RAS, sizeof(struct ask), ASKS, generation);
	if (err == OK)
		err = rate_init(&r->strangers, 1, 1000, 1, &r->key);
	if (err == OK)
		err = rate_init(&r->everybody, RATE_ALL, 1000, BURST_ALL, &r->key);
	if (err == OK)
		err = rate_init(&r->known, RATE_KNOWN, 1000, BURST_KNOWN, &r->key);
	if (err == OK)
		err = rate_init(&r->unread, XRS_PER_S, 1000, XRS_PER_S, &r->key);
	if (err != OK) {
		ras_free(r);
		return err;
	}
	set_rate(r);
	*ret_ras = r;
	return OK;
}

void ras_free(struct ras *r)
{
	if (!r)
		return;
	for (struct ask *a = NULL; r->asks.n && (a = pool_next(&r->asks, a));)
		timer_stop(&a->timer);
	for (size_t i = 0; i < RAS_SOCKETS; i++)
		dgram_close(r->sockets[i].dgram);
	rate_free(&r->strangers);
	rate_free(&r->everybody);
	rate_free(&r->known);
	rate_free(&r->unread);
	pool_free(&r->asks);
	mem_free(r->by_seq);
	mem_free(r->cache);
	mem_free(r);
}

void ras_set_ops(struct ras *r, const struct ras_ops *ops, void *arg)
{
	r->ops = ops;
	r->arg = arg;
}

void ras_set_link_ops(struct ras *r, const struct ras_ops *ops, void *arg)
{
	r->link_ops = ops;
	r->link_arg = arg;
}

void ras_configure(struct ras *r, const struct conf *conf)
{
	r->conf = conf;
	set_rate(r);
}

const struct ras_counters *ras_counters(const struct ras *r)
{
	return &r->counters;
}

/* ---- sending ---- */

/* Control speaks to it: the port of a traversal zone. */
static bool is_link_socket(const struct ras_socket *s)
{
	return plan_line(s->row)->path->to_zone == ZONE_DMZ;
}

/* Where we may answer and ask: what any zone of ours could be. The bucket, not the zone, bounds it. */
static bool send_to(struct ras *r, struct ras_socket *s, const struct addr *to, struct str bytes,
	bool is_proved)
{
	struct addr_ctx ctx = zone_addr_ctx(r->zones, zone_local(r->zones));
	const char *why = "the socket is closed";
	struct addr_ok ok;
	bool is_link = s && s->dgram && is_link_socket(s);

	ctx.private_allowed |= is_link;
	if (s && s->dgram &&
		addr_policy(&ctx, is_link && is_proved ? USE_PROVED_SOURCE : USE_SIP_RESPONSE, to,
			&ok, &why) == OK) {
		dgram_send(s->dgram, &ok, bytes);
		return true;
	}
	r->counters.n_denied++;
	log_put(io_log(r->io), &ev_denied, F_ADDR("to", to), F_Z("why", why));
	return false;
}

/* One datagram in the arena; empty, said, when it cannot be built. */
static struct str written(struct ras *r, const struct per_tree *t)
{
	void *buf = scratch_take(io_scratch(r->io), RAS_MESSAGE_MAX);
	struct wr w = wr_of(buf, buf ? RAS_MESSAGE_MAX : 0);
	enum err err = buf ? per_write(t, &w) : ERR_FULL;

	if (err != OK) {
		log_put(io_log(r->io), &ev_no_room, F_ERR(err));
		return STR_NONE;
	}
	return wr_done(&w);
}

/* ---- answers, and the memory of them ---- */

static uint64_t cache_key(const struct ras *r, const struct addr *from, struct str bytes)
{
	struct {
		uint64_t hash;
		struct addr from;
	} id = {.hash = siphash(&r->key, bytes.p, bytes.len)};
	uint64_t key;

	memset(&id.from, 0, sizeof id.from);
	id.from.family = from->family;
	id.from.port = from->port;
	memcpy(id.from.ip, from->ip, sizeof id.from.ip);
	key = siphash(&r->key, &id, sizeof id);
	return key ? key : 1;
}

static bool answer_again(struct ras *r, struct ras_socket *s, const struct packet *p, uint64_t key)
{
	struct cached *c = &r->cache[key % CACHE_SLOTS];

	if (c->key != key || io_now(r->io) > c->until || !addr_eq(&c->to, &p->from))
		return false;
	r->counters.n_repeated++;
	(void)send_to(r, s, &p->from, (struct str){(const char *)c->bytes, c->len}, true);
	return true;
}

static void remember(struct ras_in *in, struct str bytes)
{
	struct cached *c = &in->ras->cache[in->cache_key % CACHE_SLOTS];

	if (!in->cache_key || bytes.len > sizeof c->bytes)
		return;
	c->key = in->cache_key;
	c->until = io_now(in->ras->io) + CACHE_MS * (uint64_t)NS_PER_MS;
	c->to = in->from;
	c->len = (uint16_t)bytes.len;
	memcpy(c->bytes, bytes.p, bytes.len);
}

void ras_forget(struct ras *r, const struct addr *host)
{
	for (size_t i = 0; i < CACHE_SLOTS; i++) {
		if (r->cache[i].key && addr_same_host(&r->cache[i].to, host))
			r->cache[i].key = 0;
	}
}

uint16_t ras_answer(struct ras_in *in, uint16_t kind)
{
	struct per_tree *t = &in->answer;
	uint16_t body;

	*t = per_tree_of(&h323_schema, t->nodes);
	body = per_put(t, per_root(t, H225_RasMessage_T), kind);
	per_set_num(t, per_put(t, body, 0), in->seq);
	return body;
}

static bool seal(struct ras *r, const uint16_t *tokens_path, uint8_t *p, size_t len, struct str key)
{
	struct per_tree *work = ras_tree(r);

	return work &&
	       h235_seal(&h323_schema, H225_RasMessage_T, tokens_path, p, len, key, work) == OK;
}

void ras_send(struct ras_in *in, const uint16_t *tokens_path, struct str key)
{
	struct ras *r = in->ras;
	struct str bytes = written(r, &in->answer);
	uint8_t *p = (uint8_t *)(uintptr_t)bytes.p;

	if (!bytes.len)
		return;
	if (tokens_path && !seal(r, tokens_path, p, bytes.len, key))
		return;
	r->counters.n_answers++;
	if (send_to(r, in->socket, &in->from, bytes, tokens_path != NULL))
		remember(in, bytes);
}

/* ---- what cannot be read ---- */

/* The number of a message whose rest is broken. It comes first in all but IRR: behind the choice, the
 * extension bit and one bit for each optional field, aligned. False: not among what came. */
static bool seq_of(struct str bytes, uint16_t *ret_seq)
{
	const struct per_type *ras = &h323_schema.types[H225_RasMessage_T], *body;
	const uint8_t *p = (const uint8_t *)bytes.p;
	bool is_addition = bytes.len && p[0] & 0x80;
	unsigned index = !bytes.len    ? UINT16_MAX
	                 : is_addition ? (p[0] & 0x3fu) + ras->n_root
	                               : p[0] >> 2 & 0x1fu;
	size_t at; /* bits before the number */

	if (index >= (unsigned)ras->n_root + ras->n_add ||
		index == H225_RasMessage_infoRequestResponse)
		return false;
	body = &h323_schema.types[h323_schema.fields[ras->first + index].type];
	/* an addition is an open type: a length of one octet, or of two */
	at = is_addition ? (bytes.len > 1 && p[1] & 0x80 ? 24 : 16) : 6;
	at = (at + 1 + body->n_optional + 7) / 8;
	if (bytes.len < at + 2)
		return false;
	*ret_seq = (uint16_t)((p[at] << 8 | p[at + 1]) + 1);
	return *ret_seq != 0;
}

/* Section 13 of the design: at most ten a second to a source, and a twentieth of the octets. */
static void say_unknown(struct ras_in *in)
{
	struct ras *r = in->ras;
	struct str bytes;

	if (!in->seq || !rate_pass(&r->unread, &in->from, io_now(r->io)))
		return;
	ras_answer(in, H225_RasMessage_unknownMessageResponse);
	bytes = written(r, &in->answer);
	if (!bytes.len || bytes.len > r->xrs_credit)
		return;
	r->xrs_credit -= bytes.len;
	r->counters.n_xrs++;
	(void)send_to(r, in->socket, &in->from, bytes, false);
}

static void not_read(struct ras_in *in)
{
	struct ras *r = in->ras;
	char where[128];

	r->counters.n_unreadable++;
	r->xrs_credit += in->bytes.len / XRS_SHARE;
	if (r->xrs_credit > XRS_CREDIT)
		r->xrs_credit = XRS_CREDIT;
	per_where(&in->t, where, sizeof where);
	log_put(io_log(r->io), &ev_unreadable, F_ADDR("src", &in->from), F_Z("where", where),
		F_NUM("unreadable", r->counters.n_unreadable));
	if (seq_of(in->bytes, &in->seq))
		say_unknown(in);
}

/* ---- requests of our own ---- */

static void ask_free(struct ask *a)
{
	timer_stop(&a->timer);
	a->ras->by_seq[a->seq] = 0;
	pool_give(&a->ras->asks, a);
}

static void ask_ends(struct ask *a, enum err err, struct ras_in *in)
{
	ras_answered_h *h = a->h;
	void *arg = a->arg;
	uint64_t who = a->who;

	ask_free(a);
	if (h)
		h(arg, who, err, in);
}

static void ask_send(struct ask *a)
{
	a->n_sent++;
	(void)send_to(
		a->ras, a->socket, &a->to, (struct str){(const char *)a->bytes, a->len}, true);
	timer_start(a->ras->io, &a->timer, ASK_MS);
}

static void on_ask_timer(void *arg)
{
	struct ask *a = arg;

	if (a->n_sent < ASK_TRIES) {
		ask_send(a);
		return;
	}
	a->ras->counters.n_timeouts++;
	ask_ends(a, ERR_TIMEOUT, NULL);
}

struct per_tree *ras_tree(struct ras *r)
{
	struct per_tree *t = scratch_take(io_scratch(r->io), sizeof *t);
	void *memory = scratch_take(io_scratch(r->io), PER_TREE_SIZE);

	if (!t || !memory)
		return NULL;
	*t = per_tree_of(&h323_schema, memory);
	return t;
}

static uint16_t next_seq(struct ras *r)
{
	do
		r->last_seq++;
	while (!r->last_seq || r->by_seq[r->last_seq]);
	return r->last_seq;
}

uint16_t ras_begin(struct ras *r, struct per_tree *t, uint16_t kind)
{
	uint16_t body = per_put(t, per_root(t, H225_RasMessage_T), kind);

	per_set_num(t, per_put(t, body, 0), next_seq(r));
	return body;
}

enum err ras_ask(struct ras *r, struct ras_socket *s, const struct addr *to, struct per_tree *t,
	ras_answered_h *h, void *arg, uint64_t who)
{
	return ras_ask_sealed(r, s, to, t, NULL, STR_NONE, h, arg, who);
}

enum err ras_ask_sealed(struct ras *r, struct ras_socket *s, const struct addr *to,
	struct per_tree *t, const uint16_t *tokens_path, struct str key, ras_answered_h *h,
	void *arg, uint64_t who)
{
	struct str bytes = written(r, t);
	uint8_t *p = (uint8_t *)(uintptr_t)bytes.p;
	struct ask *a;

	if (!bytes.len || (tokens_path && !seal(r, tokens_path, p, bytes.len, key)) ||
		!(a = pool_take(&r->asks)))
		return ERR_FULL;
	a->ras = r;
	a->socket = s;
	a->to = *to;
	a->h = h;
	a->arg = arg;
	a->who = who;
	a->seq = (uint16_t)per_num(t, per_field(t, per_first(t, 0), 0), 0);
	a->len = (uint16_t)bytes.len;
	memcpy(a->bytes, bytes.p, bytes.len);
	r->by_seq[a->seq] = a->handle;
	r->counters.n_requests++;
	timer_init(&a->timer, on_ask_timer, a);
	ask_send(a);
	return OK;
}

void ras_drop_asks(struct ras *r, void *arg, uint64_t who)
{
	for (struct ask *a = NULL; (a = pool_next(&r->asks, a));) {
		if (a->arg == arg && a->who == who)
			ask_free(a);
	}
}

/* An answer that somebody waits for, from where it was asked. */
static struct ask *asked(struct ras *r, const struct ras_in *in)
{
	struct ask *a = pool_get(&r->asks, r->by_seq[in->seq]);

	return a && addr_same_host(&a->to, &in->from) ? a : NULL;
}

static void answered(struct ask *a, struct ras_in *in)
{
	struct ras *r = a->ras;
	uint16_t delay = per_field(&in->t, in->body, H225_RequestInProgress_delay);

	switch (in->kind) {
	case H225_RasMessage_requestInProgress:
		a->n_sent = 1;
		timer_start(r->io, &a->timer, ASK_MS + (uint32_t)per_num(&in->t, delay, 0));
		return;
	case H225_RasMessage_unknownMessageResponse:
		ask_ends(a, ERR_UNSUPPORTED, NULL);
		return;
	default:
		ask_ends(a, OK, in);
		return;
	}
}

static bool is_answer(uint16_t kind)
{
	switch (kind) {
	case H225_RasMessage_gatekeeperConfirm:
	case H225_RasMessage_gatekeeperReject:
	case H225_RasMessage_registrationConfirm:
	case H225_RasMessage_registrationReject:
	case H225_RasMessage_unregistrationConfirm:
	case H225_RasMessage_unregistrationReject:
	case H225_RasMessage_admissionConfirm:
	case H225_RasMessage_admissionReject:
	case H225_RasMessage_bandwidthConfirm:
	case H225_RasMessage_bandwidthReject:
	case H225_RasMessage_disengageConfirm:
	case H225_RasMessage_disengageReject:
	case H225_RasMessage_locationConfirm:
	case H225_RasMessage_locationReject:
	case H225_RasMessage_unknownMessageResponse:
	case H225_RasMessage_requestInProgress:
	case H225_RasMessage_resourcesAvailableConfirm:
	case H225_RasMessage_infoRequestAck:
	case H225_RasMessage_infoRequestNak:
	case H225_RasMessage_serviceControlResponse:
	case H225_RasMessage_admissionConfirmSequence:
		return true;
	default:
		return false;
	}
}

/* ---- a message ---- */

static bool is_handled(struct ras *r, struct ras_in *in)
{
	return (r->link_ops && r->link_ops->request(r->link_arg, in)) ||
	       (r->ops && r->ops->request(r->arg, in));
}

static void dispatch(struct ras *r, struct ras_in *in)
{
	struct ask *a = asked(r, in);

	if (is_answer(in->kind) || (in->kind == H225_RasMessage_infoRequestResponse && a)) {
		if (a)
			answered(a, in);
		else
			r->counters.n_stray++; /* never answered: two nodes would go on for ever */
		return;
	}
	if (in->kind != PER_NONE && is_handled(r, in))
		return;
	log_put(io_log(r->io), &ev_unknown, F_ADDR("src", &in->from), F_NUM("kind", in->kind));
	r->xrs_credit += in->bytes.len / XRS_SHARE;
	say_unknown(in);
}

static bool is_within_rate(struct ras *r, const struct addr *from)
{
	uint64_t id = r->link_ops ? r->link_ops->known(r->link_arg, from) : 0;
	uint64_t now = io_now(r->io);

	if (!id && r->ops && r->ops->known)
		id = r->ops->known(r->arg, from);
	if (id ? rate_pass_id(&r->known, id, now)
	       : rate_pass(&r->strangers, from, now) && rate_pass_id(&r->everybody, 1, now))
		return true;
	r->counters.n_refused_rate++;
	if (r->counters.n_refused_rate % 1000 == 1)
		log_put(io_log(r->io), &ev_rate, F_ADDR("src", from),
			F_NUM("refused", r->counters.n_refused_rate));
	return false;
}

/* Neither rate nor memory needs more of a datagram than its source and its octets. */
static bool is_new(struct ras_socket *s, const struct packet *p, uint64_t *ret_key)
{
	struct ras *r = s->ras;

	r->counters.n_messages++;
	if (!is_within_rate(r, &p->from))
		return false;
	if (p->is_cut || p->bytes.len < MESSAGE_MIN || p->bytes.len > MESSAGE_MAX) {
		r->counters.n_too_long += p->is_cut;
		r->counters.n_unreadable++;
		return false;
	}
	*ret_key = cache_key(r, &p->from, p->bytes);
	return !answer_again(r, s, p, *ret_key);
}

static void read_message(struct ras_in *in)
{
	if (per_read(&in->t, H225_RasMessage_T, in->bytes) != OK) {
		not_read(in);
		return;
	}
	in->kind = per_choice(&in->t, 0);
	in->body = per_first(&in->t, 0);
	if (in->kind != PER_NONE)
		in->seq = (uint16_t)per_num(&in->t,
			per_field(&in->t, in->body,
				in->kind == H225_RasMessage_infoRequestResponse ? 1 : 0),
			0);
	dispatch(in->ras, in);
}

static void on_packet(
	struct ras_socket *s, const struct packet *p, uint64_t key, void *const memory[2])
{
	struct ras_in in = {.ras = s->ras,
		.socket = s,
		.from = p->from,
		.bytes = p->bytes,
		.cache_key = key,
		.t = per_tree_of(&h323_schema, memory[0]),
		.answer = per_tree_of(&h323_schema, memory[1])};

	read_message(&in);
}

static void on_packets(struct dgram *d, const struct packet *p, size_t n, void *arg)
{
	struct ras_socket *s = arg;
	struct scratch *scratch = io_scratch(s->ras->io);
	void *memory[2] = {NULL, NULL};
	size_t mark = 0;
	uint64_t key;

	(void)d;
	for (size_t i = 0; i < n && s->dgram; i++) {
		if (!is_new(s, &p[i], &key))
			continue;
		if (!memory[0]) {
			memory[0] = scratch_take(scratch, PER_TREE_SIZE);
			memory[1] = scratch_take(scratch, PER_TREE_SIZE);
			mark = scratch_mark(scratch);
		}
		if (!memory[0] || !memory[1])
			return;
		on_packet(s, &p[i], key, memory);
		scratch_back(scratch, mark);
	}
}

/* ---- sockets ---- */

enum err ras_listen(struct ras *r, enum plan_row row, const struct addr *at, int fd)
{
	struct local local = {.row = row, .addr = *at, .fd = fd};

	for (size_t i = 0; i < RAS_SOCKETS; i++) {
		struct ras_socket *s = &r->sockets[i];
		enum err err;

		if (s->dgram)
			continue;
		err = dgram_open(r->io, &local, on_packets, s, &s->dgram);
		if (err != OK)
			return err;
		s->ras = r;
		s->row = row;
		s->at = dgram_addr(s->dgram);
		return OK;
	}
	return ERR_FULL;
}

void ras_unlisten(struct ras *r, enum plan_row row, const struct addr *at)
{
	for (size_t i = 0; i < RAS_SOCKETS; i++) {
		struct ras_socket *s = &r->sockets[i];

		if (!s->dgram || s->row != row || !addr_eq(&s->at, at))
			continue;
		dgram_close(s->dgram);
		s->dgram = NULL;
	}
}

struct ras_socket *ras_socket_at(struct ras *r, const struct addr *at)
{
	struct ras_socket *first = NULL;

	for (size_t i = 0; i < RAS_SOCKETS; i++) {
		struct ras_socket *s = &r->sockets[i];

		if (s->dgram && addr_eq(&s->at, at))
			return s;
		if (s->dgram && !first)
			first = s;
	}
	return first;
}

struct addr ras_socket_addr(const struct ras_socket *s)
{
	return s->at;
}

struct addr ras_socket_seen(const struct ras_socket *s)
{
	struct zone *local = zone_local(s->ras->zones);
	struct addr own = zone_host(s->ras->zones, local);
	struct addr seen = zone_host_seen(s->ras->zones, local);

	return addr_same_host(&own, &s->at) ? addr_with_port(&seen, s->at.port) : s->at;
}
