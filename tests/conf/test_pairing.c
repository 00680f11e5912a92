/* Pairing files: read, written, refused. */
#include "conf/pairing.h"
#include "fixture.h"

static struct conf_pairing p;
static uint32_t line;
static const char *why;

static enum err parse(const char *text)
{
	return pairing_parse(str_of(text), &p, &line, &why);
}

static void reads_a_joined_pairing(void)
{
	CHECK(parse(joined) == OK);
	CHECK(p.n_spki == 1 && p.spki[0][0] == 0xff && p.n_media_keys == 1 &&
		p.media_keys[0][1] == 0x11);
	CHECK(p.peer_inside.port == 7001 && p.secret[31] == 0xff);
	CHECK(strcmp(p.username, "control1") == 0 && strcmp(p.peer_name, "other.example.com") == 0);
	CHECK(pairing_is_joined(&p) && !p.has_join);
}

static void writes_what_it_reads(void)
{
	char text[PAIRING_TEXT_MAX];
	struct wr w = wr_of(text, sizeof text);

	CHECK(parse(joined) == OK);
	pairing_put(&p, &w);
	CHECK_STR(wr_done(&w), joined);
}

static void keeps_two_keys_while_one_is_replaced(void)
{
	CHECK(parse("media_key " KEY_A "\nmedia_key " KEY_B "\npeer_spki " KEY_A
		    "\npeer_spki " KEY_B "\n") == OK);
	CHECK(p.n_media_keys == 2 && p.media_keys[0][0] == 0 && p.media_keys[1][0] == 0xff &&
		p.n_spki == 2);
	CHECK(parse("media_key " KEY_A "\nmedia_key " KEY_B "\nmedia_key " KEY_A "\n") ==
			ERR_SYNTAX &&
		line == 3);
}

static void skips_what_it_does_not_know(void)
{
	CHECK(parse("# made by hand\n\nfuture thing\r\nusername a\r\n") == OK);
	CHECK(strcmp(p.username, "a") == 0);
}

/* Each of the four is needed. */
static void knows_who_has_joined(void)
{
	CHECK(parse("") == OK && !pairing_is_joined(&p));
	CHECK(parse("username a\nsecret " KEY_A "\npeer_spki " KEY_A "\n") == OK &&
		!pairing_is_joined(&p));
	CHECK(parse("username a\nsecret " KEY_A "\nmedia_key " KEY_A "\n") == OK &&
		!pairing_is_joined(&p));
	CHECK(parse("username a\nmedia_key " KEY_A "\npeer_spki " KEY_A "\n") == OK &&
		!pairing_is_joined(&p));
	CHECK(parse("secret " KEY_A "\nmedia_key " KEY_A "\npeer_spki " KEY_A "\n") == OK &&
		!pairing_is_joined(&p));
}

static void reads_a_token_that_is_out(void)
{
	CHECK(parse("join_secret 00112233445566778899aabbccddeeff\njoin_until 1900000000\n") == OK);
	CHECK(p.has_join && p.join_secret[1] == 0x11 && p.join_until_s == 1900000000);
}

static void refuses(void)
{
	static const struct {
		const char *text;
		uint32_t line;
	} bad[] = {
		{"secret 00", 1},
		{"\nsecret " KEY_A "00", 2},
		{"secret " KEY_A "\nmedia_key zz", 2},
		{"username", 1},
		{"username a b", 1},
		{"username a\nusername b", 2},
		{"username 0123456789012345678901234567890123456789012345678901234567890123", 1},
		{"peer_inside edge.example.com", 1},
		{"join_secret 0011", 1},
		{"join_until soon", 1},
	};

	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		memset(&p, 0x5a, sizeof p);
		CHECK(parse(bad[i].text) == ERR_SYNTAX && line == bad[i].line && why);
		CHECK(((uint8_t *)&p)[0] == 0x5a);
	}
}

TEST_MAIN(T(reads_a_joined_pairing), T(writes_what_it_reads),
	T(keeps_two_keys_while_one_is_replaced), T(skips_what_it_does_not_know),
	T(knows_who_has_joined), T(reads_a_token_that_is_out), T(refuses))
