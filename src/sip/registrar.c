/* registrar.c - see registrar.h. A REGISTER is checked whole before anything is changed (10.3 step 7). */
#include <string.h>

#include "call/policy.h"
#include "sip/answer.h"
#include "sip/registrar.h"
#include "sip/uac.h"

#define NS_PER_MS        1000000u
#define NS_PER_S         1000000000u
#define BINDING_V1       1
#define KEEP_FROM_S      60u /* shorter ones on UDP come again by themselves */
#define FLOW_TIMER_S     120u
#define FLOW_TIMER_UDP_S 15u /* pinholes live 20 s */

LOG_EVENT(ev_registered, "REG-100", LOG_INFO, "registered");
LOG_EVENT(ev_gone, "REG-101", LOG_INFO, "registration ended");
LOG_EVENT(ev_refused, "REG-102", LOG_NOTICE, "registration refused");

struct binding {
	uint64_t handle; /* HK_BINDING */
	struct registrar *r;
	struct hash_node by_aor;
	struct list by_conn;
	struct timer timer;
	struct row row;
	char aor[ALIAS_MAX];
	char contact[512], params[256]; /* as written; params without expires */
	char call_id[CALL_ID_MAX];
	char instance[128], user[64], agent[SHOW_NAME_MAX];
	uint32_t cseq, reg_id;
	uint64_t conn;
	struct addr local, remote;
	enum sip_transport transport;
	uint64_t expires; /* ns, monotonic */
	bool is_nat, is_kept;
};

struct registrar {
	struct sip *s;
	struct pool pool;
	struct hash_table by_aor;
};

/* ---- the table ---- */

enum err registrar_new(struct sip *s, struct registrar **ret)
{
	struct registrar *r = mem_array(1, sizeof *r);
	uint32_t generation, n = s->conf->limits.registrations;
	struct hash_key key;
	enum err err;

	if (!r)
		return ERR_FULL;
	r->s = s;
	io_random(s->io, &generation, sizeof generation);
	io_random(s->io, &key, sizeof key);
	err = pool_init(&r->pool, HK_BINDING, sizeof(struct binding), n, generation);
	if (err == OK)
		err = hash_init(&r->by_aor, n, &key);
	if (err != OK) {
		registrar_free(r);
		return err;
	}
	*ret = r;
	return OK;
}

static void name_conn(struct binding *b, struct conn *c)
{
	b->conn = c->handle;
	list_append(&c->bindings, &b->by_conn);
	conn_register(c);
	conn_use(c, 1);
}

static void unname_conn(struct binding *b)
{
	struct conn *c = conn_get(b->r->s->conns, b->conn);

	list_remove(&b->by_conn);
	b->conn = 0;
	if (!c)
		return;
	if (list_is_empty(&c->bindings))
		conn_unregister(c);
	conn_use(c, -1);
}

static void drop(struct binding *b)
{
	struct registrar *r = b->r;

	timer_stop(&b->timer);
	row_del(r->s->ipc, &b->row);
	if (b->is_kept)
		keep_del(r->s->keep, b->handle);
	unname_conn(b);
	hash_remove(&r->by_aor, &b->by_aor);
	pool_give(&r->pool, b);
}

void registrar_free(struct registrar *r)
{
	if (!r)
		return;
	for (struct binding *b = NULL; r->pool.n && (b = pool_next(&r->pool, b));) {
		timer_stop(&b->timer);
		row_del(r->s->ipc, &b->row);
	}
	pool_free(&r->pool);
	hash_free(&r->by_aor);
	mem_free(r);
}

size_t registrar_count(const struct registrar *r)
{
	return r->pool.n_taken;
}

static struct binding *first_of(struct registrar *r, struct str aor, struct binding *after)
{
	struct hash_node *n = after ? hash_next(&after->by_aor)
	                            : hash_first(&r->by_aor, hash_of(&r->by_aor, aor));

	for (; n; n = hash_next(n)) {
		struct binding *b = container_of(n, struct binding, by_aor);

		if (str_eq(str_of(b->aor), aor))
			return b;
	}
	return NULL;
}

