/* dialog.c - dialogs as data: tokens, ids, numbers, records. */
#include <string.h>

#include "base/code.h"
#include "base/crypt.h"
#include "sip/dialog.h"

#define DIALOG_V1   1
#define STRANDED_MS 120000u /* a client finds out that its connection is dead */

LOG_EVENT(ev_full, "SIP-150", LOG_ERROR, "no dialog is left");
LOG_EVENT(ev_too_long, "SIP-151", LOG_NOTICE,
	"dialog is too long for a record: it would not survive a restart");
LOG_EVENT(ev_dropped, "SIP-152", LOG_ERROR, "record of a dialog dropped");

struct wr sip_scratch(struct sip *s, size_t size)
{
	char *buf = scratch_take(io_scratch(s->io), size);
	struct wr w = wr_of(buf, buf ? size : 0);

	if (!buf)
		w.err = ERR_FULL;
	return w;
}

/* ---- life ---- */

/* {handle, MAC}, in base32 where it is read: made once for each dialog, for it is asked for with every
 * message. */
static void make_token(struct dialog *d)
{
	uint8_t mac[SHA256_LEN];

	hmac_sha256((struct str){(const char *)d->sip->token_key, sizeof d->sip->token_key},
		(struct str){(const char *)&d->handle, sizeof d->handle}, mac);
	memcpy(d->token, &d->handle, sizeof d->handle);
	memcpy(d->token + sizeof d->handle, mac, CONTACT_TOKEN_LEN - sizeof d->handle);
}

static void make_room(struct sip *s)
{
	struct list *oldest = list_first(&s->stranded);

	if (oldest)
		dialog_free(container_of(oldest, struct dialog, by_conn));
}

struct dialog *dialog_new(struct sip *s, struct zone *zone, bool is_uas)
{
	struct dialog *d;

	if (!s->dialogs.n_free)
		make_room(s);
	d = pool_take(&s->dialogs);
	if (!d) {
		log_put(io_log(s->io), &ev_full, F_NUM("dialogs", s->dialogs.n));
		return NULL;
	}
	d->sip = s;
	d->zone = zone;
	d->is_uas = is_uas;
	timer_init(&d->timer, s->on_dialog_timer, d);
	timer_init(&d->session.timer, s->on_session_timer, d);
	d->state = is_uas ? DS_INVITED : DS_INVITING;
	make_token(d);
	return d;
}

static void unuse_conn(struct dialog *d)
{
	struct conn *c = conn_get(d->sip->conns, d->conn);

	list_remove(&d->by_conn);
	if (c)
		conn_use(c, -1);
	d->conn = 0;
}

void dialog_free(struct dialog *d)
{
	struct sip *s = d->sip;

	timer_stop(&d->timer);
	timer_stop(&d->session.timer);
	attempt_drop(s->attempts, d->attempt);
	unuse_conn(d);
	if (d->is_kept)
		keep_del(s->keep, d->handle);
	store_drop(s->store, &d->ack);
	store_drop(s->store, &d->again);
	store_drop(s->store, &d->refusal);
	pool_give(&s->dialogs, d);
}

struct dialog *dialog_get(struct sip *s, uint64_t handle)
{
	return pool_get(&s->dialogs, handle);
}

const char *dialog_token(const struct dialog *d, char buf[CONTACT_TOKEN_MAX])
{
	base32_put(d->token, sizeof d->token, buf);
	return buf;
}

struct dialog *dialog_of_token(struct sip *s, struct str user)
{
	uint8_t token[CONTACT_TOKEN_LEN];
	struct dialog *d;
	uint64_t handle;
	size_t n;

	if (user.len != BASE32_LEN(CONTACT_TOKEN_LEN) ||
		base32_get(user, token, sizeof token, &n) != OK || n != sizeof token)
		return NULL;
	memcpy(&handle, token, sizeof handle);
	d = dialog_get(s, handle);
	return d && crypt_equal(d->token, token, sizeof token) ? d : NULL;
}

bool dialog_fits(const struct dialog *d, const struct sip_msg *m)
{
	bool is_settled = d->state == DS_UP || d->state == DS_ANSWERED || d->state == DS_ENDING;

	if (!str_eq(str_of(d->call_id), m->call_id) || !str_eq(str_of(d->remote_tag), m->from_tag))
		return false;
	/* below a fork every branch has a tag of its own: until one is chosen all of them fit */
	return !is_settled || str_eq(str_of(d->local_tag), m->to_tag);
}

