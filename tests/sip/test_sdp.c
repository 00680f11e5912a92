/* test_sdp.c - session descriptions: index, neutral reading, edits that touch nothing else. */
#include "sip/sdp.h"
#include "vectors.h"

static struct sip_msg m;
static struct sdp s;
static struct scratch scratch;
static char in[70000], out[70000];

#define HEAD INVITE_HEAD "Content-Type: application/sdp\r\n\r\n"

/* Puts the description into a message and indexes both. */
static enum err index_in_message(struct str sdp)
{
	struct wr w = wr_of(in, sizeof in);
	struct str body;

	wr_str(&w, STR(HEAD));
	wr_str(&w, sdp);
	sip_msg_init(&m);
	m.len_max = SIP_MESSAGE_CEILING;
	CHECK(sip_index(wr_done(&w), SIP_DGRAM, &m) == OK);
	CHECK(sip_sdp_body(&m, &body) == OK);
	return sdp_index(body, &s);
}

static struct sip_edit *edit_of(const char *sdp)
{
	struct sip_edit *e;

	if (!scratch.base)
		CHECK(scratch_init(&scratch, SCRATCH_SIZE) == OK);
	scratch_reset(&scratch);
	CHECK(index_in_message(str_of(sdp)) == OK);
	e = sip_edit_new(&scratch, &m);
	CHECK(e);
	return e;
}

/* The body that the edits make; the header section must say its length. */
static struct str edited_body(const struct sip_edit *e)
{
	static struct sip_msg result;
	struct wr w = wr_of(out, sizeof out);

	CHECK(sip_edit_apply(e, &w) == OK);
	index_ok(wr_done(&w), &result);
	CHECK(e->n == 0 || result.content_length == (int64_t)result.body.len);
	return result.body;
}

static const char offer[] = "v=0\r\n"
			    "o=ann 77 18446744073709551000 IN IP4 10.1.1.1\r\n"
			    "s= call \r\n"
			    "c=IN IP4 10.1.1.1\r\n"
			    "b=AS:512\r\n"
			    "t=0 0\r\n"
			    "a=group:BUNDLE 0 1\r\n"
			    "a=group:LS 0 1\r\n"
			    "a=ice-lite\r\n"
			    "m=audio 5000/1 RTP/AVP 0 8 101\r\n"
			    "a=rtpmap:101 telephone-event/8000\r\n"
			    "a=rtcp:5009 IN IP4 10.1.1.2\r\n"
			    "a=candidate:1 1 UDP 1 10.1.1.1 5000 typ host\r\n"
			    "a=candidate:1 2 UDP 1 10.1.1.1 5001 typ host\r\n"
			    "a=ice-ufrag:x\r\n"
			    "a=sendonly\r\n"
			    "m=video 5002 RTP/SAVPF 97\r\n"
			    "i=picture\r\n"
			    "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:abc\r\n"
			    "a=rtcp-mux\r\n"
			    "a=content:slides,x\r\n"
			    "m=application 5004 UDP/BFCP *\r\n"
			    "c=IN IP6 ::ffff:10.1.1.4\r\n"
			    "a=floorid:1 m-stream:2\r\n"
			    "m=application 9 TCP/MSRP *\r\n"
			    "m=audio 0 RTP/AVP 0\r\n"
			    "a=unheard-of: kept as is \r\n";

