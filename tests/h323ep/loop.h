/* loop.h - the endpoint's own poll loop: descriptors, timers, sockets, frames.
 *
 * Nothing of src/io: what the product's loop gets wrong must not be wrong here in the same way. One
 * thread. What ends inside a handler is buried and freed after the turn, so that a handler may close its
 * own connection. */
#ifndef H323EP_LOOP_H
#define H323EP_LOOP_H

#include <sys/socket.h>

#include "base/addr.h"

#define WATCHES_MAX 256

struct loop;

struct watch {
	int fd;
	short want; /* POLLIN, POLLOUT */
	void (*on_ready)(void *arg);
	void *arg;
	unsigned slot; /* from 1; 0: not watched */
};

struct timer {
	uint64_t at_ms; /* 0: not running */
	void (*on_time)(void *arg);
	void *arg;
	struct timer *next;
	bool is_known;
};

struct loop {
	struct watch *watches[WATCHES_MAX];
	struct timer *timers;
	void *graves[256];
	unsigned n_graves;
	bool is_over;
	uint64_t now_ms; /* CLOCK_MONOTONIC, at the begin of the turn */
};

uint64_t clock_ms(void);
void loop_run(struct loop *l); /* until is_over */
void loop_watch(struct loop *l, struct watch *w);
void loop_forget(struct loop *l, struct watch *w); /* closes its descriptor, too */
void loop_bury(struct loop *l, void *memory);      /* free() at the end of the turn */
void timer_start(struct loop *l, struct timer *t, uint64_t ms);
void timer_stop(struct timer *t);
void timer_forget(struct loop *l, struct timer *t); /* before its memory goes */

/* ---- sockets; -1 with errno ---- */
socklen_t net_put(const struct addr *a, struct sockaddr_storage *ret);
struct addr net_get(const struct sockaddr_storage *s);
struct addr net_local(int fd);
int net_udp(const struct addr *local);
int net_listen(const struct addr *local);
int net_dial(const struct addr *local, const struct addr *to); /* begun; local's port may be 0 */
void net_send(int fd, struct str packet, const struct addr *to);

/* ---- a connection of TPKT frames ---- */
struct link {
	struct watch watch;
	struct loop *loop;
	struct addr remote, local;
	bool is_connecting, is_closed, is_ending; /* is_ending: closed when all is sent */
	uint8_t *in, *out;
	size_t n_in, n_out;
	void (*on_frame)(void *arg, struct str frame); /* empty: a keep-alive */
	void (*on_end)(void *arg, const char *why);    /* the link is gone when it returns */
	void *arg;
};

/* One that was accepted (fd), or that is being dialled. The caller sets the handlers at once. */
struct link *link_of(struct loop *l, int fd, const struct addr *remote, bool is_connecting);
void link_send(struct link *k, struct str payload);
void link_send_raw(struct link *k, struct str octets); /* not framed */
void link_close(struct link *k); /* when all is sent; NULL is fine. No handler runs from here on. */

#endif
