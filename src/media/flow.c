/* flow.c - flows: made from wanted rows, relaying between their ends, shown and kept.
 *
 * Per packet: no allocation, no search but the one of the multiplexed port, one latch decision, one
 * queued send. Signalling may be gone for as long as the lease lasts; records and the keeper's
 * duplicates of the sockets bring a killed process's flows back as they were. */
#include <string.h>

#include "media/flow.h"

#define SWEEP_MS       250
#define REPORT_SWEEPS  8          /* a changed flow's row: every 2 s */
#define SILENCE_NS     250000000u /* new silence on a stream: a token at once */
#define RECORD_VERSION 1

LOG_EVENT(ev_both, "MED-102", LOG_INFO, "media flows both ways");
LOG_EVENT(ev_latched, "MED-103", LOG_INFO, "media source proved");
LOG_EVENT(ev_idle, "MED-104", LOG_NOTICE, "media is silent in both directions");
LOG_EVENT(ev_lease, "MED-105", LOG_ERROR,
	"flow ended: signalling has not wanted it for a whole lease");
LOG_EVENT(ev_refused, "MED-106", LOG_ERROR, "flow refused");
LOG_EVENT(ev_nat, "MED-107", LOG_NOTICE, "a NAT between the nodes changes media addresses");
LOG_EVENT(ev_record, "MED-108", LOG_ERROR, "record of a flow dropped");
LOG_EVENT(ev_adopted, "MED-109", LOG_NOTICE, "flows go on after a restart");

struct flows {
	struct flows_deps d;
	struct pool pool;
	struct hash_table by_handle;
	struct mux *mux;
	struct addr own[3];
	uint32_t epoch, zone_epoch, n_sweeps;
	bool is_signalling_up;
	struct timer sweep;
	struct flow_counters counters;
};

static struct flow *find(const struct flows *fs, uint64_t handle)
{
	uint64_t hash = siphash(&fs->by_handle.key, &handle, sizeof handle);

	for (struct hash_node *n = hash_first(&fs->by_handle, hash); n; n = hash_next(n)) {
		struct flow *f = container_of(n, struct flow, by_handle);

		if (f->wanted_as == handle)
			return f;
	}
	return NULL;
}

/* ---- addresses ---- */

static struct addr_ctx policy_of(const struct flows *fs, const struct flow_end *e)
{
	const struct conf *conf = fs->d.conf;
	const struct conf_address_policy *p = &conf->address_policy;

	return (struct addr_ctx){.own = fs->own,
		.n_own = 3,
		.allow = p->allow,
		.n_allow = p->n_allow,
		.deny = p->deny,
		.n_deny = p->n_deny,
		.nat64 = p->nat64,
		.n_nat64 = p->n_nat64,
		.documentation_allowed = p->documentation == DOC_ALLOW,
		.private_allowed = conf->node.role == ROLE_CONTROL || e->kind != END_DIRECT,
		.port_min = 1024};
}

static bool allow(const struct flows *fs, const struct flow_end *e, enum addr_use use,
	const struct addr *a, struct addr_ok *ret_ok)
{
	struct addr_ctx ctx = policy_of(fs, e);

	return a->family != AF_NONE && a->port && addr_policy(&ctx, use, a, ret_ok, NULL) == OK;
}

static const struct addr *signalled(const struct flow_end *e, int component)
{
	return component == COMP_RTCP ? &e->remote_rtcp : &e->remote_rtp;
}

/* Whether the pinhole towards Control can still be open. A firewall counts from the last packet out of
 * the inside, which is a token: without one for two intervals, less a tenth, nothing more goes there. Control
 * is gone, or its flow is, and what it does not ask for is not sent. */
static bool has_pinhole(const struct path *p)
{
	const struct flows *fs = p->flow->flows;
	const struct zone_media *zone = mux_zone(fs->mux, p->flow->want.end[p->end].zone);

	return zone && io_now(fs->d.io) - p->token_ns < zone->keepalive_ms * 1900000ull;
}

/* Where a path sends. An end without a NAT: where signalling says, and nobody else proves himself for
 * it. Behind one: only to what proved itself, also while signalling has just named another. Towards Edge
 * only once Edge has answered a token. */
