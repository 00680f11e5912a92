/* endpoint.c - see endpoint.h. */
#include "h323/endpoint.h"

#include <string.h>

#include "base/crypt.h"

#define NS_PER_S    1000000000u
#define ENDPOINT_V1 1

struct endpoints {
	struct endpoints_deps d;
	struct pool pool, aliases;
	struct hash_table by_alias, by_source, by_host;
};

/* ---- the table ---- */

static enum err make_tables(struct endpoints *es)
{
	uint32_t generation, n = es->d.conf->limits.registrations;
	struct hash_key key;
	enum err err;

	io_random(es->d.io, &generation, sizeof generation);
	io_random(es->d.io, &key, sizeof key);
	err = pool_init(&es->pool, HK_ENDPOINT, sizeof(struct endpoint), n, generation);
	if (err == OK)
		err = pool_init(&es->aliases, HK_ALIAS, sizeof(struct endpoint_alias),
			n * ALIASES_PER_ENDPOINT, generation);
	if (err == OK)
		err = hash_init(&es->by_alias, n * (size_t)ALIASES_PER_ENDPOINT, &key);
	if (err == OK)
		err = hash_init(&es->by_source, n, &key);
	return err == OK ? hash_init(&es->by_host, n, &key) : err;
}

enum err endpoints_new(const struct endpoints_deps *deps, struct endpoints **ret)
{
	struct endpoints *es = mem_array(1, sizeof *es);
	enum err err;

	if (!es)
		return ERR_FULL;
	es->d = *deps;
	err = make_tables(es);
	if (err != OK) {
		endpoints_free(es);
		return err;
	}
	*ret = es;
	return OK;
}

void endpoints_free(struct endpoints *es)
{
	if (!es)
		return;
	for (struct endpoint *e = NULL; es->pool.n && (e = pool_next(&es->pool, e));)
		timer_stop(&e->timer);
	for (struct endpoint_alias *a = NULL; es->aliases.n && (a = pool_next(&es->aliases, a));)
		row_del(es->d.ipc, &a->row);
	pool_free(&es->pool);
	pool_free(&es->aliases);
	hash_free(&es->by_alias);
	hash_free(&es->by_source);
	hash_free(&es->by_host);
	mem_free(es);
}

size_t endpoints_count(const struct endpoints *es)
{
	return es->pool.n_taken;
}

/* ---- keys ---- */

static struct str key_of(const struct addr *a, bool with_port, uint8_t buf[19])
{
	buf[0] = a->family;
	memcpy(buf + 1, a->ip, sizeof a->ip);
	buf[17] = with_port ? (uint8_t)(a->port >> 8) : 0;
	buf[18] = with_port ? (uint8_t)a->port : 0;
	return (struct str){(const char *)buf, 19};
}

static uint64_t hash_of_addr(const struct hash_table *t, const struct addr *a, bool with_port)
{
	uint8_t buf[19];

	return hash_of(t, key_of(a, with_port, buf));
}

static uint64_t hash_of_text(const struct hash_table *t, struct str text)
{
	char folded[H323_ALIAS_MAX];
	size_t n = text.len < sizeof folded ? text.len : sizeof folded;

	for (size_t i = 0; i < n; i++)
		folded[i] = ascii_lower(text.p[i]);
	return hash_of(t, (struct str){folded, n});
}

/* ---- one ---- */

static void on_timer(void *arg)
{
	struct endpoint *e = arg;

	e->all->d.expired(e->all->d.arg, e);
}

static void begin(struct endpoints *es, struct endpoint *e)
{
	e->all = es;
	list_init(&e->aliases);
	list_init(&e->calls);
	timer_init(&e->timer, on_timer, e);
}

struct endpoint *endpoint_take(struct endpoints *es)
{
	struct endpoint *e = pool_take(&es->pool);

	if (!e)
		return NULL;
	begin(es, e);
	io_random(es->d.io, &e->secret, sizeof e->secret);
	return e;
}

