/* H.235: a hash that other people's gatekeeper computed, and ours; what is changed, old or somebody else's. */
#include <string.h>

#include "base/crypt.h"
#include "h323/h235.h"
#include "test.h"

static _Alignas(16) uint8_t memory[PER_TREE_SIZE], memory_w[PER_TREE_SIZE], memory_b[PER_TREE_SIZE];
static uint8_t octets[4000];

static const uint16_t tokens_of_sci[] = {H225_RasMessage_serviceControlIndication,
	H225_ServiceControlIndication_cryptoTokens, PER_END};

/* A ServiceControlIndication with a list of tokens to fill. */
static uint16_t begin(struct per_tree *t)
{
	uint16_t m = per_put(
		t, per_root(t, H225_RasMessage_T), H225_RasMessage_serviceControlIndication);

	per_set_num(t, per_put(t, m, H225_ServiceControlIndication_requestSeqNum), 1);
	per_put(t, m, H225_ServiceControlIndication_serviceControl);
	return per_put(t, m, H225_ServiceControlIndication_cryptoTokens);
}

static struct str end(struct per_tree *t)
{
	struct wr w = wr_of(octets, sizeof octets);

	CHECK(per_write(t, &w) == OK);
	return wr_done(&w);
}

static struct per_tree received(struct str m, struct h235_claim *ret_claim)
{
	struct per_tree t = per_tree_of(&h323_schema, memory_b);

	CHECK(per_read(&t, H225_RasMessage_T, m) == OK);
	CHECK(h235_claim_get(&t, per_get(&t, 0, tokens_of_sci), ret_claim) == OK);
	return t;
}

static void a_password_hash_is_the_one_that_others_compute(void)
{
	/* name, password and time of a gatekeeper's own message, and its MD5 */
	static const uint8_t want[] = {0x19, 0x60, 0xd5, 0xb8, 0x42, 0x2a, 0x41, 0xa2, 0x28, 0x5e,
		0x08, 0xee, 0x47, 0x8e, 0x96, 0x15};
	struct per_tree t = per_tree_of(&h323_schema, memory),
			work = per_tree_of(&h323_schema, memory_w);
	uint16_t list = begin(&t);
	struct h235_claim claim;

	CHECK(h235_put_password(&t, list, true, "travuser", STR("travpw"), 1795331318, &work) ==
		OK);
	received(end(&t), &claim);
	CHECK(claim.kind == H235_PASSWORD && claim.time == 1795331318);
	CHECK_STR(str_of(claim.sender), "travuser");
	CHECK(!memcmp(claim.hash, want, sizeof want));
}

static void a_password_hash_fits_its_password_alone(void)
{
	for (int is_gatekeeper = 0; is_gatekeeper < 2; is_gatekeeper++) {
		struct per_tree t = per_tree_of(&h323_schema, memory);
		struct per_tree work = per_tree_of(&h323_schema, memory_w), in;
		uint16_t list = begin(&t);
		struct h235_claim claim;

		CHECK(h235_put_password(
			      &t, list, is_gatekeeper, "anna", STR("secret"), 17, &work) == OK);
		in = received(end(&t), &claim);
		CHECK(h235_check(&in, &claim, STR("secret"), &work) == OK);
		CHECK(h235_check(&in, &claim, STR("Secret"), &work) == ERR_AUTH);
		claim.time++;
		CHECK(h235_check(&in, &claim, STR("secret"), &work) == ERR_AUTH);
	}
}

static void an_hmac_covers_the_whole_message(void)
{
	struct per_tree t = per_tree_of(&h323_schema, memory),
			work = per_tree_of(&h323_schema, memory_w), in;
	uint16_t list = begin(&t);
	struct h235_claim claim;
	struct str m;

	CHECK(h235_put_hmac(&t, list, "control", "edge", 1000, -5) == OK);
	m = end(&t);
	CHECK(h235_seal(&h323_schema, H225_RasMessage_T, tokens_of_sci, octets, m.len, STR("key"),
		      &work) == OK);
	in = received(m, &claim);
	CHECK(claim.kind == H235_HMAC && claim.time == 1000 && claim.random == -5);
	CHECK_STR(str_of(claim.sender), "control");
	CHECK_STR(str_of(claim.general), "edge");
	CHECK(h235_check(&in, &claim, STR("key"), &work) == OK);
	CHECK(h235_check(&in, &claim, STR("other"), &work) == ERR_AUTH);
	for (size_t i = 0; i < m.len; i++) {
		struct per_tree b = per_tree_of(&h323_schema, memory_b);

		octets[i] ^= 0x04;
		if (per_read(&b, H225_RasMessage_T, m) == OK &&
			h235_claim_get(&b, per_get(&b, 0, tokens_of_sci), &claim) == OK &&
			claim.kind == H235_HMAC)
			CHECK(h235_check(&b, &claim, STR("key"), &work) != OK);
		octets[i] ^= 0x04;
	}
}

static void what_has_no_token_of_ours_claims_nothing(void)
{
	struct per_tree t = per_tree_of(&h323_schema, memory),
			work = per_tree_of(&h323_schema, memory_w);
	uint16_t list = begin(&t);
	struct h235_claim claim;
	struct str m;

	CHECK(h235_claim_get(&t, list, &claim) == ERR_NOENT);
	CHECK(h235_claim_get(&t, PER_NONE, &claim) == ERR_NOENT);
	m = end(&t);
	CHECK(h235_seal(&h323_schema, H225_RasMessage_T, tokens_of_sci, octets, m.len, STR("key"),
		      &work) == ERR_NOENT);
}

static void a_hash_of_another_length_is_refused(void)
{
	struct per_tree t = per_tree_of(&h323_schema, memory),
			work = per_tree_of(&h323_schema, memory_w);
	uint16_t list = begin(&t), hash;
	struct h235_claim claim;

	CHECK(h235_put_password(&t, list, false, "anna", STR("secret"), 17, &work) == OK);
	hash = per_get(&t, per_first(&t, list),
		PER_PATH(H225_CryptoH323Token_cryptoEPPwdHash,
			H225_CryptoH323Token_cryptoEPPwdHash_token,
			H225_CryptoH323Token_cryptoEPPwdHash_token_hash));
	per_set_str(&t, hash, STR("short"));
	CHECK(h235_claim_get(&t, list, &claim) == ERR_SYNTAX);
}

TEST_MAIN(T(a_password_hash_is_the_one_that_others_compute),
	T(a_password_hash_fits_its_password_alone), T(an_hmac_covers_the_whole_message),
	T(what_has_no_token_of_ours_claims_nothing), T(a_hash_of_another_length_is_refused))
