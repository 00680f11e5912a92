/* resolve.h - where a call to somebody who is registered nowhere goes: an alias to addresses (H.323 Annex O,
 * RFC 3508).
 *
 *	user@domain, h323:user@domain, domain    SRV _h323cs._tcp.domain, else A and AAAA of it, port 1720
 *	user@domain:port                         A, AAAA
 *	[user@]address[:port]                    the address
 *	alias##address, address##alias           the address; alias is who is called there
 *
 * Names are asked for step by step, never blocking. Every address has passed the address policy of the zone;
 * who dials it asks the policy again, for its verdict is what a dial takes. There are at most two, in the
 * order of RFC 2782.
 *
 * Knows no leg and dials nothing. */
#ifndef H323_RESOLVE_H
#define H323_RESOLVE_H

#include "call/zone.h"
#include "io/io.h"

#define H323_HOPS_MAX     2u /* attempts of one call */
#define H323_RESOLVE_JOBS 1024u

struct h323_hops {
	uint32_t n;
	struct addr v[H323_HOPS_MAX];
};

/* What an alias says, over its own bytes. */
struct h323_dialled {
	struct str user; /* who is called there; empty: whoever answers */
	struct str host; /* a name; empty: at is the address */
	struct addr at;  /* port 0: none was given */
	uint16_t port;   /* of host; 0: none was given */
	bool is_url;     /* user@host */
};
/* False: it names no place. */
bool h323_dialled(struct str alias, struct h323_dialled *ret);

struct h323_resolver;
/* err OK: at least one hop. ERR_NOENT: no such name; ERR_TIMEOUT: no DNS server answers; ERR_DENIED: the
 * address policy refuses all of them. */
typedef void(h323_resolved_h)(void *arg, uint64_t who, enum err err, const struct h323_hops *hops);

MUST_USE enum err h323_resolver_new(struct io *io, struct zones *zones, const struct conf *conf,
	h323_resolved_h *h, void *arg, struct h323_resolver **ret);
void h323_resolver_free(struct h323_resolver *r);
void h323_resolver_configure(struct h323_resolver *r, const struct conf *conf);
/* OK: *ret_hops is the answer. ERR_MORE: h will be called with who. Else refused: ERR_NOENT: the alias names
 * no place. */
MUST_USE enum err h323_resolve(struct h323_resolver *r, struct zone *zone, struct str alias,
	uint64_t who, struct h323_hops *ret_hops);

#endif
