/* corpus.h - published messages, which are not of this tree: $FOSSE_CORPUS names a folder that holds
 * rfc4475/ and rfc5118/, one message a file. */
#ifndef TESTS_SIP_CORPUS_H
#define TESTS_SIP_CORPUS_H

#include <stdio.h>
#include <stdlib.h>

#include "base/str.h"

/* The bytes of one file, until the next call. False: no folder is named. A missing file is an empty one. */
static inline bool corpus_file(const char *file, struct str *ret_bytes)
{
	static char bytes[65536];
	const char *folder = getenv("FOSSE_CORPUS");
	char path[1024];
	FILE *f;

	if (!folder)
		return false;
	snprintf(path, sizeof path, "%s/%s", folder, file);
	f = fopen(path, "rb");
	*ret_bytes = (struct str){bytes, f ? fread(bytes, 1, sizeof bytes, f) : 0};
	if (f)
		fclose(f);
	return true;
}

#endif
