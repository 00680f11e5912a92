/* sip_msg.c - bytes as a datagram and as a stream: what is accepted must survive every reader, an
 * edit must change what it says and nothing else, and an answer to it must be readable.
 *
 * The lenient reading of line ends must leave as CRLF only: a strict reader sees the same message.
 * */
#include <stdlib.h>
#include <string.h>

#include "sip/build.h"
#include "sip/edit.h"
#include "sip/list.h"
#include "sip/mime.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct state {
	struct scratch scratch;
	struct sip_msg m, again;
	char out[2 * SIP_MESSAGE_CEILING], plain[SIP_MESSAGE_CEILING];
};

static void must(bool is_so)
{
	if (!is_so)
		abort();
}

static void is_inside(const struct sip_msg *m, struct str s)
{
	if (s.len)
		must(s.p >= m->bytes.p && s.p + s.len <= m->bytes.p + m->bytes.len);
}

static void read_nameaddr(struct state *st, struct str element)
{
	struct wr w = wr_of(st->plain, sizeof st->plain);
	struct sip_nameaddr na;
	struct sip_uri uri;

	if (sip_nameaddr_parse(element, &na) != OK)
		return;
	is_inside(&st->m, na.uri);
	is_inside(&st->m, na.params);
	sip_unquote(na.display, &w);
	if (sip_uri_parse(na.uri, &uri) != OK)
		return;
	is_inside(&st->m, uri.host);
	sip_uri_unescape(uri.user, &w);
	(void)sip_uri_transport(&uri);
	must(sip_user_eq(uri.user, uri.user));
}

static void read_value(struct state *st, struct str value)
{
	struct str a, b, c;
	struct sip_auth auth;
	uint32_t x, y;
	bool early;

	is_inside(&st->m, value);
	if (sip_auth_parse(value, &auth) == OK)
		is_inside(&st->m, auth.nonce);
	if (sip_rack_parse(value, &x, &y, &a) == OK)
		is_inside(&st->m, a);
	if (sip_delta_parse(value, &x, &a) == OK)
		is_inside(&st->m, a);
	if (sip_replaces_parse(value, &a, &b, &c, &early) == OK)
		is_inside(&st->m, c);
	(void)sip_q(value);
}

static void read_all(struct state *st)
{
	const struct sip_msg *m = &st->m;
	struct str element;
	struct sip_via via;

	for (int i = 0; i < m->n_fields; i++) {
		is_inside(m, sip_field_line(m, i));
		must(sip_field_is(m, i, sip_field_name(m, i)));
		read_value(st, sip_field_value(m, i));
	}
	for (int id = 0; id < SIP_HDR_MAX; id++) {
		struct sip_list l = sip_list_of(m, (enum sip_hdr)id);

		while (sip_list_next(&l, &element) == OK) {
			is_inside(m, element);
			read_nameaddr(st, element);
			if (sip_via_parse(element, &via) == OK)
				is_inside(m, via.branch);
		}
	}
	if (sip_sdp_body(m, &element) == OK)
		is_inside(m, element);
}

static void same_core(const struct sip_msg *a, const struct sip_msg *b)
{
	must(a->is_request == b->is_request && a->method == b->method && a->status == b->status);
	must(str_eq(a->from_tag, b->from_tag) && str_eq(a->to_tag, b->to_tag));
	must(str_eq(a->call_id, b->call_id) && a->cseq == b->cseq && str_eq(a->body, b->body));
}

/* Long messages may outgrow a limit when they gain a line: that alone is forgiven. */
static bool reindex(struct state *st, struct str bytes)
{
	enum err err;

	sip_msg_init(&st->again);
	st->again.len_max = SIP_MESSAGE_CEILING;
	err = sip_index(bytes, SIP_DGRAM, &st->again);
	must(err == OK || err == ERR_RANGE);
	return err == OK;
}

