/* Flows of one node and of two: who is relayed, where it goes, what survives. */
#include "world.h"

#include "../test.h"

#define STREAM 0xfeedfacecafebeefull

static struct node control, edge;
static struct node *both[] = {&control, &edge};
static const uint8_t zone_key[32] = {1, 2, 3};
static struct flow_want want[2]; /* as Control's and Edge's signalling wants it */
static int inside, far, far_rtcp, inside_rtcp;

static uint64_t stream_handle(uint32_t slot)
{
	return handle_make(HK_STREAM, slot, 5);
}

static uint64_t zone_handle(void)
{
	return handle_make(HK_ZONE, 3, 1);
}

static void run(uint64_t ms)
{
	run_nodes(both, 2, ms);
}

static struct flow_end direct(const char *local, uint16_t port, const char *remote, uint16_t rtp)
{
	struct flow_end e = {.kind = END_DIRECT, .has_rtcp = true, .local = at(local, port)};

	e.row = PLAN_PUBLIC_RTP_IN;
	e.remote_rtp = at(remote, rtp);
	e.remote_rtcp = at(remote, (uint16_t)(rtp + 1));
	e.signalling = at(remote, 5060);
	e.payload_types[0] = 1;
	return e;
}

static struct flow_end link_end(bool is_edge, uint64_t id, uint16_t port)
{
	struct flow_end e = {.kind = is_edge ? END_MUX_SERVER : END_MUX_CLIENT,
		.has_rtcp = true,
		.row = PLAN_LINK_RTP,
		.stream_id = id,
		.zone = zone_handle()};

	e.local = is_edge ? at(EDGE, 36000) : at(CONTROL, port);
	e.payload_types[0] = 1;
	if (!is_edge) {
		e.remote_rtp = at(EDGE, 36000);
		e.remote_rtcp = at(EDGE, 36001);
	}
	return e;
}

static void give_zones(struct node *n)
{
	struct zone_media z = {.name = "edge", .is_edge = n->is_edge, .keepalive_ms = 10000};

	memcpy(z.key, zone_key, sizeof z.key);
	flows_zone_put(n->flows, zone_handle(), &z);
}

/* Signalling is up and has said all it wants. */
static void tell(struct node *n)
{
	flows_edge_up(n->flows, true);
	give_zones(n);
	flows_zones_sync(n->flows);
	flows_put(n->flows, stream_handle(1), &want[n->is_edge]);
	flows_sync(n->flows);
}

static void world_start(void)
{
	node_free(&control);
	node_free(&edge);
	net_clear();
	node_init(&control, false);
	node_init(&edge, true);
	inside = phone("192.0.2.50", 4000);
	inside_rtcp = phone("192.0.2.50", 4001);
	far = phone("203.0.113.20", 4000);
	far_rtcp = phone("203.0.113.20", 4001);
	for (int i = 0; i < 2; i++)
		want[i] = (struct flow_want){
			.call = 77, .line = 0, .classes = CLASS_RTP, .lease_ms = 120000};
	want[0].end[0] = direct(CONTROL, 36010, "192.0.2.50", 4000);
	want[0].end[1] = link_end(false, STREAM, 36012);
	want[1].end[0] = link_end(true, STREAM, 0);
	want[1].end[1] = direct(EDGE, 36020, "203.0.113.20", 4000);
}

/* A phone's packets to our port: n of them. */
static void speak(int fd, const char *to, uint16_t port, uint16_t seq, int n)
{
	struct addr a = at(to, port);

	for (int i = 0; i < n; i++) {
		phone_send(fd, &a, rtp_bytes(0, (uint16_t)(seq + i), 7));
		run(20);
	}
}

static const struct flow_is *shown(const struct node *n)
{
	const struct shown *s = NULL;

	for (size_t i = 0; i < ROWS_MAX; i++) {
		if (n->ipc.rows[i].handle == stream_handle(1))
			s = &n->ipc.rows[i];
	}
	return s ? &s->is : NULL;
}

