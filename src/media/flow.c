/* flow.c - one flow: sockets, proofs and the relaying between its two ends.
 *
 * Per packet: no allocation, no search but the one of the multiplexed port, one latch decision, one
 * queued send. It knows nothing of other flows, and never sends where nothing was proved or allowed. */
#include <string.h>

#include "media/flow.h"

#define NOT_HEARD 50 /* packets: a second of speech */

LOG_EVENT(ev_latched, "MED-103", LOG_INFO, "media source proved");
LOG_EVENT(ev_refused, "MED-106", LOG_ERROR, "flow refused");
LOG_EVENT(ev_tags, "MED-111", LOG_NOTICE,
	"no packet has an SRTP tag by the keys of the description: this end is not heard");
LOG_EVENT(ev_host, "MED-112", LOG_NOTICE,
	"packets of a stream come from another host than its signalling: this end is not heard");
LOG_EVENT(ev_nat, "MED-107", LOG_NOTICE, "a NAT between the nodes changes media addresses");

/* ---- addresses ---- */

/* An end of the leg between our own two nodes. */
static bool is_of_link(const struct flow_end *e)
{
	return e->kind == END_MUX_CLIENT || e->kind == END_MUX_SERVER;
}

static struct addr_ctx policy_of(const struct flows *fs, const struct flow_end *e)
{
	const struct conf *conf = fs->d.conf;
	struct addr own[CONF_OWN];
	struct addr_ctx ctx = conf_addr_ctx(conf, own);

	ctx.own = fs->own; /* it outlives this call */
	ctx.private_allowed = conf->node.role == ROLE_CONTROL || is_of_link(e);
	ctx.port_min = 1024;
	return ctx;
}

