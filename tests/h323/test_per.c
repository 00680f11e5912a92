/* Aligned PER: random messages, also such as only a newer edition sends; every cut and flipped octet; each
 * limit and one over it; changes to a tree. */
#include <string.h>

#include "gen.h"
#include "kinds.h"
#include "test.h"

static _Alignas(16) uint8_t memory[PER_TREE_SIZE], memory_b[PER_TREE_SIZE];
static uint8_t octets[80000], again[80000];

static struct str of(const void *p, size_t n)
{
	return (struct str){p, n};
}

static struct per_tree tree(void)
{
	return per_tree_of(&h323_schema, memory);
}

static struct str written(const struct per_tree *t, uint8_t *buf, size_t size)
{
	struct wr w = wr_of(buf, size);

	CHECK(per_write_anew(t, &w) == OK);
	return wr_done(&w);
}

static void what_was_written_is_read_the_same(void)
{
	for (size_t k = 0; k < N_KINDS; k++) {
		for (uint64_t seed = 0; seed < 600; seed++) {
			struct per_tree a = tree(), b = per_tree_of(&h323_schema, memory_b);
			struct str one, two;

			if (!gen_message(&a, pdu_kinds[k].type, seed, true))
				continue;
			one = written(&a, octets, sizeof octets);
			CHECK(per_read(&b, pdu_kinds[k].type, one) == OK);
			CHECK(per_same(&a, 0, &b, 0));
			two = written(&b, again, sizeof again);
			CHECK(str_eq(one, two));
		}
	}
}

/* Cut anywhere, or with an octet changed: an error or a message, which then is written and read the same. */
static void damaged_messages_are_read_or_refused(void)
{
	unsigned n_read = 0, n_refused = 0;

	for (uint64_t seed = 0; seed < 24; seed++) {
		const struct pdu_kind *k = &pdu_kinds[seed % N_KINDS];
		struct per_tree a = tree(), b = per_tree_of(&h323_schema, memory_b);
		struct str m;

		if (!gen_message(&a, k->type, seed, true))
			continue;
		m = written(&a, octets, sizeof octets);
		for (size_t i = 0; i < m.len && i < 400; i++) {
			uint8_t was = octets[i];

			n_refused += per_read(&b, k->type, of(octets, i)) != OK;
			octets[i] = (uint8_t)(was ^ (1u << i % 8));
			if (per_read(&b, k->type, m) == OK) {
				struct wr w = wr_of(again, sizeof again);
				struct per_tree c = tree();

				n_read++;
				CHECK(per_write_anew(&b, &w) == OK);
				CHECK(per_read(&c, k->type, wr_done(&w)) == OK);
				CHECK(per_same(&b, 0, &c, 0));
			}
			octets[i] = was;
		}
	}
	CHECK(n_read > 100 && n_refused > 100);
}

static void what_nobody_changed_leaves_as_it_came(void)
{
	/* requestInProgress, with padding bits set that we would write as zero */
	uint8_t rip[16];
	struct per_tree t = tree();
	struct wr w = wr_of(rip, sizeof rip);
	uint16_t root = per_root(&t, H225_RasMessage_T);
	uint16_t r = per_put(&t, root, H225_RasMessage_requestInProgress);
	struct str one;

	per_set_num(&t, per_put(&t, r, H225_RequestInProgress_requestSeqNum), 7);
	per_set_num(&t, per_put(&t, r, H225_RequestInProgress_delay), 6000);
	CHECK(per_write(&t, &w) == OK);
	one = wr_done(&w);
	rip[2] |= 1; /* behind the bitmap, before the aligned number */
	CHECK(per_read(&t, H225_RasMessage_T, one) == OK);
	w = wr_of(again, sizeof again);
	CHECK(per_write(&t, &w) == OK);
	CHECK(str_eq(wr_done(&w), one));
	w = wr_of(again, sizeof again);
	CHECK(per_write_anew(&t, &w) == OK);
	CHECK(!str_eq(wr_done(&w), one));
}

/* nonStandardMessage.nonStandardData.data of n octets */
static struct str large(struct per_tree *t, size_t n)
{
	uint16_t m = per_put(t, per_root(t, H225_RasMessage_T), H225_RasMessage_nonStandardMessage),
		 d, id;

	for (size_t i = 0; i < n; i++)
		octets[i] = (uint8_t)(i * 7);
	per_set_num(t, per_put(t, m, H225_NonStandardMessage_requestSeqNum), 1);
	d = per_put(t, m, H225_NonStandardMessage_nonStandardData);
	id = per_make(t, d,
		PER_PATH(H225_NonStandardParameter_nonStandardIdentifier,
			H225_NonStandardIdentifier_object));
	per_set_str(t, id, STR("\x02\x03"));
	per_set_str(t, per_put(t, d, H225_NonStandardParameter_data), of(octets, n));
	return written(t, again, sizeof again);
}

