/* test_edit.c - the edit list: what no edit touches leaves as it came. */
#include "sip/edit.h"
#include "sip/list.h"
#include "vectors.h"

static struct sip_msg m;
static struct scratch scratch;
static char out[70000];

static struct sip_edit *edit_of(struct str bytes)
{
	struct sip_edit *e;

	if (!scratch.base)
		CHECK(scratch_init(&scratch, SCRATCH_SIZE) == OK);
	scratch_reset(&scratch);
	index_ok(bytes, &m);
	e = sip_edit_new(&scratch, &m);
	CHECK(e);
	return e;
}

static struct str applied(const struct sip_edit *e)
{
	struct wr w = wr_of(out, sizeof out);
	enum err err = sip_edit_apply(e, &w);

	if (err)
		printf("# %s\n", err_text(err));
	CHECK(err == OK);
	CHECK(wr_len(&w) == sip_edit_len(e));
	return wr_done(&w);
}

static void no_edit_no_change(void)
{
	struct str bytes = STR(INVITE_HEAD "l :  0005 \r\n\r\n12345");

	CHECK(str_eq(applied(edit_of(bytes)), bytes));
	bytes = STR(INVITE_HEAD "\r\nany body");
	CHECK(str_eq(applied(edit_of(bytes)), bytes));
}

static void a_forward(void)
{
	struct sip_edit *e = edit_of(STR(INVITE_HEAD "Content-Length: 0\r\n\r\n"));

	sip_edit_set_uri(e, STR("sip:ben@198.51.100.9"));
	sip_edit_push_header(e, SIP_HDR_VIA, STR("SIP/2.0/UDP 198.51.100.1;branch=z9hG4bKx"));
	sip_edit_set_header(e, SIP_HDR_MAX_FORWARDS, STR("19"));
	sip_edit_push_header(e, SIP_HDR_RECORD_ROUTE, STR("<sip:198.51.100.1;lr>"));
	sip_edit_cut_prefixed(e, STR("fosse-"));
	CHECK_STR(applied(e),
		"INVITE sip:ben@198.51.100.9 SIP/2.0\r\n"
		"Via: SIP/2.0/UDP 198.51.100.1;branch=z9hG4bKx\r\n"
		"Record-Route: <sip:198.51.100.1;lr>\r\n"
		"Via: SIP/2.0/UDP one.example.org:5070;branch=z9hG4bKone;rport\r\n"
		"v: SIP/2.0/TCP two.example.org;branch=z9hG4bKtwo,\r\n"
		"  SIP/2.0/TLS three.example.org;branch=z9hG4bKthree\r\n"
		"Max-Forwards: 19\r\n"
		"From: \"Ann, A.\" <sip:ann@example.org>;tag=a-1\r\n"
		"To: <sip:ben@example.net>\r\n"
		"Call-ID: 77@one.example.org\r\n"
		"CSeq: 4 INVITE\r\n"
		"Contact: <sip:ann@192.0.2.7:5070;transport=udp>;+sip.instance=\"<urn:uuid:0>\"\r\n"
		"Supported: timer, 100rel,ice ,outbound\r\n"
		"X-Odd :  keep   my spaces \r\n"
		"Content-Length: 0\r\n\r\n");
}

static void cuts_take_folds_and_all_spellings(void)
{
	struct sip_edit *e = edit_of(STR(INVITE_HEAD "Content-Length: 0\r\n\r\n"));
	struct str result;

	sip_edit_cut_header(e, SIP_HDR_VIA);
	sip_edit_push_header(e, SIP_HDR_VIA, STR("SIP/2.0/UDP h;branch=z9hG4bKx"));
	sip_edit_cut_named(e, STR("x-oDD"));
	result = applied(e);
	CHECK(!memmem(result.p, result.len, "example.org;branch", 18));
	CHECK(!memmem(result.p, result.len, "X-Odd", 5));
	index_ok(result, &m);
	CHECK(sip_list_count(&m, SIP_HDR_VIA) == 1);
}