static void set_destination(struct path *p)
{
	const struct flows *fs = p->flow->flows;
	const struct flow_end *e = &p->flow->want.end[p->end];
	enum addr_use use = e->kind == END_DIRECT ? USE_SDP_MEDIA : USE_CONFIGURED;
	const struct addr *a = NULL;

	switch ((enum flow_end_kind)e->kind) {
	case END_MUX_CLIENT:
		a = p->prover.is_proved ? signalled(e, p->component) : NULL;
		break;
	case END_MUX_SERVER:
		a = p->latch.proof && has_pinhole(p) ? &p->latch.source : NULL;
		break;
	case END_DIRECT:
		if (!e->is_nat)
			a = signalled(e, p->component);
		else if (p->latch.proof)
			a = &p->latch.source;
		break;
	}
	p->can_send = a && allow(fs, e, a == &p->latch.source ? USE_PROVED_SOURCE : use, a, &p->to);
}

/* ---- packets ---- */

static void relay(struct path *from, enum component component, struct str bytes)
{
	struct flow *f = from->flow;
	uint8_t other = (uint8_t)!from->end;
	bool is_muxed = component == COMP_RTCP && f->want.end[other].has_rtcp_mux;
	struct path *out = &f->path[other][is_muxed ? COMP_RTP : component];

	if (!out->can_send || !out->dgram) {
		f->flows->counters.no_destination++;
		return;
	}
	dgram_send(out->dgram, &out->to, bytes);
	out->tx_packets++;
	f->flows->counters.relayed++;
}

static void count(struct path *p, struct str bytes, enum wire_class class)
{
	struct flow *f = p->flow;
	struct rtp_packet packet;
	uint64_t now = io_now(f->flows->d.io);

	p->rx_packets++;
	p->rx_bytes += bytes.len;
	p->last_rx_ns = now;
	if (class == WC_RTP && !(f->want.classes & CLASS_OTHER) &&
		rtp_parse(bytes, RTP_ENCRYPTED, &packet) == OK &&
		rtp_stats_take(&f->stats[p->end], &packet, now,
			rtp_clock_hz(packet.payload_type)) == ERR_FULL)
		f->flows->counters.bad_datagram++; /* a ninth source: relayed, without figures */
}

static struct latch_rule rule_of(const struct path *p)
{
	const struct flow_want *w = &p->flow->want;
	const struct flow_end *e = &w->end[p->end];
	const struct latch *rtp = &p->flow->path[p->end][COMP_RTP].latch;
	struct latch_rule rule = {.remote = *signalled(e, p->component),
		.host = e->signalling,
		.is_nat = e->is_nat,
		.is_rtcp = p->component == COMP_RTCP,
		.classes = w->classes};

	/* what this end may send is what the other end said it receives, and what it said itself */
	for (int i = 0; i < 2; i++)
		rule.payload_types[i] = w->end[0].payload_types[i] | w->end[1].payload_types[i];
	if (rule.is_rtcp && e->is_nat && rtp->proof)
		rule.host = rtp->source;
	return rule;
}

/* A direct end: its own socket, anybody may have sent this. */
static bool is_direct_source(
	struct path *p, const struct addr *from, struct str bytes, enum wire_class class)
{
	struct latch_rule rule = rule_of(p);

	switch (latch_judge(&p->latch, &rule, from, bytes, class, io_now(p->flow->flows->d.io))) {
	case LATCH_DROP:
		return false;
	case LATCH_MOVED:
		flow_latched(p);
		return true;
	case LATCH_PASS:
		return true;
	}
	return false;
}

/* Control's end of the leg: only Edge speaks here, from its multiplexed port. */
static bool is_edge(const struct path *p, const struct addr *from)
{
	const struct flow_end *e = &p->flow->want.end[p->end];

	return e->stream_id && addr_eq(from, signalled(e, p->component));
}

static bool is_from_source(
	struct path *p, const struct addr *from, struct str bytes, enum wire_class class)
{
	/* nearly every packet: the proved source, and signalling is at rest */
	if (latch_is_source(&p->latch, from) && !p->latch.open_until_ns) {
		p->latch.last_ns = io_now(p->flow->flows->d.io);
		return true;
	}
	switch ((enum flow_end_kind)p->flow->want.end[p->end].kind) {
	case END_DIRECT:
		return is_direct_source(p, from, bytes, class);
	case END_MUX_CLIENT:
		return is_edge(p, from);
	case END_MUX_SERVER: /* mux.c finds a path by its proved source alone */
		break;
	}
	return false;
}

void flow_input(struct path *p, const struct addr *from, struct str bytes, enum wire_class class,
	enum component component)
{
	const struct flow_want *w = &p->flow->want;

	if (class == WC_STUN && w->end[p->end].kind == END_MUX_CLIENT && is_edge(p, from) &&
		prover_answer(&p->prover, bytes))
		return;
	if (!latch_may_carry(w->classes, class) || !is_from_source(p, from, bytes, class)) {
		p->unknown++;
		p->flow->flows->counters.unknown_source++;
		return;
	}
	count(p, bytes, class);
	relay(p, component, bytes);
}

