/* STUN messages against messages that another program built (Python: hmac, zlib), in the manner of
 * RFC 5769; every cut and every flipped bit; what must be refused. */
#include <stdlib.h>
#include <string.h>

#include "stun/stun.h"
#include "test.h"

/* Key of the first three: the password of RFC 5769. "both": sha1key, sha256key. "truncated": k. */
/* clang-format off */
static const uint8_t request[] = {
	0x00, 0x01, 0x00, 0x54, 0x21, 0x12, 0xa4, 0x42, 0xa0, 0xa1, 0xa2, 0xa3, 0xa4, 0xa5, 0xa6, 0xa7,
	0xa8, 0xa9, 0xaa, 0xab, 0x80, 0x22, 0x00, 0x0b, 0x74, 0x65, 0x73, 0x74, 0x20, 0x63, 0x6c, 0x69,
	0x65, 0x6e, 0x74, 0x00, 0x00, 0x24, 0x00, 0x04, 0x6e, 0x00, 0x01, 0xff, 0x80, 0x29, 0x00, 0x08,
	0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x00, 0x06, 0x00, 0x09, 0x65, 0x76, 0x74, 0x6a,
	0x3a, 0x68, 0x36, 0x76, 0x59, 0x00, 0x00, 0x00, 0x00, 0x08, 0x00, 0x14, 0x65, 0x45, 0x64, 0x5e,
	0xd3, 0x4d, 0x35, 0x55, 0xba, 0xc6, 0xf5, 0x91, 0x20, 0x65, 0x56, 0x55, 0xb3, 0x13, 0x6a, 0x2c,
	0x80, 0x28, 0x00, 0x04, 0xbb, 0xd9, 0x6e, 0x7e,
};
static const uint8_t answer4[] = {
	0x01, 0x01, 0x00, 0x3c, 0x21, 0x12, 0xa4, 0x42, 0xa0, 0xa1, 0xa2, 0xa3, 0xa4, 0xa5, 0xa6, 0xa7,
	0xa8, 0xa9, 0xaa, 0xab, 0x80, 0x22, 0x00, 0x0b, 0x74, 0x65, 0x73, 0x74, 0x20, 0x76, 0x65, 0x63,
	0x74, 0x6f, 0x72, 0x00, 0x00, 0x20, 0x00, 0x08, 0x00, 0x01, 0xa1, 0x47, 0xe1, 0x12, 0xa6, 0x43,
	0x00, 0x08, 0x00, 0x14, 0x5a, 0x4d, 0xfc, 0x68, 0xc0, 0xb5, 0xc1, 0x5f, 0x4c, 0x0e, 0x07, 0xf6,
	0x39, 0x3a, 0x53, 0xa4, 0xd2, 0xc4, 0xc9, 0x55, 0x80, 0x28, 0x00, 0x04, 0x78, 0x3c, 0x68, 0xda,
};
static const uint8_t answer6[] = {
	0x01, 0x01, 0x00, 0x48, 0x21, 0x12, 0xa4, 0x42, 0xa0, 0xa1, 0xa2, 0xa3, 0xa4, 0xa5, 0xa6, 0xa7,
	0xa8, 0xa9, 0xaa, 0xab, 0x80, 0x22, 0x00, 0x0b, 0x74, 0x65, 0x73, 0x74, 0x20, 0x76, 0x65, 0x63,
	0x74, 0x6f, 0x72, 0x00, 0x00, 0x20, 0x00, 0x14, 0x00, 0x02, 0xa1, 0x47, 0x01, 0x13, 0xa9, 0xfa,
	0xb2, 0x95, 0xf4, 0xdb, 0xa4, 0xb4, 0x84, 0x94, 0xec, 0xfc, 0xcc, 0xdc, 0x00, 0x08, 0x00, 0x14,
	0x08, 0xa4, 0xc6, 0x5a, 0xe6, 0x6b, 0x27, 0x01, 0xd4, 0xcc, 0xb2, 0x4b, 0x72, 0x5c, 0xb7, 0xfe,
	0xe8, 0xc2, 0x60, 0xd9, 0x80, 0x28, 0x00, 0x04, 0x00, 0x0b, 0xca, 0x27,
};
static const uint8_t both[] = {
	0x00, 0x03, 0x00, 0x68, 0x21, 0x12, 0xa4, 0x42, 0xa0, 0xa1, 0xa2, 0xa3, 0xa4, 0xa5, 0xa6, 0xa7,
	0xa8, 0xa9, 0xaa, 0xab, 0x00, 0x06, 0x00, 0x04, 0x75, 0x73, 0x65, 0x72, 0x00, 0x14, 0x00, 0x0b,
	0x65, 0x78, 0x61, 0x6d, 0x70, 0x6c, 0x65, 0x2e, 0x6f, 0x72, 0x67, 0x00, 0x00, 0x15, 0x00, 0x05,
	0x6e, 0x6f, 0x6e, 0x63, 0x65, 0x00, 0x00, 0x00, 0x00, 0x08, 0x00, 0x14, 0xf1, 0x2a, 0x0f, 0x9c,
	0x14, 0x35, 0x0a, 0x31, 0x45, 0x6e, 0xf7, 0x38, 0xeb, 0x47, 0xb4, 0xde, 0x54, 0xde, 0x30, 0xa4,
	0x00, 0x1c, 0x00, 0x20, 0x3b, 0xac, 0x98, 0x7b, 0xc6, 0x18, 0xf6, 0xd8, 0x53, 0x4c, 0x76, 0xbd,
	0xcd, 0x72, 0xce, 0x6e, 0x12, 0x6e, 0x4c, 0xd1, 0x8e, 0x95, 0x10, 0x3c, 0xc1, 0x1b, 0xa2, 0x23,
	0x4c, 0x46, 0x38, 0xfc, 0x80, 0x28, 0x00, 0x04, 0x22, 0x80, 0x5b, 0x7d,
};
static const uint8_t truncated[] = {
	0x00, 0x01, 0x00, 0x1c, 0x21, 0x12, 0xa4, 0x42, 0xa0, 0xa1, 0xa2, 0xa3, 0xa4, 0xa5, 0xa6, 0xa7,
	0xa8, 0xa9, 0xaa, 0xab, 0x00, 0x06, 0x00, 0x01, 0x75, 0x00, 0x00, 0x00, 0x00, 0x1c, 0x00, 0x10,
	0x6f, 0x2b, 0x9e, 0xaa, 0xe8, 0xe3, 0x0b, 0xb0, 0x84, 0xa1, 0x63, 0x76, 0xde, 0x6e, 0xe7, 0x48,
};
/* clang-format on */

