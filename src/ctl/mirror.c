/* mirror.c - a command line's copy of rows. Memory is taken per kind at its first row; a kind's limit is
 * that of its owner's pools, and what is above it is not shown. Of rows it reads only the list of
 * processes: whom to wait for. */
#include "ctl/mirror.h"

#include <string.h>

#include "base/hash.h"
#include "ipc/given.h"
#include "ipc/show.h"
#include "ipc/wire.h"

#define STEP_MS  20
#define ROWS_MAX 65536u

struct slot {
	struct hash_node node;
	struct mirror_row row;
	size_t index;
	bool is_used, is_marked; /* marked: not repeated since its owner began again */
};

struct kind_rows {
	struct slot *slots;
	uint8_t *bodies;
	size_t n, n_used; /* n: slots below it were used once */
};

struct mirror {
	const struct cli *cli;
	struct ipc *ipc;
	struct hash_table table;
	struct kind_rows kinds[KIND_MAX];
	uint32_t synced[P_MAX]; /* bit set of kinds */
	bool is_up[P_MAX];
	bool is_answered;
	enum err answer_err;
	struct str answer;
};

/* Kinds of which so many rows can live; others have few. */
static size_t rows_max(enum kind kind)
{
	return kind == ROW_CALL || kind == ROW_BINDING || kind == ROW_FLOW_IS ? ROWS_MAX : 2048;
}

/* ---- rows ---- */

struct row_key {
	uint64_t from, kind, handle;
};

static struct str key_bytes(const struct row_key *key)
{
	return (struct str){(const char *)key, sizeof *key};
}

static struct slot *find(
	struct mirror *m, enum process_id from, enum kind kind, uint64_t handle, uint64_t *ret_hash)
{
	struct row_key key = {from, kind, handle};
	uint64_t hash = hash_of(&m->table, key_bytes(&key));

	*ret_hash = hash;
	for (struct hash_node *n = hash_first(&m->table, hash); n; n = hash_next(n)) {
		struct slot *s = container_of(n, struct slot, node);

		if (s->row.from == from && s->row.kind == kind && s->row.handle == handle)
			return s;
	}
	return NULL;
}

static void drop(struct mirror *m, struct slot *s)
{
	hash_remove(&m->table, &s->node);
	s->is_used = false;
	m->kinds[s->row.kind].n_used--;
}

static bool has_memory(struct kind_rows *k, enum kind kind)
{
	if (k->slots)
		return true;
	k->bodies = mem_array(rows_max(kind), kind_info(kind)->body_max);
	k->slots = k->bodies ? mem_array(rows_max(kind), sizeof *k->slots) : NULL;
	return k->slots != NULL;
}

/* A slot that was given back, or the next fresh one. */
static struct slot *take(struct kind_rows *k, enum kind kind)
{
	for (size_t i = 0; k->n_used < k->n && i < k->n; i++) {
		if (!k->slots[i].is_used)
			return &k->slots[i];
	}
	if (k->n == rows_max(kind))
		return NULL;
	k->slots[k->n].index = k->n;
	return &k->slots[k->n++];
}

static void keep_body(struct kind_rows *k, struct slot *s, struct rd *body)
{
	size_t max = kind_info(s->row.kind)->body_max, len = rd_left(body);
	uint8_t *to = k->bodies + s->index * max;

	if (len > max)
		len = max;
	rd_copy(body, to, len);
	s->row.body = (struct str){(const char *)to, len};
	s->is_marked = false;
}

static void keep_row(struct mirror *m, const struct mirror_row *row, struct rd *body)
{
	struct kind_rows *k = &m->kinds[row->kind];
	uint64_t hash;
	struct slot *s = find(m, row->from, row->kind, row->handle, &hash);

	if (!s) {
		s = has_memory(k, row->kind) ? take(k, row->kind) : NULL;
		if (!s)
			return;
		s->row = *row;
		s->is_used = true;
		k->n_used++;
		hash_add(&m->table, &s->node, hash);
	}
	keep_body(k, s, body);
}

static void mark(struct mirror *m, enum process_id from, enum kind kind)
{
	for (size_t i = 0; i < m->kinds[kind].n; i++) {
		struct slot *s = &m->kinds[kind].slots[i];

		s->is_marked |= s->row.from == from;
	}
}

