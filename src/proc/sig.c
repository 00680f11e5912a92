/* sig.c - fosse-sig: signalling. Reads SIP, SDP, H.323 and DNS answers from the network; holds the secrets of
 * zones and users, and no private key. Wiring only. */
#include "call/call.h"
#include "h323/h323.h"
#include "ipc/alarm.h"
#include "ipc/dial.h"
#include "pair/serve.h"
#include "proc/worker.h"
#include "sip/sip.h"

#define COUNTERS_MS 1000u

struct process {
	struct worker *worker;
	struct alarms *alarms;
	struct zones *zones;
	struct call_core *core;
	struct sip *sip;
	struct h323 *h323;
	struct serve *joins;
	struct row counters;
	struct timer timer;
};

static void write_counters(const struct row *row, struct wr *w)
{
	const struct process *p = container_of(row, const struct process, counters);

	sip_counters(p->sip, w);
	h323_counters(p->h323, w);
}

static void on_timer(void *arg)
{
	struct process *p = arg;

	row_put(p->worker->ipc, &p->counters);
	timer_start(p->worker->io, &p->timer, COUNTERS_MS);
}

/* The configured servers, seen by the address policy and asked from the plan's DNS row. */
static void set_dns(struct process *p)
{
	const struct conf *conf = p->worker->conf;
	bool is_edge = conf->node.role == ROLE_EDGE;
	struct local from = {.row = is_edge ? PLAN_EDGE_DNS : PLAN_CONTROL_DNS,
		.addr = zone_host(p->zones, zone_default(p->zones)),
		.fd = NO_FD};
	struct addr_ctx ctx = zone_addr_ctx(p->zones, zone_default(p->zones));
	struct addr_ok servers[CONF_PEERS];
	const char *why = "";
	char cause[192];
	struct wr w = wr_of(cause, sizeof cause - 1);
	enum err err = OK;

	for (uint32_t i = 0; err == OK && i < conf->dns.n_servers; i++) {
		struct addr to = conf->dns.servers[i];

		if (!to.port)
			to.port = conf->ports[RANGE_DNS].low;
		err = addr_policy(&ctx, USE_CONFIGURED, &to, &servers[i], &why);
	}
	dns_limit(p->worker->io, conf->limits.dns_queries, conf->limits.dns_cache);
	if (err == OK)
		err = dns_configure(p->worker->io, &from, servers, conf->dns.n_servers);
	wr_printf(&w, "a DNS server cannot be used: %s", why[0] ? why : err_text(err));
	cause[wr_len(&w)] = '\0';
	if (err != OK)
		alarm_raise(p->alarms, "DNS-001", 0, true, cause,
			"dns.servers in fosse.yaml: see what fosse validate says");
	else
		alarm_clear(p->alarms, "DNS-001", 0);
}

static enum err give_socket(struct process *p, const struct worker_socket *s)
{
	if (h323_is_row(s->at.row))
		return h323_socket(p->h323, s->at.row, &s->at.addr, s->fd);
	return sip_socket(p->sip, s->at.row, &s->at.addr, s->fd);
}

static void take_socket(struct worker *w, const struct worker_socket *s, void *arg)
{
	struct process *p = arg;

	(void)w;
	if (plan_owner(s->at.row) == OWNER_SIG && give_socket(p, s) != OK)
		alarm_raise(p->alarms, "PRT-004", s->handle, true,
			"a signalling socket cannot be used", "fosse ports --live");
}

static void lose_socket(struct worker *w, const struct worker_socket *s, void *arg)
{
	struct process *p = arg;

	(void)w;
	if (h323_is_row(s->at.row))
		h323_socket_gone(p->h323, s->at.row, &s->at.addr);
	else
		sip_socket_gone(p->sip, s->at.row, &s->at.addr);
}

static enum err make(struct worker *w, struct process *p)
{
	enum err err = alarms_new(w->io, w->ipc, &p->alarms);

	if (err == OK)
		err = zones_new(w->io, w->ipc, p->alarms, w->conf, &p->zones);
	if (err == OK)
		err = call_core_new(
			&(struct call_deps){w->io, w->ipc, w->keep, w->conf, p->zones, p->alarms},
			&p->core);
	if (err == OK)
		err = sip_new(&(struct sip_deps){w->io, w->ipc, w->keep, p->alarms, w->conf,
				      p->zones, p->core},
			&p->sip);
	if (err == OK)
		err = h323_new(&(struct h323_deps){w->io, w->ipc, w->keep, p->alarms, w->conf,
				       p->zones, p->core},
			&p->h323);
	if (err == OK)
		err = serve_new(w->io, w->ipc, &p->joins);
	return err;
}

static enum err start(struct worker *w, void *arg)
{
	struct process *p = arg;
	enum err err;

	p->worker = w;
	err = make(w, p);
	if (err)
		return err;
	set_dns(p);
	serve_configure(p->joins, w->conf);
	for (size_t i = 0; i < w->n_sockets; i++)
		take_socket(w, &w->sockets[i], p);
	call_adopt(p->core);
	sip_adopt(p->sip);
	h323_adopt(p->h323);
	call_adopt_done(p->core);
	sip_start(p->sip);
	row_init(&p->counters, ROW_COUNTERS, handle_make(HK_PROCESS, P_SIG, 1), write_counters);
	timer_init(&p->timer, on_timer, p);
	on_timer(p);
	return OK;
}

static void configured(struct worker *w, const struct conf *old, void *arg)
{
	struct process *p = arg;

	(void)old;
	call_core_configure(p->core, w->conf);
	sip_configure(p->sip, w->conf);
	h323_configure(p->h323, w->conf);
	serve_configure(p->joins, w->conf);
	set_dns(p);
}

/* A node that joins speaks its own protocol; the rest of fosse-tls's streams are SIP. */
static void take_conn(struct process *p, struct rd *body, int fd)
{
	struct rd copy = *body;
	struct peer peer;

	if (peer_get(&copy, &peer) == OK && serve_wants(&peer))
		serve_take(p->joins, &peer, fd);
	else
		sip_tls_stream(p->sip, body, fd);
}

static void put(
	void *arg, enum process_id from, enum kind kind, uint64_t handle, struct rd *body, int fd)
{
	struct process *p = arg;

	(void)from;
	if (kind == ROW_CONN) {
		take_conn(p, body, fd);
		return;
	}
	io_close_fd(p->worker->io, fd);
	if (kind == ROW_FLOW_IS)
		call_flow_is(p->core, handle, body);
}

static void ask(void *arg, struct ipc_ask *question, enum process_id from, enum kind kind,
	uint64_t handle, struct rd *body, int fd)
{
	struct process *p = arg;
	enum err err = ERR_UNSUPPORTED;

	(void)from;
	(void)body;
	io_close_fd(p->worker->io, fd);
	if (kind == ASK_DROP)
		err = call_drop(p->core, handle);
	ipc_answer(question, err, STR_NONE, NO_FD);
}

static void edge(void *arg, enum process_id with, bool is_up)
{
	struct process *p = arg;

	if (with == P_TLS && is_up && p->sip)
		sip_tls_up(p->sip);
}

int main(int argc, char **argv)
{
	static const struct worker_ops ops = {
		.prepare = dns_prepare,
		.start = start,
		.configured = configured,
		.socket = take_socket,
		.socket_gone = lose_socket,
		/* no del: a stream of fosse-tls ends by its own end */
		.ipc = {.put = put, .ask = ask, .edge = edge},
	};
	static struct process process;

	return worker_main(P_SIG, argc, argv, &ops, &process);
}
