/* nodes.h - a world for the tests of the plane: nodes with their whole signalling, and phones that say
 * what a test tells them. Built on the simulator: virtual time, no kernel. */
#ifndef TESTS_SIP_NODES_H
#define TESTS_SIP_NODES_H

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/addr_policy.h"
#include "ipc/alarm.h"
#include "sim/sim.h"
#include "sip/list.h"
#include "sip/msg.h"
#include "sip/plane.h"
#include "sip/sip.h"
#include "test.h"

struct node {
	const char *yaml;
	struct sim_host *host;
	struct io *io;
	struct ipc *ipc;
	struct keep *keep;
	struct alarms *alarms;
	struct conf *conf;
	struct plan plan;
	struct zones *zones;
	struct call_core *core;
	struct sip *sip;
};

#define INBOX_MAX  64
#define TEXT_BYTES 8192

struct phone {
	const char *name;
	struct addr at;
	struct sim_host *host;
	struct io *io;
	struct plan plan;
	struct dgram *dgram;
	struct stream *stream;
	size_t n_in, n_seen;
	struct addr from[INBOX_MAX];
	char in[INBOX_MAX][TEXT_BYTES];
	size_t len[INBOX_MAX];
	struct sip_msg msg;
	bool is_open, is_lost;
};

static struct world {
	struct sim *sim;
	int inside, dmz, outside;
	struct sim_border *border_b, *border_a;
	struct node control, edge;
	struct phone phones[4];
	size_t n_phones;
} world;

static const char control_yaml[] =
	"version: 1\n"
	"node: {role: control, name: control.example.com, addresses: {inside: 192.0.2.10}}\n"
	"sip: {udp: true, tcp: true, tls: false, registrar: true, domains: [example.com], "
	"registration: {max: 3600s}}\n"
	"zones:\n"
	"  - {name: to-edge, type: traversal-client, username: u, password: p, peers: "
	"[198.51.100.10], "
	"sip: {port: 7001, transport: tcp}}\n"
	"subzones:\n"
	"  - {name: default, registration: allow, authentication: trusted}\n"
	"dial_plan:\n"
	"  search_rules:\n"
	"    - {priority: 50, name: local, source: any, mode: any-alias, progress: continue, "
	"target: "
	"local}\n"
	"    - {priority: 100, name: out, source: any, type: regex, pattern: '.+@far\\.example', "
	"progress: "
	"stop, target: to-edge}\n"
	"address_policy: {documentation: allow}\n"
	"limits: {calls: 16, registrations: 16, connections: 64, transactions: 512}\n";

static const char edge_yaml[] =
	"version: 1\n"
	"node: {role: edge, name: edge.example.com, addresses: {inside: 198.51.100.10, outside: "
	"198.51.100.10}}\n"
	"sip: {udp: true, tcp: true, tls: false, registrar: true, domains: [far.example]}\n"
	"zones:\n"
	"  - {name: from-control, type: traversal-server, username: u, password: p, sip: {port: "
	"7001, "
	"transport: tcp}}\n"
	"  - {name: internet, type: dns}\n"
	"subzones:\n"
	"  - {name: default, registration: allow, authentication: none}\n"
	"dial_plan:\n"
	"  search_rules:\n"
	"    - {priority: 50, name: local, source: any, mode: any-alias, progress: continue, "
	"target: "
	"local}\n"
	"    - {priority: 90, name: ours, source: any, type: regex, pattern: '.+@example\\.com', "
	"progress: "
	"stop, target: from-control}\n"
	"    - {priority: 100, name: out, source: from-control, authenticated: true, mode: "
	"any-alias, "
	"target: internet}\n"
	"address_policy: {documentation: allow}\n"
	"limits: {calls: 16, registrations: 16, connections: 64, transactions: 512}\n";

/* ---- nodes ---- */

static inline void conf_said(void *arg, const struct conf_error *e)
{
	(void)arg;
	if (!e->is_warning)
		printf("# conf %u:%u: %.*s\n", e->line, e->column, (int)e->text.len, e->text.p);
}

static inline void node_make(struct node *n)
{
	static const struct ipc_ops ops = {.put = NULL}; /* nobody is there */
	struct call_deps deps;
	struct sip_deps sip_deps;

	CHECK(ipc_new(n->io, P_SIG, &ops, n, &n->ipc) == OK);
	CHECK(keep_new(n->io, &n->keep) == OK);
	CHECK(alarms_new(n->io, n->ipc, &n->alarms) == OK);
	CHECK(zones_new(n->io, n->ipc, n->alarms, n->conf, &n->zones) == OK);
	deps = (struct call_deps){n->io, n->ipc, n->keep, n->conf, n->zones, n->alarms};
	CHECK(call_core_new(&deps, &n->core) == OK);
	sip_deps = (struct sip_deps){n->io, n->ipc, n->keep, n->alarms, n->conf, n->zones, n->core};
	CHECK(sip_new(&sip_deps, &n->sip) == OK);
}

