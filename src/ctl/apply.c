/* apply.c - hands the keeper an open file and prints what its reader found. Nothing is judged here. */
#include "ctl/apply.h"

#include "ctl/mirror.h"
#include "ipc/given.h"

static enum cli_exit said(const struct cli *cli, enum err err, struct str errors, const char *path)
{
	if (errors.len)
		cli->world->say(cli->world->arg, errors);
	switch ((int)err) {
	case OK:
		return CLI_OK;
	case ERR_SYNTAX:
		cli_error(cli, "%s is not valid; the running configuration stays", path);
		return CLI_CONFIG;
	case ERR_EXISTS:
		cli_error(cli, "another configuration is being applied; try again");
		return CLI_TEMPORARY;
	case ERR_DENIED:
		cli_error(cli, "not authorised: root alone may apply; try sudo");
		return CLI_DENIED;
	default:
		cli_error(cli, "%s was not applied: %s; try again", path, err_text(err));
		return CLI_TEMPORARY;
	}
}

static enum cli_exit ask(struct cli *cli, struct mirror *m, const char *path, bool is_dry_run)
{
	struct given_apply a = {.is_dry_run = is_dry_run};
	struct str errors = STR_NONE;
	uint8_t buf[300];
	struct wr body = wr_of(buf, sizeof buf);
	int fd;
	enum err err = cli->world->open(cli->world->arg, path, &fd);

	if (err)
		return cli_file_error(cli, path, err);
	(void)str_copy(str_of(path), a.file, sizeof a.file);
	given_apply_put(&body, &a);
	err = mirror_ask(m, P_KEEPER, ASK_APPLY, 0, wr_done(&body), fd, &errors);
	io_close_fd(cli->io, fd);
	return said(cli, err, errors, path);
}

enum cli_exit cmd_apply(struct cli *cli)
{
	bool is_dry_run = cli_option(cli, "--dry-run") != NULL;
	struct mirror *m = NULL;
	enum cli_exit status = mirror_open(cli, /* is_quiet */ false, &m);

	if (status != CLI_OK)
		return status;
	status = ask(cli, m, cli->words[0], is_dry_run);
	if (status == CLI_OK)
		cli_note(cli, is_dry_run ? "%s could be applied" : "%s is applied", cli->words[0]);
	mirror_close(m);
	return status;
}

enum cli_exit apply_own(struct cli *cli)
{
	char path[512];
	struct mirror *m = NULL;
	enum cli_exit status = mirror_open(cli, /* is_quiet */ true, &m);

	if (status != CLI_OK)
		return status;
	status = ask(cli, m, cli_path(cli, "etc/fosse/fosse.yaml", path), /* is_dry_run */ false);
	mirror_close(m);
	return status;
}
