/* sockets.c - the plan's listening sockets and the key files: opened by root, read by others.
 *
 * The keeper holds a duplicate of each socket for ever, so that packets wait in it while its worker is
 * replaced. A port that another program holds is an alarm and is tried again; nothing else waits for it. */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "proc/keeper.h"

#define SYSTEM_STORE "/etc/ssl/certs/ca-certificates.crt"

enum { RETRY_MS = 2000, SOCKET_BUFFER = 1 << 20 };

LOG_EVENT(ev_bound, "PRT-010", LOG_INFO, "a port of the plan is bound");
LOG_EVENT(ev_closed, "PRT-011", LOG_INFO, "a port is not in the plan any more: closed");
LOG_EVENT(ev_adopted, "PRT-012", LOG_INFO, "a port came back from its worker");

static enum process_id owner_of(enum plan_owner owner)
{
	switch (owner) {
	case OWNER_TLS:
		return P_TLS;
	case OWNER_SIG:
		return P_SIG;
	case OWNER_MEDIA:
		return P_MEDIA;
	case OWNER_NONE:
	case OWNER_UC:
	case OWNER_ADMIN:
	case OWNER_CHILD:
	case OWNER_SYSTEM:
	case PLAN_OWNER_MAX:
		break;
	}
	return P_NONE;
}

static bool is_mux(const struct keeper *k, uint16_t port)
{
	struct ports mux = plan_mux(&k->plan);

	return port >= mux.low && port <= mux.high;
}

static void force_buffer(int fd, int bytes)
{
	/* Not root in a user namespace: the ordinary option, up to the system's limit, is what is left. */
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof bytes) < 0)
		(void)setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
}

/* A worker gives back what it got, too: a multiplexed port has its buffer already. */
void sockets_force_buffer(const struct keeper *k, int fd)
{
	int type = 0;
	struct sockaddr_in6 at = {0}; /* of IPv4 the port is in the same place */
	socklen_t len = sizeof type, at_len = sizeof at;

	if (getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &len) < 0 || type != SOCK_DGRAM ||
		getsockname(fd, (struct sockaddr *)&at, &at_len) < 0)
		return;
	if (!is_mux(k, ntohs(at.sin6_port)))
		force_buffer(fd, SOCKET_BUFFER);
}

static void write_socket(const struct row *row, struct wr *w)
{
	given_socket_put(w, &container_of(row, const struct own_socket, row)->at);
}

static struct own_socket *find_socket(struct keeper *k, uint64_t handle)
{
	for (struct own_socket *s = k->sockets; s < k->sockets + KEEPER_SOCKETS_MAX; s++) {
		if (s->is_used && s->row.handle == handle)
			return s;
	}
	return NULL;
}

static struct own_socket *add_socket(struct keeper *k, const struct given_socket *at,
	enum plan_protocol protocol, enum process_id owner)
{
	bool is_udp = protocol == PROTO_UDP;

	for (struct own_socket *s = k->sockets; s < k->sockets + KEEPER_SOCKETS_MAX; s++) {
		if (s->is_used)
			continue;
		*s = (struct own_socket){.at = *at,
			.protocol = protocol,
			.owner = owner,
			.fd = NO_FD,
			.is_used = true};
		row_init(&s->row, ROW_SOCKET, given_socket_handle(at, is_udp), write_socket);
		s->row.to = 1u << owner;
		return s;
	}
	return NULL;
}

static void show_socket(struct keeper *k, struct own_socket *s, int fd)
{
	s->fd = fd;
	row_set_fd(&s->row, fd);
	row_put(k->ipc, &s->row);
	alarm_clear(k->alarms, "PRT-001", s->row.handle);
}

static void drop_socket(struct keeper *k, struct own_socket *s)
{
	log_put(io_log(k->io), &ev_closed, F_ADDR("address", &s->at.addr));
	alarm_clear(k->alarms, "PRT-001", s->row.handle);
	row_del(k->ipc, &s->row);
	io_close_fd(k->io, s->fd);
	*s = (struct own_socket){.fd = NO_FD};
}

static void not_bound(struct keeper *k, const struct own_socket *s, enum err err)
{
	char addr[ADDR_TEXT_SIZE], cause[192], fix[128];

	(void)snprintf(cause, sizeof cause, "%s %s cannot be bound: %s",
		plan_protocol_wire(s->protocol), addr_put(&s->at.addr, addr),
		err == ERR_EXISTS ? "another program holds it" : err_text(err));
	(void)snprintf(fix, sizeof fix, "ss -%slnp 'sport = :%u' shows which program; stop it",
		s->protocol == PROTO_UDP ? "u" : "t", s->at.addr.port);
	alarm_raise(k->alarms, "PRT-001", s->row.handle, true, cause, fix);
}

static int buffer_of(const struct keeper *k, const struct own_socket *s)
{
	return is_mux(k, s->at.addr.port) ? (int)k->conf->media.receive_buffer : SOCKET_BUFFER;
}

