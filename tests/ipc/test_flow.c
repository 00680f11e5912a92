/* Bodies of flows: round trips at full size, refusals, every cut, a field of a later version. */
#include <stdlib.h>

#include "ipc/fixture.h"
#include "ipc/flow.h"
#include "ipc/kinds.h"

static struct flow_end an_end(uint8_t kind)
{
	struct flow_end e = {.kind = kind,
		.is_nat = true,
		.has_rtcp = true,
		.row = PLAN_LINK_RTP,
		.local = addr_v4(192, 0, 2, 1, 36002),
		.remote_rtp = v6(5004),
		.remote_rtcp = v6(5005),
		.signalling = v6(0),
		.payload_types = {1, ~0ull},
		.stream_id = 0x0102030405060708,
		.zone = 7,
		.is_keyed = true};

	for (uint8_t i = 0; i < SRTP_KEYS_MAX; i++) {
		struct srtp_key *k = &e.keys.keys[e.keys.n++];

		*k = (struct srtp_key){.tag = i + 1u,
			.suite = (uint8_t)(i % (SRTP_SUITE_MAX - 1) + 1),
			.n_mki = SRTP_MKI_MAX,
			.mki = {1, 2, 3, i}};
		memset(k->master, 'a' + i, SRTP_MASTER_MAX);
	}
	return e;
}

static void keys_are_equal(const struct srtp_keys *a, const struct srtp_keys *b)
{
	CHECK(a->n == b->n);
	for (size_t i = 0; i < a->n; i++) {
		const struct srtp_key *x = &a->keys[i], *y = &b->keys[i];
		const struct srtp_form *form = srtp_form(x->suite);

		CHECK(x->suite == y->suite && x->n_mki == y->n_mki && !y->tag);
		CHECK(memcmp(x->mki, y->mki, sizeof x->mki) == 0);
		CHECK(memcmp(x->master, y->master, (size_t)form->n_key + form->n_salt) == 0);
	}
}

static void end_is_equal(const struct flow_end *a, const struct flow_end *b)
{
	CHECK(a->kind == b->kind && a->row == b->row && a->is_nat == b->is_nat);
	CHECK(a->has_rtcp == b->has_rtcp && a->has_rtcp_mux == b->has_rtcp_mux);
	CHECK(a->is_on_hold == b->is_on_hold);
	CHECK(addr_eq(&a->local, &b->local) && addr_eq(&a->remote_rtp, &b->remote_rtp));
	CHECK(addr_eq(&a->remote_rtcp, &b->remote_rtcp) && addr_eq(&a->signalling, &b->signalling));
	CHECK(a->payload_types[0] == b->payload_types[0] &&
		a->payload_types[1] == b->payload_types[1]);
	CHECK(a->stream_id == b->stream_id && a->zone == b->zone && a->is_keyed == b->is_keyed);
	keys_are_equal(&a->keys, &b->keys);
}

static void flow_want(void)
{
	struct flow_want a = {.call = 9,
				 .line = 3,
				 .classes = CLASS_RTP | CLASS_STUN,
				 .lease_ms = 120000},
			 b;
	struct wr w = wr_of(buf, kind_info(ROW_FLOW_WANT)->body_max);
	struct rd r;

	a.end[0] = an_end(END_DIRECT);
	a.end[1] = an_end(END_MUX_SERVER);
	a.end[1].is_nat = false;
	a.end[1].has_rtcp_mux = a.end[1].is_on_hold = true;
	flow_want_put(&w, &a);
	CHECK(w.err == OK);
	r = rd_of(wr_done(&w));
	CHECK(flow_want_get(&r, &b) == OK);
	CHECK(b.call == 9 && b.line == 3 && b.classes == (CLASS_RTP | CLASS_STUN) &&
		b.lease_ms == 120000);
	end_is_equal(&a.end[0], &b.end[0]);
	end_is_equal(&a.end[1], &b.end[1]);
}

static struct flow_end an_h46019_end(uint8_t kind, uint8_t role)
{
	struct flow_end e = an_end(kind);

