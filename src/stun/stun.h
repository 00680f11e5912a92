/* stun.h - STUN messages (RFC 8489) and the token of the multiplexed media leg.
 *
 * msg.c reads and builds messages; token.c is the one frame with which Control proves to Edge that a
 * source address is a stream's. Pure: bytes in, structs out; no socket, no clock, no state. Slices
 * point into the message that was parsed. Messages without the magic cookie (RFC 3489) are refused. */
#ifndef STUN_STUN_H
#define STUN_STUN_H

#include "base/addr.h"

enum stun_class { STUN_REQUEST, STUN_INDICATION, STUN_SUCCESS, STUN_ERROR };

/* clang-format off */
enum stun_method {
	STUN_BINDING = 0x001, STUN_ALLOCATE = 0x003, STUN_REFRESH = 0x004, STUN_SEND = 0x006,
	STUN_DATA = 0x007, STUN_CREATE_PERMISSION = 0x008, STUN_CHANNEL_BIND = 0x009
};

/* RFC 8489 section 18.3, RFC 8656 section 18, RFC 8445 section 16.1. Below 0x8000 an attribute must be
 * understood. */
enum stun_type {
	SA_MAPPED_ADDRESS = 0x0001, SA_USERNAME = 0x0006, SA_MESSAGE_INTEGRITY = 0x0008,
	SA_ERROR_CODE = 0x0009, SA_UNKNOWN_ATTRIBUTES = 0x000a, SA_CHANNEL_NUMBER = 0x000c,
	SA_LIFETIME = 0x000d, SA_XOR_PEER_ADDRESS = 0x0012, SA_DATA = 0x0013, SA_REALM = 0x0014,
	SA_NONCE = 0x0015, SA_XOR_RELAYED_ADDRESS = 0x0016, SA_REQUESTED_ADDRESS_FAMILY = 0x0017,
	SA_EVEN_PORT = 0x0018, SA_REQUESTED_TRANSPORT = 0x0019, SA_DONT_FRAGMENT = 0x001a,
	SA_MESSAGE_INTEGRITY_SHA256 = 0x001c, SA_PASSWORD_ALGORITHM = 0x001d, SA_USERHASH = 0x001e,
	SA_XOR_MAPPED_ADDRESS = 0x0020, SA_RESERVATION_TOKEN = 0x0022, SA_PRIORITY = 0x0024,
	SA_USE_CANDIDATE = 0x0025, SA_ADDITIONAL_ADDRESS_FAMILY = 0x8000,
	SA_ADDRESS_ERROR_CODE = 0x8001, SA_PASSWORD_ALGORITHMS = 0x8002, SA_ALTERNATE_DOMAIN = 0x8003,
	SA_ICMP = 0x8004, SA_SOFTWARE = 0x8022, SA_ALTERNATE_SERVER = 0x8023, SA_FINGERPRINT = 0x8028,
	SA_ICE_CONTROLLED = 0x8029, SA_ICE_CONTROLLING = 0x802a
};
/* clang-format on */

#define STUN_HEADER_LEN  20
#define STUN_ATTRS_MAX   32
#define STUN_MESSAGE_MAX 1500
#define STUN_TID_LEN     12

struct stun_attr {
	uint16_t type;
	uint16_t at; /* offset of its header in the message */
	struct str value;
};

/* Attributes in their order. What follows an integrity attribute and is neither the other one nor
 * FINGERPRINT is not in the list (RFC 8489 section 14.5). */
struct stun_msg {
	struct str bytes;
	enum stun_class class;
	uint16_t method; /* enum stun_method, or one that we do not know */
	uint8_t tid[STUN_TID_LEN];
	uint32_t n_attrs;
	struct stun_attr attrs[STUN_ATTRS_MAX];
};

/* The datagram must be exactly one message. ERR_SHORT, ERR_SYNTAX (not STUN, wrong length, an attribute
 * twice that may be there once, FINGERPRINT not last or wrong), ERR_FULL (more than 32 attributes, or
 * more than 1,500 bytes). */
