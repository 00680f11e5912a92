/* request.c - see request.h. */
#include <string.h>

#include "base/code.h"
#include "sip/answer.h"
#include "sip/request.h"
#include "sip/session.h"

#define OWN_HOPS "70"

LOG_EVENT(ev_no_way, "SIP-160", LOG_NOTICE, "request cannot be sent");

void request_log_failed(const struct dialog *d, const char *method)
{
	log_put(io_log(d->sip->io), &ev_no_way, F_H("dialog", d->handle), F_Z("method", method),
		F_Z("zone", d->zone->name));
}

/* ---- edits ---- */

static struct str contact_of(struct dialog *d)
{
	struct wr w = sip_scratch(d->sip, 128);
	char token[CONTACT_TOKEN_MAX];

	wr_printf(&w, "sip:%s@" ATTEMPT_HOST, dialog_token(d, token));
	return wr_done(&w);
}

static void edit_hops(struct sip_edit *e, unsigned hops)
{
	sip_edit_set_header(e, SIP_HDR_MAX_FORWARDS, sip_edit_text(e, "%u", hops));
}

/* RAck names the INVITE by its number on this side (RFC 3262 7.2). */
static void edit_rack(struct sip_edit *e, const struct dialog *d)
{
	uint32_t rseq, cseq;
	struct str method;

	if (!sip_has(e->m, SIP_HDR_RACK) ||
		sip_rack_parse(sip_header(e->m, SIP_HDR_RACK), &rseq, &cseq, &method) != OK)
		return;
	if (cseq != d->invite_out)
		sip_edit_set_header(e, SIP_HDR_RACK,
			sip_edit_text(e, "%u %u " STR_FMT, rseq, d->invite_out, STR_ARG(method)));
}

/* What every request of the other side gets on its way to d. */
struct sip_edit *request_edit(
	struct dialog *d, const struct native *n, struct str uri, uint32_t cseq, unsigned hops)
{
	struct sip_edit *e = dialog_edit(d, n->m, n->zone);

	if (!e)
		return NULL;
	sip_edit_push_header(e, SIP_HDR_VIA, ATTEMPT_VIA);
	sip_edit_set_uri(e, d->routes[0] ? dialog_uri(d) : uri);
	edit_hops(e, hops);
	if (cseq != n->m->cseq)
		sip_edit_set_header(e, SIP_HDR_CSEQ,
			sip_edit_text(e, "%u " STR_FMT, cseq, STR_ARG(n->m->method_text)));
	if (d->routes[0])
		sip_edit_push_header(e, SIP_HDR_ROUTE, dialog_route(d));
	dialog_edit_contact(e, d, contact_of(d));
	edit_rack(e, d);
	if (n->m->method == SIP_INVITE || n->m->method == SIP_UPDATE)
		session_edit_request(e, d, n->m);
	return e;
}

unsigned request_hops(const struct sip_msg *m)
{
	if (m->method == SIP_BYE || m->method == SIP_ACK) /* they end at us; these are our own */
		return 70;
	return m->max_forwards < 0 ? 70 : m->max_forwards > 0 ? (unsigned)m->max_forwards - 1 : 0;
}

/* NULL: no room. */
struct sip_edit *request_edit_held(struct dialog *d, struct str held)
{
	struct scratch *scratch = io_scratch(d->sip->io);
	const struct sip_msg *m = sip_msg_held(scratch, held);

	return m ? sip_edit_new(scratch, m) : NULL;
}

/* A request that was sent before as a new one: with the next number. */
struct str request_renumber(struct dialog *d, struct sip_edit *e)
{
	uint32_t cseq = dialog_cseq_own(d);

	if (e->m->method == SIP_INVITE)
		d->invite_out = cseq;
	sip_edit_set_header(
		e, SIP_HDR_CSEQ, sip_edit_text(e, "%u " STR_FMT, cseq, STR_ARG(e->m->method_text)));
	return dialog_build(e, d->sip);
}

/* ---- sending ---- */

