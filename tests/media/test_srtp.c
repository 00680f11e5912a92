/* Tags as proofs of sources. The packets are made by libsrtp2, so that we do not agree with ourselves; key
 * derivation has its vectors (RFC 3711 appendix B.3). */
#include <srtp2/srtp.h>

#include "world.h"

#include "base/code.h"

#include "../test.h"

/* ---- another's sender ---- */

#define SSRC 0xdecafbadu

struct sender {
	srtp_t session;
	struct srtp_key key;
};

static uint8_t master(size_t i)
{
	return (uint8_t)(i * 37 + 11);
}

static void profile(unsigned suite, srtp_crypto_policy_t *rtp, srtp_crypto_policy_t *rtcp)
{
	static void (*const set[SRTP_SUITE_MAX])(srtp_crypto_policy_t *) = {
		[SRTP_AES_CM_128_80] = srtp_crypto_policy_set_rtp_default,
		[SRTP_AES_CM_128_32] = srtp_crypto_policy_set_aes_cm_128_hmac_sha1_32,
		[SRTP_AES_CM_256_80] = srtp_crypto_policy_set_aes_cm_256_hmac_sha1_80,
		[SRTP_AES_CM_256_32] = srtp_crypto_policy_set_aes_cm_256_hmac_sha1_32,
		[SRTP_AES_GCM_128] = srtp_crypto_policy_set_aes_gcm_128_16_auth,
		[SRTP_AES_GCM_256] = srtp_crypto_policy_set_aes_gcm_256_16_auth};

	set[suite](rtp);
	set[suite](rtcp);
	if (!srtp_form(suite)->is_gcm)
		rtcp->auth_tag_len = 10; /* also where SRTP has 4 */
}

static struct sender sender_new(unsigned suite, uint8_t n_mki, bool has_clear_rtcp)
{
	static bool is_ready;
	struct sender s = {.key = {.suite = (uint8_t)suite, .n_mki = n_mki}};
	uint8_t mki[SRTP_MKI_MAX] = {0xa1, 0xa2, 0xa3, 0xa4};
	srtp_master_key_t key = {s.key.master, mki, n_mki}, *keys[] = {&key};
	srtp_policy_t policy = {.ssrc = {ssrc_any_outbound, 0}, .window_size = 128};

	if (!is_ready)
		CHECK(srtp_init() == srtp_err_status_ok);
	is_ready = true;
	for (size_t i = 0; i < SRTP_MASTER_MAX; i++)
		s.key.master[i] = master(i);
	memcpy(s.key.mki, mki, n_mki);
	profile(suite, &policy.rtp, &policy.rtcp);
	if (has_clear_rtcp)
		policy.rtcp.sec_serv = sec_serv_auth;
	policy.keys = keys;
	policy.num_master_keys = 1;
	if (!n_mki) {
		policy.keys = NULL;
		policy.num_master_keys = 0;
		policy.key = s.key.master;
	}
	CHECK(srtp_create(&s.session, &policy) == srtp_err_status_ok);
	return s;
}

static void sender_end(struct sender *s)
{
	srtp_dealloc(s->session);
}

/* kind: 1 a CSRC, 2 an extension, 3 both */
static struct str protected_rtp(
	struct sender *s, uint32_t ssrc, uint16_t seq, size_t n_payload, unsigned kind)
{
	static uint8_t b[2000];
	struct wr w = wr_of(b, sizeof b);
	int len;

	wr_u8(&w, (uint8_t)(0x80 | (kind & 1) | (kind & 2) << 3));
	wr_u8(&w, 0);
	wr_u16(&w, seq);
	wr_u32(&w, seq * 160u);
	wr_u32(&w, ssrc);
	if (kind & 1)
		wr_u32(&w, 77);
	if (kind & 2) {
		wr_u16(&w, 0xbede);
		wr_u16(&w, 1);
		wr_u32(&w, 0x10ff0000);
	}
	for (size_t i = 0; i < n_payload; i++)
		wr_u8(&w, (uint8_t)i);
	len = (int)wr_len(&w);
	CHECK(srtp_protect_mki(s->session, b, &len, s->key.n_mki > 0, 0) == srtp_err_status_ok);
	return (struct str){(const char *)b, (size_t)len};
}

