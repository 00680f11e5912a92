/* addr_policy.h - the one answer to "may this node send there?".
 *
 * Nothing leaves without its verdict: the io objects take struct addr_ok, which only this file makes,
 * and the checked address is the one dialled. Pure: one table, data in, verdict out; no clock, no
 * resolver, no state. It must never learn what a call or a zone is.
 *
 * Canonical form first: IPv4 inside ::ffff:0:0/96 becomes IPv4, once. An address inside one of the
 * operator's NAT64 prefixes passes only if the IPv4 address inside passes too. Every other form that
 * wraps IPv4 (compatible, SIIT, 6to4, Teredo, ISATAP, NAT64 prefixes that nobody named) is refused. */
#ifndef BASE_ADDR_POLICY_H
#define BASE_ADDR_POLICY_H

#include "base/addr.h"

/* Whatever the use, these are never sent to: unspecified, loopback, link-local, multicast, reserved and
 * broadcast addresses, cloud metadata, own addresses, what the deny list names, port 0.
 * Documentation ranges need documentation_allowed or the allow list, also when configured: an example
 * that was pasted into a configuration must not send credentials to a stranger. A proof needs neither. */
enum addr_use {
	/* An address that the configuration names: a peer, a server. Naming it makes private and shared
	 * (100.64/10) addresses ordinary. Any port. */
	USE_CONFIGURED,
	/* Request-URI, Route, DNS answer: a stranger's word. Private only where the zone faces the inside
	 * or the allow list has it; ports from 1024. */
	USE_SIP_NEXT_HOP,
	/* Where a request came from, or its Via. As the next hop, but any port: NATs map below 1024. */
	USE_SIP_RESPONSE,
	/* c= and m= of an offer or answer: as the next hop. */
	USE_SDP_MEDIA,
	/* Where authenticated bytes came from (a latch, a token): the proof names it as a configuration
	 * does, because Control may reach Edge from a private address. Any port. */
	USE_PROVED_SOURCE,
	USE_MAX
};

/* What the caller knows; data only. Pointers are borrowed for the call. The deny list beats the allow
 * list; the allow list beats only what is private, shared or documentation. */
struct addr_ctx {
	/* every address of this node, static-NAT addresses too; ports ignored */
	const struct addr *own;
	size_t n_own;
	const struct prefix *allow; /* re-admits for this use; never what can never be allowed */
	size_t n_allow;
	const struct prefix *deny;
	size_t n_deny;
	/* the operator's NAT64 prefixes, of the lengths of RFC 6052 (else what they hold is refused);
	 * naming 64:ff9b::/96 says that the well-known prefix is in use */
	const struct prefix *nat64;
	size_t n_nat64;
	bool documentation_allowed; /* address_policy.documentation: allow (laboratories) */
	bool private_allowed; /* the zone faces the inside: RFC 1918 and ULA are ordinary there */
	uint16_t port_min;    /* raises the lowest port of the use; 0: as the use has it */
	/* subnets of this node's interfaces: their network and broadcast addresses are amplifiers */
	const struct prefix *own_nets;
	size_t n_own_nets;
};

/* The verdict. Made by addr_policy() alone; never built by hand. */
struct addr_ok {
	struct addr addr;
};

/* ERR_DENIED with *ret_why = one static English phrase for the log. ret_why may be NULL. ret_ok is the
 * canonical address with the port that was given. */
MUST_USE enum err addr_policy(const struct addr_ctx *ctx, enum addr_use use, const struct addr *a,
	struct addr_ok *ret_ok, const char **ret_why);

#endif
