/* test_join.c - the messages of a join, their proofs, and Edge's verdict. */
#include "pair/join.h"

#include <string.h>

#include "test.h"

static const uint8_t secret[16] = {1, 2, 3}, binding[32] = {4, 5}, spki[32] = {6, 7};

static struct join_hello hello(void)
{
	struct join_hello h = {.version = JOIN_VERSION, .zone = "control", .name = "c.example.com"};

	join_proof(JOIN_FROM_CONTROL, secret, binding, spki, h.zone, h.proof);
	return h;
}

static struct conf_pairing pending(void)
{
	struct conf_pairing p = {.has_join = true, .join_until_s = 1000};

	memcpy(p.join_secret, secret, sizeof p.join_secret);
	return p;
}

static enum err parse(struct str bytes, enum join_type *type, struct rd *body)
{
	size_t size = 0;
	enum err err = join_frame_parse(bytes, type, body, &size);

	CHECK(err != OK || size == bytes.len);
	return err;
}

static void messages_come_back_as_they_went(void)
{
	struct join_welcome welcome = {.name = "e.example.com", .username = "control"}, w2;
	struct join_hello h = hello(), h2;
	enum join_refusal why;
	enum join_type type;
	uint8_t buf[JOIN_FRAME_MAX];
	struct wr w = wr_of(buf, sizeof buf);
	struct rd body;

	join_hello_put(&w, &h);
	CHECK(parse(wr_done(&w), &type, &body) == OK && type == JOIN_HELLO);
	CHECK(join_hello_get(&body, &h2) == OK && memcmp(&h, &h2, sizeof h) == 0);
	memset(welcome.media_key, 9, sizeof welcome.media_key);
	w = wr_of(buf, sizeof buf);
	join_welcome_put(&w, &welcome);
	CHECK(parse(wr_done(&w), &type, &body) == OK && type == JOIN_WELCOME);
	CHECK(join_welcome_get(&body, &w2) == OK && memcmp(&welcome, &w2, sizeof w2) == 0);
	w = wr_of(buf, sizeof buf);
	join_refused_put(&w, REFUSED_EXPIRED);
	CHECK(parse(wr_done(&w), &type, &body) == OK && type == JOIN_REFUSED);
	CHECK(join_refused_get(&body, &why) == OK && why == REFUSED_EXPIRED);
}

static void a_part_of_a_frame_waits_for_the_rest(void)
{
	struct join_hello h = hello();
	enum join_type type;
	uint8_t buf[JOIN_FRAME_MAX];
	struct wr w = wr_of(buf, sizeof buf);
	struct rd body;

	join_hello_put(&w, &h);
	for (size_t n = 0; n < wr_len(&w); n++)
		CHECK(parse(str_head(wr_done(&w), n), &type, &body) == ERR_MORE);
}

static void a_frame_that_lies_is_refused(void)
{
	static const char too_long[] = "\x7f\xff\x01", empty[] = "\0\0", unknown[] = "\0\1\x09",
			  none[] = "\0\1\0";
	enum join_type type;
	struct rd body;

	CHECK(parse(STR(too_long), &type, &body) == ERR_SYNTAX);
	CHECK(parse(STR(empty), &type, &body) == ERR_SYNTAX);
	CHECK(parse((struct str){unknown, 3}, &type, &body) == ERR_SYNTAX);
	CHECK(parse((struct str){none, 3}, &type, &body) == ERR_SYNTAX);
}

static enum err round_trip(const struct join_hello *h, struct join_hello *ret)
{
	uint8_t buf[JOIN_FRAME_MAX];
	struct wr w = wr_of(buf, sizeof buf);
	enum join_type type;
	struct rd body;

	join_hello_put(&w, h);
	CHECK(parse(wr_done(&w), &type, &body) == OK);
	return join_hello_get(&body, ret);
}

/* The name goes into a file of lines. */
static void a_name_with_a_line_in_it_is_refused(void)
{
	struct join_hello h = hello(), back;

	(void)str_copy(STR("c\nsecret 00"), h.name, sizeof h.name);
	CHECK(round_trip(&h, &back) == ERR_SYNTAX);
	h = hello();
	h.name[0] = '\0';
	CHECK(round_trip(&h, &back) == ERR_SYNTAX);
}

static enum join_refusal judge(const struct conf_pairing *p, const struct join_hello *h)
{
	return join_judge(p, h, binding, spki, 900, 0);
}

static void the_right_secret_is_accepted(void)
{
	struct conf_pairing p = pending();
	struct join_hello h = hello();

	CHECK(judge(&p, &h) == REFUSED_NONE);
}

static void a_proof_is_of_one_connection_and_one_key(void)
{
	static const uint8_t other[32] = {1};
	struct conf_pairing p = pending();
	struct join_hello h = hello();
	uint8_t edge[32];

	CHECK(join_judge(&p, &h, other, spki, 900, 0) == REFUSED_PROOF);
	CHECK(join_judge(&p, &h, binding, other, 900, 0) == REFUSED_PROOF);
	join_proof(JOIN_FROM_EDGE, secret, binding, spki, h.zone, edge);
	CHECK(memcmp(edge, h.proof, sizeof edge) != 0); /* not to be sent back as one's own */
	(void)str_copy(STR("other"), h.zone, sizeof h.zone);
	CHECK(judge(&p, &h) == REFUSED_PROOF);
}

static void every_refusal_has_its_reason(void)
{
	struct conf_pairing p = pending();
	struct join_hello h = hello(), wrong = hello();

	CHECK(join_judge(&p, &h, binding, spki, 1000, 0) == REFUSED_NONE);
	CHECK(join_judge(&p, &h, binding, spki, 1001, 0) == REFUSED_EXPIRED);
	CHECK(join_judge(&p, &h, binding, spki, 900, JOIN_TRIES) == REFUSED_DEAD);
	wrong.proof[0] ^= 1;
	CHECK(join_judge(&p, &wrong, binding, spki, 900, JOIN_TRIES - 2) == REFUSED_PROOF);
	CHECK(join_judge(&p, &wrong, binding, spki, 900, JOIN_TRIES - 1) == REFUSED_DEAD);
	h.version++;
	CHECK(judge(&p, &h) == REFUSED_VERSION);
	h = hello();
	p.has_join = false;
	CHECK(judge(&p, &h) == REFUSED_NO_TOKEN);
	for (unsigned why = 1; why < REFUSED_MAX; why++)
		CHECK(join_refusal_text((enum join_refusal)why)[0]);
}

TEST_MAIN(T(messages_come_back_as_they_went), T(a_part_of_a_frame_waits_for_the_rest),
	T(a_frame_that_lies_is_refused), T(a_name_with_a_line_in_it_is_refused),
	T(the_right_secret_is_accepted), T(a_proof_is_of_one_connection_and_one_key),
	T(every_refusal_has_its_reason))
