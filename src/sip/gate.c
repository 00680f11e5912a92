/* gate.c - see gate.h. Nonces are bound to the zone and the connection (UDP: the source address). */
#include <string.h>

#include "call/policy.h"
#include "sip/answer.h"
#include "sip/gate.h"

#define LIMIT_CALM_MS 5000
#define LAG_MS        100
#define NS_PER_MS     1000000u

LOG_EVENT(ev_rate, "SEC-101", LOG_NOTICE, "requests of a source exceed the rate");
LOG_EVENT(ev_limit, "SIP-180", LOG_NOTICE, "a limit is reached: new work is refused");
LOG_EVENT(ev_dialog_rate, "SEC-103", LOG_NOTICE, "requests inside a call exceed the rate");
LOG_EVENT(ev_login, "SEC-102", LOG_NOTICE, "login failed");

/* ---- form ---- */

/* One of our own, or a domain that is one: IPv6 has many spellings. */
static bool is_our_address(const struct conf *conf, const struct addr *a)
{
	const struct conf_node *node = &conf->node;
	const struct addr *own[] = {&node->inside, &node->outside, &node->outside_nat};
	struct addr domain;

	for (size_t i = 0; i < 3; i++) {
		if (own[i]->family != AF_NONE && addr_same_host(own[i], a))
			return true;
	}
	for (uint32_t i = 0; i < conf->sip.n_domains; i++) {
		if (addr_parse_host(str_of(conf->sip.domains[i]), &domain) == OK &&
			addr_same_host(&domain, a))
			return true;
	}
	return false;
}

bool gate_is_ours(const struct sip *s, struct str host)
{
	struct addr a;

	if (sip_host_addr(host, &a) == OK)
		return is_our_address(s->conf, &a);
	for (uint32_t i = 0; i < s->conf->sip.n_domains; i++) {
		if (str_ieq(str_of(s->conf->sip.domains[i]), host))
			return true;
	}
	return str_ieq(str_of(s->conf->node.name), host);
}

static bool refuse(
	struct sip *s, struct tx *tx, const struct sip_msg *m, unsigned code, struct str reason)
{
	answer(s, tx, m, code, reason, STR_NONE);
	return false;
}

/* RFC 3261 8.2.2.3, 16.3: option tags that nobody between the ends may need. */
static bool extensions_are_known(struct sip *s, struct tx *tx, const struct sip_msg *m)
{
	struct wr w;

	if (!sip_has(m, SIP_HDR_PROXY_REQUIRE))
		return true;
	w = answer_begin(s, tx, m, 420, STR_NONE, STR("refused"));
	for (int i = sip_first(m, SIP_HDR_PROXY_REQUIRE); i >= 0; i = sip_next(m, i))
		sip_put_header(&w, SIP_HDR_UNSUPPORTED, sip_field_value(m, i));
	answer_send(s, tx, 420, &w);
	return false;
}

/* A Route is followed only when it is ours, and then it only repeats what the conn says already; a maddr
 * would lead elsewhere than the host that is checked. */
static bool routes_are_ours(struct sip *s, const struct conn *c, const struct sip_msg *m)
{
	struct sip_list list = sip_list_of(m, SIP_HDR_ROUTE);
	struct sip_param maddr;
	struct sip_nameaddr na;
	struct sip_uri uri;

	if (sip_param_find(m->uri.params, STR("maddr"), &maddr) &&
		!str_ieq(maddr.value, m->uri.host))
		return false;
	if (c->zone->is_link || m->to_tag.len)
		return true;
	while (sip_nameaddr_next(&list, &na) == OK) {
		if (sip_uri_parse(na.uri, &uri) != OK || !gate_is_ours(s, uri.host))
			return false;
	}
	return true;
}

/* RFC 3261 16.3 is for what is forwarded: these end at us, and a BYE must, or a call would outlive it. */
static bool ends_here(const struct sip_msg *m)
{
	return m->method == SIP_REGISTER || m->method == SIP_OPTIONS ||
	       (m->method == SIP_BYE && m->to_tag.len);
}

