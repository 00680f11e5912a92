/* legs.c - the table of call signalling legs, and what one of them sends. See cleg.h. */
#include <string.h>

#include "h323/cleg.h"
#include "h323/gatekeeper.h"
#include "h323/rewrite.h"

#define LEGS_PER_CALL   2u
#define BLOCKS_PER_CALL 8u /* of 500 octets: a Setup, and H.245 that waits */
#define SETUPS_PER_S    10u
#define SETUP_BURST     20u
#define T303_MS         30000u  /* Setup until any answer */
#define T310_MS         60000u  /* CallProceeding until Alerting or Connect */
#define T301_MS         120000u /* Alerting until Connect */
#define PORTS_ALARM     1u      /* beside the one of media ports */
#define PROCEEDING_MS   2000u   /* below T303 of a caller, 4 s (Q.931 9.1) */

LOG_EVENT(ev_cannot, "H323-121", LOG_ERROR, "a message could not be sent");

/* ---- the table ---- */

static void on_later(void *arg);

static enum err make_tables(struct h323 *h, struct legs *l, uint32_t n_calls)
{
	uint32_t n = n_calls * LEGS_PER_CALL + n_calls / 2 + 20, generation;
	struct hash_key keys[3];
	enum err err;

	io_random(h->io, keys, sizeof keys);
	io_random(h->io, &generation, sizeof generation);
	err = pool_init(&l->pool, HK_H323_LEG, sizeof(struct cleg), n, generation);
	if (err == OK)
		err = hash_init(&l->by_ref, n, &keys[0]);
	if (err == OK)
		err = hash_init(&l->by_call, n, &keys[1]);
	if (err == OK)
		err = rate_init(&l->setups, SETUPS_PER_S, 1000, SETUP_BURST, &keys[2]);
	if (err == OK)
		err = pdus_new(n_calls * BLOCKS_PER_CALL + 512, &h->pdus);
	return err;
}

enum err legs_new(struct h323 *h, struct legs **ret_legs)
{
	struct legs *l = mem_array(1, sizeof *l);
	enum err err;

	if (!l)
		return ERR_FULL;
	list_init(&l->due);
	timer_init(&l->later, on_later, h);
	*ret_legs = l; /* h323_free() frees what there is */
	err = make_tables(h, l, h->conf->limits.calls);
	return err;
}

void legs_free(struct h323 *h)
{
	struct legs *l = h->legs;

	if (!l)
		return;
	for (struct cleg *c = NULL; l->pool.n && (c = pool_next(&l->pool, c));) {
		timer_stop(&c->timer);
		timer_stop(&c->h245.drop);
	}
	timer_stop(&l->later);
	pdus_free(h->pdus);
	rate_free(&l->setups);
	hash_free(&l->by_ref);
	hash_free(&l->by_call);
	pool_free(&l->pool);
	mem_free(l);
	h->legs = NULL;
}

static uint64_t ref_hash(const struct legs *l, uint64_t conn, uint16_t crv, bool is_caller)
{
	uint64_t key[2] = {conn, (uint64_t)crv << 1 | is_caller};

	return siphash(&l->by_ref.key, key, sizeof key);
}

static uint64_t call_hash(const struct legs *l, const uint8_t guid[H323_GUID_LEN])
{
	return siphash(&l->by_call.key, guid, H323_GUID_LEN);
}

static struct cleg *find(const struct legs *l, uint64_t conn, uint16_t crv, bool is_caller)
{
	for (struct hash_node *n = hash_first(&l->by_ref, ref_hash(l, conn, crv, is_caller)); n;
		n = hash_next(n)) {
		struct cleg *c = container_of(n, struct cleg, by_ref);

		if (c->conn == conn && c->crv == crv && c->is_caller == is_caller)
			return c;
	}
	return NULL;
}

struct cleg *cleg_of_message(struct h323 *h, const struct hconn *conn, const struct q931_msg *q)
{
	return find(h->legs, conn->handle, q->crv, !q->is_from_answering);
}

struct cleg *cleg_of_call(const struct h323 *h, const uint8_t guid[H323_GUID_LEN], bool is_caller)
{
	for (struct hash_node *n = hash_first(&h->legs->by_call, call_hash(h->legs, guid)); n;
		n = hash_next(n)) {
		struct cleg *c = container_of(n, struct cleg, by_call);

		if (c->is_caller == is_caller && memcmp(c->guid, guid, sizeof c->guid) == 0)
			return c;
	}
	return NULL;
}

struct cleg *cleg_expecting(
	const struct h323 *h, const struct zone *zone, const uint8_t guid[H323_GUID_LEN])
{
	for (struct hash_node *n = hash_first(&h->legs->by_call, call_hash(h->legs, guid)); n;
		n = hash_next(n)) {
		struct cleg *c = container_of(n, struct cleg, by_call);
		const struct hconn *conn = hconn_get(h->conns, c->conn);

		if (conn && conn->is_expected && !c->is_caller && c->zone == zone &&
			memcmp(c->guid, guid, sizeof c->guid) == 0)
			return c;
	}
	return NULL;
}

