/* A worker as small as can be, in the place of fosse-tls, fosse-sig or fosse-media: it answers each
 * datagram with the number of all that it ever saw, and keeps that number as a record. Words that begin
 * with "!" make it misbehave. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "ipc/alarm.h"
#include "proc/worker.h"

static bool had_files; /* before powers were dropped */

struct toy {
	struct worker *w;
	struct alarms *alarms;
	enum process_id self;
	uint64_t n;
	uint64_t key;
	uint32_t edges, adopted_fds;
	struct dgram *dgrams[8];
	size_t n_dgrams;
	uint32_t n_mirrored, n_files;
	struct row row;
};

static void keep_number(struct toy *t)
{
	uint8_t buf[64];
	struct wr w = wr_of(buf, sizeof buf);

	wr_u8(&w, 1);
	wr_t_u64(&w, 1, t->n);
	keep_put(t->w->keep, t->key, wr_done(&w), NO_FD);
}

static void misbehave(struct toy *t, struct str word)
{
	static uint8_t bad[4096];

	if (str_eq(word, STR("!exit")))
		_exit(9);
	if (str_eq(word, STR("!hang"))) {
		for (;;)
			;
	}
	if (str_eq(word, STR("!fork")))
		(void)syscall(SYS_clone, 17, 0, 0, 0, 0);
	if (str_eq(word, STR("!exec")))
		(void)execl("/bin/true", "true", NULL);
	if (str_eq(word, STR("!unix")))
		(void)syscall(SYS_socket, 1, 1, 0);
	if (str_eq(word, STR("!stream")))
		(void)syscall(SYS_socket, 2, 1, 0);
	if (str_eq(word, STR("!bytes"))) /* nonsense to the keeper */
		(void)!write(3, bad, sizeof bad);
	(void)t;
}

static void on_packets(struct dgram *d, const struct packet *p, size_t n, void *arg)
{
	struct toy *t = arg;
	for (size_t i = 0; i < n; i++) {
		struct addr_ok to = {p[i].from};
		char buf[256];
		int len;

		if (p[i].bytes.len && p[i].bytes.p[0] == '!')
			misbehave(t, p[i].bytes);
		t->n++;
		len = snprintf(buf, sizeof buf, "%.*s %llu %d %x %u %u",
			(int)(p[i].bytes.len < 64 ? p[i].bytes.len : 64), p[i].bytes.p,
			(unsigned long long)t->n, (int)getpid(), t->edges, t->adopted_fds,
			t->n_mirrored);
		dgram_send(d, &to, (struct str){buf, (size_t)len});
	}
	keep_number(t);
}

static void adopt(struct toy *t)
{
	struct kept k;

	while (keep_next(t->w->keep, HK_CALL, &k)) {
		struct rd r = rd_of(k.body), v;
		uint16_t tag;

		(void)rd_u8(&r);
		if (rd_tag(&r, &tag, &v) && tag == 1)
			t->n = rd_t_num(&v);
	}
	while (keep_next(t->w->keep, HK_PORT, &k)) {
		t->adopted_fds += k.fd != NO_FD;
		keep_del(t->w->keep, k.key);
		io_close_fd(t->w->io, k.fd);
	}
}

static void write_row(const struct row *row, struct wr *w)
{
	(void)row;
	wr_t_u64(w, 1, 1);
}

static void take_socket(struct worker *w, const struct worker_socket *s, void *arg)
{
	struct toy *t = arg;
	struct local at = {s->at.row, s->at.addr, s->fd};

	if (plan_protocol(s->at.row) != PROTO_UDP || t->n_dgrams == 8)
		return;
	if (dgram_open(w->io, &at, on_packets, t, &t->dgrams[t->n_dgrams]) != OK)
		_exit(33);
	keep_put(w->keep, handle_make(HK_PORT, (uint32_t)t->n_dgrams, 1), STR("p"),
		dgram_fd(t->dgrams[t->n_dgrams]));
	t->n_dgrams++;
}

