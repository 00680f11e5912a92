/* test_readers.c - each printed form, from one small configuration of either node. */
#include <string.h>

#include "plan/readers.h"
#include "test.h"

static char out[1 << 18];
static struct plan plan;
static struct plan_hosts hosts;
static struct plan_print what;

static struct addr address(const char *text)
{
	struct addr a = {0};

	CHECK(addr_parse_host(str_of(text), &a) == OK);
	return a;
}

static void add_host(enum plan_host host, const char *text)
{
	struct addr a = address(text);

	plan_addrs_add(&hosts.of[host], &a);
}

/* Both nodes' addresses, one traversal zone over TLS, SIP over all transports. */
static void set_up(enum plan_host node)
{
	struct plan_link link = {7001, PROTO_TLS, 0, false};

	plan_defaults(&plan, node, false);
	CHECK(plan_add_link(&plan, &link) == OK);
	plan.switches[SW_SIP] = plan.switches[SW_SIP_UDP] = true;
	plan.switches[SW_SIP_TCP] = plan.switches[SW_SIP_TLS] = plan.switches[SW_DNS] = true;
	hosts = (struct plan_hosts){.edge_outside = {.n = 0}};
	add_host(HOST_CONTROL, "192.0.2.10");
	add_host(HOST_EDGE, "198.51.100.10");
	what = (struct plan_print){.plan = &plan, .hosts = &hosts};
}

static struct str print(enum plan_format format)
{
	struct wr w = wr_of(out, sizeof out - 1);

	CHECK(plan_print(&what, format, &w) == OK);
	out[wr_len(&w)] = '\0';
	return wr_done(&w);
}

static bool has(const char *part)
{
	if (strstr(out, part))
		return true;
	printf("# not there: %s\n", part);
	return false;
}

static size_t count(const char *part)
{
	size_t n = 0;

	for (const char *p = out; (p = strstr(p, part)); p += strlen(part))
		n++;
	return n;
}

/* ---- nft ---- */

static void rules_only_are_one_body_per_line(void)
{
	set_up(HOST_CONTROL);
	what.firewall = FIREWALL_INSIDE;
	what.is_rules_only = true;
	CHECK_STR(print(FORMAT_NFT),
		"ip saddr 192.0.2.10 ip daddr 198.51.100.10 tcp sport { 25000-29999 } tcp dport { "
		"7001 } counter accept comment \"sip-traversal private>dmz: SIP signalling over "
		"TLS\"\n"
		"ip saddr 192.0.2.10 ip daddr 198.51.100.10 udp sport { 36002-59999 } udp dport { "
		"36000-36001 } counter accept comment \"sip-traversal private>dmz: Assent RTP\"\n"
		"ip saddr 192.0.2.10 ip daddr 198.51.100.10 udp sport { 36002-59999 } udp dport { "
		"36000-36001 } counter accept comment \"sip-traversal private>dmz: Assent "
		"RTCP\"\n");
}

static void a_firewall_gets_its_own_rows(void)
{
	set_up(HOST_CONTROL);
	what.firewall = FIREWALL_OUTSIDE;
	what.is_rules_only = true;
	CHECK_STR(print(FORMAT_NFT), "");
	set_up(HOST_EDGE);
	what.firewall = FIREWALL_OUTSIDE;
	what.is_rules_only = true;
	print(FORMAT_NFT);
	CHECK(count("\n") == 21); /* ten rows each of sip-public and sip-nat, and DNS */
	CHECK(has(
		"ip daddr 198.51.100.10 udp sport { 1024-65535 } udp dport { 5060 } counter accept "
		"comment \"sip-public internet>dmz: SIP signalling over UDP\"\n"));
	CHECK(has("ip saddr 198.51.100.10 udp sport { 1024-65535 } udp dport { 53 } counter accept "
		  "comment \"admin-edge-dns dmz>internet: DNS\"\n"));
	CHECK(!strstr(out, "sip-traversal"));
}

