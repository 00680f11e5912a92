/* srtp.c - tags of SRTP and SRTCP packets by RFC 3711, 6188 and 7714, checked with libcrypto.
 *
 * Session keys are derived for each check: checks are rare, and a key that is not there cannot leak. Only
 * the tag is looked at. What a packet's own index is follows from the marks: two rollover counters at
 * most are tried, that of the SSRC's whole life and that since the keys came. */
#include <string.h>

#include "base/crypt.h"
#include "media/srtp.h"

#define HMAC_TAG  10u /* of SRTCP with any HMAC suite (RFC 4568 section 6.2.2, RFC 6188 section 5) */
#define HMAC_KEY  20u
#define ROC_LEN   4u
#define INDEX_LEN 4u /* the E bit and SRTCP's index */
#define RTCP_HEAD 8u

/* A packet, its parts by the key's suite. */
struct parts {
	struct str
		covered;   /* in clear or by HMAC: all that the tag covers before the cipher text */
	struct str cipher; /* GCM alone */
	struct str mki, tag;
	uint32_t ssrc, roc, seq; /* SRTCP: seq is the index, roc 0 */
	uint32_t index_word;     /* SRTCP: with the E bit */
	bool is_rtcp;
};

/* ---- keys ---- */

void srtp_derive(const struct srtp_key *key, enum srtp_label label, uint8_t *ret, size_t len)
{
	const struct srtp_form *form = srtp_form(key->suite);
	uint8_t block[AES_BLOCK] = {0};

	memcpy(block, key->master + form->n_key, form->n_salt);
	block[7] ^= (uint8_t)label; /* the index over the rate is 0 */
	aes_ctr_stream((struct str){(const char *)key->master, form->n_key}, block, ret, len);
	explicit_bzero(block, sizeof block);
}

bool srtp_keys_are_equal(const struct srtp_keys *a, const struct srtp_keys *b)
{
	if (a->n != b->n)
		return false;
	for (size_t i = 0; i < a->n; i++) {
		const struct srtp_key *x = &a->keys[i], *y = &b->keys[i];

		if (x->suite != y->suite || x->n_mki != y->n_mki ||
			memcmp(x->mki, y->mki, sizeof x->mki) != 0 ||
			!crypt_equal(x->master, y->master, sizeof x->master))
			return false;
	}
	return true;
}

/* ---- marks ---- */

static struct srtp_mark *mark_of(struct srtp_marks *m, uint32_t ssrc)
{
	for (size_t i = 0; i < m->n; i++) {
		if (m->marks[i].ssrc == ssrc)
			return &m->marks[i];
	}
	return NULL;
}

static struct srtp_mark *mark_new(struct srtp_marks *m, uint32_t ssrc)
{
	struct srtp_mark *mark = &m->marks[m->next];

	m->next = (uint8_t)((m->next + 1) % SRTP_MARKS_MAX);
	if (m->n < SRTP_MARKS_MAX)
		m->n++;
	*mark = (struct srtp_mark){.ssrc = ssrc};
	return mark;
}

static bool is_in(const struct rtp_stats *stats, uint32_t ssrc)
{
	for (size_t i = 0; i < stats->n_sources; i++) {
		if (stats->sources[i].ssrc == ssrc)
			return true;
	}
	return false;
}

/* Sources that gave their place to others. */
static void make_room(struct srtp_marks *m, const struct rtp_stats *stats)
{
	uint8_t n = 0;

	for (size_t i = 0; i < m->n; i++) {
		if (is_in(stats, m->marks[i].ssrc))
			m->marks[n++] = m->marks[i];
	}
	m->n = n;
	m->next = (uint8_t)(n % SRTP_MARKS_MAX);
}

static bool follow(struct srtp_mark *mark, uint16_t seq)
{
	uint16_t ahead = (uint16_t)(seq - mark->seq);
	bool has_wrapped = seq < mark->seq;

	if (!ahead || ahead >= 0x8000)
		return false;
	mark->roc += has_wrapped;
	mark->roc_of_keys += has_wrapped;
	mark->seq = seq;
	if ((uint16_t)(seq - mark->kept) < SRTP_KEPT_LAG)
		return false;
	mark->kept = seq;
	return true;
}

bool srtp_follow(struct srtp_marks *m, const struct rtp_stats *stats)
{
	bool is_due = false;

	for (size_t i = 0; i < stats->n_sources; i++) {
		const struct rtp_source *s = &stats->sources[i];
		struct srtp_mark *mark = mark_of(m, s->ssrc);

		if (mark) {
			is_due |= follow(mark, s->seq_max);
			continue;
		}
		if (m->n == SRTP_MARKS_MAX)
			make_room(m, stats);
		mark = mark_new(m, s->ssrc);
		mark->seq = mark->kept = s->seq_max;
		is_due = true;
	}
	return is_due;
}

