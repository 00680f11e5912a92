/* keys.h - SRTP keys that a call's descriptions carry (RFC 4568): which of them prove an end's packets.
 *
 * Media gets the keys of ends whose address proves nothing, and no others. No key is logged. */
#ifndef CALL_KEYS_H
#define CALL_KEYS_H

#include "call/lines.h"

/* d: the whole offer; from: the end that it describes, staged or not. */
void keys_offer(struct media_stream *st, struct flow_end *from, const struct media_desc *d,
	const struct media_side *to);
void keys_answer(struct media_stream *st, const struct media_desc *d, const struct media_side *from,
	bool is_final);
/* The called side is another target now. */
void keys_reopen(struct media_stream *st, const struct media_side *to);

#endif
