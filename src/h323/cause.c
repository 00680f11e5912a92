/* cause.c - see cause.h. */
#include "h323/cause.h"

#include "h323/schema.h"

#define NORMAL 16

static const struct reason_row {
	uint8_t q850;
	uint16_t sip;
} reasons[] = {
	[H225_ReleaseCompleteReason_noBandwidth] = {34, 503},
	[H225_ReleaseCompleteReason_gatekeeperResources] = {47, 503},
	[H225_ReleaseCompleteReason_unreachableDestination] = {3, 404},
	[H225_ReleaseCompleteReason_destinationRejection] = {21, 603},
	[H225_ReleaseCompleteReason_invalidRevision] = {88, 488},
	[H225_ReleaseCompleteReason_noPermission] = {111, 403},
	[H225_ReleaseCompleteReason_unreachableGatekeeper] = {38, 503},
	[H225_ReleaseCompleteReason_gatewayResources] = {42, 503},
	[H225_ReleaseCompleteReason_badFormatAddress] = {28, 484},
	[H225_ReleaseCompleteReason_adaptiveBusy] = {41, 503},
	[H225_ReleaseCompleteReason_inConf] = {17, 486},
	[H225_ReleaseCompleteReason_undefinedReason] = {31, 480},
	[H225_ReleaseCompleteReason_facilityCallDeflection] = {NORMAL, 480},
	[H225_ReleaseCompleteReason_securityDenied] = {31, 403},
	[H225_ReleaseCompleteReason_calledPartyNotRegistered] = {20, 480},
	[H225_ReleaseCompleteReason_callerNotRegistered] = {31, 403},
	[H225_ReleaseCompleteReason_newConnectionNeeded] = {47, 503},
	[H225_ReleaseCompleteReason_nonStandardReason] = {127, 500},
	[H225_ReleaseCompleteReason_replaceWithConferenceInvite] = {31, 480},
	[H225_ReleaseCompleteReason_genericDataReason] = {31, 480},
	[H225_ReleaseCompleteReason_neededFeatureNotSupported] = {31, 420},
	[H225_ReleaseCompleteReason_tunnelledSignallingRejected] = {127, 500},
	[H225_ReleaseCompleteReason_invalidCID] = {3, 481},
	[H225_ReleaseCompleteReason_securityError] = {31, 403},
	[H225_ReleaseCompleteReason_hopCountExceeded] = {25, 483},
};

/* RFC 3398 7.2.4.1 for the way to SIP, 8.2.6.1 for the way from it. */
static const struct q850_row {
	uint8_t q850;
	uint16_t sip, reason;
} causes[] = {
	{1, 404, H225_ReleaseCompleteReason_unreachableDestination},
	{2, 404, H225_ReleaseCompleteReason_unreachableDestination},
	{3, 404, H225_ReleaseCompleteReason_unreachableDestination},
	{17, 486, H225_ReleaseCompleteReason_inConf},
	{18, 408, H225_ReleaseCompleteReason_undefinedReason},
	{19, 480, H225_ReleaseCompleteReason_undefinedReason},
	{20, 480, H225_ReleaseCompleteReason_calledPartyNotRegistered},
	{21, 603, H225_ReleaseCompleteReason_destinationRejection},
	{22, 410, H225_ReleaseCompleteReason_unreachableDestination},
	{23, 410, H225_ReleaseCompleteReason_unreachableDestination},
	{25, 483, H225_ReleaseCompleteReason_hopCountExceeded},
	{26, 404, H225_ReleaseCompleteReason_unreachableDestination},
	{27, 502, H225_ReleaseCompleteReason_unreachableDestination},
	{28, 484, H225_ReleaseCompleteReason_badFormatAddress},
	{29, 501, H225_ReleaseCompleteReason_undefinedReason},
	{31, 480, H225_ReleaseCompleteReason_undefinedReason},
	{34, 503, H225_ReleaseCompleteReason_noBandwidth},
	{38, 503, H225_ReleaseCompleteReason_unreachableGatekeeper},
	{41, 503, H225_ReleaseCompleteReason_adaptiveBusy},
	{42, 503, H225_ReleaseCompleteReason_gatewayResources},
	{47, 503, H225_ReleaseCompleteReason_gatekeeperResources},
	{55, 403, H225_ReleaseCompleteReason_noPermission},
	{57, 403, H225_ReleaseCompleteReason_noPermission},
	{58, 503, H225_ReleaseCompleteReason_gatewayResources},
	{65, 488, H225_ReleaseCompleteReason_undefinedReason},
	{70, 488, H225_ReleaseCompleteReason_undefinedReason},
	{79, 501, H225_ReleaseCompleteReason_undefinedReason},
	{81, 481, H225_ReleaseCompleteReason_invalidCID},
	{87, 403, H225_ReleaseCompleteReason_noPermission},
	{88, 488, H225_ReleaseCompleteReason_invalidRevision},
	{96, 400, H225_ReleaseCompleteReason_undefinedReason},
	{100, 400, H225_ReleaseCompleteReason_undefinedReason},
	{102, 504, H225_ReleaseCompleteReason_undefinedReason},
	{111, 403, H225_ReleaseCompleteReason_noPermission},
	{127, 500, H225_ReleaseCompleteReason_undefinedReason},
};

