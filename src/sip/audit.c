/* audit.c - both halves of the audit. */
#include <string.h>

#include "sip/answer.h"
#include "sip/audit.h"
#include "sip/uac.h"

#define TYPE      STR("application/vnd.fosse.calls")
#define LINE_LEN  (16u + sizeof " out\r\n" - 1)
#define BODY_MAX  (AUDIT_LINES_MAX * LINE_LEN)
#define HEAD_MAX  2048u
#define URI_MAX   128u
#define ID_DIGITS 16u

LOG_EVENT(ev_unknown, "LNK-006", LOG_NOTICE, "the other node does not know this call: it is ended");

/* ---- lines ---- */

void audit_line_put(struct wr *w, const struct audit_line *line)
{
	wr_printf(w, "%016llx %s\r\n", (unsigned long long)line->call, line->is_out ? "out" : "in");
}

enum err audit_line_next(struct str *rest, struct audit_line *ret_line)
{
	struct str line, id;
	uint8_t bytes[8];

	if (!rest->len)
		return ERR_NOENT;
	line = str_trim(str_cut(rest, '\n'));
	id = str_cut(&line, ' ');
	ret_line->is_out = str_eq(line, STR("out"));
	if (id.len != ID_DIGITS || str_hex(id, bytes, sizeof bytes) != OK ||
		(!ret_line->is_out && !str_eq(line, STR("in"))))
		return ERR_SYNTAX;
	ret_line->call = 0;
	for (size_t i = 0; i < sizeof bytes; i++)
		ret_line->call = ret_line->call << 8 | bytes[i];
	return OK;
}

/* ---- the asking side ---- */

static struct dialog *find(struct sip *s, const struct zone *zone, uint64_t call, bool is_uas)
{
	for (struct dialog *d = NULL; (d = pool_next(&s->dialogs, d));) {
		if (d->leg && d->zone == zone && d->is_uas == is_uas &&
			call_id(d->leg->call) == call)
			return d;
	}
	return NULL;
}

/* The other node has heard of it before, by the INVITE or the answer on this connection or a former one: if
 * it does not know it now, the call is over there. */
static void end_unknown(struct sip *s, const struct zone *zone, struct str body)
{
	struct scratch *scratch = io_scratch(s->io);
	size_t mark = scratch->used;
	struct audit_line line;

	for (uint32_t i = 0; i < AUDIT_LINES_MAX && audit_line_next(&body, &line) == OK; i++) {
		struct dialog *d = find(s, zone, line.call, !line.is_out);

		if (!d)
			continue;
		log_put(io_log(s->io), &ev_unknown, F_H("call", line.call),
			F_Z("zone", zone->name));
		uac_unknown(d);
		scratch->used = mark;
	}
}

static void on_response(void *arg, uint64_t who, struct tx *tx, const struct sip_msg *m)
{
	(void)who;
	if (m->status == 200 && str_ieq(m->content_type, TYPE))
		end_unknown(arg, tx_zone(tx), m->body);
}

static void on_failed(void *arg, uint64_t who, const struct tx_end *end)
{
	(void)arg; /* asked again later */
	(void)who;
	(void)end;
}

static const struct tx_user tx_user = {.response = on_response, .failed = on_failed};

static struct str build(struct sip *s, struct zone *zone, const struct conn *c, const struct tx *tx,
	struct str body)
{
	struct wr w = sip_scratch(s, HEAD_MAX + body.len), via = sip_scratch(s, HEAD_MAX),
		  uri = sip_scratch(s, URI_MAX);
	char tag[17], id[17];

	tag_put(s, tag);
	tag_put(s, id);
	wr_str(&uri, STR("sip:link@"));
	put_link_host(&uri, zone);
	put_via(&via, s->conns, zone, c->transport, tx);
	sip_put_request_line(&w, STR("SERVICE"), wr_done(&uri));
	sip_put_header(&w, SIP_HDR_VIA, wr_done(&via));
	sip_put_header(&w, SIP_HDR_MAX_FORWARDS, STR("1"));
	sip_put_header_f(&w, SIP_HDR_FROM, "<" STR_FMT ">;tag=%s", STR_ARG(wr_done(&uri)), tag);
	sip_put_header_f(&w, SIP_HDR_TO, "<" STR_FMT ">", STR_ARG(wr_done(&uri)));
	sip_put_header(&w, SIP_HDR_CALL_ID, str_of(id));
	sip_put_header(&w, SIP_HDR_CSEQ, STR("1 SERVICE"));
	sip_put_body(&w, TYPE, body);
	return wr_done(&w);
}

static void ask(struct sip *s, struct zone *zone, struct conn *c, struct str lines)
{
	struct tx *tx = tx_new(s->txs, SIP_SERVICE, zone, &tx_user, s, 0);
	struct str bytes;

	if (!tx)
		return;
	bytes = build(s, zone, c, tx, lines);
	if (!bytes.len)
		tx_free(tx);
	else if (tx_start(tx, c, bytes) != OK)
		s->counters.n_no_dialog++;
}

void audit_send(struct sip *s, struct zone *zone, struct conn *c)
{
	struct wr w = sip_scratch(s, BODY_MAX);
	uint32_t n = 0;

	for (struct dialog *d = NULL; w.err == OK && (d = pool_next(&s->dialogs, d));) {
		if (d->zone != zone || !d->leg)
			continue;
		audit_line_put(&w, &(struct audit_line){call_id(d->leg->call), !d->is_uas});
		if (++n % AUDIT_LINES_MAX == 0) {
			ask(s, zone, c, wr_done(&w));
			w = wr_of(w.start, BODY_MAX);
		}
	}
	if (n % AUDIT_LINES_MAX)
		ask(s, zone, c, wr_done(&w));
}

/* ---- the asked side ---- */

void audit_request(struct sip *s, struct tx *tx, const struct sip_msg *m)
{
	struct wr unknown = sip_scratch(s, BODY_MAX), w;
	struct str rest = m->body;
	struct audit_line line;
	enum err err = ERR_NOENT;
	char tag[17];

	tag_put(s, tag);
	if (!str_ieq(m->content_type, TYPE)) {
		answer(s, tx, m, 415, STR_NONE, str_of(tag));
		return;
	}
	for (uint32_t i = 0; i < AUDIT_LINES_MAX; i++) {
		err = audit_line_next(&rest, &line);
		if (err != OK)
			break;
		if (!find(s, tx_zone(tx), line.call, line.is_out))
			audit_line_put(&unknown, &line);
	}
	if (err == ERR_SYNTAX || rest.len || unknown.err != OK) {
		answer(s, tx, m, 400, STR("Bad Request (list of calls)"), str_of(tag));
		return;
	}
	w = answer_begin(s, tx, m, 200, STR_NONE, str_of(tag));
	sip_put_body(&w, TYPE, wr_done(&unknown));
	tx_answer(tx, 200, wr_done(&w));
}
