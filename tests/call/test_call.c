/* test_call.c - calls between two legs of a protocol that only notes what it is told. */
#include "test.h"
#include "world.h"

#include "call/core.h"

static struct world w;

#define EDGE_HEAD                                                                                  \
	"version: 1\n"                                                                             \
	"node: {role: edge, name: edge.example.com, addresses: {inside: 198.51.100.10, outside: "  \
	"198.51.100.10}}\n"                                                                        \
	"sip: {udp: true, domains: [example.com]}\n"                                               \
	"address_policy: {documentation: allow}\n"                                                 \
	"limits: {calls: 16}\n"                                                                    \
	"zones:\n"
#define LINK                                                                                       \
	"  - {name: control, type: traversal-server, username: u, password: p, sip: {port: 7001, " \
	"transport: tcp}}\n"
#define INTERNET "  - {name: internet, type: dns}\n"
#define NEIGHBOR(name, host)                                                                       \
	"  - {name: " name ", type: neighbor, peers: [" host "], sip: {port: 5060, transport: "    \
	"udp}}\n"

static const char other_order_text[] = EDGE_HEAD INTERNET NEIGHBOR("pbx", "203.0.113.77") LINK
	"dial_plan:\n"
	"  transforms:\n"
	"    - {priority: 1, type: regex, pattern: '(.+)@example\\.com', behaviour: replace, "
	"replace: 'q\\1@example.com'}\n"
	"  search_rules:\n"
	"    - {priority: 10, name: new, source: any, mode: any-alias, progress: continue, "
	"target: pbx}\n"
	"    - {priority: 50, name: local, source: any, mode: any-alias, progress: continue, "
	"target: local}\n"
	"    - {priority: 90, name: ours, source: any, type: regex, pattern: "
	"'.+@example\\.com', progress: stop, target: control}\n";
static const char without_link_text[] = EDGE_HEAD INTERNET;
static const char fork_text[] = EDGE_HEAD NEIGHBOR("one", "203.0.113.77") NEIGHBOR("two",
	"203.0.113.78") "dial_plan:\n"
			"  search_rules:\n"
			"    - {priority: 50, name: a, source: any, mode: any-alias, progress: "
			"continue, target: one}\n"
			"    - {priority: 50, name: b, source: any, mode: any-alias, progress: "
			"continue, target: two}\n";

static struct leg *incoming(
	const char *zone, const char *alias, bool is_authenticated, struct call_event *offer)
{
	struct call_setup s = setup_from(&w, zone, alias, is_authenticated);
	struct call_cause cause;
	struct leg *leg = NULL;

	if (call_setup(w.core, &w.ops, &w.peer, &s, offer, &leg, &cause) != OK)
		return NULL;
	leg->signalling = addr_v4(203, 0, 113, 20, 5060);
	world_turn(&w);
	return leg;
}

static void link_up(void)
{
	struct addr local = addr_v4(198, 51, 100, 10, 7001), peer = addr_v4(192, 0, 2, 10, 25000);

	zone_set_state(w.zones, zone_named(w.zones, STR("control")), true, STR("tcp"), &local,
		&peer, STR_NONE);
}