	e.is_keyed = false;
	e.keys = (struct srtp_keys){0};
	e.h46019 = (struct h46019){.role = role,
		.keepalive_type = 127,
		.keepalive_ms = 19000,
		.n_learn = 5,
		.id_in = 0xfe1234c1,
		.has_id_out = true,
		.id_rtp = 1,
		.id_rtcp = 0,
		.id_keepalive = ~0u,
		.keepalive_rtp = v6(1),
		.keepalive_rtcp = v6(2)};
	return e;
}

static enum err carried(const struct flow_end *e, struct flow_end *ret)
{
	struct flow_want a = {.lease_ms = 1}, b = {0};
	struct wr w = wr_of(buf, kind_info(ROW_FLOW_WANT)->body_max);
	struct rd r;
	enum err err;

	a.end[0] = a.end[1] = *e;
	flow_want_put(&w, &a);
	CHECK(w.err == OK);
	r = rd_of(wr_done(&w));
	err = flow_want_get(&r, &b);
	*ret = b.end[1];
	return err;
}

static void h46019(void)
{
	struct flow_end a = an_h46019_end(END_ID_SERVER, H46019_SERVER), b;

	CHECK(carried(&a, &b) == OK);
	end_is_equal(&a, &b);
	CHECK(b.h46019.role == H46019_SERVER && b.h46019.keepalive_type == 127);
	CHECK(b.h46019.keepalive_ms == 19000 && b.h46019.n_learn == 5);
	CHECK(b.h46019.id_in == 0xfe1234c1 && b.h46019.has_id_out && b.h46019.id_rtp == 1);
	CHECK(b.h46019.id_rtcp == 0 && b.h46019.id_keepalive == ~0u);
	CHECK(addr_eq(&b.h46019.keepalive_rtp, &a.h46019.keepalive_rtp));
	CHECK(addr_eq(&b.h46019.keepalive_rtcp, &a.h46019.keepalive_rtcp));
	a.h46019.has_id_out = false;
	CHECK(carried(&a, &b) == OK && !b.h46019.has_id_out);
	a = an_h46019_end(END_DIRECT, H46019_CLIENT);
	CHECK(carried(&a, &b) == OK && b.h46019.role == H46019_CLIENT);
	a.h46019.id_in = 0;
	CHECK(carried(&a, &b) == OK && !b.h46019.id_in);
	a.h46019.role = H46019_NONE;
	CHECK(carried(&a, &b) == OK && !b.h46019.keepalive_type);
}

static void h46019_refuses(void)
{
	static const struct {
		uint8_t kind, role, type;
		uint32_t id_in;
	} rows[] = {{END_ID_SERVER, H46019_NONE, 0, 0}, {END_ID_SERVER, H46019_SERVER, 0, 0},
		{END_ID_SERVER, H46019_CLIENT, 0, 0xfe1234c1},
		{END_ID_SERVER, H46019_SERVER, 128, 0xfe1234c1},
		{END_ID_SERVER, H46019_SERVER, 0, 1}, {END_ID_SERVER, H46019_SERVER, 0, 0xc11234fe},
		{END_MUX_SERVER, H46019_SERVER, 0, 0xfe1234c1},
		{END_MUX_CLIENT, H46019_CLIENT, 0, 0}, {END_DIRECT, H46019_ROLE_MAX, 0, 0}};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct flow_end a = an_h46019_end(rows[i].kind, rows[i].role), b;

		a.h46019.keepalive_type = rows[i].type;
		a.h46019.id_in = rows[i].id_in;
		CHECK(carried(&a, &b) == ERR_RANGE);
	}
	for (int i = 0; i < 2; i++) {
		struct flow_end a = an_h46019_end(END_DIRECT, H46019_SERVER), b;
		struct flow_end keyed = an_end(END_DIRECT);

		if (i)
			a.is_keyed = true;
		else
			a.keys.keys[a.keys.n++] = keyed.keys.keys[0];
		CHECK(carried(&a, &b) == ERR_RANGE);
	}
}

