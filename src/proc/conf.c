/* conf.c - fosse-conf: one shot, text in, snapshot or all errors out.
 *
 *	fosse-conf NAME [--revision N] [--user U] [--pairing NAME=FD]... [--secret NAME=FD]...
 *	fd 0: YAML   fd 1: errors, one a line   fd 3: memfd to fill   fd 6: the empty folder
 *
 * It is the only process that reads the configuration's text. Its powers are gone before the first
 * byte; it opens nothing. Exit status: 0 the snapshot is complete, 3 the text has errors, else it
 * could not work. Without --user it runs as who called it (tests; no powers to give up). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/scratch.h"
#include "conf/conf.h"
#include "proc/born.h"
#include "proc/powers.h"

enum { IMAGE_FD = 3, FILES_MAX = 200, FILE_TEXT_MAX = 16 * 1024, PAGE = 4096 };
enum { EXIT_INVALID = 3 };

struct job {
	struct conf_input in;
	const char *user;
	struct conf_file pairings[FILES_MAX], secrets[FILES_MAX];
	int pairing_fds[FILES_MAX], secret_fds[FILES_MAX];
};

static int fail(const char *what, enum err err, int status)
{
	(void)fprintf(stderr, "fosse-conf: %s: %s\n", what, err_text(err));
	return status;
}

/* ---- arguments ---- */

/* "NAME=FD" */
static bool add_file(struct conf_file *files, int *fds, size_t *n, const char *arg)
{
	const char *eq = arg ? strrchr(arg, '=') : NULL;
	uint64_t fd;

	if (!eq || *n == FILES_MAX || str_u64(str_of(eq + 1), 65535, &fd) != OK || fd <= IMAGE_FD)
		return false;
	files[*n].name = str_between(arg, eq);
	fds[*n] = (int)fd;
	(*n)++;
	return true;
}

static bool take_option(struct job *job, const char *option, const char *arg)
{
	uint64_t revision;

	if (strcmp(option, "--pairing") == 0)
		return add_file(job->pairings, job->pairing_fds, &job->in.n_pairings, arg);
	if (strcmp(option, "--secret") == 0)
		return add_file(job->secrets, job->secret_fds, &job->in.n_secrets, arg);
	if (strcmp(option, "--revision") == 0 && arg &&
		str_u64(str_of(arg), UINT32_MAX, &revision) == OK) {
		job->in.revision = (uint32_t)revision;
		return true;
	}
	if (strcmp(option, "--user") == 0 && arg) {
		job->user = arg;
		return true;
	}
	return false;
}

static bool take_args(struct job *job, int argc, char **argv)
{
	if (argc < 2)
		return false;
	job->in = (struct conf_input){.file = argv[1],
		.has_files = true,
		.pairings = job->pairings,
		.secrets = job->secrets};
	for (int i = 2; i < argc; i += 2) {
		if (!take_option(job, argv[i], i + 1 < argc ? argv[i + 1] : NULL))
			return false;
	}
	return true;
}

/* ---- reading ---- */

/* All of an fd up to max bytes; more is cut at max + 1, so that the reader sees that it is too long. */
static enum err read_all(int fd, size_t max, struct str *ret_text)
{
	char *text = mem_array(max + 1, 1);
	size_t len = 0;
	ssize_t n = 1;

	if (!text)
		return ERR_FULL;
	while (len < max + 1 && (n = read(fd, text + len, max + 1 - len)) > 0)
		len += (size_t)n;
	*ret_text = (struct str){text, len};
	return n < 0 ? ERR_SHORT : OK;
}

static enum err read_files(struct conf_file *files, const int *fds, size_t n)
{
	enum err err = OK;

	for (size_t i = 0; i < n && err == OK; i++) {
		err = read_all(fds[i], FILE_TEXT_MAX, &files[i].text);
		(void)close(fds[i]);
	}
	return err;
}

/* ---- writing ---- */

static bool write_all(int fd, const void *bytes, size_t len)
{
	const uint8_t *p = bytes;

	while (len) {
		const ssize_t n = write(fd, p, len);

		if (n <= 0)
			return false;
		p += n;
		len -= (size_t)n;
	}
	return true;
}

static void on_error(void *arg, const struct conf_error *e)
{
	char line[4096];
	struct wr w = wr_of(line, sizeof line);
	bool *is_lost = arg;

	conf_error_put(e, &w);
	if (!write_all(STDOUT_FILENO, wr_done(&w).p, wr_len(&w)))
		*is_lost = true;
}

static bool is_empty(const uint8_t *p, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (p[i])
			return false;
	}
	return true;
}

/* Pages of zeroes are left out: most of the struct is room for more zones, rules and users. */
static bool write_image(const struct conf *c)
{
	const uint8_t *p = (const uint8_t *)c;

	if (ftruncate(IMAGE_FD, sizeof *c) < 0)
		return false;
	for (size_t at = 0; at < sizeof *c; at += PAGE) {
		const size_t n = sizeof *c - at < PAGE ? sizeof *c - at : PAGE;

		if (!is_empty(p + at, n) && pwrite(IMAGE_FD, p + at, n, (off_t)at) != (ssize_t)n)
			return false;
	}
	return true;
}

static int run(struct job *job)
{
	struct conf *c = mem_array(1, sizeof *c);
	bool is_lost = false;
	enum err err = c ? read_all(STDIN_FILENO, CONF_INPUT_MAX, &job->in.text) : ERR_FULL;

	if (err == OK)
		err = read_files(job->pairings, job->pairing_fds, job->in.n_pairings);
	if (err == OK)
		err = read_files(job->secrets, job->secret_fds, job->in.n_secrets);
	if (err != OK)
		return fail("reading", err, EXIT_START);
	err = conf_load(&job->in, c, on_error, &is_lost);
	if (err == ERR_SYNTAX)
		return is_lost ? fail("errors could not be written", ERR_SHORT, EXIT_START)
		               : EXIT_INVALID;
	if (err != OK)
		return fail("loading", err, EXIT_START);
	return write_image(c) ? 0
	                      : fail("the snapshot could not be written", ERR_SHORT, EXIT_START);
}

int main(int argc, char **argv)
{
	static struct job job;
	const char *step = NULL;
	enum err err = OK;

	if (!take_args(&job, argc, argv))
		return fail("usage: fosse-conf NAME [--revision N] [--user U] [--pairing NAME=FD] "
			    "[--secret NAME=FD]",
			ERR_SYNTAX, EXIT_START);
	if (job.user)
		err = powers_drop(POWERS_CONF, job.user, BORN_EMPTY, &step);
	if (err != OK)
		return fail(step, err, EXIT_POWERS);
	/* At once: what a library would do at the end is not among the calls that the filter lets pass. */
	_exit(run(&job));
}