bool gate_form(struct sip *s, struct conn *c, struct tx *tx, const struct sip_msg *m)
{
	if (m->uri.scheme == SIP_SCHEME_OTHER)
		return refuse(s, tx, m, 416, STR_NONE);
	if (m->uri.headers.len)
		return refuse(s, tx, m, 400, STR("Bad Request (headers in the Request-URI)"));
	if (m->max_forwards == 0 && !ends_here(m))
		return refuse(s, tx, m, 483, STR_NONE);
	if (!extensions_are_known(s, tx, m))
		return false;
	if (!routes_are_ours(s, c, m))
		return refuse(s, tx, m, 403, STR("Forbidden (route)"));
	return true;
}

/* ---- limits ---- */

void gate_limit_calm(void *arg)
{
	struct sip *s = arg;
	uint64_t now = io_now(s->io), next = UINT64_MAX;

	for (size_t i = 0; i < SIP_LIMITS_MAX; i++) {
		uint64_t *until = &s->limits[i].until;

		if (*until && *until <= now) {
			alarm_clear(s->alarms, "SIP-001", i);
			*until = 0;
		}
		if (*until && *until < next)
			next = *until;
	}
	if (next != UINT64_MAX)
		timer_start(s->io, &s->limit_calm, (uint32_t)((next - now) / NS_PER_MS + 1));
}

/* Its place among the limits is the key of its alarm. */
static size_t limit_index(struct sip *s, const char *setting)
{
	size_t i = 0;

	while (i < SIP_LIMITS_MAX - 1 && s->limits[i].setting &&
		strcmp(s->limits[i].setting, setting) != 0)
		i++;
	s->limits[i].setting = setting;
	return i;
}

/* What is refused at once may also be answered at once again: the alarm stands a little longer. */
void gate_raise_limit(struct sip *s, const char *setting)
{
	size_t i = limit_index(s, setting);
	char cause[128];
	struct wr w = wr_of(cause, sizeof cause - 1);

	if (!s->limits[i].until) {
		wr_printf(&w, "%s is reached: what goes beyond it is refused", setting);
		cause[wr_len(&w)] = '\0';
		alarm_raise(s->alarms, "SIP-001", i, true, cause,
			"raise it, or see who sends them: fosse status, fosse calls");
	}
	s->limits[i].until = io_now(s->io) + (uint64_t)LIMIT_CALM_MS * NS_PER_MS;
	if (!timer_is_on(&s->limit_calm))
		timer_start(s->io, &s->limit_calm, LIMIT_CALM_MS);
}

/* How long the oldest event may have waited unhandled is seen by a timer that waits beside them: it fires
 * as late as they are handled. It runs while there is new work alone, so that an idle node sleeps. */
static void start_lag(struct sip *s)
{
	s->lag.is_used = false;
	s->lag.due = io_now(s->io) + LAG_MS * (uint64_t)NS_PER_MS;
	timer_start(s->io, &s->lag.timer, LAG_MS);
}

void gate_lag(void *arg)
{
	struct sip *s = arg;
	uint64_t now = io_now(s->io);

	s->lag.late = now > s->lag.due ? now - s->lag.due : 0;
	if (s->lag.is_used)
		start_lag(s);
}

static uint64_t lag_ms(struct sip *s)
{
	if (!timer_is_on(&s->lag.timer)) {
		s->lag.late = 0;
		start_lag(s);
	}
	s->lag.is_used = true;
	return s->lag.late / NS_PER_MS;
}

/* What is reached, and what whoever sent the request is told. */
struct reached {
	const char *limit;
	struct str text;
};

/* A host that stands for one caller or a few; what comes from a configured peer is its zone's. */
static bool is_one_source(const struct zone *zone)
{
	return zone->kind == ZK_LOCAL || zone->kind == ZK_DEFAULT;
}

static struct reached invites_reached(struct sip *s, const struct conn *c)
{
	const struct conf_limits *limits = &s->conf->limits;

	if (txs_invites(s->txs, NULL) > limits->invites)
		return (struct reached){"limits.invites", STR("Too many calls are being set up")};
	if (txs_invites(s->txs, c->zone) > limits->invites_per_zone)
		return (struct reached){"limits.invites_per_zone",
			STR("Too many calls of this zone are being set up")};
	if (is_one_source(c->zone) &&
		txs_invites_of(s->txs, &c->remote) > limits->invites_per_source)
		return (struct reached){"limits.invites_per_source",
			STR("Too many calls of this source are being set up")};
	return (struct reached){NULL, STR_NONE};
}