static void open_socket(struct keeper *k, struct own_socket *s)
{
	struct local at = {s->at.row, s->at.addr, NO_FD};
	bool is_udp = s->protocol == PROTO_UDP;
	int fd = NO_FD;
	enum err err = is_udp ? bind_udp(k->io, &at, &fd) : bind_listen(k->io, &at, &fd);

	if (err) {
		not_bound(k, s, err);
		timer_start(k->io, &k->socket_retry, RETRY_MS);
		return;
	}
	if (is_udp)
		force_buffer(fd, buffer_of(k, s));
	log_put(io_log(k->io), &ev_bound, F_ADDR("address", &s->at.addr),
		F_Z("protocol", plan_protocol_name(s->protocol)),
		F_Z("owner", process_name(s->owner)));
	show_socket(k, s, fd);
}

static void want_at(struct keeper *k, const struct plan_socket *p, const struct addr *host)
{
	struct given_socket at = {p->row, addr_with_port(host, p->port)};
	enum process_id owner = owner_of(p->owner);
	struct own_socket *s;

	if (owner == P_NONE || host->family == AF_NONE)
		return;
	s = find_socket(k, given_socket_handle(&at, p->protocol == PROTO_UDP));
	if (!s)
		s = add_socket(k, &at, p->protocol, owner);
	if (s)
		s->is_wanted = true;
}

/* Both faces on one address are one socket: it has one handle. */
static void want(struct keeper *k, const struct plan_socket *p)
{
	const struct conf_node *n = &k->conf->node;

	if (p->faces & FACES_INSIDE)
		want_at(k, p, &n->inside);
	if (p->faces & FACES_OUTSIDE)
		want_at(k, p, n->outside.family == AF_NONE ? &n->inside : &n->outside);
}

static void open_missing(struct keeper *k)
{
	for (struct own_socket *s = k->sockets; s < k->sockets + KEEPER_SOCKETS_MAX; s++) {
		if (s->is_used && s->fd == NO_FD)
			open_socket(k, s);
	}
}

static void on_retry(void *arg)
{
	open_missing(arg);
}

void sockets_init(struct keeper *k)
{
	for (size_t i = 0; i < KEEPER_SOCKETS_MAX; i++)
		k->sockets[i].fd = NO_FD;
	timer_init(&k->socket_retry, on_retry, k);
	for (size_t i = 0; i < KEEPER_KEYS_MAX; i++)
		k->keys[i].fd = NO_FD;
}

void sockets_apply(struct keeper *k)
{
	struct plan_socket wanted[PLAN_SOCKETS_MAX];
	size_t n = plan_sockets(&k->plan, wanted);

	for (size_t i = 0; i < KEEPER_SOCKETS_MAX; i++)
		k->sockets[i].is_wanted = false;
	for (size_t i = 0; i < n; i++)
		want(k, &wanted[i]);
	for (struct own_socket *s = k->sockets; s < k->sockets + KEEPER_SOCKETS_MAX; s++) {
		if (s->is_used && !s->is_wanted)
			drop_socket(k, s);
	}
	for (struct own_socket *s = k->sockets; s < k->sockets + KEEPER_SOCKETS_MAX; s++) {
		if (s->is_used && s->fd != NO_FD && s->protocol == PROTO_UDP)
			force_buffer(s->fd, buffer_of(k, s)); /* the setting may have changed */
	}
	open_missing(k);
}

void sockets_adopt(struct keeper *k, uint64_t handle, struct rd *body, int fd)
{
	struct given_socket at;
	struct own_socket *s = NULL;
	struct local local = {.fd = fd};
	enum plan_protocol protocol = PROTO_NONE;
	bool is_udp = false;

	if (fd == NO_FD || given_socket_get(body, &at) != OK)
		goto out;
	protocol = plan_protocol(at.row);
	is_udp = protocol == PROTO_UDP;
	local.row = at.row;
	local.addr = at.addr;
	if (find_socket(k, handle) || handle != given_socket_handle(&at, is_udp) ||
		owner_of(plan_owner(at.row)) == P_NONE ||
		bind_check(k->io, &local, is_udp ? SOCK_DGRAM : SOCK_STREAM) != OK)
		goto out;
	s = add_socket(k, &at, protocol, owner_of(plan_owner(at.row)));
out:
	if (!s) {
		io_close_fd(k->io, fd);
		return;
	}
	log_put(io_log(k->io), &ev_adopted, F_ADDR("address", &at.addr));
	show_socket(k, s, fd);
}

/* ---- key files ---- */

static void write_key(const struct row *row, struct wr *w)
{
	given_key_put(w, &container_of(row, const struct key_file, row)->name);
}

