/* h323_lka.c - the keep-alive interval, H.460.18. */
#include "h323_pdu.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	return fuzz_pdu(H46018_LRQKeepAliveData_T, data, size);
}
