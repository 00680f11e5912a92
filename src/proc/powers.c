/* powers.c - the table of system calls, the filter made from it, and the descent from root.
 *
 *	call           rule      who
 *	recvmmsg       ALLOW     sig, media ...
 *	socket         INET      sig (internet families only)
 *	openat         ABSENT    all: libraries look for files; in an empty root there are none
 *
 * The same table holds on amd64 and arm64; calls that one of them lacks are left out there. A sanitizer
 * build has a second table besides. The filter looks at numbers and at first words of arguments, never
 * at memory: it cannot see a port. That is the work of io/bind.c and of the self-check. */
#include <errno.h>
#include <grp.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pwd.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "proc/powers.h"

#if defined(__x86_64__)
#define OUR_ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define OUR_ARCH AUDIT_ARCH_AARCH64
#else
#error "no table of system calls for this machine"
#endif

enum rule {
	ALLOW,
	ABSENT,     /* refused with ENOENT */
	INET,       /* socket(): internet families */
	INET_DGRAM, /* socket(): internet families, datagrams */
	NO_EXEC     /* mmap, mprotect: never executable */
};

struct call {
	int nr;
	enum rule rule;
	unsigned who;
};

#define W_TLS    PBIT(TLS)
#define W_SIG    PBIT(SIG)
#define W_MEDIA  PBIT(MEDIA)
#define W_CONF   (1u << POWERS_CONF)
#define W_NET    (W_TLS | W_SIG | W_MEDIA)
#define W_STREAM (W_TLS | W_SIG)
#define W_ALL    (W_NET | W_CONF)

/* clang-format off */
/* Frequent ones first: the filter is a list. */
static const struct call calls[] = {
	/* packets and messages */
	{__NR_recvmmsg,         ALLOW,      W_NET},
	{__NR_sendmmsg,         ALLOW,      W_NET},
	{__NR_epoll_pwait,      ALLOW,      W_NET},
#ifdef __NR_epoll_wait
	{__NR_epoll_wait,       ALLOW,      W_NET},
#endif
	{__NR_epoll_ctl,        ALLOW,      W_NET},
	{__NR_recvmsg,          ALLOW,      W_NET},
	{__NR_sendmsg,          ALLOW,      W_NET},
	{__NR_recvfrom,         ALLOW,      W_NET},
	{__NR_sendto,           ALLOW,      W_NET},
	{__NR_read,             ALLOW,      W_ALL},
	{__NR_write,            ALLOW,      W_ALL},
	{__NR_close,            ALLOW,      W_ALL},
	/* time and chance; usually the vDSO answers */
	{__NR_clock_gettime,    ALLOW,      W_ALL},
	{__NR_getrandom,        ALLOW,      W_ALL},
	/* sockets */
	{__NR_accept4,          ALLOW,      W_NET},
	{__NR_socket,           INET,       W_STREAM},
	{__NR_socket,           INET_DGRAM, W_MEDIA},
	{__NR_bind,             ALLOW,      W_NET},
	{__NR_connect,          ALLOW,      W_STREAM},
	{__NR_listen,           ALLOW,      W_STREAM},
	{__NR_shutdown,         ALLOW,      W_NET},
	{__NR_getsockopt,       ALLOW,      W_NET},
	{__NR_setsockopt,       ALLOW,      W_NET},
	{__NR_getsockname,      ALLOW,      W_NET},
	{__NR_getpeername,      ALLOW,      W_STREAM},
	{__NR_socketpair,       ALLOW,      W_TLS},     /* the plaintext ends */
	{__NR_fcntl,            ALLOW,      W_ALL},
	{__NR_ppoll,            ALLOW,      W_NET},     /* the start waits for one message */
#ifdef __NR_poll
	{__NR_poll,             ALLOW,      W_NET},
#endif
	/* memory */
	{__NR_mmap,             NO_EXEC,    W_ALL},
	{__NR_mprotect,         NO_EXEC,    W_ALL},
	{__NR_munmap,           ALLOW,      W_ALL},
	{__NR_mremap,           ALLOW,      W_ALL},
	{__NR_madvise,          ALLOW,      W_ALL},
	{__NR_brk,              ALLOW,      W_ALL},
	{__NR_futex,            ALLOW,      W_ALL},     /* once-only starts inside libraries */
	{__NR_sysinfo,          ALLOW,      W_ALL},     /* qsort() asks how much memory there is */
	/* files that are open already */
	{__NR_fstat,            ALLOW,      W_ALL},
	{__NR_lseek,            ALLOW,      W_TLS | W_CONF},
	{__NR_pread64,          ALLOW,      W_TLS | W_CONF},
	{__NR_pwrite64,         ALLOW,      W_CONF},
	{__NR_ftruncate,        ALLOW,      W_CONF},
	/* fstat of glibc 2.33 and later; with a path it finds nothing below an empty root */
	{__NR_newfstatat,       ALLOW,      W_ALL},
	{__NR_openat,           ABSENT,     W_ALL},     /* libcrypto looks for its configuration */
#ifdef __NR_open
	{__NR_open,             ABSENT,     W_ALL},
	{__NR_access,           ABSENT,     W_ALL},
#endif
	/* the end, and the way to it */
	{__NR_getpid,           ALLOW,      W_ALL},
	{__NR_gettid,           ALLOW,      W_ALL},
	{__NR_tgkill,           ALLOW,      W_ALL},     /* abort() */
	{__NR_rt_sigaction,     ALLOW,      W_ALL},
	{__NR_rt_sigprocmask,   ALLOW,      W_ALL},
	{__NR_rt_sigreturn,     ALLOW,      W_ALL},
	{__NR_restart_syscall,  ALLOW,      W_ALL},
	{__NR_exit,             ALLOW,      W_ALL},
	{__NR_exit_group,       ALLOW,      W_ALL},
};