static void a_service_that_is_off_gets_no_rule(void)
{
	set_up(HOST_EDGE);
	plan.switches[SW_SIP_UDP] = false;
	what.is_all = true;
	what.is_rules_only = true;
	print(FORMAT_NFT);
	CHECK(!strstr(out, "over UDP") && strstr(out, "over TCP"));
}

static void an_end_that_is_not_known_matches_any_address(void)
{
	set_up(HOST_EDGE);
	hosts.of[HOST_CONTROL].n = 0;
	what.firewall = FIREWALL_INSIDE;
	what.is_rules_only = true;
	print(FORMAT_NFT);
	CHECK(str_has_prefix(str_of(out), STR("ip daddr 198.51.100.10 tcp sport")));
}

static void each_family_has_its_rule(void)
{
	set_up(HOST_CONTROL);
	add_host(HOST_CONTROL, "2001:db8::10");
	add_host(HOST_EDGE, "2001:db8:1::10");
	add_host(HOST_EDGE, "2001:db8:1::11");
	what.firewall = FIREWALL_INSIDE;
	what.is_rules_only = true;
	print(FORMAT_NFT);
	CHECK(count("\n") == 6);
	CHECK(has("ip saddr 192.0.2.10 ip daddr 198.51.100.10 tcp"));
	CHECK(has("ip6 saddr 2001:db8::10 ip6 daddr { 2001:db8:1::10, 2001:db8:1::11 } tcp"));
	CHECK(!strstr(out, "ip saddr 192.0.2.10 ip6"));
}

static void a_family_that_one_end_lacks_gives_no_rule(void)
{
	set_up(HOST_CONTROL);
	hosts.of[HOST_EDGE].n = 0;
	add_host(HOST_EDGE, "2001:db8:1::10");
	what.firewall = FIREWALL_INSIDE;
	what.is_rules_only = true;
	CHECK_STR(print(FORMAT_NFT), "");
}

static void edge_has_two_faces(void)
{
	struct addr outside = address("203.0.113.10");

	set_up(HOST_EDGE);
	plan_addrs_add(&hosts.edge_outside, &outside);
	what.is_rules_only = true;
	print(FORMAT_NFT);
	CHECK(has("ip daddr 203.0.113.10 udp sport { 1024-65535 } udp dport { 5060 }"));
	CHECK(has("ip saddr 192.0.2.10 ip daddr 198.51.100.10 tcp"));
	CHECK(!strstr(out, "saddr 198.51.100.10"));
}

static void each_zone_has_its_rule_and_its_peer(void)
{
	struct plan_link second = {7002, PROTO_TLS, 0, false};
	struct addr other = address("198.51.100.20");

	set_up(HOST_CONTROL);
	CHECK(plan_add_link(&plan, &second) == OK);
	plan_addrs_add(&hosts.links[1], &other);
	what.firewall = FIREWALL_INSIDE;
	what.is_rules_only = true;
	print(FORMAT_NFT);
	CHECK(has("ip daddr 198.51.100.10 tcp sport { 25000-29999 } tcp dport { 7001 }"));
	CHECK(has("ip daddr 198.51.100.20 tcp sport { 25000-29999 } tcp dport { 7002 }"));
}

static void a_whole_nft_table_drops_by_default(void)
{
	set_up(HOST_EDGE);
	print(FORMAT_NFT);
	CHECK(has("table inet fosse {\n\tchain allow {\n\t\tip "));
	CHECK(has("type filter hook forward priority filter; policy drop;\n"));
	what.firewall = FIREWALL_HOST;
	print(FORMAT_NFT);
	CHECK(has("hook input priority filter; policy drop;"));
	CHECK(has("hook output priority filter; policy drop;"));
}

static void the_host_has_the_rows_inside_its_zone_too(void)
{
	set_up(HOST_CONTROL);
	what.is_rules_only = true;
	print(FORMAT_NFT);
	CHECK(!strstr(out, "sip-internal"));
	what.firewall = FIREWALL_HOST;
	print(FORMAT_NFT);
	CHECK(has("ip daddr 192.0.2.10 udp sport { 1024-65535 } udp dport { 5060 } counter accept "
		  "comment \"sip-internal private>private: SIP signalling over UDP\""));
}

