/* world.c - the world, its script, and what must hold in it. */
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "world.h"

#define NS_PER_MS   1000000u
#define AGREE_MS    8000u /* silence 3 s, then a dial and a login, each once more */
#define SETTLED_MS  1000u
#define CALLS       20
#define QUIET_MAX_S 120
#define LONGEST_MS  70000u  /* timers, and ports that rest */
#define SILENCE_MS  100000u /* a registration, and the longest transaction */
#define TCP_MAX_S   200     /* limits.idle is 180 s */
#define LINK_TXS    4       /* a probe and an audit each 20 s, remembered for 32 s */

static const char control_yaml[] =
	"version: 1\n"
	"node: {role: control, name: control.example.test, addresses: {inside: 192.0.2.10}}\n"
	"sip: {udp: true, domains: [example.test]}\n"
	"zones:\n"
	"  - {name: to-edge, type: traversal-client, username: u, password: p, peers: "
	"[198.51.100.10],\n"
	"     sip: {port: 7001, transport: tcp}}\n"
	"subzones:\n"
	"  - {name: default, registration: allow, authentication: trusted}\n"
	"dial_plan:\n"
	"  search_rules:\n"
	"    - {priority: 50, name: local, source: any, mode: any-alias, progress: continue, "
	"target: local}\n"
	"    - {priority: 100, name: out, source: [local, default], mode: any-alias, progress: "
	"stop, target: to-edge}\n"
	"address_policy: {documentation: allow}\n"
	"limits: {calls: 32, connections: 64, transactions: 512, registrations: 16}\n";

static const char edge_yaml[] =
	"version: 1\n"
	"node: {role: edge, name: edge.example.test, addresses: {inside: 198.51.100.10, outside: "
	"198.51.100.10}}\n"
	"sip: {udp: true, registrar: true, domains: [home.test]}\n"
	"zones:\n"
	"  - {name: from-control, type: traversal-server, username: u, password: p, "
	"authentication: trusted,\n"
	"     sip: {port: 7001, transport: tcp}}\n"
	"  - {name: internet, type: dns}\n"
	"subzones:\n"
	"  - {name: default, registration: allow, authentication: trusted}\n"
	"dial_plan:\n"
	"  search_rules:\n"
	"    - {priority: 50, name: local, source: any, mode: any-alias, progress: continue, "
	"target: local}\n"
	"    - {priority: 90, name: ours, source: any, type: regex, pattern: '.+@example\\.test', "
	"progress: stop, target: from-control}\n"
	"    - {priority: 100, name: out, source: [from-control], authenticated: true, mode: "
	"any-alias, progress: stop, target: internet}\n"
	"address_policy: {documentation: allow}\n"
	"limits: {calls: 32, connections: 64, transactions: 512, registrations: 16}\n";

struct world world;

/* What only a mistake of the test itself can break. */
static void must(bool is_true)
{
	if (!is_true)
		abort();
}

void world_broken(const char *what)
{
	if (!world.broken)
		world.broken = what;
}

/* ---- invariants at every event ---- */

static bool is_in(uint16_t port, unsigned low, unsigned high)
{
	return port >= low && port <= high;
}

/* From where a node may speak, in numbers of its own: the plan is under test. */
static bool is_own_port(bool is_edge, const struct sim_packet *p)
{
	if (p->is_stream)
		return is_in(p->from.port, 25000, 29999);
	return p->from.port == 5060 || is_in(p->from.port, is_edge ? 36000 : 36002, 59999);
}

/* Whom it may speak to: the other node, and phones where they said they are or are seen. */
static bool is_known_peer(bool is_edge, const struct sim_packet *p)
{
	const struct addr control = addr_v4(192, 0, 2, 10, 0), edge = addr_v4(198, 51, 100, 10, 0),
			  nat = addr_v4(203, 0, 113, 30, 0);

	if (addr_same_host(&p->to, &nat))
		return is_edge && !p->is_stream;
	if (addr_same_host(&p->to, &edge))
		return !is_edge &&
		       (p->is_stream ? p->to.port == 7001 : is_in(p->to.port, 36000, 36001));
	if (addr_same_host(
		    &p->to, &control)) /* answers to its tokens alone; no dial, no SIP inwards */
		return is_edge && !p->is_stream && is_in(p->to.port, 36002, 59999);
	for (int i = 0; i < N_PHONES; i++) {
		const struct phone *phone = &world.phones[i];

		if (i == HOME1 || !addr_same_host(&p->to, &phone->addr))
			continue;
		return !p->is_stream && is_edge == (i == OUT1) &&
		       (p->to.port == 5060 || is_in(p->to.port, phone->calls[0].port,
						      phone->calls[PHONE_CALLS - 1].port + 1u));
	}
	return false;
}