/* A call between two phones with public addresses, through one node. */
static void public_call(void)
{
	world_start();
	want[1].end[0] = direct(EDGE, 36030, "203.0.113.40", 4000);
	inside = phone("203.0.113.40", 4000);
	inside_rtcp = phone("203.0.113.40", 4001);
	tell(&edge);
}

static void both_ways(void)
{
	public_call();
	speak(far, EDGE, 36020, 1, 5);
	CHECK(phone_heard(inside) == 5 && phone_heard(far) == 0);
	run(300);
	CHECK(shown(&edge)->state == FLOW_ONE_WAY);
	speak(inside, EDGE, 36030, 1, 5);
	run(5000);
	CHECK(phone_heard(far) == 5 && phone_heard(inside) == 0);
	CHECK(shown(&edge)->state == FLOW_BOTH);
	CHECK(shown(&edge)->end[0].proof == PROOF_SIGNALLED && shown(&edge)->call == 77);
	CHECK(shown(&edge)->end[1].rx_packets == 5 && shown(&edge)->end[1].tx_packets == 5);
	CHECK(shown(&edge)->end[1].rx_bytes == 5 * 32 && shown(&edge)->end[1].lost == 0);
	CHECK(flows_counters(edge.flows)->relayed == 10);
}

static void rtcp_goes_to_its_own_port(void)
{
	struct addr a = at(EDGE, 36021);

	public_call();
	phone_send(far_rtcp, &a, rtcp_bytes());
	run(20);
	CHECK(phone_heard(inside_rtcp) == 1 && phone_heard(inside) == 0);
}

static void strangers_are_counted_and_never_relayed_or_answered(void)
{
	struct addr a = at(EDGE, 36020);
	int stranger;
	static char big[DATAGRAM_MAX + 1];

	public_call();
	stranger = phone("203.0.113.66", 4000);
	speak(stranger, EDGE, 36020, 1, 500);
	CHECK(phone_heard(inside) == 0 && phone_heard(stranger) == 0);
	run(5000);
	CHECK(shown(&edge)->end[1].unknown_packets == 500);
	CHECK(flows_counters(edge.flows)->unknown_source == 500);
	CHECK(flows_counters(edge.flows)->relayed == 0);
	phone_send(far, &a, (struct str){big, sizeof big});
	phone_send(far, &a, STR_NONE);
	run(20);
	CHECK(flows_counters(edge.flows)->bad_datagram == 2 && phone_heard(inside) == 0);
	speak(inside, EDGE, 36030, 1, 5);
	CHECK(phone_heard(stranger) == 0 && phone_heard(far) == 5);
}

static void a_phone_behind_a_nat_speaks_first(void)
{
	int nat;

	public_call();
	nat = phone("203.0.113.20", 61000);
	want[1].end[1].is_nat = true;
	flows_put(edge.flows, stream_handle(1), &want[1]);
	speak(inside, EDGE, 36030, 1, 10);
	CHECK(phone_heard(far) == 0 && phone_heard(nat) == 0); /* not even to what was signalled */
	CHECK(flows_counters(edge.flows)->no_destination == 10);
	speak(nat, EDGE, 36020, 1, 2);
	speak(inside, EDGE, 36030, 11, 1);
	CHECK(phone_heard(inside) == 0 && phone_heard(nat) == 0);
	speak(nat, EDGE, 36020, 3, 1);
	CHECK(phone_heard(inside) == 1); /* the packet that proved it is relayed */
	speak(inside, EDGE, 36030, 12, 5);
	CHECK(phone_heard(nat) == 5 && phone_heard(far) == 0);
	CHECK(shown(&edge)->end[1].proof == PROOF_SEQUENCE);
	CHECK(shown(&edge)->end[1].rtp.port == 61000);
}

static void a_re_invite_without_another_address_opens_nothing(void)
{
	int nat, other;

	public_call();
	nat = phone("203.0.113.20", 61000);
	other = phone("203.0.113.20", 61002);
	want[1].end[1].is_nat = true;
	flows_put(edge.flows, stream_handle(1), &want[1]);
	speak(nat, EDGE, 36020, 1, 3);
	want[1].end[1].is_on_hold = true;
	flows_put(edge.flows, stream_handle(1), &want[1]);
	speak(other, EDGE, 36020, 1, 10);
	CHECK(phone_heard(inside) == 1);
	speak(nat, EDGE, 36020, 4, 1);
	CHECK(phone_heard(inside) == 1);
}