static void sweep(struct mirror *m, enum process_id from, enum kind kind)
{
	for (size_t i = 0; i < m->kinds[kind].n; i++) {
		struct slot *s = &m->kinds[kind].slots[i];

		if (s->is_used && s->is_marked && s->row.from == from)
			drop(m, s);
	}
}

/* ---- what neighbours say ---- */

static void meet(struct mirror *m, struct rd *body, int fd)
{
	struct given_peer peer;

	if (fd == NO_FD || given_peer_get(body, &peer) != OK || peer.with >= P_MAX) {
		io_close_fd(m->cli->io, fd);
		return;
	}
	if (ipc_edge(m->ipc, peer.with, fd) != OK)
		cli_note(m->cli, "no channel to fosse-%s", process_name(peer.with));
}

static void on_put(
	void *arg, enum process_id from, enum kind kind, uint64_t handle, struct rd *body, int fd)
{
	struct mirror *m = arg;
	struct mirror_row row = {.from = from, .kind = kind, .handle = handle};

	if (kind == ROW_PEER) {
		meet(m, body, fd);
		return;
	}
	io_close_fd(m->cli->io, fd);
	keep_row(m, &row, body);
}

static void on_del(void *arg, enum process_id from, enum kind kind, uint64_t handle)
{
	struct mirror *m = arg;
	uint64_t hash;
	struct slot *s = find(m, from, kind, handle, &hash);

	if (s)
		drop(m, s);
}

static void on_sync(void *arg, enum process_id from, enum kind kind)
{
	struct mirror *m = arg;

	m->synced[from] |= 1u << kind;
	sweep(m, from, kind);
}

static void on_again(void *arg, enum process_id from, enum kind kind)
{
	mark(arg, from, kind);
}

static void on_edge(void *arg, enum process_id with, bool is_up)
{
	struct mirror *m = arg;

	m->is_up[with] = is_up;
	m->synced[with] = 0;
	for (unsigned kind = 1; is_up && kind < KIND_MAX; kind++)
		mark(m, with, (enum kind)kind);
}

/* ---- the whole ---- */

static enum cli_exit dial(struct mirror *m, bool is_quiet)
{
	const struct cli *cli = m->cli;
	int fd = NO_FD;
	enum err err = cli->world->dial(cli->world->arg, cli->root, &fd);

	if (err == OK)
		err = ipc_edge(m->ipc, P_KEEPER, fd);
	if (err == OK)
		return CLI_OK;
	if (err == (enum err) - 13 || err == ERR_DENIED) {
		cli_error(cli,
			"%s/run/fosse/ctl: not authorised; only root and the group "
			"fosse may: try sudo",
			cli->root);
		return CLI_DENIED;
	}
	if (!is_quiet)
		cli_error(cli,
			"the node does not answer on %s/run/fosse/ctl (%s): is fossewayd "
			"running?",
			cli->root, err_text(err));
	return CLI_UNREACHABLE;
}

enum cli_exit mirror_open(const struct cli *cli, bool is_quiet, struct mirror **ret_mirror)
{
	static const struct ipc_ops ops = {
		.put = on_put, .del = on_del, .sync = on_sync, .edge = on_edge, .again = on_again};
	struct mirror *m = mem_array(1, sizeof *m);
	struct hash_key key;
	enum cli_exit status;

	io_random(cli->io, &key, sizeof key);
	if (!m || hash_init(&m->table, ROWS_MAX, &key) != OK ||
		ipc_new(cli->io, P_CTL, &ops, m, &m->ipc) != OK) {
		cli_error(cli, "no memory");
		mem_free(m);
		return CLI_TEMPORARY;
	}
	m->cli = cli;
	status = dial(m, is_quiet);
	if (status == CLI_OK) {
		*ret_mirror = m;
		return CLI_OK;
	}
	mirror_close(m);
	return status;
}

void mirror_close(struct mirror *m)
{
	if (!m)
		return;
	ipc_free(m->ipc);
	for (unsigned kind = 0; kind < KIND_MAX; kind++) {
		mem_free(m->kinds[kind].slots);
		mem_free(m->kinds[kind].bodies);
	}
	hash_free(&m->table);
	mem_free(m);
}

