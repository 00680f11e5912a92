/* Rows, questions and edges between two processes in one loop, over a real channel. */
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "io/kernel.h"
#include "ipc/ipc.h"
#include "ipc/wire.h"
#include "test.h"

enum { N_MAX = 6000 };

/* A mirror of the simplest kind: value and mark by number of the row. */
struct side {
	struct ipc *ipc;
	uint32_t value[N_MAX], gen[N_MAX], now;
	int fd[N_MAX];
	int n_puts, n_dels, n_syncs, n_up, n_down, n_again;
	struct ipc_ask *ask;
	enum err answer_err;
	int n_answers, answer_fd;
	char answer[64];
};

static struct io *io;
static struct side a, b; /* a is sig, b is media */
static struct row rows[N_MAX];
static uint32_t values[N_MAX];
static size_t body_pad;

static void on_put(
	void *arg, enum process_id from, enum kind kind, uint64_t h, struct rd *body, int fd)
{
	struct side *s = arg;
	uint32_t i = handle_slot(h);

	(void)from;
	(void)kind;
	if (i >= N_MAX)
		return;
	s->value[i] = rd_u32(body);
	s->gen[i] = s->now;
	s->n_puts++;
	if (fd != NO_FD)
		s->fd[i] = fd;
}

static void on_del(void *arg, enum process_id from, enum kind kind, uint64_t h)
{
	struct side *s = arg;

	(void)from;
	(void)kind;
	s->value[handle_slot(h)] = 0;
	s->n_dels++;
}

static void on_sync(void *arg, enum process_id from, enum kind kind)
{
	struct side *s = arg;

	(void)from;
	if (kind != ROW_FLOW_WANT)
		return;
	s->n_syncs++;
	for (uint32_t i = 0; i < N_MAX; i++) {
		if (s->gen[i] != s->now)
			s->value[i] = 0;
	}
}

static void on_ask(void *arg, struct ipc_ask *ask, enum process_id from, enum kind kind, uint64_t h,
	struct rd *body, int fd)
{
	struct side *s = arg;

	(void)from;
	(void)kind;
	(void)h;
	(void)body;
	io_close_fd(io, fd);
	s->ask = ask;
}

static void on_edge(void *arg, enum process_id with, bool is_up)
{
	struct side *s = arg;

	(void)with;
	s->n_up += is_up;
	s->n_down += !is_up;
	s->now += is_up;
}

static void on_again(void *arg, enum process_id from, enum kind kind)
{
	struct side *s = arg;

	(void)from;
	if (kind == ROW_FLOW_WANT) {
		s->now++;
		s->n_again++;
	}
}

static const struct ipc_ops ops = {on_put, on_del, on_sync, on_ask, on_edge, on_again};

static void write_row(const struct row *row, struct wr *w)
{
	static const char pad[700];

	wr_u32(w, values[handle_slot(row->handle)]);
	wr_bytes(w, pad, body_pad);
}

static void start(void)
{
	memset(&a, 0, sizeof a);
	memset(&b, 0, sizeof b);
	memset(rows, 0, sizeof rows);
	for (int i = 0; i < N_MAX; i++)
		a.fd[i] = b.fd[i] = NO_FD;
	body_pad = 0;
	CHECK(io_new("n1", "test", &io) == OK);
	CHECK(ipc_new(io, P_SIG, &ops, &a, &a.ipc) == OK);
	CHECK(ipc_new(io, P_MEDIA, &ops, &b, &b.ipc) == OK);
}

static void stop(void)
{
	ipc_free(a.ipc);
	ipc_free(b.ipc);
	io_free(io);
}

static void join(void)
{
	int x, y;

	CHECK(chan_pair(io, &x, &y) == OK);
	CHECK(ipc_edge(a.ipc, P_MEDIA, x) == OK);
	CHECK(ipc_edge(b.ipc, P_SIG, y) == OK);
}

static void turns(int n)
{
	while (n-- > 0)
		CHECK(io_run_once(io, 1) == OK);
}

static void show(uint32_t i, uint32_t value)
{
	if (!rows[i].list.next)
		row_init(&rows[i], ROW_FLOW_WANT, handle_make(HK_STREAM, i, 1), write_row);
	values[i] = value;
	row_put(a.ipc, &rows[i]);
}

