/* value.c - see value.h. */
#include "h323/value.h"

#include <string.h>

#define OID_MAX 64

static struct str kept(struct per_tree *t, struct str bytes)
{
	uint8_t *p = per_take(t, bytes.len ? bytes.len : 1);

	if (!p)
		return STR_NONE;
	if (bytes.len)
		memcpy(p, bytes.p, bytes.len);
	return (struct str){(const char *)p, bytes.len};
}

/* Sets a string to a copy; false: no room, or no node. */
static bool set_copy(struct per_tree *t, uint16_t node, struct str bytes)
{
	struct str copy = kept(t, bytes);

	if (node == PER_NONE || !copy.p)
		return false;
	per_set_str(t, node, copy);
	return true;
}

/* ---- text ---- */
static bool put_utf8(struct wr *w, uint32_t c)
{
	if (c < 0x80) {
		wr_u8(w, (uint8_t)c);
	} else if (c < 0x800) {
		wr_u8(w, (uint8_t)(0xc0 | c >> 6));
		wr_u8(w, (uint8_t)(0x80 | (c & 0x3f)));
	} else if (c < 0x10000) {
		wr_u8(w, (uint8_t)(0xe0 | c >> 12));
		wr_u8(w, (uint8_t)(0x80 | (c >> 6 & 0x3f)));
		wr_u8(w, (uint8_t)(0x80 | (c & 0x3f)));
	} else {
		wr_u8(w, (uint8_t)(0xf0 | c >> 18));
		wr_u8(w, (uint8_t)(0x80 | (c >> 12 & 0x3f)));
		wr_u8(w, (uint8_t)(0x80 | (c >> 6 & 0x3f)));
		wr_u8(w, (uint8_t)(0x80 | (c & 0x3f)));
	}
	return w->err == OK;
}

static bool is_high(uint32_t c)
{
	return c >= 0xd800 && c < 0xdc00;
}

static bool is_low(uint32_t c)
{
	return c >= 0xdc00 && c < 0xe000;
}

bool bmp_to_utf8(struct str bmp, char *ret_z, size_t size)
{
	struct wr w = wr_of(ret_z, size ? size - 1 : 0);
	struct rd r = rd_of(bmp);

	if (!size || bmp.len % 2)
		return false;
	while (rd_more(&r)) {
		uint32_t c = rd_u16(&r), low = is_high(c) && rd_more(&r) ? rd_u16(&r) : 0;

		if (is_high(c) && is_low(low))
			c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
		else if (!c || is_high(c) || is_low(c))
			return false;
		if (!put_utf8(&w, c))
			return false;
	}
	ret_z[wr_len(&w)] = '\0';
	return true;
}

