/* tx.c - the table of transactions, and what their four kinds share: events, conns, bounds.
 *
 * The kinds themselves are two state tables in tx_client.c and two in tx_server.c. */
#include <string.h>

#include "sip/table.h"
#include "sip/txs.h"

LOG_EVENT(ev_unexpected, "SIP-120", LOG_ERROR, "event does not fit the transaction's state");
LOG_EVENT(ev_full, "SIP-121", LOG_ERROR, "no transaction is left");

void tx_event(struct tx *tx, enum ev ev)
{
	const struct step *s = &tx->table[tx->state][ev];

	if (!s->act) {
		if (!s->is_late)
			log_put(io_log(tx->txs->io), &ev_unexpected, F_H("tx", tx->handle),
				F_Z("table", tx->kind), F_NUM("state", tx->state),
				F_NUM("event", ev));
		return;
	}
	tx->state = s->next;
	s->act(tx);
}

/* ---- the table of transactions ---- */

enum err txs_new(const struct txs_deps *deps, struct txs **ret_txs)
{
	struct txs *ts = mem_array(1, sizeof *ts);
	struct hash_key key;
	uint32_t generation;
	enum err err;

	if (!ts)
		return ERR_FULL;
	*ts = (struct txs){.io = deps->io,
		.conns = deps->conns,
		.store = deps->store,
		.conf = deps->conf,
		.server = deps->server,
		.arg = deps->arg};
	io_random(ts->io, &key, sizeof key);
	io_random(ts->io, &ts->key2, sizeof ts->key2);
	io_random(ts->io, &ts->branch_key, sizeof ts->branch_key);
	io_random(ts->io, &generation, sizeof generation);
	err = pool_init(
		&ts->pool, HK_TX, sizeof(struct tx), deps->conf->limits.transactions, generation);
	if (err == OK)
		err = hash_init(&ts->by_key, deps->conf->limits.transactions, &key);
	if (err != OK) {
		txs_free(ts);
		return err;
	}
	*ret_txs = ts;
	return OK;
}

void tx_release(struct tx *tx)
{
	struct txs *ts = tx->txs;

	timer_stop(&tx->resend);
	timer_stop(&tx->life);
	store_drop(ts->store, &tx->request);
	store_drop(ts->store, &tx->answer);
	store_drop(ts->store, &tx->reason);
	list_remove(&tx->by_conn);
	hash_remove(&ts->by_key, &tx->by_key);
	pool_give(&ts->pool, tx);
}

void txs_free(struct txs *ts)
{
	if (!ts)
		return;
	for (struct tx *tx = NULL; ts->pool.n && (tx = pool_next(&ts->pool, tx));)
		tx_release(tx);
	pool_free(&ts->pool);
	hash_free(&ts->by_key);
	mem_free(ts);
}

struct tx *tx_get(struct txs *ts, uint64_t handle)
{
	return pool_get(&ts->pool, handle);
}

size_t txs_count(const struct txs *ts)
{
	return ts->pool.n_taken;
}

/* The last sixteenth is for requests inside calls and for what closes them. */
bool txs_is_full(const struct txs *ts)
{
	return ts->pool.n_free < ts->pool.n / 16;
}

const struct txs_counters *txs_counters(const struct txs *ts)
{
	return &ts->counters;
}

uint32_t txs_invites(const struct txs *ts, const struct zone *zone)
{
	return zone ? ts->invites[zone->index % ZONES_MAX] : ts->n_invites;
}

static uint16_t *source_slot(struct txs *ts, const struct addr *a)
{
	return &ts->invites_of[siphash(&ts->key2, a->ip, a->family == AF_V6 ? 7 : 4) % SOURCES];
}

uint32_t txs_invites_of(struct txs *ts, const struct addr *source)
{
	return *source_slot(ts, source);
}

void tx_count_invite(struct tx *tx, bool is_open)
{
	struct txs *ts = tx->txs;
	uint16_t *slot;

	if (tx->is_counted == is_open || tx->method != SIP_INVITE || !tx->is_server)
		return;
	tx->is_counted = is_open;
	ts->n_invites += is_open ? 1u : UINT32_MAX;
	ts->invites[tx->zone->index % ZONES_MAX] += is_open ? 1u : UINT32_MAX;
	slot = source_slot(ts, &tx->remote);
	*slot = (uint16_t)(*slot + (is_open ? 1 : -1));
}

static void on_resend(void *arg)
{
	tx_event(arg, E_RESEND);
}

static void on_life(void *arg)
{
	tx_event(arg, E_TIMEOUT);
}