static void a_call_goes_up_and_down(void)
{
	struct call_event ev = audio(CEV_SETUP, "203.0.113.20", 10000);
	struct leg *a, *b;
	struct note *n;
	uint16_t port_b;

	CHECK(world_init(&w, edge_text));
	link_up();
	a = incoming("default", "alice@example.com", false, &ev);
	CHECK(a);
	n = world_next(&w, CEV_SETUP);
	CHECK(n && strcmp(n->zone, "control") == 0);
	CHECK(n->ev.local.n == 1 && n->ev.local.lines[0].rtp.port == plan_mux(&w.plan).low);
	CHECK(n->ev.mux.n == 1 && n->ev.mux.lines[0].stream_id != 0);
	CHECK(n->ev.native == &w);
	b = n->leg;

	ev = (struct call_event){.type = CEV_PROGRESS};
	leg_event(w.core, b, &ev);
	CHECK(world_next(&w, CEV_PROGRESS)->leg == a);
	ev = audio(CEV_ANSWER, "192.0.2.10", 40000);
	leg_event(w.core, b, &ev);
	n = world_next(&w, CEV_ANSWER);
	CHECK(n && n->leg == a && n->ev.local.n == 1);
	port_b = n->ev.local.lines[0].rtp.port;
	CHECK(port_b >= plan_media(&w.plan).low && port_b % 2 == 0);
	CHECK(n->ev.local.lines[0].rtcp.port == port_b + 1);
	CHECK(n->ev.mux.n == 0);
	ev = (struct call_event){.type = CEV_CONFIRM};
	leg_event(w.core, a, &ev);
	CHECK(world_next(&w, CEV_CONFIRM)->leg == b);

	ev = (struct call_event){.type = CEV_RELEASE};
	leg_event(w.core, a, &ev);
	CHECK(world_next(&w, CEV_RELEASE)->leg == b);
	CHECK(call_count(w.core) == 0);
	world_free(&w);
}

static void the_first_branch_that_answers_wins(void)
{
	struct call_event ev = audio(CEV_SETUP, "203.0.113.20", 10000);
	struct leg *a, *b[3];
	size_t n_released = 0;
	struct note *n;

	CHECK(world_init(&w, edge_text));
	w.registered = "bob@example.com";
	w.n_bindings = 3;
	a = incoming("default", "bob@example.com", false, &ev);
	for (int i = 0; i < 3; i++)
		b[i] = world_next(&w, CEV_SETUP)->leg;
	ev = audio(CEV_ANSWER, "203.0.113.21", 20000);
	leg_event(w.core, b[1], &ev);
	while ((n = world_next(&w, CEV_RELEASE)))
		n_released += n->leg != b[1] && n->leg != a;
	CHECK(n_released == 2);
	ev = (struct call_event){.type = CEV_RELEASE};
	leg_event(w.core, b[1], &ev);
	CHECK(world_next(&w, CEV_RELEASE)->leg == a);
	CHECK(call_count(w.core) == 0);
	world_free(&w);
}

static void refused_branches_lead_to_the_next_rule(void)
{
	struct call_event ev = audio(CEV_SETUP, "203.0.113.20", 10000);
	struct leg *b;
	struct note *n;

	CHECK(world_init(&w, edge_text));
	link_up();
	w.registered = "bob@example.com";
	w.n_bindings = 1;
	CHECK(incoming("default", "bob@example.com", false, &ev));
	b = world_next(&w, CEV_SETUP)->leg;
	ev = (struct call_event){.type = CEV_RELEASE, .cause = {.sip = 480, .text = "Gone"}};
	leg_event(w.core, b, &ev);
	world_turn(&w);
	n = world_next(&w, CEV_SETUP);
	CHECK(n && strcmp(n->zone, "control") == 0);
	CHECK(n->ev.mux.n == 1); /* its media is made anew for a link */
	ev = (struct call_event){.type = CEV_RELEASE, .cause = {.sip = 486, .text = "Busy Here"}};
	leg_event(w.core, n->leg, &ev);
	world_turn(&w);
	n = world_next(&w, CEV_RELEASE);
	CHECK(n && n->ev.cause.sip == 486);
	CHECK(call_count(w.core) == 0);
	world_free(&w);
}

static uint16_t refused_with(const char *zone, const char *alias, struct call_event *ev)
{
	struct note *n;

	if (!incoming(zone, alias, false, ev))
		return 1;
	n = world_next(&w, CEV_RELEASE);
	return n ? n->ev.cause.sip : 0;
}