/* ---- what messages say ---- */

static enum err copy(struct str from, char *ret, size_t size)
{
	return str_copy(from, ret, size) ? OK : ERR_FULL;
}

static enum err first_contact(const struct sip_msg *m, struct str *ret_uri)
{
	struct sip_list list = sip_list_of(m, SIP_HDR_CONTACT);
	struct sip_nameaddr na;
	enum err err = sip_nameaddr_next(&list, &na);

	if (err != OK)
		return err;
	if (na.is_star)
		return ERR_SYNTAX;
	*ret_uri = na.uri;
	return OK;
}

static enum err set_target(struct dialog *d, const struct sip_msg *m)
{
	struct str uri = STR_NONE;
	struct sip_uri parsed;
	enum err err = first_contact(m, &uri);

	if (err == OK)
		err = sip_uri_parse(uri, &parsed);
	return err == OK ? copy(uri, d->target, sizeof d->target) : err;
}

/* Record-Route as a Route value: in its order for a UAS, reversed for a UAC (RFC 3261 12.1). */
static enum err set_routes(struct dialog *d, const struct sip_msg *m, bool is_reversed)
{
	struct sip_list list = sip_list_of(m, SIP_HDR_RECORD_ROUTE);
	struct str routes[SIP_ROUTES_MAX], element;
	struct wr w = wr_of(d->routes, sizeof d->routes - 1);
	size_t n = 0;

	while (n < SIP_ROUTES_MAX && sip_list_next(&list, &element) == OK)
		routes[n++] = element;
	for (size_t i = 0; i < n; i++) {
		if (i)
			wr_str(&w, STR(", "));
		if (lex_put_line(&w, routes[is_reversed ? n - 1 - i : i]) != OK)
			return ERR_SYNTAX;
	}
	d->routes[wr_len(&w)] = '\0';
	if (w.err != OK)
		d->routes[0] = '\0';
	return w.err;
}

static enum err copy_line(struct str value, char *ret, size_t size)
{
	struct wr w = wr_of(ret, size - 1);
	enum err err = lex_put_line(&w, value);

	if (err == OK)
		err = w.err;
	ret[err == OK ? wr_len(&w) : 0] = '\0';
	return err;
}

enum err dialog_from_invite(struct dialog *d, const struct sip_msg *m)
{
	enum err err = copy(m->call_id, d->call_id, sizeof d->call_id);

	if (err == OK)
		err = copy(m->from_tag, d->remote_tag, sizeof d->remote_tag);
	if (err == OK)
		err = copy_line(
			sip_header(m, SIP_HDR_FROM), d->remote_party, sizeof d->remote_party);
	if (err == OK)
		err = copy_line(sip_header(m, SIP_HDR_TO), d->local_party, sizeof d->local_party);
	if (err == OK)
		err = set_target(d, m);
	if (err == OK)
		err = set_routes(d, m, false);
	d->cseq_in = m->cseq;
	return err;
}

/* UAC: the far side's half; called for every response with a To tag, so that the last one counts. */
enum err dialog_from_response(struct dialog *d, const struct sip_msg *m)
{
	enum err err = copy(m->to_tag, d->remote_tag, sizeof d->remote_tag);

	if (err == OK)
		err = copy_line(sip_header(m, SIP_HDR_TO), d->remote_party, sizeof d->remote_party);
	if (err == OK)
		err = set_routes(d, m, true);
	if (err == OK && sip_has(m, SIP_HDR_CONTACT))
		err = set_target(d, m);
	return err;
}

void dialog_refresh(struct dialog *d, const struct sip_msg *m)
{
	char before[TARGET_MAX];

	memcpy(before, d->target, sizeof before);
	if (sip_has(m, SIP_HDR_CONTACT) && set_target(d, m) != OK)
		memcpy(d->target, before, sizeof before);
}

void dialog_set_local(struct dialog *d, struct str party_with_tag, struct str tag)
{
	if (copy_line(party_with_tag, d->local_party, sizeof d->local_party) == OK)
		str_copy(tag, d->local_tag, sizeof d->local_tag);
}

