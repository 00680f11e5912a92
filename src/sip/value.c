/* value.c - readers of single header values. Pure; each function is one production of RFC 3261
 * section 25.1 (or of the RFC named beside it).
 *
 * Strict where a wrong reading would be a hole (hosts, tags, numbers), tolerant where the RFC says
 * the text is somebody else's (display names, unknown parameters). */
#include <string.h>

#include "sip/value.h"

/* Via: sent-protocol is "SIP / 2.0 / UDP", LWS wherever it stands here. */
static enum err sent_protocol(struct str *s, struct sip_via *via)
{
	struct str name = lex_cut_token(s), version;

	*s = lex_ltrim(*s);
	if (!str_ieq(name, STR("SIP")) || !s->len || s->p[0] != '/')
		return ERR_SYNTAX;
	*s = lex_ltrim(str_skip(*s, 1));
	version = lex_cut_token(s);
	*s = lex_ltrim(*s);
	if (!str_eq(version, STR("2.0")) || !s->len || s->p[0] != '/')
		return ERR_SYNTAX;
	*s = lex_ltrim(str_skip(*s, 1));
	via->transport_text = lex_cut_token(s);
	via->transport = sip_transport_of(via->transport_text);
	if (!via->transport_text.len || !s->len || !lex_is(s->p[0], LEX_LWS))
		return ERR_SYNTAX;
	*s = lex_ltrim(*s);
	return OK;
}

static struct str without_brackets(struct str host)
{
	if (host.len >= 2 && host.p[0] == '[' && host.p[host.len - 1] == ']')
		return (struct str){host.p + 1, host.len - 2};
	return host;
}

/* RFC 3581 section 3: rport without a value asks, with one answers. */
static enum err via_rport(struct sip_via *via, const struct sip_param *param)
{
	uint64_t port = 0;

	if (param->has_value && str_u64(param->value, UINT16_MAX, &port) != OK)
		return ERR_SYNTAX;
	via->has_rport = true;
	via->rport = (uint16_t)port;
	return OK;
}

static enum err via_params(struct sip_via *via)
{
	struct str rest = via->params;
	struct sip_param param;
	enum err err;

	if (lex_ltrim(rest).len && lex_ltrim(rest).p[0] == ';')
		return ERR_SYNTAX; /* two of them */
	while ((err = sip_param_next(&rest, &param)) == OK) {
		if (str_ieq(param.name, STR("branch")))
			via->branch = param.value;
		else if (str_ieq(param.name, STR("received")))
			via->received = without_brackets(param.value);
		else if (str_ieq(param.name, STR("rport")))
			err = via_rport(via, &param);
		if (err)
			return err;
	}
	return err == ERR_NOENT ? OK : err;
}

enum err sip_via_parse(struct str element, struct sip_via *ret_via)
{
	struct sip_via via = {.text = lex_trim(element)};
	struct str rest = via.text;
	bool has_port;
	enum err err = sent_protocol(&rest, &via);

	if (err)
		return err;
	via.params = rest;
	via.hostport = lex_trim(str_cut(&via.params, ';'));
	if (!via.hostport.len)
		return ERR_SYNTAX;
	if (via.hostport.p + via.hostport.len < via.text.p + via.text.len && !via.params.len)
		return ERR_SYNTAX; /* a ';' at the end */
	err = sip_hostport_parse(via.hostport, &via.host, &via.is_v6, &via.port, &has_port);
	if (err == OK)
		err = via_params(&via);
	if (err == OK)
		*ret_via = via;
	return err;
}

/* A quoted string, or tokens with LWS between them. Bytes above 127 are taken in the latter:
 * telephones send names that way. */
static bool is_display(struct str s)
{
	if (s.len && s.p[0] == '"')
		return lex_quoted_len(s) == s.len;
	for (size_t i = 0; i < s.len; i++) {
		if (!lex_is(s.p[i], LEX_TOKEN | LEX_LWS) && (uint8_t)s.p[i] < 128)
			return false;
	}
	return true;
}

static bool is_absolute_uri(struct str s)
{
	size_t colon = str_find(s, ':');

	if (!colon || colon + 1 >= s.len || !lex_all(s, LEX_URI))
		return false;
	for (size_t i = 0; i < colon; i++) {
		if (!lex_is(s.p[i], LEX_TOKEN) || s.p[i] == '%')
			return false;
	}
	return true;
}

/* Length of what stands before the '<', quotes respected; s.len without one. */
static size_t display_len(struct str s)
{
	size_t n = lex_quoted_len(s);
	struct str rest = str_skip(s, n);

	return n + str_find(rest, '<');
}