static void refusals_have_a_reason(void)
{
	struct call_event good = audio(CEV_SETUP, "203.0.113.20", 10000);
	struct call_event loopback = audio(CEV_SETUP, "127.0.0.1", 10000),
			  own = audio(CEV_SETUP, "198.51.100.10", 10000);
	struct call_event multicast = audio(CEV_SETUP, "224.0.0.1", 10000);

	CHECK(world_init(&w, edge_text));
	link_up();
	CHECK(refused_with("default", "x@example.net", &good) == 404);
	CHECK(refused_with("control", "x@example.net", &good) == 403);
	w.registered = "bob@example.net";
	CHECK(refused_with("default", "bob@example.net", &good) == 480);
	CHECK(refused_with("default", "a@example.com", &loopback) == 488);
	CHECK(refused_with("default", "a@example.com", &multicast) == 488);
	CHECK(refused_with("default", "a@example.com", &own) == 488);
	CHECK(call_count(w.core) == 0);
	w.setup_err = ERR_CLOSED;
	CHECK(refused_with("default", "a@example.com", &good) == 503);
	world_free(&w);
}

static void too_many_calls_are_503_and_room_comes_back(void)
{
	struct call_event ev = audio(CEV_SETUP, "203.0.113.20", 10000);
	struct call_setup s;
	struct call_cause cause;
	struct leg *first = NULL, *leg;
	size_t n_alarms;

	CHECK(world_init(&w, edge_text));
	link_up();
	n_alarms = alarm_count(w.alarms);
	s = setup_from(&w, "default", "alice@example.com", false);
	for (int i = 0; i < 16; i++) {
		s.loop_key = (uint64_t)i;
		CHECK(call_setup(w.core, &w.ops, &w.peer, &s, &ev, &leg, &cause) == OK);
		first = first ? first : leg;
	}
	CHECK(call_setup(w.core, &w.ops, &w.peer, &s, &ev, &leg, &cause) == ERR_FULL);
	CHECK(cause.sip == 503 && cause.text[0]);
	CHECK(alarm_count(w.alarms) == n_alarms + 1);
	ev = (struct call_event){.type = CEV_RELEASE};
	leg_event(w.core, first, &ev);
	CHECK(alarm_count(w.alarms) == n_alarms);
	CHECK(call_setup(w.core, &w.ops, &w.peer, &s, &ev, &leg, &cause) == OK);
	world_free(&w);
}

static void a_loop_is_refused(void)
{
	struct call_event ev = audio(CEV_SETUP, "203.0.113.20", 10000);
	struct note *n;

	CHECK(world_init(&w, edge_text));
	link_up();
	CHECK(incoming("default", "alice@example.com", false, &ev));
	CHECK(incoming(
		"default", "alice@example.com", false, &ev)); /* same Call-ID, tag and target */
	n = world_next(&w, CEV_RELEASE);
	CHECK(n && n->ev.cause.sip == 482);
	world_free(&w);
}

static struct leg *established(struct leg **ret_b)
{
	struct call_event ev = audio(CEV_SETUP, "203.0.113.20", 10000);
	struct leg *a = incoming("default", "alice@example.com", false, &ev);

	*ret_b = world_next(&w, CEV_SETUP)->leg;
	ev = audio(CEV_ANSWER, "192.0.2.10", 40000);
	leg_event(w.core, *ret_b, &ev);
	ev = (struct call_event){.type = CEV_CONFIRM};
	leg_event(w.core, a, &ev);
	w.n_seen = w.n_notes;
	return a;
}

