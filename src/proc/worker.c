/* worker.c - the start and the keeper's side of a worker.
 *
 * Order: memory, what needs files, powers, then bytes. A keeper that dies is not missed: its successor dials the listening
 * socket that this process was born with, and gets everything back, the plan's sockets and the page of
 * the heartbeat too: they are records like any other. It must never connect anywhere itself. */
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "proc/born.h"
#include "proc/powers.h"
#include "proc/worker.h"

enum { START_MS = 10000, RECONNECT_MS = 1000 };

LOG_EVENT(ev_started, "PRC-010", LOG_INFO, "process is running");
LOG_EVENT(ev_bad_config, "PRC-011", LOG_ERROR, "the keeper's configuration is not of this build");
LOG_EVENT(ev_configured, "PRC-012", LOG_INFO, "a new configuration is in use");
LOG_EVENT(ev_keeper_gone, "PRC-013", LOG_NOTICE, "the keeper is gone; going on without");
LOG_EVENT(ev_keeper_back, "PRC-014", LOG_NOTICE, "a keeper is there");
LOG_EVENT(ev_not_root, "PRC-015", LOG_ERROR, "somebody who is not root dialled as keeper");
LOG_EVENT(ev_refused, "PRC-016", LOG_ERROR, "a row of the keeper was refused");

/* ---- what the keeper gives ---- */

static void take_config(struct worker *w, struct rd *body, int fd)
{
	const struct conf *old = w->conf;
	uint32_t revision;
	struct stat st;
	void *image;

	if (given_config_get(body, &revision) != OK || fd == NO_FD ||
		(old && old->head.revision == revision) || fstat(fd, &st) < 0) {
		io_close_fd(w->io, fd);
		return;
	}
	image = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_SHARED, fd, 0);
	io_close_fd(w->io, fd);
	if (image == MAP_FAILED || !conf_check_image(image, (size_t)st.st_size)) {
		log_put(io_log(w->io), &ev_bad_config, F_NUM("revision", revision));
		return;
	}
	w->conf = image;
	conf_to_plan(w->conf, /* with_later */ false, &w->plan);
	io_set_plan(w->io, &w->plan);
	io_set_log_level(w->io, (enum log_level)w->conf->logs.level);
	if (w->is_started && w->ops->configured)
		w->ops->configured(w, old, w->arg);
	log_put(io_log(w->io), &ev_configured, F_NUM("revision", revision));
	if (old)
		(void)munmap((void *)(uintptr_t)old, old->head.size);
}

static struct worker_socket *find_socket(struct worker *w, uint64_t handle)
{
	for (size_t i = 0; i < w->n_sockets; i++) {
		if (w->sockets[i].handle == handle)
			return &w->sockets[i];
	}
	return NULL;
}

/* A successor of the keeper gets the socket back as a record. */
static void keep_socket(struct worker *w, const struct worker_socket *s)
{
	uint8_t buf[128];
	struct wr body = wr_of(buf, sizeof buf);

	given_socket_put(&body, &s->at);
	keep_put(w->keep, s->handle, wr_done(&body), s->fd);
}

static void take_socket(struct worker *w, uint64_t handle, struct rd *body, int fd)
{
	struct worker_socket s = {.handle = handle, .fd = fd};

	/* A new keeper hands out again what it got from us. */
	if (given_socket_get(body, &s.at) != OK || fd == NO_FD || find_socket(w, handle) ||
		w->n_sockets == WORKER_SOCKETS_MAX) {
		io_close_fd(w->io, fd);
		return;
	}
	w->sockets[w->n_sockets++] = s;
	if (!w->is_started)
		return;
	keep_socket(w, &s);
	if (w->ops->socket)
		w->ops->socket(w, &s, w->arg);
}

static void drop_socket(struct worker *w, uint64_t handle)
{
	struct worker_socket *s = find_socket(w, handle), gone;

	if (!s)
		return;
	gone = *s;
	*s = w->sockets[--w->n_sockets];
	keep_del(w->keep, handle);
	if (w->ops->socket_gone)
		w->ops->socket_gone(w, &gone, w->arg); /* closes what adopted it */
	else
		io_close_fd(w->io, gone.fd);
}

