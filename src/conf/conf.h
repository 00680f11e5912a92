/* conf.h - the configuration: one plain-old-data struct, made from YAML, mapped by every process.
 *
 * The struct is the snapshot: fosse-conf writes it into a sealed memfd, every process maps that
 * read-only and reads the fields directly. One table (schema.c) describes all of it, one line per
 * option; reader, checker, printer, diff and the check of a foreign mapping are readers of that table.
 *
 * Pure: bytes in, struct out. Nothing here opens a file, and no default or limit is written twice. */
#ifndef CONF_CONF_H
#define CONF_CONF_H

#include "base/addr_policy.h"
#include "conf/sections.h"

/* The mark of a snapshot. */
#define CONF_MAGIC "fosseCNF"

struct conf_head {
	char magic[8];
	uint64_t layout; /* hash over schema and struct: another build's snapshot is not ours */
	uint32_t size, revision;
};

struct conf {
	struct conf_head head;
	uint32_t version;
	struct conf_node node;
	struct ports ports[PLAN_RANGE_MAX]; /* of every range of the plan: set, or the document's */
	struct conf_sip sip;
	uint32_t interworking; /* 0 off, 1 registered-only, 2 on */
	uint32_t n_zones;
	struct conf_zone zones[CONF_ZONES];
	struct conf_default_zone default_zone;
	uint32_t n_subzones; /* at least 1: the first is named "default" */
	struct conf_subzone subzones[CONF_SUBZONES];
	struct conf_dial_plan dial_plan;
	enum conf_reg_policy registration_policy;
	uint32_t n_policy_entries;
	struct conf_policy_entry policy_entries[CONF_POLICY_ENTRIES];
	uint32_t n_users;
	struct conf_user users[CONF_USERS];
	struct conf_dns dns;
	struct conf_address_policy address_policy;
	struct conf_logs logs;
	struct conf_media media;
	struct conf_calls calls;
	struct conf_limits limits;
	/* services that are not built yet */
	struct conf_h323 h323;
	struct conf_bandwidth bandwidth;
	uint32_t call_policy_mode; /* 0 off, 1 cpl */
	char call_policy_file[CONF_PATH];
	struct conf_uc uc;
	struct conf_turn turn;
	struct conf_protection protection;
	struct conf_admin admin;
	struct conf_snmp snmp;
	struct conf_ntp ntp;
	struct conf_ldap ldap;
	struct conf_syslog syslog;
	uint32_t n_feedback;
	struct conf_feedback feedback[CONF_FEW];
	struct conf_certificates certificates;
	struct conf_metrics metrics;
};

/* ---- reading ---- */

/* A file beside the configuration: a pairing (zones[].pairing names it) or a secret ("file:NAME"). */
struct conf_file {
	struct str name, text;
};

struct conf_input {
	struct str text;  /* YAML, at most CONF_INPUT_MAX */
	const char *file; /* its name, for messages */
	bool has_files;   /* false: nobody looked for them, so a missing one is no error */
	const struct conf_file *pairings, *secrets;
	size_t n_pairings, n_secrets;
	uint32_t revision;
};

#define CONF_INPUT_MAX (8u * 1024 * 1024)

struct conf_error {
	const char *file;
	uint32_t line, column; /* from 1; 0, 0: the file as a whole */
	bool is_warning;
	struct str text; /* one line: what is wrong (allowed: ...; did you mean ...?) */
};

/* Called once per error, sorted by place. */
typedef void(conf_error_h)(void *arg, const struct conf_error *e);

/* Every error of the input is reported in one run. OK: *ret_conf is complete, with all defaults (there
 * may have been warnings). ERR_SYNTAX: errors were reported, *ret_conf is untouched. ERR_FULL: no
 * memory. *ret_conf is large: not on a stack. */
MUST_USE enum err conf_load(
	const struct conf_input *in, struct conf *ret_conf, conf_error_h *h, void *arg);

/* "file:line:column: text" and a newline; warnings say so. */
void conf_error_put(const struct conf_error *e, struct wr *w);
/* The same, and below it the line of the file with a mark under the place. */
void conf_error_show(const struct conf_error *e, struct str yaml, struct wr *w);

/* Does this mapping hold a struct conf of this very layout, with counts within their bounds, words
 * within their lists and terminated strings? Hostile input: nothing else is believed. */
bool conf_check_image(const void *image, size_t size);

/* What a process gets of the configuration: a copy in which everything that only others need, their
 * secrets above all, is zero. *ret_conf is large: not on a stack. */
void conf_for(const struct conf *c, enum plan_owner reader, struct conf *ret_conf);

/* ---- using ---- */

/* The plan that the configuration asks for: node, size, ranges, ports of the zones, services that are
 * on. with_later: also services that this build knows and does not have (H.323, TURN, unified
 * communications, administration): their rows are checked for collisions, never bound or opened. */
void conf_to_plan(const struct conf *c, bool with_later, struct plan *ret_plan);
/* What the node's address policy says, for addr_policy(); who asks adds private_allowed and port_min. It
 * points into *c and to ret_own, the node's own addresses. */
#define CONF_OWN 3
struct addr_ctx conf_addr_ctx(const struct conf *c, struct addr ret_own[CONF_OWN]);
/* Is this one of the node's own addresses, whatever its port? */
bool conf_is_own(const struct conf *c, const struct addr *a);
const struct conf_zone *conf_zone(const struct conf *c, struct str name); /* NULL: none */
/* The zone that a reference names; NULL for the words (REF_ANY, REF_LOCAL, ...). */
const struct conf_zone *conf_ref_zone(const struct conf *c, enum conf_ref ref);
/* "any", "local", a zone's name, ... */
struct str conf_ref_name(const struct conf *c, enum conf_ref ref);

/* ---- printing, comparing ---- */

enum conf_dump {
	DUMP_SET,        /* only what differs from the defaults */
	DUMP_EFFECTIVE,  /* everything that this role may set */
	DUMP_SECRETS = 4 /* with these bits: secrets in clear text instead of *** */
};
/* Canonical YAML in the order of the schema. path: "" or the option or section wanted, such as
 * "sip.registration". ERR_NOENT: no such path; ERR_FULL: it does not fit. */
MUST_USE enum err conf_print(const struct conf *c, struct str path, unsigned dump, struct wr *w);

enum conf_class {
	CLASS_READ,   /* read at use: live at once */
	CLASS_SOCKET, /* the keeper adds and removes listeners; a dropped one drains */
	CLASS_RESTART /* a worker is replaced, which loses nothing */
};
/* One changed option: its path (lists by name or index) and both values as text, secrets as ***. */
struct conf_change {
	struct str path, from, to; /* "" when it was or is not there */
	enum conf_class class;
};
typedef void(conf_change_h)(void *arg, const struct conf_change *change);
/* "sip.udp: false -> true (listeners change)" and a newline. */
void conf_change_put(const struct conf_change *change, struct wr *w);
/* Returns how many options differ. h may be NULL. */
size_t conf_diff(const struct conf *from, const struct conf *to, conf_change_h *h, void *arg);

/* ---- the options themselves ---- */

/* The options below path ("": all) as a table in Markdown: path, default, what is allowed, what a change
 * takes, what it is. ERR_NOENT: no such path; ERR_FULL: it does not fit. */
MUST_USE enum err conf_describe(struct str path, enum conf_role role, struct wr *w);

#endif
