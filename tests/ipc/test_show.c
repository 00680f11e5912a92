/* Bodies of what people see: round trips with every text filled to its last byte. */
#include "ipc/fixture.h"
#include "ipc/kinds.h"
#include "ipc/show.h"

static void calls(void)
{
	struct show_call a = {.id = 99, .state = CALL_UP, .since_wall_s = 5}, b;
	struct wr w = wr_of(buf, kind_info(ROW_CALL)->body_max);
	struct rd r;

	for (int i = 0; i < 2; i++) {
		fill(a.leg[i].alias, SHOW_ALIAS_MAX, (char)('a' + i));
		fill(a.leg[i].zone, SHOW_NAME_MAX, 'z');
		fill(a.leg[i].protocol, 16, 'p');
		a.leg[i].peer = v6((uint16_t)(10 + i));
	}
	fill(a.rule, sizeof a.rule, 'r');
	fill(a.why, sizeof a.why, 'w');
	show_call_put(&w, &a);
	CHECK(w.err == OK);
	r = rd_of(wr_done(&w));
	CHECK(show_call_get(&r, &b) == OK);
	CHECK(b.id == 99 && b.state == CALL_UP && b.since_wall_s == 5);
	CHECK(strcmp(a.rule, b.rule) == 0 && strcmp(a.why, b.why) == 0);
	for (int i = 0; i < 2; i++) {
		CHECK(strcmp(a.leg[i].alias, b.leg[i].alias) == 0);
		CHECK(strcmp(a.leg[i].zone, b.leg[i].zone) == 0);
		CHECK(strcmp(a.leg[i].protocol, b.leg[i].protocol) == 0);
		CHECK(addr_eq(&a.leg[i].peer, &b.leg[i].peer));
	}
}

static void zones_and_bindings(void)
{
	struct show_zone za = {.is_up = true,
				 .local = v6(1),
				 .peer = v6(2),
				 .since_wall_s = 3,
				 .rtt_us = 4,
				 .calls = 5},
			 zb;
	struct show_binding ba = {.peer = v6(3), .expires_wall_s = 6, .has_conn = true}, bb;
	struct wr w = wr_of(buf, kind_info(ROW_ZONE)->body_max);
	struct rd r;

	fill(za.name, sizeof za.name, 'n');
	fill(za.type, sizeof za.type, 't');
	fill(za.transport, sizeof za.transport, 'x');
	fill(za.why, sizeof za.why, 'w');
	show_zone_put(&w, &za);
	CHECK(w.err == OK);
	r = rd_of(wr_done(&w));
	CHECK(show_zone_get(&r, &zb) == OK && zb.is_up && !zb.has_link && zb.rtt_us == 4 &&
		zb.calls == 5);
	CHECK(strcmp(za.name, zb.name) == 0 && strcmp(za.why, zb.why) == 0 &&
		addr_eq(&za.peer, &zb.peer));
	CHECK(strcmp(za.type, zb.type) == 0 && strcmp(za.transport, zb.transport) == 0);
	fill(ba.aor, sizeof ba.aor, 'a');
	fill(ba.contact, sizeof ba.contact, 'c');
	fill(ba.user_agent, sizeof ba.user_agent, 'u');
	fill(ba.auth_user, sizeof ba.auth_user, 'q');
	w = wr_of(buf, kind_info(ROW_BINDING)->body_max);
	show_binding_put(&w, &ba);
	CHECK(w.err == OK);
	r = rd_of(wr_done(&w));
	CHECK(show_binding_get(&r, &bb) == OK && bb.has_conn && !bb.is_nat &&
		bb.expires_wall_s == 6);
	CHECK(strcmp(ba.aor, bb.aor) == 0 && strcmp(ba.contact, bb.contact) == 0);
	CHECK(strcmp(ba.user_agent, bb.user_agent) == 0 && strcmp(ba.auth_user, bb.auth_user) == 0);
}

static void alarms_and_processes(void)
{
	struct show_alarm aa = {.id = "PRT-001", .severity = "error", .since_wall_s = 8}, ab;
	struct show_process pa = {.name = "sig",
		.pid = 1,
		.restarts = 2,
		.since_wall_s = 3,
		.state = "running",
		.kept = 4};
	struct show_process pb;
	struct wr w = wr_of(buf, kind_info(ROW_ALARM)->body_max);
	struct rd r;

	fill(aa.cause, sizeof aa.cause, 'c');
	fill(aa.fix, sizeof aa.fix, 'f');
	show_alarm_put(&w, &aa);
	CHECK(w.err == OK);
	r = rd_of(wr_done(&w));
	CHECK(show_alarm_get(&r, &ab) == OK && strcmp(ab.id, "PRT-001") == 0 &&
		ab.since_wall_s == 8);
	CHECK(strcmp(aa.cause, ab.cause) == 0 && strcmp(aa.fix, ab.fix) == 0);
	w = wr_of(buf, kind_info(ROW_PROCESS)->body_max);
	show_process_put(&w, &pa);
	r = rd_of(wr_done(&w));
	CHECK(show_process_get(&r, &pb) == OK && pb.pid == 1 && pb.restarts == 2 && pb.kept == 4);
	CHECK(strcmp(pb.state, "running") == 0 && strcmp(pb.name, "sig") == 0);
}

static void counters(void)
{
	char name[SHOW_NAME_MAX];
	struct wr w = wr_of(buf, sizeof buf);
	uint64_t v;
	struct rd r;

	show_counter_put(&w, "in", 1);
	show_counter_put(&w, "out", ~0ull);
	r = rd_of(wr_done(&w));
	CHECK(show_counter_next(&r, name, &v) && strcmp(name, "in") == 0 && v == 1);
	CHECK(show_counter_next(&r, name, &v) && strcmp(name, "out") == 0 && v == ~0ull);
	CHECK(!show_counter_next(&r, name, &v));
}

TEST_MAIN(T(calls), T(zones_and_bindings), T(alarms_and_processes), T(counters))
