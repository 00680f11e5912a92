/* Command lines: the input's lines are words. Whatever they are, they are understood or refused with a
 * sentence, and nothing is run. */
#include <stdlib.h>
#include <string.h>

#include "ctl/parse.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void say(void *arg, struct str text)
{
	*(size_t *)arg += text.len;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *words[64];
	char text[4096];
	size_t n = 0, n_said = 0;
	struct world world = {.arg = &n_said, .say = say, .out = say};
	struct cli cli = {.world = &world};
	enum err err;

	if (size >= sizeof text || memchr(data, 0, size))
		return 0;
	memcpy(text, data, size);
	text[size] = '\0';
	for (char *p = text; p && n < 64;) {
		char *end = strchr(p, '\n');

		words[n++] = p;
		if (end)
			*end++ = '\0';
		p = end;
	}
	err = cli_parse(&cli, n, words);
	if ((err == OK) != (n_said == 0) || cli.n_words > CLI_WORDS_MAX)
		abort();
	if (err == OK && cli.command && !cli_option(&cli, "--help") &&
		(!cli.command->run || cli.n_words > cli.command->words_max))
		abort();
	return 0;
}
