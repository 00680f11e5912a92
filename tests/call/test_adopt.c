/* test_adopt.c - a call's records: what a successor makes of them. */
#include "ipc/flow.h"
#include "ipc/kept.h"
#include "test.h"
#include "world.h"

static struct world w;
static struct ipc *keeper, *media; /* the neighbours that see what w shows */
static struct kept_table *table;
static struct flow_want want; /* the last FLOW_WANT, */
static uint64_t want_handle;  /* of this stream */
static size_t n_wants;
static uint64_t leg_handles[2];

static void keeper_put(
	void *arg, enum process_id from, enum kind kind, uint64_t h, struct rd *body, int fd)
{
	struct kept_rec *rec;

	(void)arg, (void)from;
	if (kind == ROW_KEPT && kept_put(table, h, rd_bytes(body, rd_left(body)), fd, &rec) != OK)
		abort();
}

static void keeper_del(void *arg, enum process_id from, enum kind kind, uint64_t h)
{
	(void)arg, (void)from;
	if (kind == ROW_KEPT)
		kept_del(table, h);
}

static void media_put(
	void *arg, enum process_id from, enum kind kind, uint64_t h, struct rd *body, int fd)
{
	(void)arg, (void)from, (void)fd;
	if (kind != ROW_FLOW_WANT)
		return;
	if (flow_want_get(body, &want) != OK)
		abort();
	want_handle = h;
	n_wants++;
}

static void join(struct ipc *neighbour, enum process_id who)
{
	int x, y;

	CHECK(chan_pair(w.io, &x, &y) == OK);
	CHECK(ipc_edge(w.ipc, who, x) == OK && ipc_edge(neighbour, P_SIG, y) == OK);
}

/* A new fosse-sig with its neighbours. The keeper's table outlives it. */
static void start(void)
{
	static const struct ipc_ops keeper_ops = {.put = keeper_put, .del = keeper_del};
	static const struct ipc_ops media_ops = {.put = media_put};

	CHECK(world_init(&w, edge_text));
	CHECK(ipc_new(w.io, P_KEEPER, &keeper_ops, NULL, &keeper) == OK);
	CHECK(ipc_new(w.io, P_MEDIA, &media_ops, NULL, &media) == OK);
	if (!table)
		CHECK(kept_new(w.io, 1000, false, &table) == OK);
	join(keeper, P_KEEPER);
	join(media, P_MEDIA);
	keep_use(w.keep, w.ipc);
	for (int i = 0; i < 3; i++)
		world_turn(&w);
}

static void stop(void)
{
	for (int i = 0; i < 3; i++)
		world_turn(&w);
	ipc_free(keeper);
	ipc_free(media);
	world_free(&w);
}

static void forget(void)
{
	kept_free(table);
	table = NULL;
}

static void make_a_call(void)
{
	struct addr local = addr_v4(198, 51, 100, 10, 7001), peer = addr_v4(192, 0, 2, 10, 25000);
	struct call_setup s = setup_from(&w, "default", "alice@example.com", false);
	struct call_event ev = audio(CEV_SETUP, "203.0.113.20", 10000);
	struct call_cause cause;
	struct leg *a;

	zone_set_state(w.zones, zone_named(w.zones, STR("control")), true, STR("tcp"), &local,
		&peer, STR_NONE);
	memset(s.alias, 'x', sizeof s.alias - 1); /* the longest that there can be */
	memcpy(s.alias + sizeof s.alias - 13, "@example.com", 12);
	memset(s.from, 'y', sizeof s.from - 1);
	CHECK(call_setup(w.core, &w.ops, &w.peer, &s, &ev, &a, &cause) == OK);
	a->signalling = addr_v4(203, 0, 113, 20, 5060);
	world_turn(&w);
	CHECK(w.last_leg);
	leg_handles[0] = a->handle;
	leg_handles[1] = w.last_leg->handle;
	ev = audio(CEV_ANSWER, "192.0.2.10", 40000);
	leg_event(w.core, w.last_leg, &ev);
	for (int i = 0; i < 3; i++)
		world_turn(&w);
}

static void replay(void)
{
	for (struct kept_rec *r = kept_next(table, NULL); r; r = kept_next(table, r))
		keep_add_replayed(w.keep, r->key, kept_body(r), NO_FD);
	n_wants = 0;
	call_adopt(w.core);
}

static size_t n_records(void)
{
	size_t n = 0;

	for (struct kept_rec *r = kept_next(table, NULL); r; r = kept_next(table, r))
		n++;
	return n;
}

static void a_call_goes_on_in_a_successor(void)
{
	struct call_event ev = {.type = CEV_RELEASE};
	struct leg *a, *b;
	uint64_t zone, stream, control;
	uint16_t port;

	start();
	make_a_call();
	CHECK(n_records() == 2 && n_wants > 0);
	CHECK(want.end[1].kind == END_MUX_SERVER);
	zone = want.end[1].zone;
	stream = want_handle;
	port = want.end[0].local.port;
	stop();
	start();
	replay();
	CHECK(call_count(w.core) == 1);
	a = leg_adopt(w.core, leg_handles[0], &w.ops, &w.peer);
	b = leg_adopt(w.core, leg_handles[1], &w.ops, &w.peer);
	CHECK(a && b && strlen(b->alias) == ALIAS_MAX - 1);
	CHECK(!leg_adopt(w.core, leg_handles[0], &w.ops, &w.peer)); /* once */
	call_adopt_done(w.core);
	for (int i = 0; i < 3; i++)
		world_turn(&w);
	control = zone_named(w.zones, STR("control"))->handle;
	CHECK(n_wants == 1 && want_handle == stream && want.end[0].local.port == port);
	CHECK(control == zone && want.end[1].zone == control); /* media's flows know it by this */
	CHECK(zone_get(w.zones, control)->n_calls == 1);
	ev = audio(CEV_OFFER, "203.0.113.20", 12000);
	leg_event(w.core, a, &ev);
	CHECK(world_next(&w, CEV_OFFER)->leg == b);
	ev = (struct call_event){.type = CEV_RELEASE};
	leg_event(w.core, a, &ev);
	CHECK(world_next(&w, CEV_RELEASE)->leg == b && call_count(w.core) == 0);
	stop();
	CHECK(n_records() == 0);
	forget();
}

static void half_a_call_ends(void)
{
	struct leg *b;
	struct note *n;

	start();
	make_a_call();
	stop();
	start();
	replay();
	b = leg_adopt(w.core, leg_handles[1], &w.ops, &w.peer);
	call_adopt_done(w.core);
	n = world_next(&w, CEV_RELEASE);
	CHECK(n && n->leg == b && n->ev.cause.sip == 500);
	CHECK(call_count(w.core) == 0 && zone_named(w.zones, STR("control"))->n_calls == 0);
	stop();
	CHECK(n_records() == 0);
	forget();
}

static void broken_records_are_dropped(void)
{
	static const uint64_t shapes[] = {0, 1, 7, 40, 300};

	for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
		start();
		make_a_call();
		stop();
		start();
		for (struct kept_rec *r = kept_next(table, NULL); r; r = kept_next(table, r))
			keep_add_replayed(w.keep, r->key, str_head(kept_body(r), shapes[i]), NO_FD);
		call_adopt(w.core);
		call_adopt_done(w.core);
		CHECK(call_count(w.core) == 0);
		CHECK(zone_named(w.zones, STR("control"))->n_calls == 0);
		stop();
		CHECK(n_records() == 0);
		forget();
	}
}

TEST_MAIN(T(a_call_goes_on_in_a_successor), T(half_a_call_ends), T(broken_records_are_dropped))
