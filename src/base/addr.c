/* addr.c - addresses and their texts. Pure: inet_pton and inet_ntop make no system call, and are
 * strict: no leading zeroes, no other base, no short form, no scope id. Never reads a host name. */
#include <arpa/inet.h>
#include <string.h>

#include "base/addr.h"

bool addr_same_host(const struct addr *a, const struct addr *b)
{
	return a->family == b->family && memcmp(a->ip, b->ip, sizeof a->ip) == 0;
}

bool addr_eq(const struct addr *a, const struct addr *b)
{
	return a->port == b->port && addr_same_host(a, b);
}

bool addr_is_any(const struct addr *a)
{
	static const uint8_t zero[16];

	return memcmp(a->ip, zero, sizeof zero) == 0;
}

struct addr addr_with_port(const struct addr *a, uint16_t port)
{
	struct addr copy = *a;

	copy.port = port;
	return copy;
}

struct addr addr_v4(uint8_t a, uint8_t b, uint8_t c, uint8_t d, uint16_t port)
{
	return (struct addr){.family = AF_V4, .ip = {a, b, c, d}, .port = port};
}

enum err addr_parse_host(struct str text, struct addr *ret_addr)
{
	char z[INET6_ADDRSTRLEN];
	struct addr a = {0};

	if (!text.len || text.len >= sizeof z || memchr(text.p, '\0', text.len))
		return ERR_SYNTAX;
	(void)str_copy(text, z, sizeof z);
	if (inet_pton(AF_INET, z, a.ip) == 1)
		a.family = AF_V4;
	else if (inet_pton(AF_INET6, z, a.ip) == 1)
		a.family = AF_V6;
	else
		return ERR_SYNTAX;
	*ret_addr = a;
	return OK;
}

enum err addr_parse(struct str text, struct addr *ret_addr)
{
	struct str host = text, rest = STR_NONE;
	uint64_t port = 0;
	struct addr a;
	enum err err;

	if (text.len && text.p[0] == '[') {
		rest = str_skip(text, 1);
		host = str_cut(&rest, ']');
		if (rest.len && rest.p[0] != ':')
			return ERR_SYNTAX;
		if (rest.p == NULL && host.len + 1 == text.len)
			return ERR_SYNTAX; /* no closing bracket */
		if (str_find(host, ':') == host.len)
			return ERR_SYNTAX; /* brackets are for IPv6 (RFC 3986 section 3.2.2) */
	} else if (str_find(text, ':') < text.len &&
		   memrchr(text.p, ':', text.len) == text.p + str_find(text, ':')) {
		host = str_head(text, str_find(text, ':'));
		rest = str_skip(text, host.len);
	}
	if (rest.len) {
		err = str_u64(str_skip(rest, 1), 65535, &port);
		if (err)
			return err;
	}
	err = addr_parse_host(host, &a);
	if (err)
		return err;
	a.port = (uint16_t)port;
	*ret_addr = a;
	return OK;
}

const char *addr_put_host(const struct addr *a, char buf[ADDR_TEXT_SIZE])
{
	int family = a->family == AF_V6 ? AF_INET6 : AF_INET;

	if (a->family == AF_NONE || !inet_ntop(family, a->ip, buf, ADDR_TEXT_SIZE))
		(void)str_copy(STR("none"), buf, ADDR_TEXT_SIZE);
	return buf;
}

const char *addr_put(const struct addr *a, char buf[ADDR_TEXT_SIZE])
{
	char host[ADDR_TEXT_SIZE];
	struct wr w = wr_of(buf, ADDR_TEXT_SIZE - 1);

	wr_printf(&w, a->family == AF_V6 ? "[%s]:%u" : "%s:%u", addr_put_host(a, host), a->port);
	buf[wr_len(&w)] = '\0';
	return buf;
}

struct addr addr_unmapped(const struct addr *a)
{
	static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};
	struct addr v4 = {.family = AF_V4, .port = a->port};

	if (a->family != AF_V6 || memcmp(a->ip, mapped, sizeof mapped) != 0)
		return *a;
	memcpy(v4.ip, a->ip + 12, 4);
	return v4;
}

void wr_t_addr(struct wr *w, uint16_t tag, const struct addr *a)
{
	uint8_t *mark = wr_t_begin(w, tag);

	wr_u8(w, a->family);
	wr_u16(w, a->port);
	wr_bytes(w, a->ip, a->family == AF_V6 ? 16 : 4);
	wr_t_end(w, mark);
}

struct addr rd_t_addr(struct rd *value)
{
	struct addr a = {0};

	a.family = rd_u8(value);
	a.port = rd_u16(value);
	if (a.family != AF_NONE && a.family != AF_V4 && a.family != AF_V6)
		rd_fail(value, ERR_SYNTAX);
	rd_copy(value, a.ip, a.family == AF_V6 ? 16 : 4);
	if (rd_more(value))
		rd_fail(value, ERR_SYNTAX);
	return value->err == OK && a.family != AF_NONE ? a : (struct addr){0};
}

enum err prefix_parse(struct str text, struct prefix *ret_prefix)
{
	bool has_bits = str_find(text, '/') < text.len;
	struct str host = str_cut(&text, '/');
	struct prefix p = {0};
	uint64_t bits, max;
	enum err err = addr_parse_host(host, &p.addr);

	if (err)
		return err;
	max = p.addr.family == AF_V6 ? 128 : 32;
	bits = max;
	if (has_bits) {
		err = str_u64(text, max, &bits);
		if (err)
			return err;
	}
	p.bits = (uint8_t)bits;
	*ret_prefix = p;
	return OK;
}

bool prefix_has(const struct prefix *p, const struct addr *a)
{
	size_t whole = p->bits / 8u;
	unsigned rest = p->bits % 8u;

	if (p->addr.family != a->family || memcmp(p->addr.ip, a->ip, whole) != 0)
		return false;
	return !rest || (p->addr.ip[whole] ^ a->ip[whole]) >> (8 - rest) == 0;
}
