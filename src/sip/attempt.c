/* attempt.c - tries, one after the other, until one has an outcome. */
#include <string.h>

#include "base/pool.h"
#include "sip/attempt.h"
#include "sip/edit.h"
#include "sip/list.h"

#define ZONES_MAX     (CONF_ZONES + 2)
#define NS_PER_S      1000000000u
#define ATTEMPT_MAX_S 32u /* all tries together */
#define FIRST_TRY_MS  0u
#define UDP_MAX       1300u /* larger requests go by TCP (RFC 3261 18.1.1) */
#define VIA_ROOM      100u  /* what a try adds to its template */
#define SWITCH_MS     2000u /* no connection by then: UDP after all, */
#define NO_TCP_S      600u  /* and no more tries for so long */
#define NO_TCP_SLOTS  64u

LOG_EVENT(ev_try, "SIP-140", LOG_DEBUG, "request leaves");
LOG_EVENT(ev_switch, "SIP-142", LOG_INFO, "request is large: by TCP instead of UDP");
LOG_EVENT(ev_no_tcp, "SIP-143", LOG_NOTICE,
	"no TCP where a large request goes: by UDP, in fragments");
LOG_EVENT(ev_fail_over, "SIP-141", LOG_NOTICE, "next hop failed, trying another one");

struct attempt {
	uint64_t handle; /* HK_ATTEMPT */
	struct attempts *as;
	enum sip_method method;
	struct zone *zone;
	struct str template; /* in the store */
	const struct tx_user *user;
	void *arg;
	uint64_t who, mark, tx, job, began;
	struct timer timer; /* 0 ms: the next try, apart from the failed one's handler */
	struct hops hops;
	uint32_t i_hop;
	enum err err;      /* found at the start; told in the next turn */
	uint32_t switched; /* bit n: hop n is a UDP hop's TCP */
	bool is_conn_only, is_cancelled;
};

struct attempts {
	struct attempts_deps d;
	struct pool pool;
	uint64_t links[ZONES_MAX];
	struct {
		struct addr addr;
		uint64_t until;
	} no_tcp[NO_TCP_SLOTS]; /* next hops that took no TCP connection */
	uint32_t i_no_tcp;
};

static const struct tx_user tx_user;

enum err attempts_new(const struct attempts_deps *deps, struct attempts **ret)
{
	struct attempts *as = mem_array(1, sizeof *as);
	uint32_t generation, n = deps->conf->limits.transactions / 4 + 64;

	if (!as)
		return ERR_FULL;
	as->d = *deps;
	io_random(deps->io, &generation, sizeof generation);
	if (pool_init(&as->pool, HK_ATTEMPT, sizeof(struct attempt), n, generation) != OK) {
		mem_free(as);
		return ERR_FULL;
	}
	*ret = as;
	return OK;
}

static void give(struct attempt *a)
{
	timer_stop(&a->timer);
	resolve_cancel(a->as->d.resolver, a->job);
	store_drop(a->as->d.store, &a->template);
	pool_give(&a->as->pool, a);
}

void attempts_free(struct attempts *as)
{
	if (!as)
		return;
	for (struct attempt *a = NULL; (a = pool_next(&as->pool, a));)
		give(a);
	pool_free(&as->pool);
	mem_free(as);
}

void attempts_set_link(struct attempts *as, const struct zone *zone, uint64_t conn)
{
	as->links[zone->index % ZONES_MAX] = conn;
}

uint64_t attempts_link(const struct attempts *as, const struct zone *zone)
{
	return as->links[zone->index % ZONES_MAX];
}

/* ---- our names ---- */