static void edit_nothing(struct state *st)
{
	struct wr w = wr_of(st->out, sizeof st->out);
	struct sip_edit *e;

	scratch_reset(&st->scratch);
	e = sip_edit_new(&st->scratch, &st->m);
	must(e && sip_edit_apply(e, &w) == OK);
	if (!st->m.has_bare_lf)
		must(str_eq(wr_done(&w), str_skip(st->m.bytes, st->m.start)));
}

static void edit_forward(struct state *st)
{
	static const struct str tokens[] = {{"100rel", 6}, {"timer", 5}};
	struct wr w = wr_of(st->out, sizeof st->out);
	struct sip_edit *e;
	size_t n = st->m.fields[0].next;
	enum err err;

	scratch_reset(&st->scratch);
	e = sip_edit_new(&st->scratch, &st->m);
	must(e != NULL);
	sip_edit_cut_header(e, SIP_HDR_VIA);
	sip_edit_push_header(e, SIP_HDR_VIA, STR("SIP/2.0/UDP ours.example;branch=z9hG4bKours"));
	sip_edit_cut_prefixed(e, STR("Fosse-"));
	sip_edit_cut_tokens(e, SIP_HDR_SUPPORTED, tokens, 2);
	sip_edit_set_header(e, SIP_HDR_MAX_FORWARDS, STR("9"));
	if (n)
		sip_edit_add_line(e, (int)n - 1, STR("New"), STR("line"));
	sip_edit_normalise(e);
	err = sip_edit_apply(e, &w);
	must(err == OK || err == ERR_FULL);
	if (err || !reindex(st, wr_done(&w)))
		return;
	same_core(&st->m, &st->again);
	must(str_eq(st->again.via.branch, STR("z9hG4bKours")) && st->again.max_forwards == 9);
	must(sip_list_count(&st->again, SIP_HDR_VIA) == 1);
	must(!st->again.has_bare_lf && !sip_list_has(&st->again, SIP_HDR_SUPPORTED, STR("timer")));
}

static void answer(struct state *st)
{
	struct wr w = wr_of(st->out, sizeof st->out);
	struct addr src = addr_v4(192, 0, 2, 99, 5099);

	sip_put_response(&w, &st->m, 200, STR_NONE, STR("ours"), &src);
	sip_put_body(&w, STR_NONE, STR_NONE);
	must(w.err == OK);
	if (!reindex(st, wr_done(&w)))
		return;
	must(st->again.status == 200 && st->again.cseq == st->m.cseq && st->again.to_tag.len);
	must(str_eq(st->again.via.branch, st->m.via.branch));
}

static void run(struct state *st, struct str bytes, enum sip_framing framing, bool lenient)
{
	struct addr src = addr_v4(192, 0, 2, 99, 5099);
	enum err err;

	sip_msg_init(&st->m);
	st->m.lenient_line_ends = lenient;
	err = sip_index(bytes, framing, &st->m);
	if (err == ERR_MORE) {
		must(framing == SIP_STREAM);
		return;
	}
	if (err) {
		struct wr w = wr_of(st->out, sizeof st->out);

		must(st->m.fault.reason != NULL);
		(void)sip_put_refusal(&w, &st->m, STR("ours"), &src);
		must(w.err == OK && wr_len(&w) <= st->m.bytes.len + 100);
		return;
	}
	must(st->m.end <= bytes.len && st->m.bytes.len == st->m.end);
	read_all(st);
	edit_nothing(st);
	edit_forward(st);
	if (st->m.is_request)
		answer(st);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct state st;
	struct str bytes = {(const char *)data, size};

	if (!st.scratch.base)
		must(scratch_init(&st.scratch, SCRATCH_SIZE) == OK);
	run(&st, bytes, SIP_DGRAM, /* lenient */ false);
	run(&st, bytes, SIP_STREAM, /* lenient */ false);
	run(&st, bytes, SIP_DGRAM, /* lenient */ true);
	return 0;
}
