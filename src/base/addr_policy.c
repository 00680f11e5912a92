/* addr_policy.c - may this node send there? One table and the order in which it is asked.
 *
 * Pure. The table has no exception that is not a column of it: what a row may be re-admitted by is its
 * kind. New special ranges (the IANA registries of RFC 6890) are new rows, nothing else. */
#include <string.h>

#include "base/addr_policy.h"

enum kind {
	NEVER,         /* no setting re-admits it */
	PRIVATE,       /* ordinary inside */
	SHARED,        /* only by name: carriers and overlay networks use it, phones hardly do */
	DOCUMENTATION, /* laboratories */
};

/* Matches where the bytes from "first" up to "bits" are equal. */
struct row {
	struct prefix prefix;
	uint8_t first;
	enum kind kind;
	const char *why;
};

/* clang-format off */
#define V4(a, b, c, d, bits) {{AF_V4, {a, b, c, d}, 0}, bits}, 0
#define V6(bits, ...)        {{AF_V6, {__VA_ARGS__}, 0}, bits}, 0
#define IID(...)             {{AF_V6, {[8] = __VA_ARGS__}, 0}, 96}, 8

static const struct row table[] = {
	{ V4(0, 0, 0, 0, 8),             NEVER,         "this network (RFC 1122)" },
	{ V4(10, 0, 0, 0, 8),            PRIVATE,       "private (RFC 1918)" },
	{ V4(100, 100, 100, 200, 32),    NEVER,         "cloud metadata" },
	{ V4(100, 64, 0, 0, 10),         SHARED,        "shared address space (RFC 6598)" },
	{ V4(127, 0, 0, 0, 8),           NEVER,         "loopback" },
	{ V4(169, 254, 0, 0, 16),        NEVER,         "link-local, cloud metadata" },
	{ V4(172, 16, 0, 0, 12),         PRIVATE,       "private (RFC 1918)" },
	{ V4(192, 0, 0, 0, 24),          NEVER,         "protocol assignments (RFC 6890)" },
	{ V4(192, 0, 2, 0, 24),          DOCUMENTATION, "documentation (RFC 5737)" },
	{ V4(192, 88, 99, 0, 24),        NEVER,         "6to4 relay (RFC 7526)" },
	{ V4(192, 168, 0, 0, 16),        PRIVATE,       "private (RFC 1918)" },
	{ V4(198, 18, 0, 0, 15),         NEVER,         "benchmarking (RFC 2544)" },
	{ V4(198, 51, 100, 0, 24),       DOCUMENTATION, "documentation (RFC 5737)" },
	{ V4(203, 0, 113, 0, 24),        DOCUMENTATION, "documentation (RFC 5737)" },
	{ V4(224, 0, 0, 0, 4),           NEVER,         "multicast" },
	{ V4(240, 0, 0, 0, 4),           NEVER,         "reserved, broadcast" },

	{ V6(128, 0),                    NEVER,         "unspecified" },
	{ V6(128, [15] = 1),             NEVER,         "loopback" },
	{ V6(96, 0),                     NEVER,         "IPv4-compatible (RFC 4291)" },
	{ V6(96, [8] = 0xff, 0xff),      NEVER,         "IPv4-translated (RFC 2765)" },
	{ V6(64, 1, 0),                  NEVER,         "discard (RFC 6666)" },
	{ V6(64, 1, 0, [7] = 1),         NEVER,         "dummy (RFC 9780)" },
	{ V6(23, 0x20, 0x01),            NEVER,         "Teredo and protocol assignments (RFC 2928)" },
	{ V6(32, 0x20, 0x01, 0x0d, 0xb8), DOCUMENTATION, "documentation (RFC 3849)" },
	{ V6(16, 0x20, 0x02),            NEVER,         "6to4 (RFC 3056)" },
	{ V6(20, 0x3f, 0xff),            DOCUMENTATION, "documentation (RFC 9637)" },
	{ V6(16, 0x5f, 0x00),            NEVER,         "segment routing (RFC 9602)" },
	{ V6(128, 0xfd, 0x00, 0x0e, 0xc2, [14] = 0x02, 0x54), NEVER, "cloud metadata" },
	{ V6(7, 0xfc),                   PRIVATE,       "unique local (RFC 4193)" },
	{ V6(10, 0xfe, 0x80),            NEVER,         "link-local" },
	{ V6(10, 0xfe, 0xc0),            NEVER,         "site-local (RFC 3879)" },
	{ V6(8, 0xff),                   NEVER,         "multicast" },
	{ IID(0, 0, 0x5e, 0xfe),         NEVER,         "ISATAP (RFC 5214)" },
	{ IID(2, 0, 0x5e, 0xfe),         NEVER,         "ISATAP (RFC 5214)" },
};

