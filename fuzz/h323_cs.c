/* h323_cs.c - call signalling, the H.323 part of a Q.931 message. */
#include "h323_pdu.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	return fuzz_pdu(H225_H323_UserInformation_T, data, size);
}