static void long_strings_come_in_pieces(void)
{
	static const size_t sizes[] = {0, 1, 127, 128, 16383, 16384, 16385, 32768, 40000, 65400};

	for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
		struct per_tree a = tree(), b = per_tree_of(&h323_schema, memory_b);
		struct str m = large(&a, sizes[i]);
		enum err err = per_read(&b, H225_RasMessage_T, m);
		uint16_t data = per_get(&b, 0,
			PER_PATH(H225_RasMessage_nonStandardMessage,
				H225_NonStandardMessage_nonStandardData,
				H225_NonStandardParameter_data));

		if (sizes[i] >= 16384) { /* put together in the tree's own memory, which is less */
			CHECK(err == ERR_FULL || str_eq(per_str(&b, data), of(octets, sizes[i])));
			continue;
		}
		CHECK(err == OK);
		CHECK(str_eq(per_str(&b, data), of(octets, sizes[i])));
	}
}

static void a_message_beyond_65535_octets_is_refused(void)
{
	struct per_tree t = tree();

	CHECK(per_read(&t, H225_RasMessage_T, of(octets, 65536)) == ERR_FULL);
}

/* DataType holds itself through redundancyEncoding. */
static enum err nested(unsigned depth)
{
	struct per_tree a = tree(), b = per_tree_of(&h323_schema, memory_b);
	uint16_t n = per_root(&a, H245_DataType_T), r;
	struct wr w = wr_of(again, sizeof again);

	for (unsigned i = 0; i < depth; i++) {
		r = per_put(&a, n, H245_DataType_redundancyEncoding);
		per_make(&a, r,
			PER_PATH(H245_RedundancyEncoding_redundancyEncodingMethod,
				H245_RedundancyEncodingMethod_rtpAudioRedundancyEncoding));
		n = per_put(&a, r, H245_RedundancyEncoding_secondaryEncoding);
	}
	per_put(&a, n, H245_DataType_nullData);
	CHECK(per_write(&a, &w) == OK);
	return per_read(&b, H245_DataType_T, wr_done(&w));
}

static void depth_is_limited(void)
{
	CHECK(nested(15) == OK);
	CHECK(nested(16) == ERR_FULL);
	CHECK(nested(60) == ERR_FULL);
}

/* fastStart elements of one octet in a Facility */
static enum err listed(unsigned n)
{
	struct per_tree a = tree(), b = per_tree_of(&h323_schema, memory_b);
	uint16_t f = per_root(&a, H225_Facility_UUIE_T), list;
	struct wr w = wr_of(again, sizeof again);

	per_set_str(&a, per_put(&a, f, H225_Facility_UUIE_protocolIdentifier), STR("\x02"));
	per_make(&a, f, PER_PATH(H225_Facility_UUIE_reason, H225_FacilityReason_undefinedReason));
	list = per_put(&a, f, H225_Facility_UUIE_fastStart);
	for (unsigned i = 0; i < n; i++)
		per_set_str(&a, per_append(&a, list), STR("x"));
	CHECK(per_write(&a, &w) == OK);
	return per_read(&b, H225_Facility_UUIE_T, wr_done(&w));
}

static void lists_are_limited(void)
{
	CHECK(listed(256) == OK);
	CHECK(listed(257) == ERR_FULL);
}

static void bitmaps_are_limited(void)
{
	/* RequestSeqNum's neighbour: an extended InfoRequestAck with a bitmap of 64 bits, and of more */
	struct per_tree a = tree(), b = per_tree_of(&h323_schema, memory_b);
	uint16_t r = per_root(&a, H225_InfoRequestAck_T);
	struct str m;

	per_set_num(&a, per_put(&a, r, H225_InfoRequestAck_requestSeqNum), 1);
	a.nodes[r].bitmap = 64;
	m = written(&a, octets, sizeof octets);
	CHECK(per_read(&b, H225_InfoRequestAck_T, m) == OK);
	CHECK(b.nodes[0].bitmap == 64);
	octets[3] |= 0x80; /* "normally small" no more (X.691 11.9.3.4) */
	CHECK(per_read(&b, H225_InfoRequestAck_T, m) != OK);
}

