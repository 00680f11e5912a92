/* tpkt.c - see tpkt.h. The reserved octet is zero when we write it and not looked at when it comes. */
#include "h323/tpkt.h"

#define VERSION 3

enum err tpkt_next(struct str in, struct str *ret_payload, size_t *ret_used)
{
	struct rd r = rd_of(in);
	size_t len;

	if (in.len && (uint8_t)in.p[0] != VERSION)
		return ERR_SYNTAX;
	if (in.len < TPKT_HEADER_LEN) {
		*ret_used = TPKT_HEADER_LEN;
		return ERR_MORE;
	}
	rd_u16(&r);
	len = rd_u16(&r);
	if (len < TPKT_HEADER_LEN)
		return ERR_SYNTAX;
	*ret_used = len;
	if (in.len < len)
		return ERR_MORE;
	*ret_payload = rd_bytes(&r, len - TPKT_HEADER_LEN);
	return OK;
}

uint8_t *tpkt_begin(struct wr *w)
{
	uint8_t *mark = w->p;

	wr_u8(w, VERSION);
	wr_u8(w, 0);
	wr_u16(w, 0);
	return mark;
}

void tpkt_end(struct wr *w, uint8_t *mark)
{
	size_t len = w->err == OK ? (size_t)(w->p - mark) : 0;

	if (len > TPKT_MAX)
		w->err = ERR_FULL;
	if (w->err != OK)
		return;
	mark[2] = (uint8_t)(len >> 8);
	mark[3] = (uint8_t)len;
}
