/* readers.h - the plan printed: the document's tables, lists for programs, and rules for firewalls.
 *
 * A node prints the rows of which it is an end; the two nodes' rules together are all that the two
 * firewalls must open. Everything is written into a struct wr; nothing here reads a file, knows a
 * running node (states come by a call) or holds a port number. */
#ifndef PLAN_READERS_H
#define PLAN_READERS_H

#include "plan/item.h"

/* By the name in options ("cisco-asa", "inside"); false: no such name. */
bool plan_format_of(struct str name, enum plan_format *ret_format);
bool plan_firewall_of(struct str name, enum plan_firewall *ret_firewall);

/* ERR_NOENT: the document has no such table. ERR_FULL: w is too small. */
MUST_USE enum err plan_print(const struct plan_print *what, enum plan_format format, struct wr *w);

#endif
