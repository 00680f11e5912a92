/* control.h - what the files of H.245 share: control.c, channel.c, h239.c and fast.c. */
#ifndef H323EP_CONTROL_H
#define H323EP_CONTROL_H

#include "endpoint.h"

#define PDU_MAX 4096
#define FORWARD "forwardLogicalChannelParameters"
#define REVERSE "reverseLogicalChannelParameters"
#define H2250   "multiplexParameters.h2250LogicalChannelParameters"

/* control.c: by the tunnel or a connection of its own, as soon as there is a way */
void control_send_text(struct call *c, const char *text);
void control_send(struct call *c, const char *fmt, ...) PRINTF(2, 3);

/* channel.c */
struct channel *channel_to(struct call *c, enum kind kind); /* ours of a kind; NULL: none */
struct channel *channel_make(
	struct call *c, uint16_t number, bool is_ours, struct flow *f, enum channel_state state);
void channel_told(const struct channel *ch, const char *event);
void channel_close(struct call *c, struct channel *ch);
void channels_open(struct call *c); /* all that are due */
void channels_close_ours(struct call *c);
/* OpenLogicalChannel as text. has_media: with the address where we receive. */
void channel_put_forward(
	struct call *c, struct flow *f, uint16_t number, bool has_media, struct wr *w);
void channel_put_reverse(
	struct call *c, struct flow *f, uint16_t number, bool has_media, struct wr *w);
void channel_put_table(const struct call *c, struct wr *w); /* of a TerminalCapabilitySet */
void channel_choose_codec(struct call *c, const struct pdu *p);
/* Of the data type, address or genericInformation at a path. */
bool channel_is_law(const struct pdu *p, const char *data, bool is_ulaw);
bool channel_kind_of(const struct pdu *p, const char *data, enum kind *ret);
void channel_take_address(const struct pdu *p, const char *path, struct addr *to);
void channel_take_mux(struct flow *f, const struct pdu *p, const char *list);
/* Messages that came. */
void channel_on_open(struct call *c, const struct pdu *p);
void channel_on_open_ack(struct call *c, const struct pdu *p);
void channel_on_open_reject(struct call *c, const struct pdu *p);
void channel_on_close(struct call *c, const struct pdu *p);
void channel_on_close_ack(struct call *c, const struct pdu *p);
void channel_on_close_wish(struct call *c, const struct pdu *p);

/* h239.c: a generic message; root: "request" and so on, name: its alternative */
void h239_take(struct call *c, const struct pdu *p, const char *root, const char *name);

#endif
