/* sections.h - the settings, section by section, as plain old data.
 *
 * What a setting means, its default, its bounds and its words stand in schema.c, one line each; this
 * file only gives them a place. No pointers: the same bytes are mapped by every process. Durations are
 * milliseconds (fields named _ms; _s: seconds), sizes are bytes, strings are NUL-terminated and "" when
 * not set, an address of family AF_NONE is not set. The value of an enum is the position of its word
 * in the schema. Sections in the second half belong to services that are not built yet: they are
 * known, checked and printed, nothing reads them, and setting one is told (OPT_LATER). */
#ifndef CONF_SECTIONS_H
#define CONF_SECTIONS_H

#include "base/addr.h"
#include "plan/plan.h"

enum conf_bound {
	CONF_NAME = 64,  /* names of zones, rules, users' realms */
	CONF_HOST = 256, /* host names and address literals */
	CONF_TEXT = 256, /* patterns, aliases, texts */
	CONF_PATH = 256,
	CONF_SECRET = 128,
	CONF_ZONES = 64,
	CONF_PEERS = 6,
	CONF_SUBZONES = 100,
	CONF_MATCHES = 16,
	CONF_SOURCES = 16,
	CONF_TRANSFORMS = 100,
	CONF_RULES = 2000,
	CONF_TESTS = 200,
	CONF_USERS = 2500,
	CONF_POLICY_ENTRIES = 2500,
	CONF_DOMAINS = 200,
	CONF_FEW = 16 /* servers, listed networks and other short lists */
};

enum conf_role { ROLE_CONTROL, ROLE_EDGE };
enum conf_size { SIZE_SMALL, SIZE_LARGE };
enum conf_ip { IP_V4, IP_V6, IP_BOTH };
enum conf_transport { TRANSPORT_TLS, TRANSPORT_TCP, TRANSPORT_UDP };
enum conf_zone_type { ZT_TRAVERSAL_CLIENT, ZT_TRAVERSAL_SERVER, ZT_NEIGHBOR, ZT_DNS };
enum conf_verify { VERIFY_PINNED, VERIFY_CA };
enum conf_encryption { ENC_AUTO, ENC_ENCRYPTED, ENC_UNENCRYPTED, ENC_BEST_EFFORT };
enum conf_ice { ICE_OFF, ICE_ON, ICE_PASSTHROUGH };
enum conf_auth { AUTH_CHECK, AUTH_NONE, AUTH_TRUSTED };
enum conf_srv { SRV_SIPS, SRV_SIP_TCP, SRV_SIP_UDP, SRV_H323LS, SRV_H323CS, SRV_MAX };
enum conf_match { MATCH_EXACT, MATCH_PREFIX, MATCH_SUFFIX, MATCH_REGEX };
enum conf_behaviour { DO_LEAVE, DO_STRIP, DO_REPLACE, DO_ADD_PREFIX, DO_ADD_SUFFIX };
enum conf_alias_mode { ALIAS_PATTERN, ALIAS_ANY, ALIAS_ANY_IP };
enum conf_progress { PROGRESS_CONTINUE, PROGRESS_STOP };
enum conf_protocol { PROTOCOL_ANY, PROTOCOL_SIP, PROTOCOL_H323 };
enum conf_unknown_ip { UNKNOWN_OFF, UNKNOWN_DIRECT, UNKNOWN_INDIRECT };
enum conf_reg_policy { REG_POLICY_NONE, REG_POLICY_ALLOW, REG_POLICY_DENY };
enum conf_permission { REG_ALLOW, REG_DENY };
enum conf_log_level { LEVEL_ERROR, LEVEL_NOTICE, LEVEL_INFO, LEVEL_DEBUG };
enum conf_doc { DOC_DENY, DOC_ALLOW };
enum conf_fast_path { FAST_OFF, FAST_OBEY, FAST_ON };

/* Who a rule speaks of: one of these words, or REF_ZONE0 + index into zones[]. */
enum conf_ref { REF_NONE, REF_ANY, REF_ALL_ZONES, REF_LOCAL, REF_DEFAULT, REF_ZONE0 };

struct conf_rate {
	uint32_t n, per_ms; /* n events in each period; n == 0: none allowed */
};

