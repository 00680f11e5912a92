/* test_plan.c - what a node may bind, and the invariants that hold over all rows. */
#include "plan/plan.h"

#include "test.h"

static struct plan plan_of(enum plan_host node)
{
	struct plan p;

	plan_defaults(&p, node, false);
	return p;
}

static void turn_all_on(struct plan *p)
{
	struct plan_link link = {7001, PROTO_TLS, 6001, false}, uc = {7002, PROTO_TLS, 0, true};

	for (size_t i = 0; i < PLAN_SWITCH_MAX; i++)
		p->switches[i] = true;
	p->switches[SW_LYNC] = false;
	(void)!plan_add_link(p, &link);
	(void)!plan_add_link(p, &uc);
}

static bool is_range(const struct plan *p, enum plan_row row, unsigned low, unsigned high)
{
	struct ports r;

	return plan_ports(p, row, &r) == OK && r.low == low && r.high == high;
}

static void a_service_that_is_off_has_no_ports(void)
{
	struct plan p = plan_of(HOST_EDGE);
	struct ports r;

	CHECK(plan_ports(&p, PLAN_PUBLIC_UDP_IN, &r) == ERR_DENIED);
	p.switches[SW_SIP_UDP] = true;
	CHECK(is_range(&p, PLAN_PUBLIC_UDP_IN, 5060, 5060));
}

static void a_node_binds_its_own_end_only(void)
{
	struct plan edge = plan_of(HOST_EDGE), control = plan_of(HOST_CONTROL);
	struct ports r;

	turn_all_on(&edge);
	turn_all_on(&control);
	CHECK(is_range(&control, PLAN_LINK_TLS, 25000, 29999));
	CHECK(is_range(&edge, PLAN_LINK_TLS, 7001, 7001));
	CHECK(is_range(&control, PLAN_LINK_RTP, 36002, 59999));
	CHECK(is_range(&edge, PLAN_LINK_RTP, 36000, 36001));
	CHECK(is_range(&edge, PLAN_PUBLIC_TCP_OUT, 25000, 29999));
	CHECK(is_range(&edge, PLAN_PUBLIC_RTP_IN, 36002, 59999));
	CHECK(plan_ports(&edge, PLAN_INSIDE_UDP_IN, &r) == ERR_DENIED);
	CHECK(plan_ports(&control, PLAN_PUBLIC_UDP_IN, &r) == ERR_DENIED);
	CHECK(plan_ports(&control, PLAN_NONE, &r) == ERR_DENIED);
	CHECK(plan_ports(&control, PLAN_ROW_MAX, &r) == ERR_DENIED);
}

static void any_port_is_taken_from_the_ephemeral_range(void)
{
	struct plan p = plan_of(HOST_CONTROL);

	turn_all_on(&p);
	CHECK(is_range(&p, PLAN_CONTROL_DNS, 30000, 35999));
	CHECK(is_range(&p, PLAN_CONTROL_LDAP, 30000, 35999));
	CHECK(is_range(&p, PLAN_UC_LINK_TURN, 30000, 35999));
	CHECK(plan_source(&p, PLAN_CONTROL_DNS, PLAN_NO_LINK).v[0].low == 1024);
}

static void an_override_moves_every_reader(void)
{
	struct plan p = plan_of(HOST_EDGE);

	turn_all_on(&p);
	p.ranges[RANGE_MEDIA] = (struct ports){40000, 41999};
	CHECK(is_range(&p, PLAN_LINK_RTCP, 40000, 40001));
	CHECK(is_range(&p, PLAN_NAT_RTP_OUT, 40002, 41999));
	CHECK(is_range(&p, PLAN_H323_PUBLIC_RTP_IN, 40002, 41999));
	p.is_large = true;
	CHECK(is_range(&p, PLAN_LINK_RTCP, 40000, 40011));
	CHECK(is_range(&p, PLAN_NAT_RTP_OUT, 40012, 41999));
}

static void a_media_range_that_is_too_short_gives_no_ports(void)
{
	struct plan p = plan_of(HOST_EDGE);
	struct ports r;

	turn_all_on(&p);
	p.ranges[RANGE_MEDIA] = (struct ports){65535, 65535};
	CHECK(plan_ports(&p, PLAN_LINK_RTP, &r) == ERR_RANGE);
	CHECK(plan_ports(&p, PLAN_PUBLIC_RTP_IN, &r) == ERR_RANGE);
}

