/* lex.h - the lexical ground of SIP: character classes, white space, quoted strings, parameters.
 *
 * Works on slices of the message as it came: nothing is unfolded, unescaped or copied. "LWS" is
 * RFC 3261 section 25.1's: SP, TAB, and a line end that is followed by SP or TAB. Inside a value
 * that the index delivers every CR and LF belongs to such a fold, so these functions treat both as
 * white space. They never look outside their slice and never go back: a value costs time linear in
 * its length. */
#ifndef SIP_LEX_H
#define SIP_LEX_H

#include "base/rd.h"

enum lex_class {
	LEX_TOKEN = 1, /* alphanum - . ! % * _ + ` ' ~ */
	LEX_WORD = 2,  /* token and ( ) < > : \ " / [ ] ? { }: Call-ID */
	LEX_LWS = 4,   /* SP TAB CR LF */
	LEX_DIGIT = 8,
	LEX_HEX = 16,
	LEX_USER = 32,  /* unreserved and user-unreserved and %: user part, password */
	LEX_PARAM = 64, /* paramchar and %: URI parameters */
	LEX_URI = 128,  /* uric and %: any absolute URI */
};

extern const uint8_t lex_classes[256];

static inline bool lex_is(char c, enum lex_class class)
{
	return (lex_classes[(uint8_t)c] & class) != 0;
}

bool lex_all(struct str s, enum lex_class class); /* true for the empty slice too */
struct str lex_trim(struct str s);                /* without LWS at both ends */
struct str lex_ltrim(struct str s);
/* Cuts the token at the front off *s; empty when there is none. */
struct str lex_cut_token(struct str *s);
/* Length of the quoted string at the front of s, quotes counted; 0: it does not close, or holds a
 * bare control character. */
size_t lex_quoted_len(struct str s);
/* Cuts the part before the first c outside quotes and angle brackets off *s, and c with it. Without
 * c: all of *s. ERR_SYNTAX: a quote or an angle bracket does not close. */
MUST_USE enum err lex_cut_at(struct str *s, char c, struct str *ret_part);

/* The value on one line: the CRLF of each fold is left out, its blanks stay. ERR_SYNTAX: a CR or LF
 * that is no fold, a NUL outside a quoted-pair: such a text would change the message around it. */
MUST_USE enum err lex_put_line(struct wr *w, struct str value);
/* Has no CR, LF, NUL: may stand on a line as it is. */
bool lex_is_line(struct str s);

struct sip_param {
	struct str name;
	struct str value; /* without quotes; escapes inside quotes as they came */
	struct str text;  /* name to the end of the value, quotes included: what an edit replaces */
	bool has_value;
	bool is_quoted;
};

/* Walks ";name=value;name" with LWS anywhere: header parameters and URI parameters alike. *s is
 * what follows the value, with or without its first ';'. ERR_NOENT: the end. ERR_SYNTAX: an empty
 * name, a byte that no parameter may hold. */
MUST_USE enum err sip_param_next(struct str *s, struct sip_param *ret_param);
/* All of it is well-formed. params: what follows the first ';'. */
MUST_USE enum err sip_params_check(struct str params);
/* The first parameter of that name, any case. False: none, or the text before it is malformed. */
bool sip_param_find(struct str params, struct str name, struct sip_param *ret_param);
/* Only its value; empty when absent or valueless. */
struct str sip_param_value(struct str params, struct str name);

#endif