static void a_changed_address_keeps_the_old_source_until_the_new_is_proved(void)
{
	int nat, other;

	public_call();
	nat = phone("203.0.113.20", 61000);
	other = phone("203.0.113.21", 7000);
	want[1].end[1].is_nat = true;
	flows_put(edge.flows, stream_handle(1), &want[1]);
	speak(nat, EDGE, 36020, 1, 3);
	want[1].end[1].signalling = at("203.0.113.21", 5060);
	want[1].end[1].remote_rtp = at("203.0.113.21", 7000);
	flows_put(edge.flows, stream_handle(1), &want[1]);
	CHECK(phone_heard(inside) == 1);
	speak(nat, EDGE, 36020, 4, 5);
	speak(inside, EDGE, 36030, 1, 5);
	CHECK(phone_heard(inside) == 5 && phone_heard(nat) == 5 && phone_heard(other) == 0);
	speak(other, EDGE, 36020, 100, 3);
	speak(inside, EDGE, 36030, 6, 5);
	CHECK(phone_heard(other) == 5 && phone_heard(nat) == 0);
	phone_heard(inside);
	speak(nat, EDGE, 36020, 9, 5);
	CHECK(phone_heard(inside) == 0);
}

static void a_changed_public_address_is_sent_to_at_once(void)
{
	int other;

	public_call();
	other = phone("203.0.113.20", 4100);
	speak(far, EDGE, 36020, 1, 3);
	want[1].end[1].remote_rtp = at("203.0.113.20", 4100);
	flows_put(edge.flows, stream_handle(1), &want[1]);
	speak(inside, EDGE, 36030, 1, 3);
	CHECK(phone_heard(other) == 3 && phone_heard(far) == 0);
	phone_heard(inside);
	speak(far, EDGE, 36020, 4, 3); /* still talking from the old one */
	CHECK(phone_heard(inside) == 3);
	speak(other, EDGE, 36020, 4, 3);
	speak(far, EDGE, 36020, 7, 3);
	CHECK(phone_heard(inside) == 3);
}

static void nothing_goes_where_the_policy_forbids(void)
{
	static const char *const never[] = {"127.0.0.1", "169.254.169.254", "224.0.0.1", EDGE};

	for (size_t i = 0; i < sizeof never / sizeof never[0]; i++) {
		public_call();
		want[1].end[1].remote_rtp = at(never[i], 4000);
		flows_put(edge.flows, stream_handle(1), &want[1]);
		net.n_sent = 0;
		speak(inside, EDGE, 36030, 1, 3);
		CHECK(net.n_sent == 3 && flows_counters(edge.flows)->no_destination == 3);
	}
}

static void media_may_be_held_for_long(void)
{
	public_call();
	speak(far, EDGE, 36020, 1, 3);
	want[1].end[1].remote_rtp = (struct addr){0}; /* c=0.0.0.0 */
	want[1].end[1].is_on_hold = true;
	flows_put(edge.flows, stream_handle(1), &want[1]);
	speak(inside, EDGE, 36030, 1, 3);
	CHECK(phone_heard(far) == 0);
	run(60000);
	CHECK(shown(&edge)->state == FLOW_BOTH && flows_count(edge.flows) == 1);
	want[1].end[1].remote_rtp = at("203.0.113.20", 4000);
	want[1].end[1].is_on_hold = false;
	flows_put(edge.flows, stream_handle(1), &want[1]);
	speak(inside, EDGE, 36030, 4, 3);
	CHECK(phone_heard(far) == 3);
	run(31000);
	CHECK(shown(&edge)->state == FLOW_IDLE);
	speak(inside, EDGE, 36030, 7, 3);
	run(300);
	CHECK(shown(&edge)->state == FLOW_BOTH);
}

