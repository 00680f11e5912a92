/* test_torture.c - what a node answers to odd and broken messages: the whole way of a datagram, one fresh
 * node each. test_verdicts.c judges the index alone.
 *
 *	strange --UDP--> node (registrar of example.com, no authentication) --any alias, any IP--> sink
 *
 * The table holds messages of our own, at least one for each way that a message can end. With FOSSE_CORPUS
 * naming a folder that holds rfc4475/ and rfc5118/, the published ones are sent too. */
#include "sip/corpus.h"
#include "sip/nodes.h"

enum { FORWARDED = 1, DROPPED = 2 }; /* else the code of the answer */

#define STRANGE_AT addr_v4(203, 0, 113, 66, 5060)
#define SINK_AT    addr_v4(203, 0, 113, 9, 5060)

static const char bench_yaml[] =
	"version: 1\n"
	"node: {role: edge, name: bench.example.org, addresses: {inside: 198.51.100.10}}\n"
	"sip: {udp: true, tcp: true, tls: false, registrar: true, domains: [example.com, "
	"'2001:db8::10'], "
	"registration: {max: 3600s}}\n"
	"zones:\n"
	"  - {name: sink, type: neighbor, peers: [203.0.113.9], authentication: none, monitor: "
	"false, sip: {transport: udp}}\n"
	"subzones:\n"
	"  - {name: default, registration: allow, authentication: none}\n"
	"dial_plan:\n"
	"  search_rules:\n"
	"    - {priority: 50, name: names, source: any, mode: any-alias, target: sink}\n"
	"    - {priority: 60, name: addresses, source: any, mode: any-ip, target: sink}\n"
	"address_policy: {documentation: allow}\n"
	"limits: {calls: 16, registrations: 16, connections: 64, transactions: 64}\n";

/* ---- one message, and what leaves ---- */

static struct {
	bool is_forwarded;
	unsigned code; /* of the last answer but 100 */
} left;

/* An answer to a broken request repeats what is broken: its first line is all that can be read of it. */
static unsigned code_of(struct str bytes)
{
	struct str code = str_skip(bytes, 8);
	uint64_t n;

	if (!str_eq(str_head(bytes, 8), STR("SIP/2.0 ")) ||
		str_u64(str_head(code, 3), 699, &n) != OK)
		return 0;
	return (unsigned)n;
}

static void on_packet(void *arg, const struct sim_packet *p)
{
	struct addr sink = SINK_AT, node = EDGE_AT;
	unsigned code;

	(void)arg;
	if (p->is_stream || !addr_same_host(&p->from, &node))
		return;
	code = code_of(p->bytes);
	if (!code)
		left.is_forwarded |= addr_same_host(&p->to, &sink);
	else if (code != 100)
		left.code = code;
	if (getenv("FOSSE_TEST_LOGS"))
		printf("# %.*s\n", (int)str_find(p->bytes, '\r'), p->bytes.p);
}

static unsigned fate_of(struct str bytes)
{
	struct addr node = EDGE_AT;
	struct addr_ok to = allowed(&node);
	struct phone *strange;

	world_nets();
	node_start(&world.edge, "edge", bench_yaml, world.outside, addr_v4(198, 51, 100, 10, 0));
	strange = phone_new("strange", world.outside, STRANGE_AT);
	(void)phone_new("sink", world.outside, SINK_AT);
	run_ms(50);
	memset(&left, 0, sizeof left);
	sim_tap(world.sim, on_packet, NULL);
	dgram_send(strange->dgram, &to, bytes);
	run_ms(400);
	return left.code ? left.code : left.is_forwarded ? FORWARDED : DROPPED;
}

static bool is_fate(const char *name, struct str bytes, unsigned wanted)
{
	unsigned fate = fate_of(bytes);

	if (fate != wanted)
		printf("# %s: %u, not %u\n", name, fate, wanted);
	return fate == wanted;
}

/* ---- messages of our own ---- */

