/* test_stream.c - offers and answers as ports, ends and agreements; what is refused leaves no trace. */
#include "call/channel.h"
#include "call/stream.h"
#include "test.h"
#include "world.h"

static const char control_text[] =
	"version: 1\n"
	"node: {role: control, name: control.example.com, addresses: {inside: 192.0.2.10}}\n"
	"zones:\n"
	"  - {name: to-edge, type: traversal-client, username: u, password: p, peers: "
	"[198.51.100.10],\n"
	"     sip: {port: 7001, transport: tcp}}\n"
	"address_policy: {documentation: allow}\n";

static struct world w;
static struct pool pool;
static struct port_pool *ports;
static struct streams_deps deps;
static struct call_streams s;
static struct media_side caller, called;
static const char *why;

static struct media_side side(uint8_t number, const char *zone)
{
	return (struct media_side){.side = number,
		.zone = zone_named(w.zones, str_of(zone)),
		.signalling = addr_v4(203, 0, 113, 20, 5060)};
}

static void start_at(const char *yaml, struct ports range, const char *from, const char *to)
{
	CHECK(world_init(&w, yaml));
	CHECK(pool_init(&pool, HK_STREAM, sizeof(struct media_stream), 32, 7) == OK);
	CHECK(port_pool_new(w.io, range, &ports) == OK);
	deps = (struct streams_deps){w.io, w.ipc, w.keep, w.zones, ports, &pool, w.conf};
	s = (struct call_streams){.deps = &deps, .call = 1};
	caller = side(0, from);
	called = side(1, to);
}

static void start(struct ports range, const char *from, const char *to)
{
	start_at(edge_text, range, from, to);
}

static void stop(void)
{
	streams_end(&s);
	CHECK(port_pool_n_taken(ports) == 0 && pool.n_taken == 0);
	port_pool_free(ports);
	pool_free(&pool);
	world_free(&w);
}

static const struct ports many = {40000, 40063};

/* A description of n audio lines at this host. */
static struct media_desc lines(uint32_t n, const char *host)
{
	struct media_desc d = audio(CEV_OFFER, host, 10000).media;

	for (d.n = 1; d.n < n; d.n++)
		d.lines[d.n] = d.lines[0];
	return d;
}

static enum err offer(const struct media_desc *d, bool is_first)
{
	return streams_offer(&s, d, NULL, &caller, &called, is_first, &why);
}

static void answer(const struct media_desc *d)
{
	streams_answer(&s, d, NULL, &called, true);
}

static bool is_refused(uint32_t line)
{
	struct media_locals local;
	struct mux_lines mux;

	streams_local(&s, &called, &local, &mux);
	CHECK(line < local.n);
	return local.lines[line].is_refused;
}

static void an_offer_without_room_leaves_no_trace(void)
{
	struct media_desc d = lines(3, "203.0.113.20");

	start((struct ports){40000, 40009}, "default",
		"internet"); /* five pairs; three lines need six */
	CHECK(offer(&d, true) == ERR_NO_PORT);
	CHECK(s.n == 0 && port_pool_n_taken(ports) == 0 && pool.n_taken == 0);
	stop();
}

static void a_call_has_so_many_lines(void)
{
	static char yaml[2048];
	struct media_desc two = lines(2, "203.0.113.20"), four = lines(4, "203.0.113.20");

	snprintf(yaml, sizeof yaml, "%slimits: {streams_per_call: 3}\n", control_text);
	start_at(yaml, many, "default", "default");
	CHECK(offer(&two, true) == OK);
	answer(&two);
	CHECK(offer(&four, false) == OK && s.n == 4 && pool.n_taken == 3);
	CHECK(!is_refused(0) && !is_refused(1) && !is_refused(2) && is_refused(3));
	CHECK(strcmp(why, "limits.streams_per_call is reached") == 0);
	stop();
}

static void a_refused_line_more_is_forgotten(void)
{
	struct media_desc one = lines(1, "203.0.113.20"), two = lines(2, "203.0.113.20");

	start(many, "default", "internet");
	CHECK(offer(&one, true) == OK);
	answer(&one);
	CHECK(offer(&two, false) == OK && s.n == 2 && port_pool_n_taken(ports) == 4);
	streams_refuse(&s);
	CHECK(s.n == 1 && port_pool_n_taken(ports) == 2);
	CHECK(offer(&one, false) == OK); /* as many lines as the call has */
	answer(&one);
	CHECK(offer(&two, false) == OK);
	answer(&two);
	CHECK(offer(&one, false) == ERR_DENIED && s.n == 2); /* RFC 3264 section 8 */
	stop();
}

