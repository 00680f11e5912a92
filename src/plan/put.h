/* put.h - how ports and addresses are written, shared by the plan's readers alone. */
#ifndef PLAN_PUT_H
#define PLAN_PUT_H

#include "plan/readers.h"

/* Each range as low, dash, high or one number: put_set(w, set, "-", ","): "389,636", "25000-29999". */
void put_set(struct wr *w, const struct port_set *set, const char *dash, const char *comma);
/* The addresses of a family (AF_NONE: of both), separated. */
void put_addrs(
	struct wr *w, const struct plan_addrs *a, enum addr_family family, const char *comma);
size_t count_addrs(const struct plan_addrs *a, enum addr_family family);

#endif
