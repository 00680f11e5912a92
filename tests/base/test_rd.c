/* Readers and writers: sticky errors, nesting, every cut of a message, tagged fields. */
#include <stdlib.h>
#include <string.h>

#include "base/rd.h"
#include "test.h"

static const uint8_t numbers[15] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};

static struct str of(const void *p, size_t n)
{
	return (struct str){p, n};
}

static void numbers_in_network_order(void)
{
	struct rd r = rd_of(of(numbers, sizeof numbers));

	CHECK(rd_u8(&r) == 1);
	CHECK(rd_u16(&r) == 0x0203);
	CHECK(rd_u32(&r) == 0x04050607);
	CHECK(rd_u64(&r) == 0x08090a0b0c0d0e0f);
	CHECK(r.err == OK && !rd_more(&r) && rd_left(&r) == 0);
}

static void an_error_sticks_with_field_and_place(void)
{
	struct rd r = rd_of(of(numbers, 3));

	rd_at(&r, "first");
	CHECK(rd_u16(&r) == 0x0102);
	rd_at(&r, "second");
	CHECK(rd_u16(&r) == 0);
	CHECK(r.err == ERR_SHORT);
	rd_at(&r, "third");
	CHECK(rd_u8(&r) == 0); /* though a byte is left */
	CHECK(strcmp(r.at, "second") == 0);
	CHECK(r.p - r.start == 2);
	CHECK(!rd_more(&r) && rd_left(&r) == 0);
	rd_fail(&r, ERR_SYNTAX);
	CHECK(r.err == ERR_SHORT);
}

static void slices_and_copies(void)
{
	struct rd r = rd_of(of(numbers, 4));
	uint8_t buf[4] = {9, 9, 9, 9};

	CHECK(rd_bytes(&r, 0).len == 0 && r.err == OK);
	CHECK(rd_bytes(&r, 2).p == (const char *)numbers);
	rd_copy(&r, buf, 2);
	CHECK(buf[0] == 3 && buf[1] == 4);
	rd_copy(&r, buf, 1);
	CHECK(r.err == ERR_SHORT && buf[0] == 0);
	CHECK(rd_bytes(&r, 1).len == 0);
	r = rd_of(of(numbers, 4));
	CHECK(rd_bytes(&r, SIZE_MAX).len == 0 && r.err == ERR_SHORT);
}

static void empty_input(void)
{
	struct rd r = rd_of(STR_NONE);

	CHECK(!rd_more(&r) && rd_left(&r) == 0);
	CHECK(rd_bytes(&r, 0).len == 0 && r.err == OK);
	struct rd sub = rd_sub(&r, 0);
	CHECK(sub.err == OK && !rd_more(&sub));
	CHECK(rd_u8(&r) == 0 && r.err == ERR_SHORT);
}

static void nested_readers_stay_inside(void)
{
	struct rd r = rd_of(of(numbers, 6)), sub = rd_sub(&r, 2);

	CHECK(rd_left(&sub) == 2 && rd_left(&r) == 4);
	CHECK(rd_u32(&sub) == 0 && sub.err == ERR_SHORT);
	CHECK(r.err == OK);
	rd_join(&r, &sub);
	CHECK(r.err == ERR_SHORT && r.p == numbers);
	sub = rd_sub(&r, 1);
	CHECK(sub.err == ERR_SHORT && rd_u8(&sub) == 0);
	r = rd_of(of(numbers, 6));
	sub = rd_sub(&r, 7);
	CHECK(r.err == ERR_SHORT && sub.err == ERR_SHORT && rd_left(&sub) == 0);
	r = rd_of(of(numbers, 6));
	sub = rd_sub(&r, 2);
	rd_join(&r, &sub);
	CHECK(r.err == OK && rd_u8(&r) == 3);
}

enum { T_A = 1, T_B, T_C, T_LIST, T_Z };

