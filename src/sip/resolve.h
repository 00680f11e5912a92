/* resolve.h - where a request goes: a URI or a zone's peers to next hops (RFC 3263).
 *
 * A numeric host, or a neighbor with numeric peers, is answered at once; names by asking DNS step by
 * step, never blocking: NAPTR, SRV in the zone's order, A and AAAA. Every address of an answer goes
 * through the address policy; the hop holds its verdict and is dialled as checked. Failed hops are
 * remembered for a while and tried last.
 *
 * Names of the Default and the Local zone are refused (ERR_DENIED): a stranger chose them.
 *
 * Knows no dialog and sends nothing. */
#ifndef SIP_RESOLVE_H
#define SIP_RESOLVE_H

#include "sip/conn.h"

#define HOPS_MAX     8u
#define DEAD_MS      30000u  /* a failed hop is tried last for so long, doubling ... */
#define DEAD_MAX_MS  300000u /* ... to this */
#define DEAD_SLOTS   256u
#define RESOLVE_JOBS 1024u

struct hops {
	uint32_t n;
	char name[PEER_NAME_MAX]; /* expected of a TLS peer */
	struct {
		enum sip_transport transport;
		struct addr_ok to;
	} v[HOPS_MAX];
};

struct resolver;
/* err OK: at least one hop. ERR_NOENT: no such name; ERR_TIMEOUT: no DNS server answers; ERR_DENIED:
 * the address policy refuses all of them; ERR_UNSUPPORTED: no transport that both sides have. */
typedef void(resolved_h)(void *arg, uint64_t who, enum err err, const struct hops *hops);

MUST_USE enum err resolver_new(struct io *io, struct conns *conns, struct zones *zones,
	const struct conf *conf, struct resolver **ret);
void resolver_free(struct resolver *r);
/* Called when a question is refused because too many are open (limits.dns_queries). */
void resolver_on_full(struct resolver *r, void (*h)(void *arg), void *arg);
void resolver_configure(struct resolver *r, const struct conf *conf);
/* OK: *ret_hops is the answer. ERR_MORE: h will be called; *ret_job names the work. Else refused. */
/* uri: NULL for neighbors and links, whose peers the configuration names. */
MUST_USE enum err resolve(struct resolver *r, struct zone *zone, const struct sip_uri *uri,
	resolved_h *h, void *arg, uint64_t who, struct hops *ret_hops, uint64_t *ret_job);
void resolve_cancel(struct resolver *r, uint64_t job); /* gone: nothing */
/* A hop failed, or worked. */
void resolve_report(struct resolver *r, const struct addr *to, bool is_alive);
/* hops as a hop to reach. */
struct hop hop_of(const struct hops *hops, uint32_t i);

#endif
