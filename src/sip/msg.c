/* msg.c - frames and indexes one message. Pure; RFC 3261 sections 7, 18.3, 20, 25.1.
 *
 * Three steps: find the end of the header section (streams; only this step meets a growing buffer),
 * make one record per logical header line, read the core values. The first fault decides the
 * answer, but reading goes on, so that the stateless answer has all that can be had. Every byte is
 * passed a fixed number of times.
 *
 * Line ends: CRLF. A bare CR is always a fault, a bare LF unless the zone is lenient: two parsers
 * must never see two messages. NUL: only as quoted-pair (RFC 3261 section 25.1). */
#include <string.h>

#include "sip/msg.h"

/* A reading in progress: the message and what only this file needs. */
struct reading {
	struct sip_msg *m;
	struct str b; /* the buffer, cut at len_max */
	enum sip_framing framing;
	enum err err;
	bool has_nul;              /* somewhere in the buffer: rare, so looked for once */
	uint8_t last[SIP_HDR_MAX]; /* index + 1 of the newest line of each kind */
};

static void fault(struct reading *r, enum err err, unsigned code, size_t offset, const char *reason)
{
	if (r->err)
		return;
	r->err = err;
	r->m->fault = (struct sip_fault){
		.code = (uint16_t)code, .offset = (uint16_t)offset, .reason = reason};
}

static size_t offset_of(const struct reading *r, struct str s)
{
	return s.p ? (size_t)(s.p - r->b.p) : 0;
}

static void bad(struct reading *r, struct str where, const char *reason)
{
	fault(r, ERR_SYNTAX, 400, offset_of(r, where), reason);
}

/* The end of this message cannot be known: on a stream nothing behind it can be trusted. */
static enum err lost(struct reading *r, enum err err, unsigned code, size_t at, const char *reason)
{
	fault(r, err, code, at, reason);
	r->m->fault.is_framing = true;
	return r->err;
}

/* ---- names ---- */

/* clang-format off */
static const struct str methods[SIP_METHOD_MAX] = {
#define M(name) [SIP_##name] = {#name, sizeof #name - 1},
	SIP_METHOD_TABLE
#undef M
};