static void reads_an_offer(void)
{
	struct media_desc d;
	struct addr a = addr_v4(10, 1, 1, 1, 5000), c = addr_v4(10, 1, 1, 4, 5004);
	bool found;

	CHECK(index_in_message(STR(offer)) == OK);
	CHECK(s.n_media == 5 && s.media[0].n_formats == 3);
	CHECK(sdp_describe(&s, &d) == OK);
	CHECK(d.n == 5);
	CHECK(addr_eq(&d.lines[0].rtp, &a));
	CHECK(d.lines[0].rtcp.port == 5009 && d.lines[0].rtcp.ip[3] == 2);
	CHECK(d.lines[0].direction == MD_SEND && d.lines[0].transport == MT_RTP);
	CHECK(d.lines[0].payload_types[0] == 0x101);
	CHECK(d.lines[0].payload_types[1] == UINT64_C(1) << (101 - 64));
	CHECK(d.lines[1].kind == MEDIA_CONTENT && d.lines[1].transport == MT_SRTP);
	CHECK(d.lines[1].has_rtcp_mux && addr_eq(&d.lines[1].rtcp, &d.lines[1].rtp));
	CHECK(d.lines[1].direction == MD_BOTH);
	CHECK(d.lines[2].transport == MT_DATAGRAM && !d.lines[2].has_rtcp);
	CHECK(addr_eq(&d.lines[2].rtp, &c)); /* unwrapped */
	CHECK(d.lines[3].transport == MT_UNSUPPORTED && !d.lines[3].is_refused);
	CHECK(d.lines[4].is_refused);
	CHECK_STR(sdp_attr(&s, 0, SDP_ICE_UFRAG, &found), "x");
	CHECK(found);
	(void)sdp_attr(&s, 1, SDP_ICE_UFRAG, &found);
	CHECK(!found);
	CHECK_STR(sdp_attr(&s, SDP_SESSION, SDP_GROUP, &found), "BUNDLE 0 1");
	CHECK(sdp_attr_next(&s, SDP_SESSION, SDP_GROUP,
		      sdp_attr_next(&s, SDP_SESSION, SDP_GROUP, -1)) > 0);
}

static void rewrites_only_what_it_must(void)
{
	struct sip_edit *e = edit_of(offer);
	struct sdp_plan plan = {.n = 5, .cut_ice = true, .cut_bundle = true, .version_offset = 3};

	plan.origin = addr_v4(198, 51, 100, 1, 0);
	plan.lines[0].rtp = addr_v4(198, 51, 100, 1, 36000);
	plan.lines[1].rtp = addr_v4(198, 51, 100, 2, 36010);
	plan.lines[1].rtcp_port = 36010;
	CHECK(addr_parse(STR("[2001:db8::5]:36020"), &plan.lines[2].rtp) == OK);
	plan.lines[3].is_refused = true;
	plan.lines[4].is_refused = true;
	CHECK(sdp_rewrite(e, &s, &plan) == OK);
	CHECK_STR(edited_body(e), "v=0\r\n"
				  "o=ann 77 18446744073709551003 IN IP4 198.51.100.1\r\n"
				  "s= call \r\n"
				  "c=IN IP4 198.51.100.1\r\n"
				  "b=AS:512\r\n"
				  "t=0 0\r\n"
				  "a=group:LS 0 1\r\n"
				  "m=audio 36000/1 RTP/AVP 0 8 101\r\n"
				  "a=rtpmap:101 telephone-event/8000\r\n"
				  "a=rtcp:36001 IN IP4 198.51.100.1\r\n"
				  "a=sendonly\r\n"
				  "m=video 36010 RTP/SAVPF 97\r\n"
				  "i=picture\r\n"
				  "c=IN IP4 198.51.100.2\r\n"
				  "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:abc\r\n"
				  "a=rtcp-mux\r\n"
				  "a=content:slides,x\r\n"
				  "m=application 36020 UDP/BFCP *\r\n"
				  "c=IN IP6 2001:db8::5\r\n"
				  "a=floorid:1 m-stream:2\r\n"
				  "m=application 0 TCP/MSRP *\r\n"
				  "m=audio 0 RTP/AVP 0\r\n"
				  "a=unheard-of: kept as is \r\n");
}

static void no_plan_no_change(void)
{
	struct sip_edit *e = edit_of(offer);
	struct sdp_plan plan = {.n = 5};

	CHECK(sdp_rewrite(e, &s, &plan) == OK);
	CHECK(e->n == 0);
	CHECK_STR(edited_body(e), offer);
	plan.n = 4;
	CHECK(sdp_rewrite(e, &s, &plan) == ERR_WRONG_STATE);
}

static void rtcp_line_is_added_where_needed(void)
{
	struct sip_edit *e = edit_of(BODY "m=video 4002 RTP/AVP 31");
	struct sdp_plan plan = {.n = 2};

	plan.lines[0].rtp = addr_v4(198, 51, 100, 1, 36000);
	plan.lines[0].rtcp_port = 36001;
	plan.lines[1].rtp = addr_v4(198, 51, 100, 1, 36000);
	plan.lines[1].rtcp_port = 36101;
	CHECK(sdp_rewrite(e, &s, &plan) == OK);
	sdp_add_attr(e, &s, 0, STR("crypto:1 x"));
	sdp_set_proto(e, &s, 1, STR("RTP/SAVP"));
	CHECK(str_has_suffix(edited_body(e),
		STR("c=IN IP4 198.51.100.1\r\nt=0 0\r\nm=audio 36000 RTP/AVP 0\r\na=crypto:1 x\r\n"
		    "m=video 36000 RTP/SAVP 31\r\na=rtcp:36101")));
}

