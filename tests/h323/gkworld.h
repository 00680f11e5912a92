/* gkworld.h - a gatekeeper on a node of the simulator, and endpoints that say what a test tells them. */
#ifndef TESTS_H323_GKWORLD_H
#define TESTS_H323_GKWORLD_H

#include <stdlib.h>
#include <string.h>

#include "h323/gatekeeper.h"
#include "h323/h235.h"
#include "ipc/show.h"
#include "sim/sim.h"
#include "test.h"

#define GK_AT   addr_v4(192, 0, 2, 10, 1719)
#define INBOX   64
#define PDU_MAX 2048

struct gkep {
	struct addr at;
	struct sim_host *host;
	struct io *io;
	struct plan plan;
	struct dgram *dgram;
	size_t n_in, n_seen;
	uint8_t in[INBOX][PDU_MAX];
	size_t len[INBOX];
	struct addr from[INBOX];
	uint16_t seq;
	char id[129]; /* as the gatekeeper gave it */
	uint32_t ttl;
};

/* One life of the node. */
struct gknode {
	struct io *io;
	struct ipc *ipc, *keeper, *ctl; /* the neighbours that see what it shows */
	struct keep *keep;
	struct alarms *alarms;
	struct conf *conf;
	struct plan plan;
	struct zones *zones;
	struct call_core *core;
	struct ras *ras;
	struct gatekeeper *gk;
};

#define RECORDS 64

static struct gkworld {
	struct sim *sim;
	int inside, behind;
	struct sim_host *host;
	const char *yaml;
	struct gknode nodes[3], *n;
	struct gkep eps[24];
	size_t n_eps;
	/* what the keeper has, what people see */
	struct gkrecord {
		uint64_t key;
		size_t len;
		char body[KEEP_BODY_MAX];
	} records[RECORDS];
	struct gkrow {
		uint64_t handle;
		struct show_binding show;
	} rows[RECORDS];
	char alarm[16]; /* the last one raised; "": none stands */
	/* what call signalling says and was told */
	uint8_t call[H323_GUID_LEN];
	bool has_call;
	size_t n_disengaged;
	struct addr disengaged;
} w;

static const char gk_yaml[] =
	"version: 1\n"
	"node: {role: control, name: gk.example.com, addresses: {inside: 192.0.2.10}}\n"
	"zones:\n"
	"  - {name: friends, type: neighbor, peers: [192.0.2.50], h323: {enabled: true}}\n"
	"subzones:\n"
	"  - {name: default, registration: allow, authentication: none}\n"
	"dial_plan:\n"
	"  search_rules:\n"
	"    - {priority: 50, name: local, source: any, mode: any-alias, progress: continue, "
	"target: local}\n"
	"address_policy: {documentation: allow}\n"
	"limits: {calls: 16, registrations: 16}\n";

static _Alignas(16) uint8_t mem_out[PER_TREE_SIZE], mem_in[PER_TREE_SIZE];
static struct per_tree out, in;
static uint8_t sent[PDU_MAX];
static size_t n_sent;

/* ---- the node ---- */

static inline void conf_said(void *arg, const struct conf_error *e)
{
	(void)arg;
	if (!e->is_warning)
		printf("# conf %u:%u: %.*s\n", e->line, e->column, (int)e->text.len, e->text.p);
}

static inline bool call_known(void *arg, const uint8_t guid[H323_GUID_LEN])
{
	(void)arg;
	return w.has_call && !memcmp(w.call, guid, H323_GUID_LEN);
}

static inline void call_disengage(
	void *arg, const uint8_t guid[H323_GUID_LEN], const struct addr *endpoint)
{
	(void)arg;
	(void)guid;
	w.n_disengaged++;
	w.disengaged = *endpoint;
}

static inline struct conf *conf_of(const char *yaml)
{
	struct conf_input input = {.text = str_of(yaml), .file = "test"};
	struct conf *conf = calloc(1, sizeof *conf);

	CHECK(conf && conf_load(&input, conf, conf_said, NULL) == OK);
	conf->h323.enabled = true;
	return conf;
}

static inline struct gkrecord *record_of(uint64_t key)
{
	for (size_t i = 0; i < RECORDS; i++) {
		if (w.records[i].key == key)
			return &w.records[i];
	}
	return NULL;
}