static struct worker_key *find_key(struct worker *w, uint64_t handle)
{
	for (size_t i = 0; i < w->n_keys; i++) {
		if (w->keys[i].handle == handle)
			return &w->keys[i];
	}
	if (w->n_keys == WORKER_KEYS_MAX)
		return NULL;
	w->keys[w->n_keys] = (struct worker_key){.handle = handle, .fd = NO_FD};
	return &w->keys[w->n_keys++];
}

static void take_key(struct worker *w, uint64_t handle, struct rd *body, int fd)
{
	struct worker_key *k = fd == NO_FD ? NULL : find_key(w, handle);
	struct given_key file;

	if (!k || given_key_get(body, &file) != OK) {
		io_close_fd(w->io, fd);
		return;
	}
	io_close_fd(w->io, k->fd);
	k->fd = fd;
	k->file = file;
	if (!w->is_started || !w->ops->key)
		return;
	w->ops->key(w, k, w->arg);
	k->fd = NO_FD;
}

static void drop_key(struct worker *w, uint64_t handle)
{
	for (size_t i = 0; i < w->n_keys; i++) {
		if (w->keys[i].handle != handle)
			continue;
		io_close_fd(w->io, w->keys[i].fd);
		w->keys[i] = w->keys[--w->n_keys];
		return;
	}
}

static void meet(struct worker *w, enum process_id with, bool may_ask, int fd)
{
	uint32_t edge;

	w->missing &= ~(1u << with);
	if (ipc_edge_add(w->ipc, with, fd, may_ask, &edge) != OK)
		log_put(io_log(w->io), &ev_refused, F_Z("kind", "ROW_PEER"));
}

/* Before the start there is nobody to tell: introductions wait. */
static void take_peer(struct worker *w, struct rd *body, int fd)
{
	struct given_peer p;

	if (fd == NO_FD || given_peer_get(body, &p) != OK || p.with == w->self ||
		p.with == P_KEEPER) {
		io_close_fd(w->io, fd);
		return;
	}
	if (w->is_started) {
		meet(w, p.with, p.may_ask, fd);
		return;
	}
	if (w->n_peers == sizeof w->peers / sizeof w->peers[0]) {
		io_close_fd(w->io, fd);
		return;
	}
	w->peers[w->n_peers].with = p.with;
	w->peers[w->n_peers].may_ask = p.may_ask;
	w->peers[w->n_peers++].fd = fd;
}

static void take_record(struct worker *w, uint64_t key, struct rd *body, int fd)
{
	if (w->is_started) /* a replay is for the beginning */
		io_close_fd(w->io, fd);
	else
		keep_add_replayed(w->keep, key, rd_bytes(body, rd_left(body)), fd);
}

static void from_keeper(struct worker *w, enum kind kind, uint64_t handle, struct rd *body, int fd)
{
	if (kind == ROW_CONFIG)
		take_config(w, body, fd);
	else if (kind == ROW_SOCKET)
		take_socket(w, handle, body, fd);
	else if (kind == ROW_PEER)
		take_peer(w, body, fd);
	else if (kind == ROW_KEY_FILE)
		take_key(w, handle, body, fd);
	else if (kind == ROW_KEPT)
		take_record(w, handle, body, fd);
	else
		io_close_fd(w->io, fd); /* ROW_PROCESS: for those who show it */
}

/* ---- the channels' events ---- */

static void on_put(
	void *arg, enum process_id from, enum kind kind, uint64_t handle, struct rd *body, int fd)
{
	struct worker *w = arg;

	if (from == P_KEEPER)
		from_keeper(w, kind, handle, body, fd);
	else if (w->ops->ipc.put)
		w->ops->ipc.put(w->arg, from, kind, handle, body, fd);
	else
		io_close_fd(w->io, fd);
}

