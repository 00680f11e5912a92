/* link.c - two state tables, one for each role; the role is chosen when the link is made.
 *
 *	Control  IDLE -start-> DIALLING -opened-> LOGIN -login ok-> UP -lost, silence-> WAITING -timeout-> DIALLING
 *	Edge     IDLE -opened-> LOGIN -hello ok-> UP -lost, silence-> IDLE
 *
 * Timers, told of events (the state's own timer unless said otherwise):
 *	dial      the connect limit; a name that no server resolves ends it earlier
 *	login     5 s for the hello, on both sides
 *	back-off  1 s doubling to 30 s, jittered to 50-100 %, from 1 s again after a login
 *	ping      each second while up, by Control; CRLFCRLF (its own timer)
 *	silence   3 s without a byte: dead, on both sides
 *	probe     OPTIONS each probe.tcp_keepalive (20 s), by Control: proves the application, measures
 *	          the round trip; not answered in probe.retry (2 s) again, probe.count (5) times, then dead
 *	audit     with the first ping and each 20 s, by both: calls that one side alone knows end */
#include <string.h>

#include "sip/answer.h"
#include "sip/audit.h"
#include "sip/link.h"
#include "sip/table.h"

#define LOGIN_MS   5000u
#define PING_MS    1000u
#define SILENCE_MS 3000u
#define AUDIT_MS   20000u
#define NS_PER_MS  1000000u
#define LINKS_MAX  128u
#define HELLO_USER "link"
#define REALM      "fosse-link"
#define TEXT_MAX   1024u

LOG_EVENT(ev_unexpected, "LNK-001", LOG_ERROR, "event does not fit the link's state");
LOG_EVENT(ev_up, "LNK-002", LOG_NOTICE, "traversal link is up");
LOG_EVENT(ev_down, "LNK-003", LOG_NOTICE, "traversal link is down");
LOG_EVENT(ev_refused, "LNK-004", LOG_ERROR, "a peer of the traversal zone is not who it should be");
LOG_EVENT(ev_early, "LNK-005", LOG_NOTICE, "request before the hello: connection closed");

enum link_state { ST_IDLE, ST_DIALLING, ST_LOGIN, ST_UP, ST_WAITING, ST_MAX };
enum link_ev { EV_START, EV_OPENED, EV_LOGIN_OK, EV_LOST, EV_TIMEOUT, EV_STOP, EV_MAX };

struct link;
typedef void(act_h)(struct link *l);
struct step {
	act_h *act;
	uint8_t next;
	bool is_late;
};

struct link {
	uint64_t handle; /* HK_LINK */
	struct links *ls;
	const struct step (*table)[EV_MAX];
	struct zone *zone;
	enum link_state state;
	uint64_t conn, job, hello; /* hello: the OPTIONS under way */
	bool is_answered;          /* the hello was sent once with credentials */
	struct timer timer, ping;
	uint32_t back_off_ms, i_hop;
	uint64_t probed;   /* ns; the last OPTIONS left, or the link came up */
	uint32_t n_probes; /* without an answer */
	uint64_t audited;  /* ns; 0: not on this connection */
	char why[SHOW_ALIAS_MAX];
};

struct links {
	struct sip *s;
	struct pool pool;
};

static void dial(struct link *l);
static void hello(struct link *l);
static void await_hello(struct link *l);
static void up(struct link *l);
static void back_off(struct link *l);
static void end(struct link *l);

#define GO(act, next)                                                                              \
	{                                                                                          \
		(act), (next), false                                                               \
	}
#define LATE                                                                                       \
	{                                                                                          \
		NULL, 0, true                                                                      \
	}