static bool is_mirrored(void)
{
	for (uint32_t i = 0; i < N_MAX; i++) {
		if (b.value[i] != (rows[i].list.next ? values[i] : 0))
			return false;
	}
	return true;
}

static void shows_changes_deletes(void)
{
	start();
	show(1, 11);
	join();
	turns(3);
	CHECK(b.value[1] == 11 && b.n_syncs == 1 && b.n_up == 1);
	show(2, 22);
	show(1, 12);
	show(1, 13); /* twice in a turn goes once */
	turns(3);
	CHECK(b.n_puts == 3 && b.value[1] == 13 && b.value[2] == 22);
	row_del(a.ipc, &rows[1]);
	row_del(a.ipc, &rows[1]); /* not shown any more: nothing */
	turns(3);
	CHECK(b.n_dels == 1 && is_mirrored());
	show(1, 14); /* the same handle again */
	row_del(a.ipc, &rows[2]);
	turns(3);
	CHECK(is_mirrored() && b.value[1] == 14);
	stop();
}

static void nothing_to_those_who_do_not_mirror(void)
{
	int x, y;

	start();
	CHECK(chan_pair(io, &x, &y) == OK);
	CHECK(ipc_edge(a.ipc, P_TLS, x) == OK);
	show(1, 11);
	turns(3);
	CHECK(a.n_down == 0 && rows[1].dirty == 0);
	(void)close(y);
	turns(3);
	CHECK(a.n_down == 1 && !ipc_has_edge(a.ipc, P_TLS));
	stop();
}

/* The other end does not read: the channel fills, then changes and deletions pile up as bits and tombs. */
static void slow_neighbour(uint32_t n_rows, uint32_t n_dels, int agains)
{
	int x, y;

	start();
	body_pad = 700;
	CHECK(chan_pair(io, &x, &y) == OK);
	CHECK(ipc_edge(a.ipc, P_MEDIA, x) == OK);
	for (uint32_t i = 0; i < n_rows; i++)
		show(i, i + 1);
	turns(3);
	CHECK(rows[n_rows - 1].dirty != 0);
	for (uint32_t i = 0; i < n_rows; i++)
		show(i, i + 10000);
	for (uint32_t i = 0; i < n_dels; i++)
		row_del(a.ipc, &rows[i]);
	turns(3);
	CHECK(ipc_edge(b.ipc, P_SIG, y) == OK);
	for (int i = 0; i < 2000 && !(is_mirrored() && b.n_syncs); i++)
		turns(1);
	turns(20);
	CHECK(is_mirrored() && b.n_syncs >= 1 && b.n_again == agains);
	CHECK(a.n_down == 0 && b.n_down == 0);
	show(0, 5); /* and it is an ordinary edge again */
	turns(3);
	CHECK(is_mirrored());
	stop();
}

static void slow_gets_the_latest(void)
{
	slow_neighbour(3000, 500, 0);
}

static void too_many_deletions_begin_again(void)
{
	slow_neighbour(5000, 4000, 1);
}

static void new_edge_resyncs(void)
{
	start();
	for (uint32_t i = 0; i < 50; i++)
		show(i, i + 1);
	join();
	turns(5);
	CHECK(is_mirrored());
	ipc_edge_close(b.ipc, ipc_edge_to(b.ipc, P_SIG));
	turns(3);
	CHECK(a.n_down == 1 && b.n_down == 1);
	for (uint32_t i = 0; i < 20; i++)
		row_del(a.ipc, &rows[i]); /* nobody hears it */
	show(30, 999);
	join();
	turns(5);
	CHECK(is_mirrored() && b.n_syncs == 2);
	join(); /* a second channel replaces the first */
	turns(5);
	CHECK(is_mirrored() && a.n_down == 2 && a.n_up == 3 && ipc_has_edge(a.ipc, P_MEDIA));
	stop();
}

/* Sends raw bytes as sig to media, the way a broken-into sig would. */
static void bad(struct str bytes, int fd)
{
	static const struct chan_ops none = {0};
	struct chan *c;
	int x, y;

	start();
	CHECK(chan_pair(io, &x, &y) == OK);
	CHECK(ipc_edge(b.ipc, P_SIG, y) == OK);
	CHECK(chan_adopt(io, x, &none, NULL, &c) == OK);
	CHECK(chan_send(c, bytes, fd));
	turns(3);
	CHECK(b.n_down == 1 && !ipc_has_edge(b.ipc, P_SIG) && b.n_puts == 0);
	stop();
}

