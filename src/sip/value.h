/* value.h - lazy readers of header values: lists, Via, name-addr, digest parameters, numbers.
 *
 * Each takes a slice of the message and returns slices of it; nothing is allocated, unfolded or
 * unescaped. A consumer that needs the plain text of a quoted or folded value asks for a copy
 * (sip_unquote). Never judges what a value means: that is for the transaction, the dialog, the
 * zone. */
#ifndef SIP_VALUE_H
#define SIP_VALUE_H

#include "sip/lex.h"
#include "sip/msg.h"

/* Elements of a comma-separated header over all its lines, in order. Commas inside quotes and angle
 * brackets do not count. Not for Date, challenges and credentials: theirs are values with commas.
 * */
struct sip_list {
	const struct sip_msg *m;
	struct str rest;
	int field; /* line that the last element came from */
	bool is_started;
};

struct sip_list sip_list_of(const struct sip_msg *m, enum sip_hdr id);
/* ERR_NOENT: the end. ERR_SYNTAX: unbalanced quotes or brackets. Empty elements are skipped. */
MUST_USE enum err sip_list_next(struct sip_list *l, struct str *ret_element);
/* True if the list holds that token, any case: option tags, methods, Privacy values (parameters of
 * an element do not count). Separators are commas, and semicolons where the header is Privacy. */
bool sip_list_has(const struct sip_msg *m, enum sip_hdr id, struct str token);
/* Number of elements; malformed lines count up to the fault. */
size_t sip_list_count(const struct sip_msg *m, enum sip_hdr id);

MUST_USE enum err sip_via_parse(struct str element, struct sip_via *ret_via);
MUST_USE enum err sip_via_next(struct sip_list *l, struct sip_via *ret_via); /* errors of both */

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
MUST_USE enum err sip_nameaddr_next(struct sip_list *l, struct sip_nameaddr *ret_na);

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
/* "call-id;to-tag=a;from-tag=b;early-only": Replaces, Join, Target-Dialog (RFC 3891 section 6.1).
 * */
MUST_USE enum err sip_replaces_parse(struct str value, struct str *ret_call_id,
	struct str *ret_to_tag, struct str *ret_from_tag, bool *ret_early_only);
/* "type/subtype" of a Content-Type or Accept element, any case, LWS around the slash allowed. */
bool sip_type_is(struct str value, struct str type, struct str subtype);
/* Plain text of a display name or quoted value: outer quotes and quoted-pairs resolved, folds
 * become one space, control characters become '?'. */
void sip_unquote(struct str value, struct wr *w);
/* Two name-addr tags, Call-IDs, branches: bytes. This one is for q values: 0-1000, 1000 when
 * absent. */
unsigned sip_q(struct str params);

#endif
