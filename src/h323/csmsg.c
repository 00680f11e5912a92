/* csmsg.c - see csmsg.h. */
#include "h323/csmsg.h"

#include <string.h>

#define OUR_PROTOCOL "0.0.8.2250.0.7"
#define FACILITY_IE  0x1c /* Q.931 table 4-3, of Q.932 */

/* clang-format off */
static const struct cs_fields fields_of[] = {
	[H225_H323_UU_PDU_h323_message_body_setup] = {
		H225_Setup_UUIE_protocolIdentifier, H225_Setup_UUIE_callIdentifier,
		H225_Setup_UUIE_h245Address, H225_Setup_UUIE_fastStart, H225_Setup_UUIE_tokens,
		H225_Setup_UUIE_cryptoTokens, NO_FIELD},
	[H225_H323_UU_PDU_h323_message_body_callProceeding] = {
		H225_CallProceeding_UUIE_protocolIdentifier, H225_CallProceeding_UUIE_callIdentifier,
		H225_CallProceeding_UUIE_h245Address, H225_CallProceeding_UUIE_fastStart,
		H225_CallProceeding_UUIE_tokens, H225_CallProceeding_UUIE_cryptoTokens,
		H225_CallProceeding_UUIE_featureSet},
	[H225_H323_UU_PDU_h323_message_body_connect] = {
		H225_Connect_UUIE_protocolIdentifier, H225_Connect_UUIE_callIdentifier,
		H225_Connect_UUIE_h245Address, H225_Connect_UUIE_fastStart, H225_Connect_UUIE_tokens,
		H225_Connect_UUIE_cryptoTokens, H225_Connect_UUIE_featureSet},
	[H225_H323_UU_PDU_h323_message_body_alerting] = {
		H225_Alerting_UUIE_protocolIdentifier, H225_Alerting_UUIE_callIdentifier,
		H225_Alerting_UUIE_h245Address, H225_Alerting_UUIE_fastStart, H225_Alerting_UUIE_tokens,
		H225_Alerting_UUIE_cryptoTokens, H225_Alerting_UUIE_featureSet},
	[H225_H323_UU_PDU_h323_message_body_information] = {
		H225_Information_UUIE_protocolIdentifier, H225_Information_UUIE_callIdentifier,
		NO_FIELD, H225_Information_UUIE_fastStart, H225_Information_UUIE_tokens,
		H225_Information_UUIE_cryptoTokens, NO_FIELD},
	[H225_H323_UU_PDU_h323_message_body_releaseComplete] = {
		H225_ReleaseComplete_UUIE_protocolIdentifier, H225_ReleaseComplete_UUIE_callIdentifier,
		NO_FIELD, NO_FIELD, H225_ReleaseComplete_UUIE_tokens,
		H225_ReleaseComplete_UUIE_cryptoTokens, H225_ReleaseComplete_UUIE_featureSet},
	[H225_H323_UU_PDU_h323_message_body_facility] = {
		H225_Facility_UUIE_protocolIdentifier, H225_Facility_UUIE_callIdentifier,
		H225_Facility_UUIE_h245Address, H225_Facility_UUIE_fastStart, H225_Facility_UUIE_tokens,
		H225_Facility_UUIE_cryptoTokens, H225_Facility_UUIE_featureSet},
	[H225_H323_UU_PDU_h323_message_body_progress] = {
		H225_Progress_UUIE_protocolIdentifier, H225_Progress_UUIE_callIdentifier,
		H225_Progress_UUIE_h245Address, H225_Progress_UUIE_fastStart, H225_Progress_UUIE_tokens,
		H225_Progress_UUIE_cryptoTokens, NO_FIELD},
	[H225_H323_UU_PDU_h323_message_body_empty] = {
		NO_FIELD, NO_FIELD, NO_FIELD, NO_FIELD, NO_FIELD, NO_FIELD, NO_FIELD},
	[H225_H323_UU_PDU_h323_message_body_status] = {
		H225_Status_UUIE_protocolIdentifier, H225_Status_UUIE_callIdentifier, NO_FIELD,
		NO_FIELD, H225_Status_UUIE_tokens, H225_Status_UUIE_cryptoTokens, NO_FIELD},
	[H225_H323_UU_PDU_h323_message_body_statusInquiry] = {
		H225_StatusInquiry_UUIE_protocolIdentifier, H225_StatusInquiry_UUIE_callIdentifier,
		NO_FIELD, NO_FIELD, H225_StatusInquiry_UUIE_tokens,
		H225_StatusInquiry_UUIE_cryptoTokens, NO_FIELD},
	[H225_H323_UU_PDU_h323_message_body_setupAcknowledge] = {
		H225_SetupAcknowledge_UUIE_protocolIdentifier,
		H225_SetupAcknowledge_UUIE_callIdentifier, NO_FIELD, NO_FIELD,
		H225_SetupAcknowledge_UUIE_tokens, H225_SetupAcknowledge_UUIE_cryptoTokens, NO_FIELD},
	[H225_H323_UU_PDU_h323_message_body_notify] = {
		H225_Notify_UUIE_protocolIdentifier, H225_Notify_UUIE_callIdentifier, NO_FIELD, NO_FIELD,
		H225_Notify_UUIE_tokens, H225_Notify_UUIE_cryptoTokens, NO_FIELD},
};
/* clang-format on */