/* A transport that cannot carry it any more: the next REGISTER brings another one. */
void registrar_conn_lost(struct registrar *r, const struct conn *c)
{
	struct list *it;

	while ((it = list_first(&c->bindings))) {
		struct binding *b = container_of(it, struct binding, by_conn);

		list_remove(it);
		b->conn = 0;
		row_put(r->s->ipc, &b->row);
	}
}

/* ---- rows, records ---- */

static uint64_t left_s(const struct binding *b)
{
	uint64_t now = io_now(b->r->s->io);

	return b->expires > now ? (b->expires - now + NS_PER_S - 1) / NS_PER_S : 0;
}

static void write_row(const struct row *row, struct wr *w)
{
	const struct binding *b = container_of(row, const struct binding, row);
	struct show_binding show = {
		.peer = b->remote, .is_nat = b->is_nat, .has_conn = b->conn != 0};

	str_copy(str_of(b->aor), show.aor, sizeof show.aor);
	str_copy(str_of(b->contact), show.contact, sizeof show.contact);
	str_copy(str_of(b->agent), show.user_agent, sizeof show.user_agent);
	str_copy(str_of(b->user), show.auth_user, sizeof show.auth_user);
	str_copy(str_of(sip_transport_name(b->transport)), show.transport, sizeof show.transport);
	for (char *p = show.transport; *p; p++)
		*p = ascii_lower(*p);
	show.expires_wall_s = io_wall(b->r->s->io) / NS_PER_S + left_s(b);
	show_binding_put(w, &show);
}

enum {
	TAG_AOR = 1,
	TAG_CONTACT,
	TAG_PARAMS,
	TAG_CALL_ID,
	TAG_CSEQ,
	TAG_INSTANCE,
	TAG_REG_ID,
	TAG_CONN,
	TAG_LOCAL,
	TAG_REMOTE,
	TAG_USER,
	TAG_AGENT,
	TAG_EXPIRES,
	TAG_NAT,
	TAG_TRANSPORT
};

static void binding_keep(struct binding *b)
{
	struct wr w;

	if (b->transport == SIP_TP_UDP && left_s(b) < KEEP_FROM_S)
		return;
	w = sip_scratch(b->r->s, KEEP_BODY_MAX);
	wr_u8(&w, BINDING_V1);
	wr_t_z(&w, TAG_AOR, b->aor);
	wr_t_z(&w, TAG_CONTACT, b->contact);
	wr_t_z(&w, TAG_PARAMS, b->params);
	wr_t_z(&w, TAG_CALL_ID, b->call_id);
	wr_t_u32(&w, TAG_CSEQ, b->cseq);
	wr_t_z(&w, TAG_INSTANCE, b->instance);
	wr_t_u32(&w, TAG_REG_ID, b->reg_id);
	wr_t_u64(&w, TAG_CONN, b->conn);
	wr_t_addr(&w, TAG_LOCAL, &b->local);
	wr_t_addr(&w, TAG_REMOTE, &b->remote);
	wr_t_z(&w, TAG_USER, b->user);
	wr_t_z(&w, TAG_AGENT, b->agent);
	wr_t_u64(&w, TAG_EXPIRES, b->expires);
	wr_t_u8(&w, TAG_NAT, b->is_nat);
	wr_t_u8(&w, TAG_TRANSPORT, (uint8_t)b->transport);
	if (w.err != OK)
		return;
	keep_put(b->r->s->keep, b->handle, wr_done(&w), NO_FD);
	b->is_kept = true;
}

