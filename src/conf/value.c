/* value.c - the kinds of values: how each is read, written, bounded and explained.
 *
 * Readers are strict: one form for each value, units are part of it, and nothing is guessed. A refused
 * text leaves its place untouched. Values of a foreign mapping are looked at through bytes, never
 * through their type, so that no wrong bool or enum is loaded. */
#include "conf/value.h"

#include <assert.h>
#include <string.h>

#include "conf/nearest.h"

struct kind {
	enum err (*parse)(const struct opt *o, const struct conf *c, struct str text, void *place,
		const char **ret_why);
	void (*put)(const struct opt *o, const struct conf *c, const void *place, struct wr *w);
	bool (*is_sane)(const struct opt *o, const struct conf *c, const void *place);
	void (*put_allowed)(const struct opt *o, const struct conf *c, struct wr *w);
	bool is_text;
};

static enum err refuse(enum err err, const char *why, const char **ret_why)
{
	*ret_why = why;
	return err;
}

static uint32_t load_u32(const void *place)
{
	uint32_t v;

	memcpy(&v, place, sizeof v);
	return v;
}

static enum err store_in(const struct opt *o, uint64_t v, void *place, const char **ret_why)
{
	const uint32_t small = (uint32_t)v;

	if (v > INT64_MAX || (int64_t)v < o->low)
		return refuse(ERR_RANGE, "is too small", ret_why);
	if ((int64_t)v > o->high)
		return refuse(ERR_RANGE, "is too large", ret_why);
	memcpy(place, &small, sizeof small);
	return OK;
}

/* Zero is sane where it may be the default of nothing. */
static bool is_in(const struct opt *o, uint64_t v)
{
	return ((int64_t)v >= o->low && (int64_t)v <= o->high) || (v == 0 && !o->def);
}

static bool number_is_sane(const struct opt *o, const struct conf *c, const void *place)
{
	(void)c;
	return is_in(o, load_u32(place));
}

/* ---- bool ---- */

static enum err bool_parse(const struct opt *o, const struct conf *c, struct str text, void *place,
	const char **ret_why)
{
	const bool is_true = str_eq(text, STR("true"));

	(void)o;
	(void)c;
	if (!is_true && !str_eq(text, STR("false")))
		return refuse(ERR_SYNTAX, "is neither true nor false", ret_why);
	*(bool *)place = is_true;
	return OK;
}

static void bool_put(const struct opt *o, const struct conf *c, const void *place, struct wr *w)
{
	(void)o;
	(void)c;
	wr_printf(w, "%s", *(const bool *)place ? "true" : "false");
}

static bool bool_is_sane(const struct opt *o, const struct conf *c, const void *place)
{
	(void)o;
	(void)c;
	return *(const uint8_t *)place <= 1;
}

static void bool_allowed(const struct opt *o, const struct conf *c, struct wr *w)
{
	(void)o;
	(void)c;
	wr_printf(w, "true, false");
}

/* ---- whole numbers ---- */

static enum err int_parse(const struct opt *o, const struct conf *c, struct str text, void *place,
	const char **ret_why)
{
	uint64_t v;

	(void)c;
	if (str_u64(text, UINT64_MAX, &v) != OK)
		return refuse(ERR_SYNTAX, "is not a whole number", ret_why);
	return store_in(o, v, place, ret_why);
}

static enum err version_parse(const struct opt *o, const struct conf *c, struct str text,
	void *place, const char **ret_why)
{
	const char *why;

	if (int_parse(o, c, text, place, &why) != OK)
		return refuse(ERR_VERSION, "is a version that this build does not know", ret_why);
	return OK;
}

static void int_put(const struct opt *o, const struct conf *c, const void *place, struct wr *w)
{
	(void)o;
	(void)c;
	wr_printf(w, "%u", load_u32(place));
}

static void int_allowed(const struct opt *o, const struct conf *c, struct wr *w)
{
	(void)c;
	if (o->low == o->high)
		wr_printf(w, "%lld", (long long)o->low);
	else
		wr_printf(w, "%lld to %lld", (long long)o->low, (long long)o->high);
}

/* ---- numbers with a unit ---- */

struct unit {
	const char *name;
	uint64_t factor;
};

/* The largest first: what divides the value evenly is printed. */
static const struct unit durations[] = {
	{"d", 86400000}, {"h", 3600000}, {"m", 60000}, {"s", 1000}, {"ms", 1}, {NULL, 0}};
static const struct unit sizes[] = {{"MiB", 1048576}, {"KiB", 1024}, {"", 1}, {NULL, 0}};
static const struct unit rates[] = {{"M", 1000}, {"k", 1}, {NULL, 0}};

