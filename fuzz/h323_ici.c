/* h323_ici.c - the indication of a call to come, H.460.18. */
#include "h323_pdu.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	return fuzz_pdu(H46018_IncomingCallIndication_T, data, size);
}
