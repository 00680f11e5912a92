/* Every row of both deny tables, at its first and last address and just outside, by every use; every
 * form that wraps IPv4; what re-admits and what never does. */
#include <string.h>

#include "base/addr_policy.h"
#include "test.h"

static struct addr at(const char *host, uint16_t port)
{
	struct addr a = {0};

	if (addr_parse_host(str_of(host), &a) != OK)
		printf("# the test's own address is malformed: %s\n", host);
	a.port = port;
	return a;
}

static struct prefix net(const char *text)
{
	struct prefix p = {0};

	if (prefix_parse(str_of(text), &p) != OK)
		printf("# the test's own prefix is malformed: %s\n", text);
	return p;
}

static bool passes(const struct addr_ctx *ctx, enum addr_use use, const char *host)
{
	struct addr a = at(host, 5070);
	struct addr_ok ok;
	const char *why = NULL;
	enum err err = addr_policy(ctx, use, &a, &ok, &why);

	if (err == OK ? why != NULL : err != ERR_DENIED || !why)
		printf("# %s: verdict and reason differ\n", host);
	return err == OK;
}

static bool passes_any_use(const struct addr_ctx *ctx, const char *host)
{
	bool any = false;

	for (int use = 0; use < USE_MAX; use++)
		any |= passes(ctx, (enum addr_use)use, host);
	return any;
}

static bool passes_all_uses(const struct addr_ctx *ctx, const char *host)
{
	bool all = true;

	for (int use = 0; use < USE_MAX; use++)
		all &= passes(ctx, (enum addr_use)use, host);
	return all;
}

/* The widest context there is: all that can be re-admitted is. */
static const struct prefix everything[2] = {{{AF_V4, {0}, 0}, 0}, {{AF_V6, {0}, 0}, 0}};
static const struct addr_ctx widest = {
	.allow = everything, .n_allow = 2, .documentation_allowed = true, .private_allowed = true};
static const struct addr_ctx bare;

static const char *const never[] = {"0.0.0.0", "0.255.255.255", "0.1.2.3", "127.0.0.1",
	"127.255.255.255", "127.1.2.3", "169.254.0.0", "169.254.169.254", "169.254.255.255",
	"100.100.100.200", "192.0.0.0", "192.0.0.170", "192.0.0.255", "192.88.99.0",
	"192.88.99.255", "198.18.0.0", "198.19.255.255", "224.0.0.0", "224.0.0.1",
	"239.255.255.255", "240.0.0.0", "255.255.255.255", "255.255.255.254",
	/* IPv6 */
	"::", "::1", "::2", "100::", "100::ffff:ffff:ffff:ffff",
	"100:0:0:1::", "100:0:0:1:ffff:ffff:ffff:ffff", "100:0:0:2::1", "2001::", "2001:1::1",
	"2001:2::1", "2001:10::1", "2001:20::1", "2001:1ff:ffff::1", "2002::", "2002:808:808::1",
	"2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "5f00::", "5f00:ffff::1", "fd00:ec2::254",
	"fe80::", "fe80::1", "febf:ffff::1", "fec0::1", "feff:ffff::1", "ff00::", "ff02::1",
	"ff0e::1", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "4000::1", "1fff:ffff::1", "200::1",
	"64:ff9b::808:808", "64:ff9b:1::808:808", "64:ff9b::7f00:1", "64:ff9b:2::1", "e000::1",
	"fbff::1", "fe00::1",
	/* wrapped */
	"::127.0.0.1", "::8.8.8.8", "::ffff:0:127.0.0.1", "::ffff:0:8.8.8.8", "::ffff:127.0.0.1",
	"::FFFF:7F00:1", "0:0:0:0:0:FFFF:7F00:0001", "0000:0000:0000:0000:0000:ffff:7f00:0001",
	"::ffff:0.0.0.0", "::ffff:169.254.169.254", "::ffff:224.0.0.1", "::ffff:255.255.255.255",
	"2001:0:7f00:1::", "2001:0:808:808:0:0:80ff:fffe", "2001:0:4136:e378:8000:63bf:3fff:fdd2",
	"2002:7f00:1::1", "2002:a9fe:a9fe::", "2600::5efe:127.0.0.1", "2600::200:5efe:127.0.0.1",
	"2600::5efe:8.8.8.8", "2600:1:2:3:200:5efe:808:808", "fd00::5efe:10.0.0.1"};

