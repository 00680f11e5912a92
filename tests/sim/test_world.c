/* test_world.c - the simulator itself: a toy node pair, faults, firewalls with the plan, NATs.
 *
 *	control 10.0.0.10 -- firewall B -- edge 192.0.2.10 -- firewall A -- public 198.51.100.20
 *	                                           home 10.9.0.5 -- NAT 198.51.100.30 -/
 * The toys: control asks each 500 ms by a datagram and by a stream, edge echoes. */
#include <errno.h>
#include <string.h>

#include "sim/sim.h"
#include "test.h"

#define ASK_MS 500

static struct {
	struct sim *sim;
	struct sim_border *inner, *outer, *nat;
	struct sim_host *control, *edge, *public, *home;
	struct plan control_plan, edge_plan, open_plan;
	int private, dmz, internet, behind;
} w;

static struct toy {
	struct io *io;
	struct dgram *d;
	struct stream *listener, *s;
	struct timer timer;
	uint32_t n_asked, n_echoed, n_stream_bytes, n_lost, n_opened;
	enum err lost;
	struct addr last_from;
	bool is_silent; /* does not ask */
} asker, echoer;

static struct addr control_addr(uint16_t port)
{
	return addr_v4(10, 0, 0, 10, port);
}

static struct addr edge_addr(uint16_t port)
{
	return addr_v4(192, 0, 2, 10, port);
}

static struct addr public_addr(uint16_t port)
{
	return addr_v4(198, 51, 100, 20, port);
}

static struct addr nat_addr(void)
{
	return addr_v4(198, 51, 100, 30, 0);
}

static struct addr home_addr(uint16_t port)
{
	return addr_v4(10, 9, 0, 5, port);
}

static uint16_t mux_port(void)
{
	return plan_mux(&w.edge_plan).low;
}

#define LINK_PORT 7001

static const struct sim_nat symmetric = {
	.mapping = NAT_HOST_AND_PORT, .filtering = NAT_HOST_AND_PORT, .timeout_ms = 30000};

static void make_plans(void)
{
	struct plan_link link = {.sip_port = LINK_PORT, .sip_transport = PROTO_TCP};

	plan_defaults(&w.control_plan, HOST_CONTROL, false);
	plan_defaults(&w.edge_plan, HOST_EDGE, false);
	CHECK(plan_add_link(&w.control_plan, &link) == OK &&
		plan_add_link(&w.edge_plan, &link) == OK);
	w.edge_plan.switches[SW_SIP] = w.edge_plan.switches[SW_SIP_TCP] = true;
	w.edge_plan.switches[SW_DNS] = true;
	/* What an endpoint may do is not the plan's business: Edge's rows serve it as well. */
	w.open_plan = w.edge_plan;
	w.open_plan.switches[SW_H323] = true;
}

static void make_nets(const struct sim_nat *kind)
{
	struct addr a = control_addr(0), b = edge_addr(0), c = public_addr(0), d = nat_addr(),
		    e = home_addr(0);
	struct sim_named hosts[] = {{HOST_CONTROL, a}, {HOST_EDGE, b}};

	CHECK(sim_zone(w.sim, ZONE_PRIVATE, "private", &w.private) == OK);
	CHECK(sim_zone(w.sim, ZONE_DMZ, "dmz", &w.dmz) == OK);
	CHECK(sim_zone(w.sim, ZONE_INTERNET, "internet", &w.internet) == OK);
	CHECK(sim_zone(w.sim, ZONE_NONE, "home", &w.behind) == OK);
	CHECK(sim_firewall(w.sim, w.private, w.dmz, &w.inner) == OK);
	CHECK(sim_firewall(w.sim, w.dmz, w.internet, &w.outer) == OK);
	CHECK(sim_nat(w.sim, w.behind, w.internet, &d, kind, &w.nat) == OK);
	CHECK(sim_host(w.sim, "control", &w.control) == OK);
	CHECK(sim_host(w.sim, "edge", &w.edge) == OK);
	CHECK(sim_host(w.sim, "public", &w.public) == OK);
	CHECK(sim_host(w.sim, "home", &w.home) == OK);
	CHECK(sim_address(w.control, w.private, &a) == OK && sim_address(w.edge, w.dmz, &b) == OK);
	CHECK(sim_address(w.public, w.internet, &c) == OK &&
		sim_address(w.home, w.behind, &e) == OK);
	CHECK(sim_allow(w.inner, &w.control_plan, hosts, 2) == OK);
	CHECK(sim_allow(w.inner, &w.edge_plan, hosts, 2) == OK);
	CHECK(sim_allow(w.outer, &w.edge_plan, hosts, 2) == OK);
}

