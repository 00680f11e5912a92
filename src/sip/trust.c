/* trust.c - the table of headers and what each border does to them. */
#include "sip/trust.h"
#include "sip/auth.h"
#include "sip/list.h"

enum border {
	PASS,
	CUT_IN = 1,      /* from the Internet: nobody outside says who he is (RFC 3325) */
	CUT_OUT = 2,     /* to the Internet: inner names and paths stay inside */
	CUT_PRIVATE = 4, /* to the Internet where the caller asked for privacy (RFC 3323, 3325) */
	CUT_HOP = 8,     /* hop by hop: ours are put anew */
	CUT_ICE = 16,    /* option tags of what the SDP engine takes out */
};

/* clang-format off */
static const struct {
	enum sip_hdr id;
	unsigned border;
} table[] = {
	{ SIP_HDR_VIA,                  CUT_HOP },
	{ SIP_HDR_ROUTE,                CUT_HOP },
	{ SIP_HDR_RECORD_ROUTE,         CUT_HOP },
	{ SIP_HDR_PATH,                 CUT_HOP },
	{ SIP_HDR_SERVICE_ROUTE,        CUT_HOP },
	{ SIP_HDR_P_ASSERTED_IDENTITY,  CUT_IN | CUT_PRIVATE },
	{ SIP_HDR_P_PREFERRED_IDENTITY, CUT_IN | CUT_OUT },
	{ SIP_HDR_REMOTE_PARTY_ID,      CUT_IN | CUT_OUT },
	{ SIP_HDR_P_SERVED_USER,        CUT_IN | CUT_OUT },
	{ SIP_HDR_DIVERSION,            CUT_IN | CUT_OUT },
	{ SIP_HDR_HISTORY_INFO,         CUT_IN | CUT_OUT },
	{ SIP_HDR_SUPPORTED,            CUT_ICE },
	{ SIP_HDR_REQUIRE,              CUT_ICE },
};
/* Names without an id, by prefix: P-Charging-Vector, P-Charging-Function-Addresses (RFC 7315). */
static const struct str cut_prefixes[] = { { "P-Charging-", 11 } };
/* clang-format on */

enum trust trust_of(const struct zone *zone)
{
	if (zone->is_link)
		return TRUST_LINK;
	return zone->is_inside || (zone->conf && zone->conf->trust_identity) ? TRUST_INSIDE
	                                                                     : TRUST_INTERNET;
}

static void cut_credentials(struct sip_edit *e, enum sip_hdr id, struct str realm)
{
	for (int i = sip_first(e->m, id); i >= 0; i = sip_next(e->m, i)) {
		if (auth_is_ours(e->m, i, realm))
			sip_edit_cut_field(e, i);
	}
}

void trust_edit(
	struct sip_edit *e, const struct zone *from, const struct zone *to, struct str realm)
{
	static const struct str ice[] = {{"ice", 3}, {"trickle-ice", 11}};
	bool is_in = trust_of(from) == TRUST_INTERNET, is_out = trust_of(to) == TRUST_INTERNET;
	bool is_private = is_out && sip_list_has(e->m, SIP_HDR_PRIVACY, STR("id"));
	unsigned borders = (unsigned)(CUT_HOP | (is_in ? CUT_IN : 0) | (is_out ? CUT_OUT : 0) |
				      (is_private ? CUT_PRIVATE : 0));

	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		if (!sip_has(e->m, table[i].id))
			continue;
		if (table[i].border & borders)
			sip_edit_cut_header(e, table[i].id);
		else if (table[i].border & CUT_ICE)
			sip_edit_cut_tokens(e, table[i].id, ice, 2);
	}
	for (size_t i = 0; (is_in || is_out) && i < sizeof cut_prefixes / sizeof *cut_prefixes; i++)
		sip_edit_cut_prefixed(e, cut_prefixes[i]);
	sip_edit_cut_prefixed(e, STR("Fosse-"));
	cut_credentials(e, SIP_HDR_AUTHORIZATION, realm);
	cut_credentials(e, SIP_HDR_PROXY_AUTHORIZATION, realm);
}
