/* Records: a worker, its keeper's table, their deaths and a channel that is too slow. */
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "io/kernel.h"
#include "ipc/keep.h"
#include "ipc/kept.h"
#include "test.h"

static struct io *io;
static struct ipc *keeper, *worker;
static struct kept_table *table; /* the keeper's */
static struct keep *keep;        /* the worker's */
static bool is_replayed;
static int n_syncs;

static void keeper_put(
	void *arg, enum process_id from, enum kind kind, uint64_t h, struct rd *body, int fd)
{
	struct kept_rec *rec;

	(void)arg;
	(void)from;
	(void)kind;
	CHECK(kept_put(table, h, rd_bytes(body, rd_left(body)), fd, &rec) == OK);
}

static void keeper_del(void *arg, enum process_id from, enum kind kind, uint64_t h)
{
	(void)arg;
	(void)from;
	(void)kind;
	kept_del(table, h);
}

static void keeper_sync(void *arg, enum process_id from, enum kind kind)
{
	(void)arg;
	(void)from;
	if (kind == ROW_KEPT) {
		(void)kept_sweep(table);
		n_syncs++;
	}
}

static void keeper_again(void *arg, enum process_id from, enum kind kind)
{
	(void)arg;
	(void)from;
	if (kind == ROW_KEPT)
		kept_mark(table);
}

static void keeper_edge(void *arg, enum process_id with, bool is_up)
{
	(void)arg;
	(void)with;
	if (is_up)
		kept_mark(table);
}

static const struct ipc_ops keeper_ops = {
	keeper_put, keeper_del, keeper_sync, NULL, keeper_edge, keeper_again};

static void worker_put(
	void *arg, enum process_id from, enum kind kind, uint64_t h, struct rd *body, int fd)
{
	(void)arg;
	(void)from;
	CHECK(kind == ROW_KEPT);
	keep_add_replayed(keep, h, rd_bytes(body, rd_left(body)), fd);
}

static void worker_sync(void *arg, enum process_id from, enum kind kind)
{
	(void)arg;
	(void)from;
	is_replayed |= kind == ROW_KEPT;
}

static void worker_del(void *arg, enum process_id from, enum kind kind, uint64_t h)
{
	(void)arg;
	(void)from;
	(void)kind;
	(void)h;
}

static void worker_edge(void *arg, enum process_id with, bool is_up)
{
	(void)arg;
	(void)with;
	(void)is_up;
}

static const struct ipc_ops worker_ops = {
	worker_put, worker_del, worker_sync, NULL, worker_edge, NULL};

static void turns(int n)
{
	while (n-- > 0)
		CHECK(io_run_once(io, 1) == OK);
}

static void new_worker(void)
{
	CHECK(ipc_new(io, P_MEDIA, &worker_ops, NULL, &worker) == OK);
	CHECK(keep_new(io, &keep) == OK);
}

static void new_keeper(void)
{
	CHECK(ipc_new(io, P_KEEPER, &keeper_ops, NULL, &keeper) == OK);
	CHECK(kept_new(io, 20000, true, &table) == OK);
}

static void join(void)
{
	int x, y;

	CHECK(chan_pair(io, &x, &y) == OK);
	CHECK(ipc_edge(worker, P_KEEPER, x) == OK && ipc_edge(keeper, P_MEDIA, y) == OK);
}

static void kill_worker(void)
{
	keep_free(keep);
	ipc_free(worker);
	turns(3);
}

static void start(void)
{
	CHECK(io_new("n1", "test", &io) == OK);
	new_worker();
	new_keeper();
	join();
	keep_use(keep, worker);
	turns(2);
}

static void stop(void)
{
	keep_free(keep);
	ipc_free(worker);
	ipc_free(keeper);
	kept_free(table);
	io_free(io);
}

static uint64_t key(uint32_t i)
{
	return handle_make(HK_STREAM, i, 7);
}

static void put(uint32_t i, const char *text)
{
	keep_put(keep, key(i), str_of(text), NO_FD);
}

