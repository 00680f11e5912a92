/* test_show.c - a node that runs: what its rows look like as text and as objects, and what is asked. */
#include "ipc/flow.h"
#include "ipc/show.h"

#include "world.h"

#define CALL_ID handle_make(HK_CALL, 5, 0xabcd1234u)
#define LONG_ALIAS                                                                                 \
	"a-name-that-is-really-much-longer-than-anybody-would-dial@a-domain-of-some-length."       \
	"example"

static uint8_t buf[2048];

static struct wr body(void)
{
	return wr_of(buf, sizeof buf);
}

static void show_zone_row(const char *name, bool is_up)
{
	struct show_zone z = {.is_up = is_up, .has_link = true, .rtt_us = 12345, .since_wall_s = 1};
	struct wr w = body();

	(void)str_copy(str_of(name), z.name, sizeof z.name);
	(void)str_copy(STR("traversal-client"), z.type, sizeof z.type);
	(void)str_copy(is_up ? STR("") : STR("no route\033[31m"), z.why, sizeof z.why);
	z.peer = addr_v4(198, 51, 100, 10, 7001);
	show_zone_put(&w, &z);
	node_row(fake.sig, ROW_ZONE, handle_make(HK_ZONE, (uint32_t)fake.n_rows, 1), &w);
}

static void show_process_row(const char *name, const char *state)
{
	struct show_process p = {.pid = 77, .restarts = 2, .kept = 9};
	struct wr w = body();

	(void)str_copy(str_of(name), p.name, sizeof p.name);
	(void)str_copy(str_of(state), p.state, sizeof p.state);
	show_process_put(&w, &p);
	node_row(fake.keeper, ROW_PROCESS, handle_make(HK_PROCESS, (uint32_t)fake.n_rows, 1), &w);
}

static void show_alarm_row(const char *severity)
{
	struct show_alarm a = {.id = "MED-002", .cause = "no media", .fix = "fosse calls"};
	struct wr w = body();

	(void)str_copy(str_of(severity), a.severity, sizeof a.severity);
	show_alarm_put(&w, &a);
	node_row(fake.sig, ROW_ALARM, handle_make(HK_ALARM, 1, 1), &w);
}

static void show_call_row(void)
{
	struct show_call c = {.id = CALL_ID, .state = CALL_UP, .since_wall_s = 1, .rule = "out"};
	struct wr w = body();

	(void)str_copy(STR(LONG_ALIAS), c.leg[0].alias, sizeof c.leg[0].alias);
	(void)str_copy(STR("b@example.com"), c.leg[1].alias, sizeof c.leg[1].alias);
	(void)str_copy(STR("to-edge"), c.leg[1].zone, sizeof c.leg[1].zone);
	c.leg[0].peer = addr_v4(192, 0, 2, 20, 5060);
	show_call_put(&w, &c);
	node_row(fake.sig, ROW_CALL, CALL_ID, &w);
}

static void show_flow_row(void)
{
	struct flow_is f = {.call = CALL_ID, .state = FLOW_ONE_WAY};
	struct wr w = body();

	f.end[0] = (struct flow_end_is){.proof = PROOF_SIGNALLED,
		.rx_packets = 900,
		.lost = 100,
		.jitter_us = 1500,
		.silent_ms = 12000,
		.unknown_packets = 3};
	f.end[0].rtp = addr_v4(192, 0, 2, 20, 4000);
	flow_is_put(&w, &f);
	node_row(fake.media, ROW_FLOW_IS, handle_make(HK_STREAM, 1, 1), &w);
}

static void begin(bool is_up)
{
	fake_init();
	node_begin();
	show_process_row("keeper", "running");
	show_process_row("sig", "running");
	show_zone_row("to-edge", is_up);
}

static void a_healthy_node_is_exit_0(void)
{
	begin(true);
	CHECK(FOSSE("status") == CLI_OK);
	CHECK(strncmp(fake.out, "healthy; 0 calls", 16) == 0 && is_narrow(fake.out));
	CHECK(has_out("to-edge  traversal-client  up") && has_out("198.51.100.10:7001"));
	CHECK(FOSSE("status", "--json") == CLI_OK);
	CHECK(has_out("{\"object\":\"status\",\"version\":1,\"healthy\":true"));
	CHECK(has_out("\"name\":\"to-edge\",\"type\":\"traversal-client\",\"state\":\"up\""));
	CHECK(has_out("\"name\":\"sig\",\"pid\":77,\"state\":\"running\",\"restarts\":2"));
	CHECK(has_out("\"rtt_ms\":12.345") && has_out("\"since\":\"1970-01-01T00:00:01Z\""));
	CHECK(FOSSE("alarms") == CLI_OK && has_said("no alarm"));
	node_end();
}

static void a_zone_that_is_down_is_exit_1(void)
{
	begin(false);
	CHECK(FOSSE("status") == CLI_NOT_OK && has_out("not healthy, 1 zone down"));
	CHECK(has_out("to-edge is down: no route?[31m\n")); /* no escape reaches the terminal */
	CHECK(FOSSE("zones") == CLI_NOT_OK);
	CHECK(FOSSE("zones", "--json") == CLI_NOT_OK && has_out("\"state\":\"down\""));
	CHECK(FOSSE("status", "--wait", "1") == CLI_NOT_OK);
	node_end();
}

