/* calls.c - prints calls with both legs and their media, and registrations. A call is named by the id
 * that both nodes' logs carry. */
#include "ctl/calls.h"

#include <string.h>

#include "ctl/show.h"
#include "ctl/table.h"
#include "ipc/flow.h"
#include "ipc/show.h"

/* ---- rows, decoded ---- */

static bool next_call(
	const struct mirror *m, const struct mirror_row **row, struct show_call *ret_call)
{
	while ((*row = mirror_next(m, ROW_CALL, *row))) {
		struct rd body = rd_of((*row)->body);

		*ret_call = (struct show_call){.id = 0};
		if (show_call_get(&body, ret_call) == OK)
			return true;
	}
	return false;
}

static bool next_flow(const struct mirror *m, const struct mirror_row **row,
	const struct show_call *call, uint64_t handle, struct flow_is *ret_flow)
{
	while ((*row = mirror_next(m, ROW_FLOW_IS, *row))) {
		struct rd body = rd_of((*row)->body);

		*ret_flow = (struct flow_is){.call = 0};
		if (flow_is_get(&body, ret_flow) == OK &&
			(ret_flow->call == call->id || ret_flow->call == handle))
			return true;
	}
	return false;
}

static bool next_binding(
	const struct mirror *m, const struct mirror_row **row, struct show_binding *ret_binding)
{
	while ((*row = mirror_next(m, ROW_BINDING, *row))) {
		struct rd body = rd_of((*row)->body);

		*ret_binding = (struct show_binding){.expires_wall_s = 0};
		if (show_binding_get(&body, ret_binding) == OK)
			return true;
	}
	return false;
}

static const char *state_name(uint8_t state)
{
	static const char *const names[] = {"searching", "ringing", "up", "ending"};

	return state < sizeof names / sizeof names[0] ? names[state] : "unknown";
}

static const char *flow_name(const struct flow_is *f)
{
	return f->state < FLOW_STATE_MAX ? flow_state_name((enum flow_state)f->state) : "unknown";
}

static const char *proof_name(const struct flow_end_is *e)
{
	return e->proof < PROOF_MAX ? flow_proof_name((enum flow_proof)e->proof) : "unknown";
}

/* Lost, in tenths of a per cent of what was expected. */
static unsigned loss_permille(const struct flow_end_is *e)
{
	uint64_t expected = e->rx_packets + e->lost;

	return expected ? (unsigned)(e->lost * 1000ull / expected) : 0;
}

/* ---- JSON ---- */

static void json_leg(struct js *js, const struct show_leg *leg)
{
	js_open(js, NULL, '{');
	js_z(js, "alias", leg->alias);
	js_z(js, "zone", leg->zone);
	js_z(js, "protocol", leg->protocol);
	js_addr(js, "peer", &leg->peer);
	js_close(js, '}');
}

static void json_end(struct js *js, const struct flow_end_is *e)
{
	js_open(js, NULL, '{');
	js_z(js, "proof", proof_name(e));
	js_addr(js, "rtp", &e->rtp);
	js_addr(js, "rtcp", &e->rtcp);
	js_num(js, "rx_packets", e->rx_packets);
	js_num(js, "rx_bytes", e->rx_bytes);
	js_num(js, "tx_packets", e->tx_packets);
	js_num(js, "rtcp_packets", e->rtcp_packets);
	js_num(js, "unknown_packets", e->unknown_packets);
	js_num(js, "lost", e->lost);
	js_milli(js, "jitter_ms", e->jitter_us);
	js_num(js, "silent_ms", e->silent_ms);
	js_close(js, '}');
}

static void json_flow(struct js *js, const struct flow_is *f)
{
	js_open(js, NULL, '{');
	js_num(js, "line", f->line);
	js_z(js, "state", flow_name(f));
	js_z(js, "why", f->why);
	js_open(js, "ends", '[');
	json_end(js, &f->end[0]);
	json_end(js, &f->end[1]);
	js_close(js, ']');
	js_close(js, '}');
}

