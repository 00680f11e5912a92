/* test_verdicts.c - what the index and the core values say about odd and broken messages.
 *
 * Our own vectors, written from RFC 3261's grammar and covering the classes of RFC 4475 and 5118,
 * each with its verdict as a datagram and on a stream. With FOSSE_CORPUS naming a folder that holds
 * rfc4475/ and rfc5118/, the published messages are judged too. Every accepted vector is also cut
 * at every byte on a stream: more is asked for, never something else decided. */
#include <stdlib.h>
#include <string.h>

#include "sip/corpus.h"
#include "sip/msg.h"
#include "test.h"

#define DROP (-1)
#define FINE 0
#define MORE 1

struct vector {
	const char *name, *text;
	size_t len;
	int dgram, stream; /* FINE, DROP, or the code of the answer */
};

#define V(name, dgram, stream, text)                                                               \
	{                                                                                          \
		name, text, sizeof(text) - 1, dgram, stream                                        \
	}

#define VIA    "Via: SIP/2.0/UDP probe.example.org:5070;branch=z9hG4bKv77\r\n"
#define FROM   "From: <sip:ann@example.org>;tag=a-1\r\n"
#define TO     "To: <sip:ben@example.net>\r\n"
#define TO_TAG "To: <sip:ben@example.net>;tag=b-2\r\n"
#define ID     "Call-ID: 5c0ffee@probe.example.org\r\n"
#define MF     "Max-Forwards: 70\r\n"
#define CSEQ   "CSeq: 11 OPTIONS\r\n"
#define NOBODY "Content-Length: 0\r\n\r\n"
#define START  "OPTIONS sip:ben@example.net SIP/2.0\r\n"
#define REST   VIA FROM TO ID CSEQ MF NOBODY

