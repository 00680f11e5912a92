/* main.c - fosse-h323: an H.323 endpoint for tests, and a load of calls, on the codec of src/h323 alone. */
#include <stdio.h>
#include <string.h>

#include "endpoint.h"

static const struct {
	const char *name;
	int (*run)(int argc, char **argv);
} roles[] = {
	{"endpoint", endpoint_main},
	{"load", load_main},
	{"relay", relay_main},
	{"toygk", toygk_main},
};

int main(int argc, char **argv)
{
	for (size_t i = 0; argc > 1 && i < sizeof roles / sizeof roles[0]; i++)
		if (strcmp(argv[1], roles[i].name) == 0)
			return roles[i].run(argc - 1, argv + 1);
	fprintf(stderr, "usage: fosse-h323 endpoint|load|relay|toygk ...\n");
	return 2;
}
