/* rd.c - readers on hostile bodies: the input is a list of steps and the bytes that they read.
 *
 * A model of two numbers (how much is left, has it failed) must agree with the reader after each step;
 * tagged fields are walked to a depth of four, and written back as they came. */
#include <stdlib.h>
#include <string.h>

#include "base/rd.h"

#define DEPTH_MAX 4

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool is_so)
{
	if (!is_so)
		abort();
}

static size_t step(struct rd *r, uint8_t op)
{
	uint8_t buf[16];

	switch (op % 7) {
	case 0:
		(void)rd_u8(r);
		return 1;
	case 1:
		(void)rd_u16(r);
		return 2;
	case 2:
		(void)rd_u32(r);
		return 4;
	case 3:
		(void)rd_u64(r);
		return 8;
	case 4:
		(void)rd_bytes(r, op);
		return op;
	case 5:
		rd_copy(r, buf, op & 15);
		return op & 15;
	default:
		(void)rd_sub(r, op);
		return op;
	}
}

static void against_a_model(struct str steps, struct str bytes)
{
	struct rd r = rd_of(bytes);
	size_t left = bytes.len;
	bool has_failed = false;

	for (size_t i = 0; i < steps.len; i++) {
		size_t n = step(&r, (uint8_t)steps.p[i]);

		has_failed |= n > left;
		left -= has_failed ? 0 : n;
		must((r.err != OK) == has_failed);
		must(rd_left(&r) == (has_failed ? 0 : left));
		must(rd_more(&r) == (!has_failed && left > 0));
	}
}

/* Writes each field as it was read; the sum of what was written is what was read. */
static void walk(struct rd r, struct wr *w, int depth)
{
	const uint8_t *start = r.p;
	size_t before = wr_len(w);
	struct rd value;
	uint16_t tag;
	char z[8];

	while (rd_tag(&r, &tag, &value)) {
		struct rd number = value, text = value, list = value;

		(void)rd_t_num(&number);
		rd_t_z(&text, z, sizeof z);
		must(strlen(z) < sizeof z);
		if (depth < DEPTH_MAX)
			walk(list, w, depth + 1);
		*w = (struct wr){w->start + before, w->end, w->start, w->err};
		wr_t_str(w, tag, rd_t_str(&value));
		before = wr_len(w);
	}
	if (w->err == OK && r.err == OK && depth == 0)
		must(before == (size_t)(r.p - start) &&
			(!before || !memcmp(w->start, start, before)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t out[1 << 16];
	struct str all = {(const char *)data, size};
	struct wr w = wr_of(out, sizeof out);
	size_t n_steps = size ? data[0] % 32u : 0;

	if (size)
		against_a_model(str_head(str_skip(all, 1), n_steps), str_skip(all, 1 + n_steps));
	walk(rd_of(all), &w, 0);
	return 0;
}
