/* pairings.c - the commands `fosse pair new|list|revoke|key`. It knows files and tokens, no connection. */
#include "ctl/pairings.h"

#include <string.h>

#include "conf/pairing.h"
#include "ctl/config.h"
#include "ctl/json.h"
#include "ctl/table.h"
#include "ctl/zonekey.h"
#include "pair/token.h"

#define TOKEN_S      86400u
#define PAIRINGS_MAX 256

/* ---- new ---- */

static const struct conf_zone *zone_of(const struct conf *c, const char *name)
{
	const struct conf_zone *found = NULL;

	for (uint32_t i = 0; i < c->n_zones; i++) {
		const struct conf_zone *z = &c->zones[i];

		/* A zone for unified communications shares the pairing of another. */
		if (z->type == ZT_TRAVERSAL_SERVER && strcmp(z->pairing, name) == 0 &&
			z->sip.enabled && (!found || found->uc))
			found = z;
	}
	return found;
}

static void fill_token(const struct cli *cli, const struct conf *c, const struct conf_zone *z,
	struct pair_token *t)
{
	struct plan *plan = scratch_take(io_scratch(cli->io), sizeof *plan);

	t->edges[0] = addr_with_port(&c->node.inside, z->sip.port);
	t->n_edges = 1;
	(void)str_copy(str_of(z->pairing), t->zone, sizeof t->zone);
	(void)str_copy(str_of(c->node.name), t->edge_name, sizeof t->edge_name);
	t->h323_port = z->h323.enabled ? z->h323.port : 0;
	t->until_s = io_wall(cli->io) / 1000000000u + TOKEN_S;
	io_random(cli->io, t->secret, sizeof t->secret);
	if (!plan)
		return;
	conf_to_plan(c, /* with_later */ true, plan);
	t->ssh_port = plan_range(plan, RANGE_UC_SSH).low;
	t->xmpp_port = plan_range(plan, RANGE_UC_INSIDE).low;
}

static void print_token(struct cli *cli, const struct pair_token *t, struct str text)
{
	struct js js = js_of(&cli->out);

	if (!cli->is_json) {
		wr_printf(&cli->out, STR_FMT "\n", STR_ARG(text));
		cli_note(cli,
			"Valid for 24 hours, for one use. On Control: fosse init control --join "
			"TOKEN,\n"
			"or, if it has its configuration already: fosse pair join NAME TOKEN");
		return;
	}
	js_open(&js, NULL, '{');
	js_z(&js, "object", "token");
	js_num(&js, "version", 1);
	js_str(&js, "token", text);
	js_z(&js, "pairing", t->zone);
	js_time(&js, "valid_until", t->until_s);
	js_close(&js, '}');
	wr_str(&cli->out, STR("\n"));
}

/* An earlier pairing goes on until somebody joins with the new token. */
static enum cli_exit store_secret(struct cli *cli, const struct pair_token *t)
{
	struct conf_pairing p;
	enum cli_exit status = pairing_read(cli, t->zone, &p);

	if (status != CLI_OK)
		return status;
	if (pairing_is_joined(&p))
		cli_note(cli, "\"%s\" is joined with %s, which stays so until another node joins",
			t->zone, p.peer_name);
	p.has_join = true;
	memcpy(p.join_secret, t->secret, sizeof p.join_secret);
	p.join_until_s = t->until_s;
	status = pairing_store(cli, t->zone, &p);
	explicit_bzero(&p, sizeof p);
	return status;
}

enum cli_exit pairings_make(struct cli *cli, const struct conf *c, const char *name)
{
	const struct conf_zone *z = zone_of(c, name);
	struct pair_token t = {.n_edges = 0};
	char text[TOKEN_TEXT_MAX];
	struct wr w = wr_of(text, sizeof text);
	enum cli_exit status;
	struct str pem;

	if (!z) {
		cli_error(cli, "no zone of type traversal-server has \"pairing: %s\" in %s", name,
			cli->file);
		return CLI_CONFIG;
	}
	fill_token(cli, c, z, &t);
	status = zonekey_get(cli, c->node.name, &pem, t.spki);
	if (status == CLI_OK)
		status = store_secret(cli, &t);
	if (status == CLI_OK && token_put(&t, &w) == OK)
		print_token(cli, &t, wr_done(&w));
	explicit_bzero(&t, sizeof t);
	explicit_bzero(text, sizeof text);
	return status;
}

enum cli_exit cmd_pair_new(struct cli *cli)
{
	struct conf *c = NULL;
	enum cli_exit status;

	if (!pairing_is_name(cli, cli->words[0]))
		return CLI_USAGE;
	status = config_read_alone(cli, &c);
	if (status == CLI_OK)
		status = pairings_make(cli, c, cli->words[0]);
	mem_free(c);
	return status;
}

/* ---- list ---- */

