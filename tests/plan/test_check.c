/* test_check.c - every fault that a plan can have is found and told in a sentence. */
#include <string.h>

#include "base/rd.h"
#include "plan/plan.h"
#include "test.h"

static char told[4096];

static void on_fault(void *arg, struct str sentence)
{
	struct wr *w = arg;

	wr_str(w, sentence);
	wr_printf(w, "\n");
}

static int check(const struct plan *p)
{
	struct wr w = wr_of(told, sizeof told - 1);
	int n = plan_check(p, on_fault, &w);

	told[wr_len(&w)] = '\0';
	if (n)
		printf("# %s", told);
	return n;
}

static bool says(const char *part)
{
	return strstr(told, part) != NULL;
}

static struct plan all_on(enum plan_host node)
{
	struct plan p;
	struct plan_link link = {7001, PROTO_TLS, 6001, false}, uc = {7002, PROTO_TLS, 0, true};

	plan_defaults(&p, node, false);
	for (size_t i = 0; i < PLAN_SWITCH_MAX; i++)
		p.switches[i] = i != SW_LYNC;
	(void)!plan_add_link(&p, &link);
	(void)!plan_add_link(&p, &uc);
	return p;
}

static void the_defaults_have_no_fault(void)
{
	struct plan edge = all_on(HOST_EDGE), control = all_on(HOST_CONTROL);

	CHECK(check(&edge) == 0 && check(&control) == 0);
	edge.is_large = control.is_large = true;
	edge.ranges[RANGE_TURN].high = 3483;
	CHECK(check(&edge) == 0 && check(&control) == 0);
}

static void overlapping_ranges_of_two_owners_are_found(void)
{
	struct plan p = all_on(HOST_EDGE);

	p.ranges[RANGE_SIP_OUT].high = 30100;
	CHECK(check(&p) == 1 && says("ports.sip_outbound 25000-30100") && says("both TCP"));
	CHECK(says("ports.ephemeral 30000-35999"));
	p = all_on(HOST_EDGE);
	p.ranges[RANGE_TURN_RELAY].high = 40000;
	CHECK(check(&p) == 3 && says("ports.turn_relay 24000-40000") &&
		says("ports.media 36000-36001"));
}

static void udp_and_tcp_do_not_collide(void)
{
	struct plan p = all_on(HOST_EDGE);

	p.ranges[RANGE_TURN_RELAY] = p.ranges[RANGE_SIP_OUT];
	CHECK(check(&p) == 0);
	p.ranges[RANGE_TURN_RELAY] = p.ranges[RANGE_H323_RANGE];
	CHECK(check(&p) == 0);
}

static void a_service_that_is_off_collides_with_nothing(void)
{
	struct plan p = all_on(HOST_EDGE);

	p.ranges[RANGE_TURN_RELAY].high = 40000;
	p.switches[SW_TURN] = false;
	CHECK(check(&p) == 0);
}

static void two_services_on_one_port_are_found(void)
{
	struct plan p = all_on(HOST_EDGE);

	p.ranges[RANGE_SIP_TLS] = p.ranges[RANGE_SIP_TCP];
	CHECK(check(&p) == 1 && says("ports.sip_tcp 5060 (sig)") &&
		says("ports.sip_tls 5060 (tls)"));
	p = all_on(HOST_EDGE);
	p.ranges[RANGE_UC_XMPP] = (struct ports){7001, 7001};
	CHECK(check(&p) == 1 && says("zones[].sip.port 7001"));
}

static void two_zones_on_one_port_are_found_at_edge(void)
{
	struct plan edge = all_on(HOST_EDGE), control = all_on(HOST_CONTROL);

	edge.links[1].sip_port = control.links[1].sip_port = 7001;
	CHECK(check(&edge) == 1 && says("traversal zones 1 and 2") && says("7001"));
	CHECK(check(&control) == 0); /* its peers may be two Edges */
}

static void the_microsoft_media_range_is_refused_beside_ours(void)
{
	struct plan p = all_on(HOST_CONTROL);

	p.switches[SW_LYNC] = true;
	CHECK(check(&p) == 1 && says("b2bua.lync.media 56000-57000"));
	CHECK(says("ports.media 36002-59999"));
	p.ranges[RANGE_MEDIA].high = 55999;
	CHECK(check(&p) == 0);
}

