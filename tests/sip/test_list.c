/* test_list.c - cursors: several lines, empty elements, separators, faults. */
#include "sip/list.h"
#include "vectors.h"

static struct sip_msg m;

static void elements(void)
{
	struct sip_list l;
	struct str element;
	struct sip_nameaddr na;

	index_ok(STR(INVITE_HEAD
			 "Require: ,a , ,b;x=y,\r\nRequire:\r\nRequire: c\r\n"
			 "Privacy: id;header\r\nPath: \"open\r\nRoute: junk\r\nl: 0\r\n\r\n"),
		&m);
	l = sip_list_of(&m, SIP_HDR_REQUIRE);
	CHECK(sip_list_next(&l, &element) == OK);
	CHECK_STR(element, "a");
	CHECK(sip_list_next(&l, &element) == OK);
	CHECK_STR(element, "b;x=y");
	CHECK(l.field == sip_first(&m, SIP_HDR_REQUIRE));
	CHECK(sip_list_next(&l, &element) == OK);
	CHECK_STR(element, "c");
	CHECK(l.field > sip_first(&m, SIP_HDR_REQUIRE));
	CHECK(sip_list_next(&l, &element) == ERR_NOENT);
	CHECK(sip_list_next(&l, &element) == ERR_NOENT);
	CHECK(sip_list_has(&m, SIP_HDR_REQUIRE, STR("B")));
	CHECK(sip_list_has(&m, SIP_HDR_PRIVACY, STR("header")));
	CHECK(sip_list_count(&m, SIP_HDR_REQUIRE) == 3);
	l = sip_list_of(&m, SIP_HDR_PATH);
	CHECK(sip_list_next(&l, &element) == ERR_SYNTAX);
	CHECK(sip_nameaddr_next(&l, &na) == ERR_SYNTAX);
	l = sip_list_of(&m, SIP_HDR_ROUTE);
	CHECK(sip_nameaddr_next(&l, &na) == ERR_SYNTAX);
	CHECK(sip_nameaddr_next(&l, &na) == ERR_NOENT);
	l = sip_list_of(&m, SIP_HDR_EXPIRES);
	CHECK(sip_list_next(&l, &element) == ERR_NOENT);
}

TEST_MAIN(T(elements))