/* RFC 7983's classes, both ways round; the ids that others count from 1; none read backwards. */
static void multiplex_ids(void)
{
	static const uint32_t ours[] = {0xff0000fe, 0xc1ffffc0, 0xfe1234c1};
	static const uint32_t not_ours[] = {0, 1, 2, 3, 0x0009eef1, 0xffffffff, 0xc00000c0,
		0xc00000c1, 0xff0000bf, 0xbf0000be, 0x80000080, ~0u << 8};
	uint32_t random = 1, n_made = 0;

	for (size_t i = 0; i < sizeof ours / sizeof ours[0]; i++)
		CHECK(multiplex_id_is_ours(ours[i]));
	for (size_t i = 0; i < sizeof not_ours / sizeof not_ours[0]; i++)
		CHECK(!multiplex_id_is_ours(not_ours[i]));
	for (int i = 0; i < 10000; i++) {
		uint32_t id = multiplex_id_of(random);

		random = random * 1664525 + 1013904223;
		if (!id)
			continue;
		n_made++;
		CHECK(multiplex_id_is_ours(id) && !multiplex_id_is_ours(__builtin_bswap32(id)));
	}
	CHECK(n_made > 4000 && n_made < 6000);
}

/* What the answer did not choose does not leave; nor does a key to whom it is of no use. */
static void only_chosen_keys(void)
{
	struct flow_want a = {.lease_ms = 1}, b;
	struct wr w = wr_of(buf, sizeof buf);
	struct rd r;

	a.end[0] = an_end(END_DIRECT);
	a.end[0].keys.is_chosen = true;
	a.end[0].keys.chosen = 3;
	flow_want_put(&w, &a);
	r = rd_of(wr_done(&w));
	CHECK(flow_want_get(&r, &b) == OK && b.end[0].keys.n == 1);
	CHECK(kind_info(ROW_FLOW_WANT)->mirrors == PBIT(MEDIA));
	CHECK(b.end[0].keys.keys[0].mki[3] == 2 && b.end[0].keys.keys[0].suite == 3);
	w = wr_of(buf, sizeof buf);
	a.end[0].keys.chosen = 77;
	flow_want_put(&w, &a);
	r = rd_of(wr_done(&w));
	CHECK(flow_want_get(&r, &b) == OK && !b.end[0].keys.n && b.end[0].is_keyed);
}

static void keys_that_are_none(void)
{
	static const struct {
		uint8_t suite, n_mki;
		size_t n_more;
		enum err err;
	} rows[] = {{SRTP_AES_CM_128_80, 0, 30, OK}, {SRTP_AES_CM_128_80, 4, 34, OK},
		{SRTP_NONE, 0, 0, ERR_RANGE}, {SRTP_SUITE_MAX, 0, 30, ERR_RANGE},
		{SRTP_AES_CM_128_80, 5, 35, ERR_RANGE}, {SRTP_AES_CM_128_80, 0, 29, ERR_SHORT},
		{SRTP_AES_CM_128_80, 0, 31, ERR_SYNTAX}};
	uint8_t zero[64] = {0};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct wr w = wr_of(buf, sizeof buf);
		struct flow_want got = {.call = 5};
		uint8_t *end = wr_t_begin(&w, 5 /* TW_END_0 */),
			*key = wr_t_begin(&w, 12 /* TE_KEY */);
		struct rd r;

		wr_u8(&w, rows[i].suite);
		wr_u8(&w, rows[i].n_mki);
		wr_bytes(&w, zero, rows[i].n_more);
		wr_t_end(&w, key);
		wr_t_end(&w, end);
		r = rd_of(wr_done(&w));
		CHECK(flow_want_get(&r, &got) == rows[i].err);
		CHECK(rows[i].err == OK ? got.end[0].keys.n == 1 : got.call == 5);
	}
}

static void flow_want_refuses(void)
{
	struct flow_want a = {.lease_ms = 1}, b = {.call = 77};
	struct wr w = wr_of(buf, sizeof buf);
	struct rd r;

	a.end[0].kind = END_ID_SERVER + 1;
	flow_want_put(&w, &a);
	r = rd_of(wr_done(&w));
	CHECK(flow_want_get(&r, &b) == ERR_RANGE && b.call == 77);
	w = wr_of(buf, sizeof buf);
	a.end[0].kind = END_DIRECT;
	a.end[1].row = PLAN_ROW_MAX;
	flow_want_put(&w, &a);
	r = rd_of(wr_done(&w));
	CHECK(flow_want_get(&r, &b) == ERR_RANGE && b.call == 77);
}

