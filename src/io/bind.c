/* bind.c - the only caller of socket, bind, connect, listen and accept in the product.
 *
 * Whoever wants a socket names a row of the plan. A port that is named must lie in the row's
 * range; port 0 is a random free one of the range: the walk of walk.h, where EADDRINUSE at bind
 * and EADDRNOTAVAIL at connect mean "the next one". An exhausted range is counted: it becomes an
 * alarm, a 503 or its H.323 equivalent. Without a plan nothing is bound.
 *
 * SO_REUSEADDR: listeners, and outgoing TCP, whose 60 s of TIME_WAIT would else use up a range of
 * 5,000 ports at 83 connections a second. Never UDP: two sockets would share a port. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/un.h>
#include <unistd.h>

#include "io/private.h"

#define BACKLOG     1024
#define PAIR_BUFFER (1024 * 1024)

LOG_EVENT(ev_denied, "PRT-004", LOG_ERROR, "a port outside the plan was asked for");
LOG_EVENT(ev_no_port, "PRT-001", LOG_ERROR, "no port of the row's range is free");

socklen_t sockaddr_put(const struct addr *a, struct sockaddr_storage *ret_sa)
{
	memset(ret_sa, 0, sizeof *ret_sa);
	if (a->family == AF_V4) {
		struct sockaddr_in *v4 = (struct sockaddr_in *)ret_sa;

		v4->sin_family = AF_INET;
		v4->sin_port = htons(a->port);
		memcpy(&v4->sin_addr, a->ip, 4);
		return sizeof *v4;
	}
	struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)ret_sa;

	v6->sin6_family = AF_INET6;
	v6->sin6_port = htons(a->port);
	memcpy(&v6->sin6_addr, a->ip, 16);
	return sizeof *v6;
}

struct addr sockaddr_get(const struct sockaddr_storage *sa)
{
	struct addr a = {0};

	if (sa->ss_family == AF_INET) {
		const struct sockaddr_in *v4 = (const struct sockaddr_in *)sa;

		a.family = AF_V4;
		a.port = ntohs(v4->sin_port);
		memcpy(a.ip, &v4->sin_addr, 4);
	} else if (sa->ss_family == AF_INET6) {
		const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)sa;

		a.family = AF_V6;
		a.port = ntohs(v6->sin6_port);
		memcpy(a.ip, &v6->sin6_addr, 16);
	}
	return a;
}

struct addr socket_local(int fd)
{
	struct sockaddr_storage sa = {0};
	socklen_t len = sizeof sa;

	return getsockname(fd, (struct sockaddr *)&sa, &len) == 0 ? sockaddr_get(&sa)
	                                                          : (struct addr){0};
}

struct addr socket_remote(int fd)
{
	struct sockaddr_storage sa = {0};
	socklen_t len = sizeof sa;

	return getpeername(fd, (struct sockaddr *)&sa, &len) == 0 ? sockaddr_get(&sa)
	                                                          : (struct addr){0};
}

int socket_option(int fd, int level, int name)
{
	int value = -1;
	socklen_t len = sizeof value;

	return getsockopt(fd, level, name, &value, &len) == 0 ? value : -1;
}

static void set_option(int fd, int level, int name, int value)
{
	(void)setsockopt(fd, level, name, &value, sizeof value);
}

static enum err denied(struct io *io, const struct local *at)
{
	io->counters.n_denied++;
	log_put(&io->log, &ev_denied, F_STR("row", plan_row_name(at->row)),
		F_ADDR("local", &at->addr));
	return ERR_DENIED;
}

static bool is_datagram_row(enum plan_row row)
{
	return plan_protocol(row) == PROTO_UDP;
}

/* The row is ours, fits the type of socket, and allows the port if one is named. */
static enum err check_row(struct io *io, const struct local *at, int type, struct ports *ret_range)
{
	if (!io->plan || plan_ports(io->plan, at->row, ret_range) != OK)
		return denied(io, at);
	if (is_datagram_row(at->row) != (type == SOCK_DGRAM))
		return denied(io, at);
	if (at->addr.port && !plan_has_port(io->plan, at->row, at->addr.port))
		return denied(io, at);
	return OK;
}

static enum err open_socket(const struct addr *a, int type, int *ret_fd)
{
	bool is_v6 = a->family == AF_V6;
	int fd;

