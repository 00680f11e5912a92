/* nat.c - an address translator with the behaviours of RFC 4787: mapping and filtering, each
 * independent of the endpoint or dependent on its address, or on address and port.
 *
 * A mapping of UDP is renewed by what leaves alone (REQ-6) and forgotten after its timeout; one
 * of a stream stays until the state is forgotten. Hairpinning needs no rule of its own: what is
 * sent from inside to the public address leaves, is translated, and comes back in. */
#include <string.h>

#include "sim/private.h"

#define MAPPINGS_MAX 1024
#define PEERS_MAX    32 /* that a mapping remembers for its filter; the oldest is overwritten */
#define PORT_LOW     1024u

struct mapping {
	bool is_used;
	enum wire_protocol protocol;
	struct addr inside, peer; /* peer: what a dependent mapping is for */
	uint16_t port;
	uint64_t last;
	struct addr peers[PEERS_MAX];
	size_t n_peers;
};

struct nat {
	struct addr host;
	struct sim_nat kind;
	struct mapping mappings[MAPPINGS_MAX];
};

enum err nat_new(struct sim_border *b, const struct addr *host, const struct sim_nat *kind)
{
	b->nat = mem_array(1, sizeof *b->nat);
	if (!b->nat)
		return ERR_FULL;
	b->nat->host = addr_with_port(host, 0);
	b->nat->kind = *kind;
	return OK;
}

void nat_free(struct nat *n)
{
	mem_free(n);
}

void nat_forget(struct nat *n)
{
	memset(n->mappings, 0, sizeof n->mappings);
}

bool nat_has(const struct sim_border *b, const struct addr *a)
{
	return addr_same_host(&b->nat->host, a);
}

static bool fits(enum sim_nat_rule rule, const struct addr *a, const struct addr *b)
{
	return rule == NAT_ANY || (rule == NAT_HOST && addr_same_host(a, b)) ||
	       (rule == NAT_HOST_AND_PORT && addr_eq(a, b));
}

static bool is_live(const struct nat *n, const struct mapping *m, uint64_t now)
{
	return m->is_used && (m->protocol == WIRE_TCP ||
				     now - m->last <= n->kind.timeout_ms * (uint64_t)NS_PER_MS);
}

static struct mapping *find_out(struct nat *n, const struct journey *j, uint64_t now)
{
	for (size_t i = 0; i < MAPPINGS_MAX; i++) {
		struct mapping *m = &n->mappings[i];

		if (is_live(n, m, now) && m->protocol == j->protocol &&
			addr_eq(&m->inside, &j->from) && fits(n->kind.mapping, &m->peer, &j->to))
			return m;
	}
	return NULL;
}

static struct mapping *find_in(
	struct nat *n, enum wire_protocol protocol, uint16_t port, uint64_t now)
{
	for (size_t i = 0; i < MAPPINGS_MAX; i++) {
		struct mapping *m = &n->mappings[i];

		if (is_live(n, m, now) && m->protocol == protocol && m->port == port)
			return m;
	}
	return NULL;
}

static uint16_t free_port(struct sim_border *b, const struct journey *j)
{
	uint32_t wanted = j->from.port;

	if (!b->nat->kind.keeps_port)
		wanted = PORT_LOW + sim_random(b->sim, 65536 - PORT_LOW);
	while (find_in(b->nat, j->protocol, (uint16_t)wanted, b->sim->now))
		wanted = wanted == 65535 ? PORT_LOW : wanted + 1;
	return (uint16_t)wanted;
}

static struct mapping *new_mapping(struct sim_border *b, const struct journey *j)
{
	for (size_t i = 0; i < MAPPINGS_MAX; i++) {
		struct mapping *m = &b->nat->mappings[i];

		if (is_live(b->nat, m, b->sim->now))
			continue;
		*m = (struct mapping){.protocol = j->protocol,
			.inside = j->from,
			.peer = j->to,
			.port = free_port(b, j)};
		m->is_used = true;
		return m;
	}
	return NULL;
}

static void note_peer(struct mapping *m, const struct addr *peer)
{
	for (size_t i = 0; i < m->n_peers && i < PEERS_MAX; i++) {
		if (addr_eq(&m->peers[i], peer))
			return;
	}
	m->peers[m->n_peers++ % PEERS_MAX] = *peer;
}

bool nat_out(struct sim_border *b, struct journey *j)
{
	struct mapping *m = find_out(b->nat, j, b->sim->now);

	if (!m)
		m = j->opens ? new_mapping(b, j) : NULL;
	if (!m)
		return false;
	m->last = b->sim->now;
	note_peer(m, &j->to);
	j->from = addr_with_port(&b->nat->host, m->port);
	return true;
}

bool nat_in(struct sim_border *b, struct journey *j)
{
	struct mapping *m = find_in(b->nat, j->protocol, j->to.port, b->sim->now);

	for (size_t i = 0; m && i < m->n_peers && i < PEERS_MAX; i++) {
		if (fits(b->nat->kind.filtering, &m->peers[i], &j->from)) {
			j->to = m->inside;
			return true;
		}
	}
	return false;
}
