/* test_dns.c - the resolver against two servers of our own: good, slow, odd and dead. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "io/dns_wire.h"
#include "io/kernel.h"
#include "test.h"

enum mood { GOOD, SILENT, FAILING, GARBLED, OLD, FOLDING, FORGING, CUT };

struct server {
	struct dgram *d;
	enum mood mood;
	size_t n_asked, n_edns, n_mixed;
	uint16_t ports[64]; /* that questions came from */
	char name[256];
	uint16_t type;
};

static struct {
	struct io *io;
	struct plan plan;
	struct server servers[2];
} world;

static struct {
	int n;
	enum err err;
	size_t n_answers;
	struct dns_answer first;
} told;

static void on_told(void *arg, enum err err, const struct dns_answer *answers, size_t n)
{
	(void)arg;
	told.n++;
	told.err = err;
	told.n_answers = n;
	if (n)
		told.first = answers[0];
}

static void fold(char *name)
{
	for (; *name; name++)
		*name = ascii_lower(*name);
}

static bool read_question(struct server *s, struct rd *r, uint16_t *ret_id)
{
	size_t n = 0;

	*ret_id = rd_u16(r);
	(void)rd_bytes(r, 8);
	s->n_edns += rd_u16(r) == 1;
	for (uint8_t len = rd_u8(r); len && n + len + 1 < sizeof s->name; len = rd_u8(r)) {
		if (n)
			s->name[n++] = '.';
		rd_copy(r, s->name + n, len);
		n += len;
	}
	s->name[n] = '\0';
	s->type = rd_u16(r);
	return r->err == OK;
}

static void answer(struct server *s, struct wr *w, uint16_t id, int rcode)
{
	char name[256];

	(void)str_copy(str_of(s->name), name, sizeof name);
	if (s->mood == FOLDING)
		fold(name);
	if (s->mood == FORGING)
		id ^= 1;
	if (rcode) {
		put_header(w, id, (uint16_t)(DNS_ANSWER | rcode), 0);
		put_question(w, name, s->type);
		return;
	}
	put_header(
		w, id, s->mood == CUT ? DNS_ANSWER | DNS_CUT : DNS_ANSWER, s->type == 33 ? 1 : 2);
	put_question(w, name, s->type);
	if (s->mood == CUT)
		return;
	if (s->type == 33) {
		put_srv(w, 10, 5061, "host.example");
		return;
	}
	put_cname(w, NULL, 90, "real.example");
	put_a(w, "real.example", 60, (uint8_t)(s == world.servers ? 1 : 2));
}

static int rcode_of(const struct server *s, bool has_edns)
{
	if (s->mood == FAILING)
		return 2;
	if (s->mood == OLD && has_edns)
		return 1;
	return str_ieq(str_of(s->name), STR("none.example")) ? 3 : 0;
}

static void on_questions(struct dgram *d, const struct packet *p, size_t n, void *arg)
{
	struct server *s = arg;

	for (size_t i = 0; i < n; i++) {
		uint8_t buf[512];
		struct wr w = wr_of(buf, sizeof buf);
		struct rd r = rd_of(p[i].bytes);
		struct addr_ok to = {p[i].from};
		uint16_t id;
		size_t had_edns = s->n_edns;

		s->ports[s->n_asked++ % 64] = p[i].from.port;
		if (!read_question(s, &r, &id) || s->mood == SILENT)
			continue;
		for (char *c = s->name; *c; c++)
			s->n_mixed += *c >= 'A' && *c <= 'Z';
		if (s->mood == GARBLED)
			wr_str(&w, STR("garbage of some length"));
		else
			answer(s, &w, id, rcode_of(s, s->n_edns > had_edns));
		dgram_send(d, &to, wr_done(&w));
	}
}

/* A stream on the port of the first server: one question, one answer. Raw, because in the plan a
 * DNS server is somebody else. */
