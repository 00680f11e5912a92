/* h323_olc.c - an element of fastStart. */
#include "h323_pdu.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	return fuzz_pdu(H245_OpenLogicalChannel_T, data, size);
}
