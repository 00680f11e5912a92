/* text.c - values that are words, names of zones, names, hosts and free text. Pure. */
#include "conf/form.h"

/* ---- words ---- */

/* A word that nobody can write holds the place of one that is written elsewhere. */
static bool is_written(struct str word)
{
	return !str_eq(word, STR("-"));
}

static bool word_index(const struct opt *o, struct str text, uint32_t *ret_index)
{
	struct str word;

	if (!is_written(text))
		return false;
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
	return ref < opt_n_words(o) && is_written(opt_word(o, ref));
}

static void ref_allowed(const struct opt *o, const struct conf *c, struct wr *w)
{
	const char *comma = "";
	struct str word;

	for (uint32_t i = 0; (word = opt_word(o, i)).len; i++) {
		if (!is_written(word))
			continue;
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

bool is_odd_character(const unsigned char *p, size_t n)
{
	if (n >= 2 && p[0] == 0xc2 && p[1] < 0xa0)
		return true;
	return n >= 3 && ((p[0] == 0xe2 && p[1] == 0x80 && (p[2] == 0xa8 || p[2] == 0xa9)) ||
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

/* clang-format off */
const struct form form_enum = { enum_parse, enum_put, enum_is_sane, enum_allowed, true };
const struct form form_ref = { ref_parse, ref_put, ref_is_sane, ref_allowed, true };
const struct form form_text = { text_parse, text_put, text_is_sane, text_allowed, true };
/* clang-format on */