static void json_call(
	struct js *js, const struct mirror *m, const struct show_call *c, uint64_t handle)
{
	const struct mirror_row *row = NULL;
	char id[HANDLE_TEXT_SIZE];
	struct flow_is flow;

	js_open(js, NULL, '{');
	js_z(js, "id", handle_put(c->id, id));
	js_z(js, "state", state_name(c->state));
	js_time(js, "since", c->since_wall_s);
	js_z(js, "rule", c->rule);
	js_z(js, "why", c->why);
	js_open(js, "legs", '[');
	json_leg(js, &c->leg[0]);
	json_leg(js, &c->leg[1]);
	js_close(js, ']');
	js_open(js, "media", '[');
	while (next_flow(m, &row, c, handle, &flow))
		json_flow(js, &flow);
	js_close(js, ']');
	js_close(js, '}');
}

/* ---- text ---- */

/* "both", "one-way 1.2 % lost": the first media line, and how many more there are. */
static void media_cell(
	struct table *t, const struct mirror *m, const struct show_call *c, uint64_t handle)
{
	const struct mirror_row *row = NULL;
	struct flow_is first = {.call = 0}, more;
	unsigned n = 0, loss, other;

	if (!next_flow(m, &row, c, handle, &first)) {
		table_cell(t, "-");
		return;
	}
	while (next_flow(m, &row, c, handle, &more))
		n++;
	loss = loss_permille(&first.end[0]);
	other = loss_permille(&first.end[1]);
	if (other > loss)
		loss = other;
	if (n)
		table_cell(t, "%s, %u.%u %% lost, +%u", flow_name(&first), loss / 10, loss % 10, n);
	else
		table_cell(t, "%s, %u.%u %% lost", flow_name(&first), loss / 10, loss % 10);
}

static void text_calls(struct cli *cli, const struct mirror *m)
{
	static const struct column columns[] = {{"CALL", false, false}, {"STATE", false, false},
		{"AGE", true, false}, {"FROM", false, true}, {"TO", false, true},
		{"ZONES", false, true}, {"MEDIA", false, true}};
	const struct mirror_row *row = NULL;
	char id[HANDLE_TEXT_SIZE], age[16];
	struct show_call c;
	struct table t;

	if (table_init(&t, columns, 7, mirror_count(m, ROW_CALL) + 1) != OK)
		return;
	while (next_call(m, &row, &c)) {
		table_cell(&t, "%s", handle_put(c.id, id));
		table_cell(&t, "%s", state_name(c.state));
		table_cell(&t, "%s", show_age(cli, c.since_wall_s, age));
		table_cell(&t, "%s", show_text(c.leg[0].alias));
		table_cell(&t, "%s", show_text(c.leg[1].alias));
		table_cell(&t, "%s > %s", show_text(c.leg[0].zone), show_text(c.leg[1].zone));
		media_cell(&t, m, &c, row->handle);
	}
	show_table(cli, &t, "no call");
}

static void text_leg(struct wr *w, const char *title, const struct show_leg *leg)
{
	char peer[ADDR_TEXT_SIZE];

	wr_printf(w, "  %-7s ", title);
	wr_clean(w, str_of(leg->alias));
	wr_printf(w, "\n          %s, zone %s, %s\n", show_text(leg->protocol),
		show_text(leg->zone),
		leg->peer.family ? addr_text(&leg->peer, peer) : "address not known");
}

