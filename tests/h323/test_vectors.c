/* test_vectors FILE - messages that another encoder and decoder agreed on, lines of KIND HEX TEXT: each is read,
 * printed as that text, and written anew as those octets. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kinds.h"

#define LEAST 2000 /* fewer lines, and the file is not the one */

static _Alignas(16) uint8_t memory[PER_TREE_SIZE];
static uint8_t octets[PER_TREE_SIZE], again[PER_TREE_SIZE];
static char line[1 << 20], text[1 << 20];

static bool agrees(const struct pdu_kind *kind, struct str in, const char *want)
{
	struct per_tree t = per_tree_of(&h323_schema, memory);
	struct wr w = wr_of(text, sizeof text), x = wr_of(again, sizeof again);

	return per_read(&t, kind->type, in) == OK && per_text(&t, 0, &w) == OK &&
	       str_eq(wr_done(&w), str_of(want)) && per_write_anew(&t, &x) == OK &&
	       str_eq(wr_done(&x), in);
}

static bool is_right(void)
{
	const char *kind = strtok(line, " "), *hex = strtok(NULL, " "), *want = strtok(NULL, "\n");
	size_t n = hex ? strlen(hex) / 2 : 0;

	return want && kind_of(kind) && n <= sizeof octets &&
	       str_hex(str_of(hex), octets, n) == OK &&
	       agrees(kind_of(kind), (struct str){(const char *)octets, n}, want);
}

int main(int argc, char **argv)
{
	FILE *f = argc == 2 ? fopen(argv[1], "r") : NULL;
	unsigned n = 0, n_bad = 0;

	if (!f) {
		fprintf(stderr, "usage: test_vectors FILE\n");
		return 2;
	}
	while (fgets(line, sizeof line, f)) {
		n++;
		if (!is_right() && ++n_bad <= 5)
			printf("# line %u differs\n", n);
	}
	fclose(f);
	printf("1..1\n# %u vectors, %u differ\n", n, n_bad);
	printf("%s 1 - vectors_agree\n", n >= LEAST && !n_bad ? "ok" : "not ok");
	return n < LEAST || n_bad;
}
