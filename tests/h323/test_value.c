/* The values inside messages: aliases of every kind and alphabet, addresses of both families in both
 * protocols, object identifiers, features; what is absent, of another kind or too long. */
#include <string.h>

#include "h323/value.h"
#include "test.h"

static _Alignas(16) uint8_t memory[PER_TREE_SIZE];

static struct per_tree tree(void)
{
	return per_tree_of(&h323_schema, memory);
}

static void check_alias(enum alias_kind kind, const char *text)
{
	struct per_tree t = tree();
	struct h323_alias in = {.kind = kind}, out;
	uint16_t n = per_root(&t, H225_AliasAddress_T);
	uint8_t octets[2000];
	struct wr w = wr_of(octets, sizeof octets);

	strcpy(in.text, text);
	CHECK(alias_put(&t, n, &in) == OK);
	CHECK(per_write(&t, &w) == OK);
	CHECK(per_read(&t, H225_AliasAddress_T, wr_done(&w)) == OK);
	CHECK(alias_get(&t, 0, &out) == OK);
	CHECK(out.kind == kind);
	CHECK_STR(str_of(out.text), text);
}

static void aliases_come_back(void)
{
	check_alias(ALIAS_DIGITS, "*4711#,0");
	check_alias(ALIAS_ID, "anna");
	check_alias(ALIAS_ID, "Zo\xc3\xab \xe2\x82\xac \xf0\x9f\x93\x9e");
	check_alias(ALIAS_URL, "anna@example.org");
	check_alias(ALIAS_EMAIL, "anna@example.org");
	check_alias(ALIAS_NUMBER, "4711");
	check_alias(ALIAS_ADDRESS, "192.0.2.7:1720");
	check_alias(ALIAS_ADDRESS, "[2001:db8::7]:1720");
}

static enum err put(enum alias_kind kind, const char *text)
{
	struct per_tree t = tree();
	struct h323_alias in = {.kind = kind};

	strcpy(in.text, text);
	return alias_put(&t, per_root(&t, H225_AliasAddress_T), &in);
}

static void what_a_kind_cannot_say_is_refused(void)
{
	CHECK(put(ALIAS_DIGITS, "12a") == ERR_RANGE);
	CHECK(put(ALIAS_ID, "") == ERR_RANGE);
	CHECK(put(ALIAS_ID, "\xc3") == ERR_RANGE);
	CHECK(put(ALIAS_ID, "\xc0\x80") == ERR_RANGE);     /* NUL, written longer than it must be */
	CHECK(put(ALIAS_ID, "\xed\xa0\x80") == ERR_RANGE); /* half a pair */
	CHECK(put(ALIAS_ADDRESS, "example.org:1") == ERR_RANGE);
}

static void a_url_is_read_without_its_scheme(void)
{
	struct per_tree t = tree();
	struct h323_alias out;
	uint16_t n = per_root(&t, H225_AliasAddress_T);

	per_set_str(&t, per_put(&t, n, H225_AliasAddress_url_ID), STR("H323:anna@example.org"));
	CHECK(alias_get(&t, n, &out) == OK);
	CHECK_STR(str_of(out.text), "anna@example.org");
}

static void strange_aliases_are_no_text(void)
{
	struct per_tree t = tree();
	struct h323_alias out;
	uint16_t n = per_root(&t, H225_AliasAddress_T);
	char name[2 * 300];

	memset(name, 'a', sizeof name);
	per_set_str(&t, per_put(&t, n, H225_AliasAddress_h323_ID), (struct str){name, sizeof name});
	CHECK(alias_get(&t, n, &out) == ERR_RANGE); /* 300 characters of 3 octets */
	per_set_str(&t, per_put(&t, n, H225_AliasAddress_h323_ID), STR("\0\0"));
	CHECK(alias_get(&t, n, &out) == ERR_RANGE);
	per_set_str(&t, per_put(&t, n, H225_AliasAddress_h323_ID), STR("\xd8\x01\0a"));
	CHECK(alias_get(&t, n, &out) == ERR_RANGE);
	per_put(&t, n, H225_AliasAddress_mobileUIM);
	CHECK(alias_get(&t, n, &out) == ERR_NOENT);
	CHECK(alias_get(&t, PER_NONE, &out) == ERR_NOENT);
}

static void the_kind_of_a_text_is_what_people_mean(void)
{
	CHECK(alias_kind_of(STR("4711")) == ALIAS_DIGITS);
	CHECK(alias_kind_of(STR("anna@example.org")) == ALIAS_URL);
	CHECK(alias_kind_of(STR("anna")) == ALIAS_ID);
	CHECK(alias_kind_of(STR_NONE) == ALIAS_ID);
}

