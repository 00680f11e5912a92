/* Addresses: texts both ways, the strict reader, prefixes at every length, body form. */
#include <string.h>

#include "base/addr.h"
#include "test.h"

static void texts_both_ways(void)
{
	static const struct {
		const char *in, *out;
	} rows[] = {{"1.2.3.4:5", "1.2.3.4:5"}, {"1.2.3.4", "1.2.3.4:0"},
		{"0.0.0.0:0", "0.0.0.0:0"}, {"255.255.255.255:65535", "255.255.255.255:65535"},
		{"[::1]:80", "[::1]:80"}, {"[::1]", "[::1]:0"}, {"::1", "[::1]:0"},
		{"2001:DB8::A:0", "[2001:db8::a:0]:0"},
		{"[2001:db8:1:2:3:4:5:6]:65535", "[2001:db8:1:2:3:4:5:6]:65535"},
		{"[::ffff:1.2.3.4]:7", "[::ffff:1.2.3.4]:7"},
		{"ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255",
			"[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]:0"}};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		char buf[ADDR_TEXT_SIZE];
		struct addr a, again;

		CHECK(addr_parse(str_of(rows[i].in), &a) == OK);
		CHECK_STR(str_of(addr_put(&a, buf)), rows[i].out);
		CHECK(addr_parse(str_of(buf), &again) == OK);
		CHECK(addr_eq(&a, &again));
	}
}

static void what_is_no_address(void)
{
	static const char *const rows[] = {"", ":", ":5", "1.2.3.4:", "1.2.3.4:65536", "1.2.3.4:-1",
		"1.2.3.4:5x", "1.2.3.4:5:6", "1.2.3", "1.2.3.4.5", "01.2.3.4", "256.1.1.1",
		"1.2.3.4 ", "[1.2.3.4]", "[1.2.3.4]:5", "[", "[]", "[]:5", "[::1", "[::1]5",
		"[::1]:", "[::1]:x", "[::1]:65536", "[[::1]]:5", "]:5", "::1:", "::g",
		"1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "fe80::1%eth0", "[fe80::1%25eth0]:5",
		"host.example:5060", "localhost", "1.2.3.4%2:5", "[::ffff:1.2.3.256]", "0x1.2.3.4",
		"1.2.3.4\t", "\xef\xbc\x91.2.3.4"};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct addr a = addr_v4(9, 9, 9, 9, 9), before = a;

		if (addr_parse(str_of(rows[i]), &a) == OK)
			printf("# read: \"%s\"\n", rows[i]);
		CHECK(addr_parse(str_of(rows[i]), &a) != OK);
		CHECK(addr_eq(&a, &before));
	}
}

static void long_inputs_are_refused(void)
{
	char text[4096];
	struct addr a;

	memset(text, '1', sizeof text);
	CHECK(addr_parse((struct str){text, sizeof text}, &a) == ERR_SYNTAX);
	memset(text, ':', sizeof text);
	CHECK(addr_parse((struct str){text, sizeof text}, &a) == ERR_SYNTAX);
	memset(text, '[', sizeof text);
	CHECK(addr_parse((struct str){text, sizeof text}, &a) == ERR_SYNTAX);
}

static void compares_and_unmaps(void)
{
	struct addr a = addr_v4(1, 2, 3, 4, 5), b = addr_with_port(&a, 6), m, none = {0};
	char buf[ADDR_TEXT_SIZE];

	CHECK(addr_same_host(&a, &b) && !addr_eq(&a, &b));
	CHECK(addr_parse(STR("[::ffff:1.2.3.4]:5"), &m) == OK);
	CHECK(!addr_same_host(&a, &m));
	m = addr_unmapped(&m);
	CHECK(addr_eq(&a, &m));
	m = addr_unmapped(&m);
	CHECK(addr_eq(&a, &m));
	CHECK(addr_is_any(&none) && !addr_is_any(&a));
	CHECK_STR(str_of(addr_put_host(&none, buf)), "none");
	CHECK_STR(str_of(addr_put_host(&a, buf)), "1.2.3.4");
}

