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
	struct kept_rec *rec;

	start();
	CHECK(kept_put(table, key(1), STR("a long secret"), NO_FD, &rec) == OK);
	CHECK(kept_put(table, key(1), STR("short"), NO_FD, &rec) == OK);
	CHECK(rec->body[5] == 0 && rec->body[12] == 0);
	kept_del(table, key(1));
	CHECK(rec->body[0] == 0 && rec->body[4] == 0);
	stop();
}

TEST_MAIN(T(puts_at_once), T(deletes), T(successor_gets_all), T(new_keeper_gets_all),
	T(slow_keeper), T(more_deletions_than_remembered), T(the_table_has_an_end),
	T(what_is_deleted_is_wiped))
