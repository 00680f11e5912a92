/* node.c - a simulated node: a small keeper with real records, and the two workers' machines. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ipc/given.h"
#include "node.h"
#include "owners.h"
#include "sip/plane.h"

#define RECORDS_MAX    512
#define KEEPER_AWAY_MS 300 /* and up to so much more */

static void start_worker(struct worker *w);

/* A worker's own table of records is sized for the largest node. Here many workers are started, and
 * histories are forked: small tables are tables enough (--wrap=kept_new). */
enum err __real_kept_new(
	struct io *io, uint32_t n_max, bool owns_fds, struct kept_table **ret_table);
enum err __wrap_kept_new(
	struct io *io, uint32_t n_max, bool owns_fds, struct kept_table **ret_table);
enum err __wrap_kept_new(
	struct io *io, uint32_t n_max, bool owns_fds, struct kept_table **ret_table)
{
	return __real_kept_new(io, n_max < RECORDS_MAX ? n_max : RECORDS_MAX, owns_fds, ret_table);
}

/* ---- mirrors ---- */

static uint64_t hash_of_bytes(uint64_t h, struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		h = (h ^ (uint8_t)s.p[i]) * 0x100000001b3u;
	return h;
}

static void mirror_del(struct mirror *m, uint64_t handle)
{
	for (size_t i = 0; i < m->n; i++) {
		if (m->rows[i].handle == handle)
			m->rows[i--] = m->rows[--m->n];
	}
}

static void mirror_put(struct mirror *m, uint64_t handle, struct str body)
{
	mirror_del(m, handle);
	if (m->n == MIRROR_MAX)
		abort();
	m->rows[m->n].handle = handle;
	m->rows[m->n].hash = hash_of_bytes(handle, body);
	m->rows[m->n++].is_marked = false;
}

static void mirror_mark(struct mirror *m)
{
	for (size_t i = 0; i < m->n; i++)
		m->rows[i].is_marked = true;
}

static void mirror_sweep(struct mirror *m)
{
	for (size_t i = 0; i < m->n; i++) {
		if (m->rows[i].is_marked)
			m->rows[i--] = m->rows[--m->n];
	}
}

uint64_t mirror_hash(const struct mirror *m)
{
	uint64_t sum = m->n;

	for (size_t i = 0; i < m->n; i++)
		sum += m->rows[i].hash;
	return sum;
}

uint64_t node_records(const struct worker *w)
{
	uint64_t sum = w->kept ? kept_n(w->kept) : 0;

	for (struct kept_rec *r = NULL; w->kept && (r = kept_next(w->kept, r));)
		sum += hash_of_bytes(r->key, kept_body(r));
	return sum;
}

/* ---- workers ---- */

static void start_sig(struct worker *w)
{
	struct node *n = w->node;
	struct call_deps core = {w->io, w->ipc, w->keep, n->conf, NULL, w->alarms};
	struct sip_deps sip = {w->io, w->ipc, w->keep, w->alarms, n->conf, NULL, NULL};
	struct plan_socket sockets[PLAN_SOCKETS_MAX];
	size_t n_sockets;

	if (zones_new(w->io, w->ipc, w->alarms, n->conf, &w->zones) != OK) {
		n->fault = "zones";
		return;
	}
	core.zones = sip.zones = w->zones;
	if (call_core_new(&core, &w->core) != OK) {
		n->fault = "call core";
		return;
	}
	sip.core = w->core;
	if (sip_new(&sip, &w->sip) != OK) {
		n->fault = "sip";
		return;
	}
	n_sockets = plan_sockets(&n->plan, sockets);
	for (size_t i = 0; i < n_sockets; i++) {
		struct addr at = addr_with_port(&n->conf->node.inside, sockets[i].port);

		if (sockets[i].owner == OWNER_SIG &&
			sip_socket(w->sip, sockets[i].row, &at, NO_FD) != OK)
			n->fault = "a socket of sig";
	}
	call_adopt(w->core);
	sip_adopt(w->sip);
	call_adopt_done(w->core);
	sip_start(w->sip);
}

