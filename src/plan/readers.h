/* readers.h - the plan printed: the document's tables, lists for programs, and rules for firewalls.
 *
 * A node prints the rows of which it is an end; the two nodes' rules together are all that the two
 * firewalls must open. Everything is written into a struct wr; nothing here reads a file, knows a
 * running node (states come by a call) or holds a port number. */
#ifndef PLAN_READERS_H
#define PLAN_READERS_H

#include "base/addr.h"
#include "plan/plan.h"
#include "plan/proc_net.h"

#define PLAN_ADDRS_MAX 8

struct plan_addrs {
	struct addr v[PLAN_ADDRS_MAX]; /* ports are ignored */
	size_t n;                      /* 0: not known, so rules name no address */
};

void plan_addrs_add(struct plan_addrs *addrs, const struct addr *a); /* once each; full: ignored */

/* Who is where, as far as the configuration says. About 13 KiB: not on a stack. */
struct plan_hosts {
	struct plan_addrs of[PLAN_HOST_MAX];
	struct plan_addrs edge_outside; /* Edge's towards the internet; empty: of[HOST_EDGE] */
	struct plan_addrs links[PLAN_LINKS_MAX]; /* the other node of each zone; empty: of[] */
};

enum plan_format {
	FORMAT_TEXT,
	FORMAT_MD,
	FORMAT_JSON,
	FORMAT_CSV,
	FORMAT_NFT,
	FORMAT_IPTABLES,
	FORMAT_CISCO_ASA,
	FORMAT_SYSCTL,
	PLAN_FORMAT_MAX
};

/* INSIDE: between private network and DMZ. OUTSIDE: between DMZ and internet. HOST: on this node. */
enum plan_firewall {
	FIREWALL_BOTH,
	FIREWALL_INSIDE,
	FIREWALL_OUTSIDE,
	FIREWALL_HOST,
	PLAN_FIREWALL_MAX
};

/* By the name in options ("cisco-asa", "inside"); false: no such name. */
bool plan_format_of(struct str name, enum plan_format *ret_format);
bool plan_firewall_of(struct str name, enum plan_firewall *ret_firewall);

struct plan_print {
	const struct plan *plan;
	const struct plan_hosts *hosts;
	bool is_all;                 /* also rows of services that are off, in tables and lists */
	struct str table;            /* this table only; "": all */
	enum plan_firewall firewall; /* for rules */
	bool is_rules_only;          /* rules without what stands around them */
	bool is_shared;              /* sysctl: the machine has other work, its port range stays */
	const struct plan_use *use;  /* states; NULL: every row that is on is "free" */
};

/* ERR_NOENT: the document has no such table. ERR_FULL: w is too small. */
MUST_USE enum err plan_print(const struct plan_print *what, enum plan_format format, struct wr *w);

/* ---- what the formats share ---- */

/* One line of output: a row, for one traversal zone where it has several. */
struct plan_item {
	enum plan_row row;
	const struct plan_line *line;
	int link;
	struct port_set source, destination;
	const struct plan_addrs *from, *to; /* never NULL */
	enum plan_state state;
};

typedef void(plan_item_h)(void *arg, const struct plan_item *item);
/* In the document's order: the rows that `what` selects. with_off: is_all applies. */
void plan_each(const struct plan_print *what, bool with_off, plan_item_h *h, void *arg);

void plan_put_tables(const struct plan_print *what, enum plan_format format, struct wr *w);
void plan_put_list(const struct plan_print *what, enum plan_format format, struct wr *w);
void plan_put_rules(const struct plan_print *what, enum plan_format format, struct wr *w);
void plan_put_sysctl(const struct plan_print *what, struct wr *w);

#endif
