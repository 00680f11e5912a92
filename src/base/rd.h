/* rd.h - readers and writers of bytes: the only hands that touch wire, record and channel bytes.
 *
 * The error is sticky, and so are the field's name and its place: getters return zero after it, so a
 * decoder is a straight list of fields in the order of the standard, with one check at the end.
 * Numbers are in network order. A writer that overflows keeps counting nothing and says ERR_FULL.
 *
 * Tagged fields ("t" forms) are {u16 tag, u16 len, bytes}: bodies of rows and kept records. A reader
 * skips tags that it does not know and has defaults for those that are missing, so that version n
 * and n-1 read each other. */
#ifndef BASE_RD_H
#define BASE_RD_H

#include "base/str.h"

struct rd {
	const uint8_t *p, *end, *start;
	const char *at; /* field being read; frozen by the first error, as is p */
	enum err err;
};

struct rd rd_of(struct str bytes);
void rd_at(struct rd *r, const char *field);
bool rd_more(const struct rd *r); /* false at the end and after an error */
size_t rd_left(const struct rd *r);
uint8_t rd_u8(struct rd *r);
uint16_t rd_u16(struct rd *r);
uint32_t rd_u32(struct rd *r);
uint64_t rd_u64(struct rd *r);
struct str rd_bytes(struct rd *r, size_t n);         /* a slice of the input, not a copy */
void rd_copy(struct rd *r, void *ret_buf, size_t n); /* zeroes ret_buf after an error */
struct rd rd_sub(struct rd *r, size_t n);            /* a reader of the next n bytes */
void rd_join(
	struct rd *r, const struct rd *child); /* a nested reader's error becomes its parent's */
void rd_fail(struct rd *r, enum err err);

/* The next tagged field: its value as a reader; false at the end or after an error. */
bool rd_tag(struct rd *r, uint16_t *ret_tag, struct rd *ret_value);
/* The whole value as a number of 1, 2, 4 or 8 bytes; any other length is ERR_SYNTAX. */
uint64_t rd_t_num(struct rd *value);
struct str rd_t_str(struct rd *value);
/* Copies into a NUL-terminated array; a longer value is ERR_RANGE. */
void rd_t_z(struct rd *value, char *ret_z, size_t size);

struct wr {
	uint8_t *p, *end, *start;
	enum err err;
};

struct wr wr_of(void *buf, size_t size);
struct str wr_done(const struct wr *w); /* what was written; empty after an error */
size_t wr_len(const struct wr *w);
void wr_u8(struct wr *w, uint8_t v);
void wr_u16(struct wr *w, uint16_t v);
void wr_u32(struct wr *w, uint32_t v);
void wr_u64(struct wr *w, uint64_t v);
void wr_bytes(struct wr *w, const void *p, size_t n);
void wr_str(struct wr *w, struct str s); /* the bytes alone, no length */
/* Needs room for its text and one byte more. */
void wr_printf(struct wr *w, const char *fmt, ...) PRINTF(2, 3);
void wr_date(struct wr *w, uint64_t days); /* since 1970, as "2026-02-28" (RFC 3339 full-date) */

void wr_t_u8(struct wr *w, uint16_t tag, uint8_t v);
void wr_t_u16(struct wr *w, uint16_t tag, uint16_t v);
void wr_t_u32(struct wr *w, uint16_t tag, uint32_t v);
void wr_t_u64(struct wr *w, uint16_t tag, uint64_t v);
void wr_t_str(struct wr *w, uint16_t tag, struct str s); /* s longer than 65,535 is ERR_FULL */
void wr_t_z(struct wr *w, uint16_t tag, const char *z);
/* A nested list of tagged fields: begin returns the mark that end takes. */
uint8_t *wr_t_begin(struct wr *w, uint16_t tag);
void wr_t_end(struct wr *w, uint8_t *mark);

#endif
