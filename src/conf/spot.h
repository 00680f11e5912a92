/* spot.h - an option in the file, and what a rule says of it: one message for one mistake. */
#ifndef CONF_SPOT_H
#define CONF_SPOT_H

#include "conf/fill.h"

/* An option in the file: its path, its node or the nearest one above it. */
struct spot {
	char path[128];
	uint32_t node;
	bool is_set;
};

struct spot spot(const struct reading *r, const char *fmt, ...) PRINTF(2, 3);
/* An error was told there. */
bool spot_is_bad(const struct reading *r, const struct spot *s);
/* "PATH: ..."; an error at a place that is known to be bad is not told again. */
void fault(struct reading *r, const struct spot *s, const char *fmt, ...) PRINTF(3, 4);
void hint(struct reading *r, const struct spot *s, const char *fmt, ...) PRINTF(3, 4);

#endif
