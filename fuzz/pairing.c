/* A pairing file: text -> pairing -> text -> the same pairing. */
#include <stdlib.h>
#include <string.h>

#include "conf/pairing.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char text[PAIRING_TEXT_MAX];
	struct conf_pairing a, b;
	struct wr w = wr_of(text, sizeof text);
	const char *why;
	uint32_t line;

	memset(&a, 0, sizeof a);
	memset(&b, 0, sizeof b);
	if (pairing_parse((struct str){(const char *)data, size}, &a, &line, &why) != OK) {
		if (!line || !why)
			abort();
		return 0;
	}
	pairing_put(&a, &w);
	if (w.err != OK || pairing_parse(wr_done(&w), &b, &line, &why) != OK)
		abort();
	if (memcmp(&a, &b, sizeof a) != 0 || pairing_is_joined(&a) != pairing_is_joined(&b))
		abort();
	return 0;
}
