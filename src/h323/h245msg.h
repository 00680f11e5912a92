/* h245msg.h - H.245 messages: what of a logical channel is an address, and the few that we originate.
 *
 * A message is read into a tree and told by kind; a channel's view holds what a relay must know, and the
 * same places are written with our own addresses. All else of the message stays as it came. Pure. */
#ifndef H323_H245MSG_H
#define H323_H245MSG_H

#include "call/leg.h"
#include "h323/value.h"

#define H245MSG_OWN_MAX 64u /* octets of a message that we originate, without what it returns */

enum h245_kind {
	H245_OTHER, /* passes as it is */
	H245_OLC,
	H245_OLC_ACK,
	H245_OLC_REJECT,
	H245_CLOSE,
	H245_END_SESSION,
	H245_MODE /* communicationMode, command or response: addresses of a conference */
};

struct h245_msg {
	struct per_tree t;
	enum h245_kind kind;
	uint16_t node; /* of the message itself; PER_NONE: H245_OTHER */
};

/* Into a tree in memory of PER_TREE_SIZE octets. On an error per_where() says where. */
MUST_USE enum err h245_msg_read(struct str in, void *memory, struct h245_msg *ret_msg);

/* One logical channel as a message opens or accepts it. */
struct channel_view {
	uint16_t number; /* forwardLogicalChannelNumber */
	uint8_t session; /* 0: not assigned */
	bool is_reverse; /* an element of fastStart for the way towards its sender */
	bool is_strange; /* an address that is no single IP host: multicast, IPX, a name */
	struct media_line media;
	struct mux_line mux; /* of Edge's, by our own profile */
};

/* node: an OpenLogicalChannel, of a request or of fastStart. */
void olc_read(const struct per_tree *t, uint16_t node, struct channel_view *ret_view);
/* Our own addresses where the sender's stand; what belongs to one leg (H.460.19, our profile's streams) is taken
 * out, and this leg's own put in: mux of a leg to Control, else without stream. */
void olc_write(struct per_tree *t, uint16_t node, const struct media_local *local,
	const struct mux_line *mux);
/* The address to send media to is not the receiver's business: an answered element of fastStart. */
void olc_cut_reverse_media(struct per_tree *t, uint16_t node);
void olc_ack_read(const struct per_tree *t, uint16_t node, struct channel_view *ret_view);
void olc_ack_write(struct per_tree *t, uint16_t node, const struct media_local *local,
	const struct mux_line *mux);
uint16_t channel_number(const struct per_tree *t, uint16_t node); /* of Reject and Close */

/* The entries of a communicationMode, of a command or a response: each names a session and its addresses. */
uint16_t mode_first(const struct h245_msg *m); /* PER_NONE: none; per_next() goes on */
uint8_t mode_session(const struct per_tree *t, uint16_t entry);
void mode_write(struct per_tree *t, uint16_t entry, const struct media_local *local);

/* ---- what we originate; each a whole message ---- */
MUST_USE enum err h245_put_reject(
	struct per_tree *t, uint16_t number, bool is_data_type, struct wr *w);
MUST_USE enum err h245_put_close(struct per_tree *t, uint16_t number, struct wr *w);
MUST_USE enum err h245_put_close_ack(struct per_tree *t, uint16_t number, struct wr *w);
MUST_USE enum err h245_put_end_session(struct per_tree *t, struct wr *w);
/* FunctionNotSupported with what could not be read: FunctionNotUnderstood would need it decoded. */
MUST_USE enum err h245_put_not_supported(struct per_tree *t, struct str what, struct wr *w);

#endif