static void never_is_never(void)
{
	for (size_t i = 0; i < sizeof never / sizeof never[0]; i++) {
		if (passes_any_use(&widest, never[i]))
			printf("# %s passed\n", never[i]);
		CHECK(!passes_any_use(&widest, never[i]));
		CHECK(!passes_any_use(&bare, never[i]));
	}
}

/* What no row names is refused as well; these rows stand for their reasons. */
static void reasons_are_told(void)
{
	static const char *const rows[][2] = {{"0.1.1.1", "this network"}, {"::", "unspecified"},
		{"::1", "loopback"}, {"::9.9.9.9", "IPv4-compatible"},
		{"::ffff:0:9.9.9.9", "IPv4-translated"}, {"100::1", "discard"},
		{"100:0:0:1::1", "dummy"}, {"5f00::1", "segment routing"},
		{"fe80::1", "link-local"}, {"fec0::1", "site-local"}, {"ff02::1", "multicast"},
		{"2600::5efe:1.1.1.1", "ISATAP"}, {"2002::1", "6to4"}, {"2001::1", "Teredo"},
		{"4000::1", "not global unicast"}, {"64:ff9b::1.1.1.1", "not global unicast"},
		{"fd00:ec2::254", "cloud metadata"}};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct addr a = at(rows[i][0], 5070);
		struct addr_ok ok;
		const char *why = "";

		CHECK(addr_policy(&widest, USE_CONFIGURED, &a, &ok, &why) == ERR_DENIED);
		if (strncmp(why, rows[i][1], strlen(rows[i][1])) != 0)
			printf("# %s: %s\n", rows[i][0], why);
		CHECK(strncmp(why, rows[i][1], strlen(rows[i][1])) == 0);
	}
}

static void global_passes(void)
{
	static const char *const global[] = {"1.0.0.0", "8.8.8.8", "9.255.255.255", "11.0.0.0",
		"100.63.255.255", "100.128.0.0", "126.255.255.255", "128.0.0.0", "169.253.255.255",
		"169.255.0.0", "172.15.255.255", "172.32.0.0", "191.255.255.255", "192.0.1.0",
		"192.0.1.255", "192.0.3.0", "192.88.98.255", "192.88.100.0", "192.167.255.255",
		"192.169.0.0", "198.17.255.255", "198.20.0.0", "198.51.99.255", "198.51.101.0",
		"203.0.112.255", "203.0.114.0", "223.255.255.255",
		"2000::", "2001:200::", "2001:db7:ffff::1", "2001:db9::", "2001:4860:4860::8888",
		"2003::", "2606:4700::1", "3ffe:ffff::1", "3fff:1000::", "2600::5eff:1",
		"2600::5efd:1", "2600::1:5efe:1:1"};

	for (size_t i = 0; i < sizeof global / sizeof global[0]; i++) {
		if (!passes_all_uses(&bare, global[i]))
			printf("# %s refused\n", global[i]);
		CHECK(passes_all_uses(&bare, global[i]));
	}
}

static void private_inside_or_by_name(void)
{
	static const char *const private[] = {"10.0.0.0", "10.255.255.255", "172.16.0.0",
		"172.31.255.255", "192.168.0.0", "192.168.255.255", "fc00::", "fd12:3456::1",
		"fdff:ffff::1", "::ffff:10.0.0.1", "::ffff:c0a8:1"};
	static const struct addr_ctx inside = {.private_allowed = true};

	for (size_t i = 0; i < sizeof private / sizeof private[0]; i++) {
		CHECK(passes(&bare, USE_CONFIGURED, private[i]));
		CHECK(passes(&bare, USE_PROVED_SOURCE, private[i]));
		CHECK(!passes(&bare, USE_SIP_NEXT_HOP, private[i]));
		CHECK(!passes(&bare, USE_SIP_RESPONSE, private[i]));
		CHECK(!passes(&bare, USE_SDP_MEDIA, private[i]));
		CHECK(passes_all_uses(&inside, private[i]));
		CHECK(passes_all_uses(&widest, private[i]));
	}
}

static void shared_space_by_name_only(void)
{
	static const struct addr_ctx inside = {.private_allowed = true};

	CHECK(passes(&inside, USE_CONFIGURED, "100.64.0.0"));
	CHECK(!passes(&inside, USE_SIP_NEXT_HOP, "100.64.0.0"));
	CHECK(!passes(&inside, USE_SDP_MEDIA, "100.127.255.255"));
	CHECK(passes_all_uses(&widest, "100.127.255.255"));
}

