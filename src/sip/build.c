/* build.c - messages of our own, line by line into a writer. Pure.
 *
 * Every text goes through lex_put_line: a fold becomes a blank, any other CR, LF or NUL spoils the
 * writer. What is copied from a request keeps its bytes, but for the topmost Via and the To tag. */
#include <stdarg.h>
#include <stdio.h>

#include "sip/build.h"
#include "sip/lex.h"

static void put_text(struct wr *w, struct str text)
{
	if (lex_put_line(w, text) != OK && w->err == OK)
		w->err = ERR_SYNTAX;
}

static void put_crlf(struct wr *w)
{
	wr_str(w, STR("\r\n"));
}

void sip_put_request_line(struct wr *w, struct str method, struct str uri)
{
	put_text(w, method);
	wr_str(w, STR(" "));
	put_text(w, uri);
	wr_str(w, STR(" SIP/2.0\r\n"));
}

/* clang-format off */
static const struct { uint16_t code; const char *phrase; } phrases[] = {
	{100, "Trying"}, {180, "Ringing"}, {181, "Call Is Being Forwarded"}, {182, "Queued"},
	{183, "Session Progress"}, {199, "Early Dialog Terminated"},
	{200, "OK"}, {202, "Accepted"}, {204, "No Notification"},
	{300, "Multiple Choices"}, {301, "Moved Permanently"}, {302, "Moved Temporarily"},
	{305, "Use Proxy"}, {380, "Alternative Service"},
	{400, "Bad Request"}, {401, "Unauthorized"}, {402, "Payment Required"}, {403, "Forbidden"},
	{404, "Not Found"}, {405, "Method Not Allowed"}, {406, "Not Acceptable"},
	{407, "Proxy Authentication Required"}, {408, "Request Timeout"}, {410, "Gone"},
	{412, "Conditional Request Failed"}, {413, "Request Entity Too Large"},
	{414, "Request-URI Too Long"}, {415, "Unsupported Media Type"},
	{416, "Unsupported URI Scheme"}, {417, "Unknown Resource-Priority"}, {420, "Bad Extension"},
	{421, "Extension Required"}, {422, "Session Interval Too Small"},
	{423, "Interval Too Brief"}, {428, "Use Identity Header"},
	{429, "Provide Referrer Identity"}, {430, "Flow Failed"},
	{433, "Anonymity Disallowed"}, {436, "Bad Identity Info"}, {437, "Unsupported Credential"},
	{438, "Invalid Identity Header"}, {439, "First Hop Lacks Outbound Support"},
	{440, "Max-Breadth Exceeded"}, {469, "Bad Info Package"}, {470, "Consent Needed"},
	{480, "Temporarily Unavailable"}, {481, "Call/Transaction Does Not Exist"},
	{482, "Loop Detected"}, {483, "Too Many Hops"}, {484, "Address Incomplete"},
	{485, "Ambiguous"}, {486, "Busy Here"}, {487, "Request Terminated"},
	{488, "Not Acceptable Here"}, {489, "Bad Event"}, {491, "Request Pending"},
	{493, "Undecipherable"}, {494, "Security Agreement Required"},
	{500, "Server Internal Error"}, {501, "Not Implemented"}, {502, "Bad Gateway"},
	{503, "Service Unavailable"}, {504, "Server Time-out"}, {505, "Version Not Supported"},
	{513, "Message Too Large"}, {580, "Precondition Failure"},
	{600, "Busy Everywhere"}, {603, "Decline"}, {604, "Does Not Exist Anywhere"},
	{606, "Not Acceptable"}, {607, "Unwanted"},
};
/* clang-format on */

const char *sip_reason_phrase(unsigned code)
{
	const char *of_class = "Unknown";

	for (size_t i = 0; i < sizeof phrases / sizeof phrases[0]; i++) {
		if (phrases[i].code == code)
			return phrases[i].phrase;
		if (phrases[i].code == code / 100 * 100)
			of_class = phrases[i].phrase;
	}
	return of_class;
}

void sip_put_status_line(struct wr *w, unsigned code, struct str reason)
{
	wr_printf(w, "SIP/2.0 %03u ", code);
	put_text(w, reason.len ? reason : str_of(sip_reason_phrase(code)));
	put_crlf(w);
}

void sip_put_named(struct wr *w, struct str name, struct str value)
{
	put_text(w, name);
	wr_str(w, STR(": "));
	put_text(w, value);
	put_crlf(w);
}

void sip_put_header(struct wr *w, enum sip_hdr id, struct str value)
{
	sip_put_named(w, str_of(sip_hdr_name(id)), value);
}

void sip_put_header_f(struct wr *w, enum sip_hdr id, const char *fmt, ...)
{
	char text[2048];
	va_list args;
	int n;

	va_start(args, fmt);
	n = vsnprintf(text, sizeof text, fmt, args);
	va_end(args);
	if ((n < 0 || (size_t)n >= sizeof text) && w->err == OK)
		w->err = ERR_FULL;
	else
		sip_put_header(w, id, (struct str){text, (size_t)n});
}

/* A value as it came, its folds too; what a broken message may hold beside them is refused. */
static void put_kept(struct wr *w, struct str value)
{
	for (size_t i = 0; i < value.len; i++) {
		char c = value.p[i];
		bool is_crlf = c == '\r' && i + 1 < value.len && value.p[i + 1] == '\n';

		if ((c == '\r' && !is_crlf) && w->err == OK)
			w->err = ERR_SYNTAX;
		if (c == '\n' && (!i || value.p[i - 1] != '\r'))
			wr_u8(w, '\r'); /* a bare LF of a lenient zone */
		wr_u8(w, (uint8_t)c);
	}
}