static void on_dgrams(struct dgram *d, const struct packet *packets, size_t n, void *arg)
{
	struct path *p = arg;
	const struct flow_end *e = &p->flow->want.end[p->end];

	(void)d;
	for (size_t i = 0; i < n; i++) {
		enum wire_class class;

		if (packets[i].is_cut || demux_packet(packets[i].bytes, &class) != OK)
			p->flow->flows->counters.bad_datagram++;
		else
			flow_input(p, &packets[i].from, packets[i].bytes, class,
				demux_component(
					class, (enum component)p->component, e->has_rtcp_mux));
	}
}

/* ---- proofs ---- */

static enum flow_state state_of(const struct flow *f)
{
	bool has[2];

	if (f->is_refused)
		return FLOW_REFUSED;
	for (int end = 0; end < 2; end++)
		has[end] = f->path[end][COMP_RTP].rx_packets > 0;
	return has[0] && has[1] ? FLOW_BOTH : has[0] || has[1] ? FLOW_ONE_WAY : FLOW_WAITING;
}

void flow_latched(struct path *p)
{
	struct flow *f = p->flow;

	set_destination(p);
	if (p->latch.proof)
		log_put(io_log(f->flows->d.io), &ev_latched, F_H("call", f->want.call),
			F_NUM("line", f->want.line), F_NUM("end", p->end),
			F_NUM("component", p->component), F_ADDR("source", &p->latch.source),
			F_Z("proof", flow_proof_name((enum flow_proof)p->latch.proof)));
	flow_keep(f);
	row_put(f->flows->d.ipc, &f->row);
}

void flow_refreshed(struct path *p)
{
	set_destination(p);
}

static void send_token(void *arg, struct str bytes)
{
	struct path *p = arg;
	const struct flow_end *e = &p->flow->want.end[p->end];
	struct addr_ok to;

	if (p->dgram && allow(p->flow->flows, e, USE_CONFIGURED, signalled(e, p->component), &to))
		dgram_send(p->dgram, &to, bytes);
}

/* Edge knows this socket. Recorded once: a successor sends at once, a refresh costs no record. */
static void on_proved(void *arg, const struct addr *mapped)
{
	struct path *p = arg;
	struct flows *fs = p->flow->flows;
	const struct flow_end *e = &p->flow->want.end[p->end];
	struct addr own = addr_with_port(&e->local, (uint16_t)(e->local.port + p->component));

	if (latch_is_source(&p->latch, signalled(e, p->component)) && p->can_send)
		return;
	if (!addr_eq(mapped, &own))
		log_put(io_log(fs->d.io), &ev_nat, F_ADDR("sent", &own), F_ADDR("seen", mapped));
	latch_set(&p->latch, PROOF_TOKEN, signalled(e, p->component), io_now(fs->d.io));
	flow_latched(p);
}

/* ---- sockets ---- */

static bool has_path(const struct flow *f, int end, int component)
{
	const struct flow_end *e = &f->want.end[end];

	return component == COMP_RTP ||
	       (e->has_rtcp && !(e->kind != END_DIRECT && e->has_rtcp_mux));
}

static uint64_t port_key(const struct path *p)
{
	uint64_t h = p->flow->handle;

	return handle_make(
		HK_PORT, handle_slot(h) * 4 + p->end * 2u + p->component, handle_generation(h));
}

enum { TAG_PORT_FLOW = 1, TAG_PORT_END, TAG_PORT_COMPONENT };

static void keep_socket(struct path *p)
{
	struct flow *f = p->flow;
	uint8_t buf[64];
	struct wr w = wr_of(buf, sizeof buf);

	wr_u8(&w, RECORD_VERSION);
	wr_t_u64(&w, TAG_PORT_FLOW, f->wanted_as);
	wr_t_u8(&w, TAG_PORT_END, p->end);
	wr_t_u8(&w, TAG_PORT_COMPONENT, p->component);
	keep_put(f->flows->d.keep, port_key(p), wr_done(&w), dgram_fd(p->dgram));
	p->is_kept = true;
}

static enum err open_path(struct path *p)
{
	struct flow *f = p->flow;
	const struct flow_end *e = &f->want.end[p->end];
	struct local at = {.row = (enum plan_row)e->row,
		.addr = addr_with_port(&e->local, (uint16_t)(e->local.port + p->component)),
		.fd = NO_FD};
	enum err err;

