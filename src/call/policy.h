/* policy.h - what the configuration says of who may register: subzones, allow and deny lists.
 *
 * Pure over the configuration; of no protocol. Patterns are compiled where they are asked for, in
 * memory that is given back before the answer. */
#ifndef CALL_POLICY_H
#define CALL_POLICY_H

#include "base/scratch.h"
#include "conf/conf.h"

/* The subzone of a client: by address and alias, rules by priority; never NULL. */
const struct conf_subzone *policy_subzone(const struct conf *conf, struct scratch *scratch,
	const struct addr *source, struct str alias);
/* Is one of the list's entries a pattern of this text? */
bool policy_lists(const struct conf *conf, struct scratch *scratch, struct str text);

#endif
