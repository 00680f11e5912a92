/* alarm.h - what somebody must see to: raised and cleared by state, shown as ROW_ALARM.
 *
 * One table per process. An alarm has a stable id, its cause with values, and the command that mends
 * it; raising it again updates the cause, not its age. */
#ifndef IPC_ALARM_H
#define IPC_ALARM_H

#include "ipc/ipc.h"
#include "ipc/show.h"

struct alarms;

MUST_USE enum err alarms_new(struct io *io, struct ipc *ipc, struct alarms **ret_alarms);
void alarms_free(struct alarms *a);
/* id: "ZON-001", not unique: key tells several of one id apart (a zone's handle; 0). cause and fix are
 * copied. A full table is logged: the log line is the alarm then. */
void alarm_raise(struct alarms *a, const char *id, uint64_t key, bool is_error, const char *cause,
	const char *fix);
void alarm_clear(struct alarms *a, const char *id, uint64_t key); /* not raised: nothing */
size_t alarm_count(const struct alarms *a);

#endif