MUST_USE enum err stun_parse(struct str bytes, struct stun_msg *ret_msg);
const struct stun_attr *stun_find(
	const struct stun_msg *m, enum stun_type type); /* the first, or NULL */
/* ERR_NOENT: not there; ERR_SYNTAX: a wrong length or family. */
MUST_USE enum err stun_addr(
	const struct stun_msg *m, enum stun_type type, struct addr *ret_addr); /* plain and XOR- */
MUST_USE enum err stun_u32(const struct stun_msg *m, enum stun_type type, uint32_t *ret_value);
MUST_USE enum err stun_error_code(const struct stun_msg *m, uint16_t *ret_code);
/* Types below 0x8000 that we do not know, for 420: how many, at most STUN_ATTRS_MAX. */
size_t stun_unknown(const struct stun_msg *m, uint16_t ret_types[STUN_ATTRS_MAX]);
/* ERR_NOENT: not there; ERR_AUTH: it is not this key's. Compared in constant time. */
MUST_USE enum err stun_check_sha1(const struct stun_msg *m, struct str key);
MUST_USE enum err stun_check_sha256(const struct stun_msg *m, struct str key);

/* Building. The writer must start with the message: w = wr_of(buf, size), stun_begin, stun_put...,
 * integrity, fingerprint. Each keeps the header's length right; overflow is the writer's ERR_FULL.
 * Padding is zero. */
void stun_begin(
	struct wr *w, enum stun_class class, uint16_t method, const uint8_t tid[STUN_TID_LEN]);
void stun_put(struct wr *w, enum stun_type type, struct str value);
void stun_put_u32(struct wr *w, enum stun_type type, uint32_t value);
void stun_put_addr(
	struct wr *w, enum stun_type type, const struct addr *a); /* XORed where the type is */
void stun_put_error(struct wr *w, uint16_t code, struct str reason);
void stun_put_sha1(struct wr *w, struct str key);
void stun_put_sha256(struct wr *w, struct str key);
void stun_put_fingerprint(struct wr *w);

/* ---- the token of the multiplexed leg ----
 * A Binding request of 108 bytes that Control sends from a media port, and Edge's answer of 76 (IPv6:
 * 88). Keys are derived per stream, component and direction from the zone's media key: no key is in a
 * signalling message, and the key outlives connections and processes. */
#define TOKEN_KEY_LEN    32
#define TOKEN_LEN        108
#define TOKEN_ANSWER_MAX 88

enum token_component { TOKEN_RTP = 'r', TOKEN_RTCP = 'c' };
enum token_sender { TOKEN_BY_CONTROL = 'C', TOKEN_BY_EDGE = 'E' };

struct token {
	uint64_t stream_id; /* 64 random bits, never 0; chosen by Edge */
	uint64_t counter;   /* strictly rising per stream and component */
	enum token_component component;
	uint8_t tid[STUN_TID_LEN];
};

void token_key(struct str media_key, uint64_t stream_id, enum token_component component,
	enum token_sender sender, uint8_t ret_key[TOKEN_KEY_LEN]);
struct str token_put(
	const struct token *t, const uint8_t key[TOKEN_KEY_LEN], uint8_t buf[TOKEN_LEN]);
/* Everything that is cheap: length, cookie, FINGERPRINT, the shape of each field. Proves nothing: then
 * look up the id, compare the counter, and ask token_is_proved. ERR_SYNTAX. */
MUST_USE enum err token_parse(struct str bytes, struct token *ret_token);
bool token_is_proved(
	struct str bytes, const uint8_t key[TOKEN_KEY_LEN]); /* one HMAC; of token and answer */
/* Edge's answer to the token: the source that it saw. key: TOKEN_BY_EDGE. */
struct str token_answer_put(const uint8_t tid[STUN_TID_LEN], const struct addr *mapped,
	const uint8_t key[TOKEN_KEY_LEN], uint8_t buf[TOKEN_ANSWER_MAX]);
/* Shape alone, like token_parse. */
MUST_USE enum err token_answer_parse(
	struct str bytes, uint8_t ret_tid[STUN_TID_LEN], struct addr *ret_mapped);

#endif
