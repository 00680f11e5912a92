/* srtp_key.h - master keys of SRTP as signalling gives them to media: what a sender's tags are made with.
 *
 * One table of the crypto suites that media can check (RFC 4568, 6188, 7714), whatever protocol named
 * them. Keys stand in FLOW_WANT and in records, never in a log, a list or an error. Wiped by who holds
 * them: pools and tables of records do it when an object goes. */
#ifndef IPC_SRTP_KEY_H
#define IPC_SRTP_KEY_H

#include "base/str.h"

enum srtp_suite {
	SRTP_NONE,
	SRTP_AES_CM_128_80, /* AES_CM_128_HMAC_SHA1_80, RFC 4568 section 6.2 */
	SRTP_AES_CM_128_32,
	SRTP_AES_CM_256_80, /* RFC 6188 */
	SRTP_AES_CM_256_32,
	SRTP_AES_GCM_128, /* RFC 7714 */
	SRTP_AES_GCM_256,
	SRTP_SUITE_MAX
};

#define SRTP_MASTER_MAX 46 /* a key of 256 bits and a salt of 112 */
#define SRTP_MKI_MAX    4
#define SRTP_KEYS_MAX   6 /* of one end: an offer's choices, or one choice's keys by their MKIs */

struct srtp_key {
	uint32_t
		tag; /* in signalling: of the choice (RFC 4568 section 4.1); media does not know it */
	uint8_t suite; /* enum srtp_suite */
	uint8_t n_mki; /* bytes of the MKI in each packet; 0: none */
	uint8_t mki[SRTP_MKI_MAX];
	uint8_t master[SRTP_MASTER_MAX]; /* key, salt */
};

/* What an end's media is made with; one of the keys fits. */
struct srtp_keys {
	uint8_t n;
	bool is_chosen; /* in signalling: the answer chose those of a tag; the others are not used */
	uint32_t chosen; /* the tag */
	struct srtp_key keys[SRTP_KEYS_MAX];
};

struct srtp_form {
	uint8_t n_key, n_salt; /* of the master key */
	uint8_t n_tag;         /* of an SRTP packet; SRTCP's HMAC has always 10 */
	bool is_gcm;
};

static inline const struct srtp_form *srtp_form(unsigned suite)
{
	/* clang-format off */
	static const struct srtp_form forms[SRTP_SUITE_MAX] = {
		[SRTP_AES_CM_128_80] = {16, 14, 10, false},
		[SRTP_AES_CM_128_32] = {16, 14,  4, false},
		[SRTP_AES_CM_256_80] = {32, 14, 10, false},
		[SRTP_AES_CM_256_32] = {32, 14,  4, false},
		[SRTP_AES_GCM_128]   = {16, 12, 16, true},
		[SRTP_AES_GCM_256]   = {32, 12, 16, true},
	};
	/* clang-format on */

	return &forms[suite < SRTP_SUITE_MAX ? suite : (unsigned)SRTP_NONE];
}

static inline bool srtp_key_is_chosen(const struct srtp_keys *keys, const struct srtp_key *key)
{
	return !keys->is_chosen || keys->chosen == key->tag;
}

#endif