static inline void keeper_put(
	void *arg, enum process_id from, enum kind kind, uint64_t h, struct rd *body, int fd)
{
	struct gkrecord *r = record_of(h);

	(void)arg, (void)from, (void)fd;
	if (kind != ROW_KEPT)
		return;
	if (!r && !(r = record_of(0)))
		abort();
	r->key = h;
	r->len = rd_left(body);
	memcpy(r->body, rd_bytes(body, r->len).p, r->len);
}

static inline void keeper_del(void *arg, enum process_id from, enum kind kind, uint64_t h)
{
	struct gkrecord *r = record_of(h);

	(void)arg, (void)from;
	if (kind == ROW_KEPT && r)
		r->key = 0;
}

static inline struct gkrow *row_of(uint64_t handle)
{
	for (size_t i = 0; i < RECORDS; i++) {
		if (w.rows[i].handle == handle)
			return &w.rows[i];
	}
	return NULL;
}

static inline void ctl_put(
	void *arg, enum process_id from, enum kind kind, uint64_t h, struct rd *body, int fd)
{
	struct gkrow *r = row_of(h);
	struct show_alarm alarm;

	(void)arg, (void)from, (void)fd;
	if (kind == ROW_ALARM && show_alarm_get(body, &alarm) == OK)
		memcpy(w.alarm, alarm.id, sizeof w.alarm);
	if (kind != ROW_BINDING)
		return;
	if (!r && !(r = row_of(0)))
		abort();
	r->handle = h;
	if (show_binding_get(body, &r->show) != OK)
		abort();
}

static inline void ctl_del(void *arg, enum process_id from, enum kind kind, uint64_t h)
{
	struct gkrow *r = row_of(h);

	(void)arg, (void)from;
	if (kind == ROW_ALARM)
		w.alarm[0] = '\0';
	if (kind == ROW_BINDING && r)
		r->handle = 0;
}

/* The row of an alias; NULL: nobody has it. */
static inline const struct show_binding *shown(const char *alias)
{
	for (size_t i = 0; i < RECORDS; i++) {
		if (w.rows[i].handle && !strcmp(w.rows[i].show.aor, alias))
			return &w.rows[i].show;
	}
	return NULL;
}

static inline size_t n_records(void)
{
	size_t n = 0;

	for (size_t i = 0; i < RECORDS; i++)
		n += w.records[i].key != 0;
	return n;
}

static inline void join(struct gknode *n, struct ipc *neighbour, enum process_id who)
{
	int x, y;

	CHECK(chan_pair(n->io, &x, &y) == OK);
	CHECK(ipc_edge(n->ipc, who, x) == OK && ipc_edge(neighbour, P_SIG, y) == OK);
}

static inline void make_neighbours(struct gknode *n)
{
	static const struct ipc_ops keeper = {.put = keeper_put, .del = keeper_del};
	static const struct ipc_ops ctl = {.put = ctl_put, .del = ctl_del};

	CHECK(ipc_new(n->io, P_KEEPER, &keeper, NULL, &n->keeper) == OK);
	CHECK(ipc_new(n->io, P_CTL, &ctl, NULL, &n->ctl) == OK);
	join(n, n->keeper, P_KEEPER);
	join(n, n->ctl, P_CTL);
	keep_use(n->keep, n->ipc);
	for (size_t i = 0; i < RECORDS; i++) {
		const struct gkrecord *r = &w.records[i];

		if (r->key)
			keep_add_replayed(n->keep, r->key, (struct str){r->body, r->len}, NO_FD);
	}
}

static inline void gk_started(struct io *io, void *arg)
{
	static const struct ipc_ops ops = {.put = NULL};
	static const struct gatekeeper_calls calls = {call_known, call_disengage, NULL};
	struct gknode *n = arg;
	struct gatekeeper_deps deps;
	struct addr at;
	bool is_edge;

	n->io = io;
	n->conf = conf_of(w.yaml);
	conf_to_plan(n->conf, true, &n->plan);
	io_set_plan(io, &n->plan);
	CHECK(ipc_new(io, P_SIG, &ops, NULL, &n->ipc) == OK);
	CHECK(keep_new(io, &n->keep) == OK);
	make_neighbours(n);
	CHECK(alarms_new(io, n->ipc, &n->alarms) == OK);
	CHECK(zones_new(io, n->ipc, n->alarms, n->conf, &n->zones) == OK);
	CHECK(call_core_new(&(struct call_deps){io, n->ipc, n->keep, n->conf, n->zones, n->alarms},
		      &n->core) == OK);
	CHECK(ras_new(&(struct ras_deps){io, n->conf, n->zones}, &n->ras) == OK);
	deps = (struct gatekeeper_deps){
		io, n->ipc, n->keep, n->alarms, n->conf, n->zones, n->core, n->ras};
	CHECK(gatekeeper_new(&deps, &n->gk) == OK);
	gatekeeper_set_calls(n->gk, &calls);
	gatekeeper_adopt(n->gk);
	keep_done(n->keep);
	is_edge = n->conf->node.role == ROLE_EDGE;
	at = addr_with_port(&n->conf->node.inside,
		plan_range(&n->plan, is_edge ? RANGE_H323_ZONE : RANGE_RAS).low);
	CHECK(ras_listen(n->ras, is_edge ? PLAN_ASSENT_RAS : PLAN_H323_INSIDE_RAS_IN, &at, NO_FD) ==
		OK);
}

