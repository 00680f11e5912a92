/* schema.c - the options of Fosseway, one line each.
 *
 * To add an option: its field in sections.h, its line here, its use. Reader, checker, printer, diff,
 * documentation and the check of a mapping follow by themselves. Durations are given in milliseconds
 * or, for K_S, seconds. A secret goes to no process but those that ONLY names. Ports have their default in the plan and nowhere else. Order matters: rows of
 * one section are neighbours, and what a reference names (zones) comes before who refers to it. */
#include "conf/schema.h"

#include <string.h>

#define PLACE(type, field) .off = offsetof(type, field), .size = sizeof(((type *)0)->field)
#define PLACES(type, field, count)                                                                 \
	.off = offsetof(type, field), .size = sizeof(((type *)0)->field[0]),                       \
	.n_off = offsetof(type, count),                                                            \
	.max = sizeof(((type *)0)->field) / sizeof(((type *)0)->field[0])

/* clang-format off */
#define C(field)          PLACE(struct conf, field)
#define CS(field, count)  PLACES(struct conf, field, count)
#define Z(field)          PLACE(struct conf_zone, field)
#define ZS(field, count)  PLACES(struct conf_zone, field, count)
#define DEF(text)         .def = (text)
#define DEFS(c, e)        .def = (c), .def_edge = (e)
#define IN(lo, hi)        .low = (lo), .high = (hi)
#define WORDS(list)       .words = (list)
#define RANGE_OF(id)      .range = RANGE_##id
#define FLAGS(f)          .flags = (f)
#define TYPES(t)          .types = (t)
#define ONLY(process)     .readers = 1u << OWNER_##process
#define READ              .class = CLASS_READ
#define SOCKET            .class = CLASS_SOCKET
#define RESTART           .class = CLASS_RESTART
#define AS(known, text)   .known_as = (known), .help = (text)

#define SEC   1000
#define MINS  (60 * SEC)
#define HOURS (60 * MINS)
#define KIB   1024

#define W_ENC    WORDS("auto|encrypted|unencrypted|best-effort")
#define W_ICE    WORDS("off|on|passthrough")
#define W_AUTH   WORDS("check|none|trusted")
/* of enum conf_ref; "-" cannot be written in this place */
#define W_SOURCE WORDS("-|any|all-zones|local|default")
#define W_TARGET WORDS("-|-|-|local|-")
#define W_FROM   WORDS("-|-|-|local|default")
#define W_SERVER WORDS("none|-|-|local|-")
#define W_MATCH  WORDS("exact|prefix|suffix|regex")
#define W_DO     WORDS("leave|strip|replace|add-prefix|add-suffix")
#define W_PROTO  WORDS("any|sip|h323")
#define Z_FIXED  (Z_CLIENT | Z_NEIGHBOR)
#define Z_LINK   (Z_CLIENT | Z_SERVER)
#define Z_LISTED (Z_LINK | Z_NEIGHBOR)

