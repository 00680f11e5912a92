/* run.c - parses, helps or runs, and prints what was written. */
#include "ctl/run.h"

#include "ctl/help.h"
#include "ctl/parse.h"

static enum cli_exit run(struct cli *cli)
{
	if (cli_option(cli, "--version")) {
		wr_str(&cli->out, STR("fosse " FOSSE_VERSION "\n"));
		return CLI_OK;
	}
	if (cli_option(cli, "--help")) {
		if (cli->command)
			help_command(cli, cli->command);
		else
			help_overview(cli);
		return CLI_OK;
	}
	if (cli->command)
		return cli->command->run(cli);
	cli_error(cli, "which command? \"fosse --help\" lists them");
	return CLI_USAGE;
}

enum cli_exit cli_run(struct cli *cli, size_t argc, const char *const *argv)
{
	enum cli_exit status;

	if (cli_parse(cli, argc, argv) != OK)
		return CLI_USAGE;
	status = run(cli);
	cli_flush(cli);
	return status;
}
