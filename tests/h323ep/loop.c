/* loop.c - see loop.h. */
#include "loop.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "h323/tpkt.h"

#define LINK_ROOM (256u * 1024)

uint64_t clock_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

/* ---- descriptors and timers ---- */
void loop_watch(struct loop *l, struct watch *w)
{
	for (unsigned i = 0; i < WATCHES_MAX; i++) {
		if (l->watches[i])
			continue;
		l->watches[i] = w;
		w->slot = i + 1;
		return;
	}
	abort();
}

void loop_forget(struct loop *l, struct watch *w)
{
	if (!w->slot)
		return;
	l->watches[w->slot - 1] = NULL;
	w->slot = 0;
	close(w->fd);
}

void loop_bury(struct loop *l, void *memory)
{
	if (l->n_graves == sizeof l->graves / sizeof l->graves[0])
		abort();
	l->graves[l->n_graves++] = memory;
}

void timer_start(struct loop *l, struct timer *t, uint64_t ms)
{
	t->at_ms = clock_ms() + ms;
	if (t->is_known)
		return;
	t->is_known = true;
	t->next = l->timers;
	l->timers = t;
}

void timer_stop(struct timer *t)
{
	t->at_ms = 0;
}

void timer_forget(struct loop *l, struct timer *t)
{
	struct timer **at = &l->timers;

	while (*at && *at != t)
		at = &(*at)->next;
	if (*at)
		*at = t->next;
	t->is_known = false;
	t->at_ms = 0;
}

static int wait_ms(const struct loop *l)
{
	uint64_t now = clock_ms(), first = now + 1000;

	for (const struct timer *t = l->timers; t; t = t->next)
		if (t->at_ms && t->at_ms < first)
			first = t->at_ms;
	return first > now ? (int)(first - now) : 0;
}

/* One after the other from the start: a handler may stop or forget any of them. */
static void run_timers(struct loop *l)
{
	struct timer *t;

	do {
		for (t = l->timers; t && !(t->at_ms && t->at_ms <= l->now_ms); t = t->next)
			;
		if (t) {
			t->at_ms = 0;
			t->on_time(t->arg);
		}
	} while (t);
}

static void turn(struct loop *l)
{
	struct watch *watches[WATCHES_MAX];
	struct pollfd fds[WATCHES_MAX];
	nfds_t n = 0;

	for (unsigned i = 0; i < WATCHES_MAX; i++) {
		if (!l->watches[i])
			continue;
		watches[n] = l->watches[i];
		fds[n++] = (struct pollfd){l->watches[i]->fd, l->watches[i]->want, 0};
	}
	(void)poll(fds, n, wait_ms(l));
	l->now_ms = clock_ms();
	for (nfds_t i = 0; i < n; i++) /* one that was forgotten meanwhile is in its grave */
		if (fds[i].revents && watches[i]->slot)
			watches[i]->on_ready(watches[i]->arg);
	run_timers(l);
	while (l->n_graves)
		free(l->graves[--l->n_graves]);
}

void loop_run(struct loop *l)
{
	while (!l->is_over)
		turn(l);
}

/* ---- sockets ---- */
socklen_t net_put(const struct addr *a, struct sockaddr_storage *ret)
{
	struct sockaddr_in *v4 = (struct sockaddr_in *)(void *)ret;
	struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)(void *)ret;

	memset(ret, 0, sizeof *ret);
	if (a->family == AF_V6) {
		v6->sin6_family = AF_INET6;
		v6->sin6_port = htons(a->port);
		memcpy(&v6->sin6_addr, a->ip, 16);
		return sizeof *v6;
	}
	v4->sin_family = AF_INET;
	v4->sin_port = htons(a->port);
	memcpy(&v4->sin_addr, a->ip, 4);
	return sizeof *v4;
}

struct addr net_get(const struct sockaddr_storage *s)
{
	const struct sockaddr_in *v4 = (const struct sockaddr_in *)(const void *)s;
	const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)(const void *)s;
	struct addr a = {.family = AF_V4};

	if (s->ss_family == AF_INET6) {
		a.family = AF_V6;
		a.port = ntohs(v6->sin6_port);
		memcpy(a.ip, &v6->sin6_addr, 16);
		return a;
	}
	a.port = ntohs(v4->sin_port);
	memcpy(a.ip, &v4->sin_addr, 4);
	return a;
}

struct addr net_local(int fd)
{
	struct sockaddr_storage s = {0};
	socklen_t n = sizeof s;

	(void)getsockname(fd, (struct sockaddr *)&s, &n);
	return net_get(&s);
}