static void adopt_field(struct binding *b, uint16_t tag, struct rd *v)
{
	uint64_t transport;

	switch (tag) {
	case TAG_AOR:
		rd_t_z(v, b->aor, sizeof b->aor);
		break;
	case TAG_CONTACT:
		rd_t_z(v, b->contact, sizeof b->contact);
		break;
	case TAG_PARAMS:
		rd_t_z(v, b->params, sizeof b->params);
		break;
	case TAG_CALL_ID:
		rd_t_z(v, b->call_id, sizeof b->call_id);
		break;
	case TAG_CSEQ:
		b->cseq = (uint32_t)rd_t_num(v);
		break;
	case TAG_INSTANCE:
		rd_t_z(v, b->instance, sizeof b->instance);
		break;
	case TAG_REG_ID:
		b->reg_id = (uint32_t)rd_t_num(v);
		break;
	case TAG_CONN:
		b->conn = rd_t_num(v);
		break;
	case TAG_LOCAL:
		b->local = rd_t_addr(v);
		break;
	case TAG_REMOTE:
		b->remote = rd_t_addr(v);
		break;
	case TAG_USER:
		rd_t_z(v, b->user, sizeof b->user);
		break;
	case TAG_AGENT:
		rd_t_z(v, b->agent, sizeof b->agent);
		break;
	case TAG_EXPIRES:
		b->expires = rd_t_num(v); /* records live no longer than the keeper: one clock */
		break;
	case TAG_NAT:
		b->is_nat = rd_t_num(v);
		break;
	case TAG_TRANSPORT:
		transport = rd_t_num(v);
		b->transport =
			transport <= SIP_TP_TLS ? (enum sip_transport)transport : SIP_TP_NONE;
		break;
	default:
		break;
	}
}

static void on_expired(void *arg)
{
	struct binding *b = arg;

	log_put(io_log(b->r->s->io), &ev_gone, F_Z("aor", b->aor), F_ADDR("peer", &b->remote),
		F_Z("why", "expired"));
	drop(b);
}

static void begin(struct registrar *r, struct binding *b)
{
	b->r = r;
	timer_init(&b->timer, on_expired, b);
	row_init(&b->row, ROW_BINDING, b->handle, write_row);
}

static void show(struct binding *b)
{
	hash_add(&b->r->by_aor, &b->by_aor, hash_of(&b->r->by_aor, str_of(b->aor)));
	timer_start(b->r->s->io, &b->timer, (uint32_t)(left_s(b) * 1000));
	row_put(b->r->s->ipc, &b->row);
}

static enum err adopt_one(struct registrar *r, const struct kept *k)
{
	struct binding *b = pool_take_at(&r->pool, k->key);
	struct rd rd = rd_of(k->body), value;
	struct conn *c;
	uint16_t tag;

	if (!b)
		return ERR_EXISTS;
	begin(r, b);
	b->is_kept = true;
	if (rd_u8(&rd) != BINDING_V1)
		rd_fail(&rd, ERR_VERSION);
	while (rd_tag(&rd, &tag, &value)) {
		adopt_field(b, tag, &value);
		rd_join(&rd, &value);
	}
	if (rd.err != OK || !left_s(b) || !b->aor[0]) {
		pool_give(&r->pool, b);
		return rd.err != OK ? rd.err : ERR_NOENT;
	}
	c = conn_get(r->s->conns, b->conn);
	if (!c && (b->transport != SIP_TP_UDP ||
			  conn_udp(r->s->conns, &b->local, &b->remote, &c) != OK))
		c = NULL;
	b->conn = 0;
	if (c)
		name_conn(b, c);
	show(b);
	return OK;
}

void registrar_adopt(struct registrar *r)
{
	struct kept k;

	while (keep_next(r->s->keep, HK_BINDING, &k)) {
		if (adopt_one(r, &k) != OK)
			keep_del(r->s->keep, k.key);
	}
	for (struct conn *c = NULL; (c = conns_next(r->s->conns, c));) {
		if (list_is_empty(&c->bindings))
			conn_unregister(c); /* its registration ended with our predecessor */
	}
}

/* ---- the search's question ---- */

static size_t find(
	void *arg, struct str alias, struct target *ret_targets, size_t max, bool *ret_is_known)
{
	struct registrar *r = arg;
	size_t n = 0;

	for (struct binding *b = NULL; (b = first_of(r, alias, b));) {
		struct target *t;

		*ret_is_known = true;
		if (!conn_get(r->s->conns, b->conn) || n == max)
			continue;
		t = &ret_targets[n++];
		*t = (struct target){
			.zone = zone_local(r->s->zones), .conn = {b->conn}, .is_nat = b->is_nat};
		t->source = addr_with_port(&b->remote, 0);
		str_copy(str_of(b->contact), t->uri, sizeof t->uri);
		str_copy(alias, t->alias, sizeof t->alias);
	}
	return n;
}