static void world_up(uint64_t seed, const struct sim_nat *kind)
{
	sim_free(w.sim);
	memset(&w, 0, sizeof w);
	memset(&asker, 0, sizeof asker);
	memset(&echoer, 0, sizeof echoer);
	CHECK(sim_new(seed, &w.sim) == OK);
	make_plans();
	make_nets(kind);
}

static void world_down(void)
{
	sim_free(w.sim);
	w.sim = NULL;
}

/* ---- the toys ---- */

static void on_echoed(struct dgram *d, const struct packet *p, size_t n, void *arg)
{
	struct toy *t = arg;

	(void)d;
	t->n_echoed += (uint32_t)n;
	t->last_from = p[n - 1].from;
}

static void on_opened(struct stream *s, void *arg)
{
	(void)s;
	((struct toy *)arg)->n_opened++;
}

static size_t on_stream_echoed(struct stream *s, struct str bytes, void *arg)
{
	(void)s;
	((struct toy *)arg)->n_stream_bytes += (uint32_t)bytes.len;
	return bytes.len;
}

static void on_lost(struct stream *s, enum err why, void *arg)
{
	struct toy *t = arg;

	if (s == t->s)
		t->s = NULL;
	t->n_lost++;
	t->lost = why;
}

static const struct stream_ops asker_ops = {
	.opened = on_opened, .bytes = on_stream_echoed, .lost = on_lost};

static void dial(struct toy *t)
{
	struct local from = {PLAN_LINK_TCP, control_addr(0), NO_FD};
	struct addr_ok to = {edge_addr(LINK_PORT)};

	if (stream_dial(t->io, &from, &to, &asker_ops, t, &t->s) != OK)
		t->s = NULL;
}

static void on_ask(void *arg)
{
	struct toy *t = arg;
	struct addr_ok to = {edge_addr(mux_port())};

	timer_start(t->io, &t->timer, ASK_MS);
	if (t->is_silent)
		return;
	t->n_asked++;
	dgram_send(t->d, &to, STR("ask"));
	if (t->s)
		stream_send(t->s, STR("0123456789"));
	else
		dial(t);
}

static void start_asker(struct io *io, void *arg)
{
	struct toy *t = arg;
	struct local at = {PLAN_LINK_RTP, control_addr(0), NO_FD};

	memset(t, 0, sizeof *t);
	t->io = io;
	io_set_plan(io, &w.control_plan);
	timer_init(&t->timer, on_ask, t);
	timer_start(io, &t->timer, ASK_MS);
	if (dgram_open(io, &at, on_echoed, t, &t->d) == OK)
		dial(t);
}

static void on_asked(struct dgram *d, const struct packet *p, size_t n, void *arg)
{
	struct toy *t = arg;

	t->last_from = p[n - 1].from;
	for (size_t i = 0; i < n; i++) {
		struct addr_ok to = {p[i].from};

		t->n_asked++;
		if (!t->is_silent)
			dgram_send(d, &to, p[i].bytes);
	}
}

static size_t on_stream_asked(struct stream *s, struct str bytes, void *arg)
{
	((struct toy *)arg)->n_stream_bytes += (uint32_t)bytes.len;
	stream_send(s, bytes);
	return bytes.len;
}

static void on_accepted(struct stream *s, void *arg);
static const struct stream_ops echoer_ops = {
	.accepted = on_accepted, .bytes = on_stream_asked, .lost = on_lost};

static void on_accepted(struct stream *s, void *arg)
{
	struct toy *t = arg;

	t->s = s;
	t->n_opened++;
	stream_take(s, &echoer_ops, t);
}

static void start_echoer(struct io *io, void *arg)
{
	struct toy *t = arg;
	struct local at = {PLAN_LINK_RTP, edge_addr(0), NO_FD};
	struct local listen = {PLAN_LINK_TCP, edge_addr(LINK_PORT), NO_FD};

	memset(t, 0, sizeof *t);
	t->io = io;
	io_set_plan(io, &w.edge_plan);
	at.addr.port = mux_port();
	(void)!dgram_open(io, &at, on_asked, t, &t->d);
	(void)!stream_listen(io, &listen, &echoer_ops, t, &t->listener);
}