struct listing {
	struct cli *cli;
	struct table table;
	struct js js;
};

static const char *state_of(const struct cli *cli, const struct conf_pairing *p)
{
	bool is_waiting = p->has_join && p->join_until_s > io_wall(cli->io) / 1000000000u;

	if (pairing_is_joined(p))
		return is_waiting ? "joined, token waits" : "joined";
	return is_waiting ? "token waits" : p->has_join ? "token expired" : "no token";
}

static void list_json(
	struct js *js, const struct cli *cli, const char *name, const struct conf_pairing *p)
{
	char hex[65] = "";

	if (p->n_spki)
		str_put_hex(p->spki[0], 32, hex);
	js_open(js, NULL, '{');
	js_z(js, "name", name);
	js_z(js, "state", state_of(cli, p));
	js_z(js, "node", p->peer_name);
	js_addr(js, "address", &p->peer_inside);
	js_z(js, "key", hex);
	js_time(js, "token_valid_until", p->has_join ? p->join_until_s : 0);
	js_close(js, '}');
}

static void list_text(
	struct table *t, const struct cli *cli, const char *name, const struct conf_pairing *p)
{
	char address[ADDR_TEXT_SIZE], hex[65] = "-";

	if (p->n_spki)
		str_put_hex(p->spki[0], 32, hex);
	table_cell(t, "%s", name);
	table_cell(t, "%s", state_of(cli, p));
	table_cell(t, "%s", p->peer_name[0] ? p->peer_name : "-");
	table_cell(t, "%s", p->peer_inside.family ? addr_text(&p->peer_inside, address) : "-");
	table_cell(t, "%.16s", hex);
}

static void list_one(void *arg, struct str file)
{
	struct listing *l = arg;
	struct conf_pairing p;
	char name[CONF_NAME];

	if (!str_copy(file, name, sizeof name) || pairing_read(l->cli, name, &p) != CLI_OK)
		return;
	if (l->cli->is_json)
		list_json(&l->js, l->cli, name, &p);
	else
		list_text(&l->table, l->cli, name, &p);
	explicit_bzero(&p, sizeof p);
}

enum cli_exit cmd_pair_list(struct cli *cli)
{
	static const struct column columns[] = {{"PAIRING", false, true}, {"STATE", false, false},
		{"NODE", false, true}, {"ADDRESS", false, true}, {"KEY", false, false}};
	struct listing l = {.cli = cli, .js = js_of(&cli->out)};
	char path[512];
	enum err err;

	if (table_init(&l.table, columns, 5, PAIRINGS_MAX) != OK)
		return CLI_TEMPORARY;
	if (cli->is_json) {
		js_open(&l.js, NULL, '{');
		js_z(&l.js, "object", "pairings");
		js_num(&l.js, "version", 1);
		js_open(&l.js, "pairings", '[');
	}
	err = cli->world->list(
		cli->world->arg, cli_path(cli, "etc/fosse/pairing", path), list_one, &l);
	if (cli->is_json) {
		js_close(&l.js, ']');
		js_close(&l.js, '}');
		wr_str(&cli->out, STR("\n"));
	}
	table_put(&l.table, &cli->out);
	if ((err == OK || err == ERR_NOENT) && !cli->is_json && !table_rows(&l.table))
		cli_note(cli, "no pairing; \"fosse pair new NAME\" on Edge begins one");
	table_free(&l.table);
	return err && err != ERR_NOENT ? cli_file_error(cli, path, err) : CLI_OK;
}

/* ---- revoke, key ---- */

enum cli_exit cmd_pair_revoke(struct cli *cli)
{
	const char *name = cli->words[0];
	enum cli_exit status;

	if (!pairing_is_name(cli, name))
		return CLI_USAGE;
	status = pairing_store(cli, name, NULL);
	if (status == CLI_OK)
		cli_note(cli, "pairing \"%s\" is gone; the other node cannot connect any more",
			name);
	return status;
}

enum cli_exit cmd_pair_key(struct cli *cli)
{
	struct js js = js_of(&cli->out);
	struct conf *c = NULL;
	uint8_t spki[32];
	struct str pem;
	char hex[65];
	enum cli_exit status = config_read_alone(cli, &c);

	if (status == CLI_OK)
		status = zonekey_get(cli, c->node.name, &pem, spki);
	mem_free(c);
	if (status != CLI_OK)
		return status;
	str_put_hex(spki, sizeof spki, hex);
	if (!cli->is_json) {
		wr_printf(&cli->out, "%s\n", hex);
		return CLI_OK;
	}
	js_open(&js, NULL, '{');
	js_z(&js, "object", "key");
	js_num(&js, "version", 1);
	js_z(&js, "spki_sha256", hex);
	js_close(&js, '}');
	wr_str(&cli->out, STR("\n"));
	return CLI_OK;
}