static const struct unit *units_of(const struct opt *o)
{
	if (o->kind == K_SIZE)
		return sizes;
	return o->kind == K_KBPS ? rates : durations;
}

static enum err unit_parse(const struct unit *units, struct str text, uint64_t *ret_value)
{
	size_t n = 0;
	uint64_t v;

	while (n < text.len && text.p[n] >= '0' && text.p[n] <= '9')
		n++;
	if (str_u64(str_head(text, n), UINT32_MAX, &v) != OK)
		return ERR_SYNTAX;
	for (; units->name; units++) {
		if (!str_eq(str_skip(text, n), str_of(units->name)))
			continue;
		*ret_value = v * units->factor; /* < 2^32 * 2^27 */
		return OK;
	}
	return ERR_SYNTAX;
}

static void unit_put(const struct unit *units, uint64_t v, struct wr *w)
{
	while (units[1].name && (v == 0 || v % units->factor))
		units++;
	wr_printf(w, "%llu%s", (unsigned long long)(v / units->factor), units->name);
}

static const char *unit_fault(const struct opt *o)
{
	if (o->kind == K_SIZE)
		return "is not a size";
	return o->kind == K_KBPS ? "is not a bandwidth" : "is not a duration with its unit";
}

static enum err united_parse(const struct opt *o, const struct conf *c, struct str text, void *place,
	const char **ret_why)
{
	uint64_t v;

	(void)c;
	if (unit_parse(units_of(o), text, &v) != OK)
		return refuse(ERR_SYNTAX, unit_fault(o), ret_why);
	if (o->kind == K_S && v % 1000)
		return refuse(ERR_SYNTAX, "is not in whole seconds", ret_why);
	return store_in(o, o->kind == K_S ? v / 1000 : v, place, ret_why);
}

static uint64_t in_units(const struct opt *o, uint64_t v)
{
	return o->kind == K_S ? v * 1000 : v;
}

static void united_put(const struct opt *o, const struct conf *c, const void *place, struct wr *w)
{
	(void)c;
	unit_put(units_of(o), in_units(o, load_u32(place)), w);
}

static void united_allowed(const struct opt *o, const struct conf *c, struct wr *w)
{
	(void)c;
	unit_put(units_of(o), in_units(o, (uint64_t)o->low), w);
	wr_printf(w, " to ");
	unit_put(units_of(o), in_units(o, (uint64_t)o->high), w);
}

static enum err rate_parse(const struct opt *o, const struct conf *c, struct str text, void *place,
	const char **ret_why)
{
	struct str number = str_cut(&text, '/');
	struct conf_rate rate;
	uint64_t n, period;

	(void)c;
	if (str_u64(number, UINT32_MAX, &n) != OK || unit_parse(durations, text, &period) != OK)
		return refuse(ERR_SYNTAX, "is not a rate, a number per duration", ret_why);
	if (period < 100 || period > 86400000)
		return refuse(ERR_RANGE, "has a period outside 100ms to 1d", ret_why);
	if (store_in(o, n, &rate.n, ret_why) != OK)
		return ERR_RANGE;
	rate.per_ms = (uint32_t)period;
	memcpy(place, &rate, sizeof rate);
	return OK;
}

static void rate_put(const struct opt *o, const struct conf *c, const void *place, struct wr *w)
{
	(void)o;
	(void)c;
	wr_printf(w, "%u/", load_u32(place));
	unit_put(durations, load_u32((const uint8_t *)place + 4), w);
}

static bool rate_is_sane(const struct opt *o, const struct conf *c, const void *place)
{
	return number_is_sane(o, c, place) && load_u32((const uint8_t *)place + 4) >= 100;
}

static void rate_allowed(const struct opt *o, const struct conf *c, struct wr *w)
{
	int_allowed(o, c, w);
	wr_printf(w, " per duration, such as 20/1s");
}

/* ---- words ---- */

static bool word_index(const struct opt *o, struct str text, uint32_t *ret_index)
{
	struct str word;

	for (uint32_t i = 0; (word = opt_word(o, i)).len; i++) {
		if (!str_eq(word, text))
			continue;
		*ret_index = i;
		return true;
	}
	return false;
}

static enum err enum_parse(const struct opt *o, const struct conf *c, struct str text, void *place,
	const char **ret_why)
{
	uint32_t i;

	(void)c;
	if (!word_index(o, text, &i))
		return refuse(ERR_SYNTAX, "is not one of its words", ret_why);
	memcpy(place, &i, sizeof i);
	return OK;
}