static const struct sim_program asker_program = {.name = "asker", .start = start_asker};
static const struct sim_program echoer_program = {.name = "echoer", .start = start_echoer};

static void start_pair(void)
{
	struct io *io;

	CHECK(sim_start(w.edge, &echoer_program, &echoer, &io) == OK);
	CHECK(sim_start(w.control, &asker_program, &asker, &io) == OK);
}

/* ---- one seed, one run ---- */

static uint64_t rough_run(uint64_t seed)
{
	static const struct sim_quality rough = {.delay_us = 20000,
		.jitter_us = 10000,
		.loss_ppm = 100000,
		.duplicate_ppm = 50000,
		.reorder_ppm = 50000,
		.reorder_us = 600000};

	world_up(seed, &symmetric);
	sim_border_quality(w.inner, &rough);
	start_pair();
	sim_run(w.sim, 60000);
	return sim_hash(w.sim);
}

static void the_same_seed_gives_the_same_run(void)
{
	uint64_t first = rough_run(1), other = rough_run(2);

	CHECK(first != other);
	CHECK(rough_run(1) == first);
	CHECK(rough_run(2) == other);
	world_down();
}

static void a_rough_net_loses_and_repeats_datagrams_but_no_stream_bytes(void)
{
	const struct sim_counters *c;

	(void)rough_run(3);
	c = sim_counters(w.sim);
	CHECK(c->n_lost > 0 && c->n_duplicated > 0 && c->n_firewall == 0);
	CHECK(asker.n_asked >= 119 && asker.n_echoed > 60 && asker.n_echoed < 140);
	CHECK(asker.n_opened == 1 && asker.n_lost == 0);
	CHECK(asker.n_stream_bytes >= (asker.n_asked - 5) * 10);
	world_down();
}

static void a_hundred_seeds_run(void)
{
	for (uint64_t seed = 100; seed < 200; seed++) {
		(void)rough_run(seed);
		CHECK(asker.n_stream_bytes > 1000 && asker.n_echoed > 50);
	}
	world_down();
}

static void a_good_net_delivers_everything(void)
{
	world_up(4, &symmetric);
	start_pair();
	sim_run(w.sim, 10200);
	CHECK(asker.n_asked == 20 && asker.n_echoed == 20);
	CHECK(asker.n_stream_bytes == 200);
	CHECK(sim_counters(w.sim)->n_lost == 0 && sim_counters(w.sim)->n_firewall == 0);
	CHECK(sim_row_hits(w.inner, PLAN_LINK_RTP) == 20);
	world_down();
}

static void a_datagram_over_the_mtu_is_dropped(void)
{
	static const struct sim_quality narrow = {.delay_us = 100, .mtu = 1200};
	static char big[1300];
	struct addr_ok to = {edge_addr(36000)};

	world_up(5, &symmetric);
	sim_border_quality(w.inner, &narrow);
	start_pair();
	to.addr.port = mux_port();
	dgram_send(asker.d, &to, (struct str){big, 1200});
	dgram_send(asker.d, &to, (struct str){big, 1201});
	sim_run(w.sim, 100);
	CHECK(sim_counters(w.sim)->n_too_long == 1 && asker.n_echoed == 1);
	world_down();
}

/* ---- cuts ---- */

static void cut_for(struct sim_border *b, uint64_t ms)
{
	static const struct sim_quality cut = {.is_cut = true}, whole = {.delay_us = 1000};

	sim_border_quality(b, &cut);
	sim_run(w.sim, ms);
	sim_border_quality(b, &whole);
}

static void a_stream_outlives_a_short_cut(void)
{
	world_up(6, &symmetric);
	start_pair();
	sim_run(w.sim, 2000);
	cut_for(w.inner, 10000);
	sim_run(w.sim, 15000);
	CHECK(asker.n_lost == 0 && asker.n_opened == 1);
	CHECK(asker.n_stream_bytes >= (asker.n_asked - 2) * 10);
	world_down();
}

static void a_stream_with_little_patience_is_lost_in_a_cut(void)
{
	world_up(7, &symmetric);
	start_pair();
	sim_run(w.sim, 2000);
	stream_set_timeout(asker.s, 3000);
	cut_for(w.inner, 5000);
	CHECK(asker.n_lost == 1 && asker.lost == (enum err)(-ETIMEDOUT));
	sim_run(w.sim, 20000);
	CHECK(asker.n_opened == 2 && asker.s);
	world_down();
}

/* ---- the firewall executes the plan ---- */