#define LINE(method, uri) method " " uri " SIP/2.0\n"
#define VIA_OF(host)      "Via: SIP/2.0/UDP " host ";branch=z9hG4bKt1\n"
#define VIA               VIA_OF("203.0.113.66")
#define FROM              "From: <sip:ann@example.org>;tag=a-1\n"
#define TO                "To: <sip:ben@example.net>\n"
#define TO_TAG            "To: <sip:ben@example.net>;tag=b-2\n"
#define ID                "Call-ID: torture@203.0.113.66\n"
#define CSEQ(method)      "CSeq: 7 " method "\n"
#define MF                "Max-Forwards: 70\n"
#define ME                "Contact: <sip:ann@203.0.113.66>\n"
#define EMPTY             "Content-Length: 0\n\n"
#define OURS              "To: <sip:ann@example.com>\n"
#define INVITE(more)      LINE("INVITE", "sip:ben@example.net") VIA FROM TO ID CSEQ("INVITE") MF ME more
#define REGISTER(contact)                                                                          \
	LINE("REGISTER", "sip:example.com") VIA FROM OURS ID CSEQ("REGISTER") MF contact EMPTY

static const struct {
	const char *name;
	unsigned fate;
	const char *text;
} ours[] = {
	{"a call", FORWARDED, INVITE(EMPTY)},
	{"a call to an address", FORWARDED,
		LINE("INVITE", "sip:ben@192.0.2.44") VIA FROM TO ID CSEQ("INVITE") MF ME EMPTY},
	{"no Max-Forwards", FORWARDED,
		LINE("INVITE", "sip:ben@example.net") VIA FROM TO ID CSEQ("INVITE") ME EMPTY},
	{"a body of nobody's type", FORWARDED,
		INVITE("Content-Type: application/x-odd\nContent-Length: 3\n\nodd")},
	{"a Date of another time zone", FORWARDED,
		INVITE("Date: Fri, 02 Jan 2009 15:00:00 CET\n" EMPTY)},
	{"OPTIONS to the node", 200,
		LINE("OPTIONS", "sip:example.com") VIA FROM TO ID CSEQ("OPTIONS") MF EMPTY},
	{"a registration", 200, REGISTER(ME)},
	{"a registration, NUL escaped", 200, REGISTER("Contact: <sip:%00@203.0.113.66>\n")},
	{"a registration without a contact", 200, REGISTER("")},

	{"two spaces in the start line", 400,
		LINE("OPTIONS", " sip:ben@example.net") VIA FROM TO ID CSEQ("OPTIONS") MF EMPTY},
	{"no Call-ID", 400,
		LINE("OPTIONS", "sip:ben@example.net") VIA FROM TO CSEQ("OPTIONS") MF EMPTY},
	{"two Call-IDs", 400, INVITE("Call-ID: another\n" EMPTY)},
	{"CSeq too large", 400,
		LINE("OPTIONS", "sip:ben@example.net") VIA FROM TO ID
		"CSeq: 2147483648 OPTIONS\n" MF EMPTY},
	{"a length that is not there", 400, INVITE("Content-Length: 99\n\nshort")},
	{"headers in the Request-URI", 400,
		LINE("INVITE", "sip:ben@example.net?Route=%3csip:x.example%3e")
			VIA FROM TO ID CSEQ("INVITE") MF ME EMPTY},
	{"headers in a Contact, no brackets", 400,
		REGISTER("Contact: sip:ann@203.0.113.66?Route=%3csip:x.example%3e\n")},
	{"a registration of no SIP URI", 400,
		LINE("REGISTER", "sip:example.com") VIA FROM "To: <isbn:1234>\n" ID CSEQ("REGISTER")
			MF ME EMPTY},
	{"a method of nobody", 405,
		LINE("WIBBLE", "sip:ben@example.net") VIA FROM TO ID CSEQ("WIBBLE") MF EMPTY},
	{"a call without a Contact", 400,
		LINE("INVITE", "sip:ben@example.net") VIA FROM TO ID CSEQ("INVITE") MF EMPTY},
	{"a Route to where nothing may be sent", 403,
		INVITE("Route: <sip:127.0.0.1:5080;lr>\n" EMPTY)},
	{"a domain of somebody else", 403,
		LINE("REGISTER", "sip:other.example") VIA FROM OURS ID CSEQ("REGISTER")
			MF ME EMPTY},
	{"a registration at an address of ours", 200,
		LINE("REGISTER", "sip:[2001:db8:0::10]") VIA FROM
		"To: <sip:ann@[2001:db8::10]>\n" ID CSEQ("REGISTER") MF ME EMPTY},
	{"an unknown scheme", 416,
		LINE("OPTIONS", "nowhere:anything") VIA FROM TO ID CSEQ("OPTIONS") MF EMPTY},
	{"an option that must be understood", 420,
		LINE("OPTIONS", "sip:ben@example.net") VIA FROM TO ID CSEQ("OPTIONS") MF
		"Proxy-Require: x-nobody\n" EMPTY},
	{"a dialog of nobody", 481,
		LINE("BYE", "sip:ben@example.net") VIA FROM TO_TAG ID CSEQ("BYE") MF EMPTY},
	{"a CANCEL of nothing", 481,
		LINE("CANCEL", "sip:ben@example.net") VIA FROM TO ID CSEQ("CANCEL") MF EMPTY},
	{"no hop is left", 483,
		LINE("INVITE", "sip:ben@example.net")
			VIA FROM TO ID CSEQ("INVITE") "Max-Forwards: 0\n" ME EMPTY},
	{"CSeq of another method, ours unknown", 501,
		LINE("WIBBLE", "sip:ben@example.net") VIA FROM TO ID CSEQ("INVITE") MF EMPTY},
	{"another version", 505,
		"OPTIONS sip:ben@example.net SIP/7.0\n" VIA FROM TO ID CSEQ("OPTIONS") MF EMPTY},

	{"an answer to nobody", DROPPED,
		"SIP/2.0 200 OK\n" VIA FROM TO_TAG ID CSEQ("INVITE") EMPTY},
	{"an answer that went astray", DROPPED,
		"SIP/2.0 200 OK\n" VIA_OF("255.255.255.255") FROM TO_TAG ID CSEQ("INVITE") EMPTY},
	{"a code of ten digits", DROPPED,
		"SIP/2.0 4294967496 wraps\n" VIA FROM TO_TAG ID CSEQ("INVITE") EMPTY},
	{"an ACK of nothing", DROPPED,
		LINE("ACK", "sip:ben@example.net") VIA FROM TO_TAG ID CSEQ("ACK") MF EMPTY},
	{"a broken ACK", DROPPED,
		LINE("ACK", "sip:ben@example.net") VIA FROM TO ID "CSeq: x ACK\n" MF EMPTY},
	{"another protocol", DROPPED, "GET /index.html HTTP/1.1\nHost: example.net\n\n"},
};

