/* csout.c - call signalling: what the call core says, to the far side of a leg. See cleg.h.
 *
 * A message of the other leg leaves behind this leg's call reference with the few fields of rewrite.h changed;
 * where there is none (the core decided by itself) one of our own says the same. */
#include <string.h>

#include "h323/cleg.h"
#include "h323/rewrite.h"
#include "h323/trav.h"

#define CRV_MAX        0x7fffu
#define Q_NO_ROUTE     3
#define Q_OUT_OF_ORDER 27

LOG_EVENT(ev_no_way, "H323-125", LOG_NOTICE, "a called party cannot be reached");
LOG_EVENT(ev_next, "H323-153", LOG_INFO, "a called party is tried at its next address");

/* ---- Setup ---- */

/* A registration's own address, or what was resolved; a neighbor's first that is an address. */
static bool next_hop(struct h323 *h, const struct target *to, struct addr *ret_at)
{
	const struct conf_zone *z = to->zone->conf;

	*ret_at = to->source;
	if (to->zone->is_link)
		return trav_call_address(h, to->zone, ret_at);
	for (uint32_t i = 0;
		!ret_at->family && z && to->zone->kind == ZK_NEIGHBOR && i < z->n_peers; i++) {
		if (addr_parse(str_of(z->peers[i]), ret_at) != OK)
			*ret_at = (struct addr){0};
		else if (!ret_at->port)
			ret_at->port = z->h323.port;
	}
	if (ret_at->family && !ret_at->port)
		ret_at->port = plan_range(io_plan(h->io), RANGE_H323_CALL).low;
	return ret_at->family != AF_NONE;
}

static enum err dial(struct h323 *h, const struct target *to, struct hconn **ret_conn)
{
	struct addr_ctx ctx = zone_addr_ctx(h->zones, to->zone);
	const char *why = "nobody knows its address";
	struct addr at;
	struct addr_ok ok;
	enum err err = ERR_NOENT;

	if (next_hop(h, to, &at))
		err = addr_policy(&ctx,
			to->zone->kind == ZK_NEIGHBOR || to->zone->is_link ? USE_CONFIGURED
									   : USE_SIP_NEXT_HOP,
			&at, &ok, &why);
	if (err == OK)
		err = hconn_dial(h->conns, HCONN_CALL, to->zone, &ok, 0, ret_conn);
	legs_ports_alarm(h, err);
	if (err != OK)
		log_put(io_log(h->io), &ev_no_way, F_Z("alias", to->alias), F_ADDR("address", &at),
			F_ERR(err), F_Z("why", why));
	return err;
}

/* Who is called now, if transforms made it another one. */
static const struct h323_alias *new_alias(
	const struct cs_msg *m, const struct target *to, struct h323_alias ret[2])
{
	ret[0] = (struct h323_alias){.kind = alias_kind_of(str_of(to->alias))};
	if (!str_copy(str_of(to->alias), ret[0].text, sizeof ret[0].text))
		return NULL;
	if (cs_destination(m, &ret[1]) && str_ieq(str_of(ret[1].text), str_of(ret[0].text)))
		return NULL;
	return &ret[0];
}

/* Whom a party in the Internet is asked for: a URL without its port, also as a name, since not all know
 * url-ID; the alias of an address and alias. False: as it came. */
static bool public_alias(const struct target *to, struct h323_alias ret[2])
{
	struct h323_dialled d;
	struct wr w = wr_of(ret[0].text, sizeof ret[0].text - 1);

	if (to->zone->kind != ZK_DNS || !h323_dialled(str_of(to->alias), &d) || !d.user.len)
		return false;
	wr_str(&w, d.user);
	if (d.is_url && d.at.family)
		return false;
	if (d.is_url)
		wr_printf(&w, "@%.*s", (int)d.host.len, d.host.p);
	ret[0].text[wr_len(&w)] = '\0';
	ret[0].kind = d.is_url ? ALIAS_URL : alias_kind_of(d.user);
	ret[1] = ret[0];
	ret[1].kind = ALIAS_ID;
	return w.err == OK;
}