static bool has(uint32_t i, const char *text)
{
	const struct kept_rec *rec = kept_find(table, key(i));

	return rec && str_eq(kept_body(rec), str_of(text));
}

static void puts_at_once(void)
{
	start();
	put(1, "one");
	put(2, "two");
	put(1, "one, later");
	/* the writer dies before its turn ends: what it said is readable all the same */
	keep_free(keep);
	ipc_free(worker);
	turns(4);
	CHECK(has(1, "one, later") && has(2, "two") && kept_n(table) == 2);
	new_worker();
	stop();
}

static void deletes(void)
{
	start();
	put(1, "one");
	put(2, "two");
	keep_del(keep, key(1));
	keep_del(keep, key(99));
	turns(3);
	CHECK(!kept_find(table, key(1)) && kept_n(table) == 1);
	put(1, "again");
	turns(3);
	CHECK(has(1, "again"));
	stop();
}

static void replay(void)
{
	uint32_t edge;

	is_replayed = false;
	new_worker();
	join();
	kept_rewind(table);
	edge = ipc_edge_to(keeper, P_MEDIA);
	for (bool is_sent = false; !is_sent;) {
		is_sent = kept_replay(table, keeper, edge);
		while (ipc_pump(worker, ipc_edge_to(worker, P_KEEPER), 0) == OK)
			;
		turns(1);
	}
	CHECK(is_replayed);
	keep_use(keep, worker);
}

static void successor_gets_all(void)
{
	int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	struct kept k;
	int n = 0;

	start();
	keep_put(keep, key(1), STR("with fd"), fd);
	put(1, "with fd still"); /* NO_FD: as before */
	keep_put(keep, handle_make(HK_KEYS, 1, 1), STR("secret"), NO_FD);
	for (uint32_t i = 2; i < 3000; i++)
		put(i, "many");
	for (int i = 0; i < 500 && kept_n(table) < 3000; i++)
		turns(1);
	CHECK(kept_n(table) == 3000);
	kill_worker();
	(void)close(fd);
	replay();
	CHECK(keep_next(keep, HK_KEYS, &k) && str_eq(k.body, STR("secret")) &&
		!keep_next(keep, HK_KEYS, &k));
	CHECK(keep_next(keep, HK_STREAM, &k) && k.key == key(1) && k.fd != NO_FD);
	CHECK_STR(k.body, "with fd still");
	CHECK(fcntl(k.fd, F_GETFD) >= 0);
	fd = k.fd;
	while (n < 2000 && keep_next(keep, HK_STREAM, &k))
		n++;
	CHECK(n == 2000);
	keep_done(keep); /* 998 that nobody wanted */
	for (int i = 0; i < 500 && kept_n(table) != 2002; i++)
		turns(1);
	CHECK(kept_n(table) == 2002 && kept_find(table, key(1))->fd != NO_FD);
	keep_del(keep, key(1));
	(void)close(fd);
	turns(2);
	CHECK(!kept_find(table, key(1)));
	stop();
}

static void new_keeper_gets_all(void)
{
	int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);

	start();
	keep_put(keep, key(1), STR("with fd"), fd);
	put(2, "two");
	put(3, "three");
	turns(3);
	ipc_free(keeper);
	kept_free(table);
	turns(2);
	keep_del(keep, key(2)); /* meanwhile life goes on */
	put(3, "three, later");
	put(4, "four");
	CHECK(!keep_is_stalled(keep));
	n_syncs = 0;
	new_keeper();
	join();
	turns(4);
	CHECK(n_syncs == 1 && kept_n(table) == 3 && has(3, "three, later") && has(4, "four"));
	CHECK(kept_find(table, key(1))->fd != NO_FD && !kept_find(table, key(2)));
	stop();
	(void)close(fd);
}

