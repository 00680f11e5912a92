/* q931.c - see q931.h. Lengths are those of Q.931 4.5.1; codeset shifts are elements like others, since
 * H.225.0 uses codeset 0 alone, and pass. */
#include "h323/q931.h"

#include <string.h>

#define DISCRIMINATOR 0x08 /* Q.931 4.2 */
#define UU_PROTOCOL   0x05 /* H.225.0 7.2.2.31: X.680 and X.691 coded user information */
#define MORE          0x80 /* the extension bit: no octet of the group follows */

static bool is_single(uint8_t id)
{
	return id & 0x80;
}

static enum err read_reference(struct rd *r, struct q931_msg *m)
{
	uint8_t len, first;

	if (rd_u8(r) != DISCRIMINATOR)
		return ERR_SYNTAX;
	len = rd_u8(r);
	if (len > 2)
		return ERR_SYNTAX;
	first = len ? rd_u8(r) : 0;
	m->is_from_answering = first & 0x80;
	m->crv = first & 0x7f;
	if (len == 2)
		m->crv = (uint16_t)(m->crv << 8 | rd_u8(r));
	m->type = rd_u8(r);
	return m->type & 0x80 ? ERR_SYNTAX : r->err;
}

static enum err read_uuie(struct q931_msg *m, struct str value)
{
	if (m->has_uuie)
		return OK; /* the first counts */
	if (value.len < 2 || (uint8_t)value.p[0] != UU_PROTOCOL)
		return ERR_SYNTAX;
	m->has_uuie = true;
	m->uuie = (struct str){value.p + 1, value.len - 1};
	return OK;
}

static enum err read_ie(struct rd *r, struct q931_msg *m)
{
	struct q931_ie ie = {.id = rd_u8(r)};

	if (m->n_ies >= Q931_IES_MAX)
		return ERR_FULL;
	if (is_single(ie.id))
		ie.value = (struct str){(const char *)r->p - 1, 1};
	else
		ie.value = rd_bytes(r, ie.id == Q931_USER_USER ? rd_u16(r) : rd_u8(r));
	if (r->err != OK)
		return r->err;
	m->ies[m->n_ies++] = ie;
	return ie.id == Q931_USER_USER ? read_uuie(m, ie.value) : OK;
}

enum err q931_read(struct str in, struct q931_msg *ret_msg)
{
	struct rd r = rd_of(in);
	struct q931_msg m = {.bytes = in};
	enum err err = read_reference(&r, &m);

	while (err == OK && rd_more(&r))
		err = read_ie(&r, &m);
	if (err == OK)
		*ret_msg = m;
	return r.err != OK ? r.err : err;
}

const struct q931_ie *q931_find(const struct q931_msg *m, enum q931_ie_id id)
{
	for (uint8_t i = 0; i < m->n_ies; i++)
		if (m->ies[i].id == id)
			return &m->ies[i];
	return NULL;
}

/* Behind a group of octets that the extension bit ends. */
static struct str after_group(struct str v)
{
	while (v.len && !((uint8_t)v.p[0] & MORE))
		v = (struct str){v.p + 1, v.len - 1};
	return v.len ? (struct str){v.p + 1, v.len - 1} : v;
}

uint8_t q931_cause(const struct q931_msg *m)
{
	const struct q931_ie *ie = q931_find(m, Q931_CAUSE);
	struct str rest;

	if (!ie || !ie->value.len || ((uint8_t)ie->value.p[0] & 0x60))
		return 0;
	rest = after_group(ie->value);
	return rest.len ? (uint8_t)rest.p[0] & 0x7f : 0;
}

struct str q931_number(const struct q931_msg *m, enum q931_ie_id id)
{
	const struct q931_ie *ie = q931_find(m, id);

	return ie ? after_group(ie->value) : (struct str){0};
}

struct str q931_display(const struct q931_msg *m)
{
	const struct q931_ie *ie = q931_find(m, Q931_DISPLAY);
	struct str s = ie ? ie->value : (struct str){0};

	if (s.len && (uint8_t)s.p[0] & 0x80)
		s = (struct str){s.p + 1, s.len - 1};
	while (s.len && !s.p[s.len - 1])
		s.len--;
	return s;
}

void q931_begin(struct wr *w, uint16_t crv, bool is_from_answering, enum q931_type type)
{
	wr_u8(w, DISCRIMINATOR);
	wr_u8(w, 2);
	wr_u16(w, (uint16_t)((crv & 0x7fff) | (is_from_answering ? 0x8000 : 0)));
	wr_u8(w, (uint8_t)type);
}

void q931_put(struct wr *w, enum q931_ie_id id, struct str value)
{
	if (value.len > UINT8_MAX) {
		w->err = ERR_FULL;
		return;
	}
	wr_u8(w, (uint8_t)id);
	wr_u8(w, (uint8_t)value.len);
	wr_str(w, value);
}

void q931_put_cause(struct wr *w, uint8_t cause)
{
	const uint8_t value[] = {0x80, (uint8_t)(MORE | cause)};

	q931_put(w, Q931_CAUSE, (struct str){(const char *)value, sizeof value});
}

uint8_t *q931_begin_uuie(struct wr *w)
{
	uint8_t *mark;

	wr_u8(w, Q931_USER_USER);
	mark = w->p;
	wr_u16(w, 0);
	wr_u8(w, UU_PROTOCOL);
	return mark;
}

void q931_end_uuie(struct wr *w, uint8_t *mark)
{
	size_t len = w->err == OK ? (size_t)(w->p - mark) - 2 : 0;

	if (len > UINT16_MAX)
		w->err = ERR_FULL;
	if (w->err != OK)
		return;
	mark[0] = (uint8_t)(len >> 8);
	mark[1] = (uint8_t)len;
}

static void put_uuie(struct wr *w, struct str uuie)
{
	uint8_t *mark = q931_begin_uuie(w);

	wr_str(w, uuie);
	q931_end_uuie(w, mark);
}

void q931_forward(struct wr *w, const struct q931_msg *m, uint16_t crv, bool is_from_answering,
	struct str uuie)
{
	bool is_put = false;

	q931_begin(w, crv, is_from_answering, (enum q931_type)m->type);
	for (uint8_t i = 0; i < m->n_ies; i++) {
		const struct q931_ie *ie = &m->ies[i];

		if (is_single(ie->id)) {
			wr_u8(w, ie->id);
		} else if (ie->id != Q931_USER_USER) {
			q931_put(w, (enum q931_ie_id)ie->id, ie->value);
		} else if (!is_put) {
			put_uuie(w, uuie);
			is_put = true;
		}
	}
	if (!is_put && uuie.len)
		put_uuie(w, uuie);
}

const char *q931_type_name(uint8_t type)
{
	switch ((enum q931_type)type) {
	case Q931_ALERTING:
		return "Alerting";
	case Q931_CALL_PROCEEDING:
		return "CallProceeding";
	case Q931_PROGRESS:
		return "Progress";
	case Q931_SETUP:
		return "Setup";
	case Q931_CONNECT:
		return "Connect";
	case Q931_SETUP_ACKNOWLEDGE:
		return "SetupAcknowledge";
	case Q931_CONNECT_ACKNOWLEDGE:
		return "ConnectAcknowledge";
	case Q931_RELEASE_COMPLETE:
		return "ReleaseComplete";
	case Q931_FACILITY:
		return "Facility";
	case Q931_NOTIFY:
		return "Notify";
	case Q931_STATUS_ENQUIRY:
		return "StatusEnquiry";
	case Q931_INFORMATION:
		return "Information";
	case Q931_STATUS:
		return "Status";
	}
	return "unknown message";
}
