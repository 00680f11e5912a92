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

TEST_MAIN(T(the_plan_of_control_is_as_reviewed), T(the_plan_of_edge_is_as_reviewed))
