/* Control and Edge in the simulator: the link of a traversal zone, calls both ways, and who is not believed. */
#include "csworld.h"
#include "h323/trav.h"

#define EDGE_AT addr_v4(198, 51, 100, 10, 0)

static struct tnode {
	struct sim_host *host;
	struct io *io;
	struct ipc *ipc;
	struct keep *keep;
	struct alarms *alarms;
	struct conf *conf;
	struct plan plan;
	struct zones *zones;
	struct call_core *core;
	struct h323 *h;
	char yaml[2048];
} edge;
static char control_yaml[2048];
static struct str edge_record; /* of a predecessor */
static enum plan_row ras_row = PLAN_ASSENT_RAS;

static void edge_started(struct io *io, void *arg)
{
	static const struct ipc_ops ops = {.put = NULL};
	struct conf_input input = {.text = str_of(edge.yaml), .file = "edge"};
	struct addr at = EDGE_AT;

	(void)arg;
	edge.io = io;
	edge.conf = calloc(1, sizeof *edge.conf);
	CHECK(edge.conf && conf_load(&input, edge.conf, conf_said, NULL) == OK);
	conf_to_plan(edge.conf, false, &edge.plan);
	io_set_plan(io, &edge.plan);
	CHECK(ipc_new(io, P_SIG, &ops, NULL, &edge.ipc) == OK);
	CHECK(keep_new(io, &edge.keep) == OK);
	CHECK(alarms_new(io, edge.ipc, &edge.alarms) == OK);
	CHECK(zones_new(io, edge.ipc, edge.alarms, edge.conf, &edge.zones) == OK);
	CHECK(call_core_new(&(struct call_deps){io, edge.ipc, edge.keep, edge.conf, edge.zones,
				    edge.alarms},
		      &edge.core) == OK);
	CHECK(h323_new(&(struct h323_deps){io, edge.ipc, edge.keep, edge.alarms, edge.conf,
			       edge.zones, edge.core},
		      &edge.h) == OK);
	if (edge_record.len)
		keep_add_replayed(edge.keep, zone_named(edge.zones, STR("from-control"))->handle,
			edge_record, NO_FD);
	h323_adopt(edge.h);
	keep_done(edge.keep);
	at.port = 6001;
	CHECK(h323_socket(edge.h, ras_row, &at, NO_FD) == OK);
	at.port = 2776;
	CHECK(ras_row != PLAN_ASSENT_RAS ||
		h323_socket(edge.h, PLAN_ASSENT_CALL, &at, NO_FD) == OK);
	at.port = 1720;
	CHECK(h323_socket(edge.h,
		      ras_row == PLAN_ASSENT_RAS ? PLAN_H323_PUBLIC_CALL_IN : PLAN_H46018_CALL, &at,
		      NO_FD) == OK);
}

static void edge_freed(struct io *io, void *arg)
{
	(void)io;
	(void)arg;
	h323_free(edge.h);
	call_core_free(edge.core);
	zones_free(edge.zones);
	alarms_free(edge.alarms);
	keep_free(edge.keep);
	ipc_free(edge.ipc);
	free(edge.conf);
}

static const struct sim_program edge_node = {
	.name = "sig", .start = edge_started, .freed = edge_freed};

static const char control_head[] =
	"version: 1\n"
	"node: {role: control, name: c.example.com, addresses: {inside: 192.0.2.10}}\n"
	"h323: {enabled: true}\n"
	"zones:\n"
	"  - {name: to-edge, type: traversal-client, peers: [198.51.100.10], username: link, "
	"sip: {transport: tcp}, h323: {protocol: ";
static const char control_tail[] =
	"}\n"
	"  - {name: internet, type: dns}\n"
	"dial_plan:\n"
	"  unknown_ip: direct\n"
	"  search_rules:\n"
	"    - {priority: 50, name: in, source: [to-edge], mode: any-alias, target: internet}\n"
	"    - {priority: 60, name: out, source: any, mode: any-alias, target: to-edge}\n"
	"address_policy: {documentation: allow}\n"
	"limits: {calls: 16, registrations: 16, connections: 64}\n";
static const char edge_head[] =
	"version: 1\n"
	"node: {role: edge, name: e.example.com, addresses: {inside: 198.51.100.10}}\n"
	"h323: {enabled: true}\n"
	"zones:\n"
	"  - {name: from-control, type: traversal-server, username: link, password: secret, "
	"authentication: trusted, sip: {transport: tcp}, h323: {protocol: ";