static enum err bracketed(struct str s, size_t at, struct sip_nameaddr *na, struct str *ret_rest)
{
	struct str rest = str_skip(s, at + 1);
	size_t n = str_find(rest, '>');

	if (n == rest.len)
		return ERR_SYNTAX;
	na->has_brackets = true;
	na->display = lex_trim(str_head(s, at));
	na->uri = str_head(rest, n);
	*ret_rest = lex_ltrim(str_skip(rest, n + 1));
	return is_display(na->display) ? OK : ERR_SYNTAX;
}

/* addr-spec: ends where LWS or the first header parameter starts. */
static enum err bare(struct str s, struct sip_nameaddr *na, struct str *ret_rest)
{
	size_t n = 0;

	while (n < s.len && !lex_is(s.p[n], LEX_LWS) && s.p[n] != ';') {
		if (s.p[n] == ',' || s.p[n] == '?')
			return ERR_SYNTAX;
		n++;
	}
	na->uri = str_head(s, n);
	*ret_rest = lex_ltrim(str_skip(s, n));
	return OK;
}

enum err sip_nameaddr_parse(struct str element, struct sip_nameaddr *ret_na)
{
	struct sip_nameaddr na = {.text = lex_trim(element)};
	struct str rest;
	size_t at = display_len(na.text);
	enum err err;

	if (at < na.text.len)
		err = bracketed(na.text, at, &na, &rest);
	else
		err = bare(na.text, &na, &rest);
	if (err)
		return err;
	na.is_star = !na.has_brackets && str_eq(na.uri, STR("*"));
	if (!na.is_star && !is_absolute_uri(na.uri))
		return ERR_SYNTAX;
	if (rest.len && rest.p[0] != ';')
		return ERR_SYNTAX;
	na.params = str_skip(rest, 1);
	if (rest.len && !na.params.len)
		return ERR_SYNTAX;
	err = sip_params_check(na.params);
	if (err == OK)
		*ret_na = na;
	return err;
}

/* Where a digest parameter goes. NULL: unknown, passes (RFC 7616 section 3.3). */
static struct str *auth_slot(struct sip_auth *a, struct str name)
{
	/* clang-format off */
	const struct { struct str name; struct str *slot; } slots[] = {
		{STR("username"), &a->username}, {STR("realm"), &a->realm},
		{STR("nonce"), &a->nonce},       {STR("uri"), &a->uri},
		{STR("response"), &a->response}, {STR("algorithm"), &a->algorithm},
		{STR("cnonce"), &a->cnonce},     {STR("opaque"), &a->opaque},
		{STR("qop"), &a->qop},           {STR("nc"), &a->nc},
		{STR("stale"), &a->stale},       {STR("domain"), &a->domain},
	};
	/* clang-format on */

	for (size_t i = 0; i < sizeof slots / sizeof slots[0]; i++) {
		if (str_ieq(name, slots[i].name))
			return slots[i].slot;
	}
	return NULL;
}

enum err sip_auth_parse(struct str value, struct sip_auth *ret_auth)
{
	struct sip_auth a = {0};
	struct str rest = lex_trim(value), part, *slot;
	struct sip_param param;

	a.scheme = lex_cut_token(&rest);
	if (!a.scheme.len || (rest.len && !lex_is(rest.p[0], LEX_LWS)))
		return ERR_SYNTAX;
	a.params = rest = lex_trim(rest);
	a.is_digest = str_ieq(a.scheme, STR("Digest"));
	while (a.is_digest && rest.len) {
		if (lex_cut_at(&rest, ',', &part) != OK)
			return ERR_SYNTAX;
		part = lex_trim(part);
		if (!part.len)
			continue; /* RFC 9110 section 5.6.1: empty list elements are skipped */
		if (part.p[0] == ';' || sip_param_next(&part, &param) != OK || part.len ||
			!param.has_value)
			return ERR_SYNTAX;
		slot = auth_slot(&a, param.name);
		if (slot && slot->p)
			return ERR_SYNTAX;
		if (slot)
			*slot = param.value;
	}
	*ret_auth = a;
	return OK;
}

/* Digits at the front of *s, then LWS or the end. ERR_RANGE: above max. */
static enum err cut_number(struct str *s, uint64_t max, uint64_t *ret_number)
{
	struct str token = lex_cut_token(s);

	if (s->len && !lex_is(s->p[0], LEX_LWS))
		return ERR_SYNTAX;
	*s = lex_ltrim(*s);
	return str_u64(token, max, ret_number);
}