/* Statuses whose cause is not the first of the list above that has them. */
static const struct {
	uint16_t sip;
	uint8_t q850;
} statuses[] = {{400, 41}, {401, 21}, {402, 21}, {403, 21}, {405, 63}, {407, 21}, {408, 102},
	{413, 127}, {414, 127}, {415, 79}, {420, 127}, {480, 18}, {481, 41}, {482, 25}, {485, 1},
	{487, NORMAL}, {488, 65}, {491, 41}, {500, 41}, {502, 38}, {503, 42}, {505, 127}, {600, 17},
	{603, 21}, {604, 1}, {606, 65}};

static const struct q850_row *row_of(uint8_t q850)
{
	for (size_t i = 0; i < sizeof causes / sizeof *causes; i++) {
		if (causes[i].q850 == q850)
			return &causes[i];
	}
	return NULL;
}

static uint16_t sip_of(uint8_t q850, bool is_answered)
{
	const struct q850_row *row = row_of(q850);

	if (q850 == NORMAL) /* before the answer it names no refusal */
		return is_answered ? 0 : 480;
	return row ? row->sip : 480;
}

void cause_read(uint8_t q850, uint16_t reason, bool is_answered, struct call_cause *ret_cause)
{
	bool has_reason = reason < sizeof reasons / sizeof *reasons;

	*ret_cause = (struct call_cause){.q850 = q850};
	if (!q850 && has_reason) {
		ret_cause->q850 = reasons[reason].q850;
		ret_cause->sip = reasons[reason].sip;
		return;
	}
	if (!q850)
		ret_cause->q850 = NORMAL;
	ret_cause->sip = sip_of(ret_cause->q850, is_answered);
	if (ret_cause->q850 == NORMAL && reason == H225_ReleaseCompleteReason_destinationRejection)
		ret_cause->sip = is_answered ? 0 : 603;
}

static uint8_t q850_of(uint16_t sip)
{
	for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++) {
		if (statuses[i].sip == sip)
			return statuses[i].q850;
	}
	for (size_t i = 0; i < sizeof causes / sizeof *causes; i++) {
		if (causes[i].sip == sip)
			return causes[i].q850;
	}
	return sip ? 31 : NORMAL;
}

void cause_say(
	const struct call_cause *cause, bool is_answered, uint16_t *ret_reason, uint8_t *ret_q850)
{
	const struct q850_row *row;

	*ret_q850 = cause->q850 ? cause->q850 : q850_of(cause->sip);
	row = row_of(*ret_q850);
	*ret_reason = row ? row->reason : H225_ReleaseCompleteReason_undefinedReason;
	if (*ret_q850 == NORMAL && (is_answered || !cause->sip))
		*ret_reason = CAUSE_REASON_NONE;
	else if (*ret_q850 == NORMAL)
		*ret_reason = H225_ReleaseCompleteReason_destinationRejection;
}

void cause_of_q850(struct call_cause *c, uint8_t q850, const char *text)
{
	*c = (struct call_cause){.q850 = q850, .sip = sip_of(q850, false)};
	(void)str_copy(str_of(text), c->text, sizeof c->text);
}
