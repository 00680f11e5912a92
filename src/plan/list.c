/* list.c - the rows as data: JSON (a list of objects) and CSV (RFC 4180), one field table for both.
 *
 * The field names are an interface: scripts read them. Ports are text ("25000-29999", "389,636"), and
 * "from_host" is the address of that end, or its role where no address is known. Nothing that is
 * printed comes from outside but addresses, so nothing has to be escaped; CSV quotes every field. */
#include "plan/formats.h"

typedef void(field_h)(struct wr *w, const struct plan_item *item);

static void put_table(struct wr *w, const struct plan_item *item)
{
	wr_printf(w, "%s", item->line->path->table);
}

static void put_direction(struct wr *w, const struct plan_item *item)
{
	wr_printf(w, "%s", item->line->path->direction);
}

static void put_from_zone(struct wr *w, const struct plan_item *item)
{
	wr_printf(w, "%s", plan_zone_name(item->line->path->from_zone));
}

static void put_from(struct wr *w, const struct plan_item *item)
{
	wr_printf(w, "%s", plan_host_name(item->line->path->from_host));
}

static void put_from_host(struct wr *w, const struct plan_item *item)
{
	if (item->from->n)
		put_addrs(w, item->from, AF_NONE, ",");
	else
		put_from(w, item);
}

static void put_to_zone(struct wr *w, const struct plan_item *item)
{
	wr_printf(w, "%s", plan_zone_name(item->line->path->to_zone));
}

static void put_to(struct wr *w, const struct plan_item *item)
{
	wr_printf(w, "%s", plan_host_name(item->line->path->to_host));
}

static void put_to_host(struct wr *w, const struct plan_item *item)
{
	if (item->to->n)
		put_addrs(w, item->to, AF_NONE, ",");
	else
		put_to(w, item);
}

static void put_protocol(struct wr *w, const struct plan_item *item)
{
	wr_printf(w, "%s", plan_protocol_name(item->line->protocol));
}

static void put_source(struct wr *w, const struct plan_item *item)
{
	put_set(w, &item->source, "-", ",");
}

static void put_destination(struct wr *w, const struct plan_item *item)
{
	put_set(w, &item->destination, "-", ",");
}

static void put_letter(struct wr *w, const char *letter)
{
	wr_printf(w, "%s", *letter ? letter : "-");
}

static void put_letters(struct wr *w, const struct plan_item *item)
{
	put_letter(w, item->line->source_letter);
	wr_printf(w, "/");
	put_letter(w, item->line->destination_letter);
}

static void put_purpose(struct wr *w, const struct plan_item *item)
{
	wr_printf(w, "%s", item->line->purpose);
}

static void put_state(struct wr *w, const struct plan_item *item)
{
	wr_printf(w, "%s", plan_state_name(item->state));
}

static void put_row(struct wr *w, const struct plan_item *item)
{
	wr_printf(w, "%s", item->line->name);
}

static void put_owner(struct wr *w, const struct plan_item *item)
{
	wr_printf(w, "%s", plan_owner_name(item->line->owner));
}

static void put_setting(struct wr *w, const struct plan_item *item)
{
	wr_printf(w, "%s", plan_switch_setting(item->line->sw));
}

static void put_origin(struct wr *w, const struct plan_item *item)
{
	wr_printf(w, "%s", plan_is_of_document(item->row) ? "document" : "extra");
}

static const struct field {
	const char *name;
	field_h *put;
} fields[] = {
	{"table", put_table},
	{"direction", put_direction},
	{"from_zone", put_from_zone},
	{"from", put_from},
	{"from_host", put_from_host},
	{"to_zone", put_to_zone},
	{"to", put_to},
	{"to_host", put_to_host},
	{"protocol", put_protocol},
	{"source_ports", put_source},
	{"destination_ports", put_destination},
	{"letters", put_letters},
	{"purpose", put_purpose},
	{"state", put_state},
	{"row", put_row},
	{"owner", put_owner},
	{"setting", put_setting},
	{"origin", put_origin},
};

#define N_FIELDS (sizeof fields / sizeof fields[0])

struct list_out {
	struct wr *w;
	size_t n;
};

static void put_object(void *arg, const struct plan_item *item)
{
	struct list_out *out = arg;

	wr_printf(out->w, out->n++ ? ",\n  {" : "\n  {");
	for (size_t i = 0; i < N_FIELDS; i++) {
		wr_printf(out->w, "%s\"%s\": \"", i ? ", " : "", fields[i].name);
		fields[i].put(out->w, item);
		wr_printf(out->w, "\"");
	}
	wr_printf(out->w, "}");
}

static void put_record(void *arg, const struct plan_item *item)
{
	struct list_out *out = arg;

	for (size_t i = 0; i < N_FIELDS; i++) {
		wr_printf(out->w, "%s\"", i ? "," : "");
		fields[i].put(out->w, item);
		wr_printf(out->w, "\"");
	}
	wr_printf(out->w, "\r\n");
}

void plan_put_list(const struct plan_print *what, enum plan_format format, struct wr *w)
{
	struct list_out out = {w, 0};

	if (format == FORMAT_JSON) {
		wr_printf(w, "[");
		plan_each(what, true, put_object, &out);
		wr_printf(w, out.n ? "\n]\n" : "]\n");
		return;
	}
	for (size_t i = 0; i < N_FIELDS; i++)
		wr_printf(w, "%s%s", i ? "," : "", fields[i].name);
	wr_printf(w, "\r\n");
	plan_each(what, true, put_record, &out);
}