const struct opt schema[] = {
{ "version", K_VERSION, C(version), IN(SCHEMA_VERSION, SCHEMA_VERSION), FLAGS(OPT_REQUIRED), READ, AS("", "version of this schema") },

/* ---- node ---- */
{ "node.role", K_ENUM, C(node.role), WORDS("control|edge"), FLAGS(OPT_REQUIRED), RESTART, AS("", "inside node or node in the DMZ") },
{ "node.name", K_HOST, C(node.name), FLAGS(OPT_REQUIRED), READ, AS("System host name + Domain name", "must be in the certificate's SAN") },
{ "node.size", K_ENUM, C(node.size), WORDS("small|large"), DEF("small"), RESTART, AS("", "large: six multiplexed media pairs and six TURN ports") },
{ "node.addresses.inside", K_ADDR, C(node.inside), FLAGS(OPT_REQUIRED), RESTART, AS("LAN 1", "address that faces the private network or the inside firewall") },
{ "node.addresses.outside", K_ADDR, C(node.outside), DEF(""), FLAGS(OPT_EDGE | OPT_EMPTY), RESTART, AS("External LAN interface", "address that faces the Internet; as inside when not set") },
{ "node.addresses.outside_nat", K_ADDR, C(node.outside_nat), DEF(""), FLAGS(OPT_EDGE | OPT_EMPTY), READ, AS("IPv4 static NAT address", "public address of a static NAT before the outside interface") },
{ "node.ip_protocol", K_ENUM, C(node.ip_protocol), WORDS("ipv4|ipv6|both"), DEF("ipv4"), RESTART, AS("IP protocol", "families in use") },
{ "node.users.tls", K_NAME, C(node.tls_user), DEF("fosse-tls"), RESTART, AS("", "system user of the TLS worker") },
{ "node.users.sig", K_NAME, C(node.sig_user), DEF("fosse-sig"), RESTART, AS("", "system user of the signalling worker") },
{ "node.users.media", K_NAME, C(node.media_user), DEF("fosse-media"), RESTART, AS("", "system user of the media worker") },
{ "node.users.conf", K_NAME, C(node.conf_user), DEF("fosse-conf"), READ, AS("", "system user that reads this file's text") },

/* ---- ports ---- */
#define PORT(key, id, flags, known) { "ports." key, K_PORT_ONE, C(ports[RANGE_##id]), IN(1, 65535), RANGE_OF(id), FLAGS(flags), SOCKET, AS(known, "") }
#define PORTS(key, id, flags, known) { "ports." key, K_PORTS, C(ports[RANGE_##id]), IN(1024, 65535), RANGE_OF(id), FLAGS(flags), RESTART, AS(known, "") }
PORTS("ephemeral", EPHEMERAL, 0, "Ephemeral port range"),
PORT("sip_udp", SIP_UDP, 0, "SIP UDP port"),
PORT("sip_tcp", SIP_TCP, 0, "SIP TCP port"),
PORT("sip_tls", SIP_TLS, 0, "SIP TLS port"),
PORT("sip_mtls", SIP_MTLS, OPT_EDGE, "Mutual TLS port"),
PORTS("sip_outbound", SIP_OUT, 0, "TCP outbound port start/end"),
PORT("ras", RAS, OPT_CONTROL, "Registration UDP port"),
PORT("h323_call", H323_CALL, 0, "Call signaling TCP port"),
PORT("assent_call", ASSENT_CALL, OPT_EDGE, "H.323 Assent call signaling port"),
PORT("h46018_call", H46018_CALL, OPT_EDGE, "H.323 H.460.18 call signaling port"),
PORTS("h323_range", H323_RANGE, 0, "Call signaling port range start/end"),
PORTS("media", MEDIA, 0, "Traversal media port start/end"),
PORTS("turn", TURN, OPT_EDGE | OPT_LATER, "TURN requests port"),
PORT("turn_tls", TURN_TLS, OPT_EDGE | OPT_LATER, ""),
PORTS("turn_relay", TURN_RELAY, OPT_EDGE | OPT_LATER, "TURN media port range"),
PORT("uc_https", UC_HTTPS, OPT_EDGE | OPT_LATER, ""),
PORT("uc_xmpp", UC_XMPP, OPT_EDGE | OPT_LATER, ""),
PORT("uc_xmpp_internal", UC_INSIDE, OPT_EDGE | OPT_LATER, ""),
PORT("uc_ssh", UC_SSH, OPT_EDGE | OPT_LATER, ""),

/* ---- sip ---- */
{ "sip.udp", K_BOOL, C(sip.udp), DEF("false"), SOCKET, AS("SIP UDP mode", "only for endpoints that have nothing else") },
{ "sip.tcp", K_BOOL, C(sip.tcp), DEF("true"), SOCKET, AS("SIP TCP mode", "") },
{ "sip.tls", K_BOOL, C(sip.tls), DEF("true"), SOCKET, AS("SIP TLS mode", "") },
{ "sip.mtls", K_BOOL, C(sip.mtls), DEF("false"), FLAGS(OPT_EDGE), SOCKET, AS("Mutual TLS mode", "") },
{ "sip.registrar", K_BOOL, C(sip.registrar), DEFS("true", "false"), READ, AS("", "accept registrations for our domains") },
{ "sip.domains", K_HOST, CS(sip.domains, sip.n_domains), READ, AS("Domains", "SIP domains that are ours") },
{ "sip.realm", K_HOST, C(sip.realm), DEF(""), FLAGS(OPT_EMPTY), READ, AS("", "realm of our challenges; the first domain when not set") },
{ "sip.digest_md5", K_BOOL, C(sip.digest_md5), DEF("true"), READ, AS("", "offer MD5 beside SHA-256") },
{ "sip.md5_only_agents", K_STR, CS(sip.md5_only_agents, sip.n_md5_only_agents), DEF("baresip,SIPp"), READ, AS("", "beginnings of User-Agents that give up at SHA-256 instead of taking the next challenge: MD5 alone is offered to them, where digest_md5 is on") },
{ "sip.show_version", K_BOOL, C(sip.show_version), DEFS("true", "false"), READ, AS("", "Server header with our version, not our name alone") },
{ "sip.registration.min", K_MS, C(sip.reg_min_ms), IN(15 * SEC, 1 * HOURS), DEF("45s"), READ, AS("Standard registration refresh minimum", "") },
{ "sip.registration.max", K_MS, C(sip.reg_max_ms), IN(15 * SEC, 2 * HOURS), DEF("60s"), READ, AS("Standard registration refresh maximum", "") },
{ "sip.registration.outbound_min", K_MS, C(sip.reg_outbound_min_ms), IN(30 * SEC, 1 * HOURS), DEF("300s"), READ, AS("Outbound registration refresh minimum", "") },
{ "sip.registration.outbound_max", K_MS, C(sip.reg_outbound_max_ms), IN(30 * SEC, 24 * HOURS), DEF("3600s"), READ, AS("Outbound registration refresh maximum", "") },
{ "sip.session_refresh", K_MS, C(sip.session_refresh_ms), IN(90 * SEC, 24 * HOURS), DEF("1800s"), READ, AS("Session refresh interval", "RFC 4028") },
{ "sip.session_refresh_min", K_MS, C(sip.session_refresh_min_ms), IN(90 * SEC, 24 * HOURS), DEF("500s"), READ, AS("Minimum session refresh interval", "RFC 4028 Min-SE") },
{ "sip.max_message", K_SIZE, C(sip.max_message), IN(4 * KIB, 65535), DEF("32768"), READ, AS("SIP max size", "bytes of a whole message") },
{ "sip.tcp_connect_timeout", K_MS, C(sip.tcp_connect_ms), IN(1 * SEC, 60 * SEC), DEF("10s"), READ, AS("SIP TCP connect timeout", "") },
{ "sip.tls_handshake_timeout", K_MS, C(sip.tls_handshake_ms), IN(1 * SEC, 60 * SEC), DEF("5s"), READ, AS("SIP TLS handshake timeout", "") },

{ "interworking", K_ENUM, C(interworking), WORDS("off|registered-only|on"), DEFS("registered-only", "on"), FLAGS(OPT_LATER), READ, AS("H.323 <-> SIP interworking mode", "") },

/* ---- zones ---- */
{ "zones", K_LIST, CS(zones, n_zones), IN(1, CONF_ZONES), FLAGS(OPT_REQUIRED), SOCKET, AS("Zones", "peers, each group with one policy") },
{ "zones[].name", K_NAME, Z(name), FLAGS(OPT_REQUIRED), READ, AS("Zone name", "") },
{ "zones[].type", K_ENUM, Z(type), WORDS("traversal-client|traversal-server|neighbor|dns"), FLAGS(OPT_REQUIRED), SOCKET, AS("Type", "a traversal client dials, a traversal server listens") },
{ "zones[].uc", K_BOOL, Z(uc), DEF("false"), TYPES(Z_LINK), FLAGS(OPT_LATER), READ, AS("Unified Communications traversal", "TLS and encryption forced, no H.323") },
{ "zones[].pairing", K_NAME, Z(pairing), DEF(""), FLAGS(OPT_EMPTY), TYPES(Z_LINK), READ, AS("", "file of keys, pins and secrets of this peer, written by `fosse init`") },
{ "zones[].username", K_STR, Z(username), DEF(""), FLAGS(OPT_EMPTY), TYPES(Z_LISTED), READ, AS("Username", "where there is no pairing, or a neighbor asks for it") },
{ "zones[].password", K_SECRET, Z(password), DEF(""), FLAGS(OPT_EMPTY), TYPES(Z_LISTED), ONLY(SIG), READ, AS("Password", "") },
{ "zones[].login_realm", K_HOST, Z(login_realm), DEF(""), FLAGS(OPT_EMPTY), TYPES(Z_NEIGHBOR), READ, AS("", "the only realm whose challenges are answered with this login") },
{ "zones[].peers", K_HOST, ZS(peers, n_peers), TYPES(Z_FIXED), READ, AS("Peer 1..6 address", "tried in order; a traversal client keeps all connected") },
{ "zones[].sip.enabled", K_BOOL, Z(sip.enabled), DEF("true"), SOCKET, AS("SIP mode", "") },
{ "zones[].sip.port", K_PORT, Z(sip.port), IN(1, 65535), TYPES(Z_LISTED), SOCKET, AS("SIP port", "nth traversal zone: the nth port of the plan's; neighbor: that of its transport") },
{ "zones[].sip.transport", K_ENUM, Z(sip.transport), WORDS("tls|tcp|udp"), DEF("tls"), TYPES(Z_LISTED), SOCKET, AS("SIP transport", "tcp between the nodes is a standing alarm") },
{ "zones[].h323.enabled", K_BOOL, Z(h323.enabled), DEF("true"), SOCKET, AS("H.323 mode", "") },
{ "zones[].h323.port", K_PORT, Z(h323.port), IN(1, 65535), TYPES(Z_LISTED), SOCKET, AS("H.323 port", "") },
{ "zones[].h323.protocol", K_ENUM, Z(h323.protocol), WORDS("assent|h46018"), DEF("assent"), TYPES(Z_LINK), SOCKET, AS("H.323 protocol", "") },
{ "zones[].h323.mux", K_BOOL, Z(h323.mux), DEF("true"), TYPES(Z_LINK), FLAGS(OPT_LATER), READ, AS("H.460.19 demultiplexing mode", "") },
{ "zones[].tls.verify", K_ENUM, Z(tls.verify), WORDS("pinned|ca"), TYPES(Z_LISTED), READ, AS("TLS verify mode", "pinned: the key of the pairing; ca: chain and SAN, never CN. Default: pinned with a pairing, else ca") },
{ "zones[].tls.subject", K_HOST, Z(tls.subject), DEF(""), FLAGS(OPT_EMPTY), TYPES(Z_LISTED), READ, AS("TLS verify subject name", "name that the peer's SAN must hold; the peer's address when not set") },
{ "zones[].tls.accept_server_eku", K_BOOL, Z(tls.accept_server_eku), DEF("true"), TYPES(Z_LISTED), READ, AS("", "accept a client certificate without the clientAuth usage") },
{ "zones[].media_encryption", K_ENUM, Z(media_encryption), W_ENC, DEF("auto"), FLAGS(OPT_LATER | OPT_STRICT), READ, AS("Media encryption mode", "") },
{ "zones[].ice", K_ENUM, Z(ice), W_ICE, DEF("passthrough"), FLAGS(OPT_LATER), READ, AS("ICE support", "") },
{ "zones[].authentication", K_ENUM, Z(authentication), W_AUTH, DEFS("check", "none"), READ, AS("Authentication policy", "check credentials, do not check, treat as authenticated") },
{ "zones[].retry.first", K_MS, Z(retry_first_ms), IN(100, 120 * SEC), DEF("1s"), TYPES(Z_CLIENT), READ, AS("Retry interval", "jittered back-off, doubling to max") },
{ "zones[].retry.max", K_MS, Z(retry_max_ms), IN(1 * SEC, 10 * MINS), DEF("30s"), TYPES(Z_CLIENT), READ, AS("Retry interval", "") },
{ "zones[].probe.udp_keepalive", K_MS, Z(udp_keepalive_ms), IN(1 * SEC, 15 * SEC), DEF("10s"), TYPES(Z_LINK), READ, AS("UDPProbe keep alive interval", "answers pass for about 20 seconds only") },
{ "zones[].probe.tcp_keepalive", K_MS, Z(tcp_keepalive_ms), IN(1 * SEC, 120 * SEC), DEF("20s"), TYPES(Z_LINK), READ, AS("TCPProbe keep alive interval", "") },
{ "zones[].probe.retry", K_MS, Z(probe_retry_ms), IN(500, 30 * SEC), DEF("2s"), TYPES(Z_LINK), READ, AS("Probe retry interval", "") },
{ "zones[].probe.count", K_INT, Z(probe_count), IN(1, 20), DEF("5"), TYPES(Z_LINK), READ, AS("Probe retry count", "") },
{ "zones[].hop_count", K_INT, Z(hop_count), IN(1, 255), DEF("15"), READ, AS("Hop count", "") },
{ "zones[].srv", K_ENUM, ZS(srv, n_srv), WORDS("sips|sip-tcp|sip-udp|h323ls|h323cs"), DEF("sips,sip-tcp,sip-udp,h323ls,h323cs"), TYPES(Z_DNS), READ, AS("", "records that are asked for, in this order") },
{ "zones[].profile", K_NAME, Z(profile), DEF("default"), TYPES(Z_NEIGHBOR), FLAGS(OPT_LATER), READ, AS("Zone profile", "") },
{ "zones[].monitor", K_BOOL, Z(monitor), DEF("true"), TYPES(Z_NEIGHBOR), FLAGS(OPT_LATER), READ, AS("Monitor peer status", "by SIP OPTIONS") },
{ "zones[].auto_response", K_BOOL, Z(auto_response), DEF("false"), FLAGS(OPT_LATER), READ, AS("Search auto-response", "") },
{ "zones[].accept_proxied", K_BOOL, Z(accept_proxied), DEF("true"), FLAGS(OPT_LATER), READ, AS("Accept proxied registrations", "") },
{ "zones[].hide_ids", K_BOOL, Z(hide_ids), DEF("false"), FLAGS(OPT_LATER), READ, AS("", "rewrite Call-ID and tags") },
{ "zones[].legacy_digest", K_BOOL, Z(legacy_digest), DEF("false"), READ, AS("", "accept answers without qop") },
{ "zones[].trust_identity", K_BOOL, Z(trust_identity), DEF("false"), READ, AS("SIP authentication trust mode", "") },

{ "default_zone.media_encryption", K_ENUM, C(default_zone.media_encryption), W_ENC, DEF("auto"), FLAGS(OPT_LATER | OPT_STRICT), READ, AS("Default zone: Media encryption mode", "calls of peers that fit no zone") },
{ "default_zone.ice", K_ENUM, C(default_zone.ice), W_ICE, DEF("passthrough"), FLAGS(OPT_LATER), READ, AS("Default zone: ICE support", "") },
{ "default_zone.authentication", K_ENUM, C(default_zone.authentication), W_AUTH, DEF("none"), READ, AS("Default zone: Authentication policy", "") },
{ "default_zone.hop_count", K_INT, C(default_zone.hop_count), IN(1, 255), DEF("15"), READ, AS("Default zone: Hop count", "") },

/* ---- subzones ---- */
#define SZ(field)        PLACE(struct conf_subzone, field)
#define SZS(field, n)    PLACES(struct conf_subzone, field, n)
#define SM(field)        PLACE(struct conf_match_rule, field)
{ "subzones", K_LIST, CS(subzones, n_subzones), IN(0, CONF_SUBZONES), READ, AS("Subzones", "groups of registered endpoints; \"default\" takes who fits no other") },
{ "subzones[].name", K_NAME, SZ(name), FLAGS(OPT_REQUIRED), READ, AS("Subzone name", "") },
{ "subzones[].match", K_LIST, SZS(match, n_match), IN(0, CONF_MATCHES), READ, AS("Membership rules", "") },
{ "subzones[].match[].subnet", K_PREFIX, SM(subnet), DEF(""), FLAGS(OPT_EMPTY), READ, AS("Subnet", "") },
{ "subzones[].match[].pattern", K_REGEX, SM(pattern), DEF(""), FLAGS(OPT_EMPTY), READ, AS("Alias pattern", "") },
{ "subzones[].match[].priority", K_INT, SM(priority), IN(1, 65534), DEF("100"), READ, AS("Priority", "") },
{ "subzones[].registration", K_ENUM, SZ(registration), WORDS("allow|deny"), DEFS("allow", "deny"), READ, AS("Registration policy", "") },
{ "subzones[].authentication", K_ENUM, SZ(authentication), W_AUTH, DEF("check"), READ, AS("Authentication policy", "") },
{ "subzones[].media_encryption", K_ENUM, SZ(media_encryption), W_ENC, DEF("auto"), FLAGS(OPT_LATER | OPT_STRICT), READ, AS("Media encryption mode", "") },
{ "subzones[].bandwidth.per_call", K_KBPS, SZ(bandwidth.per_call_kbps), IN(0, 10000000), DEF("0k"), READ, AS("Per call bandwidth limit", "of H.323 calls; 0k: no limit") },
{ "subzones[].bandwidth.total", K_KBPS, SZ(bandwidth.total_kbps), IN(0, 100000000), DEF("0k"), READ, AS("Total bandwidth limit", "of H.323 calls; 0k: no limit") },

/* ---- dial plan ---- */
#define TR(field)        PLACE(struct conf_transform, field)
#define RU(field)        PLACE(struct conf_rule, field)
#define RUS(field, n)    PLACES(struct conf_rule, field, n)
#define TE(field)        PLACE(struct conf_test, field)
{ "dial_plan.unknown_ip", K_ENUM, C(dial_plan.unknown_ip), WORDS("off|direct|indirect"), DEFS("indirect", "direct"), READ, AS("Calls to unknown IP addresses", "an address as alias that is neither ours nor registered: off, nowhere; indirect, where rules say but to no DNS zone; direct, there too") },
{ "dial_plan.fallback_alias", K_STR, C(dial_plan.fallback_alias), DEF(""), FLAGS(OPT_EMPTY), READ, AS("Fallback alias", "who is meant by a call to our address without a user") },
{ "dial_plan.hop_count", K_INT, C(dial_plan.hop_count), IN(1, 255), DEF("15"), READ, AS("Hop count", "") },
{ "dial_plan.transforms", K_LIST, CS(dial_plan.transforms, dial_plan.n_transforms), IN(0, CONF_TRANSFORMS), READ, AS("Transforms", "lowest priority first, first match only") },
{ "dial_plan.transforms[].priority", K_INT, TR(priority), IN(1, 65534), DEF("100"), READ, AS("Priority", "") },
{ "dial_plan.transforms[].name", K_STR, TR(name), DEF(""), FLAGS(OPT_EMPTY), READ, AS("Description", "") },
{ "dial_plan.transforms[].type", K_ENUM, TR(type), W_MATCH, DEF("prefix"), READ, AS("Pattern type", "") },
{ "dial_plan.transforms[].pattern", K_REGEX, TR(pattern), FLAGS(OPT_REQUIRED), READ, AS("Pattern string", "") },
{ "dial_plan.transforms[].behaviour", K_ENUM, TR(behaviour), W_DO, DEF("strip"), READ, AS("Pattern behavior", "") },
{ "dial_plan.transforms[].replace", K_STR, TR(replace), DEF(""), FLAGS(OPT_EMPTY), READ, AS("Replace string", "") },
{ "dial_plan.transforms[].enabled", K_BOOL, TR(enabled), DEF("true"), READ, AS("State", "") },
{ "dial_plan.search_rules", K_LIST, CS(dial_plan.rules, dial_plan.n_rules), IN(0, CONF_RULES), READ, AS("Search rules", "lowest priority first") },
{ "dial_plan.search_rules[].priority", K_INT, RU(priority), IN(1, 65534), DEF("100"), READ, AS("Priority", "") },
{ "dial_plan.search_rules[].name", K_STR, RU(name), DEF(""), FLAGS(OPT_EMPTY), READ, AS("Rule name", "") },
{ "dial_plan.search_rules[].protocol", K_ENUM, RU(protocol), W_PROTO, DEF("any"), READ, AS("Protocol", "") },
{ "dial_plan.search_rules[].source", K_REF, RUS(source, n_source), W_SOURCE, DEF("any"), READ, AS("Source", "any, all-zones, local, default, or names of zones") },
{ "dial_plan.search_rules[].authenticated", K_BOOL, RU(authenticated), DEF("false"), READ, AS("Request must be authenticated", "") },
{ "dial_plan.search_rules[].mode", K_ENUM, RU(mode), WORDS("alias-pattern|any-alias|any-ip"), DEF("alias-pattern"), READ, AS("Mode", "") },
{ "dial_plan.search_rules[].type", K_ENUM, RU(type), W_MATCH, DEF("exact"), READ, AS("Pattern type", "") },
{ "dial_plan.search_rules[].pattern", K_REGEX, RU(pattern), DEF(""), FLAGS(OPT_EMPTY), READ, AS("Pattern string", "") },
{ "dial_plan.search_rules[].behaviour", K_ENUM, RU(behaviour), W_DO, DEF("leave"), READ, AS("Pattern behavior", "") },
{ "dial_plan.search_rules[].replace", K_STR, RU(replace), DEF(""), FLAGS(OPT_EMPTY), READ, AS("Replace string", "") },
{ "dial_plan.search_rules[].progress", K_ENUM, RU(progress), WORDS("continue|stop"), DEF("continue"), READ, AS("On successful match", "stop ends at the match, not at the answer") },
{ "dial_plan.search_rules[].target", K_REF, RU(target), W_TARGET, FLAGS(OPT_REQUIRED), READ, AS("Target", "local, or the name of a zone") },
{ "dial_plan.search_rules[].enabled", K_BOOL, RU(enabled), DEF("true"), READ, AS("State", "") },
{ "dial_plan.tests", K_LIST, CS(dial_plan.tests, dial_plan.n_tests), IN(0, CONF_TESTS), FLAGS(OPT_LATER), READ, AS("", "run by `fosse validate --tests`") },
{ "dial_plan.tests[].call", K_STR, TE(call), FLAGS(OPT_REQUIRED | OPT_LATER), READ, AS("", "alias that is called") },
{ "dial_plan.tests[].from", K_REF, TE(from), W_FROM, FLAGS(OPT_REQUIRED | OPT_LATER), READ, AS("", "zone that the call comes from") },
{ "dial_plan.tests[].protocol", K_ENUM, TE(protocol), W_PROTO, DEF("sip"), FLAGS(OPT_LATER), READ, AS("", "") },
{ "dial_plan.tests[].authenticated", K_BOOL, TE(authenticated), DEF("false"), FLAGS(OPT_LATER), READ, AS("", "") },
{ "dial_plan.tests[].expect", K_NAME, TE(expect), FLAGS(OPT_REQUIRED | OPT_LATER), READ, AS("", "name of the target, local or refused") },

/* ---- registration, users ---- */
#define PE(field)        PLACE(struct conf_policy_entry, field)
#define US(field)        PLACE(struct conf_user, field)
{ "registration_policy.mode", K_ENUM, C(registration_policy), WORDS("none|allow-list|deny-list"), DEF("none"), READ, AS("Restriction policy", "") },
{ "registration_policy.entries", K_LIST, CS(policy_entries, n_policy_entries), IN(0, CONF_POLICY_ENTRIES), READ, AS("Allow List, Deny List", "") },
{ "registration_policy.entries[].pattern", K_REGEX, PE(pattern), FLAGS(OPT_REQUIRED), READ, AS("Pattern string", "") },
{ "registration_policy.entries[].type", K_ENUM, PE(type), W_MATCH, DEF("exact"), READ, AS("Pattern type", "") },
{ "call_policy.mode", K_ENUM, C(call_policy_mode), WORDS("off|cpl"), DEF("off"), FLAGS(OPT_LATER), READ, AS("Call policy mode", "") },
{ "call_policy.file", K_STR, C(call_policy_file), DEF(""), FLAGS(OPT_EMPTY | OPT_LATER), READ, AS("Call policy file", "") },
{ "users", K_LIST, CS(users, n_users), IN(0, CONF_USERS), ONLY(SIG), READ, AS("Local authentication database", "") },
{ "users[].name", K_STR, US(name), FLAGS(OPT_REQUIRED), READ, AS("Name", "") },
{ "users[].password", K_SECRET, US(password), DEF(""), FLAGS(OPT_EMPTY), ONLY(SIG), READ, AS("Password", "or file:NAME, or the hashes below") },
{ "users[].ha1_sha256", K_HEX, US(ha1_sha256), DEF(""), FLAGS(OPT_EMPTY), ONLY(SIG), READ, AS("", "SHA-256 of user:realm:password, 64 hex digits or file:NAME") },
{ "users[].ha1_md5", K_HEX, US(ha1_md5), DEF(""), FLAGS(OPT_EMPTY), ONLY(SIG), READ, AS("", "MD5 of user:realm:password, 32 hex digits or file:NAME") },

/* ---- names, addresses, logs ---- */
#define DD(field)        PLACE(struct conf_dns_domain, field)
#define DDS(field, n)    PLACES(struct conf_dns_domain, field, n)
{ "dns.servers", K_ADDR, CS(dns.servers, dns.n_servers), READ, AS("DNS servers", "") },
{ "dns.tcp", K_BOOL, C(dns.tcp), DEF("false"), READ, AS("", "opens a row that the port document lacks") },
{ "dns.per_domain", K_LIST, CS(dns.domains, dns.n_domains), IN(0, CONF_FEW), FLAGS(OPT_KEYED), READ, AS("Per-domain DNS servers", "domain: [servers]") },
{ "dns.per_domain[].name", K_HOST, DD(name), FLAGS(OPT_REQUIRED), READ, AS("", "") },
{ "dns.per_domain[].servers", K_ADDR, DDS(servers, n_servers), FLAGS(OPT_REQUIRED), READ, AS("", "") },
{ "address_policy.documentation", K_ENUM, C(address_policy.documentation), WORDS("deny|allow"), DEF("deny"), READ, AS("", "allow: laboratory networks on documentation addresses") },
{ "address_policy.allow", K_PREFIX, CS(address_policy.allow, address_policy.n_allow), READ, AS("", "private networks that signalling may name") },
{ "address_policy.deny", K_PREFIX, CS(address_policy.deny, address_policy.n_deny), READ, AS("", "networks that are never contacted") },
{ "address_policy.nat64", K_PREFIX, CS(address_policy.nat64, address_policy.n_nat64), READ, AS("", "NAT64 prefixes in use (RFC 6052)") },
{ "logs.level", K_ENUM, C(logs.level), WORDS("error|notice|info|debug"), DEF("info"), READ, AS("Log level", "") },
{ "logs.keep", K_S, C(logs.keep_s), IN(3600, 3650 * 86400LL), DEF("30d"), FLAGS(OPT_LATER), READ, AS("", "history of calls and searches") },
{ "logs.media_stats", K_BOOL, C(logs.media_stats), DEF("true"), FLAGS(OPT_LATER), READ, AS("Media statistics", "") },
{ "logs.sip_bodies", K_BOOL, C(logs.sip_bodies), DEF("false"), FLAGS(OPT_LATER), READ, AS("", "keep bodies of traced messages") },

/* ---- media ---- */
{ "media.fast_path", K_ENUM, C(media.fast_path), WORDS("off|obey|on"), DEF("off"), FLAGS(OPT_LATER), READ, AS("", "forward proved flows in the kernel") },
{ "media.lease", K_MS, C(media.lease_ms), IN(30 * SEC, 10 * MINS), DEF("120s"), READ, AS("", "how long media forwards without a word from signalling") },
{ "media.silence", K_MS, C(media.silence_ms), IN(5 * SEC, 1 * HOURS), DEF("30s"), READ, AS("", "both directions silent this long: the flow is idle") },
{ "media.silence_held", K_MS, C(media.silence_held_ms), IN(5 * SEC, 24 * HOURS), DEF("300s"), READ, AS("", "the same for a call on hold") },
{ "media.no_media_alarm", K_MS, C(media.no_media_alarm_ms), IN(5 * SEC, 10 * MINS), DEF("10s"), READ, AS("", "alarm MED-002 when a side that is to send is silent this long") },
{ "media.receive_buffer", K_SIZE, C(media.receive_buffer), IN(64 * KIB, 256 * KIB * KIB), DEF("16MiB"), SOCKET, AS("", "socket buffer of a multiplexed port") },

/* ---- calls ---- */
{ "calls.ringing", K_MS, C(calls.ringing_ms), IN(10 * SEC, 1 * HOURS), DEF("300s"), READ, AS("", "a call that nobody has answered by then ends") },
{ "calls.idle_media", K_MS, C(calls.idle_media_ms), IN(0, 24 * HOURS), DEF("0s"), READ, AS("", "a call without media in either direction this long ends, unless it is on hold; 0s: never") },

/* ---- limits ---- */
#define LIMIT(key, field, lo, hi, def_text, what) { "limits." key, K_INT, C(limits.field), IN(lo, hi), DEF(def_text), RESTART, AS("", what) }
#define WAIT(key, field, lo, hi, def_text, what)  { "limits." key, K_MS, C(limits.field), IN(lo, hi), DEF(def_text), READ, AS("", what) }
LIMIT("calls", calls, 1, 20000, "2500", "calls at a time; one more: 503, alarm CAL-001"),
LIMIT("registrations", registrations, 1, 200000, "10000", "bindings of all endpoints, and as many of H.323; one more: 503 to the REGISTER, RRJ resourceUnavailable, alarms SIP-001 and H323-001"),
LIMIT("connections", conns, 16, 200000, "10000", "signalling connections and UDP peers; one more: an idle UDP peer makes room, else it is closed, alarm SIP-001"),
LIMIT("transactions", transactions, 64, 200000, "20000", "SIP transactions in progress, the last sixteenth of them for running calls; one more: 503, alarm SIP-001"),
LIMIT("streams_per_call", streams_per_call, 1, 32, "16", "media lines with a port; one more: refused with port 0"),
LIMIT("registrations_per_alias", registrations_per_aor, 1, 100, "10", "bindings of one alias; one more: 403 to the REGISTER"),
LIMIT("connections_per_source", conns_per_source, 1, 65535, "64", "connections of one source, a /32 or /56, by which nobody is registered; one more: closed, alarm SIP-001"),
LIMIT("connections_per_source_authenticated", conns_per_source_authenticated, 1, 65535, "1024", "connections of one source by which a client is registered; one more: 503 to the REGISTER, alarm SIP-001"),
LIMIT("handshakes", handshakes, 1, 65535, "512", "TLS handshakes in progress; one more: closed, counter tls.refused_busy"),
LIMIT("handshakes_per_source", handshakes_per_source, 1, 65535, "16", "TLS handshakes of one source in progress; one more: closed, counter tls.refused_busy"),
LIMIT("invites", invites, 1, 100000, "5000", "calls being set up; one more: 503, alarm SIP-001"),
LIMIT("invites_per_zone", invites_per_zone, 1, 100000, "500", "calls of one zone being set up; one more: 503, alarm SIP-001"),
LIMIT("invites_per_source", invites_per_source, 1, 100000, "30", "calls of one source in the Local or Default zone being set up; one more: 503, alarm SIP-001"),
{ "limits.requests_per_source", K_RATE, C(limits.requests_per_source), IN(1, 100000), DEF("20/1s"), READ, AS("", "requests of one source that is not registered, no link and no neighbor by TCP or TLS; more: one 503 in 10 s, then silence") },
{ "limits.requests_per_dialog", K_RATE, C(limits.requests_per_dialog), IN(1, 100000), DEF("30/1s"), READ, AS("", "requests inside a call from one of its sides, BYE apart; more: one 503 in 10 s, then silence") },
LIMIT("requests_burst", requests_burst, 1, 100000, "60", "requests at once above the two rates"),
{ "limits.failed_logins", K_RATE, C(limits.failed_logins), IN(1, 10000), DEF("5/60s"), READ, AS("", "wrong passwords of one source; more: none is looked at, one 503 in 10 s, then silence") },
{ "limits.ras_per_source", K_RATE, C(limits.ras_per_source), IN(1, 100000), DEF("20/1s"), READ, AS("", "RAS messages of one source that is neither registered nor a neighbor, twice as many at once; more: silence") },
LIMIT("dns_queries", dns_queries, 1, 4096, "256", "questions to DNS at a time; one more: 503 to its call, alarm SIP-001"),
LIMIT("dns_cache", dns_cache, 16, 65536, "4096", "DNS answers that are remembered; one more takes the place of another"),
WAIT("first_message", first_message_ms, 1 * SEC, 60 * SEC, "5s", "wait for a new connection's first message; then closed"),
WAIT("message", message_ms, 1 * SEC, 60 * SEC, "5s", "wait for the rest of a message; then closed"),
WAIT("idle_unauthenticated", idle_unauthenticated_ms, 5 * SEC, 10 * MINS, "30s", "silence of a connection by which nobody is registered; then closed"),
WAIT("idle", idle_ms, 30 * SEC, 24 * HOURS, "180s", "silence of a connection that no registration, call or transaction needs; then closed"),
WAIT("queue_age", queue_age_ms, 100, 30 * SEC, "2s", "wait of the oldest unhandled event; longer: 503 to new work, alarm SIP-001"),

/* ---- services that are not built yet ---- */
#define LATER(flags) FLAGS((flags) | OPT_LATER)
{ "h323.enabled", K_BOOL, C(h323.enabled), DEF("false"), SOCKET, AS("H.323 mode", "") },
{ "h323.registration", K_BOOL, C(h323.registration), DEF("true"), FLAGS(OPT_EDGE), READ, AS("Locally registered endpoints", "") },
{ "h323.registration_conflict", K_ENUM, C(h323.registration_conflict), WORDS("reject|overwrite"), DEF("reject"), READ, AS("Registration conflict mode", "overwrite: only by who proved a password") },
{ "h323.ttl", K_MS, C(h323.ttl_ms), IN(10 * SEC, 24 * HOURS), DEF("1800s"), READ, AS("Time to live", "of a registration; it ends when 1.5 times as long nothing came") },
{ "h323.call_ttl", K_MS, C(h323.call_ttl_ms), IN(30 * SEC, 18 * HOURS), DEF("120s"), READ, AS("Call time to live", "how often an endpoint says that it is in a call; two questions without an answer end the leg") },
{ "h323.auto_discover", K_BOOL, C(h323.auto_discover), DEF("true"), READ, AS("Auto discover", "false: only registered endpoints find the gatekeeper") },
{ "h323.md5", K_BOOL, C(h323.md5), DEF("true"), READ, AS("", "accept the MD5 password hash beside H.235.1") },
{ "h323.maintenance", K_BOOL, C(h323.maintenance), DEF("false"), READ, AS("Maintenance mode", "no new registrations: endpoints are sent to the alternates; calls go on") },
{ "h323.alternates", K_ADDR, CS(h323.alternates, h323.n_alternates), READ, AS("Cluster peers", "other gatekeepers that endpoints may go to") },
{ "h323.assent", K_BOOL, C(h323.assent), DEF("true"), FLAGS(OPT_EDGE), SOCKET, AS("H.323 Assent mode", "") },
{ "h323.h46018", K_BOOL, C(h323.h46018), DEF("true"), FLAGS(OPT_EDGE), SOCKET, AS("H.460.18 mode", "") },
{ "h323.h46019_mux", K_BOOL, C(h323.h46019_mux), DEF("true"), LATER(OPT_EDGE), READ, AS("H.460.19 demultiplexing mode", "") },

#define PI(field)        PLACE(struct conf_pipe, field)
#define LI(field)        PLACE(struct conf_pipe_link, field)
#define LIS(field, n)    PLACES(struct conf_pipe_link, field, n)
{ "bandwidth.default_call", K_KBPS, C(bandwidth.default_call_kbps), IN(64, 65535), DEF("384k"), READ, AS("Default call bandwidth", "of an H.323 endpoint that names none") },
{ "bandwidth.downspeed.per_call", K_BOOL, C(bandwidth.downspeed_per_call), DEF("true"), READ, AS("Downspeed per call mode", "an H.323 call may get less than it asks for: what one call may have") },
{ "bandwidth.downspeed.total", K_BOOL, C(bandwidth.downspeed_total), DEF("true"), READ, AS("Downspeed total mode", "the same: what is left of its subzone") },
{ "bandwidth.pipes", K_LIST, CS(bandwidth.pipes, bandwidth.n_pipes), IN(0, CONF_FEW), LATER(0), READ, AS("Pipes", "") },
{ "bandwidth.pipes[].name", K_NAME, PI(name), LATER(OPT_REQUIRED), READ, AS("Name", "") },
{ "bandwidth.pipes[].per_call", K_KBPS, PI(limit.per_call_kbps), IN(0, 10000000), DEF("0k"), LATER(0), READ, AS("Per call bandwidth", "") },
{ "bandwidth.pipes[].total", K_KBPS, PI(limit.total_kbps), IN(0, 100000000), DEF("0k"), LATER(0), READ, AS("Total bandwidth", "") },
{ "bandwidth.links", K_LIST, CS(bandwidth.links, bandwidth.n_links), IN(0, CONF_FEW), LATER(0), READ, AS("Links", "") },
{ "bandwidth.links[].name", K_NAME, LI(name), LATER(OPT_REQUIRED), READ, AS("Name", "") },
{ "bandwidth.links[].from", K_NAME, LI(from), LATER(OPT_REQUIRED), READ, AS("Node 1", "") },
{ "bandwidth.links[].to", K_NAME, LI(to), LATER(OPT_REQUIRED), READ, AS("Node 2", "") },
{ "bandwidth.links[].pipes", K_NAME, LIS(pipes, n_pipes), LATER(0), READ, AS("Pipe 1, Pipe 2", "") },

#define UD(field)        PLACE(struct conf_uc_domain, field)
#define US2(field)       PLACE(struct conf_uc_server, field)
#define UA(field)        PLACE(struct conf_uc_allow, field)
#define UAS(field, n)    PLACES(struct conf_uc_allow, field, n)
{ "uc.enabled", K_BOOL, C(uc.enabled), DEF("false"), LATER(0), RESTART, AS("Unified Communications mode", "mobile and remote access") },
{ "uc.zone", K_REF, C(uc.zone), WORDS("none"), DEF("none"), LATER(0), READ, AS("", "the zone with uc: true") },
{ "uc.domains", K_LIST, CS(uc.domains, uc.n_domains), IN(0, CONF_FEW), LATER(0), READ, AS("Domains", "") },
{ "uc.domains[].name", K_HOST, UD(name), LATER(OPT_REQUIRED), READ, AS("Domain name", "") },
{ "uc.domains[].sip", K_REF, UD(sip), W_SERVER, DEF("none"), LATER(OPT_CONTROL), READ, AS("SIP registrations and provisioning", "zone of the call manager, or local") },
{ "uc.domains[].im", K_BOOL, UD(im), DEF("false"), LATER(OPT_CONTROL), READ, AS("IM and Presence", "") },
{ "uc.domains[].certificate", K_STR, UD(certificate), DEF("server"), LATER(OPT_EDGE), READ, AS("Domain certificate", "") },
{ "uc.servers", K_LIST, CS(uc.servers, uc.n_servers), IN(0, CONF_FEW), LATER(OPT_CONTROL), READ, AS("Unified CM, IM and Presence, Unity Connection servers", "") },
{ "uc.servers[].kind", K_ENUM, US2(kind), WORDS("ucm|imp|voicemail|local"), LATER(OPT_REQUIRED), READ, AS("", "") },
{ "uc.servers[].address", K_HOST, US2(address), DEF(""), LATER(OPT_EMPTY), READ, AS("Publisher address", "") },
{ "uc.servers[].port", K_PORT, US2(port), IN(0, 65535), LATER(0), READ, AS("", "that of its kind when not set") },
{ "uc.servers[].user", K_STR, US2(user), DEF(""), LATER(OPT_EMPTY), READ, AS("Username", "") },
{ "uc.servers[].password", K_SECRET, US2(password), DEF(""), LATER(OPT_EMPTY), READ, AS("Password", "") },
{ "uc.servers[].tls_verify", K_ENUM, US2(tls_verify), WORDS("ca|pin"), DEF("ca"), LATER(0), READ, AS("TLS verify mode", "") },
{ "uc.refresh", K_MS, C(uc.refresh_ms), IN(10 * SEC, 24 * HOURS), DEF("300s"), LATER(OPT_CONTROL), READ, AS("Refresh servers", "by itself; users stay logged in") },
{ "uc.auth.basic", K_BOOL, C(uc.basic), DEF("true"), LATER(OPT_CONTROL), READ, AS("Authentication path", "") },
{ "uc.auth.oauth", K_BOOL, C(uc.oauth), DEF("false"), LATER(OPT_CONTROL), READ, AS("Authorize by OAuth token", "") },
{ "uc.auth.sso", K_BOOL, C(uc.sso), DEF("false"), LATER(OPT_CONTROL), READ, AS("SAML SSO", "") },
{ "uc.auth.token_lifetime", K_MS, C(uc.token_lifetime_ms), IN(1 * MINS, 168 * HOURS), DEF("480m"), LATER(OPT_CONTROL), READ, AS("Credentials refresh interval", "") },
{ "uc.auth.cleanup", K_MS, C(uc.cleanup_ms), IN(1 * MINS, 168 * HOURS), DEF("720m"), LATER(OPT_CONTROL), READ, AS("Credentials cleanup interval", "") },
{ "uc.rate.logins", K_INT, C(uc.rate_logins), IN(1, 1000), DEF("8"), LATER(OPT_CONTROL), READ, AS("Maximum authorizations per period", "per user") },
{ "uc.rate.period", K_MS, C(uc.rate_period_ms), IN(1 * SEC, 24 * HOURS), DEF("300s"), LATER(OPT_CONTROL), READ, AS("Rate control period", "") },
{ "uc.allow", K_LIST, CS(uc.allow, uc.n_allow), IN(0, CONF_FEW), LATER(OPT_CONTROL), READ, AS("HTTP allow list", "beside what discovery adds") },
{ "uc.allow[].url", K_STR, UA(url), LATER(OPT_REQUIRED), READ, AS("URL", "") },
{ "uc.allow[].match", K_ENUM, UA(match), WORDS("prefix|exact"), DEF("prefix"), LATER(0), READ, AS("Match type", "") },
{ "uc.allow[].methods", K_NAME, UAS(methods, n_methods), DEF("GET,HEAD"), LATER(0), READ, AS("Allowed methods", "") },
{ "uc.xmpp.pool_min", K_INT, C(uc.xmpp_pool_min), IN(1, 1000), DEF("8"), LATER(OPT_CONTROL), READ, AS("", "idle connections kept open to Edge") },
{ "uc.xmpp.pool_max", K_INT, C(uc.xmpp_pool_max), IN(1, 3000), DEF("2000"), LATER(OPT_CONTROL), READ, AS("", "most streams at once") },
{ "uc.xmpp.max_connections", K_INT, C(uc.xmpp_max_connections), IN(1, 100000), DEF("20000"), LATER(OPT_EDGE), READ, AS("", "") },
{ "uc.xmpp.unauthenticated_timeout", K_MS, C(uc.xmpp_unauthenticated_ms), IN(1 * SEC, 10 * MINS), DEF("20s"), LATER(OPT_EDGE), READ, AS("", "") },
{ "uc.xmpp.stanza_max_before_auth", K_SIZE, C(uc.xmpp_stanza_before), IN(1 * KIB, 64 * KIB), DEF("10KiB"), LATER(OPT_EDGE), READ, AS("", "") },
{ "uc.xmpp.stanza_max", K_SIZE, C(uc.xmpp_stanza), IN(10 * KIB, 4 * KIB * KIB), DEF("256KiB"), LATER(OPT_EDGE), READ, AS("", "") },
{ "uc.https.rate_per_source", K_RATE, C(uc.https_rate_per_source), IN(1, 1000000), DEF("200/10s"), LATER(OPT_EDGE), READ, AS("", "") },
{ "uc.https.max_connections", K_INT, C(uc.https_max_connections), IN(1, 100000), DEF("20000"), LATER(OPT_EDGE), READ, AS("", "") },
{ "uc.https.shield", K_BOOL, C(uc.https_shield), DEF("true"), LATER(OPT_EDGE), READ, AS("", "forged or expired tokens stop at Edge") },

{ "turn.enabled", K_BOOL, C(turn.enabled), DEF("true"), LATER(OPT_EDGE), SOCKET, AS("TURN services", "") },
{ "turn.realm", K_HOST, C(turn.realm), DEF(""), LATER(OPT_EDGE | OPT_EMPTY), READ, AS("Authentication realm", "sip.realm when not set") },
{ "turn.auth", K_ENUM, CS(turn.auth, turn.n_auth), WORDS("rest-secret|local|delegated"), DEF("rest-secret,local,delegated"), LATER(OPT_EDGE), READ, AS("", "delegated: Control verifies") },
{ "turn.secret", K_SECRET, C(turn.secret), DEF(""), LATER(OPT_EDGE | OPT_EMPTY), READ, AS("", "shared secret of time-limited credentials") },
{ "turn.lifetime.default", K_MS, C(turn.lifetime_default_ms), IN(60 * SEC, 1 * HOURS), DEF("600s"), LATER(OPT_EDGE), READ, AS("", "") },
{ "turn.lifetime.max", K_MS, C(turn.lifetime_max_ms), IN(60 * SEC, 24 * HOURS), DEF("3600s"), LATER(OPT_EDGE), READ, AS("", "") },
{ "turn.quota.per_user", K_INT, C(turn.quota_per_user), IN(1, 6000), DEF("10"), LATER(OPT_EDGE), READ, AS("", "") },
{ "turn.quota.total", K_INT, C(turn.quota_total), IN(1, 6000), DEF("1800"), LATER(OPT_EDGE), READ, AS("", "") },
{ "turn.binding_without_auth", K_BOOL, C(turn.binding_without_auth), DEF("true"), LATER(OPT_EDGE), READ, AS("", "answer a plain STUN Binding") },
{ "turn.deny_peers", K_STR, CS(turn.deny_peers, turn.n_deny_peers), DEF("inside,loopback,link-local,multicast"), LATER(OPT_EDGE), READ, AS("", "") },
{ "turn.allow_peers", K_PREFIX, CS(turn.allow_peers, turn.n_allow_peers), LATER(OPT_EDGE), READ, AS("", "") },

#define BLOCK(key, field, n, window) \
{ "protection." key ".failures", K_INT, C(protection.field.failures), IN(1, 1000), DEF(n), LATER(OPT_EDGE), READ, AS("Automated detection: trigger level", "") }, \
{ "protection." key ".window", K_MS, C(protection.field.window_ms), IN(1 * SEC, 24 * HOURS), DEF(window), LATER(OPT_EDGE), READ, AS("Automated detection: detection window", "") }, \
{ "protection." key ".block", K_MS, C(protection.field.block_ms), IN(1 * SEC, 24 * HOURS), DEF("600s"), LATER(OPT_EDGE), READ, AS("Automated detection: block duration", "") }
BLOCK("sip_auth", sip_auth, "5", "60s"),
BLOCK("h323_auth", h323_auth, "5", "60s"),
BLOCK("uc_login", uc_login, "8", "300s"),
BLOCK("turn_auth", turn_auth, "20", "60s"),
{ "protection.exempt", K_PREFIX, CS(protection.exempt, protection.n_exempt), LATER(OPT_EDGE), READ, AS("Exemptions", "") },

{ "admin.listen", K_ENUM, C(admin.listen), WORDS("inside|both"), DEF("inside"), LATER(OPT_EDGE), SOCKET, AS("", "never outside alone") },
{ "admin.http", K_ENUM, C(admin.http), WORDS("off|redirect"), DEF("redirect"), LATER(0), SOCKET, AS("Redirect HTTP requests to HTTPS", "") },
{ "admin.https.enabled", K_BOOL, C(admin.https), DEF("true"), LATER(0), SOCKET, AS("Web interface", "") },
{ "admin.https.certificate", K_STR, C(admin.https_certificate), DEF("server"), LATER(0), READ, AS("", "") },
{ "admin.https.min_tls", K_ENUM, C(admin.https_min_tls), WORDS("1.2|1.3"), DEF("1.2"), LATER(0), READ, AS("HTTPS minimum TLS version", "") },
{ "admin.ssh.enabled", K_BOOL, C(admin.ssh), DEF("true"), LATER(0), SOCKET, AS("SSH service", "") },
{ "admin.ssh.port", K_PORT_ONE, C(ports[RANGE_SSH]), IN(1, 65535), RANGE_OF(SSH), LATER(0), SOCKET, AS("", "") },
{ "admin.session.idle", K_MS, C(admin.session_idle_ms), IN(1 * MINS, 24 * HOURS), DEF("30m"), LATER(0), READ, AS("Session time out", "") },
{ "admin.session.max", K_MS, C(admin.session_max_ms), IN(1 * MINS, 24 * HOURS), DEF("8h"), LATER(0), READ, AS("", "") },
{ "admin.accounts.local", K_BOOL, C(admin.local_accounts), DEF("true"), LATER(0), READ, AS("Administrator authentication source", "") },
{ "admin.accounts.ldap", K_BOOL, C(admin.ldap_accounts), DEF("false"), LATER(0), READ, AS("Administrator authentication source", "") },
{ "admin.compat_api", K_BOOL, C(admin.compat_api), DEF("false"), LATER(0), READ, AS("", "status pages in the Expressway form") },

#define SU(field)        PLACE(struct conf_snmp_user, field)
{ "snmp.enabled", K_BOOL, C(snmp.enabled), DEF("false"), LATER(0), SOCKET, AS("SNMP mode", "") },
{ "snmp.v3_users", K_LIST, CS(snmp.v3_users, snmp.n_v3_users), IN(0, CONF_FEW), LATER(0), READ, AS("SNMPv3 users", "") },
{ "snmp.v3_users[].name", K_NAME, SU(name), LATER(OPT_REQUIRED), READ, AS("Username", "") },
{ "snmp.v3_users[].auth_password", K_SECRET, SU(auth_password), LATER(OPT_REQUIRED), READ, AS("Authentication password", "") },
{ "snmp.v3_users[].priv_password", K_SECRET, SU(priv_password), LATER(OPT_REQUIRED), READ, AS("Privacy password", "") },
{ "snmp.v2c_community", K_SECRET, C(snmp.v2c_community), DEF(""), LATER(OPT_EMPTY), READ, AS("Community name", "") },
{ "snmp.allow", K_PREFIX, CS(snmp.allow, snmp.n_allow), LATER(0), READ, AS("", "") },
{ "ntp.servers", K_HOST, CS(ntp.servers, ntp.n_servers), LATER(0), READ, AS("NTP servers", "source port and destination port are the same") },
{ "ntp.observe", K_BOOL, C(ntp.observe), DEF("false"), LATER(0), READ, AS("", "show the offset, leave the clock alone") },
{ "ldap.enabled", K_BOOL, C(ldap.enabled), DEF("false"), LATER(0), READ, AS("Remote account authentication", "") },
{ "ldap.uri", K_STR, C(ldap.uri), DEF(""), LATER(OPT_EMPTY), READ, AS("LDAP server address", "") },
{ "ldap.tls", K_ENUM, C(ldap.tls), WORDS("none|starttls|ldaps"), DEFS("starttls", "ldaps"), LATER(0), READ, AS("Encryption", "") },
{ "ldap.base_dn", K_STR, C(ldap.base_dn), DEF(""), LATER(OPT_EMPTY), READ, AS("Base DN for accounts", "") },
{ "ldap.bind_dn", K_STR, C(ldap.bind_dn), DEF(""), LATER(OPT_EMPTY), READ, AS("Bind DN", "") },
{ "ldap.bind_password", K_SECRET, C(ldap.bind_password), DEF(""), LATER(OPT_EMPTY), READ, AS("Bind password", "") },
{ "ldap.admin_group", K_STR, C(ldap.admin_group), DEF(""), LATER(OPT_EMPTY), READ, AS("Administrator groups", "") },

#define SY(field)        PLACE(struct conf_syslog_server, field)
{ "syslog.servers", K_LIST, CS(syslog.servers, syslog.n_servers), IN(0, CONF_FEW), LATER(0), READ, AS("Remote syslog servers", "") },
{ "syslog.servers[].address", K_HOST, SY(address), LATER(OPT_REQUIRED), READ, AS("Address", "") },
{ "syslog.servers[].port", K_PORT, SY(port), IN(1, 65535), RANGE_OF(SYSLOG), LATER(0), READ, AS("Port", "") },
{ "syslog.servers[].transport", K_ENUM, SY(transport), WORDS("udp|tcp|tls"), DEF("udp"), LATER(0), READ, AS("Transport", "") },
{ "syslog.servers[].format", K_ENUM, SY(format), WORDS("rfc5424|rfc3164"), DEF("rfc5424"), LATER(0), READ, AS("Message format", "") },

#define FE(field)        PLACE(struct conf_feedback, field)
#define FES(field, n)    PLACES(struct conf_feedback, field, n)
{ "feedback", K_LIST, CS(feedback, n_feedback), IN(0, CONF_FEW), LATER(0), READ, AS("xFeedback register", "") },
{ "feedback[].url", K_STR, FE(url), LATER(OPT_REQUIRED), READ, AS("URL", "") },
{ "feedback[].events", K_ENUM, FES(events, n_events), WORDS("call|registration|alarm|zone|login|config"), DEF("call,alarm"), LATER(0), READ, AS("Expressions", "") },
{ "feedback[].format", K_ENUM, FE(format), WORDS("json|xml"), DEF("json"), LATER(0), READ, AS("", "") },
{ "feedback[].names", K_BOOL, FE(names), DEF("false"), LATER(0), READ, AS("", "user names in events") },
{ "feedback[].secret", K_SECRET, FE(secret), DEF(""), LATER(OPT_EMPTY), READ, AS("", "") },
{ "certificates.server", K_STR, C(certificates.server), DEF("auto"), READ, AS("Server certificate", "auto, or a PEM file of chain and key") },
{ "certificates.client", K_STR, C(certificates.client), DEF("auto"), READ, AS("Client certificate", "") },
{ "certificates.trust", K_STR, CS(certificates.trust, certificates.n_trust), READ, AS("Trusted CA certificate", "system, or files") },
{ "certificates.crl", K_STR, CS(certificates.crl, certificates.n_crl), FLAGS(OPT_LATER | OPT_STRICT), READ, AS("CRL", "") },
{ "certificates.acme.enabled", K_BOOL, C(certificates.acme), DEF("false"), LATER(0), SOCKET, AS("ACME", "") },
{ "metrics.listen", K_STR, C(metrics.listen), DEF("unix:/run/fosse/metrics.sock"), LATER(0), SOCKET, AS("", "") },
{ "metrics.https", K_BOOL, C(metrics.https), DEF("true"), LATER(0), READ, AS("", "") },
};
/* clang-format on */

