/* control.c - command lines and introductions: who gets a channel to whom.
 *
 * Workers know one another by the table of edges, and by nothing else. A command line dials our socket,
 * the kernel says who it is, and it is introduced to every worker: it mirrors rows like everyone. Root
 * may ask; who else may dial (the group of the socket file) may read. */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/stat.h>
#include <unistd.h>

#include "proc/keeper.h"

#define AGAIN_NS 1000000000u /* an edge is made anew at most so often */

LOG_EVENT(ev_again, "IPC-010", LOG_NOTICE, "two workers lost their channel and get a new one");

/* Nothing else may talk. */
static const struct {
	enum process_id a, b;
} edges[N_EDGES] = {
	{P_TLS, P_SIG},
	{P_SIG, P_MEDIA},
};

static bool send_peer(struct keeper *k, uint32_t edge, enum process_id with, bool may_ask, int fd)
{
	uint8_t buf[64];
	struct wr body = wr_of(buf, sizeof buf);

	given_peer_put(&body, &(struct given_peer){with, may_ask});
	return ipc_put_once(k->ipc, edge, ROW_PEER, handle_make(HK_PROCESS, with, 2),
		       wr_done(&body), fd) == OK;
}

/* Both get an end; if the second cannot, the first sees its channel end. */
static bool introduce(struct keeper *k, uint32_t edge_a, enum process_id a, uint32_t edge_b,
	enum process_id b, bool b_may_ask)
{
	int fd_a, fd_b;
	bool is_done;

	if (chan_pair(k->io, &fd_a, &fd_b) != OK)
		return false;
	is_done = send_peer(k, edge_a, b, b_may_ask, fd_a) && send_peer(k, edge_b, a, true, fd_b);
	io_close_fd(k->io, fd_a);
	io_close_fd(k->io, fd_b);
	return is_done;
}

void edges_make(struct keeper *k)
{
	for (size_t i = 0; i < N_EDGES; i++) {
		struct edge_state *e = &k->edges[i];
		const struct child *a = child_of(k, edges[i].a), *b = child_of(k, edges[i].b);

		if (e->is_made || !a || !b || a->state != CHILD_RUNNING ||
			b->state != CHILD_RUNNING)
			continue;
		e->is_made = introduce(k, ipc_edge_to(k->ipc, a->id), a->id,
			ipc_edge_to(k->ipc, b->id), b->id, true);
		e->made_at = io_now(k->io);
	}
}

void edges_lost(struct keeper *k, enum process_id id)
{
	for (size_t i = 0; i < N_EDGES; i++) {
		if (edges[i].a == id || edges[i].b == id)
			k->edges[i].is_made = false;
	}
}

void edges_adopted(struct keeper *k)
{
	for (size_t i = 0; i < N_EDGES; i++) {
		const struct child *a = child_of(k, edges[i].a), *b = child_of(k, edges[i].b);

		k->edges[i].is_made =
			a && b && a->state == CHILD_RUNNING && b->state == CHILD_RUNNING;
	}
}

/* Their channel broke while both live. The tick makes a new one. */
static enum err make_again(struct keeper *k, enum process_id from, enum process_id with)
{
	for (size_t i = 0; i < N_EDGES; i++) {
		if (!((edges[i].a == from && edges[i].b == with) ||
			    (edges[i].a == with && edges[i].b == from)))
			continue;
		if (!k->edges[i].is_made || io_now(k->io) - k->edges[i].made_at < AGAIN_NS)
			return OK; /* it is on its way */
		log_put(io_log(k->io), &ev_again, F_Z("a", process_name(from)),
			F_Z("b", process_name(with)));
		k->edges[i].is_made = false;
		return OK;
	}
	return ERR_DENIED;
}

/* ---- command lines ---- */

