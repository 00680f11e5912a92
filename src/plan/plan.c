/* plan.c - the port plan's table and the questions that can be put to it.
 *
 * The declaration is rows.h, expanded here into const arrays. It knows the large deployment (six
 * multiplexed pairs) and the traversal zones' own ports, and nothing of addresses.
 * It must never open a socket, read a file or hold a port number of its own. */
#include "plan/plan.h"

/* clang-format off */
enum path_id {
#define PATH(id, ...) PATH_##id,
	PLAN_PATHS
#undef PATH
	PATH_MAX
};

#define PATH(id, table, direction, from_zone, from_host, to_zone, to_host)                         \
	[PATH_##id] = {table, direction, ZONE_##from_zone, HOST_##from_host,                       \
		ZONE_##to_zone, HOST_##to_host},
static const struct plan_path paths[PATH_MAX] = {PLAN_PATHS};
#undef PATH

#define ROW(id, path, protocol, source, destination, source_letter, destination_letter, owner, sw, \
	purpose)                                                                                   \
	[PLAN_##id] = {#id, &paths[PATH_##path], PROTO_##protocol, RANGE_##source,                 \
		RANGE_##destination, source_letter, destination_letter, OWNER_##owner, SW_##sw,    \
		purpose},
static const struct plan_line lines[PLAN_ROW_MAX] = {PLAN_ROWS};
#undef ROW

enum range_kind { KIND_OTHERS, KIND_ONE, KIND_FEW, KIND_POOL, KIND_ZONED };

