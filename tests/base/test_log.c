/* Lines: JSON whatever a peer sent, one line, cut, limited; dates against known ones; handles. */
#include <string.h>

#include "base/handle.h"
#include "base/log.h"
#include "test.h"

struct trap {
	char line[LOG_LINE_MAX + 1];
	size_t len;
	unsigned n;
	uint64_t wall;
};

static void on_line(void *arg, struct str line)
{
	struct trap *t = arg;

	(void)str_copy(line, t->line, sizeof t->line);
	t->len = line.len;
	t->n++;
}

static uint64_t wall(void *arg)
{
	return ((struct trap *)arg)->wall;
}

static struct log log_to(struct trap *t)
{
	*t = (struct trap){.wall = 1700000000123456789u};
	return (struct log){.sink = on_line,
		.arg = t,
		.wall = wall,
		.level = LOG_DEBUG,
		.node = "edge",
		.process = "sig"};
}

LOG_EVENT(ev_one, "TST-001", LOG_NOTICE, "a thing happened");
LOG_EVENT(ev_debug, "TST-002", LOG_DEBUG, "a small thing");

/* A JSON reader of the grammar that one of our lines may use: an object of strings and numbers, ASCII,
 * one LF at its end. */
static const char *skip_string(const char *p)
{
	if (*p++ != '"')
		return NULL;
	while (*p != '"') {
		if (*p < 0x20 || *p > 0x7e)
			return NULL;
		if (*p++ != '\\')
			continue;
		if (*p == 'u') {
			if (strspn(p + 1, "0123456789abcdef") < 4)
				return NULL;
			p += 5;
		} else if (*p == '"' || *p == '\\') {
			p++;
		} else {
			return NULL;
		}
	}
	return p + 1;
}

static bool is_json(const struct trap *t)
{
	const char *p = t->line;

	if (strlen(p) != t->len || *p++ != '{')
		return false;
	for (;;) {
		p = skip_string(p);
		if (!p || *p++ != ':')
			return false;
		if (*p == '"')
			p = skip_string(p);
		else
			p = strspn(p, "0123456789") ? p + strspn(p, "0123456789") : NULL;
		if (!p)
			return false;
		if (*p == '}')
			return strcmp(p, "}\n") == 0;
		if (*p++ != ',')
			return false;
	}
}

static void a_whole_line(void)
{
	struct trap t;
	struct log log = log_to(&t);
	struct addr a = {.family = AF_V6, .ip = {[15] = 1}, .port = 9};

	log_put(&log, &ev_one, F_STR("zone", STR("out")), F_NUM("n", 7), F_ADDR("src", &a),
		F_H("call", handle_make(HK_CALL, 31, 7)), F_ERR(ERR_DENIED), F_Z("z", NULL));
	CHECK(is_json(&t));
	CHECK_STR(str_of(t.line),
		"{\"ts\":\"2023-11-14T22:13:20.123456Z\",\"level\":\"notice\",\"node\":\"edge\","
		"\"process\":\"sig\",\"id\":\"TST-001\",\"msg\":\"a thing "
		"happened\",\"zone\":\"out\","
		"\"n\":7,\"src\":\"[::1]:9\",\"call\":\"1.1f.00000007\",\"err\":\"not allowed\","
		"\"z\":\"\"}\n");
}

static void dates_of_the_calendar(void)
{
	static const struct {
		uint64_t s;
		const char *date;
	} rows[] = {{0, "1970-01-01T00:00:00"}, {951782399, "2000-02-28T23:59:59"},
		{951782400, "2000-02-29T00:00:00"}, {951868800, "2000-03-01T00:00:00"},
		{1709164800, "2024-02-29T00:00:00"}, {1735689599, "2024-12-31T23:59:59"},
		{1735689600, "2025-01-01T00:00:00"}, {4107542400, "2100-03-01T00:00:00"},
		{4107456000, "2100-02-28T00:00:00"}, {13574563200, "2400-02-29T00:00:00"}};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct trap t;
		struct log log = log_to(&t);

		t.wall = rows[i].s * 1000000000u;
		log_put(&log, &ev_one);
		if (strncmp(t.line + 7, rows[i].date, 19) != 0)
			printf("# %.19s is not %s\n", t.line + 7, rows[i].date);
		CHECK(strncmp(t.line + 7, rows[i].date, 19) == 0);
	}
}

static void hostile_bytes_stay_in_their_field(void)
{
	static const char evil[] = "a\"}\r\n{\"ts\":\\\0\x1b[31m\x7f\xe2\x80\xae\xff";
	struct trap t;
	struct log log = log_to(&t);

	log_put(&log, &ev_one, F_STR("name", ((struct str){evil, sizeof evil - 1})));
	CHECK(is_json(&t));
	CHECK(strstr(t.line, "\"name\":\"a\\\"}\\u000d\\u000a{\\\"ts\\\":\\\\\\u0000\\u001b[31m"
			     "\\u007f\\u00e2\\u0080\\u00ae\\u00ff\"}\n"));
	log.node = "a\"b\n";
	log_put(&log, &ev_one);
	CHECK(is_json(&t));
}