/* A body as rows and records have it: numbers of each width, a text, a nested list, text for an array. */
static size_t build(uint8_t *buf, size_t size)
{
	struct wr w = wr_of(buf, size);
	uint8_t *mark;

	wr_t_u8(&w, T_A, 0x11);
	wr_t_u16(&w, T_A, 0x2222);
	wr_t_u32(&w, T_A, 0x33333333);
	wr_t_u64(&w, T_A, 0x4444444444444444);
	wr_t_str(&w, T_B, STR("text"));
	mark = wr_t_begin(&w, T_LIST);
	wr_t_u8(&w, T_C, 1);
	wr_t_u8(&w, T_C, 2);
	wr_t_end(&w, mark);
	wr_t_u32(&w, 999, 7); /* a tag that the reader does not know */
	wr_t_z(&w, T_Z, "zz");
	return wr_len(&w);
}

struct body {
	uint64_t sum;
	struct str text;
	unsigned n_list;
	char z[4];
};

static enum err take(struct str bytes, struct body *b)
{
	struct rd r = rd_of(bytes), v, item;
	uint16_t tag, inner;

	*b = (struct body){0};
	while (rd_tag(&r, &tag, &v)) {
		if (tag == T_A)
			b->sum += rd_t_num(&v);
		else if (tag == T_B)
			b->text = rd_t_str(&v);
		else if (tag == T_Z)
			rd_t_z(&v, b->z, sizeof b->z);
		while (tag == T_LIST && rd_tag(&v, &inner, &item))
			b->n_list += (unsigned)rd_t_num(&item);
		rd_join(&r, &v);
	}
	return r.err;
}

static void tagged_fields_come_back(void)
{
	uint8_t buf[128];
	size_t n = build(buf, sizeof buf);
	struct body b;

	CHECK(n == 5 + 6 + 8 + 12 + 8 + 14 + 8 + 6);
	CHECK(take(of(buf, n), &b) == OK);
	CHECK(b.sum == 0x11ull + 0x2222 + 0x33333333 + 0x4444444444444444);
	CHECK_STR(b.text, "text");
	CHECK(b.n_list == 3);
	CHECK_STR(str_of(b.z), "zz");
}

static bool is_boundary(size_t at)
{
	static const size_t ends[] = {0, 5, 11, 19, 31, 39, 53, 61, 67};

	for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
		if (ends[i] == at)
			return true;
	}
	return false;
}

static void every_cut_of_a_body(void)
{
	uint8_t buf[128];
	size_t n = build(buf, sizeof buf);

	for (size_t cut = 0; cut <= n; cut++) {
		uint8_t *copy = malloc(cut + !cut); /* its own block: a byte too far is seen */
		struct body b;

		CHECK(copy);
		memcpy(copy, buf, cut);
		enum err err = take(of(copy, cut), &b);
		free(copy);
		CHECK(err == (is_boundary(cut) ? OK : ERR_SHORT));
	}
}

/* No byte of a body, whatever its value, makes a reader leave it or end in anything but OK or an error. */
static void every_byte_wrong(void)
{
	uint8_t buf[128];
	size_t n = build(buf, sizeof buf);

	for (size_t i = 0; i < n; i++) {
		for (int v = 0; v < 256; v++) {
			uint8_t *copy = malloc(n);
			struct body b;

			CHECK(copy);
			memcpy(copy, buf, n);
			copy[i] = (uint8_t)v;
			enum err err = take(of(copy, n), &b);
			free(copy);
			CHECK(err == OK || err == ERR_SHORT || err == ERR_SYNTAX ||
				err == ERR_RANGE);
		}
	}
}

static void numbers_of_odd_width_and_long_texts(void)
{
	static const uint8_t three[3] = {1, 2, 3};
	struct rd v = rd_of(of(three, 3));
	char z[4] = "xxx";

	CHECK(rd_t_num(&v) == 0 && v.err == ERR_SYNTAX);
	v = rd_of(STR_NONE);
	CHECK(rd_t_num(&v) == 0 && v.err == ERR_SYNTAX);
	v = rd_of(STR("abcd"));
	rd_t_z(&v, z, sizeof z);
	CHECK(v.err == ERR_RANGE && z[0] == '\0');
	v = rd_of(STR("a\0b"));
	rd_t_z(&v, z, sizeof z);
	CHECK(v.err == ERR_RANGE && z[0] == '\0');
	v = rd_of(STR("abc"));
	rd_t_z(&v, z, sizeof z);
	CHECK(v.err == OK);
	CHECK_STR(str_of(z), "abc");
}

