/* plan.h - the port plan: every row of the document's tables, declared once (rows.h), read by many.
 *
 * A row = one line of a table: who opens it, from which ports of which host, to which ports of which
 * host, why, by which process, and the setting that turns it on. Ranges are settings; a row names its
 * ranges by id, so an override moves every reader at once. No port number exists anywhere else in src/,
 * and no socket is opened here: io/bind.c asks plan_ports() and binds.
 *
 * Pure: struct plan is filled from settings by its owner; nothing here reads a file or a clock. */
#ifndef PLAN_PLAN_H
#define PLAN_PLAN_H

#include "base/str.h"
#include "plan/rows.h"

/* clang-format off */
enum plan_row {
	PLAN_NONE,
#define ROW(id, ...) PLAN_##id,
	PLAN_ROWS
#undef ROW
	PLAN_ROW_MAX
};

enum plan_range {
	RANGE_NONE,
#define RANGE(id, ...) RANGE_##id,
	PLAN_RANGES
#undef RANGE
	PLAN_RANGE_MAX
};
/* clang-format on */

struct ports {
	uint16_t low, high; /* inclusive; 0, 0: none */
};

/* One traversal zone, as far as ports go: the listening ports at Edge that are its own. */
struct plan_link {
	uint16_t sip_port;                /* 7001 for the first zone; 0: no SIP */
	enum plan_protocol sip_transport; /* PROTO_TLS or PROTO_TCP */
	uint16_t h323_port;               /* 6001 for the first zone; 0: no H.323 */
	bool is_uc; /* for unified communications: its rows are those of uc-control-edge */
};

#define PLAN_LINKS_MAX 64

/* What a node's configuration says about the plan; the rest are the document's defaults. */
struct plan {
	enum plan_host node; /* HOST_CONTROL or HOST_EDGE */
	bool is_large; /* the document's large deployment: 6 multiplexed pairs, TURN 3478-3483 */
	struct ports ranges[PLAN_RANGE_MAX];
	bool switches[PLAN_SWITCH_MAX]; /* services that are on */
	struct plan_link links[PLAN_LINKS_MAX];
	size_t n_links;
};

/* The document's defaults for this node: every range, every switch off but SW_ALWAYS, no link. */
void plan_defaults(struct plan *p, enum plan_host node, bool is_large);

/* Adds a traversal zone and turns SW_TRAVERSAL (is_uc: SW_UC) on. ERR_FULL: PLAN_LINKS_MAX are there. */
MUST_USE enum err plan_add_link(struct plan *p, const struct plan_link *link);

/* The ports that this node may bind for the row: the source range where it opens the row, the
 * listening range where the other side does. Rows of traversal zones: from the lowest to the highest
 * zone's port, to be named exactly when bound. ERR_DENIED: the node is no end of the row, or the row's
 * service is off. */
MUST_USE enum err plan_ports(const struct plan *p, enum plan_row row, struct ports *ret_ports);
/* Whether plan_ports() allows exactly this port; knows each traversal zone's own. */
bool plan_has_port(const struct plan *p, enum plan_row row, uint16_t port);

enum plan_protocol plan_protocol(enum plan_row row);
enum plan_owner plan_owner(enum plan_row row);
struct str plan_purpose(enum plan_row row);
struct str plan_table(enum plan_row row);
struct str plan_row_name(enum plan_row row);                  /* "LINK_TLS", for logs */
bool plan_is_on(const struct plan *p, enum plan_row row);     /* its service is on */
bool plan_is_end(const struct plan *p, enum plan_row row);    /* this node is one of its ends */
bool plan_is_opener(const struct plan *p, enum plan_row row); /* this node sends the first packet */
bool plan_is_of_document(enum plan_row row); /* false: the reconstructed and the extra tables */

/* A range as it stands now; RANGE_MUX and RANGE_RTP are computed from RANGE_MEDIA. */
struct ports plan_range(const struct plan *p, enum plan_range range);
/* The setting that overrides it, "" where there is none. */
struct str plan_range_setting(enum plan_range range);
unsigned plan_range_least(enum plan_range range); /* fewest ports that it may have */
unsigned plan_range_most(enum plan_range range);
bool plan_range_is_pool(
	enum plan_range range); /* a worker takes one of its ports when it needs it */
