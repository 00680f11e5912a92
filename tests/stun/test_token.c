/* The token of the multiplexed leg: bytes as another program built them (Python: hmac, zlib), every cut,
 * every flipped bit, every shape that is not quite it. */
#include <stdlib.h>
#include <string.h>

#include "stun/stun.h"
#include "test.h"

/* Media key 00..1f, stream 0123456789abcdef, component r, counter 1000, mapped 203.0.113.7:40000. */
/* clang-format off */
static const uint8_t token_r[] = {
	0x00, 0x01, 0x00, 0x58, 0x21, 0x12, 0xa4, 0x42, 0xa0, 0xa1, 0xa2, 0xa3, 0xa4, 0xa5, 0xa6, 0xa7,
	0xa8, 0xa9, 0xaa, 0xab, 0x00, 0x06, 0x00, 0x26, 0x66, 0x31, 0x3a, 0x30, 0x31, 0x32, 0x33, 0x34,
	0x35, 0x36, 0x37, 0x38, 0x39, 0x61, 0x62, 0x63, 0x64, 0x65, 0x66, 0x3a, 0x72, 0x3a, 0x30, 0x30,
	0x30, 0x30, 0x30, 0x30, 0x30, 0x30, 0x30, 0x30, 0x30, 0x30, 0x30, 0x33, 0x65, 0x38, 0x00, 0x00,
	0x00, 0x1c, 0x00, 0x20, 0xc0, 0x7e, 0x26, 0x09, 0xfe, 0x1b, 0x89, 0x82, 0x43, 0x81, 0x74, 0xc7,
	0xfd, 0x59, 0xd6, 0x18, 0xc9, 0x36, 0xfc, 0xcd, 0x02, 0x71, 0x8a, 0x79, 0x8f, 0xec, 0xf5, 0x6f,
	0x58, 0xe7, 0x49, 0xfd, 0x80, 0x28, 0x00, 0x04, 0x48, 0xf1, 0x67, 0x4a,
};
static const uint8_t answer_r[] = {
	0x01, 0x01, 0x00, 0x38, 0x21, 0x12, 0xa4, 0x42, 0xa0, 0xa1, 0xa2, 0xa3, 0xa4, 0xa5, 0xa6, 0xa7,
	0xa8, 0xa9, 0xaa, 0xab, 0x00, 0x20, 0x00, 0x08, 0x00, 0x01, 0xbd, 0x52, 0xea, 0x12, 0xd5, 0x45,
	0x00, 0x1c, 0x00, 0x20, 0x22, 0x0d, 0x7d, 0x4c, 0xcb, 0x48, 0x17, 0xdc, 0x20, 0xd6, 0xe9, 0xc9,
	0x7d, 0xa2, 0xd7, 0xf5, 0x78, 0x97, 0x37, 0x38, 0xfa, 0x98, 0x2b, 0xf9, 0x0d, 0xcc, 0x0d, 0x16,
	0x12, 0xb4, 0x6e, 0x93, 0x80, 0x28, 0x00, 0x04, 0x33, 0x86, 0x7d, 0x0b,
};
static const uint8_t key_r_control[] = {
	0x78, 0xec, 0xec, 0x1f, 0xac, 0xac, 0xd8, 0x31, 0x99, 0x03, 0xe2, 0xd7, 0x80, 0xe8, 0xe3, 0x22,
	0x28, 0xbe, 0x03, 0x69, 0x37, 0x43, 0x40, 0x51, 0xdf, 0x24, 0x4d, 0xcf, 0x0a, 0x99, 0x0a, 0x18,
};
static const uint8_t key_r_edge[] = {
	0x8b, 0x58, 0x6a, 0x16, 0x11, 0xee, 0xd8, 0xd4, 0xb0, 0x9b, 0xfe, 0xc2, 0x80, 0xa3, 0x97, 0x63,
	0xa8, 0x68, 0x69, 0x29, 0xca, 0xd3, 0x7b, 0x5f, 0xe8, 0x98, 0x37, 0x42, 0x42, 0xb0, 0x59, 0x14,
};
static const uint8_t key_c_control[] = {
	0x01, 0x4a, 0x8e, 0x45, 0xeb, 0x15, 0x41, 0x64, 0x6f, 0x04, 0x96, 0xc1, 0x0c, 0x49, 0x96, 0x93,
	0xa1, 0xc2, 0x24, 0x3e, 0xf3, 0x3a, 0xbf, 0x47, 0x72, 0xb5, 0xfb, 0xd9, 0x61, 0x1e, 0x19, 0x59,
};
static const uint8_t answer_r6[] = {
	0x01, 0x01, 0x00, 0x44, 0x21, 0x12, 0xa4, 0x42, 0xa0, 0xa1, 0xa2, 0xa3, 0xa4, 0xa5, 0xa6, 0xa7,
	0xa8, 0xa9, 0xaa, 0xab, 0x00, 0x20, 0x00, 0x14, 0x00, 0x02, 0xbd, 0x52, 0x01, 0x13, 0xa9, 0xfa,
	0xb2, 0x95, 0xf4, 0xdb, 0xa4, 0xb4, 0x84, 0x94, 0xec, 0xfc, 0xcc, 0xdc, 0x00, 0x1c, 0x00, 0x20,
	0x60, 0x02, 0xc8, 0xf4, 0x50, 0x1e, 0xfe, 0xbc, 0x9d, 0xd2, 0x4e, 0x95, 0xb8, 0xd5, 0x37, 0x56,
	0xd4, 0x81, 0xc0, 0x8d, 0x48, 0x87, 0x6f, 0x97, 0xb0, 0x42, 0x98, 0x00, 0xb0, 0x40, 0x07, 0xa0,
	0x80, 0x28, 0x00, 0x04, 0x3a, 0x0f, 0x48, 0x93,
};
/* clang-format on */

