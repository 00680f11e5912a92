/* csworld.h - a node with the whole H.323 plane in the simulator, and endpoints that say what a test tells
 * them: registrations by RAS, call signalling and H.245 over streams. */
#ifndef TESTS_H323_CSWORLD_H
#define TESTS_H323_CSWORLD_H

#include <stdlib.h>
#include <string.h>

#include "h323/cleg.h"
#include "h323/gatekeeper.h"
#include "h323/h323.h"
#include "h323/tpkt.h"
#include "ipc/kept.h"
#include "sim/sim.h"
#include "test.h"

#define NODE_AT addr_v4(192, 0, 2, 10, 0)
#define INBOX   64
#define PDU_MAX 4096

struct box { /* of TPKT frames */
	size_t n, n_seen;
	size_t len[INBOX];
	uint8_t bytes[INBOX][PDU_MAX];
};

struct cep {
	const char *alias;
	struct addr at; /* call signalling */
	struct sim_host *host;
	struct io *io;
	struct plan plan;
	struct dgram *ras;
	struct stream *listener, *h245_listener;
	struct stream *cs, *h245;
	struct box cs_box, h245_box;
	size_t n_ras;
	uint8_t ras_kind; /* of the last RAS message that came */
	uint16_t crv;
	bool is_caller, is_tunnelling, is_cs_lost, is_h245_lost;
	uint8_t guid[16];
	struct cs_msg m; /* the last one read */
	struct h245_msg pdu;
};

static struct csworld {
	struct sim *sim;
	int inside;
	struct sim_host *host;
	const char *yaml;
	struct io *io;
	struct ipc *ipc;
	struct keep *keep;
	struct alarms *alarms;
	struct conf *conf;
	struct plan plan;
	struct zones *zones;
	struct call_core *core;
	struct h323 *h;
	struct cep eps[4];
	size_t n_eps;
	/* the keeper: what outlives the node's process */
	struct io *keeper_io;
	struct ipc *keeper;
	struct kept_table *kept;
} w;

static const char cs_yaml[] =
	"version: 1\n"
	"node: {role: control, name: gk.example.com, addresses: {inside: 192.0.2.10}}\n"
	"zones:\n"
	"  - {name: internet, type: dns}\n"
	"subzones:\n"
	"  - {name: default, registration: allow, authentication: none}\n"
	"dial_plan:\n"
	"  unknown_ip: direct\n"
	"  fallback_alias: bob\n"
	"  transforms:\n"
	"    - {priority: 1, type: exact, pattern: 'robert', behaviour: replace, replace: 'bob'}\n"
	"  search_rules:\n"
	"    - {priority: 50, name: local, source: any, mode: any-alias, progress: continue, "
	"target: local}\n"
	"    - {priority: 60, name: addresses, source: local, type: regex, pattern: '[0-9.:]+', "
	"target: internet}\n"
	"address_policy: {documentation: allow}\n"
	"limits: {calls: 16, registrations: 16, connections: 64, invites_per_source: 5}\n";

static _Alignas(16) uint8_t mem_out[PER_TREE_SIZE], mem_in[PER_TREE_SIZE], mem_245[PER_TREE_SIZE];
static struct cs_msg out;
static struct per_tree out_245;
static uint8_t sent[CSMSG_MAX];

/* ---- the node ---- */

static inline void conf_said(void *arg, const struct conf_error *e)
{
	(void)arg;
	if (!e->is_warning)
		printf("# conf %u:%u: %.*s\n", e->line, e->column, (int)e->text.len, e->text.p);
}

/* What a predecessor left, and the way to the keeper for what comes. */
static inline void keep_with_keeper(void)
{
	int ours, theirs;

	if (!w.keeper)
		return;
	for (struct kept_rec *r = NULL; (r = kept_next(w.kept, r));)
		keep_add_replayed(w.keep, r->key, kept_body(r),
			r->fd == NO_FD ? NO_FD : sim_dup(w.sim, r->fd, w.io));
	CHECK(chan_pair(w.keeper_io, &ours, &theirs) == OK);
	CHECK(ipc_edge(w.keeper, P_SIG, ours) == OK);
	CHECK(ipc_edge(w.ipc, P_KEEPER, sim_hand_over(w.sim, theirs, w.io)) == OK);
	keep_use(w.keep, w.ipc);
}

