/* json.h - writes one JSON object in one line: keys in the order of the calls, commas by themselves.
 *
 * Keys are ours and need no escapes; texts are escaped, whatever a peer put into them. */
#ifndef CTL_JSON_H
#define CTL_JSON_H

#include "base/addr.h"

struct js {
	struct wr *w;
	bool has_before; /* a value stands before the next one: it needs a comma */
};

struct js js_of(struct wr *w);
/* key: NULL within an array and at the top. bracket: '{' or '['. */
void js_open(struct js *js, const char *key, char bracket);
void js_close(struct js *js, char bracket); /* '}' or ']' */
void js_str(struct js *js, const char *key, struct str value);
void js_z(struct js *js, const char *key, const char *value);
void js_num(struct js *js, const char *key, uint64_t value);
void js_bool(struct js *js, const char *key, bool value);
void js_addr(struct js *js, const char *key, const struct addr *value); /* not known: null */
/* RFC 3339 in UTC, whole seconds; 0: null. */
void js_time(struct js *js, const char *key, uint64_t wall_s);
/* Thousandths as a decimal fraction: 1500 is 1.500. */
void js_milli(struct js *js, const char *key, uint64_t thousandths);

/* With its port, if it has one. */
const char *addr_text(const struct addr *a, char text[ADDR_TEXT_SIZE]);
/* "2026-01-31T23:59:59Z" */
void wr_time(struct wr *w, uint64_t wall_s);

#endif