static inline void gk_freed(struct io *io, void *arg)
{
	struct gknode *n = arg;

	(void)io;
	gatekeeper_free(n->gk);
	ras_free(n->ras);
	call_core_free(n->core);
	zones_free(n->zones);
	alarms_free(n->alarms);
	keep_free(n->keep);
	ipc_free(n->keeper);
	ipc_free(n->ctl);
	ipc_free(n->ipc);
	free(n->conf);
}

static const struct sim_program gk_program = {
	.name = "sig", .start = gk_started, .freed = gk_freed};

static inline void gk_down(void)
{
	sim_free(w.sim);
	memset(&w, 0, sizeof w);
}

static inline void gk_up(const char *yaml)
{
	struct addr at = addr_v4(192, 0, 2, 10, 0);

	gk_down();
	w.yaml = yaml;
	CHECK(sim_new(7, &w.sim) == OK);
	CHECK(sim_zone(w.sim, ZONE_PRIVATE, "private", &w.inside) == OK);
	CHECK(sim_zone(w.sim, ZONE_NONE, "behind", &w.behind) == OK);
	sim_print_logs(w.sim, getenv("FOSSE_TEST_LOGS") != NULL);
	CHECK(sim_host(w.sim, "gk", &w.host) == OK);
	CHECK(sim_address(w.host, w.inside, &at) == OK);
	w.n = &w.nodes[0];
	CHECK(sim_start(w.host, &gk_program, w.n, &w.n->io) == OK);
}

static inline void run_ms(uint64_t ms)
{
	sim_run(w.sim, ms);
}

/* kill -9, and what its keeper does then. */
static inline void gk_dies(void)
{
	run_ms(50);
	sim_kill(w.n->io);
	run_ms(50);
	memset(w.rows, 0, sizeof w.rows);
	w.n++;
	CHECK(sim_start(w.host, &gk_program, w.n, &w.n->io) == OK);
}

/* ---- endpoints ---- */

static inline void ep_took(struct dgram *d, const struct packet *p, size_t n, void *arg)
{
	struct gkep *e = arg;

	(void)d;
	for (size_t i = 0; i < n; i++) {
		size_t k = e->n_in++ % INBOX;

		e->len[k] = p[i].bytes.len;
		e->from[k] = p[i].from;
		memcpy(e->in[k], p[i].bytes.p, p[i].bytes.len);
	}
}

static inline void ep_started(struct io *io, void *arg)
{
	struct gkep *e = arg;
	struct local at = {.row = PLAN_H323_INSIDE_RAS_IN, .addr = e->at, .fd = NO_FD};

	e->io = io;
	plan_defaults(&e->plan, HOST_CONTROL, false);
	e->plan.switches[SW_H323] = true;
	e->plan.ranges[RANGE_RAS] = (struct ports){e->at.port, e->at.port};
	io_set_plan(io, &e->plan);
	CHECK(dgram_open(io, &at, ep_took, e, &e->dgram) == OK);
}

static const struct sim_program ep_program = {.name = "ep", .start = ep_started};

static inline struct gkep *ep_in(int zone, struct addr at)
{
	static const char *const names[] = {"e0", "e1", "e2", "e3", "e4", "e5", "e6", "e7", "e8",
		"e9", "e10", "e11", "e12", "e13", "e14", "e15", "e16", "e17", "e18", "e19", "e20",
		"e21", "e22", "e23"};
	struct gkep *e = &w.eps[w.n_eps];

	memset(e, 0, sizeof *e);
	e->at = at;
	e->seq = 100;
	strcpy(e->id, "nobody");
	CHECK(sim_host(w.sim, names[w.n_eps++], &e->host) == OK);
	CHECK(sim_address(e->host, zone, &at) == OK);
	CHECK(sim_start(e->host, &ep_program, e, &e->io) == OK);
	return e;
}