static const struct vector vectors[] = {
	V("plain", FINE, FINE, START REST),
	V("blank lines first", FINE, FINE, "\r\n\r\n" START REST),
	V("one blank line first", FINE, FINE, "\r\n" START REST),
	V("response", FINE, FINE, "SIP/2.0 200 OK\r\n" VIA FROM TO_TAG ID CSEQ NOBODY),
	V("response, empty phrase", FINE, FINE, "SIP/2.0 180 \r\n" VIA FROM TO_TAG ID CSEQ NOBODY),
	V("response, phrase of odd bytes", FINE, FINE,
		"SIP/2.0 200 = 3**2 \xd1\x82\xd0\xb0\xd0\xba \r\n" VIA FROM TO_TAG ID CSEQ NOBODY),
	V("response, code of ten digits", DROP, DROP,
		"SIP/2.0 4294967496 wraps\r\n" VIA FROM TO_TAG ID CSEQ NOBODY),
	V("response, code 099", DROP, DROP, "SIP/2.0 099 low\r\n" VIA FROM TO_TAG ID CSEQ NOBODY),
	V("response, code 700", DROP, DROP, "SIP/2.0 700 high\r\n" VIA FROM TO_TAG ID CSEQ NOBODY),
	V("response, CSeq too large", DROP, DROP,
		"SIP/2.0 503 Later\r\n" VIA FROM TO_TAG ID
		"CSeq: 9999999999999999999999 BYE\r\n" NOBODY),

	/* white space and spelling */
	V("space and folds at every place", FINE, FINE,
		"INVITE sip:ben@example.net;odd SIP/2.0\r\n"
		"tO\t :\r\n\t<sip:ben@example.net>\t; \r\n  tag \t=   b9\r\n"
		"f  : \"Ann \\\\\\\"\"   \r\n <sip:ann@example.org> ;tag=  x1\r\n"
		"mAX-fORWARDS :  0070\r\nI: odd@[x]\r\nL :0\r\n"
		"CSEQ: 0012\r\n\t INVITE\r\n"
		"vIA : SIP /\r\n 2.0 \r\n  / UDP\r\n    192.0.2.77 ; branch\r\n =  oldstyle ,"
		" SIP/ 2.0/TCP [2001:db8::7] : 5066;branch=z9hG4bKzz\r\n"
		"S :\r\nFreshHeader:  some\r\n more\r\nStrange: ;;,,=;\r\n\r\n"),
	V("compact forms", FINE, FINE,
		START "v:SIP/2.0/TLS a.example.org;branch=z9hG4bKq\r\nf:sip:a@b.example;tag=1\r\n"
		      "t:sip:c@d.example\r\ni:x\r\nCSeq:1 OPTIONS\r\nl:0\r\n\r\n"),
	V("method of every token character", FINE, FINE,
		"!x-0%*_+`.~' sip:b@example.net SIP/2.0\r\n" VIA FROM TO ID
		"CSeq: 5 !x-0%*_+`.~'\r\n" MF NOBODY),
	V("user part of every legal character", FINE, FINE,
		"OPTIONS sip:a-_.!~*'()&=+$,;?/:p&=+$,w@example.net SIP/2.0\r\n" REST),
	V("quoted NUL, BEL, DEL", FINE, FINE,
		START VIA FROM
		"To: \"n\\\0 b\\\x07 d\\\x7f\" <sip:b@example.net>\r\n" ID CSEQ MF NOBODY),
	V("bytes above 127 in quotes and in an unknown header", FINE, FINE,
		START VIA FROM "To: \"\xe4\xb8\xad\" <sip:b@example.net>;x=\"\xd0\xb0\"\r\n"
			       "New: \xef\xbb\xbf\xe5\xa4\xa7\r\n" ID CSEQ MF NOBODY),
	V("Call-ID of every word character", FINE, FINE,
		START VIA FROM TO "Call-ID: a-.!%*_+`'~()<>:\\\"/[]?{}@b\r\n" CSEQ MF NOBODY),
	V("no space between display name and bracket", FINE, FINE,
		START VIA "From: ann<sip:ann@example.org>;tag=1\r\n" TO ID CSEQ MF NOBODY),

	/* escapes */
	V("escapes in user, parameter names and values", FINE, FINE,
		"INVITE sip:sip%3aben%40example.net@example.net SIP/2.0\r\n" VIA
		"From: <sip:with%20space@example.org;%6cr;n%41me=%25%34>;tag=3\r\n"
		"To: sip:%62en@example.net\r\n" ID "CSeq: 3 INVITE\r\n" MF NOBODY),
	V("escaped NUL in the user part", FINE, FINE,
		"REGISTER sip:example.net SIP/2.0\r\n" VIA FROM "To: sip:a%00b@example.net\r\n" ID
		"CSeq: 4 REGISTER\r\nContact: <sip:%00@h.example.org>\r\n" NOBODY),
	V("percent outside URIs is no escape", FINE, FINE,
		"OP%54 sip:ben@example.net SIP/2.0\r\n" VIA FROM
		"To: \"%Q%4\" <sip:b@example.net>\r\n" ID
		"CSeq: 9 OP%54\r\nC%6fntact: <sip:x@example.org>\r\n" NOBODY),
	V("half an escape in the Request-URI", 400, 400,
		"OPTIONS sip:a%4@example.net SIP/2.0\r\n" REST),

	/* start line */
	V("semicolon and escaped at sign in the user", FINE, FINE,
		"OPTIONS sip:ben;par=u%40example.com@example.net SIP/2.0\r\n" REST),
	V("Request-URI with headers", FINE, FINE,
		"OPTIONS sip:ben@example.net?Route=%3csip:x.example%3e SIP/2.0\r\n" REST),
	V("unknown scheme", FINE, FINE, "OPTIONS whatscheme:anything/at.all SIP/2.0\r\n" REST),
	V("scheme with dots", FINE, FINE, "OPTIONS a.beep://192.0.2.9:3002 SIP/2.0\r\n" REST),
	V("tel", FINE, FINE, "OPTIONS tel:+1-201-555-0123;phone-context=x SIP/2.0\r\n" REST),
	V("brackets around the Request-URI", 400, 400,
		"OPTIONS <sip:ben@example.net> SIP/2.0\r\n" REST),
	V("space inside the Request-URI", 400, 400,
		"OPTIONS sip:ben@example.net; lr SIP/2.0\r\n" REST),
	V("two spaces in the start line", 400, 400,
		"OPTIONS  sip:ben@example.net SIP/2.0\r\n" REST),
	V("two spaces before the version", 400, 400,
		"OPTIONS sip:ben@example.net  SIP/2.0\r\n" REST),
	V("blank behind the version", 400, 400, "OPTIONS sip:ben@example.net SIP/2.0 \r\n" REST),
	V("folded start line", 400, 400, "OPTIONS sip:ben@example.net SIP/2.0\r\n \r\n" REST),
	V("version 7.0", 505, 505, "OPTIONS sip:ben@example.net SIP/7.0\r\n" REST),
	V("IPv6 without brackets", 400, 400, "OPTIONS sip:2001:db8::5 SIP/2.0\r\n" REST),
	V("IPv6 in brackets", FINE, FINE, "OPTIONS sip:[2001:db8::5]:5061;lr SIP/2.0\r\n" REST),
	V("IPv6 that ends like a port", FINE, FINE,
		"OPTIONS sip:[2001:db8::5:5060] SIP/2.0\r\n" REST),
	V("IPv6 with three colons", FINE, FINE,
		"OPTIONS sip:b@[2001:db8:::192.0.2.8] SIP/2.0\r\n" REST),
	V("IPv6 with four colons", 400, 400,
		"OPTIONS sip:b@[2001:db8::::192.0.2.8] SIP/2.0\r\n" REST),
	V("IPv4-mapped IPv6", FINE, FINE, "OPTIONS sip:b@[::ffff:192.0.2.8] SIP/2.0\r\n" REST),
	V("short spelling of an address", 400, 400, "OPTIONS sip:b@127.1 SIP/2.0\r\n" REST),
	V("hexadecimal spelling of an address", 400, 400,
		"OPTIONS sip:b@0x7f.0.0.1 SIP/2.0\r\n" REST),
	V("number as host", 400, 400, "OPTIONS sip:b@2130706433 SIP/2.0\r\n" REST),
	V("port 65536", 400, 400, "OPTIONS sip:b@example.net:65536 SIP/2.0\r\n" REST),
	V("another protocol", DROP, DROP, "GET /index.html HTTP/1.1\r\nHost: example.net\r\n\r\n"),
	V("a TLS hello", DROP, DROP, "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n"),
	V("noise", DROP, DROP, "\xff\xfe\xfd\r\n\r\n"),

	/* Via */
	V("Via without parameters that follow its semicolons", 400, 400,
		START "Via: SIP/2.0/UDP 192.0.2.5;;,;,,\r\n" FROM TO ID CSEQ MF NOBODY),
	V("Via, bare cookie", 400, 400,
		START "Via: SIP/2.0/UDP 192.0.2.5;branch=z9hG4bK\r\n" FROM TO ID CSEQ MF NOBODY),
	V("Via, no branch at all", FINE, FINE,
		START "Via: SIP/2.0/UDP 192.0.2.5\r\n" FROM TO ID CSEQ MF NOBODY),
	V("Via of unknown transports", FINE, FINE,
		START
		"Via: SIP/2.0/QUIC h.example.org;branch=z9hG4bKa\r\n"
		"Via: SIP/2.0/SCTP i.example.org;branch=z9hG4bKb\r\n" FROM TO ID CSEQ MF NOBODY),
	V("received, IPv6 without brackets", FINE, FINE,
		START
		"Via: SIP/2.0/UDP [2001:db8::1];received=2001:db8::2;branch=z9hG4bKa\r\n" FROM TO ID
			CSEQ MF NOBODY),
	V("received, IPv6 with brackets", FINE, FINE,
		START
		"Via: SIP/2.0/UDP [2001:db8::1];received=[2001:db8::2];branch=z9hG4bKa\r\n" FROM TO
			ID CSEQ MF NOBODY),
	V("Via missing", 400, 400, START FROM TO ID CSEQ MF NOBODY),
	V("rport that is no number", 400, 400,
		START
		"Via: SIP/2.0/UDP 192.0.2.5;rport=x;branch=z9hG4bKa\r\n" FROM TO ID CSEQ MF NOBODY),

	/* the other core values */
	V("only CSeq and Via", 400, 400, START VIA CSEQ NOBODY),
	V("CSeq above 2^31-1", 400, 400,
		START VIA FROM TO ID "CSeq: 2147483648 OPTIONS\r\n" MF NOBODY),
	V("CSeq 2^31-1", FINE, FINE, START VIA FROM TO ID "CSeq: 2147483647 OPTIONS\r\n" MF NOBODY),
	V("CSeq of another known method", 400, 400,
		START VIA FROM TO ID "CSeq: 1 INVITE\r\n" MF NOBODY),
	V("CSeq of another method, ours unknown", 501, 501,
		"WIBBLE sip:ben@example.net SIP/2.0\r\n" VIA FROM TO ID
		"CSeq: 1 INVITE\r\n" MF NOBODY),
	V("CSeq without a method", 400, 400, START VIA FROM TO ID "CSeq: 1\r\n" MF NOBODY),
	V("CSeq with a sign", 400, 400, START VIA FROM TO ID "CSeq: +1 OPTIONS\r\n" MF NOBODY),
	V("Max-Forwards 300 is clamped", FINE, FINE,
		START VIA FROM TO ID CSEQ "Max-Forwards: 300\r\n" NOBODY),
	V("Max-Forwards that is no number", 400, 400,
		START VIA FROM TO ID CSEQ "Max-Forwards: 7x\r\n" NOBODY),
	V("Expires of a hundred digits", FINE, FINE,
		START VIA FROM TO ID CSEQ
		"Expires: 10000000000000000000000000000000000000\r\n" NOBODY),
	V("To with an open quote", 400, 400,
		START VIA FROM "To: \"Ben <sip:ben@example.net>\r\n" ID CSEQ MF NOBODY),
	V("To with a blank behind the bracket", 400, 400,
		START VIA FROM "To: \"Ben\" < sip:ben@example.net >\r\n" ID CSEQ MF NOBODY),
	V("From with a bare comma in the name", 400, 400,
		START VIA "From: Doe, Ann <sip:ann@example.org>;tag=1\r\n" TO ID CSEQ MF NOBODY),
	V("To of another scheme", FINE, FINE,
		START VIA FROM "To: urn:isbn:1234\r\n" ID CSEQ MF NOBODY),
	V("From with an empty tag", 400, 400,
		START VIA "From: <sip:ann@example.org>;tag=\r\n" TO ID CSEQ MF NOBODY),
	V("no From tag", FINE, FINE,
		START VIA "From: <sip:ann@example.org>\r\n" TO ID CSEQ MF NOBODY),
	V("From, To, CSeq, Call-ID twice", 400, 400,
		START VIA FROM FROM TO TO ID ID CSEQ CSEQ MF NOBODY),
	V("Call-ID twice in two spellings", 400, 400,
		START VIA FROM TO ID "i: other\r\n" CSEQ MF NOBODY),
	V("Call-ID with a blank", 400, 400, START VIA FROM TO "Call-ID: a b\r\n" CSEQ MF NOBODY),
	V("Date in another time zone", FINE, FINE,
		START VIA FROM TO ID CSEQ MF "Date: Fri, 02 Jan 2009 15:00:00 CET\r\n" NOBODY),
	V("Content-Type without a subtype", 400, 400,
		START VIA FROM TO ID CSEQ "c: text\r\n" NOBODY),

	/* framing */
	V("no Content-Length", FINE, 400, START VIA FROM TO ID CSEQ MF "\r\nbody"),
	V("bytes behind the body", FINE, FINE,
		START REST "\r\nINVITE sip:b@example.net SIP/2.0\r\n"),
	V("negative Content-Length", 400, 400,
		START VIA FROM TO ID CSEQ MF "Content-Length: -9\r\n\r\nxyz"),
	V("Content-Length in hexadecimal", 400, 400,
		START VIA FROM TO ID CSEQ MF "Content-Length: 0x3\r\n\r\nxyz"),
	V("Content-Length with a blank inside", 400, 400,
		START VIA FROM TO ID CSEQ MF "Content-Length: 1 1\r\n\r\nxyzxyzxyzxy"),
	V("two equal Content-Lengths", 400, 400, START VIA FROM TO ID CSEQ MF "l: 0\r\n" NOBODY),
	V("two different Content-Lengths", 400, 400,
		START VIA FROM TO ID CSEQ "Content-Length: 3\r\nContent-Length: 2\r\n\r\nabc"),
	V("Content-Length beyond the limit", 400, 513,
		START VIA FROM TO ID CSEQ MF "Content-Length: 99999\r\n\r\nshort"),
	V("header section without its end", 400, MORE, START VIA FROM TO ID CSEQ MF),
	V("body shorter than said", 400, MORE,
		START VIA FROM TO ID CSEQ MF "Content-Length: 9\r\n\r\nshort"),
	V("bare LF", 400, 400, START VIA FROM TO ID CSEQ "X: a\nY: b\r\n" NOBODY),
	V("bare LF in a response", DROP, DROP,
		"SIP/2.0 200 OK\r\n" VIA FROM TO ID CSEQ "X: a\nY: b\r\n" NOBODY),
	V("bare CR", 400, 400, START VIA FROM TO ID CSEQ "X: a\rY: b\r\n" NOBODY),
	V("NUL in a header value", 400, 400, START VIA FROM TO ID CSEQ "X: a\0b\r\n" NOBODY),
	V("NUL in quotes, not as a pair", 400, 400,
		START VIA FROM TO ID CSEQ "X: \"a\0b\"\r\n" NOBODY),
	V("NUL in the start line", 400, 400, "OPTIONS sip:b\0@example.net SIP/2.0\r\n" REST),
	V("control character in a header name", 400, 400,
		START VIA FROM TO ID CSEQ "X\x08: a\r\n" NOBODY),
	V("header line without a colon", 400, 400,
		START VIA FROM TO ID CSEQ "nothing here\r\n" NOBODY),
	V("method with a bracket", 400, 400, "OPT(IONS sip:ben@example.net SIP/2.0\r\n" REST),
	V("no method", DROP, DROP, "(x) sip:ben@example.net SIP/2.0\r\n" REST),
	V("one word", DROP, DROP, "OPTIONS\r\n" REST),
	V("response of another version", DROP, DROP,
		"SIP/3.0 200 OK\r\n" VIA FROM TO_TAG ID CSEQ NOBODY),
	V("line without a name", 400, 400, START VIA FROM TO ID CSEQ MF ": x\r\n" NOBODY),
	V("header cut in its fold", 400, MORE, START VIA FROM TO ID CSEQ MF "X-Y: a\r\n b"),
	V("From is a star", 400, 400, START VIA "From: *\r\n" TO ID CSEQ MF NOBODY),
	V("From tag of odd bytes in quotes", 400, 400,
		START VIA "From: <sip:a@b>;tag=\"<>\"\r\n" TO ID CSEQ MF NOBODY),
	V("empty Call-ID", 400, 400, START VIA FROM TO "Call-ID:\r\n" CSEQ MF NOBODY),
	V("Call-ID with two at signs", 400, 400,
		START VIA FROM TO "Call-ID: a@b@c\r\n" CSEQ MF NOBODY),
	V("empty Max-Forwards", 400, 400, START VIA FROM TO ID CSEQ "Max-Forwards:\r\n" NOBODY),
	V("empty Content-Length", 400, 400, START VIA FROM TO ID CSEQ MF "l:\r\n\r\n"),
	V("Content-Length just beyond the limit", 400, 513,
		START VIA FROM TO ID CSEQ MF "Content-Length: 32760\r\n\r\n"),
	V("Content-Type, empty subtype", 400, 400,
		START VIA FROM TO ID CSEQ MF "Content-Type: text/;x\r\n" NOBODY),
	V("Content-Type, odd tail", 400, 400,
		START VIA FROM TO ID CSEQ MF "Content-Type: text/plain x\r\n" NOBODY),
	V("Content-Type, empty", 400, 400, START VIA FROM TO ID CSEQ MF "Content-Type:\r\n" NOBODY),
	V("NUL before quotes", 400, 400, START VIA FROM TO ID CSEQ MF "X-Y: \0\"a\"\r\n" NOBODY),
	V("broken ACK", DROP, DROP,
		"ACK sip:ben@example.net SIP/2.0\r\n" VIA FROM TO ID "CSeq: x ACK\r\n" NOBODY),
};