static void a_line_that_is_refused_in_the_call_ends_with_the_answer(void)
{
	struct media_desc both = lines(2, "203.0.113.20"), bad = both;

	start(many, "default", "internet");
	CHECK(offer(&both, true) == OK);
	answer(&both);
	CHECK(addr_parse_host(STR("127.0.0.1"), &bad.lines[1].rtp) == OK);
	bad.lines[1].rtp.port = 10000;
	CHECK(offer(&bad, false) == OK);
	CHECK(!is_refused(0) && is_refused(1));
	streams_refuse(&s);
	CHECK(!is_refused(1)); /* as before */
	CHECK(offer(&bad, false) == OK);
	answer(&both);
	CHECK(is_refused(1) && port_pool_n_taken(ports) == 2);
	bad.lines[0] = bad.lines[1];
	CHECK(offer(&bad, false) == ERR_DENIED && !is_refused(0));
	both.lines[0].is_refused = both.lines[1].is_refused = true;
	CHECK(offer(&both, false) == OK); /* all closed, as its sender wants it */
	stop();
}

static void early_answers_can_settle_an_offer(void)
{
	struct media_desc d = lines(1, "203.0.113.20");

	start(many, "default", "internet");
	CHECK(offer(&d, true) == OK);
	streams_answer(&s, &d, NULL, &called, false);
	streams_settle(&s);
	CHECK(offer(&d, false) == OK);
	streams_refuse(&s);
	CHECK(s.lines[0] && port_pool_n_taken(ports) == 2);
	stop();
}

static void rtcp_goes_only_where_the_address_policy_lets_it(void)
{
	struct media_desc d = lines(1, "203.0.113.20");
	const struct flow_end *e;

	start(many, "default", "internet");
	CHECK(addr_parse_host(STR("203.0.113.99"), &d.lines[0].rtcp) == OK);
	d.lines[0].rtcp.port = 12345;
	CHECK(offer(&d, true) == OK);
	e = &s.lines[0]->want.end[0];
	CHECK(e->remote_rtcp.ip[3] == 99 && e->remote_rtcp.port == 12345);
	CHECK(addr_parse_host(STR("127.0.0.1"), &d.lines[0].rtcp) == OK);
	d.lines[0].rtcp.port = 12345;
	answer(&d);
	e = &s.lines[0]->want.end[1];
	CHECK(addr_same_host(&e->remote_rtcp, &e->remote_rtp) && e->remote_rtcp.port == 10001);
	CHECK(addr_parse_host(STR("198.51.100.10"), &d.lines[0].rtcp) == OK); /* our own */
	d.lines[0].rtcp.port = 12345;
	d.lines[0].rtp.port = 65535;
	CHECK(offer(&d, false) == OK);
	answer(&d);
	CHECK(s.lines[0]->want.end[1].remote_rtcp.family == AF_NONE);
	stop();
}

static void rtcp_mux_takes_both_sides(void)
{
	struct media_desc with = lines(1, "203.0.113.20"), without = with;
	const struct flow_end *end;

	start(many, "default", "internet");
	with.lines[0].has_rtcp_mux = true;
	with.lines[0].rtcp = with.lines[0].rtp;
	CHECK(offer(&with, true) == OK);
	end = s.lines[0]->want.end;
	answer(&without);
	CHECK(!end[0].has_rtcp_mux && !end[1].has_rtcp_mux);
	CHECK(end[0].remote_rtcp.port == end[0].remote_rtp.port + 1);
	CHECK(offer(&without, false) == OK);
	answer(&with); /* an answer cannot bring it in */
	CHECK(!end[0].has_rtcp_mux && !end[1].has_rtcp_mux);
	CHECK(end[1].remote_rtcp.port == end[1].remote_rtp.port + 1);
	CHECK(offer(&with, false) == OK);
	answer(&with);
	CHECK(end[0].has_rtcp_mux && end[1].has_rtcp_mux);
	stop();
}

