/* explore.h - all short histories of a simulated world, not samples of them.
 *
 * The world is one process, so fork() is a snapshot. At each datagram the history forks: it
 * arrives, it is lost, it changes places with the next, or one of the workers dies at that
 * moment; up to a depth. A state that was seen at the same depth or a lower one is not explored
 * again. Each history then runs on without faults, and must come to a good end. */
#ifndef EXPLORE_H
#define EXPLORE_H

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sim/sim.h"

#define EXPLORE_SEEN  65536u
#define EXPLORE_DEPTH 32

struct explore {
	struct sim *sim;
	int depth;         /* choices in a row */
	uint64_t pause_ms; /* no datagram for so long: the history has no more choices */
	uint64_t end_ms;   /* how long it may take to come to its good end */
	/* What comes next to choose about; NULL: the next datagram, which may arrive, be lost or swapped. */
	bool (*next)(struct sim *sim, uint64_t max_ms);
	const char *choices; /* of next: 'd' it arrives; others are given to act */
	void (*act)(char choice);
	int n_workers; /* that may die; 0: none */
	void (*kill)(int worker);
	uint64_t (*state)(void); /* hash of what matters: tables, records, the far end's view */
	bool (*is_sound)(void);  /* after each choice */
	bool (*is_good)(void);   /* at the end */

	/* shared by all histories */
	struct explore_seen {
		uint64_t n_histories, n_pruned, n_bad;
		uint64_t state[EXPLORE_SEEN];
		int8_t depth[EXPLORE_SEEN];
	} * seen;
	char path[EXPLORE_DEPTH +
		  1]; /* of this history: d deliver, x lost, s swapped, 0.. worker dies */
};

static bool explore_is_known(struct explore *x, int depth)
{
	uint64_t state = x->state();

	for (uint32_t i = 0, at = (uint32_t)state % EXPLORE_SEEN; i < EXPLORE_SEEN;
		i++, at = (at + 1) % EXPLORE_SEEN) {
		if (!x->seen->depth[at]) {
			x->seen->state[at] = state;
			x->seen->depth[at] = (int8_t)depth;
			return false;
		}
		if (x->seen->state[at] == state) {
			bool is_known = x->seen->depth[at] >= depth;

			if (!is_known)
				x->seen->depth[at] = (int8_t)depth;
			return is_known;
		}
	}
	return false;
}

static void explore_bad(struct explore *x, const char *why)
{
	x->seen->n_bad++;
	printf("# history %s: %s\n", x->path, why);
}

static void explore_from(struct explore *x, int depth);

/* In a child: the choice, then all that may follow. False: it is none here. */
static bool explore_choose(struct explore *x, int depth, char choice)
{
	size_t n = strlen(x->path);

	if (choice == 'd')
		(void)sim_step(x->sim);
	else if (choice == 'x')
		(void)sim_drop_next(x->sim);
	else if (choice == 's' && !sim_swap_next(x->sim))
		return false;
	else if (choice >= '0' && choice <= '9')
		x->kill(choice - '0');
	else if (choice != 's')
		x->act(choice);
	x->path[n] = choice;
	x->path[n + 1] = '\0';
	if (!x->is_sound())
		explore_bad(x, "is not sound");
	else
		explore_from(x, depth - 1);
	return true;
}

static void explore_fork(struct explore *x, int depth, char choice)
{
	int status = 0;
	pid_t child;

	fflush(stdout);
	child = fork();
	if (child == 0) {
		(void)explore_choose(x, depth, choice);
		fflush(stdout);
		_exit(0);
	}
	if (child < 0 || waitpid(child, &status, 0) != child || status) {
		printf("# after %s, choice %c: status %d\n", x->path, choice, status);
		x->seen->n_bad++;
	}
}

static void explore_from(struct explore *x, int depth)
{
	bool (*next)(struct sim *, uint64_t) = x->next ? x->next : sim_run_to_datagram;

	if (depth > 0 && next(x->sim, x->pause_ms)) {
		if (explore_is_known(x, depth)) {
			x->seen->n_pruned++;
			return;
		}
		for (const char *c = x->next ? x->choices : "dxs"; *c; c++)
			explore_fork(x, depth, *c);
		for (int worker = 0; worker < x->n_workers; worker++)
			explore_fork(x, depth, (char)('0' + worker));
		return;
	}
	x->seen->n_histories++;
	sim_run(x->sim, x->end_ms);
	if (!x->is_good())
		explore_bad(x, "does not end well");
}

/* How many histories were bad; each is printed. */
static uint64_t explore_all(struct explore *x)
{
	uint64_t n_bad;

	x->seen = mmap(
		NULL, sizeof *x->seen, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (x->seen == MAP_FAILED)
		return 1;
	explore_from(x, x->depth);
	n_bad = x->seen->n_bad;
	printf("# %d deep: %u histories, %u pruned, %u bad\n", x->depth,
		(unsigned)x->seen->n_histories, (unsigned)x->seen->n_pruned, (unsigned)n_bad);
	(void)munmap(x->seen, sizeof *x->seen);
	return n_bad;
}

#endif