static void hold_stays_hold(void)
{
	struct sip_edit *e =
		edit_of("v=0\r\no=- 1 1 IN IP4 10.1.1.1\r\ns=-\r\nc=IN IP4 0.0.0.0\r\nt=0 0\r\n"
			"m=audio 5000 RTP/AVP 0\r\n");
	struct sdp_plan plan = {.n = 1};
	struct media_desc d;

	CHECK(sdp_describe(&s, &d) == OK);
	CHECK(d.lines[0].direction == MD_SEND && addr_is_any(&d.lines[0].rtp));
	plan.origin = plan.lines[0].rtp = addr_v4(198, 51, 100, 1, 36000);
	CHECK(sdp_rewrite(e, &s, &plan) == OK);
	CHECK_STR(edited_body(e),
		"v=0\r\no=- 1 1 IN IP4 198.51.100.1\r\ns=-\r\nc=IN IP4 0.0.0.0\r\nt=0 0\r\n"
		"m=audio 36000 RTP/AVP 0\r\n");
}

/* No inside address leaves with a line that is refused. */
static void refused_lines_keep_no_address(void)
{
	struct sip_edit *e =
		edit_of("v=0\no=- 1 1 IN IP4 10.1.1.1\ns=-\nc=IN IP4 10.1.1.1\nt=0 0\n"
			"m=audio 5000 RTP/AVP 0\nc=IN IP4 10.1.1.9\na=rtcp:5001 IN IP4 10.1.1.9\n");
	struct sdp_plan plan = {.n = 1};
	struct str body;

	plan.origin = addr_v4(198, 51, 100, 1, 0);
	plan.lines[0].is_refused = true;
	CHECK(sdp_rewrite(e, &s, &plan) == OK);
	body = edited_body(e);
	CHECK(!memmem(body.p, body.len, "10.1.1", 6));
	CHECK(memmem(body.p, body.len, "m=audio 0 RTP/AVP 0\nc=IN IP4 198.51.100.1\n", 42));
}

static void a_last_line_cut_short(void)
{
	struct sip_edit *e;

	CHECK(index_in_message(STR(BODY "a=rtpmap:0 PC")) == OK);
	CHECK(s.n_lines == 7);
	CHECK(index_in_message(STR(BODY "a=ptime:20\r\n\r\n\r\n")) == OK);
	CHECK(s.n_lines == 7);
	e = edit_of(BODY "a=ptime:20\r");
	sdp_add_attr(e, &s, 0, STR("x"));
	CHECK(str_has_suffix(edited_body(e), STR("a=ptime:20\r\na=x\r")));
}

static void transports_and_names(void)
{
	/* clang-format off */
	static const struct { const char *line; enum media_transport want; } rows[] = {
		{"RTP/AVPF 0", MT_RTP}, {"rtp/avp 0", MT_RTP}, {"RTP/SAVP 0", MT_SRTP},
		{"UDP/TLS/RTP/SAVPF 0", MT_DTLS}, {"udptl t38", MT_DATAGRAM},
		{"UDP/UDT/IX *", MT_DATAGRAM}, {"UDP/DTLS/SCTP webrtc-datachannel", MT_DATAGRAM},
		{"TCP/BFCP *", MT_UNSUPPORTED}, {"RTP/NEW 1", MT_DATAGRAM},
		{"TCP/TLS/MSRP *", MT_UNSUPPORTED}, {"x *", MT_UNSUPPORTED},
	};
	/* clang-format on */
	struct media_desc d;
	char text[200];

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		snprintf(text, sizeof text, "v=0\r\nc=IN IP4 media.example.org\r\nm=audio 6 %s\r\n",
			rows[i].line);
		CHECK(index_in_message(str_of(text)) == OK);
		CHECK(sdp_describe(&s, &d) == OK);
		CHECK(d.lines[0].transport == rows[i].want);
		CHECK(d.lines[0].is_host_name && d.lines[0].rtp.family == AF_NONE);
	}
	CHECK(index_in_message(STR("v=0\r\nc=IN IP4 192.0.2.1\r\na=fingerprint:sha-256 00\r\n"
				   "a=recvonly\r\nm=audio 6 RTP/SAVPF 0\r\n")) == OK);
	CHECK(sdp_describe(&s, &d) == OK);
	CHECK(d.lines[0].transport == MT_DTLS && d.lines[0].direction == MD_RECEIVE);
}

