/* dns_wire.h - answers put together byte by byte, for the tests of the decoder and of the
 * resolver. */
#ifndef DNS_WIRE_H
#define DNS_WIRE_H

#include "base/rd.h"
#include "base/str.h"

#define DNS_ANSWER 0x8180
#define DNS_CUT    0x0200

/* Labels of "a.b.c"; "" is the root. No compression. */
static void put_name(struct wr *w, const char *name)
{
	struct str rest = str_of(name);

	while (rest.len) {
		struct str label = str_cut(&rest, '.');

		wr_u8(w, (uint8_t)label.len);
		wr_str(w, label);
	}
	wr_u8(w, 0);
}

static void put_header(struct wr *w, uint16_t id, uint16_t flags, uint16_t n_answers)
{
	wr_u16(w, id);
	wr_u16(w, flags);
	wr_u16(w, 1);
	wr_u16(w, n_answers);
	wr_u32(w, 0);
}

static void put_question(struct wr *w, const char *name, uint16_t type)
{
	put_name(w, name);
	wr_u16(w, type);
	wr_u16(w, 1);
}

/* The owner is a pointer to the question's name, or a name; the data follows: len bytes. */
static void put_record(struct wr *w, const char *owner, uint16_t type, uint32_t ttl_s, uint16_t len)
{
	if (owner)
		put_name(w, owner);
	else
		wr_u16(w, 0xc00c);
	wr_u16(w, type);
	wr_u16(w, 1);
	wr_u32(w, ttl_s);
	wr_u16(w, len);
}

static void put_a(struct wr *w, const char *owner, uint32_t ttl_s, uint8_t last)
{
	put_record(w, owner, 1, ttl_s, 4);
	wr_u32(w, 0xc0000200u | last); /* 192.0.2.last */
}

static void put_cname(struct wr *w, const char *owner, uint32_t ttl_s, const char *to)
{
	put_record(w, owner, 5, ttl_s, (uint16_t)(str_of(to).len + 2));
	put_name(w, to);
}

static void put_srv(struct wr *w, uint16_t priority, uint16_t port, const char *target)
{
	put_record(w, NULL, 33, 300, (uint16_t)(str_of(target).len + 2 + 6));
	wr_u16(w, priority);
	wr_u16(w, 10);
	wr_u16(w, port);
	put_name(w, target);
}

#endif