/* The far side says another host than the one it speaks from: a NAT that knows no SIP lies between. Not
 * asked where proxies are between us (more than one Via, a recorded route), nor inside. */
bool dialog_is_nat(const struct sip_msg *m, const struct zone *zone, const struct addr *source)
{
	struct sip_uri uri;
	struct str contact;
	struct addr host;

	if (zone->is_inside || zone->is_link || sip_has(m, SIP_HDR_RECORD_ROUTE))
		return false;
	if (m->is_request && sip_list_count(m, SIP_HDR_VIA) > 1)
		return false;
	if (m->is_request && sip_host_addr(m->via.host, &host) == OK &&
		!addr_same_host(&host, source))
		return true;
	if (first_contact(m, &contact) != OK || sip_uri_parse(contact, &uri) != OK)
		return false;
	return sip_host_addr(uri.host, &host) == OK && !addr_same_host(&host, source);
}

void dialog_use_conn(struct dialog *d, struct conn *c)
{
	if (d->conn == c->handle)
		return;
	unuse_conn(d);
	d->conn = c->handle;
	d->local = c->local;
	d->remote = c->remote;
	d->is_udp = !conn_is_stream(c);
	list_append(&c->dialogs, &d->by_conn);
	conn_use(c, 1);
}

void dialog_strand(struct dialog *d)
{
	unuse_conn(d);
	list_append(&d->sip->stranded, &d->by_conn);
	timer_start(d->sip->io, &d->timer, STRANDED_MS);
}

void dialogs_conn_lost(struct conn *c)
{
	struct list *it;

	while ((it = list_first(&c->dialogs)))
		list_remove(it);
}

struct conn *dialog_conn(struct dialog *d)
{
	struct conn *c = conn_get(d->sip->conns,
		d->zone->is_link ? attempts_link(d->sip->attempts, d->zone) : d->conn);

	return c && c->is_open ? c : NULL;
}

#define BINDINGS_MAX 10u

void dialog_rebind(struct dialog *d)
{
	struct sip *s = d->sip;
	struct target *at = NULL, *targets;
	bool is_known;
	size_t n;

	if (!d->alias[0] || d->zone->kind != ZK_LOCAL || dialog_conn(d))
		return;
	targets = scratch_take(io_scratch(s->io), BINDINGS_MAX * sizeof *targets);
	if (!targets)
		return;
	n = s->bindings.find(s->bindings.arg, str_of(d->alias), targets, BINDINGS_MAX, &is_known);
	for (size_t i = 0; i < n; i++) {
		if (n == 1 || sip_uri_same(str_of(targets[i].uri), str_of(d->target)))
			at = &targets[i];
	}
	if (at)
		dialog_use_conn(d, conn_get(s->conns, at->conn.v));
}

/* ---- numbers ---- */

uint32_t dialog_cseq_pass(struct dialog *d, uint32_t n)
{
	uint32_t out = n + d->cseq_offset;

	if (d->cseq_out && out <= d->cseq_out) {
		d->cseq_offset += d->cseq_out + 1 - out;
		out = d->cseq_out + 1;
	}
	d->cseq_out = out;
	return out;
}

uint32_t dialog_cseq_own(struct dialog *d)
{
	return ++d->cseq_out;
}

void dialog_hold_refusal(struct dialog *d, const struct sip_msg *m)
{
	bool is_better = !d->refusal_code || m->status >= 600 ||
	                 (d->refusal_code < 600 && m->status / 100 < d->refusal_code / 100);

	if (!is_better)
		return;
	store_drop(d->sip->store, &d->refusal);
	d->refusal =
		store_put(d->sip->store, (struct str){m->bytes.p + m->start, m->end - m->start});
	d->refusal_code = m->status;
}

/* The first route's URI, and the routes after it. */
static bool first_route(const struct dialog *d, struct str *ret_uri, struct str *ret_rest)
{
	struct str routes = str_of(d->routes), first;
	struct sip_nameaddr na;

	if (!routes.len || lex_cut_at(&routes, ',', &first) != OK ||
		sip_nameaddr_parse(lex_trim(first), &na) != OK)
		return false;
	*ret_uri = na.uri;
	*ret_rest = lex_trim(routes);
	return true;
}

