/* Pairing tokens: what is accepted is written again, read again and must be the same text. The input is
 * the text, or, with a first byte of 1, a record that gets its length and checksum here. */
#include <stdlib.h>
#include <string.h>

#include "base/code.h"
#include "base/crypt.h"
#include "pair/token.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(struct str text)
{
	char first[TOKEN_TEXT_MAX], second[TOKEN_TEXT_MAX];
	struct wr a = wr_of(first, sizeof first), b = wr_of(second, sizeof second);
	struct pair_token t, again;
	const char *why = NULL;

	if (token_parse(text, &t, &why) != OK) {
		if (!why)
			abort();
		return;
	}
	if (token_put(&t, &a) != OK || token_parse(wr_done(&a), &again, &why) != OK ||
		token_put(&again, &b) != OK || !str_eq(wr_done(&a), wr_done(&b)))
		abort();
}

static void check_record(const uint8_t *data, size_t size)
{
	uint8_t record[512], hash[SHA256_LEN];
	char text[TOKEN_TEXT_MAX];
	struct wr w = wr_of(record, sizeof record);

	wr_u16(&w, (uint16_t)(size + 6));
	wr_bytes(&w, data, size);
	sha256(wr_done(&w), hash);
	wr_bytes(&w, hash, 4);
	if (w.err)
		return;
	memcpy(text, TOKEN_PREFIX, sizeof TOKEN_PREFIX - 1);
	check((struct str){text, sizeof TOKEN_PREFIX - 1 +
					 base64_put(record, wr_len(&w), /* url */ true,
						 text + sizeof TOKEN_PREFIX - 1)});
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size && data[0] == 1)
		check_record(data + 1, size - 1);
	else
		check((struct str){(const char *)data, size});
	return 0;
}