static void a_pair_goes_back_when_the_call_goes_on_to_a_link(void)
{
	struct media_desc d = lines(1, "203.0.113.20");
	struct media_side link;

	start(many, "default", "internet");
	link = side(1, "control");
	CHECK(offer(&d, true) == OK && port_pool_n_taken(ports) == 2);
	CHECK(streams_retarget(&s, &link) == OK && port_pool_n_taken(ports) == 1);
	CHECK(s.lines[0]->want.end[1].kind == END_MUX_SERVER);
	CHECK(s.lines[0]->want.end[1].stream_id != 0);
	CHECK(streams_retarget(&s, &called) == OK && port_pool_n_taken(ports) == 2);
	CHECK(s.lines[0]->want.end[1].kind == END_DIRECT);
	CHECK(s.lines[0]->want.end[1].local.port == s.lines[0]->port[1]);
	stop();
}

/* The sockets of the first one are not closed yet when those of the next are opened. */
static void another_kind_of_target_gets_another_pair(void)
{
	struct media_desc d = lines(1, "192.0.2.21");
	struct media_side link;
	uint16_t first;

	start_at(control_text, many, "local", "local");
	link = side(1, "to-edge");
	CHECK(offer(&d, true) == OK && s.lines[0]->want.end[1].kind == END_DIRECT);
	first = s.lines[0]->port[1];
	CHECK(streams_retarget(&s, &called) == OK && s.lines[0]->port[1] == first);
	CHECK(streams_retarget(&s, &link) == OK && port_pool_n_taken(ports) == 2);
	CHECK(s.lines[0]->want.end[1].kind == END_MUX_CLIENT);
	CHECK(s.lines[0]->port[1] && s.lines[0]->port[1] != first);
	stop();
}

static void silence_is_that_of_all_lines_and_of_none_on_hold(void)
{
	struct media_desc two = lines(2, "203.0.113.20"), held = two;
	uint32_t ms;

	start(many, "default", "internet");
	CHECK(!streams_are_silent(&s, &ms)); /* no media at all: nothing can be missed */
	CHECK(offer(&two, true) == OK);
	answer(&two);
	CHECK(streams_are_silent(&s, &ms) && ms == 0); /* nothing came yet */
	for (int i = 0; i < 2; i++) {
		s.lines[i]->is.state = FLOW_IDLE;
		s.lines[i]->is.end[0].silent_ms = 40000;
		s.lines[i]->is.end[1].silent_ms = 50000 - (uint32_t)i * 20000;
	}
	CHECK(streams_are_silent(&s, &ms) && ms == 30000);
	s.lines[1]->is.state = FLOW_ONE_WAY;
	CHECK(!streams_are_silent(&s, &ms));
	s.lines[1]->is.state = FLOW_IDLE;
	held.lines[0].direction = MD_RECEIVE;
	CHECK(offer(&two, false) == OK);
	answer(&held);
	CHECK(!streams_are_silent(&s, &ms));
	CHECK(offer(&two, false) == OK);
	answer(&two);
	CHECK(streams_are_silent(&s, &ms));
	stop();
}

static void give_key(struct media_desc *d, uint8_t line, uint32_t tag, uint8_t suite, uint8_t byte)
{
	struct media_key *k = &d->keys[d->n_keys++];

	*k = (struct media_key){.line = line, .key = {.tag = tag, .suite = suite}};
	k->key.master[0] = byte;
	d->lines[line].transport = MT_SRTP;
	d->lines[line].has_crypto = true;
	d->lines[line].crypto_tag = tag;
}

/* As media gets it. */
static struct flow_end shown(int end)
{
	static uint8_t buf[2048];
	struct wr out = wr_of(buf, sizeof buf);
	struct flow_want got = {0};
	struct rd r;

	flow_want_put(&out, &s.lines[0]->want);
	r = rd_of(wr_done(&out));
	CHECK(flow_want_get(&r, &got) == OK);
	return got.end[end];
}

static bool has_key(int end, uint8_t byte)
{
	struct flow_end e = shown(end);

	return e.is_keyed && e.keys.n == 1 && e.keys.keys[0].master[0] == byte;
}

static void start_behind_nats(void)
{
	start(many, "default", "internet");
	caller.is_nat = called.is_nat = true;
}