/* clang-format off */
/* The published messages, verdict of a datagram. */
static const struct { const char *file; int verdict; } published[] = {
	{"rfc4475/wsinv.dat", FINE}, {"rfc4475/intmeth.dat", FINE},
	{"rfc4475/esc01.dat", FINE}, {"rfc4475/escnull.dat", FINE},
	{"rfc4475/esc02.dat", FINE}, {"rfc4475/lwsdisp.dat", FINE},
	{"rfc4475/longreq.dat", FINE}, {"rfc4475/dblreq.dat", FINE},
	{"rfc4475/semiuri.dat", FINE}, {"rfc4475/transports.dat", FINE},
	{"rfc4475/mpart01.dat", FINE}, {"rfc4475/unreason.dat", FINE},
	{"rfc4475/noreason.dat", FINE}, {"rfc4475/badinv01.dat", 400},
	{"rfc4475/clerr.dat", 400}, {"rfc4475/ncl.dat", 400},
	{"rfc4475/scalar02.dat", 400}, {"rfc4475/scalarlg.dat", DROP},
	{"rfc4475/quotbal.dat", 400}, {"rfc4475/ltgtruri.dat", 400},
	{"rfc4475/lwsruri.dat", 400}, {"rfc4475/lwsstart.dat", 400},
	{"rfc4475/trws.dat", 400}, {"rfc4475/escruri.dat", FINE},
	{"rfc4475/baddate.dat", FINE}, {"rfc4475/regbadct.dat", FINE},
	{"rfc4475/badaspec.dat", 400}, {"rfc4475/baddn.dat", 400},
	{"rfc4475/badvers.dat", 505}, {"rfc4475/mismatch01.dat", 400},
	{"rfc4475/mismatch02.dat", 501}, {"rfc4475/bigcode.dat", DROP},
	{"rfc4475/badbranch.dat", 400}, {"rfc4475/insuf.dat", 400},
	{"rfc4475/unkscm.dat", FINE}, {"rfc4475/novelsc.dat", FINE},
	{"rfc4475/unksm2.dat", FINE}, {"rfc4475/bext01.dat", FINE},
	{"rfc4475/invut.dat", FINE}, {"rfc4475/regaut01.dat", FINE},
	{"rfc4475/multi01.dat", 400}, {"rfc4475/mcl01.dat", 400},
	{"rfc4475/bcast.dat", FINE}, {"rfc4475/zeromf.dat", FINE},
	{"rfc4475/cparam01.dat", FINE}, {"rfc4475/cparam02.dat", FINE},
	{"rfc4475/regescrt.dat", FINE}, {"rfc4475/sdp01.dat", FINE},
	{"rfc4475/inv2543.dat", FINE}, {"rfc5118/ipv6-good", FINE},
	{"rfc5118/ipv6-bad", 400}, {"rfc5118/port-ambiguous", FINE},
	{"rfc5118/port-unambiguous", FINE}, {"rfc5118/via-received-param-with-delim", FINE},
	{"rfc5118/via-received-param-no-delim", FINE}, {"rfc5118/ipv6-in-sdp", FINE},
	{"rfc5118/mult-ip-in-header", FINE}, {"rfc5118/mult-ip-in-sdp", FINE},
	{"rfc5118/ipv4-mapped-ipv6", FINE}, {"rfc5118/ipv6-bug-abnf-3-colons", FINE},
	{"rfc5118/ipv6-correct-abnf-2-colons", FINE},
};
/* clang-format on */

