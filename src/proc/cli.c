/* cli.c - fosse: the command line. It gives the commands their door to the world: files, the terminal,
 * and the node's socket. Reads what people typed, configuration files, and rows of the node; it has the
 * powers of whoever calls it. Wiring only. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "conf/conf.h"
#include "ctl/run.h"
#include "io/kernel.h"

enum { FILE_MAX = 32 << 20 };

struct process {
	struct io *io;
	struct text *texts;
};

/* ---- files ---- */

static enum err err_now(void)
{
	return errno == ENOENT ? ERR_NOENT : errno == EEXIST ? ERR_EXISTS : (enum err) - errno;
}

/* What was read lives until the command ends. */
struct text {
	struct text *next;
	char bytes[];
};

/* Grows by doubling: files of /proc do not tell their size. NULL: no memory, or larger than FILE_MAX. */
static struct text *grown(struct text *old, size_t *size)
{
	size_t more = *size ? *size * 2 : 1 << 16;
	struct text *t = more > FILE_MAX ? NULL : mem_array(sizeof *t + more, 1);

	if (t && old)
		memcpy(t->bytes, old->bytes, *size);
	mem_free(old);
	*size = more;
	return t;
}

static enum err read_all(struct process *p, int fd, struct str *ret_text)
{
	size_t size = 0, len = 0;
	struct text *t = grown(NULL, &size);
	ssize_t n = 0;

	while (t && (n = read(fd, t->bytes + len, size - len)) > 0) {
		len += (size_t)n;
		if (len == size)
			t = grown(t, &size);
	}
	if (!t)
		return ERR_FULL;
	t->next = p->texts;
	p->texts = t;
	if (n < 0)
		return err_now();
	*ret_text = (struct str){t->bytes, len};
	return OK;
}

static enum err world_open(void *arg, const char *path, int *ret_fd)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);

	(void)arg;
	if (fd < 0)
		return err_now();
	*ret_fd = fd;
	return OK;
}

static enum err world_read(void *arg, const char *path, struct str *ret_text)
{
	int fd;
	enum err err = world_open(arg, path, &fd);

	if (err)
		return err;
	err = read_all(arg, fd, ret_text);
	(void)close(fd);
	return err;
}

static enum err world_read_fd(void *arg, int fd, struct str *ret_text)
{
	enum err err;

	(void)lseek(fd, 0, SEEK_SET);
	err = read_all(arg, fd, ret_text);
	(void)close(fd);
	return err;
}

/* The folders above a file, those that are missing; the innermost for root alone. */
static enum err make_folders(const char *path)
{
	char folder[512];

	if (!str_copy(str_of(path), folder, sizeof folder))
		return ERR_RANGE;
	for (char *slash = strchr(folder + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		bool is_last = !strchr(slash + 1, '/');

		*slash = '\0';
		if (mkdir(folder, is_last ? 0700 : 0755) < 0 && errno != EEXIST)
			return err_now();
		*slash = '/';
	}
	return OK;
}

static enum err write_new(const char *path, struct str text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	bool is_done;

	if (fd < 0)
		return err_now();
	is_done = write(fd, text.p, text.len) == (ssize_t)text.len && fsync(fd) == 0;
	is_done = close(fd) == 0 && is_done;
	if (is_done)
		return OK;
	(void)unlink(path);
	return (enum err) - EIO;
}

static enum err world_write(void *arg, const char *path, struct str text, bool may_replace)
{
	char tmp[520];
	enum err err = make_folders(path);

	(void)arg;
	if (err)
		return err;
	if (!may_replace && access(path, F_OK) == 0)
		return ERR_EXISTS;
	(void)snprintf(tmp, sizeof tmp, "%s.new", path);
	(void)unlink(tmp);
	err = write_new(tmp, text);
	if (err)
		return err;
	/* link() does not replace: two who begin at once cannot both win. */
	if (may_replace ? rename(tmp, path) == 0 : link(tmp, path) == 0)
		err = OK;
	else
		err = err_now();
	(void)unlink(tmp);
	return err;
}

static enum err world_remove(void *arg, const char *path)
{
	(void)arg;
	return unlink(path) == 0 ? OK : err_now();
}

static enum err world_list(void *arg, const char *folder, cli_name_h *h, void *h_arg)
{
	DIR *dir = opendir(folder);