static void text_end(struct wr *w, const char *title, const struct flow_end_is *e)
{
	char rtp[ADDR_TEXT_SIZE];
	unsigned loss = loss_permille(e);

	wr_printf(w, "    %-7s %s, proof: %s\n", title,
		e->rtp.family ? addr_text(&e->rtp, rtp) : "no media yet", proof_name(e));
	wr_printf(w,
		"            received %llu packets, lost %u (%u.%u %%), jitter %u.%u ms, sent "
		"%llu, "
		"RTCP %llu\n",
		(unsigned long long)e->rx_packets, e->lost, loss / 10, loss % 10,
		e->jitter_us / 1000, e->jitter_us / 100 % 10, (unsigned long long)e->tx_packets,
		(unsigned long long)e->rtcp_packets);
	if (e->unknown_packets)
		wr_printf(w, "            %llu packets from a source that proved nothing\n",
			(unsigned long long)e->unknown_packets);
	if (e->rx_packets && e->silent_ms >= 1000)
		wr_printf(w, "            silent for %u s\n", e->silent_ms / 1000);
}

static void text_call(
	struct cli *cli, const struct mirror *m, const struct show_call *c, uint64_t handle)
{
	const struct mirror_row *row = NULL;
	struct wr *w = &cli->out;
	char id[HANDLE_TEXT_SIZE], age[16];
	struct flow_is f;

	wr_printf(w, "%s  %s, %s", handle_put(c->id, id), state_name(c->state),
		show_age(cli, c->since_wall_s, age));
	if (c->rule[0])
		wr_printf(w, ", rule \"%s\"", c->rule);
	if (c->why[0])
		wr_printf(w, ": %s", c->why);
	wr_str(w, STR("\n"));
	text_leg(w, "caller", &c->leg[0]);
	text_leg(w, "callee", &c->leg[1]);
	while (next_flow(m, &row, c, handle, &f)) {
		wr_printf(w, "  media line %u: %s%s%s\n", f.line, flow_name(&f),
			f.why[0] ? ": " : "", f.why);
		text_end(w, "caller", &f.end[0]);
		text_end(w, "callee", &f.end[1]);
	}
}

/* ---- commands ---- */

static enum cli_exit put_calls(struct cli *cli, const struct mirror *m)
{
	const struct mirror_row *row = NULL;
	struct js js = js_of(&cli->out);
	struct show_call c;

	if (!cli->is_json) {
		text_calls(cli, m);
		return CLI_OK;
	}
	show_begin(&js, "calls");
	js_open(&js, "calls", '[');
	while (next_call(m, &row, &c))
		json_call(&js, m, &c, row->handle);
	js_close(&js, ']');
	show_end(&js);
	return CLI_OK;
}

/* By the whole id, or by its end if that is one call's alone. */
static const struct mirror_row *find_call(
	const struct cli *cli, const struct mirror *m, struct show_call *ret_call)
{
	struct str wanted = str_of(cli->words[0]);
	const struct mirror_row *row = NULL, *found = NULL;
	char id[HANDLE_TEXT_SIZE];
	struct show_call c;
	unsigned n = 0;

	while (next_call(m, &row, &c)) {
		struct str text = str_of(handle_put(c.id, id));

		if (!str_has_suffix(text, wanted))
			continue;
		found = row;
		*ret_call = c;
		n++;
		if (str_eq(text, wanted))
			return found;
	}
	if (n == 0)
		cli_error(cli, "no call \"%s\"; \"fosse calls\" lists them", cli->words[0]);
	else if (n > 1)
		cli_error(cli, "%u calls end in \"%s\"; name the whole id", n, cli->words[0]);
	return n == 1 ? found : NULL;
}

static enum cli_exit put_call(struct cli *cli, const struct mirror *m)
{
	struct js js = js_of(&cli->out);
	struct show_call c;
	const struct mirror_row *row = find_call(cli, m, &c);

	if (!row)
		return CLI_NOT_OK;
	if (!cli->is_json) {
		text_call(cli, m, &c, row->handle);
		return CLI_OK;
	}
	show_begin(&js, "calls");
	js_open(&js, "calls", '[');
	json_call(&js, m, &c, row->handle);
	js_close(&js, ']');
	show_end(&js);
	return CLI_OK;
}

enum cli_exit cmd_calls(struct cli *cli)
{
	return show_run(cli, put_calls);
}