static const struct {
	struct str name;
	char compact;
	bool is_single;
} headers[SIP_HDR_MAX] = {
#define L(len)
#define H(id, name, compact, is_single) \
	[SIP_HDR_##id] = {{name, sizeof name - 1}, compact, is_single},
	SIP_HDR_TABLE
#undef H
#undef L
};

/* The first name of each length. */
static const uint8_t of_len[] = {
#define L(len) [len] = SIP_HDR_LEN_##len,
#define H(id, name, compact, is_single)
	SIP_HDR_TABLE
#undef H
#undef L
};
/* clang-format on */

enum sip_method sip_method_of(struct str token)
{
	for (int i = SIP_OTHER_METHOD + 1; i < SIP_METHOD_MAX; i++) {
		if (str_eq(token, methods[i]))
			return (enum sip_method)i;
	}
	return SIP_OTHER_METHOD;
}

const char *sip_method_name(enum sip_method method)
{
	return methods[method].p ? methods[method].p : "";
}

const char *sip_hdr_name(enum sip_hdr id)
{
	return headers[id].name.p ? headers[id].name.p : "";
}

static enum sip_hdr compact_hdr(char c)
{
	for (int i = SIP_HDR_OTHER + 1; i < SIP_HDR_MAX; i++) {
		if (headers[i].compact == c)
			return (enum sip_hdr)i;
	}
	return SIP_HDR_OTHER;
}

enum sip_hdr sip_hdr_of(struct str name)
{
	if (name.len == 1)
		return compact_hdr(ascii_lower(name.p[0]));
	if (name.len >= sizeof of_len || !of_len[name.len])
		return SIP_HDR_OTHER;
	for (int i = of_len[name.len]; i < SIP_HDR_MAX && headers[i].name.len == name.len; i++) {
		if (ascii_lower(name.p[0]) == ascii_lower(headers[i].name.p[0]) &&
			str_ieq(name, headers[i].name))
			return (enum sip_hdr)i;
	}
	return SIP_HDR_OTHER;
}

/* ---- framing ---- */

void sip_msg_init(struct sip_msg *m)
{
	m->scan = (struct sip_scan){0};
	m->len_max = SIP_MESSAGE_MAX;
	m->lenient_line_ends = false;
}

size_t sip_count_crlf(struct str bytes)
{
	size_t n = 0;

	while (n < bytes.len && (bytes.p[n] == '\r' || bytes.p[n] == '\n'))
		n++;
	return n;
}

static void reset(struct sip_msg *m)
{
	size_t from = offsetof(struct sip_msg, fault), to = offsetof(struct sip_msg, fields);

	memset((char *)m + from, 0, to - from);
	m->max_forwards = -1;
	m->content_length = -1;
}

static bool is_version(struct str s)
{
	return s.len >= 4 && str_ieq(str_head(s, 4), STR("SIP/"));
}

/* A first line that may be SIP: "SIP/..." or "METHOD ... SIP/...". Anything else (HTTP, TLS, noise)
 * gets no answer. Trailing blanks are a fault of a SIP line, not a sign of another protocol. */
static bool looks_like_sip(struct str line)
{
	line = lex_trim(line);
	if (is_version(line))
		return true;
	for (size_t i = line.len; i-- > 0;) {
		if (line.p[i] == ' ')
			return is_version(str_skip(line, i + 1));
	}
	return false;
}

/* The first line of a stream, judged as soon as it is there: RFC 3261 never asks for an answer to
 * what is not SIP, and a stranger must not hold a connection open. */
static enum err check_first_line(struct reading *r)
{
	struct str rest = str_skip(r->b, r->m->start);
	size_t n = str_find(rest, '\n');

	if (rest.len && !lex_is(rest.p[0], LEX_TOKEN))
		return lost(r, ERR_SYNTAX, 0, r->m->start, "not SIP");
	if (n < rest.len)
		return looks_like_sip(str_head(rest, n))
		               ? OK
		               : lost(r, ERR_SYNTAX, 0, r->m->start, "not SIP");
	if (rest.len > SIP_LINE_MAX)
		return lost(r, ERR_RANGE, 0, r->m->start, "start line too long");
	return OK;
}

static bool ends_section(const struct sip_msg *m, const char *start, const char *nl)
{
	size_t n = (size_t)(nl - start);

	if (n >= 3 && memcmp(nl - 3, "\r\n\r", 3) == 0)
		return true;
	return m->lenient_line_ends &&
	       ((n >= 1 && nl[-1] == '\n') || (n >= 2 && nl[-1] == '\r' && nl[-2] == '\n'));
}

/* Streams: ERR_MORE until the empty line is there. Searches each byte once over all calls. */
static enum err find_section_end(struct reading *r)
{
	struct sip_msg *m = r->m;
	uint32_t from = m->scan.at > m->start ? m->scan.at : m->start;
	bool had_line = from > m->start && memchr(r->b.p + m->start, '\n', from - m->start);

	while (from < r->b.len) {
		const char *nl = memchr(r->b.p + from, '\n', r->b.len - from);

		if (!nl)
			break;
		from = (uint32_t)(nl - r->b.p) + 1;
		if (!had_line && check_first_line(r) != OK)
			return r->err;
		had_line = true;
		if (nl[-1] != '\r' && !m->lenient_line_ends)
			return lost(r, ERR_SYNTAX, 400, from - 1, "bare LF");
		if (ends_section(m, r->b.p + m->start, nl))
			return OK;
	}
	if (!had_line && check_first_line(r) != OK)
		return r->err;
	m->scan.at = (uint32_t)r->b.len;
	return ERR_MORE;
}

/* ---- start line ---- */

static void status_line(struct reading *r, struct str line)
{
	struct str rest = line, version = str_cut(&rest, ' '), code = str_cut(&rest, ' ');
	uint64_t status = 0;

	if (!str_ieq(version, STR("SIP/2.0")))
		fault(r, ERR_VERSION, 505, r->m->start, "SIP version");
	if (code.len != 3 || str_u64(code, 699, &status) != OK || status < 100)
		bad(r, line, "status code");
	r->m->status = (uint16_t)status;
	r->m->reason = rest;
}

/* RFC 3261 section 7.1: one SP between the three parts, nothing behind. Strict, as RFC 4475 section
 * 3.1.2.9 allows. */
static void request_line(struct reading *r, struct str line)
{
	struct sip_msg *m = r->m;
	struct str rest = line, method = str_cut(&rest, ' '), version = rest;
	size_t uri_len = 0;
	enum err err;

	m->is_request = true;
	for (size_t at; (at = str_find(version, ' ')) < version.len;) {
		uri_len = (size_t)(version.p - rest.p) + at;
		version = str_skip(version, at + 1);
	}
	m->method_text = method;
	m->method = sip_method_of(method);
	m->uri_text = str_head(rest, uri_len);
	if (!method.len || !lex_all(method, LEX_TOKEN))
		bad(r, line, "method");
	if (is_version(version) && !str_ieq(version, STR("SIP/2.0")))
		fault(r, ERR_VERSION, 505, offset_of(r, version), "SIP version");
	if (!str_ieq(version, STR("SIP/2.0")))
		bad(r, line, "start line");
	err = sip_uri_parse(m->uri_text, &m->uri);
	if (err == ERR_RANGE)
		fault(r, err, 414, offset_of(r, m->uri_text), "Request-URI too long");
	else if (err)
		bad(r, m->uri_text, "Request-URI");
}

/* ---- header lines ---- */

/* The physical line at `at`, without its end; *ret_next is behind the end. False: no end is there.
 * */
static bool cut_line(struct reading *r, size_t at, struct str *ret_line, size_t *ret_next)
{
	struct str rest = str_skip(r->b, at);
	size_t n = str_find(rest, '\n');
	struct str line = str_head(rest, n);

	if (n == rest.len)
		return false;
	*ret_next = at + n + 1;
	if (line.len && line.p[line.len - 1] == '\r') {
		line.len--;
	} else {
		r->m->has_bare_lf = true;
		if (!r->m->lenient_line_ends)
			fault(r, ERR_SYNTAX, 400, at + n, "bare LF");
	}
	if (str_find(line, '\r') < line.len)
		fault(r, ERR_SYNTAX, 400, at + str_find(line, '\r'), "bare CR");
	*ret_line = line;
	return true;
}

static bool is_fold(const struct reading *r, size_t at)
{
	return at < r->b.len && (r->b.p[at] == ' ' || r->b.p[at] == '\t');
}

/* A NUL is one half of a quoted-pair inside a quoted string, or a fault. */
static bool has_stray_nul(struct str value)
{
	while (str_find(value, '\0') < value.len) {
		size_t quote = str_find(value, '"'), n = lex_quoted_len(str_skip(value, quote));

		if (!n || str_find(value, '\0') < quote)
			return true;
		value = str_skip(value, quote + n);
	}
	return false;
}

static void add_field(struct reading *r, struct str name, struct str line, struct str value)
{
	struct sip_msg *m = r->m;
	enum sip_hdr id = sip_hdr_of(name);
	struct sip_field *f = &m->fields[m->n_fields++];

	*f = (struct sip_field){
		.line = (uint16_t)offset_of(r, line),
		.line_len = (uint16_t)line.len,
		.value = (uint16_t)offset_of(r, value),
		.value_len = (uint16_t)value.len,
		.name_len = (uint8_t)(name.len < UINT8_MAX ? name.len : UINT8_MAX),
		.id = (uint8_t)id,
	};
	if (!m->first[id])
		m->first[id] = m->n_fields;
	else
		m->fields[r->last[id] - 1].next = m->n_fields;
	if (headers[id].is_single && m->first[id] != m->n_fields)
		bad(r, line, headers[id].name.p);
	r->last[id] = m->n_fields;
}

/* One logical line, its line end included. */
static void header_line(struct reading *r, struct str line)
{
	struct str rest = line, name = lex_cut_token(&rest), value;

	if (line.len > SIP_LINE_MAX)
		fault(r, ERR_RANGE, 400, offset_of(r, line), "header line too long");
	while (rest.len && (rest.p[0] == ' ' || rest.p[0] == '\t'))
		rest = str_skip(rest, 1); /* HCOLON: legal before the colon */
	if (!name.len || !rest.len || rest.p[0] != ':') {
		bad(r, line, "header name");
		return;
	}
	value = lex_trim(str_skip(rest, 1));
	if (!value.len)
		value = (struct str){rest.p + 1, 0}; /* where an edit would write */
	if (r->has_nul && has_stray_nul(value))
		bad(r, line, "NUL");
	if (r->m->n_fields == SIP_FIELDS_MAX)
		fault(r, ERR_RANGE, 400, offset_of(r, line), "too many headers");
	else
		add_field(r, name, line, value);
}

/* From the start line to the empty line. False: the empty line is missing. */
static bool index_lines(struct reading *r)
{
	struct sip_msg *m = r->m;
	struct str line;
	size_t at, next;

	r->has_nul = str_find(r->b, '\0') < r->b.len;
	if (!cut_line(r, m->start, &line, &at))
		return false;
	if (is_version(line))
		status_line(r, line);
	else
		request_line(r, line);
	if (str_find(line, '\0') < line.len)
		bad(r, line, "NUL");
	if (is_fold(r, at))
		fault(r, ERR_SYNTAX, 400, at, "folded start line");
	for (; cut_line(r, at, &line, &next); at = next) {
		if (!line.len) {
			m->head_end = (uint32_t)next;
			return true;
		}
		while (is_fold(r, next)) {
			if (!cut_line(r, next, &line, &next))
				return false;
		}
		header_line(r, str_head(str_skip(r->b, at), next - at));
	}
	return false;
}

/* ---- core values ---- */

static struct str required(struct reading *r, enum sip_hdr id, const char *reason)
{
	if (!sip_has(r->m, id))
		fault(r, ERR_SYNTAX, 400, r->m->start, reason);
	return sip_header(r->m, id);
}

static void core_via(struct reading *r)
{
	struct sip_msg *m = r->m;
	struct str value = required(r, SIP_HDR_VIA, "Via missing"), rest = value, first;

	if (!sip_has(m, SIP_HDR_VIA))
		return;
	if (lex_cut_at(&rest, ',', &first) != OK || sip_via_parse(first, &m->via) != OK) {
		bad(r, value, "Via");
		return;
	}
	if (str_eq(m->via.branch, STR("z9hG4bK")))
		bad(r, m->via.branch, "Via branch");
}

static struct str core_tag(
	struct reading *r, enum sip_hdr id, const char *missing, const char *name)
{
	struct str value = required(r, id, missing);
	struct sip_nameaddr na;
	struct sip_param tag;

	if (!sip_has(r->m, id))
		return STR_NONE;
	if (sip_nameaddr_parse(value, &na) != OK || na.is_star) {
		bad(r, value, name);
		return STR_NONE;
	}
	if (!sip_param_find(na.params, STR("tag"), &tag))
		return STR_NONE;
	if (!tag.value.len || !lex_all(tag.value, LEX_TOKEN | LEX_PARAM | LEX_URI))
		bad(r, value, name);
	return tag.value;
}

static void core_call_id(struct reading *r)
{
	struct str value = required(r, SIP_HDR_CALL_ID, "Call-ID missing"), rest = value;

	r->m->call_id = value;
	if (!sip_has(r->m, SIP_HDR_CALL_ID))
		return;
	if (!value.len || !lex_all(str_cut(&rest, '@'), LEX_WORD) || !lex_all(rest, LEX_WORD))
		bad(r, value, "Call-ID");
}

static void core_cseq(struct reading *r)
{
	struct sip_msg *m = r->m;
	struct str value = required(r, SIP_HDR_CSEQ, "CSeq missing");

	if (!sip_has(m, SIP_HDR_CSEQ))
		return;
	if (sip_cseq_parse(value, &m->cseq, &m->cseq_method) != OK) {
		bad(r, value, "CSeq");
		return;
	}
	if (!m->is_request) {
		m->method = sip_method_of(m->cseq_method);
		m->method_text = m->cseq_method;
	} else if (!str_eq(m->cseq_method, m->method_text)) {
		/* RFC 4475 section 3.1.2.18: an unknown method is 501 whatever CSeq says */
		fault(r, ERR_SYNTAX, m->method == SIP_OTHER_METHOD ? 501 : 400, offset_of(r, value),
			"CSeq method");
	}
}

static void core_max_forwards(struct reading *r)
{
	struct str value = sip_header(r->m, SIP_HDR_MAX_FORWARDS);
	uint64_t hops = 255;

	if (!sip_has(r->m, SIP_HDR_MAX_FORWARDS))
		return;
	if (!value.len || !lex_all(value, LEX_DIGIT)) {
		bad(r, value, "Max-Forwards");
		return;
	}
	if (str_u64(value, 255, &hops) != OK)
		hops = 255; /* clamped, not refused */
	r->m->max_forwards = (int)hops;
}

static void core_content_type(struct reading *r)
{
	struct sip_msg *m = r->m;
	struct str rest = m->content_type = sip_header(m, SIP_HDR_CONTENT_TYPE), type, subtype;

	if (!sip_has(m, SIP_HDR_CONTENT_TYPE))
		return;
	type = lex_cut_token(&rest);
	rest = lex_ltrim(rest);
	if (!type.len || !rest.len || rest.p[0] != '/') {
		bad(r, m->content_type, "Content-Type");
		return;
	}
	rest = lex_ltrim(str_skip(rest, 1));
	subtype = lex_cut_token(&rest);
	rest = lex_ltrim(rest);
	if (!subtype.len || (rest.len && rest.p[0] != ';'))
		bad(r, m->content_type, "Content-Type");
}

static size_t count_elements(const struct sip_msg *m, enum sip_hdr id)
{
	size_t n = 0;

	for (int i = sip_first(m, id); i >= 0; i = sip_next(m, i)) {
		struct str rest = sip_field_value(m, i), part;

		if (str_find(rest, ',') == rest.len)
			n++;
		else
			while (rest.len && lex_cut_at(&rest, ',', &part) == OK)
				n++;
	}
	return n;
}

static void check_counts(struct reading *r)
{
	struct sip_msg *m = r->m;

	if (count_elements(m, SIP_HDR_VIA) > SIP_VIAS_MAX)
		fault(r, ERR_RANGE, 483, m->start, "too many Vias");
	if (count_elements(m, SIP_HDR_ROUTE) + count_elements(m, SIP_HDR_RECORD_ROUTE) >
		SIP_ROUTES_MAX)
		fault(r, ERR_RANGE, 400, m->start, "too many Routes");
	if (count_elements(m, SIP_HDR_CONTACT) > SIP_CONTACTS_MAX)
		fault(r, ERR_RANGE, 400, m->start, "too many Contacts");
}

static void read_core(struct reading *r)
{
	core_via(r);
	r->m->from_tag = core_tag(r, SIP_HDR_FROM, "From missing", "From");
	r->m->to_tag = core_tag(r, SIP_HDR_TO, "To missing", "To");
	core_call_id(r);
	core_cseq(r);
	core_max_forwards(r);
	core_content_type(r);
	check_counts(r);
}

/* ---- body ---- */

/* Content-Length as it governs framing: digits, once. -1: absent; faults are recorded as lost
 * framing. */
static enum err read_length(struct reading *r)
{
	struct sip_msg *m = r->m;
	struct str value = sip_header(m, SIP_HDR_CONTENT_LENGTH);
	uint64_t length;
	int first = sip_first(m, SIP_HDR_CONTENT_LENGTH);

	if (first < 0)
		return r->framing == SIP_DGRAM
		               ? OK
		               : lost(r, ERR_SYNTAX, 400, m->head_end, "Content-Length missing");
	if (m->fields[first].next)
		return lost(r, ERR_SYNTAX, 400, m->fields[first].line, "Content-Length twice");
	if (!value.len || !lex_all(value, LEX_DIGIT))
		return lost(r, ERR_SYNTAX, 400, m->fields[first].line, "Content-Length");
	if (str_u64(value, m->len_max, &length) != OK || m->head_end + length > m->len_max)
		return lost(r, ERR_RANGE, r->framing == SIP_DGRAM ? 400 : 513,
			m->fields[first].line, "Content-Length too large");
	m->content_length = (int64_t)length;
	return OK;
}

/* Sets body and end. ERR_MORE: the stream must bring more. */
static enum err frame_body(struct reading *r)
{
	struct sip_msg *m = r->m;
	size_t have = r->b.len - m->head_end, want = have;

	if (read_length(r) != OK && m->fault.is_framing)
		want = r->framing == SIP_DGRAM ? have : 0;
	else if (m->content_length >= 0)
		want = (size_t)m->content_length;
	if (want > have && r->framing == SIP_STREAM) {
		m->scan.need = m->head_end + (uint32_t)want;
		return ERR_MORE;
	}
	if (want > have) {
		fault(r, ERR_SYNTAX, 400, m->head_end, "body shorter than Content-Length");
		want = have;
	}
	m->body = (struct str){r->b.p + m->head_end, want};
	m->end = m->head_end + (uint32_t)want;
	m->bytes = str_head(r->b, m->end);
	return OK;
}

/* ---- the whole ---- */

/* No answer to what may be no request, and none to an ACK (RFC 3261 section 17.1.1.3). */
static enum err finish(struct reading *r)
{
	struct sip_msg *m = r->m;

	if (r->err && (!m->is_request || m->method == SIP_ACK))
		m->fault.code = 0;
	if (r->err && r->framing == SIP_DGRAM)
		m->fault.is_framing = false;
	return r->err;
}

static enum err index_whole(struct reading *r)
{
	struct sip_msg *m = r->m;

	if (!index_lines(r)) {
		m->head_end = (uint32_t)r->b.len;
		(void)lost(r, ERR_SYNTAX, 400, r->b.len, "header section does not end");
	}
	read_core(r);
	if (frame_body(r) == ERR_MORE)
		return ERR_MORE;
	return finish(r);
}

enum err sip_index(struct str bytes, enum sip_framing framing, struct sip_msg *m)
{
	struct reading r = {.m = m, .framing = framing};
	uint32_t limit =
		m->len_max && m->len_max < SIP_MESSAGE_CEILING ? m->len_max : SIP_MESSAGE_CEILING;
	bool is_over = bytes.len > limit;
	enum err err;

	reset(m);
	m->len_max = limit;
	r.b = m->bytes = bytes.p ? str_head(bytes, limit) : STR("");
	if (framing == SIP_STREAM && m->scan.need > r.b.len)
		return ERR_MORE;
	m->start = (uint32_t)sip_count_crlf(r.b);
	if (framing == SIP_STREAM && !m->scan.need) {
		err = find_section_end(&r);
		if (err == ERR_MORE && is_over)
			err = lost(&r, ERR_RANGE, 513, limit, "message too large");
		if (err == ERR_MORE)
			return err;
		if (err && m->fault.code) { /* what is there of the core, for the answer */
			(void)index_lines(&r);
			read_core(&r);
		}
		if (err)
			return finish(&r);
	}
	if (framing == SIP_DGRAM && check_first_line(&r) != OK)
		return finish(&r);
	if (framing == SIP_DGRAM && is_over)
		fault(&r, ERR_RANGE, 513, limit, "message too large");
	return index_whole(&r);
}

const struct sip_msg *sip_msg_held(struct scratch *scratch, struct str bytes)
{
	struct sip_msg *m = bytes.len ? scratch_take(scratch, sizeof *m) : NULL;

	if (!m)
		return NULL;
	sip_msg_init(m);
	m->len_max = SIP_MESSAGE_CEILING;
	return sip_index(bytes, SIP_DGRAM, m) == OK ? m : NULL;
}

/* ---- access ---- */

int sip_first(const struct sip_msg *m, enum sip_hdr id)
{
	return (int)m->first[id] - 1;
}

int sip_next(const struct sip_msg *m, int field)
{
	return (int)m->fields[field].next - 1;
}

bool sip_has(const struct sip_msg *m, enum sip_hdr id)
{
	return m->first[id] != 0;
}

struct str sip_field_line(const struct sip_msg *m, int field)
{
	return (struct str){m->bytes.p + m->fields[field].line, m->fields[field].line_len};
}

struct str sip_field_name(const struct sip_msg *m, int field)
{
	struct str line = sip_field_line(m, field);

	return lex_cut_token(&line);
}

struct str sip_field_value(const struct sip_msg *m, int field)
{
	return (struct str){m->bytes.p + m->fields[field].value, m->fields[field].value_len};
}

bool sip_field_is(const struct sip_msg *m, int field, struct str name)
{
	enum sip_hdr id = sip_hdr_of(name);

	if (id != SIP_HDR_OTHER || m->fields[field].id != SIP_HDR_OTHER)
		return m->fields[field].id == id;
	return str_ieq(sip_field_name(m, field), name);
}

struct str sip_header(const struct sip_msg *m, enum sip_hdr id)
{
	return sip_has(m, id) ? sip_field_value(m, sip_first(m, id)) : STR_NONE;
}

struct str sip_header_named(const struct sip_msg *m, struct str name)
{
	for (int i = 0; i < m->n_fields; i++) {
		if (sip_field_is(m, i, name))
			return sip_field_value(m, i);
	}
	return STR_NONE;
}
