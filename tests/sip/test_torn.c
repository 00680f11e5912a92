/* test_torn.c - a connection whose message is half-written is no successor's: the record says so while it
 * is true, and who finds that record ends the connection. */
#include "ipc/kept.h"
#include "sip/conn.h"
#include "sip/nodes.h"

static struct phone *alice;
static struct ipc *keeper;
static struct kept_table *table; /* what the keeper has */

static void on_record(
	void *arg, enum process_id from, enum kind kind, uint64_t h, struct rd *body, int fd)
{
	struct kept_rec *rec;

	(void)arg, (void)from;
	CHECK(kind == ROW_KEPT);
	CHECK(kept_put(table, h, rd_bytes(body, rd_left(body)), fd, &rec) == OK);
}

static void on_record_gone(void *arg, enum process_id from, enum kind kind, uint64_t h)
{
	(void)arg, (void)from, (void)kind;
	kept_del(table, h);
}

/* Registered by TCP: a conn with a record. */
static void start(void)
{
	static const struct ipc_ops ops = {.put = on_record, .del = on_record_gone};
	struct node *n = &world.control;
	int x, y;

	world_nets();
	world_control(control_yaml);
	CHECK(kept_new(n->io, 100, false, &table) == OK);
	CHECK(ipc_new(n->io, P_KEEPER, &ops, NULL, &keeper) == OK);
	CHECK(chan_pair(n->io, &x, &y) == OK);
	CHECK(ipc_edge(n->ipc, P_KEEPER, x) == OK && ipc_edge(keeper, P_SIG, y) == OK);
	keep_use(n->keep, n->ipc);
	alice = phone_new("alice", world.inside, addr_v4(192, 0, 2, 101, 5060));
	phone_dial(alice, CONTROL_AT);
	phone_register(alice, CONTROL_AT, "alice", "example.com", 600);
	phone_status(alice, 200);
	run_ms(100);
}

static void stop(void)
{
	ipc_free(keeper);
	kept_free(table);
	world_down();
}

static struct conn *conn_of_alice(void)
{
	struct conns *conns = world.control.sip->conns;

	for (struct conn *c = NULL; (c = conns_next(conns, c));) {
		if (addr_same_host(&c->remote, &alice->at))
			return c;
	}
	CHECK(false);
	return NULL;
}

static struct kept_rec *record(void)
{
	struct kept_rec *r = kept_find(table, conn_of_alice()->handle);

	CHECK(r && r->fd != NO_FD);
	return r;
}

static size_t n_opened;

static void opened(void *arg, struct conn *c)
{
	(void)arg, (void)c;
	n_opened++;
}

static void message(void *arg, struct conn *c, const struct sip_msg *m)
{
	(void)arg, (void)c, (void)m;
}

static void lost(void *arg, struct conn *c, enum err err, struct str why)
{
	(void)arg, (void)c, (void)err, (void)why;
}

/* How many connections a successor goes on with, which finds what the keeper has now. Its process would
 * have died: this one's end goes away without a word. */
static size_t adopted(bool *ret_is_ended)
{
	static const struct conn_ops ops = {.message = message, .opened = opened, .lost = lost};
	struct node *n = &world.control;
	struct kept_rec *r = record();
	struct conn *c = conn_of_alice();
	struct conns_deps deps = {n->io, n->ipc, NULL, n->conf, n->zones, &ops, NULL};
	struct conns *conns;
	int fd;

	CHECK(keep_new(n->io, &deps.keep) == OK);
	keep_add_replayed(deps.keep, r->key, kept_body(r), r->fd);
	CHECK(stream_release(c->stream, &fd) == OK);
	c->stream = NULL;
	io_close_fd(n->io, fd);
	run_ms(10);
	n_opened = 0;
	CHECK(conns_new(&deps, &conns) == OK);
	conns_adopt(conns);
	run_ms(3000);
	*ret_is_ended = alice->is_lost;
	conns_free(conns);
	keep_free(deps.keep);
	return n_opened;
}

static char much[450 * 1024];

/* More than the kernel takes while the phone reads nothing. */
static void write_half(void)
{
	stream_pause(alice->stream, true);
	memset(much, '\n', sizeof much);
	CHECK(conn_send(conn_of_alice(), (struct str){much, sizeof much}) == OK);
	run_ms(1000);
	CHECK(stream_is_torn(conn_of_alice()->stream));
}

static void a_whole_one_goes_on(void)
{
	bool is_ended;

	start();
	CHECK(adopted(&is_ended) == 1 && !is_ended);
	stop();
}

static void a_torn_one_is_ended(void)
{
	bool is_ended;

	start();
	write_half();
	stream_pause(alice->stream, false);
	CHECK(adopted(&is_ended) == 0 && is_ended);
	stop();
}

/* The rest of the message left before the process died. */
static void a_mended_one_goes_on(void)
{
	bool is_ended;

	start();
	write_half();
	stream_pause(alice->stream, false);
	run_ms(3000);
	CHECK(!stream_is_torn(conn_of_alice()->stream));
	CHECK(adopted(&is_ended) == 1 && !is_ended);
	stop();
}

/* One that gets its record while it is torn. */
static void the_first_record_says_it_too(void)
{
	bool is_ended;

	start();
	write_half();
	keep_del(world.control.keep, conn_of_alice()->handle);
	conn_of_alice()->is_kept = false;
	conn_keep(conn_of_alice());
	run_ms(10);
	stream_pause(alice->stream, false);
	CHECK(adopted(&is_ended) == 0);
	stop();
}

TEST_MAIN(T(a_whole_one_goes_on), T(a_torn_one_is_ended), T(a_mended_one_goes_on),
	T(the_first_record_says_it_too))
