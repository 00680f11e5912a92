/* world.h - what the tests of media/ stand on: nodes, sockets and a wire in one process, under a clock
 * that only moves when it is told.
 *
 * It implements the part of io.h, keep.h and ipc.h that media uses, so that a test says what arrives
 * when, sees every datagram that leaves, and can kill a node: its sockets and records live on with the
 * keeper, as in the product. No kernel, no privilege. Link media_lib and what is below it, not io_lib. */
#ifndef TESTS_MEDIA_WORLD_H
#define TESTS_MEDIA_WORLD_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "media/flow.h"

#define MS 1000000ull

enum { FILES_MAX = 128, WAITING_MAX = 256, RECORDS_MAX = 128, ROWS_MAX = 32, NATS_MAX = 4 };

/* A bound socket: it lives as long as somebody holds it. */
struct file {
	struct addr addr;
	int n_holders;
	struct {
		struct addr from;
		size_t len;
		char bytes[DATAGRAM_MAX + 1];
	} waiting[WAITING_MAX];
	size_t n_waiting;
};

struct dgram {
	struct io *io;
	int fd;
	dgram_h *h;
	void *arg;
};

struct io {
	struct log log;
	struct timer *timers[512];
	size_t n_timers;
	struct dgram *dgrams[FILES_MAX];
	int64_t wall_step; /* ns that its wall clock was set on or back */
};

struct record {
	uint64_t key;
	uint8_t body[KEEP_BODY_MAX];
	size_t len;
	int fd;
	bool is_claimed;
};

struct keep {
	struct record records[RECORDS_MAX];
	uint64_t n_puts;
};

struct shown {
	uint64_t handle;
	struct flow_is is;
	bool is_there;
};

struct ipc {
	struct shown rows[ROWS_MAX];
	uint64_t n_puts;
};

/* Who sends from "inside" is seen as "outside", and the other way round. */
struct nat {
	struct addr inside, outside;
};

static struct {
	uint64_t now, order, random;
	struct file files[FILES_MAX];
	struct nat nats[NATS_MAX];
	size_t n_nats;
	uint64_t n_sent;
	struct addr taken; /* a stranger's port */
	bool is_cut;       /* nothing arrives */
} net;

/* ---- io.h ---- */

uint64_t io_now(const struct io *io)
{
	(void)io;
	return net.now;
}

uint64_t io_wall(const struct io *io)
{
	return (uint64_t)((int64_t)(net.now + 1700000000ull * 1000000000u) + io->wall_step);
}

void io_random(struct io *io, void *ret_buf, size_t len)
{
	uint8_t *p = ret_buf;

	(void)io;
	while (len--) {
		net.random = net.random * 6364136223846793005u + 1442695040888963407u;
		*p++ = (uint8_t)(net.random >> 56);
	}
}

struct log *io_log(struct io *io)
{
	return &io->log;
}

static void file_drop(int fd)
{
	net.files[fd].n_holders--;
	if (!net.files[fd].n_holders)
		net.files[fd].n_waiting = 0;
}

void io_close_fd(struct io *io, int fd)
{
	(void)io;
	if (fd >= 0)
		file_drop(fd);
}

void timer_init(struct timer *t, timer_h *h, void *arg)
{
	*t = (struct timer){.h = h, .arg = arg};
}

bool timer_is_on(const struct timer *t)
{
	return t->heap_index != 0;
}

void timer_stop(struct timer *t)
{
	struct io *io = t->io;

	for (size_t i = 0; timer_is_on(t) && i < io->n_timers; i++) {
		if (io->timers[i] == t)
			io->timers[i] = io->timers[--io->n_timers];
	}
	t->heap_index = 0;
}

void timer_start(struct io *io, struct timer *t, uint32_t ms)
{
	timer_stop(t);
	t->io = io;
	t->deadline = net.now + ms * MS;
	t->order = net.order++;
	t->heap_index = 1;
	io->timers[io->n_timers++] = t;
}