enum { SCHEMA_N = sizeof schema / sizeof schema[0] };

uint32_t schema_n(void)
{
	return SCHEMA_N;
}

struct opt_range schema_root(void)
{
	return (struct opt_range){0, SCHEMA_N, 0};
}

struct str opt_path(const struct opt *o)
{
	return str_of(o->path);
}

/* Length of the first segment of a path: up to "." or "[]". */
static size_t segment_len(const char *path)
{
	return strcspn(path, ".[");
}

bool schema_child(struct opt_range r, uint32_t at, struct opt_child *ret_child)
{
	struct opt_child c = {0};
	const struct opt *o;
	const char *key;
	size_t len;
	uint32_t end = at + 1;

	if (at < r.first || at >= r.end)
		return false;
	o = &schema[at];
	key = o->path + r.prefix_len;
	len = segment_len(key);
	c.key = (struct str){key, len};
	while (end < r.end && strncmp(schema[end].path, o->path, r.prefix_len + len) == 0 &&
		segment_len(schema[end].path + r.prefix_len) == len)
		end++;
	c.next = end;
	if (!key[len]) {
		c.row = o;
		c.below = (struct opt_range){at + 1, end, r.prefix_len + (uint32_t)len + 3};
	} else {
		c.below = (struct opt_range){at, end, r.prefix_len + (uint32_t)len + 1};
	}
	*ret_child = c;
	return true;
}

