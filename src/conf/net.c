/* net.c - values that are addresses, networks, ports and bytes. Pure. */
#include "conf/form.h"

static enum err addr_value_parse(const struct opt *o, const struct conf *c, struct str text,
	void *place, const char **ret_why)
{
	struct addr a = {0};

	(void)c;
	if (!(text.len == 0 && (o->flags & OPT_EMPTY)) && addr_parse_host(text, &a) != OK)
		return refuse(ERR_SYNTAX, "is not an address", ret_why);
	memcpy(place, &a, sizeof a);
	return OK;
}

static void addr_value_put(
	const struct opt *o, const struct conf *c, const void *place, struct wr *w)
{
	char text[ADDR_TEXT_SIZE];
	const struct addr *a = place;

	(void)o;
	(void)c;
	if (a->family)
		wr_printf(w, "%s", addr_put_host(a, text));
}

static bool addr_value_is_sane(const struct opt *o, const struct conf *c, const void *place)
{
	const struct addr *a = place;

	(void)o;
	(void)c;
	return a->family == AF_NONE || a->family == AF_V4 || a->family == AF_V6;
}

static void addr_allowed(const struct opt *o, const struct conf *c, struct wr *w)
{
	(void)o;
	(void)c;
	wr_printf(w, "an IPv4 or IPv6 address, without port");
}

static enum err prefix_value_parse(const struct opt *o, const struct conf *c, struct str text,
	void *place, const char **ret_why)
{
	struct prefix p = {0};

	(void)c;
	if (!(text.len == 0 && (o->flags & OPT_EMPTY)) && prefix_parse(text, &p) != OK)
		return refuse(ERR_SYNTAX, "is not a network, an address and its length", ret_why);
	memcpy(place, &p, sizeof p);
	return OK;
}

static void prefix_put(const struct opt *o, const struct conf *c, const void *place, struct wr *w)
{
	const struct prefix *p = place;

	addr_value_put(o, c, &p->addr, w);
	if (p->addr.family)
		wr_printf(w, "/%u", p->bits);
}

static bool prefix_is_sane(const struct opt *o, const struct conf *c, const void *place)
{
	const struct prefix *p = place;

	return addr_value_is_sane(o, c, &p->addr) &&
	       p->bits <= (p->addr.family == AF_V6 ? 128 : 32);
}

static void prefix_allowed(const struct opt *o, const struct conf *c, struct wr *w)
{
	(void)o;
	(void)c;
	wr_printf(w, "a network such as 10.0.0.0/8");
}

static enum err number_of_port(
	const struct opt *o, struct str text, uint16_t *ret_port, const char **ret_why)
{
	uint64_t v;

	if (str_u64(text, 65535, &v) != OK || (int64_t)v < o->low || (int64_t)v > o->high)
		return refuse(ERR_RANGE, "is not a port", ret_why);
	*ret_port = (uint16_t)v;
	return OK;
}

static enum err port_parse(const struct opt *o, const struct conf *c, struct str text, void *place,
	const char **ret_why)
{
	uint16_t port;
	struct ports one;

	(void)c;
	if (number_of_port(o, text, &port, ret_why) != OK)
		return ERR_RANGE;
	one = (struct ports){port, port};
	memcpy(place, &one, o->kind == K_PORT ? sizeof port : sizeof one);
	return OK;
}

static enum err ports_parse(const struct opt *o, const struct conf *c, struct str text, void *place,
	const char **ret_why)
{
	struct str high = text;
	struct str low = str_cut(&high, '-');
	struct ports p;

	(void)c;
	if (number_of_port(o, low, &p.low, ret_why) != OK ||
		number_of_port(o, low.len < text.len ? high : low, &p.high, ret_why) != OK)
		return refuse(ERR_RANGE, "is not a range of ports, LOW-HIGH", ret_why);
	if (p.low > p.high)
		return refuse(ERR_RANGE, "ends before it begins", ret_why);
	memcpy(place, &p, sizeof p);
	return OK;
}

static void ports_allowed(const struct opt *o, const struct conf *c, struct wr *w)
{
	wr_printf(w, "LOW-HIGH within ");
	bounds_put(o, c, w);
}

static void port_put(const struct opt *o, const struct conf *c, const void *place, struct wr *w)
{
	uint16_t port;

	(void)o;
	(void)c;
	memcpy(&port, place, sizeof port);
	wr_printf(w, "%u", port);
}

static void ports_put(const struct opt *o, const struct conf *c, const void *place, struct wr *w)
{
	const struct ports *p = place;

	(void)o;
	(void)c;
	wr_printf(w, "%u", p->low);
	if (p->high != p->low)
		wr_printf(w, "-%u", p->high);
}

static bool always_sane(const struct opt *o, const struct conf *c, const void *place)
{
	(void)o;
	(void)c;
	(void)place;
	return true;
}

static bool ports_are_sane(const struct opt *o, const struct conf *c, const void *place)
{
	const struct ports *p = place;

	(void)o;
	(void)c;
	return p->low <= p->high && p->low > 0;
}

static enum err hex_parse(const struct opt *o, const struct conf *c, struct str text, void *place,
	const char **ret_why)
{
	(void)c;
	if (text.len == 0 && (o->flags & OPT_EMPTY)) {
		memset(place, 0, o->size);
		return OK;
	}
	if (str_hex(text, place, o->size) != OK)
		return refuse(ERR_SYNTAX, "is not that many hexadecimal digits", ret_why);
	return OK;
}

static void hex_put(const struct opt *o, const struct conf *c, const void *place, struct wr *w)
{
	const uint8_t *bytes = place;
	uint8_t any = 0;

	(void)c;
	for (uint32_t i = 0; i < o->size; i++)
		any |= bytes[i];
	for (uint32_t i = 0; any && i < o->size; i++)
		wr_printf(w, "%02x", bytes[i]);
}

static void hex_allowed(const struct opt *o, const struct conf *c, struct wr *w)
{
	(void)c;
	wr_printf(w, "%u hexadecimal digits, or file:NAME", 2 * o->size);
}

/* clang-format off */
const struct form form_addr = { addr_value_parse, addr_value_put, addr_value_is_sane, addr_allowed, true };
const struct form form_prefix = { prefix_value_parse, prefix_put, prefix_is_sane, prefix_allowed, true };
const struct form form_port = { port_parse, port_put, always_sane, bounds_put, false };
const struct form form_port_one = { port_parse, ports_put, ports_are_sane, bounds_put, false };
const struct form form_ports = { ports_parse, ports_put, ports_are_sane, ports_allowed, false };
const struct form form_hex = { hex_parse, hex_put, always_sane, hex_allowed, true };
/* clang-format on */
