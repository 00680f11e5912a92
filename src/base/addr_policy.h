/* addr_policy.h - the one answer to "may this node send there?".
 *
 * Nothing leaves without its verdict: the io objects take struct addr_ok, which only this file makes,
 * and the checked address is the one dialled. Wrapped IPv4 (mapped, NAT64, 6to4, Teredo, ISATAP) is
 * unwrapped once and checked too; what is then still wrapped is refused. Pure: one table, data in,
 * verdict out. */
#ifndef BASE_ADDR_POLICY_H
#define BASE_ADDR_POLICY_H

#include "base/addr.h"

enum addr_use {
	USE_CONFIGURED,    /* an address that the configuration names: a peer, a server */
	USE_SIP_NEXT_HOP,  /* Request-URI, Route, DNS answer */
	USE_SIP_RESPONSE,  /* where a request came from, or its Via */
	USE_SDP_MEDIA,     /* c= and m= of an offer or answer */
	USE_PROVED_SOURCE, /* where authenticated bytes came from: a latch, a token */
	USE_MAX
};

/* What the caller knows; data only. Pointers are borrowed for the call. */
struct addr_ctx {
	const struct addr
		*own; /* every address of this node, static-NAT addresses too; ports ignored */
	size_t n_own;
	const struct prefix
		*allow; /* re-admits private ranges for this use; never what can never be allowed */
	size_t n_allow;
	const struct prefix *deny;
	size_t n_deny;
	const struct prefix *nat64; /* the operator's NAT64 prefixes: unwrapped (RFC 6052) */
	size_t n_nat64;
	bool documentation_allowed; /* address_policy.documentation: allow (laboratories) */
	bool private_allowed; /* the zone faces the inside: RFC 1918 and ULA are ordinary there */
	uint16_t port_min;    /* 0 or 1: any */
};

/* The verdict. Made by addr_policy() alone; never built by hand. */
struct addr_ok {
	struct addr addr;
};

/* ERR_DENIED with *ret_why = one static English phrase for the log. ret_why may be NULL. */
MUST_USE enum err addr_policy(const struct addr_ctx *ctx, enum addr_use use, const struct addr *a,
	struct addr_ok *ret_ok, const char **ret_why);

#endif
