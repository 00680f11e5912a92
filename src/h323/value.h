/* value.h - the values that H.225.0, H.245 and H.460 messages share, as structs and text: aliases,
 * transport addresses, features, generic data, identifiers, object identifiers.
 *
 * Reading gives false for what is absent or of another kind and never changes a tree; writing makes the
 * value on a node that was put or appended, with octets in the tree's own memory. Pure. */
#ifndef H323_VALUE_H
#define H323_VALUE_H

#include "base/addr.h"
#include "h323/schema.h"

#define H323_ALIAS_MAX 256 /* octets of UTF-8 */
#define H323_GUID_LEN  16

/* ---- aliases (H.225.0 AliasAddress) ---- */
enum alias_kind { ALIAS_DIGITS, ALIAS_ID, ALIAS_URL, ALIAS_EMAIL, ALIAS_NUMBER, ALIAS_ADDRESS };

struct h323_alias {
	enum alias_kind
		kind; /* dialledDigits, h323-ID, url-ID, email-ID, partyNumber, transportID */
	char text[H323_ALIAS_MAX +
		  1]; /* UTF-8; of url-ID without "h323:" (RFC 3508); an address as host:port */
};

/* ERR_NOENT: of a kind that we do not route by; ERR_RANGE: too long, or not text. */
MUST_USE enum err alias_get(const struct per_tree *t, uint16_t node, struct h323_alias *ret_alias);
/* ERR_RANGE: the text cannot be said in this kind; ERR_FULL: no room in the tree. */
MUST_USE enum err alias_put(struct per_tree *t, uint16_t node, const struct h323_alias *alias);
/* The kind that people mean by a text: digits, a URL where there is an "@", else a name. */
enum alias_kind alias_kind_of(struct str text);
/* BMPString of UTF-8 and back. Surrogates pass in pairs; false: not UTF-8, or too long. */
bool bmp_to_utf8(struct str bmp, char *ret_z, size_t size);
bool utf8_to_bmp(struct per_tree *t, struct str utf8, struct str *ret_bmp);

/* ---- transport addresses ---- */
bool h225_addr(const struct per_tree *t, uint16_t node, struct addr *ret_addr);
bool h225_put_addr(struct per_tree *t, uint16_t node, const struct addr *addr);
bool h245_addr(const struct per_tree *t, uint16_t node, struct addr *ret_addr); /* unicast alone */
bool h245_put_addr(struct per_tree *t, uint16_t node, const struct addr *addr);

/* ---- identifiers ---- */
bool guid_get(const struct per_tree *t, uint16_t node,
	uint8_t ret_guid[H323_GUID_LEN]); /* CallIdentifier */
bool guid_put(struct per_tree *t, uint16_t node, const uint8_t guid[H323_GUID_LEN]);
/* "0.0.8.2250.0.7"; at most 64 octets encoded. */
bool oid_put(struct per_tree *t, uint16_t node, const char *dotted);
bool oid_is(const struct per_tree *t, uint16_t node, const char *dotted);

/* ---- features and generic data (H.460.1) ---- */
/* The FeatureSet's, or a list's, descriptor {standard id}; PER_NONE: it is in none of the three lists. */
uint16_t feature_find(const struct per_tree *t, uint16_t feature_set, uint16_t id);
/* {standard id} in a list of GenericData or FeatureDescriptor. */
uint16_t generic_find(const struct per_tree *t, uint16_t list, uint16_t id);
/* Its parameter {standard id}: the node of its content, PER_NONE if it has none. */
uint16_t generic_param(const struct per_tree *t, uint16_t generic, uint16_t id);
bool generic_has(
	const struct per_tree *t, uint16_t generic, uint16_t id); /* also without content */
/* A descriptor {standard id} at the end of a list; parameters are added to it. */
uint16_t generic_append(struct per_tree *t, uint16_t list, uint16_t id);
bool generic_put_flag(struct per_tree *t, uint16_t generic, uint16_t id); /* no content */
bool generic_put_raw(struct per_tree *t, uint16_t generic, uint16_t id, struct str raw);

#endif
