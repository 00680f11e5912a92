/* test_mime.c - the session description in plain and multipart bodies. */
#include "sip/mime.h"
#include "vectors.h"

static struct sip_msg m;

static enum err find(const char *head, const char *body, struct str *ret_sdp)
{
	static char bytes[20000];
	struct wr w = wr_of(bytes, sizeof bytes);

	wr_str(&w, STR(INVITE_HEAD));
	wr_str(&w, str_of(head));
	wr_str(&w, STR("\r\n"));
	wr_str(&w, str_of(body));
	index_ok(wr_done(&w), &m);
	return sip_sdp_body(&m, ret_sdp);
}

static void plain(void)
{
	struct str sdp;

	CHECK(find("c: Application/SDP;x=y\r\n", BODY, &sdp) == OK);
	CHECK_STR(sdp, BODY);
	CHECK(find("c: application/sdp\r\n", "", &sdp) == ERR_NOENT);
	CHECK(find("c: text/plain\r\n", "v=0", &sdp) == ERR_NOENT);
	CHECK(find("", "v=0", &sdp) == ERR_NOENT);
	CHECK(find("c: application/sdp\r\ne: gzip\r\n", "v=0", &sdp) == ERR_UNSUPPORTED);
	CHECK(find("c: application/sdp\r\ne: identity\r\n", "v=0", &sdp) == OK);
}

static void a_part(void)
{
	struct str sdp;

	CHECK(find("c: multipart/mixed;boundary=\"x y\"\r\n",
		      "preamble\r\n--x yz\r\n--x y\r\nContent-Type: text/plain\r\n\r\nv=1\r\n--x y "
		      "\r\n"
		      "content-type:\r\n application/sdp\r\nContent-Transfer-Encoding: "
		      "binary\r\n\r\nv=0\r\n"
		      "s=--x y\r\n--x y--\r\nend",
		      &sdp) == OK);
	CHECK_STR(sdp, "v=0\r\ns=--x y");
	CHECK(sdp.p > m.body.p && sdp.p < m.body.p + m.body.len);
	CHECK(find("c: multipart/mixed;boundary=b\r\n", "--b\r\nc: application/sdp\r\n\r\nv=0",
		      &sdp) == OK);
	CHECK_STR(sdp, "v=0");
	CHECK(find("c: multipart/mixed\r\n", "--b\r\n\r\n--b--", &sdp) == ERR_SYNTAX);
	CHECK(find("c: multipart/mixed;boundary=b\r\n", "nothing", &sdp) == ERR_NOENT);
	CHECK(find("c: multipart/mixed;boundary=b\r\n", "--b--\r\nc: application/sdp\r\n\r\nv=0",
		      &sdp) == ERR_NOENT);
	CHECK(find("c: multipart/mixed;boundary=b\r\n",
		      "--b\r\nc: application/sdp\r\nContent-Transfer-Encoding: "
		      "base64\r\n\r\ndj0w\r\n--b--",
		      &sdp) == ERR_UNSUPPORTED);
}

static void nested(void)
{
	struct str sdp;

	CHECK(find("c: multipart/mixed;boundary=a\r\n",
		      "--a\r\nc: multipart/related;boundary=b\r\n\r\n--b\r\n\r\nx\r\n--b--\r\n"
		      "--a\r\nc: multipart/related;boundary=c\r\n\r\n--c\r\nc: "
		      "application/sdp\r\n\r\nv=0\r\n--c--"
		      "\r\n--a--\r\n",
		      &sdp) == OK);
	CHECK_STR(sdp, "v=0");
	CHECK(find("c: multipart/mixed;boundary=a\r\n",
		      "--a\r\nc: multipart/related\r\n\r\nx\r\n--a--", &sdp) == ERR_SYNTAX);
	CHECK(find("c: multipart/mixed;boundary=0123456789012345678901234567890123456789"
		   "0123456789012345678901234567890\r\n",
		      "--a", &sdp) == ERR_SYNTAX);
}

/* Lines that end in LF only, an empty part, headers without a body, headers that mean nothing here.
 * */
static void odd_parts(void)
{
	struct str sdp;

	CHECK(find("c: multipart/mixed;boundary=b\r\n",
		      "--b\n\n--b\n--b\nContent-ID: x\nContent-Encoding: "
		      "identity\nc:\n\tapplication/sdp\n\n"
		      "v=0\n--b--",
		      &sdp) == OK);
	CHECK_STR(sdp, "v=0");
	CHECK(find("c: multipart/mixed;boundary=b\r\n",
		      "--b\r\ne: gzip\r\nc: application/sdp\r\n\r\nv=0", &sdp) == ERR_UNSUPPORTED);
	CHECK(find("c: multipart/mixed;boundary=b\r\n", "--b\r\nc: application/sdp", &sdp) == OK);
	CHECK(sdp.len == 0);
}

static enum err at_depth(unsigned depth)
{
	char body[2000];
	struct wr w = wr_of(body, sizeof body);
	struct str sdp;

	for (unsigned i = 1; i < depth; i++)
		wr_printf(&w, "--b%u\r\nc: multipart/mixed;boundary=b%u\r\n\r\n", i, i + 1);
	wr_printf(&w, "--b%u\r\nc: application/sdp\r\n\r\nv=0%c", depth, '\0');
	return find("c: multipart/mixed;boundary=b1\r\n", body, &sdp);
}

static enum err behind_parts(unsigned n)
{
	char body[2000];
	struct wr w = wr_of(body, sizeof body);
	struct str sdp;

	for (unsigned i = 0; i < n; i++)
		wr_printf(&w, "--b\r\nc: text/plain\r\n\r\nx\r\n");
	wr_printf(&w, "--b\r\nc: application/sdp\r\n\r\nv=0%c", '\0');
	return find("c: multipart/mixed;boundary=b\r\n", body, &sdp);
}

static void limits(void)
{
	CHECK(at_depth(MIME_DEPTH_MAX) == OK);
	CHECK(at_depth(MIME_DEPTH_MAX + 1) == ERR_UNSUPPORTED);
	CHECK(behind_parts(MIME_PARTS_MAX - 1) == OK);
	CHECK(behind_parts(MIME_PARTS_MAX) == ERR_UNSUPPORTED);
}

TEST_MAIN(T(plain), T(a_part), T(nested), T(odd_parts), T(limits))