/* Another socket of the same machine. */
static inline struct gkep *ep_beside(const struct gkep *other, uint16_t port)
{
	struct gkep *e = &w.eps[w.n_eps++];

	memset(e, 0, sizeof *e);
	e->at = addr_with_port(&other->at, port);
	e->seq = 100;
	e->host = other->host;
	CHECK(sim_start(e->host, &ep_program, e, &e->io) == OK);
	return e;
}

static inline struct gkep *ep_new(uint8_t last)
{
	return ep_in(w.inside, addr_v4(192, 0, 2, last, 1719));
}

static inline void ep_send_raw(struct gkep *e, const void *p, size_t len)
{
	struct addr_ctx ctx = {.documentation_allowed = true, .private_allowed = true};
	struct addr to = GK_AT;
	struct addr_ok ok;

	if (w.n->conf->node.role == ROLE_EDGE)
		to.port = plan_range(&w.n->plan, RANGE_H323_ZONE).low;

	CHECK(addr_policy(&ctx, USE_CONFIGURED, &to, &ok, NULL) == OK);
	dgram_send(e->dgram, &ok, (struct str){p, len});
}

/* ---- messages ---- */

static inline uint16_t begin(struct gkep *e, uint16_t kind)
{
	uint16_t body;

	out = per_tree_of(&h323_schema, mem_out);
	body = per_put(&out, per_root(&out, H225_RasMessage_T), kind);
	per_set_num(&out, per_put(&out, body, kind == H225_RasMessage_infoRequestResponse ? 1 : 0),
		++e->seq);
	return body;
}

static inline void ep_send(struct gkep *e)
{
	struct wr wr = wr_of(sent, sizeof sent);

	CHECK(per_write(&out, &wr) == OK);
	n_sent = wr_len(&wr);
	ep_send_raw(e, sent, n_sent);
}

/* The next message that came within 3 s, of this kind: its body in `in`. */
static inline uint16_t got(struct gkep *e, uint16_t kind)
{
	size_t k;

	for (int i = 0; i < 300 && e->n_seen == e->n_in; i++)
		run_ms(10);
	CHECK(e->n_seen < e->n_in);
	k = e->n_seen++ % INBOX;
	in = per_tree_of(&h323_schema, mem_in);
	CHECK(per_read(&in, H225_RasMessage_T, (struct str){(char *)e->in[k], e->len[k]}) == OK);
	if (per_choice(&in, 0) != kind) {
		char text[4096];
		struct wr wr = wr_of(text, sizeof text - 1);

		(void)!per_text(&in, 0, &wr);
		text[wr_len(&wr)] = '\0';
		printf("# got %s\n", text);
	}
	CHECK(per_choice(&in, 0) == kind);
	if (getenv("FOSSE_TEST_PDUS")) {
		printf("# pdu ras ");
		for (size_t i = 0; i < e->len[k]; i++)
			printf("%02x", e->in[k][i]);
		printf("\n");
	}
	return per_first(&in, 0);
}

static inline bool is_quiet(struct gkep *e, uint64_t ms)
{
	run_ms(ms);
	return e->n_seen == e->n_in;
}

/* The alternative of a reject's reason. */
static inline uint16_t reason(uint16_t body, uint16_t field)
{
	return per_choice(&in, per_field(&in, body, field));
}

static inline void put_text(uint16_t node, const char *text)
{
	struct str bmp;

	CHECK(utf8_to_bmp(&out, str_of(text), &bmp));
	per_set_str(&out, node, bmp);
}

static inline void put_alias(uint16_t list, const char *text)
{
	struct h323_alias a = {.kind = alias_kind_of(str_of(text))};

	(void)str_copy(str_of(text), a.text, sizeof a.text);
	CHECK(alias_put(&out, per_append(&out, list), &a) == OK);
}

static inline void put_addr(uint16_t list, struct addr a)
{
	CHECK(h225_put_addr(&out, per_append(&out, list), &a));
}

static inline void put_version(uint16_t node)
{
	CHECK(oid_put(&out, node, "0.0.8.2250.0.7"));
}

