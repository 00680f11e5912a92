/* number.c - values that are numbers: true and false, whole numbers, numbers with a unit, rates. Pure;
 * strict: units are part of a value and nothing is guessed. */
#include "conf/form.h"

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

void bounds_put(const struct opt *o, const struct conf *c, struct wr *w)
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

static enum err united_parse(const struct opt *o, const struct conf *c, struct str text,
	void *place, const char **ret_why)
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
	bounds_put(o, c, w);
	wr_printf(w, " per duration, such as 20/1s");
}

void united_hint(const struct opt *o, struct str text, struct wr *w)
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

/* clang-format off */
const struct form form_bool = { bool_parse, bool_put, bool_is_sane, bool_allowed, false };
const struct form form_int = { int_parse, int_put, number_is_sane, bounds_put, false };
const struct form form_version = { version_parse, int_put, number_is_sane, bounds_put, false };
const struct form form_united = { united_parse, united_put, number_is_sane, united_allowed, false };
const struct form form_rate = { rate_parse, rate_put, rate_is_sane, rate_allowed, false };
/* clang-format on */
