/* addr.h - an IP address with a port, IPv4 or IPv6, and its texts.
 *
 * Literals from the wire are read by one strict reader (four decimal parts without leading zeroes, or
 * RFC 4291/5952 text): never inet_aton, never a host name. struct addr holds host bytes in network
 * order and the port as a number; unused bytes are zero, so that addresses compare with memcmp. */
#ifndef BASE_ADDR_H
#define BASE_ADDR_H

#include "base/rd.h"

enum addr_family { AF_NONE, AF_V4 = 4, AF_V6 = 6 };

struct addr {
	uint8_t family; /* enum addr_family */
	uint8_t ip[16]; /* IPv4: the first four */
	uint16_t port;
};

#define ADDR_TEXT_SIZE 56 /* [v6]:port and NUL */

bool addr_eq(const struct addr *a, const struct addr *b); /* host and port */
bool addr_same_host(const struct addr *a, const struct addr *b);
bool addr_is_any(const struct addr *a); /* 0.0.0.0, :: or none */
struct addr addr_with_port(const struct addr *a, uint16_t port);
struct addr addr_v4(uint8_t a, uint8_t b, uint8_t c, uint8_t d, uint16_t port);
/* Without brackets and port. A scope id is refused. */
MUST_USE enum err addr_parse_host(struct str text, struct addr *ret_addr);
/* "host:port", "[v6]:port", port optional (then 0). */
MUST_USE enum err addr_parse(struct str text, struct addr *ret_addr);
/* Both write at most ADDR_TEXT_SIZE and return their buffer. */
const char *addr_put_host(const struct addr *a, char buf[ADDR_TEXT_SIZE]); /* no brackets */
const char *addr_put(const struct addr *a, char buf[ADDR_TEXT_SIZE]);      /* [v6]:port */
/* Unwraps an IPv4 address inside ::ffff:0:0/96 (what dual-stack sockets give). */
struct addr addr_unmapped(const struct addr *a);
/* Body form of rows and records: {family u8, port u16, ip}. */
void wr_t_addr(struct wr *w, uint16_t tag, const struct addr *a);
struct addr rd_t_addr(struct rd *value);

struct prefix {
	struct addr addr;
	uint8_t bits;
};

MUST_USE enum err prefix_parse(struct str text, struct prefix *ret_prefix); /* "192.0.2.0/24" */
bool prefix_has(const struct prefix *p, const struct addr *a);

#endif