static void flow_is(void)
{
	struct flow_is a = {.call = 5, .line = 1, .state = FLOW_REFUSED}, b;
	struct wr w = wr_of(buf, kind_info(ROW_FLOW_IS)->body_max);
	struct rd r;

	fill(a.why, sizeof a.why, 'w');
	a.end[0] = (struct flow_end_is){PROOF_TOKEN, v6(1), v6(2), 1, 2, 3, 4, 5, 6, 7, 8, 9};
	a.end[1] = (struct flow_end_is){
		PROOF_DATAGRAM, v6(3), v6(4), ~0ull, 12, 13, 14, 15, 16, 17, 18, ~0ull};
	flow_is_put(&w, &a);
	CHECK(w.err == OK);
	r = rd_of(wr_done(&w));
	CHECK(flow_is_get(&r, &b) == OK);
	CHECK(strcmp(a.why, b.why) == 0 && b.call == 5 && b.line == 1 && b.state == FLOW_REFUSED);
	CHECK(b.end[0].rx_packets == 1 && b.end[0].silent_ms == 8 && b.end[0].proof == PROOF_TOKEN);
	CHECK(b.end[1].rx_packets == ~0ull && b.end[1].tx_packets == 13 &&
		b.end[1].jitter_us == 17);
	CHECK(b.end[1].rtcp_packets == 14 && b.end[1].unknown_packets == 15 && b.end[1].lost == 16);
	CHECK(addr_eq(&a.end[1].rtcp, &b.end[1].rtcp));
	CHECK(b.end[0].keepalives == 9 && b.end[1].keepalives == ~0ull);
	w = wr_of(buf, sizeof buf);
	a.state = FLOW_STATE_MAX;
	flow_is_put(&w, &a);
	r = rd_of(wr_done(&w));
	CHECK(flow_is_get(&r, &b) == ERR_RANGE);
}

static void zone_media(void)
{
	struct zone_media a = {.is_edge = true, .keepalive_ms = 10000, .peer = v6(1)}, b;
	struct wr w = wr_of(buf, kind_info(ROW_ZONE_MEDIA)->body_max);
	struct rd r;

	fill(a.name, sizeof a.name, 'z');
	memset(a.key, 0xa1, sizeof a.key);
	zone_media_put(&w, &a);
	r = rd_of(wr_done(&w));
	CHECK(zone_media_get(&r, &b) == OK && !b.has_old_key && b.is_edge);
	CHECK(memcmp(a.key, b.key, 32) == 0 && strcmp(a.name, b.name) == 0 &&
		b.keepalive_ms == 10000);
	a.has_old_key = true;
	memset(a.old_key, 0xb2, sizeof a.old_key);
	w = wr_of(buf, kind_info(ROW_ZONE_MEDIA)->body_max);
	zone_media_put(&w, &a);
	CHECK(w.err == OK);
	r = rd_of(wr_done(&w));
	CHECK(zone_media_get(&r, &b) == OK && b.has_old_key &&
		memcmp(a.old_key, b.old_key, 32) == 0);
}

/* A later version's field is skipped; a body cut anywhere gives an error or a shorter list of fields. */
static void unknown_and_cut(void)
{
	struct flow_want a = {.call = 4}, b;
	struct wr w = wr_of(buf, sizeof buf);
	struct str whole;
	size_t n_ok = 0;

	wr_t_str(&w, 4000, STR("from the future"));
	a.end[0] = an_end(END_DIRECT);
	flow_want_put(&w, &a);
	whole = wr_done(&w);
	for (size_t len = 0; len <= whole.len; len++) {
		uint8_t *copy = malloc(len ? len : 1);
		struct rd r;

		memcpy(copy, whole.p, len);
		r = rd_of((struct str){(char *)copy, len});
		n_ok += flow_want_get(&r, &b) == OK;
		free(copy);
	}
	CHECK(b.call == 4);
	CHECK(n_ok > 2 && n_ok < 12); /* the places between two fields */
}

TEST_MAIN(T(flow_want), T(h46019), T(h46019_refuses), T(multiplex_ids), T(only_chosen_keys),
	T(keys_that_are_none), T(flow_want_refuses), T(flow_is), T(zone_media), T(unknown_and_cut))