static int file_of(const struct addr *a)
{
	for (int i = 0; i < FILES_MAX; i++) {
		if (net.files[i].n_holders && addr_eq(&net.files[i].addr, a))
			return i;
	}
	return -1;
}

static int file_open(const struct addr *a)
{
	for (int i = 0; i < FILES_MAX; i++) {
		if (net.files[i].n_holders)
			continue;
		net.files[i].addr = *a;
		net.files[i].n_holders = 1;
		net.files[i].n_waiting = 0;
		return i;
	}
	abort();
}

enum err dgram_open(
	struct io *io, const struct local *at, dgram_h *h, void *arg, struct dgram **ret_dgram)
{
	struct dgram *d;
	int fd = at->fd;

	if (fd < 0 && (file_of(&at->addr) >= 0 || addr_eq(&at->addr, &net.taken)))
		return ERR_EXISTS;
	if (fd < 0)
		fd = file_open(&at->addr);
	d = calloc(1, sizeof *d);
	*d = (struct dgram){.io = io, .fd = fd, .h = h, .arg = arg};
	for (size_t i = 0; i < FILES_MAX; i++) {
		if (!io->dgrams[i]) {
			io->dgrams[i] = d;
			*ret_dgram = d;
			return OK;
		}
	}
	abort();
}

int dgram_fd(const struct dgram *d)
{
	return d->fd;
}

void dgram_close(struct dgram *d)
{
	for (size_t i = 0; d && i < FILES_MAX; i++) {
		if (d->io->dgrams[i] == d) {
			d->io->dgrams[i] = NULL;
			file_drop(d->fd);
			free(d);
			return;
		}
	}
}

static void wire(const struct addr *from, const struct addr *to, struct str bytes)
{
	struct addr source = *from, target = *to;
	struct file *f;
	int fd;

	for (size_t i = 0; i < net.n_nats; i++) {
		if (addr_eq(&net.nats[i].inside, from))
			source = net.nats[i].outside;
		if (addr_eq(&net.nats[i].outside, to))
			target = net.nats[i].inside;
	}
	net.n_sent++;
	fd = file_of(&target);
	if (fd < 0 || net.is_cut || bytes.len > DATAGRAM_MAX + 1)
		return;
	f = &net.files[fd];
	if (f->n_waiting == WAITING_MAX)
		abort();
	f->waiting[f->n_waiting].from = source;
	f->waiting[f->n_waiting].len = bytes.len;
	if (bytes.len)
		memcpy(f->waiting[f->n_waiting].bytes, bytes.p, bytes.len);
	f->n_waiting++;
}

void dgram_send(struct dgram *d, const struct addr_ok *to, struct str bytes)
{
	wire(&net.files[d->fd].addr, &to->addr, bytes);
}

/* ---- keep.h and ipc.h ---- */

static struct record *record_of(struct keep *k, uint64_t key)
{
	for (size_t i = 0; i < RECORDS_MAX; i++) {
		if (k->records[i].key == key)
			return &k->records[i];
	}
	return NULL;
}

void keep_put(struct keep *k, uint64_t key, struct str body, int fd)
{
	struct record *r = record_of(k, key);

	if (!r && (r = record_of(k, 0)))
		r->fd = NO_FD;
	if (!r || body.len > KEEP_BODY_MAX)
		abort();
	k->n_puts++;
	r->key = key;
	r->len = body.len;
	r->is_claimed = true;
	memcpy(r->body, body.p, body.len);
	if (fd == NO_FD || r->fd == fd)
		return;
	net.files[fd].n_holders++; /* the keeper's duplicate */
	r->fd = fd;
}

void keep_del(struct keep *k, uint64_t key)
{
	struct record *r = record_of(k, key);

	if (!r || !key)
		return;
	if (r->fd != NO_FD)
		file_drop(r->fd);
	memset(r, 0, sizeof *r);
}

bool keep_next(struct keep *k, enum handle_kind kind, struct kept *ret_kept)
{
	for (size_t i = 0; i < RECORDS_MAX; i++) {
		struct record *r = &k->records[i];

		if (!r->key || r->is_claimed || handle_kind(r->key) != kind)
			continue;
		r->is_claimed = true;
		if (r->fd != NO_FD)
			net.files[r->fd].n_holders++;
		*ret_kept = (struct kept){r->key, {(const char *)r->body, r->len}, r->fd};
		return true;
	}
	return false;
}