static bool is_strict(struct str uri)
{
	struct sip_param lr;
	struct sip_uri parsed;

	return sip_uri_parse(uri, &parsed) == OK && !sip_param_find(parsed.params, STR("lr"), &lr);
}

struct str dialog_next(const struct dialog *d)
{
	struct str uri, rest;

	return first_route(d, &uri, &rest) ? uri : str_of(d->target);
}

struct str dialog_uri(const struct dialog *d)
{
	struct str uri, rest;

	if (!first_route(d, &uri, &rest) || !is_strict(uri))
		return str_of(d->target);
	return str_head(uri, str_find(uri, '?')); /* headers may not stand there */
}

struct str dialog_route(const struct dialog *d)
{
	struct str uri, rest;
	struct wr w;

	if (!first_route(d, &uri, &rest) || !is_strict(uri))
		return str_of(d->routes);
	w = sip_scratch(d->sip, rest.len + TARGET_MAX + 4);
	wr_str(&w, rest);
	wr_printf(&w, "%s<%s>", rest.len ? ", " : "", d->target);
	return w.err == OK ? wr_done(&w) : STR_NONE;
}

/* ---- building ---- */

struct sip_edit *dialog_edit(struct dialog *to, const struct sip_msg *m, const struct zone *from)
{
	struct sip_edit *e = sip_edit_new(io_scratch(to->sip->io), m);

	if (!e)
		return NULL;
	sip_edit_normalise(e);
	trust_edit(e, from, to->zone, str_of(to->sip->conf->sip.realm));
	return e;
}

void dialog_edit_contact(struct sip_edit *e, const struct dialog *d, struct str uri)
{
	struct sip_list list = sip_list_of(e->m, SIP_HDR_CONTACT);
	struct sip_nameaddr na;

	(void)d;
	if (sip_nameaddr_next(&list, &na) == OK && na.has_brackets)
		sip_edit_replace(e, na.uri, uri);
	else if (sip_has(e->m, SIP_HDR_CONTACT))
		sip_edit_set_header(
			e, SIP_HDR_CONTACT, sip_edit_text(e, "<" STR_FMT ">", STR_ARG(uri)));
}

static struct addr first_host(const struct dialog *d, const struct media_locals *local)
{
	for (uint32_t i = 0; i < local->n; i++) {
		if (local->lines[i].rtp.family != AF_NONE)
			return addr_with_port(&local->lines[i].rtp, 0);
	}
	return zone_host_seen(d->sip->zones, d->zone);
}

static void plan_lines(const struct media_locals *local, struct sdp_plan *plan)
{
	plan->n = local->n;
	for (uint32_t i = 0; i < local->n; i++) {
		const struct media_local *l = &local->lines[i];

		plan->lines[i].rtp = l->rtp;
		plan->lines[i].is_refused = l->is_refused;
		if (l->rtcp.port && l->rtcp.port != l->rtp.port + 1)
			plan->lines[i].rtcp_port = l->rtcp.port;
	}
	plan->cut_ice = plan->cut_bundle = true;
}

enum err dialog_edit_media(struct sip_edit *e, struct dialog *d, const struct call_event *ev)
{
	struct scratch *scratch = io_scratch(d->sip->io);
	struct sdp *sdp = scratch_take(scratch, sizeof *sdp);
	struct sdp_plan *plan = scratch_take(scratch, sizeof *plan);
	struct str body;
	enum err err;

	if (d->zone->is_link && ev->mux.n) {
		struct wr w = sip_scratch(d->sip, MEDIA_LINES_MAX * 48);

		put_fosse_media(&w, &ev->mux);
		sip_edit_add_header(e, SIP_HDR_FOSSE_MEDIA, wr_done(&w));
	}
	err = sip_sdp_body(e->m, &body);
	if (err == ERR_NOENT)
		return OK;
	if (!sdp || !plan)
		return ERR_FULL;
	if (err == OK)
		err = sdp_index(body, sdp);
	if (err != OK)
		return err;
	if (d->origin.family == AF_NONE)
		d->origin = first_host(d, &ev->local);
	plan_lines(&ev->local, plan);
	plan->origin = d->origin;
	return sdp_rewrite(e, sdp, plan);
}

struct str dialog_build(struct sip_edit *e, struct sip *s)
{
	size_t len = e ? sip_edit_len(e) : 0;
	struct wr w = sip_scratch(s, len);

