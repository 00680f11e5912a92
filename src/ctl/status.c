/* status.c - prints zones, processes, alarms and counters of a running node. It knows no row's source,
 * only its body. */
#include "ctl/status.h"

#include <string.h>

#include "ctl/show.h"
#include "ctl/table.h"
#include "ipc/given.h"
#include "ipc/show.h"

/* ---- rows, decoded ---- */

static bool next_zone(
	const struct mirror *m, const struct mirror_row **row, struct show_zone *ret_zone)
{
	while ((*row = mirror_next(m, ROW_ZONE, *row))) {
		struct rd body = rd_of((*row)->body);

		*ret_zone = (struct show_zone){.rtt_us = 0};
		if (show_zone_get(&body, ret_zone) == OK)
			return true;
	}
	return false;
}

static bool next_alarm(
	const struct mirror *m, const struct mirror_row **row, struct show_alarm *ret_alarm)
{
	while ((*row = mirror_next(m, ROW_ALARM, *row))) {
		struct rd body = rd_of((*row)->body);

		*ret_alarm = (struct show_alarm){.since_wall_s = 0};
		if (show_alarm_get(&body, ret_alarm) == OK)
			return true;
	}
	return false;
}

static bool next_process(
	const struct mirror *m, const struct mirror_row **row, struct show_process *ret_process)
{
	while ((*row = mirror_next(m, ROW_PROCESS, *row))) {
		struct rd body = rd_of((*row)->body);

		*ret_process = (struct show_process){.pid = 0};
		if (show_process_get(&body, ret_process) == OK)
			return true;
	}
	return false;
}

static const char *state_of(const struct show_zone *z)
{
	return z->is_up ? "up" : z->has_link ? "down" : "idle";
}

/* ---- health ---- */

struct health {
	size_t n_zones_down, n_errors, n_warnings, n_processes_down, n_processes;
};

static struct health health_of(const struct mirror *m)
{
	struct health h = {0};
	const struct mirror_row *row = NULL;
	struct show_zone zone;
	struct show_alarm alarm;
	struct show_process process;

	while (next_zone(m, &row, &zone))
		h.n_zones_down += zone.has_link && !zone.is_up;
	for (row = NULL; next_alarm(m, &row, &alarm);) {
		if (strcmp(alarm.severity, "error") == 0)
			h.n_errors++;
		else
			h.n_warnings++;
	}
	for (row = NULL; next_process(m, &row, &process);) {
		h.n_processes++;
		h.n_processes_down += strcmp(process.state, "running") != 0;
	}
	return h;
}

static bool is_healthy(const struct health *h)
{
	return !h->n_zones_down && !h->n_errors && !h->n_processes_down && h->n_processes;
}

/* ---- JSON ---- */

static void json_zone(struct js *js, const struct show_zone *z)
{
	js_open(js, NULL, '{');
	js_z(js, "name", z->name);
	js_z(js, "type", z->type);
	js_z(js, "state", state_of(z));
	js_bool(js, "has_link", z->has_link);
	js_z(js, "transport", z->transport);
	js_addr(js, "local", &z->local);
	js_addr(js, "peer", &z->peer);
	js_time(js, "since", z->since_wall_s);
	js_milli(js, "rtt_ms", z->rtt_us);
	js_num(js, "calls", z->calls);
	js_z(js, "why", z->why);
	if (z->has_h323) {
		js_open(js, "h323", '{');
		js_z(js, "state", z->is_h323_up ? "up" : "down");
		js_addr(js, "peer", &z->h323_peer);
		js_z(js, "why", z->h323_why);
		js_close(js, '}');
	}
	js_close(js, '}');
}

static void json_zones(struct js *js, const struct mirror *m)
{
	const struct mirror_row *row = NULL;
	struct show_zone zone;

	js_open(js, "zones", '[');
	while (next_zone(m, &row, &zone))
		json_zone(js, &zone);
	js_close(js, ']');
}

static void json_alarms(struct js *js, const struct mirror *m)
{
	const struct mirror_row *row = NULL;
	struct show_alarm alarm;

	js_open(js, "alarms", '[');
	while (next_alarm(m, &row, &alarm)) {
		js_open(js, NULL, '{');
		js_z(js, "id", alarm.id);
		js_z(js, "severity", alarm.severity);
		js_z(js, "process", process_name(row->from));
		js_z(js, "cause", alarm.cause);
		js_z(js, "fix", alarm.fix);
		js_time(js, "since", alarm.since_wall_s);
		js_close(js, '}');
	}
	js_close(js, ']');
}

static void json_processes(struct js *js, const struct mirror *m)
{
	const struct mirror_row *row = NULL;
	struct show_process p;

	js_open(js, "processes", '[');
	while (next_process(m, &row, &p)) {
		js_open(js, NULL, '{');
		js_z(js, "name", p.name);
		js_num(js, "pid", p.pid);
		js_z(js, "state", p.state);
		js_num(js, "restarts", p.restarts);
		js_time(js, "since", p.since_wall_s);
		js_num(js, "records", p.kept);
		js_close(js, '}');
	}
	js_close(js, ']');
}