static void offers_inside_a_call_are_staged(void)
{
	struct call_event ev;
	struct leg *a, *b;
	struct note *n;

	CHECK(world_init(&w, edge_text));
	link_up();
	a = established(&b);
	ev = audio(CEV_OFFER, "203.0.113.20", 12000);
	leg_event(w.core, a, &ev);
	CHECK(world_next(&w, CEV_OFFER)->leg == b);
	leg_event(w.core, a, &ev); /* while one is open */
	n = world_next(&w, CEV_REFUSE);
	CHECK(n && n->leg == a && n->ev.cause.sip == 491);
	ev = (struct call_event){.type = CEV_REFUSE, .cause = {.sip = 488}};
	leg_event(w.core, b, &ev);
	n = world_next(&w, CEV_REFUSE);
	CHECK(n && n->leg == a && n->ev.cause.sip == 488);
	ev = audio(CEV_OFFER, "192.0.2.10", 41000); /* and now the other way */
	leg_event(w.core, b, &ev);
	CHECK(world_next(&w, CEV_OFFER)->leg == a);
	ev = audio(CEV_ANSWER, "203.0.113.20", 12000);
	leg_event(w.core, a, &ev);
	CHECK(world_next(&w, CEV_ANSWER)->leg == b);
	world_free(&w);
}

/* RFC 3262: what a reliable 183 answered is not repeated in the 2xx. */
static void an_early_answer_can_be_the_answer(void)
{
	struct call_event ev = audio(CEV_SETUP, "203.0.113.20", 10000);
	struct leg *a, *b;
	struct note *n;

	CHECK(world_init(&w, edge_text));
	link_up();
	a = incoming("default", "alice@example.com", false, &ev);
	b = world_next(&w, CEV_SETUP)->leg;
	ev = audio(CEV_PROGRESS, "192.0.2.10", 40000);
	leg_event(w.core, b, &ev);
	ev = (struct call_event){.type = CEV_ANSWER};
	leg_event(w.core, b, &ev);
	ev = audio(CEV_OFFER, "203.0.113.20", 12000);
	leg_event(w.core, a, &ev);
	ev = (struct call_event){.type = CEV_REFUSE, .cause = {.sip = 488}};
	leg_event(w.core, b, &ev);
	ev = audio(CEV_OFFER, "203.0.113.20", 12000);
	leg_event(w.core, a, &ev);
	w.n_seen = w.n_notes - 1;
	n = world_next(&w, CEV_OFFER);
	CHECK(n && n->leg == b && n->ev.local.n == 1 && !n->ev.local.lines[0].is_refused);
	n = &w.notes[0];
	CHECK(w.notes[w.n_notes - 1].ev.mux.lines[0].stream_id == n->ev.mux.lines[0].stream_id);
	world_free(&w);
}

static void a_setup_without_offer_is_answered_with_one(void)
{
	struct call_event ev = {.type = CEV_SETUP};
	struct leg *a, *b;
	struct note *n;

	CHECK(world_init(&w, edge_text));
	link_up();
	a = incoming("default", "alice@example.com", false, &ev);
	b = world_next(&w, CEV_SETUP)->leg;
	ev = audio(CEV_ANSWER, "192.0.2.10", 40000);
	leg_event(w.core, b, &ev);
	n = world_next(&w, CEV_ANSWER);
	CHECK(n && n->leg == a && n->ev.local.n == 1 && n->ev.local.lines[0].rtp.port);
	ev = audio(CEV_CONFIRM, "203.0.113.20", 10000);
	leg_event(w.core, a, &ev);
	n = world_next(&w, CEV_CONFIRM);
	CHECK(n && n->leg == b && n->ev.local.n == 1 && n->ev.mux.n == 1);
	world_free(&w);
}

static void nobody_else_rings_after_a_6xx(void)
{
	struct call_event ev = audio(CEV_SETUP, "203.0.113.20", 10000);
	struct leg *a, *b[3];
	size_t n_cancelled = 0;
	struct note *n;

	CHECK(world_init(&w, edge_text));
	link_up();
	w.registered = "bob@example.com";
	w.n_bindings = 3;
	a = incoming("default", "bob@example.com", false, &ev);
	for (int i = 0; i < 3; i++)
		b[i] = world_next(&w, CEV_SETUP)->leg;
	ev = (struct call_event){.type = CEV_RELEASE, .cause = {.sip = 486}};
	leg_event(w.core, b[0], &ev);
	CHECK(!world_next(&w, CEV_RELEASE));
	w.n_seen = w.n_notes;
	ev = (struct call_event){.type = CEV_RELEASE, .cause = {.sip = 603, .text = "Decline"}};
	leg_event(w.core, b[1], &ev);
	n = world_next(&w, CEV_RELEASE);
	CHECK(n && n->leg == a && n->ev.cause.sip == 603);
	while ((n = world_next(&w, CEV_RELEASE)))
		n_cancelled += n->leg == b[2];
	CHECK(n_cancelled == 1 && call_count(w.core) == 0);
	world_turn(&w);
	CHECK(!world_next(&w, CEV_SETUP)); /* nor is there a next group */
	world_free(&w);
}

