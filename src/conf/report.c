/* report.c - errors by place, and "did you mean". Pure. */
#include "conf/report.h"

#include <stdlib.h>
#include <string.h>

#include "conf/form.h"

void report_add(struct report *r, uint32_t line, uint32_t column, bool is_warning, struct str text)
{
	struct report_entry *e = &r->entries[r->n];

	if (!is_warning)
		r->n_errors++;
	if (r->n == REPORT_MAX || text.len > REPORT_TEXT_MAX - r->text_used) {
		r->n_left_out++;
		return;
	}
	memcpy(r->text + r->text_used, text.p, text.len);
	*e = (struct report_entry){
		line, column, r->n, is_warning, {r->text + r->text_used, text.len}};
	r->text_used += text.len;
	r->n++;
}

bool report_is_full(const struct report *r)
{
	return r->n == REPORT_MAX;
}

static int by_place(const void *a, const void *b)
{
	const struct report_entry *x = a, *y = b;

	if (x->line != y->line)
		return x->line < y->line ? -1 : 1;
	if (x->column != y->column)
		return x->column < y->column ? -1 : 1;
	return x->order < y->order ? -1 : 1;
}

void report_tell(struct report *r, const char *file, conf_error_h *h, void *arg)
{
	char text[64];
	struct wr w = wr_of(text, sizeof text);
	struct conf_error e = {.file = file};

	qsort(r->entries, r->n, sizeof r->entries[0], by_place);
	for (uint32_t i = 0; i < r->n; i++) {
		const struct report_entry *x = &r->entries[i];

		e = (struct conf_error){file, x->line, x->column, x->is_warning, x->text};
		h(arg, &e);
	}
	if (!r->n_left_out)
		return;
	wr_printf(&w, "%u more are not shown", r->n_left_out);
	h(arg, &(struct conf_error){file, 0, 0, false, wr_done(&w)});
}

void conf_error_show(const struct conf_error *e, struct str yaml, struct wr *w)
{
	struct str line = STR_NONE;
	uint32_t column = 1;

	conf_error_put(e, w);
	for (uint32_t n = 0; n < e->line; n++)
		line = str_cut(&yaml, '\n');
	if (!line.len || line.len > 200)
		return;
	wr_printf(w, "    " STR_FMT "\n    ", STR_ARG(str_trim(line)));
	/* columns count characters; what str_trim() took from the front is taken here too */
	for (size_t i = 0; i < line.len && column < e->column; i++) {
		if (((unsigned char)line.p[i] & 0xc0) == 0x80)
			continue;
		column++;
		if (line.p + i >= str_trim(line).p)
			wr_u8(w, line.p[i] == '\t' ? '\t' : ' ');
	}
	wr_printf(w, "^\n");
}

void conf_error_put(const struct conf_error *e, struct wr *w)
{
	wr_printf(w, "%s:", e->file);
	if (e->line)
		wr_printf(w, "%u:%u:", e->line, e->column);
	wr_printf(w, " %s" STR_FMT "\n", e->is_warning ? "warning: " : "", STR_ARG(e->text));
}

void wr_quoted(struct wr *w, struct str s)
{
	size_t n = 0, n_odd = 0;

	/* not in the middle of a UTF-8 character */
	while (n < s.len && (n < 64 || (s.p[n] & 0xc0) == 0x80))
		n++;
	wr_u8(w, '"');
	for (size_t i = 0; i < n; i++) {
		const unsigned char *p = (const unsigned char *)s.p + i;
		const unsigned char c = *p;

		if (is_odd_character(p, s.len - i))
			n_odd = c == 0xc2 ? 2 : 3;
		if (c < 0x20 || c == 0x7f || n_odd)
			wr_printf(w, "\\x%02x", c);
		else
			wr_u8(w, c);
		n_odd -= n_odd > 0;
	}
	wr_printf(w, "%s\"", n < s.len ? "..." : "");
}