static struct str protected_rtcp(struct sender *s, size_t n_words)
{
	static uint8_t b[2000];
	struct wr w = wr_of(b, sizeof b);
	int len;

	wr_u8(&w, 0x80);
	wr_u8(&w, 204); /* APP */
	wr_u16(&w, (uint16_t)(n_words + 1));
	wr_u32(&w, SSRC);
	for (size_t i = 0; i < n_words; i++)
		wr_u32(&w, (uint32_t)i);
	len = (int)wr_len(&w);
	CHECK(srtp_protect_rtcp_mki(s->session, b, &len, s->key.n_mki > 0, 0) ==
		srtp_err_status_ok);
	return (struct str){(const char *)b, (size_t)len};
}

static struct srtp_keys keys_of(const struct sender *s)
{
	struct srtp_keys keys = {.n = 1};

	keys.keys[0] = s->key;
	return keys;
}

static bool proves(const struct sender *s, struct str packet, struct srtp_marks *marks)
{
	struct srtp_keys keys = keys_of(s);

	return srtp_proves(&keys, packet, marks);
}

/* ---- the tag ---- */

static void derivation_of_rfc_3711(void)
{
	struct srtp_key key = {.suite = SRTP_AES_CM_128_80};
	uint8_t got[94];
	char z[200];

	CHECK(str_hex(STR("e1f97a0d3e018be0d64fa32c06de41390ec675ad498afeebb6960b3aabe6"),
		      key.master, 30) == OK);
	srtp_derive(&key, SRTP_ENCRYPT, got, 16);
	str_put_hex(got, 16, z);
	CHECK(str_eq(str_of(z), STR("c61e7a93744f39ee10734afe3ff7a087")));
	srtp_derive(&key, SRTP_SALT, got, 14);
	str_put_hex(got, 14, z);
	CHECK(str_eq(str_of(z), STR("30cbbc08863d8c85d49db34a9ae1")));
	srtp_derive(&key, SRTP_AUTH, got, 94);
	str_put_hex(got, 94, z);
	CHECK(str_eq(str_of(z), STR("cebe321f6ff7716b6fd4ab49af256a156d38baa48f0a0acf3c34e2359e6cdb"
				    "cee049646c43d9327a"
				    "d175578ef72270986371c10c9a369ac2f94a8c5fbcdddc256d6e919a48b610"
				    "ef17c2041e47403576"
				    "6b68642c59bbfc2f34db60dbdfb2")));
}

static void every_suite_and_shape(void)
{
	for (unsigned suite = 1; suite < SRTP_SUITE_MAX; suite++) {
		for (uint8_t n_mki = 0; n_mki <= SRTP_MKI_MAX; n_mki += 2) {
			struct sender s = sender_new(suite, n_mki, false);
			struct srtp_marks marks = {0};
			uint16_t seq = 1;

			for (size_t len = 0; len <= 1440; len += len < 40 ? 1 : 100, seq++)
				CHECK(proves(
					&s, protected_rtp(&s, SSRC, seq, len, seq % 4u), &marks));
			sender_end(&s);
		}
	}
}

static void every_suite_of_rtcp(void)
{
	for (unsigned i = 2; i < 2 * SRTP_SUITE_MAX; i++) {
		struct sender s = sender_new(i / 2, (i / 2) % 2 * 4, i % 2);
		struct srtp_keys keys = keys_of(&s);
		struct srtp_marks marks = {0};

		for (size_t n = 0; n < 20; n++) {
			struct str p = protected_rtcp(&s, n);

			CHECK(srtcp_proves(&keys, p, &marks));
			CHECK(!srtcp_proves(&keys, p, &marks)); /* once */
		}
		sender_end(&s);
	}
}