static void an_answer_passes_for_20_s_and_answers_renew_nothing(void)
{
	struct addr_ok to;

	world_up(8, &symmetric);
	start_pair();
	sim_run(w.sim, 700);
	CHECK(asker.n_echoed == 1);
	asker.is_silent = true;
	to = (struct addr_ok){echoer.last_from};
	for (int i = 1; i <= 19; i++) {
		sim_run(w.sim, 1000);
		dgram_send(echoer.d, &to, STR("late"));
	}
	sim_run(w.sim, 500);
	CHECK(asker.n_echoed == 20 && sim_host_dropped(w.edge) == 0);
	sim_run(w.sim, 1000);
	dgram_send(echoer.d, &to, STR("too late"));
	sim_run(w.sim, 500);
	CHECK(asker.n_echoed == 20 && sim_host_late(w.edge) == 1 && sim_host_dropped(w.edge) == 0);
	asker.is_silent = false;
	sim_run(w.sim, 1000);
	CHECK(asker.n_echoed > 20);
	world_down();
}

static void edge_reaches_control_by_no_way_of_its_own(void)
{
	struct local from = {PLAN_PUBLIC_TCP_OUT, edge_addr(0), NO_FD};
	struct local at = {PLAN_PUBLIC_RTP_OUT, edge_addr(0), NO_FD};
	struct addr_ok to = {control_addr(5060)};
	struct dgram *d;
	struct stream *s;

	world_up(9, &symmetric);
	start_pair();
	CHECK(stream_dial(echoer.io, &from, &to, &asker_ops, &echoer, &s) == OK);
	CHECK(dgram_open(echoer.io, &at, on_echoed, &echoer, &d) == OK);
	dgram_send(d, &to, STR("let me in"));
	sim_run(w.sim, 300);
	CHECK(sim_host_dropped(w.edge) >= 2 && echoer.n_opened == 1);
	sim_run(w.sim, 200000);
	CHECK(echoer.n_lost == 1 && echoer.lost == (enum err)(-ETIMEDOUT));
	world_down();
}

static void a_row_less_and_its_service_is_dead(void)
{
	world_up(10, &symmetric);
	sim_disallow(w.inner, PLAN_LINK_TCP);
	start_pair();
	sim_run(w.sim, 20000);
	CHECK(asker.n_opened == 0 && asker.n_echoed > 30);
	world_up(10, &symmetric);
	sim_disallow(w.inner, PLAN_LINK_RTP);
	sim_disallow(w.inner, PLAN_LINK_RTCP); /* the same pair of ports */
	start_pair();
	sim_run(w.sim, 20000);
	CHECK(asker.n_opened == 1 && asker.n_echoed == 0);
	CHECK(sim_host_dropped(w.control) == asker.n_asked);
	world_down();
}

static void a_flushed_firewall_ends_streams_and_new_ones_come(void)
{
	world_up(11, &symmetric);
	start_pair();
	sim_run(w.sim, 2200);
	stream_set_timeout(asker.s, 3000);
	sim_border_forget(w.inner);
	sim_run(w.sim, 1000);
	CHECK(asker.n_lost == 0 && asker.n_echoed == 6); /* each ask is a new pinhole */
	sim_run(w.sim, 10000);
	CHECK(asker.n_lost == 1 && asker.n_opened == 2);
	world_down();
}

/* ---- translators ---- */

static struct {
	struct dgram *at[3];
	size_t n;
	struct addr from[8];
	uint16_t port[8]; /* of ours, that it came to */
} peers;

static void on_peer(struct dgram *d, const struct packet *p, size_t n, void *arg)
{
	(void)arg;
	for (size_t i = 0; i < n && peers.n < 8; i++) {
		peers.port[peers.n] = dgram_addr(d).port;
		peers.from[peers.n++] = p[i].from;
	}
}

static void start_open(struct io *io, void *arg)
{
	(void)arg;
	io_set_plan(io, &w.open_plan);
}

static const struct sim_program open_program = {.name = "peer", .start = start_open};

static struct io *start_peer(struct sim_host *host)
{
	struct io *io;

	CHECK(sim_start(host, &open_program, NULL, &io) == OK);
	return io;
}

static struct dgram *peer_dgram(struct io *io, struct addr host)
{
	struct local at = {PLAN_PUBLIC_RTP_OUT, host, NO_FD};
	struct dgram *d = NULL;

