/* keepalive.h - keep-alives of H.460.19: what one looks like, and the sending of ours.
 *
 * Empty RTP and RTCP by which a client opens its firewall and shows a server where it is. Knows neither
 * addresses nor ids; its owner sends. The shapes are those that are seen on wires
 * (docs/protocols/h46019-media.md): nothing else is ever taken for one. */
#ifndef MEDIA_KEEPALIVE_H
#define MEDIA_KEEPALIVE_H

#include "io/io.h"
#include "ipc/flow.h"
#include "media/demux.h"

#define MULTIPLEX_ID_LEN   4
#define KEEPALIVE_RTP_LEN  12
#define KEEPALIVE_RTCP_LEN 28

/* bytes: without an id. h: of the end that it came to; only a server's takes any. */
bool keepalive_is(struct str bytes, enum component component, const struct h46019 *h);

/* 4 bytes at least. */
uint32_t multiplex_id_read(struct str bytes);
void multiplex_id_write(uint32_t id, uint8_t ret_bytes[MULTIPLEX_ID_LEN]);
uint32_t multiplex_id_backwards(uint32_t id);

typedef void(keepalive_send_h)(void *arg, enum component component, struct str bytes);

struct keepalive {
	struct io *io;
	struct timer timer;
	keepalive_send_h *send;
	void *arg;
	struct h46019 h46019; /* as started */
	uint32_t n_sent;
	uint16_t seq;
};

void keepalive_init(struct keepalive *k, struct io *io, keepalive_send_h *send, void *arg);
/* Of a client's end: at once, then each interval. The same data again changes nothing, other data is a
 * new beginning. */
void keepalive_start(struct keepalive *k, const struct h46019 *h);
void keepalive_stop(struct keepalive *k);

#endif
