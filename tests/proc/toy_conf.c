/* In the place of fosse-conf: text on stdin, image to fd 3, errors on stdout; none of its powers. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "conf/conf.h"

static void on_error(void *arg, const struct conf_error *e)
{
	char buf[1024];
	struct wr w = wr_of(buf, sizeof buf);

	(void)arg;
	conf_error_put(e, &w);
	(void)!write(1, buf, wr_len(&w));
}

int main(int argc, char **argv)
{
	static char text[100000];
	static struct conf c;
	struct conf_input in = {.file = argc > 1 ? argv[1] : ""};
	size_t done = 0;
	ssize_t n;

	for (int i = 2; i + 1 < argc; i++) {
		if (strcmp(argv[i], "--revision") == 0)
			in.revision = (uint32_t)atoi(argv[i + 1]);
	}
	n = read(0, text, sizeof text);
	in.text = (struct str){text, n > 0 ? (size_t)n : 0};
	if (conf_load(&in, &c, on_error, NULL) != OK)
		return 3;
	while (done < sizeof c) {
		n = write(3, (const char *)&c + done, sizeof c - done);
		if (n <= 0)
			return 4;
		done += (size_t)n;
	}
	return 0;
}