	if (p->dgram)
		return OK;
	if (e->kind == END_MUX_SERVER) {
		p->dgram = mux_dgram(f->flows->mux, at.addr.port);
		return p->dgram ? OK : ERR_NOENT;
	}
	err = dgram_open(f->flows->d.io, &at, on_dgrams, p, &p->dgram);
	if (err == OK)
		keep_socket(p);
	return err;
}

static void forget_proof(struct path *p)
{
	prover_stop(&p->prover);
	p->can_send = false;
	p->latch = (struct latch){0};
	p->token_counter = 0;
	p->is_restored = false;
}

static void close_path(struct path *p)
{
	struct flow *f = p->flow;

	forget_proof(p);
	if (p->is_kept)
		keep_del(f->flows->d.keep, port_key(p)); /* before the number is free again */
	if (p->dgram && f->want.end[p->end].kind != END_MUX_SERVER)
		dgram_close(p->dgram);
	p->dgram = NULL;
	p->is_kept = false;
}

/* ---- rows ---- */

static void fill_end(const struct flow *f, int end, struct flow_end_is *ret)
{
	const struct path *rtp = &f->path[end][COMP_RTP], *rtcp = &f->path[end][COMP_RTCP];
	uint64_t now = io_now(f->flows->d.io);

	*ret = (struct flow_end_is){.proof = rtp->latch.proof,
		.rx_packets = rtp->rx_packets,
		.rx_bytes = rtp->rx_bytes,
		.tx_packets = rtp->tx_packets,
		.rtcp_packets = rtcp->rx_packets,
		.unknown_packets = rtp->unknown + rtcp->unknown};
	if (rtp->latch.proof)
		ret->rtp = rtp->latch.source;
	if (rtcp->latch.proof)
		ret->rtcp = rtcp->latch.source;
	ret->lost = (uint32_t)rtp_stats_lost(&f->stats[end]);
	ret->jitter_us = rtp_stats_jitter_us(&f->stats[end]);
	if (rtp->last_rx_ns)
		ret->silent_ms = (uint32_t)((now - rtp->last_rx_ns) / 1000000);
}

static void write_is(const struct row *row, struct wr *w)
{
	const struct flow *f = container_of(row, const struct flow, row);
	struct flow_is is = {.call = f->want.call, .line = f->want.line, .state = f->state};

	memcpy(is.why, f->why, sizeof is.why);
	for (int end = 0; end < 2; end++)
		fill_end(f, end, &is.end[end]);
	flow_is_put(w, &is);
}

static const char *why_no_socket(const struct path *p, enum err err)
{
	if (p->flow->want.end[p->end].kind == END_MUX_SERVER)
		return "the keeper has not given this multiplexed port";
	return err == ERR_EXISTS ? "another program holds this port" : err_text(err);
}

/* The call is refused as a whole, so its other sockets go as well. */
static void refuse(struct path *p, enum err err)
{
	struct flow *f = p->flow;
	const struct flow_end *e = &f->want.end[p->end];
	struct addr at = addr_with_port(&e->local, (uint16_t)(e->local.port + p->component));
	struct wr w = wr_of(f->why, sizeof f->why - 1);
	char text[ADDR_TEXT_SIZE];

	wr_printf(&w, "UDP %s: %s", addr_put(&at, text), why_no_socket(p, err));
	f->why[wr_len(&w)] = '\0';
	f->is_refused = true;
	f->state = FLOW_REFUSED;
	for (int end = 0; end < 2; end++) {
		mux_remove(f->flows->mux, f, end);
		for (int c = 0; c < COMP_MAX; c++)
			close_path(&f->path[end][c]);
	}
	log_put(io_log(f->flows->d.io), &ev_refused, F_H("call", f->want.call), F_Z("why", f->why));
}

/* ---- from wanted to real ---- */

static void start_prover(struct path *p)
{
	struct flow *f = p->flow;
	const struct flow_end *e = &f->want.end[p->end];
	const struct zone_media *zone = mux_zone(f->flows->mux, e->zone);

	if (e->kind != END_MUX_CLIENT || !e->stream_id || !zone || !p->dgram)
		return;
	prover_start(&p->prover, e->stream_id, p->component == COMP_RTCP ? TOKEN_RTCP : TOKEN_RTP,
		(struct str){(const char *)zone->key, sizeof zone->key}, zone->keepalive_ms,
		f->token_base_us);
	f->token_base_us = p->prover.base_us;
}

static bool is_other_socket(const struct flow_end *a, const struct flow_end *b)
{
	return a->kind != b->kind || !addr_eq(&a->local, &b->local) || a->row != b->row;
}