	CHECK(dgram_open(io, &at, on_peer, NULL, &d) == OK);
	return d;
}

/* From the home to two ports of public; public sees two sources. */
static void two_destinations(const struct sim_nat *kind, uint64_t seed)
{
	struct io *public, *home;
	struct addr_ok to;

	memset(&peers, 0, sizeof peers);
	world_up(seed, kind);
	public = start_peer(w.public);
	home = start_peer(w.home);
	peers.at[0] = peer_dgram(home, home_addr(0));
	peers.at[1] = peer_dgram(public, public_addr(0));
	peers.at[2] = peer_dgram(public, public_addr(0));
	for (int i = 1; i < 3; i++) {
		to = (struct addr_ok){dgram_addr(peers.at[i])};
		dgram_send(peers.at[0], &to, STR("x"));
	}
	sim_run(w.sim, 100);
	CHECK(peers.n == 2);
	CHECK(peers.from[0].ip[3] == 30 && peers.from[1].ip[3] == 30);
	if (peers.port[0] != dgram_addr(peers.at[1]).port) { /* at[1] is who was reached first */
		struct dgram *second = peers.at[1];

		peers.at[1] = peers.at[2];
		peers.at[2] = second;
	}
}

static bool reaches_home(struct dgram *from, struct addr to)
{
	struct addr_ok ok = {to};
	size_t before = peers.n;

	dgram_send(from, &ok, STR("y"));
	sim_run(w.sim, 100);
	return peers.n > before;
}

static void a_symmetric_nat_maps_by_destination(void)
{
	two_destinations(&symmetric, 12);
	CHECK(peers.from[0].port != peers.from[1].port);
	CHECK(reaches_home(peers.at[1], peers.from[0]));
	CHECK(!reaches_home(peers.at[2], peers.from[0]));
	CHECK(sim_counters(w.sim)->n_nat == 1);
	world_down();
}

static void a_kind_nat_maps_by_source(void)
{
	static const struct sim_nat kind = {
		.mapping = NAT_ANY, .filtering = NAT_HOST_AND_PORT, .timeout_ms = 30000};
	static const struct sim_nat kinder = {
		.mapping = NAT_ANY, .filtering = NAT_ANY, .keeps_port = true, .timeout_ms = 30000};
	struct dgram *third;

	two_destinations(&kind, 13);
	CHECK(peers.from[0].port == peers.from[1].port);
	CHECK(reaches_home(peers.at[1], peers.from[0]) && reaches_home(peers.at[2], peers.from[0]));
	two_destinations(&kinder, 13);
	CHECK(peers.from[0].port == dgram_addr(peers.at[0]).port);
	third = peer_dgram(start_peer(w.public), public_addr(0));
	CHECK(reaches_home(third, peers.from[0])); /* whom it never sent to */
	world_down();
}

static void a_mapping_ends_after_its_time_and_answers_do_not_renew_it(void)
{
	two_destinations(&symmetric, 14);
	for (int i = 0; i < 5; i++) {
		sim_run(w.sim, 5000);
		CHECK(reaches_home(peers.at[1], peers.from[0]));
	}
	sim_run(w.sim, 6000);
	CHECK(!reaches_home(peers.at[1], peers.from[0]));
	world_down();
}

static void hosts_behind_one_nat_meet_by_its_public_address(void)
{
	static const struct sim_nat kind = {
		.mapping = NAT_ANY, .filtering = NAT_ANY, .timeout_ms = 30000};
	struct dgram *other;
	struct addr_ok inside;

	two_destinations(&kind, 15);
	other = peer_dgram(start_peer(w.home), home_addr(0));
	CHECK(reaches_home(other, peers.from[0]));
	CHECK(peers.from[2].ip[3] == 30); /* the public address of the sender, RFC 4787 REQ-9 */
	inside = (struct addr_ok){dgram_addr(peers.at[0])};
	CHECK(!reaches_home(peers.at[1], inside.addr)); /* nobody dials an inside address */
	world_down();
}

