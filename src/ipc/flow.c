/* flow.c - bodies of FLOW_WANT, FLOW_IS and ZONE_MEDIA. Pure codecs: bytes in, structs out.
 *
 * Fields are tagged: an unknown tag is skipped, a missing one leaves zero. Numbers that choose from an
 * enum are checked here, so that no user of a struct needs to. Puts and gets stay in the same order. */
#include <string.h>

#include "ipc/flow.h"

enum end_tag {
	TE_KIND = 1,
	TE_FLAGS,
	TE_ROW,
	TE_LOCAL,
	TE_RTP,
	TE_RTCP,
	TE_SIGNALLING,
	TE_TYPES_LOW,
	TE_TYPES_HIGH,
	TE_STREAM_ID,
	TE_ZONE,
	TE_KEY,
	TE_H46019
};

enum end_flag { F_NAT = 1, F_HAS_RTCP = 2, F_RTCP_MUX = 4, F_ON_HOLD = 8, F_KEYED = 16 };

static uint8_t end_flags(const struct flow_end *e)
{
	return (uint8_t)((e->is_nat ? F_NAT : 0) | (e->has_rtcp ? F_HAS_RTCP : 0) |
			 (e->has_rtcp_mux ? F_RTCP_MUX : 0) | (e->is_on_hold ? F_ON_HOLD : 0) |
			 (e->is_keyed ? F_KEYED : 0));
}

static size_t master_len(const struct srtp_key *k)
{
	return (size_t)srtp_form(k->suite)->n_key + srtp_form(k->suite)->n_salt;
}

/* One by one, and only those that the answer left. */
static void keys_put(struct wr *w, const struct srtp_keys *keys)
{
	for (size_t i = 0; i < keys->n; i++) {
		const struct srtp_key *k = &keys->keys[i];
		uint8_t *mark;

		if (!srtp_key_is_chosen(keys, k))
			continue;
		mark = wr_t_begin(w, TE_KEY);
		wr_u8(w, k->suite);
		wr_u8(w, k->n_mki);
		wr_bytes(w, k->mki, k->n_mki);
		wr_bytes(w, k->master, master_len(k));
		wr_t_end(w, mark);
	}
}

static void key_of_suite_get(struct rd *v, struct srtp_keys *keys)
{
	struct srtp_key k = {0};

	k.suite = rd_u8(v);
	k.n_mki = rd_u8(v);
	if (k.suite == SRTP_NONE || k.suite >= SRTP_SUITE_MAX || k.n_mki > SRTP_MKI_MAX ||
		keys->n == SRTP_KEYS_MAX) {
		rd_fail(v, ERR_RANGE);
		return;
	}
	rd_copy(v, k.mki, k.n_mki);
	rd_copy(v, k.master, master_len(&k));
	if (rd_more(v))
		rd_fail(v, ERR_SYNTAX);
	if (v->err == OK)
		keys->keys[keys->n++] = k;
	explicit_bzero(&k, sizeof k);
}

/* ---- H.460.19 ---- */

/* Both ends of the id are of 0xc0-0xff: no first byte of RFC 7983, in either order of bytes. The first is the
 * larger: an id read backwards is none. */
bool multiplex_id_is_ours(uint32_t id)
{
	uint32_t first = id >> 24, last = id & 0xff;

	return last >= 0xc0 && first > last;
}

uint32_t multiplex_id_of(uint32_t random)
{
	uint32_t id = random | 0xc00000c0;

	return multiplex_id_is_ours(id) ? id : 0;
}

enum h46019_tag {
	TH_ROLE = 1,
	TH_KEEPALIVE_TYPE,
	TH_KEEPALIVE_MS,
	TH_N_LEARN,
	TH_ID_IN,
	TH_ID_RTP,
	TH_ID_RTCP,
	TH_ID_KEEPALIVE,
	TH_KEEPALIVE_RTP,
	TH_KEEPALIVE_RTCP
};

static void h46019_put(struct wr *w, const struct h46019 *h)
{
	uint8_t *mark = wr_t_begin(w, TE_H46019);

	wr_t_u8(w, TH_ROLE, h->role);
	wr_t_u8(w, TH_KEEPALIVE_TYPE, h->keepalive_type);
	wr_t_u32(w, TH_KEEPALIVE_MS, h->keepalive_ms);
	wr_t_u32(w, TH_N_LEARN, h->n_learn);
	wr_t_u32(w, TH_ID_IN, h->id_in);
	if (h->has_id_out) {
		wr_t_u32(w, TH_ID_RTP, h->id_rtp);
		wr_t_u32(w, TH_ID_RTCP, h->id_rtcp);
		wr_t_u32(w, TH_ID_KEEPALIVE, h->id_keepalive);
	}
	wr_t_addr(w, TH_KEEPALIVE_RTP, &h->keepalive_rtp);
	wr_t_addr(w, TH_KEEPALIVE_RTCP, &h->keepalive_rtcp);
	wr_t_end(w, mark);
}