static void documentation_by_setting_or_list(void)
{
	static const char *const examples[] = {"192.0.2.0", "192.0.2.255", "198.51.100.0",
		"198.51.100.255", "203.0.113.0", "203.0.113.255", "2001:db8::", "2001:db8:ffff::1",
		"3fff::", "3fff:fff::1", "::ffff:192.0.2.1"};
	static const struct addr_ctx lab = {.documentation_allowed = true};
	const struct prefix nets[] = {net("192.0.2.0/24"), net("198.51.100.0/24"),
		net("203.0.113.0/24"), net("2001:db8::/32"), net("3fff::/20")};
	const struct addr_ctx listed = {.allow = nets, .n_allow = 5};

	for (size_t i = 0; i < sizeof examples / sizeof examples[0]; i++) {
		for (int use = 0; use < USE_MAX; use++)
			CHECK(passes(&bare, (enum addr_use)use, examples[i]) ==
				(use == USE_PROVED_SOURCE));
		CHECK(passes_all_uses(&lab, examples[i]));
		CHECK(passes_all_uses(&listed, examples[i]));
	}
	CHECK(!passes(&lab, USE_SDP_MEDIA, "10.0.0.1"));
}

static void allow_list_re_admits_only_what_it_names(void)
{
	const struct prefix one = net("10.1.2.3/32");
	const struct addr_ctx ctx = {.allow = &one, .n_allow = 1};

	CHECK(passes_all_uses(&ctx, "10.1.2.3"));
	CHECK(passes_all_uses(&ctx, "::ffff:10.1.2.3"));
	CHECK(!passes(&ctx, USE_SDP_MEDIA, "10.1.2.4"));
}

static void deny_list_beats_allow_list(void)
{
	const struct prefix deny[] = {net("8.8.8.0/24"), net("10.0.0.0/8"), net("2600::/16")};
	struct addr_ctx ctx = widest;

	ctx.deny = deny;
	ctx.n_deny = 3;
	CHECK(!passes_any_use(&ctx, "8.8.8.8"));
	CHECK(!passes_any_use(&ctx, "::ffff:8.8.8.8"));
	CHECK(!passes_any_use(&ctx, "10.0.0.1"));
	CHECK(!passes_any_use(&ctx, "2600::1"));
	CHECK(passes_all_uses(&ctx, "8.8.9.8"));
}

static void own_addresses_never(void)
{
	const struct addr own[] = {
		at("8.8.8.8", 0), at("10.0.0.1", 5060), at("2600::1", 0), at("::ffff:9.9.9.9", 0)};
	const struct prefix well_known = net("64:ff9b::/96");
	struct addr_ctx ctx = widest;

	ctx.own = own;
	ctx.n_own = 4;
	ctx.nat64 = &well_known;
	ctx.n_nat64 = 1;
	CHECK(!passes_any_use(&ctx, "8.8.8.8"));
	CHECK(!passes_any_use(&ctx, "::ffff:8.8.8.8"));
	CHECK(!passes_any_use(&ctx, "64:ff9b::8.8.8.8"));
	CHECK(!passes_any_use(&ctx, "10.0.0.1"));
	CHECK(!passes_any_use(&ctx, "2600::1"));
	CHECK(!passes_any_use(&ctx, "9.9.9.9"));
	CHECK(passes_all_uses(&ctx, "2600::2"));
}

static void own_subnets_have_no_amplifiers(void)
{
	const struct prefix nets[] = {net("9.1.2.0/24"), net("9.9.9.8/30"), net("9.9.9.4/31"),
		net("9.0.0.1/32"), net("2600::/64")};
	struct addr_ctx ctx = widest;

	ctx.own_nets = nets;
	ctx.n_own_nets = 5;
	CHECK(!passes_any_use(&ctx, "9.1.2.0"));
	CHECK(!passes_any_use(&ctx, "9.1.2.255"));
	CHECK(!passes_any_use(&ctx, "::ffff:9.1.2.255"));
	CHECK(passes_all_uses(&ctx, "9.1.2.1"));
	CHECK(passes_all_uses(&ctx, "9.1.3.255"));
	CHECK(!passes_any_use(&ctx, "9.9.9.8"));
	CHECK(!passes_any_use(&ctx, "9.9.9.11"));
	CHECK(passes_all_uses(&ctx, "9.9.9.9"));
	CHECK(passes_all_uses(&ctx, "9.9.9.4"));
	CHECK(passes_all_uses(&ctx, "9.0.0.1"));
	CHECK(passes_all_uses(&ctx, "2600::ffff"));
}