static void a_call_through_nat_and_firewall_reaches_edge(void)
{
	struct io *home, *edge;
	struct local at = {PLAN_PUBLIC_TCP_IN, edge_addr(0), NO_FD};
	struct local from = {PLAN_PUBLIC_TCP_OUT, home_addr(0), NO_FD};
	struct addr_ok to;

	world_up(16, &symmetric);
	edge = start_peer(w.edge);
	home = start_peer(w.home);
	CHECK(stream_listen(edge, &at, &echoer_ops, &echoer, &echoer.listener) == OK);
	to = (struct addr_ok){stream_peer(echoer.listener)->local};
	CHECK(stream_dial(home, &from, &to, &asker_ops, &asker, &asker.s) == OK);
	sim_run(w.sim, 1000);
	CHECK(asker.n_opened == 1 && echoer.n_opened == 1);
	CHECK(stream_peer(echoer.s)->remote.ip[3] == 30);
	stream_send(asker.s, STR("hello"));
	sim_run(w.sim, 1000);
	CHECK(asker.n_stream_bytes == 5);
	world_down();
}

/* ---- death ---- */

static struct {
	struct chan *of_worker, *of_keeper;
	int kept[4];
	int n_kept, n_died, n_freed;
} keeper;

static void on_kept(struct chan *c, struct str bytes, int fd, void *arg)
{
	(void)c;
	(void)bytes;
	(void)arg;
	if (fd != NO_FD && keeper.n_kept < 4)
		keeper.kept[keeper.n_kept++] = fd;
}

static const struct chan_ops keeper_ops = {.message = on_kept};

static void on_died(struct io *io, void *arg)
{
	(void)io;
	(void)arg;
	keeper.n_died++;
}

static void on_freed(struct io *io, void *arg)
{
	struct toy *t = arg;

	(void)io;
	keeper.n_freed++;
	/* Its io is dead: the ordinary functions do nothing. */
	timer_stop(&t->timer);
	stream_close(t->s);
	dgram_close(t->d);
}

static const struct sim_program mortal_program = {
	.name = "mortal", .start = start_echoer, .died = on_died, .freed = on_freed};
static const struct sim_program keeper_program = {.name = "keeper"};

/* The echoer's socket and stream lie with the keeper; a successor goes on with them. */
static void what_is_kept_outlives_its_process(void)
{
	struct io *keeper_io, *io;
	int a, b;
	struct local at = {PLAN_LINK_RTP, {0}, NO_FD};
	struct peer peer;

	memset(&keeper, 0, sizeof keeper);
	world_up(17, &symmetric);
	CHECK(sim_start(w.edge, &keeper_program, NULL, &keeper_io) == OK);
	CHECK(sim_start(w.edge, &mortal_program, &echoer, &io) == OK);
	CHECK(chan_pair(keeper_io, &a, &b) == OK);
	CHECK(chan_adopt(keeper_io, a, &keeper_ops, NULL, &keeper.of_keeper) == OK);
	CHECK(chan_adopt(io, sim_hand_over(w.sim, b, io), &keeper_ops, NULL, &keeper.of_worker) ==
		OK);
	CHECK(sim_start(w.control, &asker_program, &asker, &io) == OK);
	sim_run(w.sim, 2200);
	CHECK(chan_send(keeper.of_worker, STR("socket"), dgram_fd(echoer.d)));
	CHECK(chan_send(keeper.of_worker, STR("stream"), stream_fd(echoer.s)));
	peer = *stream_peer(echoer.s);
	sim_run(w.sim, 10);
	CHECK(keeper.n_kept == 2);
	sim_kill(echoer.io);
	sim_run(w.sim, 2000); /* asks come meanwhile */
	CHECK(keeper.n_died == 1 && keeper.n_freed == 1);
	CHECK(asker.n_lost == 0 && asker.n_echoed < asker.n_asked);
	memset(&echoer, 0, sizeof echoer);
	io = start_peer(w.edge);
	io_set_plan(io, &w.edge_plan);
	at.fd = sim_hand_over(w.sim, keeper.kept[0], io);
	CHECK(dgram_open(io, &at, on_asked, &echoer, &echoer.d) == OK);
	CHECK(stream_adopt(io, sim_hand_over(w.sim, keeper.kept[1], io), &peer, &echoer_ops,
		      &echoer, &echoer.s) == OK);
	sim_run(w.sim, 300);
	CHECK(asker.n_echoed == asker.n_asked && asker.n_stream_bytes == asker.n_asked * 10);
	CHECK(asker.n_lost == 0);
	world_down();
}

