/* live.c - brings ports.c what it prints: the configuration, the kernel's lists of sockets, and which of
 * them are ours. Works without a running node: then nothing is ours. */
#include "ctl/live.h"

#include <string.h>

#include "ctl/config.h"
#include "ctl/mirror.h"
#include "ctl/ports.h"
#include "ipc/show.h"

#define PIDS_MAX   64
#define INODES_MAX 65536

static enum err read_options(const struct cli *cli, struct ports_options *ret_options)
{
	const char *words[2 * CLI_OPTIONS_MAX];
	struct str wrong;
	size_t n = 0;

	for (size_t i = 0; i < cli->n_options; i++) {
		const char *name = cli->options[i].name;

		if (strcmp(name, "--table") == 0 || strcmp(name, "--format") == 0 ||
			strcmp(name, "--firewall") == 0) {
			words[n++] = name;
			words[n++] = cli->options[i].value;
		} else if (strcmp(name, "--all") == 0 || strcmp(name, "--rules-only") == 0 ||
			   strcmp(name, "--shared") == 0) {
			words[n++] = name;
		}
	}
	if (ports_options_read(words, n, ret_options, &wrong) != OK) {
		cli_error(cli, "ports: \"" STR_FMT "\" is not understood", STR_ARG(wrong));
		return ERR_SYNTAX;
	}
	if (cli->is_json && !cli_option(cli, "--format"))
		ret_options->format = FORMAT_JSON;
	return OK;
}

static size_t find_processes(const struct cli *cli, uint32_t pids[PIDS_MAX])
{
	const struct mirror_row *row = NULL;
	struct mirror *m = NULL;
	size_t n = 0;

	if (mirror_open(cli, /* is_quiet */ true, &m) != CLI_OK)
		return 0;
	(void)!mirror_wait(m, cli->timeout_ms);
	while (n < PIDS_MAX && (row = mirror_next(m, ROW_PROCESS, row))) {
		struct show_process p = {.pid = 0};
		struct rd body = rd_of(row->body);

		if (show_process_get(&body, &p) == OK && p.pid)
			pids[n++] = p.pid;
	}
	mirror_close(m);
	return n;
}

static struct str read_list(const struct cli *cli, const char *path)
{
	struct str text;

	return cli->world->read(cli->world->arg, path, &text) == OK ? text : STR_NONE;
}

static void look(const struct cli *cli, struct ports_machine *ret_machine, uint64_t *inodes)
{
	uint32_t pids[PIDS_MAX];
	size_t n = find_processes(cli, pids);

	*ret_machine = (struct ports_machine){.udp = read_list(cli, "/proc/net/udp"),
		.udp6 = read_list(cli, "/proc/net/udp6"),
		.tcp = read_list(cli, "/proc/net/tcp"),
		.tcp6 = read_list(cli, "/proc/net/tcp6"),
		.inodes = inodes};
	ret_machine->n_inodes = cli->world->inodes(cli->world->arg, pids, n, inodes, INODES_MAX);
}

static void on_fault(void *arg, struct str sentence)
{
	cli_error(arg, STR_FMT, STR_ARG(sentence));
}

static enum cli_exit check(
	struct cli *cli, const struct conf *conf, const struct ports_machine *machine)
{
	struct plan *plan = scratch_take(io_scratch(cli->io), sizeof *plan);
	size_t n;

	if (!plan)
		return CLI_TEMPORARY;
	conf_to_plan(conf, /* with_later */ false, plan);
	n = ports_clashes(conf, machine, io_scratch(cli->io), on_fault, cli);
	n += ports_unlisted(plan, machine, on_fault, cli);
	return n ? CLI_NOT_OK : CLI_OK;
}

static enum cli_exit print(struct cli *cli, const struct conf *conf,
	const struct ports_options *options, const struct ports_machine *machine)
{
	enum err err = ports_print(conf, options, machine, io_scratch(cli->io), &cli->out);

	if (err == ERR_NOENT) {
		cli_error(cli, "no table \"" STR_FMT "\"; \"fosse ports --all\" prints them all",
			STR_ARG(options->table));
		return CLI_USAGE;
	}
	if (err) {
		cli_error(cli, "ports: %s", err_text(err));
		return CLI_TEMPORARY;
	}
	return CLI_OK;
}

enum cli_exit cmd_ports(struct cli *cli)
{
	struct ports_machine machine = {.n_inodes = 0};
	struct ports_options options;
	uint64_t *inodes = mem_array(INODES_MAX, sizeof *inodes);
	struct conf *conf = NULL;
	enum cli_exit status = CLI_TEMPORARY;

	if (!inodes)
		return status;
	status = read_options(cli, &options) == OK ? config_read(cli, cli->file, &conf) : CLI_USAGE;
	/* A file of another node says nothing about this machine. */
	if (status == CLI_OK && (!cli->has_file || cli_option(cli, "--live")))
		look(cli, &machine, inodes);
	scratch_reset(io_scratch(cli->io));
	if (status == CLI_OK)
		status = print(cli, conf, &options, &machine);
	if (status == CLI_OK && cli_option(cli, "--live"))
		status = check(cli, conf, &machine);
	mem_free(conf);
	mem_free(inodes);
	return status;
}