/* clang-format off */
static const struct step control[ST_MAX][EV_MAX] = {
	[ST_IDLE]     = { [EV_START]    = GO(dial,     ST_DIALLING), [EV_LOST]    = LATE, [EV_STOP] = GO(end, ST_IDLE) },
	[ST_DIALLING] = { [EV_OPENED]   = GO(hello,    ST_LOGIN),    [EV_LOST]    = GO(back_off, ST_WAITING),
	                  [EV_TIMEOUT]  = GO(back_off, ST_WAITING),  [EV_STOP]    = GO(end,      ST_IDLE) },
	[ST_LOGIN]    = { [EV_LOGIN_OK] = GO(up,       ST_UP),       [EV_LOST]    = GO(back_off, ST_WAITING),
	                  [EV_TIMEOUT]  = GO(back_off, ST_WAITING),  [EV_STOP]    = GO(end,      ST_IDLE) },
	[ST_UP]       = { [EV_LOST]     = GO(back_off, ST_WAITING),  [EV_TIMEOUT] = GO(back_off, ST_WAITING),
	                  [EV_STOP]     = GO(end,      ST_IDLE) },
	[ST_WAITING]  = { [EV_TIMEOUT]  = GO(dial,     ST_DIALLING), [EV_LOST]    = LATE,
	                  [EV_STOP]     = GO(end,      ST_IDLE) },
};
static const struct step edge[ST_MAX][EV_MAX] = {
	[ST_IDLE]     = { [EV_OPENED]   = GO(await_hello, ST_LOGIN), [EV_LOST]    = LATE, [EV_STOP] = GO(end, ST_IDLE) },
	[ST_LOGIN]    = { [EV_LOGIN_OK] = GO(up,      ST_UP),        [EV_LOST]    = GO(end,      ST_IDLE),
	                  [EV_TIMEOUT]  = GO(end,     ST_IDLE),      [EV_STOP]    = GO(end,      ST_IDLE) },
	[ST_UP]       = { [EV_LOST]     = GO(end,     ST_IDLE),      [EV_TIMEOUT] = GO(end,      ST_IDLE),
	                  [EV_STOP]     = GO(end,     ST_IDLE) },
};
/* clang-format on */

static void link_event(struct link *l, enum link_ev ev)
{
	const struct step *step = &l->table[l->state][ev];

	if (!step->act) {
		if (!step->is_late)
			log_put(io_log(l->ls->s->io), &ev_unexpected, F_Z("zone", l->zone->name),
				F_NUM("state", l->state), F_NUM("event", ev));
		return;
	}
	l->state = step->next;
	step->act(l);
}

/* ---- the table of links ---- */

enum err links_new(struct sip *s, struct links **ret)
{
	struct links *ls = mem_array(1, sizeof *ls);
	uint32_t generation;

	if (!ls)
		return ERR_FULL;
	ls->s = s;
	io_random(s->io, &generation, sizeof generation);
	if (pool_init(&ls->pool, HK_LINK, sizeof(struct link), LINKS_MAX, generation) != OK) {
		mem_free(ls);
		return ERR_FULL;
	}
	*ret = ls;
	return OK;
}

void links_free(struct links *ls)
{
	if (!ls)
		return;
	for (struct link *l = NULL; (l = pool_next(&ls->pool, l));) {
		timer_stop(&l->timer);
		timer_stop(&l->ping);
		resolve_cancel(ls->s->resolver, l->job);
	}
	pool_free(&ls->pool);
	mem_free(ls);
}

static void on_timer(void *arg)
{
	struct link *l = arg;

	if (!l->why[0])
		str_copy(l->state == ST_LOGIN ? STR("no login in time") : STR("no answer"), l->why,
			sizeof l->why);
	link_event(l, EV_TIMEOUT);
}

static void on_ping(void *arg);

static struct link *link_new(struct links *ls, struct zone *zone)
{
	struct link *l = pool_take(&ls->pool);

	if (!l)
		return NULL;
	l->ls = ls;
	l->zone = zone;
	l->table = zone->kind == ZK_TRAVERSAL_CLIENT ? control : edge;
	l->back_off_ms = zone->conf->retry_first_ms;
	timer_init(&l->timer, on_timer, l);
	timer_init(&l->ping, on_ping, l);
	return l;
}

static struct link *link_of_conn(struct links *ls, const struct conn *c)
{
	return pool_get(&ls->pool, c->user);
}

static struct link *link_of_zone(struct links *ls, const struct zone *zone)
{
	for (struct link *l = NULL; (l = pool_next(&ls->pool, l));) {
		if (l->zone == zone)
			return l;
	}
	return NULL;
}

/* ---- who we are to each other ---- */

struct login {
	struct str user, realm;
	char password[2 * 32 + CONF_SECRET];
};

