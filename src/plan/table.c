/* table.c - the rows in the form of the document: per table and direction a heading, the rows with
 * their letters, then what the table's letters mean. As plain text and as Markdown.
 *
 * Letters are explained per table, because the document gives several of them other meanings in other
 * tables. The texts say what a letter stands for here; numbers come from the plan as it is set. */
#include <string.h>

#include "plan/formats.h"

/* ---- letters ---- */

/* tables: beginnings of the names of the tables that it holds for. The first that fits is taken. */
struct letter {
	const char *tables, *letter;
	enum plan_range range; /* its setting is named; RANGE_NONE: it is not ours to set */
	const char *text;
};

/* clang-format off */
static const struct letter letters[] = {
	{"admin uc-edge",       "S",   RANGE_NONE,        "source port, any from 1024"},
	{"admin uc",            "Ue",  RANGE_EPHEMERAL,   "ephemeral TCP ports of the node"},
	{"uc",                  "U_e", RANGE_EPHEMERAL,   "ephemeral TCP ports of the node"},
	{"admin",               "Ve",  RANGE_EPHEMERAL,   "ephemeral UDP ports of the node"},
	{"sip uc",              "A",   RANGE_SIP_OUT,     "outgoing SIP over TCP and TLS"},
	{"sip uc",              "B",   RANGE_SIP_ZONE,    "SIP port of the traversal zone: 7001 for the first, 7002 for the second, ..."},
	{"sip",                 "C",   RANGE_SIP_UDP,     "SIP over UDP, as source and as listening port"},
	{"h323",                "D",   RANGE_H323_ZONE,   "H.323 port of the traversal zone: 6001 for the first, 6002 for the second, ..."},
	{"sip",                 "E",   RANGE_NONE,        "media port of the endpoint, any from 1024; the one in use is in its SDP"},
	{"h323",                "E",   RANGE_NONE,        "media port of the endpoint, any from 1024; agreed with the codecs"},
	{"sip",                 "F",   RANGE_NONE,        "port found by DNS, any from 1024, often 5060"},
	{"sip",                 "G",   RANGE_NONE,        "UDP port of the endpoint, any from 1024, often 5060"},
	{"h323",                "G",   RANGE_NONE,        "signalling port of the endpoint: from the call request, by DNS, or 1720"},
	{"sip",                 "H",   RANGE_NONE,        "TCP and TLS source port of the endpoint, any from 1024"},
	{"h323",                "H",   RANGE_NONE,        "H.245 port of the endpoint, any from 1024"},
	{"h323",                "J",   RANGE_NONE,        "RAS source port of the endpoint, typically 1719"},
	{"sip",                 "K",   RANGE_SIP_TCP,     "SIP over TCP"},
	{"h323",                "K",   RANGE_NONE,        "signalling source port of the endpoint, typically 1720"},
	{"sip",                 "L",   RANGE_SIP_TLS,     "SIP over TLS"},
	{"sip-ice",             "M",   RANGE_NONE,        "port that the endpoint's signalling comes from: its own, or its firewall's outside one"},
	{"h323",                "M",   RANGE_H323_CALL,   "H.323 call signalling"},
	{"sip-ice",             "N",   RANGE_NONE,        "port of the ICE candidate in use"},
	{"sip uc",              "N",   RANGE_NONE,        "port that the far side's media came from: Edge waits for it and answers to it"},
	{"h323",                "P",   RANGE_H323_RANGE,  "Q.931 and H.245 of the node"},
	{"sip",                 "Q",   RANGE_NONE,        "port that the far firewall sends from, any from 1024"},
	{"sip uc",              "R",   RANGE_TURN,        "TURN requests"},
	{"h323",                "T",   RANGE_ASSENT_CALL, "Assent call signalling"},
	{"h323",                "U",   RANGE_H46018_CALL, "H.460.18 call signalling"},
	{"sip h323 uc",         "Y_C", RANGE_MEDIA,       "traversal media ports of Control"},
	{"sip h323 uc",         "Y_E", RANGE_MEDIA,       "traversal media ports of Edge"},
};
/* clang-format on */