static inline void cs_node_started(struct io *io, void *arg)
{
	static const struct ipc_ops ops = {.put = NULL}; /* nobody is there */
	struct conf_input input = {.text = str_of(w.yaml), .file = "test"};
	struct addr at = NODE_AT;

	(void)arg;
	w.io = io;
	w.conf = calloc(1, sizeof *w.conf);
	CHECK(w.conf && conf_load(&input, w.conf, conf_said, NULL) == OK);
	w.conf->h323.enabled = true;
	conf_to_plan(w.conf, true, &w.plan);
	io_set_plan(io, &w.plan);
	CHECK(ipc_new(io, P_SIG, &ops, NULL, &w.ipc) == OK);
	CHECK(keep_new(io, &w.keep) == OK);
	keep_with_keeper();
	CHECK(alarms_new(io, w.ipc, &w.alarms) == OK);
	CHECK(zones_new(io, w.ipc, w.alarms, w.conf, &w.zones) == OK);
	CHECK(call_core_new(&(struct call_deps){io, w.ipc, w.keep, w.conf, w.zones, w.alarms},
		      &w.core) == OK);
	CHECK(h323_new(&(struct h323_deps){io, w.ipc, w.keep, w.alarms, w.conf, w.zones, w.core},
		      &w.h) == OK);
	call_adopt(w.core);
	h323_adopt(w.h);
	call_adopt_done(w.core);
	keep_done(w.keep);
	at.port = 1720;
	if (w.conf->node.role == ROLE_EDGE) {
		CHECK(h323_socket(w.h, PLAN_H323_PUBLIC_CALL_IN, &at, NO_FD) == OK);
		return;
	}
	CHECK(h323_socket(w.h, PLAN_H323_INSIDE_CALL_IN, &at, NO_FD) == OK);
	at.port = 1719;
	CHECK(h323_socket(w.h, PLAN_H323_INSIDE_RAS_IN, &at, NO_FD) == OK);
}

static inline void cs_node_freed(struct io *io, void *arg)
{
	(void)io;
	(void)arg;
	h323_free(w.h);
	call_core_free(w.core);
	zones_free(w.zones);
	alarms_free(w.alarms);
	keep_free(w.keep);
	ipc_free(w.ipc);
	free(w.conf);
}

static const struct sim_program cs_node = {
	.name = "sig", .start = cs_node_started, .freed = cs_node_freed};

static inline void on_record(
	void *arg, enum process_id from, enum kind kind, uint64_t key, struct rd *body, int fd)
{
	struct kept_rec *rec;

	(void)arg, (void)from;
	CHECK(kind == ROW_KEPT);
	CHECK(kept_put(w.kept, key, rd_bytes(body, rd_left(body)), fd, &rec) == OK);
}

static inline void on_record_gone(void *arg, enum process_id from, enum kind kind, uint64_t key)
{
	(void)arg, (void)from, (void)kind;
	kept_del(w.kept, key);
}

static inline void keeper_started(struct io *io, void *arg)
{
	static const struct ipc_ops ops = {.put = on_record, .del = on_record_gone};

	(void)arg;
	w.keeper_io = io;
	CHECK(kept_new(io, 200, true, &w.kept) == OK);
	CHECK(ipc_new(io, P_KEEPER, &ops, NULL, &w.keeper) == OK);
}

static inline void keeper_freed(struct io *io, void *arg)
{
	(void)io;
	(void)arg;
	ipc_free(w.keeper);
	kept_free(w.kept);
	w.keeper = NULL;
}

static const struct sim_program cs_keeper = {
	.name = "keeper", .start = keeper_started, .freed = keeper_freed};

static inline void world_up_as(const char *yaml)
{
	const char *seed = getenv("FOSSE_SEED");
	struct addr at = NODE_AT;

	sim_free(w.sim);
	memset(&w, 0, sizeof w);
	w.yaml = yaml;
	CHECK(sim_new(seed ? strtoull(seed, NULL, 10) : 7, &w.sim) == OK);
	CHECK(sim_zone(w.sim, ZONE_PRIVATE, "private", &w.inside) == OK);
	sim_print_logs(w.sim, getenv("FOSSE_TEST_LOGS") != NULL);
	CHECK(sim_host(w.sim, "gk", &w.host) == OK);
	CHECK(sim_address(w.host, w.inside, &at) == OK);
	CHECK(sim_start(w.host, &cs_keeper, NULL, &w.keeper_io) == OK);
	CHECK(sim_start(w.host, &cs_node, NULL, &w.io) == OK);
}

