/* SipHash-2-4 against the vectors that its authors publish (key 00..0f, input 00, 00 01, ...), and the
 * table: chains, equal hashes, removal anywhere. */
#include <string.h>

#include "base/hash.h"
#include "base/scratch.h"
#include "test.h"

static const struct hash_key key = {0x0706050403020100, 0x0f0e0d0c0b0a0908};

static void siphash_vectors(void)
{
	/* the first bytes of each output, little-endian, as published */
	static const struct {
		size_t len;
		uint64_t hash;
	} rows[] = {{0, 0x726fdb47dd0e0e31}, {1, 0x74f839c593dc67fd}, {2, 0x0d6c8009d9a94f5a},
		{3, 0x85676696d7fb7e2d}, {7, 0xab0200f58b01d137}, {8, 0x93f5f5799a932462},
		{9, 0x9e0082df0ba9e4b0}, {15, 0xa129ca6149be45e5}, {63, 0x958a324ceb064572}};
	uint8_t in[64];

	for (size_t i = 0; i < sizeof in; i++)
		in[i] = (uint8_t)i;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		if (siphash(&key, in, rows[i].len) != rows[i].hash)
			printf("# length %zu\n", rows[i].len);
		CHECK(siphash(&key, in, rows[i].len) == rows[i].hash);
	}
	CHECK(siphash(&key, NULL, 0) == 0x726fdb47dd0e0e31);
}

static void siphash_is_keyed(void)
{
	const struct hash_key other = {1, 2};

	CHECK(siphash(&key, "a", 1) != siphash(&other, "a", 1));
}

struct item {
	int id;
	struct hash_node node;
};

static unsigned count(const struct hash_table *t, uint64_t hash)
{
	unsigned n = 0;

	for (struct hash_node *it = hash_first(t, hash); it; it = hash_next(it))
		n++;
	return n;
}

static void finds_all_of_one_hash_and_no_other(void)
{
	struct hash_table t;
	struct item items[5] = {0};

	CHECK(hash_init(&t, 1, &key) == OK);
	hash_add(&t, &items[0].node, 3);
	hash_add(&t, &items[1].node, 3 + t.n_buckets); /* same bucket, another hash */
	hash_add(&t, &items[2].node, 3);
	hash_add(&t, &items[3].node, 3 + t.n_buckets);
	hash_add(&t, &items[4].node, 3);
	CHECK(t.n == 5 && count(&t, 3) == 3 && count(&t, 3 + t.n_buckets) == 2 &&
		count(&t, 4) == 0);
	hash_free(&t);
}

static void removes_from_anywhere_in_a_chain(void)
{
	for (unsigned which = 0; which < 3; which++) {
		struct hash_table t;
		struct item items[3] = {0};

		CHECK(hash_init(&t, 0, &key) == OK);
		for (int i = 0; i < 3; i++)
			hash_add(&t, &items[i].node, 7);
		hash_remove(&t, &items[which].node);
		hash_remove(&t, &items[which].node); /* not in: nothing */
		CHECK(t.n == 2 && count(&t, 7) == 2);
		for (struct hash_node *it = hash_first(&t, 7); it; it = hash_next(it))
			CHECK(it != &items[which].node);
		hash_free(&t);
	}
}

static void adding_again_moves(void)
{
	struct hash_table t;
	struct item item = {0};

	CHECK(hash_init(&t, 100, &key) == OK);
	CHECK(t.n_buckets == 128);
	hash_add(&t, &item.node, 1);
	hash_add(&t, &item.node, 2);
	CHECK(t.n == 1 && count(&t, 1) == 0 && count(&t, 2) == 1);
	hash_free(&t);
}

static void a_thousand_names(void)
{
	static struct item items[1000];
	struct hash_table t;
	char name[16];

	CHECK(hash_init(&t, 64, &key) == OK);
	for (int i = 0; i < 1000; i++) {
		snprintf(name, sizeof name, "name%d", i);
		items[i].id = i;
		hash_add(&t, &items[i].node, hash_of(&t, str_of(name)));
	}
	for (int i = 0; i < 1000; i++) {
		snprintf(name, sizeof name, "name%d", i);
		CHECK(hash_first(&t, hash_of(&t, str_of(name))) == &items[i].node);
	}
	hash_free(&t);
}

TEST_MAIN(T(siphash_vectors), T(siphash_is_keyed), T(finds_all_of_one_hash_and_no_other),
	T(removes_from_anywhere_in_a_chain), T(adding_again_moves), T(a_thousand_names))
