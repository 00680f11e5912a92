/* check.c - faults that a plan can have: ranges too small, misplaced, shared, or lent by the kernel.
 *
 * Rule of sharing: two ends of this node may use the same UDP or TCP ports only if they name the same
 * range, and, where one of them listens, if one process owns both. UDP and TCP never collide (TURN
 * relays and outgoing SIP use the same numbers by design of the document).
 * It reads the plan and two texts of the kernel; it must never change either. */
#include "plan/plan.h"

#include <string.h>

#include "base/rd.h"

struct told {
	plan_fault_h *h;
	void *arg;
	int n;
};

static void tell(struct told *t, const struct wr *sentence)
{
	t->n++;
	if (t->h)
		t->h(t->arg, wr_done(sentence));
}

static void put_ports(struct wr *w, struct ports r)
{
	if (r.low == r.high)
		wr_printf(w, "%u", r.low);
	else
		wr_printf(w, "%u-%u", r.low, r.high);
}

/* "ports.media 36000-59999", or the numbers alone where no setting changes them. */
static void put_range(struct wr *w, enum plan_range range, struct ports r)
{
	struct str setting = plan_range_setting(range);

	wr_str(w, setting);
	wr_printf(w, setting.len ? " " : "port ");
	put_ports(w, r);
}

/* ---- one range by itself ---- */

static const char *fault_of(enum plan_range range, struct ports r)
{
	unsigned n = r.low == 0 || r.low > r.high ? 0 : 1U + r.high - r.low;

	if (n == 0)
		return "is no range: the lower port must come first and be at least 1";
	if (n < plan_range_least(range))
		return "is too small: give it more ports";
	if (n > plan_range_most(range))
		return "has too many ports";
	if (plan_range_is_pool(range) && r.low < PLAN_PORT_UNPRIVILEGED)
		return "begins below 1024: those ports are kept for well-known services";
	if (range == RANGE_MEDIA && r.low % 2 != 0)
		return "begins with an odd port: RTP has the even port of a pair (RFC 3550)";
	return NULL;
}

static void check_range(const struct plan *p, enum plan_range range, struct told *t)
{
	struct ports r = p->ranges[range];
	const char *fault = fault_of(range, r);
	char text[256];
	struct wr w = wr_of(text, sizeof text);

	if (!fault)
		return;
	put_range(&w, range, r);
	wr_printf(&w, " %s", fault);
	tell(t, &w);
}

/* ---- ranges against one another ---- */

/* A local end: ports that this node binds for some row. */
struct end {
	enum plan_range range;
	enum plan_owner owner;
	bool is_udp, listens;
	struct ports ports;
};

#define ENDS_MAX 160

struct ends {
	struct end v[ENDS_MAX];
	size_t n;
};

static bool is_same_end(const struct end *a, const struct end *b)
{
	return a->range == b->range && a->owner == b->owner && a->is_udp == b->is_udp &&
	       a->listens == b->listens && a->ports.low == b->ports.low &&
	       a->ports.high == b->ports.high;
}

static void add_end(struct ends *e, struct end end)
{
	for (size_t i = 0; i < e->n; i++) {
		if (is_same_end(&e->v[i], &end))
			return;
	}
	if (e->n < ENDS_MAX)
		e->v[e->n++] = end;
}

static void add_row_ends(const struct plan *p, enum plan_row row, struct ends *e)
{
	const struct plan_line *line = plan_line(row);
	struct end end = {.owner = line->owner, .is_udp = line->protocol == PROTO_UDP};

	if (line->path->from_host == p->node) {
		end.range = plan_bound_range(line->source);
		end.ports = plan_range(p, end.range);
		add_end(e, end);
	}
	if (line->path->to_host != p->node)
		return;
	end.listens = true;
	end.range = plan_bound_range(line->destination);
	for (size_t i = 0; i < plan_instances(p, row); i++) {
		int link = plan_instance_link(p, row, i);

		end.ports = link == PLAN_NO_LINK ? plan_range(p, end.range)
		                                 : plan_destination(p, row, link).v[0];
		add_end(e, end);
	}
}

static bool overlap(struct ports a, struct ports b)
{
	return a.low <= b.high && b.low <= a.high;
}

