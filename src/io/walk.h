/* walk.h - in which order the ports of a range are tried. Pure, shared by io and sim.
 *
 * start + i*s mod n with random start and a random s that shares no divisor with n visits each port
 * once, in an order nobody outside can foresee, without keeping a list (RFC 6056 in spirit). */
#ifndef IO_WALK_H
#define IO_WALK_H

#include "plan/plan.h"

struct port_walk {
	uint32_t low, n, at, step, left;
};

/* Two random words choose start and step. An empty range gives an empty walk. */
struct port_walk port_walk_of(struct ports range, uint32_t random_a, uint32_t random_b);
bool port_walk_next(struct port_walk *w, uint16_t *ret_port); /* false: each was given once */

#endif