static const struct str password = {"VOkJxbRl1RmTxUk/WvJxBt", 22};
static const uint8_t tid[STUN_TID_LEN] = {
	0xa0, 0xa1, 0xa2, 0xa3, 0xa4, 0xa5, 0xa6, 0xa7, 0xa8, 0xa9, 0xaa, 0xab};

#define OF(array) ((struct str){(const char *)(array), sizeof(array)})

static struct str of(const void *p, size_t n)
{
	return (struct str){p, n};
}

static void reads_a_request(void)
{
	struct stun_msg m;
	uint32_t priority;
	uint16_t unknown[STUN_ATTRS_MAX];

	CHECK(stun_parse(OF(request), &m) == OK);
	CHECK(m.class == STUN_REQUEST && m.method == STUN_BINDING && m.n_attrs == 6);
	CHECK(memcmp(m.tid, tid, sizeof tid) == 0);
	CHECK_STR(stun_find(&m, SA_USERNAME)->value, "evtj:h6vY");
	CHECK_STR(stun_find(&m, SA_SOFTWARE)->value, "test client");
	CHECK(stun_u32(&m, SA_PRIORITY, &priority) == OK && priority == 0x6e0001ff);
	CHECK(stun_u32(&m, SA_LIFETIME, &priority) == ERR_NOENT);
	CHECK(stun_u32(&m, SA_SOFTWARE, &priority) == ERR_SYNTAX);
	CHECK(stun_unknown(&m, unknown) == 0);
	CHECK(stun_check_sha1(&m, password) == OK);
	CHECK(stun_check_sha1(&m, STR("VOkJxbRl1RmTxUk/WvJxBT")) == ERR_AUTH);
	CHECK(stun_check_sha256(&m, password) == ERR_NOENT);
}

