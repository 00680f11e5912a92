/* net.c - zones, borders and how something travels from one host to another.
 *
 * Zones form a tree, so there is one way. A journey is decided when it begins: each border on the
 * way filters, translates, loses or delays; what is left arrives after the sum of the delays. */
#include <string.h>

#include "sim/private.h"

static const struct sim_quality lan = {.delay_us = 100, .jitter_us = 20};

/* ---- building ---- */

enum err sim_zone(struct sim *sim, enum plan_zone plan_zone, const char *name, int *ret_zone)
{
	if (sim->n_zones == SIM_ZONES_MAX)
		return ERR_FULL;
	sim->zones[sim->n_zones] = (struct zone){plan_zone, name, lan};
	*ret_zone = sim->n_zones++;
	return OK;
}

void sim_zone_quality(struct sim *sim, int zone, const struct sim_quality *q)
{
	sim->zones[zone].quality = *q;
}

static int other_side(const struct sim_border *b, int zone)
{
	return b->a == zone ? b->b : b->a;
}

/* The first border from zone x to zone y, or NULL; the tree has at most SIM_ZONES_MAX levels. */
static struct sim_border *find_way(
	struct sim *sim, int x, int y, const struct sim_border *but, int depth)
{
	for (size_t i = 0; depth && i < sim->n_borders; i++) {
		struct sim_border *b = &sim->borders[i];

		if (b == but || (b->a != x && b->b != x))
			continue;
		if (other_side(b, x) == y || find_way(sim, other_side(b, x), y, b, depth - 1))
			return b;
	}
	return NULL;
}

static void find_ways(struct sim *sim)
{
	for (int x = 0; x < sim->n_zones; x++) {
		for (int y = 0; y < sim->n_zones; y++)
			sim->route[x][y] = x == y ? NULL : find_way(sim, x, y, NULL, SIM_ZONES_MAX);
	}
}

static enum err add_border(
	struct sim *sim, enum border_kind kind, int a, int b, struct sim_border **ret_border)
{
	struct sim_border *border = &sim->borders[sim->n_borders];

	if (sim->n_borders == BORDERS_MAX)
		return ERR_FULL;
	if (a == b || find_way(sim, a, b, NULL, SIM_ZONES_MAX))
		return ERR_EXISTS;
	*border = (struct sim_border){.sim = sim, .kind = kind, .a = a, .b = b};
	sim->n_borders++;
	find_ways(sim);
	*ret_border = border;
	return OK;
}

enum err sim_open_border(struct sim *sim, int a, int b, struct sim_border **ret_border)
{
	return add_border(sim, BORDER_OPEN, a, b, ret_border);
}

enum err sim_firewall(struct sim *sim, int a, int b, struct sim_border **ret_border)
{
	enum err err = add_border(sim, BORDER_FIREWALL, a, b, ret_border);

	return err ? err : firewall_new(*ret_border);
}

enum err sim_nat(struct sim *sim, int inside, int outside, const struct addr *public_host,
	const struct sim_nat *kind, struct sim_border **ret_border)
{
	enum err err = add_border(sim, BORDER_NAT, inside, outside, ret_border);

	return err ? err : nat_new(*ret_border, public_host, kind);
}

void sim_border_quality(struct sim_border *b, const struct sim_quality *q)
{
	b->quality = *q;
}

void sim_border_forget(struct sim_border *b)
{
	if (b->firewall)
		firewall_forget(b->firewall);
	if (b->nat)
		nat_forget(b->nat);
}

enum err sim_host(struct sim *sim, const char *name, struct sim_host **ret_host)
{
	if (sim->n_hosts == HOSTS_MAX)
		return ERR_FULL;
	*ret_host = &sim->hosts[sim->n_hosts++];
	**ret_host = (struct sim_host){.sim = sim, .name = name, .resolver_ms = 5};
	return OK;
}

enum err sim_address(struct sim_host *host, int zone, const struct addr *addr)
{
	if (host->n_addresses == ADDRESSES_MAX)
		return ERR_FULL;
	if (find_host(host->sim, addr))
		return ERR_EXISTS;
	host->addresses[host->n_addresses].addr = addr_with_port(addr, 0);
	host->addresses[host->n_addresses++].zone = zone;
	return OK;
}

void sim_host_on(struct sim_host *host)
{
	host->is_off = false;
}

void sim_wall_step(struct sim_host *host, int64_t ns)
{
	host->wall_ns += ns;
}

uint64_t sim_host_late(const struct sim_host *host)
{
	return host->n_late;
}

uint64_t sim_host_dropped(const struct sim_host *host)
{
	return host->n_dropped;
}