static inline void world_up(void)
{
	world_up_as(cs_yaml);
}

/* A successor of a process that was killed. */
static inline void world_again(void)
{
	sim_run(w.sim, 50);
	CHECK(sim_start(w.host, &cs_node, NULL, &w.io) == OK);
	sim_run(w.sim, 50);
}

/* kill -9 between two turns. */
static inline void world_kill(void)
{
	sim_kill(w.io);
	world_again();
}

static inline void world_down(void)
{
	sim_free(w.sim);
	w.sim = NULL;
}

static inline void run_ms(uint64_t ms)
{
	sim_run(w.sim, ms);
}

/* ---- endpoints ---- */

static inline void box_put(struct box *b, struct str payload)
{
	size_t k = b->n++ % INBOX;

	CHECK(payload.len <= PDU_MAX);
	b->len[k] = payload.len;
	memcpy(b->bytes[k], payload.p, payload.len);
}

static inline size_t frames(struct box *b, struct str bytes)
{
	size_t done = 0, used;
	struct str payload;

	while (done < bytes.len && tpkt_next(str_skip(bytes, done), &payload, &used) == OK) {
		if (payload.len)
			box_put(b, payload);
		done += used;
	}
	return done;
}

static inline size_t cs_bytes(struct stream *s, struct str bytes, void *arg)
{
	(void)s;
	return frames(&((struct cep *)arg)->cs_box, bytes);
}

static inline size_t h245_bytes(struct stream *s, struct str bytes, void *arg)
{
	(void)s;
	return frames(&((struct cep *)arg)->h245_box, bytes);
}

static inline void cs_end_of(struct stream *s, enum err why, void *arg)
{
	struct cep *e = arg;

	(void)s;
	(void)why;
	e->cs = NULL;
	e->is_cs_lost = true;
}

static inline void h245_end_of(struct stream *s, enum err why, void *arg)
{
	struct cep *e = arg;

	(void)s;
	(void)why;
	e->h245 = NULL;
	e->is_h245_lost = true;
}

static inline void ep_opened(struct stream *s, void *arg)
{
	(void)s;
	(void)arg;
}

static const struct stream_ops cs_ops = {.opened = ep_opened, .bytes = cs_bytes, .lost = cs_end_of};
static const struct stream_ops h245_ops = {
	.opened = ep_opened, .bytes = h245_bytes, .lost = h245_end_of};

static inline void cs_accepted(struct stream *s, void *arg)
{
	struct cep *e = arg;

	stream_take(s, &cs_ops, e);
	e->cs = s;
}

static inline void h245_accepted(struct stream *s, void *arg)
{
	struct cep *e = arg;

	stream_take(s, &h245_ops, e);
	e->h245 = s;
}

static const struct stream_ops cs_listen_ops = {.accepted = cs_accepted};
static const struct stream_ops h245_listen_ops = {.accepted = h245_accepted};

static inline void ras_took(struct dgram *d, const struct packet *p, size_t n, void *arg)
{
	static _Alignas(16) uint8_t memory[PER_TREE_SIZE];
	struct cep *e = arg;

	(void)d;
	for (size_t i = 0; i < n; i++) {
		struct per_tree t = per_tree_of(&h323_schema, memory);

		CHECK(per_read(&t, H225_RasMessage_T, p[i].bytes) == OK);
		e->ras_kind = (uint8_t)per_choice(&t, 0);
		e->n_ras++;
	}
}

static inline void ep_start(struct io *io, void *arg)
{
	struct cep *e = arg;
	struct local ras = {.row = PLAN_H323_INSIDE_RAS_IN, .fd = NO_FD};
	struct local call = {.row = PLAN_H323_INSIDE_CALL_IN, .addr = e->at, .fd = NO_FD};

	e->io = io;
	plan_defaults(&e->plan, HOST_CONTROL, false);
	e->plan.switches[SW_H323] = true;
	io_set_plan(io, &e->plan);
	ras.addr = addr_with_port(&e->at, 1719);
	CHECK(dgram_open(io, &ras, ras_took, e, &e->ras) == OK);
	CHECK(stream_listen(io, &call, &cs_listen_ops, e, &e->listener) == OK);
}

static const struct sim_program ep_program = {.name = "ep", .start = ep_start};

