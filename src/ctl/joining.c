/* joining.c - dials Edge from the plan's row, and turns each way to fail into a sentence that says what
 * to do. It never stores anything before Edge's proof is right. */
#include "ctl/joining.h"

#include <string.h>

#include "conf/pairing.h"
#include "ctl/config.h"
#include "ctl/zonekey.h"
#include "pair/dial.h"

#define JOIN_MS 10000

struct joining {
	bool is_done;
	struct join_result result;
};

static void on_done(void *arg, const struct join_result *result)
{
	struct joining *j = arg;

	j->result = *result;
	j->is_done = true;
}

enum cli_exit joining_token(const struct cli *cli, const char *text, struct pair_token *ret_token)
{
	const char *why;

	if (token_parse(str_of(text), ret_token, &why) == OK)
		return CLI_OK;
	cli_error(cli, "%s", why);
	return CLI_USAGE;
}

/* ---- the dial ---- */

static enum err check_address(
	const struct conf *c, const struct addr *edge, struct addr_ok *ret_ok, const char **ret_why)
{
	struct addr own[CONF_OWN];
	struct addr_ctx ctx = conf_addr_ctx(c, own);

	ctx.private_allowed = true;
	return addr_policy(&ctx, USE_CONFIGURED, edge, ret_ok, ret_why);
}

static enum err dial_one(struct cli *cli, const struct join_want *want, struct joining *j)
{
	const struct world *world = cli->world;
	enum err err;

	j->is_done = false;
	err = join_dial(cli->io, want, on_done, j);
	while (err == OK && !j->is_done)
		err = world->turn(world->arg, 100);
	return err;
}

static enum cli_exit say_dial(const struct cli *cli, const struct addr *edge, enum err err)
{
	char text[ADDR_TEXT_SIZE];

	cli_error(cli, "%s cannot be dialled: %s%s", addr_put(edge, text), err_text(err),
		err == (enum err) - 99 ? "; is node.addresses.inside an address of this machine?"
				       : "");
	return CLI_NOT_OK;
}

/* ---- what came of it ---- */

static enum cli_exit say_end(
	const struct cli *cli, const struct addr *edge, const struct join_result *r)
{
	char at[ADDR_TEXT_SIZE];

	(void)addr_put(edge, at);
	switch (r->end) {
	case JOIN_OK:
		return CLI_OK;
	case JOIN_NO_ANSWER:
		cli_error(cli,
			"Edge does not answer on %s (%s). Does it run, and does the firewall "
			"between the nodes\nlet this node out? The rules: fosse ports --format nft "
			"--firewall inside",
			at, err_text(r->err));
		return CLI_TEMPORARY;
	case JOIN_NEW_KEY:
		cli_error(cli,
			"the node on %s has not the key of the token: this Edge has a new key, or "
			"it is another node.\nMake a token with \"fosse pair new\" there, then "
			"join "
			"again",
			at);
		return CLI_NOT_OK;
	case JOIN_NO_TLS:
		cli_error(cli,
			"the TLS handshake with %s failed: is it a traversal zone's port with "
			"\"transport: tls\"?",
			at);
		return CLI_NOT_OK;
	case JOIN_NO_EDGE:
		cli_error(cli,
			"%s does not speak the join protocol: is the port that of a zone with "
			"\"pairing\", and Edge up to date?",
			at);
		return CLI_NOT_OK;
	case JOIN_NOT_NOW:
		cli_error(cli, "%s", join_refusal_text(r->refusal));
		return r->refusal == REFUSED_BUSY ? CLI_TEMPORARY : CLI_NOT_OK;
	case JOIN_BAD_PROOF:
		cli_error(cli, "Edge did not prove the token's secret; nothing was stored");
		return CLI_NOT_OK;
	}
	return CLI_NOT_OK;
}