void srtp_rekeyed(struct srtp_marks *m)
{
	for (size_t i = 0; i < m->n; i++)
		m->marks[i].roc_of_keys = 0;
}

void srtcp_rekeyed(struct srtp_marks *m)
{
	*m = (struct srtp_marks){0};
}

/* ---- parts of a packet ---- */

static uint32_t number(struct str s)
{
	uint32_t n = 0;

	for (size_t i = 0; i < 4; i++)
		n = n << 8 | (uint8_t)s.p[i];
	return n;
}

static struct str cut_end(struct str *s, size_t n)
{
	struct str end = str_skip(*s, s->len - n);

	*s = str_head(*s, s->len - n);
	return end;
}

/* header | payload | MKI | tag; with GCM: header | payload and tag | MKI */
static bool rtp_parts(const struct srtp_key *key, struct str packet, struct parts *ret)
{
	const struct srtp_form *form = srtp_form(key->suite);
	struct rtp_packet rtp;
	size_t n_head;

	if (rtp_parse(packet, RTP_ENCRYPTED, &rtp) != OK ||
		rtp.payload.len < (size_t)form->n_tag + key->n_mki)
		return false;
	*ret = (struct parts){.ssrc = rtp.ssrc, .seq = rtp.seq};
	n_head = packet.len - rtp.payload.len;
	if (form->is_gcm)
		ret->mki = cut_end(&packet, key->n_mki);
	ret->tag = cut_end(&packet, form->n_tag);
	if (!form->is_gcm)
		ret->mki = cut_end(&packet, key->n_mki);
	ret->covered = form->is_gcm ? str_head(packet, n_head) : packet;
	ret->cipher = str_skip(packet, ret->covered.len);
	return true;
}

/* header | rest | E, index | MKI | tag; with GCM: header | rest and tag | E, index | MKI */
static bool rtcp_parts(const struct srtp_key *key, struct str packet, struct parts *ret)
{
	bool is_gcm = srtp_form(key->suite)->is_gcm;
	size_t n_tag = is_gcm ? AES_GCM_TAG : HMAC_TAG;
	struct str index;

	if (packet.len < RTCP_HEAD + INDEX_LEN + n_tag + key->n_mki ||
		(uint8_t)packet.p[0] >> 6 != 2)
		return false;
	*ret = (struct parts){.ssrc = number(str_skip(packet, 4)), .is_rtcp = true};
	if (!is_gcm)
		ret->tag = cut_end(&packet, n_tag);
	ret->mki = cut_end(&packet, key->n_mki);
	index = str_skip(packet, packet.len - INDEX_LEN);
	ret->index_word = number(index);
	ret->seq = ret->index_word & 0x7fffffff;
	if (!is_gcm) {
		ret->covered = packet; /* the index too */
		return true;
	}
	packet = str_head(packet, packet.len - INDEX_LEN);
	ret->tag = cut_end(&packet, n_tag);
	/* RFC 7714 section 9.2 and 9.3: in clear all of it is only covered */
	ret->covered = ret->index_word >> 31 ? str_head(packet, RTCP_HEAD) : packet;
	ret->cipher = str_skip(packet, ret->covered.len);
	return true;
}

/* ---- tags ---- */

static void put_number(uint8_t *p, uint32_t n)
{
	for (size_t i = 0; i < 4; i++)
		p[i] = (uint8_t)(n >> (24 - 8 * i));
}

static bool hmac_fits(const struct srtp_key *key, const struct parts *p)
{
	uint8_t session[HMAC_KEY], mac[HMAC_KEY], covered[1500 + ROC_LEN];
	struct str text = p->covered;

	if (!p->is_rtcp) { /* RFC 3711 section 4.2: the packet, then the rollover counter */
		if (text.len > sizeof covered - ROC_LEN)
			return false;
		memcpy(covered, text.p, text.len);
		put_number(covered + text.len, p->roc);
		text = (struct str){(const char *)covered, text.len + ROC_LEN};
	}
	srtp_derive(key, p->is_rtcp ? SRTCP_AUTH : SRTP_AUTH, session, sizeof session);
	hmac_sha1((struct str){(const char *)session, sizeof session}, text, mac);
	explicit_bzero(session, sizeof session);
	return crypt_equal(mac, p->tag.p, p->tag.len);
}

/* RFC 7714 sections 8.1 and 9.1: 00 00, SSRC, ROC, SEQ; of SRTCP: 00 00, SSRC, 00 00, index; by the salt. */
static void gcm_iv(const struct srtp_key *key, const struct parts *p, uint8_t iv[AES_GCM_IV])
{
	uint8_t salt[AES_GCM_IV], in[AES_GCM_IV] = {0};

	srtp_derive(key, p->is_rtcp ? SRTCP_SALT : SRTP_SALT, salt, sizeof salt);
	put_number(in + 2, p->ssrc);
	if (p->is_rtcp) {
		put_number(in + 8, p->seq);
	} else {
		put_number(in + 6, p->roc);
		in[10] = (uint8_t)(p->seq >> 8);
		in[11] = (uint8_t)p->seq;
	}
	for (size_t i = 0; i < AES_GCM_IV; i++)
		iv[i] = in[i] ^ salt[i];
	explicit_bzero(salt, sizeof salt);
}

