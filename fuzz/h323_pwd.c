/* h323_pwd.c - a token of H.235. */
#include "h323_pdu.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	return fuzz_pdu(H235_PwdCertToken_T, data, size);
}
