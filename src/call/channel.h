/* channel.h - lines that are made of channels, one way each (H.245): call_channel_open() and its kind.
 *
 * Two channels of one session that run against each other share a line, its ports and its RTCP. A way that
 * nobody opened, or whose other end has not accepted, is on hold. */
#ifndef CALL_CHANNEL_H
#define CALL_CHANNEL_H

#include "call/lines.h"

/* ERR_DENIED: not at that address, not by that transport; ERR_FULL, ERR_NO_PORT. */
MUST_USE enum err streams_channel_open(struct call_streams *s, const struct media_line *media,
	uint8_t session, const struct media_side *from, const struct media_side *to,
	uint8_t *ret_line, const char **ret_why);
/* `from` accepts what the other side opened. ERR_DENIED: not at that address; ERR_NOENT. */
MUST_USE enum err streams_channel_accept(struct call_streams *s, uint8_t line,
	const struct media_line *media, const struct media_side *from, const char **ret_why);
/* The multiplexed stream that the line is, as Edge named it towards side `from`; without a stream: nothing. */
void streams_channel_mux(struct call_streams *s, uint8_t line, const struct mux_line *mux,
	const struct media_side *from);
/* The channel that side `opener` opened; the line ends with its last one. */
void streams_channel_close(struct call_streams *s, uint8_t line, uint8_t opener);

#endif
