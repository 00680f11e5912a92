/* rows.h - the port plan's data: hosts, zones, services, ranges, directions and rows, one line each.
 *
 * Facts of the port usage document (X8.1), in its order and with its letters; no port number stands
 * anywhere else in src/. A letter belongs to the end of a row: the document gives M, N, K, G, H, E and
 * U other meanings in other tables. A range is a setting with its default; a row names ranges by id.
 *
 * What is large (six multiplexed pairs, six TURN ports) is computed, never a second row. Rows that the
 * document does not have are in the tables sip-b2bua-lync (its figure is missing: reconstructed and
 * provisional) and extra; both are off until a setting turns them on. */
#ifndef PLAN_ROWS_H
#define PLAN_ROWS_H

/* clang-format off */

/* HOST(id, name): who can be at an end of a row. The first: any address of the zone. */
#define PLAN_HOSTS \
	HOST(ANY,       "any") \
	HOST(CONTROL,   "control") \
	HOST(EDGE,      "edge") \
	HOST(MANAGER,   "manager") \
	HOST(NTP,       "ntp") \
	HOST(DIRECTORY, "directory") \
	HOST(SYSLOG,    "syslog") \
	HOST(DNS,       "dns") \
	HOST(PUBLICDNS, "publicdns") \
	HOST(IMP,       "imp") \
	HOST(UCM,       "ucm") \
	HOST(VOICEMAIL, "voicemail")

/* ZONE(id, name, name in headings) */
#define PLAN_ZONES \
	ZONE(NONE,     "",         "") \
	ZONE(PRIVATE,  "private",  "private") \
	ZONE(DMZ,      "dmz",      "DMZ") \
	ZONE(INTERNET, "internet", "internet")

/* PROTO(id, name, what a firewall sees of it) */
#define PLAN_PROTOCOLS \
	PROTO(NONE, "",    "") \
	PROTO(UDP,  "udp", "udp") \
	PROTO(TCP,  "tcp", "tcp") \
	PROTO(TLS,  "tls", "tcp")

/* OWNER(id, name): the process that holds our end. CHILD: a program that the keeper runs and that binds
 * for itself; SYSTEM: a program that is none of ours (sshd on 22). */
#define PLAN_OWNERS \
	OWNER(NONE,   "-") \
	OWNER(TLS,    "tls") \
	OWNER(SIG,    "sig") \
	OWNER(MEDIA,  "media") \
	OWNER(UC,     "uc") \
	OWNER(ADMIN,  "admin") \
	OWNER(CHILD,  "child") \
	OWNER(SYSTEM, "system")

/* SW(id, setting): a service; its rows exist only while it is on. */
#define PLAN_SWITCHES \
	SW(ALWAYS,      "") \
	SW(HTTP,        "admin.http") \
	SW(HTTPS,       "admin.https") \
	SW(SSH,         "admin.ssh") \
	SW(SNMP,        "snmp") \
	SW(NTP,         "ntp") \
	SW(LDAP,        "ldap") \
	SW(LDAPS,       "ldap.tls ldaps") \
	SW(SYSLOG,      "syslog") \
	SW(FEEDBACK,    "feedback") \
	SW(DNS,         "dns.servers") \
	SW(DNS_TCP,     "dns.tcp") \
	SW(SIP,         "sip") \
	SW(SIP_UDP,     "sip.udp") \
	SW(SIP_TCP,     "sip.tcp") \
	SW(SIP_TLS,     "sip.tls") \
	SW(SIP_MTLS,    "sip.mtls") \
	SW(TRAVERSAL,   "zones") \
	SW(UC,          "uc") \
	SW(TURN,        "turn") \
	SW(UC_TURN,     "uc and turn") /* computed: both are on */ \
	SW(TURN_STREAM, "turn.tcp") \
	SW(H323,        "h323") \
	SW(ASSENT,      "zones[].h323.protocol assent") \
	SW(H46018,      "zones[].h323.protocol h46018") \
	SW(H46019_MUX,  "zones[].h323.mux") \
	SW(ACME,        "certificates.acme") \
	SW(LYNC,        "b2bua.lync")

/* RANGE(id, kind, setting, low, high, fewest ports it may have)
 * ONE port; FEW (at most PLAN_FEW_MAX), bound at start; POOL: a worker takes one of them when it needs
 * it, 1024 or above; ZONED: each traversal zone has one of its own; OTHERS: not ours to bind.
 * A range without a setting is fixed. */