static bool is_other_remote(const struct flow_end *a, const struct flow_end *b)
{
	return !addr_eq(&a->remote_rtp, &b->remote_rtp) || a->is_nat != b->is_nat ||
	       !addr_same_host(&a->signalling, &b->signalling);
}

static void change_end(struct flow *f, int end, const struct flow_end *to)
{
	struct flow_end *e = &f->want.end[end];
	bool has_other_socket = is_other_socket(e, to), has_other_remote = is_other_remote(e, to);
	bool has_other_stream = e->kind != END_DIRECT && e->stream_id != to->stream_id;

	if (has_other_socket || has_other_stream)
		mux_remove(f->flows->mux, f, end);
	for (int c = 0; c < COMP_MAX; c++) {
		if (has_other_socket || (has_other_stream && e->kind == END_MUX_SERVER))
			close_path(&f->path[end][c]);
		else if (has_other_stream) /* the new one proves itself from the same port */
			forget_proof(&f->path[end][c]);
	}
	*e = *to;
	for (int c = 0; c < COMP_MAX; c++) {
		struct path *p = &f->path[end][c];

		if (has_other_remote && e->kind == END_DIRECT)
			latch_reopen(&p->latch, io_now(f->flows->d.io));
		if (p->dgram && !has_path(f, end, c))
			close_path(p);
	}
	if (e->kind == END_MUX_SERVER)
		mux_add(f->flows->mux, f, end);
}

/* The whole flow follows its row: sockets, proofs, destinations. */
static void realise(struct flow *f)
{
	for (int end = 0; end < 2 && !f->is_refused; end++) {
		for (int c = 0; c < COMP_MAX; c++) {
			struct path *p = &f->path[end][c];
			enum err err;

			if (!has_path(f, end, c) || !f->want.end[end].local.port)
				continue;
			err = open_path(p);
			if (err) {
				refuse(p, err);
				return;
			}
			start_prover(p);
			set_destination(p);
		}
	}
}

static void flow_init(struct flows *fs, struct flow *f, uint64_t handle)
{
	f->flows = fs;
	f->wanted_as = handle;
	row_init(&f->row, ROW_FLOW_IS, handle, write_is);
	for (uint8_t end = 0; end < 2; end++) {
		for (uint8_t c = 0; c < COMP_MAX; c++) {
			struct path *p = &f->path[end][c];

			p->flow = f;
			p->end = end;
			p->component = c;
			prover_init(&p->prover, fs->d.io, send_token, on_proved, p);
		}
	}
	hash_add(
		&fs->by_handle, &f->by_handle, siphash(&fs->by_handle.key, &handle, sizeof handle));
}

static void flow_end(struct flow *f)
{
	struct flows *fs = f->flows;

	for (int end = 0; end < 2; end++) {
		mux_remove(fs->mux, f, end);
		for (int c = 0; c < COMP_MAX; c++)
			close_path(&f->path[end][c]);
	}
	row_del(fs->d.ipc, &f->row);
	keep_del(fs->d.keep, f->handle);
	hash_remove(&fs->by_handle, &f->by_handle);
	pool_give(&fs->pool, f);
}

static void renew_lease(struct flow *f)
{
	f->lease_until_ns = io_now(f->flows->d.io) + f->want.lease_ms * 1000000ull;
}

void flows_put(struct flows *fs, uint64_t handle, const struct flow_want *want)
{
	struct flow *f = find(fs, handle);

	if (!f) {
		f = pool_take(&fs->pool);
		if (!f) { /* both pools come from the same limits: only a defect gets here */
			fs->counters.full++;
			return;
		}
		flow_init(fs, f, handle);
	}
	f->epoch = fs->epoch;
	f->want.call = want->call;
	f->want.line = want->line;
	f->want.classes = want->classes;
	f->want.lease_ms = want->lease_ms;
	f->is_refused = false;
	f->why[0] = '\0';
	for (int end = 0; end < 2; end++)
		change_end(f, end, &want->end[end]);
	realise(f);
	renew_lease(f);
	if (!f->is_refused)
		f->state = (uint8_t)state_of(f);
	flow_keep(f);
	row_put(fs->d.ipc, &f->row);
}

void flows_del(struct flows *fs, uint64_t handle)
{
	struct flow *f = find(fs, handle);

	if (f)
		flow_end(f);
}

void flows_edge_up(struct flows *fs, bool is_up)
{
	fs->is_signalling_up = is_up;
	if (!is_up)
		return;
	flows_again(fs);
	flows_zones_again(fs);
}

void flows_again(struct flows *fs)
{
	fs->epoch++;
}