static void writers_refuse_what_does_not_fit(void)
{
	uint8_t whole[128];
	size_t n = build(whole, sizeof whole);

	for (size_t size = 0; size < n; size++) {
		uint8_t *buf = malloc(size + !size);

		CHECK(buf);
		size_t len = build(buf, size);
		free(buf);
		CHECK(len == 0);
	}
	CHECK(build(whole, n) == n);
}

static void a_failed_writer_stays_failed(void)
{
	uint8_t buf[4];
	struct wr w = wr_of(buf, sizeof buf);

	wr_u16(&w, 1);
	wr_u32(&w, 2);
	CHECK(w.err == ERR_FULL && wr_len(&w) == 0 && wr_done(&w).len == 0);
	wr_u8(&w, 3); /* it would fit: a message with a hole must not */
	CHECK(w.err == ERR_FULL && w.p == buf + 2);
	wr_printf(&w, "x");
	CHECK(w.err == ERR_FULL && w.p == buf + 2);
}

static void texts(void)
{
	char buf[8];
	struct wr w = wr_of(buf, sizeof buf);

	wr_printf(&w, "%d", 12345);
	wr_str(&w, STR("ab"));
	CHECK_STR(wr_done(&w), "12345ab");
	wr_printf(&w, "x"); /* room for the text, none for its NUL */
	CHECK(w.err == ERR_FULL);
	w = wr_of(buf, sizeof buf);
	wr_printf(&w, "%s", "12345678");
	CHECK(w.err == ERR_FULL);
	w = wr_of(buf, 0);
	wr_printf(&w, "%s", "");
	CHECK(w.err == ERR_FULL);
	w = wr_of(buf, sizeof buf);
	wr_str(&w, STR_NONE);
	CHECK(w.err == OK && wr_len(&w) == 0);
}

static void lengths_over_16_bits(void)
{
	static uint8_t buf[70000];
	static char text[65536];
	struct wr w = wr_of(buf, sizeof buf);
	uint8_t *mark;

	wr_t_str(&w, 1, of(text, 65535));
	CHECK(w.err == OK);
	w = wr_of(buf, sizeof buf);
	wr_t_str(&w, 1, of(text, 65536));
	CHECK(w.err == ERR_FULL);
	w = wr_of(buf, sizeof buf);
	mark = wr_t_begin(&w, 1);
	wr_bytes(&w, text, 65536);
	wr_t_end(&w, mark);
	CHECK(w.err == ERR_FULL);
	w = wr_of(buf, sizeof buf);
	mark = wr_t_begin(&w, 1);
	wr_bytes(&w, text, 65535);
	wr_t_end(&w, mark);
	CHECK(w.err == OK && buf[2] == 0xff && buf[3] == 0xff);
}

static bool is_date(uint64_t days, const char *text)
{
	char buf[32];
	struct wr w = wr_of(buf, sizeof buf);

	wr_date(&w, days);
	return str_eq(wr_done(&w), str_of(text));
}

static void dates_of_days(void)
{
	CHECK(is_date(0, "1970-01-01") && is_date(30, "1970-01-31") && is_date(58, "1970-02-28"));
	CHECK(is_date(59, "1970-03-01") && is_date(364, "1970-12-31") &&
		is_date(365, "1971-01-01"));
	CHECK(is_date(11015, "2000-02-28") && is_date(11016, "2000-02-29") &&
		is_date(11017, "2000-03-01"));
	CHECK(is_date(47540, "2100-02-28") && is_date(47541, "2100-03-01"));
}

TEST_MAIN(T(dates_of_days), T(numbers_in_network_order), T(an_error_sticks_with_field_and_place),
	T(slices_and_copies), T(empty_input), T(nested_readers_stay_inside),
	T(tagged_fields_come_back), T(every_cut_of_a_body), T(every_byte_wrong),
	T(numbers_of_odd_width_and_long_texts), T(writers_refuse_what_does_not_fit),
	T(a_failed_writer_stays_failed), T(texts), T(lengths_over_16_bits))