static inline struct addr_ok allowed(struct addr to)
{
	struct addr_ctx ctx = {.documentation_allowed = true, .private_allowed = true};
	struct addr_ok ok;

	CHECK(addr_policy(&ctx, USE_CONFIGURED, &to, &ok, NULL) == OK);
	return ok;
}

static inline struct cep *ep_new(const char *alias, uint8_t last)
{
	struct cep *e = &w.eps[w.n_eps++];
	struct addr at = addr_v4(192, 0, 2, last, 1720);

	memset(e, 0, sizeof *e);
	e->alias = alias;
	e->at = at;
	e->is_tunnelling = true;
	CHECK(sim_host(w.sim, alias, &e->host) == OK);
	CHECK(sim_address(e->host, w.inside, &at) == OK);
	CHECK(sim_start(e->host, &ep_program, e, &e->io) == OK);
	return e;
}

static inline void put_alias_in(struct per_tree *t, uint16_t list, const char *text)
{
	struct h323_alias a = {.kind = alias_kind_of(str_of(text))};

	CHECK(str_copy(str_of(text), a.text, sizeof a.text));
	CHECK(alias_put(t, per_append(t, list), &a) == OK);
}

static inline void put_terminal(struct per_tree *t, uint16_t info)
{
	(void)per_put(t, info, H225_EndpointType_terminal);
	per_set_num(t, per_put(t, info, H225_EndpointType_mc), 0);
	per_set_num(t, per_put(t, info, H225_EndpointType_undefinedNode), 0);
}

static inline void ep_register(struct cep *e)
{
	struct per_tree t = per_tree_of(&h323_schema, mem_out);
	uint16_t b =
		per_put(&t, per_root(&t, H225_RasMessage_T), H225_RasMessage_registrationRequest);
	struct addr ras = addr_with_port(&e->at, 1719);
	struct addr_ok to = allowed(addr_v4(192, 0, 2, 10, 1719));
	struct wr wr = wr_of(sent, sizeof sent);
	uint16_t n;

	per_set_num(&t, per_put(&t, b, H225_RegistrationRequest_requestSeqNum), 1);
	CHECK(oid_put(
		&t, per_put(&t, b, H225_RegistrationRequest_protocolIdentifier), "0.0.8.2250.0.7"));
	per_set_num(&t, per_put(&t, b, H225_RegistrationRequest_discoveryComplete), 1);
	n = per_append(&t, per_put(&t, b, H225_RegistrationRequest_callSignalAddress));
	CHECK(h225_put_addr(&t, n, &e->at));
	n = per_append(&t, per_put(&t, b, H225_RegistrationRequest_rasAddress));
	CHECK(h225_put_addr(&t, n, &ras));
	put_terminal(&t, per_put(&t, b, H225_RegistrationRequest_terminalType));
	put_alias_in(&t, per_put(&t, b, H225_RegistrationRequest_terminalAlias), e->alias);
	n = per_put(&t, b, H225_RegistrationRequest_endpointVendor);
	n = per_put(&t, n, H225_VendorIdentifier_vendor);
	per_set_num(&t, per_put(&t, n, H225_H221NonStandard_t35CountryCode), 9);
	per_set_num(&t, per_put(&t, n, H225_H221NonStandard_t35Extension), 0);
	per_set_num(&t, per_put(&t, n, H225_H221NonStandard_manufacturerCode), 61);
	CHECK(per_write(&t, &wr) == OK);
	dgram_send(e->ras, &to, wr_done(&wr));
	run_ms(50);
	CHECK(e->n_ras == 1 && e->ras_kind == H225_RasMessage_registrationConfirm);
}

/* ---- call signalling ---- */

static inline void ep_dial(struct cep *e)
{
	struct addr_ok to = allowed(addr_v4(192, 0, 2, 10, 1720));
	struct local from = {.row = PLAN_H323_INSIDE_CALL_OUT, .addr = e->at, .fd = NO_FD};

	from.addr.port = 0;
	CHECK(stream_dial(e->io, &from, &to, &cs_ops, e, &e->cs) == OK);
	run_ms(20);
}

/* What endpoints sent so far, for who wants to send it again. */
static struct box said;

static inline void frame_out(struct stream *s, struct str payload)
{
	static uint8_t buf[TPKT_MAX];
	struct wr wr = wr_of(buf, sizeof buf);
	uint8_t *mark = tpkt_begin(&wr);

	CHECK(s != NULL);
	box_put(&said, payload);
	wr_str(&wr, payload);
	tpkt_end(&wr, mark);
	stream_send(s, wr_done(&wr));
}