static struct str wire(enum verb verb, enum kind kind, size_t len)
{
	static uint8_t buf[WIRE_MAX];
	static const char zeroes[2000];
	struct wr w = wr_of(buf, sizeof buf);

	wire_put(&w, &(struct head){verb, kind, 0, 0}, (struct str){zeroes, len});
	return wr_done(&w);
}

static void bad_messages_close_the_edge(void)
{
	int null = open("/dev/null", O_RDONLY | O_CLOEXEC);

	bad(STR("x"), NO_FD);
	bad(wire(VERB_PUT, ROW_FLOW_IS, 0), NO_FD); /* not its owner */
	bad(wire(VERB_PUT, ROW_FLOW_WANT, 1500), NO_FD);
	bad(wire(VERB_PUT, ROW_FLOW_WANT, 10), null);
	bad(wire(VERB_ASK, ASK_DROP, 0), NO_FD);
	bad(wire(VERB_SYNC, ROW_CALL, 0), NO_FD);
	(void)close(null);
}

static size_t n_open(void)
{
	size_t n = 0;

	for (int fd = 0; fd < 200; fd++)
		n += fcntl(fd, F_GETFD) >= 0;
	return n;
}

static void fds_go_once(void)
{
	static struct row row;
	size_t before;
	int fd;

	start();
	before = n_open();
	fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	ipc_free(a.ipc);
	CHECK(ipc_new(io, P_KEEPER, &ops, &a, &a.ipc) == OK);
	row_init(&row, ROW_SOCKET, handle_make(HK_SOCKET, 4, 1), write_row);
	row_set_fd(&row, fd);
	row.to = PBIT(MEDIA);
	row_put(a.ipc, &row);
	for (int i = 0; i < 2; i++) {
		int x, y;

		CHECK(chan_pair(io, &x, &y) == OK);
		CHECK(ipc_edge(a.ipc, P_MEDIA, x) == OK && ipc_edge(b.ipc, P_KEEPER, y) == OK);
		turns(4);
		CHECK(b.fd[4] != NO_FD);
		(void)close(b.fd[4]);
		b.fd[4] = NO_FD;
		row_put(a.ipc, &row);
		turns(4);
		CHECK(b.fd[4] == NO_FD); /* it has it */
	}
	row_set_fd(&row, fd);
	row.is_fd_given = true;
	row_put(a.ipc, &row);
	turns(4);
	CHECK(b.fd[4] != NO_FD && row.fd == NO_FD); /* closed here: n_open tells */
	(void)close(b.fd[4]);
	row_del(a.ipc, &row);
	ipc_edge_close(a.ipc, ipc_edge_to(a.ipc, P_MEDIA));
	turns(4);
	CHECK(n_open() == before);
	stop();
}

static void on_answered(void *arg, enum err err, struct rd *body, int fd)
{
	struct side *s = arg;
	struct str t = rd_bytes(body, rd_left(body));

	s->n_answers++;
	s->answer_err = err;
	s->answer_fd = fd;
	(void)str_copy(t, s->answer, sizeof s->answer);
}

static void ask(uint32_t timeout_ms, uint32_t *ret_seq)
{
	CHECK(ipc_ask(a.ipc, P_TLS, ASK_TLS_DIAL, 0, STR("who"), NO_FD, timeout_ms, on_answered, &a,
		      ret_seq) == OK);
}

static void join_tls(void)
{
	int x, y;

	start();
	ipc_free(b.ipc);
	CHECK(ipc_new(io, P_TLS, &ops, &b, &b.ipc) == OK);
	CHECK(chan_pair(io, &x, &y) == OK);
	CHECK(ipc_edge(a.ipc, P_TLS, x) == OK && ipc_edge(b.ipc, P_SIG, y) == OK);
}

static void questions_are_answered_once(void)
{
	uint32_t seq;

	join_tls();
	ask(1000, &seq);
	turns(3);
	CHECK(b.ask && a.n_answers == 0);
	ipc_answer(b.ask, OK, STR("me"), open("/dev/null", O_RDONLY | O_CLOEXEC));
	turns(3);
	CHECK(a.n_answers == 1 && a.answer_err == OK && strcmp(a.answer, "me") == 0 &&
		a.answer_fd != NO_FD);
	(void)close(a.answer_fd);
	ask(1000, &seq);
	turns(3);
	ipc_answer(b.ask, ERR_AUTH, STR("why not"), NO_FD);
	turns(3);
	CHECK(a.n_answers == 2 && a.answer_err == ERR_AUTH && strcmp(a.answer, "why not") == 0);
	stop();
}