static void an_offer_that_cannot_be_carried_goes_nowhere(void)
{
	struct call_event ev = audio(CEV_SETUP, "127.0.0.1", 10000);
	struct note *n;

	CHECK(world_init(&w, edge_text));
	link_up();
	w.registered = "bob@example.com"; /* and a rule after that of the registrations */
	w.n_bindings = 1;
	CHECK(incoming("default", "bob@example.com", false, &ev));
	n = world_next(&w, CEV_RELEASE);
	CHECK(n && n->ev.cause.sip == 488 && w.n_notes == 1);
	world_free(&w);
}

static void the_best_refusal_reaches_the_caller_whole(void)
{
	struct call_event ev = audio(CEV_SETUP, "203.0.113.20", 10000);
	struct note *n;

	CHECK(world_init(&w, edge_text));
	link_up();
	CHECK(incoming("default", "alice@example.com", false, &ev));
	n = world_next(&w, CEV_SETUP);
	ev = (struct call_event){
		.type = CEV_RELEASE, .cause = {.sip = 486, .q850 = 17, .text = "Busy Here"}};
	leg_event(w.core, n->leg, &ev);
	world_turn(&w);
	n = world_next(&w, CEV_RELEASE);
	CHECK(n && n->ev.cause.sip == 486 && n->ev.cause.q850 == 17);
	CHECK(strcmp(n->ev.cause.text, "Busy Here") == 0);
	world_free(&w);
}

static void a_loop_by_way_of_a_fork_is_found(void)
{
	struct call_event ev = audio(CEV_SETUP, "203.0.113.20", 10000);
	struct note *n;
	size_t n_setups = 0;

	CHECK(world_init(&w, fork_text));
	CHECK(incoming("default", "alice@example.com", false, &ev));
	while (world_next(&w, CEV_SETUP))
		n_setups++;
	CHECK(n_setups == 2);
	CHECK(incoming("default", "ALICE@example.com", false, &ev)); /* it comes back */
	w.n_seen = w.n_notes - 1;
	n = world_next(&w, CEV_RELEASE);
	CHECK(n && n->ev.cause.sip == 482 && call_count(w.core) == 1);
	world_free(&w);
}

/* Answers of both legs to what was an empty re-INVITE of leg a. */
static void renegotiate(struct leg *a, struct leg *b, const char *host)
{
	struct call_event ev = {.type = CEV_OFFER};
	struct note *n;

	leg_event(w.core, a, &ev);
	n = world_next(&w, CEV_OFFER);
	CHECK(n && n->leg == b && !n->ev.has_media);
	ev = audio(CEV_ANSWER, host, 41000);
	leg_event(w.core, b, &ev);
	n = world_next(&w, CEV_ANSWER);
	CHECK(n && n->leg == a && n->ev.has_media && n->ev.local.n == 1);
}

