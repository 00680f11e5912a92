/* world.h - a command line's world in memory: files, a person with answers, and a node in this process.
 *
 * The node is a keeper, a sig and a media, each with an ipc of its own on the command line's loop. */
#ifndef TEST_CTL_WORLD_H
#define TEST_CTL_WORLD_H

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "ctl/run.h"
#include "io/kernel.h"
#include "ipc/given.h"
#include "ipc/ipc.h"
#include "test.h"

enum { FILES_MAX = 16, OUT_MAX = 1 << 20, ROWS_MAX = 16 };

struct fake_row {
	struct row row;
	uint8_t body[2048];
	size_t len;
};

struct fake {
	struct io *io;
	struct world world;
	struct {
		char path[256];
		char text[4096];
		size_t len;
	} files[FILES_MAX];
	const char *answers[16];
	size_t n_answers, at_answer;
	char out[OUT_MAX], said[65536];
	size_t n_out, n_said;
	enum err dial_err; /* no node, or no rights */
	struct ipc *keeper, *sig, *media;
	struct fake_row rows[ROWS_MAX];
	size_t n_rows;
	enum err answer; /* to every question */
	enum kind asked;
	uint64_t asked_of;
	struct given_pair pair;
	char pair_text[2048];
};

static struct fake fake;

static inline size_t file_at(const char *path)
{
	size_t i = 0;

	while (i < FILES_MAX && strcmp(fake.files[i].path, path) != 0)
		i++;
	return i;
}

static inline void put_file(const char *path, struct str text)
{
	size_t i = file_at(path);

	if (i == FILES_MAX)
		i = file_at("");
	CHECK(i < FILES_MAX && text.len < sizeof fake.files[i].text);
	(void)str_copy(str_of(path), fake.files[i].path, sizeof fake.files[i].path);
	memcpy(fake.files[i].text, text.p, text.len);
	fake.files[i].len = text.len;
}

static inline bool has_file(const char *path)
{
	return file_at(path) < FILES_MAX;
}

static inline struct str file_text(const char *path)
{
	size_t i = file_at(path);

	return i < FILES_MAX ? (struct str){fake.files[i].text, fake.files[i].len} : STR_NONE;
}

/* Real files below the tests are there too. */
static inline enum err read_real(const char *path, struct str *ret_text)
{
	static char buf[1 << 20];
	FILE *f = fopen(path, "rb");

	if (!f)
		return ERR_NOENT;
	*ret_text = (struct str){buf, fread(buf, 1, sizeof buf, f)};
	fclose(f);
	return OK;
}

static inline enum err fake_read(void *arg, const char *path, struct str *ret_text)
{
	(void)arg;
	if (strncmp(path, CTL_TEST_DIR, strlen(CTL_TEST_DIR)) == 0)
		return read_real(path, ret_text);
	if (!has_file(path))
		return ERR_NOENT;
	*ret_text = file_text(path);
	return OK;
}

static inline enum err fake_write(void *arg, const char *path, struct str text, bool may_replace)
{
	(void)arg;
	if (has_file(path) && !may_replace)
		return ERR_EXISTS;
	put_file(path, text);
	return OK;
}

static inline enum err fake_remove(void *arg, const char *path)
{
	(void)arg;
	if (!has_file(path))
		return ERR_NOENT;
	fake.files[file_at(path)].path[0] = '\0';
	return OK;
}

static inline enum err fake_list(void *arg, const char *folder, cli_name_h *h, void *h_arg)
{
	size_t len = strlen(folder), n = 0;

	(void)arg;
	for (size_t i = 0; i < FILES_MAX; i++) {
		const char *path = fake.files[i].path;

		if (strncmp(path, folder, len) != 0 || path[len] != '/')
			continue;
		h(h_arg, str_of(path + len + 1));
		n++;
	}
	return n ? OK : ERR_NOENT;
}

static inline enum err fake_ask(void *arg, const char *question, char *ret_answer, size_t size)
{
	(void)arg;
	(void)question;
	if (fake.at_answer == fake.n_answers)
		return ERR_CLOSED;
	(void)str_copy(str_of(fake.answers[fake.at_answer++]), ret_answer, size);
	return OK;
}

static inline void fake_out(void *arg, struct str text)
{
	(void)arg;
	CHECK(fake.n_out + text.len < OUT_MAX);
	memcpy(fake.out + fake.n_out, text.p, text.len);
	fake.n_out += text.len;
	fake.out[fake.n_out] = '\0';
}

static inline void fake_say(void *arg, struct str text)
{
	(void)arg;
	CHECK(fake.n_said + text.len < sizeof fake.said);
	memcpy(fake.said + fake.n_said, text.p, text.len);
	fake.n_said += text.len;
	fake.said[fake.n_said] = '\0';
}

static inline enum err fake_open(void *arg, const char *path, int *ret_fd)
{
	(void)arg;
	*ret_fd = open(path[0] ? "/dev/null" : "", O_RDONLY | O_CLOEXEC);
	return *ret_fd < 0 ? ERR_NOENT : OK;
}

static inline enum err fake_read_fd(void *arg, int fd, struct str *ret_text)
{
	(void)arg;
	io_close_fd(fake.io, fd);
	*ret_text = STR_NONE;
	return OK;
}

static inline enum err fake_turn(void *arg, uint32_t max_ms)
{
	(void)arg;
	return io_run_once(fake.io, max_ms < 5 ? max_ms : 5);
}

