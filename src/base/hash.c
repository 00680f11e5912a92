/* hash.c - SipHash-2-4 (Aumasson and Bernstein, 2012) and a chained table. No system call. */
#include <string.h>

#include "base/hash.h"
#include "base/scratch.h"

struct sip_state {
	uint64_t v0, v1, v2, v3;
};

static uint64_t rotl(uint64_t x, int b)
{
	return x << b | x >> (64 - b);
}

static void sip_round(struct sip_state *s)
{
	s->v0 += s->v1;
	s->v2 += s->v3;
	s->v1 = rotl(s->v1, 13) ^ s->v0;
	s->v3 = rotl(s->v3, 16) ^ s->v2;
	s->v0 = rotl(s->v0, 32);
	s->v2 += s->v1;
	s->v0 += s->v3;
	s->v1 = rotl(s->v1, 17) ^ s->v2;
	s->v3 = rotl(s->v3, 21) ^ s->v0;
	s->v2 = rotl(s->v2, 32);
}

static uint64_t load_le(const uint8_t *p, size_t n)
{
	uint64_t v = 0;

	for (size_t i = n; i-- > 0;)
		v = v << 8 | p[i];
	return v;
}

static void sip_block(struct sip_state *s, uint64_t m)
{
	s->v3 ^= m;
	sip_round(s);
	sip_round(s);
	s->v0 ^= m;
}

uint64_t siphash(const struct hash_key *key, const void *data, size_t len)
{
	const uint8_t *p = data;
	struct sip_state s = {key->k0 ^ 0x736f6d6570736575u, key->k1 ^ 0x646f72616e646f6du,
		key->k0 ^ 0x6c7967656e657261u, key->k1 ^ 0x7465646279746573u};
	size_t whole = len & ~(size_t)7;

	for (size_t i = 0; i < whole; i += 8)
		sip_block(&s, load_le(p + i, 8));
	sip_block(&s,
		(uint64_t)(len & 0xff) << 56 | (len > whole ? load_le(p + whole, len - whole) : 0));
	s.v2 ^= 0xff;
	for (int i = 0; i < 4; i++)
		sip_round(&s);
	return s.v0 ^ s.v1 ^ s.v2 ^ s.v3;
}

enum err hash_init(struct hash_table *t, size_t n_expected, const struct hash_key *key)
{
	size_t n = 16;
	struct hash_node **buckets;

	while (n < n_expected)
		n *= 2;
	buckets = mem_array(n, sizeof *buckets);
	if (!buckets)
		return ERR_FULL;
	*t = (struct hash_table){buckets, n, 0, *key};
	return OK;
}

void hash_free(struct hash_table *t)
{
	mem_free(t->buckets);
	*t = (struct hash_table){0};
}

uint64_t hash_of(const struct hash_table *t, struct str key)
{
	return siphash(&t->key, key.p, key.len);
}

void hash_add(struct hash_table *t, struct hash_node *node, uint64_t hash)
{
	struct hash_node **bucket = &t->buckets[hash & (t->n_buckets - 1)];

	hash_remove(t, node);
	*node = (struct hash_node){*bucket, hash, true};
	*bucket = node;
	t->n++;
}

void hash_remove(struct hash_table *t, struct hash_node *node)
{
	struct hash_node **at;

	if (!node->is_in)
		return;
	at = &t->buckets[node->hash & (t->n_buckets - 1)];
	while (*at != node)
		at = &(*at)->next;
	*at = node->next;
	*node = (struct hash_node){0};
	t->n--;
}

static struct hash_node *same_hash(struct hash_node *node, uint64_t hash)
{
	while (node && node->hash != hash)
		node = node->next;
	return node;
}

struct hash_node *hash_first(const struct hash_table *t, uint64_t hash)
{
	return same_hash(t->buckets[hash & (t->n_buckets - 1)], hash);
}

struct hash_node *hash_next(const struct hash_node *node)
{
	return same_hash(node->next, node->hash);
}