static void a_process_may_die_at_any_call(void)
{
	size_t n_died = 0;

	for (uint64_t n = 1; n < 60; n++) {
		struct io *io, *first;

		world_up(18, &symmetric);
		memset(&keeper, 0, sizeof keeper);
		CHECK(sim_start(w.edge, &mortal_program, &echoer, &first) == OK);
		CHECK(sim_start(w.control, &asker_program, &asker, &io) == OK);
		sim_kill_at_call(first, n);
		sim_run(w.sim, 20000);
		CHECK(keeper.n_died == sim_is_dead(first) && keeper.n_freed == keeper.n_died);
		n_died += sim_is_dead(first);
		sim_kill(first);
		CHECK(sim_start(w.edge, &mortal_program, &echoer, &io) == OK);
		sim_run(w.sim, 20000);
		CHECK(asker.s && asker.n_echoed > 30);
	}
	CHECK(n_died > 50);
	world_down();
}

static void nothing_is_held_after_everybody_died(void)
{
	struct sim_held h;

	(void)rough_run(19);
	h = sim_held(w.sim);
	CHECK(h.n_files >= 4 && h.n_fds >= 4);
	sim_kill(asker.io);
	sim_kill(echoer.io);
	sim_run(w.sim, 200000);
	h = sim_held(w.sim);
	CHECK(h.n_files == 0 && h.n_fds == 0 && h.n_packets == 0 && h.n_chunks == 0);
	CHECK(h.n_messages == 0);
	world_down();
}

static void a_power_cut_says_nothing_and_the_next_word_is_answered_by_a_reset(void)
{
	world_up(20, &symmetric);
	start_pair();
	sim_run(w.sim, 2000);
	sim_host_off(w.edge);
	sim_run(w.sim, 5000);
	CHECK(asker.n_lost == 0 && asker.s);
	sim_host_on(w.edge);
	sim_run(w.sim, 15000);
	CHECK(asker.n_lost >= 1 && asker.lost != ERR_CLOSED);
	world_down();
}

static void a_killed_process_closes_its_connections(void)
{
	world_up(21, &symmetric);
	start_pair();
	sim_run(w.sim, 2000);
	sim_kill(echoer.io);
	sim_run(w.sim, 200);
	CHECK(asker.n_lost == 1 && asker.lost == ERR_CLOSED);
	sim_run(w.sim, 2000);
	CHECK(asker.lost == (enum err)(-ECONNREFUSED));
	world_down();
}

/* ---- clocks, pauses, names ---- */

static void a_wall_clock_that_jumps_moves_no_timer(void)
{
	uint64_t before;

	world_up(22, &symmetric);
	start_pair();
	sim_run(w.sim, 1000);
	before = io_wall(asker.io);
	sim_wall_step(w.control, -315360000000000000); /* ten years */
	sim_run(w.sim, 1000);
	CHECK(io_wall(asker.io) < before && io_wall(echoer.io) > before);
	CHECK(asker.n_asked == 4);
	world_down();
}

static void a_frozen_process_takes_no_turn(void)
{
	world_up(23, &symmetric);
	start_pair();
	sim_run(w.sim, 2000);
	sim_freeze(echoer.io, 5000);
	sim_run(w.sim, 4900);
	CHECK(echoer.n_asked <= 4 && asker.n_asked > 10);
	sim_run(w.sim, 1000);
	CHECK(asker.n_echoed >= asker.n_asked - 1);
	world_down();
}

static struct {
	int n;
	enum err err;
	struct addr first;
} told;

static void on_told(void *arg, enum err err, const struct dns_answer *answers, size_t n)
{
	(void)arg;
	told.n++;
	told.err = err;
	if (n)
		told.first = answers[0].addr;
}