static void start_media(struct worker *w)
{
	struct node *n = w->node;
	struct flows_deps deps = {w->io, w->ipc, w->keep, n->conf};
	struct plan_socket sockets[PLAN_SOCKETS_MAX];
	size_t n_sockets = plan_sockets(&n->plan, sockets);

	if (flows_new(&deps, &w->flows) != OK) {
		n->fault = "flows";
		return;
	}
	for (size_t i = 0; i < n_sockets; i++) {
		struct addr at = addr_with_port(&n->conf->node.inside, sockets[i].port);

		if (sockets[i].owner == OWNER_MEDIA && flows_mux_socket(w->flows, NO_FD, &at) != OK)
			n->fault = "a socket of media";
	}
	flows_adopt(w->flows);
}

static void begin(struct worker *w)
{
	w->is_started = true;
	w->begun_ns = sim_now(w->node->sim);
	w->n_rtp_sent = w->n_answers = 0;
	owners_begin(w);
	if (alarms_new(w->io, w->ipc, &w->alarms) != OK)
		w->node->fault = "alarms";
	else if (w->self == P_SIG)
		start_sig(w);
	else
		start_media(w);
	keep_done(w->keep);
	owners_begin(NULL);
}

static void take_flow_row(struct worker *w, enum kind kind, uint64_t handle, struct rd *body)
{
	struct flow_want want;
	struct zone_media zone;

	if (kind == ROW_FLOW_WANT) {
		struct rd whole = *body;

		mirror_put(&w->wanted, handle, rd_bytes(&whole, rd_left(&whole)));
	}
	if (kind == ROW_FLOW_WANT && flow_want_get(body, &want) == OK)
		flows_put(w->flows, handle, &want);
	else if (kind == ROW_ZONE_MEDIA && zone_media_get(body, &zone) == OK)
		flows_zone_put(w->flows, handle, &zone);
}

static void on_put(
	void *arg, enum process_id from, enum kind kind, uint64_t handle, struct rd *body, int fd)
{
	struct worker *w = arg;
	struct given_peer peer;

	if (from == P_KEEPER && kind == ROW_KEPT) {
		keep_add_replayed(w->keep, handle, rd_bytes(body, rd_left(body)), fd);
		return;
	}
	if (from == P_KEEPER && kind == ROW_PEER && given_peer_get(body, &peer) == OK) {
		if (ipc_edge(w->ipc, peer.with, fd) != OK)
			w->node->fault = "an edge between workers";
		return;
	}
	io_close_fd(w->io, fd);
	if (!w->is_started)
		return;
	if (w->self == P_MEDIA)
		take_flow_row(w, kind, handle, body);
	else if (kind == ROW_FLOW_IS)
		call_flow_is(w->core, handle, body);
}

static void on_del(void *arg, enum process_id from, enum kind kind, uint64_t handle)
{
	struct worker *w = arg;

	if (w->self != P_MEDIA || from != P_SIG || !w->flows)
		return;
	if (kind == ROW_FLOW_WANT) {
		mirror_del(&w->wanted, handle);
		flows_del(w->flows, handle);
	} else if (kind == ROW_ZONE_MEDIA)
		flows_zone_del(w->flows, handle);
}

static void introduce(struct node *n);

static void on_sync(void *arg, enum process_id from, enum kind kind)
{
	struct worker *w = arg;

	if (from == P_KEEPER && kind == ROW_KEPT && !w->is_started) {
		begin(w);
		introduce(w->node);
	} else if (w->self == P_MEDIA && from == P_SIG && kind == ROW_FLOW_WANT && w->flows) {
		mirror_sweep(&w->wanted);
		flows_sync(w->flows);
	} else if (w->self == P_MEDIA && from == P_SIG && kind == ROW_ZONE_MEDIA && w->flows) {
		flows_zones_sync(w->flows);
	}
}

static void on_again(void *arg, enum process_id from, enum kind kind)
{
	struct worker *w = arg;

	if (w->self != P_MEDIA || from != P_SIG || !w->flows)
		return;
	if (kind == ROW_FLOW_WANT) {
		mirror_mark(&w->wanted);
		flows_again(w->flows);
	} else if (kind == ROW_ZONE_MEDIA) {
		flows_zones_again(w->flows);
	}
}

static void on_ask(void *arg, struct ipc_ask *ask, enum process_id from, enum kind kind,
	uint64_t handle, struct rd *body, int fd)
{
	struct worker *w = arg;

	(void)from;
	(void)kind;
	(void)handle;
	(void)body;
	io_close_fd(w->io, fd);
	ipc_answer(ask, ERR_UNSUPPORTED, STR_NONE, NO_FD);
}

