/* plan.h - the port plan: every row of the document's tables, declared once (rows.h), read by many.
 *
 * A row = one line of a table: who opens it, from which ports of which host, to which ports of which
 * host, why, by which process, and the setting that turns it on. Ranges are settings; a row names its
 * ranges by id, so an override moves every reader at once. No port number exists anywhere else in src/,
 * and no socket is opened here: io/bind.c asks plan_ports() and binds.
 *
 * Pure: struct plan is filled from settings by its owner; nothing here reads a file or a clock. */
#ifndef PLAN_PLAN_H
#define PLAN_PLAN_H

#include "base/str.h"
#include "plan/rows.h"

enum plan_row {
	PLAN_NONE,
#define ROW(id, ...) PLAN_##id,
	PLAN_ROWS
#undef ROW
	PLAN_ROW_MAX
};

enum plan_range {
	RANGE_NONE,
#define RANGE(id, ...) RANGE_##id,
	PLAN_RANGES
#undef RANGE
	PLAN_RANGE_MAX
};

struct ports {
	uint16_t low, high; /* inclusive; 0, 0: none */
};

/* What a node's configuration says about the plan; the rest are the document's defaults. */
struct plan {
	enum plan_host node;    /* HOST_CONTROL or HOST_EDGE */
	bool is_large;          /* the document's large deployment: 6 multiplexed pairs, TURN 3478-3483 */
	struct ports ranges[PLAN_RANGE_MAX];
	bool switches[PLAN_SWITCH_MAX]; /* services that are on */
};

/* The document's defaults for this node: every range, every switch off but SW_ALWAYS. */
void plan_defaults(struct plan *p, enum plan_host node, bool is_large);

/* The ports that this node may bind for the row: the source range where it opens the row, the
 * listening range where the other side does. ERR_DENIED: the node is no end of the row, or the row's
 * service is off. */
MUST_USE enum err plan_ports(const struct plan *p, enum plan_row row, struct ports *ret_ports);

enum plan_protocol plan_protocol(enum plan_row row);
enum plan_owner plan_owner(enum plan_row row);
struct str plan_purpose(enum plan_row row);
struct str plan_table(enum plan_row row);
bool plan_is_on(const struct plan *p, enum plan_row row);
bool plan_is_end(const struct plan *p, enum plan_row row);      /* this node is one of its ends */
bool plan_is_opener(const struct plan *p, enum plan_row row);   /* this node sends the first packet */

/* The two sub-ranges of the media range: the first pair (large: six pairs) is multiplexed only. */
struct ports plan_mux(const struct plan *p);
struct ports plan_media(const struct plan *p);

/* Collisions and limits: each fault is told as one sentence that names the settings and what to do.
 * Returns how many. */
typedef void(plan_fault_h)(void *arg, struct str sentence);
int plan_check(const struct plan *p, plan_fault_h *h, void *arg);

#endif
