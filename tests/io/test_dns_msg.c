/* test_dns_msg.c - the decoder of DNS answers, from vectors put together here. */
#include <string.h>

#include "io/dns_msg.h"
#include "io/dns_wire.h"
#include "test.h"

static uint8_t buf[1400];
static struct dns_answer answers[DNS_ANSWERS_MAX];
static struct dns_found found;

static struct wr start(uint16_t flags, const char *name, uint16_t type, uint16_t n_answers)
{
	struct wr w = wr_of(buf, sizeof buf);

	found = (struct dns_found){.answers = answers};
	memset(answers, 0, sizeof answers);
	put_header(&w, 7, flags, n_answers);
	put_question(&w, name, type);
	return w;
}

static enum err decode(struct wr *w, const char *name, enum dns_type type)
{
	return dns_decode(wr_done(w), str_of(name), type, &found);
}

static void reads_addresses(void)
{
	struct wr w = start(DNS_ANSWER, "a.example", 1, 2);
	char text[ADDR_TEXT_SIZE];

	put_a(&w, NULL, 60, 1);
	put_a(&w, "A.Example", 30, 2);
	CHECK(decode(&w, "a.example", DNS_A) == OK);
	CHECK(found.n == 2 && found.ttl_s == 30 && answers[0].ttl_s == 60);
	CHECK(strcmp(addr_put_host(&answers[1].addr, text), "192.0.2.2") == 0);
	CHECK(answers[0].addr.port == 0);
}

static void reads_ipv6_addresses(void)
{
	struct wr w = start(DNS_ANSWER, "a.example", 28, 1);
	char text[ADDR_TEXT_SIZE];

	put_record(&w, NULL, 28, 60, 16);
	wr_u64(&w, 0x20010db800000000u);
	wr_u64(&w, 1);
	CHECK(decode(&w, "a.example", DNS_AAAA) == OK);
	CHECK(strcmp(addr_put_host(&answers[0].addr, text), "2001:db8::1") == 0);
}

static void reads_services(void)
{
	struct wr w = start(DNS_ANSWER, "_sip._udp.example", 33, 2);

	put_srv(&w, 20, 5070, "two.example");
	put_record(&w, NULL, 33, 10, 6 + 4 + 2);
	wr_u16(&w, 10);
	wr_u16(&w, 5);
	wr_u16(&w, 5060);
	wr_u8(&w, 3);
	wr_str(&w, STR("one"));
	wr_u16(&w, 0xc00c + 10); /* "example" in the question */
	CHECK(decode(&w, "_sip._udp.example", DNS_SRV) == OK);
	CHECK(found.n == 2 && found.ttl_s == 10);
	CHECK(answers[0].priority == 20 && answers[0].weight == 10 && answers[0].port == 5070);
	CHECK(strcmp(answers[0].name, "two.example") == 0);
	CHECK(strcmp(answers[1].name, "one.example") == 0);
}

static void put_naptr(struct wr *w, const char *regexp, const char *to)
{
	uint16_t n = (uint16_t)(4 + 2 + 9 + 1 + str_of(regexp).len + str_of(to).len + 2);

	put_record(w, NULL, 35, 60, n);
	wr_u16(w, 50);
	wr_u16(w, 40);
	wr_u8(w, 1);
	wr_str(w, STR("S"));
	wr_u8(w, 8);
	wr_str(w, STR("SIPS+D2T"));
	wr_u8(w, (uint8_t)str_of(regexp).len);
	wr_str(w, str_of(regexp));
	put_name(w, to);
}

static void reads_pointers_to_services(void)
{
	struct wr w = start(DNS_ANSWER, "example", 35, 2);

	put_naptr(&w, "!^.*$!sip:x@example!", "no.example");
	put_naptr(&w, "", "_sips._tcp.example");
	CHECK(decode(&w, "example", DNS_NAPTR) == OK);
	CHECK(found.n == 1 && answers[0].priority == 50 && answers[0].weight == 40);
	CHECK(strcmp(answers[0].flags, "S") == 0 && strcmp(answers[0].service, "SIPS+D2T") == 0);
	CHECK(strcmp(answers[0].name, "_sips._tcp.example") == 0);
}

static void follows_aliases(void)
{
	struct wr w = start(DNS_ANSWER, "www.example", 1, 3);

	put_a(&w, "c.example", 500, 9); /* before what leads to it */
	put_cname(&w, NULL, 70, "b.example");
	put_cname(&w, "b.example", 40, "c.example");
	CHECK(decode(&w, "www.example", DNS_A) == OK);
	CHECK(found.n == 1 && found.ttl_s == 40);
}

static void an_alias_in_a_circle_ends(void)
{
	struct wr w = start(DNS_ANSWER, "a.example", 1, 2);

	put_cname(&w, NULL, 60, "b.example");
	put_cname(&w, "b.example", 60, "a.example");
	CHECK(decode(&w, "a.example", DNS_A) == ERR_SYNTAX);
}

static void believes_nothing_beside_the_point(void)
{
	struct wr w = start(DNS_ANSWER, "a.example", 1, 2);

	put_a(&w, "bank.example", 60, 66);
	put_cname(&w, "other.example", 60, "a.example");
	CHECK(decode(&w, "a.example", DNS_A) == ERR_NOENT);
}

