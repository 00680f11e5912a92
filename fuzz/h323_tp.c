/* h323_tp.c - the parameters of H.460.19. */
#include "h323_pdu.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	return fuzz_pdu(H46019_TraversalParameters_T, data, size);
}