/* RFC 6052 section 2.4: 192.0.2.33 under a prefix of each length, here with 8.8.4.4 and 127.0.0.1. */
static void nat64_of_every_length(void)
{
	static const struct {
		const char *prefix, *global, *loopback, *private;
	} rows[] = {
		{"2600:db8::/32", "2600:db8:808:404::", "2600:db8:7f00:1::", "2600:db8:a00:1::"},
		{"2600:db8:100::/40",
			"2600:db8:108:804:4::", "2600:db8:17f:0:1::", "2600:db8:10a:0:1::"},
		{"2600:db8:122::/48", "2600:db8:122:808:4:400::", "2600:db8:122:7f00:0:100::",
			"2600:db8:122:a00:0:100::"},
		{"2600:db8:122:300::/56", "2600:db8:122:308:8:404::", "2600:db8:122:37f:0:1::",
			"2600:db8:122:30a:0:1::"},
		{"2600:db8:122:344::/64", "2600:db8:122:344:8:804:400::",
			"2600:db8:122:344:7f:0:100::", "2600:db8:122:344:a:0:100::"},
		{"2600:db8:122:344::/96", "2600:db8:122:344::8.8.4.4",
			"2600:db8:122:344::127.0.0.1", "2600:db8:122:344::10.0.0.1"},
		{"64:ff9b::/96", "64:ff9b::8.8.4.4", "64:ff9b::127.0.0.1", NULL},
		{"64:ff9b:1::/48",
			"64:ff9b:1:808:4:400::", "64:ff9b:1:7f00:0:100::", "64:ff9b:1:a00:0:100::"},
		{"64:ff9b:1::/96", "64:ff9b:1::8.8.4.4", "64:ff9b:1::127.0.0.1",
			"64:ff9b:1::10.0.0.1"},
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const struct prefix p = net(rows[i].prefix);
		const struct addr_ctx narrow = {.nat64 = &p, .n_nat64 = 1};
		struct addr_ctx wide = widest;

		wide.nat64 = &p;
		wide.n_nat64 = 1;
		if (!passes_all_uses(&narrow, rows[i].global) ||
			passes_any_use(&wide, rows[i].loopback))
			printf("# row %s\n", rows[i].prefix);
		CHECK(passes_all_uses(&narrow, rows[i].global));
		CHECK(!passes_any_use(&wide, rows[i].loopback));
		if (!rows[i].private)
			continue;
		CHECK(!passes(&narrow, USE_SDP_MEDIA, rows[i].private));
		CHECK(passes_all_uses(&wide, rows[i].private));
	}
}

static void nat64_oddities_are_refused(void)
{
	const struct prefix odd[] = {net("2600:db8::/33"), net("2601::/72"), net("2602::/24"),
		net("2603:db8::/64"), net("64:ff9b::/96"), net("2604::/32")};
	struct addr_ctx ctx = widest;

	ctx.nat64 = odd;
	ctx.n_nat64 = 6;
	CHECK(!passes_any_use(&ctx, "2600:db8:808:808::"));
	CHECK(!passes_any_use(&ctx, "2601::1"));
	CHECK(!passes_any_use(&ctx, "2602::1"));
	CHECK(!passes_any_use(&ctx, "2603:db8:0:0:108:808:800::")); /* bits 64 to 71 */
	CHECK(passes_all_uses(&ctx, "2603:db8:0:0:8:808:800::"));
	/* the well-known prefix never carries private addresses, whatever is allowed */
	CHECK(!passes_any_use(&ctx, "64:ff9b::10.0.0.1"));
	CHECK(!passes_any_use(&ctx, "64:ff9b::100.64.0.1"));
	/* wrapped twice: NAT64 with an ISATAP interface id */
	CHECK(!passes_any_use(&ctx, "2604:0:808:808::5efe:808:808"));
}

static enum err port_verdict(const struct addr_ctx *ctx, enum addr_use use, uint16_t port)
{
	struct addr a = at("8.8.8.8", port);
	struct addr_ok ok;

	return addr_policy(ctx, use, &a, &ok, NULL);
}

