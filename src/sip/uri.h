/* uri.h - SIP, SIPS and tel URIs (RFC 3261 section 19.1, RFC 3966) as slices of their text.
 *
 * Parts stay as written; %HH is decoded only by sip_uri_unescape, once, with an explicit length,
 * and only where a part is asked for that way (a user part may hold NUL). Never resolves a name,
 * never decides whether a host may be reached. */
#ifndef SIP_URI_H
#define SIP_URI_H

#include "base/addr.h"
#include "base/rd.h"

#define SIP_URI_LEN_MAX 2048 /* longer: 414 */

enum sip_scheme { SIP_SCHEME_OTHER, SIP_SCHEME_SIP, SIP_SCHEME_SIPS, SIP_SCHEME_TEL };

enum sip_transport { SIP_TP_NONE, SIP_TP_UDP, SIP_TP_TCP, SIP_TP_TLS, SIP_TP_OTHER };

struct sip_uri {
	enum sip_scheme scheme;
	struct str text;        /* all of it */
	struct str scheme_text; /* as written */
	struct str user;        /* tel: the number; other schemes: what follows the colon */
	struct str password;
	struct str host; /* without brackets */
	struct str
		hostport;   /* host and port as written, brackets included: what an edit replaces */
	struct str params;  /* behind the first ';': for sip_param_next */
	struct str headers; /* behind '?' */
	uint16_t port;      /* 0: none */
	bool has_user;      /* an '@' was there: "sip:@host" is malformed */
	bool has_port;
	bool is_v6; /* host stood in brackets */
};

/* OK for every absolute URI whose scheme is not ours: then only scheme_text and user are set.
 * ERR_SYNTAX: malformed. ERR_RANGE: longer than SIP_URI_LEN_MAX. The slices belong to text's owner.
 * */
MUST_USE enum err sip_uri_parse(struct str text, struct sip_uri *ret_uri);
/* The transport parameter; SIP_TP_NONE when absent. */
enum sip_transport sip_uri_transport(const struct sip_uri *u);
enum sip_transport sip_transport_of(struct str token);
/* "UDP", "TCP", "TLS"; "" for the others. */
const char *sip_transport_name(enum sip_transport tp);
/* A host as it stands in a URI or Via: literals only. A third colon before an embedded IPv4 address
 * (RFC 5118 section 4.10) is forgiven. ERR_SYNTAX: a name, or malformed. */
MUST_USE enum err sip_host_addr(struct str host, struct addr *ret_addr);
/* True for a literal or a name by the grammar of RFC 3261 section 25.1; is_v6: it stood in
 * brackets. */
bool sip_host_is_valid(struct str host, bool is_v6);
/* Decodes %HH once into w; the rest is copied. A lone % is copied too. */
void sip_uri_unescape(struct str part, struct wr *w);
/* As user parts compare: after one unescape, case counts. */
bool sip_user_eq(struct str a, struct str b);
/* Whether two Contacts lead to the same place: scheme, user, host, port and transport. */
bool sip_uri_same(struct str a, struct str b);
/* The number as comparable digits: visual separators - . ( ) are left out (RFC 3966 section 3). */
void sip_tel_digits(struct str number, struct wr *w);
/* Cuts "host[:port]" apart. ERR_SYNTAX: malformed. */
MUST_USE enum err sip_hostport_parse(struct str text, struct str *ret_host, bool *ret_is_v6,
	uint16_t *ret_port, bool *ret_has_port);

#endif
