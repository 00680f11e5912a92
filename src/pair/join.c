/* join.c - codecs of a join's messages, proofs, and the verdict. Bytes from the network: hostile until a
 * getter returned OK. Pure. */
#include "pair/join.h"

#include <string.h>

#include "base/crypt.h"

enum { T_VERSION = 1, T_ZONE, T_NAME, T_PROOF, T_USERNAME, T_SECRET, T_MEDIA_KEY, T_WHY };

/* ---- frames ---- */

static uint8_t *begin(struct wr *w, enum join_type type)
{
	uint8_t *mark = w->p;

	wr_u16(w, 0);
	wr_u8(w, (uint8_t)type);
	return mark;
}

static void end(struct wr *w, uint8_t *mark)
{
	size_t len;

	if (w->err)
		return;
	len = (size_t)(w->p - mark) - 2;
	mark[0] = (uint8_t)(len >> 8);
	mark[1] = (uint8_t)len;
}

enum err join_frame_parse(
	struct str bytes, enum join_type *ret_type, struct rd *ret_body, size_t *ret_size)
{
	struct rd r = rd_of(bytes), body;
	size_t len = rd_u16(&r);
	uint8_t type;

	if (r.err)
		return ERR_MORE;
	if (len < 1 || len > JOIN_FRAME_MAX - 2)
		return ERR_SYNTAX;
	if (rd_left(&r) < len)
		return ERR_MORE;
	body = rd_sub(&r, len);
	type = rd_u8(&body);
	if (type == JOIN_NONE || type >= JOIN_TYPE_MAX)
		return ERR_SYNTAX;
	*ret_type = (enum join_type)type;
	*ret_body = body;
	*ret_size = len + 2;
	return OK;
}

static void put_bytes(struct wr *w, uint16_t tag, const uint8_t *bytes, size_t n)
{
	wr_t_str(w, tag, (struct str){(const char *)bytes, n});
}

static void get_bytes(struct rd *v, uint8_t *ret, size_t n)
{
	if (rd_left(v) != n)
		rd_fail(v, ERR_SYNTAX);
	rd_copy(v, ret, n);
}

/* A text of the peer's goes into a file of lines and onto a terminal. */
static bool is_plain(const char *z)
{
	for (const char *c = z; *c; c++) {
		if (*c <= ' ' || *c >= 0x7f)
			return false;
	}
	return true;
}

/* ---- messages ---- */

void join_hello_put(struct wr *w, const struct join_hello *h)
{
	uint8_t *mark = begin(w, JOIN_HELLO);

	wr_t_u8(w, T_VERSION, h->version);
	wr_t_z(w, T_ZONE, h->zone);
	wr_t_z(w, T_NAME, h->name);
	put_bytes(w, T_PROOF, h->proof, sizeof h->proof);
	end(w, mark);
}

enum err join_hello_get(struct rd *body, struct join_hello *ret_hello)
{
	struct join_hello h = {.version = 0};
	uint32_t seen = 0;
	uint16_t tag;
	struct rd v;

	while (rd_tag(body, &tag, &v)) {
		if (tag == T_VERSION)
			h.version = (uint8_t)rd_t_num(&v);
		else if (tag == T_ZONE)
			rd_t_z(&v, h.zone, sizeof h.zone);
		else if (tag == T_NAME)
			rd_t_z(&v, h.name, sizeof h.name);
		else if (tag == T_PROOF)
			get_bytes(&v, h.proof, sizeof h.proof);
		rd_join(body, &v);
		seen |= tag < 32 ? 1u << tag : 0;
	}
	if (body->err)
		return body->err;
	if (!(seen & 1u << T_PROOF) || !h.zone[0] || !h.name[0] || !is_plain(h.zone) ||
		!is_plain(h.name))
		return ERR_SYNTAX;
	*ret_hello = h;
	return OK;
}

void join_welcome_put(struct wr *w, const struct join_welcome *h)
{
	uint8_t *mark = begin(w, JOIN_WELCOME);

	wr_t_z(w, T_NAME, h->name);
	wr_t_z(w, T_USERNAME, h->username);
	put_bytes(w, T_SECRET, h->secret, sizeof h->secret);
	put_bytes(w, T_MEDIA_KEY, h->media_key, sizeof h->media_key);
	put_bytes(w, T_PROOF, h->proof, sizeof h->proof);
	end(w, mark);
}

enum err join_welcome_get(struct rd *body, struct join_welcome *ret_welcome)
{
	uint32_t seen = 0, needed = 1u << T_SECRET | 1u << T_MEDIA_KEY | 1u << T_PROOF;
	struct join_welcome h = {.name = ""};
	uint16_t tag;
	struct rd v;