static const struct {
	bool is_named;          /* the configuration or a proof stands for this very address */
	uint16_t port_min;
} uses[USE_MAX] = {
	[USE_CONFIGURED]    = { true,  1 },
	[USE_SIP_NEXT_HOP]  = { false, 1024 },
	[USE_SIP_RESPONSE]  = { false, 1 },
	[USE_SDP_MEDIA]     = { false, 1024 },
	[USE_PROVED_SOURCE] = { true,  1 },
};
/* clang-format on */

static bool row_has(const struct row *row, const struct addr *a)
{
	struct prefix p = row->prefix;

	memcpy(p.addr.ip, a->ip, row->first); /* what is before "first" is equal by definition */
	return prefix_has(&p, a);
}

static bool list_has(const struct prefix *list, size_t n, const struct addr *a)
{
	for (size_t i = 0; i < n; i++) {
		if (prefix_has(&list[i], a))
			return true;
	}
	return false;
}

static bool is_own(const struct addr_ctx *ctx, const struct addr *a)
{
	for (size_t i = 0; i < ctx->n_own; i++) {
		struct addr own = addr_unmapped(&ctx->own[i]);

		if (addr_same_host(&own, a))
			return true;
	}
	return false;
}

/* All host bits zero or all one, in a subnet that has such addresses (RFC 3021: /31 has none). */
static bool is_amplifier(const struct prefix *net, const struct addr *a)
{
	uint32_t host = (uint32_t)a->ip[0] << 24 | (uint32_t)a->ip[1] << 16 |
	                (uint32_t)a->ip[2] << 8 | a->ip[3];
	uint32_t mask;

	if (a->family != AF_V4 || net->bits > 30 || !prefix_has(net, a))
		return false;
	mask = UINT32_MAX >> net->bits;
	return (host & mask) == 0 || (host & mask) == mask;
}

static bool is_readmitted(
	const struct addr_ctx *ctx, enum addr_use use, enum kind kind, const struct addr *a)
{
	if (kind != NEVER && list_has(ctx->allow, ctx->n_allow, a))
		return true;
	switch (kind) {
	case NEVER:
		return false;
	case PRIVATE:
		return uses[use].is_named || ctx->private_allowed;
	case SHARED:
		return uses[use].is_named;
	case DOCUMENTATION: /* who proved himself is not an example that was pasted */
		return ctx->documentation_allowed || use == USE_PROVED_SOURCE;
	}
	return false;
}

static const char *why_not_table(
	const struct addr_ctx *ctx, enum addr_use use, const struct addr *a)
{
	static const struct prefix global = {{AF_V6, {0x20}, 0}, 3};
	bool is_known = a->family == AF_V4 || prefix_has(&global, a);

	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
		if (!row_has(&table[i], a))
			continue;
		if (!is_readmitted(ctx, use, table[i].kind, a))
			return table[i].why;
		is_known = true;
	}
	return is_known ? NULL : "not global unicast (RFC 4291)";
}

static const char *why_not_local(const struct addr_ctx *ctx, const struct addr *a)
{
	if (is_own(ctx, a))
		return "an address of this node";
	for (size_t i = 0; i < ctx->n_own_nets; i++) {
		if (is_amplifier(&ctx->own_nets[i], a))
			return "network or broadcast address of an own subnet";
	}
	return list_has(ctx->deny, ctx->n_deny, a) ? "in the deny list" : NULL;
}