static const char edge_tail[] =
	"}}\n"
	"  - {name: internet, type: dns}\n"
	"dial_plan:\n"
	"  unknown_ip: direct\n"
	"  search_rules:\n"
	"    - {priority: 50, name: out, source: [from-control], mode: any-alias, target: "
	"internet}\n"
	"    - {priority: 60, name: in, source: any, mode: any-alias, target: from-control}\n"
	"address_policy: {documentation: allow}\n"
	"limits: {calls: 16, registrations: 16, connections: 64}\n";

static void nodes_of(const char *protocol, const char *edge_protocol, const char *password)
{
	struct addr at = NODE_AT, edge_at = EDGE_AT;
	struct wr wr = wr_of(control_yaml, sizeof control_yaml - 1);

	sim_free(w.sim);
	memset(&w, 0, sizeof w);
	memset(&edge, 0, sizeof edge);
	wr_printf(&wr, "%s%s}, password: %s%s", control_head, protocol, password, control_tail);
	control_yaml[wr_len(&wr)] = '\0';
	wr = wr_of((uint8_t *)edge.yaml, sizeof edge.yaml - 1);
	wr_printf(&wr, "%s%s%s", edge_head, edge_protocol, edge_tail);
	edge.yaml[wr_len(&wr)] = '\0';
	w.yaml = control_yaml;
	ras_row = edge_protocol[0] == 'a' ? PLAN_ASSENT_RAS : PLAN_H46018_RAS;
	CHECK(sim_new(7, &w.sim) == OK);
	CHECK(sim_zone(w.sim, ZONE_PRIVATE, "private", &w.inside) == OK);
	sim_print_logs(w.sim, getenv("FOSSE_TEST_LOGS") != NULL);
	CHECK(sim_host(w.sim, "control", &w.host) == OK);
	CHECK(sim_address(w.host, w.inside, &at) == OK);
	CHECK(sim_host(w.sim, "edge", &edge.host) == OK);
	CHECK(sim_address(edge.host, w.inside, &edge_at) == OK);
	CHECK(sim_start(edge.host, &edge_node, NULL, &edge.io) == OK);
	CHECK(sim_start(w.host, &cs_node, NULL, &w.io) == OK);
	run_ms(1000);
}

static void nodes_up(const char *password)
{
	nodes_of("assent", "assent", password);
}

static struct show_zone *control_shows(void)
{
	return &zone_named(w.zones, STR("to-edge"))->show;
}

static struct show_zone *edge_shows(void)
{
	return &zone_named(edge.zones, STR("from-control"))->show;
}

static void dial_at(struct cep *e, struct addr at)
{
	struct addr_ok to = allowed(at);
	struct local from = {.row = PLAN_H323_INSIDE_CALL_OUT, .addr = e->at, .fd = NO_FD};

	from.addr.port = 0;
	CHECK(stream_dial(e->io, &from, &to, &cs_ops, e, &e->cs) == OK);
	run_ms(20);
}

static void setup_to(struct cep *e, struct addr at, const char *to)
{
	dial_at(e, at);
	begin_setup(e, to);
	ep_say(e, Q931_SETUP, 0);
}

static struct addr at_edge(uint16_t port)
{
	struct addr at = EDGE_AT;

	return addr_with_port(&at, port);
}

/* ---- the link ---- */

static void both_nodes_know_that_the_link_is_up(void)
{
	nodes_up("secret");
	CHECK(control_shows()->is_h323_up && edge_shows()->is_h323_up);
	CHECK(edge_shows()->h323_peer.port == 1719 && control_shows()->h323_peer.port == 6001);
	run_ms(60000);
	CHECK(control_shows()->is_h323_up && edge_shows()->is_h323_up);
	CHECK(edge.h->trav->counters.n_refused == 0 && w.h->trav->counters.n_refused == 0);
	world_down();
}

static void another_secret_is_no_link(void)
{
	nodes_up("other");
	run_ms(5000);
	CHECK(!control_shows()->is_h323_up && !edge_shows()->is_h323_up);
	CHECK(edge.h->trav->counters.n_refused > 0);
	CHECK(strcmp(edge_shows()->h323_why, "the secrets of the nodes differ") == 0);
	CHECK(strstr(control_shows()->h323_why, "Edge refuses") != NULL);
	world_down();
}