void endpoint_drop(struct endpoint *e)
{
	struct endpoints *es = e->all;
	struct endpoint_alias *a;

	timer_stop(&e->timer);
	while ((a = endpoint_first_alias(e)))
		endpoint_remove_alias(a);
	hash_remove(&es->by_source, &e->by_source);
	hash_remove(&es->by_host, &e->by_host);
	if (e->is_kept)
		keep_del(es->d.keep, e->handle);
	pool_give(&es->pool, e);
}

/* Its handle, so that it is found without a table, and a secret, so that nobody guesses it. */
void endpoint_id(const struct endpoint *e, char ret_z[ENDPOINT_ID_LEN + 1])
{
	uint8_t bytes[16];
	struct wr w = wr_of(bytes, sizeof bytes);

	wr_u64(&w, e->handle);
	wr_u64(&w, e->secret);
	str_put_hex(bytes, sizeof bytes, ret_z);
}

struct endpoint *endpoint_by_id(const struct endpoints *es, struct str id)
{
	uint8_t bytes[16];
	struct rd r = rd_of((struct str){(const char *)bytes, sizeof bytes});
	char own[ENDPOINT_ID_LEN + 1];
	struct endpoint *e;

	if (str_hex(id, bytes, sizeof bytes) != OK)
		return NULL;
	e = pool_get(&es->pool, rd_u64(&r));
	if (!e)
		return NULL;
	endpoint_id(e, own);
	return crypt_equal(own, id.p, ENDPOINT_ID_LEN) ? e : NULL;
}

void endpoint_place(struct endpoint *e)
{
	struct endpoints *es = e->all;
	const struct addr *host = e->n_calls_at ? &e->call[0] : &e->source;

	hash_remove(&es->by_source, &e->by_source);
	hash_remove(&es->by_host, &e->by_host);
	hash_add(&es->by_source, &e->by_source, hash_of_addr(&es->by_source, &e->source, true));
	hash_add(&es->by_host, &e->by_host, hash_of_addr(&es->by_host, host, false));
}

struct endpoint *endpoint_by_source(const struct endpoints *es, const struct addr *source)
{
	struct hash_node *n =
		hash_first(&es->by_source, hash_of_addr(&es->by_source, source, true));

	for (; n; n = hash_next(n)) {
		struct endpoint *e = container_of(n, struct endpoint, by_source);

		if (addr_eq(&e->source, source))
			return e;
	}
	return NULL;
}

struct endpoint *endpoint_by_host(
	const struct endpoints *es, const struct addr *host, bool *ret_is_many)
{
	struct hash_node *n = hash_first(&es->by_host, hash_of_addr(&es->by_host, host, false));
	struct endpoint *found = NULL;

	*ret_is_many = false;
	for (; n && !*ret_is_many; n = hash_next(n)) {
		struct endpoint *e = container_of(n, struct endpoint, by_host);

		if (!addr_same_host(e->n_calls_at ? &e->call[0] : &e->source, host))
			continue;
		*ret_is_many = found != NULL;
		found = e;
	}
	return *ret_is_many ? NULL : found;
}

void endpoint_refresh(struct endpoint *e)
{
	timer_start(e->all->d.io, &e->timer, e->ttl_s * 1500);
}

uint64_t endpoint_left_s(const struct endpoint *e)
{
	return timer_is_on(&e->timer) ? (timer_left_ms(&e->timer) + 999) / 1000 : 0;
}

/* ---- aliases and their rows ---- */

static void write_row(const struct row *row, struct wr *w)
{
	const struct endpoint_alias *a = container_of(row, const struct endpoint_alias, row);
	const struct endpoint *e = a->endpoint;
	struct show_binding show = {.peer = e->source, .is_nat = e->is_nat, .has_conn = true};
	struct wr contact = wr_of(show.contact, sizeof show.contact);
	char text[ADDR_TEXT_SIZE];

	str_copy(str_of(a->text), show.aor, sizeof show.aor);
	if (e->n_calls_at)
		wr_printf(&contact, "h323:%s", addr_put(&e->call[0], text));
	str_copy(str_of(e->vendor), show.user_agent, sizeof show.user_agent);
	str_copy(str_of(e->user), show.auth_user, sizeof show.auth_user);
	str_copy(STR("h323"), show.transport, sizeof show.transport);
	show.expires_wall_s = io_wall(e->all->d.io) / NS_PER_S + endpoint_left_s(e);
	show_binding_put(w, &show);
}