static void put_field(struct wr *w, const struct sip_msg *m, int field)
{
	wr_str(w, sip_field_name(m, field));
	wr_str(w, STR(": "));
	put_kept(w, sip_field_value(m, field));
	put_crlf(w);
}

void sip_put_copied(struct wr *w, const struct sip_msg *m, enum sip_hdr id)
{
	for (int i = sip_first(m, id); i >= 0; i = sip_next(m, i))
		put_field(w, m, i);
}

void sip_put_body(struct wr *w, struct str content_type, struct str body)
{
	if (body.len)
		sip_put_header(w, SIP_HDR_CONTENT_TYPE, content_type);
	wr_printf(w, "Content-Length: %zu\r\n\r\n", body.len);
	wr_str(w, body);
}

void sip_put_quoted(struct wr *w, struct str text)
{
	wr_u8(w, '"');
	for (size_t i = 0; i < text.len; i++) {
		if (text.p[i] == '"' || text.p[i] == '\\')
			wr_u8(w, '\\');
		put_text(w, (struct str){text.p + i, 1});
	}
	wr_u8(w, '"');
}

/* ---- answers ---- */

static bool host_is(const struct sip_via *via, const struct addr *src)
{
	struct addr a;

	return sip_host_addr(via->host, &a) == OK && addr_same_host(&a, src);
}

/* RFC 3261 section 18.2.1, RFC 3581 section 4: what the sender wrote itself into received and rport
 * is not believed. */
void sip_put_via_answer(struct wr *w, const struct sip_via *via, const struct addr *src)
{
	char host[ADDR_TEXT_SIZE];
	struct str rest = via->params;
	struct sip_param param;

	if (!src || (!via->has_rport && !via->received.len && host_is(via, src))) {
		put_kept(w, via->text);
		return;
	}
	put_kept(w, str_between(via->text.p, via->hostport.p + via->hostport.len));
	while (sip_param_next(&rest, &param) == OK) {
		if (str_ieq(param.name, STR("received")) || str_ieq(param.name, STR("rport")))
			continue;
		wr_u8(w, ';');
		put_kept(w, param.text);
	}
	if (via->has_rport || !host_is(via, src))
		wr_printf(w, ";received=%s", addr_put_host(src, host));
	if (via->has_rport)
		wr_printf(w, ";rport=%u", src->port);
}

static void put_vias(struct wr *w, const struct sip_msg *m, const struct addr *src)
{
	int first = sip_first(m, SIP_HDR_VIA);
	struct str value = sip_header(m, SIP_HDR_VIA), top = m->via.text;

	if (first < 0)
		return;
	if (!top.len) { /* unreadable: back as it came */
		put_field(w, m, first);
	} else {
		wr_str(w, STR("Via: "));
		sip_put_via_answer(w, &m->via, src);
		put_kept(w, str_between(top.p + top.len, value.p + value.len));
		put_crlf(w);
	}
	for (int i = sip_next(m, first); i >= 0; i = sip_next(m, i))
		put_field(w, m, i);
}

static void put_to(struct wr *w, const struct sip_msg *m, struct str to_tag)
{
	struct sip_nameaddr na;

	if (!to_tag.len || !sip_has(m, SIP_HDR_TO) || m->to_tag.len ||
		sip_nameaddr_parse(sip_header(m, SIP_HDR_TO), &na) != OK) {
		sip_put_copied(w, m, SIP_HDR_TO);
		return;
	}
	wr_str(w, STR("To: "));
	put_kept(w, sip_header(m, SIP_HDR_TO));
	wr_str(w, STR(";tag="));
	put_text(w, to_tag);
	put_crlf(w);
}

/* RFC 3261 section 12.1.1 and RFC 6665 section 4.2.1: where a dialog may start. */
static bool copies_route(const struct sip_msg *req, unsigned code)
{
	return code > 100 && code < 300 &&
	       (req->method == SIP_INVITE || req->method == SIP_SUBSCRIBE ||
		       req->method == SIP_REFER || req->method == SIP_NOTIFY);
}

void sip_put_response(struct wr *w, const struct sip_msg *req, unsigned code, struct str reason,
	struct str to_tag, const struct addr *src)
{
	sip_put_status_line(w, code, reason);
	put_vias(w, req, src);
	if (copies_route(req, code))
		sip_put_copied(w, req, SIP_HDR_RECORD_ROUTE);
	sip_put_copied(w, req, SIP_HDR_FROM);
	put_to(w, req, code > 100 ? to_tag : STR_NONE);
	sip_put_copied(w, req, SIP_HDR_CALL_ID);
	sip_put_copied(w, req, SIP_HDR_CSEQ);
	if (code == 100)
		sip_put_copied(w, req, SIP_HDR_TIMESTAMP);
}

bool sip_put_refusal(
	struct wr *w, const struct sip_msg *m, struct str to_tag, const struct addr *src)
{
	struct wr before = *w;
	unsigned code = m->fault.code;
	char reason[96];
	int n = snprintf(reason, sizeof reason, "%s (%s)", sip_reason_phrase(code),
		m->fault.reason ? m->fault.reason : "");

	if (!code || !m->is_request || !sip_has(m, SIP_HDR_VIA) || n < 0)
		return false;
	sip_put_response(w, m, code, str_of(reason), to_tag, src);
	sip_put_body(w, STR_NONE, STR_NONE);
	if (w->err == OK && wr_len(w) - wr_len(&before) <= m->bytes.len + 100)
		return true;
	*w = before;
	return false;
}
