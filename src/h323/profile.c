/* profile.c - see profile.h. */
#include "h323/profile.h"

#include <string.h>

#include "base/crypt.h"

/* Random, and the same for ever: it is the profile's name. */
static const uint8_t profile_id[H323_GUID_LEN] = {0x1a, 0x8f, 0xda, 0xaf, 0xb4, 0x45, 0x9c, 0xcb,
	0x36, 0x3b, 0x59, 0xd7, 0xe2, 0xd8, 0x51, 0x56};

enum { P_VERSION = 1, P_BOOT, P_NONCE = 4, P_MAC, P_CALL = 7, P_USER };
#define STREAM_LEN  12u /* id, port, lease */
#define STREAM_PART 1   /* its parameter */

static struct str id_str(void)
{
	return (struct str){(const char *)profile_id, sizeof profile_id};
}

struct str profile_key(const struct conf_zone *zone, uint8_t buf[PROFILE_KEY_LEN])
{
	if (!zone->has_pairing)
		return str_of(zone->password);
	hkdf_sha256((struct str){(const char *)zone->pair.secret, sizeof zone->pair.secret},
		STR_NONE, STR("fosse-h323-ras"), buf, PROFILE_KEY_LEN);
	return (struct str){(const char *)buf, PROFILE_KEY_LEN};
}

struct str profile_login(const struct conf_zone *zone)
{
	return str_of(zone->has_pairing ? zone->pair.username : zone->username);
}

/* ---- generic data of H.225.0 ---- */

static uint16_t find(const struct per_tree *t, uint16_t list)
{
	for (uint16_t n = per_first(t, list); n != PER_NONE; n = per_next(t, n)) {
		uint16_t id = per_get(
			t, n, PER_PATH(H225_GenericData_id, H225_GenericIdentifier_nonStandard));

		if (str_eq(per_str(t, id), id_str()))
			return n;
	}
	return PER_NONE;
}

static uint16_t append(struct per_tree *t, uint16_t list)
{
	uint16_t g = per_append(t, list);
	uint16_t id =
		per_put(t, per_put(t, g, H225_GenericData_id), H225_GenericIdentifier_nonStandard);

	per_set_str(t, id, id_str());
	return id == PER_NONE ? PER_NONE : g;
}

static bool put_u64(struct per_tree *t, uint16_t g, uint16_t id, uint64_t n)
{
	uint8_t buf[8];
	struct wr w = wr_of(buf, sizeof buf);

	wr_u64(&w, n);
	return generic_put_raw(t, g, id, wr_done(&w));
}

bool profile_put_version(struct per_tree *t, uint16_t list, uint64_t boot)
{
	uint16_t g = append(t, list);
	static const uint8_t version = PROFILE_VERSION;

	return generic_put_raw(t, g, P_VERSION, (struct str){(const char *)&version, 1}) &&
	       put_u64(t, g, P_BOOT, boot);
}

bool profile_is_in(const struct per_tree *t, uint16_t list)
{
	return find(t, list) != PER_NONE;
}

/* ---- proofs ---- */

/* One octet that says whether the caller is authenticated, then as whom. */
static struct str user_octets(const struct profile_word *word, struct wr *w)
{
	wr_u8(w, word->is_authenticated);
	wr_str(w, str_of(word->user));
	return wr_done(w);
}

static void mac_of(struct str key, char kind, const uint8_t guid[H323_GUID_LEN],
	const uint8_t nonce[PROFILE_NONCE_LEN], const struct profile_word *word,
	uint8_t ret[SHA256_LEN])
{
	uint8_t octets[1 + H323_GUID_LEN + PROFILE_NONCE_LEN + 8 + 1 + sizeof word->user];
	struct wr w = wr_of(octets, sizeof octets);

	wr_u8(&w, (uint8_t)kind);
	wr_bytes(&w, guid, H323_GUID_LEN);
	wr_bytes(&w, nonce, PROFILE_NONCE_LEN);
	if (word->id) {
		wr_u64(&w, word->id);
		(void)user_octets(word, &w);
	}
	hmac_sha256(key, wr_done(&w), ret);
}

bool profile_put_proof(struct per_tree *t, uint16_t list, struct str key, char kind,
	const uint8_t guid[H323_GUID_LEN], const uint8_t nonce[PROFILE_NONCE_LEN],
	const struct profile_word *word)
{
	uint8_t mac[SHA256_LEN], user[1 + sizeof word->user];
	struct wr w = wr_of(user, sizeof user);
	uint16_t g = append(t, list);

	mac_of(key, kind, guid, nonce, word, mac);
	if (!generic_put_raw(t, g, P_NONCE, (struct str){(const char *)nonce, PROFILE_NONCE_LEN}) ||
		!generic_put_raw(t, g, P_MAC, (struct str){(const char *)mac, PROFILE_MAC_LEN}))
		return false;
	return !word->id || (put_u64(t, g, P_CALL, word->id) &&
				    generic_put_raw(t, g, P_USER, user_octets(word, &w)));
}

static bool get_fixed(const struct per_tree *t, uint16_t g, uint16_t id, uint8_t *ret, size_t len)
{
	struct str s = per_str(t, generic_param(t, g, id));

	if (s.len != len)
		return false;
	memcpy(ret, s.p, len);
	return true;
}