static void each_side_is_proved_by_the_keys_that_it_sends_with(void)
{
	struct media_desc d = lines(2, "203.0.113.20"), a = d;

	start_behind_nats();
	give_key(&d, 1, 1, SRTP_AES_CM_128_80, 99);
	give_key(&d, 0, 1, SRTP_AES_GCM_256, 10);
	give_key(&d, 0, 2, SRTP_AES_CM_128_80, 20);
	CHECK(offer(&d, true) == OK);
	CHECK(shown(0).is_keyed && shown(0).keys.n == 2);
	CHECK(shown(1).is_keyed && shown(1).keys.n == 0); /* whatever comes early has to wait */
	give_key(&a, 0, 2, SRTP_AES_CM_128_80, 30);
	answer(&a);
	CHECK(has_key(0, 20) && has_key(1, 30));
	/* new keys count from their answer on */
	d.keys[2].key.master[0] = 21;
	a.keys[0].key.master[0] = 31;
	CHECK(offer(&d, false) == OK);
	CHECK(has_key(0, 20) && has_key(1, 30));
	streams_refuse(&s);
	CHECK(has_key(0, 20) && has_key(1, 30));
	CHECK(offer(&d, false) == OK);
	answer(&a);
	CHECK(has_key(0, 21) && has_key(1, 31));
	stop();
}

static void early_answers_of_two_targets_choose_each_for_itself(void)
{
	struct media_desc d = lines(1, "203.0.113.20"), a = d, b = d;

	start_behind_nats();
	give_key(&d, 0, 1, SRTP_AES_GCM_256, 10);
	give_key(&d, 0, 2, SRTP_AES_CM_128_80, 20);
	give_key(&a, 0, 1, SRTP_AES_GCM_256, 30);
	give_key(&b, 0, 2, SRTP_AES_CM_128_80, 40);
	CHECK(offer(&d, true) == OK);
	streams_answer(&s, &a, NULL, &called, false);
	CHECK(has_key(0, 10) && has_key(1, 30));
	CHECK(streams_retarget(&s, &called) == OK);
	CHECK(shown(0).keys.n == 2 && shown(1).is_keyed && !shown(1).keys.n);
	streams_answer(&s, &b, NULL, &called, true);
	CHECK(has_key(0, 20) && has_key(1, 40));
	stop();
}

static void keys_that_cannot_be_read_leave_the_plain_rule(void)
{
	struct media_desc d = lines(1, "203.0.113.20"), a = d, plain = d;

	start_behind_nats();
	give_key(&d, 0, 1, SRTP_AES_GCM_256, 10);
	a.lines[0].transport = MT_SRTP;
	a.lines[0].has_crypto = true;
	a.lines[0].crypto_tag = 7; /* a choice of the offer that we could not read */
	CHECK(offer(&d, true) == OK);
	answer(&a);
	CHECK(!shown(0).is_keyed && !shown(1).is_keyed);
	d.lines[0].transport = MT_RTP; /* optional: RTP/AVP with a=crypto */
	CHECK(offer(&d, false) == OK);
	answer(&plain);
	CHECK(!shown(0).is_keyed && !shown(1).is_keyed);
	stop();
}

static void keys_stay_here_where_the_address_proves(void)
{
	struct media_desc d = lines(1, "203.0.113.20"), a = d;

	start(many, "default", "internet");
	give_key(&d, 0, 1, SRTP_AES_GCM_256, 10);
	give_key(&a, 0, 1, SRTP_AES_GCM_256, 30);
	CHECK(offer(&d, true) == OK);
	answer(&a);
	CHECK(!shown(0).keys.n && !shown(1).keys.n);
	stop();
}

/* ---- lines made of channels ---- */

static struct media_line channel(const char *rtp, const char *rtcp)
{
	struct media_line l = {.kind = MEDIA_AUDIO, .transport = MT_RTP, .has_rtcp = true};

	CHECK(!rtp || addr_parse(str_of(rtp), &l.rtp) == OK);
	CHECK(!rtcp || addr_parse(str_of(rtcp), &l.rtcp) == OK);
	l.payload_types[0] = 1u << 8;
	return l;
}

static enum err open_channel(
	uint8_t from, const struct media_line *l, uint8_t session, uint8_t *line)
{
	return from ? streams_channel_open(&s, l, session, &called, &caller, line, &why)
	            : streams_channel_open(&s, l, session, &caller, &called, line, &why);
}

