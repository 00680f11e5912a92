/* test_token.c - the token's text: there and back, and every way to spoil it. */
#include "pair/token.h"

#include <string.h>

#include "base/code.h"
#include "base/crypt.h"
#include "test.h"

static struct pair_token token(void)
{
	struct pair_token t = {.n_edges = 2,
		.ssh_port = 22,
		.h323_port = 1,
		.has_ssh_key = true,
		.zone = "control",
		.edge_name = "edge1.example.com",
		.until_s = 1700000000};

	t.edges[0] = addr_v4(198, 51, 100, 10, 77);
	CHECK(addr_parse(STR("[2001:db8::10]:77"), &t.edges[1]) == OK);
	memset(t.spki, 1, sizeof t.spki);
	memset(t.ssh_key, 2, sizeof t.ssh_key);
	memset(t.secret, 3, sizeof t.secret);
	return t;
}

static struct str text_of(const struct pair_token *t, char text[TOKEN_TEXT_MAX])
{
	struct wr w = wr_of(text, TOKEN_TEXT_MAX);

	CHECK(token_put(t, &w) == OK);
	return wr_done(&w);
}

static enum err parse(struct str text, struct pair_token *ret)
{
	const char *why = NULL;
	enum err err = token_parse(text, ret, &why);

	CHECK((err == OK) == (why == NULL));
	return err;
}

static void it_says_the_same_on_both_sides(void)
{
	char a[TOKEN_TEXT_MAX], b[TOKEN_TEXT_MAX], padded[TOKEN_TEXT_MAX];
	struct pair_token t = token(), back;
	struct str text = text_of(&t, a);

	CHECK(str_has_prefix(text, STR("fosse1:")) && text.len < 320);
	CHECK(parse(text, &back) == OK);
	CHECK(back.n_edges == 2 && addr_eq(&back.edges[0], &t.edges[0]) &&
		addr_eq(&back.edges[1], &t.edges[1]));
	CHECK(back.ssh_port == 22 && back.xmpp_port == 0 && back.h323_port == 1);
	CHECK(back.has_ssh_key && back.until_s == 1700000000 && strcmp(back.zone, "control") == 0);
	CHECK(str_eq(text_of(&back, b), text));
	snprintf(padded, sizeof padded, " \t" STR_FMT "\r\n", STR_ARG(text));
	CHECK(parse(str_of(padded), &back) == OK);
}

/* Typing errors are found before anything is sent. */
static void one_wrong_letter_is_found(void)
{
	char a[TOKEN_TEXT_MAX], b[TOKEN_TEXT_MAX];
	struct pair_token t = token(), back = {.n_edges = 9};
	struct str text = text_of(&t, a);

	for (size_t i = 0; i < text.len; i++) {
		memcpy(b, text.p, text.len);
		b[i] = b[i] == 'Q' ? 'q' : 'Q';
		CHECK(parse((struct str){b, text.len}, &back) != OK);
	}
	for (size_t i = 0; i + 1 < text.len; i++) {
		memcpy(b, text.p, text.len);
		if (b[i] == b[i + 1])
			continue;
		b[i] = text.p[i + 1];
		b[i + 1] = text.p[i];
		CHECK(parse((struct str){b, text.len}, &back) != OK);
	}
	CHECK(back.n_edges == 9);
}

static void a_part_of_it_is_not_enough(void)
{
	struct pair_token t = token(), back;
	char a[TOKEN_TEXT_MAX];
	struct str text = text_of(&t, a);

	for (size_t len = 0; len < text.len; len++)
		CHECK(parse(str_head(text, len), &back) == ERR_SYNTAX);
	for (size_t n = 1; n < text.len; n++)
		CHECK(parse(str_skip(text, n), &back) == ERR_SYNTAX);
}

/* With a right checksum: what a person cannot mistype, a stranger can make. */
static struct str sealed(const uint8_t *fields, size_t n, uint8_t version, char *text)
{
	uint8_t record[256], hash[32];
	struct wr w = wr_of(record, sizeof record);

	wr_u16(&w, (uint16_t)(n + 7));
	wr_u8(&w, version);
	wr_bytes(&w, fields, n);
	sha256(wr_done(&w), hash);
	wr_bytes(&w, hash, 4);
	CHECK(w.err == OK);
	memcpy(text, "fosse1:", 7);
	return (struct str){text, 7 + base64_put(record, wr_len(&w), true, text + 7)};
}

static void what_a_stranger_makes_is_refused(void)
{
	static const uint8_t none[1], short_key[] = {0, 5, 0, 2, 1, 2}, lying[] = {0, 5, 0, 99, 1};
	char text[TOKEN_TEXT_MAX], name[TOKEN_TEXT_MAX];
	struct pair_token back, t = token();

	CHECK(parse(sealed(none, 0, 1, text), &back) == ERR_SYNTAX);
	CHECK(parse(sealed(none, 0, 2, text), &back) == ERR_VERSION);
	CHECK(parse(sealed(short_key, sizeof short_key, 1, text), &back) == ERR_SYNTAX);
	CHECK(parse(sealed(lying, sizeof lying, 1, text), &back) == ERR_SYNTAX);
	(void)str_copy(STR("../../etc/passwd"), t.zone, sizeof t.zone);
	CHECK(parse(text_of(&t, name), &back) == ERR_SYNTAX);
	(void)str_copy(STR(".hidden"), t.zone, sizeof t.zone);
	CHECK(parse(text_of(&t, name), &back) == ERR_SYNTAX);
	t = token();
	(void)str_copy(STR("a\033[2J"), t.edge_name, sizeof t.edge_name);
	CHECK(parse(text_of(&t, name), &back) == ERR_SYNTAX);
	t = token();
	t.edges[0].port = 0;
	CHECK(parse(text_of(&t, name), &back) == ERR_SYNTAX);
	t = token();
	t.n_edges = 0;
	CHECK(parse(text_of(&t, name), &back) == ERR_SYNTAX);
}

static void a_writer_that_is_too_small_says_so(void)
{
	struct pair_token t = token();
	char text[50];
	struct wr w = wr_of(text, sizeof text);

	CHECK(token_put(&t, &w) == ERR_FULL);
}

TEST_MAIN(T(it_says_the_same_on_both_sides), T(one_wrong_letter_is_found),
	T(a_part_of_it_is_not_enough), T(what_a_stranger_makes_is_refused),
	T(a_writer_that_is_too_small_says_so))