static const struct cs_fields *fields_for(uint16_t kind)
{
	return kind < sizeof fields_of / sizeof *fields_of
	               ? &fields_of[kind]
	               : &fields_of[H225_H323_UU_PDU_h323_message_body_empty];
}

/* ---- reading ---- */

enum err cs_read_header(struct str in, struct cs_msg *ret_msg)
{
	*ret_msg = (struct cs_msg){
		.uu = PER_NONE, .kind = PER_NONE, .body = PER_NONE, .fields = fields_for(PER_NONE)};
	return q931_read(in, &ret_msg->q);
}

enum err cs_read_h323(struct cs_msg *m, void *memory)
{
	enum err err;

	if (!m->q.has_uuie)
		return OK;
	m->t = per_tree_of(&h323_schema, memory);
	err = per_read(&m->t, H225_H323_UserInformation_T, m->q.uuie);
	if (err != OK)
		return err;
	m->has_h323 = true;
	m->uu = per_field(&m->t, 0, H225_H323_UserInformation_h323_uu_pdu);
	m->body = per_field(&m->t, m->uu, H225_H323_UU_PDU_h323_message_body);
	m->kind = per_choice(&m->t, m->body);
	m->body = per_first(&m->t, m->body);
	m->fields = fields_for(m->kind);
	return OK;
}

uint16_t cs_field(const struct cs_msg *m, uint16_t field)
{
	return field == NO_FIELD ? PER_NONE : per_field(&m->t, m->body, field);
}

bool cs_call_id(const struct cs_msg *m, uint8_t ret_guid[H323_GUID_LEN])
{
	static const uint8_t zeros[H323_GUID_LEN];

	return guid_get(&m->t, cs_field(m, m->fields->call_id), ret_guid) &&
	       memcmp(ret_guid, zeros, sizeof zeros) != 0;
}

enum cs_tunnelling cs_tunnelling(const struct cs_msg *m)
{
	uint16_t word =
		m->has_h323 ? per_field(&m->t, m->uu, H225_H323_UU_PDU_h245Tunnelling) : PER_NONE;

	if (!m->has_h323 || per_field(&m->t, m->uu,
				    H225_H323_UU_PDU_provisionalRespToH245Tunnelling) != PER_NONE)
		return CS_TUNNEL_NO_WORD;
	return per_num(&m->t, word, 0) ? CS_TUNNEL_YES : CS_TUNNEL_NO;
}

static bool first_alias(const struct per_tree *t, uint16_t list, struct h323_alias *ret_alias)
{
	for (uint16_t n = per_first(t, list); n != PER_NONE; n = per_next(t, n)) {
		if (alias_get(t, n, ret_alias) == OK && ret_alias->text[0])
			return true;
	}
	return false;
}

static bool alias_of_number(
	const struct cs_msg *m, enum q931_ie_id id, struct h323_alias *ret_alias)
{
	struct str digits = q931_number(&m->q, id);

	ret_alias->kind = ALIAS_DIGITS;
	return digits.len && str_copy(digits, ret_alias->text, sizeof ret_alias->text);
}