/* What else may stand in a description, and what a plan says about it. */
static void odds_and_ends(void)
{
	struct sip_edit *e = edit_of("v=0\r\no=- 1 18446744073709551615 IN IP4 10.1.1.1\r\ns=-\r\n"
				     "c=IN IP4 10.1.1.1\r\nc=IN IP4 10.1.1.2/127\r\n"
				     "a=ice-options:trickle\r\nm=video 5000 RTP/AVP x 200 7\r\n"
				     "a=content:main\r\na=rtcp:5001 IN IP4 media.example.org\r\n"
				     "a=rtcp:bad\r\na=rtcp:5003 IN IP4 10.1.1.3\r\na=crypto:1 x\r\n"
				     "a=ice-mismatch\r\na=ice-pacing:5\r\na=ice-pwd:y\r\n"
				     "a=remote-candidates:1\r\na=end-of-candidates\r\n"
				     "m=text 0 RTP/AVP 98\r\na=bundle-only\r\na=rtcp:x\r\n");
	struct sdp_plan plan = {.n = 2, .version_offset = 1};
	struct media_desc d;

	CHECK(sdp_describe(&s, &d) == ERR_SYNTAX); /* the second line's a=rtcp */
	CHECK(sdp_rewrite(e, &s, &plan) == ERR_RANGE);
	plan.version_offset = 0;
	plan.cut_ice = plan.cut_bundle = plan.cut_crypto = true;
	plan.origin = addr_v4(198, 51, 100, 9, 0);
	plan.lines[0].rtp = addr_v4(198, 51, 100, 1, 36000);
	plan.lines[1].rtp = addr_v4(198, 51, 100, 1, 36002);
	plan.lines[1].rtcp_port = 36009;
	CHECK(sdp_rewrite(e, &s, &plan) == OK);
	sdp_add_attr(e, &s, SDP_SESSION, STR("ours"));
	CHECK_STR(edited_body(e),
		"v=0\r\no=- 1 18446744073709551615 IN IP4 198.51.100.9\r\ns=-\r\n"
		"c=IN IP4 198.51.100.1\r\nc=IN IP4 198.51.100.1\r\na=ours\r\n"
		"m=video 36000 RTP/AVP x 200 7\r\na=content:main\r\n"
		"a=rtcp:36001 IN IP4 198.51.100.1\r\nm=text 36002 RTP/AVP 98\r\na=rtcp:36009\r\n");
}

static void reads_odd_lines(void)
{
	struct media_desc d;

	CHECK(index_in_message(STR(
		      "v=0\r\nc=IN IP4 1.1.1.1\r\nm=video 5 RTP/AVP x 200 7\r\na=content:main\r\n"
		      "a=rtcp:7 IN IP4 h.example.org\r\nm=text 0 RTP/AVP 98\r\na=bundle-only\r\n"
		      "m=x 9 y\r\n")) == OK);
	CHECK(sdp_describe(&s, &d) == OK);
	CHECK(d.lines[0].kind == MEDIA_VIDEO && d.lines[0].payload_types[0] == 0x80);
	CHECK(d.lines[0].rtcp.port == 7 && d.lines[1].kind == MEDIA_OTHER &&
		!d.lines[1].is_refused);
	CHECK(index_in_message(STR("v=0\r\nm=audio 0 RTP/AVP 0\r\n")) == OK);
	CHECK(sdp_describe(&s, &d) == OK && d.lines[0].is_refused);
	CHECK(index_in_message(STR("v=0\r\nc=IN IP4 1.1.1.1\r\nm=audio 5 RTP/AVP 0\r\n"
				   "a=rtcp:7 IN IP4 ::1\r\n")) == OK);
	CHECK(sdp_describe(&s, &d) == ERR_SYNTAX);
	CHECK(sdp_index((struct str){in, SIP_MESSAGE_CEILING + 1}, &s) == ERR_FULL);
	CHECK(sdp_index(STR_NONE, &s) == ERR_SYNTAX);
}