static void own_messages(void)
{
	static char wire[TEXT_BYTES];
	int n_wrong = 0;

	for (size_t i = 0; i < sizeof ours / sizeof ours[0]; i++) {
		size_t n = 0;

		for (const char *c = ours[i].text; *c; c++) {
			if (*c == '\n')
				wire[n++] = '\r';
			wire[n++] = *c;
		}
		n_wrong += !is_fate(ours[i].name, (struct str){wire, n}, ours[i].fate);
	}
	CHECK(n_wrong == 0);
}

/* A call back to where it has been: with its own Via and the same target, RFC 3261 section 16.3. */
static void a_loop(void)
{
	struct addr node = EDGE_AT, at = SINK_AT;
	struct addr_ok to = allowed(&node);
	struct phone *sink;
	size_t seen;

	(void)fate_of(STR("\r\n\r\n"));
	sink = &world.phones[1];
	CHECK(addr_eq(&sink->at, &at));
	phone_send(&world.phones[0], node, INVITE(EMPTY));
	(void)phone_method(sink, SIP_INVITE);
	seen = (sink->n_seen - 1) % INBOX_MAX;
	left.code = 0;
	dgram_send(sink->dgram, &to, (struct str){sink->in[seen], sink->len[seen]});
	run_ms(400);
	CHECK(left.code == 482);
}

/* ---- published messages ---- */

/* Where these leave a choice: OPTIONS is answered here, whatever user and hop count it names (RFC 3261
 * section 11.2); a method that this B2BUA does not know is not passed (8.2.1); an INVITE without a Contact
 * makes no dialog (8.1.1.8), though RFC 2543 allowed it; longreq is longer than our datagrams. */