static void on_edge(void *arg, enum process_id with, bool is_up)
{
	struct worker *w = arg;

	if (with == P_KEEPER && !is_up && !w->is_started) {
		sim_kill(w->io); /* its records will not come: it ends itself */
		return;
	}
	if (w->self != P_MEDIA || with != P_SIG || !w->flows)
		return;
	if (is_up)
		mirror_mark(&w->wanted);
	flows_edge_up(w->flows, is_up);
}

static void worker_start(struct io *io, void *arg)
{
	static const struct ipc_ops ops = {.put = on_put,
		.del = on_del,
		.sync = on_sync,
		.ask = on_ask,
		.edge = on_edge,
		.again = on_again};
	struct worker *w = arg;
	struct node *n = w->node;
	int fd = sim_hand_over(n->sim, w->channel, io);

	w->io = io;
	io_set_plan(io, &n->plan);
	if (ipc_new(io, w->self, &ops, w, &w->ipc) != OK || keep_new(io, &w->keep) != OK ||
		ipc_edge(w->ipc, P_KEEPER, fd) != OK) {
		n->fault = "a worker's channels";
		return;
	}
	keep_use(w->keep, w->ipc);
}

static void worker_died(struct io *io, void *arg)
{
	struct worker *w = arg;

	(void)io;
	w->io = NULL;
	w->is_started = false;
	owners_begin(NULL); /* it may have died while it began */
	if (w->must_tell)
		w->node->has_lost = true;
	w->must_tell = false;
	if (w->node->keeper)
		start_worker(w);
	else
		w->node->has_lost = true;
}

static void worker_freed(struct io *io, void *arg)
{
	struct worker *w = arg;

	(void)io;
	flows_free(w->flows);
	sip_free(w->sip);
	call_core_free(w->core);
	zones_free(w->zones);
	alarms_free(w->alarms);
	keep_free(w->keep);
	ipc_free(w->ipc);
	w->flows = NULL;
	w->sip = NULL;
	w->core = NULL;
	w->zones = NULL;
	w->alarms = NULL;
	w->keep = NULL;
	w->ipc = NULL;
	w->io = NULL;
}

/* ---- the keeper ---- */

/* It may die in the middle of anything: then its successor does it. */
static void keeper_failed(struct node *n, const char *what)
{
	if (!sim_is_dead(n->keeper))
		n->fault = what;
}

static struct worker *worker_of(struct node *n, enum process_id id)
{
	return id == P_SIG ? &n->sig : id == P_MEDIA ? &n->media : NULL;
}

static void keeper_put(
	void *arg, enum process_id from, enum kind kind, uint64_t handle, struct rd *body, int fd)
{
	struct node *n = arg;
	struct worker *w = worker_of(n, from);
	struct kept_rec *rec;

	if (w && kind == ROW_KEPT &&
		kept_put(w->kept, handle, rd_bytes(body, rd_left(body)), fd, &rec) == OK)
		return;
	io_close_fd(n->keeper, fd);
}

static void keeper_del(void *arg, enum process_id from, enum kind kind, uint64_t handle)
{
	struct worker *w = worker_of(arg, from);

	if (w && kind == ROW_KEPT)
		kept_del(w->kept, handle);
}

static void keeper_sync(void *arg, enum process_id from, enum kind kind)
{
	struct node *n = arg;
	struct worker *w = worker_of(n, from);

	if (!w || kind != ROW_KEPT)
		return;
	(void)kept_sweep(w->kept);
	w->must_tell = false;
	/* the last keeper died before it had introduced them */
	if (n->keeper_ns && n->sig.is_started && n->media.is_started &&
		!(ipc_has_edge(n->sig.ipc, P_MEDIA) && ipc_has_edge(n->media.ipc, P_SIG)))
		introduce(n);
}

static void keeper_again(void *arg, enum process_id from, enum kind kind)
{
	struct worker *w = worker_of(arg, from);

	if (w && kind == ROW_KEPT)
		kept_mark(w->kept);
}

static void keeper_ask(void *arg, struct ipc_ask *ask, enum process_id from, enum kind kind,
	uint64_t handle, struct rd *body, int fd)
{
	struct node *n = arg;

	(void)from;
	(void)kind;
	(void)handle;
	(void)body;
	io_close_fd(n->keeper, fd);
	ipc_answer(ask, ERR_UNSUPPORTED, STR_NONE, NO_FD);
}