#define OF(array) ((struct str){(const char *)(array), sizeof(array)})
#define STREAM    0x0123456789abcdef

static struct token example(void)
{
	struct token t = {.stream_id = STREAM, .counter = 1000, .component = TOKEN_RTP};

	for (size_t i = 0; i < sizeof t.tid; i++)
		t.tid[i] = (uint8_t)(0xa0 + i);
	return t;
}

static void keys_per_stream_component_and_direction(void)
{
	char media[32];
	uint8_t key[TOKEN_KEY_LEN], other[TOKEN_KEY_LEN];

	for (size_t i = 0; i < sizeof media; i++)
		media[i] = (char)i;
	token_key((struct str){media, 32}, STREAM, TOKEN_RTP, TOKEN_BY_CONTROL, key);
	CHECK(memcmp(key, key_r_control, sizeof key) == 0);
	token_key((struct str){media, 32}, STREAM, TOKEN_RTP, TOKEN_BY_EDGE, key);
	CHECK(memcmp(key, key_r_edge, sizeof key) == 0);
	token_key((struct str){media, 32}, STREAM, TOKEN_RTCP, TOKEN_BY_CONTROL, key);
	CHECK(memcmp(key, key_c_control, sizeof key) == 0);
	token_key((struct str){media, 32}, STREAM + 1, TOKEN_RTCP, TOKEN_BY_CONTROL, other);
	CHECK(memcmp(key, other, sizeof key) != 0);
	media[31] ^= 1;
	token_key((struct str){media, 32}, STREAM, TOKEN_RTCP, TOKEN_BY_CONTROL, other);
	CHECK(memcmp(key, other, sizeof key) != 0);
}

static void builds_the_frame(void)
{
	struct token t = example();
	uint8_t buf[TOKEN_LEN];

	CHECK(str_eq(token_put(&t, key_r_control, buf), OF(token_r)));
}

static void reads_the_frame(void)
{
	struct token t, e = example();

	CHECK(token_parse(OF(token_r), &t) == OK);
	CHECK(t.stream_id == e.stream_id && t.counter == e.counter && t.component == e.component);
	CHECK(memcmp(t.tid, e.tid, sizeof t.tid) == 0);
	CHECK(token_is_proved(OF(token_r), key_r_control));
	CHECK(!token_is_proved(OF(token_r), key_r_edge));
	CHECK(!token_is_proved(OF(token_r), key_c_control));
}

static void all_values_both_ways(void)
{
	static const uint64_t values[] = {
		1, 0xff, 0x8000000000000000, UINT64_MAX, 0xfedcba9876543210};

	for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
		struct token t = example(), back;
		uint8_t buf[TOKEN_LEN];

		t.stream_id = values[i];
		t.counter = values[4 - i];
		t.component = i % 2 ? TOKEN_RTCP : TOKEN_RTP;
		struct str bytes = token_put(&t, key_r_control, buf);
		CHECK(bytes.len == TOKEN_LEN && token_parse(bytes, &back) == OK);
		CHECK(back.stream_id == t.stream_id && back.counter == t.counter);
		CHECK(back.component == t.component);
	}
}