static void channels_against_each_other_share_a_line(void)
{
	struct media_line there = channel(NULL, "203.0.113.20:5001"),
			  back = channel(NULL, "203.0.113.30:6001"),
			  ack = channel("203.0.113.30:6000", "203.0.113.30:6001"),
			  ack_back = channel("203.0.113.20:5000", "203.0.113.20:5001");
	const struct flow_end *e;
	uint8_t a = 9, b = 8;

	start(many, "default", "internet");
	CHECK(open_channel(0, &there, 1, &a) == OK && a == 0);
	CHECK(port_pool_n_taken(ports) == 2);
	CHECK(open_channel(1, &back, 1, &b) == OK && b == a);
	CHECK(port_pool_n_taken(ports) == 2);
	e = s.lines[0]->want.end;
	CHECK(e[0].remote_rtp.port == 5000 && e[0].remote_rtcp.port == 5001 && e[0].is_on_hold);
	CHECK(streams_channel_accept(&s, a, &ack, &called, &why) == OK);
	CHECK(e[1].remote_rtp.port == 6000 && !e[0].is_on_hold && e[1].is_on_hold);
	CHECK(streams_channel_accept(&s, b, &ack_back, &caller, &why) == OK);
	CHECK(!e[1].is_on_hold);
	streams_channel_close(&s, a, 0);
	CHECK(s.lines[0] && e[0].is_on_hold && !e[1].is_on_hold);
	streams_channel_close(&s, b, 1);
	CHECK(!s.lines[0] && port_pool_n_taken(ports) == 0);
	stop();
}

static void channels_of_other_sessions_kinds_and_ways_have_their_own(void)
{
	struct media_line l = channel(NULL, "203.0.113.20:5001"), video = l;
	uint8_t line;

	video.kind = MEDIA_VIDEO;
	start(many, "default", "internet");
	CHECK(open_channel(0, &l, 1, &line) == OK && line == 0);
	CHECK(open_channel(0, &l, 1, &line) == OK && line == 1); /* the same way again */
	CHECK(open_channel(0, &video, 2, &line) == OK && line == 2);
	CHECK(open_channel(1, &video, 32, &line) == OK && line == 3); /* content, say */
	CHECK(open_channel(1, &video, 0, &line) == OK && line == 2); /* the master will say which */
	stop();
}

static void a_channel_to_an_address_of_ours_is_refused(void)
{
	struct media_line l = channel(NULL, "127.0.0.1:5001"),
			  ok = channel(NULL, "203.0.113.20:5001"), tcp = ok,
			  bad = channel("127.0.0.1:6000", NULL);
	uint8_t line;

	tcp.transport = MT_UNSUPPORTED;
	start(many, "default", "internet");
	CHECK(open_channel(0, &l, 1, &line) == ERR_DENIED && why[0]);
	CHECK(open_channel(0, &tcp, 1, &line) == ERR_DENIED);
	CHECK(open_channel(0, &ok, 1, &line) == OK);
	CHECK(streams_channel_accept(&s, line, &bad, &called, &why) == ERR_DENIED);
	CHECK(streams_channel_accept(&s, 7, &ok, &called, &why) == ERR_NOENT);
	CHECK(streams_channel_accept(&s, line, &ok, &caller, &why) == ERR_NOENT); /* its own */
	CHECK(s.lines[0]->want.end[0].is_on_hold);
	stop();
}

static void channels_end_where_ports_and_limits_end(void)
{
	struct media_line l = channel(NULL, "203.0.113.20:5001");
	uint8_t line;

	start((struct ports){40000, 40005}, "default", "internet"); /* three pairs */
	CHECK(open_channel(0, &l, 1, &line) == OK);
	CHECK(open_channel(0, &l, 2, &line) == ERR_NO_PORT && pool.n_taken == 1);
	CHECK(port_pool_n_taken(ports) == 2);
	stop();
}

TEST_MAIN(T(channels_against_each_other_share_a_line),
	T(channels_of_other_sessions_kinds_and_ways_have_their_own),
	T(a_channel_to_an_address_of_ours_is_refused), T(channels_end_where_ports_and_limits_end),
	T(silence_is_that_of_all_lines_and_of_none_on_hold),
	T(an_offer_without_room_leaves_no_trace), T(a_call_has_so_many_lines),
	T(a_refused_line_more_is_forgotten),
	T(a_line_that_is_refused_in_the_call_ends_with_the_answer),
	T(early_answers_can_settle_an_offer), T(rtcp_goes_only_where_the_address_policy_lets_it),
	T(rtcp_mux_takes_both_sides), T(a_pair_goes_back_when_the_call_goes_on_to_a_link),
	T(another_kind_of_target_gets_another_pair),
	T(each_side_is_proved_by_the_keys_that_it_sends_with),
	T(early_answers_of_two_targets_choose_each_for_itself),
	T(keys_that_cannot_be_read_leave_the_plain_rule),
	T(keys_stay_here_where_the_address_proves))
