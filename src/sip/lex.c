/* lex.c - character classes by one table, quoted strings, parameters. Pure.
 *
 * Knows the grammar of RFC 3261 section 25.1 below the level of headers, no header. Every loop
 * moves forward only. */
#include <string.h>

#include "sip/lex.h"

#define T LEX_TOKEN
#define W LEX_WORD
#define L LEX_LWS
#define D LEX_DIGIT
#define H LEX_HEX
#define U LEX_USER
#define P LEX_PARAM
#define R LEX_URI

/* '#' is no URI character, yet feature codes are dialled with it: taken in user parts as it comes.
 * '%' is in the URI classes; whether two hex digits follow is checked apart. */
/* clang-format off */
const uint8_t lex_classes[256] = {
	['\t'] = L, ['\n'] = L, ['\r'] = L, [' '] = L,
	['0' ... '9'] = T | W | D | H | U | P | R,
	['A' ... 'F'] = T | W | H | U | P | R,
	['G' ... 'Z'] = T | W | U | P | R,
	['a' ... 'f'] = T | W | H | U | P | R,
	['g' ... 'z'] = T | W | U | P | R,
	['-'] = T | W | U | P | R, ['.'] = T | W | U | P | R, ['!'] = T | W | U | P | R,
	['*'] = T | W | U | P | R, ['_'] = T | W | U | P | R, ['~'] = T | W | U | P | R,
	['\''] = T | W | U | P | R,
	['%'] = T | W | U | P | R,
	['+'] = T | W | U | P | R,
	['`'] = T | W,
	['('] = W | U | P | R, [')'] = W | U | P | R,
	['['] = W | P | R, [']'] = W | P | R,
	['/'] = W | U | P | R, [':'] = W | P | R,
	['?'] = W | U | R,
	['&'] = U | P | R, ['$'] = U | P | R,
	['='] = U | R, [','] = U | R, [';'] = U | R,
	['@'] = R, ['#'] = U | R,
	['<'] = W, ['>'] = W, ['\\'] = W, ['"'] = W, ['{'] = W, ['}'] = W,
};
/* clang-format on */

#undef T
#undef W
#undef L
#undef D
#undef H
#undef U
#undef P
#undef R

static size_t span(struct str s, enum lex_class class)
{
	size_t n = 0;

	while (n < s.len && lex_is(s.p[n], class))
		n++;
	return n;
}

bool lex_all(struct str s, enum lex_class class)
{
	return span(s, class) == s.len;
}

struct str lex_ltrim(struct str s)
{
	size_t n = span(s, LEX_LWS);

	return n ? (struct str){s.p + n, s.len - n} : s; /* an empty rest keeps its place */
}

struct str lex_trim(struct str s)
{
	s = lex_ltrim(s);
	while (s.len && lex_is(s.p[s.len - 1], LEX_LWS))
		s.len--;
	return s;
}

struct str lex_cut_token(struct str *s)
{
	struct str token = str_head(*s, span(*s, LEX_TOKEN));

	*s = str_skip(*s, token.len);
	return token;
}

/* RFC 3261 section 25.1: quoted-pair is a backslash and any byte below 128 but CR and LF. */
static bool is_pair(char c)
{
	return (uint8_t)c < 128 && c != '\r' && c != '\n';
}

static bool is_control(char c)
{
	return ((uint8_t)c < ' ' && !lex_is(c, LEX_LWS)) || c == 127;
}

size_t lex_quoted_len(struct str s)
{
	if (!s.len || s.p[0] != '"')
		return 0;
	for (size_t i = 1; i < s.len; i++) {
		if (s.p[i] == '"')
			return i + 1;
		if (s.p[i] == '\\') {
			i++;
			if (i < s.len && !is_pair(s.p[i]))
				return 0;
		} else if (is_control(s.p[i])) {
			return 0;
		}
	}
	return 0;
}

enum err lex_cut_at(struct str *s, char c, struct str *ret_part)
{
	size_t i = 0;

