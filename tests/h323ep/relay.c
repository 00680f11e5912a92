/* relay.c - octets between two connections and nothing else: what the machine itself costs a call.
 *
 * Each connection accepted is one opened; what a gatekeeper spends beyond this is its own work. */
#include <getopt.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <unistd.h>

#include "endpoint.h"

struct side {
	int fd;
	struct side *other;
	bool is_over;
	uint8_t waiting[8192]; /* for one that is not connected yet */
	size_t n_waiting;
	bool is_connected;
};

struct relay {
	struct addr local, to;
	int epoll, listener;
	struct side *graves[256];
	unsigned n_graves;
};

static void watch(struct relay *r, struct side *s, bool is_dialled)
{
	struct epoll_event ev = {
		.events = EPOLLIN | (is_dialled ? EPOLLOUT | EPOLLET : 0), .data.ptr = s};
	int on = 1;

	(void)setsockopt(s->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	(void)epoll_ctl(r->epoll, EPOLL_CTL_ADD, s->fd, &ev);
}

static void accept_one(struct relay *r)
{
	struct side *a = calloc(1, sizeof *a), *b = calloc(1, sizeof *b);
	struct addr from = addr_with_port(&r->local, 0);

	if (!a || !b)
		abort();
	a->fd = accept4(r->listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
	b->fd = a->fd < 0 ? -1 : net_dial(&from, &r->to);
	if (b->fd < 0) {
		if (a->fd >= 0)
			close(a->fd);
		free(a);
		free(b);
		return;
	}
	a->other = b;
	b->other = a;
	a->is_connected = true;
	watch(r, a, false);
	watch(r, b, true);
}

static void over(struct relay *r, struct side *s)
{
	struct side *o = s->other;

	s->is_over = true;
	(void)shutdown(o->fd, SHUT_WR);
	if (!o->is_over) {
		(void)epoll_ctl(r->epoll, EPOLL_CTL_DEL, s->fd, NULL);
		return;
	}
	close(s->fd);
	close(o->fd);
	r->graves[r->n_graves++] = s;
	r->graves[r->n_graves++] = o;
}

static void copy(struct relay *r, struct side *s)
{
	struct side *o = s->other;
	uint8_t octets[8192];
	ssize_t n;

	if (s->is_over)
		return;
	while ((n = recv(s->fd, octets,
			o->is_connected ? sizeof octets : sizeof o->waiting - o->n_waiting,
			MSG_DONTWAIT)) > 0) {
		if (o->is_connected) {
			(void)send(o->fd, octets, (size_t)n, MSG_NOSIGNAL);
			continue;
		}
		for (ssize_t i = 0; i < n; i++)
			o->waiting[o->n_waiting++] = octets[i];
	}
	if (n == 0)
		over(r, s);
}

static void on_side(struct relay *r, struct side *s, uint32_t events)
{
	if (!s->is_connected && events & EPOLLOUT) {
		s->is_connected = true;
		(void)send(s->fd, s->waiting, s->n_waiting, MSG_NOSIGNAL);
	}
	copy(r, s);
}

int relay_main(int argc, char **argv)
{
	static const struct option options[] = {
		{"local", 1, NULL, 'l'}, {"to", 1, NULL, 't'}, {NULL, 0, NULL, 0}};
	struct relay r = {0};
	struct epoll_event ev = {.events = EPOLLIN}, events[64];
	struct rlimit files = {100000, 100000};
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1)
		if (c == '?' || addr_parse(str_of(optarg), c == 'l' ? &r.local : &r.to) != OK)
			return 2;
	(void)setrlimit(RLIMIT_NOFILE, &files);
	signal(SIGPIPE, SIG_IGN);
	r.epoll = epoll_create1(EPOLL_CLOEXEC);
	r.listener = net_listen(&r.local);
	if (r.listener < 0 || epoll_ctl(r.epoll, EPOLL_CTL_ADD, r.listener, &ev) != 0) {
		perror("relay");
		return 1;
	}
	say("ready", "%s", "");
	for (;;) {
		int n = epoll_wait(r.epoll, events, 64, -1);

		for (int i = 0; i < n; i++)
			if (events[i].data.ptr)
				on_side(&r, events[i].data.ptr, events[i].events);
			else
				accept_one(&r);
		while (r.n_graves)
			free(r.graves[--r.n_graves]);
	}
}