static void json_counters(struct js *js, const struct mirror *m)
{
	const struct mirror_row *row = NULL;
	char name[SHOW_NAME_MAX];
	uint64_t value;

	js_open(js, "counters", '{');
	while ((row = mirror_next(m, ROW_COUNTERS, row))) {
		struct rd body = rd_of(row->body);

		js_open(js, process_name(row->from), '{');
		while (show_counter_next(&body, name, &value))
			js_num(js, name, value);
		js_close(js, '}');
	}
	js_close(js, '}');
}

static uint32_t revision_of(const struct mirror *m)
{
	const struct mirror_row *row = mirror_next(m, ROW_REVISION, NULL);
	struct rd body = rd_of(row ? row->body : STR_NONE);
	uint32_t revision = 0;

	if (!row || given_config_get(&body, &revision) != OK)
		return 0;
	return revision;
}

static void json_status(struct cli *cli, const struct mirror *m, const struct health *h)
{
	struct js js = js_of(&cli->out);

	show_begin(&js, "status");
	js_bool(&js, "healthy", is_healthy(h));
	js_num(&js, "revision", revision_of(m));
	json_zones(&js, m);
	json_processes(&js, m);
	json_alarms(&js, m);
	js_num(&js, "calls", mirror_count(m, ROW_CALL));
	js_num(&js, "registrations", mirror_count(m, ROW_BINDING));
	js_num(&js, "flows", mirror_count(m, ROW_FLOW_IS));
	json_counters(&js, m);
	show_end(&js);
}

/* ---- text ---- */

static const char *h323_state(const struct show_zone *z, char buf[ADDR_TEXT_SIZE])
{
	if (!z->has_h323)
		return "-";
	return z->is_h323_up ? addr_put(&z->h323_peer, buf) : "down";
}

static void text_zones(struct cli *cli, const struct mirror *m)
{
	static const struct column columns[] = {{"ZONE", false, true}, {"TYPE", false, false},
		{"STATE", false, false}, {"SINCE", true, false}, {"PEER", false, true},
		{"RTT ms", true, false}, {"CALLS", true, false}, {"H.323", false, true}};
	const struct mirror_row *row = NULL;
	char peer[ADDR_TEXT_SIZE], age[16];
	struct show_zone z;
	struct table t;

	if (table_init(&t, columns, 8, mirror_count(m, ROW_ZONE) + 1) != OK)
		return;
	while (next_zone(m, &row, &z)) {
		table_cell(&t, "%s", z.name);
		table_cell(&t, "%s", z.type);
		table_cell(&t, "%s", state_of(&z));
		table_cell(&t, "%s", show_age(cli, z.since_wall_s, age));
		table_cell(&t, "%s%s%s", z.peer.family ? addr_put(&z.peer, peer) : "-",
			z.transport[0] ? " " : "", z.transport);
		table_cell(&t, "%u.%u", z.rtt_us / 1000, z.rtt_us / 100 % 10);
		table_cell(&t, "%u", z.calls);
		table_cell(&t, "%s", h323_state(&z, peer));
	}
	show_table(cli, &t, "no zone is configured");
	for (row = NULL; next_zone(m, &row, &z);) {
		if (z.has_link && !z.is_up && z.why[0]) {
			wr_printf(&cli->out, "%s is down: ", z.name);
			wr_clean(&cli->out, str_of(z.why));
			wr_str(&cli->out, STR("\n"));
		}
		if (z.has_h323 && !z.is_h323_up && z.h323_why[0]) {
			wr_printf(&cli->out, "%s: no H.323: ", z.name);
			wr_clean(&cli->out, str_of(z.h323_why));
			wr_str(&cli->out, STR("\n"));
		}
	}
}

static void text_processes(struct cli *cli, const struct mirror *m)
{
	static const struct column columns[] = {{"PROCESS", false, false}, {"PID", true, false},
		{"STATE", false, false}, {"SINCE", true, false}, {"RESTARTS", true, false},
		{"RECORDS", true, false}};
	const struct mirror_row *row = NULL;
	struct show_process p;
	struct table t;
	char age[16];

	if (table_init(&t, columns, 6, 64) != OK)
		return;
	while (next_process(m, &row, &p)) {
		table_cell(&t, "%s", p.name);
		table_cell(&t, "%u", p.pid);
		table_cell(&t, "%s", p.state);
		table_cell(&t, "%s", show_age(cli, p.since_wall_s, age));
		table_cell(&t, "%u", p.restarts);
		table_cell(&t, "%u", p.kept);
	}
	show_table(cli, &t, "no process is known");
}

