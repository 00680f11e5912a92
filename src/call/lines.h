/* lines.h - the media lines of one call as data: made, shown to media, kept, ended.
 *
 * A line is its two ends' ports and what is wanted of media (FLOW_WANT), under one handle. Who says what of
 * it is decided above: offers and answers (stream.h), channels (channel.h); what an end is, in end.h. */
#ifndef CALL_LINES_H
#define CALL_LINES_H

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

/* No line yet at this place. NULL: the pool is full. */
struct media_stream *line_new(struct call_streams *s, uint8_t line);
/* Its ports, row and record go with it. None there: nothing. */
void line_end(struct call_streams *s, uint32_t line);
void line_show(struct call_streams *s, struct media_stream *st);
bool line_has_room(const struct call_streams *s, uint32_t line, const char **ret_why);
void line_log_refused(
	struct call_streams *s, uint32_t line, const struct media_line *ml, const char *why);
/* A stable state: records are put. */
void streams_keep(struct call_streams *s);
/* From a record; ERR_SYNTAX, ERR_NO_PORT, ERR_FULL. */
MUST_USE enum err stream_adopt_record(
	const struct streams_deps *deps, const struct kept *kept, struct media_stream **ret_stream);

#endif