static void no_bit_and_no_length_is_free(void)
{
	for (unsigned suite = 1; suite < SRTP_SUITE_MAX; suite++) {
		struct sender s = sender_new(suite, 4, false);
		struct srtp_keys keys = keys_of(&s);
		struct str rtp = protected_rtp(&s, SSRC, 100, 20, 3), rtcp;
		struct srtp_marks marks = {0};
		uint8_t bad[200];

		for (size_t i = 0; i < rtp.len * 8; i++) {
			memcpy(bad, rtp.p, rtp.len);
			bad[i / 8] ^= (uint8_t)(1u << i % 8);
			CHECK(!proves(&s, (struct str){(const char *)bad, rtp.len}, &marks));
		}
		for (size_t i = 0; i < rtp.len; i++)
			CHECK(!proves(&s, str_head(rtp, i), &marks));
		CHECK(!marks.n && proves(&s, rtp, &marks));
		marks = (struct srtp_marks){0};
		rtcp = protected_rtcp(&s, 3);
		for (size_t i = 0; i < rtcp.len * 8; i++) {
			memcpy(bad, rtcp.p, rtcp.len);
			bad[i / 8] ^= (uint8_t)(1u << i % 8);
			CHECK(!srtcp_proves(
				&keys, (struct str){(const char *)bad, rtcp.len}, &marks));
		}
		for (size_t i = 0; i < rtcp.len; i++)
			CHECK(!srtcp_proves(&keys, str_head(rtcp, i), &marks));
		CHECK(!marks.n && srtcp_proves(&keys, rtcp, &marks));
		sender_end(&s);
	}
}

static void the_right_one_of_several_keys(void)
{
	struct sender s = sender_new(SRTP_AES_CM_128_80, 0, false);
	struct srtp_keys keys = {.n = 2};
	struct srtp_marks marks = {0};

	keys.keys[0] = (struct srtp_key){.suite = SRTP_AES_GCM_256};
	keys.keys[1] = (struct srtp_key){.suite = SRTP_AES_CM_128_80};
	CHECK(!srtp_proves(&keys, protected_rtp(&s, SSRC, 1, 160, 0), &marks));
	keys.keys[keys.n++] = s.key;
	CHECK(srtp_proves(&keys, protected_rtp(&s, SSRC, 2, 160, 0), &marks));
	keys.n = 0;
	CHECK(!srtp_proves(&keys, protected_rtp(&s, SSRC, 3, 160, 0), &marks));
	sender_end(&s);
}

/* ---- marks ---- */

static void a_captured_packet_proves_nothing(void)
{
	struct sender s = sender_new(SRTP_AES_CM_128_80, 0, false);
	struct srtp_marks marks = {0};
	uint8_t captured[200];
	struct str p = protected_rtp(&s, SSRC, 5, 100, 0), old = {(const char *)captured, p.len};

	memcpy(captured, p.p, p.len);
	CHECK(proves(&s, old, &marks) && !proves(&s, old, &marks));
	CHECK(proves(&s, protected_rtp(&s, SSRC, 6, 100, 0), &marks));
	CHECK(!proves(&s, old, &marks));
	sender_end(&s);
}

/* The sender's number goes round three times; the marks follow what the proved source sent, and each time
 * a packet from elsewhere is proved, with the stream's first ones replayed in between. */
