/* rd.c - readers and writers of bytes; pure, no allocation. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/rd.h"

struct rd rd_of(struct str bytes)
{
	const uint8_t *p = (const uint8_t *)bytes.p;

	return (struct rd){p, bytes.len ? p + bytes.len : p, p, "", OK};
}

void rd_at(struct rd *r, const char *field)
{
	if (r->err == OK)
		r->at = field;
}

bool rd_more(const struct rd *r)
{
	return r->err == OK && r->p < r->end;
}

size_t rd_left(const struct rd *r)
{
	return r->err == OK && r->p ? (size_t)(r->end - r->p) : 0;
}

void rd_fail(struct rd *r, enum err err)
{
	if (r->err == OK)
		r->err = err;
}

static bool rd_need(struct rd *r, size_t n)
{
	if (r->err == OK && rd_left(r) < n)
		r->err = ERR_SHORT;
	return r->err == OK;
}

static uint64_t rd_num(struct rd *r, size_t n)
{
	uint64_t v = 0;

	if (!rd_need(r, n))
		return 0;
	for (size_t i = 0; i < n; i++)
		v = v << 8 | *r->p++;
	return v;
}

uint8_t rd_u8(struct rd *r)
{
	return (uint8_t)rd_num(r, 1);
}

uint16_t rd_u16(struct rd *r)
{
	return (uint16_t)rd_num(r, 2);
}

uint32_t rd_u32(struct rd *r)
{
	return (uint32_t)rd_num(r, 4);
}

uint64_t rd_u64(struct rd *r)
{
	return rd_num(r, 8);
}

struct str rd_bytes(struct rd *r, size_t n)
{
	struct str s = {(const char *)r->p, n};

	if (!n || !rd_need(r, n))
		return STR_NONE;
	r->p += n;
	return s;
}

void rd_copy(struct rd *r, void *ret_buf, size_t n)
{
	struct str s = rd_bytes(r, n);

	memset(ret_buf, 0, n);
	if (s.len)
		memcpy(ret_buf, s.p, s.len);
}

struct rd rd_sub(struct rd *r, size_t n)
{
	if (!rd_need(r, n))
		return (struct rd){r->p, r->p, r->start, r->at, r->err};
	if (n)
		r->p += n;
	return (struct rd){n ? r->p - n : r->p, r->p, r->start, r->at, OK};
}

void rd_join(struct rd *r, const struct rd *child)
{
	if (r->err == OK && child->err != OK)
		*r = (struct rd){child->p, r->end, r->start, child->at, child->err};
}

bool rd_tag(struct rd *r, uint16_t *ret_tag, struct rd *ret_value)
{
	uint16_t tag, len;

	if (!rd_more(r))
		return false;
	tag = rd_u16(r);
	len = rd_u16(r);
	*ret_value = rd_sub(r, len);
	*ret_tag = tag;
	return r->err == OK;
}

uint64_t rd_t_num(struct rd *value)
{
	size_t n = rd_left(value);

	if (n != 1 && n != 2 && n != 4 && n != 8) {
		rd_fail(value, ERR_SYNTAX);
		return 0;
	}
	return rd_num(value, n);
}

struct str rd_t_str(struct rd *value)
{
	return rd_bytes(value, rd_left(value));
}

void rd_t_z(struct rd *value, char *ret_z, size_t size)
{
	struct str s = rd_t_str(value);

	if (s.len >= size || (s.len && memchr(s.p, '\0', s.len))) {
		rd_fail(value, ERR_RANGE);
		s = STR_NONE;
	}
	(void)str_copy(s, ret_z, size);
}

struct wr wr_of(void *buf, size_t size)
{
	uint8_t *p = buf;

	return (struct wr){p, p + size, p, OK};
}

size_t wr_len(const struct wr *w)
{
	return w->err == OK ? (size_t)(w->p - w->start) : 0;
}

struct str wr_done(const struct wr *w)
{
	return (struct str){(const char *)w->start, wr_len(w)};
}

static bool wr_need(struct wr *w, size_t n)
{
	if (w->err == OK && (size_t)(w->end - w->p) < n)
		w->err = ERR_FULL;
	return w->err == OK;
}

static void wr_num(struct wr *w, uint64_t v, size_t n)
{
	if (!wr_need(w, n))
		return;
	for (size_t i = n; i-- > 0;)
		*w->p++ = (uint8_t)(v >> (8 * i));
}

void wr_u8(struct wr *w, uint8_t v)
{
	wr_num(w, v, 1);
}

void wr_u16(struct wr *w, uint16_t v)
{
	wr_num(w, v, 2);
}

void wr_u32(struct wr *w, uint32_t v)
{
	wr_num(w, v, 4);
}

void wr_u64(struct wr *w, uint64_t v)
{
	wr_num(w, v, 8);
}

void wr_bytes(struct wr *w, const void *p, size_t n)
{
	if (!n || !wr_need(w, n))
		return;
	memcpy(w->p, p, n);
	w->p += n;
}

void wr_str(struct wr *w, struct str s)
{
	wr_bytes(w, s.p, s.len);
}

void wr_printf(struct wr *w, const char *fmt, ...)
{
	size_t room = w->err == OK ? (size_t)(w->end - w->p) : 0;
	va_list args;
	int n;

	if (!room) {
		w->err = w->err == OK ? ERR_FULL : w->err;
		return;
	}
	va_start(args, fmt);
	n = vsnprintf((char *)w->p, room, fmt, args);
	va_end(args);
	if (n < 0 || (size_t)n >= room)
		w->err = ERR_FULL;
	else
		w->p += n;
}

/* Days since 1970 as a date of the Gregorian calendar. gmtime_r would open /etc/localtime at its first
 * call, which a worker's filter kills. Years begin in March here: a leap day is then a year's last day,
 * and 153 days make five months, whichever. */