static void rtcp_on_the_rtp_port(void)
{
	struct addr a = at(EDGE, 36020), b = at(EDGE, 36031);

	public_call();
	want[1].end[1].has_rtcp_mux = true;
	flows_put(edge.flows, stream_handle(1), &want[1]);
	speak(far, EDGE, 36020, 1, 1);
	phone_send(far, &a, rtcp_bytes());
	run(20);
	CHECK(phone_heard(inside) == 1 && phone_heard(inside_rtcp) == 1); /* split for the other */
	phone_send(inside_rtcp, &b, rtcp_bytes());
	run(20);
	CHECK(phone_heard(far) == 1 && phone_heard(far_rtcp) == 0);
}

static void datagrams_that_are_no_rtp(void)
{
	struct addr a = at(EDGE, 36020);

	public_call();
	want[1].classes = CLASS_STUN | CLASS_ZRTP | CLASS_DTLS | CLASS_RTP | CLASS_OTHER;
	flows_put(edge.flows, stream_handle(1), &want[1]);
	phone_send(far, &a, (struct str){"\0\1UDPTL", 7});
	phone_send(far, &a, STR("\xc0\0UDPTL"));
	run(20);
	CHECK(phone_heard(inside) == 2);
	want[1].classes = CLASS_RTP;
	flows_put(edge.flows, stream_handle(1), &want[1]);
	phone_send(far, &a, (struct str){"\0\1UDPTL", 7});
	run(20);
	CHECK(phone_heard(inside) == 0);
}

static void a_port_that_somebody_has_is_refused_with_a_sentence(void)
{
	world_start();
	net.taken = at(EDGE, 36021);
	want[1].end[0] = direct(EDGE, 36030, "203.0.113.40", 4000);
	tell(&edge);
	CHECK(shown(&edge)->state == FLOW_REFUSED);
	CHECK(strcmp(shown(&edge)->why,
		      "UDP 198.51.100.10:36021: another program holds this port") == 0);
	CHECK(file_of(&want[1].end[1].local) < 0); /* nothing is half open */
	run(5000);
	CHECK(shown(&edge)->state == FLOW_REFUSED);
	net.taken = (struct addr){0};
	flows_put(edge.flows, stream_handle(1), &want[1]);
	CHECK(shown(&edge)->state == FLOW_WAITING && shown(&edge)->why[0] == '\0');
	speak(far, EDGE, 36020, 1, 1);
}

static void the_same_again_changes_nothing(void)
{
	uint64_t relayed;

	public_call();
	speak(far, EDGE, 36020, 1, 3);
	relayed = flows_counters(edge.flows)->relayed;
	for (int i = 0; i < 5; i++)
		flows_put(edge.flows, stream_handle(1), &want[1]);
	speak(far, EDGE, 36020, 4, 3);
	CHECK(flows_counters(edge.flows)->relayed == relayed + 3);
	CHECK(flows_count(edge.flows) == 1);
}

static void ends_with_its_row_or_its_lease(void)
{
	public_call();
	flows_del(edge.flows, stream_handle(1));
	CHECK(!flows_count(edge.flows) && !shown(&edge));
	CHECK(file_of(&want[1].end[1].local) < 0);
	public_call();
	flows_edge_up(edge.flows, false);
	run(119000);
	CHECK(flows_count(edge.flows) == 1);
	run(2000);
	CHECK(!flows_count(edge.flows) && flows_counters(edge.flows)->expired_leases == 1);
	public_call();
	flows_edge_up(edge.flows, false);
	run(1000);
	flows_edge_up(edge.flows, true); /* a new signalling that does not know it */
	flows_sync(edge.flows);
	CHECK(!flows_count(edge.flows));
	for (size_t i = 0; i < RECORDS_MAX; i++)
		CHECK(handle_kind(edge.keep.records[i].key) != HK_FLOW &&
			handle_kind(edge.keep.records[i].key) != HK_PORT);
}

