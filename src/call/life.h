/* life.h - calls and legs as things: begun, shown, told, ended; the limits of a call's time.
 *
 * An end releases every leg that is still there, frees the ports and takes back the rows. It knows nothing of
 * searches, offers and answers. */
#ifndef CALL_LIFE_H
#define CALL_LIFE_H

#include "call/core.h"

void cause_set(struct call_cause *c, uint16_t sip, const char *text);
struct media_side leg_side(const struct leg *leg);

/* A call of the pool, zeroed but for its handle: what every call has, a new one or one from a record. */
void call_init(struct call *call, struct call_core *core);
/* The offer of a setup, for the targets; it goes with the answer or the call. */
void call_keep_offer(struct call *call, const struct call_event *ev);
void call_forget_offer(struct call *call);
void call_show(struct call *call); /* its row */
/* Timers, flows and row only: the process ends, its successor has the record. */
void call_stop(struct call *call);
/* why NULL: an ordinary hang-up. The call and its legs are gone then. */
void call_end(struct call *call, const struct call_event *why);
void call_fail(struct call *call, uint16_t sip, const char *text);
/* calls.idle_media, after a word from media or a new agreement. */
void call_watch_media(struct call *call);

/* NULL: the pool is empty. */
struct leg *leg_new(
	struct call *call, const struct leg_ops *ops, struct zone *zone, bool is_caller);
void leg_free(struct call_core *core, struct leg *leg);
/* Ends a side that is still there, whatever its state, and frees it. */
void leg_release(struct call *call, struct leg *leg, const struct call_event *why);
/* Hands what one leg reported to another: with our own ports in place of the far side's. */
void leg_tell(struct call *call, struct leg *to, const struct call_event *what);

void call_ports_alarm(struct call_core *core); /* raised or cleared, by how many pairs are left */
void call_full_alarm(struct call_core *core);  /* limits.calls is reached */

#endif