static inline void put_vendor(uint16_t vendor, int maker)
{
	uint16_t id = per_put(&out, vendor, H225_VendorIdentifier_vendor);

	per_set_num(&out, per_put(&out, id, H225_H221NonStandard_t35CountryCode), 9);
	per_set_num(&out, per_put(&out, id, H225_H221NonStandard_t35Extension), 0);
	per_set_num(&out, per_put(&out, id, H225_H221NonStandard_manufacturerCode), maker);
	per_set_str(&out, per_put(&out, vendor, H225_VendorIdentifier_productId), STR("Desk\0"));
	per_set_str(&out, per_put(&out, vendor, H225_VendorIdentifier_versionId), STR("1.0\0"));
}

static inline void put_type(uint16_t type, bool is_gateway)
{
	per_put(&out, type, is_gateway ? H225_EndpointType_gateway : H225_EndpointType_terminal);
	per_set_num(&out, per_put(&out, type, H225_EndpointType_mc), false);
	per_set_num(&out, per_put(&out, type, H225_EndpointType_undefinedNode), false);
}

/* A GRQ as H323Plus writes it. */
static inline uint16_t grq(struct gkep *e, const char *alias)
{
	uint16_t b = begin(e, H225_RasMessage_gatekeeperRequest);

	put_version(per_put(&out, b, H225_GatekeeperRequest_protocolIdentifier));
	CHECK(h225_put_addr(&out, per_put(&out, b, H225_GatekeeperRequest_rasAddress), &e->at));
	put_type(per_put(&out, b, H225_GatekeeperRequest_endpointType), false);
	put_alias(per_put(&out, b, H225_GatekeeperRequest_endpointAlias), alias);
	per_put(&out, b, H225_GatekeeperRequest_supportsAltGK);
	return b;
}

/* A full RRQ; aliases: ended by NULL. */
static inline uint16_t rrq_of(struct gkep *e, int maker, const char *const *aliases)
{
	uint16_t b = begin(e, H225_RasMessage_registrationRequest), list;
	struct addr call = addr_with_port(&e->at, 1720);

	put_version(per_put(&out, b, H225_RegistrationRequest_protocolIdentifier));
	per_set_num(&out, per_put(&out, b, H225_RegistrationRequest_discoveryComplete), true);
	put_addr(per_put(&out, b, H225_RegistrationRequest_callSignalAddress), call);
	put_addr(per_put(&out, b, H225_RegistrationRequest_rasAddress), e->at);
	put_type(per_put(&out, b, H225_RegistrationRequest_terminalType), false);
	list = per_put(&out, b, H225_RegistrationRequest_terminalAlias);
	for (; *aliases; aliases++)
		put_alias(list, *aliases);
	put_text(per_put(&out, b, H225_RegistrationRequest_gatekeeperIdentifier), "gk.example.com");
	put_vendor(per_put(&out, b, H225_RegistrationRequest_endpointVendor), maker);
	per_set_num(&out, per_put(&out, b, H225_RegistrationRequest_keepAlive), false);
	per_set_num(&out, per_put(&out, b, H225_RegistrationRequest_willSupplyUUIEs), true);
	per_set_num(&out, per_put(&out, b, H225_RegistrationRequest_maintainConnection), false);
	per_put(&out, b, H225_RegistrationRequest_supportsAltGK);
	return b;
}

static inline uint16_t rrq(struct gkep *e, const char *alias)
{
	return rrq_of(e, 61, (const char *const[]){alias, NULL});
}

static inline void take_rcf(struct gkep *e, uint16_t b)
{
	CHECK(bmp_to_utf8(
		per_str(&in, per_field(&in, b, H225_RegistrationConfirm_endpointIdentifier)), e->id,
		sizeof e->id));
	e->ttl = (uint32_t)per_num(&in, per_field(&in, b, H225_RegistrationConfirm_timeToLive), 0);
}

static inline void registers(struct gkep *e, const char *alias)
{
	rrq(e, alias);
	ep_send(e);
	take_rcf(e, got(e, H225_RasMessage_registrationConfirm));
}