static void elements(void)
{
	struct sip_edit *e = edit_of(STR(INVITE_HEAD "Content-Length: 0\r\n\r\n"));
	static const struct str tokens[] = {{"ICE", 3}, {"outbound", 8}};
	struct sip_list l = sip_list_of(&m, SIP_HDR_VIA);
	struct sip_via v;
	struct str result;

	sip_edit_cut_tokens(e, SIP_HDR_SUPPORTED, tokens, 2);
	for (int i = 0; i < 2; i++) {
		CHECK(sip_via_next(&l, &v) == OK);
		sip_edit_cut_element(e, l.field, v.text);
	}
	result = applied(e);
	CHECK(memmem(result.p, result.len, "Supported: timer, 100rel\r\n", 26));
	CHECK(memmem(result.p, result.len, "SIP/2.0\r\nv: SIP/2.0/TLS three", 29));
	e = edit_of(STR(INVITE_HEAD "Content-Length: 0\r\n\r\n"));
	l = sip_list_of(&m, SIP_HDR_VIA);
	while (sip_via_next(&l, &v) == OK) {
		if (str_eq(v.branch, STR("z9hG4bKthree")))
			sip_edit_cut_element(e, l.field, v.text);
	}
	result = applied(e);
	CHECK(memmem(result.p, result.len, "z9hG4bKtwo\r\nMax", 15));
}

static void nothing_adds_a_line(void)
{
	static const struct str evil[] = {
		{"a\r\nEvil: 1", 10}, {"a\nEvil", 6}, {"a\rEvil", 6}, {"a\0b", 3}, {"a\r\n", 3}};
	struct wr w = wr_of(out, sizeof out);

	for (size_t i = 0; i < sizeof evil / sizeof evil[0]; i++) {
		struct sip_edit *e = edit_of(STR(INVITE_HEAD "Content-Length: 0\r\n\r\n"));

		sip_edit_set_header(e, SIP_HDR_SUBJECT, evil[i]);
		CHECK(sip_edit_apply(e, &w) == ERR_SYNTAX);
		e = edit_of(STR(INVITE_HEAD "Content-Length: 0\r\n\r\n"));
		sip_edit_add_line(e, 0, evil[i], STR("x"));
		CHECK(sip_edit_apply(e, &w) == ERR_SYNTAX);
		e = edit_of(STR(INVITE_HEAD "Content-Length: 0\r\n\r\n"));
		sip_edit_set_uri(e, evil[i]);
		CHECK(sip_edit_apply(e, &w) == ERR_SYNTAX);
		CHECK(sip_edit_len(e) == 0 && wr_len(&w) == 0);
	}
}

static void folds_of_a_copied_value_go(void)
{
	struct sip_edit *e = edit_of(STR(INVITE_HEAD "Content-Length: 0\r\n\r\n"));
	struct str result;

	sip_edit_set_header(e, SIP_HDR_SUBJECT, STR("one\r\n two"));
	result = applied(e);
	CHECK(memmem(result.p, result.len, "Subject: one two\r\n", 18));
}

static void length_follows_the_body(void)
{
	struct sip_edit *e =
		edit_of(STR(INVITE_HEAD "Content-Length :\r\n 5\r\nLast: 1\r\n\r\n12345"));
	struct str result;

	sip_edit_set_body(e, STR("text/plain"), STR("a new body\r\n"));
	result = applied(e);
	CHECK(memmem(result.p, result.len, "Content-Length :\r\n 12\r\nLast", 27));
	CHECK(memmem(result.p, result.len, "Content-Type: text/plain\r\n\r\na new body\r\n", 40));
	e = edit_of(STR(INVITE_HEAD "c: a/b\r\nl: 5\r\n\r\n12345"));
	sip_edit_set_body(e, STR_NONE, STR_NONE);
	sip_edit_cut_header(e, SIP_HDR_CONTENT_LENGTH); /* not possible */
	CHECK(str_has_suffix(applied(e), STR("Fosse-Call: id=1\r\nl: 0\r\n\r\n")));
	e = edit_of(STR(INVITE_HEAD "\r\n12345"));
	sip_edit_cut_prefixed(e, STR("Fosse-"));
	CHECK(str_has_suffix(applied(e), STR("spaces \r\nContent-Length: 5\r\n\r\n12345")));
}

