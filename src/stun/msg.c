/* msg.c - STUN messages: one strict reader, one writer, fields in the order of RFC 8489.
 *
 * Pure. A message is accepted whole or not at all: its length is the datagram's, attributes lie one
 * behind the other up to its end, FINGERPRINT is last and right. Nothing behind an integrity attribute
 * is ever seen by a caller, but the other integrity attribute and FINGERPRINT. It must never believe a
 * message: who proves it asks stun_check_*. */
#include <string.h>

#include "base/crypt.h"
#include "stun/stun.h"

#define COOKIE          0x2112a442u
#define SHA1_LEN        20
#define SHA256_LEN_MIN  16  /* RFC 8489 section 14.6: truncated in words */
#define REASON_MAX      763 /* section 14.8: less than 128 characters */
#define FINGERPRINT_XOR 0x5354554eu
#define LEN_AT          2 /* of the length in the header */

/* Attributes that must be understood, and are. */
/* clang-format off */
static const uint16_t known[] = {
	SA_MAPPED_ADDRESS, SA_USERNAME, SA_MESSAGE_INTEGRITY, SA_ERROR_CODE, SA_UNKNOWN_ATTRIBUTES,
	SA_CHANNEL_NUMBER, SA_LIFETIME, SA_XOR_PEER_ADDRESS, SA_DATA, SA_REALM, SA_NONCE,
	SA_XOR_RELAYED_ADDRESS, SA_REQUESTED_ADDRESS_FAMILY, SA_EVEN_PORT, SA_REQUESTED_TRANSPORT,
	SA_DONT_FRAGMENT, SA_MESSAGE_INTEGRITY_SHA256, SA_PASSWORD_ALGORITHM, SA_USERHASH,
	SA_XOR_MAPPED_ADDRESS, SA_RESERVATION_TOKEN, SA_PRIORITY, SA_USE_CANDIDATE,
};
/* clang-format on */

static bool is_known(uint16_t type)
{
	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
		if (known[i] == type)
			return true;
	}
	return false;
}

static bool is_xored(enum stun_type type)
{
	return type == SA_XOR_MAPPED_ADDRESS || type == SA_XOR_PEER_ADDRESS ||
	       type == SA_XOR_RELAYED_ADDRESS;
}

/* ---- the header's packed type (RFC 8489 section 5): M11-M7 C1 M6-M4 C0 M3-M0 ---- */
static uint16_t pack_type(enum stun_class class, uint16_t method)
{
	unsigned c = (unsigned)class, m = method;

	return (uint16_t)((m & 0xf80) << 2 | (m & 0x70) << 1 | (m & 0xf) | (c & 2) << 7 |
			  (c & 1) << 4);
}

static void unpack_type(uint16_t type, enum stun_class *ret_class, uint16_t *ret_method)
{
	*ret_class = (enum stun_class)((type >> 7 & 2) | (type >> 4 & 1));
	*ret_method = (uint16_t)((type & 0x3e00) >> 2 | (type & 0xe0) >> 1 | (type & 0xf));
}

/* ---- CRC-32 (ITU-T V.42), four bits at a time: a message is short ---- */
static uint32_t crc32_of(const uint8_t *p, size_t n)
{
	/* clang-format off */
	static const uint32_t step[16] = {
		0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac, 0x76dc4190, 0x6b6b51f4, 0x4db26158, 0x5005713c,
		0xedb88320, 0xf00f9344, 0xd6d6a3e8, 0xcb61b38c, 0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c,
	};
	/* clang-format on */
	uint32_t crc = 0xffffffff;

	for (size_t i = 0; i < n; i++) {
		crc ^= p[i];
		crc = step[crc & 15] ^ crc >> 4;
		crc = step[crc & 15] ^ crc >> 4;
	}
	return ~crc;
}

/* ---- reading ---- */
static bool is_integrity(uint16_t type)
{
	return type == SA_MESSAGE_INTEGRITY || type == SA_MESSAGE_INTEGRITY_SHA256;
}

/* RFC 8489 sections 14.5 to 14.7: behind MESSAGE-INTEGRITY only -SHA256 and FINGERPRINT count, behind
 * -SHA256 only FINGERPRINT. */
