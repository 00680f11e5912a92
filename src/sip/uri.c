/* uri.c - SIP, SIPS and tel URIs. Pure; RFC 3261 section 25.1, RFC 3966, RFC 5118.
 *
 * Hosts are strict on purpose: a last label that begins with a digit must be a dotted quad without
 * leading zeroes, so that no spelling of an address ("127.1", "0x7f.1", "2130706433") passes as a
 * name and is read as a number by somebody else. */
#include <string.h>

#include "sip/lex.h"
#include "sip/uri.h"

static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return ascii_lower(c) - 'a' + 10;
}

/* Every % is followed by two hex digits. */
static bool has_good_escapes(struct str s)
{
	for (;;) {
		s = str_skip(s, str_find(s, '%'));
		if (!s.len)
			return true;
		if (s.len < 3 || !lex_is(s.p[1], LEX_HEX) || !lex_is(s.p[2], LEX_HEX))
			return false;
		s = str_skip(s, 3);
	}
}

static const struct {
	struct str name;
	enum sip_transport tp;
} transports[] = {
	{{"UDP", 3}, SIP_TP_UDP},
	{{"TCP", 3}, SIP_TP_TCP},
	{{"TLS", 3}, SIP_TP_TLS},
};

enum sip_transport sip_transport_of(struct str token)
{
	for (size_t i = 0; i < sizeof transports / sizeof transports[0]; i++) {
		if (str_ieq(token, transports[i].name))
			return transports[i].tp;
	}
	return token.len ? SIP_TP_OTHER : SIP_TP_NONE;
}

const char *sip_transport_name(enum sip_transport tp)
{
	for (size_t i = 0; i < sizeof transports / sizeof transports[0]; i++) {
		if (transports[i].tp == tp)
			return transports[i].name.p;
	}
	return "";
}

enum sip_transport sip_uri_transport(const struct sip_uri *u)
{
	return sip_transport_of(sip_param_value(u->params, STR("transport")));
}

/* RFC 5118 section 4.10: the grammar of RFC 3261 wrote a colon too many before the IPv4 part. */
static enum err three_colons(struct str host, struct addr *ret_addr)
{
	char text[ADDR_TEXT_SIZE];
	struct wr w = wr_of(text, sizeof text);

	for (size_t i = 0; i + 2 < host.len; i++) {
		if (memcmp(host.p + i, ":::", 3) == 0) {
			wr_str(&w, str_head(host, i));
			wr_str(&w, str_skip(host, i + 1));
			return w.err ? ERR_SYNTAX : addr_parse_host(wr_done(&w), ret_addr);
		}
	}
	return ERR_SYNTAX;
}

enum err sip_host_addr(struct str host, struct addr *ret_addr)
{
	if (addr_parse_host(host, ret_addr) == OK)
		return OK;
	return three_colons(host, ret_addr);
}

bool sip_host_is_valid(struct str host, bool is_v6)
{
	struct addr a;
	struct str rest = host, label = STR_NONE;

	if (is_v6)
		return sip_host_addr(host, &a) == OK && a.family == AF_V6;
	if (!host.len || host.len > 255)
		return false;
	if (host.p[host.len - 1] == '.')
		rest.len--;
	do {
		label = str_cut(&rest, '.');
		if (!label.len || label.len > 63)
			return false;
		for (size_t i = 0; i < label.len; i++) {
			char c = label.p[i];

			if (!lex_is(c, LEX_TOKEN) ||
				(!lex_is(c, LEX_DIGIT) && c != '-' && c != '_' &&
					(ascii_lower(c) < 'a' || ascii_lower(c) > 'z')))
				return false;
		}
	} while (rest.len);
	return !lex_is(label.p[0], LEX_DIGIT) ||
	       (addr_parse_host(host, &a) == OK && a.family == AF_V4);
}

static enum err port_parse(struct str text, uint16_t *ret_port)
{
	uint64_t port;

	if (str_u64(text, UINT16_MAX, &port) != OK)
		return ERR_SYNTAX;
	*ret_port = (uint16_t)port;
	return OK;
}

enum err sip_hostport_parse(struct str text, struct str *ret_host, bool *ret_is_v6,
	uint16_t *ret_port, bool *ret_has_port)
{
	bool is_v6 = text.len && text.p[0] == '[';
	struct str rest = is_v6 ? str_skip(text, 1) : text;
	size_t n = str_find(rest, is_v6 ? ']' : ':');
	struct str host = lex_trim(str_head(rest, n));
	uint16_t port = 0;

	if (is_v6 && n == rest.len)
		return ERR_SYNTAX;
	rest = lex_ltrim(str_skip(rest, is_v6 ? n + 1 : n));
	if (!sip_host_is_valid(host, is_v6))
		return ERR_SYNTAX;
	if (rest.len && (rest.p[0] != ':' || port_parse(lex_trim(str_skip(rest, 1)), &port) != OK))
		return ERR_SYNTAX;
	*ret_host = host;
	*ret_is_v6 = is_v6;
	*ret_port = port;
	*ret_has_port = rest.len > 0;
	return OK;
}

/* "user:password@" of RFC 3261; u->user stays as written. */
static enum err userinfo(struct sip_uri *u, struct str text)
{
	u->has_user = true;
	u->password = text;
	u->user = str_cut(&u->password, ':');
	if (!u->user.len || !lex_all(u->user, LEX_USER) || !has_good_escapes(text))
		return ERR_SYNTAX;
	return lex_all(u->password, LEX_USER) ? OK : ERR_SYNTAX;
}