/* A keeper that stands still: the channel fills, the rest waits as a set, nothing overtakes, all arrives. */
static void slow_keeper(void)
{
	static char big[1500];
	struct str body = {big, sizeof big};

	start();
	memset(big, 'x', sizeof big);
	for (uint32_t i = 0; i < 2000; i++)
		keep_put(keep, key(i), body, NO_FD);
	CHECK(!keep_is_stalled(keep));
	for (uint32_t i = 2000; i < 5000; i++)
		keep_put(keep, key(i), body, NO_FD);
	CHECK(keep_is_stalled(keep)); /* more than 4 MiB wait */
	for (uint32_t i = 0; i < 1000; i++)
		keep_del(keep, key(i));
	put(1500, "latest");
	for (int i = 0; i < 3000 && !(kept_n(table) == 4000 && has(1500, "latest")); i++)
		turns(1);
	CHECK(kept_n(table) == 4000 && has(1500, "latest") && !keep_is_stalled(keep));
	for (uint32_t i = 0; i < 1000; i++)
		CHECK(!kept_find(table, key(i)));
	stop();
}

static void more_deletions_than_remembered(void)
{
	static char big[1500];
	struct str body = {big, sizeof big};

	start();
	for (uint32_t i = 0; i < 6000; i++)
		put(i, "x");
	for (int i = 0; i < 1000 && kept_n(table) < 6000; i++)
		turns(1);
	CHECK(kept_n(table) == 6000);
	for (uint32_t i = 6000; i < 8000; i++)
		keep_put(keep, key(i), body, NO_FD);
	for (uint32_t i = 0; i < 5500; i++)
		keep_del(keep, key(i));
	for (int i = 0; i < 3000 && kept_n(table) != 2500; i++)
		turns(1);
	CHECK(kept_n(table) == 2500 && kept_find(table, key(5500)) && !kept_find(table, key(5499)));
	stop();
}

static void the_table_has_an_end(void)
{
	struct kept_rec *rec;

	start();
	kept_free(table);
	CHECK(kept_new(io, 2, true, &table) == OK);
	CHECK(kept_put(table, key(1), STR("a"), NO_FD, &rec) == OK);
	CHECK(kept_put(table, key(2), STR("b"), NO_FD, &rec) == OK);
	CHECK(kept_put(table, key(3), STR("c"), NO_FD, &rec) == ERR_FULL);
	CHECK(kept_put(table, key(2), STR("b2"), NO_FD, &rec) == OK && kept_is_full(table));
	CHECK(kept_put(table, 0, STR("none"), NO_FD, &rec) == ERR_RANGE);
	kept_del(table, key(1));
	CHECK(kept_put(table, key(3), STR("c"), NO_FD, &rec) == OK && has(2, "b2") && has(3, "c"));
	stop();
}

static void what_is_deleted_is_wiped(void)
{
	static char large[KEPT_BODY_MAX];
	struct kept_rec *rec;
	uint8_t *small, *moved;

	start();
	CHECK(kept_put(table, key(1), STR("a long secret"), NO_FD, &rec) == OK);
	small = rec->body;
	CHECK(kept_put(table, key(1), STR("short"), NO_FD, &rec) == OK && rec->body == small);
	CHECK(small[5] == 0 && small[12] == 0);
	memset(large, 'x', sizeof large);
	CHECK(kept_put(table, key(1), (struct str){large, sizeof large}, NO_FD, &rec) == OK);
	moved = rec->body;
	CHECK(moved != small && small[0] == 0 && small[4] == 0 && moved[2047] == 'x');
	kept_del(table, key(1));
	CHECK(moved[0] == 0 && moved[2047] == 0);
	stop();
}

/* ---- how much the table holds ---- */

static void fresh(uint32_t n_max)
{
	start();
	kept_free(table);
	CHECK(kept_new(io, n_max, false, &table) == OK);
}

/* A body that says whose it is, to its last byte. */
static struct str body_of(uint64_t k, size_t len)
{
	static char b[KEPT_BODY_MAX];

	for (size_t i = 0; i < len; i++)
		b[i] = (char)(k * 31 + i * 7 + len);
	return (struct str){b, len};
}

static bool fits(uint64_t k, size_t len)
{
	struct kept_rec *rec;

	return kept_put(table, k, body_of(k, len), NO_FD, &rec) == OK;
}

static bool holds(uint64_t k, size_t len)
{
	const struct kept_rec *rec = kept_find(table, k);

	return rec && str_eq(kept_body(rec), body_of(k, len));
}

