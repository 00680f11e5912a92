/* table.h - a table of texts for people: columns as wide as what stands in them, 100 at most together.
 *
 * Cells are copied and cleaned: a control character that a peer sent never reaches a terminal. */
#ifndef CTL_TABLE_H
#define CTL_TABLE_H

#include "base/rd.h"
#include "base/scratch.h"

#define TABLE_COLUMNS_MAX 10
#define TABLE_WIDTH       100

struct column {
	const char *title;
	bool is_right; /* numbers */
	bool is_cut;   /* may be shortened when the line is too long */
};

struct table {
	const struct column *columns; /* borrowed */
	size_t n_columns;
	struct cell *cells; /* n_rows * n_columns */
	size_t n_cells, cells_max;
	struct wr text;
};

/* ERR_FULL: no memory. More rows than rows_max are left out by table_cell. */
MUST_USE enum err table_init(
	struct table *t, const struct column *columns, size_t n_columns, size_t rows_max);
void table_free(struct table *t);
/* The next cell, row by row. */
void table_cell(struct table *t, const char *fmt, ...) PRINTF(2, 3);
size_t table_rows(const struct table *t);
/* Titles and rows, each with its newline; nothing when there is no row. */
void table_put(const struct table *t, struct wr *w);

/* Printable text of bytes that came from elsewhere: others become '?'. */
void wr_clean(struct wr *w, struct str s);

#endif
