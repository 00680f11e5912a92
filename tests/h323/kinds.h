/* kinds.h - the messages that stand alone on a wire or in an octet string, by the names used in vectors. */
#ifndef TESTS_H323_KINDS_H
#define TESTS_H323_KINDS_H

#include <string.h>

#include "h323/schema.h"

static const struct pdu_kind {
	const char *name;
	uint16_t type;
} pdu_kinds[] = {
	{"ras", H225_RasMessage_T},
	{"cs", H225_H323_UserInformation_T},
	{"h245", H245_MultimediaSystemControlMessage_T},
	{"olc", H245_OpenLogicalChannel_T},
	{"ici", H46018_IncomingCallIndication_T},
	{"lka", H46018_LRQKeepAliveData_T},
	{"tp", H46019_TraversalParameters_T},
	{"pwd", H235_PwdCertToken_T},
};
#define N_KINDS (sizeof pdu_kinds / sizeof pdu_kinds[0])

static inline const struct pdu_kind *kind_of(const char *name)
{
	for (size_t i = 0; i < N_KINDS; i++)
		if (!strcmp(pdu_kinds[i].name, name))
			return &pdu_kinds[i];
	return NULL;
}

#endif
