/* snapshot.c - the configuration, without reading a letter of it.
 *
 * fosse-conf reads: it gets the files as fds and answers with an image and lines of errors. The image
 * is sealed, checked field by field by its schema, and copied to disk as the last good one. Each worker
 * gets a copy of its own, without what only others need (conf_for). A file with an error changes nothing. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "proc/keeper.h"

enum { RUN_MS = 30000 };
enum { FIRST_FILE_FD = 16, FILES_MAX = 200, ARGS_MAX = 16 + 2 * FILES_MAX };

LOG_EVENT(ev_used, "CFG-001", LOG_INFO, "a configuration is in use");
LOG_EVENT(ev_refused, "CFG-002", LOG_ERROR, "the configuration was refused; the one before stays");
LOG_EVENT(ev_not_kept, "CFG-003", LOG_ERROR,
	"the configuration in use could not be written as the last good one");

extern char **environ;

/* ---- the child ---- */

/* Between fork and exec; everything that it holds is closed on exec but what it moves here. */
struct conf_args {
	char *argv[ARGS_MAX];
	char text[ARGS_MAX][96];
	int n, n_files;
};

static void add_arg(struct conf_args *a, const char *text)
{
	if (a->n >= ARGS_MAX - 1)
		return;
	(void)snprintf(a->text[a->n], sizeof a->text[0], "%s", text);
	a->argv[a->n] = a->text[a->n];
	a->n++;
}

static void add_file(struct conf_args *a, const char *option, const char *name, int fd)
{
	char arg[96];

	if (a->n_files >= FILES_MAX || a->n + 2 >= ARGS_MAX)
		return;
	(void)snprintf(arg, sizeof arg, "%.80s=%d", name, FIRST_FILE_FD + a->n_files);
	if (dup2(fd, FIRST_FILE_FD + a->n_files) < 0)
		return;
	a->n_files++;
	add_arg(a, option);
	add_arg(a, arg);
}

static void add_folder(
	const struct keeper *k, struct conf_args *a, const char *option, const char *folder)
{
	char path[300];
	DIR *dir;

	(void)snprintf(path, sizeof path, "%s/etc/fosse/%s", k->root, folder);
	dir = opendir(path);
	for (struct dirent *e; dir && (e = readdir(dir));) {
		int fd = e->d_name[0] == '.'
		                 ? -1
		                 : openat(dirfd(dir), e->d_name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);

		if (fd < 0)
			continue;
		add_file(a, option, e->d_name, fd);
		(void)close(fd);
	}
	if (dir)
		(void)closedir(dir);
}

/* Above every number that the child uses. */
static int move_up(int fd)
{
	return fcntl(fd, F_DUPFD_CLOEXEC, FIRST_FILE_FD + FILES_MAX);
}

_Noreturn static void become_conf(
	const struct keeper *k, const struct snapshot_run *run, const char *name)
{
	static struct conf_args a;
	char path[300], revision[32];
	int file = move_up(run->file_fd), image = move_up(run->image_fd),
	    errors = move_up(run->errors_fd), empty = move_up(k->empty_dir);
	sigset_t none;

	(void)snprintf(path, sizeof path, "%s/fosse-conf", k->libexec);
	(void)snprintf(revision, sizeof revision, "%u", k->conf ? k->conf->head.revision + 1 : 1);
	if (dup2(file, 0) < 0 || dup2(errors, 1) < 0 || dup2(image, 3) < 0 ||
		dup2(empty, BORN_EMPTY) < 0)
		_exit(127);
	add_arg(&a, "fosse-conf");
	add_arg(&a, name);
	add_arg(&a, "--revision");
	add_arg(&a, revision);
	add_arg(&a, "--user");
	add_arg(&a, k->conf && k->conf->node.conf_user[0] ? k->conf->node.conf_user : "fosse-conf");
	add_folder(k, &a, "--pairing", "pairing");
	add_folder(k, &a, "--secret", "secrets");
	(void)sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
	(void)execve(path, a.argv, environ);
	(void)fprintf(stderr, "fossewayd: cannot execute %s: %s\n", path, strerror(errno));
	_exit(127);
}

/* ---- what it made ---- */