/* All kinds that this neighbour shows to command lines have come. */
static bool is_whole(const struct mirror *m, enum process_id with)
{
	for (unsigned kind = 1; kind < KIND_MAX; kind++) {
		bool is_row = !kind_info((enum kind)kind)->is_ask && kind != ROW_KEPT;

		if (is_row && kind_is_between((enum kind)kind, with, P_CTL) &&
			!(m->synced[with] & 1u << kind))
			return false;
	}
	return true;
}

static enum process_id process_of(const char *name)
{
	for (unsigned id = 1; id < P_MAX; id++) {
		if (strcmp(name, process_name((enum process_id)id)) == 0)
			return (enum process_id)id;
	}
	return P_NONE;
}

/* The keeper introduces us to each worker that it shows as running; it may be on its way. */
static bool has_met_all(const struct mirror *m)
{
	const struct mirror_row *row = NULL;

	while ((row = mirror_next(m, ROW_PROCESS, row))) {
		struct show_process p = {.pid = 0};
		struct rd body = rd_of(row->body);

		if (show_process_get(&body, &p) == OK && strcmp(p.state, "running") == 0 &&
			!m->is_up[process_of(p.name)])
			return false;
	}
	return true;
}

static bool is_ready(const struct mirror *m)
{
	if (!m->is_up[P_KEEPER] || !has_met_all(m))
		return false;
	for (unsigned id = 1; id < P_MAX; id++) {
		if (m->is_up[id] && !is_whole(m, (enum process_id)id))
			return false;
	}
	return true;
}

bool mirror_has_node(const struct mirror *m)
{
	return m->is_up[P_KEEPER];
}

enum err mirror_wait(struct mirror *m, uint32_t timeout_ms)
{
	const struct world *world = m->cli->world;
	uint64_t end = io_now(m->cli->io) + (uint64_t)timeout_ms * 1000000u;
	enum err err = OK;

	while (err == OK && !is_ready(m)) {
		if (!m->is_up[P_KEEPER])
			return ERR_CLOSED;
		if (io_now(m->cli->io) >= end)
			return ERR_TIMEOUT;
		err = world->turn(world->arg, STEP_MS);
	}
	return err;
}

void mirror_run(struct mirror *m, uint32_t ms)
{
	const struct world *world = m->cli->world;
	uint64_t end = io_now(m->cli->io) + (uint64_t)ms * 1000000u;

	do {
		if (!m->is_up[P_KEEPER])
			(void)dial(m, /* is_quiet */ true);
		if (world->turn(world->arg, ms < 10 * STEP_MS ? ms : 10 * STEP_MS) != OK)
			return;
	} while (io_now(m->cli->io) < end);
}

const struct mirror_row *mirror_next(
	const struct mirror *m, enum kind kind, const struct mirror_row *row)
{
	const struct kind_rows *k = &m->kinds[kind];
	size_t i = row ? container_of(row, const struct slot, row)->index + 1 : 0;

	for (; i < k->n; i++) {
		if (k->slots[i].is_used)
			return &k->slots[i].row;
	}
	return NULL;
}

size_t mirror_count(const struct mirror *m, enum kind kind)
{
	return m->kinds[kind].n_used;
}

/* ---- questions ---- */

static void on_answer(void *arg, enum err err, struct rd *body, int fd)
{
	struct mirror *m = arg;
	const struct world *world = m->cli->world;

	(void)body;
	m->is_answered = true;
	m->answer_err = err;
	m->answer = STR_NONE;
	if (fd != NO_FD)
		(void)!world->read_fd(world->arg, fd, &m->answer);
}

enum err mirror_ask(struct mirror *m, enum process_id to, enum kind kind, uint64_t handle,
	struct str body, int fd, struct str *ret_text)
{
	const struct world *world = m->cli->world;
	uint32_t seq;
	enum err err;

	m->is_answered = false;
	err = ipc_ask(m->ipc, to, kind, handle, body, fd, m->cli->timeout_ms, on_answer, m, &seq);
	while (err == OK && !m->is_answered)
		err = world->turn(world->arg, STEP_MS);
	if (err)
		return err;
	*ret_text = m->answer;
	return m->answer_err;
}
