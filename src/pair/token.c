/* token.c - the token's text and its record; fields in the same order in both directions. Pure. */
#include "pair/token.h"

#include <string.h>

#include "base/code.h"
#include "base/crypt.h"

enum { VERSION = 1, CHECK_LEN = 4, RECORD_MAX = 700 };
enum {
	T_EDGE = 1,
	T_SSH_PORT,
	T_XMPP_PORT,
	T_H323_PORT,
	T_SPKI,
	T_SSH_KEY,
	T_ZONE,
	T_EDGE_NAME,
	T_UNTIL,
	T_SECRET
};
_Static_assert(sizeof TOKEN_PREFIX - 1 + BASE64_LEN(RECORD_MAX) < TOKEN_TEXT_MAX, "it fits");

static void put_bytes(struct wr *w, uint16_t tag, const uint8_t *bytes, size_t n)
{
	wr_t_str(w, tag, (struct str){(const char *)bytes, n});
}

static void put_fields(struct wr *w, const struct pair_token *t)
{
	for (size_t i = 0; i < t->n_edges; i++)
		wr_t_addr(w, T_EDGE, &t->edges[i]);
	if (t->ssh_port)
		wr_t_u16(w, T_SSH_PORT, t->ssh_port);
	if (t->xmpp_port)
		wr_t_u16(w, T_XMPP_PORT, t->xmpp_port);
	if (t->h323_port)
		wr_t_u16(w, T_H323_PORT, t->h323_port);
	put_bytes(w, T_SPKI, t->spki, sizeof t->spki);
	if (t->has_ssh_key)
		put_bytes(w, T_SSH_KEY, t->ssh_key, sizeof t->ssh_key);
	wr_t_z(w, T_ZONE, t->zone);
	wr_t_z(w, T_EDGE_NAME, t->edge_name);
	wr_t_u64(w, T_UNTIL, t->until_s);
	put_bytes(w, T_SECRET, t->secret, sizeof t->secret);
}

/* A checksum against typing errors alone: whoever can change a token can make one. */
static void check_of(struct str record, uint8_t ret[CHECK_LEN])
{
	uint8_t hash[SHA256_LEN];

	sha256(record, hash);
	memcpy(ret, hash, CHECK_LEN);
}

enum err token_put(const struct pair_token *t, struct wr *w)
{
	uint8_t record[RECORD_MAX], check[CHECK_LEN];
	char text[BASE64_LEN(RECORD_MAX) + 1];
	struct wr r = wr_of(record, sizeof record);
	size_t len;

	wr_u16(&r, 0);
	wr_u8(&r, VERSION);
	put_fields(&r, t);
	if (r.err)
		return r.err;
	len = wr_len(&r) + CHECK_LEN;
	record[0] = (uint8_t)(len >> 8);
	record[1] = (uint8_t)len;
	check_of(wr_done(&r), check);
	wr_bytes(&r, check, sizeof check);
	if (r.err)
		return r.err;
	wr_str(w, STR(TOKEN_PREFIX));
	wr_str(w, (struct str){text, base64_put(record, wr_len(&r), /* url */ true, text)});
	explicit_bzero(record, sizeof record);
	explicit_bzero(text, sizeof text);
	return w->err;
}

/* ---- reading ---- */

static void get_bytes(struct rd *v, uint8_t *ret, size_t n)
{
	if (rd_left(v) != n)
		rd_fail(v, ERR_SYNTAX);
	rd_copy(v, ret, n);
}

static void get_edge(struct rd *v, struct pair_token *t)
{
	struct addr a = rd_t_addr(v);

	if (t->n_edges == TOKEN_ADDRS_MAX || a.family == AF_NONE || a.port == 0)
		rd_fail(v, ERR_RANGE);
	else
		t->edges[t->n_edges++] = a;
}