static void reads_mapped_addresses(void)
{
	struct stun_msg m;
	struct addr a;
	char buf[ADDR_TEXT_SIZE];

	CHECK(stun_parse(OF(answer4), &m) == OK && m.class == STUN_SUCCESS);
	CHECK(stun_check_sha1(&m, password) == OK);
	CHECK(stun_addr(&m, SA_XOR_MAPPED_ADDRESS, &a) == OK);
	CHECK_STR(str_of(addr_put(&a, buf)), "192.0.2.1:32853");
	CHECK(stun_addr(&m, SA_MAPPED_ADDRESS, &a) == ERR_NOENT);
	CHECK(stun_parse(OF(answer6), &m) == OK);
	CHECK(stun_check_sha1(&m, password) == OK);
	CHECK(stun_addr(&m, SA_XOR_MAPPED_ADDRESS, &a) == OK);
	CHECK_STR(str_of(addr_put(&a, buf)), "[2001:db8:1234:5678:11:2233:4455:6677]:32853");
}

static void both_integrities(void)
{
	struct stun_msg m;

	CHECK(stun_parse(OF(both), &m) == OK && m.method == STUN_ALLOCATE && m.n_attrs == 6);
	CHECK(stun_check_sha1(&m, STR("sha1key")) == OK);
	CHECK(stun_check_sha256(&m, STR("sha256key")) == OK);
	CHECK(stun_check_sha1(&m, STR("sha256key")) == ERR_AUTH);
	CHECK(stun_check_sha256(&m, STR("sha1key")) == ERR_AUTH);
}

static void a_truncated_mac(void)
{
	struct stun_msg m;

	CHECK(stun_parse(OF(truncated), &m) == OK);
	CHECK(stun_check_sha256(&m, STR("k")) == OK);
	CHECK(stun_check_sha256(&m, STR("l")) == ERR_AUTH);
}

static void every_cut(void)
{
	for (size_t cut = 0; cut < sizeof both; cut++) {
		uint8_t *copy = malloc(cut + !cut);
		struct stun_msg m = {.n_attrs = 99};

		CHECK(copy);
		memcpy(copy, both, cut);
		enum err err = stun_parse(of(copy, cut), &m);
		free(copy);
		CHECK(err == ERR_SHORT || err == ERR_SYNTAX);
		CHECK(m.n_attrs == 99);
	}
}

static bool is_proved(const uint8_t *bytes, size_t n)
{
	struct stun_msg m;

	return stun_parse(of(bytes, n), &m) == OK && stun_check_sha1(&m, STR("sha1key")) == OK &&
	       stun_check_sha256(&m, STR("sha256key")) == OK;
}

/* The only bits without a say are FINGERPRINT's type: as another attribute it is ignored. */
static void every_flipped_bit(void)
{
	unsigned n_passed = 0;

	CHECK(is_proved(both, sizeof both));
	for (size_t bit = 0; bit < sizeof both * 8; bit++) {
		uint8_t copy[sizeof both];
		bool is_fingerprint_type = bit / 8 == sizeof both - 8 || bit / 8 == sizeof both - 7;

		memcpy(copy, both, sizeof both);
		copy[bit / 8] ^= (uint8_t)(0x80 >> bit % 8);
		n_passed += is_proved(copy, sizeof copy);
		CHECK(is_fingerprint_type || !is_proved(copy, sizeof copy));
	}
	CHECK(n_passed <= 16);
}

/* A message of the given attributes under a header with the right length. */
static size_t message(uint8_t *buf, size_t size, const uint8_t *attrs, size_t n)
{
	struct wr w = wr_of(buf, size);

	stun_begin(&w, STUN_REQUEST, STUN_BINDING, tid);
	buf[2] = (uint8_t)(n >> 8);
	buf[3] = (uint8_t)n;
	wr_bytes(&w, attrs, n);
	return wr_len(&w);
}

static enum err verdict(const uint8_t *attrs, size_t n)
{
	uint8_t buf[1600];
	struct stun_msg m;

	return stun_parse(of(buf, message(buf, sizeof buf, attrs, n)), &m);
}

#define VERDICT(...) verdict((const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__}))