static void enum_put(const struct opt *o, const struct conf *c, const void *place, struct wr *w)
{
	(void)c;
	wr_str(w, opt_word(o, load_u32(place)));
}

static bool enum_is_sane(const struct opt *o, const struct conf *c, const void *place)
{
	(void)c;
	return load_u32(place) < opt_n_words(o);
}

static void enum_allowed(const struct opt *o, const struct conf *c, struct wr *w)
{
	struct str word;

	(void)c;
	for (uint32_t i = 0; (word = opt_word(o, i)).len; i++)
		wr_printf(w, "%s" STR_FMT, i ? ", " : "", STR_ARG(word));
}

static enum err ref_parse(const struct opt *o, const struct conf *c, struct str text, void *place,
	const char **ret_why)
{
	uint32_t ref;

	if (word_index(o, text, &ref)) {
		memcpy(place, &ref, sizeof ref);
		return OK;
	}
	for (uint32_t i = 0; i < c->n_zones; i++) {
		if (!str_eq(str_of(c->zones[i].name), text))
			continue;
		ref = REF_ZONE0 + i;
		memcpy(place, &ref, sizeof ref);
		return OK;
	}
	return refuse(ERR_NOENT, "is not the name of a zone", ret_why);
}

static void ref_put(const struct opt *o, const struct conf *c, const void *place, struct wr *w)
{
	const uint32_t ref = load_u32(place);

	if (ref >= REF_ZONE0)
		wr_str(w, str_of(c->zones[ref - REF_ZONE0].name));
	else
		wr_str(w, opt_word(o, ref));
}

static bool ref_is_sane(const struct opt *o, const struct conf *c, const void *place)
{
	const uint32_t ref = load_u32(place);

	if (ref >= REF_ZONE0)
		return ref - REF_ZONE0 < c->n_zones;
	return ref < opt_n_words(o);
}

static void ref_allowed(const struct opt *o, const struct conf *c, struct wr *w)
{
	const char *comma = "";
	struct str word;

	/* "none" is what is meant when nothing is written */
	for (uint32_t i = 1; (word = opt_word(o, i)).len; i++) {
		wr_printf(w, "%s" STR_FMT, comma, STR_ARG(word));
		comma = ", ";
	}
	for (uint32_t i = 0; i < c->n_zones && i < 12; i++) {
		wr_printf(w, "%s%s", comma, c->zones[i].name);
		comma = ", ";
	}
	if (c->n_zones > 12)
		wr_printf(w, ", ...");
}

/* ---- texts ---- */

/* What YAML takes for a line break or does not carry at all, as UTF-8: U+0080 to U+009F, U+2028,
 * U+2029, U+FEFF, U+FFFE, U+FFFF. */
static bool is_odd_character(const unsigned char *p, size_t n)
{
	if (n >= 2 && p[0] == 0xc2 && p[1] < 0xa0)
		return true;
	return n >= 3 &&
		((p[0] == 0xe2 && p[1] == 0x80 && (p[2] == 0xa8 || p[2] == 0xa9)) ||
			(p[0] == 0xef && p[1] == 0xbb && p[2] == 0xbf) ||
			(p[0] == 0xef && p[1] == 0xbf && p[2] >= 0xbe));
}

static bool is_printable(struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		const unsigned char *p = (const unsigned char *)s.p + i;

		if (*p < 0x20 || *p == 0x7f || is_odd_character(p, s.len - i))
			return false;
	}
	return true;
}

static bool is_name(struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		const char c = ascii_lower(s.p[i]);

		if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && !strchr("._-", c))
			return false;
	}
	return s.len > 0;
}

/* Letters, digits and inner hyphens (RFC 1123 section 2.1). */
static bool is_label(struct str s)
{
	if (s.len == 0 || s.len > 63 || s.p[0] == '-' || s.p[s.len - 1] == '-')
		return false;
	for (size_t i = 0; i < s.len; i++) {
		const char c = ascii_lower(s.p[i]);

		if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '-')
			return false;
	}
	return true;
}

static bool is_host_name(struct str s)
{
	struct str label = STR_NONE;
	uint64_t number;

	if (s.len == 0 || s.len > 253)
		return false;
	while (s.len) {
		const size_t before = s.len;

		label = str_cut(&s, '.');
		if (!is_label(label) || (s.len == 0 && label.len < before))
			return false; /* also a dot at the end */
	}
	/* a last label of digits alone is a mistyped address */
	return str_u64(label, UINT64_MAX, &number) != OK;
}