static void an_empty_offer_is_answered_with_one(void)
{
	struct call_event ev;
	struct leg *a, *b;
	struct note *n;

	CHECK(world_init(&w, edge_text));
	link_up();
	a = established(&b);
	renegotiate(a, b, "192.0.2.10");
	ev = audio(CEV_OFFER, "203.0.113.20", 12000); /* while that offer is open */
	leg_event(w.core, a, &ev);
	n = world_next(&w, CEV_REFUSE);
	CHECK(n && n->leg == a && n->ev.cause.sip == 491);
	ev = audio(CEV_CONFIRM, "203.0.113.20", 12000);
	leg_event(w.core, a, &ev);
	n = world_next(&w, CEV_CONFIRM);
	CHECK(n && n->leg == b && n->ev.has_media);
	renegotiate(a, b, "192.0.2.10");
	ev = (struct call_event){.type = CEV_CONFIRM}; /* without the answer that it owes */
	leg_event(w.core, a, &ev);
	w.n_seen = w.n_notes;
	ev = audio(CEV_OFFER, "203.0.113.20", 12000);
	leg_event(w.core, a, &ev);
	CHECK(world_next(&w, CEV_OFFER) && call_count(w.core) == 1);
	world_free(&w);
}

static void an_offer_of_the_other_side_survives_a_late_confirm(void)
{
	struct call_event ev;
	struct leg *a, *b;
	struct note *n;

	CHECK(world_init(&w, edge_text));
	link_up();
	a = established(&b);
	ev = audio(CEV_OFFER, "192.0.2.10", 41000);
	leg_event(w.core, b, &ev);
	ev = (struct call_event){.type = CEV_CONFIRM};
	leg_event(w.core, a, &ev);
	ev = audio(CEV_OFFER, "203.0.113.20", 12000);
	leg_event(w.core, a, &ev);
	n = world_next(&w, CEV_REFUSE);
	CHECK(n && n->leg == a && n->ev.cause.sip == 491);
	world_free(&w);
}

/* ---- a new configuration ---- */

static struct conf *configure(const char *text)
{
	struct conf_input in = {.text = str_of(text), .file = "test"};
	struct conf *conf = calloc(1, sizeof *conf);

	CHECK(conf && conf_load(&in, conf, world_error, NULL) == OK);
	call_core_configure(w.core, conf);
	free(w.conf);
	w.conf = conf;
	return conf;
}

static void calls_stay_in_zones_that_stay(void)
{
	struct zone *control, *internet;
	struct leg *a, *b;
	uint64_t handle;
	uint32_t index;
	struct note *n;

	CHECK(world_init(&w, edge_text));
	link_up();
	a = established(&b);
	control = zone_named(w.zones, STR("control"));
	internet = zone_named(w.zones, STR("internet"));
	handle = control->handle;
	(void)configure(other_order_text);
	CHECK(zone_named(w.zones, STR("control")) == control && control->is_up);
	CHECK(zone_named(w.zones, STR("internet")) == internet);
	CHECK(zone_at(w.zones, 2) == internet && zone_at(w.zones, 4) == control);
	CHECK(control->handle == handle && zone_get(w.zones, handle) == control);
	CHECK(strcmp(control->conf->name, "control") == 0 && control->n_calls == 1);
	CHECK(call_count(w.core) == 1 && !world_next(&w, CEV_RELEASE));
	index = control->index;
	(void)configure(without_link_text);
	CHECK(control->index == index); /* for whom still points at it */
	n = world_next(&w, CEV_RELEASE);
	CHECK(n && n->leg == a && n->ev.cause.sip == 480);
	CHECK(world_next(&w, CEV_RELEASE)->leg == b && call_count(w.core) == 0);
	CHECK(!zone_named(w.zones, STR("control")) && !zone_get(w.zones, handle));
	world_free(&w);
}

static void a_search_goes_on_in_the_new_plan(void)
{
	struct call_event ev = audio(CEV_SETUP, "203.0.113.20", 10000);
	struct note *n;

	CHECK(world_init(&w, edge_text));
	link_up();
	w.registered = "p1@example.com"; /* after the transform, which applies once */
	w.n_bindings = 1;
	CHECK(incoming("default", "1@example.com", false, &ev));
	n = world_next(&w, CEV_SETUP);
	CHECK(n && strcmp(n->zone, "local") == 0);
	(void)configure(other_order_text); /* with rules before the ones that were tried */
	ev = (struct call_event){.type = CEV_RELEASE, .cause = {.sip = 480}};
	leg_event(w.core, n->leg, &ev);
	world_turn(&w);
	n = world_next(&w, CEV_SETUP);
	CHECK(n && strcmp(n->zone, "control") == 0);
	CHECK(strcmp(n->alias, "p1@example.com") == 0);
	world_free(&w);
}

