/* record.h - what a successor needs of an answered call: its record, and calls made again from records.
 *
 * The other way, call_adopt() and its kind, is in call.h: the process and the protocols do it. */
#ifndef CALL_RECORD_H
#define CALL_RECORD_H

#include "call/core.h"

/* In a stable state: with the records of its lines. */
void record_keep(struct call *call);

#endif
