/* sip_uri.c - one value read as a URI, a name-addr, a Via, credentials, parameters: parts lie
 * inside it, and what was accepted is accepted again when it is written down from its parts. */
#include <stdlib.h>

#include "sip/value.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool is_so)
{
	if (!is_so)
		abort();
}

static void is_inside(struct str whole, struct str s)
{
	if (s.len)
		must(s.p >= whole.p && s.p + s.len <= whole.p + whole.len);
}

/* scheme ":" [user [":" password] "@"] hostport [";" params] ["?" headers] */
static void write_down(struct wr *w, const struct sip_uri *u)
{
	wr_str(w, u->scheme_text);
	wr_u8(w, ':');
	wr_str(w, u->user);
	if (u->password.len) {
		wr_u8(w, ':');
		wr_str(w, u->password);
	}
	if (u->has_user)
		wr_u8(w, '@');
	wr_str(w, u->hostport);
	if (u->params.len) {
		wr_u8(w, ';');
		wr_str(w, u->params);
	}
	if (u->headers.len) {
		wr_u8(w, '?');
		wr_str(w, u->headers);
	}
}

static void check_uri(struct str text)
{
	char buf[SIP_URI_LEN_MAX];
	struct wr w = wr_of(buf, sizeof buf);
	struct sip_uri u, again;
	struct addr a;

	if (sip_uri_parse(text, &u) != OK)
		return;
	is_inside(text, u.user);
	is_inside(text, u.host);
	is_inside(text, u.params);
	write_down(&w, &u);
	must(sip_uri_parse(wr_done(&w), &again) == OK);
	must(str_eq(again.user, u.user) && str_eq(again.host, u.host) && again.port == u.port);
	must(str_eq(again.params, u.params) && sip_uri_transport(&u) == sip_uri_transport(&again));
	if (u.is_v6)
		must(sip_host_addr(u.host, &a) == OK && a.family == AF_V6);
	w = wr_of(buf, sizeof buf);
	sip_uri_unescape(u.user, &w);
	sip_tel_digits(u.user, &w);
}

static void check_value(struct str text)
{
	struct sip_nameaddr na;
	struct sip_via via;
	struct sip_auth auth;

	if (sip_nameaddr_parse(text, &na) == OK) {
		is_inside(text, na.display);
		is_inside(text, na.uri);
		check_uri(na.uri);
	}
	if (sip_via_parse(text, &via) == OK) {
		is_inside(text, via.branch);
		is_inside(text, via.hostport);
	}
	if (sip_auth_parse(text, &auth) == OK)
		is_inside(text, auth.params);
}

static void check_params(struct str text)
{
	struct str rest = text;
	struct sip_param param, found;

	while (sip_param_next(&rest, &param) == OK) {
		is_inside(text, param.text);
		is_inside(param.text, param.value);
		must(sip_param_find(text, param.name, &found));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = {(const char *)data, size};

	check_uri(text);
	check_value(text);
	check_params(text);
	return 0;
}
