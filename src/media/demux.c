/* demux.c - first bytes of a datagram. Pure. */
#include "media/demux.h"

enum err demux_packet(struct str bytes, enum wire_class *ret_class)
{
	if (!bytes.len || bytes.len > DATAGRAM_MAX)
		return ERR_RANGE;
	*ret_class = wire_class_of(bytes);
	return OK;
}

enum component demux_component(enum wire_class class, enum component at, bool has_rtcp_mux)
{
	return at == COMP_RTP && has_rtcp_mux && class == WC_RTCP ? COMP_RTCP : at;
}