static void the_rollover_counter_is_followed(void)
{
	struct sender s = sender_new(SRTP_AES_CM_128_80, 0, false);
	struct rtp_stats stats = {0};
	struct srtp_marks marks = {0};
	static uint8_t old[8][200];
	struct rtp_packet rtp;
	size_t len = 0;

	for (uint32_t i = 0; i < 200000; i++) {
		struct str p = protected_rtp(&s, SSRC, (uint16_t)(65000 + i), 20, 0);

		if (i < 8)
			memcpy(old[i], p.p, len = p.len);
		if (i % 9001 == 0)
			CHECK(proves(&s, p, &marks));
		for (size_t k = 0; i % 9001 == 0 && k < 8; k++)
			CHECK(!proves(&s, (struct str){(const char *)old[k], len}, &marks));
		CHECK(rtp_parse(p, RTP_ENCRYPTED, &rtp) == OK);
		CHECK(rtp_stats_take(&stats, &rtp, i * 1000ull, 0) == OK);
		if (i % 5000 == 0)
			(void)srtp_follow(&marks, &stats);
	}
	CHECK(marks.n == 1 && marks.marks[0].roc == 4);
	sender_end(&s);
}

/* A record is put each quarter of a round: what a successor reads is never further behind. */
static void records_of_marks_keep_up(void)
{
	struct rtp_stats stats = {.n_sources = 1, .sources = {{.ssrc = SSRC, .seq_max = 60000}}};
	struct srtp_marks marks = {0}, kept = {0};
	uint32_t n = 0;

	for (uint32_t i = 60000; i < 500000; i += 1000) {
		stats.sources[0].seq_max = (uint16_t)i;
		if (srtp_follow(&marks, &stats)) {
			kept = marks;
			n++;
		}
		CHECK(kept.n == 1);
		CHECK(i - (kept.marks[0].roc << 16 | kept.marks[0].seq) <= SRTP_KEPT_LAG);
	}
	CHECK(n < 30);
}

static void new_keys_with_the_old_counter_or_a_new_one(void)
{
	for (int is_new = 0; is_new < 2; is_new++) {
		struct sender s = sender_new(SRTP_AES_GCM_128, 0, false);
		struct rtp_stats stats = {
			.n_sources = 1, .sources = {{.ssrc = SSRC, .seq_max = 0}}};
		struct srtp_marks marks = {0};

		for (uint32_t i = 0; i < 5; i++) {
			stats.sources[0].seq_max = (uint16_t)(i * 30000);
			(void)srtp_follow(&marks, &stats);
		}
		CHECK(marks.marks[0].roc == 1);
		srtp_rekeyed(&marks);
		(void)protected_rtp(&s, SSRC, (uint16_t)(4 * 30000), 100, 0);
		if (!is_new)
			CHECK(srtp_set_stream_roc(s.session, SSRC, 1) == srtp_err_status_ok);
		CHECK(proves(
			&s, protected_rtp(&s, SSRC, (uint16_t)(4 * 30000 + 1), 100, 0), &marks));
		CHECK(marks.marks[0].roc == (is_new ? 0 : 1));
		sender_end(&s);
	}
}

static void a_ninth_sender_takes_an_idle_ones_place(void)
{
	struct rtp_stats stats = {.n_sources = RTP_SOURCES_MAX};
	struct srtp_marks marks = {0};

	for (uint32_t i = 0; i < RTP_SOURCES_MAX; i++)
		stats.sources[i] = (struct rtp_source){.ssrc = i + 1, .seq_max = 9};
	CHECK(srtp_follow(&marks, &stats) && marks.n == RTP_SOURCES_MAX);
	for (size_t i = 0; i < marks.n; i++)
		marks.marks[i].roc = 5;
	stats.sources[3].ssrc = 99;
	CHECK(srtp_follow(&marks, &stats) && !srtp_follow(&marks, &stats));
	for (size_t i = 0; i < marks.n; i++)
		CHECK(marks.marks[i].roc == (marks.marks[i].ssrc == 99 ? 0 : 5));
}

/* ---- a flow whose far end is behind a NAT ---- */

static struct node edge;
static struct node *nodes[] = {&edge};
static struct flow_want want;
static struct sender phone_keys;
static int inside, home, forger, far_off;
static uint16_t seq;

static uint64_t handle(void)
{
	return handle_make(HK_STREAM, 1, 5);
}