void flows_zones_again(struct flows *fs)
{
	fs->zone_epoch++;
}

void flows_sync(struct flows *fs)
{
	for (struct flow *f = NULL; (f = pool_next(&fs->pool, f));) {
		if (f->epoch != fs->epoch)
			flow_end(f);
	}
}

void flows_zone_put(struct flows *fs, uint64_t handle, const struct zone_media *zone)
{
	mux_zone_put(fs->mux, handle, zone, fs->zone_epoch);
	for (struct flow *f = NULL; (f = pool_next(&fs->pool, f));) {
		if (f->want.end[0].zone == handle || f->want.end[1].zone == handle)
			realise(f);
	}
}

void flows_zone_del(struct flows *fs, uint64_t handle)
{
	mux_zone_del(fs->mux, handle);
}

void flows_zones_sync(struct flows *fs)
{
	mux_zones_sync(fs->mux, fs->zone_epoch);
}

enum err flows_mux_socket(struct flows *fs, int fd, const struct addr *addr)
{
	enum err err = mux_socket(fs->mux, fd, addr);

	for (struct flow *f = NULL; err == OK && (f = pool_next(&fs->pool, f));)
		realise(f);
	return err;
}

/* ---- time ---- */

static void check_silence(struct flow *f, uint64_t now)
{
	for (int end = 0; end < 2; end++) {
		struct path *p = &f->path[end][COMP_RTP];
		uint64_t silent = now - p->last_rx_ns;

		/* new silence where media was: perhaps the firewall forgot us */
		if (p->last_rx_ns && p->prover.stream_id && silent > SILENCE_NS &&
			silent < SILENCE_NS + SWEEP_MS * 1000000ull)
			prover_hurry(&p->prover);
	}
}

static void check_pinholes(struct flow *f)
{
	for (int i = 0; i < 4; i++) {
		struct path *p = &f->path[i / 2][i % 2];

		if (f->want.end[p->end].kind == END_MUX_SERVER && p->can_send && !has_pinhole(p))
			p->can_send = false;
	}
}

static bool is_idle(const struct flow *f, uint64_t now)
{
	const struct conf_media *m = &f->flows->d.conf->media;
	bool is_held = f->want.end[0].is_on_hold || f->want.end[1].is_on_hold;
	uint64_t limit = (is_held ? m->silence_held_ms : m->silence_ms) * 1000000ull;
	uint64_t last = f->path[0][COMP_RTP].last_rx_ns;

	if (f->path[1][COMP_RTP].last_rx_ns > last)
		last = f->path[1][COMP_RTP].last_rx_ns;
	return last && limit && now - last > limit;
}

static void check_state(struct flow *f, uint64_t now)
{
	enum flow_state state = is_idle(f, now) ? FLOW_IDLE : state_of(f);

	if (state == f->state)
		return;
	if (state == FLOW_BOTH)
		log_put(io_log(f->flows->d.io), &ev_both, F_H("call", f->want.call),
			F_NUM("line", f->want.line));
	if (state == FLOW_IDLE)
		log_put(io_log(f->flows->d.io), &ev_idle, F_H("call", f->want.call),
			F_NUM("line", f->want.line));
	f->state = (uint8_t)state;
	row_put(f->flows->d.ipc, &f->row);
}

static void report(struct flow *f)
{
	uint64_t sum = 0;

	for (int end = 0; end < 2; end++)
		sum += f->path[end][COMP_RTP].rx_packets + f->path[end][COMP_RTCP].rx_packets +
		       f->path[end][COMP_RTP].unknown;
	if (sum == f->relayed_before)
		return;
	f->relayed_before = sum;
	row_put(f->flows->d.ipc, &f->row);
}

static void on_sweep(void *arg)
{
	struct flows *fs = arg;
	uint64_t now = io_now(fs->d.io);

	fs->n_sweeps++;
	for (struct flow *f = NULL; (f = pool_next(&fs->pool, f));) {
		if (fs->is_signalling_up && f->epoch == fs->epoch)
			renew_lease(f);
		if (now > f->lease_until_ns) {
			log_put(io_log(fs->d.io), &ev_lease, F_H("call", f->want.call),
				F_NUM("line", f->want.line));
			fs->counters.expired_leases++;
			flow_end(f);
			continue;
		}
		check_silence(f, now);
		check_pinholes(f);
		check_state(f, now);
		/* an eighth of them in each sweep, so that rows do not come in bursts */
		if ((fs->n_sweeps + handle_slot(f->handle)) % REPORT_SWEEPS == 0)
			report(f);
	}
	timer_start(fs->d.io, &fs->sweep, SWEEP_MS);
}