static void lying_lengths(void)
{
	CHECK(VERDICT(0x80, 0x22, 0, 4, 1, 2, 3, 4) == OK);
	CHECK(VERDICT(0x80, 0x22, 0, 5, 1, 2, 3, 4) == ERR_SHORT);
	CHECK(VERDICT(0x80, 0x22, 0xff, 0xff, 1, 2, 3, 4) == ERR_SHORT);
	CHECK(VERDICT(0x80, 0x22, 0, 3, 1, 2, 3, 0) == OK);
	CHECK(VERDICT(0x80, 0x22, 0, 3, 1, 2, 3, 9) == OK); /* padding is ignored (section 14) */
	CHECK(VERDICT(0x80, 0x22, 0, 0) == OK);
	CHECK(VERDICT(0x80, 0x22) == ERR_SYNTAX); /* no multiple of 4 */
}

static void headers_that_are_none(void)
{
	uint8_t buf[24];
	struct stun_msg m;

	CHECK(message(buf, sizeof buf, NULL, 0) == 20);
	CHECK(stun_parse(of(buf, 20), &m) == OK && m.n_attrs == 0);
	buf[3] = 4;
	CHECK(stun_parse(of(buf, 20), &m) == ERR_SYNTAX);
	buf[3] = 0;
	CHECK(stun_parse(of(buf, 24), &m) == ERR_SYNTAX);
	buf[4] ^= 1; /* RFC 3489 had no cookie */
	CHECK(stun_parse(of(buf, 20), &m) == ERR_SYNTAX);
	buf[4] ^= 1;
	buf[0] |= 0x40;
	CHECK(stun_parse(of(buf, 20), &m) == ERR_SYNTAX);
	buf[0] |= 0x80;
	CHECK(stun_parse(of(buf, 20), &m) == ERR_SYNTAX);
	CHECK(stun_parse(STR_NONE, &m) == ERR_SHORT);
}

static void limits_of_number_and_size(void)
{
	uint8_t attrs[33 * 4], big[1504];

	for (size_t i = 0; i < 33; i++)
		memcpy(attrs + 4 * i, (const uint8_t[]){0x80, 0x22, 0, 0}, 4);
	CHECK(verdict(attrs, 32 * 4) == OK);
	CHECK(verdict(attrs, 33 * 4) == ERR_FULL);
	memset(big, 0, sizeof big);
	memcpy(big, (const uint8_t[]){0x80, 0x22, 0x05, 0xc4}, 4); /* 1,476 */
	CHECK(verdict(big, 1480) == OK);
	memcpy(big, (const uint8_t[]){0x80, 0x22, 0x05, 0xc8}, 4);
	CHECK(verdict(big, 1484) == ERR_FULL);
}

static void twice_is_refused(void)
{
	CHECK(VERDICT(0, 6, 0, 4, 'a', 'b', 'c', 'd') == OK);
	CHECK(VERDICT(0, 6, 0, 4, 'a', 'b', 'c', 'd', 0, 6, 0, 4, 'a', 'b', 'c', 'd') ==
		ERR_SYNTAX);
	CHECK(VERDICT(0, 0x12, 0, 0, 0, 0x12, 0, 0) ==
		OK); /* XOR-PEER-ADDRESS may be there often */
}

static void behind_integrity_nothing_counts(void)
{
	uint8_t buf[300];
	struct wr w = wr_of(buf, sizeof buf);
	struct stun_msg m;

	stun_begin(&w, STUN_REQUEST, STUN_BINDING, tid);
	stun_put_sha1(&w, STR("k"));
	stun_put(&w, SA_USERNAME, STR("smuggled"));
	stun_put(&w, (enum stun_type)0x7777, STR("unknown"));
	stun_put_sha256(&w, STR("k"));
	stun_put(&w, SA_REALM, STR("smuggled"));
	stun_put_sha1(&w, STR("k"));
	stun_put_fingerprint(&w);
	CHECK(w.err == OK && stun_parse(wr_done(&w), &m) == OK);
	CHECK(m.n_attrs == 3 && !stun_find(&m, SA_USERNAME) && !stun_find(&m, SA_REALM));
	CHECK(stun_check_sha1(&m, STR("k")) == OK && stun_check_sha256(&m, STR("k")) == OK);
}