static void name_called(const struct cs_msg *m, const struct target *to, struct h323_alias room[2],
	struct setup_rewrite *how)
{
	if (!public_alias(to, room)) {
		how->alias = new_alias(m, to, room);
		return;
	}
	how->alias = &room[0];
	how->also = room[0].kind == ALIAS_URL ? &room[1] : NULL;
}

static bool send_setup(
	struct cleg *c, struct cs_msg *m, const struct target *to, const struct profile_word *word)
{
	struct h323 *h = c->h;
	struct h323_alias *aliases = scratch_take(io_scratch(h->io), 2 * sizeof *aliases);
	struct addr host = zone_host_seen(h->zones, c->zone);
	struct setup_rewrite how = {.to = c->remote,
		.from = addr_with_port(&host, plan_range(io_plan(h->io), RANGE_H323_CALL).low),
		.guid = c->guid};
	struct str number = STR_NONE;

	if (!aliases)
		return false;
	name_called(m, to, aliases, &how);
	if (how.alias && how.alias->kind == ALIAS_DIGITS)
		number = str_of(how.alias->text);
	rewrite_hop(m);
	if (!rewrite_setup(m, &how) || !trav_sign(h, c->zone, m, c->guid, word))
		return false;
	trav_put_features(c->zone, m);
	h245_say(c, m, false);
	return cleg_send(c, m, number);
}

/* Edge opens nothing inwards: it asks for the connection. */
static enum err way(struct h323 *h, const struct target *to, const uint8_t guid[H323_GUID_LEN],
	struct hconn **ret_conn)
{
	if (to->zone->kind == ZK_TRAVERSAL_SERVER)
		return trav_expect(h, to->zone, guid, ret_conn);
	return dial(h, to, ret_conn);
}

static enum err begin(struct h323 *h, struct cleg *caller, struct leg *leg, const struct target *to,
	struct cs_msg *m, const struct profile_word *word)
{
	struct hconn *conn;
	struct cleg *c;
	uint16_t crv;
	enum err err = way(h, to, caller->guid, &conn);

	if (err != OK)
		return err;
	io_random(h->io, &crv, sizeof crv);
	c = cleg_new(h, conn, (uint16_t)(crv % CRV_MAX + 1), false, caller->guid);
	if (!c) {
		hconn_end(conn);
		return ERR_FULL;
	}
	c->leg = leg;
	c->leg_handle = leg->handle;
	leg->peer = c;
	if (!leg->signalling.family)
		leg->signalling = addr_with_port(&c->remote, 0);
	fast_offer(caller, c, m);
	if (!send_setup(c, m, to, word)) {
		leg->peer = NULL;
		c->leg = NULL;
		cleg_free(c);
		return ERR_FULL;
	}
	(void)str_copy(STR("h323"), leg->protocol, sizeof leg->protocol);
	cleg_wait(c);
	return OK;
}

/* ---- a party in the Internet ---- */

/* What is said between our nodes is not said there. */
static const struct profile_word no_word;

static enum err begin_at(struct h323 *h, struct leg *leg, const struct target *to,
	const struct h323_hops *hops, struct cs_msg *m)
{
	struct target *at = scratch_take(io_scratch(h->io), sizeof *at);
	struct leg *other = leg_other(leg);
	enum err err = ERR_NOENT;

	if (!at || !other || !other->peer)
		return ERR_FULL;
	*at = *to;
	for (uint32_t i = 0; err != OK && i < hops->n; i++) {
		at->source = hops->v[i];
		leg->signalling = addr_with_port(&at->source, 0);
		err = begin(h, other->peer, leg, at, m, &no_word);
		if (err == OK && i + 1 < hops->n)
			((struct cleg *)leg->peer)->next = hops->v[i + 1];
	}
	return err;
}

static enum err find(struct h323 *h, struct leg *leg, const struct target *to, struct cs_msg *m)
{
	struct h323_hops hops;
	enum err err = h323_resolve(h->resolver, to->zone, str_of(to->alias), leg->handle, &hops);

