/* What our nodes add to messages between each other: proofs that fit one key, call and word; streams. */
#include <string.h>

#include "h323/csmsg.h"
#include "h323/profile.h"
#include "test.h"

static _Alignas(16) uint8_t memory[PER_TREE_SIZE], again[PER_TREE_SIZE];
static uint8_t octets[4096];
static const uint8_t guid[H323_GUID_LEN] = {1, 2, 3}, other_guid[H323_GUID_LEN] = {1, 2, 4};
static const uint8_t nonce[PROFILE_NONCE_LEN] = {0x60, 0, 0, 1, 9};

/* A Facility with this word, written and read. */
static void through_wire(const struct profile_word *word, struct cs_msg *ret)
{
	struct cs_own own = {.crv = 0};
	struct wr w = wr_of(octets, sizeof octets);
	struct cs_msg m;

	cs_begin(&m, &own, H225_H323_UU_PDU_h323_message_body_facility, memory);
	(void)per_put(&m.t, per_put(&m.t, m.body, H225_Facility_UUIE_reason),
		H225_FacilityReason_undefinedReason);
	CHECK(profile_put_proof(&m.t, per_make(&m.t, m.uu, PER_PATH(H225_H323_UU_PDU_genericData)),
		STR("key"), 'Q', guid, nonce, word));
	CHECK(cs_end(&m, &own, Q931_FACILITY, 0, 0, &w) == OK);
	CHECK(cs_read_header(wr_done(&w), ret) == OK && cs_read_h323(ret, again) == OK);
}

static uint16_t list_of(const struct cs_msg *m)
{
	return per_field(&m->t, m->uu, H225_H323_UU_PDU_genericData);
}

static void a_proof_is_right_once_for_all_it_covers(void)
{
	struct profile_word word = {.id = 77, .is_authenticated = true, .user = "anna"};
	struct profile_proof p;
	struct cs_msg m;

	through_wire(&word, &m);
	CHECK(profile_get_proof(&m.t, list_of(&m), &p));
	CHECK(p.word.id == 77 && p.word.is_authenticated && strcmp(p.word.user, "anna") == 0);
	CHECK(profile_nonce_time(p.nonce) == 0x60000001);
	CHECK(profile_is_right(&p, STR("key"), 'Q', guid));
	CHECK(!profile_is_right(&p, STR("kex"), 'Q', guid));
	CHECK(!profile_is_right(&p, STR(""), 'Q', guid));
	CHECK(!profile_is_right(&p, STR("key"), 'H', guid));
	CHECK(!profile_is_right(&p, STR("key"), 'Q', other_guid));
	p.word.user[0] = 'A';
	CHECK(!profile_is_right(&p, STR("key"), 'Q', guid));
	p.word.user[0] = 'a';
	p.word.id++;
	CHECK(!profile_is_right(&p, STR("key"), 'Q', guid));
	p.word.id--;
	p.word.is_authenticated = false;
	CHECK(!profile_is_right(&p, STR("key"), 'Q', guid));
	p.word.is_authenticated = true;
	p.nonce[5]++;
	CHECK(!profile_is_right(&p, STR("key"), 'Q', guid));
}

static void a_proof_without_a_word_says_nothing_of_the_call(void)
{
	struct profile_word none = {0};
	struct profile_proof p;
	struct cs_msg m;

	through_wire(&none, &m);
	CHECK(profile_get_proof(&m.t, list_of(&m), &p));
	CHECK(p.word.id == 0 && !p.word.is_authenticated && !p.word.user[0]);
	CHECK(profile_is_right(&p, STR("key"), 'Q', guid));
}

static void what_is_cut_is_gone_with_its_list(void)
{
	struct profile_word word = {.id = 1};
	struct profile_proof p;
	struct cs_msg m;

	through_wire(&word, &m);
	CHECK(profile_is_in(&m.t, list_of(&m)));
	profile_cut(&m.t, m.uu, H225_H323_UU_PDU_genericData);
	CHECK(list_of(&m) == PER_NONE);
	CHECK(!profile_get_proof(&m.t, list_of(&m), &p));
}

static void a_list_of_others_stays(void)
{
	struct profile_word word = {.id = 1};
	struct cs_msg m;

	through_wire(&word, &m);
	CHECK(generic_append(&m.t, list_of(&m), 9) != PER_NONE);
	profile_cut(&m.t, m.uu, H225_H323_UU_PDU_genericData);
	CHECK(per_count(&m.t, list_of(&m)) == 1 && generic_find(&m.t, list_of(&m), 9) != PER_NONE);
}

static void the_key_of_a_pairing_is_derived(void)
{
	struct conf_zone zone = {.username = "u", .password = "by hand"};
	uint8_t buf[PROFILE_KEY_LEN], second[PROFILE_KEY_LEN];

	CHECK(str_eq(profile_key(&zone, buf), STR("by hand")));
	CHECK(str_eq(profile_login(&zone), STR("u")));
	zone.has_pairing = true;
	CHECK(profile_key(&zone, buf).len == PROFILE_KEY_LEN);
	CHECK(memcmp(buf, zone.pair.secret, PROFILE_KEY_LEN) != 0);
	zone.pair.secret[31]++;
	CHECK(profile_key(&zone, second).len == PROFILE_KEY_LEN);
	CHECK(memcmp(buf, second, PROFILE_KEY_LEN) != 0);
}

static void a_stream_is_named_in_a_channel(void)
{
	const uint16_t field = H245_OpenLogicalChannelAck_genericInformation;
	struct mux_line mux = {.stream_id = 0x0102030405060708, .port = 36000, .lease_s = 30}, got;
	struct per_tree t = per_tree_of(&h323_schema, memory), r;
	uint16_t n = per_root(&t, H245_OpenLogicalChannelAck_T);
	struct wr w = wr_of(octets, sizeof octets);

	per_set_num(&t, per_put(&t, n, H245_OpenLogicalChannelAck_forwardLogicalChannelNumber), 1);
	CHECK(profile_put_stream(&t, n, field, &mux));
	CHECK(per_write(&t, &w) == OK);
	r = per_tree_of(&h323_schema, again);
	CHECK(per_read(&r, H245_OpenLogicalChannelAck_T, wr_done(&w)) == OK);
	CHECK(profile_get_stream(&r, 0, field, &got));
	CHECK(got.stream_id == mux.stream_id && got.port == 36000 && got.lease_s == 30);
	profile_cut_stream(&r, 0, field);
	CHECK(!profile_get_stream(&r, 0, field, &got) && got.stream_id == 0);
	CHECK(per_field(&r, 0, field) == PER_NONE);
}

static void a_stream_of_no_port_is_none(void)
{
	const uint16_t field = H245_OpenLogicalChannelAck_genericInformation;
	struct mux_line mux = {.stream_id = 1, .port = 1023, .lease_s = 30}, got;
	struct per_tree t = per_tree_of(&h323_schema, memory);
	uint16_t n = per_root(&t, H245_OpenLogicalChannelAck_T);

	CHECK(profile_put_stream(&t, n, field, &mux));
	CHECK(!profile_get_stream(&t, n, field, &got));
}

TEST_MAIN(T(a_proof_is_right_once_for_all_it_covers),
	T(a_proof_without_a_word_says_nothing_of_the_call), T(what_is_cut_is_gone_with_its_list),
	T(a_list_of_others_stays), T(the_key_of_a_pairing_is_derived),
	T(a_stream_is_named_in_a_channel), T(a_stream_of_no_port_is_none))
