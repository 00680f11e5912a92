/* test_value.c - Via, name-addr, digest parameters, numbers, plain texts. */
#include "sip/value.h"
#include "test.h"

static void via(void)
{
	struct sip_via v;

	CHECK(sip_via_parse(STR(" SIP / 2.0 / UDP [2001:db8::9] : 5066 ;branch=z9;rport=7;"
				"received=[2001:db8::a] "),
		      &v) == OK);
	CHECK(v.transport == SIP_TP_UDP && v.is_v6 && v.port == 5066 && v.has_rport &&
		v.rport == 7);
	CHECK_STR(v.host, "2001:db8::9");
	CHECK_STR(v.received, "2001:db8::a");
	CHECK_STR(v.branch, "z9");
	CHECK(sip_via_parse(STR("SIP/2.0/WS h.example;branch=1"), &v) == OK);
	CHECK(v.transport == SIP_TP_OTHER);
	CHECK_STR(v.transport_text, "WS");
	/* clang-format off */
	static const struct str bad[] = {
		{"SIP", 3}, {"SIP/2.0", 7}, {"SIP/2.0/", 8}, {"SIP/2.0/UDP/h", 13}, {"SIP /", 5},
		{"SIP/2.0 UDP h", 13}, {"SIP 2.0/UDP h", 13}, {"SIP/2.0/UDP ;x", 14},
		{"SIP/2.0/UDP h;;x", 16}, {"SIP/2.0/UDP h;rport=x", 21},
		{"SIP/2.0/UDP h;rport=65536", 25},
	};
	/* clang-format on */

	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		CHECK(sip_via_parse(bad[i], &v) == ERR_SYNTAX);
	CHECK(sip_via_parse(STR("SIP/2.0/UDP h;received=[::1"), &v) == OK);
	CHECK_STR(v.received, "[::1");
	CHECK(sip_via_parse(STR("SIP/2.0/UDP"), &v) == ERR_SYNTAX);
	CHECK(sip_via_parse(STR("SIP/2.0/UDP h;"), &v) == ERR_SYNTAX);
	CHECK(sip_via_parse(STR("SIP/2.0/UDP h,x"), &v) == ERR_SYNTAX);
	CHECK(sip_via_parse(STR("SIP/1.0/UDP h"), &v) == ERR_SYNTAX);
	CHECK(sip_via_parse(STR(""), &v) == ERR_SYNTAX);
}

static void nameaddr(void)
{
	struct sip_nameaddr n;

	CHECK(sip_nameaddr_parse(STR(" \"A <b> \\\"\" <sip:a@b;lr?x=1> ; tag=1"), &n) == OK);
	CHECK_STR(n.display, "\"A <b> \\\"\"");
	CHECK_STR(n.uri, "sip:a@b;lr?x=1");
	CHECK_STR(n.params, " tag=1");
	CHECK(n.has_brackets);
	CHECK(sip_nameaddr_parse(STR("sip:a@b;lr;tag=2"), &n) == OK);
	CHECK_STR(n.uri, "sip:a@b");
	CHECK_STR(n.params, "lr;tag=2");
	CHECK(sip_nameaddr_parse(STR("*"), &n) == OK && n.is_star);
	CHECK(sip_nameaddr_parse(STR("<*>"), &n) == ERR_SYNTAX);
	CHECK(sip_nameaddr_parse(STR("sip:a@b?Route=x"), &n) == ERR_SYNTAX);
	CHECK(sip_nameaddr_parse(STR("A, B <sip:a@b>"), &n) == ERR_SYNTAX);
	CHECK(sip_nameaddr_parse(STR("\"A\" x <sip:a@b>"), &n) == ERR_SYNTAX);
	CHECK(sip_nameaddr_parse(STR("<sip:a@b"), &n) == ERR_SYNTAX);
	CHECK(sip_nameaddr_parse(STR("<sip:a@b>x"), &n) == ERR_SYNTAX);
	CHECK(sip_nameaddr_parse(STR("<sip:a@b>;"), &n) == ERR_SYNTAX);
	CHECK(sip_nameaddr_parse(STR("J\xc3\xbcrgen <sip:a@b>"), &n) == OK);
	CHECK(sip_nameaddr_parse(STR("sip:a@b ;x"), &n) == OK);
	CHECK(sip_nameaddr_parse(STR("sip:a,c@b"), &n) == ERR_SYNTAX);
	CHECK(sip_nameaddr_parse(STR("sip:a@b c"), &n) == ERR_SYNTAX);
	CHECK(sip_nameaddr_parse(STR("<s%69p:a@b>"), &n) == ERR_SYNTAX);
	CHECK(sip_nameaddr_parse(STR("<s/p:a@b>"), &n) == ERR_SYNTAX);
	CHECK(sip_nameaddr_parse(STR("<:a>"), &n) == ERR_SYNTAX);
	CHECK(sip_nameaddr_parse(STR("<a:>"), &n) == ERR_SYNTAX);
	CHECK(sip_nameaddr_parse(STR("<sip:a@b>;x=\""), &n) == ERR_SYNTAX);
	CHECK(sip_nameaddr_parse(STR("<a b>"), &n) == ERR_SYNTAX);
	CHECK(sip_nameaddr_parse(STR(""), &n) == ERR_SYNTAX);
}