#if defined(__SANITIZE_ADDRESS__)
/* What a sanitizer needs to find and to report an error; never in a release. */
static const struct call sanitizer_calls[] = {
	{__NR_sigaltstack,      ALLOW,      W_ALL},
	{__NR_sched_yield,      ALLOW,      W_ALL},
	{__NR_sched_getaffinity, ALLOW,     W_ALL},
	{__NR_nanosleep,        ALLOW,      W_ALL},
	{__NR_clock_nanosleep,  ALLOW,      W_ALL},
	{__NR_prlimit64,        ALLOW,      W_ALL},
	{__NR_readlinkat,       ABSENT,     W_ALL},
	{__NR_getuid,           ALLOW,      W_ALL},
	{__NR_ioctl,            ALLOW,      W_ALL},     /* isatty */
	{__NR_process_vm_readv, ALLOW,      W_ALL},
	{__NR_getcwd,           ALLOW,      W_ALL},
#ifdef __NR_readlink
	{__NR_readlink,         ABSENT,     W_ALL},
	{__NR_stat,             ABSENT,     W_ALL},
	{__NR_getrlimit,        ALLOW,      W_ALL},
	{__NR_pipe,             ALLOW,      W_ALL},
#endif
	{__NR_pipe2,            ALLOW,      W_ALL},
};
#else
static const struct call sanitizer_calls[1];
#define NO_SANITIZER
#endif
/* clang-format on */

/* ---- the filter ---- */

enum { PROGRAM_MAX = 512 };

struct program {
	struct sock_filter code[PROGRAM_MAX];
	unsigned short n;
};

static void emit(struct program *p, unsigned code, uint32_t k, unsigned yes, unsigned no)
{
	if (p->n < PROGRAM_MAX)
		p->code[p->n++] =
			(struct sock_filter){(uint16_t)code, (uint8_t)yes, (uint8_t)no, k};
}

static void load(struct program *p, size_t offset)
{
	emit(p, BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset, 0, 0);
}

static void verdict(struct program *p, uint32_t v)
{
	emit(p, BPF_RET | BPF_K, v, 0, 0);
}

/* Low word of an argument: both machines are little-endian. */
static size_t arg_at(unsigned i)
{
	return offsetof(struct seccomp_data, args) + 8u * i;
}

#define KILL  SECCOMP_RET_KILL_PROCESS
#define PASS  SECCOMP_RET_ALLOW
#define IS_K  (BPF_JMP | BPF_JEQ | BPF_K)
#define HAS_K (BPF_JMP | BPF_JSET | BPF_K)
#define AND_K (BPF_ALU | BPF_AND | BPF_K)

static void check_families(struct program *p)
{
	load(p, arg_at(0));
	emit(p, IS_K, AF_INET, 2, 0);
	emit(p, IS_K, AF_INET6, 1, 0);
	verdict(p, KILL);
}

static void check_dgram(struct program *p)
{
	load(p, arg_at(1));
	emit(p, AND_K, (uint32_t) ~(SOCK_CLOEXEC | SOCK_NONBLOCK), 0, 0);
	emit(p, IS_K, SOCK_DGRAM, 1, 0);
	verdict(p, KILL);
}

static void check_exec(struct program *p)
{
	load(p, arg_at(2));
	emit(p, HAS_K, PROT_EXEC, 0, 1);
	verdict(p, KILL);
}