#define PLAN_RANGES \
	RANGE(ANY,         OTHERS, "",                        1024, 65535,   1) \
	RANGE(EPHEMERAL,   POOL,  "ports.ephemeral",         30000, 35999, 256) \
	RANGE(SIP_OUT,     POOL,  "ports.sip_outbound",      25000, 29999,  64) \
	RANGE(SIP_UDP,     ONE,   "ports.sip_udp",            5060,  5060,   1) \
	RANGE(SIP_TCP,     ONE,   "ports.sip_tcp",            5060,  5060,   1) \
	RANGE(SIP_TLS,     ONE,   "ports.sip_tls",            5061,  5061,   1) \
	RANGE(SIP_MTLS,    ONE,   "ports.sip_mtls",           5062,  5062,   1) \
	RANGE(SIP_ZONE,    ZONED, "zones[].sip.port",         7001,  7010,   1) \
	RANGE(H323_ZONE,   ZONED, "zones[].h323.port",        6001,  6010,   1) \
	RANGE(MEDIA,       POOL,  "ports.media",             36000, 59999,  64) \
	RANGE(MUX,         FEW,   "ports.media",                 0,     0,   2) /* the first pairs of it */ \
	RANGE(RTP,         POOL,  "ports.media",                 0,     0,  32) /* the rest of it */ \
	RANGE(TURN,        FEW,   "ports.turn",               3478,  3478,   1) \
	RANGE(TURN_RELAY,  POOL,  "ports.turn_relay",        24000, 29999,  64) \
	RANGE(TURN_TLS,    ONE,   "ports.turn_tls",           5349,  5349,   1) \
	RANGE(RAS,         ONE,   "ports.ras",                1719,  1719,   1) \
	RANGE(H323_CALL,   ONE,   "ports.h323_call",          1720,  1720,   1) \
	RANGE(H323_RANGE,  POOL,  "ports.h323_range",        15000, 19999,  64) \
	RANGE(ASSENT_CALL, ONE,   "ports.assent_call",        2776,  2776,   1) \
	RANGE(H46018_CALL, ONE,   "ports.h46018_call",        2777,  2777,   1) \
	RANGE(UC_HTTPS,    ONE,   "ports.uc_https",           8443,  8443,   1) \
	RANGE(UC_XMPP,     ONE,   "ports.uc_xmpp",            5222,  5222,   1) \
	RANGE(UC_INSIDE,   ONE,   "ports.uc_xmpp_internal",   7400,  7400,   1) \
	RANGE(UC_SSH,      ONE,   "ports.uc_ssh",             2222,  2222,   1) \
	RANGE(HTTP,        ONE,   "",                           80,    80,   1) \
	RANGE(HTTPS,       ONE,   "",                          443,   443,   1) \
	RANGE(SSH,         ONE,   "admin.ssh.port",             22,    22,   1) \
	RANGE(SNMP,        ONE,   "",                          161,   161,   1) \
	RANGE(NTP,         ONE,   "",                          123,   123,   1) \
	RANGE(DNS,         OTHERS, "",                          53,    53,   1) \
	RANGE(LDAP,        OTHERS, "",                         389,   389,   1) \
	RANGE(LDAPS,       OTHERS, "",                         636,   636,   1) \
	RANGE(LDAP_EITHER, OTHERS, "",                         389,   389,   1) /* or LDAPS */ \
	RANGE(SYSLOG,      OTHERS, "",                         514,   514,   1) \
	RANGE(FEEDBACK,    OTHERS, "",                          80,    80,   1) \
	RANGE(IMP_XMPP,    OTHERS, "",                        7400,  7400,   1) \
	RANGE(UCM_UDS,     OTHERS, "",                        8443,  8443,   1) \
	RANGE(UCM_FILES,   OTHERS, "",                        6970,  6970,   1) \
	RANGE(VOICEMAIL,   OTHERS, "",                         443,   443,   1) \
	RANGE(LYNC_CALLS,  ONE,   "b2bua.lync.port_calls",   65070, 65070,   1) \
	RANGE(LYNC_IN,     ONE,   "b2bua.lync.port_lync",    65072, 65072,   1) \
	RANGE(LYNC_RELAY,  ONE,   "b2bua.lync.port_presence", 10011, 10011,  1) \
	RANGE(LYNC_CODER,  ONE,   "b2bua.lync.port_transcoder", 65080, 65080, 1) \
	RANGE(LYNC_PEER,   OTHERS, "b2bua.lync.port_peer",    5061,  5061,   1) \
	RANGE(LYNC_MEDIA,  POOL,  "b2bua.lync.media",        56000, 57000,  64)

/* Six pairs: what the document's large deployment has. */
#define PLAN_FEW_MAX 12
#define PLAN_PORT_UNPRIVILEGED 1024 /* the lowest that a pool may have */