static bool is_ignored(const struct stun_msg *m, uint16_t type)
{
	uint16_t last = m->n_attrs ? m->attrs[m->n_attrs - 1].type : 0;

	if (!is_integrity(last) || type == SA_FINGERPRINT)
		return false;
	return last == SA_MESSAGE_INTEGRITY_SHA256 || type != SA_MESSAGE_INTEGRITY_SHA256;
}

/* Twice the same proof or name: the first would be checked and the second used, somewhere. */
static bool is_repeated(const struct stun_msg *m, uint16_t type)
{
	switch (type) {
	case SA_USERNAME:
	case SA_REALM:
	case SA_NONCE:
	case SA_USERHASH:
	case SA_FINGERPRINT:
	case SA_MESSAGE_INTEGRITY:
	case SA_MESSAGE_INTEGRITY_SHA256:
		return stun_find(m, (enum stun_type)type) != NULL;
	default:
		return false;
	}
}

static void read_header(struct rd *r, struct stun_msg *m)
{
	uint16_t type, len;

	rd_at(r, "message type");
	type = rd_u16(r);
	rd_at(r, "message length");
	len = rd_u16(r);
	rd_at(r, "magic cookie");
	if (rd_u32(r) != COOKIE || type >> 14)
		rd_fail(r, ERR_SYNTAX);
	rd_at(r, "transaction id");
	rd_copy(r, m->tid, sizeof m->tid);
	if (r->err == OK && (len % 4 || len != rd_left(r)))
		rd_fail(r, ERR_SYNTAX);
	unpack_type(type, &m->class, &m->method);
}

static void check_fingerprint(struct rd *r, const struct stun_msg *m, const struct stun_attr *a)
{
	struct rd value = rd_of(a->value);
	uint32_t is = rd_u32(&value);
	uint32_t should = crc32_of((const uint8_t *)m->bytes.p, a->at) ^ FINGERPRINT_XOR;

	if (a->value.len != 4 || is != should || rd_more(r))
		rd_fail(r, ERR_SYNTAX);
}

/* RFC 8489 section 14: type, length, value, padding to 4 */
static void read_attr(struct rd *r, struct stun_msg *m)
{
	struct stun_attr a = {.at = (uint16_t)(r->p - r->start)};
	uint16_t len;

	rd_at(r, "attribute type");
	a.type = rd_u16(r);
	rd_at(r, "attribute length");
	len = rd_u16(r);
	rd_at(r, "attribute value");
	a.value = rd_bytes(r, len);
	(void)rd_sub(r, (4u - len % 4u) % 4u);
	if (r->err != OK || is_ignored(m, a.type))
		return;
	if (is_repeated(m, a.type))
		rd_fail(r, ERR_SYNTAX);
	else if (m->n_attrs == STUN_ATTRS_MAX)
		rd_fail(r, ERR_FULL);
	else
		m->attrs[m->n_attrs++] = a;
	if (a.type == SA_FINGERPRINT)
		check_fingerprint(r, m, &a);
}

enum err stun_parse(struct str bytes, struct stun_msg *ret_msg)
{
	struct stun_msg m = {.bytes = bytes};
	struct rd r = rd_of(bytes);

	if (bytes.len > STUN_MESSAGE_MAX)
		return ERR_FULL;
	read_header(&r, &m);
	while (rd_more(&r))
		read_attr(&r, &m);
	if (r.err == OK)
		*ret_msg = m;
	return r.err;
}

const struct stun_attr *stun_find(const struct stun_msg *m, enum stun_type type)
{
	for (uint32_t i = 0; i < m->n_attrs; i++) {
		if (m->attrs[i].type == type)
			return &m->attrs[i];
	}
	return NULL;
}

/* RFC 8489 section 14.2: port and IPv4 with the cookie, IPv6 with cookie and transaction id, which lie
 * behind each other in the header. */
static void toggle_xor(struct addr *a, const uint8_t tid[STUN_TID_LEN])
{
	uint8_t mask[16] = {COOKIE >> 24, COOKIE >> 16 & 0xff, COOKIE >> 8 & 0xff, COOKIE & 0xff};

	memcpy(mask + 4, tid, STUN_TID_LEN);
	a->port ^= COOKIE >> 16;
	for (size_t i = 0; i < (a->family == AF_V6 ? 16u : 4u); i++)
		a->ip[i] ^= mask[i];
}