	if (a->family != AF_V4 && a->family != AF_V6)
		return ERR_RANGE;
	fd = socket(is_v6 ? AF_INET6 : AF_INET, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return err_of_errno(errno);
	if (is_v6)
		set_option(fd, IPPROTO_IPV6, IPV6_V6ONLY, 1);
	if (type == SOCK_STREAM) {
		set_option(fd, SOL_SOCKET, SO_REUSEADDR, 1);
		set_option(fd, IPPROTO_TCP, TCP_NODELAY, 1);
	}
	*ret_fd = fd;
	return OK;
}

/* The last step of opening; done again with the next port while it says that this one is in use. */
typedef enum err(use_h)(int fd, const struct addr *to);

static enum err use_bound(int fd, const struct addr *to)
{
	(void)fd;
	(void)to;
	return OK;
}

static enum err use_listening(int fd, const struct addr *to)
{
	(void)to;
	return listen(fd, BACKLOG) == 0 ? OK : err_of_errno(errno);
}

static enum err use_connected(int fd, const struct addr *to)
{
	struct sockaddr_storage sa;
	socklen_t len = sockaddr_put(to, &sa);

	if (connect(fd, (struct sockaddr *)&sa, len) == 0 || errno == EINPROGRESS)
		return OK;
	return err_of_errno(errno);
}

static bool is_in_use(enum err err)
{
	return err == err_of_errno(EADDRINUSE) || err == err_of_errno(EADDRNOTAVAIL);
}

static enum err try_port(
	const struct addr *local, int type, use_h *use, const struct addr *to, int *ret_fd)
{
	struct sockaddr_storage sa;
	socklen_t len = sockaddr_put(local, &sa);
	enum err err;
	int fd = NO_FD;

	/* A fresh socket for each try: after a failed connect a bound one cannot be bound again. */
	err = open_socket(local, type, &fd);
	if (err)
		return err;
	if (bind(fd, (struct sockaddr *)&sa, len) < 0)
		err = err_of_errno(errno);
	else
		err = use(fd, to);
	if (err) {
		(void)close(fd);
		return err;
	}
	*ret_fd = fd;
	return OK;
}

/* An address that is not this host's says EADDRNOTAVAIL for every port: one try tells. */
static bool has_host(const struct addr *a, int type)
{
	struct addr any_port = addr_with_port(a, 0);
	int fd = NO_FD;

	if (try_port(&any_port, type, use_bound, NULL, &fd) != OK)
		return false;
	(void)close(fd);
	return true;
}

static enum err open_any(struct io *io, const struct local *at, struct ports range, int type,
	use_h *use, const struct addr *to, int *ret_fd)
{
	uint32_t random[2];
	struct port_walk walk;
	struct addr a = at->addr;

	io_random(io, random, sizeof random);
	walk = port_walk_of(range, random[0], random[1]);
	while (port_walk_next(&walk, &a.port)) {
		enum err err;

		if (!plan_has_port(io->plan, at->row, a.port)) /* a row may have even ports only */
			continue;
		err = try_port(&a, type, use, to, ret_fd);
		if (err == err_of_errno(EADDRNOTAVAIL) && !has_host(&a, type))
			return err;
		if (!is_in_use(err))
			return err;
	}
	io->counters.n_no_port++;
	log_put(&io->log, &ev_no_port, F_STR("row", plan_row_name(at->row)),
		F_NUM("low", range.low), F_NUM("high", range.high));
	return ERR_NO_PORT;
}

static enum err open_row(struct io *io, const struct local *at, int type, use_h *use,
	const struct addr *to, int *ret_fd)
{
	struct ports range = {0};
	enum err err = check_row(io, at, type, &range);

	if (err)
		return err;
	if (!at->addr.port)
		return open_any(io, at, range, type, use, to, ret_fd);
	err = try_port(&at->addr, type, use, to, ret_fd);
	return err == err_of_errno(EADDRINUSE) ? ERR_EXISTS : err;
}

enum err bind_udp(struct io *io, const struct local *at, int *ret_fd)
{
	return open_row(io, at, SOCK_DGRAM, use_bound, NULL, ret_fd);
}

enum err bind_listen(struct io *io, const struct local *at, int *ret_fd)
{
	return open_row(io, at, SOCK_STREAM, use_listening, NULL, ret_fd);
}

enum err bind_dial(struct io *io, const struct local *from, const struct addr *to, int *ret_fd)
{
	return open_row(io, from, SOCK_STREAM, use_connected, to, ret_fd);
}

enum err bind_stream(struct io *io, const struct local *at, int *ret_fd)
{
	return open_row(io, at, SOCK_STREAM, use_bound, NULL, ret_fd);
}

enum err bind_connect(int fd, const struct addr *to)
{
	return use_connected(fd, to);
}

enum err bind_check(struct io *io, const struct local *at, int type)
{
	struct ports range = {0};
	struct local bound = {.row = at->row, .addr = socket_local(at->fd), .fd = at->fd};

