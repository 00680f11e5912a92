/* sdes.c - "1 AES_CM_128_HMAC_SHA1_80 inline:KEY|2^20|1:4 ..." (RFC 4568 section 9.1). Pure.
 *
 * Lenient where senders are: a lifetime of any size, base64 without its padding, the old name of the
 * suites of RFC 6188. Lifetimes are not enforced: both ends do that. */
#include <string.h>

#include "base/code.h"
#include "sip/sdes.h"

static unsigned suite_of(struct str name)
{
	static const struct {
		struct str name;
		enum srtp_suite suite;
	} suites[] = {
		{{"AES_CM_128_HMAC_SHA1_80", 23}, SRTP_AES_CM_128_80},
		{{"AES_CM_128_HMAC_SHA1_32", 23}, SRTP_AES_CM_128_32},
		{{"AES_256_CM_HMAC_SHA1_80", 23}, SRTP_AES_CM_256_80},
		{{"AES_256_CM_HMAC_SHA1_32", 23}, SRTP_AES_CM_256_32},
		{{"AES_CM_256_HMAC_SHA1_80", 23}, SRTP_AES_CM_256_80},
		{{"AES_CM_256_HMAC_SHA1_32", 23}, SRTP_AES_CM_256_32},
		{{"AEAD_AES_128_GCM", 16}, SRTP_AES_GCM_128},
		{{"AEAD_AES_256_GCM", 16}, SRTP_AES_GCM_256},
	};

	for (size_t i = 0; i < sizeof suites / sizeof suites[0]; i++) {
		if (str_ieq(name, suites[i].name))
			return suites[i].suite;
	}
	return SRTP_NONE;
}

/* Key and salt of exactly the suite's length, with or without the padding. */
static enum err read_master(struct str text, struct srtp_key *key)
{
	const struct srtp_form *form = srtp_form(key->suite);
	char padded[BASE64_LEN(SRTP_MASTER_MAX) + 1];
	size_t n = 0;
	enum err err;

	if (text.len > BASE64_LEN(SRTP_MASTER_MAX))
		return ERR_SYNTAX;
	memset(padded, '=', sizeof padded);
	if (text.len)
		memcpy(padded, text.p, text.len);
	err = base64_get((struct str){padded, (text.len + 3) / 4 * 4}, false, key->master,
		sizeof key->master, &n);
	explicit_bzero(padded, sizeof padded);
	return err == OK && n == (size_t)form->n_key + form->n_salt ? OK : ERR_SYNTAX;
}

/* RFC 4568 section 6.1: a number, and how many bytes it has in each packet. */
static enum err read_mki(struct str text, struct srtp_key *key)
{
	struct str value = str_cut(&text, ':');
	uint64_t number, n;

	if (str_u64(value, UINT32_MAX, &number) != OK || str_u64(text, SRTP_MKI_MAX, &n) != OK ||
		!n || number >> 8 * n)
		return ERR_SYNTAX;
	key->n_mki = (uint8_t)n;
	for (size_t i = 0; i < n; i++)
		key->mki[i] = (uint8_t)(number >> 8 * (n - 1 - i));
	return OK;
}

/* inline:KEY[|lifetime][|MKI:length] */
static enum err read_key(struct str param, struct srtp_key *key)
{
	struct str method = str_cut(&param, ':');
	enum err err;

	if (!str_ieq(method, STR("inline")))
		return ERR_SYNTAX;
	err = read_master(str_cut(&param, '|'), key);
	while (err == OK && param.len) {
		struct str part = str_cut(&param, '|');

		if (part.len && memchr(part.p, ':', part.len))
			err = read_mki(part, key);
	}
	return err;
}

/* Whether tags stay what the suite says (RFC 4568 section 6.3). Parameters of later documents that must be
 * understood have no '-' before them. */
static bool is_usual(struct str params, unsigned suite)
{
	while (params.len) {
		struct str p = str_cut(&params, ' ');
		bool is_clear =
			str_ieq(p, STR("UNENCRYPTED_SRTP")) || str_ieq(p, STR("UNENCRYPTED_SRTCP"));

		if (!p.len || *p.p == '-' || str_ieq(str_head(p, 4), STR("WSH=")))
			continue;
		if (!is_clear || srtp_form(suite)->is_gcm)
			return false;
	}
	return true;
}

/* Several keys are told apart by their MKIs, which are then of one length. */
static bool are_distinct(const struct srtp_key *keys, uint8_t n)
{
	for (uint8_t i = 1; i < n; i++) {
		if (!keys[i].n_mki || keys[i].n_mki != keys[0].n_mki)
			return false;
	}
	return true;
}

enum err sdes_read(struct str value, uint32_t *ret_tag, struct srtp_key ret_keys[SRTP_KEYS_MAX],
	uint8_t *ret_n)
{
	struct str tag = str_cut(&value, ' '), suite = str_cut(&value, ' ');
	struct str keys = str_cut(&value, ' ');
	uint64_t number;
	uint8_t n = 0;

	*ret_n = 0;
	if (str_u64(tag, 999999999, &number) != OK || !suite.len || !keys.len)
		return ERR_SYNTAX;
	*ret_tag = (uint32_t)number;
	if (!suite_of(suite) || !is_usual(value, suite_of(suite)))
		return OK;
	while (keys.len && n < SRTP_KEYS_MAX) {
		ret_keys[n] = (struct srtp_key){.tag = *ret_tag, .suite = (uint8_t)suite_of(suite)};
		if (read_key(str_cut(&keys, ';'), &ret_keys[n]) != OK)
			return OK;
		n++;
	}
	if (!keys.len && are_distinct(ret_keys, n))
		*ret_n = n;
	return OK;
}