/* ---- other firewalls ---- */

static void iptables_says_the_same(void)
{
	set_up(HOST_EDGE);
	plan.switches[SW_LDAP] = true;
	add_host(HOST_DIRECTORY, "192.0.2.50");
	what.firewall = FIREWALL_INSIDE;
	what.is_rules_only = true;
	CHECK(str_has_prefix(print(FORMAT_IPTABLES),
		STR("iptables -A FOSSE -p tcp -s 198.51.100.10 -d 192.0.2.50 --sport 30000:35999 "
		    "-m multiport --dports 389,636 -m comment --comment \"admin-edge dmz>private: "
		    "LDAP for login\" -j ACCEPT\n")));
	CHECK(has("iptables -A FOSSE -p tcp -s 192.0.2.10 -d 198.51.100.10 --sport 25000:29999 "
		  "--dport 7001 "));
	CHECK(!strstr(out, "ip6tables"));
	what.is_rules_only = false;
	print(FORMAT_IPTABLES);
	CHECK(has("iptables -N FOSSE\n") && has("ip6tables -P FORWARD DROP\n"));
}

static void asa_has_an_entry_per_pair_of_addresses(void)
{
	set_up(HOST_CONTROL);
	add_host(HOST_EDGE, "198.51.100.11");
	what.firewall = FIREWALL_INSIDE;
	what.is_rules_only = true;
	CHECK(str_has_prefix(
		print(FORMAT_CISCO_ASA), STR("access-list fosse-private remark sip-traversal "
					     "private>dmz: SIP signalling over "
					     "TLS\n"
					     "access-list fosse-private extended permit tcp host "
					     "192.0.2.10 range 25000 29999 "
					     "host 198.51.100.10 eq 7001\n"
					     "access-list fosse-private extended permit tcp host "
					     "192.0.2.10 range 25000 29999 "
					     "host 198.51.100.11 eq 7001\n")));
	set_up(HOST_EDGE);
	print(FORMAT_CISCO_ASA);
	CHECK(has("access-list fosse-internet extended permit udp any4 range 1024 65535 host "
		  "198.51.100.10 eq 5060\n"));
}

/* ---- lists ---- */

static void json_is_a_list_of_objects(void)
{
	set_up(HOST_CONTROL);
	what.table = STR("sip-traversal");
	print(FORMAT_JSON);
	CHECK(str_has_prefix(str_of(out),
		STR("[\n  {\"table\": \"sip-traversal\", \"direction\": \"inbound and outbound "
		    "calls\", \"from_zone\": \"private\", \"from\": \"control\", \"from_host\": "
		    "\"192.0.2.10\", \"to_zone\": \"dmz\", \"to\": \"edge\", \"to_host\": "
		    "\"198.51.100.10\", \"protocol\": \"tls\", \"source_ports\": \"25000-29999\", "
		    "\"destination_ports\": \"7001\", \"letters\": \"A/B\", \"purpose\": \"SIP "
		    "signalling over TLS\", \"state\": \"free\", \"row\": \"LINK_TLS\"")));
	CHECK(count("{") == 3 && count("},") == 2 && has("}\n]\n"));
}

static void all_shows_what_is_off(void)
{
	set_up(HOST_CONTROL);
	what.table = STR("sip-traversal");
	what.is_all = true;
	print(FORMAT_JSON);
	CHECK(count("{") == 4 && count("\"state\": \"off\"") == 1);
	CHECK(has("\"destination_ports\": \"7001\", \"letters\": \"A/B\", \"purpose\": \"SIP "
		  "signalling over TCP\", \"state\": \"off\""));
}

static void an_empty_list_is_a_list(void)
{
	set_up(HOST_CONTROL);
	what.table = STR("sip-public");
	CHECK_STR(print(FORMAT_JSON), "[]\n");
}