struct registrar_ops registrar_ops(struct registrar *r)
{
	return (struct registrar_ops){.find = find, .arg = r};
}

/* ---- a REGISTER ---- */

struct wish {
	struct sip_nameaddr na;
	struct str instance;
	uint32_t reg_id, expires_s;
	struct binding *old; /* that it replaces */
	uint64_t left;       /* the conn that its binding named before */
	bool has_moved;
};

struct reg {
	struct registrar *r;
	struct conn *c;
	struct tx *tx;
	const struct sip_msg *m;
	char aor[ALIAS_MAX];
	struct caller caller;
	struct wish wishes[CONTACTS_PER_REQUEST];
	size_t n;
	bool is_star, is_outbound;
};

static void refuse(struct reg *reg, unsigned code, struct str reason)
{
	log_put(io_log(reg->r->s->io), &ev_refused, F_Z("aor", reg->aor),
		F_ADDR("src", &reg->c->remote), F_NUM("code", code), F_STR("why", reason));
	answer(reg->r->s, reg->tx, reg->m, code, reason, STR_NONE);
}

/* user@host as the search asks for it: user unescaped once, host in lower case (10.3 step 5). */
static bool put_aor(const struct sip_msg *m, char ret[ALIAS_MAX], struct str *ret_host)
{
	struct sip_nameaddr na;
	struct sip_uri uri;
	struct wr w = wr_of(ret, ALIAS_MAX - 1);

	ret[0] = '\0';
	if (sip_nameaddr_parse(sip_header(m, SIP_HDR_TO), &na) != OK ||
		sip_uri_parse(na.uri, &uri) != OK)
		return false;
	if (uri.scheme != SIP_SCHEME_SIP && uri.scheme != SIP_SCHEME_SIPS)
		return false;
	if (uri.has_user) {
		sip_uri_unescape(uri.user, &w);
		wr_u8(&w, '@');
	}
	for (size_t i = 0; i < uri.host.len; i++)
		wr_u8(&w, (uint8_t)ascii_lower(uri.host.p[i]));
	if (w.err != OK)
		return false;
	ret[wr_len(&w)] = '\0';
	*ret_host = uri.host;
	return true;
}

/* The user part must be whom the password proved. */
static bool is_own_alias(const struct reg *reg)
{
	struct str aor = str_of(reg->aor), user = str_of(reg->caller.user);

	return !user.len || str_eq(user, aor) || str_eq(user, str_head(aor, str_find(aor, '@')));
}

static bool may_register(struct reg *reg)
{
	struct sip *s = reg->r->s;
	const struct conf_subzone *zone;
	struct str host;

	if (!s->conf->sip.registrar) {
		refuse(reg, 403, STR("Registration is not offered here"));
		return false;
	}
	if (!put_aor(reg->m, reg->aor, &host)) {
		refuse(reg, 400, STR("Bad Request (To)"));
		return false;
	}
	if (!gate_is_ours(s, host) || !gate_is_ours(s, reg->m->uri.host)) {
		refuse(reg, 403, STR("Not a domain of this node"));
		return false;
	}
	zone = policy_subzone(s->conf, io_scratch(s->io), &reg->c->remote, str_of(reg->aor));
	if (zone->registration == REG_DENY) {
		refuse(reg, 403, STR("Registration is denied in this subzone"));
		return false;
	}
	if (!gate_identity(s, reg->c, reg->tx, reg->m, zone->authentication, false, &reg->caller))
		return false;
	if (!is_own_alias(reg)) {
		refuse(reg, 403, STR("Another user's alias"));
		return false;
	}
	if (s->conf->registration_policy != REG_POLICY_NONE &&
		policy_lists(s->conf, io_scratch(s->io), str_of(reg->aor)) !=
			(s->conf->registration_policy == REG_POLICY_ALLOW)) {
		refuse(reg, 403, STR("Registration policy"));
		return false;
	}
	return true;
}