static int open_stream_server(void)
{
	struct sockaddr_in sa = {.sin_family = AF_INET,
		.sin_port = htons(dgram_addr(world.servers[0].d).port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (bind(fd, (struct sockaddr *)&sa, sizeof sa) < 0 || listen(fd, 5) < 0)
		return -1;
	return fd;
}

/* One step of its work; the asker is in the same thread. */
static void serve_stream(int listener, int *conn, uint16_t *ret_from)
{
	struct server s = {.mood = GOOD};
	struct sockaddr_in sa;
	socklen_t sa_len = sizeof sa;
	uint8_t in[600], out[600];
	struct wr w = wr_of(out, sizeof out);
	struct rd r;
	ssize_t n;
	uint16_t id;

	if (*conn < 0) {
		*conn = accept4(listener, (struct sockaddr *)&sa, &sa_len, SOCK_NONBLOCK);
		*ret_from = *conn < 0 ? 0 : ntohs(sa.sin_port);
		return;
	}
	n = read(*conn, in, sizeof in);
	if (n <= 2)
		return;
	r = rd_of((struct str){(const char *)in + 2, (size_t)n - 2});
	wr_u16(&w, 0);
	if (read_question(&s, &r, &id))
		answer(&s, &w, id, 0);
	out[0] = (uint8_t)((wr_len(&w) - 2) >> 8);
	out[1] = (uint8_t)(wr_len(&w) - 2);
	(void)!write(*conn, out, wr_len(&w));
}

static void world_down(void)
{
	io_free(world.io);
	memset(&world, 0, sizeof world);
}

static void world_limits(uint32_t n_asks, uint32_t n_cached)
{
	struct local from = {PLAN_EDGE_DNS, addr_v4(127, 0, 0, 1, 0), NO_FD};
	struct local at = {PLAN_PUBLIC_RTP_OUT, addr_v4(127, 0, 0, 1, 0), NO_FD};
	struct addr_ok servers[2];

	world_down();
	memset(&told, 0, sizeof told);
	plan_defaults(&world.plan, HOST_EDGE, false);
	world.plan.switches[SW_SIP] = world.plan.switches[SW_DNS] = true;
	CHECK(io_new("edge", "sig", &world.io) == OK);
	io_set_plan(world.io, &world.plan);
	for (int i = 0; i < 2; i++) {
		struct server *s = &world.servers[i];

		CHECK(dgram_open(world.io, &at, on_questions, s, &s->d) == OK);
		servers[i].addr = dgram_addr(s->d);
	}
	if (n_asks)
		dns_limit(world.io, n_asks, n_cached);
	CHECK(dns_configure(world.io, &from, servers, 2) ==
		ERR_WRONG_STATE); /* too late for files */
	CHECK(dns_prepare(world.io) == OK && dns_prepare(world.io) == OK);
	CHECK(dns_configure(world.io, &from, servers, 2) == OK);
}

static void world_up(void)
{
	world_limits(0, 0);
}

#define UNTIL(cond)                                                                                \
	for (int turns_ = 0; turns_ < 9000 && !(cond); turns_++)                                   \
	CHECK(io_run_once(world.io, 1) == OK)

static struct dns_ask *ask(const char *name, enum dns_type type)
{
	struct dns_ask *a = NULL;

	CHECK(dns_ask(world.io, name, type, on_told, NULL, &a) == OK);
	return a;
}

static void an_address_is_found(void)
{
	world_up();
	(void)ask("a.some-long-name.example", DNS_A);
	CHECK(told.n == 0);
	UNTIL(told.n);
	CHECK(told.n == 1 && told.err == OK && told.n_answers == 1);
	CHECK(told.first.addr.ip[3] == 1 && told.first.ttl_s == 60);
	CHECK(world.servers[0].n_asked == 1 && world.servers[0].n_edns == 1);
	CHECK(world.servers[0].n_mixed >
		0); /* of 20 letters one is upper case, but 1 time in a million */
	CHECK(plan_has_port(&world.plan, PLAN_EDGE_DNS, world.servers[0].ports[0]));
	world_down();
}

static void a_service_is_found(void)
{
	world_up();
	(void)ask("_sips._tcp.example", DNS_SRV);
	UNTIL(told.n);
	CHECK(told.err == OK && told.first.port == 5061);
	CHECK(strcmp(told.first.name, "host.example") == 0);
	world_down();
}

static void an_answer_is_remembered(void)
{
	world_up();
	(void)ask("a.example", DNS_A);
	UNTIL(told.n == 1);
	(void)ask("A.Example", DNS_A);
	CHECK(told.n == 1);
	UNTIL(told.n == 2);
	CHECK(told.n == 2 && told.err == OK && told.n_answers == 1);
	CHECK(world.servers[0].n_asked == 1);
	(void)ask("none.example", DNS_A);
	UNTIL(told.n == 3);
	CHECK(told.err == ERR_NOENT);
	(void)ask("none.example", DNS_A);
	UNTIL(told.n == 4);
	CHECK(told.err == ERR_NOENT && world.servers[0].n_asked == 2);
	world_down();
}

static void the_second_server_is_asked_when_the_first_is_silent(void)
{
	world_up();
	world.servers[0].mood = SILENT;
	(void)ask("a.example", DNS_A);
	UNTIL(told.n);
	CHECK(told.err == OK && told.first.addr.ip[3] == 2);
	world_down();
}

static void the_second_server_is_asked_when_the_first_fails(void)
{
	world_up();
	world.servers[0].mood = FAILING;
	(void)ask("a.example", DNS_A);
	UNTIL(told.n);
	CHECK(told.err == OK && told.first.addr.ip[3] == 2);
	world_down();
}

static void dead_servers_time_out(void)
{
	uint64_t before;

	world_up();
	world.servers[0].mood = GARBLED;
	world.servers[1].mood = FORGING;
	before = io_now(world.io);
	(void)ask("a.example", DNS_A);
	UNTIL(told.n);
	CHECK(told.n == 1 && told.err == ERR_TIMEOUT && told.n_answers == 0);
	CHECK((io_now(world.io) - before) / 1000000000u <= 7);
	world_down();
}

static void an_old_server_is_asked_without_edns(void)
{
	world_up();
	world.servers[0].mood = OLD;
	(void)ask("a.example", DNS_A);
	UNTIL(told.n);
	CHECK(told.err == OK && told.first.addr.ip[3] == 1);
	world_down();
}

static void a_server_that_folds_case_is_asked_in_lower_case(void)
{
	world_up();
	world.servers[0].mood = FOLDING;
	(void)ask("a-name-with-many-letters.example", DNS_A);
	UNTIL(told.n);
	CHECK(told.err == OK && world.servers[0].n_asked == 2);
	world_down();
}

static void a_cancelled_ask_is_not_told(void)
{
	world_up();
	dns_cancel(ask("a.example", DNS_A));
	for (int i = 0; i < 30; i++)
		CHECK(io_run_once(world.io, 1) == OK);
	CHECK(told.n == 0 && world.servers[0].n_asked == 1);
	(void)ask("a.example", DNS_A); /* its answer was kept all the same */
	UNTIL(told.n);
	CHECK(told.n == 1 && world.servers[0].n_asked == 1);
	dns_cancel(ask("a.example", DNS_A));
	for (int i = 0; i < 5; i++)
		CHECK(io_run_once(world.io, 1) == OK);
	CHECK(told.n == 1);
	dns_cancel(NULL);
	world_down();
}

static void questions_leave_from_many_ports(void)
{
	size_t n_same = 0;
	char name[] = "a0.example";

	world_up();
	for (int i = 0; i < 16; i++) {
		name[1] = (char)('a' + i);
		(void)ask(name, DNS_A);
	}
	UNTIL(told.n == 16);
	for (int i = 0; i < 16; i++) {
		for (int k = 0; k < i; k++)
			n_same += world.servers[0].ports[i] == world.servers[0].ports[k];
	}
	CHECK(told.n == 16 && n_same == 0);
	world_down();
}

static void what_was_cut_is_asked_over_a_stream_where_the_plan_allows_it(void)
{
	int fd, conn = -1;
	uint16_t from = 0;

	world_up();
	world.servers[0].mood = world.servers[1].mood = CUT;
	(void)ask("a.example", DNS_A);
	UNTIL(told.n);
	CHECK(told.n == 1 && told.err == ERR_SHORT);
	world.plan.switches[SW_DNS_TCP] = true;
	fd = open_stream_server();
	CHECK(fd >= 0);
	(void)ask("b.example", DNS_A);
	for (int i = 0; i < 3000 && told.n < 2; i++) {
		CHECK(io_run_once(world.io, 1) == OK);
		serve_stream(fd, &conn, &from);
	}
	CHECK(told.n == 2 && told.err == OK && told.n_answers == 1);
	CHECK(plan_has_port(&world.plan, PLAN_EXTRA_EDGE_DNS, from));
	(void)close(fd);
	(void)close(conn);
	world_down();
}

/* One over the limit is refused at once; what c-ares has let go of makes room. */
static void more_asks_than_the_limit_are_refused(void)
{
	struct dns_ask *a;

	world_limits(2, 16);
	world.servers[0].mood = world.servers[1].mood = SILENT;
	(void)ask("a.example", DNS_A);
	(void)ask("b.example", DNS_A);
	CHECK(dns_ask(world.io, "c.example", DNS_A, on_told, NULL, &a) == ERR_FULL);
	UNTIL(told.n == 2);
	CHECK(told.err == ERR_TIMEOUT);
	world.servers[0].mood = world.servers[1].mood = GOOD;
	UNTIL(dns_ask(world.io, "c.example", DNS_A, on_told, NULL, &a) == OK);
	UNTIL(told.n == 3);
	CHECK(told.err == OK);
	world_down();
}

static void no_more_answers_than_the_limit_are_remembered(void)
{
	world_limits(16, 1);
	(void)ask("a.example", DNS_A);
	UNTIL(told.n == 1);
	(void)ask("a.example", DNS_A);
	UNTIL(told.n == 2);
	CHECK(world.servers[0].n_asked == 1);
	(void)ask("b.example", DNS_A);
	UNTIL(told.n == 3);
	(void)ask("a.example", DNS_A);
	UNTIL(told.n == 4);
	CHECK(world.servers[0].n_asked == 3);
	world_down();
}

static void a_bad_name_and_no_servers_are_refused(void)
{
	struct dns_ask *a;
	struct local from = {PLAN_EDGE_DNS, addr_v4(127, 0, 0, 1, 0), NO_FD};
	struct addr_ok no_port = {addr_v4(127, 0, 0, 1, 0)};

	world_up();
	CHECK(dns_ask(world.io, "a..b", DNS_A, on_told, NULL, &a) == ERR_SYNTAX);
	CHECK(dns_configure(world.io, &from, &no_port, 1) == ERR_RANGE);
	CHECK(dns_configure(world.io, &from, NULL, 0) == OK);
	CHECK(dns_ask(world.io, "a.b", DNS_A, on_told, NULL, &a) == ERR_WRONG_STATE);
	world_down();
}

TEST_MAIN(T(an_address_is_found), T(a_service_is_found), T(an_answer_is_remembered),
	T(the_second_server_is_asked_when_the_first_is_silent),
	T(the_second_server_is_asked_when_the_first_fails), T(dead_servers_time_out),
	T(an_old_server_is_asked_without_edns), T(a_server_that_folds_case_is_asked_in_lower_case),
	T(a_cancelled_ask_is_not_told), T(questions_leave_from_many_ports),
	T(what_was_cut_is_asked_over_a_stream_where_the_plan_allows_it),
	T(more_asks_than_the_limit_are_refused), T(no_more_answers_than_the_limit_are_remembered),
	T(a_bad_name_and_no_servers_are_refused))