bool legs_knows_call(const struct h323 *h, const uint8_t guid[H323_GUID_LEN])
{
	return cleg_of_call(h, guid, true) || cleg_of_call(h, guid, false);
}

struct cleg *cleg_on(struct h323 *h, const struct hconn *conn)
{
	struct list *first = list_first(&conn->users);

	(void)h;
	return first ? container_of(first, struct cleg, of_conn) : NULL;
}

struct cleg *cleg_get(const struct h323 *h, uint64_t handle)
{
	return pool_get(&h->legs->pool, handle);
}

struct cleg *cleg_other(const struct cleg *c)
{
	struct leg *other = c->leg ? leg_other(c->leg) : NULL;

	return other && other->ops == &c->h->leg_ops ? other->peer : NULL;
}

static struct cleg *begin(struct h323 *h, struct cleg *c, struct hconn *conn, uint16_t crv,
	bool is_caller, const uint8_t guid[H323_GUID_LEN])
{
	struct legs *l = h->legs;

	if (!c)
		return NULL;
	c->h = h;
	c->conn = conn->handle;
	c->zone = conn->zone;
	c->crv = crv;
	c->is_caller = is_caller;
	c->remote = conn->remote;
	memcpy(c->guid, guid, sizeof c->guid);
	list_init(&c->due);
	list_init(&c->of_conn);
	list_append(&conn->users, &c->of_conn);
	timer_init(&c->timer, cleg_timeout, c);
	hash_add(&l->by_ref, &c->by_ref, ref_hash(l, c->conn, crv, is_caller));
	hash_add(&l->by_call, &c->by_call, call_hash(l, c->guid));
	hconn_use(conn, 1);
	h245_init(c);
	return c;
}

struct cleg *cleg_new(struct h323 *h, struct hconn *conn, uint16_t crv, bool is_caller,
	const uint8_t guid[H323_GUID_LEN])
{
	return begin(h, pool_take(&h->legs->pool), conn, crv, is_caller, guid);
}

struct cleg *cleg_adopt(struct h323 *h, uint64_t handle, struct hconn *conn, uint16_t crv,
	bool is_caller, const uint8_t guid[H323_GUID_LEN])
{
	return begin(h, pool_take_at(&h->legs->pool, handle), conn, crv, is_caller, guid);
}

/* Its connection stays where the far side opened it: other calls may use it. */
static void leave_conn(struct cleg *c)
{
	struct hconn *conn = hconn_get(c->h->conns, c->conn);

	list_remove(&c->of_conn);
	c->conn = 0;
	if (!conn)
		return;
	hconn_use(conn, -1);
	if (!conn->is_inbound && !conn->n_uses)
		hconn_end(conn);
}

void cleg_move(struct cleg *c, struct hconn *conn)
{
	struct legs *l = c->h->legs;

	leave_conn(c);
	hash_remove(&l->by_ref, &c->by_ref);
	c->conn = conn->handle;
	c->remote = conn->remote;
	list_append(&conn->users, &c->of_conn);
	hash_add(&l->by_ref, &c->by_ref, ref_hash(l, c->conn, c->crv, c->is_caller));
	hconn_use(conn, 1);
}

void cleg_free(struct cleg *c)
{
	struct h323 *h = c->h;
	uint8_t guid[H323_GUID_LEN];

	memcpy(guid, c->guid, sizeof guid);
	timer_stop(&c->timer);
	cleg_rings_no_more(c);
	if (c->is_kept)
		keep_del(h->keep, c->handle);
	h245_free(c);
	pdus_clear(h->pdus, &c->setup);
	list_remove(&c->due);
	leave_conn(c);
	hash_remove(&h->legs->by_ref, &c->by_ref);
	hash_remove(&h->legs->by_call, &c->by_call);
	pool_give(&h->legs->pool, c);
	if (!legs_knows_call(h, guid))
		gatekeeper_call_ended(h->gatekeeper, guid);
}

/* ---- handlers ---- */

void cleg_due(struct cleg *c)
{
	struct legs *l = c->h->legs;

	if (!list_is_in(&c->due))
		list_append(&l->due, &c->due);
	if (!l->depth)
		timer_start(c->h->io, &l->later, 0);
}

void legs_enter(struct h323 *h)
{
	h->legs->depth++;
}

/* What one leg's work moves to another is done in the same handler: a successor of this process would not
 * have it, and the bytes that it came in are finished with. */
