/* table.c - lays out tables for a terminal. Pure but for the memory that table_init takes. */
#include "ctl/table.h"

#include <stdarg.h>
#include <stdio.h>

#define CELL_MAX 256
#define GAP      2

struct cell {
	uint32_t at;
	uint32_t len;
};

enum err table_init(
	struct table *t, const struct column *columns, size_t n_columns, size_t rows_max)
{
	size_t text_max = rows_max * n_columns * CELL_MAX / 4 + CELL_MAX;
	char *text = mem_array(text_max, 1);

	*t = (struct table){.columns = columns,
		.n_columns = n_columns,
		.cells = mem_array(rows_max * n_columns, sizeof *t->cells),
		.cells_max = rows_max * n_columns};
	if (!text || !t->cells) {
		mem_free(text);
		mem_free(t->cells);
		return ERR_FULL;
	}
	t->text = wr_of(text, text_max);
	return OK;
}

void table_free(struct table *t)
{
	mem_free(t->cells);
	mem_free(t->text.start);
}

/* UTF-8 passes: its bytes are 0x80 and above; C1 controls within it are not decoded by terminals in
 * UTF-8 mode. */
void wr_clean(struct wr *w, struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.p[i];

		wr_u8(w, c < 0x20 || c == 0x7f ? '?' : c);
	}
}

void table_cell(struct table *t, const char *fmt, ...)
{
	char buf[CELL_MAX];
	size_t at = wr_len(&t->text);
	va_list args;
	int n;

	if (t->n_cells == t->cells_max)
		return;
	va_start(args, fmt);
	n = vsnprintf(buf, sizeof buf, fmt, args);
	va_end(args);
	if (n < 0)
		n = 0;
	if (n >= CELL_MAX)
		n = CELL_MAX - 1;
	wr_clean(&t->text, (struct str){buf, (size_t)n});
	if (t->text.err == OK)
		t->cells[t->n_cells++] = (struct cell){(uint32_t)at, (uint32_t)n};
}

size_t table_rows(const struct table *t)
{
	return t->n_columns ? t->n_cells / t->n_columns : 0;
}

static size_t width_of(const struct table *t, size_t column)
{
	size_t width = str_of(t->columns[column].title).len;

	for (size_t i = column; i < t->n_cells; i += t->n_columns) {
		if (t->cells[i].len > width)
			width = t->cells[i].len;
	}
	return width;
}

/* The widest of the columns that may be cut; n_columns: none is worth cutting. */
static size_t widest(const struct table *t, const size_t *widths)
{
	size_t found = t->n_columns;

	for (size_t i = 0; i < t->n_columns; i++) {
		if (t->columns[i].is_cut && widths[i] > 8 &&
			(found == t->n_columns || widths[i] > widths[found]))
			found = i;
	}
	return found;
}

static void fit(const struct table *t, size_t *widths)
{
	size_t sum = 0;

	for (size_t i = 0; i < t->n_columns; i++)
		sum += (widths[i] = width_of(t, i)) + (i ? GAP : 0);
	while (sum > TABLE_WIDTH) {
		size_t i = widest(t, widths);

		if (i == t->n_columns)
			return;
		widths[i]--;
		sum--;
	}
}

static void put_cell(const struct table *t, struct wr *w, size_t column, struct str s, size_t width)
{
	bool is_last = column + 1 == t->n_columns;
	int room = (int)width;

	if (s.len > width) {
		wr_printf(w, STR_FMT "..", STR_ARG(str_head(s, width - 2)));
	} else if (t->columns[column].is_right) {
		wr_printf(w, "%*.*s", room, (int)s.len, s.p ? s.p : "");
	} else if (is_last) {
		wr_str(w, s);
	} else {
		wr_printf(w, "%-*.*s", room, (int)s.len, s.p ? s.p : "");
	}
	wr_str(w, is_last ? STR("\n") : STR("  "));
}

void table_put(const struct table *t, struct wr *w)
{
	size_t widths[TABLE_COLUMNS_MAX];

	if (!table_rows(t) || t->n_columns > TABLE_COLUMNS_MAX)
		return;
	fit(t, widths);
	for (size_t i = 0; i < t->n_columns; i++)
		put_cell(t, w, i, str_of(t->columns[i].title), widths[i]);
	for (size_t i = 0; i < t->n_cells; i++) {
		const struct cell *c = &t->cells[i];
		struct str s = {(const char *)t->text.start + c->at, c->len};

		put_cell(t, w, i % t->n_columns, s, widths[i % t->n_columns]);
	}
}