struct tx *tx_take(struct txs *ts, enum sip_method method, struct zone *zone, bool is_server)
{
	struct tx *tx = pool_take(&ts->pool);

	if (!tx) {
		ts->counters.n_full++;
		log_put(io_log(ts->io), &ev_full, F_NUM("transactions", ts->pool.n));
		return NULL;
	}
	tx->txs = ts;
	tx->method = method;
	tx->zone = zone;
	tx->is_server = is_server;
	if (method == SIP_INVITE) {
		tx->table = is_server ? tx_invite_server : tx_invite_client;
		tx->kind = is_server ? "invite-server" : "invite-client";
	} else {
		tx->table = is_server ? tx_other_server : tx_other_client;
		tx->kind = is_server ? "other-server" : "other-client";
	}
	list_init(&tx->by_conn);
	timer_init(&tx->resend, on_resend, tx);
	timer_init(&tx->life, on_life, tx);
	return tx;
}

void tx_act_end(struct tx *tx)
{
	tx_count_invite(tx, false);
	tx_release(tx);
}

/* ---- the conn of a transaction ---- */

struct conn *tx_conn(const struct tx *tx)
{
	struct txs *ts = tx->txs;
	struct conn *c = conn_get(ts->conns, tx->conn);

	if (c && c->is_open)
		return c;
	if (tx->zone->is_link)
		return conn_get(ts->conns, ts->links[tx->zone->index % ZONES_MAX]);
	return c;
}

bool tx_is_udp(const struct tx *tx)
{
	struct conn *c = conn_get(tx->txs->conns, tx->conn);

	return c ? !conn_is_stream(c) : tx->local.family != AF_NONE;
}

void tx_use_conn(struct tx *tx, struct conn *c)
{
	tx->conn = c->handle;
	tx->remote = c->remote;
	if (!conn_is_stream(c))
		tx->local = c->local;
}

void tx_transmit(struct tx *tx, struct conn *c, struct str bytes)
{
	if (!c || !bytes.len || conn_send(c, bytes) != OK)
		tx->txs->counters.n_stray++;
}

/* ---- what users ask ---- */

const struct sip_msg *tx_held(const struct tx *tx, struct str held)
{
	return sip_msg_held(io_scratch(tx->txs->io), held);
}

const struct sip_msg *tx_request(const struct tx *tx)
{
	return tx_held(tx, tx->request);
}

struct str tx_request_bytes(const struct tx *tx)
{
	return tx->request;
}

void tx_set_mark(struct tx *tx, uint64_t mark)
{
	tx->mark = mark;
}

void tx_set_user(struct tx *tx, const struct tx_user *user, void *arg, uint64_t who)
{
	tx->user = user;
	tx->arg = arg;
	tx->who = who;
}

uint64_t tx_handle(const struct tx *tx)
{
	return tx->handle;
}

uint64_t tx_who(const struct tx *tx)
{
	return tx->who;
}

uint64_t tx_mark(const struct tx *tx)
{
	return tx->mark;
}

enum sip_method tx_method(const struct tx *tx)
{
	return tx->method;
}

struct zone *tx_zone(const struct tx *tx)
{
	return tx->zone;
}

bool tx_is_over(const struct tx *tx)
{
	return tx->state >= S_COMPLETED;
}

bool tx_is_server(const struct tx *tx)
{
	return tx->is_server;
}

struct addr tx_source(const struct tx *tx)
{
	struct conn *c = tx_conn(tx);

	return c ? c->remote : tx->remote;
}

/* ---- input ---- */

void tx_input(struct txs *ts, struct conn *c, const struct sip_msg *m)
{
	if (m->is_request)
		txs_request(ts, c, m);
	else
		txs_response(ts, c, m);
}

/* ---- the tables, walked ---- */

static struct table_cell cell_of(const void *table, unsigned state, unsigned event)
{
	const struct step *s = (const struct step *)table + state * E_MAX + event;

	return (struct table_cell){s->act != NULL, s->is_late, s->next};
}

unsigned tx_tables_check(void)
{
	static const struct table_must must[] = {{.event = E_STOP, .may_be_late = true},
		{.event = E_LOST, .may_be_late = true, .but_first = true},
		{.event = E_TIMEOUT, .but_first = true}};
	const struct table_rules rules = {S_MAX, E_MAX, true, cell_of, must, 3};

	return table_faults(&rules, tx_invite_client) + table_faults(&rules, tx_other_client) +
	       table_faults(&rules, tx_invite_server) + table_faults(&rules, tx_other_server);
}