static bool is_host(struct str s)
{
	struct addr a;

	return addr_parse_host(s, &a) == OK || is_host_name(s);
}

static const char *host_fault(struct str s)
{
	struct str rest = s;
	struct str host = str_cut(&rest, ':');

	if (rest.len && rest.len <= 5 && is_host(host))
		return "holds a port, which has a setting of its own";
	return "is neither a host name nor an address";
}

static const char *text_fault(const struct opt *o, struct str text)
{
	if (text.len == 0)
		return o->flags & OPT_EMPTY ? NULL : "is empty";
	if (text.len >= o->size)
		return "is too long";
	if (!is_printable(text))
		return "holds a control character";
	if (o->kind == K_NAME && !is_name(text))
		return "is not a name of letters, digits, \".\", \"_\" and \"-\"";
	if (o->kind == K_HOST && !is_host(text))
		return host_fault(text);
	return NULL;
}

static enum err text_parse(const struct opt *o, const struct conf *c, struct str text, void *place,
	const char **ret_why)
{
	char *z = place;

	(void)c;
	*ret_why = text_fault(o, text);
	if (*ret_why)
		return ERR_SYNTAX;
	memset(z, 0, o->size);
	for (size_t i = 0; i < text.len; i++)
		z[i] = o->kind == K_HOST ? ascii_lower(text.p[i]) : text.p[i];
	return OK;
}

static void text_put(const struct opt *o, const struct conf *c, const void *place, struct wr *w)
{
	(void)o;
	(void)c;
	wr_str(w, str_of(place));
}

static bool text_is_sane(const struct opt *o, const struct conf *c, const void *place)
{
	(void)c;
	return memchr(place, 0, o->size) != NULL;
}

static void text_allowed(const struct opt *o, const struct conf *c, struct wr *w)
{
	(void)c;
	if (o->kind == K_HOST)
		wr_printf(w, "a host name or an address, without port");
	else
		wr_printf(w, "1 to %u characters", o->size - 1);
}

/* ---- addresses, ports, bytes ---- */

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

static void addr_value_put(const struct opt *o, const struct conf *c, const void *place, struct wr *w)
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
static const struct kind kinds[K_MAX] = {
	[K_BOOL]     = { bool_parse,         bool_put,       bool_is_sane,       bool_allowed,   false },
	[K_INT]      = { int_parse,          int_put,        number_is_sane,     int_allowed,    false },
	[K_MS]       = { united_parse,       united_put,     number_is_sane,     united_allowed, false },
	[K_S]        = { united_parse,       united_put,     number_is_sane,     united_allowed, false },
	[K_SIZE]     = { united_parse,       united_put,     number_is_sane,     united_allowed, false },
	[K_KBPS]     = { united_parse,       united_put,     number_is_sane,     united_allowed, false },
	[K_RATE]     = { rate_parse,         rate_put,       rate_is_sane,       rate_allowed,   false },
	[K_ENUM]     = { enum_parse,         enum_put,       enum_is_sane,       enum_allowed,   true },
	[K_STR]      = { text_parse,         text_put,       text_is_sane,       text_allowed,   true },
	[K_NAME]     = { text_parse,         text_put,       text_is_sane,       text_allowed,   true },
	[K_HOST]     = { text_parse,         text_put,       text_is_sane,       text_allowed,   true },
	[K_REGEX]    = { text_parse,         text_put,       text_is_sane,       text_allowed,   true },
	[K_SECRET]   = { text_parse,         text_put,       text_is_sane,       text_allowed,   true },
	[K_ADDR]     = { addr_value_parse,   addr_value_put, addr_value_is_sane, addr_allowed,   true },
	[K_PREFIX]   = { prefix_value_parse, prefix_put,     prefix_is_sane,     prefix_allowed, true },
	[K_PORT]     = { port_parse,         port_put,       always_sane,        int_allowed,    false },
	[K_PORT_ONE] = { port_parse,         ports_put,      ports_are_sane,     int_allowed,    false },
	[K_PORTS]    = { ports_parse,        ports_put,      ports_are_sane,     int_allowed,    false },
	[K_HEX]      = { hex_parse,          hex_put,        always_sane,        hex_allowed,    true },
	[K_REF]      = { ref_parse,          ref_put,        ref_is_sane,        ref_allowed,    true },
	[K_VERSION]  = { version_parse,      int_put,        number_is_sane,     int_allowed,    false },
};
/* clang-format on */

enum err value_parse(const struct opt *o, const struct conf *c, struct str text, void *place,
	const char **ret_why)
{
	return kinds[o->kind].parse(o, c, text, place, ret_why);
}