/* ---- what media count ---- */

/* The one datagram that is no traffic and has no counter: it is counted here. */
bool __real_prover_answer(struct prover *p, struct str bytes);
bool __wrap_prover_answer(struct prover *p, struct str bytes);
bool __wrap_prover_answer(struct prover *p, struct str bytes)
{
	if (!__real_prover_answer(p, bytes))
		return false;
	if (p->io == world.control.media.io)
		world.control.media.n_answers++;
	return true;
}

static bool is_rtp(const struct sim_packet *p)
{
	return !p->is_stream && p->bytes.len > 12 && (uint8_t)p->bytes.p[0] >> 6 == 2;
}

static void on_packet(void *arg, const struct sim_packet *p)
{
	bool is_edge = p->host == world.edge.host;

	(void)arg;
	if (!is_edge && p->host != world.control.host)
		return;
	if (is_rtp(p))
		(is_edge ? &world.edge : &world.control)->media.n_rtp_sent++;
	if (!is_own_port(is_edge, p))
		world_broken("a packet from a port outside the plan");
	if (!is_known_peer(is_edge, p))
		world_broken("a packet to an address that nobody gave or proved");
}

static void check_node(struct node *n)
{
	if (n->fault)
		world_broken(n->fault);
	if (sim_host_dropped(n->host))
		world_broken("a packet outside the plan");
	if (sim_host_late(n->host) && !world.has_forgotten)
		world_broken("a packet into a pinhole that nobody kept open");
	if (!node_media_balance(n))
		world_broken("what media count is not what came and left");
}

/* Both call the link up, or both down, but for the time that it takes to learn of it. */
static void check_agreement(void)
{
	uint64_t now = sim_now(world.sim);
	bool is_settled = node_is_up(&world.control) && node_is_up(&world.edge);

	if (!is_settled || node_has_link(&world.control, "to-edge") ==
				   node_has_link(&world.edge, "from-control"))
		world.disagree_ns = 0;
	else if (!world.disagree_ns)
		world.disagree_ns = now;
	else if (now - world.disagree_ns > (uint64_t)AGREE_MS * NS_PER_MS)
		world_broken("the nodes do not agree on their link");
}

static void check_links(void)
{
	if (!node_link_is_true(&world.control, "to-edge") ||
		!node_link_is_true(&world.edge, "from-control"))
		world_broken("a link is called up without a connection");
}

static void on_event(struct sim *sim, void *arg)
{
	(void)sim;
	(void)arg;
	check_node(&world.control);
	check_node(&world.edge);
	check_agreement();
	check_links();
	for (int i = 0; i < N_PHONES; i++) {
		for (int k = 0; k < PHONE_CALLS; k++) {
			if (world.phones[i].calls[k].n_foreign)
				world_broken("media of another call was heard");
		}
	}
}

/* ---- the nets ---- */