static void auth(void)
{
	struct sip_auth a;

	CHECK(sip_auth_parse(STR("Digest username=\"a,\\\"b\", realm=\"x y\",\r\n nonce=\"n=\" ,"
				 "uri=\"sip:h\",response=\"00\", qop=auth,nc=00000001, new=1,"),
		      &a) == OK);
	CHECK(a.is_digest);
	CHECK_STR(a.username, "a,\\\"b");
	CHECK_STR(a.realm, "x y");
	CHECK_STR(a.nonce, "n=");
	CHECK_STR(a.qop, "auth");
	CHECK_STR(a.nc, "00000001");
	CHECK(a.algorithm.len == 0);
	CHECK(sip_auth_parse(STR("Other a=b"), &a) == OK && !a.is_digest);
	CHECK(sip_auth_parse(STR("Digest realm=\"a\", realm=\"b\""), &a) == ERR_SYNTAX);
	CHECK(sip_auth_parse(STR("Digest realm=\"a"), &a) == ERR_SYNTAX);
	CHECK(sip_auth_parse(STR("Digest ,, realm=a,"), &a) == OK);
	CHECK(sip_auth_parse(STR("Digest"), &a) == OK && !a.params.len);
	CHECK(sip_auth_parse(STR("Digest;realm=a"), &a) == ERR_SYNTAX);
	CHECK(sip_auth_parse(STR("Digest ;realm=a"), &a) == ERR_SYNTAX);
	CHECK(sip_auth_parse(STR("Digest =a"), &a) == ERR_SYNTAX);
	CHECK(sip_auth_parse(STR("Digest realm"), &a) == ERR_SYNTAX);
	CHECK(sip_auth_parse(STR("Digest realm=a;b=c"), &a) == ERR_SYNTAX);
	CHECK(sip_auth_parse(STR(""), &a) == ERR_SYNTAX);
}

static void numbers(void)
{
	uint32_t a, b;
	struct str s, t, u;
	bool early;

	CHECK(sip_cseq_parse(STR("0009\r\n INVITE"), &a, &s) == OK && a == 9);
	CHECK(sip_cseq_parse(STR("9INVITE"), &a, &s) == ERR_SYNTAX);
	CHECK(sip_cseq_parse(STR("9 INVITE x"), &a, &s) == ERR_SYNTAX);
	CHECK(sip_cseq_parse(STR("2147483648 INVITE"), &a, &s) == ERR_RANGE);
	CHECK(sip_rack_parse(STR("4294967295 7 INVITE"), &a, &b, &s) == OK);
	CHECK(a == UINT32_MAX && b == 7);
	CHECK(sip_delta_parse(STR("1800 ;refresher=uas"), &a, &s) == OK && a == 1800);
	CHECK_STR(sip_param_value(s, STR("refresher")), "uas");
	CHECK(sip_delta_parse(STR("99999999999"), &a, &s) == OK && a == UINT32_MAX);
	CHECK(sip_delta_parse(STR("18 (busy) ;duration=9"), &a, &s) == OK && a == 18);
	CHECK(sip_delta_parse(STR("-1"), &a, &s) == ERR_SYNTAX);
	CHECK(sip_delta_parse(STR("99999999999x"), &a, &s) == ERR_SYNTAX);
	CHECK(sip_replaces_parse(STR("x@y ;to-tag=1;from-tag=2;early-only"), &s, &t, &u, &early) ==
		OK);
	CHECK_STR(s, "x@y");
	CHECK_STR(u, "2");
	CHECK(early);
	CHECK(sip_cseq_parse(STR("9;INVITE"), &a, &s) == ERR_SYNTAX);
	CHECK(sip_cseq_parse(STR(""), &a, &s) == ERR_SYNTAX);
	CHECK(sip_rack_parse(STR("x 7 INVITE"), &a, &b, &s) == ERR_SYNTAX);
	CHECK(sip_rack_parse(STR("1 7"), &a, &b, &s) == ERR_SYNTAX);
	CHECK(sip_delta_parse(STR("18 x"), &a, &s) == ERR_SYNTAX);
	CHECK(sip_delta_parse(STR("18 (open"), &a, &s) == OK && s.len == 0);
	CHECK(sip_replaces_parse(STR(" ;to-tag=1"), &s, &t, &u, &early) == ERR_SYNTAX);
	CHECK(sip_q(STR("q=0.1234")) == 1000 && sip_q(STR("q=0.x")) == 1000 &&
		sip_q(STR("q=2")) == 1000);
	CHECK(sip_q(STR("q=0.7")) == 700 && sip_q(STR("q=1.0")) == 1000 && sip_q(STR("x")) == 1000);
	CHECK(sip_q(STR("q=0")) == 0 && sip_q(STR("q=0.05")) == 50);
}

static void texts(void)
{
	char buf[64];
	struct wr w = wr_of(buf, sizeof buf);

	sip_unquote(STR("\"a\\\"b\r\n \tc\x01\""), &w);
	CHECK_STR(wr_done(&w), "a\"b c?");
	w = wr_of(buf, sizeof buf);
	sip_unquote(STR(" plain \\ text\x7f"), &w);
	CHECK_STR(wr_done(&w), "plain \\ text?");
	w = wr_of(buf, sizeof buf);
	sip_unquote(STR("\"a\\\""), &w);
	CHECK_STR(wr_done(&w), "a\\");
	CHECK(!sip_type_is(STR("text/sdp"), STR("application"), STR("sdp")));
	CHECK(!sip_type_is(STR("application sdp"), STR("application"), STR("sdp")));
	CHECK(sip_type_is(STR(" Application / SDP;x=y"), STR("application"), STR("sdp")));
	CHECK(!sip_type_is(STR("application/sdpx"), STR("application"), STR("sdp")));
	CHECK(!sip_type_is(STR("application"), STR("application"), STR("sdp")));
}

TEST_MAIN(T(via), T(nameaddr), T(auth), T(numbers), T(texts))
