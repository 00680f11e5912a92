/* Round trips of every body, at full and at empty size, cut at every byte, with unknown tags. */
#include <stdlib.h>
#include <string.h>

#include "ipc/dial.h"
#include "ipc/flow.h"
#include "ipc/given.h"
#include "ipc/kinds.h"
#include "ipc/show.h"
#include "test.h"

static uint8_t buf[4096];

static struct addr v6(uint16_t port)
{
	struct addr a;

	CHECK(addr_parse_host(STR("2001:db8:1:2:3:4:5:6"), &a) == OK);
	return addr_with_port(&a, port);
}

/* Fills a text to its last byte. */
static void fill(char *z, size_t size, char c)
{
	memset(z, c, size - 1);
	z[size - 1] = '\0';
}

static struct flow_end an_end(uint8_t kind)
{
	return (struct flow_end){.kind = kind,
		.is_nat = true,
		.has_rtcp = true,
		.row = PLAN_LINK_RTP,
		.local = addr_v4(192, 0, 2, 1, 36002),
		.remote_rtp = v6(5004),
		.remote_rtcp = v6(5005),
		.signalling = v6(0),
		.payload_types = {1, ~0ull},
		.stream_id = 0x0102030405060708,
		.zone = 7};
}

static void end_is_equal(const struct flow_end *a, const struct flow_end *b)
{
	CHECK(a->kind == b->kind && a->row == b->row && a->is_nat == b->is_nat);
	CHECK(a->has_rtcp == b->has_rtcp && a->has_rtcp_mux == b->has_rtcp_mux);
	CHECK(a->is_on_hold == b->is_on_hold);
	CHECK(addr_eq(&a->local, &b->local) && addr_eq(&a->remote_rtp, &b->remote_rtp));
	CHECK(addr_eq(&a->remote_rtcp, &b->remote_rtcp) && addr_eq(&a->signalling, &b->signalling));
	CHECK(a->payload_types[0] == b->payload_types[0] &&
		a->payload_types[1] == b->payload_types[1]);
	CHECK(a->stream_id == b->stream_id && a->zone == b->zone);
}

static void flow_want(void)
{
	struct flow_want a = {.call = 9,
				 .line = 3,
				 .classes = CLASS_RTP | CLASS_STUN,
				 .lease_ms = 120000},
			 b;
	struct wr w = wr_of(buf, kind_info(ROW_FLOW_WANT)->body_max);
	struct rd r;

	a.end[0] = an_end(END_DIRECT);
	a.end[1] = an_end(END_MUX_SERVER);
	a.end[1].is_nat = false;
	a.end[1].has_rtcp_mux = a.end[1].is_on_hold = true;
	flow_want_put(&w, &a);
	CHECK(w.err == OK);
	r = rd_of(wr_done(&w));
	CHECK(flow_want_get(&r, &b) == OK);
	CHECK(b.call == 9 && b.line == 3 && b.classes == (CLASS_RTP | CLASS_STUN) &&
		b.lease_ms == 120000);
	end_is_equal(&a.end[0], &b.end[0]);
	end_is_equal(&a.end[1], &b.end[1]);
}

static void flow_want_refuses(void)
{
	struct flow_want a = {.lease_ms = 1}, b = {.call = 77};
	struct wr w = wr_of(buf, sizeof buf);
	struct rd r;

	a.end[0].kind = END_MUX_SERVER + 1;
	flow_want_put(&w, &a);
	r = rd_of(wr_done(&w));
	CHECK(flow_want_get(&r, &b) == ERR_RANGE && b.call == 77);
	w = wr_of(buf, sizeof buf);
	a.end[0].kind = END_DIRECT;
	a.end[1].row = PLAN_ROW_MAX;
	flow_want_put(&w, &a);
	r = rd_of(wr_done(&w));
	CHECK(flow_want_get(&r, &b) == ERR_RANGE && b.call == 77);
}

