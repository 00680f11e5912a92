/* nearest.h - "did you mean": the candidate that a misspelt word is nearest to. Pure. */
#ifndef CONF_NEAREST_H
#define CONF_NEAREST_H

#include "base/str.h"

/* Begin with the word, feed all candidates, then ask. */
struct nearest {
	struct str word, best;
	unsigned distance;
};
struct nearest nearest_to(struct str word);
void nearest_try(struct nearest *n, struct str candidate);
struct str nearest_found(const struct nearest *n); /* empty: none is near */

#endif