static void end_run(struct keeper *k)
{
	struct snapshot_run *r = &k->run;

	timer_stop(&r->timer);
	watch_stop(&r->death);
	io_close_fd(k->io, r->death.fd);
	io_close_fd(k->io, r->image_fd);
	io_close_fd(k->io, r->errors_fd);
	io_close_fd(k->io, r->file_fd);
	*r = (struct snapshot_run){.image_fd = NO_FD, .errors_fd = NO_FD, .file_fd = NO_FD};
}

static bool copy_fd(int from, int to)
{
	char buf[65536 / 16];
	ssize_t n;

	if (lseek(from, 0, SEEK_SET) < 0)
		return false;
	while ((n = read(from, buf, sizeof buf)) > 0) {
		if (write(to, buf, (size_t)n) != n)
			return false;
	}
	return n == 0;
}

/* A whole file or the one before: temporary file, fsync, rename. */
static bool replace_file(const char *path, int from, mode_t mode)
{
	char tmp[320];
	int to;
	bool is_done;

	(void)snprintf(tmp, sizeof tmp, "%s.new", path);
	(void)unlink(tmp);
	to = open(tmp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
	if (to < 0)
		return false;
	is_done = copy_fd(from, to) && fsync(to) == 0;
	is_done = close(to) == 0 && is_done && rename(tmp, path) == 0;
	if (!is_done)
		(void)unlink(tmp);
	return is_done;
}

static void path_of(const struct keeper *k, const char *rest, char *ret_path, size_t size)
{
	(void)snprintf(ret_path, size, "%s%s", k->root, rest);
}

/* ---- who gets what of it ---- */

static const struct {
	enum process_id to;
	enum plan_owner reader;
} readers[N_CHILDREN] = {{P_TLS, OWNER_TLS}, {P_SIG, OWNER_SIG}, {P_MEDIA, OWNER_MEDIA}};

static bool seal(int fd)
{
	return fcntl(fd, F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE) ==
	       0;
}

/* A sealed copy for one reader; NO_FD: there is no memory for it. */
static int copy_for(const struct conf *conf, enum plan_owner reader)
{
	int fd = memfd_create("fosse-config", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	void *image = MAP_FAILED;

	if (fd >= 0 && ftruncate(fd, sizeof *conf) == 0)
		image = mmap(NULL, sizeof *conf, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (image != MAP_FAILED) {
		conf_for(conf, reader, image);
		(void)munmap(image, sizeof *conf);
		if (seal(fd))
			return fd;
	}
	if (fd >= 0)
		(void)close(fd);
	return NO_FD;
}

/* All or none. */
static enum err make_copies(struct keeper *k, const struct conf *conf, int ret_fds[N_CHILDREN])
{
	bool is_done = true;

	for (size_t i = 0; i < N_CHILDREN; i++) {
		ret_fds[i] = copy_for(conf, readers[i].reader);
		is_done = is_done && ret_fds[i] != NO_FD;
	}
	for (size_t i = 0; i < N_CHILDREN && !is_done; i++)
		io_close_fd(k->io, ret_fds[i]);
	return is_done ? OK : ERR_FULL;
}

static void write_copy(const struct row *row, struct wr *w)
{
	given_config_put(w, container_of(row, const struct conf_copy, row)->revision);
}

static void write_revision(const struct row *row, struct wr *w)
{
	given_config_put(
		w, container_of(row, const struct keeper, revision_row)->conf->head.revision);
}

static void init_rows(struct keeper *k)
{
	for (size_t i = 0; i < N_CHILDREN; i++) {
		struct conf_copy *c = &k->copies[i];

		row_init(
			&c->row, ROW_CONFIG, handle_make(HK_PROCESS, readers[i].to, 1), write_copy);
		c->row.to = 1u << readers[i].to;
		c->fd = NO_FD;
	}
	row_init(&k->revision_row, ROW_REVISION, handle_make(HK_PROCESS, P_KEEPER, 1),
		write_revision);
}

/* Takes the fds. */
static void give_copies(struct keeper *k, const int fds[N_CHILDREN])
{
	for (size_t i = 0; i < N_CHILDREN; i++) {
		struct conf_copy *c = &k->copies[i];

		io_close_fd(k->io, c->fd);
		c->fd = fds[i];
		c->revision = k->conf->head.revision;
		row_set_fd(&c->row, c->fd);
		row_put(k->ipc, &c->row);
	}
	row_put(k->ipc, &k->revision_row);
}

static void on_change(void *arg, const struct conf_change *change)
{
	struct keeper *k = arg;

	k->needs_restart |= change->class == CLASS_RESTART;
}

/* Takes the fd. Everybody gets the new image; the old one is unmapped. */
static enum err use_image(struct keeper *k, int fd)
{
	const struct conf *old = k->conf;
	int fds[N_CHILDREN];
	struct stat st;
	void *image;
	enum err err;

	if (fstat(fd, &st) < 0 || st.st_size <= 0)
		return ERR_SHORT;
	image = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_SHARED, fd, 0);
	if (image == MAP_FAILED)
		return ERR_FULL;
	err = conf_check_image(image, (size_t)st.st_size) ? make_copies(k, image, fds)
	                                                  : ERR_VERSION;
	if (err) {
		(void)munmap(image, (size_t)st.st_size);
		return err;
	}
	k->conf = image;
	k->needs_restart = false;
	if (old)
		(void)conf_diff(old, k->conf, on_change, k);
	if (!old)
		init_rows(k);
	else
		io_close_fd(k->io, k->conf_fd);
	k->conf_fd = fd;
	give_copies(k, fds);
	conf_to_plan(k->conf, false, &k->plan);
	io_set_plan(k->io, &k->plan);
	io_set_log_level(k->io, (enum log_level)k->conf->logs.level);
	(void)str_copy(str_of(k->conf->node.name), k->node, sizeof k->node);
	log_put(io_log(k->io), &ev_used, F_NUM("revision", k->conf->head.revision));
	if (old)
		(void)munmap((void *)(uintptr_t)old, old->head.size);
	return OK;
}

static void keep_last(struct keeper *k)
{
	char path[300];

	path_of(k, "/var/lib/fosse/last-good.image", path, sizeof path);
	if (!replace_file(path, k->conf_fd, 0600))
		log_put(io_log(k->io), &ev_not_kept, F_Z("file", path));
}

enum err snapshot_load_last(struct keeper *k)
{
	char path[300];
	int from, fd;
	enum err err = ERR_NOENT;

	path_of(k, "/var/lib/fosse/last-good.image", path, sizeof path);
	from = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	fd = from < 0 ? NO_FD : memfd_create("fosse-config", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (fd >= 0)
		err = copy_fd(from, fd) && seal(fd) ? use_image(k, fd) : ERR_SHORT;
	if (err)
		io_close_fd(k->io, fd);
	io_close_fd(k->io, from);
	return err;
}

/* What was read becomes the node's file, unread by us: the very bytes that fosse-conf saw. */
static void install_file(struct keeper *k)
{
	char path[300];

	path_of(k, "/etc/fosse/fosse.yaml", path, sizeof path);
	if (!k->run.is_own && !replace_file(path, k->run.file_fd, 0600))
		log_put(io_log(k->io), &ev_not_kept, F_Z("file", path));
}

/* Its status 0 is a claim: the image is checked all the same. */
static enum err judge(struct keeper *k, int status)
{
	int fd = k->run.image_fd;
	enum err err;

	if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
		return ERR_SYNTAX;
	if (!seal(fd))
		return ERR_DENIED;
	if (k->run.is_dry_run)
		return OK;
	err = use_image(k, fd);
	if (err)
		return err;
	k->run.image_fd = NO_FD; /* it is k->conf_fd now */
	install_file(k);
	keep_last(k);
	return OK;
}

static void print_errors(int fd)
{
	char buf[4096];
	ssize_t n;

	(void)lseek(fd, 0, SEEK_SET);
	while ((n = read(fd, buf, sizeof buf)) > 0)
		(void)!write(2, buf, (size_t)n);
}

static void on_death(struct watch *w, uint32_t events)
{
	struct keeper *k = w->arg;
	struct snapshot_run *r = &k->run;
	bool is_news = !r->ask && !r->is_dry_run;
	int status = 0;
	enum err err;

	(void)events;
	if (waitpid(r->pid, &status, WNOHANG) == 0)
		return;
	err = judge(k, status);
	if (err)
		log_put(io_log(k->io), &ev_refused, F_ERR(err));
	if (!r->ask && err)
		print_errors(r->errors_fd);
	(void)lseek(r->errors_fd, 0, SEEK_SET);
	if (r->ask) {
		ipc_answer(r->ask, err, STR_NONE, r->errors_fd);
		r->errors_fd = NO_FD;
		is_news = err == OK && !r->is_dry_run;
	}
	end_run(k);
	if (is_news)
		keeper_on_snapshot(k, err);
}

/* A copy in memory: what is checked is what is installed, whoever edits the file meanwhile. Takes the
 * fd. */
static int copy_of(struct keeper *k, int fd)
{
	struct stat st;
	int copy = NO_FD;

	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size <= CONF_INPUT_MAX)
		copy = memfd_create("fosse-yaml", MFD_CLOEXEC);
	if (copy >= 0 && (!copy_fd(fd, copy) || lseek(copy, 0, SEEK_SET) < 0)) {
		(void)close(copy);
		copy = NO_FD;
	}
	io_close_fd(k->io, fd);
	return copy;
}

static bool is_own_file(const struct keeper *k, int fd)
{
	struct stat own, given;
	char path[300];

	path_of(k, "/etc/fosse/fosse.yaml", path, sizeof path);
	return fstat(fd, &given) == 0 && stat(path, &own) == 0 && given.st_dev == own.st_dev &&
	       given.st_ino == own.st_ino;
}

static void on_timeout(void *arg)
{
	struct keeper *k = arg;

	(void)syscall(SYS_pidfd_send_signal, k->run.death.fd, SIGKILL, NULL, 0);
}

static enum err start_run(struct keeper *k, const char *name)
{
	struct snapshot_run *r = &k->run;
	int pid, pidfd;

	r->image_fd = memfd_create("fosse-config", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	r->errors_fd = memfd_create("fosse-errors", MFD_CLOEXEC);
	pid = r->image_fd < 0 || r->errors_fd < 0 ? -1 : fork();
	if (pid == 0)
		become_conf(k, r, name);
	if (pid < 0)
		return ERR_FULL;
	pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
	r->pid = pid;
	r->death = (struct watch){.h = on_death, .arg = k};
	timer_init(&r->timer, on_timeout, k);
	timer_start(k->io, &r->timer, RUN_MS);
	return watch_start(k->io, &r->death, pidfd, EPOLLIN, "fosse-conf");
}

enum err snapshot_begin(
	struct keeper *k, int file_fd, const char *name, struct ipc_ask *ask, bool is_dry_run)
{
	bool is_own = is_own_file(k, file_fd);
	enum err err;

	if (k->run.pid) {
		io_close_fd(k->io, file_fd);
		return ERR_EXISTS;
	}
	k->run = (struct snapshot_run){.death = {.fd = NO_FD},
		.image_fd = NO_FD,
		.errors_fd = NO_FD,
		.file_fd = copy_of(k, file_fd),
		.ask = ask,
		.is_dry_run = is_dry_run,
		.is_own = is_own};
	err = k->run.file_fd == NO_FD ? ERR_SYNTAX : start_run(k, name);
	if (err)
		end_run(k);
	return err;
}

static enum err begin_own(struct keeper *k, struct ipc_ask *ask)
{
	char path[300];
	int fd;

	path_of(k, "/etc/fosse/fosse.yaml", path, sizeof path);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		(void)fprintf(stderr, "%s: %s\n", path, strerror(errno));
		return ERR_NOENT;
	}
	return snapshot_begin(k, fd, path, ask, false);
}

enum err snapshot_begin_own(struct keeper *k)
{
	return begin_own(k, NULL);
}

/* The bytes go through a memory file: a whole file or the one before, as for every other. */
static bool write_pairing(const char *path, struct str text)
{
	int fd = memfd_create("fosse-pairing", MFD_CLOEXEC);
	bool is_done = fd >= 0 && write(fd, text.p, text.len) == (ssize_t)text.len &&
	               replace_file(path, fd, 0600);

	if (fd >= 0)
		(void)close(fd);
	return is_done;
}

enum err snapshot_pair(struct keeper *k, const struct given_pair *pair, struct ipc_ask *ask)
{
	char path[400];

	if (k->run.pid)
		return ERR_EXISTS;
	path_of(k, "/etc/fosse/pairing", path, sizeof path);
	(void)mkdir(path, 0700);
	(void)snprintf(path, sizeof path, "%s/etc/fosse/pairing/%s", k->root, pair->name);
	if (pair->text.len ? !write_pairing(path, pair->text) : unlink(path) < 0 && errno != ENOENT)
		return (enum err) - errno;
	return begin_own(k, ask);
}
