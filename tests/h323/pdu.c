/* pdu - the codec on a pipe: for comparison with another encoder and decoder, and for people.
 *
 *	pdu read               lines "[ID] KIND HEX" in; out, for each, "ok HEX TEXT" (encoded anew, canonical
 *	                       text), or "error REASON"
 *	pdu make KIND N SEED   N messages at random: "KIND HEX TEXT" */
#include <stdio.h>
#include <stdlib.h>

#include "gen.h"
#include "kinds.h"

#define LINE_MAX_LEN (1u << 20)

static _Alignas(16) uint8_t memory[PER_TREE_SIZE];
static uint8_t octets[PER_TREE_SIZE], again[PER_TREE_SIZE];
static char line[LINE_MAX_LEN], text[LINE_MAX_LEN];

static void print_message(const struct per_tree *t, const char *before)
{
	struct wr w = wr_of(again, sizeof again), x = wr_of(text, sizeof text);
	enum err err = per_write_anew(t, &w);
	struct str bytes = wr_done(&w), s;

	if (err == OK)
		err = per_text(t, 0, &x);
	s = wr_done(&x);
	if (err != OK) {
		printf("error %s\n", err_text(err));
		return;
	}
	printf("%s ", before);
	for (size_t i = 0; i < bytes.len; i++)
		printf("%02x", (uint8_t)bytes.p[i]);
	printf(" %.*s\n", (int)s.len, s.p);
}

static size_t unhex(const char *hex)
{
	size_t n = 0;
	unsigned byte;

	for (; n < sizeof octets && sscanf(hex + 2 * n, "%2x", &byte) == 1; n++)
		octets[n] = (uint8_t)byte;
	return n;
}

static void read_line(char *save)
{
	const char *word[3] = {NULL};
	const struct pdu_kind *kind;
	struct per_tree t = per_tree_of(&h323_schema, memory);
	size_t n = 0;
	char where[200];
	enum err err;

	for (char *w = strtok_r(line, " \n", &save); w && n < 3; w = strtok_r(NULL, " \n", &save))
		word[n++] = w;
	if (n < 2 || !(kind = kind_of(word[n - 2]))) {
		printf("error not a line of KIND HEX\n");
		return;
	}
	err = per_read(&t, kind->type, (struct str){(const char *)octets, unhex(word[n - 1])});
	if (err == OK) {
		print_message(&t, "ok");
		return;
	}
	per_where(&t, where, sizeof where);
	printf("error %s: %s\n", err_text(err), where);
}

static void make(const struct pdu_kind *kind, unsigned long count, unsigned long seed)
{
	struct per_tree t = per_tree_of(&h323_schema, memory);

	for (; count; seed++) {
		if (!gen_message(&t, kind->type, seed, false))
			continue;
		print_message(&t, kind->name);
		count--;
	}
}

int main(int argc, char **argv)
{
	if (argc == 5 && !strcmp(argv[1], "make") && kind_of(argv[2])) {
		make(kind_of(argv[2]), strtoul(argv[3], NULL, 10), strtoul(argv[4], NULL, 10));
		return 0;
	}
	if (argc != 2 || strcmp(argv[1], "read")) {
		fprintf(stderr, "usage: pdu read <LINES | pdu make KIND N SEED\n");
		return 2;
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	while (fgets(line, sizeof line, stdin))
		read_line(NULL);
	return 0;
}
