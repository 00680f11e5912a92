/* quiet.h - calls of which one side's media does not come: media.no_media_alarm.
 *
 * A side is quiet when nothing came from it on any line for that long, though it was to send on one. One
 * alarm speaks of all such calls, a line of the log of each. Nothing is ended here (calls.idle_media is). */
#ifndef CALL_QUIET_H
#define CALL_QUIET_H

#include "call/core.h"

/* Once, before there are calls. */
void quiet_init(struct call_core *core);
void quiet_stop(struct call_core *core);
/* An answer took effect, or the call came from a record: media may be expected from now on. */
void quiet_begin(struct call *call);

#endif
