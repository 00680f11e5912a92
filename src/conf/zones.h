/* zones.h - rules over the options of zones. */
#ifndef CONF_ZONES_H
#define CONF_ZONES_H

#include "conf/fill.h"

/* Also reads the pairing files that zones name. */
void check_zones(struct reading *r);

#endif