enum err sip_cseq_parse(struct str value, uint32_t *ret_number, struct str *ret_method)
{
	struct str rest = lex_trim(value), method;
	uint64_t number;
	enum err err = cut_number(&rest, INT32_MAX, &number); /* RFC 3261 section 8.1.1.5 */

	if (err)
		return err;
	method = lex_cut_token(&rest);
	if (!method.len || rest.len)
		return ERR_SYNTAX;
	*ret_number = (uint32_t)number;
	*ret_method = method;
	return OK;
}

enum err sip_rack_parse(
	struct str value, uint32_t *ret_rseq, uint32_t *ret_cseq, struct str *ret_method)
{
	struct str rest = lex_trim(value);
	uint64_t rseq;
	enum err err = cut_number(&rest, UINT32_MAX, &rseq);

	if (err == OK)
		err = sip_cseq_parse(rest, ret_cseq, ret_method);
	if (err == OK)
		*ret_rseq = (uint32_t)rseq;
	return err;
}

enum err sip_delta_parse(struct str value, uint32_t *ret_seconds, struct str *ret_params)
{
	struct str rest = lex_trim(value), digits = lex_cut_token(&rest);
	uint64_t seconds = UINT32_MAX;
	enum err err = str_u64(digits, UINT32_MAX, &seconds);

	if (err == ERR_RANGE)
		err = OK; /* clamped: the digits were checked below by lex_all */
	if (err || !lex_all(digits, LEX_DIGIT))
		return ERR_SYNTAX;
	rest = lex_ltrim(rest);
	/* Retry-After may carry a comment: "120 (in a meeting)". Skipped, it means nothing to us.
	 * */
	if (rest.len && rest.p[0] == '(')
		rest = str_skip(rest, str_find(rest, ')') + 1);
	rest = lex_ltrim(rest);
	if (rest.len && rest.p[0] != ';')
		return ERR_SYNTAX;
	*ret_seconds = (uint32_t)seconds;
	*ret_params = str_skip(rest, 1);
	return OK;
}

enum err sip_replaces_parse(struct str value, struct str *ret_call_id, struct str *ret_to_tag,
	struct str *ret_from_tag, bool *ret_early_only)
{
	struct str params = lex_trim(value);
	struct str call_id = lex_trim(str_cut(&params, ';'));
	struct sip_param early;

	if (!call_id.len)
		return ERR_SYNTAX;
	*ret_call_id = call_id;
	*ret_to_tag = sip_param_value(params, STR("to-tag"));
	*ret_from_tag = sip_param_value(params, STR("from-tag"));
	*ret_early_only = sip_param_find(params, STR("early-only"), &early);
	return OK;
}

bool sip_type_is(struct str value, struct str type, struct str subtype)
{
	struct str rest = lex_trim(value), first = lex_cut_token(&rest);

	rest = lex_ltrim(rest);
	if (!str_ieq(first, type) || !rest.len || rest.p[0] != '/')
		return false;
	rest = lex_ltrim(str_skip(rest, 1));
	return str_ieq(lex_cut_token(&rest), subtype);
}

void sip_unquote(struct str value, struct wr *w)
{
	struct str s = lex_trim(value);
	bool is_quoted = s.len >= 2 && s.p[0] == '"' && s.p[s.len - 1] == '"';
	bool was_lws = false;

	if (is_quoted)
		s = (struct str){s.p + 1, s.len - 2};
	for (size_t i = 0; i < s.len; i++) {
		bool is_lws;
		char c;

		if (is_quoted && s.p[i] == '\\' && i + 1 < s.len)
			i++;
		c = s.p[i];
		is_lws = c == '\r' || c == '\n' || (was_lws && lex_is(c, LEX_LWS));
		if (is_lws && !was_lws)
			wr_u8(w, ' ');
		was_lws = is_lws;
		if (!is_lws)
			wr_u8(w, (uint8_t)c < ' ' || c == 127 ? '?' : (uint8_t)c);
	}
}

unsigned sip_q(struct str params)
{
	struct str q = sip_param_value(params, STR("q"));
	struct str fraction = q;
	struct str whole = str_cut(&fraction, '.');
	unsigned value = 0, weight = 100;

	if (!q.len || !lex_all(fraction, LEX_DIGIT) || fraction.len > 3)
		return 1000;
	if (!str_eq(whole, STR("0")))
		return 1000;
	for (size_t i = 0; i < fraction.len; i++, weight /= 10)
		value += weight * (unsigned)(fraction.p[i] - '0');
	return value;
}