enum err stun_addr(const struct stun_msg *m, enum stun_type type, struct addr *ret_addr)
{
	const struct stun_attr *attr = stun_find(m, type);
	struct addr a = {0};
	struct rd r;
	uint8_t family;

	if (!attr)
		return ERR_NOENT;
	r = rd_of(attr->value);
	(void)rd_u8(&r);
	family = rd_u8(&r);
	a.family = family == 1 ? AF_V4 : family == 2 ? AF_V6 : AF_NONE;
	a.port = rd_u16(&r);
	rd_copy(&r, a.ip, family == 2 ? 16 : 4);
	if (r.err != OK || rd_more(&r) || a.family == AF_NONE)
		return ERR_SYNTAX;
	if (is_xored(type))
		toggle_xor(&a, m->tid);
	*ret_addr = a;
	return OK;
}

enum err stun_u32(const struct stun_msg *m, enum stun_type type, uint32_t *ret_value)
{
	const struct stun_attr *attr = stun_find(m, type);
	struct rd r;

	if (!attr)
		return ERR_NOENT;
	if (attr->value.len != 4)
		return ERR_SYNTAX;
	r = rd_of(attr->value);
	*ret_value = rd_u32(&r);
	return OK;
}

/* RFC 8489 section 14.8: 21 bits of nothing, class 3 to 6, number 0 to 99 */
enum err stun_error_code(const struct stun_msg *m, uint16_t *ret_code)
{
	const struct stun_attr *attr = stun_find(m, SA_ERROR_CODE);
	struct rd r;
	uint8_t class, number;

	if (!attr)
		return ERR_NOENT;
	r = rd_of(attr->value);
	(void)rd_u16(&r);
	class = rd_u8(&r) & 7;
	number = rd_u8(&r);
	if (r.err != OK || class < 3 || class > 6 || number > 99)
		return ERR_SYNTAX;
	*ret_code = (uint16_t)(class * 100 + number);
	return OK;
}

size_t stun_unknown(const struct stun_msg *m, uint16_t ret_types[STUN_ATTRS_MAX])
{
	size_t n = 0;

	for (uint32_t i = 0; i < m->n_attrs; i++) {
		if (m->attrs[i].type < 0x8000 && !is_known(m->attrs[i].type))
			ret_types[n++] = m->attrs[i].type;
	}
	return n;
}

/* ---- integrity: an HMAC over all that is before the attribute, with a length in the header that ends
 * behind it (RFC 8489 section 14.5) ---- */
struct covered {
	uint8_t bytes[STUN_MESSAGE_MAX];
	size_t len;
};

static struct str cover(struct covered *c, const char *message, size_t at, size_t value_len)
{
	size_t end = at + 4 + value_len - STUN_HEADER_LEN;

	memcpy(c->bytes, message, at);
	c->bytes[LEN_AT] = (uint8_t)(end >> 8);
	c->bytes[LEN_AT + 1] = (uint8_t)end;
	return (struct str){(const char *)c->bytes, at};
}

enum err stun_check_sha1(const struct stun_msg *m, struct str key)
{
	const struct stun_attr *a = stun_find(m, SA_MESSAGE_INTEGRITY);
	struct covered c;
	uint8_t should[SHA1_LEN];

	if (!a)
		return ERR_NOENT;
	if (a->value.len != sizeof should)
		return ERR_AUTH;
	hmac_sha1(key, cover(&c, m->bytes.p, a->at, a->value.len), should);
	return crypt_equal(a->value.p, should, sizeof should) ? OK : ERR_AUTH;
}

enum err stun_check_sha256(const struct stun_msg *m, struct str key)
{
	const struct stun_attr *a = stun_find(m, SA_MESSAGE_INTEGRITY_SHA256);
	struct covered c;
	uint8_t should[SHA256_LEN];

	if (!a)
		return ERR_NOENT;
	if (a->value.len < SHA256_LEN_MIN || a->value.len > sizeof should || a->value.len % 4)
		return ERR_AUTH;
	hmac_sha256(key, cover(&c, m->bytes.p, a->at, a->value.len), should);
	return crypt_equal(a->value.p, should, a->value.len) ? OK : ERR_AUTH;
}