static void each_traversal_zone_has_its_own_port(void)
{
	struct plan p = plan_of(HOST_EDGE);
	struct plan_link tls = {7001, PROTO_TLS, 0, false}, tcp = {7003, PROTO_TCP, 0, false},
			 second = {7005, PROTO_TLS, 0, false};

	CHECK(!plan_is_on(&p, PLAN_LINK_TLS));
	CHECK(plan_add_link(&p, &tls) == OK && plan_add_link(&p, &tcp) == OK);
	CHECK(plan_add_link(&p, &second) == OK);
	CHECK(plan_instances(&p, PLAN_LINK_TLS) == 2 && plan_instances(&p, PLAN_LINK_TCP) == 1);
	CHECK(plan_instance_link(&p, PLAN_LINK_TLS, 1) == 2);
	CHECK(is_range(&p, PLAN_LINK_TLS, 7001, 7005));
	CHECK(plan_has_port(&p, PLAN_LINK_TLS, 7005) && !plan_has_port(&p, PLAN_LINK_TLS, 7003));
	CHECK(plan_has_port(&p, PLAN_LINK_TCP, 7003));
	CHECK(!plan_is_on(&p, PLAN_UC_LINK_TLS) && plan_is_on(&p, PLAN_LINK_RTP));
}

static void links_are_bounded(void)
{
	struct plan p = plan_of(HOST_EDGE);
	struct plan_link link = {7001, PROTO_TLS, 0, false};

	for (int i = 0; i < PLAN_LINKS_MAX; i++)
		CHECK(plan_add_link(&p, &link) == OK);
	CHECK(plan_add_link(&p, &link) == ERR_FULL);
}

static void a_multiplexed_pair_has_rtp_on_the_even_port(void)
{
	struct plan p = plan_of(HOST_EDGE);

	turn_all_on(&p);
	CHECK(plan_has_port(&p, PLAN_LINK_RTP, 36000) && !plan_has_port(&p, PLAN_LINK_RTP, 36001));
	CHECK(plan_has_port(&p, PLAN_LINK_RTCP, 36001) &&
		!plan_has_port(&p, PLAN_LINK_RTCP, 36000));
	CHECK(!plan_has_port(&p, PLAN_LINK_RTP, 36002));
}

static const struct plan_socket *socket_at(const struct plan_socket *s, size_t n,
	enum plan_protocol protocol, uint16_t port, int *ret_count)
{
	const struct plan_socket *found = NULL;

	*ret_count = 0;
	for (size_t i = 0; i < n; i++) {
		if (s[i].port != port || (s[i].protocol == PROTO_UDP) != (protocol == PROTO_UDP))
			continue;
		found = &s[i];
		(*ret_count)++;
	}
	return found;
}

static void the_keeper_binds_each_port_once(void)
{
	struct plan p = plan_of(HOST_EDGE);
	struct plan_socket s[PLAN_SOCKETS_MAX];
	const struct plan_socket *at;
	size_t n;
	int count;

	turn_all_on(&p);
	n = plan_sockets(&p, s);
	at = socket_at(s, n, PROTO_UDP, 5060, &count);
	CHECK(count == 1 && at->row == PLAN_PUBLIC_UDP_IN && at->owner == OWNER_SIG);
	CHECK(at->faces == FACES_OUTSIDE && at->link == PLAN_NO_LINK);
	at = socket_at(s, n, PROTO_TLS, 5061, &count);
	CHECK(count == 1 && at->owner == OWNER_TLS);
	at = socket_at(s, n, PROTO_TLS, 7001, &count);
	CHECK(count == 1 && at->row == PLAN_LINK_TLS && at->link == 0 && at->faces == FACES_INSIDE);
	at = socket_at(s, n, PROTO_TLS, 7002, &count);
	CHECK(count == 1 && at->row == PLAN_UC_LINK_TLS && at->link == 1);
	at = socket_at(s, n, PROTO_UDP, 3478, &count);
	CHECK(count == 1 && at->faces == (FACES_INSIDE | FACES_OUTSIDE));
	at = socket_at(s, n, PROTO_UDP, 36001, &count);
	CHECK(count == 1 && at->owner == OWNER_MEDIA && at->faces == FACES_INSIDE);
	CHECK(!socket_at(s, n, PROTO_UDP, 36002, &count));
	CHECK(!socket_at(s, n, PROTO_TCP, 443, &count)); /* its program binds it */
	CHECK(!socket_at(s, n, PROTO_TCP, 25000, &count));
}