static void emit_rule(struct program *p, enum rule rule)
{
	switch (rule) {
	case ALLOW:
		break;
	case ABSENT:
		verdict(p, SECCOMP_RET_ERRNO | ENOENT);
		return;
	case INET_DGRAM:
		check_dgram(p);
		check_families(p);
		break;
	case INET:
		check_families(p);
		break;
	case NO_EXEC:
		check_exec(p);
		break;
	}
	verdict(p, PASS);
}

static void emit_call(struct program *p, const struct call *c)
{
	unsigned short at = p->n;

	emit(p, IS_K, (uint32_t)c->nr, 0, 0);
	emit_rule(p, c->rule);
	p->code[at].jf = (uint8_t)(p->n - at - 1);
}

static void emit_table(struct program *p, const struct call *table, size_t n, unsigned process)
{
	for (size_t i = 0; i < n; i++) {
		if (table[i].who & 1u << process)
			emit_call(p, &table[i]);
	}
}

static void build(struct program *p, unsigned process)
{
	load(p, offsetof(struct seccomp_data, arch));
	emit(p, IS_K, OUR_ARCH, 1, 0);
	verdict(p, KILL);
	load(p, offsetof(struct seccomp_data,
			nr)); /* x32 numbers are none of ours: they end in KILL */
	emit_table(p, calls, sizeof calls / sizeof calls[0], process);
	emit_table(p, sanitizer_calls, sizeof sanitizer_calls / sizeof sanitizer_calls[0], process);
	verdict(p, KILL);
}

unsigned powers_count(unsigned process)
{
	unsigned n = 0;

	for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++)
		n += calls[i].rule != ABSENT && (calls[i].who >> process & 1u);
	return n;
}

static enum err failed(void)
{
	return (enum err) - errno;
}

enum err powers_filter(unsigned process)
{
	struct program p = {.n = 0};
	struct sock_fprog prog;

	build(&p, process);
	if (p.n >= PROGRAM_MAX || !powers_count(process))
		return ERR_FULL;
	prog = (struct sock_fprog){p.n, p.code};
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return failed();
	return syscall(__NR_seccomp, SECCOMP_SET_MODE_FILTER, 0, &prog) < 0 ? failed() : OK;
}

/* ---- the descent ---- */

/* Reads /etc/passwd alone: no name service, no library that a name service would load. */
static enum err find_user(const char *name, uid_t *ret_uid, gid_t *ret_gid)
{
	FILE *f = fopen("/etc/passwd", "re");
	enum err err = ERR_NOENT;

	if (!f)
		return failed();
	for (struct passwd *pw; err != OK && (pw = fgetpwent(f));) {
		if (strcmp(pw->pw_name, name) != 0 || !pw->pw_uid || !pw->pw_gid)
			continue;
		*ret_uid = pw->pw_uid;
		*ret_gid = pw->pw_gid;
		err = OK;
	}
	(void)fclose(f);
	return err;
}

static enum err set_limits(void)
{
	struct rlimit none = {0, 0};

	if (setrlimit(RLIMIT_CORE, &none) < 0 || setrlimit(RLIMIT_NPROC, &none) < 0)
		return failed();
#ifdef NO_SANITIZER
	struct rlimit memory = {(rlim_t)4 << 30, (rlim_t)4 << 30};

	if (setrlimit(RLIMIT_AS, &memory) < 0)
		return failed();
#endif
	return OK;
}

static enum err enter(int dir)
{
	if (fchdir(dir) < 0 || chroot(".") < 0 || chdir("/") < 0)
		return failed();
	return close(dir) < 0 ? failed() : OK;
}

static enum err become(uid_t uid, gid_t gid)
{
	if (setgroups(0, NULL) < 0 || setresgid(gid, gid, gid) < 0 || setresuid(uid, uid, uid) < 0)
		return failed();
	if (setuid(0) == 0 || getuid() != uid || geteuid() != uid || getegid() != gid)
		return ERR_DENIED; /* still root, in one way or another */
	return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0 ? failed() : OK;
}

enum err powers_drop(unsigned process, const char *user, int empty_dir, const char **ret_step)
{
	uid_t uid = 0;
	gid_t gid = 0;
	enum err err;

	*ret_step = "user";
	err = find_user(user, &uid, &gid);
	if (err)
		return err;
	*ret_step = "limits";
	err = set_limits();
	if (err)
		return err;
	*ret_step = "empty root";
	err = enter(empty_dir);
	if (err)
		return err;
	*ret_step = "uid";
	err = become(uid, gid);
	if (err)
		return err;
	*ret_step = "filter";
	return powers_filter(process);
}