static void every_byte_is_escaped_to_json(void)
{
	for (int c = 0; c < 256; c++) {
		char byte = (char)c;
		struct trap t;
		struct log log = log_to(&t);

		log_put(&log, &ev_one, F_STR("c", ((struct str){&byte, 1})));
		CHECK(is_json(&t));
	}
}

static void long_values_are_cut(void)
{
	char a[300];
	struct trap t;
	struct log log = log_to(&t);

	memset(a, 'a', sizeof a);
	log_put(&log, &ev_one, F_STR("x", ((struct str){a, 128})),
		F_STR("y", ((struct str){a, 129})));
	CHECK(is_json(&t));
	CHECK(strstr(t.line, "aa\",\"y\""));
	CHECK(strstr(t.line, "aa...\"}"));
}

/* 128 control characters become 768: a few of them must not make the line vanish. */
static void swelling_values_do_not_hide_a_line(void)
{
	char a[128];
	struct trap t;
	struct log log = log_to(&t);
	const struct str s = {a, sizeof a};
	struct addr src = addr_v4(8, 8, 8, 8, 53);

	memset(a, 1, sizeof a);
	log_put(&log, &ev_one, F_STR("a", s), F_STR("b", s), F_STR("c", s), F_STR("d", s),
		F_STR("e", s), F_STR("f", s), F_STR("g", s), F_STR("h", s), F_STR("i", s),
		F_ADDR("src", &src));
	CHECK(t.n == 1);
	CHECK(is_json(&t));
	CHECK(t.len < LOG_LINE_MAX);
	CHECK(strstr(t.line, "\"a\":\"\\u0001"));
	CHECK(strstr(t.line, "\"cut\":"));
}

static void levels_and_the_sink(void)
{
	struct trap t;
	struct log log = log_to(&t);

	log.level = LOG_INFO;
	log_put(&log, &ev_debug);
	CHECK(t.n == 0);
	log_put(&log, &ev_one);
	CHECK(t.n == 1);
	log.sink = NULL;
	log_put(&log, &ev_one);
	log_put((struct log *)NULL, &ev_one);
	CHECK(t.n == 1);
}

static void the_limit_counts_what_it_hides(void)
{
	struct trap t;
	struct log log = log_to(&t);

	for (int i = 0; i < 1000; i++) {
		log_put(&log, &ev_one);
		if (i < 10)
			log_put(&log, &ev_debug); /* another event has its own limit */
	}
	CHECK(t.n == 210);
	t.wall += 10000000000u;
	log_put(&log, &ev_one);
	CHECK(t.n == 211);
	CHECK(is_json(&t));
	CHECK(strstr(t.line, ",\"suppressed\":800}\n"));
	log_put(&log, &ev_one);
	CHECK(!strstr(t.line, "suppressed"));
	t.wall -=
		3600 * 1000000000ull; /* the wall clock stepped back: no line is lost for an hour */
	for (int i = 0; i < 200; i++)
		log_put(&log, &ev_one);
	CHECK(t.n == 412);
}

static void more_events_than_places(void)
{
	static struct log_event many[200];
	struct trap t;
	struct log log = log_to(&t);

	for (int round = 0; round < 3; round++) {
		for (size_t i = 0; i < 200; i++) {
			many[i] = (struct log_event){"TST-009", LOG_INFO, "many"};
			log_put(&log, &many[i]);
		}
	}
	CHECK(t.n == 600);
}

static void two_events_do_not_share_a_place(void)
{
	static struct log_event a[65];
	struct trap t;
	struct log log = log_to(&t);

	a[0] = a[64] = (struct log_event){"TST-010", LOG_INFO, "far apart"};
	for (int i = 0; i < 300; i++) {
		log_put(&log, &a[0]);
		log_put(&log, &a[64]);
	}
	CHECK(t.n == 400);
}

static void handles_as_text(void)
{
	char buf[HANDLE_TEXT_SIZE];

	CHECK_STR(str_of(handle_put(0, buf)), "0.0.00000000");
	CHECK_STR(str_of(handle_put(handle_make(HK_KEYS, 0xffffff, 0xffffffff), buf)),
		"f.ffffff.ffffffff");
	CHECK(handle_kind(UINT64_MAX) == HK_NONE);
}

TEST_MAIN(T(a_whole_line), T(dates_of_the_calendar), T(hostile_bytes_stay_in_their_field),
	T(every_byte_is_escaped_to_json), T(long_values_are_cut),
	T(swelling_values_do_not_hide_a_line), T(levels_and_the_sink),
	T(the_limit_counts_what_it_hides), T(more_events_than_places),
	T(two_events_do_not_share_a_place), T(handles_as_text))