static void make_nets(plant_h *plant)
{
	struct addr control = addr_v4(192, 0, 2, 10, 0), edge = addr_v4(198, 51, 100, 10, 0),
		    nat = addr_v4(203, 0, 113, 30, 0);
	static const struct sim_nat home = {
		.mapping = NAT_HOST_AND_PORT, .filtering = NAT_HOST_AND_PORT, .timeout_ms = 120000};
	struct sim_named hosts[] = {{HOST_CONTROL, control}, {HOST_EDGE, edge}};
	struct sim *sim = world.sim;
	struct node *c = &world.control, *e = &world.edge;

	must(sim_zone(sim, ZONE_PRIVATE, "private", &world.private) == OK);
	must(sim_zone(sim, ZONE_DMZ, "dmz", &world.dmz) == OK);
	must(sim_zone(sim, ZONE_INTERNET, "internet", &world.internet) == OK);
	must(sim_zone(sim, ZONE_NONE, "home", &world.behind) == OK);
	must(sim_firewall(sim, world.private, world.dmz, &world.inner) == OK);
	must(sim_firewall(sim, world.dmz, world.internet, &world.outer) == OK);
	must(sim_nat(sim, world.behind, world.internet, &nat, &home, &world.nat) == OK);
	must(node_load(c, control_yaml) && node_load(e, edge_yaml));
	must(sim_host(sim, "control", &c->host) == OK && sim_host(sim, "edge", &e->host) == OK);
	must(sim_address(c->host, world.private, &control) == OK &&
		sim_address(e->host, world.dmz, &edge) == OK);
	world.plan[0] = c->plan;
	world.plan[1] = e->plan;
	must(sim_allow(world.inner, &world.plan[0], hosts, 2) == OK &&
		sim_allow(world.inner, &world.plan[1], hosts, 2) == OK);
	must(sim_allow(world.outer, &world.plan[1], hosts, 2) == OK);
	if (plant) {
		plant(c);
		plant(e);
	}
	must(node_start(c, sim, c->host) && node_start(e, sim, e->host));
}

static void make_phone(int i, const char *user, const char *domain, int zone, struct addr at,
	struct addr proxy, bool registers)
{
	struct phone *p = &world.phones[i];
	struct addr host = addr_with_port(&at, 0);

	*p = (struct phone){.user = user,
		.domain = domain,
		.addr = at,
		.proxy = proxy,
		.registers = registers,
		.uses_tcp = world.tcp_phones >> i & 1,
		.plan = &world.open_plan};
	must(sim_host(world.sim, user, &p->host) == OK && sim_address(p->host, zone, &host) == OK);
	must(phone_start(p));
}

/* In half of the seeds one of them or both, by connections of their own: one inside, one behind a NAT. */
static unsigned tcp_phones_of(uint64_t seed)
{
	switch (seed % 8) {
	case 0:
	case 4:
		return 1u << HOME1;
	case 1:
		return 1u << IN2;
	case 5:
		return 1u << HOME1 | 1u << IN2;
	default:
		return 0;
	}
}

static void make_phones(void)
{
	struct addr control = addr_v4(192, 0, 2, 10, 5060), edge = addr_v4(198, 51, 100, 10, 5060);

	/* what a phone may open is not the plan's business: Edge's rows serve it as well */
	world.open_plan = world.plan[1];
	make_phone(IN1, "in1", "example.test", world.private, addr_v4(192, 0, 2, 21, 5060), control,
		true);
	make_phone(IN2, "in2", "example.test", world.private, addr_v4(192, 0, 2, 22, 5060), control,
		true);
	make_phone(OUT1, "out1", "elsewhere.test", world.internet, addr_v4(203, 0, 113, 20, 5060),
		edge, false);
	make_phone(
		HOME1, "home1", "home.test", world.behind, addr_v4(10, 9, 0, 5, 5060), edge, true);
}

bool world_is_ready(void)
{
	return node_has_link(&world.control, "to-edge") &&
	       node_has_link(&world.edge, "from-control") && world.phones[HOME1].is_registered &&
	       world.phones[IN1].is_registered && world.phones[IN2].is_registered;
}

void world_new(uint64_t seed, plant_h *plant)
{
	/* large pools come as pages that nobody has touched, each time anew: a world costs what it uses */
	mallopt(M_MMAP_THRESHOLD, 1 << 18);
	memset(&world, 0, sizeof world);
	must(sim_new(seed, &world.sim) == OK);
	sim_print_logs(world.sim, getenv("FOSSE_LOG") != NULL);
	make_nets(plant);
	world.tcp_phones = tcp_phones_of(seed);
	make_phones();
	sim_watch(world.sim, on_event, NULL);
	sim_tap(world.sim, on_packet, NULL);
}

bool world_up(uint64_t seed, plant_h *plant)
{
	world_new(seed, plant);
	for (int i = 0; i < 100 && !world_is_ready(); i++)
		sim_run(world.sim, 100);
	world.held = sim_held(world.sim);
	return world_is_ready();
}

