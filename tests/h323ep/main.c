/* main.c - fosse-h323: an H.323 endpoint for tests, and a load of calls, on the codec of src/h323 alone. */
#include <stdio.h>
#include <string.h>

#include "endpoint.h"

int main(int argc, char **argv)
{
	if (argc > 1 && strcmp(argv[1], "endpoint") == 0)
		return endpoint_main(argc - 1, argv + 1);
	if (argc > 1 && strcmp(argv[1], "toygk") == 0)
		return toygk_main(argc - 1, argv + 1);
	fprintf(stderr, "usage: fosse-h323 endpoint|toygk ...\n");
	return 2;
}