static void an_error_is_exit_1_and_a_warning_is_not(void)
{
	begin(true);
	show_alarm_row("warning");
	CHECK(FOSSE("status") == CLI_OK && has_out("healthy, 1 warning"));
	CHECK(FOSSE("alarms") == CLI_OK && has_out("MED-002 warning") && has_out("fosse calls"));
	node_end();
	begin(true);
	show_alarm_row("error");
	CHECK(FOSSE("status") == CLI_NOT_OK && has_out("not healthy, 1 error"));
	CHECK(FOSSE("alarms", "--json") == CLI_NOT_OK && has_out("\"process\":\"sig\""));
	node_end();
}

static void a_process_that_does_not_run_is_exit_1(void)
{
	begin(true);
	show_process_row("media", "waiting");
	CHECK(FOSSE("status") == CLI_NOT_OK && has_out("1 process not running"));
	node_end();
}

static void calls_are_listed_shown_and_dropped(void)
{
	begin(true);
	CHECK(FOSSE("calls") == CLI_OK && has_out("no call\n"));
	show_call_row();
	CHECK(FOSSE("calls") == CLI_OK && is_narrow(fake.out));
	CHECK(has_out("1.5.abcd1234  up") && has_out("b@example.com"));
	CHECK(FOSSE("calls", "--json") == CLI_OK && has_out("\"alias\":\"" LONG_ALIAS "\""));
	CHECK(FOSSE("calls", "show", "cd1234") == CLI_OK && has_out("rule \"out\""));
	CHECK(has_out(LONG_ALIAS) && has_out("zone to-edge"));
	CHECK(FOSSE("calls", "show", "9999") == CLI_NOT_OK && has_said("no call \"9999\""));
	CHECK(FOSSE("calls", "drop", "1.5.abcd1234") == CLI_OK && has_said("dropped"));
	CHECK(fake.asked == ASK_DROP && fake.asked_of == CALL_ID);
	fake.answer = ERR_NOENT;
	CHECK(FOSSE("calls", "drop", "1234") == CLI_NOT_OK && has_said("it has ended meanwhile"));
	fake.answer = ERR_DENIED;
	CHECK(FOSSE("calls", "drop", "1234") == CLI_DENIED && has_said("try sudo"));
	node_end();
}

static void media_of_both_legs_are_shown(void)
{
	begin(true);
	show_call_row();
	show_flow_row();
	CHECK(FOSSE("calls") == CLI_OK && is_narrow(fake.out) && has_out("10.0 % lost"));
	CHECK(FOSSE("calls", "show", "1234") == CLI_OK);
	CHECK(has_out("192.0.2.20:4000, proof: ") && has_out("lost 100 (10.0 %), jitter 1.5 ms"));
	CHECK(has_out("3 packets from a source that proved nothing") && has_out("silent for 12 s"));
	CHECK(has_out("no media yet, proof: "));
	CHECK(FOSSE("calls", "show", "1234", "--json") == CLI_OK);
	CHECK(has_out("\"rx_packets\":900") && has_out("\"jitter_ms\":1.500"));
	CHECK(has_out("\"silent_ms\":12000") && has_out("\"rtp\":null"));
	node_end();
}

static void registrations_are_listed(void)
{
	struct show_binding b = {.aor = "anna@example.com", .is_nat = true, .expires_wall_s = 1};
	struct wr w = body();

	begin(true);
	CHECK(FOSSE("registrations") == CLI_OK && has_out("nobody is registered"));
	b.peer = addr_v4(203, 0, 113, 7, 40000);
	show_binding_put(&w, &b);
	node_row(fake.sig, ROW_BINDING, handle_make(HK_BINDING, 1, 1), &w);
	CHECK(FOSSE("registrations") == CLI_OK && is_narrow(fake.out));
	CHECK(has_out("anna@example.com  203.0.113.7:40000") && has_out("yes"));
	CHECK(FOSSE("registrations", "--json") == CLI_OK && has_out("\"nat\":true"));
	node_end();
}

static void a_row_that_cannot_be_read_is_left_out(void)
{
	struct wr w = body();

	begin(true);
	wr_bytes(&w, "\0\1\0\4", 4);
	node_row(fake.sig, ROW_CALL, CALL_ID, &w);
	CHECK(FOSSE("calls") == CLI_OK && has_out("no call"));
	node_end();
}

static void an_applied_file_is_judged_by_the_keeper(void)
{
	begin(true);
	CHECK(FOSSE("apply", "x.yaml") == CLI_OK && has_said("x.yaml is applied"));
	CHECK(fake.asked == ASK_APPLY);
	fake.answer = ERR_SYNTAX;
	CHECK(FOSSE("apply", "x.yaml") == CLI_CONFIG &&
		has_said("the running configuration stays"));
	fake.answer = ERR_EXISTS;
	CHECK(FOSSE("apply", "x.yaml") == CLI_TEMPORARY);
	fake.answer = ERR_DENIED;
	CHECK(FOSSE("apply", "x.yaml") == CLI_DENIED);
	node_end();
}

TEST_MAIN(T(a_healthy_node_is_exit_0), T(a_zone_that_is_down_is_exit_1),
	T(an_error_is_exit_1_and_a_warning_is_not), T(a_process_that_does_not_run_is_exit_1),
	T(calls_are_listed_shown_and_dropped), T(media_of_both_legs_are_shown),
	T(registrations_are_listed), T(a_row_that_cannot_be_read_is_left_out),
	T(an_applied_file_is_judged_by_the_keeper))