/* The range that a cell of the document stands for when one of our nodes binds it. */
enum plan_range plan_bound_range(enum plan_range cell);
/* The two sub-ranges of the media range: the first pair (large: six pairs) is multiplexed only. */
struct ports plan_mux(const struct plan *p);
struct ports plan_media(const struct plan *p);

/* ---- one row in full, for those who print it or compare it ---- */

struct plan_path {
	const char *table, *direction; /* "sip-traversal", "inbound and outbound calls" */
	enum plan_zone from_zone;
	enum plan_host from_host;
	enum plan_zone to_zone;
	enum plan_host to_host;
};

struct plan_line {
	const char *name;
	const struct plan_path *path;
	enum plan_protocol protocol;
	enum plan_range source, destination;
	const char *source_letter, *destination_letter; /* "" where the document has none */
	enum plan_owner owner;
	enum plan_switch sw;
	const char *purpose;
};

/* Static; NULL for PLAN_NONE and what is out of range. */
const struct plan_line *plan_line(enum plan_row row);

/* Ports of one end, as printed: one range, or two where the document says "389 or 636". */
struct port_set {
	struct ports v[2];
	size_t n;
};

#define PLAN_NO_LINK (-1)
/* How often the row exists: once for each traversal zone it belongs to (0: no such zone is configured),
 * once for every other row. */
size_t plan_instances(const struct plan *p, enum plan_row row);
/* The link of the row's i-th instance, PLAN_NO_LINK for rows that belong to no zone. */
int plan_instance_link(const struct plan *p, enum plan_row row, size_t i);
/* The ends' ports for a link, or PLAN_NO_LINK: the document's example, the first zone. */
struct port_set plan_source(const struct plan *p, enum plan_row row, int link);
struct port_set plan_destination(const struct plan *p, enum plan_row row, int link);

const char *plan_host_name(enum plan_host host);
const char *plan_zone_name(enum plan_zone zone);
const char *plan_zone_title(enum plan_zone zone); /* as in headings: "DMZ" */
const char *plan_protocol_name(enum plan_protocol protocol);
const char *plan_protocol_wire(enum plan_protocol protocol); /* "udp" or "tcp" */
const char *plan_owner_name(enum plan_owner owner);
const char *plan_switch_setting(enum plan_switch sw);

/* ---- sockets ---- */

enum { FACES_INSIDE = 1, FACES_OUTSIDE = 2 };

/* A listening socket that the keeper binds and hands to its owner. */
struct plan_socket {
	enum plan_row row; /* the first of the rows that it serves */
	enum plan_protocol protocol;
	enum plan_owner owner;
	uint16_t port;
	uint8_t faces; /* which of the node's addresses: FACES_ bits. Both on one address are one socket */
	int link; /* the traversal zone whose port it is, or PLAN_NO_LINK */
};

#define PLAN_SOCKETS_MAX 256

/* The fixed listening ports of this node's enabled rows, each once by UDP or TCP and number. Not in it:
 * ranges (the worker binds one port of them when it needs it) and what child programs bind themselves. */
size_t plan_sockets(const struct plan *p, struct plan_socket ret_sockets[PLAN_SOCKETS_MAX]);

/* ---- checks ---- */

/* Collisions and limits: each fault is told as one sentence that names the settings and what to do.
 * Returns how many. */
typedef void(plan_fault_h)(void *arg, struct str sentence);
int plan_check(const struct plan *p, plan_fault_h *h, void *arg);
/* The same for what the kernel lends to sockets that ask for no port: the texts of ip_local_port_range
 * and ip_local_reserved_ports below /proc/sys/net/ipv4. */
int plan_check_kernel(const struct plan *p, struct str local_port_range, struct str reserved_ports,
	plan_fault_h *h, void *arg);

/* All our numbers as a list in the form of ip_local_reserved_ports: what this node binds in any row of
 * the document, its service on or off, and in other rows that are on; without the ephemeral range.
 * Ascending and merged. Returns how many ranges. */
#define PLAN_RESERVED_MAX 64
size_t plan_reserved(const struct plan *p, struct ports ret_ranges[PLAN_RESERVED_MAX]);

#endif