	return len && sip_edit_apply(e, &w) == OK ? wr_done(&w) : STR_NONE;
}

enum err media_read(
	struct sip *s, const struct zone *from, const struct sip_msg *m, struct call_event *ev)
{
	struct sdp *sdp = scratch_take(io_scratch(s->io), sizeof *sdp);
	struct str body;
	enum err err;

	if (from->is_link)
		fosse_media_read(m, &ev->mux);
	if (!sdp)
		return ERR_FULL;
	err = sip_sdp_body(m, &body);
	if (err == OK)
		err = sdp_index(body, sdp);
	if (err == OK)
		err = sdp_describe(sdp, &ev->media);
	ev->has_media = err == OK;
	return err;
}

/* ---- Fosse-Media: m=0,<16 hex digits>,<port>,<lease s>; m=1,... ---- */

void put_fosse_media(struct wr *w, const struct mux_lines *mux)
{
	bool is_first = true;

	for (uint32_t i = 0; i < mux->n; i++) {
		const struct mux_line *l = &mux->lines[i];

		if (!l->stream_id)
			continue;
		wr_printf(w, "%sm=%u,%016llx,%u,%u", is_first ? "" : "; ", i,
			(unsigned long long)l->stream_id, l->port, l->lease_s);
		is_first = false;
	}
}

static bool hex_u64(struct str s, uint64_t *ret)
{
	uint8_t bytes[8];

	if (str_hex(s, bytes, sizeof bytes) != OK)
		return false;
	*ret = 0;
	for (size_t i = 0; i < sizeof bytes; i++)
		*ret = *ret << 8 | bytes[i];
	return true;
}

static bool fosse_media_line(struct str text, struct mux_lines *ret)
{
	uint64_t index, id, port, lease;

	if (!str_has_prefix(text, STR("m=")))
		return true; /* a later version's: ignored */
	text = str_skip(text, 2);
	if (str_u64(str_cut(&text, ','), MEDIA_LINES_MAX - 1, &index) != OK ||
		!hex_u64(str_cut(&text, ','), &id) ||
		str_u64(str_cut(&text, ','), 65535, &port) != OK ||
		str_u64(str_cut(&text, ','), 65535, &lease) != OK)
		return false;
	ret->lines[index] = (struct mux_line){
		.stream_id = id, .port = (uint16_t)port, .lease_s = (uint16_t)lease};
	if (ret->n <= index)
		ret->n = (uint32_t)index + 1;
	return true;
}

void fosse_media_read(const struct sip_msg *m, struct mux_lines *ret)
{
	struct str rest = sip_header(m, SIP_HDR_FOSSE_MEDIA);
	struct mux_lines lines = {0};

	while (rest.len) {
		if (!fosse_media_line(str_trim(str_cut(&rest, ';')), &lines))
			return;
	}
	*ret = lines;
}

/* ---- records ---- */

enum {
	TAG_LEG = 1,
	TAG_ZONE,
	TAG_FLAGS,
	TAG_CONN,
	TAG_LOCAL,
	TAG_REMOTE,
	TAG_CALL_ID,
	TAG_LOCAL_TAG,
	TAG_REMOTE_TAG,
	TAG_LOCAL_PARTY,
	TAG_REMOTE_PARTY,
	TAG_TARGET,
	TAG_ROUTES,
	TAG_CSEQ_IN,
	TAG_CSEQ_OUT,
	TAG_CSEQ_OFFSET,
	TAG_INVITE_OUT,
	TAG_ORIGIN,
	TAG_SESSION,
	TAG_ALIAS
};
enum { FLAG_UAS = 1, FLAG_CONN_ONLY = 2, FLAG_UDP = 4, FLAG_ENDING = 8 };
enum {
	TAG_SESSION_MODE = 1,
	TAG_SESSION_EXPIRES,
	TAG_SESSION_MIN,
	TAG_SESSION_DUE,
	TAG_SESSION_UPDATE
};

static void put_session(struct wr *w, const struct session *t)
{
	uint8_t *mark = wr_t_begin(w, TAG_SESSION);

	wr_t_u8(w, TAG_SESSION_MODE, (uint8_t)t->mode);
	wr_t_u32(w, TAG_SESSION_EXPIRES, t->expires_s);
	wr_t_u32(w, TAG_SESSION_MIN, t->min_s);
	wr_t_u64(w, TAG_SESSION_DUE, t->due);
	wr_t_u8(w, TAG_SESSION_UPDATE, t->has_update);
	wr_t_end(w, mark);
}