static void refuses(void)
{
	static const char *const bad[] = {"o=- 1 1 IN IP4 1.1.1.1\r\n", "v=1\r\n",
		"v=0\r\nm=audio\r\n", "v=0\r\nm=audio x RTP/AVP 0\r\n",
		"v=0\r\nm=audio 65536 RTP/AVP 0\r\n", "v=0\r\nm=audio 5/0 RTP/AVP 0\r\n",
		"v=0\r\nm =audio 5 RTP/AVP 0\r\n", "v=0\r\nc=IN IP4\r\n",
		"v=0\r\nc=XX IP4 1.1.1.1\r\n", "v=0\r\nc=IN IP5 1.1.1.1\r\n",
		"v=0\r\nc=IN IP4 1.1.1.1 x\r\n", "v=0\r\nm= 5 RTP/AVP 0\r\n",
		"v=0\r\nm=audio 5\r\n", "v=0\r\nm=audio 5/x RTP/AVP 0\r\n",
		"v=0\r\no=- 1  IN IP4 1.1.1.1\r\n", "v=0\r\nA=x\r\n", "v=0\r\n~=x\r\n",
		"v=0\r\nm=audio 5 RTP/AVP 0\r\no=- 1 1 IN IP4 1.1.1.1\r\n", "v=0\r\n\r\ns=-\r\n",
		"v=0\r\no=- 1 IN IP4 1.1.1.1\r\n", "v=0\r\ns=a\rb\r\n", "v=0\r\nnonsense\r\n",
		"v=0\r\no=- 1 1 IN IP4 1.1.1.1\r\no=- 1 1 IN IP4 1.1.1.1\r\n"};

	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		if (index_in_message(str_of(bad[i])) != ERR_SYNTAX)
			printf("# %s", bad[i]);
		CHECK(index_in_message(str_of(bad[i])) == ERR_SYNTAX);
		CHECK(s.reason);
	}
	CHECK(index_in_message(STR("v=0\r\nm=audio 5 RTP/AVP 0\r\n\0=x\r\n")) == ERR_SYNTAX);
}

static void refuses_in_reading(void)
{
	static const char *const bad[] = {"m=audio 5 RTP/AVP 0\r\n",
		"m=audio 5 RTP/AVP 0\r\nc=IN IP4 ::1\r\n",
		"m=audio 5 RTP/AVP 0\r\nc=IN IP6 1.1.1.1\r\n",
		"m=audio 5 RTP/AVP 0\r\nc=IN IP4 127.1\r\n",
		"m=audio 5 RTP/AVP 0\r\nc=IN IP4 01.1.1.1\r\n",
		"c=IN IP4 1.1.1.1\r\nm=audio 5 RTP/AVP 0\r\na=rtcp:x\r\n",
		"c=IN IP4 1.1.1.1\r\nm=audio 5 RTP/AVP 0\r\na=rtcp:70000\r\n"};
	struct media_desc d;
	char text[200];

	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		snprintf(text, sizeof text, "v=0\r\n%s", bad[i]);
		CHECK(index_in_message(str_of(text)) == OK);
		CHECK(sdp_describe(&s, &d) == ERR_SYNTAX);
	}
}

static enum err index_lines(const char *line, size_t n)
{
	static char text[60000];
	struct wr w = wr_of(text, sizeof text);

	wr_str(&w, STR("v=0\r\nc=IN IP4 1.1.1.1\r\n"));
	for (size_t i = 0; i < n; i++)
		wr_str(&w, str_of(line));
	CHECK(w.err == OK);
	return index_in_message(wr_done(&w));
}