static void keeper_edge(void *arg, enum process_id with, bool is_up)
{
	(void)arg;
	(void)with;
	(void)is_up;
}

static void on_room(void *arg, enum process_id with, uint32_t edge)
{
	struct worker *w = worker_of(arg, with);

	if (w && w->is_replaying && edge == w->edge && kept_replay(w->kept, w->node->ipc, edge))
		w->is_replaying = false;
}

static void start_worker(struct worker *w)
{
	static const struct sim_program sig = {"sig", worker_start, worker_died, worker_freed};
	static const struct sim_program media = {"media", worker_start, worker_died, worker_freed};
	struct node *n = w->node;
	struct io *io;
	int a, b;

	if (sim_is_dead(n->keeper))
		return;
	if (chan_pair(n->keeper, &a, &b) != OK ||
		ipc_edge_add(n->ipc, w->self, a, true, &w->edge) != OK) {
		keeper_failed(n, "the keeper's channels");
		return;
	}
	w->channel = b;
	w->n_starts++;
	if (sim_start(n->host, w->self == P_SIG ? &sig : &media, w, &io) != OK) {
		keeper_failed(n, "a process");
		return;
	}
	kept_rewind(w->kept);
	w->is_replaying = !kept_replay(w->kept, n->ipc, w->edge);
}

static void give_peer(struct node *n, struct worker *to, enum process_id with, int fd)
{
	uint8_t buf[64];
	struct wr w = wr_of(buf, sizeof buf);

	given_peer_put(&w, &(struct given_peer){with, true});
	if (ipc_put_once(n->ipc, to->edge, ROW_PEER, handle_make(HK_PROCESS, with, to->n_starts),
		    wr_done(&w), fd) != OK &&
		!sim_is_dead(to->io))
		keeper_failed(n, "an introduction");
	sim_close(n->sim, fd);
}

/* Signalling and media meet whenever both have begun. */
static void introduce(struct node *n)
{
	int a, b;

	if (!n->sig.is_started || !n->media.is_started || !n->keeper || sim_is_dead(n->keeper))
		return;
	if (chan_pair(n->keeper, &a, &b) != OK) {
		keeper_failed(n, "a channel between workers");
		return;
	}
	give_peer(n, &n->sig, P_MEDIA, a);
	give_peer(n, &n->media, P_SIG, b);
}

static void replace_channel(struct worker *w)
{
	struct node *n = w->node;
	int a, b;

	if (chan_pair(n->keeper, &a, &b) != OK) {
		keeper_failed(n, "a new channel");
		return;
	}
	b = sim_hand_over(n->sim, b, w->io);
	kept_mark(w->kept);
	if (ipc_edge_add(n->ipc, w->self, a, true, &w->edge) != OK) {
		sim_close(n->sim, b);
		keeper_failed(n, "a new channel");
	} else if (ipc_edge(w->ipc, P_KEEPER, b) != OK && !sim_is_dead(w->io)) {
		n->fault = "a new channel";
	}
}

/* A worker that lives is called, and puts all its records again; what is dead is started. */
static void find_worker(struct worker *w)
{
	bool has_begun = w->is_started && w->io && !sim_is_dead(w->io);

	if (w->n_starts && !has_begun)
		w->node->has_lost = true;
	w->is_replaying = false;
	w->must_tell = has_begun;
	if (has_begun)
		replace_channel(w);
	else if (w->io)
		sim_kill(w->io); /* it waited for the last keeper's records */
	else
		start_worker(w);
}

static void keeper_died(struct io *io, void *arg);

static void keeper_start(struct io *io, void *arg)
{
	static const struct ipc_ops ops = {.put = keeper_put,
		.del = keeper_del,
		.sync = keeper_sync,
		.ask = keeper_ask,
		.edge = keeper_edge,
		.again = keeper_again};
	struct node *n = arg;

	n->keeper = io;
	io_set_plan(io, &n->plan);
	if (ipc_new(io, P_KEEPER, &ops, n, &n->ipc) != OK ||
		kept_new(io, RECORDS_MAX, true, &n->sig.kept) != OK ||
		kept_new(io, RECORDS_MAX, true, &n->media.kept) != OK) {
		keeper_failed(n, "the keeper");
		return;
	}
	n->keeper_ns = sim_now(n->sim);
	ipc_on_room(n->ipc, on_room, n);
	find_worker(&n->media);
	find_worker(&n->sig);
}

