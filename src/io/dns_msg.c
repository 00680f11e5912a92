/* dns_msg.c - the decoder of DNS answers; hostile input, read by rd alone, no system call.
 *
 * Names may point backwards into the message (RFC 1035 section 4.1.4); a pointer must go to a
 * smaller offset than the one before, so that reading ends. An answer has at most 64 records for
 * us. */
#include <string.h>

#include "io/dns_msg.h"

#define RECORDS_MAX 64
#define CHAIN_MAX   8
#define JUMPS_MAX   16
#define TTL_MAX_S   3600
#define CLASS_IN    1
#define TYPE_CNAME  5
#define FLAG_ANSWER 0x8000
#define FLAG_CUT    0x0200
#define RCODE_MASK  0x000f

enum rcode { RCODE_OK = 0, RCODE_FORMERR = 1, RCODE_NXDOMAIN = 3 };

struct name {
	char z[DNS_NAME_MAX + 1];
	size_t len;
	bool is_good; /* can be a name of ours */
};

struct record {
	struct name owner;
	uint16_t type;
	uint32_t ttl_s;
	struct rd data;
};

static bool is_name_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '-' || c == '_';
}

bool dns_name_is_good(struct str name)
{
	struct str rest = name;

	if (!name.len || name.len > DNS_NAME_MAX || name.p[name.len - 1] == '.')
		return false;
	while (rest.len) {
		struct str label = str_cut(&rest, '.');

		if (label.len < 1 || label.len > 63)
			return false;
		for (size_t i = 0; i < label.len; i++) {
			if (!is_name_byte(label.p[i]))
				return false;
		}
	}
	return true;
}

uint16_t dns_type_code(enum dns_type type)
{
	switch (type) {
	case DNS_A:
		return 1;
	case DNS_AAAA:
		return 28;
	case DNS_SRV:
		return 33;
	case DNS_NAPTR:
		return 35;
	}
	return 0;
}

static bool add_label(struct name *n, struct str label)
{
	if (n->len + label.len + 1 > DNS_NAME_MAX)
		return false;
	if (n->len)
		n->z[n->len++] = '.';
	for (size_t i = 0; i < label.len; i++) {
		n->is_good = n->is_good && is_name_byte(label.p[i]);
		n->z[n->len++] = label.p[i];
	}
	return true;
}

/* A name at *r, which moves behind it; its end may lie elsewhere in the message. The root is "". */
static struct name read_name(struct rd *r)
{
	struct name n = {.is_good = true};
	struct rd jumped = *r, *at = r;
	size_t limit = (size_t)(r->p - r->start), n_jumps = 0;

	for (uint8_t len = rd_u8(at); len; len = rd_u8(at)) {
		if (len < 64) {
			if (!add_label(&n, rd_bytes(at, len)))
				rd_fail(at, ERR_SYNTAX);
			continue;
		}
		size_t to = (size_t)(len & 0x3f) << 8 | rd_u8(at);

		if (len < 0xc0 || to >= limit || n_jumps++ == JUMPS_MAX)
			rd_fail(at, ERR_SYNTAX);
		if (at->err)
			break;
		limit = to;
		jumped.p = jumped.start + to;
		jumped.end = r->end;
		at = &jumped;
	}
	if (at != r)
		rd_join(r, at);
	return n;
}

static struct record read_record(struct rd *r)
{
	struct record rec = {0};
	uint16_t class;

	rd_at(r, "owner");
	rec.owner = read_name(r);
	rd_at(r, "type, class, TTL");
	rec.type = rd_u16(r);
	class = rd_u16(r);
	rec.ttl_s = rd_u32(r);
	rd_at(r, "data");
	rec.data = rd_sub(r, rd_u16(r));
	if (class != CLASS_IN)
		rec.owner.is_good = false;
	return rec;
}

static bool is_name(const struct name *n, struct str name)
{
	return n->is_good && str_ieq((struct str){n->z, n->len}, name);
}

/* ---- one record's data ---- */

static bool put_host(struct rd *data, char ret_name[256])
{
	struct name n = read_name(data);

	if (data->err || rd_more(data) || !n.is_good || !n.len)
		return false;
	return str_copy((struct str){n.z, n.len}, ret_name, 256);
}

static bool read_address(struct rd *data, size_t len, struct dns_answer *a)
{
	if (rd_left(data) != len)
		return false;
	a->addr.family = len == 4 ? AF_V4 : AF_V6;
	rd_copy(data, a->addr.ip, len);
	return true;
}

static bool read_srv(struct rd *data, struct dns_answer *a)
{
	a->priority = rd_u16(data);
	a->weight = rd_u16(data);
	a->port = rd_u16(data);
	return put_host(data, a->name);
}

static struct str read_text(struct rd *data)
{
	return rd_bytes(data, rd_u8(data));
}

