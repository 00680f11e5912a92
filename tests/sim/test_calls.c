/* test_calls.c - whole nodes in a bad world: many seeds, each with calls and faults.
 *
 *	in1, in2 -- [private] -- firewall B -- [dmz] edge -- firewall A -- [internet] -- out1
 *	  control --/                                                     home1 -- NAT --/
 *
 * Each seed makes at least 20 calls in all directions over nets that lose, delay and reorder, and at least
 * three faults: a worker killed (some in the middle of a call of io), a firewall that forgets, a cut
 * link, a wall clock that jumps. What must hold is checked at every event and after quiet. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "node.h"
#include "phone.h"
#include "test.h"

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

enum { IN1, IN2, OUT1, HOME1, N_PHONES };

static struct world {
	struct sim *sim;
	struct node control, edge;
	struct plan open_plan;
	struct sim_border *inner, *outer, *nat;
	int private, dmz, internet, behind;
	struct phone phones[N_PHONES];
	unsigned n_dialled, n_faults;
	bool is_lossy;
	bool has_forgotten; /* a firewall lost its state: what was answered then is dropped */
	const char *broken; /* the invariant that did not hold */
} w;

static void broken(const char *what)
{
	if (!w.broken)
		w.broken = what;
}

/* ---- the nets ---- */

static void make_nets(void)
{
	struct addr control = addr_v4(192, 0, 2, 10, 0), edge = addr_v4(198, 51, 100, 10, 0),
		    nat = addr_v4(203, 0, 113, 30, 0);
	static const struct sim_nat home = {
		.mapping = NAT_HOST_AND_PORT, .filtering = NAT_HOST_AND_PORT, .timeout_ms = 120000};
	struct sim_named hosts[] = {{HOST_CONTROL, control}, {HOST_EDGE, edge}};

	CHECK(sim_zone(w.sim, ZONE_PRIVATE, "private", &w.private) == OK);
	CHECK(sim_zone(w.sim, ZONE_DMZ, "dmz", &w.dmz) == OK);
	CHECK(sim_zone(w.sim, ZONE_INTERNET, "internet", &w.internet) == OK);
	CHECK(sim_zone(w.sim, ZONE_NONE, "home", &w.behind) == OK);
	CHECK(sim_firewall(w.sim, w.private, w.dmz, &w.inner) == OK);
	CHECK(sim_firewall(w.sim, w.dmz, w.internet, &w.outer) == OK);
	CHECK(sim_nat(w.sim, w.behind, w.internet, &nat, &home, &w.nat) == OK);
	CHECK(sim_host(w.sim, "control", &w.control.host) == OK &&
		sim_host(w.sim, "edge", &w.edge.host) == OK);
	CHECK(sim_address(w.control.host, w.private, &control) == OK &&
		sim_address(w.edge.host, w.dmz, &edge) == OK);
	CHECK(node_start(&w.control, w.sim, w.control.host, control_yaml));
	CHECK(node_start(&w.edge, w.sim, w.edge.host, edge_yaml));
	CHECK(sim_allow(w.inner, &w.control.plan, hosts, 2) == OK &&
		sim_allow(w.inner, &w.edge.plan, hosts, 2) == OK);
	CHECK(sim_allow(w.outer, &w.edge.plan, hosts, 2) == OK);
}

static void make_phone(int i, const char *user, const char *domain, int zone, struct addr at,
	struct addr proxy, bool registers)
{
	struct phone *p = &w.phones[i];
	struct addr host = addr_with_port(&at, 0);

	*p = (struct phone){.user = user,
		.domain = domain,
		.addr = at,
		.proxy = proxy,
		.registers = registers,
		.plan = &w.open_plan};
	CHECK(sim_host(w.sim, user, &p->host) == OK && sim_address(p->host, zone, &host) == OK);
	CHECK(phone_start(p));
}

static void make_phones(void)
{
	struct addr control = addr_v4(192, 0, 2, 10, 5060), edge = addr_v4(198, 51, 100, 10, 5060);

	/* what a phone may open is not the plan's business: Edge's rows serve it as well */
	w.open_plan = w.edge.plan;
	make_phone(
		IN1, "in1", "example.test", w.private, addr_v4(192, 0, 2, 21, 5060), control, true);
	make_phone(
		IN2, "in2", "example.test", w.private, addr_v4(192, 0, 2, 22, 5060), control, true);
	make_phone(OUT1, "out1", "elsewhere.test", w.internet, addr_v4(203, 0, 113, 20, 5060), edge,
		false);
	make_phone(HOME1, "home1", "home.test", w.behind, addr_v4(10, 9, 0, 5, 5060), edge, true);
}

