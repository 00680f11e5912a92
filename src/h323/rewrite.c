/* rewrite.c - see rewrite.h. */
#include "h323/rewrite.h"

#include <string.h>

#define HOPS_LEAST 1 /* hopCount INTEGER (1..31) */

/* 0.0.8.235.0.3, under which H.235.6 has its Diffie-Hellman groups. */
static const uint8_t dh_arc[] = {0x00, 0x08, 0x81, 0x6b, 0x00, 0x03};

static bool is_of_exchange(const struct per_tree *t, uint16_t token)
{
	struct str oid = per_str(t, per_field(t, token, H235_ClearToken_tokenOID));

	return oid.len > sizeof dh_arc && memcmp(oid.p, dh_arc, sizeof dh_arc) == 0;
}

static void cut_tokens(struct per_tree *t, uint16_t body, uint16_t field)
{
	uint16_t list = per_field(t, body, field), next;

	for (uint16_t n = per_first(t, list); n != PER_NONE; n = next) {
		next = per_next(t, n);
		if (!is_of_exchange(t, n))
			per_remove_element(t, list, n);
	}
	if (list != PER_NONE && per_count(t, list) == 0)
		per_remove(t, body, field);
}

/* True: something was taken out, and the list is empty and gone. */
static bool cut_features(struct per_tree *t, uint16_t of, uint16_t field)
{
	static const uint16_t ours[] = {18, 19};
	uint16_t list = per_field(t, of, field), n;
	bool is_cut = false;

	for (size_t i = 0; i < sizeof ours / sizeof *ours; i++) {
		while ((n = generic_find(t, list, ours[i])) != PER_NONE) {
			per_remove_element(t, list, n);
			is_cut = true;
		}
	}
	if (!is_cut || per_count(t, list) > 0)
		return false;
	per_remove(t, of, field);
	return true;
}

static void cut_feature_set(struct per_tree *t, uint16_t body, uint16_t field)
{
	uint16_t set = per_field(t, body, field);
	bool is_cut = cut_features(t, set, H225_FeatureSet_neededFeatures);

	is_cut = cut_features(t, set, H225_FeatureSet_desiredFeatures) || is_cut;
	is_cut = cut_features(t, set, H225_FeatureSet_supportedFeatures) || is_cut;
	if (is_cut && per_count(t, set) <= 1) /* replacementFeatureSet alone */
		per_remove(t, body, field);
}

void rewrite_hop(struct cs_msg *m)
{
	struct per_tree *t = &m->t;

	if (!m->has_h323)
		return;
	if (m->fields->tokens != NO_FIELD)
		cut_tokens(t, m->body, m->fields->tokens);
	if (cs_field(m, m->fields->crypto) != PER_NONE)
		per_remove(t, m->body, m->fields->crypto);
	if (m->fields->features != NO_FIELD)
		cut_feature_set(t, m->body, m->fields->features);
	if (m->kind != H225_H323_UU_PDU_h323_message_body_setup)
		return;
	if (cs_field(m, H225_Setup_UUIE_endpointIdentifier) != PER_NONE)
		per_remove(t, m->body, H225_Setup_UUIE_endpointIdentifier);
	(void)cut_features(t, m->body, H225_Setup_UUIE_neededFeatures);
	(void)cut_features(t, m->body, H225_Setup_UUIE_desiredFeatures);
	(void)cut_features(t, m->body, H225_Setup_UUIE_supportedFeatures);
}

void rewrite_tunnel(struct cs_msg *m, bool is_tunnelling)
{
	uint16_t word;

	if (!m->has_h323)
		return;
	word = per_field(&m->t, m->uu, H225_H323_UU_PDU_h245Tunnelling);
	if (word == PER_NONE || (per_num(&m->t, word, 0) != 0) != is_tunnelling)
		per_set_num(&m->t, per_put(&m->t, m->uu, H225_H323_UU_PDU_h245Tunnelling),
			is_tunnelling);
	if (per_field(&m->t, m->uu, H225_H323_UU_PDU_h245Control) != PER_NONE)
		per_remove(&m->t, m->uu, H225_H323_UU_PDU_h245Control);
	if (m->kind == H225_H323_UU_PDU_h323_message_body_setup &&
		cs_field(m, H225_Setup_UUIE_parallelH245Control) != PER_NONE)
		per_remove(&m->t, m->body, H225_Setup_UUIE_parallelH245Control);
}

