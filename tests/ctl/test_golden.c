/* test_golden.c - the port plan of the two example configurations, as it is handed to a firewall team:
 *
 *	fosse ports -c tests/conf/edge.yaml --all --format md >tests/ctl/golden/edge.md
 *
 * Whoever changes the plan or its printer writes the files anew by that command and reads the change. */
#include "world.h"

static void compare(const char *config, const char *golden)
{
	struct str expected;

	fake_init();
	CHECK(FOSSE("ports", "-c", config, "--all", "--format", "md") == CLI_OK);
	CHECK(read_real(golden, &expected) == OK);
	CHECK(str_eq((struct str){fake.out, fake.n_out}, expected));
}

static void the_plan_of_control_is_as_reviewed(void)
{
	compare(CTL_TEST_DIR "/../conf/control.yaml", CTL_TEST_DIR "/golden/control.md");
}

static void the_plan_of_edge_is_as_reviewed(void)
{
	compare(CTL_TEST_DIR "/../conf/edge.yaml", CTL_TEST_DIR "/golden/edge.md");
}

/* The value of a setting in the shipped sysctl file. */
static struct str setting(struct str text, struct str name)
{
	while (text.len) {
		struct str line = str_cut(&text, '\n'), key = str_trim(str_cut(&line, '='));

		if (str_eq(key, name))
			return str_trim(line);
	}
	return STR_NONE;
}

static void print_fault(void *arg, struct str sentence)
{
	(void)arg;
	printf("# %.*s\n", (int)sentence.len, sentence.p);
}

/* What is shipped is what the nodes ask for at their start, in both roles and sizes; and its list alone
 * covers the plan even where the kernel lends every other port. */
static void the_shipped_sysctl_reserves_the_plan(void)
{
	static const enum plan_host roles[] = {HOST_CONTROL, HOST_EDGE};
	struct str text, reserved;

	CHECK(read_real(CTL_TEST_DIR "/../../debian/60-fosse.conf", &text) == OK);
	reserved = setting(text, STR("net.ipv4.ip_local_reserved_ports"));
	for (int i = 0; i < 4; i++) {
		struct plan plan;

		plan_defaults(&plan, roles[i % 2], i / 2);
		for (int sw = 0; sw < PLAN_SWITCH_MAX; sw++)
			plan.switches[sw] = sw != SW_LYNC;
		CHECK(plan_check_kernel(&plan, setting(text, STR("net.ipv4.ip_local_port_range")),
			      reserved, print_fault, NULL) == 0);
		CHECK(plan_check_kernel(&plan, STR("1024 29999"), reserved, print_fault, NULL) ==
			0);
		CHECK(plan_check_kernel(&plan, STR("36000 65535"), reserved, print_fault, NULL) ==
			0);
	}
}

TEST_MAIN(T(the_shipped_sysctl_reserves_the_plan), T(the_plan_of_control_is_as_reviewed),
	T(the_plan_of_edge_is_as_reviewed))