static struct reached limit_reached(struct sip *s, const struct conn *c, const struct sip_msg *m)
{
	if (lag_ms(s) >= s->conf->limits.queue_age_ms)
		return (struct reached){"limits.queue_age", STR("Overload")};
	if (txs_is_full(s->txs))
		return (struct reached){"limits.transactions", STR("Too many requests at a time")};
	if (conn_is_full(c))
		return (struct reached){"the connection's queue", STR("Too many unread answers")};
	if (keep_is_stalled(s->keep))
		return (struct reached){"the keeper", STR("Busy")};
	return m->method == SIP_INVITE ? invites_reached(s, c) : (struct reached){NULL, STR_NONE};
}

/* The first of a source in ten seconds is told, the others meet silence. */
static bool refuse_rate(struct sip *s, const struct conn *c, struct tx *tx, const struct sip_msg *m,
	struct str text)
{
	if (rate_pass(&s->notices, &c->remote, io_now(s->io)))
		answer_busy(s, tx, m, text);
	else
		tx_free(tx);
	return false;
}

void gate_refuse(struct sip *s, const struct conn *c, struct tx *tx, const struct sip_msg *m,
	const char *setting, struct str text)
{
	s->counters.n_refused_limits++;
	log_put(io_log(s->io), &ev_limit, F_Z("limit", setting), F_ADDR("src", &c->remote),
		F_Z("zone", c->zone->name));
	gate_raise_limit(s, setting);
	answer_busy(s, tx, m, text);
}

/* Who answers to nobody for what he sends. A configured peer has proved its address where there is a
 * handshake, and is bounded as a zone; a datagram may bear anybody's. */
static bool is_strangers(const struct conn *c)
{
	bool is_peers = c->zone->kind == ZK_NEIGHBOR && conn_is_stream(c);

	return !c->is_authenticated && !c->zone->is_link && !is_peers;
}

bool gate_limits(struct sip *s, struct conn *c, struct tx *tx, const struct sip_msg *m)
{
	struct reached reached;

	if (is_strangers(c) && !rate_pass(&s->requests, &c->remote, io_now(s->io))) {
		s->counters.n_refused_rate++;
		log_put(io_log(s->io), &ev_rate, F_ADDR("src", &c->remote),
			F_NUM("refused", s->counters.n_refused_rate));
		return refuse_rate(s, c, tx, m, STR("Too many requests"));
	}
	reached = limit_reached(s, c, m);
	if (!reached.limit)
		return true;
	gate_refuse(s, c, tx, m, reached.limit, reached.text);
	return false;
}

/* Established calls are refused nothing but a flood: many times what any client sends, counted apart for each
 * of a call's sides. A BYE ends it. The other node has counted what comes by a link. */
bool gate_dialog(struct sip *s, struct conn *c, struct tx *tx, const struct sip_msg *m)
{
	const struct dialog *d = dialog_of_token(s, m->uri.user);
	uint64_t now = io_now(s->io);

	if (!d || c->zone->is_link || m->method == SIP_BYE ||
		rate_pass_id(&s->in_dialog, d->handle, now))
		return true;
	s->counters.n_refused_in_dialog++;
	log_put(io_log(s->io), &ev_dialog_rate, F_H("dialog", d->handle), F_ADDR("src", &c->remote),
		F_STR("method", m->method_text));
	if (rate_pass_id(&s->notices, d->handle, now))
		answer_busy(s, tx, m, STR("Too many requests inside the call"));
	else
		tx_free(tx);
	return false;
}

/* ---- identity ---- */

static bool find_user(void *arg, struct str name, struct auth_user *ret_user)
{
	const struct sip *s = arg;
	static const uint8_t none[32];

	for (uint32_t i = 0; i < s->conf->n_users; i++) {
		const struct conf_user *u = &s->conf->users[i];

		if (!str_eq(str_of(u->name), name))
			continue;
		ret_user->password = str_of(u->password);
		ret_user->ha1_sha256 =
			memcmp(u->ha1_sha256, none, sizeof u->ha1_sha256) ? u->ha1_sha256 : NULL;
		ret_user->ha1_md5 = memcmp(u->ha1_md5, none, sizeof u->ha1_md5) ? u->ha1_md5 : NULL;
		return true;
	}
	return false;
}

