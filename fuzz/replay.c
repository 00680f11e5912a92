/* replay.c - runs a fuzz target over the files of its corpus, without a fuzzer: one TAP line.
 *
 * Each file also goes in cut short at every length up to 4,096 bytes, so that a corpus of whole
 * messages tests every truncation. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void run_copy(const uint8_t *data, size_t size)
{
	uint8_t *copy = malloc(size ? size : 1); /* its own block: one byte past the end is seen */

	if (!copy)
		abort();
	memcpy(copy, data, size);
	(void)LLVMFuzzerTestOneInput(copy, size);
	free(copy);
}

static int run_file(const char *folder, const char *name)
{
	static uint8_t data[1 << 20];
	char path[4096];
	FILE *f;
	size_t size;

	snprintf(path, sizeof path, "%s/%s", folder, name);
	f = fopen(path, "rb");
	if (!f)
		return 0;
	size = fread(data, 1, sizeof data, f);
	fclose(f);
	run_copy(data, size);
	for (size_t cut = 0; cut < size && cut <= 4096; cut++)
		run_copy(data, cut);
	return 1;
}

int main(int argc, char **argv)
{
	DIR *d = argc > 1 ? opendir(argv[1]) : NULL;
	int n = 0;

	for (struct dirent *e; d && (e = readdir(d));) {
		if (e->d_name[0] != '.')
			n += run_file(argv[1], e->d_name);
	}
	if (d)
		closedir(d);
	printf("1..1\n%s 1 - %d files\n", n ? "ok" : "not ok", n);
	return n == 0;
}
