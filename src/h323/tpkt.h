/* tpkt.h - TPKT (RFC 1006 section 6, H.225.0 annex E): the frames of Q.931 and H.245 on a stream.
 *
 * Four octets, version 3, a reserved one and the length of all, then the message. A frame of four is a
 * keep-alive. Pure; a stream is read by peeking, so that what is not a whole frame yet stays where it is. */
#ifndef H323_TPKT_H
#define H323_TPKT_H

#include "base/rd.h"

#define TPKT_HEADER_LEN 4
#define TPKT_MAX        65535

/* The first frame of the input. *ret_payload: empty for a keep-alive; *ret_used: octets of the frame.
 * ERR_MORE: not all of it is there, *ret_used says how many octets it will have (4 while that is not
 * known). ERR_SYNTAX: not TPKT, or a length below 4: the stream has lost its place and is to be closed. */
MUST_USE enum err tpkt_next(struct str in, struct str *ret_payload, size_t *ret_used);
/* Begins a frame; tpkt_end fills the length in. ERR_FULL in the writer: no room, or more than 65,535. */
uint8_t *tpkt_begin(struct wr *w);
void tpkt_end(struct wr *w, uint8_t *mark);

#endif