enum err endpoint_add_alias(struct endpoint *e, enum alias_kind kind, struct str text)
{
	struct endpoints *es = e->all;
	struct endpoint *holder = endpoint_by_alias(es, text);
	struct endpoint_alias *a;

	if (holder)
		return ERR_EXISTS;
	if (e->n_aliases == ENDPOINT_ALIASES || e->names_len + text.len > ENDPOINT_NAMES_MAX)
		return ERR_FULL;
	a = pool_take(&es->aliases);
	if (!a)
		return ERR_FULL;
	a->endpoint = e;
	a->kind = kind;
	(void)str_copy(text, a->text, sizeof a->text);
	hash_add(&es->by_alias, &a->by_text, hash_of_text(&es->by_alias, text));
	list_append(&e->aliases, &a->list);
	row_init(&a->row, ROW_BINDING, a->handle, write_row);
	e->n_aliases++;
	e->names_len += (uint32_t)text.len;
	return OK;
}

void endpoint_remove_alias(struct endpoint_alias *a)
{
	struct endpoint *e = a->endpoint;
	struct endpoints *es = e->all;

	row_del(es->d.ipc, &a->row);
	hash_remove(&es->by_alias, &a->by_text);
	list_remove(&a->list);
	e->n_aliases--;
	e->names_len -= (uint32_t)strlen(a->text);
	pool_give(&es->aliases, a);
}

struct endpoint_alias *endpoint_first_alias(const struct endpoint *e)
{
	struct list *it = list_first(&e->aliases);

	return it ? container_of(it, struct endpoint_alias, list) : NULL;
}

struct endpoint_alias *endpoint_next_alias(const struct endpoint *e, const struct endpoint_alias *a)
{
	return a->list.next != &e->aliases ? container_of(a->list.next, struct endpoint_alias, list)
	                                   : NULL;
}

struct endpoint *endpoint_by_alias(const struct endpoints *es, struct str text)
{
	struct hash_node *n = hash_first(&es->by_alias, hash_of_text(&es->by_alias, text));

	for (; n; n = hash_next(n)) {
		struct endpoint_alias *a = container_of(n, struct endpoint_alias, by_text);

		if (str_ieq(str_of(a->text), text))
			return a->endpoint;
	}
	return NULL;
}

void endpoint_show(struct endpoint *e)
{
	for (struct endpoint_alias *a = endpoint_first_alias(e); a; a = endpoint_next_alias(e, a))
		row_put(e->all->d.ipc, &a->row);
}

/* ---- records ---- */

enum {
	TAG_SECRET = 1,
	TAG_SOURCE,
	TAG_LOCAL,
	TAG_CALL,
	TAG_VENDOR,
	TAG_VENDOR_KEY,
	TAG_USER,
	TAG_TTL,
	TAG_VERSION,
	TAG_FLAGS,
	TAG_KIND, /* of the alias that follows */
	TAG_ALIAS
};

enum { FLAG_NAT = 1, FLAG_TRAVERSAL = 2, FLAG_GATEWAY = 4, FLAG_FULL = 8 };

void endpoint_keep(struct endpoint *e)
{
	void *body = scratch_take(io_scratch(e->all->d.io), KEEP_BODY_MAX);
	struct wr w = wr_of(body, body ? KEEP_BODY_MAX : 0);

	wr_u8(&w, ENDPOINT_V1);
	wr_t_u64(&w, TAG_SECRET, e->secret);
	wr_t_addr(&w, TAG_SOURCE, &e->source);
	wr_t_addr(&w, TAG_LOCAL, &e->local);
	for (uint32_t i = 0; i < e->n_calls_at; i++)
		wr_t_addr(&w, TAG_CALL, &e->call[i]);
	wr_t_z(&w, TAG_VENDOR, e->vendor);
	wr_t_u64(&w, TAG_VENDOR_KEY, e->vendor_key);
	wr_t_z(&w, TAG_USER, e->user);
	wr_t_u32(&w, TAG_TTL, e->ttl_s);
	wr_t_u32(&w, TAG_VERSION, e->version);
	wr_t_u8(&w, TAG_FLAGS,
		(uint8_t)((e->is_nat ? FLAG_NAT : 0) | (e->is_traversal ? FLAG_TRAVERSAL : 0) |
			  (e->is_gateway ? FLAG_GATEWAY : 0) | (e->is_full ? FLAG_FULL : 0)));
	for (struct endpoint_alias *a = endpoint_first_alias(e); a; a = endpoint_next_alias(e, a)) {
		wr_t_u8(&w, TAG_KIND, (uint8_t)a->kind);
		wr_t_z(&w, TAG_ALIAS, a->text);
	}
	if (w.err != OK)
		return;
	keep_put(e->all->d.keep, e->handle, wr_done(&w), NO_FD);
	e->is_kept = true;
}