static void the_place_of_an_error_is_named(void)
{
	struct per_tree t = tree();
	char where[200];
	uint16_t m = per_put(&t, per_root(&t, H225_RasMessage_T), H225_RasMessage_admissionConfirm);
	struct str s;

	per_set_num(&t, per_put(&t, m, H225_AdmissionConfirm_requestSeqNum), 9);
	per_set_num(&t, per_put(&t, m, H225_AdmissionConfirm_bandWidth), 640);
	per_make(&t, m, PER_PATH(H225_AdmissionConfirm_callModel, H225_CallModel_gatekeeperRouted));
	m = per_make(&t, m,
		PER_PATH(H225_AdmissionConfirm_destCallSignalAddress,
			H225_TransportAddress_ipAddress));
	per_set_str(
		&t, per_put(&t, m, H225_TransportAddress_ipAddress_ip), STR("\xc0\x00\x02\x01"));
	per_set_num(&t, per_put(&t, m, H225_TransportAddress_ipAddress_port), 1720);
	s = written(&t, octets, sizeof octets);
	CHECK(per_read(&t, H225_RasMessage_T, of(s.p, s.len - 3)) == ERR_SHORT);
	per_where(&t, where, sizeof where);
	CHECK_STR(str_of(where), "admissionConfirm.destCallSignalAddress.ipAddress.ip: bit 64");
	per_where(&t, where, 12);
	CHECK(strlen(where) < 12);
}

static void fields_are_put_in_order_and_removed(void)
{
	struct per_tree t = tree();
	uint16_t m =
		per_put(&t, per_root(&t, H225_RasMessage_T), H225_RasMessage_unregistrationConfirm);
	char text[400];
	struct wr w = wr_of(text, sizeof text);

	per_put(&t, m, H225_UnregistrationConfirm_tokens);
	per_set_num(&t, per_put(&t, m, H225_UnregistrationConfirm_requestSeqNum), 4);
	per_set_num(&t, per_put(&t, m, H225_UnregistrationConfirm_requestSeqNum), 5);
	CHECK(per_text(&t, 0, &w) == OK);
	CHECK_STR(wr_done(&w), "{\"unregistrationConfirm\":{\"requestSeqNum\":5,\"tokens\":[]}}");
	per_remove(&t, m, H225_UnregistrationConfirm_tokens);
	per_remove(&t, m, H225_UnregistrationConfirm_tokens);
	w = wr_of(text, sizeof text);
	CHECK(per_text(&t, 0, &w) == OK);
	CHECK_STR(wr_done(&w), "{\"unregistrationConfirm\":{\"requestSeqNum\":5}}");
	CHECK(per_put(&t, m, 200) == PER_NONE);
	CHECK(per_put(&t, PER_NONE, 0) == PER_NONE);
	CHECK(per_get(&t, m, PER_PATH(3, 4, 5)) == PER_NONE);
}

static void a_value_that_its_type_cannot_hold_is_not_written(void)
{
	struct per_tree t = tree();
	uint16_t m =
		per_put(&t, per_root(&t, H225_RasMessage_T), H225_RasMessage_unregistrationConfirm);
	uint16_t n = per_put(&t, m, H225_UnregistrationConfirm_requestSeqNum);
	struct wr w = wr_of(again, sizeof again);

	per_set_num(&t, n, 0);
	CHECK(per_write(&t, &w) == ERR_RANGE && wr_len(&w) == 0);
	per_set_num(&t, n, 65536);
	CHECK(per_write(&t, &w) == ERR_RANGE);
	per_set_num(&t, n, 65535);
	CHECK(per_write(&t, &w) == OK);
	per_remove(&t, m, H225_UnregistrationConfirm_requestSeqNum);
	w = wr_of(again, sizeof again);
	CHECK(per_write(&t, &w) == ERR_WRONG_STATE);
	w = wr_of(again, 2);
	per_set_num(&t, per_put(&t, m, H225_UnregistrationConfirm_requestSeqNum), 1);
	CHECK(per_write(&t, &w) == ERR_FULL);
}

static void values_are_copied_whole(void)
{
	for (size_t k = 0; k < N_KINDS; k++) {
		for (uint64_t seed = 0; seed < 50; seed++) {
			struct per_tree a = tree(), b = per_tree_of(&h323_schema, memory_b);

			if (!gen_message(&a, pdu_kinds[k].type, seed, true))
				continue;
			CHECK(per_copy(&b, per_root(&b, pdu_kinds[k].type), &a, 0) == OK);
			CHECK(per_same(&a, 0, &b, 0));
		}
	}
}

TEST_MAIN(T(what_was_written_is_read_the_same), T(damaged_messages_are_read_or_refused),
	T(what_nobody_changed_leaves_as_it_came), T(long_strings_come_in_pieces),
	T(a_message_beyond_65535_octets_is_refused), T(depth_is_limited), T(lists_are_limited),
	T(bitmaps_are_limited), T(the_place_of_an_error_is_named),
	T(fields_are_put_in_order_and_removed), T(a_value_that_its_type_cannot_hold_is_not_written),
	T(values_are_copied_whole))