/* ---- records ---- */

enum { TAG_WANTED_AS = 1, TAG_WANT, TAG_BASE, TAG_PATH };
enum { TAG_PATH_WHICH = 1, TAG_PATH_PROOF, TAG_PATH_SOURCE, TAG_PATH_COUNTER };

static void put_path(struct wr *w, const struct path *p)
{
	uint8_t *mark = wr_t_begin(w, TAG_PATH);

	wr_t_u8(w, TAG_PATH_WHICH, (uint8_t)(p->end * 2 + p->component));
	wr_t_u8(w, TAG_PATH_PROOF, p->latch.proof);
	wr_t_addr(w, TAG_PATH_SOURCE, &p->latch.source);
	wr_t_u64(w, TAG_PATH_COUNTER, p->token_counter);
	wr_t_end(w, mark);
}

/* Put when a flow is wanted, proved or moved; not at refreshes. */
void flow_keep(struct flow *f)
{
	uint8_t buf[KEEP_BODY_MAX];
	struct wr w = wr_of(buf, sizeof buf);
	uint8_t *mark;

	wr_u8(&w, RECORD_VERSION);
	wr_t_u64(&w, TAG_WANTED_AS, f->wanted_as);
	mark = wr_t_begin(&w, TAG_WANT);
	flow_want_put(&w, &f->want);
	wr_t_end(&w, mark);
	wr_t_u64(&w, TAG_BASE, f->token_base_us);
	for (int end = 0; end < 2; end++) {
		for (int c = 0; c < COMP_MAX; c++) {
			if (f->path[end][c].latch.proof)
				put_path(&w, &f->path[end][c]);
		}
	}
	keep_put(f->flows->d.keep, f->handle, wr_done(&w), NO_FD);
}

struct record {
	uint64_t wanted_as, base_us;
	struct flow_want want;
	struct latch latch[4];
	uint64_t counter[4];
};

static enum err read_path(struct rd *r, struct record *rec)
{
	struct latch latch = {0};
	uint64_t counter = 0;
	unsigned which = 4;
	uint16_t tag;
	struct rd value;

	while (rd_tag(r, &tag, &value)) {
		if (tag == TAG_PATH_WHICH)
			which = (unsigned)rd_t_num(&value);
		else if (tag == TAG_PATH_PROOF)
			latch.proof = (uint8_t)rd_t_num(&value);
		else if (tag == TAG_PATH_SOURCE)
			latch.source = rd_t_addr(&value);
		else if (tag == TAG_PATH_COUNTER)
			counter = rd_t_num(&value);
		rd_join(r, &value);
	}
	if (which > 3 || latch.proof >= PROOF_MAX)
		rd_fail(r, ERR_RANGE);
	if (r->err)
		return r->err;
	rec->latch[which] = latch;
	rec->counter[which] = counter;
	return OK;
}

static enum err read_record(struct rd *r, struct record *rec)
{
	uint16_t tag;
	struct rd value;

	if (rd_u8(r) != RECORD_VERSION)
		return ERR_VERSION;
	while (rd_tag(r, &tag, &value)) {
		if (tag == TAG_WANTED_AS)
			rec->wanted_as = rd_t_num(&value);
		else if (tag == TAG_WANT)
			rd_fail(&value, flow_want_get(&value, &rec->want));
		else if (tag == TAG_BASE)
			rec->base_us = rd_t_num(&value);
		else if (tag == TAG_PATH)
			(void)read_path(&value, rec);
		rd_join(r, &value);
	}
	return r->err;
}

static void restore(struct flow *f, const struct record *rec)
{
	uint64_t now = io_now(f->flows->d.io);

	f->want = rec->want;
	f->token_base_us = rec->base_us;
	for (int i = 0; i < 4; i++) {
		struct path *p = &f->path[i / 2][i % 2];

		p->latch = rec->latch[i];
		p->latch.last_ns = now;
		p->token_counter = rec->counter[i];
		p->is_restored = p->latch.proof != PROOF_NONE;
		p->token_ns =
			now; /* the predecessor had it; from here on its age is ours to count */
		/* it proved itself to the predecessor: Edge knows this very socket */
		if (p->latch.proof && f->want.end[p->end].kind == END_MUX_CLIENT)
			p->prover.is_proved = true;
	}
	for (int end = 0; end < 2; end++) {
		if (f->want.end[end].kind != END_MUX_SERVER)
			continue;
		mux_add(f->flows->mux, f, end);
		for (int c = 0; c < COMP_MAX; c++)
			mux_source(f->flows->mux, &f->path[end][c]);
	}
	renew_lease(f);
}