void row_init(struct row *row, enum kind kind, uint64_t handle,
	void (*write)(const struct row *, struct wr *))
{
	*row = (struct row){.kind = kind, .handle = handle, .write = write, .fd = NO_FD};
}

static struct shown *shown_of(struct ipc *ipc, uint64_t handle)
{
	for (size_t i = 0; i < ROWS_MAX; i++) {
		if (ipc->rows[i].handle == handle)
			return &ipc->rows[i];
	}
	return NULL;
}

void row_put(struct ipc *ipc, struct row *row)
{
	struct shown *s = shown_of(ipc, row->handle);
	uint8_t buf[1024];
	struct wr w = wr_of(buf, sizeof buf);
	struct rd r;

	if (!s && !(s = shown_of(ipc, 0)))
		abort();
	ipc->n_puts++;
	row->write(row, &w);
	r = rd_of(wr_done(&w));
	s->handle = row->handle;
	s->is_there = true;
	if (wr_len(&w) > kind_info(ROW_FLOW_IS)->body_max || flow_is_get(&r, &s->is) != OK)
		abort();
}

void row_del(struct ipc *ipc, struct row *row)
{
	struct shown *s = row->handle ? shown_of(ipc, row->handle) : NULL;

	if (s)
		memset(s, 0, sizeof *s);
}

/* ---- a node ---- */

struct node {
	struct io io;
	struct ipc ipc;
	struct keep keep;
	struct conf *conf;
	struct flows *flows;
	int mux[2]; /* the keeper's */
	bool is_edge;
};

#define CONTROL "192.0.2.10"
#define EDGE    "198.51.100.10"

static inline struct addr at(const char *host, uint16_t port)
{
	struct addr a;

	if (addr_parse_host(str_of(host), &a) != OK)
		abort();
	return addr_with_port(&a, port);
}

/* A wire without anybody on it. */
static inline void net_clear(void)
{
	for (int i = 0; i < FILES_MAX; i++)
		net.files[i].n_holders = 0;
	net.now = 10000 * MS;
	net.n_nats = 0;
	net.n_sent = 0;
	net.random = 1;
	net.taken = (struct addr){0};
	net.is_cut = false;
}

static inline void node_start(struct node *n)
{
	struct flows_deps deps = {&n->io, &n->ipc, &n->keep, n->conf};

	if (flows_new(&deps, &n->flows) != OK)
		abort();
	for (int i = 0; n->is_edge && i < 2; i++) {
		net.files[n->mux[i]].n_holders++;
		if (flows_mux_socket(n->flows, n->mux[i], &net.files[n->mux[i]].addr) != OK)
			abort();
	}
	flows_adopt(n->flows);
}

static inline void node_init(struct node *n, bool is_edge)
{
	memset(n, 0, sizeof *n);
	n->is_edge = is_edge;
	n->io.log.level = LOG_ERROR;
	n->conf = calloc(1, sizeof *n->conf);
	n->conf->node.role = is_edge ? ROLE_EDGE : ROLE_CONTROL;
	n->conf->node.inside = at(is_edge ? EDGE : CONTROL, 0);
	n->conf->address_policy.documentation = DOC_ALLOW;
	n->conf->limits.calls = 8;
	n->conf->limits.streams_per_call = 2;
	n->conf->media.silence_ms = 30000;
	n->conf->media.silence_held_ms = 3600000;
	for (uint16_t i = 0; is_edge && i < 2; i++) {
		struct addr a = at(EDGE, (uint16_t)(36000 + i));

		n->mux[i] = file_open(&a);
	}
	node_start(n);
}