static void lines_in_the_body(void)
{
	struct sip_edit *e = edit_of(STR(INVITE_HEAD "l: 8\r\n\r\na=1\r\nb=2"));
	const char *body = m.body.p;

	sip_edit_body_line(e, body, STR("z=0"));
	sip_edit_body_cut(e, (struct str){body, 5});
	sip_edit_body_line(e, body + 8, STR("c=3"));
	CHECK(str_has_suffix(applied(e), STR("l: 13\r\n\r\nz=0\r\nb=2\r\nc=3")));
	e = edit_of(STR(INVITE_HEAD "l: 8\r\n\r\na=1\r\nb=2"));
	sip_edit_body_cut(e, (struct str){m.body.p + 5, 3});
	sip_edit_body_line(e, m.body.p + 8, STR("c=3"));
	CHECK(str_has_suffix(applied(e), STR("l: 8\r\n\r\na=1\r\nc=3")));
}

static void overlaps(void)
{
	struct sip_edit *e = edit_of(STR(INVITE_HEAD "l: 0\r\n\r\n"));
	struct wr w = wr_of(out, sizeof out);
	int max = sip_first(&m, SIP_HDR_MAX_FORWARDS);
	struct str result;

	sip_edit_set_field(e, max, STR("1"));
	sip_edit_cut_field(e, max);
	sip_edit_cut_field(e, max);
	sip_edit_add_line(e, max, STR("New"), STR("stays"));
	result = applied(e);
	CHECK(!memmem(result.p, result.len, "Max", 3));
	CHECK(memmem(result.p, result.len, "New: stays\r\nFrom", 16));
	e = edit_of(STR(INVITE_HEAD "l: 0\r\n\r\n"));
	sip_edit_set_field(e, max, STR("1"));
	sip_edit_set_field(e, max, STR("2"));
	CHECK(sip_edit_apply(e, &w) == ERR_WRONG_STATE);
	e = edit_of(STR(INVITE_HEAD "l: 0\r\n\r\n"));
	sip_edit_replace(e, STR("elsewhere"), STR("2"));
	CHECK(sip_edit_apply(e, &w) == ERR_WRONG_STATE);
}

static void bounds(void)
{
	struct sip_edit *e = edit_of(STR(INVITE_HEAD "l: 0\r\n\r\n"));
	struct wr w = wr_of(out, 300);

	CHECK(sip_edit_apply(e, &w) == ERR_FULL);
	CHECK(wr_len(&w) == 0);
	for (size_t i = 0; i < SIP_EDITS_MAX; i++)
		sip_edit_add_line(e, -1, STR("X"), STR("y"));
	CHECK(e->err == OK);
	sip_edit_add_line(e, -1, STR("X"), STR("y"));
	CHECK(e->err == ERR_FULL);
}

static void lenient_lines_leave_as_crlf(void)
{
	struct wr w = wr_of(out, sizeof out);
	struct sip_edit *e = edit_of(STR(INVITE_HEAD "l: 0\r\n\r\n"));

	sip_msg_init(&m);
	m.lenient_line_ends = true;
	CHECK(sip_index(STR("OPTIONS sip:b@h SIP/2.0\nVia: SIP/2.0/UDP h;branch=z9hG4bK1\n"
			    "f: <sip:a@b>;tag=1\nt: <sip:c@d>\r\ni: 1\nCSeq: 1\n OPTIONS\nl: "
			    "2\n\n\n\n"),
		      SIP_DGRAM, &m) == OK);
	sip_edit_set_uri(e, STR("sip:c@h"));
	CHECK(sip_edit_apply(e, &w) == OK);
	CHECK_STR(wr_done(&w), "OPTIONS sip:c@h SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK1\r\n"
			       "f: <sip:a@b>;tag=1\r\nt: <sip:c@d>\r\ni: 1\r\nCSeq: 1\r\n "
			       "OPTIONS\r\nl: 2\r\n\r\n\n\n");
}

static bool keep_all(struct str element, void *arg)
{
	size_t *n = arg;

	(*n)++;
	return element.len > 0;
}