static inline void listen_at(struct node *n, enum plan_row row, uint16_t port)
{
	struct addr at = addr_with_port(&n->conf->node.inside, port);

	CHECK(sip_socket(n->sip, row, &at, NO_FD) == OK);
}

static inline void node_started(struct io *io, void *arg)
{
	struct node *n = arg;
	struct conf_input in = {.text = str_of(n->yaml), .file = "test"};
	bool is_edge;

	n->io = io;
	n->conf = calloc(1, sizeof *n->conf);
	CHECK(n->conf && conf_load(&in, n->conf, conf_said, NULL) == OK);
	conf_to_plan(n->conf, false, &n->plan);
	io_set_plan(io, &n->plan);
	node_make(n);
	is_edge = n->conf->node.role == ROLE_EDGE;
	listen_at(n, is_edge ? PLAN_PUBLIC_UDP_IN : PLAN_INSIDE_UDP_IN, 5060);
	listen_at(n, is_edge ? PLAN_PUBLIC_TCP_IN : PLAN_INSIDE_TCP_IN, 5060);
	if (is_edge && n->conf->zones[0].type == ZT_TRAVERSAL_SERVER)
		listen_at(n, PLAN_LINK_TCP, 7001);
	sip_adopt(n->sip);
	sip_start(n->sip);
}

static inline void node_freed(struct io *io, void *arg)
{
	struct node *n = arg;

	(void)io;
	sip_free(n->sip);
	call_core_free(n->core);
	zones_free(n->zones);
	alarms_free(n->alarms);
	keep_free(n->keep);
	ipc_free(n->ipc);
	free(n->conf);
	memset(n, 0, sizeof *n);
}

static const struct sim_program node_program = {
	.name = "sig", .start = node_started, .freed = node_freed};

/* ---- phones ---- */

static inline void phone_took(struct phone *p, struct str bytes, const struct addr *from)
{
	size_t i = p->n_in % INBOX_MAX;

	if (bytes.len > TEXT_BYTES || sip_count_crlf(bytes) == bytes.len)
		return;
	memcpy(p->in[i], bytes.p, bytes.len);
	p->len[i] = bytes.len;
	p->from[i] = *from;
	p->n_in++;
}

static inline void phone_datagram(struct dgram *d, const struct packet *v, size_t n, void *arg)
{
	(void)d;
	for (size_t i = 0; i < n; i++)
		phone_took(arg, v[i].bytes, &v[i].from);
}

static inline size_t phone_bytes(struct stream *s, struct str bytes, void *arg)
{
	struct phone *p = arg;
	size_t n = sip_count_crlf(bytes);

	if (n)
		return n;
	sip_msg_init(&p->msg);
	if (sip_index(bytes, SIP_STREAM, &p->msg) != OK)
		return 0;
	phone_took(p, str_head(bytes, p->msg.end), &stream_peer(s)->remote);
	return p->msg.end;
}

static inline void phone_opened(struct stream *s, void *arg)
{
	(void)s;
	((struct phone *)arg)->is_open = true;
}

static inline void phone_lost(struct stream *s, enum err why, void *arg)
{
	struct phone *p = arg;

	(void)why;
	if (p->stream == s)
		p->stream = NULL;
	p->is_open = p->stream;
	p->is_lost = true;
}

static const struct stream_ops phone_ops = {
	.opened = phone_opened, .bytes = phone_bytes, .lost = phone_lost};

static inline void phone_started(struct io *io, void *arg)
{
	struct phone *p = arg;
	struct local at = {.row = PLAN_INSIDE_UDP_IN, .addr = p->at, .fd = NO_FD};

	p->io = io;
	plan_defaults(&p->plan, HOST_CONTROL, false);
	p->plan.switches[SW_SIP_UDP] = p->plan.switches[SW_SIP_TCP] = p->plan.switches[SW_SIP] =
		true;
	io_set_plan(io, &p->plan);
	CHECK(dgram_open(io, &at, phone_datagram, p, &p->dgram) == OK);
}

static const struct sim_program phone_program = {.name = "phone", .start = phone_started};

static inline struct addr_ok allowed(const struct addr *to)
{
	struct addr_ctx ctx = {.documentation_allowed = true, .private_allowed = true};
	struct addr_ok ok;

	CHECK(addr_policy(&ctx, USE_CONFIGURED, to, &ok, NULL) == OK);
	return ok;
}

static inline struct phone *phone_new(const char *name, int zone, struct addr at)
{
	struct phone *p = &world.phones[world.n_phones++];

	memset(p, 0, sizeof *p);
	p->name = name;
	p->at = at;
	CHECK(sim_host(world.sim, name, &p->host) == OK);
	CHECK(sim_address(p->host, zone, &at) == OK);
	CHECK(sim_start(p->host, &phone_program, p, &p->io) == OK);
	return p;
}