/* ---- invariants ---- */

static void check_node(struct node *n)
{
	if (n->fault)
		broken(n->fault);
	if (sim_host_dropped(n->host))
		broken("a packet outside the plan");
	if (sim_host_late(n->host) && !w.has_forgotten)
		broken("a packet into a pinhole that nobody kept open");
}

static void on_event(struct sim *sim, void *arg)
{
	(void)sim;
	(void)arg;
	check_node(&w.control);
	check_node(&w.edge);
	for (int i = 0; i < N_PHONES; i++) {
		for (int k = 0; k < PHONE_CALLS; k++) {
			if (w.phones[i].calls[k].n_foreign)
				broken("media of another call was heard");
		}
	}
}

/* After quiet nothing may be left: no call, no flow, no port, no record of them. */
static void check_quiet(struct node *n)
{
	if (!node_is_up(n)) {
		broken("a process is not back");
		return;
	}
	if (call_count(n->sig.core))
		broken("a call is stuck");
	if (call_ports_taken(n->sig.core))
		broken("a port leaked");
	if (flows_count(n->media.flows))
		broken("a flow leaked");
	for (struct kept_rec *r = NULL; (r = kept_next(n->media.kept, r));) {
		if (handle_kind(r->key) == HK_FLOW || handle_kind(r->key) == HK_PORT)
			broken("media's records do not equal its flows");
	}
	for (struct kept_rec *r = NULL; (r = kept_next(n->sig.kept, r));) {
		if (handle_kind(r->key) == HK_CALL || handle_kind(r->key) == HK_STREAM ||
			handle_kind(r->key) == HK_LEG)
			broken("signalling's records do not equal its calls");
	}
}

/* ---- the script ---- */

static bool world_up(uint64_t seed)
{
	memset(&w, 0, sizeof w);
	if (sim_new(seed, &w.sim) != OK)
		return false;
	sim_print_logs(w.sim, getenv("FOSSE_LOG") != NULL);
	make_nets();
	make_phones();
	sim_watch(w.sim, on_event, NULL);
	for (int i = 0;
		i < 100 && !(node_has_link(&w.control, "to-edge") && w.phones[IN1].is_registered &&
				   w.phones[IN2].is_registered && w.phones[HOME1].is_registered);
		i++)
		sim_run(w.sim, 100);
	return node_has_link(&w.control, "to-edge") && node_has_link(&w.edge, "from-control") &&
	       w.phones[HOME1].is_registered && w.phones[IN1].is_registered &&
	       w.phones[IN2].is_registered;
}

static void world_down(void)
{
	sim_free(w.sim);
	node_free(&w.control);
	node_free(&w.edge);
}

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
#define N_PATHS (sizeof paths / sizeof paths[0])

static struct phone_call *dial(size_t path, uint32_t hold_ms, bool does_cancel)
{
	w.n_dialled++;
	return phone_dial(&w.phones[paths[path].from], paths[path].uri, hold_ms, does_cancel);
}

static void set_quality(bool is_bad)
{
	struct sim_quality q = {.delay_us = 2000,
		.jitter_us = is_bad ? 8000 : 1000,
		.loss_ppm = is_bad ? 20000 : 0,
		.duplicate_ppm = is_bad ? 5000 : 0,
		.reorder_ppm = is_bad ? 10000 : 0,
		.reorder_us = 20000};
	int zones[] = {w.private, w.dmz, w.internet, w.behind};

	for (int i = 0; i < 4; i++)
		sim_zone_quality(w.sim, zones[i], &q);
	w.is_lossy = is_bad;
}

static void make_fault(void)
{
	struct worker *victims[] = {&w.control.sig, &w.control.media, &w.edge.sig, &w.edge.media};
	struct worker *v = victims[sim_random(w.sim, 4)];

	w.n_faults++;
	switch (sim_random(w.sim, 6)) {
	case 0:
	case 1:
		node_kill(v);
		return;
	case 2:
		if (v->io)
			sim_kill_at_call(v->io, 1 + sim_random(w.sim, 200));
		return;
	case 3:
		w.has_forgotten = true;
		sim_border_forget(sim_random(w.sim, 2) ? w.inner : w.outer);
		return;
	case 4:
		sim_wall_step(sim_random(w.sim, 2) ? w.control.host : w.edge.host, 3600000000000ll);
		return;
	default:
		if (v->io)
			sim_freeze(v->io, 300 + sim_random(w.sim, 700));
	}
}