/* RFC 6052 section 2.2: the IPv4 address follows the prefix and leaves out bits 64 to 71, which are
 * zero. Not so, or another prefix length: no IPv4 address. */
static bool nat64_unwrap(const struct prefix *prefix, const struct addr *a, struct addr *ret_v4)
{
	struct addr v4 = {.family = AF_V4, .port = a->port};
	size_t at = prefix->bits / 8u;

	if (prefix->bits % 8 || at < 4 || (at > 8 && at != 12) || (at < 12 && a->ip[8] != 0))
		return false;
	for (size_t i = 0; i < 4; i++, at++) {
		if (at == 8)
			at++;
		v4.ip[i] = a->ip[at];
	}
	*ret_v4 = v4;
	return true;
}

/* The well-known prefix must not carry addresses that are not global (RFC 6052 section 3.1), and it is
 * no range of the table, as nobody but the operator's NAT64 gives it a meaning. */
static bool is_well_known(const struct addr *a)
{
	static const struct prefix well_known = {{AF_V6, {0x00, 0x64, 0xff, 0x9b}, 0}, 96};

	return prefix_has(&well_known, a);
}

static bool is_local_nat64(const struct addr *a)
{
	static const struct prefix rfc8215 = {{AF_V6, {0x00, 0x64, 0xff, 0x9b, 0x00, 0x01}, 0}, 48};

	return prefix_has(&rfc8215, a);
}

static const char *why_not_inside(const struct addr_ctx *ctx, enum addr_use use,
	const struct addr *outer, const struct addr *v4)
{
	struct addr_ctx strict = *ctx;
	const char *why;

	if (is_well_known(outer)) {
		strict.n_allow = 0;
		strict.private_allowed = false;
		use = USE_SIP_NEXT_HOP; /* nothing is re-admitted by its name */
	}
	why = why_not_local(ctx, v4);
	return why ? why : why_not_table(&strict, use, v4);
}

static const char *why_not_nat64(
	const struct addr_ctx *ctx, enum addr_use use, const struct addr *a, bool *ret_is_nat64)
{
	struct addr v4;
	const char *why = NULL;

	*ret_is_nat64 = false;
	for (size_t i = 0; i < ctx->n_nat64 && !why; i++) {
		if (!prefix_has(&ctx->nat64[i], a))
			continue;
		*ret_is_nat64 = true;
		why = nat64_unwrap(&ctx->nat64[i], a, &v4) ? why_not_inside(ctx, use, a, &v4)
		                                           : "malformed NAT64 address (RFC 6052)";
	}
	return why;
}

static const char *why_not_host(const struct addr_ctx *ctx, enum addr_use use, const struct addr *a)
{
	bool is_nat64;
	const char *why = why_not_local(ctx, a);

	if (!why)
		why = why_not_nat64(ctx, use, a, &is_nat64);
	if (why)
		return why;
	if (is_nat64 && (is_well_known(a) || is_local_nat64(a)))
		return NULL;
	return why_not_table(ctx, use, a);
}

static const char *why_not_port(const struct addr_ctx *ctx, enum addr_use use, uint16_t port)
{
	if (port == 0)
		return "port 0";
	return port < uses[use].port_min || port < ctx->port_min ? "a port below the lowest allowed"
	                                                         : NULL;
}

enum err addr_policy(const struct addr_ctx *ctx, enum addr_use use, const struct addr *a,
	struct addr_ok *ret_ok, const char **ret_why)
{
	struct addr canonical = addr_unmapped(a);
	const char *why = "no address";

	if (canonical.family == AF_V4 || canonical.family == AF_V6) {
		why = why_not_host(ctx, use, &canonical);
		if (!why)
			why = why_not_port(ctx, use, canonical.port);
	}
	if (why && ret_why)
		*ret_why = why;
	if (why)
		return ERR_DENIED;
	*ret_ok = (struct addr_ok){canonical};
	return OK;
}