#define N_LETTERS (sizeof letters / sizeof letters[0])

static bool holds_for(const struct letter *l, struct str table)
{
	struct str rest = str_of(l->tables);

	while (rest.len) {
		if (str_has_prefix(table, str_cut(&rest, ' ')))
			return true;
	}
	return false;
}

static const struct letter *letter_of(const char *name, struct str table)
{
	for (size_t i = 0; i < N_LETTERS; i++) {
		if (strcmp(letters[i].letter, name) == 0 && holds_for(&letters[i], table))
			return &letters[i];
	}
	return NULL;
}

/* The footnote of every media cell: the first ports of the range are for multiplexed traffic only. */
static bool has_star(const char *letter)
{
	return letter[0] == 'Y';
}

/* ---- one table ---- */

#define PATHS_MAX 16

struct tables {
	const struct plan_print *what;
	struct wr *w;
	bool is_md;
	struct str table; /* the one being printed */
	const struct plan_path *paths[PATHS_MAX];
	size_t n_paths;
	const struct plan_path *path; /* of it, the direction being printed */
	bool is_used[N_LETTERS], is_starred, is_extra;
};

static void note_letter(struct tables *t, const char *name)
{
	const struct letter *l = letter_of(name, t->table);

	if (l)
		t->is_used[l - letters] = true;
	t->is_starred |= has_star(name);
}

static bool is_of_table(const struct tables *t, const struct plan_item *item)
{
	return str_eq(t->table, str_of(item->line->path->table));
}

/* First walk over a table: its directions, and the letters that its rows use. */
static void note_item(void *arg, const struct plan_item *item)
{
	struct tables *t = arg;
	size_t i = 0;

	if (!is_of_table(t, item))
		return;
	note_letter(t, item->line->source_letter);
	note_letter(t, item->line->destination_letter);
	t->is_extra |= !plan_is_of_document(item->row);
	while (i < t->n_paths && t->paths[i] != item->line->path)
		i++;
	if (i == t->n_paths && t->n_paths < PATHS_MAX)
		t->paths[t->n_paths++] = item->line->path;
}

/* "A 25000 to 29999", "Y_E 36002 to 59999 *", "389 or 636" */
static void put_cell(struct wr *w, const char *letter, const struct port_set *set)
{
	if (*letter)
		wr_printf(w, "%s ", letter);
	put_set(w, set, " to ", " or ");
	if (has_star(letter))
		wr_printf(w, " *");
}

static void put_columns(struct tables *t, struct str flow, struct str protocol, struct str source,
	struct str destination, struct str state)
{
	wr_printf(t->w,
		t->is_md ? "| %.*s | %.*s | %.*s | %.*s | %.*s |\n"
			 : "  %-38.*s %-8.*s %-21.*s %-21.*s %.*s\n",
		STR_ARG(flow), STR_ARG(protocol), STR_ARG(source), STR_ARG(destination),
		STR_ARG(state));
}

static void put_item(void *arg, const struct plan_item *item)
{
	struct tables *t = arg;
	char source[64], destination[64];
	struct wr s = wr_of(source, sizeof source), d = wr_of(destination, sizeof destination);

	if (item->line->path != t->path)
		return;
	put_cell(&s, item->line->source_letter, &item->source);
	put_cell(&d, item->line->destination_letter, &item->destination);
	put_columns(t, str_of(item->line->purpose),
		str_of(plan_protocol_name(item->line->protocol)), wr_done(&s), wr_done(&d),
		str_of(item->state == STATE_OFF ? "not enabled" : plan_state_name(item->state)));
}

/* ---- headings ---- */

static void put_host(struct tables *t, enum plan_host host, const struct plan_addrs *a)
{
	wr_printf(t->w, "%s", plan_host_name(host));
	if (a->n == 0)
		return;
	wr_printf(t->w, " ");
	put_addrs(t->w, a, AF_NONE, ", ");
}