static bool gcm_fits(const struct srtp_key *key, const struct parts *p)
{
	uint8_t session[32], iv[AES_GCM_IV], covered[1500 + INDEX_LEN];
	struct str text = p->covered;
	size_t n = srtp_form(key->suite)->n_key;
	bool is_fit;

	if (p->is_rtcp) { /* RFC 7714 section 9.2: the index word follows what is covered */
		if (text.len > sizeof covered - INDEX_LEN)
			return false;
		memcpy(covered, text.p, text.len);
		put_number(covered + text.len, p->index_word);
		text = (struct str){(const char *)covered, text.len + INDEX_LEN};
	}
	srtp_derive(key, p->is_rtcp ? SRTCP_ENCRYPT : SRTP_ENCRYPT, session, n);
	gcm_iv(key, p, iv);
	is_fit = aes_gcm_is_authentic((struct str){(const char *)session, n}, iv, text, p->cipher,
		(const uint8_t *)p->tag.p);
	explicit_bzero(session, sizeof session);
	return is_fit;
}

static bool fits(const struct srtp_key *key, const struct parts *p)
{
	if (key->n_mki && memcmp(p->mki.p, key->mki, key->n_mki) != 0)
		return false;
	return srtp_form(key->suite)->is_gcm ? gcm_fits(key, p) : hmac_fits(key, p);
}

/* ---- proofs ---- */

/* The rollover counters that a packet ahead of its mark may have; without a mark the sender's first one,
 * or its second where what we lost had the wrap in it. How many; 0: it is not ahead. */
static size_t rocs_of(const struct srtp_mark *mark, uint32_t seq, uint32_t ret_rocs[2])
{
	uint16_t ahead;
	bool has_wrapped;

	if (!mark) {
		ret_rocs[0] = 0;
		ret_rocs[1] = 1;
		return 2;
	}
	ahead = (uint16_t)(seq - mark->seq);
	has_wrapped = seq < mark->seq;
	ret_rocs[0] = mark->roc + has_wrapped;
	ret_rocs[1] = mark->roc_of_keys + has_wrapped;
	if (!ahead || ahead >= 0x8000)
		return 0;
	return ret_rocs[0] == ret_rocs[1] ? 1 : 2;
}

static bool rtp_fits(const struct srtp_key *key, struct str packet, struct srtp_marks *marks)
{
	struct srtp_mark *mark;
	struct parts p;
	uint32_t rocs[2];
	size_t n;

	if (!rtp_parts(key, packet, &p))
		return false;
	mark = mark_of(marks, p.ssrc);
	n = rocs_of(mark, p.seq, rocs);
	for (size_t i = 0; i < n; i++) {
		p.roc = rocs[i];
		if (!fits(key, &p))
			continue;
		if (!mark)
			mark = mark_new(marks, p.ssrc);
		mark->seq = mark->kept = (uint16_t)p.seq;
		mark->roc = mark->roc_of_keys = p.roc;
		return true;
	}
	return false;
}

static bool rtcp_fits(const struct srtp_key *key, struct str packet, struct srtp_marks *marks)
{
	struct srtp_mark *mark;
	struct parts p;

	if (!rtcp_parts(key, packet, &p))
		return false;
	mark = mark_of(marks, p.ssrc);
	if ((mark && p.seq <= mark->seq) || !fits(key, &p))
		return false;
	if (!mark)
		mark = mark_new(marks, p.ssrc);
	mark->seq = p.seq;
	return true;
}

bool srtp_proves(const struct srtp_keys *keys, struct str packet, struct srtp_marks *marks)
{
	for (size_t i = 0; i < keys->n; i++) {
		if (rtp_fits(&keys->keys[i], packet, marks))
			return true;
	}
	return false;
}

bool srtcp_proves(const struct srtp_keys *keys, struct str packet, struct srtp_marks *marks)
{
	for (size_t i = 0; i < keys->n; i++) {
		if (rtcp_fits(&keys->keys[i], packet, marks))
			return true;
	}
	return false;
}

/* Where the index stands is the same for all keys of a choice. */
void srtcp_follow(const struct srtp_keys *keys, struct str packet, struct srtp_marks *marks)
{
	struct srtp_mark *mark;
	struct parts p;

	if (!keys->n || !rtcp_parts(&keys->keys[0], packet, &p))
		return;
	mark = mark_of(marks, p.ssrc);
	if (!mark)
		mark = mark_new(marks, p.ssrc);
	mark->seq = p.seq > mark->seq ? p.seq : mark->seq;
}