static void a_table_that_does_not_exist_is_refused(void)
{
	struct wr w = wr_of(out, sizeof out);

	set_up(HOST_CONTROL);
	what.table = STR("sip-publik");
	CHECK(plan_print(&what, FORMAT_JSON, &w) == ERR_NOENT);
}

static void a_buffer_that_is_too_small_is_told(void)
{
	struct wr w = wr_of(out, 500);

	set_up(HOST_CONTROL);
	CHECK(plan_print(&what, FORMAT_JSON, &w) == ERR_FULL);
}

static void csv_quotes_every_field(void)
{
	set_up(HOST_EDGE);
	plan.switches[SW_LDAP] = true;
	what.table = STR("admin-edge");
	print(FORMAT_CSV);
	CHECK(str_has_prefix(str_of(out), STR("table,direction,from_zone,from,from_host,")));
	CHECK(has("\"30000-35999\",\"389,636\",\"Ue/-\",\"LDAP for login\",\"free\""));
	CHECK(count("\r\n") == 2);
}

/* ---- tables ---- */

static void text_is_the_documents_form(void)
{
	set_up(HOST_CONTROL);
	what.table = STR("sip-traversal");
	CHECK_STR(print(FORMAT_TEXT),
		"sip-traversal\n"
		" inbound and outbound calls; open firewall: private to DMZ; opened by control "
		"192.0.2.10 towards edge 198.51.100.10\n"
		"  flow                                   protocol source                "
		"destination           state\n"
		"  SIP signalling over TLS                tls      A 25000 to 29999      "
		"B 7001                free\n"
		"  Assent RTP                             udp      Y_C 36002 to 59999 *  "
		"Y_E 36000 to 36001 *  free\n"
		"  Assent RTCP                            udp      Y_C 36002 to 59999 *  "
		"Y_E 36000 to 36001 *  free\n"
		"\n"
		"  A    outgoing SIP over TCP and TLS (ports.sip_outbound)\n"
		"  B    SIP port of the traversal zone: 7001 for the first, 7002 for the second, "
		"... "
		"(zones[].sip.port)\n"
		"  Y_C  traversal media ports of Control (ports.media)\n"
		"  Y_E  traversal media ports of Edge (ports.media)\n"
		"  *    the first ports of the media range carry multiplexed traffic only: 36000 "
		"to "
		"36001\n"
		"\n");
}

static void md_is_a_table(void)
{
	set_up(HOST_EDGE);
	what.table = STR("sip-nat");
	print(FORMAT_MD);
	CHECK(has("### `sip-nat`\n\n**outbound to an endpoint behind a firewall**; open firewall: "
		  "DMZ "
		  "to internet; opened by edge 198.51.100.10 towards any\n\n"
		  "| flow | protocol | source | destination | state |\n|---|---|---|---|---|\n"
		  "| SIP signalling over UDP | udp | C 5060 | F 1024 to 65535 | free |\n"));
	CHECK(has("| RTP | udp | N 1024 to 65535 | Y_E 36002 to 59999 * | free |\n"));
	CHECK(has("- N: port that the far side's media came from"));
	CHECK(!strstr(out, "ICE candidate"));
}

static void a_letter_is_explained_by_its_table(void)
{
	set_up(HOST_EDGE);
	what.is_all = true;
	what.table = STR("h323-public");
	print(FORMAT_TEXT);
	CHECK(has("  M    H.323 call signalling") && has("not enabled"));
	what.table = STR("sip-ice");
	print(FORMAT_TEXT);
	CHECK(has("  M    port that the endpoint's signalling comes from"));
}

/* Every letter that a row prints has a footnote in its table. */
static void every_letter_has_its_footnote(void)
{
	for (int i = 0; i < 2; i++) {
		set_up(i ? HOST_EDGE : HOST_CONTROL);
		what.is_all = true;
		for (enum plan_row row = PLAN_NONE + 1; row < PLAN_ROW_MAX; row++) {
			const struct plan_line *line = plan_line(row);
			char note[16];

			if (!plan_is_end(&plan, row) || !*line->source_letter)
				continue;
			what.table = plan_table(row);
			print(FORMAT_TEXT);
			snprintf(note, sizeof note, "\n  %-4s ", line->source_letter);
			CHECK(has(note));
			snprintf(note, sizeof note, "\n  %-4s ", line->destination_letter);
			CHECK(!*line->destination_letter || has(note));
		}
	}
}

