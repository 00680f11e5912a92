/* dial.c - what is asked of fosse-tls, and who is at the other end of what it hands over.
 *
 * Codecs are pure; tls_dial() is the one question. It knows nothing of TLS itself. */
#include <string.h>

#include "ipc/dial.h"

enum want_tag {
	TW_ROW = 1,
	TW_FROM,
	TW_TO,
	TW_VERIFY,
	TW_SPKI,
	TW_NAME,
	TW_ALPN,
	TW_ZONE,
	TW_IS_LINK,
	TW_TIMEOUT
};

static struct str bytes_of(const uint8_t b[32])
{
	return (struct str){(const char *)b, 32};
}

static void get_32(struct rd *v, uint8_t ret[32])
{
	rd_copy(v, ret, 32);
	if (rd_more(v))
		rd_fail(v, ERR_SYNTAX);
}

static enum plan_row get_row(struct rd *v)
{
	uint64_t row = rd_t_num(v);

	if (row >= PLAN_ROW_MAX)
		rd_fail(v, ERR_RANGE);
	return v->err == OK ? (enum plan_row)row : PLAN_NONE;
}

void tls_want_put(struct wr *w, const struct tls_want *t)
{
	wr_t_u16(w, TW_ROW, (uint16_t)t->row);
	wr_t_addr(w, TW_FROM, &t->from);
	wr_t_addr(w, TW_TO, &t->to);
	wr_t_u8(w, TW_VERIFY, t->verify);
	wr_t_str(w, TW_SPKI, bytes_of(t->spki));
	wr_t_z(w, TW_NAME, t->name);
	wr_t_z(w, TW_ALPN, t->alpn);
	wr_t_z(w, TW_ZONE, t->zone);
	wr_t_u8(w, TW_IS_LINK, t->is_link);
	wr_t_u32(w, TW_TIMEOUT, t->timeout_ms);
}

static void want_get_field(struct tls_want *t, uint16_t tag, struct rd *v)
{
	switch (tag) {
	case TW_ROW:
		t->row = get_row(v);
		break;
	case TW_FROM:
		t->from = rd_t_addr(v);
		break;
	case TW_TO:
		t->to = rd_t_addr(v);
		break;
	case TW_VERIFY:
		t->verify = (uint8_t)rd_t_num(v);
		break;
	case TW_SPKI:
		get_32(v, t->spki);
		break;
	case TW_NAME:
		rd_t_z(v, t->name, sizeof t->name);
		break;
	case TW_ALPN:
		rd_t_z(v, t->alpn, sizeof t->alpn);
		break;
	case TW_ZONE:
		rd_t_z(v, t->zone, sizeof t->zone);
		break;
	case TW_IS_LINK:
		t->is_link = rd_t_num(v) != 0;
		break;
	case TW_TIMEOUT:
		t->timeout_ms = (uint32_t)rd_t_num(v);
		break;
	default:
		break;
	}
}

/* What is missing here must not become "any": without these a dial would prove less than was asked. */
#define WANT_NEEDED (1u << TW_ROW | 1u << TW_TO | 1u << TW_VERIFY)

enum err tls_want_get(struct rd *body, struct tls_want *ret)
{
	struct tls_want t = {0};
	struct rd v;
	uint32_t seen = 0;
	uint16_t tag;

	while (rd_tag(body, &tag, &v)) {
		want_get_field(&t, tag, &v);
		rd_join(body, &v);
		seen |= tag < 32 ? 1u << tag : 0;
	}
	if (t.verify > TLS_VERIFY_CA)
		rd_fail(body, ERR_RANGE);
	if ((seen & WANT_NEEDED) != WANT_NEEDED)
		rd_fail(body, ERR_SHORT);
	if (body->err == OK)
		*ret = t;
	return body->err;
}

enum peer_tag {
	TP_REMOTE = 1,
	TP_LOCAL,
	TP_ROW,
	TP_IS_INBOUND,
	TP_IS_TLS,
	TP_SPKI,
	TP_BINDING,
	TP_SAN,
	TP_SNI,
	TP_ALPN,
	TP_ZONE
};

void peer_put(struct wr *w, const struct peer *p)
{
	wr_t_addr(w, TP_REMOTE, &p->remote);
	wr_t_addr(w, TP_LOCAL, &p->local);
	wr_t_u16(w, TP_ROW, (uint16_t)p->row);
	wr_t_u8(w, TP_IS_INBOUND, p->is_inbound);
	wr_t_u8(w, TP_IS_TLS, p->is_tls);
	if (p->has_spki)
		wr_t_str(w, TP_SPKI, bytes_of(p->spki));
	if (p->has_binding)
		wr_t_str(w, TP_BINDING, bytes_of(p->binding));
	wr_t_z(w, TP_SAN, p->san);
	wr_t_z(w, TP_SNI, p->sni);
	wr_t_z(w, TP_ALPN, p->alpn);
	wr_t_z(w, TP_ZONE, p->zone);
}

