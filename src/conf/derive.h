/* derive.h - values that follow from others. */
#ifndef CONF_DERIVE_H
#define CONF_DERIVE_H

#include "conf/fill.h"

/* Defaults that depend on other options: ports of zones, verify modes, the realm. Before the rules. */
void derive_conf(struct reading *r);
/* After the last look at places in the file: rules by priority, the default subzone first. */
void order_conf(struct reading *r);

#endif
