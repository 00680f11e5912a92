/* test_msg.c - the index: names, chains, core values, limits, resuming. */
#include <time.h>

#include "sip/list.h"
#include "vectors.h"

static struct sip_msg m;
static char big[SIP_MESSAGE_CEILING + 1000];

static void every_name_is_found(void)
{
	static const char compact[] = "imelcfsktvrbxajdouyn";

	for (int i = SIP_HDR_OTHER + 1; i < SIP_HDR_MAX; i++) {
		struct str name = str_of(sip_hdr_name((enum sip_hdr)i));

		if (sip_hdr_of(name) != (enum sip_hdr)i)
			printf("# %s is out of order\n", name.p);
		CHECK(sip_hdr_of(name) == (enum sip_hdr)i);
	}
	for (size_t i = 0; i < sizeof compact - 1; i++)
		CHECK(sip_hdr_of((struct str){compact + i, 1}) != SIP_HDR_OTHER);
	CHECK(sip_hdr_of(STR("z")) == SIP_HDR_OTHER);
	CHECK(sip_hdr_of(STR("CALL-id")) == SIP_HDR_CALL_ID);
	CHECK(sip_hdr_of(STR("M")) == SIP_HDR_CONTACT);
	CHECK(sip_hdr_of(STR("Vias")) == SIP_HDR_OTHER);
	CHECK(sip_hdr_of(STR("")) == SIP_HDR_OTHER);
	CHECK(sip_method_of(STR("INVITE")) == SIP_INVITE);
	CHECK(sip_method_of(STR("invite")) == SIP_OTHER_METHOD);
	CHECK_STR(str_of(sip_method_name(SIP_PRACK)), "PRACK");
	CHECK_STR(str_of(sip_method_name(SIP_OTHER_METHOD)), "");
	CHECK_STR(str_of(sip_hdr_name(SIP_HDR_OTHER)), "");
	CHECK(sip_hdr_of(STR("a-name-that-is-longer-than-any")) == SIP_HDR_OTHER);
	CHECK(sip_hdr_of(STR("p-preferred-identitY")) == SIP_HDR_P_PREFERRED_IDENTITY);
	CHECK(sip_hdr_of(STR("p-preferred-identitx")) == SIP_HDR_OTHER);
}

static void core_values(void)
{
	index_ok(
		STR(INVITE_HEAD "Content-Type: application/sdp\r\nContent-Length: 5\r\n\r\nhello!"),
		&m);
	CHECK(m.is_request && m.method == SIP_INVITE);
	CHECK_STR(m.uri.user, "ben");
	CHECK_STR(m.via.branch, "z9hG4bKone");
	CHECK(m.via.has_rport && m.via.port == 5070 && m.via.transport == SIP_TP_UDP);
	CHECK_STR(m.from_tag, "a-1");
	CHECK(m.to_tag.len == 0);
	CHECK_STR(m.call_id, "77@one.example.org");
	CHECK(m.cseq == 4 && m.max_forwards == 20 && m.content_length == 5);
	CHECK_STR(m.body, "hello");
	CHECK_STR(m.content_type, "application/sdp");
	CHECK(m.end == m.bytes.len);
}

static void chains_and_lists(void)
{
	struct sip_list l;
	struct sip_via v;
	struct sip_nameaddr na;

	index_ok(STR(INVITE_HEAD "\r\n"), &m);
	l = sip_list_of(&m, SIP_HDR_VIA);
	CHECK(sip_via_next(&l, &v) == OK);
	CHECK_STR(v.host, "one.example.org");
	CHECK(sip_via_next(&l, &v) == OK);
	CHECK_STR(v.host, "two.example.org");
	CHECK(sip_via_next(&l, &v) == OK);
	CHECK_STR(v.branch, "z9hG4bKthree");
	CHECK(sip_via_next(&l, &v) == ERR_NOENT);
	CHECK(sip_list_count(&m, SIP_HDR_VIA) == 3);
	l = sip_list_of(&m, SIP_HDR_CONTACT);
	CHECK(sip_nameaddr_next(&l, &na) == OK);
	CHECK_STR(sip_param_value(na.params, STR("+sip.instance")), "<urn:uuid:0>");
	CHECK(sip_list_has(&m, SIP_HDR_SUPPORTED, STR("ICE")));
	CHECK(!sip_list_has(&m, SIP_HDR_SUPPORTED, STR("gruu")));
	CHECK_STR(sip_header_named(&m, STR("x-odd")), "keep   my spaces");
	CHECK(sip_header_named(&m, STR("x-even")).p == NULL);
	CHECK_STR(sip_header_named(&m, STR("v")),
		"SIP/2.0/UDP one.example.org:5070;branch=z9hG4bKone;rport");
	CHECK_STR(sip_field_line(&m, m.n_fields - 1), "Fosse-Call: id=1\r\n");
}

/* A request with n lines of that text. */
static struct str with_lines(const char *line, size_t n)
{
	struct wr w = wr_of(big, sizeof big);