enum cli_exit cmd_calls_show(struct cli *cli)
{
	return show_run(cli, put_call);
}

static enum cli_exit drop_call(struct cli *cli, struct mirror *m)
{
	struct show_call c;
	const struct mirror_row *row = find_call(cli, m, &c);
	struct str text;
	enum err err;

	if (!row)
		return CLI_NOT_OK;
	err = mirror_ask(m, row->from, ASK_DROP, row->handle, STR_NONE, NO_FD, &text);
	if (err == OK) {
		cli_note(cli, "dropped");
		return CLI_OK;
	}
	if (err == ERR_DENIED) {
		cli_error(cli, "not authorised: root alone may drop calls; try sudo");
		return CLI_DENIED;
	}
	cli_error(cli, "the call was not dropped: %s",
		err == ERR_NOENT ? "it has ended meanwhile" : err_text(err));
	return err == ERR_TIMEOUT || err == ERR_CLOSED ? CLI_TEMPORARY : CLI_NOT_OK;
}

enum cli_exit cmd_calls_drop(struct cli *cli)
{
	struct mirror *m = NULL;
	enum cli_exit status = mirror_open(cli, /* is_quiet */ false, &m);

	if (status != CLI_OK)
		return status;
	(void)!mirror_wait(m, cli->timeout_ms);
	status = drop_call(cli, m);
	mirror_close(m);
	return status;
}

/* ---- registrations ---- */

static void json_binding(struct js *js, const struct show_binding *b)
{
	js_open(js, NULL, '{');
	js_z(js, "aor", b->aor);
	js_z(js, "contact", b->contact);
	js_z(js, "user_agent", b->user_agent);
	js_z(js, "transport", b->transport);
	js_z(js, "auth_user", b->auth_user);
	js_addr(js, "peer", &b->peer);
	js_time(js, "expires", b->expires_wall_s);
	js_bool(js, "nat", b->is_nat);
	js_bool(js, "connected", b->has_conn);
	js_close(js, '}');
}

static void text_bindings(struct cli *cli, const struct mirror *m)
{
	static const struct column columns[] = {{"ALIAS", false, true}, {"FROM", false, true},
		{"VIA", false, false}, {"NAT", false, false}, {"EXPIRES", true, false},
		{"USER", false, true}, {"DEVICE", false, true}};
	uint64_t now = io_wall(cli->io) / 1000000000u;
	const struct mirror_row *row = NULL;
	char peer[ADDR_TEXT_SIZE];
	struct show_binding b;
	struct table t;

	if (table_init(&t, columns, 7, mirror_count(m, ROW_BINDING) + 1) != OK)
		return;
	while (next_binding(m, &row, &b)) {
		table_cell(&t, "%s", b.aor);
		table_cell(&t, "%s", b.peer.family ? addr_text(&b.peer, peer) : "-");
		table_cell(&t, "%s", show_text(b.transport));
		table_cell(&t, "%s", b.is_nat ? "yes" : "no");
		table_cell(&t, "%llu s",
			(unsigned long long)(b.expires_wall_s > now ? b.expires_wall_s - now : 0));
		table_cell(&t, "%s", show_text(b.auth_user));
		table_cell(&t, "%s", show_text(b.user_agent));
	}
	show_table(cli, &t, "nobody is registered");
}

static enum cli_exit put_registrations(struct cli *cli, const struct mirror *m)
{
	const struct mirror_row *row = NULL;
	struct js js = js_of(&cli->out);
	struct show_binding b;

	if (!cli->is_json) {
		text_bindings(cli, m);
		return CLI_OK;
	}
	show_begin(&js, "registrations");
	js_open(&js, "registrations", '[');
	while (next_binding(m, &row, &b))
		json_binding(&js, &b);
	js_close(&js, ']');
	show_end(&js);
	return CLI_OK;
}

enum cli_exit cmd_registrations(struct cli *cli)
{
	return show_run(cli, put_registrations);
}
