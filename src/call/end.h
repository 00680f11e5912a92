/* end.h - one end of a media line: its ports, and what its side said of addresses, RTCP and classes.
 *
 * Every address that a side names is judged by the address policy of its zone before anything is sent there.
 * It knows no order of offers and answers, and sends nothing. */
#ifndef CALL_END_H
#define CALL_END_H

#include "call/lines.h"

/* What the address of an SDP says about its owner. */
enum remote_verdict {
	REMOTE_OK,     /* send there */
	REMOTE_NAT,    /* an address of somebody's inside: wait for its media */
	REMOTE_HELD,   /* 0.0.0.0: hold, as RFC 2543 said it */
	REMOTE_REFUSED /* loopback, multicast, our own, ...: never */
};

enum remote_verdict end_judge(const struct streams_deps *d, const struct zone *zone,
	const struct addr *a, const char **ret_why);
/* A fresh end towards a zone: ports and, where Edge is the server, a stream id. ERR_NO_PORT. */
MUST_USE enum err end_make(
	struct call_streams *s, struct media_stream *st, const struct media_side *side);
/* Writes what a side said about a line into its end. */
void end_describe(const struct streams_deps *d, struct flow_end *e, const struct media_line *line,
	enum remote_verdict verdict, const struct media_side *from);
/* Control's end: the stream id and the ports that Edge named, if it did. */
void end_set_mux(
	struct flow_end *e, const struct zone *zone, const struct mux_lines *mux, uint32_t line);
/* The same of one line. */
void end_set_stream(struct flow_end *e, const struct zone *zone, const struct mux_line *mux);
/* False: the line is refused, and why; it keeps its place. */
bool end_is_possible(struct call_streams *s, const struct media_line *line,
	const struct media_side *from, enum remote_verdict *ret_verdict, const char **ret_why);
/* After an answer. */
void ends_agree_on_rtcp(struct flow_end *a, struct flow_end *b);
uint8_t end_classes(enum media_transport t);       /* CLASS_*: what may pass */
struct addr end_rtcp_port(const struct addr *rtp); /* the port after it; AF_NONE: none */

#endif
