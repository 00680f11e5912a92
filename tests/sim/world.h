/* world.h - whole nodes in a bad world: two nodes, two firewalls, a NAT and four phones.
 *
 *	in1, in2 -- [private] -- firewall B -- [dmz] edge -- firewall A -- [internet] -- out1
 *	  control --/                                                     home1 -- NAT --/
 *
 * A seed makes at least 20 calls in all directions, by UDP and in half of the seeds by TCP too, over nets
 * that lose, delay and reorder, and at least three faults: a worker or a keeper killed (some in the middle
 * of a call of io), a firewall that forgets, a cut link, a wall clock that jumps, a process that sleeps.
 * What must hold is checked at every event, in a pause with calls up, after quiet, and when the phones
 * have left; what did not hold first is in world.broken. */
#ifndef TESTS_SIM_WORLD_H
#define TESTS_SIM_WORLD_H

#include "node.h"
#include "owners.h"
#include "phone.h"

enum { IN1, IN2, OUT1, HOME1, N_PHONES };
#define N_PATHS 6

struct world {
	struct sim *sim;
	struct node control, edge;
	struct plan plan[2]; /* what the firewalls and the checks know of the nodes */
	struct plan open_plan;
	struct sim_border *inner, *outer, *nat;
	int private, dmz, internet, behind;
	struct phone phones[N_PHONES];
	unsigned tcp_phones; /* bit set */
	unsigned n_dialled, n_faults, n_pauses;
	struct sim_held held; /* when it was up and idle */
	uint64_t disagree_ns; /* since when the nodes do not agree on their link; 0: they do */
	bool has_forgotten;   /* a firewall lost its state: what was answered then is dropped */
	uint64_t
		awake_ns; /* when the last one that slept woke up: what had arrived is worked up then */
	const char *broken; /* the invariant that did not hold */
};
extern struct world world;

/* A fault of ours, planted before the world comes up; called with a node that has its plan. */
typedef void(plant_h)(struct node *n);

void world_new(uint64_t seed, plant_h *plant); /* nothing has run yet */
bool world_is_ready(void); /* the link is up on both sides, every phone is registered */
bool world_is_idle(void);  /* every phone's calls are over */
/* False: the nodes or the phones did not find each other in 10 s. plant may be NULL. */
bool world_up(uint64_t seed, plant_h *plant);
void world_down(void);
/* One of the paths: which phone calls whom. NULL: all its lines are busy. */
struct phone_call *world_dial(size_t path, uint32_t hold_ms, bool does_cancel);
void world_quality(bool is_bad);
void world_fault(void); /* one, by chance */
void world_broken(const char *what);
void world_print_calls(void);   /* those that are not over */
void world_run_to_quiet(void);  /* every phone is done, and the longest timers */
void world_check_mirrors(void); /* with calls up; takes some seconds without faults */
void world_check_quiet(void);
void world_check_silence(void); /* after quiet: the phones leave, and nothing of them may stay */
void world_run_seed(void);      /* the whole script */

#endif