static void run(uint64_t ms)
{
	run_nodes(nodes, 1, ms);
}

static void start(void)
{
	node_free(&edge);
	net_clear();
	node_init(&edge, true);
	inside = phone("198.51.100.77", 4000);
	home = phone("203.0.113.30", 61000);
	forger = phone("203.0.113.30", 61002);
	far_off = phone("203.0.113.66", 5000);
	if (phone_keys.session)
		sender_end(&phone_keys);
	phone_keys = sender_new(SRTP_AES_CM_128_80, 0, false);
	seq = 1;
	want = (struct flow_want){.call = 77, .classes = CLASS_RTP, .lease_ms = 120000};
	for (int i = 0; i < 2; i++)
		want.end[i] = (struct flow_end){.kind = END_DIRECT,
			.has_rtcp = true,
			.row = PLAN_PUBLIC_RTP_IN,
			.local = at(EDGE, (uint16_t)(36010 + 10 * i))};
	want.end[0].remote_rtp = at("198.51.100.77", 4000);
	want.end[0].remote_rtcp = at("198.51.100.77", 4001);
	want.end[0].signalling = at("198.51.100.77", 5060);
	want.end[1].signalling = at("203.0.113.30", 5060);
	want.end[1].is_nat = want.end[1].is_keyed = true;
	want.end[1].keys = keys_of(&phone_keys);
	flows_edge_up(edge.flows, true);
	flows_put(edge.flows, handle(), &want);
	flows_sync(edge.flows);
}

static void restart(void)
{
	node_kill(&edge);
	node_start(&edge);
	flows_edge_up(edge.flows, true);
	flows_put(edge.flows, handle(), &want);
	flows_sync(edge.flows);
}

static size_t give(int from, struct str bytes)
{
	struct addr a = at(EDGE, 36020);

	(void)phone_heard(inside);
	phone_send(from, &a, bytes);
	run(20);
	return phone_heard(inside);
}

static struct str good(void)
{
	return protected_rtp(&phone_keys, SSRC, seq++, 160, 0);
}

static bool hears(int fd)
{
	struct addr a = at(EDGE, 36010);

	(void)phone_heard(fd);
	phone_send(inside, &a, rtp_bytes(0, 1, 9));
	run(1);
	return phone_heard(fd) == 1;
}

static enum flow_proof proof(void)
{
	for (size_t i = 0; i < ROWS_MAX; i++) {
		if (edge.ipc.rows[i].handle == handle())
			return (enum flow_proof)edge.ipc.rows[i].is.end[1].proof;
	}
	return PROOF_MAX;
}

/* Its SSRC and its next numbers, from another port of the same host: all that the plain rule asks for. */
static size_t forge(int from, int n)
{
	struct sender s = sender_new(SRTP_AES_CM_128_80, 0, false);
	size_t heard = 0;

	for (int i = 0; i < n; i++) {
		struct str p = protected_rtp(&s, SSRC, (uint16_t)(seq + i), 160, 0);
		static uint8_t b[400];

		memcpy(b, p.p, p.len);
		b[p.len - 1] ^= 1;
		heard += give(from, (struct str){(const char *)b, p.len});
	}
	sender_end(&s);
	return heard;
}

static void a_forger_is_counted_and_not_latched(void)
{
	start();
	CHECK(forge(forger, 20) == 0 && proof() == PROOF_NONE && !hears(forger));
	CHECK(flows_counters(edge.flows)->srtp_refused == 20 &&
		flows_counters(edge.flows)->unknown_source == 20);
	CHECK(give(home, good()) == 1 && proof() == PROOF_SRTP && hears(home));
	CHECK(forge(forger, 20) == 0 && !hears(forger) && hears(home));
	run(5000); /* silence opens nothing */
	CHECK(forge(forger, 20) == 0 && !hears(forger) && hears(home));
}

static char logged[20000];

