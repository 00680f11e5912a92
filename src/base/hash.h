/* hash.h - SipHash-2-4 and an intrusive hash table with a secret key.
 *
 * Keys come from the network, so the table is keyed: nobody outside can choose collisions. Memory is
 * one array made at start; the table never grows. Objects embed struct hash_node. */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include "base/str.h"

struct hash_key {
	uint64_t k0, k1;
};

uint64_t siphash(const struct hash_key *key, const void *p, size_t len);

struct hash_node {
	struct hash_node *next;
	uint64_t hash;
	bool is_in;
};

struct hash_table {
	struct hash_node **buckets;
	size_t n_buckets; /* a power of two */
	size_t n;
	struct hash_key key;
};

/* key: 16 random bytes. n_expected sizes the array. ERR_FULL: no memory. */
MUST_USE enum err hash_init(struct hash_table *t, size_t n_expected, const struct hash_key *key);
void hash_free(struct hash_table *t);
uint64_t hash_of(const struct hash_table *t, struct str key);
void hash_add(struct hash_table *t, struct hash_node *node, uint64_t hash);
void hash_remove(struct hash_table *t, struct hash_node *node); /* not in: nothing */
/* Candidates with this very hash: compare the key, go on with hash_next. */
struct hash_node *hash_first(const struct hash_table *t, uint64_t hash);
struct hash_node *hash_next(const struct hash_node *node);

#endif