static void ports_by_use(void)
{
	static const struct addr_ctx high = {.port_min = 2000};

	for (int use = 0; use < USE_MAX; use++) {
		bool is_wire = use == USE_SIP_NEXT_HOP || use == USE_SDP_MEDIA;

		CHECK(port_verdict(&bare, (enum addr_use)use, 0) == ERR_DENIED);
		CHECK((port_verdict(&bare, (enum addr_use)use, 1) == OK) == !is_wire);
		CHECK((port_verdict(&bare, (enum addr_use)use, 1023) == OK) == !is_wire);
		CHECK(port_verdict(&bare, (enum addr_use)use, 1024) == OK);
		CHECK(port_verdict(&bare, (enum addr_use)use, 65535) == OK);
		CHECK(port_verdict(&high, (enum addr_use)use, 1999) == ERR_DENIED);
		CHECK(port_verdict(&high, (enum addr_use)use, 2000) == OK);
	}
}

static void the_verdict_is_canonical(void)
{
	struct addr a = at("::ffff:8.8.8.8", 5070), v4 = at("8.8.8.8", 5070);
	struct addr_ok ok;

	CHECK(addr_policy(&bare, USE_SDP_MEDIA, &a, &ok, NULL) == OK);
	CHECK(addr_eq(&ok.addr, &v4));
}

static void a_refusal_touches_nothing_and_says_why(void)
{
	struct addr a = at("127.0.0.1", 5070), none = {0}, odd = {.family = 99, .port = 5070};
	struct addr_ok ok = {at("9.9.9.9", 9)}, before = ok;
	const char *why = NULL;

	CHECK(addr_policy(&bare, USE_CONFIGURED, &a, &ok, &why) == ERR_DENIED);
	CHECK(addr_eq(&ok.addr, &before.addr));
	CHECK(why && strcmp(why, "loopback") == 0);
	CHECK(addr_policy(&widest, USE_CONFIGURED, &none, &ok, &why) == ERR_DENIED);
	CHECK(why && strcmp(why, "no address") == 0);
	CHECK(addr_policy(&widest, USE_CONFIGURED, &odd, &ok, &why) == ERR_DENIED);
}

/* spellings that are no address at all: the reader refuses them, so that none
 * reaches the policy as something else. */
static void spellings_of_loopback_are_no_literals(void)
{
	static const char *const spellings[] = {"2130706433", "0x7f000001", "0x7f.0.0.1",
		"0x7f.0x0.0x0.0x1", "017700000001", "0177.0.0.1", "0177.0000.0000.0001",
		"127.000.000.001", "127.0.0.01", "127.1", "127.0.1", "127.0.0.1.", "4294967296",
		"6425673729", "127.0.0.256", "%31%32%37.0.0.1", "127%2e0%2e0%2e1",
		"\xef\xbc\x91\xef\xbc\x92\xef\xbc\x97.0.0.1",
		"127\xe3\x80\x82"
		"0.0.1",
		"::1%lo", "fe80::1%eth0", "::1%1", "[::1]", " 127.0.0.1", "127.0.0.1 ",
		"127.0.0.1\n", "+127.0.0.1", "-1.0.0.1", "127.0.0.1/8", "user@127.0.0.1",
		"localhost", "", "::ffff:0127.0.0.1", "::ffff:127.0.0", "::127.0.0.1.", "1::2::3",
		":::1", "12345::1", "::ffff:0x7f.0.0.1"};

	for (size_t i = 0; i < sizeof spellings / sizeof spellings[0]; i++) {
		struct addr a;

		if (addr_parse_host(str_of(spellings[i]), &a) == OK)
			printf("# read as an address: %s\n", spellings[i]);
		CHECK(addr_parse_host(str_of(spellings[i]), &a) == ERR_SYNTAX);
	}
	CHECK(addr_parse_host((struct str){"127.0.0.1\0", 10}, &(struct addr){0}) == ERR_SYNTAX);
}

TEST_MAIN(T(never_is_never), T(reasons_are_told), T(global_passes), T(private_inside_or_by_name),
	T(shared_space_by_name_only), T(documentation_by_setting_or_list),
	T(allow_list_re_admits_only_what_it_names), T(deny_list_beats_allow_list),
	T(own_addresses_never), T(own_subnets_have_no_amplifiers), T(nat64_of_every_length),
	T(nat64_oddities_are_refused), T(ports_by_use), T(the_verdict_is_canonical),
	T(a_refusal_touches_nothing_and_says_why), T(spellings_of_loopback_are_no_literals))