void world_down(void)
{
	sim_free(world.sim);
	node_free(&world.control);
	node_free(&world.edge);
}

/* ---- the script ---- */

static const struct {
	int from;
	const char *uri;
} paths[] = {
	{IN1, "sip:in2@example.test"},
	{IN2, "sip:out1@203.0.113.20"},
	{OUT1, "sip:in1@example.test"},
	{IN1, "sip:home1@home.test"},
	{HOME1, "sip:in2@example.test"},
	{OUT1, "sip:home1@home.test"},
};

_Static_assert(sizeof paths / sizeof paths[0] == N_PATHS, "paths");

struct phone_call *world_dial(size_t path, uint32_t hold_ms, bool does_cancel)
{
	world.n_dialled++;
	return phone_dial(&world.phones[paths[path].from], paths[path].uri, hold_ms, does_cancel);
}

void world_quality(bool is_bad)
{
	struct sim_quality q = {.delay_us = 2000,
		.jitter_us = is_bad ? 8000 : 1000,
		.loss_ppm = is_bad ? 20000 : 0,
		.duplicate_ppm = is_bad ? 5000 : 0,
		.reorder_ppm = is_bad ? 10000 : 0,
		.reorder_us = 20000};
	int zones[] = {world.private, world.dmz, world.internet, world.behind};

	for (int i = 0; i < 4; i++)
		sim_zone_quality(world.sim, zones[i], &q);
}

static void mend(void *arg)
{
	static const struct sim_quality whole = {0};

	sim_border_quality(arg, &whole);
}

static void cut_for_a_while(struct sim_border *b)
{
	static const struct sim_quality cut = {.is_cut = true};

	sim_border_quality(b, &cut);
	must(sim_at(world.sim, 200 + sim_random(world.sim, 12000), mend, b) == OK);
}

/* Now, or in the middle of the n-th call of io. */
static void kill_one(struct worker *w, uint64_t n)
{
	if (!n)
		node_kill(w);
	else if (w->io)
		sim_kill_at_call(w->io, n);
}

static void put_to_sleep(struct worker *w, uint32_t ms)
{
	if (!w->io)
		return;
	sim_freeze(w->io, ms);
	world.awake_ns = sim_now(world.sim) + (uint64_t)ms * NS_PER_MS;
}

void world_fault(void)
{
	struct node *n = sim_random(world.sim, 2) ? &world.control : &world.edge;
	struct worker *v = sim_random(world.sim, 2) ? &n->sig : &n->media;

	world.n_faults++;
	switch (sim_random(world.sim, 8)) {
	case 0:
	case 1:
		kill_one(v, 0);
		return;
	case 2:
		kill_one(v, 1 + sim_random(world.sim, 200));
		return;
	case 3:
		world.has_forgotten = true;
		sim_border_forget(sim_random(world.sim, 2) ? world.inner : world.outer);
		return;
	case 4:
		sim_wall_step(
			n->host, sim_random(world.sim, 2) ? 3600000000000ll : -3600000000000ll);
		return;
	case 6:
		node_kill_keeper(n, sim_random(world.sim, 2) ? 1 + sim_random(world.sim, 60) : 0);
		return;
	case 5:
		world.has_forgotten = true; /* pinholes that nobody could renew */
		cut_for_a_while(sim_random(world.sim, 2) ? world.inner : world.outer);
		return;
	default:
		put_to_sleep(v, 300 + sim_random(world.sim, 4500));
	}
}

void world_print_calls(void)
{
	for (int i = 0; i < N_PHONES; i++) {
		for (int k = 0; k < PHONE_CALLS; k++) {
			const struct phone_call *c = &world.phones[i].calls[k];

			if (c->state != PH_FREE && c->state != PH_OVER)
				printf("# %s: %s to %s, state %d, cancels %d, up at %llu ms\n",
					world.phones[i].user, c->call_id, c->remote_uri,
					(int)c->state, c->does_cancel,
					(unsigned long long)(c->up_ns / NS_PER_MS));
		}
	}
}

bool world_is_idle(void)
{
	for (int i = 0; i < N_PHONES; i++) {
		if (!phone_is_idle(&world.phones[i]))
			return false;
	}
	return true;
}

