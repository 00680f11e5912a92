/* Each process under its own filter: what it needs passes, what it must not do kills it. One child per
 * call, so that a kill is seen as the signal that it is. */
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/crypt.h"
#include "proc/powers.h"
#include "test.h"

enum { LIVES = 0 };

/* The signal that ended a child which did this under the filter; 0: it lived. */
static int fate(unsigned process, void (*deed)(void))
{
	struct rlimit no_core = {0, 0};
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		(void)setrlimit(RLIMIT_CORE, &no_core);
		if (powers_filter(process) != OK)
			_exit(1);
		deed();
		_exit(0);
	}
	CHECK(waitpid(pid, &status, 0) == pid);
	CHECK(WIFSIGNALED(status) || WEXITSTATUS(status) == 0);
	return WIFSIGNALED(status) ? WTERMSIG(status) : LIVES;
}

static void do_fork(void)
{
	(void)syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
}

static void do_exec(void)
{
	(void)syscall(SYS_execve, "/bin/true", NULL, NULL);
}

static void do_ptrace(void)
{
	(void)syscall(SYS_ptrace, 0, 0, 0, 0);
}

static void do_mount(void)
{
	(void)syscall(SYS_mount, "a", "b", "c", 0, 0);
}

static void do_bpf(void)
{
	(void)syscall(SYS_bpf, 0, 0, 0);
}

static void do_setuid(void)
{
	(void)syscall(SYS_setuid, 0);
}

static void do_kill(void)
{
	(void)syscall(SYS_kill, getpid(), 0);
}

static void do_unix(void)
{
	(void)syscall(SYS_socket, AF_UNIX, SOCK_STREAM, 0);
}

static void do_netlink(void)
{
	(void)syscall(SYS_socket, AF_NETLINK, SOCK_RAW, 0);
}

static void do_packet(void)
{
	(void)syscall(SYS_socket, AF_PACKET, SOCK_RAW, 0);
}

static void do_stream(void)
{
	(void)syscall(SYS_socket, AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
}

static void do_stream6(void)
{
	(void)syscall(SYS_socket, AF_INET6, SOCK_STREAM, 0);
}

static void do_dgram(void)
{
	(void)syscall(SYS_socket, AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
}

static void do_dgram6(void)
{
	(void)syscall(SYS_socket, AF_INET6, SOCK_DGRAM, 0);
}

static void do_listen(void)
{
	(void)syscall(SYS_listen, 0, 1);
}

static void do_pair(void)
{
	int fds[2];

	(void)syscall(SYS_socketpair, AF_UNIX, SOCK_STREAM, 0, fds);
}

static void do_exec_map(void)
{
	(void)syscall(SYS_mmap, 0, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

static void do_exec_protect(void)
{
	static char page[8192] __attribute__((aligned(4096)));

	(void)syscall(SYS_mprotect, page, 4096, PROT_READ | PROT_WRITE | PROT_EXEC);
}

static void do_map(void)
{
	(void)syscall(
		SYS_mmap, 0, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

/* Libraries look for their files; they are told that there are none, and so are intruders. */
static void do_open(void)
{
	if (syscall(SYS_openat, AT_FDCWD, "/etc/passwd", O_RDONLY) >= 0)
		_exit(2);
}

static void do_write(void)
{
	(void)syscall(SYS_write, 2, "", 0);
}

static void do_hash(void)
{
	uint8_t mac[SHA256_LEN];

	hmac_sha256(STR("key"), STR("bytes"), mac);
}

static const unsigned workers[] = {P_TLS, P_SIG, P_MEDIA};

static void forbidden_to_all(void)
{
	void (*const deeds[])(void) = {do_fork, do_exec, do_ptrace, do_mount, do_bpf, do_setuid,
		do_kill, do_unix, do_netlink, do_packet, do_exec_map, do_exec_protect};

	for (size_t w = 0; w < 3; w++) {
		for (size_t i = 0; i < sizeof deeds / sizeof deeds[0]; i++)
			CHECK(fate(workers[w], deeds[i]) == SIGSYS);
	}
}

static void allowed_to_all(void)
{
	for (size_t w = 0; w < 3; w++) {
		CHECK(fate(workers[w], do_dgram) == LIVES);
		CHECK(fate(workers[w], do_dgram6) == LIVES);
		CHECK(fate(workers[w], do_map) == LIVES);
		CHECK(fate(workers[w], do_write) == LIVES);
	}
}

static void media_has_datagrams_alone(void)
{
	CHECK(fate(P_MEDIA, do_stream) == SIGSYS && fate(P_MEDIA, do_stream6) == SIGSYS);
	CHECK(fate(P_MEDIA, do_listen) == SIGSYS && fate(P_MEDIA, do_pair) == SIGSYS);
	CHECK(fate(P_SIG, do_stream) == LIVES && fate(P_TLS, do_stream6) == LIVES);
	CHECK(fate(P_SIG, do_pair) == SIGSYS && fate(P_TLS, do_pair) == LIVES);
}

static void nobody_opens_files(void)
{
	CHECK(fate(P_SIG, do_open) == LIVES && fate(P_TLS, do_open) == LIVES);
	CHECK(fate(P_MEDIA, do_open) == LIVES);
}

/* libcrypto starts at its first use, and then looks for its files. */
static void all_can_begin_to_hash(void)
{
	for (size_t w = 0; w < 3; w++)
		CHECK(fate(workers[w], do_hash) == LIVES);
}

static void the_reader_of_files_has_no_network(void)
{
	CHECK(fate(POWERS_CONF, do_dgram) == SIGSYS && fate(POWERS_CONF, do_stream) == SIGSYS);
	CHECK(fate(POWERS_CONF, do_exec) == SIGSYS && fate(POWERS_CONF, do_fork) == SIGSYS);
	CHECK(fate(POWERS_CONF, do_write) == LIVES && fate(POWERS_CONF, do_open) == LIVES);
}

static void tables_are_short(void)
{
	printf("# calls: tls %u, sig %u, media %u, conf %u\n", powers_count(P_TLS),
		powers_count(P_SIG), powers_count(P_MEDIA), powers_count(POWERS_CONF));
	CHECK(powers_count(P_TLS) <= 52 && powers_count(P_SIG) <= 60 &&
		powers_count(P_MEDIA) <= 48);
	CHECK(powers_count(POWERS_CONF) <= 30);
}

TEST_MAIN(T(forbidden_to_all), T(allowed_to_all), T(media_has_datagrams_alone),
	T(nobody_opens_files), T(all_can_begin_to_hash), T(the_reader_of_files_has_no_network),
	T(tables_are_short))
