/* zonekey.c - the files that pairing leaves behind. A running node's keeper writes them, so that what it
 * uses and what is on disk are one; without a node the command line does. */
#include "ctl/zonekey.h"

#include <stdio.h>
#include <string.h>

#include "conf/pairing.h"
#include "ctl/mirror.h"
#include "ipc/given.h"
#include "pair/key.h"

#define KEY_FILE "etc/fosse/keys/zone.pem"
#define PEM_MAX  8192

static enum cli_exit make(
	const struct cli *cli, const char *name, const char *path, struct str *ret_pem)
{
	char *pem = scratch_take(io_scratch(cli->io), PEM_MAX);
	struct wr w = wr_of(pem, pem ? PEM_MAX : 0);
	enum err err = pem ? zone_key_make(name, &w) : ERR_FULL;

	if (err) {
		cli_error(cli, "no key could be made: %s", err_text(err));
		return CLI_TEMPORARY;
	}
	err = cli->world->write(cli->world->arg, path, wr_done(&w), /* may_replace */ false);
	explicit_bzero(pem, PEM_MAX);
	if (err == OK || err == ERR_EXISTS)
		err = cli->world->read(cli->world->arg, path, ret_pem);
	return err ? cli_file_error(cli, path, err) : CLI_OK;
}

enum cli_exit zonekey_get(
	const struct cli *cli, const char *name, struct str *ret_pem, uint8_t ret_spki[32])
{
	char path[512];
	enum err err = cli->world->read(cli->world->arg, cli_path(cli, KEY_FILE, path), ret_pem);
	enum cli_exit status = CLI_OK;

	if (err == ERR_NOENT)
		status = make(cli, name, path, ret_pem);
	else if (err)
		status = cli_file_error(cli, path, err);
	if (status != CLI_OK)
		return status;
	if (zone_key_hash(*ret_pem, ret_spki) == OK)
		return CLI_OK;
	cli_error(cli, "%s holds no certificate with its key: move it away, and a new one is made",
		path);
	return CLI_NOT_OK;
}

/* ---- pairings ---- */

bool pairing_is_name(const struct cli *cli, const char *name)
{
	bool is_ok = name[0] && name[0] != '.' && strlen(name) < CONF_NAME;

	for (const char *c = name; *c; c++)
		is_ok = is_ok && ((ascii_lower(*c) >= 'a' && ascii_lower(*c) <= 'z') ||
					 (*c >= '0' && *c <= '9') || strchr("._-", *c));
	if (!is_ok)
		cli_error(cli,
			"\"%s\" cannot be a pairing's name: letters, digits, \".\", \"_\" and "
			"\"-\", at most %d",
			name, CONF_NAME - 1);
	return is_ok;
}

static const char *path_of(const struct cli *cli, const char *name, char path[512])
{
	char below[128];

	(void)snprintf(below, sizeof below, "etc/fosse/pairing/%s", name);
	return cli_path(cli, below, path);
}

enum cli_exit pairing_read(
	const struct cli *cli, const char *name, struct conf_pairing *ret_pairing)
{
	char path[512];
	struct str text;
	const char *why;
	uint32_t line;
	enum err err = cli->world->read(cli->world->arg, path_of(cli, name, path), &text);

	*ret_pairing = (struct conf_pairing){.n_spki = 0};
	if (err == ERR_NOENT)
		return CLI_OK;
	if (err)
		return cli_file_error(cli, path, err);
	if (pairing_parse(text, ret_pairing, &line, &why) == OK)
		return CLI_OK;
	cli_error(cli, "%s:%u %s; \"fosse pair revoke %s\" removes it", path, line, why, name);
	return CLI_CONFIG;
}

static enum cli_exit store_by_node(
	struct cli *cli, struct mirror *m, const char *name, struct str text)
{
	struct given_pair given = {.text = text};
	struct str errors = STR_NONE;
	uint8_t buf[2048];
	struct wr body = wr_of(buf, sizeof buf);
	enum err err;

	(void)str_copy(str_of(name), given.name, sizeof given.name);
	given_pair_put(&body, &given);
	err = body.err ? body.err
	               : mirror_ask(m, P_KEEPER, ASK_PAIR, 0, wr_done(&body), NO_FD, &errors);
	explicit_bzero(buf, sizeof buf);
	if (err == OK)
		return CLI_OK;
	if (errors.len)
		cli->world->say(cli->world->arg, errors);
	cli_error(cli, "the node did not take pairing \"%s\": %s%s", name, err_text(err),
		err == ERR_SYNTAX   ? "; its configuration is not valid: fosse validate"
		: err == ERR_DENIED ? "; root alone may: try sudo"
				    : "; try again");
	return err == ERR_SYNTAX ? CLI_CONFIG : err == ERR_DENIED ? CLI_DENIED : CLI_TEMPORARY;
}

static enum cli_exit store_by_file(const struct cli *cli, const char *name, struct str text)
{
	char path[512];
	const struct world *world = cli->world;
	enum err err;

	(void)path_of(cli, name, path);
	if (text.len)
		err = world->write(world->arg, path, text, /* may_replace */ true);
	else
		err = world->remove(world->arg, path);
	if (err == OK || (!text.len && err == ERR_NOENT))
		return CLI_OK;
	return cli_file_error(cli, path, err);
}

enum cli_exit pairing_store(struct cli *cli, const char *name, const struct conf_pairing *p)
{
	char text[PAIRING_TEXT_MAX / 4];
	struct wr w = wr_of(text, sizeof text);
	struct mirror *m = NULL;
	enum cli_exit status;

	if (p)
		pairing_put(p, &w);
	status = mirror_open(cli, /* is_quiet */ true, &m);
	if (status == CLI_OK) {
		(void)!mirror_wait(m, cli->timeout_ms);
		status = store_by_node(cli, m, name, wr_done(&w));
	} else if (status == CLI_UNREACHABLE) {
		status = store_by_file(cli, name, wr_done(&w));
	}
	mirror_close(m);
	explicit_bzero(text, sizeof text);
	return status;
}