/* PATH(id, table, direction, from zone, from host, to zone, to host): who opens towards whom. */
#define PLAN_PATHS \
	PATH(MANAGER_CONTROL,   "admin-control", "management to Control", PRIVATE, MANAGER, PRIVATE, CONTROL) \
	PATH(CONTROL_NTP,       "admin-control", "Control to management", PRIVATE, CONTROL, PRIVATE, NTP) \
	PATH(CONTROL_DIRECTORY, "admin-control", "Control to management", PRIVATE, CONTROL, PRIVATE, DIRECTORY) \
	PATH(CONTROL_MANAGER,   "admin-control", "Control to management", PRIVATE, CONTROL, PRIVATE, MANAGER) \
	PATH(CONTROL_DNS,       "admin-control", "Control to management", PRIVATE, CONTROL, PRIVATE, DNS) \
	PATH(MANAGER_EDGE,      "admin-edge", "private to DMZ", PRIVATE, MANAGER, DMZ, EDGE) \
	PATH(EDGE_NTP,          "admin-edge", "DMZ to private", DMZ, EDGE, PRIVATE, NTP) \
	PATH(EDGE_DIRECTORY,    "admin-edge", "DMZ to private", DMZ, EDGE, PRIVATE, DIRECTORY) \
	PATH(EDGE_SYSLOG,       "admin-edge", "DMZ to private", DMZ, EDGE, PRIVATE, SYSLOG) \
	PATH(EDGE_DNS,          "admin-edge-dns", "DMZ to public", DMZ, EDGE, INTERNET, PUBLICDNS) \
	PATH(CONTROL_IMP,       "uc-control-servers", "Control to Unified CM, IM&P and voicemail", PRIVATE, CONTROL, PRIVATE, IMP) \
	PATH(CONTROL_UCM,       "uc-control-servers", "Control to Unified CM, IM&P and voicemail", PRIVATE, CONTROL, PRIVATE, UCM) \
	PATH(CONTROL_VOICEMAIL, "uc-control-servers", "Control to Unified CM, IM&P and voicemail", PRIVATE, CONTROL, PRIVATE, VOICEMAIL) \
	PATH(UC_LINK,           "uc-control-edge", "inbound and outbound calls", PRIVATE, CONTROL, DMZ, EDGE) \
	PATH(UC_IN,             "uc-edge-internet", "inbound from an endpoint in the Internet", INTERNET, ANY, DMZ, EDGE) \
	PATH(UC_OUT,            "uc-edge-internet", "outbound to an endpoint in the Internet", DMZ, EDGE, INTERNET, ANY) \
	PATH(LINK,              "sip-traversal", "inbound and outbound calls", PRIVATE, CONTROL, DMZ, EDGE) \
	PATH(PUBLIC_OUT,        "sip-public", "outbound to an endpoint in the Internet", DMZ, EDGE, INTERNET, ANY) \
	PATH(PUBLIC_IN,         "sip-public", "inbound from an endpoint in the Internet", INTERNET, ANY, DMZ, EDGE) \
	PATH(NAT_OUT,           "sip-nat", "outbound to an endpoint behind a firewall", DMZ, EDGE, INTERNET, ANY) \
	PATH(NAT_IN,            "sip-nat", "inbound from an endpoint behind a firewall", INTERNET, ANY, DMZ, EDGE) \
	PATH(ICE_IN,            "sip-ice", "inbound from an endpoint in the Internet", INTERNET, ANY, DMZ, EDGE) \
	PATH(ICE_OUT,           "sip-ice", "outbound to an endpoint in the Internet", DMZ, EDGE, INTERNET, ANY) \
	PATH(ASSENT,            "h323-assent", "inbound and outbound calls", PRIVATE, CONTROL, DMZ, EDGE) \
	PATH(H46018,            "h323-h46018", "inbound and outbound calls", PRIVATE, CONTROL, DMZ, EDGE) \
	PATH(H46018_MUX,        "h323-h46018-mux", "inbound and outbound calls", PRIVATE, CONTROL, DMZ, EDGE) \
	PATH(H323_PUBLIC_OUT,   "h323-public", "outbound to an endpoint in the Internet", DMZ, EDGE, INTERNET, ANY) \
	PATH(H323_PUBLIC_IN,    "h323-public", "inbound from an endpoint in the Internet", INTERNET, ANY, DMZ, EDGE) \
	PATH(INSIDE_OUT,        "sip-internal", "Control to endpoint", PRIVATE, CONTROL, PRIVATE, ANY) \
	PATH(INSIDE_IN,         "sip-internal", "endpoint to Control", PRIVATE, ANY, PRIVATE, CONTROL) \
	PATH(H323_INSIDE_IN,    "h323-internal", "endpoint to Control", PRIVATE, ANY, PRIVATE, CONTROL) \
	PATH(H323_INSIDE_OUT,   "h323-internal", "Control to endpoint", PRIVATE, CONTROL, PRIVATE, ANY) \
	PATH(LYNC_CALLS,        "sip-b2bua-lync", "Control to its B2BUA", PRIVATE, CONTROL, PRIVATE, CONTROL) \
	PATH(LYNC_OUT,          "sip-b2bua-lync", "B2BUA to Lync", PRIVATE, CONTROL, PRIVATE, ANY) \
	PATH(LYNC_IN,           "sip-b2bua-lync", "Lync to B2BUA", PRIVATE, ANY, PRIVATE, CONTROL) \
	PATH(LYNC_CODER,        "sip-b2bua-lync", "B2BUA to transcoder", PRIVATE, CONTROL, PRIVATE, ANY) \
	PATH(LYNC_CLIENT_OUT,   "sip-b2bua-lync", "B2BUA to Lync client or endpoint", PRIVATE, CONTROL, PRIVATE, ANY) \
	PATH(LYNC_CLIENT_IN,    "sip-b2bua-lync", "Lync client or endpoint to B2BUA", PRIVATE, ANY, PRIVATE, CONTROL) \
	PATH(LYNC_MEDIA,        "sip-b2bua-lync", "B2BUA to Control", PRIVATE, CONTROL, PRIVATE, CONTROL) \
	PATH(LYNC_EDGE,         "sip-b2bua-lync", "B2BUA to Edge", PRIVATE, CONTROL, DMZ, EDGE) \
	PATH(LYNC_RELAY_IN,     "sip-b2bua-lync", "inbound from a Lync Edge or client", INTERNET, ANY, DMZ, EDGE) \
	PATH(LYNC_RELAY_OUT,    "sip-b2bua-lync", "outbound to a Lync Edge or client", DMZ, EDGE, INTERNET, ANY) \
	PATH(EXTRA_DIRECTORY,   "extra", "Control to management", PRIVATE, CONTROL, PRIVATE, DIRECTORY) \
	PATH(EXTRA_SYSLOG,      "extra", "Control to management", PRIVATE, CONTROL, PRIVATE, SYSLOG) \
	PATH(EXTRA_CONTROL_DNS, "extra", "Control to management", PRIVATE, CONTROL, PRIVATE, DNS) \
	PATH(EXTRA_EDGE_DNS,    "extra", "DMZ to public", DMZ, EDGE, INTERNET, PUBLICDNS) \
	PATH(EXTRA_IN,          "extra", "inbound from an endpoint in the Internet", INTERNET, ANY, DMZ, EDGE)