static void tells_what_a_server_says(void)
{
	struct wr w = start(DNS_ANSWER | 3, "a.example", 1, 0);

	CHECK(decode(&w, "a.example", DNS_A) == ERR_NOENT);
	w = start(DNS_ANSWER, "a.example", 1, 0);
	CHECK(decode(&w, "a.example", DNS_A) == ERR_NOENT);
	w = start(DNS_ANSWER | 2, "a.example", 1, 0);
	CHECK(decode(&w, "a.example", DNS_A) == ERR_TIMEOUT);
	w = start(DNS_ANSWER | 1, "a.example", 1, 0);
	CHECK(decode(&w, "a.example", DNS_A) == ERR_VERSION);
	w = start(0x0100, "a.example", 1, 0); /* a question */
	CHECK(decode(&w, "a.example", DNS_A) == ERR_SYNTAX);
}

static void the_question_must_be_ours_letter_for_letter(void)
{
	struct wr w = start(DNS_ANSWER, "a.ExamplE", 1, 1);

	put_a(&w, NULL, 60, 1);
	CHECK(decode(&w, "a.ExamplE", DNS_A) == OK);
	CHECK(decode(&w, "a.example", DNS_A) == ERR_AUTH);
	CHECK(decode(&w, "b.ExamplE", DNS_A) == ERR_AUTH);
	CHECK(decode(&w, "a.ExamplE", DNS_AAAA) == ERR_AUTH);
}

static void of_a_cut_answer_whole_records_count(void)
{
	struct wr w = start(DNS_ANSWER | DNS_CUT, "a.example", 1, 2);

	CHECK(decode(&w, "a.example", DNS_A) == ERR_SHORT);
	put_a(&w, NULL, 60, 1);
	put_record(&w, NULL, 1, 60, 4); /* and no data */
	CHECK(decode(&w, "a.example", DNS_A) == OK && found.n == 1);
}

static void a_record_that_ends_early_is_an_error(void)
{
	struct wr w = start(DNS_ANSWER, "a.example", 1, 2);

	put_a(&w, NULL, 60, 1);
	CHECK(decode(&w, "a.example", DNS_A) == ERR_SYNTAX);
}

static void more_answers_than_there_is_room_for(void)
{
	struct wr w = start(DNS_ANSWER, "a.example", 1, 80);

	for (uint8_t i = 0; i < 80; i++)
		put_a(&w, NULL, 60, i);
	CHECK(w.err == OK);
	CHECK(decode(&w, "a.example", DNS_A) == OK && found.n == DNS_ANSWERS_MAX);
}

static void pointers_that_do_not_go_back_are_refused(void)
{
	struct wr w = start(DNS_ANSWER, "a.example", 1, 1);
	uint16_t here = (uint16_t)wr_len(&w);

	wr_u16(&w, (uint16_t)(0xc000 | here)); /* to itself */
	wr_u64(&w, 0);
	CHECK(decode(&w, "a.example", DNS_A) == ERR_SYNTAX);
	w = start(DNS_ANSWER, "a.example", 1, 1);
	wr_u16(&w, (uint16_t)(0xc000 | (here + 4)));
	wr_u64(&w, 0);
	CHECK(decode(&w, "a.example", DNS_A) == ERR_SYNTAX);
	w = start(DNS_ANSWER, "a.example", 1, 1);
	wr_u16(&w, 0x8000); /* a label type that does not exist */
	wr_u64(&w, 0);
	CHECK(decode(&w, "a.example", DNS_A) == ERR_SYNTAX);
}

static void ttls_have_bounds(void)
{
	struct wr w = start(DNS_ANSWER, "a.example", 1, 1);

	put_a(&w, NULL, 0, 1);
	CHECK(decode(&w, "a.example", DNS_A) == OK && found.ttl_s == 1);
	w = start(DNS_ANSWER, "a.example", 1, 1);
	put_a(&w, NULL, 4000000000u, 1);
	CHECK(decode(&w, "a.example", DNS_A) == OK && found.ttl_s == 3600);
}

static void a_target_with_odd_bytes_does_not_exist(void)
{
	struct wr w = start(DNS_ANSWER, "_sip._udp.example", 33, 1);

	put_srv(&w, 1, 5060, "a b.example");
	CHECK(decode(&w, "_sip._udp.example", DNS_SRV) == ERR_NOENT);
}

static void names_are_checked_before_they_are_asked(void)
{
	char long_name[300];

	CHECK(dns_name_is_good(STR("a")) && dns_name_is_good(STR("_sip._udp.a-b.example")));
	CHECK(!dns_name_is_good(STR("")) && !dns_name_is_good(STR("a..b")));
	CHECK(!dns_name_is_good(STR(".a")) && !dns_name_is_good(STR("a.")));
	CHECK(!dns_name_is_good(STR("a b")) && !dns_name_is_good(STR("\xc3\xa4.example")));
	memset(long_name, 'a', sizeof long_name);
	CHECK(!dns_name_is_good((struct str){long_name, 64}));
	for (size_t i = 63; i < sizeof long_name; i += 64)
		long_name[i] = '.';
	CHECK(dns_name_is_good((struct str){long_name, 253}));
	CHECK(!dns_name_is_good((struct str){long_name, 254}));
}

TEST_MAIN(T(reads_addresses), T(reads_ipv6_addresses), T(reads_services),
	T(reads_pointers_to_services), T(follows_aliases), T(an_alias_in_a_circle_ends),
	T(believes_nothing_beside_the_point), T(tells_what_a_server_says),
	T(the_question_must_be_ours_letter_for_letter), T(of_a_cut_answer_whole_records_count),
	T(a_record_that_ends_early_is_an_error), T(more_answers_than_there_is_room_for),
	T(pointers_that_do_not_go_back_are_refused), T(ttls_have_bounds),
	T(a_target_with_odd_bytes_does_not_exist), T(names_are_checked_before_they_are_asked))
