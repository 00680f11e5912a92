/* check.h - rules over several options. */
#ifndef CONF_CHECK_H
#define CONF_CHECK_H

#include "conf/fill.h"

/* Reads the pairing files that zones name, then judges; errors go to the report. */
void check_conf(struct reading *r);

#endif