static void take_line(void *arg, struct str line)
{
	struct wr w = wr_of(logged + strlen(logged), sizeof logged - strlen(logged) - 1);

	(void)arg;
	wr_str(&w, line);
	logged[strlen(logged) + wr_len(&w)] = '\0';
}

static uint64_t wall(void *arg)
{
	(void)arg;
	return 0;
}

/* Whose keys are others than in its SDP is not heard; that is said once, and without the keys. */
static void tags_that_never_fit_are_reported(void)
{
	uint8_t hidden[SRTP_MASTER_MAX];
	char z[2 * SRTP_MASTER_MAX + 1];

	start();
	memset(logged, 0, sizeof logged);
	edge.io.log = (struct log){.sink = take_line,
		.wall = wall,
		.level = LOG_DEBUG,
		.node = "edge",
		.process = "media"};
	CHECK(forge(home, 49) == 0 && !strstr(logged, "MED-111"));
	CHECK(forge(home, 60) == 0 && strstr(logged, "MED-111"));
	CHECK(!strstr(strstr(logged, "MED-111") + 1, "MED-111"));
	CHECK(give(home, good()) == 1 && strstr(logged, "MED-103"));
	node_kill(&edge);
	node_start(&edge);
	CHECK(strstr(logged, "MED-109"));
	memcpy(hidden, phone_keys.key.master, sizeof hidden);
	str_put_hex(hidden, 8, z);
	CHECK(!strstr(logged, z));
	(void)base64_put(hidden, 9, false, z);
	CHECK(!strstr(logged, z));
	edge.io.log = (struct log){.level = LOG_ERROR};
}

static void no_key_yet_no_proof(void)
{
	start();
	want.end[1].keys = (struct srtp_keys){0};
	flows_put(edge.flows, handle(), &want);
	for (int i = 0; i < 10; i++)
		CHECK(give(home, good()) == 0);
	want.end[1].keys = keys_of(&phone_keys);
	flows_put(edge.flows, handle(), &want);
	CHECK(give(home, good()) == 1 && proof() == PROOF_SRTP);
}

static void without_known_keys_three_packets_do(void)
{
	start();
	want.end[1].is_keyed = false;
	want.end[1].keys = (struct srtp_keys){0};
	flows_put(edge.flows, handle(), &want);
	CHECK(give(home, good()) == 0 && give(home, good()) == 0 && give(home, good()) == 1);
	CHECK(proof() == PROOF_SEQUENCE);
}

/* The NAT gives it another port, or another address, in the middle of a word. */
static void a_sender_that_moves_is_followed_at_once(void)
{
	uint8_t captured[400];
	struct str p;

	start();
	p = good();
	memcpy(captured, p.p, p.len);
	CHECK(give(home, p) == 1 && give(home, good()) == 1);
	CHECK(give(forger, (struct str){(const char *)captured, p.len}) == 0);
	CHECK(give(far_off, (struct str){(const char *)captured, p.len}) == 0 && hears(home));
	CHECK(give(far_off, good()) == 1 && hears(far_off) && !hears(home));
	CHECK(give(home, good()) == 1 && hears(home));
}

static void rtcp_is_proved_by_itself(void)
{
	struct addr a = at(EDGE, 36021);
	int inside_rtcp, rtcp, thief;
	uint8_t captured[200];
	struct str p;

	start();
	inside_rtcp = phone("198.51.100.77", 4001);
	rtcp = phone("203.0.113.30", 61001);
	thief = phone("203.0.113.30", 61003);
	CHECK(give(home, good()) == 1);
	phone_send(thief, &a, rtcp_bytes());
	run(1);
	CHECK(phone_heard(inside_rtcp) == 0);
	p = protected_rtcp(&phone_keys, 4);
	phone_send(rtcp, &a, p);
	run(1);
	CHECK(phone_heard(inside_rtcp) == 1);
	p = protected_rtcp(&phone_keys, 4);
	memcpy(captured, p.p, p.len);
	phone_send(rtcp, &a, p);
	run(1);
	phone_send(thief, &a, (struct str){(const char *)captured, p.len});
	run(1);
	CHECK(phone_heard(inside_rtcp) == 1); /* the source's own, and no more */
	phone_send(thief, &a, protected_rtcp(&phone_keys, 4));
	run(1);
	CHECK(phone_heard(inside_rtcp) == 1);
}