static void on_del(void *arg, enum process_id from, enum kind kind, uint64_t handle)
{
	struct worker *w = arg;

	if (from == P_KEEPER && kind == ROW_SOCKET)
		drop_socket(w, handle);
	else if (from == P_KEEPER && kind == ROW_KEY_FILE)
		drop_key(w, handle);
	else if (from != P_KEEPER && w->ops->ipc.del)
		w->ops->ipc.del(w->arg, from, kind, handle);
}

static void on_sync(void *arg, enum process_id from, enum kind kind)
{
	struct worker *w = arg;

	if (from == P_KEEPER && kind == ROW_KEPT)
		w->is_replayed = true;
	else if (from != P_KEEPER && w->ops->ipc.sync)
		w->ops->ipc.sync(w->arg, from, kind);
	/* A keeper deletes sockets one by one; one that just began has not got them all yet. */
}

static void on_ask(void *arg, struct ipc_ask *ask, enum process_id from, enum kind kind,
	uint64_t handle, struct rd *body, int fd)
{
	struct worker *w = arg;

	if (w->ops->ipc.ask) {
		w->ops->ipc.ask(w->arg, ask, from, kind, handle, body, fd);
		return;
	}
	io_close_fd(w->io, fd);
	ipc_answer(ask, ERR_UNSUPPORTED, STR_NONE, NO_FD);
}

static void on_again(void *arg, enum process_id from, enum kind kind)
{
	struct worker *w = arg;

	if (from != P_KEEPER && w->ops->ipc.again)
		w->ops->ipc.again(w->arg, from, kind);
}

static void on_answered(void *arg, enum err err, struct rd *body, int fd)
{
	struct worker *w = arg;

	(void)err;
	(void)body;
	io_close_fd(w->io, fd);
}

/* A neighbour's channel broke and the keeper may not know: it does when the neighbour died. */
static void on_reconnect(void *arg)
{
	struct worker *w = arg;

	for (unsigned with = 1; with < P_MAX; with++) {
		uint32_t seq;

		if (!(w->missing >> with & 1u))
			continue;
		(void)!ipc_ask(w->ipc, P_KEEPER, ASK_PEER, handle_make(HK_PROCESS, with, 0),
			STR_NONE, NO_FD, RECONNECT_MS, on_answered, w, &seq);
	}
	if (w->missing)
		timer_start(w->io, &w->reconnect, RECONNECT_MS);
}

static void on_edge(void *arg, enum process_id with, bool is_up)
{
	struct worker *w = arg;

	if (with == P_KEEPER && w->is_started)
		log_put(io_log(w->io), is_up ? &ev_keeper_back : &ev_keeper_gone,
			F_Z("peer", "keeper"));
	if (!is_up && with != P_KEEPER && with != P_CTL) {
		w->missing |= 1u << with;
		timer_start(w->io, &w->reconnect, RECONNECT_MS);
	}
	if (w->is_started && w->ops->ipc.edge)
		w->ops->ipc.edge(w->arg, with, is_up);
}

static const struct ipc_ops ipc_ops = {on_put, on_del, on_sync, on_ask, on_edge, on_again};

/* A keeper dials in; the kernel says who it is. */
static void on_listener(struct watch *watch, uint32_t events)
{
	struct worker *w = watch->arg;
	uint32_t pid, uid;
	int fd;

	(void)events;
	if (bind_path_accept(watch->fd, &pid, &uid, &fd) != OK)
		return;
	if (uid != 0) {
		log_put(io_log(w->io), &ev_not_root, F_NUM("uid", uid), F_NUM("pid", pid));
		io_close_fd(w->io, fd);
		return;
	}
	if (ipc_edge(w->ipc, P_KEEPER, fd) != OK)
		log_put(io_log(w->io), &ev_refused, F_Z("kind", "channel"));
}

/* ---- heartbeat ---- */

static void on_heartbeat(void *arg)
{
	struct worker *w = arg;

	(*w->page)++;
	timer_start(w->io, &w->heartbeat, HEARTBEAT_MS);
}

static enum err start_heartbeat(struct worker *w)
{
	void *page = mmap(NULL, BORN_PAGE_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, BORN_PAGE, 0);

