/* item.h - what is printed of the plan, and what the formats share: items, ports, addresses.
 *
 * An item is one line of output: a row, for one traversal zone where it has several, with the addresses
 * of its ends as far as the configuration knows them. Edge has two: the inside one towards Control and
 * management, the outside one towards the internet. Nothing here prints a whole row. */
#ifndef PLAN_ITEM_H
#define PLAN_ITEM_H

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

/* Each range as low, dash, high or one number: put_set(w, set, "-", ","): "389,636", "25000-29999". */
void put_set(struct wr *w, const struct port_set *set, const char *dash, const char *comma);
/* The addresses of a family (AF_NONE: of both), separated. */
void put_addrs(
	struct wr *w, const struct plan_addrs *a, enum addr_family family, const char *comma);
size_t count_addrs(const struct plan_addrs *a, enum addr_family family);

#endif
