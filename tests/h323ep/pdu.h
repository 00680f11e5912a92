/* pdu.h - messages by their canonical text, and what stands in them by names.
 *
 * The endpoint writes a message as people write it down: {'request':{'masterSlaveDetermination':{...}}},
 * the text that per_text() prints, with ' for " so that it stands in C unescaped. Names are looked up in
 * the tables of the codec when the message is made: slow, short, and made for tests alone.
 *
 * It knows no message. A text that does not fit the tables is a fault of this program and ends it. */
#ifndef H323EP_PDU_H
#define H323EP_PDU_H

#include "h323/value.h"

#define PDU_TEXT_MAX 16384

struct pdu {
	struct per_tree tree;
	void *memory;
};

/* A message of its octets; false: it cannot be read, and "where" says where. pdu_free() in either case. */
bool pdu_read(struct pdu *p, uint16_t type, struct str octets);
/* A message of its text. */
void pdu_make(struct pdu *p, uint16_t type, const char *text);
/* The same, but false where the text does not fit. */
bool pdu_try(struct pdu *p, uint16_t type, const char *text);
/* The octets of a message that was made. */
struct str pdu_write(const struct pdu *p, uint8_t *buf, size_t size);
void pdu_free(struct pdu *p);
/* text -> octets in one step, as hex digits: for what is nested in another text. */
void pdu_hex(uint16_t type, const char *text, char *ret_hex, size_t size);

/* "setup.callIdentifier.guid", list elements by number: "fastStart.0"; PER_NONE: not there. */
uint16_t pdu_at(const struct pdu *p, uint16_t node, const char *path);
bool pdu_has(const struct pdu *p, const char *path); /* from the root */
int64_t pdu_num(const struct pdu *p, const char *path, int64_t absent);
struct str pdu_str(const struct pdu *p, const char *path);
/* The name of the alternative chosen; "" for none or one that the tables lack. */
const char *pdu_choice(const struct pdu *p, const char *path);
/* BMP and other strings as UTF-8. */
void pdu_utf8(const struct pdu *p, const char *path, char *ret_z, size_t size);

/* What goes between two ' of a text: quotes, backslashes and control characters are escaped. Returns a
 * buffer that is used again by the eighth call from this one. */
const char *quoted(const char *utf8);
/* Hex digits of octets; the same buffers. */
const char *hex_of(const void *octets, size_t n);

#endif