/* Media's word: side 0 and side 1 have sent this many packets, the last just now. */
static void media_says(uint64_t stream, uint32_t a, uint32_t b)
{
	struct flow_is is = {.state = FLOW_BOTH};
	uint8_t buf[512];
	struct wr out = wr_of(buf, sizeof buf);
	struct rd r;

	is.end[0].rx_packets = a;
	is.end[1].rx_packets = b;
	flow_is_put(&out, &is);
	r = rd_of(wr_done(&out));
	call_flow_is(w.core, stream, &r);
}

static bool is_alarm(void)
{
	return alarm_count(w.alarms) > 0;
}

/* For so many milliseconds of real time, media speaking all the while. */
static void hear(uint64_t stream, uint32_t ms, uint32_t a, uint32_t b)
{
	const uint64_t end = io_now(w.io) + ms * 1000000ull;

	while (io_now(w.io) < end) {
		media_says(stream, a, b);
		world_turn(&w);
	}
}

static void a_side_without_media_is_an_alarm(void)
{
	struct call_event ev;
	struct leg *a, *b;
	uint64_t stream;

	CHECK(world_init(&w, edge_text));
	link_up();
	w.conf->media.no_media_alarm_ms = 300;
	alarm_clear(w.alarms, "ZON-004", zone_named(w.zones, STR("control"))->handle);
	a = established(&b);
	stream = a->call->streams.lines[0]->handle;
	CHECK(!is_alarm());
	hear(stream, 1100, 1, 1);
	CHECK(!is_alarm());
	hear(stream, 1100, 1, 0); /* what was heard of side 1 once grows old: the flow began anew */
	CHECK(is_alarm());
	hear(stream, 1100, 1, 1);
	CHECK(!is_alarm());
	ev = audio(CEV_OFFER, "203.0.113.20", 10000); /* on hold: nothing is missed of side 1 */
	ev.media.lines[0].direction = MD_SEND;
	leg_event(w.core, a, &ev);
	ev = audio(CEV_ANSWER, "192.0.2.10", 40000);
	ev.media.lines[0].direction = MD_RECEIVE;
	leg_event(w.core, b, &ev);
	hear(stream, 1100, 1, 0);
	CHECK(!is_alarm());
	hear(stream, 1100, 0, 0);
	CHECK(is_alarm());
	ev = (struct call_event){.type = CEV_RELEASE};
	leg_event(w.core, a, &ev);
	hear(stream, 1100, 0, 0);
	CHECK(!is_alarm() && call_count(w.core) == 0);
	world_free(&w);
}

TEST_MAIN(T(a_side_without_media_is_an_alarm), T(a_call_goes_up_and_down),
	T(the_first_branch_that_answers_wins), T(refused_branches_lead_to_the_next_rule),
	T(refusals_have_a_reason), T(too_many_calls_are_503_and_room_comes_back),
	T(a_loop_is_refused), T(a_loop_by_way_of_a_fork_is_found), T(nobody_else_rings_after_a_6xx),
	T(an_offer_that_cannot_be_carried_goes_nowhere),
	T(the_best_refusal_reaches_the_caller_whole), T(offers_inside_a_call_are_staged),
	T(an_empty_offer_is_answered_with_one),
	T(an_offer_of_the_other_side_survives_a_late_confirm), T(an_early_answer_can_be_the_answer),
	T(a_setup_without_offer_is_answered_with_one), T(calls_stay_in_zones_that_stay),
	T(a_search_goes_on_in_the_new_plan))