static enum err uri_params(struct str params)
{
	if (!lex_all(params, LEX_PARAM | LEX_URI) || !has_good_escapes(params))
		return ERR_SYNTAX;
	return sip_params_check(params);
}

static enum err sip_rest(struct sip_uri *u, struct str rest)
{
	size_t at = str_find(rest, '@');
	struct str hostport;
	enum err err;

	if (at < rest.len) {
		err = userinfo(u, str_head(rest, at));
		if (err)
			return err;
		rest = str_skip(rest, at + 1);
	}
	u->headers = rest;
	rest = str_cut(&u->headers, '?');
	u->params = rest;
	hostport = str_cut(&u->params, ';');
	if (!lex_all(hostport, LEX_URI) || !lex_all(u->headers, LEX_URI) ||
		!has_good_escapes(u->headers))
		return ERR_SYNTAX;
	u->hostport = hostport;
	err = sip_hostport_parse(hostport, &u->host, &u->is_v6, &u->port, &u->has_port);
	return err ? err : uri_params(u->params);
}

/* RFC 3966 section 3: digits, visual separators, and in local numbers * # A-F. */
static enum err tel_rest(struct sip_uri *u, struct str rest)
{
	u->params = rest;
	u->user = str_cut(&u->params, ';');
	if (!u->user.len)
		return ERR_SYNTAX;
	for (size_t i = 0; i < u->user.len; i++) {
		char c = u->user.p[i];

		if (!lex_is(c, LEX_HEX) && (!c || !strchr("+-.()*#", c)))
			return ERR_SYNTAX;
	}
	return uri_params(u->params);
}

static bool is_scheme(struct str s)
{
	if (!s.len || ascii_lower(s.p[0]) < 'a' || ascii_lower(s.p[0]) > 'z')
		return false;
	for (size_t i = 1; i < s.len; i++) {
		char c = s.p[i];

		if (!lex_is(c, LEX_DIGIT) && (ascii_lower(c) < 'a' || ascii_lower(c) > 'z') &&
			c != '+' && c != '-' && c != '.')
			return false;
	}
	return true;
}

enum err sip_uri_parse(struct str text, struct sip_uri *ret_uri)
{
	struct sip_uri u = {.text = text};
	struct str rest = text;
	size_t colon = str_find(text, ':');
	enum err err = OK;

	if (text.len > SIP_URI_LEN_MAX)
		return ERR_RANGE;
	u.scheme_text = str_head(text, colon);
	rest = str_skip(text, colon + 1);
	if (!is_scheme(u.scheme_text) || !rest.len)
		return ERR_SYNTAX;
	if (str_ieq(u.scheme_text, STR("sip")))
		u.scheme = SIP_SCHEME_SIP;
	else if (str_ieq(u.scheme_text, STR("sips")))
		u.scheme = SIP_SCHEME_SIPS;
	else if (str_ieq(u.scheme_text, STR("tel")))
		u.scheme = SIP_SCHEME_TEL;
	switch (u.scheme) {
	case SIP_SCHEME_SIP:
	case SIP_SCHEME_SIPS:
		err = sip_rest(&u, rest);
		break;
	case SIP_SCHEME_TEL:
		err = tel_rest(&u, rest);
		break;
	case SIP_SCHEME_OTHER:
		u.user = rest;
		err = lex_all(rest, LEX_URI) ? OK : ERR_SYNTAX;
		break;
	}
	if (err == OK)
		*ret_uri = u;
	return err;
}

/* The next byte after one unescape; false at the end. */
static bool next_plain(struct str *s, char *ret_c)
{
	if (!s->len)
		return false;
	if (s->p[0] == '%' && s->len >= 3 && lex_is(s->p[1], LEX_HEX) && lex_is(s->p[2], LEX_HEX)) {
		*ret_c = (char)(hex_value(s->p[1]) << 4 | hex_value(s->p[2]));
		*s = str_skip(*s, 3);
	} else {
		*ret_c = s->p[0];
		*s = str_skip(*s, 1);
	}
	return true;
}

void sip_uri_unescape(struct str part, struct wr *w)
{
	char c;

	while (next_plain(&part, &c))
		wr_u8(w, (uint8_t)c);
}

bool sip_user_eq(struct str a, struct str b)
{
	for (;;) {
		char ca = 0, cb = 0;
		bool has_a = next_plain(&a, &ca), has_b = next_plain(&b, &cb);

		if (has_a != has_b || ca != cb)
			return false;
		if (!has_a)
			return true;
	}
}

bool sip_uri_same(struct str a, struct str b)
{
	struct sip_uri x, y;

	if (str_eq(a, b))
		return true;
	if (sip_uri_parse(a, &x) != OK || sip_uri_parse(b, &y) != OK)
		return false;
	return x.scheme == y.scheme && sip_user_eq(x.user, y.user) && str_ieq(x.host, y.host) &&
	       x.port == y.port && sip_uri_transport(&x) == sip_uri_transport(&y);
}

void sip_tel_digits(struct str number, struct wr *w)
{
	for (size_t i = 0; i < number.len; i++) {
		if (!memchr("-.()", number.p[i], 4))
			wr_u8(w, (uint8_t)number.p[i]);
	}
}
