/* answer.c - see answer.h. */
#include "sip/answer.h"

LOG_EVENT(ev_cannot, "SIP-181", LOG_ERROR, "an answer of our own cannot be built");

void tag_put(struct sip *s, char ret[17])
{
	uint8_t bytes[8];

	io_random(s->io, bytes, sizeof bytes);
	str_put_hex(bytes, sizeof bytes, ret);
}

/* The request that tx holds. */
static const struct sip_msg *request_of(struct sip *s, struct tx *tx)
{
	const struct sip_msg *m = tx_request(tx);
	struct str held = tx_request_bytes(tx);

	if (m || !held.len)
		return m;
	sip_msg_init(&s->spare->m);
	s->spare->m.len_max = SIP_MESSAGE_CEILING;
	return sip_index(held, SIP_DGRAM, &s->spare->m) == OK ? &s->spare->m : NULL;
}

struct wr answer_begin_room(struct sip *s, struct tx *tx, const struct sip_msg *m, unsigned code,
	struct str reason, struct str tag, size_t room)
{
	struct addr src = tx_source(tx);
	struct wr w = sip_scratch(s, m->bytes.len + 4096 + room);

	if (w.err == ERR_FULL)
		w = wr_of(s->spare->bytes, sizeof s->spare->bytes);
	sip_put_response(&w, m, code, reason, tag, &src);
	return w;
}

struct wr answer_begin(struct sip *s, struct tx *tx, const struct sip_msg *m, unsigned code,
	struct str reason, struct str tag)
{
	return answer_begin_room(s, tx, m, code, reason, tag, 0);
}

/* False: it did not fit; half a message would spoil a stream. */
static bool finish(struct sip *s, unsigned code, struct wr *w)
{
	sip_put_header(w, SIP_HDR_SERVER,
		s->conf->sip.show_version ? STR("Fosseway/" FOSSE_VERSION) : STR("Fosseway"));
	sip_put_body(w, STR_NONE, STR_NONE);
	if (w->err == OK)
		return true;
	log_put(io_log(s->io), &ev_cannot, F_NUM("code", code), F_ERR(w->err));
	return false;
}

void answer_send(struct sip *s, struct tx *tx, unsigned code, struct wr *w)
{
	if (finish(s, code, w))
		tx_answer(tx, code, wr_done(w));
}

void answer_send_once(struct sip *s, struct conn *c, struct tx *tx, unsigned code, struct wr *w)
{
	if (finish(s, code, w) && conn_send(c, wr_done(w)) != OK)
		log_put(io_log(s->io), &ev_cannot, F_NUM("code", code), F_ERR(ERR_CLOSED));
	tx_free(tx);
}

/* RFC 3326: the text for whoever keeps the header and shows the phrase to nobody. */
static void put_reason(struct wr *w, unsigned code, struct str text)
{
	char value[512];
	struct wr v = wr_of(value, sizeof value);

	wr_printf(&v, "SIP;cause=%u;text=", code);
	sip_put_quoted(&v, text);
	if (text.len && v.err == OK)
		sip_put_header(w, SIP_HDR_REASON, wr_done(&v));
}

/* m NULL: the request that tx holds; tag empty: a fresh one. False: there is no request any more. */
static bool begin_any(struct sip *s, struct tx *tx, const struct sip_msg *m, unsigned code,
	struct str reason, struct str tag, struct wr *ret_w)
{
	char fresh[17];

	if (!m)
		m = request_of(s, tx);
	if (!m)
		return false;
	tag_put(s, fresh);
	*ret_w = answer_begin(s, tx, m, code, reason, tag.len ? tag : str_of(fresh));
	return true;
}

void answer(struct sip *s, struct tx *tx, const struct sip_msg *m, unsigned code, struct str reason,
	struct str tag)
{
	struct wr w;

	if (begin_any(s, tx, m, code, reason, tag, &w))
		answer_send(s, tx, code, &w);
}

void answer_refuse(struct sip *s, struct tx *tx, const struct sip_msg *m, unsigned code,
	struct str text, struct str tag)
{
	struct wr w;

	if (!begin_any(s, tx, m, code, text, tag, &w))
		return;
	put_reason(&w, code, text);
	answer_send(s, tx, code, &w);
}

static void retry_after(struct sip *s, struct tx *tx, const struct sip_msg *m, unsigned code,
	struct str reason, uint8_t from_s, uint8_t to_s)
{
	uint8_t random;
	struct wr w;

	if (!begin_any(s, tx, m, code, reason, STR_NONE, &w))
		return;
	io_random(s->io, &random, sizeof random);
	put_reason(&w, code, reason);
	sip_put_header_f(&w, SIP_HDR_RETRY_AFTER, "%u", from_s + random % (to_s - from_s + 1u));
	answer_send(s, tx, code, &w);
}

void answer_later(struct sip *s, struct tx *tx, const struct sip_msg *m, struct str reason)
{
	retry_after(s, tx, m, 500, reason, 0, 10);
}

void answer_busy(struct sip *s, struct tx *tx, const struct sip_msg *m, struct str reason)
{
	retry_after(s, tx, m, 503, reason, 5, 30);
}
