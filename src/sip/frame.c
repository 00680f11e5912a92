/* frame.c - bytes to messages: datagrams, streams, keep-alives, and answers to what cannot be
 * parsed.
 *
 * A stream's unfinished message stays in the kernel: the conn keeps only how far it was searched,
 * so a message costs linear time however it is cut, and a successor finds it whole. Answers to
 * broken requests are stateless, small and rare. It must never pass on a message with a
 * fault. */
#include <string.h>

#include "sip/build.h"
#include "sip/conns.h"

#define MESSAGES_PER_TURN 8u
#define SCRATCH_LOW       (128u * 1024) /* no further message in this turn above it */

LOG_EVENT(ev_refused, "SIP-101", LOG_NOTICE, "a message was refused");

static struct sip_msg *fresh_msg(struct conns *cs)
{
	struct sip_msg *m = scratch_take(io_scratch(cs->io), sizeof *m);

	if (!m)
		return NULL;
	sip_msg_init(m);
	m->len_max = cs->conf->sip.max_message;
	return m;
}

/* The stateless answer, if there is one; 10 a second and source, then silence. */
static void refuse(struct conns *cs, struct conn *c, const struct sip_msg *m)
{
	char *buf;
	struct wr w;

	cs->counters.n_refused++;
	log_put(io_log(cs->io), &ev_refused, F_Z("why", m->fault.reason),
		F_NUM("code", m->fault.code), F_ADDR("src", &c->remote), F_H("conn", c->handle));
	if (!m->fault.code || !rate_pass(&cs->refusals, &c->remote, io_now(cs->io)))
		return;
	buf = scratch_take(io_scratch(cs->io), SIP_MESSAGE_CEILING);
	if (!buf)
		return;
	w = wr_of(buf, SIP_MESSAGE_CEILING);
	if (!sip_put_refusal(&w, m, STR("refused"), &c->remote) || w.err != OK)
		return;
	if (conn_send(c, wr_done(&w)) != OK)
		cs->counters.n_dropped++;
}

static void deliver(struct conns *cs, struct conn *c, const struct sip_msg *m)
{
	cs->counters.n_messages++;
	c->has_spoken = true;
	cs->ops->message(cs->arg, c, m);
}

/* ---- datagrams ---- */

static void on_datagram(struct conns *cs, struct dgram *d, const struct packet *p)
{
	size_t n_crlf = sip_count_crlf(p->bytes);
	struct sip_msg *m;
	struct conn *c;
	enum err err;

	if (n_crlf ==
		p->bytes.len) { /* a ping (RFC 5626 4.4.1 is STUN; CRLF is common): only known ones */
		c = conn_of_source(cs, d, &p->from, false);
		if (c && n_crlf == 4 && conn_send(c, STR("\r\n")) == OK)
			c->last_rx = io_now(cs->io);
		return;
	}
	m = fresh_msg(cs);
	if (!m)
		return;
	err = sip_index(p->bytes, SIP_DGRAM, m);
	if (p->is_cut) { /* its sender must take TCP (RFC 3261 18.1.1) */
		m->fault = (struct sip_fault){
			.code = m->is_request ? 513 : 0, .reason = "longer than a datagram here"};
		err = ERR_RANGE;
	}
	if (err != OK && !m->fault.code) {
		cs->counters.n_dropped++;
		return;
	}
	c = conn_of_source(cs, d, &p->from, true);
	if (!c)
		return;
	c->last_rx = io_now(cs->io);
	if (err != OK)
		refuse(cs, c, m);
	else
		deliver(cs, c, m);
}

void frame_datagrams(struct dgram *d, const struct packet *p, size_t n, void *arg)
{
	struct listener *l = arg;
	struct conns *cs = l->conns;
	struct scratch *scratch = io_scratch(cs->io);

	for (size_t i = 0; i < n; i++) {
		size_t mark = scratch->used;

		on_datagram(cs, d, &p[i]);
		scratch->used = mark; /* each message has the arena to itself */
	}
}

/* ---- streams ---- */

/* CRLFCRLF is a ping and gets CRLF; CRLF alone is a pong, or trails a message (RFC 5626 3.5.1). */
static size_t eat_crlf(struct conn *c, struct str bytes)
{
	size_t n = sip_count_crlf(bytes) & ~(size_t)1;

	for (size_t i = 0; i + 4 <= n; i += 4) {
		if (conn_send(c, STR("\r\n")) != OK)
			break;
	}
	return n;
}

/* One message at the front: how many bytes it took; 0: it is not whole yet, or the conn is closed.
 * */
static size_t one_message(struct conns *cs, struct conn *c, struct str bytes)
{
	struct sip_msg *m = fresh_msg(cs);
	uint64_t handle = c->handle;
	enum err err;

	if (!m)
		return 0;
	m->scan = c->scan;
	err = sip_index(bytes, SIP_STREAM, m);
	if (err == ERR_MORE) {
		c->scan = m->scan;
		c->is_partial = true;
		return 0;
	}
	c->scan = (struct sip_scan){0};
	c->is_partial = false;
	if (err == OK) {
		deliver(cs, c, m);
		return m->end;
	}
	refuse(cs, c, m);
	if (!m->fault.is_framing)
		return m->end;
	if (conn_get(cs, handle))
		conn_close(c, ERR_SYNTAX, str_of(m->fault.reason));
	return 0;
}

static size_t on_bytes(struct stream *s, struct str bytes, void *arg)
{
	struct conn *c = arg;
	struct conns *cs = c->conns;
	uint64_t handle = c->handle;
	struct scratch *scratch = io_scratch(cs->io);
	bool was_partial = c->is_partial;
	size_t done = 0, mark = scratch->used;

	(void)s;
	c->last_rx = io_now(cs->io);
	for (unsigned i = 0;
		i < MESSAGES_PER_TURN && done < bytes.len && scratch->used < SCRATCH_LOW; i++) {
		size_t n = eat_crlf(c, str_skip(bytes, done));

		if (!n)
			n = one_message(cs, c, str_skip(bytes, done));
		if (!conn_get(cs, handle)) /* closed by what it said */
			return done + n;
		if (!n)
			break;
		done += n;
		scratch->used = mark;
	}
	if (c->is_partial != was_partial || done)
		conn_timer(c);
	return done;
}

static void on_opened(struct stream *s, void *arg)
{
	(void)s;
	conn_opened(arg);
}

static void on_lost(struct stream *s, enum err why, void *arg)
{
	(void)s;
	conn_close(arg, why == OK ? ERR_CLOSED : why, STR("the other side closed the connection"));
}

const struct stream_ops conn_stream_ops = {
	.opened = on_opened, .bytes = on_bytes, .lost = on_lost, .torn = conn_torn};