static bool requires_known(struct reg *reg)
{
	struct sip_list list = sip_list_of(reg->m, SIP_HDR_REQUIRE);
	struct str tag;
	struct wr w;

	while (sip_list_next(&list, &tag) == OK) {
		if (str_ieq(tag, STR("path")) || str_ieq(tag, STR("outbound")) ||
			str_ieq(tag, STR("gruu")))
			continue;
		w = answer_begin(reg->r->s, reg->tx, reg->m, 420, STR_NONE, STR("refused"));
		sip_put_header(&w, SIP_HDR_UNSUPPORTED, tag);
		answer_send(reg->r->s, reg->tx, 420, &w);
		return false;
	}
	return true;
}

/* ---- its Contacts ---- */

static uint32_t default_expires(const struct reg *reg)
{
	const struct conf_sip *sip = &reg->r->s->conf->sip;
	uint32_t seconds;
	struct str params;

	if (sip_has(reg->m, SIP_HDR_EXPIRES) &&
		sip_delta_parse(sip_header(reg->m, SIP_HDR_EXPIRES), &seconds, &params) == OK)
		return seconds;
	return (reg->is_outbound ? sip->reg_outbound_max_ms : sip->reg_max_ms) / 1000;
}

static struct binding *replaced_by(struct reg *reg, const struct wish *w)
{
	for (struct binding *b = NULL; (b = first_of(reg->r, str_of(reg->aor), b));) {
		if (w->reg_id && w->instance.len) {
			if (b->reg_id == w->reg_id && str_eq(str_of(b->instance), w->instance))
				return b;
		} else if (sip_uri_same(str_of(b->contact), w->na.uri)) {
			return b;
		}
	}
	return NULL;
}

static bool read_wish(struct reg *reg, struct wish *w)
{
	struct sip_param p;
	struct sip_uri uri;
	uint64_t number;

	if (sip_uri_parse(w->na.uri, &uri) != OK || (!w->na.has_brackets && uri.headers.len))
		return false;
	if (sip_param_find(w->na.params, STR("reg-id"), &p) &&
		str_u64(p.value, UINT32_MAX, &number) == OK)
		w->reg_id = (uint32_t)number;
	w->instance = sip_param_value(w->na.params, STR("+sip.instance"));
	reg->is_outbound |= w->reg_id && w->instance.len;
	w->expires_s = default_expires(reg);
	if (sip_param_find(w->na.params, STR("expires"), &p) &&
		str_u64(p.value, UINT32_MAX, &number) == OK)
		w->expires_s = (uint32_t)number;
	w->old = replaced_by(reg, w);
	return true;
}

static bool read_contacts(struct reg *reg)
{
	struct sip_list list = sip_list_of(reg->m, SIP_HDR_CONTACT);
	struct sip_nameaddr na;
	enum err err;

	while ((err = sip_nameaddr_next(&list, &na)) == OK) {
		if (na.is_star) {
			reg->is_star = true;
			continue;
		}
		if (reg->n == CONTACTS_PER_REQUEST) {
			refuse(reg, 403, STR("Too many Contacts"));
			return false;
		}
		reg->wishes[reg->n] = (struct wish){.na = na};
		if (!read_wish(reg, &reg->wishes[reg->n++])) {
			err = ERR_SYNTAX;
			break;
		}
	}
	if (err != ERR_NOENT || (reg->is_star && (reg->n || default_expires(reg) != 0))) {
		refuse(reg, 400, STR("Bad Request (Contact)"));
		return false;
	}
	return true;
}

static void clamp(struct reg *reg, struct wish *w)
{
	const struct conf_sip *sip = &reg->r->s->conf->sip;
	uint32_t max_s = (reg->is_outbound ? sip->reg_outbound_max_ms : sip->reg_max_ms) / 1000;

	if (w->expires_s > max_s)
		w->expires_s = max_s;
}

