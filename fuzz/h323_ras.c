/* h323_ras.c - RAS, from anybody by UDP. */
#include "h323_pdu.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	return fuzz_pdu(H225_RasMessage_T, data, size);
}
