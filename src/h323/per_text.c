/* per_text.c - a tree as canonical text: for tests against another decoder, for logs and for people. */
#include <string.h>

#include "h323/per.h"

static void text(const struct per_tree *t, uint16_t node, struct wr *w);

static void hex(struct wr *w, const uint8_t *p, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		wr_printf(w, "%02x", p[i]);
}

/* An INTEGER beyond 64 bits in decimal: base 10^9 limbs, one octet taken in at a time. */
static void long_integer(struct wr *w, const struct per_node *n, const struct per_type *y)
{
	uint32_t limbs[64] = {0}, n_limbs = 1;
	bool is_negative = !(y->flags & PER_MIN) && n->p[0] & 0x80;
	uint32_t carry, len = n->len < 200 ? n->len : 200;

	for (uint32_t i = 0; i < len; i++) {
		carry = (uint8_t)(is_negative ? ~n->p[i] : n->p[i]);
		for (uint32_t k = 0; k < n_limbs || carry; k++) {
			uint64_t v = (uint64_t)limbs[k] * 256 + carry;

			limbs[k] = (uint32_t)(v % 1000000000);
			carry = (uint32_t)(v / 1000000000);
			n_limbs = k + 1 > n_limbs ? k + 1 : n_limbs;
		}
	}
	carry = is_negative ? 1 : (uint32_t)y->lo; /* of -x: the complement and one */
	for (uint32_t k = 0; carry && k < 63; k++) {
		uint64_t v = (uint64_t)limbs[k] + carry;

		limbs[k] = (uint32_t)(v % 1000000000);
		carry = (uint32_t)(v / 1000000000);
		n_limbs = k + 1 > n_limbs ? k + 1 : n_limbs;
	}
	while (n_limbs > 1 && !limbs[n_limbs - 1])
		n_limbs--;
	wr_printf(w, "%s%u", is_negative ? "-" : "", limbs[n_limbs - 1]);
	while (--n_limbs)
		wr_printf(w, "%09u", limbs[n_limbs - 1]);
}

/* X.690 8.19: base 128, the first two arcs in one. */
static void oid(struct wr *w, const struct per_node *n)
{
	uint64_t v = 0;
	bool is_first = true;

	for (uint32_t i = 0; i < n->len; i++) {
		v = v << 7 | (n->p[i] & 0x7f);
		if (n->p[i] & 0x80)
			continue;
		if (is_first) {
			uint64_t top = v < 40 ? 0 : v < 80 ? 1 : 2;

			wr_printf(w, "%llu.%llu", (unsigned long long)top,
				(unsigned long long)(v - top * 40));
		} else {
			wr_printf(w, ".%llu", (unsigned long long)v);
		}
		is_first = false;
		v = 0;
	}
}

static void character(struct wr *w, uint32_t c)
{
	if (c == '"' || c == '\\')
		wr_printf(w, "\\%c", (int)c);
	else if (c >= 32 && c < 127)
		wr_u8(w, (uint8_t)c);
	else
		wr_printf(w, "\\u%04x", c);
}

static void characters(struct wr *w, const struct per_node *n, uint32_t octets)
{
	for (uint32_t i = 0; i + octets <= n->len; i += octets)
		character(w, octets == 2 ? (uint32_t)(n->p[i] << 8 | n->p[i + 1]) : n->p[i]);
}

static void bits(struct wr *w, const struct per_node *n)
{
	wr_u8(w, 'b');
	for (uint32_t i = 0; i < n->len; i++)
		wr_u8(w, n->p[i / 8] >> (7 - i % 8) & 1 ? '1' : '0');
}

static const char *name_of(const struct per_tree *t, const struct per_type *y, uint32_t field)
{
	return t->schema->names + t->schema->fields[y->first + field].name;
}

static void sequence(
	const struct per_tree *t, const struct per_type *y, uint16_t node, struct wr *w)
{
	bool is_first = true;

	wr_u8(w, '{');
	for (uint16_t c = t->nodes[node].first; c != PER_NONE; c = t->nodes[c].next) {
		if (t->nodes[c].flags & (PER_IS_UNKNOWN | PER_IS_TAIL))
			continue;
		wr_printf(w, "%s\"%s\":", is_first ? "" : ",", name_of(t, y, t->nodes[c].field));
		text(t, c, w);
		is_first = false;
	}
	wr_u8(w, '}');
}

static void choice(const struct per_tree *t, const struct per_type *y, uint16_t node, struct wr *w)
{
	uint16_t c = t->nodes[node].first;

	if (c == PER_NONE) {
		wr_printf(w, "{}");
	} else if (t->nodes[c].flags & PER_IS_UNKNOWN) {
		wr_printf(w, "{\"?\":\"");
		hex(w, t->nodes[c].p, t->nodes[c].len);
		wr_printf(w, "\"}");
	} else {
		wr_printf(w, "{\"%s\":", name_of(t, y, t->nodes[c].field));
		text(t, c, w);
		wr_u8(w, '}');
	}
}

static void list(const struct per_tree *t, uint16_t node, struct wr *w)
{
	wr_u8(w, '[');
	for (uint16_t c = t->nodes[node].first; c != PER_NONE; c = t->nodes[c].next) {
		text(t, c, w);
		if (t->nodes[c].next != PER_NONE)
			wr_u8(w, ',');
	}
	wr_u8(w, ']');
}

static void quoted(const struct per_type *y, const struct per_node *n, struct wr *w)
{
	wr_u8(w, '"');
	if (y->kind == PER_OCTETS)
		hex(w, n->p, n->len);
	else if (y->kind == PER_BITS)
		bits(w, n);
	else if (y->kind == PER_OID)
		oid(w, n);
	else
		characters(w, n, y->kind == PER_CHARS && y->n_root == 16 ? 2 : 1);
	wr_u8(w, '"');
}

static void enumerated(
	const struct per_tree *t, const struct per_type *y, int64_t num, struct wr *w)
{
	if (num >= 0 && num < y->n_root)
		wr_printf(w, "\"%s\"", name_of(t, y, (uint32_t)num));
	else
		wr_printf(w, "{\"?\":%lld}", (long long)num);
}

static void text(const struct per_tree *t, uint16_t node, struct wr *w)
{
	const struct per_node *n = &t->nodes[node];
	const struct per_type *y = &t->schema->types[n->type];

	switch ((enum per_kind)y->kind) {
	case PER_NULL:
		wr_printf(w, "null");
		break;
	case PER_BOOLEAN:
		wr_printf(w, n->num ? "true" : "false");
		break;
	case PER_INTEGER:
		if (n->flags & PER_IS_LONG)
			long_integer(w, n, y);
		else
			wr_printf(w, "%lld", (long long)n->num);
		break;
	case PER_ENUMERATED:
		enumerated(t, y, n->num, w);
		break;
	case PER_OCTETS:
	case PER_BITS:
	case PER_OID:
	case PER_CHARS:
	case PER_GENERAL:
		quoted(y, n, w);
		break;
	case PER_OPEN:
		if (n->first != PER_NONE)
			text(t, n->first, w);
		break;
	case PER_LIST:
		list(t, node, w);
		break;
	case PER_SEQUENCE:
		sequence(t, y, node, w);
		break;
	case PER_CHOICE:
		choice(t, y, node, w);
		break;
	}
}

enum err per_text(const struct per_tree *t, uint16_t node, struct wr *w)
{
	if (node == PER_NONE || node >= t->n_nodes)
		return ERR_NOENT;
	text(t, node, w);
	return w->err;
}