bool flow_allow(const struct flows *fs, const struct flow_end *e, enum addr_use use,
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
 * it, but a client of H.460.19 by its keep-alive. Behind one: only to what proved itself, also while signalling
 * has just named another. Towards Edge only once Edge has answered a token. */
static void set_destination(struct path *p)
{
	const struct flows *fs = p->flow->flows;
	const struct flow_end *e = &p->flow->want.end[p->end];
	const struct h46019 *h = &e->h46019;
	enum addr_use use = is_of_link(e) ? USE_CONFIGURED : USE_SDP_MEDIA;
	const struct addr *a = NULL;

	switch ((enum flow_end_kind)e->kind) {
	case END_MUX_CLIENT:
		a = p->prover.is_proved ? signalled(e, p->component) : NULL;
		break;
	case END_MUX_SERVER:
		a = p->latch.proof && has_pinhole(p) ? &p->latch.source : NULL;
		break;
	case END_DIRECT:
	case END_ID_SERVER:
		if (p->latch.proof && (e->is_nat || h->role == H46019_SERVER))
			a = &p->latch.source;
		else if (!e->is_nat)
			a = signalled(e, p->component);
		break;
	}
	p->has_id = h->has_id_out;
	p->id = p->component == COMP_RTCP ? h->id_rtcp : h->id_rtp;
	p->can_send =
		a && flow_allow(fs, e, a == &p->latch.source ? USE_PROVED_SOURCE : use, a, &p->to);
}

void flow_keep_age(struct path *p)
{
	const struct zone_media *zone =
		mux_zone(p->flow->flows->mux, p->flow->want.end[p->end].zone);

	if (zone && p->token_ns - p->kept_token_ns >= zone->keepalive_ms * 500000ull)
		flow_keep(p->flow);
}

void flow_check_pinholes(struct flow *f)
{
	for (int i = 0; i < 4; i++) {
		struct path *p = &f->path[i / 2][i % 2];

		if (f->want.end[p->end].kind == END_MUX_SERVER && p->can_send && !has_pinhole(p))
			p->can_send = false;
	}
}

/* ---- SRTP whose keys are in the signalling ---- */

/* The proofs of an end that is behind a NAT are tags. */
static bool is_by_tag(const struct path *p)
{
	const struct flow_end *e = &p->flow->want.end[p->end];

	return e->kind == END_DIRECT && e->is_nat && e->is_keyed;
}

void flow_follow_srtp(struct flow *f)
{
	bool is_due = false;

	for (int end = 0; end < 2; end++) {
		struct path *p = &f->path[end][COMP_RTP];

		if (is_by_tag(p) && p->latch.proof)
			is_due |= srtp_follow(&p->seen, &f->stats[end]);
	}
	if (is_due)
		flow_keep(f);
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
	if (out->has_id)
		path_send_behind_id(out, out->id, &out->to, bytes);
	else
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
	if (class == WC_RTCP && p->component == COMP_RTCP && is_by_tag(p))
		srtcp_follow(&f->want.end[p->end].keys, bytes, &p->seen);
}

static struct latch_rule rule_of(struct path *p)
{
	const struct flow_want *w = &p->flow->want;
	const struct flow_end *e = &w->end[p->end];
	const struct latch *rtp = &p->flow->path[p->end][COMP_RTP].latch;
	struct latch_rule rule = {.remote = *signalled(e, p->component),
		.host = e->signalling,
		.is_nat = e->is_nat,
		.is_locked = e->h46019.role == H46019_SERVER,
		.has_id = e->h46019.id_in != 0,
		.is_rtcp = p->component == COMP_RTCP,
		.classes = w->classes};

	/* what this end may send is what the other end said it receives, and what it said itself */
	for (int i = 0; i < 2; i++)
		rule.payload_types[i] = w->end[0].payload_types[i] | w->end[1].payload_types[i];
	if (rule.is_rtcp && e->is_nat && rtp->proof)
		rule.host = rtp->source;
	/* a server speaks before it has said where it receives */
	if (e->h46019.role == H46019_CLIENT && rule.remote.family == AF_NONE)
		rule.remote = rule.is_rtcp ? e->h46019.keepalive_rtcp : e->h46019.keepalive_rtp;
	if (is_by_tag(p)) {
		rule.keys = &e->keys;
		rule.marks = &p->seen;
		rule.ration = &p->flow->flows->tags;
		rule.n_refused = &p->flow->flows->counters.srtp_refused;
	}
	return rule;
}

static bool judge(struct path *p, const struct latch_rule *rule, const struct addr *from,
	struct str bytes, enum wire_class class)
{
	switch (latch_judge(&p->latch, rule, from, bytes, class, io_now(p->flow->flows->d.io))) {
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

/* A loop of ours, or who may not be answered, is no client of H.460.19. */
static bool may_learn(struct path *p, const struct addr *from)
{
	struct addr_ok ok;

	return latch_is_source(&p->latch, from) ||
	       flow_allow(p->flow->flows, &p->flow->want.end[p->end], USE_PROVED_SOURCE, from, &ok);
}

/* A direct end has its own socket, one by an id the shared one: anybody may have sent this. */
static bool is_direct_source(
	struct path *p, const struct addr *from, struct str bytes, enum wire_class class)
{
	struct latch_rule rule;

	if (is_by_tag(
		    p)) /* the last packets of the source so far are known before another's is judged */
		flow_follow_srtp(p->flow);
	rule = rule_of(p);
	if (rule.is_locked && !may_learn(p, from))
		return false;
	return judge(p, &rule, from, bytes, class);
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
	case END_ID_SERVER:
		return is_direct_source(p, from, bytes, class);
	case END_MUX_CLIENT:
		return is_edge(p, from);
	case END_MUX_SERVER: /* mux.c finds a path by its proved source alone */
		break;
	}
	return false;
}

/* Why everything of an end is refused, if that can be said; NULL: not. */
static const struct log_event *why_not_heard(const struct path *p)
{
	const struct flow_end *e = &p->flow->want.end[p->end];

	if (is_by_tag(p))
		return e->keys.n ? &ev_tags : NULL;
	return e->h46019.role == H46019_SERVER && e->h46019.id_in ? &ev_host : NULL;
}

/* Said once: who is not heard because its keys are not those of its SDP, or because a NAT has several
 * addresses, would look for a lost port. */
void path_count_unknown(struct path *p, const struct addr *from)
{
	struct flow *f = p->flow;
	const struct log_event *why;

	p->unknown++;
	f->flows->counters.unknown_source++;
	if (p->unknown != NOT_HEARD || p->latch.proof)
		return;
	why = why_not_heard(p);
	if (why)
		log_put(io_log(f->flows->d.io), why, F_H("call", f->want.call),
			F_NUM("line", f->want.line), F_NUM("end", p->end),
			F_NUM("component", p->component), F_ADDR("source", from));
}

void flow_input(struct path *p, const struct addr *from, struct str bytes, enum wire_class class,
	enum component component)
{
	const struct flow_want *w = &p->flow->want;

	if (class == WC_STUN && w->end[p->end].kind == END_MUX_CLIENT && is_edge(p, from) &&
		prover_answer(&p->prover, bytes))
		return;
	if (!latch_may_carry(w->classes, class) || !is_from_source(p, from, bytes, class)) {
		path_count_unknown(p, from);
		return;
	}
	count(p, bytes, class);
	relay(p, component, bytes);
}

/* It proves its source as media would. */
bool path_proves_keepalive(struct path *p, const struct addr *from, struct str bytes)
{
	struct latch_rule rule = rule_of(p);

	rule.is_keepalive = true;
	rule.classes |= CLASS_RTP; /* whatever it keeps alive */
	return may_learn(p, from) && judge(p, &rule, from, bytes, rule.is_rtcp ? WC_RTCP : WC_RTP);
}

/* ---- sockets' input ---- */

static void on_dgrams(struct dgram *d, const struct packet *packets, size_t n, void *arg)
{
	struct path *p = arg;
	const struct flow_end *e = &p->flow->want.end[p->end];

	(void)d;
	for (size_t i = 0; e->h46019.role && i < n; i++)
		h46019_input(p, &packets[i]);
	if (e->h46019.role)
		return;
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

enum flow_state flow_state_of(const struct flow *f)
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
	if (f->want.end[p->end].kind == END_ID_SERVER)
		mux_source(f->flows->mux, p);
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

	if (p->dgram &&
		flow_allow(p->flow->flows, e, USE_CONFIGURED, signalled(e, p->component), &to))
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

	return component == COMP_RTP || (e->has_rtcp && !(is_of_link(e) && e->has_rtcp_mux));
}

enum err path_open(struct path *p, int fd)
{
	struct flow *f = p->flow;
	const struct flow_end *e = &f->want.end[p->end];
	struct local at = {.row = (enum plan_row)e->row,
		.addr = addr_with_port(&e->local, (uint16_t)(e->local.port + p->component)),
		.fd = fd};
	enum err err;

	if (p->dgram)
		return OK;
	if (flow_end_is_shared(e)) {
		p->dgram = mux_dgram(f->flows->mux, at.addr.port);
		return p->dgram ? OK : ERR_NOENT;
	}
	err = dgram_open(f->flows->d.io, &at, on_dgrams, p, &p->dgram);
	if (err == OK && fd == NO_FD)
		path_keep(p);
	return err;
}

static void forget_proof(struct path *p)
{
	prover_stop(&p->prover);
	p->can_send = false;
	p->latch = (struct latch){0};
	p->seen = (struct srtp_marks){0};
	p->token_counter = 0;
	p->is_restored = false;
}

static void close_path(struct path *p)
{
	struct flow *f = p->flow;

	forget_proof(p);
	path_unkeep(p); /* before the number is free again */
	if (p->dgram && !flow_end_is_shared(&f->want.end[p->end]))
		dgram_close(p->dgram);
	p->dgram = NULL;
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
		.unknown_packets = rtp->unknown + rtcp->unknown,
		.keepalives = f->n_keepalives[end]};
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
	if (p->flow->want.end[p->end].kind == END_ID_SERVER && err == ERR_EXISTS)
		return "its multiplexID is another stream's";
	if (flow_end_is_shared(&p->flow->want.end[p->end]))
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
		keepalive_stop(&f->alive[end]);
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

static bool is_other_stream(const struct flow_end *a, const struct flow_end *b)
{
	return is_of_link(a) ? a->stream_id != b->stream_id
	                     : a->kind == END_ID_SERVER && a->h46019.id_in != b->h46019.id_in;
}

static bool is_other_remote(const struct flow_end *a, const struct flow_end *b)
{
	return !addr_eq(&a->remote_rtp, &b->remote_rtp) || a->is_nat != b->is_nat ||
	       !addr_same_host(&a->signalling, &b->signalling);
}

/* Another source may prove itself for a direct end, or one by an id. What a client of H.460.19 says of its
 * addresses is that of its private network and no news. */
static bool is_opened(const struct flow_end *a, const struct flow_end *b)
{
	if (is_of_link(b))
		return false;
	if (b->h46019.role == H46019_SERVER && b->is_nat)
		return a->h46019.n_learn != b->h46019.n_learn || a->is_nat != b->is_nat ||
		       !addr_same_host(&a->signalling, &b->signalling);
	return is_other_remote(a, b) || a->h46019.n_learn != b->h46019.n_learn;
}

void flow_change_end(struct flow *f, int end, const struct flow_end *to)
{
	struct flow_end *e = &f->want.end[end];
	bool has_other_socket = is_other_socket(e, to), is_now_open = is_opened(e, to);
	bool has_other_stream = is_other_stream(e, to);

	if (has_other_socket || has_other_stream)
		mux_remove(f->flows->mux, f, end);
	for (int c = 0; c < COMP_MAX; c++) {
		if (has_other_socket || (has_other_stream && flow_end_is_shared(e)))
			close_path(&f->path[end][c]);
		else if (has_other_stream) /* the new one proves itself from the same port */
			forget_proof(&f->path[end][c]);
	}
	if (!srtp_keys_are_equal(&e->keys, &to->keys)) {
		srtp_rekeyed(&f->path[end][COMP_RTP].seen);
		srtcp_rekeyed(&f->path[end][COMP_RTCP].seen);
	}
	*e = *to;
	for (int c = 0; c < COMP_MAX; c++) {
		struct path *p = &f->path[end][c];

		if (is_now_open)
			latch_reopen(&p->latch, io_now(f->flows->d.io));
		if (p->dgram && !has_path(f, end, c))
			close_path(p);
	}
}

/* A client's, from the sockets that there are now. */
static void start_keepalive(struct flow *f, int end)
{
	const struct h46019 *h = &f->want.end[end].h46019;

	if (h->role == H46019_CLIENT)
		keepalive_start(&f->alive[end], h);
	else
		keepalive_stop(&f->alive[end]);
}

/* The path that cannot be had: *ret_path. */
static enum err open_end(struct flow *f, int end, struct path **ret_path)
{
	const struct flow_end *e = &f->want.end[end];
	enum err err = OK;

	*ret_path = &f->path[end][COMP_RTP];
	if (flow_end_is_shared(e))
		err = mux_add(f->flows->mux, f, end);
	for (int c = 0; c < COMP_MAX && err == OK; c++) {
		if (!has_path(f, end, c) || !e->local.port)
			continue;
		*ret_path = &f->path[end][c];
		err = path_open(*ret_path, NO_FD);
		if (err)
			return err;
		start_prover(*ret_path);
		set_destination(*ret_path);
	}
	return err;
}

/* The whole flow follows its row: sockets, proofs, destinations. */
void flow_realise(struct flow *f)
{
	for (int end = 0; end < 2 && !f->is_refused; end++) {
		struct path *p;
		enum err err = open_end(f, end, &p);

		if (err)
			refuse(p, err);
		else
			start_keepalive(f, end);
	}
}

void flow_renew_lease(struct flow *f)
{
	f->lease_until_ns = io_now(f->flows->d.io) + f->want.lease_ms * 1000000ull;
}

void flow_init(struct flows *fs, struct flow *f, uint64_t handle)
{
	f->flows = fs;
	f->wanted_as = handle;
	row_init(&f->row, ROW_FLOW_IS, handle, write_is);
	h46019_init(f);
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

void flow_close(struct flow *f)
{
	struct flows *fs = f->flows;

	for (int end = 0; end < 2; end++) {
		keepalive_stop(&f->alive[end]);
		mux_remove(fs->mux, f, end);
		for (int c = 0; c < COMP_MAX; c++)
			close_path(&f->path[end][c]);
	}
	row_del(fs->d.ipc, &f->row);
	keep_del(fs->d.keep, f->handle);
	hash_remove(&fs->by_handle, &f->by_handle);
	pool_give(&fs->pool, f);
}