static void flow_is(void)
{
	struct flow_is a = {.call = 5, .line = 1, .state = FLOW_REFUSED}, b;
	struct wr w = wr_of(buf, kind_info(ROW_FLOW_IS)->body_max);
	struct rd r;

	fill(a.why, sizeof a.why, 'w');
	a.end[0] = (struct flow_end_is){PROOF_TOKEN, v6(1), v6(2), 1, 2, 3, 4, 5, 6, 7, 8};
	a.end[1] = (struct flow_end_is){
		PROOF_DATAGRAM, v6(3), v6(4), ~0ull, 12, 13, 14, 15, 16, 17, 18};
	flow_is_put(&w, &a);
	CHECK(w.err == OK);
	r = rd_of(wr_done(&w));
	CHECK(flow_is_get(&r, &b) == OK);
	CHECK(strcmp(a.why, b.why) == 0 && b.call == 5 && b.line == 1 && b.state == FLOW_REFUSED);
	CHECK(b.end[0].rx_packets == 1 && b.end[0].silent_ms == 8 && b.end[0].proof == PROOF_TOKEN);
	CHECK(b.end[1].rx_packets == ~0ull && b.end[1].tx_packets == 13 &&
		b.end[1].jitter_us == 17);
	CHECK(b.end[1].rtcp_packets == 14 && b.end[1].unknown_packets == 15 && b.end[1].lost == 16);
	CHECK(addr_eq(&a.end[1].rtcp, &b.end[1].rtcp));
	w = wr_of(buf, sizeof buf);
	a.state = FLOW_STATE_MAX;
	flow_is_put(&w, &a);
	r = rd_of(wr_done(&w));
	CHECK(flow_is_get(&r, &b) == ERR_RANGE);
}

static void zone_media(void)
{
	struct zone_media a = {.is_edge = true, .keepalive_ms = 10000, .peer = v6(1)}, b;
	struct wr w = wr_of(buf, kind_info(ROW_ZONE_MEDIA)->body_max);
	struct rd r;

	fill(a.name, sizeof a.name, 'z');
	memset(a.key, 0xa1, sizeof a.key);
	zone_media_put(&w, &a);
	r = rd_of(wr_done(&w));
	CHECK(zone_media_get(&r, &b) == OK && !b.has_old_key && b.is_edge);
	CHECK(memcmp(a.key, b.key, 32) == 0 && strcmp(a.name, b.name) == 0 &&
		b.keepalive_ms == 10000);
	a.has_old_key = true;
	memset(a.old_key, 0xb2, sizeof a.old_key);
	w = wr_of(buf, kind_info(ROW_ZONE_MEDIA)->body_max);
	zone_media_put(&w, &a);
	CHECK(w.err == OK);
	r = rd_of(wr_done(&w));
	CHECK(zone_media_get(&r, &b) == OK && b.has_old_key &&
		memcmp(a.old_key, b.old_key, 32) == 0);
}

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

static struct peer a_peer(void)
{
	struct peer p = {.remote = v6(1),
		.local = v6(2),
		.row = PLAN_LINK_TLS,
		.is_inbound = true,
		.is_tls = true,
		.has_spki = true};

	memset(p.spki, 0x5a, 32);
	fill(p.san, sizeof p.san, 's');
	fill(p.sni, sizeof p.sni, 'n');
	fill(p.alpn, sizeof p.alpn, 'a');
	fill(p.zone, sizeof p.zone, 'z');
	return p;
}

static void peers(void)
{
	struct peer a = a_peer(), b;
	struct wr w = wr_of(buf, kind_info(ROW_CONN)->body_max);
	struct rd r;

	peer_put(&w, &a);
	CHECK(w.err == OK);
	r = rd_of(wr_done(&w));
	CHECK(peer_get(&r, &b) == OK && b.has_spki && !b.has_binding && b.is_tls && b.is_inbound);
	CHECK(b.row == PLAN_LINK_TLS && addr_eq(&a.remote, &b.remote) &&
		addr_eq(&a.local, &b.local));
	CHECK(memcmp(a.spki, b.spki, 32) == 0 && strcmp(a.san, b.san) == 0 &&
		strcmp(a.sni, b.sni) == 0);
	CHECK(strcmp(a.alpn, b.alpn) == 0 && strcmp(a.zone, b.zone) == 0);
}