static int verdict(struct str bytes, enum sip_framing framing, struct sip_msg *ret_m)
{
	enum err err;

	sip_msg_init(ret_m);
	err = sip_index(bytes, framing, ret_m);
	if (err == OK)
		return FINE;
	if (err == ERR_MORE)
		return MORE;
	return ret_m->fault.code ? ret_m->fault.code : DROP;
}

/* The bytes in a block of their own size: one read past the end is seen by ASan. */
static char *boxed(struct str bytes)
{
	char *box = malloc(bytes.len ? bytes.len : 1);

	CHECK(box);
	if (bytes.len)
		memcpy(box, bytes.p, bytes.len);
	return box;
}

static int boxed_verdict(struct str bytes, enum sip_framing framing)
{
	static struct sip_msg m;
	char *box = boxed(bytes);
	int result = verdict((struct str){box, bytes.len}, framing, &m);

	free(box);
	return result;
}

static bool is_as_said(const struct vector *v)
{
	struct str bytes = {v->text, v->len};
	int dgram = boxed_verdict(bytes, SIP_DGRAM), stream = boxed_verdict(bytes, SIP_STREAM);

	if (dgram != v->dgram || stream != v->stream)
		printf("# %s: datagram %d, stream %d; said %d, %d\n", v->name, dgram, stream,
			v->dgram, v->stream);
	return dgram == v->dgram && stream == v->stream;
}