bool schema_find(struct opt_range r, struct str key, struct opt_child *ret_child)
{
	struct opt_child c;

	for (uint32_t at = r.first; schema_child(r, at, &c); at = c.next) {
		if (!str_eq(c.key, key))
			continue;
		*ret_child = c;
		return true;
	}
	return false;
}

bool opt_is_for(const struct opt *o, enum conf_role role)
{
	const unsigned who = o->flags & (OPT_CONTROL | OPT_EDGE);

	return !who || (who & (role == ROLE_EDGE ? OPT_EDGE : OPT_CONTROL));
}

struct str opt_default(const struct opt *o, enum conf_role role)
{
	return str_of(role == ROLE_EDGE && o->def_edge ? o->def_edge : o->def);
}

struct str opt_word(const struct opt *o, uint32_t i)
{
	struct str words = str_of(o->words);
	struct str word = str_cut(&words, '|');

	while (i-- && words.len)
		word = str_cut(&words, '|');
	return i == UINT32_MAX ? word : STR_NONE;
}

uint32_t opt_n_words(const struct opt *o)
{
	uint32_t n = 0;

	while (opt_word(o, n).len)
		n++;
	return n;
}

uint32_t opt_count(const struct opt *o, const void *base)
{
	uint32_t n;

	memcpy(&n, (const uint8_t *)base + o->n_off, sizeof n);
	return n;
}

void opt_set_count(const struct opt *o, void *base, uint32_t n)
{
	memcpy((uint8_t *)base + o->n_off, &n, sizeof n);
}

void *opt_at(const struct opt *o, void *base, uint32_t i)
{
	return (uint8_t *)base + o->off + (size_t)i * o->size;
}

const void *opt_at_const(const struct opt *o, const void *base, uint32_t i)
{
	return (const uint8_t *)base + o->off + (size_t)i * o->size;
}

/* FNV-1a: told apart, not kept secret. */
static uint64_t mix(uint64_t h, const void *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		h = (h ^ ((const uint8_t *)p)[i]) * 0x100000001b3u;
	return h;
}

uint64_t schema_layout(void)
{
	const uint64_t size = sizeof(struct conf);
	uint64_t h = mix(0xcbf29ce484222325u, &size, sizeof size);

	for (uint32_t i = 0; i < SCHEMA_N; i++) {
		const struct opt *o = &schema[i];
		const uint32_t shape[] = {o->kind, o->off, o->size, o->n_off, o->max};

		h = mix(h, o->path, strlen(o->path));
		h = mix(h, shape, sizeof shape);
		if (o->words)
			h = mix(h, o->words, strlen(o->words));
	}
	return h;
}
