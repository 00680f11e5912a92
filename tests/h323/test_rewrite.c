/* What of a message is one leg's own is changed, and nothing else: a captured Setup, as it came and as it
 * leaves. */
#include <stdio.h>
#include <string.h>

#include "h323/rewrite.h"
#include "test.h"

static _Alignas(16) uint8_t memory[PER_TREE_SIZE], memory_2[PER_TREE_SIZE], memory_3[PER_TREE_SIZE];
static uint8_t buf[4096], buf_2[4096], buf_3[4096], work[1024];
static struct cs_msg m;
static const struct addr next = {AF_V4, {192, 0, 2, 22}, 1720},
			 own = {AF_V4, {192, 0, 2, 10}, 1720};
static const uint8_t guid[16] = {0x08, 0xe9, 0xf4, 0x9f, 1, 2, 3};

static struct str text_of(uint16_t node)
{
	static char text[8192];
	struct wr w = wr_of(text, sizeof text);

	CHECK(per_text(&m.t, node, &w) == OK);
	return wr_done(&w);
}

static bool says(const char *what)
{
	struct str t = text_of(0);

	return memmem(t.p, t.len, what, strlen(what)) != NULL;
}

static struct wr room(void)
{
	return wr_of(buf, sizeof buf);
}

/* A Setup with everything that belongs to one leg, and things that do not. */
static void make(void)
{
	struct cs_own from = {.crv = 20213, .is_tunnelling = true};
	struct h323_alias alias = {.kind = ALIAS_ID, .text = "bob"};
	struct addr at = {AF_V4, {192, 0, 2, 21}, 5000};
	struct wr w = room(), number = wr_of(work, sizeof work);
	uint16_t n;

	memcpy(from.guid, guid, sizeof guid);
	cs_begin(&m, &from, H225_H323_UU_PDU_h323_message_body_setup, memory);
	n = per_put(&m.t, m.body, H225_Setup_UUIE_sourceInfo);
	per_set_num(&m.t, per_put(&m.t, n, H225_EndpointType_mc), 0);
	per_set_num(&m.t, per_put(&m.t, n, H225_EndpointType_undefinedNode), 0);
	n = per_put(&m.t, m.body, H225_Setup_UUIE_destinationAddress);
	CHECK(alias_put(&m.t, per_append(&m.t, n), &alias) == OK);
	per_set_num(&m.t, per_put(&m.t, m.body, H225_Setup_UUIE_activeMC), 0);
	per_set_str(&m.t, per_put(&m.t, m.body, H225_Setup_UUIE_conferenceID),
		(struct str){(const char *)guid, 16});
	(void)per_put(&m.t, per_put(&m.t, m.body, H225_Setup_UUIE_conferenceGoal),
		H225_Setup_UUIE_conferenceGoal_create);
	(void)per_put(
		&m.t, per_put(&m.t, m.body, H225_Setup_UUIE_callType), H225_CallType_pointToPoint);
	rewrite_h245_address(&m, &at);
	per_set_str(&m.t, per_put(&m.t, m.body, H225_Setup_UUIE_endpointIdentifier), STR("\0e"));
	per_set_num(&m.t, per_put(&m.t, m.body, H225_Setup_UUIE_hopCount), 5);
	n = per_put(&m.t, m.body, H225_Setup_UUIE_supportedFeatures);
	(void)generic_append(&m.t, n, 18);
	(void)generic_append(&m.t, n, 19);
	(void)generic_append(&m.t, n, 9);
	n = per_put(&m.t, m.body, H225_Setup_UUIE_desiredFeatures);
	(void)generic_append(&m.t, n, 19);
	n = per_put(&m.t, m.body, H225_Setup_UUIE_tokens);
	CHECK(oid_put(&m.t, per_put(&m.t, per_append(&m.t, n), H235_ClearToken_tokenOID),
		"0.0.8.235.0.3.24"));
	CHECK(oid_put(&m.t, per_put(&m.t, per_append(&m.t, n), H235_ClearToken_tokenOID),
		"1.2.840.113548.10.1.2.1"));
	CHECK(rewrite_put_control(&m, STR("\x4a\x40")));
	q931_begin(&w, from.crv, false, Q931_SETUP);
	q931_put(&w, Q931_BEARER_CAPABILITY, STR("\x88\x93\xa5"));
	wr_u8(&number, 0x81);
	wr_str(&number, STR("4711"));
	q931_put(&w, Q931_CALLED_NUMBER, wr_done(&number));
	{
		uint8_t *mark = q931_begin_uuie(&w);

		CHECK(per_write(&m.t, &w) == OK);
		q931_end_uuie(&w, mark);
	}
	CHECK(w.err == OK);
	CHECK(cs_read_header(wr_done(&w), &m) == OK && cs_read_h323(&m, memory_2) == OK);
}