static void open_path(const struct keeper *k, const char *path, int *ret_fd)
{
	char whole[600];

	(void)snprintf(
		whole, sizeof whole, "%s%s%s", k->root, path[0] == '/' ? "" : "/etc/fosse/", path);
	*ret_fd = open(whole, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
}

/* The same file as before is not given again. */
static enum err give_key(
	struct keeper *k, size_t i, enum key_use use, const char *name, const char *path)
{
	struct key_file *f = &k->keys[i];
	uint64_t mtime;
	struct stat st;
	int fd;

	open_path(k, path, &fd);
	if (fd < 0)
		return (enum err) - errno;
	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode)) {
		(void)close(fd);
		return ERR_UNSUPPORTED;
	}
	mtime = (uint64_t)st.st_mtim.tv_sec * 1000000000u + (uint64_t)st.st_mtim.tv_nsec;
	if (f->fd != NO_FD && f->dev == st.st_dev && f->ino == st.st_ino && f->mtime_ns == mtime &&
		strcmp(f->name.name, name) == 0) {
		(void)close(fd);
		return OK;
	}
	io_close_fd(k->io, f->fd);
	f->fd = fd;
	f->dev = st.st_dev;
	f->ino = st.st_ino;
	f->mtime_ns = mtime;
	f->name.use = use;
	(void)snprintf(f->name.name, sizeof f->name.name, "%s", name);
	if (!f->row.handle)
		row_init(&f->row, ROW_KEY_FILE, handle_make(HK_KEYS, (uint32_t)i, 1), write_key);
	row_set_fd(&f->row, fd);
	row_put(k->ipc, &f->row);
	return OK;
}

/* Only a place whose file is named no more: one that is given anew takes the row's place by itself. */
static void drop_key(struct keeper *k, size_t i)
{
	struct key_file *f = &k->keys[i];

	alarm_clear(k->alarms, "CRT-003", i);
	if (f->fd == NO_FD)
		return;
	row_del(k->ipc, &f->row);
	io_close_fd(k->io, f->fd);
	*f = (struct key_file){.fd = NO_FD};
}

/* A file that the configuration names has to be there. The word "system" stands for the distribution's
 * store, which a worker in its empty root could not open. */
static void give_configured(struct keeper *k, size_t i, enum key_use use, const char *name)
{
	bool is_system = use == KEY_TRUST && strcmp(name, "system") == 0;
	const char *path = is_system ? SYSTEM_STORE : name;
	enum err err = give_key(k, i, use, name, path);
	char cause[CONF_PATH + 64];

	if (err == OK) {
		alarm_clear(k->alarms, "CRT-003", i);
		return;
	}
	(void)snprintf(cause, sizeof cause, "%s cannot be read: %s", path, err_text(err));
	alarm_raise(k->alarms, "CRT-003", i, true, cause,
		is_system ? "apt install ca-certificates"
			  : "certificates.* in fosse.yaml: paths are relative to etc/fosse");
}

/* Named as the configuration names it; made by us: "server.pem" in the node's key folder, which may not
 * be there: then its user makes a key of its own. */
static void give_named(struct keeper *k, enum key_use use, const char *configured, const char *ours)
{
	size_t i = (size_t)use;

	char path[64];

	if (configured[0] && strcmp(configured, "auto") != 0) {
		give_configured(k, i, use, configured);
		return;
	}
	alarm_clear(k->alarms, "CRT-003", i);
	(void)snprintf(path, sizeof path, "keys/%s", ours);
	(void)!give_key(k, i, use, ours, path);
}

void keys_apply(struct keeper *k)
{
	const struct conf_certificates *c = &k->conf->certificates;

	give_named(k, KEY_SERVER, c->server, "server.pem");
	give_named(k, KEY_CLIENT, c->client, "client.pem");
	give_named(k, KEY_ZONE, "", "zone.pem");
	for (uint32_t i = 0; i < CONF_FEW; i++) {
		if (i < c->n_trust)
			give_configured(k, KEY_TRUST + i, KEY_TRUST, c->trust[i]);
		else
			drop_key(k, KEY_TRUST + i);
	}
}

/* ---- the kernel's own range ---- */

static struct str read_small(const char *path, char *buf, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, buf, size);

	if (fd >= 0)
		(void)close(fd);
	return (struct str){buf, n > 0 ? (size_t)n : 0};
}

struct fault {
	char text[192];
	int n;
};

static void on_fault(void *arg, struct str sentence)
{
	struct fault *f = arg;

	if (f->n++ == 0)
		(void)str_copy(sentence, f->text, sizeof f->text);
}

void sockets_check_kernel(struct keeper *k)
{
	char range[64], reserved[2048];
	struct fault f = {.n = 0};

	(void)plan_check_kernel(&k->plan,
		read_small("/proc/sys/net/ipv4/ip_local_port_range", range, sizeof range),
		read_small("/proc/sys/net/ipv4/ip_local_reserved_ports", reserved, sizeof reserved),
		on_fault, &f);
	if (f.n)
		alarm_raise(k->alarms, "PRT-003", 0, false, f.text,
			"fosse ports --format sysctl >/etc/sysctl.d/60-fosse.conf && sysctl "
			"--system");
	else
		alarm_clear(k->alarms, "PRT-003", 0);
}