static void small_calls(void)
{
	struct sip_edit *e =
		edit_of(STR(INVITE_HEAD "Require: , a,\r\nProxy-Require: b\r\nl: 0\r\n\r\n"));
	const struct str tokens[] = {{"a", 1}, {"b", 1}};
	struct sip_list l = sip_list_of(&m, SIP_HDR_PROXY_REQUIRE);
	struct str element, result;
	size_t n = 0;

	sip_edit_keep(e, SIP_HDR_SUPPORTED, keep_all, &n);
	CHECK(n == 4 && e->n == 0);
	sip_edit_cut_tokens(e, SIP_HDR_REQUIRE, tokens, 2);
	CHECK(sip_list_next(&l, &element) == OK);
	sip_edit_cut_element(e, l.field, element);
	sip_edit_insert(e, m.uri_text.p, STR("sips:x@y;z="));
	sip_edit_push_header(e, SIP_HDR_PATH, STR("<sip:p>"));
	result = applied(e);
	CHECK(str_has_prefix(result,
		STR("INVITE sips:x@y;z=sip:ben@example.net SIP/2.0\r\nPath: <sip:p>\r\nVia")));
	CHECK(!memmem(result.p, result.len, "Require", 7));
}

/* The arena has an end; the edit says so once and stays so. */
static void no_room(void)
{
	static char value[SIP_MESSAGE_CEILING + 1];
	struct sip_edit *e = edit_of(STR(INVITE_HEAD "l: 0\r\n\r\n"));
	struct wr w = wr_of(out, sizeof out);

	memset(value, 'x', sizeof value);
	for (int i = 0; i < 20; i++)
		sip_edit_add_line(e, -1, STR("N"), (struct str){value, 40000});
	CHECK(e->err == ERR_FULL);
	CHECK(sip_edit_text(e, "x").len == 0);
	CHECK(sip_edit_apply(e, &w) == ERR_FULL);
	CHECK(sip_edit_new(&scratch, &m) == NULL || scratch.used < scratch.size);
	e = edit_of(STR(INVITE_HEAD "l: 0\r\n\r\n"));
	sip_edit_set_uri(e, (struct str){value, sizeof value});
	CHECK(sip_edit_apply(e, &w) == ERR_FULL);
	e = edit_of(STR(INVITE_HEAD "l: 0\r\n\r\n"));
	sip_edit_set_uri(e, (struct str){value, sizeof value - 1});
	CHECK(sip_edit_apply(e, &w) == ERR_FULL); /* the message would be too long */
	e = edit_of(STR(INVITE_HEAD "l: 0\r\n\r\n"));
	sip_edit_set_header(e, SIP_HDR_VIA, STR("SIP/2.0/UDP h;branch=z9hG4bK1"));
	e->err = ERR_FULL;
	sip_edit_cut_tokens(e, SIP_HDR_SUPPORTED, NULL, 0);
	e->err = OK;
	CHECK(sip_edit_len(e) > 0 && e->n == 2);
	w.err = ERR_RANGE;
	CHECK(sip_edit_apply(e, &w) == ERR_RANGE);
}

static void third_colon_goes(void)
{
	struct sip_edit *e =
		edit_of(STR("OPTIONS sip:b@[2001:db8:::192.0.2.1] SIP/2.0\r\n"
			    "Via: SIP/2.0/UDP h;branch=z9hG4bK1\r\nf: <sip:a@b>;tag=1\r\n"
			    "t: <sip:b@[2001:db8:::192.0.2.1]>\r\ni: 1:::2\r\n"
			    "CSeq: 1 OPTIONS\r\nl: 0\r\n\r\n"));
	struct str result;

	sip_edit_normalise(e);
	result = applied(e);
	CHECK(str_has_prefix(result, STR("OPTIONS sip:b@[2001:db8::192.0.2.1] SIP/2.0\r\n")));
	CHECK(memmem(result.p, result.len, "t: <sip:b@[2001:db8::192.0.2.1]>\r\ni: 1:::2", 42));
}

TEST_MAIN(T(no_edit_no_change), T(a_forward), T(cuts_take_folds_and_all_spellings), T(elements),
	T(nothing_adds_a_line), T(folds_of_a_copied_value_go), T(length_follows_the_body),
	T(lines_in_the_body), T(overlaps), T(bounds), T(lenient_lines_leave_as_crlf),
	T(small_calls), T(no_room), T(third_colon_goes))