void legs_leave(struct h323 *h)
{
	struct legs *l = h->legs;
	struct scratch *scratch = io_scratch(h->io);
	struct list *it;

	while (l->depth == 1 && (it = list_first(&l->due))) {
		size_t mark = scratch_mark(scratch);

		list_remove(it);
		h245_work(container_of(it, struct cleg, due));
		scratch_back(scratch, mark);
	}
	l->depth--;
}

static void on_later(void *arg)
{
	legs_enter(arg);
	legs_leave(arg);
}

void cleg_wait(struct cleg *c)
{
	static const uint32_t called[] = {
		[CL_CALLING] = T303_MS, [CL_PROCEEDING] = T310_MS, [CL_ALERTING] = T301_MS};

	if (c->is_caller && c->state == CL_CALLING && !c->has_said_proceeding)
		timer_start(c->h->io, &c->timer, PROCEEDING_MS);
	else if (!c->is_caller && c->state < CL_ACTIVE)
		timer_start(c->h->io, &c->timer, called[c->state]);
	else
		timer_stop(&c->timer);
}

static uint16_t *source_slot(struct cleg *c)
{
	size_t len = c->remote.family == AF_V6 ? 7 : 4; /* /56, /32 */
	struct legs *l = c->h->legs;

	return &l->ringing[siphash(&l->by_call.key, c->remote.ip, len) % LEG_SOURCES];
}

bool cleg_rings(struct cleg *c)
{
	uint16_t *slot = source_slot(c);

	if (*slot >= c->h->conf->limits.invites_per_source)
		return false;
	(*slot)++;
	c->is_counted = true;
	return true;
}

void cleg_rings_no_more(struct cleg *c)
{
	if (c->is_counted)
		(*source_slot(c))--;
	c->is_counted = false;
}

void legs_ports_alarm(struct h323 *h, enum err err)
{
	if (err == ERR_NO_PORT)
		alarm_raise(h->alarms, "PRT-002", PORTS_ALARM, true,
			"no port for H.323 signalling is free, and new calls are refused",
			"widen ports.h323_range, or see what they are: fosse calls");
	else if (err == OK)
		alarm_clear(h->alarms, "PRT-002", PORTS_ALARM);
}

/* ---- sending ---- */

void *cleg_tree(struct h323 *h)
{
	return scratch_room(io_scratch(h->io), PER_TREE_SIZE);
}

struct cs_own cleg_own(const struct cleg *c)
{
	struct cs_own own = {.crv = c->crv,
		.is_from_answering = c->is_caller,
		.is_tunnelling = c->h245.is_offered};

	memcpy(own.guid, c->guid, sizeof own.guid);
	return own;
}

static struct wr room(struct h323 *h)
{
	uint8_t *buf = scratch_room(io_scratch(h->io), CSMSG_MAX);
	struct wr w = wr_of(buf, buf ? CSMSG_MAX : 0);

	if (!buf)
		w.err = ERR_FULL;
	return w;
}

/* A leg whose connection is not open yet keeps its Setup until it is. */
static bool send_bytes(struct cleg *c, const struct wr *w)
{
	struct hconn *conn = hconn_get(c->h->conns, c->conn);
	enum err err = w->err;

	if (err == OK)
		err = !conn           ? ERR_CLOSED
		      : conn->is_open ? hconn_send(conn, wr_done(w))
		                      : pdus_put(c->h->pdus, &c->setup, wr_done(w));
	if (err == OK)
		return true;
	log_put(io_log(c->h->io), &ev_cannot, F_H("leg", c->handle), F_ERR(err));
	return false;
}

bool cleg_send(struct cleg *c, struct cs_msg *m, struct str number)
{
	size_t mark = scratch_mark(io_scratch(c->h->io));
	struct wr w = room(c->h);
	bool is_sent;

	h245_ride(c, m);
	if (w.err == OK)
		w.err = cs_write(m, c->crv, c->is_caller, number, &w);
	is_sent = send_bytes(c, &w);
	scratch_back(io_scratch(c->h->io), mark);
	return is_sent;
}

bool cleg_send_own(struct cleg *c, enum q931_type type, struct cs_msg *m, uint8_t cause)
{
	/* Q.931 4.5.7, seen from the side that has the call: by role and state */
	static const uint8_t states[2][CL_OVER + 1] = {{1, 3, 4, 10, 0}, {6, 9, 7, 10, 0}};
	struct cs_own own = cleg_own(c);
	size_t mark = scratch_mark(io_scratch(c->h->io));
	struct wr w = room(c->h);
	bool is_sent;

	h245_ride(c, m);
	if (w.err == OK)
		w.err = cs_end(m, &own, type, cause, states[c->is_caller][c->state], &w);
	is_sent = send_bytes(c, &w);
	scratch_back(io_scratch(c->h->io), mark);
	return is_sent;
}

