/* firewall.c - a firewall that executes the plan, with the patience that the document promises.
 *
 * A datagram passes if a row allows it, or if it answers one that a row allowed at most 20 s ago:
 * only what goes in the allowed direction renews the pinhole, answers never do (the lab's
 * firewalls do the same with a set of sent 4-tuples). A stream begins with a segment that a row
 * allows; then both directions pass until the state is forgotten. Everything else is dropped and
 * counted. */
#include <string.h>

#include "sim/private.h"

#define RULES_MAX   4096
#define STATES_MAX  32768
#define NAMED_MAX   32
#define PATIENCE_MS 20000
#define STATE_BYTES (1 + 2 * (1 + 16 + 2))

struct rule {
	enum plan_row row;
	enum wire_protocol protocol;
	bool any_from, any_to; /* any address of the zone */
	struct addr from, to;
	struct port_set source, destination;
};

/* A direction in which something was allowed. */
struct state {
	uint64_t h;
	struct hash_node node;
	uint8_t key[STATE_BYTES];
	uint64_t last;
};

struct firewall {
	struct rule rules[RULES_MAX];
	size_t n_rules;
	uint64_t hits[PLAN_ROW_MAX];
	uint64_t patience_ns;
	struct hash_table table;
	struct pool states;
};

enum err firewall_new(struct sim_border *b)
{
	struct firewall *f = mem_array(1, sizeof *f);
	struct hash_key key = {3, 4};
	enum err err;

	b->firewall = f;
	if (!f)
		return ERR_FULL;
	f->patience_ns = PATIENCE_MS * (uint64_t)NS_PER_MS;
	err = pool_init(&f->states, HK_SOCKET, sizeof(struct state), STATES_MAX, 1);
	return err ? err : hash_init(&f->table, STATES_MAX, &key);
}

void firewall_free(struct firewall *f)
{
	if (!f)
		return;
	pool_free(&f->states);
	hash_free(&f->table);
	mem_free(f);
}

void sim_firewall_patience(struct sim_border *firewall, uint32_t ms)
{
	firewall->firewall->patience_ns = ms * (uint64_t)NS_PER_MS;
}

uint64_t sim_row_hits(const struct sim_border *firewall, enum plan_row row)
{
	return firewall->firewall->hits[row];
}

/* ---- rules from rows ---- */

static int zone_of_plan(struct sim *sim, enum plan_zone zone)
{
	for (int i = 0; i < sim->n_zones; i++) {
		if (sim->zones[i].plan_zone == zone)
			return i;
	}
	return -1;
}

static size_t named(const struct sim_named *hosts, size_t n_hosts, enum plan_host host,
	struct addr ret_addrs[NAMED_MAX])
{
	size_t n = 0;

	if (host == HOST_ANY) {
		ret_addrs[0] = (struct addr){0};
		return 1;
	}
	for (size_t i = 0; i < n_hosts && n < NAMED_MAX; i++) {
		if (hosts[i].host == host)
			ret_addrs[n++] = hosts[i].addr;
	}
	return n;
}

static void add_rule(struct firewall *f, const struct rule *rule)
{
	if (f->n_rules < RULES_MAX)
		f->rules[f->n_rules++] = *rule;
}

static void allow_row(struct sim_border *b, const struct plan *plan, enum plan_row row,
	const struct sim_named *hosts, size_t n_hosts)
{
	const struct plan_line *line = plan_line(row);
	struct addr from[NAMED_MAX], to[NAMED_MAX];
	size_t n_from = named(hosts, n_hosts, line->path->from_host, from);
	size_t n_to = named(hosts, n_hosts, line->path->to_host, to);

	for (size_t i = 0; i < plan_instances(plan, row); i++) {
		int link = plan_instance_link(plan, row, i);

		for (size_t k = 0; k < n_from * n_to; k++) {
			struct rule rule = {.row = row,
				.protocol = line->protocol == PROTO_UDP ? WIRE_UDP : WIRE_TCP,
				.any_from = line->path->from_host == HOST_ANY,
				.any_to = line->path->to_host == HOST_ANY,
				.from = from[k / n_to],
				.to = to[k % n_to],
				.source = plan_source(plan, row, link),
				.destination = plan_destination(plan, row, link)};

			add_rule(b->firewall, &rule);
		}
	}
}

enum err sim_allow(struct sim_border *firewall, const struct plan *plan,
	const struct sim_named *hosts, size_t n_hosts)
{
	struct sim *sim = firewall->sim;

	for (int i = PLAN_NONE + 1; i < PLAN_ROW_MAX; i++) {
		enum plan_row row = (enum plan_row)i;
		const struct plan_path *path = plan_line(row)->path;
		int from = zone_of_plan(sim, path->from_zone),
		    to = zone_of_plan(sim, path->to_zone);

		if (!plan_is_on(plan, row) || !plan_is_end(plan, row) || from < 0 || to < 0)
			continue;
		if (crosses(sim, firewall, firewall->a, from, to) ||
			crosses(sim, firewall, firewall->b, from, to))
			allow_row(firewall, plan, row, hosts, n_hosts);
	}
	return firewall->firewall->n_rules < RULES_MAX ? OK : ERR_FULL;
}