static bool is_too_brief(struct reg *reg)
{
	const struct conf_sip *sip = &reg->r->s->conf->sip;
	uint32_t min_s = (reg->is_outbound ? sip->reg_outbound_min_ms : sip->reg_min_ms) / 1000;
	struct wr w;

	for (size_t i = 0; i < reg->n; i++) {
		clamp(reg, &reg->wishes[i]);
		if (!reg->wishes[i].expires_s || reg->wishes[i].expires_s >= min_s)
			continue;
		w = answer_begin(reg->r->s, reg->tx, reg->m, 423, STR_NONE, STR("refused"));
		sip_put_header_f(&w, SIP_HDR_MIN_EXPIRES, "%u", min_s);
		answer_send(reg->r->s, reg->tx, 423, &w);
		return true;
	}
	return false;
}

/* The same Call-ID with a lower number: a REGISTER that was overtaken (10.3 step 7). */
static bool is_overtaken(const struct reg *reg, const struct binding *b)
{
	return str_eq(str_of(b->call_id), reg->m->call_id) && reg->m->cseq < b->cseq;
}

static bool has_room(struct reg *reg)
{
	const struct conf_limits *limits = &reg->r->s->conf->limits;
	size_t n_old = 0, n_new = 0, n_kept = 0;

	for (struct binding *b = NULL; (b = first_of(reg->r, str_of(reg->aor), b));)
		n_old++;
	for (size_t i = 0; i < reg->n; i++) {
		n_new += !reg->wishes[i].old && reg->wishes[i].expires_s;
		n_kept += reg->wishes[i].expires_s > 0;
	}
	if (n_new && n_old + n_new > limits->registrations_per_aor) {
		refuse(reg, 403, STR("Too many registrations of this alias"));
		return false;
	}
	if (n_new > reg->r->pool.n_free) {
		gate_refuse(reg->r->s, reg->c, reg->tx, reg->m, "limits.registrations",
			STR("Too many registrations"));
		return false;
	}
	if (n_kept && !conn_may_register(reg->c)) {
		gate_refuse(reg->r->s, reg->c, reg->tx, reg->m,
			"limits.connections_per_source_authenticated",
			STR("Too many connections of registered clients of this source"));
		return false;
	}
	return true;
}

static bool is_applicable(struct reg *reg)
{
	for (struct binding *b = NULL; (b = first_of(reg->r, str_of(reg->aor), b));) {
		bool is_named = reg->is_star;

		for (size_t i = 0; i < reg->n; i++)
			is_named |= reg->wishes[i].old == b;
		if (is_named && is_overtaken(reg, b)) {
			refuse(reg, 500, STR("CSeq is too low"));
			return false;
		}
	}
	return !is_too_brief(reg) && has_room(reg);
}

/* ---- doing it ---- */

static void put_params(struct str params, char *ret, size_t size)
{
	struct wr w = wr_of(ret, size - 1);
	struct sip_param p;

	while (sip_param_next(&params, &p) == OK) {
		if (str_ieq(p.name, STR("expires")))
			continue;
		wr_u8(&w, ';');
		(void)!lex_put_line(&w, p.text);
	}
	ret[w.err == OK ? wr_len(&w) : 0] = '\0';
}

static void set_conn(struct binding *b, struct conn *c)
{
	unname_conn(b);
	name_conn(b, c);
	b->local = c->local;
	b->remote = c->remote;
	b->transport = c->transport;
}

static void apply_one(struct reg *reg, struct wish *w)
{
	struct binding *b = w->old ? w->old : pool_take(&reg->r->pool);

	if (!b)
		return;
	if (!w->old)
		begin(reg->r, b);
	str_copy(str_of(reg->aor), b->aor, sizeof b->aor);
	if (!str_copy(w->na.uri, b->contact, sizeof b->contact) ||
		!str_copy(reg->m->call_id, b->call_id, sizeof b->call_id)) {
		drop(b);
		return;
	}
	put_params(w->na.params, b->params, sizeof b->params);
	str_copy(w->instance, b->instance, sizeof b->instance);
	str_copy(sip_header(reg->m, SIP_HDR_USER_AGENT), b->agent, sizeof b->agent);
	str_copy(str_of(reg->caller.user), b->user, sizeof b->user);
	b->cseq = reg->m->cseq;
	b->reg_id = w->reg_id;
	b->is_nat = dialog_is_nat(reg->m, zone_default(reg->r->s->zones), &reg->c->remote);
	b->expires = io_now(reg->r->s->io) + (uint64_t)w->expires_s * NS_PER_S;
	w->left = b->conn;
	w->has_moved = b->conn != reg->c->handle;
	if (w->has_moved)
		set_conn(b, reg->c);
	show(b);
	binding_keep(b);
	log_put(io_log(reg->r->s->io), &ev_registered, F_Z("aor", b->aor),
		F_Z("contact", b->contact), F_ADDR("peer", &b->remote),
		F_NUM("expires", w->expires_s), F_NUM("nat", b->is_nat));
}