static void records_are_not_put_per_packet(void)
{
	uint64_t before;

	public_call();
	speak(far, EDGE, 36020, 1, 1);
	speak(inside, EDGE, 36030, 1, 1);
	before = edge.keep.n_puts;
	speak(far, EDGE, 36020, 2, 50);
	speak(inside, EDGE, 36030, 2, 50);
	CHECK(edge.keep.n_puts == before);
	CHECK(edge.ipc.n_puts < 10); /* and rows each two seconds */
}

static void full_is_refused_without_harm(void)
{
	public_call();
	for (uint32_t i = 2; i < 40; i++) {
		struct flow_want w = want[1];

		w.end[0].local.port = (uint16_t)(40000 + 4 * i);
		w.end[1].local.port = (uint16_t)(40002 + 4 * i);
		w.end[0].has_rtcp = w.end[1].has_rtcp = false;
		flows_put(edge.flows, stream_handle(i), &w);
	}
	CHECK(flows_count(edge.flows) == 16 && flows_counters(edge.flows)->full > 0);
	speak(far, EDGE, 36020, 1, 3);
	CHECK(phone_heard(inside) == 3);
}

/* ---- after kill -9 ---- */

static void a_killed_node_goes_on_where_it_was(void)
{
	int nat;

	public_call();
	nat = phone("203.0.113.20", 61000);
	want[1].end[1].is_nat = true;
	flows_put(edge.flows, stream_handle(1), &want[1]);
	speak(nat, EDGE, 36020, 1, 3);
	speak(inside, EDGE, 36030, 1, 3);
	CHECK(phone_heard(inside) == 1);
	phone_heard(nat);
	for (int life = 0; life < 10; life++) {
		struct addr a = at(EDGE, 36020), b = at(EDGE, 36030);

		node_kill(&edge);
		for (uint16_t i = 0; i < 20; i++) { /* arrives while nobody is there */
			phone_send(nat, &a, rtp_bytes(0, (uint16_t)(100 + i), 7));
			phone_send(inside, &b, rtp_bytes(0, (uint16_t)(100 + i), 7));
		}
		node_start(&edge);
		run(20);
		CHECK(phone_heard(inside) == 20 && phone_heard(nat) == 20);
		tell(&edge); /* signalling repeats itself: nothing moves */
		speak(nat, EDGE, 36020, 200, 2);
		CHECK(phone_heard(inside) == 2 && flows_count(edge.flows) == 1);
	}
}

static void records_of_nonsense_are_dropped(void)
{
	struct record *r;

	public_call();
	speak(far, EDGE, 36020, 1, 3);
	node_kill(&edge);
	for (size_t i = 0; i < RECORDS_MAX; i++) {
		r = &edge.keep.records[i];
		if (handle_kind(r->key) == HK_FLOW)
			r->body[0] = 99; /* a version that never was */
	}
	node_start(&edge);
	CHECK(!flows_count(edge.flows));
	for (size_t i = 0; i < RECORDS_MAX; i++) /* its sockets went too */
		CHECK(handle_kind(edge.keep.records[i].key) != HK_PORT);
	CHECK(file_of(&want[1].end[1].local) < 0);
}

/* ---- across the traversal zone ---- */

static void crossing(void)
{
	world_start();
	tell(&edge);
	tell(&control);
	run(100);
}

static void through_both_nodes(void)
{
	struct addr a = at(CONTROL, 36011);

	crossing();
	speak(inside, CONTROL, 36010, 1, 5);
	CHECK(phone_heard(far) == 5);
	speak(far, EDGE, 36020, 1, 5);
	CHECK(phone_heard(inside) == 5);
	phone_send(inside_rtcp, &a, rtcp_bytes());
	run(20);
	CHECK(phone_heard(far_rtcp) == 1);
	run(5000);
	CHECK(shown(&edge)->end[0].proof == PROOF_TOKEN && shown(&edge)->state == FLOW_BOTH);
	CHECK(shown(&edge)->end[0].rtp.port == 36012 && shown(&edge)->end[0].rtcp.port == 36013);
	CHECK(shown(&control)->end[1].proof == PROOF_TOKEN && shown(&control)->state == FLOW_BOTH);
}