/* RFC 3263 4.1: what has a regular expression is not for us. */
static bool read_naptr(struct rd *data, struct dns_answer *a)
{
	struct str flags, service, regexp;

	a->priority = rd_u16(data);
	a->weight = rd_u16(data);
	flags = read_text(data);
	service = read_text(data);
	regexp = read_text(data);
	if (data->err || regexp.len || !str_copy(flags, a->flags, sizeof a->flags) ||
		!str_copy(service, a->service, sizeof a->service))
		return false;
	return put_host(data, a->name);
}

static bool read_data(struct rd *data, enum dns_type type, struct dns_answer *a)
{
	switch (type) {
	case DNS_A:
		return read_address(data, 4, a);
	case DNS_AAAA:
		return read_address(data, 16, a);
	case DNS_SRV:
		return read_srv(data, a);
	case DNS_NAPTR:
		return read_naptr(data, a);
	}
	return false;
}

/* ---- the whole answer ---- */

static uint32_t clamp_ttl(uint32_t ttl_s, uint32_t so_far)
{
	uint32_t ttl = ttl_s < 1 ? 1 : ttl_s;

	return ttl < so_far ? ttl : so_far;
}

static void take_record(struct record *rec, enum dns_type type, struct dns_found *found)
{
	struct dns_answer a = {.ttl_s = clamp_ttl(rec->ttl_s, TTL_MAX_S)};

	if (found->n == DNS_ANSWERS_MAX || !read_data(&rec->data, type, &a))
		return;
	found->answers[found->n++] = a;
	found->ttl_s = clamp_ttl(a.ttl_s, found->ttl_s);
}

/* All records of `name`; *ret_alias is where its CNAME points, "" without one. */
static enum err read_answers(struct rd r, uint16_t n_records, struct str name, enum dns_type type,
	struct dns_found *found, char ret_alias[256])
{
	ret_alias[0] = '\0';
	for (uint16_t i = 0; i < n_records && i < RECORDS_MAX; i++) {
		struct record rec = read_record(&r);

		if (r.err)
			return r.err;
		if (!is_name(&rec.owner, name))
			continue;
		if (rec.type == dns_type_code(type))
			take_record(&rec, type, found);
		else if (rec.type == TYPE_CNAME && put_host(&rec.data, ret_alias))
			found->ttl_s = clamp_ttl(rec.ttl_s, found->ttl_s);
	}
	return OK;
}

static enum err follow(struct rd r, uint16_t n_records, struct str name, enum dns_type type,
	bool is_cut, struct dns_found *found)
{
	char alias[2][256];
	enum err err;

	for (int depth = 0; depth <= CHAIN_MAX; depth++) {
		char *next = alias[depth % 2];

		err = read_answers(r, n_records, name, type, found, next);
		if (err == OK || is_cut) {
			if (found->n)
				return OK; /* of a cut message: those that were whole */
		}
		if (err)
			return is_cut ? ERR_SHORT : ERR_SYNTAX;
		if (!next[0])
			return is_cut ? ERR_SHORT : ERR_NOENT;
		name = str_of(next);
	}
	return ERR_SYNTAX; /* a chain without an end */
}

static enum err read_question(struct rd *r, struct str name, enum dns_type type)
{
	struct name asked;

	rd_at(r, "question");
	asked = read_name(r);
	if (rd_u16(r) != dns_type_code(type) || rd_u16(r) != CLASS_IN)
		return ERR_AUTH;
	return str_eq((struct str){asked.z, asked.len}, name) ? OK : ERR_AUTH;
}

enum err dns_decode(
	struct str msg, struct str name, enum dns_type type, struct dns_found *ret_found)
{
	struct rd r = rd_of(msg);
	struct dns_found found = {.answers = ret_found->answers, .ttl_s = TTL_MAX_S};
	uint16_t flags, n_questions, n_answers;
	enum err err;

	rd_at(&r, "header");
	(void)rd_u16(&r); /* the identifier: c-ares found the question by it */
	flags = rd_u16(&r);
	n_questions = rd_u16(&r);
	n_answers = rd_u16(&r);
	(void)rd_u32(&r);
	if (r.err || !(flags & FLAG_ANSWER))
		return ERR_SYNTAX;
	if ((flags & RCODE_MASK) == RCODE_FORMERR)
		return ERR_VERSION; /* such answers often come without the question */
	err = n_questions == 1 ? read_question(&r, name, type) : ERR_SYNTAX;
	if (r.err || err)
		return r.err ? ERR_SYNTAX : err;
	if ((flags & RCODE_MASK) == RCODE_NXDOMAIN)
		return ERR_NOENT;
	if ((flags & RCODE_MASK) != RCODE_OK)
		return ERR_TIMEOUT;
	err = follow(r, n_answers, name, type, flags & FLAG_CUT, &found);
	found.is_cut = flags & FLAG_CUT;
	if (!err)
		*ret_found = found;
	return err;
}
