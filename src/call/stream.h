/* stream.h - the media lines of one call: from offers and answers to ports and wanted flows.
 *
 * Each line has two ends: side 0 faces the caller, side 1 the called. An end is direct (a port pair of
 * our own), or one end of the traversal leg: Control's pair towards Edge's multiplexed ports, or
 * Edge's shared pair, told apart by a stream id that Edge chose. An offer inside a call is staged and
 * takes effect with its answer; a refusal leaves everything as it was. */
#ifndef CALL_STREAM_H
#define CALL_STREAM_H

#include "base/pool.h"
#include "call/leg.h"
#include "call/ports.h"
#include "call/zone.h"
#include "ipc/flow.h"
#include "ipc/keep.h"

struct streams_deps {
	struct io *io;
	struct ipc *ipc;
	struct keep *keep;
	struct zones *zones;
	struct port_pool *ports;
	struct pool *pool; /* of struct stream */
	const struct conf *conf;
};

/* stream in architecture's sense: a media line of a call (io's byte streams are another thing) */
struct media_stream {
	uint64_t handle; /* HK_STREAM; first member */
	uint64_t call;   /* HK_CALL */
	uint8_t line;
	bool is_new;     /* came with the offer that is open now: gone again if that is refused */
	bool is_closing; /* the open offer refuses it, or we do: it ends with the answer */
	bool is_shown;   /* FLOW_WANT stands */
	bool is_refused_by_media;
	bool is_srtp_offered; /* and with keys that can be checked */
	uint16_t port[2];     /* of the pool, per side; 0: none */
	struct flow_want want;
	struct flow_end staged[2];
	bool is_staged[2];
	/* Of lines that are made of channels, one way each. */
	bool is_channel;
	bool has_way[2]; /* opened by this side */
	uint8_t session; /* 0: none assigned yet */
	uint8_t kind;    /* enum media_kind */
	struct row row;
	struct flow_is is;    /* media's last word */
	uint64_t heard_ns[2]; /* when each end spoke last, as media says; 0: never */
};

struct call_streams {
	const struct streams_deps *deps;
	uint64_t call;
	uint32_t n, n_settled; /* n_settled: of the last offer that was answered */
	struct media_stream *lines[MEDIA_LINES_MAX]; /* NULL: the line is refused */
};

/* One side of a call, as far as media goes. */
struct media_side {
	uint8_t side; /* 0 or 1 */
	struct zone *zone;
	struct addr signalling;
	bool is_nat;
	bool is_held_open; /* nothing is known of its media yet */
};

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
/* Side 1 goes to another target: its ends are made anew for that zone. */
MUST_USE enum err streams_retarget(struct call_streams *s, const struct media_side *to);
/* Media says that nothing comes on any line, from either side, and no line is on hold: for how long.
 * False: something comes, or there are no lines. */
bool streams_are_silent(const struct call_streams *s, uint32_t *ret_ms);
/* Media's word on a line. */
void stream_flow_is(struct media_stream *st, const struct flow_is *is, uint64_t now_ns);
/* When anything came from this side last, on any line; 0: never. False: it is to send on none. */
bool streams_heard(const struct call_streams *s, unsigned side, uint64_t *ret_ns);
/* ---- lines made of channels: call_channel_open() and its kind ---- */
MUST_USE enum err streams_channel_open(struct call_streams *s, const struct media_line *media,
	uint8_t session, const struct media_side *from, const struct media_side *to,
	uint8_t *ret_line, const char **ret_why);
/* `from` accepts what the other side opened. ERR_DENIED: not at that address; ERR_NOENT. */
MUST_USE enum err streams_channel_accept(struct call_streams *s, uint8_t line,
	const struct media_line *media, const struct media_side *from, const char **ret_why);
/* The channel that side `opener` opened; the line ends with its last one. */
void streams_channel_close(struct call_streams *s, uint8_t line, uint8_t opener);
void streams_local_line(const struct call_streams *s, uint8_t line, const struct media_side *side,
	struct media_local *ret_local, struct mux_line *ret_mux);
/* A stable state: records are put. */
void streams_keep(struct call_streams *s);
void streams_end(struct call_streams *s);
/* From a record; ERR_SYNTAX, ERR_NO_PORT, ERR_FULL. */
MUST_USE enum err stream_adopt_record(
	const struct streams_deps *deps, const struct kept *kept, struct media_stream **ret_stream);

#endif