	if (err == ERR_MORE)
		return OK; /* the leg is the core's; it gets a peer when there is an address */
	if (err == OK)
		return begin_at(h, leg, to, &hops, m);
	log_put(io_log(h->io), &ev_no_way, F_Z("alias", to->alias), F_ERR(err),
		F_Z("why", "it names no place that may be called"));
	return err;
}

static const void *on_held(void *arg, struct leg *leg);

/* With the Setup that the caller's leg still keeps. */
static enum err begin_late(struct h323 *h, struct leg *leg, const struct h323_hops *hops)
{
	struct leg *other = leg_other(leg);
	struct target *to = scratch_take(io_scratch(h->io), sizeof *to);
	const struct h323_native *n = other && other->ops == &h->leg_ops ? on_held(h, other) : NULL;

	if (!to || !n)
		return ERR_FULL;
	*to = (struct target){.zone = leg->zone};
	(void)str_copy(str_of(leg->alias), to->alias, sizeof to->alias);
	return begin_at(h, leg, to, hops, n->m);
}

static void unreachable(struct h323 *h, struct leg *leg, enum err err)
{
	struct call_event ev = {.type = CEV_RELEASE};

	cause_of_q850(&ev.cause, err == ERR_NOENT ? Q_NO_ROUTE : Q_OUT_OF_ORDER,
		err == ERR_NOENT ? "No such destination" : "The destination cannot be reached");
	leg_event(h->core, leg, &ev);
}

void csout_resolved(void *arg, uint64_t who, enum err err, const struct h323_hops *hops)
{
	struct h323 *h = arg;
	struct leg *leg = leg_get(h->core, (struct leg_h){who});

	if (!leg || leg->is_released || leg->peer)
		return; /* it was given up meanwhile */
	legs_enter(h);
	if (err == OK)
		err = leg->zone->handle ? begin_late(h, leg, hops) : ERR_NOENT;
	if (err != OK)
		unreachable(h, leg, err);
	legs_leave(h);
}

bool csout_go_on(struct cleg *c)
{
	struct h323_hops hops = {.n = 1, .v = {c->next}};
	struct h323 *h = c->h;
	struct leg *leg = c->leg;
	enum err err;

	if (!leg || c->is_caller || !c->setup.n || !c->next.family)
		return false;
	log_put(io_log(h->io), &ev_next, F_H("leg", c->handle), F_ADDR("failed", &c->remote),
		F_ADDR("next", &c->next));
	leg->peer = NULL;
	c->leg = NULL;
	c->state = CL_OVER;
	cleg_free(c);
	err = begin_late(h, leg, &hops);
	if (err != OK)
		unreachable(h, leg, err);
	return true;
}

/* ---- orders ---- */

static enum err on_setup(void *arg, struct leg *leg, const struct call_setup *setup,
	const struct target *to, const struct call_event *ev)
{
	struct h323 *h = arg;
	const struct h323_native *n = ev->native;
	struct leg *other = leg_other(leg);
	struct profile_word word = {.id = setup->id, .is_authenticated = setup->is_authenticated};

	(void)str_copy(str_of(setup->user), word.user, sizeof word.user);
	if (!n || !n->m || !other || !other->peer)
		return ERR_UNSUPPORTED;
	if (to->zone->kind == ZK_DNS)
		return find(h, leg, to, n->m);
	return begin(h, other->peer, leg, to, n->m, &word);
}

/* The Setup that a caller's leg keeps: read again for each target. */
static const void *on_held(void *arg, struct leg *leg)
{
	struct h323 *h = arg;
	struct cleg *c = leg->peer;
	struct h323_native *n = scratch_take(io_scratch(h->io), sizeof *n);
	struct cs_msg *m = scratch_take(io_scratch(h->io), sizeof *m);
	void *memory = cleg_tree(h);
	struct str bytes = c ? pdus_first(h->pdus, &c->setup, io_scratch(h->io)) : STR_NONE;

	if (!n || !m || !memory || !bytes.len || cs_read_header(bytes, m) != OK ||
		cs_read_h323(m, memory) != OK)
		return NULL;
	n->m = m;
	return n;
}

/* ---- what the other side said ---- */

