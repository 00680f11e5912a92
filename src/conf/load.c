/* load.c - from bytes to a configuration, or to all errors: the order of the steps.
 *
 * Tree, walk by the schema, values that follow from others, rules, order. Pure; the memory of a
 * reading is taken and given back here. */
#include "conf/check.h"
#include "conf/derive.h"

#include <string.h>

#include "base/scratch.h"

static void too_large(const struct conf_input *in, conf_error_h *h, void *arg)
{
	h(arg, &(struct conf_error){in->file, 0, 0, false, STR("is larger than 8 MiB")});
}

static void read_conf(struct reading *r)
{
	fill_conf(r);
	if (r->tree.is_broken) {
		report_add(&r->report, r->tree.line, r->tree.column, false, str_of(r->tree.why));
		return;
	}
	derive_conf(r);
	check_conf(r);
	if (r->report.n_errors)
		return;
	order_conf(r);
	memcpy(r->c->head.magic, CONF_MAGIC, sizeof r->c->head.magic);
	r->c->head.layout = schema_layout();
	r->c->head.size = sizeof *r->c;
	r->c->head.revision = r->in->revision;
}

/* What was filled, and may hold secrets; most of the struct was never touched. */
static void wipe(struct conf *c)
{
	if (!c)
		return;
	explicit_bzero(c->zones, c->n_zones * sizeof c->zones[0]);
	explicit_bzero(c->users, c->n_users * sizeof c->users[0]);
	explicit_bzero(&c->uc, sizeof c->uc);
	explicit_bzero(&c->turn, sizeof c->turn);
	explicit_bzero(&c->snmp, sizeof c->snmp);
	explicit_bzero(&c->ldap, sizeof c->ldap);
	explicit_bzero(c->feedback, sizeof c->feedback);
}

enum err conf_load(const struct conf_input *in, struct conf *ret_conf, conf_error_h *h, void *arg)
{
	struct reading *r;
	enum err err = ERR_FULL;

	if (in->text.len > CONF_INPUT_MAX) {
		too_large(in, h, arg);
		return ERR_SYNTAX;
	}
	r = mem_array(1, sizeof *r);
	if (!r)
		return ERR_FULL;
	r->in = in;
	r->c = mem_array(1, sizeof *r->c);
	if (!r->c || tree_parse(in->text, &r->tree) != OK)
		goto out;
	read_conf(r);
	report_tell(&r->report, in->file, h, arg);
	err = r->report.n_errors ? ERR_SYNTAX : OK;
	if (err == OK)
		memcpy(ret_conf, r->c, sizeof *ret_conf);
out:
	tree_free(&r->tree);
	wipe(r->c);
	mem_free(r->c);
	mem_free(r);
	return err;
}