static void h46019_get_field(struct h46019 *h, uint16_t tag, struct rd *v)
{
	switch (tag) {
	case TH_ROLE:
		h->role = (uint8_t)rd_t_num(v);
		break;
	case TH_KEEPALIVE_TYPE:
		h->keepalive_type = (uint8_t)rd_t_num(v);
		break;
	case TH_KEEPALIVE_MS:
		h->keepalive_ms = (uint32_t)rd_t_num(v);
		break;
	case TH_N_LEARN:
		h->n_learn = (uint32_t)rd_t_num(v);
		break;
	case TH_ID_IN:
		h->id_in = (uint32_t)rd_t_num(v);
		break;
	case TH_ID_RTP:
		h->id_rtp = (uint32_t)rd_t_num(v);
		h->has_id_out = true;
		break;
	case TH_ID_RTCP:
		h->id_rtcp = (uint32_t)rd_t_num(v);
		break;
	case TH_ID_KEEPALIVE:
		h->id_keepalive = (uint32_t)rd_t_num(v);
		break;
	case TH_KEEPALIVE_RTP:
		h->keepalive_rtp = rd_t_addr(v);
		break;
	case TH_KEEPALIVE_RTCP:
		h->keepalive_rtcp = rd_t_addr(v);
		break;
	default:
		break;
	}
}

static void h46019_get(struct rd *v, struct h46019 *h)
{
	struct rd field;
	uint16_t tag;

	while (rd_tag(v, &tag, &field)) {
		h46019_get_field(h, tag, &field);
		rd_join(v, &field);
	}
	if (h->role == H46019_NONE || h->role >= H46019_ROLE_MAX || h->keepalive_type > 127 ||
		(h->id_in && !multiplex_id_is_ours(h->id_in)))
		rd_fail(v, ERR_RANGE);
}

/* Its proofs are others than tags, and only a server has the shared pair. */
static bool is_h46019_sound(const struct flow_end *e)
{
	const struct h46019 *h = &e->h46019;

	if (e->kind == END_ID_SERVER)
		return h->role == H46019_SERVER && h->id_in && !e->is_keyed && !e->keys.n;
	return !h->role || (e->kind == END_DIRECT && !e->is_keyed && !e->keys.n);
}

/* ---- an end ---- */

static void end_put(struct wr *w, uint16_t tag, const struct flow_end *e)
{
	uint8_t *mark = wr_t_begin(w, tag);

	wr_t_u8(w, TE_KIND, e->kind);
	wr_t_u8(w, TE_FLAGS, end_flags(e));
	wr_t_u16(w, TE_ROW, e->row);
	wr_t_addr(w, TE_LOCAL, &e->local);
	wr_t_addr(w, TE_RTP, &e->remote_rtp);
	wr_t_addr(w, TE_RTCP, &e->remote_rtcp);
	wr_t_addr(w, TE_SIGNALLING, &e->signalling);
	wr_t_u64(w, TE_TYPES_LOW, e->payload_types[0]);
	wr_t_u64(w, TE_TYPES_HIGH, e->payload_types[1]);
	wr_t_u64(w, TE_STREAM_ID, e->stream_id);
	wr_t_u64(w, TE_ZONE, e->zone);
	keys_put(w, &e->keys);
	if (e->h46019.role)
		h46019_put(w, &e->h46019);
	wr_t_end(w, mark);
}

static void end_get_flags(struct flow_end *e, uint8_t flags)
{
	e->is_nat = flags & F_NAT;
	e->has_rtcp = flags & F_HAS_RTCP;
	e->has_rtcp_mux = flags & F_RTCP_MUX;
	e->is_on_hold = flags & F_ON_HOLD;
	e->is_keyed = flags & F_KEYED;
}

static void end_get_field(struct flow_end *e, uint16_t tag, struct rd *v)
{
	switch (tag) {
	case TE_KIND:
		e->kind = (uint8_t)rd_t_num(v);
		break;
	case TE_FLAGS:
		end_get_flags(e, (uint8_t)rd_t_num(v));
		break;
	case TE_ROW:
		e->row = (uint16_t)rd_t_num(v);
		break;
	case TE_LOCAL:
		e->local = rd_t_addr(v);
		break;
	case TE_RTP:
		e->remote_rtp = rd_t_addr(v);
		break;
	case TE_RTCP:
		e->remote_rtcp = rd_t_addr(v);
		break;
	case TE_SIGNALLING:
		e->signalling = rd_t_addr(v);
		break;
	case TE_TYPES_LOW:
		e->payload_types[0] = rd_t_num(v);
		break;
	case TE_TYPES_HIGH:
		e->payload_types[1] = rd_t_num(v);
		break;
	case TE_STREAM_ID:
		e->stream_id = rd_t_num(v);
		break;
	case TE_ZONE:
		e->zone = rd_t_num(v);
		break;
	case TE_KEY:
		key_of_suite_get(v, &e->keys);
		break;
	case TE_H46019:
		h46019_get(v, &e->h46019);
		break;
	default:
		break;
	}
}