static int open_bound(const struct addr *local, int kind, bool is_dialling)
{
	struct sockaddr_storage s;
	socklen_t n = net_put(local, &s);
	int fd = socket(s.ss_family, kind | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), on = 1;

	if (fd < 0)
		return -1;
	if (kind == SOCK_STREAM)
		(void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	if (is_dialling && !local->port) /* connect() chooses it: bind() is slow at that */
		(void)setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
	if (bind(fd, (struct sockaddr *)&s, n) == 0)
		return fd;
	close(fd);
	return -1;
}

int net_udp(const struct addr *local)
{
	return open_bound(local, SOCK_DGRAM, false);
}

int net_listen(const struct addr *local)
{
	int fd = open_bound(local, SOCK_STREAM, false);

	if (fd >= 0 && listen(fd, 1024) != 0) {
		close(fd);
		return -1;
	}
	return fd;
}

int net_dial(const struct addr *local, const struct addr *to)
{
	int fd = open_bound(local, SOCK_STREAM, true), on = 1;
	struct sockaddr_storage s;
	socklen_t n = net_put(to, &s);

	if (fd < 0)
		return -1;
	(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	if (connect(fd, (struct sockaddr *)&s, n) == 0 || errno == EINPROGRESS)
		return fd;
	close(fd);
	return -1;
}

void net_send(int fd, struct str packet, const struct addr *to)
{
	struct sockaddr_storage s;
	socklen_t n = net_put(to, &s);

	(void)sendto(fd, packet.p, packet.len, 0, (struct sockaddr *)&s, n);
}

/* ---- frames ---- */
static void end(struct link *k, const char *why)
{
	bool is_told = k->is_closed || k->is_ending;

	if (!k->is_closed) {
		k->is_closed = true;
		loop_forget(k->loop, &k->watch);
		loop_bury(k->loop, k->in);
		loop_bury(k->loop, k->out);
		loop_bury(k->loop, k);
	}
	if (!is_told)
		k->on_end(k->arg, why);
}

static void flush(struct link *k)
{
	ssize_t n = 1;

	while (k->n_out && !k->is_connecting && n > 0) {
		n = send(k->watch.fd, k->out, k->n_out, MSG_NOSIGNAL);
		if (n <= 0)
			break;
		memmove(k->out, k->out + n, k->n_out - (size_t)n);
		k->n_out -= (size_t)n;
	}
	k->watch.want = k->n_out ? POLLIN | POLLOUT : POLLIN;
	if (n < 0 && errno != EAGAIN)
		end(k, strerror(errno));
	else if (k->is_ending && !k->n_out)
		end(k, "closed");
}

static void read_frames(struct link *k)
{
	size_t done = 0, used;
	struct str payload;
	enum err err = OK;

	while (!k->is_closed && !k->is_ending) {
		err = tpkt_next(
			(struct str){(const char *)k->in + done, k->n_in - done}, &payload, &used);
		if (err != OK)
			break;
		done += used;
		k->on_frame(k->arg, payload);
	}
	if (k->is_closed)
		return;
	memmove(k->in, k->in + done, k->n_in - done);
	k->n_in -= done;
	if (err == ERR_SYNTAX)
		end(k, "not TPKT");
}

static bool connected(struct link *k)
{
	int error = 0;
	socklen_t n = sizeof error;

	(void)getsockopt(k->watch.fd, SOL_SOCKET, SO_ERROR, &error, &n);
	if (error) {
		end(k, strerror(error));
		return false;
	}
	k->is_connecting = false;
	k->local = net_local(k->watch.fd);
	return true;
}

static void on_ready(void *arg)
{
	struct link *k = arg;
	ssize_t n;

	if (k->is_connecting && !connected(k))
		return;
	if (k->n_out) {
		flush(k);
		if (k->is_closed)
			return;
	}
	k->watch.want = k->n_out ? POLLIN | POLLOUT : POLLIN;
	n = recv(k->watch.fd, k->in + k->n_in, LINK_ROOM - k->n_in, 0);
	if (n < 0 && errno == EAGAIN)
		return;
	if (n <= 0) {
		end(k, n < 0 ? strerror(errno) : "closed by the far end");
		return;
	}
	k->n_in += (size_t)n;
	read_frames(k);
}

struct link *link_of(struct loop *l, int fd, const struct addr *remote, bool is_connecting)
{
	struct link *k = calloc(1, sizeof *k);

	if (!k || !(k->in = malloc(LINK_ROOM)) || !(k->out = malloc(LINK_ROOM)))
		abort();
	k->loop = l;
	k->remote = *remote;
	k->local = net_local(fd);
	k->is_connecting = is_connecting;
	k->watch = (struct watch){
		.fd = fd, .want = is_connecting ? POLLOUT : POLLIN, .on_ready = on_ready, .arg = k};
	loop_watch(l, &k->watch);
	return k;
}

void link_send_raw(struct link *k, struct str octets)
{
	if (k->is_closed || k->is_ending || k->n_out + octets.len > LINK_ROOM)
		return;
	memcpy(k->out + k->n_out, octets.p, octets.len);
	k->n_out += octets.len;
	k->watch.want = k->is_connecting ? POLLOUT : POLLIN | POLLOUT;
}

void link_send(struct link *k, struct str payload)
{
	uint8_t frame[TPKT_MAX];
	struct wr w = wr_of(frame, sizeof frame);
	uint8_t *mark = tpkt_begin(&w);

	wr_str(&w, payload);
	tpkt_end(&w, mark);
	link_send_raw(k, wr_done(&w));
}

void link_close(struct link *k)
{
	if (!k || k->is_closed)
		return;
	k->is_ending = true;
	if (k->is_connecting || !k->n_out)
		end(k, "closed");
}