static void keys_and_marks_survive_a_restart(void)
{
	static uint8_t captured[400];
	struct str p;

	start();
	seq = 65000;
	p = good();
	memcpy(captured, p.p, p.len);
	CHECK(give(home, p) == 1);
	for (int i = 0; i < 1000; i++) /* it wraps */
		CHECK(give(home, good()) == 1);
	node_kill(&edge);
	node_start(&edge); /* and signalling is away */
	CHECK(give(forger, (struct str){(const char *)captured, p.len}) == 0);
	CHECK(give(home, good()) == 1 && hears(home));
	CHECK(forge(forger, 5) == 0);
	restart();
	CHECK(give(far_off, good()) == 1 && hears(far_off));
}

static void other_hosts_have_a_ration(void)
{
	start();
	for (int i = 0; i < 2500; i++) {
		struct addr a = at(EDGE, 36020);

		phone_send(far_off, &a, rtp_bytes(0, (uint16_t)i, SSRC));
		run(0);
	}
	CHECK(flows_counters(edge.flows)->srtp_refused == LATCH_TAGS_PER_S);
	CHECK(give(home, good()) == 1); /* the host of the signalling has none */
}

static void a_record_has_room_for_all(void)
{
	start();
	for (int end = 0; end < 2; end++) {
		struct flow_end *e = &want.end[end];

		e->is_nat = e->is_keyed = true;
		e->stream_id = e->zone = UINT64_MAX;
		e->payload_types[0] = e->payload_types[1] = UINT64_MAX;
		e->keys = (struct srtp_keys){.n = SRTP_KEYS_MAX};
		for (int i = 0; i < SRTP_KEYS_MAX; i++)
			e->keys.keys[i] = (struct srtp_key){
				.suite = SRTP_AES_CM_256_80, .n_mki = SRTP_MKI_MAX};
	}
	flows_put(edge.flows, handle(), &want);
	for (int i = 0; i < 4; i++) {
		struct path *p = &flows_find(edge.flows, handle())->path[i / 2][i % 2];

		p->latch.proof = PROOF_SRTP;
		p->latch.source = at("2001:db8:1:2:3:4:5:6", 4000);
		p->seen.n = SRTP_MARKS_MAX;
	}
	flow_keep(flows_find(edge.flows, handle()));
	node_kill(&edge);
	node_start(&edge);
	CHECK(flows_find(edge.flows, handle()) != NULL);
	CHECK(flows_find(edge.flows, handle())->want.end[1].keys.n == SRTP_KEYS_MAX);
	CHECK(flows_find(edge.flows, handle())->path[1][1].seen.n == SRTP_MARKS_MAX);
	sender_end(&phone_keys);
	node_free(&edge);
}

TEST_MAIN(T(derivation_of_rfc_3711), T(every_suite_and_shape), T(every_suite_of_rtcp),
	T(no_bit_and_no_length_is_free), T(the_right_one_of_several_keys),
	T(a_captured_packet_proves_nothing), T(the_rollover_counter_is_followed),
	T(records_of_marks_keep_up), T(new_keys_with_the_old_counter_or_a_new_one),
	T(a_ninth_sender_takes_an_idle_ones_place), T(a_forger_is_counted_and_not_latched),
	T(tags_that_never_fit_are_reported), T(no_key_yet_no_proof),
	T(without_known_keys_three_packets_do), T(a_sender_that_moves_is_followed_at_once),
	T(rtcp_is_proved_by_itself), T(keys_and_marks_survive_a_restart),
	T(other_hosts_have_a_ration), T(a_record_has_room_for_all))