static void print_calls(void)
{
	for (int i = 0; i < N_PHONES; i++) {
		for (int k = 0; k < PHONE_CALLS; k++) {
			const struct phone_call *c = &w.phones[i].calls[k];

			if (c->state != PH_FREE && c->state != PH_OVER)
				printf("# %s: %s to %s, state %d, cancels %d, up at %llu ms\n",
					w.phones[i].user, c->call_id, c->remote_uri, (int)c->state,
					c->does_cancel, (unsigned long long)(c->up_ns / 1000000));
		}
	}
}

static bool are_idle(void)
{
	for (int i = 0; i < N_PHONES; i++) {
		if (!phone_is_idle(&w.phones[i]))
			return false;
	}
	return true;
}

/* Until every phone is done, then the longest timers. */
static void run_to_quiet(void)
{
	for (int i = 0; i < 120 && !are_idle(); i++)
		sim_run(w.sim, 1000);
	if (!are_idle()) {
		print_calls();
		broken("a phone's call never ended");
	}
	sim_run(w.sim, 70000);
}

static void run_seed(void)
{
	set_quality(sim_random(w.sim, 2));
	for (int i = 0; i < 20; i++) {
		dial(sim_random(w.sim, N_PATHS), 500 + sim_random(w.sim, 4000),
			sim_random(w.sim, 8) == 0);
		sim_run(w.sim, sim_random(w.sim, 1500));
		if (i % 6 == 3)
			make_fault();
	}
	set_quality(false);
	run_to_quiet();
	check_quiet(&w.control);
	check_quiet(&w.edge);
}

/* ---- cases ---- */

static void calls_go_through_in_every_direction(void)
{
	CHECK(world_up(1));
	for (size_t i = 0; i < N_PATHS; i++) {
		struct phone_call *c = dial(i, 3000, false);

		sim_run(w.sim, 2000);
		if (!c || !c->is_established || c->n_heard < 10)
			printf("# %s from %d: code %u, state %d, heard %u\n", paths[i].uri,
				paths[i].from, c ? c->code : 0, c ? (int)c->state : -1,
				c ? c->n_heard : 0);
		CHECK(c && c->is_established && c->n_heard >= 10);
		sim_run(w.sim, 4000);
		CHECK(c->state == PH_OVER && !c->was_refused);
	}
	run_to_quiet();
	check_quiet(&w.control);
	check_quiet(&w.edge);
	if (w.broken)
		printf("# %s\n", w.broken);
	CHECK(!w.broken);
	world_down();
}

static void seeds_hold(void)
{
	const char *from = getenv("FOSSE_SEED"), *count = getenv("FOSSE_SEEDS");
	uint64_t first = from ? strtoull(from, NULL, 0) : 1, n = from    ? 1
	                                                         : count ? strtoull(count, NULL, 0)
	                                                                 : 200;
	unsigned n_calls = 0, n_faults = 0, n_bad = 0;

	for (uint64_t seed = first; seed < first + n; seed++) {
		if (!world_up(seed)) {
			printf("# seed %llu: the world did not come up\n",
				(unsigned long long)seed);
			CHECK(false);
		}
		run_seed();
		n_calls += w.n_dialled;
		n_faults += w.n_faults;
		for (int i = 0; i < N_PHONES; i++)
			n_bad += w.phones[i].n_bad;
		if (w.broken)
			printf("# seed %llu: %s (FOSSE_SEED=%llu runs it again)\n",
				(unsigned long long)seed, w.broken, (unsigned long long)seed);
		CHECK(!w.broken);
		CHECK(w.n_dialled >= 20 && w.n_faults >= 3);
		world_down();
	}
	printf("# %llu seeds, %u calls, %u faults, %u calls not ended as asked\n",
		(unsigned long long)n, n_calls, n_faults, n_bad);
}

TEST_MAIN(T(calls_go_through_in_every_direction), T(seeds_hold))