static void a_node_that_is_gone_is_missed(void)
{
	nodes_up("secret");
	sim_kill(w.io);
	run_ms(60000);
	CHECK(!edge_shows()->is_h323_up);
	CHECK(sim_start(w.host, &cs_node, NULL, &w.io) == OK);
	run_ms(1000);
	CHECK(edge_shows()->is_h323_up && control_shows()->is_h323_up);
	sim_kill(edge.io);
	run_ms(60000);
	CHECK(!control_shows()->is_h323_up);
	world_down();
}

static void a_successor_knows_where_control_is(void)
{
	uint8_t body[64];
	struct wr wr = wr_of(body, sizeof body);
	struct addr peer = addr_v4(192, 0, 2, 10, 1719);

	wr_u8(&wr, 1);
	wr_t_addr(&wr, 1, &peer);
	wr_t_u32(&wr, 2, 77);
	edge_record = wr_done(&wr);
	nodes_of("assent", "assent", "other");
	CHECK(edge_shows()->is_h323_up && addr_eq(&edge_shows()->h323_peer, &peer));
	run_ms(60000); /* nobody proves that it is still there */
	CHECK(!edge_shows()->is_h323_up);
	edge_record.len = 3;
	nodes_of("assent", "assent", "other");
	CHECK(!edge_shows()->is_h323_up);
	edge_record = STR_NONE;
	world_down();
}

/* ---- calls ---- */

static void a_call_from_inside(void)
{
	struct cep *a, *b;

	nodes_up("secret");
	a = ep_new("anna", 30);
	b = ep_new("bob", 31);
	setup_to(a, addr_v4(192, 0, 2, 10, 1720), "bob@192.0.2.31");
	CHECK(ep_got(b, Q931_SETUP)->kind == H225_H323_UU_PDU_h323_message_body_setup);
	CHECK(!profile_is_in(&b->m.t, per_field(&b->m.t, b->m.uu, H225_H323_UU_PDU_genericData)));
	ep_connect(b);
	ep_got(a, Q931_CONNECT);
	CHECK(call_count(edge.core) == 1 && call_count(w.core) == 1);
	ep_release(a, 16);
	ep_got(b, Q931_RELEASE_COMPLETE);
	run_ms(100);
	CHECK(call_count(edge.core) == 0 && call_count(w.core) == 0);
	CHECK(edge.h->legs->pool.n_taken == 0 && w.h->legs->pool.n_taken == 0);
	world_down();
}

static void a_call_from_outside_by_a_connection_of_controls(void)
{
	struct cep *a, *b;

	nodes_up("secret");
	a = ep_new("anna", 30);
	b = ep_new("bob", 31);
	setup_to(a, at_edge(1720), "bob@192.0.2.31");
	CHECK(ep_got(b, Q931_SETUP)->kind == H225_H323_UU_PDU_h323_message_body_setup);
	CHECK(edge.h->trav->counters.n_paired == 1 && w.h->trav->counters.n_asked == 1);
	ep_connect(b);
	ep_got(a, Q931_CONNECT);
	ep_release(b, 16);
	ep_got(a, Q931_RELEASE_COMPLETE);
	run_ms(100);
	CHECK(call_count(edge.core) == 0 && call_count(w.core) == 0);
	world_down();
}

static void a_call_to_a_node_that_is_gone_is_refused(void)
{
	struct cep *a;

	nodes_up("secret");
	a = ep_new("anna", 30);
	sim_kill(w.io);
	setup_to(a, at_edge(1720), "bob@192.0.2.31");
	run_ms(9000); /* Control does not come */
	CHECK(call_count(edge.core) == 1);
	run_ms(2000);
	CHECK(call_count(edge.core) == 0);
	world_down();
}