void wr_date(struct wr *w, uint64_t days)
{
	uint64_t day = days + 719468; /* since 1 March of year 0 */
	uint64_t era = day / 146097, of_era = day % 146097;
	uint64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	uint64_t of_year = of_era - (365 * year + year / 4 - year / 100);
	uint64_t month = (5 * of_year + 2) / 153;
	uint64_t of_month = of_year - (153 * month + 2) / 5 + 1;

	year += 400 * era + (month >= 10);
	month = month < 10 ? month + 3 : month - 9;
	wr_printf(w, "%04u-%02u-%02u", (unsigned)year, (unsigned)month, (unsigned)of_month);
}

static void wr_tag(struct wr *w, uint16_t tag, size_t len)
{
	if (len > UINT16_MAX && w->err == OK)
		w->err = ERR_FULL;
	wr_u16(w, tag);
	wr_u16(w, (uint16_t)len);
}

void wr_t_u8(struct wr *w, uint16_t tag, uint8_t v)
{
	wr_tag(w, tag, 1);
	wr_u8(w, v);
}

void wr_t_u16(struct wr *w, uint16_t tag, uint16_t v)
{
	wr_tag(w, tag, 2);
	wr_u16(w, v);
}

void wr_t_u32(struct wr *w, uint16_t tag, uint32_t v)
{
	wr_tag(w, tag, 4);
	wr_u32(w, v);
}

void wr_t_u64(struct wr *w, uint16_t tag, uint64_t v)
{
	wr_tag(w, tag, 8);
	wr_u64(w, v);
}

void wr_t_str(struct wr *w, uint16_t tag, struct str s)
{
	wr_tag(w, tag, s.len);
	wr_str(w, s);
}

void wr_t_z(struct wr *w, uint16_t tag, const char *z)
{
	wr_t_str(w, tag, str_of(z));
}

uint8_t *wr_t_begin(struct wr *w, uint16_t tag)
{
	wr_tag(w, tag, 0);
	return w->p;
}

void wr_t_end(struct wr *w, uint8_t *mark)
{
	size_t len = (size_t)(w->p - mark);

	if (w->err != OK)
		return;
	if (len > UINT16_MAX) {
		w->err = ERR_FULL;
		return;
	}
	mark[-2] = (uint8_t)(len >> 8);
	mark[-1] = (uint8_t)len;
}
