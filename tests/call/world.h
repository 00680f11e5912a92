/* world.h - what the tests of call/ stand on: a configuration from text, zones, a core, and a protocol
 * that only notes what it is told. */
#ifndef TESTS_CALL_WORLD_H
#define TESTS_CALL_WORLD_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "call/call.h"
#include "call/search.h"
#include "io/kernel.h"

static const char edge_text[] =
	"version: 1\n"
	"node: {role: edge, name: edge.example.com, addresses: {inside: 198.51.100.10, outside: "
	"198.51.100.10}}\n"
	"sip: {udp: true, domains: [example.com]}\n"
	"zones:\n"
	"  - {name: control, type: traversal-server, username: u, password: p, sip: {port: 7001, "
	"transport: tcp}}\n"
	"  - {name: internet, type: dns}\n"
	"dial_plan:\n"
	"  transforms:\n"
	"    - {priority: 1, type: regex, pattern: '([0-9]+)@example\\.com', behaviour: replace, "
	"replace: 'p\\1@example.com'}\n"
	"  search_rules:\n"
	"    - {priority: 50, name: local, source: any, mode: any-alias, progress: continue, "
	"target: local}\n"
	"    - {priority: 90, name: ours, source: any, type: regex, pattern: '.+@example\\.com', "
	"progress: stop, target: control}\n"
	"    - {priority: 100, name: out, source: [control, local], authenticated: true, mode: "
	"any-alias, target: internet}\n"
	"address_policy: {documentation: allow}\n"
	"limits: {calls: 16}\n";

struct note {
	enum call_ev type;
	struct leg *leg;
	struct call_event ev;
	char alias[ALIAS_MAX];
	char zone[64];
};

struct world {
	struct io *io;
	struct ipc *ipc;
	struct keep *keep;
	struct alarms *alarms;
	struct conf *conf;
	struct plan plan;
	struct zones *zones;
	struct call_core *core;
	struct leg_ops ops;
	struct note notes[64];
	size_t n_notes, n_seen;
	struct leg *last_leg; /* set up last */
	int peer;
	/* what the registrar knows */
	const char *registered;
	size_t n_bindings;
	bool is_known;
	enum err setup_err;
};

static inline void world_error(void *arg, const struct conf_error *e)
{
	(void)arg;
	if (!e->is_warning)
		printf("# conf %u:%u: %.*s\n", e->line, e->column, (int)e->text.len, e->text.p);
}

static inline void note(struct world *w, enum call_ev type, struct leg *leg,
	const struct call_event *ev, const char *alias)
{
	struct note *n = &w->notes[w->n_notes % 64];

	*n = (struct note){.type = type, .leg = leg, .ev = *ev};
	snprintf(n->alias, sizeof n->alias, "%s", alias ? alias : "");
	snprintf(n->zone, sizeof n->zone, "%s", leg->zone->name);
	w->n_notes++;
}

static inline enum err fake_setup(void *arg, struct leg *leg, const struct call_setup *setup,
	const struct target *to, const struct call_event *ev)
{
	struct world *w = arg;

	(void)setup;
	if (w->setup_err)
		return w->setup_err;
	leg->peer = &w->peer;
	w->last_leg = leg;
	note(w, CEV_SETUP, leg, ev, to->alias);
	return OK;
}

static inline void fake_event(void *arg, struct leg *leg, const struct call_event *ev)
{
	note(arg, ev->type, leg, ev, NULL);
}

static inline void fake_release(void *arg, struct leg *leg, const struct call_event *ev)
{
	note(arg, CEV_RELEASE, leg, ev, NULL);
}

static const void *fake_held(void *arg, struct leg *leg)
{
	(void)leg;
	return arg;
}

static inline size_t fake_find(
	void *arg, struct str alias, struct target *targets, size_t max, bool *ret_is_known)
{
	struct world *w = arg;
	size_t n = 0;

	if (!w->registered || !str_eq(alias, str_of(w->registered)))
		return 0;
	*ret_is_known = true;
	for (; n < w->n_bindings && n < max; n++)
		targets[n] =
			(struct target){.source = addr_v4(203, 0, 113, (uint8_t)(20 + n), 5060)};
	return n;
}

static inline bool world_init(struct world *w, const char *yaml)
{
	static const struct ipc_ops ops = {.put = NULL}; /* nobody is there */
	struct conf_input in = {.text = str_of(yaml), .file = "test"};
	struct call_deps deps;
	struct registrar_ops registrar = {fake_find, w};

	memset(w, 0, sizeof *w);
	w->conf = calloc(1, sizeof *w->conf);
	if (!w->conf || conf_load(&in, w->conf, world_error, NULL) != OK ||
		io_new("node", "test", &w->io) != OK ||
		ipc_new(w->io, P_SIG, &ops, w, &w->ipc) != OK || keep_new(w->io, &w->keep) != OK ||
		alarms_new(w->io, w->ipc, &w->alarms) != OK)
		return false;
	io_log(w->io)->sink = NULL;
	conf_to_plan(w->conf, false, &w->plan);
	io_set_plan(w->io, &w->plan);
	if (zones_new(w->io, w->ipc, w->alarms, w->conf, &w->zones) != OK)
		return false;
	deps = (struct call_deps){w->io, w->ipc, w->keep, w->conf, w->zones, w->alarms};
	if (call_core_new(&deps, &w->core) != OK)
		return false;
	w->ops = (struct leg_ops){"fake", fake_setup, fake_event, fake_release, fake_held, w};
	call_core_add_protocol(w->core, PROTOCOL_SIP, &w->ops, &registrar);
	return true;
}

static inline void world_free(struct world *w)
{
	call_core_free(w->core);
	zones_free(w->zones);
	alarms_free(w->alarms);
	keep_free(w->keep);
	ipc_free(w->ipc);
	io_free(w->io);
	free(w->conf);
}

/* The core goes on in the next turn. */
static inline void world_turn(struct world *w)
{
	if (io_run_once(w->io, 5) != OK)
		abort();
}

/* The next note of this type; the ones before it are skipped. NULL: there is none. */
static inline struct note *world_next(struct world *w, enum call_ev type)
{
	while (w->n_seen < w->n_notes) {
		struct note *n = &w->notes[w->n_seen++ % 64];

		if (n->type == type)
			return n;
	}
	return NULL;
}

static inline struct call_event audio(enum call_ev type, const char *host, uint16_t port)
{
	struct call_event ev = {.type = type, .has_media = true};
	struct media_line *l = &ev.media.lines[0];

	ev.media.n = 1;
	*l = (struct media_line){
		.kind = MEDIA_AUDIO, .transport = MT_RTP, .direction = MD_BOTH, .has_rtcp = true};
	if (addr_parse_host(str_of(host), &l->rtp) != OK)
		abort();
	l->rtcp = l->rtp;
	l->rtp.port = port;
	l->rtcp.port = (uint16_t)(port + 1);
	l->payload_types[0] = 1;
	return ev;
}

static inline struct call_setup setup_from(
	struct world *w, const char *zone, const char *alias, bool is_authenticated)
{
	struct call_setup s = {.zone = zone_named(w->zones, str_of(zone)),
		.is_authenticated = is_authenticated,
		.hops = 70,
		.loop_key = 77};

	snprintf(s.alias, sizeof s.alias, "%s", alias);
	snprintf(s.from, sizeof s.from, "caller@example.net");
	return s;
}

#endif