static void peer_get_field(struct peer *p, uint16_t tag, struct rd *v)
{
	switch (tag) {
	case TP_REMOTE:
		p->remote = rd_t_addr(v);
		break;
	case TP_LOCAL:
		p->local = rd_t_addr(v);
		break;
	case TP_ROW:
		p->row = get_row(v);
		break;
	case TP_IS_INBOUND:
		p->is_inbound = rd_t_num(v) != 0;
		break;
	case TP_IS_TLS:
		p->is_tls = rd_t_num(v) != 0;
		break;
	case TP_SPKI:
		get_32(v, p->spki);
		p->has_spki = true;
		break;
	case TP_BINDING:
		get_32(v, p->binding);
		p->has_binding = true;
		break;
	case TP_SAN:
		rd_t_z(v, p->san, sizeof p->san);
		break;
	case TP_SNI:
		rd_t_z(v, p->sni, sizeof p->sni);
		break;
	case TP_ALPN:
		rd_t_z(v, p->alpn, sizeof p->alpn);
		break;
	case TP_ZONE:
		rd_t_z(v, p->zone, sizeof p->zone);
		break;
	default:
		break;
	}
}

enum err peer_get(struct rd *body, struct peer *ret)
{
	struct peer p = {0};
	struct rd v;
	uint16_t tag;

	while (rd_tag(body, &tag, &v)) {
		peer_get_field(&p, tag, &v);
		rd_join(body, &v);
	}
	if (body->err == OK)
		*ret = p;
	return body->err;
}

/* The answer: on success the peer's body and the fd; else one sentence. */
enum answer_tag { TA_WHY = 1, TA_PEER };

struct str tls_dialled_put(struct wr *w, const struct peer *peer, struct str why)
{
	if (peer) {
		uint8_t *mark = wr_t_begin(w, TA_PEER);

		peer_put(w, peer);
		wr_t_end(w, mark);
	}
	wr_t_str(w, TA_WHY, why);
	return wr_done(w);
}

enum err tls_dialled_get(
	struct rd *body, struct peer *ret_peer, bool *ret_has_peer, struct str *ret_why)
{
	struct peer peer = {0};
	struct str why = STR_NONE;
	bool has_peer = false;
	struct rd v;
	uint16_t tag;

	while (rd_tag(body, &tag, &v)) {
		if (tag == TA_WHY)
			why = rd_t_str(&v);
		else if (tag == TA_PEER)
			has_peer = peer_get(&v, &peer) == OK;
		rd_join(body, &v);
	}
	if (body->err != OK)
		return body->err;
	*ret_peer = peer;
	*ret_has_peer = has_peer;
	*ret_why = why;
	return OK;
}

/* tls_dialled_h is told through ipc_ask's handler: the two are tied by a dial that the ipc carries. */
static void on_answer(const struct ipc_done *done, enum err err, struct rd *body, int fd)
{
	tls_dialled_h *h = (tls_dialled_h *)done->h;
	struct peer peer = {0};
	struct str why = STR_NONE;
	bool has_peer = false;

	if (body->err == OK && tls_dialled_get(body, &peer, &has_peer, &why) != OK)
		err = ERR_SYNTAX;
	if (err == OK && (!has_peer || fd == NO_FD))
		err = ERR_SYNTAX; /* fosse-tls promised a stream */
	if (err != OK && fd != NO_FD) {
		io_close_fd(done->io, fd);
		fd = NO_FD;
	}
	if (err != OK && !why.len)
		why = str_of(err_text(err));
	h(done->arg, err, why, err == OK ? &peer : NULL, fd);
}

enum err tls_dial(struct ipc *ipc, const struct tls_want *want, tls_dialled_h *h, void *arg,
	uint32_t *ret_seq)
{
	uint8_t buf[1280];
	struct wr w = wr_of(buf, sizeof buf);
	struct str body;

	tls_want_put(&w, want);
	body = wr_done(&w);
	if (!body.len)
		return ERR_RANGE;
	/* A little longer than fosse-tls tries: its reason is better than our silence. */
	return ipc_ask_via(ipc, P_TLS, ASK_TLS_DIAL, body, want->timeout_ms + 1000, on_answer,
		(ipc_any_h *)h, arg, ret_seq);
}