static void get_field(struct rd *v, uint16_t tag, struct pair_token *t)
{
	switch (tag) {
	case T_EDGE:
		get_edge(v, t);
		return;
	case T_SSH_PORT:
		t->ssh_port = (uint16_t)rd_t_num(v);
		return;
	case T_XMPP_PORT:
		t->xmpp_port = (uint16_t)rd_t_num(v);
		return;
	case T_H323_PORT:
		t->h323_port = (uint16_t)rd_t_num(v);
		return;
	case T_SPKI:
		get_bytes(v, t->spki, sizeof t->spki);
		return;
	case T_SSH_KEY:
		get_bytes(v, t->ssh_key, sizeof t->ssh_key);
		t->has_ssh_key = true;
		return;
	case T_ZONE:
		rd_t_z(v, t->zone, sizeof t->zone);
		return;
	case T_EDGE_NAME:
		rd_t_z(v, t->edge_name, sizeof t->edge_name);
		return;
	case T_UNTIL:
		t->until_s = rd_t_num(v);
		return;
	case T_SECRET:
		get_bytes(v, t->secret, sizeof t->secret);
		return;
	default: /* of a later version: not for us */
		return;
	}
}

/* A name that may stand in a file's name and on a terminal. */
static bool is_plain(const char *z)
{
	for (const char *c = z; *c; c++) {
		bool is_word = (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') ||
		               (*c >= '0' && *c <= '9') || *c == '.' || *c == '-' || *c == '_' ||
		               *c == ':';

		if (!is_word)
			return false;
	}
	return z[0] && z[0] != '.';
}

static enum err get_fields(struct rd *r, struct pair_token *t)
{
	uint32_t seen = 0, needed = 1u << T_EDGE | 1u << T_SPKI | 1u << T_ZONE | 1u << T_UNTIL |
	                            1u << T_SECRET;
	struct rd v;
	uint16_t tag;

	while (rd_tag(r, &tag, &v)) {
		get_field(&v, tag, t);
		rd_join(r, &v);
		seen |= tag < 32 ? 1u << tag : 0;
	}
	if (r->err)
		return r->err;
	if ((seen & needed) != needed || !is_plain(t->zone) ||
		(t->edge_name[0] && !is_plain(t->edge_name)))
		return ERR_SYNTAX;
	return OK;
}

static enum err refuse(enum err err, const char *why, const char **ret_why)
{
	*ret_why = why;
	return err;
}

static const char why_mistyped[] =
	"the token is mistyped, or a part of it is missing (its checksum is "
	"wrong): copy the whole line once more";

static enum err parse_record(struct str record, struct pair_token *t, const char **ret_why)
{
	struct rd r = rd_of(str_head(record, record.len - CHECK_LEN));
	uint8_t check[CHECK_LEN];

	check_of(str_head(record, record.len - CHECK_LEN), check);
	if (rd_u16(&r) != record.len ||
		memcmp(check, record.p + record.len - CHECK_LEN, CHECK_LEN) != 0)
		return refuse(ERR_SYNTAX, why_mistyped, ret_why);
	if (rd_u8(&r) != VERSION)
		return refuse(
			ERR_VERSION, "the token is of a later version: update this node", ret_why);
	if (get_fields(&r, t) != OK)
		return refuse(
			ERR_SYNTAX, "the token lacks what a join needs: make a new one", ret_why);
	return OK;
}

enum err token_parse(struct str text, struct pair_token *ret_token, const char **ret_why)
{
	uint8_t record[RECORD_MAX];
	struct pair_token t = {.n_edges = 0};
	size_t n = 0;
	enum err err;

	text = str_trim(text);
	if (!str_has_prefix(text, STR(TOKEN_PREFIX)))
		return refuse(ERR_SYNTAX, "a token begins with " TOKEN_PREFIX, ret_why);
	text = str_skip(text, sizeof TOKEN_PREFIX - 1);
	if (base64_get(text, /* url */ true, record, sizeof record, &n) != OK)
		return refuse(ERR_SYNTAX, why_mistyped, ret_why);
	if (n < 3 + CHECK_LEN)
		return refuse(ERR_SYNTAX, why_mistyped, ret_why);
	err = parse_record((struct str){(const char *)record, n}, &t, ret_why);
	if (err == OK)
		*ret_token = t;
	explicit_bzero(record, sizeof record);
	explicit_bzero(&t, sizeof t);
	return err;
}