static void fingerprint_is_last_and_right(void)
{
	uint8_t buf[100];
	struct wr w = wr_of(buf, sizeof buf);
	struct stun_msg m;

	stun_begin(&w, STUN_INDICATION, STUN_BINDING, tid);
	stun_put_fingerprint(&w);
	CHECK(stun_parse(wr_done(&w), &m) == OK && m.class == STUN_INDICATION);
	stun_put(&w, SA_SOFTWARE, STR("x"));
	CHECK(stun_parse(wr_done(&w), &m) == ERR_SYNTAX);
	CHECK(VERDICT(0x80, 0x28, 0, 4, 1, 2, 3, 4) == ERR_SYNTAX);
	CHECK(VERDICT(0x80, 0x28, 0, 0) == ERR_SYNTAX);
}

static void unknown_types_that_must_be_understood(void)
{
	uint8_t buf[100];
	struct wr w = wr_of(buf, sizeof buf);
	struct stun_msg m;
	uint16_t unknown[STUN_ATTRS_MAX];

	stun_begin(&w, STUN_REQUEST, STUN_BINDING, tid);
	stun_put(&w, (enum stun_type)0x7ffe, STR("x"));
	stun_put(&w, (enum stun_type)0x8ffe, STR("x"));
	stun_put(&w, (enum stun_type)0x0003, STR("x")); /* CHANGE-REQUEST of RFC 3489 */
	stun_put(&w, SA_USE_CANDIDATE, STR_NONE);
	CHECK(stun_parse(wr_done(&w), &m) == OK);
	CHECK(stun_unknown(&m, unknown) == 2 && unknown[0] == 0x7ffe && unknown[1] == 0x0003);
}

/* Every class and method both ways: the bits of a type are interleaved. */
static void types_both_ways(void)
{
	for (int class = 0; class < 4; class ++) {
		for (unsigned method = 0; method < 0x1000; method++) {
			uint8_t buf[20];
			struct wr w = wr_of(buf, sizeof buf);
			struct stun_msg m;

			stun_begin(&w, (enum stun_class) class, (uint16_t)method, tid);
			CHECK(stun_parse(wr_done(&w), &m) == OK);
			CHECK(m.class == (enum stun_class) class && m.method == method);
		}
	}
}

static void builds_what_it_reads(void)
{
	uint8_t buf[200];
	struct wr w = wr_of(buf, sizeof buf);

	stun_begin(&w, STUN_REQUEST, STUN_ALLOCATE, tid);
	stun_put(&w, SA_USERNAME, STR("user"));
	stun_put(&w, SA_REALM, STR("example.org"));
	stun_put(&w, SA_NONCE, STR("nonce"));
	stun_put_sha1(&w, STR("sha1key"));
	stun_put_sha256(&w, STR("sha256key"));
	stun_put_fingerprint(&w);
	CHECK(str_eq(wr_done(&w), OF(both)));
	w = wr_of(buf, sizeof buf);
	struct addr a = addr_v4(192, 0, 2, 1, 32853);
	stun_begin(&w, STUN_SUCCESS, STUN_BINDING, tid);
	stun_put(&w, SA_SOFTWARE, STR("test vector"));
	stun_put_addr(&w, SA_XOR_MAPPED_ADDRESS, &a);
	stun_put_sha1(&w, password);
	stun_put_fingerprint(&w);
	CHECK(str_eq(wr_done(&w), OF(answer4)));
}

static void addresses_both_ways(void)
{
	static const enum stun_type types[] = {SA_MAPPED_ADDRESS, SA_XOR_MAPPED_ADDRESS,
		SA_XOR_PEER_ADDRESS, SA_XOR_RELAYED_ADDRESS, SA_ALTERNATE_SERVER};
	static const char *const texts[] = {
		"1.2.3.4:0", "255.0.255.0:65535", "[::1]:8466", "[2001:db8::ffff]:1"};

	for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
		for (size_t k = 0; k < sizeof texts / sizeof texts[0]; k++) {
			uint8_t buf[64];
			struct wr w = wr_of(buf, sizeof buf);
			struct stun_msg m;
			struct addr a, b;

			CHECK(addr_parse(str_of(texts[k]), &a) == OK);
			stun_begin(&w, STUN_SUCCESS, STUN_BINDING, tid);
			stun_put_addr(&w, types[i], &a);
			CHECK(stun_parse(wr_done(&w), &m) == OK);
			CHECK(stun_addr(&m, types[i], &b) == OK && addr_eq(&a, &b));
		}
	}
}