static void a_call_from_inside_by_h46018(void)
{
	struct cep *a, *b;

	nodes_of("h46018", "h46018", "secret");
	a = ep_new("anna", 30);
	b = ep_new("bob", 31);
	setup_to(a, addr_v4(192, 0, 2, 10, 1720), "bob@192.0.2.31");
	CHECK(ep_got(b, Q931_SETUP)->kind == H225_H323_UU_PDU_h323_message_body_setup);
	CHECK(!profile_is_in(&b->m.t, per_field(&b->m.t, b->m.uu, H225_H323_UU_PDU_genericData)));
	ep_connect(b);
	ep_got(a, Q931_CONNECT);
	CHECK(call_count(edge.core) == 1 && call_count(w.core) == 1);
	ep_release(a, 16);
	ep_got(b, Q931_RELEASE_COMPLETE);
	run_ms(100);
	CHECK(call_count(edge.core) == 0 && call_count(w.core) == 0);
	CHECK(edge.h->legs->pool.n_taken == 0 && w.h->legs->pool.n_taken == 0);
	world_down();
}

static void a_call_from_outside_by_h46018(void)
{
	struct cep *a, *b;

	nodes_of("h46018", "h46018", "secret");
	a = ep_new("anna", 30);
	b = ep_new("bob", 31);
	setup_to(a, at_edge(1720), "bob@192.0.2.31");
	CHECK(ep_got(b, Q931_SETUP)->kind == H225_H323_UU_PDU_h323_message_body_setup);
	CHECK(edge.h->trav->counters.n_paired == 1 && w.h->trav->counters.n_asked == 1);
	ep_connect(b);
	ep_got(a, Q931_CONNECT);
	ep_release(b, 16);
	ep_got(a, Q931_RELEASE_COMPLETE);
	run_ms(100);
	CHECK(call_count(edge.core) == 0 && call_count(w.core) == 0);
	world_down();
}

static void nodes_of_two_protocols_say_so(void)
{
	nodes_of("assent", "h46018", "secret");
	run_ms(5000);
	CHECK(!control_shows()->is_h323_up && !edge_shows()->is_h323_up);
	CHECK(strstr(edge_shows()->h323_why, "protocol differs") != NULL);
	nodes_of("h46018", "assent", "secret");
	run_ms(5000);
	CHECK(!control_shows()->is_h323_up && !edge_shows()->is_h323_up);
	CHECK(strstr(edge_shows()->h323_why, "protocol differs") != NULL);
	world_down();
}

/* ---- who is not believed ---- */

static void a_setup_without_proof_is_closed(void)
{
	struct cep *a;

	nodes_up("secret");
	a = ep_new("anna", 30);
	setup_to(a, at_edge(2776), "bob@192.0.2.31");
	run_ms(100);
	CHECK(a->is_cs_lost && edge.h->trav->counters.n_unproved == 1);
	CHECK(call_count(edge.core) == 0);
	world_down();
}

static void a_facility_without_proof_gets_no_call(void)
{
	struct cep *a, *b;

	nodes_up("secret");
	a = ep_new("anna", 30);
	b = ep_new("bob", 31);
	sim_kill(w.io); /* so that the call waits */
	setup_to(a, at_edge(1720), "bob@192.0.2.31");
	memcpy(b->guid, a->guid, sizeof b->guid);
	dial_at(b, at_edge(2776));
	b->crv = 0;
	b->is_caller = true;
	ep_begin(b, H225_H323_UU_PDU_h323_message_body_facility);
	(void)per_put(&out.t, per_put(&out.t, out.body, H225_Facility_UUIE_reason),
		H225_FacilityReason_undefinedReason);
	ep_say(b, Q931_FACILITY, 0);
	run_ms(100);
	CHECK(b->is_cs_lost && edge.h->trav->counters.n_unproved == 1);
	CHECK(edge.h->trav->counters.n_paired == 0 && call_count(edge.core) == 1);
	world_down();
}

static void silence_on_the_zones_port_is_closed(void)
{
	struct cep *a;

	nodes_up("secret");
	a = ep_new("anna", 30);
	dial_at(a, at_edge(2776));
	run_ms(6000);
	CHECK(a->is_cs_lost);
	world_down();
}

TEST_MAIN(T(both_nodes_know_that_the_link_is_up), T(another_secret_is_no_link),
	T(a_node_that_is_gone_is_missed), T(a_successor_knows_where_control_is),
	T(a_call_from_inside), T(a_call_from_outside_by_a_connection_of_controls),
	T(a_call_from_inside_by_h46018), T(a_call_from_outside_by_h46018),
	T(nodes_of_two_protocols_say_so), T(a_call_to_a_node_that_is_gone_is_refused),
	T(a_setup_without_proof_is_closed), T(a_facility_without_proof_gets_no_call),
	T(silence_on_the_zones_port_is_closed))