static void every_cut_and_every_flipped_bit(void)
{
	struct token t = {.counter = 77};

	for (size_t cut = 0; cut < sizeof token_r; cut++) {
		uint8_t *copy = malloc(cut + !cut);

		CHECK(copy);
		memcpy(copy, token_r, cut);
		enum err err = token_parse((struct str){(const char *)copy, cut}, &t);
		free(copy);
		CHECK(err == ERR_SYNTAX && t.counter == 77);
	}
	for (size_t bit = 0; bit < sizeof token_r * 8; bit++) {
		uint8_t copy[sizeof token_r];

		memcpy(copy, token_r, sizeof copy);
		copy[bit / 8] ^= (uint8_t)(0x80 >> bit % 8);
		CHECK(token_parse(OF(copy), &t) == ERR_SYNTAX && t.counter == 77);
		CHECK(!token_is_proved(OF(copy), key_r_control));
	}
}

/* A message with a right FINGERPRINT whose name is the one given; padded to a token's length. */
static enum err verdict_of_name(struct str name)
{
	uint8_t buf[200];
	struct wr w = wr_of(buf, sizeof buf);
	struct token t, e = example();

	stun_begin(&w, STUN_REQUEST, STUN_BINDING, e.tid);
	stun_put(&w, SA_USERNAME, name);
	stun_put_sha256(&w, (struct str){(const char *)key_r_control, 32});
	stun_put_fingerprint(&w);
	return token_parse(wr_done(&w), &t);
}

static void names_that_are_none(void)
{
	static const char *const names[] = {"f2:0123456789abcdef:r:00000000000003e8",
		"F1:0123456789abcdef:r:00000000000003e8", "f1:0123456789abcdef:x:00000000000003e8",
		"f1:0123456789abcdeg:r:00000000000003e8", "f1:0123456789abcdef:r:00000000000003eg",
		"f1:0000000000000000:r:00000000000003e8", "f1:0123456789abcdef:r:00000000000003e",
		"f1:0123456789abcdef:r:0000000000003e8", "f1:0123456789abcdef:r:00000000000003e800",
		"f1:0123456789abcde:rr:00000000000003e8", "f1:0123456789abcdef0:r:0000000000003e8",
		"f1::0123456789abcdef:r:0000000000003e8", "f1:0123456789abcdef:r:+0000000000003e8",
		"f10123456789abcdef::r:00000000000003e8", "::::::::::::::::::::::::::::::::::::::"};

	CHECK(verdict_of_name(STR("f1:0123456789abcdef:r:00000000000003e8")) == OK);
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		if (verdict_of_name(str_of(names[i])) == OK)
			printf("# read: %s\n", names[i]);
		CHECK(verdict_of_name(str_of(names[i])) == ERR_SYNTAX);
	}
	CHECK(verdict_of_name(STR("f1:0123456789abcdef:r:00000000000003e\0")) == ERR_SYNTAX);
}

static void other_messages_of_108_bytes(void)
{
	struct token e = example(), t;
	struct str name = STR("f1:0123456789abcdef:r:00000000000003e8");
	struct str key = {(const char *)key_r_control, 32};
	uint8_t buf[200];

	struct wr w = wr_of(buf, sizeof buf);
	stun_begin(&w, STUN_INDICATION, STUN_BINDING, e.tid); /* the wrong class */
	stun_put(&w, SA_USERNAME, name);
	stun_put_sha256(&w, key);
	stun_put_fingerprint(&w);
	CHECK(wr_len(&w) == TOKEN_LEN && token_parse(wr_done(&w), &t) == ERR_SYNTAX);
	w = wr_of(buf, sizeof buf);
	stun_begin(&w, STUN_REQUEST, STUN_ALLOCATE, e.tid); /* the wrong method */
	stun_put(&w, SA_USERNAME, name);
	stun_put_sha256(&w, key);
	stun_put_fingerprint(&w);
	CHECK(wr_len(&w) == TOKEN_LEN && token_parse(wr_done(&w), &t) == ERR_SYNTAX);
	w = wr_of(buf, sizeof buf);
	stun_begin(&w, STUN_REQUEST, STUN_BINDING, e.tid); /* the wrong name's type */
	stun_put(&w, SA_REALM, name);
	stun_put_sha256(&w, key);
	stun_put_fingerprint(&w);
	CHECK(wr_len(&w) == TOKEN_LEN && token_parse(wr_done(&w), &t) == ERR_SYNTAX);
	w = wr_of(buf, sizeof buf);
	stun_begin(&w, STUN_REQUEST, STUN_BINDING, e.tid); /* SHA-1 */
	stun_put(&w, SA_USERNAME, name);
	stun_put_sha1(&w, key);
	stun_put(&w, SA_SOFTWARE, STR("12345678"));
	stun_put_fingerprint(&w);
	CHECK(wr_len(&w) == TOKEN_LEN && token_parse(wr_done(&w), &t) == ERR_SYNTAX);
	w = wr_of(buf, sizeof buf);
	stun_begin(&w, STUN_REQUEST, STUN_BINDING, e.tid); /* no FINGERPRINT */
	stun_put(&w, SA_USERNAME, name);
	stun_put(&w, SA_SOFTWARE, STR("1234"));
	stun_put_sha256(&w, key);
	CHECK(wr_len(&w) == TOKEN_LEN && token_parse(wr_done(&w), &t) == ERR_SYNTAX);
}