/* clang-format off */
static const struct { const char *file; unsigned fate; } published[] = {
	{"rfc4475/wsinv.dat", 481}, {"rfc4475/intmeth.dat", 405},
	{"rfc4475/esc01.dat", FORWARDED}, {"rfc4475/escnull.dat", 200},
	{"rfc4475/esc02.dat", 405}, {"rfc4475/lwsdisp.dat", 200},
	{"rfc4475/longreq.dat", 513}, {"rfc4475/dblreq.dat", 200},
	{"rfc4475/semiuri.dat", 200}, {"rfc4475/transports.dat", 200},
	{"rfc4475/mpart01.dat", 403}, {"rfc4475/unreason.dat", DROPPED},
	{"rfc4475/noreason.dat", DROPPED}, {"rfc4475/badinv01.dat", 400},
	{"rfc4475/clerr.dat", 400}, {"rfc4475/ncl.dat", 400},
	{"rfc4475/scalar02.dat", 400}, {"rfc4475/scalarlg.dat", DROPPED},
	{"rfc4475/quotbal.dat", 400}, {"rfc4475/ltgtruri.dat", 400},
	{"rfc4475/lwsruri.dat", 400}, {"rfc4475/lwsstart.dat", 400},
	{"rfc4475/trws.dat", 400}, {"rfc4475/escruri.dat", 400},
	{"rfc4475/baddate.dat", FORWARDED}, {"rfc4475/regbadct.dat", 400},
	{"rfc4475/badaspec.dat", 400}, {"rfc4475/baddn.dat", 400},
	{"rfc4475/badvers.dat", 505}, {"rfc4475/mismatch01.dat", 400},
	{"rfc4475/mismatch02.dat", 501}, {"rfc4475/bigcode.dat", DROPPED},
	{"rfc4475/badbranch.dat", 400}, {"rfc4475/insuf.dat", 400},
	{"rfc4475/unkscm.dat", 416}, {"rfc4475/novelsc.dat", 416},
	{"rfc4475/unksm2.dat", 400}, {"rfc4475/bext01.dat", 420},
	{"rfc4475/invut.dat", FORWARDED}, {"rfc4475/regaut01.dat", 200},
	{"rfc4475/multi01.dat", 400}, {"rfc4475/mcl01.dat", 400},
	{"rfc4475/bcast.dat", DROPPED}, {"rfc4475/zeromf.dat", 200},
	{"rfc4475/cparam01.dat", 200}, {"rfc4475/cparam02.dat", 200},
	{"rfc4475/regescrt.dat", 200}, {"rfc4475/sdp01.dat", FORWARDED},
	{"rfc4475/inv2543.dat", 400}, {"rfc5118/ipv6-good", 200},
	{"rfc5118/ipv6-bad", 400}, {"rfc5118/port-ambiguous", 403},
	{"rfc5118/port-unambiguous", 200}, {"rfc5118/via-received-param-with-delim", 481},
	{"rfc5118/via-received-param-no-delim", 200}, {"rfc5118/ipv6-in-sdp", FORWARDED},
	{"rfc5118/mult-ip-in-header", 481}, {"rfc5118/mult-ip-in-sdp", FORWARDED},
	{"rfc5118/ipv4-mapped-ipv6", FORWARDED}, {"rfc5118/ipv6-bug-abnf-3-colons", 200},
	{"rfc5118/ipv6-correct-abnf-2-colons", 200},
};
/* clang-format on */

static void published_messages(void)
{
	int n_wrong = 0, n = 0;
	struct str bytes;

	for (size_t i = 0; i < sizeof published / sizeof published[0]; i++) {
		if (!corpus_file(published[i].file, &bytes))
			continue;
		n++;
		n_wrong += !is_fate(published[i].file, bytes, published[i].fate);
	}
	printf("# %d published messages\n", n);
	CHECK(n_wrong == 0);
}

static void end(void)
{
	world_down();
}

TEST_MAIN(T(own_messages), T(a_loop), T(published_messages), T(end))