static const struct range {
	enum range_kind kind;
	const char *setting;
	struct ports ports;
	unsigned least;
} ranges[PLAN_RANGE_MAX] = {
	[RANGE_NONE] = {KIND_OTHERS, "", {0, 0}, 0},
#define RANGE(id, kind, setting, low, high, least) \
	[RANGE_##id] = {KIND_##kind, setting, {low, high}, least},
	PLAN_RANGES
#undef RANGE
};
/* clang-format on */

static unsigned size_of(struct ports r)
{
	return r.low == 0 || r.low > r.high ? 0 : 1U + r.high - r.low;
}

void plan_defaults(struct plan *p, enum plan_host node, bool is_large)
{
	*p = (struct plan){.node = node, .is_large = is_large};
	for (size_t i = 0; i < PLAN_RANGE_MAX; i++)
		p->ranges[i] = ranges[i].ports;
	if (is_large)
		p->ranges[RANGE_TURN].high =
			(uint16_t)(ranges[RANGE_TURN].ports.low + PLAN_FEW_MAX / 2 - 1);
	p->switches[SW_ALWAYS] = true;
}

enum err plan_add_link(struct plan *p, const struct plan_link *link)
{
	if (p->n_links == PLAN_LINKS_MAX)
		return ERR_FULL;
	p->links[p->n_links++] = *link;
	p->switches[link->is_uc ? SW_UC : SW_TRAVERSAL] = true;
	return OK;
}

/* ---- what is declared ---- */

const struct plan_line *plan_line(enum plan_row row)
{
	return row <= PLAN_NONE || row >= PLAN_ROW_MAX ? NULL : &lines[row];
}

/* A row of nothing for a row that does not exist: no host is its end, so every question is denied. */
static const struct plan_line *line_of(enum plan_row row)
{
	static const struct plan_path nowhere = {"", "", ZONE_NONE, HOST_ANY, ZONE_NONE, HOST_ANY};
	static const struct plan_line none = {.name = "NONE",
		.path = &nowhere,
		.source_letter = "",
		.destination_letter = "",
		.purpose = ""};
	const struct plan_line *line = plan_line(row);

	return line ? line : &none;
}

enum plan_protocol plan_protocol(enum plan_row row)
{
	return line_of(row)->protocol;
}

enum plan_owner plan_owner(enum plan_row row)
{
	return line_of(row)->owner;
}

struct str plan_purpose(enum plan_row row)
{
	return str_of(line_of(row)->purpose);
}

struct str plan_table(enum plan_row row)
{
	return str_of(line_of(row)->path->table);
}

struct str plan_row_name(enum plan_row row)
{
	return str_of(line_of(row)->name);
}

bool plan_is_of_document(enum plan_row row)
{
	struct str table = plan_table(row);

	return !str_eq(table, STR("sip-b2bua-lync")) && !str_eq(table, STR("extra"));
}

bool plan_is_opener(const struct plan *p, enum plan_row row)
{
	return line_of(row)->path->from_host == p->node;
}

static bool is_listener(const struct plan *p, enum plan_row row)
{
	return line_of(row)->path->to_host == p->node;
}

bool plan_is_end(const struct plan *p, enum plan_row row)
{
	return plan_is_opener(p, row) || is_listener(p, row);
}

/* ---- ranges ---- */

static unsigned n_mux(const struct plan *p)
{
	return p->is_large ? PLAN_FEW_MAX : ranges[RANGE_MUX].least;
}

/* Pure arithmetic even where the setting is too small: plan_check() says so, nobody wraps around. */
struct ports plan_mux(const struct plan *p)
{
	struct ports media = p->ranges[RANGE_MEDIA];

	if (size_of(media) < n_mux(p))
		return (struct ports){0, 0};
	return (struct ports){media.low, (uint16_t)(media.low + n_mux(p) - 1)};
}

struct ports plan_media(const struct plan *p)
{
	struct ports media = p->ranges[RANGE_MEDIA];

	if (size_of(media) <= n_mux(p))
		return (struct ports){0, 0};
	return (struct ports){(uint16_t)(media.low + n_mux(p)), media.high};
}

struct ports plan_range(const struct plan *p, enum plan_range range)
{
	if (range == RANGE_MUX)
		return plan_mux(p);
	if (range == RANGE_RTP)
		return plan_media(p);
	return p->ranges[range];
}

struct str plan_range_setting(enum plan_range range)
{
	return str_of(ranges[range].setting);
}

unsigned plan_range_least(enum plan_range range)
{
	return ranges[range].least;
}

unsigned plan_range_most(enum plan_range range)
{
	switch (ranges[range].kind) {
	case KIND_ONE:
		return 1;
	case KIND_FEW:
		return PLAN_FEW_MAX;
	case KIND_OTHERS:
	case KIND_POOL:
	case KIND_ZONED:
		break;
	}
	return UINT16_MAX;
}

bool plan_range_is_pool(enum plan_range range)
{
	return ranges[range].kind == KIND_POOL;
}

/* A cell that says "any port from 1024" is bound from the ephemeral range: a subset, which satisfies
 * the document and the firewalls of its successors alike. h323-public prints the whole media range, of
 * which the multiplexed pairs are no ports for one call. */
enum plan_range plan_bound_range(enum plan_range cell)
{
	if (cell == RANGE_ANY)
		return RANGE_EPHEMERAL;
	return cell == RANGE_MEDIA ? RANGE_RTP : cell;
}

/* ---- traversal zones: rows that exist once for each ---- */

static bool is_zoned(const struct plan_line *line)
{
	return ranges[line->destination].kind == KIND_ZONED;
}

static bool is_uc_path(const struct plan_line *line)
{
	return line->path == &paths[PATH_UC_LINK];
}

/* The port that this link gives the row; 0: the row is not of this link. */
static uint16_t link_port(const struct plan_link *link, const struct plan_line *line)
{
	if (link->is_uc != is_uc_path(line))
		return 0;
	if (line->destination == RANGE_H323_ZONE)
		return link->h323_port;
	return link->sip_transport == line->protocol ? link->sip_port : 0;
}

size_t plan_instances(const struct plan *p, enum plan_row row)
{
	const struct plan_line *line = line_of(row);
	size_t n = 0;

	if (!is_zoned(line))
		return 1;
	for (size_t i = 0; i < p->n_links; i++)
		n += link_port(&p->links[i], line) != 0;
	return n;
}

int plan_instance_link(const struct plan *p, enum plan_row row, size_t i)
{
	const struct plan_line *line = line_of(row);

	for (size_t k = 0; is_zoned(line) && k < p->n_links; k++) {
		if (link_port(&p->links[k], line) != 0 && i-- == 0)
			return (int)k;
	}
	return PLAN_NO_LINK;
}

static struct port_set set_of(struct ports r)
{
	return (struct port_set){{r}, 1};
}

struct port_set plan_source(const struct plan *p, enum plan_row row, int link)
{
	(void)link; /* no source differs by zone; the pair of functions reads alike */
	return set_of(plan_range(p, line_of(row)->source));
}

struct port_set plan_destination(const struct plan *p, enum plan_row row, int link)
{
	const struct plan_line *line = line_of(row);
	struct ports r = plan_range(p, line->destination);

	if (line->destination == RANGE_LDAP_EITHER)
		return (struct port_set){{p->ranges[RANGE_LDAP], p->ranges[RANGE_LDAPS]}, 2};
	if (!is_zoned(line))
		return set_of(r);
	r.high = r.low;
	if (link != PLAN_NO_LINK)
		r.low = r.high = link_port(&p->links[link], line);
	return set_of(r);
}

/* ---- what this node may do ---- */

bool plan_is_on(const struct plan *p, enum plan_row row)
{
	const struct plan_line *line = line_of(row);

	if (!plan_line(row) || (is_zoned(line) && plan_instances(p, row) == 0))
		return false;
	if (line->sw == SW_UC_TURN)
		return p->switches[SW_UC] && p->switches[SW_TURN];
	return p->switches[line->sw];
}

/* From the lowest to the highest zone's port; only asked of rows that have an instance. */
static struct ports zoned_ports(const struct plan *p, enum plan_row row)
{
	struct ports all = {UINT16_MAX, 0};

	for (size_t i = 0; i < plan_instances(p, row); i++) {
		uint16_t port = plan_destination(p, row, plan_instance_link(p, row, i)).v[0].low;

		all.low = port < all.low ? port : all.low;
		all.high = port > all.high ? port : all.high;
	}
	return all;
}

static enum plan_range local_range(const struct plan *p, enum plan_row row)
{
	const struct plan_line *line = line_of(row);

	return plan_bound_range(plan_is_opener(p, row) ? line->source : line->destination);
}

enum err plan_ports(const struct plan *p, enum plan_row row, struct ports *ret_ports)
{
	struct ports r;

	if (!plan_is_end(p, row) || !plan_is_on(p, row))
		return ERR_DENIED;
	if (!plan_is_opener(p, row) && is_zoned(line_of(row)))
		r = zoned_ports(p, row);
	else
		r = plan_range(p, local_range(p, row));
	if (size_of(r) == 0)
		return ERR_RANGE;
	*ret_ports = r;
	return OK;
}

/* Multiplexed pairs: RTP on the even port, RTCP on the odd one (RFC 3550 section 11, H.460.19). */
static bool is_rtcp(enum plan_row row)
{
	return row == PLAN_LINK_RTCP || row == PLAN_ASSENT_RTCP || row == PLAN_H46018_MUX_RTCP;
}

static bool is_rtp(enum plan_row row)
{
	return row == PLAN_LINK_RTP || row == PLAN_ASSENT_RTP || row == PLAN_H46018_MUX_RTP;
}

static bool has_parity(const struct plan *p, enum plan_row row, uint16_t port)
{
	bool is_odd = (port - p->ranges[RANGE_MEDIA].low) % 2 != 0;

	if (local_range(p, row) != RANGE_MUX)
		return true;
	return (is_rtp(row) && !is_odd) || (is_rtcp(row) && is_odd) ||
	       (!is_rtp(row) && !is_rtcp(row));
}

bool plan_has_port(const struct plan *p, enum plan_row row, uint16_t port)
{
	struct ports r;

	if (plan_ports(p, row, &r) != OK || port < r.low || port > r.high)
		return false;
	if (plan_is_opener(p, row) || !is_zoned(line_of(row)))
		return has_parity(p, row, port);
	for (size_t i = 0; i < plan_instances(p, row); i++) {
		if (plan_destination(p, row, plan_instance_link(p, row, i)).v[0].low == port)
			return true;
	}
	return false;
}

/* ---- names ---- */

const char *plan_host_name(enum plan_host host)
{
#define HOST(id, name) [HOST_##id] = name,
	static const char *const names[PLAN_HOST_MAX] = {PLAN_HOSTS};
#undef HOST
	return names[host];
}

const char *plan_zone_name(enum plan_zone zone)
{
#define ZONE(id, name, title) [ZONE_##id] = name,
	static const char *const names[PLAN_ZONE_MAX] = {PLAN_ZONES};
#undef ZONE
	return names[zone];
}

const char *plan_zone_title(enum plan_zone zone)
{
#define ZONE(id, name, title) [ZONE_##id] = title,
	static const char *const titles[PLAN_ZONE_MAX] = {PLAN_ZONES};
#undef ZONE
	return titles[zone];
}

const char *plan_protocol_name(enum plan_protocol protocol)
{
#define PROTO(id, name, wire) [PROTO_##id] = name,
	static const char *const names[PLAN_PROTOCOL_MAX] = {PLAN_PROTOCOLS};
#undef PROTO
	return names[protocol];
}

const char *plan_protocol_wire(enum plan_protocol protocol)
{
#define PROTO(id, name, wire) [PROTO_##id] = wire,
	static const char *const names[PLAN_PROTOCOL_MAX] = {PLAN_PROTOCOLS};
#undef PROTO
	return names[protocol];
}

const char *plan_owner_name(enum plan_owner owner)
{
#define OWNER(id, name) [OWNER_##id] = name,
	static const char *const names[PLAN_OWNER_MAX] = {PLAN_OWNERS};
#undef OWNER
	return names[owner];
}

const char *plan_switch_setting(enum plan_switch sw)
{
#define SW(id, setting) [SW_##id] = setting,
	static const char *const settings[PLAN_SWITCH_MAX] = {PLAN_SWITCHES};
#undef SW
	return settings[sw];
}

/* ---- sockets ---- */

static bool binds_for_us(enum plan_owner owner)
{
	return owner == OWNER_TLS || owner == OWNER_SIG || owner == OWNER_MEDIA ||
	       owner == OWNER_UC;
}

static uint8_t face_of(const struct plan_path *path)
{
	return path->from_zone == ZONE_INTERNET ? FACES_OUTSIDE : FACES_INSIDE;
}

static bool is_same_wire(enum plan_protocol a, enum plan_protocol b)
{
	return (a == PROTO_UDP) == (b == PROTO_UDP);
}

/* The kernel knows UDP or TCP and a number: rows that agree in both are served by one socket. */
static void add_socket(struct plan_socket *sockets, size_t *n, struct plan_socket s)
{
	for (size_t i = 0; i < *n; i++) {
		if (sockets[i].port == s.port && is_same_wire(sockets[i].protocol, s.protocol)) {
			sockets[i].faces |= s.faces;
			return;
		}
	}
	if (*n < PLAN_SOCKETS_MAX)
		sockets[(*n)++] = s;
}

static void add_row_sockets(
	const struct plan *p, enum plan_row row, int link, struct plan_socket *sockets, size_t *n)
{
	const struct plan_line *line = line_of(row);
	struct ports r = plan_destination(p, row, link).v[0];
	struct plan_socket s = {.row = row,
		.protocol = line->protocol,
		.owner = line->owner,
		.faces = face_of(line->path),
		.link = link};

	for (unsigned port = r.low; size_of(r) != 0 && port <= r.high; port++) {
		s.port = (uint16_t)port;
		if (has_parity(p, row, s.port))
			add_socket(sockets, n, s);
	}
}

size_t plan_sockets(const struct plan *p, struct plan_socket ret_sockets[PLAN_SOCKETS_MAX])
{
	size_t n = 0;

	for (enum plan_row row = PLAN_NONE + 1; row < PLAN_ROW_MAX; row++) {
		const struct plan_line *line = &lines[row];

		if (!is_listener(p, row) || !plan_is_on(p, row) || !binds_for_us(line->owner) ||
			plan_range_is_pool(line->destination))
			continue;
		for (size_t i = 0; i < plan_instances(p, row); i++)
			add_row_sockets(p, row, plan_instance_link(p, row, i), ret_sockets, &n);
	}
	return n;
}