static void end_get(struct flow_end *e, struct rd *body)
{
	struct rd v;
	uint16_t tag;

	while (rd_tag(body, &tag, &v)) {
		end_get_field(e, tag, &v);
		rd_join(body, &v);
	}
	if (e->kind > END_ID_SERVER || e->row >= PLAN_ROW_MAX || !is_h46019_sound(e))
		rd_fail(body, ERR_RANGE);
}

enum want_tag { TW_CALL = 1, TW_LINE, TW_CLASSES, TW_LEASE, TW_END_0, TW_END_1 };
#define CLASS_ALL (CLASS_STUN | CLASS_ZRTP | CLASS_DTLS | CLASS_RTP | CLASS_OTHER)

void flow_want_put(struct wr *w, const struct flow_want *f)
{
	wr_t_u64(w, TW_CALL, f->call);
	wr_t_u8(w, TW_LINE, f->line);
	wr_t_u8(w, TW_CLASSES, f->classes);
	wr_t_u32(w, TW_LEASE, f->lease_ms);
	end_put(w, TW_END_0, &f->end[0]);
	end_put(w, TW_END_1, &f->end[1]);
}

enum err flow_want_get(struct rd *body, struct flow_want *ret)
{
	struct flow_want f = {0};
	struct rd v;
	uint16_t tag;

	while (rd_tag(body, &tag, &v)) {
		if (tag == TW_CALL)
			f.call = rd_t_num(&v);
		else if (tag == TW_LINE)
			f.line = (uint8_t)rd_t_num(&v);
		else if (tag == TW_CLASSES)
			f.classes = (uint8_t)rd_t_num(&v) & CLASS_ALL;
		else if (tag == TW_LEASE)
			f.lease_ms = (uint32_t)rd_t_num(&v);
		else if (tag == TW_END_0 || tag == TW_END_1)
			end_get(&f.end[tag - TW_END_0], &v);
		rd_join(body, &v);
	}
	if (body->err == OK)
		*ret = f;
	explicit_bzero(f.end, sizeof f.end); /* keys */
	return body->err;
}

enum is_tag { TI_CALL = 1, TI_LINE, TI_STATE, TI_WHY, TI_END_0, TI_END_1 };

enum end_is_tag {
	TS_PROOF = 1,
	TS_RTP,
	TS_RTCP,
	TS_RX_PACKETS,
	TS_RX_BYTES,
	TS_TX_PACKETS,
	TS_RTCP_PACKETS,
	TS_UNKNOWN,
	TS_LOST,
	TS_JITTER,
	TS_SILENT,
	TS_KEEPALIVES
};

static void end_is_put(struct wr *w, uint16_t tag, const struct flow_end_is *e)
{
	uint8_t *mark = wr_t_begin(w, tag);

	wr_t_u8(w, TS_PROOF, e->proof);
	wr_t_addr(w, TS_RTP, &e->rtp);
	wr_t_addr(w, TS_RTCP, &e->rtcp);
	wr_t_u64(w, TS_RX_PACKETS, e->rx_packets);
	wr_t_u64(w, TS_RX_BYTES, e->rx_bytes);
	wr_t_u64(w, TS_TX_PACKETS, e->tx_packets);
	wr_t_u64(w, TS_RTCP_PACKETS, e->rtcp_packets);
	wr_t_u64(w, TS_UNKNOWN, e->unknown_packets);
	wr_t_u32(w, TS_LOST, e->lost);
	wr_t_u32(w, TS_JITTER, e->jitter_us);
	wr_t_u32(w, TS_SILENT, e->silent_ms);
	wr_t_u64(w, TS_KEEPALIVES, e->keepalives);
	wr_t_end(w, mark);
}

static void end_is_get_field(struct flow_end_is *e, uint16_t tag, struct rd *v)
{
	switch (tag) {
	case TS_PROOF:
		e->proof = (uint8_t)rd_t_num(v);
		break;
	case TS_RTP:
		e->rtp = rd_t_addr(v);
		break;
	case TS_RTCP:
		e->rtcp = rd_t_addr(v);
		break;
	case TS_RX_PACKETS:
		e->rx_packets = rd_t_num(v);
		break;
	case TS_RX_BYTES:
		e->rx_bytes = rd_t_num(v);
		break;
	case TS_TX_PACKETS:
		e->tx_packets = rd_t_num(v);
		break;
	case TS_RTCP_PACKETS:
		e->rtcp_packets = rd_t_num(v);
		break;
	case TS_UNKNOWN:
		e->unknown_packets = rd_t_num(v);
		break;
	case TS_LOST:
		e->lost = (uint32_t)rd_t_num(v);
		break;
	case TS_JITTER:
		e->jitter_us = (uint32_t)rd_t_num(v);
		break;
	case TS_SILENT:
		e->silent_ms = (uint32_t)rd_t_num(v);
		break;
	case TS_KEEPALIVES:
		e->keepalives = rd_t_num(v);
		break;
	default:
		break;
	}
}