static void nothing_before_the_token(void)
{
	world_start();
	tell(&control);
	speak(inside, CONTROL, 36010, 1, 3); /* Edge does not know the stream: no answer */
	CHECK(phone_heard(far) == 0);
	CHECK(flows_counters(control.flows)->no_destination == 3);
	CHECK(flows_counters(edge.flows)->tokens_refused > 0);
	tell(&edge);
	speak(far, EDGE, 36020, 1, 1);
	run(1000);
	speak(far, EDGE, 36020, 2, 3);
	speak(inside, CONTROL, 36010, 4, 3);
	CHECK(phone_heard(far) == 3 && phone_heard(inside) >= 3);
}

static void the_link_may_need_no_rtcp_port(void)
{
	struct addr a = at(CONTROL, 36011);

	world_start();
	want[0].end[1].has_rtcp_mux = want[1].end[0].has_rtcp_mux = true;
	tell(&edge);
	tell(&control);
	run(100);
	phone_send(inside_rtcp, &a, rtcp_bytes());
	run(20);
	CHECK(phone_heard(far_rtcp) == 1);
	a = at(CONTROL, 36013);
	CHECK(file_of(&a) < 0);
}

static void control_killed_in_mid_call(void)
{
	crossing();
	speak(inside, CONTROL, 36010, 1, 3);
	CHECK(phone_heard(far) == 3);
	for (int life = 0; life < 5; life++) {
		struct addr a = at(CONTROL, 36010), b = at(EDGE, 36020);

		node_kill(&control);
		for (uint16_t i = 0; i < 10; i++) {
			phone_send(inside, &a, rtp_bytes(0, (uint16_t)(100 + i), 7));
			phone_send(far, &b, rtp_bytes(0, (uint16_t)(100 + i), 7));
		}
		run_nodes(&both[1], 1, 5);
		control.io.wall_step -=
			86400000 * (int64_t)MS; /* and somebody sets the clock back */
		node_start(&control);           /* signalling is not there yet */
		run(5);
		CHECK(phone_heard(far) == 10 && phone_heard(inside) == 10);
		speak(inside, CONTROL, 36010, 200, 3);
		CHECK(phone_heard(far) == 3);
		run(30000); /* and tokens go on without it */
		CHECK(flows_counters(edge.flows)->tokens_replayed == 0);
		tell(&control);
	}
	CHECK(flows_counters(edge.flows)->tokens > 5 * 2 * 2);
}

static void edge_killed_in_mid_call(void)
{
	crossing();
	speak(inside, CONTROL, 36010, 1, 3);
	phone_heard(far);
	for (int life = 0; life < 5; life++) {
		struct addr a = at(CONTROL, 36010), b = at(EDGE, 36020);

		node_kill(&edge);
		for (uint16_t i = 0; i < 10; i++) {
			phone_send(inside, &a, rtp_bytes(0, (uint16_t)(100 + i), 7));
			phone_send(far, &b, rtp_bytes(0, (uint16_t)(100 + i), 7));
		}
		run_nodes(both, 1, 5);
		node_start(&edge);
		run(5);
		CHECK(phone_heard(far) == 10 && phone_heard(inside) == 10);
		tell(&edge);
		run(15000);
		speak(far, EDGE, 36020, 200, 3);
		CHECK(phone_heard(inside) == 3);
	}
}

static void a_source_nat_between_the_nodes(void)
{
	world_start();
	net.n_nats = 2;
	net.nats[0] = (struct nat){at(CONTROL, 36012), at("198.51.100.77", 1025)};
	net.nats[1] = (struct nat){at(CONTROL, 36013), at("198.51.100.78", 1026)};
	tell(&edge);
	tell(&control);
	run(100);
	speak(inside, CONTROL, 36010, 1, 3);
	speak(far, EDGE, 36020, 1, 3);
	CHECK(phone_heard(far) == 3 && phone_heard(inside) == 3);
	/* the NAT maps anew: the next token moves the stream, the old source is a stranger */
	net.nats[0].outside = at("198.51.100.77", 2025);
	run(12000);
	speak(inside, CONTROL, 36010, 4, 3);
	speak(far, EDGE, 36020, 4, 3);
	CHECK(phone_heard(far) == 3 && phone_heard(inside) == 3);
	CHECK(shown(&edge)->end[0].rtp.port == 2025);
}

