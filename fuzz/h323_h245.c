/* h323_h245.c - H.245, tunnelled and on its own. */
#include "h323_pdu.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	return fuzz_pdu(H245_MultimediaSystemControlMessage_T, data, size);
}
