/* nearest.c - distance of two words. Pure; the cost is bounded by the length of a word that counts. */
#include "conf/nearest.h"

#define WORD_MAX 48

static unsigned min3(unsigned a, unsigned b, unsigned c)
{
	const unsigned m = a < b ? a : b;

	return m < c ? m : c;
}

/* Insertions, deletions, substitutions and swaps of neighbours that turn a into b (optimal string
 * alignment); case does not count. */
static unsigned distance(struct str a, struct str b)
{
	unsigned rows[3][WORD_MAX + 1];

	for (unsigned j = 0; j <= b.len; j++)
		rows[0][j] = j;
	for (unsigned i = 1; i <= a.len; i++) {
		unsigned *row = rows[i % 3];
		const unsigned *above = rows[(i - 1) % 3];

		row[0] = i;
		for (unsigned j = 1; j <= b.len; j++) {
			const char x = ascii_lower(a.p[i - 1]), y = ascii_lower(b.p[j - 1]);

			row[j] = min3(above[j] + 1, row[j - 1] + 1, above[j - 1] + (x != y));
			if (i > 1 && j > 1 && x == ascii_lower(b.p[j - 2]) &&
				y == ascii_lower(a.p[i - 2]) &&
				rows[(i - 2) % 3][j - 2] + 1 < row[j])
				row[j] = rows[(i - 2) % 3][j - 2] + 1;
		}
	}
	return rows[a.len % 3][b.len];
}

struct nearest nearest_to(struct str word)
{
	return (struct nearest){word, STR_NONE, UINT32_MAX};
}

void nearest_try(struct nearest *n, struct str candidate)
{
	unsigned d;

	if (!n->word.len || n->word.len > WORD_MAX || !candidate.len || candidate.len > WORD_MAX)
		return;
	d = distance(n->word, candidate);
	if (d < n->distance) {
		n->distance = d;
		n->best = candidate;
	}
}

struct str nearest_found(const struct nearest *n)
{
	const size_t longer = n->word.len > n->best.len ? n->word.len : n->best.len;

	/* one slip in three letters; two short words have nothing in common */
	return n->best.len && n->distance <= (longer + 1) / 3 && n->distance < longer ? n->best
	                                                                              : STR_NONE;
}
