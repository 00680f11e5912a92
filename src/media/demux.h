/* demux.h - what a datagram is and which component of its flow it belongs to. Pure. */
#ifndef MEDIA_DEMUX_H
#define MEDIA_DEMUX_H

#include "ipc/flow.h"
#include "rtp/rtp.h"

enum component { COMP_RTP, COMP_RTCP, COMP_MAX };

#define DATAGRAM_MAX 1500 /* an RTP datagram (limits): longer ones are dropped and counted */

/* ERR_RANGE: too long, or empty. */
MUST_USE enum err demux_packet(struct str bytes, enum wire_class *ret_class);
/* at: the component whose port it came to. With rtcp-mux an RTCP packet on the RTP port is RTCP
 * (RFC 5761 section 4). */
enum component demux_component(enum wire_class class, enum component at, bool has_rtcp_mux);

#endif