bool rewrite_put_control(struct cs_msg *m, struct str pdu)
{
	static const uint16_t path[] = {H225_H323_UU_PDU_h245Control, PER_END};
	uint16_t n;

	if (!m->has_h323)
		return false;
	n = per_append(&m->t, per_make(&m->t, m->uu, path));
	per_set_str(&m->t, n, pdu);
	return n != PER_NONE;
}

void rewrite_h245_address(struct cs_msg *m, const struct addr *addr)
{
	if (!m->has_h323 || m->fields->h245 == NO_FIELD)
		return;
	if (addr)
		(void)h225_put_addr(&m->t, per_put(&m->t, m->body, m->fields->h245), addr);
	else if (cs_field(m, m->fields->h245) != PER_NONE)
		per_remove(&m->t, m->body, m->fields->h245);
}

static uint16_t refusal_field(uint16_t kind)
{
	switch (kind) {
	case H225_H323_UU_PDU_h323_message_body_callProceeding:
		return H225_CallProceeding_UUIE_fastConnectRefused;
	case H225_H323_UU_PDU_h323_message_body_alerting:
		return H225_Alerting_UUIE_fastConnectRefused;
	case H225_H323_UU_PDU_h323_message_body_progress:
		return H225_Progress_UUIE_fastConnectRefused;
	case H225_H323_UU_PDU_h323_message_body_connect:
		return H225_Connect_UUIE_fastConnectRefused;
	case H225_H323_UU_PDU_h323_message_body_facility:
		return H225_Facility_UUIE_fastConnectRefused;
	default:
		return NO_FIELD;
	}
}

void rewrite_fast_start(struct cs_msg *m, bool is_refused)
{
	uint16_t refusal = refusal_field(m->kind);

	if (!m->has_h323)
		return;
	if (cs_field(m, m->fields->fast_start) != PER_NONE)
		per_remove(&m->t, m->body, m->fields->fast_start);
	if (is_refused && refusal != NO_FIELD)
		(void)per_put(&m->t, m->body, refusal);
}

void rewrite_call_id(struct cs_msg *m, const uint8_t *guid)
{
	uint8_t there[H323_GUID_LEN];

	if (!m->has_h323 || m->fields->call_id == NO_FIELD)
		return;
	if (guid_get(&m->t, cs_field(m, m->fields->call_id), there) &&
		memcmp(there, guid, sizeof there) == 0)
		return;
	(void)guid_put(&m->t, per_put(&m->t, m->body, m->fields->call_id), guid);
}

static void put_destination(struct per_tree *t, uint16_t body, const struct h323_alias *alias,
	const struct h323_alias *also)
{
	uint16_t list = per_put(t, body, H225_Setup_UUIE_destinationAddress), n;

	if (alias_put(t, per_append(t, list), alias) != OK) {
		per_remove(t, body, H225_Setup_UUIE_destinationAddress);
		return;
	}
	n = also ? per_append(t, list) : PER_NONE;
	if (n != PER_NONE && alias_put(t, n, also) != OK)
		per_remove_element(t, list, n);
}

static bool lower_hops(struct cs_msg *m)
{
	uint16_t hops = cs_field(m, H225_Setup_UUIE_hopCount);
	int64_t n = per_num(&m->t, hops, HOPS_LEAST + 1);

	if (n <= HOPS_LEAST)
		return false;
	if (hops != PER_NONE)
		per_set_num(&m->t, hops, n - 1);
	return true;
}

bool rewrite_setup(struct cs_msg *m, const struct setup_rewrite *how)
{
	struct per_tree *t = &m->t;

	if (!lower_hops(m))
		return false;
	(void)h225_put_addr(
		t, per_put(t, m->body, H225_Setup_UUIE_destCallSignalAddress), &how->to);
	(void)h225_put_addr(
		t, per_put(t, m->body, H225_Setup_UUIE_sourceCallSignalAddress), &how->from);
	if (how->alias && how->alias->kind != ALIAS_ADDRESS)
		put_destination(t, m->body, how->alias, how->also);
	rewrite_call_id(m, how->guid);
	return true;
}
