/* proc_net.c - fuzz target: the kernel's lists of sockets, read as either kind, against a plan. */
#include <stdlib.h>

#include "plan/proc_net.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct counted {
	struct plan_use *use;
	size_t n;
};

static void on_socket(void *arg, const struct proc_socket *socket)
{
	struct counted *counted = arg;

	counted->n++;
	(void)plan_lists(counted->use->plan, socket);
	plan_use_add(counted->use, socket);
}

static size_t count_lines(struct str text)
{
	size_t n = 0;

	while (text.len) {
		(void)str_cut(&text, '\n');
		n++;
	}
	return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct plan plan;
	static struct plan_use use;
	const struct plan_link link = {7001, PROTO_TLS, 6001, false};
	const struct addr own = addr_v4(198, 51, 100, 10, 0);
	const uint64_t inodes[] = {104325, 104330};
	struct str text = {(const char *)data, size};

	for (int is_udp = 0; is_udp < 2; is_udp++) {
		struct counted counted = {&use, 0};

		plan_defaults(&plan, HOST_EDGE, false);
		for (size_t i = 0; i < PLAN_SWITCH_MAX; i++)
			plan.switches[i] = true;
		if (plan_add_link(&plan, &link) != OK)
			abort();
		plan_use_init(&use, &plan, &own, 1, inodes, sizeof inodes / sizeof inodes[0]);
		if (proc_net_read(text, is_udp, on_socket, &counted) == OK && size > 0 &&
			counted.n >= count_lines(text))
			abort(); /* the first line is never a socket */
		for (enum plan_row row = PLAN_NONE + 1; row < PLAN_ROW_MAX; row++) {
			if (plan_use_state(&use, row, PLAN_NO_LINK) >= PLAN_STATE_MAX)
				abort();
		}
	}
	return 0;
}