static void prefixes_at_every_length(void)
{
	for (unsigned bits = 0; bits <= 128; bits++) {
		struct addr a = {.family = AF_V6};
		struct prefix p;

		memset(a.ip, 0x5a, sizeof a.ip);
		p = (struct prefix){a, (uint8_t)bits};
		for (unsigned flip = 0; flip < 128; flip++) {
			struct addr b = a;

			b.ip[flip / 8] ^= (uint8_t)(0x80 >> flip % 8);
			CHECK(prefix_has(&p, &b) == (flip >= bits));
		}
		CHECK(prefix_has(&p, &a));
	}
}

static void prefix_texts(void)
{
	static const char *const bad[] = {"", "/", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/x",
		"10.0.0.0/8/8", "10.0.0.0/-1", "::/129", "10.0.0/8", "[::]/8"};
	struct prefix p;
	struct addr v4 = addr_v4(10, 1, 2, 3, 0);

	CHECK(prefix_parse(STR("10.0.0.0/8"), &p) == OK && p.bits == 8 && prefix_has(&p, &v4));
	CHECK(prefix_parse(STR("10.1.2.3"), &p) == OK && p.bits == 32 && prefix_has(&p, &v4));
	CHECK(prefix_parse(STR("0.0.0.0/0"), &p) == OK && p.bits == 0 && prefix_has(&p, &v4));
	CHECK(prefix_parse(STR("::/0"), &p) == OK && !prefix_has(&p, &v4));
	CHECK(prefix_parse(STR("fd00::1"), &p) == OK && p.bits == 128);
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		if (prefix_parse(str_of(bad[i]), &p) == OK)
			printf("# read: \"%s\"\n", bad[i]);
		CHECK(prefix_parse(str_of(bad[i]), &p) != OK);
	}
}

static void body_form(void)
{
	static const char *const rows[] = {"1.2.3.4:5", "[2001:db8::1]:65535"};

	for (size_t i = 0; i < 2; i++) {
		uint8_t buf[64];
		struct wr w = wr_of(buf, sizeof buf);
		struct addr a, b;
		struct rd r, v;
		uint16_t tag;

		CHECK(addr_parse(str_of(rows[i]), &a) == OK);
		wr_t_addr(&w, 7, &a);
		r = rd_of(wr_done(&w));
		CHECK(rd_tag(&r, &tag, &v) && tag == 7);
		b = rd_t_addr(&v);
		CHECK(v.err == OK && addr_eq(&a, &b));
		for (size_t cut = 0; cut < wr_len(&w) - 4; cut++) {
			v = rd_of((struct str){(const char *)buf + 4, cut});
			b = rd_t_addr(&v);
			CHECK(v.err == ERR_SHORT || v.err == ERR_SYNTAX);
			CHECK(b.family == AF_NONE && addr_is_any(&b));
		}
	}
}

static void hostile_bodies(void)
{
	static const uint8_t odd_family[] = {5, 0, 1, 1, 2, 3, 4},
			     too_long[] = {4, 0, 1, 1, 2, 3, 4, 5}, none[] = {0, 0, 1, 1, 2, 3, 4};
	struct rd v = rd_of((struct str){(const char *)odd_family, sizeof odd_family});
	struct addr a = rd_t_addr(&v);

	CHECK(v.err == ERR_SYNTAX && a.family == AF_NONE);
	v = rd_of((struct str){(const char *)too_long, sizeof too_long});
	a = rd_t_addr(&v);
	CHECK(v.err == ERR_SYNTAX);
	v = rd_of((struct str){(const char *)none, sizeof none});
	a = rd_t_addr(&v);
	CHECK(v.err == OK && a.family == AF_NONE && addr_is_any(&a) && a.port == 0);
}

TEST_MAIN(T(texts_both_ways), T(what_is_no_address), T(long_inputs_are_refused),
	T(compares_and_unmaps), T(prefixes_at_every_length), T(prefix_texts), T(body_form),
	T(hostile_bodies))
