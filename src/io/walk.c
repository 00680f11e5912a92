/* walk.c - the walk over a range of ports; arithmetic only. */
#include "io/walk.h"

static uint32_t common_divisor(uint32_t a, uint32_t b)
{
	while (b) {
		uint32_t rest = a % b;

		a = b;
		b = rest;
	}
	return a;
}

struct port_walk port_walk_of(struct ports range, uint32_t random_a, uint32_t random_b)
{
	struct port_walk w = {0};

	if (!range.low || range.high < range.low)
		return w;
	w.low = range.low;
	w.n = w.left = (uint32_t)range.high - range.low + 1;
	w.at = random_a % w.n;
	w.step = random_b % w.n;
	while (common_divisor(w.step, w.n) != 1) /* ends at 1 or at n + 1 at the latest */
		w.step++;
	return w;
}

bool port_walk_next(struct port_walk *w, uint16_t *ret_port)
{
	if (!w->left)
		return false;
	w->left--;
	*ret_port = (uint16_t)(w->low + w->at);
	w->at = (w->at + w->step) % w->n;
	return true;
}