void value_put(const struct opt *o, const struct conf *c, const void *place, struct wr *w)
{
	kinds[o->kind].put(o, c, place, w);
}

bool value_is_sane(const struct opt *o, const struct conf *c, const void *place)
{
	return kinds[o->kind].is_sane(o, c, place);
}

void value_put_allowed(const struct opt *o, const struct conf *c, struct wr *w)
{
	kinds[o->kind].put_allowed(o, c, w);
}

bool value_is_text(const struct opt *o)
{
	return kinds[o->kind].is_text;
}

/* The words that others write for true and false. */
static struct str bool_meant(struct str text)
{
	static const char *const yes[] = {"yes", "on", "1", "enabled", "enable", "y"};
	static const char *const no[] = {"no", "off", "0", "disabled", "disable", "n"};

	for (size_t i = 0; i < sizeof yes / sizeof yes[0]; i++) {
		if (str_ieq(text, str_of(yes[i])))
			return STR("true");
		if (str_ieq(text, str_of(no[i])))
			return STR("false");
	}
	return STR_NONE;
}

static void word_hint(const struct opt *o, const struct conf *c, struct str text, struct wr *w)
{
	struct nearest n = nearest_to(text);
	struct str word = STR_NONE;

	if (o->kind == K_BOOL) {
		nearest_try(&n, STR("true"));
		nearest_try(&n, STR("false"));
		word = bool_meant(text);
	}
	for (uint32_t i = 0; o->words && i < opt_n_words(o); i++)
		nearest_try(&n, opt_word(o, i));
	for (uint32_t i = 0; o->kind == K_REF && i < c->n_zones; i++)
		nearest_try(&n, str_of(c->zones[i].name));
	wr_str(w, word.len ? word : nearest_found(&n));
}

/* A number that lacks its unit or has it in another case. */
static void unit_hint(const struct opt *o, struct str text, struct wr *w)
{
	size_t n = 0;
	uint64_t v;
	struct str number;

	while (n < text.len && text.p[n] >= '0' && text.p[n] <= '9')
		n++;
	number = str_head(text, n);
	if (str_u64(number, UINT32_MAX, &v) != OK || unit_parse(units_of(o), text, &v) == OK)
		return;
	for (const struct unit *u = units_of(o); u->name; u++) {
		struct str rest = str_trim(str_skip(text, n));

		if (u->name[0] && rest.len && ascii_lower(rest.p[0]) == ascii_lower(u->name[0])) {
			wr_printf(w, STR_FMT "%s", STR_ARG(number), u->name);
			return;
		}
	}
	if (o->kind != K_SIZE && n == text.len)
		wr_printf(w, STR_FMT "%s", STR_ARG(number), o->kind == K_KBPS ? "k" : "s");
}

void value_put_hint(const struct opt *o, const struct conf *c, struct str text, struct wr *w)
{
	if (o->kind == K_BOOL || o->kind == K_ENUM || o->kind == K_REF)
		word_hint(o, c, text, w);
	else if (o->kind == K_MS || o->kind == K_S || o->kind == K_SIZE || o->kind == K_KBPS)
		unit_hint(o, text, w);
}

static void set_range_default(const struct opt *o, const struct conf *c, enum conf_role role, void *place)
{
	struct plan p;
	struct ports r;

	plan_defaults(&p, role == ROLE_EDGE ? HOST_EDGE : HOST_CONTROL, c->node.size == SIZE_LARGE);
	r = plan_range(&p, o->range);
	memcpy(place, &r, o->kind == K_PORT ? sizeof r.low : sizeof r);
}

/* A default that its own kind refuses is a wrong line of the schema: the tests read them all. */
static void set_default(const struct opt *o, const struct conf *c, struct str text, void *place)
{
	const char *why;
	const enum err err = value_parse(o, c, text, place, &why);

	assert(err == OK);
}

void value_set_default(const struct opt *o, const struct conf *c, enum conf_role role, void *base)
{
	struct str text = opt_default(o, role);
	uint32_t n = 0;

	if (o->range != RANGE_NONE) {
		set_range_default(o, c, role, opt_at(o, base, 0));
		return;
	}
	if (!text.p) {
		memset(opt_at(o, base, 0), 0, o->size);
		return;
	}
	if (!o->max) {
		set_default(o, c, text, opt_at(o, base, 0));
		return;
	}
	for (; text.len && n < o->max; n++)
		set_default(o, c, str_cut(&text, ','), opt_at(o, base, n));
	opt_set_count(o, base, n);
}