static void introduce_all(struct keeper *k, uint32_t edge)
{
	for (struct child *c = k->children; c < k->children + N_CHILDREN; c++) {
		if (c->state == CHILD_RUNNING)
			(void)introduce(k, ipc_edge_to(k->ipc, c->id), c->id, edge, P_CTL,
				k->ctl_may_ask[edge]);
	}
	(void)!ipc_sync_once(k->ipc, edge, ROW_PEER);
}

void control_introduce(struct keeper *k, enum process_id worker)
{
	for (uint32_t edge = 0; edge < 32; edge++) {
		if (k->ctl_birth[edge] && k->ctl_birth[edge] == ipc_edge_birth(k->ipc, edge))
			(void)introduce(k, ipc_edge_to(k->ipc, worker), worker, edge, P_CTL,
				k->ctl_may_ask[edge]);
	}
}

static void on_ctl(struct watch *w, uint32_t events)
{
	struct keeper *k = w->arg;
	uint32_t pid, uid, edge;
	int fd;

	(void)events;
	if (bind_path_accept(w->fd, &pid, &uid, &fd) != OK)
		return;
	if (ipc_edge_add(k->ipc, P_CTL, fd, uid == 0, &edge) != OK)
		return;
	k->ctl_birth[edge] = ipc_edge_birth(k->ipc, edge);
	k->ctl_may_ask[edge] = uid == 0;
	introduce_all(k, edge);
}

static gid_t find_group(const char *name)
{
	FILE *f = fopen("/etc/group", "re");
	gid_t gid = 0;

	for (struct group *g; f && !gid && (g = fgetgrent(f));) {
		if (strcmp(g->gr_name, name) == 0)
			gid = g->gr_gid;
	}
	if (f)
		(void)fclose(f);
	return gid;
}

enum err control_open(struct keeper *k)
{
	gid_t gid = find_group("fosse");
	int fd;
	enum err err = bind_path_listen("ctl.new", &fd);

	if (err)
		return err;
	/* It appears at once with its rights and its listener: who waits for the file may dial. */
	if (chown("ctl.new", 0, gid) < 0 || chmod("ctl.new", 0660) < 0 || chown(".", 0, gid) < 0 ||
		rename("ctl.new", "ctl") < 0) {
		err = (enum err) - errno;
		io_close_fd(k->io, fd);
		return err;
	}
	k->ctl = (struct watch){.h = on_ctl, .arg = k};
	return watch_start(k->io, &k->ctl, fd, EPOLLIN, "ctl");
}

static void apply(struct keeper *k, struct ipc_ask *ask, struct rd *body, int fd)
{
	struct given_apply a;
	enum err err;

	if (fd == NO_FD || given_apply_get(body, &a) != OK) {
		io_close_fd(k->io, fd);
		ipc_answer(ask, ERR_SYNTAX, STR_NONE, NO_FD);
		return;
	}
	err = snapshot_begin(k, fd, a.file, ask, a.is_dry_run);
	if (err) /* one at a time */
		ipc_answer(ask, err, STR_NONE, NO_FD);
}

static void pair(struct keeper *k, struct ipc_ask *ask, struct rd *body)
{
	struct given_pair p;
	enum err err = given_pair_get(body, &p);

	if (err == OK)
		err = snapshot_pair(k, &p, ask);
	if (err)
		ipc_answer(ask, err, STR_NONE, NO_FD);
}

void control_on_ask(struct keeper *k, struct ipc_ask *ask, enum process_id from, enum kind kind,
	uint64_t handle, struct rd *body, int fd)
{
	if (kind == ASK_APPLY) {
		apply(k, ask, body, fd);
		return;
	}
	io_close_fd(k->io, fd);
	if (kind == ASK_PAIR) {
		pair(k, ask, body);
		return;
	}
	ipc_answer(ask,
		kind == ASK_PEER
			? make_again(k, from, (enum process_id)(handle_slot(handle) % P_MAX))
			: ERR_UNSUPPORTED,
		STR_NONE, NO_FD);
}