/* The whole of a message that carries nothing but its body's identifiers. */
static void say(struct cleg *c, enum q931_type type, uint16_t kind, uint8_t cause)
{
	size_t mark = scratch_mark(io_scratch(c->h->io));
	void *memory = cleg_tree(c->h);
	struct cs_own own = cleg_own(c);
	struct cs_msg m;

	if (memory) {
		cs_begin(&m, &own, kind, memory);
		(void)cleg_send_own(c, type, &m, cause);
	}
	scratch_back(io_scratch(c->h->io), mark);
}

void cleg_say_empty(struct cleg *c)
{
	say(c, Q931_FACILITY, H225_H323_UU_PDU_h323_message_body_empty, 0);
}

void cleg_say_status(struct cleg *c, uint8_t cause)
{
	say(c, Q931_STATUS, H225_H323_UU_PDU_h323_message_body_status, cause);
}

void cleg_say_proceeding(struct cleg *c)
{
	size_t mark = scratch_mark(io_scratch(c->h->io));
	void *memory = cleg_tree(c->h);
	struct cs_own own = cleg_own(c);
	struct cs_msg m;
	uint16_t info;

	c->has_said_proceeding = true;
	if (memory) {
		cs_begin(&m, &own, H225_H323_UU_PDU_h323_message_body_callProceeding, memory);
		info = per_put(&m.t, m.body, H225_CallProceeding_UUIE_destinationInfo);
		(void)per_put(&m.t, info, H225_EndpointType_gatekeeper);
		per_set_num(&m.t, per_put(&m.t, info, H225_EndpointType_mc), 0);
		per_set_num(&m.t, per_put(&m.t, info, H225_EndpointType_undefinedNode), 0);
		(void)cleg_send_own(c, Q931_CALL_PROCEEDING, &m, 0);
	}
	scratch_back(io_scratch(c->h->io), mark);
}

void cleg_say_start_h245(struct cleg *c, const struct addr *at)
{
	size_t mark = scratch_mark(io_scratch(c->h->io));
	void *memory = cleg_tree(c->h);
	struct cs_own own = cleg_own(c);
	struct cs_msg m;

	if (memory) {
		cs_begin(&m, &own, H225_H323_UU_PDU_h323_message_body_facility, memory);
		(void)per_put(&m.t, per_put(&m.t, m.body, H225_Facility_UUIE_reason),
			H225_FacilityReason_startH245);
		rewrite_h245_address(&m, at);
		(void)cleg_send_own(c, Q931_FACILITY, &m, 0);
	}
	scratch_back(io_scratch(c->h->io), mark);
}

static void put_reason(struct cs_msg *m, uint16_t reason)
{
	uint16_t choice;

	if (reason == CAUSE_REASON_NONE)
		return;
	choice = per_put(&m->t, m->body, H225_ReleaseComplete_UUIE_reason);
	if (reason == H225_ReleaseCompleteReason_nonStandardReason ||
		reason == H225_ReleaseCompleteReason_genericDataReason ||
		reason == H225_ReleaseCompleteReason_securityError)
		reason = H225_ReleaseCompleteReason_undefinedReason; /* these hold something */
	if (reason == H225_ReleaseCompleteReason_replaceWithConferenceInvite)
		reason = H225_ReleaseCompleteReason_undefinedReason;
	(void)per_put(&m->t, choice, reason);
}

void cleg_say_release(struct cleg *c, const struct call_cause *cause)
{
	size_t mark = scratch_mark(io_scratch(c->h->io));
	void *memory = cleg_tree(c->h);
	struct cs_own own = cleg_own(c);
	struct cs_msg m;
	uint16_t reason;
	uint8_t q850;

	cause_say(cause, c->state == CL_ACTIVE, &reason, &q850);
	if (memory) {
		cs_begin(&m, &own, H225_H323_UU_PDU_h323_message_body_releaseComplete, memory);
		put_reason(&m, reason);
		(void)cleg_send_own(c, Q931_RELEASE_COMPLETE, &m, q850);
	}
	scratch_back(io_scratch(c->h->io), mark);
}

void cs_say_release(
	struct h323 *h, struct hconn *conn, const struct cs_msg *to, uint8_t q850, uint16_t reason)
{
	struct cs_own own = {.crv = to->q.crv, .is_from_answering = !to->q.is_from_answering};
	void *memory = cleg_tree(h);
	struct wr w = room(h);
	struct cs_msg m;

	if (!memory || w.err != OK)
		return;
	(void)cs_call_id(to, own.guid);
	cs_begin(&m, &own, H225_H323_UU_PDU_h323_message_body_releaseComplete, memory);
	put_reason(&m, reason);
	if (cs_end(&m, &own, Q931_RELEASE_COMPLETE, q850, 0, &w) != OK ||
		hconn_send(conn, wr_done(&w)) != OK)
		log_put(io_log(h->io), &ev_cannot, F_H("conn", conn->handle), F_ERR(w.err));
}