static inline size_t fake_inodes(
	void *arg, const uint32_t *pids, size_t n, uint64_t *ret_inodes, size_t max)
{
	(void)arg;
	(void)pids;
	(void)n;
	(void)ret_inodes;
	(void)max;
	return 0;
}

/* ---- the node ---- */

static inline void node_ask(void *arg, struct ipc_ask *ask, enum process_id from, enum kind kind,
	uint64_t handle, struct rd *body, int fd)
{
	(void)arg;
	(void)from;
	io_close_fd(fake.io, fd);
	fake.asked = kind;
	fake.asked_of = handle;
	if (kind == ASK_PAIR) {
		CHECK(given_pair_get(body, &fake.pair) == OK);
		(void)str_copy(fake.pair.text, fake.pair_text, sizeof fake.pair_text);
	}
	ipc_answer(ask, fake.answer, STR_NONE, NO_FD);
}

static const struct ipc_ops node_ops = {.ask = node_ask};

static inline void introduce(uint32_t edge, struct ipc *worker, enum process_id id)
{
	uint8_t buf[64];
	struct wr body = wr_of(buf, sizeof buf);
	int mine, theirs;

	CHECK(chan_pair(fake.io, &mine, &theirs) == OK);
	CHECK(ipc_edge(worker, P_CTL, mine) == OK);
	given_peer_put(&body, &(struct given_peer){id, true});
	CHECK(ipc_put_once(fake.keeper, edge, ROW_PEER, handle_make(HK_PROCESS, id, 2),
		      wr_done(&body), theirs) == OK);
	io_close_fd(fake.io, theirs);
}

static inline enum err fake_dial(void *arg, const char *root, int *ret_fd)
{
	uint32_t edge;
	int mine;

	(void)arg;
	(void)root;
	if (fake.dial_err)
		return fake.dial_err;
	CHECK(chan_pair(fake.io, &mine, ret_fd) == OK);
	CHECK(ipc_edge_add(fake.keeper, P_CTL, mine, true, &edge) == OK);
	introduce(edge, fake.sig, P_SIG);
	introduce(edge, fake.media, P_MEDIA);
	CHECK(ipc_sync_once(fake.keeper, edge, ROW_PEER) == OK);
	return OK;
}

static inline void write_fake_row(const struct row *row, struct wr *w)
{
	const struct fake_row *r = container_of(row, const struct fake_row, row);

	wr_bytes(w, r->body, r->len);
}

/* A row of one of them. */
static inline void node_row(struct ipc *ipc, enum kind kind, uint64_t handle, const struct wr *body)
{
	struct fake_row *r = &fake.rows[fake.n_rows++];

	CHECK(fake.n_rows < ROWS_MAX && body->err == OK);
	memcpy(r->body, body->start, wr_len(body));
	r->len = wr_len(body);
	row_init(&r->row, kind, handle, write_fake_row);
	row_put(ipc, &r->row);
}

/* ---- the whole ---- */

static inline void fake_init(void)
{
	static const struct world world = {.read = fake_read,
		.write = fake_write,
		.remove = fake_remove,
		.list = fake_list,
		.ask = fake_ask,
		.out = fake_out,
		.say = fake_say,
		.dial = fake_dial,
		.open = fake_open,
		.read_fd = fake_read_fd,
		.turn = fake_turn,
		.inodes = fake_inodes};

	if (!fake.io)
		CHECK(io_new("", "test", &fake.io) == OK);
	io_set_log_level(fake.io, LOG_ERROR);
	fake.world = world;
	memset(fake.files, 0, sizeof fake.files);
	fake.n_answers = fake.at_answer = 0;
	fake.dial_err = ERR_NOENT;
	fake.answer = OK;
	fake.asked = KIND_NONE;
	fake.n_rows = 0;
}

static inline void node_begin(void)
{
	fake.dial_err = OK;
	CHECK(ipc_new(fake.io, P_KEEPER, &node_ops, NULL, &fake.keeper) == OK);
	CHECK(ipc_new(fake.io, P_SIG, &node_ops, NULL, &fake.sig) == OK);
	CHECK(ipc_new(fake.io, P_MEDIA, &node_ops, NULL, &fake.media) == OK);
}

static inline void node_end(void)
{
	ipc_free(fake.keeper);
	ipc_free(fake.sig);
	ipc_free(fake.media);
	fake.keeper = fake.sig = fake.media = NULL;
}

/* fosse WORDS; out and said are those of this run. */
static inline enum cli_exit fosse(size_t n, const char *const *words)
{
	static struct cli cli;
	void *out = malloc(OUT_MAX);
	enum cli_exit status;

	fake.n_out = fake.n_said = 0;
	fake.out[0] = fake.said[0] = '\0';
	cli = (struct cli){.world = &fake.world, .io = fake.io};
	cli.out = wr_of(out, OUT_MAX);
	status = cli_run(&cli, n, words);
	free(out);
	return status;
}

#define FOSSE(...)                                                                                 \
	fosse(sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *),                         \
		(const char *const[]){__VA_ARGS__})

static inline bool has_out(const char *text)
{
	return strstr(fake.out, text) != NULL;
}

static inline bool has_said(const char *text)
{
	return strstr(fake.said, text) != NULL;
}

/* No line of the output is wider than a terminal of 100 columns. */
static inline bool is_narrow(const char *text)
{
	struct str rest = str_of(text);

	while (rest.len) {
		if (str_cut(&rest, '\n').len > 100)
			return false;
	}
	return true;
}

#endif