/* The multiplexed pairs and the other media ports are cut from one setting and cannot meet. */
static bool may_share(const struct end *a, const struct end *b)
{
	if (a->range != b->range)
		return false;
	return a->owner == b->owner || (!a->listens && !b->listens);
}

static void tell_overlap(const struct end *a, const struct end *b, struct told *t)
{
	char text[256];
	struct wr w = wr_of(text, sizeof text);

	put_range(&w, a->range, a->ports);
	wr_printf(&w, " (%s) overlaps ", plan_owner_name(a->owner));
	put_range(&w, b->range, b->ports);
	wr_printf(&w, " (%s), both %s: move or shorten one of them", plan_owner_name(b->owner),
		a->is_udp ? "UDP" : "TCP");
	tell(t, &w);
}

/* Pairs of ranges that were told of: one sentence each, however many rows name them. */
struct pairs {
	bool is_told[PLAN_RANGE_MAX][PLAN_RANGE_MAX];
};

static bool take_pair(struct pairs *pairs, enum plan_range a, enum plan_range b)
{
	bool *is_told = a < b ? &pairs->is_told[a][b] : &pairs->is_told[b][a];
	bool is_first = !*is_told;

	*is_told = true;
	return is_first;
}

static bool collide(const struct end *a, const struct end *b)
{
	return a->is_udp == b->is_udp && overlap(a->ports, b->ports) && !may_share(a, b);
}

static void check_overlaps(const struct ends *e, struct told *t)
{
	struct pairs pairs = {0};

	for (size_t a = 0; a < e->n; a++) {
		for (size_t b = a + 1; b < e->n; b++) {
			if (collide(&e->v[a], &e->v[b]) &&
				take_pair(&pairs, e->v[a].range, e->v[b].range))
				tell_overlap(&e->v[a], &e->v[b], t);
		}
	}
}

static void check_links(const struct plan *p, struct told *t)
{
	for (size_t a = 0; a < p->n_links; a++) {
		for (size_t b = a + 1; b < p->n_links; b++) {
			char text[256];
			struct wr w = wr_of(text, sizeof text);
			bool is_sip = p->links[a].sip_port != 0 &&
			              p->links[a].sip_port == p->links[b].sip_port;
			bool is_h323 = p->links[a].h323_port != 0 &&
			               p->links[a].h323_port == p->links[b].h323_port;

			if (!is_sip && !is_h323)
				continue;
			wr_printf(&w,
				"traversal zones %zu and %zu both listen on %s %u: give each "
				"its own port",
				a + 1, b + 1, is_sip ? "SIP port" : "H.323 port",
				is_sip ? p->links[a].sip_port : p->links[a].h323_port);
			tell(t, &w);
		}
	}
}

int plan_check(const struct plan *p, plan_fault_h *h, void *arg)
{
	struct told t = {h, arg, 0};
	struct ends e = {.n = 0};

	for (enum plan_range range = RANGE_NONE + 1; range < PLAN_RANGE_MAX; range++) {
		if (range != RANGE_MUX && range != RANGE_RTP)
			check_range(p, range, &t);
	}
	if (t.n)
		return t.n; /* overlaps of ranges that are none would only confuse */
	for (enum plan_row row = PLAN_NONE + 1; row < PLAN_ROW_MAX; row++) {
		if (plan_is_end(p, row) && plan_is_on(p, row))
			add_row_ends(p, row, &e);
	}
	check_overlaps(&e, &t);
	if (p->node == HOST_EDGE) /* at Control the ports are its peers', which may be several */
		check_links(p, &t);
	return t.n;
}

/* ---- what is ours, as the kernel's list of reserved ports ---- */

/* Removes entry i, or makes room for a new one before it. */
static void shift(struct ports *list, size_t *n, size_t i, int by)
{
	memmove(list + i + (by > 0), list + i + (by < 0), (*n - i - (by < 0)) * sizeof *list);
	*n = by > 0 ? *n + 1 : *n - 1;
}

