/* Q.931: messages made by hand after the figures of Q.931 section 4; order, unknown elements, lengths
 * that lie, every cut. */
#include <string.h>

#include "h323/q931.h"
#include "test.h"

#define OF(lit) ((struct str){lit, sizeof(lit) - 1})

/* Setup, reference 0x1234 from the calling side: bearer, display "anna", numbers, an unknown element, a
 * single-octet one (sending complete, A1), user-user of three octets. */
static const struct str setup = OF("\x08\x02\x12\x34\x05"
				   "\x04\x03\x88\x93\xa5"
				   "\x28\x05"
				   "anna\0"
				   "\x6c\x06\x00\x80"
				   "4711"
				   "\x70\x04\x81"
				   "112"
				   "\x55\x02\x01\x02"
				   "\xa1"
				   "\x7e\x00\x04\x05\x20\x80\x06");

static void a_setup_is_read(void)
{
	struct q931_msg m;

	CHECK(q931_read(setup, &m) == OK);
	CHECK(m.crv == 0x1234 && !m.is_from_answering && m.type == Q931_SETUP);
	CHECK(m.n_ies == 7 && m.has_uuie);
	CHECK(str_eq(m.uuie, OF("\x20\x80\x06")));
	CHECK_STR(q931_display(&m), "anna");
	CHECK_STR(q931_number(&m, Q931_CALLING_NUMBER), "4711");
	CHECK_STR(q931_number(&m, Q931_CALLED_NUMBER), "112");
	CHECK(q931_number(&m, Q931_SIGNAL).len == 0);
	CHECK(q931_find(&m, (enum q931_ie_id)0xa1)->value.len == 1);
	CHECK(q931_cause(&m) == 0);
}

static void a_message_is_forwarded_with_all_that_was_in_it(void)
{
	char buf[200];
	struct wr w = wr_of(buf, sizeof buf);
	struct q931_msg m, n;

	CHECK(q931_read(setup, &m) == OK);
	q931_forward(&w, &m, 0x1234, false, m.uuie);
	CHECK(str_eq(wr_done(&w), setup));
	w = wr_of(buf, sizeof buf);
	q931_forward(&w, &m, 0x0102, true, OF("other"));
	CHECK(q931_read(wr_done(&w), &n) == OK);
	CHECK(n.crv == 0x0102 && n.is_from_answering && n.n_ies == m.n_ies);
	CHECK_STR(n.uuie, "other");
	for (uint8_t i = 0; i + 1 < n.n_ies; i++)
		CHECK(n.ies[i].id == m.ies[i].id && str_eq(n.ies[i].value, m.ies[i].value));
}

static void what_we_make_is_read(void)
{
	char buf[100];
	struct wr w = wr_of(buf, sizeof buf);
	struct q931_msg m;
	uint8_t *mark;

	q931_begin(&w, 0x7fff, true, Q931_RELEASE_COMPLETE);
	q931_put_cause(&w, 47);
	mark = q931_begin_uuie(&w);
	wr_str(&w, OF("abc"));
	q931_end_uuie(&w, mark);
	CHECK(q931_read(wr_done(&w), &m) == OK);
	CHECK(m.crv == 0x7fff && m.is_from_answering && q931_cause(&m) == 47);
	CHECK_STR(m.uuie, "abc");
}

static void what_cannot_be_said_is_an_error(void)
{
	char buf[600], big[256] = {0};
	struct wr w = wr_of(buf, sizeof buf);

	q931_put(&w, Q931_DISPLAY, (struct str){big, sizeof big});
	CHECK(w.err == ERR_FULL);
}

static void every_cut_is_an_error_or_a_shorter_message(void)
{
	struct q931_msg m;

	for (size_t n = 0; n < setup.len; n++) {
		enum err err = q931_read((struct str){setup.p, n}, &m);

		CHECK(err == ERR_SHORT || err == ERR_SYNTAX || (err == OK && !m.has_uuie));
	}
}

static void what_is_not_q931_is_refused(void)
{
	struct q931_msg m;
	char many[5 + 33] = "\x08\x02\x00\x01\x62";

	CHECK(q931_read(OF("\x41\x02\x00\x01\x05"), &m) == ERR_SYNTAX);     /* discriminator */
	CHECK(q931_read(OF("\x08\x03\x00\x01\x02\x05"), &m) == ERR_SYNTAX); /* reference of three */
	CHECK(q931_read(OF("\x08\x02\x00\x01\x85"), &m) == ERR_SYNTAX);     /* type with bit 8 */
	CHECK(q931_read(OF("\x08\x02\x00\x01\x05\x7e\x00\x00"), &m) == ERR_SYNTAX);
	CHECK(q931_read(OF("\x08\x02\x00\x01\x05\x7e\x00\x01\x05"), &m) == ERR_SYNTAX);
	CHECK(q931_read(OF("\x08\x02\x00\x01\x05\x7e\x00\x02\x04\x20"), &m) == ERR_SYNTAX);
	CHECK(q931_read(OF("\x08\x02\x00\x01\x05\x7e\xff\xff\x05\x20"), &m) == ERR_SHORT);
	memset(many + 5, 0xa1, 33);
	CHECK(q931_read((struct str){many, 5 + 32}, &m) == OK);
	CHECK(q931_read((struct str){many, 5 + 33}, &m) == ERR_FULL);
}

static void a_reference_may_be_short_or_absent(void)
{
	struct q931_msg m;

	CHECK(q931_read(OF("\x08\x00\x62"), &m) == OK && m.crv == 0 && m.type == Q931_FACILITY);
	CHECK(q931_read(OF("\x08\x01\x85\x62"), &m) == OK && m.crv == 5 && m.is_from_answering);
}

static void names_are_there_for_all(void)
{
	for (unsigned type = 0; type < 256; type++)
		CHECK(q931_type_name((uint8_t)type)[0]);
}

TEST_MAIN(T(a_setup_is_read), T(a_message_is_forwarded_with_all_that_was_in_it),
	T(what_we_make_is_read), T(what_cannot_be_said_is_an_error),
	T(every_cut_is_an_error_or_a_shorter_message), T(what_is_not_q931_is_refused),
	T(a_reference_may_be_short_or_absent), T(names_are_there_for_all))
