/* Bodies of what the keeper gives, and names that may become files. */
#include "ipc/fixture.h"
#include "ipc/given.h"

static void given(void)
{
	struct given_socket sa = {PLAN_LINK_TLS, v6(7001)}, sb;
	struct given_peer pa = {P_MEDIA, true}, pb;
	struct given_key ka = {KEY_ZONE, "zone.pem"}, kb;
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
	CHECK(given_key_get(&r, &kb) == OK && strcmp(kb.name, "zone.pem") == 0 &&
		kb.use == KEY_ZONE);
	ka.use = KEY_USE_MAX;
	w = wr_of(buf, kind_info(ROW_KEY_FILE)->body_max);
	given_key_put(&w, &ka);
	r = rd_of(wr_done(&w));
	CHECK(given_key_get(&r, &kb) == ERR_RANGE);
	memset(ka.name, 'n', sizeof ka.name - 1); /* as long as the configuration takes a path */
	w = wr_of(buf, kind_info(ROW_KEY_FILE)->body_max);
	given_key_put(&w, &ka);
	CHECK(w.err == OK);
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

TEST_MAIN(T(given), T(socket_handles), T(pairings_are_plain_names))