	while (rd_tag(body, &tag, &v)) {
		if (tag == T_NAME)
			rd_t_z(&v, h.name, sizeof h.name);
		else if (tag == T_USERNAME)
			rd_t_z(&v, h.username, sizeof h.username);
		else if (tag == T_SECRET)
			get_bytes(&v, h.secret, sizeof h.secret);
		else if (tag == T_MEDIA_KEY)
			get_bytes(&v, h.media_key, sizeof h.media_key);
		else if (tag == T_PROOF)
			get_bytes(&v, h.proof, sizeof h.proof);
		rd_join(body, &v);
		seen |= tag < 32 ? 1u << tag : 0;
	}
	if (body->err)
		return body->err;
	if ((seen & needed) != needed || !h.name[0] || !h.username[0] || !is_plain(h.name) ||
		!is_plain(h.username))
		return ERR_SYNTAX;
	*ret_welcome = h;
	return OK;
}

void join_refused_put(struct wr *w, enum join_refusal why)
{
	uint8_t *mark = begin(w, JOIN_REFUSED);

	wr_t_u8(w, T_WHY, (uint8_t)why);
	end(w, mark);
}

enum err join_refused_get(struct rd *body, enum join_refusal *ret_why)
{
	uint64_t why = REFUSED_NONE;
	uint16_t tag;
	struct rd v;

	while (rd_tag(body, &tag, &v)) {
		if (tag == T_WHY)
			why = rd_t_num(&v);
		rd_join(body, &v);
	}
	if (body->err)
		return body->err;
	if (why == REFUSED_NONE || why >= REFUSED_MAX)
		return ERR_SYNTAX;
	*ret_why = (enum join_refusal)why;
	return OK;
}

const char *join_refusal_text(enum join_refusal why)
{
	static const char *const texts[REFUSED_MAX] = {
		[REFUSED_NONE] = "",
		[REFUSED_NO_TOKEN] =
			"this token was used already, or a newer one was made: make one with "
			"\"fosse pair new\" on Edge",
		[REFUSED_EXPIRED] =
			"the token has expired: make one with \"fosse pair new\" on Edge",
		[REFUSED_PROOF] =
			"the token is not the one that Edge waits for: use the newest, or make "
			"one with \"fosse pair new\" on Edge",
		[REFUSED_DEAD] =
			"too many wrong tokens were tried and Edge's is dead now: make one with "
			"\"fosse pair new\" on Edge",
		[REFUSED_VERSION] =
			"Edge runs a version that cannot join with this one: update the older node",
		[REFUSED_BUSY] = "Edge is busy with another join or configuration: try again",
		[REFUSED_STORE] =
			"Edge could not write its pairing file: look into its log, then try again",
	};

	return (unsigned)why < REFUSED_MAX ? texts[why] : "";
}

/* ---- proofs ---- */

void join_proof(enum join_from from, const uint8_t secret[16], const uint8_t binding[32],
	const uint8_t spki[32], const char *zone, uint8_t ret_proof[32])
{
	uint8_t buf[256];
	struct wr w = wr_of(buf, sizeof buf);

	wr_t_z(&w, 1, from == JOIN_FROM_CONTROL ? "fosse-join control" : "fosse-join edge");
	put_bytes(&w, 2, binding, 32);
	put_bytes(&w, 3, spki, 32);
	wr_t_str(&w, 4, str_head(str_of(zone), 63));
	hmac_sha256((struct str){(const char *)secret, 16}, wr_done(&w), ret_proof);
}

enum join_refusal join_judge(const struct conf_pairing *p, const struct join_hello *h,
	const uint8_t binding[32], const uint8_t spki[32], uint64_t now_s, unsigned n_wrong)
{
	uint8_t proof[32];
	bool is_right;

	if (h->version != JOIN_VERSION)
		return REFUSED_VERSION;
	if (!p->has_join)
		return REFUSED_NO_TOKEN;
	if (n_wrong >= JOIN_TRIES)
		return REFUSED_DEAD;
	if (now_s > p->join_until_s)
		return REFUSED_EXPIRED;
	join_proof(JOIN_FROM_CONTROL, p->join_secret, binding, spki, h->zone, proof);
	is_right = crypt_equal(proof, h->proof, sizeof proof);
	explicit_bzero(proof, sizeof proof);
	if (is_right)
		return REFUSED_NONE;
	return n_wrong + 1 >= JOIN_TRIES ? REFUSED_DEAD : REFUSED_PROOF;
}