static void forward(struct cleg *c, struct cs_msg *m, bool is_last)
{
	rewrite_hop(m);
	rewrite_call_id(m, c->guid);
	trav_put_features(c->zone, m);
	h245_say(c, m, is_last);
	(void)cleg_send(c, m, STR_NONE);
}

/* A second CallProceeding is none: what it brings of H.245 goes its own way. */
static bool is_said_already(struct cleg *c, const struct cs_msg *m)
{
	bool is_repeated = m->q.type == Q931_CALL_PROCEEDING && c->has_said_proceeding;

	c->has_said_proceeding = true;
	return is_repeated;
}

static void on_progress(struct cleg *c, struct cs_msg *m)
{
	if (!c->is_caller || c->state >= CL_ACTIVE)
		return;
	c->is_told = true;
	if (c->state == CL_CALLING)
		c->state = CL_PROCEEDING;
	if (m && m->q.type == Q931_ALERTING)
		c->state = CL_ALERTING;
	cleg_due(c);
	if (m && !is_said_already(c, m))
		forward(c, m, false);
	cleg_wait(c);
}

static void on_answer(struct cleg *c, struct cs_msg *m)
{
	if (!c->is_caller || c->state >= CL_ACTIVE || !m)
		return;
	c->is_told = true;
	c->state = CL_ACTIVE;
	cleg_rings_no_more(c);
	pdus_clear(c->h->pdus, &c->setup);
	cleg_due(c);
	forward(c, m, true);
	cleg_wait(c);
}

/* Where to call instead is ours to say: towards the caller our own address stands for it. */
static void hide_alternative(struct cleg *c, struct cs_msg *m)
{
	struct addr host = zone_host_seen(c->h->zones, c->zone);
	struct addr own = addr_with_port(&host, plan_range(io_plan(c->h->io), RANGE_H323_CALL).low);

	if (m->kind != H225_H323_UU_PDU_h323_message_body_facility ||
		cs_field(m, H225_Facility_UUIE_alternativeAddress) == PER_NONE)
		return;
	(void)h225_put_addr(
		&m->t, per_put(&m->t, m->body, H225_Facility_UUIE_alternativeAddress), &own);
}

static void on_pass(struct cleg *c, const struct call_event *ev)
{
	const struct h323_native *n = ev->native;

	if (!n)
		return;
	if (!n->m) {
		h245_event(c, ev);
		return;
	}
	hide_alternative(c, n->m);
	forward(c, n->m, false);
}

static void on_event(void *arg, struct leg *leg, const struct call_event *ev)
{
	const struct h323_native *n = ev->native;
	struct cleg *c = leg->peer;

	(void)arg;
	if (!c || c->state == CL_OVER)
		return;
	switch (ev->type) {
	case CEV_PROGRESS:
		on_progress(c, n ? n->m : NULL);
		break;
	case CEV_ANSWER:
		on_answer(c, n ? n->m : NULL);
		break;
	case CEV_PASS:
		on_pass(c, ev);
		break;
	case CEV_CHANNEL:
		h245_event(c, ev);
		break;
	case CEV_SETUP:
	case CEV_MUX:
	case CEV_CONFIRM:
	case CEV_OFFER:
	case CEV_REFUSE:
	case CEV_RESULT:
	case CEV_RELEASE:
	case CEV_MAX:
		break;
	}
}

/* The far side's own ReleaseComplete, if the cause is its own; a Setup that never left needs none. */
static void on_release(void *arg, struct leg *leg, const struct call_event *ev)
{
	const struct h323_native *n = ev->native;
	struct cleg *c = leg->peer;

	(void)arg;
	leg->peer = NULL;
	if (!c)
		return;
	c->leg = NULL;
	if (c->is_caller || !c->setup.n) {
		if (n && n->m && n->m->q.type == Q931_RELEASE_COMPLETE)
			forward(c, n->m, false);
		else
			cleg_say_release(c, &ev->cause);
	}
	c->state = CL_OVER;
	cleg_free(c);
}

void csout_ops(struct h323 *h)
{
	h->leg_ops = (struct leg_ops){.name = "h323",
		.setup = on_setup,
		.event = on_event,
		.release = on_release,
		.held = on_held,
		.arg = h};
}