void world_run_to_quiet(void)
{
	for (int i = 0; i < QUIET_MAX_S && !world_is_idle(); i++)
		sim_run(world.sim, 1000);
	/* nobody is left who knows of the call: people end it where no session timer does so */
	for (int i = 0; i < N_PHONES && (world.control.has_lost || world.edge.has_lost); i++)
		phone_hang_up(&world.phones[i]);
	for (int i = 0; i < QUIET_MAX_S && !world_is_idle(); i++)
		sim_run(world.sim, 1000);
	if (!world_is_idle()) {
		world_print_calls();
		world_broken("a phone's call never ended");
	}
	sim_run(world.sim, LONGEST_MS);
}

/* ---- invariants in a pause and after quiet ---- */

static bool is_settled(const struct worker *w)
{
	uint64_t since = w->begun_ns > world.awake_ns ? w->begun_ns : world.awake_ns,
		 now = sim_now(world.sim);

	if (!w->node->keeper || sim_is_dead(w->node->keeper))
		return false;
	since = w->node->keeper_ns > since ? w->node->keeper_ns : since;
	return w->is_started && !sim_is_dead(w->io) && now > since + SETTLED_MS * NS_PER_MS;
}

static bool are_settled(void)
{
	return is_settled(&world.control.sig) && is_settled(&world.control.media) &&
	       is_settled(&world.edge.sig) && is_settled(&world.edge.media);
}

static uint64_t records_now(void)
{
	return node_records(&world.control.sig) + node_records(&world.control.media) +
	       node_records(&world.edge.sig) + node_records(&world.edge.media);
}

static uint64_t wanted_now(void)
{
	return mirror_hash(&world.control.media.wanted) + mirror_hash(&world.edge.media.wanted);
}

/* What a timer changes within the next millisecond is no work of a channel. */
static bool is_timer_due(const struct worker *w)
{
	const struct timer *t;

	for (uint32_t i = 0; w->io && (t = sim_timer(w->io, i)); i++) {
		if (t->deadline <= sim_now(world.sim) + NS_PER_MS)
			return true;
	}
	return false;
}

static bool is_calm_for_1_ms(void)
{
	const struct sim_counters *c = sim_counters(world.sim);
	uint64_t n_packets = c->n_arrived + c->n_segments;

	if (is_timer_due(&world.control.sig) || is_timer_due(&world.control.media) ||
		is_timer_due(&world.edge.sig) || is_timer_due(&world.edge.media))
		return false;
	sim_run(world.sim, 1);
	return c->n_arrived + c->n_segments == n_packets;
}

/* Channels take no time: what they brought within a millisecond in which no packet came is what putting
 * all again gives, and nothing else. */
static bool is_same_again(uint64_t (*now)(void), void (*again)(struct node *n), const char *fault)
{
	uint64_t was;

	if (!is_calm_for_1_ms()) /* what has arrived is worked up now */
		return false;
	was = now();
	again(&world.control);
	again(&world.edge);
	if (!is_calm_for_1_ms() || !are_settled()) /* one may have died just then */
		return false;
	if (now() != was)
		world_broken(fault);
	return true;
}

static bool check_mirrors(void)
{
	if (flows_count(world.control.media.flows) != world.control.media.wanted.n ||
		flows_count(world.edge.media.flows) != world.edge.media.wanted.n)
		world_broken("media's flows are not what it was told");
	return is_same_again(records_now, node_new_keeper_channels,
		       "the keeper's records are not what putting all again gives") &&
	       is_same_again(wanted_now, node_new_worker_channel,
		       "media's mirror does not equal signalling's rows");
}

void world_check_mirrors(void)
{
	for (int i = 0; i < 20; i++) {
		if (!are_settled())
			return;
		if (check_mirrors()) {
			world.n_pauses++;
			return;
		}
		sim_run(world.sim, 3);
	}
}

static bool is_of_a_call(uint64_t key)
{
	static const enum handle_kind kinds[] = {
		HK_CALL, HK_STREAM, HK_LEG, HK_DIALOG, HK_FLOW, HK_PORT};

	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		if (handle_kind(key) == kinds[i])
			return true;
	}
	return false;
}