/* ROW(id, path, protocol, source range, destination range, source letter, destination letter,
 *     owner of our end, switch, purpose) */
#define PLAN_ROWS \
	ROW(CONTROL_HTTP,     MANAGER_CONTROL,   TCP, ANY, HTTP,  "S", "", CHILD,  HTTP,     "http") \
	ROW(CONTROL_HTTPS,    MANAGER_CONTROL,   TCP, ANY, HTTPS, "S", "", CHILD,  HTTPS,    "https") \
	ROW(CONTROL_SSH,      MANAGER_CONTROL,   TCP, ANY, SSH,   "S", "", SYSTEM, SSH,      "ssh") \
	ROW(CONTROL_SNMP,     MANAGER_CONTROL,   UDP, ANY, SNMP,  "S", "", CHILD,  SNMP,     "SNMP") \
	ROW(CONTROL_NTP,      CONTROL_NTP,       UDP, NTP, NTP,   "",  "", CHILD,  NTP,      "NTP") \
	ROW(CONTROL_LDAP,     CONTROL_DIRECTORY, TCP, ANY, LDAP,  "S", "", ADMIN,  LDAP,     "LDAP") \
	ROW(CONTROL_FEEDBACK, CONTROL_MANAGER,   TCP, ANY, FEEDBACK, "S", "", ADMIN,  FEEDBACK, "http feedback to the management system") \
	ROW(CONTROL_DNS,      CONTROL_DNS,       UDP, ANY, DNS,   "S", "", SIG,    DNS,      "DNS") \
	ROW(EDGE_HTTP,   MANAGER_EDGE,   TCP, ANY,       HTTP,        "S",  "", CHILD,  HTTP,   "http") \
	ROW(EDGE_HTTPS,  MANAGER_EDGE,   TCP, ANY,       HTTPS,       "S",  "", CHILD,  HTTPS,  "https") \
	ROW(EDGE_SSH,    MANAGER_EDGE,   TCP, ANY,       SSH,         "S",  "", SYSTEM, SSH,    "ssh") \
	ROW(EDGE_SNMP,   MANAGER_EDGE,   UDP, ANY,       SNMP,        "S",  "", CHILD,  SNMP,   "SNMP") \
	ROW(EDGE_NTP,    EDGE_NTP,       UDP, NTP,       NTP,         "",   "", CHILD,  NTP,    "NTP") \
	ROW(EDGE_LDAP,   EDGE_DIRECTORY, TCP, EPHEMERAL, LDAP_EITHER, "Ue", "", ADMIN,  LDAP,   "LDAP for login") \
	ROW(EDGE_SYSLOG, EDGE_SYSLOG,    UDP, EPHEMERAL, SYSLOG,      "Ve", "", ADMIN,  SYSLOG, "syslog") \
	ROW(EDGE_DNS,    EDGE_DNS,       UDP, ANY,       DNS,         "S",  "", SIG,    DNS,    "DNS") \
	ROW(UC_IMP,       CONTROL_IMP,       TCP, EPHEMERAL, IMP_XMPP,  "Ue", "", UC,    UC, "XMPP to IM&P") \
	ROW(UC_UDS,       CONTROL_UCM,       TCP, EPHEMERAL, UCM_UDS,   "Ue", "", CHILD, UC, "UDS: provisioning and phonebook") \
	ROW(UC_FILES,     CONTROL_UCM,       TCP, EPHEMERAL, UCM_FILES, "Ue", "", CHILD, UC, "HTTP: configuration files") \
	ROW(UC_VOICEMAIL, CONTROL_VOICEMAIL, TCP, EPHEMERAL, VOICEMAIL, "Ue", "", CHILD, UC, "CUC: voicemail") \
	ROW(UC_LINK_XMPP,  UC_LINK, TCP, EPHEMERAL, UC_INSIDE, "U_e", "",    UC,    UC,   "XMPP") \
	ROW(UC_LINK_SSH,   UC_LINK, TCP, EPHEMERAL, UC_SSH,    "U_e", "",    CHILD, UC,   "SSH: HTTP/S tunnels") \
	ROW(UC_LINK_TCP,   UC_LINK, TCP, SIP_OUT,   SIP_ZONE,  "A",   "B",   SIG,   UC,   "SIP signalling over TCP") \
	ROW(UC_LINK_TLS,   UC_LINK, TLS, SIP_OUT,   SIP_ZONE,  "A",   "B",   TLS,   UC,   "SIP signalling over TLS") \
	ROW(UC_LINK_MEDIA, UC_LINK, UDP, RTP,       MUX,       "Y_C", "Y_E", MEDIA, UC,   "SIP media: RTP and RTCP") \
	ROW(UC_LINK_TURN,  UC_LINK, UDP, ANY,       TURN,      "",    "R",   MEDIA, UC_TURN, "TURN server control") \
	ROW(UC_XMPP_IN,  UC_IN,  TCP, ANY,     UC_XMPP,    "S",   "",    UC,    UC,   "XMPP") \
	ROW(UC_UDS_IN,   UC_IN,  TCP, ANY,     UC_HTTPS,   "S",   "",    CHILD, UC,   "UDS: phonebook and provisioning") \
	ROW(UC_TURN_IN,  UC_IN,  UDP, ANY,     TURN,       "S",   "R",   MEDIA, UC_TURN, "TURN server control") \
	ROW(UC_RELAY_IN, UC_IN,  UDP, ANY,     TURN_RELAY, "S",   "",    MEDIA, UC_TURN, "TURN server media") \
	ROW(UC_TLS_IN,   UC_IN,  TLS, ANY,     SIP_TLS,    "S",   "",    TLS,   UC,   "SIP signalling over TLS") \
	ROW(UC_RTP_IN,   UC_IN,  UDP, ANY,     RTP,        "N",   "Y_E", MEDIA, UC,   "SIP media: RTP and RTCP") \
	ROW(UC_TLS_OUT,  UC_OUT, TLS, SIP_OUT, ANY,        "",    "S",   TLS,   UC,   "SIP signalling over TLS") \
	ROW(UC_RTP_OUT,  UC_OUT, UDP, RTP,     ANY,        "Y_E", "N",   MEDIA, UC,   "SIP media: RTP and RTCP") \
	ROW(LINK_TCP,  LINK, TCP, SIP_OUT, SIP_ZONE, "A",   "B",   SIG,   TRAVERSAL, "SIP signalling over TCP") \
	ROW(LINK_TLS,  LINK, TLS, SIP_OUT, SIP_ZONE, "A",   "B",   TLS,   TRAVERSAL, "SIP signalling over TLS") \
	ROW(LINK_RTP,  LINK, UDP, RTP,     MUX,      "Y_C", "Y_E", MEDIA, TRAVERSAL, "Assent RTP") \
	ROW(LINK_RTCP, LINK, UDP, RTP,     MUX,      "Y_C", "Y_E", MEDIA, TRAVERSAL, "Assent RTCP") \
	ROW(PUBLIC_UDP_OUT,  PUBLIC_OUT, UDP, SIP_UDP, ANY,     "C",   "F",   SIG,   SIP_UDP, "SIP signalling over UDP") \
	ROW(PUBLIC_TCP_OUT,  PUBLIC_OUT, TCP, SIP_OUT, ANY,     "A",   "F",   SIG,   SIP_TCP, "SIP signalling over TCP") \
	ROW(PUBLIC_TLS_OUT,  PUBLIC_OUT, TLS, SIP_OUT, ANY,     "A",   "F",   TLS,   SIP_TLS, "SIP signalling over TLS") \
	ROW(PUBLIC_UDP_IN,   PUBLIC_IN,  UDP, ANY,     SIP_UDP, "G",   "C",   SIG,   SIP_UDP, "SIP signalling over UDP") \
	ROW(PUBLIC_TCP_IN,   PUBLIC_IN,  TCP, ANY,     SIP_TCP, "H",   "K",   SIG,   SIP_TCP, "SIP signalling over TCP") \
	ROW(PUBLIC_TLS_IN,   PUBLIC_IN,  TLS, ANY,     SIP_TLS, "H",   "L",   TLS,   SIP_TLS, "SIP signalling over TLS") \
	ROW(PUBLIC_RTP_OUT,  PUBLIC_OUT, UDP, RTP,     ANY,     "Y_E", "E",   MEDIA, SIP,     "RTP") \
	ROW(PUBLIC_RTP_IN,   PUBLIC_IN,  UDP, ANY,     RTP,     "E",   "Y_E", MEDIA, SIP,     "RTP") \
	ROW(PUBLIC_RTCP_OUT, PUBLIC_OUT, UDP, RTP,     ANY,     "Y_E", "E",   MEDIA, SIP,     "RTCP") \
	ROW(PUBLIC_RTCP_IN,  PUBLIC_IN,  UDP, ANY,     RTP,     "E",   "Y_E", MEDIA, SIP,     "RTCP") \
	ROW(NAT_UDP_OUT,  NAT_OUT, UDP, SIP_UDP, ANY,     "C",   "F",   SIG,   SIP_UDP, "SIP signalling over UDP") \
	ROW(NAT_TCP_OUT,  NAT_OUT, TCP, SIP_OUT, ANY,     "A",   "F",   SIG,   SIP_TCP, "SIP signalling over TCP") \
	ROW(NAT_TLS_OUT,  NAT_OUT, TLS, SIP_OUT, ANY,     "A",   "F",   TLS,   SIP_TLS, "SIP signalling over TLS") \
	ROW(NAT_UDP_IN,   NAT_IN,  UDP, ANY,     SIP_UDP, "Q",   "C",   SIG,   SIP_UDP, "SIP signalling over UDP") \
	ROW(NAT_TCP_IN,   NAT_IN,  TCP, ANY,     SIP_TCP, "Q",   "K",   SIG,   SIP_TCP, "SIP signalling over TCP") \
	ROW(NAT_TLS_IN,   NAT_IN,  TLS, ANY,     SIP_TLS, "Q",   "L",   TLS,   SIP_TLS, "SIP signalling over TLS") \
	ROW(NAT_RTP_OUT,  NAT_OUT, UDP, RTP,     ANY,     "Y_E", "N",   MEDIA, SIP,     "RTP") \
	ROW(NAT_RTP_IN,   NAT_IN,  UDP, ANY,     RTP,     "N",   "Y_E", MEDIA, SIP,     "RTP") \
	ROW(NAT_RTCP_OUT, NAT_OUT, UDP, RTP,     ANY,     "Y_E", "N",   MEDIA, SIP,     "RTCP") \
	ROW(NAT_RTCP_IN,  NAT_IN,  UDP, ANY,     RTP,     "N",   "Y_E", MEDIA, SIP,     "RTCP") \
	ROW(ICE_TURN_IN,   ICE_IN,  UDP, ANY,        TURN,       "M", "R", MEDIA, TURN, "TURN server control") \
	ROW(ICE_RELAY_IN,  ICE_IN,  UDP, ANY,        TURN_RELAY, "N", "",  MEDIA, TURN, "TURN server media") \
	ROW(ICE_RELAY_OUT, ICE_OUT, UDP, TURN_RELAY, ANY,        "",  "N", MEDIA, TURN, "TURN server media") \
	ROW(ASSENT_RAS,  ASSENT, UDP, RAS,        H323_ZONE,   "",    "D",   SIG,   ASSENT, "RAS") \
	ROW(ASSENT_CALL, ASSENT, TCP, H323_RANGE, ASSENT_CALL, "P",   "T",   SIG,   ASSENT, "Q.931 / H.225 signalling") \
	ROW(ASSENT_H245, ASSENT, TCP, H323_RANGE, ASSENT_CALL, "P",   "T",   SIG,   ASSENT, "H.245") \
	ROW(ASSENT_RTP,  ASSENT, UDP, RTP,        MUX,         "Y_C", "Y_E", MEDIA, ASSENT, "Assent RTP") \
	ROW(ASSENT_RTCP, ASSENT, UDP, RTP,        MUX,         "Y_C", "Y_E", MEDIA, ASSENT, "Assent RTCP") \
	ROW(H46018_RAS,  H46018, UDP, RAS,        H323_ZONE,   "",    "D",   SIG,   H46018, "RAS") \
	ROW(H46018_CALL, H46018, TCP, H323_RANGE, H323_CALL,   "P",   "M",   SIG,   H46018, "Q.931 / H.225 signalling") \
	ROW(H46018_H245, H46018, TCP, H323_RANGE, H46018_CALL, "P",   "U",   SIG,   H46018, "H.245") \
	ROW(H46018_RTP,  H46018, UDP, RTP,        RTP,         "Y_C", "Y_E", MEDIA, H46018, "RTP") \
	ROW(H46018_RTCP, H46018, UDP, RTP,        RTP,         "Y_C", "Y_E", MEDIA, H46018, "RTCP") \
	ROW(H46018_MUX_RAS,  H46018_MUX, UDP, RAS,        H323_ZONE,   "",    "D",   SIG,   H46019_MUX, "RAS") \
	ROW(H46018_MUX_CALL, H46018_MUX, TCP, H323_RANGE, H323_CALL,   "P",   "M",   SIG,   H46019_MUX, "Q.931 / H.225 signalling") \
	ROW(H46018_MUX_H245, H46018_MUX, TCP, H323_RANGE, H46018_CALL, "P",   "U",   SIG,   H46019_MUX, "H.245") \
	ROW(H46018_MUX_RTP,  H46018_MUX, UDP, RTP,        MUX,         "Y_C", "Y_E", MEDIA, H46019_MUX, "RTP") \
	ROW(H46018_MUX_RTCP, H46018_MUX, UDP, RTP,        MUX,         "Y_C", "Y_E", MEDIA, H46019_MUX, "RTCP") \
	ROW(H323_PUBLIC_CALL_OUT, H323_PUBLIC_OUT, TCP, H323_RANGE, ANY,        "P",   "G",   SIG,   H323, "Q.931 / H.225 signalling") \
	ROW(H323_PUBLIC_CALL_IN,  H323_PUBLIC_IN,  TCP, ANY,        H323_CALL,  "K",   "M",   SIG,   H323, "Q.931 / H.225 signalling") \
	ROW(H323_PUBLIC_H245_OUT, H323_PUBLIC_OUT, TCP, H323_RANGE, ANY,        "P",   "H",   SIG,   H323, "H.245") \
	ROW(H323_PUBLIC_H245_IN,  H323_PUBLIC_IN,  TCP, ANY,        H323_RANGE, "H",   "P",   SIG,   H323, "H.245") \
	ROW(H323_PUBLIC_RTP_OUT,  H323_PUBLIC_OUT, UDP, MEDIA,      ANY,        "Y_E", "E",   MEDIA, H323, "RTP") \
	ROW(H323_PUBLIC_RTP_IN,   H323_PUBLIC_IN,  UDP, ANY,        MEDIA,      "E",   "Y_E", MEDIA, H323, "RTP") \
	ROW(H323_PUBLIC_RTCP_OUT, H323_PUBLIC_OUT, UDP, MEDIA,      ANY,        "Y_E", "E",   MEDIA, H323, "RTCP") \
	ROW(H323_PUBLIC_RTCP_IN,  H323_PUBLIC_IN,  UDP, ANY,        MEDIA,      "E",   "Y_E", MEDIA, H323, "RTCP") \
	ROW(INSIDE_UDP_OUT,  INSIDE_OUT, UDP, SIP_UDP, ANY,     "C",   "F",   SIG,   SIP_UDP, "SIP signalling over UDP") \
	ROW(INSIDE_TCP_OUT,  INSIDE_OUT, TCP, SIP_OUT, ANY,     "A",   "F",   SIG,   SIP_TCP, "SIP signalling over TCP") \
	ROW(INSIDE_TLS_OUT,  INSIDE_OUT, TLS, SIP_OUT, ANY,     "A",   "F",   TLS,   SIP_TLS, "SIP signalling over TLS") \
	ROW(INSIDE_UDP_IN,   INSIDE_IN,  UDP, ANY,     SIP_UDP, "G",   "C",   SIG,   SIP_UDP, "SIP signalling over UDP") \
	ROW(INSIDE_TCP_IN,   INSIDE_IN,  TCP, ANY,     SIP_TCP, "H",   "K",   SIG,   SIP_TCP, "SIP signalling over TCP") \
	ROW(INSIDE_TLS_IN,   INSIDE_IN,  TLS, ANY,     SIP_TLS, "H",   "L",   TLS,   SIP_TLS, "SIP signalling over TLS") \
	ROW(INSIDE_RTP_OUT,  INSIDE_OUT, UDP, RTP,     ANY,     "Y_C", "E",   MEDIA, SIP,     "RTP") \
	ROW(INSIDE_RTP_IN,   INSIDE_IN,  UDP, ANY,     RTP,     "E",   "Y_C", MEDIA, SIP,     "RTP") \
	ROW(INSIDE_RTCP_OUT, INSIDE_OUT, UDP, RTP,     ANY,     "Y_C", "E",   MEDIA, SIP,     "RTCP") \
	ROW(INSIDE_RTCP_IN,  INSIDE_IN,  UDP, ANY,     RTP,     "E",   "Y_C", MEDIA, SIP,     "RTCP") \
	ROW(H323_INSIDE_RAS_IN,   H323_INSIDE_IN,  UDP, RAS,        RAS,        "J",   "",    SIG,   H323, "RAS") \
	ROW(H323_INSIDE_CALL_OUT, H323_INSIDE_OUT, TCP, H323_RANGE, ANY,        "P",   "G",   SIG,   H323, "Q.931 / H.225 signalling") \
	ROW(H323_INSIDE_CALL_IN,  H323_INSIDE_IN,  TCP, ANY,        H323_CALL,  "K",   "M",   SIG,   H323, "Q.931 / H.225 signalling") \
	ROW(H323_INSIDE_H245_OUT, H323_INSIDE_OUT, TCP, H323_RANGE, ANY,        "P",   "H",   SIG,   H323, "H.245") \
	ROW(H323_INSIDE_H245_IN,  H323_INSIDE_IN,  TCP, ANY,        H323_RANGE, "H",   "P",   SIG,   H323, "H.245") \
	ROW(H323_INSIDE_RTP_OUT,  H323_INSIDE_OUT, UDP, RTP,        ANY,        "Y_C", "E",   MEDIA, H323, "RTP") \
	ROW(H323_INSIDE_RTP_IN,   H323_INSIDE_IN,  UDP, ANY,        RTP,        "E",   "Y_C", MEDIA, H323, "RTP") \
	ROW(H323_INSIDE_RTCP_OUT, H323_INSIDE_OUT, UDP, RTP,        ANY,        "Y_C", "E",   MEDIA, H323, "RTCP") \
	ROW(H323_INSIDE_RTCP_IN,  H323_INSIDE_IN,  UDP, ANY,        RTP,        "E",   "Y_C", MEDIA, H323, "RTCP") \
	ROW(LYNC_CALLS,      LYNC_CALLS,      TLS, SIP_OUT,    LYNC_CALLS, "", "", TLS,   LYNC, "SIP: call processing to the B2BUA") \
	ROW(LYNC_OUT,        LYNC_OUT,        TLS, SIP_OUT,    LYNC_PEER,  "", "", TLS,   LYNC, "SIP: B2BUA to Lync front end, Director or load balancer") \
	ROW(LYNC_IN,         LYNC_IN,         TLS, ANY,        LYNC_IN,    "", "", TLS,   LYNC, "SIP: Lync to the B2BUA") \
	ROW(LYNC_PRESENCE,   LYNC_OUT,        TLS, LYNC_RELAY, LYNC_PEER,  "", "", TLS,   LYNC, "SIP: presence relay to Lync") \
	ROW(LYNC_CODER,      LYNC_CODER,      TLS, LYNC_CODER, LYNC_PEER,  "", "", TLS,   LYNC, "SIP: B2BUA to a transcoder") \
	ROW(LYNC_CLIENT_OUT, LYNC_CLIENT_OUT, UDP, LYNC_MEDIA, ANY,        "", "", MEDIA, LYNC, "media") \
	ROW(LYNC_CLIENT_IN,  LYNC_CLIENT_IN,  UDP, ANY,        LYNC_MEDIA, "", "", MEDIA, LYNC, "media") \
	ROW(LYNC_MEDIA,      LYNC_MEDIA,      UDP, LYNC_MEDIA, MEDIA,      "", "", MEDIA, LYNC, "media inside the node") \
	ROW(LYNC_EDGE,       LYNC_EDGE,       UDP, LYNC_MEDIA, TURN,       "", "", MEDIA, LYNC, "TURN server control, for Lync clients outside") \
	ROW(LYNC_RELAY_IN,   LYNC_RELAY_IN,   UDP, ANY,        TURN_RELAY, "", "", MEDIA, LYNC, "TURN server media") \
	ROW(LYNC_RELAY_OUT,  LYNC_RELAY_OUT,  UDP, TURN_RELAY, ANY,        "", "", MEDIA, LYNC, "TURN server media") \
	ROW(EXTRA_LDAPS,       EXTRA_DIRECTORY,   TCP, EPHEMERAL, LDAPS,    "", "", ADMIN, LDAPS,       "LDAP over TLS") \
	ROW(EXTRA_SYSLOG,      EXTRA_SYSLOG,      UDP, EPHEMERAL, SYSLOG,   "", "", ADMIN, SYSLOG,      "syslog") \
	ROW(EXTRA_CONTROL_DNS, EXTRA_CONTROL_DNS, TCP, EPHEMERAL, DNS,      "", "", SIG,   DNS_TCP,     "DNS over TCP") \
	ROW(EXTRA_EDGE_DNS,    EXTRA_EDGE_DNS,    TCP, EPHEMERAL, DNS,      "", "", SIG,   DNS_TCP,     "DNS over TCP") \
	ROW(EXTRA_MTLS_IN,     EXTRA_IN,          TLS, ANY,       SIP_MTLS, "", "", TLS,   SIP_MTLS,    "SIP signalling over mutual TLS") \
	ROW(EXTRA_TURN_TCP_IN, EXTRA_IN,          TCP, ANY,       TURN,     "", "", MEDIA, TURN_STREAM, "TURN server control over TCP") \
	ROW(EXTRA_TURN_TLS_IN, EXTRA_IN,          TLS, ANY,       TURN_TLS, "", "", TLS,   TURN_STREAM, "TURN server control over TLS") \
	ROW(EXTRA_ACME_IN,     EXTRA_IN,          TCP, ANY,       HTTP,     "", "", CHILD, ACME,        "http: proof of the name for a certificate")

enum plan_host {
#define HOST(id, name) HOST_##id,
	PLAN_HOSTS
#undef HOST
	PLAN_HOST_MAX
};

enum plan_zone {
#define ZONE(id, name, title) ZONE_##id,
	PLAN_ZONES
#undef ZONE
	PLAN_ZONE_MAX
};

enum plan_protocol {
#define PROTO(id, name, wire) PROTO_##id,
	PLAN_PROTOCOLS
#undef PROTO
	PLAN_PROTOCOL_MAX
};

enum plan_owner {
#define OWNER(id, name) OWNER_##id,
	PLAN_OWNERS
#undef OWNER
	PLAN_OWNER_MAX
};

enum plan_switch {
#define SW(id, setting) SW_##id,
	PLAN_SWITCHES
#undef SW
	PLAN_SWITCH_MAX
};

/* clang-format on */

#endif