void dialog_keep(struct dialog *d)
{
	struct wr w = sip_scratch(d->sip, KEEP_BODY_MAX);

	wr_u8(&w, DIALOG_V1);
	wr_t_u64(&w, TAG_LEG, d->leg_handle);
	wr_t_z(&w, TAG_ZONE, d->zone->name);
	wr_t_u8(&w, TAG_FLAGS,
		(uint8_t)((d->is_uas ? FLAG_UAS : 0) | (d->is_conn_only ? FLAG_CONN_ONLY : 0) |
			  (d->is_udp ? FLAG_UDP : 0) | (d->state == DS_ENDING ? FLAG_ENDING : 0)));
	wr_t_u64(&w, TAG_CONN, d->conn);
	wr_t_addr(&w, TAG_LOCAL, &d->local);
	wr_t_addr(&w, TAG_REMOTE, &d->remote);
	wr_t_z(&w, TAG_CALL_ID, d->call_id);
	wr_t_z(&w, TAG_LOCAL_TAG, d->local_tag);
	wr_t_z(&w, TAG_REMOTE_TAG, d->remote_tag);
	wr_t_z(&w, TAG_LOCAL_PARTY, d->local_party);
	wr_t_z(&w, TAG_REMOTE_PARTY, d->remote_party);
	wr_t_z(&w, TAG_TARGET, d->target);
	wr_t_z(&w, TAG_ROUTES, d->routes);
	wr_t_u32(&w, TAG_CSEQ_IN, d->cseq_in);
	wr_t_u32(&w, TAG_CSEQ_OUT, d->cseq_out);
	wr_t_u32(&w, TAG_CSEQ_OFFSET, d->cseq_offset);
	wr_t_u32(&w, TAG_INVITE_OUT, d->invite_out);
	wr_t_addr(&w, TAG_ORIGIN, &d->origin);
	put_session(&w, &d->session);
	if (d->state == DS_ENDING) /* else its leg knows */
		wr_t_z(&w, TAG_ALIAS, d->alias);
	if (w.err != OK) {
		d->sip->counters.n_kept_too_long++;
		log_put(io_log(d->sip->io), &ev_too_long, F_H("dialog", d->handle));
		return;
	}
	keep_put(d->sip->keep, d->handle, wr_done(&w), NO_FD);
	d->is_kept = true;
}

static void adopt_session(struct session *t, struct rd *r)
{
	struct rd value;
	uint16_t tag;
	uint64_t mode;

	while (rd_tag(r, &tag, &value)) {
		if (tag == TAG_SESSION_MODE) {
			mode = rd_t_num(&value);
			t->mode = mode <= SESSION_ASKED ? (enum session_mode)mode : SESSION_ASKED;
		} else if (tag == TAG_SESSION_EXPIRES) {
			t->expires_s = (uint32_t)rd_t_num(&value);
		} else if (tag == TAG_SESSION_MIN) {
			t->min_s = (uint32_t)rd_t_num(&value);
		} else if (tag == TAG_SESSION_DUE) {
			t->due = rd_t_num(&value);
		} else if (tag == TAG_SESSION_UPDATE) {
			t->has_update = rd_t_num(&value);
		}
		rd_join(r, &value);
	}
}