	if (page == MAP_FAILED)
		return ERR_FULL;
	w->page = page;
	w->page_fd = BORN_PAGE;
	timer_init(&w->heartbeat, on_heartbeat, w);
	on_heartbeat(w);
	keep_put(w->keep, handle_make(HK_PROCESS, (uint32_t)w->self, 0), STR("page"), w->page_fd);
	return OK;
}

/* ---- the start ---- */

/* What is returned to a new keeper is not for the owners of records. */
static void skip_own_records(struct worker *w)
{
	struct kept k;

	while (keep_next(w->keep, HK_SOCKET, &k) || keep_next(w->keep, HK_PROCESS, &k)) {
		io_close_fd(w->io, k.fd);
		keep_del(w->keep, k.key);
	}
}

static enum err take_all(struct worker *w)
{
	uint32_t edge;
	enum err err = ipc_edge_add(w->ipc, P_KEEPER, BORN_CHANNEL, true, &edge);

	while (err == OK && !w->is_replayed)
		err = ipc_pump(w->ipc, edge, START_MS);
	if (err == OK && !w->conf)
		err = ERR_VERSION;
	if (err == OK)
		keep_use(w->keep, w->ipc);
	return err;
}

static enum err begin(struct worker *w)
{
	enum err err = take_all(w);

	if (err)
		return err;
	skip_own_records(w);
	for (size_t i = 0; i < w->n_sockets; i++)
		keep_socket(w, &w->sockets[i]);
	err = start_heartbeat(w);
	if (err)
		return err;
	err = w->ops->start(w, w->arg);
	if (err)
		return err;
	for (size_t i = 0; i < w->n_keys; i++)
		w->keys[i].fd = NO_FD; /* start() has read and closed them */
	keep_done(w->keep);
	w->is_started = true;
	for (size_t i = 0; i < w->n_peers; i++)
		meet(w, w->peers[i].with, w->peers[i].may_ask, w->peers[i].fd);
	w->listener = (struct watch){.h = on_listener, .arg = w};
	return watch_start(w->io, &w->listener, BORN_LISTENER, EPOLLIN, "keeper");
}

/* All memory that is needed before the first byte is read. */
static enum err make(struct worker *w, const char *node)
{
	enum err err = io_new(node, process_name(w->self), &w->io);

	if (err)
		return err;
	timer_init(&w->reconnect, on_reconnect, w);
	err = ipc_new(w->io, w->self, &ipc_ops, w, &w->ipc);
	return err ? err : keep_new(w->io, &w->keep);
}

/* No way out through exit(): what runs there is not in the table of powers. */
_Noreturn static void fail(enum process_id self, const char *step, enum err err, int status)
{
	(void)fprintf(stderr, "fosse-%s: cannot start: %s: %s\n", process_name(self), step,
		err_text(err));
	_exit(status);
}

int worker_main(
	enum process_id self, int argc, char **argv, const struct worker_ops *ops, void *arg)
{
	static struct worker w;
	const char *step;
	enum err err;

	if (argc != BORN_ARGS)
		fail(self, "it is started by fossewayd, not by hand", ERR_SYNTAX, EXIT_START);
	w = (struct worker){.self = self, .ops = ops, .arg = arg};
	err = make(&w, argv[BORN_NODE]);
	if (err)
		fail(self, "memory", err, EXIT_START);
	err = ops->prepare ? ops->prepare(w.io) : OK;
	if (err)
		fail(self, "what needs files", err, EXIT_START);
	err = powers_drop(self, argv[BORN_USER], BORN_EMPTY, &step);
	if (err)
		fail(self, step, err, EXIT_POWERS);
	err = begin(&w);
	if (err)
		fail(self, "what the keeper gave", err,
			err == ERR_CLOSED ? EXIT_KEEPER : EXIT_START);
	log_put(io_log(w.io), &ev_started, F_NUM("sockets", w.n_sockets));
	err = io_run(w.io);
	fail(self, "loop", err, EXIT_START);
}

const struct worker_socket *worker_socket(const struct worker *w, enum plan_row row)
{
	for (size_t i = 0; i < w->n_sockets; i++) {
		if (w->sockets[i].at.row == row)
			return &w->sockets[i];
	}
	return NULL;
}