/* kill -9: what the keeper holds lives on, nothing else. */
static inline void node_kill(struct node *n)
{
	struct keep kept = n->keep;

	for (size_t i = 0; i < RECORDS_MAX; i++) { /* freeing must not look like ending */
		if (kept.records[i].key && kept.records[i].fd != NO_FD)
			net.files[kept.records[i].fd].n_holders++;
	}
	for (int i = 0; n->is_edge && i < 2; i++)
		net.files[n->mux[i]].n_holders++;
	flows_free(n->flows);
	for (int i = 0; n->is_edge && i < 2; i++)
		net.files[n->mux[i]].n_holders--;
	n->keep = kept;
	for (size_t i = 0; i < RECORDS_MAX; i++)
		n->keep.records[i].is_claimed = false;
	memset(&n->ipc, 0, sizeof n->ipc);
}

static inline void node_free(struct node *n)
{
	if (!n->conf)
		return;
	flows_free(n->flows);
	free(n->conf);
	n->conf = NULL;
}

/* ---- time ---- */

static inline bool deliver(struct node *n)
{
	bool is_any = false;

	for (size_t i = 0; i < FILES_MAX; i++) {
		struct dgram *d = n->io.dgrams[i];
		struct file *f = d ? &net.files[d->fd] : NULL;
		static struct file now;
		struct packet packets[64];
		size_t k = 0;

		if (!f || !f->n_waiting)
			continue;
		now.n_waiting = f->n_waiting;
		memcpy(now.waiting, f->waiting, f->n_waiting * sizeof f->waiting[0]);
		f->n_waiting = 0;
		for (; k < now.n_waiting && k < 64; k++)
			packets[k] =
				(struct packet){.bytes = {now.waiting[k].bytes, now.waiting[k].len},
					.from = now.waiting[k].from,
					.is_cut = now.waiting[k].len > DATAGRAM_MAX};
		d->h(d, packets, k, d->arg);
		is_any = true;
	}
	return is_any;
}

static inline struct timer *due(struct node **nodes, size_t n, uint64_t until)
{
	struct timer *first = NULL;

	for (size_t i = 0; i < n; i++) {
		for (size_t k = 0; k < nodes[i]->io.n_timers; k++) {
			struct timer *t = nodes[i]->io.timers[k];

			if (t->deadline <= until && (!first || t->deadline < first->deadline ||
							    (t->deadline == first->deadline &&
								    t->order < first->order)))
				first = t;
		}
	}
	return first;
}

static inline void run_nodes(struct node **nodes, size_t n, uint64_t ms)
{
	uint64_t until = net.now + ms * MS;

	for (;;) {
		struct timer *t;
		bool is_any = false;

		for (size_t i = 0; i < n; i++)
			is_any |= deliver(nodes[i]);
		if (is_any)
			continue;
		t = due(nodes, n, until);
		if (!t)
			break;
		net.now = t->deadline > net.now ? t->deadline : net.now;
		timer_stop(t);
		t->h(t->arg);
	}
	net.now = until;
}

/* ---- far ends ---- */

static inline int phone(const char *host, uint16_t port)
{
	struct addr a = at(host, port);

	return file_open(&a);
}

static inline void phone_send(int fd, const struct addr *to, struct str bytes)
{
	wire(&net.files[fd].addr, to, bytes);
}

static inline struct str rtp_bytes(uint8_t type, uint16_t seq, uint32_t ssrc)
{
	static uint8_t b[32];

	memset(b, 0, sizeof b);
	b[0] = 0x80;
	b[1] = type;
	b[2] = (uint8_t)(seq >> 8);
	b[3] = (uint8_t)seq;
	for (int i = 0; i < 4; i++)
		b[8 + i] = (uint8_t)(ssrc >> (24 - 8 * i));
	return (struct str){(const char *)b, sizeof b};
}

static inline struct str rtcp_bytes(void)
{
	return (struct str){"\x80\xc9\x00\x01\x00\x00\x00\x07", 8}; /* an empty receiver report */
}

/* How many datagrams wait at a phone; they are taken. */
static inline size_t phone_heard(int fd)
{
	size_t n = net.files[fd].n_waiting;

	net.files[fd].n_waiting = 0;
	return n;
}

#endif
