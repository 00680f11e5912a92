/* derive.c - defaults that follow from other options. Runs after the walk, before the rules; changes
 * only what the file left open. */
#include "conf/derive.h"

#include <string.h>

static bool is_set(const struct reading *r, uint32_t zone, const char *key)
{
	char path[96];
	struct wr w = wr_of(path, sizeof path);
	bool is_there;

	wr_printf(&w, "zones[%u].%s", zone, key);
	(void)tree_place(&r->tree, wr_done(&w), &is_there);
	return is_there;
}

static bool is_link(const struct conf_zone *z)
{
	return z->type == ZT_TRAVERSAL_CLIENT || z->type == ZT_TRAVERSAL_SERVER;
}

static enum plan_range sip_range(enum conf_transport transport)
{
	switch (transport) {
	case TRANSPORT_TCP:
		return RANGE_SIP_TCP;
	case TRANSPORT_UDP:
		return RANGE_SIP_UDP;
	case TRANSPORT_TLS:
		break;
	}
	return RANGE_SIP_TLS;
}

/* links: how many traversal zones come before this one. The first has the plan's first port. */
static void derive_ports(struct conf_zone *z, const struct plan *p, uint32_t links)
{
	if (is_link(z)) {
		if (!z->sip.port)
			z->sip.port = (uint16_t)(plan_range(p, RANGE_SIP_ZONE).low + links);
		if (!z->h323.port)
			z->h323.port = (uint16_t)(plan_range(p, RANGE_H323_ZONE).low + links);
	} else if (z->type == ZT_NEIGHBOR) {
		if (!z->sip.port)
			z->sip.port = plan_range(p, sip_range(z->sip.transport)).low;
		if (!z->h323.port)
			z->h323.port = plan_range(p, RANGE_H323_CALL).low;
	}
}

static void derive_zone(struct reading *r, uint32_t i)
{
	struct conf_zone *z = &r->c->zones[i];

	if (!is_set(r, i, "tls.verify"))
		z->tls.verify = z->pairing[0] ? VERIFY_PINNED : VERIFY_CA;
	if (!z->uc)
		return;
	if (!is_set(r, i, "h323.enabled"))
		z->h323.enabled = false;
	if (!is_set(r, i, "media_encryption"))
		z->media_encryption = ENC_ENCRYPTED;
}

/* The subzone of those who fit no other is always there, and the first. */
static void derive_subzones(struct reading *r)
{
	struct conf *c = r->c;
	struct opt_child subzones;
	struct conf_subzone first;
	uint32_t i = 0;

	while (i < c->n_subzones && strcmp(c->subzones[i].name, "default") != 0)
		i++;
	if (i == c->n_subzones &&
		(i == CONF_SUBZONES || !schema_find(schema_root(), STR("subzones"), &subzones)))
		return;
	if (i == c->n_subzones) {
		memset(&c->subzones[i], 0, sizeof c->subzones[i]);
		for (uint32_t row = subzones.below.first; row < subzones.below.end; row++) {
			if (schema[row].kind != K_LIST &&
				!strchr(schema[row].path + subzones.below.prefix_len, '['))
				value_set_default(&schema[row], c, r->role, &c->subzones[i]);
		}
		str_copy(STR("default"), c->subzones[i].name, sizeof c->subzones[i].name);
		c->n_subzones++;
	}
	first = c->subzones[i];
	memmove(&c->subzones[1], &c->subzones[0], i * sizeof first);
	c->subzones[0] = first;
}

void derive_conf(struct reading *r)
{
	struct conf *c = r->c;
	struct plan p;
	uint32_t links = 0;

	plan_defaults(
		&p, r->role == ROLE_EDGE ? HOST_EDGE : HOST_CONTROL, c->node.size == SIZE_LARGE);
	for (enum plan_range range = RANGE_NONE + 1; range < PLAN_RANGE_MAX; range++) {
		if (!c->ports[range].low)
			c->ports[range] = plan_range(&p, range);
	}
	if (!c->node.outside.family)
		c->node.outside = c->node.inside;
	if (!c->sip.realm[0])
		str_copy(str_of(c->sip.n_domains ? c->sip.domains[0] : c->node.name), c->sip.realm,
			sizeof c->sip.realm);
	if (!c->turn.realm[0])
		str_copy(str_of(c->sip.realm), c->turn.realm, sizeof c->turn.realm);
	for (uint32_t i = 0; i < c->n_zones; i++) {
		derive_ports(&c->zones[i], &p, links);
		links += is_link(&c->zones[i]);
		derive_zone(r, i);
	}
}

static int by_priority(const void *a, const void *b)
{
	const struct conf_rule *x = a, *y = b;

	if (x->priority != y->priority)
		return x->priority < y->priority ? -1 : 1;
	return 0;
}

static int transform_by_priority(const void *a, const void *b)
{
	const struct conf_transform *x = a, *y = b;

	if (x->priority != y->priority)
		return x->priority < y->priority ? -1 : 1;
	return 0;
}

/* glibc's qsort is a merge sort for arrays of this size only as long as it finds memory, so a stable
 * order is made here: insertion, which is quick for what is mostly sorted. */
static void sort_stable(
	void *array, size_t n, size_t size, void *spare, int (*compare)(const void *, const void *))
{
	uint8_t *a = array;

	for (size_t i = 1; i < n; i++) {
		size_t to = i;

		while (to > 0 && compare(a + (to - 1) * size, a + i * size) > 0)
			to--;
		if (to == i)
			continue;
		memcpy(spare, a + i * size, size);
		memmove(a + (to + 1) * size, a + to * size, (i - to) * size);
		memcpy(a + to * size, spare, size);
	}
}

void order_conf(struct reading *r)
{
	struct conf *c = r->c;
	union {
		struct conf_rule rule;
		struct conf_transform transform;
	} spare;

	derive_subzones(r);
	sort_stable(
		c->dial_plan.rules, c->dial_plan.n_rules, sizeof spare.rule, &spare, by_priority);
	sort_stable(c->dial_plan.transforms, c->dial_plan.n_transforms, sizeof spare.transform,
		&spare, transform_by_priority);
}