static inline struct cs_own own_of(const struct cep *e)
{
	struct cs_own own = {.crv = e->crv,
		.is_from_answering = !e->is_caller,
		.is_tunnelling = e->is_tunnelling};

	memcpy(own.guid, e->guid, sizeof own.guid);
	return own;
}

/* A message with this body, in `out`, to be sent by ep_say(). */
static inline void ep_begin(const struct cep *e, uint16_t kind)
{
	struct cs_own own = own_of(e);

	cs_begin(&out, &own, kind, mem_out);
}

static inline void ep_say(struct cep *e, enum q931_type type, uint8_t cause)
{
	struct cs_own own = own_of(e);
	struct wr wr = wr_of(sent, sizeof sent);

	CHECK(cs_end(&out, &own, type, cause, 0, &wr) == OK);
	frame_out(e->cs, wr_done(&wr));
}

static inline void begin_setup(struct cep *e, const char *to)
{
	static uint16_t next_crv = 100;
	uint16_t n;

	e->is_caller = true;
	e->crv = ++next_crv;
	for (size_t i = 0; i < sizeof e->guid; i++)
		e->guid[i] = (uint8_t)(next_crv + i);
	ep_begin(e, H225_H323_UU_PDU_h323_message_body_setup);
	put_alias_in(&out.t, per_put(&out.t, out.body, H225_Setup_UUIE_sourceAddress), e->alias);
	put_terminal(&out.t, per_put(&out.t, out.body, H225_Setup_UUIE_sourceInfo));
	if (to)
		put_alias_in(
			&out.t, per_put(&out.t, out.body, H225_Setup_UUIE_destinationAddress), to);
	per_set_num(&out.t, per_put(&out.t, out.body, H225_Setup_UUIE_activeMC), 0);
	n = per_put(&out.t, out.body, H225_Setup_UUIE_conferenceID);
	per_set_str(&out.t, n, (struct str){(const char *)e->guid, 16});
	(void)per_put(&out.t, per_put(&out.t, out.body, H225_Setup_UUIE_conferenceGoal),
		H225_Setup_UUIE_conferenceGoal_create);
	(void)per_put(&out.t, per_put(&out.t, out.body, H225_Setup_UUIE_callType),
		H225_CallType_pointToPoint);
	CHECK(h225_put_addr(&out.t,
		per_put(&out.t, out.body, H225_Setup_UUIE_sourceCallSignalAddress), &e->at));
	n = per_put(&out.t, out.body, H225_Setup_UUIE_endpointIdentifier);
	per_set_str(&out.t, n, STR("\0i\0d"));
}

static inline void ep_setup(struct cep *e, const char *to)
{
	begin_setup(e, to);
	ep_say(e, Q931_SETUP, 0);
}

static inline uint16_t put_info(uint16_t field)
{
	uint16_t n = per_put(&out.t, out.body, field);

	put_terminal(&out.t, n);
	return n;
}

static inline void ep_proceeding(struct cep *e)
{
	ep_begin(e, H225_H323_UU_PDU_h323_message_body_callProceeding);
	(void)put_info(H225_CallProceeding_UUIE_destinationInfo);
	ep_say(e, Q931_CALL_PROCEEDING, 0);
}

static inline void ep_alerting(struct cep *e)
{
	ep_begin(e, H225_H323_UU_PDU_h323_message_body_alerting);
	(void)put_info(H225_Alerting_UUIE_destinationInfo);
	ep_say(e, Q931_ALERTING, 0);
}

static inline void begin_connect(struct cep *e)
{
	ep_begin(e, H225_H323_UU_PDU_h323_message_body_connect);
	(void)put_info(H225_Connect_UUIE_destinationInfo);
	per_set_str(&out.t, per_put(&out.t, out.body, H225_Connect_UUIE_conferenceID),
		(struct str){(const char *)e->guid, 16});
}

static inline void ep_connect(struct cep *e)
{
	begin_connect(e);
	ep_say(e, Q931_CONNECT, 0);
}

static inline void ep_release(struct cep *e, uint8_t cause)
{
	ep_begin(e, H225_H323_UU_PDU_h323_message_body_releaseComplete);
	ep_say(e, Q931_RELEASE_COMPLETE, cause);
}