static void questions_end_without_answer(void)
{
	uint32_t seq;

	join_tls();
	ask(1, &seq);
	turns(1);
	for (int i = 0; i < 50 && !a.n_answers; i++)
		turns(1);
	CHECK(a.n_answers == 1 && a.answer_err == ERR_TIMEOUT);
	ipc_answer(b.ask, OK, STR("too late"), open("/dev/null", O_RDONLY | O_CLOEXEC));
	turns(3);
	CHECK(a.n_answers == 1);
	ask(1000, &seq);
	ipc_forget(a.ipc, seq);
	turns(3);
	ipc_answer(b.ask, OK, STR("forgotten"), NO_FD);
	turns(3);
	CHECK(a.n_answers == 1);
	ask(1000, &seq);
	turns(3);
	ipc_edge_close(b.ipc, ipc_edge_to(b.ipc, P_SIG));
	turns(4);
	CHECK(a.n_answers == 2 && a.answer_err == ERR_CLOSED);
	ipc_answer(b.ask, OK, STR("to nobody"), open("/dev/null", O_RDONLY | O_CLOEXEC));
	CHECK(ipc_ask(a.ipc, P_TLS, ASK_TLS_DIAL, 0, STR_NONE, NO_FD, 5, on_answered, &a, &seq) ==
		ERR_CLOSED);
	stop();
}

static void questions_are_bounded(void)
{
	uint32_t seq;
	int n = 0;

	join_tls();
	while (ipc_ask(a.ipc, P_TLS, ASK_TLS_DIAL, 0, STR_NONE, NO_FD, 10000, on_answered, &a,
		       &seq) == OK)
		n++;
	CHECK(n == 256);
	turns(20);
	CHECK(a.n_answers == 128 &&
		a.answer_err == ERR_FULL); /* those beyond what the other side holds */
	stop();
}

static void readers_may_not_ask(void)
{
	uint32_t seq, edge;
	int x, y;

	start();
	ipc_free(b.ipc);
	CHECK(ipc_new(io, P_CTL, &ops, &b, &b.ipc) == OK);
	CHECK(chan_pair(io, &x, &y) == OK);
	CHECK(ipc_edge_add(a.ipc, P_CTL, x, false, &edge) == OK && ipc_edge(b.ipc, P_SIG, y) == OK);
	CHECK(ipc_ask(b.ipc, P_SIG, ASK_DROP, 0, STR_NONE, NO_FD, 1000, on_answered, &b, &seq) ==
		OK);
	turns(4);
	CHECK(b.n_answers == 1 && b.answer_err == ERR_DENIED && !a.ask);
	stop();
}

static void command_lines_are_bounded(void)
{
	uint32_t edge;
	int x, y[20];

	start();
	for (int i = 0; i < 20; i++) {
		CHECK(chan_pair(io, &x, &y[i]) == OK);
		CHECK(ipc_edge_add(a.ipc, P_CTL, x, true, &edge) == (i < 16 ? OK : ERR_FULL));
	}
	CHECK(a.n_up == 16);
	for (int i = 0; i < 20; i++)
		(void)close(y[i]);
	turns(4);
	CHECK(a.n_down == 16);
	stop();
}

/* Reads one message of the raw end; the verbs of its parts, as letters. */
static size_t read_parts(int fd, char verbs[64], uint64_t handles[64])
{
	static const char letters[VERB_MAX + 1] = "?PDSAQR";
	char buf[CHAN_MAX];
	ssize_t n = read(fd, buf, sizeof buf);
	struct str rest = {buf, n > 0 ? (size_t)n : 0};
	size_t n_parts = 0;

	while (rest.len && n_parts < 63) {
		struct str one = wire_cut(&rest);
		struct head head;
		struct rd body;
		const char *why;

		if (wire_get(one, false, P_SIG, P_MEDIA, &head, &body, &why) != OK)
			break;
		verbs[n_parts] = letters[head.verb];
		handles[n_parts++] = handle_slot(head.handle);
	}
	verbs[n_parts] = '\0';
	return n_parts;
}

