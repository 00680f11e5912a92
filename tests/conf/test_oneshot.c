/* fosse-conf as the keeper runs it, but for the powers: fds in, exit status, image and lines out. */
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fixture.h"

enum { PAIRING_FD = 20 };

static int image_fd, errors_fd;
static char errors[1 << 16];

static int file_of(const char *text)
{
	int fd = memfd_create("test", 0);

	if (fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text) ||
		lseek(fd, 0, SEEK_SET) != 0)
		return -1;
	return fd;
}

/* Its exit status, or -1. */
static int run(const char *yaml, const char *const *args)
{
	const char *argv[12] = {"fosse-conf", "f.yaml"};
	int status = -1, in = file_of(yaml), pairing = file_of(joined);
	ssize_t n;
	pid_t pid;

	image_fd = memfd_create("image", 0);
	errors_fd = memfd_create("errors", 0);
	for (int i = 0; args[i]; i++)
		argv[2 + i] = args[i];
	pid = fork();
	if (pid == 0) {
		int image = fcntl(image_fd, F_DUPFD, 50), out = fcntl(errors_fd, F_DUPFD, 50);

		(void)dup2(fcntl(pairing, F_DUPFD, 50), PAIRING_FD);
		(void)dup2(in, 0);
		(void)dup2(out, 1);
		(void)dup2(image, 3);
		(void)close(2);
		(void)execv(FOSSE_CONF, (char *const *)(uintptr_t)argv);
		_exit(127);
	}
	(void)close(in);
	(void)close(pairing);
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return -1;
	n = pread(errors_fd, errors, sizeof errors - 1, 0);
	errors[n > 0 ? n : 0] = 0;
	(void)close(errors_fd);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static const char *const good_args[] = {"--revision", "9", "--pairing", "edge1=20", NULL};

static void makes_an_image(void)
{
	const struct conf *c;

	CHECK(run(MINIMAL, good_args) == 0);
	CHECK(errors[0] == 0);
	CHECK(lseek(image_fd, 0, SEEK_END) == (off_t)sizeof *c);
	c = mmap(NULL, sizeof *c, PROT_READ, MAP_SHARED, image_fd, 0);
	CHECK(c != MAP_FAILED);
	CHECK(conf_check_image(c, sizeof *c));
	CHECK(c->head.revision == 9 && c->zones[0].has_pairing);
	CHECK(munmap((void *)(uintptr_t)c, sizeof *c) == 0);
	CHECK(close(image_fd) == 0);
}

static void tells_errors_and_writes_nothing(void)
{
	CHECK(run(MINIMAL "sip:\n  udp: yes\n  tpc: true\n", good_args) == 3);
	CHECK(strstr(errors, "f.yaml:6:8: sip.udp: \"yes\"") == errors);
	CHECK(strstr(errors, "\nf.yaml:7:3: sip: \"tpc\""));
	CHECK(lseek(image_fd, 0, SEEK_END) == 0);
	CHECK(close(image_fd) == 0);
}

static void refuses_odd_arguments(void)
{
	static const char *const bad[][3] = {{"--pairing", NULL}, {"--pairing", "edge1", NULL},
		{"--pairing", "edge1=x", NULL}, {"--pairing", "edge1=1", NULL},
		{"--revision", "-1", NULL}, {"--colour", "green", NULL}};

	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		CHECK(run(MINIMAL, bad[i]) == 71);
		CHECK(close(image_fd) == 0);
	}
}

TEST_MAIN(T(makes_an_image), T(tells_errors_and_writes_nothing), T(refuses_odd_arguments))