static void addresses_that_are_none(void)
{
	static const uint8_t rows[][12] = {{0, 3, 0, 1, 1, 2, 3, 4}, {0, 0, 0, 1, 1, 2, 3, 4},
		{0, 2, 0, 1, 1, 2, 3, 4}, {0, 1, 0, 1, 1, 2, 3}, {0, 1, 0, 1, 1, 2, 3, 4, 5}};
	static const size_t lens[] = {8, 8, 8, 7, 9};

	for (size_t i = 0; i < 5; i++) {
		uint8_t buf[64];
		struct wr w = wr_of(buf, sizeof buf);
		struct stun_msg m;
		struct addr a;

		stun_begin(&w, STUN_SUCCESS, STUN_BINDING, tid);
		stun_put(&w, SA_XOR_MAPPED_ADDRESS, of(rows[i], lens[i]));
		CHECK(stun_parse(wr_done(&w), &m) == OK);
		CHECK(stun_addr(&m, SA_XOR_MAPPED_ADDRESS, &a) == ERR_SYNTAX);
	}
}

static void error_codes(void)
{
	uint8_t buf[100];
	struct wr w = wr_of(buf, sizeof buf);
	struct stun_msg m;
	uint16_t code = 0;

	stun_begin(&w, STUN_ERROR, STUN_ALLOCATE, tid);
	stun_put_error(&w, 438, STR("Stale Nonce"));
	CHECK(stun_parse(wr_done(&w), &m) == OK && m.class == STUN_ERROR);
	CHECK(stun_error_code(&m, &code) == OK && code == 438);
	buf[20 + 4 + 3] = 100;
	CHECK(stun_parse(wr_done(&w), &m) == OK && stun_error_code(&m, &code) == ERR_SYNTAX);
	buf[20 + 4 + 3] = 0;
	buf[20 + 4 + 2] = 2;
	CHECK(stun_parse(wr_done(&w), &m) == OK && stun_error_code(&m, &code) == ERR_SYNTAX);
	CHECK(stun_parse(OF(request), &m) == OK && stun_error_code(&m, &code) == ERR_NOENT);
	CHECK(code == 438);
}

static void a_full_writer_says_so(void)
{
	for (size_t size = 0; size < sizeof both; size++) {
		uint8_t *buf = malloc(size + !size);

		CHECK(buf);
		struct wr w = wr_of(buf, size);
		stun_begin(&w, STUN_REQUEST, STUN_ALLOCATE, tid);
		stun_put(&w, SA_USERNAME, STR("user"));
		stun_put(&w, SA_REALM, STR("example.org"));
		stun_put(&w, SA_NONCE, STR("nonce"));
		stun_put_sha1(&w, STR("sha1key"));
		stun_put_sha256(&w, STR("sha256key"));
		stun_put_fingerprint(&w);
		enum err err = w.err;
		free(buf);
		CHECK(err == ERR_FULL);
	}
}

static void a_message_over_1500_is_not_built(void)
{
	static uint8_t buf[4000];
	static char value[1472];
	struct wr w = wr_of(buf, sizeof buf);

	stun_begin(&w, STUN_REQUEST, STUN_BINDING, tid);
	stun_put(&w, SA_DATA, of(value, sizeof value));
	CHECK(w.err == OK && wr_len(&w) == 1496);
	struct wr copy = w;
	stun_put_sha1(&copy, STR("k"));
	CHECK(copy.err == ERR_FULL);
	copy = w;
	stun_put_sha256(&copy, STR("k"));
	CHECK(copy.err == ERR_FULL);
	stun_put_fingerprint(&w);
	CHECK(w.err == ERR_FULL);
}

TEST_MAIN(T(reads_a_request), T(reads_mapped_addresses), T(both_integrities), T(a_truncated_mac),
	T(every_cut), T(every_flipped_bit), T(lying_lengths), T(headers_that_are_none),
	T(limits_of_number_and_size), T(twice_is_refused), T(behind_integrity_nothing_counts),
	T(fingerprint_is_last_and_right), T(unknown_types_that_must_be_understood),
	T(types_both_ways), T(builds_what_it_reads), T(addresses_both_ways),
	T(addresses_that_are_none), T(error_codes), T(a_full_writer_says_so),
	T(a_message_over_1500_is_not_built))