struct conf_node {
	enum conf_role role;
	char name[CONF_HOST];
	enum conf_size size;
	struct addr inside;      /* ports are 0 */
	struct addr outside;     /* Edge; equal to inside when there is one interface */
	struct addr outside_nat; /* Edge, optional: the public address of a static NAT */
	enum conf_ip ip_protocol;
	char tls_user[32], sig_user[32], media_user[32],
		conf_user[32]; /* uid names of the processes */
};

struct conf_sip {
	bool udp, tcp, tls, mtls, registrar;
	uint32_t n_domains;
	char domains[CONF_DOMAINS][CONF_HOST];
	char realm[CONF_HOST]; /* never "" after loading: the first domain, else the node's name */
	uint32_t reg_min_ms, reg_max_ms, reg_outbound_min_ms, reg_outbound_max_ms;
	uint32_t session_refresh_ms, session_refresh_min_ms;
	uint32_t max_message;
	uint32_t tcp_connect_ms, tls_handshake_ms;
	bool digest_md5, show_version;
	uint32_t n_md5_only_agents;
	char md5_only_agents[CONF_FEW][CONF_NAME];
};

/* From the pairing file that a zone names. At most two of each key: both are accepted while a new one
 * is being introduced, the first is the newer. No key: nobody has joined yet. */
struct conf_pairing {
	uint32_t n_spki, n_media_keys;
	uint8_t spki[2][32];       /* SHA-256 of the peer's SubjectPublicKeyInfo */
	uint8_t media_keys[2][32]; /* docs/protocols/media-token.md */
	char username[CONF_NAME];
	uint8_t secret[32];
	struct addr peer_inside; /* the peer's address towards us; its port is the link's */
	char peer_name[CONF_HOST];
	bool has_join; /* a token was given out and nobody has joined with it yet */
	uint8_t join_secret[16];
	uint64_t join_until_s; /* wall clock */
};

struct conf_zone {
	char name[CONF_NAME];
	enum conf_zone_type type;
	bool uc; /* Unified Communications traversal: TLS and encryption forced, no H.323 */
	char pairing[CONF_NAME];
	bool has_pairing; /* a pairing file was there and its peer has joined: key, login, media key */
	struct conf_pairing pair;
	char username[CONF_NAME], password[CONF_SECRET], login_realm[CONF_HOST]; /* by hand */
	uint32_t n_peers;
	char peers[CONF_PEERS][CONF_HOST];
	struct {
		bool enabled;
		uint16_t port; /* never 0 after loading, but for DNS zones */
		enum conf_transport transport;
	} sip;
	struct {
		bool enabled;
		uint16_t port;
		uint32_t protocol; /* 0 assent, 1 h46018 */
		bool mux;
	} h323;
	struct {
		enum conf_verify verify;
		char subject[CONF_HOST]; /* "": the peer's name */
		bool accept_server_eku;
	} tls;
	enum conf_encryption media_encryption;
	enum conf_ice ice;
	enum conf_auth authentication;
	uint32_t retry_first_ms, retry_max_ms;
	uint32_t udp_keepalive_ms, tcp_keepalive_ms, probe_retry_ms, probe_count;
	uint32_t hop_count;
	uint32_t n_srv;
	enum conf_srv srv[SRV_MAX]; /* DNS zone: which records are asked for, in this order */
	char profile[32];
	bool monitor, auto_response, accept_proxied, hide_ids, legacy_digest, trust_identity;
};

struct conf_default_zone {
	enum conf_encryption media_encryption;
	enum conf_ice ice;
	enum conf_auth authentication;
	uint32_t hop_count;
};

struct conf_match_rule {
	struct prefix subnet;    /* family AF_NONE: not by network */
	char pattern[CONF_TEXT]; /* regular expression on the alias, or "" */
	uint32_t priority;
};

struct conf_bandwidth_limit {
	uint32_t per_call_kbps, total_kbps; /* 0: unlimited */
};

struct conf_subzone {
	char name[CONF_NAME];
	uint32_t n_match;
	struct conf_match_rule match[CONF_MATCHES];
	enum conf_permission registration;
	enum conf_auth authentication;
	enum conf_encryption media_encryption;
	struct conf_bandwidth_limit bandwidth;
};

struct conf_transform {
	uint32_t priority;
	char name[CONF_NAME];
	enum conf_match type;
	char pattern[CONF_TEXT];
	enum conf_behaviour behaviour;
	char replace[CONF_TEXT];
	bool enabled;
};

