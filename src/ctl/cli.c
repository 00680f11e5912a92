/* cli.c - what all commands do alike: read their options, speak, and name files. */
#include "ctl/cli.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const char *cli_option(const struct cli *cli, const char *name)
{
	for (size_t i = 0; i < cli->n_options; i++) {
		if (strcmp(cli->options[i].name, name) == 0)
			return cli->options[i].value;
	}
	return NULL;
}

const char *cli_path(const struct cli *cli, const char *path, char buf[512])
{
	(void)snprintf(buf, 512, "%s/%s", cli->root, path);
	return buf;
}

static void PRINTF(3, 0)
	say(const struct cli *cli, const char *prefix, const char *fmt, va_list args)
{
	char text[2048];
	int n = snprintf(text, sizeof text, "%s", prefix);
	int more = vsnprintf(text + n, sizeof text - (size_t)n - 1, fmt, args);

	if (more < 0)
		return;
	n += more;
	if (n > (int)sizeof text - 2)
		n = (int)sizeof text - 2;
	text[n] = '\n';
	cli->world->say(cli->world->arg, (struct str){text, (size_t)n + 1});
}

void cli_error(const struct cli *cli, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	say(cli, "fosse: ", fmt, args);
	va_end(args);
}

void cli_note(const struct cli *cli, const char *fmt, ...)
{
	va_list args;

	if (cli->is_quiet)
		return;
	va_start(args, fmt);
	say(cli, "", fmt, args);
	va_end(args);
}

void cli_flush(struct cli *cli)
{
	if (cli->out.err)
		cli_error(cli, "the output is larger than %u MiB; only a part of it is printed",
			CLI_OUT_MAX >> 20);
	if (wr_len(&cli->out))
		cli->world->out(cli->world->arg,
			(struct str){(const char *)cli->out.start, wr_len(&cli->out)});
	cli->out = wr_of(cli->out.start, (size_t)(cli->out.end - cli->out.start));
}

enum cli_exit cli_file_error(const struct cli *cli, const char *path, enum err err)
{
	bool is_denied = err == ERR_DENIED || err == (enum err) - 1 || err == (enum err) - 13;

	cli_error(cli, "%s: %s%s", path, err_text(err),
		is_denied ? "; only root and the group fosse may do that: try sudo" : "");
	return is_denied ? CLI_DENIED : CLI_NOT_OK;
}

void cli_coloured(struct cli *cli, unsigned colour, const char *text)
{
	if (cli->has_colour)
		wr_printf(&cli->out, "\033[%um%s\033[0m", colour, text);
	else
		wr_str(&cli->out, str_of(text));
}
