/* test_proc_net.c - the kernel's lists of sockets, as they were seen, against the rows. */
#include <string.h>

#include "plan/proc_net.h"
#include "test.h"

#define HEAD_UDP                                                                                   \
	"   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  "     \
	"timeout inode ref pointer drops             \n"
#define HEAD_TCP                                                                                   \
	"  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  "      \
	"timeout inode                                                     \n"

static struct proc_socket seen[16];
static size_t n_seen;

static void on_socket(void *arg, const struct proc_socket *s)
{
	(void)arg;
	if (n_seen < 16)
		seen[n_seen++] = *s;
}

static enum err read_text(const char *text, bool is_udp)
{
	n_seen = 0;
	return proc_net_read(str_of(text), is_udp, on_socket, NULL);
}

static bool is_at(const struct addr *a, const char *text)
{
	char buf[ADDR_TEXT_SIZE];

	return strcmp(addr_put(a, buf), text) == 0;
}

static void a_listening_socket_is_read(void)
{
	CHECK(read_text(HEAD_TCP "   0: 0A6433C6:1B59 00000000:0000 0A 00000000:00000000 "
				 "00:00000000 00000000   "
				 "112        0 104325 1 0000000000000000 100 0 0 10 0\n",
		      false) == OK);
	CHECK(n_seen == 1 && is_at(&seen[0].local, "198.51.100.10:7001"));
	CHECK(seen[0].listens && !seen[0].is_udp && seen[0].uid == 112 && seen[0].inode == 104325);
}

static void a_connection_does_not_listen(void)
{
	CHECK(read_text(HEAD_TCP "  12: 0A0200C0:61A8 0A6433C6:1B59 01 00000000:00000000 "
				 "02:000A9F2B 00000000   "
				 "  0        0 88 2 0000000000000000 20 4 30 10 -1\n",
		      false) == OK);
	CHECK(n_seen == 1 && !seen[0].listens && is_at(&seen[0].remote, "198.51.100.10:7001"));
}

static void ipv6_and_ipv4_inside_it_are_read(void)
{
	CHECK(read_text(HEAD_TCP
		      "   0: B80D0120000000000000000010000000:13C4 "
		      "00000000000000000000000000000000:0000 07 00000000:00000000 00:00000000 "
		      "00000000     0        0 7 2 0000000000000000 0\n"
		      "   1: 0000000000000000FFFF00000A0200C0:13C4 "
		      "00000000000000000000000000000000:0000 07 00000000:00000000 00:00000000 "
		      "00000000     0        0 8 2 0000000000000000 0\n",
		      true) == OK);
	CHECK(n_seen == 2 && is_at(&seen[0].local, "[2001:db8::10]:5060"));
	CHECK(is_at(&seen[1].local, "192.0.2.10:5060") && seen[1].listens);
}

static void a_line_that_is_none_is_told_and_passed_over(void)
{
	CHECK(read_text(HEAD_UDP
		      "nonsense\n"
		      "  1: 0A0200C0:13C4 00000000:0000 07 00000000:00000000 00:00000000 "
		      "00000000 0 0 9 2 0 0\n"
		      "  2: 0A0200C0:113C4 00000000:0000 07 0:0 00:0 0 0 0 9\n"
		      "  3: 0A0200C0:13C4 00000000:0000 07 00000000:00000000\n",
		      true) == ERR_SYNTAX);
	CHECK(n_seen == 1 && seen[0].inode == 9);
	CHECK(read_text("", true) == OK && n_seen == 0);
	CHECK(read_text(HEAD_UDP, true) == OK && n_seen == 0);
}

/* ---- against the plan ---- */

static const uint64_t ours[] = {10, 20, 30, 31, 40};
static struct plan plan;
static struct plan_use use;
static struct addr own;

static void set_up(enum plan_host node)
{
	struct plan_link link = {7001, PROTO_TLS, 0, false}, second = {7002, PROTO_TLS, 0, false};

	plan_defaults(&plan, node, false);
	for (size_t i = 0; i < PLAN_SWITCH_MAX; i++)
		plan.switches[i] = i != SW_LYNC && i != SW_H323;
	CHECK(plan_add_link(&plan, &link) == OK && plan_add_link(&plan, &second) == OK);
	own = node == HOST_EDGE ? addr_v4(198, 51, 100, 10, 0) : addr_v4(192, 0, 2, 10, 0);
	plan_use_init(&use, &plan, &own, 1, ours, sizeof ours / sizeof ours[0]);
}

static struct proc_socket socket_of(bool is_udp, uint16_t port, bool listens, uint64_t inode)
{
	return (struct proc_socket){.local = addr_with_port(&own, port),
		.remote = {.family = AF_V4},
		.is_udp = is_udp,
		.listens = listens,
		.inode = inode};
}

static void add(bool is_udp, uint16_t port, bool listens, uint64_t inode)
{
	struct proc_socket s = socket_of(is_udp, port, listens, inode);

	plan_use_add(&use, &s);
}

