/* zones.c - what the options of a zone must be to one another: role, peers, login, pairing, transport. */
#include "conf/zones.h"

#include <string.h>

#include "conf/nearest.h"
#include "conf/pairing.h"
#include "conf/spot.h"

static bool is_link(const struct conf_zone *z)
{
	return z->type == ZT_TRAVERSAL_CLIENT || z->type == ZT_TRAVERSAL_SERVER;
}

static void check_zone_name(struct reading *r, uint32_t i)
{
	static const char *const words[] = {
		"none", "any", "all-zones", "local", "default", "refused"};
	const char *name = r->c->zones[i].name;
	struct spot s = spot(r, "zones[%u].name", i);

	for (size_t k = 0; k < sizeof words / sizeof words[0]; k++) {
		if (strcmp(name, words[k]) == 0)
			fault(r, &s, "\"%s\" is a word of the dial plan, no name", name);
	}
	for (uint32_t k = 0; k < i && name[0]; k++) {
		if (strcmp(name, r->c->zones[k].name) == 0)
			fault(r, &s, "\"%s\" is the name of zones[%u] too", name, k);
	}
}

static void check_zone_role(struct reading *r, uint32_t i)
{
	const struct conf_zone *z = &r->c->zones[i];
	struct spot s = spot(r, "zones[%u].type", i);

	if (!r->is_role_known || !s.is_set)
		return;
	if (z->type == ZT_TRAVERSAL_CLIENT && r->role == ROLE_EDGE)
		fault(r, &s,
			"a traversal client dials, and an edge only listens (allowed: "
			"traversal-server, neighbor, dns; did you mean traversal-server?)");
	if (z->type == ZT_TRAVERSAL_SERVER && r->role == ROLE_CONTROL)
		fault(r, &s,
			"a traversal server listens, and a control only dials (allowed: "
			"traversal-client, neighbor, dns; did you mean traversal-client?)");
}

static void check_zone_peers(struct reading *r, uint32_t i)
{
	const struct conf_zone *z = &r->c->zones[i];
	struct spot s = spot(r, "zones[%u].peers", i), type = spot(r, "zones[%u].type", i);

	if (spot_is_bad(r, &type) || !type.is_set)
		return;
	if ((z->type == ZT_TRAVERSAL_CLIENT || z->type == ZT_NEIGHBOR) && z->n_peers == 0)
		fault(r, &s, "is missing (allowed: 1 to 6 host names or addresses)");
	for (uint32_t a = 1; a < z->n_peers; a++) {
		for (uint32_t b = 0; b < a; b++) {
			s = spot(r, "zones[%u].peers[%u]", i, a);
			if (strcmp(z->peers[a], z->peers[b]) == 0)
				fault(r, &s, "\"%s\" stands twice", z->peers[a]);
		}
	}
}

static void pairing_missing(struct reading *r, uint32_t i)
{
	const struct conf_input *in = r->in;
	const struct conf_zone *z = &r->c->zones[i];
	struct spot s = spot(r, "zones[%u].pairing", i);
	struct nearest near = nearest_to(str_of(z->pairing));
	char list_buf[512];
	struct wr list = wr_of(list_buf, sizeof list_buf);

	for (size_t k = 0; k < in->n_pairings; k++) {
		nearest_try(&near, in->pairings[k].name);
		if (wr_len(&list) + in->pairings[k].name.len + 2 < sizeof list_buf)
			wr_printf(
				&list, "%s" STR_FMT, k ? ", " : "", STR_ARG(in->pairings[k].name));
	}
	if (in->n_pairings == 0)
		fault(r, &s, "there is no pairing named \"%s\"; `fosse init` makes one",
			z->pairing);
	else if (nearest_found(&near).len)
		fault(r, &s,
			"there is no pairing named \"%s\" (allowed: " STR_FMT
			"; did you mean " STR_FMT "?)",
			z->pairing, STR_ARG(wr_done(&list)), STR_ARG(nearest_found(&near)));
	else
		fault(r, &s, "there is no pairing named \"%s\" (allowed: " STR_FMT ")", z->pairing,
			STR_ARG(wr_done(&list)));
}