/* The next message, of this type; waits up to 2 s. */
static inline struct cs_msg *ep_got(struct cep *e, enum q931_type type)
{
	struct box *b = &e->cs_box;
	size_t k;

	for (int i = 0; i < 200 && b->n_seen == b->n; i++)
		run_ms(10);
	if (b->n_seen == b->n)
		printf("# %s got nothing instead of %s\n", e->alias, q931_type_name(type));
	CHECK(b->n_seen < b->n);
	k = b->n_seen++ % INBOX;
	CHECK(cs_read_header((struct str){(const char *)b->bytes[k], b->len[k]}, &e->m) == OK);
	CHECK(cs_read_h323(&e->m, mem_in) == OK);
	if (e->m.q.type != type)
		printf("# %s got %s instead of %s\n", e->alias, q931_type_name(e->m.q.type),
			q931_type_name(type));
	CHECK(e->m.q.type == type);
	if (type == Q931_SETUP) {
		e->crv = e->m.q.crv;
		e->is_caller = false;
		CHECK(cs_call_id(&e->m, e->guid));
	}
	CHECK(e->m.q.crv == e->crv && e->m.q.is_from_answering == e->is_caller);
	return &e->m;
}

static inline bool ep_is_quiet(const struct cep *e)
{
	return e->cs_box.n_seen == e->cs_box.n && e->h245_box.n_seen == e->h245_box.n;
}

/* ---- H.245 ---- */

static inline struct str h245_done(struct wr *wr)
{
	CHECK(per_write(&out_245, wr) == OK);
	return wr_done(wr);
}

static inline uint16_t h245_begin(uint16_t group, uint16_t alternative)
{
	out_245 = per_tree_of(&h323_schema, mem_245);
	return per_put(&out_245,
		per_put(&out_245, per_root(&out_245, H245_MultimediaSystemControlMessage_T), group),
		alternative);
}

/* By the way that this endpoint uses: tunnelled in a Facility, or its connection. */
static inline void ep_h245(struct cep *e, struct str pdu)
{
	if (e->h245) {
		frame_out(e->h245, pdu);
		return;
	}
	ep_begin(e, H225_H323_UU_PDU_h323_message_body_empty);
	per_set_str(&out.t,
		per_append(
			&out.t, per_make(&out.t, out.uu, PER_PATH(H225_H323_UU_PDU_h245Control))),
		pdu);
	ep_say(e, Q931_FACILITY, 0);
}

static inline void read_pdu(struct cep *e, struct str bytes)
{
	enum err err = h245_msg_read(bytes, mem_245, &e->pdu);
	char where[100];

	per_where(&e->pdu.t, where, sizeof where);
	if (err != OK)
		printf("# %s: H.245 cannot be read: %s\n", e->alias, where);
	CHECK(err == OK);
}

/* The next H.245 message, whichever way it came; a tunnelled one is alone in its Facility. */
static inline struct h245_msg *ep_got_h245(struct cep *e)
{
	struct box *b = &e->h245_box;
	size_t k;

	for (int i = 0; i < 100 && ep_is_quiet(e); i++)
		run_ms(10);
	if (b->n_seen < b->n) {
		k = b->n_seen++ % INBOX;
		read_pdu(e, (struct str){(const char *)b->bytes[k], b->len[k]});
		return &e->pdu;
	}
	ep_got(e, Q931_FACILITY);
	CHECK(e->m.kind == H225_H323_UU_PDU_h323_message_body_empty);
	read_pdu(e, per_str(&e->m.t, per_first(&e->m.t, per_field(&e->m.t, e->m.uu,
								H225_H323_UU_PDU_h245Control))));
	return &e->pdu;
}

static inline void ep_listen_h245(struct cep *e, struct addr *ret_at)
{
	struct local at = {.row = PLAN_H323_INSIDE_H245_IN, .addr = e->at, .fd = NO_FD};

	at.addr.port = 0;
	CHECK(stream_listen(e->io, &at, &h245_listen_ops, e, &e->h245_listener) == OK);
	*ret_at = addr_with_port(&e->at, stream_peer(e->h245_listener)->local.port);
}

static inline void ep_dial_h245(struct cep *e, struct addr to)
{
	struct local from = {.row = PLAN_H323_INSIDE_H245_OUT, .addr = e->at, .fd = NO_FD};
	struct addr_ok ok = allowed(to);

	from.addr.port = 0;
	CHECK(stream_dial(e->io, &from, &ok, &h245_ops, e, &e->h245) == OK);
	run_ms(20);
}

#endif