static void addresses_of_both_families_come_back(void)
{
	static const char *const texts[] = {
		"192.0.2.1:36000", "[2001:db8::1]:65535", "198.51.100.7:0"};
	struct addr in, out;

	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		struct per_tree t = tree();

		CHECK(addr_parse(str_of(texts[i]), &in) == OK);
		CHECK(h225_put_addr(&t, per_root(&t, H225_TransportAddress_T), &in));
		CHECK(h225_addr(&t, 0, &out) && addr_eq(&in, &out));
		CHECK(h245_put_addr(&t, per_root(&t, H245_TransportAddress_T), &in));
		CHECK(h245_addr(&t, 0, &out) && addr_eq(&in, &out));
	}
}

static void other_kinds_of_address_are_none(void)
{
	struct per_tree t = tree();
	struct addr a;

	per_put(&t, per_root(&t, H225_TransportAddress_T), H225_TransportAddress_nsap);
	CHECK(!h225_addr(&t, 0, &a));
	per_put(&t, per_root(&t, H245_TransportAddress_T), H245_TransportAddress_multicastAddress);
	CHECK(!h245_addr(&t, 0, &a));
	CHECK(!h245_addr(&t, PER_NONE, &a));
	a = (struct addr){0};
	CHECK(!h225_put_addr(&t, per_root(&t, H225_TransportAddress_T), &a));
}

static void object_identifiers_are_compared_by_value(void)
{
	static const char *const oids[] = {
		"0.0.8.2250.0.7", "1.2.840.113549.2.5", "0.0.8.460.18.0.1", "2.999.4294967295"};

	for (size_t i = 0; i < sizeof oids / sizeof oids[0]; i++) {
		struct per_tree t = tree();
		uint16_t f = per_root(&t, H225_Facility_UUIE_T);
		uint16_t n = per_put(&t, f, H225_Facility_UUIE_protocolIdentifier);
		char text[64];
		struct wr w = wr_of(text, sizeof text);

		CHECK(oid_put(&t, n, oids[i]));
		CHECK(oid_is(&t, n, oids[i]));
		CHECK(!oid_is(&t, n, "0.0.8.2250.0.6"));
		CHECK(per_text(&t, n, &w) == OK);
		CHECK(str_eq(str_head(str_skip(wr_done(&w), 1), strlen(oids[i])), str_of(oids[i])));
	}
}

static void features_are_found_in_all_lists(void)
{
	struct per_tree t = tree();
	uint16_t set = per_root(&t, H225_FeatureSet_T), g;
	uint16_t list = per_put(&t, set, H225_FeatureSet_supportedFeatures);

	CHECK(feature_find(&t, set, 18) == PER_NONE);
	g = generic_append(&t, list, 19);
	CHECK(generic_put_flag(&t, g, 1) && generic_put_raw(&t, g, 2, STR("raw")));
	CHECK(generic_append(&t, list, 18) != PER_NONE);
	CHECK(feature_find(&t, set, 18) != PER_NONE);
	CHECK(feature_find(&t, set, 19) == g);
	CHECK(generic_has(&t, g, 1) && generic_param(&t, g, 1) == PER_NONE);
	CHECK_STR(per_str(&t, generic_param(&t, g, 2)), "raw");
	CHECK(!generic_has(&t, g, 3));
	CHECK(feature_find(&t, PER_NONE, 18) == PER_NONE);
}

static void call_identifiers_have_sixteen_octets(void)
{
	struct per_tree t = tree();
	uint8_t in[H323_GUID_LEN] = {1, 2, 3}, out[H323_GUID_LEN];

	CHECK(guid_put(&t, per_root(&t, H225_CallIdentifier_T), in));
	CHECK(guid_get(&t, 0, out) && !memcmp(in, out, sizeof in));
	per_set_str(&t, per_field(&t, 0, H225_CallIdentifier_guid), STR("short"));
	CHECK(!guid_get(&t, 0, out));
}

TEST_MAIN(T(aliases_come_back), T(what_a_kind_cannot_say_is_refused),
	T(a_url_is_read_without_its_scheme), T(strange_aliases_are_no_text),
	T(the_kind_of_a_text_is_what_people_mean), T(addresses_of_both_families_come_back),
	T(other_kinds_of_address_are_none), T(object_identifiers_are_compared_by_value),
	T(features_are_found_in_all_lists), T(call_identifiers_have_sixteen_octets))