static void adopt_flags(struct endpoint *e, uint64_t flags)
{
	e->is_nat = flags & FLAG_NAT;
	e->is_traversal = flags & FLAG_TRAVERSAL;
	e->is_gateway = flags & FLAG_GATEWAY;
	e->is_full = flags & FLAG_FULL;
}

static void adopt_alias(struct endpoint *e, enum alias_kind kind, struct rd *v)
{
	char text[H323_ALIAS_MAX + 1];

	rd_t_z(v, text, sizeof text);
	if (v->err == OK && text[0] && kind <= ALIAS_ADDRESS &&
		endpoint_add_alias(e, kind, str_of(text)) != OK)
		rd_fail(v, ERR_EXISTS);
}

static void adopt_field(struct endpoint *e, uint16_t tag, struct rd *v, enum alias_kind *kind)
{
	switch (tag) {
	case TAG_SECRET:
		e->secret = rd_t_num(v);
		break;
	case TAG_SOURCE:
		e->source = rd_t_addr(v);
		break;
	case TAG_LOCAL:
		e->local = rd_t_addr(v);
		break;
	case TAG_CALL:
		if (e->n_calls_at < ENDPOINT_ADDRESSES)
			e->call[e->n_calls_at++] = rd_t_addr(v);
		break;
	case TAG_VENDOR:
		rd_t_z(v, e->vendor, sizeof e->vendor);
		break;
	case TAG_VENDOR_KEY:
		e->vendor_key = rd_t_num(v);
		break;
	case TAG_USER:
		rd_t_z(v, e->user, sizeof e->user);
		break;
	case TAG_TTL:
		e->ttl_s = (uint32_t)rd_t_num(v);
		break;
	case TAG_VERSION:
		e->version = (uint32_t)rd_t_num(v);
		break;
	case TAG_FLAGS:
		adopt_flags(e, rd_t_num(v));
		break;
	case TAG_KIND:
		*kind = (enum alias_kind)rd_t_num(v);
		break;
	case TAG_ALIAS:
		adopt_alias(e, *kind, v);
		break;
	default:
		break;
	}
}

/* How long it has been silent nobody knows any more: its time begins anew. */
static enum err adopt_one(struct endpoints *es, const struct kept *k)
{
	struct endpoint *e = pool_take_at(&es->pool, k->key);
	struct rd rd = rd_of(k->body), value;
	enum alias_kind kind = ALIAS_ID;
	uint16_t tag;

	if (!e)
		return ERR_EXISTS;
	begin(es, e);
	if (rd_u8(&rd) != ENDPOINT_V1)
		rd_fail(&rd, ERR_VERSION);
	while (rd_tag(&rd, &tag, &value)) {
		adopt_field(e, tag, &value, &kind);
		rd_join(&rd, &value);
	}
	if (rd.err != OK || !e->n_aliases || !e->ttl_s || e->ttl_s > UINT32_MAX / 1500) {
		endpoint_drop(e);
		return rd.err != OK ? rd.err : ERR_NOENT;
	}
	e->is_kept = true;
	endpoint_place(e);
	endpoint_refresh(e);
	endpoint_show(e);
	return OK;
}

void endpoints_adopt(struct endpoints *es)
{
	struct kept k;

	while (keep_next(es->d.keep, HK_ENDPOINT, &k)) {
		if (k.fd != NO_FD)
			io_close_fd(es->d.io, k.fd);
		if (adopt_one(es, &k) != OK)
			keep_del(es->d.keep, k.key);
	}
}