/* As it leaves, read again: into the room that it does not come from. */
static void leave(struct str number)
{
	static bool is_second;
	struct wr w = wr_of(is_second ? buf_3 : buf_2, sizeof buf_2);

	CHECK(cs_write(&m, 77, false, number, &w) == OK);
	CHECK(cs_read_header(wr_done(&w), &m) == OK);
	CHECK(cs_read_h323(&m, is_second ? memory : memory_3) == OK);
	is_second = !is_second;
}

static void a_message_that_nobody_changed_leaves_as_it_came(void)
{
	struct str before;

	make();
	before = m.q.uuie;
	leave(STR_NONE);
	CHECK(str_eq(m.q.uuie, before) && m.q.crv == 77);
	CHECK_STR(q931_number(&m.q, Q931_CALLED_NUMBER), "4711");
	CHECK(q931_find(&m.q, Q931_BEARER_CAPABILITY)->value.len == 3);
}

static void what_is_a_hops_does_not_cross_it(void)
{
	make();
	rewrite_hop(&m);
	leave(STR_NONE);
	CHECK(!says("endpointIdentifier") && !says("\"standard\":18") && !says("\"standard\":19"));
	CHECK(!says("desiredFeatures") && says("\"standard\":9"));
	CHECK(says("0.0.8.235.0.3.24") && !says("1.2.840"));
}

static void addresses_and_hops_of_a_setup(void)
{
	struct h323_alias alias = {.kind = ALIAS_DIGITS, .text = "815"};
	struct setup_rewrite how = {.to = next, .from = own, .guid = guid, .alias = &alias};

	make();
	CHECK(rewrite_setup(&m, &how));
	leave(STR("815"));
	CHECK(says("\"hopCount\":4") &&
		says("\"destinationAddress\":[{\"dialledDigits\":\"815\"}]"));
	CHECK(says(
		"\"destCallSignalAddress\":{\"ipAddress\":{\"ip\":\"c0000216\",\"port\":1720}}"));
	CHECK(says(
		"\"sourceCallSignalAddress\":{\"ipAddress\":{\"ip\":\"c000020a\",\"port\":1720}}"));
	CHECK_STR(q931_number(&m.q, Q931_CALLED_NUMBER), "815");
	CHECK((uint8_t)q931_find(&m.q, Q931_CALLED_NUMBER)->value.p[0] == 0x81);
	per_set_num(&m.t, cs_field(&m, H225_Setup_UUIE_hopCount), 1);
	CHECK(!rewrite_setup(&m, &how));
}

static void h245_is_the_legs_own(void)
{
	make();
	CHECK(cs_tunnelling(&m) == CS_TUNNEL_YES);
	rewrite_tunnel(&m, false);
	rewrite_h245_address(&m, &own);
	leave(STR_NONE);
	CHECK(cs_tunnelling(&m) == CS_TUNNEL_NO && !says("h245Control"));
	CHECK(says("\"h245Address\":{\"ipAddress\":{\"ip\":\"c000020a\",\"port\":1720}}"));
	rewrite_h245_address(&m, NULL);
	leave(STR_NONE);
	CHECK(!says("h245Address"));
}

static void a_call_of_no_name_gets_one(void)
{
	uint8_t there[16];

	make();
	per_remove(&m.t, m.body, H225_Setup_UUIE_callIdentifier);
	CHECK(!cs_call_id(&m, there));
	rewrite_call_id(&m, guid);
	leave(STR_NONE);
	CHECK(cs_call_id(&m, there) && memcmp(there, guid, 16) == 0);
}

static void who_is_called_and_who_calls(void)
{
	struct h323_alias alias;

	make();
	CHECK(cs_destination(&m, &alias) && alias.kind == ALIAS_ID);
	CHECK_STR(str_of(alias.text), "bob");
	per_remove(&m.t, m.body, H225_Setup_UUIE_destinationAddress);
	CHECK(cs_destination(&m, &alias) && alias.kind == ALIAS_DIGITS);
	CHECK_STR(str_of(alias.text), "4711");
	CHECK(!cs_source(&m, &alias));
}

TEST_MAIN(T(a_message_that_nobody_changed_leaves_as_it_came), T(what_is_a_hops_does_not_cross_it),
	T(addresses_and_hops_of_a_setup), T(h245_is_the_legs_own), T(a_call_of_no_name_gets_one),
	T(who_is_called_and_who_calls))
