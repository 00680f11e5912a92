/* powers.h - what each process may do, as one table, and giving up all the rest.
 *
 * A process starts as root with nothing but the fds that the keeper gave it, and calls powers_drop()
 * before it reads a byte: own uid, empty root, no new privileges, no core, and a filter of system calls
 * that kills. Two belts: what gets past one stands before the other. */
#ifndef PROC_POWERS_H
#define PROC_POWERS_H

#include "base/err.h"
#include "ipc/kinds.h"

/* fosse-conf is no process of the channels; here it needs a name. */
#define POWERS_CONF P_MAX

/* user: a name of /etc/passwd. empty_dir: an fd of the folder that becomes the root; it is closed.
 * Returns OK or the step that failed (*ret_step, static); then the process must end. */
MUST_USE enum err powers_drop(
	unsigned process, const char *user, int empty_dir, const char **ret_step);
/* The filter alone (tests). */
MUST_USE enum err powers_filter(unsigned process);
/* How many calls the filter lets pass. */
unsigned powers_count(unsigned process);

#endif