void put_link_host(struct wr *w, const struct zone *zone)
{
	for (const char *p = zone->name; *p; p++) {
		char c = ascii_lower(*p);

		wr_u8(w, (uint8_t)((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ? c : '-'));
	}
	wr_str(w, STR(".invalid"));
}

static const char *param_of(enum sip_transport transport)
{
	return transport == SIP_TP_UDP   ? ""
	       : transport == SIP_TP_TCP ? ";transport=tcp"
	                                 : ";transport=tls";
}

void put_contact_uri(struct wr *w, const struct conns *cs, const struct zone *zone,
	enum sip_transport transport, struct str user)
{
	struct addr host = conns_sent_by(cs, zone, transport);
	char text[ADDR_TEXT_SIZE];

	wr_printf(w, "sip:" STR_FMT "@", STR_ARG(user));
	if (zone->is_link) {
		put_link_host(w, zone);
		return;
	}
	wr_printf(w, "%s%s", addr_put(&host, text), param_of(transport));
}

void put_via(struct wr *w, const struct conns *cs, const struct zone *zone,
	enum sip_transport transport, const struct tx *tx)
{
	struct addr host = conns_sent_by(cs, zone, transport);
	char text[ADDR_TEXT_SIZE], branch[TX_BRANCH_SIZE];

	wr_printf(w, "SIP/2.0/%s ", sip_transport_name(transport));
	if (zone->is_link)
		put_link_host(w, zone);
	else
		wr_printf(w, "%s", addr_put(&host, text));
	wr_printf(w, ";branch=%s;rport", tx_branch(tx, branch));
}

/* ---- one try ---- */

static struct str arena_text(struct attempt *a, char **ret_buf, size_t size)
{
	*ret_buf = scratch_take(io_scratch(a->as->d.io), size);
	return (struct str){*ret_buf, *ret_buf ? size : 0};
}

/* The Contact's host becomes ours as this transport is seen; its token stays. */
static void edit_contact(struct sip_edit *e, struct attempt *a, enum sip_transport transport)
{
	struct sip_list list = sip_list_of(e->m, SIP_HDR_CONTACT);
	struct sip_nameaddr na;
	struct sip_uri uri;
	char *buf;
	struct str room = arena_text(a, &buf, 512);
	struct wr w = wr_of(buf, room.len);

	if (sip_nameaddr_next(&list, &na) != OK || sip_uri_parse(na.uri, &uri) != OK)
		return;
	put_contact_uri(&w, a->as->d.conns, a->zone, transport, uri.user);
	sip_edit_replace(e, na.uri, wr_done(&w));
}

static struct str build(struct attempt *a, enum sip_transport transport, const struct tx *tx)
{
	struct scratch *scratch = io_scratch(a->as->d.io);
	const struct sip_msg *m = sip_msg_held(scratch, a->template);
	struct sip_edit *e = m ? sip_edit_new(scratch, m) : NULL;
	char *buf;
	struct str room = arena_text(a, &buf, 512);
	struct wr w = wr_of(buf, room.len);
	size_t len;

	if (!e)
		return STR_NONE;
	put_via(&w, a->as->d.conns, a->zone, transport, tx);
	sip_edit_replace(e, m->via.text, wr_done(&w));
	edit_contact(e, a, transport);
	len = sip_edit_len(e);
	buf = scratch_take(scratch, len);
	w = wr_of(buf, buf ? len : 0);
	return sip_edit_apply(e, &w) == OK ? wr_done(&w) : STR_NONE;
}

/* c NULL: the zone's link is down, the request waits for it. */
static enum err send_on(struct attempt *a, struct conn *c)
{
	enum sip_transport transport =
		c                                                                 ? c->transport
		: !a->zone->conf || a->zone->conf->sip.transport == TRANSPORT_TLS ? SIP_TP_TLS
										  : SIP_TP_TCP;
	struct tx *tx = tx_new(a->as->d.txs, a->method, a->zone, &tx_user, a->as, a->handle);
	struct str bytes;

	if (!tx)
		return ERR_FULL;
	bytes = build(a, transport, tx);
	if (!bytes.len) {
		tx_free(tx);
		return ERR_SYNTAX;
	}
	tx_set_mark(tx, a->mark);
	a->tx = tx_handle(tx);
	log_put(io_log(a->as->d.io), &ev_try, F_Z("method", sip_method_name(a->method)),
		F_H("conn", c ? c->handle : 0), F_Z("zone", a->zone->name));
	return tx_start(tx, c, bytes);
}

static bool is_switched(const struct attempt *a)
{
	return a->i_hop && (a->switched >> (a->i_hop - 1) & 1);
}

static enum err try_next(struct attempt *a)
{
	enum err err = ERR_NOENT;

	while (a->i_hop < a->hops.n) {
		struct hop hop = hop_of(&a->hops, a->i_hop++);
		struct conn *c;

		err = conn_reach(a->as->d.conns, a->zone, &hop, &c);
		if (err == OK && is_switched(a) && !c->is_open)
			timer_start(a->as->d.io, &a->timer, SWITCH_MS);
		if (err == OK)
			err = send_on(a, c);
		if (err == OK)
			return OK;
	}
	return err;
}

/* ---- the size switch (RFC 3261 18.1.1) ---- */

static bool takes_no_tcp(const struct attempts *as, const struct addr *to)
{
	for (uint32_t i = 0; i < NO_TCP_SLOTS; i++) {
		if (as->no_tcp[i].until > io_now(as->d.io) && addr_eq(&as->no_tcp[i].addr, to))
			return true;
	}
	return false;
}

static void remember_no_tcp(struct attempts *as, const struct addr *to)
{
	uint32_t i = as->i_no_tcp++ % NO_TCP_SLOTS;

	log_put(io_log(as->d.io), &ev_no_tcp, F_ADDR("hop", to));
	as->no_tcp[i].addr = *to;
	as->no_tcp[i].until = io_now(as->d.io) + (uint64_t)NO_TCP_S * NS_PER_S;
}

/* Before each UDP hop of a large request its TCP. */
static void switch_hops(struct attempt *a)
{
	struct hops hops = a->hops;
	uint32_t n = 0;

	if (a->template.len + VIA_ROOM <= UDP_MAX || !conns_has(a->as->d.conns, SIP_TP_TCP))
		return;
	for (uint32_t i = 0; i < a->hops.n && n < HOPS_MAX; i++) {
		const struct addr *to = &a->hops.v[i].to.addr;

		if (a->hops.v[i].transport == SIP_TP_UDP && n + 1 < HOPS_MAX &&
			!takes_no_tcp(a->as, to)) {
			log_put(io_log(a->as->d.io), &ev_switch, F_ADDR("hop", to),
				F_NUM("bytes", a->template.len));
			a->switched |= 1u << n;
			hops.v[n] = a->hops.v[i];
			hops.v[n++].transport = SIP_TP_TCP;
		}
		hops.v[n++] = a->hops.v[i];
	}
	hops.n = n;
	a->hops = hops;
}

/* ---- outcomes ---- */

static void fail(struct attempt *a, enum err err, struct str why)
{
	const struct tx_user *user = a->user;
	void *arg = a->arg;
	uint64_t who = a->who;
	struct store *store = a->as->d.store;
	struct tx_end end = {a->method, a->mark, err, why, a->template};

	a->template = STR_NONE; /* the user may send it once more */
	give(a);
	if (user)
		user->failed(arg, who, &end);
	store_drop(store, &end.request);
}

static bool may_try_again(const struct attempt *a)
{
	uint64_t gone_s = (io_now(a->as->d.io) - a->began) / NS_PER_S;

	return a->i_hop < a->hops.n && !a->is_cancelled && gone_s < ATTEMPT_MAX_S;
}

static void next_hop(struct attempt *a, struct str why)
{
	log_put(io_log(a->as->d.io), &ev_fail_over, F_ADDR("hop", &a->hops.v[a->i_hop - 1].to.addr),
		F_STR("why", why));
	a->tx = 0;
	if (is_switched(a))
		remember_no_tcp(a->as, &a->hops.v[a->i_hop - 1].to.addr);
	else
		resolve_report(a->as->d.resolver, &a->hops.v[a->i_hop - 1].to.addr, false);
	timer_start(a->as->d.io, &a->timer, FIRST_TRY_MS);
}

/* A switched try whose connection is not there after 2 s, or the next try. */
static void on_timer(void *arg)
{
	struct attempt *a = arg;
	struct tx *tx = tx_get(a->as->d.txs, a->tx);
	struct conn *c = tx ? tx_conn(tx) : NULL;
	enum err err;

	if (tx && is_switched(a)) {
		if (c && c->is_open)
			return;
		tx_free(tx);
		next_hop(a, STR("no TCP connection in 2 s"));
		return;
	}
	err = a->err != OK ? a->err : try_next(a);
	if (err != OK)
		fail(a, err, str_of(err_text(err)));
}

static void on_failed(void *arg, uint64_t who, const struct tx_end *end)
{
	struct attempts *as = arg;
	struct attempt *a = pool_get(&as->pool, who);

	if (!a)
		return;
	if (may_try_again(a)) {
		next_hop(a, end->why);
		return;
	}
	if (a->hops.n)
		resolve_report(as->d.resolver, &a->hops.v[a->i_hop - 1].to.addr, false);
	fail(a, end->err, end->why);
}

static void on_response(void *arg, uint64_t who, struct tx *tx, const struct sip_msg *m)
{
	struct attempts *as = arg;
	struct attempt *a = pool_get(&as->pool, who);
	const struct tx_user *user;
	void *user_arg;
	uint64_t user_who;

	if (!a)
		return;
	if (m->status == 503 && may_try_again(a)) {
		next_hop(a, STR("503"));
		return;
	}
	user = a->user;
	user_arg = a->arg;
	user_who = a->who;
	if (m->status >= 200) {
		if (a->hops.n)
			resolve_report(as->d.resolver, &a->hops.v[a->i_hop - 1].to.addr, true);
		tx_set_user(tx, user, user_arg, user_who); /* further 2xx are the user's own */
		give(a);
	}
	if (user)
		user->response(user_arg, user_who, tx, m);
}

static const struct tx_user tx_user = {.response = on_response, .failed = on_failed};

static void on_resolved(void *arg, uint64_t who, enum err err, const struct hops *hops)
{
	struct attempts *as = arg;
	struct attempt *a = pool_get(&as->pool, who);

	if (!a)
		return;
	a->job = 0;
	a->hops = *hops;
	switch_hops(a);
	if (err == OK)
		err = try_next(a);
	if (err != OK)
		fail(a, err,
			err == ERR_TIMEOUT ? STR("no DNS server answers") : str_of(err_text(err)));
}

/* ---- the door ---- */

static struct conn *conn_given(struct attempts *as, const struct attempt_want *want)
{
	struct conn *c = conn_get(as->d.conns, want->conn);

	if (want->zone->is_link)
		c = conn_get(as->d.conns, as->links[want->zone->index % ZONES_MAX]);
	return c;
}

static enum err start_somewhere(struct attempt *a, const struct attempt_want *want)
{
	struct conn *c = conn_given(a->as, want);
	struct sip_uri next;
	enum err err;

	if (c)
		return send_on(a, c);
	if (want->zone->is_link && want->may_wait)
		return send_on(a, NULL);
	if (want->is_conn_only || want->zone->is_link)
		return ERR_CLOSED;
	err = want->zone->kind == ZK_NEIGHBOR ? OK : sip_uri_parse(want->next, &next);
	if (err == OK)
		err = resolve(a->as->d.resolver, want->zone, &next, on_resolved, a->as, a->handle,
			&a->hops, &a->job);
	if (err == ERR_MORE)
		return OK;
	switch_hops(a);
	return err == OK ? try_next(a) : err;
}

enum err attempt_start(struct attempts *as, const struct attempt_want *want, uint64_t *ret_attempt)
{
	struct attempt *a = pool_take(&as->pool);
	enum err err;

	if (!a)
		return ERR_FULL;
	a->as = as;
	a->method = want->method;
	a->zone = want->zone;
	a->user = want->user;
	a->arg = want->arg;
	a->who = want->who;
	a->mark = want->mark;
	a->began = io_now(as->d.io);
	a->is_conn_only = want->is_conn_only;
	timer_init(&a->timer, on_timer, a);
	a->template = store_put(as->d.store, want->template);
	err = a->template.len      ? start_somewhere(a, want)
	      : want->template.len ? ERR_FULL
	                           : ERR_SYNTAX;
	if (err == ERR_FULL) {
		give(a);
		return err;
	}
	if (err != OK) { /* never a call back into whoever started it */
		a->err = err;
		timer_start(as->d.io, &a->timer, 0);
	}
	*ret_attempt = a->handle;
	return OK;
}

void attempt_cancel(struct attempts *as, uint64_t attempt, struct str reason)
{
	struct attempt *a = pool_get(&as->pool, attempt);
	struct tx *tx = a ? tx_get(as->d.txs, a->tx) : NULL;

	if (!a)
		return;
	a->is_cancelled = true;
	if (tx)
		tx_cancel(tx, reason);
	else
		fail(a, ERR_CLOSED, STR("cancelled before it left"));
}

void attempt_drop(struct attempts *as, uint64_t attempt)
{
	struct attempt *a = pool_get(&as->pool, attempt);

	if (a)
		a->user = NULL;
}
