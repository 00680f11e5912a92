/* test_pinholes.c - the plan's rows against lab/pinholes.tsv, which was typed in from the document by
 * another hand: every cell of every table, standard and large. */
#include <stdlib.h>
#include <string.h>

#include "base/rd.h"
#include "plan/plan.h"
#include "test.h"

#define LINES_MAX 300

static char file[200000];
static struct str lines[LINES_MAX];
static size_t n_lines;

static void read_file(void)
{
	FILE *f = fopen(PINHOLES_FILE, "rb");
	struct str rest = {file, 0};

	if (f) {
		rest.len = fread(file, 1, sizeof file, f);
		fclose(f);
	}
	(void)str_cut(&rest, '\n'); /* the heads of the columns */
	for (n_lines = 0; rest.len && n_lines < LINES_MAX;)
		lines[n_lines++] = str_cut(&rest, '\n');
}

static void put_set(struct wr *w, struct port_set set)
{
	for (size_t i = 0; i < set.n; i++) {
		wr_printf(w, i ? ",%u" : "%u", set.v[i].low);
		if (set.v[i].high != set.v[i].low)
			wr_printf(w, "-%u", set.v[i].high);
	}
}

/* The row as the file has it, up to the note. */
static struct str line_of(const struct plan *p, enum plan_row row, const char *suffix, struct wr *w)
{
	const struct plan_line *l = plan_line(row);
	const char *source = l->source_letter, *destination = l->destination_letter;

	wr_printf(w, "%s%s\t%s\t%s\t%s\t%s\t%s\t%s\t", l->path->table, suffix, l->path->direction,
		plan_zone_name(l->path->from_zone), plan_host_name(l->path->from_host),
		plan_zone_name(l->path->to_zone), plan_host_name(l->path->to_host),
		plan_protocol_name(l->protocol));
	put_set(w, plan_source(p, row, PLAN_NO_LINK));
	wr_printf(w, "\t");
	put_set(w, plan_destination(p, row, PLAN_NO_LINK));
	wr_printf(w, "\t%s\t%s/%s\t", l->purpose, *source ? source : "-",
		*destination ? destination : "-");
	return wr_done(w);
}

static int count_of(struct str wanted)
{
	int n = 0;

	for (size_t i = 0; i < n_lines; i++)
		n += str_has_prefix(lines[i], wanted);
	return n;
}

static bool has_large_form(struct str table)
{
	for (size_t i = 0; i < n_lines; i++) {
		struct str rest = lines[i], name = str_cut(&rest, '\t');

		if (str_has_suffix(name, STR("+large")) && str_has_prefix(name, table) &&
			name.len == table.len + 6)
			return true;
	}
	return false;
}

static bool is_in_file(enum plan_row row)
{
	return !str_eq(plan_table(row), STR("extra"));
}

static void check_rows(bool is_large, int *ret_n)
{
	struct plan p;

	plan_defaults(&p, HOST_CONTROL, is_large);
	*ret_n = 0;
	for (enum plan_row row = PLAN_NONE + 1; row < PLAN_ROW_MAX; row++) {
		char text[512];
		struct wr w = wr_of(text, sizeof text);
		bool is_large_form = is_large && has_large_form(plan_table(row));
		struct str wanted = line_of(&p, row, is_large_form ? "+large" : "", &w);

		if (!is_in_file(row))
			continue;
		if (count_of(wanted) != 1)
			printf("# %d times: " STR_FMT "\n", count_of(wanted), STR_ARG(wanted));
		CHECK(count_of(wanted) == 1);
		*ret_n += !is_large || is_large_form;
	}
}

static void the_file_is_there(void)
{
	read_file();
	CHECK(n_lines > 150);
}

static void every_row_is_a_line_of_the_file_and_every_line_a_row(void)
{
	int standard, large;

	read_file();
	check_rows(false, &standard);
	check_rows(true, &large);
	CHECK(standard + large == (int)n_lines);
}

TEST_MAIN(T(the_file_is_there), T(every_row_is_a_line_of_the_file_and_every_line_a_row))