struct first_item {
	const struct plan_path *path;
	struct plan_item item;
	bool is_found;
};

static void keep_first(void *arg, const struct plan_item *item)
{
	struct first_item *first = arg;

	if (first->is_found || item->line->path != first->path)
		return;
	first->item = *item;
	first->is_found = true;
}

static void put_firewall(struct tables *t)
{
	const struct plan_path *path = t->path;

	if (path->from_zone == path->to_zone)
		wr_printf(t->w, "open firewall: n/a");
	else
		wr_printf(t->w, "open firewall: %s to %s", plan_zone_title(path->from_zone),
			plan_zone_title(path->to_zone));
}

static void put_path(struct tables *t)
{
	struct first_item first = {.path = t->path};

	plan_each(t->what, true, keep_first, &first);
	if (!first.is_found)
		return;
	wr_printf(t->w, t->is_md ? "**%s**; " : " %s; ", t->path->direction);
	put_firewall(t);
	wr_printf(t->w, "; opened by ");
	put_host(t, t->path->from_host, first.item.from);
	wr_printf(t->w, " towards ");
	put_host(t, t->path->to_host, first.item.to);
	wr_printf(t->w, t->is_md ? "\n\n" : "\n");
	put_columns(
		t, STR("flow"), STR("protocol"), STR("source"), STR("destination"), STR("state"));
	if (t->is_md)
		wr_printf(t->w, "|---|---|---|---|---|\n");
	plan_each(t->what, true, put_item, t);
	wr_printf(t->w, "\n");
}

/* ---- footnotes ---- */

static void put_letter(struct tables *t, const struct letter *l)
{
	struct str setting = plan_range_setting(l->range);

	wr_printf(t->w, t->is_md ? "- %s: %s" : "  %-4s %s", l->letter, l->text);
	if (l->range != RANGE_NONE && setting.len)
		wr_printf(t->w, " (" STR_FMT ")", STR_ARG(setting));
	wr_printf(t->w, "\n");
}

static void put_star(struct tables *t)
{
	struct port_set mux = {{plan_mux(t->what->plan)}, 1};

	wr_printf(t->w, t->is_md ? "- \\*: " : "  *    ");
	wr_printf(t->w, "the first ports of the media range carry multiplexed traffic only: ");
	put_set(t->w, &mux, " to ", "");
	wr_printf(t->w, "\n");
}

static void put_footnotes(struct tables *t)
{
	bool is_any = t->is_starred;

	for (size_t i = 0; i < N_LETTERS; i++) {
		if (t->is_used[i])
			put_letter(t, &letters[i]);
		is_any |= t->is_used[i];
	}
	if (t->is_starred)
		put_star(t);
	if (t->is_extra)
		wr_printf(t->w, "%sThese rows are not of the document%s.\n", t->is_md ? "\n" : "  ",
			str_eq(t->table, STR("extra")) ? ""
						       : ", whose figure is missing: they are "
							 "reconstructed and provisional");
	if (is_any || t->is_extra)
		wr_printf(t->w, "\n");
}

static void put_table(struct tables *t)
{
	plan_each(t->what, true, note_item, t);
	if (t->n_paths == 0)
		return;
	wr_printf(t->w, t->is_md ? "### `" STR_FMT "`\n\n" : STR_FMT "\n", STR_ARG(t->table));
	for (size_t i = 0; i < t->n_paths; i++) {
		t->path = t->paths[i];
		put_path(t);
	}
	put_footnotes(t);
}

/* Rows stand together by table in the declaration, so a new name begins a new table. */
void plan_put_tables(const struct plan_print *what, enum plan_format format, struct wr *w)
{
	struct str table = STR_NONE;

	for (enum plan_row row = PLAN_NONE + 1; row < PLAN_ROW_MAX; row++) {
		struct tables t = {.what = what, .w = w, .is_md = format == FORMAT_MD};

		if (str_eq(table, plan_table(row)))
			continue;
		t.table = table = plan_table(row);
		put_table(&t);
	}
}