static void text_alarm(struct cli *cli, const struct show_alarm *a)
{
	bool is_error = strcmp(a->severity, "error") == 0;
	char age[16];

	cli_coloured(cli, is_error ? COLOUR_RED : COLOUR_YELLOW, a->id);
	wr_printf(&cli->out, " %s, %s: ", show_text(a->severity),
		show_age(cli, a->since_wall_s, age));
	wr_clean(&cli->out, str_of(a->cause));
	if (a->fix[0]) {
		wr_str(&cli->out, STR("\n        "));
		wr_clean(&cli->out, str_of(a->fix));
	}
	wr_str(&cli->out, STR("\n"));
}

static void text_alarms(struct cli *cli, const struct mirror *m)
{
	const struct mirror_row *row = NULL;
	struct show_alarm alarm;

	while (next_alarm(m, &row, &alarm))
		text_alarm(cli, &alarm);
}

/* Those that counted something, as many to a line as fit. */
static void text_counters_of(struct wr *w, const char *process, struct rd *body)
{
	size_t line = 0, indent = str_of(process).len;
	char name[SHOW_NAME_MAX];
	uint64_t value;

	while (show_counter_next(body, name, &value)) {
		if (!value)
			continue;
		if (!line || wr_len(w) - line > TABLE_WIDTH - 30) {
			wr_printf(w, "%s%*s", line ? "\n" : "", (int)indent, line ? "" : process);
			wr_str(w, line ? STR(" ") : STR(":"));
			line = wr_len(w);
		}
		wr_printf(w, " %s %llu", name, (unsigned long long)value);
	}
	if (line)
		wr_str(w, STR("\n"));
}

static void text_counters(struct cli *cli, const struct mirror *m)
{
	const struct mirror_row *row = NULL;

	while ((row = mirror_next(m, ROW_COUNTERS, row))) {
		struct rd body = rd_of(row->body);

		text_counters_of(&cli->out, process_name(row->from), &body);
	}
}

static void text_health(struct cli *cli, const struct mirror *m, const struct health *h)
{
	struct wr *w = &cli->out;

	if (is_healthy(h))
		cli_coloured(cli, COLOUR_GREEN, "healthy");
	else
		cli_coloured(cli, COLOUR_RED, "not healthy");
	if (!h->n_processes)
		wr_str(w, STR(": no process of the node is known yet"));
	if (h->n_processes_down)
		wr_printf(w, ", %zu process%s not running", h->n_processes_down,
			h->n_processes_down == 1 ? "" : "es");
	if (h->n_zones_down)
		wr_printf(w, ", %zu zone%s down", h->n_zones_down, h->n_zones_down == 1 ? "" : "s");
	if (h->n_errors)
		wr_printf(w, ", %zu error%s", h->n_errors, h->n_errors == 1 ? "" : "s");
	if (h->n_warnings)
		wr_printf(w, ", %zu warning%s", h->n_warnings, h->n_warnings == 1 ? "" : "s");
	wr_printf(w, "; %zu calls, %zu registrations; configuration %u\n",
		mirror_count(m, ROW_CALL), mirror_count(m, ROW_BINDING), revision_of(m));
}

static enum cli_exit put_status(struct cli *cli, const struct mirror *m)
{
	struct health h = health_of(m);

	if (cli->is_json) {
		json_status(cli, m, &h);
		return is_healthy(&h) ? CLI_OK : CLI_NOT_OK;
	}
	text_health(cli, m, &h);
	text_alarms(cli, m);
	wr_str(&cli->out, STR("\n"));
	text_zones(cli, m);
	wr_str(&cli->out, STR("\n"));
	text_processes(cli, m);
	if (mirror_count(m, ROW_COUNTERS)) {
		wr_str(&cli->out, STR("\n"));
		text_counters(cli, m);
	}
	return is_healthy(&h) ? CLI_OK : CLI_NOT_OK;
}

static enum cli_exit put_zones(struct cli *cli, const struct mirror *m)
{
	struct js js = js_of(&cli->out);
	struct health h = health_of(m);

	if (cli->is_json) {
		show_begin(&js, "zones");
		json_zones(&js, m);
		show_end(&js);
	} else {
		text_zones(cli, m);
	}
	return h.n_zones_down ? CLI_NOT_OK : CLI_OK;
}

static enum cli_exit put_alarms(struct cli *cli, const struct mirror *m)
{
	struct js js = js_of(&cli->out);
	struct health h = health_of(m);

	if (cli->is_json) {
		show_begin(&js, "alarms");
		json_alarms(&js, m);
		show_end(&js);
	} else if (h.n_errors + h.n_warnings == 0) {
		cli_note(cli, "no alarm");
	} else {
		text_alarms(cli, m);
	}
	return h.n_errors ? CLI_NOT_OK : CLI_OK;
}

enum cli_exit cmd_status(struct cli *cli)
{
	return show_run(cli, put_status);
}

enum cli_exit cmd_zones(struct cli *cli)
{
	return show_run(cli, put_zones);
}

enum cli_exit cmd_alarms(struct cli *cli)
{
	return show_run(cli, put_alarms);
}