struct conf_rule {
	uint32_t priority;
	char name[CONF_NAME];
	enum conf_protocol protocol;
	uint32_t n_source;
	enum conf_ref source[CONF_SOURCES];
	bool authenticated; /* the request must be authenticated */
	enum conf_alias_mode mode;
	enum conf_match type;
	char pattern[CONF_TEXT];
	enum conf_behaviour behaviour;
	char replace[CONF_TEXT];
	enum conf_progress progress;
	enum conf_ref target;
	bool enabled;
};

struct conf_test {
	char call[CONF_TEXT];
	enum conf_ref from;
	enum conf_protocol protocol;
	bool authenticated;
	char expect[CONF_NAME]; /* a target's name, or "refused" */
};

struct conf_dial_plan {
	enum conf_unknown_ip unknown_ip;
	char fallback_alias[CONF_TEXT];
	uint32_t hop_count;
	uint32_t n_transforms;
	struct conf_transform transforms[CONF_TRANSFORMS];
	uint32_t n_rules;
	struct conf_rule rules[CONF_RULES]; /* by ascending priority, then as written */
	uint32_t n_tests;
	struct conf_test tests[CONF_TESTS];
};

struct conf_policy_entry {
	char pattern[CONF_TEXT];
	enum conf_match type;
};

struct conf_user {
	char name[CONF_SECRET];
	char password[CONF_SECRET];          /* "" when the hashes are given */
	uint8_t ha1_sha256[32], ha1_md5[16]; /* all zero: not given */
};

struct conf_media {
	enum conf_fast_path fast_path;
	uint32_t lease_ms, silence_ms, silence_held_ms, no_media_alarm_ms, receive_buffer;
};

/* How long a call may stay in a state by itself. */
struct conf_calls {
	uint32_t ringing_ms, idle_media_ms; /* idle_media_ms: 0: for ever */
};

/* Sizes of pools and rates. A limit that is hit is counted, shown and answered with a reason. */
struct conf_limits {
	uint32_t calls, registrations, conns, transactions, streams_per_call, registrations_per_aor;
	uint32_t conns_per_source, conns_per_source_authenticated;
	uint32_t handshakes, handshakes_per_source;
	uint32_t invites, invites_per_zone, invites_per_source;
	struct conf_rate requests_per_source, requests_per_dialog, ras_per_source;
	uint32_t requests_burst;
	struct conf_rate failed_logins;
	uint32_t dns_queries, dns_cache;
	uint32_t first_message_ms, message_ms, idle_unauthenticated_ms, idle_ms, queue_age_ms;
};

struct conf_dns_domain {
	char name[CONF_HOST];
	uint32_t n_servers;
	struct addr servers[CONF_PEERS];
};

struct conf_dns {
	uint32_t n_servers;
	struct addr servers[CONF_PEERS]; /* never with port 0 after loading */
	bool tcp;
	uint32_t n_domains;
	struct conf_dns_domain domains[CONF_FEW];
};

struct conf_logs {
	enum conf_log_level level;
	uint32_t keep_s;
	bool media_stats, sip_bodies;
};

struct conf_address_policy {
	enum conf_doc documentation;
	uint32_t n_allow, n_deny, n_nat64;
	struct prefix allow[CONF_FEW], deny[CONF_FEW], nat64[CONF_FEW];
};

/* ---- sections of services that are not built yet ---- */
struct conf_h323 {
	bool enabled, auto_discover, registration, assent, h46018, h46019_mux;
	bool md5, maintenance;
	uint32_t registration_conflict; /* 0 reject, 1 overwrite */
	uint32_t ttl_ms, call_ttl_ms;
	uint32_t n_alternates;
	struct addr alternates[CONF_FEW];
};

struct conf_pipe {
	char name[CONF_NAME];
	struct conf_bandwidth_limit limit;
};

struct conf_pipe_link {
	char name[CONF_NAME], from[CONF_NAME], to[CONF_NAME];
	uint32_t n_pipes;
	char pipes[2][CONF_NAME];
};

struct conf_bandwidth {
	uint32_t default_call_kbps;
	bool downspeed_per_call, downspeed_total;
	uint32_t n_pipes, n_links;
	struct conf_pipe pipes[CONF_FEW];
	struct conf_pipe_link links[CONF_FEW];
};

struct conf_uc_domain {
	char name[CONF_HOST];
	enum conf_ref sip;
	bool im;
	char certificate[CONF_PATH];
};