static void adopt_field(struct dialog *d, uint16_t tag, struct rd *v, char zone[SHOW_NAME_MAX])
{
	uint64_t flags;

	switch (tag) {
	case TAG_LEG:
		d->leg_handle = rd_t_num(v);
		break;
	case TAG_ZONE:
		rd_t_z(v, zone, SHOW_NAME_MAX);
		break;
	case TAG_FLAGS:
		flags = rd_t_num(v);
		d->is_uas = flags & FLAG_UAS;
		d->is_conn_only = flags & FLAG_CONN_ONLY;
		d->is_udp = flags & FLAG_UDP;
		d->state = flags & FLAG_ENDING ? DS_ENDING : DS_UP;
		break;
	case TAG_CONN:
		d->conn = rd_t_num(v);
		break;
	case TAG_LOCAL:
		d->local = rd_t_addr(v);
		break;
	case TAG_REMOTE:
		d->remote = rd_t_addr(v);
		break;
	case TAG_CALL_ID:
		rd_t_z(v, d->call_id, sizeof d->call_id);
		break;
	case TAG_LOCAL_TAG:
		rd_t_z(v, d->local_tag, sizeof d->local_tag);
		break;
	case TAG_REMOTE_TAG:
		rd_t_z(v, d->remote_tag, sizeof d->remote_tag);
		break;
	case TAG_LOCAL_PARTY:
		rd_t_z(v, d->local_party, sizeof d->local_party);
		break;
	case TAG_REMOTE_PARTY:
		rd_t_z(v, d->remote_party, sizeof d->remote_party);
		break;
	case TAG_TARGET:
		rd_t_z(v, d->target, sizeof d->target);
		break;
	case TAG_ROUTES:
		rd_t_z(v, d->routes, sizeof d->routes);
		break;
	case TAG_CSEQ_IN:
		d->cseq_in = (uint32_t)rd_t_num(v);
		break;
	case TAG_CSEQ_OUT:
		d->cseq_out = (uint32_t)rd_t_num(v);
		break;
	case TAG_CSEQ_OFFSET:
		d->cseq_offset = (uint32_t)rd_t_num(v);
		break;
	case TAG_INVITE_OUT:
		d->invite_out = (uint32_t)rd_t_num(v);
		break;
	case TAG_ORIGIN:
		d->origin = rd_t_addr(v);
		break;
	case TAG_SESSION:
		adopt_session(&d->session, v);
		break;
	case TAG_ALIAS:
		rd_t_z(v, d->alias, sizeof d->alias);
		break;
	default:
		break;
	}
}

static enum err adopt_fields(struct dialog *d, struct rd *r)
{
	char zone[SHOW_NAME_MAX] = "";
	struct rd value;
	uint16_t tag;

	if (rd_u8(r) != DIALOG_V1)
		return ERR_VERSION;
	while (rd_tag(r, &tag, &value)) {
		adopt_field(d, tag, &value, zone);
		rd_join(r, &value);
	}
	if (r->err != OK)
		return r->err;
	d->zone = zone_named(d->sip->zones, str_of(zone));
	return d->zone ? OK : ERR_NOENT;
}

/* The conn lives on with its record; a UDP one is made again from its addresses. */
static void adopt_conn(struct dialog *d)
{
	struct conn *c = conn_get(d->sip->conns, d->conn);

	d->conn = 0;
	if (!c && d->is_udp && conn_udp(d->sip->conns, &d->local, &d->remote, &c) != OK)
		c = NULL;
	if (c)
		dialog_use_conn(d, c);
}

/* The other side, or the call, ended in our predecessor's last moments: whether its BYE left or came
 * through is not known, so that it is sent again. */
static void adopt_leg(struct dialog *d)
{
	if (d->state != DS_ENDING)
		d->leg = leg_adopt(d->sip->core, d->leg_handle, &d->sip->leg_ops, d);
	d->state = DS_UP;
	if (d->leg)
		memcpy(d->alias, d->leg->alias, sizeof d->alias);
	else
		timer_start(d->sip->io, &d->timer, 0);
}

static enum err adopt_one(struct sip *s, const struct kept *k)
{
	struct dialog *d = pool_take_at(&s->dialogs, k->key);
	struct rd r = rd_of(k->body);
	enum err err;

	if (!d)
		return ERR_EXISTS;
	d->sip = s;
	d->state = DS_UP;
	d->is_kept = d->is_acked = true;
	make_token(d);
	timer_init(&d->timer, s->on_dialog_timer, d);
	timer_init(&d->session.timer, s->on_session_timer, d);
	err = adopt_fields(d, &r);
	if (err != OK) {
		pool_give(&s->dialogs, d);
		return err;
	}
	adopt_conn(d);
	adopt_leg(d);
	return OK;
}

void dialogs_adopt(struct sip *s)
{
	struct kept k;

	while (keep_next(s->keep, HK_DIALOG, &k)) {
		enum err err = adopt_one(s, &k);

		if (err == OK)
			continue;
		log_put(io_log(s->io), &ev_dropped, F_H("record", k.key), F_ERR(err));
		keep_del(s->keep, k.key);
	}
}