enum err request_send(struct dialog *d, enum sip_method method, struct str bytes, struct str next,
	const struct tx_user *user, uint64_t mark, uint64_t *ret_attempt)
{
	struct attempt_want want = {.method = method,
		.zone = d->zone,
		.conn = d->conn,
		.is_conn_only = d->is_conn_only,
		/* a call that is not set up yet has other ways, or its caller hears why not */
		.may_wait = d->state != DS_INVITING,
		.next = next,
		.template = bytes,
		.user = user,
		.arg = d->sip,
		.who = d->handle,
		.mark = mark};
	enum err err = attempt_start(d->sip->attempts, &want, ret_attempt);

	if (err != OK)
		log_put(io_log(d->sip->io), &ev_no_way, F_H("dialog", d->handle),
			F_Z("method", sip_method_name(method)), F_Z("zone", d->zone->name),
			F_STR("next", next), F_ERR(err));
	return err;
}

/* A request of our own inside the dialog. */
struct wr request_own_plain(struct dialog *d, const char *method, uint32_t cseq)
{
	struct wr w = sip_scratch(d->sip, 8192);

	sip_put_request_line(&w, str_of(method), dialog_uri(d));
	sip_put_header(&w, SIP_HDR_VIA, ATTEMPT_VIA);
	if (d->routes[0])
		sip_put_header(&w, SIP_HDR_ROUTE, dialog_route(d));
	sip_put_header(&w, SIP_HDR_MAX_FORWARDS, STR(OWN_HOPS));
	sip_put_header(&w, SIP_HDR_FROM, str_of(d->local_party));
	sip_put_header(&w, SIP_HDR_TO, str_of(d->remote_party));
	sip_put_header(&w, SIP_HDR_CALL_ID, str_of(d->call_id));
	sip_put_header_f(&w, SIP_HDR_CSEQ, "%u %s", cseq, method);
	return w;
}

struct wr request_own_begin(struct dialog *d, enum sip_method method)
{
	struct wr w = request_own_plain(d, sip_method_name(method), dialog_cseq_own(d));

	sip_put_header_f(&w, SIP_HDR_CONTACT, "<" STR_FMT ">", STR_ARG(contact_of(d)));
	return w;
}

enum err request_own_send(
	struct dialog *d, enum sip_method method, struct wr *w, const struct tx_user *user)
{
	uint64_t attempt;

	return request_send(
		d, method, w->err == OK ? wr_done(w) : STR_NONE, dialog_next(d), user, 0, &attempt);
}

/* ---- ACK ---- */

/* An ACK has no transaction, so its Via has a branch of chance. */
static struct str finish_ack(struct dialog *d, struct conn *c, struct str template)
{
	struct sip_edit *e = request_edit_held(d, template);
	struct wr w = sip_scratch(d->sip, 256), contact = sip_scratch(d->sip, 256);
	uint8_t random[10];
	char branch[BASE32_LEN(10) + 1], token[CONTACT_TOKEN_MAX];
	struct addr host = conns_sent_by(d->sip->conns, d->zone, c->transport);
	char text[ADDR_TEXT_SIZE];

	if (!e)
		return STR_NONE;
	io_random(d->sip->io, random, sizeof random);
	base32_put(random, sizeof random, branch);
	wr_printf(&w, "SIP/2.0/%s ", sip_transport_name(c->transport));
	if (d->zone->is_link)
		put_link_host(&w, d->zone);
	else
		wr_printf(&w, "%s", addr_put(&host, text));
	wr_printf(&w, ";branch=z9hG4bK%s;rport", branch);
	sip_edit_replace(e, e->m->via.text, wr_done(&w));
	put_contact_uri(
		&contact, d->sip->conns, d->zone, c->transport, str_of(dialog_token(d, token)));
	dialog_edit_contact(e, d, wr_done(&contact));
	return dialog_build(e, d->sip);
}

void request_send_ack(struct dialog *d, struct str template)
{
	struct conn *c = dialog_conn(d);
	struct str bytes = c ? finish_ack(d, c, template) : STR_NONE;

	store_drop(d->sip->store, &d->ack);
	d->ack = store_put(d->sip->store, bytes.len ? bytes : template);
	d->is_acked = true;
	if (!bytes.len || conn_send(c, bytes) != OK)
		request_log_failed(d, "ACK");
}

void request_own_ack(struct dialog *d)
{
	struct wr w = request_own_plain(d, "ACK", d->invite_out);

	sip_put_body(&w, STR_NONE, STR_NONE);
	request_send_ack(d, wr_done(&w));
}