static inline void phone_dial(struct phone *p, struct addr to)
{
	struct local from = {
		.row = PLAN_INSIDE_TCP_OUT, .addr = addr_with_port(&p->at, 0), .fd = NO_FD};
	struct addr_ok ok = allowed(&to);

	p->is_lost = false;
	CHECK(stream_dial(p->io, &from, &ok, &phone_ops, p, &p->stream) == OK);
	sim_run(world.sim, 50);
	CHECK(p->is_open);
}

/* Sends text to a node by UDP, or over its stream when it has one. LF becomes CRLF. */
static inline void phone_send(struct phone *p, struct addr to, const char *text)
{
	static char buf[TEXT_BYTES];
	size_t n = 0;
	struct addr_ok ok = allowed(&to);

	for (const char *c = text; *c && n < sizeof buf - 2; c++) {
		if (*c == '\n')
			buf[n++] = '\r';
		buf[n++] = *c;
	}
	if (p->stream)
		stream_send(p->stream, (struct str){buf, n});
	else
		dgram_send(p->dgram, &ok, (struct str){buf, n});
}

static inline void run_ms(uint64_t ms)
{
	sim_run(world.sim, ms);
}

/* The next message that the phone got, waiting up to 2 s; fails the test when there is none. */
static inline struct sip_msg *phone_next(struct phone *p)
{
	size_t i;

	for (int k = 0; k < 200 && p->n_seen == p->n_in; k++)
		run_ms(10);
	if (p->n_seen == p->n_in)
		printf("# %s got nothing\n", p->name);
	CHECK(p->n_seen < p->n_in);
	i = p->n_seen++ % INBOX_MAX;
	sip_msg_init(&p->msg);
	if (sip_index((struct str){p->in[i], p->len[i]}, SIP_DGRAM, &p->msg) != OK) {
		printf("# %s got what cannot be read (%s): %.*s\n", p->name, p->msg.fault.reason,
			(int)p->len[i], p->in[i]);
		CHECK(false);
	}
	return &p->msg;
}

/* The next one that is this response or request; others (100, repeats) are skipped. */
static inline struct sip_msg *phone_status(struct phone *p, unsigned status)
{
	for (int k = 0; k < 8; k++) {
		struct sip_msg *m = phone_next(p);

		if (!m->is_request && m->status == status)
			return m;
		printf("# %s skips %.*s\n", p->name, (int)str_find(m->bytes, '\r'), m->bytes.p);
	}
	CHECK(false);
	return NULL;
}

static inline struct sip_msg *phone_method(struct phone *p, enum sip_method method)
{
	for (int k = 0; k < 8; k++) {
		struct sip_msg *m = phone_next(p);

		if (m->is_request && m->method == method)
			return m;
		printf("# %s skips %.*s\n", p->name, (int)str_find(m->bytes, '\r'), m->bytes.p);
	}
	CHECK(false);
	return NULL;
}

static inline bool phone_is_quiet(struct phone *p, uint64_t ms)
{
	run_ms(ms);
	return p->n_seen == p->n_in;
}

/* ---- the world ---- */

static inline void world_down(void)
{
	sim_free(world.sim);
	memset(&world, 0, sizeof world);
}

static inline void node_start(
	struct node *n, const char *name, const char *yaml, int zone, struct addr at)
{
	n->yaml = yaml;
	CHECK(sim_host(world.sim, name, &n->host) == OK);
	CHECK(sim_address(n->host, zone, &at) == OK);
	CHECK(sim_start(n->host, &node_program, n, &n->io) == OK);
}

static inline void world_nets(void)
{
	world_down();
	CHECK(sim_new(11, &world.sim) == OK);
	CHECK(sim_zone(world.sim, ZONE_PRIVATE, "private", &world.inside) == OK);
	CHECK(sim_zone(world.sim, ZONE_DMZ, "dmz", &world.dmz) == OK);
	CHECK(sim_zone(world.sim, ZONE_INTERNET, "internet", &world.outside) == OK);
	CHECK(sim_open_border(world.sim, world.inside, world.dmz, &world.border_b) == OK);
	CHECK(sim_open_border(world.sim, world.dmz, world.outside, &world.border_a) == OK);
	sim_print_logs(world.sim, getenv("FOSSE_TEST_LOGS") != NULL);
}

#define CONTROL_AT addr_v4(192, 0, 2, 10, 5060)
#define EDGE_AT    addr_v4(198, 51, 100, 10, 5060)

static inline void world_control(const char *yaml)
{
	node_start(&world.control, "control", yaml, world.inside, addr_v4(192, 0, 2, 10, 0));
}