static void a_new_stream_id_on_the_same_port(void)
{
	crossing();
	speak(inside, CONTROL, 36010, 1, 3);
	phone_heard(far);
	want[1].end[0].stream_id = STREAM + 1;
	flows_put(edge.flows, stream_handle(1), &want[1]);
	speak(inside, CONTROL, 36010, 4, 3);
	CHECK(phone_heard(far) == 0); /* the old proof was the old stream's */
	want[0].end[1].stream_id = STREAM + 1;
	flows_put(control.flows, stream_handle(1), &want[0]);
	run(100);
	speak(inside, CONTROL, 36010, 7, 3);
	speak(far, EDGE, 36020, 7, 3);
	CHECK(phone_heard(far) == 3 && phone_heard(inside) == 3);
}

static void edge_alone_may_speak_to_control(void)
{
	int stranger;

	crossing();
	stranger = phone("198.51.100.99", 36000);
	speak(stranger, CONTROL, 36012, 1, 5);
	CHECK(phone_heard(inside) == 0 && phone_heard(stranger) == 0);
	CHECK(flows_counters(control.flows)->unknown_source == 5);
}

static void silence_brings_a_token_at_once(void)
{
	uint64_t before;

	crossing();
	speak(far, EDGE, 36020, 1, 3);
	before = flows_counters(edge.flows)->tokens;
	run(600);
	CHECK(flows_counters(edge.flows)->tokens == before + 1);
}

static void keys_of_a_zone_that_signalling_forgot_go(void)
{
	uint64_t before;

	crossing();
	flows_edge_up(control.flows, true);
	flows_zones_sync(control.flows);
	flows_put(control.flows, stream_handle(1), &want[0]);
	flows_sync(control.flows);
	for (size_t i = 0; i < RECORDS_MAX; i++)
		CHECK(handle_kind(control.keep.records[i].key) != HK_ZONE);
	before = flows_count(control.flows);
	CHECK(before == 1);
}

static void all_is_given_back(void)
{
	crossing();
	speak(inside, CONTROL, 36010, 1, 3);
	flows_del(control.flows, stream_handle(1));
	flows_del(edge.flows, stream_handle(1));
	run(20000);
	for (int i = 0; i < FILES_MAX; i++) {
		const struct addr *a = &net.files[i].addr;
		bool is_ours = net.files[i].n_holders && a->port >= 36002;

		CHECK(!is_ours);
	}
	CHECK(control.io.n_timers == 1 && edge.io.n_timers == 1); /* the sweeps */
	node_free(&control);
	node_free(&edge);
}

TEST_MAIN(T(both_ways), T(rtcp_goes_to_its_own_port),
	T(strangers_are_counted_and_never_relayed_or_answered),
	T(a_phone_behind_a_nat_speaks_first), T(a_re_invite_without_another_address_opens_nothing),
	T(a_changed_address_keeps_the_old_source_until_the_new_is_proved),
	T(a_changed_public_address_is_sent_to_at_once), T(nothing_goes_where_the_policy_forbids),
	T(media_may_be_held_for_long), T(rtcp_on_the_rtp_port), T(datagrams_that_are_no_rtp),
	T(a_port_that_somebody_has_is_refused_with_a_sentence), T(the_same_again_changes_nothing),
	T(ends_with_its_row_or_its_lease), T(records_are_not_put_per_packet),
	T(full_is_refused_without_harm), T(a_killed_node_goes_on_where_it_was),
	T(records_of_nonsense_are_dropped), T(through_both_nodes), T(nothing_before_the_token),
	T(the_link_may_need_no_rtcp_port), T(control_killed_in_mid_call),
	T(edge_killed_in_mid_call), T(a_source_nat_between_the_nodes),
	T(a_new_stream_id_on_the_same_port), T(edge_alone_may_speak_to_control),
	T(silence_brings_a_token_at_once), T(keys_of_a_zone_that_signalling_forgot_go),
	T(all_is_given_back))
