/* sip_audit.c - a list of calls: every line that is read is written down and read again as the same. */
#include <stdlib.h>

#include "sip/audit.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool is_so)
{
	if (!is_so)
		abort();
}

static void check_line(const struct audit_line *line)
{
	char buf[64];
	struct wr w = wr_of(buf, sizeof buf);
	struct audit_line again;
	struct str rest;

	audit_line_put(&w, line);
	rest = wr_done(&w);
	must(audit_line_next(&rest, &again) == OK && !rest.len);
	must(again.call == line->call && again.is_out == line->is_out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str rest = {(const char *)data, size};
	struct audit_line line;
	size_t left = size + 1;

	while (audit_line_next(&rest, &line) == OK) {
		must(rest.len < left);
		left = rest.len;
		check_line(&line);
	}
	return 0;
}