static void own_vectors(void)
{
	int n_wrong = 0;

	for (size_t i = 0; i < sizeof vectors / sizeof vectors[0]; i++)
		n_wrong += !is_as_said(&vectors[i]);
	CHECK(n_wrong == 0);
}

/* On a stream a cut asks for more; only a fault that is already there may be told earlier. */
static void every_cut_of_a_stream(void)
{
	for (size_t i = 0; i < sizeof vectors / sizeof vectors[0]; i++) {
		static struct sip_msg m;
		struct str whole = {vectors[i].text, vectors[i].len};
		int end = verdict(whole, SIP_STREAM, &m);
		size_t need = end == FINE ? m.end : whole.len;

		for (size_t cut = 0; cut < need; cut++) {
			int part = boxed_verdict(str_head(whole, cut), SIP_STREAM);

			if (part != MORE && (end == FINE || part != end))
				printf("# %s cut at %zu: %d, not %d\n", vectors[i].name, cut, part,
					end);
			CHECK(part == MORE || (end != FINE && part == end));
		}
	}
}

/* The same, one byte more each time, with nothing kept but the scan. */
static void byte_by_byte(void)
{
	for (size_t i = 0; i < sizeof vectors / sizeof vectors[0]; i++) {
		static struct sip_msg m;
		struct str whole = {vectors[i].text, vectors[i].len};
		int end = verdict(whole, SIP_STREAM, &m), now = MORE;
		size_t stop = end == FINE ? m.end : whole.len, n = 0;
		struct sip_scan scan = {0};

		while (now == MORE && n < stop) {
			char *box = boxed(str_head(whole, ++n));

			sip_msg_init(&m);
			m.scan = scan;
			now = sip_index((struct str){box, n}, SIP_STREAM, &m);
			now = now == ERR_MORE ? MORE
			      : now == OK     ? FINE
			      : m.fault.code  ? m.fault.code
			                      : DROP;
			scan = m.scan;
			free(box);
		}
		if (now != end)
			printf("# %s: %d, whole %d\n", vectors[i].name, now, end);
		CHECK(now == end);
	}
}

static void published_messages(void)
{
	int n_wrong = 0, n = 0, got;
	struct str bytes;

	for (size_t i = 0; i < sizeof published / sizeof published[0]; i++) {
		if (!corpus_file(published[i].file, &bytes))
			continue;
		n++;
		got = boxed_verdict(bytes, SIP_DGRAM);
		if (got != published[i].verdict)
			printf("# %s: %d, not %d\n", published[i].file, got, published[i].verdict);
		n_wrong += got != published[i].verdict;
	}
	printf("# %d published messages\n", n);
	CHECK(n_wrong == 0);
}

TEST_MAIN(T(own_vectors), T(every_cut_of_a_stream), T(byte_by_byte), T(published_messages))