static void dial_questions(void)
{
	struct tls_want a = {.row = PLAN_LINK_TLS,
		.to = v6(7001),
		.verify = TLS_VERIFY_PINNED,
		.is_link = true,
		.timeout_ms = 5};
	struct tls_want b;
	struct wr w = wr_of(buf, kind_info(ASK_TLS_DIAL)->body_max);
	struct rd r;

	memset(a.spki, 0x33, 32);
	fill(a.name, sizeof a.name, 'n');
	fill(a.alpn, sizeof a.alpn, 'a');
	fill(a.zone, sizeof a.zone, 'z');
	tls_want_put(&w, &a);
	CHECK(w.err == OK);
	r = rd_of(wr_done(&w));
	CHECK(tls_want_get(&r, &b) == OK && b.row == PLAN_LINK_TLS &&
		b.verify == TLS_VERIFY_PINNED);
	CHECK(b.is_link && b.timeout_ms == 5 && memcmp(a.spki, b.spki, 32) == 0);
	CHECK(strcmp(a.name, b.name) == 0 && strcmp(a.alpn, b.alpn) == 0 &&
		strcmp(a.zone, b.zone) == 0);
	/* what proves the peer must not be missing: an empty body is no "verify nothing" */
	r = rd_of(STR_NONE);
	CHECK(tls_want_get(&r, &b) == ERR_SHORT);
	w = wr_of(buf, sizeof buf);
	a.verify = TLS_VERIFY_CA + 1;
	tls_want_put(&w, &a);
	r = rd_of(wr_done(&w));
	CHECK(tls_want_get(&r, &b) == ERR_RANGE);
}

static void dial_answers(void)
{
	struct peer a = a_peer(), b;
	struct wr w = wr_of(buf, kind_info(ASK_TLS_DIAL)->body_max);
	struct str why;
	struct rd r;
	bool has;

	a.has_binding = true;
	r = rd_of(tls_dialled_put(&w, &a, STR_NONE));
	CHECK(w.err == OK);
	CHECK(tls_dialled_get(&r, &b, &has, &why) == OK && has && b.has_binding && !why.len);
	w = wr_of(buf, sizeof buf);
	r = rd_of(tls_dialled_put(&w, NULL, STR("refused")));
	CHECK(tls_dialled_get(&r, &b, &has, &why) == OK && !has);
	CHECK_STR(why, "refused");
}

static void given(void)
{
	struct given_socket sa = {PLAN_LINK_TLS, v6(7001)}, sb;
	struct given_peer pa = {P_MEDIA, true}, pb;
	struct given_key ka = {"zone.pem"}, kb;
	struct given_apply aa = {.file = "a.yaml", .is_dry_run = true}, ab;
	struct wr w = wr_of(buf, kind_info(ROW_SOCKET)->body_max);
	uint32_t revision;
	struct rd r;

	given_socket_put(&w, &sa);
	r = rd_of(wr_done(&w));
	CHECK(given_socket_get(&r, &sb) == OK && sb.row == PLAN_LINK_TLS &&
		addr_eq(&sa.addr, &sb.addr));
	w = wr_of(buf, kind_info(ROW_PEER)->body_max);
	given_peer_put(&w, &pa);
	r = rd_of(wr_done(&w));
	CHECK(given_peer_get(&r, &pb) == OK && pb.with == P_MEDIA && pb.may_ask);
	w = wr_of(buf, kind_info(ROW_CONFIG)->body_max);
	given_config_put(&w, 77);
	r = rd_of(wr_done(&w));
	CHECK(given_config_get(&r, &revision) == OK && revision == 77);
	w = wr_of(buf, kind_info(ROW_KEY_FILE)->body_max);
	given_key_put(&w, &ka);
	r = rd_of(wr_done(&w));
	CHECK(given_key_get(&r, &kb) == OK && strcmp(kb.name, "zone.pem") == 0);
	w = wr_of(buf, kind_info(ASK_APPLY)->body_max);
	given_apply_put(&w, &aa);
	r = rd_of(wr_done(&w));
	CHECK(given_apply_get(&r, &ab) == OK && ab.is_dry_run && strcmp(ab.file, "a.yaml") == 0);
	r = rd_of(STR_NONE);
	CHECK(given_socket_get(&r, &sb) == ERR_RANGE);
	r = rd_of(STR_NONE);
	CHECK(given_peer_get(&r, &pb) == ERR_RANGE);
	r = rd_of(STR_NONE);
	CHECK(given_key_get(&r, &kb) == ERR_SHORT);
}

