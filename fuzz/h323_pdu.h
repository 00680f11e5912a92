/* h323_pdu.h - what holds for any octets read as a message of H.323, for the targets of its families: what is
 * read can be written again and is then read the same; unchanged it leaves as the octets that came. */
#ifndef FUZZ_H323_PDU_H
#define FUZZ_H323_PDU_H

#include <stdlib.h>
#include <string.h>

#include "h323/schema.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool is_so)
{
	if (!is_so)
		abort();
}

static int fuzz_pdu(uint16_t type, const uint8_t *data, size_t size)
{
	static _Alignas(16) uint8_t memory[2][PER_TREE_SIZE];
	static uint8_t octets[2 * PER_TREE_SIZE];
	struct per_tree a = per_tree_of(&h323_schema, memory[0]),
			b = per_tree_of(&h323_schema, memory[1]);
	struct wr w = wr_of(octets, sizeof octets);
	char where[100];

	if (per_read(&a, type, (struct str){(const char *)data, size}) != OK) {
		per_where(&a, where, sizeof where);
		must(memchr(where, 0, sizeof where) != NULL);
		return 0;
	}
	must(a.n_nodes > 0 && a.n_nodes <= PER_NODES_MAX);
	must(per_write(&a, &w) == OK);
	must(wr_len(&w) == size && !memcmp(octets, data, size));
	w = wr_of(octets, sizeof octets);
	if (per_write_anew(&a, &w) != OK)
		return 0; /* only what is as long as the limit may grow beyond it */
	must(per_read(&b, type, wr_done(&w)) == OK);
	must(per_same(&a, 0, &b, 0));
	return 0;
}

#endif