struct conf_uc_server {
	uint32_t kind; /* 0 ucm, 1 imp, 2 voicemail, 3 local */
	char address[CONF_HOST];
	uint16_t port; /* 0: that of its kind */
	char user[CONF_NAME], password[CONF_SECRET];
	uint32_t tls_verify; /* 0 ca, 1 pin */
};

struct conf_uc_allow {
	char url[CONF_TEXT];
	uint32_t match; /* 0 prefix, 1 exact */
	uint32_t n_methods;
	char methods[8][8];
};

struct conf_uc {
	bool enabled;
	enum conf_ref zone;
	uint32_t n_domains, n_servers, n_allow;
	struct conf_uc_domain domains[CONF_FEW];
	struct conf_uc_server servers[CONF_FEW];
	struct conf_uc_allow allow[CONF_FEW];
	uint32_t refresh_ms;
	bool basic, oauth, sso;
	uint32_t token_lifetime_ms, cleanup_ms;
	uint32_t rate_logins, rate_period_ms;
	uint32_t xmpp_pool_min, xmpp_pool_max;
	struct conf_rate https_rate_per_source;
	uint32_t https_max_connections;
	bool https_shield;
	uint32_t xmpp_max_connections, xmpp_unauthenticated_ms, xmpp_stanza_before, xmpp_stanza;
};

struct conf_turn {
	bool enabled;
	char realm[CONF_HOST];
	uint32_t n_auth;
	uint32_t auth[3]; /* 0 rest-secret, 1 local, 2 delegated */
	char secret[CONF_SECRET];
	uint32_t lifetime_default_ms, lifetime_max_ms;
	uint32_t quota_per_user, quota_total;
	bool binding_without_auth;
	uint32_t n_deny_peers, n_allow_peers;
	char deny_peers[CONF_FEW][CONF_NAME]; /* a word (inside, loopback, ...) or a network */
	struct prefix allow_peers[CONF_FEW];
};

struct conf_block {
	uint32_t failures, window_ms, block_ms;
};

struct conf_protection {
	struct conf_block sip_auth, h323_auth, uc_login, turn_auth;
	uint32_t n_exempt;
	struct prefix exempt[CONF_FEW];
};

struct conf_admin {
	uint32_t listen; /* 0 inside, 1 both */
	uint32_t http;   /* 0 off, 1 redirect */
	bool https, ssh;
	char https_certificate[CONF_PATH];
	uint32_t https_min_tls; /* 0 "1.2", 1 "1.3" */
	uint32_t session_idle_ms, session_max_ms;
	bool local_accounts, ldap_accounts, compat_api;
};

struct conf_snmp_user {
	char name[CONF_NAME], auth_password[CONF_SECRET], priv_password[CONF_SECRET];
};

struct conf_snmp {
	bool enabled;
	uint32_t n_v3_users, n_allow;
	struct conf_snmp_user v3_users[CONF_FEW];
	char v2c_community[CONF_SECRET];
	struct prefix allow[CONF_FEW];
};

struct conf_ntp {
	uint32_t n_servers;
	char servers[CONF_FEW][CONF_HOST];
	bool observe;
};

struct conf_ldap {
	bool enabled;
	char uri[CONF_TEXT], base_dn[CONF_TEXT], bind_dn[CONF_TEXT], bind_password[CONF_SECRET];
	uint32_t tls; /* 0 none, 1 starttls, 2 ldaps */
	char admin_group[CONF_TEXT];
};

struct conf_syslog_server {
	char address[CONF_HOST];
	uint16_t port;
	uint32_t transport; /* 0 udp, 1 tcp, 2 tls */
	uint32_t format;    /* 0 rfc5424, 1 rfc3164 */
};

struct conf_syslog {
	uint32_t n_servers;
	struct conf_syslog_server servers[CONF_FEW];
};

struct conf_feedback {
	char url[CONF_TEXT];
	uint32_t n_events;
	uint32_t events[8]; /* 0 call, 1 registration, 2 alarm, 3 zone, 4 login, 5 config */
	uint32_t format;    /* 0 json, 1 xml */
	bool names;
	char secret[CONF_SECRET];
};

struct conf_certificates {
	char server[CONF_PATH], client[CONF_PATH]; /* "auto": made by us, or a file */
	uint32_t n_trust, n_crl;
	char trust[CONF_FEW][CONF_PATH], crl[CONF_FEW][CONF_PATH];
	bool acme;
};

struct conf_metrics {
	char listen[CONF_PATH];
	bool https;
};

#endif
