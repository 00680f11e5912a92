/* test_build.c - answers and requests of our own. */
#include "sip/build.h"
#include "vectors.h"

static struct sip_msg m;
static char out[8192];

static void a_response(void)
{
	struct wr w = wr_of(out, sizeof out);
	struct addr src = addr_v4(203, 0, 113, 5, 40000);

	index_ok(STR(INVITE_HEAD "Record-Route: <sip:p.example.org;lr>\r\nl: 0\r\n\r\n"), &m);
	sip_put_response(&w, &m, 180, STR_NONE, STR("t-9"), &src);
	sip_put_header_f(&w, SIP_HDR_EXPIRES, "%d", 7);
	sip_put_body(&w, STR_NONE, STR_NONE);
	CHECK_STR(wr_done(&w),
		"SIP/2.0 180 Ringing\r\n"
		"Via: SIP/2.0/UDP "
		"one.example.org:5070;branch=z9hG4bKone;received=203.0.113.5;rport=40000\r\n"
		"v: SIP/2.0/TCP two.example.org;branch=z9hG4bKtwo,\r\n"
		"  SIP/2.0/TLS three.example.org;branch=z9hG4bKthree\r\n"
		"Record-Route: <sip:p.example.org;lr>\r\n"
		"From: \"Ann, A.\" <sip:ann@example.org>;tag=a-1\r\n"
		"To: <sip:ben@example.net>;tag=t-9\r\n"
		"Call-ID: 77@one.example.org\r\n"
		"CSeq: 4 INVITE\r\n"
		"Expires: 7\r\n"
		"Content-Length: 0\r\n\r\n");
	index_ok(wr_done(&w), &m);
	CHECK(m.status == 180 && m.method == SIP_INVITE);
	CHECK_STR(m.via.received, "203.0.113.5");
}

static void trying_adds_no_tag(void)
{
	struct wr w = wr_of(out, sizeof out);

	index_ok(STR(INVITE_HEAD
			 "Record-Route: <sip:p.example.org;lr>\r\nTimestamp: 54\r\nl: 0\r\n\r\n"),
		&m);
	sip_put_response(&w, &m, 100, STR_NONE, STR("t-9"), NULL);
	sip_put_body(&w, STR_NONE, STR_NONE);
	index_ok(wr_done(&w), &m);
	CHECK(m.to_tag.len == 0 && m.via.rport == 0 && m.via.has_rport);
	CHECK(!sip_has(&m, SIP_HDR_RECORD_ROUTE));
	CHECK_STR(sip_header(&m, SIP_HDR_TIMESTAMP), "54");
}

static void received_is_ours(void)
{
	struct wr w = wr_of(out, sizeof out);
	struct addr src = addr_v4(192, 0, 2, 1, 5060), other = addr_v4(192, 0, 2, 2, 5060);
	struct sip_via v;

	CHECK(sip_via_parse(STR("SIP/2.0/UDP 192.0.2.1;branch=1"), &v) == OK);
	sip_put_via_answer(&w, &v, &src);
	CHECK_STR(wr_done(&w), "SIP/2.0/UDP 192.0.2.1;branch=1");
	w = wr_of(out, sizeof out);
	sip_put_via_answer(&w, &v, &other);
	CHECK_STR(wr_done(&w), "SIP/2.0/UDP 192.0.2.1;branch=1;received=192.0.2.2");
	CHECK(sip_via_parse(STR("SIP/2.0/UDP 192.0.2.1;received=9.9.9.9;rport=1;x"), &v) == OK);
	w = wr_of(out, sizeof out);
	sip_put_via_answer(&w, &v, &src);
	CHECK_STR(wr_done(&w), "SIP/2.0/UDP 192.0.2.1;x;received=192.0.2.1;rport=5060");
}

static void a_request(void)
{
	struct wr w = wr_of(out, sizeof out);

	sip_put_request_line(&w, STR("BYE"), STR("sip:b@h"));
	sip_put_header(&w, SIP_HDR_VIA, STR("SIP/2.0/TLS g;branch=z9hG4bK1"));
	sip_put_header(&w, SIP_HDR_MAX_FORWARDS, STR("70"));
	sip_put_header(&w, SIP_HDR_FROM, STR("\"fold\"\r\n <sip:a@b>;tag=1"));
	sip_put_header(&w, SIP_HDR_TO, STR("<sip:c@d>;tag=2"));
	sip_put_header(&w, SIP_HDR_CALL_ID, STR("x"));
	sip_put_header_f(&w, SIP_HDR_CSEQ, "%u BYE", 3u);
	sip_put_body(&w, STR("text/plain"), STR("bye"));
	index_ok(wr_done(&w), &m);
	CHECK(m.method == SIP_BYE && m.cseq == 3);
	CHECK_STR(m.body, "bye");
	CHECK_STR(sip_header(&m, SIP_HDR_FROM), "\"fold\" <sip:a@b>;tag=1");
}

static void nothing_adds_a_line(void)
{
	struct wr w = wr_of(out, sizeof out);

	sip_put_header(&w, SIP_HDR_SUBJECT, STR("a\r\nEvil: 1"));
	CHECK(w.err == ERR_SYNTAX);
	w = wr_of(out, sizeof out);
	sip_put_request_line(&w, STR("BYE"), STR("sip:b\n@h"));
	CHECK(w.err == ERR_SYNTAX);
	w = wr_of(out, sizeof out);
	sip_put_quoted(&w, STR("a\"\\b"));
	CHECK_STR(wr_done(&w), "\"a\\\"\\\\b\"");
	sip_put_quoted(&w, STR("a\r\n b"));
	CHECK(w.err == ERR_SYNTAX);
	w = wr_of(out, 10);
	sip_put_header_f(&w, SIP_HDR_SUBJECT, "%s", "too long for it");
	CHECK(w.err == ERR_FULL);
}