static void a_short_mac_is_no_proof(void)
{
	uint8_t buf[TOKEN_LEN];
	struct token t = example();
	struct str bytes = token_put(&t, key_r_control, buf);

	/* half of the MAC, behind it an attribute that fills up: RFC 8489 would take it, a token not */
	buf[20 + 44 + 3] = 16;
	memcpy(buf + 20 + 44 + 20, (const uint8_t[]){0x80, 0x22, 0, 12}, 4);
	CHECK(!token_is_proved(bytes, key_r_control));
	CHECK(token_parse(bytes, &t) == ERR_SYNTAX);
}

static void answers_both_ways(void)
{
	struct token e = example();
	struct addr v4 = addr_v4(203, 0, 113, 7, 40000), v6, back;
	uint8_t buf[TOKEN_ANSWER_MAX], tid[STUN_TID_LEN];

	struct str bytes = token_answer_put(e.tid, &v4, key_r_edge, buf);
	CHECK(str_eq(bytes, OF(answer_r)));
	CHECK(token_answer_parse(bytes, tid, &back) == OK && addr_eq(&v4, &back));
	CHECK(memcmp(tid, e.tid, sizeof tid) == 0);
	CHECK(token_is_proved(bytes, key_r_edge) && !token_is_proved(bytes, key_r_control));
	CHECK(addr_parse(STR("[2001:db8:1234:5678:11:2233:4455:6677]:40000"), &v6) == OK);
	bytes = token_answer_put(e.tid, &v6, key_r_edge, buf);
	CHECK(str_eq(bytes, OF(answer_r6)));
	CHECK(token_answer_parse(bytes, tid, &back) == OK && addr_eq(&v6, &back));
	CHECK(token_is_proved(bytes, key_r_edge));
}

static void answers_that_are_none(void)
{
	uint8_t tid[STUN_TID_LEN];
	struct addr a = addr_v4(9, 9, 9, 9, 9), before = a;
	struct token t;

	CHECK(token_answer_parse(OF(token_r), tid, &a) == ERR_SYNTAX);
	CHECK(token_parse(OF(answer_r), &t) == ERR_SYNTAX);
	for (size_t bit = 0; bit < sizeof answer_r * 8; bit++) {
		uint8_t copy[sizeof answer_r];

		memcpy(copy, answer_r, sizeof copy);
		copy[bit / 8] ^= (uint8_t)(0x80 >> bit % 8);
		CHECK(token_answer_parse(OF(copy), tid, &a) == ERR_SYNTAX);
		CHECK(!token_is_proved(OF(copy), key_r_edge));
	}
	for (size_t cut = 0; cut < sizeof answer_r; cut++)
		CHECK(token_answer_parse(str_head(OF(answer_r), cut), tid, &a) == ERR_SYNTAX);
	CHECK(addr_eq(&a, &before));
}

static void an_answer_is_smaller_than_its_token(void)
{
	CHECK(sizeof token_r == 108 && sizeof answer_r == 76 && sizeof answer_r6 == 88);
}

TEST_MAIN(T(keys_per_stream_component_and_direction), T(builds_the_frame), T(reads_the_frame),
	T(all_values_both_ways), T(every_cut_and_every_flipped_bit), T(names_that_are_none),
	T(other_messages_of_108_bytes), T(a_short_mac_is_no_proof), T(answers_both_ways),
	T(answers_that_are_none), T(an_answer_is_smaller_than_its_token))
