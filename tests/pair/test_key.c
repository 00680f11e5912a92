/* test_key.c - zone keys. */
#include "pair/key.h"

#include <string.h>

#include "test.h"

static char pem[8192], other[8192];

static struct str make(char *buf, const char *name)
{
	struct wr w = wr_of(buf, sizeof pem);

	CHECK(zone_key_make(name, &w) == OK);
	return wr_done(&w);
}

static void each_key_is_its_own(void)
{
	struct str a = make(pem, "edge.example.com"), b = make(other, "edge.example.com");
	uint8_t one[32], two[32], again[32];

	CHECK(zone_key_hash(a, one) == OK && zone_key_hash(b, two) == OK);
	CHECK(memcmp(one, two, 32) != 0);
	CHECK(zone_key_hash(a, again) == OK && memcmp(one, again, 32) == 0);
	CHECK(str_has_prefix(a, STR("-----BEGIN CERTIFICATE-----\n")));
}

static void what_is_no_key_is_refused(void)
{
	struct str a = make(pem, "a.example.com"), b = make(other, "b.example.com");
	static char mixed[16384];
	const char *key = strstr(other, "-----BEGIN PRIVATE KEY");
	uint8_t spki[32];
	size_t n;

	CHECK(zone_key_hash(STR("hello"), spki) == ERR_SYNTAX);
	CHECK(zone_key_hash(str_head(a, a.len / 2), spki) == ERR_SYNTAX);
	/* a's certificate with b's key */
	CHECK(key && b.len);
	n = (size_t)(strstr(pem, "-----BEGIN PRIVATE KEY") - pem);
	memcpy(mixed, pem, n);
	memcpy(mixed + n, key, b.len - (size_t)(key - other));
	n += b.len - (size_t)(key - other);
	CHECK(zone_key_hash((struct str){mixed, n}, spki) == ERR_AUTH);
}

static void a_writer_that_is_too_small_says_so(void)
{
	struct wr w = wr_of(pem, 100);

	CHECK(zone_key_make("a.example.com", &w) == ERR_FULL);
}

TEST_MAIN(
	T(each_key_is_its_own), T(what_is_no_key_is_refused), T(a_writer_that_is_too_small_says_so))
