/* report.h - collects the errors of one file and tells them in the order of their places. */
#ifndef CONF_REPORT_H
#define CONF_REPORT_H

#include "conf/conf.h"

#define REPORT_MAX      200 /* more are counted and said to be there */
#define REPORT_TEXT_MAX (96 * 1024)
#define REPORT_LINE_MAX 1024

struct report_entry {
	uint32_t line, column, order;
	bool is_warning;
	struct str text;
};

struct report {
	struct report_entry entries[REPORT_MAX];
	uint32_t n, n_errors, n_left_out;
	char text[REPORT_TEXT_MAX];
	size_t text_used;
};

void report_add(struct report *r, uint32_t line, uint32_t column, bool is_warning, struct str text);
/* No more is kept: the next error needs no text. */
bool report_is_full(const struct report *r);
void report_tell(struct report *r, const char *file, conf_error_h *h, void *arg);

/* Bytes of the file in a message: quoted, escaped, cut at 64. */
void wr_quoted(struct wr *w, struct str s);
#endif
