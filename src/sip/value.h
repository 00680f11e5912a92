/* value.h - readers of single header values: Via, name-addr, digest parameters, numbers.
 *
 * Each takes a slice of the message and returns slices of it; nothing is allocated, unfolded or
 * unescaped. A consumer that needs the plain text of a quoted or folded value asks for a copy
 * (sip_unquote). Never judges what a value means: that is for the transaction, the dialog, the
 * zone. */
#ifndef SIP_VALUE_H
#define SIP_VALUE_H

#include "sip/lex.h"
#include "sip/uri.h"

struct sip_via {
	struct str text; /* the whole element, LWS trimmed */
	enum sip_transport transport;
	struct str transport_text;
	struct str host; /* without brackets */
	struct str hostport;
	struct str params;
	struct str branch;   /* empty: none (RFC 2543) */
	struct str received; /* without brackets */
	uint16_t port;       /* 0: none */
	uint16_t rport;      /* its value; 0: none */
	bool has_rport;
	bool is_v6;
};

/* ERR_SYNTAX: malformed, its parameters too. */
MUST_USE enum err sip_via_parse(struct str element, struct sip_via *ret_via);

/* Contact, From, To, Route, Record-Route, Path, Refer-To, P-Asserted-Identity, ... */
struct sip_nameaddr {
	struct str text;    /* the whole element */
	struct str display; /* as written, quotes included; empty: none */
	struct str uri;     /* without angle brackets; not parsed yet */
	struct str params;  /* behind the first ';' outside the brackets: for sip_param_next */
	bool has_brackets;
	bool is_star; /* Contact: * */
};

/* Without brackets, ';' starts header parameters, and ',' or '?' in the URI is ERR_SYNTAX (RFC 3261
 * section 20). The scheme is checked, the rest of the URI is not. */
MUST_USE enum err sip_nameaddr_parse(struct str element, struct sip_nameaddr *ret_na);

/* Authorization, Proxy-Authorization, WWW-Authenticate, Proxy-Authenticate (RFC 7616, 8760). Values
 * are without their quotes; absent ones are empty. Another scheme than Digest: only scheme and
 * params. */
struct sip_auth {
	struct str scheme, params;
	bool is_digest;
	struct str username, realm, nonce, uri, response, algorithm, cnonce, opaque, qop, nc, stale,
		domain;
};

/* ERR_SYNTAX: malformed, a parameter of the list twice. */
MUST_USE enum err sip_auth_parse(struct str value, struct sip_auth *ret_auth);

MUST_USE enum err sip_cseq_parse(struct str value, uint32_t *ret_number, struct str *ret_method);
/* RAck: 776656 1 INVITE (RFC 3262 section 7.2). */
MUST_USE enum err sip_rack_parse(
	struct str value, uint32_t *ret_rseq, uint32_t *ret_cseq, struct str *ret_method);
/* "1800;refresher=uac": Session-Expires, Min-SE, Expires, Retry-After, q-less delta-seconds. Too
 * large: clamped to UINT32_MAX. */
MUST_USE enum err sip_delta_parse(struct str value, uint32_t *ret_seconds, struct str *ret_params);
/* "call-id;to-tag=a;from-tag=b;early-only": Replaces, Join, Target-Dialog (RFC 3891 6.1). */
MUST_USE enum err sip_replaces_parse(struct str value, struct str *ret_call_id,
	struct str *ret_to_tag, struct str *ret_from_tag, bool *ret_early_only);
/* "type/subtype" of a Content-Type or Accept element, any case, LWS around the slash allowed. */
bool sip_type_is(struct str value, struct str type, struct str subtype);
/* Plain text of a display name or quoted value: outer quotes and quoted-pairs resolved, folds
 * become one space, control characters become '?'. */
void sip_unquote(struct str value, struct wr *w);
/* The q parameter in thousandths; 1000 when absent or malformed. */
unsigned sip_q(struct str params);

#endif