/* One socket has one name, in every keeper; another address, port or protocol has another. */
static void socket_handles(void)
{
	struct given_socket a = {PLAN_LINK_TLS, v6(7001)}, b = {PLAN_LINK_TLS, v6(7002)};

	CHECK(given_socket_handle(&a, false) == given_socket_handle(&a, false));
	CHECK(given_socket_handle(&a, false) != given_socket_handle(&a, true));
	CHECK(given_socket_handle(&a, false) != given_socket_handle(&b, false));
	CHECK(handle_kind(given_socket_handle(&a, true)) == HK_SOCKET);
	CHECK(handle_slot(given_socket_handle(&a, true)) == PLAN_LINK_TLS);
}

static void pairings_are_plain_names(void)
{
	static const char *const good[] = {"control1", "a.b", "A-b_c9"};
	static const char *const bad[] = {"", ".", "..", ".hidden", "a/b", "../x", "a b", "a\n"};
	struct given_pair a = {.text = {"key value\n", 10}}, b;

	for (size_t i = 0; i < sizeof good / sizeof good[0] + sizeof bad / sizeof bad[0]; i++) {
		bool is_good = i < sizeof good / sizeof good[0];
		struct wr w = wr_of(buf, sizeof buf);
		struct rd r;

		(void)str_copy(str_of(is_good ? good[i] : bad[i - sizeof good / sizeof good[0]]),
			a.name, sizeof a.name);
		given_pair_put(&w, &a);
		r = rd_of(wr_done(&w));
		CHECK((given_pair_get(&r, &b) == OK) == is_good);
		CHECK(!is_good || (strcmp(a.name, b.name) == 0 && str_eq(a.text, b.text)));
	}
}

/* A later version's field is skipped; a body cut anywhere gives an error or a shorter list of fields. */
static void unknown_and_cut(void)
{
	struct flow_want a = {.call = 4}, b;
	struct wr w = wr_of(buf, sizeof buf);
	struct str whole;
	size_t n_ok = 0;

	wr_t_str(&w, 4000, STR("from the future"));
	a.end[0] = an_end(END_DIRECT);
	flow_want_put(&w, &a);
	whole = wr_done(&w);
	for (size_t len = 0; len <= whole.len; len++) {
		uint8_t *copy = malloc(len ? len : 1);
		struct rd r;

		memcpy(copy, whole.p, len);
		r = rd_of((struct str){(char *)copy, len});
		n_ok += flow_want_get(&r, &b) == OK;
		free(copy);
	}
	CHECK(b.call == 4);
	CHECK(n_ok > 2 && n_ok < 12); /* the places between two fields */
}

TEST_MAIN(T(flow_want), T(flow_want_refuses), T(flow_is), T(zone_media), T(calls),
	T(zones_and_bindings), T(alarms_and_processes), T(counters), T(peers), T(dial_questions),
	T(dial_answers), T(given), T(socket_handles), T(pairings_are_plain_names),
	T(unknown_and_cut))