static void names_are_true_wrong_slow_or_dead(void)
{
	struct dns_answer inside = {.addr = addr_v4(10, 0, 0, 1, 0), .ttl_s = 60};
	struct dns_answer outside = {.addr = addr_v4(198, 51, 100, 1, 0), .ttl_s = 60};
	struct local from = {PLAN_EDGE_DNS, edge_addr(0), NO_FD};
	struct addr_ok server = {public_addr(53)};
	struct dns_ask *ask;

	memset(&told, 0, sizeof told);
	world_up(24, &symmetric);
	start_pair();
	CHECK(sim_name(w.sim, NULL, "host.example", DNS_A, &outside) == OK);
	CHECK(sim_name(w.sim, w.control, "host.example", DNS_A, &inside) == OK);
	CHECK(dns_ask(echoer.io, "host.example", DNS_A, on_told, NULL, &ask) == ERR_WRONG_STATE);
	CHECK(dns_configure(echoer.io, &from, &server, 1) == OK);
	CHECK(dns_ask(echoer.io, "Host.Example", DNS_A, on_told, NULL, &ask) == OK);
	CHECK(told.n == 0);
	sim_run(w.sim, 100);
	CHECK(told.n == 1 && told.err == OK && addr_eq(&told.first, &outside.addr));
	CHECK(dns_ask(echoer.io, "host.example", DNS_AAAA, on_told, NULL, &ask) == OK);
	sim_run(w.sim, 100);
	CHECK(told.n == 2 && told.err == ERR_NOENT);
	sim_resolver(w.edge, 3000, false);
	CHECK(dns_ask(echoer.io, "host.example", DNS_A, on_told, NULL, &ask) == OK);
	sim_run(w.sim, 2900);
	CHECK(told.n == 2);
	sim_run(w.sim, 200);
	CHECK(told.n == 3 && told.err == OK);
	sim_resolver(w.edge, 0, true);
	CHECK(dns_ask(echoer.io, "host.example", DNS_A, on_told, NULL, &ask) == OK);
	sim_run(w.sim, 7000);
	CHECK(told.n == 4 && told.err == ERR_TIMEOUT);
	CHECK(dns_ask(echoer.io, "host.example", DNS_A, on_told, NULL, &ask) == OK);
	dns_cancel(ask);
	sim_run(w.sim, 7000);
	CHECK(told.n == 4);
	world_down();
}

static int n_scripts;

static void on_script(void *arg)
{
	n_scripts++;
	CHECK(chan_send(arg, STR("now"), NO_FD));
}

static void a_process_that_waits_lets_the_others_go_on(void)
{
	struct io *one, *two;
	struct chan *ca, *cb;
	struct str bytes;
	int a, b, fd;

	n_scripts = 0;
	world_up(25, &symmetric);
	one = start_peer(w.edge);
	two = start_peer(w.edge);
	CHECK(chan_pair(one, &a, &b) == OK);
	CHECK(chan_adopt(one, a, &keeper_ops, NULL, &ca) == OK);
	CHECK(chan_adopt(two, sim_hand_over(w.sim, b, two), &keeper_ops, NULL, &cb) == OK);
	CHECK(sim_at(w.sim, 300, on_script, ca) == OK);
	CHECK(chan_receive(cb, 100, io_scratch(two), &bytes, &fd) == ERR_TIMEOUT);
	CHECK(chan_receive(cb, 1000, io_scratch(two), &bytes, &fd) == OK);
	CHECK(n_scripts == 1 && str_eq(bytes, STR("now")));
	CHECK(sim_now(w.sim) >= 300000000u && sim_now(w.sim) < 400000000u);
	world_down();
}

static void borders_in_a_circle_are_refused(void)
{
	struct sim_border *b;
	struct addr again = edge_addr(0);

	world_up(26, &symmetric);
	CHECK(sim_open_border(w.sim, w.private, w.internet, &b) == ERR_EXISTS);
	CHECK(sim_address(w.public, w.internet, &again) == ERR_EXISTS);
	world_down();
}

TEST_MAIN(T(the_same_seed_gives_the_same_run),
	T(a_rough_net_loses_and_repeats_datagrams_but_no_stream_bytes), T(a_hundred_seeds_run),
	T(a_good_net_delivers_everything), T(a_datagram_over_the_mtu_is_dropped),
	T(a_stream_outlives_a_short_cut), T(a_stream_with_little_patience_is_lost_in_a_cut),
	T(an_answer_passes_for_20_s_and_answers_renew_nothing),
	T(edge_reaches_control_by_no_way_of_its_own), T(a_row_less_and_its_service_is_dead),
	T(a_flushed_firewall_ends_streams_and_new_ones_come),
	T(a_symmetric_nat_maps_by_destination), T(a_kind_nat_maps_by_source),
	T(a_mapping_ends_after_its_time_and_answers_do_not_renew_it),
	T(hosts_behind_one_nat_meet_by_its_public_address),
	T(a_call_through_nat_and_firewall_reaches_edge), T(what_is_kept_outlives_its_process),
	T(a_process_may_die_at_any_call), T(nothing_is_held_after_everybody_died),
	T(a_power_cut_says_nothing_and_the_next_word_is_answered_by_a_reset),
	T(a_killed_process_closes_its_connections), T(a_wall_clock_that_jumps_moves_no_timer),
	T(a_frozen_process_takes_no_turn), T(names_are_true_wrong_slow_or_dead),
	T(a_process_that_waits_lets_the_others_go_on), T(borders_in_a_circle_are_refused))
