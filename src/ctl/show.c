/* show.c - how every command that shows a running node goes: mirror, wait, print, print again. */
#include "ctl/show.h"

#include <stdio.h>

#include "ctl/table.h"

#define WAIT_STEP_MS 100

static enum cli_exit show_once(struct cli *cli, struct mirror *m, show_h *h)
{
	enum err err = mirror_wait(m, cli->timeout_ms);

	if (!mirror_has_node(m)) {
		cli_error(cli, "the node went away");
		return CLI_UNREACHABLE;
	}
	if (err)
		cli_note(cli,
			"not every process of the node has answered; what follows is incomplete");
	return h(cli, m);
}

/* Until it is ok, or the time is over: what is printed is the last picture. */
static enum cli_exit show_waiting(struct cli *cli, struct mirror *m, show_h *h, uint64_t wait_ms)
{
	uint64_t end = io_now(cli->io) + wait_ms * 1000000u;
	enum cli_exit status;

	for (;;) {
		bool is_whole = mirror_wait(m, WAIT_STEP_MS) == OK;

		status = h(cli, m);
		if ((status == CLI_OK && is_whole) || io_now(cli->io) >= end)
			return mirror_has_node(m) ? status : CLI_UNREACHABLE;
		cli->out = wr_of(cli->out.start, (size_t)(cli->out.end - cli->out.start));
		mirror_run(m, WAIT_STEP_MS);
	}
}

_Noreturn static void show_for_ever(struct cli *cli, struct mirror *m, show_h *h)
{
	for (;;) {
		(void)!mirror_wait(m, cli->timeout_ms);
		if (cli->has_colour && !cli->is_json)
			wr_str(&cli->out, STR("\033[H\033[2J"));
		if (mirror_has_node(m))
			(void)h(cli, m);
		else
			cli_note(cli, "the node does not answer; trying again");
		cli_flush(cli);
		mirror_run(m, cli->watch_ms);
	}
}

static enum err wait_option(const struct cli *cli, uint64_t *ret_ms)
{
	const char *text = cli_option(cli, "--wait");
	uint64_t seconds = 0;

	if (text && str_u64(str_of(text), 86400, &seconds) != OK) {
		cli_error(cli, "--wait \"%s\": a number of seconds", text);
		return ERR_SYNTAX;
	}
	*ret_ms = seconds * 1000;
	return OK;
}

/* A node that has just been started may not listen yet. */
static enum cli_exit open_waiting(struct cli *cli, uint64_t wait_ms, struct mirror **ret_mirror)
{
	uint64_t end = io_now(cli->io) + wait_ms * 1000000u;
	enum cli_exit status;

	for (;;) {
		bool is_last = io_now(cli->io) >= end;

		status = mirror_open(cli, /* is_quiet */ !is_last, ret_mirror);
		if (status != CLI_UNREACHABLE || is_last)
			return status;
		if (cli->world->turn(cli->world->arg, WAIT_STEP_MS) != OK)
			return status;
	}
}

enum cli_exit show_run(struct cli *cli, show_h *h)
{
	struct mirror *m = NULL;
	uint64_t wait_ms;
	enum cli_exit status;

	if (wait_option(cli, &wait_ms) != OK)
		return CLI_USAGE;
	status = open_waiting(cli, wait_ms, &m);
	if (status != CLI_OK)
		return status;
	if (cli->is_watch)
		show_for_ever(cli, m, h);
	status = wait_ms ? show_waiting(cli, m, h, wait_ms) : show_once(cli, m, h);
	mirror_close(m);
	return status;
}

void show_begin(struct js *js, const char *object)
{
	js_open(js, NULL, '{');
	js_z(js, "object", object);
	js_num(js, "version", 1);
}

void show_end(struct js *js)
{
	js_close(js, '}');
	wr_str(js->w, STR("\n"));
}

const char *show_age(const struct cli *cli, uint64_t since_s, char buf[16])
{
	uint64_t now = io_wall(cli->io) / 1000000000u, age = now > since_s ? now - since_s : 0;

	if (!since_s)
		(void)snprintf(buf, 16, "-");
	else if (age < 120)
		(void)snprintf(buf, 16, "%u s", (unsigned)age);
	else if (age < 7200)
		(void)snprintf(buf, 16, "%u min", (unsigned)(age / 60));
	else if (age < 172800)
		(void)snprintf(buf, 16, "%u h", (unsigned)(age / 3600));
	else
		(void)snprintf(buf, 16, "%u d", (unsigned)(age / 86400));
	return buf;
}

const char *show_text(const char *text)
{
	return text[0] ? text : "-";
}

void show_table(struct cli *cli, struct table *t, const char *none)
{
	if (table_rows(t))
		table_put(t, &cli->out);
	else if (!cli->is_quiet)
		wr_printf(&cli->out, "%s\n", none);
	table_free(t);
}
