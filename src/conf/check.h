/* check.h - rules over several options, and the values that follow from others. */
#ifndef CONF_CHECK_H
#define CONF_CHECK_H

#include "conf/fill.h"

/* Defaults that depend on other options: ports of zones, verify modes, the realm, the default subzone. */
void derive_conf(struct reading *r);
/* Reads the pairing files that zones name, then judges. */
void check_conf(struct reading *r);
/* After the last look at places in the file: rules by priority, the default subzone first. */
void order_conf(struct reading *r);

#endif