bool cs_destination(const struct cs_msg *m, struct h323_alias *ret_alias)
{
	struct addr at;

	if (first_alias(&m->t, cs_field(m, H225_Setup_UUIE_destinationAddress), ret_alias) ||
		alias_of_number(m, Q931_CALLED_NUMBER, ret_alias))
		return true;
	if (!h225_addr(&m->t, cs_field(m, H225_Setup_UUIE_destCallSignalAddress), &at))
		return false;
	ret_alias->kind = ALIAS_ADDRESS;
	(void)addr_put(&at, ret_alias->text);
	return true;
}

bool cs_source(const struct cs_msg *m, struct h323_alias *ret_alias)
{
	return first_alias(&m->t, cs_field(m, H225_Setup_UUIE_sourceAddress), ret_alias) ||
	       alias_of_number(m, Q931_CALLING_NUMBER, ret_alias);
}

/* ---- writing ---- */

/* Plan and presentation as they were, other digits. */
static void put_number(struct wr *w, const struct q931_ie *ie, struct str digits)
{
	uint8_t value[UINT8_MAX];
	struct wr v = wr_of(value, sizeof value);

	for (size_t i = 0; i < ie->value.len; i++) {
		wr_u8(&v, (uint8_t)ie->value.p[i]);
		if ((uint8_t)ie->value.p[i] & 0x80)
			break;
	}
	wr_str(&v, digits);
	q931_put(w, (enum q931_ie_id)ie->id, wr_done(&v));
}

static void put_h323(const struct cs_msg *m, struct wr *w)
{
	uint8_t *mark = q931_begin_uuie(w);
	enum err err = per_write(&m->t, w);

	if (w->err == OK)
		w->err = err;
	q931_end_uuie(w, mark);
}

static void put_ie(
	const struct cs_msg *m, const struct q931_ie *ie, struct str number, struct wr *w)
{
	if (ie->id & 0x80) /* a single octet (Q.931 4.5.1) */
		wr_u8(w, ie->id);
	else if (ie->id == Q931_USER_USER)
		put_h323(m, w);
	else if (ie->id == Q931_CALLED_NUMBER && number.len)
		put_number(w, ie, number);
	else
		q931_put(w, (enum q931_ie_id)ie->id, ie->value);
}

enum err cs_write(const struct cs_msg *m, uint16_t crv, bool is_from_answering, struct str number,
	struct wr *w)
{
	q931_begin(w, crv, is_from_answering, (enum q931_type)m->q.type);
	for (uint8_t i = 0; i < m->q.n_ies; i++)
		put_ie(m, &m->q.ies[i], number, w);
	return w->err;
}

/* ---- what we originate ---- */

void cs_begin(struct cs_msg *m, const struct cs_own *own, uint16_t kind, void *memory)
{
	uint16_t choice;

	*m = (struct cs_msg){.t = per_tree_of(&h323_schema, memory),
		.has_h323 = true,
		.kind = kind,
		.fields = fields_for(kind)};
	m->uu = per_put(&m->t, per_root(&m->t, H225_H323_UserInformation_T),
		H225_H323_UserInformation_h323_uu_pdu);
	choice = per_put(&m->t, m->uu, H225_H323_UU_PDU_h323_message_body);
	m->body = per_put(&m->t, choice, kind);
	if (m->fields->protocol != NO_FIELD)
		(void)oid_put(&m->t, per_put(&m->t, m->body, m->fields->protocol), OUR_PROTOCOL);
	if (m->fields->call_id != NO_FIELD)
		(void)guid_put(&m->t, per_put(&m->t, m->body, m->fields->call_id), own->guid);
	per_set_num(
		&m->t, per_put(&m->t, m->uu, H225_H323_UU_PDU_h245Tunnelling), own->is_tunnelling);
}

enum err cs_end(const struct cs_msg *m, const struct cs_own *own, enum q931_type type,
	uint8_t cause, uint8_t state, struct wr *w)
{
	q931_begin(w, own->crv, own->is_from_answering, type);
	if (cause)
		q931_put_cause(w, cause);
	if (type == Q931_FACILITY) /* empty, but mandatory (H.225.0 7.3.1) */
		q931_put(w, (enum q931_ie_id)FACILITY_IE, STR_NONE);
	if (type == Q931_STATUS)
		q931_put(w, Q931_CALL_STATE, (struct str){(const char *)&state, 1});
	put_h323(m, w);
	return w->err;
}