	(void)arg;
	if (!dir)
		return err_now();
	for (struct dirent *e; (e = readdir(dir));) {
		if (e->d_name[0] != '.')
			h(h_arg, str_of(e->d_name));
	}
	(void)closedir(dir);
	return OK;
}

/* ---- the person ---- */

static void write_all(int fd, struct str text)
{
	while (text.len) {
		ssize_t n = write(fd, text.p, text.len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			exit(CLI_NOT_OK); /* nobody listens any more */
		text = str_skip(text, (size_t)n);
	}
}

static void world_out(void *arg, struct str text)
{
	(void)arg;
	write_all(STDOUT_FILENO, text);
}

static void world_say(void *arg, struct str text)
{
	(void)arg;
	write_all(STDERR_FILENO, text);
}

static enum err world_ask(void *arg, const char *question, char *ret_answer, size_t size)
{
	world_say(arg, str_of(question));
	if (!fgets(ret_answer, (int)size, stdin))
		return ERR_CLOSED;
	(void)str_copy(str_trim(str_of(ret_answer)), ret_answer, size);
	return OK;
}

/* ---- the node ---- */

/* A socket's path is at most 107 bytes; roots of test nodes may be longer. */
static enum err world_dial(void *arg, const char *root, int *ret_fd)
{
	char folder[300];
	int here = open(".", O_PATH | O_CLOEXEC);
	enum err err;

	(void)arg;
	(void)snprintf(folder, sizeof folder, "%s/run/fosse", root);
	if (here < 0 || chdir(folder) < 0) {
		err = err_now();
	} else {
		err = bind_path_dial("ctl", ret_fd);
		if (fchdir(here) < 0)
			err = err_now();
	}
	if (here >= 0)
		(void)close(here);
	return err;
}

static enum err world_turn(void *arg, uint32_t max_ms)
{
	struct process *p = arg;

	return io_run_once(p->io, max_ms);
}

static int by_number(const void *a, const void *b)
{
	uint64_t x, y;

	memcpy(&x, a, sizeof x);
	memcpy(&y, b, sizeof y);
	return (x > y) - (x < y);
}

static size_t sockets_of(uint32_t pid, uint64_t *ret_inodes, size_t max)
{
	char folder[64], target[64];
	size_t n = 0;
	DIR *dir;

	(void)snprintf(folder, sizeof folder, "/proc/%u/fd", pid);
	dir = opendir(folder);
	for (struct dirent *e; dir && n < max && (e = readdir(dir));) {
		ssize_t len = readlinkat(dirfd(dir), e->d_name, target, sizeof target - 1);
		struct str link = {target, len > 0 ? (size_t)len : 0};

		if (str_has_prefix(link, STR("socket:[")) &&
			str_u64((struct str){link.p + 8, link.len - 9}, UINT64_MAX,
				&ret_inodes[n]) == OK)
			n++;
	}
	if (dir)
		(void)closedir(dir);
	return n;
}

static size_t world_inodes(
	void *arg, const uint32_t *pids, size_t n_pids, uint64_t *ret_inodes, size_t max)
{
	size_t n = 0;

	(void)arg;
	for (size_t i = 0; i < n_pids; i++)
		n += sockets_of(pids[i], ret_inodes + n, max - n);
	qsort(ret_inodes, n, sizeof *ret_inodes, by_number);
	return n;
}

/* ---- the whole ---- */

int main(int argc, char **argv)
{
	static const struct world doors = {.read = world_read,
		.write = world_write,
		.remove = world_remove,
		.list = world_list,
		.ask = world_ask,
		.out = world_out,
		.say = world_say,
		.dial = world_dial,
		.open = world_open,
		.read_fd = world_read_fd,
		.turn = world_turn,
		.inodes = world_inodes};
	static struct cli cli;
	static struct process process;
	struct world world = doors;
	void *out = mem_array(CLI_OUT_MAX, 1);

	(void)signal(SIGPIPE, SIG_DFL);
	if (!out || io_new("", "fosse", &process.io) != OK) {
		(void)fprintf(stderr, "fosse: no memory\n");
		return CLI_TEMPORARY;
	}
	io_set_log_level(process.io, LOG_ERROR);
	world.arg = &process;
	cli.world = &world;
	cli.io = process.io;
	cli.out = wr_of(out, CLI_OUT_MAX);
	cli.has_colour = isatty(STDOUT_FILENO) && !getenv("NO_COLOR");
	return cli_run(&cli, (size_t)argc - 1, (const char *const *)argv + 1);
}