/* What fosse-media keeps of a flow: its row, proofs and keys, and four sockets. */
static void room_for_twenty_thousand_flows(void)
{
	fresh(KEPT_MAX);
	for (uint32_t i = 0; i < 20000; i++) {
		CHECK(fits(handle_make(HK_FLOW, i, 1), 700 + i % 300));
		for (uint32_t k = 0; k < 4; k++)
			CHECK(fits(handle_make(HK_PORT, i * 4 + k, 1), 25));
	}
	CHECK(kept_n(table) == 100000 && !kept_is_full(table));
	for (uint32_t i = 0; i < 20000; i += 17)
		CHECK(holds(handle_make(HK_FLOW, i, 1), 700 + i % 300) &&
			holds(handle_make(HK_PORT, i * 4 + 3, 1), 25));
	stop();
}

/* Said to be full while records can still grow; then really. */
static void the_last_blocks_are_for_growth(void)
{
	uint32_t n = 0, n_full;

	fresh(1600); /* 432 blocks, 27 in reserve */
	while (!kept_is_full(table))
		CHECK(fits(key(++n), 1500));
	CHECK(n == 406);
	for (uint32_t i = 1; i <= n; i++)
		CHECK(fits(key(i), 2048)); /* in place */
	CHECK(fits(key(n + 1), 10));
	CHECK(fits(key(n + 1), 1100) && holds(key(n + 1), 1100)); /* and from one size to another */
	n_full = n + 1;
	while (fits(key(n_full + 1), 2000))
		n_full++;
	CHECK(n_full == 432 && !kept_find(table, key(433)) && kept_n(table) == 432);
	CHECK(!fits(key(500), 1));
	kept_del(table, key(7));
	CHECK(fits(key(500), 1) && fits(key(500), 64));
	CHECK(holds(key(500), 64) && holds(key(8), 2048));
	for (uint32_t i = 1; i <= 432; i++)
		kept_del(table, key(i));
	CHECK(!kept_is_full(table));
	stop();
}

static void a_record_that_cannot_grow_stays(void)
{
	uint32_t n = 0;

	fresh(64); /* 48 blocks */
	CHECK(fits(key(1000), 64));
	while (n < 47)
		CHECK(fits(key(++n), 2048));
	CHECK(!fits(key(1000), 65) && holds(key(1000), 64) && fits(key(1000), 3));
	stop();
}

/* Records of all sizes come, change and go; each is what it was put as, and in the end all room is there. */
static void sizes_come_and_go(void)
{
	enum { KEYS = 400, ROUNDS = 60000 };
	static size_t lens[KEYS + 1];
	uint32_t random = 1;

	fresh(1600);
	memset(lens, 0, sizeof lens);
	for (uint32_t i = 0; i < ROUNDS; i++) {
		uint32_t k, len;

		random = random * 1664525 + 1013904223;
		k = 1 + (random >> 8) % KEYS;
		len = (random >> 4) % 7 ? 1 + (random >> 16) % 400 : 1 + (random >> 12) % 2048;
		if ((random >> 20) % 3 == 0) {
			kept_del(table, key(k));
			lens[k] = 0;
		} else {
			CHECK(fits(key(k), len));
			lens[k] = len;
		}
		if (i % 1000 == 0)
			for (k = 1; k <= KEYS; k++)
				CHECK(lens[k] ? holds(key(k), lens[k]) : !kept_find(table, key(k)));
	}
	while (kept_n(table))
		kept_del(table, kept_next(table, NULL)->key);
	for (uint32_t i = 1; i <= 432; i++)
		CHECK(fits(key(i), 2048));
	stop();
}

TEST_MAIN(T(puts_at_once), T(deletes), T(successor_gets_all), T(new_keeper_gets_all),
	T(slow_keeper), T(more_deletions_than_remembered), T(the_table_has_an_end),
	T(what_is_deleted_is_wiped), T(room_for_twenty_thousand_flows),
	T(the_last_blocks_are_for_growth), T(a_record_that_cannot_grow_stays), T(sizes_come_and_go))
