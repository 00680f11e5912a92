/* stream.h - the media lines of one call: from offers and answers to ports and wanted flows.
 *
 * Each line has two ends: side 0 faces the caller, side 1 the called. An end is direct (a port pair of
 * our own), or one end of the traversal leg: Control's pair towards Edge's multiplexed ports, or
 * Edge's shared pair, told apart by a stream id that Edge chose. An offer inside a call is staged and
 * takes effect with its answer; a refusal leaves everything as it was. */
#ifndef CALL_STREAM_H
#define CALL_STREAM_H

#include "call/lines.h"

/* An offer came from side `from`: lines are made as needed, ends of both sides prepared. The answer
 * side needs no description yet. On an error nothing was changed. ERR_DENIED: every line is refused
 * (ret_why: the reason of the last), or lines are missing. */
MUST_USE enum err streams_offer(struct call_streams *s, const struct media_desc *offer,
	const struct mux_lines *mux, const struct media_side *from, const struct media_side *to,
	bool is_first, const char **ret_why);
/* The answer of side `from`; early ones may repeat. Takes effect at once. */
void streams_answer(struct call_streams *s, const struct media_desc *answer,
	const struct mux_lines *mux, const struct media_side *from, bool is_final);
/* The open offer was accepted, and what it needed was in early answers (RFC 3262: an answer in a reliable
 * 183 is not repeated in the 2xx). */
void streams_settle(struct call_streams *s);
/* The open offer was refused: everything is as before it. */
void streams_refuse(struct call_streams *s);
/* Stream ids that Edge named for side `to`'s leg, without a description (100 Trying). */
void streams_mux(
	struct call_streams *s, const struct mux_lines *mux, const struct media_side *from);
/* What side `side` shall be told: our ports, and the stream ids where it is a link of Edge. */
void streams_local(const struct call_streams *s, const struct media_side *side,
	struct media_locals *ret_local, struct mux_lines *ret_mux);
void streams_local_line(const struct call_streams *s, uint8_t line, const struct media_side *side,
	struct media_local *ret_local, struct mux_line *ret_mux);
/* Side 1 goes to another target: its ends are made anew for that zone. */
MUST_USE enum err streams_retarget(struct call_streams *s, const struct media_side *to);
/* Media says that nothing comes on any line, from either side, and no line is on hold: for how long.
 * False: something comes, or there are no lines. */
bool streams_are_silent(const struct call_streams *s, uint32_t *ret_ms);
/* Media's word on a line. */
void stream_flow_is(struct media_stream *st, const struct flow_is *is, uint64_t now_ns);
/* When anything came from this side last, on any line; 0: never. False: it is to send on none. */
bool streams_heard(const struct call_streams *s, unsigned side, uint64_t *ret_ns);
void streams_end(struct call_streams *s);

#endif