static void login_of(const struct zone *zone, struct login *ret)
{
	const struct conf_zone *z = zone->conf;

	if (z->has_pairing) {
		ret->user = str_of(z->pair.username);
		str_put_hex(z->pair.secret, sizeof z->pair.secret, ret->password);
	} else {
		ret->user = str_of(z->username);
		str_copy(str_of(z->password), ret->password, sizeof ret->password);
	}
	ret->realm = z->login_realm[0] ? str_of(z->login_realm) : STR(REALM);
}

/* The key or name that the peer proved in TLS must be this zone's; over plain TCP, which both nodes have
 * to ask for, nothing is proved and the alarm stands (zone.c). */
static const char *identity_fault(const struct link *l, const struct conn *c)
{
	const struct conf_zone *z = l->zone->conf;
	const struct peer *p = conn_peer(c);

	if (z->sip.transport == TRANSPORT_TCP)
		return NULL;
	if (!p || !p->is_tls)
		return "the zone asks for TLS";
	if (!str_eq(str_of(p->alpn), STR("fosse-link/1")))
		return "the peer does not speak fosse-link/1";
	if (z->tls.verify == VERIFY_CA)
		return str_ieq(str_of(p->san),
			       str_of(z->tls.subject[0] ? z->tls.subject : z->pair.peer_name))
		               ? NULL
		               : "the peer's certificate names somebody else";
	for (uint32_t i = 0; p->has_spki && i < z->pair.n_spki; i++) {
		if (memcmp(p->spki, z->pair.spki[i], sizeof p->spki) == 0)
			return NULL;
	}
	return "the peer's key is not the pinned one";
}

static struct str binding_of(struct link *l, const struct conn *c)
{
	struct wr w = sip_scratch(l->ls->s, 256);
	const struct peer *p = conn_peer(c);
	char spki[65] = "-";

	if (p && p->has_spki)
		str_put_hex(p->spki, sizeof p->spki, spki);
	wr_printf(&w, "link %s %016llx %s", l->zone->name, (unsigned long long)c->handle, spki);
	return wr_done(&w);
}

static void put_fosse_link(struct wr *w, const struct link *l)
{
	const struct sip *s = l->ls->s;

	sip_put_header_f(w, SIP_HDR_FOSSE_LINK, "v=1; node=%s; boot=%s; zone=%s; cap=mux",
		s->conf->node.name, s->boot, l->zone->name);
}

/* ---- acts ---- */

static void set_why(struct link *l, struct str why)
{
	if (why.len)
		str_copy(why, l->why, sizeof l->why);
}

static struct conn *conn_of(struct link *l)
{
	return conn_get(l->ls->s->conns, l->conn);
}

static void show_down(struct link *l)
{
	struct sip *s = l->ls->s;

	if (l->zone->is_up)
		log_put(io_log(s->io), &ev_down, F_Z("zone", l->zone->name), F_Z("why", l->why));
	zone_set_state(s->zones, l->zone, false, STR_NONE, NULL, NULL, str_of(l->why));
}

/* Lets go of everything that belongs to the connection. */
static void cut(struct link *l)
{
	struct sip *s = l->ls->s;
	struct conn *c = conn_of(l);
	bool was_up = attempts_link(s->attempts, l->zone) == l->conn && l->conn;

	timer_stop(&l->timer);
	timer_stop(&l->ping);
	resolve_cancel(s->resolver, l->job);
	tx_free(tx_get(s->txs, l->hello));
	if (was_up)
		attempts_set_link(s->attempts, l->zone, 0);
	l->job = l->hello = l->conn = 0;
	l->is_answered = false;
	if (c) {
		c->user = 0;
		conn_close(c, ERR_CLOSED, str_of(l->why));
	}
	if (was_up || l->zone->kind == ZK_TRAVERSAL_CLIENT)
		show_down(l);
}

static void end(struct link *l)
{
	cut(l);
	pool_give(&l->ls->pool, l);
}

static void back_off(struct link *l)
{
	struct sip *s = l->ls->s;
	const struct conf_zone *z = l->zone->conf;
	uint32_t random, wait = l->back_off_ms;

	cut(l);
	io_random(s->io, &random, sizeof random);
	wait = wait / 2 + random % (wait / 2 + 1);
	l->back_off_ms =
		l->back_off_ms * 2 < z->retry_max_ms ? l->back_off_ms * 2 : z->retry_max_ms;
	timer_start(s->io, &l->timer, wait);
}

static void on_resolved(void *arg, uint64_t who, enum err err, const struct hops *hops);