static void ranges_that_are_wrong_by_themselves_are_found(void)
{
	struct plan p = all_on(HOST_EDGE);

	p.ranges[RANGE_MEDIA] = (struct ports){36000, 36031};
	CHECK(check(&p) == 1 && says("ports.media 36000-36031 is too small"));
	p.ranges[RANGE_MEDIA] = (struct ports){36001, 59999};
	CHECK(check(&p) == 1 && says("odd port"));
	p.ranges[RANGE_MEDIA] = (struct ports){59999, 36000};
	CHECK(check(&p) == 1 && says("lower port must come first"));
	p.ranges[RANGE_MEDIA] = (struct ports){0, 0};
	CHECK(check(&p) == 1);
	p = all_on(HOST_EDGE);
	p.ranges[RANGE_EPHEMERAL] = (struct ports){1000, 1999};
	CHECK(check(&p) == 1 && says("below 1024"));
	p = all_on(HOST_EDGE);
	p.ranges[RANGE_SIP_UDP] = (struct ports){5060, 5065};
	p.ranges[RANGE_TURN] = (struct ports){3478, 3490};
	CHECK(check(&p) == 2 && says("ports.sip_udp 5060-5065 has too many ports"));
}

/* ---- against the kernel ---- */

static int check_kernel(const struct plan *p, const char *range, const char *reserved)
{
	struct wr w = wr_of(told, sizeof told - 1);
	int n = plan_check_kernel(p, str_of(range), str_of(reserved), on_fault, &w);

	told[wr_len(&w)] = '\0';
	if (n)
		printf("# %s", told);
	return n;
}

static void what_the_kernel_may_lend_of_ours_is_found(void)
{
	struct plan p = all_on(HOST_EDGE);

	CHECK(check_kernel(&p, "32768\t60999\n", "\n") == 1 && says("36000-59999"));
	CHECK(check_kernel(&p, "30000\t35999\n", "\n") == 0);
	CHECK(check_kernel(&p, "32768 60999", "36000-59999") == 0);
	CHECK(check_kernel(&p, "32768\t60999\n", "36000-40000,40001-59999\n") == 0);
	CHECK(check_kernel(&p, "32768\t60999\n", "36000-40000,40002-59999\n") == 1);
	CHECK(check_kernel(&p, "1024\t65535\n", "36000-59999\n") > 5);
}

static void a_kernel_text_that_is_none_is_no_fault(void)
{
	struct plan p = all_on(HOST_EDGE);

	CHECK(check_kernel(&p, "", "") == 0);
	CHECK(check_kernel(&p, "nonsense", "-,,-,99999-") == 0);
}

static void our_own_list_satisfies_the_check(void)
{
	struct plan p = all_on(HOST_EDGE);
	struct ports r[PLAN_RESERVED_MAX];
	size_t n = plan_reserved(&p, r);
	char list[1024];
	struct wr w = wr_of(list, sizeof list - 1);

	for (size_t i = 0; i < n; i++)
		wr_printf(&w, "%s%u-%u", i ? "," : "", r[i].low, r[i].high);
	list[wr_len(&w)] = '\0';
	CHECK(check_kernel(&p, "1024\t65535\n", list) == 0);
	for (size_t i = 1; i < n; i++)
		CHECK(r[i].low > r[i - 1].high + 1);
}

static void every_port_a_node_binds_is_reserved(void)
{
	enum plan_host nodes[] = {HOST_CONTROL, HOST_EDGE};

	for (int i = 0; i < 2; i++) {
		struct plan p = all_on(nodes[i]);
		struct ports r[PLAN_RESERVED_MAX];
		size_t n = plan_reserved(&p, r);

		for (enum plan_row row = PLAN_NONE + 1; row < PLAN_ROW_MAX; row++) {
			struct ports own;
			bool is_covered = false;

			if (plan_ports(&p, row, &own) != OK || own.high < 1024 ||
				own.low == p.ranges[RANGE_EPHEMERAL].low)
				continue;
			for (size_t k = 0; k < n; k++)
				is_covered |= r[k].low <= own.low && own.high <= r[k].high;
			CHECK(is_covered);
		}
	}
}

TEST_MAIN(T(the_defaults_have_no_fault), T(overlapping_ranges_of_two_owners_are_found),
	T(udp_and_tcp_do_not_collide), T(a_service_that_is_off_collides_with_nothing),
	T(two_services_on_one_port_are_found), T(two_zones_on_one_port_are_found_at_edge),
	T(the_microsoft_media_range_is_refused_beside_ours),
	T(ranges_that_are_wrong_by_themselves_are_found),
	T(what_the_kernel_may_lend_of_ours_is_found), T(a_kernel_text_that_is_none_is_no_fault),
	T(our_own_list_satisfies_the_check), T(every_port_a_node_binds_is_reserved))