/* ---- building ---- */
static void set_length(struct wr *w)
{
	size_t len = wr_len(w);

	if (len > STUN_MESSAGE_MAX)
		w->err = ERR_FULL;
	if (w->err != OK)
		return;
	len -= STUN_HEADER_LEN;
	w->start[LEN_AT] = (uint8_t)(len >> 8);
	w->start[LEN_AT + 1] = (uint8_t)len;
}

void stun_begin(
	struct wr *w, enum stun_class class, uint16_t method, const uint8_t tid[STUN_TID_LEN])
{
	wr_u16(w, pack_type(class, method));
	wr_u16(w, 0);
	wr_u32(w, COOKIE);
	wr_bytes(w, tid, STUN_TID_LEN);
}

void stun_put(struct wr *w, enum stun_type type, struct str value)
{
	static const uint8_t zero[3];

	if (value.len > STUN_MESSAGE_MAX && w->err == OK)
		w->err = ERR_FULL;
	wr_u16(w, (uint16_t)type);
	wr_u16(w, (uint16_t)value.len);
	wr_str(w, value);
	wr_bytes(w, zero, (4 - value.len % 4) % 4);
	set_length(w);
}

void stun_put_u32(struct wr *w, enum stun_type type, uint32_t value)
{
	uint8_t buf[4];
	struct wr v = wr_of(buf, sizeof buf);

	wr_u32(&v, value);
	stun_put(w, type, wr_done(&v));
}

void stun_put_addr(struct wr *w, enum stun_type type, const struct addr *a)
{
	uint8_t buf[20];
	struct wr v = wr_of(buf, sizeof buf);
	struct addr x = *a;

	if (is_xored(type) && w->err == OK)
		toggle_xor(&x, w->start + STUN_HEADER_LEN - STUN_TID_LEN);
	wr_u8(&v, 0);
	wr_u8(&v, a->family == AF_V6 ? 2 : 1);
	wr_u16(&v, x.port);
	wr_bytes(&v, x.ip, a->family == AF_V6 ? 16 : 4);
	stun_put(w, type, wr_done(&v));
}

void stun_put_error(struct wr *w, uint16_t code, struct str reason)
{
	uint8_t buf[4 + REASON_MAX];
	struct wr v = wr_of(buf, sizeof buf);

	wr_u16(&v, 0);
	wr_u8(&v, (uint8_t)(code / 100));
	wr_u8(&v, (uint8_t)(code % 100));
	wr_str(&v, str_head(reason, REASON_MAX));
	stun_put(w, SA_ERROR_CODE, wr_done(&v));
}

static bool has_room(struct wr *w, size_t n)
{
	if (w->err == OK && wr_len(w) + 4 + n > STUN_MESSAGE_MAX)
		w->err = ERR_FULL;
	return w->err == OK;
}

void stun_put_sha1(struct wr *w, struct str key)
{
	struct covered c;
	uint8_t mac[SHA1_LEN];

	if (!has_room(w, sizeof mac))
		return;
	hmac_sha1(key, cover(&c, (const char *)w->start, wr_len(w), sizeof mac), mac);
	stun_put(w, SA_MESSAGE_INTEGRITY, (struct str){(const char *)mac, sizeof mac});
}

void stun_put_sha256(struct wr *w, struct str key)
{
	struct covered c;
	uint8_t mac[SHA256_LEN];

	if (!has_room(w, sizeof mac))
		return;
	hmac_sha256(key, cover(&c, (const char *)w->start, wr_len(w), sizeof mac), mac);
	stun_put(w, SA_MESSAGE_INTEGRITY_SHA256, (struct str){(const char *)mac, sizeof mac});
}

/* Its CRC covers a header whose length counts FINGERPRINT already (RFC 8489 section 14.7). */
void stun_put_fingerprint(struct wr *w)
{
	size_t at = wr_len(w);

	stun_put_u32(w, SA_FINGERPRINT, 0);
	if (w->err != OK)
		return;
	w->p -= 4;
	wr_u32(w, crc32_of(w->start, at) ^ FINGERPRINT_XOR);
}