static void keeper_freed(struct io *io, void *arg)
{
	struct node *n = arg;

	(void)io;
	kept_free(n->sig.kept);
	kept_free(n->media.kept);
	ipc_free(n->ipc);
	n->sig.kept = n->media.kept = NULL;
	n->ipc = NULL;
	n->keeper = NULL;
}

static const struct sim_program keeper_program = {
	"keeper", keeper_start, keeper_died, keeper_freed};

static void start_keeper(void *arg)
{
	struct node *n = arg;
	struct io *io;

	if (sim_start(n->host, &keeper_program, n, &io) != OK)
		n->fault = "a keeper";
}

static void keeper_died(struct io *io, void *arg)
{
	struct node *n = arg;

	(void)io;
	if (sim_at(n->sim, KEEPER_AWAY_MS + sim_random(n->sim, KEEPER_AWAY_MS), start_keeper, n) !=
		OK)
		n->fault = "a keeper";
}

void node_kill_keeper(struct node *n, uint64_t n_calls)
{
	if (n->keeper && n_calls)
		sim_kill_at_call(n->keeper, n_calls);
	else if (n->keeper)
		sim_kill(n->keeper);
}

/* ---- the node ---- */

static void print_error(void *arg, const struct conf_error *e)
{
	(void)arg;
	if (!e->is_warning)
		printf("# %u:%u: %.*s\n", e->line, e->column, (int)e->text.len, e->text.p);
}

bool node_load(struct node *n, const char *yaml)
{
	struct conf_input in = {.text = str_of(yaml), .file = "node"};

	memset(n, 0, sizeof *n);
	n->conf = calloc(1, sizeof *n->conf);
	if (!n->conf || conf_load(&in, n->conf, print_error, NULL) != OK)
		return false;
	conf_to_plan(n->conf, false, &n->plan);
	return true;
}

bool node_start(struct node *n, struct sim *sim, struct sim_host *host)
{
	struct io *io;

	n->sim = sim;
	n->host = host;
	n->sig.node = n->media.node = n;
	n->sig.self = P_SIG;
	n->media.self = P_MEDIA;
	return sim_start(host, &keeper_program, n, &io) == OK && !n->fault;
}

void node_kill(struct worker *w)
{
	if (w->io)
		sim_kill(w->io);
}

bool node_is_up(const struct node *n)
{
	return n->sig.is_started && n->media.is_started;
}

bool node_has_link(struct node *n, const char *zone)
{
	struct zone *z = n->sig.zones ? zone_named(n->sig.zones, str_of(zone)) : NULL;

	return z && z->is_up;
}

uint64_t node_digest(const struct node *n)
{
	const struct sip *s = n->sig.sip;

	if (!s || !n->sig.is_started || sim_is_dead(n->sig.io))
		return 0;
	return 1 + txs_count(s->txs) + ((uint64_t)conns_count(s->conns) << 8) +
	       ((uint64_t)s->dialogs.n_taken << 16) + ((uint64_t)call_count(n->sig.core) << 24) +
	       ((uint64_t)flows_count(n->media.flows) << 32) +
	       (conns_counters(s->conns)->n_messages << 40);
}

bool node_link_is_true(struct node *n, const char *zone)
{
	const struct sip *s = n->sig.sip;
	struct zone *z = n->sig.zones ? zone_named(n->sig.zones, str_of(zone)) : NULL;
	struct conn *c;

	if (!z || !z->is_up || !s || !n->sig.is_started || sim_is_dead(n->sig.io))
		return true;
	c = conn_get(s->conns, attempts_link(s->attempts, z));
	return c && c->is_open;
}

bool node_media_balance(const struct node *n)
{
	const struct worker *w = &n->media;
	const struct flow_counters *c;

	if (!w->is_started || sim_is_dead(w->io))
		return true;
	c = flows_counters(w->flows);
	return c->relayed == w->n_rtp_sent &&
	       sim_n_taken(w->io) == c->relayed + c->no_destination + c->unknown_source +
	                                     c->bad_datagram + c->tokens + w->n_answers;
}

void node_new_keeper_channels(struct node *n)
{
	replace_channel(&n->sig);
	replace_channel(&n->media);
}

void node_new_worker_channel(struct node *n)
{
	introduce(n);
}

void node_free(struct node *n)
{
	free(n->conf);
	n->conf = NULL;
}