static inline void world_edge(const char *yaml)
{
	node_start(&world.edge, "edge", yaml, world.dmz, addr_v4(198, 51, 100, 10, 0));
}

/* ---- what phones say ---- */

static inline const char *format(const char *fmt, ...) PRINTF(1, 2);
static inline const char *format(const char *fmt, ...)
{
	static char bufs[8][TEXT_BYTES];
	static unsigned i;
	char *buf = bufs[i++ % 8];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(buf, TEXT_BYTES, fmt, ap);
	va_end(ap);
	return buf;
}

static inline const char *sdp_of(const char *host, unsigned port)
{
	return format("v=0\no=- 1 1 IN IP4 %s\ns=-\nc=IN IP4 %s\nt=0 0\nm=audio %u RTP/AVP "
		      "0\na=sendrecv\n",
		host, host, port);
}

static inline size_t wire_len(const char *text)
{
	size_t n = 0;

	for (; *text; text++)
		n += *text == '\n' ? 2 : 1;
	return n;
}

/* A register of user@domain from the phone's own address. */
static inline void phone_register(
	struct phone *p, struct addr to, const char *user, const char *domain, unsigned expires)
{
	char host[ADDR_TEXT_SIZE];
	static unsigned n;

	n++;
	addr_put_host(&p->at, host);
	phone_send(p, to,
		format("REGISTER sip:%s SIP/2.0\nVia: SIP/2.0/%s %s:5060;branch=z9hG4bKr%u;rport\n"
		       "Max-Forwards: 70\nFrom: <sip:%s@%s>;tag=r\nTo: <sip:%s@%s>\nCall-ID: "
		       "reg-%s\n"
		       "CSeq: %u REGISTER\nContact: <sip:%s@%s:5060>\nExpires: %u\nContent-Length: "
		       "0\n\n",
			domain, p->stream ? "TCP" : "UDP", host, n, user, domain, user, domain,
			user, n, user, host, expires));
}

static inline const char *request(const struct phone *p, const char *method, const char *uri,
	const char *call_id, const char *from, const char *to, unsigned cseq, const char *more,
	const char *body)
{
	char host[ADDR_TEXT_SIZE];
	static unsigned n;

	addr_put_host(&p->at, host);
	return format("%s %s SIP/2.0\nVia: SIP/2.0/%s "
		      "%s:5060;branch=z9hG4bKq%u%s;rport\nMax-Forwards: 70\n"
		      "From: %s\nTo: %s\nCall-ID: %s\nCSeq: %u %s\nContact: <sip:me@%s:5060>\n%s%s"
		      "Content-Length: %zu\n\n%s",
		method, uri, p->stream ? "TCP" : "UDP", host, ++n, p->name, from, to, call_id, cseq,
		method, host, more, body[0] ? "Content-Type: application/sdp\n" : "",
		wire_len(body), body);
}

/* An answer to a request that the phone got (m), with its own tag. */
static inline const char *reply(const struct phone *p, const struct sip_msg *m, unsigned code,
	const char *reason, const char *tag, const char *more, const char *body)
{
	char host[ADDR_TEXT_SIZE], lines[2048] = "";
	struct sip_list list = sip_list_of(m, SIP_HDR_VIA);
	struct str v, to = sip_header(m, SIP_HDR_TO);

	addr_put_host(&p->at, host);
	while (sip_list_next(&list, &v) == OK) {
		size_t n = strlen(lines);

		snprintf(lines + n, sizeof lines - n, "Via: %.*s\n", (int)v.len, v.p);
	}
	return format("SIP/2.0 %u %s\n%sFrom: %.*s\nTo: %.*s%s%s\nCall-ID: %.*s\nCSeq: %u %.*s\n"
		      "Contact: <sip:me@%s:5060>\n%s%sContent-Length: %zu\n\n%s",
		code, reason, lines, STR_ARG(sip_header(m, SIP_HDR_FROM)), STR_ARG(to),
		m->to_tag.len ? "" : ";tag=", m->to_tag.len ? "" : tag, STR_ARG(m->call_id),
		m->cseq, STR_ARG(m->cseq_method), host, more,
		body[0] ? "Content-Type: application/sdp\n" : "", wire_len(body), body);
}

static inline struct str contact_uri(const struct sip_msg *m)
{
	struct sip_list list = sip_list_of(m, SIP_HDR_CONTACT);
	struct sip_nameaddr na;

	CHECK(sip_nameaddr_next(&list, &na) == OK);
	return na.uri;
}

static inline const char *z(struct str s)
{
	return format("%.*s", STR_ARG(s));
}

static inline bool body_has(const struct sip_msg *m, const char *text)
{
	return memmem(m->body.p, m->body.len, text, strlen(text)) != NULL;
}

#endif
