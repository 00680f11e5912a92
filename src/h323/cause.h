/* cause.h - why a call ended: H.225.0's ReleaseCompleteReason, Q.850's cause, SIP's status.
 *
 * The core's currency is struct call_cause: a SIP status, and the Q.850 number where one is known. A
 * Cause element wins over a reason (H.225.0 table 5 says what a reason stands for); statuses follow RFC
 * 3398 where it says. Pure tables. */
#ifndef H323_CAUSE_H
#define H323_CAUSE_H

#include "call/leg.h"

#define CAUSE_REASON_NONE 0xffff /* no reason to give, or none that came */

/* From what a ReleaseComplete said. q850 0, reason CAUSE_REASON_NONE: nothing of that kind came.
 * is_answered: the call was up, so that a normal clearing is a hang-up. */
void cause_read(uint8_t q850, uint16_t reason, bool is_answered, struct call_cause *ret_cause);
/* What a ReleaseComplete of ours says: H225_ReleaseCompleteReason_*, and the Cause's number, never 0. */
void cause_say(
	const struct call_cause *cause, bool is_answered, uint16_t *ret_reason, uint8_t *ret_q850);
/* Our own refusal. */
void cause_of_q850(struct call_cause *c, uint8_t q850, const char *text);

#endif