static void check_records(const struct worker *w)
{
	for (struct kept_rec *r = NULL; w->kept && (r = kept_next(w->kept, r));) {
		if (is_of_a_call(r->key))
			world_broken(w->self == P_SIG
					     ? "signalling's records do not equal its calls"
					     : "media's records do not equal its flows");
	}
}

/* After quiet nothing may be left: no call, no flow, no port, no record of them. */
static void check_quiet(struct node *n)
{
	if (!node_is_up(n) || !n->keeper) {
		world_broken("a process is not back");
		return;
	}
	if (call_count(n->sig.core))
		world_broken("a call is stuck");
	if (call_ports_taken(n->sig.core))
		world_broken("a port leaked");
	if (flows_count(n->media.flows) || n->media.wanted.n)
		world_broken("a flow leaked");
	check_records(&n->sig);
	check_records(&n->media);
}

void world_check_quiet(void)
{
	check_quiet(&world.control);
	check_quiet(&world.edge);
	if (!world_is_ready())
		world_broken("the link or a registration did not come back");
	/* a connection that a phone gave up is one to a node until TCP does so too */
	for (int i = 0; i < TCP_MAX_S && sim_held(world.sim).n_fds != world.held.n_fds; i++)
		sim_run(world.sim, 1000);
	if (sim_held(world.sim).n_fds > world.held.n_fds)
		world_broken("an fd leaked");
	if (sim_held(world.sim).n_fds < world.held.n_fds)
		world_broken("an fd that should be kept is gone");
}

/* What a phone's work needs, and nothing else does. */
static bool is_of_work(enum handle_kind kind)
{
	static const enum handle_kind kinds[] = {
		HK_CALL, HK_LEG, HK_STREAM, HK_FLOW, HK_DIALOG, HK_ATTEMPT, HK_BINDING, HK_DNS};

	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		if (kinds[i] == kind)
			return true;
	}
	return false;
}

/* What did not return to zero; NULL: all did. The link alone is at work: its conn has its ping for a timer,
 * each other conn its own; its requests of the last half minute are remembered, one timer each. */
static const char *what_stays(const struct worker *w)
{
	struct holdings h = holdings_of(w);
	uint32_t n_links = w->self == P_SIG, n_phones = 2 * n_links; /* that a node knows */

	for (enum handle_kind k = HK_NONE; k < HK_MAX; k++) {
		if (is_of_work(k) && h.n[k])
			return "a call, dialog, request, name or registration stays after quiet";
	}
	if (h.n[HK_LINK] != n_links || h.n[HK_CONN] > n_links + n_phones)
		return "a connection stays after quiet";
	if (h.n[HK_TX] > LINK_TXS * n_links || h.n_blocks > h.n[HK_TX])
		return "a transaction or its message stays after quiet";
	if (h.n_timers > (w->self == P_MEDIA ? 1 : h.n[HK_TX] + h.n[HK_CONN]))
		return "a timer stays after quiet";
	return NULL;
}

/* A request of the link may be on its way just now. */
static void check_silence(const struct worker *w)
{
	const char *what = what_stays(w);

	for (int i = 0; i < 20 && what; i++) {
		sim_run(world.sim, 10);
		what = what_stays(w);
	}
	if (what)
		world_broken(what);
}

void world_check_silence(void)
{
	for (int i = 0; i < N_PHONES; i++)
		phone_leave(&world.phones[i]);
	sim_run(world.sim, SILENCE_MS);
	check_silence(&world.control.sig);
	check_silence(&world.control.media);
	check_silence(&world.edge.sig);
	check_silence(&world.edge.media);
}

void world_run_seed(void)
{
	struct sim *sim = world.sim;

	world_quality(sim_random(sim, 2));
	for (int i = 0; i < CALLS; i++) {
		world_dial(sim_random(sim, N_PATHS), 500 + sim_random(sim, 4000),
			sim_random(sim, 8) == 0);
		sim_run(sim, sim_random(sim, 1500));
		if (i % 6 == 3)
			world_fault();
		if (i % 6 == 2)
			world_check_mirrors();
	}
	world_quality(false);
	world_run_to_quiet();
	world_check_quiet();
	world_check_silence();
}