static void dial_hop(struct link *l, const struct hops *hops)
{
	struct sip *s = l->ls->s;
	struct hop hop = hop_of(hops, l->i_hop++ % hops->n);
	struct conn *c = NULL;
	enum err err = conn_dial_link(s->conns, l->zone, &hop.to, &c);

	if (err != OK) {
		set_why(l, str_of(err_text(err)));
		timer_start(s->io, &l->timer, 0); /* EV_TIMEOUT in the next turn */
		return;
	}
	c->user = l->handle;
	l->conn = c->handle;
}

static void dial(struct link *l)
{
	struct sip *s = l->ls->s;
	struct hops hops;
	enum err err;

	l->why[0] = '\0';
	timer_start(s->io, &l->timer, s->conf->sip.tcp_connect_ms + s->conf->sip.tls_handshake_ms);
	err = resolve(s->resolver, l->zone, NULL, on_resolved, l->ls, l->handle, &hops, &l->job);
	if (err == OK) {
		dial_hop(l, &hops);
	} else if (err != ERR_MORE) {
		set_why(l, err == ERR_NOENT ? STR("no peer is configured") : str_of(err_text(err)));
		timer_start(s->io, &l->timer, 0);
	}
}

static void on_resolved(void *arg, uint64_t who, enum err err, const struct hops *hops)
{
	struct links *ls = arg;
	struct link *l = pool_get(&ls->pool, who);

	if (!l || l->state != ST_DIALLING)
		return;
	l->job = 0;
	if (err == OK) {
		dial_hop(l, hops);
		return;
	}
	set_why(l, err == ERR_TIMEOUT ? STR("no DNS server answers for the peer's name")
				      : STR("the peer's name is unknown"));
	timer_start(ls->s->io, &l->timer, 0);
}

/* ---- hello, Control's side ---- */

static const struct tx_user hello_user, probe_user;

static struct str hello_uri(struct link *l)
{
	struct wr w = sip_scratch(l->ls->s, 128);

	wr_str(&w, STR("sip:" HELLO_USER "@"));
	put_link_host(&w, l->zone);
	return wr_done(&w);
}

static struct wr options_begin(struct link *l, const struct conn *c, const struct tx *tx)
{
	struct sip *s = l->ls->s;
	struct wr w = sip_scratch(s, 4096), via = sip_scratch(s, 256);
	char tag[17], call_id[17];
	struct str uri = hello_uri(l);

	tag_put(s, tag);
	tag_put(s, call_id);
	put_via(&via, s->conns, l->zone, c->transport, tx);
	sip_put_request_line(&w, STR("OPTIONS"), uri);
	sip_put_header(&w, SIP_HDR_VIA, wr_done(&via));
	sip_put_header(&w, SIP_HDR_MAX_FORWARDS, STR("1"));
	sip_put_header_f(&w, SIP_HDR_FROM, "<" STR_FMT ">;tag=%s", STR_ARG(uri), tag);
	sip_put_header_f(&w, SIP_HDR_TO, "<" STR_FMT ">", STR_ARG(uri));
	sip_put_header(&w, SIP_HDR_CALL_ID, str_of(call_id));
	sip_put_header(&w, SIP_HDR_CSEQ, STR("1 OPTIONS"));
	put_fosse_link(&w, l);
	return w;
}

static void send_options(struct link *l, const struct tx_user *user, struct str credentials)
{
	struct sip *s = l->ls->s;
	struct conn *c = conn_of(l);
	struct tx *tx = c ? tx_new(s->txs, SIP_OPTIONS, l->zone, user, l->ls, l->handle) : NULL;
	struct wr w;

	if (!tx)
		return; /* the state's timer says the rest */
	w = options_begin(l, c, tx);
	if (credentials.len)
		sip_put_header(&w, SIP_HDR_AUTHORIZATION, credentials);
	sip_put_body(&w, STR_NONE, STR_NONE);
	l->hello = tx_handle(tx);
	if (tx_start(tx, c, wr_done(&w)) != OK)
		l->hello = 0;
}

static void fail_login(struct link *l, const char *why)
{
	log_put(io_log(l->ls->s->io), &ev_refused, F_Z("zone", l->zone->name), F_Z("why", why));
	set_why(l, str_of(why));
	timer_start(l->ls->s->io, &l->timer, 0);
}