static void what_a_turn_says_travels_together(void)
{
	char verbs[64];
	uint64_t handles[64];
	uint32_t edge;
	int x, y;

	start();
	CHECK(chan_pair(io, &x, &y) == OK);
	CHECK(ipc_edge_add(a.ipc, P_MEDIA, x, true, &edge) == OK);
	turns(2);
	while (read_parts(y, verbs, handles))
		;
	for (uint32_t i = 1; i <= 5; i++)
		show(i, i);
	turns(1);
	CHECK(read_parts(y, verbs, handles) == 5 && strcmp(verbs, "PPPPP") == 0);
	CHECK(handles[0] == 1 && handles[4] == 5);
	show(6, 6);
	row_del(a.ipc, &rows[2]);
	turns(1);
	CHECK(read_parts(y, verbs, handles) == 2 && strcmp(verbs, "DP") == 0);
	CHECK(read_parts(y, verbs, handles) == 0);
	/* the turn is flushed: what comes now does not wait for another */
	CHECK(ipc_del_once(a.ipc, edge, ROW_FLOW_WANT, handle_make(HK_STREAM, 9, 1)) == OK);
	CHECK(read_parts(y, verbs, handles) == 1 && handles[0] == 9);
	body_pad = 700; /* five of them fill a message */
	for (uint32_t i = 1; i <= 8; i++)
		show(i, i);
	turns(1);
	CHECK(read_parts(y, verbs, handles) == 5 && read_parts(y, verbs, handles) == 3);
	(void)close(y);
	stop();
}

static void a_bad_part_closes_the_edge(void)
{
	uint8_t bytes[64];
	struct wr w = wr_of(bytes, sizeof bytes);
	int x, y;

	start();
	CHECK(chan_pair(io, &x, &y) == OK);
	CHECK(ipc_edge(b.ipc, P_SIG, x) == OK);
	wire_put(&w, &(struct head){VERB_DEL, ROW_FLOW_WANT, 0, handle_make(HK_STREAM, 3, 1)},
		STR_NONE);
	wire_put(&w, &(struct head){VERB_DEL, ROW_BINDING, 0, 1}, STR_NONE); /* not for us */
	wire_put(&w, &(struct head){VERB_DEL, ROW_FLOW_WANT, 0, handle_make(HK_STREAM, 4, 1)},
		STR_NONE);
	CHECK(write(y, bytes, wr_len(&w)) == (ssize_t)wr_len(&w));
	turns(3);
	CHECK(b.n_dels == 1 && b.n_down == 1);
	(void)close(y);
	stop();
}

/* A process that has no handler for what it is sent: nothing is left open, a question has its answer. */
static void what_nobody_handles_is_put_away(void)
{
	static const struct ipc_ops none;
	static struct row row;
	size_t before;
	uint32_t seq;
	int x, y, fd;

	start();
	ipc_free(b.ipc);
	CHECK(ipc_new(io, P_KEEPER, &none, NULL, &b.ipc) == OK && chan_pair(io, &x, &y) == OK);
	CHECK(ipc_edge(a.ipc, P_KEEPER, x) == OK && ipc_edge(b.ipc, P_SIG, y) == OK);
	fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	before = n_open();
	row_init(&row, ROW_KEPT, handle_make(HK_CALL, 4, 1), write_row);
	row_set_fd(&row, fd);
	row_put(a.ipc, &row);
	turns(4);
	CHECK(n_open() == before);
	row_del(a.ipc, &row);
	CHECK(ipc_ask(a.ipc, P_KEEPER, ASK_PAIR, 0, STR("x"), fd, 1000, on_answered, &a, &seq) ==
		OK);
	turns(4);
	CHECK(a.n_answers == 1 && a.answer_err == ERR_UNSUPPORTED && n_open() == before);
	(void)close(fd);
	stop();
}

TEST_MAIN(T(what_nobody_handles_is_put_away), T(shows_changes_deletes),
	T(nothing_to_those_who_do_not_mirror), T(slow_gets_the_latest),
	T(too_many_deletions_begin_again), T(new_edge_resyncs), T(bad_messages_close_the_edge),
	T(fds_go_once), T(questions_are_answered_once), T(questions_end_without_answer),
	T(questions_are_bounded), T(readers_may_not_ask), T(command_lines_are_bounded),
	T(what_a_turn_says_travels_together), T(a_bad_part_closes_the_edge))
