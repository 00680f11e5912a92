/* answer.h - our own answers to requests, by one door.
 *
 * An answer that another side gave is edited from its message (uas.c); what we decide ourselves is
 * built here from the request: status, reason for people, Server, with our version where sip.show_version says so. */
#ifndef SIP_ANSWER_H
#define SIP_ANSWER_H

#include "sip/build.h"
#include "sip/plane.h"

#define SIP_ALLOW                                                                                  \
	STR("INVITE, ACK, CANCEL, BYE, OPTIONS, REGISTER, PRACK, UPDATE, INFO, REFER, NOTIFY, "    \
	    "MESSAGE")

/* The start of an answer; the caller adds headers and calls answer_send. tag: ours, when the request has
 * none. */
struct wr answer_begin(struct sip *s, struct tx *tx, const struct sip_msg *m, unsigned code,
	struct str reason, struct str tag);
/* With room for as many bytes more than the request has. */
struct wr answer_begin_room(struct sip *s, struct tx *tx, const struct sip_msg *m, unsigned code,
	struct str reason, struct str tag, size_t room);
void answer_send(struct sip *s, struct tx *tx, unsigned code, struct wr *w);
/* The same without state: sent now, never repeated, and the transaction is over. */
void answer_send_once(struct sip *s, struct conn *c, struct tx *tx, unsigned code, struct wr *w);
/* Both, with nothing between. m NULL: the request that tx holds. */
void answer(struct sip *s, struct tx *tx, const struct sip_msg *m, unsigned code, struct str reason,
	struct str tag);
/* A refusal with its text in a Reason header, too (RFC 3326). */
void answer_refuse(struct sip *s, struct tx *tx, const struct sip_msg *m, unsigned code,
	struct str text, struct str tag);
/* 500 with a Retry-After of 0 to 10 s, at random: another one is under way (RFC 3261 14.2, 3311 5.2). */
void answer_later(struct sip *s, struct tx *tx, const struct sip_msg *m, struct str reason);
/* 503 with a Retry-After of 5 to 30 s, at random. */
void answer_busy(struct sip *s, struct tx *tx, const struct sip_msg *m, struct str reason);
/* A tag of ours: 16 hexadecimal digits and a NUL. */
void tag_put(struct sip *s, char ret[17]);

#endif