static void load_pairing(struct reading *r, uint32_t i)
{
	struct conf_zone *z = &r->c->zones[i];
	struct spot s = spot(r, "zones[%u].pairing", i);
	const char *why;
	uint32_t line;

	for (size_t k = 0; z->pairing[0] && k < r->in->n_pairings; k++) {
		if (!str_eq(r->in->pairings[k].name, str_of(z->pairing)))
			continue;
		if (pairing_parse(r->in->pairings[k].text, &z->pair, &line, &why) != OK) {
			fault(r, &s, "line %u of pairing \"%s\" %s", line, z->pairing, why);
			return;
		}
		z->has_pairing = pairing_is_joined(&z->pair);
		if (!z->has_pairing)
			hint(r, &s, "nobody has joined pairing \"%s\" yet", z->pairing);
		return;
	}
	if (z->pairing[0] && r->in->has_files)
		pairing_missing(r, i);
}

static void check_zone_login(struct reading *r, uint32_t i)
{
	const struct conf_zone *z = &r->c->zones[i];
	struct spot s = spot(r, "zones[%u]", i), verify = spot(r, "zones[%u].tls.verify", i);
	struct spot password = spot(r, "zones[%u].password", i);

	if (is_link(z) && !z->pairing[0] &&
		(!z->username[0] || !(z->password[0] || password.is_set)))
		fault(r, &s, "needs a pairing, or a username and a password");
	if (z->type == ZT_NEIGHBOR && z->password[0] && !z->login_realm[0]) {
		s = spot(r, "zones[%u].login_realm", i);
		fault(r, &s, "is missing: a password is given to one realm alone");
	}
	if (z->tls.verify == VERIFY_PINNED && !z->pairing[0] && verify.is_set)
		fault(r, &verify, "there is no pairing whose key could be pinned (allowed: ca)");
	if (z->type == ZT_TRAVERSAL_SERVER && z->tls.verify == VERIFY_CA && !z->tls.subject[0] &&
		z->sip.transport == TRANSPORT_TLS) {
		s = spot(r, "zones[%u].tls.subject", i);
		fault(r, &s,
			"is missing: verify ca needs the name in the certificate of who dials");
	}
}

static void check_zone_transport(struct reading *r, uint32_t i)
{
	const struct conf_zone *z = &r->c->zones[i];
	struct spot s = spot(r, "zones[%u].sip.transport", i);

	if (is_link(z) && z->sip.transport == TRANSPORT_UDP)
		fault(r, &s, "the traversal link is a connection (allowed: tls, tcp)");
	else if (z->uc && z->sip.transport != TRANSPORT_TLS)
		fault(r, &s, "a zone for unified communications is encrypted (allowed: tls)");
	else if (is_link(z) && z->sip.transport == TRANSPORT_TCP)
		hint(r, &s, "calls between the nodes are not encrypted");
	if (!z->uc)
		return;
	s = spot(r, "zones[%u].media_encryption", i);
	if (z->media_encryption != ENC_ENCRYPTED)
		fault(r, &s, "a zone for unified communications is encrypted (allowed: encrypted)");
	s = spot(r, "zones[%u].h323.enabled", i);
	if (z->h323.enabled)
		fault(r, &s, "a zone for unified communications has no H.323 (allowed: false)");
}

/* Edge listens on them, so each is one zone's alone; at Control the ports are its peers'. */
static void check_zone_port(struct reading *r, uint32_t i)
{
	const struct conf_zone *z = &r->c->zones[i];
	struct spot s = spot(r, "zones[%u].sip.port", i);

	for (uint32_t k = 0; k < i && z->type == ZT_TRAVERSAL_SERVER; k++) {
		const struct conf_zone *other = &r->c->zones[k];

		if (other->type != ZT_TRAVERSAL_SERVER)
			continue;
		if (z->sip.enabled && other->sip.enabled && z->sip.port == other->sip.port)
			fault(r, &s, "%u is the port of zone \"%s\" too", z->sip.port, other->name);
		s = spot(r, "zones[%u].h323.port", i);
		if (z->h323.enabled && other->h323.enabled && z->h323.port == other->h323.port)
			fault(r, &s, "%u is the port of zone \"%s\" too", z->h323.port,
				other->name);
	}
}

void check_zones(struct reading *r)
{
	for (uint32_t i = 0; i < r->c->n_zones; i++) {
		struct spot s = spot(r, "zones[%u]", i);

		if (spot_is_bad(r, &s))
			continue; /* not even a section */
		check_zone_name(r, i);
		check_zone_role(r, i);
		check_zone_peers(r, i);
		check_zone_login(r, i);
		check_zone_transport(r, i);
		check_zone_port(r, i);
		load_pairing(r, i);
	}
}