static bool refusal_of(struct str bytes, struct wr *w)
{
	struct addr src = addr_v4(192, 0, 2, 1, 5060);

	sip_msg_init(&m);
	CHECK(sip_index(bytes, SIP_DGRAM, &m) != OK);
	*w = wr_of(out, sizeof out);
	return sip_put_refusal(w, &m, STR("fixed"), &src);
}

static void refusals(void)
{
	struct wr w;

	CHECK(refusal_of(
		STR("OPTIONS sip:b@h SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1\r\n"
		    "CSeq: 1 INVITE\r\nCall-ID: 9\r\nf: <sip:a@b>\r\nt: <sip:c@d>\r\n\r\n"),
		&w));
	CHECK_STR(wr_done(&w),
		"SIP/2.0 400 Bad Request (CSeq method)\r\nVia: SIP/2.0/UDP "
		"192.0.2.1;branch=z9hG4bK1\r\n"
		"f: <sip:a@b>\r\nTo: <sip:c@d>;tag=fixed\r\nCall-ID: 9\r\nCSeq: 1 INVITE\r\n"
		"Content-Length: 0\r\n\r\n");
	CHECK(refusal_of(
		STR("OPTIONS sip:b@h SIP/2.0\r\nVia: junk;;,\r\nt: \"x <sip:a@b>\r\n\r\n"), &w));
	CHECK_STR(wr_done(&w),
		"SIP/2.0 400 Bad Request (Via)\r\nVia: junk;;,\r\nt: \"x <sip:a@b>\r\n"
		"Content-Length: 0\r\n\r\n");
	CHECK(!refusal_of(STR("OPTIONS sip:b@h SIP/2.0\r\nFrom: <sip:a@b>\r\n\r\n"), &w));
	CHECK(!refusal_of(STR("ACK sip:b@h SIP/2.0\r\nVia: x\r\n\r\n"), &w));
	CHECK(!refusal_of(STR("SIP/2.0 200 OK\r\nVia: x\r\n\r\n"), &w));
	CHECK(!refusal_of(STR("OPTIONS sip:b@h SIP/2.0\r\nVia: a\rb\r\n\r\n"), &w));
	CHECK(wr_len(&w) == 0 && w.err == OK);
}

static void requests_that_form_no_dialog(void)
{
	struct wr w = wr_of(out, sizeof out);

	index_ok(STR("OPTIONS sip:b@h SIP/2.0\r\nVia: SIP/2.0/UDP [2001:db8::1];branch=z9hG4bK1\r\n"
		     "f: <sip:a@b>\r\nt: <sip:c@d>;tag=1\r\ni: 9\r\nCSeq: 1 OPTIONS\r\n"
		     "Record-Route: <sip:x>\r\n\r\n"),
		&m);
	sip_put_response(&w, &m, 200, STR("Fine"), STR("t"), NULL);
	sip_put_named(&w, STR("X-New"), STR("y"));
	sip_put_body(&w, STR_NONE, STR_NONE);
	CHECK(str_has_prefix(wr_done(&w), STR("SIP/2.0 200 Fine\r\n")));
	index_ok(wr_done(&w), &m);
	CHECK(!sip_has(&m, SIP_HDR_RECORD_ROUTE));
	CHECK_STR(m.to_tag, "1");
	CHECK_STR(sip_header_named(&m, STR("x-new")), "y");
}

/* What a lenient zone let in is answered with CRLF, folds too. */
static void a_lenient_request(void)
{
	struct wr w = wr_of(out, sizeof out);
	struct sip_via v;
	struct addr src = addr_v4(192, 0, 2, 1, 5060);

	sip_msg_init(&m);
	m.lenient_line_ends = true;
	CHECK(sip_index(STR("REFER sip:b@h SIP/2.0\nVia: SIP/2.0/UDP h;branch=z9hG4bK1\nf: "
			    "<sip:a@b>\n  ;tag=1\n"
			    "t: <sip:c@d>\ni: 9\nCSeq: 1 REFER\n\n"),
		      SIP_DGRAM, &m) == OK);
	sip_put_response(&w, &m, 202, STR_NONE, STR("t"), NULL);
	sip_put_body(&w, STR_NONE, STR_NONE);
	CHECK_STR(wr_done(&w),
		"SIP/2.0 202 Accepted\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK1\r\n"
		"f: <sip:a@b>\r\n  ;tag=1\r\nTo: <sip:c@d>;tag=t\r\ni: 9\r\nCSeq: 1 REFER\r\n"
		"Content-Length: 0\r\n\r\n");
	CHECK(sip_via_parse(STR("SIP/2.0/UDP h.example;branch=1"), &v) == OK);
	w = wr_of(out, sizeof out);
	sip_put_via_answer(&w, &v, &src);
	CHECK_STR(wr_done(&w), "SIP/2.0/UDP h.example;branch=1;received=192.0.2.1");
	w = wr_of(out, sizeof out);
	sip_put_header_f(&w, SIP_HDR_SUBJECT, "%02100d", 1);
	CHECK(w.err == ERR_FULL);
}

static void phrases(void)
{
	CHECK_STR(str_of(sip_reason_phrase(799)), "Unknown");
	CHECK_STR(str_of(sip_reason_phrase(486)), "Busy Here");
	CHECK_STR(str_of(sip_reason_phrase(499)), "Bad Request");
	CHECK_STR(str_of(sip_reason_phrase(699)), "Busy Everywhere");
}

TEST_MAIN(T(a_response), T(trying_adds_no_tag), T(received_is_ours), T(a_request),
	T(nothing_adds_a_line), T(refusals), T(requests_that_form_no_dialog), T(a_lenient_request),
	T(phrases))
