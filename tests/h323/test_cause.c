/* Causes: a ReleaseComplete to the core's currency and back, by H.225.0 table 5 and RFC 3398. */
#include <string.h>

#include "h323/cause.h"
#include "h323/schema.h"
#include "test.h"

static struct call_cause c;
static uint16_t reason;
static uint8_t q850;

static void read(uint8_t number, uint16_t why, bool is_answered)
{
	cause_read(number, why, is_answered, &c);
}

static void say(uint16_t sip, uint8_t number, bool is_answered)
{
	struct call_cause given = {.sip = sip, .q850 = number};

	cause_say(&given, is_answered, &reason, &q850);
}

static void a_cause_wins_over_a_reason(void)
{
	read(17, H225_ReleaseCompleteReason_noPermission, false);
	CHECK(c.sip == 486 && c.q850 == 17);
	read(0, H225_ReleaseCompleteReason_noPermission, false);
	CHECK(c.sip == 403 && c.q850 == 111);
	read(0, H225_ReleaseCompleteReason_hopCountExceeded, false);
	CHECK(c.sip == 483 && c.q850 == 25);
}

static void a_hang_up_is_no_refusal_once_answered(void)
{
	read(16, CAUSE_REASON_NONE, true);
	CHECK(c.sip == 0 && c.q850 == 16);
	read(16, CAUSE_REASON_NONE, false);
	CHECK(c.sip == 480);
	read(16, H225_ReleaseCompleteReason_destinationRejection, false);
	CHECK(c.sip == 603);
	read(0, CAUSE_REASON_NONE, true);
	CHECK(c.sip == 0 && c.q850 == 16);
	read(126, CAUSE_REASON_NONE, false); /* one that we have no row for */
	CHECK(c.sip == 480 && c.q850 == 126);
}

static void a_reason_of_tomorrow_is_none(void)
{
	read(0, 200, false);
	CHECK(c.sip == 480 && c.q850 == 16);
}

static void ours_say_reason_and_cause(void)
{
	say(0, 0, true);
	CHECK(q850 == 16 && reason == CAUSE_REASON_NONE);
	say(404, 0, false);
	CHECK(q850 == 1 && reason == H225_ReleaseCompleteReason_unreachableDestination);
	say(486, 0, false);
	CHECK(q850 == 17 && reason == H225_ReleaseCompleteReason_inConf);
	say(603, 0, false);
	CHECK(q850 == 21 && reason == H225_ReleaseCompleteReason_destinationRejection);
	say(487, 0, false);
	CHECK(q850 == 16 && reason == H225_ReleaseCompleteReason_destinationRejection);
	say(503, 42, false);
	CHECK(q850 == 42 && reason == H225_ReleaseCompleteReason_gatewayResources);
	say(503, 0, false);
	CHECK(q850 == 42 && reason == H225_ReleaseCompleteReason_gatewayResources);
	say(699, 0, false);
	CHECK(q850 == 31 && reason == H225_ReleaseCompleteReason_undefinedReason);
}

/* What one side said is what the other one hears. */
static void causes_pass_through_unchanged(void)
{
	for (unsigned n = 1; n < 128; n++) {
		read((uint8_t)n, CAUSE_REASON_NONE, true);
		say(c.sip, c.q850, true);
		CHECK(q850 == n);
	}
}

static void a_refusal_of_ours_has_both_numbers(void)
{
	cause_of_q850(&c, 102, "No answer in time");
	CHECK(c.q850 == 102 && c.sip == 504);
	CHECK_STR(str_of(c.text), "No answer in time");
}

TEST_MAIN(T(a_cause_wins_over_a_reason), T(a_hang_up_is_no_refusal_once_answered),
	T(a_reason_of_tomorrow_is_none), T(ours_say_reason_and_cause),
	T(causes_pass_through_unchanged), T(a_refusal_of_ours_has_both_numbers))