static void limits(void)
{
	char line[2000] = "m=audio 5 RTP/AVP";

	CHECK(index_lines("m=audio 5 RTP/AVP 0\r\n", SDP_MEDIA_MAX) == OK);
	CHECK(index_lines("m=audio 5 RTP/AVP 0\r\n", SDP_MEDIA_MAX + 1) == ERR_FULL);
	CHECK(index_lines("a=x\r\n", SDP_ATTRS_MAX) == OK);
	CHECK(index_lines("a=x\r\n", SDP_ATTRS_MAX + 1) == ERR_FULL);
	CHECK(index_lines("a=candidate:1\r\n", SDP_CANDIDATES_MAX) == OK);
	CHECK(index_lines("a=candidate:1\r\n", SDP_CANDIDATES_MAX + 1) == ERR_FULL);
	CHECK(index_lines("b=x\r\n", SDP_LINES_MAX - 2) == OK);
	CHECK(index_lines("b=x\r\n", SDP_LINES_MAX - 1) == ERR_FULL);
	for (size_t i = 0; i < SDP_FORMATS_MAX; i++)
		strcat(line, " 0");
	CHECK(index_lines(line, 1) == OK);
	strcat(line, " 0");
	CHECK(index_lines(line, 1) == ERR_FULL);
}

/* Thousands of candidates are one edit, not thousands. */
static void many_cuts_stay_few(void)
{
	static char text[60000];
	struct wr w = wr_of(text, sizeof text - 1);
	struct sip_edit *e;
	struct sdp_plan plan = {.n = 20, .cut_ice = true};

	wr_str(&w, STR("v=0\r\nc=IN IP4 1.1.1.1\r\n"));
	for (size_t i = 0; i < 20; i++) {
		wr_str(&w, STR("m=audio 5 RTP/AVP 0\r\n"));
		for (size_t j = 0; j < SDP_CANDIDATES_MAX; j++)
			wr_str(&w, STR("a=candidate:1 x\r\n"));
	}
	CHECK(w.err == OK);
	text[wr_len(&w)] = '\0';
	e = edit_of(text);
	CHECK(sdp_rewrite(e, &s, &plan) == OK);
	CHECK(e->n == 20);
	CHECK(edited_body(e).len ==
		strlen("v=0\r\nc=IN IP4 1.1.1.1\r\n") + 20 * strlen("m=audio 5 RTP/AVP 0\r\n"));
}

#define CRYPTO(tag, suite)                                                                         \
	"a=crypto:" tag " " suite " inline:d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj|2^20\r\n"

static void keys_of_each_line(void)
{
	static char text[32000];
	struct media_desc d;

	CHECK(index_in_message(STR(
		      "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 "
		      "0\r\n" CRYPTO("9",
			      "AES_CM_128_HMAC_SHA1_80") /* not of the session: RFC 4568 section 5 */
		      "m=audio 4000 RTP/SAVP 0\r\n"
		      "m=audio 4002 RTP/SAVP 0\r\n" CRYPTO("5", "F8_128_HMAC_SHA1_80") CRYPTO(
			      "6", "AES_CM_128_HMAC_SHA1_80") CRYPTO("7",
			      "AES_CM_128_HMAC_SHA1_32") "m=image 4004 udptl t38\r\n" CRYPTO("8",
			      "AES_CM_128_HMAC_SHA1_80"))) == OK);
	CHECK(sdp_describe(&s, &d) == OK && d.n_keys == 2);
	CHECK(!d.lines[0].has_crypto && d.lines[1].has_crypto && d.lines[1].crypto_tag == 5);
	CHECK(d.keys[0].line == 1 && d.keys[0].key.tag == 6 && d.keys[1].key.tag == 7);
	CHECK(d.keys[1].key.suite == SRTP_AES_CM_128_32 && d.keys[1].key.master[0] == 0x77);
	/* more than there is room for */
	strcpy(text, "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n"
		     "m=audio 4000 RTP/SAVP 0\r\n");
	for (int i = 0; i < 100; i++)
		strcat(text, CRYPTO("1", "AES_CM_128_HMAC_SHA1_80"));
	CHECK(index_in_message(str_of(text)) == OK);
	CHECK(sdp_describe(&s, &d) == OK && d.n_keys == MEDIA_KEYS_MAX);
}

TEST_MAIN(T(reads_an_offer), T(rewrites_only_what_it_must), T(no_plan_no_change),
	T(rtcp_line_is_added_where_needed), T(hold_stays_hold), T(refused_lines_keep_no_address),
	T(a_last_line_cut_short), T(transports_and_names), T(odds_and_ends), T(reads_odd_lines),
	T(refuses), T(refuses_in_reading), T(limits), T(many_cuts_stay_few), T(keys_of_each_line))