void sim_disallow(struct sim_border *firewall, enum plan_row row)
{
	struct firewall *f = firewall->firewall;
	size_t n = 0;

	for (size_t i = 0; i < f->n_rules; i++) {
		if (f->rules[i].row != row)
			f->rules[n++] = f->rules[i];
	}
	f->n_rules = n;
}

/* ---- what passes ---- */

static bool set_has(const struct port_set *set, uint16_t port)
{
	for (size_t i = 0; i < set->n; i++) {
		if (port >= set->v[i].low && port <= set->v[i].high)
			return true;
	}
	return false;
}

/* A row with "any" at one end still has its direction: that of its zones. */
static bool has_direction(struct sim_border *b, int from_zone, const struct rule *rule)
{
	const struct plan_path *path = plan_line(rule->row)->path;

	return crosses(b->sim, b, from_zone, zone_of_plan(b->sim, path->from_zone),
		zone_of_plan(b->sim, path->to_zone));
}

static const struct rule *find_rule(struct sim_border *b, int from_zone, const struct journey *j)
{
	struct firewall *f = b->firewall;

	for (size_t i = 0; i < f->n_rules; i++) {
		const struct rule *r = &f->rules[i];

		if (r->protocol == j->protocol && set_has(&r->source, j->from.port) &&
			set_has(&r->destination, j->to.port) &&
			(r->any_from || addr_same_host(&r->from, &j->from)) &&
			(r->any_to || addr_same_host(&r->to, &j->to)) &&
			has_direction(b, from_zone, r))
			return r;
	}
	return NULL;
}

static void put_addr(uint8_t *p, const struct addr *a)
{
	p[0] = a->family;
	memcpy(p + 1, a->ip, 16);
	p[17] = (uint8_t)(a->port >> 8);
	p[18] = (uint8_t)a->port;
}

static void make_key(enum wire_protocol protocol, const struct addr *from, const struct addr *to,
	uint8_t ret_key[STATE_BYTES])
{
	ret_key[0] = (uint8_t)protocol;
	put_addr(ret_key + 1, from);
	put_addr(ret_key + 20, to);
}

static struct state *find_state(struct firewall *f, const uint8_t key[STATE_BYTES])
{
	uint64_t hash = hash_of(&f->table, (struct str){(const char *)key, STATE_BYTES});

	for (struct hash_node *n = hash_first(&f->table, hash); n; n = hash_next(n)) {
		struct state *s = container_of(n, struct state, node);

		if (memcmp(s->key, key, STATE_BYTES) == 0)
			return s;
	}
	return NULL;
}

static void note_allowed(struct firewall *f, const struct journey *j, uint64_t now)
{
	uint8_t key[STATE_BYTES];
	struct state *s;

	make_key(j->protocol, &j->from, &j->to, key);
	s = find_state(f, key);
	if (!s) {
		s = pool_take(&f->states);
		if (!s) /* a full table: later answers are dropped, as a real one would */
			return;
		memcpy(s->key, key, sizeof key);
		hash_add(&f->table, &s->node,
			hash_of(&f->table, (struct str){(const char *)key, STATE_BYTES}));
	}
	s->last = now;
}

static bool is_answer(struct firewall *f, const struct journey *j, uint64_t now)
{
	uint8_t key[STATE_BYTES];
	struct state *s;

	make_key(j->protocol, &j->to, &j->from, key);
	s = find_state(f, key);
	return s && (j->protocol == WIRE_TCP || now - s->last <= f->patience_ns);
}

static bool continues(struct firewall *f, const struct journey *j)
{
	uint8_t key[STATE_BYTES];

	make_key(j->protocol, &j->from, &j->to, key);
	return j->protocol == WIRE_TCP && !j->opens && find_state(f, key);
}

/* Whether the plan knows these ports in either direction: then it is a packet whose state is gone, not one
 * that should never have been sent. */
static bool is_of_plan(struct sim_border *b, int from_zone, const struct journey *j)
{
	struct journey back = *j;

	back.from = j->to;
	back.to = j->from;
	return find_rule(b, from_zone, j) || find_rule(b, from_zone == b->a ? b->b : b->a, &back);
}

bool firewall_lets(struct sim_border *b, int from_zone, const struct journey *j)
{
	struct firewall *f = b->firewall;
	const struct rule *rule = j->opens ? find_rule(b, from_zone, j) : NULL;
	struct sim_host *sender;

	if (rule) {
		f->hits[rule->row]++;
		note_allowed(f, j, b->sim->now);
		return true;
	}
	if (continues(f, j) || is_answer(f, j, b->sim->now))
		return true;
	sender = find_host(b->sim, &j->from);
	if (sender && is_of_plan(b, from_zone, j))
		sender->n_late++;
	else if (sender)
		sender->n_dropped++;
	return false;
}

void firewall_forget(struct firewall *f)
{
	for (struct state *s = NULL; (s = pool_next(&f->states, s));) {
		hash_remove(&f->table, &s->node);
		pool_give(&f->states, s);
	}
}