static void end_one(struct binding *b, const char *why)
{
	log_put(io_log(b->r->s->io), &ev_gone, F_Z("aor", b->aor), F_ADDR("peer", &b->remote),
		F_Z("why", why));
	drop(b);
}

static void apply(struct reg *reg)
{
	struct binding *b;

	while (reg->is_star && (b = first_of(reg->r, str_of(reg->aor), NULL)))
		end_one(b, "unregistered");
	for (size_t i = 0; i < reg->n; i++) {
		struct wish *w = &reg->wishes[i];

		w->old = replaced_by(reg, w); /* an earlier one may have ended it */
		if (w->expires_s)
			apply_one(reg, w);
		else if (w->old)
			end_one(w->old, "unregistered");
	}
}

static void put_bindings(struct reg *reg, struct wr *w)
{
	for (struct binding *b = NULL; (b = first_of(reg->r, str_of(reg->aor), b));)
		sip_put_header_f(w, SIP_HDR_CONTACT, "<%s>%s;expires=%llu", b->contact, b->params,
			(unsigned long long)left_s(b));
}

static size_t room_of(struct reg *reg)
{
	size_t n = 0;

	for (struct binding *b = NULL; (b = first_of(reg->r, str_of(reg->aor), b));)
		n += sizeof b->contact + sizeof b->params + 64;
	return n;
}

static void say_ok(struct reg *reg)
{
	struct wr w;
	char tag[17];

	tag_put(reg->r->s, tag);
	w = answer_begin_room(reg->r->s, reg->tx, reg->m, 200, STR_NONE, str_of(tag), room_of(reg));
	put_bindings(reg, &w);
	sip_put_copied(&w, reg->m, SIP_HDR_PATH);
	if (reg->is_outbound) {
		sip_put_header(&w, SIP_HDR_REQUIRE, STR("outbound"));
		sip_put_header_f(&w, SIP_HDR_FLOW_TIMER, "%u",
			reg->c->transport == SIP_TP_UDP ? FLOW_TIMER_UDP_S : FLOW_TIMER_S);
	}
	answer_send(reg->r->s, reg->tx, 200, &w);
}

/* ---- where they were before ---- */

/* Nothing is on it but what its client left behind (a firewall that forgot it tells nobody): what waits there
 * for an answer waits in vain. */
static bool is_left(const struct registrar *r, const struct conn *c)
{
	return c->is_inbound && conn_is_stream(c) && !c->n_uses &&
	       c->zone == zone_default(r->s->zones);
}

static void leave_conn(struct reg *reg, uint64_t conn)
{
	struct sip *s = reg->r->s;
	struct conn *from = conn_get(s->conns, conn);

	uac_client_moved(s, str_of(reg->aor), from, reg->c);
	if (from && is_left(reg->r, from))
		conn_close(from, ERR_CLOSED, STR("its client came back by another connection"));
}

static void leave_conns(struct reg *reg)
{
	for (size_t i = 0; i < reg->n; i++) {
		if (reg->wishes[i].has_moved)
			leave_conn(reg, reg->wishes[i].left);
	}
}

void registrar_request(struct registrar *r, struct conn *c, struct tx *tx, const struct sip_msg *m)
{
	struct reg *reg = scratch_take(io_scratch(r->s->io), sizeof *reg);

	if (!reg)
		return;
	reg->r = r;
	reg->c = c;
	reg->tx = tx;
	reg->m = m;
	if (!requires_known(reg) || !may_register(reg) || !read_contacts(reg) ||
		!is_applicable(reg))
		return;
	apply(reg);
	say_ok(reg);
	leave_conns(reg);
}