	wr_str(&w,
		STR("INVITE sip:b@example.net SIP/2.0\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:c@d>\r\n"
		    "Call-ID: 1\r\nCSeq: 1 INVITE\r\n"));
	for (size_t i = 0; i < n; i++)
		wr_str(&w, str_of(line));
	wr_str(&w, STR("\r\n"));
	CHECK(w.err == OK);
	return wr_done(&w);
}

static int code_of(struct str bytes)
{
	sip_msg_init(&m);
	return sip_index(bytes, SIP_DGRAM, &m) == OK ? 0 : m.fault.code;
}

#define VIA "Via: SIP/2.0/UDP h;branch=z9hG4bK1\r\n"

static struct str with_via_and(const char *line, size_t n)
{
	struct str bytes = with_lines(line, n);
	struct wr w = wr_of(big + bytes.len - 2, sizeof big - bytes.len);

	wr_str(&w, STR(VIA "\r\n"));
	return (struct str){big, bytes.len - 2 + wr_len(&w)};
}

static void limits(void)
{
	CHECK(code_of(with_lines(VIA, SIP_VIAS_MAX)) == 0);
	CHECK(code_of(with_lines(VIA, SIP_VIAS_MAX + 1)) == 483);
	CHECK(code_of(with_via_and("Xx: y\r\n", SIP_FIELDS_MAX - 5)) == 0);
	CHECK(code_of(with_via_and("Xx: y\r\n", SIP_FIELDS_MAX - 4)) == 400);
	CHECK_STR(str_of(m.fault.reason), "too many headers");
	CHECK(code_of(with_via_and("Route: <sip:a;lr>,<sip:b;lr>\r\n", SIP_ROUTES_MAX / 2)) == 0);
	CHECK(code_of(with_via_and("Record-Route: <sip:a;lr>\r\n", SIP_ROUTES_MAX + 1)) == 400);
	CHECK(code_of(with_via_and("m: <sip:a>\r\n", SIP_CONTACTS_MAX)) == 0);
	CHECK(code_of(with_via_and("m: <sip:a>\r\n", SIP_CONTACTS_MAX + 1)) == 400);
}

static void long_start_lines(void)
{
	struct wr w = wr_of(big, sizeof big);

	wr_str(&w, STR("OPTIONS sip:"));
	for (size_t i = 0; i < SIP_URI_LEN_MAX; i++)
		wr_u8(&w, 'a');
	wr_str(&w, STR("@h SIP/2.0\r\n" VIA "\r\n"));
	CHECK(code_of(wr_done(&w)) == 414);
	memset(big, 'x', SIP_LINE_MAX + 1);
	sip_msg_init(&m);
	CHECK(sip_index((struct str){big, SIP_LINE_MAX}, SIP_STREAM, &m) == ERR_MORE);
	CHECK(sip_index((struct str){big, SIP_LINE_MAX + 1}, SIP_STREAM, &m) == ERR_RANGE);
	CHECK(m.fault.code == 0 && m.fault.is_framing);
}

static void nothing_at_all(void)
{
	sip_msg_init(&m);
	CHECK(sip_index(STR_NONE, SIP_STREAM, &m) == ERR_MORE);
	CHECK(sip_index(STR("\r\n"), SIP_STREAM, &m) == ERR_MORE);
	CHECK(sip_index(STR_NONE, SIP_DGRAM, &m) == ERR_SYNTAX);
	CHECK(m.fault.code == 0);
}

static void long_lines(void)
{
	static char line[SIP_LINE_MAX + 2];

	memset(line, 'x', sizeof line - 1);
	line[1] = ':';
	line[SIP_LINE_MAX - 2] = '\r';
	line[SIP_LINE_MAX - 1] = '\n';
	line[SIP_LINE_MAX] = '\0';
	CHECK(code_of(with_via_and(line, 1)) == 0);
	line[SIP_LINE_MAX - 2] = 'x';
	line[SIP_LINE_MAX - 1] = '\r';
	line[SIP_LINE_MAX] = '\n';
	CHECK(code_of(with_via_and(line, 1)) == 400);
}

static void message_limit(void)
{
	struct str head = with_via_and("Xx: y\r\n", 1);

	memset(big + head.len, 'b', sizeof big - head.len);
	CHECK(code_of((struct str){big, SIP_MESSAGE_MAX}) == 0);
	CHECK(code_of((struct str){big, SIP_MESSAGE_MAX + 1}) == 513);
	sip_msg_init(&m);
	m.len_max = 100000;
	CHECK(sip_index((struct str){big, sizeof big}, SIP_DGRAM, &m) == ERR_RANGE);
	CHECK(m.fault.code == 513 && m.bytes.len == SIP_MESSAGE_CEILING);
	memset(big, 'x', sizeof big);
	memcpy(big, "OPTIONS sip:b SIP/2.0\r\nX: ", 26);
	sip_msg_init(&m);
	CHECK(sip_index((struct str){big, SIP_MESSAGE_MAX}, SIP_STREAM, &m) == ERR_MORE);
	CHECK(sip_index((struct str){big, SIP_MESSAGE_MAX + 1}, SIP_STREAM, &m) == ERR_RANGE);
	CHECK(m.fault.is_framing);
}