static void adopt_flow(struct flows *fs, const struct kept *kept)
{
	struct record rec = {0};
	struct rd r = rd_of(kept->body);
	enum err err = read_record(&r, &rec);
	struct flow *f = NULL;

	if (err == OK)
		f = pool_take_at(&fs->pool, kept->key);
	if (!f) {
		log_put(io_log(fs->d.io), &ev_record, F_H("record", kept->key),
			F_ERR(err ? err : ERR_FULL));
		keep_del(fs->d.keep, kept->key);
		return;
	}
	flow_init(fs, f, rec.wanted_as);
	restore(f, &rec);
}

static void adopt_socket(struct flows *fs, const struct kept *kept)
{
	uint64_t wanted_as = 0;
	unsigned end = 2, component = COMP_MAX;
	uint16_t tag;
	struct rd value, r = rd_of(kept->body);
	struct flow *f;
	struct path *p;
	struct local at = {.fd = kept->fd};

	(void)rd_u8(&r);
	while (rd_tag(&r, &tag, &value)) {
		if (tag == TAG_PORT_FLOW)
			wanted_as = rd_t_num(&value);
		else if (tag == TAG_PORT_END)
			end = (unsigned)rd_t_num(&value);
		else if (tag == TAG_PORT_COMPONENT)
			component = (unsigned)rd_t_num(&value);
		rd_join(&r, &value);
	}
	f = find(fs, wanted_as);
	p = f && r.err == OK && end < 2 && component < COMP_MAX ? &f->path[end][component] : NULL;
	if (p && !p->dgram && port_key(p) == kept->key) {
		at.row = (enum plan_row)f->want.end[end].row;
		at.addr = addr_with_port(&f->want.end[end].local,
			(uint16_t)(f->want.end[end].local.port + component));
		if (dgram_open(fs->d.io, &at, on_dgrams, p, &p->dgram) == OK) {
			p->is_kept = true;
			return;
		}
	}
	io_close_fd(fs->d.io, kept->fd);
	keep_del(fs->d.keep, kept->key);
}

void flows_adopt(struct flows *fs)
{
	struct kept kept;

	mux_adopt(fs->mux);
	while (keep_next(fs->d.keep, HK_FLOW, &kept))
		adopt_flow(fs, &kept);
	while (keep_next(fs->d.keep, HK_PORT, &kept))
		adopt_socket(fs, &kept);
	for (struct flow *f = NULL; (f = pool_next(&fs->pool, f));) {
		realise(f);
		row_put(fs->d.ipc, &f->row);
	}
	if (fs->pool.n_taken)
		log_put(io_log(fs->d.io), &ev_adopted, F_NUM("flows", fs->pool.n_taken));
}

/* ---- the table ---- */

void flows_configure(struct flows *fs, const struct conf *conf)
{
	fs->d.conf = conf;
	fs->own[0] = conf->node.inside;
	fs->own[1] = conf->node.outside;
	fs->own[2] = conf->node.outside_nat;
}

enum err flows_new(const struct flows_deps *deps, struct flows **ret_flows)
{
	struct flows *fs = mem_array(1, sizeof *fs);
	uint32_t n = deps->conf->limits.calls * deps->conf->limits.streams_per_call, generation;
	struct hash_key key;
	enum err err;

	if (!fs)
		return ERR_FULL;
	fs->d = *deps;
	flows_configure(fs, deps->conf);
	io_random(deps->io, &generation, sizeof generation);
	io_random(deps->io, &key, sizeof key);
	err = pool_init(&fs->pool, HK_FLOW, sizeof(struct flow), n, generation);
	if (err == OK)
		err = hash_init(&fs->by_handle, n, &key);
	if (err == OK)
		err = mux_new(&fs->d, &fs->counters, &fs->mux);
	if (err) {
		flows_free(fs);
		return err;
	}
	timer_init(&fs->sweep, on_sweep, fs);
	timer_start(deps->io, &fs->sweep, SWEEP_MS);
	*ret_flows = fs;
	return OK;
}

void flows_free(struct flows *fs)
{
	if (!fs)
		return;
	timer_stop(&fs->sweep);
	for (struct flow *f = NULL; fs->mux && (f = pool_next(&fs->pool, f));)
		flow_end(f);
	mux_free(fs->mux);
	pool_free(&fs->pool);
	hash_free(&fs->by_handle);
	mem_free(fs);
}

size_t flows_count(const struct flows *fs)
{
	return fs->pool.n_taken;
}

const struct flow_counters *flows_counters(const struct flows *fs)
{
	return &fs->counters;
}