/* Says whether the zone's password came with its configuration. */
static void tell_password(struct toy *t)
{
	bool is_there = memmem(t->w->conf, sizeof *t->w->conf, "zone-secret", 11) != NULL;
	char cause[64];

	(void)snprintf(cause, sizeof cause, "%s %s the password", process_name(t->self),
		is_there ? "knows" : "does not know");
	alarm_raise(t->alarms, "TOY-002", 0, false, cause, "nothing");
}

/* Says which files it got, as an alarm that the log shows. */
static void take_key(struct worker *w, const struct worker_key *k, void *arg)
{
	struct toy *t = arg;
	char cause[300];

	(void)snprintf(cause, sizeof cause, "%s is %s", k->file.name,
		k->file.use == KEY_TRUST ? "trusted" : "ours");
	io_close_fd(w->io, k->fd);
	alarm_raise(t->alarms, "TOY-001", t->n_files++, false, cause, "nothing");
}

static enum err start(struct worker *w, void *arg)
{
	struct toy *t = arg;
	enum err err = alarms_new(w->io, w->ipc, &t->alarms);

	if (err)
		return err;

	t->w = w;
	t->key = handle_make(HK_CALL, 7, 7);
	adopt(t);
	for (size_t i = 0; i < w->n_sockets; i++)
		take_socket(w, &w->sockets[i], t);
	/* a row for the neighbour: sig shows a flow to media, media shows one to sig */
	row_init(&t->row,
		t->self == P_SIG     ? ROW_FLOW_WANT
		: t->self == P_MEDIA ? ROW_FLOW_IS
				     : ROW_CONN,
		handle_make(HK_STREAM, 1, 1), write_row);
	row_put(w->ipc, &t->row);
	for (size_t i = 0; i < w->n_keys; i++)
		take_key(w, &w->keys[i], t);
	tell_password(t);
	alarm_raise(t->alarms, "TOY-003", 0, false,
		had_files && open("/dev/urandom", O_RDONLY) < 0 ? "files until powers are dropped"
								: "files at the wrong time",
		"nothing");
	return OK;
}

static void put(
	void *arg, enum process_id from, enum kind kind, uint64_t h, struct rd *body, int fd)
{
	struct toy *t = arg;

	(void)from;
	(void)kind;
	(void)h;
	(void)body;
	io_close_fd(t->w->io, fd);
	t->n_mirrored++;
}

static void ask(void *arg, struct ipc_ask *a, enum process_id from, enum kind kind, uint64_t h,
	struct rd *body, int fd)
{
	struct toy *t = arg;

	(void)from;
	(void)kind;
	(void)h;
	(void)body;
	io_close_fd(t->w->io, fd);
	ipc_answer(a, OK, STR("dropped"), NO_FD);
}

static void edge(void *arg, enum process_id with, bool is_up)
{
	struct toy *t = arg;

	if (is_up)
		t->edges |= 1u << with;
	else
		t->edges &= ~(1u << with);
}

static enum err prepare(struct io *io)
{
	int fd = open("/dev/urandom", O_RDONLY | O_CLOEXEC);

	had_files = fd >= 0;
	io_close_fd(io, fd);
	return OK;
}

int main(int argc, char **argv)
{
	static const struct worker_ops ops = {.prepare = prepare,
		.start = start,
		.socket = take_socket,
		.key = take_key,
		.ipc = {.put = put, .ask = ask, .edge = edge}};
	static struct toy toy;
	const char *slash = strrchr(argv[0], '/'), *name = slash ? slash + 1 : argv[0];

	toy.self = strcmp(name, "fosse-tls") == 0   ? P_TLS
	           : strcmp(name, "fosse-sig") == 0 ? P_SIG
	                                            : P_MEDIA;
	return worker_main(toy.self, argc, argv, &ops, &toy);
}