static enum cli_exit store(struct cli *cli, const char *name, const struct pair_token *t,
	const struct addr *edge, const struct join_welcome *welcome)
{
	struct conf_pairing p = {.n_spki = 1, .n_media_keys = 1, .peer_inside = *edge};
	enum cli_exit status;

	memcpy(p.spki[0], t->spki, sizeof p.spki[0]);
	memcpy(p.media_keys[0], welcome->media_key, sizeof p.media_keys[0]);
	memcpy(p.secret, welcome->secret, sizeof p.secret);
	(void)str_copy(str_of(welcome->username), p.username, sizeof p.username);
	(void)str_copy(str_of(welcome->name), p.peer_name, sizeof p.peer_name);
	status = pairing_store(cli, name, &p);
	explicit_bzero(&p, sizeof p);
	if (status == CLI_OK)
		cli_note(cli, "joined %s", welcome->name);
	else
		cli_error(cli,
			"Edge has stored the pairing, this node has not: after that is mended, "
			"make a new token");
	return status;
}

static enum cli_exit try_edge(struct cli *cli, const struct conf *c, const char *name,
	const struct pair_token *t, const struct addr *edge, struct str pem)
{
	struct join_want want = {.from = {PLAN_LINK_TLS, c->node.inside, NO_FD},
		.token = t,
		.pem = pem,
		.name = c->node.name,
		.timeout_ms = JOIN_MS};
	struct joining j = {.is_done = false};
	const char *why = "";
	char at[ADDR_TEXT_SIZE];
	enum cli_exit status;
	enum err err;

	if (check_address(c, edge, &want.to, &why) != OK) {
		cli_error(
			cli, "%s may not be dialled: %s (address_policy)", addr_put(edge, at), why);
		return CLI_CONFIG;
	}
	cli_note(cli, "joining Edge on %s", addr_put(edge, at));
	err = dial_one(cli, &want, &j);
	if (err)
		return say_dial(cli, edge, err);
	status = say_end(cli, edge, &j.result);
	if (status == CLI_OK)
		status = store(cli, name, t, edge, &j.result.welcome);
	explicit_bzero(&j, sizeof j);
	return status;
}

enum cli_exit joining_run(
	struct cli *cli, const struct conf *c, const char *name, const struct pair_token *t)
{
	struct plan *plan = mem_array(1, sizeof *plan);
	enum cli_exit status = CLI_TEMPORARY;
	uint8_t spki[32];
	struct str pem;

	if (!plan)
		return status;
	conf_to_plan(c, /* with_later */ false, plan);
	io_set_plan(cli->io, plan);
	status = zonekey_get(cli, c->node.name, &pem, spki);
	for (size_t i = 0; status == CLI_OK && i < t->n_edges; i++) {
		status = try_edge(cli, c, name, t, &t->edges[i], pem);
		if (status != CLI_TEMPORARY || i + 1 == t->n_edges)
			break;
		status = CLI_OK; /* the next address */
	}
	io_set_plan(cli->io, NULL);
	mem_free(plan);
	return status;
}

/* ---- the command ---- */

static const struct conf_zone *zone_of(const struct conf *c, const char *name)
{
	for (uint32_t i = 0; i < c->n_zones; i++) {
		if (c->zones[i].type == ZT_TRAVERSAL_CLIENT &&
			strcmp(c->zones[i].pairing, name) == 0)
			return &c->zones[i];
	}
	return NULL;
}

/* It joins all the same: whoever moves a port changes one side first. */
static void compare_ports(
	const struct cli *cli, const struct conf_zone *z, const struct pair_token *t)
{
	if (z->sip.port != t->edges[0].port)
		cli_note(cli,
			"zone \"%s\" dials port %u, and Edge listens on %u: change "
			"zones[].sip.port "
			"of one of them",
			z->name, z->sip.port, t->edges[0].port);
}

enum cli_exit cmd_pair_join(struct cli *cli)
{
	const char *name = cli->words[0];
	const struct conf_zone *z;
	struct pair_token t;
	struct conf *c = NULL;
	enum cli_exit status;

	if (!pairing_is_name(cli, name))
		return CLI_USAGE;
	status = joining_token(cli, cli->words[1], &t);
	if (status == CLI_OK)
		status = config_read_alone(cli, &c);
	z = status == CLI_OK ? zone_of(c, name) : NULL;
	if (status == CLI_OK && !z) {
		cli_error(cli, "no zone of type traversal-client has \"pairing: %s\" in %s", name,
			cli->file);
		status = CLI_CONFIG;
	}
	if (status == CLI_OK) {
		compare_ports(cli, z, &t);
		status = joining_run(cli, c, name, &t);
	}
	explicit_bzero(&t, sizeof t);
	mem_free(c);
	return status;
}