static void hello(struct link *l)
{
	const char *fault = identity_fault(l, conn_of(l));

	timer_start(l->ls->s->io, &l->timer, LOGIN_MS);
	if (fault)
		fail_login(l, fault);
	else
		send_options(l, &hello_user, STR_NONE);
}

/* The only challenge that this node ever answers: on this zone's own connection, whose peer proved its
 * key, for the zone's realm, once. */
static void answer_challenge(struct link *l, const struct sip_msg *m)
{
	struct login login = {0};
	struct wr w = sip_scratch(l->ls->s, TEXT_MAX);
	enum err err;

	login_of(l->zone, &login);
	err = auth_answer(l->ls->s->io, m, login.realm, login.user, str_of(login.password),
		STR("OPTIONS"), hello_uri(l), &w);
	explicit_bzero(login.password, sizeof login.password);
	l->is_answered = true;
	if (err != OK)
		fail_login(l, "the other node asks for another realm");
	else
		send_options(l, &hello_user, wr_done(&w));
}

static void on_hello_response(void *arg, uint64_t who, struct tx *tx, const struct sip_msg *m)
{
	struct links *ls = arg;
	struct link *l = pool_get(&ls->pool, who);

	(void)tx;
	if (!l || l->state != ST_LOGIN || m->status < 200)
		return;
	if (m->status == 401 && !l->is_answered)
		answer_challenge(l, m);
	else if (m->status == 200 && l->is_answered)
		link_event(l, EV_LOGIN_OK);
	else if (m->status == 200)
		fail_login(l, "the other node did not ask who we are");
	else
		fail_login(l, m->status == 401 ? "the other node refuses our password"
					       : "the other node refuses the login");
}

static void on_hello_failed(void *arg, uint64_t who, const struct tx_end *tx_end)
{
	(void)arg; /* the login timer ends it */
	(void)who;
	(void)tx_end;
}

static const struct tx_user hello_user = {.response = on_hello_response, .failed = on_hello_failed};

/* ---- hello, Edge's side ---- */

static void await_hello(struct link *l)
{
	const char *fault = identity_fault(l, conn_of(l));

	timer_start(l->ls->s->io, &l->timer, LOGIN_MS);
	if (fault)
		fail_login(l, fault);
}

static bool find_login(void *arg, struct str user, struct auth_user *ret_user)
{
	const struct login *login = arg;

	ret_user->password = str_of(login->password);
	return str_eq(user, login->user);
}

static void say_hello(struct link *l, struct tx *tx, const struct sip_msg *m)
{
	struct wr w = answer_begin(l->ls->s, tx, m, 200, STR_NONE, STR("link"));

	put_fosse_link(&w, l);
	answer_send(l->ls->s, tx, 200, &w);
}

static void on_hello(struct link *l, struct conn *c, struct tx *tx, const struct sip_msg *m)
{
	struct sip *s = l->ls->s;
	struct login login = {0};
	struct auth_ask ask = {.binding = binding_of(l, c), .find = find_login, .arg = &login};
	enum auth_verdict verdict;
	char user[CONF_SECRET];
	struct wr w;

	login_of(l->zone, &login);
	ask.realm = login.realm;
	verdict = auth_check(s->auth, &ask, m, user, sizeof user);
	explicit_bzero(login.password, sizeof login.password);
	if (verdict == AUTH_GOOD) {
		say_hello(l, tx, m);
		if (l->state == ST_LOGIN)
			link_event(l, EV_LOGIN_OK);
		return;
	}
	if (verdict == AUTH_WRONG)
		log_put(io_log(s->io), &ev_refused, F_Z("zone", l->zone->name),
			F_ADDR("peer", &c->remote), F_Z("why", "wrong user name or password"));
	w = answer_begin(s, tx, m, 401, STR_NONE, STR("link"));
	auth_put_challenge(s->auth, &w, &ask, verdict == AUTH_STALE);
	answer_send(s, tx, 401, &w);
}