	if (socket_option(at->fd, SOL_SOCKET, SO_TYPE) != type || !bound.addr.port)
		return denied(io, &bound);
	return check_row(io, &bound, type, &range);
}

enum err bind_accept(int listener, struct addr *ret_remote, int *ret_fd)
{
	struct sockaddr_storage sa = {0};
	socklen_t len = sizeof sa;
	int fd = accept4(listener, (struct sockaddr *)&sa, &len, SOCK_NONBLOCK | SOCK_CLOEXEC);

	/* The peer gave up while it waited: the next one. */
	while (fd < 0 && (errno == ECONNABORTED || errno == EINTR || errno == EPROTO))
		fd = accept4(listener, (struct sockaddr *)&sa, &len, SOCK_NONBLOCK | SOCK_CLOEXEC);
	if (fd < 0)
		return errno == EAGAIN ? ERR_MORE : err_of_errno(errno);
	set_option(fd, IPPROTO_TCP, TCP_NODELAY, 1);
	*ret_remote = sockaddr_get(&sa);
	*ret_fd = fd;
	return OK;
}

enum err bind_pair(int type, int *ret_a, int *ret_b)
{
	int fds[2];

	if (socketpair(AF_UNIX, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, fds) < 0)
		return err_of_errno(errno);
	for (int i = 0; i < 2; i++)
		set_option(fds[i], SOL_SOCKET, SO_SNDBUF, PAIR_BUFFER);
	*ret_a = fds[0];
	*ret_b = fds[1];
	return OK;
}

static enum err path_socket(const char *path, struct sockaddr_un *ret_sa, int *ret_fd)
{
	*ret_sa = (struct sockaddr_un){.sun_family = AF_UNIX};
	if (!str_copy(str_of(path), ret_sa->sun_path, sizeof ret_sa->sun_path))
		return ERR_RANGE;
	*ret_fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	return *ret_fd < 0 ? err_of_errno(errno) : OK;
}

enum err bind_path_listen(const char *path, int *ret_fd)
{
	struct sockaddr_un sa;
	int fd = NO_FD;
	enum err err = path_socket(path, &sa, &fd);

	if (err)
		return err;
	(void)unlink(path);
	if (bind(fd, (struct sockaddr *)&sa, sizeof sa) < 0 || listen(fd, BACKLOG) < 0) {
		err = err_of_errno(errno);
		(void)close(fd);
		return err;
	}
	*ret_fd = fd;
	return OK;
}

enum err bind_path_dial(const char *path, int *ret_fd)
{
	struct sockaddr_un sa;
	int fd = NO_FD;
	enum err err = path_socket(path, &sa, &fd);

	if (err)
		return err;
	if (connect(fd, (struct sockaddr *)&sa, sizeof sa) < 0) {
		err = err_of_errno(errno);
		(void)close(fd);
		return err;
	}
	set_option(fd, SOL_SOCKET, SO_SNDBUF, PAIR_BUFFER);
	*ret_fd = fd;
	return OK;
}

enum err bind_path_accept(int listener, uint32_t *ret_pid, uint32_t *ret_uid, int *ret_fd)
{
	struct ucred who;
	socklen_t len = sizeof who;
	int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

	if (fd < 0)
		return errno == EAGAIN ? ERR_MORE : err_of_errno(errno);
	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &len) < 0) {
		(void)close(fd);
		return ERR_DENIED;
	}
	set_option(fd, SOL_SOCKET, SO_SNDBUF, PAIR_BUFFER);
	*ret_pid = (uint32_t)who.pid;
	*ret_uid = who.uid;
	*ret_fd = fd;
	return OK;
}