static bool get_word(const struct per_tree *t, uint16_t g, struct profile_word *ret)
{
	struct str user = per_str(t, generic_param(t, g, P_USER));
	uint8_t id[8];
	struct rd r;

	*ret = (struct profile_word){0};
	if (!generic_has(t, g, P_CALL))
		return true;
	if (!get_fixed(t, g, P_CALL, id, sizeof id) || !user.len || (uint8_t)user.p[0] > 1)
		return false;
	r = rd_of((struct str){(const char *)id, sizeof id});
	ret->id = rd_u64(&r);
	ret->is_authenticated = user.p[0];
	return ret->id && str_copy(str_skip(user, 1), ret->user, sizeof ret->user);
}

bool profile_get_proof(const struct per_tree *t, uint16_t list, struct profile_proof *ret_proof)
{
	uint16_t g = find(t, list);

	return get_fixed(t, g, P_NONCE, ret_proof->nonce, PROFILE_NONCE_LEN) &&
	       get_fixed(t, g, P_MAC, ret_proof->mac, PROFILE_MAC_LEN) &&
	       get_word(t, g, &ret_proof->word);
}

bool profile_is_right(const struct profile_proof *proof, struct str key, char kind,
	const uint8_t guid[H323_GUID_LEN])
{
	uint8_t mac[SHA256_LEN];

	if (!key.len)
		return false;
	mac_of(key, kind, guid, proof->nonce, &proof->word, mac);
	return crypt_equal(mac, proof->mac, PROFILE_MAC_LEN);
}

uint32_t profile_nonce_time(const uint8_t nonce[PROFILE_NONCE_LEN])
{
	struct rd r = rd_of((struct str){(const char *)nonce, PROFILE_NONCE_LEN});

	return rd_u32(&r);
}

void profile_cut(struct per_tree *t, uint16_t of, uint16_t field)
{
	uint16_t list = per_field(t, of, field), g;
	bool is_cut = false;

	while ((g = find(t, list)) != PER_NONE) {
		per_remove_element(t, list, g);
		is_cut = true;
	}
	if (is_cut && per_count(t, list) == 0)
		per_remove(t, of, field);
}

/* ---- streams, in H.245 ---- */

static uint16_t find_stream(const struct per_tree *t, uint16_t list)
{
	for (uint16_t n = per_first(t, list); n != PER_NONE; n = per_next(t, n)) {
		uint16_t id = per_get(t, n,
			PER_PATH(H245_GenericMessage_messageIdentifier,
				H245_CapabilityIdentifier_uuid));

		if (str_eq(per_str(t, id), id_str()))
			return n;
	}
	return PER_NONE;
}

static bool put_octets(struct per_tree *t, uint16_t node, const uint8_t *octets, size_t len)
{
	uint8_t *p = per_take(t, len);

	if (!p || node == PER_NONE)
		return false;
	memcpy(p, octets, len);
	per_set_str(t, node, (struct str){(const char *)p, len});
	return true;
}

bool profile_put_stream(struct per_tree *t, uint16_t of, uint16_t field, const struct mux_line *mux)
{
	uint8_t buf[STREAM_LEN];
	struct wr w = wr_of(buf, sizeof buf);
	uint16_t g = per_append(t, per_make(t, of, PER_PATH(field))), p;

	wr_u64(&w, mux->stream_id);
	wr_u16(&w, mux->port);
	wr_u16(&w, mux->lease_s);
	per_set_str(t,
		per_put(t, per_put(t, g, H245_GenericMessage_messageIdentifier),
			H245_CapabilityIdentifier_uuid),
		id_str());
	p = per_append(t, per_put(t, g, H245_GenericMessage_messageContent));
	per_set_num(t,
		per_put(t, per_put(t, p, H245_GenericParameter_parameterIdentifier),
			H245_ParameterIdentifier_standard),
		STREAM_PART);
	return put_octets(t,
		per_put(t, per_put(t, p, H245_GenericParameter_parameterValue),
			H245_ParameterValue_octetString),
		buf, sizeof buf);
}

bool profile_get_stream(
	const struct per_tree *t, uint16_t of, uint16_t field, struct mux_line *ret_mux)
{
	uint16_t g = find_stream(t, per_field(t, of, field));
	uint16_t p = per_first(t, per_field(t, g, H245_GenericMessage_messageContent));
	struct str s = per_str(t, per_get(t, p,
					  PER_PATH(H245_GenericParameter_parameterValue,
						  H245_ParameterValue_octetString)));
	struct rd r = rd_of(s);

	*ret_mux = (struct mux_line){0};
	if (s.len != STREAM_LEN)
		return false;
	ret_mux->stream_id = rd_u64(&r);
	ret_mux->port = rd_u16(&r);
	ret_mux->lease_s = rd_u16(&r);
	return ret_mux->stream_id && ret_mux->port >= 1024 && ret_mux->port < UINT16_MAX;
}

void profile_cut_stream(struct per_tree *t, uint16_t of, uint16_t field)
{
	uint16_t list = per_field(t, of, field), g;
	bool is_cut = false;

	while ((g = find_stream(t, list)) != PER_NONE) {
		per_remove_element(t, list, g);
		is_cut = true;
	}
	if (is_cut && per_count(t, list) == 0)
		per_remove(t, of, field);
}