static enum plan_state state(enum plan_row row)
{
	return plan_use_state(&use, row, PLAN_NO_LINK);
}

static void a_row_is_free_until_somebody_binds_it(void)
{
	set_up(HOST_EDGE);
	CHECK(state(PLAN_PUBLIC_UDP_IN) == STATE_FREE);
	CHECK(state(PLAN_H323_PUBLIC_CALL_IN) == STATE_OFF);
	CHECK(state(PLAN_INSIDE_UDP_IN) == STATE_OFF); /* no end of this node */
	add(true, 5060, true, 20);
	CHECK(state(PLAN_PUBLIC_UDP_IN) == STATE_BOUND && state(PLAN_NAT_UDP_OUT) == STATE_BOUND);
	CHECK(state(PLAN_PUBLIC_TCP_IN) == STATE_FREE);
}

static void another_program_on_our_port_is_a_clash(void)
{
	set_up(HOST_EDGE);
	add(false, 5060, true, 99);
	CHECK(state(PLAN_PUBLIC_TCP_IN) == STATE_CLASH);
	add(true, 40000, true, 98);
	CHECK(state(PLAN_PUBLIC_RTP_IN) == STATE_CLASH && state(PLAN_LINK_RTP) == STATE_FREE);
	add(false, 26000, false, 97);
	CHECK(state(PLAN_PUBLIC_TCP_OUT) == STATE_CLASH);
}

static void another_address_or_the_ephemeral_range_is_no_clash(void)
{
	struct proc_socket s;

	set_up(HOST_EDGE);
	s = socket_of(false, 5060, true, 99);
	s.local.ip[3] = 77;
	plan_use_add(&use, &s);
	CHECK(state(PLAN_PUBLIC_TCP_IN) == STATE_FREE);
	s.local = addr_v4(0, 0, 0, 0, 5060);
	plan_use_add(&use, &s);
	CHECK(state(PLAN_PUBLIC_TCP_IN) == STATE_CLASH);
	add(true, 30001, true, 98);
	CHECK(state(PLAN_EDGE_DNS) == STATE_FREE);
	add(true, 30002, true, 31);
	CHECK(state(PLAN_EDGE_DNS) == STATE_BOUND);
}

static void what_the_kernel_keeps_after_a_close_says_nothing(void)
{
	set_up(HOST_EDGE);
	add(false, 26000, false, 0);
	CHECK(state(PLAN_PUBLIC_TCP_OUT) == STATE_FREE);
}

static void the_systems_sshd_is_where_it_belongs(void)
{
	set_up(HOST_EDGE);
	add(false, 22, true, 99);
	CHECK(state(PLAN_EDGE_SSH) == STATE_BOUND);
}

static void each_zone_has_its_own_state(void)
{
	set_up(HOST_EDGE);
	add(false, 7002, true, 40);
	CHECK(plan_use_state(&use, PLAN_LINK_TLS, 0) == STATE_FREE);
	CHECK(plan_use_state(&use, PLAN_LINK_TLS, 1) == STATE_BOUND);
	set_up(HOST_CONTROL);
	add(false, 26000, false, 40);
	CHECK(plan_use_state(&use, PLAN_LINK_TLS, 1) == STATE_BOUND);
}

static void a_socket_outside_the_plan_is_not_listed(void)
{
	struct proc_socket s;

	set_up(HOST_EDGE);
	s = socket_of(true, 5060, true, 10);
	CHECK(plan_lists(&plan, &s));
	s = socket_of(false, 7002, false, 10);
	CHECK(plan_lists(&plan, &s)); /* what was accepted there */
	s = socket_of(true, 36000, true, 10);
	CHECK(plan_lists(&plan, &s));
	s = socket_of(false, 7003, true, 10);
	CHECK(!plan_lists(&plan, &s));
	s = socket_of(true, 60000, true, 10);
	CHECK(!plan_lists(&plan, &s));
	s.local = addr_v4(127, 0, 0, 1, 60000);
	CHECK(plan_lists(&plan, &s));
	plan.switches[SW_SIP_UDP] = false;
	s = socket_of(true, 5060, true, 10);
	CHECK(!plan_lists(&plan, &s));
}

TEST_MAIN(T(a_listening_socket_is_read), T(a_connection_does_not_listen),
	T(ipv6_and_ipv4_inside_it_are_read), T(a_line_that_is_none_is_told_and_passed_over),
	T(a_row_is_free_until_somebody_binds_it), T(another_program_on_our_port_is_a_clash),
	T(another_address_or_the_ephemeral_range_is_no_clash),
	T(what_the_kernel_keeps_after_a_close_says_nothing),
	T(the_systems_sshd_is_where_it_belongs), T(each_zone_has_its_own_state),
	T(a_socket_outside_the_plan_is_not_listed))