static void what_is_not_of_the_document_says_so(void)
{
	set_up(HOST_CONTROL);
	what.is_all = true;
	what.table = STR("sip-b2bua-lync");
	print(FORMAT_TEXT);
	CHECK(has("not of the document, whose figure is missing"));
	what.table = STR("extra");
	print(FORMAT_TEXT);
	CHECK(has("not of the document.\n"));
}

static void every_row_of_the_node_is_printed_once(void)
{
	for (int i = 0; i < 2; i++) {
		size_t n = 0;

		set_up(i ? HOST_EDGE : HOST_CONTROL);
		what.is_all = true;
		print(FORMAT_JSON);
		for (enum plan_row row = PLAN_NONE + 1; row < PLAN_ROW_MAX; row++) {
			char name[64];

			if (!plan_is_end(&plan, row))
				continue;
			snprintf(name, sizeof name, "\"row\": \"" STR_FMT "\"",
				STR_ARG(plan_row_name(row)));
			CHECK(count(name) == 1);
			n++;
		}
		print(FORMAT_TEXT);
		CHECK(count(" not enabled\n") + count(" free\n") == n);
	}
}

/* ---- sysctl ---- */

static void sysctl_reserves_all_our_ranges(void)
{
	set_up(HOST_EDGE);
	print(FORMAT_SYSCTL);
	CHECK(has("net.ipv4.ip_local_port_range = 30000 35999\n"));
	CHECK(has("net.ipv4.ip_local_reserved_ports = 1720,2222,2776-2777,3478,5060-5061,5222,"
		  "6001-6010,7001-7010,7400,8443,15000-19999,24000-29999,36000-59999\n"));
	what.is_shared = true;
	print(FORMAT_SYSCTL);
	CHECK(!strstr(out, "\nnet.ipv4.ip_local_port_range"));
	set_up(HOST_CONTROL);
	print(FORMAT_SYSCTL);
	CHECK(has("ip_local_reserved_ports = 1719-1720,5060-5061,15000-19999,25000-29999,"
		  "36002-59999\n"));
}

static void names_of_options_are_known(void)
{
	enum plan_format format;
	enum plan_firewall firewall;

	CHECK(plan_format_of(STR("cisco-asa"), &format) && format == FORMAT_CISCO_ASA);
	CHECK(plan_firewall_of(STR("outside"), &firewall) && firewall == FIREWALL_OUTSIDE);
	CHECK(!plan_format_of(STR("NFT"), &format) && !plan_firewall_of(STR(""), &firewall));
}

TEST_MAIN(T(rules_only_are_one_body_per_line), T(a_firewall_gets_its_own_rows),
	T(a_service_that_is_off_gets_no_rule), T(an_end_that_is_not_known_matches_any_address),
	T(each_family_has_its_rule), T(a_family_that_one_end_lacks_gives_no_rule),
	T(edge_has_two_faces), T(each_zone_has_its_rule_and_its_peer),
	T(a_whole_nft_table_drops_by_default), T(the_host_has_the_rows_inside_its_zone_too),
	T(iptables_says_the_same), T(asa_has_an_entry_per_pair_of_addresses),
	T(json_is_a_list_of_objects), T(all_shows_what_is_off), T(an_empty_list_is_a_list),
	T(a_table_that_does_not_exist_is_refused), T(a_buffer_that_is_too_small_is_told),
	T(csv_quotes_every_field), T(text_is_the_documents_form), T(md_is_a_table),
	T(a_letter_is_explained_by_its_table), T(every_letter_has_its_footnote),
	T(what_is_not_of_the_document_says_so), T(every_row_of_the_node_is_printed_once),
	T(sysctl_reserves_all_our_ranges), T(names_of_options_are_known))