bool links_request(struct links *ls, struct conn *c, struct tx *tx, const struct sip_msg *m)
{
	struct link *l = link_of_conn(ls, c);
	bool is_hello = m->method == SIP_OPTIONS && sip_has(m, SIP_HDR_FOSSE_LINK) &&
	                str_eq(m->uri.user, STR(HELLO_USER));

	if (c->is_authenticated) {
		if (is_hello && l)
			say_hello(l, tx, m);
		return is_hello;
	}
	if (is_hello && l && l->state == ST_LOGIN && l->table == edge) {
		on_hello(l, c, tx, m);
		return true;
	}
	log_put(io_log(ls->s->io), &ev_early, F_Z("zone", c->zone->name),
		F_ADDR("peer", &c->remote), F_STR("method", m->method_text));
	answer(ls->s, tx, m, 403, STR_NONE, STR("link"));
	if (l) {
		set_why(l, STR("a request came before the hello"));
		timer_start(ls->s->io, &l->timer, 0);
	}
	return true;
}

/* ---- up ---- */

/* Edge: the same node's new connection takes the old one's place, but only now (docs/protocols/link.md). */
static void replace_others(struct link *l)
{
	for (struct link *old = NULL; (old = pool_next(&l->ls->pool, old));) {
		if (old == l || old->zone != l->zone || old->state != ST_UP)
			continue;
		set_why(old, STR("replaced by a newer connection"));
		link_event(old, EV_STOP);
	}
}

/* A NAT between the nodes: works, but the firewall's rows must match it (ZON-003). */
static void check_source_port(struct link *l, const struct conn *c)
{
	struct sip *s = l->ls->s;
	struct ports out = s->conf->ports[RANGE_SIP_OUT];
	bool is_odd = c->is_inbound && (c->remote.port < out.low || c->remote.port > out.high);

	if (is_odd)
		alarm_raise(s->alarms, "ZON-003", l->zone->handle, false,
			"the link's source port is outside ports.sip_outbound: a NAT lies between "
			"the nodes",
			"informational: firewall rows must match the NAT");
	else
		alarm_clear(s->alarms, "ZON-003", l->zone->handle);
}

static void up(struct link *l)
{
	struct sip *s = l->ls->s;
	struct conn *c = conn_of(l);

	timer_stop(&l->timer);
	if (!c)
		return;
	replace_others(l);
	l->hello = 0;
	l->back_off_ms = l->zone->conf->retry_first_ms;
	l->probed = io_now(s->io);
	conn_authenticate(c);
	conn_keep(c);
	log_put(io_log(s->io), &ev_up, F_Z("zone", l->zone->name), F_ADDR("peer", &c->remote),
		F_H("conn", c->handle));
	zone_set_state(s->zones, l->zone, true,
		c->transport == SIP_TP_TLS ? STR("tls") : STR("tcp"), &c->local, &c->remote,
		STR_NONE);
	check_source_port(l, c);
	attempts_set_link(s->attempts, l->zone, c->handle);
	txs_link_up(s->txs, c);
	l->audited = 0;
	timer_start(s->io, &l->ping, PING_MS);
}

static void on_probe_response(void *arg, uint64_t who, struct tx *tx, const struct sip_msg *m)
{
	struct links *ls = arg;
	struct link *l = pool_get(&ls->pool, who);
	struct conn *c = l ? conn_of(l) : NULL;

	(void)tx;
	if (!l || !c || l->state != ST_UP || m->status < 200)
		return;
	l->hello = 0;
	l->zone->show.rtt_us = (uint32_t)((io_now(ls->s->io) - l->probed) / 1000);
	row_put(ls->s->ipc, &l->zone->row);
}

static void on_probe_failed(void *arg, uint64_t who, const struct tx_end *tx_end)
{
	struct links *ls = arg;
	struct link *l = pool_get(&ls->pool, who);

	if (!l || l->state != ST_UP)
		return;
	set_why(l, tx_end->why);
	timer_start(ls->s->io, &l->timer, 0);
}

static const struct tx_user probe_user = {.response = on_probe_response, .failed = on_probe_failed};

static void probe(struct link *l)
{
	const struct conf_zone *z = l->zone->conf;
	struct sip *s = l->ls->s;
	uint64_t now = io_now(s->io), gone_ms = (now - l->probed) / NS_PER_MS;

	if (gone_ms < (l->hello ? z->probe_retry_ms : z->tcp_keepalive_ms))
		return;
	if (!l->hello)
		l->n_probes = 0;
	tx_free(tx_get(s->txs, l->hello));
	l->hello = 0;
	if (l->n_probes++ > z->probe_count) {
		set_why(l, STR("the other node answers no OPTIONS"));
		timer_start(s->io, &l->timer, 0); /* EV_TIMEOUT */
		return;
	}
	l->probed = now;
	send_options(l, &probe_user, STR_NONE);
}

