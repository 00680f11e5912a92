/* image.c - is this mapping a configuration of this build? Hostile input: the header first, then every
 * option by its line of the schema, then what has no line. Reads through bytes, believes no count. */
#include "conf/value.h"

#include <string.h>

static bool rows_are_sane(const struct conf *c, struct opt_range r, const void *base);

static bool list_is_sane(const struct conf *c, const struct opt_child *list, const void *base)
{
	const struct opt *o = list->row;
	const uint32_t n = opt_count(o, base);

	if (n > o->max)
		return false;
	for (uint32_t i = 0; i < n; i++) {
		const void *element = opt_at_const(o, base, i);

		if (o->kind == K_LIST ? !rows_are_sane(c, list->below, element)
				      : !value_is_sane(o, c, element))
			return false;
	}
	return true;
}

/* Recursion follows the schema: at most five deep. */
static bool rows_are_sane(const struct conf *c, struct opt_range r, const void *base)
{
	struct opt_child child;

	for (uint32_t at = r.first; schema_child(r, at, &child); at = child.next) {
		const struct opt *o = child.row;

		if (!o) {
			if (!rows_are_sane(c, child.below, base))
				return false;
		} else if (o->max) {
			if (!list_is_sane(c, &child, base))
				return false;
		} else if (!value_is_sane(o, c, opt_at_const(o, base, 0))) {
			return false;
		}
	}
	return true;
}

static bool is_bool(const bool *b)
{
	uint8_t v;

	memcpy(&v, b, sizeof v);
	return v <= 1;
}

static bool pairing_is_sane(const struct conf_zone *z)
{
	const struct conf_pairing *p = &z->pair;

	return is_bool(&z->has_pairing) && is_bool(&p->has_join) && p->n_spki <= 2 &&
	       p->n_media_keys <= 2 && memchr(p->username, 0, sizeof p->username) &&
	       memchr(p->peer_name, 0, sizeof p->peer_name) &&
	       (p->peer_inside.family == AF_NONE || p->peer_inside.family == AF_V4 ||
		       p->peer_inside.family == AF_V6);
}

static bool rest_is_sane(const struct conf *c)
{
	for (enum plan_range range = RANGE_NONE + 1; range < PLAN_RANGE_MAX; range++) {
		if (c->ports[range].low > c->ports[range].high)
			return false;
	}
	for (uint32_t i = 0; i < c->n_zones; i++) {
		if (!pairing_is_sane(&c->zones[i]))
			return false;
	}
	return c->n_zones > 0 && c->n_subzones > 0 && c->node.inside.family != AF_NONE;
}

bool conf_check_image(const void *image, size_t size)
{
	const struct conf *c = image;

	if (!image || size < sizeof *c)
		return false;
	if (memcmp(c->head.magic, CONF_MAGIC, sizeof c->head.magic) != 0 ||
		c->head.size != sizeof *c || c->head.layout != schema_layout())
		return false;
	/* references are judged by the number of zones */
	if (c->n_zones > CONF_ZONES)
		return false;
	return rows_are_sane(c, schema_root(), c) && rest_is_sane(c);
}