static inline uint16_t light(struct gkep *e)
{
	uint16_t b = begin(e, H225_RasMessage_registrationRequest);

	put_version(per_put(&out, b, H225_RegistrationRequest_protocolIdentifier));
	per_set_num(&out, per_put(&out, b, H225_RegistrationRequest_discoveryComplete), false);
	per_put(&out, b, H225_RegistrationRequest_callSignalAddress);
	put_addr(per_put(&out, b, H225_RegistrationRequest_rasAddress), e->at);
	put_type(per_put(&out, b, H225_RegistrationRequest_terminalType), false);
	put_vendor(per_put(&out, b, H225_RegistrationRequest_endpointVendor), 61);
	per_set_num(&out, per_put(&out, b, H225_RegistrationRequest_keepAlive), true);
	put_text(per_put(&out, b, H225_RegistrationRequest_endpointIdentifier), e->id);
	per_set_num(&out, per_put(&out, b, H225_RegistrationRequest_willSupplyUUIEs), false);
	per_set_num(&out, per_put(&out, b, H225_RegistrationRequest_maintainConnection), false);
	return b;
}

static inline uint16_t urq(struct gkep *e, const char *id)
{
	uint16_t b = begin(e, H225_RasMessage_unregistrationRequest);

	put_addr(per_put(&out, b, H225_UnregistrationRequest_callSignalAddress),
		addr_with_port(&e->at, 1720));
	if (id)
		put_text(per_put(&out, b, H225_UnregistrationRequest_endpointIdentifier), id);
	return b;
}

static const uint8_t a_call[H323_GUID_LEN] = {8, 0xe9, 0xf4, 0x9f, 0xb0, 0xe4, 0xf1, 0x11, 0x91,
	0xda, 0x0a, 0x7b, 0x66, 0xb4, 0xe7, 0xc0};
static const uint8_t a_conference[H323_GUID_LEN] = {0x1c, 0xee, 0xf4, 0x9f, 1};

/* An ARQ for a_call; to NULL: no destinationInfo. */
static inline uint16_t arq(struct gkep *e, const char *to, bool is_callee)
{
	uint16_t b = begin(e, H225_RasMessage_admissionRequest);

	per_put(&out, per_put(&out, b, H225_AdmissionRequest_callType), H225_CallType_pointToPoint);
	put_text(per_put(&out, b, H225_AdmissionRequest_endpointIdentifier), e->id);
	if (to)
		put_alias(per_put(&out, b, H225_AdmissionRequest_destinationInfo), to);
	put_alias(per_put(&out, b, H225_AdmissionRequest_srcInfo), "anna");
	per_set_num(&out, per_put(&out, b, H225_AdmissionRequest_bandWidth), 10000);
	per_set_num(&out, per_put(&out, b, H225_AdmissionRequest_callReferenceValue), 20213);
	per_set_str(&out, per_put(&out, b, H225_AdmissionRequest_conferenceID),
		(struct str){(const char *)a_conference, sizeof a_conference});
	per_set_num(&out, per_put(&out, b, H225_AdmissionRequest_activeMC), false);
	per_set_num(&out, per_put(&out, b, H225_AdmissionRequest_answerCall), is_callee);
	per_set_num(&out, per_put(&out, b, H225_AdmissionRequest_canMapAlias), true);
	CHECK(guid_put(&out, per_put(&out, b, H225_AdmissionRequest_callIdentifier), a_call));
	per_set_num(&out, per_put(&out, b, H225_AdmissionRequest_willSupplyUUIEs), true);
	return b;
}

static inline void drq(struct gkep *e)
{
	uint16_t b = begin(e, H225_RasMessage_disengageRequest);

	put_text(per_put(&out, b, H225_DisengageRequest_endpointIdentifier), e->id);
	per_set_str(&out, per_put(&out, b, H225_DisengageRequest_conferenceID),
		(struct str){(const char *)a_conference, sizeof a_conference});
	per_set_num(&out, per_put(&out, b, H225_DisengageRequest_callReferenceValue), 20213);
	per_put(&out, per_put(&out, b, H225_DisengageRequest_disengageReason),
		H225_DisengageReason_normalDrop);
	CHECK(guid_put(&out, per_put(&out, b, H225_DisengageRequest_callIdentifier), a_call));
	per_set_num(&out, per_put(&out, b, H225_DisengageRequest_answeredCall), false);
}

static inline bool is_at(const struct addr *a, struct addr b)
{
	return addr_eq(a, &b);
}

/* Whose Setup of a_call comes from there. */
static inline bool calls_from(struct addr from, struct h323_endpoint *ret)
{
	return gatekeeper_caller(w.n->gk, a_call, &from, ret);
}

/* A call that signalling knows. */
static inline void call_is_up(void)
{
	memcpy(w.call, a_call, sizeof w.call);
	w.has_call = true;
}

#endif