static void audit(struct link *l, struct conn *c)
{
	uint64_t now = io_now(l->ls->s->io);

	if (l->audited && (now - l->audited) / NS_PER_MS < AUDIT_MS)
		return;
	l->audited = now;
	audit_send(l->ls->s, l->zone, c);
}

static void on_ping(void *arg)
{
	struct link *l = arg;
	struct sip *s = l->ls->s;
	struct conn *c = conn_of(l);

	if (!c)
		return;
	if ((io_now(s->io) - c->last_rx) / NS_PER_MS >= SILENCE_MS) {
		set_why(l, STR("nothing was heard for 3 s"));
		timer_start(s->io, &l->timer, 0); /* EV_TIMEOUT */
		return;
	}
	if (l->table == control) {
		if (conn_send(c, STR("\r\n\r\n")) != OK)
			return;
		probe(l);
	}
	audit(l, c);
	timer_start(s->io, &l->ping, PING_MS);
}

/* ---- conns, configuration ---- */

static void adopt(struct links *ls, struct conn *c)
{
	struct link *l = link_of_zone(ls, c->zone);

	if (!l || l->state != ST_IDLE)
		l = link_new(ls, c->zone);
	if (!l)
		return;
	c->user = l->handle;
	l->conn = c->handle;
	l->state = ST_UP;
	up(l);
}

void links_conn_opened(struct links *ls, struct conn *c)
{
	struct link *l = link_of_conn(ls, c);

	if (c->is_authenticated && c->is_kept) {
		adopt(ls, c);
		return;
	}
	if (!l && c->is_inbound) {
		l = link_new(ls, c->zone);
		if (l) {
			c->user = l->handle;
			l->conn = c->handle;
		}
	}
	if (l)
		link_event(l, EV_OPENED);
	else
		conn_close(c, ERR_FULL, STR("too many links"));
}

void links_conn_lost(struct links *ls, struct conn *c, struct str why)
{
	struct link *l = link_of_conn(ls, c);

	if (!l || l->conn != c->handle)
		return;
	l->conn = 0;
	if (attempts_link(ls->s->attempts, l->zone) == c->handle) {
		attempts_set_link(ls->s->attempts, l->zone, 0);
		if (l->zone->kind == ZK_TRAVERSAL_SERVER) {
			set_why(l, why);
			show_down(l);
		}
	}
	set_why(l, why);
	link_event(l, EV_LOST);
}

void links_try_now(struct links *ls)
{
	for (struct link *l = NULL; (l = pool_next(&ls->pool, l));) {
		if (l->state != ST_WAITING)
			continue;
		l->back_off_ms = l->zone->conf->retry_first_ms;
		timer_start(ls->s->io, &l->timer, 0);
	}
}

static bool is_wanted(const struct zone *zone)
{
	return zone->is_link && zone->conf && zone->conf->sip.enabled;
}

void links_configure(struct links *ls)
{
	struct zone *zone;

	for (struct link *l = NULL; (l = pool_next(&ls->pool, l));) {
		if (!is_wanted(l->zone))
			link_event(l, EV_STOP);
	}
	for (uint32_t i = 0; (zone = zone_at(ls->s->zones, i)); i++) {
		struct link *l;

		if (!is_wanted(zone) || zone->kind != ZK_TRAVERSAL_CLIENT || link_of_zone(ls, zone))
			continue;
		l = link_new(ls, zone);
		if (l)
			link_event(l, EV_START);
	}
}

/* ---- the tables, walked ---- */

static struct table_cell cell_of(const void *table, unsigned state, unsigned event)
{
	const struct step *s = (const struct step *)table + state * EV_MAX + event;

	return (struct table_cell){s->act != NULL, s->is_late, s->next};
}

unsigned link_tables_check(void)
{
	static const struct table_must must[] = {
		{.event = EV_LOST, .may_be_late = true}, {.event = EV_STOP}};
	const struct table_rules rules = {ST_MAX, EV_MAX, false, cell_of, must, 2};

	return table_faults(&rules, control) + table_faults(&rules, edge);
}