	while (i < s->len && s->p[i] != c) {
		size_t n = 1;

		if (s->p[i] == '"') {
			n = lex_quoted_len(str_skip(*s, i));
		} else if (s->p[i] == '<') {
			struct str rest = str_skip(*s, i);
			size_t at = str_find(rest, '>');

			n = at < rest.len ? at + 1 : 0;
		}
		if (!n)
			return ERR_SYNTAX;
		i += n;
	}
	*ret_part = str_head(*s, i);
	*s = str_skip(*s, i + 1);
	return OK;
}

bool lex_is_line(struct str s)
{
	return str_find(s, '\0') == s.len && str_find(s, '\r') == s.len &&
	       str_find(s, '\n') == s.len;
}

static bool is_blank_at(struct str s, size_t i)
{
	return i < s.len && (s.p[i] == ' ' || s.p[i] == '\t');
}

enum err lex_put_line(struct wr *w, struct str value)
{
	if (lex_is_line(value)) {
		wr_str(w, value);
		return OK;
	}
	for (size_t i = 0; i < value.len; i++) {
		char c = value.p[i];

		if (c == '\r' && i + 1 < value.len && value.p[i + 1] == '\n')
			continue;
		if (c == '\n' && is_blank_at(value, i + 1))
			continue;
		if (c == '\r' || c == '\n' || c == '\0')
			return ERR_SYNTAX;
		wr_u8(w, (uint8_t)c);
	}
	return OK;
}

static bool is_param_value(char c)
{
	return lex_is(c, LEX_TOKEN | LEX_PARAM | LEX_URI) && c != ';' && c != ',' && c != '?';
}

/* The value at the front of s: a quoted string, a token, a host. */
static enum err param_value(struct str s, struct sip_param *param)
{
	size_t n = 0;

	if (s.len && s.p[0] == '"') {
		n = lex_quoted_len(s);
		if (!n)
			return ERR_SYNTAX;
		param->is_quoted = true;
		param->value = (struct str){s.p + 1, n - 2};
	} else {
		while (n < s.len && is_param_value(s.p[n]))
			n++;
		param->value = str_head(s, n);
	}
	if (!n)
		return ERR_SYNTAX;
	param->has_value = true;
	param->text = str_between(param->name.p, s.p + n);
	return OK;
}

static bool is_param_name(char c)
{
	return lex_is(c, LEX_TOKEN | LEX_PARAM) && c != '=';
}

enum err sip_param_next(struct str *s, struct sip_param *ret_param)
{
	struct sip_param param = {0};
	struct str rest = lex_ltrim(*s);
	size_t n = 0;

	if (!rest.len)
		return ERR_NOENT;
	if (rest.p[0] == ';')
		rest = lex_ltrim(str_skip(rest, 1));
	while (n < rest.len && is_param_name(rest.p[n]))
		n++;
	if (!n)
		return ERR_SYNTAX;
	param.name = param.text = str_head(rest, n);
	rest = lex_ltrim(str_skip(rest, n));
	if (rest.len && rest.p[0] == '=') {
		enum err err = param_value(lex_ltrim(str_skip(rest, 1)), &param);

		if (err)
			return err;
		rest = lex_ltrim(str_between(param.text.p + param.text.len, rest.p + rest.len));
	}
	if (rest.len && rest.p[0] != ';')
		return ERR_SYNTAX;
	if (rest.len == 1)
		return ERR_SYNTAX; /* a ';' with nothing behind it */
	*s = rest;
	*ret_param = param;
	return OK;
}

enum err sip_params_check(struct str params)
{
	struct sip_param param;
	enum err err = OK;

	params = lex_ltrim(params);
	if (params.len && params.p[0] == ';')
		return ERR_SYNTAX; /* two of them */
	while (err == OK)
		err = sip_param_next(&params, &param);
	return err == ERR_NOENT ? OK : err;
}

bool sip_param_find(struct str params, struct str name, struct sip_param *ret_param)
{
	struct sip_param param;

	while (sip_param_next(&params, &param) == OK) {
		if (str_ieq(param.name, name)) {
			*ret_param = param;
			return true;
		}
	}
	return false;
}

struct str sip_param_value(struct str params, struct str name)
{
	struct sip_param param;

	return sip_param_find(params, name, &param) ? param.value : STR_NONE;
}