static void end_is_get(struct flow_end_is *e, struct rd *body)
{
	struct rd v;
	uint16_t tag;

	while (rd_tag(body, &tag, &v)) {
		end_is_get_field(e, tag, &v);
		rd_join(body, &v);
	}
	if (e->proof >= PROOF_MAX)
		rd_fail(body, ERR_RANGE);
}

void flow_is_put(struct wr *w, const struct flow_is *f)
{
	wr_t_u64(w, TI_CALL, f->call);
	wr_t_u8(w, TI_LINE, f->line);
	wr_t_u8(w, TI_STATE, f->state);
	wr_t_z(w, TI_WHY, f->why);
	end_is_put(w, TI_END_0, &f->end[0]);
	end_is_put(w, TI_END_1, &f->end[1]);
}

enum err flow_is_get(struct rd *body, struct flow_is *ret)
{
	struct flow_is f = {0};
	struct rd v;
	uint16_t tag;

	while (rd_tag(body, &tag, &v)) {
		if (tag == TI_CALL)
			f.call = rd_t_num(&v);
		else if (tag == TI_LINE)
			f.line = (uint8_t)rd_t_num(&v);
		else if (tag == TI_STATE)
			f.state = (uint8_t)rd_t_num(&v);
		else if (tag == TI_WHY)
			rd_t_z(&v, f.why, sizeof f.why);
		else if (tag == TI_END_0 || tag == TI_END_1)
			end_is_get(&f.end[tag - TI_END_0], &v);
		rd_join(body, &v);
	}
	if (f.state >= FLOW_STATE_MAX)
		rd_fail(body, ERR_RANGE);
	if (body->err == OK)
		*ret = f;
	return body->err;
}

enum zone_tag { TZ_NAME = 1, TZ_IS_EDGE, TZ_KEY, TZ_OLD_KEY, TZ_KEEPALIVE, TZ_PEER };

void zone_media_put(struct wr *w, const struct zone_media *z)
{
	wr_t_z(w, TZ_NAME, z->name);
	wr_t_u8(w, TZ_IS_EDGE, z->is_edge);
	wr_t_str(w, TZ_KEY, (struct str){(const char *)z->key, sizeof z->key});
	if (z->has_old_key)
		wr_t_str(w, TZ_OLD_KEY, (struct str){(const char *)z->old_key, sizeof z->old_key});
	wr_t_u32(w, TZ_KEEPALIVE, z->keepalive_ms);
	wr_t_addr(w, TZ_PEER, &z->peer);
}

static void key_get(struct rd *v, uint8_t key[32])
{
	rd_copy(v, key, 32);
	if (rd_more(v))
		rd_fail(v, ERR_SYNTAX);
}

enum err zone_media_get(struct rd *body, struct zone_media *ret)
{
	struct zone_media z = {0};
	struct rd v;
	uint16_t tag;

	while (rd_tag(body, &tag, &v)) {
		if (tag == TZ_NAME) {
			rd_t_z(&v, z.name, sizeof z.name);
		} else if (tag == TZ_IS_EDGE) {
			z.is_edge = rd_t_num(&v) != 0;
		} else if (tag == TZ_KEY) {
			key_get(&v, z.key);
		} else if (tag == TZ_OLD_KEY) {
			key_get(&v, z.old_key);
			z.has_old_key = true;
		} else if (tag == TZ_KEEPALIVE) {
			z.keepalive_ms = (uint32_t)rd_t_num(&v);
		} else if (tag == TZ_PEER) {
			z.peer = rd_t_addr(&v);
		}
		rd_join(body, &v);
	}
	if (body->err == OK)
		*ret = z;
	return body->err;
}

const char *flow_state_name(enum flow_state s)
{
	static const char *const names[FLOW_STATE_MAX] = {
		"waiting", "one-way", "both", "idle", "refused"};

	return (unsigned)s < FLOW_STATE_MAX ? names[s] : "unknown";
}

const char *flow_proof_name(enum flow_proof p)
{
	static const char *const names[PROOF_MAX] = {
		"none", "token", "signalled", "sequence", "datagram", "srtp", "id", "keepalive"};

	return (unsigned)p < PROOF_MAX ? names[p] : "unknown";
}