/* Puts r into an ascending list of ranges that neither overlap nor touch, and merges what it meets. */
static void reserve(struct ports *list, size_t *n, struct ports r)
{
	size_t at = 0;

	if (r.low == 0 || r.low > r.high)
		return;
	while (at < *n && list[at].high + 1 < r.low)
		at++;
	while (at < *n && list[at].low <= r.high + 1) {
		r.low = list[at].low < r.low ? list[at].low : r.low;
		r.high = list[at].high > r.high ? list[at].high : r.high;
		shift(list, n, at, -1);
	}
	if (*n == PLAN_RESERVED_MAX)
		return;
	shift(list, n, at, 1);
	list[at] = r;
}

static void reserve_range(
	const struct plan *p, enum plan_range range, struct ports *list, size_t *n)
{
	struct ports r = plan_range(p, range);

	/* What is lent on purpose, and what no automatic choice ever reaches. */
	if (range == RANGE_ANY || range == RANGE_EPHEMERAL || r.high < PLAN_PORT_UNPRIVILEGED)
		return;
	reserve(list, n, r);
}

size_t plan_reserved(const struct plan *p, struct ports ret_ranges[PLAN_RESERVED_MAX])
{
	size_t n = 0;

	for (enum plan_row row = PLAN_NONE + 1; row < PLAN_ROW_MAX; row++) {
		const struct plan_line *line = plan_line(row);

		if (!plan_is_of_document(row) && !plan_is_on(p, row))
			continue;
		if (line->path->from_host == p->node)
			reserve_range(p, line->source, ret_ranges, &n);
		if (line->path->to_host == p->node)
			reserve_range(p, line->destination, ret_ranges, &n);
	}
	for (size_t i = 0; p->node == HOST_EDGE && i < p->n_links; i++) {
		uint16_t sip = p->links[i].sip_port, h323 = p->links[i].h323_port;

		reserve(ret_ranges, &n, (struct ports){sip, sip});
		reserve(ret_ranges, &n, (struct ports){h323, h323});
	}
	return n;
}

/* ---- what the kernel lends to sockets that ask for no port ---- */

/* A number of the kernel's text, 0 where there is none. */
static uint16_t number_of(struct str text)
{
	uint64_t v;

	return str_u64(str_trim(text), UINT16_MAX, &v) == OK ? (uint16_t)v : 0;
}

static struct ports lent_range(struct str text)
{
	struct str low = text, rest = str_trim(text);

	low = str_cut(&rest, rest.len && str_find(rest, '\t') < rest.len ? '\t' : ' ');
	return (struct ports){number_of(low), number_of(rest)};
}

/* How far past `port` the reserved list covers without a gap; port itself when it does not. */
static unsigned covered_to(struct str reserved, unsigned port)
{
	struct str rest = str_trim(reserved);

	while (rest.len) {
		struct str high = str_cut(&rest, ','), low = str_cut(&high, '-');
		unsigned from = number_of(low), to = high.len ? number_of(high) : from;

		if (from != 0 && from <= port && port <= to)
			return to + 1;
	}
	return port;
}

static bool is_reserved(struct str reserved, struct ports r)
{
	unsigned port = r.low;

	while (port <= r.high) {
		unsigned next = covered_to(reserved, port);

		if (next == port)
			return false;
		port = next;
	}
	return true;
}

int plan_check_kernel(const struct plan *p, struct str local_port_range, struct str reserved_ports,
	plan_fault_h *h, void *arg)
{
	struct ports lent = lent_range(local_port_range), ours[PLAN_RESERVED_MAX];
	struct told t = {h, arg, 0};
	size_t n = plan_reserved(p, ours);

	for (size_t i = 0; i < n; i++) {
		struct ports both = {lent.low > ours[i].low ? lent.low : ours[i].low,
			lent.high < ours[i].high ? lent.high : ours[i].high};
		char text[256];
		struct wr w = wr_of(text, sizeof text);

		if (both.low > both.high || is_reserved(reserved_ports, both))
			continue;
		wr_printf(&w, "the kernel may lend our ports ");
		put_ports(&w, both);
		wr_printf(&w,
			" to any program (net.ipv4.ip_local_port_range %u %u): load the settings "
			"of "
			"`fosse ports --format sysctl`",
			lent.low, lent.high);
		tell(&t, &w);
	}
	return t.n;
}