/* The next character; 0: not UTF-8 (RFC 3629), or a NUL. */
static uint32_t get_utf8(struct rd *r)
{
	uint32_t c = rd_u8(r), n = c < 0x80       ? 0
	                           : c >> 5 == 6  ? 1
	                           : c >> 4 == 14 ? 2
	                           : c >> 3 == 30 ? 3
	                                          : 9;
	static const uint32_t least[] = {1, 0x80, 0x800, 0x10000};

	if (n == 9)
		return 0;
	c &= n ? 0x3fu >> n : 0x7f;
	for (uint32_t i = 0; i < n; i++) {
		uint32_t b = rd_u8(r);

		if ((b & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (b & 0x3f);
	}
	return r->err != OK || c < least[n] || c > 0x10ffff || is_high(c) || is_low(c) ? 0 : c;
}

bool utf8_to_bmp(struct per_tree *t, struct str utf8, struct str *ret_bmp)
{
	uint8_t *p = per_take(t, utf8.len * 2 + 1);
	struct wr w = wr_of(p, p ? utf8.len * 2 : 0);
	struct rd r = rd_of(utf8);

	if (!p)
		return false;
	while (rd_more(&r)) {
		uint32_t c = get_utf8(&r);

		if (!c)
			return false;
		if (c >= 0x10000) {
			wr_u16(&w, (uint16_t)(0xd800 + ((c - 0x10000) >> 10)));
			c = 0xdc00 + ((c - 0x10000) & 0x3ff);
		}
		wr_u16(&w, (uint16_t)c);
	}
	*ret_bmp = (struct str){(const char *)p, wr_len(&w)};
	return w.err == OK;
}

/* ---- aliases ---- */
enum alias_kind alias_kind_of(struct str text)
{
	size_t n = 0;

	while (n < text.len && text.p[n] && strchr("0123456789*#,", text.p[n]))
		n++;
	if (text.len && n == text.len)
		return ALIAS_DIGITS;
	return str_find(text, '@') < text.len ? ALIAS_URL : ALIAS_ID;
}

static struct str without_scheme(struct str url)
{
	return url.len > 5 && str_ieq(str_head(url, 5), STR("h323:")) ? str_skip(url, 5) : url;
}

static enum err number_text(const struct per_tree *t, uint16_t node, struct h323_alias *ret)
{
	uint16_t c = per_first(t, node), digits = PER_NONE;

	if (per_choice(t, node) == H225_PartyNumber_e164Number)
		digits = per_field(t, c, H225_PublicPartyNumber_publicNumberDigits);
	else if (per_choice(t, node) == H225_PartyNumber_privateNumber)
		digits = per_field(t, c, H225_PrivatePartyNumber_privateNumberDigits);
	if (digits == PER_NONE)
		return ERR_NOENT;
	return str_copy(per_str(t, digits), ret->text, sizeof ret->text) ? OK : ERR_RANGE;
}

static enum err text_of(const struct per_tree *t, uint16_t node, struct h323_alias *ret)
{
	uint16_t c = per_first(t, node);
	struct addr addr;
	char buf[ADDR_TEXT_SIZE];
	bool fits;

	switch (ret->kind) {
	case ALIAS_ID:
		fits = bmp_to_utf8(per_str(t, c), ret->text, sizeof ret->text);
		break;
	case ALIAS_URL:
		fits = str_copy(without_scheme(per_str(t, c)), ret->text, sizeof ret->text);
		break;
	case ALIAS_NUMBER:
		return number_text(t, c, ret);
	case ALIAS_ADDRESS:
		if (!h225_addr(t, c, &addr))
			return ERR_NOENT;
		fits = str_copy(str_of(addr_put(&addr, buf)), ret->text, sizeof ret->text);
		break;
	case ALIAS_DIGITS:
	case ALIAS_EMAIL:
	default:
		fits = str_copy(per_str(t, c), ret->text, sizeof ret->text);
		break;
	}
	return fits && ret->text[0] ? OK : ERR_RANGE;
}

static const uint16_t alias_fields[] = {
	[ALIAS_DIGITS] = H225_AliasAddress_dialledDigits,
	[ALIAS_ID] = H225_AliasAddress_h323_ID,
	[ALIAS_URL] = H225_AliasAddress_url_ID,
	[ALIAS_EMAIL] = H225_AliasAddress_email_ID,
	[ALIAS_NUMBER] = H225_AliasAddress_partyNumber,
	[ALIAS_ADDRESS] = H225_AliasAddress_transportID,
};

enum err alias_get(const struct per_tree *t, uint16_t node, struct h323_alias *ret_alias)
{
	uint16_t field = per_choice(t, node);

	for (size_t i = 0; i < sizeof alias_fields / sizeof alias_fields[0]; i++) {
		if (alias_fields[i] != field)
			continue;
		ret_alias->kind = (enum alias_kind)i;
		return text_of(t, node, ret_alias);
	}
	return ERR_NOENT;
}

static enum err put_id(struct per_tree *t, uint16_t c, struct str text)
{
	struct str bmp;

	if (!utf8_to_bmp(t, text, &bmp) || bmp.len > 2 * H323_ALIAS_MAX)
		return ERR_RANGE;
	per_set_str(t, c, bmp);
	return OK;
}

static enum err put_number(struct per_tree *t, uint16_t c, struct str text)
{
	uint16_t n = per_put(t, c, H225_PartyNumber_e164Number);

	per_make(t, n,
		PER_PATH(H225_PublicPartyNumber_publicTypeOfNumber,
			H225_PublicTypeOfNumber_unknown));
	return set_copy(t, per_put(t, n, H225_PublicPartyNumber_publicNumberDigits), text)
	               ? OK
	               : ERR_FULL;
}

enum err alias_put(struct per_tree *t, uint16_t node, const struct h323_alias *alias)
{
	uint16_t c = per_put(t, node, alias_fields[alias->kind]);
	struct str text = str_of(alias->text);
	struct addr addr;

	if (c == PER_NONE)
		return ERR_FULL;
	if (!text.len)
		return ERR_RANGE;
	switch (alias->kind) {
	case ALIAS_ID:
		return put_id(t, c, text);
	case ALIAS_NUMBER:
		return put_number(t, c, text);
	case ALIAS_ADDRESS:
		if (addr_parse(text, &addr) != OK)
			return ERR_RANGE;
		return h225_put_addr(t, c, &addr) ? OK : ERR_FULL;
	case ALIAS_DIGITS:
		if (alias_kind_of(text) != ALIAS_DIGITS || text.len > 128)
			return ERR_RANGE;
		break;
	case ALIAS_URL:
	case ALIAS_EMAIL:
	default:
		break;
	}
	return set_copy(t, c, text) ? OK : ERR_FULL;
}

/* ---- transport addresses ---- */
static bool addr_of(struct str ip, int64_t port, struct addr *ret)
{
	struct addr a = {.family = ip.len == 4 ? AF_V4 : AF_V6, .port = (uint16_t)port};

	if ((ip.len != 4 && ip.len != 16) || port < 0 || port > UINT16_MAX)
		return false;
	memcpy(a.ip, ip.p, ip.len);
	*ret = a;
	return true;
}

static struct str ip_of(const struct addr *a)
{
	return (struct str){(const char *)a->ip, a->family == AF_V4 ? 4 : 16};
}

/* The two fields of an address in either protocol: the host's octets, the port. */
static bool put_pair(
	struct per_tree *t, uint16_t node, uint16_t ip, uint16_t port, const struct addr *addr)
{
	if (addr->family == AF_NONE || !set_copy(t, per_put(t, node, ip), ip_of(addr)))
		return false;
	per_set_num(t, per_put(t, node, port), addr->port);
	return true;
}

bool h225_addr(const struct per_tree *t, uint16_t node, struct addr *ret_addr)
{
	uint16_t a = per_field(t, node, H225_TransportAddress_ipAddress);

	if (a != PER_NONE)
		return addr_of(per_str(t, per_field(t, a, H225_TransportAddress_ipAddress_ip)),
			per_num(t, per_field(t, a, H225_TransportAddress_ipAddress_port), -1),
			ret_addr);
	a = per_field(t, node, H225_TransportAddress_ip6Address);
	return addr_of(per_str(t, per_field(t, a, H225_TransportAddress_ip6Address_ip)),
		per_num(t, per_field(t, a, H225_TransportAddress_ip6Address_port), -1), ret_addr);
}

bool h225_put_addr(struct per_tree *t, uint16_t node, const struct addr *addr)
{
	if (addr->family == AF_V4)
		return put_pair(t, per_put(t, node, H225_TransportAddress_ipAddress),
			H225_TransportAddress_ipAddress_ip, H225_TransportAddress_ipAddress_port,
			addr);
	return put_pair(t, per_put(t, node, H225_TransportAddress_ip6Address),
		H225_TransportAddress_ip6Address_ip, H225_TransportAddress_ip6Address_port, addr);
}

bool h245_addr(const struct per_tree *t, uint16_t node, struct addr *ret_addr)
{
	uint16_t u = per_field(t, node, H245_TransportAddress_unicastAddress);
	uint16_t a = per_field(t, u, H245_UnicastAddress_iPAddress);

	if (a != PER_NONE)
		return addr_of(per_str(t, per_field(t, a, H245_UnicastAddress_iPAddress_network)),
			per_num(t, per_field(t, a, H245_UnicastAddress_iPAddress_tsapIdentifier),
				-1),
			ret_addr);
	a = per_field(t, u, H245_UnicastAddress_iP6Address);
	return addr_of(per_str(t, per_field(t, a, H245_UnicastAddress_iP6Address_network)),
		per_num(t, per_field(t, a, H245_UnicastAddress_iP6Address_tsapIdentifier), -1),
		ret_addr);
}

bool h245_put_addr(struct per_tree *t, uint16_t node, const struct addr *addr)
{
	uint16_t u = per_put(t, node, H245_TransportAddress_unicastAddress);

	if (addr->family == AF_V4)
		return put_pair(t, per_put(t, u, H245_UnicastAddress_iPAddress),
			H245_UnicastAddress_iPAddress_network,
			H245_UnicastAddress_iPAddress_tsapIdentifier, addr);
	return put_pair(t, per_put(t, u, H245_UnicastAddress_iP6Address),
		H245_UnicastAddress_iP6Address_network,
		H245_UnicastAddress_iP6Address_tsapIdentifier, addr);
}

/* ---- identifiers ---- */
bool guid_get(const struct per_tree *t, uint16_t node, uint8_t ret_guid[H323_GUID_LEN])
{
	struct str s = per_str(t, per_field(t, node, H225_CallIdentifier_guid));

	if (s.len != H323_GUID_LEN)
		return false;
	memcpy(ret_guid, s.p, H323_GUID_LEN);
	return true;
}

bool guid_put(struct per_tree *t, uint16_t node, const uint8_t guid[H323_GUID_LEN])
{
	return set_copy(t, per_put(t, node, H225_CallIdentifier_guid),
		(struct str){(const char *)guid, H323_GUID_LEN});
}

static void put_arc(struct wr *w, uint64_t arc)
{
	for (int shift = 63; shift > 0; shift -= 7)
		if (arc >> shift)
			wr_u8(w, (uint8_t)(0x80 | arc >> shift));
	wr_u8(w, (uint8_t)(arc & 0x7f));
}

/* X.690 8.19: the first two arcs in one. */
static struct str oid_encoded(const char *dotted, uint8_t buf[OID_MAX])
{
	struct wr w = wr_of(buf, OID_MAX);
	struct str rest = str_of(dotted);
	uint64_t first = 0, arc;

	for (unsigned i = 0; rest.len; i++) {
		if (str_u64(str_cut(&rest, '.'), UINT32_MAX, &arc) != OK)
			return STR_NONE;
		if (i == 0)
			first = arc * 40;
		else
			put_arc(&w, i == 1 ? first + arc : arc);
	}
	return wr_done(&w);
}

bool oid_put(struct per_tree *t, uint16_t node, const char *dotted)
{
	uint8_t buf[OID_MAX];
	struct str oid = oid_encoded(dotted, buf);

	return oid.len && set_copy(t, node, oid);
}

bool oid_is(const struct per_tree *t, uint16_t node, const char *dotted)
{
	uint8_t buf[OID_MAX];

	return str_eq(per_str(t, node), oid_encoded(dotted, buf));
}

/* ---- features and generic data ---- */
static bool is_standard(const struct per_tree *t, uint16_t identifier, uint16_t id)
{
	return per_num(t, per_field(t, identifier, H225_GenericIdentifier_standard), -1) == id;
}

uint16_t generic_find(const struct per_tree *t, uint16_t list, uint16_t id)
{
	for (uint16_t c = per_first(t, list); c != PER_NONE; c = per_next(t, c))
		if (is_standard(t, per_field(t, c, H225_GenericData_id), id))
			return c;
	return PER_NONE;
}

uint16_t feature_find(const struct per_tree *t, uint16_t feature_set, uint16_t id)
{
	static const uint16_t lists[] = {H225_FeatureSet_neededFeatures,
		H225_FeatureSet_desiredFeatures, H225_FeatureSet_supportedFeatures};

	for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
		uint16_t c = generic_find(t, per_field(t, feature_set, lists[i]), id);

		if (c != PER_NONE)
			return c;
	}
	return PER_NONE;
}

static uint16_t param(const struct per_tree *t, uint16_t generic, uint16_t id)
{
	uint16_t list = per_field(t, generic, H225_GenericData_parameters);

	for (uint16_t c = per_first(t, list); c != PER_NONE; c = per_next(t, c))
		if (is_standard(t, per_field(t, c, H225_EnumeratedParameter_id), id))
			return c;
	return PER_NONE;
}

uint16_t generic_param(const struct per_tree *t, uint16_t generic, uint16_t id)
{
	return per_first(t, per_field(t, param(t, generic, id), H225_EnumeratedParameter_content));
}

bool generic_has(const struct per_tree *t, uint16_t generic, uint16_t id)
{
	return param(t, generic, id) != PER_NONE;
}

static uint16_t put_standard(struct per_tree *t, uint16_t identifier, uint16_t id)
{
	uint16_t n = per_put(t, identifier, H225_GenericIdentifier_standard);

	per_set_num(t, n, id);
	return n;
}

uint16_t generic_append(struct per_tree *t, uint16_t list, uint16_t id)
{
	uint16_t g = per_append(t, list);

	return put_standard(t, per_put(t, g, H225_GenericData_id), id) == PER_NONE ? PER_NONE : g;
}

static uint16_t append_param(struct per_tree *t, uint16_t generic, uint16_t id)
{
	uint16_t p = per_append(t, per_make(t, generic, PER_PATH(H225_GenericData_parameters)));
	uint16_t n = put_standard(t, per_put(t, p, H225_EnumeratedParameter_id), id);

	return n == PER_NONE ? PER_NONE : p;
}

bool generic_put_flag(struct per_tree *t, uint16_t generic, uint16_t id)
{
	return append_param(t, generic, id) != PER_NONE;
}

bool generic_put_raw(struct per_tree *t, uint16_t generic, uint16_t id, struct str raw)
{
	uint16_t p = append_param(t, generic, id);

	return set_copy(t,
		per_make(t, p, PER_PATH(H225_EnumeratedParameter_content, H225_Content_raw)), raw);
}