static void lenient_line_ends(void)
{
	struct str bytes = STR("OPTIONS sip:b@h SIP/2.0\n" VIA
			       "From: <sip:a@b>;tag=1\nTo: <sip:c@d>\r\nCall-ID: 1\n"
			       "CSeq: 1\n OPTIONS\nContent-Length: 1\n\nx");

	sip_msg_init(&m);
	CHECK(sip_index(bytes, SIP_DGRAM, &m) == ERR_SYNTAX);
	for (int framing = SIP_DGRAM; framing <= SIP_STREAM; framing++) {
		sip_msg_init(&m);
		m.lenient_line_ends = true;
		CHECK(sip_index(bytes, (enum sip_framing)framing, &m) == OK);
		CHECK(m.has_bare_lf);
		CHECK_STR(m.body, "x");
	}
}

static void pipelined(void)
{
	struct str bytes =
		STR(INVITE_HEAD "Content-Length: 2\r\n\r\nab" INVITE_HEAD "l: 0\r\n\r\n");

	sip_msg_init(&m);
	CHECK(sip_index(bytes, SIP_STREAM, &m) == OK);
	CHECK_STR(m.body, "ab");
	bytes = str_skip(bytes, m.end);
	sip_msg_init(&m);
	CHECK(sip_index(bytes, SIP_STREAM, &m) == OK);
	CHECK(m.end == bytes.len);
	CHECK(sip_count_crlf(STR("\r\n\r\nx")) == 4);
}

/* A soft fault keeps the framing: the stream goes on behind the message. */
static void faults_and_framing(void)
{
	sip_msg_init(&m);
	CHECK(sip_index(STR("OPTIONS sip:b@h SIP/7.0\r\nContent-Length: 2\r\n\r\nabNEXT"),
		      SIP_STREAM, &m) == ERR_VERSION);
	CHECK(!m.fault.is_framing && m.bytes.len == m.end);
	CHECK_STR(m.body, "ab");
	sip_msg_init(&m);
	CHECK(sip_index(STR("OPTIONS sip:b@h SIP/2.0\r\n" VIA "\r\n"), SIP_STREAM, &m) ==
		ERR_SYNTAX);
	CHECK(m.fault.is_framing);
	CHECK_STR(m.via.branch, "z9hG4bK1");
}

/* A request of len bytes whose one header line is start, then repeat over and over. */
static struct str bomb(const char *start, const char *repeat, size_t len)
{
	struct wr w = wr_of(big, sizeof big);

	wr_str(&w, STR("OPTIONS sip:b SIP/2.0\r\n" VIA));
	wr_str(&w, str_of(start));
	while (wr_len(&w) < len)
		wr_str(&w, str_of(repeat));
	wr_str(&w, STR("\r\n\r\n"));
	return wr_done(&w);
}

static double seconds_for(struct str bytes)
{
	struct timespec a, b;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &a);
	for (int i = 0; i < 200; i++)
		(void)code_of(bytes);
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &b);
	return (double)(b.tv_sec - a.tv_sec) + 1e-9 * (double)(b.tv_nsec - a.tv_nsec);
}

/* Time per byte does not grow: commas, quotes, brackets, folds, parameters by the thousand. */
static void time_is_linear(void)
{
	/* clang-format off */
	static const char *const bombs[][2] = {
		{"m: a", ","}, {"m: ", "\"a\","}, {"m: \"", "\\\""}, {"m: ", "<a>,"}, {"m: ", "<"},
		{"m: a", "\r\n "}, {"f: <sip:a>", ";a=b"}, {"f: ", "\"\""}, {"v: a", ",a"},
		{"v: SIP/2.0/UDP h", ";a=\"b\""}, {"X-Y: \"", "\\\""}, {"", "v:\r\n"},
	};
	/* clang-format on */

	for (size_t i = 0; i < sizeof bombs / sizeof bombs[0]; i++) {
		double small = seconds_for(bomb(bombs[i][0], bombs[i][1], 3000));
		double large = seconds_for(bomb(bombs[i][0], bombs[i][1], 30000));

		if (large > 20 * small + 0.01)
			printf("# %s%s: %f s, %f s\n", bombs[i][0], bombs[i][1], small, large);
		CHECK(large <= 20 * small + 0.01);
	}
}

TEST_MAIN(T(every_name_is_found), T(core_values), T(chains_and_lists), T(limits), T(long_lines),
	T(long_start_lines), T(nothing_at_all), T(message_limit), T(lenient_line_ends),
	T(pipelined), T(faults_and_framing), T(time_is_linear))