static void only_what_is_on_is_bound(void)
{
	struct plan p = plan_of(HOST_CONTROL);
	struct plan_socket s[PLAN_SOCKETS_MAX];

	CHECK(plan_sockets(&p, s) == 0);
	p.switches[SW_SIP_TCP] = true;
	CHECK(plan_sockets(&p, s) == 1 && s[0].row == PLAN_INSIDE_TCP_IN && s[0].port == 5060);
}

static void rtp_and_rtcp_sockets_have_their_own_rows(void)
{
	struct plan p;
	struct plan_link link = {7001, PROTO_TLS, 0, false};
	struct plan_socket s[PLAN_SOCKETS_MAX];
	size_t n;
	int rtp = 0, rtcp = 0;

	plan_defaults(&p, HOST_EDGE, true);
	CHECK(plan_add_link(&p, &link) == OK);
	n = plan_sockets(&p, s);
	for (size_t i = 0; i < n; i++) {
		rtp += s[i].row == PLAN_LINK_RTP && s[i].port % 2 == 0;
		rtcp += s[i].row == PLAN_LINK_RTCP && s[i].port % 2 == 1;
	}
	CHECK(n == 13 && rtp == 6 && rtcp == 6);
}

/* ---- invariants ---- */

static bool leads_inward(const struct plan_path *path)
{
	return path->to_zone == ZONE_PRIVATE && path->from_zone != ZONE_PRIVATE;
}

/* "No row lets internet or Edge open a call or media path inwards": what remains are the three
 * administration rows of the document, each to a named server. */
static void nothing_is_opened_inward_but_three_rows_of_administration(void)
{
	int n = 0;

	for (enum plan_row row = PLAN_NONE + 1; row < PLAN_ROW_MAX; row++) {
		const struct plan_line *line = plan_line(row);

		if (!leads_inward(line->path))
			continue;
		CHECK(row == PLAN_EDGE_NTP || row == PLAN_EDGE_LDAP || row == PLAN_EDGE_SYSLOG);
		CHECK(line->path->from_zone == ZONE_DMZ && line->path->to_host != HOST_ANY);
		n++;
	}
	CHECK(n == 3);
}

static void every_row_is_complete(void)
{
	for (enum plan_row row = PLAN_NONE + 1; row < PLAN_ROW_MAX; row++) {
		const struct plan_line *line = plan_line(row);
		const struct plan_path *path = line->path;

		CHECK(line->owner != OWNER_NONE && line->protocol != PROTO_NONE);
		CHECK(line->source != RANGE_NONE && line->destination != RANGE_NONE);
		CHECK(path->from_zone != ZONE_NONE && path->to_zone != ZONE_NONE);
		CHECK(path->from_host == HOST_CONTROL || path->from_host == HOST_EDGE ||
			path->to_host == HOST_CONTROL || path->to_host == HOST_EDGE);
		CHECK(path->from_zone != ZONE_INTERNET || path->to_zone == ZONE_DMZ);
		CHECK(plan_purpose(row).len > 0 && plan_purpose(row).len < 64);
	}
}

static void every_port_is_in_1_to_65535(void)
{
	for (int large = 0; large < 2; large++) {
		struct plan p;

		plan_defaults(&p, HOST_EDGE, large);
		for (enum plan_range r = RANGE_NONE + 1; r < PLAN_RANGE_MAX; r++) {
			struct ports ports = plan_range(&p, r);

			CHECK(ports.low >= 1 && ports.low <= ports.high);
		}
	}
}

static void the_large_deployment_is_computed(void)
{
	struct plan p;

	plan_defaults(&p, HOST_EDGE, true);
	CHECK(plan_mux(&p).low == 36000 && plan_mux(&p).high == 36011);
	CHECK(plan_media(&p).low == 36012 && plan_media(&p).high == 59999);
	CHECK(p.ranges[RANGE_TURN].low == 3478 && p.ranges[RANGE_TURN].high == 3483);
}

TEST_MAIN(T(a_service_that_is_off_has_no_ports), T(a_node_binds_its_own_end_only),
	T(any_port_is_taken_from_the_ephemeral_range), T(an_override_moves_every_reader),
	T(a_media_range_that_is_too_short_gives_no_ports), T(each_traversal_zone_has_its_own_port),
	T(links_are_bounded), T(a_multiplexed_pair_has_rtp_on_the_even_port),
	T(the_keeper_binds_each_port_once), T(only_what_is_on_is_bound),
	T(rtp_and_rtcp_sockets_have_their_own_rows),
	T(nothing_is_opened_inward_but_three_rows_of_administration), T(every_row_is_complete),
	T(every_port_is_in_1_to_65535), T(the_large_deployment_is_computed))