static struct str binding_of(struct sip *s, const struct conn *c)
{
	struct wr w = sip_scratch(s, 128);
	char text[ADDR_TEXT_SIZE];

	if (conn_is_stream(c))
		wr_printf(&w, "conn %016llx", (unsigned long long)c->handle);
	else
		wr_printf(&w, "udp %s", addr_put(&c->remote, text));
	return wr_done(&w);
}

/* Once and without state: the source of a datagram is not proved, and a challenge that is repeated until
 * an ACK comes would reach whoever was named (RFC 3261 26.3.2.4). A lost one is asked for again. */
static void challenge(struct sip *s, struct conn *c, struct tx *tx, const struct sip_msg *m,
	const struct auth_ask *ask, bool is_stale)
{
	unsigned code = ask->is_proxy ? 407 : 401;
	char tag[17];
	struct wr w;

	tag_put(s, tag);
	s->counters.n_challenged++;
	w = answer_begin(s, tx, m, code, STR_NONE, str_of(tag));
	auth_put_challenge(s->auth, &w, ask, is_stale);
	if (conn_is_stream(c))
		answer_send(s, tx, code, &w);
	else
		answer_send_once(s, c, tx, code, &w);
}

/* Some clients give up at an algorithm which they do not know, instead of taking the next challenge as RFC
 * 8760 2.4 says: libre up to 2 (baresip), sipp. MD5 is what they can do; it is offered to all. */
static bool knows_md5_only(const struct sip *s, const struct sip_msg *m)
{
	struct str agent = sip_header(m, SIP_HDR_USER_AGENT);

	for (uint32_t i = 0; i < s->conf->sip.n_md5_only_agents; i++) {
		struct str name = str_of(s->conf->sip.md5_only_agents[i]);

		if (str_ieq(name, str_head(agent, name.len)))
			return true;
	}
	return false;
}

bool gate_identity(struct sip *s, struct conn *c, struct tx *tx, const struct sip_msg *m,
	enum conf_auth policy, bool is_proxy, struct caller *ret_caller)
{
	struct auth_ask ask = {.realm = str_of(s->conf->sip.realm),
		.binding = binding_of(s, c),
		.has_md5 = s->conf->sip.digest_md5,
		.is_md5_only = knows_md5_only(s, m),
		.is_legacy = c->zone->conf && c->zone->conf->legacy_digest,
		.is_proxy = is_proxy,
		.find = find_user,
		.arg = s};
	enum auth_verdict verdict;

	*ret_caller = (struct caller){.is_authenticated = policy == AUTH_TRUSTED};
	if (policy != AUTH_CHECK)
		return true;
	if (sip_has(m, is_proxy ? SIP_HDR_PROXY_AUTHORIZATION : SIP_HDR_AUTHORIZATION) &&
		rate_is_over(&s->failed_logins, &c->remote, io_now(s->io))) {
		s->counters.n_refused_auth++;
		return refuse_rate(s, c, tx, m, STR("Too many failed logins"));
	}
	verdict = auth_check(s->auth, &ask, m, ret_caller->user, sizeof ret_caller->user);
	if (verdict == AUTH_GOOD) {
		ret_caller->is_authenticated = true;
		return true;
	}
	if (verdict == AUTH_WRONG) {
		s->counters.n_refused_auth++;
		log_put(io_log(s->io), &ev_login, F_ADDR("src", &c->remote),
			F_STR("from", sip_header(m, SIP_HDR_FROM)));
		(void)rate_pass(&s->failed_logins, &c->remote, io_now(s->io));
	}
	challenge(s, c, tx, m, &ask, verdict == AUTH_STALE);
	return false;
}

enum conf_auth gate_policy(struct sip *s, const struct conn *c, const struct sip_msg *m)
{
	(void)m;
	switch (c->zone->kind) {
	case ZK_LOCAL:
		return policy_subzone(s->conf, io_scratch(s->io), &c->remote, STR_NONE)
		        ->authentication;
	case ZK_DEFAULT:
		return s->conf->default_zone.authentication;
	case ZK_TRAVERSAL_CLIENT:
	case ZK_TRAVERSAL_SERVER: /* the other node has asked; its word comes in Fosse-Call */
		return AUTH_NONE;
	case ZK_NEIGHBOR:
	case ZK_DNS:
		break;
	}
	return c->zone->conf->authentication;
}