int host_zone(const struct sim_host *host, const struct addr *a)
{
	for (size_t i = 0; i < host->n_addresses; i++) {
		if (addr_same_host(&host->addresses[i].addr, a))
			return host->addresses[i].zone;
	}
	return -1;
}

struct sim_host *find_host(struct sim *sim, const struct addr *a)
{
	for (size_t i = 0; i < sim->n_hosts; i++) {
		if (host_zone(&sim->hosts[i], a) >= 0)
			return &sim->hosts[i];
	}
	return NULL;
}

bool crosses(struct sim *sim, const struct sim_border *b, int from, int x, int y)
{
	while (x != y) {
		const struct sim_border *next = sim->route[x][y];

		if (!next)
			return false;
		if (next == b)
			return x == from;
		x = other_side(next, x);
	}
	return false;
}

/* ---- travelling ---- */

/* A wire's own doings. False: the end of the journey. A stream is only slower for a loss: its
 * sender repeats; what is cut it repeats until it gives up. */
static bool pass_wire(struct sim *sim, const struct sim_quality *q, struct journey *j)
{
	if (q->is_cut) {
		sim->counters.n_cut++;
		return false;
	}
	j->delay_ns += ((uint64_t)q->delay_us + sim_random(sim, q->jitter_us + 1)) * NS_PER_US;
	if (chance(sim, q->loss_ppm)) {
		j->is_lost = true;
		sim->counters.n_lost++;
	}
	if (j->protocol == WIRE_TCP)
		return true;
	if (q->mtu && j->len > q->mtu) {
		sim->counters.n_too_long++;
		return false;
	}
	if (chance(sim, q->reorder_ppm))
		j->delay_ns += (uint64_t)sim_random(sim, q->reorder_us + 1) * NS_PER_US;
	if (chance(sim, q->duplicate_ppm)) {
		j->duplicate_ns = 1 + (uint64_t)sim_random(sim, 5000) * NS_PER_US;
		sim->counters.n_duplicated++;
	}
	return !j->is_lost;
}

static bool pass_border(struct sim *sim, struct sim_border *b, int from, struct journey *j)
{
	if (b->kind == BORDER_FIREWALL && !firewall_lets(b, from, j)) {
		sim->counters.n_firewall++;
		return false;
	}
	/* Inwards a NAT is crossed by its public address alone (nat_in). */
	if (b->kind == BORDER_NAT && (from != b->a || !nat_out(b, j))) {
		sim->counters.n_nat++;
		return false;
	}
	return pass_wire(sim, &b->quality, j);
}

static struct sim_border *find_nat(struct sim *sim, const struct addr *a)
{
	for (size_t i = 0; i < sim->n_borders; i++) {
		if (sim->borders[i].kind == BORDER_NAT && nat_has(&sim->borders[i], a))
			return &sim->borders[i];
	}
	return NULL;
}

static bool cross_to(struct sim *sim, int *zone, int target, struct journey *j)
{
	while (*zone != target) {
		struct sim_border *b = sim->route[*zone][target];

		if (!b) {
			sim->counters.n_no_route++;
			return false;
		}
		if (!pass_border(sim, b, *zone, j))
			return false;
		*zone = other_side(b, *zone);
	}
	return true;
}

bool travel(struct sim *sim, struct sim_host *host, struct journey *j)
{
	int zone = host_zone(host, &j->from);
	struct sim_border *nat;

	j->delay_ns = j->duplicate_ns = 0;
	j->is_lost = false;
	if (sim->tap && j->opens)
		sim->tap(sim->tap_arg, &(struct sim_packet){host, j->protocol == WIRE_TCP, j->from,
					       j->to, j->bytes});
	if (zone < 0 || host->is_off) {
		sim->counters.n_no_route++;
		return false;
	}
	/* At most one NAT after the other: each turns the destination into one that lies inside
	 * it. */
	for (int i = 0; (nat = find_nat(sim, &j->to)) && i < BORDERS_MAX; i++) {
		if (!cross_to(sim, &zone, nat->b, j))
			return false;
		if (!nat_in(nat, j)) {
			sim->counters.n_nat++;
			return false;
		}
		if (!pass_wire(sim, &nat->quality, j))
			return false;
		zone = nat->a;
	}
	j->host = find_host(sim, &j->to);
	if (!j->host || j->host->is_off) {
		sim->counters.n_no_route++;
		return false;
	}
	return cross_to(sim, &zone, host_zone(j->host, &j->to), j) &&
	       (j->host == host || pass_wire(sim, &sim->zones[zone].quality, j));
}
